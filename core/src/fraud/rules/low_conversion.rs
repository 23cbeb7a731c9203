//! Many joined by somebody's link, and few of them bought, compared with other links of these days. It only adds to the score.

use super::shared::{REFERRERS, of};
use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use rust_decimal::Decimal;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DatabaseConnection, DbErr, FromQueryResult};

pub(super) struct LowConversion;

/// The latest who joined by a link, and are looked at.
const LATEST: i64 = 300;

#[async_trait]
impl Rule for LowConversion {
    fn name(&self) -> RuleName {
        RuleName::LowConversion
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Joined]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Link {
            referrer: i64,
            joined: i64,
            bought: i64,
        }
        let sample = scene.settings.fraud.conversion_sample.get();
        let text = format!(
            "WITH {REFERRERS}
             SELECT r.id AS referrer, count(*) AS joined, count(bought.yes) AS bought FROM referrers r
             CROSS JOIN LATERAL (SELECT id FROM users WHERE referred_by = r.id ORDER BY id DESC LIMIT $4) friend
             LEFT JOIN LATERAL (SELECT 1 AS yes FROM orders WHERE buyer_id = friend.id AND paid_at IS NOT NULL LIMIT 1) bought ON true
             GROUP BY r.id HAVING count(*) >= $3"
        );
        let values = [scene.people.to_vec().into(), scene.everybody.into(), sample.into(), LATEST.max(sample).into()];
        let links = Link::find_by_statement(sql(&text, values)).all(scene.db).await?;
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let Some(usual) = usual(scene.db).await? else { return Ok(Vec::new()) };
        let least = Decimal::from(usual) * of(scene.settings.fraud.conversion_share);
        let is_low = |link: &Link| Decimal::from(link.bought * 100) * Decimal::ONE_HUNDRED < least * Decimal::from(link.joined);
        let finding = |link: Link| Finding {
            key: format!("user:{}", link.referrer),
            strong: false,
            measure: link.joined,
            suspects: vec![link.referrer],
            seen: Vec::new(),
            commissions: Vec::new(),
            evidence: Evidence { people: link.joined, orders: link.bought, share: link.bought * 100 / link.joined, usual, ..Evidence::default() },
        };
        Ok(links.into_iter().filter(is_low).map(finding).collect())
    }
}

/// Percent of those who joined lately by a link that bought: the middle one of at least five links. A link counts once, however many a cheat lets join.
async fn usual(db: &DatabaseConnection) -> Result<Option<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Middle {
        usual: Option<i64>,
        links: i64,
    }
    let found = Middle::find_by_statement(sql(
        "WITH latest AS (
           SELECT id, referred_by FROM users WHERE referred_by IS NOT NULL AND id > (SELECT max(id) FROM users) - 20000 ORDER BY id DESC LIMIT 5000),
         link AS (
           SELECT count(bought.yes) * 100 / count(*) AS share FROM latest l
           LEFT JOIN LATERAL (SELECT 1 AS yes FROM orders WHERE buyer_id = l.id AND paid_at IS NOT NULL LIMIT 1) bought ON true
           GROUP BY l.referred_by HAVING count(*) >= 5)
         SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY share) AS usual, count(*) AS links FROM link",
        [],
    ))
    .one(db)
    .await?;
    Ok(found.filter(|found| found.links >= 5).and_then(|found| found.usual))
}
