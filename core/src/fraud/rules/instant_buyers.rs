//! Several who joined by one link bought within seconds, and joined close together. Who was waiting for the link does the same: it only adds to the score.

use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct InstantBuyers;

#[async_trait]
impl Rule for InstantBuyers {
    fn name(&self) -> RuleName {
        RuleName::InstantBuyers
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Paid]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Burst {
            referrer: i64,
            people: i64,
        }
        let fraud = &scene.settings.fraud;
        // When the order was placed counts: how soon it was approved is the shop's doing. One of each window is enough to find the others around it.
        let found = Burst::find_by_statement(sql(
            "WITH instant AS (
               SELECT DISTINCT ON (u.referred_by, date_bin($3 * interval '1 second', u.joined_at, 'epoch')) u.referred_by, u.id, u.joined_at
               FROM users u
               CROSS JOIN LATERAL (SELECT placed_at FROM orders WHERE buyer_id = u.id AND paid_at IS NOT NULL ORDER BY id LIMIT 1) first
               WHERE u.id = ANY ($1) AND u.referred_by IS NOT NULL AND first.placed_at <= u.joined_at + $2 * interval '1 second'
               ORDER BY u.referred_by, date_bin($3 * interval '1 second', u.joined_at, 'epoch'), u.id),
             around AS (
               SELECT DISTINCT i.referred_by, n.id, n.joined_at FROM instant i
               CROSS JOIN LATERAL (
                 (SELECT id, joined_at FROM users WHERE referred_by = i.referred_by AND id <= i.id ORDER BY id DESC LIMIT 300)
                 UNION ALL (SELECT id, joined_at FROM users WHERE referred_by = i.referred_by AND id > i.id ORDER BY id LIMIT 300)) n
               WHERE n.joined_at BETWEEN i.joined_at - 2 * $3 * interval '1 second' AND i.joined_at + 2 * $3 * interval '1 second'),
             close AS (
               SELECT a.referred_by, count(*) OVER (PARTITION BY a.referred_by ORDER BY a.joined_at RANGE BETWEEN $3 * interval '1 second' PRECEDING AND CURRENT ROW) AS people
               FROM around a
               CROSS JOIN LATERAL (SELECT placed_at FROM orders WHERE buyer_id = a.id AND paid_at IS NOT NULL ORDER BY id LIMIT 1) first
               WHERE first.placed_at <= a.joined_at + $2 * interval '1 second')
             SELECT referred_by AS referrer, max(people) AS people FROM close GROUP BY referred_by HAVING max(people) >= $4",
            [
                scene.people.to_vec().into(),
                fraud.instant_within.delta().num_seconds().into(),
                fraud.signups_within.delta().num_seconds().into(),
                fraud.instant_buyers_least.get().into(),
            ],
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
            evidence: Evidence { people: burst.people, seconds: fraud.instant_within.delta().num_seconds(), ..Evidence::default() },
        };
        Ok(found.into_iter().map(finding).collect())
    }
}
