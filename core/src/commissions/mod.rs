//! Commissions: accrued at the sale, held, released when the hold is over.

mod entity;
pub mod policy;

pub use entity::{CommissionState, Model as Commission};

use crate::Core;
use crate::db::{Tx, retrying, sql, transient};
use crate::ledger::movements::{Release, commissions_released};
use crate::ledger::{self, LedgerError, Own};
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::orders::Order;
use crate::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use policy::commission;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Why commissions were not released.
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

/// Writes down what a paid order earns its buyer's referrers, on hold for as long as the order says, and tells them. Two levels, for ever.
///
/// # Errors
/// The database.
pub(crate) async fn accrue_in(tx: &Tx, now: DateTime<Utc>, order: &Order) -> Result<Vec<Commission>, DbErr> {
    #[derive(FromQueryResult)]
    struct Referrers {
        level1: Option<i64>,
        level2: Option<i64>,
    }
    let referrers = Referrers::find_by_statement(sql(
        "SELECT buyer.referred_by AS level1, first.referred_by AS level2
         FROM users buyer LEFT JOIN users first ON first.id = buyer.referred_by WHERE buyer.id = $1",
        [order.buyer_id.into()],
    ))
    .one(tx)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound(format!("user {}", order.buyer_id)))?;
    let release_at = now + TimeDelta::seconds(order.hold_s);
    let levels = [(1i16, referrers.level1, order.level1_percent), (2, referrers.level2, order.level2_percent)];
    let mut accrued = Vec::new();
    for (level, beneficiary, percent) in levels {
        let amount = commission(order.price, order.cost, percent);
        let Some(beneficiary) = beneficiary.filter(|_| amount.is_positive()) else {
            continue;
        };
        let row = entity::Entity::find()
            .from_raw_sql(sql(
                "INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *",
                [order.id.into(), level.into(), order.buyer_id.into(), beneficiary.into(), amount.into(), release_at.into(), now.into()],
            ))
            .one(tx)
            .await?
            .ok_or(DbErr::RecordNotInserted)?;
        let notice = Notice::Earned { amount, level, release_at };
        notifications::tell(tx, now, UserId(beneficiary), &notice, Some(format!("earned:{}:{level}", order.id))).await?;
        accrued.push(row);
    }
    Ok(accrued)
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

/// Releases one chunk of commissions whose hold is over, at most `limit`: one ledger transaction, summed per person. Any number of
/// workers may do this at once, and again.
///
/// # Errors
/// The database.
pub async fn release_due(core: &Core, limit: u64) -> Result<Released, CommissionError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let released = release_in(core, &tx, None, limit).await?;
        tx.commit().await?;
        Ok(released)
    })
    .await
}

/// Releases what is due, for everyone or for one person, in the caller's transaction.
///
/// # Errors
/// The database.
pub(crate) async fn release_in(core: &Core, tx: &Tx, person: Option<UserId>, limit: u64) -> Result<Released, CommissionError> {
    #[derive(FromQueryResult)]
    struct Due {
        id: i64,
        beneficiary_id: i64,
        due: Rupees,
    }
    let now = core.now();
    // For one person rows are waited for: what another worker is releasing this moment must count for a withdrawal.
    let (whose, wait) = if person.is_some() {
        ("AND beneficiary_id = $3", "")
    } else {
        ("AND $3::bigint IS NULL", "SKIP LOCKED")
    };
    let text = format!(
        "SELECT id, beneficiary_id, amount - reversed AS due FROM commission
         WHERE state = 'held' AND release_at <= $1 {whose} ORDER BY release_at, id LIMIT $2 FOR UPDATE {wait}"
    );
    let due = Due::find_by_statement(sql(&text, [now.into(), limit.cast_signed().into(), person.map(|p| p.0).into()])).all(tx).await?;
    if due.is_empty() {
        return Ok(Released::default());
    }
    let ids: Vec<i64> = due.iter().map(|d| d.id).collect();
    tx.execute_raw(sql("UPDATE commission SET state = 'released', released_at = $2 WHERE id = ANY ($1)", [ids.into(), now.into()]))
        .await?;

    let mut sums: BTreeMap<UserId, Rupees> = BTreeMap::new();
    for row in &due {
        let sum = sums.entry(UserId(row.beneficiary_id)).or_default();
        *sum = *sum + row.due;
    }
    let people: Vec<UserId> = sums.keys().copied().collect();
    ledger::lock(tx, &people, &[Own::Held, Own::Earned, Own::Owed]).await?;
    let owed = ledger::owed(tx, &people).await?;
    let releases: Vec<Release> = sums
        .into_iter()
        .map(|(person, due)| Release { person, due, owed: owed.get(&person).copied().unwrap_or_default() })
        .collect();
    // The smallest commission names the batch: no other batch can ever hold it.
    let batch = due.iter().map(|d| d.id).min().unwrap_or_default().to_string();
    ledger::post(tx, now, commissions_released(&batch, &releases)).await?;
    for release in releases.iter().filter(|r| r.due.is_positive()) {
        let notice = Notice::Released { amount: release.due, owed: release.due.min(release.owed) };
        notifications::tell(tx, now, release.person, &notice, Some(format!("released:{batch}:{}", release.person.0))).await?;
    }
    Ok(Released { commissions: due.len(), people: releases.len(), amount: releases.iter().map(|r| r.due).sum() })
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

/// When a person's next commissions are released, and how much that is.
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
        "SELECT release_at, sum(amount - reversed) AS amount FROM commission WHERE beneficiary_id = $1 AND state = 'held'
         GROUP BY release_at ORDER BY release_at LIMIT 1",
        [person.0.into()],
    ))
    .one(db)
    .await?;
    Ok(next.map(|n| (n.release_at, n.amount)))
}
