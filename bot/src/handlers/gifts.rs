//! Gifts: opened by their link, and the link itself for whoever bought one.

use super::customer::Talk;
use crate::app::Failure;
use crate::reply::Screen;
use crate::screens::{gifts as screen, sentence_home};
use mela_core::code::ShortCode;
use mela_core::gifts::{self, GiftError};
use mela_core::orders::Order;
use mela_core::users;

/// `/start gift_CODE`: what it holds is whose who opens it first.
pub(super) async fn open(talk: &Talk, code: &str) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let opened = match code.parse::<ShortCode>() {
        Ok(code) => gifts::open(core, &talk.user, &code).await,
        Err(_) => Err(GiftError::Unknown),
    };
    let key = match opened {
        Ok(gift) => {
            let gift = gift.into_inner();
            let giver = users::get(core.db(), gift.buyer()).await?;
            return Ok(screen::opened(&talk.texts, &gift, &giver));
        }
        Err(GiftError::Unknown) => "gift-unknown",
        Err(GiftError::Own) => "gift-own",
        Err(GiftError::NotPaid) => "gift-not-paid",
        Err(GiftError::Refunded) => "gift-refunded",
        Err(GiftError::Taken) => "gift-taken",
        Err(GiftError::Db(error)) => return Err(error.into()),
    };
    Ok(sentence_home(&talk.texts, key, &[]))
}

/// The buyer's order with the link of the gift that it is.
pub(super) fn with_link(talk: &Talk, order: &Order, shown: Screen) -> Screen {
    match &order.gift_code {
        Some(code) if order.paid_at.is_some() && !order.is_refunded() => {
            let link = format!("https://t.me/{}?start=gift_{code}", talk.app.bot_name());
            screen::with_link(&talk.texts, shown, order.recipient_id.is_none().then_some(&link))
        }
        _ => shown,
    }
}
