//! Money that waits for staff: how much and why, what it could be for, and what became of it.

use super::leads::{self, Lead, When, of_order};
use super::{BankCredit, COLUMNS, Source, Waits};
use crate::Core;
use crate::code::ShortCode;
use crate::db::sql;
use crate::money::Rupees;
use crate::orders::OrderState;
use crate::payments::Payment;
use crate::users::{self, User, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// Orders that are suggested for a credit at most.
const SUGGESTED: usize = 4;

/// Which credits of the queue are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Those that seem to be for the shop.
    ToDecide,
    /// Those that wait for this reason.
    Why(Waits),
}

/// Credits that wait for one reason.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Pile {
    /// Why; none when nobody has looked yet.
    pub waits: Option<Waits>,
    /// At the bank, or with a gateway.
    pub at_bank: bool,
    /// How many.
    pub count: i64,
    /// What is left of them.
    pub amount: Rupees,
}

impl Pile {
    /// Whether they seem to be for the shop.
    #[must_use]
    pub fn is_to_decide(&self) -> bool {
        self.waits.is_some_and(|why| why != Waits::Unknown) || !self.at_bank
    }
}

/// How much waits, by reason.
///
/// # Errors
/// The database.
pub async fn piles(db: &impl ConnectionTrait) -> Result<Vec<Pile>, DbErr> {
    let text =
        "SELECT waits, source = 'bank' AS at_bank, count(*) AS count, sum(amount - assigned) AS amount FROM bank_credit WHERE assigned < amount
                GROUP BY 1, 2 ORDER BY 2, 1";
    Pile::find_by_statement(sql(text, [])).all(db).await
}

/// A page of the credits that wait, newest first.
///
/// # Errors
/// The database.
pub async fn queue(db: &impl ConnectionTrait, which: Filter, skip: u64, limit: u64) -> Result<Vec<BankCredit>, DbErr> {
    let (which, values) = match which {
        Filter::ToDecide => ("(waits <> 'unknown' OR source <> 'bank')", vec![]),
        Filter::Why(why) => ("waits = $1", vec![why.to_value().into()]),
    };
    let text = format!("SELECT {COLUMNS} FROM bank_credit WHERE assigned < amount AND {which} ORDER BY id DESC LIMIT {limit} OFFSET {skip}");
    BankCredit::find_by_statement(sql(&text, values)).all(db).await
}

/// A part of a credit, and what it was for.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Part {
    /// The order that it paid.
    pub order: Option<ShortCode>,
    /// How much of it.
    pub to_payment: Rupees,
    /// Whose wallet it went to.
    pub person: Option<String>,
    /// How much of it.
    pub to_credit: Rupees,
    /// How much was sent back, or was a gateway's payout.
    pub sent_back: Rupees,
    /// By which reference.
    pub sent_back_ref: Option<String>,
    /// The gateway's reference of its payout.
    pub payout: Option<String>,
    /// When that was said.
    pub at: DateTime<Utc>,
    /// Who said it.
    pub by: String,
}

/// What the parts of a credit were for, in the order in which that was said.
///
/// # Errors
/// The database.
pub async fn assigned(db: &impl ConnectionTrait, credit_id: i64) -> Result<Vec<Part>, DbErr> {
    let text = "SELECT o.code AS order, a.to_payment, u.name AS person, a.to_credit, a.sent_back, a.sent_back_ref, s.reference AS payout, a.at, a.actor_name AS by
                FROM credit_assignment a LEFT JOIN payment p ON p.id = a.payment_id LEFT JOIN orders o ON o.id = p.order_id LEFT JOIN users u ON u.id = a.user_id
                LEFT JOIN settlement s ON s.id = a.settlement_id WHERE a.credit_id = $1 ORDER BY a.n";
    Part::find_by_statement(sql(text, [credit_id.into()])).all(db).await
}

/// What a credit could be for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggested {
    /// Orders that it covers, the likeliest first.
    pub orders: Vec<Lead>,
    /// The order that it seems to be for, whether it covers it or not.
    pub seems: Option<Lead>,
    /// It came before that order was placed.
    pub too_old: bool,
    /// Whose money it seems to be.
    pub payer: Option<User>,
}

/// What staff could say a credit was for.
///
/// # Errors
/// The database.
pub async fn suggested(core: &Core, credit: &BankCredit) -> Result<Suggested, DbErr> {
    let db = core.db();
    let settings = core.settings().await?;
    let when = When::of(credit, settings.shop.timezone);
    let seems = match credit.order_id {
        Some(id) => of_order(db, credit, id).await?,
        None => None,
    };
    let too_old = seems.as_ref().is_some_and(|lead| lead.is_younger_than(when));
    let payer = match suggested_payer(db, credit).await? {
        Some(id) => Some(users::get(db, id).await?),
        None => None,
    };
    if !credit.left().is_positive() {
        return Ok(Suggested { orders: vec![], seems, too_old, payer });
    }
    let mut found: Vec<Lead> = seems.iter().cloned().collect();
    found.extend(leads::named(db, credit).await?);
    if credit.source == Source::Bank {
        if let Some(payer) = &payer {
            let own = leads::of_people(db, credit, &[payer.id], when).await?;
            found.extend(own.into_iter().filter(|lead| lead.open_to(when)));
        }
        found.extend(leads::alike(db, credit, when, settings.orders.expire_after.delta()).await?);
    }
    let mut orders: Vec<Lead> = vec![];
    for lead in found {
        let can_be = match lead.order.state {
            OrderState::AwaitingPayment | OrderState::InReview | OrderState::Expired | OrderState::Cancelled => true,
            _ => credit.source == Source::Bank && lead.awaits_credit(),
        };
        if can_be && lead.due() <= credit.left() && !orders.iter().any(|other| other.order.id == lead.order.id) {
            orders.push(lead);
        }
    }
    orders.truncate(SUGGESTED);
    Ok(Suggested { orders, seems, too_old, payer })
}

/// Whose money a credit seems to be: the buyer's whose order it names, else the one person's who is known by its UPI id.
pub(super) async fn suggested_payer(db: &impl ConnectionTrait, credit: &BankCredit) -> Result<Option<UserId>, DbErr> {
    let mut people: Vec<i64> = leads::named(db, credit).await?.iter().map(|lead| lead.order.buyer_id).collect();
    if let (true, Some(vpa)) = (people.is_empty(), &credit.vpa) {
        people = leads::payers(db, vpa).await?;
    }
    people.dedup();
    let [only] = people.as_slice() else { return Ok(None) };
    let user = users::get(db, UserId(*only)).await?;
    Ok(user.erased_at.is_none().then_some(user.user_id()))
}

/// Where a payment's money was seen: the credit that it is, else one that waits with its reference.
///
/// # Errors
/// The database.
pub async fn seen_for(db: &impl ConnectionTrait, payment: &Payment) -> Result<Option<BankCredit>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM bank_credit WHERE id = coalesce(
           (SELECT credit_id FROM credit_assignment WHERE payment_id = $1),
           (SELECT id FROM bank_credit WHERE utr = $2 AND source = 'bank' AND assigned < amount ORDER BY id LIMIT 1))"
    );
    BankCredit::find_by_statement(sql(&text, [payment.id.into(), payment.utr.clone().into()])).one(db).await
}
