//! Tickets: somebody's complaint of what they have, and what staff did about it. While the subscription runs, what does not work is replaced.

mod entity;

pub use entity::{Reason, Ticket, TicketState};

use crate::Core;
use crate::audit::{self, Actor};
use crate::credentials::{self, Exchange};
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::notifications::{self, Letter, Notice, TicketNews};
use crate::subscriptions::{self, Subscription};
use crate::users::{User, UserId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// The longest complaint in words.
pub const LONGEST_WORDS: usize = 500;

/// Why a ticket was not opened, or nothing was done about it.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The person has no such subscription.
    #[error("no such subscription")]
    NotFound,
    /// The subscription is over: so is what the shop stands for.
    #[error("the subscription is over")]
    Over,
    /// It waits for stock already.
    #[error("it waits for stock")]
    Waits,
    /// Its holder was given another login since they complained: this one is not what does not work.
    #[error("it was given another slot since")]
    Moved,
    /// Its plan is delivered by hand: staff send what they replace it by.
    #[error("the plan is delivered by hand")]
    ByHand,
    /// No words, or too many.
    #[error("between 1 and {LONGEST_WORDS} characters")]
    Words,
    /// It was settled another way before.
    #[error("the ticket is {:?}", .0.state)]
    Settled(Box<Ticket>),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(TicketError);

const COLUMNS: &str = "id, code, subscription_id, user_id, reason, words, slot_id, state, opened_at, account_retired, decided_at, decided_by_name,
  answered_at, answered_by_name";

/// Opens a ticket about a person's own subscription and puts it before the staff; while one is open, that one is the answer. `key` says where it came
/// from: the same again is the same ticket.
///
/// # Errors
/// No such subscription; it is over, or waits for stock; for another reason than the named ones it needs words.
pub async fn open(
    core: &Core,
    person: &User,
    subscription: i64,
    reason: Reason,
    words: Option<&str>,
    key: &str,
) -> Result<Applied<Ticket>, TicketError> {
    let words = words.map(str::trim).filter(|_| reason == Reason::Other);
    let length = words.map_or(0, |words| words.chars().count());
    if (reason == Reason::Other) != (1..=LONGEST_WORDS).contains(&length) {
        return Err(TicketError::Words);
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let opened = open_in(core, &tx, person, subscription, reason, words, key).await?;
        tx.commit().await?;
        Ok(opened)
    })
    .await
}

async fn open_in(
    core: &Core,
    tx: &Tx,
    person: &User,
    subscription: i64,
    reason: Reason,
    words: Option<&str>,
    key: &str,
) -> Result<Applied<Ticket>, TicketError> {
    let now = core.now();
    let about = subscriptions::own(tx, person.user_id(), subscription).await?.ok_or(TicketError::NotFound)?;
    if let Some(ticket) = one(tx, "key = $1", key.into()).await?.filter(|ticket| ticket.user_id == person.id) {
        return Ok(Applied::Already(ticket));
    }
    if !about.runs(now) {
        return Err(TicketError::Over);
    }
    if about.waits_for_stock() {
        return Err(TicketError::Waits);
    }
    let text = format!(
        "INSERT INTO ticket (code, subscription_id, user_id, reason, words, slot_id, key, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING RETURNING {COLUMNS}"
    );
    let values = [
        core.short_code().into(),
        subscription.into(),
        person.id.into(),
        reason.into(),
        words.into(),
        about.slot_id.into(),
        key.into(),
        now.into(),
    ];
    let Some(ticket) = Ticket::find_by_statement(sql(&text, values)).one(tx).await? else {
        let open = one(tx, "subscription_id = $1 AND state = 'open'", subscription.into()).await?;
        return open.map(Applied::Already).ok_or(TicketError::Db(DbErr::RecordNotInserted));
    };
    notifications::tell_staff(tx, now, &Notice::TicketCard { ticket: ticket.id }, None).await?;
    Ok(Applied::Now(ticket))
}

async fn one(db: &impl ConnectionTrait, which: &str, value: sea_orm::Value) -> Result<Option<Ticket>, DbErr> {
    Ticket::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM ticket WHERE {which}"), [value])).one(db).await
}

/// A ticket by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Ticket, DbErr> {
    one(db, "id = $1", id.into()).await?.ok_or_else(|| DbErr::RecordNotFound(format!("ticket {id}")))
}

/// A person's open tickets, newest first.
///
/// # Errors
/// The database.
pub async fn open_of(db: &impl ConnectionTrait, person: UserId, limit: u64) -> Result<Vec<Ticket>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM ticket WHERE user_id = $1 AND state = 'open' ORDER BY id DESC LIMIT $2");
    Ticket::find_by_statement(sql(&text, [person.0.into(), limit.cast_signed().into()])).all(db).await
}

/// Tickets that wait for staff, oldest first.
///
/// # Errors
/// The database.
pub async fn waiting(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Ticket>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM ticket WHERE state = 'open' ORDER BY id LIMIT $1");
    Ticket::find_by_statement(sql(&text, [limit.cast_signed().into()])).all(db).await
}

/// How often what a ticket is about was replaced before it.
///
/// # Errors
/// The database.
pub async fn replaced_before(db: &impl ConnectionTrait, ticket: &Ticket) -> Result<i64, DbErr> {
    let text = "SELECT count(*) AS n FROM ticket WHERE subscription_id = $1 AND id < $2 AND state = 'replaced'";
    let row = db.query_one_raw(sql(text, [ticket.subscription_id.into(), ticket.id.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// The guarded update that one of two simultaneous presses wins.
async fn settle_in(core: &Core, tx: &Tx, id: i64, state: TicketState, by: &Actor) -> Result<Applied<Ticket>, TicketError> {
    let text = format!(
        "UPDATE ticket SET state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5 WHERE id = $1 AND state = 'open' RETURNING {COLUMNS}"
    );
    let values = [id.into(), state.into(), core.now().into(), by.telegram_id.into(), by.name.clone().into()];
    if let Some(ticket) = Ticket::find_by_statement(sql(&text, values)).one(tx).await? {
        return Ok(Applied::Now(ticket));
    }
    let found = get(tx, id).await?;
    if found.state == state {
        Ok(Applied::Already(found))
    } else {
        Err(TicketError::Settled(Box::new(found)))
    }
}

/// Replaces what a ticket is about by the next slot, in one transaction, and tells its holder; without stock it waits for it as a paid order does.
/// `whole_account`: no other slot of the account is sold any more.
///
/// # Errors
/// The subscription is over, or its plan is delivered by hand; it waits for stock already; the ticket was closed before.
pub async fn replace(core: &Core, id: i64, by: &Actor, whole_account: bool) -> Result<Applied<Ticket>, TicketError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let replaced = replace_in(core, &tx, id, by, whole_account).await?;
        tx.commit().await?;
        Ok(replaced)
    })
    .await
}

async fn replace_in(core: &Core, tx: &Tx, id: i64, by: &Actor, whole_account: bool) -> Result<Applied<Ticket>, TicketError> {
    let now = core.now();
    let ticket = match settle_in(core, tx, id, TicketState::Replaced, by).await? {
        Applied::Now(ticket) => ticket,
        already => return Ok(already),
    };
    // The order before the subscription, as a refund and a renewal lock them; then what is read stays true.
    let about = subscriptions::find(tx, ticket.subscription_id).await?.ok_or(TicketError::NotFound)?;
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [about.unit_order.into()])).await?;
    tx.execute_raw(sql("SELECT FROM subscription WHERE id = $1 FOR UPDATE", [about.id.into()])).await?;
    let about = subscriptions::find(tx, about.id).await?.ok_or(TicketError::NotFound)?;
    if !about.runs(now) {
        return Err(TicketError::Over);
    }
    let exchange = exchange(core, tx, &about, whole_account).await?;
    if ticket.slot_id != Some(exchange.slot_id) {
        return Err(TicketError::Moved);
    }
    let given = credentials::exchange_in(core, tx, &exchange).await?;
    if whole_account {
        tx.execute_raw(sql("UPDATE ticket SET account_retired = true WHERE id = $1", [id.into()])).await?;
    }
    let notice = if given {
        Notice::Replacement { ticket: id }
    } else {
        Notice::Ticket { ticket: id, became: TicketNews::Waits }
    };
    notifications::tell_all(tx, now, &[Letter::to(about.holder(), notice)]).await?;
    let action = if whole_account { "ticket.retire-account" } else { "ticket.replace" };
    let detail = format!("slot {}: {}", exchange.slot_id, if given { "replaced" } else { "waits for stock" });
    audit::record(tx, now, by, action, &format!("T-{}", ticket.code), &detail).await?;
    Ok(Applied::Now(get(tx, id).await?))
}

async fn exchange(core: &Core, tx: &Tx, about: &Subscription, whole_account: bool) -> Result<Exchange, TicketError> {
    // A plan may have been delivered by hand before it was from stock.
    if about.slot_id.is_none() && !about.waits_for_stock() {
        return Err(TicketError::ByHand);
    }
    let (Some(order_id), Some(n), Some(slot_id)) = (about.unit_order, about.unit, about.slot_id) else {
        return Err(TicketError::Waits);
    };
    let until = core.settings_store().get(tx).await?.shop.day(about.ends_at);
    Ok(Exchange { order_id, n, slot_id, until, whole_account })
}

/// Closes a ticket: nothing more is to be done. Its holder is told.
///
/// # Errors
/// It was replaced before.
pub async fn close(core: &Core, id: i64, by: &Actor) -> Result<Applied<Ticket>, TicketError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let closed = settle_in(core, &tx, id, TicketState::Closed, by).await?;
        if let Applied::Now(ticket) = &closed {
            let notice = Notice::Ticket { ticket: id, became: TicketNews::Closed };
            notifications::tell_all(&tx, core.now(), &[Letter::to(UserId(ticket.user_id), notice)]).await?;
            audit::record(&tx, core.now(), by, "ticket.close", &format!("T-{}", ticket.code), "").await?;
        }
        tx.commit().await?;
        Ok(closed)
    })
    .await
}

/// Notes that staff wrote to whoever complained. It stays open.
///
/// # Errors
/// The database.
pub async fn answered(core: &Core, id: i64, by: &Actor) -> Result<Ticket, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let text = format!("UPDATE ticket SET answered_at = $2, answered_by_name = $3 WHERE id = $1 RETURNING {COLUMNS}");
        let values = [id.into(), core.now().into(), by.name.clone().into()];
        let ticket = Ticket::find_by_statement(sql(&text, values)).one(&tx).await?.ok_or(DbErr::RecordNotUpdated)?;
        audit::record(&tx, core.now(), by, "ticket.answer", &format!("T-{}", ticket.code), "").await?;
        tx.commit().await?;
        Ok(ticket)
    })
    .await
}
