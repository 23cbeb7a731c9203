//! Numbers of receipts: consecutive within the Indian financial year, at most sixteen characters (CGST rule 46).

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Asia::Kolkata;

/// The day of a payment by Indian time, whatever zone the shop shows: the financial year is that of the law.
#[must_use]
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Kolkata).date_naive()
}

/// The financial year of a moment, by its first April: 2026 is April 2026 to March 2027.
#[must_use]
pub fn financial_year(at: DateTime<Utc>) -> i16 {
    let day = day(at);
    let year = if day.month() >= 4 { day.year() } else { day.year() - 1 };
    i16::try_from(year).unwrap_or(i16::MAX)
}

/// When a financial year began.
#[must_use]
pub(crate) fn first_day_of_year(year: u16) -> DateTime<Utc> {
    let april =
        NaiveDate::from_ymd_opt(year.into(), 4, 1).and_then(|day| day.and_time(chrono::NaiveTime::MIN).and_local_timezone(Kolkata).earliest());
    april.map_or(DateTime::<Utc>::MAX_UTC, |april| april.with_timezone(&Utc))
}

/// Longest number that the law bears.
const LONGEST: usize = 16;

/// The number as it is printed: `MELA/26-27/00001`. When digits no longer fit, the year is written shorter, and no two ways of writing meet.
#[must_use]
pub(super) fn written(prefix: &str, year: i16, n: i32) -> String {
    let (from, to) = (year.rem_euclid(100), (year + 1).rem_euclid(100));
    let ways = [
        format!("{prefix}/{from:02}-{to:02}/{n:05}"),
        format!("{prefix}/{from:02}{to:02}/{n}"),
        format!("{prefix}{from:02}{to:02}/{n}"),
    ];
    ways.into_iter().find(|way| way.len() <= LONGEST).unwrap_or_else(|| format!("{prefix}{from:02}{to:02}{n}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_begins_on_the_first_of_april_in_india() {
        for (at, year) in [
            ("2026-03-31T18:29:59Z", 2025),
            ("2026-03-31T18:30:00Z", 2026),
            ("2026-11-21T06:30:00Z", 2026),
            ("2027-01-01T00:00:00Z", 2026),
            ("2027-03-31T18:30:00Z", 2027),
        ] {
            assert_eq!(financial_year(at.parse().unwrap()), year, "{at}");
        }
    }

    #[test]
    fn never_longer_than_the_law_bears() {
        for (n, number) in [
            (1, "MELA/26-27/00001"),
            (99_999, "MELA/26-27/99999"),
            (100_000, "MELA/2627/100000"),
            (1_000_000, "MELA2627/1000000"),
            (10_000_000, "MELA262710000000"),
        ] {
            assert_eq!(written("MELA", 2026, n), number);
        }
        assert_eq!(written("M", 2099, 7), "M/99-00/00007");
    }
}
