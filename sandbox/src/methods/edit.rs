//! Changing and deleting messages.

use serde_json::{Value, json};

use super::{
    known,
    send::{input_file, message_id, with_caption},
    writable,
};
use crate::{
    journal::Change,
    keyboard,
    message::{Content, Message},
    params::Params,
    records::{FileKind, Kind, Status},
    refusal::Refusal,
    state::State,
    text,
};

const SAME: &str = "message is not modified: specified new message content and reply markup are \
     exactly the same as a current content and reply markup of the message";

/// In private chats a message can be taken back for two days.
const DELETABLE_SECONDS: i64 = 48 * 3600;

pub(super) fn edit_text(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let rich = text::read(params, "text")?;
    text::check_message(&rich)?;
    let markup = keyboard::read(params)?;
    let mut message = own(state, params)?;
    if !matches!(message.content, Content::Text(_)) {
        return Err(Refusal::bad("there is no text in the message to edit"));
    }
    message.content = Content::Text(rich);
    message.markup = markup;
    replace(state, message)
}

pub(super) fn edit_caption(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let rich = text::read(params, "caption")?;
    text::check_caption(&rich)?;
    let markup = keyboard::read(params)?;
    let mut message = own(state, params)?;
    match &mut message.content {
        Content::Photo { caption, .. } | Content::Document { caption, .. } => *caption = rich,
        Content::Text(_) | Content::Sticker { .. } | Content::Invoice(_) | Content::Service(_) => {
            return Err(Refusal::bad("there is no caption in the message to edit"));
        }
    }
    message.markup = markup;
    replace(state, message)
}

pub(super) fn edit_markup(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let markup = keyboard::read(params)?;
    let mut message = own(state, params)?;
    message.markup = markup;
    replace(state, message)
}

pub(super) fn edit_media(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let media = params.object("media", "input media")?.ok_or_else(|| Refusal::bad("input media is not specified"))?;
    let string = |name: &str| media[name].as_str().map(str::to_owned);
    let kind = match media["type"].as_str() {
        Some("photo") => FileKind::Photo,
        Some("document") => FileKind::Document,
        _ => return Err(Refusal::bad("type of the input media is not supported")),
    };
    let caption = text::from_parts(
        &string("caption").unwrap_or_default(),
        string("parse_mode").as_deref(),
        media.get("caption_entities").filter(|value| !value.is_null()).cloned(),
    )?;
    text::check_caption(&caption)?;
    let markup = keyboard::read(params)?;
    let mut message = own(state, params)?;
    let file = input_file(state, params, "media", string("media"), kind)?;
    message.content = with_caption(kind, file, caption);
    message.markup = markup;
    replace(state, message)
}

/// The message of the call, if it is the bot's own.
fn own(state: &State, params: &Params) -> Result<Message, Refusal> {
    if params.has("inline_message_id") {
        return Err(Refusal::bad("MESSAGE_ID_INVALID"));
    }
    let chat = writable(state, params)?;
    let message = state.message(chat, message_id(params)?);
    let message = message.ok_or_else(|| Refusal::bad("message to edit not found"))?;
    if message.from != state.bot_id || matches!(message.content, Content::Service(_)) {
        return Err(Refusal::bad("message can't be edited"));
    }
    Ok(message.clone())
}

fn replace(state: &mut State, mut message: Message) -> Result<Value, Refusal> {
    keyboard::fits(message.markup.as_ref(), message.chat > 0)?;
    let current = state.message(message.chat, message.id);
    if current.is_some_and(|current| current.content == message.content && current.markup == message.markup) {
        return Err(Refusal::bad(SAME));
    }
    message.edit_date = Some(state.now().timestamp());
    state.show(message.clone());
    Ok(state.message_object(&message))
}

pub(super) fn delete_message(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let id = message_id(params)?;
    delete(state, chat, id)?;
    Ok(json!(true))
}

pub(super) fn delete_messages(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let ids = params.object("message_ids", "message identifiers")?;
    let ids: Vec<i64> = ids
        .and_then(|ids| serde_json::from_value(ids).ok())
        .filter(|ids: &Vec<i64>| (1..=100).contains(&ids.len()))
        .ok_or_else(|| Refusal::bad("message identifiers are not specified"))?;
    for id in ids {
        // What cannot be found is skipped, as Telegram does.
        let _skipped = delete(state, chat, id);
    }
    Ok(json!(true))
}

fn delete(state: &mut State, chat: i64, id: i64) -> Result<(), Refusal> {
    let message = state.message(chat, id);
    let message = message.ok_or_else(|| Refusal::bad("message to delete not found"))?;
    let age = state.now().timestamp() - message.date;
    let record = state.chats.get(&chat).map(|chat| &chat.record);
    let allowed = record.is_some_and(|record| match record.kind {
        Kind::Private => age < DELETABLE_SECONDS,
        Kind::Group | Kind::Supergroup => record.bot == Status::Administrator || (message.from == state.bot_id && age < DELETABLE_SECONDS),
    });
    if !allowed {
        return Err(Refusal::bad("message can't be deleted for everyone"));
    }
    let line = format!("(deleted) {}", state.seen(message).text);
    state.tell(chat, state.bot_id, line, Vec::new());
    state.commit(Change::Deleted { chat, id });
    Ok(())
}
