//! What staff type about prices and coupons, in one line: `99 from 2026-11-25 until 2026-11-30`, `20% plans combo-ott each 1 total 100 first`.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use mela_core::catalog::NewPrice;
use mela_core::coupons::{Terms, Value};
use mela_core::money::Rupees;
use mela_core::referrals::contests::{NewContest, PRIZES};

/// What of a line was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?}")]
pub struct Unclear(pub String);

/// The longest piece that is told back.
const SHOWN: usize = 40;

fn unclear<T>(word: &str) -> Result<T, Unclear> {
    Err(Unclear(word.chars().take(SHOWN).collect()))
}

/// From when and until when: whole days of the shop, the last one included.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Days {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// From and until, as moments.
type Moments = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl Days {
    /// Takes `from DAY` or `until DAY`; false when the word is another.
    fn take<'a>(&mut self, word: &str, rest: &mut impl Iterator<Item = &'a str>) -> Result<bool, Unclear> {
        let place = match word {
            "from" => &mut self.from,
            "until" => &mut self.until,
            _ => return Ok(false),
        };
        let day = rest.next().unwrap_or_default();
        match (NaiveDate::parse_from_str(day, "%Y-%m-%d"), *place) {
            (Ok(parsed), None) => *place = Some(parsed),
            _ => return unclear(&format!("{word} {day}")),
        }
        Ok(true)
    }

    /// As moments, the second exclusive.
    fn moments(self, zone: Tz) -> Result<Moments, Unclear> {
        let begin = |day: NaiveDate| match day.and_time(chrono::NaiveTime::MIN).and_local_timezone(zone).earliest() {
            Some(begin) => Ok(begin.with_timezone(&Utc)),
            None => unclear(&day.to_string()),
        };
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until < from
        {
            return unclear(&format!("from {from} until {until}"));
        }
        let after = match self.until {
            Some(until) => Some(until.checked_add_signed(TimeDelta::days(1)).map_or_else(|| unclear(&until.to_string()), begin)?),
            None => None,
        };
        Ok((self.from.map(begin).transpose()?, after))
    }
}

fn number(word: &str, rest: Option<&str>, most: i32) -> Result<i32, Unclear> {
    let text = rest.unwrap_or_default();
    match text.parse() {
        Ok(n) if (1..=most).contains(&n) => Ok(n),
        _ => unclear(&format!("{word} {text}")),
    }
}

/// A price: `125 least 3`, `99 from 2026-11-25 until 2026-11-30`.
///
/// # Errors
/// The piece that was not understood.
pub fn price(line: &str, zone: Tz) -> Result<NewPrice, Unclear> {
    let line = line.to_lowercase();
    let mut words = line.split_whitespace();
    let amount = words.next().unwrap_or_default();
    let price = match amount.parse::<Rupees>() {
        Ok(price) if price >= Rupees::whole(1) => price,
        _ => return unclear(amount),
    };
    let (mut days, mut least) = (Days::default(), None);
    while let Some(word) = words.next() {
        if days.take(word, &mut words)? {
            continue;
        }
        match (word, least) {
            ("least", None) => least = Some(number(word, words.next(), 100)?),
            _ => return unclear(word),
        }
    }
    let (from_at, until_at) = days.moments(zone)?;
    let least = least.and_then(|n| i16::try_from(n).ok()).unwrap_or(1);
    if least == 1 && from_at.is_none() && until_at.is_none() {
        // The price itself is changed by its own button.
        return unclear(amount);
    }
    Ok(NewPrice { price, least, from_at, until_at })
}

/// A coupon's terms, its plans by their codes: `20% plans combo-ott,netflix each 1 total 100 from 2026-11-01 until 2026-11-30 first`.
///
/// # Errors
/// The piece that was not understood.
pub fn coupon(line: &str, zone: Tz) -> Result<(Terms, Vec<String>), Unclear> {
    let line = line.to_lowercase();
    let mut words = line.split_whitespace();
    let off = words.next().unwrap_or_default();
    let Ok(value) = off.parse::<Value>() else {
        return unclear(off);
    };
    let mut terms = Terms { value, plans: Vec::new(), per_user: None, total: None, from_at: None, until_at: None, first_order: false };
    let (mut days, mut plans) = (Days::default(), Vec::new());
    while let Some(word) = words.next() {
        if days.take(word, &mut words)? {
            continue;
        }
        match word {
            "first" if !terms.first_order => terms.first_order = true,
            "each" if terms.per_user.is_none() => terms.per_user = Some(number(word, words.next(), 1_000_000)?),
            "total" if terms.total.is_none() => terms.total = Some(number(word, words.next(), 1_000_000)?),
            "plans" if plans.is_empty() => {
                plans = words.next().unwrap_or_default().split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
                if plans.is_empty() {
                    return unclear(word);
                }
            }
            _ => return unclear(word),
        }
    }
    (terms.from_at, terms.until_at) = days.moments(zone)?;
    Ok((terms, plans))
}

/// A contest: `from 2026-11-25 until 2026-11-30 prizes 1000,500,250 The race of November`. Without a beginning it begins `now`.
///
/// # Errors
/// The piece that was not understood.
pub fn contest(line: &str, zone: Tz, now: DateTime<Utc>) -> Result<NewContest, Unclear> {
    let (mut days, mut prizes, mut name) = (Days::default(), Vec::new(), Vec::new());
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        // The name comes last, and may have any words in it.
        if !name.is_empty() {
            name.push(word);
            continue;
        }
        let key = word.to_lowercase();
        if days.take(&key, &mut words)? {
            continue;
        }
        if key == "prizes" && prizes.is_empty() {
            let list = words.next().unwrap_or_default();
            for prize in list.split(',') {
                match prize.parse::<Rupees>() {
                    Ok(prize) if prize.is_positive() => prizes.push(prize),
                    _ => return unclear(&format!("prizes {list}")),
                }
            }
            if prizes.len() > PRIZES {
                return unclear(&format!("prizes {list}"));
            }
            continue;
        }
        name.push(word);
    }
    let (from_at, until_at) = days.moments(zone)?;
    match until_at {
        _ if prizes.is_empty() => unclear("prizes"),
        _ if name.is_empty() => unclear(line),
        None => unclear("until"),
        Some(until_at) => Ok(NewContest { name: name.join(" "), from_at: from_at.unwrap_or(now), until_at, prizes }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Kolkata;

    fn at(text: &str) -> Option<DateTime<Utc>> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn prices_by_number_and_by_days_of_the_shop() {
        let tier = price("125 least 3", Kolkata).unwrap();
        assert_eq!((tier.price, tier.least, tier.from_at, tier.until_at), (Rupees::whole(125), 3, None, None));
        let sale = price("₹99.50 FROM 2026-11-25 until 2026-11-25", Kolkata).unwrap();
        assert_eq!((sale.price.to_string().as_str(), sale.least), ("₹99.50", 1));
        assert_eq!((sale.from_at, sale.until_at), (at("2026-11-24T18:30:00Z"), at("2026-11-25T18:30:00Z")), "the last day is included");
        for wrong in [
            "",
            "free",
            "0",
            "-5 least 2",
            "0.50 least 2",
            "125",
            "125 least",
            "125 least 0",
            "125 least 101",
            "125 least 2 least 3",
            "125 from tomorrow",
            "125 from 2026-02-30",
            "125 from 2026-11-30 until 2026-11-25",
            "125 until 2026-11-30 until 2026-12-01",
            "125 soon",
        ] {
            assert!(price(wrong, Kolkata).is_err(), "{wrong}");
        }
        assert_eq!(price("125 least many", Kolkata), Err(Unclear("least many".into())));
    }

    #[test]
    fn coupons_with_all_or_nothing_said() {
        let (terms, plans) = coupon("20% plans combo-ott,netflix each 1 total 100 from 2026-11-01 until 2026-11-30 first", Kolkata).unwrap();
        assert_eq!(terms.value, "20%".parse().unwrap());
        assert_eq!(plans, ["combo-ott", "netflix"]);
        assert_eq!((terms.per_user, terms.total, terms.first_order), (Some(1), Some(100), true));
        assert_eq!((terms.from_at, terms.until_at), (at("2026-10-31T18:30:00Z"), at("2026-11-30T18:30:00Z")));
        let (terms, plans) = coupon("50", Kolkata).unwrap();
        assert_eq!((terms.value, plans.len(), terms.per_user), (Value::Amount(Rupees::whole(50)), 0, None));
        for wrong in [
            "",
            "%",
            "0%",
            "101%",
            "-5%",
            "5.123%",
            "0",
            "50 each",
            "50 each -1",
            "50 total 0",
            "50 plans",
            "50 plans ,",
            "50 first first",
            "50 for all",
        ] {
            assert!(coupon(wrong, Kolkata).is_err(), "{wrong}");
        }
    }

    #[test]
    fn contests_by_days_prizes_and_a_name_of_any_words() {
        let now: DateTime<Utc> = "2026-11-21T06:30:00Z".parse().unwrap();
        let new = contest("from 2026-11-25 until 2026-11-30 prizes 1000,500.50 The race until Diwali", Kolkata, now).unwrap();
        assert_eq!((new.from_at, new.until_at), (at("2026-11-24T18:30:00Z").unwrap(), at("2026-11-30T18:30:00Z").unwrap()));
        assert_eq!((new.prizes, new.name.as_str()), (vec![Rupees::whole(1_000), "500.50".parse().unwrap()], "The race until Diwali"));
        assert_eq!(contest("UNTIL 2026-11-30 PRIZES 5 x", Kolkata, now).unwrap().from_at, now);
        for wrong in [
            "",
            "until 2026-11-30 The race",
            "prizes 5 The race",
            "until 2026-11-30 prizes 5",
            "until 2026-11-30 prizes 0 x",
            "until 2026-11-30 prizes -5 x",
            "until 2026-11-30 prizes 5,,5 x",
            "until 2026-11-30 prizes x",
            "until tomorrow prizes 5 x",
            "from 2026-12-01 until 2026-11-30 prizes 5 x",
            &format!("until 2026-11-30 prizes {} x", ["5"; 11].join(",")),
        ] {
            assert!(contest(wrong, Kolkata, now).is_err(), "{wrong}");
        }
    }
}
