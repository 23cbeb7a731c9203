//! What is kept of a person, and what deleting it means.

use super::verify::kept_for;
use super::{at_name, back, sentence};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::privacy::{Kind, Ties};
use mela_core::settings::Settings;
use mela_core::users::User;

/// What is kept, why and for how long.
#[must_use]
pub fn kept(texts: &Texts, settings: &Settings) -> Screen {
    sentence(
        texts,
        "privacy",
        &[("shop", &settings.shop.name.as_str()), ("keep", &settings.inbox.keep), ("devices", &kept_for(texts, settings))],
    )
    .row([button(texts.plain("button-privacy-copy", &[]), &Press::PrivacyCopy)])
    .row([button(texts.plain("button-privacy-erase", &[]), &Press::PrivacyErase)])
    .row([back(texts, &Press::Home)])
}

/// The copy.
#[must_use]
pub fn copy(texts: &Texts, bytes: Vec<u8>) -> Screen {
    sentence(texts, "privacy-copy", &[]).picture(Picture::File { name: "my-data.json".into(), bytes })
}

/// What stands in the way; else what goes, what is lost and what stays.
#[must_use]
pub fn ask(texts: &Texts, ties: &Ties) -> Screen {
    if ties.hold() {
        return Screen::new(format!("{}\n{}", texts.html("privacy-held", &[]), holding(texts, ties))).row([back(texts, &Press::Privacy)]);
    }
    Screen::new(format!("{}{}", texts.html("privacy-ask", &[]), losing(texts, ties)))
        .row([button(texts.plain("button-privacy-go-on", &[]), &Press::PrivacySure(ties.mark()))])
        .row([back(texts, &Press::Privacy)])
}

/// Whether that is meant.
#[must_use]
pub fn sure(texts: &Texts, ties: &Ties) -> Screen {
    Screen::new(format!("{}{}", texts.html("privacy-sure", &[]), losing(texts, ties)))
        .row([button(texts.plain("button-privacy-for-good", &[]), &Press::PrivacyConfirm(ties.mark()))])
        .row([back(texts, &Press::Privacy)])
}

/// The same for the owner, who does it at a person's request.
#[must_use]
pub fn ask_staff(texts: &Texts, user: &User, ties: &Ties) -> Screen {
    let head = texts.html("erase-ask", &[("name", &user.name), ("id", &user.telegram_id), ("username", &at_name(user.username.as_ref()))]);
    if ties.hold() {
        return Screen::new(format!("{head}\n{}\n{}", texts.html("erase-held", &[]), holding(texts, ties)));
    }
    Screen::new(format!("{head}\n{}{}", texts.html("erase-means", &[]), losing(texts, ties))).row([
        button(texts.plain("button-privacy-for-good", &[]), &Press::ErasePerson(user.id, ties.mark())),
        button(texts.plain("button-drop", &[]), &Press::EraseDrop),
    ])
}

fn holding(texts: &Texts, ties: &Ties) -> String {
    let open = ties.open.iter().map(|(kind, id)| {
        let key = match kind {
            Kind::Unpaid => "privacy-unpaid",
            Kind::InReview => "privacy-in-review",
            Kind::Undelivered => "privacy-undelivered",
            Kind::Withdrawal => "privacy-withdrawal",
            Kind::Refund => "privacy-refund",
        };
        texts.html(key, &[("id", id)])
    });
    let owed = ties.owed.is_positive().then(|| texts.html("privacy-owed", &[("amount", &ties.owed)]));
    open.take(20).chain(owed).collect::<Vec<_>>().join("\n")
}

fn losing(texts: &Texts, ties: &Ties) -> String {
    if !ties.cost() {
        return String::new();
    }
    let mut lines = vec![String::new(), texts.html("privacy-lost", &[])];
    if ties.wallet.is_positive() {
        lines.push(texts.html("privacy-lost-wallet", &[("amount", &ties.wallet)]));
    }
    if ties.held.is_positive() {
        lines.push(texts.html("privacy-lost-held", &[("amount", &ties.held)]));
    }
    if ties.running > 0 {
        lines.push(texts.html("privacy-lost-running", &[("count", &ties.running)]));
    }
    lines.join("\n")
}
