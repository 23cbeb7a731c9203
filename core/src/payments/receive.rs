//! Money that comes by itself: through a gateway, in Stars, seen at the bank. Nobody claims it; it is confirmed as it comes.

use super::{Method, Payment, PaymentError, PaymentState, by_key, confirm_in, entity, hand_over};
use crate::Core;
use crate::audit::Actor;
use crate::credits;
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::notifications::{self, Card, Notice};
use crate::orders::{self, Move, Order, OrderState};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// Money that came for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// How it came; never from a wallet.
    pub method: Method,
    /// How much.
    pub amount: Rupees,
    /// Where it came from: the same is one payment. `razorpay:pay_…`, `credit:7`.
    pub key: String,
    /// The gateway, and its own id of the payment.
    pub gateway: Option<(String, String)>,
    /// The payer's UPI id, where it was told.
    pub payer: Option<String>,
    /// The credit that it is, when it was seen at the bank.
    pub credit: Option<i64>,
}

/// Takes money that came for an order and confirms it, in one transaction. An order that expired or was cancelled meanwhile is served all the same: the
/// money has left. A proof that still waits for the same order is this money when both came by UPI; else it is put aside.
///
/// # Errors
/// There is no such order; another amount is due; it is paid already ([`PaymentError::NotAwaited`]); the key stands for another payment. The money is
/// then to wait where staff see it.
pub async fn receive(core: &Core, order_id: i64, incoming: &Incoming, by: &Actor) -> Result<Applied<Payment>, PaymentError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let received = receive_in(core, &tx, order_id, incoming, by).await?;
        tx.commit().await?;
        Ok(received)
    })
    .await
}

pub(crate) async fn receive_in(core: &Core, tx: &Tx, order_id: i64, incoming: &Incoming, by: &Actor) -> Result<Applied<Payment>, PaymentError> {
    // As staff's press does: the payment's row, then its order's.
    tx.execute_raw(sql("SELECT FROM payment WHERE order_id = $1 AND state = 'submitted' FOR UPDATE", [order_id.into()]))
        .await?;
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [order_id.into()])).await?;
    if let Some(payment) = by_key(tx, &incoming.key).await? {
        let same = payment.order_id == Some(order_id) && payment.amount == incoming.amount;
        return if same { Ok(Applied::Already(payment)) } else { Err(PaymentError::Decided(Box::new(payment))) };
    }
    let order = orders::Entity::find_by_id(order_id).one(tx).await?.ok_or(PaymentError::NoOrder)?;
    let claimed = match order.state {
        OrderState::AwaitingPayment | OrderState::Expired | OrderState::Cancelled | OrderState::InReview => waiting(tx, &order).await?,
        state => return Err(PaymentError::NotAwaited(state)),
    };
    let due = claimed.as_ref().map_or_else(|| order.due(), |claimed| claimed.amount);
    if incoming.amount != due {
        return Err(PaymentError::OtherAmount(due));
    }
    let payment = match claimed {
        Some(claimed) if claimed.method == Method::Upi && incoming.method == Method::Upi => {
            // It has its card already.
            let payment = bear_out(core, tx, &claimed, incoming).await?;
            return confirm_in(core, tx, payment.id, by).await;
        }
        Some(claimed) => {
            put_aside(core, tx, &claimed, by).await?;
            insert(core, tx, &order, incoming).await?
        }
        None => {
            let stepped = orders::step(tx, order.id, Move::SubmitProof, "", vec![]).await?;
            stepped.ok_or(PaymentError::NotAwaited(order.state))?;
            insert(core, tx, &order, incoming).await?
        }
    };
    let confirmed = confirm_in(core, tx, payment.id, by).await?;
    hand_over(core, tx, &payment).await?;
    Ok(confirmed)
}

/// What an order awaits from outside: as its waiting proof says, else as it is now.
pub(crate) async fn due(tx: &Tx, order_id: i64) -> Result<Rupees, PaymentError> {
    let order = orders::Entity::find_by_id(order_id).one(tx).await?.ok_or(PaymentError::NoOrder)?;
    Ok(waiting(tx, &order).await?.map_or_else(|| order.due(), |claimed| claimed.amount))
}

/// The proof of the order that waits to be checked.
async fn waiting(tx: &Tx, order: &Order) -> Result<Option<Payment>, DbErr> {
    let found = entity::Entity::find()
        .filter(entity::Column::OrderId.eq(order.id))
        .filter(entity::Column::State.eq(PaymentState::Submitted));
    found.one(tx).await
}

/// What the customer claimed is what came.
async fn bear_out(core: &Core, tx: &Tx, claimed: &Payment, incoming: &Incoming) -> Result<Payment, DbErr> {
    let text = "UPDATE payment SET payer = $2, credit_id = $3 WHERE id = $1 RETURNING *";
    let values = [claimed.id.into(), credits::canonical(incoming.payer.as_deref()).into(), incoming.credit.into()];
    let found = entity::Entity::find().from_raw_sql(sql(text, values)).one(tx).await?;
    // Its card has buttons that would do nothing now.
    let changed = Notice::CardChanged { card: Card::Payment, id: claimed.id };
    notifications::tell_staff(tx, core.now(), &changed, Some(format!("borne-out:{}", claimed.id))).await?;
    found.ok_or(DbErr::RecordNotUpdated)
}

/// What the customer claimed is not how the order was paid: should that money come, too, it waits as a double one.
async fn put_aside(core: &Core, tx: &Tx, claimed: &Payment, by: &Actor) -> Result<(), DbErr> {
    let reason = format!("paid by {}", by.name);
    tx.execute_raw(super::deciding(core.now(), claimed.id, PaymentState::Rejected, by, Some(&reason))).await?;
    let changed = Notice::CardChanged { card: Card::Payment, id: claimed.id };
    notifications::tell_staff(tx, core.now(), &changed, Some(format!("put-aside:{}", claimed.id))).await
}

async fn insert(core: &Core, tx: &Tx, order: &Order, incoming: &Incoming) -> Result<Payment, DbErr> {
    let now = core.now();
    let late = order.state != OrderState::AwaitingPayment && order.state != OrderState::InReview || order.expires_at <= now;
    let (gateway, reference) = incoming.gateway.clone().unzip();
    let text = "INSERT INTO payment (order_id, user_id, method, amount, late, key, submitted_at, gateway, gateway_ref, payer, credit_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING *";
    let values = [
        order.id.into(),
        order.buyer_id.into(),
        incoming.method.to_value().into(),
        incoming.amount.into(),
        late.into(),
        incoming.key.clone().into(),
        now.into(),
        gateway.into(),
        reference.into(),
        credits::canonical(incoming.payer.as_deref()).into(),
        incoming.credit.into(),
    ];
    entity::Entity::find().from_raw_sql(sql(text, values)).one(tx).await?.ok_or(DbErr::RecordNotInserted)
}
