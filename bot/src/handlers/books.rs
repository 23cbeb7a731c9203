//! The books in the chat: statements, as text and as files, and the trial balance.

use super::Reply;
use super::admin::Desk;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::PAGE;
use crate::screens::books::{self, StatementOf};
use crate::texts::Texts;
use chrono::{Days, NaiveDate};
use mela_core::ledger::{self, AccountId, ExportError, Own, Shop};
use mela_core::users::{self, UserId};
use mela_core::{Core, clock};

/// Lines of a statement that are sent as a file; `mela ledger statement` writes the whole.
const LINES: u64 = 50_000;

/// `/statement ACCOUNT` for one of the shop's accounts, `/statement WHO ACCOUNT` for a person's.
pub(super) async fn statement(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let usage = || {
        let kinds = |all: Vec<&'static str>| all.join(", ");
        let shop = kinds(Shop::ALL.map(Shop::kind).to_vec());
        desk.sentence("usage-statement", &[("shop", &shop), ("own", &kinds(Own::ALL.map(Own::kind).to_vec()))])
    };
    let lower = argument.to_lowercase();
    let account = match lower.split_whitespace().collect::<Vec<_>>().as_slice() {
        [kind] => Shop::ALL.into_iter().find(|shop| shop.kind() == *kind).map(AccountId::from),
        [who, kind] => {
            let Some(user) = users::search(desk.app.core().db(), who).await? else {
                return Ok(desk.sentence("no-user", &[("what", who)]));
            };
            Own::ALL.into_iter().find(|own| own.kind() == *kind).map(|own| AccountId::of(user.user_id(), own))
        }
        _ => None,
    };
    match account {
        Some(account) => page(desk, account, None).await,
        None => Ok(usage()),
    }
}

/// The staff's buttons of a statement.
pub(super) async fn press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    let number = match press {
        Press::Account(number, _) | Press::AccountFile(number) => *number,
        _ => return Ok(desk.alert("stale", &[])),
    };
    let Some(account) = AccountId::from_number(number) else {
        return Ok(desk.alert("stale", &[]));
    };
    if let Press::Account(_, before) = press {
        return Ok(Reply::Show(page(desk, account, (*before > 0).then_some(*before)).await?));
    }
    let mut file = Vec::new();
    let lines = ledger::statement_csv(desk.app.core().db(), account, LINES, &mut file).await.map_err(unwritten)?;
    Ok(Reply::Say(books::file(&desk.texts, file, lines)))
}

/// A person's own statement as a file.
pub(super) async fn own_file(core: &Core, texts: &Texts, person: UserId) -> Result<Reply, Failure> {
    let mut file = Vec::new();
    let lines = ledger::person_csv(core.db(), person, LINES, &mut file).await.map_err(unwritten)?;
    Ok(Reply::Say(books::file(texts, file, lines)))
}

/// Memory takes every line: only the database can be away.
fn unwritten(error: ExportError) -> Failure {
    match error {
        ExportError::Db(error) => error.into(),
        ExportError::Csv(error) => sea_orm::DbErr::Custom(error.to_string()).into(),
    }
}

async fn page(desk: &Desk, account: AccountId, before: Option<i64>) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let owner = match account.own() {
        Some((person, _)) => Some(users::get(db, person).await?.name),
        None => None,
    };
    let entries = ledger::account_statement(db, account, before, PAGE as u64 + 1).await?;
    let balance = ledger::balance(db, account).await?;
    Ok(books::statement(&desk.texts, &StatementOf { account, owner, balance: balance.amount, entries: &entries }))
}

/// `/reconcile`: the trial balance and the whole proof; `/reconcile 2026-11-21`: the trial balance at the end of that day.
pub(super) async fn reconcile(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    if argument.is_empty() {
        let problems = ledger::proof(core.db()).await?;
        let lines = ledger::trial_balance(core.db()).await?;
        let digest = ledger::digest(core.db()).await?;
        let mut screen = books::trial(&desk.texts, None, &lines, Some(&problems), digest.as_ref());
        let clearings = crate::screens::watch::clearings(&desk.texts, &mela_core::reconciliation::reconcile(core).await?, Texts::html);
        screen.text = [screen.text, String::new()].into_iter().chain(clearings).collect::<Vec<_>>().join("\n");
        return Ok(screen);
    }
    let Ok(day) = argument.parse::<NaiveDate>() else {
        return Ok(desk.sentence("usage-reconcile", &[]));
    };
    let zone = core.settings().await?.shop.timezone;
    // Noon of the next day is in every zone that day.
    let next = day
        .checked_add_days(Days::new(1))
        .and_then(|next| next.and_hms_opt(12, 0, 0))
        .and_then(|noon| noon.and_local_timezone(zone).earliest());
    let Some(next) = next else {
        return Ok(desk.sentence("usage-reconcile", &[]));
    };
    let end = clock::midnight(next.to_utc(), zone) - chrono::TimeDelta::microseconds(1);
    let lines = ledger::trial_balance_at(core.db(), end).await?;
    Ok(books::trial(&desk.texts, Some(end), &lines, None, None))
}
