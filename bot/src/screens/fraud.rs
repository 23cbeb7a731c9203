//! Fraud: the card of a flag, and what its people are told.

use super::{sentence, sentence_home};
use crate::reply::Screen;
use crate::texts::Texts;
use mela_core::fraud::{Flag, Hold, Suspect};
use mela_core::notifications::HoldNews;

/// What a fraud card shows.
pub struct FraudCard {
    /// The flag.
    pub flag: Flag,
    /// Its first people.
    pub people: Vec<Suspect>,
    /// What it touches.
    pub hold: Hold,
}

/// The card of a flag.
#[must_use]
pub fn card(texts: &Texts, card: &FraudCard) -> Screen {
    let people: Vec<&str> = card.people.iter().map(|person| person.user.name.as_str()).collect();
    sentence(
        texts,
        "fraud-card",
        &[
            ("flag", &format!("F-{}", card.flag.code)),
            ("rule", &card.flag.rule.name()),
            ("people", &people.join(", ")),
            ("amount", &(card.hold.amount + card.hold.frozen)),
        ],
    )
}

/// What a person is told of what is on hold.
#[must_use]
pub fn hold(texts: &Texts, became: HoldNews) -> Screen {
    let key = match became {
        HoldNews::Held => "hold-held",
        HoldNews::Released => "hold-released",
        HoldNews::Cancelled => "hold-cancelled",
    };
    sentence_home(texts, key, &[])
}

/// What staff ask a person.
#[must_use]
pub fn question(texts: &Texts, question: &str) -> Screen {
    sentence_home(texts, "fraud-question", &[("question", &question.to_owned())])
}
