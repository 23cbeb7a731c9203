//! Credentials: accounts bought ahead, sealed at rest, sold slot by slot, delivered in the transaction of the payment to the buyer alone.

pub mod import;
mod rotate;
pub mod typed;
pub mod updates;
mod vault;

pub use rotate::{Rotated, rotate};
pub use vault::{NotAKey, Sealed, Secret, Vault, VaultError};

use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::db::{Tx, retrying, sql, transient};
use crate::notifications::{self, Letter, Notice};
use crate::orders::{self, Order, OrderState};
use crate::users::User;
use crate::{Core, catalog};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Statement};
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

/// Free slots of a plan below which staff are told, at most once for each loading.
const LOW: i64 = 5;

/// Gives a paid order the next free slot of its plan: delivered, or, when there is none, waiting for stock. The same time whatever the stock's size:
/// one step into an index, past what others are taking at this moment.
pub(crate) async fn claim_in(tx: &Tx, now: DateTime<Utc>, order: &Order) -> Result<Order, DbErr> {
    let claimed = orders::Entity::find()
        .from_raw_sql(sql(
            "WITH free AS (
               SELECT id FROM slot WHERE plan_id = $2 AND order_id IS NULL AND retired_at IS NULL AND (expires_on IS NULL OR expires_on >= $3::timestamptz::date)
               ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
             ), claimed AS (
               UPDATE slot SET order_id = $1, claimed_at = $3 FROM free WHERE slot.id = free.id RETURNING slot.id
             )
             UPDATE orders SET state = CASE WHEN EXISTS (SELECT FROM claimed) THEN 'delivered' ELSE 'awaiting_stock' END,
                               delivered_at = CASE WHEN EXISTS (SELECT FROM claimed) THEN $3::timestamptz END
             WHERE id = $1 AND state IN ('paid', 'awaiting_stock') RETURNING *",
            [order.id.into(), order.plan_id.into(), now.into()],
        ))
        .one(tx)
        .await?
        .ok_or_else(|| DbErr::RecordNotUpdated)?;
    if let Some(notice) = shortage(tx, order, claimed.state).await? {
        notifications::tell_staff(tx, now, &notice.0, Some(notice.1)).await?;
    }
    Ok(claimed)
}

/// What staff are to know of the stock after a sale: once for each loading.
async fn shortage(tx: &Tx, order: &Order, state: OrderState) -> Result<Option<(Notice, String)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Left {
        free: i64,
        loading: i64,
        low_at: i64,
    }
    let left = Left::find_by_statement(sql(
        "SELECT (SELECT count(*) FROM (SELECT FROM slot WHERE plan_id = $1 AND order_id IS NULL AND retired_at IS NULL LIMIT $2) s) AS free,
                (SELECT coalesce(max(id), 0) FROM credential WHERE plan_id = $1) AS loading, $2::bigint - 1 AS low_at",
        [order.plan_id.into(), (LOW + 1).into()],
    ))
    .one(tx)
    .await?;
    Ok(left.filter(|left| left.free <= left.low_at || state == OrderState::AwaitingStock).map(|left| {
        let out = left.free == 0;
        let key = format!("stock-{}:{}:{}", if out { "out" } else { "low" }, order.plan_id, left.loading);
        (Notice::StockLow { plan: order.plan_id, left: left.free }, key)
    }))
}

/// The slot of an order that was given back is sold no more: its buyer has seen the password.
pub(crate) fn retiring(at: DateTime<Utc>, order_id: i64) -> Statement {
    sql("UPDATE slot SET retired_at = $2 WHERE order_id = $1 AND retired_at IS NULL", [order_id.into(), at.into()])
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
    /// Paid orders that wait for stock.
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
                (SELECT count(*) FROM orders o WHERE o.plan_id = p.id AND o.state = 'awaiting_stock' AND o.refunded < o.price) AS waiting
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

/// Whether an order was served from stock.
///
/// # Errors
/// The database.
pub async fn was_given(db: &impl ConnectionTrait, order_id: i64) -> Result<bool, DbErr> {
    Ok(db.query_one_raw(sql("SELECT 1 FROM slot WHERE order_id = $1", [order_id.into()])).await?.is_some())
}

/// Gives orders that wait for stock what has come, the longest waiting first, at most `limit`; answers how many. Any number of workers may do this at
/// once. Accounts whose last day is over are sold no more.
///
/// # Errors
/// The database.
pub async fn serve_waiting(core: &Core, limit: u64) -> Result<usize, DbErr> {
    let retired = "UPDATE slot SET retired_at = $1 WHERE order_id IS NULL AND retired_at IS NULL AND expires_on < $1::timestamptz::date";
    core.db().execute_raw(sql(retired, [core.now().into()])).await?;
    retrying(|| async {
        let tx = core.begin().await?;
        let waiting = orders::Entity::find()
            .from_raw_sql(sql(
                "SELECT o.* FROM orders o WHERE o.state = 'awaiting_stock' AND o.refunded < o.price
                   AND EXISTS (SELECT FROM slot s WHERE s.plan_id = o.plan_id AND s.order_id IS NULL AND s.retired_at IS NULL)
                 ORDER BY o.paid_at LIMIT $1 FOR UPDATE OF o SKIP LOCKED",
                [limit.cast_signed().into()],
            ))
            .all(&tx)
            .await?;
        let mut letters = Vec::new();
        for order in &waiting {
            let order = claim_in(&tx, core.now(), order).await?;
            if order.state == OrderState::Delivered {
                letters.push(Letter::to(order.buyer(), Notice::Credentials { order: order.id }));
            }
        }
        notifications::tell_all(&tx, core.now(), &letters).await?;
        tx.commit().await?;
        Ok(letters.len())
    })
    .await
}

#[derive(FromQueryResult)]
struct Row {
    slot_id: i64,
    id: i64,
    key_id: String,
    nonce: Vec<u8>,
    sealed: Vec<u8>,
}

impl Row {
    fn sealed(self) -> Sealed {
        Sealed { key_id: self.key_id, nonce: self.nonce, sealed: self.sealed }
    }
}

/// The credential that was delivered for an order, for its buyer's eyes: each look is written down first.
///
/// # Errors
/// Nothing was delivered for it from stock; the key is missing or another one.
pub async fn reveal(core: &Core, order: &Order) -> Result<Secret, CredentialError> {
    let row = Row::find_by_statement(sql(
        "SELECT s.id AS slot_id, c.id, c.key_id, c.nonce, c.sealed FROM slot s JOIN credential c ON c.id = s.credential_id WHERE s.order_id = $1",
        [order.id.into()],
    ))
    .one(core.db())
    .await?
    .ok_or(CredentialError::Nothing)?;
    let (slot_id, id) = (row.slot_id, row.id);
    let secret = core.vault().open(id, &row.sealed())?;
    core.db()
        .execute_raw(sql(
            "INSERT INTO reveal (slot_id, order_id, user_id, at) VALUES ($1, $2, $3, $4)",
            [slot_id.into(), order.id.into(), order.buyer_id.into(), core.now().into()],
        ))
        .await?;
    Ok(secret)
}

/// The same by the order's code, for whoever asks: only its buyer is answered, as long as it was not given back.
///
/// # Errors
/// As [`reveal`]; it is not their order.
pub async fn reveal_to(core: &Core, buyer: &User, code: &ShortCode) -> Result<(Order, Secret), CredentialError> {
    let order = orders::of_buyer(core.db(), buyer.user_id(), code).await?.ok_or(CredentialError::Nothing)?;
    if order.is_refunded() {
        return Err(CredentialError::Nothing);
    }
    let secret = reveal(core, &order).await?;
    Ok((order, secret))
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
