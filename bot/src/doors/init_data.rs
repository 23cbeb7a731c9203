//! Telegram's proof of who opened a Mini App: `initData`, signed under a key that is made of the bot's token.

use chrono::{DateTime, TimeDelta, Utc};
use mela_core::signature::{proves, sign};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use url::form_urlencoded;

/// How long after Telegram signed it a proof counts.
const LASTS: TimeDelta = TimeDelta::hours(1);
/// How far Telegram's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(1);

/// What proofs for one bot are signed under.
#[derive(Clone)]
pub struct Key(Arc<[u8]>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// The key of the bot with this token.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(sign("WebAppData", &[token.as_bytes()]).into())
    }
}

/// Why a proof is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotProved {
    /// Telegram did not sign this.
    #[error("not signed by Telegram for this bot")]
    Forged,
    /// It was signed too long ago, or in the future.
    #[error("signed too long ago")]
    Old,
    /// It names no person.
    #[error("names no person")]
    Nobody,
}

#[derive(Deserialize)]
struct Person {
    id: i64,
    #[serde(default)]
    is_bot: bool,
}

/// The Telegram id of the person whom `init_data` proves.
///
/// # Errors
/// [`NotProved`].
pub fn person(init_data: &str, key: &Key, now: DateTime<Utc>) -> Result<i64, NotProved> {
    let mut fields: Vec<_> = form_urlencoded::parse(init_data.as_bytes()).collect();
    fields.sort();
    // A name twice, or a line break in a value, would let one signed text be read in two ways.
    if fields.windows(2).any(|pair| pair[0].0 == pair[1].0) || fields.iter().any(|(name, value)| name.contains('\n') || value.contains('\n')) {
        return Err(NotProved::Forged);
    }
    let of = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_ref());
    let hash = of("hash").and_then(|hash| hex::decode(hash).ok()).ok_or(NotProved::Forged)?;
    let signed: Vec<_> = fields.iter().filter(|(name, _)| name != "hash").map(|(name, value)| format!("{name}={value}")).collect();
    if !proves(&key.0, &[signed.join("\n").as_bytes()], &hash) {
        return Err(NotProved::Forged);
    }
    let signed_at = of("auth_date").and_then(|date| DateTime::from_timestamp(date.parse().ok()?, 0)).ok_or(NotProved::Old)?;
    if now - signed_at > LASTS || signed_at - now > AHEAD {
        return Err(NotProved::Old);
    }
    let person: Person = of("user").and_then(|user| serde_json::from_str(user).ok()).ok_or(NotProved::Nobody)?;
    if person.is_bot || person.id <= 0 { Err(NotProved::Nobody) } else { Ok(person.id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "1000001:token";

    fn signed(fields: &[(&str, &str)], token: &str) -> String {
        let mut sorted = fields.to_vec();
        sorted.sort_unstable();
        let lines: Vec<_> = sorted.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let hash = hex::encode(sign(sign("WebAppData", &[token.as_bytes()]), &[lines.join("\n").as_bytes()]));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).append_pair("hash", &hash).finish()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn read(init_data: &str) -> Result<i64, NotProved> {
        person(init_data, &Key::of(TOKEN), now())
    }

    const USER: &str = r#"{"id":7,"first_name":"Asha & = + %26","photo_url":"https:\/\/t.me\/i\/7.svg"}"#;

    fn fields<'a>(user: &'a str, date: &'a str) -> [(&'a str, &'a str); 4] {
        [("user", user), ("signature", "c2ln_bmF0dXJl-Q"), ("auth_date", date), ("query_id", "AAH")]
    }

    #[test]
    fn a_proof_of_telegrams_own_that_went_around_the_world() {
        let init_data = "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko\
            %22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648\
            &hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2";
        let key = Key::of("5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8");
        let then = DateTime::from_timestamp(1_662_771_648, 0).unwrap();
        assert_eq!(person(init_data, &key, then), Ok(279_058_397));
        assert_eq!(person(init_data, &key, now()), Err(NotProved::Old));
        assert_eq!(person(init_data, &Key::of(TOKEN), then), Err(NotProved::Forged));
        assert_eq!(format!("{key:?}"), "Key(…)");
    }

    #[test]
    fn it_counts_for_an_hour() {
        for (date, counts) in [
            ("1800000000", true),
            ("1799996400", true),
            ("1799996399", false),
            ("1800000060", true),
            ("1800000061", false),
            ("0", false),
            ("-1", false),
            ("9999999999999999999", false),
            ("9223372036854775807", false),
            ("", false),
            ("soon", false),
        ] {
            let wanted = if counts { Ok(7) } else { Err(NotProved::Old) };
            assert_eq!(read(&signed(&fields(USER, date), TOKEN)), wanted, "{date}");
        }
        assert_eq!(read(&signed(&[("user", USER)], TOKEN)), Err(NotProved::Old), "without a date");
    }

    #[test]
    fn only_people_are_proved() {
        for user in [
            "",
            "{}",
            "7",
            "null",
            r#"{"id":0}"#,
            r#"{"id":-7}"#,
            r#"{"id":"7"}"#,
            r#"{"id":7,"is_bot":true}"#,
            r#"{"id":99999999999999999999}"#,
        ] {
            assert_eq!(read(&signed(&fields(user, "1800000000"), TOKEN)), Err(NotProved::Nobody), "{user}");
        }
        assert_eq!(read(&signed(&[("auth_date", "1800000000")], TOKEN)), Err(NotProved::Nobody), "without a person");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let good = signed(&fields(USER, "1800000000"), TOKEN);
        assert_eq!(read(&good), Ok(7));
        for forged in [
            String::new(),
            "hash".to_owned(),
            "hash=".to_owned(),
            good.replace("hash=", "hash=00"),
            good.split("hash=").next().unwrap().to_owned(),
            format!("{good}&user=%7B%22id%22%3A8%7D"),
            format!("{good}&{}", &good[good.find("hash=").unwrap()..]),
            format!("{good}&more="),
            good.replace("signature=", "sign="),
            // Without `signature` in the check string, as older proofs were made.
            signed(&[("user", USER), ("auth_date", "1800000000")], TOKEN) + "&signature=x",
            signed(&[("user", USER), ("auth_date", "1800000000\nquery_id=AAH")], TOKEN),
            signed(&[("user", USER), ("auth_date", "1800000000"), ("a\nb", "c")], TOKEN),
        ] {
            assert_eq!(read(&forged), Err(NotProved::Forged), "{forged}");
        }
        // An empty field that nobody signed is none: `&` at the end changes nothing.
        assert_eq!(read(&format!("{good}&")), Ok(7));
        assert_eq!(read(&good.replace("hash=", "HASH=")), Err(NotProved::Forged));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_no_proof_and_no_panic(text in ".{0,200}") {
            prop_assert!(read(&text).is_err());
            let hashed = format!("hash={text}");
            prop_assert!(read(&hashed).is_err());
        }

        #[test]
        fn what_telegram_signed_is_believed_in_any_order(name in "[^\n]{0,30}", id in 1_i64..1 << 52, turn in 0_usize..4) {
            let user = serde_json::json!({ "id": id, "first_name": name }).to_string();
            let mut all = fields(&user, "1800000000");
            all.rotate_left(turn);
            prop_assert_eq!(read(&signed(&all, TOKEN)), Ok(id));
            prop_assert_eq!(read(&signed(&all, "1000001:other")), Err(NotProved::Forged));
        }

        #[test]
        fn one_changed_letter_is_a_forgery(at in 0_usize..300, to in "[a-z0-9%&=]") {
            let good = signed(&fields(USER, "1800000000"), TOKEN);
            let at = at % good.len();
            let mut forged = good.clone();
            forged.replace_range(at..=at, &to);
            let same = |text: &str| form_urlencoded::parse(text.as_bytes()).map(|(n, v)| (n.into_owned(), v.into_owned())).collect::<std::collections::BTreeSet<_>>();
            // %2A and %2a are one letter.
            prop_assume!(same(&forged) != same(&good));
            prop_assert!(read(&forged).is_err(), "{}", forged);
        }
    }
}
