//! Above a limit two must approve: the first is written down, and is never the second.

use super::{Withdrawal, WithdrawalError, WithdrawalState, entity};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, sql};
use crate::staff;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Writes down the first of two; nothing where this approval is the one that counts.
pub(super) async fn first_in(core: &Core, tx: &Tx, id: i64, by: &Actor) -> Result<Option<Applied<Withdrawal>>, WithdrawalError> {
    let locked = entity::Entity::find().from_raw_sql(sql("SELECT * FROM withdrawal WHERE id = $1 FOR UPDATE", [id.into()]));
    let found = locked.one(tx).await?.ok_or_else(|| DbErr::RecordNotFound(format!("withdrawal {id}")))?;
    if found.state != WithdrawalState::Asked {
        return Ok(None);
    }
    let above = core.settings_store().get(tx).await?.withdrawals.second_person_above;
    if !(above.is_positive() && staff::needs_second(found.amount, above)) {
        if found.first_by.is_some() {
            // One is enough by now, and it may be the same.
            tx.execute_raw(sql("UPDATE withdrawal SET first_by = NULL, first_by_name = NULL, first_at = NULL WHERE id = $1", [id.into()]))
                .await?;
        }
        return Ok(None);
    }
    match found.first_by {
        Some(first) if first == by.telegram_id => Err(WithdrawalError::Own),
        Some(_) => Ok(None),
        None => {
            let text = "UPDATE withdrawal SET first_by = $2, first_by_name = $3, first_at = $4 WHERE id = $1 RETURNING *";
            let values = [id.into(), by.telegram_id.into(), by.name.clone().into(), core.now().into()];
            let first = entity::Entity::find().from_raw_sql(sql(text, values)).one(tx).await?.ok_or(DbErr::RecordNotUpdated)?;
            audit::record(tx, core.now(), by, "withdrawal.approve.first", &format!("W-{}", first.code), "").await?;
            Ok(Some(Applied::Now(first)))
        }
    }
}
