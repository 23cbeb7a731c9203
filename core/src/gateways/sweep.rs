//! What is asked for when nothing is told: a lost webhook loses no money, and a gateway that is away for an hour is asked again, less and less often.

use super::charge::{COLUMNS, Charge};
use super::taking::{Taken, take_in};
use super::{Gateway, GatewayError, Trouble, Which, asked, on, payouts, returns, transfer};
use crate::Core;
use crate::db::{retrying, sql};
use crate::settings::Settings;
use chrono::TimeDelta;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// Things of one kind that are looked at in one sweep: the next is a minute away.
const MOST: usize = 100;
/// No open charge is asked about less often.
const RAREST: TimeDelta = TimeDelta::hours(6);
/// How long it is remembered which events were heard. Gateways repeat for a day.
const EVENTS: TimeDelta = TimeDelta::days(30);

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Charges that were asked about.
    pub looked: usize,
    /// Payments that nobody had told of.
    pub found: usize,
    /// Refunds that were sent, or asked about.
    pub returns: usize,
    /// Payouts that were looked at.
    pub payouts: usize,
    /// Withdrawals that were sent, or asked about.
    pub transfers: usize,
    /// Gateways that are away.
    pub away: usize,
}

/// Asks each gateway whether open charges were paid, sends refunds and books payouts. Safe to run twice and by many at once.
///
/// # Errors
/// The database; a gateway that is away is none.
pub async fn sweep(core: &Core) -> Result<Swept, GatewayError> {
    let settings = core.settings().await?;
    let mut swept = Swept { transfers: transfer::sweep(core, &settings).await?, ..Swept::default() };
    for which in on(core) {
        let Some(gateway) = asked(core.settings_store().layers(), &settings, which) else {
            continue;
        };
        match all_of(core, &settings, &*gateway, &mut swept).await {
            // It is not asked for more now.
            Err(GatewayError::Trouble(trouble)) => {
                swept.away += 1;
                tracing::warn!(gateway = which.name(), %trouble, "a gateway is away; it is asked again");
            }
            other => other?,
        }
    }
    let old = core.now() - settings.gateways.poll_for.delta();
    let text = "UPDATE gateway_charge SET state = 'closed' WHERE state IN ('making', 'open', 'paid') AND made_at <= $1";
    core.db().execute_raw(sql(text, [old.into()])).await?;
    core.db().execute_raw(sql("DELETE FROM gateway_event WHERE heard_at < $1", [(core.now() - EVENTS).into()])).await?;
    Ok(swept)
}

async fn all_of(core: &Core, settings: &Settings, gateway: &dyn Gateway, swept: &mut Swept) -> Result<(), GatewayError> {
    let (which, every) = (gateway.which(), settings.gateways.poll_every.delta());
    for _ in 0..MOST {
        let Some(charge) = next(core, which, every).await? else { break };
        swept.looked += 1;
        swept.found += look(core, gateway, &charge, every).await?;
    }
    for _ in 0..MOST {
        let Some(row) = returns::next(core, which, every).await? else { break };
        swept.returns += 1;
        returns::send(core, gateway, &row).await?;
    }
    payouts::look(core, gateway, settings.gateways.settlements_every.delta()).await?;
    for _ in 0..MOST {
        let Some(row) = payouts::next(core, which, every).await? else { break };
        swept.payouts += 1;
        payouts::book(core, gateway, &row).await?;
    }
    Ok(())
}

/// The next charge that is due, put off by a quarter of its age so that nobody else asks about it in this moment. What was paid is asked about less
/// often: money on it is a second payment.
async fn next(core: &Core, which: Which, every: TimeDelta) -> Result<Option<Charge>, DbErr> {
    let text = format!(
        "UPDATE gateway_charge SET next_look_at = $2 + greatest($3, least(extract(epoch FROM $2 - made_at) / 4, $4),
                CASE state WHEN 'paid' THEN least(greatest(extract(epoch FROM $2 - made_at), 3600), $4) END) * interval '1 second'
         WHERE id = (SELECT id FROM gateway_charge WHERE gateway = $1 AND state IN ('open', 'paid') AND next_look_at <= $2 ORDER BY next_look_at, id LIMIT 1
                     FOR UPDATE SKIP LOCKED) RETURNING {COLUMNS}"
    );
    let values = [which.to_value().into(), core.now().into(), every.num_seconds().into(), RAREST.num_seconds().into()];
    Charge::find_by_statement(sql(&text, values)).one(core.db()).await
}

/// Takes what was paid on a charge; answers how much of that nobody had told of.
async fn look(core: &Core, gateway: &dyn Gateway, charge: &Charge, every: TimeDelta) -> Result<usize, GatewayError> {
    let paid = match gateway.payments(charge).await {
        Ok(paid) => paid,
        Err(trouble) => {
            // Sooner than by its age, and later with each try.
            let text = "UPDATE gateway_charge SET tries = tries + 1, error = $2, next_look_at = $3 + least($4 * power(2, least(tries, 12)), 3600) * interval '1 second'
                        WHERE id = $1";
            let values = [charge.id.into(), trouble.to_string().into(), core.now().into(), every.num_seconds().into()];
            core.db().execute_raw(sql(text, values)).await?;
            return if let Trouble::Away(_) = trouble { Err(GatewayError::Trouble(trouble)) } else { Ok(0) };
        }
    };
    let mut found = 0;
    for payment in paid {
        let taken = retrying(|| async {
            let tx = core.begin().await?;
            let taken = take_in(core, &tx, gateway.which(), &payment).await?;
            tx.commit().await?;
            Ok::<_, GatewayError>(taken)
        })
        .await?;
        found += usize::from(matches!(taken, Taken::Confirmed | Taken::Unmatched));
    }
    core.db()
        .execute_raw(sql("UPDATE gateway_charge SET tries = 0, error = NULL WHERE id = $1 AND tries > 0", [charge.id.into()]))
        .await?;
    Ok(found)
}
