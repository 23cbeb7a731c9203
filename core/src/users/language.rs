//! The languages that the shop speaks, and who reads which.

use super::UserId;
use crate::Core;
use crate::db::{Applied, sql};
use sea_orm::{ConnectionTrait, DbErr};

/// The languages that the shop speaks, as two-letter codes: that of everyone else first.
pub const LANGUAGES: [&str; 2] = ["en", "hi"];

/// The language in which someone is served whose app says `code` (`hi`, `hi-IN`, `pt-br`, nothing).
#[must_use]
pub fn spoken(code: &str) -> &'static str {
    let primary = code.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|language| language.eq_ignore_ascii_case(primary)).unwrap_or(LANGUAGES[0])
}

/// A person chooses their language, for good: their app's is not asked any more.
///
/// # Errors
/// The database.
pub async fn choose_language(core: &Core, person: UserId, language: &'static str) -> Result<Applied<()>, DbErr> {
    let chosen = core
        .db()
        .execute_raw(sql(
            "UPDATE users SET language = $2, language_chosen = true WHERE id = $1 AND (language <> $2 OR NOT language_chosen)",
            [person.0.into(), language.into()],
        ))
        .await?;
    Ok(if chosen.rows_affected() > 0 { Applied::Now(()) } else { Applied::Already(()) })
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn an_apps_language_is_one_of_ours_or_the_first() {
        for (code, language) in [
            ("hi", "hi"),
            ("hi-IN", "hi"),
            ("HI_in", "hi"),
            ("en-US", "en"),
            ("pt-br", "en"),
            ("hif", "en"),
            ("", "en"),
            ("-", "en"),
            ("'; DROP", "en"),
        ] {
            assert_eq!(spoken(code), language, "{code}");
        }
    }
}
