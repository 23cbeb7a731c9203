//! What gateways pay out to the bank: booked once, when both is known, what came and what was kept.

use super::{Gateway, GatewayError, Payout, Trouble, Which};
use crate::Core;
use crate::db::{Tx, sql};
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::treasury::{self, TreasuryError};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// How far back payouts are asked for at first, and again each time: what is told late is found.
const BACK: TimeDelta = TimeDelta::days(7);
/// After so long a person is told that fees are not known.
const STUCK: TimeDelta = TimeDelta::hours(24);

#[derive(FromQueryResult)]
pub(super) struct Row {
    gateway: Which,
    #[sea_orm(from_alias = "ref")]
    reference: String,
    utr: Option<String>,
    net: Option<Rupees>,
    fees: Option<Rupees>,
    at: DateTime<Utc>,
    told_at: DateTime<Utc>,
}

/// Notes that money was paid out. What is not told of it now is filled in by what is told later.
pub(super) async fn told_in(core: &Core, tx: &Tx, which: Which, payout: &Payout) -> Result<(), GatewayError> {
    note(core, tx, which, payout).await?;
    Ok(())
}

async fn note(core: &Core, db: &impl ConnectionTrait, which: Which, payout: &Payout) -> Result<(), DbErr> {
    let text = "INSERT INTO gateway_settlement AS s (gateway, ref, utr, net, fees, at, told_at, next_try_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (gateway, ref) DO UPDATE SET utr = coalesce(s.utr, excluded.utr), net = coalesce(s.net, excluded.net), fees = coalesce(s.fees, excluded.fees)
         WHERE s.settlement_id IS NULL";
    let values = [
        which.to_value().into(),
        payout.id.clone().into(),
        payout.utr.clone().into(),
        payout.net.into(),
        payout.fees.into(),
        payout.at.into(),
        core.now().into(),
    ];
    db.execute_raw(sql(text, values)).await?;
    Ok(())
}

/// Asks a gateway for its payouts when it is time to.
pub(super) async fn look(core: &Core, gateway: &dyn Gateway, every: TimeDelta) -> Result<(), GatewayError> {
    let (which, now) = (gateway.which(), core.now());
    let due = "SELECT 1 FROM gateway_look WHERE gateway = $1 AND settlements_at > $2";
    if core.db().query_one_raw(sql(due, [which.to_value().into(), (now - every).into()])).await?.is_some() {
        return Ok(());
    }
    for payout in gateway.payouts(now - BACK).await.map_err(GatewayError::Trouble)? {
        note(core, core.db(), which, &payout).await?;
    }
    let text = "INSERT INTO gateway_look (gateway, settlements_at) VALUES ($1, $2) ON CONFLICT (gateway) DO UPDATE SET settlements_at = excluded.settlements_at";
    core.db().execute_raw(sql(text, [which.to_value().into(), now.into()])).await?;
    Ok(())
}

/// The next that is to be booked, put off so that nobody else takes it in this moment.
pub(super) async fn next(core: &Core, which: Which, every: TimeDelta) -> Result<Option<Row>, DbErr> {
    let text =
        "UPDATE gateway_settlement SET tries = tries + 1, next_try_at = $2 + least($3 * power(2, least(tries, 12)), 3600) * interval '1 second'
         WHERE gateway = $1 AND ref = (SELECT ref FROM gateway_settlement WHERE gateway = $1 AND settlement_id IS NULL AND next_try_at <= $2
                     ORDER BY next_try_at, ref LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING gateway, ref, utr, net, fees, at, told_at";
    let values = [which.to_value().into(), core.now().into(), every.num_seconds().max(1).into()];
    Row::find_by_statement(sql(text, values)).one(core.db()).await
}

/// Books one, when all of it is known.
pub(super) async fn book(core: &Core, gateway: &dyn Gateway, row: &Row) -> Result<(), GatewayError> {
    let told = Payout {
        id: row.reference.clone(),
        utr: row.utr.clone(),
        net: row.net,
        fees: row.fees,
        at: row.at,
        payments: Vec::new(),
    };
    let whole = match gateway.payout(&told).await {
        Ok(whole) => whole,
        Err(trouble @ Trouble::Away(_)) => return Err(GatewayError::Trouble(trouble)),
        Err(trouble) => return stuck(core, row, &trouble.to_string()).await,
    };
    // Written down before it is booked: tried again, it is booked under the same reference.
    note(core, core.db(), row.gateway, &whole).await?;
    let (Some(net), Some(fees)) = (whole.net, whole.fees) else {
        return stuck(core, row, "the gateway does not tell what it kept").await;
    };
    let reference = whole.utr.clone().unwrap_or_else(|| whole.id.clone());
    let booked = match treasury::settle_gateway(core, &reference, net, fees).await {
        Ok(booked) => booked.into_inner(),
        Err(TreasuryError::Db(error)) => return Err(error.into()),
        Err(error) => return stuck(core, row, &error.to_string()).await,
    };
    let text = "UPDATE gateway_settlement SET settlement_id = $3, utr = $4, net = $5, fees = $6 WHERE gateway = $1 AND ref = $2";
    let values = [
        row.gateway.to_value().into(),
        row.reference.clone().into(),
        booked.into(),
        whole.utr.clone().into(),
        net.into(),
        fees.into(),
    ];
    core.db().execute_raw(sql(text, values)).await?;
    let text = "UPDATE gateway_payment SET settlement = $2 WHERE gateway = $1 AND ref = ANY ($3)";
    core.db()
        .execute_raw(sql(text, [row.gateway.to_value().into(), row.reference.clone().into(), whole.payments.into()]))
        .await?;
    Ok(())
}

async fn stuck(core: &Core, row: &Row, why: &str) -> Result<(), GatewayError> {
    if core.now() - row.told_at > STUCK {
        let text = format!("{} paid out {}, and it cannot be booked: {why}.", row.gateway.title(), row.reference);
        let key = format!("gateway-payout:{}:{}", row.gateway.name(), row.reference);
        notifications::alert(core, &Notice::Alarm { text }, Some(key)).await?;
    }
    Ok(())
}
