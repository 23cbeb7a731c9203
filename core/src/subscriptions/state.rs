//! Where a subscription stands: told by its times, never written down.

use super::Subscription;
use crate::settings::Shop;
use chrono::{DateTime, TimeDelta, Utc};

/// Where a subscription stands. What was replaced in it is its slot: it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Active,
    /// It runs, and ends soon.
    Expiring,
    /// Its time is over.
    Expired,
    /// It ended before its time: its money went back.
    Cancelled,
}

impl Subscription {
    /// Where it stands; it is expiring when it ends within `soon`.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, soon: TimeDelta) -> State {
        if self.ended_at.is_some() {
            State::Cancelled
        } else if self.ends_at <= now {
            State::Expired
        } else if self.ends_at - now <= soon {
            State::Expiring
        } else {
            State::Active
        }
    }

    /// Whether it runs.
    #[must_use]
    pub fn runs(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && self.ends_at > now
    }

    /// Days to its last one, as the shop's people count: 0 today, 1 tomorrow.
    #[must_use]
    pub fn days_left(&self, shop: &Shop, now: DateTime<Utc>) -> i64 {
        (shop.day(self.ends_at) - shop.day(now)).num_days()
    }

    /// Whether it can be renewed as far as its times say: until so long after its end, and not when its money went back.
    #[must_use]
    pub fn can_be_renewed(&self, now: DateTime<Utc>, within: TimeDelta) -> bool {
        self.ended_at.is_none() && now <= self.ends_at + within
    }

    /// Whether it is paid and nothing could be given yet: stock has run out.
    #[must_use]
    pub fn waits_for_stock(&self) -> bool {
        self.from_stock && self.slot_id.is_none() && self.delivered_at.is_none()
    }
}
