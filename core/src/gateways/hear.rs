//! Webhooks: what a gateway tells, at least once and in any order. One transaction each, and no gateway is asked in it: the answer is quick.

use super::returns::{self};
use super::taking::{Taken, take_in};
use super::{GatewayError, News, Which, heard, payouts, transfer};
use crate::Core;
use crate::db::{Tx, retrying, sql};
use reqwest::header::HeaderMap;
use sea_orm::{ActiveEnum, ConnectionTrait};

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Deaf {
    /// It does not prove that the gateway sent it, or no secret is set by which it could.
    #[error("not signed by the gateway")]
    Unsigned,
    /// It is no JSON.
    #[error("no JSON")]
    NotJson,
    /// It could not be taken now.
    #[error(transparent)]
    Trouble(#[from] GatewayError),
}

/// Hears a webhook: `body` is what came, byte for byte. The same event again, and one of which nothing is known here, is taken like any.
///
/// # Errors
/// It is not the gateway's; it is no JSON; the database.
pub async fn hear(core: &Core, which: Which, head: &HeaderMap, body: &[u8]) -> Result<(), Deaf> {
    let settings = core.settings().await.map_err(GatewayError::from)?;
    let heard = heard(core.settings_store().layers(), &settings, which).listen(head, body)?;
    retrying(|| async {
        let tx = core.begin().await?;
        let text = "INSERT INTO gateway_event (gateway, event_id, kind, heard_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let values = [which.to_value().into(), heard.event_id.clone().into(), heard.kind.clone().into(), core.now().into()];
        if tx.execute_raw(sql(text, values)).await?.rows_affected() > 0 {
            for news in &heard.news {
                follow(core, &tx, which, &heard.kind, news).await?;
            }
        }
        tx.commit().await?;
        Ok::<_, GatewayError>(())
    })
    .await?;
    Ok(())
}

async fn follow(core: &Core, tx: &Tx, which: Which, kind: &str, news: &News) -> Result<(), GatewayError> {
    match news {
        News::Money(paid) => {
            let taken = take_in(core, tx, which, paid).await?;
            if taken != Taken::NotOurs {
                tracing::info!(gateway = which.name(), kind, payment = paid.id, ?taken, "a gateway told of money");
            }
        }
        News::Back(back) => returns::told_in(core, tx, which, back).await?,
        News::Payout(payout) => payouts::told_in(core, tx, which, payout).await?,
        News::Sent(sent) => transfer::told_in(core, tx, which, sent).await?,
    }
    Ok(())
}
