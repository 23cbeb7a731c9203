//! Postings alone: an order's money, one by one and a hundred in one transaction.

use super::Size;
use crate::bed::Bed;
use crate::drive::drive;
use crate::table::Table;
use crate::{fill, wrong};
use mela_core::Core;
use mela_core::ledger::movements::{Clearing, OrderPaid, PaidBy, order_paid};
use mela_core::ledger::{self, Posting};
use mela_core::money::Rupees;
use mela_core::users::UserId;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Orders that one transaction brings in the second measurement.
const MANY: i64 = 100;
/// Its clients.
const IMPORTERS: u32 = 16;

/// The rows about postings.
pub(super) async fn run(bed: &Bed, size: &Size, table: &mut Table) -> Result<(), String> {
    bed.database("post").await?;
    let chains = size.people / 6 * 2;
    let core = bed.core("post", 2).await?;
    fill::chains(core.db(), size.people).await?;
    fill::sales(core.db(), chains, chains, chains).await?;
    fill::tidy(core.db()).await?;
    core.db().clone().close().await.map_err(wrong)?;
    let next = Arc::new(AtomicI64::new(10_000_000));

    for clients in [8, 16, 32] {
        let core = bed.core("post", clients).await?;
        let (mut rates, mut yardstick) = (Vec::new(), Vec::new());
        for round in 0..=size.rounds {
            let (core, next) = (core.clone(), Arc::clone(&next));
            let rate = drive(clients, size.span, move |_| one(core.clone(), next.fetch_add(1, Ordering::Relaxed), chains)).await?;
            let beside = bed.tpc_b(clients, size.span).await?;
            // The first round warms both up.
            if round > 0 {
                rates.push(rate);
                yardstick.push(beside);
            }
        }
        core.db().clone().close().await.map_err(wrong)?;
        table.rate(&format!("`ledger::post` of a paid order, {clients} clients"), &rates, "TPC-B", &yardstick, 0.9);
    }

    let core = bed.core("post", IMPORTERS).await?;
    let (mut rates, mut yardstick) = (Vec::new(), Vec::new());
    for round in 0..=size.rounds {
        let (core, next) = (core.clone(), Arc::clone(&next));
        let rate = drive(IMPORTERS, size.span, move |client| {
            many(core.clone(), next.fetch_add(MANY, Ordering::Relaxed), chains, i64::from(client))
        })
        .await?;
        let beside = bed.tpc_b(IMPORTERS, size.span).await?;
        if round > 0 {
            rates.push(rate);
            yardstick.push(beside);
        }
    }
    core.db().clone().close().await.map_err(wrong)?;
    table.rate(
        &format!("{MANY} orders in one transaction by `ledger::post_all`, {IMPORTERS} clients with people of their own: orders"),
        &rates,
        "TPC-B",
        &yardstick,
        3.0,
    );
    Ok(())
}

/// The posting of an order whose buyer is the last of this chain.
fn paid(order_id: i64, chain: i64) -> Posting {
    let first = 3 * chain + 1;
    order_paid(&OrderPaid {
        discount: Rupees::ZERO,
        order_id,
        code: "7K2M9QXA",
        price: Rupees::whole(135),
        cost: Rupees::whole(42),
        by: PaidBy::Outside(Clearing::Upi),
        commissions: &[(UserId(first + 1), Rupees::whole(28)), (UserId(first), Rupees::whole(9))],
        actor: "by:9000",
    })
}

async fn one(core: Core, order: i64, chains: i64) -> Result<u32, String> {
    let posting = paid(order, order * 7919 % chains);
    let tx = core.begin().await.map_err(wrong)?;
    ledger::post(&tx, core.now(), posting).await.map_err(wrong)?;
    tx.commit().await.map_err(wrong)?;
    Ok(1)
}

async fn many(core: Core, first: i64, chains: i64, client: i64) -> Result<u32, String> {
    let own = chains / i64::from(IMPORTERS);
    let postings = (first..first + MANY).map(|order| paid(order, client * own + order * 7919 % own)).collect();
    let tx = core.begin().await.map_err(wrong)?;
    let made = ledger::post_all(&tx, core.now(), postings).await.map_err(wrong)?;
    tx.commit().await.map_err(wrong)?;
    u32::try_from(made.iter().filter(|made| made.is_now()).count()).map_err(wrong)
}
