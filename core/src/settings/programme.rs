//! `[commissions]` and `[friend]`: what bringing people earns, and what it gives them. Two levels, and there are never more.

use super::look::switch;
use super::model::{Percent, Span, text_of};
use crate::coupons::Value;
use crate::money::{Rupees, decimal};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Commissions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commissions {
    /// Of the profit, to the customer's referrer.
    pub level1_percent: Percent,
    /// Of the profit, to the referrer's referrer.
    pub level2_percent: Percent,
    /// Level 1's percent by the referrer's volume.
    pub tiers: Tiers,
    /// From payment to release.
    pub hold: Span,
    /// Which sales to one friend earn them.
    pub sales: Sales,
    /// Which renewals of one subscription earn them.
    pub renewals: Renewals,
    /// The most that one person earns in a day.
    pub day_cap: Cap,
    /// The most that one person earns by one friend.
    pub friend_cap: Cap,
}

impl Commissions {
    /// The key of a setting that does not agree with another, and what is wrong with it.
    pub(super) fn contradiction(&self) -> Option<(&'static str, String)> {
        let (base, level2) = (self.level1_percent.decimal(), self.level2_percent.decimal());
        if let Some((from, first)) = self.tiers.0.first()
            && *from > 0
            && first.decimal() < base
        {
            return Some((
                "commissions.tiers",
                format!("found {from}:{first} behind level1_percent {}, wanted percents that rise", base.normalize()),
            ));
        }
        let last = self.tiers.0.last().map(|(_, percent)| percent.decimal());
        let sum = last.unwrap_or(base) + level2;
        let key = if last.is_some() { "commissions.tiers" } else { "commissions.level1_percent" };
        let wrong = || format!("with level2_percent {} that is {} % of the profit, wanted at most 100", level2.normalize(), sum.normalize());
        (sum > Decimal::ONE_HUNDRED).then(|| (key, wrong()))
    }
}

/// What earns: its first so many, or all. `FIRST` is how many of them `first` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HowMany<const FIRST: u32>(Option<u32>);

/// Of a subscription's renewals; `first`, the first sale alone, is none of them.
pub type Renewals = HowMany<0>;
/// Of the sales to one friend.
pub type Sales = HowMany<1>;

impl<const FIRST: u32> HowMany<FIRST> {
    /// How many of them; none: all.
    #[must_use]
    pub fn most(self) -> Option<u32> {
        self.0
    }
}

impl<const FIRST: u32> Serialize for HowMany<FIRST> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_str("always"),
            Some(most) if most == FIRST => serializer.serialize_str("first"),
            Some(most) => serializer.collect_str(&most),
        }
    }
}

impl<'de, const FIRST: u32> Deserialize<'de> for HowMany<FIRST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = if FIRST == 0 {
            "always, first, or how many renewals (0 to 1000)"
        } else {
            "always, first, or how many sales (1 to 1000)"
        };
        let text = text_of(deserializer, wanted)?;
        match text.trim() {
            "always" => Ok(Self(None)),
            "first" => Ok(Self(Some(FIRST))),
            number => number
                .parse()
                .ok()
                .filter(|most| (FIRST..=1_000).contains(most))
                .map(|most| Self(Some(most)))
                .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &wanted)),
        }
    }
}

/// The most that is earned, in whole rupees, as commissions are: what is left of it is whole, too. Nothing: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap(Option<Rupees>);

impl Cap {
    /// The limit, where there is one.
    #[must_use]
    pub fn get(self) -> Option<Rupees> {
        self.0
    }
}

impl Serialize for Cap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.unwrap_or_default().decimal())
    }
}

impl<'de> Deserialize<'de> for Cap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = decimal(deserializer)?;
        let fits = number.fract().is_zero() && number >= Decimal::ZERO && number <= Decimal::from(10_000_000);
        match Rupees::try_new(number) {
            Ok(rupees) if fits => Ok(Self(Some(rupees).filter(|rupees| rupees.is_positive()))),
            _ => Err(de::Error::custom(format!("found {number}, wanted whole rupees from 1 to 10000000, or 0 for no limit"))),
        }
    }
}

/// Level 1's percent from so many sales on, as `0:30, 10:33, 50:36`. Both numbers rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers(Vec<(u32, Percent)>);

impl Tiers {
    /// Sales that are counted at most: more of them make no difference.
    const MOST: u32 = 10_000;

    fn read(text: &str) -> Option<Self> {
        let tier = |part: &str| {
            let (from, percent) = part.split_once(':')?;
            let from = from.trim().parse().ok().filter(|from| *from <= Self::MOST)?;
            let percent: Decimal = percent.trim().trim_end_matches('%').trim_end().parse().ok()?;
            Some((from, Percent::try_new(percent).filter(|_| percent.scale() <= 2)?))
        };
        let tiers: Option<Vec<_>> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(tier).collect();
        let rise = |pair: &[(u32, Percent)]| pair[0].0 < pair[1].0 && pair[0].1.decimal() < pair[1].1.decimal();
        tiers.filter(|tiers| tiers.len() <= 20 && tiers.windows(2).all(rise)).map(Self)
    }

    /// The most sales that make a difference; none: nothing does.
    #[must_use]
    pub fn most(&self) -> Option<u32> {
        self.0.last().map(|(from, _)| *from)
    }

    /// The percent of so many sales, where a tier begins at or below them.
    #[must_use]
    pub fn percent(&self, sales: u32) -> Option<Percent> {
        self.0.iter().rev().find(|(from, _)| *from <= sales).map(|(_, percent)| *percent)
    }

    /// Where the next tier begins, and its percent.
    #[must_use]
    pub fn next(&self, sales: u32) -> Option<(u32, Percent)> {
        self.0.iter().find(|(from, _)| *from > sales).copied()
    }
}

impl fmt::Display for Tiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(|(from, percent)| format!("{from}:{percent}")).collect::<Vec<_>>().join(", "))
    }
}

impl Serialize for Tiers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tiers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "sales and percents that both rise, such as 0:30, 10:33, 50:36 (at most 20 of them, up to 10000 sales), or nothing";
        let text = text_of(deserializer, WANTED)?;
        Self::read(&text).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

/// What somebody who joined by a link is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Friend {
    /// Off their first order.
    pub discount: Off,
    /// Whether that may sell below cost.
    #[serde(deserialize_with = "switch")]
    pub below_cost: bool,
}

/// What is taken off: `10%`, or rupees; or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off(Option<Value>);

impl Off {
    /// How much, where there is something.
    #[must_use]
    pub fn get(self) -> Option<Value> {
        self.0
    }
}

impl Serialize for Off {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_str(""),
            Some(Value::Percent(percent)) => serializer.collect_str(&format_args!("{}%", percent.normalize())),
            Some(Value::Amount(amount)) => serializer.collect_str(&amount.decimal()),
        }
    }
}

impl<'de> Deserialize<'de> for Off {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a discount such as 10% (at most 100%) or 20 (rupees), or nothing";
        let text = text_of(deserializer, WANTED)?;
        match text.trim() {
            "" | "0" => Ok(Self(None)),
            some => some.parse().map(|value| Self(Some(value))).map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED)),
        }
    }
}
