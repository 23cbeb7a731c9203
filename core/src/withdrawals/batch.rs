//! Files of payouts for the bank: what is approved and in no file yet, each once unless it is asked for again.

use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::sheet;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// The columns of the file.
pub const COLUMNS: [&str; 5] = ["withdrawal", "name", "upi_id", "amount", "note"];
/// Withdrawals in one file: banks take no longer ones.
const MOST: i64 = 10_000;
/// The longest note that banks take.
const NOTE: usize = 30;

/// What can be given to the bank: nothing that a gateway pays, and nobody's who owes the shop.
const PAYABLE: &str = "w.state = 'approved'
  AND NOT EXISTS (SELECT FROM gateway_transfer t WHERE t.withdrawal_id = w.id AND t.state <> 'refused')
  AND NOT EXISTS (SELECT FROM ledger.balance b WHERE b.account_id = w.user_id * 32 + 22 AND b.amount > 0)
  AND NOT EXISTS (SELECT FROM purse p WHERE p.user_id = w.user_id AND p.frozen)";

/// A file that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Row id.
    pub id: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Its withdrawals.
    pub count: usize,
    /// What is paid in all.
    pub amount: Rupees,
    /// The file.
    pub csv: Vec<u8>,
}

/// What waits to be given, or was given before and is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Piles {
    /// In no file yet.
    pub fresh: i64,
    /// Of these, what is paid.
    pub fresh_amount: Rupees,
    /// In a file, and not answered.
    pub given: i64,
    /// Of these, what is paid.
    pub given_amount: Rupees,
    /// Approved, and in no file: their owners owe the shop, or a gateway pays them.
    pub left_out: i64,
}

/// Approved withdrawals by where they stand.
///
/// # Errors
/// The database.
pub async fn piles(db: &impl ConnectionTrait) -> Result<Piles, DbErr> {
    let text = format!(
        "SELECT count(*) FILTER (WHERE payable AND batch_id IS NULL) AS fresh,
                coalesce(sum(net) FILTER (WHERE payable AND batch_id IS NULL), 0) AS fresh_amount,
                count(*) FILTER (WHERE payable AND batch_id IS NOT NULL) AS given,
                coalesce(sum(net) FILTER (WHERE payable AND batch_id IS NOT NULL), 0) AS given_amount,
                count(*) FILTER (WHERE NOT payable) AS left_out
         FROM (SELECT ({PAYABLE}) AS payable, w.batch_id, w.amount - w.tds AS net FROM withdrawal w WHERE w.state = 'approved') w"
    );
    let piles = Piles::find_by_statement(sql(&text, [])).one(db).await?;
    piles.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}

/// Makes a file of what is in none; asked `again`, also of what is in one that is not answered: it may be paid by that one. `key` says where the command
/// came from: the same again is the same file. Nothing, when there is nothing to be paid.
///
/// # Errors
/// The database.
pub async fn make(core: &Core, by: &Actor, key: &str, again: bool) -> Result<Option<Applied<Batch>>, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let made = make_in(core, &tx, by, key, again).await?;
        match &made {
            Some(_) => tx.commit().await?,
            None => tx.rollback().await?,
        }
        Ok(made)
    })
    .await
}

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

async fn make_in(core: &Core, tx: &Tx, by: &Actor, key: &str, again: bool) -> Result<Option<Applied<Batch>>, DbErr> {
    let text = "INSERT INTO payout_batch (key, made_at, made_by, made_by_name) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING RETURNING id";
    let values = [key.into(), core.now().into(), by.telegram_id.into(), by.name.clone().into()];
    let Some(Id { id }) = Id::find_by_statement(sql(text, values)).one(tx).await? else {
        return Ok(Some(Applied::Already(of_key(core, tx, key).await?)));
    };
    // Two at once: the second waits here, and finds them in the first one's file. What a gateway was told to pay while the lock was waited for is seen by
    // the next statement alone.
    let text = "SELECT id FROM withdrawal WHERE state = 'approved' AND (batch_id IS NULL OR $1) ORDER BY id LIMIT $2 FOR UPDATE";
    let locked = ids(tx, text, [again.into(), MOST.into()]).await?;
    let text = format!("SELECT w.id FROM withdrawal w WHERE w.id = ANY ($1) AND {PAYABLE} ORDER BY w.id");
    let mine = ids(tx, &text, [locked.into()]).await?;
    if mine.is_empty() {
        return Ok(None);
    }
    tx.execute_raw(sql("UPDATE withdrawal SET batch_id = $1 WHERE id = ANY ($2)", [id.into(), mine.into()])).await?;
    let batch = of_key(core, tx, key).await?;
    let detail = format!("{} withdrawals, {}{}", batch.count, batch.amount, if again { ", also such as were given before" } else { "" });
    audit::record(tx, core.now(), by, "payouts.file", &format!("file {id}"), &detail).await?;
    Ok(Some(Applied::Now(batch)))
}

async fn ids(tx: &Tx, text: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Result<Vec<i64>, DbErr> {
    Ok(Id::find_by_statement(sql(text, values)).all(tx).await?.into_iter().map(|row| row.id).collect())
}

async fn of_key(core: &Core, db: &impl ConnectionTrait, key: &str) -> Result<Batch, DbErr> {
    #[derive(FromQueryResult)]
    struct Head {
        id: i64,
        made_at: DateTime<Utc>,
    }
    #[derive(FromQueryResult)]
    struct Line {
        code: String,
        name: String,
        vpa: String,
        net: Rupees,
    }
    let head = Head::find_by_statement(sql("SELECT id, made_at FROM payout_batch WHERE key = $1", [key.into()])).one(db).await?;
    let Head { id, made_at } = head.ok_or_else(|| DbErr::RecordNotFound(format!("payout file {key}")))?;
    let lines = Line::find_by_statement(sql(
        "SELECT w.code, u.name, w.vpa, w.amount - w.tds AS net FROM withdrawal w JOIN users u ON u.id = w.user_id WHERE w.batch_id = $1 ORDER BY w.id",
        [id.into()],
    ))
    .all(db)
    .await?;
    let settings = core.settings_store().get(db).await?;
    let (count, amount) = (lines.len(), lines.iter().map(|line| line.net).sum());
    let rows = lines.into_iter().map(|line| {
        let code = format!("W-{}", line.code);
        let note = note(settings.shop.name.as_str(), &line.code);
        vec![code, line.name, line.vpa, line.net.plain(), note]
    });
    let csv = sheet::write(&COLUMNS, rows).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(Batch { id, made_at, count, amount, csv })
}

/// What the payee's bank shows: letters, digits and spaces, so that every bank takes it.
pub(crate) fn note(shop: &str, code: &str) -> String {
    let tail = format!(" W {code}");
    let plain: String = shop.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').take(NOTE - tail.len()).collect();
    format!("{}{tail}", plain.trim()).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn a_note_is_one_that_banks_take() {
        assert_eq!(note("Mela", "7K2M9QXA"), "Mela W 7K2M9QXA");
        assert_eq!(note("दुकान", "7K2M9QXA"), "W 7K2M9QXA");
        let long = note("=Meera & Sons' very long shop name", "7K2M9QXA");
        assert!(
            long.len() <= 30 && long.ends_with(" W 7K2M9QXA") && long.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' '),
            "{long}"
        );
    }
}
