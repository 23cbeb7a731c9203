//! Sales are given back after their commission was released: the sale was made for the commission. A few are everybody's; several, of several buyers, that
//! are a good part of somebody's sales, are held: the fewer they are, the greater a part they must be.

use super::shared::of;
use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use rust_decimal::Decimal;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct RefundAfterRelease;

#[async_trait]
impl Rule for RefundAfterRelease {
    fn name(&self) -> RuleName {
        RuleName::RefundAfterRelease
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Refunded, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Back {
            referrer: i64,
            sales: i64,
            refunded: i64,
            buyers: Vec<i64>,
            codes: Vec<String>,
        }
        // Those of whom a sale to one of these people was given back, and these people themselves: by their latest five hundred sales.
        let found = Back::find_by_statement(sql(
            "WITH referrers AS (
               SELECT p.id FROM unnest($1::bigint[]) p (id)
               UNION SELECT c.beneficiary_id FROM unnest($1::bigint[]) p (id)
               CROSS JOIN LATERAL (SELECT order_id FROM refund WHERE user_id = p.id ORDER BY id DESC LIMIT 50) back
               JOIN commission c ON c.order_id = back.order_id)
             SELECT r.id AS referrer, count(*) AS sales, count(o.code) AS refunded,
                    coalesce(array_agg(DISTINCT c.buyer_id) FILTER (WHERE o.code IS NOT NULL), '{}') AS buyers,
                    (coalesce(array_agg(o.code ORDER BY c.id DESC) FILTER (WHERE o.code IS NOT NULL), '{}'))[1:5] AS codes
             FROM referrers r
             CROSS JOIN LATERAL (SELECT id, order_id, buyer_id, release_at FROM commission WHERE beneficiary_id = r.id ORDER BY id DESC LIMIT 500) c
             LEFT JOIN LATERAL (
               SELECT o.code FROM refund f JOIN orders o ON o.id = f.order_id WHERE f.order_id = c.order_id AND f.made_at >= c.release_at LIMIT 1) o ON true
             GROUP BY r.id HAVING count(o.code) > 1",
            [scene.people.to_vec().into()],
        ))
        .all(scene.db)
        .await?;
        let fraud = &scene.settings.fraud;
        let finding = |back: Back| {
            let part = Decimal::from(back.refunded * 100);
            let all = Decimal::from(back.sales);
            let (least, share) = (fraud.refunds.get(), of(fraud.refunds_share));
            let many = back.refunded >= least && part >= all * share && part * Decimal::from(back.refunded) >= all * share * Decimal::from(2 * least);
            // Half of the part is worth a look.
            (part * Decimal::TWO >= all * share).then(|| Finding {
                key: format!("user:{}", back.referrer),
                strong: many && back.buyers.len() > 1,
                measure: back.refunded,
                suspects: vec![back.referrer],
                seen: back.buyers,
                commissions: Vec::new(),
                evidence: Evidence { orders: back.refunded, codes: back.codes, share: back.refunded * 100 / back.sales, ..Evidence::default() },
            })
        };
        Ok(found.into_iter().filter_map(finding).collect())
    }
}
