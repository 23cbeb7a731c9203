//! What a person sees of what their link brings. Read from kept figures: as many friends as they have cost nothing.

use crate::Core;
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// The figures of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct Stage {
    /// People who opened the link; known ones, too. On level 1 alone.
    pub opened: i64,
    /// Who became known by it.
    pub joined: i64,
    /// Of these, who passed the verify page.
    pub verified: i64,
    /// Of these, who bought.
    pub bought: i64,
    /// What they bought.
    pub sales: i64,
    /// Of these sales, what was given back.
    pub refunded: i64,
    /// Earned, less what was reversed.
    pub earned: Rupees,
}

impl Stage {
    /// What one who joined earned on average, to the rupee below.
    #[must_use]
    pub fn per_join(&self) -> Rupees {
        let joined = rust_decimal::Decimal::from(self.joined.max(1));
        Rupees::try_new((self.earned.decimal() / joined).floor()).unwrap_or(Rupees::ZERO)
    }
}

/// What a person's link has brought them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Funnel {
    /// By their own link.
    pub level1: Stage,
    /// By the links of those.
    pub level2: Stage,
}

impl Funnel {
    /// What each who joined by their link earned them on average, on both levels, to the rupee below.
    #[must_use]
    pub fn per_join(&self) -> Rupees {
        Stage { earned: self.level1.earned + self.level2.earned, ..self.level1 }.per_join()
    }
}

/// A person's referral figures.
///
/// # Errors
/// The database.
pub async fn funnel(core: &Core, person: UserId) -> Result<Funnel, DbErr> {
    super::catch_up(core).await?;
    let mut funnel = Funnel::default();
    for (level, stage) in [(1_i16, &mut funnel.level1), (2, &mut funnel.level2)] {
        let found = Stage::find_by_statement(sql(
            "SELECT coalesce(sum(opened), 0) AS opened, coalesce(sum(joined), 0) AS joined, coalesce(sum(verified), 0) AS verified, coalesce(sum(bought), 0) AS bought,
                    coalesce(sum(sales), 0) AS sales, coalesce(sum(refunded), 0) AS refunded, coalesce(sum(earned), 0) AS earned
             FROM referral_day WHERE user_id = $1 AND level = $2",
            [person.0.into(), level.into()],
        ));
        *stage = found.one(core.db()).await?.unwrap_or_default();
    }
    Ok(funnel)
}

/// A day in a person's chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// Joined by their link.
    pub joined: i64,
    /// Bought for the first time.
    pub bought: i64,
    /// Earned on both levels, less what was reversed that day.
    pub earned: Rupees,
}

/// The last `number` days of a person, today the last; each of them, whether anything happened or not.
///
/// # Errors
/// The database.
pub async fn days(core: &Core, person: UserId, number: u64) -> Result<Vec<Day>, DbErr> {
    super::catch_up(core).await?;
    let today = core.settings().await?.shop.day(core.now());
    let first = today.checked_sub_days(Days::new(number.saturating_sub(1))).unwrap_or(today);
    let found = Day::find_by_statement(sql(
        "SELECT day, coalesce(sum(joined) FILTER (WHERE level = 1), 0) AS joined, coalesce(sum(bought) FILTER (WHERE level = 1), 0) AS bought, sum(earned) AS earned
         FROM referral_day WHERE user_id = $1 AND level IN (1, 2) AND day >= $2 GROUP BY day",
        [person.0.into(), first.into()],
    ))
    .all(core.db())
    .await?;
    let of = |day| found.iter().find(|found| found.day == day).copied().unwrap_or(Day { day, joined: 0, bought: 0, earned: Rupees::ZERO });
    Ok(first.iter_days().take_while(|day| *day <= today).map(of).collect())
}

/// Somebody who joined by a person's link, as that person sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Friend {
    /// Their row: pages begin below one.
    pub id: i64,
    /// Their name, masked; nothing for who was forgotten.
    pub name: Option<String>,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// Whether they bought anything.
    pub bought: bool,
}

/// A page of who joined by a person's link, newest first, below a row if one is named: as quick for a hundred thousand as for ten.
///
/// # Errors
/// The database.
pub async fn friends(db: &impl ConnectionTrait, person: UserId, below: Option<i64>, limit: u64) -> Result<Vec<Friend>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        name: String,
        joined_at: DateTime<Utc>,
        erased_at: Option<DateTime<Utc>>,
        bought: bool,
    }
    // In the order of the index as a whole: by the ids alone the planner would walk past everybody else's friends of a star.
    let rows = Row::find_by_statement(sql(
        "SELECT u.id, u.name, u.joined_at, u.erased_at, EXISTS (SELECT FROM orders o WHERE o.buyer_id = u.id AND o.paid_at IS NOT NULL) AS bought
         FROM users u WHERE (u.referred_by, u.id) < ($1, $2) AND u.referred_by >= $1 ORDER BY u.referred_by DESC, u.id DESC LIMIT $3",
        [person.0.into(), below.unwrap_or(i64::MAX).into(), limit.cast_signed().into()],
    ))
    .all(db)
    .await?;
    let friend = |row: Row| {
        let name = row.erased_at.is_none().then(|| masked(&row.name));
        Friend { id: row.id, name, joined_at: row.joined_at, bought: row.bought }
    };
    Ok(rows.into_iter().map(friend).collect())
}

/// A name of which others see as much as tells their friends who it is: `A••• K•••`.
#[must_use]
pub fn masked(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next()).take(2);
    words.map(|first| format!("{first}•••")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_tells_two_letters_at_most() {
        for (name, wanted) in [("Asha Kumari Singh", "A••• K•••"), ("Ravi", "R•••"), ("आशा", "आ•••"), ("😀", "😀•••"), ("", "")]
        {
            assert_eq!(masked(name), wanted);
        }
    }

    #[test]
    fn earned_per_join_is_rounded_down_and_never_by_nothing() {
        let stage = |joined, earned: &str| Stage { joined, earned: earned.parse().unwrap(), ..Stage::default() };
        assert_eq!(stage(3, "28").per_join(), "9".parse().unwrap());
        assert_eq!(stage(0, "9").per_join(), "9".parse().unwrap());
        assert_eq!(stage(5, "0").per_join(), Rupees::ZERO);
    }
}
