//! Telegram Stars, play money here: a person pays an invoice, the bot is asked first, and what was paid can go back.
//!
//! Checkouts live as long as Telegram waits and are kept in no journal; what was paid is.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{sync::Notify, time::Instant};

use crate::{
    Core, Sandbox,
    driver::Person,
    journal::Change,
    message::{Content, Invoice},
    state::State,
};

/// How long an answer to a checkout is taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// What everybody has at first.
const PURSE: i64 = 10_000;

pub(crate) fn purse() -> i64 {
    PURSE
}

/// Stars that somebody paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Charge {
    pub id: String,
    pub from: i64,
    pub chat: i64,
    pub stars: i64,
    pub payload: String,
    #[serde(default)]
    pub refunded: bool,
}

/// A payment on its way.
#[derive(Debug)]
pub(crate) struct Checkout {
    from: i64,
    chat: i64,
    message: i64,
    invoice: Invoice,
    at: Instant,
    answer: Option<Result<(), String>>,
    wake: Arc<Notify>,
}

/// The checkouts of this run.
pub(crate) type Checkouts = HashMap<String, Checkout>;

impl State {
    /// A person presses the button of an invoice; gives the query's id.
    pub fn begin_checkout(&mut self, from: i64, chat: i64, message: i64) -> Result<String, String> {
        let found = self.message(chat, message).ok_or("there is no such message")?;
        let Content::Invoice(invoice) = &found.content else {
            return Err("this message is no invoice".to_owned());
        };
        if invoice.paid {
            return Err("this invoice is paid: there is a receipt in its place".to_owned());
        }
        if chat > 0 && from != chat && !invoice.start_parameter.is_empty() {
            return Err("a copy of this invoice has a link to the bot in place of its button".to_owned());
        }
        let invoice = invoice.clone();
        let has = self.people.get(&from).ok_or("there is no such person")?.stars;
        if has < invoice.stars {
            return Err(format!("{} Stars are too few for this", has));
        }
        let id = format!("{from}-{}", self.take_serial());
        let payload = json!({
            "id": id, "from": self.user(from), "currency": "XTR", "total_amount": invoice.stars, "invoice_payload": invoice.payload,
        });
        let checkout = Checkout { from, chat, message, invoice, at: Instant::now(), answer: None, wake: Arc::new(Notify::new()) };
        self.checkouts.retain(|_, old| old.at.elapsed() < PATIENCE * 6);
        self.checkouts.insert(id.clone(), checkout);
        self.push_update("pre_checkout_query", payload);
        Ok(id)
    }

    /// The bot's answer; false when Telegram does not wait for it any more.
    pub fn answer_checkout(&mut self, id: &str, answer: Result<(), String>) -> bool {
        let Some(checkout) = self.checkouts.get_mut(id).filter(|one| one.answer.is_none() && one.at.elapsed() <= PATIENCE) else {
            return false;
        };
        checkout.answer = Some(answer.clone());
        checkout.wake.notify_waiters();
        let (from, chat, message, invoice) = (checkout.from, checkout.chat, checkout.message, checkout.invoice.clone());
        match answer {
            Ok(()) => self.pay(from, chat, message, &invoice),
            Err(why) => self.tell(chat, self.bot_id, format!("(checkout) {why}"), Vec::new()),
        }
        true
    }

    fn pay(&mut self, from: i64, chat: i64, message: i64, invoice: &Invoice) {
        let charge = Charge {
            id: format!("stx-{}", self.take_serial()),
            from,
            chat: from,
            stars: invoice.stars,
            payload: invoice.payload.clone(),
            refunded: false,
        };
        if let Some(paid) = self.message(chat, message).cloned() {
            let mut paid = paid;
            if let Content::Invoice(invoice) = &mut paid.content {
                invoice.paid = true;
            }
            paid.markup = Some(json!({ "inline_keyboard": [[{ "text": "Receipt", "pay": true }]] }));
            self.commit(Change::Message(Box::new(paid)));
        }
        self.change_person(from, |person| person.stars -= invoice.stars);
        self.commit(Change::Charge(charge.clone()));
        self.service(from, from, json!({ "successful_payment": told(&charge) }));
    }

    /// Gives Stars back; or Telegram's word for why not.
    pub fn refund_stars(&mut self, user: i64, id: &str) -> Result<(), &'static str> {
        if id.is_empty() {
            return Err("CHARGE_ID_EMPTY");
        }
        if !self.people.contains_key(&user) {
            return Err("USER_ID_INVALID");
        }
        let mut charge = self.charges.get(id).filter(|charge| charge.from == user).ok_or("CHARGE_ID_INVALID")?.clone();
        if charge.refunded {
            return Err("CHARGE_ALREADY_REFUNDED");
        }
        charge.refunded = true;
        self.change_person(user, |person| person.stars += charge.stars);
        self.commit(Change::Charge(charge.clone()));
        self.service(charge.chat, user, json!({ "refunded_payment": told(&charge) }));
        Ok(())
    }

    /// What the bot was paid and did not give back.
    pub fn star_balance(&self) -> i64 {
        self.charges.values().filter(|charge| !charge.refunded).map(|charge| charge.stars).sum()
    }
}

fn told(charge: &Charge) -> Value {
    json!({
        "currency": "XTR", "total_amount": charge.stars, "invoice_payload": charge.payload,
        "telegram_payment_charge_id": charge.id, "provider_payment_charge_id": "",
    })
}

/// The answer to a checkout, once it is there; `None` when Telegram gave up waiting.
pub(crate) async fn checked_out(core: &Core, query: &str) -> Option<Result<(), String>> {
    let until = Instant::now() + PATIENCE;
    loop {
        let wake = core.lock().checkouts.get(query)?.wake.clone();
        let changed = wake.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let answer = core.lock().checkouts.get(query)?.answer.clone();
        if answer.is_some() {
            return answer;
        }
        tokio::time::timeout_at(until, changed).await.ok()?;
    }
}

/// Stars as a test drives them.
impl Person {
    /// Presses an invoice's button and confirms; the bot's reason when it refused.
    ///
    /// # Errors
    /// The bot's words, or Telegram's.
    pub async fn pay(&self, message_id: i64) -> Result<(), String> {
        self.pay_in(self.id(), message_id).await
    }

    /// The same of an invoice in another chat, as of a forwarded one.
    ///
    /// # Errors
    /// The bot's words, or Telegram's.
    pub async fn pay_in(&self, chat: i64, message_id: i64) -> Result<(), String> {
        let query = self.begin_paying(chat, message_id)?;
        let answer = checked_out(self.sandbox().core(), &query).await;
        answer.unwrap_or_else(|| Err("the bot did not answer within ten seconds".to_owned()))
    }

    /// The same without waiting for the bot's answer; gives the query's id.
    ///
    /// # Errors
    /// Telegram's words.
    pub fn begin_paying(&self, chat: i64, message_id: i64) -> Result<String, String> {
        self.sandbox().core().lock().begin_checkout(self.id(), chat, message_id)
    }

    /// How many Stars they have.
    pub fn stars(&self) -> i64 {
        self.sandbox().core().lock().people.get(&self.id()).map_or(0, |person| person.stars)
    }
}

impl Sandbox {
    /// How many Stars the bot has.
    pub fn star_balance(&self) -> i64 {
        self.core().lock().star_balance()
    }

    /// Gives Stars back as Telegram's own support would; whether there were such.
    pub fn refund_stars(&self, person: i64, charge: &str) -> bool {
        self.core().lock().refund_stars(person, charge).is_ok()
    }

    /// The ids of what was paid in Stars, oldest first.
    pub fn charges(&self) -> Vec<String> {
        self.core().lock().charges.keys().cloned().collect()
    }
}
