//! Withdrawals as they are looked up.

use super::vpa::Vpa;
use super::{Withdrawal, WithdrawalState, entity};
use crate::code::ShortCode;
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

/// A withdrawal by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Withdrawal, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("withdrawal {id}")))
}

/// Withdrawals by what people quote, those that there are.
///
/// # Errors
/// The database.
pub async fn named(db: &impl ConnectionTrait, codes: &[ShortCode]) -> Result<Vec<Withdrawal>, DbErr> {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    entity::Entity::find().from_raw_sql(sql("SELECT * FROM withdrawal WHERE code = ANY ($1)", [codes.into()])).all(db).await
}

/// Withdrawals that wait for staff, oldest first.
///
/// # Errors
/// The database.
pub async fn open(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Withdrawal>, DbErr> {
    let open = entity::Column::State.is_in([WithdrawalState::Asked, WithdrawalState::Approved]);
    entity::Entity::find().filter(open).order_by_asc(entity::Column::Id).limit(limit).all(db).await
}

/// The UPI id that a person was last paid to, or asked to be.
///
/// # Errors
/// The database.
pub async fn last_vpa(db: &impl ConnectionTrait, person: UserId) -> Result<Option<Vpa>, DbErr> {
    let last = entity::Entity::find().filter(entity::Column::UserId.eq(person.0)).order_by_desc(entity::Column::Id).one(db).await?;
    Ok(last.and_then(|w| w.vpa.parse().ok()))
}

/// What staff should know beside a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Background {
    /// All that the person ever earned, less what was reversed.
    pub lifetime: Rupees,
    /// All that they were paid.
    pub paid_out: Rupees,
    /// Other people who asked for a payout to the same UPI id.
    pub same_vpa: i64,
}

/// Gathers what staff should know beside a withdrawal.
///
/// # Errors
/// The database.
pub async fn background(db: &impl ConnectionTrait, withdrawal: &Withdrawal) -> Result<Background, DbErr> {
    let found = Background::find_by_statement(sql(
        "SELECT (SELECT coalesce(sum(amount - reversed), 0) FROM commission WHERE beneficiary_id = $1) AS lifetime,
                (SELECT coalesce(sum(amount), 0) FROM withdrawal WHERE user_id = $1 AND state = 'paid') AS paid_out,
                (SELECT count(DISTINCT user_id) FROM withdrawal WHERE vpa = $2 AND user_id <> $1) AS same_vpa",
        [withdrawal.user_id.into(), withdrawal.vpa.clone().into()],
    ))
    .one(db)
    .await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}
