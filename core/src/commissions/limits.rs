//! What can be known only when a sale is paid: whether it is one of those to this friend that earn, and what is left of the limits.

use super::Earning;
use crate::db::{Tx, sql};
use crate::money::Rupees;
use crate::notifications::{Letter, Notice};
use crate::orders::Order;
use crate::purses;
use crate::settings::Settings;
use crate::subscriptions::day_begins;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};

/// Which limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// What one person earns in a day.
    Day,
    /// What one person earns by one friend.
    Friend,
}

impl Reached {
    /// As it is stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Friend => "friend",
        }
    }

    /// As it was stored.
    pub(super) fn named(name: &str) -> Self {
        if name == Self::Day.name() { Self::Day } else { Self::Friend }
    }
}

/// What a limit cuts off a commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// How much.
    pub(crate) amount: Rupees,
    /// By which limit.
    pub(crate) by: Reached,
    /// Which is so much.
    pub(crate) cap: Rupees,
}

/// What of these earnings the rules of the moment leave. Where there are none nothing is asked. Else the purses of the buyer and of whoever earns are
/// locked first, and then read: of two sales at once the second sees what the first earned, and of a refund of the friend's what it took back.
pub(crate) async fn limited(
    tx: &Tx,
    settings: &Settings,
    now: DateTime<Utc>,
    order: &Order,
    mut earnings: Vec<Earning>,
) -> Result<Vec<Earning>, DbErr> {
    let rules = &settings.commissions;
    let (sales, day, friend) = (rules.sales.most(), rules.day_cap.get(), rules.friend_cap.get());
    if earnings.is_empty() || (sales, day, friend) == (None, None, None) {
        return Ok(earnings);
    }
    purses::lock_chain(tx, order.buyer()).await?;
    if let Some(most) = sales
        && sold_before(tx, order, most).await? >= most
    {
        return Ok(Vec::new());
    }
    for earning in &mut earnings {
        let mut left = Vec::with_capacity(2);
        if let Some(cap) = day {
            left.push((cap, cap - earned_on_day(tx, settings, earning.beneficiary, now, cap).await?, Reached::Day));
        }
        if let Some(cap) = friend {
            left.push((cap, cap - earned_by(tx, earning.beneficiary, order.buyer()).await?, Reached::Friend));
        }
        earning.cut_to(&left);
    }
    Ok(earnings)
}

impl Earning {
    /// Cuts it to the least that is left of some limits.
    fn cut_to(&mut self, left: &[(Rupees, Rupees, Reached)]) {
        let Some(&(cap, left, by)) = left.iter().min_by_key(|(_, left, _)| *left) else {
            return;
        };
        let left = left.max(Rupees::ZERO);
        if self.amount > left {
            self.cut = Some(Cut { amount: self.amount - left, by, cap });
            self.amount = left;
        }
    }

    /// What the referrer is told of a limit that was reached: once a day, or once for a friend.
    pub(crate) fn capped(&self, settings: &Settings, now: DateTime<Utc>, buyer: UserId) -> Option<Letter> {
        let cut = self.cut?;
        let person = self.beneficiary;
        let key = match cut.by {
            Reached::Day => format!("capped:{}:{}", person.0, settings.shop.day(now)),
            Reached::Friend => format!("capped:{}:by:{}", person.0, buyer.0),
        };
        let notice = Notice::Capped { by: cut.by, cap: cut.cap };
        Some(Letter { to: Some(person), notice, dedupe_key: Some(key) })
    }
}

/// Sales to an order's buyer that were paid and not given back whole, beside it; as far as `most`.
async fn sold_before(tx: &Tx, order: &Order, most: u32) -> Result<u32, DbErr> {
    let text = "SELECT 1 FROM orders WHERE buyer_id = $1 AND paid_at IS NOT NULL AND refunded < price AND id <> $2 LIMIT $3";
    let rows = tx.query_all_raw(sql(text, [order.buyer_id.into(), order.id.into(), i64::from(most).into()])).await?;
    Ok(u32::try_from(rows.len()).unwrap_or(most))
}

#[derive(FromQueryResult)]
struct Sum {
    sum: Rupees,
}

async fn sum(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<Rupees, DbErr> {
    let row = Sum::find_by_statement(sql(text, values)).one(db).await?;
    Ok(row.map_or(Rupees::ZERO, |row| row.sum))
}

/// What a person has earned on the day of a moment, less what was taken back; as far as `cap`: each that is left is a rupee at least, so no more rows
/// are read than rupees.
pub(super) async fn earned_on_day(
    db: &impl ConnectionTrait,
    settings: &Settings,
    person: UserId,
    at: DateTime<Utc>,
    cap: Rupees,
) -> Result<Rupees, DbErr> {
    // No hold ends before its sale: the index of what is released holds them all.
    let text = "SELECT coalesce(sum(amount - reversed), 0) AS sum FROM (SELECT amount, reversed FROM commission
                  WHERE beneficiary_id = $1 AND release_at >= $2 AND created_at >= $2 AND created_at < $3 AND reversed < amount LIMIT $4::numeric::bigint) earned";
    let (begins, ends) = (day_begins(settings, at, 0), day_begins(settings, at, 1));
    sum(db, text, [person.0.into(), begins.into(), ends.into(), Value::from(cap.decimal())]).await
}

/// What a person has earned by one friend's purchases, less what was taken back.
async fn earned_by(tx: &Tx, person: UserId, friend: UserId) -> Result<Rupees, DbErr> {
    let text = "SELECT coalesce(sum(c.amount - c.reversed), 0) AS sum FROM orders o JOIN commission c ON c.order_id = o.id AND c.level IN (1, 2)
                WHERE o.buyer_id = $1 AND o.paid_at IS NOT NULL AND c.beneficiary_id = $2";
    sum(tx, text, [friend.0.into(), person.0.into()]).await
}

/// What was not booked, because a limit was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotBooked {
    /// How much.
    pub amount: Rupees,
    /// 1 or 2.
    pub level: i16,
    /// Which limit it was.
    pub by: Reached,
    /// When the sale was paid.
    pub at: DateTime<Utc>,
}

/// What limits cut off a person's commissions, the last ones first.
///
/// # Errors
/// The database.
pub async fn not_booked(db: &impl ConnectionTrait, person: UserId, limit: u64) -> Result<Vec<NotBooked>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        amount: Rupees,
        level: i16,
        cap: String,
        created_at: DateTime<Utc>,
    }
    let text = "SELECT amount, level, cap, created_at FROM commission_cut WHERE beneficiary_id = $1 ORDER BY created_at DESC, order_id DESC LIMIT $2";
    let rows = Row::find_by_statement(sql(text, [person.0.into(), limit.cast_signed().into()])).all(db).await?;
    let cut = |row: Row| NotBooked { amount: row.amount, level: row.level, by: Reached::named(&row.cap), at: row.created_at };
    Ok(rows.into_iter().map(cut).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(amount: u32, left: &[(u32, i64, Reached)]) -> (String, Option<(String, Reached)>) {
        let rupees = |n: i64| Rupees::try_new(n.into()).unwrap();
        let mut earning = Earning { level: 1, beneficiary: UserId(1), amount: Rupees::whole(amount), release_at: DateTime::UNIX_EPOCH, cut: None };
        earning.cut_to(&left.iter().map(|&(cap, left, by)| (Rupees::whole(cap), rupees(left), by)).collect::<Vec<_>>());
        (earning.amount.to_string(), earning.cut.map(|cut| (cut.amount.to_string(), cut.by)))
    }

    #[test]
    fn the_tighter_limit_cuts_and_what_is_cut_is_known() {
        use Reached::{Day, Friend};
        assert_eq!(cut(28, &[]), ("₹28".into(), None));
        assert_eq!(cut(28, &[(100, 28, Day), (50, 50, Friend)]), ("₹28".into(), None), "to the last rupee");
        assert_eq!(cut(28, &[(100, 27, Day), (50, 50, Friend)]), ("₹27".into(), Some(("₹1".into(), Day))));
        assert_eq!(cut(28, &[(100, 27, Day), (50, 3, Friend)]), ("₹3".into(), Some(("₹25".into(), Friend))));
        assert_eq!(cut(28, &[(100, 0, Day)]), ("₹0".into(), Some(("₹28".into(), Day))));
        assert_eq!(cut(28, &[(10, -90, Day)]), ("₹0".into(), Some(("₹28".into(), Day))), "the limit was lowered since");
    }
}
