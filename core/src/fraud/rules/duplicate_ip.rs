//! People behind one address earn from each other. An IPv4 may be a house, a hostel or half a city's, so it only adds to the score, and so does an IPv6
//! network, until several behind it make nearly all that one of them earns, and that is enough to leave. Private addresses and phone companies' tell nothing.

use super::shared::{Earner, Group, HALF, can_leave, count, earners, of, percent, shared, sorted, with_buyers};
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::fraud::signals::Kind;
use crate::money::Rupees;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ActiveEnum, DbErr};

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
        Ok(groups.into_iter().zip(inside).filter_map(|(group, inside)| finding(scene, group, inside)).collect())
    }
}

fn finding(scene: &Scene<'_>, group: Group, inside: Vec<Earner>) -> Option<Finding> {
    let fraud = &scene.settings.fraud;
    let house = group.kind == Kind::Ip6 && count(&group.people) >= fraud.same_network.get();
    let lives_of_it = |earner: &&Earner| earner.buyers.len() > 1 && earner.depends(of(fraud.payer_share)) && can_leave(scene, earner.all);
    let strong: Vec<&Earner> = inside.iter().filter(|_| house).filter(lives_of_it).collect();
    let (strong, named) = if strong.is_empty() {
        (false, inside.iter().filter(|earner| earner.depends(HALF)).collect())
    } else {
        (true, strong)
    };
    let most = named.iter().max_by_key(|earner| earner.amount)?;
    let suspects = if strong {
        with_buyers(named.iter().copied())
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
