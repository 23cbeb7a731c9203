//! The Bot API's methods. All but `getUpdates` are one step under the lock.

mod chats;
mod edit;
mod inline;
mod send;
mod stars;
mod updates;

use serde_json::{Value, json};

use crate::{
    params::Params,
    records::{FileKind, Kind, Status},
    refusal::Refusal,
    state::State,
};

pub(crate) use updates::get_updates;

/// Does what the (lowercase) method says; `None` when there is no such method.
pub(crate) fn call(state: &mut State, method: &str, params: &Params) -> Option<Result<Value, Refusal>> {
    let answer = match method {
        "getme" => Ok(me(state)),
        "setwebhook" => updates::set_webhook(state, params),
        "deletewebhook" => updates::delete_webhook(state, params),
        "getwebhookinfo" => Ok(updates::webhook_info(state)),
        "sendmessage" => send::send_message(state, params),
        "sendphoto" => send::send_file(state, params, FileKind::Photo),
        "senddocument" => send::send_file(state, params, FileKind::Document),
        "sendinvoice" => stars::send_invoice(state, params),
        "answerprecheckoutquery" => stars::answer_checkout(state, params),
        "refundstarpayment" => stars::refund(state, params),
        "getmystarbalance" => Ok(json!({ "amount": state.star_balance() })),
        "copymessage" => send::copy_message(state, params),
        "editmessagetext" => edit::edit_text(state, params),
        "editmessagecaption" => edit::edit_caption(state, params),
        "editmessagereplymarkup" => edit::edit_markup(state, params),
        "editmessagemedia" => edit::edit_media(state, params),
        "deletemessage" => edit::delete_message(state, params),
        "deletemessages" => edit::delete_messages(state, params),
        "answercallbackquery" => chats::answer_query(state, params),
        "answerinlinequery" => inline::answer(state, params),
        "getfile" => chats::get_file(state, params),
        "getchat" => chats::get_chat(state, params),
        "getchatmember" => chats::get_member(state, params),
        "getchatadministrators" => chats::get_administrators(state, params),
        "getchatmembercount" => chats::count_members(state, params),
        "leavechat" => chats::leave(state, params),
        "sendchataction" => writable(state, params).map(|_| json!(true)),
        "setmycommands" => chats::set_commands(state, params),
        "getmycommands" => chats::get_commands(state, params),
        "deletemycommands" => chats::delete_commands(state, params),
        "setmydescription"
        | "setmyshortdescription"
        | "setmyname"
        | "setchatmenubutton"
        | "setmydefaultadministratorrights"
        | "pinchatmessage"
        | "unpinchatmessage"
        | "setmessagereaction"
        | "logout"
        | "close" => Ok(json!(true)),
        _ => return None,
    };
    Some(answer)
}

fn me(state: &State) -> Value {
    let mut me = state.bot_user();
    for (name, value) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", state.inline_mode),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        me[name] = value.into();
    }
    me
}

/// The chat that `name` (usually `chat_id`) says, if the bot may know it.
pub(crate) fn known(state: &State, params: &Params, name: &str) -> Result<i64, Refusal> {
    let said = params.text(name).filter(|text| !text.is_empty());
    let Some(said) = said else {
        return Err(Refusal::bad(format!("{name} is empty")));
    };
    let not_found = || Refusal::bad("chat not found");
    let id: i64 = said.trim().parse().map_err(|_| not_found())?;
    let chat = state.chats.get(&id).ok_or_else(not_found)?;
    if let Some(new) = chat.record.migrated_to {
        let moved = Refusal::bad("group chat was upgraded to a supergroup chat");
        return Err(moved.with(json!({ "migrate_to_chat_id": new })));
    }
    Ok(id)
}

/// The chat of the call, if the bot may write there.
pub(crate) fn writable(state: &State, params: &Params) -> Result<i64, Refusal> {
    let id = known(state, params, "chat_id")?;
    let Some(chat) = state.chats.get(&id) else {
        return Err(Refusal::bad("chat not found"));
    };
    if chat.record.kind != Kind::Private {
        return match chat.record.bot {
            Status::Left if chat.record.kind == Kind::Group => Err(Refusal::forbidden("bot is not a member of the group chat")),
            Status::Left => Err(Refusal::forbidden("bot is not a member of the supergroup chat")),
            Status::Creator | Status::Administrator | Status::Member => Ok(id),
        };
    }
    match state.people.get(&id) {
        None => Err(Refusal::bad("chat not found")),
        Some(person) if person.blocked => Err(Refusal::forbidden("bot was blocked by the user")),
        Some(person) if !person.wrote => Err(Refusal::forbidden("bot can't initiate conversation with a user")),
        Some(_) => Ok(id),
    }
}
