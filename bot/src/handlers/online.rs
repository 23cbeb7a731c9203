//! Paying at a gateway.

use super::Reply;
use super::customer::{Talk, own_order, payment};
use crate::app::Failure;
use crate::reply::Screen;
use crate::screens;
use mela_core::gateways::{self, GatewayError, Trouble, Which};
use mela_core::orders::{Order, OrderState};

/// A payment screen with what the gateways offer; where no UPI id is set, they are the way.
pub(super) async fn offer(talk: &Talk, order: &Order, screen: Screen) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let on = gateways::on(core);
    if on.is_empty() || order.state != OrderState::AwaitingPayment || !order.due().is_positive() {
        return Ok(screen);
    }
    Ok(screens::online::offered(&talk.texts, screen, order, &on, &gateways::current(core, order).await?))
}

/// `Pay online`: the page is made, and the screen has the button that opens it.
pub(super) async fn open(talk: &Talk, code: &str, gateway: &str) -> Result<Reply, Failure> {
    let alert = |key| Reply::Alert(talk.texts.plain(key, &[]));
    let (Some(order), Some(which)) = (own_order(talk, code).await?, Which::named(gateway)) else {
        return Ok(alert("order-unknown"));
    };
    match gateways::pay_online(talk.app.core(), talk.user.user_id(), &order.code, which).await {
        Ok(_) => Ok(Reply::Show(payment(talk, &order, false).await?)),
        Err(GatewayError::NotAwaited(_) | GatewayError::NoOrder) => {
            let order = own_order(talk, code).await?.unwrap_or(order);
            Ok(Reply::Show(super::customer::own_order_screen(talk, &order).await?))
        }
        Err(GatewayError::Trouble(Trouble::Away(_)) | GatewayError::Off) => Ok(alert("payment-online-away")),
        Err(GatewayError::Trouble(_)) => Ok(alert("payment-online-refused")),
        Err(error) => Err(error.into()),
    }
}
