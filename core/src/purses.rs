//! A person's money has one lock, the purse. Whoever reads a person's balances to decide what to post locks their purse first; several in ascending
//! order, before any balance. Then what was read stays true until the commit.

use crate::db::{Tx, sql};
use crate::fraud;
use crate::ledger::{self, Standing};
use crate::money::Rupees;
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr};

/// Locks these people's purses.
///
/// # Errors
/// The database.
pub(crate) async fn lock(tx: &Tx, people: &[UserId]) -> Result<(), DbErr> {
    let people: Vec<i64> = people.iter().map(|person| person.0).collect();
    tx.execute_raw(sql("SELECT FROM purse WHERE user_id = ANY ($1) ORDER BY user_id FOR NO KEY UPDATE", [people.into()]))
        .await?;
    Ok(())
}

/// What a person has, of which nothing that is earned can be used while their money is on hold. The purse is locked.
///
/// # Errors
/// The database.
pub(crate) async fn free(tx: &Tx, person: UserId) -> Result<Standing, DbErr> {
    let standing = ledger::standing(tx, person).await?;
    let frozen = fraud::is_frozen(tx, person).await?;
    Ok(if frozen { Standing { earned: Rupees::ZERO, ..standing } } else { standing })
}

/// Locks a buyer's purse and those of whom the order may earn something: for a sale that the wallet pays.
///
/// # Errors
/// The database.
pub(crate) async fn lock_chain(tx: &Tx, buyer: UserId) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "SELECT FROM purse WHERE user_id IN (
           SELECT unnest(ARRAY[b.id, b.referred_by, r.referred_by]) FROM users b LEFT JOIN users r ON r.id = b.referred_by WHERE b.id = $1)
         ORDER BY user_id FOR NO KEY UPDATE",
        [buyer.0.into()],
    ))
    .await?;
    Ok(())
}
