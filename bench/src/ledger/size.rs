//! What grows with the years, and what must not: a small and a large database that are asked the same by turns.

use super::confirm::{CLIENTS, confirm_all};
use super::{Size, reads};
use crate::bed::{Bed, figure};
use crate::drive::{milliseconds, timed};
use crate::table::Table;
use crate::{fill, wrong};
use mela_core::db::sql;
use mela_core::ledger;
use mela_core::money::Rupees;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};
use std::time::Instant;

/// Sales in the small database: a thousand entries. As many follow the last snapshot in both.
pub(super) const FEW: i64 = 143;
/// Chains among which those are.
const FEW_CHAINS: i64 = 6;
/// Transactions from one snapshot to the next.
pub(super) const APART: i64 = 1_000;
/// People, and orders, of the small shop in which payments are confirmed.
const SHOP: i64 = 1_000;
/// Confirmations that warm a pool up.
const WARM: i64 = 160;
/// Confirmations that are timed together.
const COUNTED: i64 = 480;
/// Rounds of those.
const ROUNDS: i64 = 7;
/// Transactions of ten thousand entries.
const NEW: i64 = 1_429;

/// The rows about size.
pub(super) async fn run(bed: &Bed, size: &Size, table: &mut Table) -> Result<(), String> {
    bed.database("few").await?;
    let few = bed.pool("few", 2).await?;
    fill::chains(&few, 3 * FEW_CHAINS).await?;
    fill::sales(&few, FEW, FEW_CHAINS, FEW_CHAINS).await?;
    fill::tidy(&few).await?;
    few.close().await.map_err(wrong)?;

    bed.database("shop").await?;
    let shop = bed.pool("shop", 2).await?;
    let chains = SHOP / 6 * 2;
    fill::chains(&shop, SHOP).await?;
    fill::sales(&shop, chains, chains, chains).await?;
    fill::waiting(&shop, chains + 1, SHOP, &fill::buyer(&format!("(n * 7919) % {chains}"))).await?;
    fill::tidy(&shop).await?;
    shop.close().await.map_err(wrong)?;

    bed.database("large").await?;
    let large = bed.pool("large", 2).await?;
    let began = Instant::now();
    let chains = size.large_people / 6 * 2;
    fill::chains(&large, size.large_people).await?;
    fill::sales(&large, size.large_sales, chains, size.large_sales / 56 * 2).await?;
    let (first, last) = (size.large_sales + 1, size.large_sales + ROUNDS * (WARM + COUNTED) + NEW);
    fill::waiting(&large, first, last, &fill::buyer(&format!("(n * 7919) % {chains}"))).await?;
    snapshots(&large, FEW).await?;
    fill::tidy(&large).await?;
    let entries: i64 = figure(&large, "SELECT count(*) FROM ledger.entry").await?;
    table.tell(
        &format!("{} people, {} sales with all that belongs to them, filled in", size.large_people, size.large_sales),
        &format!("{entries} entries in {:.0} s", began.elapsed().as_secs_f64()),
    );
    large.close().await.map_err(wrong)?;

    reads::run(bed, size, entries, table).await?;
    confirmations(bed, size, first, table).await?;
    proof(bed, first + ROUNDS * (WARM + COUNTED), entries, table).await
}

/// A snapshot after each thousand transactions, the last one before the `rest`.
async fn snapshots(db: &DatabaseConnection, rest: i64) -> Result<(), String> {
    let last = figure::<i64>(db, "SELECT max(id) FROM ledger.journal").await? - rest;
    let mut through = last % APART;
    while through <= last {
        let to = last.min(through + 50 * APART);
        db.execute_unprepared(&format!(
            "INSERT INTO ledger.snapshot (account_id, through) SELECT c.number, p.through
             FROM generate_series({through}::bigint, {to}, {APART}) p (through), ledger.chart c WHERE c.number < 16 AND p.through > 0 ORDER BY 2, 1"
        ))
        .await
        .map_err(wrong)?;
        through += 51 * APART;
    }
    Ok(())
}

/// So many confirmations by as many clients as a program has: milliseconds for each.
async fn burst(bed: &Bed, database: &str, first: i64) -> Result<f64, String> {
    let core = bed.core(database, CLIENTS).await?;
    confirm_all(&core, first, WARM).await?;
    let began = Instant::now();
    confirm_all(&core, first + WARM, COUNTED).await?;
    let each = milliseconds(began) / f64::from(i32::try_from(COUNTED).map_err(wrong)?);
    core.db().clone().close().await.map_err(wrong)?;
    Ok(each)
}

async fn confirmations(bed: &Bed, size: &Size, first: i64, table: &mut Table) -> Result<(), String> {
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        bed.copy("shop", "shop_now").await?;
        small.push(burst(bed, "shop_now", SHOP / 6 * 2 + 1).await?);
        large.push(burst(bed, "large", first + round * (WARM + COUNTED)).await?);
    }
    table.time(
        &format!("`payments::confirm` among {} people, {CLIENTS} clients: one each", size.large_people),
        &large,
        &format!("among {SHOP}"),
        &small,
        Some(1.2),
    );
    Ok(())
}

/// A row of the view of entries, with all that is in it.
#[derive(FromQueryResult)]
struct Entry {
    id: i64,
    transaction_id: i64,
    account_id: i64,
    amount: Rupees,
    seq: Option<i64>,
    balance_after: Option<Rupees>,
}

impl Entry {
    async fn since(db: &impl ConnectionTrait, after: i64) -> Result<Vec<Self>, DbErr> {
        let text = "SELECT id, transaction_id, account_id, amount, seq, balance_after FROM ledger.entry WHERE transaction_id > $1";
        Self::find_by_statement(sql(text, [after.into()])).all(db).await
    }

    /// Whether it is a person's, whole; or the shop's.
    fn is_whole(&self) -> bool {
        let of_person = self.account_id >= 32;
        self.transaction_id > 0 && of_person == self.seq.is_some() && of_person == self.balance_after.is_some() && of_person == (self.id > 0)
    }
}

async fn proof(bed: &Bed, first: i64, entries: i64, table: &mut Table) -> Result<(), String> {
    let core = bed.core("large", CLIENTS).await?;
    let db = core.db();
    let after: i64 = figure(db, "SELECT max(id) FROM ledger.journal").await?;
    confirm_all(&core, first, NEW).await?;
    let (mut proofs, mut readings, mut new, mut problems) = (Vec::new(), Vec::new(), 0, 0);
    for round in 0..=10 {
        let (read, reading) = timed(Entry::since(db, after)).await?;
        let (found, proving) = timed(ledger::proof_since(db, after)).await?;
        if let Some(odd) = read.iter().find(|entry| !entry.is_whole()) {
            return Err(format!("entry {} of {} is not whole", odd.amount, odd.account_id));
        }
        (new, problems) = (read.len(), found.len());
        if round > 0 {
            readings.push(reading);
            proofs.push(proving);
        }
    }
    let what = format!("`ledger::proof_since` of {new} new entries at {entries}");
    table.time(&what, &proofs, "to read those", &readings, Some(2.0));
    table.judge("… problems that it finds", &problems.to_string(), "0", problems == 0);
    db.clone().close().await.map_err(wrong)
}
