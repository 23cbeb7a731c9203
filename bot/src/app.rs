//! What every handler needs, and how handling ends.

use crate::deliver::Unready;
use crate::reply::Me;
use crate::texts::Texts;
use crate::wire::{Wire, WireError};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use mela_core::Core;
use mela_core::adjustments::AskError;
use mela_core::audit::Actor;
use mela_core::catalog::CatalogError;
use mela_core::catalog::import::ImportError;
use mela_core::commissions::CommissionError;
use mela_core::credits::CreditError;
use mela_core::db::is_away;
use mela_core::fraud::FlagError;
use mela_core::gateways::GatewayError;
use mela_core::orders::OrderError;
use mela_core::payments::PaymentError;
use mela_core::privacy::PrivacyError;
use mela_core::referrals::contests::ContestError;
use mela_core::refunds::RefundError;
use mela_core::settings::{SetError, Settings};
use mela_core::stars::StarsError;
use mela_core::subscriptions::SubscriptionError;
use mela_core::tickets::TicketError;
use mela_core::users;
use mela_core::withdrawals::WithdrawalError;
use mela_core::withdrawals::answer::AnswerError;
use sea_orm::DbErr;
use std::num::NonZeroU32;
use std::sync::Arc;
use teloxide::types::User;

/// The shop as the bot sees it. Clones are the same thing.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    core: Core,
    wire: Wire,
    me: Me,
    throttle: DefaultKeyedRateLimiter<i64>,
}

impl App {
    /// The shop behind the bot `me`.
    #[must_use]
    pub fn new(core: Core, wire: Wire, me: Me) -> Self {
        let rate = core.settings_store().last().limits.actions_per_second.get();
        let throttle = RateLimiter::keyed(Quota::per_second(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN)));
        Self(Arc::new(Inner { core, wire, me, throttle }))
    }

    /// The domain.
    #[must_use]
    pub fn core(&self) -> &Core {
        &self.0.core
    }

    /// The connection to Telegram.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        &self.0.wire
    }

    /// Who the bot is.
    #[must_use]
    pub fn me(&self) -> &Me {
        &self.0.me
    }

    /// The bot's name without the @.
    #[must_use]
    pub fn bot_name(&self) -> &str {
        &self.0.me.username
    }

    /// Waits until it is this person's turn again; nothing is dropped.
    pub async fn throttle(&self, telegram_id: i64) {
        self.0.throttle.until_key_ready(&telegram_id).await;
    }

    /// Forgets people whose turn is long over.
    pub fn forget_idle(&self) {
        self.0.throttle.retain_recent();
        self.0.throttle.shrink_to_fit();
    }

    /// Sentences for the admin chat.
    #[must_use]
    pub fn staff_texts(&self, settings: &Settings) -> Texts {
        self.texts(settings.shop.language.code(), settings)
    }

    /// Sentences for someone of whom no more is known than their id and, perhaps, the language of their app.
    ///
    /// # Errors
    /// The database.
    pub async fn texts_for(&self, telegram_id: i64, app: Option<&str>) -> Result<Texts, DbErr> {
        let settings = self.0.core.settings().await?;
        let known = users::by_telegram_id(self.0.core.db(), telegram_id).await?;
        let language = known.map_or_else(|| app.unwrap_or_default().to_owned(), |user| user.language);
        Ok(self.texts(&language, &settings))
    }

    /// Sentences in a language, with times in the shop's zone.
    #[must_use]
    pub fn texts(&self, language: &str, settings: &Settings) -> Texts {
        Texts::new(language, settings.shop.timezone)
    }
}

/// The update that is being handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpdateNo(pub i64);

/// Why handling an update ended without success.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The database or Telegram is away: to be run again when they are back; not the update's fault.
    #[error("{0}")]
    Away(String),
    /// The person cannot be reached: there is nobody to answer.
    #[error("the person cannot be reached")]
    Unreachable,
    /// It failed, and may fail again.
    #[error("{0}")]
    Broken(String),
}

/// How handling ends.
pub type Handled = Result<(), Failure>;

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        if is_away(&error) { Self::Away(error.to_string()) } else { Self::Broken(error.to_string()) }
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Away(_) | WireError::Wait(_) => Self::Away(error.to_string()),
            _ if error.is_unreachable() => Self::Unreachable,
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Errors that handlers answer in words before they come here; what is left is the database's, or a bug.
macro_rules! failures {
    ($($error:ident),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                match error {
                    $error::Db(error) => error.into(),
                    other => Self::Broken(other.to_string()),
                }
            }
        })+
    };
}
failures!(
    AskError,
    ContestError,
    StarsError,
    OrderError,
    PaymentError,
    RefundError,
    GatewayError,
    WithdrawalError,
    AnswerError,
    CommissionError,
    CreditError,
    FlagError,
    PrivacyError,
    SetError,
    CatalogError,
    ImportError,
    SubscriptionError,
    TicketError,
    Unready
);

/// A member of staff as the author of what they do.
#[must_use]
pub fn actor(user: &User) -> Actor {
    Actor { telegram_id: user.id.0.cast_signed(), name: mela_core::users::clean_name(&user.full_name()) }
}
