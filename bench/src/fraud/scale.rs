//! What looking costs as a shop grows: the same join and the same purchase, with all that the rules look at after them, among a thousand people and among a
//! million; and the sweep over everybody.

use crate::bed::{Bed, figure};
use crate::drive::{milliseconds, timed};
use crate::table::Table;
use crate::{fill, wrong};
use mela_core::audit::Actor;
use mela_core::users::{self, Sender};
use mela_core::{Core, fraud, payments};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Instant;

/// Marks of a person.
const MARKS: i64 = 5;
/// Measured joins and purchases.
const TIMES: i64 = 300;

/// The rows about the rules.
pub(super) async fn run(bed: &Bed, small: bool, table: &mut Table) -> Result<(), String> {
    let sizes = [("few", 999, 300), ("many", if small { 60_000 } else { 999_999 }, if small { 20_000 } else { 300_000 })];
    let mut cores = Vec::new();
    for (name, people, sales) in sizes {
        bed.database(name).await?;
        let core = bed.core(name, 4).await?;
        fill_in(core.db(), people, sales).await?;
        cores.push(core);
    }
    let (mut joins, mut buys) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    // The first fifth warms up.
    for n in 1..=TIMES {
        for ((core, (_, people, sales)), (joins, buys)) in cores.iter().zip(sizes).zip(joins.iter_mut().zip(buys.iter_mut())) {
            let (_, join) = timed(join(core, people + n, (n * 7_919) % (people / 3))).await?;
            let (_, buy) = timed(buy(core, sales + n)).await?;
            if n > TIMES / 5 {
                joins.push(join);
                buys.push(buy);
            }
        }
    }
    let what = format!("among {} people", sizes[1].1);
    table.time(&format!("a join by a link and all that the rules look at, {what}"), &joins[1], "among 999", &joins[0], Some(1.2));
    table.time(&format!("a purchase and all that the rules look at, {what}"), &buys[1], "among 999", &buys[0], Some(1.2));
    let core = &cores[1];
    let marks: i64 = figure(core.db(), "SELECT count(*) FROM signal").await?;
    let began = Instant::now();
    let mut said = Instant::now();
    let people = fraud::sweep(core, |done| {
        if said.elapsed().as_secs() >= 20 {
            eprintln!("swept {done} people in {:.0} s", began.elapsed().as_secs_f64());
            said = Instant::now();
        }
    })
    .await
    .map_err(wrong)?;
    let minutes = milliseconds(began) / 60_000.0;
    let found: i64 = figure(core.db(), "SELECT count(*) FROM flag").await?;
    table.judge(
        &format!("the sweep over {people} people and {marks} marks ({found} flags)"),
        &format!("{minutes:.1} minutes"),
        "at most 10 minutes",
        minutes <= 10.0,
    );
    for core in cores {
        core.db().clone().close().await.map_err(wrong)?;
    }
    Ok(())
}

async fn join(core: &Core, n: i64, chain: i64) -> Result<(), String> {
    let referrer = users::get(core.db(), users::UserId(3 * chain + 2)).await.map_err(wrong)?;
    let sender = Sender { telegram_id: 700_000_000 + n, name: "Somebody New".to_owned(), username: None, language: None };
    let arrival = users::arrive(core, &sender, Some(referrer.code.as_str()), 700_000_000 + n).await.map_err(wrong)?;
    if arrival.user.referred_by != Some(referrer.id) {
        return Err("nobody was bound".to_owned());
    }
    looked_at(core).await
}

async fn buy(core: &Core, payment: i64) -> Result<(), String> {
    let by = Actor { telegram_id: 9_000, name: "Meera".to_owned() };
    payments::confirm(core, payment, &by).await.map_err(wrong)?;
    looked_at(core).await
}

async fn looked_at(core: &Core) -> Result<(), String> {
    match fraud::look_at_events(core, 10).await.map_err(wrong)? {
        1 => Ok(()),
        other => Err(format!("{other} events were looked at")),
    }
}

/// People in chains of three, of whom the last buys; the marks of each; who paid each sale. One mark in five, an address, is shared by twenty.
async fn fill_in(db: &DatabaseConnection, people: i64, sales: i64) -> Result<(), String> {
    let chains = people / 3;
    fill::chains(db, people).await?;
    fill::sales(db, sales, chains / 2 * 2, chains / 2 * 2).await?;
    fill::waiting(db, sales + 1, sales + TIMES, &fill::buyer(&format!("(n * 7919) % {chains}"))).await?;
    let mark = |what: &str, of: &str| format!("decode(md5('{what}' || ({of})), 'hex')");
    let kinds = [("device", "n"), ("ip4", "n / 20"), ("ip6", "n"), ("payee", "n"), ("payer", "n")];
    let rows: Vec<String> = kinds
        .iter()
        .map(|(kind, of)| format!("SELECT n, '{kind}', {}, now(), now() FROM generate_series(1, {people}) n", mark(kind, of)))
        .collect();
    debug_assert_eq!(rows.len() as i64, MARKS);
    for rows in rows {
        fill::load(db, &format!("INSERT INTO signal (user_id, kind, mark, first_at, last_at) {rows}")).await?;
    }
    let payer = mark("payer", "buyer_id");
    fill::load(
        db,
        &format!("INSERT INTO order_payer (order_id, kind, mark) SELECT id, 'payer', {payer} FROM orders WHERE paid_at IS NOT NULL"),
    )
    .await?;
    // Gateways told who pays what is confirmed here.
    fill::load(db, &format!("UPDATE payment SET method = 'gateway', payer = 'person' || user_id || '@ybl' WHERE id > {sales}")).await?;
    db.execute_unprepared("DELETE FROM fraud_event").await.map_err(wrong)?;
    fill::tidy(db).await
}
