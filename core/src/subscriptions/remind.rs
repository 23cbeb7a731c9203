//! Reminders that a subscription ends: a day before, and on the day. A sweep: of one that was late, the later one is sent alone.

use crate::Core;
use crate::clock::midnight;
use crate::db::{retrying, sql};
use crate::notifications::{self, Letter, Notice};
use crate::settings::Settings;
use crate::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbErr, FromQueryResult};

/// When a day of the shop begins, so many days from now: 0 is today.
pub(crate) fn day_begins(settings: &Settings, now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let zone = settings.shop.timezone;
    // From noon of a day a day's length more or less, as clocks are set, leads to no other day.
    midnight(midnight(now, zone) + TimeDelta::hours(12) + TimeDelta::days(days), zone)
}

/// Reminds holders of subscriptions that end tomorrow or today, at most `limit`; answers how many. Any number of workers may do this at once.
///
/// Not of one whose renewal is being checked, nor on the day of one that renews itself: that is told by what came of it.
///
/// # Errors
/// The database.
pub async fn remind_due(core: &Core, limit: u64) -> Result<usize, DbErr> {
    #[derive(FromQueryResult)]
    struct Due {
        id: i64,
        user_id: i64,
        ends_at: DateTime<Utc>,
        reminded: i16,
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let settings = core.settings_store().get(&tx).await?;
        let now = core.now();
        let due = Due::find_by_statement(sql(
            "WITH due AS (
               SELECT s.id, CASE WHEN s.ends_at < $2 THEN 2 ELSE 1 END AS stage
               FROM subscription s JOIN plan p ON p.id = s.plan_id JOIN orders o ON o.id = s.order_id
               WHERE s.ended_at IS NULL AND s.ends_at > $1 AND s.ends_at < $3
                 AND (s.reminded_of IS DISTINCT FROM s.ends_at OR s.reminded < CASE WHEN s.ends_at < $2 THEN 2 ELSE 1 END)
                 AND (s.ends_at < $2 OR s.ends_at - s.starts_at >= interval '2 days')
                 AND NOT (s.ends_at < $2 AND s.auto_renew AND p.active)
                 AND (o.gift_code IS NULL OR o.opened_at IS NOT NULL)
                 AND NOT EXISTS (SELECT FROM orders r WHERE r.renews = s.id AND r.state = 'in_review')
               ORDER BY s.ends_at LIMIT $4 FOR UPDATE OF s SKIP LOCKED)
             UPDATE subscription s SET reminded_of = s.ends_at, reminded = due.stage FROM due WHERE s.id = due.id
             RETURNING s.id, s.user_id, s.ends_at, s.reminded",
            [now.into(), day_begins(&settings, now, 1).into(), day_begins(&settings, now, 2).into(), limit.cast_signed().into()],
        ))
        .all(&tx)
        .await?;
        let letter = |due: &Due| Letter {
            to: Some(UserId(due.user_id)),
            notice: Notice::PlanEnds { subscription: due.id, ends_at: due.ends_at },
            dedupe_key: Some(format!("plan-ends:{}:{}:{}", due.id, due.ends_at.timestamp(), due.reminded)),
        };
        notifications::tell_all(&tx, now, &due.iter().map(letter).collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(due.len())
    })
    .await
}
