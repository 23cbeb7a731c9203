//! Chats, members, callback answers, files and commands.

use serde_json::{Value, json};

use super::known;
use crate::{
    journal::Change,
    params::Params,
    picture,
    records::{Answer, Kind, Status},
    refusal::Refusal,
    state::State,
};

/// The most bytes that `getFile` gives out.
const DOWNLOAD_LIMIT: usize = 20 * 1024 * 1024;

pub(super) fn answer_query(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let id = params.text("callback_query_id").unwrap_or_default();
    let text = params.text("text").filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let query = match state.queries.get(&id) {
        Some((query, _)) if query.answer.is_none() => query.clone(),
        _ => {
            return Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"));
        }
    };
    let show_alert = params.flag("show_alert");
    if let Some(text) = &text {
        let kind = if show_alert { "alert" } else { "notice" };
        let line = format!("({kind}) {text}");
        state.tell(query.chat, state.bot_id, line, Vec::new());
    }
    let query = crate::records::Query { answer: Some(Answer { text, show_alert }), ..query };
    state.commit(Change::Query { id, query });
    Ok(json!(true))
}

pub(super) fn get_file(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let id = params.text("file_id").unwrap_or_default();
    if id.is_empty() {
        return Err(Refusal::bad("file_id not specified"));
    }
    let (stored, thumbnail) = state.file_behind(&id).ok_or_else(|| Refusal::bad("invalid file_id"))?;
    if stored.record.size > DOWNLOAD_LIMIT {
        return Err(Refusal::bad("file is too big"));
    }
    let (size, suffix) = if thumbnail { (picture::POINT.len(), "s") } else { (stored.record.size, "") };
    Ok(json!({
        "file_id": id,
        "file_unique_id": format!("{}{suffix}", stored.record.unique_id),
        "file_size": size,
        "file_path": format!("files/{id}"),
    }))
}

pub(super) fn get_chat(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let id = known(state, params, "chat_id")?;
    let mut chat = state.chat_object(id);
    chat["accent_color_id"] = 0.into();
    chat["max_reaction_count"] = 11.into();
    chat["accepted_gift_types"] = json!({
        "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
        "premium_subscription": false,
    });
    Ok(chat)
}

pub(super) fn get_member(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let user = params.int("user_id").ok_or_else(|| Refusal::bad("invalid user_id specified"))?;
    let record = state.chats.get(&chat).map(|chat| &chat.record);
    let Some(record) = record else {
        return Err(Refusal::bad("chat not found"));
    };
    let status = if user == state.bot_id {
        record.bot
    } else if !state.people.contains_key(&user) {
        return Err(Refusal::bad("PARTICIPANT_ID_INVALID"));
    } else if record.kind == Kind::Private && user == chat {
        Status::Member
    } else {
        record.members.get(&user).copied().unwrap_or(Status::Left)
    };
    Ok(state.member_object(state.user(user), status))
}

pub(super) fn get_administrators(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let record = state.chats.get(&chat).map(|chat| &chat.record);
    let Some(record) = record.filter(|record| record.kind != Kind::Private) else {
        return Err(Refusal::bad("there are no administrators in the private chat"));
    };
    let leads = |status: Status| matches!(status, Status::Creator | Status::Administrator);
    let mut found: Vec<Value> = record
        .members
        .iter()
        .filter(|(_, status)| leads(**status))
        .map(|(id, status)| state.member_object(state.user(*id), *status))
        .collect();
    if leads(record.bot) {
        found.push(state.member_object(state.bot_user(), record.bot));
    }
    Ok(Value::Array(found))
}

pub(super) fn count_members(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let record = state.chats.get(&chat).map(|chat| &chat.record);
    let count = record.map_or(0, |record| match record.kind {
        Kind::Private => 2,
        Kind::Group | Kind::Supergroup => record.members.len() + usize::from(record.bot != Status::Left),
    });
    Ok(json!(count))
}

pub(super) fn leave(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let chat = known(state, params, "chat_id")?;
    let record = state.chats.get(&chat).map(|chat| chat.record.clone());
    match record {
        Some(mut record) if record.kind != Kind::Private => {
            record.bot = Status::Left;
            state.commit(Change::Chat(record));
            Ok(json!(true))
        }
        _ => Err(Refusal::bad("chat member status can't be changed in private chats")),
    }
}

pub(super) fn set_commands(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let list = params.object("commands", "bot commands")?;
    let list = list.unwrap_or_else(|| json!([]));
    let Some(commands) = list.as_array().filter(|list| list.len() <= 100) else {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    };
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default();
        let name = name.strip_prefix('/').unwrap_or(name);
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > 32 || !name.chars().all(legal) {
            return Err(Refusal::bad("BOT_COMMAND_INVALID"));
        }
        let words = command["description"].as_str().unwrap_or_default();
        if !(1..=256).contains(&words.chars().count()) {
            return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    let scope = scope(state, params)?;
    state.commit(Change::Commands { scope, list });
    Ok(json!(true))
}

pub(super) fn get_commands(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let scope = scope(state, params)?;
    let list = state.commands.get(&scope).cloned();
    Ok(list.unwrap_or_else(|| json!([])))
}

pub(super) fn delete_commands(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let scope = scope(state, params)?;
    let list = json!([]);
    state.commit(Change::Commands { scope, list });
    Ok(json!(true))
}

/// Scope and language as one key; a chat that is named must be there.
fn scope(state: &State, params: &Params) -> Result<String, Refusal> {
    let scope = params.object("scope", "bot command scope")?;
    let scope = scope.unwrap_or_else(|| json!({"type": "default"}));
    if let Some(chat) = scope["chat_id"].as_i64()
        && !state.chats.contains_key(&chat)
    {
        return Err(Refusal::bad("chat not found"));
    }
    let kind = scope["type"].as_str().unwrap_or("default");
    let language = params.text("language_code").unwrap_or_default();
    let (chat, user) = (&scope["chat_id"], &scope["user_id"]);
    Ok(format!("{kind} {chat} {user} {language}"))
}
