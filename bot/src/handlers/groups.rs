//! Groups that are not the admin chat, and groups that move.

use crate::app::{App, Handled};
use crate::commands;
use crate::reply::{self, Screen};
use crate::texts::Texts;
use crate::wire::Patience;
use teloxide::types::Message;

/// Whether a message says that its group became a supergroup.
#[must_use]
pub fn is_migration(message: Message) -> bool {
    message.migrate_to_chat_id().is_some()
}

/// Follows a group to its new id: when it is the admin chat, the admin chat moves with it.
///
/// # Errors
/// The database.
pub async fn migrated(app: App, message: Message) -> Handled {
    if let Some(to) = message.migrate_to_chat_id() {
        mela_core::shop::chat_moved(app.core(), message.chat.id.0, to.0).await?;
        tracing::info!(from = message.chat.id.0, to = to.0, "a group became a supergroup: followed");
    }
    Ok(())
}

/// In any other group only `/id` is answered: it is how an owner finds the id of their admin group.
///
/// # Errors
/// The database or Telegram is away.
pub async fn message(app: App, message: Message) -> Handled {
    let asked = message.text().and_then(|text| commands::parse(text, app.bot_name())).is_some_and(|c| c.name == "id");
    if let (true, Some(from)) = (asked, &message.from) {
        let texts = app.texts_for(from.id.0.cast_signed(), from.language_code.as_deref()).await?;
        reply::say(app.wire(), message.chat.id.0, &ids(&texts, message.chat.id.0, from.id.0), Patience::Wait).await?;
    }
    Ok(())
}

/// The answer to `/id`.
pub(super) fn ids(texts: &Texts, chat: i64, user: u64) -> Screen {
    crate::screens::sentence(texts, "chat-id", &[("chat", &chat), ("user", &user)])
}
