//! Codes that people choose for their link: read as referral codes are, in any letter case, with O as 0 and I and L as 1.

use crate::Core;
use crate::code::ShortCode;
use crate::db::{Applied, sql, transient};
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::fmt;

/// Why a code cannot be somebody's.
#[derive(Debug, thiserror::Error)]
pub enum VanityError {
    /// It is not 3 to 16 letters, digits and underscores, the first a letter.
    #[error("not a code")]
    Shape,
    /// It says that it is the shop's, or a link would be read otherwise.
    #[error("reserved")]
    Reserved,
    /// It could be read as a referral code that somebody has or will have.
    #[error("could be a referral code")]
    LikeACode,
    /// It is somebody else's, or looks like theirs.
    #[error("taken")]
    Taken,
    /// The person chose this one before.
    #[error("{0} was chosen before")]
    Chosen(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(VanityError);

/// In no part of a code between underscores: who has one would seem to be the shop, or the link another's.
const STRONG: [&str; 17] = [
    "mela", "admin", "admins", "support", "official", "owner", "staff", "team", "help", "bot", "telegram", "ref", "plan", "gift", "campaign",
    "verify", "pay",
];
/// A code made of these alone, and of those above, is the shop's: its commands, and what its links begin with.
const WORDS: [&str; 65] = [
    "adm",
    "audit",
    "backup",
    "ban",
    "block",
    "broadcast",
    "buy",
    "c",
    "cancel",
    "cart",
    "cash",
    "contest",
    "contests",
    "coupon",
    "credit",
    "credits",
    "customer",
    "debit",
    "earn",
    "earnings",
    "erase",
    "export",
    "fraud",
    "free",
    "home",
    "id",
    "import",
    "language",
    "money",
    "news",
    "notifications",
    "offer",
    "order",
    "orders",
    "payments",
    "paysupport",
    "pending",
    "plans",
    "privacy",
    "prize",
    "products",
    "real",
    "reconcile",
    "refer",
    "referral",
    "referrers",
    "refund",
    "release",
    "settings",
    "shop",
    "start",
    "statement",
    "stats",
    "stock",
    "subscriptions",
    "terms",
    "the",
    "tree",
    "unblock",
    "upi",
    "user",
    "wallet",
    "withdraw",
    "withdrawal",
    "leaderboard",
];

/// A code that somebody may choose, as far as its letters go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vanity(String);

fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

/// How a code that was typed or came with a link is looked for; nothing for what is none.
fn read(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let fits = (3..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    fits.then(|| folded(&text))
}

/// Whether a text is made of such words and digits, one after another.
fn made_of(text: &str, words: &[String]) -> bool {
    text.is_empty()
        || words.iter().any(|word| text.strip_prefix(word.as_str()).is_some_and(|rest| made_of(rest, words)))
        || text.starts_with(|c: char| c.is_ascii_digit()) && made_of(&text[1..], words)
}

impl Vanity {
    /// Reads what somebody wants to have, in a shop of this name.
    ///
    /// # Errors
    /// It is no code, reserved, or could be a referral code.
    pub fn try_new(text: &str, shop: &str) -> Result<Self, VanityError> {
        let text = text.trim().trim_start_matches('@').to_ascii_lowercase();
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        let Some(read) = read(&text).filter(|_| begins && !text.ends_with('_') && !text.contains("__")) else {
            return Err(VanityError::Shape);
        };
        let shop: String = shop.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let strong: Vec<String> = STRONG.iter().copied().chain([shop.as_str()]).filter(|word| word.len() >= 3).map(folded).collect();
        let is_the_shops = |part: &str| strong.iter().any(|word| word == part);
        let words: Vec<String> = strong.iter().cloned().chain(WORDS.iter().map(|word| folded(word))).collect();
        let parts: Vec<&str> = read.split('_').collect();
        // `c_` begins a campaign's link.
        if parts.iter().any(|part| is_the_shops(part)) || parts[0] == "c" || made_of(&parts.concat(), &words) {
            return Err(VanityError::Reserved);
        }
        if text.parse::<ShortCode>().is_ok() {
            return Err(VanityError::LikeACode);
        }
        Ok(Self(text))
    }

    /// As its owner wrote it, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Vanity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(FromQueryResult)]
struct Row {
    folded: String,
    shown: String,
    user_id: Option<i64>,
}

async fn find(db: &impl ConnectionTrait, which: &str, value: sea_orm::Value) -> Result<Option<Row>, DbErr> {
    Row::find_by_statement(sql(&format!("SELECT folded, shown, user_id FROM vanity WHERE {which} = $1"), [value]))
        .one(db)
        .await
}

/// The code that a person chose.
///
/// # Errors
/// The database.
pub async fn of(db: &impl ConnectionTrait, person: UserId) -> Result<Option<String>, DbErr> {
    Ok(find(db, "user_id", person.0.into()).await?.map(|row| row.shown))
}

/// Whose a chosen code is, however it was written.
///
/// # Errors
/// The database.
pub async fn owner(db: &impl ConnectionTrait, text: &str) -> Result<Option<UserId>, DbErr> {
    match read(text) {
        Some(read) => Ok(find(db, "folded", read.into()).await?.and_then(|row| row.user_id).map(UserId)),
        None => Ok(None),
    }
}

/// Who invites people by a chosen code now.
pub(super) async fn inviting(db: &impl ConnectionTrait, text: &str) -> Result<Option<UserId>, DbErr> {
    let Some(read) = read(text) else { return Ok(None) };
    let found = "SELECT v.folded, v.shown, v.user_id FROM vanity v JOIN users u ON u.id = v.user_id WHERE v.folded = $1 AND u.erased_at IS NULL AND u.blocked_at IS NULL";
    Ok(Row::find_by_statement(sql(found, [read.into()])).one(db).await?.and_then(|row| row.user_id).map(UserId))
}

/// Whether a person could choose a code now: nobody has it, and they have none.
///
/// # Errors
/// It is taken; they chose one before.
pub async fn free(db: &impl ConnectionTrait, person: UserId, vanity: &Vanity) -> Result<(), VanityError> {
    if let Some(mine) = of(db, person).await? {
        return Err(VanityError::Chosen(mine));
    }
    if find(db, "folded", folded(vanity.as_str()).into()).await?.is_some() {
        Err(VanityError::Taken)
    } else {
        Ok(())
    }
}

/// A person chooses their code, once and for good. Of two who want the same one wins; choosing one's own again is no error.
///
/// # Errors
/// It is taken; they chose another before.
pub async fn choose(core: &Core, person: UserId, vanity: &Vanity) -> Result<Applied<()>, VanityError> {
    let wanted = folded(vanity.as_str());
    // Who is being forgotten chooses nothing any more.
    let chosen = core
        .db()
        .execute_raw(sql(
            "INSERT INTO vanity (folded, shown, user_id, chosen_at) SELECT $2::text, $3::text, id, $4::timestamptz FROM users WHERE id = $1 AND erased_at IS NULL FOR SHARE
             ON CONFLICT DO NOTHING",
            [person.0.into(), wanted.clone().into(), vanity.as_str().into(), core.now().into()],
        ))
        .await?;
    if chosen.rows_affected() == 1 {
        return Ok(Applied::Now(()));
    }
    match find(core.db(), "user_id", person.0.into()).await? {
        Some(mine) if mine.folded == wanted => Ok(Applied::Already(())),
        Some(mine) => Err(VanityError::Chosen(mine.shown)),
        None => Err(VanityError::Taken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> String {
        match Vanity::try_new(text, "Sona Store") {
            Ok(vanity) => vanity.to_string(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn what_people_may_choose() {
        for (text, wanted) in [
            ("Asha_K", "asha_k"),
            (" @ravi99 ", "ravi99"),
            ("pamela", "pamela"),
            ("planet_x", "planet_x"),
            ("abc", "abc"),
            ("a23456789012345b", "a23456789012345b"),
            ("asha_kum", "asha_kum"),
            ("thumbsup", "thumbsup"),
        ] {
            assert_eq!(outcome(text), wanted, "{text}");
        }
        for text in ["", "ab", "a2345678901234567", "9asha", "_asha", "asha_", "as__ha", "as-ha", "आशा", "a b c", "asha\0", "é12", "asha|x"] {
            assert_eq!(outcome(text), "Shape", "{text}");
        }
        for text in ["abcdefgh", "ashakmar", "OIL8KMAR", "rajeshk1"] {
            assert_eq!(outcome(text), "LikeACode", "{text}");
        }
    }

    #[test]
    fn the_shops_own_words_are_reserved_however_they_are_written() {
        for text in [
            "mela",
            "MELA",
            "me1a",
            "mela24",
            "mela_shop",
            "admin",
            "adm1n",
            "supp0rt",
            "asha_support",
            "ref_asha",
            "asha_plan",
            "asha_plan_x",
            "plan_b",
            "c_diwali",
            "gift_x",
            "sonastore",
            "s0nast0re",
            "sona_store",
            "sonastore_24",
            "withdraw",
            "refer",
            "wallet",
            "freemoney",
            "officialhelp",
            "start",
        ] {
            assert_eq!(outcome(text), "Reserved", "{text}");
        }
    }
}
