//! What staff read about a proof on its card.

use crate::texts::Texts;
use chrono::TimeDelta;
use mela_core::code::ShortCode;
use mela_core::evidence::{Evidence, NAMED};
use mela_core::payments::{Method, Payment};

/// A line for each thing that is known.
#[must_use]
pub fn lines(texts: &Texts, payment: &Payment, evidence: &Evidence) -> Vec<String> {
    let mut lines = Vec::new();
    let proved = payment.method == Method::Upi && (payment.utr.is_some() || payment.photo_file_id.is_some());
    if proved {
        lines.push(texts.html("evidence-after", &[("after", &span(texts, evidence.after))]));
    }
    if evidence.late {
        lines.push(texts.html("payment-card-late", &[]));
    }
    if !evidence.same_file.is_empty() {
        lines.push(texts.html("evidence-same-file", &[("orders", &named(&evidence.same_file))]));
    }
    if !evidence.same_picture.is_empty() {
        lines.push(texts.html("evidence-same-picture", &[("orders", &named(&evidence.same_picture))]));
    }
    if let Some(at) = evidence.older {
        lines.push(texts.html("evidence-older", &[("at", &texts.time(at))]));
    }
    if evidence.other_year {
        lines.push(texts.html("evidence-year", &[]));
    }
    if evidence.rejected_before > 0 {
        lines.push(texts.html("payment-card-rejected-before", &[("count", &evidence.rejected_before)]));
    }
    lines
}

fn named(orders: &[ShortCode]) -> String {
    let names: Vec<String> = orders.iter().take(NAMED).map(|code| format!("O-{code}")).collect();
    let more = if orders.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", names.join(", "))
}

fn span(texts: &Texts, after: TimeDelta) -> String {
    let minutes = after.num_minutes().max(0);
    match (minutes / (24 * 60), minutes / 60) {
        (0, 0) => texts.plain("evidence-minutes", &[("minutes", &minutes)]),
        (0, hours) => texts.plain("evidence-hours", &[("hours", &hours), ("minutes", &(minutes % 60))]),
        (days, _) => texts.plain("evidence-days", &[("days", &days)]),
    }
}
