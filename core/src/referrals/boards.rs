//! Leaderboards: sales that people's links led to, by week, by month, by contest. A name is seen only where its owner wants that, and masked.

use super::masked;
use crate::Core;
use crate::code::ShortCode;
use crate::db::{Applied, sql};
use crate::users::UserId;
use chrono::{Datelike, Days, NaiveDate};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Places among which those are looked for who want to be seen.
const LOOKED_AT: i64 = 100;
/// Of these, how many are shown.
const SHOWN: i64 = 10;
/// How far a person's own place is counted.
const COUNTED: i64 = 1_000;

/// A leaderboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Board {
    /// Of the week that begins on this Monday.
    Week(NaiveDate),
    /// Of the month that begins on this day.
    Month(NaiveDate),
    /// Of a contest, by its row id.
    Contest(i64),
}

impl Board {
    /// The week of a day.
    #[must_use]
    pub fn week_of(day: NaiveDate) -> Self {
        Self::Week(day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day))
    }

    /// The month of a day.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.with_day(1).unwrap_or(day))
    }

    pub(super) fn key(self) -> String {
        match self {
            Self::Week(day) => format!("week:{day}"),
            Self::Month(day) => format!("month:{day}"),
            Self::Contest(id) => format!("contest:{id}"),
        }
    }
}

/// A line of a leaderboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// 1 is the first.
    pub place: i64,
    /// Masked.
    pub name: String,
    /// Sales.
    pub score: i32,
    /// Whether that is whoever looks.
    pub own: bool,
}

/// A leaderboard as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standings {
    /// Those of the first hundred who want to be seen, ten at most.
    pub top: Vec<Placed>,
    /// The person's own sales.
    pub score: i32,
    /// Their place; none without sales, or below the thousandth.
    pub place: Option<i64>,
    /// Whether their masked name is seen by others.
    pub appears: bool,
}

/// A leaderboard with a person's own place on it.
///
/// # Errors
/// The database.
pub async fn standings(core: &Core, board: Board, person: UserId) -> Result<Standings, DbErr> {
    #[derive(FromQueryResult)]
    struct Top {
        place: i64,
        user_id: i64,
        name: String,
        score: i32,
    }
    #[derive(FromQueryResult)]
    struct Own {
        score: i32,
        ahead: i64,
    }
    super::catch_up(core).await?;
    let db = core.db();
    let top = Top::find_by_statement(sql(
        "SELECT t.place, t.user_id, u.name, t.score FROM (
           SELECT user_id, score, row_number() OVER (ORDER BY -score, reached_at, user_id) AS place FROM board_score WHERE board = $1 AND -score < 0
           ORDER BY -score, reached_at, user_id LIMIT $2) t
         JOIN board_member m ON m.user_id = t.user_id JOIN users u ON u.id = t.user_id WHERE u.erased_at IS NULL AND u.blocked_at IS NULL ORDER BY t.place LIMIT $3",
        [board.key().into(), LOOKED_AT.into(), SHOWN.into()],
    ))
    .all(db)
    .await?;
    let own = Own::find_by_statement(sql(
        "SELECT mine.score, (SELECT count(*) FROM (
           SELECT FROM board_score b WHERE b.board = $1 AND (-b.score, b.reached_at, b.user_id) < (-mine.score, mine.reached_at, mine.user_id)
           ORDER BY -b.score, b.reached_at, b.user_id LIMIT $3) ahead) AS ahead
         FROM board_score mine WHERE mine.board = $1 AND mine.user_id = $2 AND mine.score > 0",
        [board.key().into(), person.0.into(), COUNTED.into()],
    ))
    .one(db)
    .await?;
    let appears = db.query_one_raw(sql("SELECT 1 FROM board_member WHERE user_id = $1", [person.0.into()])).await?.is_some();
    let placed = |row: Top| Placed { place: row.place, name: masked(&row.name), score: row.score, own: row.user_id == person.0 };
    Ok(Standings {
        top: top.into_iter().map(placed).collect(),
        score: own.as_ref().map_or(0, |own| own.score),
        place: own.filter(|own| own.ahead < COUNTED).map(|own| own.ahead + 1),
        appears,
    })
}

/// One of those who sell most, as staff see them.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Leader {
    /// Our id of them.
    pub user_id: i64,
    /// Their name, whole.
    pub name: String,
    /// Telegram's id.
    pub telegram_id: i64,
    /// Their referral code.
    pub code: ShortCode,
    /// Sales on the board.
    pub score: i32,
}

/// The first of a leaderboard, for staff.
///
/// # Errors
/// The database.
pub async fn leaders(core: &Core, board: Board, limit: u64) -> Result<Vec<Leader>, DbErr> {
    super::catch_up(core).await?;
    Leader::find_by_statement(sql(
        "SELECT b.user_id, u.name, u.telegram_id, u.code, b.score FROM board_score b JOIN users u ON u.id = b.user_id
         WHERE b.board = $1 AND -b.score < 0 AND u.erased_at IS NULL AND u.blocked_at IS NULL ORDER BY -b.score, b.reached_at, b.user_id LIMIT $2",
        [board.key().into(), limit.cast_signed().into()],
    ))
    .all(core.db())
    .await
}

/// A person wants their masked name to be seen on leaderboards, or no more.
///
/// # Errors
/// The database.
pub async fn appear(core: &Core, person: UserId, on: bool) -> Result<Applied<()>, DbErr> {
    let (text, values) = if on {
        (
            "INSERT INTO board_member (user_id, since) SELECT id, $2::timestamptz FROM users WHERE id = $1 AND erased_at IS NULL ON CONFLICT DO NOTHING",
            vec![person.0.into(), core.now().into()],
        )
    } else {
        ("DELETE FROM board_member WHERE user_id = $1", vec![person.0.into()])
    };
    let changed = core.db().execute_raw(sql(text, values)).await?;
    Ok(if changed.rows_affected() > 0 { Applied::Now(()) } else { Applied::Already(()) })
}

#[cfg(test)]
mod tests {
    use super::Board;

    #[test]
    fn weeks_begin_on_mondays_and_months_on_the_first() {
        for (day, week, month) in [
            ("2026-11-21", "week:2026-11-16", "month:2026-11-01"),
            ("2026-11-16", "week:2026-11-16", "month:2026-11-01"),
            ("2027-01-01", "week:2026-12-28", "month:2027-01-01"),
        ] {
            let day = day.parse().unwrap();
            assert_eq!((Board::week_of(day).key().as_str(), Board::month_of(day).key().as_str()), (week, month));
        }
    }
}
