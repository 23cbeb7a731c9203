//! Quiet hours: when no reminder is sent. Pure arithmetic on the shop's wall clock.

use crate::settings::Settings;
use chrono::{DateTime, NaiveTime, Utc};
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(from: &str, until: &str, zone: Tz, at: &str) -> bool {
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        QuietHours { from: time(from), until: time(until), zone }.hold(at.parse().unwrap())
    }

    #[test]
    fn a_night_and_a_rest_within_the_day_and_the_bounds_are_awake_at_the_end_alone() {
        let night = |at| held("22:00", "08:00", Tz::Asia__Kolkata, at);
        for (at, wanted) in [
            ("2026-11-21T16:29:59Z", false),
            ("2026-11-21T16:30:00Z", true),
            ("2026-11-21T18:30:00Z", true),
            ("2026-11-22T02:29:59Z", true),
            ("2026-11-22T02:30:00Z", false),
            ("2026-11-22T05:30:00Z", false),
        ] {
            assert_eq!(night(at), wanted, "{at}");
        }
        let noon = |at| held("13:00", "15:30", Tz::Asia__Kolkata, at);
        assert_eq!([noon("2026-11-21T07:29:00Z"), noon("2026-11-21T08:00:00Z"), noon("2026-11-21T10:00:00Z")], [false, true, false]);
        // Until midnight is until the day is over.
        let evening = |at| held("20:00", "00:00", Tz::Asia__Kolkata, at);
        assert_eq!([evening("2026-11-21T18:29:59Z"), evening("2026-11-21T18:30:00Z")], [true, false]);
    }

    #[test]
    fn the_same_time_twice_is_no_rest() {
        for same in ["00:00", "08:00", "23:59"] {
            for hour in 0..24 {
                assert!(!held(same, same, Tz::Asia__Kolkata, &format!("2026-11-21T{hour:02}:30:00Z")), "{same} {hour}");
            }
        }
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_are_read_as_they_show() {
        let night = |at| held("22:00", "08:00", Tz::Europe__Berlin, at);
        assert_eq!([night("2026-03-29T05:59:00Z"), night("2026-03-29T06:00:00Z")], [true, false], "eight o'clock comes an hour sooner");
        assert_eq!([night("2026-10-25T06:59:00Z"), night("2026-10-25T07:00:00Z")], [true, false], "and an hour later");
    }
}
