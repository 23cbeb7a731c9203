//! What goes to Telegram: the only file that calls Bot methods (the poll in `listen.rs` apart).

use crate::callback::Press;
use crate::wire::{Patience, Upload, Wire, WireError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use teloxide::types::{CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResult};

/// One screen: one message. Text in Telegram's HTML; a picture makes the text its caption.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screen {
    /// The words.
    pub text: String,
    /// The picture above them.
    pub picture: Option<Picture>,
    /// Shown in place of a picture, it becomes the picture's caption instead of replacing it.
    pub keeps_picture: bool,
    /// Shown in place of a picture, its own takes that one's place; without this only the caption becomes another.
    pub replaces_picture: bool,
    /// It can be neither forwarded nor saved.
    pub protected: bool,
    /// Rows of buttons.
    pub buttons: Vec<Vec<InlineKeyboardButton>>,
}

/// What goes with a screen's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// A PNG made here.
    Png(Vec<u8>),
    /// One that Telegram has.
    FileId(String),
    /// No picture but a file to keep.
    File {
        /// With its ending.
        name: Cow<'static, str>,
        /// Its content.
        bytes: Vec<u8>,
    },
}

impl Screen {
    /// A screen of words.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same with one more row of buttons, if there are any.
    #[must_use]
    pub fn row(mut self, buttons: impl IntoIterator<Item = InlineKeyboardButton>) -> Self {
        let row: Vec<_> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.buttons.push(row);
        }
        self
    }

    /// The same with a picture.
    #[must_use]
    pub fn picture(mut self, picture: Picture) -> Self {
        self.picture = Some(picture);
        self
    }

    /// The same as a caption of the picture that is there.
    #[must_use]
    pub fn keeping_picture(mut self) -> Self {
        self.keeps_picture = true;
        self
    }

    /// The same, its picture put in place of the one that is there.
    #[must_use]
    pub fn replacing_picture(mut self) -> Self {
        self.replaces_picture = true;
        self
    }

    /// The same, kept from being forwarded or saved.
    #[must_use]
    pub fn protected(mut self) -> Self {
        self.protected = true;
        self
    }

    fn is_of_file_id(&self) -> bool {
        matches!(self.picture, Some(Picture::FileId(_)))
    }

    fn keyboard(&self) -> Value {
        json!(InlineKeyboardMarkup::new(self.buttons.clone()))
    }
}

/// A button that does something when pressed.
#[must_use]
pub fn button(caption: String, press: &Press) -> InlineKeyboardButton {
    InlineKeyboardButton::callback(caption, press.to_string())
}

/// A button that copies a text.
#[must_use]
pub fn copy_button(caption: String, text: String) -> InlineKeyboardButton {
    InlineKeyboardButton::copy_text_button(caption, CopyTextButton { text })
}

/// Where a shown message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The chat.
    pub chat_id: i64,
    /// The message.
    pub message_id: i32,
    /// Whether it is a picture with a caption.
    pub photo: bool,
}

/// Who the bot is: what the shop needs to know of it, so that a server that tells less than Telegram does will do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// Telegram's id.
    pub id: i64,
    /// Without the @.
    pub username: String,
    /// Whether its privacy mode is off.
    #[serde(default)]
    pub can_read_all_group_messages: bool,
    /// Whether @BotFather was told that it answers inline queries; nothing where the server does not say.
    #[serde(default)]
    pub supports_inline_queries: Option<bool>,
}

impl Me {
    /// Whether people can ask it in any chat.
    #[must_use]
    pub fn is_asked_inline(&self) -> bool {
        self.supports_inline_queries == Some(true)
    }
}

/// A message that was sent: all that is needed to edit it.
#[derive(Deserialize)]
struct Sent {
    message_id: i32,
}

/// Sends a screen as a new message.
///
/// # Errors
/// [`WireError`].
pub async fn say(wire: &Wire, chat_id: i64, screen: &Screen, patience: Patience) -> Result<Place, WireError> {
    say_to(wire, chat_id, screen, None, patience).await
}

/// Sends a screen in answer to a message. A picture that Telegram does not know any more is left out.
///
/// # Errors
/// [`WireError`].
pub async fn say_to(wire: &Wire, chat_id: i64, screen: &Screen, reply_to: Option<i32>, patience: Patience) -> Result<Place, WireError> {
    match send(wire, chat_id, screen, reply_to, patience).await {
        Err(error) if screen.is_of_file_id() && error.is_about_a_file() => {
            tracing::warn!(chat_id, %error, "a picture is not known to Telegram: shown without it");
            let words = Screen { picture: None, ..screen.clone() };
            send(wire, chat_id, &words, reply_to, patience).await
        }
        sent => sent,
    }
}

async fn send(wire: &Wire, chat_id: i64, screen: &Screen, reply_to: Option<i32>, patience: Patience) -> Result<Place, WireError> {
    let mut params = json!({ "chat_id": chat_id, "parse_mode": "HTML" });
    if !screen.buttons.is_empty() {
        params["reply_markup"] = screen.keyboard();
    }
    if screen.protected {
        params["protect_content"] = json!(true);
    }
    if let Some(message_id) = reply_to {
        params["reply_parameters"] = json!({ "message_id": message_id, "allow_sending_without_reply": true });
    }
    let sent: Sent = match &screen.picture {
        None => {
            params["text"] = json!(screen.text);
            params["link_preview_options"] = json!({ "is_disabled": true });
            wire.call("sendMessage", &params, patience).await?
        }
        Some(Picture::FileId(id)) => {
            params["caption"] = json!(screen.text);
            params["photo"] = json!(id);
            wire.call("sendPhoto", &params, patience).await?
        }
        Some(Picture::Png(bytes)) => {
            params["caption"] = json!(screen.text);
            let file = Upload { field: "photo", name: "picture.png".into(), bytes: bytes.clone() };
            wire.upload("sendPhoto", &params, &file, patience).await?
        }
        Some(Picture::File { name, bytes }) => {
            params["caption"] = json!(screen.text);
            let file = Upload { field: "document", name: name.clone(), bytes: bytes.clone() };
            wire.upload("sendDocument", &params, &file, patience).await?
        }
    };
    Ok(Place { chat_id, message_id: sent.message_id, photo: screen.picture.is_some() })
}

/// Shows a screen in the place of a message: edited, or replaced where words become a picture or the other way round. A picture that Telegram does
/// not know any more is left out.
///
/// # Errors
/// [`WireError`].
pub async fn show(wire: &Wire, place: Place, screen: &Screen) -> Result<Place, WireError> {
    let file = matches!(screen.picture, Some(Picture::File { .. }));
    if !file && (place.photo == screen.picture.is_some() || (place.photo && screen.keeps_picture)) {
        match edit(wire, place, screen).await {
            Err(error) if screen.is_of_file_id() && error.is_about_a_file() => return replace(wire, place, screen).await,
            // Too old to be edited, or deleted: a new message says it.
            Err(error) if error.says("can't be edited") || error.says("not found") || error.says("MESSAGE_ID_INVALID") => {}
            Err(error) if error.says("not modified") => return Ok(place),
            answer => return answer.map(|()| place),
        }
        return say(wire, place.chat_id, screen, Patience::Wait).await;
    }
    replace(wire, place, screen).await
}

/// Sends a screen and deletes the message in whose place it stands.
async fn replace(wire: &Wire, place: Place, screen: &Screen) -> Result<Place, WireError> {
    // The new one first: if anything fails now, nothing that was there is lost.
    let shown = say(wire, place.chat_id, screen, Patience::Wait).await?;
    // What cannot be deleted any more (48 hours) stays.
    delete(wire, place.chat_id, place.message_id).await?;
    Ok(shown)
}

/// Edits words, or caption, and buttons of a message. A picture stays as it is, unless the screen's is to replace it.
async fn edit(wire: &Wire, place: Place, screen: &Screen) -> Result<(), WireError> {
    if let Some(picture) = screen.picture.as_ref().filter(|_| place.photo && screen.replaces_picture) {
        return edit_picture(wire, place, screen, picture).await;
    }
    let (method, text) = if place.photo { ("editMessageCaption", "caption") } else { ("editMessageText", "text") };
    let mut params = json!({ "chat_id": place.chat_id, "message_id": place.message_id, "parse_mode": "HTML", text: screen.text, "reply_markup": screen.keyboard() });
    if !place.photo {
        params["link_preview_options"] = json!({ "is_disabled": true });
    }
    wire.call::<Value>(method, &params, Patience::Wait).await.map(|_| ())
}

/// Another picture, or the same, with other words: a plan's picture must not stay above what is to be paid.
async fn edit_picture(wire: &Wire, place: Place, screen: &Screen, picture: &Picture) -> Result<(), WireError> {
    let with = |media: &str| {
        json!({
            "chat_id": place.chat_id,
            "message_id": place.message_id,
            "media": { "type": "photo", "media": media, "caption": screen.text, "parse_mode": "HTML" },
            "reply_markup": screen.keyboard(),
        })
    };
    let edited = match picture {
        Picture::FileId(id) => wire.call::<Value>("editMessageMedia", &with(id), Patience::Wait).await,
        Picture::Png(bytes) | Picture::File { bytes, .. } => {
            let file = Upload { field: "picture", name: "picture.png".into(), bytes: bytes.clone() };
            wire.upload::<Value>("editMessageMedia", &with("attach://picture"), &file, Patience::Wait).await
        }
    };
    edited.map(|_| ())
}

/// What Telegram lets a person pay in Stars, in a message of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// What is bought: at most 32 characters.
    pub title: String,
    /// The same in a sentence: at most 255.
    pub description: String,
    /// What comes back with the payment.
    pub payload: String,
    /// How many.
    pub stars: i32,
}

/// Sends an invoice. A copy that is passed on opens the bot instead of being paid.
///
/// # Errors
/// [`WireError`].
pub async fn send_invoice(wire: &Wire, chat_id: i64, invoice: &Invoice) -> Result<(), WireError> {
    let params = json!({
        "chat_id": chat_id,
        "title": invoice.title,
        "description": invoice.description,
        "payload": invoice.payload,
        "provider_token": "",
        "currency": "XTR",
        "prices": [{ "label": invoice.title, "amount": invoice.stars }],
        "start_parameter": "stars",
        "protect_content": true,
    });
    wire.call::<Value>("sendInvoice", &params, Patience::Wait).await.map(|_| ())
}

/// Answers somebody who is about to pay an invoice: they may, or why not. One who has waited too long has gone: no error.
///
/// # Errors
/// The Bot API is away.
pub async fn answer_checkout(wire: &Wire, query_id: &str, refusal: Option<&str>) -> Result<(), WireError> {
    let mut params = json!({ "pre_checkout_query_id": query_id, "ok": refusal.is_none() });
    if let Some(refusal) = refusal {
        params["error_message"] = json!(refusal);
    }
    match wire.call::<Value>("answerPreCheckoutQuery", &params, Patience::Wait).await {
        Err(WireError::Refused { description, .. }) => {
            tracing::warn!(description, "a checkout was not answered");
            Ok(())
        }
        answer => answer.map(|_| ()),
    }
}

/// Sends Stars back to whoever paid them; a second time is no error.
///
/// # Errors
/// [`WireError`].
pub async fn send_stars_back(wire: &Wire, payer: i64, charge: &str) -> Result<(), WireError> {
    let params = json!({ "user_id": payer, "telegram_payment_charge_id": charge });
    match wire.call::<Value>("refundStarPayment", &params, Patience::Tell).await {
        Err(error) if error.says("CHARGE_ALREADY_REFUNDED") => Ok(()),
        answer => answer.map(|_| ()),
    }
}

/// What is offered to an inline query.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What can be chosen.
    pub results: Vec<InlineQueryResult>,
    /// Where the next page begins; empty at the end.
    pub next_offset: String,
    /// A button above them: its words, and what it starts the bot with.
    pub button: Option<(String, &'static str)>,
}

/// Seconds for which Telegram may give the same person the same answer again: prices change, and a word is typed letter by letter.
const OFFER_SECONDS: u32 = 30;

/// Answers an inline query. One that comes too late is worth nothing: it is dropped.
///
/// # Errors
/// Telegram refuses what is offered.
pub async fn offer(wire: &Wire, query_id: &str, offer: &Offer) -> Result<(), WireError> {
    let mut params = json!({
        "inline_query_id": query_id,
        "results": offer.results,
        "cache_time": OFFER_SECONDS,
        "is_personal": true,
        "next_offset": offer.next_offset,
    });
    if let Some((text, start)) = &offer.button {
        params["button"] = json!({ "text": text, "start_parameter": start });
    }
    match wire.call::<Value>("answerInlineQuery", &params, Patience::Wait).await {
        Err(error @ (WireError::Away(_) | WireError::Wait(_))) => {
            tracing::debug!(%error, "an inline query was not answered");
            Ok(())
        }
        Err(error) if error.says("query is too old") => {
            tracing::debug!(%error, "an inline query was answered too late");
            Ok(())
        }
        answer => answer.map(|_| ()),
    }
}

/// Answers a button press, with an alert when there is something to say.
///
/// # Errors
/// The Bot API is away. A query that is too old to be answered is no error.
pub async fn answer(wire: &Wire, query_id: &str, alert: Option<&str>) -> Result<(), WireError> {
    let mut params = json!({ "callback_query_id": query_id });
    if let Some(alert) = alert {
        params["text"] = json!(alert.chars().take(200).collect::<String>());
        params["show_alert"] = json!(true);
    }
    match wire.call::<Value>("answerCallbackQuery", &params, Patience::Wait).await {
        Err(error @ (WireError::Away(_) | WireError::Wait(_))) => Err(error),
        _ => Ok(()),
    }
}

/// Passes a message on without naming its sender, so that it cannot be forwarded or saved.
///
/// # Errors
/// [`WireError`].
pub async fn pass_on_protected(wire: &Wire, from_chat: i64, message_id: i32, to_chat: i64) -> Result<(), WireError> {
    let params = json!({ "chat_id": to_chat, "from_chat_id": from_chat, "message_id": message_id, "protect_content": true });
    wire.call::<Value>("copyMessage", &params, Patience::Wait).await.map(|_| ())
}

/// Takes a message away; answers whether it is gone. It stays when it is too old, or the bot may not delete what others wrote.
///
/// # Errors
/// The Bot API is away.
pub async fn delete(wire: &Wire, chat_id: i64, message_id: i32) -> Result<bool, WireError> {
    let params = json!({ "chat_id": chat_id, "message_id": message_id });
    match wire.call::<Value>("deleteMessage", &params, Patience::Wait).await {
        Ok(_) => Ok(true),
        Err(error) if error.says("not found") => Ok(true),
        Err(WireError::Refused { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The content of a file that somebody sent, of at most `limit` bytes.
///
/// # Errors
/// [`WireError`].
pub async fn download(wire: &Wire, file_id: &str, limit: usize) -> Result<Download, WireError> {
    let file: Value = match wire.call("getFile", &json!({ "file_id": file_id }), Patience::Wait).await {
        Err(error) if error.says("file is too big") => return Ok(Download::TooLargeForBots),
        Err(WireError::Refused { .. }) => return Ok(Download::Gone),
        file => file?,
    };
    let content = wire.download(file["file_path"].as_str().unwrap_or_default(), limit).await?;
    Ok(content.map_or(Download::TooLarge, Download::Content))
}

/// What became of a [`download`].
#[derive(Debug)]
pub enum Download {
    /// The file.
    Content(Vec<u8>),
    /// It is larger than the limit.
    TooLarge,
    /// Telegram gives no bot a file of that size.
    TooLargeForBots,
    /// Telegram knows no such file any more.
    Gone,
}

/// Who the bot is.
///
/// # Errors
/// [`WireError`].
pub async fn me(wire: &Wire) -> Result<Me, WireError> {
    wire.call("getMe", &json!({}), Patience::Tell).await
}

/// Whether the bot reads what is written in a group: it is an administrator there, or its privacy mode is off.
///
/// # Errors
/// [`WireError`].
pub async fn reads_group(wire: &Wire, me: &Me, chat_id: i64) -> Result<bool, WireError> {
    if me.can_read_all_group_messages {
        return Ok(true);
    }
    let params = json!({ "chat_id": chat_id, "user_id": me.id });
    let member: Value = wire.call("getChatMember", &params, Patience::Tell).await?;
    Ok(matches!(member["status"].as_str(), Some("administrator" | "creator")))
}

/// Takes polling over from a webhook that was set before; without one it changes nothing.
///
/// # Errors
/// [`WireError`].
pub async fn stop_webhook(wire: &Wire) -> Result<(), WireError> {
    wire.call::<Value>("deleteWebhook", &json!({}), Patience::Tell).await.map(|_| ())
}

/// Names the commands in Telegram's menu, for private chats or for one chat; for people whose app speaks `language`, or for all others.
///
/// # Errors
/// [`WireError`].
pub async fn name_commands(wire: &Wire, commands: &[(&str, String)], chat_id: Option<i64>, language: Option<&str>) -> Result<(), WireError> {
    let commands: Vec<Value> = commands.iter().map(|(command, description)| json!({ "command": command, "description": description })).collect();
    let scope = chat_id.map_or(json!({ "type": "all_private_chats" }), |id| json!({ "type": "chat", "chat_id": id }));
    let mut params = json!({ "commands": commands, "scope": scope });
    if let Some(language) = language {
        params["language_code"] = json!(language);
    }
    wire.call::<Value>("setMyCommands", &params, Patience::Tell).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::Me;

    #[test]
    fn only_a_bot_that_says_so_is_asked_inline() {
        for (said, inline) in [("", false), (r#", "supports_inline_queries": false"#, false), (r#", "supports_inline_queries": true"#, true)] {
            let me: Me = serde_json::from_str(&format!(r#"{{"id": 1, "username": "MelaBot"{said}}}"#)).unwrap();
            assert_eq!(me.is_asked_inline(), inline, "{said}");
        }
    }
}
