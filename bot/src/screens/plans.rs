//! Many plans: by platform, and by a word.

use super::{PAGE, back, home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::{By, Group, Plan};

/// Plans that a search shows at most.
pub const FOUND: usize = 20;

/// A row of `Previous` and `Next` where there is something on that side.
pub(super) fn turned(texts: &Texts, screen: Screen, page: u32, more: bool, at: impl Fn(u32) -> Press) -> Screen {
    let previous = page.checked_sub(1).map(|p| button(texts.plain("button-previous", &[]), &at(p)));
    let next = more.then(|| button(texts.plain("button-next", &[]), &at(page.saturating_add(1))));
    let row: Vec<_> = previous.into_iter().chain(next).collect();
    screen.row(row)
}

fn name(texts: &Texts, platform: &str) -> String {
    if platform.is_empty() { texts.plain("platform-none", &[]) } else { platform.to_owned() }
}

fn listed(screen: Screen, plans: &[Plan]) -> Screen {
    plans
        .iter()
        .fold(screen, |screen, plan| screen.row([button(format!("{} · {}", plan.title, plan.price), &Press::Plan(plan.code.clone()))]))
}

/// The button of the plans that have a platform, or a category, in common with one.
#[must_use]
pub fn of(by: By, plan: i64, page: u32) -> Press {
    match by {
        By::Platform => Press::Platform(plan, page),
        By::Category => Press::Category(plan, page),
    }
}

/// A page of the platforms, or categories; one more than fits tells that there are others.
#[must_use]
pub fn groups(texts: &Texts, by: By, groups: &[Group], page: u32) -> Screen {
    let key = match by {
        By::Platform => "platforms",
        By::Category => "categories",
    };
    let screen = groups.iter().take(PAGE).fold(Screen::new(texts.html(key, &[])), |screen, group| {
        screen.row([button(format!("{} ({})", name(texts, &group.name), group.plans), &of(by, group.first, 0))])
    });
    turned(texts, screen, page, groups.len() > PAGE, Press::Platforms).row([home(texts)])
}

/// A page of the plans of one platform, or category; `plan` stands for it in buttons.
#[must_use]
pub fn group(texts: &Texts, by: By, plan: i64, plans: &[Plan], page: u32) -> Screen {
    let common = plans.first().map_or("", |plan| match by {
        By::Platform => &plan.platform,
        By::Category => &plan.category,
    });
    let screen = Screen::new(texts.html("platform", &[("platform", &name(texts, common))]));
    let screen = listed(screen, &plans[..plans.len().min(PAGE)]);
    turned(texts, screen, page, plans.len() > PAGE, |page| of(by, plan, page)).row([back(texts, &Press::Plans)])
}

/// A plan that has run out, with the button to be told when it is back; what stands below it goes further down.
#[must_use]
pub fn run_out(texts: &Texts, mut screen: Screen, plan: &Plan, waits: bool) -> Screen {
    let key = if waits { "button-wait-no-more" } else { "button-wait" };
    let wait = button(texts.plain(key, &[]), &Press::AwaitPlan(plan.code.clone(), !waits));
    screen.buttons.insert(screen.buttons.len().saturating_sub(1), vec![wait]);
    if waits {
        screen.text = format!("{}\n{}", screen.text, texts.html("plan-waiting", &[]));
    }
    screen
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
