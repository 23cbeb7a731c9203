//! Everything the server knows, and the one way it changes: [`State::commit`].

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Notify;

use crate::{
    Fault, Options,
    journal::{Change, Journal},
    message::Message,
    queue::Queue,
    records::{ChatRecord, FileKind, FileRecord, Kind, PersonRecord, Query, Status, StoredFile, Webhook},
    stars::Charge,
    story::{Line, Seen},
};

/// A chat with its messages and what nobody has looked at yet.
#[derive(Debug)]
pub(crate) struct Chat {
    pub record: ChatRecord,
    pub messages: BTreeMap<i64, Message>,
    pub shown: VecDeque<Seen>,
    /// Rung when something was shown.
    pub wake: Arc<Notify>,
}

/// A fault that waits for its method to be called.
#[derive(Debug)]
pub(crate) struct Trap {
    pub method: String,
    pub times: usize,
    pub fault: Fault,
}

pub(crate) struct State {
    pub bot_id: i64,
    pub bot_username: String,
    clock: crate::Clock,
    pub people: BTreeMap<i64, PersonRecord>,
    pub chats: BTreeMap<i64, Chat>,
    pub files: HashMap<String, StoredFile>,
    pub queries: HashMap<String, (Query, Arc<Notify>)>,
    pub queue: Queue,
    /// Rung when an update came or the long polls must look again.
    pub updates: Arc<Notify>,
    pub webhook: Option<Webhook>,
    pub commands: BTreeMap<String, Value>,
    pub traps: Vec<Trap>,
    pub lines: Vec<Line>,
    /// Whether @BotFather was told that the bot answers inline queries.
    pub inline_mode: bool,
    pub inline: crate::inline::Queries,
    pub checkouts: crate::stars::Checkouts,
    /// In the order of their serials.
    pub charges: BTreeMap<String, Charge>,
    /// Counts changes, so that the page can ask "anything new?".
    pub version: u64,
    journal: Option<Journal>,
    next_message: i64,
    next_serial: i64,
    order: u64,
}

impl State {
    /// A fresh state, or the one that the journal tells of.
    pub fn open(options: &Options) -> std::io::Result<State> {
        // Real time, not the host's clock: a moved clock must not make old numbers come again.
        let epoch = crate::options::real_time().timestamp();
        let bot_id = options.token.split(':').next().unwrap_or_default();
        let mut state = State {
            bot_id: bot_id.parse().unwrap_or(1),
            bot_username: options.bot_username.clone(),
            clock: options.now.clone(),
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            files: HashMap::new(),
            queries: HashMap::new(),
            queue: Queue::new(epoch),
            updates: Arc::new(Notify::new()),
            webhook: None,
            commands: BTreeMap::new(),
            traps: Vec::new(),
            lines: Vec::new(),
            inline_mode: options.inline_mode,
            inline: HashMap::new(),
            checkouts: HashMap::new(),
            charges: BTreeMap::new(),
            version: 0,
            journal: None,
            // Shorter than the seconds themselves, and below i32::MAX for decades.
            next_message: epoch - 1_700_000_000,
            next_serial: epoch * 1000,
            order: 0,
        };
        if let Some(path) = &options.journal {
            let (journal, changes) = Journal::open(path)?;
            state.journal = Some(journal);
            for change in changes {
                state.apply(change);
            }
        }
        Ok(state)
    }

    /// Writes a change down, then makes it.
    pub fn commit(&mut self, change: Change) {
        if let Some(journal) = &mut self.journal {
            journal.write(&change);
        }
        self.apply(change);
    }

    fn apply(&mut self, change: Change) {
        self.version += 1;
        match change {
            Change::Person(person) => {
                self.people.insert(person.id, person);
            }
            Change::Chat(record) => match self.chats.get_mut(&record.id) {
                Some(chat) => chat.record = record,
                None => {
                    let chat = Chat { messages: BTreeMap::new(), shown: VecDeque::new(), wake: Arc::new(Notify::new()), record };
                    self.chats.insert(chat.record.id, chat);
                }
            },
            Change::Message(message) => {
                self.next_message = self.next_message.max(message.id + 1);
                if let Some(chat) = self.chats.get_mut(&message.chat) {
                    chat.messages.insert(message.id, *message);
                }
            }
            Change::Deleted { chat, id } => {
                if let Some(chat) = self.chats.get_mut(&chat) {
                    chat.messages.remove(&id);
                }
            }
            Change::File(record) => {
                let stored = self.journal.as_ref().map(|journal| journal.load(&record.id));
                let bytes = match stored {
                    Some(Ok(bytes)) => bytes,
                    Some(Err(error)) => {
                        tracing::warn!(%error, id = record.id, "the bytes of a file are lost");
                        Vec::new()
                    }
                    None => Vec::new(),
                };
                self.next_serial = self.next_serial.max(serial_of(&record.id) + 1);
                self.keep(record, Arc::new(bytes));
            }
            Change::Query { id, query } => {
                self.next_serial = self.next_serial.max(serial_of(&id) + 1);
                match self.queries.get_mut(&id) {
                    Some((known, wake)) => {
                        *known = query;
                        wake.notify_waiters();
                    }
                    None => {
                        self.queries.insert(id, (query, Arc::new(Notify::new())));
                    }
                }
            }
            Change::Charge(charge) => {
                self.next_serial = self.next_serial.max(serial_of(&charge.id) + 1);
                self.charges.insert(charge.id.clone(), charge);
            }
            Change::Webhook(webhook) => self.webhook = webhook,
            Change::Commands { scope, list } => {
                self.commands.insert(scope, list);
            }
            change @ (Change::Update { .. } | Change::Confirmed { .. } | Change::Allowed(_)) => {
                self.queue.apply(change);
                self.updates.notify_waiters();
            }
        }
    }

    fn keep(&mut self, record: FileRecord, bytes: Arc<Vec<u8>>) {
        let id = record.id.clone();
        self.files.insert(id, StoredFile { record, bytes });
    }

    /// The host's time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    pub fn take_message_id(&mut self) -> i64 {
        let id = self.next_message;
        self.next_message += 1;
        id
    }

    /// A number for a file or a query, larger than any before.
    pub fn take_serial(&mut self) -> i64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        serial
    }

    /// The place of the next thing the bot shows.
    pub fn take_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    /// Keeps an uploaded file and gives its `file_id`.
    pub fn add_file(&mut self, kind: FileKind, name: Option<String>, bytes: Vec<u8>) -> String {
        let serial = self.take_serial();
        let (prefix, short) = match kind {
            FileKind::Photo => ("AgACAgU", "AQAD"),
            FileKind::Document => ("BQACAgU", "AgAD"),
            FileKind::Sticker => ("CAACAgU", "AwAD"),
        };
        let (width, height) = crate::picture::size(&bytes).unwrap_or((0, 0));
        let record = FileRecord {
            id: format!("{prefix}-{serial}"),
            unique_id: format!("{short}-{serial}"),
            kind,
            size: bytes.len(),
            name,
            width,
            height,
        };
        let id = record.id.clone();
        if let Some(journal) = &mut self.journal {
            journal.store(&id, &bytes);
            journal.write(&Change::File(record.clone()));
        }
        self.version += 1;
        self.keep(record, Arc::new(bytes));
        id
    }

    /// Queues an update of that kind, unless the bot did not ask for such.
    pub fn push_update(&mut self, kind: &str, payload: Value) {
        if !self.queue.wants(kind) {
            return;
        }
        let id = self.queue.take_id();
        let body = format!("{{\"update_id\":{id},\"{kind}\":{payload}}}");
        self.commit(Change::Update { id, body });
    }

    /// The chat with this id, made when it is a known person's.
    pub fn private_chat(&mut self, person: i64) {
        if !self.chats.contains_key(&person) {
            self.commit(Change::Chat(ChatRecord {
                id: person,
                kind: Kind::Private,
                title: String::new(),
                migrated_to: None,
                migrated_from: None,
                members: BTreeMap::new(),
                bot: Status::Member,
            }));
        }
    }

    /// The id a group has now, after any upgrade.
    pub fn current(&self, chat: i64) -> i64 {
        let moved = self.chats.get(&chat).and_then(|chat| chat.record.migrated_to);
        moved.unwrap_or(chat)
    }

    /// The ids a chat has had, oldest first.
    pub fn chain(&self, chat: i64) -> Vec<i64> {
        let mut ids = vec![self.current(chat)];
        while let Some(chat) = ids.last().and_then(|id| self.chats.get(id)) {
            match chat.record.migrated_from {
                Some(from) => ids.push(from),
                None => break,
            }
        }
        ids.reverse();
        ids
    }

    /// The messages of a chat, with those from before an upgrade, oldest first.
    pub fn history(&self, chat: i64) -> impl DoubleEndedIterator<Item = &Message> {
        let chats = self.chain(chat).into_iter();
        let chats = chats.filter_map(|id| self.chats.get(&id));
        chats.flat_map(|chat| chat.messages.values())
    }

    /// Under which of a chat's ids a message is.
    pub fn holder(&self, chat: i64, message: i64) -> i64 {
        let mut ids = self.chain(chat).into_iter().rev();
        let holder = ids.find(|id| self.message(*id, message).is_some());
        holder.unwrap_or(chat)
    }

    pub fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }
}

/// The number at the end of a file or query id.
fn serial_of(id: &str) -> i64 {
    let digits = id.rsplit('-').next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}
