//! Campaigns and contests, for staff.

use super::{PAGE, back, pages};
use crate::callback::Press;
use crate::commands::Start;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::referrals::contests::{Contest, ContestState, Winner};
use mela_core::referrals::{Campaign, CampaignDay, Figures, Funnel, Leader};

/// Who sells most this month, with what each brought in all.
#[must_use]
pub fn referrers(texts: &Texts, found: &[(Leader, Funnel)]) -> Screen {
    let head = texts.html(if found.is_empty() { "referrers-none" } else { "referrers" }, &[]);
    let lines = found.iter().zip(1..).map(|((leader, funnel), place)| {
        let args: Args<'_> = &[
            ("place", &place),
            ("name", &leader.name),
            ("telegram-id", &leader.telegram_id),
            ("code", &leader.code),
            ("sales", &leader.score),
            ("joined", &funnel.level1.joined),
            ("bought", &funnel.level1.bought),
            ("earned", &(funnel.level1.earned + funnel.level2.earned)),
        ];
        texts.html("referrers-line", args)
    });
    Screen::new(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// A page of all campaigns; one more than fits tells that there are others.
#[must_use]
pub fn campaigns(texts: &Texts, found: &[Campaign], page: u32) -> Screen {
    let head = texts.html(if found.is_empty() && page == 0 { "campaigns-none" } else { "campaigns" }, &[]);
    let screen = Screen::new(format!("{head}\n\n{}", texts.html("usage-campaign", &[])));
    let screen = found
        .iter()
        .take(PAGE)
        .fold(screen, |screen, one| screen.row([button(one.name.clone(), &Press::Campaign(one.name.clone()))]));
    screen.row(pages(texts, page, found.len() > PAGE, Press::Campaigns))
}

/// One campaign: its link and what it brought, in all and on the last days.
#[must_use]
pub fn campaign(texts: &Texts, bot: &str, campaign: &Campaign, made: bool, figures: &Figures, days: &[CampaignDay]) -> Screen {
    let link = Start { campaign: Some(campaign.name.clone()), ..Start::default() }.link(bot);
    let args: Args<'_> = &[
        ("name", &campaign.name),
        ("link", &link),
        ("by", &campaign.made_by_name),
        ("at", &texts.time(campaign.made_at)),
        ("opened", &figures.opened),
        ("joined", &figures.joined),
        ("bought", &figures.bought),
        ("sales", &figures.sales),
        ("refunded", &figures.refunded),
        ("revenue", &figures.revenue),
    ];
    let mut lines: Vec<String> = made.then(|| texts.html("campaign-made", &[])).into_iter().collect();
    lines.push(texts.html("campaign", args));
    if !days.is_empty() {
        lines.push(String::new());
        lines.push(texts.html("campaign-days", &[]));
    }
    lines.extend(days.iter().map(|day| {
        let args: Args<'_> = &[
            ("day", &day.day.format("%-d %b %Y").to_string()),
            ("opened", &day.opened),
            ("joined", &day.joined),
            ("bought", &day.bought),
            ("sales", &day.sales),
            ("revenue", &day.revenue),
        ];
        texts.html("campaign-day", args)
    }));
    Screen::new(lines.join("\n")).row([back(texts, &Press::Campaigns(0))])
}

fn state(texts: &Texts, contest: &Contest) -> String {
    let key = match contest.state {
        ContestState::Draft => "contest-draft",
        ContestState::Open => "contest-open",
        ContestState::Done => "contest-done",
        ContestState::Cancelled => "contest-cancelled",
    };
    texts.plain(key, &[])
}

/// A page of all contests; one more than fits tells that there are others.
#[must_use]
pub fn contests(texts: &Texts, found: &[Contest], page: u32) -> Screen {
    let head = texts.html(if found.is_empty() && page == 0 { "contests-none" } else { "contests" }, &[]);
    let screen = Screen::new(format!("{head}\n\n{}", texts.html("usage-contest", &[])));
    let screen = found.iter().take(PAGE).fold(screen, |screen, one| {
        let caption = texts.plain("button-contest-state", &[("name", &one.name), ("state", &state(texts, one))]);
        screen.row([button(caption, &Press::Contest(one.id))])
    });
    screen.row(pages(texts, page, found.len() > PAGE, Press::Contests))
}

/// One contest, who won it if it is decided, and what can be done.
#[must_use]
pub fn contest(texts: &Texts, contest: &Contest, winners: &[Winner]) -> Screen {
    let prizes = contest
        .prizes()
        .into_iter()
        .zip(1..)
        .map(|(prize, place)| texts.plain("contest-prize", &[("place", &place), ("prize", &prize)]));
    let args: Args<'_> = &[
        ("name", &contest.name),
        ("state", &state(texts, contest)),
        ("from", &texts.time(contest.from_at)),
        ("until", &texts.time(contest.until_at)),
        ("prizes", &prizes.collect::<Vec<_>>().join(", ")),
        ("total", &contest.total()),
        ("by", &contest.made_by_name),
    ];
    let mut lines = vec![texts.html("contest", args)];
    lines.extend((contest.state == ContestState::Done && winners.is_empty()).then(|| texts.html("contest-nobody", &[])));
    lines.extend(winners.iter().map(|winner| {
        let args: Args<'_> = &[("place", &winner.place), ("name", &winner.name), ("sales", &winner.score), ("amount", &winner.amount)];
        texts.html("contest-winner", args)
    }));
    let start = (contest.state == ContestState::Draft).then(|| button(texts.plain("button-contest-start", &[]), &Press::StartContest(contest.id)));
    let open = matches!(contest.state, ContestState::Draft | ContestState::Open);
    let cancel = open.then(|| button(texts.plain("button-contest-cancel", &[]), &Press::CancelContest(contest.id)));
    Screen::new(lines.join("\n")).row(start.into_iter().chain(cancel)).row([back(texts, &Press::Contests(0))])
}
