//! Reply markups: what Telegram takes, and what it refuses.

use serde_json::{Map, Value, json};

use crate::{params::Params, refusal::Refusal};

/// Actions that a button may have besides the four checked closely.
const OTHER_ACTIONS: [&str; 6] = [
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
];

/// The checked inline keyboard of a call; other kinds of markup are taken and show nothing.
pub(crate) fn read(params: &Params) -> Result<Option<Value>, Refusal> {
    checked(params.object("reply_markup", "reply keyboard markup")?)
}

/// The same of a markup that is part of something else.
pub(crate) fn checked(markup: Option<Value>) -> Result<Option<Value>, Refusal> {
    let Some(markup) = markup else {
        return Ok(None);
    };
    let Some(markup) = markup.as_object() else {
        return Err(Refusal::bad("object expected as reply markup"));
    };
    let Some(rows) = markup.get("inline_keyboard") else {
        let known = ["keyboard", "remove_keyboard", "force_reply"];
        if markup.is_empty() || known.iter().any(|key| markup.contains_key(*key)) {
            return Ok(None);
        }
        return Err(Refusal::bad("reply markup must be one of the documented kinds"));
    };
    let rows = rows.as_array().ok_or_else(|| Refusal::bad("field \"inline_keyboard\" must be of type Array"))?;
    let mut kept = Vec::new();
    let mut count = 0;
    for row in rows {
        let row = row.as_array().ok_or_else(|| Refusal::bad("inline keyboard rows must be of type Array"))?;
        let row: Vec<Value> = row.iter().map(button).collect::<Result<_, _>>()?;
        count += row.len();
        if !row.is_empty() {
            kept.push(Value::Array(row));
        }
    }
    if count > 100 {
        return Err(Refusal::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok((!kept.is_empty()).then(|| json!({ "inline_keyboard": kept })))
}

fn button(button: &Value) -> Result<Value, Refusal> {
    let parse = |why: &str| Refusal::bad(format!("can't parse inline keyboard button: {why}"));
    let fields = button.as_object().ok_or_else(|| parse("InlineKeyboardButton must be an Object"))?;
    let text = string(fields, "text").ok_or_else(|| parse("Can't find field \"text\""))?.trim();
    if text.is_empty() {
        return Err(parse("Button text must be non-empty"));
    }
    let mut kept = Map::new();
    kept.insert("text".into(), text.into());
    if let Some(data) = string(fields, "callback_data") {
        if data.is_empty() || data.len() > 64 {
            return Err(Refusal::bad("BUTTON_DATA_INVALID"));
        }
        kept.insert("callback_data".into(), data.into());
    } else if let Some(url) = string(fields, "url") {
        kept.insert("url".into(), checked_url(url)?.into());
    } else if let Some(app) = fields.get("web_app").filter(|value| !value.is_null()) {
        let url = app.get("url").and_then(Value::as_str).ok_or_else(|| parse("Can't find field \"url\""))?;
        kept.insert("web_app".into(), json!({ "url": checked_web_app(url)? }));
    } else if let Some(copy) = fields.get("copy_text").filter(|value| !value.is_null()) {
        let text = copy.get("text").and_then(Value::as_str).unwrap_or_default();
        if !(1..=256).contains(&text.chars().count()) {
            return Err(Refusal::bad("BUTTON_COPY_TEXT_INVALID"));
        }
        kept.insert("copy_text".into(), json!({ "text": text }));
    } else if let Some(action) = OTHER_ACTIONS.iter().find(|key| fields.contains_key(**key)) {
        kept.insert((*action).into(), fields[*action].clone());
    } else {
        return Err(parse("Text buttons are unallowed in the inline keyboard"));
    }
    // Bot API 9.4: the look of a button travels with it.
    for look in ["style", "icon_custom_emoji_id"] {
        if let Some(value) = fields.get(look) {
            kept.insert(look.into(), value.clone());
        }
    }
    Ok(Value::Object(kept))
}

/// Mini Apps are opened from private chats only.
pub(crate) fn fits(markup: Option<&Value>, private: bool) -> Result<(), Refusal> {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array()).into_iter().flatten();
    let mut buttons = rows.filter_map(Value::as_array).flatten();
    if !private && buttons.any(|button| button.get("web_app").is_some()) {
        return Err(Refusal::bad("BUTTON_TYPE_INVALID"));
    }
    Ok(())
}

fn checked_web_app(url: &str) -> Result<String, Refusal> {
    let https = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if !https {
        return Err(Refusal::bad(format!("inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")));
    }
    checked_url(url).map_err(|_| Refusal::bad(format!("inline keyboard button Web App URL '{url}' is invalid: Wrong HTTP URL")))
}

fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

fn checked_url(url: &str) -> Result<String, Refusal> {
    let invalid = |why: &str| Refusal::bad(format!("inline keyboard button URL '{url}' is invalid: {why}"));
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("http".to_owned(), url),
    };
    if !matches!(scheme.as_str(), "http" | "https" | "tg" | "ton" | "tonsite") {
        return Err(invalid("Unsupported URL protocol"));
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(char::is_whitespace) {
        return Err(invalid("Wrong HTTP URL"));
    }
    if scheme.starts_with("http") && !host.contains('.') && !host.starts_with("localhost") {
        return Err(invalid("Wrong HTTP URL"));
    }
    Ok(if url.contains("://") { url.to_owned() } else { format!("http://{url}/") })
}
