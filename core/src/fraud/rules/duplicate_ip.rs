//! People behind one address earn from each other. An IPv4 may be a house, a hostel or half a city's, so it only adds to the score, and so does an IPv6
//! network, until several behind it are earners themselves, or one lives of the others so well that it can leave. Private addresses and phone companies'
//! tell nothing.

use super::shared::{Earner, Group, HALF, can_leave, count, earners, of, percent, shared, sorted, who_earned, with_buyers};
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::fraud::signals::Kind;
use crate::money::Rupees;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ActiveEnum, DbErr};
use std::collections::BTreeSet;

pub(super) struct DuplicateIp;

#[async_trait]
impl Rule for DuplicateIp {
    fn name(&self) -> RuleName {
        RuleName::DuplicateIp
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Verified, Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let groups = shared(scene, &[Kind::Ip4, Kind::Ip6], Some(scene.settings.fraud.crowd.get())).await?;
        let people: Vec<&[i64]> = groups.iter().map(|group| group.people.as_slice()).collect();
        let inside = earners(scene.db, &people).await?;
        let related = groups.iter().zip(&inside).filter(|(_, inside)| !inside.is_empty());
        let earned = who_earned(scene.db, sorted(related.flat_map(|(group, _)| group.people.iter().copied()))).await?;
        Ok(groups.into_iter().zip(inside).filter_map(|(group, inside)| finding(scene, group, inside, &earned)).collect())
    }
}

fn finding(scene: &Scene<'_>, group: Group, inside: Vec<Earner>, earned: &BTreeSet<i64>) -> Option<Finding> {
    let fraud = &scene.settings.fraud;
    let least = fraud.same_network.get();
    let house = group.kind == Kind::Ip6 && count(&group.people) >= least;
    let trade = house && count(&sorted(group.people.iter().copied().filter(|person| earned.contains(person)))) >= least;
    let lives_of_it = |earner: &Earner| earner.buyers.len() > 1 && earner.depends(of(fraud.payer_share)) && can_leave(scene, earner.all);
    let holds: Vec<&Earner> = inside.iter().filter(|&earner| trade || house && lives_of_it(earner)).collect();
    let strong = !holds.is_empty();
    let named = if strong { holds } else { inside.iter().filter(|earner| earner.depends(HALF)).collect() };
    let most = named.iter().max_by_key(|earner| earner.amount)?;
    let suspects = if strong {
        // The other earners of the house, too, where it is a trade.
        let others = group.people.iter().copied().filter(|person| trade && earned.contains(person));
        sorted(with_buyers(named.iter().copied()).into_iter().chain(others))
    } else {
        sorted(named.iter().map(|earner| earner.id))
    };
    Some(Finding {
        key: group.mark,
        strong,
        measure: count(&suspects),
        evidence: Evidence {
            people: count(&group.people),
            share: percent(most.amount, most.all),
            amount: Some(named.iter().map(|earner| earner.amount).fold(Rupees::ZERO, |sum, amount| sum + amount)),
            shared: vec![group.kind.to_value()],
            ..Evidence::default()
        },
        commissions: if strong {
            named.iter().flat_map(|earner| earner.commissions.iter().copied()).collect()
        } else {
            Vec::new()
        },
        seen: group.people.into_iter().filter(|person| !suspects.contains(person)).collect(),
        suspects,
    })
}
