//! Receipts: every paid order has one, with a consecutive number, and it says for ever what it said first.
//!
//! Numbers are given outside of the sale's transaction, by a sweep: a counter that every sale locked through its commit would bound them all to one disk's
//! fsync. Whoever asks for a receipt sweeps first.

mod number;
pub mod tax;

pub(crate) use number::first_day_of_year;
pub use number::{day, financial_year};

use crate::code::ShortCode;
use crate::db::{Tx, retrying, sql};
use crate::money::Rupees;
use crate::orders::{self, Order};
use crate::payments::{self, Method};
use crate::refunds::{self, Refund};
use crate::settings::Settings;
use crate::{Core, users};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tax::Tax;

/// Who issued a receipt: the shop as its settings described it then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// The shop's name.
    pub shop: String,
    /// Where a customer finds a person; may be empty.
    pub support: String,
    /// Who stands behind the shop; may be empty.
    pub legal_name: String,
    /// Where; may be empty.
    pub address: String,
    /// What makes it a tax invoice.
    pub gst: Option<Gst>,
}

/// The registration of a shop that collects tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gst {
    /// Its number.
    pub gstin: String,
    /// The state in which it is registered.
    pub state: String,
    /// The rate that prices include.
    pub percent: Decimal,
    /// The code of what is sold (HSN or SAC).
    pub sac: String,
}

impl Issuer {
    fn of(settings: &Settings) -> Self {
        let shop = &settings.shop;
        let gst = shop.gstin.get().map(|gstin| Gst {
            gstin: gstin.to_owned(),
            state: shop.state.clone(),
            percent: shop.gst_percent.decimal().normalize(),
            sac: shop.sac.clone(),
        });
        Self {
            shop: shop.name.as_str().to_owned(),
            support: shop.support.clone(),
            legal_name: shop.legal_name.clone(),
            address: shop.address.clone(),
            gst,
        }
    }
}

/// A receipt, whole: what a page is drawn from. It knows no clock, so that it says the same whenever it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// The day of the payment, in India.
    pub date: NaiveDate,
    /// Who issued it.
    pub issuer: Issuer,
    /// The buyer's name then.
    pub buyer: String,
    /// The order.
    pub order: ShortCode,
    /// What was sold. Less the discount it is the total.
    pub rows: Vec<orders::Row>,
    /// What was let off.
    pub discount: Rupees,
    /// What was paid.
    pub total: Rupees,
    /// What of it is tax, when the issuer is registered.
    pub tax: Option<Tax>,
    /// How it was paid.
    pub payment: Payment,
    /// What was given back of it since.
    pub refunds: Vec<Refund>,
}

/// How an order was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The way of what came from outside, and how much that was.
    pub outside: Option<(Method, Rupees)>,
    /// The last digits of the bank's reference.
    pub utr_ends: Option<String>,
    /// What the wallet paid.
    pub wallet: Rupees,
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
    buyer: String,
    paid_at: DateTime<Utc>,
    details: serde_json::Value,
}

/// An order's receipt; none while it is not paid.
///
/// # Errors
/// The database.
pub async fn of_order(core: &Core, order: &Order) -> Result<Option<Receipt>, DbErr> {
    if order.paid_at.is_none() {
        return Ok(None);
    }
    let row = loop {
        if let Some(row) = numbered(core.db(), order.id).await? {
            break row;
        }
        // Those who paid before come first, however many they are.
        if retrying(|| sweep(core, Some(order.id), CHUNK)).await? == 0 {
            // Another one numbered it while this one waited for its turn.
            match numbered(core.db(), order.id).await? {
                Some(row) => break row,
                None => return Ok(None),
            }
        }
    };
    let issuer: Issuer = serde_json::from_value(row.details).map_err(|e| DbErr::Custom(format!("the issuer of {}: {e}", row.number)))?;
    let paid = payments::of_order(core.db(), order.id)
        .await?
        .into_iter()
        .find(|payment| payment.state == payments::PaymentState::Confirmed);
    let wallet = order.wallet_part().map_or(Rupees::ZERO, |part| part.total());
    let outside = paid.as_ref().filter(|paid| paid.method != Method::Wallet);
    let rows = orders::rows(&orders::items(core.db(), order.id).await?);
    Ok(Some(Receipt {
        number: row.number,
        date: day(row.paid_at),
        buyer: row.buyer,
        order: order.code.clone(),
        rows,
        discount: order.discount,
        total: order.price,
        // Where a buyer lives is not asked: what is sold to an address that is not known is supplied where the shop is (IGST Act, section 12).
        tax: issuer.gst.as_ref().map(|gst| tax::split(order.price, gst.percent, true)),
        issuer,
        payment: Payment {
            outside: outside.map(|paid| (paid.method, paid.amount)),
            utr_ends: outside.and_then(|paid| paid.utr.as_ref()).map(|utr| utr.chars().skip(utr.chars().count().saturating_sub(4)).collect()),
            wallet,
        },
        refunds: refunds::of_order(core.db(), order.id).await?,
    }))
}

async fn numbered(db: &impl ConnectionTrait, order_id: i64) -> Result<Option<Row>, DbErr> {
    Row::find_by_statement(sql(
        "SELECT r.number, r.buyer, r.paid_at, i.details FROM receipt r JOIN issuer i ON i.id = r.issuer_id WHERE r.order_id = $1",
        [order_id.into()],
    ))
    .one(db)
    .await
}

/// Receipts numbered in one transaction.
const CHUNK: i64 = 1_000;

/// Numbers what was paid and has no number yet, in the order of payment; answers how many. Any number of programs may do this at once.
///
/// # Errors
/// The database: what was numbered stays so, and nothing is left out.
pub async fn number_due(core: &Core) -> Result<usize, DbErr> {
    let mut all = 0;
    loop {
        let part = retrying(|| sweep(core, None, CHUNK)).await?;
        all += part;
        if part == 0 {
            return Ok(all);
        }
    }
}

/// Key of the lock of those who number ("receipts" in ASCII).
const LOCK: i64 = 0x7265_6365_6970_7473;

#[derive(FromQueryResult)]
struct Unnumbered {
    id: i64,
    buyer_id: i64,
    paid_at: DateTime<Utc>,
}

/// Numbers at most `limit` paid orders, the earliest payments first, and in any case `asked`. One at a time, under a lock that lasts as long as its
/// transaction: what a crash undoes was numbered for nobody.
async fn sweep(core: &Core, asked: Option<i64>, limit: i64) -> Result<usize, DbErr> {
    let tx = core.begin().await?;
    tx.execute_raw(sql("SELECT pg_advisory_xact_lock($1)", [LOCK.into()])).await?;
    // Two days back from the last one numbered, so that years of sales are not read: no transaction stays open for so long. In a statement after the
    // lock's: what was numbered while it was waited for must be seen.
    let due = Unnumbered::find_by_statement(sql(
        "SELECT o.id, o.buyer_id, o.paid_at FROM orders o
         WHERE (o.paid_at >= coalesce((SELECT max(paid_at) - interval '2 days' FROM receipt), '-infinity') OR o.paid_at IS NOT NULL AND o.id = $1)
           AND NOT EXISTS (SELECT FROM receipt r WHERE r.order_id = o.id)
         ORDER BY o.paid_at, o.id LIMIT $2",
        [asked.into(), limit.into()],
    ))
    .all(&tx)
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let settings = core.settings_store().get(&tx).await?;
    let issuer = issuer_in(&tx, &Issuer::of(&settings)).await?;
    let (mut ids, mut years, mut ns, mut numbers, mut buyers, mut paid) = (vec![], vec![], vec![], vec![], vec![], vec![]);
    let mut highest_of = BTreeMap::new();
    for order in &due {
        let year = number::financial_year(order.paid_at);
        let before = match highest_of.get(&year) {
            Some(&n) => n,
            None => highest(&tx, year).await?,
        };
        let n = before + 1;
        highest_of.insert(year, n);
        ids.push(order.id);
        years.push(year);
        ns.push(n);
        numbers.push(number::written(settings.shop.receipt_prefix.as_str(), year, n));
        buyers.push(order.buyer_id);
        paid.push(order.paid_at);
    }
    tx.execute_raw(sql(
        "INSERT INTO receipt (order_id, year, n, number, buyer, issuer_id, paid_at, numbered_at)
         SELECT r.id, r.year, r.n, r.number, u.name, $7, r.paid_at, $8
         FROM unnest($1::bigint[], $2::smallint[], $3::integer[], $4::text[], $5::bigint[], $6::timestamptz[]) AS r (id, year, n, number, buyer_id, paid_at)
         JOIN users u ON u.id = r.buyer_id",
        [ids.into(), years.into(), ns.into(), numbers.into(), buyers.into(), paid.into(), issuer.into(), core.now().into()],
    ))
    .await?;
    tx.commit().await?;
    Ok(due.len())
}

async fn highest(tx: &Tx, year: i16) -> Result<i32, DbErr> {
    let row = tx.query_one_raw(sql("SELECT coalesce(max(n), 0) AS n FROM receipt WHERE year = $1", [year.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// The row of an issuer: one for each way in which the settings described the shop.
async fn issuer_in(tx: &Tx, issuer: &Issuer) -> Result<i32, DbErr> {
    let details = serde_json::to_value(issuer).map_err(|e| DbErr::Custom(e.to_string()))?;
    let found = || sql("SELECT id FROM issuer WHERE details = $1", [details.clone().into()]);
    if let Some(row) = tx.query_one_raw(found()).await? {
        return row.try_get("", "id");
    }
    let made = tx.query_one_raw(sql("INSERT INTO issuer (details) VALUES ($1) RETURNING id", [details.clone().into()])).await?;
    made.ok_or(DbErr::RecordNotInserted)?.try_get("", "id")
}

/// Takes a name off the receipts of someone who had their data deleted. The law wants the name on a tax invoice of ₹50,000 and more: there it stays.
pub(crate) async fn forget_in(tx: &Tx, person: users::UserId, name: &str) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "UPDATE receipt r SET buyer = $2 FROM orders o, issuer i
         WHERE o.id = r.order_id AND o.buyer_id = $1 AND i.id = r.issuer_id AND (i.details -> 'gst' = 'null' OR o.price < 50000)",
        [person.0.into(), name.into()],
    ))
    .await?;
    Ok(())
}
