//! The catalogue as staff see it.

use super::plans::turned;
use super::{PAGE, back, customer, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::{Changed, Delivery, Field, Fields, Offer, Place, Plan, Wrong};
use teloxide::types::InlineKeyboardButton;

/// The fields with a button of their own, by the button's number; on and off is a button itself.
pub const EDITED: [Field; 13] = [
    Field::Title,
    Field::Price,
    Field::Cost,
    Field::PeriodDays,
    Field::Screens,
    Field::Platform,
    Field::Category,
    Field::Delivery,
    Field::Description,
    Field::Code,
    Field::Stars,
    Field::Level1Percent,
    Field::Level2Percent,
];

/// Whether a field is a text that a plan can do without.
#[must_use]
pub fn may_be_empty(field: Field) -> bool {
    use Field::{Category, Description, Level1Percent, Level2Percent, Platform, Stars};
    matches!(field, Platform | Category | Description | Stars | Level1Percent | Level2Percent)
}

fn label(texts: &Texts, field: Field) -> String {
    texts.plain(
        match field {
            Field::Code => "field-code",
            Field::Title => "field-title",
            Field::Platform => "field-platform",
            Field::Category => "field-category",
            Field::PeriodDays => "field-period",
            Field::Screens => "field-screens",
            Field::Price => "field-price",
            Field::Cost => "field-cost",
            Field::Delivery => "field-delivery",
            Field::Active => "field-active",
            Field::Description => "field-description",
            Field::Stars => "field-stars",
            Field::Level1Percent => "field-level1",
            Field::Level2Percent => "field-level2",
        },
        &[],
    )
}

/// What a field may be, in words.
#[must_use]
pub fn rule(texts: &Texts, field: Field) -> String {
    texts.plain(
        match field {
            Field::Code => "rule-code",
            Field::Title => "rule-title",
            Field::Platform | Field::Category => "rule-name",
            Field::PeriodDays => "rule-period",
            Field::Screens => "rule-screens",
            Field::Price => "rule-price",
            Field::Cost => "rule-cost",
            Field::Delivery => "rule-delivery",
            Field::Active => "rule-active",
            Field::Description => "rule-description",
            Field::Stars => "rule-stars",
            Field::Level1Percent | Field::Level2Percent => "rule-level",
        },
        &[],
    )
}

/// A page of all products; one more than fits tells that there are others.
#[must_use]
pub fn list(texts: &Texts, found: &[Plan], page: u32) -> Screen {
    let key = if found.is_empty() && page == 0 { "products-none" } else { "products" };
    let screen = found.iter().take(PAGE).fold(sentence(texts, key, &[]), |screen, plan| {
        let mark = if plan.active { "🟢" } else { "⚪️" };
        screen.row([button(format!("{mark} {} · {}", plan.title, plan.price), &Press::Product(plan.id))])
    });
    turned(texts, screen, page, found.len() > PAGE, Press::Products).row([button(texts.plain("button-new-product", &[]), &Press::NewProduct)])
}

fn words(texts: &Texts, plan: &Plan, place: Option<Place>) -> String {
    let or_none = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let delivery = texts.plain(
        match plan.delivery {
            Delivery::ByHand => "delivery-by-hand",
            Delivery::FromStock => "delivery-from-stock",
        },
        &[],
    );
    let state = texts.plain(if plan.active { "product-on" } else { "product-off" }, &[]);
    let text = texts.html(
        "product",
        &[
            ("title", &plan.title),
            ("code", &plan.code),
            ("state", &state),
            ("price", &plan.price),
            ("cost", &plan.cost),
            ("days", &plan.period_days),
            ("screens", &plan.screens),
            ("platform", &or_none(&plan.platform)),
            ("category", &or_none(&plan.category)),
            ("delivery", &delivery),
            ("description", &or_none(&plan.description)),
        ],
    );
    let stars = plan.stars.map(|stars| texts.html("product-stars", &[("stars", &stars)]));
    let own = Fields::from(plan.clone());
    let rates = [(1, own.text(Field::Level1Percent)), (2, own.text(Field::Level2Percent))]
        .into_iter()
        .filter(|(_, percent)| !percent.is_empty());
    let rates = rates.map(|(level, percent)| texts.html("product-level", &[("level", &level), ("percent", &percent)]));
    let text = std::iter::once(text).chain(stars).chain(rates).collect::<Vec<_>>().join("\n");
    let Some(Place { place, of }) = place else { return text };
    let picture = texts.plain(if plan.picture.is_some() { "picture-yes" } else { "picture-no" }, &[]);
    format!("{text}\n{}", texts.html("product-shelf", &[("place", &place), ("of", &of), ("picture", &picture)]))
}

fn with_buttons(texts: &Texts, screen: Screen, plan: &Plan, place: Option<Place>) -> Screen {
    let fields: Vec<_> = (0_u8..).zip(EDITED).map(|(number, field)| button(label(texts, field), &Press::EditProduct(plan.id, number))).collect();
    let screen = fields.chunks(3).fold(screen, |screen, row| screen.row(row.to_vec()));
    let screen = match place {
        Some(place) => screen.row(moves(texts, plan.id, place)),
        None => screen,
    };
    let switch = if plan.active { "button-switch-off" } else { "button-switch-on" };
    screen
        .row([
            button(texts.plain(switch, &[]), &Press::SwitchProduct(plan.id, !plan.active)),
            button(texts.plain("button-picture", &[]), &Press::PictureProduct(plan.id)),
            button(texts.plain("button-preview", &[]), &Press::PreviewProduct(plan.id)),
            button(texts.plain("button-prices", &[]), &Press::Prices(plan.id)),
        ])
        .row([back(texts, &Press::Products(0))])
}

/// One up, one down where there is such a place, and any place. The buttons name where it goes, so that a second press on the same is none.
fn moves(texts: &Texts, id: i64, Place { place, of }: Place) -> Vec<InlineKeyboardButton> {
    let to = |key: &str, to: i64| button(texts.plain(key, &[]), &Press::MoveProduct(id, to));
    let up = (place > 1).then(|| to("button-up", place - 1));
    let down = (place < of).then(|| to("button-down", place + 1));
    let any = (of > 2).then(|| button(texts.plain("button-place", &[]), &Press::PlaceProduct(id)));
    up.into_iter().chain(down).chain(any).collect()
}

/// One product, whole.
#[must_use]
pub fn product(texts: &Texts, plan: &Plan, place: Option<Place>) -> Screen {
    with_buttons(texts, Screen::new(words(texts, plan, place)), plan, place)
}

/// Asks for a product's picture.
#[must_use]
pub fn ask_picture(texts: &Texts, name: &str, plan: &Plan) -> Screen {
    let screen = sentence(texts, "product-ask-picture", &[("name", &name), ("title", &plan.title)]);
    if plan.picture.is_none() {
        return screen;
    }
    screen.row([button(texts.plain("button-picture-remove", &[]), &Press::DropPicture(plan.id))])
}

/// After a product got its picture; of an album it is the first.
#[must_use]
pub fn picture_set(texts: &Texts, plan: &Plan, album: bool) -> Screen {
    let key = if album { "product-picture-album" } else { "product-picture-set" };
    sentence(texts, key, &[("title", &plan.title)]).row([
        button(texts.plain("button-product", &[]), &Press::Product(plan.id)),
        button(texts.plain("button-preview", &[]), &Press::PreviewProduct(plan.id)),
    ])
}

/// After a product got its place.
#[must_use]
pub fn placed(texts: &Texts, plan: &Plan, Place { place, of }: Place) -> Screen {
    sentence(texts, "product-placed", &[("title", &plan.title), ("place", &place), ("of", &of)])
        .row([button(texts.plain("button-product", &[]), &Press::Product(plan.id))])
}

/// A product whose picture Telegram does not know any more.
#[must_use]
pub fn picture_lost(texts: &Texts, plan: &Plan) -> Screen {
    sentence(texts, "picture-lost", &[("title", &plan.title), ("code", &plan.code)])
        .row([button(texts.plain("button-product", &[]), &Press::Product(plan.id))])
}

/// A product that was just created.
#[must_use]
pub fn created(texts: &Texts, plan: &Plan, place: Option<Place>) -> Screen {
    let text = format!("{}\n\n{}", texts.html("product-created", &[]), words(texts, plan, place));
    with_buttons(texts, Screen::new(text), plan, place)
}

/// A product as customers see it.
#[must_use]
pub fn preview(texts: &Texts, plan: &Plan, offer: &Offer, in_stock: bool) -> Screen {
    let note = texts.html(if plan.active { "preview" } else { "preview-off" }, &[]);
    let screen = Screen::new(format!("{note}\n\n{}", customer::plan_words(texts, plan, offer, in_stock)));
    customer::with_picture(screen, plan).row([back(texts, &Press::Product(plan.id))])
}

/// Asks for the new value of a field.
#[must_use]
pub fn ask(texts: &Texts, name: &str, fields: &Fields, field: Field) -> Screen {
    let now: String = fields.text(field).chars().take(1_000).collect();
    let args: crate::texts::Args<'_> =
        &[("name", &name), ("field", &label(texts, field)), ("title", &fields.title), ("now", &now), ("rule", &rule(texts, field))];
    let text = texts.html("product-ask", args);
    Screen::new(if may_be_empty(field) { format!("{text} {}", texts.html("product-ask-empty", &[])) } else { text })
}

/// Asks for a field of a product that is being created.
#[must_use]
pub fn ask_new(texts: &Texts, name: &str, field: Field) -> Screen {
    sentence(texts, "product-ask-new", &[("name", &name), ("field", &label(texts, field)), ("rule", &rule(texts, field))])
}

/// A value that a field does not take.
#[must_use]
pub fn wrong(texts: &Texts, wrong: &Wrong) -> Screen {
    sentence(
        texts,
        "product-wrong",
        &[("field", &label(texts, wrong.field)), ("found", &wrong.found), ("rule", &rule(texts, wrong.field))],
    )
}

/// What became of a field.
#[must_use]
pub fn changed(texts: &Texts, changed: &Changed, field: Field) -> Screen {
    let short = |text: &str| if text.is_empty() { "–".to_owned() } else { text.chars().take(1_000).collect() };
    let key = if changed.before == changed.after { "product-unchanged" } else { "product-changed" };
    let args: crate::texts::Args<'_> = &[
        ("field", &label(texts, field)),
        ("title", &changed.plan.title),
        ("before", &short(&changed.before)),
        ("after", &short(&changed.after)),
    ];
    sentence(texts, key, args).row([button(texts.plain("button-product", &[]), &Press::Product(changed.plan.id))])
}
