//! Its webhooks, signed as the real ones are. Whether, when and how often they come is the test's.

use super::cashfree::{self, order_of, rupees};
use super::{Fake, Payment, WEBHOOK_SECRET, razorpay};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// One webhook.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its kind.
    pub kind: String,
    /// With its signature.
    pub headers: Vec<(&'static str, String)>,
    /// Byte for byte.
    pub body: Vec<u8>,
}

fn mac(secret: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

impl Event {
    /// Any bytes, signed as Razorpay signs.
    #[must_use]
    pub fn of_razorpay(kind: &str, id: &str, body: Vec<u8>, secret: &str) -> Self {
        let signature = hex::encode(mac(secret, &[&body]));
        let headers = vec![
            ("x-razorpay-signature", signature),
            ("x-razorpay-event-id", id.to_owned()),
            ("content-type", "application/json".to_owned()),
        ];
        Self { kind: kind.to_owned(), headers, body }
    }

    /// Any bytes, signed as Cashfree signs.
    #[must_use]
    pub fn of_cashfree(kind: &str, id: &str, body: Vec<u8>, secret: &str) -> Self {
        let timestamp = "1763700000000";
        let signature = BASE64_STANDARD.encode(mac(secret, &[timestamp.as_bytes(), &body]));
        let headers = vec![("x-webhook-signature", signature), ("x-webhook-timestamp", timestamp.to_owned()), ("x-idempotency-key", id.to_owned())];
        Self { kind: kind.to_owned(), headers, body }
    }
}

impl Fake {
    pub(super) fn razorpay_event(&self, kind: &str, payload: &Value) -> Event {
        let number = self.books().number();
        let body = json!({ "entity": "event", "account_id": "acc_DLXfTGFm2PS7Cy", "event": kind, "contains": [], "payload": payload, "created_at": self.time() });
        Event::of_razorpay(kind, &format!("evt_{number}"), body.to_string().into_bytes(), WEBHOOK_SECRET)
    }

    /// Everything that Razorpay tells of a payment, in the order in which it should come.
    #[must_use]
    pub fn razorpay_events(&self, paid: &Payment) -> Vec<Event> {
        let thing = self.books().things.iter().find(|thing| thing.reference == paid.reference).cloned();
        let id = thing.as_ref().map(|thing| thing.id.clone()).unwrap_or_default();
        let short = id.trim_start_matches("plink_");
        let entity = razorpay::payment(self, paid, Some(&format!("#{short}")));
        let payment = json!({ "entity": entity });
        let mut authorized = entity.clone();
        authorized["status"] = json!("authorized");
        let mut events = vec![
            self.razorpay_event("payment.authorized", &json!({ "payment": { "entity": authorized } })),
            self.razorpay_event("payment.captured", &json!({ "payment": payment })),
        ];
        let Some(thing) = thing else { return events };
        let whole = json!({ "entity": razorpay::link(&thing, &[]) });
        if thing.qr {
            events.push(self.razorpay_event("qr_code.credited", &json!({ "payment": payment, "qr_code": whole })));
            return events;
        }
        // As in the samples: the order's id has no prefix.
        let order = json!({ "entity": { "id": short, "entity": "order", "amount": thing.amount, "receipt": thing.reference, "notes": [], "status": "paid" } });
        events.push(self.razorpay_event("order.paid", &json!({ "payment": payment, "order": order })));
        events.push(self.razorpay_event("payment_link.paid", &json!({ "payment": payment, "order": order, "payment_link": whole })));
        events
    }

    /// Everything that Cashfree tells of a payment.
    #[must_use]
    pub fn cashfree_events(&self, paid: &Payment) -> Vec<Event> {
        let order = json!({ "order_id": order_of(paid), "order_amount": rupees(paid.amount), "order_currency": "INR", "order_tags": { "link_id": paid.reference } });
        let success = json!({ "data": { "order": order, "payment": cashfree::payment(paid) }, "type": "PAYMENT_SUCCESS_WEBHOOK" });
        let text = format!("{}.{:02}", paid.amount / 100, paid.amount % 100);
        let link = json!({ "data": {
            "cf_link_id": 1_576_977, "link_id": paid.reference, "link_status": "PAID", "link_currency": paid.currency, "link_amount": text, "link_amount_paid": text,
            "order": { "order_amount": text, "order_id": order_of(paid), "transaction_id": paid.number, "transaction_status": if paid.status == "captured" { "SUCCESS" } else { "FAILED" } },
        }, "type": "PAYMENT_LINK_EVENT", "version": 1 });
        let number = self.books().number();
        [("PAYMENT_SUCCESS_WEBHOOK", success), ("PAYMENT_LINK_EVENT", link)]
            .into_iter()
            .map(|(kind, body)| Event::of_cashfree(kind, &format!("{kind}-{number}"), body.to_string().into_bytes(), WEBHOOK_SECRET))
            .collect()
    }

    /// A refund comes to its end; what Razorpay tells of it.
    ///
    /// # Panics
    /// There is no such refund.
    #[must_use]
    pub fn razorpay_refund(&self, key: &str, status: &'static str) -> Event {
        let (refund, paid) = {
            let mut books = self.books();
            let refund = books.refunds.iter_mut().find(|r| r.key == key).unwrap_or_else(|| panic!("no refund {key}"));
            refund.status = status;
            let refund = refund.clone();
            let paid = books.payments.iter_mut().find(|p| p.id == refund.payment).unwrap_or_else(|| panic!("no payment"));
            if status == "failed" {
                paid.refunded -= refund.amount;
            }
            (refund.clone(), paid.clone())
        };
        let payload = json!({ "refund": { "entity": razorpay::refund(&refund) }, "payment": { "entity": razorpay::payment(self, &paid, None) } });
        self.razorpay_event(&format!("refund.{status}"), &payload)
    }

    /// A refund comes to its end; what Cashfree tells of it.
    ///
    /// # Panics
    /// There is no such refund.
    #[must_use]
    pub fn cashfree_refund(&self, key: &str, status: &'static str) -> Event {
        let refund = {
            let mut books = self.books();
            let refund = books.refunds.iter_mut().find(|r| r.key == key).unwrap_or_else(|| panic!("no refund {key}"));
            refund.status = status;
            refund.clone()
        };
        let body = json!({ "data": { "refund": cashfree::refund(&refund) }, "type": "REFUND_STATUS_WEBHOOK" });
        Event::of_cashfree("REFUND_STATUS_WEBHOOK", &format!("{key}-{status}"), body.to_string().into_bytes(), WEBHOOK_SECRET)
    }

    /// Pays out all that was not paid out, and keeps a fiftieth; what Razorpay tells of it. Fees are in the parts alone, as with the real one.
    #[must_use]
    pub fn razorpay_payout(&self) -> Event {
        let at = self.time();
        let payout = {
            let mut books = self.books();
            let number = books.number();
            let (id, utr) = (format!("setl_{number:014}"), format!("UTR{number:09}"));
            let part = |id: &str, kind: &str, entity: &str, credit: i64, debit: i64, fee: i64| {
                json!({ "entity_id": entity, "type": kind, "debit": debit, "credit": credit, "amount": credit + debit + fee, "currency": "INR", "fee": fee, "tax": 0,
                        "settled": true, "settlement_id": id, "settlement_utr": Value::Null })
            };
            let mut parts = Vec::new();
            for p in books.payments.iter_mut().filter(|p| p.status == "captured" && p.currency == "INR" && !p.settled) {
                p.settled = true;
                parts.push(part(&id, "payment", &p.id, p.amount - p.amount / 50, 0, p.amount / 50));
            }
            for r in books.refunds.iter_mut().filter(|r| r.status != "failed" && !r.settled) {
                r.settled = true;
                parts.push(part(&id, "refund", &r.id, 0, r.amount, 0));
            }
            let sum = |key: &str| parts.iter().filter_map(|part| part[key].as_i64()).sum::<i64>();
            let payout = json!({ "id": id, "entity": "settlement", "amount": sum("credit") - sum("debit"), "status": "processed", "fees": 0, "tax": 0, "utr": utr, "created_at": at });
            books.payouts.push(payout.clone());
            books.parts.extend(parts);
            payout
        };
        self.razorpay_event("settlement.processed", &json!({ "settlement": { "entity": payout } }))
    }
}
