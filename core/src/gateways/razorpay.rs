//! Razorpay: payment links, UPI QR codes, refunds, settlements, webhooks. Amounts are whole numbers of paise.

use super::http::{ask, client};
use super::razorpayx::{self, RazorpayX};
use super::{
    Answer, Back, Became, Charge, Deaf, Gateway, Heard, Made, News, Paid, Payout, Sent, Transfer, Trouble, Wanted, Which, event_id, paise, payer,
    said,
};
use crate::money::Rupees;
use crate::settings::{Layers, Settings, Way};
use crate::signature;
use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};
use chrono_tz::Asia::Kolkata;
use futures::FutureExt;
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

/// A link or a code must live so long; a minute is for clocks that differ.
const SHORTEST: TimeDelta = TimeDelta::minutes(16);
/// Rows that are asked for at once.
const PAGE: usize = 100;
/// The same of a settlement's parts.
const PARTS: usize = 1_000;

/// Razorpay, as it is set up.
pub(super) struct Razorpay {
    api: String,
    way: Way,
    key_id: String,
    key_secret: String,
    /// Several while one takes the place of another: Razorpay signs what it repeats with the secret of the first time.
    webhook_secrets: Vec<String>,
    /// What pays out.
    x: RazorpayX,
}

impl Razorpay {
    pub(super) fn new(layers: &Layers, settings: &Settings) -> Self {
        let secret = |key| layers.secret(key).unwrap_or_default().to_owned();
        // Razorpay and RazorpayX tell at one door, each signed by its own.
        let secrets = [secret("razorpay.webhook_secret"), secret("razorpayx.webhook_secret")].join(",");
        Self {
            api: settings.razorpay.api_url.as_str().to_owned(),
            x: RazorpayX::new(layers, &settings.razorpayx),
            way: settings.razorpay.way,
            key_id: secret("razorpay.key_id"),
            key_secret: secret("razorpay.key_secret"),
            webhook_secrets: secrets.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect(),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.key_id, Some(&self.key_secret))
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Trouble> {
        ask(self.signed(client()?.get(format!("{}/v1/{path}", self.api)).query(query))).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Trouble> {
        ask(self.signed(client()?.post(format!("{}/v1/{path}", self.api)).json(body))).await
    }

    async fn link(&self, wanted: &Wanted) -> Result<Made, Trouble> {
        if wanted.again
            && let Some(made) = self.find_link(&wanted.reference).await?
        {
            return Ok(made);
        }
        let body = json!({
            "amount": minor(wanted.amount)?,
            "currency": "INR",
            "upi_link": self.way == Way::UpiLink,
            "accept_partial": false,
            "reference_id": wanted.reference,
            "description": wanted.title,
            "expire_by": ends(wanted),
            "notes": { "mela": wanted.reference },
            "notify": { "sms": false, "email": false },
            "reminder_enable": false,
        });
        match self.post("payment_links", &body).await {
            Ok(link) => made(&link["id"], &link["short_url"]),
            // Made by someone else under the same reference in this moment, or by ourselves before a crash.
            Err(Trouble::Refused(why)) => self.find_link(&wanted.reference).await?.ok_or(Trouble::Refused(why)),
            Err(trouble) => Err(trouble),
        }
    }

    async fn find_link(&self, reference: &str) -> Result<Option<Made>, Trouble> {
        let found = self.get("payment_links", &[("reference_id", reference)]).await?;
        let links = found["payment_links"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ours = |link: &&Value| said(&link["reference_id"]) == Some(reference) && said(&link["status"]) != Some("cancelled");
        links.iter().find(ours).map(|link| made(&link["id"], &link["short_url"])).transpose()
    }

    async fn qr(&self, wanted: &Wanted) -> Result<Made, Trouble> {
        let body = json!({
            "type": "upi_qr",
            "name": wanted.reference,
            "usage": "single_use",
            "fixed_amount": true,
            "payment_amount": minor(wanted.amount)?,
            "description": wanted.title,
            "close_by": ends(wanted),
            "notes": { "mela": wanted.reference },
        });
        let code = self.post("payments/qr_codes", &body).await?;
        made(&code["id"], &code["image_url"])
    }

    async fn paid(&self, charge: &Charge) -> Result<Vec<Paid>, Trouble> {
        let Some(id) = &charge.gateway_id else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        if charge.way == Way::Qr {
            let found = self.get(&format!("payments/qr_codes/{id}/payments"), &[("count", "100")]).await?;
            all.extend(found["items"].as_array().into_iter().flatten().cloned());
        } else {
            let link = self.get(&format!("payment_links/{id}"), &[]).await?;
            for payment in link["payments"].as_array().into_iter().flatten() {
                if let Some(id) = said(&payment["payment_id"]) {
                    // The link says how much, and not by whom.
                    all.push(self.get(&format!("payments/{id}"), &[]).await?);
                }
            }
        }
        let captured = all.iter().filter(|payment| said(&payment["status"]) == Some("captured"));
        Ok(captured.filter_map(|payment| money(payment, vec![charge.reference.clone()])).collect())
    }

    async fn refund(&self, payment: &str, amount: Rupees, key: &str) -> Result<Back, Trouble> {
        let body = json!({ "amount": minor(amount)?, "speed": "normal", "receipt": key, "notes": { "mela": key } });
        let url = format!("{}/v1/payments/{payment}/refund", self.api);
        let request = self.signed(client()?.post(url).header("X-Refund-Idempotency", key).json(&body));
        let why = match ask(request).await {
            Ok(refund) => return back(&refund),
            Err(Trouble::Refused(why)) => why,
            Err(trouble) => return Err(trouble),
        };
        // It may have done it all the same, before or beside us.
        let done = self.get(&format!("payments/{payment}/refunds"), &[("count", "100")]).await?;
        let done = done["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(refund) = done.iter().find(|refund| named_by(refund, key)) {
            return back(refund);
        }
        let whole = self.get(&format!("payments/{payment}"), &[]).await?;
        let left = whole["amount"].as_i64().unwrap_or_default() - whole["amount_refunded"].as_i64().unwrap_or_default();
        Err(if left < minor(amount)? {
            Trouble::Unsure(why)
        } else if why.to_ascii_lowercase().contains("balance") {
            Trouble::Away(why)
        } else {
            Trouble::Refused(why)
        })
    }

    async fn settled(&self, since: DateTime<Utc>) -> Result<Vec<Payout>, Trouble> {
        let mut all = Vec::new();
        loop {
            let (from, skip) = (since.timestamp().to_string(), all.len().to_string());
            let found = self.get("settlements", &[("from", &from), ("count", &PAGE.to_string()), ("skip", &skip)]).await?;
            let page = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            all.extend(page.iter().cloned());
            if page.len() < PAGE {
                return Ok(all.iter().filter(|one| said(&one["status"]) == Some("processed")).filter_map(settlement).collect());
            }
        }
    }

    /// The settlement's own fees are those of the payout alone: what was kept of each payment is told by its parts.
    async fn settlement(&self, payout: &Payout) -> Result<Payout, Trouble> {
        let whole = self.get(&format!("settlements/{}", payout.id), &[]).await?;
        let mut whole = settlement(&whole).filter(|_| said(&whole["status"]) == Some("processed")).unwrap_or_else(|| payout.clone());
        let first = whole.at.with_timezone(&Kolkata).date_naive();
        for day in [Some(first), first.checked_add_days(Days::new(1))].into_iter().flatten() {
            let parts = self.parts(&whole.id, day).await?;
            let sum = |key: &str| parts.iter().filter_map(|part| part[key].as_i64()).sum::<i64>();
            let net = Rupees::try_new(Decimal::new(sum("credit") - sum("debit"), 2)).ok();
            if !parts.is_empty() && net == whole.net {
                whole.fees = Rupees::try_new(Decimal::new(sum("fee"), 2)).ok();
                let payments = parts.iter().filter(|part| said(&part["type"]) == Some("payment"));
                whole.payments = payments.filter_map(|part| said(&part["entity_id"]).map(|id| with(id, "pay_"))).collect();
                break;
            }
        }
        Ok(whole)
    }

    async fn parts(&self, id: &str, day: chrono::NaiveDate) -> Result<Vec<Value>, Trouble> {
        let mut ours = Vec::new();
        let mut seen = 0;
        loop {
            let numbers = [day.year().to_string(), day.month().to_string(), day.day().to_string(), PARTS.to_string(), seen.to_string()];
            let names = ["year", "month", "day", "count", "skip"];
            let query: Vec<(&str, &str)> = names.into_iter().zip(numbers.iter().map(String::as_str)).collect();
            let found = self.get("settlements/recon/combined", &query).await?;
            let page = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            seen += page.len();
            ours.extend(page.iter().filter(|part| said(&part["settlement_id"]) == Some(id)).cloned());
            if page.len() < PARTS {
                return Ok(ours);
            }
        }
    }
}

impl Gateway for Razorpay {
    fn which(&self) -> Which {
        Which::Razorpay
    }

    fn way(&self) -> Way {
        self.way
    }

    fn charge<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Made> {
        if self.way == Way::Qr { self.qr(wanted).boxed() } else { self.link(wanted).boxed() }
    }

    fn payments<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Vec<Paid>> {
        self.paid(charge).boxed()
    }

    fn give_back<'a>(&'a self, payment: &'a str, amount: Rupees, key: &'a str) -> Answer<'a, Back> {
        self.refund(payment, amount, key).boxed()
    }

    fn given_back<'a>(&'a self, _payment: &'a str, id: &'a str, _key: &'a str) -> Answer<'a, Back> {
        async move { back(&self.get(&format!("refunds/{id}"), &[]).await?) }.boxed()
    }

    fn payouts(&self, since: DateTime<Utc>) -> Answer<'_, Vec<Payout>> {
        self.settled(since).boxed()
    }

    fn payout<'a>(&'a self, payout: &'a Payout) -> Answer<'a, Payout> {
        self.settlement(payout).boxed()
    }

    fn transfer<'a>(&'a self, order: &'a Transfer) -> Answer<'a, Sent> {
        self.x.transfer(order).boxed()
    }

    fn transferred<'a>(&'a self, id: &'a str) -> Answer<'a, Sent> {
        self.x.transferred(id).boxed()
    }

    fn listen(&self, head: &HeaderMap, body: &[u8]) -> Result<Heard, Deaf> {
        let header = |name: &str| head.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let signature = header("x-razorpay-signature").and_then(|text| hex::decode(text).ok()).ok_or(Deaf::Unsigned)?;
        // Every secret is tried, whichever fits.
        let proven = self.webhook_secrets.iter().filter(|secret| signature::proves(secret, &[body], &signature)).count();
        if proven == 0 {
            return Err(Deaf::Unsigned);
        }
        let event: Value = serde_json::from_slice(body).ok().filter(Value::is_object).ok_or(Deaf::NotJson)?;
        let kind = said(&event["event"]).unwrap_or_default().to_owned();
        let news = news(&kind, &event["payload"]);
        Ok(Heard { event_id: event_id(header("x-razorpay-event-id"), body), kind, news: news.into_iter().collect() })
    }
}

/// What of an event is of use here.
fn news(kind: &str, payload: &Value) -> Option<News> {
    let entity = |name: &str| &payload[name]["entity"];
    match kind {
        "refund.processed" | "refund.failed" => {
            let mut told = back(entity("refund")).ok()?;
            told.became = if kind == "refund.processed" { Became::Processed } else { failed(entity("refund")) };
            Some(News::Back(told))
        }
        "settlement.processed" => settlement(entity("settlement")).map(News::Payout),
        _ if kind.starts_with("payout.") => razorpayx::sent(entity("payout")).ok().map(News::Sent),
        // Not captured, or not captured by it.
        "payment.failed" | "payment.authorized" | "refund.created" | "refund.speed_changed" => None,
        _ => {
            let payment = entity("payment");
            // `captured` itself is true in samples of failed payments.
            (said(&payment["status"]) == Some("captured")).then(|| money(payment, names(payload))).flatten().map(News::Money)
        }
    }
}

/// Everything in a payload that may name what was paid: our reference, in all the places that it is told in, and Razorpay's names of what we made.
fn names(payload: &Value) -> Vec<String> {
    let entity = |name: &str| &payload[name]["entity"];
    let (link, qr, order, payment) = (entity("payment_link"), entity("qr_code"), entity("order"), entity("payment"));
    // `#FOG…` in a payment's description is its link's name without `plink_`.
    let of_link = said(&payment["description"]).and_then(|text| text.strip_prefix('#'));
    let references = [
        &link["reference_id"],
        &link["notes"]["mela"],
        &qr["notes"]["mela"],
        &order["receipt"],
        &order["notes"]["mela"],
        &payment["notes"]["mela"],
    ];
    let ids = [(said(&link["id"]), "plink_"), (said(&qr["id"]), "qr_"), (of_link, "plink_")];
    let ids = ids.into_iter().filter_map(|(id, prefix)| id.map(|id| with(id, prefix)));
    references.into_iter().filter_map(said).map(str::to_owned).chain(ids).collect()
}

/// Ids are told without their prefix at times.
fn with(id: &str, prefix: &str) -> String {
    if id.starts_with(prefix) { id.to_owned() } else { format!("{prefix}{id}") }
}

fn money(payment: &Value, names: Vec<String>) -> Option<Paid> {
    Some(Paid {
        id: with(said(&payment["id"])?, "pay_"),
        names,
        amount: paise(&payment["amount"]),
        currency: said(&payment["currency"]).unwrap_or_default().to_owned(),
        payer: payer(&payment["vpa"]).or_else(|| payer(&payment["upi"]["vpa"])),
        bank_ref: said(&payment["acquirer_data"]["rrn"]).map(str::to_owned),
        at: at(&payment["created_at"]),
    })
}

fn named_by(refund: &Value, key: &str) -> bool {
    said(&refund["receipt"]) == Some(key) || said(&refund["notes"]["mela"]) == Some(key)
}

fn back(refund: &Value) -> Result<Back, Trouble> {
    let id = said(&refund["id"]).ok_or_else(|| Trouble::Away("a refund without a name".to_owned()))?;
    let became = match said(&refund["status"]) {
        Some("processed") => Became::Processed,
        Some("failed") => failed(refund),
        _ => Became::Pending,
    };
    let key = said(&refund["receipt"]).or_else(|| said(&refund["notes"]["mela"])).map(str::to_owned);
    Ok(Back { id: with(id, "rfnd_"), key, became })
}

fn failed(refund: &Value) -> Became {
    Became::Failed(said(&refund["error_description"]).unwrap_or("Razorpay could not send it").to_owned())
}

fn settlement(entity: &Value) -> Option<Payout> {
    Some(Payout {
        id: with(said(&entity["id"])?, "setl_"),
        utr: said(&entity["utr"]).map(str::to_owned),
        net: entity["amount"].as_i64().and_then(|paise| Rupees::try_new(Decimal::new(paise, 2)).ok()),
        fees: None,
        at: at(&entity["created_at"])?,
        payments: Vec::new(),
    })
}

fn at(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(value.as_i64()?, 0)
}

fn made(id: &Value, url: &Value) -> Result<Made, Trouble> {
    match (said(id), said(url)) {
        (Some(id), Some(url)) if url.starts_with("http") => Ok(Made { id: id.to_owned(), url: url.to_owned() }),
        _ => Err(Trouble::Away("the answer has no address to pay at".to_owned())),
    }
}

fn minor(amount: Rupees) -> Result<i64, Trouble> {
    (amount.decimal() * Decimal::ONE_HUNDRED).to_i64().ok_or_else(|| Trouble::Refused(format!("{amount} is too much")))
}

fn ends(wanted: &Wanted) -> i64 {
    wanted.expires_at.max(wanted.now + SHORTEST).timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of Razorpay's own libraries' tests.
    #[test]
    fn a_webhook_is_signed_as_razorpay_signs() {
        let signature = hex::decode("2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc").unwrap();
        assert!(signature::proves("123456", &[br#"{"a":1,"b":2,"c":{"d":3}}"#], &signature));
        assert!(!signature::proves("123456", &[br#"{"a":1,"b":2,"c":{"d":3} }"#], &signature), "raw bytes, not what they mean");
    }

    #[test]
    fn what_may_name_a_payment_is_found_wherever_it_is_told() {
        let payload = json!({
            "payment": { "entity": { "notes": [], "description": "#FOGqq3O6E5bkml" } },
            "payment_link": { "entity": { "id": "FOGqq3O6E5bkml", "reference_id": "O-1-1", "notes": null } },
            "order": { "entity": { "receipt": "O-1-1", "notes": {} } },
        });
        assert_eq!(names(&payload), ["O-1-1", "O-1-1", "plink_FOGqq3O6E5bkml", "plink_FOGqq3O6E5bkml"]);
        assert!(names(&Value::Null).is_empty() && names(&json!([])).is_empty() && names(&json!({ "payment": "x" })).is_empty());
    }

    #[test]
    fn only_captured_money_is_money() {
        let payment = |status: &str| json!({ "payment": { "entity": { "id": "pay_1", "amount": 13500, "currency": "INR", "status": status, "captured": true } } });
        let is_money = |kind: &str, status: &str| matches!(news(kind, &payment(status)), Some(News::Money(paid)) if paid.amount.is_some());
        for kind in [
            "payment.captured",
            "order.paid",
            "payment_link.paid",
            "payment_link.partially_paid",
            "qr_code.credited",
            "something.new",
        ] {
            assert!(is_money(kind, "captured"), "{kind}");
            assert!(!is_money(kind, "authorized") && !is_money(kind, "failed") && !is_money(kind, "refunded"), "{kind}");
        }
        assert!(!is_money("payment.failed", "captured") && !is_money("payment.authorized", "captured"));
    }

    #[test]
    fn an_amount_is_a_whole_number_of_paise() {
        let read = |text: &str| paise(&serde_json::from_str(text).unwrap()).map(|amount| amount.to_string());
        assert_eq!(read("13500").as_deref(), Some("₹135"));
        assert_eq!(read("1").as_deref(), Some("₹0.01"));
        for wrong in ["0", "-1", "\"13500\"", "135.00", "13500.5", "null", "[]", "99999999999999999", "99999999999999999999999999", "1e3"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
