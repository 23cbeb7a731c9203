//! What people do: writing, pressing, blocking, upgrading a group.

use serde_json::{Value, json};

use crate::{
    journal::Change,
    message::{Content, Message, Rich},
    records::{ChatRecord, FileKind, Kind, PersonRecord, Query, Status},
    show::described,
    state::State,
    text,
};

/// What a person may send.
pub(crate) enum Parcel<'a> {
    Text(&'a str),
    Photo(&'a [u8], Option<&'a str>),
    Document(&'a str, &'a [u8], Option<&'a str>),
    Sticker,
    /// What an earlier message of the same chat holds, as when forwarding.
    Again(i64),
}

impl State {
    /// Finds or makes a person.
    pub fn meet(&mut self, id: i64, first_name: &str) {
        if !self.people.contains_key(&id) {
            self.commit(Change::Person(PersonRecord {
                id,
                first_name: first_name.to_owned(),
                username: None,
                language: None,
                wrote: false,
                blocked: false,
                stars: crate::stars::purse(),
            }));
        }
        self.private_chat(id);
    }

    /// Changes a person, when the change is one.
    pub fn change_person(&mut self, id: i64, change: impl FnOnce(&mut PersonRecord)) {
        if let Some(known) = self.people.get(&id) {
            let mut person = known.clone();
            change(&mut person);
            if person != *known {
                self.commit(Change::Person(person));
            }
        }
    }

    /// Finds or makes a group with the bot as its administrator.
    pub fn found(&mut self, id: i64, title: &str) {
        if !self.chats.contains_key(&id) {
            let kind = if id <= -1_000_000_000_000 { Kind::Supergroup } else { Kind::Group };
            self.commit(Change::Chat(ChatRecord {
                id,
                kind,
                title: title.to_owned(),
                migrated_to: None,
                migrated_from: None,
                members: std::collections::BTreeMap::new(),
                bot: Status::Administrator,
            }));
        }
    }

    /// Makes a person a member of a group; the first one founded it.
    pub fn join(&mut self, group: i64, person: i64) {
        let group = self.current(group);
        if let Some(chat) = self.chats.get(&group)
            && !chat.record.members.contains_key(&person)
        {
            let mut record = chat.record.clone();
            let status = if record.members.is_empty() { Status::Creator } else { Status::Member };
            record.members.insert(person, status);
            self.commit(Change::Chat(record));
        }
    }

    /// A person's message arrives; gives its id, or why it cannot be sent.
    pub fn send(&mut self, from: i64, chat: i64, parcel: Parcel<'_>, reply_to: Option<i64>) -> Result<i64, String> {
        let content = self.unpack(chat, parcel)?;
        if chat == from {
            let person = self.people.get(&from).ok_or("there is no such person")?;
            if person.blocked {
                if !content.words().text.starts_with("/start") {
                    let name = &person.first_name;
                    return Err(format!("{name} has blocked the bot: only /start opens it again"));
                }
                self.set_blocked(from, false);
            }
            self.change_person(from, |person| person.wrote = true);
        }
        let message = Message {
            id: self.take_message_id(),
            chat,
            from,
            date: self.now().timestamp(),
            edit_date: None,
            content,
            markup: None,
            reply_to,
            protected: false,
            via_bot: false,
        };
        let id = message.id;
        let line = described(&message, &self.seen(&message));
        self.tell(chat, from, line, Vec::new());
        self.arrive(message);
        Ok(id)
    }

    /// A message stands in its chat from now on, and the bot hears of it if it may.
    pub fn arrive(&mut self, message: Message) {
        let heard = self.hears(&message);
        let object = self.message_object(&message);
        self.commit(Change::Message(Box::new(message)));
        if heard {
            self.push_update("message", object);
        }
    }

    fn unpack(&mut self, chat: i64, parcel: Parcel<'_>) -> Result<Content, String> {
        let rich = |caption: Option<&str>| caption.map(text::typed).unwrap_or_default();
        let content = match parcel {
            Parcel::Text(typed) => {
                let typed = text::typed(typed);
                if typed.text.is_empty() {
                    return Err("an empty message cannot be sent".to_owned());
                }
                Content::Text(typed)
            }
            Parcel::Photo(bytes, caption) => Content::Photo { file: self.add_file(FileKind::Photo, None, bytes.to_vec()), caption: rich(caption) },
            Parcel::Document(name, bytes, caption) => {
                Content::Document { file: self.add_file(FileKind::Document, Some(name.to_owned()), bytes.to_vec()), caption: rich(caption) }
            }
            Parcel::Sticker => Content::Sticker { file: self.add_file(FileKind::Sticker, None, crate::picture::POINT.to_vec()) },
            Parcel::Again(id) => {
                let message = self.message(chat, id).ok_or("there is no such message")?;
                if message.protected {
                    return Err("a protected message cannot be forwarded".to_owned());
                }
                message.content.clone()
            }
        };
        Ok(content)
    }

    /// Privacy mode: a bot that is no administrator hears commands, replies and what was sent by way of it only.
    fn hears(&self, message: &Message) -> bool {
        let Some(chat) = self.chats.get(&message.chat) else {
            return false;
        };
        if chat.record.kind == Kind::Private || chat.record.bot == Status::Administrator {
            return true;
        }
        let Rich { text, .. } = message.content.words();
        let replied = message.reply_to.and_then(|id| chat.messages.get(&id));
        let to_bot = replied.is_some_and(|message| message.from == self.bot_id);
        chat.record.bot != Status::Left && (text.starts_with('/') || to_bot || message.via_bot)
    }

    /// A press on a button; gives the callback query's id.
    pub fn press(&mut self, from: i64, chat: i64, message: i64, data: &str, caption: &str) -> Result<String, String> {
        let pressed = self
            .message(chat, message)
            .filter(|message| message.from == self.bot_id)
            .ok_or_else(|| format!("there is no message {message} of the bot in this chat"))?;
        let object = self.message_object(pressed);
        let id = format!("{}-{}", from, self.take_serial());
        let query = Query { from, chat, answer: None };
        self.tell(chat, from, format!("«pressed: {caption}»"), Vec::new());
        let payload = json!({
            "id": id,
            "from": self.user(from),
            "message": object,
            "chat_instance": format!("{}", chat.unsigned_abs()),
            "data": data,
        });
        let change = Change::Query { id: id.clone(), query };
        self.commit(change);
        self.push_update("callback_query", payload);
        Ok(id)
    }

    /// Blocks or unblocks the bot; says so to the bot when it changes.
    pub fn set_blocked(&mut self, person: i64, blocked: bool) {
        if self.people.get(&person).is_none_or(|known| known.blocked == blocked) {
            return;
        }
        self.change_person(person, |person| person.blocked = blocked);
        let member = json!({"status": "member", "user": self.bot_user()});
        let kicked = json!({"status": "kicked", "until_date": 0, "user": self.bot_user()});
        let (old, new, word) = if blocked {
            (member, kicked, "«blocked the bot»")
        } else {
            (kicked, member, "«unblocked the bot»")
        };
        self.tell(person, person, word.to_owned(), Vec::new());
        let payload = json!({
            "chat": self.chat_object(person),
            "from": self.user(person),
            "date": self.now().timestamp(),
            "old_chat_member": old,
            "new_chat_member": new,
        });
        self.push_update("my_chat_member", payload);
    }

    /// Where the bot stands in a group; says so to the bot when it changes.
    pub fn set_bot_status(&mut self, group: i64, status: Status) {
        let group = self.current(group);
        let Some(chat) = self.chats.get(&group) else {
            return;
        };
        let mut record = chat.record.clone();
        let old = std::mem::replace(&mut record.bot, status);
        if old == status {
            return;
        }
        let by = self.founder(group);
        let payload = json!({
            "chat": self.chat_object(group),
            "from": self.user(by),
            "date": self.now().timestamp(),
            "old_chat_member": self.member_object(self.bot_user(), old),
            "new_chat_member": self.member_object(self.bot_user(), status),
        });
        self.commit(Change::Chat(record));
        self.push_update("my_chat_member", payload);
    }

    fn founder(&self, group: i64) -> i64 {
        let members = self.chats.get(&group).map(|chat| &chat.record.members);
        let founder = members.and_then(|members| {
            let found = members.iter().find(|(_, status)| **status == Status::Creator);
            found.map(|(id, _)| *id)
        });
        founder.unwrap_or(self.bot_id)
    }

    /// Turns a basic group into a supergroup; gives the id it has then.
    pub fn upgrade(&mut self, group: i64) -> i64 {
        let old = self.current(group);
        let Some(chat) = self.chats.get(&old) else {
            return old;
        };
        if chat.record.kind == Kind::Supergroup {
            return old;
        }
        let new = -1_000_000_000_000 - old.unsigned_abs().cast_signed();
        let mut record = chat.record.clone();
        record.migrated_to = Some(new);
        let by = self.founder(old);
        let mut supergroup = record.clone();
        supergroup.id = new;
        supergroup.kind = Kind::Supergroup;
        supergroup.migrated_to = None;
        supergroup.migrated_from = Some(old);
        self.commit(Change::Chat(supergroup));
        self.service(old, by, json!({"migrate_to_chat_id": new}));
        self.service(new, by, json!({"migrate_from_chat_id": old}));
        self.commit(Change::Chat(record));
        if let Some(chat) = self.chats.get(&old) {
            // Whoever waits for the old group goes on with the new one.
            chat.wake.notify_waiters();
        }
        new
    }

    pub fn service(&mut self, chat: i64, from: i64, fields: Value) {
        let message = Message {
            id: self.take_message_id(),
            chat,
            from,
            date: self.now().timestamp(),
            edit_date: None,
            content: Content::Service(fields.clone()),
            markup: None,
            reply_to: None,
            protected: false,
            via_bot: false,
        };
        let object = self.message_object(&message);
        self.tell(chat, from, format!("«{fields}»"), Vec::new());
        self.commit(Change::Message(Box::new(message)));
        self.push_update("message", object);
    }
}
