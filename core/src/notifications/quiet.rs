//! Quiet hours: when no reminder is sent. Pure arithmetic on the shop's wall clock.

use crate::settings::Settings;
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// A part of each day in a zone. From and until the same: none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// When it begins.
    pub from: NaiveTime,
    /// When it is over; before `from` it is over on the next day.
    pub until: NaiveTime,
    /// The zone of both.
    pub zone: Tz,
}

/// No zone ever skipped more than a day at once.
const LONGEST_GAP: i32 = 25 * 4;

impl QuietHours {
    /// Those of the settings.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let own = &settings.notifications;
        Self { from: own.quiet_from.time(), until: own.quiet_until.time(), zone: settings.shop.timezone }
    }

    /// Whether there are any.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.from != self.until
    }

    /// Whether it is quiet at a moment.
    #[must_use]
    pub fn hold(&self, at: DateTime<Utc>) -> bool {
        let now = at.with_timezone(&self.zone).time();
        if self.from <= self.until {
            self.from <= now && now < self.until
        } else {
            self.from <= now || now < self.until
        }
    }

    /// The first moment from `at` on at which it is not quiet.
    #[must_use]
    pub fn over(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if !self.hold(at) {
            return at;
        }
        let local = at.with_timezone(&self.zone).naive_local();
        let today = local.date().and_time(self.until);
        let end = if local.time() < self.until { Some(today) } else { today.checked_add_signed(TimeDelta::days(1)) };
        end.and_then(|end| self.moment(end, at)).unwrap_or(at)
    }

    /// The first moment after `at` at which the clocks show `wall`; where they skip it, the one at which they skip.
    fn moment(&self, wall: NaiveDateTime, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        (0..LONGEST_GAP).find_map(|quarters| {
            let shown = wall.checked_add_signed(TimeDelta::minutes(15 * i64::from(quarters)))?.and_local_timezone(self.zone);
            [shown.earliest(), shown.latest()]
                .into_iter()
                .flatten()
                .map(|moment| moment.with_timezone(&Utc))
                .find(|&moment| moment > at)
        })
    }
}

/// When a reminder may be sent that is due at `at`: at once, or when the quiet hours are over. The sender looks by itself; this is for those who plan.
#[must_use]
pub fn quiet(settings: &Settings, at: DateTime<Utc>) -> DateTime<Utc> {
    QuietHours::of(settings).over(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: &str, until: &str, zone: Tz) -> QuietHours {
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        QuietHours { from: time(from), until: time(until), zone }
    }

    fn over(hours: QuietHours, at: &str) -> String {
        hours.over(at.parse().unwrap()).with_timezone(&hours.zone).format("%d %H:%M %Z").to_string()
    }

    #[test]
    fn a_night_ends_in_the_morning_and_the_bounds_are_awake_at_the_end_alone() {
        let night = hours("22:00", "08:00", Tz::Asia__Kolkata);
        for (at, wanted) in [
            ("2026-11-21T16:29:59Z", "21 21:59 IST"),
            ("2026-11-21T16:30:00Z", "22 08:00 IST"),
            ("2026-11-21T18:30:00Z", "22 08:00 IST"),
            ("2026-11-22T02:29:59Z", "22 08:00 IST"),
            ("2026-11-22T02:30:00Z", "22 08:00 IST"),
            ("2026-11-22T05:30:00Z", "22 11:00 IST"),
            ("2026-12-31T18:00:00Z", "01 08:00 IST"),
        ] {
            assert_eq!(over(night, at), wanted, "{at}");
        }
    }

    #[test]
    fn a_rest_within_the_day_and_no_rest_at_all() {
        let noon = hours("13:00", "15:30", Tz::Asia__Kolkata);
        assert_eq!(over(noon, "2026-11-21T07:29:00Z"), "21 12:59 IST");
        assert_eq!(over(noon, "2026-11-21T08:00:00Z"), "21 15:30 IST");
        assert_eq!(over(noon, "2026-11-21T10:00:00Z"), "21 15:30 IST");
        for same in ["00:00", "08:00", "23:59"] {
            let none = hours(same, same, Tz::Asia__Kolkata);
            assert!(!none.exist());
            let day = "2026-11-21T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
            assert!((0..48).map(|half| day + TimeDelta::minutes(30 * half)).all(|at| none.over(at) == at));
        }
        // Until midnight is until the day is over.
        assert_eq!(over(hours("20:00", "00:00", Tz::Asia__Kolkata), "2026-11-21T16:00:00Z"), "22 00:00 IST");
    }

    #[test]
    fn clocks_that_are_put_forward_or_back() {
        let night = hours("22:00", "08:00", Tz::Europe__Berlin);
        assert_eq!(over(night, "2026-03-28T21:30:00Z"), "29 08:00 CEST");
        assert_eq!(over(night, "2026-10-24T21:30:00Z"), "25 08:00 CET");
        // 02:30 is skipped: it is over when the clocks jump from 02:00 to 03:00.
        let short = hours("22:00", "02:30", Tz::Europe__Berlin);
        assert_eq!(over(short, "2026-03-28T22:00:00Z"), "29 03:00 CEST");
        // 02:30 comes twice: it is over at the first, and again at the second for what came in between.
        assert_eq!(over(short, "2026-10-24T22:00:00Z"), "25 02:30 CEST");
        assert_eq!(over(short, "2026-10-25T01:10:00Z"), "25 02:30 CET");
        // A whole day that never was: the end of the quiet is when it was skipped.
        assert_eq!(over(hours("22:00", "08:00", Tz::Pacific__Apia), "2011-12-30T09:00:00Z"), "31 00:00 +14");
    }

    #[test]
    fn it_never_goes_back_and_what_it_answers_is_not_quiet_or_is_the_end() {
        let begin = "2026-03-28T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
        for zone in [Tz::Asia__Kolkata, Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe] {
            for (from, until) in [("22:00", "08:00"), ("00:00", "23:59"), ("23:59", "00:00"), ("02:15", "02:45"), ("12:00", "13:00")] {
                let hours = hours(from, until, zone);
                for minute in (0..400 * 1_440).step_by(97) {
                    let at = begin + TimeDelta::minutes(minute);
                    let over = hours.over(at);
                    assert!(over >= at && over - at <= TimeDelta::hours(25), "{at} {hours:?}");
                    assert!(!hours.hold(over), "{at} {hours:?}");
                }
            }
        }
    }
}
