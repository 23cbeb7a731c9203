//! Who may do what in the admin chat.

mod entity;

pub use entity::{Model as Member, StaffRole};

use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{retrying, sql};
use crate::money::Rupees;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, EntityTrait, QueryOrder};

/// What a person may do, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads and tickets.
    Support,
    /// Money.
    Admin,
    /// Everything; named in the settings.
    Owner,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Support => Self::Support,
            StaffRole::Admin => Self::Admin,
        }
    }
}

/// A person's role, if they are staff.
///
/// # Errors
/// The database.
pub async fn role(core: &Core, telegram_id: i64) -> Result<Option<Role>, DbErr> {
    if core.settings().await?.telegram.owner_id == telegram_id {
        return Ok(Some(Role::Owner));
    }
    Ok(entity::Entity::find_by_id(telegram_id).one(core.db()).await?.map(|member| member.role.into()))
}

/// Whether an amount is such that a second member of staff must approve it, and the first cannot.
#[must_use]
pub fn needs_second(amount: Rupees, above: Rupees) -> bool {
    let size = if amount.is_positive() { amount } else { -amount };
    size > above
}

/// Whether nobody but this person may approve what is about money.
///
/// # Errors
/// The database.
pub async fn is_alone(core: &Core, telegram_id: i64) -> Result<bool, DbErr> {
    let owner = core.settings().await?.telegram.owner_id;
    let others = list(core.db()).await?;
    Ok(owner == telegram_id && !others.iter().any(|member| member.role == StaffRole::Admin && member.telegram_id != telegram_id))
}

/// Everyone whom the owner added.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Member>, DbErr> {
    entity::Entity::find().order_by_asc(entity::Column::AddedAt).all(db).await
}

/// Gives a person a role, or another one.
///
/// # Errors
/// The database.
pub async fn add(core: &Core, by: &Actor, telegram_id: i64, name: &str, role: StaffRole) -> Result<(), DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        tx.execute_raw(sql(
            "INSERT INTO staff (telegram_id, name, role, added_by, added_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (telegram_id) DO UPDATE SET name = excluded.name, role = excluded.role",
            [telegram_id.into(), name.into(), role.to_value().into(), by.telegram_id.into(), core.now().into()],
        ))
        .await?;
        audit::record(&tx, core.now(), by, "staff.add", &telegram_id.to_string(), &role.to_value()).await?;
        tx.commit().await
    })
    .await
}

/// Takes a person's role away; answers whether they had one.
///
/// # Errors
/// The database.
pub async fn remove(core: &Core, by: &Actor, telegram_id: i64) -> Result<bool, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let gone = entity::Entity::delete_by_id(telegram_id).exec(&tx).await?.rows_affected > 0;
        if gone {
            audit::record(&tx, core.now(), by, "staff.remove", &telegram_id.to_string(), "").await?;
        }
        tx.commit().await?;
        Ok(gone)
    })
    .await
}
