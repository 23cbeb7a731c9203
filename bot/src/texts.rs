//! Sentences, from the Fluent files. Nothing else in the program says anything to people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader};
use mela_core::users::{LANGUAGES, spoken};
use std::borrow::Cow;
use std::collections::HashMap;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // No invisible isolation marks: they would land inside UPI ids that people copy.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Arguments of a sentence.
pub type Args<'a> = &'a [(&'static str, &'a (dyn std::fmt::Display + Sync))];

/// The sentences of one language, with times in the shop's zone.
#[derive(Debug, Clone)]
pub struct Texts {
    language: LanguageIdentifier,
    zone: Tz,
}

impl Texts {
    /// Sentences for someone who reads `language` (a two-letter code; English where it is not spoken).
    #[must_use]
    pub fn new(language: &str, zone: Tz) -> Self {
        Self { language: spoken(language).parse().unwrap_or(langid!("en")), zone }
    }

    /// The sentences in which the shop keeps what everyone may read later, each in their own language.
    #[must_use]
    pub fn for_keeping() -> Self {
        Self::new(LANGUAGES[0], Tz::UTC)
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Self {
        Self::new(language, self.zone)
    }

    /// The language's code.
    #[must_use]
    pub fn language(&self) -> &str {
        self.language.language.as_str()
    }

    /// A sentence in Telegram's HTML: arguments are escaped, so that whatever people call themselves shows as text.
    #[must_use]
    pub fn html(&self, key: &str, args: Args<'_>) -> String {
        self.say(key, args, escape)
    }

    /// A sentence without markup: buttons, alerts, shared texts.
    #[must_use]
    pub fn plain(&self, key: &str, args: Args<'_>) -> String {
        self.say(key, args, |text| text)
    }

    fn say(&self, key: &str, args: Args<'_>, prepare: impl Fn(String) -> String) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'static>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value_of(prepare(value.to_string())))).collect();
        LOCALES.lookup_with_args(&self.language, key, &args)
    }

    /// A time as people read it: `21 Nov 2026, 14:05 IST`.
    #[must_use]
    pub fn time(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %b %Y, %H:%M %Z").to_string()
    }
}

impl Texts {
    /// A day as people read it: `21 Nov 2026`.
    #[must_use]
    pub fn day(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %b %Y").to_string()
    }
}

/// A whole number as one, so that a sentence can tell one from many, where it prints as it was written (`007` does not); anything else as text.
fn value_of(text: String) -> FluentValue<'static> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    match text.parse::<u32>() {
        Ok(number) if is_number => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}

/// What HTML needs to show a text as it is.
#[must_use]
pub fn escape(text: String) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
