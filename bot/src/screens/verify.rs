//! Verifying a device.

use super::{back, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::settings::Settings;
use mela_core::verification::Verification;
use teloxide::types::{InlineKeyboardButton, WebAppInfo};

/// How long marks are kept, in words: the chat, the page and `/privacy` say the same.
#[must_use]
pub fn kept_for(texts: &Texts, settings: &Settings) -> String {
    let keep = settings.fraud.keep_devices;
    let seconds = keep.duration().as_secs();
    if seconds.is_multiple_of(86_400) {
        texts.plain("evidence-days", &[("days", &(seconds / 86_400))])
    } else {
        keep.to_string()
    }
}

/// The page in a person's language, where the shop is on the web.
fn page(texts: &Texts, settings: &Settings) -> Option<url::Url> {
    let base = settings.http.public_url.get()?;
    format!("{base}/verify?lang={}", texts.language()).parse().ok()
}

/// Asks a person to verify; `first`: before their first withdrawal. Without a page there is nothing to be done.
#[must_use]
pub fn ask(texts: &Texts, settings: &Settings, first: bool) -> Screen {
    let screen = match page(texts, settings) {
        Some(url) => {
            let open = InlineKeyboardButton::web_app(texts.plain("button-verify", &[]), WebAppInfo { url });
            sentence(texts, if first { "verify-first" } else { "verify-ask" }, &[("keep", &kept_for(texts, settings))]).row([open])
        }
        None => sentence(texts, "verify-none", &[]),
    };
    screen.row([back(texts, &Press::Wallet)])
}

/// They did before.
#[must_use]
pub fn already(texts: &Texts, verified: &Verification) -> Screen {
    sentence(texts, "verify-already", &[("at", &texts.time(verified.verified_at))]).row([back(texts, &Press::Wallet)])
}

/// They just did: the withdrawal goes on.
#[must_use]
pub fn verified(texts: &Texts) -> Screen {
    sentence(texts, "verified", &[]).row([button(texts.plain("button-withdraw", &[]), &Press::Withdraw)])
}
