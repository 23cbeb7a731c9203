//! The state in the Bot API's objects, and in the eyes of people.

use serde_json::{Value, json};

use crate::{
    journal::Change,
    message::{Content, Message},
    picture,
    records::{FileKind, Kind, Status},
    state::State,
    story::{Button, Line, Seen},
};

impl State {
    /// The bot as a `User` object.
    pub fn bot_user(&self) -> Value {
        json!({
            "id": self.bot_id,
            "is_bot": true,
            "first_name": self.bot_username,
            "username": self.bot_username,
        })
    }

    pub fn user(&self, id: i64) -> Value {
        match self.people.get(&id) {
            Some(person) => person.user(),
            None if id == self.bot_id => self.bot_user(),
            None => json!({"id": id, "is_bot": false, "first_name": "Somebody"}),
        }
    }

    /// A `Chat` object.
    pub fn chat_object(&self, id: i64) -> Value {
        match self.chats.get(&id) {
            Some(chat) if chat.record.kind != Kind::Private => chat.record.group(),
            _ => match self.people.get(&id) {
                Some(person) => person.chat(),
                None => json!({"id": id, "type": "private", "first_name": "Somebody"}),
            },
        }
    }

    /// A `ChatMember` object.
    pub fn member_object(&self, user: Value, status: Status) -> Value {
        let mut member = match status {
            Status::Creator => json!({"status": "creator", "is_anonymous": false}),
            Status::Member => json!({"status": "member"}),
            Status::Left => json!({"status": "left"}),
            Status::Administrator => json!({
                "status": "administrator", "can_be_edited": false, "is_anonymous": false,
                "can_manage_chat": true, "can_delete_messages": true,
                "can_manage_video_chats": true, "can_restrict_members": true,
                "can_promote_members": false, "can_change_info": true, "can_invite_users": true,
                "can_post_stories": false, "can_edit_stories": false, "can_delete_stories": false,
                "can_pin_messages": true, "can_manage_topics": false,
            }),
        };
        member["user"] = user;
        member
    }

    /// A `Message` object.
    pub fn message_object(&self, message: &Message) -> Value {
        self.render(message, true)
    }

    fn render(&self, message: &Message, with_reply: bool) -> Value {
        let mut object = json!({
            "message_id": message.id,
            "from": self.user(message.from),
            "chat": self.chat_object(message.chat),
            "date": message.date,
        });
        if let Some(date) = message.edit_date {
            object["edit_date"] = date.into();
        }
        if message.via_bot {
            object["via_bot"] = self.bot_user();
        }
        if message.protected {
            object["has_protected_content"] = true.into();
        }
        if let Some(markup) = &message.markup {
            object["reply_markup"] = markup.clone();
        }
        let replied = message.reply_to.filter(|_| with_reply);
        if let Some(replied) = replied.and_then(|id| self.message(message.chat, id)) {
            object["reply_to_message"] = self.render(replied, false);
        }
        self.render_content(message, &mut object);
        object
    }

    fn render_content(&self, message: &Message, object: &mut Value) {
        let words = message.content.words();
        let (text, entities) = match &message.content {
            Content::Text(_) => ("text", "entities"),
            _ => ("caption", "caption_entities"),
        };
        if !words.text.is_empty() {
            object[text] = words.text.as_str().into();
            if !words.entities.is_empty() {
                object[entities] = words.entities.clone().into();
            }
        }
        match &message.content {
            Content::Text(_) => {}
            Content::Photo { file, .. } => object["photo"] = self.photo_sizes(file),
            Content::Document { file, .. } => object["document"] = self.document_object(file),
            Content::Sticker { file } => object["sticker"] = self.sticker_object(file),
            Content::Invoice(invoice) => {
                object["invoice"] = json!({
                    "title": invoice.title, "description": invoice.description, "start_parameter": invoice.start_parameter,
                    "currency": "XTR", "total_amount": invoice.stars,
                });
            }
            Content::Service(fields) => {
                for (name, value) in fields.as_object().into_iter().flatten() {
                    object[name] = value.clone();
                }
            }
        }
    }

    /// Two sizes, smallest first: whoever takes the first gets a grey point.
    fn photo_sizes(&self, file: &str) -> Value {
        let Some(stored) = self.files.get(file) else {
            return json!([]);
        };
        let record = &stored.record;
        let (width, height) = (record.width.max(1), record.height.max(1));
        let longest = width.max(height);
        let scaled = |side: u32| (side * 90 / longest).max(1);
        json!([
            {
                "file_id": format!("{}{THUMBNAIL}", record.id),
                "file_unique_id": format!("{}s", record.unique_id),
                "file_size": picture::POINT.len(),
                "width": scaled(width), "height": scaled(height),
            },
            {
                "file_id": record.id,
                "file_unique_id": record.unique_id,
                "file_size": record.size,
                "width": width, "height": height,
            },
        ])
    }

    fn document_object(&self, file: &str) -> Value {
        let Some(stored) = self.files.get(file) else {
            return json!({"file_id": file, "file_unique_id": file});
        };
        let record = &stored.record;
        let mut document = json!({
            "file_id": record.id,
            "file_unique_id": record.unique_id,
            "file_size": record.size,
            "mime_type": picture::media_type(record.name.as_deref(), &stored.bytes),
        });
        if let Some(name) = &record.name {
            document["file_name"] = name.as_str().into();
        }
        document
    }

    fn sticker_object(&self, file: &str) -> Value {
        let unique = self.files.get(file).map(|stored| &stored.record.unique_id);
        json!({
            "file_id": file, "file_unique_id": unique, "file_size": picture::POINT.len(),
            "type": "regular", "width": 512, "height": 512,
            "is_animated": false, "is_video": false, "emoji": "👍", "set_name": "Sandbox",
        })
    }

    /// The file a `file_id` names, and whether it named the thumbnail.
    pub fn file_behind(&self, file_id: &str) -> Option<(&crate::records::StoredFile, bool)> {
        let whole = file_id.strip_suffix(THUMBNAIL);
        let stored = self.files.get(whole.unwrap_or(file_id))?;
        let thumbnail = whole.is_some();
        (!thumbnail || stored.record.kind == FileKind::Photo).then_some((stored, thumbnail))
    }

    /// A message as people see it.
    pub fn seen(&self, message: &Message) -> Seen {
        let file = message.content.file().and_then(|id| self.files.get(id));
        let words = message.content.words();
        let text = match &message.content {
            Content::Service(fields) => fields.to_string(),
            Content::Sticker { .. } => "[sticker]".to_owned(),
            Content::Invoice(invoice) => format!("{}\n{}\n⭐️ {}", invoice.title, invoice.description, invoice.stars),
            _ => words.text.clone(),
        };
        Seen {
            chat_id: message.chat,
            message_id: message.id,
            text,
            edited: message.edit_date.is_some(),
            photo: matches!(message.content, Content::Photo { .. }),
            document: matches!(message.content, Content::Document { .. }),
            protected: message.protected,
            buttons: buttons(message.markup.as_ref()),
            from_bot: message.from == self.bot_id,
            reply_to: message.reply_to,
            file_name: file.and_then(|file| file.record.name.clone()),
            entities: words.entities.clone(),
            bytes: file.map(|file| file.bytes.clone()),
            order: 0,
        }
    }

    /// Stores what the bot sent or changed, and shows it to whoever waits in that chat.
    pub fn show(&mut self, message: Message) {
        let mut seen = self.seen(&message);
        seen.order = self.take_order();
        let mut text = String::new();
        if seen.edited {
            text.push_str("(edited) ");
        }
        text.push_str(&described(&message, &seen));
        self.tell(message.chat, self.bot_id, text, seen.captions());
        let id = message.chat;
        self.commit(Change::Message(Box::new(message)));
        if let Some(chat) = self.chats.get_mut(&id) {
            chat.shown.push_back(seen);
            chat.wake.notify_waiters();
        }
    }

    /// Adds a line to the transcript.
    pub fn tell(&mut self, chat: i64, from: i64, text: String, buttons: Vec<String>) {
        let name = |id: i64| self.people.get(&id).map(|person| person.first_name.clone());
        let title = || self.chats.get(&chat).map(|chat| chat.record.title.clone());
        let line = Line {
            chat_id: chat,
            chat: name(chat).or_else(title).unwrap_or_default(),
            from: name(from).unwrap_or_else(|| "bot".to_owned()),
            text,
            buttons,
            at: self.now(),
        };
        self.lines.push(line);
    }
}

/// What is added to a photo's `file_id` to name its small size.
const THUMBNAIL: &str = "-s";

/// A message in one line of a story.
pub(crate) fn described(message: &Message, seen: &Seen) -> String {
    let kind = match &message.content {
        Content::Photo { .. } => "[photo] ",
        Content::Document { .. } => "[document] ",
        Content::Invoice(_) => "[invoice] ",
        Content::Text(_) | Content::Sticker { .. } | Content::Service(_) => "",
    };
    format!("{kind}{}", seen.text)
}

/// The buttons of an `InlineKeyboardMarkup`.
pub(crate) fn buttons(markup: Option<&Value>) -> Vec<Vec<Button>> {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    let button = |button: &Value| {
        let string = |value: &Value| value.as_str().map(str::to_owned);
        Button {
            caption: string(&button["text"]).unwrap_or_default(),
            data: string(&button["callback_data"]),
            url: string(&button["url"]),
            web_app: string(&button["web_app"]["url"]),
            copy: string(&button["copy_text"]["text"]),
            inline: string(&button["switch_inline_query"]),
            pay: button["pay"] == true,
        }
    };
    let row = |row: &Value| row.as_array().into_iter().flatten().map(button).collect();
    rows.into_iter().flatten().map(row).collect()
}
