//! Telegram Stars: whether an invoice can be paid now, what became of Stars that came, and their way back.

use crate::audit::Actor;
use crate::code::ShortCode;
use crate::credits::{self, CreditError, Seen, Source};
use crate::db::{Tx, sql};
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::orders::{self, Order, OrderState};
use crate::payments::{self, Incoming, Method, PaymentError};
use crate::users::{self, User};
use crate::{Core, signature};
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// As payments and credits name where Stars lie.
const NAME: &str = "stars";
/// The longest pause between two tries to send Stars back, in seconds.
const LONGEST_PAUSE: i64 = 3_600;

/// Why Stars could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum StarsError {
    /// The order's payment.
    #[error(transparent)]
    Payment(PaymentError),
    /// What waits for staff.
    #[error(transparent)]
    Credit(CreditError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<PaymentError> for StarsError {
    fn from(error: PaymentError) -> Self {
        if let PaymentError::Db(error) = error { Self::Db(error) } else { Self::Payment(error) }
    }
}

impl From<CreditError> for StarsError {
    fn from(error: CreditError) -> Self {
        if let CreditError::Db(error) = error { Self::Db(error) } else { Self::Credit(error) }
    }
}

/// What somebody is about to pay, or has paid, as Telegram tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Who: Telegram's id.
    pub payer: i64,
    /// How many Stars.
    pub stars: i32,
    /// What the invoice was made with: the order's code.
    pub payload: String,
}

/// Why an invoice cannot be paid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// It is of no order.
    Unknown,
    /// It is somebody else's order.
    NotYours,
    /// The order is paid.
    Paid,
    /// A proof of its payment is being checked.
    InReview,
    /// The order has ended.
    Over,
    /// It costs something else now: the wallet pays a part.
    Changed,
}

async fn order_of(db: &impl ConnectionTrait, payload: &str) -> Result<Option<Order>, DbErr> {
    match payload.parse::<ShortCode>() {
        Ok(code) => orders::by_code(db, &code).await,
        Err(_) => Ok(None),
    }
}

/// Whether an invoice can be paid now, by this person and with so many Stars; or why not.
///
/// # Errors
/// The database.
pub async fn check(core: &Core, offered: &Offered) -> Result<Result<(), No>, DbErr> {
    let Some(order) = order_of(core.db(), &offered.payload).await? else {
        return Ok(Err(No::Unknown));
    };
    if users::get(core.db(), order.buyer()).await?.telegram_id != offered.payer {
        return Ok(Err(No::NotYours));
    }
    Ok(match order.state {
        OrderState::AwaitingPayment if order.expires_at <= core.now() => Err(No::Over),
        OrderState::AwaitingPayment if order.due_in_stars() == Some(offered.stars) => Ok(()),
        OrderState::AwaitingPayment => Err(No::Changed),
        OrderState::InReview => Err(No::InReview),
        OrderState::Expired | OrderState::Cancelled => Err(No::Over),
        OrderState::Paid | OrderState::AwaitingStock | OrderState::Delivered | OrderState::Credited => Err(No::Paid),
    })
}

/// What became of Stars that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// Their order is paid by them.
    Paid,
    /// Staff must say what they are for.
    Waits,
    /// They are for nothing of ours, and go back.
    GoBack,
}

/// Takes Stars that came, `charge` being Telegram's id of them: the order that the invoice was of is confirmed, also when it ended meanwhile. What it
/// does not take waits where staff see it, at the order's price; Stars for no order of ours go back. The same once more changes nothing.
///
/// # Errors
/// The database: nothing is lost by trying again.
pub async fn receive(core: &Core, charge: &str, came: &Offered) -> Result<Became, StarsError> {
    let db = core.db();
    let order = order_of(db, &came.payload).await?;
    let payer = users::by_telegram_id(db, came.payer).await?;
    let reference = reference(charge);
    note(core, charge, &reference, came, payer.as_ref(), order.as_ref()).await?;
    let worth = order.as_ref().and_then(|order| worth(order, came.stars));
    let (Some(order), Some(worth)) = (order, worth) else {
        send_back(core, charge).await?;
        let text = format!("{} Stars came for no order of ours ({:?}); they go back to their payer.", came.stars, shortened(&came.payload));
        notifications::alert(core, &Notice::Alarm { text }, Some(format!("stars-unknown:{reference}"))).await?;
        return Ok(Became::GoBack);
    };
    // Kept waiting once, they are not taken by themselves any more: an order may have become payable meanwhile.
    let waits = credits::by_ref(db, &reference).await?.is_some();
    let theirs = payer.as_ref().is_some_and(|payer| payer.id == order.buyer_id) && order.stars == Some(came.stars);
    if theirs && !waits {
        let incoming = Incoming {
            method: Method::Stars,
            amount: order.price,
            key: format!("stars:{charge}"),
            gateway: Some((NAME.to_owned(), charge.to_owned())),
            payer: None,
            credit: None,
        };
        match payments::receive(core, order.id, &incoming, &Actor::program("Telegram Stars")).await {
            Ok(_) => return Ok(Became::Paid),
            // Paid otherwise, or another amount is due.
            Err(PaymentError::NotAwaited(_) | PaymentError::OtherAmount(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let seen = Seen {
        source: Source::Stars,
        bank: String::new(),
        bank_ref: reference,
        amount: worth,
        payer: payer.map(|payer| payer.name).unwrap_or_default(),
        vpa: None,
        note: format!("{} Stars for O-{}", came.stars, order.code),
        at: core.now(),
        by_day: false,
        teller: None,
    };
    if !waits {
        credits::take(core, &seen).await?;
    }
    Ok(Became::Waits)
}

/// What Stars are worth in rupees, by the price of their order.
fn worth(order: &Order, stars: i32) -> Option<Rupees> {
    let whole = order.stars?;
    let exact = order.price.decimal() * Decimal::from(stars) / Decimal::from(whole);
    let paise = exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Rupees::try_new(paise).ok().filter(|worth| worth.is_positive())
}

/// As money that waits for staff names a charge: with its id, unless that is no reference.
fn reference(charge: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if (1..=90).contains(&charge.len()) && charge.bytes().all(plain) {
        return format!("{NAME}/{charge}");
    }
    format!("{NAME}/x-{}", hex::encode(signature::sign("", &[charge.as_bytes()])))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

async fn note(core: &Core, charge: &str, reference: &str, came: &Offered, payer: Option<&User>, order: Option<&Order>) -> Result<(), DbErr> {
    let text = "INSERT INTO star_charge (charge, reference, telegram_id, user_id, stars, order_id, paid_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT DO NOTHING";
    let values = [
        charge.into(),
        reference.into(),
        came.payer.into(),
        payer.map(|payer| payer.id).into(),
        came.stars.into(),
        order.map(|order| order.id).into(),
        core.now().into(),
    ];
    core.db().execute_raw(sql(text, values)).await?;
    Ok(())
}

/// Whether all of an order's Stars can go back: its payment came in Stars, and nothing of it went back before.
///
/// # Errors
/// The database.
pub async fn can_go_back(db: &impl ConnectionTrait, order: &Order) -> Result<bool, DbErr> {
    Ok(order.refunded == Rupees::ZERO && charge_of(db, order).await?.is_some())
}

#[derive(FromQueryResult)]
struct Charge {
    charge: String,
}

async fn charge_of(db: &impl ConnectionTrait, order: &Order) -> Result<Option<String>, DbErr> {
    let text = "SELECT c.charge FROM payment p JOIN star_charge c ON c.charge = p.gateway_ref
                WHERE p.order_id = $1 AND p.gateway = 'stars' AND p.state = 'confirmed' AND c.stars = $2 AND c.telegram_id <> 0 AND c.back_asked_at IS NULL";
    let found = Charge::find_by_statement(sql(text, [order.id.into(), order.stars.into()])).one(db).await?;
    Ok(found.map(|found| found.charge))
}

const ASKED: &str = "UPDATE star_charge SET back_asked_at = $2, back_next_at = now() WHERE back_asked_at IS NULL AND ";

/// An order's Stars are to go back: part of the transaction that writes it into the books.
pub(crate) async fn send_back_order_in(core: &Core, tx: &Tx, order: &Order) -> Result<(), DbErr> {
    let charge = charge_of(tx, order).await?.ok_or_else(|| DbErr::RecordNotFound(format!("the Stars of order {}", order.id)))?;
    tx.execute_raw(sql(&format!("{ASKED} charge = $1"), [charge.into(), core.now().into()])).await?;
    Ok(())
}

/// The same of Stars that waited for staff. Answers whether there are such, that can still go back.
pub(crate) async fn send_back_credit_in(core: &Core, tx: &Tx, reference: &str) -> Result<bool, DbErr> {
    let asked = tx
        .execute_raw(sql(&format!("{ASKED} telegram_id <> 0 AND reference = $1"), [reference.into(), core.now().into()]))
        .await?;
    Ok(asked.rows_affected() > 0)
}

async fn send_back(core: &Core, charge: &str) -> Result<(), DbErr> {
    core.db().execute_raw(sql(&format!("{ASKED} charge = $1"), [charge.into(), core.now().into()])).await?;
    Ok(())
}

/// Stars on their way back.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Back {
    /// Telegram's id of them.
    pub charge: String,
    /// Whose they were.
    pub telegram_id: i64,
    /// Which try this is, from 1.
    pub back_tries: i32,
}

/// The next Stars that are to be sent back; nobody else is given them for a minute.
///
/// # Errors
/// The database.
pub async fn claim_back(core: &Core) -> Result<Option<Back>, DbErr> {
    let text = "UPDATE star_charge SET back_next_at = now() + interval '1 minute', back_tries = back_tries + 1 WHERE charge = (
                  SELECT charge FROM star_charge WHERE back_asked_at IS NOT NULL AND back_at IS NULL AND back_next_at <= now()
                  ORDER BY back_next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING charge, telegram_id, back_tries";
    Back::find_by_statement(sql(text, [])).one(core.db()).await
}

/// What Telegram said to Stars that were to be sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// They are with their payer, now or before.
    Back,
    /// To be tried again: Telegram is away.
    Later,
    /// Telegram refused, in these words: to be tried again, and staff are told.
    Refused(String),
}

/// Writes down what became of a try. Pauses grow to an hour; staff hear of a refusal once a day.
///
/// # Errors
/// The database.
pub async fn settle_back(core: &Core, back: &Back, sent: &Sent) -> Result<(), DbErr> {
    let db = core.db();
    let trouble = match sent {
        Sent::Back => {
            let text = "UPDATE star_charge SET back_at = coalesce(back_at, $2), back_trouble = NULL WHERE charge = $1";
            db.execute_raw(sql(text, [back.charge.clone().into(), core.now().into()])).await?;
            return Ok(());
        }
        Sent::Later => None,
        Sent::Refused(why) => Some(why.as_str()),
    };
    let pause = (5_i64 << back.back_tries.clamp(0, 10)).min(LONGEST_PAUSE);
    let text = "UPDATE star_charge SET back_next_at = now() + $2 * interval '1 second', back_trouble = $3 WHERE charge = $1";
    db.execute_raw(sql(text, [back.charge.clone().into(), pause.into(), trouble.into()])).await?;
    if let Some(why) = trouble {
        let text = format!("Telegram does not send Stars back (charge {}): {why}. It is tried again until it does.", back.charge);
        let key = format!("stars-back:{}:{}", reference(&back.charge), core.now().date_naive());
        notifications::alert(core, &Notice::Alarm { text }, Some(key)).await?;
    }
    Ok(())
}

/// Telegram says that Stars went back. Those that nobody here had sent, staff are told of: the books do not know.
///
/// # Errors
/// The database.
pub async fn went_back(core: &Core, charge: &str) -> Result<(), DbErr> {
    let text = "UPDATE star_charge SET back_at = coalesce(back_at, $2), back_trouble = NULL WHERE charge = $1 AND back_asked_at IS NOT NULL";
    let known = core.db().execute_raw(sql(text, [charge.into(), core.now().into()])).await?.rows_affected() > 0;
    if !known {
        let text = format!(
            "Stars went back to their payer without a refund of ours (charge {charge}). What they bought still runs, and the books still have them."
        );
        notifications::alert(core, &Notice::Alarm { text }, Some(format!("stars-gone:{}", reference(charge)))).await?;
    }
    Ok(())
}
