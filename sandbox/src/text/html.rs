//! `parse_mode=HTML`, read the way Telegram's own parser reads it, with its error texts.

use serde_json::{Value, json};

use crate::{message::Rich, refusal::Refusal};

const TAGS: [&str; 14] = ["a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "span", "pre", "code"];

struct Open {
    tag: String,
    argument: String,
    /// UTF-16 units, as entities count.
    offset: usize,
    /// Bytes of the result.
    begin: usize,
}

struct Parser<'a> {
    bytes: &'a [u8],
    source: &'a str,
    at: usize,
    text: String,
    utf16: usize,
    open: Vec<Open>,
    entities: Vec<Value>,
}

/// Plain text and entities of an HTML text.
pub(crate) fn parse(source: &str) -> Result<Rich, Refusal> {
    let mut parser = Parser { bytes: source.as_bytes(), source, at: 0, text: String::new(), utf16: 0, open: Vec::new(), entities: Vec::new() };
    parser.run().map_err(|why| {
        let why = why.trim_end();
        Refusal::bad(format!("can't parse entities: {why}"))
    })?;
    parser.entities.sort_by_key(|entity| {
        let number = |name: &str| entity[name].as_u64().unwrap_or_default();
        (number("offset"), std::cmp::Reverse(number("length")))
    });
    Ok(Rich { text: parser.text, entities: parser.entities })
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(c) = self.source[self.at..].chars().next() {
            if c == '<' {
                let begin = self.at;
                self.at += 1;
                if self.peek() == Some(b'/') {
                    self.end_tag(begin)?;
                } else {
                    self.start_tag(begin)?;
                }
            } else {
                let (c, length) = reference(&self.source[self.at..]).unwrap_or((c, c.len_utf8()));
                self.at += length;
                self.utf16 += c.len_utf16();
                self.text.push(c);
            }
        }
        match self.open.last() {
            Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
            None => Ok(()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Moves on while the bytes are such, and gives what was passed.
    fn take(&mut self, wanted: impl Fn(u8) -> bool) -> &str {
        let from = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        &self.source[from..self.at]
    }

    fn start_tag(&mut self, begin: usize) -> Result<(), String> {
        let tag = self.take(|c| !is_space(c) && c != b'>').to_ascii_lowercase();
        if self.peek().is_none() {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        if !TAGS.contains(&tag.as_str()) && tag != "blockquote" && tag != "tg-emoji" {
            return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
        }
        let argument = self.attributes(&tag, begin)?;
        if tag == "span" && argument != "spoiler" {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        self.open.push(Open { tag, argument, offset: self.utf16, begin: self.text.len() });
        Ok(())
    }

    /// Reads up to and with `>`; what is worth keeping of the attributes comes back.
    fn attributes(&mut self, tag: &str, begin: usize) -> Result<String, String> {
        let unclosed = || format!("Unclosed start tag \"{tag}\" at byte offset {begin}");
        let mut argument = String::new();
        loop {
            self.take(is_space);
            match self.peek() {
                None => return Err(unclosed()),
                Some(b'>') => {
                    self.at += 1;
                    return Ok(argument);
                }
                Some(_) => {}
            }
            let name = self.take(|c| !is_space(c) && !matches!(c, b'=' | b'>' | b'/' | b'"' | b'\'')).to_owned();
            if name.is_empty() {
                return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
            }
            self.take(is_space);
            let mut value = String::new();
            if self.peek() == Some(b'=') {
                self.at += 1;
                self.take(is_space);
                value = self.attribute_value(&unclosed)?;
            } else if self.peek().is_none() {
                return Err(unclosed());
            }
            match (tag, name.as_str()) {
                ("a", "href") | ("tg-emoji", "emoji-id") => argument = value,
                ("code", "class") if value.starts_with("language-") => {
                    value[9..].clone_into(&mut argument);
                }
                ("span", "class") if value.starts_with("tg-") => {
                    value[3..].clone_into(&mut argument);
                }
                ("blockquote", "expandable") => "1".clone_into(&mut argument),
                _ => {}
            }
        }
    }

    fn attribute_value(&mut self, unclosed: &impl Fn() -> String) -> Result<String, String> {
        let quote = match self.peek() {
            None => return Err(unclosed()),
            Some(c @ (b'"' | b'\'')) => c,
            Some(_) => {
                let begin = self.at;
                let token = self.take(|c| c.is_ascii_alphanumeric() || c == b'.' || c == b'-').to_ascii_lowercase();
                return match self.peek() {
                    None => Err(unclosed()),
                    Some(c) if is_space(c) || c == b'>' => Ok(token),
                    Some(_) => Err(format!("Unexpected end of name token at byte offset {begin}")),
                };
            }
        };
        self.at += 1;
        let mut value = String::new();
        while let Some(c) = self.source[self.at..].chars().next() {
            if c == char::from(quote) {
                self.at += 1;
                return Ok(value);
            }
            let (c, length) = reference(&self.source[self.at..]).unwrap_or((c, c.len_utf8()));
            self.at += length;
            value.push(c);
        }
        Err(unclosed())
    }

    fn end_tag(&mut self, begin: usize) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        self.at += 1;
        let found = self.take(|c| !is_space(c) && c != b'>').to_ascii_lowercase();
        self.take(is_space);
        if self.peek() != Some(b'>') {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !found.is_empty() && found != open.tag {
            return Err(format!("Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{found}>\"", open.tag));
        }
        if self.utf16 > open.offset {
            self.close(open);
        }
        Ok(())
    }

    fn close(&mut self, open: Open) {
        let kind = match open.tag.as_str() {
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "u" | "ins" => "underline",
            "s" | "strike" | "del" => "strikethrough",
            "tg-spoiler" | "span" => "spoiler",
            "blockquote" if open.argument == "1" => "expandable_blockquote",
            "blockquote" => "blockquote",
            "tg-emoji" => "custom_emoji",
            "a" => "text_link",
            tag => tag,
        };
        let mut entity = json!({
            "type": kind,
            "offset": open.offset,
            "length": self.utf16 - open.offset,
        });
        match open.tag.as_str() {
            "a" => {
                let url = if open.argument.is_empty() { self.text[open.begin..].to_owned() } else { open.argument };
                // A link that is none leaves its words plain, as with Telegram.
                let Some(url) = super::link(&url) else { return };
                entity["url"] = url.into();
            }
            "tg-emoji" => entity["custom_emoji_id"] = open.argument.into(),
            "code" if !open.argument.is_empty() => {
                // Only <pre><code class="language-x">…</code></pre> carries a language.
                let inside = self.open.last().is_some_and(|outer| outer.tag == "pre");
                if inside && let Some(pre) = self.open.last_mut() {
                    pre.argument = open.argument;
                    return;
                }
            }
            "code" if self.open.last().is_some_and(|outer| outer.tag == "pre") => return,
            "pre" if !open.argument.is_empty() => entity["language"] = open.argument.into(),
            _ => {}
        }
        self.entities.push(entity);
    }
}

fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0b)
}

/// The character and the length of the reference (`&lt;`, `&#8377;`) a text begins with.
fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let letters = rest.chars().take_while(char::is_ascii_alphabetic).count();
    let named = match &rest[..letters] {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        _ => None,
    };
    if let Some(c) = named {
        let semicolon = usize::from(rest[letters..].starts_with(';'));
        return Some((c, 1 + letters + semicolon));
    }
    let digits = rest.strip_prefix('#')?;
    let (radix, digits, prefix) = match digits.strip_prefix('x') {
        Some(hex) => (16, hex, 3),
        None => (10, digits, 2),
    };
    let length = digits.chars().take_while(|c| c.is_digit(radix)).count();
    let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
    let c = char::from_u32(code).filter(|c| *c != '\0')?;
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((c, prefix + length + semicolon))
}
