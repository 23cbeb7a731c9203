//! Delivery from stock at payment: the same purchase where 200 lines lie in stock and where 200,000 do.

use super::Size;
use super::confirm::confirm;
use crate::bed::{Bed, figure};
use crate::drive::timed;
use crate::table::Table;
use crate::{fill, wrong};
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// Lines in stock.
const SIZES: [(&str, i64); 2] = [("shelf_small", 200), ("shelf_large", 200_000)];
/// Purchases of a round on each: fewer than lie on the small shelf.
const PURCHASES: i64 = 150;
/// Chains of three people, of which the last buys.
const CHAINS: i64 = 1_000;

/// The row about delivery.
pub(super) async fn run(bed: &Bed, size: &Size, table: &mut Table) -> Result<(), String> {
    for (name, lines) in SIZES {
        bed.database(name).await?;
        let core = bed.core(name, 1).await?;
        fill::chains(core.db(), 3 * CHAINS).await?;
        fill::waiting(core.db(), 1, PURCHASES, &fill::buyer(&format!("(n * 7919) % {CHAINS}"))).await?;
        shelve(core.db(), lines).await?;
        fill::tidy(core.db()).await?;
        core.db().clone().close().await.map_err(wrong)?;
    }
    let mut times = [Vec::new(), Vec::new()];
    // The first round warms up. Each begins with full shelves.
    for round in 0..=size.rounds {
        let mut cores = Vec::new();
        for (name, _) in SIZES {
            bed.copy(name, &format!("{name}_now")).await?;
            cores.push(bed.core(&format!("{name}_now"), 1).await?);
        }
        for payment in 1..=PURCHASES {
            for (core, times) in cores.iter().zip(&mut times) {
                let (_, took) = timed(confirm(core.clone(), payment)).await?;
                if round > 0 {
                    times.push(took);
                }
            }
        }
        for core in cores {
            let given: i64 = figure(core.db(), "SELECT count(*) FROM orders o JOIN slot s ON s.order_id = o.id WHERE o.state = 'delivered'").await?;
            if given != PURCHASES {
                return Err(format!("{given} of {PURCHASES} were delivered"));
            }
            core.db().clone().close().await.map_err(wrong)?;
        }
    }
    let [small, large] = times;
    table.time("`payments::confirm` with delivery from 200,000 stock lines", &large, "from 200", &small, Some(1.2));
    Ok(())
}

/// So many accounts of one slot each, sealed by nobody: what is in them is not opened here.
async fn shelve(db: &DatabaseConnection, lines: i64) -> Result<(), String> {
    db.execute_unprepared("UPDATE plan SET delivery = 'from_stock'").await.map_err(wrong)?;
    fill::load(
        db,
        &format!(
            "INSERT INTO credential (id, plan_id, key_id, nonce, sealed, mark, slots, loaded_at, loaded_by) OVERRIDING SYSTEM VALUE
             SELECT n, 1, 'bench', substr(sha256(n::text::bytea), 1, 24), repeat(md5(n::text), 4)::bytea, sha256(n::text::bytea), 1, now(), 1 FROM generate_series(1, {lines}) n;
             INSERT INTO slot (credential_id, plan_id) SELECT n, 1 FROM generate_series(1, {lines}) n"
        ),
    )
    .await
}
