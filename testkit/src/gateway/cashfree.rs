//! As Cashfree answers: rupees with decimals, orders of a link's own, our own names of links and refunds.

use super::{Fake, KEY_ID, KEY_SECRET, Payment, Refund, Request, Thing};
use serde_json::{Value, json};

fn refused(status: u16, why: &str) -> (u16, Value) {
    (status, json!({ "message": why, "code": "request_failed", "type": "invalid_request_error" }))
}

/// Paise as rupees, without arithmetic on floats.
pub(super) fn rupees(paise: i64) -> Value {
    serde_json::from_str(&format!("{}.{:02}", paise / 100, paise % 100)).unwrap_or_default()
}

fn paise(rupees: &Value) -> Option<i64> {
    let text = rupees.as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

pub(super) fn answer(fake: &Fake, request: &Request<'_>) -> (u16, Value) {
    if request.header("x-client-id") != KEY_ID || request.header("x-client-secret") != KEY_SECRET || request.header("x-api-version").is_empty() {
        return refused(401, "authentication Failed");
    }
    match (request.method.as_str(), request.path) {
        ("POST", ["pg", "links"]) => make(fake, request),
        ("GET", ["pg", "links", reference]) => match fake.books().things.iter().find(|thing| thing.reference == **reference) {
            Some(thing) => (200, link(thing)),
            None => refused(404, "link does not exist"),
        },
        ("GET", ["pg", "links", reference, "orders"]) => {
            let books = fake.books();
            let ours = books.payments.iter().filter(|p| p.reference == **reference && p.status == "captured");
            (
                200,
                ours.map(|p| json!({ "order_id": order_of(p), "order_amount": rupees(p.amount), "order_status": "PAID", "order_currency": "INR" }))
                    .collect(),
            )
        }
        ("GET", ["pg", "orders", order, "payments"]) => {
            let books = fake.books();
            (200, books.payments.iter().filter(|p| order_of(p) == **order).map(payment).collect())
        }
        ("GET", ["pg", "orders", order]) => match fake.books().payments.iter().find(|p| order_of(p) == **order) {
            Some(p) => (200, json!({ "order_id": order, "order_amount": rupees(p.amount), "order_status": "PAID" })),
            None => refused(404, "order does not exist"),
        },
        ("POST", ["pg", "orders", order, "refunds"]) => give_back(fake, order, request),
        ("GET", ["pg", "orders", order, "refunds"]) => (200, fake.books().refunds.iter().filter(|r| r.payment == **order).map(refund).collect()),
        ("GET", ["pg", "orders", order, "refunds", key]) => match fake.books().refunds.iter().find(|r| r.payment == **order && r.key == **key) {
            Some(found) => (200, refund(found)),
            None => refused(404, "refund does not exist"),
        },
        ("POST", ["pg", "settlements"]) => (200, json!({ "cursor": Value::Null, "limit": 100, "data": fake.books().payouts })),
        _ => refused(404, "not found"),
    }
}

/// The order of Cashfree's that a payment is of.
pub(super) fn order_of(p: &Payment) -> String {
    format!("CFPay_{}", p.id.trim_start_matches("pay_"))
}

fn make(fake: &Fake, request: &Request<'_>) -> (u16, Value) {
    let body = request.body;
    let (Some(reference), Some(amount)) = (body["link_id"].as_str(), paise(&body["link_amount"])) else {
        return refused(400, "link_amount : should be numeric");
    };
    if body["customer_details"]["customer_phone"].as_str().is_none_or(|phone| phone.len() < 10) {
        return refused(400, "customer_details.customer_phone : is missing");
    }
    if reference.len() > 50 || amount < 100 || body["link_currency"] != "INR" || body["link_expiry_time"].as_str().is_none() {
        return refused(400, "link_id : invalid value");
    }
    let mut books = fake.books();
    if books.things.iter().any(|thing| thing.reference == reference) {
        return refused(409, "link_id already exists");
    }
    let id = books.number().to_string();
    let thing = Thing { id, reference: reference.to_owned(), amount, qr: false, status: "created", body: body.clone() };
    let made = link(&thing);
    books.things.push(thing);
    (200, made)
}

fn link(thing: &Thing) -> Value {
    json!({
        "cf_link_id": thing.id, "link_id": thing.reference, "link_amount": rupees(thing.amount), "link_currency": "INR",
        "link_status": if thing.status == "paid" { "PAID" } else { "ACTIVE" }, "link_url": format!("https://payments.cashfree.com/links/{}", thing.id),
        "link_notes": thing.body["link_notes"],
    })
}

pub(super) fn payment(p: &Payment) -> Value {
    json!({
        "cf_payment_id": p.number.to_string(), "order_id": order_of(p), "payment_status": if p.status == "captured" { "SUCCESS" } else { "FAILED" },
        "payment_amount": rupees(p.amount), "payment_currency": p.currency, "payment_time": "2026-11-21T12:20:29+05:30", "bank_reference": "234928698581",
        "payment_method": { "upi": { "channel": "collect", "upi_id": p.vpa } }, "payment_group": "upi",
    })
}

pub(super) fn refund(r: &Refund) -> Value {
    let status = match r.status {
        "processed" => "SUCCESS",
        "failed" => "CANCELLED",
        _ => "PENDING",
    };
    json!({ "cf_refund_id": r.id, "refund_id": r.key, "order_id": r.payment, "refund_amount": rupees(r.amount), "refund_status": status,
            "status_description": "as the bank says", "refund_currency": "INR" })
}

fn give_back(fake: &Fake, order: &str, request: &Request<'_>) -> (u16, Value) {
    let (Some(key), Some(amount)) = (request.body["refund_id"].as_str(), paise(&request.body["refund_amount"])) else {
        return refused(400, "refund_amount : should be numeric");
    };
    let mut books = fake.books();
    if let Some(before) = books.refunds.iter().find(|r| r.key == key) {
        return if request.header("x-idempotency-key") == key && before.amount == amount {
            (200, refund(before))
        } else {
            refused(400, "refund_id already exists")
        };
    }
    let (number, status) = (books.number(), books.refunds_are.unwrap_or("processed"));
    let Some(paid) = books.payments.iter_mut().find(|p| order_of(p) == order && p.status == "captured") else {
        return refused(404, "order does not exist");
    };
    if paid.refunded + amount > paid.amount || status == "failed" {
        return refused(400, "refund amount is more than what is left");
    }
    paid.refunded += amount;
    let made = Refund { id: number.to_string(), payment: order.to_owned(), amount, key: key.to_owned(), status, settled: false };
    let answer = refund(&made);
    books.refunds.push(made);
    (200, answer)
}
