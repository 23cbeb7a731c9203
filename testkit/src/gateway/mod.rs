//! A payment gateway over real HTTP: answers as Razorpay and as Cashfree do, checks what they check, and is down, slow, forgetful or a liar when told so.

mod cashfree;
mod events;
mod razorpay;
mod razorpayx;

pub use events::Event;
pub use razorpayx::ACCOUNT;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The keys that it lets in.
pub const KEY_ID: &str = "rzp_test_mela";
/// Their secret.
pub const KEY_SECRET: &str = "a-secret-of-the-tests";
/// By which it signs its webhooks.
pub const WEBHOOK_SECRET: &str = "whsec-of-the-tests";

/// How it meets a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Fine,
    /// It answers 500 and does nothing.
    Down,
    /// It does what it is asked, and answers 500.
    Forgets,
    /// It does what it is asked, and answers after so long.
    Slow(Duration),
    /// It answers 409 to a refund, as while the same is being made.
    Busy,
}

/// Something to be paid: a link or a QR code.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) reference: String,
    pub(crate) amount: i64,
    pub(crate) qr: bool,
    pub(crate) status: &'static str,
    pub(crate) body: Value,
}

/// Money of a payer.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Its name.
    pub id: String,
    /// Of which link or code, by our reference.
    pub reference: String,
    /// In paise.
    pub amount: i64,
    /// Such as `INR`.
    pub currency: String,
    /// Such as `captured`.
    pub status: &'static str,
    /// Of it, given back.
    pub refunded: i64,
    /// Whether it was paid out.
    pub settled: bool,
    /// The payer's UPI id.
    pub vpa: String,
    number: u64,
}

/// Money given back.
#[derive(Debug, Clone)]
pub struct Refund {
    /// Its name.
    pub id: String,
    /// Of which payment.
    pub payment: String,
    /// In paise.
    pub amount: i64,
    /// The key it was asked for with.
    pub key: String,
    /// `pending`, `processed` or `failed`.
    pub status: &'static str,
    settled: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) things: Vec<Thing>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) payouts: Vec<Value>,
    pub(crate) parts: Vec<Value>,
    pub(crate) paid_out: Vec<razorpayx::PaidOut>,
    /// What becomes of a payout at once.
    pub(crate) transfers_are: Option<&'static str>,
    next: VecDeque<Mood>,
    always: Option<Mood>,
    log: Vec<String>,
    number: u64,
    /// What becomes of a refund at once.
    pub(crate) refunds_are: Option<&'static str>,
}

impl Books {
    pub(crate) fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The gateway. It ends with the runtime that it was started in.
#[derive(Clone)]
pub struct Fake {
    url: String,
    books: Arc<Mutex<Books>>,
    now: Now,
}

impl std::fmt::Debug for Fake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.url)
    }
}

impl Fake {
    /// Listens, with the clock of the test.
    ///
    /// # Panics
    /// There is no port.
    pub async fn start(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("no port: {e}"));
        let url = listener.local_addr().map(|at| format!("http://{at}")).unwrap_or_else(|e| panic!("no address: {e}"));
        let fake = Self { url, books: Arc::default(), now: Arc::new(now) };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// Its address, for `MELA_RAZORPAY__API_URL` and `MELA_CASHFREE__API_URL`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The variables with which a shop uses it as Razorpay.
    #[must_use]
    pub fn razorpay(&self) -> [(&'static str, String); 4] {
        [
            ("MELA_RAZORPAY__API_URL", self.url.clone()),
            ("MELA_RAZORPAY__KEY_ID", KEY_ID.to_owned()),
            ("MELA_RAZORPAY__KEY_SECRET", KEY_SECRET.to_owned()),
            ("MELA_RAZORPAY__WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ]
    }

    /// The variables with which a shop uses it as Cashfree.
    #[must_use]
    pub fn cashfree(&self) -> [(&'static str, String); 4] {
        [
            ("MELA_CASHFREE__API_URL", self.url.clone()),
            ("MELA_CASHFREE__KEY_ID", KEY_ID.to_owned()),
            ("MELA_CASHFREE__KEY_SECRET", KEY_SECRET.to_owned()),
            ("MELA_CASHFREE__WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ]
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn time(&self) -> i64 {
        (self.now)().timestamp()
    }

    /// How it meets every request from now on.
    pub fn is(&self, mood: Mood) {
        self.books().always = Some(mood);
    }

    /// How it meets the next requests, one after the other.
    pub fn will_be(&self, moods: &[Mood]) {
        self.books().next.extend(moods);
    }

    /// What becomes of refunds as soon as they are asked for: `pending`, `processed` or `failed`.
    pub fn refunds_are(&self, status: &'static str) {
        self.books().refunds_are = Some(status);
    }

    /// Somebody pays a link or code, all of it.
    ///
    /// # Panics
    /// There is none of that reference.
    #[must_use]
    pub fn pay(&self, reference: &str) -> Payment {
        let amount = self.books().things.iter().find(|thing| thing.reference == reference).map(|thing| thing.amount);
        self.pay_as(reference, amount.unwrap_or_else(|| panic!("nothing is called {reference}")), "INR", "captured")
    }

    /// Somebody pays something else than was asked for.
    #[must_use]
    pub fn pay_as(&self, reference: &str, amount: i64, currency: &str, status: &'static str) -> Payment {
        let mut books = self.books();
        let number = books.number();
        let payment = Payment {
            id: format!("pay_{number:014}"),
            reference: reference.to_owned(),
            amount,
            currency: currency.to_owned(),
            status,
            refunded: 0,
            settled: false,
            vpa: format!("payer{number}@okbank"),
            number,
        };
        books.payments.push(payment.clone());
        if let Some(thing) = books.things.iter_mut().find(|thing| thing.reference == reference && status == "captured") {
            thing.status = "paid";
        }
        payment
    }

    /// The references of what was made to be paid.
    #[must_use]
    pub fn references(&self) -> Vec<String> {
        self.books().things.iter().map(|thing| thing.reference.clone()).collect()
    }

    /// What was given back.
    #[must_use]
    pub fn refunds(&self) -> Vec<Refund> {
        self.books().refunds.clone()
    }

    /// All payments.
    #[must_use]
    pub fn payments(&self) -> Vec<Payment> {
        self.books().payments.clone()
    }

    /// What it was asked, as `POST /v1/payment_links`.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.books().log.clone()
    }
}

/// A request, taken apart.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a HashMap<&'a str, &'a str>,
    pub(crate) head: &'a HeaderMap,
    pub(crate) body: &'a Value,
}

impl Request<'_> {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

async fn answer(State(fake): State<Fake>, method: Method, uri: Uri, head: HeaderMap, body: Bytes) -> Response {
    let mood = {
        let mut books = fake.books();
        books.log.push(format!("{method} {}", uri.path()));
        books.next.pop_front().or(books.always).unwrap_or(Mood::Fine)
    };
    let down = (StatusCode::INTERNAL_SERVER_ERROR, "{\"error\": {\"description\": \"down\"}}").into_response();
    if mood == Mood::Down {
        return down;
    }
    if mood == Mood::Busy {
        return (
            StatusCode::CONFLICT,
            "{\"error\": {\"description\": \"Another request with the same idempotency key is still in progress.\"}}",
        )
            .into_response();
    }
    let path: Vec<&str> = uri.path().split('/').filter(|part| !part.is_empty()).collect();
    let query: HashMap<&str, &str> = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')).collect();
    let read: Value = serde_json::from_slice(&body).unwrap_or_default();
    let request = Request { method: &method, path: &path, query: &query, head: &head, body: &read };
    let (status, value) = match path.first() {
        Some(&"v1") => razorpay::answer(&fake, &request),
        Some(&"pg") => cashfree::answer(&fake, &request),
        _ => (404, Value::Null),
    };
    match mood {
        Mood::Forgets => return down,
        Mood::Slow(wait) => tokio::time::sleep(wait).await,
        _ => {}
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(value)).into_response()
}
