//! What people see, and how a story of it is printed.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

/// A message as it stands in a chat at one moment.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The chat it is in.
    pub chat_id: i64,
    /// Its `message_id`.
    pub message_id: i64,
    /// Text or caption after entity parsing.
    pub text: String,
    /// Whether the bot changed it after it was sent.
    pub edited: bool,
    /// Whether it is a photo.
    pub photo: bool,
    /// Whether it is a document.
    pub document: bool,
    /// Whether it has protected content.
    pub protected: bool,
    /// The inline keyboard, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// Whether the bot sent it; `chat()` also gives what people wrote.
    pub from_bot: bool,
    /// The message it replies to.
    pub reply_to: Option<i64>,
    /// The document's file name.
    pub file_name: Option<String>,
    /// `MessageEntity` objects of the text or caption.
    pub entities: Vec<serde_json::Value>,
    pub(crate) bytes: Option<Arc<Vec<u8>>>,
    /// Its place in the order of everything the bot showed.
    pub(crate) order: u64,
}

impl Seen {
    /// The bytes of the photo, if it is one.
    pub fn photo_bytes(&self) -> Option<Vec<u8>> {
        self.photo.then(|| self.file_bytes()).flatten()
    }

    /// The bytes of the photo or document.
    pub fn file_bytes(&self) -> Option<Vec<u8>> {
        self.bytes.as_ref().map(|bytes| bytes.as_ref().clone())
    }

    /// The first button whose caption contains this, in any letter case.
    pub fn button(&self, caption: &str) -> Option<&Button> {
        self.buttons.iter().flatten().find(|button| contains(&button.caption, caption))
    }

    /// The captions of all buttons in reading order.
    pub fn captions(&self) -> Vec<String> {
        let all = self.buttons.iter().flatten();
        all.map(|button| button.caption.clone()).collect()
    }

    /// Whether text or a button caption contains this, in any letter case.
    pub fn shows(&self, part: &str) -> bool {
        contains(&self.text, part) || self.button(part).is_some()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.from_bot { "bot" } else { "person" };
        write!(f, "#{} {who}: ", self.message_id)?;
        if self.edited {
            f.write_str("(edited) ")?;
        }
        if self.photo {
            f.write_str("[photo] ")?;
        }
        if self.document {
            f.write_str("[document] ")?;
        }
        f.write_str(&self.text)?;
        for row in &self.buttons {
            f.write_str("\n    ")?;
            for button in row {
                write!(f, "[{}] ", button.caption)?;
            }
        }
        Ok(())
    }
}

/// An inline button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What is written on it.
    pub caption: String,
    /// `callback_data`.
    pub data: Option<String>,
    /// The link it opens.
    pub url: Option<String>,
    /// The Mini App it opens.
    pub web_app: Option<String>,
    /// What it copies.
    pub copy: Option<String>,
    /// The inline query that it begins in a chat of the person's choice.
    pub inline: Option<String>,
    /// Whether it pays the invoice that it stands below.
    pub pay: bool,
}

/// One line of the transcript.
#[derive(Debug, Clone)]
pub struct Line {
    /// The chat's id when it was said.
    pub chat_id: i64,
    /// The private chat's person, or the group's title.
    pub chat: String,
    /// Who did it; `bot` for the bot.
    pub from: String,
    /// What a reader of the story wants to know.
    pub text: String,
    /// The captions below it.
    pub buttons: Vec<String>,
    /// When, by the host's clock.
    pub at: DateTime<Utc>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.format("%d %b %H:%M:%S");
        write!(f, "{at}  {} | {}: ", self.chat, self.from)?;
        f.write_str(&self.text.replace('\n', "\n      "))?;
        if !self.buttons.is_empty() {
            write!(f, "\n      [{}]", self.buttons.join("] ["))?;
        }
        Ok(())
    }
}

/// "Contains" in any letter case.
pub(crate) fn contains(whole: &str, part: &str) -> bool {
    whole.to_lowercase().contains(&part.to_lowercase())
}
