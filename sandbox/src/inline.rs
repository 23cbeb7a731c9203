//! Inline mode: what a person asks of the bot in any chat, what it offers, and what becomes a message when one of it is chosen.
//!
//! Queries live for half a minute and are kept in no journal: after a restart they are unknown, as old ones are.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    driver::Person,
    message::{Content, Message},
    show::described,
    state::State,
    story::{Button, Seen},
};

/// How long an answer to a query is taken.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);
/// How long what was offered can be chosen.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// Characters of a query: Telegram's apps send no more.
const LONGEST: usize = 256;

/// What the bot answered to an inline query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Offer {
    /// The query's id.
    pub query: String,
    /// What can be chosen.
    pub results: Vec<Offered>,
    /// The offset of the next page; empty at the end.
    pub next_offset: String,
    /// Seconds for which Telegram would give the same answer again.
    pub cache_time: i64,
    /// Whether it would give it to this person only.
    pub is_personal: bool,
    /// The button above the results: its text, and what it starts the bot with.
    pub button: Option<(String, String)>,
}

impl Offer {
    /// The first result whose title contains this, in any letter case.
    pub fn result(&self, title: &str) -> Option<&Offered> {
        self.results.iter().find(|result| crate::story::contains(&result.title, title))
    }

    /// The titles in their order.
    pub fn titles(&self) -> Vec<&str> {
        self.results.iter().map(|result| result.title.as_str()).collect()
    }
}

/// One result of an inline query.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// Its id.
    pub id: String,
    /// What stands in the list.
    pub title: String,
    /// The smaller line below it.
    pub description: String,
    pub(crate) content: Content,
    pub(crate) markup: Option<serde_json::Value>,
}

impl Offered {
    /// The words of the message it would become.
    pub fn text(&self) -> &str {
        &self.content.words().text
    }

    /// The buttons below that message.
    pub fn buttons(&self) -> Vec<Button> {
        crate::show::buttons(self.markup.as_ref()).into_iter().flatten().collect()
    }
}

/// A query on its way.
#[derive(Debug)]
pub(crate) struct Asked {
    from: i64,
    at: DateTime<Utc>,
    offer: Option<Offer>,
    wake: Arc<Notify>,
}

/// The queries of this run.
pub(crate) type Queries = HashMap<String, Asked>;

impl State {
    /// A person types behind the bot's name; gives the query's id.
    pub fn ask_inline(&mut self, from: i64, text: &str, offset: &str, chat_type: &str) -> Result<String, String> {
        if !self.inline_mode {
            return Err("inline mode is off: Telegram asks the bot nothing".to_owned());
        }
        if text.chars().count() > LONGEST {
            return Err(format!("a query has at most {LONGEST} characters"));
        }
        let now = self.now();
        self.inline.retain(|_, asked| now - asked.at <= KEPT);
        let id = format!("{from}-{}", self.take_serial());
        let payload = json!({ "id": id, "from": self.user(from), "query": text, "offset": offset, "chat_type": chat_type });
        let asked = Asked { from, at: now, offer: None, wake: Arc::new(Notify::new()) };
        self.inline.insert(id.clone(), asked);
        self.push_update("inline_query", payload);
        Ok(id)
    }

    /// Whether an answer to this query is still taken.
    pub fn inline_waits(&self, id: &str) -> bool {
        self.inline.get(id).is_some_and(|asked| asked.offer.is_none() && self.now() - asked.at <= PATIENCE)
    }

    /// Takes the bot's answer.
    pub fn offer(&mut self, offer: Offer) {
        if let Some(asked) = self.inline.get_mut(&offer.query) {
            asked.offer = Some(offer);
            asked.wake.notify_waiters();
        }
    }

    /// A person sends one of the results into a chat, where it is a message of theirs, by way of the bot.
    pub fn choose(&mut self, query: &str, result: &str, chat: i64) -> Result<Seen, String> {
        let asked = self.inline.get(query).ok_or("there is no such query")?;
        let from = asked.from;
        let offered = asked.offer.as_ref().and_then(|offer| offer.results.iter().find(|one| one.id == result));
        let Offered { content, markup, .. } = offered.ok_or("there is no such result")?.clone();
        if !self.chats.contains_key(&chat) || (chat > 0 && chat != from) {
            return Err("there is no such chat".to_owned());
        }
        if chat == from {
            self.change_person(from, |person| person.wrote = true);
        }
        let message = Message {
            id: self.take_message_id(),
            chat,
            from,
            date: self.now().timestamp(),
            edit_date: None,
            content,
            markup,
            reply_to: None,
            protected: false,
            via_bot: true,
        };
        let seen = self.seen(&message);
        let line = format!("«via @{}» {}", self.bot_username, described(&message, &seen));
        self.tell(chat, from, line, seen.captions());
        self.arrive(message);
        Ok(seen)
    }
}

/// The answer to a query, once it is there; `None` when the time is over.
pub(crate) async fn offered(core: &crate::Core, query: &str, wait: std::time::Duration) -> Option<Offer> {
    let until = tokio::time::Instant::now() + wait;
    loop {
        let wake = core.lock().inline.get(query)?.wake.clone();
        let changed = wake.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let offer = core.lock().inline.get(query)?.offer.clone();
        if offer.is_some() {
            return offer;
        }
        tokio::time::timeout_at(until, changed).await.ok()?;
    }
}

impl crate::Sandbox {
    /// What the bot answered to an inline query, once it is there.
    pub async fn offered(&self, query: &str) -> Option<Offer> {
        offered(self.core(), query, self.core().patience).await
    }
}

/// Inline mode as a test drives it.
impl Person {
    /// Types this behind the bot's name in some chat with a friend, and waits for what the bot offers.
    pub async fn query(&self, text: &str) -> Offer {
        self.query_from(text, "").await
    }

    /// The same from an offset that an earlier answer named.
    pub async fn query_from(&self, text: &str, offset: &str) -> Offer {
        let query = self.start_query(text, offset);
        match self.sandbox().offered(&query).await {
            Some(offer) => offer,
            None => panic!("the inline query “{text}” of {} was not answered", self.first_name()),
        }
    }

    /// Types without waiting for an answer; gives the query's id.
    pub fn start_query(&self, text: &str, offset: &str) -> String {
        let asked = self.sandbox().core().lock().ask_inline(self.id(), text, offset, "private");
        asked.unwrap_or_else(|why| panic!("{why}"))
    }

    /// Sends the result whose title contains this into a chat; gives the message as it stands there.
    pub fn choose(&self, offer: &Offer, title: &str, chat: i64) -> Seen {
        let Some(result) = offer.result(title) else {
            panic!("no result says “{title}”; there are: {:?}", offer.titles());
        };
        let mut state = self.sandbox().core().lock();
        let chat = state.current(chat);
        let chosen = state.choose(&offer.query, &result.id, chat);
        drop(state);
        chosen.unwrap_or_else(|why| panic!("{why}"))
    }
}
