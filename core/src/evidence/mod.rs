//! What staff should know about a proof before they decide: how late it came, whether it came before, whether it can be of this payment at all.

mod likeness;
mod looking;

pub use likeness::{Grey, Print};
pub(crate) use looking::expect_in;
pub use looking::{Due, MOST_TRIES, due, looked};

use crate::Core;
use crate::code::ShortCode;
use crate::db::sql;
use crate::orders::Order;
use crate::payments::Payment;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use sea_orm::{DbErr, FromQueryResult};

/// Orders that a repeated picture is told of; one more tells that there are others.
pub const NAMED: usize = 5;

/// What is known about a proof beside what it says itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// It came after the order had ended.
    pub late: bool,
    /// How long after the order was placed it came.
    pub after: TimeDelta,
    /// So many proofs for this order were rejected before.
    pub rejected_before: i64,
    /// Other orders that the very same file was sent for, the first of them first; [`NAMED`] and one more at most.
    pub same_file: Vec<ShortCode>,
    /// Other orders that the same picture was sent for as another file: saved again, in another size, cropped.
    pub same_picture: Vec<ShortCode>,
    /// When the picture was first sent, if that was before the order.
    pub older: Option<DateTime<Utc>>,
    /// The UTR begins with another digit than its year ends with.
    pub other_year: bool,
}

/// What is known about a payment's proof.
///
/// # Errors
/// The database.
pub async fn of(core: &Core, payment: &Payment, order: &Order) -> Result<Evidence, DbErr> {
    #[derive(FromQueryResult)]
    struct Told {
        rejected_before: i64,
        sent_at: Option<DateTime<Utc>>,
    }
    let told = Told::find_by_statement(sql(
        "SELECT (SELECT count(*) FROM payment WHERE order_id = $1 AND state = 'rejected' AND id < $2) AS rejected_before,
                (SELECT sent_at FROM proof_photo WHERE payment_id = $2) AS sent_at",
        [order.id.into(), payment.id.into()],
    ))
    .one(core.db())
    .await?;
    let zone = core.settings().await?.shop.timezone;
    let digit = |at: DateTime<Utc>| at.with_timezone(&zone).year().rem_euclid(10);
    // Paid at some time from the order to its proof; a clock that is a little wrong is no evidence.
    let years = [order.placed_at - TimeDelta::hours(1), payment.submitted_at].map(digit);
    let first = payment.utr.as_deref().and_then(|utr| utr.chars().next()).and_then(|c| c.to_digit(10));
    // Telegram's times are whole seconds.
    let placed = order.placed_at - TimeDelta::nanoseconds(order.placed_at.timestamp_subsec_nanos().into());
    Ok(Evidence {
        late: payment.late,
        after: payment.submitted_at - order.placed_at,
        rejected_before: told.as_ref().map_or(0, |told| told.rejected_before),
        same_file: same_file(core, payment).await?,
        same_picture: same_picture(core, payment).await?,
        older: told.and_then(|told| told.sent_at).filter(|sent| *sent < placed),
        other_year: first.is_some_and(|first| !years.contains(&first.cast_signed())),
    })
}

#[derive(FromQueryResult)]
struct Code {
    code: ShortCode,
}

async fn same_file(core: &Core, payment: &Payment) -> Result<Vec<ShortCode>, DbErr> {
    let Some(unique_id) = &payment.photo_unique_id else {
        return Ok(Vec::new());
    };
    let text = "SELECT o.code FROM (SELECT order_id, min(id) AS first FROM payment WHERE photo_unique_id = $1 AND order_id <> $2 GROUP BY order_id) p
                JOIN orders o ON o.id = p.order_id ORDER BY p.first LIMIT $3";
    codes(core, text, unique_id.clone().into(), payment).await
}

async fn same_picture(core: &Core, payment: &Payment) -> Result<Vec<ShortCode>, DbErr> {
    let text = "SELECT o.code FROM (
                  SELECT p.order_id, min(p.id) AS first FROM payment p
                  WHERE p.id IN (SELECT other_id FROM proof_photo_twin WHERE payment_id = $1 UNION ALL SELECT payment_id FROM proof_photo_twin WHERE other_id = $1)
                    AND p.order_id <> $2 AND p.photo_unique_id IS DISTINCT FROM (SELECT photo_unique_id FROM payment WHERE id = $1)
                  GROUP BY p.order_id) p
                JOIN orders o ON o.id = p.order_id ORDER BY p.first LIMIT $3";
    codes(core, text, payment.id.into(), payment).await
}

async fn codes(core: &Core, text: &str, by: sea_orm::Value, payment: &Payment) -> Result<Vec<ShortCode>, DbErr> {
    let values = [by, payment.order_id.into(), (NAMED as i64 + 1).into()];
    let found = Code::find_by_statement(sql(text, values)).all(core.db()).await?;
    Ok(found.into_iter().map(|found| found.code).collect())
}
