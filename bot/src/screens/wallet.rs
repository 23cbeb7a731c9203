//! Money into a wallet: added by its owner, or put right by staff.

use super::{at_name, back, home, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::adjustments::{Ask, AskState};
use mela_core::money::Rupees;
use mela_core::settings::Settings;
use mela_core::users::User;

/// Sums that are offered, in rupees, by their button's number.
pub const SUMS: [u32; 4] = [100, 200, 500, 1_000];

/// Asks how much is to be added; offers what the settings let.
#[must_use]
pub fn ask_sum(texts: &Texts, settings: &Settings) -> Screen {
    let (least, most) = (settings.wallet.least, settings.wallet.most);
    let offered = (0_u8..).zip(SUMS.map(Rupees::whole)).filter(|(_, sum)| *sum >= least && *sum <= most);
    let buttons: Vec<_> = offered.map(|(number, sum)| button(sum.to_string(), &Press::AddMoneyOf(number))).collect();
    let screen = sentence(texts, "add-money", &[("least", &least), ("most", &most)]);
    let screen = buttons.chunks(2).fold(screen, |screen, row| screen.row(row.to_vec()));
    screen.row([back(texts, &Press::Wallet), home(texts)])
}

/// What staff ask for, as it stands; `credit` is what the person can spend of it now. `alone`: nobody else may approve it.
#[must_use]
pub fn ask(texts: &Texts, ask: &Ask, person: &User, credit: Rupees, alone: bool) -> Screen {
    let into = ask.amount.is_positive();
    let amount = if into { ask.amount } else { -ask.amount };
    let (before, after) = (credit, credit + ask.amount);
    let args: Args<'_> = &[
        ("amount", &amount),
        ("customer", &person.name),
        ("customer-id", &person.telegram_id),
        ("username", &at_name(person.username.as_ref())),
        ("reason", &ask.reason),
    ];
    let mut lines = vec![texts.html(if into { "adjust-credit" } else { "adjust-debit" }, args)];
    let open = matches!(ask.state, AskState::Draft | AskState::Waiting);
    if open {
        lines.push(texts.html("adjust-balance", &[("before", &before), ("after", &after)]));
    }
    if open && ask.second {
        lines.push(texts.html(if alone { "adjust-second-nobody" } else { "adjust-second" }, &[]));
    }
    if ask.state != AskState::Draft {
        lines.push(texts.html("adjust-asked", &[("by", &ask.asked_by_name), ("at", &texts.time(ask.asked_at))]));
    }
    let by = ask.decided_by_name.clone().unwrap_or_default();
    let at = ask.decided_at.map(|at| texts.time(at)).unwrap_or_default();
    let decision: Args<'_> = &[("by", &by), ("at", &at)];
    let caption = |key| texts.plain(key, &[]);
    match ask.state {
        AskState::Draft => Screen::new(lines.join("\n"))
            .row([button(caption("button-confirm"), &Press::ConfirmAsk(ask.id)), button(caption("button-drop"), &Press::RejectAsk(ask.id))]),
        AskState::Waiting => Screen::new(lines.join("\n")).row([
            button(caption("button-approve"), &Press::ApproveAsk(ask.id)),
            button(caption("button-reject"), &Press::RejectAsk(ask.id)),
        ]),
        AskState::Done => {
            lines.push(texts.html("adjust-done", decision));
            Screen::new(lines.join("\n"))
        }
        AskState::Rejected => {
            lines.push(texts.html("adjust-rejected", decision));
            Screen::new(lines.join("\n"))
        }
    }
}

/// To the person: staff put something into their wallet, or took it out.
#[must_use]
pub fn adjusted(texts: &Texts, amount: Rupees, reason: &str) -> Screen {
    let into = amount.is_positive();
    let size = if into { amount } else { -amount };
    let key = if into { "adjusted-credit" } else { "adjusted-debit" };
    sentence(texts, key, &[("amount", &size), ("reason", &reason)]).row([button(texts.plain("button-wallet", &[]), &Press::Wallet)])
}
