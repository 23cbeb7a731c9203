//! A person's link: its card, what it brought, who joined by it, leaderboards, and the code that they choose.

use super::{PAGE, back, home, sentence};
use crate::callback::Press;
use crate::chart::{Chart, Panel};
use crate::poster::Poster;
use crate::reply::{Picture, Screen, button};
use crate::texts::{Args, Texts};
use chrono::NaiveDate;
use mela_core::money::Rupees;
use mela_core::referrals::contests::{Contest, ContestState, Winner};
use mela_core::referrals::{Board, Day, Friend, Funnel, Stage, Standings, Vanity, VanityError};
use mela_core::settings::Settings;
use teloxide::types::InlineKeyboardButton;

/// What the referral screen tells.
#[derive(Debug)]
pub struct Referring<'a> {
    /// The person's link.
    pub link: &'a str,
    /// Whether they chose its code.
    pub chosen: bool,
    /// Their figures.
    pub funnel: Funnel,
    /// The first plan's title, and what it earns on each level now.
    pub example: Option<(&'a str, Rupees, Rupees)>,
    /// Whether the bot can be asked for it in any chat.
    pub inline: bool,
}

/// The card of a person's link: it takes some milliseconds to draw.
///
/// # Errors
/// It cannot be drawn.
pub fn card(texts: &Texts, settings: &Settings, name: &str, code: &str, link: &str) -> Result<Picture, String> {
    let name = crate::canvas::inks()?.drawable(name);
    let shop = settings.shop.name.as_str();
    let (hint, below) = (texts.plain("refer-card-hint", &[("shop", &shop)]), texts.plain("refer-card-code", &[("code", &code)]));
    let poster = Poster {
        shop,
        color: settings.shop.color,
        headline: if name.is_empty() { shop } else { &name },
        hint: &hint,
        below: &[&below, link.trim_start_matches("https://")],
        code: link,
    };
    poster.png().map(Picture::Png)
}

/// A person's link with its card, and what it has brought.
#[must_use]
pub fn refer(texts: &Texts, referring: &Referring<'_>, card: Option<Picture>) -> Screen {
    let (plan, earn1, earn2) = referring.example.unwrap_or(("", Rupees::ZERO, Rupees::ZERO));
    let Funnel { level1, level2 } = &referring.funnel;
    let args: Args<'_> = &[
        ("link", &referring.link),
        ("plan", &plan),
        ("earn1", &earn1),
        ("earn2", &earn2),
        ("opened", &level1.opened),
        ("joined", &level1.joined),
        ("bought", &level1.bought),
        ("level1", &level1.earned),
        ("level2", &level2.earned),
    ];
    let caption = |key| texts.plain(key, &[]);
    let share = if referring.inline {
        Some(InlineKeyboardButton::switch_inline_query(caption("button-share"), "refer"))
    } else {
        let link = url::Url::parse_with_params("https://t.me/share/url", [("url", referring.link), ("text", &caption("refer-share"))]);
        link.ok().map(|link| InlineKeyboardButton::url(caption("button-share"), link))
    };
    let own = (!referring.chosen).then(|| button(caption("button-vanity"), &Press::AskVanity));
    let screen = Screen::new(texts.html("refer", args))
        .row(share)
        .row([button(caption("button-figures"), &Press::ReferFigures), button(caption("button-friends"), &Press::ReferFriends(0))])
        .row([button(caption("button-board"), &Press::BoardWeek)].into_iter().chain(own))
        .row([button(caption("button-earnings"), &Press::Earnings(0)), home(texts)]);
    match card {
        Some(card) => screen.picture(card).replacing_picture(),
        None => screen,
    }
}

/// The last days of a person as a picture.
///
/// # Errors
/// It cannot be drawn.
pub fn chart(texts: &Texts, settings: &Settings, days: &[Day]) -> Result<Picture, String> {
    let joined: i64 = days.iter().map(|day| day.joined).sum();
    let earned: Rupees = days.iter().map(|day| day.earned).sum();
    let (joined, earned) = (texts.plain("chart-joined", &[("joined", &joined)]), texts.plain("chart-earned", &[("earned", &earned)]));
    let whole = |amount: Rupees| amount.plain().split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or_default();
    let chart = Chart {
        color: settings.shop.color,
        title: &texts.plain("chart", &[("days", &days.len())]),
        days: days.iter().map(|day| short(day.day)).collect(),
        panels: vec![
            Panel {
                title: &joined,
                values: days.iter().map(|day| day.joined.max(0).unsigned_abs()).collect(),
                figure: |n| n.to_string(),
            },
            Panel {
                title: &earned,
                values: days.iter().map(|day| whole(day.earned)).collect(),
                figure: |n| Rupees::whole(u32::try_from(n).unwrap_or(u32::MAX)).to_string(),
            },
        ],
    };
    chart.png().map(Picture::Png)
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

/// The whole funnel, by level.
#[must_use]
pub fn figures(texts: &Texts, funnel: &Funnel, chart: Option<Picture>) -> Screen {
    let level = |stage: &Stage, first: bool| {
        let args: Args<'_> = &[
            ("opened", &stage.opened),
            ("joined", &stage.joined),
            ("verified", &stage.verified),
            ("bought", &stage.bought),
            ("sales", &stage.sales),
            ("refunded", &stage.refunded),
            ("earned", &stage.earned),
        ];
        let mut lines = vec![texts.html(if first { "figures-level1" } else { "figures-level2" }, args)];
        lines.extend((stage.verified > 0).then(|| texts.html("figures-verified", args)));
        lines.push(texts.html("figures-sales", args));
        lines.join("\n")
    };
    let per_join = texts.html("figures-per-join", &[("earned", &funnel.per_join())]);
    let text = [texts.html("figures", &[]), level(&funnel.level1, true), level(&funnel.level2, false), per_join].join("\n\n");
    let screen = Screen::new(text)
        .row([
            button(texts.plain("button-friends", &[]), &Press::ReferFriends(0)),
            button(texts.plain("button-board", &[]), &Press::BoardWeek),
        ])
        .row([back(texts, &Press::Refer)]);
    match chart {
        Some(chart) => screen.picture(chart).replacing_picture(),
        None => screen,
    }
}

/// A page of who joined; one more than fits tells that there are earlier ones. `below`: where the page began.
#[must_use]
pub fn friends(texts: &Texts, found: &[Friend], below: Option<i64>) -> Screen {
    if found.is_empty() && below.is_none() {
        return Screen::new(texts.html("friends-none", &[])).row([back(texts, &Press::Refer)]);
    }
    let lines = found.iter().take(PAGE).map(|friend| {
        let name = friend.name.clone().unwrap_or_else(|| texts.plain("friend-left", &[]));
        let key = if friend.bought { "friend-bought" } else { "friend-joined" };
        texts.html(key, &[("name", &name), ("day", &texts.day(friend.joined_at))])
    });
    let text = std::iter::once(texts.html("friends", &[])).chain(lines).collect::<Vec<_>>().join("\n");
    let newest = below.map(|_| button(texts.plain("button-newest", &[]), &Press::ReferFriends(0)));
    let older = found.get(PAGE - 1).filter(|_| found.len() > PAGE);
    let older = older.map(|last| button(texts.plain("button-older", &[]), &Press::ReferFriends(last.id)));
    Screen::new(text).row(newest.into_iter().chain(older)).row([back(texts, &Press::Refer)])
}

/// What a leaderboard shows beside its places.
#[derive(Debug)]
pub struct OnBoard<'a> {
    /// Which.
    pub board: Board,
    /// The contest whose it is.
    pub contest: Option<&'a Contest>,
    /// Who won it, when it is decided.
    pub winners: &'a [Winner],
    /// Contests that run, each with a board of its own.
    pub running: &'a [Contest],
}

fn prizes(texts: &Texts, contest: &Contest) -> String {
    let list = contest.prizes().into_iter().zip(1..);
    list.map(|(prize, place)| texts.plain("contest-prize", &[("place", &place), ("prize", &prize)]))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A leaderboard, and the person's own place on it.
#[must_use]
pub fn board(texts: &Texts, on: &OnBoard<'_>, standings: &Standings) -> Screen {
    let mut lines = vec![match (on.board, on.contest) {
        (Board::Week(day), _) => texts.html("board-week", &[("day", &short(day))]),
        (Board::Month(day), _) => texts.html("board-month", &[("month", &day.format("%b %Y").to_string())]),
        (Board::Contest(_), Some(contest)) => texts.html(
            "board-contest",
            &[
                ("name", &contest.name),
                ("from", &texts.time(contest.from_at)),
                ("until", &texts.time(contest.until_at)),
                ("prizes", &prizes(texts, contest)),
            ],
        ),
        (Board::Contest(_), None) => texts.html("contest-unknown", &[]),
    }];
    lines.push(String::new());
    lines.extend(standings.top.is_empty().then(|| texts.html("board-empty", &[])));
    lines.extend(standings.top.iter().map(|placed| {
        let key = if placed.own { "board-own-line" } else { "board-line" };
        texts.html(key, &[("place", &placed.place), ("name", &placed.name), ("sales", &placed.score)])
    }));
    lines.push(String::new());
    lines.push(match (standings.place, standings.score) {
        (Some(place), sales) => texts.html("board-place", &[("place", &place), ("sales", &sales)]),
        (None, 0) => texts.html("board-no-place", &[]),
        (None, sales) => texts.html("board-far", &[("sales", &sales)]),
    });
    let decided = on.contest.is_some_and(|contest| contest.state == ContestState::Done);
    lines.extend(decided.then(|| texts.html("board-decided", &[("winners", &on.winners.len())])));
    lines.push(texts.html(if standings.appears { "board-appears" } else { "board-hidden" }, &[]));
    let caption = |key| texts.plain(key, &[]);
    let screen =
        Screen::new(lines.join("\n")).row([button(caption("button-week"), &Press::BoardWeek), button(caption("button-month"), &Press::BoardMonth)]);
    let screen = on.running.iter().fold(screen, |screen, contest| {
        screen.row([button(texts.plain("button-contest", &[("name", &contest.name)]), &Press::BoardContest(contest.id))])
    });
    let appear = if standings.appears { "button-disappear" } else { "button-appear" };
    screen.row([button(caption(appear), &Press::AppearOnBoards(!standings.appears))]).row([back(texts, &Press::Refer)])
}

/// Asks which code somebody wants.
#[must_use]
pub fn ask_vanity(texts: &Texts) -> Screen {
    sentence(texts, "vanity-ask", &[]).row([back(texts, &Press::Refer)])
}

/// Why it cannot be that one.
#[must_use]
pub fn not_that_vanity(texts: &Texts, error: &VanityError) -> String {
    match error {
        VanityError::Shape => texts.plain("vanity-shape", &[]),
        VanityError::Reserved => texts.plain("vanity-reserved", &[]),
        VanityError::LikeACode => texts.plain("vanity-like-a-code", &[]),
        VanityError::Chosen(code) => texts.plain("vanity-chosen", &[("code", code)]),
        VanityError::Taken | VanityError::Db(_) => texts.plain("vanity-taken", &[]),
    }
}

/// Asks whether that is meant: it cannot be changed.
#[must_use]
pub fn confirm_vanity(texts: &Texts, vanity: &Vanity, link: &str) -> Screen {
    Screen::new(texts.html("vanity-confirm", &[("code", vanity), ("link", &link)]))
        .row([button(texts.plain("button-take-vanity", &[("code", vanity)]), &Press::TakeVanity(vanity.to_string()))])
        .row([back(texts, &Press::Refer)])
}

/// Somebody won a prize.
#[must_use]
pub fn prize_won(texts: &Texts, contest: &str, place: i16, amount: Rupees) -> Screen {
    Screen::new(texts.html("prize-won", &[("contest", &contest), ("place", &place), ("amount", &amount)]))
        .row([button(texts.plain("button-wallet", &[]), &Press::Wallet)])
}
