//! Proofs that were sent again: what of them is found, of UTRs and of screenshots alike.

use super::shared::{count, sorted};
use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Scene};
use sea_orm::{DbErr, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};

/// A proof that was sent again.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Reused {
    /// By whom.
    sender: i64,
    /// For which order.
    order_id: i64,
    /// Its code.
    code: String,
    /// Whose proof it was first.
    owner: i64,
    /// Whether that is another person, whose proof it may well be.
    anothers: bool,
    /// Who brought the sender.
    referrer: Option<i64>,
}

/// How often another's proof must come to be more than a slip: so often from one sender, or from so many whom one person brought.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enough {
    pub(super) times: usize,
    pub(super) friends: usize,
}

/// Of each sender: another's proof, often enough, holds what was earned on the order that it was sent for; once, or one's own, it only adds to the score.
pub(super) async fn findings(scene: &Scene<'_>, reused: Vec<Reused>, enough: Enough) -> Result<Vec<Finding>, DbErr> {
    let mut senders: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for reused in reused.iter().filter(|reused| reused.anothers) {
        senders.entry(reused.referrer.unwrap_or_default()).or_default().insert(reused.sender);
    }
    let together = |referrer: i64| senders.get(&referrer).is_some_and(|senders| senders.len() >= enough.friends);
    let anothers: Vec<i64> = reused.iter().filter(|reused| reused.anothers).map(|reused| reused.order_id).collect();
    let mut earned = earned_on(scene, &anothers).await?;
    let mut by_sender: BTreeMap<i64, Vec<Reused>> = BTreeMap::new();
    for reused in reused {
        by_sender.entry(reused.sender).or_default().push(reused);
    }
    let finding = |(sender, all): (i64, Vec<Reused>)| {
        let anothers = all.iter().filter(|reused| reused.anothers).count();
        let strong = anothers >= enough.times || anothers > 0 && all.iter().any(|reused| reused.referrer.is_some_and(together));
        let told: Vec<&Reused> = all.iter().filter(|reused| reused.anothers == (anothers > 0)).collect();
        let orders = sorted(told.iter().map(|reused| reused.order_id));
        Finding {
            key: format!("user:{sender}"),
            strong,
            measure: count(&orders),
            suspects: vec![sender],
            seen: sorted(told.iter().map(|reused| reused.owner).filter(|owner| *owner != sender)),
            commissions: orders.iter().filter(|_| strong).filter_map(|order| earned.remove(order)).flatten().collect(),
            evidence: Evidence {
                orders: count(&orders),
                codes: told.iter().rev().map(|reused| reused.code.clone()).take(5).collect(),
                ..Evidence::default()
            },
        }
    };
    Ok(by_sender.into_iter().map(finding).collect())
}

/// What was earned on these orders and not released yet. What was is not taken from those who earned it: they are not known to know of it.
async fn earned_on(scene: &Scene<'_>, orders: &[i64]) -> Result<BTreeMap<i64, Vec<i64>>, DbErr> {
    #[derive(FromQueryResult)]
    struct Earned {
        id: i64,
        order_id: i64,
    }
    if orders.is_empty() {
        return Ok(BTreeMap::new());
    }
    let text = "SELECT id, order_id FROM commission_now WHERE order_id = ANY ($1) AND (state = 'held' OR EXISTS (
                  SELECT FROM flag_commission h WHERE h.commission_id = commission_now.id)) AND reversed < amount ORDER BY id";
    let mut earned: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for Earned { id, order_id } in Earned::find_by_statement(sql(text, [orders.to_vec().into()])).all(scene.db).await? {
        earned.entry(order_id).or_default().push(id);
    }
    Ok(earned)
}
