//! Money whose order is known and cannot take it.

use super::Waits;
use crate::Core;
use crate::db::{Tx, sql};
use crate::notifications::{self, Notice};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};

/// Says why a credit waits for staff and which order it names, and puts it before them.
pub(crate) async fn put_to_wait(core: &Core, tx: &Tx, id: i64, why: Waits, order: Option<i64>) -> Result<(), DbErr> {
    let text = "UPDATE bank_credit SET waits = $2, order_id = $3 WHERE id = $1";
    tx.execute_raw(sql(text, [id.into(), why.to_value().into(), order.into()])).await?;
    notifications::tell_staff(tx, core.now(), &Notice::CreditCard { credit: id }, Some(format!("credit-card:{id}"))).await
}
