//! Money that a gateway captured: taken once, whoever tells of it, in whatever order.

use super::charge::{COLUMNS, Charge};
use super::{GatewayError, Paid, Which};
use crate::Core;
use crate::audit::Actor;
use crate::code::ShortCode;
use crate::credits::{self, Seen, Waits};
use crate::db::{Tx, sql};
use crate::fraud::{self, Happened};
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::payments::{self, Incoming, Method, PaymentError};
use crate::users::UserId;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// What became of money that was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Its order is confirmed by it.
    Confirmed,
    /// It waits for staff.
    Unmatched,
    /// It was taken before.
    Known,
    /// It cannot be read, or is in another currency: staff are told.
    Strange,
    /// It is for nothing of ours.
    NotOurs,
}

#[derive(FromQueryResult)]
struct Before {
    amount: Rupees,
}

/// Takes money in the caller's transaction. What is not for its order (it is paid already, or costs another amount) is put aside for staff.
pub(super) async fn take_in(core: &Core, tx: &Tx, which: Which, paid: &Paid) -> Result<Taken, GatewayError> {
    let Some((order, charge)) = named(tx, which, &paid.names).await? else {
        return Ok(Taken::NotOurs);
    };
    let (Some(amount), true, true) = (paid.amount, paid.currency == "INR", is_an_id(&paid.id)) else {
        strange(core, tx, which, paid, "It is not in whole paise of INR, so nothing was confirmed").await?;
        return Ok(Taken::Strange);
    };
    let gateway = which.to_value();
    let text = "INSERT INTO gateway_payment (gateway, ref, order_id, charge_id, amount, payer, bank_ref, paid_at, noted_at, became)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'confirmed') ON CONFLICT (gateway, ref) DO NOTHING";
    let values = [
        gateway.clone().into(),
        paid.id.clone().into(),
        order.into(),
        charge.as_ref().map(|charge| charge.id).into(),
        amount.into(),
        paid.payer.clone().into(),
        paid.bank_ref.clone().into(),
        paid.at.unwrap_or(core.now()).into(),
        core.now().into(),
    ];
    // Whoever tells of the same in this moment waits here.
    if tx.execute_raw(sql(text, values)).await?.rows_affected() == 0 {
        return again(core, tx, which, paid, amount).await;
    }
    let incoming = Incoming {
        method: Method::Gateway,
        amount,
        key: format!("{gateway}:{}", paid.id),
        gateway: Some((gateway.clone(), paid.id.clone())),
        payer: paid.payer.clone(),
        credit: None,
    };
    let why = match payments::receive_in(core, tx, order, &incoming, &Actor::program(which.name())).await {
        Ok(_) => None,
        Err(PaymentError::OtherAmount(due)) => Some(if amount < due { Waits::Short } else { Waits::Excess }),
        Err(PaymentError::NotAwaited(_) | PaymentError::Decided(_)) => Some(Waits::Double),
        Err(error) => return Err(error.into()),
    };
    if let Some(why) = why {
        let seen = Seen {
            source: which.source(),
            bank: String::new(),
            bank_ref: format!("{gateway}/{}", paid.id),
            amount,
            payer: String::new(),
            vpa: paid.payer.clone(),
            note: charge.as_ref().map(|charge| charge.reference.clone()).unwrap_or_default(),
            at: paid.at.unwrap_or(core.now()),
            by_day: false,
            teller: None,
        };
        let credit = credits::see_in(core, tx, &seen).await?.into_inner();
        credits::put_to_wait(core, tx, credit.id, why, Some(order)).await?;
        let text = "UPDATE gateway_payment SET became = 'unmatched' WHERE gateway = $1 AND ref = $2";
        tx.execute_raw(sql(text, [gateway.into(), paid.id.clone().into()])).await?;
    }
    if let Some(charge) = charge.filter(|charge| amount >= charge.amount) {
        let text = "UPDATE gateway_charge SET state = 'paid', claimed_until = NULL, next_look_at = greatest(next_look_at, $2 + interval '1 hour')
             WHERE id = $1 AND state IN ('making', 'open')";
        tx.execute_raw(sql(text, [charge.id.into(), core.now().into()])).await?;
    }
    Ok(if why.is_some() { Taken::Unmatched } else { Taken::Confirmed })
}

/// A sale whose payer became known.
#[derive(FromQueryResult)]
struct Learnt {
    user_id: i64,
    order_id: Option<i64>,
}

/// What was taken before: who paid may be told only now, another amount must not be.
async fn again(core: &Core, tx: &Tx, which: Which, paid: &Paid, amount: Rupees) -> Result<Taken, GatewayError> {
    let text =
        "UPDATE gateway_payment SET payer = coalesce(payer, $3), bank_ref = coalesce(bank_ref, $4) WHERE gateway = $1 AND ref = $2 RETURNING amount";
    let values = [which.to_value().into(), paid.id.clone().into(), paid.payer.clone().into(), paid.bank_ref.clone().into()];
    let before = Before::find_by_statement(sql(text, values)).one(tx).await?;
    if paid.payer.is_some() {
        let values = || -> [sea_orm::Value; 3] { [which.to_value().into(), paid.id.clone().into(), paid.payer.clone().into()] };
        let text = "UPDATE payment SET payer = $3 WHERE gateway = $1 AND gateway_ref = $2 AND payer IS NULL RETURNING user_id, order_id";
        if let Some(learnt) = Learnt::find_by_statement(sql(text, values())).one(tx).await? {
            fraud::happened_in(tx, core.now(), Happened::Paid, UserId(learnt.user_id), learnt.order_id).await?;
        }
        tx.execute_raw(sql("UPDATE bank_credit SET vpa = $3 WHERE bank_ref = $1 || '/' || $2 AND vpa IS NULL", values()))
            .await?;
    }
    if let Some(before) = before.filter(|before| before.amount != amount) {
        strange(core, tx, which, paid, &format!("It was {} before, and that is what was taken", before.amount)).await?;
    }
    Ok(Taken::Known)
}

/// The order that something names, and what was made for it.
async fn named(tx: &Tx, which: Which, names: &[String]) -> Result<Option<(i64, Option<Charge>)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    let text =
        format!("SELECT {COLUMNS} FROM gateway_charge WHERE gateway = $1 AND (reference = ANY ($2) OR gateway_id = ANY ($2)) ORDER BY id LIMIT 1");
    let charge = Charge::find_by_statement(sql(&text, [which.to_value().into(), names.to_vec().into()])).one(tx).await?;
    if let Some(charge) = charge {
        return Ok(Some((charge.order_id, Some(charge))));
    }
    // Made in the gateway's own dashboard, under the order's name.
    let code = |name: &String| name.strip_prefix("O-")?.get(..crate::code::LENGTH)?.parse::<ShortCode>().ok();
    for code in names.iter().filter_map(code) {
        let found = Id::find_by_statement(sql("SELECT id FROM orders WHERE code = $1", [code.into()])).one(tx).await?;
        if let Some(Id { id }) = found {
            return Ok(Some((id, None)));
        }
    }
    Ok(None)
}

fn is_an_id(id: &str) -> bool {
    (1..=80).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Staff are told of money that was not taken as it was told.
async fn strange(core: &Core, tx: &Tx, which: Which, paid: &Paid, why: &str) -> Result<(), DbErr> {
    let name = paid.names.iter().find(|name| name.starts_with("O-")).cloned().unwrap_or_default();
    let amount = paid.amount.map_or_else(|| "an amount that cannot be read".to_owned(), |amount| amount.plain());
    let (id, currency): (String, String) = (paid.id.chars().take(100).collect(), paid.currency.chars().take(10).collect());
    let text = format!("{} tells of {amount} {currency} for {name} ({id}). {why}. See it in the gateway's dashboard.", which.title());
    let key = format!("gateway-money:{}:{id}:{amount}", which.name());
    notifications::tell_staff(tx, core.now(), &Notice::Alarm { text }, Some(key)).await
}
