//! `/credit` and `/debit`: what staff put into a wallet, or take out of it.

use super::Reply;
use super::admin::Desk;
use super::admin_commands::shortened;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::wallet;
use mela_core::adjustments::{self, Ask, AskError, LONGEST_REASON};
use mela_core::money::Rupees;
use mela_core::staff;
use mela_core::users::UserId;
use mela_core::{ledger, users};

/// `/credit WHO AMOUNT REASON`, or `/debit` when it is taken out: shown with what it does, to be confirmed.
pub(super) async fn command(desk: &Desk, argument: &str, into: bool) -> Result<Screen, Failure> {
    let usage = || Ok(desk.sentence(if into { "usage-credit" } else { "usage-debit" }, &[]));
    let mut words = argument.splitn(3, char::is_whitespace).map(str::trim);
    let (Some(who), Some(amount), Some(reason)) = (words.next(), words.next(), words.next()) else {
        return usage();
    };
    let core = desk.app.core();
    let person = users::search(core.db(), who).await?.filter(|person| person.erased_at.is_none());
    let Some(person) = person else {
        return Ok(desk.sentence("no-user", &[("what", &shortened(who))]));
    };
    let amount = match amount.parse::<Rupees>() {
        Ok(amount) => amount,
        Err(_) => return Ok(desk.sentence("adjust-amount-wrong", &[("what", &shortened(amount))])),
    };
    let amount = if into { amount } else { -amount };
    let key = format!("tg:{}", desk.speaker.update_id);
    match adjustments::draft(core, person.user_id(), amount, reason, &desk.by, &key).await {
        Ok(ask) => shown(desk, &ask).await,
        Err(AskError::NotAnAmount) => Ok(desk.sentence("adjust-amount-wrong", &[("what", &Rupees::ZERO)])),
        Err(AskError::NotAReason) if reason.is_empty() => usage(),
        Err(AskError::NotAReason) => Ok(desk.sentence("adjust-reason-long", &[("most", &LONGEST_REASON)])),
        Err(AskError::NotThere(credit)) => Ok(desk.sentence("adjust-not-there", &[("credit", &credit), ("customer", &person.name)])),
        Err(error) => Err(error.into()),
    }
}

/// The buttons of what was asked for.
pub(super) async fn press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (id, decided) = match *press {
        Press::ConfirmAsk(id) => (id, adjustments::confirm(core, id, &desk.by).await),
        Press::ApproveAsk(id) => (id, adjustments::approve(core, id, &desk.by).await),
        Press::RejectAsk(id) => (id, adjustments::reject(core, id, &desk.by).await),
        Press::BringAsk(id) => return Ok(Reply::Say(shown(desk, &adjustments::get(core.db(), id).await?).await?)),
        _ => return Ok(desk.alert("stale", &[])),
    };
    let ask = match decided {
        Ok(ask) => ask.into_inner(),
        // What it has become meanwhile.
        Err(AskError::NotNow(ask)) => *ask,
        Err(AskError::Own) if staff::is_alone(core, adjustments::get(core.db(), id).await?.asked_by).await? => {
            return Ok(desk.alert("adjust-own-nobody", &[]));
        }
        Err(AskError::Own) => return Ok(desk.alert("adjust-own", &[])),
        Err(AskError::NotTheirs) => return Ok(desk.alert("adjust-not-theirs", &[])),
        Err(AskError::NotThere(credit)) => return Ok(desk.alert("adjust-less-now", &[("credit", &credit)])),
        Err(error) => return Err(error.into()),
    };
    Ok(Reply::Show(shown(desk, &ask).await?))
}

async fn shown(desk: &Desk, ask: &Ask) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let person = users::get(db, UserId(ask.user_id)).await?;
    let credit = ledger::standing(db, person.user_id()).await?.credit;
    Ok(wallet::ask(&desk.texts, ask, &person, credit, staff::is_alone(desk.app.core(), ask.asked_by).await?))
}
