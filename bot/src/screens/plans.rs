//! Many plans: by platform, and by a word.

use super::{PAGE, back, home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::{Plan, Platform};

/// Plans that a search shows at most.
pub const FOUND: usize = 20;

/// A row of `Previous` and `Next` where there is something on that side.
pub(super) fn turned(texts: &Texts, screen: Screen, page: u32, more: bool, at: impl Fn(u32) -> Press) -> Screen {
    let previous = page.checked_sub(1).map(|p| button(texts.plain("button-previous", &[]), &at(p)));
    let next = more.then(|| button(texts.plain("button-next", &[]), &at(page.saturating_add(1))));
    let row: Vec<_> = previous.into_iter().chain(next).collect();
    if row.is_empty() { screen } else { screen.row(row) }
}

fn name(texts: &Texts, platform: &str) -> String {
    if platform.is_empty() { texts.plain("platform-none", &[]) } else { platform.to_owned() }
}

fn listed(screen: Screen, plans: &[Plan]) -> Screen {
    plans
        .iter()
        .fold(screen, |screen, plan| screen.row([button(format!("{} · {}", plan.title, plan.price), &Press::Plan(plan.code.clone()))]))
}

/// A page of the platforms; one more than fits tells that there are others.
#[must_use]
pub fn platforms(texts: &Texts, platforms: &[Platform], page: u32) -> Screen {
    let screen = platforms.iter().take(PAGE).fold(Screen::new(texts.html("platforms", &[])), |screen, platform| {
        screen.row([button(format!("{} ({})", name(texts, &platform.name), platform.plans), &Press::Platform(platform.first, 0))])
    });
    turned(texts, screen, page, platforms.len() > PAGE, Press::Platforms).row([home(texts)])
}

/// A page of one platform's plans; `plan` stands for the platform in buttons.
#[must_use]
pub fn platform(texts: &Texts, plan: i64, plans: &[Plan], page: u32) -> Screen {
    let name = name(texts, plans.first().map_or("", |plan| plan.platform.as_str()));
    let screen = listed(Screen::new(texts.html("platform", &[("platform", &name)])), &plans[..plans.len().min(PAGE)]);
    turned(texts, screen, page, plans.len() > PAGE, |page| Press::Platform(plan, page)).row([back(texts, &Press::Plans)])
}

/// What was found for some words; one more than is shown tells that there are others.
#[must_use]
pub fn found(texts: &Texts, words: &str, plans: &[Plan]) -> Screen {
    let words: String = words.chars().take(60).collect();
    let key = match plans.len() {
        0 => "plans-not-found",
        n if n > FOUND => "plans-found-many",
        _ => "plans-found",
    };
    listed(Screen::new(texts.html(key, &[("words", &words)])), &plans[..plans.len().min(FOUND)]).row([back(texts, &Press::Plans)])
}
