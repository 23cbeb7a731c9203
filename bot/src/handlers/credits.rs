//! Money that waits, in the admin chat: the queue, the presses on a card, and the answers to its questions.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::{bring, redraw, shown};
use super::admin_commands::{order_named, shortened};
use crate::app::Failure;
use crate::callback::Press;
use crate::card::{self, Kind};
use crate::dialogue::Question;
use crate::reply::{Place, Screen};
use crate::screens::PAGE;
use crate::screens::credits::{self as screens, filter};
use mela_core::credits::{self, BankCredit, CreditError};
use mela_core::db::Applied;
use mela_core::payments::PaymentError;
use mela_core::users::{self, User, UserId};

/// A page of the queue.
pub(super) async fn list(desk: &Desk, why: u8, page: u32) -> Result<Screen, Failure> {
    let db = desk.app.core().db();
    let piles = credits::piles(db).await?;
    let which = filter(why).unwrap_or(credits::Filter::ToDecide);
    let found = credits::queue(db, which, u64::from(page) * PAGE as u64, PAGE as u64 + 1).await?;
    Ok(screens::list(&desk.texts, &piles, &found, why, page))
}

async fn drawn(desk: &Desk, id: i64) -> Result<Screen, Failure> {
    Ok(screens::card(&desk.texts, &card::credit(desk.app.core(), id).await?))
}

/// The same press, run again, is the same assignment.
fn key(desk: &Desk) -> String {
    format!("press:{}", desk.speaker.update_id)
}

/// Does what a press asks for.
pub(super) async fn press(desk: &Desk, press: &Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (id, settled) = match *press {
        Press::Credits(why, _) if filter(why).is_none() => return Ok(desk.alert("stale", &[])),
        Press::Credits(why, page) => return Ok(Reply::Show(list(desk, why, page).await?)),
        Press::Credit(id) => return Ok(Reply::Show(drawn(desk, id).await?)),
        Press::BringCredit(id) => return bring(desk, Kind::Credit, id, &drawn(desk, id).await?, place.chat_id).await,
        Press::CreditOther(id) => return ask(desk, id, Question::CreditOrder { id }, "credit-ask-order").await,
        Press::CreditWho(id) => return ask(desk, id, Question::CreditWallet { id }, "credit-ask-wallet").await,
        Press::CreditBack(id) if credits::get(core.db(), id).await?.source == credits::Source::Bank => {
            return ask(desk, id, Question::CreditReturn { id }, "credit-ask-return").await;
        }
        Press::CreditBack(id) => (id, credits::give_back(core, id, &desk.by, &key(desk)).await),
        Press::CreditTo(id, order) => (id, credits::to_order(core, id, order, false, &desk.by, &key(desk)).await),
        Press::CreditToAll(id, order) => (id, credits::to_order(core, id, order, true, &desk.by, &key(desk)).await),
        Press::CreditWallet(id, person) => (id, credits::to_wallet(core, id, UserId(person), &desk.by, &key(desk)).await),
        _ => return Ok(desk.alert("stale", &[])),
    };
    let why_not = refusal(settled)?;
    let screen = drawn(desk, id).await?;
    let there = card::place(core.db(), Kind::Credit, id).await?;
    if there.is_some_and(|there| there != place) {
        redraw(desk, Kind::Credit, id, &screen).await?;
    }
    shown(desk, place, &screen, why_not).await
}

/// Why something was not done, as staff are told; nothing when it was.
fn refusal(settled: Result<Applied<BankCredit>, CreditError>) -> Result<Option<&'static str>, Failure> {
    Ok(match settled {
        Ok(_) => None,
        Err(CreditError::NotEnough(left)) if left.is_positive() => Some("credit-too-little"),
        Err(CreditError::NotEnough(_) | CreditError::Another) => Some("not-now"),
        Err(CreditError::NotForThis) => Some("credit-order-paid"),
        Err(CreditError::Nobody) => Some("credit-nobody"),
        Err(CreditError::Payment(why)) => match *why {
            PaymentError::NotAwaited(_) | PaymentError::Decided(_) => Some("credit-order-paid"),
            PaymentError::OtherAmount(_) => Some("not-now"),
            PaymentError::NoOrder => Some("stale"),
            why => return Err(CreditError::from(why).into()),
        },
        Err(error) => return Err(error.into()),
    })
}

/// Asks about a credit of which something waits; one of which nothing does shows that.
async fn ask(desk: &Desk, id: i64, question: Question, words: &str) -> Result<Reply, Failure> {
    let credit = credits::get(desk.app.core().db(), id).await?;
    if !credit.left().is_positive() {
        return Ok(Reply::Show(drawn(desk, id).await?));
    }
    desk.ask(Some(&question)).await?;
    Ok(Reply::Say(desk.sentence(words, &[("name", &desk.by.name), ("amount", &credit.left())])))
}

/// The answer to a question of a credit. A wrong one leaves it open.
pub(super) async fn answered(desk: &Desk, question: &Question, text: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let (Question::CreditOrder { id } | Question::CreditWallet { id } | Question::CreditReturn { id }) = question else {
        return Ok(desk.sentence("not-now", &[]));
    };
    let credit = credits::get(core.db(), *id).await?;
    if !credit.left().is_positive() && !matches!(question, Question::CreditReturn { .. }) {
        desk.ask(None).await?;
        return drawn(desk, *id).await;
    }
    let screen = match question {
        Question::CreditOrder { .. } => match order(desk, &credit, text).await? {
            Ok(screen) => screen,
            Err(wrong) => return Ok(wrong),
        },
        Question::CreditWallet { .. } => match person(desk, text).await? {
            Some(person) => screens::choose_wallet(&desk.texts, &credit, &person),
            None => return Ok(desk.sentence("credit-no-user", &[("what", &shortened(text))])),
        },
        _ => match credits::send_back(core, *id, text, &desk.by, &key(desk)).await {
            Err(CreditError::NotAReference(_)) => return Ok(desk.sentence("payout-utr-wrong", &[])),
            Err(CreditError::ReferenceUsed) => return Ok(desk.sentence("refund-utr-used", &[])),
            sent => match refusal(sent)? {
                Some(why_not) => desk.sentence(why_not, &[]),
                None => {
                    redraw(desk, Kind::Credit, *id, &drawn(desk, *id).await?).await?;
                    desk.sentence("credit-sent-back", &[])
                }
            },
        },
    };
    desk.ask(None).await?;
    Ok(screen)
}

/// The order that staff named, with its buttons; or what is wrong with it.
async fn order(desk: &Desk, credit: &BankCredit, text: &str) -> Result<Result<Screen, Screen>, Failure> {
    let db = desk.app.core().db();
    let lead = match order_named(desk, text).await? {
        Some(order) => credits::lead(db, credit, order.id).await?,
        None => None,
    };
    let Some(lead) = lead else {
        return Ok(Err(desk.sentence("credit-no-order", &[("what", &shortened(text))])));
    };
    if lead.is_paid() && !(lead.awaits_credit() && credit.source == credits::Source::Bank) {
        return Ok(Err(desk.sentence("credit-order-paid", &[])));
    }
    if lead.due() > credit.left() {
        let args: crate::texts::Args<'_> = &[("order", &format!("O-{}", lead.order.code)), ("due", &lead.due()), ("left", &credit.left())];
        return Ok(Err(desk.sentence("credit-order-costs-more", args)));
    }
    let buyer = users::get(db, lead.order.buyer()).await?;
    Ok(Ok(screens::choose_order(&desk.texts, credit, &lead, &buyer)))
}

/// Whom staff named: by Telegram's id, `@name`, or the code of one of their orders.
async fn person(desk: &Desk, text: &str) -> Result<Option<User>, Failure> {
    let db = desk.app.core().db();
    let quoted = text.trim().get(..2).is_some_and(|head| head.eq_ignore_ascii_case("o-"));
    let found = if quoted { None } else { users::search(db, text).await? };
    let found = match found {
        Some(user) => Some(user),
        None => match order_named(desk, text).await? {
            Some(order) => Some(users::get(db, order.buyer()).await?),
            None => None,
        },
    };
    Ok(found.filter(|user| user.erased_at.is_none()))
}
