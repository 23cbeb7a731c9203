//! Several people verified on one device: one person behind several names.

use super::shared::{count, shared};
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use crate::fraud::signals::Kind;
use sea_orm::DbErr;
use sea_orm::prelude::async_trait::async_trait;

pub(super) struct DuplicateDevice;

#[async_trait]
impl Rule for DuplicateDevice {
    fn name(&self) -> RuleName {
        RuleName::DuplicateDevice
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Verified]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        let groups = shared(scene, &[Kind::Device], None).await?;
        let finding = |group: super::shared::Group| Finding {
            key: group.mark,
            strong: true,
            measure: count(&group.people),
            evidence: Evidence { people: count(&group.people), shared: vec!["device".to_owned()], ..Evidence::default() },
            suspects: group.people,
            seen: Vec::new(),
            commissions: Vec::new(),
        };
        Ok(groups.into_iter().map(finding).collect())
    }
}
