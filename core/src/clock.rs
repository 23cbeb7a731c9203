//! The clock that is handed in: the machine's, or one that a test or the sandbox moves.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// What time it is for the shop. Clones share the same hands.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Where the clock stands still; `None` follows the machine's clock.
    fixed: Option<DateTime<Utc>>,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock, `ahead` of it (zero for a real shop).
    #[must_use]
    pub fn system(ahead: TimeDelta) -> Self {
        Self { fixed: None, ahead_ms: Arc::new(AtomicI64::new(ahead.num_milliseconds())) }
    }

    /// A clock that stands at `at` until it is advanced.
    #[must_use]
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self { fixed: Some(at), ahead_ms: Arc::default() }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.fixed.unwrap_or_else(machine_now) + self.ahead()
    }

    /// Moves the hands forward.
    pub fn advance(&self, by: TimeDelta) {
        self.ahead_ms.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// How far the hands are ahead of where they would be by themselves.
    #[must_use]
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.ahead_ms.load(Ordering::SeqCst))
    }
}

/// When the day of `at` began in a zone. A zone that skips midnight for summer time begins it a day's length before.
#[must_use]
pub fn midnight(at: DateTime<Utc>, zone: chrono_tz::Tz) -> DateTime<Utc> {
    let today = at.with_timezone(&zone).date_naive();
    let start = today.and_time(chrono::NaiveTime::MIN).and_local_timezone(zone).earliest();
    start.map_or(at - TimeDelta::days(1), |start| start.with_timezone(&Utc))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine_now() -> DateTime<Utc> {
    let now = Utc::now();
    // PostgreSQL keeps microseconds: a time that was stored must equal the time that was meant.
    now - TimeDelta::nanoseconds(i64::from(now.timestamp_subsec_nanos() % 1_000))
}
