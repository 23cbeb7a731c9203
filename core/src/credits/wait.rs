//! Money that waits for staff, and how they hear of it.

use super::{BankCredit, COLUMNS, Source, Waits, locked};
use crate::Core;
use crate::db::{Tx, sql};
use crate::notifications::{self, Card, Notice};
use chrono::TimeDelta;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// Cards that the admin chat is sent in an hour; of what waits beyond them it is told once.
const CARDS: i64 = 20;

/// Says why a credit waits for staff and which order it names, and puts it before them.
pub(crate) async fn put_to_wait(core: &Core, tx: &Tx, id: i64, why: Waits, order: Option<i64>) -> Result<(), DbErr> {
    let credit = locked(tx, id).await?;
    wait_in(core, tx, credit, why, order).await?;
    Ok(())
}

/// Puts it where staff see it. Of strangers' money they are told only how much there is.
pub(super) async fn wait_in(core: &Core, tx: &Tx, credit: BankCredit, why: Waits, order: Option<i64>) -> Result<BankCredit, DbErr> {
    if credit.waits == Some(why) && credit.order_id == order {
        return Ok(credit);
    }
    let now = core.now();
    let mut carded_at = credit.carded_at;
    if carded_at.is_some() {
        notifications::tell_staff(tx, now, &Notice::CardChanged { card: Card::Credit, id: credit.id }, None).await?;
    } else if why != Waits::Unknown || credit.source != Source::Bank {
        let hour = now - TimeDelta::hours(1);
        let sent = format!("SELECT 1 FROM bank_credit WHERE carded_at > $1 LIMIT {CARDS}");
        if tx.query_all_raw(sql(&sent, [hour.into()])).await?.len() < usize::try_from(CARDS).unwrap_or(usize::MAX) {
            carded_at = Some(now);
            notifications::tell_staff(tx, now, &Notice::CreditCard { credit: credit.id }, Some(format!("credit-card:{}", credit.id))).await?;
        } else {
            let key = format!("credits-wait:{}", now.timestamp() / 3_600);
            notifications::tell_staff(tx, now, &Notice::CreditsWait, Some(key)).await?;
        }
    }
    let text = format!("UPDATE bank_credit SET waits = $2, order_id = $3, carded_at = $4 WHERE id = $1 RETURNING {COLUMNS}");
    let values = [credit.id.into(), why.to_value().into(), order.into(), carded_at.into()];
    BankCredit::find_by_statement(sql(&text, values)).one(tx).await?.ok_or(DbErr::RecordNotUpdated)
}
