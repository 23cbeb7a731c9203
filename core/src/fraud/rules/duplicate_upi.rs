//! Several people withdraw to one UPI id, or to ids that hold one phone number: one purse behind several names. One that pays for several who earn from each
//! other only adds to the score: that is what families do.

use super::shared::{Earner, Group, HALF, count, earners, percent, shared, sorted};
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::fraud::signals::Kind;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ActiveEnum, DbErr};

pub(super) struct DuplicateUpi;

#[async_trait]
impl Rule for DuplicateUpi {
    fn name(&self) -> RuleName {
        RuleName::DuplicateUpi
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Asked, Happened::Paid]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let payees = shared(scene, &[Kind::Payee, Kind::PayeePhone], None).await?;
        let payers = shared(scene, &[Kind::Payer, Kind::PayerPhone], Some(scene.settings.fraud.crowd.get())).await?;
        let people: Vec<&[i64]> = payers.iter().map(|group| group.people.as_slice()).collect();
        let inside = earners(scene.db, &people).await?;
        let paying = payers.iter().zip(&inside).filter_map(|(group, inside)| pays_for_all(group, inside));
        Ok(payees.into_iter().map(one_purse).chain(paying).collect())
    }
}

fn one_purse(group: Group) -> Finding {
    Finding {
        key: group.mark,
        strong: true,
        measure: count(&group.people),
        evidence: Evidence { people: count(&group.people), shared: vec![group.kind.to_value()], ..Evidence::default() },
        suspects: group.people,
        seen: Vec::new(),
        commissions: Vec::new(),
    }
}

fn pays_for_all(group: &Group, inside: &[Earner]) -> Option<Finding> {
    let named: Vec<&Earner> = inside.iter().filter(|earner| earner.depends(HALF)).collect();
    let most = named.iter().max_by_key(|earner| earner.amount)?;
    let suspects = sorted(named.iter().map(|earner| earner.id));
    Some(Finding {
        // Who pays by a UPI id that others withdraw to is another matter.
        key: format!("payer:{}", group.mark),
        strong: false,
        measure: count(&group.people),
        evidence: Evidence {
            people: count(&group.people),
            share: percent(most.amount, most.all),
            amount: Some(most.amount),
            shared: vec![group.kind.to_value()],
            ..Evidence::default()
        },
        seen: group.people.iter().copied().filter(|person| !suspects.contains(person)).collect(),
        suspects,
        commissions: Vec::new(),
    })
}
