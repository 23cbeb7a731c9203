//! What a credit was for: a payment, an order, a wallet, a gateway's payout; or it is sent back.

use super::{BankCredit, COLUMNS, CreditError, Source, Waits, locked};
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql};
use crate::fraud::{self, Happened};
use crate::ledger;
use crate::ledger::movements::{Assignment, credit_assigned};
use crate::money::Rupees;
use crate::notifications::{self, Card, Kept, Notice};
use crate::payments::{self, Incoming, Method, Payment};
use crate::users::UserId;
use crate::{Core, gateways, stars};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// What a credit, or a part of it, was for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct For {
    /// This order, all that is due of it: a payment is made of that, or the proof that waits is borne out, and confirmed.
    pub order: Option<i64>,
    /// This UPI payment, all of it: it is confirmed by that, if it is not yet.
    pub payment: Option<i64>,
    /// This person's wallet, and how much.
    pub wallet: Option<(UserId, Rupees)>,
    /// How much was sent back.
    pub sent_back: Rupees,
    /// The reference of what was sent back.
    pub sent_back_ref: Option<String>,
    /// This gateway's payout to the bank, which the books know: all of it.
    pub settlement: Option<i64>,
    /// Who is told that it was sent back.
    pub payer: Option<UserId>,
}

/// Says what a credit, or a part of it, was for. `key` says where the command came from: the same again is the same assignment.
///
/// # Errors
/// Less is left of it; a part is less than nothing; the payment is not by UPI, or another credit is its money; the payment was rejected; the key stands for
/// another assignment.
pub async fn assign(core: &Core, credit_id: i64, to: &For, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let assigned = assign_in(core, &tx, credit_id, to, by, key).await.map_err(CreditError::of_assignment)?;
        tx.commit().await?;
        Ok(assigned)
    })
    .await
}

pub(crate) async fn assign_in(core: &Core, tx: &Tx, credit_id: i64, to: &For, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    #[derive(FromQueryResult)]
    struct Before {
        n: i32,
        repeated: bool,
        same: bool,
        taken: bool,
    }
    let credit = locked(tx, credit_id).await?;
    // Whose money a payment is, is decided under its row.
    if let Some(payment) = to.payment {
        tx.execute_raw(sql("SELECT FROM payment WHERE id = $1 FOR UPDATE", [payment.into()])).await?;
    }
    let (person, over) = to.wallet.map_or((None, Rupees::ZERO), |(person, amount)| (Some(person.0), amount));
    let before = Before::find_by_statement(sql(
        "SELECT (SELECT count(*)::int + 1 FROM credit_assignment WHERE credit_id = $1) AS n, EXISTS (SELECT FROM credit_assignment WHERE key = $2) AS repeated,
                EXISTS (SELECT FROM credit_assignment a LEFT JOIN payment p ON p.id = a.payment_id
                        WHERE a.key = $2 AND a.credit_id = $1 AND (a.payment_id IS NOT DISTINCT FROM $3 OR p.order_id = $7)
                          AND a.user_id IS NOT DISTINCT FROM $4 AND a.to_credit = $5 AND a.sent_back = $6) AS same,
                EXISTS (SELECT FROM credit_assignment WHERE payment_id = $3) AS taken",
        [credit_id.into(), key.into(), to.payment.into(), person.into(), over.into(), to.sent_back.into(), to.order.into()],
    ))
    .one(tx)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?;
    if before.repeated {
        return if before.same { Ok(Applied::Already(credit)) } else { Err(CreditError::Another) };
    }
    let left = credit.left();
    let mut to_payment = Rupees::ZERO;
    if let Some(id) = to.payment {
        let payment = payments::get(tx, id).await?;
        if before.taken || payment.method != method(credit.source) {
            return Err(CreditError::NotForThis);
        }
        to_payment = payment.amount;
    } else if let Some(order) = to.order {
        to_payment = payments::due(tx, order).await?;
    }
    let total = to_payment + over + to.sent_back;
    if over < Rupees::ZERO || to.sent_back < Rupees::ZERO || !total.is_positive() || total > left {
        return Err(CreditError::NotEnough(left));
    }
    let payment = match (to.payment, to.order) {
        (Some(id), _) => {
            let confirmed = payments::confirm_in(core, tx, id, by).await?;
            bears_out(core, tx, &credit, &confirmed).await?;
            Some(id)
        }
        (None, Some(order)) => Some(payments::receive_in(core, tx, order, &incoming(&credit, to_payment, before.n), by).await?.into_inner().id),
        (None, None) => None,
    };
    let text = format!("UPDATE bank_credit SET assigned = assigned + $2 WHERE id = $1 RETURNING {COLUMNS}");
    let credit = BankCredit::find_by_statement(sql(&text, [credit_id.into(), total.into()]))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotUpdated)?;
    tx.execute_raw(sql(
        "INSERT INTO credit_assignment (credit_id, n, payment_id, user_id, to_payment, to_credit, sent_back, key, at, actor_id, settlement_id, sent_back_ref,
                                        actor_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [
            credit_id.into(),
            before.n.into(),
            payment.into(),
            person.into(),
            to_payment.into(),
            over.into(),
            to.sent_back.into(),
            key.into(),
            core.now().into(),
            by.telegram_id.into(),
            to.settlement.into(),
            to.sent_back_ref.clone().into(),
            by.name.clone().into(),
        ],
    ))
    .await?;
    if to.sent_back.is_positive() {
        on_its_way(core, tx, &credit, to.sent_back, before.n).await?;
    }
    let till = credit.source.till();
    let assignment = Assignment { till, credit_id, n: before.n, to_payment, to_credit: to.wallet, sent_back: to.sent_back };
    ledger::post(tx, core.now(), credit_assigned(&assignment, &by.ledger_name())).await?;
    audit::record(tx, core.now(), by, "credit.assign", &credit.bank_ref, &total.to_string()).await?;
    tell(core, tx, &credit, to, payment).await?;
    // Staff who say it see it where they press.
    if credit.carded_at.is_some() && by.telegram_id == 0 {
        notifications::tell_staff(tx, core.now(), &Notice::CardChanged { card: Card::Credit, id: credit.id }, None).await?;
    }
    Ok(Applied::Now(credit))
}

/// What lies with a gateway is sent back by it; what lies in the bank, by hand.
async fn on_its_way(core: &Core, tx: &Tx, credit: &BankCredit, amount: Rupees, n: i32) -> Result<(), CreditError> {
    let (which, payment) = match (credit.source, credit.bank_ref.split_once('/')) {
        (Source::Bank, _) => return Ok(()),
        // Telegram gives Stars back whole.
        (Source::Stars, _) if amount == credit.amount && stars::send_back_credit_in(core, tx, &credit.bank_ref).await? => return Ok(()),
        (Source::Razorpay, Some((_, payment))) => (gateways::Which::Razorpay, payment),
        (Source::Cashfree, Some((_, payment))) => (gateways::Which::Cashfree, payment),
        _ => return Err(CreditError::NotForThis),
    };
    let key = format!("credit-{:07}-{n}", credit.id);
    gateways::send_back_in(core, tx, which, payment, amount, &key).await.map_err(|error| match error {
        gateways::GatewayError::Db(error) => CreditError::Db(error),
        _ => CreditError::NotForThis,
    })?;
    Ok(())
}

/// The payment's money was seen: from whom it came is known, and its card has buttons that would do nothing now.
async fn bears_out(core: &Core, tx: &Tx, credit: &BankCredit, confirmed: &Applied<Payment>) -> Result<(), DbErr> {
    let (Applied::Now(payment) | Applied::Already(payment)) = confirmed;
    if let Some(vpa) = &credit.vpa {
        let learnt = "UPDATE payment SET payer = $2 WHERE id = $1 AND payer IS NULL";
        let known = tx.execute_raw(sql(learnt, [payment.id.into(), vpa.clone().into()])).await?;
        if known.rows_affected() > 0 {
            fraud::happened_in(tx, core.now(), Happened::Paid, UserId(payment.user_id), payment.order_id).await?;
        }
    }
    let changed = Notice::CardChanged { card: Card::Payment, id: payment.id };
    notifications::tell_staff(tx, core.now(), &changed, Some(format!("seen-at-bank:{}", payment.id))).await
}

/// Whose money it was is told what became of it.
async fn tell(core: &Core, tx: &Tx, credit: &BankCredit, to: &For, payment: Option<i64>) -> Result<(), DbErr> {
    let now = core.now();
    if let Some((person, amount)) = to.wallet {
        let why = match credit.waits {
            _ if payment.is_some() => Kept::Excess,
            Some(Waits::Double) => Kept::Double,
            Some(Waits::Late) => Kept::Late,
            Some(Waits::Short) => Kept::Short,
            _ => Kept::Unknown,
        };
        let paid_order = match payment {
            Some(id) => payments::get(tx, id).await?.order_id,
            None => None,
        };
        let kept = Notice::CreditKept { amount, why, order: paid_order.or(credit.order_id) };
        notifications::tell(tx, now, person, &kept, None).await?;
    }
    if let Some(person) = to.payer.filter(|_| to.sent_back.is_positive()) {
        let returned = Notice::CreditReturned { amount: to.sent_back, reference: to.sent_back_ref.clone().unwrap_or_default() };
        notifications::tell(tx, now, person, &returned, None).await?;
    }
    Ok(())
}

/// How payments came that are this money.
fn method(source: Source) -> Method {
    match source {
        Source::Bank => Method::Upi,
        Source::Razorpay | Source::Cashfree => Method::Gateway,
        Source::Stars => Method::Stars,
    }
}

/// A credit as the payment of an order that nobody had sent a proof for.
fn incoming(credit: &BankCredit, amount: Rupees, n: i32) -> Incoming {
    Incoming {
        method: method(credit.source),
        amount,
        key: format!("credit:{}:{n}", credit.id),
        gateway: (credit.source != Source::Bank && n == 1).then(|| (credit.source.to_value(), credit.own_ref().to_owned())),
        payer: credit.vpa.clone(),
        credit: Some(credit.id),
    }
}
