//! What a device is called: a random name that the shop's page left on it.

use crate::Core;
use chrono::{DateTime, Utc};
use std::fmt;
use std::str::FromStr;

/// A name that was left on a device: at random, with the time at which it was made in front, so that of several the oldest is known.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Device(String);

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Device(…)")
    }
}

/// The text is no device's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("wanted 8 to 64 letters, digits, dashes and underscores")]
pub struct NotADevice;

/// Hexadecimal digits of the time, in milliseconds.
const TIME: usize = 12;
/// Hexadecimal digits of a name of ours.
const LENGTH: usize = 32;

impl Device {
    /// A new name: 80 bits that nobody foresees.
    #[must_use]
    pub fn fresh(core: &Core) -> Self {
        Self::made(core.now(), core.random_bytes())
    }

    fn made(at: DateTime<Utc>, random: [u8; (LENGTH - TIME) / 2]) -> Self {
        let millis = at.timestamp_millis().clamp(0, (1 << (4 * TIME)) - 1);
        Self(format!("{millis:0TIME$x}{}", hex::encode(random)))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was made, as far as it says: a name of another shape is nobody's elder.
    fn age(&self) -> u64 {
        let ours = self.0.len() == LENGTH && self.0.bytes().all(|b| b.is_ascii_hexdigit());
        let time = if ours { self.0.get(..TIME) } else { None };
        time.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(u64::MAX)
    }

    /// The oldest of a device's names, by which all its stores are healed.
    #[must_use]
    pub fn oldest(names: &[Self]) -> Option<&Self> {
        names.iter().min_by(|a, b| a.age().cmp(&b.age()).then_with(|| a.0.cmp(&b.0)))
    }
}

impl FromStr for Device {
    type Err = NotADevice;

    fn from_str(text: &str) -> Result<Self, NotADevice> {
        if (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotADevice)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64, random: u8) -> Device {
        Device::made(DateTime::from_timestamp(seconds, 0).unwrap(), [random; 10])
    }

    #[test]
    fn the_oldest_is_the_one_that_was_made_first() {
        let (old, new) = (at(1_700_000_000, 0xff), at(1_800_000_000, 0));
        let foreign: Device = "00000000-0000-4000-8000-000000000000".parse().unwrap();
        for names in [[&old, &new, &foreign], [&foreign, &new, &old], [&new, &foreign, &old]] {
            assert_eq!(Device::oldest(&names.map(Clone::clone)), Some(&old));
        }
        assert_eq!(Device::oldest(&[foreign.clone(), new.clone()]), Some(&new));
        assert_eq!(Device::oldest(&[]), None);
        assert_eq!(old.as_str().len(), LENGTH);
        assert_eq!(old.as_str().parse(), Ok(old.clone()));
        assert_eq!(format!("{old:?}"), "Device(…)", "no log shows it");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for wrong in [
            "",
            "1234567",
            &"a".repeat(65),
            "with space",
            "quote\"quote",
            "semi;colon",
            "<script>x",
            "ünïcödes",
            "nul\0nul\0",
            "new\nline.",
        ] {
            assert_eq!(wrong.parse::<Device>(), Err(NotADevice), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_plain_name_or_none(text in ".{0,80}") {
            if let Ok(device) = text.parse::<Device>() {
                prop_assert_eq!(device.as_str(), &text);
                prop_assert!(text.is_ascii() && !text.contains([';', ',', '"', ' ', '=']), "fit for a cookie as it is");
            }
        }

        #[test]
        fn ours_are_in_the_order_of_their_making(a in 0_i64..8_000_000_000, b in 0_i64..8_000_000_000, x: u8, y: u8) {
            let (first, second) = (at(a.min(b), x), at(a.max(b) + 1, y));
            let names = [second, first.clone()];
            prop_assert_eq!(Device::oldest(&names), Some(&first));
        }
    }
}
