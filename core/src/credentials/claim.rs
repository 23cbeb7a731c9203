//! Slots become a buyer's: in the transaction of the payment, or when stock comes for those who wait.

use crate::Core;
use crate::db::{Tx, retrying, sql};
use crate::notifications::{self, Letter, Notice};
use crate::orders::{self, Order, OrderState};
use crate::subscriptions;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Statement};

/// Which slots an order is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// At its payment: what it gives begins after that.
    Paid,
    /// Later, because it had to wait: what it gives has begun, and may be over.
    Waited,
}

/// What [`claim_in`] did.
pub(crate) struct Claimed {
    /// The order then: delivered, or waiting for stock, or for staff.
    pub(crate) order: Order,
    /// Whether its buyer has something to look at that they had not.
    pub(crate) served: bool,
}

/// A unit of an order that is not delivered.
#[derive(FromQueryResult)]
struct Open {
    n: i16,
    plan_id: i64,
    from_stock: bool,
}

/// Gives a paid order the next free slots of its plans; what there is no slot for waits. The same time whatever the stock's size: a step into an index
/// for each unit, past what others are taking at this moment.
pub(crate) async fn claim_in(core: &Core, tx: &Tx, order: &Order, when: When) -> Result<Claimed, DbErr> {
    let now = core.now();
    let settings = core.settings_store().get(tx).await?;
    if order.renews.is_some() {
        keep_in(tx, now, order, when, settings.shop.timezone.name()).await?;
    }
    let open = Open::find_by_statement(sql(
        "SELECT i.n, i.plan_id, p.delivery = 'from_stock' AS from_stock FROM order_item i JOIN plan p ON p.id = i.plan_id WHERE i.order_id = $1 AND i.delivered_at IS NULL
           -- What waited to be replaced until it was over is not given any more.
           AND NOT ($3 AND EXISTS (SELECT FROM orders o JOIN subscription s ON s.id = coalesce(o.renews, (SELECT b.id FROM subscription b WHERE b.order_id = o.id AND b.item = i.n))
                                   JOIN ticket t ON t.subscription_id = s.id AND t.state = 'replaced' WHERE o.id = $1 AND (s.ends_at <= $2 OR s.ended_at IS NOT NULL)))
         ORDER BY i.plan_id, i.n",
        [order.id.into(), now.into(), (when == When::Waited).into()],
    ))
    .all(tx)
    .await?;
    let wanted: Vec<&Open> = open.iter().filter(|unit| unit.from_stock).collect();
    let mut given = 0;
    for units in wanted.chunk_by(|one, other| one.plan_id == other.plan_id) {
        given += give_in(tx, order, units, now, settings.shop.day(now)).await?;
    }
    let by_hand = open.len() - wanted.len();
    let state = match by_hand {
        _ if given < wanted.len() => OrderState::AwaitingStock,
        1.. => OrderState::Paid,
        0 => OrderState::Delivered,
    };
    let delivered_at = (state == OrderState::Delivered).then_some(now);
    let order = orders::Entity::find()
        .from_raw_sql(sql(
            "UPDATE orders SET state = $2, delivered_at = $3 WHERE id = $1 AND state IN ('paid', 'awaiting_stock') RETURNING *",
            [order.id.into(), state.into(), delivered_at.into()],
        ))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotUpdated)?;
    if !wanted.is_empty() {
        for (notice, key) in shortages(tx, &order, i64::from(settings.stock.low)).await? {
            notifications::tell_staff(tx, now, &notice, Some(key)).await?;
        }
    }
    Ok(Claimed { order, served: given > 0 })
}

/// Gives these units of one plan its next free slots; answers how many there were. How many are wanted is in the text: PostgreSQL would expect a limit that
/// it does not know to be a tenth of all there is, and read that.
async fn give_in(tx: &Tx, order: &Order, units: &[&Open], now: DateTime<Utc>, today: NaiveDate) -> Result<usize, DbErr> {
    let Some(first) = units.first() else { return Ok(0) };
    let numbers: Vec<i16> = units.iter().map(|unit| unit.n).collect();
    let text = format!(
        "WITH wanted AS (
           SELECT n, turn FROM unnest($3::smallint[]) WITH ORDINALITY AS w (n, turn)
         ), free AS (
           SELECT s.id, row_number() OVER (ORDER BY s.id) AS turn FROM (
             SELECT id FROM slot WHERE plan_id = $2 AND order_id IS NULL AND retired_at IS NULL AND (expires_on IS NULL OR expires_on >= $5)
             ORDER BY id LIMIT {} FOR UPDATE SKIP LOCKED) s
         ), claimed AS (
           UPDATE slot SET order_id = $1, claimed_at = $4 FROM free WHERE slot.id = free.id
         )
         UPDATE order_item i SET slot_id = free.id, delivered_at = $4 FROM wanted JOIN free USING (turn) WHERE i.order_id = $1 AND i.n = wanted.n",
        units.len()
    );
    let values = [order.id.into(), first.plan_id.into(), numbers.into(), now.into(), today.into()];
    let given = tx.execute_raw(sql(&text, values)).await?;
    Ok(usize::try_from(given.rows_affected()).unwrap_or_default())
}

/// A renewal keeps the slot that its subscription has, where that works as long as it will last: its holder has that already.
async fn keep_in(tx: &Tx, now: DateTime<Utc>, order: &Order, when: When, zone: &str) -> Result<(), DbErr> {
    // Of two renewals at once the second sees how long the first lets it last, and a slot that is being replaced is not kept.
    subscriptions::lock(tx, order).await?;
    let text = "UPDATE order_item i SET slot_id = had.id, delivered_at = $2
         FROM subscription s CROSS JOIN LATERAL (
           SELECT slot.* FROM order_item before JOIN orders o ON o.id = before.order_id JOIN slot ON slot.id = before.slot_id
           WHERE (o.id = s.order_id AND before.n = s.item OR o.renews = s.id) AND before.delivered_at IS NOT NULL ORDER BY before.delivered_at DESC, o.id DESC LIMIT 1) had
         WHERE s.id = $3 AND i.order_id = $1 AND i.delivered_at IS NULL AND had.retired_at IS NULL AND s.ended_at IS NULL
           AND (had.expires_on IS NULL OR had.expires_on >= ((greatest(s.ends_at, $2) + CASE WHEN $4 THEN 0 ELSE i.period_days END * interval '1 day') AT TIME ZONE $5)::date)";
    tx.execute_raw(sql(text, [order.id.into(), now.into(), order.renews.into(), (when == When::Waited).into(), zone.into()]))
        .await?;
    Ok(())
}

/// What staff are to know of the stock after a sale: once for each loading.
pub(super) async fn shortages(tx: &Tx, order: &Order, low: i64) -> Result<Vec<(Notice, String)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Left {
        plan_id: i64,
        free: i64,
        loading: i64,
    }
    let left = Left::find_by_statement(sql(
        "SELECT i.plan_id, (SELECT count(*) FROM (SELECT FROM slot WHERE plan_id = i.plan_id AND order_id IS NULL AND retired_at IS NULL LIMIT $2) s) AS free,
                (SELECT coalesce(max(id), 0) FROM credential WHERE plan_id = i.plan_id) AS loading
         FROM (SELECT DISTINCT plan_id FROM order_item WHERE order_id = $1) i JOIN plan p ON p.id = i.plan_id AND p.delivery = 'from_stock'",
        [order.id.into(), (low + 1).into()],
    ))
    .all(tx)
    .await?;
    let short = left.into_iter().filter(|left| left.free <= low).map(|left| {
        let key = format!("stock-{}:{}:{}", if left.free == 0 { "out" } else { "low" }, left.plan_id, left.loading);
        (Notice::StockLow { plan: left.plan_id, left: left.free }, key)
    });
    Ok(short.collect())
}

/// The slots of an order that was given back are sold no more: its buyer has seen the passwords. Those that another order still uses go on.
pub(crate) fn retiring(at: DateTime<Utc>, order_id: i64) -> Statement {
    sql(
        "UPDATE slot SET retired_at = $2 FROM order_item i WHERE i.order_id = $1 AND slot.id = i.slot_id AND slot.retired_at IS NULL
           AND NOT EXISTS (SELECT FROM order_item other JOIN orders o ON o.id = other.order_id
                           WHERE other.slot_id = slot.id AND o.id <> $1 AND o.refunded < o.price)",
        [order_id.into(), at.into()],
    )
}

/// What an order waited for in a subscription's name is waited for by another of its orders that was paid, when the first is given back: a renewal and
/// what it renews share a slot, and of them the newest waits for its replacement. After the subscription's time was taken back.
pub(crate) fn handing_on(at: DateTime<Utc>, order_id: i64) -> Statement {
    sql(
        "WITH heir AS (
           SELECT i.order_id, i.n
           FROM orders given JOIN order_item w ON w.order_id = given.id AND w.delivered_at IS NULL
           JOIN subscription s ON s.id = coalesce(given.renews, (SELECT b.id FROM subscription b WHERE b.order_id = given.id AND b.item = w.n)) AND s.ended_at IS NULL AND s.ends_at > $2
           JOIN plan p ON p.id = s.plan_id AND p.delivery = 'from_stock'
           JOIN orders o ON (o.id = s.order_id OR o.renews = s.id) AND o.id <> given.id AND o.paid_at IS NOT NULL AND o.refunded < o.price
           JOIN order_item i ON i.order_id = o.id AND (o.renews = s.id OR i.n = s.item) AND i.slot_id IS NULL AND i.delivered_at IS NOT NULL
           WHERE given.id = $1 ORDER BY o.id DESC LIMIT 1
         ), open AS (
           UPDATE order_item i SET delivered_at = NULL FROM heir h WHERE i.order_id = h.order_id AND i.n = h.n
         )
         UPDATE orders o SET state = 'awaiting_stock', delivered_at = NULL FROM heir h WHERE o.id = h.order_id AND o.state IN ('paid', 'delivered')",
        [order_id.into(), at.into()],
    )
}

/// Gives orders that wait for stock what has come, the longest waiting first, at most `limit`; answers how many got something. Any number of workers
/// may do this at once. Accounts whose last day is over are sold no more.
///
/// # Errors
/// The database.
pub async fn serve_waiting(core: &Core, limit: u64) -> Result<usize, DbErr> {
    let today = core.settings().await?.shop.day(core.now());
    let retired = "UPDATE slot SET retired_at = $1 WHERE order_id IS NULL AND retired_at IS NULL AND expires_on < $2";
    core.db().execute_raw(sql(retired, [core.now().into(), today.into()])).await?;
    retrying(|| async {
        let tx = core.begin().await?;
        let waiting = orders::Entity::find()
            .from_raw_sql(sql(
                "SELECT o.* FROM orders o WHERE o.state = 'awaiting_stock' AND o.refunded < o.price
                   AND EXISTS (SELECT FROM order_item i JOIN slot s ON s.plan_id = i.plan_id AND s.order_id IS NULL AND s.retired_at IS NULL
                               WHERE i.order_id = o.id AND i.delivered_at IS NULL)
                 ORDER BY o.paid_at LIMIT $1 FOR UPDATE OF o SKIP LOCKED",
                [limit.cast_signed().into()],
            ))
            .all(&tx)
            .await?;
        let (mut served, mut letters) = (0, Vec::new());
        for order in &waiting {
            let claimed = claim_in(core, &tx, order, When::Waited).await?;
            served += usize::from(claimed.served);
            let holder = claimed.order.holder().filter(|_| claimed.served);
            letters.extend(holder.map(|holder| Letter::to(holder, Notice::Credentials { order: order.id })));
        }
        notifications::tell_all(&tx, core.now(), &letters).await?;
        tx.commit().await?;
        Ok(served)
    })
    .await
}
