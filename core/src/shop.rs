//! Whose database this is, and its first furniture.

use crate::Core;
use crate::catalog;
use crate::db::{retrying, sql, transient};
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};

/// Whom a database serves: for ever the one it served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// The sandbox: play money, a clock that a press moves.
    Sandbox,
    /// A real bot.
    Telegram,
}

impl Serves {
    fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Telegram => "telegram",
        }
    }
}

/// Why a database is not opened.
#[derive(Debug, thiserror::Error)]
pub enum ShopError {
    /// The sandbox was to open a real shop's books.
    #[error(
        "this database has served a real bot: the sandbox does not open it (was TELOXIDE_TOKEN forgotten?). Give the sandbox another DATABASE_URL"
    )]
    IsReal,
    /// A real bot was to open the sandbox's books.
    #[error("this database belongs to the sandbox, its money is play money: give the bot another DATABASE_URL")]
    IsSandbox,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(ShopError);

#[derive(FromQueryResult)]
struct Row {
    serves: Option<String>,
    clock_ahead_s: i64,
}

/// Refuses a database that serves the other kind, before anything of it is changed.
///
/// # Errors
/// It serves the other kind; the database.
pub async fn check(db: &DatabaseConnection, serves: Serves) -> Result<(), ShopError> {
    if db.query_one_raw(sql("SELECT 1 WHERE to_regclass('public.shop') IS NULL", [])).await?.is_some() {
        return Ok(());
    }
    fits(serves, &row(db).await?)
}

async fn row(db: &DatabaseConnection) -> Result<Row, DbErr> {
    let row = Row::find_by_statement(sql("SELECT serves, clock_ahead_s FROM shop", [])).one(db).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("the shop's row".to_owned()))
}

fn fits(serves: Serves, row: &Row) -> Result<(), ShopError> {
    match (serves, row.serves.as_deref()) {
        (Serves::Sandbox, Some("telegram")) => Err(ShopError::IsReal),
        (Serves::Telegram, Some("sandbox")) => Err(ShopError::IsSandbox),
        _ => Ok(()),
    }
}

/// Takes a database for `serves`, for ever, and answers how far its clock is ahead.
///
/// # Errors
/// It serves the other kind already; the database.
pub async fn take(db: &DatabaseConnection, serves: Serves) -> Result<TimeDelta, ShopError> {
    db.execute_raw(sql("UPDATE shop SET serves = $1 WHERE serves IS NULL", [serves.name().into()])).await?;
    let row = row(db).await?;
    fits(serves, &row)?;
    Ok(TimeDelta::seconds(row.clock_ahead_s))
}

/// Gives an empty shop what settings.toml says it starts with; does nothing the second time.
///
/// # Errors
/// The database.
pub async fn seed(core: &Core) -> Result<(), DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let settings = core.settings_store().get(&tx).await?;
        let first = tx.execute_raw(sql("UPDATE shop SET seeded_at = $1 WHERE seeded_at IS NULL", [core.now().into()])).await?;
        if first.rows_affected() == 1 {
            catalog::seed_in(&tx, &settings).await?;
        }
        tx.commit().await
    })
    .await
}

/// Moves the sandbox's clock forward and keeps it so.
///
/// # Errors
/// The database; a real shop's clock is refused by it.
pub async fn advance_clock(core: &Core, by: TimeDelta) -> Result<(), DbErr> {
    core.db().execute_raw(sql("UPDATE shop SET clock_ahead_s = clock_ahead_s + $1", [by.num_seconds().into()])).await?;
    core.clock().advance(by);
    Ok(())
}

/// Remembers that a group got another id when it became a supergroup.
///
/// # Errors
/// The database.
pub async fn chat_moved(core: &Core, from: i64, to: i64) -> Result<(), DbErr> {
    core.db()
        .execute_raw(sql(
            "INSERT INTO chat_migration (from_chat_id, to_chat_id) VALUES ($1, $2) ON CONFLICT (from_chat_id) DO UPDATE SET to_chat_id = excluded.to_chat_id",
            [from.into(), to.into()],
        ))
        .await?;
    core.settings_store().refresh(core.db()).await?;
    Ok(())
}
