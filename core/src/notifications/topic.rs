//! Topics of notices, and which of them a person does not want to be told.

use super::Notice;
use crate::Core;
use crate::db::sql;
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::fmt;
use std::str::FromStr;

/// Notices that people may mute together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Someone joined by their link.
    Joins,
    /// What they earn on sales, and when it is released.
    Commissions,
    /// What they may want to do in time. Waits for the end of the quiet hours.
    Reminders,
}

/// What is no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no topic")]
pub struct NoTopic;

impl Topic {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Joins, Self::Commissions, Self::Reminders];

    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Joins => "joins",
            Self::Commissions => "commissions",
            Self::Reminders => "reminders",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(name: &str) -> Result<Self, NoTopic> {
        Self::ALL.into_iter().find(|topic| topic.name() == name).ok_or(NoTopic)
    }
}

impl Notice {
    /// What it is about, for those who mute that; nothing where it cannot be muted: a person's own money and orders, and all that staff are told.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Joined { .. } => Some(Topic::Joins),
            Self::Earned { .. } | Self::Capped { .. } | Self::Released { .. } => Some(Topic::Commissions),
            Self::PaymentApproved { .. }
            | Self::Credentials { .. }
            | Self::PaymentRejected { .. }
            | Self::OrderExpired { .. }
            | Self::Withdrawal { .. }
            | Self::UpiAdded { .. }
            | Self::Refund { .. }
            | Self::Adjusted { .. }
            | Self::Verified
            | Self::PrizeWon { .. }
            | Self::CreditKept { .. }
            | Self::CreditReturned { .. }
            | Self::Hold { .. }
            | Self::Blocked { .. }
            | Self::FraudQuestion { .. }
            // Taken back, and perhaps owed.
            | Self::Reversed { .. }
            // Minutes count, and whoever ordered is awake.
            | Self::OrderUnpaid { .. }
            // They asked to be told.
            | Self::BackInStock { .. }
            | Self::GiftOpened { .. }
            | Self::GiftRefunded { .. }
            | Self::Ticket { .. }
            | Self::Replacement { .. } => None,
            Self::PlanEnds { .. } | Self::AutoRenewMissing { .. } => Some(Topic::Reminders),
            Self::PaymentCard { .. }
            | Self::WithdrawalCard { .. }
            | Self::TicketCard { .. }
            | Self::CreditCard { .. }
            | Self::CreditsWait
            | Self::FraudCard { .. }
            | Self::CardChanged { .. }
            | Self::UtrReused { .. }
            | Self::DailyReport { .. }
            | Self::StockLow { .. }
            | Self::PictureLost { .. }
            | Self::ContestOver { .. }
            | Self::NoRights
            | Self::Alarm { .. } => None,
        }
    }
}

#[derive(FromQueryResult)]
struct Muted {
    topic: String,
}

/// What a person has muted, in the order of [`Topic::ALL`].
///
/// # Errors
/// The database.
pub async fn muted(db: &impl ConnectionTrait, person: UserId) -> Result<Vec<Topic>, DbErr> {
    let rows = Muted::find_by_statement(sql("SELECT topic FROM mute WHERE user_id = $1", [person.0.into()])).all(db).await?;
    let mut topics: Vec<Topic> = rows.into_iter().filter_map(|row| row.topic.parse().ok()).collect();
    topics.sort_unstable();
    Ok(topics)
}

/// Mutes a topic for a person, or no longer. What happens from now on is written into their history alone; what happened before stays as it was.
///
/// # Errors
/// The database.
pub async fn mute(core: &Core, person: UserId, topic: Topic, on: bool) -> Result<(), DbErr> {
    let text = if on {
        "INSERT INTO mute (user_id, topic) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT mute_pkey DO NOTHING"
    } else {
        "DELETE FROM mute WHERE user_id = $1 AND topic = $2"
    };
    core.db().execute_raw(sql(text, [person.0.into(), topic.name().into()])).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Topic;

    #[test]
    fn stored_and_read_alike() {
        for topic in Topic::ALL {
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
        for none in ["", "Joins", "money", "joins "] {
            assert!(none.parse::<Topic>().is_err(), "{none}");
        }
    }
}
