//! RazorpayX: payouts to UPI ids. One name is one payout there: under the same key with the same body it is the same however often it is asked for.

use super::http::{ask, client};
use super::{Sent, Transfer, Trouble, Went, said};
use crate::settings::{self, Layers};
use reqwest::RequestBuilder;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

/// The longest name of a payee that it takes.
const NAME: usize = 50;
/// The longest reason that is kept.
const WORDS: usize = 200;

/// RazorpayX, as it is set up.
pub(super) struct RazorpayX {
    api: String,
    key_id: String,
    key_secret: String,
    account: String,
}

impl RazorpayX {
    pub(super) fn new(layers: &Layers, settings: &settings::RazorpayX) -> Self {
        let secret = |key| layers.secret(key).unwrap_or_default().to_owned();
        Self {
            api: settings.api_url.as_str().to_owned(),
            key_id: secret("razorpayx.key_id"),
            key_secret: secret("razorpayx.key_secret"),
            account: secret("razorpayx.account_number"),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.key_id, Some(&self.key_secret))
    }

    pub(super) async fn transfer(&self, order: &Transfer) -> Result<Sent, Trouble> {
        if order.again
            && let Some(sent) = self.find(&order.key).await?
        {
            return Ok(sent);
        }
        let paise = (order.amount.decimal() * Decimal::ONE_HUNDRED).to_i64();
        let body = json!({
            "account_number": self.account,
            "fund_account": {
                "account_type": "vpa",
                "vpa": { "address": order.vpa },
                "contact": { "name": name(&order.payee), "type": "customer", "reference_id": order.payee_id },
            },
            "amount": paise.ok_or_else(|| Trouble::Refused(format!("{} is too much", order.amount)))?,
            "currency": "INR",
            "mode": "UPI",
            "purpose": "payout",
            "queue_if_low_balance": true,
            "reference_id": order.key,
            "narration": order.note,
        });
        let request = client()?.post(format!("{}/v1/payouts", self.api)).header("X-Payout-Idempotency", &order.key).json(&body);
        match ask(self.signed(request)).await {
            Ok(payout) => sent(&payout),
            // Done by an earlier try, of which the answer was lost?
            Err(Trouble::Refused(why)) => self.find(&order.key).await?.ok_or(Trouble::Refused(why)),
            Err(trouble) => Err(trouble),
        }
    }

    async fn find(&self, key: &str) -> Result<Option<Sent>, Trouble> {
        let query = [("account_number", self.account.as_str()), ("reference_id", key)];
        let found = ask(self.signed(client()?.get(format!("{}/v1/payouts", self.api)).query(&query))).await?;
        let payouts = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        payouts.iter().find(|payout| said(&payout["reference_id"]) == Some(key)).map(sent).transpose()
    }

    pub(super) async fn transferred(&self, id: &str) -> Result<Sent, Trouble> {
        sent(&ask(self.signed(client()?.get(format!("{}/v1/payouts/{id}", self.api)))).await?)
    }
}

/// Letters, digits and spaces: a name that it takes, whatever people call themselves.
fn name(payee: &str) -> String {
    let plain: String = payee.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let plain: String = plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
    if plain.len() < 3 { "Customer".to_owned() } else { plain.trim().to_owned() }
}

/// What is told of a payout.
pub(super) fn sent(payout: &Value) -> Result<Sent, Trouble> {
    let id = said(&payout["id"]).ok_or_else(|| Trouble::Away("a payout without a name".to_owned()))?;
    let status = said(&payout["status"]).unwrap_or("unknown").chars().take(30).collect::<String>();
    let details = &payout["status_details"];
    let why = [&payout["failure_reason"], &details["description"], &details["reason"], &payout["error"]["description"]];
    let why = why.into_iter().find_map(said).unwrap_or("RazorpayX could not pay it").chars().take(WORDS).collect::<String>();
    let went = match status.as_str() {
        "processed" => Went::Paid(said(&payout["utr"]).unwrap_or_default().to_owned()),
        "reversed" => Went::Back(why),
        "failed" | "rejected" | "cancelled" => Went::Failed(why),
        // pending, queued, scheduled, processing, and what is not known yet.
        _ => Went::OnItsWay,
    };
    Ok(Sent { id: id.to_owned(), key: said(&payout["reference_id"]).map(str::to_owned), status, went })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_such_as_it_takes() {
        for (payee, taken) in [
            ("Asha K.", "Asha K"),
            ("आशा", "Customer"),
            ("=cmd|' /C calc'!A0", "cmd C calc A0"),
            ("", "Customer"),
            ("Al", "Customer"),
        ] {
            assert_eq!(name(payee), taken);
        }
        assert!(name(&"very ".repeat(40)).len() <= NAME);
    }

    #[test]
    fn each_state_is_what_it_means() {
        let went = |status: &str| {
            sent(&json!({ "id": "pout_1", "status": status, "utr": "000123456789", "status_details": { "description": "no" } }))
                .unwrap()
                .went
        };
        assert_eq!(went("processed"), Went::Paid("000123456789".to_owned()));
        for status in ["pending", "queued", "scheduled", "processing", "something new"] {
            assert_eq!(went(status), Went::OnItsWay, "{status}");
        }
        for status in ["failed", "rejected", "cancelled"] {
            assert_eq!(went(status), Went::Failed("no".to_owned()), "{status}");
        }
        assert_eq!(went("reversed"), Went::Back("no".to_owned()));
        assert!(sent(&Value::Null).is_err());
    }
}
