//! A message as the server keeps it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Plain text with its entities, as they are after parsing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rich {
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Value>,
}

/// What a message consists of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    Text(Rich),
    Photo {
        file: String,
        caption: Rich,
    },
    Document {
        file: String,
        caption: Rich,
    },
    Sticker {
        file: String,
    },
    Invoice(Invoice),
    /// Fields of a service message, e.g. `migrate_to_chat_id`.
    Service(Value),
}

/// What a person is asked to pay in Stars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Invoice {
    pub title: String,
    pub description: String,
    pub start_parameter: String,
    pub payload: String,
    pub stars: i64,
    #[serde(default)]
    pub paid: bool,
}

impl Content {
    /// Text, or the caption; empty when there is neither.
    pub fn words(&self) -> &Rich {
        static NONE: Rich = Rich { text: String::new(), entities: Vec::new() };
        match self {
            Content::Text(rich) => rich,
            Content::Photo { caption, .. } | Content::Document { caption, .. } => caption,
            Content::Sticker { .. } | Content::Invoice(_) | Content::Service(_) => &NONE,
        }
    }

    /// The file it shows.
    pub fn file(&self) -> Option<&str> {
        match self {
            Content::Photo { file, .. } | Content::Document { file, .. } | Content::Sticker { file } => Some(file),
            Content::Text(_) | Content::Invoice(_) | Content::Service(_) => None,
        }
    }
}

/// One message of one chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub id: i64,
    pub chat: i64,
    /// A person's id, or the bot's.
    pub from: i64,
    /// Unix seconds of the host's clock.
    pub date: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_date: Option<i64>,
    pub content: Content,
    /// The inline keyboard, as `InlineKeyboardMarkup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markup: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    /// Sent by the person with the bot's help: a chosen inline result.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub via_bot: bool,
}
