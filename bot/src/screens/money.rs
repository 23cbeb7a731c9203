//! Wallet, statement, referring, earnings, withdrawing.

use super::{PAGE, back, home, pages};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use chrono::{DateTime, Utc};
use mela_core::commissions::{Commission, CommissionState};
use mela_core::fraud::FAR;
use mela_core::ledger::{Standing, StatementLine};
use mela_core::money::Rupees;
use mela_core::withdrawals::Withdrawal;

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

/// A page of a person's commissions, newest first; one more than fits tells that there are older ones. `frozen`: nothing of theirs is released now.
#[must_use]
pub fn earnings(texts: &Texts, above: &str, commissions: &[Commission], page: u32, frozen: bool) -> Screen {
    let rules = || button(texts.plain("button-programme", &[]), &Press::Programme);
    let above = (!above.is_empty()).then(|| format!("{above}\n"));
    if commissions.is_empty() && page == 0 {
        let text = std::iter::once(texts.html("earnings-empty", &[])).chain(above).collect::<Vec<_>>().join("\n\n");
        return Screen::new(text).row([rules(), home(texts)]);
    }
    let lines = commissions.iter().take(PAGE).map(|c| {
        let state = match c.state {
            _ if !c.left().is_positive() => texts.plain("earning-reversed", &[]),
            // Alone, or with all that they have.
            CommissionState::Held if frozen || c.release_at >= FAR => texts.plain("earning-checked", &[]),
            CommissionState::Held => texts.plain("earning-held", &[("at", &texts.time(c.release_at))]),
            CommissionState::Released => texts.plain("earning-available", &[("at", &texts.time(c.release_at))]),
            CommissionState::Cancelled => texts.plain("earning-reversed", &[]),
        };
        let amount = if c.left().is_positive() { c.left() } else { c.amount };
        texts.html("earnings-line", &[("amount", &amount), ("level", &c.level), ("state", &state)])
    });
    let text = std::iter::once(texts.html("earnings", &[])).chain(above).chain(lines).collect::<Vec<_>>().join("\n");
    let turn = pages(texts, page, commissions.len() > PAGE, Press::Earnings);
    let screen = Screen::new(text);
    let screen = screen.row(turn);
    screen.row([rules(), home(texts)])
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
