//! Coupons: codes that take something off an order. A use is an order that has the coupon and neither ended unpaid nor was given back.

mod policy;

pub use policy::{NotAValue, Value, discount};

use crate::Core;
use crate::audit::{self, Actor};
use crate::catalog::Plan;
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::money::Rupees;
use crate::orders::Line;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use unicode_normalization::UnicodeNormalization;

/// Why a coupon takes nothing off.
#[derive(Debug, thiserror::Error)]
pub enum CouponError {
    /// There is none with this code, or it is switched off.
    #[error("no such coupon")]
    Unknown,
    /// It holds from this moment on.
    #[error("holds from {0}")]
    NotYet(DateTime<Utc>),
    /// It held until then.
    #[error("held until {0}")]
    Over(DateTime<Utc>),
    /// As many orders have it as may.
    #[error("used up")]
    UsedUp,
    /// The person has used it as often as one may.
    #[error("used by them before")]
    UsedBefore,
    /// It is for a first order, and the person has bought before.
    #[error("for a first order")]
    FirstOrder,
    /// It is for none of these plans, or takes nothing off them.
    #[error("for none of these")]
    NotForThese,
    /// It would sell below cost, and nobody was told that it does.
    #[error("would sell below cost")]
    BelowCost,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CouponError);

/// A coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    /// Row id.
    pub id: i64,
    /// As [`normal`] writes it.
    pub code: String,
    /// What it takes off.
    pub terms: Terms,
    /// Whether whoever made it was told that it sells below cost.
    pub below_cost: bool,
    /// Whether it holds at all.
    pub active: bool,
}

/// What a coupon is for, and what it takes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// How much.
    pub value: Value,
    /// For these plans, by row id; none: for all.
    pub plans: Vec<i64>,
    /// How many orders one person may have with it.
    pub per_user: Option<i32>,
    /// How many orders may have it in all.
    pub total: Option<i32>,
    /// From when.
    pub from_at: Option<DateTime<Utc>>,
    /// Until when, exclusive.
    pub until_at: Option<DateTime<Utc>>,
    /// For people who never bought.
    pub first_order: bool,
}

impl Terms {
    fn is_for(&self, plan: i64) -> bool {
        self.plans.is_empty() || self.plans.contains(&plan)
    }

    /// Which of these plans it can sell below what they cost the shop, with what one unit sells for then.
    #[must_use]
    pub fn below_cost<'a>(&self, plans: &'a [Plan]) -> Vec<(&'a Plan, Rupees)> {
        let sold = plans
            .iter()
            .filter(|plan| self.is_for(plan.id))
            .map(|plan| (plan, plan.price - discount(self.value, plan.price, plan.price)));
        sold.filter(|(plan, price)| *price < plan.cost).collect()
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    code: String,
    kind: String,
    value: Decimal,
    plans: Vec<i64>,
    per_user: Option<i32>,
    total: Option<i32>,
    from_at: Option<DateTime<Utc>>,
    until_at: Option<DateTime<Utc>>,
    first_order: bool,
    below_cost: bool,
    active: bool,
}

impl TryFrom<Row> for Coupon {
    type Error = DbErr;

    fn try_from(row: Row) -> Result<Self, DbErr> {
        let value = match row.kind.as_str() {
            "percent" => Value::Percent(row.value),
            _ => Value::Amount(Rupees::try_new(row.value).map_err(|e| DbErr::Type(e.to_string()))?),
        };
        let Row { plans, per_user, total, from_at, until_at, first_order, .. } = row;
        let terms = Terms { value, plans, per_user, total, from_at, until_at, first_order };
        Ok(Self { id: row.id, code: row.code, terms, below_cost: row.below_cost, active: row.active })
    }
}

const COLUMNS: &str = "id, code, kind, value, plans, per_user, total, from_at, until_at, first_order, below_cost, active";

/// A code as it is kept: whatever case and width it is typed in, in whatever script; 3 to 32 letters, digits and dashes. None when it is no code.
#[must_use]
pub fn normal(typed: &str) -> Option<String> {
    let code: String = typed.trim().nfkc().flat_map(char::to_uppercase).nfkc().collect();
    let fits = (3..=32).contains(&code.chars().count());
    let sign = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || unicode_normalization::char::is_combining_mark(c);
    (fits && code.chars().all(sign) && code.starts_with(char::is_alphanumeric)).then_some(code)
}

async fn one(db: &impl ConnectionTrait, which: &str, value: sea_orm::Value) -> Result<Option<Coupon>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM coupon WHERE {which}");
    Row::find_by_statement(sql(&text, [value])).one(db).await?.map(Coupon::try_from).transpose()
}

/// A coupon by its code, as people type it: switched on or off.
///
/// # Errors
/// The database.
pub async fn by_code(db: &impl ConnectionTrait, typed: &str) -> Result<Option<Coupon>, DbErr> {
    match normal(typed) {
        Some(code) => one(db, "code = $1", code.into()).await,
        None => Ok(None),
    }
}

/// A coupon by its row id.
///
/// # Errors
/// The database.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Option<Coupon>, DbErr> {
    one(db, "id = $1", id.into()).await
}

/// All coupons, newest first, with how many orders have each.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<(Coupon, i64)>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM coupon ORDER BY id DESC OFFSET $1 LIMIT $2");
    let rows = Row::find_by_statement(sql(&text, [skip.cast_signed().into(), limit.cast_signed().into()])).all(db).await?;
    let mut coupons = Vec::with_capacity(rows.len());
    for row in rows {
        let coupon = Coupon::try_from(row)?;
        let used = uses(db, coupon.id, None).await?;
        coupons.push((coupon, used));
    }
    Ok(coupons)
}

/// How many orders have a coupon: of one person, or of all.
///
/// # Errors
/// The database.
pub async fn uses(db: &impl ConnectionTrait, id: i64, person: Option<UserId>) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    let count = Count::find_by_statement(sql(
        "SELECT count(*) AS n FROM orders WHERE coupon_id = $1 AND ($2::bigint IS NULL OR buyer_id = $2)
           AND state NOT IN ('expired', 'cancelled') AND NOT (paid_at IS NOT NULL AND refunded >= price)",
        [id.into(), person.map(|person| person.0).into()],
    ))
    .one(db)
    .await?;
    Ok(count.map_or(0, |count| count.n))
}

/// What a coupon takes off these lines for this person now.
///
/// # Errors
/// Why it takes nothing off.
pub(crate) async fn worth(core: &Core, db: &impl ConnectionTrait, coupon: &Coupon, person: UserId, lines: &[Line]) -> Result<Rupees, CouponError> {
    let (now, terms) = (core.now(), &coupon.terms);
    if !coupon.active {
        return Err(CouponError::Unknown);
    }
    if let Some(from) = terms.from_at.filter(|from| now < *from) {
        return Err(CouponError::NotYet(from));
    }
    if let Some(until) = terms.until_at.filter(|until| now >= *until) {
        return Err(CouponError::Over(until));
    }
    if let Some(total) = terms.total
        && uses(db, coupon.id, None).await? >= i64::from(total)
    {
        return Err(CouponError::UsedUp);
    }
    if let Some(per_user) = terms.per_user
        && uses(db, coupon.id, Some(person)).await? >= i64::from(per_user)
    {
        return Err(CouponError::UsedBefore);
    }
    if terms.first_order {
        let before =
            "SELECT 1 FROM orders WHERE buyer_id = $1 AND (paid_at IS NOT NULL OR coupon_id = $2 AND state NOT IN ('expired', 'cancelled')) LIMIT 1";
        if db.query_one_raw(sql(before, [person.0.into(), coupon.id.into()])).await?.is_some() {
            return Err(CouponError::FirstOrder);
        }
    }
    let mine = || lines.iter().filter(|line| terms.is_for(line.plan.id));
    let share: Rupees = mine().map(Line::total).sum();
    let off = discount(terms.value, share, lines.iter().map(Line::total).sum());
    if !off.is_positive() {
        return Err(CouponError::NotForThese);
    }
    if !coupon.below_cost && share - off < mine().map(Line::cost).sum() {
        return Err(CouponError::BelowCost);
    }
    Ok(off)
}

/// The same for an order that is placed now: until the transaction ends nobody else uses this coupon, so no limit is overrun.
pub(crate) async fn spend_in(core: &Core, tx: &Tx, id: i64, person: UserId, lines: &[Line]) -> Result<Rupees, CouponError> {
    tx.execute_raw(sql("SELECT FROM coupon WHERE id = $1 FOR UPDATE", [id.into()])).await?;
    let coupon = get(tx, id).await?.ok_or(CouponError::Unknown)?;
    worth(core, tx, &coupon, person, lines).await
}

/// Writes a coupon down, switched off: nobody can use it until [`switch`]. One with this code that was never switched on makes way.
///
/// # Errors
/// The database; a coupon with this code was switched on before ([`Applied::Already`] is answered with it).
pub async fn draft(core: &Core, code: &str, terms: &Terms, by: &Actor) -> Result<Applied<Coupon>, DbErr> {
    let (kind, value) = match terms.value {
        Value::Percent(percent) => ("percent", percent),
        Value::Amount(amount) => ("amount", amount.decimal()),
    };
    let text = format!(
        "INSERT INTO coupon AS c (code, kind, value, plans, per_user, total, from_at, until_at, first_order, below_cost, active, made_at, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, false, false, $10, $11)
         ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, value = excluded.value, plans = excluded.plans, per_user = excluded.per_user, total = excluded.total,
           from_at = excluded.from_at, until_at = excluded.until_at, first_order = excluded.first_order, made_at = excluded.made_at, made_by = excluded.made_by
         WHERE c.switched_at IS NULL RETURNING {COLUMNS}"
    );
    let values = [
        code.into(),
        kind.into(),
        value.into(),
        terms.plans.clone().into(),
        terms.per_user.into(),
        terms.total.into(),
        terms.from_at.into(),
        terms.until_at.into(),
        terms.first_order.into(),
        core.now().into(),
        by.telegram_id.into(),
    ];
    match Row::find_by_statement(sql(&text, values)).one(core.db()).await? {
        Some(row) => Ok(Applied::Now(row.try_into()?)),
        None => one(core.db(), "code = $1", code.into()).await?.map(Applied::Already).ok_or(DbErr::RecordNotInserted),
    }
}

/// Switches a coupon on or off. `below_cost`: whoever does it was told that it sells below cost.
///
/// # Errors
/// The database.
pub async fn switch(core: &Core, id: i64, on: bool, below_cost: bool, by: &Actor) -> Result<Applied<Coupon>, CouponError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let text = format!(
            "UPDATE coupon SET active = $2, below_cost = below_cost OR $3, switched_at = $4 WHERE id = $1 AND (active <> $2 OR switched_at IS NULL) RETURNING {COLUMNS}"
        );
        let switched = match Row::find_by_statement(sql(&text, [id.into(), on.into(), below_cost.into(), core.now().into()])).one(&tx).await? {
            Some(row) => {
                let coupon = Coupon::try_from(row)?;
                audit::record(&tx, core.now(), by, if on { "coupon.on" } else { "coupon.off" }, &coupon.code, "").await?;
                Applied::Now(coupon)
            }
            None => Applied::Already(get(&tx, id).await?.ok_or(CouponError::Unknown)?),
        };
        tx.commit().await?;
        Ok(switched)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn a_code_is_the_same_in_any_case_width_and_script() {
        for typed in ["diwali-20", " Diwali-20 ", "ＤＩＷＡＬＩ－２０", "DIWALI-20"] {
            assert_eq!(normal(typed).as_deref(), Some("DIWALI-20"), "{typed}");
        }
        assert_eq!(normal("दिवाली"), normal(" दिवाली"));
        assert!(normal("दिवाली").is_some(), "vowel signs are part of words");
        assert_eq!(normal("straße"), normal("STRASSE"));
        for no_code in ["", "ab", "two words", "-20", "<b>", "a\u{0}bc", "'; --", "x\u{202e}yz", &"x".repeat(33), "😀😀😀"] {
            assert_eq!(normal(no_code), None, "{no_code}");
        }
    }
}
