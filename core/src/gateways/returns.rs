//! Money that goes back through the gateway that took it: of refunds, and of credits that were for nothing. Written down in the transaction that gives it
//! back, sent by the job under a key by which it is one however often it is sent.

use super::{Back, Became, Gateway, GatewayError, Trouble, Which};
use crate::Core;
use crate::credits::{self, Seen, Waits};
use crate::db::{Applied, Tx, retrying, sql};
use crate::ledger;
use crate::ledger::movements::gateway_refund_failed;
use crate::money::Rupees;
use crate::notifications::{self, Card, Letter, Notice, RefundNews};
use crate::refunds::{self, Refund};
use crate::users::UserId;
use crate::{audit::Actor, purses};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// Money that a gateway is asked to give back.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Return {
    /// Row id.
    pub id: i64,
    /// Which gateway.
    pub gateway: Which,
    /// Of which payment, as the gateway names it.
    pub payment_ref: String,
    /// How much.
    pub amount: Rupees,
    /// The key under which it is sent.
    pub key: String,
    /// The refund that it is of.
    pub refund_id: Option<i64>,
    /// `to_send`, `sent`, `processed` or `failed`.
    pub state: String,
    /// The gateway's name of it.
    pub gateway_id: Option<String>,
    /// How often sending it, or asking about it, did not work.
    pub tries: i32,
    /// Why it did not work last.
    pub error: Option<String>,
    /// When it was written down.
    pub made_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, gateway, payment_ref, amount, key, refund_id, state, gateway_id, tries, error, made_at";

/// After so long a person is told that it does not go.
const STUCK: TimeDelta = TimeDelta::hours(24);

/// Has money of a payment sent back that is no refund of an order: the same key again is the same. The books know of it already.
pub(crate) async fn send_back_in(
    core: &Core,
    tx: &Tx,
    which: Which,
    payment: &str,
    amount: Rupees,
    key: &str,
) -> Result<Applied<Return>, GatewayError> {
    insert(core, tx, which, payment, amount, key, None).await
}

async fn insert(
    core: &Core,
    tx: &Tx,
    which: Which,
    payment: &str,
    amount: Rupees,
    key: &str,
    refund: Option<i64>,
) -> Result<Applied<Return>, GatewayError> {
    // What could not be sent back waits as `PAYMENT/KEY`.
    let payment = payment.split('/').next().unwrap_or(payment);
    let text = format!(
        "INSERT INTO gateway_refund (gateway, payment_ref, amount, key, refund_id, next_try_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (key) DO NOTHING RETURNING {COLUMNS}"
    );
    let values = [which.to_value().into(), payment.into(), amount.into(), key.into(), refund.into(), core.now().into()];
    if let Some(made) = Return::find_by_statement(sql(&text, values)).one(tx).await? {
        return Ok(Applied::Now(made));
    }
    let found = find(tx, "key = $1", [key.into()]).await?.ok_or(DbErr::RecordNotInserted)?;
    let same = (found.gateway, found.payment_ref.as_str(), found.amount, found.refund_id) == (which, payment, amount, refund);
    if same { Ok(Applied::Already(found)) } else { Err(GatewayError::Another(key.to_owned())) }
}

/// The part of a refund that goes back through the gateway that took its order's money. Who paid at a gateway that is not known here is paid by hand:
/// staff are told.
pub(crate) async fn of_refund(core: &Core, tx: &Tx, refund: &Refund) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Came {
        gateway: Option<String>,
        reference: Option<String>,
    }
    let came = Came::find_by_statement(sql(
        "SELECT coalesce(p.gateway, c.source) AS gateway, coalesce(p.gateway_ref, split_part(c.bank_ref, '/', 2)) AS reference
         FROM payment p LEFT JOIN bank_credit c ON c.id = p.credit_id WHERE p.order_id = $1 AND p.state = 'confirmed'",
        [refund.order_id.into()],
    ));
    let came = came.one(tx).await?.and_then(|came| Some((Which::named(&came.gateway?)?, came.reference?)));
    let Some((which, payment)) = came else {
        let text = format!(
            "{} of R-{} is to go back through a gateway that the shop does not know. Send it by hand.",
            refund.to_gateway, refund.code
        );
        return notifications::tell_staff(tx, core.now(), &Notice::Alarm { text }, Some(format!("refund-by-hand:{}", refund.id))).await;
    };
    let key = format!("refund-R-{}", refund.code);
    insert(core, tx, which, &payment, refund.to_gateway, &key, Some(refund.id))
        .await
        .map(|_| ())
        .map_err(|error| match error {
            GatewayError::Db(error) => error,
            error => DbErr::Custom(error.to_string()),
        })
}

async fn find(db: &impl ConnectionTrait, which: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Result<Option<Return>, DbErr> {
    Return::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM gateway_refund WHERE {which}"), values)).one(db).await
}

/// What a webhook tells of it. Of one that is not ours there is nothing to be done.
pub(super) async fn told_in(core: &Core, tx: &Tx, which: Which, back: &Back) -> Result<(), GatewayError> {
    let values = [which.to_value().into(), back.id.clone().into(), back.key.clone().into()];
    match find(tx, "gateway = $1 AND (gateway_id = $2 OR key = $3)", values).await? {
        Some(row) => became_in(core, tx, &row, back).await,
        None => Ok(()),
    }
}

/// Writes down what became of it; what is over stays as it is.
pub(super) async fn became_in(core: &Core, tx: &Tx, row: &Return, back: &Back) -> Result<(), GatewayError> {
    match &back.became {
        Became::Pending => {
            let text = "UPDATE gateway_refund SET state = 'sent', gateway_id = $2, tries = 0, error = NULL WHERE id = $1 AND state = 'to_send'";
            let changed = tx.execute_raw(sql(text, [row.id.into(), back.id.clone().into()])).await?.rows_affected() > 0;
            if changed {
                changed_card(core, tx, row, "sent").await?
            }
            Ok(())
        }
        Became::Processed => over(core, tx, row, "processed", Some(&back.id), None).await,
        Became::Failed(why) => over(core, tx, row, "failed", Some(&back.id), Some(why)).await,
    }
}

async fn changed_card(core: &Core, tx: &Tx, row: &Return, state: &str) -> Result<(), DbErr> {
    let Some(id) = row.refund_id else { return Ok(()) };
    let changed = Notice::CardChanged { card: Card::Refund, id };
    notifications::tell_staff(tx, core.now(), &changed, Some(format!("gateway-refund:{}:{state}", row.id))).await
}

async fn over(core: &Core, tx: &Tx, row: &Return, state: &str, id: Option<&str>, why: Option<&str>) -> Result<(), GatewayError> {
    let text = "UPDATE gateway_refund SET state = $2, gateway_id = coalesce(gateway_id, $3), error = $4, settled_at = $5
         WHERE id = $1 AND state IN ('to_send', 'sent')";
    let now = core.now();
    let why = why.map(|why| why.chars().take(200).collect::<String>());
    let values = [row.id.into(), state.into(), id.into(), why.clone().into(), now.into()];
    if tx.execute_raw(sql(text, values)).await?.rows_affected() == 0 {
        return contradicted(core, tx, row, state).await;
    }
    changed_card(core, tx, row, state).await?;
    let Some(refund) = row.refund_id else {
        return if state == "failed" { waits_again(core, tx, row).await } else { Ok(()) };
    };
    let refund = refunds::get(tx, refund).await?;
    let buyer = UserId(refund.user_id);
    let became = if state == "failed" {
        purses::lock(tx, &[buyer]).await?;
        let by = Actor::program(row.gateway.name());
        ledger::post(tx, now, gateway_refund_failed(row.id, refund.code.as_str(), buyer, row.amount, &by.ledger_name())).await?;
        RefundNews::NotReturned
    } else {
        RefundNews::Returned
    };
    notifications::tell_all(tx, now, &[Letter::to(buyer, Notice::Refund { refund: refund.id, became })]).await?;
    Ok(())
}

/// The gateway says another end than it said before: a person must look.
async fn contradicted(core: &Core, tx: &Tx, row: &Return, state: &str) -> Result<(), GatewayError> {
    let now = find(tx, "id = $1", [row.id.into()]).await?;
    if let Some(now) = now.filter(|now| now.state != state) {
        let text = format!(
            "{} said that {} is {}, and says now that it is {state}. Nothing was changed by that.",
            row.gateway.title(),
            row.key,
            now.state
        );
        notifications::tell_staff(tx, core.now(), &Notice::Alarm { text }, Some(format!("gateway-refund:{}:{state}", row.id))).await?;
    }
    Ok(())
}

/// What could not be sent back lies with the gateway still, for nothing: it waits for staff as another credit.
async fn waits_again(core: &Core, tx: &Tx, row: &Return) -> Result<(), GatewayError> {
    let seen = Seen {
        source: row.gateway.source(),
        bank: String::new(),
        bank_ref: format!("{}/{}/{}", row.gateway.to_value(), row.payment_ref, row.key),
        amount: row.amount,
        payer: String::new(),
        vpa: None,
        note: row.key.clone(),
        at: core.now(),
        by_day: false,
        teller: None,
    };
    let credit = credits::see_in(core, tx, &seen).await?.into_inner();
    credits::put_to_wait(core, tx, credit.id, Waits::Unknown, None).await?;
    Ok(())
}

/// The next that is due at a gateway, put off so that nobody else takes it in this moment.
pub(super) async fn next(core: &Core, which: Which, every: TimeDelta) -> Result<Option<Return>, DbErr> {
    let text = format!(
        "UPDATE gateway_refund SET tries = tries + 1, next_try_at = $2 + least($3 * power(2, least(tries, 12)), 3600) * interval '1 second'
         WHERE id = (SELECT id FROM gateway_refund WHERE gateway = $1 AND state IN ('to_send', 'sent') AND next_try_at <= $2
                     ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {COLUMNS}"
    );
    let values = [which.to_value().into(), core.now().into(), every.num_seconds().max(1).into()];
    Return::find_by_statement(sql(&text, values)).one(core.db()).await
}

/// Sends one, or asks what became of it.
pub(super) async fn send(core: &Core, gateway: &dyn Gateway, row: &Return) -> Result<(), GatewayError> {
    let answer = match &row.gateway_id {
        Some(id) if row.state == "sent" => gateway.given_back(&row.payment_ref, id, &row.key).await,
        _ => gateway.give_back(&row.payment_ref, row.amount, &row.key).await,
    };
    let trouble = match answer {
        Ok(back) => {
            return retrying(|| async {
                let tx = core.begin().await?;
                became_in(core, &tx, row, &back).await?;
                tx.commit().await?;
                Ok(())
            })
            .await;
        }
        Err(trouble) => trouble,
    };
    let why = trouble.to_string();
    core.db()
        .execute_raw(sql(
            "UPDATE gateway_refund SET error = $2 WHERE id = $1 AND state IN ('to_send', 'sent')",
            [row.id.into(), why.clone().into()],
        ))
        .await?;
    if matches!(trouble, Trouble::Refused(_)) && row.state == "to_send" {
        return retrying(|| async {
            let tx = core.begin().await?;
            over(core, &tx, row, "failed", None, Some(&why)).await?;
            tx.commit().await?;
            Ok(())
        })
        .await;
    }
    if matches!(trouble, Trouble::Unsure(_)) || core.now() - row.made_at > STUCK {
        let text = format!(
            "{} does not send {} back ({}): {why}. It is tried on; look in its dashboard whether it was sent.",
            row.gateway.title(),
            row.amount,
            row.key
        );
        let key = format!("gateway-refund:{}:stuck:{}", row.id, core.now().date_naive());
        notifications::alert(core, &Notice::Alarm { text }, Some(key)).await?;
    }
    if let Trouble::Away(_) = trouble { Err(GatewayError::Trouble(trouble)) } else { Ok(()) }
}
