//! Payment gateways: what a buyer can pay online, money that a gateway tells of, what it gives back, what it pays out.
//!
//! A gateway is one file that says how it is asked ([`Gateway`]) and what its webhooks mean ([`News`]); it knows nothing of orders. What follows from that
//! is here, the same for all: a charge is written down before the gateway is asked for it, money is taken once whoever tells of it, and what a lost
//! webhook would have told is asked for.

mod cashfree;
mod charge;
mod hear;
mod http;
mod payouts;
mod razorpay;
mod razorpayx;
mod returns;
mod sweep;
mod taking;
pub mod transfer;

pub use charge::{Charge, current, pay_online};
pub use hear::{Deaf, hear};
pub use returns::Return;
pub(crate) use returns::{of_refund, send_back_in};
pub use sweep::{Swept, sweep};

use crate::Core;
use crate::credits::{CreditError, Source};
use crate::db::transient;
use crate::ledger::LedgerError;
use crate::money::Rupees;
use crate::orders::OrderState;
use crate::payments::PaymentError;
use crate::settings::{Layers, Settings, Way};
use crate::withdrawals::vpa::Vpa;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::header::HeaderMap;
use rust_decimal::Decimal;
use sea_orm::entity::prelude::*;
use sea_orm::{DbErr, Iterable};
use serde_json::Value;

/// The gateways that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Which {
    /// Razorpay.
    Razorpay,
    /// Cashfree.
    Cashfree,
}

impl Which {
    /// As the books, the settings and the webhook's address name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Razorpay => "razorpay",
            Self::Cashfree => "cashfree",
        }
    }

    /// As people name it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Razorpay => "Razorpay",
            Self::Cashfree => "Cashfree",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::iter().find(|which| which.name() == name)
    }

    /// Where its unmatched money is seen.
    #[must_use]
    pub fn source(self) -> Source {
        match self {
            Self::Razorpay => Source::Razorpay,
            Self::Cashfree => Source::Cashfree,
        }
    }
}

/// Why a gateway did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It cannot be reached, is down, is busy with the same, or does not let us in: to be asked again later.
    #[error("{0}")]
    Away(String),
    /// It says no, for good.
    #[error("{0}")]
    Refused(String),
    /// It says no, and may have done it all the same: a person must look.
    #[error("{0}")]
    Unsure(String),
}

/// What a gateway answers.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, Trouble>>;

/// How a gateway is asked, and what its webhooks say. All that differs between two gateways is behind this.
pub trait Gateway: Send + Sync {
    /// Which it is.
    fn which(&self) -> Which;
    /// What it makes to be paid.
    fn way(&self) -> Way;
    /// Makes something to be paid; asked `again`, finds what it made under the same reference.
    fn charge<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Made>;
    /// The money that it captured on a charge.
    fn payments<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Vec<Paid>>;
    /// Gives money of a payment back; with the same key it is the same refund.
    fn give_back<'a>(&'a self, payment: &'a str, amount: Rupees, key: &'a str) -> Answer<'a, Back>;
    /// What became of a refund that it took.
    fn given_back<'a>(&'a self, payment: &'a str, back: &'a str, key: &'a str) -> Answer<'a, Back>;
    /// What it paid out to the bank since then.
    fn payouts(&self, since: DateTime<Utc>) -> Answer<'_, Vec<Payout>>;
    /// A payout with what was not told of it.
    fn payout<'a>(&'a self, payout: &'a Payout) -> Answer<'a, Payout>;
    /// Sends money to somebody's UPI id; with the same key it is the same money.
    fn transfer<'a>(&'a self, order: &'a Transfer) -> Answer<'a, Sent> {
        let why = format!("{} pays nobody out for {}", self.which().title(), order.key);
        async move { Err(Trouble::Refused(why)) }.boxed()
    }
    /// What became of money that it took to send.
    fn transferred<'a>(&'a self, id: &'a str) -> Answer<'a, Sent> {
        let why = format!("{} knows of no {id}", self.which().title());
        async move { Err(Trouble::Unsure(why)) }.boxed()
    }
    /// What a webhook says, once its signature is right.
    ///
    /// # Errors
    /// It is not signed by the gateway; it is no JSON.
    fn listen(&self, head: &HeaderMap, body: &[u8]) -> Result<Heard, Deaf>;
}

/// What is to be made for an order to be paid with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Our name of it, at most 40 letters, digits and dashes.
    pub reference: String,
    /// How much is to be paid.
    pub amount: Rupees,
    /// What for, as the payer reads it.
    pub title: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// It was asked for before, and what came of that is not known.
    pub again: bool,
    /// The moment in which it is asked for.
    pub now: DateTime<Utc>,
}

/// What a gateway made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The gateway's name of it.
    pub id: String,
    /// Where it is paid.
    pub url: String,
}

/// Money that a gateway says it captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The gateway's name of the payment: the same is the same money.
    pub id: String,
    /// Everything in what was told that may name what it was for.
    pub names: Vec<String>,
    /// How much; nothing where that cannot be read.
    pub amount: Option<Rupees>,
    /// In which currency.
    pub currency: String,
    /// The payer's UPI id.
    pub payer: Option<String>,
    /// The bank's reference.
    pub bank_ref: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Money that a gateway gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// The gateway's name of it.
    pub id: String,
    /// Our key of it, where it is told.
    pub key: Option<String>,
    /// What became of it.
    pub became: Became,
}

/// What became of money that is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// It is on its way.
    Pending,
    /// It has left.
    Processed,
    /// It could not be sent, and why.
    Failed(String),
}

/// What a gateway paid out to the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// The gateway's name of it.
    pub id: String,
    /// The bank's reference.
    pub utr: Option<String>,
    /// What came to the bank.
    pub net: Option<Rupees>,
    /// What the gateway kept, tax included; nothing where that is not known yet.
    pub fees: Option<Rupees>,
    /// When.
    pub at: DateTime<Utc>,
    /// The payments in it, where they are told.
    pub payments: Vec<String>,
}

/// Money that is to be sent to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Our name of it, 4 to 36 letters, digits and dashes: under the same it is the same.
    pub key: String,
    /// How much.
    pub amount: Rupees,
    /// To which UPI id.
    pub vpa: String,
    /// Whose that is.
    pub payee: String,
    /// Our name of them.
    pub payee_id: String,
    /// What their bank shows.
    pub note: String,
    /// It was asked for before, and what came of that is not known.
    pub again: bool,
}

/// Money that a gateway sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The gateway's name of it.
    pub id: String,
    /// Our name of it, where it is told.
    pub key: Option<String>,
    /// As the gateway words it.
    pub status: String,
    /// What that means.
    pub went: Went,
}

/// What became of money that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Went {
    /// That is not known yet.
    OnItsWay,
    /// It was paid, by this reference, where that is told.
    Paid(String),
    /// It had left, and came back, and why.
    Back(String),
    /// It was not paid, and why.
    Failed(String),
}

/// One thing that a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Money was captured.
    Money(Paid),
    /// Something became of money that is given back.
    Back(Back),
    /// Money was paid out.
    Payout(Payout),
    /// Something became of money that was sent to somebody.
    Sent(Sent),
}

/// What a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The same is the same event.
    pub event_id: String,
    /// Its kind.
    pub kind: String,
    /// What of it is of use here.
    pub news: Vec<News>,
}

/// Why nothing came of a wish.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The gateway is not set up.
    #[error("the gateway is not set up")]
    Off,
    /// The person has no such order.
    #[error("no such order")]
    NoOrder,
    /// The order awaits no money.
    #[error("the order is {0:?}")]
    NotAwaited(OrderState),
    /// The gateway did not do it.
    #[error(transparent)]
    Trouble(Trouble),
    /// Something of this name was for another amount.
    #[error("{0} was another")]
    Another(String),
    /// The payment could not be taken.
    #[error(transparent)]
    Payment(Box<PaymentError>),
    /// The money could not be put aside.
    #[error(transparent)]
    Credit(Box<CreditError>),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(GatewayError);

impl From<LedgerError> for GatewayError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

impl From<PaymentError> for GatewayError {
    fn from(error: PaymentError) -> Self {
        if let PaymentError::Db(error) = error { Self::Db(error) } else { Self::Payment(Box::new(error)) }
    }
}

impl From<CreditError> for GatewayError {
    fn from(error: CreditError) -> Self {
        if let CreditError::Db(error) = error { Self::Db(error) } else { Self::Credit(Box::new(error)) }
    }
}

/// A gateway, when its keys are set.
fn asked(layers: &Layers, settings: &Settings, which: Which) -> Option<Box<dyn Gateway>> {
    has_keys(layers, which).then(|| heard(layers, settings, which))
}

/// A gateway as far as it is heard: for that its webhook's secret suffices.
fn heard(layers: &Layers, settings: &Settings, which: Which) -> Box<dyn Gateway> {
    match which {
        Which::Razorpay => Box::new(razorpay::Razorpay::new(layers, settings)),
        Which::Cashfree => Box::new(cashfree::Cashfree::new(layers, &settings.cashfree)),
    }
}

/// The gateways whose keys are set.
#[must_use]
pub fn on(core: &Core) -> Vec<Which> {
    let layers = core.settings_store().layers();
    Which::iter().filter(|&which| has_keys(layers, which)).collect()
}

fn has_keys(layers: &Layers, which: Which) -> bool {
    ["key_id", "key_secret"].iter().all(|key| layers.secret(&format!("{}.{key}", which.name())).is_some())
}

/// An amount in paise, as a whole number in JSON. A text is none, nor is a fraction: what is meant by them would be a guess.
fn paise(value: &Value) -> Option<Rupees> {
    Rupees::try_new(Decimal::new(value.as_i64()?, 2)).ok().filter(|amount| amount.is_positive())
}

/// An amount in rupees, as a number or a text in JSON.
fn rupees(value: &Value) -> Option<Rupees> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        // Digits alone: how a text writes an exponent is nobody's price.
        Value::String(text) if text.trim().bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) => text.trim().to_owned(),
        _ => return None,
    };
    Rupees::try_new(text.parse().ok()?).ok()
}

/// A text that says something.
fn said(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty() && text.len() <= 200)
}

/// A UPI id as it is compared.
fn payer(value: &Value) -> Option<String> {
    said(value)?.parse::<Vpa>().ok().map(|vpa| vpa.to_string())
}

/// The event's own name, or else its content's.
fn event_id(named: Option<&str>, body: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let fine = |id: &&str| (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    named.filter(fine).map_or_else(|| hex::encode(Sha256::digest(body)), str::to_owned)
}
