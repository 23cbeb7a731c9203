//! Rings: people who earn from each other hang together by devices, UPI ids and networks of which no two need share one. The graph is walked from the people
//! looked at, a few steps far. What a house shares joins only those who are close in the tree of who brought whom, and its network only those who earn: who
//! verifies, withdraws. What one person has, a device or a UPI id to be paid at, joins anybody. Held are three or more whom two kinds join, when money comes
//! from inside.

use super::shared::{Earner, count, earners, percent, sorted, with_buyers};
use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::money::Rupees;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Ring;

/// Whom a person `w.id` is joined with, and by what. What more than a crowd shares joins nobody: a hub must not lead through the whole town.
const NEAR: &str = "
SELECT DISTINCT o.user_id AS id, CASE WHEN s.kind = 'device' THEN 'device' WHEN s.kind = 'ip6' THEN 'network'
         WHEN s.kind LIKE 'payee%' AND o.kind LIKE 'payee%' THEN 'payee' ELSE 'payer' END AS family
FROM users a
JOIN signal s ON s.user_id = a.id AND s.kind IN ('device', 'payee', 'payee-phone', 'payer', 'payer-phone', 'ip6')
CROSS JOIN LATERAL (SELECT user_id, kind FROM signal WHERE mark = s.mark LIMIT $2) o
JOIN users b ON b.id = o.user_id
WHERE a.id = w.id AND b.id <> a.id AND (SELECT count(*) FROM (SELECT FROM signal WHERE mark = s.mark LIMIT $2) crowd) < $2
  AND (s.kind <> 'ip6' OR EXISTS (SELECT FROM commission WHERE beneficiary_id = a.id) AND EXISTS (SELECT FROM commission WHERE beneficiary_id = b.id))
  AND (s.kind = 'device' OR s.kind LIKE 'payee%' AND o.kind LIKE 'payee%' OR a.referred_by = b.id OR b.referred_by = a.id OR a.referred_by = b.referred_by
       OR b.id = (SELECT referred_by FROM users WHERE id = a.referred_by) OR a.id = (SELECT referred_by FROM users WHERE id = b.referred_by))";

/// Two people and what joins them.
#[derive(Debug, Clone, FromQueryResult)]
struct Link {
    a: i64,
    b: i64,
    family: String,
}

#[async_trait]
impl Rule for Ring {
    fn name(&self) -> RuleName {
        RuleName::Ring
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Verified, Happened::Paid, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let fraud = &scene.settings.fraud;
        let text = format!(
            "WITH RECURSIVE walk (id, step) AS (
               SELECT p.id, 0 FROM unnest($1::bigint[]) p (id)
               UNION SELECT n.id, w.step + 1 FROM walk w CROSS JOIN LATERAL ({NEAR}) n WHERE w.step < 5)
             SELECT w.id AS a, n.id AS b, n.family FROM (SELECT DISTINCT id FROM walk) w CROSS JOIN LATERAL ({NEAR}) n"
        );
        let links = Link::find_by_statement(sql(&text, [scene.people.to_vec().into(), (fraud.crowd.get() + 1).into()]))
            .all(scene.db)
            .await?;
        let least = usize::try_from(fraud.ring_people.get()).unwrap_or(usize::MAX);
        let mut clusters = clusters(links);
        clusters.retain(|cluster| cluster.len() >= least && families(cluster).len() > 1);
        let people: Vec<Vec<i64>> = clusters.iter().map(|cluster| cluster.keys().copied().collect()).collect();
        let inside = earners(scene.db, &people.iter().map(Vec::as_slice).collect::<Vec<_>>()).await?;
        Ok(clusters.iter().zip(inside).filter_map(|(cluster, inside)| finding(cluster, &inside)).collect())
    }
}

/// People who hang together, each with what joins them to others.
type Cluster = BTreeMap<i64, BTreeSet<String>>;

fn clusters(links: Vec<Link>) -> Vec<Cluster> {
    let mut near: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut families: Cluster = BTreeMap::new();
    for Link { a, b, family } in links {
        for (one, other) in [(a, b), (b, a)] {
            near.entry(one).or_default().push(other);
            families.entry(one).or_default().insert(family.clone());
        }
    }
    let mut clusters = Vec::new();
    while let Some((&first, _)) = near.first_key_value() {
        let (mut cluster, mut to_see) = (Cluster::new(), vec![first]);
        while let Some(person) = to_see.pop() {
            to_see.extend(near.remove(&person).unwrap_or_default());
            cluster.extend(families.remove_entry(&person));
        }
        clusters.push(cluster);
    }
    clusters
}

fn families(cluster: &Cluster) -> BTreeSet<String> {
    cluster.values().flatten().cloned().collect()
}

fn finding(cluster: &Cluster, inside: &[Earner]) -> Option<Finding> {
    let most = inside.iter().max_by_key(|earner| earner.amount)?;
    // Whom only a payer joins, and who earns nothing inside and is earned nothing from, is somebody of the household.
    let joined = cluster.iter().filter(|(_, joined)| joined.iter().any(|family| family != "payer"));
    let suspects = sorted(with_buyers(inside).into_iter().chain(joined.map(|(person, _)| *person)));
    let first = cluster.keys().next()?;
    Some(Finding {
        key: format!("user:{first}"),
        strong: true,
        measure: count(&suspects),
        evidence: Evidence {
            people: i64::try_from(cluster.len()).unwrap_or(i64::MAX),
            share: percent(most.amount, most.all),
            amount: Some(inside.iter().map(|earner| earner.amount).fold(Rupees::ZERO, |sum, amount| sum + amount)),
            shared: families(cluster).into_iter().collect(),
            ..Evidence::default()
        },
        commissions: inside.iter().flat_map(|earner| earner.commissions.iter().copied()).collect(),
        seen: cluster.keys().copied().filter(|person| !suspects.contains(person)).collect(),
        suspects,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(links: &[(i64, i64, &str)]) -> Vec<String> {
        let links = links.iter().map(|&(a, b, family)| Link { a, b, family: family.to_owned() }).collect();
        let told = |cluster: &Cluster| {
            format!("{:?} by {}", cluster.keys().collect::<Vec<_>>(), families(cluster).into_iter().collect::<Vec<_>>().join(", "))
        };
        clusters(links).iter().map(told).collect()
    }

    #[test]
    fn who_hangs_together_is_found_in_whatever_order() {
        assert_eq!(told(&[]), [""; 0]);
        assert_eq!(told(&[(3, 4, "payer"), (1, 2, "device"), (4, 1, "payee")]), ["[1, 2, 3, 4] by device, payee, payer"]);
        assert_eq!(told(&[(1, 2, "device"), (2, 1, "device"), (5, 9, "network")]), ["[1, 2] by device", "[5, 9] by network"]);
        assert_eq!(told(&[(1, 2, "payer"), (2, 3, "payer"), (3, 1, "payer")]), ["[1, 2, 3] by payer"]);
    }
}
