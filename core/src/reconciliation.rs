//! What lies between the shop and its bank, and of what it consists: every clearing account is the sum of rows that can be named.

use crate::Core;
use crate::code::ShortCode;
use crate::db::sql;
use crate::ledger::{self, Shop};
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::{AccessMode, ConnectionTrait, DbErr, FromQueryResult, IsolationLevel, TransactionTrait};

/// How many rows of a kind are named.
pub const NAMED: u64 = 10;

/// What a part of a clearing account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// Confirmed payments by UPI that were not seen at the bank.
    UpiUnseen,
    /// What gateways took for orders and wallets.
    GatewayTaken,
    /// What was seen at a gateway without an order.
    GatewayCredits,
    /// What Telegram keeps, paid in Stars.
    Stars,
    /// What gateways gave back to payers.
    GatewayRefunds,
    /// What gateways paid out, and their fees.
    GatewaySettled,
    /// Money at the bank that is for nothing yet.
    UnmatchedAtBank,
    /// Money at a gateway that is for nothing yet.
    UnmatchedAtGateway,
}

/// A part of a clearing account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// Of what.
    pub piece: Piece,
    /// How many rows.
    pub count: i64,
    /// Their sum, with the sign that it has on the account.
    pub amount: Rupees,
}

/// An account on which money waits to be seen, or to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearing {
    /// Which.
    pub account: Shop,
    /// What the books say.
    pub balance: Rupees,
    /// What the rows say.
    pub portions: Vec<Portion>,
}

impl Clearing {
    /// What no row explains: nothing, while all is well.
    #[must_use]
    pub fn unexplained(&self) -> Rupees {
        self.balance - self.portions.iter().map(|portion| portion.amount).sum()
    }
}

/// Money that should have been seen by now.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Overdue {
    /// The order that it was for.
    pub order: Option<ShortCode>,
    /// How much.
    pub amount: Rupees,
    /// The end of its reference.
    pub ending: Option<String>,
    /// Who confirmed it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How many there are in all.
    pub of: i64,
    /// How much in all.
    pub total: Rupees,
}

/// The clearing accounts at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// `upi_clearing`, `gateway_clearing`, `unmatched`.
    pub clearings: Vec<Clearing>,
    /// Whether any bank statement or alert was ever read: without, nothing by UPI is ever seen.
    pub statements: bool,
    /// Payments by UPI that no statement has shown for too long, the oldest first.
    pub unseen: Vec<Overdue>,
    /// What a gateway took and has not paid out for too long, the oldest first. Payouts are taken to be of the oldest money.
    pub unsettled: Vec<Overdue>,
}

#[derive(FromQueryResult)]
struct Sums {
    upi_n: i64,
    upi: Rupees,
    taken_n: i64,
    taken: Rupees,
    seen_n: i64,
    seen: Rupees,
    stars_n: i64,
    stars: Rupees,
    refunds_n: i64,
    refunds: Rupees,
    settled_n: i64,
    settled: Rupees,
    bank_n: i64,
    bank: Rupees,
    gateway_n: i64,
    gateway: Rupees,
    statements: bool,
}

/// What stands for itself is not from a credit: that is counted as the credit.
const SUMS: &str = "
WITH alone AS (
  SELECT p.method, count(*) AS n, sum(p.amount) AS total FROM payment p
  WHERE p.state = 'confirmed' AND p.method <> 'wallet' AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id) GROUP BY p.method),
kept AS (
  SELECT c.source = 'stars' AS stars, count(*) AS n, sum(c.amount - b.total) AS total FROM bank_credit c
  CROSS JOIN LATERAL (SELECT coalesce(sum(a.sent_back), 0) AS total FROM credit_assignment a WHERE a.credit_id = c.id) b WHERE c.source <> 'bank' GROUP BY 1),
refunded AS (
  SELECT EXISTS (SELECT FROM payment p WHERE p.order_id = r.order_id AND p.state = 'confirmed' AND p.method = 'stars') AS stars,
         count(*) AS n, sum(r.to_gateway - coalesce(g.amount, 0)) AS total
  FROM refund r LEFT JOIN gateway_refund g ON g.refund_id = r.id AND g.state = 'failed' WHERE r.to_gateway > 0 GROUP BY 1),
waiting AS (
  SELECT source = 'bank' AS bank, count(*) AS n, sum(amount - assigned) AS total FROM bank_credit WHERE assigned < amount GROUP BY 1)
SELECT coalesce((SELECT n FROM alone WHERE method = 'upi'), 0) AS upi_n, coalesce((SELECT total FROM alone WHERE method = 'upi'), 0) AS upi,
  coalesce((SELECT n FROM alone WHERE method = 'gateway'), 0) AS taken_n, coalesce((SELECT total FROM alone WHERE method = 'gateway'), 0) AS taken,
  coalesce((SELECT n FROM kept WHERE NOT stars), 0) AS seen_n, coalesce((SELECT total FROM kept WHERE NOT stars), 0) AS seen,
  coalesce((SELECT n FROM alone WHERE method = 'stars'), 0) + coalesce((SELECT n FROM kept WHERE stars), 0) AS stars_n,
  coalesce((SELECT total FROM alone WHERE method = 'stars'), 0) + coalesce((SELECT total FROM kept WHERE stars), 0)
    - coalesce((SELECT total FROM refunded WHERE stars), 0) AS stars,
  coalesce((SELECT n FROM refunded WHERE NOT stars), 0) AS refunds_n, coalesce((SELECT total FROM refunded WHERE NOT stars), 0) AS refunds,
  (SELECT count(*) FROM settlement) AS settled_n, (SELECT coalesce(sum(net + fees), 0) FROM settlement) AS settled,
  coalesce((SELECT n FROM waiting WHERE bank), 0) AS bank_n, coalesce((SELECT total FROM waiting WHERE bank), 0) AS bank,
  coalesce((SELECT n FROM waiting WHERE NOT bank), 0) AS gateway_n, coalesce((SELECT total FROM waiting WHERE NOT bank), 0) AS gateway,
  EXISTS (SELECT FROM bank_credit WHERE source = 'bank') AS statements";

/// Compares the clearing accounts with the rows that they consist of, all at one moment, and names what should have been seen by now.
///
/// # Errors
/// The database.
pub async fn reconcile(core: &Core) -> Result<Reconciliation, DbErr> {
    let before = core.now() - core.settings().await?.credits.unseen_after.delta();
    let tx = core.db().begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await?;
    let sums = Sums::find_by_statement(sql(SUMS, [])).one(&tx).await?;
    let sums = sums.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))?;
    let portion = |piece, count, amount| Portion { piece, count, amount };
    let mut clearings = Vec::new();
    for (account, portions) in [
        (Shop::UpiClearing, vec![portion(Piece::UpiUnseen, sums.upi_n, sums.upi)]),
        (
            Shop::GatewayClearing,
            vec![
                portion(Piece::GatewayTaken, sums.taken_n, sums.taken),
                portion(Piece::GatewayCredits, sums.seen_n, sums.seen),
                portion(Piece::Stars, sums.stars_n, sums.stars),
                portion(Piece::GatewayRefunds, sums.refunds_n, -sums.refunds),
                portion(Piece::GatewaySettled, sums.settled_n, -sums.settled),
            ],
        ),
        (
            Shop::Unmatched,
            vec![
                portion(Piece::UnmatchedAtBank, sums.bank_n, sums.bank),
                portion(Piece::UnmatchedAtGateway, sums.gateway_n, sums.gateway),
            ],
        ),
    ] {
        let balance = ledger::balance(&tx, account.into()).await?.amount;
        let portions = portions.into_iter().filter(|portion| portion.count > 0).collect();
        clearings.push(Clearing { account, balance, portions });
    }
    let unseen = if sums.statements { unseen(&tx, before).await? } else { vec![] };
    let unsettled = unsettled(&tx, before, sums.settled + sums.refunds).await?;
    tx.rollback().await?;
    Ok(Reconciliation { clearings, statements: sums.statements, unseen, unsettled })
}

/// Payments by UPI since the first statement that none has shown.
async fn unseen(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<Vec<Overdue>, DbErr> {
    let text = format!(
        "SELECT o.code AS order, p.amount, right(p.utr, 4) AS ending, coalesce(p.decided_by_name, '') AS by, p.decided_at AS at,
                count(*) OVER () AS of, sum(p.amount) OVER () AS total
         FROM payment p LEFT JOIN orders o ON o.id = p.order_id
         WHERE p.state = 'confirmed' AND p.method = 'upi' AND p.decided_at < $1
           AND p.decided_at >= (SELECT seen_at FROM bank_credit WHERE source = 'bank' ORDER BY id LIMIT 1)
           AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id) ORDER BY p.decided_at, p.id LIMIT {NAMED}"
    );
    Overdue::find_by_statement(sql(&text, [before.into()])).all(db).await
}

/// What gateways took beyond what they paid out and gave back.
async fn unsettled(db: &impl ConnectionTrait, before: DateTime<Utc>, covered: Rupees) -> Result<Vec<Overdue>, DbErr> {
    let text = format!(
        "SELECT code AS order, amount, ending, by, at, count(*) OVER () AS of, sum(amount) OVER () AS total FROM (
           SELECT *, sum(amount) OVER (ORDER BY at, id) AS through FROM (
             SELECT p.id, o.code, p.amount, right(p.gateway_ref, 4) AS ending, coalesce(p.decided_by_name, '') AS by, p.decided_at AS at
             FROM payment p LEFT JOIN orders o ON o.id = p.order_id
             WHERE p.state = 'confirmed' AND p.method = 'gateway' AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id)
             UNION ALL
             SELECT c.id, NULL, c.amount - b.total, right(c.bank_ref, 4), c.source, c.seen_at FROM bank_credit c
             CROSS JOIN LATERAL (SELECT coalesce(sum(a.sent_back), 0) AS total FROM credit_assignment a WHERE a.credit_id = c.id) b
             WHERE c.source IN ('razorpay', 'cashfree') AND c.amount > b.total) taken) ordered
         WHERE through > $2 AND at < $1 ORDER BY at, id LIMIT {NAMED}"
    );
    Overdue::find_by_statement(sql(&text, [before.into(), covered.into()])).all(db).await
}
