//! New messages of the bot.

use serde_json::{Value, json};

use super::{known, writable};
use crate::{
    keyboard,
    message::{Content, Message, Rich},
    params::{Params, Upload},
    picture,
    records::FileKind,
    refusal::Refusal,
    state::State,
    text,
};

/// The most bytes of a photo that is uploaded.
const PHOTO_LIMIT: usize = 10 * 1024 * 1024;

pub(super) fn send_message(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let rich = text::read(params, "text")?;
    text::check_message(&rich)?;
    let draft = Draft::read(state, params)?;
    let message = draft.post(state, Content::Text(rich));
    Ok(state.message_object(&message))
}

pub(super) fn send_file(state: &mut State, params: &Params, kind: FileKind) -> Result<Value, Refusal> {
    let name = if kind == FileKind::Photo { "photo" } else { "document" };
    let caption = text::read(params, "caption")?;
    text::check_caption(&caption)?;
    let draft = Draft::read(state, params)?;
    let file = input_file(state, params, name, params.text(name), kind)?;
    let message = draft.post(state, with_caption(kind, file, caption));
    Ok(state.message_object(&message))
}

pub(super) fn copy_message(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let draft = Draft::read(state, params)?;
    let from = known(state, params, "from_chat_id")?;
    let id = message_id(params)?;
    let original = state.message(from, id);
    let original = original.ok_or_else(|| Refusal::bad("message to copy not found"))?;
    if original.protected && original.from != state.bot_id {
        return Err(Refusal::bad("message can't be copied"));
    }
    let mut content = original.content.clone();
    match &mut content {
        Content::Service(_) | Content::Invoice(_) => return Err(Refusal::bad("message can't be copied")),
        Content::Photo { caption, .. } | Content::Document { caption, .. } if params.has("caption") => {
            *caption = text::read(params, "caption")?;
            text::check_caption(caption)?;
        }
        _ => {}
    }
    let message = draft.post(state, content);
    Ok(json!({ "message_id": message.id }))
}

/// What every send method takes besides its content.
pub(super) struct Draft {
    chat: i64,
    pub(super) markup: Option<Value>,
    reply_to: Option<i64>,
    protected: bool,
}

impl Draft {
    pub(super) fn read(state: &State, params: &Params) -> Result<Draft, Refusal> {
        let markup = keyboard::read(params)?;
        let chat = writable(state, params)?;
        keyboard::fits(markup.as_ref(), chat > 0)?;
        Ok(Draft { chat, markup, reply_to: reply_target(state, params, chat)?, protected: params.flag("protect_content") })
    }

    pub(super) fn post(self, state: &mut State, content: Content) -> Message {
        let message = Message {
            id: state.take_message_id(),
            chat: self.chat,
            from: state.bot_id,
            date: state.now().timestamp(),
            edit_date: None,
            content,
            markup: self.markup,
            reply_to: self.reply_to,
            protected: self.protected,
            via_bot: false,
        };
        state.show(message.clone());
        message
    }
}

fn reply_target(state: &State, params: &Params, chat: i64) -> Result<Option<i64>, Refusal> {
    let reply = params.object("reply_parameters", "reply parameters")?;
    let (id, lenient) = match &reply {
        Some(reply) => (reply["message_id"].as_i64(), reply["allow_sending_without_reply"] == true),
        None => (params.int("reply_to_message_id"), params.flag("allow_sending_without_reply")),
    };
    match id {
        Some(id) if state.message(chat, id).is_some() => Ok(Some(id)),
        Some(_) if !lenient => Err(Refusal::bad("message to be replied not found")),
        _ => Ok(None),
    }
}

pub(super) fn message_id(params: &Params) -> Result<i64, Refusal> {
    params.int("message_id").ok_or_else(|| Refusal::bad("message identifier is not specified"))
}

pub(super) fn with_caption(kind: FileKind, file: String, caption: Rich) -> Content {
    match kind {
        FileKind::Photo => Content::Photo { file, caption },
        FileKind::Document => Content::Document { file, caption },
        FileKind::Sticker => Content::Sticker { file },
    }
}

/// The `file_id` of what a field gives: an upload, `attach://name`, or a known `file_id`.
pub(super) fn input_file(state: &mut State, params: &Params, field: &str, value: Option<String>, kind: FileKind) -> Result<String, Refusal> {
    let value = value.unwrap_or_default();
    let attached = value.strip_prefix("attach://");
    if let Some(upload) = params.file(attached.unwrap_or(field)) {
        check_upload(upload, kind)?;
        let name = (kind == FileKind::Document).then(|| upload.name.clone());
        return Ok(state.add_file(kind, name, upload.bytes.clone()));
    }
    if value.is_empty() {
        return Err(Refusal::bad(format!("there is no {field} in the request")));
    }
    if value.starts_with("http://") || value.starts_with("https://") {
        // The sandbox reaches nobody.
        return Err(Refusal::bad("failed to get HTTP URL content"));
    }
    let Some((stored, _)) = state.file_behind(&value).filter(|_| attached.is_none()) else {
        return Err(Refusal::bad("wrong file identifier/HTTP URL specified"));
    };
    if stored.record.kind != kind {
        return Err(Refusal::bad(format!("can't use file of type {:?} as {kind:?}", stored.record.kind)));
    }
    Ok(stored.record.id.clone())
}

fn check_upload(upload: &Upload, kind: FileKind) -> Result<(), Refusal> {
    if upload.bytes.is_empty() {
        return Err(Refusal::bad("file must be non-empty"));
    }
    if kind != FileKind::Photo {
        return Ok(());
    }
    if upload.bytes.len() > PHOTO_LIMIT {
        return Err(Refusal::too_large());
    }
    let (width, height) = picture::size(&upload.bytes).ok_or_else(|| Refusal::bad("IMAGE_PROCESS_FAILED"))?;
    let (long, short) = (width.max(height), width.min(height));
    if short == 0 || width.saturating_add(height) > 10_000 || long / short > 20 {
        return Err(Refusal::bad("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}
