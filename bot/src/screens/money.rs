//! Wallet, statement, referring, earnings, withdrawing.

use super::{PAGE, back, home, pages};
use crate::callback::Press;
use crate::qr;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use chrono::{DateTime, Utc};
use mela_core::commissions::{Commission, CommissionState};
use mela_core::ledger::{Standing, StatementLine};
use mela_core::money::Rupees;
use mela_core::users::Funnel;
use mela_core::withdrawals::Withdrawal;
use teloxide::types::InlineKeyboardButton;

/// A person's money with the shop.
#[must_use]
pub fn wallet(texts: &Texts, standing: &Standing, next: Option<(DateTime<Utc>, Rupees)>) -> Screen {
    let args: crate::texts::Args<'_> = &[
        ("spend", &standing.to_spend()),
        ("withdrawable", &standing.earned),
        ("held", &standing.held),
        ("withdrawing", &standing.withdrawing),
    ];
    let mut text = texts.html("wallet", args);
    if standing.owed.is_positive() {
        text = format!("{text}\n{}", texts.html("wallet-owed", &[("owed", &standing.owed)]));
    }
    if let Some((at, amount)) = next {
        text = format!("{text}\n\n{}", texts.html("wallet-next", &[("amount", &amount), ("at", &texts.time(at))]));
    }
    Screen::new(text)
        .row([
            button(texts.plain("button-statement", &[]), &Press::Statement(0)),
            button(texts.plain("button-earnings", &[]), &Press::Earnings(0)),
        ])
        .row([
            button(texts.plain("button-add-money", &[]), &Press::AddMoney),
            button(texts.plain("button-withdraw", &[]), &Press::Withdraw),
        ])
        .row([home(texts)])
}

/// A page of a person's statement, newest first; one line more than fits tells that there are older ones.
#[must_use]
pub fn statement(texts: &Texts, lines: &[StatementLine]) -> Screen {
    if lines.is_empty() {
        return Screen::new(texts.html("statement-empty", &[])).row([back(texts, &Press::Wallet)]);
    }
    let shown = lines.iter().take(PAGE).map(|line| {
        let movement = texts.plain(&format!("movement-{}", line.movement), &[]);
        let account = texts.plain(&format!("account-{}", line.account), &[]);
        let what = if line.memo.is_empty() {
            format!("{movement}, {account}")
        } else {
            format!("{movement} {}, {account}", line.memo)
        };
        let sign = if line.amount.is_positive() { "+" } else { "" };
        let amount = format!("{sign}{}", line.amount);
        texts.html(
            "statement-line",
            &[("at", &texts.time(line.occurred_at)), ("what", &what), ("amount", &amount), ("after", &line.balance_after)],
        )
    });
    let text = std::iter::once(texts.html("statement", &[])).chain(shown).collect::<Vec<_>>().join("\n");
    let screen = Screen::new(text);
    let file = button(texts.plain("button-file", &[]), &Press::StatementFile);
    let screen = match lines.get(PAGE - 1) {
        Some(last) if lines.len() > PAGE => screen.row([button(texts.plain("button-older", &[]), &Press::Statement(last.id)), file]),
        _ => screen.row([file]),
    };
    screen.row([back(texts, &Press::Wallet)])
}

/// What the referral screen tells.
#[derive(Debug)]
pub struct Referring<'a> {
    /// The person's link.
    pub link: &'a str,
    /// Their figures.
    pub funnel: Funnel,
    /// The first plan's title, and what it earns on each level now.
    pub example: Option<(&'a str, Rupees, Rupees)>,
    /// Whether the bot can be asked for it in any chat.
    pub inline: bool,
}

/// A person's link, its QR, and what it has brought.
#[must_use]
pub fn refer(texts: &Texts, referring: &Referring<'_>) -> Screen {
    let (plan, earn1, earn2) = referring.example.unwrap_or(("", Rupees::ZERO, Rupees::ZERO));
    let funnel = &referring.funnel;
    let args: crate::texts::Args<'_> = &[
        ("link", &referring.link),
        ("plan", &plan),
        ("earn1", &earn1),
        ("earn2", &earn2),
        ("joined", &funnel.joined),
        ("bought", &funnel.bought),
        ("level1", &funnel.level1),
        ("level2", &funnel.level2),
    ];
    let share = url::Url::parse_with_params("https://t.me/share/url", [("url", referring.link), ("text", &texts.plain("refer-share", &[]))]);
    let mut screen = Screen::new(texts.html("refer", args));
    if let Ok(share) = share {
        let in_a_chat = referring.inline.then(|| InlineKeyboardButton::switch_inline_query(texts.plain("button-invite", &[]), "refer"));
        screen = screen.row([InlineKeyboardButton::url(texts.plain("button-share", &[]), share)].into_iter().chain(in_a_chat));
    }
    let screen = screen.row([button(texts.plain("button-earnings", &[]), &Press::Earnings(0)), home(texts)]);
    match qr::png(referring.link) {
        Ok(bytes) => screen.picture(Picture::Png(bytes)),
        Err(_) => screen,
    }
}

/// A page of a person's commissions, newest first; one more than fits tells that there are older ones.
#[must_use]
pub fn earnings(texts: &Texts, commissions: &[Commission], page: u32) -> Screen {
    if commissions.is_empty() && page == 0 {
        return Screen::new(texts.html("earnings-empty", &[])).row([home(texts)]);
    }
    let lines = commissions.iter().take(PAGE).map(|c| {
        let state = match c.state {
            _ if !c.left().is_positive() => texts.plain("earning-reversed", &[]),
            CommissionState::Held => texts.plain("earning-held", &[("at", &texts.time(c.release_at))]),
            CommissionState::Released => texts.plain("earning-available", &[("at", &texts.time(c.release_at))]),
            CommissionState::Cancelled => texts.plain("earning-reversed", &[]),
        };
        let amount = if c.left().is_positive() { c.left() } else { c.amount };
        texts.html("earnings-line", &[("amount", &amount), ("level", &c.level), ("state", &state)])
    });
    let text = std::iter::once(texts.html("earnings", &[])).chain(lines).collect::<Vec<_>>().join("\n");
    let turn = pages(texts, page, commissions.len() > PAGE, Press::Earnings);
    let screen = Screen::new(text);
    let screen = screen.row(turn);
    screen.row([home(texts)])
}

/// Too little to withdraw.
#[must_use]
pub fn withdraw_below(texts: &Texts, minimum: Rupees, available: Rupees) -> Screen {
    Screen::new(texts.html("withdraw-below", &[("minimum", &minimum), ("available", &available), ("missing", &(minimum - available))]))
        .row([back(texts, &Press::Wallet)])
}

/// After a withdrawal was asked for.
#[must_use]
pub fn withdraw_asked(texts: &Texts, withdrawal: &Withdrawal) -> Screen {
    let code = format!("W-{}", withdrawal.code);
    let mut lines = vec![texts.html("withdraw-asked", &[("withdrawal", &code), ("amount", &withdrawal.amount), ("vpa", &withdrawal.vpa)])];
    lines.extend(super::tax::withheld(texts, withdrawal.amount, withdrawal.tds));
    Screen::new(lines.join("\n")).row([back(texts, &Press::Wallet)])
}
