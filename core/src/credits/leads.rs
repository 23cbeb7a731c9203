//! The orders that a credit leads to: by its reference, by what is written with it, by who paid, by its amount.

use super::{BankCredit, For, Source};
use crate::clock;
use crate::code::ShortCode;
use crate::db::{columns, sql};
use crate::money::Rupees;
use crate::orders::{self, Order, OrderState};
use crate::payments::{self, Method, Payment, PaymentState};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::sync::LazyLock;

/// How many orders are looked at: one is known from several by two.
const MANY: u64 = 6;
/// Orders of one payer that are looked at, newest first.
const OF_PAYER: u64 = 30;
/// What is awaited of an order from outside. An index has these words.
const DUE: &str = "(price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END)";
/// How long after its approval by hand a payment's money may be told of without a reference.
const TOLD_LATE: TimeDelta = TimeDelta::days(3);

/// When money came: within the minute that banks tell, or on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Not before.
    pub first: DateTime<Utc>,
    /// Not after.
    pub last: DateTime<Utc>,
}

impl When {
    /// When a credit came, for the shop's people.
    #[must_use]
    pub fn of(credit: &BankCredit, zone: chrono_tz::Tz) -> Self {
        let (first, length) = if credit.by_day {
            (clock::midnight(credit.seen_at, zone), TimeDelta::days(1))
        } else {
            let minute = TimeDelta::minutes(1);
            (credit.seen_at.duration_trunc(minute).unwrap_or(credit.seen_at), minute)
        };
        Self { first, last: first + length - TimeDelta::microseconds(1) }
    }
}

/// An order that a credit may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The order.
    pub order: Order,
    /// Its proof that waits, or the payment that was confirmed.
    pub payment: Option<Payment>,
    /// That payment's money was seen.
    pub cleared: bool,
    /// Staff refused a proof with this credit's reference, and it was not sent again.
    pub refused: bool,
}

impl Lead {
    /// Whether the order was paid.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.payment.as_ref().is_some_and(|payment| payment.state == PaymentState::Confirmed)
    }

    /// Whether the order's money is still to be seen at the bank.
    #[must_use]
    pub fn awaits_credit(&self) -> bool {
        !self.is_paid() || !self.cleared && self.by_upi().is_some()
    }

    fn by_upi(&self) -> Option<&Payment> {
        self.payment.as_ref().filter(|payment| payment.method == Method::Upi)
    }

    /// How much is awaited.
    #[must_use]
    pub fn due(&self) -> Rupees {
        self.payment.as_ref().map_or_else(|| self.order.due(), |payment| payment.amount)
    }

    /// When it ended unpaid, if it did. With a proof that came in time it does not.
    fn ended(&self) -> Option<DateTime<Utc>> {
        let order = &self.order;
        match order.state {
            OrderState::AwaitingPayment => Some(order.expires_at),
            OrderState::Expired | OrderState::Cancelled => Some(order.ended_at.unwrap_or(order.expires_at)),
            OrderState::InReview => self.payment.as_ref().filter(|proof| proof.late).map(|_| order.ended_at.unwrap_or(order.expires_at)),
            _ => None,
        }
    }

    /// Whether money of this time came before the order was placed.
    #[must_use]
    pub fn is_younger_than(&self, when: When) -> bool {
        when.last < self.order.placed_at
    }

    /// Whether money of this time came before the order ended.
    #[must_use]
    pub fn in_time(&self, when: When) -> bool {
        self.ended().is_none_or(|ended| ended >= when.first)
    }

    /// Whether the order ended so shortly before that its money may have been late.
    pub(super) fn just_ended(&self, when: When) -> bool {
        self.ended().is_some_and(|ended| ended < when.first && ended + TimeDelta::days(7) >= when.first)
    }

    /// Whether it was paid around that time.
    pub(super) fn paid_around(&self, when: When) -> bool {
        let day = TimeDelta::days(1);
        self.order.paid_at.is_some_and(|at| at + day >= when.first && at <= when.last + day)
    }

    /// Whether its customer named another reference than the credit's.
    pub(super) fn names_another(&self, credit: &BankCredit) -> bool {
        let named = self.payment.as_ref().and_then(|payment| payment.utr.as_ref());
        matches!((named, &credit.utr), (Some(named), Some(utr)) if named != utr)
    }

    /// Whether a credit without a reference to it may be for it, by its time.
    pub(super) fn open_to(&self, when: When) -> bool {
        if self.is_younger_than(when) || self.refused || !self.awaits_credit() {
            return false;
        }
        let told_in_time = |payment: &Payment| payment.decided_at.is_some_and(|at| at + TOLD_LATE >= when.first);
        if self.is_paid() { self.payment.as_ref().is_some_and(told_in_time) } else { self.in_time(when) }
    }

    /// What assigns a credit to it: the payment by UPI that there is, else one that is made of the credit.
    #[must_use]
    pub fn assignment(&self, source: Source) -> For {
        match self.by_upi() {
            Some(payment) if source == Source::Bank => For { payment: Some(payment.id), ..For::default() },
            _ => For { order: Some(self.order.id), ..For::default() },
        }
    }
}

/// The leads of the orders that a query answers.
async fn leads(db: &impl ConnectionTrait, orders: &str, utr: Option<&str>, values: Vec<Value>) -> Result<Vec<Lead>, DbErr> {
    static COLUMNS: LazyLock<String> =
        LazyLock::new(|| format!("{}, {}", columns::<orders::Entity>("o", "order_"), columns::<payments::Entity>("p", "payment_")));
    let refused = values.len() + 1;
    let text = format!(
        "SELECT {}, EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id) AS cleared,
                EXISTS (SELECT FROM payment r WHERE r.order_id = o.id AND r.state = 'rejected' AND r.utr = ${refused} AND r.decided_by <> 0) AS refused
         FROM ({orders}) o
         LEFT JOIN LATERAL (SELECT * FROM payment p WHERE p.order_id = o.id AND p.state IN ('submitted', 'confirmed') ORDER BY p.id DESC LIMIT 1) p ON true
         ORDER BY o.id DESC",
        *COLUMNS
    );
    let values = values.into_iter().chain([utr.into()]);
    let rows = db.query_all_raw(sql(&text, values)).await?;
    rows.iter()
        .map(|row| {
            let paid = row.try_get::<Option<i64>>("payment_", "id")?.is_some();
            Ok(Lead {
                order: Order::from_query_result(row, "order_")?,
                payment: paid.then(|| Payment::from_query_result(row, "payment_")).transpose()?,
                cleared: row.try_get("", "cleared")?,
                // Sent once more, it is looked at once more.
                refused: !paid && row.try_get("", "refused")?,
            })
        })
        .collect()
}

/// An order as a lead.
pub(super) async fn of_order(db: &impl ConnectionTrait, credit: &BankCredit, order_id: i64) -> Result<Option<Lead>, DbErr> {
    let found = leads(db, "SELECT * FROM orders WHERE id = $1", credit.utr.as_deref(), vec![order_id.into()]).await?;
    Ok(found.into_iter().next())
}

/// The orders that the credit names: by the reference that a customer sent, which belongs to one order for ever, and by codes in the bank's note.
pub(super) async fn named(db: &impl ConnectionTrait, credit: &BankCredit) -> Result<Vec<Lead>, DbErr> {
    let codes: Vec<String> = codes(&format!("{} {}", credit.note, credit.own_ref())).iter().map(ToString::to_string).collect();
    let utr = credit.utr.clone().filter(|_| credit.source == Source::Bank);
    if codes.is_empty() && utr.is_none() {
        return Ok(vec![]);
    }
    let orders =
        "SELECT o.* FROM orders o WHERE o.id IN (SELECT order_id FROM utr WHERE utr.utr = $1 UNION ALL SELECT id FROM orders WHERE code = ANY ($2))";
    leads(db, orders, credit.utr.as_deref(), vec![utr.into(), codes.into()]).await
}

/// People who paid from this UPI id before, or are paid to it.
pub(super) async fn payers(db: &impl ConnectionTrait, vpa: &str) -> Result<Vec<i64>, DbErr> {
    let text = "SELECT w.user_id FROM (
           SELECT user_id FROM payment WHERE payer = $1 AND state = 'confirmed'
           UNION SELECT a.user_id FROM bank_credit c JOIN credit_assignment a ON a.credit_id = c.id WHERE c.vpa = $1 AND a.user_id IS NOT NULL
           UNION SELECT user_id FROM withdrawal WHERE vpa = $1 AND state IN ('asked', 'approved', 'paid')) w
         JOIN users u ON u.id = w.user_id AND u.erased_at IS NULL ORDER BY 1 LIMIT 20";
    let rows = db.query_all_raw(sql(text, [vpa.into()])).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}

/// The newest orders of these people, of before that time.
pub(super) async fn of_people(db: &impl ConnectionTrait, credit: &BankCredit, people: &[i64], when: When) -> Result<Vec<Lead>, DbErr> {
    let orders = format!(
        "SELECT o.* FROM unnest($1::bigint[]) AS who (id) CROSS JOIN LATERAL (
           SELECT * FROM orders WHERE buyer_id = who.id AND placed_at <= $2 ORDER BY id DESC LIMIT {OF_PAYER}) o"
    );
    leads(db, &orders, credit.utr.as_deref(), vec![people.to_vec().into(), when.last.into()]).await
}

/// Orders of just this amount that awaited their money at that time, a few; `life` is how long orders live.
pub(super) async fn alike(db: &impl ConnectionTrait, credit: &BankCredit, when: When, life: TimeDelta) -> Result<Vec<Lead>, DbErr> {
    // Each part is one step into an index, and ends after a few rows. What ended long after the money came was placed after it, too.
    let orders = format!(
        "(SELECT * FROM orders WHERE {DUE} = $1 AND state IN ('awaiting_payment', 'in_review') AND placed_at <= $3 ORDER BY placed_at DESC LIMIT {MANY})
         UNION ALL
         (SELECT * FROM orders WHERE {DUE} = $1 AND state IN ('expired', 'cancelled') AND ended_at BETWEEN $2 AND $4 AND placed_at <= $3
          ORDER BY ended_at LIMIT {MANY})
         UNION ALL
         (SELECT o.* FROM payment p JOIN orders o ON o.id = p.order_id
          WHERE p.state = 'confirmed' AND p.method = 'upi' AND p.utr IS NULL AND p.credit_id IS NULL AND p.amount = $1
            AND p.decided_at BETWEEN $2 - interval '3 days' AND $4 AND o.placed_at <= $3
            AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id) ORDER BY p.decided_at DESC LIMIT {MANY})"
    );
    let horizon = when.last + life + life + TimeDelta::hours(1);
    let values = vec![credit.left().into(), when.first.into(), when.last.into(), horizon.into()];
    let found = leads(db, &orders, credit.utr.as_deref(), values).await?;
    Ok(found.into_iter().filter(|lead| lead.open_to(when) && !lead.names_another(credit)).collect())
}

/// The codes of orders in a text: `O7K2M9QXA` as our links write them, `O-7K2M9QXA` as people do, in any case.
pub(super) fn codes(text: &str) -> Vec<ShortCode> {
    let mut found: Vec<ShortCode> = Vec::new();
    let letters = text.as_bytes();
    let is_part = |at: usize| letters.get(at).is_some_and(u8::is_ascii_alphanumeric);
    for (at, letter) in text.char_indices() {
        if !matches!(letter, 'O' | 'o') || at > 0 && is_part(at - 1) {
            continue;
        }
        let begin = at + 1 + usize::from(letters.get(at + 1) == Some(&b'-'));
        let end = begin + crate::code::LENGTH;
        let code = text.get(begin..end).filter(|_| !is_part(end)).and_then(|code| code.parse().ok());
        found.extend(code.filter(|code| !found.contains(code)));
    }
    found.truncate(20);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_links_and_people_write_them() {
        let said = |text: &str| codes(text).iter().map(|code| code.as_str().to_owned()).collect::<Vec<_>>();
        for text in [
            "O7K2M9QXA",
            "UPI/412345678901/o7k2m9qxa/HDFC",
            "paid for o-7K2m9QXA.",
            "UPI-BINA R-O-7K2M9QXA-bina@okhdfc",
            "O7K2M9QXA O-7K2M9QXA",
        ] {
            assert_eq!(said(text), ["7K2M9QXA"], "{text}");
        }
        assert_eq!(said("Oolil0abc"), ["01110ABC"], "look-alikes");
        assert_eq!(said("O7K2M9QXA and O-00000000"), ["7K2M9QXA", "00000000"]);
        for none in ["", "O", "O-", "O7K2M9QX", "O7K2M9QXAA", "XO7K2M9QXA", "OKHDFCBANK", "O-७K2M9QXA", "ओ7K2M9QXA", "7K2M9QXA"] {
            assert_eq!(said(none), [""; 0], "{none}");
        }
    }
}
