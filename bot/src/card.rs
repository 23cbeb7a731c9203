//! Which message of the admin chat shows which payment, withdrawal, refund, ticket or credit, and what it shows.

use crate::reply::Place;
use crate::screens::cards::{PaymentCard, WithdrawalCard};
use crate::screens::credits::CreditCard;
use crate::screens::fraud::{Figure, FlagCard, NAMED, Risk, WORDS};
use crate::screens::refunds::RefundCard;
use crate::screens::tickets::TicketCard;
use mela_core::db::sql;
use mela_core::fraud::{self, FlagState};
use mela_core::gateways::transfer;
pub use mela_core::notifications::Card as Kind;
use mela_core::payments::Method;
use mela_core::referrals::tree;
use mela_core::users::User;
use mela_core::{
    Core, credentials, credits, evidence, ledger, orders, payments, refunds, staff, subscriptions, tickets, users, verification, withdrawals,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};

/// Open flags of a person that are looked at.
const FLAGS: u64 = 20;

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment => "payment",
        Kind::Withdrawal => "withdrawal",
        Kind::Refund => "refund",
        Kind::Ticket => "ticket",
        Kind::Credit => "credit",
        Kind::Flag => "flag",
    }
}

#[derive(FromQueryResult)]
struct Row {
    chat_id: i64,
    message_id: i32,
    photo: bool,
}

/// Remembers where a card stands.
///
/// # Errors
/// The database.
pub async fn remember(db: &DatabaseConnection, kind: Kind, id: i64, place: Place) -> Result<(), DbErr> {
    db.execute_raw(sql(
        "INSERT INTO card (kind, subject_id, chat_id, message_id, photo) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, subject_id) DO UPDATE SET chat_id = excluded.chat_id, message_id = excluded.message_id, photo = excluded.photo",
        [name(kind).into(), id.into(), place.chat_id.into(), place.message_id.into(), place.photo.into()],
    ))
    .await?;
    Ok(())
}

/// Where a card stands, if it was ever sent.
///
/// # Errors
/// The database.
pub async fn place(db: &DatabaseConnection, kind: Kind, id: i64) -> Result<Option<Place>, DbErr> {
    let row = Row::find_by_statement(sql(
        "SELECT chat_id, message_id, photo FROM card WHERE kind = $1 AND subject_id = $2",
        [name(kind).into(), id.into()],
    ))
    .one(db)
    .await?;
    Ok(row.map(|r| Place { chat_id: r.chat_id, message_id: r.message_id, photo: r.photo }))
}

/// What a payment's card shows.
///
/// # Errors
/// The database.
pub async fn payment(core: &Core, id: i64) -> Result<PaymentCard, DbErr> {
    let db = core.db();
    let payment = payments::get(db, id).await?;
    let order = payments::order_of(db, &payment).await?;
    let buyer = users::get(db, order.buyer()).await?;
    let referrer = match buyer.referred_by {
        Some(id) => Some(users::get(db, users::UserId(id)).await?),
        None => None,
    };
    let evidence = evidence::of(core, &payment, &order).await?;
    let refunds = refunds::of_order(db, order.id).await?;
    let by_upi = payment.method == Method::Upi;
    let seen = if by_upi { credits::seen_for(db, &payment).await? } else { None };
    // Where no statement is read, nothing is ever seen: that says nothing of this one.
    let looked_for = by_upi && (seen.is_some() || credits::are_seen(db).await?);
    Ok(PaymentCard { payment, order, buyer, referrer, evidence, refunds, seen, looked_for })
}

/// What a withdrawal's card shows.
///
/// # Errors
/// The database.
pub async fn withdrawal(core: &Core, id: i64) -> Result<WithdrawalCard, DbErr> {
    let db = core.db();
    let withdrawal = withdrawals::get(db, id).await?;
    let owner = users::get(db, withdrawal.owner()).await?;
    let background = withdrawals::background(db, &withdrawal).await?;
    let owed = ledger::standing(db, withdrawal.owner()).await?.owed;
    let risk = risk(db, &owner).await?;
    let verified = verification::of(db, withdrawal.owner()).await?;
    let can_verify = core.settings().await?.http.public_url.get().is_some();
    let transfer = transfer::of(db, id).await?;
    let by_gateway = transfer::pays_out(core).is_some();
    let alone = match withdrawal.first_by {
        Some(first) => staff::is_alone(core, first).await?,
        None => false,
    };
    Ok(WithdrawalCard { withdrawal, owner, background, owed, risk, verified, can_verify, transfer, by_gateway, alone })
}

/// What is known against a person.
///
/// # Errors
/// The database.
pub async fn risk(db: &DatabaseConnection, person: &User) -> Result<Risk, DbErr> {
    let id = person.user_id();
    Ok(Risk {
        score: fraud::score(db, id).await?,
        flags: fraud::of_person(db, id, Some(FlagState::Open), FLAGS).await?,
        frozen: fraud::is_frozen(db, id).await?,
        blocked: person.blocked_reason.clone(),
    })
}

/// What a flag's card shows.
///
/// # Errors
/// The database.
pub async fn flag(core: &Core, id: i64) -> Result<FlagCard, DbErr> {
    let db = core.db();
    let flag = fraud::get(db, id).await?;
    let mut found = fraud::people_of(db, id, NAMED as u64 + 1).await?;
    let more = found.len() > NAMED;
    found.truncate(NAMED);
    let mut people = Vec::new();
    for suspect in found {
        let standing = ledger::standing(db, suspect.user.user_id()).await?;
        let node = tree::node(db, suspect.user.user_id()).await?;
        people.push(Figure { suspect, node, standing });
    }
    let (hold, words) = (fraud::touched(db, id).await?, fraud::words_of(db, id, WORDS).await?);
    Ok(FlagCard { flag, people, more, hold, words, now: core.now() })
}

/// What a refund's card shows.
///
/// # Errors
/// The database.
pub async fn refund(core: &Core, id: i64) -> Result<RefundCard, DbErr> {
    let db = core.db();
    let refund = refunds::get(db, id).await?;
    let order = orders::get(db, refund.order_id).await?;
    let buyer = users::get(db, order.buyer()).await?;
    let reversals = refunds::reversals(db, &refund).await?;
    Ok(RefundCard { refund, order, buyer, reversals })
}

/// What a credit's card shows.
///
/// # Errors
/// The database.
pub async fn credit(core: &Core, id: i64) -> Result<CreditCard, DbErr> {
    let db = core.db();
    let credit = credits::get(db, id).await?;
    let parts = credits::assigned(db, id).await?;
    let suggested = credits::suggested(core, &credit).await?;
    let mut orders = Vec::new();
    for lead in suggested.orders {
        let buyer = users::get(db, lead.order.buyer()).await?;
        orders.push((lead, buyer));
    }
    Ok(CreditCard { credit, parts, orders, seems: suggested.seems, too_old: suggested.too_old, payer: suggested.payer })
}

/// What a ticket's card shows.
///
/// # Errors
/// The database.
pub async fn ticket(core: &Core, id: i64) -> Result<TicketCard, DbErr> {
    let db = core.db();
    let ticket = tickets::get(db, id).await?;
    let about = subscriptions::find(db, ticket.subscription_id).await?;
    let about = about.ok_or_else(|| DbErr::RecordNotFound(format!("subscription {}", ticket.subscription_id)))?;
    let owner = users::get(db, users::UserId(ticket.user_id)).await?;
    let held = match ticket.slot_id {
        Some(slot) => credentials::holding(core, slot).await?,
        None => None,
    };
    let replaced_before = tickets::replaced_before(db, &ticket).await?;
    let (now, shop) = (core.now(), &core.settings().await?.shop);
    Ok(TicketCard { runs: about.runs(now), days_left: about.days_left(shop, now), ticket, about, owner, held, replaced_before })
}
