//! Who earned from a sale paid for it: the payer's UPI id, or the phone number in it, is one that the beneficiary withdraws to. Found when the sale is
//! paid, and when the withdrawal is asked for, whichever comes later. It touches these sales' commissions alone.

use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::money::Rupees;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct SelfReferral;

#[async_trait]
impl Rule for SelfReferral {
    fn name(&self) -> RuleName {
        RuleName::SelfReferral
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Paid, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Own {
            beneficiary_id: i64,
            commissions: Vec<i64>,
            buyers: Vec<i64>,
            codes: Vec<String>,
            amount: Rupees,
        }
        // Of who earns: by the orders that their own UPI ids paid. Of who bought: by the UPI ids that paid their orders.
        let found = Own::find_by_statement(sql(
            "WITH paid AS (
               SELECT p.order_id, s.user_id AS beneficiary_id FROM signal s
               JOIN order_payer p ON p.mark = s.mark AND p.kind = CASE s.kind WHEN 'payee' THEN 'payer' ELSE 'payer-phone' END
               WHERE s.user_id = ANY ($1) AND s.kind IN ('payee', 'payee-phone')
               UNION
               SELECT p.order_id, s.user_id FROM orders o JOIN order_payer p ON p.order_id = o.id
               JOIN signal s ON s.mark = p.mark AND s.kind = CASE p.kind WHEN 'payer' THEN 'payee' ELSE 'payee-phone' END
               WHERE o.buyer_id = ANY ($1) AND o.paid_at IS NOT NULL
             )
             SELECT c.beneficiary_id, array_agg(c.id ORDER BY c.id) AS commissions, array_agg(DISTINCT c.buyer_id ORDER BY c.buyer_id) AS buyers,
                    (array_agg(o.code ORDER BY c.id DESC))[1:5] AS codes, sum(c.amount - c.reversed) AS amount
             FROM paid JOIN commission c ON c.order_id = paid.order_id AND c.beneficiary_id = paid.beneficiary_id JOIN orders o ON o.id = c.order_id
             WHERE c.reversed < c.amount GROUP BY c.beneficiary_id",
            [scene.people.to_vec().into()],
        ))
        .all(scene.db)
        .await?;
        let finding = |own: Own| Finding {
            key: format!("user:{}", own.beneficiary_id),
            strong: true,
            measure: own.commissions.len() as i64,
            evidence: Evidence { orders: own.commissions.len() as i64, codes: own.codes, amount: Some(own.amount), ..Evidence::default() },
            suspects: Vec::new(),
            seen: own.buyers,
            commissions: own.commissions,
        };
        Ok(found.into_iter().map(finding).collect())
    }
}
