//! What banks' texts and narrations are made of: references, UPI ids, days and times.

use crate::withdrawals::vpa::Vpa;
use chrono::{NaiveDate, NaiveTime};
use regex::{Captures, Match, Regex};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// A pattern, letter case aside, compiled when it is first asked. That all of them compile is tested.
pub(super) struct Pattern {
    text: &'static str,
    made: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, made: OnceLock::new() }
    }

    pub(super) fn regex(&self) -> Option<&Regex> {
        self.made.get_or_init(|| Regex::new(&format!("(?i){}", self.text)).ok()).as_ref()
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    pub(super) fn first<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    pub(super) fn all<'t>(&'static self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.regex().into_iter().flat_map(move |regex| regex.captures_iter(text))
    }
}

/// What a group of a match says.
pub(super) fn group<'t>(found: &Captures<'t>, name: &str) -> Option<Match<'t>> {
    found.name(name).filter(|m| !m.as_str().is_empty())
}

/// A reference as it is kept, whoever tells it: capitals and digits alone, without the zeros that a bank fills up with.
pub(super) fn canonical(reference: &str) -> String {
    let text: String = reference.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if text.len() > 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        let zeros = text.bytes().take_while(|b| *b == b'0').count();
        return text[zeros.min(text.len() - 12)..].to_owned();
    }
    text
}

/// A reference of our own, for what a bank told none of: by what makes it one. Letters alone, so that nobody takes a part of it for a bank's.
pub(super) fn own_reference(kind: &str, what: &str) -> String {
    let letters = Sha256::digest(what)
        .iter()
        .take(12)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| char::from(b'a' + half))
        .collect::<String>();
    format!("{kind}-{letters}")
}

/// The reference of UPI and IMPS: twelve digits, not all of them zero.
pub(super) fn is_rrn(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) && text.bytes().any(|b| b != b'0')
}

/// A reference of NEFT and RTGS: letters and digits, such as `SBINN52026112112345678`.
pub(super) fn is_utr(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_masked = text.starts_with('X') && text.contains("XX") || text.contains("XXX");
    (9..=22).contains(&text.len())
        && !is_masked
        && digits >= 6
        && digits < text.len()
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && !is_ifsc(text)
}

/// `HDFC0001234`: a branch, not a payment.
fn is_ifsc(text: &str) -> bool {
    text.len() == 11 && text.bytes().take(4).all(|b| b.is_ascii_alphabetic()) && text.as_bytes().get(4) == Some(&b'0')
}

/// The first twelve digits that stand alone, and are neither a part of a UPI id nor a number to call. What the payer wrote themselves comes last in
/// banks' narrations, so the first is the bank's.
pub(super) fn rrn_in(text: &str) -> Option<String> {
    static DIGITS: Pattern = Pattern::new(r"[0-9a-z._@+]*[0-9][0-9a-z._@+]*");
    let parts = DIGITS.regex()?.find_iter(text);
    let bare = parts.map(|part| part.as_str().trim_matches('.').trim_start_matches('0').to_owned() + "|" + part.as_str().trim_matches('.'));
    for both in bare {
        let Some((short, whole)) = both.split_once('|') else { continue };
        let found = if is_rrn(whole) { whole } else { short };
        // `0000412345678901`, but not `12345678901` that lacks a digit.
        if is_rrn(found) && (whole.len() == 12 || whole.len() >= 16) {
            return Some(found.to_owned());
        }
    }
    None
}

/// The first UPI id; an e-mail address is none.
pub(super) fn vpa_in(text: &str) -> Option<String> {
    static VPA: Pattern = Pattern::new(r"(?P<vpa>[0-9a-z][0-9a-z._-]*@[0-9a-z.]+)");
    VPA.all(text).find_map(|found| {
        let vpa: Vpa = group(&found, "vpa")?.as_str().trim_end_matches('.').parse().ok()?;
        Some(vpa.to_string())
    })
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month(name: &str) -> Option<u32> {
    let name = name.to_ascii_lowercase();
    let found = MONTHS.iter().position(|month| name.starts_with(month))?;
    u32::try_from(found + 1).ok()
}

fn day(year: &str, month: u32, day: &str) -> Option<NaiveDate> {
    let year: i32 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    NaiveDate::from_ymd_opt(year, month, day.parse().ok()?).filter(|_| (2000..2100).contains(&year))
}

/// A day in a text, where that begins and where it ends: `21-11-26`, `21/11/2026`, `21-Nov-2026`, `21Nov26`, `2026-11-21`, `November 21, 2026`. In India the
/// day comes before the month.
pub(super) fn day_in(text: &str) -> Option<(NaiveDate, usize, usize)> {
    static NUMBERS: Pattern = Pattern::new(
        r"(?:^|[^0-9a-z/.-])(?P<all>(?P<d>[0-9]{1,2})(?:-(?P<m>[0-9]{1,2})-|/(?P<m2>[0-9]{1,2})/|\.(?P<m3>[0-9]{1,2})\.)(?P<y>[0-9]{4}|[0-9]{2}))(?:$|[^0-9])",
    );
    static NAMED: Pattern = Pattern::new(
        r"(?:^|[^0-9a-z])(?P<all>(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[-/. ]?(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/., ']{0,2}(?P<y>[0-9]{4}|[0-9]{2}))(?:$|[^0-9])",
    );
    static WHOLE: Pattern = Pattern::new(r"(?:^|[^0-9])(?P<all>(?P<y>20[0-9]{2})[-/](?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2}))(?:$|[^0-9])");
    static SPOKEN: Pattern = Pattern::new(
        r"\b(?P<all>(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y>20[0-9]{2}))(?:$|[^0-9])",
    );
    let read = |found: &Captures<'_>| {
        let m = ["m", "m2", "m3"].iter().filter_map(|name| found.name(name)).next()?.as_str();
        let month = m.parse().ok().or_else(|| month(m))?;
        let all = group(found, "all")?;
        Some((day(group(found, "y")?.as_str(), month, group(found, "d")?.as_str())?, all.start(), all.end()))
    };
    let found = [&NUMBERS, &NAMED, &WHOLE, &SPOKEN].into_iter().filter_map(|pattern| pattern.all(text).find_map(|found| read(&found)));
    found.min_by_key(|(_, begins, _)| *begins)
}

/// A time of the day: `11:05`, `11:05:33`, `11:05:33 AM`.
pub(super) fn time_in(text: &str) -> Option<NaiveTime> {
    static TIME: Pattern =
        Pattern::new(r"(?:^|[^0-9:])(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2}))?(?:\.[0-9]+)?(?:\s?(?P<half>[ap])\.?m\b)?");
    TIME.all(text).find_map(|found| {
        let number = |name| group(&found, name).map_or(Some(0), |m| m.as_str().parse::<u32>().ok());
        let hour = match (number("h")?, group(&found, "half").map(|m| m.as_str().to_ascii_lowercase())) {
            (hour @ 1..=12, Some(half)) => hour % 12 + if half == "p" { 12 } else { 0 },
            (hour, _) => hour,
        };
        NaiveTime::from_hms_opt(hour, number("m")?, number("s")?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_shape_and_never_the_month_first() {
        let read = |text| day_in(text).map(|found| found.0.to_string());
        for text in [
            "21-11-26",
            "21/11/2026",
            "21/11/26",
            "21.11.2026",
            "21-Nov-2026",
            "21-NOV-26",
            "21Nov26",
            "21 Nov 2026",
            "on 21 November 2026,",
            "2026-11-21",
            "2026/11/21 10:00",
            "November 21, 2026",
            "by 21-Nov-26.",
            "(21-11-2026 11:05:01)",
            "date 21Nov26 trf",
        ] {
            assert_eq!(read(text), Some("2026-11-21".into()), "{text}");
        }
        assert_eq!(read("05/06/2026"), Some("2026-06-05".into()));
        for text in ["11/21/2026", "31-02-2026", "2026", "1234567890", "1-2", "a/c 12-34-567", "21/11-26", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_both_clocks() {
        let read = |text| time_in(text).map(|time| time.to_string());
        assert_eq!(read("21-11-26, 11:05:33 IST"), Some("11:05:33".into()));
        assert_eq!(read("at 11:05"), Some("11:05:00".into()));
        assert_eq!(read("02:05 PM"), Some("14:05:00".into()));
        assert_eq!(read("12:05:01 AM"), Some("00:05:01".into()));
        assert_eq!(read("Rs:135.00 at 25:61"), None);
    }

    #[test]
    fn references_are_the_same_whoever_tells_them() {
        assert_eq!(canonical("0000412345678901"), "412345678901");
        assert_eq!(canonical("012345678901"), "012345678901");
        assert_eq!(canonical("sbinn52026112112345678"), "SBINN52026112112345678");
        assert_eq!(rrn_in("UPI-RAVI-412345678901@ybl-HDFC0001234-632512345678-NOTE 777777777777"), Some("632512345678".into()));
        assert_eq!(rrn_in("UPI/412345678901/RAVI"), Some("412345678901".into()));
        assert_eq!(rrn_in("ref 0000412345678901."), Some("412345678901".into()));
        for text in ["4123456789012", "41234567890", "+911234567890", "000000000000", "AB412345678901", "4.12346E+11"] {
            assert_eq!(rrn_in(text), None, "{text}");
        }
        assert!(is_utr("SBINN52026112112345678") && is_utr("N123456789012345") && !is_utr("HDFC0001234") && !is_utr("412345678901"));
    }

    #[test]
    fn upi_ids_and_no_addresses() {
        assert_eq!(vpa_in("from VPA Ravi.K@OKHDFC (UPI 1)"), Some("ravi.k@okhdfc".into()));
        assert_eq!(vpa_in("VPA ravi@ybl."), Some("ravi@ybl".into()));
        assert_eq!(vpa_in("write to care@hdfcbank.com"), None);
    }
}
