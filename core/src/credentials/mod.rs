//! Credentials: accounts bought ahead, sealed at rest, sold slot by slot, delivered in the transaction of the payment to the buyer alone.

mod claim;
pub mod import;
mod replace;
mod reveal;
mod rotate;
pub mod typed;
pub mod updates;
mod vault;

pub use claim::serve_waiting;
pub(crate) use claim::{When, claim_in, handing_on, retiring};
pub(crate) use replace::{Exchange, exchange_in};
pub use replace::{Holding, holding};
pub use reveal::{Page, Revealed, reveal, reveal_item, reveal_to};
pub use rotate::{Rotated, rotate};
pub use vault::{NotAKey, Sealed, Secret, Vault, VaultError};

use crate::audit::{self, Actor};
use crate::db::{Tx, retrying, sql, transient};
use crate::fraud::signals::SignalError;
use crate::notifications::{self, Notice};
use crate::{Core, catalog};
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use vault::NONCE;

/// Why accounts were not loaded, or a credential not shown.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The key is missing or another one.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The plan is delivered by hand.
    #[error("the plan is delivered by hand")]
    ByHand,
    /// The person has no such order, or nothing was delivered for it from stock.
    #[error("nothing to show")]
    Nothing,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CredentialError);

impl From<SignalError> for CredentialError {
    fn from(error: SignalError) -> Self {
        match error {
            SignalError::Vault(trouble) => Self::Vault(trouble),
            SignalError::Db(error) => Self::Db(error),
        }
    }
}

/// An account to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the buyer of a slot is given.
    pub secret: Secret,
    /// How many it is sold to, 1 to 100.
    pub slots: i16,
    /// The last day on which it works.
    pub expires_on: Option<NaiveDate>,
}

/// What loading did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// New accounts.
    pub accounts: usize,
    /// Their slots.
    pub slots: usize,
    /// Accounts that were there before.
    pub known: usize,
}

/// Accounts that one statement brings.
const ROWS: usize = 1_000;

/// Loads accounts of a plan that is delivered from stock: all or none. The same account again is known, not loaded twice.
///
/// # Errors
/// There is no key; the plan is delivered by hand.
pub async fn load(core: &Core, plan: &catalog::Plan, accounts: &[Account], by: &Actor) -> Result<Loaded, CredentialError> {
    if plan.delivery != catalog::Delivery::FromStock {
        return Err(CredentialError::ByHand);
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let mut loaded = Loaded::default();
        for rows in accounts.chunks(ROWS) {
            let slots = load_in(core, &tx, plan.id, rows, by).await?;
            loaded.accounts += slots.len();
            loaded.slots += slots.iter().map(|&n| usize::try_from(n).unwrap_or_default()).sum::<usize>();
        }
        loaded.known = accounts.len() - loaded.accounts;
        let detail = format!("{} accounts, {} slots, {} known", loaded.accounts, loaded.slots, loaded.known);
        audit::record(&tx, core.now(), by, "stock.load", &plan.code, &detail).await?;
        tx.commit().await?;
        Ok(loaded)
    })
    .await
}

/// Answers the slots of those that were new.
async fn load_in(core: &Core, tx: &Tx, plan_id: i64, accounts: &[Account], by: &Actor) -> Result<Vec<i16>, CredentialError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    #[derive(FromQueryResult)]
    struct New {
        slots: i16,
    }
    // The id is drawn first: what is sealed is bound to its row.
    let draw = sql(
        "SELECT nextval('credential_id_seq') AS id FROM generate_series(1, $1)",
        [i64::try_from(accounts.len()).unwrap_or(i64::MAX).into()],
    );
    let ids: Vec<i64> = Id::find_by_statement(draw).all(tx).await?.into_iter().map(|row| row.id).collect();
    let vault = core.vault();
    let (mut nonces, mut sealed, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    for (&id, account) in ids.iter().zip(accounts) {
        let row = vault.seal(id, &account.secret, core.random_bytes::<NONCE>())?;
        nonces.push(row.nonce);
        sealed.push(row.sealed);
        marks.push(vault.mark(plan_id, &account.secret)?);
    }
    let slots: Vec<i16> = accounts.iter().map(|account| account.slots).collect();
    let expiries: Vec<String> = accounts.iter().map(|account| account.expires_on.map(|day| day.to_string()).unwrap_or_default()).collect();
    let made = New::find_by_statement(sql(
        "WITH made AS (
           INSERT INTO credential (id, plan_id, key_id, nonce, sealed, mark, slots, expires_on, loaded_at, loaded_by) OVERRIDING SYSTEM VALUE
           SELECT a.id, $1, $2, a.nonce, a.sealed, a.mark, a.slots, nullif(a.expires_on, '')::date, $3, $4
           FROM unnest($5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[], $9::smallint[], $10::text[]) AS a (id, nonce, sealed, mark, slots, expires_on)
           ON CONFLICT (plan_id, mark) DO NOTHING RETURNING id, slots, expires_on
         ), cut AS (
           INSERT INTO slot (credential_id, plan_id, expires_on) SELECT made.id, $1, made.expires_on FROM made CROSS JOIN LATERAL generate_series(1, made.slots) ORDER BY made.id
         )
         SELECT slots FROM made",
        [
            plan_id.into(),
            vault.key_id()?.into(),
            core.now().into(),
            by.telegram_id.into(),
            ids.into(),
            nonces.into(),
            sealed.into(),
            marks.into(),
            slots.into(),
            expiries.into(),
        ],
    ))
    .all(tx)
    .await?;
    Ok(made.into_iter().map(|row| row.slots).collect())
}

/// What is left of a plan's stock.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Shelf {
    /// The plan's row id.
    pub id: i64,
    /// The plan's code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Slots to be sold.
    pub free: i64,
    /// Slots sold.
    pub sold: i64,
    /// Slots that are sold no more.
    pub retired: i64,
    /// Paid units that wait for stock.
    pub waiting: i64,
}

/// The stock of every plan that is delivered from it.
///
/// # Errors
/// The database.
pub async fn shelves(db: &impl ConnectionTrait) -> Result<Vec<Shelf>, DbErr> {
    Shelf::find_by_statement(sql(
        "SELECT p.id, p.code, p.title, count(s.id) FILTER (WHERE s.order_id IS NULL AND s.retired_at IS NULL) AS free, count(s.order_id) AS sold,
                count(s.id) FILTER (WHERE s.order_id IS NULL AND s.retired_at IS NOT NULL) AS retired,
                (SELECT count(*) FROM order_item i JOIN orders o ON o.id = i.order_id
                 WHERE i.plan_id = p.id AND i.delivered_at IS NULL AND o.state = 'awaiting_stock' AND o.refunded < o.price) AS waiting
         FROM plan p LEFT JOIN slot s ON s.plan_id = p.id WHERE p.delivery = 'from_stock' GROUP BY p.id ORDER BY p.position, p.id",
        [],
    ))
    .all(db)
    .await
}

/// Whether a plan can be delivered: by hand always, from stock while there is any.
///
/// # Errors
/// The database.
pub async fn in_stock(db: &impl ConnectionTrait, plan: &catalog::Plan) -> Result<bool, DbErr> {
    if plan.delivery == catalog::Delivery::ByHand {
        return Ok(true);
    }
    let row = db
        .query_one_raw(sql("SELECT 1 FROM slot WHERE plan_id = $1 AND order_id IS NULL AND retired_at IS NULL LIMIT 1", [plan.id.into()]))
        .await?;
    Ok(row.is_some())
}

/// Whether something of an order was served from stock.
///
/// # Errors
/// The database.
pub async fn was_given(db: &impl ConnectionTrait, order_id: i64) -> Result<bool, DbErr> {
    Ok(db
        .query_one_raw(sql("SELECT 1 FROM order_item WHERE order_id = $1 AND slot_id IS NOT NULL", [order_id.into()]))
        .await?
        .is_some())
}

/// Whether a slot was claimed for this very order: a renewal may keep the one that was there.
///
/// # Errors
/// The database.
pub async fn was_claimed(db: &impl ConnectionTrait, order_id: i64) -> Result<bool, DbErr> {
    Ok(db.query_one_raw(sql("SELECT 1 FROM slot WHERE order_id = $1 LIMIT 1", [order_id.into()])).await?.is_some())
}

/// Tells staff that credentials cannot be opened: once for each kind of trouble an hour.
///
/// # Errors
/// The database.
pub async fn alarm(core: &Core, trouble: &VaultError) -> Result<(), DbErr> {
    let text = format!("Credentials cannot be delivered: {trouble}. Nothing is lost: they are sent when the right key is set.");
    let key = format!("vault:{}:{trouble}", core.now().format("%Y-%m-%dT%H"));
    notifications::alert(core, &Notice::Alarm { text }, Some(key)).await
}
