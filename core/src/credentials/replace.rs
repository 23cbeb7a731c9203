//! A slot that does not work is exchanged for the next one, of another account where there is one.

use super::CredentialError;
use super::claim::shortages;
use super::vault::Sealed;
use crate::Core;
use crate::db::{Tx, sql};
use crate::notifications;
use crate::orders;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What is to be exchanged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange {
    /// The order of the unit that has the slot.
    pub(crate) order_id: i64,
    /// The unit.
    pub(crate) n: i16,
    /// The slot.
    pub(crate) slot_id: i64,
    /// The last day on which the new one should work.
    pub(crate) until: NaiveDate,
    /// Whether nothing of the account is to be sold any more.
    pub(crate) whole_account: bool,
}

#[derive(FromQueryResult)]
struct Slot {
    id: i64,
    plan_id: i64,
    credential_id: i64,
}

/// Retires the slot and gives its unit the next one; without stock the unit waits like one that was just paid. Answers whether there was one. Whoever
/// calls this has locked the subscription.
pub(crate) async fn exchange_in(core: &Core, tx: &Tx, what: &Exchange) -> Result<bool, DbErr> {
    let now = core.now();
    let settings = core.settings_store().get(tx).await?;
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [what.order_id.into()])).await?;
    let retire = "UPDATE slot SET retired_at = coalesce(retired_at, $2) WHERE id = $1 RETURNING id, plan_id, credential_id";
    let old = Slot::find_by_statement(sql(retire, [what.slot_id.into(), now.into()])).one(tx).await?.ok_or(DbErr::RecordNotUpdated)?;
    if what.whole_account {
        let rest = "UPDATE slot SET retired_at = $2 WHERE credential_id = $1 AND order_id IS NULL AND retired_at IS NULL";
        tx.execute_raw(sql(rest, [old.credential_id.into(), now.into()])).await?;
    }
    let next = next_free(tx, &old, settings.shop.day(now), what.until).await?;
    if let Some(next) = next {
        tx.execute_raw(sql("UPDATE slot SET order_id = $2, claimed_at = $3 WHERE id = $1", [next.into(), what.order_id.into(), now.into()]))
            .await?;
        // Renewals that kept the old slot have the new one with it.
        tx.execute_raw(sql("UPDATE order_item SET slot_id = $2 WHERE slot_id = $1", [old.id.into(), next.into()])).await?;
    } else {
        tx.execute_raw(sql("UPDATE order_item SET slot_id = NULL WHERE slot_id = $1", [old.id.into()])).await?;
        let open = "UPDATE order_item SET delivered_at = NULL WHERE order_id = $1 AND n = $2";
        tx.execute_raw(sql(open, [what.order_id.into(), what.n.into()])).await?;
        let waits = "UPDATE orders SET state = 'awaiting_stock', delivered_at = NULL WHERE id = $1 AND state IN ('paid', 'delivered')";
        tx.execute_raw(sql(waits, [what.order_id.into()])).await?;
    }
    let order = orders::get(tx, what.order_id).await?;
    for (notice, key) in shortages(tx, &order, i64::from(settings.stock.low)).await? {
        notifications::tell_staff(tx, now, &notice, Some(key)).await?;
    }
    Ok(next.is_some())
}

/// The next free slot: of another account that works long enough; else of another; else of the same. Each is a walk along the index of free slots, past
/// the rest of one account at most.
async fn next_free(tx: &Tx, old: &Slot, today: NaiveDate, until: NaiveDate) -> Result<Option<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Free {
        id: i64,
    }
    for (other, day) in [(true, until.max(today)), (true, today), (false, today)] {
        let text = "SELECT id FROM slot WHERE plan_id = $1 AND order_id IS NULL AND retired_at IS NULL AND (expires_on IS NULL OR expires_on >= $2)
                      AND (credential_id <> $3 OR NOT $4) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";
        let values = [old.plan_id.into(), day.into(), old.credential_id.into(), other.into()];
        if let Some(free) = Free::find_by_statement(sql(text, values)).one(tx).await? {
            return Ok(Some(free.id));
        }
    }
    Ok(None)
}

/// What of a slot staff are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The slot's row id.
    pub slot_id: i64,
    /// Its account's row id.
    pub account: i64,
    /// The account's login, masked; none when it cannot be opened.
    pub login: Option<String>,
    /// Slots of the account that are free.
    pub free: i64,
}

/// What staff are shown of a slot: never what its holder logs in with.
///
/// # Errors
/// The database.
pub async fn holding(core: &Core, slot_id: i64) -> Result<Option<Holding>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        account: i64,
        free: i64,
        #[sea_orm(nested)]
        sealed: Sealed,
    }
    let text = "SELECT c.id AS account, c.key_id, c.nonce, c.sealed,
                  (SELECT count(*) FROM slot f WHERE f.credential_id = c.id AND f.order_id IS NULL AND f.retired_at IS NULL) AS free
                FROM slot s JOIN credential c ON c.id = s.credential_id WHERE s.id = $1";
    let row = Row::find_by_statement(sql(text, [slot_id.into()])).one(core.db()).await?;
    Ok(row.map(|row| {
        let opened = core.vault().open(row.account, &row.sealed).map_err(CredentialError::from).ok();
        Holding { slot_id, account: row.account, login: opened.map(|secret| masked(&secret.login)), free: row.free }
    }))
}

/// A login of which the first two characters and what stands behind the @ are left.
fn masked(login: &str) -> String {
    let (name, domain) = login.split_once('@').map_or((login, ""), |(name, domain)| (name, domain));
    let kept: String = name.chars().take(if name.chars().count() > 4 { 2 } else { 1 }).collect();
    if domain.is_empty() { format!("{kept}…") } else { format!("{kept}…@{domain}") }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_login_tells_which_account_and_not_how_to_get_in() {
        for (login, wanted) in [
            ("asha.k@example.com", "as…@example.com"),
            ("ab@c.in", "a…@c.in"),
            ("9876543210", "98…"),
            ("", "…"),
            ("अनिल@x.in", "अ…@x.in"),
        ] {
            assert_eq!(masked(login), wanted);
        }
    }
}
