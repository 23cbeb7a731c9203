//! Many people join by one link at once. A post of somebody who is read by many does the same: it only adds to the score.

use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct RapidSignups;

#[async_trait]
impl Rule for RapidSignups {
    fn name(&self) -> RuleName {
        RuleName::RapidSignups
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Joined]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Burst {
            referrer: i64,
            people: i64,
            seconds: i64,
        }
        let fraud = &scene.settings.fraud;
        // Of each who joined: how long ago the one joined who makes the number full; of each referrer the fastest, and only that one counted.
        let found = Burst::find_by_statement(sql(
            "WITH fastest AS (
               SELECT DISTINCT ON (u.referred_by) u.referred_by AS referrer, u.id, u.joined_at, u.joined_at - first.joined_at AS took
               FROM users u
               CROSS JOIN LATERAL (SELECT joined_at FROM users WHERE referred_by = u.referred_by AND id <= u.id ORDER BY id DESC OFFSET $2 - 1 LIMIT 1) first
               WHERE u.id = ANY ($1) AND first.joined_at >= u.joined_at - $3 * interval '1 second'
               ORDER BY u.referred_by, took)
             SELECT referrer, extract(epoch FROM took)::bigint AS seconds,
                    (SELECT count(*) FROM (SELECT joined_at FROM users WHERE referred_by = f.referrer AND id <= f.id ORDER BY id DESC LIMIT 1000) lately
                     WHERE lately.joined_at >= f.joined_at - $3 * interval '1 second') AS people
             FROM fastest f",
            [scene.people.to_vec().into(), fraud.signups.get().into(), fraud.signups_within.delta().num_seconds().into()],
        ))
        .all(scene.db)
        .await?;
        let finding = |burst: Burst| Finding {
            key: format!("user:{}", burst.referrer),
            strong: false,
            measure: burst.people,
            suspects: vec![burst.referrer],
            seen: Vec::new(),
            commissions: Vec::new(),
            evidence: Evidence { people: burst.people, seconds: burst.seconds, ..Evidence::default() },
        };
        Ok(found.into_iter().map(finding).collect())
    }
}
