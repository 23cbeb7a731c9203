//! Commissions: accrued at the sale, held, released when the hold is over. Their rows are not touched by that: the purse's mark moves past them.

mod entity;
mod limits;
pub mod policy;
mod rates;
mod terms;

pub use entity::{CommissionState, Model as Commission};
pub(crate) use limits::limited;
pub use limits::{NotBooked, Reached, not_booked};
pub use rates::Rates;
pub(crate) use rates::of_order as rates_of;
pub use terms::{Earns, Terms, Volume, are_plain, terms};

use crate::audit::{self, Actor};
use crate::db::{Applied, Together, Tx, retrying, sql, transient};
use crate::ledger::movements::{Clawback, Release, commission_cancelled, commissions_released};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::notifications::{self, Letter, Notice};
use crate::orders::Order;
use crate::users::UserId;
use crate::{Core, fraud, purses};
use chrono::{DateTime, TimeDelta, Utc};
use policy::commission;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value};

/// Why commissions were not released or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CommissionError {
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CommissionError);

impl From<LedgerError> for CommissionError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

/// What a paid order earns someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Earning {
    /// On which level.
    pub(crate) level: i16,
    /// Who earns.
    pub(crate) beneficiary: UserId,
    /// How much.
    pub(crate) amount: Rupees,
    /// When the hold ends.
    pub(crate) release_at: DateTime<Utc>,
    /// What a limit cut off.
    pub(crate) cut: Option<limits::Cut>,
}

impl Earning {
    /// What the referrer is told, when something is left for them.
    pub(crate) fn letter(&self) -> Option<Letter> {
        let notice = Notice::Earned { amount: self.amount, level: self.level, release_at: self.release_at };
        self.amount.is_positive().then(|| Letter::to(self.beneficiary, notice))
    }
}

/// What an order that is paid now earns its buyer's referrers (level 1 first). Two levels, for ever.
pub(crate) fn earnings_of(now: DateTime<Utc>, order: &Order, referrers: [Option<UserId>; 2]) -> Vec<Earning> {
    let release_at = now + TimeDelta::seconds(order.hold_s);
    let levels = [(1, referrers[0], order.level1_percent), (2, referrers[1], order.level2_percent)];
    let earnings = levels.into_iter().filter_map(|(level, beneficiary, percent)| {
        let amount = commission(order.price, order.cost, percent);
        Some(Earning { level, beneficiary: beneficiary?, amount, release_at, cut: None }).filter(|earning| earning.amount.is_positive())
    });
    earnings.collect()
}

/// Adds birth and hold of an order's commissions. The purses are locked first, so their marks stand: a commission whose hold would end behind the
/// mark (a hold of nothing, a clock set back) ends right after it, and is released like any other. The commit should be near. What limits cut off is
/// written beside them.
///
/// Each earning is a row of values, not of arrays: PostgreSQL keeps the plan of a statement whose rows it can count.
pub(crate) fn accruing(beside: Together, now: DateTime<Utc>, order: &Order, earnings: &[Earning]) -> Together {
    let beside = earnings.iter().filter_map(|earning| Some((earning, earning.cut?))).fold(beside, |beside, (earning, cut)| {
        let text = "INSERT INTO commission_cut (order_id, level, beneficiary_id, amount, cap, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let head: [Value; 3] = [order.id.into(), earning.level.into(), earning.beneficiary.0.into()];
        let values = head.into_iter().chain([cut.amount.into(), cut.by.name().into(), now.into()]);
        beside.with(&format!("cut{}", earning.level), sql(text, values))
    });
    let earnings: Vec<&Earning> = earnings.iter().filter(|earning| earning.amount.is_positive()).collect();
    let Some(first) = earnings.first() else { return beside };
    let listed = |row: fn(usize) -> String| (0..earnings.len()).map(row).collect::<Vec<_>>().join(", ");
    let locked = format!(
        "SELECT user_id, released_through, next_release_at FROM purse WHERE user_id IN ({}) ORDER BY user_id FOR NO KEY UPDATE",
        listed(|n| format!("${}", n + 1))
    );
    let made = format!(
        "INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
         SELECT $1, e.level, $2, e.beneficiary_id, e.amount, greatest($3, locked.released_through + interval '1 microsecond'), $4
         FROM (VALUES {}) AS e (level, beneficiary_id, amount) JOIN locked ON locked.user_id = e.beneficiary_id
         RETURNING beneficiary_id, release_at",
        listed(|n| format!("(${}::smallint, ${}::bigint, ${}::numeric)", 3 * n + 5, 3 * n + 6, 3 * n + 7))
    );
    let marked = "UPDATE purse p SET next_release_at = made.release_at FROM made JOIN locked ON locked.user_id = made.beneficiary_id
         WHERE p.user_id = made.beneficiary_id AND (locked.next_release_at IS NULL OR locked.next_release_at > made.release_at)";
    let people = earnings.iter().map(|e| Value::from(e.beneficiary.0));
    let head: [Value; 4] = [order.id.into(), order.buyer_id.into(), first.release_at.into(), now.into()];
    let rows = earnings.iter().flat_map(|e| -> [Value; 3] { [e.level.into(), e.beneficiary.0.into(), e.amount.into()] });
    beside
        .with("locked", sql(&locked, people))
        .with("made", sql(&made, head.into_iter().chain(rows)))
        .with("marked", sql(marked, []))
}

/// What a release did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Released {
    /// Commissions.
    pub commissions: usize,
    /// People.
    pub people: usize,
    /// In all.
    pub amount: Rupees,
}

/// Releases what is due to one chunk of people, at most `people`: one ledger transaction, summed per person; nothing, when nobody has anything due
/// that another worker is not releasing already. Any number of workers may do this at once, and again.
///
/// # Errors
/// The database.
pub async fn release_due(core: &Core, people: u64) -> Result<Option<Released>, CommissionError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let claimed = Claimed::find_by_statement(sql(
            "SELECT user_id FROM purse WHERE next_release_at <= $1 AND NOT frozen ORDER BY next_release_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED",
            [core.now().into(), people.cast_signed().into()],
        ))
        .all(&tx)
        .await?;
        if claimed.is_empty() {
            return Ok(None);
        }
        let released = release_locked(&tx, core.now(), claimed.into_iter().map(|c| c.user_id).collect()).await?;
        tx.commit().await?;
        Ok(Some(released))
    })
    .await
}

/// Releases what is due to a person, in the caller's transaction. Their purse is locked from here on.
///
/// # Errors
/// The database.
pub(crate) async fn release_in(core: &Core, tx: &Tx, person: UserId) -> Result<Released, CommissionError> {
    purses::lock(tx, &[person]).await?;
    release_locked(tx, core.now(), vec![person.0]).await
}

#[derive(FromQueryResult)]
struct Claimed {
    user_id: i64,
}

/// Moves the marks of these purses and answers what lay between; the mark of a frozen one stands, so that all it holds stays held. In a statement after the one that locked them: what was committed while the
/// lock was waited for must be seen.
const MARK: &str = "
WITH due AS (
  SELECT p.user_id, coalesce(sum(c.amount - c.reversed), 0) AS due, count(c.release_at) AS commissions
  FROM purse p LEFT JOIN commission c ON c.beneficiary_id = p.user_id AND c.release_at > p.released_through AND c.release_at <= $1
  WHERE p.user_id = ANY ($2) AND NOT p.frozen GROUP BY p.user_id
), marked AS (
  UPDATE purse p SET released_through = $1, next_release_at = (SELECT min(c.release_at) FROM commission c WHERE c.beneficiary_id = p.user_id AND c.release_at > $1)
  WHERE p.user_id = ANY ($2) AND NOT p.frozen AND p.released_through < $1
)
SELECT due.user_id, due.due, due.commissions, coalesce(b.amount, 0) AS owed
FROM due LEFT JOIN ledger.balance b ON b.account_id = due.user_id * 32 + 22 WHERE due.commissions > 0 ORDER BY due.user_id";

async fn release_locked(tx: &Tx, now: DateTime<Utc>, people: Vec<i64>) -> Result<Released, CommissionError> {
    #[derive(FromQueryResult)]
    struct Due {
        user_id: i64,
        due: Rupees,
        commissions: i64,
        owed: Rupees,
    }
    let due = Due::find_by_statement(sql(MARK, [now.into(), people.into()])).all(tx).await?;
    let releases: Vec<Release> = due
        .iter()
        .filter(|d| d.due.is_positive())
        .map(|d| Release { person: UserId(d.user_id), due: d.due, owed: d.owed })
        .collect();
    if let Some(first) = releases.first() {
        // A person's mark moves forward only: no other batch has the same first person at the same time.
        let batch = format!("{}:{}", first.person.0, now.timestamp_micros());
        ledger::post(tx, now, commissions_released(&batch, &releases)).await?;
        let letters: Vec<Letter> =
            releases.iter().map(|r| Letter::to(r.person, Notice::Released { amount: r.due, owed: r.due.min(r.owed) })).collect();
        notifications::tell_all(tx, now, &letters).await?;
    }
    Ok(Released {
        commissions: due.iter().map(|d| usize::try_from(d.commissions).unwrap_or_default()).sum(),
        people: releases.len(),
        amount: releases.iter().map(|r| r.due).sum(),
    })
}

/// Takes a commission back for fraud, all that is left of it: from hold, else from what is earned, else as a debt.
///
/// # Errors
/// There is none; the books refused.
pub async fn cancel(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Commission>, CommissionError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let cancelled = cancel_in(core, &tx, id, by, reason).await?;
        tx.commit().await?;
        Ok(cancelled)
    })
    .await
}

pub(crate) async fn cancel_in(core: &Core, tx: &Tx, id: i64, by: &Actor, reason: &str) -> Result<Applied<Commission>, CommissionError> {
    let now = core.now();
    // Whose it is never changes; all else of it does so under their purse alone.
    purses::lock(tx, &[UserId(get(tx, id).await?.beneficiary_id)]).await?;
    let found = get(tx, id).await?;
    if found.state == CommissionState::Cancelled || found.left() == Rupees::ZERO {
        return Ok(Applied::Already(found));
    }
    let back = found.clawback(tx, found.left()).await?;
    tx.execute_raw(sql("UPDATE commission SET reversed = amount, cancelled_at = $2 WHERE id = $1", [id.into(), now.into()]))
        .await?;
    ledger::post(tx, now, commission_cancelled(id, &back, &by.ledger_name())).await?;
    audit::record(tx, now, by, "commission.cancel", &format!("commission {id}"), reason).await?;
    Ok(Applied::Now(get(tx, id).await?))
}

/// A commission by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Commission, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("commission {id}")))
}

/// What an order earned, level 1 first.
///
/// # Errors
/// The database.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Commission>, DbErr> {
    entity::Entity::find().filter(entity::Column::OrderId.eq(order_id)).order_by_asc(entity::Column::Level).all(db).await
}

impl Commission {
    /// What of it was not taken back.
    #[must_use]
    pub fn left(&self) -> Rupees {
        self.amount - self.reversed
    }

    /// How `amount` of it is claimed back now. The purse is locked.
    pub(crate) async fn clawback(&self, tx: &Tx, amount: Rupees) -> Result<Clawback, DbErr> {
        let person = UserId(self.beneficiary_id);
        let earned = ledger::standing(tx, person).await?.earned;
        Ok(Clawback { person, amount, held: self.state == CommissionState::Held, earned })
    }
}

/// A page of a person's commissions, newest first.
///
/// # Errors
/// The database.
pub async fn history(db: &impl ConnectionTrait, person: UserId, skip: u64, limit: u64) -> Result<Vec<Commission>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::BeneficiaryId.eq(person.0))
        .order_by_desc(entity::Column::Id)
        .offset(skip)
        .limit(limit)
        .all(db)
        .await
}

/// When a person's next commissions are released, and how much that is. Nothing, when all that is left is on hold until staff decide.
///
/// # Errors
/// The database.
pub async fn next_release(db: &impl ConnectionTrait, person: UserId) -> Result<Option<(DateTime<Utc>, Rupees)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Next {
        release_at: DateTime<Utc>,
        amount: Rupees,
    }
    let next = Next::find_by_statement(sql(
        "SELECT c.release_at, sum(c.amount - c.reversed) AS amount FROM commission c JOIN purse p ON p.user_id = c.beneficiary_id
         WHERE c.beneficiary_id = $1 AND c.release_at > p.released_through AND c.release_at < $2 AND NOT p.frozen AND c.reversed < c.amount GROUP BY c.release_at ORDER BY c.release_at LIMIT 1",
        [person.0.into(), fraud::FAR.into()],
    ))
    .one(db)
    .await?;
    Ok(next.map(|n| (n.release_at, n.amount)))
}
