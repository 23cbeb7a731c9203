//! The rates of an order, which are fixed when it is placed: a plan's own go before the shop's, and level 1's may rise with the referrer's volume.

use crate::db::sql;
use crate::money::Rupees;
use crate::orders::Line;
use crate::settings::Settings;
use crate::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// For how long a sale counts as volume.
const VOLUME: TimeDelta = TimeDelta::days(30);

/// Both levels' shares of a profit, in percent; at most all of it together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Of who brought the customer.
    pub level1: Decimal,
    /// Of who brought them.
    pub level2: Decimal,
}

impl Rates {
    /// Nobody earns.
    pub(crate) const NONE: Self = Self { level1: Decimal::ZERO, level2: Decimal::ZERO };

    /// What is beyond all of the profit is level 2's loss: settings and a plan's own percents are changed apart from each other.
    fn new(level1: Decimal, level2: Decimal) -> Self {
        Self { level1, level2: level2.min(Decimal::ONE_HUNDRED - level1) }
    }

    /// Those of one plan, where the shop's are these.
    pub(super) fn of_plan(self, own: (Option<Decimal>, Option<Decimal>)) -> Self {
        Self::new(own.0.unwrap_or(self.level1), own.1.unwrap_or(self.level2))
    }
}

/// The shop's rates for sales to who was brought by a person.
pub(super) async fn of_shop(db: &impl ConnectionTrait, settings: &Settings, referrer: Option<UserId>, at: DateTime<Utc>) -> Result<Rates, DbErr> {
    let rules = &settings.commissions;
    let level2 = rules.level2_percent.decimal();
    let tier = match (referrer, rules.tiers.most()) {
        (Some(referrer), Some(most)) => rules.tiers.percent(volume(db, referrer, at, most).await?),
        _ => None,
    };
    Ok(Rates::new(tier.unwrap_or(rules.level1_percent).decimal(), level2))
}

/// The rates of an order that is placed now. Of units with different rates each counts by its profit: so much is earned as if each were computed
/// alone, all were summed, and the sum rounded once.
pub(crate) async fn of_order(
    db: &impl ConnectionTrait,
    settings: &Settings,
    referrer: Option<i64>,
    lines: &[Line],
    at: DateTime<Utc>,
) -> Result<Rates, DbErr> {
    let shop = of_shop(db, settings, referrer.map(UserId), at).await?;
    let of = |line: &Line| shop.of_plan((line.plan.level1_percent, line.plan.level2_percent));
    let weighed = |level: fn(Rates) -> Decimal| blended(lines.iter().map(|line| (line.total() - line.cost(), level(of(line)))));
    Ok(Rates::new(weighed(|rates| rates.level1), weighed(|rates| rates.level2)))
}

/// Percents, each weighed by its profit; never outside of what they are, whatever was lost on some.
fn blended(parts: impl Iterator<Item = (Rupees, Decimal)> + Clone) -> Decimal {
    let percents = || parts.clone().map(|(_, percent)| percent);
    let (Some(least), Some(most)) = (percents().min(), percents().max()) else {
        return Decimal::ZERO;
    };
    let profit: Decimal = parts.clone().map(|(profit, _)| profit.decimal()).sum();
    if least == most || profit <= Decimal::ZERO {
        return least;
    }
    let weighed: Decimal = parts.map(|(profit, percent)| profit.decimal() * percent).sum();
    (weighed / profit).clamp(least, most).round_dp(14)
}

/// Sales of the last 30 days that earned a person something on level 1, as far as `most`: no more rows are read.
pub(super) async fn volume(db: &impl ConnectionTrait, person: UserId, at: DateTime<Utc>, most: u32) -> Result<u32, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        sales: i64,
    }
    // No hold ends before its sale: the index of what is released holds them all.
    let row = Row::find_by_statement(sql(
        "SELECT count(*) AS sales FROM (SELECT FROM commission
           WHERE beneficiary_id = $1 AND release_at >= $2 AND created_at >= $2 AND level = 1 AND reversed < amount LIMIT $3) counted",
        [person.0.into(), (at - VOLUME).into(), i64::from(most).into()],
    ))
    .one(db)
    .await?;
    Ok(row.map_or(0, |row| u32::try_from(row.sales).unwrap_or(most)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commissions::policy::commission;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn units_with_rates_of_their_own_are_as_if_each_were_computed_alone() {
        // 30 % of ₹93 and 10 % of ₹60 are ₹33.90; 20 % of ₹93 and 25 % of ₹59.60 are ₹33.50, which is half a rupee.
        for (parts, exact, earned) in [
            ([(93, "30"), (60, "10")], "33.9", "₹34"),
            ([(50, "33"), (34, "50")], "33.5", "₹34"),
            ([(93, "30"), (-20, "10")], "25.9", "₹22"),
        ] {
            let profit: i32 = parts.iter().map(|(profit, _)| profit).sum();
            let each = parts.map(|(profit, percent)| (Rupees::try_new(profit.into()).unwrap(), decimal(percent)));
            let sum: Decimal = each.iter().map(|(profit, percent)| profit.decimal() * percent / Decimal::ONE_HUNDRED).sum();
            assert_eq!(sum, decimal(exact));
            let price = Rupees::try_new(profit.into()).unwrap();
            assert_eq!(commission(price, Rupees::ZERO, blended(each.into_iter())).to_string(), earned, "{parts:?}");
        }
        assert_eq!(blended(std::iter::empty()), Decimal::ZERO);
        assert_eq!(
            blended([(Rupees::ZERO, decimal("30")), (Rupees::ZERO, decimal("10"))].into_iter()),
            decimal("10"),
            "nothing is earned of no profit"
        );
    }

    #[test]
    fn both_levels_together_never_take_more_than_the_profit() {
        let shop = Rates { level1: decimal("30"), level2: decimal("10") };
        assert_eq!(shop.of_plan((None, None)), shop);
        assert_eq!(shop.of_plan((Some(decimal("95")), None)), Rates { level1: decimal("95"), level2: decimal("5") });
        assert_eq!(shop.of_plan((Some(Decimal::ZERO), Some(Decimal::ZERO))), Rates::NONE);
    }

    proptest! {
        #[test]
        fn whatever_is_in_an_order_it_earns_the_rounded_sum(units in prop::collection::vec((1i64..10_000_000, 0i64..=10_000), 1..20)) {
            let parts = units.iter().map(|&(paise, percent)| (Rupees::try_new(Decimal::new(paise, 2)).unwrap(), Decimal::new(percent, 2)));
            let price: Rupees = parts.clone().map(|(profit, _)| profit).sum();
            let exact: Decimal = parts.clone().map(|(profit, percent)| profit.decimal() * percent / Decimal::ONE_HUNDRED).sum();
            let half_up = (exact + Decimal::new(5, 1)).floor();
            prop_assert_eq!(commission(price, Rupees::ZERO, blended(parts)).decimal(), half_up);
        }
    }
}
