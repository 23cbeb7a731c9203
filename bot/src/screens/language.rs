//! The choice of a language.

use super::{home, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::users::LANGUAGES;

/// The languages, each by its own name; the one that is spoken now is marked.
#[must_use]
pub fn choice(texts: &Texts, now: &str) -> Screen {
    let buttons = LANGUAGES.map(|language| {
        let name = texts.in_language(language).plain("language-name", &[]);
        let caption = if language == now { texts.plain("button-language-now", &[("language", &name)]) } else { name };
        button(caption, &Press::Speak(language.to_owned()))
    });
    sentence(texts, "language", &[]).row(buttons).row([home(texts)])
}
