//! What a buyer can pay at a gateway for an order: made once, however often and by however many it is asked for.

use super::{GatewayError, Made, Trouble, Wanted, Which, asked};
use crate::Core;
use crate::code::ShortCode;
use crate::db::{Tx, retrying, sql};
use crate::money::Rupees;
use crate::orders::{self, Order, OrderState};
use crate::settings::Way;
use crate::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};
use std::time::Duration;

/// Whoever makes a charge has so long; then another may. Longer than an answer is waited for.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
/// How long another's making is waited for, and how often it is looked at.
const LOOKS: u32 = 60;
const LOOK: Duration = Duration::from_millis(200);

/// Something that a buyer can pay at a gateway.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Charge {
    /// Row id.
    pub id: i64,
    /// Where.
    pub gateway: Which,
    /// For which order.
    pub order_id: i64,
    /// Our name of it.
    pub reference: String,
    /// What it is.
    pub way: Way,
    /// How much is to be paid.
    pub amount: Rupees,
    /// `making`, `open`, `paid`, or `closed`: asked about no more.
    pub state: String,
    /// The gateway's name of it.
    pub gateway_id: Option<String>,
    /// Where it is paid.
    pub url: Option<String>,
    /// When it was asked for.
    pub made_at: DateTime<Utc>,
    /// Until when it can be paid.
    pub expires_at: DateTime<Utc>,
    /// How often making it, or asking about it, did not work.
    pub tries: i32,
}

pub(super) const COLUMNS: &str = "id, gateway, order_id, reference, way, amount, state, gateway_id, url, made_at, expires_at, tries";

/// What is open for an order at the gateways: to be shown again.
///
/// # Errors
/// The database.
pub async fn current(core: &Core, order: &Order) -> Result<Vec<Charge>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM gateway_charge WHERE order_id = $1 AND state = 'open' AND NOT replaced AND amount = $2 AND expires_at > $3 ORDER BY id"
    );
    Charge::find_by_statement(sql(&text, [order.id.into(), order.due().into(), core.now().into()])).all(core.db()).await
}

/// Makes what the buyer's own order can be paid with at a gateway, or finds it made. Two at once make one; after a crash between the gateway's answer
/// and our note of it, it is found again by its reference.
///
/// # Errors
/// The gateway is off, away, or refuses; there is no such order, or it awaits no money.
pub async fn pay_online(core: &Core, buyer: UserId, code: &ShortCode, which: Which) -> Result<Charge, GatewayError> {
    let settings = core.settings().await?;
    let gateway = asked(core.settings_store().layers(), &settings, which).ok_or(GatewayError::Off)?;
    let mut looks = 0;
    let (charge, order) = loop {
        let begun = retrying(|| async {
            let tx = core.begin().await?;
            let begun = begin_in(core, &tx, buyer, code, which, gateway.way()).await?;
            tx.commit().await?;
            Ok::<_, GatewayError>(begun)
        })
        .await?;
        match begun {
            Begun::Open(charge) => return Ok(charge),
            Begun::Ours(ours) => break *ours,
            // Somebody is making it.
            Begun::Theirs if looks < LOOKS => {
                looks += 1;
                tokio::time::sleep(LOOK).await;
            }
            Begun::Theirs => return Err(GatewayError::Trouble(Trouble::Away("it is being made".to_owned()))),
        }
    };
    let wanted = Wanted {
        reference: charge.reference.clone(),
        amount: charge.amount,
        title: format!("{} (O-{})", order.title, order.code).chars().take(200).collect(),
        expires_at: charge.expires_at,
        again: charge.tries > 1,
        now: core.now(),
    };
    match gateway.charge(&wanted).await {
        Ok(made) => Ok(opened(core, &charge, made).await?),
        Err(trouble) => {
            give_up(core, &charge, &trouble).await?;
            Err(GatewayError::Trouble(trouble))
        }
    }
}

/// How far a charge is.
enum Begun {
    /// It can be paid.
    Open(Charge),
    /// It is ours to make.
    Ours(Box<(Charge, Order)>),
    /// Someone else makes it in this moment.
    Theirs,
}

async fn begin_in(core: &Core, tx: &Tx, buyer: UserId, code: &ShortCode, which: Which, way: Way) -> Result<Begun, GatewayError> {
    let order = orders::of_buyer(tx, buyer, code).await?.ok_or(GatewayError::NoOrder)?;
    // One after the other, and the order stays as it is meanwhile.
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [order.id.into()])).await?;
    let order = orders::get(tx, order.id).await?;
    if order.state != OrderState::AwaitingPayment || order.expires_at <= core.now() || !order.due().is_positive() {
        return Err(GatewayError::NotAwaited(order.state));
    }
    let (now, due) = (core.now(), order.due());
    let text = format!("SELECT {COLUMNS} FROM gateway_charge WHERE order_id = $1 AND gateway = $2 AND NOT replaced AND state IN ('making', 'open')");
    let found = Charge::find_by_statement(sql(&text, [order.id.into(), which.to_value().into()])).one(tx).await?;
    let found = match found {
        Some(charge) if charge.amount == due && charge.way == way && (charge.state == "making" || charge.expires_at > now) => Some(charge),
        Some(charge) => {
            tx.execute_raw(sql("UPDATE gateway_charge SET replaced = true WHERE id = $1", [charge.id.into()])).await?;
            None
        }
        None => None,
    };
    if let Some(charge) = &found
        && charge.state == "open"
    {
        return Ok(Begun::Open(charge.clone()));
    }
    if found.is_none() {
        let text = "INSERT INTO gateway_charge (gateway, order_id, reference, way, amount, made_at, expires_at, next_look_at)
             SELECT $2, $1, $3 || '-' || count(*) + 1, $4, $5, $6, $7, $6 FROM gateway_charge WHERE order_id = $1 AND gateway = $2";
        let reference = format!("O-{}", order.code);
        let values = [
            order.id.into(),
            which.to_value().into(),
            reference.into(),
            way.to_value().into(),
            due.into(),
            now.into(),
            order.expires_at.into(),
        ];
        tx.execute_raw(sql(text, values)).await?;
    }
    let text = format!(
        "UPDATE gateway_charge SET claimed_until = $3, tries = tries + 1
         WHERE order_id = $1 AND gateway = $2 AND NOT replaced AND state = 'making' AND (claimed_until IS NULL OR claimed_until <= $4) RETURNING {COLUMNS}"
    );
    let values = [order.id.into(), which.to_value().into(), (now + CLAIM).into(), now.into()];
    Ok(match Charge::find_by_statement(sql(&text, values)).one(tx).await? {
        Some(charge) => Begun::Ours(Box::new((charge, order))),
        None => Begun::Theirs,
    })
}

/// Notes what the gateway made; who was faster has noted the same.
async fn opened(core: &Core, charge: &Charge, made: Made) -> Result<Charge, DbErr> {
    let text = format!(
        "UPDATE gateway_charge SET state = CASE state WHEN 'making' THEN 'open' ELSE state END, gateway_id = coalesce(gateway_id, $2), url = coalesce(url, $3),
                claimed_until = NULL, tries = 0, error = NULL WHERE id = $1 RETURNING {COLUMNS}"
    );
    let values = [charge.id.into(), made.id.into(), made.url.into()];
    Charge::find_by_statement(sql(&text, values)).one(core.db()).await?.ok_or(DbErr::RecordNotUpdated)
}

/// Lets another try; what was refused is not tried again under the same name.
async fn give_up(core: &Core, charge: &Charge, trouble: &Trouble) -> Result<(), DbErr> {
    let state = if matches!(trouble, Trouble::Away(_)) { "making" } else { "closed" };
    tracing::warn!(gateway = charge.gateway.name(), reference = charge.reference, %trouble, "a gateway did not make what an order is paid with");
    let text = "UPDATE gateway_charge SET claimed_until = NULL, state = $2, error = $3 WHERE id = $1 AND state = 'making'";
    core.db().execute_raw(sql(text, [charge.id.into(), state.into(), trouble.to_string().into()])).await?;
    Ok(())
}
