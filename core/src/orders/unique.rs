//! An amount of its own for each order that awaits its payment, so that the money is found by it alone.

use crate::Core;
use crate::db::{Tx, sql};
use crate::money::Rupees;
use chrono::TimeDelta;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashSet;

/// Key of the advisory lock under which one order at a time takes its amount ("due" in ASCII).
const LOCK: i64 = 0x0064_7565;
/// How long an amount stays an ended order's: until then its money may still come.
const KEPT: TimeDelta = TimeDelta::days(1);

/// What is taken off a price so that nobody else awaits the same: 0.01 to 0.99, at random; nothing where all of these are taken, or where less than a
/// rupee would remain. Whoever wants one waits here until this transaction ends.
pub(super) async fn offset_in(core: &Core, tx: &Tx, price: Rupees) -> Result<Rupees, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        due: Decimal,
    }
    tx.execute_raw(sql("SELECT pg_advisory_xact_lock($1)", [LOCK.into()])).await?;
    let least = Rupees::whole(1).decimal();
    let offsets = || (1..100).map(|paise| Decimal::new(paise, 2)).filter(|offset| price.decimal() - offset >= least);
    let dues: Vec<Decimal> = offsets().map(|offset| price.decimal() - offset).collect();
    let taken = Row::find_by_statement(sql(
        "WITH o AS (
           SELECT price, from_credit, from_earned, unreserved_at FROM orders
           WHERE price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END = ANY ($1::numeric[]) AND expires_at > $2
           UNION ALL
           SELECT price, from_credit, from_earned, unreserved_at FROM orders
           WHERE price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END = ANY ($1::numeric[])
             AND state IN ('awaiting_payment', 'in_review'))
         SELECT DISTINCT price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END AS due FROM o",
        [dues.into(), (core.now() - KEPT).into()],
    ))
    .all(tx)
    .await?;
    let taken: HashSet<Decimal> = taken.into_iter().map(|row| row.due.normalize()).collect();
    let free: Vec<Decimal> = offsets().filter(|offset| !taken.contains(&(price.decimal() - offset).normalize())).collect();
    // One after the other would give a late payer's amount to the next who comes.
    let [draw] = core.random_bytes::<1>();
    let chosen = free.get(usize::from(draw) % free.len().max(1)).copied().unwrap_or_default();
    Rupees::try_new(chosen).map_err(|e| DbErr::Custom(e.to_string()))
}
