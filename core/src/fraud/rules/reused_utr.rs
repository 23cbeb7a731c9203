//! A UTR that belongs to another order was sent again. It was refused, and no money came of it; a slip happens. Another person's, for the second time, or
//! by the third of one person's friends, is no slip.

use super::reuse::{Enough, Reused, findings};
use crate::db::sql;
use crate::fraud::rule::{Finding, Happened, Rule, RuleName, Scene};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct ReusedUtr;

#[async_trait]
impl Rule for ReusedUtr {
    fn name(&self) -> RuleName {
        RuleName::ReusedUtr
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Proof, Happened::Paid, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        // One whose first claim staff refused may be its true owner's now.
        let found = Reused::find_by_statement(sql(
            "SELECT r.user_id AS sender, r.order_id, o.code, f.buyer_id AS owner,
                    r.referrer_id AS referrer, r.user_id <> f.buyer_id AND (f.paid_at IS NOT NULL OR NOT EXISTS (SELECT FROM payment WHERE order_id = f.id AND state = 'rejected')) AS anothers
             FROM utr_reuse r JOIN orders o ON o.id = r.order_id JOIN orders f ON f.id = r.first_id
             WHERE r.user_id = ANY ($1) OR r.referrer_id IN (SELECT referred_by FROM users WHERE id = ANY ($1)) ORDER BY r.user_id, r.order_id",
            [scene.people.to_vec().into()],
        ))
        .all(scene.db)
        .await?;
        findings(scene, found, Enough { times: 2, friends: 3 }).await
    }
}
