//! Texts: parsing them, trimming them, and the entities that Telegram finds by itself.

mod html;

use serde_json::{Value, json};

use crate::{message::Rich, params::Params, refusal::Refusal};

/// The text of a call after parsing; `name` is `text` or `caption`.
pub(crate) fn read(params: &Params, name: &str) -> Result<Rich, Refusal> {
    let source = params.text(name).unwrap_or_default();
    let (mode, list) = if name == "caption" { ("parse_mode", "caption_entities") } else { ("parse_mode", "entities") };
    let entities = params.object(list, "message entities")?;
    from_parts(&source, params.text(mode).as_deref(), entities)
}

/// The same from values that are already apart, as in `InputMedia`.
pub(crate) fn from_parts(source: &str, mode: Option<&str>, entities: Option<Value>) -> Result<Rich, Refusal> {
    let rich = match mode.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "none") => Rich { text: source.to_owned(), entities: explicit(source, entities)? },
        Some("html") => html::parse(source)?,
        Some(_) => return Err(Refusal::bad("unsupported parse_mode")),
    };
    Ok(detect(trim(rich)))
}

/// What a person typed: plain, with the entities that Telegram adds.
pub(crate) fn typed(text: &str) -> Rich {
    detect(trim(Rich { text: text.to_owned(), entities: Vec::new() }))
}

/// Refuses an empty text and one above 4096 characters.
pub(crate) fn check_message(rich: &Rich) -> Result<(), Refusal> {
    if rich.text.is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    if rich.text.chars().count() > 4096 {
        return Err(Refusal::bad("message is too long"));
    }
    Ok(())
}

/// Refuses a caption above 1024 characters.
pub(crate) fn check_caption(rich: &Rich) -> Result<(), Refusal> {
    if rich.text.chars().count() > 1024 {
        return Err(Refusal::bad("message caption is too long"));
    }
    Ok(())
}

/// A link in the form Telegram keeps it, or `None` when it is none.
pub(crate) fn link(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let known = ["http", "https", "tg", "ton", "tonsite", "ftp"];
    if !known.contains(&scheme.to_ascii_lowercase().as_str()) {
        return None;
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(char::is_whitespace) {
        return None;
    }
    if scheme.starts_with("http") && !host.contains('.') && !host.starts_with("localhost") {
        return None;
    }
    let slash = if host.len() == rest.len() && scheme.starts_with("http") { "/" } else { "" };
    Some(format!("{scheme}://{rest}{slash}"))
}

fn explicit(text: &str, entities: Option<Value>) -> Result<Vec<Value>, Refusal> {
    let Some(entities) = entities else {
        return Ok(Vec::new());
    };
    let list = entities.as_array().ok_or_else(|| Refusal::bad("can't parse entities: expected an Array"))?;
    let length = utf16(text);
    let mut kept = Vec::new();
    for entity in list {
        let number = |name: &str| entity[name].as_u64().and_then(|n| usize::try_from(n).ok());
        let (Some(offset), Some(size)) = (number("offset"), number("length")) else {
            return Err(Refusal::bad("can't parse entities: offset and length must be numbers"));
        };
        if !entity["type"].is_string() {
            return Err(Refusal::bad("can't parse entities: Can't find field \"type\""));
        }
        if size > 0 && offset < length {
            let mut entity = entity.clone();
            entity["length"] = size.min(length - offset).into();
            kept.push(entity);
        }
    }
    Ok(kept)
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Takes the white space off both ends and moves the entities along.
fn trim(rich: Rich) -> Rich {
    let cut_front = utf16(&rich.text) - utf16(rich.text.trim_start());
    let text = rich.text.trim().to_owned();
    let length = utf16(&text);
    if cut_front == 0 && text.len() == rich.text.len() {
        return rich;
    }
    let mut entities = Vec::new();
    for mut entity in rich.entities {
        let number = |name: &str| {
            let number = entity[name].as_u64().unwrap_or_default();
            usize::try_from(number).unwrap_or_default()
        };
        let from = number("offset").saturating_sub(cut_front);
        let to = (number("offset") + number("length")).saturating_sub(cut_front).min(length);
        if to > from {
            entity["offset"] = from.into();
            entity["length"] = (to - from).into();
            entities.push(entity);
        }
    }
    Rich { text, entities }
}

/// Adds the commands, mentions, hashtags and links that nobody marked.
fn detect(mut rich: Rich) -> Rich {
    if !rich.text.contains(['/', '@', '#', '.']) {
        return rich;
    }
    let taken: Vec<(usize, usize)> = rich
        .entities
        .iter()
        .filter(|entity| matches!(entity["type"].as_str(), Some("code" | "pre" | "text_link" | "url" | "bot_command" | "mention")))
        .filter_map(|entity| {
            let offset = usize::try_from(entity["offset"].as_u64()?).ok()?;
            let length = usize::try_from(entity["length"].as_u64()?).ok()?;
            Some((offset, offset + length))
        })
        .collect();
    let mut offset = 0;
    for word in rich.text.split_inclusive(char::is_whitespace) {
        let start = offset;
        offset += utf16(word);
        let (before, core) = strip(word);
        let Some((kind, length)) = kind_of(core) else {
            continue;
        };
        let from = start + utf16(before);
        let to = from + length;
        if taken.iter().all(|(a, b)| to <= *a || from >= *b) {
            rich.entities.push(json!({"type": kind, "offset": from, "length": length}));
        }
    }
    rich.entities.sort_by_key(|entity| entity["offset"].as_u64().unwrap_or_default());
    rich
}

/// Opening and closing punctuation of a word set apart from it.
fn strip(word: &str) -> (&str, &str) {
    let inner = word.trim_start_matches(['(', '[', '"', '\'', '«', ',', ':']);
    let before = &word[..word.len() - inner.len()];
    let core = inner.trim_end().trim_end_matches(['.', ',', '!', '?', ')', ']', ';', ':', '"', '\'', '»', '…']);
    (before, core)
}

fn kind_of(word: &str) -> Option<(&'static str, usize)> {
    let name_length = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
    if let Some(rest) = word.strip_prefix('/') {
        let name = name_length(rest);
        if !(1..=64).contains(&name) || rest[name..].starts_with('/') {
            return None;
        }
        let bot = rest[name..].strip_prefix('@').map_or(0, name_length);
        let at = if bot >= 3 { bot + 1 } else { 0 };
        return Some(("bot_command", 1 + name + at));
    }
    if let Some(rest) = word.strip_prefix('@') {
        let name = name_length(rest);
        return (4..=32).contains(&name).then_some(("mention", name + 1));
    }
    if let Some(rest) = word.strip_prefix('#') {
        let tag: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let named = tag.chars().any(char::is_alphabetic);
        return named.then(|| ("hashtag", 1 + utf16(&tag)));
    }
    let bare = word.starts_with("t.me/") || word.starts_with("www.");
    let full = word.starts_with("http://") || word.starts_with("https://");
    let found = (bare || full) && link(word).is_some();
    found.then(|| ("url", utf16(word)))
}
