//! A screenshot was sent again for another order: the same file, or the same picture saved anew. Another person's: it shows another's payment.

use super::reuse::{Enough, Reused, findings};
use crate::db::sql;
use crate::fraud::rule::{Finding, Happened, Rule, RuleName, Scene};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct ReusedScreenshot;

#[async_trait]
impl Rule for ReusedScreenshot {
    fn name(&self) -> RuleName {
        RuleName::ReusedScreenshot
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Proof, Happened::Paid, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let found = Reused::find_by_statement(sql(
            "SELECT DISTINCT ON (p.order_id) p.user_id AS sender, p.order_id, o.code, f.user_id AS owner, f.user_id <> p.user_id AS anothers, NULL::bigint AS referrer
             FROM unnest($1::bigint[]) person (id)
             CROSS JOIN LATERAL (
               SELECT id, user_id, order_id, photo_unique_id FROM payment WHERE user_id = person.id AND photo_unique_id IS NOT NULL ORDER BY id DESC LIMIT 200) p
             CROSS JOIN LATERAL (
               (SELECT user_id, order_id FROM payment WHERE photo_unique_id = p.photo_unique_id AND id < p.id ORDER BY id LIMIT 50)
               UNION ALL
               (SELECT e.user_id, e.order_id FROM proof_photo_twin t JOIN payment e ON e.id = t.other_id WHERE t.payment_id = p.id ORDER BY e.id LIMIT 50)) f
             JOIN orders o ON o.id = p.order_id
             WHERE f.order_id <> p.order_id ORDER BY p.order_id, anothers DESC",
            [scene.people.to_vec().into()],
        ))
        .all(scene.db)
        .await?;
        // What shows another's payment was paid by nobody, if staff took it.
        findings(scene, found, Enough { times: 1, friends: usize::MAX }).await
    }
}
