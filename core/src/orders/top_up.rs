//! A top-up: an order whose goods are money in the buyer's own wallet.

use super::{Move, Order, OrderError, OrderState, end_in, entity, expire_in};
use crate::Core;
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::users::User;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// What such an order is called where nobody's language is known.
const TITLE: &str = "Wallet";

/// Orders money for the buyer's own wallet. One waits at a time: the same amount is the one that is open, another amount takes its place.
///
/// # Errors
/// Less, or more, than the settings let a wallet be filled with at once.
pub async fn place_top_up(core: &Core, buyer: &User, amount: Rupees) -> Result<Applied<Order>, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let placed = place_top_up_in(core, &tx, buyer, amount).await?;
        tx.commit().await?;
        Ok(placed)
    })
    .await
}

async fn place_top_up_in(core: &Core, tx: &Tx, buyer: &User, amount: Rupees) -> Result<Applied<Order>, OrderError> {
    let settings = core.settings_store().get(tx).await?;
    let (least, most) = (settings.wallet.least, settings.wallet.most);
    // An order costs at least a rupee, whatever the settings say.
    if amount < least.max(Rupees::whole(1)) || amount > most {
        return Err(OrderError::NotATopUp(least, most));
    }
    let now = core.now();
    loop {
        let open = entity::Entity::find()
            .filter(entity::Column::BuyerId.eq(buyer.id))
            .filter(entity::Column::FillsWallet.eq(true))
            .filter(entity::Column::State.eq(OrderState::AwaitingPayment));
        match open.one(tx).await? {
            Some(order) if order.expires_at <= now => expire_in(core, tx, &order).await?,
            Some(order) if order.price + order.discount == amount => return Ok(Applied::Already(order)),
            // Its proof may come in this moment: then both are what they are.
            Some(order) => drop(end_in(core, tx, order.id, Move::Cancel, "", vec![]).await?),
            None => {}
        }
        // Two presses at once: one places it, the other looks again.
        let placed = sql(
            "INSERT INTO orders (code, buyer_id, title, price, cost, level1_percent, level2_percent, hold_s, state, placed_at, expires_at, fills_wallet)
             VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 'awaiting_payment', $5, $6, true)
             ON CONFLICT (buyer_id) WHERE fills_wallet AND state = 'awaiting_payment' DO NOTHING RETURNING *",
            [
                core.short_code().into(),
                buyer.id.into(),
                TITLE.into(),
                amount.into(),
                now.into(),
                (now + settings.orders.expire_after.delta()).into(),
            ],
        );
        if let Some(order) = entity::Entity::find().from_raw_sql(placed).one(tx).await? {
            return Ok(Applied::Now(order));
        }
    }
}
