//! Several people withdraw to one UPI id, or to ids that hold one phone number: one purse behind several names.

use crate::db::sql;
use crate::fraud::rule::{Evidence, Finding, Happened, Rule, RuleName, Scene};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DbErr, FromQueryResult};

pub(super) struct DuplicateUpi;

#[async_trait]
impl Rule for DuplicateUpi {
    fn name(&self) -> RuleName {
        RuleName::DuplicateUpi
    }

    fn wakes_on(&self) -> &'static [Happened] {
        &[Happened::Asked]
    }

    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr> {
        #[derive(FromQueryResult)]
        struct Shared {
            mark: String,
            kind: String,
            people: Vec<i64>,
        }
        let found = Shared::find_by_statement(sql(
            "SELECT encode(mine.mark, 'hex') AS mark, mine.kind, array_agg(DISTINCT other.user_id ORDER BY other.user_id) AS people
             FROM (SELECT DISTINCT mark, kind FROM signal WHERE user_id = ANY ($1) AND kind IN ('payee', 'payee-phone')) mine
             JOIN signal other ON other.mark = mine.mark AND other.kind = mine.kind
             GROUP BY mine.mark, mine.kind HAVING count(DISTINCT other.user_id) > 1",
            [scene.people.to_vec().into()],
        ))
        .all(scene.db)
        .await?;
        let finding = |shared: Shared| Finding {
            key: shared.mark,
            strong: true,
            measure: shared.people.len() as i64,
            evidence: Evidence { people: shared.people.len() as i64, shared: vec![shared.kind], ..Evidence::default() },
            suspects: shared.people,
            seen: Vec::new(),
            commissions: Vec::new(),
        };
        Ok(found.into_iter().map(finding).collect())
    }
}
