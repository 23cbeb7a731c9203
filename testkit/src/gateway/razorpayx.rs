//! As RazorpayX answers: payouts to UPI ids, one for each key.

use super::razorpay::refused;
use super::{Event, Fake, Request};
use serde_json::{Value, json};

/// The account that payouts are made from.
pub const ACCOUNT: &str = "0078780080316316";

/// A payout, by the key that it was asked for with.
#[derive(Debug, Clone)]
pub(crate) struct PaidOut {
    key: String,
    asked: Value,
    told: Value,
}

pub(super) fn make(fake: &Fake, request: &Request<'_>) -> (u16, Value) {
    let key = request.header("x-payout-idempotency").to_owned();
    let body = request.body;
    if !(4..=36).contains(&key.len()) {
        return refused(400, "The idempotency key must be between 4 and 36 characters.");
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
    let (narration, contact) = (text(&body["narration"]), text(&body["fund_account"]["contact"]["name"]));
    let wrong = [
        (text(&body["account_number"]) != ACCOUNT, "The account number is invalid."),
        (body["amount"].as_i64().is_none_or(|amount| amount < 100), "The amount must be at least 100."),
        (body["currency"] != "INR" || body["mode"] != "UPI" || text(&body["purpose"]).is_empty(), "The mode is invalid."),
        (
            body["fund_account"]["account_type"] != "vpa" || !text(&body["fund_account"]["vpa"]["address"]).contains('@'),
            "The vpa is invalid.",
        ),
        (!(3..=50).contains(&contact.len()) || !plain(&contact), "The name is invalid."),
        (narration.len() > 30 || !plain(&narration), "The narration format is invalid."),
        (!(1..=40).contains(&text(&body["reference_id"]).len()), "The reference id is invalid."),
    ];
    if let Some((_, why)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
        return refused(400, why);
    }
    let (at, mut books) = (fake.time(), fake.books());
    if let Some(before) = books.paid_out.iter().find(|one| one.key == key) {
        return if before.asked == *body {
            (200, before.told.clone())
        } else {
            refused(400, "Different request body sent for the same Idempotency Header")
        };
    }
    let status = books.transfers_are.unwrap_or("processing");
    if status == "refused" {
        return refused(400, "Your account does not have access to this.");
    }
    let number = books.number();
    let told = json!({
        "id": format!("pout_{number:014}"), "entity": "payout", "fund_account_id": format!("fa_{number:014}"), "amount": body["amount"], "currency": "INR",
        "notes": [], "fees": 0, "tax": 0, "status": "processing", "utr": Value::Null, "mode": "UPI", "purpose": body["purpose"],
        "reference_id": body["reference_id"], "narration": body["narration"], "failure_reason": Value::Null, "created_at": at,
        "status_details": { "source": Value::Null, "reason": Value::Null, "description": Value::Null },
    });
    books.paid_out.push(PaidOut { key, asked: body.clone(), told });
    let number = books.paid_out.len() - 1;
    become_(&mut books.paid_out[number].told, status);
    (200, books.paid_out[number].told.clone())
}

fn become_(told: &mut Value, status: &str) {
    let number: u64 = told["id"].as_str().and_then(|id| id.trim_start_matches("pout_").parse().ok()).unwrap_or_default();
    told["status"] = json!(status);
    if status == "processed" {
        told["utr"] = json!(format!("{:012}", 700_000_000_000 + number));
    }
    if matches!(status, "reversed" | "failed" | "rejected" | "cancelled") {
        told["status_details"] = json!({ "source": "beneficiary_bank", "reason": "invalid_vpa", "description": "The UPI ID does not exist" });
    }
}

pub(super) fn one(fake: &Fake, id: &str) -> (u16, Value) {
    match fake.books().paid_out.iter().find(|one| one.told["id"] == id) {
        Some(found) => (200, found.told.clone()),
        None => refused(400, "The id provided does not exist"),
    }
}

pub(super) fn all(fake: &Fake, request: &Request<'_>) -> (u16, Value) {
    if request.query.get("account_number") != Some(&ACCOUNT) {
        return refused(400, "The account number field is required.");
    }
    let reference = request.query.get("reference_id").copied().unwrap_or_default();
    let items: Vec<Value> = fake.books().paid_out.iter().filter(|one| one.told["reference_id"] == reference).map(|one| one.told.clone()).collect();
    (200, json!({ "entity": "collection", "count": items.len(), "items": items }))
}

impl Fake {
    /// The variables with which a shop uses it as RazorpayX.
    #[must_use]
    pub fn razorpayx(&self) -> [(&'static str, String); 5] {
        [
            ("MELA_RAZORPAYX__API_URL", self.url.clone()),
            ("MELA_RAZORPAYX__KEY_ID", super::KEY_ID.to_owned()),
            ("MELA_RAZORPAYX__KEY_SECRET", super::KEY_SECRET.to_owned()),
            ("MELA_RAZORPAYX__ACCOUNT_NUMBER", ACCOUNT.to_owned()),
            ("MELA_RAZORPAYX__WEBHOOK_SECRET", super::WEBHOOK_SECRET.to_owned()),
        ]
    }

    /// What becomes of payouts as soon as they are asked for: `processing`, `queued`, `processed`, `rejected` …; `refused`: none is made.
    pub fn transfers_are(&self, status: &'static str) {
        self.books().transfers_are = Some(status);
    }

    /// The payouts that were made.
    #[must_use]
    pub fn transfers(&self) -> Vec<Value> {
        self.books().paid_out.iter().map(|one| one.told.clone()).collect()
    }

    /// A payout moves on; what RazorpayX tells of it.
    ///
    /// # Panics
    /// There is none of that key.
    #[must_use]
    pub fn transfer_is(&self, key: &str, status: &str) -> Event {
        let told = {
            let mut books = self.books();
            let one = books.paid_out.iter_mut().find(|one| one.key == key).unwrap_or_else(|| panic!("no payout {key}"));
            become_(&mut one.told, status);
            one.told.clone()
        };
        self.razorpay_event(&format!("payout.{status}"), &json!({ "payout": { "entity": told } }))
    }
}
