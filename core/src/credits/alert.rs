//! Alerts that a phone forwards: from the sender and the text to a credit.

use super::bank::{Sender, sender};
use super::sms::{self, Alert, NotACredit};
use super::words::own_reference;
use super::{CreditError, Seen, Source, Taken, Teller, take};
use crate::Core;
use crate::db::sql;
use crate::notifications::{self, Notice};
use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};

/// How far a request's clock may be from the shop's, either way.
pub const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// Longest text that is kept.
const LONGEST: usize = 1_000;

/// What became of an alert: a credit, or why there is none.
pub type Heard = Result<Taken, Ignored>;

/// Why an alert counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    /// A person can write whatever they like.
    #[error("sent from a telephone number, not by a bank")]
    Person,
    /// A header that nobody knows.
    #[error("the sender is no bank that is known; credits.senders adds one")]
    UnknownSender,
    /// What banks advertise with.
    #[error("an advertisement by its sender")]
    Advertising,
    /// The text tells of no credit.
    #[error("{0}")]
    NotACredit(NotACredit),
    /// Not one of `credits.accounts`.
    #[error("of another account than those in credits.accounts")]
    OtherAccount,
    /// The reference stands for another amount.
    #[error("its reference was seen with another amount")]
    OtherAmount,
}

impl Ignored {
    /// One word for it, for counting.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::UnknownSender => "unknown-sender",
            Self::Advertising => "advertising",
            Self::NotACredit(_) => "no-credit",
            Self::OtherAccount => "other-account",
            Self::OtherAmount => "other-amount",
        }
    }
}

/// Hears an alert that came at `received_at`. The same again is the same credit.
///
/// # Errors
/// The database.
pub async fn hear(core: &Core, from: &str, text: &str, received_at: DateTime<Utc>) -> Result<Heard, CreditError> {
    let settings = core.settings().await?;
    let bank = match sender(from, &settings.credits.senders.list()) {
        Sender::Bank(bank) => bank,
        Sender::Advertising => return Ok(Err(Ignored::Advertising)),
        Sender::Person => return Ok(Err(Ignored::Person)),
        Sender::Unknown(header) => {
            if sms::read(text).is_ok() {
                unknown(core, &header).await?;
            }
            return Ok(Err(Ignored::UnknownSender));
        }
    };
    let alert = match sms::read(text) {
        Ok(alert) => alert,
        Err(why) => return Ok(Err(Ignored::NotACredit(why))),
    };
    if alert.account.as_ref().is_some_and(|digits| !settings.credits.accounts.has(digits)) {
        return Ok(Err(Ignored::OtherAccount));
    }
    match take(core, &seen(&bank, &alert, text, received_at, settings.shop.timezone)).await {
        Ok(taken) => Ok(Ok(taken)),
        Err(CreditError::OtherAmount(bank_ref)) => {
            let text = format!("an alert of {bank} tells {bank_ref} with another amount than before");
            let key = format!("credit-other:{bank_ref}:{}", alert.amount.plain());
            notifications::alert(core, &Notice::Alarm { text }, Some(key)).await?;
            Ok(Err(Ignored::OtherAmount))
        }
        Err(error) => Err(error),
    }
}

/// Staff are told, once a day and at most of three senders, whose messages look like credits.
async fn unknown(core: &Core, header: &str) -> Result<(), DbErr> {
    let header: String = header.chars().filter(|c| !c.is_control()).take(20).collect();
    let day = core.settings().await?.shop.day(core.now());
    let slot = Sha256::digest(header.as_bytes()).first().map_or(0, |byte| byte % 3);
    let text = format!(
        "{header} sends messages that read like credits, but is no bank that is known: nothing of them counts. /settings credits.senders adds a bank"
    );
    notifications::alert(core, &Notice::Alarm { text }, Some(format!("unknown-sender:{day}:{slot}"))).await
}

fn seen(bank: &str, alert: &Alert, text: &str, received_at: DateTime<Utc>, zone: chrono_tz::Tz) -> Seen {
    let received = received_at.with_timezone(&zone);
    // A day to come is misread.
    let day = alert.day.filter(|day| *day <= received.date_naive() + TimeDelta::days(1)).unwrap_or_else(|| received.date_naive());
    let is_of_day = alert.time.is_none() && day != received.date_naive();
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let at = match alert.time {
        None if !is_of_day => received_at,
        time => {
            let local = day.and_time(time.unwrap_or(noon));
            zone.from_local_datetime(&local).earliest().map_or(received_at, |at| at.with_timezone(&Utc))
        }
    };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
    let reference = alert.reference.clone().unwrap_or_else(|| own_reference("sms", &format!("{bank}|{words}")));
    Seen {
        source: Source::Bank,
        bank: bank.to_owned(),
        bank_ref: format!("{bank}/{reference}"),
        amount: alert.amount,
        payer: alert.payer.clone().unwrap_or_default(),
        vpa: alert.vpa.clone(),
        note: words.chars().take(LONGEST).collect(),
        at,
        by_day: is_of_day,
        teller: Some(Teller::Alert),
    }
}

/// Whether a signature has served already.
///
/// # Errors
/// The database.
pub async fn is_used(core: &Core, signature: &[u8]) -> Result<bool, DbErr> {
    let found = core.db().query_one_raw(sql("SELECT 1 FROM used_signature WHERE signature = $1", [signature.to_vec().into()])).await?;
    Ok(found.is_some())
}

/// A signature has served; answers whether it was the first time. It is kept until its request is too old anyway.
///
/// # Errors
/// The database.
pub async fn use_up(core: &Core, signature: &[u8], signed_at: DateTime<Utc>) -> Result<bool, DbErr> {
    let expires = signed_at + WINDOW + WINDOW;
    let written = core
        .db()
        .execute_raw(sql(
            "INSERT INTO used_signature (signature, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [signature.to_vec().into(), expires.into()],
        ))
        .await?;
    core.db().execute_raw(sql("DELETE FROM used_signature WHERE expires_at < $1", [core.now().into()])).await?;
    Ok(written.rows_affected() == 1)
}
