//! The domain: what Mela knows and does. Knows PostgreSQL, knows no Telegram and no queue.
//!
//! Every noun is a room with the same furniture: `mod.rs` (verbs), `entity.rs` (tables), `policy.rs` (pure arithmetic).
//! A verb is one transaction; its `_in` twin composes in a caller's.

pub mod adjustments;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod clock;
pub mod code;
pub mod commissions;
pub mod coupons;
pub mod credentials;
pub mod credits;
pub mod db;
pub mod embedded;
pub mod evidence;
pub mod fraud;
pub mod gateways;
pub mod gifts;
pub mod ledger;
pub mod money;
pub mod notifications;
pub mod orders;
pub mod payments;
pub mod privacy;
mod purses;
pub mod receipts;
pub mod reconciliation;
pub mod referrals;
pub mod refunds;
pub mod reports;
pub mod settings;
pub mod sheet;
pub mod shop;
pub mod signature;
pub mod staff;
pub mod stars;
pub mod subscriptions;
pub mod tds;
pub mod tickets;
pub mod treasury;
pub mod users;
pub mod verification;
pub mod welcome;
pub mod withdrawals;

use chrono::{DateTime, Utc};
use clock::Clock;
use code::{Codes, ShortCode};
use db::{Fault, Tx};
use sea_orm::{DatabaseConnection, DbErr};
use settings::Settings;
use std::sync::Arc;
use tokio::sync::Notify;

/// What every verb needs: the database, the clock, codes, settings. Clones are the same thing.
#[derive(Clone)]
pub struct Core {
    parts: Arc<Parts>,
    fault: Option<Fault>,
}

#[derive(Debug)]
struct Parts {
    db: DatabaseConnection,
    clock: Clock,
    codes: Codes,
    settings: settings::Store,
    bell: Arc<Notify>,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.fmt(f)
    }
}

impl Core {
    /// The domain over a migrated database.
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Clock, codes: Codes, settings: settings::Store) -> Self {
        Self { parts: Arc::new(Parts { db, clock, codes, settings, bell: Arc::default() }), fault: None }
    }

    /// The same shop with a fault in every transaction: for tests of what a crash leaves.
    #[must_use]
    pub fn with_fault(&self, fault: Fault) -> Self {
        Self { parts: Arc::clone(&self.parts), fault: Some(fault) }
    }

    /// The same shop without a test's fault: for what follows a verb that is done, and cannot undo it.
    pub(crate) fn apart(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), fault: None }
    }

    /// For reads.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.parts.db
    }

    /// Begins the transaction of a verb, READ COMMITTED.
    ///
    /// # Errors
    /// The database.
    pub async fn begin(&self) -> Result<Tx, DbErr> {
        Tx::begin(&self.parts.db, self.fault.clone(), Arc::clone(&self.parts.bell)).await
    }

    /// Rung by every commit: what was told may be waiting to be sent.
    pub(crate) fn bell(&self) -> &Notify {
        &self.parts.bell
    }

    /// The shop's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    /// The shop's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    /// A fresh short code.
    #[must_use]
    pub fn short_code(&self) -> ShortCode {
        self.parts.codes.next()
    }

    /// Random bytes.
    pub(crate) fn random_bytes<const N: usize>(&self) -> [u8; N] {
        self.parts.codes.bytes()
    }

    /// The keys of what is sealed.
    #[must_use]
    pub fn vault(&self) -> &credentials::Vault {
        self.parts.settings.layers().vault()
    }

    /// The settings as they are now: take one snapshot a verb. Inside a transaction ask [`Core::settings_store`] with the transaction:
    /// with as many verbs at once as the pool has connections, all would hold one and wait for another.
    ///
    /// # Errors
    /// The database.
    pub async fn settings(&self) -> Result<Arc<Settings>, DbErr> {
        self.parts.settings.get(&self.parts.db).await
    }

    /// Where settings come from.
    #[must_use]
    pub fn settings_store(&self) -> &settings::Store {
        &self.parts.settings
    }
}
