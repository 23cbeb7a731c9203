//! What must be told: an outbox. A verb writes a notice in its own transaction; a job sends it.

mod bell;
mod history;
mod outbox;
mod quiet;
mod topic;

pub use bell::{CHANNEL, toll};
pub use history::{Told, UNREAD_AT_MOST, history, mark_read, unread};
pub use outbox::{Claimed, Outcome, claim, free, settle};
pub use quiet::QuietHours;
pub use topic::{NoTopic, Topic, mute, muted};

use crate::Core;
use crate::commissions::Reached;
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use serde::{Deserialize, Serialize};

/// Everything that people are told without having asked. Stored as JSON: the tag is the kind, the fields are the arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Notice {
    /// To a referrer: someone joined by their link.
    Joined {
        /// The new person.
        name: String,
    },
    /// To a referrer: a sale earned them a commission, on hold.
    Earned {
        /// How much.
        amount: Rupees,
        /// 1 or 2.
        level: i16,
        /// When it is released.
        release_at: DateTime<Utc>,
    },
    /// To a referrer: a limit of what they earn is reached, and what is beyond is not booked.
    Capped {
        /// Which limit.
        by: Reached,
        /// Which is so much.
        cap: Rupees,
    },
    /// To a referrer: commissions became withdrawable.
    Released {
        /// How much in all.
        amount: Rupees,
        /// Of it, what paid a debt first.
        owed: Rupees,
    },
    /// To the buyer: the payment is approved.
    PaymentApproved {
        /// The order's row id.
        order: i64,
    },
    /// To the buyer: what they bought, opened at the moment of sending.
    Credentials {
        /// The order's row id.
        order: i64,
    },
    /// To the buyer: the payment is rejected.
    PaymentRejected {
        /// The order's row id.
        order: i64,
        /// Why.
        reason: String,
    },
    /// To the buyer: the order expired unpaid.
    OrderExpired {
        /// The order's row id.
        order: i64,
    },
    /// To the buyer: somebody opened their gift.
    GiftOpened {
        /// The order's row id.
        order: i64,
    },
    /// To who opened a gift: its money went back, and it has ended.
    GiftRefunded {
        /// The order's row id.
        order: i64,
    },
    /// To the buyer: the order expires soon, unpaid.
    OrderUnpaid {
        /// The order's row id.
        order: i64,
    },
    /// To the holder: what they have ends tomorrow, or today.
    PlanEnds {
        /// The subscription's row id.
        subscription: i64,
        /// The end that is meant: when it moved, there is nothing to be told.
        ends_at: DateTime<Utc>,
    },
    /// To the holder: the wallet does not cover what is to be renewed from it.
    AutoRenewMissing {
        /// The subscription's row id.
        subscription: i64,
        /// What renewing costs.
        price: Rupees,
        /// What the wallet lacks.
        missing: Rupees,
    },
    /// To who complained: what became of their ticket.
    Ticket {
        /// The ticket's row id.
        ticket: i64,
        /// What became of it.
        became: TicketNews,
    },
    /// To who complained: what they are given instead, opened at the moment of sending.
    Replacement {
        /// The ticket's row id.
        ticket: i64,
    },
    /// To the person: their withdrawal was approved, rejected, paid, or could not be paid.
    Withdrawal {
        /// The withdrawal's row id.
        withdrawal: i64,
        /// What became of it.
        became: WithdrawalNews,
    },
    /// To the person: they can be paid to another UPI id from now on.
    UpiAdded {
        /// The UPI id.
        vpa: String,
    },
    /// To the buyer: a refund was made, or its part by UPI was sent, or could not be.
    Refund {
        /// The refund's row id.
        refund: i64,
        /// What became of it.
        became: RefundNews,
    },
    /// To the person: staff put something into their wallet, or took it out.
    Adjusted {
        /// How much: into it when positive.
        amount: Rupees,
        /// Why.
        reason: String,
    },
    /// To the person: they verified, and can withdraw.
    Verified,
    /// To who was among the first in a contest: what they won is in their wallet.
    PrizeWon {
        /// The contest's name.
        contest: String,
        /// 1 is the first.
        place: i16,
        /// How much.
        amount: Rupees,
    },
    /// To the admin chat: a contest was decided.
    ContestOver {
        /// The contest's row id.
        contest: i64,
    },
    /// To a referrer: a sale was given back, and what it had earned them with it.
    Reversed {
        /// How much.
        amount: Rupees,
        /// 1 or 2.
        level: i16,
        /// Of it, what they owe now, because it was withdrawn or spent.
        owed: Rupees,
        /// Whether nothing is left of the sale.
        whole: bool,
    },
    /// To whoever waits for it: a plan that had run out can be bought again.
    BackInStock {
        /// The plan's row id.
        plan: i64,
    },
    /// To the admin chat: Telegram does not give a plan's picture to this bot any more.
    PictureLost {
        /// The plan's row id.
        plan: i64,
    },
    /// To the admin chat: a payment to check.
    PaymentCard {
        /// The payment's row id.
        payment: i64,
    },
    /// To the admin chat: a withdrawal to decide.
    WithdrawalCard {
        /// The withdrawal's row id.
        withdrawal: i64,
    },
    /// To the admin chat: a complaint.
    TicketCard {
        /// The ticket's row id.
        ticket: i64,
    },
    /// To the admin chat: money that came, and waits to be told what it is for.
    CreditCard {
        /// The credit's row id.
        credit: i64,
    },
    /// To the payer: money of theirs that paid no order is in their wallet.
    CreditKept {
        /// How much.
        amount: Rupees,
        /// Why it paid no order.
        why: Kept,
        /// The order that was meant.
        order: Option<i64>,
    },
    /// To the payer: money of theirs was sent back.
    CreditReturned {
        /// How much.
        amount: Rupees,
        /// By which the bank knows it.
        reference: String,
    },
    /// To the admin chat: more money waits than cards were sent of.
    CreditsWait,
    /// To the admin chat: a fraud rule found something that is on hold until staff decide.
    FraudCard {
        /// The flag's row id.
        flag: i64,
    },
    /// To the person: something of theirs is on hold by a flag, or is no longer.
    Hold {
        /// The flag's row id.
        flag: i64,
        /// What became of it.
        became: HoldNews,
    },
    /// To the person: staff blocked them, or let them in again.
    Blocked {
        /// Why; nothing, when they are no longer.
        reason: Option<String>,
    },
    /// To the person: staff ask about what is on hold.
    FraudQuestion {
        /// The flag's row id.
        flag: i64,
        /// What they ask.
        question: String,
    },
    /// To the admin chat, without a message: what a card shows has changed without a press on it, so it is drawn anew where it stands.
    CardChanged {
        /// Which kind of card.
        card: Card,
        /// The row id of what it is about.
        id: i64,
    },
    /// To the admin chat: someone sent a UTR that belongs to another order.
    UtrReused {
        /// The number.
        utr: String,
        /// The order it was sent for now.
        order: String,
        /// The order it belongs to.
        first: String,
    },
    /// To the admin chat: a day that is over, with the books' digest, so that the past cannot be changed unseen.
    DailyReport {
        /// Which day, in the shop's zone.
        day: chrono::NaiveDate,
        /// When it began.
        since: DateTime<Utc>,
        /// When it was over.
        until: DateTime<Utc>,
        /// The transaction through which the books are sealed.
        through: i64,
        /// The seal's digest, in hexadecimal.
        digest: String,
    },
    /// To the admin chat: a plan's stock runs out, or has.
    StockLow {
        /// The plan's row id.
        plan: i64,
        /// Slots that are left.
        left: i64,
    },
    /// To the admin chat: the bot cannot read what is answered there.
    NoRights,
    /// To the admin chat: the books or the program need a person's eye.
    Alarm {
        /// What is wrong.
        text: String,
    },
}

/// What a card of the admin chat is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Card {
    /// A payment.
    Payment,
    /// A withdrawal.
    Withdrawal,
    /// A refund.
    Refund,
    /// A complaint.
    Ticket,
    /// Money that came.
    Credit,
    /// What a fraud rule found.
    Flag,
}

/// A step in the life of what is on hold, of which its owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldNews {
    /// It is on hold.
    Held,
    /// It was nothing: it goes on as if it had not been.
    Released,
    /// It was taken back.
    Cancelled,
}

/// Why money paid no order, and was put into its payer's wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// It was more than the order cost: this is the rest.
    Excess,
    /// The order was paid already.
    Double,
    /// The order had ended.
    Late,
    /// It was less than the order costs.
    Short,
    /// No order awaited it.
    Unknown,
}

/// A step in a withdrawal's life of which its owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the states of a withdrawal")]
pub enum WithdrawalNews {
    Approved,
    Rejected,
    Paid,
    Failed,
    Returned,
}

/// A step in a refund's life of which the buyer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the states of a refund")]
pub enum RefundNews {
    Made,
    Sent,
    Failed,
    /// The gateway sent it back the way it was paid.
    Returned,
    /// The gateway could not: it is in the wallet.
    NotReturned,
}

/// A step in a ticket's life of which who complained is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketNews {
    /// It is to be replaced, and stock has run out.
    Waits,
    /// Staff closed it.
    Closed,
}

/// Kinds of which several that wait for one chat become one message.
pub(crate) const PILE_UP: [&str; 4] = ["joined", "earned", "released", "reversed"];

impl Notice {
    /// The tag under which it is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Joined { .. } => "joined",
            Self::Earned { .. } => "earned",
            Self::Capped { .. } => "capped",
            Self::Released { .. } => "released",
            Self::PaymentApproved { .. } => "payment-approved",
            Self::Credentials { .. } => "credentials",
            Self::PaymentRejected { .. } => "payment-rejected",
            Self::OrderExpired { .. } => "order-expired",
            Self::GiftOpened { .. } => "gift-opened",
            Self::GiftRefunded { .. } => "gift-refunded",
            Self::OrderUnpaid { .. } => "order-unpaid",
            Self::PlanEnds { .. } => "plan-ends",
            Self::AutoRenewMissing { .. } => "auto-renew-missing",
            Self::Ticket { .. } => "ticket",
            Self::Replacement { .. } => "replacement",
            Self::TicketCard { .. } => "ticket-card",
            Self::Withdrawal { .. } => "withdrawal",
            Self::UpiAdded { .. } => "upi-added",
            Self::Refund { .. } => "refund",
            Self::Adjusted { .. } => "adjusted",
            Self::Verified => "verified",
            Self::PrizeWon { .. } => "prize-won",
            Self::ContestOver { .. } => "contest-over",
            Self::Reversed { .. } => "reversed",
            Self::BackInStock { .. } => "back-in-stock",
            Self::PictureLost { .. } => "picture-lost",
            Self::PaymentCard { .. } => "payment-card",
            Self::WithdrawalCard { .. } => "withdrawal-card",
            Self::UtrReused { .. } => "utr-reused",
            Self::DailyReport { .. } => "daily-report",
            Self::StockLow { .. } => "stock-low",
            Self::NoRights => "no-rights",
            Self::Alarm { .. } => "alarm",
            Self::CreditCard { .. } => "credit-card",
            Self::CreditKept { .. } => "credit-kept",
            Self::CreditReturned { .. } => "credit-returned",
            Self::CreditsWait => "credits-wait",
            Self::FraudCard { .. } => "fraud-card",
            Self::Hold { .. } => "hold",
            Self::Blocked { .. } => "blocked",
            Self::FraudQuestion { .. } => "fraud-question",
            Self::CardChanged { .. } => "card-changed",
        }
    }
}

/// One notice on its way: to whom, what, and the key under which it is told once.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whom; `None` is the admin chat.
    pub to: Option<UserId>,
    /// What.
    pub notice: Notice,
    /// Told once for each key; without one, as often as it is written.
    pub dedupe_key: Option<String>,
}

impl Letter {
    /// To a person, from a transaction that happens once.
    #[must_use]
    pub fn to(person: UserId, notice: Notice) -> Self {
        Self { to: Some(person), notice, dedupe_key: None }
    }
}

/// Tells a person, once for each `dedupe_key`.
///
/// # Errors
/// The database.
pub async fn tell(db: &impl ConnectionTrait, at: DateTime<Utc>, person: UserId, notice: &Notice, dedupe_key: Option<String>) -> Result<(), DbErr> {
    tell_all(db, at, &[Letter { to: Some(person), notice: notice.clone(), dedupe_key }]).await
}

/// Tells the admin chat, once for each `dedupe_key`.
///
/// # Errors
/// The database.
pub async fn tell_staff(db: &impl ConnectionTrait, at: DateTime<Utc>, notice: &Notice, dedupe_key: Option<String>) -> Result<(), DbErr> {
    tell_all(db, at, &[Letter { to: None, notice: notice.clone(), dedupe_key }]).await
}

/// Tells the admin chat of something that is in no transaction, once for each `dedupe_key`.
///
/// # Errors
/// The database.
pub async fn alert(core: &Core, notice: &Notice, dedupe_key: Option<String>) -> Result<(), DbErr> {
    tell_staff(core.db(), core.now(), notice, dedupe_key).await?;
    core.bell().notify_one();
    Ok(())
}

/// Tells many, in their order.
///
/// # Errors
/// The database.
pub async fn tell_all(db: &impl ConnectionTrait, at: DateTime<Utc>, letters: &[Letter]) -> Result<(), DbErr> {
    db.execute_raw(telling(at, letters)?).await?;
    Ok(())
}

/// Letters that are told as values, whose number PostgreSQL knows: it keeps the plan of such a statement. More come as arrays.
const FEW: usize = 8;

/// What a letter is about, if a person may have muted it; the admin chat mutes nothing.
fn topic_of(letter: &Letter) -> Option<Topic> {
    letter.to.and_then(|_| letter.notice.topic())
}

/// The statement of [`tell_all`]. What its reader has muted goes into their history alone; a reminder is held until the sender finds it is not quiet.
///
/// # Errors
/// A notice that is no JSON.
pub(crate) fn telling(at: DateTime<Utc>, letters: &[Letter]) -> Result<Statement, DbErr> {
    let args: Result<Vec<String>, _> = letters.iter().map(|letter| serde_json::to_string(&letter.notice)).collect();
    let args = args.map_err(|e| DbErr::Custom(e.to_string()))?;
    let people: Vec<i64> = letters.iter().map(|letter| letter.to.map_or(0, |person| person.0)).collect();
    let kinds: Vec<String> = letters.iter().map(|letter| letter.notice.kind().to_owned()).collect();
    let keys: Vec<String> = letters.iter().map(|letter| letter.dedupe_key.clone().unwrap_or_default()).collect();
    // Being ready for a conflict costs each row a second record in the log.
    let once = if keys.iter().all(String::is_empty) {
        ""
    } else {
        "ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING"
    };
    let mut values: Vec<Value> = vec![at.into()];
    let topics: Vec<String> = letters.iter().map(|letter| topic_of(letter).map_or_else(String::new, |topic| topic.name().to_owned())).collect();
    let about_a_topic = topics.iter().any(|topic| !topic.is_empty());
    let source = if (1..=FEW).contains(&letters.len()) {
        let row = |n: usize| {
            let [person, kind, args, key, topic] = std::array::from_fn(|part| 5 * n + 2 + part);
            format!("(${person}::bigint, ${kind}::text, ${args}::text, ${key}::text, ${topic}::text)")
        };
        for ((((person, kind), args), key), topic) in people.into_iter().zip(kinds).zip(args).zip(keys).zip(topics) {
            values.extend([Value::from(person), kind.into(), args.into(), key.into(), topic.into()]);
        }
        format!("(VALUES {})", (0..letters.len()).map(row).collect::<Vec<_>>().join(", "))
    } else {
        values.extend([Value::from(people), kinds.into(), args.into(), keys.into(), topics.into()]);
        "unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])".to_owned()
    };
    let source = format!("{source} AS l (person, kind, args, key, topic)");
    let text = if about_a_topic {
        // Looked up row by row, and no join: the rows are written in the letters' order. Once a row: OFFSET keeps it apart.
        format!(
            "INSERT INTO notification (user_id, kind, args, dedupe_key, created_at, not_before, sent_at, muted, held)
             SELECT nullif(l.person, 0), l.kind, l.args::jsonb, nullif(l.key, ''), $1, now(), CASE WHEN m.muted THEN $1::timestamptz END, nullif(m.muted, false),
                    CASE WHEN l.topic = '{reminders}' AND NOT m.muted THEN true END
             FROM {source} CROSS JOIN LATERAL (
               SELECT l.topic <> '' AND EXISTS (SELECT 1 FROM mute WHERE mute.user_id = l.person AND mute.topic = l.topic) AS muted OFFSET 0) m {once}",
            reminders = Topic::Reminders
        )
    } else {
        format!(
            "INSERT INTO notification (user_id, kind, args, dedupe_key, created_at, not_before)
             SELECT nullif(l.person, 0), l.kind, l.args::jsonb, nullif(l.key, ''), $1, now() FROM {source} {once}"
        )
    };
    Ok(sql(&text, values))
}

/// Whether something was told, or is about to be, under a key.
///
/// # Errors
/// The database.
pub async fn was_told(db: &impl ConnectionTrait, dedupe_key: &str) -> Result<bool, DbErr> {
    let row = db.query_one_raw(sql("SELECT 1 FROM notification WHERE dedupe_key = $1", [dedupe_key.into()])).await?;
    Ok(row.is_some())
}
