//! What the state remembers of people, chats, files and queries.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A person of the sandbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PersonRecord {
    pub id: i64,
    pub first_name: String,
    #[serde(default)]
    pub username: Option<String>,
    /// The language of their app, where it is not English.
    #[serde(default)]
    pub language: Option<String>,
    /// Wrote to the bot once, so that the bot may write back.
    #[serde(default)]
    pub wrote: bool,
    /// Blocked the bot.
    #[serde(default)]
    pub blocked: bool,
    /// Their play Stars.
    #[serde(default = "crate::stars::purse")]
    pub stars: i64,
}

impl PersonRecord {
    /// The `User` object.
    pub fn user(&self) -> Value {
        let mut user = json!({
            "id": self.id,
            "is_bot": false,
            "first_name": self.first_name,
            "language_code": self.language.as_deref().unwrap_or("en"),
        });
        if let Some(username) = &self.username {
            user["username"] = username.as_str().into();
        }
        user
    }

    /// The private chat with them as a `Chat` object.
    pub fn chat(&self) -> Value {
        let mut chat = json!({
            "id": self.id,
            "type": "private",
            "first_name": self.first_name,
        });
        if let Some(username) = &self.username {
            chat["username"] = username.as_str().into();
        }
        chat
    }
}

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup,
}

/// Where the bot or a person stands in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Creator,
    Administrator,
    Member,
    Left,
}

/// A chat without its messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChatRecord {
    pub id: i64,
    pub kind: Kind,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub migrated_to: Option<i64>,
    #[serde(default)]
    pub migrated_from: Option<i64>,
    #[serde(default)]
    pub members: BTreeMap<i64, Status>,
    pub bot: Status,
}

impl ChatRecord {
    /// The `Chat` object of a group or supergroup.
    pub fn group(&self) -> Value {
        let kind = match self.kind {
            Kind::Supergroup => "supergroup",
            Kind::Group | Kind::Private => "group",
        };
        json!({"id": self.id, "type": kind, "title": self.title})
    }
}

/// What kind of thing a file is; a `file_id` of one kind is refused as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileKind {
    Photo,
    Document,
    Sticker,
}

/// An uploaded file; its bytes are kept apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileRecord {
    /// `file_id`.
    pub id: String,
    pub unique_id: String,
    pub kind: FileKind,
    pub size: usize,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub width: u32,
    #[serde(default)]
    pub height: u32,
}

/// A file with its bytes.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub record: FileRecord,
    pub bytes: Arc<Vec<u8>>,
}

/// A callback query and, once given, its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Query {
    pub from: i64,
    pub chat: i64,
    #[serde(default)]
    pub answer: Option<Answer>,
}

/// What `answerCallbackQuery` said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub show_alert: bool,
}

/// What `setWebhook` was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub url: String,
}
