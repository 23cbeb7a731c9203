//! People, and who brought whom.

mod entity;
mod language;
mod name;

pub use entity::{Model as User, UserId};
pub use language::{LANGUAGES, choose_language, spoken};
pub use name::clean_name;

use crate::Core;
use crate::code::ShortCode;
use crate::db::{constraint, retrying, sql};
use crate::notifications::{self, Notice};
use crate::referrals::{self, Link, Origin};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Who writes, as Telegram tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Telegram's user id.
    pub telegram_id: i64,
    /// First and last name, raw.
    pub name: String,
    /// Without the @.
    pub username: Option<String>,
    /// The app's language, as Telegram names it (`hi`, `pt-br`).
    pub language: Option<String>,
}

/// What became of an invitation that came with someone's first word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitation {
    /// There was none.
    None,
    /// Bound to this person, for good.
    Bound(Box<User>),
    /// The code is nobody's.
    UnknownCode,
    /// The code is their own.
    OwnCode,
    /// They are known already: nothing is rebound.
    AlreadyKnown,
}

/// A person, and whether this update made them known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The person.
    pub user: User,
    /// Whether this is their first word.
    pub is_new: bool,
    /// What became of the invitation.
    pub invitation: Invitation,
}

/// A person by Telegram's id.
///
/// # Errors
/// The database.
pub async fn by_telegram_id(db: &impl ConnectionTrait, telegram_id: i64) -> Result<Option<User>, DbErr> {
    entity::Entity::find().filter(entity::Column::TelegramId.eq(telegram_id)).one(db).await
}

/// A person by our id.
///
/// # Errors
/// The database; nobody has the id.
pub async fn get(db: &impl ConnectionTrait, id: UserId) -> Result<User, DbErr> {
    entity::Entity::find_by_id(id.0).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("user {}", id.0)))
}

/// A person by our id, if there is one.
///
/// # Errors
/// The database.
pub async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<Option<User>, DbErr> {
    entity::Entity::find_by_id(id.0).one(db).await
}

/// A person by referral code.
///
/// # Errors
/// The database.
pub async fn by_code(db: &impl ConnectionTrait, code: &ShortCode) -> Result<Option<User>, DbErr> {
    entity::Entity::find().filter(entity::Column::Code.eq(code.clone())).one(db).await
}

/// People whom staff may mean: by Telegram's id, by `@name` in any case, or by referral code or the one that they chose.
///
/// # Errors
/// The database.
pub async fn search(db: &impl ConnectionTrait, text: &str) -> Result<Option<User>, DbErr> {
    let text = text.trim();
    if let Ok(id) = text.parse::<i64>()
        && let Some(user) = by_telegram_id(db, id).await?
    {
        return Ok(Some(user));
    }
    let name = text.strip_prefix('@').unwrap_or(text).to_lowercase();
    // The newest bearer of a name: Telegram lets names move from one account to another.
    let named = entity::Entity::find()
        .from_raw_sql(sql("SELECT * FROM users WHERE lower(username) = $1 ORDER BY id DESC LIMIT 1", [name.into()]))
        .one(db)
        .await?;
    match (named, text.parse::<ShortCode>()) {
        (Some(user), _) => Ok(Some(user)),
        (None, Ok(code)) => by_code(db, &code).await,
        (None, Err(_)) => match referrals::vanity_owner(db, text).await? {
            Some(owner) => Ok(Some(get(db, owner).await?)),
            None => Ok(None),
        },
    }
}

const REGISTER: &str = "
WITH made AS (
  INSERT INTO users (telegram_id, name, username, language, code, referred_by, first_update_id, joined_at)
  VALUES ($1, $2, $3, $4, $5, (SELECT id FROM users WHERE id = $6 AND telegram_id <> $1 AND erased_at IS NULL AND blocked_at IS NULL), $7, $8)
  ON CONFLICT (telegram_id) DO NOTHING
  RETURNING *
), happened AS (
  INSERT INTO fraud_event (kind, user_id, at) SELECT 'joined', id, joined_at FROM made WHERE referred_by IS NOT NULL
)
SELECT * FROM made";

/// Makes a person known at their first word, bound to the owner of `invited_by` if there is one; a known person is found.
///
/// # Errors
/// The database.
pub async fn arrive(core: &Core, sender: &Sender, invited_by: Option<&str>, update_id: i64) -> Result<Arrival, DbErr> {
    arrive_by(core, sender, invited_by.map_or(Link::None, Link::Code), update_id).await
}

/// The same by whatever link they came.
///
/// Binding happens only here, in the row's birth: once, to an earlier person, so that no cycle can arise. The same update again
/// (after a crash) answers what it answered first.
///
/// # Errors
/// The database.
pub async fn arrive_by(core: &Core, sender: &Sender, link: Link<'_>, update_id: i64) -> Result<Arrival, DbErr> {
    let origin = referrals::origin(core.db(), link).await?;
    let (user, fresh) = match by_telegram_id(core.db(), sender.telegram_id).await? {
        Some(user) => (user, false),
        None => retrying(|| register(core, sender, origin, update_id)).await?,
    };
    let is_new = fresh || user.first_update_id == update_id;
    let invitation = match (origin, user.referred_by) {
        (Origin::None | Origin::Campaign(_), _) => Invitation::None,
        (Origin::Person(owner), _) if owner == user.user_id() => Invitation::OwnCode,
        (_, _) if !is_new => Invitation::AlreadyKnown,
        (Origin::Person(_), Some(referrer)) => Invitation::Bound(Box::new(get(core.db(), UserId(referrer)).await?)),
        (_, _) => Invitation::UnknownCode,
    };
    if fresh {
        return Ok(Arrival { user, is_new, invitation });
    }
    referrals::opened(core, &user, origin).await?;
    Ok(Arrival { user: refresh(core, user, sender).await?, is_new, invitation })
}

async fn register(core: &Core, sender: &Sender, origin: Origin, update_id: i64) -> Result<(User, bool), DbErr> {
    let tx = core.begin().await?;
    let owner = if let Origin::Person(owner) = origin { Some(owner.0) } else { None };
    let made = entity::Entity::find()
        .from_raw_sql(sql(
            REGISTER,
            [
                sender.telegram_id.into(),
                clean_name(&sender.name).into(),
                sender.username.clone().into(),
                spoken(sender.language.as_deref().unwrap_or_default()).into(),
                core.short_code().into(),
                owner.into(),
                update_id.into(),
                core.now().into(),
            ],
        ))
        .one(&tx)
        .await;
    let made = match made {
        // Forty bits met twice: another code is drawn.
        Err(error) if constraint(&error).as_deref() == Some("users_code_key") => {
            tx.rollback().await?;
            return Box::pin(register(core, sender, origin, update_id)).await;
        }
        other => other?,
    };
    let Some(user) = made else {
        // Someone else's transaction made them known in this moment.
        tx.rollback().await?;
        let user = by_telegram_id(core.db(), sender.telegram_id).await?;
        return user.map(|user| (user, false)).ok_or_else(|| DbErr::RecordNotFound(format!("telegram user {}", sender.telegram_id)));
    };
    // Whoever was forgotten or blocked in this moment has brought nobody.
    let origin = if owner.is_some() && user.referred_by.is_none() { Origin::Unknown } else { origin };
    referrals::joined_in(&tx, core.now(), user.user_id(), origin).await?;
    if let Some(referrer) = user.referred_by {
        let notice = Notice::Joined { name: user.name.clone() };
        notifications::tell(&tx, core.now(), UserId(referrer), &notice, Some(format!("joined:{}", user.id))).await?;
    }
    tx.commit().await?;
    Ok((user, true))
}

/// Keeps the name as Telegram shows it now, and the app's language for who has chosen none; who writes can be reached again.
async fn refresh(core: &Core, mut user: User, sender: &Sender) -> Result<User, DbErr> {
    let name = clean_name(&sender.name);
    let language = match sender.language.as_deref() {
        Some(app) if !user.language_chosen => spoken(app),
        _ => user.language.as_str(),
    };
    if user.name != name || user.username != sender.username || !user.reachable || user.language != language {
        let language = language.to_owned();
        core.db()
            .execute_raw(sql(
                "UPDATE users SET name = $2, username = $3, reachable = true, language = CASE WHEN language_chosen THEN language ELSE $4 END WHERE id = $1",
                [user.id.into(), name.clone().into(), sender.username.clone().into(), language.clone().into()],
            ))
            .await?;
        user.name = name;
        user.username.clone_from(&sender.username);
        user.reachable = true;
        user.language = language;
    }
    Ok(user)
}

/// Remembers whether the bot can write to a person: they blocked it, or let it in again.
///
/// # Errors
/// The database.
pub async fn set_reachable(db: &impl ConnectionTrait, telegram_id: i64, reachable: bool) -> Result<(), DbErr> {
    db.execute_raw(sql(
        "UPDATE users SET reachable = $2 WHERE telegram_id = $1 AND reachable <> $2",
        [telegram_id.into(), reachable.into()],
    ))
    .await?;
    Ok(())
}
