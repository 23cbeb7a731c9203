//! Gifts: an order whose units are whose who opens its link first.

use crate::Core;
use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::credentials;
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::notifications::{self, Letter, Notice};
use crate::orders::{self, Order, OrderState};
use crate::payments::{self, PaymentState};
use crate::users::User;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Why a gift was not opened.
#[derive(Debug, thiserror::Error)]
pub enum GiftError {
    /// There is no such gift.
    #[error("no such gift")]
    Unknown,
    /// Whoever bought it cannot open it.
    #[error("it is their own gift")]
    Own,
    /// It is not paid yet.
    #[error("the gift is not paid")]
    NotPaid,
    /// Its money went back.
    #[error("the gift was refunded")]
    Refunded,
    /// Somebody else opened it.
    #[error("somebody else opened it")]
    Taken,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(GiftError);

/// Opens a gift: what it holds is this person's from now on, and its time begins. Its buyer is told.
///
/// # Errors
/// No such gift, their own, not paid, refunded, or opened by somebody else.
pub async fn open(core: &Core, person: &User, code: &ShortCode) -> Result<Applied<Order>, GiftError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let opened = open_in(core, &tx, person, code).await?;
        tx.commit().await?;
        Ok(opened)
    })
    .await
}

async fn open_in(core: &Core, tx: &Tx, person: &User, code: &ShortCode) -> Result<Applied<Order>, GiftError> {
    let now = core.now();
    let found = "SELECT * FROM orders WHERE gift_code = $1 FOR UPDATE";
    let gift = orders::Entity::find().from_raw_sql(sql(found, [code.clone().into()])).one(tx).await?.ok_or(GiftError::Unknown)?;
    match gift.recipient_id {
        Some(recipient) if recipient == person.id && gift.is_refunded() => return Err(GiftError::Refunded),
        Some(recipient) if recipient == person.id => return Ok(Applied::Already(gift)),
        Some(_) => return Err(GiftError::Taken),
        None if gift.buyer_id == person.id => return Err(GiftError::Own),
        None if gift.paid_at.is_none() => return Err(GiftError::NotPaid),
        None if gift.is_refunded() => return Err(GiftError::Refunded),
        None => {}
    }
    let bind = "UPDATE orders SET recipient_id = $2, opened_at = $3 WHERE id = $1 AND recipient_id IS NULL RETURNING *";
    let bound = orders::Entity::find().from_raw_sql(sql(bind, [gift.id.into(), person.id.into(), now.into()])).one(tx).await?;
    let gift = bound.ok_or(DbErr::RecordNotUpdated)?;
    let begin = "UPDATE subscription SET user_id = $2, starts_at = $3, ends_at = $3 + (ends_at - starts_at) WHERE order_id = $1 AND ended_at IS NULL";
    tx.execute_raw(sql(begin, [gift.id.into(), person.id.into(), now.into()])).await?;
    let mut letters = vec![Letter::to(gift.buyer(), Notice::GiftOpened { order: gift.id })];
    if credentials::was_given(tx, gift.id).await? {
        letters.push(Letter::to(person.user_id(), Notice::Credentials { order: gift.id }));
    }
    if gift.state != OrderState::Delivered
        && let Some(payment) = payments::of_order(tx, gift.id).await?.into_iter().find(|payment| payment.state == PaymentState::Confirmed)
    {
        // Now there is somebody to deliver it to.
        letters.push(Letter { to: None, notice: Notice::PaymentCard { payment: payment.id }, dedupe_key: None });
    }
    notifications::tell_all(tx, now, &letters).await?;
    audit::record(tx, now, &Actor::customer(person), "gift.open", &format!("O-{}", gift.code), "").await?;
    Ok(Applied::Now(gift))
}
