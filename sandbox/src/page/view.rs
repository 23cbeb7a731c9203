//! What the page draws, as JSON.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State as Shared},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Core,
    message::Message,
    records::{Kind, Status},
    state::State,
};

/// How many messages of a chat are drawn.
const MESSAGES: usize = 100;
/// How many people are offered at each end of the list; a page is no place for five thousand.
const PEOPLE: usize = 150;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    since: Option<u64>,
    #[serde(default)]
    person: Option<i64>,
    #[serde(default)]
    group: Option<i64>,
}

/// Everything that is on the page, unless nothing changed since the version it has.
pub(super) async fn state(Shared(core): Shared<Arc<Core>>, Query(wanted): Query<Wanted>) -> Json<Value> {
    let state = core.lock();
    let now = state.now().to_rfc3339();
    if wanted.since == Some(state.version) {
        return Json(json!({"version": state.version, "now": now, "same": true}));
    }
    let people: Vec<Value> = state
        .people
        .values()
        .enumerate()
        // The host's own and the newest.
        .filter(|(at, _)| *at < PEOPLE || at + PEOPLE >= state.people.len())
        .map(|(_, person)| {
            json!({
                "id": person.id, "name": person.first_name, "username": person.username,
                "blocked": person.blocked, "stars": person.stars,
            })
        })
        .collect();
    let groups: Vec<Value> = state
        .chats
        .values()
        .filter(|chat| chat.record.kind != Kind::Private && chat.record.migrated_to.is_none())
        .map(|chat| {
            let members = &chat.record.members;
            let owner = members.iter().find(|(_, status)| **status == Status::Creator);
            json!({
                "id": chat.record.id, "title": chat.record.title,
                "members": members.keys().collect::<Vec<_>>(),
                "owner": owner.map(|(id, _)| id),
            })
        })
        .collect();
    let chat = |id: Option<i64>| id.map(|id| messages(&state, id)).unwrap_or_default();
    Json(json!({
        "version": state.version,
        "now": now,
        "bot": state.bot_username,
        "can_advance": core.advance.is_some(),
        "has_panel": core.panel.is_some(),
        "people": people,
        "groups": groups,
        "person_chat": chat(wanted.person),
        "group_chat": chat(wanted.group),
    }))
}

fn messages(state: &State, chat: i64) -> Vec<Value> {
    let newest = state.history(chat).rev().take(MESSAGES);
    let mut drawn: Vec<Value> = newest.map(|message| drawn(state, message)).collect();
    drawn.reverse();
    drawn
}

fn drawn(state: &State, message: &Message) -> Value {
    let seen = state.seen(message);
    let from = state.people.get(&message.from);
    let file = message.content.file();
    let buttons: Vec<Vec<Value>> = seen
        .buttons
        .iter()
        .map(|row| {
            let button = |button: &crate::Button| {
                json!({
                    "caption": button.caption, "data": button.data, "url": button.url, "web_app": button.web_app,
                    "copy": button.copy, "inline": button.inline, "pay": button.pay,
                })
            };
            row.iter().map(button).collect()
        })
        .collect();
    json!({
        "id": message.id,
        "chat": message.chat,
        "bot": seen.from_bot,
        "from": from.map(|person| &person.first_name),
        "from_id": message.from,
        "date": message.date,
        "edited": seen.edited,
        "protected": seen.protected,
        "text": seen.text,
        "entities": seen.entities,
        "photo": file.filter(|_| seen.photo),
        "document": file.filter(|_| seen.document),
        "file_name": seen.file_name,
        "reply_to": seen.reply_to,
        "buttons": buttons,
    })
}
