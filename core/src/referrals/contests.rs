//! Contests: who sells most by their link within some time wins prizes. A person drafts one and starts it; a job decides it.

use super::{Board, tally};
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::money::Rupees;
use crate::notifications::{self, Letter, Notice};
use crate::treasury::{self, TreasuryError};
use crate::users::{UserId, clean_name};
use crate::{Core, purses};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, DeriveActiveEnum, EnumIter, FromQueryResult, Value};

/// Prizes at most.
pub const PRIZES: usize = 10;

/// Why a contest was not made, started or ended.
#[derive(Debug, thiserror::Error)]
pub enum ContestError {
    /// No prizes, too many, or one that is no amount of whole paise above nothing.
    #[error("1 to {PRIZES} prizes of more than nothing")]
    Prizes,
    /// It would end before it begins, or is over already.
    #[error("not a time to come")]
    Time,
    /// Its prizes are more than one person may give away: somebody else must start it.
    #[error("somebody else must start it")]
    Own,
    /// It is in no state for that.
    #[error("it is {:?}", .0.state)]
    NotNow(Box<Contest>),
    /// The books refused.
    #[error(transparent)]
    Treasury(TreasuryError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(ContestError);

impl From<TreasuryError> for ContestError {
    fn from(error: TreasuryError) -> Self {
        if let TreasuryError::Db(error) = error { Self::Db(error) } else { Self::Treasury(error) }
    }
}

/// Where a contest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ContestState {
    /// Nobody has started it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// It runs, is to begin, or waits to be decided.
    #[sea_orm(string_value = "open")]
    Open,
    /// Its prizes are given.
    #[sea_orm(string_value = "done")]
    Done,
    /// It is not to be.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// A contest.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Contest {
    /// Row id.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// From when sales count.
    pub from_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub until_at: DateTime<Utc>,
    /// Of the first place, the second …
    prizes: serde_json::Value,
    /// Where it stands.
    pub state: ContestState,
    /// Who drafted it: Telegram's id.
    pub made_by: i64,
    /// Their name.
    pub made_by_name: String,
}

impl Contest {
    /// The prizes: of the first place, the second …
    #[must_use]
    pub fn prizes(&self) -> Vec<Rupees> {
        serde_json::from_value(self.prizes.clone()).unwrap_or_default()
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> Rupees {
        self.prizes().into_iter().sum()
    }
}

/// What somebody wants a contest to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContest {
    /// What people call it.
    pub name: String,
    /// From when sales count.
    pub from_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub until_at: DateTime<Utc>,
    /// Of the first place, the second …
    pub prizes: Vec<Rupees>,
}

/// Who won what.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Winner {
    /// 1 is the first.
    pub place: i16,
    /// Whose.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Sales that counted.
    pub score: i32,
    /// What they were given.
    pub amount: Rupees,
}

const COLUMNS: &str = "id, name, from_at, until_at, (SELECT jsonb_agg(p::text ORDER BY n) FROM unnest(prizes) WITH ORDINALITY AS each (p, n)) AS prizes, state, made_by, made_by_name";

async fn find(db: &impl ConnectionTrait, which: &str, values: Vec<Value>) -> Result<Option<Contest>, DbErr> {
    Contest::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM contest WHERE {which}"), values)).one(db).await
}

/// A contest by its row id.
///
/// # Errors
/// The database.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Option<Contest>, DbErr> {
    find(db, "id = $1", vec![id.into()]).await
}

/// A page of all contests, newest first.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<Contest>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM contest ORDER BY id DESC OFFSET $1 LIMIT $2");
    Contest::find_by_statement(sql(&text, [skip.cast_signed().into(), limit.cast_signed().into()])).all(db).await
}

/// Contests that people can see: started and not decided, the one that ends first before the others.
///
/// # Errors
/// The database.
pub async fn running(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Contest>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM contest WHERE state = 'open' ORDER BY until_at, id LIMIT $1");
    Contest::find_by_statement(sql(&text, [limit.cast_signed().into()])).all(db).await
}

/// Who won a contest that is decided.
///
/// # Errors
/// The database.
pub async fn winners(db: &impl ConnectionTrait, id: i64) -> Result<Vec<Winner>, DbErr> {
    Winner::find_by_statement(sql(
        "SELECT w.place, w.user_id, u.name, w.score, w.amount FROM contest_prize w JOIN users u ON u.id = w.user_id WHERE w.contest_id = $1 ORDER BY w.place",
        [id.into()],
    ))
    .all(db)
    .await
}

/// Keeps what somebody is about to start; `key` says where the command came from: the same again is the same.
///
/// # Errors
/// Prizes that are none; a time that is over.
pub async fn draft(core: &Core, new: &NewContest, by: &Actor, key: &str) -> Result<Contest, ContestError> {
    if new.prizes.is_empty() || new.prizes.len() > PRIZES || new.prizes.iter().any(|prize| !prize.is_positive()) {
        return Err(ContestError::Prizes);
    }
    let now = core.now();
    if new.from_at >= new.until_at || new.until_at <= now {
        return Err(ContestError::Time);
    }
    let prizes: Vec<String> = new.prizes.iter().map(|prize| prize.plain()).collect();
    core.db()
        .execute_raw(sql(
            "INSERT INTO contest (key, name, from_at, until_at, prizes, made_at, made_by, made_by_name) VALUES ($1, $2, $3, $4, $5::text[]::numeric[], $6, $7, $8)
             ON CONFLICT (key) DO NOTHING",
            [
                key.into(),
                clean_name(&new.name).into(),
                new.from_at.into(),
                new.until_at.into(),
                prizes.into(),
                now.into(),
                by.telegram_id.into(),
                by.name.clone().into(),
            ],
        ))
        .await?;
    Ok(find(core.db(), "key = $1", vec![key.into()]).await?.ok_or(DbErr::RecordNotInserted)?)
}

/// Starts a drafted contest: from now on people see it. What was sold since it began counts, too.
///
/// # Errors
/// It is cancelled or decided; it is over; its prizes are above what one person may give away, and whoever drafted it starts it.
pub async fn start(core: &Core, id: i64, by: &Actor) -> Result<Applied<Contest>, ContestError> {
    retrying(|| async {
        let tx = core.begin().await?;
        // Nothing is counted in between: each sale is on the board once.
        tally::lock(&tx).await?;
        let contest = locked(&tx, id).await?;
        match contest.state {
            ContestState::Draft => {}
            ContestState::Open => return Ok(Applied::Already(contest)),
            ContestState::Done | ContestState::Cancelled => return Err(ContestError::NotNow(Box::new(contest))),
        }
        if contest.until_at <= core.now() {
            return Err(ContestError::Time);
        }
        if contest.total() > core.settings_store().get(&tx).await?.staff.second_person_above && contest.made_by == by.telegram_id {
            return Err(ContestError::Own);
        }
        let set = "state = 'open', started_by = $2, started_by_name = $3";
        let started = stepped(&tx, id, set, "state = 'draft'", vec![by.telegram_id.into(), by.name.clone().into()]).await?;
        tx.execute_raw(sql(
            "INSERT INTO board_score (board, user_id, score, reached_at)
             SELECT $1::text, referrer_id, count(*), max(paid_at) FROM referral_sale
             WHERE referrer_id IS NOT NULL AND lost_at IS NULL AND paid_at >= $2 AND paid_at < $3 GROUP BY referrer_id",
            [Board::Contest(id).key().into(), contest.from_at.into(), contest.until_at.into()],
        ))
        .await?;
        audit::record(&tx, core.now(), by, "contest.start", &format!("contest {id}"), &format!("{}: {}", contest.name, contest.total())).await?;
        tx.commit().await?;
        Ok(Applied::Now(started))
    })
    .await
}

/// A contest is not to be: nobody wins anything.
///
/// # Errors
/// It is decided.
pub async fn cancel(core: &Core, id: i64, by: &Actor) -> Result<Applied<Contest>, ContestError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let contest = locked(&tx, id).await?;
        match contest.state {
            ContestState::Draft | ContestState::Open => {}
            ContestState::Cancelled => return Ok(Applied::Already(contest)),
            ContestState::Done => return Err(ContestError::NotNow(Box::new(contest))),
        }
        let now = core.now();
        let cancelled = stepped(&tx, id, "state = 'cancelled', ended_at = $2", "state IN ('draft', 'open')", vec![now.into()]).await?;
        audit::record(&tx, now, by, "contest.cancel", &format!("contest {id}"), &contest.name).await?;
        tx.commit().await?;
        Ok(Applied::Now(cancelled))
    })
    .await
}

async fn locked(tx: &Tx, id: i64) -> Result<Contest, DbErr> {
    find(tx, "id = $1 FOR UPDATE", vec![id.into()]).await?.ok_or_else(|| DbErr::RecordNotFound(format!("contest {id}")))
}

async fn stepped(tx: &Tx, id: i64, set: &str, among: &str, values: Vec<Value>) -> Result<Contest, DbErr> {
    let text = format!("UPDATE contest SET {set} WHERE id = $1 AND {among} RETURNING {COLUMNS}");
    let stepped = Contest::find_by_statement(sql(&text, std::iter::once(id.into()).chain(values))).one(tx).await?;
    stepped.ok_or(DbErr::RecordNotUpdated)
}

/// Decides every contest that has been over for as long as the settings say, and clears old leaderboards away; answers how many were decided.
///
/// # Errors
/// The database, or the books refused: what was decided stays decided.
pub async fn end_due(core: &Core) -> Result<usize, ContestError> {
    let wait = core.settings().await?.referrals.contest_wait.delta();
    let mut decided = 0;
    while let Some(due) = find(core.db(), "state = 'open' AND until_at <= $1 ORDER BY until_at, id LIMIT 1", vec![(core.now() - wait).into()]).await?
    {
        // All that happened until now counts: sales and what was given back.
        super::count(core).await?;
        decided += usize::from(retrying(|| end(core, due.id)).await?);
    }
    tally::prune(core).await?;
    Ok(decided)
}

/// Sales of the contest's time that were not lost, most first; of equals, who had theirs first. Those who were forgotten or blocked win nothing.
const RANKED: &str = "
SELECT s.referrer_id AS user_id, count(*) AS score FROM referral_sale s JOIN users u ON u.id = s.referrer_id
WHERE s.referrer_id IS NOT NULL AND s.lost_at IS NULL AND s.paid_at >= $1 AND s.paid_at < $2 AND u.erased_at IS NULL AND u.blocked_at IS NULL
GROUP BY s.referrer_id ORDER BY count(*) DESC, max(s.paid_at), s.referrer_id LIMIT $3";

async fn end(core: &Core, id: i64) -> Result<bool, ContestError> {
    #[derive(FromQueryResult)]
    struct Ranked {
        user_id: i64,
        score: i64,
    }
    let (now, by) = (core.now(), Actor::program("the contest"));
    let tx = core.begin().await?;
    // Nobody counts meanwhile: what is decided upon stays as it is.
    tally::lock(&tx).await?;
    let contest = locked(&tx, id).await?;
    if contest.state != ContestState::Open {
        return Ok(false);
    }
    let prizes = contest.prizes();
    let values = [contest.from_at.into(), contest.until_at.into(), i64::try_from(prizes.len()).unwrap_or_default().into()];
    let ranked = Ranked::find_by_statement(sql(RANKED, values)).all(&tx).await?;
    purses::lock(&tx, &ranked.iter().map(|winner| UserId(winner.user_id)).collect::<Vec<_>>()).await?;
    let mut letters = vec![Letter { to: None, notice: Notice::ContestOver { contest: id }, dedupe_key: Some(format!("contest-over:{id}")) }];
    for ((place, winner), amount) in (1_i16..).zip(ranked).zip(prizes) {
        let (person, key) = (UserId(winner.user_id), format!("contest:{id}:{place}"));
        let prize = treasury::give_prize_in(core, &tx, person, amount, &contest.name, &by, &key).await?.into_inner();
        tx.execute_raw(sql(
            "INSERT INTO contest_prize (contest_id, place, user_id, score, amount, prize_id) VALUES ($1, $2, $3, $4, $5, $6)",
            [id.into(), place.into(), person.0.into(), winner.score.into(), amount.into(), prize.into()],
        ))
        .await?;
        letters.push(Letter::to(person, Notice::PrizeWon { contest: contest.name.clone(), place, amount }));
    }
    stepped(&tx, id, "state = 'done', ended_at = $2", "state = 'open'", vec![now.into()]).await?;
    notifications::tell_all(&tx, now, &letters).await?;
    let result = format!("{}: {} prize(s)", contest.name, letters.len() - 1);
    audit::record(&tx, now, &by, "contest.end", &format!("contest {id}"), &result).await?;
    tx.commit().await?;
    Ok(true)
}
