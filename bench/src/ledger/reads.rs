//! Balances and pages of statements, one call after the other: in the small database and in the large one by turns, each time of other people.

use super::Size;
use super::size::{APART, FEW};
use crate::bed::{Bed, figure};
use crate::drive::timed;
use crate::table::{Table, median};
use crate::wrong;
use mela_core::db::sql;
use mela_core::ledger::{self, AccountId, Own, Shop};
use mela_core::users::UserId;
use sea_orm::{DatabaseConnection, DbErr, FromQueryResult};

/// Lines of a page, as the bot shows them.
const PAGE: u64 = 10;

/// How often each statement of a connection ran with a general plan, and how often with one of its own.
const PLANS: &str = "SELECT coalesce(string_agg(format('%s general, %s own: %s', generic_plans, custom_plans, left(regexp_replace(statement, '\\s+', ' ', 'g'), 60)), '; '), '')
    FROM pg_prepared_statements WHERE generic_plans + custom_plans > 9";

/// What is read.
#[derive(Debug, Clone, Copy)]
enum Read {
    Standing,
    FirstPage,
    MiddlePage,
    ShopBalance,
    ShopPage,
    ShopPageFar,
}

impl Read {
    const ALL: [(Self, &'static str, Option<f64>); 6] = [
        (Self::Standing, "a person's standing", Some(1.2)),
        (Self::FirstPage, "a person's account: the first page", Some(1.2)),
        (Self::MiddlePage, "… a page in the middle", Some(1.2)),
        (Self::ShopBalance, "a shop account's balance", Some(1.2)),
        (
            Self::ShopPage,
            "a shop account: a page in the middle, as far from its snapshot as the small one's middle from the beginning",
            Some(1.2),
        ),
        (Self::ShopPageFar, "… at the worst place, just before a snapshot", None),
    ];
}

/// A person's account and a line in the middle of its statement.
#[derive(Debug, FromQueryResult)]
struct Place {
    owner: i64,
    middle: i64,
}

/// One of the two databases.
struct Side {
    db: DatabaseConnection,
    places: Vec<Place>,
    /// A snapshot in the middle; the shop's pages are read after this one and the next ones.
    snapshot: i64,
    /// How many snapshots follow that are used, too.
    snapshots: i64,
}

impl Side {
    async fn open(bed: &Bed, database: &str, people: usize) -> Result<Self, String> {
        let db = bed.pool(database, 1).await?;
        let count = i64::try_from(people).map_err(wrong)?;
        let places = Place::find_by_statement(sql(
            "SELECT b.account_id / 32 AS owner, l.id AS middle
             FROM (SELECT * FROM ledger.balance WHERE account_id % 32 = 17 AND seq >= 20 ORDER BY hashint8(account_id) LIMIT $1) b
             CROSS JOIN LATERAL (SELECT id FROM ledger.line WHERE account_id = b.account_id ORDER BY id OFFSET b.seq / 2 LIMIT 1) l",
            [count.into()],
        ))
        .all(&db)
        .await
        .map_err(wrong)?;
        let middle: i64 = figure(&db, "SELECT coalesce(max(through), 0) / 2 FROM ledger.snapshot").await?;
        let text = format!("SELECT coalesce(max(through), 0) FROM ledger.snapshot WHERE through <= {middle}");
        let snapshot = figure(&db, &text).await?;
        let snapshots: i64 = figure(&db, &format!("SELECT count(DISTINCT through) FROM ledger.snapshot WHERE through > {middle}")).await?;
        if places.is_empty() {
            Err(format!("nobody in {database} has a statement of some pages"))
        } else {
            Ok(Self { db, places, snapshot, snapshots })
        }
    }

    /// Reads once; answers how many lines came.
    async fn read(&self, what: Read, turn: usize) -> Result<usize, DbErr> {
        let place = &self.places[turn % self.places.len()];
        let account = AccountId::of(UserId(place.owner), Own::Held);
        let sales = AccountId::from(Shop::Sales);
        let snapshot = self.snapshot + i64::try_from(turn).unwrap_or_default() % self.snapshots.max(1) * APART;
        let page = |account, before| ledger::account_statement(&self.db, account, before, PAGE);
        Ok(match what {
            Read::Standing => usize::from(ledger::standing(&self.db, UserId(place.owner)).await?.held.is_positive()),
            Read::FirstPage => page(account, None).await?.len(),
            Read::MiddlePage => page(account, Some(place.middle)).await?.len(),
            Read::ShopBalance => usize::from(ledger::balance(&self.db, sales).await?.amount.is_positive()),
            Read::ShopPage => page(sales, Some(snapshot + FEW / 2)).await?.len(),
            // In the small database, whose only point is the beginning, this is its end.
            Read::ShopPageFar => page(sales, Some(snapshot + if self.snapshots > 0 { APART } else { FEW })).await?.len(),
        })
    }
}

/// The rows about reading.
pub(super) async fn run(bed: &Bed, size: &Size, entries: i64, table: &mut Table) -> Result<(), String> {
    let (few, large) = (Side::open(bed, "few", size.reads).await?, Side::open(bed, "large", size.reads).await?);
    for (what, name, goal) in Read::ALL {
        let (mut small_times, mut large_times, mut first_times) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..size.reads {
            // Twice each: the first time brings the pages into the server's cache, as far as they are not there.
            few.read(what, turn).await.map_err(wrong)?;
            let (small, time) = timed(few.read(what, turn)).await?;
            small_times.push(time);
            first_times.push(timed(large.read(what, turn)).await?.1);
            let (much, time) = timed(large.read(what, turn)).await?;
            large_times.push(time);
            if small != much || much == 0 {
                return Err(format!("{name}: {small} lines in the small database, {much} in the large one"));
            }
        }
        table.time(&format!("{name}, at {entries} entries"), &large_times, "at 1001", &small_times, goal);
        table.tell("… read for the first time", &format!("{:.3} ms", median(&first_times)));
    }
    // A plan made anew for each call costs more than the call: whether that happens is worth knowing when a row is missed.
    for (side, name) in [(&few, "few"), (&large, "large")] {
        eprintln!("{name}: {}", figure::<String>(&side.db, PLANS).await?);
    }
    few.db.close().await.map_err(wrong)?;
    large.db.close().await.map_err(wrong)
}
