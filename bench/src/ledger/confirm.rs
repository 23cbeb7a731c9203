//! The whole verb that staff press: `payments::confirm`, spread over many referrers, and all for one.

use super::Size;
use crate::bed::{Bed, figure};
use crate::drive::drive;
use crate::table::Table;
use crate::{fill, wrong};
use mela_core::audit::Actor;
use mela_core::{Core, payments};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Clients of the confirmations.
pub(super) const CLIENTS: u32 = 16;
/// More confirmations a second than this machine makes.
const MOST: i64 = 4_000;

/// The rows about confirmations.
pub(super) async fn run(bed: &Bed, size: &Size, table: &mut Table) -> Result<(), String> {
    bed.database("confirm").await?;
    let core = bed.core("confirm", CLIENTS).await?;
    let db = core.db();
    let chains = size.people / 6 * 2;
    fill::chains(db, size.people).await?;
    // The star was brought by someone, too: both kinds of sale earn two commissions.
    let (origin, star) = (size.people + 1, size.people + 2);
    fill::people(db, origin, star, &format!("CASE WHEN n = {star} THEN {origin} END")).await?;
    fill::people(db, star + 1, star + chains, &star.to_string()).await?;
    fill::sales(db, chains, chains, chains).await?;
    let rounds = i64::try_from(size.rounds + 1).map_err(wrong)?;
    let each = rounds * MOST * i64::try_from(size.span.as_secs()).map_err(wrong)?;
    let (spread_from, star_from) = (chains + 1, chains + each + 1);
    fill::waiting(db, spread_from, star_from - 1, &fill::buyer(&format!("(n * 7919) % {chains}"))).await?;
    fill::waiting(db, star_from, star_from + each - 1, &format!("{star} + 1 + (n * 7919) % {chains}")).await?;
    fill::tidy(db).await?;
    let (spread, star) = (Arc::new(AtomicI64::new(spread_from)), Arc::new(AtomicI64::new(star_from)));

    let (mut spreads, mut stars, mut yardstick) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=size.rounds {
        let mut rates = [0.0; 2];
        for (rate, next) in rates.iter_mut().zip([&spread, &star]) {
            let (core, next) = (core.clone(), Arc::clone(next));
            *rate = drive(CLIENTS, size.span, move |_| confirm(core.clone(), next.fetch_add(1, Ordering::Relaxed))).await?;
        }
        let beside = bed.tpc_b(CLIENTS, size.span).await?;
        if round > 0 {
            spreads.push(rates[0]);
            stars.push(rates[1]);
            yardstick.push(beside);
        }
    }
    table.rate(&format!("`payments::confirm`, {CLIENTS} clients, many referrers"), &spreads, "TPC-B", &yardstick, 0.5);
    table.rate("… all sales pay one referrer", &stars, "with many referrers", &spreads, 0.5);
    let began = Instant::now();
    let problems: i64 = figure(db, "SELECT count(*) FROM ledger.proof").await?;
    table.judge(
        &format!("problems that the whole proof finds then ({:.1} s)", began.elapsed().as_secs_f64()),
        &problems.to_string(),
        "0",
        problems == 0,
    );
    db.clone().close().await.map_err(wrong)
}

/// Confirms a prepared payment.
pub(super) async fn confirm(core: Core, payment: i64) -> Result<u32, String> {
    let by = Actor { telegram_id: 9_000, name: "Meera".to_owned() };
    let confirmed = payments::confirm(&core, payment, &by).await.map_err(|error| format!("payment {payment}: {error}"))?;
    if confirmed.is_now() { Ok(1) } else { Err(format!("payment {payment} was confirmed before")) }
}

/// Confirms so many prepared payments, with as many clients as elsewhere.
pub(super) async fn confirm_all(core: &Core, first: i64, count: i64) -> Result<(), String> {
    let next = Arc::new(AtomicI64::new(first));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (core, next) = (core.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let payment = next.fetch_add(1, Ordering::Relaxed);
                    if payment >= first + count {
                        return Ok::<(), String>(());
                    }
                    confirm(core.clone(), payment).await?;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.map_err(wrong)??;
    }
    Ok(())
}
