//! How often, and how much, a person can withdraw.

use super::WithdrawalError;
use crate::Core;
use crate::clock;
use crate::db::sql;
use crate::money::Rupees;
use crate::settings::Settings;
use crate::users::UserId;
use chrono::{DateTime, Datelike, Months, NaiveTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What keeps a person from withdrawing, or from withdrawing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The last one was asked for a moment ago: from then on the next can be.
    Pause(DateTime<Utc>),
    /// Of the day's most so much is left; then another day begins.
    Day(Rupees, DateTime<Utc>),
    /// The same of the month's.
    Month(Rupees, DateTime<Utc>),
}

/// What a person can ask for as far as the limits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The closest of the limits that hold now, if there are any.
    pub limit: Option<Limit>,
}

impl Room {
    /// So much of `available` can be asked for at once.
    #[must_use]
    pub fn of(self, available: Rupees) -> Rupees {
        match self.limit {
            None => available,
            Some(Limit::Pause(_)) => Rupees::ZERO,
            Some(Limit::Day(left, _) | Limit::Month(left, _)) => available.min(left),
        }
    }
}

/// What a person can ask for now, as far as the limits go.
///
/// # Errors
/// The database.
pub async fn room(core: &Core, person: UserId) -> Result<Room, DbErr> {
    room_in(core.db(), &*core.settings().await?, person, core.now()).await
}

async fn room_in(db: &impl ConnectionTrait, settings: &Settings, person: UserId, now: DateTime<Utc>) -> Result<Room, DbErr> {
    #[derive(FromQueryResult)]
    struct Used {
        last: Option<DateTime<Utc>>,
        day: Rupees,
        month: Rupees,
    }
    let rules = &settings.withdrawals;
    if rules.cooldown.is_none() && !rules.most_per_day.is_positive() && !rules.most_per_month.is_positive() {
        return Ok(Room { limit: None });
    }
    let zone = settings.shop.timezone;
    let today = settings.shop.day(now);
    let begins = |day: chrono::NaiveDate| {
        let start = day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest();
        start.map_or_else(|| clock::midnight(now, zone), |start| start.with_timezone(&Utc))
    };
    let first = today.with_day(1).unwrap_or(today);
    let (tomorrow, next_month) = (today.succ_opt().unwrap_or(today), first.checked_add_months(Months::new(1)).unwrap_or(today));
    // What was refused, or came back, counts for nothing.
    let used = Used::find_by_statement(sql(
        "SELECT max(asked_at) AS last, coalesce(sum(amount) FILTER (WHERE asked_at >= $2), 0) AS day,
                coalesce(sum(amount) FILTER (WHERE asked_at >= $3), 0) AS month
         FROM withdrawal WHERE user_id = $1 AND state IN ('asked', 'approved', 'paid') AND (asked_at >= $3 OR asked_at >= $4)",
        [person.0.into(), begins(today).into(), begins(first).into(), (now - rules.cooldown.delta()).into()],
    ));
    let used = used.one(db).await?.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))?;
    let next = used.last.map(|last| last + rules.cooldown.delta()).filter(|next| !rules.cooldown.is_none() && *next > now);
    let left = |most: Rupees, used: Rupees| most.is_positive().then(|| (most - used).max(Rupees::ZERO));
    let day = left(rules.most_per_day, used.day).map(|left| (left, Limit::Day(left, begins(tomorrow))));
    let month = left(rules.most_per_month, used.month).map(|left| (left, Limit::Month(left, begins(next_month))));
    // Of two that leave the same, the one that ends later.
    let closest = day
        .into_iter()
        .chain(month)
        .min_by_key(|(left, limit)| (*left, matches!(limit, Limit::Day(..))))
        .map(|(_, limit)| limit);
    Ok(Room { limit: next.map(Limit::Pause).or(closest) })
}

/// Whether so much can be asked for now. The person's purse is locked.
pub(super) async fn allow_in(
    db: &impl ConnectionTrait,
    settings: &Settings,
    person: UserId,
    amount: Rupees,
    now: DateTime<Utc>,
) -> Result<(), WithdrawalError> {
    let room = room_in(db, settings, person, now).await?;
    match room.limit {
        Some(limit) if room.of(amount) < amount => Err(WithdrawalError::Limited(limit)),
        _ => Ok(()),
    }
}
