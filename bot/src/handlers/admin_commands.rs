//! The commands of the admin chat.

use super::admin::{Desk, refused};
use crate::app::Failure;
use crate::card;
use crate::commands::Command;
use crate::reply::Screen;
use crate::screens::admin::{self, Pending, Person};
use crate::screens::fraud;
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::code::ShortCode;
use mela_core::fraud::{Filter, FlagState};
use mela_core::settings::{self, SetError};
use mela_core::staff::{self, Role, StaffRole};
use mela_core::{adjustments, audit, clock, credits, ledger, orders, payments, referrals, refunds, reports, tickets, users, withdrawals};
use teloxide::types::User;

/// Rows of each kind in `/pending`.
const PENDING: u64 = 15;

/// Does what a command asks for.
pub(super) async fn obey(desk: &Desk, command: &Command, from: &User) -> Result<Screen, Failure> {
    let needed = match command.name.as_str() {
        "release" | "refund" | "credit" | "debit" | "credits" | "flag" | "block" | "unblock" | "payouts" => Role::Admin,
        // Without terms it only shows.
        "campaign" | "contest" if !command.argument.is_empty() => Role::Admin,
        "coupon" if command.argument.contains(char::is_whitespace) => Role::Admin,
        "settings" if !command.argument.is_empty() => Role::Admin,
        "staff" if !command.argument.is_empty() => Role::Owner,
        "erase" | "tds" => Role::Owner,
        _ => Role::Support,
    };
    if desk.role < needed {
        refused(&desk.app, from, "not-allowed", &format!("/{}", command.name)).await?;
        return Ok(desk.sentence("not-allowed", &[]));
    }
    match command.name.as_str() {
        "pending" => pending(desk).await,
        "order" => order(desk, &command.argument).await,
        "refund" => super::refund::begin(desk, &command.argument).await,
        "credit" => super::adjusting::command(desk, &command.argument, true).await,
        "debit" => super::adjusting::command(desk, &command.argument, false).await,
        "user" => person(desk, &command.argument).await,
        "fraud" => super::fraud::command(desk, &command.argument).await,
        "flag" => super::fraud::raise(desk, &command.argument).await,
        "block" => super::fraud::block(desk, &command.argument, true).await,
        "unblock" => super::fraud::block(desk, &command.argument, false).await,
        "tree" => super::tree::command(desk, &command.argument).await,
        "stats" => stats(desk).await,
        "settings" => change_settings(desk, &command.argument).await,
        "staff" => change_staff(desk, &command.argument).await,
        "referrers" => super::contests::referrers(desk).await,
        "campaign" => super::contests::campaign(desk, &command.argument).await,
        "contest" => super::contests::contest(desk, &command.argument).await,
        "coupon" => super::coupons::command(desk, &command.argument).await,
        "products" => super::products::list(desk, 0).await,
        "export" => super::importing::export(desk, &command.argument).await,
        "release" => release(desk).await,
        "erase" => super::privacy::of_person(desk, &command.argument).await,
        "tds" => super::tax::book(desk, &command.argument).await,
        "stock" => super::stocking::shelves(desk).await,
        "credits" => super::credits::list(desk, 0, 0).await,
        "payments" => super::watch::overview(desk).await,
        "statement" => super::books::statement(desk, &command.argument).await,
        "reconcile" => super::books::reconcile(desk, &command.argument).await,
        "id" => Ok(super::groups::ids(&desk.texts, desk.speaker.chat_id, desk.by.telegram_id.unsigned_abs())),
        "help" | "start" => Ok(desk.sentence("admin-help", &[])),
        "cancel" => {
            desk.ask(None).await?;
            Ok(desk.sentence("cancelled-staff", &[]))
        }
        _ => Ok(desk.sentence("admin-unknown-command", &[])),
    }
}

async fn pending(desk: &Desk) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let mut waiting = Vec::new();
    for payment in payments::waiting(db, PENDING).await? {
        let order = payments::order_of(db, &payment).await?;
        waiting.push((payment, order));
    }
    let mut undelivered = Vec::new();
    for order in orders::undelivered(db, PENDING).await? {
        let payment = payments::of_order(db, order.id).await?.last().map(|p| p.id);
        undelivered.push((order, payment));
    }
    let withdrawals = withdrawals::open(db, PENDING).await?;
    let refunds = refunds::to_send(db, PENDING).await?;
    let tickets = tickets::waiting(db, PENDING).await?;
    let asks = adjustments::waiting(db, PENDING).await?;
    let credits = credits::piles(db).await?;
    let holding = Filter { state: Some(FlagState::Open), strong: Some(true), ..Filter::default() };
    let flags = !mela_core::fraud::queue(db, holding, None, 1).await?.is_empty();
    Ok(admin::pending(
        &desk.texts,
        &Pending { payments: waiting, orders: undelivered, withdrawals, refunds, tickets, asks, credits, flags },
    ))
}

async fn order(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return Ok(desk.sentence("usage-order", &[]));
    }
    let db = desk.app.core().db();
    let Some(order) = order_named(desk, argument).await? else {
        return Ok(desk.sentence("no-order", &[("what", &shortened(argument))]));
    };
    let buyer = users::get(db, order.buyer()).await?;
    let payments = payments::of_order(db, order.id).await?;
    let given_back = refunds::of_order(db, order.id).await?;
    Ok(admin::order(&desk.texts, &order, &buyer, &payments, &given_back))
}

/// The order that a command names.
pub(super) async fn order_named(desk: &Desk, argument: &str) -> Result<Option<orders::Order>, Failure> {
    match ShortCode::with_prefix("O-", argument) {
        Ok(code) => Ok(orders::by_code(desk.app.core().db(), &code).await?),
        Err(_) => Ok(None),
    }
}

async fn person(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return Ok(desk.sentence("usage-user", &[]));
    }
    let db = desk.app.core().db();
    let Some(user) = users::search(db, argument).await? else {
        return Ok(desk.sentence("no-user", &[("what", &shortened(argument))]));
    };
    let referrer = match user.referred_by {
        Some(id) => Some(users::get(db, users::UserId(id)).await?),
        None => None,
    };
    let id = user.user_id();
    let risk = card::risk(db, &user).await?;
    let person = Person {
        referrer,
        tally: orders::tally(db, id).await?,
        funnel: referrals::funnel(desk.app.core(), id).await?,
        standing: ledger::standing(db, id).await?,
        user,
    };
    Ok(fraud::beside(&desk.texts, admin::person(&desk.texts, &person), id.0, &risk))
}

pub(super) fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

async fn stats(desk: &Desk) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let settings = core.settings().await?;
    let now = core.now();
    let mut periods = Vec::new();
    for (period, since) in [
        ("period-today", clock::midnight(now, settings.shop.timezone)),
        ("period-week", now - TimeDelta::days(7)),
        ("period-month", now - TimeDelta::days(30)),
        ("period-all", DateTime::<Utc>::UNIX_EPOCH),
    ] {
        periods.push((period, reports::figures(core.db(), since, DateTime::<Utc>::MAX_UTC).await?));
    }
    Ok(admin::stats(&desk.texts, settings.shop.name.as_str(), &periods))
}

async fn change_settings(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let store = core.settings_store();
    let Some((key, value)) = argument.split_once(char::is_whitespace).map(|(k, v)| (k, v.trim())) else {
        return if argument.is_empty() {
            Ok(admin::settings(&desk.texts, &settings::list(store, core.db()).await?))
        } else {
            Ok(desk.sentence("usage-settings", &[]))
        };
    };
    let key = key.to_lowercase();
    let tx = core.begin().await?;
    let old = match settings::set(store, &tx, core.now(), desk.by.telegram_id, &key, value).await {
        Ok(old) => old,
        Err(SetError::Unknown(key)) => return Ok(desk.sentence("setting-unknown", &[("key", &key)])),
        Err(SetError::Fixed(key)) => return Ok(desk.sentence("setting-fixed", &[("key", &key)])),
        Err(SetError::Wrong(why)) => return Ok(desk.sentence("setting-wrong", &[("why", &why)])),
        Err(error) => return Err(error.into()),
    };
    audit::record(&tx, core.now(), &desk.by, "setting.change", &key, &format!("{old} → {value}")).await?;
    tx.commit().await?;
    store.refresh(core.db()).await?;
    Ok(desk.sentence("setting-changed", &[("key", &key), ("old", &old), ("new", &value)]))
}

async fn change_staff(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let owner = core.settings().await?.telegram.owner_id;
    let words: Vec<&str> = argument.split_whitespace().collect();
    let (verb, who, rest) = match words.as_slice() {
        [] => return Ok(admin::staff(&desk.texts, owner, &staff::list(core.db()).await?)),
        [verb, who, rest @ ..] => (*verb, *who, rest),
        _ => return Ok(desk.sentence("usage-staff", &[])),
    };
    // By id, or by @name when the person has written to the bot.
    let known = users::search(core.db(), who).await?;
    let Some(id) = known.as_ref().map(|u| u.telegram_id).or_else(|| who.parse().ok()).filter(|id| *id > 0) else {
        return Ok(desk.sentence("no-user", &[("what", &shortened(who))]));
    };
    if id == owner {
        return Ok(desk.sentence("staff-is-owner", &[]));
    }
    match (verb, rest) {
        ("add", [role, name @ ..]) => {
            let role = match role.to_lowercase().as_str() {
                "admin" => StaffRole::Admin,
                "support" => StaffRole::Support,
                _ => return Ok(desk.sentence("usage-staff", &[])),
            };
            let name = if name.is_empty() {
                known.map_or_else(|| who.to_owned(), |u| u.name)
            } else {
                users::clean_name(&name.join(" "))
            };
            staff::add(core, &desk.by, id, &name, role).await?;
            Ok(desk.sentence("staff-added", &[("name", &name), ("id", &id), ("role", &admin::role(&desk.texts, role))]))
        }
        ("remove", []) => {
            let key = if staff::remove(core, &desk.by, id).await? { "staff-removed" } else { "staff-not" };
            Ok(desk.sentence(key, &[("id", &id)]))
        }
        _ => Ok(desk.sentence("usage-staff", &[])),
    }
}

async fn release(desk: &Desk) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let all = mela_jobs::bodies::release(core).await?;
    audit::record(core.db(), core.now(), &desk.by, "commissions.release", "due", &all.amount.to_string()).await?;
    if all.commissions == 0 {
        return Ok(desk.sentence("released-none", &[]));
    }
    Ok(desk.sentence("released-now", &[("amount", &all.amount), ("people", &all.people), ("commissions", &all.commissions)]))
}
