//! The catalogue in the admin chat: see, change, create.

use super::admin::Desk;
use super::{Reply, pictures};
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{PAGE, products};
use mela_core::catalog::{self, CatalogError, Field, Fields, Plan};
use mela_core::credentials;

/// A page of all products.
pub(super) async fn list(desk: &Desk, page: u32) -> Result<Screen, Failure> {
    let skip = u64::from(page) * PAGE as u64;
    let found = catalog::list(desk.app.core().db(), skip, PAGE as u64 + 1).await?;
    Ok(products::list(&desk.texts, &found, page))
}

/// The buttons of the list and of a product.
pub(super) async fn press(desk: &Desk, press: Press) -> Result<Reply, Failure> {
    let id = match press {
        Press::Products(page) => return Ok(Reply::Show(list(desk, page).await?)),
        Press::NewProduct => {
            desk.ask(Some(&Question::NewProduct { fields: Box::default(), next: Field::Title })).await?;
            return Ok(Reply::Say(products::ask_new(&desk.texts, &desk.by.name, Field::Title)));
        }
        Press::Product(id) | Press::EditProduct(id, _) | Press::SwitchProduct(id, _) | Press::PreviewProduct(id) => id,
        Press::MoveProduct(id, _) | Press::PlaceProduct(id) | Press::PictureProduct(id) | Press::DropPicture(id) => id,
        _ => return Ok(desk.alert("stale", &[])),
    };
    let Some(plan) = catalog::get(desk.app.core().db(), id).await? else {
        return Ok(desk.alert("product-unknown", &[]));
    };
    Ok(match press {
        Press::PreviewProduct(_) => {
            let in_stock = credentials::in_stock(desk.app.core().db(), &plan).await?;
            let offer = catalog::offer(desk.app.core().db(), &plan, desk.app.core().now()).await?;
            Reply::Show(products::preview(&desk.texts, &plan, &offer, in_stock))
        }
        Press::SwitchProduct(_, on) => Reply::Show(switched(desk, id, on).await?),
        Press::EditProduct(_, field) => match products::EDITED.get(usize::from(field)) {
            Some(field) => {
                desk.ask(Some(&Question::ProductField { id, field: *field })).await?;
                Reply::Say(products::ask(&desk.texts, &desk.by.name, &Fields::from(plan), *field))
            }
            None => desk.alert("stale", &[]),
        },
        Press::MoveProduct(_, to) => pictures::moved(desk, &plan, to).await?,
        Press::PlaceProduct(_) => pictures::ask_place(desk, &plan).await?,
        Press::PictureProduct(_) => pictures::ask(desk, &plan).await?,
        Press::DropPicture(_) => pictures::removed(desk, id).await?,
        _ => Reply::Show(pictures::card(desk, &plan).await?),
    })
}

async fn switched(desk: &Desk, id: i64, on: bool) -> Result<Screen, Failure> {
    let changed = catalog::change(desk.app.core(), &desk.by, id, Field::Active, if on { "yes" } else { "no" }).await?;
    pictures::card(desk, &changed.plan).await
}

/// What staff typed for a field. A wrong value leaves the question open.
pub(super) async fn answered(desk: &Desk, question: Question, text: &str) -> Result<Screen, Failure> {
    match question {
        Question::ProductField { id, field } => changed(desk, id, field, text).await,
        Question::NewProduct { fields, next } => next_of_new(desk, *fields, next, text).await,
        _ => Ok(desk.sentence("stale", &[])),
    }
}

async fn changed(desk: &Desk, id: i64, field: Field, text: &str) -> Result<Screen, Failure> {
    // A message cannot be empty: a dash empties what may be empty.
    let text = if text == "-" && products::may_be_empty(field) { "" } else { text };
    let changed = match catalog::change(desk.app.core(), &desk.by, id, field, text).await {
        Err(CatalogError::Wrong(wrong)) => return Ok(products::wrong(&desk.texts, &wrong)),
        Err(CatalogError::Taken(code)) => return Ok(desk.sentence("product-code-taken", &[("code", &code)])),
        Err(CatalogError::NotFound) => desk.sentence("product-unknown", &[]),
        Err(error) => return Err(error.into()),
        Ok(changed) => products::changed(&desk.texts, &changed, field),
    };
    desk.ask(None).await?;
    Ok(changed)
}

async fn next_of_new(desk: &Desk, mut fields: Fields, asked: Field, text: &str) -> Result<Screen, Failure> {
    if let Err(wrong) = fields.set(asked, text) {
        return Ok(products::wrong(&desk.texts, &wrong));
    }
    let next = match asked {
        Field::Title => {
            // Chosen once and kept: whoever answers the last question twice creates one product.
            fields.code = catalog::free_code(desk.app.core().db(), &fields.title).await?;
            Field::Price
        }
        Field::Price => Field::Cost,
        Field::Cost => Field::PeriodDays,
        _ => {
            let plan = created(desk, fields).await?;
            desk.ask(None).await?;
            let place = catalog::place_of(desk.app.core().db(), plan.id).await?;
            return Ok(products::created(&desk.texts, &plan, place));
        }
    };
    desk.ask(Some(&Question::NewProduct { fields: Box::new(fields), next })).await?;
    Ok(products::ask_new(&desk.texts, &desk.by.name, next))
}

async fn created(desk: &Desk, mut fields: Fields) -> Result<Plan, Failure> {
    let core = desk.app.core();
    loop {
        match catalog::create(core, &desk.by, &fields).await {
            Ok(plan) => return Ok(plan.into_inner()),
            // Somebody else took the code meanwhile.
            Err(CatalogError::Taken(_)) => fields.code = catalog::free_code(core.db(), &fields.title).await?,
            Err(error) => return Err(error.into()),
        }
    }
}
