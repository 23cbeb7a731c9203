//! What the settings are, typed. `settings.toml` says what each is for.

use super::bank::Mapping;
use super::credits::Credits;
use super::fraud::Fraud;
use super::gateways::{Cashfree, Gateways, Razorpay};
use super::look::{Color, PublicUrl, switch};
use super::programme::{Commissions, Friend};
use super::proxy::ProxyHeader;
use super::referrals::Referrals;
use super::tax::{Gstin, ReceiptPrefix};
use crate::money::{Rupees, decimal};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::net::SocketAddr;

pub use super::payouts::{Pause, RazorpayX, Tds, Withdrawals};
pub use super::wallets::{Link, Staff, Wallet};

/// All settings, as one verb sees them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[shop]`
    pub shop: Shop,
    /// `[telegram]`
    pub telegram: Telegram,
    /// `[upi]`
    pub upi: Upi,
    /// `[razorpay]`
    pub razorpay: Razorpay,
    /// `[cashfree]`
    pub cashfree: Cashfree,
    /// `[gateways]`
    pub gateways: Gateways,
    /// `[credits]`
    pub credits: Credits,
    /// `[plan]`
    pub plan: SeedPlan,
    /// `[orders]`
    pub orders: Orders,
    /// `[commissions]`
    pub commissions: Commissions,
    /// `[referrals]`
    pub referrals: Referrals,
    /// `[friend]`
    pub friend: Friend,
    /// `[subscriptions]`
    pub subscriptions: Subscriptions,
    /// `[wallet]`
    pub wallet: Wallet,
    /// `[staff]`
    pub staff: Staff,
    /// `[withdrawals]`
    pub withdrawals: Withdrawals,
    /// `[tds]`
    pub tds: Tds,
    /// `[razorpayx]`
    pub razorpayx: RazorpayX,
    /// `[fraud]`
    pub fraud: Fraud,
    /// `[notifications]`
    pub notifications: Notifications,
    /// `[limits]`
    pub limits: Limits,
    /// `[import]`
    pub import: Import,
    /// `[statement]`
    pub statement: Mapping,
    /// `[stock]`
    pub stock: Stock,
    /// `[jobs]`
    pub jobs: Jobs,
    /// `[inbox]`
    pub inbox: Inbox,
    /// `[http]`
    pub http: Http,
    /// `[database]`
    pub database: Database,
}

/// The shop itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Its name.
    pub name: Line,
    /// Whom customers can write to, such as `@name`; empty: nobody is named.
    pub support: String,
    /// The zone in which times are shown.
    #[serde(deserialize_with = "zone")]
    pub timezone: chrono_tz::Tz,
    /// The admin chat's language.
    pub language: Language,
    /// Of its cards and pages.
    pub color: Color,
    /// What the numbers of receipts begin with.
    pub receipt_prefix: ReceiptPrefix,
    /// Who stands behind the shop; empty when not set.
    pub legal_name: String,
    /// Their address; empty when not set.
    pub address: String,
    /// Their GST registration, when they have one.
    pub gstin: Gstin,
    /// The state of the registration; empty when not set.
    pub state: String,
    /// The tax that prices include.
    pub gst_percent: Percent,
    /// The code (HSN or SAC) of what is sold.
    #[serde(deserialize_with = "text")]
    pub sac: String,
    /// What `/terms` says of refunds; empty: a sentence of our own.
    pub refund_terms: String,
    /// Where the full terms are; empty: nowhere.
    pub terms_url: Link,
}

impl Shop {
    /// The day that a moment is of, for the shop's people.
    #[must_use]
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.timezone).date_naive()
    }
}

/// Who runs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// The admin group; 0 when not set.
    pub admin_chat_id: i64,
    /// The owner; 0 when not set.
    pub owner_id: i64,
}

impl Upi {
    /// The payee's name as UPI apps show it.
    #[must_use]
    pub fn name<'a>(&'a self, shop: &'a Shop) -> &'a str {
        if self.payee_name.is_empty() { shop.name.as_str() } else { &self.payee_name }
    }
}

/// Where customers pay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upi {
    /// The payee's UPI id; empty when not set.
    pub payee: String,
    /// The payee's name; empty: the shop's.
    pub payee_name: String,
    /// Whether each order has an amount of its own.
    #[serde(deserialize_with = "switch")]
    pub unique_amount: bool,
}

/// The plan of an empty shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the columns of a plan, documented there")]
pub struct SeedPlan {
    pub code: String,
    pub title: Line,
    pub description: String,
    pub platform: String,
    pub period_days: u16,
    pub screens: u16,
    pub price: Rupees,
    pub cost: Rupees,
}

/// Orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// How long an unpaid order waits.
    pub expire_after: Span,
    /// How long before that the buyer is reminded.
    pub remind_before: Span,
}

/// Subscriptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscriptions {
    /// How long after its end one can be renewed.
    pub renew_within: Span,
    /// How long before its end one is said to end soon.
    pub expiring_within: Span,
}

/// What people are told without having asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// When no reminder is sent any more, by the shop's clock.
    pub quiet_from: TimeOfDay,
    /// When they are sent again; the same as `quiet_from`: always.
    pub quiet_until: TimeOfDay,
}

/// Rates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Of one person.
    pub actions_per_second: Rate,
    /// Of all notifications.
    pub notices_per_second: Rate,
}

/// Accounts bought ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Free slots of a plan at which staff are told.
    pub low: u16,
}

/// Files that staff send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The largest that is read.
    pub max_bytes: FileSize,
}

/// How often what time does is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.toml says it")]
pub struct Jobs {
    pub release_every: Span,
    pub expire_every: Span,
    pub match_every: Span,
    pub stock_every: Span,
    pub receipts_every: Span,
    pub stars_every: Span,
    pub remind_every: Span,
    pub pictures_every: Span,
    /// What happened is looked at by the fraud rules.
    pub fraud_every: Span,
    /// Everybody is.
    pub fraud_sweep_every: Span,
    pub notify_every: Span,
    pub check_every: Span,
    pub prove_every: Span,
    pub report_every: Span,
    pub prune_every: Span,
}

/// Stored updates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// How long handled ones are kept.
    pub keep: Span,
}

/// The program's own HTTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where the same is reached from outside.
    pub public_url: PublicUrl,
    /// The header in which a proxy before it tells who asks; none by default.
    pub proxy_header: ProxyHeader,
}

/// The connection pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Its size.
    pub max_connections: Connections,
}

/// A duration written like `24h`; at least a second, at most ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(std::time::Duration);

impl Span {
    /// For adding to a time.
    #[must_use]
    pub fn delta(self) -> chrono::TimeDelta {
        chrono::TimeDelta::seconds(self.0.as_secs().cast_signed())
    }

    /// For waiting.
    #[must_use]
    pub fn duration(self) -> std::time::Duration {
        self.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (number, unit) = match seconds {
            s if s % 86_400 == 0 && s > 86_400 => (s / 86_400, "d"),
            s if s % 3_600 == 0 => (s / 3_600, "h"),
            s if s % 60 == 0 => (s / 60, "m"),
            s => (s, "s"),
        };
        write!(f, "{number}{unit}")
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a duration from 1s to 3650d, such as 30s, 15m, 24h or 7d";
        let text = text_of(deserializer, WANTED)?;
        let wrong = || de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED);
        let span = humantime::parse_duration(text.trim()).map_err(|_| wrong())?;
        if span.subsec_nanos() == 0 && (1..=3_650 * 86_400).contains(&span.as_secs()) {
            Ok(Self(span))
        } else {
            Err(wrong())
        }
    }
}

/// A time of the day, to the minute, written like `22:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(chrono::NaiveTime);

impl TimeOfDay {
    /// The time.
    #[must_use]
    pub fn time(self) -> chrono::NaiveTime {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%H:%M").fmt(f)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a time of the day such as 22:00 or 08:30";
        let text = text_of(deserializer, WANTED)?;
        let time = chrono::NaiveTime::parse_from_str(text.trim(), "%H:%M");
        time.map(Self).map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

/// One of the languages that the shop speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Language(&'static str);

impl Language {
    /// Its two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a language that is spoken here: en or hi";
        let text = text_of(deserializer, WANTED)?;
        let found = crate::users::LANGUAGES.into_iter().find(|language| *language == text.trim());
        found.map(Self).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

/// A percentage from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(Decimal);

impl Percent {
    /// A percentage, if it is one.
    #[must_use]
    pub fn try_new(number: Decimal) -> Option<Self> {
        (number >= Decimal::ZERO && number <= Decimal::ONE_HUNDRED).then_some(Self(number))
    }

    /// The number before the percent sign.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = decimal(deserializer)?;
        Self::try_new(number).ok_or_else(|| de::Error::custom(format!("found {number}, wanted a percentage from 0 to 100")))
    }
}

/// One line of text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line(String);

impl Line {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "one line of 1 to 60 characters";
        let text = text_of(deserializer, WANTED)?;
        let fine = !text.trim().is_empty() && text.chars().count() <= 60 && !text.chars().any(char::is_control);
        if fine {
            Ok(Self(text))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}

/// Text, also where a variable's value looked like a number.
pub(super) fn text_of<'de, D: Deserializer<'de>>(deserializer: D, wanted: &'static str) -> Result<String, D::Error> {
    struct Text(&'static str);
    impl de::Visitor<'_> for Text {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<E: de::Error>(self, v: &str) -> Result<String, E> {
            Ok(v.to_owned())
        }
        fn visit_u64<E: de::Error>(self, v: u64) -> Result<String, E> {
            Ok(v.to_string())
        }
        fn visit_i64<E: de::Error>(self, v: i64) -> Result<String, E> {
            Ok(v.to_string())
        }
    }
    deserializer.deserialize_any(Text(wanted))
}

pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text_of(deserializer, "text")
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<chrono_tz::Tz, D::Error> {
    const WANTED: &str = "a time zone such as Asia/Kolkata";
    let text = text_of(deserializer, WANTED)?;
    text.trim().parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
}

/// A whole number within bounds.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $least:literal to $most:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct $name(u32);

        impl $name {
            /// The number.
            #[must_use]
            pub fn get(self) -> u32 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = u32::deserialize(deserializer)?;
                if ($least..=$most).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(de::Error::custom(format!("found {number}, wanted a whole number from {} to {}", $least, $most)))
                }
            }
        }
    };
}

bounded!(
    /// So many a second.
    Rate, 1 to 1_000
);
bounded!(
    /// So many bytes: Telegram gives a bot no file of more than 20 MB.
    FileSize, 1_000 to 20_000_000
);
bounded!(
    /// So many connections.
    Connections, 4 to 500
);
