//! Cashfree: payment links, refunds, settlements, webhooks. Amounts are rupees, as numbers or as texts. Each attempt to pay a link is an order of
//! Cashfree's, which is paid once: its id is the payment's here, and by it money is given back.

use super::http::{ask, client};
use super::{Answer, Back, Became, Charge, Deaf, Gateway, Heard, Made, News, Paid, Payout, Trouble, Wanted, Which, event_id, payer, rupees, said};
use crate::money::Rupees;
use crate::settings::{self, Layers, Way};
use crate::signature;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Asia::Kolkata;
use futures::FutureExt;
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

const VERSION: &str = "2023-08-01";
/// A link must live so long.
const SHORTEST: TimeDelta = TimeDelta::minutes(16);

/// Cashfree, as it is set up.
pub(super) struct Cashfree {
    api: String,
    phone: String,
    key_id: String,
    key_secret: String,
    /// Several while one takes the place of another.
    webhook_secrets: Vec<String>,
}

impl Cashfree {
    pub(super) fn new(layers: &Layers, settings: &settings::Cashfree) -> Self {
        let secret = |key| layers.secret(key).unwrap_or_default().to_owned();
        let key_secret = secret("cashfree.key_secret");
        let secrets = layers.secret("cashfree.webhook_secret").map_or_else(|| key_secret.clone(), str::to_owned);
        Self {
            api: settings.api_url.as_str().to_owned(),
            phone: settings.phone.clone(),
            key_id: secret("cashfree.key_id"),
            key_secret,
            webhook_secrets: secrets.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect(),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("x-client-id", &self.key_id).header("x-client-secret", &self.key_secret).header("x-api-version", VERSION)
    }

    async fn get(&self, path: &str) -> Result<Value, Trouble> {
        ask(self.signed(client()?.get(format!("{}/pg/{path}", self.api)))).await
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Value, Trouble> {
        ask(self.signed(client()?.post(format!("{}/pg/{path}", self.api)).header("x-idempotency-key", key).json(body))).await
    }

    async fn link(&self, wanted: &Wanted) -> Result<Made, Trouble> {
        if wanted.again {
            match self.get(&format!("links/{}", wanted.reference)).await {
                Ok(link) => return made(&link),
                // There is none.
                Err(Trouble::Refused(_)) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        let body = json!({
            "link_id": wanted.reference,
            "link_amount": number(wanted.amount),
            "link_currency": "INR",
            "link_purpose": wanted.title,
            "link_partial_payments": false,
            "link_auto_reminders": false,
            "link_notify": { "send_sms": false, "send_email": false },
            "link_expiry_time": wanted.expires_at.max(wanted.now + SHORTEST).with_timezone(&Kolkata).to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
            "link_notes": { "mela": wanted.reference },
            "customer_details": { "customer_phone": self.phone },
        });
        match self.post("links", &wanted.reference, &body).await {
            Ok(link) => made(&link),
            // Made by someone else under the same name in this moment, or by ourselves before a crash.
            Err(Trouble::Refused(why)) => match self.get(&format!("links/{}", wanted.reference)).await {
                Ok(link) => made(&link),
                Err(Trouble::Refused(_)) => Err(Trouble::Refused(why)),
                Err(trouble) => Err(trouble),
            },
            // The same is being made, or was: that it is there is what counts.
            Err(Trouble::Away(why)) if why.starts_with("409") => match self.get(&format!("links/{}", wanted.reference)).await {
                Ok(link) => made(&link),
                Err(_) => Err(Trouble::Away(why)),
            },
            Err(trouble) => Err(trouble),
        }
    }

    async fn paid(&self, charge: &Charge) -> Result<Vec<Paid>, Trouble> {
        let orders = self.get(&format!("links/{}/orders?status=PAID", charge.reference)).await?;
        let mut all = Vec::new();
        for order in orders.as_array().into_iter().flatten().filter(|order| said(&order["order_status"]) == Some("PAID")) {
            let Some(id) = said(&order["order_id"]) else { continue };
            let payments = self.get(&format!("orders/{id}/payments")).await?;
            let payments = payments.as_array().map(Vec::as_slice).unwrap_or_default();
            all.extend(payments.iter().filter_map(|payment| money(id, payment, vec![charge.reference.clone()])));
        }
        Ok(all)
    }

    async fn refund(&self, order: &str, amount: Rupees, key: &str) -> Result<Back, Trouble> {
        let body = json!({ "refund_amount": number(amount), "refund_id": key, "refund_note": key, "refund_speed": "STANDARD" });
        match self.post(&format!("orders/{order}/refunds"), key, &body).await {
            Ok(refund) => back(&refund),
            Err(trouble @ (Trouble::Refused(_) | Trouble::Unsure(_))) => {
                // It may have done it all the same: its name is ours.
                match self.get(&format!("orders/{order}/refunds/{key}")).await {
                    Ok(refund) => return back(&refund),
                    Err(Trouble::Away(why)) => return Err(Trouble::Away(why)),
                    Err(_) => {}
                }
                let done = self.get(&format!("orders/{order}/refunds")).await?;
                let done = done.as_array().map(Vec::as_slice).unwrap_or_default();
                let gone: Rupees = done.iter().filter(|one| !is_over(one)).filter_map(|one| rupees(&one["refund_amount"])).sum();
                let whole = self.get(&format!("orders/{order}")).await?;
                let left = rupees(&whole["order_amount"]).unwrap_or_default() - gone;
                Err(match trouble {
                    Trouble::Refused(why) if left < amount => Trouble::Unsure(why),
                    Trouble::Refused(why) if why.to_ascii_lowercase().contains("balance") => Trouble::Away(why),
                    trouble => trouble,
                })
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn settled(&self, since: DateTime<Utc>) -> Result<Vec<Payout>, Trouble> {
        let body = json!({ "pagination": { "limit": 100 }, "filters": { "start_date": since.to_rfc3339(), "end_date": (since + TimeDelta::days(30)).to_rfc3339() } });
        let found = ask(self.signed(client()?.post(format!("{}/pg/settlements", self.api)).json(&body))).await?;
        let rows = found["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        let done = |row: &&Value| matches!(said(&row["status"]), Some("SUCCESS" | "PAID" | "SETTLED"));
        Ok(rows.iter().filter(done).filter_map(settlement).collect())
    }
}

impl Gateway for Cashfree {
    fn which(&self) -> Which {
        Which::Cashfree
    }

    fn way(&self) -> Way {
        Way::Link
    }

    fn charge<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Made> {
        self.link(wanted).boxed()
    }

    fn payments<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Vec<Paid>> {
        self.paid(charge).boxed()
    }

    fn give_back<'a>(&'a self, payment: &'a str, amount: Rupees, key: &'a str) -> Answer<'a, Back> {
        self.refund(payment, amount, key).boxed()
    }

    fn given_back<'a>(&'a self, payment: &'a str, _id: &'a str, key: &'a str) -> Answer<'a, Back> {
        async move { back(&self.get(&format!("orders/{payment}/refunds/{key}")).await?) }.boxed()
    }

    fn payouts(&self, since: DateTime<Utc>) -> Answer<'_, Vec<Payout>> {
        self.settled(since).boxed()
    }

    fn payout<'a>(&'a self, payout: &'a Payout) -> Answer<'a, Payout> {
        // All that is told of it was told at once.
        async move { Ok(payout.clone()) }.boxed()
    }

    fn listen(&self, head: &HeaderMap, body: &[u8]) -> Result<Heard, Deaf> {
        let header = |name: &str| head.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let timestamp = header("x-webhook-timestamp").ok_or(Deaf::Unsigned)?;
        let signature = header("x-webhook-signature").and_then(|text| BASE64_STANDARD.decode(text).ok()).ok_or(Deaf::Unsigned)?;
        let proven = self
            .webhook_secrets
            .iter()
            .filter(|secret| signature::proves(secret, &[timestamp.as_bytes(), body], &signature))
            .count();
        if proven == 0 {
            return Err(Deaf::Unsigned);
        }
        let event: Value = serde_json::from_slice(body).ok().filter(Value::is_object).ok_or(Deaf::NotJson)?;
        let kind = said(&event["type"]).unwrap_or_default().to_owned();
        let news = news(&kind, &event["data"]);
        Ok(Heard { event_id: event_id(header("x-idempotency-key"), body), kind, news: news.into_iter().collect() })
    }
}

/// What of an event is of use here.
fn news(kind: &str, data: &Value) -> Option<News> {
    match kind {
        "PAYMENT_LINK_EVENT" => {
            let order = &data["order"];
            let paid = said(&order["transaction_status"]) == Some("SUCCESS");
            let names = [&data["link_id"], &data["link_notes"]["mela"]].into_iter().filter_map(said).map(str::to_owned).collect();
            paid.then_some(())?;
            Some(News::Money(Paid {
                id: said(&order["order_id"])?.to_owned(),
                names,
                amount: amount(&order["order_amount"]),
                currency: said(&data["link_currency"]).unwrap_or_default().to_owned(),
                payer: None,
                bank_ref: None,
                at: None,
            }))
        }
        "PAYMENT_SUCCESS_WEBHOOK" => {
            let order = &data["order"];
            let tags = &order["order_tags"];
            let names = [&tags["link_id"], &tags["mela"], &order["order_id"]].into_iter().filter_map(said).map(str::to_owned).collect();
            money(said(&order["order_id"])?, &data["payment"], names).map(News::Money)
        }
        "REFUND_STATUS_WEBHOOK" => back(&data["refund"]).ok().map(News::Back),
        "SETTLEMENT_SUCCESS" => settlement(&data["settlement"]).map(News::Payout),
        _ => None,
    }
}

fn money(order: &str, payment: &Value, names: Vec<String>) -> Option<Paid> {
    (said(&payment["payment_status"]) == Some("SUCCESS")).then(|| Paid {
        id: order.to_owned(),
        names,
        amount: amount(&payment["payment_amount"]),
        currency: said(&payment["payment_currency"]).unwrap_or_default().to_owned(),
        payer: payer(&payment["payment_method"]["upi"]["upi_id"]),
        bank_ref: said(&payment["bank_reference"]).map(str::to_owned),
        at: said(&payment["payment_time"]).and_then(|time| DateTime::parse_from_rfc3339(time).ok()).map(|time| time.to_utc()),
    })
}

fn amount(value: &Value) -> Option<Rupees> {
    rupees(value).filter(|amount| amount.is_positive())
}

/// Whether a refund came to nothing.
fn is_over(refund: &Value) -> bool {
    matches!(said(&refund["refund_status"]), Some("CANCELLED" | "FAILED"))
}

fn back(refund: &Value) -> Result<Back, Trouble> {
    let key = said(&refund["refund_id"]).ok_or_else(|| Trouble::Away("a refund without a name".to_owned()))?;
    let became = match said(&refund["refund_status"]) {
        Some("SUCCESS") => Became::Processed,
        Some("CANCELLED" | "FAILED") => Became::Failed(said(&refund["status_description"]).unwrap_or("Cashfree could not send it").to_owned()),
        _ => Became::Pending,
    };
    Ok(Back { id: id(&refund["cf_refund_id"]).unwrap_or_else(|| key.to_owned()), key: Some(key.to_owned()), became })
}

fn settlement(row: &Value) -> Option<Payout> {
    let charges = ["service_charge", "service_tax", "settlement_charge", "settlement_tax"];
    let told = row["service_charge"].is_number() || row["service_charge"].is_string();
    let at = ["settled_on", "settlement_date", "settlement_initiated_on"].into_iter().find_map(|key| time(&row[key]));
    Some(Payout {
        id: id(&row["settlement_id"]).or_else(|| id(&row["cf_settlement_id"]))?,
        utr: id(&row["utr"]).or_else(|| id(&row["settlement_utr"])),
        net: rupees(&row["amount_settled"]),
        fees: told.then(|| charges.into_iter().filter_map(|key| rupees(&row[key])).sum()),
        at: at.unwrap_or_default(),
        payments: Vec::new(),
    })
}

/// A name that is told as a number at times.
fn id(value: &Value) -> Option<String> {
    if value.is_u64() { Some(value.to_string()) } else { said(value).map(str::to_owned) }
}

/// With its zone, or without it in India's.
fn time(value: &Value) -> Option<DateTime<Utc>> {
    let text = said(value)?;
    let local = || {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
            .ok()?
            .and_local_timezone(Kolkata)
            .single()
            .map(|time| time.to_utc())
    };
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()).or_else(local)
}

fn made(link: &Value) -> Result<Made, Trouble> {
    match (id(&link["cf_link_id"]).or_else(|| id(&link["link_id"])), said(&link["link_url"])) {
        (Some(id), Some(url)) if url.starts_with("http") => Ok(Made { id, url: url.to_owned() }),
        _ => Err(Trouble::Away("the answer has no address to pay at".to_owned())),
    }
}

/// An amount as JSON writes numbers: no arithmetic is done on it.
fn number(amount: Rupees) -> Value {
    serde_json::from_str(&amount.plain()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Cashfree's documents have it: base 64 of the HMAC over the timestamp and, right behind it, the raw body.
    #[test]
    fn a_webhook_is_signed_over_its_time_and_its_raw_body() {
        let tag = BASE64_STANDARD.encode(signature::sign("secret", &[b"1617695238078", br#"{"a": 1.00}"#]));
        let decoded = BASE64_STANDARD.decode(&tag).unwrap();
        assert!(signature::proves("secret", &[b"1617695238078{\"a\": 1.00}"], &decoded));
        assert!(!signature::proves("secret", &[b"1617695238078", b"{\"a\":1.00}"], &decoded));
    }

    #[test]
    fn amounts_are_read_as_numbers_and_as_texts() {
        let read = |text: &str| amount(&serde_json::from_str(text).unwrap()).map(|amount| amount.to_string());
        for (text, wanted) in [("135", "₹135"), ("135.5", "₹135.50"), ("\"135.00\"", "₹135"), ("0.01", "₹0.01"), ("97.94", "₹97.94")] {
            assert_eq!(read(text).as_deref(), Some(wanted));
        }
        for wrong in ["0", "-1", "1.234", "\"x\"", "\"\"", "null", "{}", "1e30", "\"1e3\""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(number("135.50".parse().unwrap()).to_string(), "135.5");
    }

    #[test]
    fn a_settlement_keeps_what_it_did_not_pay_out() {
        let row = json!({ "settlement_id": 738, "amount_settled": 97.94, "service_charge": 1.75, "service_tax": 0.31, "utr": 1_644_822_317_781_212_u64,
                          "settled_on": "2025-02-14T12:35:19+05:30", "settlement_charge": 0, "settlement_tax": null });
        let payout = settlement(&row).unwrap();
        assert_eq!((payout.id.as_str(), payout.utr.as_deref()), ("738", Some("1644822317781212")));
        assert_eq!((payout.net.unwrap().to_string(), payout.fees.unwrap().to_string()), ("₹97.94".to_owned(), "₹2.06".to_owned()));
    }
}
