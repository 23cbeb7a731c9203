//! A plan's picture and its place among the others, in the admin chat; and pictures that Telegram has forgotten.

use super::Reply;
use super::admin::Desk;
use crate::app::{App, Failure};
use crate::dialogue::{self, Question};
use crate::reply::{Picture as Shown, Place, Screen};
use crate::screens::products;
use mela_core::catalog::{self, CatalogError, Picture, Plan};
use teloxide::types::Message;

/// Tells staff when a screen had to be shown without its plan's picture.
pub(super) async fn noted(app: &App, screen: &Screen, shown: Place) -> Result<(), Failure> {
    if let (Some(Shown::FileId(id)), false) = (&screen.picture, shown.photo) {
        catalog::picture_lost(app.core(), id).await?;
    }
    Ok(())
}

/// One product as it stands now.
pub(super) async fn card(desk: &Desk, plan: &Plan) -> Result<Screen, Failure> {
    let place = catalog::place_of(desk.app.core().db(), plan.id).await?;
    Ok(products::product(&desk.texts, plan, place))
}

/// Asks for a plan's picture.
pub(super) async fn ask(desk: &Desk, plan: &Plan) -> Result<Reply, Failure> {
    desk.ask(Some(&Question::ProductPicture { id: plan.id })).await?;
    Ok(Reply::Say(products::ask_picture(&desk.texts, &desk.by.name, plan)))
}

/// The photo that was asked for. What is none leaves the question open; of an album the first counts.
pub(super) async fn answered(desk: &Desk, message: &Message, id: i64) -> Result<Screen, Failure> {
    let Some(largest) = message.photo().and_then(|sizes| sizes.iter().max_by_key(|size| size.width * size.height)) else {
        return Ok(desk.sentence("product-picture-wrong", &[]));
    };
    let picture = Picture { file_id: largest.file.id.0.clone(), unique_id: largest.file.unique_id.0.clone() };
    let screen = match catalog::set_picture(desk.app.core(), &desk.by, id, Some(&picture)).await {
        Ok(plan) => products::picture_set(&desk.texts, &plan.into_inner(), message.media_group_id().is_some()),
        Err(CatalogError::NotFound) => desk.sentence("product-unknown", &[]),
        Err(error) => return Err(error.into()),
    };
    desk.ask(None).await?;
    Ok(screen)
}

/// Takes a plan's picture away, and the question for one with it.
pub(super) async fn removed(desk: &Desk, id: i64) -> Result<Reply, Failure> {
    let plan = catalog::set_picture(desk.app.core(), &desk.by, id, None).await?.into_inner();
    if dialogue::open(desk.app.core().db(), desk.speaker).await? == Some(Question::ProductPicture { id }) {
        desk.ask(None).await?;
    }
    Ok(Reply::Show(card(desk, &plan).await?))
}

/// Puts a plan at a place that a button names.
pub(super) async fn moved(desk: &Desk, plan: &Plan, to: i64) -> Result<Reply, Failure> {
    let place = catalog::place(desk.app.core(), &desk.by, plan.id, to).await?.into_inner();
    Ok(Reply::Show(products::product(&desk.texts, plan, Some(place))))
}

/// Asks for a plan's place.
pub(super) async fn ask_place(desk: &Desk, plan: &Plan) -> Result<Reply, Failure> {
    let Some(place) = catalog::place_of(desk.app.core().db(), plan.id).await? else {
        return Ok(desk.alert("product-unknown", &[]));
    };
    desk.ask(Some(&Question::ProductPlace { id: plan.id })).await?;
    let args: crate::texts::Args<'_> = &[("name", &desk.by.name), ("title", &plan.title), ("place", &place.place), ("of", &place.of)];
    Ok(Reply::Say(desk.sentence("product-ask-place", args)))
}

/// The place that was asked for. A wrong one leaves the question open.
pub(super) async fn place_answered(desk: &Desk, id: i64, text: &str) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let (Some(plan), Some(now)) = (catalog::get(db, id).await?, catalog::place_of(db, id).await?) else {
        desk.ask(None).await?;
        return Ok(desk.sentence("product-unknown", &[]));
    };
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(to) = text.parse::<i64>().ok().filter(|to| digits && (1..=now.of).contains(to)) else {
        return Ok(desk.sentence("product-place-wrong", &[("of", &now.of)]));
    };
    let place = catalog::place(desk.app.core(), &desk.by, id, to).await?.into_inner();
    desk.ask(None).await?;
    Ok(products::placed(&desk.texts, &plan, place))
}
