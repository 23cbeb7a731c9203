//! What a person earns by the rules of now, in figures that hold: for screens.

use super::limits::earned_on_day;
use super::policy::commission;
use super::rates::{Rates, of_shop, volume};
use crate::catalog::Plan;
use crate::coupons::Value;
use crate::db::sql;
use crate::money::Rupees;
use crate::settings::{Friend, Span};
use crate::users::UserId;
use crate::{Core, welcome};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr};

/// Where a person stands among the tiers of level 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    /// Their sales of the last 30 days, as far as more make a difference.
    pub sales: u32,
    /// How many more lead to the next tier, and its percent.
    pub next: Option<(u32, Decimal)>,
}

/// The rules of now for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The shop's rates for sales to their friends; a plan may have its own.
    pub rates: Rates,
    /// Where level 1 has tiers.
    pub volume: Option<Volume>,
    /// How many sales to each friend earn; none: all.
    pub sales: Option<u32>,
    /// How many renewals of a subscription earn; none: all.
    pub renewals: Option<u32>,
    /// The most in a day, and how much of it there was today.
    pub day: Option<(Rupees, Rupees)>,
    /// The most by one friend.
    pub friend: Option<Rupees>,
    /// How long a commission is on hold.
    pub hold: Span,
    gift: Friend,
}

/// What one sale of a plan earns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earns {
    /// Who brought the customer.
    pub level1: Rupees,
    /// Who brought them.
    pub level2: Rupees,
}

/// The terms of a person as they are now.
///
/// # Errors
/// The database.
pub async fn terms(core: &Core, person: UserId) -> Result<Terms, DbErr> {
    let (settings, now, db) = (core.settings().await?, core.now(), core.db());
    let rules = &settings.commissions;
    let volume = match rules.tiers.most() {
        Some(most) => {
            let sales = volume(db, person, now, most).await?;
            Some(Volume { sales, next: rules.tiers.next(sales).map(|(from, percent)| (from - sales, percent.decimal())) })
        }
        None => None,
    };
    let day = match rules.day_cap.get() {
        Some(cap) => Some((cap, earned_on_day(db, &settings, person, now, cap).await?)),
        None => None,
    };
    Ok(Terms {
        rates: of_shop(db, &settings, Some(person), now).await?,
        volume,
        sales: rules.sales.most(),
        renewals: rules.renewals.most(),
        day,
        friend: rules.friend_cap.get(),
        hold: rules.hold,
        gift: settings.friend.clone(),
    })
}

/// Whether all sales earn the percents of the settings: no tiers or limits, and no plan with a percent of its own.
///
/// # Errors
/// The database.
pub async fn are_plain(core: &Core) -> Result<bool, DbErr> {
    let settings = core.settings().await?;
    let rules = &settings.commissions;
    let limited =
        rules.sales.most().is_some() || rules.renewals.most().is_some() || rules.day_cap.get().is_some() || rules.friend_cap.get().is_some();
    if limited || rules.tiers.most().is_some() {
        return Ok(false);
    }
    let own = "SELECT 1 FROM plan WHERE active AND (level1_percent IS NOT NULL OR level2_percent IS NOT NULL) LIMIT 1";
    Ok(core.db().query_one_raw(sql(own, [])).await?.is_none())
}

impl Terms {
    /// What a sale of one unit of a plan at a price earns, as long as no limit was reached before.
    #[must_use]
    pub fn on(&self, plan: &Plan, price: Rupees) -> Earns {
        let rates = self.rates.of_plan((plan.level1_percent, plan.level2_percent));
        let most = |earned: Rupees| self.day.map(|(cap, _)| cap).into_iter().chain(self.friend).fold(earned, Rupees::min);
        let earn = |percent| most(commission(price, plan.cost, percent));
        Earns { level1: earn(rates.level1), level2: earn(rates.level2) }
    }

    /// The same of a friend's first order, where the gift makes that cheaper.
    #[must_use]
    pub fn on_first(&self, plan: &Plan, price: Rupees) -> Option<Earns> {
        let off = welcome::off(&self.gift, price, plan.cost);
        off.is_positive().then(|| self.on(plan, price - off))
    }

    /// What a friend who joins by their link gets off the first order.
    #[must_use]
    pub fn gift(&self) -> Option<Value> {
        self.gift.discount.get()
    }

    /// Whether today's limit is reached.
    #[must_use]
    pub fn is_day_over(&self) -> bool {
        self.day.is_some_and(|(cap, today)| today >= cap)
    }
}
