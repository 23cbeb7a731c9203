//! Payouts as staff see them: files for the bank and its answers, and what a withdrawal's card says of approval, tax and gateway.

use super::cards::WithdrawalCard;
use super::importing::listed;
use super::{sentence, tax};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::sheet;
use mela_core::withdrawals::WithdrawalState;
use mela_core::withdrawals::answer::{BadRow, Checked, Figures, Reason};
use mela_core::withdrawals::batch::{Batch, Piles};

/// A file for the bank; `piles`: what there is besides.
#[must_use]
pub fn file(texts: &Texts, batch: &Batch, piles: Option<Piles>) -> Screen {
    let mut lines = vec![texts.html("payouts-file", &[("count", &batch.count), ("amount", &batch.amount)])];
    // The file itself is given by now.
    let before = piles.map_or(0, |piles| piles.given - i64::try_from(batch.count).unwrap_or(i64::MAX)).max(0);
    lines.extend((before > 0).then(|| texts.html("payouts-given-too", &[("count", &before)])));
    lines.extend(left_out(texts, piles));
    let name = format!("payouts-{}.csv", batch.id).into();
    let screen = Screen::new(lines.join("\n")).picture(Picture::File { name, bytes: batch.csv.clone() });
    if before > 0 { screen.row([again(texts)]) } else { screen }
}

fn left_out(texts: &Texts, piles: Option<Piles>) -> Option<String> {
    let left_out = piles.map_or(0, |piles| piles.left_out);
    (left_out > 0).then(|| texts.html("payouts-left-out", &[("count", &left_out)]))
}

fn again(texts: &Texts) -> teloxide::types::InlineKeyboardButton {
    button(texts.plain("button-give-again", &[]), &Press::GivePayouts(false))
}

/// Nothing is approved that is in no file.
#[must_use]
pub fn nothing(texts: &Texts, piles: Piles) -> Screen {
    let mut lines = vec![texts.html("payouts-none", &[])];
    lines.extend((piles.given > 0).then(|| texts.html("payouts-given", &[("count", &piles.given), ("amount", &piles.given_amount)])));
    lines.extend(left_out(texts, Some(piles)));
    let screen = Screen::new(lines.join("\n"));
    if piles.given > 0 { screen.row([again(texts)]) } else { screen }
}

/// What was given before is to be given again: that may pay it twice.
#[must_use]
pub fn warning(texts: &Texts, piles: Piles) -> Screen {
    if piles.given == 0 {
        return nothing(texts, piles);
    }
    sentence(texts, "payouts-warning", &[("count", &piles.given), ("amount", &piles.given_amount)]).row([
        button(texts.plain("button-give-again-sure", &[]), &Press::GivePayouts(true)),
        button(texts.plain("button-drop", &[]), &Press::LeavePayouts),
    ])
}

fn state(texts: &Texts, state: WithdrawalState) -> String {
    let key = match state {
        WithdrawalState::Asked => "answer-is-asked",
        WithdrawalState::Approved => "answer-is-approved",
        WithdrawalState::Paid => "answer-is-paid",
        WithdrawalState::Rejected => "answer-is-rejected",
        WithdrawalState::Failed => "answer-is-failed",
        WithdrawalState::Returned => "answer-is-returned",
    };
    texts.plain(key, &[])
}

/// All that is wrong with a row, in words.
fn reasons(texts: &Texts, bad: &BadRow) -> String {
    let words = bad.reasons.iter().map(|reason| match reason {
        Reason::Unknown(found) => texts.plain("answer-unknown", &[("found", found)]),
        Reason::Status(found) => texts.plain("answer-status", &[("found", found)]),
        Reason::Utr(found) => texts.plain("answer-utr", &[("found", found)]),
        Reason::UtrUsed => texts.plain("answer-utr-used", &[]),
        Reason::UtrTwice(row) => texts.plain("answer-utr-twice", &[("row", row)]),
        Reason::NoReason => texts.plain("answer-no-reason", &[]),
        Reason::LongReason => texts.plain("answer-long-reason", &[]),
        Reason::NotAnAmount(found) => texts.plain("answer-no-amount", &[("found", found)]),
        Reason::Amount(found, wanted) => texts.plain("answer-amount", &[("found", found), ("wanted", wanted)]),
        Reason::Upi(found) => texts.plain("answer-upi", &[("found", found)]),
        Reason::Twice(row) => texts.plain("answer-twice", &[("row", row)]),
        Reason::State(found) => state(texts, *found),
        Reason::OtherUtr => texts.plain("answer-other-utr", &[]),
        Reason::BeingPaid => texts.plain("answer-being-paid", &[]),
        Reason::Beyond => texts.plain("import-beyond", &[]),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// What an answer would change: the dry run.
#[must_use]
pub fn checked(texts: &Texts, checked: &Checked) -> Screen {
    let figures: crate::texts::Args<'_> = &[
        ("paid", &checked.paid.count),
        ("paid-amount", &checked.paid.amount),
        ("failed", &checked.failed.count),
        ("failed-amount", &checked.failed.amount),
        ("before", &checked.before),
        ("wrong", &checked.wrong.len()),
    ];
    let mut lines = vec![texts.html("answer-figures", figures)];
    lines.extend(listed(texts, checked.wrong.iter().map(|bad| (bad.row, reasons(texts, bad)))));
    lines.push(texts.html(if checked.draft.is_some() { "answer-press" } else { "answer-nothing" }, &[]));
    let screen = Screen::new(lines.join("\n"));
    match checked.draft {
        Some(id) => screen.row([button(texts.plain("button-apply", &[]), &Press::ApplyAnswer(id))]),
        None => screen,
    }
}

/// All bad rows as a file.
///
/// # Errors
/// None in memory; the library's type has them.
pub fn wrong_rows(texts: &Texts, wrong: &[BadRow]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    Ok(sheet::write(&["row", "reason"], wrong.iter().map(|bad| vec![bad.row.to_string(), reasons(texts, bad)]))?)
}

/// How far it is.
#[must_use]
pub fn progress(texts: &Texts, done: usize, of: i64) -> Screen {
    sentence(texts, "answer-progress", &[("done", &done), ("of", &of)])
}

/// What was applied.
#[must_use]
pub fn applied(texts: &Texts, figures: &Figures) -> Screen {
    let said: crate::texts::Args<'_> = &[
        ("by", &figures.by),
        ("paid", &figures.paid.count),
        ("paid-amount", &figures.paid.amount),
        ("failed", &figures.failed.count),
        ("failed-amount", &figures.failed.amount),
    ];
    let mut lines = vec![texts.html("answer-applied", said)];
    lines.extend((figures.before > 0).then(|| texts.html("answer-before", &[("count", &figures.before)])));
    lines.extend((figures.open > 0).then(|| texts.html("answer-open", &[("count", &figures.open)])));
    if !figures.refused.is_empty() {
        lines.push(texts.html("answer-refused", &[("count", &figures.refused.len())]));
        let why = texts.plain("answer-moved", &[]);
        lines.extend(listed(texts, figures.refused.iter().map(|row| (*row, why.clone()))));
    }
    Screen::new(lines.join("\n"))
}

/// What a withdrawal's card says of tax, of who approved it first, and of a gateway that pays it.
pub(super) fn card_lines(texts: &Texts, card: &WithdrawalCard) -> Vec<String> {
    let WithdrawalCard { withdrawal, transfer, alone, .. } = card;
    let mut lines = Vec::from_iter(tax::withheld(texts, withdrawal.amount, withdrawal.tds));
    if let (Some(by), Some(at)) = (&withdrawal.first_by_name, withdrawal.first_at) {
        lines.push(texts.html("withdrawal-card-first", &[("by", by), ("at", &texts.time(at))]));
        if withdrawal.state == WithdrawalState::Asked {
            lines.push(texts.html(if *alone { "withdrawal-card-second-nobody" } else { "withdrawal-card-second" }, &[]));
        }
    }
    if withdrawal.state == WithdrawalState::Approved && withdrawal.batch_id.is_some() {
        lines.push(texts.html("withdrawal-card-in-file", &[]));
    }
    if let Some(row) = transfer {
        let status = row.status.clone().unwrap_or_default();
        let error = row.error.clone().unwrap_or_default();
        let args: crate::texts::Args<'_> = &[("by", &row.made_by_name), ("at", &texts.time(row.made_at)), ("status", &status), ("error", &error)];
        lines.push(match row.state.as_str() {
            "to_send" if row.error.is_some() => texts.html("transfer-not-sent", args),
            "to_send" => texts.html("transfer-to-send", args),
            "sent" => texts.html("transfer-sent", args),
            "refused" => texts.html("transfer-refused", args),
            _ => texts.html("transfer-over", args),
        });
    }
    lines
}

/// The buttons of an approved withdrawal: none while a gateway pays it.
pub(super) fn approved(texts: &Texts, card: &WithdrawalCard, screen: Screen) -> Screen {
    let id = card.withdrawal.id;
    if card.transfer.as_ref().is_some_and(mela_core::gateways::transfer::Row::is_under_way) {
        return screen;
    }
    let caption = |key| texts.plain(key, &[]);
    let screen = if card.by_gateway && card.withdrawal.batch_id.is_none() && !card.owed.is_positive() {
        screen.row([button(caption("button-pay-by-gateway"), &Press::PayByGateway(id))])
    } else {
        screen
    };
    screen.row([
        button(caption("button-mark-paid"), &Press::MarkPaid(id)),
        button(caption("button-could-not-pay"), &Press::CouldNotPay(id)),
    ])
}
