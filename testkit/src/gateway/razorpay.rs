//! As Razorpay answers.

use super::{Fake, KEY_ID, KEY_SECRET, Payment, Refund, Request, Thing, razorpayx};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

pub(super) fn refused(status: u16, why: &str) -> (u16, Value) {
    (status, json!({ "error": { "code": "BAD_REQUEST_ERROR", "description": why, "source": "business", "metadata": {} } }))
}

pub(super) fn answer(fake: &Fake, request: &Request<'_>) -> (u16, Value) {
    let wanted = format!("Basic {}", BASE64_STANDARD.encode(format!("{KEY_ID}:{KEY_SECRET}")));
    if request.header("authorization") != wanted {
        return refused(401, "The api key provided is invalid");
    }
    match (request.method.as_str(), request.path) {
        ("POST", ["v1", "payouts"]) => razorpayx::make(fake, request),
        ("GET", ["v1", "payouts"]) => razorpayx::all(fake, request),
        ("GET", ["v1", "payouts", id]) => razorpayx::one(fake, id),
        ("POST", ["v1", "payment_links"]) => make(fake, request, false),
        ("POST", ["v1", "payments", "qr_codes"]) => make(fake, request, true),
        ("GET", ["v1", "payment_links"]) => {
            let books = fake.books();
            let ours = books.things.iter().filter(|thing| !thing.qr && Some(&thing.reference.as_str()) == request.query.get("reference_id"));
            let links: Vec<Value> = ours.map(|thing| link(thing, &books.payments)).collect();
            (200, json!({ "payment_links": links }))
        }
        ("GET", ["v1", "payment_links", id]) => {
            let books = fake.books();
            match books.things.iter().find(|thing| thing.id == **id) {
                Some(thing) => (200, link(thing, &books.payments)),
                None => refused(400, "The id provided does not exist"),
            }
        }
        ("GET", ["v1", "payments", "qr_codes", id, "payments"]) => {
            let books = fake.books();
            let reference = books.things.iter().find(|thing| thing.id == **id).map(|thing| thing.reference.clone());
            let items: Vec<Value> =
                books.payments.iter().filter(|p| Some(&p.reference) == reference.as_ref()).map(|p| payment(fake, p, None)).collect();
            (200, json!({ "entity": "collection", "count": items.len(), "items": items }))
        }
        ("POST", ["v1", "payments", id, "refund"]) => give_back(fake, id, request),
        ("GET", ["v1", "payments", id, "refunds"]) => {
            let items: Vec<Value> = fake.books().refunds.iter().filter(|r| r.payment == **id).map(refund).collect();
            (200, json!({ "entity": "collection", "count": items.len(), "items": items }))
        }
        ("GET", ["v1", "payments", id]) => match fake.books().payments.iter().find(|p| p.id == **id) {
            Some(found) => (200, payment(fake, found, None)),
            None => refused(400, "The id provided does not exist"),
        },
        ("GET", ["v1", "refunds", id]) => match fake.books().refunds.iter().find(|r| r.id == **id) {
            Some(found) => (200, refund(found)),
            None => refused(400, "The id provided does not exist"),
        },
        ("GET", ["v1", "settlements"]) => {
            let payouts = fake.books().payouts.clone();
            (200, json!({ "entity": "collection", "count": payouts.len(), "items": payouts }))
        }
        ("GET", ["v1", "settlements", "recon", "combined"]) => {
            let parts = fake.books().parts.clone();
            (200, json!({ "entity": "collection", "count": parts.len(), "items": parts }))
        }
        ("GET", ["v1", "settlements", id]) => match fake.books().payouts.iter().find(|one| one["id"] == **id) {
            Some(found) => (200, found.clone()),
            None => refused(400, "The id provided does not exist"),
        },
        _ => refused(404, "The requested URL was not found on the server."),
    }
}

fn make(fake: &Fake, request: &Request<'_>, qr: bool) -> (u16, Value) {
    let body = request.body;
    let (amount, reference, until) = if qr {
        (body["payment_amount"].as_i64(), body["notes"]["mela"].as_str(), body["close_by"].as_i64())
    } else {
        (body["amount"].as_i64(), body["reference_id"].as_str(), body["expire_by"].as_i64())
    };
    let (Some(amount), Some(reference), Some(until)) = (amount, reference, until) else {
        return refused(400, "The amount must be an integer.");
    };
    if amount < 100 || reference.is_empty() || reference.len() > 40 {
        return refused(400, "The reference id may not be greater than 40 characters.");
    }
    if until < fake.time() + 15 * 60 {
        return refused(400, "timestamp must be atleast 15 minutes in future");
    }
    if qr && (body["type"] != "upi_qr" || body["usage"] != "single_use" || body["fixed_amount"] != true) {
        return refused(400, "wrong input fields sent.");
    }
    let mut books = fake.books();
    if !qr && books.things.iter().any(|thing| thing.reference == reference) {
        return refused(400, "payment link creation with reference ID already attempted");
    }
    let id = format!("{}_{:014}", if qr { "qr" } else { "plink" }, books.number());
    let thing = Thing { id, reference: reference.to_owned(), amount, qr, status: "created", body: body.clone() };
    let made = link(&thing, &[]);
    books.things.push(thing);
    (200, made)
}

pub(super) fn link(thing: &Thing, payments: &[Payment]) -> Value {
    if thing.qr {
        return json!({
            "id": thing.id, "entity": "qr_code", "usage": "single_use", "type": "upi_qr", "image_url": format!("https://rzp.io/i/{}", thing.id),
            "payment_amount": thing.amount, "fixed_amount": true, "status": if thing.status == "paid" { "closed" } else { "active" },
            "payments_amount_received": 0, "payments_count_received": 0, "notes": thing.body["notes"], "close_by": thing.body["close_by"],
        });
    }
    let paid: Vec<Value> = payments
        .iter()
        .filter(|p| p.reference == thing.reference && p.status == "captured")
        .map(|p| json!({ "amount": p.amount, "method": "upi", "payment_id": p.id, "plink_id": thing.id, "status": "captured" }))
        .collect();
    json!({
        "id": thing.id, "amount": thing.amount, "amount_paid": paid.iter().filter_map(|p| p["amount"].as_i64()).sum::<i64>(), "currency": "INR",
        "reference_id": thing.reference, "short_url": format!("https://rzp.io/i/{}", thing.id), "status": thing.status,
        "notes": thing.body["notes"], "payments": if paid.is_empty() { Value::Null } else { json!(paid) }, "user_id": "",
    })
}

pub(super) fn payment(fake: &Fake, p: &Payment, description: Option<&str>) -> Value {
    json!({
        "id": p.id, "entity": "payment", "amount": p.amount, "currency": p.currency, "status": p.status, "order_id": Value::Null, "invoice_id": Value::Null,
        "international": false, "method": "upi", "amount_refunded": p.refunded, "refund_status": Value::Null, "captured": true, "description": description,
        "vpa": p.vpa, "email": "void@razorpay.com", "contact": "+919999999999", "notes": [], "fee": p.amount / 50, "tax": 0,
        "acquirer_data": { "rrn": format!("{:012}", 400_000_000_000 + p.number) }, "created_at": fake.time(), "upi": { "vpa": p.vpa },
    })
}

pub(super) fn refund(r: &Refund) -> Value {
    json!({
        "id": r.id, "entity": "refund", "amount": r.amount, "currency": "INR", "payment_id": r.payment, "receipt": r.key, "notes": [],
        "acquirer_data": { "arn": Value::Null }, "status": r.status, "speed_processed": "normal",
    })
}

fn give_back(fake: &Fake, id: &str, request: &Request<'_>) -> (u16, Value) {
    let key = request.header("x-refund-idempotency").to_owned();
    if key.len() < 10 || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return refused(400, "The idempotency key must be at least 10 characters long.");
    }
    let Some(amount) = request.body["amount"].as_i64().filter(|amount| *amount >= 100) else {
        return refused(400, "The amount must be at least INR 1.00.");
    };
    let mut books = fake.books();
    if let Some(before) = books.refunds.iter().find(|r| r.key == key) {
        if before.payment != id || before.amount != amount {
            return refused(409, "Different request with the same idempotency key has already been processed.");
        }
        return (200, refund(before));
    }
    let (number, status) = (books.number(), books.refunds_are.unwrap_or("processed"));
    let Some(paid) = books.payments.iter_mut().find(|p| p.id == id && p.status == "captured") else {
        return refused(400, "The id provided does not exist");
    };
    if paid.refunded + amount > paid.amount {
        return refused(400, "The payment has been fully refunded already");
    }
    if status == "failed" {
        return refused(400, "Normal refund is not possible for a payment which is more than 6 months old.");
    }
    paid.refunded += amount;
    let made = Refund { id: format!("rfnd_{number:014}"), payment: id.to_owned(), amount, key, status, settled: false };
    let answer = refund(&made);
    books.refunds.push(made);
    (200, answer)
}
