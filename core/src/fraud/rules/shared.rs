//! What people share, and which of them earn from the others: what several rules begin with.

use crate::db::sql;
use crate::fraud::rule::Scene;
use crate::fraud::signals::Kind;
use crate::money::Rupees;
use crate::settings::Percent;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sea_orm::{ActiveEnum, DatabaseConnection, DbErr, FromQueryResult};
use std::collections::BTreeSet;

/// People who share something.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(super) struct Group {
    /// What: its mark in hexadecimal.
    pub(super) mark: String,
    /// Of which kind.
    pub(super) kind: Kind,
    /// Who.
    pub(super) people: Vec<i64>,
}

/// What these people share with anybody, of these kinds; not what more than `most` people share.
pub(super) async fn shared(scene: &Scene<'_>, kinds: &[Kind], most: Option<i64>) -> Result<Vec<Group>, DbErr> {
    let kinds: Vec<String> = kinds.iter().map(ActiveEnum::to_value).collect();
    Group::find_by_statement(sql(
        "SELECT encode(mine.mark, 'hex') AS mark, mine.kind, array_agg(other.user_id ORDER BY other.user_id) AS people
         FROM (SELECT DISTINCT mark, kind FROM signal WHERE user_id = ANY ($1) AND kind = ANY ($2)) mine
         CROSS JOIN LATERAL (SELECT user_id FROM signal WHERE mark = mine.mark AND kind = mine.kind LIMIT $3::bigint + 1) other
         GROUP BY mine.mark, mine.kind HAVING count(*) > 1 AND ($3 IS NULL OR count(*) <= $3)",
        [scene.people.to_vec().into(), kinds.into(), most.into()],
    ))
    .all(scene.db)
    .await
}

/// Somebody who earned from others of their group.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(super) struct Earner {
    /// Which group, as they were given.
    n: i32,
    /// Who.
    pub(super) id: i64,
    /// From whom.
    pub(super) buyers: Vec<i64>,
    /// By which commissions.
    pub(super) commissions: Vec<i64>,
    /// How much.
    pub(super) amount: Rupees,
    /// How much they earned lately in all.
    pub(super) all: Rupees,
}

impl Earner {
    /// Whether so much of what they earned came from their group.
    pub(super) fn depends(&self, share: Decimal) -> bool {
        is_share(self.amount, self.all, share)
    }
}

/// Whether a part is so many percent of the whole.
pub(super) fn is_share(part: Rupees, whole: Rupees, percent: Decimal) -> bool {
    part.is_positive() && part.decimal() * Decimal::ONE_HUNDRED >= whole.decimal() * percent
}

/// Whole percent that a part is of the whole.
pub(super) fn percent(part: Rupees, whole: Rupees) -> i64 {
    let share = part.decimal() * Decimal::ONE_HUNDRED;
    share.checked_div(whole.decimal()).and_then(|share| share.trunc().to_i64()).unwrap_or_default()
}

/// From this percent on, what comes from the others is a good part of what somebody earns.
pub(super) const HALF: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// Who of each group earned from others of it: by the latest two hundred orders of each, of the latest two thousand commissions.
pub(super) async fn earners(db: &DatabaseConnection, groups: &[&[i64]]) -> Result<Vec<Vec<Earner>>, DbErr> {
    let mut found = vec![Vec::new(); groups.len()];
    let (mut numbers, mut people) = (Vec::new(), Vec::new());
    for (n, group) in (0_i32..).zip(groups) {
        numbers.extend(group.iter().map(|_| n));
        people.extend_from_slice(group);
    }
    if people.is_empty() {
        return Ok(found);
    }
    let earners = Earner::find_by_statement(sql(
        "WITH member AS (SELECT n, id FROM unnest($1::int[], $2::bigint[]) AS m (n, id)),
         inside AS (
           SELECT b.n, e.id, array_agg(DISTINCT b.id ORDER BY b.id) AS buyers, array_agg(c.id ORDER BY c.id) AS commissions, sum(c.amount - c.reversed) AS amount
           FROM member b
           CROSS JOIN LATERAL (SELECT id FROM orders WHERE buyer_id = b.id AND paid_at IS NOT NULL ORDER BY id DESC LIMIT 200) o
           JOIN commission c ON c.order_id = o.id AND c.reversed < c.amount
           JOIN member e ON e.n = b.n AND e.id = c.beneficiary_id
           GROUP BY b.n, e.id)
         SELECT i.*, (SELECT sum(amount - reversed) FROM (
           SELECT amount, reversed FROM commission WHERE beneficiary_id = i.id ORDER BY id DESC LIMIT 2000) lately) AS all
         FROM inside i ORDER BY i.n, i.id",
        [numbers.into(), people.into()],
    ))
    .all(db)
    .await?;
    for earner in earners {
        if let Some(group) = usize::try_from(earner.n).ok().and_then(|n| found.get_mut(n)) {
            group.push(earner);
        }
    }
    Ok(found)
}

/// Which of these people ever earned something.
pub(super) async fn who_earned(db: &DatabaseConnection, people: Vec<i64>) -> Result<BTreeSet<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Person {
        id: i64,
    }
    let text = "SELECT p.id FROM unnest($1::bigint[]) p (id) WHERE EXISTS (SELECT FROM commission WHERE beneficiary_id = p.id)";
    let found = Person::find_by_statement(sql(text, [people.into()])).all(db).await?;
    Ok(found.into_iter().map(|person| person.id).collect())
}

/// Those who earn and those from whom, each once.
pub(super) fn with_buyers<'a>(earners: impl IntoIterator<Item = &'a Earner>) -> Vec<i64> {
    sorted(earners.into_iter().flat_map(|earner| std::iter::once(earner.id).chain(earner.buyers.iter().copied())))
}

/// Each once, in order.
pub(super) fn sorted(people: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut people: Vec<i64> = people.into_iter().collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// A number of things, as evidence has it.
pub(super) fn count(of: &[i64]) -> i64 {
    i64::try_from(of.len()).unwrap_or(i64::MAX)
}

/// Whether what somebody earned can leave: less than the least withdrawal cannot.
pub(super) fn can_leave(scene: &Scene<'_>, earned: Rupees) -> bool {
    earned >= scene.settings.withdrawals.minimum
}

/// Whom to look at as a referrer: these people, and, unless everybody comes by, who brought them. `$1` is the people, `$2` whether everybody comes by.
pub(super) const REFERRERS: &str = "referrers AS (
  SELECT p.id FROM unnest($1::bigint[]) p (id)
  UNION SELECT u.referred_by FROM users u WHERE u.id = ANY ($1) AND u.referred_by IS NOT NULL AND NOT $2)";

/// The setting as a number.
pub(super) fn of(percent: Percent) -> Decimal {
    percent.decimal()
}
