//! Nearly all that somebody earned was paid by one UPI id, for several people. A father who pays for his sons is few people and little money; from
//! `payer_people` on, or once several whom one pays for live of each other, it is held.

use super::shared::{REFERRERS, can_leave, count, is_share, of, percent};
use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::money::Rupees;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;

pub(super) struct OnePayer;

#[derive(FromQueryResult)]
struct Paid {
    referrer: i64,
    kind: String,
    buyers: Vec<i64>,
    /// Of them, those whom they brought themselves.
    brought: i64,
    commissions: Vec<i64>,
    amount: Rupees,
    of_brought: Rupees,
    all: Rupees,
    all_of_brought: Rupees,
    /// Whether it pays for the referrer, too.
    own: bool,
    /// For how many it pays in all.
    pays_for: i64,
}

#[async_trait]
impl Rule for OnePayer {
    fn name(&self) -> RuleName {
        RuleName::OnePayer
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Paid, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let text = format!(
            "WITH {REFERRERS},
             sale AS (
               SELECT r.id AS referrer, c.* FROM referrers r CROSS JOIN LATERAL (
                 SELECT id, order_id, buyer_id, level, amount - reversed AS amount FROM commission WHERE beneficiary_id = r.id ORDER BY id DESC LIMIT 2000) c
               WHERE c.amount > 0),
             earned AS (
               SELECT referrer, sum(amount) AS all, coalesce(sum(amount) FILTER (WHERE level = 1), 0) AS all_of_brought FROM sale GROUP BY referrer
               HAVING count(DISTINCT buyer_id) > 1),
             paid AS (
               SELECT e.referrer, p.kind, p.mark, array_agg(DISTINCT s.buyer_id ORDER BY s.buyer_id) AS buyers, array_agg(s.id ORDER BY s.id) AS commissions,
                      count(DISTINCT s.buyer_id) FILTER (WHERE s.level = 1) AS brought, sum(s.amount) AS amount,
                      coalesce(sum(s.amount) FILTER (WHERE s.level = 1), 0) AS of_brought, e.all, e.all_of_brought
               FROM earned e JOIN sale s ON s.referrer = e.referrer JOIN order_payer p ON p.order_id = s.order_id
               GROUP BY e.referrer, e.all, e.all_of_brought, p.kind, p.mark
               HAVING count(DISTINCT s.buyer_id) > 1
                  AND (sum(s.amount) * 100 >= e.all * $3 OR coalesce(sum(s.amount) FILTER (WHERE s.level = 1), 0) * 100 >= e.all_of_brought * $3))
             SELECT paid.*, EXISTS (SELECT FROM signal WHERE user_id = paid.referrer AND kind = paid.kind AND mark = paid.mark) AS own,
                    (SELECT count(*) FROM (SELECT FROM signal WHERE mark = paid.mark AND kind = paid.kind LIMIT 1000) others) AS pays_for
             FROM paid ORDER BY paid.referrer, paid.kind",
        );
        let share = of(scene.settings.fraud.payer_share);
        let found = Paid::find_by_statement(sql(&text, [scene.people.to_vec().into(), scene.everybody.into(), share.into()]))
            .all(scene.db)
            .await?;
        // The UPI id and the phone number in it say the same: of each person what says the most.
        let mut findings: BTreeMap<i64, Finding> = BTreeMap::new();
        for paid in found {
            let referrer = paid.referrer;
            let finding = finding(scene, paid);
            let weight = |finding: &Finding| (finding.strong, finding.measure);
            if findings.get(&referrer).is_none_or(|before| weight(before) < weight(&finding)) {
                findings.insert(referrer, finding);
            }
        }
        Ok(findings.into_values().collect())
    }
}

fn finding(scene: &Scene<'_>, paid: Paid) -> Finding {
    let fraud = &scene.settings.fraud;
    let (people, share) = (fraud.payer_people.get(), of(fraud.payer_share));
    let star = paid.brought >= people && is_share(paid.of_brought, paid.all_of_brought, share);
    let circle = paid.own && paid.pays_for >= people && is_share(paid.amount, paid.all, share) && can_leave(scene, paid.all);
    Finding {
        key: format!("user:{}", paid.referrer),
        strong: star || circle,
        measure: count(&paid.buyers),
        evidence: Evidence {
            people: count(&paid.buyers),
            orders: count(&paid.commissions),
            share: percent(paid.amount, paid.all),
            amount: Some(paid.amount),
            shared: vec![paid.kind],
            ..Evidence::default()
        },
        suspects: vec![paid.referrer],
        commissions: if star || circle { paid.commissions } else { Vec::new() },
        seen: paid.buyers,
    }
}
