//! Problems with what was bought: asked, told, and as staff see them.

use super::{at_name, back, home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::credentials::Holding;
use mela_core::notifications::TicketNews;
use mela_core::subscriptions::Subscription;
use mela_core::tickets::{Reason, Ticket, TicketState};
use mela_core::users::User;

/// Problems that are reported at a press.
pub const PROBLEMS: [(Reason, &str); 3] =
    [(Reason::Password, "problem-password"), (Reason::Screens, "problem-screens"), (Reason::Expired, "problem-expired")];

/// Asks what does not work.
#[must_use]
pub fn ask(texts: &Texts, found: &Subscription) -> Screen {
    let screen = Screen::new(texts.html("report-ask", &[("title", &found.title)]));
    (0u8..)
        .zip(PROBLEMS)
        .fold(screen, |screen, (number, (_, key))| screen.row([button(texts.plain(key, &[]), &Press::ReportFor(found.id, number))]))
        .row([button(texts.plain("button-other", &[]), &Press::ReportOther(found.id))])
        .row([back(texts, &Press::Subscription(found.id))])
}

/// What a ticket is about, in words.
fn problem(texts: &Texts, ticket: &Ticket) -> String {
    match (PROBLEMS.iter().find(|(reason, _)| *reason == ticket.reason), &ticket.words) {
        (Some((_, key)), _) => texts.plain(key, &[]),
        (None, words) => words.clone().unwrap_or_default(),
    }
}

fn code(ticket: &Ticket) -> String {
    format!("T-{}", ticket.code)
}

/// A ticket is open.
#[must_use]
pub fn opened(texts: &Texts, ticket: &Ticket, found: &Subscription, again: bool) -> Screen {
    let key = if again { "ticket-open-already" } else { "ticket-opened" };
    let args: crate::texts::Args<'_> = &[("ticket", &code(ticket)), ("title", &found.title), ("problem", &problem(texts, ticket))];
    Screen::new(texts.html(key, args)).row([back(texts, &Press::Subscription(found.id))])
}

/// Whom to write to, and what is open.
#[must_use]
pub fn support(texts: &Texts, contact: &str, open: &[(Ticket, Subscription)]) -> Screen {
    let head = if contact.is_empty() {
        texts.html("support-none", &[])
    } else {
        texts.html("support", &[("contact", &contact)])
    };
    let mut lines = vec![head];
    lines.extend((!open.is_empty()).then(|| texts.html("support-open", &[])));
    lines.extend(open.iter().map(|(ticket, found)| {
        let args: crate::texts::Args<'_> = &[
            ("ticket", &code(ticket)),
            ("title", &found.title),
            ("problem", &problem(texts, ticket).chars().take(80).collect::<String>()),
            ("at", &texts.time(ticket.opened_at)),
        ];
        texts.html("support-ticket", args)
    }));
    Screen::new(lines.join("\n"))
        .row([button(texts.plain("button-subscriptions", &[]), &Press::Subscriptions(0))])
        .row([home(texts)])
}

/// Asks for the problem in words.
#[must_use]
pub fn ask_words(texts: &Texts, found: &Subscription) -> Screen {
    Screen::new(texts.html("report-words", &[("title", &found.title)])).row([back(texts, &Press::Report(found.id))])
}

/// A step in a ticket's life, for whoever opened it.
#[must_use]
pub fn news(texts: &Texts, ticket: &Ticket, became: TicketNews) -> Screen {
    let key = match became {
        TicketNews::Waits => "ticket-waits",
        TicketNews::Closed => "ticket-closed",
    };
    Screen::new(texts.html(key, &[("ticket", &code(ticket))]))
        .row([button(texts.plain("button-subscription", &[]), &Press::Subscription(ticket.subscription_id))])
}

/// What a ticket's card shows.
#[derive(Debug)]
pub struct TicketCard {
    /// The ticket.
    pub ticket: Ticket,
    /// What it is about.
    pub about: Subscription,
    /// Who opened it.
    pub owner: User,
    /// The slot that it is about.
    pub held: Option<Holding>,
    /// How often what it is about was replaced before.
    pub replaced_before: i64,
    /// Whether the subscription runs.
    pub runs: bool,
    /// Days to its last one.
    pub days_left: i64,
}

/// A problem to be solved, or what became of it.
#[must_use]
pub fn card(texts: &Texts, card: &TicketCard) -> Screen {
    let TicketCard { ticket, about, owner, held, replaced_before, runs, days_left } = card;
    let left = if *runs { super::subscriptions::left(texts, *days_left) } else { texts.plain("left-over", &[]) };
    let mut lines = vec![texts.html(
        "ticket-card",
        &[
            ("ticket", &code(ticket)),
            ("title", &about.title),
            ("left", &left),
            ("customer", &owner.name),
            ("customer-id", &owner.telegram_id),
            ("username", &at_name(owner.username.as_ref())),
            ("problem", &problem(texts, ticket)),
            ("at", &texts.time(ticket.opened_at)),
        ],
    )];
    match held {
        Some(Holding { slot_id, account, login, free }) => {
            let login = login.clone().unwrap_or_else(|| texts.plain("ticket-card-sealed", &[]));
            lines.push(texts.html("ticket-card-slot", &[("account", account), ("slot", slot_id), ("login", &login), ("free", free)]));
        }
        None => lines.push(texts.html("ticket-card-by-hand", &[])),
    }
    if *replaced_before > 0 {
        lines.push(texts.html("ticket-card-before", &[("times", replaced_before)]));
    }
    if let (Some(by), Some(at)) = (&ticket.answered_by_name, ticket.answered_at) {
        lines.push(texts.html("ticket-card-answered", &[("by", by), ("at", &texts.time(at))]));
    }
    let by = ticket.decided_by_name.clone().unwrap_or_default();
    let decision: crate::texts::Args<'_> = &[("by", &by), ("at", &ticket.decided_at.map(|at| texts.time(at)).unwrap_or_default())];
    match ticket.state {
        TicketState::Open if !runs => lines.push(texts.html("ticket-card-over", &[])),
        TicketState::Open => {}
        TicketState::Replaced => {
            lines.push(texts.html("ticket-card-replaced", decision));
            lines.extend(ticket.account_retired.then(|| texts.html("ticket-card-retired", &[])));
            lines.extend(about.waits_for_stock().then(|| texts.html("ticket-card-waits", &[])));
        }
        TicketState::Closed => lines.push(texts.html("ticket-card-closed", decision)),
    }
    let screen = Screen::new(lines.join("\n"));
    if ticket.state != TicketState::Open {
        return screen;
    }
    let caption = |key| texts.plain(key, &[]);
    let screen = if *runs && about.slot_id.is_some() {
        screen.row([
            button(caption("button-replace"), &Press::ReplaceTicket(ticket.id)),
            button(caption("button-retire"), &Press::RetireTicket(ticket.id)),
        ])
    } else {
        screen
    };
    screen.row([
        button(caption("button-answer"), &Press::AnswerTicket(ticket.id)),
        button(caption("button-close"), &Press::CloseTicket(ticket.id)),
    ])
}
