//! What a person may ask of the shop about their own data: a copy of all of it, and to be forgotten.
//!
//! The books stay: the law wants them for eight years. Whoever is forgotten stays in them as a number, and as nobody at Telegram: the same person who
//! writes again is a new one.

mod erase;
mod export;

pub use erase::{Erasure, erase};
pub use export::export;

use crate::db::{sql, transient};
use crate::ledger;
use crate::money::Rupees;
use crate::treasury::TreasuryError;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

/// By what name others see someone who was forgotten.
pub const NOBODY: &str = "Deleted person";

/// Why nobody was forgotten.
#[derive(Debug, thiserror::Error)]
pub enum PrivacyError {
    /// The books refused.
    #[error(transparent)]
    Treasury(TreasuryError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(PrivacyError);

impl From<TreasuryError> for PrivacyError {
    fn from(error: TreasuryError) -> Self {
        if let TreasuryError::Db(error) = error { Self::Db(error) } else { Self::Treasury(error) }
    }
}

impl From<crate::commissions::CommissionError> for PrivacyError {
    fn from(error: crate::commissions::CommissionError) -> Self {
        match error {
            crate::commissions::CommissionError::Db(error) => Self::Db(error),
            other => Self::Db(DbErr::Custom(other.to_string())),
        }
    }
}

/// Money that is on its way: a person is not forgotten while there is any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An order awaits its payment.
    Unpaid,
    /// A payment is being checked.
    InReview,
    /// A paid order is not delivered.
    Undelivered,
    /// A withdrawal is under way.
    Withdrawal,
    /// A refund is to be sent.
    Refund,
}

/// What ties a person to the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    /// What must end first: orders, withdrawals and refunds as people quote them.
    pub open: Vec<(Kind, String)>,
    /// Owed to the shop: to be paid first.
    pub owed: Rupees,
    /// In the wallet, to spend and to withdraw: lost.
    pub wallet: Rupees,
    /// Commissions on hold: lost.
    pub held: Rupees,
    /// Plans that run still: lost.
    pub running: i64,
}

impl Ties {
    /// Whether something must end first.
    #[must_use]
    pub fn hold(&self) -> bool {
        !self.open.is_empty() || self.owed.is_positive()
    }

    /// Whether something is lost.
    #[must_use]
    pub fn cost(&self) -> bool {
        (self.wallet + self.held).is_positive() || self.running > 0
    }

    /// What was agreed to be lost, in few bytes: who confirms it confirms this. A hold that ends changes nothing of it.
    #[must_use]
    pub fn mark(&self) -> u32 {
        let said = format!("{}|{}", (self.wallet + self.held).plain(), self.running);
        let digest = Sha256::digest(said.as_bytes());
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }
}

/// What ties a person to the shop now.
///
/// # Errors
/// The database.
pub async fn ties(db: &impl ConnectionTrait, person: UserId, now: DateTime<Utc>) -> Result<Ties, DbErr> {
    #[derive(FromQueryResult)]
    struct Open {
        kind: i32,
        code: String,
    }
    #[derive(FromQueryResult)]
    struct Running {
        n: i64,
    }
    let open = Open::find_by_statement(sql(
        "SELECT CASE state WHEN 'awaiting_payment' THEN 0 WHEN 'in_review' THEN 1 ELSE 2 END AS kind, 'O-' || code AS code FROM orders
         WHERE buyer_id = $1 AND state IN ('awaiting_payment', 'in_review')
            OR coalesce(recipient_id, CASE WHEN gift_code IS NULL THEN buyer_id END) = $1 AND (buyer_id = $1 OR recipient_id = $1)
               AND state IN ('paid', 'awaiting_stock') AND refunded < price
         UNION ALL SELECT 1, '₹' || amount FROM payment WHERE user_id = $1 AND order_id IS NULL AND state = 'submitted'
         UNION ALL SELECT 3, 'W-' || code FROM withdrawal WHERE user_id = $1 AND state IN ('asked', 'approved')
         UNION ALL SELECT 4, 'R-' || code FROM refund WHERE user_id = $1
            AND (state = 'to_send' OR EXISTS (SELECT FROM gateway_refund g WHERE g.refund_id = refund.id AND g.state IN ('to_send', 'sent')))
         UNION ALL SELECT 4, '⭐ ' || stars FROM star_charge WHERE user_id = $1 AND back_asked_at IS NOT NULL AND back_at IS NULL ORDER BY 1, 2",
        [person.0.into()],
    ))
    .all(db)
    .await?;
    let kinds = [Kind::Unpaid, Kind::InReview, Kind::Undelivered, Kind::Withdrawal, Kind::Refund];
    let kind = |n: i32| usize::try_from(n).ok().and_then(|n| kinds.get(n).copied()).unwrap_or(Kind::InReview);
    let running = "SELECT count(*) AS n FROM subscription s JOIN orders o ON o.id = s.order_id
                   WHERE s.user_id = $1 AND s.ends_at > $2 AND s.ended_at IS NULL AND (o.gift_code IS NULL OR o.opened_at IS NOT NULL)";
    let running = Running::find_by_statement(sql(running, [person.0.into(), now.into()])).one(db).await?;
    let standing = ledger::standing(db, person).await?;
    Ok(Ties {
        open: open.into_iter().map(|open| (kind(open.kind), open.code)).collect(),
        owed: standing.owed,
        wallet: standing.credit + standing.earned,
        held: standing.held,
        running: running.map_or(0, |running| running.n),
    })
}
