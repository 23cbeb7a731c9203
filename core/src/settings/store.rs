//! What an admin changed, and the snapshot that verbs read.

use super::source::keys;
use super::{Layers, Origin, Settings, SettingsError};
use crate::db::{Tx, sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How old a snapshot may be: other processes' changes are seen within this time.
const FRESH: Duration = Duration::from_secs(1);

/// The settings as they are now. One query a second at most, however many verbs read them.
#[derive(Debug)]
pub struct Store {
    layers: Layers,
    snapshot: RwLock<Snapshot>,
}

#[derive(Debug)]
struct Snapshot {
    read_at: Option<Instant>,
    changed: BTreeMap<String, String>,
    moved: BTreeMap<i64, i64>,
    settings: Arc<Settings>,
}

/// One setting as `/settings` shows it.
#[derive(Debug, Clone)]
pub struct Knob {
    /// `section.key`
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Where that comes from.
    pub origin: Origin,
}

#[derive(FromQueryResult)]
struct Changed {
    key: String,
    value: String,
}

#[derive(FromQueryResult)]
struct Moved {
    from_chat_id: i64,
    to_chat_id: i64,
}

impl Store {
    /// Settings without the database's layer, until it is first read.
    ///
    /// # Errors
    /// A setting of the layers is missing or wrong.
    pub fn try_new(layers: Layers) -> Result<Self, SettingsError> {
        let settings = Arc::new(layers.read(&BTreeMap::new())?);
        Ok(Self {
            layers,
            snapshot: RwLock::new(Snapshot { read_at: None, changed: BTreeMap::new(), moved: BTreeMap::new(), settings }),
        })
    }

    /// The layers below and above the database.
    #[must_use]
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// The settings as last read, without asking the database.
    #[must_use]
    pub fn last(&self) -> Arc<Settings> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner).settings)
    }

    /// The settings, at most a second old.
    ///
    /// # Errors
    /// The database.
    pub async fn get(&self, db: &impl ConnectionTrait) -> Result<Arc<Settings>, DbErr> {
        {
            let snapshot = self.snapshot.read().unwrap_or_else(PoisonError::into_inner);
            if snapshot.read_at.is_some_and(|at| at.elapsed() < FRESH) {
                return Ok(Arc::clone(&snapshot.settings));
            }
        }
        self.refresh(db).await
    }

    /// The settings as the database has them now.
    ///
    /// # Errors
    /// The database.
    pub async fn refresh(&self, db: &impl ConnectionTrait) -> Result<Arc<Settings>, DbErr> {
        let changed: BTreeMap<_, _> = changed(db).await?;
        let moved = Moved::find_by_statement(sql("SELECT from_chat_id, to_chat_id FROM chat_migration", [])).all(db).await?;
        let moved: BTreeMap<_, _> = moved.into_iter().map(|m| (m.from_chat_id, m.to_chat_id)).collect();
        let mut snapshot = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        snapshot.read_at = Some(Instant::now());
        if snapshot.changed != changed || snapshot.moved != moved {
            match self.layers.read(&changed) {
                Ok(mut settings) => {
                    let mut chat = settings.telegram.admin_chat_id;
                    // No more steps than moves: a circle, which only a hand can write, must not hang the shop.
                    for _ in 0..moved.len() {
                        match moved.get(&chat) {
                            Some(&to) if to != settings.telegram.admin_chat_id => chat = to,
                            _ => break,
                        }
                    }
                    settings.telegram.admin_chat_id = chat;
                    snapshot.settings = Arc::new(settings);
                }
                // Cannot come from `set`, which checks; a value written by hand must not stop the shop.
                Err(error) => tracing::error!(%error, "a setting in the database is wrong; the ones before it hold"),
            }
            snapshot.changed = changed;
            snapshot.moved = moved;
        }
        Ok(Arc::clone(&snapshot.settings))
    }
}

async fn changed(db: &impl ConnectionTrait) -> Result<BTreeMap<String, String>, DbErr> {
    let rows = Changed::find_by_statement(sql("SELECT key, value FROM setting", [])).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}

/// Every setting with its value and where that comes from.
///
/// # Errors
/// The database.
pub async fn list(store: &Store, db: &impl ConnectionTrait) -> Result<Vec<Knob>, DbErr> {
    let settings = store.refresh(db).await?;
    let changed = changed(db).await?;
    let tree = serde_json::to_value(&*settings).map_err(|e| DbErr::Custom(e.to_string()))?;
    let value = |key: &str| {
        key.split('.')
            .try_fold(&tree, |at, part| at.get(part))
            .map_or_else(String::new, |v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
    };
    Ok(keys().into_iter().map(|key| Knob { value: value(&key), origin: store.layers.origin(&key, &changed), key }).collect())
}

/// Why a setting was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// No such key.
    #[error("there is no setting {0}")]
    Unknown(String),
    /// Fixed by the environment, or read only at the start.
    #[error("{0} is fixed")]
    Fixed(String),
    /// Not a value for this key.
    #[error(transparent)]
    Wrong(#[from] SettingsError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Sections read once, at the start, or never again: changing them in the chat would change nothing.
const AT_START: [&str; 6] = ["http.", "database.", "plan.", "jobs.", "limits.", "gateways.poll_every"];
/// Who runs the shop is decided outside the chat: an admin must not make themself the owner, nor have the gateways' keys sent elsewhere.
const OUTSIDE: [&str; 4] = ["telegram.", "inbox.", "razorpay.api_url", "cashfree.api_url"];

/// Changes a setting and answers the old value. The caller writes the audit row in the same transaction.
///
/// # Errors
/// The key is unknown or fixed, or the value is not what it wants.
pub async fn set(store: &Store, tx: &Tx, at: chrono::DateTime<chrono::Utc>, by: i64, key: &str, value: &str) -> Result<String, SetError> {
    let old = list(store, tx).await?.into_iter().find(|knob| knob.key == key).ok_or_else(|| SetError::Unknown(key.to_owned()))?;
    if store.layers.is_fixed(key) || AT_START.iter().chain(&OUTSIDE).any(|section| key.starts_with(section)) {
        return Err(SetError::Fixed(key.to_owned()));
    }
    let mut changed = changed(tx).await?;
    changed.insert(key.to_owned(), value.to_owned());
    store.layers.read(&changed)?;
    tx.execute_raw(sql(
        "INSERT INTO setting (key, value, changed_by, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        [key.into(), value.into(), by.into(), at.into()],
    ))
    .await?;
    Ok(old.value)
}
