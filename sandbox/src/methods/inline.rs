//! `answerInlineQuery`, checked as Telegram checks it.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    inline::{Offer, Offered},
    keyboard,
    message::Content,
    params::Params,
    records::FileKind,
    refusal::Refusal,
    state::State,
    text,
};

/// The most results of one answer.
const RESULTS: usize = 50;
/// The most bytes of a result's id, and of an offset.
const BYTES: usize = 64;

pub(super) fn answer(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let query = params.text("inline_query_id").unwrap_or_default();
    let list = params.object("results", "inline query results")?.unwrap_or(Value::Null);
    let list = list.as_array().ok_or_else(|| Refusal::bad("expected an Array of inline query results"))?;
    if list.len() > RESULTS {
        return Err(Refusal::bad("RESULTS_TOO_MUCH"));
    }
    let results: Vec<Offered> = list.iter().map(|one| result(state, one)).collect::<Result<_, _>>()?;
    let mut ids = HashSet::new();
    if !results.iter().all(|one| ids.insert(one.id.as_str())) {
        return Err(Refusal::bad("RESULT_ID_DUPLICATE"));
    }
    let next_offset = params.text("next_offset").unwrap_or_default();
    if next_offset.len() > BYTES {
        return Err(Refusal::bad("NEXT_OFFSET_INVALID"));
    }
    let button = params.object("button", "inline query results button")?.map(|button| above(&button)).transpose()?;
    if !state.inline_waits(&query) {
        return Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"));
    }
    let cache_time = params.int("cache_time").unwrap_or(300);
    state.offer(Offer { query, results, next_offset, cache_time, is_personal: params.flag("is_personal"), button });
    Ok(json!(true))
}

fn result(state: &State, one: &Value) -> Result<Offered, Refusal> {
    let string = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let id = string("id");
    if id.is_empty() || id.len() > BYTES {
        return Err(Refusal::bad("RESULT_ID_INVALID"));
    }
    let content = match one["type"].as_str() {
        Some("article") if string("title").trim().is_empty() => return Err(Refusal::bad("ARTICLE_TITLE_EMPTY")),
        Some("article") => match &one["input_message_content"] {
            Value::Object(_) => words(&one["input_message_content"])?,
            _ => return Err(Refusal::bad("INPUT_MESSAGE_CONTENT_REQUIRED")),
        },
        Some("photo") if one["photo_file_id"].is_string() => {
            let file = string("photo_file_id");
            if state.file_behind(&file).is_none_or(|(stored, _)| stored.record.kind != FileKind::Photo) {
                return Err(Refusal::bad("wrong file identifier/HTTP URL specified"));
            }
            if one["input_message_content"].is_object() {
                words(&one["input_message_content"])?
            } else {
                let caption = text::from_parts(&string("caption"), one["parse_mode"].as_str(), None)?;
                text::check_caption(&caption)?;
                Content::Photo { file, caption }
            }
        }
        _ => return Err(Refusal::bad("can't parse inline query result: type of the result is not supported in the sandbox")),
    };
    let markup = keyboard::checked(Some(one["reply_markup"].clone()).filter(|markup| !markup.is_null()))?;
    keyboard::fits(markup.as_ref(), false)?;
    Ok(Offered { id, title: string("title"), description: string("description"), content, markup })
}

fn words(content: &Value) -> Result<Content, Refusal> {
    let Some(source) = content["message_text"].as_str() else {
        return Err(Refusal::bad("can't parse inline query result: message_text is not found"));
    };
    let entities = content.get("entities").filter(|value| !value.is_null()).cloned();
    let rich = text::from_parts(source, content["parse_mode"].as_str(), entities)?;
    text::check_message(&rich)?;
    Ok(Content::Text(rich))
}

fn above(button: &Value) -> Result<(String, String), Refusal> {
    let words = button["text"].as_str().unwrap_or_default();
    let start = button["start_parameter"].as_str().unwrap_or_default();
    if words.trim().is_empty() {
        return Err(Refusal::bad("SWITCH_PM_TEXT_EMPTY"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if start.is_empty() || start.len() > 64 || !start.chars().all(legal) {
        return Err(Refusal::bad("START_PARAM_INVALID"));
    }
    Ok((words.to_owned(), start.to_owned()))
}
