//! The seal: a hash chain over the journal, whose digest is told outside the database, so that even who may do everything there cannot change the
//! past unseen.

use crate::db::{constraint, sql};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::fmt;

/// Transactions that one seal covers at most: what a check of one link reads.
const LINK: i64 = 1_000;
/// Bytes of each transaction's hash that a seal keeps, to find the one that changed.
const MARK: usize = 8;

/// A SHA-256 digest, shown as hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(pub Vec<u8>);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// Seals what has ended since the last seal, one link after the other; answers how many links were added.
///
/// # Errors
/// The database; someone has been writing to the journal for too long.
pub async fn seal(db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<usize, DbErr> {
    #[derive(FromQueryResult)]
    struct Point {
        settled: i64,
        sealed: i64,
    }
    let points =
        Point::find_by_statement(sql("SELECT ledger.settled() AS settled, coalesce((SELECT max(through) FROM ledger.seal), 0) AS sealed", []));
    let Some(Point { settled, mut sealed }) = points.one(db).await? else {
        return Ok(0);
    };
    let mut links = 0;
    while sealed < settled {
        sealed = settled.min(sealed + LINK);
        // Another program may seal at the same time: what it has done is done.
        let text = "INSERT INTO ledger.seal (through, sealed_at) SELECT $1, $2 WHERE $1 > coalesce((SELECT max(through) FROM ledger.seal), 0)";
        links += match db.execute_raw(sql(text, [sealed.into(), at.into()])).await {
            Ok(done) => usize::from(done.rows_affected() == 1),
            // It did so while this one waited for it.
            Err(error) if constraint(&error).as_deref() == Some("seal_is_settled") => 0,
            Err(error) => return Err(error),
        };
    }
    Ok(links)
}

/// The last seal's digest and the transaction through which it seals.
///
/// # Errors
/// The database.
pub async fn digest(db: &impl ConnectionTrait) -> Result<Option<(i64, Digest)>, DbErr> {
    Ok(links(db, "ORDER BY through DESC LIMIT 1", 0).await?.pop().map(|link| (link.through, Digest(link.digest))))
}

/// Whether a digest, in hexadecimal, is one of the seals'.
///
/// # Errors
/// The database.
pub async fn sealed_with(db: &impl ConnectionTrait, digest: &str) -> Result<bool, DbErr> {
    let text = "SELECT 1 FROM ledger.seal WHERE encode(digest, 'hex') = lower($1)";
    Ok(db.query_one_raw(sql(text, [digest.trim().into()])).await?.is_some())
}

/// What a check of the seals found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every transaction is as it was sealed.
    Intact {
        /// How many were checked.
        transactions: u64,
        /// Through which.
        through: i64,
        /// What the last link comes to.
        digest: Digest,
    },
    /// This transaction, or an entry of it, is not as it was sealed: the first of them.
    Altered {
        /// Its id.
        transaction: i64,
        /// Its key now.
        key: String,
    },
    /// A transaction that was sealed is gone: the first of them.
    Missing {
        /// The last one before it that is as it was sealed; 0 when it was the first.
        after: i64,
    },
    /// The transactions are as they were, but the seal through this one was changed, or does not follow the one before.
    Forged {
        /// The seal.
        through: i64,
    },
}

#[derive(FromQueryResult)]
struct Link {
    through: i64,
    digest: Vec<u8>,
    previous: Vec<u8>,
    marks: Vec<u8>,
}

async fn links(db: &impl ConnectionTrait, which: &str, after: i64) -> Result<Vec<Link>, DbErr> {
    let text = format!("SELECT through, digest, previous, marks FROM ledger.seal WHERE through > $1 {which}");
    Link::find_by_statement(sql(&text, [after.into()])).all(db).await
}

#[derive(FromQueryResult)]
struct Now {
    digest: Vec<u8>,
    marks: Vec<u8>,
}

/// Checks every link of the chain, one after the other, whatever their number: no more than one is in memory. `tell` hears of every link.
///
/// # Errors
/// The database.
pub async fn verify(db: &impl ConnectionTrait, mut tell: impl FnMut(i64, u64)) -> Result<Verdict, DbErr> {
    let (mut after, mut transactions, mut previous) = (0, 0, Vec::new());
    while let Some(link) = links(db, "ORDER BY through LIMIT 1", after).await?.pop() {
        let now = Now::find_by_statement(sql(
            "SELECT digest, marks FROM ledger.digest($1, $2, $3)",
            [previous.clone().into(), after.into(), link.through.into()],
        ))
        .one(db)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("a digest".to_owned()))?;
        if link.previous != previous {
            return Ok(Verdict::Forged { through: link.through });
        }
        if now.digest != link.digest {
            return first_difference(db, after, &link, &now).await;
        }
        if now.marks != link.marks {
            return Ok(Verdict::Forged { through: link.through });
        }
        transactions += (now.marks.len() / MARK) as u64;
        tell(link.through, transactions);
        (after, previous) = (link.through, link.digest);
    }
    Ok(Verdict::Intact { transactions, through: after, digest: Digest(previous) })
}

async fn first_difference(db: &impl ConnectionTrait, after: i64, link: &Link, now: &Now) -> Result<Verdict, DbErr> {
    #[derive(FromQueryResult)]
    struct There {
        id: i64,
        key: String,
    }
    let (sealed, found): (Vec<_>, Vec<_>) = (link.marks.chunks(MARK).collect(), now.marks.chunks(MARK).collect());
    let there = There::find_by_statement(sql(
        "SELECT id, key FROM ledger.journal WHERE id > $1 AND id <= $2 ORDER BY id",
        [after.into(), link.through.into()],
    ))
    .all(db)
    .await?;
    let Some(place) = (0..sealed.len().max(found.len())).find(|&n| sealed.get(n) != found.get(n)) else {
        return Ok(Verdict::Forged { through: link.through });
    };
    // A mark stands for one transaction alone: where one that was sealed further on stands in this place, what was sealed in between is gone.
    let gone = found.get(place).is_none_or(|mark| sealed.get(place..).is_some_and(|rest| rest.contains(mark)));
    match there.get(place) {
        Some(altered) if !gone => Ok(Verdict::Altered { transaction: altered.id, key: altered.key.clone() }),
        _ => Ok(Verdict::Missing { after: place.checked_sub(1).and_then(|n| there.get(n)).map_or(after, |row| row.id) }),
    }
}
