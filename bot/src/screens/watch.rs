//! Payments in view, and what lies between the shop and its bank.

use super::{PAGE, back, pages};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::credits::Pile;
use mela_core::money::Rupees;
use mela_core::orders::Order;
use mela_core::payments::{Awaited, Confirmed, Method, Payment, Waiting};
use mela_core::reconciliation::{Overdue, Piece, Reconciliation};

/// What there is to know of payments at one moment.
#[derive(Debug)]
pub struct Overview {
    /// Orders whose money nobody has spoken of.
    pub awaited: Awaited,
    /// What waits to be checked.
    pub waiting: Vec<Waiting>,
    /// Money that waits to be told what it is for.
    pub credits: Vec<Pile>,
    /// What was confirmed, within so many days each.
    pub confirmed: Vec<(u8, Vec<Confirmed>)>,
}

fn method(texts: &Texts, method: Method) -> String {
    let key = match method {
        Method::Upi => "method-upi",
        Method::Gateway => "method-gateway",
        Method::Wallet => "method-wallet",
        Method::Stars => "method-stars",
    };
    texts.plain(key, &[])
}

/// What waits, and since when; what was confirmed, and by whom.
#[must_use]
pub fn overview(texts: &Texts, overview: &Overview) -> Screen {
    let Overview { awaited, waiting, credits, confirmed } = overview;
    let mut lines = vec![texts.html("watch", &[])];
    let since = awaited.since.map(|at| texts.time(at)).unwrap_or_else(|| "–".to_owned());
    lines.push(texts.html("watch-awaited", &[("count", &awaited.count), ("amount", &awaited.amount), ("since", &since)]));
    lines.extend(waiting.iter().map(|w| {
        let args: Args<'_> = &[("method", &method(texts, w.method)), ("count", &w.count), ("amount", &w.amount), ("since", &texts.time(w.since))];
        texts.html("watch-waiting", args)
    }));
    if !credits.is_empty() {
        lines.push(texts.html("watch-credits", &[]));
        lines.extend(super::credits::piled(texts, credits));
    }
    for (days, by) in confirmed {
        let (count, amount): (i64, Rupees) = (by.iter().map(|c| c.count).sum(), by.iter().map(|c| c.amount).sum());
        let head = if *days == 1 { "watch-day" } else { "watch-days" };
        lines.push(texts.html(head, &[("days", days), ("count", &count), ("amount", &amount)]));
        lines.extend(by.iter().map(|c| {
            let key = if c.by_itself { "watch-by-itself" } else { "watch-by" };
            let args: Args<'_> = &[("method", &method(texts, c.method)), ("by", &c.by), ("count", &c.count), ("amount", &c.amount)];
            texts.html(key, args)
        }));
    }
    let waits = !waiting.is_empty();
    let first = waits.then(|| button(texts.plain("button-watch-waiting", &[]), &Press::WatchWaiting(0)));
    let second = (!credits.is_empty()).then(|| button(texts.plain("button-credits", &[]), &Press::Credits(0, 0)));
    let screen = Screen::new(lines.join("\n")).row(first.into_iter().chain(second));
    confirmed.iter().filter(|(_, by)| !by.is_empty()).fold(screen, |screen, (days, _)| {
        screen.row([button(texts.plain("button-watch-confirmed", &[("days", days)]), &Press::WatchConfirmed(*days, 0))])
    })
}

/// A page of payments, each with the button that brings its card; one more than fits tells that there are further ones.
#[must_use]
pub fn list(texts: &Texts, head: &'static str, rows: &[(Payment, Order)], page: u32, at: impl Fn(u32) -> Press) -> Screen {
    let screen = rows.iter().take(PAGE).fold(Screen::new(texts.html(head, &[])), |screen, (payment, order)| {
        let by = payment.decided_by_name.clone().unwrap_or_else(|| texts.time(payment.submitted_at));
        let caption = format!("O-{} · {} · {} · {by}", order.code, payment.amount, method(texts, payment.method));
        screen.row([button(caption, &Press::BringPayment(payment.id))])
    });
    screen.row(pages(texts, page, rows.len() > PAGE, at)).row([back(texts, &Press::Watch)])
}

/// A sentence, with markup or without.
type Say = fn(&Texts, &str, Args<'_>) -> String;

/// The clearing accounts and of what they consist, a line each; what should have been seen by now is named.
#[must_use]
pub fn clearings(texts: &Texts, report: &Reconciliation, say: Say) -> Vec<String> {
    let mut lines = Vec::new();
    for clearing in &report.clearings {
        let unexplained = clearing.unexplained();
        if clearing.portions.is_empty() && clearing.balance == Rupees::ZERO {
            continue;
        }
        lines.push(say(texts, "clearing", &[("account", &clearing.account.kind()), ("amount", &clearing.balance)]));
        lines.extend(clearing.portions.iter().map(|portion| {
            let key = match portion.piece {
                Piece::UpiUnseen => "clearing-upi",
                Piece::GatewayTaken => "clearing-gateway",
                Piece::GatewayCredits => "clearing-gateway-credits",
                Piece::Stars => "clearing-stars",
                Piece::GatewayRefunds => "clearing-refunds",
                Piece::GatewaySettled => "clearing-settled",
                Piece::UnmatchedAtBank => "clearing-at-bank",
                Piece::UnmatchedAtGateway => "clearing-at-gateway",
            };
            say(texts, key, &[("count", &portion.count), ("amount", &portion.amount)])
        }));
        if unexplained != Rupees::ZERO {
            lines.push(say(texts, "clearing-unexplained", &[("amount", &unexplained)]));
        }
    }
    lines.extend(overdue(texts, "clearing-unseen", &report.unseen, say));
    lines.extend(overdue(texts, "clearing-unsettled", &report.unsettled, say));
    if !lines.is_empty() && !report.statements {
        lines.push(say(texts, "clearing-no-statements", &[]));
    }
    lines
}

fn overdue(texts: &Texts, head: &str, rows: &[Overdue], say: Say) -> Vec<String> {
    let Some(first) = rows.first() else { return vec![] };
    let line = |row: &Overdue| {
        let order = row.order.as_ref().map_or_else(|| "–".to_owned(), |order| format!("O-{order}"));
        let ending = row.ending.as_ref().map_or_else(|| "–".to_owned(), |ending| format!("…{ending}"));
        let args: Args<'_> = &[("order", &order), ("amount", &row.amount), ("ending", &ending), ("by", &row.by), ("at", &texts.time(row.at))];
        say(texts, "clearing-overdue", args)
    };
    let more = first.of - i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let more = (more > 0).then(|| say(texts, "clearing-more", &[("count", &more)]));
    std::iter::once(say(texts, head, &[("count", &first.of), ("amount", &first.total)]))
        .chain(rows.iter().map(line))
        .chain(more)
        .collect()
}
