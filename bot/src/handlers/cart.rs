//! The cart in the private chat.

use super::Reply;
use super::customer::{Talk, payment};
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{cart as screens, sentence};
use mela_core::cart::{self, CartError};
use mela_core::db::Applied;

/// What is in it.
pub(super) async fn show(talk: &Talk) -> Result<Screen, Failure> {
    talk.ask(None).await?;
    current(talk).await
}

async fn current(talk: &Talk) -> Result<Screen, Failure> {
    Ok(screens::cart(&talk.texts, &cart::get(talk.app.core(), talk.user.user_id()).await?))
}

/// The buttons of the cart.
pub(super) async fn press(talk: &Talk, press: Press) -> Result<Reply, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let done = match press {
        Press::Cart => Ok(()),
        Press::AddToCart(code) => cart::add(core, person, &code).await,
        Press::PutInCart(code, quantity) => cart::put(core, person, &code, quantity).await,
        Press::EmptyCart => cart::empty(core, person).await.map_err(CartError::Db),
        Press::RemoveCoupon => cart::remove_coupon(core, person).await.map_err(CartError::Db),
        Press::AskCoupon => {
            if cart::get(core, person).await?.items.is_empty() {
                return Ok(Reply::Show(show(talk).await?));
            }
            talk.ask(Some(&Question::Coupon)).await?;
            return Ok(Reply::Show(screens::ask_coupon(&talk.texts)));
        }
        Press::CheckOut => return check_out(talk, false).await,
        Press::CheckOutGift => return check_out(talk, true).await,
        _ => return Ok(Reply::Alert(talk.texts.plain("stale", &[]))),
    };
    match done {
        Ok(()) => Ok(Reply::Show(show(talk).await?)),
        Err(error) => Ok(Reply::Alert(why(talk, error)?)),
    }
}

/// Why something was not done, for an alert.
fn why(talk: &Talk, error: CartError) -> Result<String, Failure> {
    match error {
        CartError::Db(error) => Err(error.into()),
        CartError::Order(error) => Err(error.into()),
        said => Ok(screens::refused(&talk.texts, &said)),
    }
}

async fn check_out(talk: &Talk, gift: bool) -> Result<Reply, Failure> {
    talk.ask(None).await?;
    match cart::check_out(talk.app.core(), &talk.user, gift).await {
        Ok(placed) => {
            let again = matches!(placed, Applied::Already(_));
            Ok(Reply::Show(payment(talk, &placed.into_inner(), again).await?))
        }
        // What is to be paid is another sum now: seen first.
        Err(error @ CartError::Coupon(_)) => {
            let why = why(talk, error)?;
            Ok(Reply::Show(screens::with_word(&talk.texts, &why, current(talk).await?)))
        }
        Err(error) => Ok(Reply::Alert(why(talk, error)?)),
    }
}

/// A coupon's code was typed. A wrong one leaves the question open.
pub(super) async fn coupon_typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    match cart::apply_coupon(talk.app.core(), talk.user.user_id(), text).await {
        Ok(()) => show(talk).await,
        Err(CartError::Empty) => {
            talk.ask(None).await?;
            current(talk).await
        }
        Err(error) => Ok(sentence(&talk.texts, "coupon-try-again", &[("why", &why(talk, error)?)])),
    }
}
