//! What must be told: an outbox. A verb writes a notice in its own transaction; a job sends it.

mod outbox;

pub use outbox::{Claimed, Outcome, claim, free, settle};

use crate::Core;
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
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
    /// To the person: their withdrawal was approved, rejected, paid, or could not be paid.
    Withdrawal {
        /// The withdrawal's row id.
        withdrawal: i64,
        /// What became of it.
        became: WithdrawalNews,
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
    /// To the admin chat: someone sent a UTR that belongs to another order.
    UtrReused {
        /// The number.
        utr: String,
        /// The order it was sent for now.
        order: String,
        /// The order it belongs to.
        first: String,
    },
    /// To the admin chat: the bot cannot read what is answered there.
    NoRights,
    /// To the admin chat: the books or the program need a person's eye.
    Alarm {
        /// What is wrong.
        text: String,
    },
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
}

/// Kinds of which several that wait for one chat become one message.
pub(crate) const PILE_UP: [&str; 3] = ["joined", "earned", "released"];

impl Notice {
    /// The tag under which it is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Joined { .. } => "joined",
            Self::Earned { .. } => "earned",
            Self::Released { .. } => "released",
            Self::PaymentApproved { .. } => "payment-approved",
            Self::PaymentRejected { .. } => "payment-rejected",
            Self::OrderExpired { .. } => "order-expired",
            Self::Withdrawal { .. } => "withdrawal",
            Self::PaymentCard { .. } => "payment-card",
            Self::WithdrawalCard { .. } => "withdrawal-card",
            Self::UtrReused { .. } => "utr-reused",
            Self::NoRights => "no-rights",
            Self::Alarm { .. } => "alarm",
        }
    }
}

/// Tells a person, once for each `dedupe_key`.
///
/// # Errors
/// The database.
pub async fn tell(db: &impl ConnectionTrait, at: DateTime<Utc>, person: UserId, notice: &Notice, dedupe_key: Option<String>) -> Result<(), DbErr> {
    write(db, at, Some(person), notice, dedupe_key).await
}

/// Tells the admin chat, once for each `dedupe_key`.
///
/// # Errors
/// The database.
pub async fn tell_staff(db: &impl ConnectionTrait, at: DateTime<Utc>, notice: &Notice, dedupe_key: Option<String>) -> Result<(), DbErr> {
    write(db, at, None, notice, dedupe_key).await
}

/// What a person was told last, newest first; telling it again is reading it.
///
/// # Errors
/// The database.
pub async fn latest(core: &Core, person: UserId, limit: u64) -> Result<Vec<(DateTime<Utc>, Notice)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Told {
        created_at: DateTime<Utc>,
        args: serde_json::Value,
    }
    core.db()
        .execute_raw(sql(
            "UPDATE notification SET read_at = $2 WHERE user_id = $1 AND sent_at IS NOT NULL AND read_at IS NULL",
            [person.0.into(), core.now().into()],
        ))
        .await?;
    let told = Told::find_by_statement(sql(
        "SELECT created_at, args FROM notification WHERE user_id = $1 AND sent_at IS NOT NULL ORDER BY id DESC LIMIT $2",
        [person.0.into(), limit.cast_signed().into()],
    ))
    .all(core.db())
    .await?;
    Ok(told.into_iter().filter_map(|told| Some((told.created_at, serde_json::from_value(told.args).ok()?))).collect())
}

async fn write(
    db: &impl ConnectionTrait,
    at: DateTime<Utc>,
    person: Option<UserId>,
    notice: &Notice,
    dedupe_key: Option<String>,
) -> Result<(), DbErr> {
    let args = serde_json::to_value(notice).map_err(|e| DbErr::Custom(e.to_string()))?;
    db.execute_raw(sql(
        "INSERT INTO notification (user_id, kind, args, dedupe_key, created_at, not_before) VALUES ($1, $2, $3, $4, $5, now())
         ON CONFLICT (dedupe_key) DO NOTHING",
        [person.map(|p| p.0).into(), notice.kind().into(), args.into(), dedupe_key.into(), at.into()],
    ))
    .await?;
    Ok(())
}
