//! A refund that is being put together, answer by answer.

use super::To;
use crate::Core;
use crate::db::sql;
use crate::money::Rupees;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What a member of staff is about to give back. It never changes: each answer makes another.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Draft {
    /// The update that made it: what a button carries.
    pub id: i64,
    /// The first draft of the same command: one refund comes of all of them.
    pub begun: i64,
    /// Whose it is: Telegram's id.
    pub made_by: i64,
    /// Of which order.
    pub order_id: i64,
    /// How much.
    pub amount: Rupees,
    /// Where the part goes that came from outside; none: to the wallet.
    pub vpa: Option<String>,
    /// Why, once that is said.
    pub reason: Option<String>,
    /// Whether that part goes back through the gateway that took it.
    pub by_gateway: bool,
}

impl Draft {
    /// The key of the refund that comes of it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("draft:{}", self.begun)
    }

    /// Where the part goes that came from outside.
    #[must_use]
    pub fn to(&self) -> To {
        if self.by_gateway {
            return To::Back;
        }
        self.vpa.as_deref().and_then(|vpa| vpa.parse().ok()).map_or(To::Wallet, To::Outside)
    }
}

/// Keeps a draft; for an update that is run again, the draft is the one that it made first.
///
/// # Errors
/// The database.
pub async fn keep(core: &Core, draft: Draft) -> Result<Draft, DbErr> {
    core.db()
        .execute_raw(sql(
            "INSERT INTO refund_draft (id, begun, made_by, order_id, amount, vpa, reason, made_at, by_gateway) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO NOTHING",
            [
                draft.id.into(),
                draft.begun.into(),
                draft.made_by.into(),
                draft.order_id.into(),
                draft.amount.into(),
                draft.vpa.clone().into(),
                draft.reason.clone().into(),
                core.now().into(),
                draft.by_gateway.into(),
            ],
        ))
        .await?;
    Ok(drafted(core.db(), draft.made_by, draft.id).await?.unwrap_or(draft))
}

/// The draft with this id, if it is this person's.
///
/// # Errors
/// The database.
pub async fn drafted(db: &impl ConnectionTrait, made_by: i64, id: i64) -> Result<Option<Draft>, DbErr> {
    let text = "SELECT id, begun, made_by, order_id, amount, vpa, reason, by_gateway FROM refund_draft WHERE id = $1 AND made_by = $2";
    Draft::find_by_statement(sql(text, [id.into(), made_by.into()])).one(db).await
}
