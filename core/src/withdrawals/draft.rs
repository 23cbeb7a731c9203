//! What a person is about to ask for: shown first, confirmed by a button that carries no amount.

use super::vpa::Vpa;
use crate::Core;
use crate::db::sql;
use crate::money::Rupees;
use crate::users::{User, UserId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What a person is about to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// Where to.
    pub vpa: Vpa,
    /// How much.
    pub amount: Rupees,
    /// The tax that they were shown.
    pub tds: Rupees,
}

/// Keeps what a person is about to ask for, under an id that a button can carry. Drafted again it shows another tax, and nothing else.
///
/// # Errors
/// The database.
pub async fn draft(core: &Core, person: &User, id: i64, drafted: &Drafted) -> Result<(), DbErr> {
    core.db()
        .execute_raw(sql(
            "INSERT INTO withdrawal_draft AS d (id, user_id, vpa, amount, tds, made_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET tds = excluded.tds WHERE d.user_id = excluded.user_id",
            [id.into(), person.id.into(), drafted.vpa.as_str().into(), drafted.amount.into(), drafted.tds.into(), core.now().into()],
        ))
        .await?;
    Ok(())
}

/// What a person is about to ask for, if the draft is theirs.
///
/// # Errors
/// The database.
pub async fn drafted(db: &impl ConnectionTrait, person: UserId, id: i64) -> Result<Option<Drafted>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        vpa: String,
        amount: Rupees,
        tds: Rupees,
    }
    let text = "SELECT vpa, amount, tds FROM withdrawal_draft WHERE id = $1 AND user_id = $2";
    let row = Row::find_by_statement(sql(text, [id.into(), person.0.into()])).one(db).await?;
    Ok(row.and_then(|row| Some(Drafted { vpa: row.vpa.parse().ok()?, amount: row.amount, tds: row.tds })))
}
