//! Refunds in the admin chat: how much, where to, why, and the confirmation; then the card of what came of it.
//!
//! Each answer makes a draft of its own, under the id of its update. A button carries the draft that its screen shows.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::{bring, redraw, redraw_payment, shown};
use super::admin_commands::{order_named, shortened};
use crate::app::Failure;
use crate::callback::Press;
use crate::card::{self, Kind};
use crate::dialogue::{self, Question};
use crate::reply::{self, Place, Screen};
use crate::screens::reason;
use crate::screens::refunds::{self as screens, REFUND_REASONS, Sheet, UNSENT_REASONS};
use mela_core::money::{NotAnAmount, Rupees};
use mela_core::orders::{self, Order, OrderState};
use mela_core::payments::{self, PaymentState, Utr};
use mela_core::refunds::{self, Draft, Payout, Refund, RefundError, To};
use mela_core::users;
use mela_core::withdrawals::vpa::{NotAVpa, Vpa};

/// `/refund O-…`: what is left of the order, and how much of that is to go back.
pub(super) async fn begin(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return Ok(desk.sentence("usage-refund", &[]));
    }
    let Some(order) = order_named(desk, argument).await? else {
        return Ok(desk.sentence("no-order", &[("what", &shortened(argument))]));
    };
    let code = format!("O-{}", order.code);
    if order.state == OrderState::Credited {
        return Ok(desk.sentence("refund-top-up", &[("order", &code), ("price", &order.price)]));
    }
    if order.paid_at.is_none() {
        return Ok(desk.sentence("refund-not-paid", &[("order", &code)]));
    }
    if order.is_refunded() {
        return nothing_left(desk, &order).await;
    }
    desk.ask(None).await?;
    let id = desk.speaker.update_id;
    let draft = Draft {
        id,
        begun: id,
        made_by: desk.by.telegram_id,
        order_id: order.id,
        amount: order.left(),
        vpa: None,
        back: false,
        reason: None,
    };
    first_screen(desk, draft).await
}

/// A draft's buttons and a refund's; nothing, when the button is neither.
pub(super) async fn follow(desk: &Desk, press: &Press, place: Place) -> Result<Option<Reply>, Failure> {
    Ok(Some(match *press {
        Press::RefundBegin(id)
        | Press::RefundPart(id)
        | Press::RefundWhere(id)
        | Press::RefundToWallet(id)
        | Press::RefundBack(id)
        | Press::RefundByUpi(id)
        | Press::RefundWhy(id)
        | Press::RefundFor(id, _)
        | Press::RefundOther(id)
        | Press::RefundConfirm(id)
        | Press::RefundDrop(id) => match open(desk, id).await? {
            Draw::Open(sheet) => advance(desk, press, *sheet, place).await?,
            Draw::Made(refund) => made(desk, &refund, place).await?,
            Draw::NotTheirs => desk.alert("refund-not-yours", &[]),
            Draw::Less(screen) => Reply::Show(screen),
        },
        Press::RefundCard(id) => Reply::Show(screen(desk, id, false).await?),
        Press::RefundNotSent(id) => Reply::Show(screen(desk, id, true).await?),
        Press::BringRefund(id) => {
            let screen = screen(desk, id, false).await?;
            bring(desk, Kind::Refund, id, &screen, place.chat_id).await?
        }
        Press::RefundNotSentFor(id, reason) => {
            let Some(reason) = UNSENT_REASONS.get(usize::from(reason)) else {
                return Ok(Some(desk.alert("stale", &[])));
            };
            let settled = refunds::settle(desk.app.core(), id, &desk.by, Payout::Failed(&reason::kept(reason))).await;
            let late = match settled {
                Ok(_) => None,
                Err(RefundError::Settled) => Some("not-now"),
                Err(error) => return Err(error.into()),
            };
            shown(desk, place, &screen(desk, id, false).await?, late).await?
        }
        Press::RefundSent(id) => ask_of_card(desk, id, Question::RefundUtr { id }, "refund-ask-utr").await?,
        Press::RefundNotSentOther(id) => ask_of_card(desk, id, Question::RefundFailure { id }, "ask-reason").await?,
        _ => return Ok(None),
    }))
}

/// What a button's draft stands for now.
enum Draw {
    /// Still to be made.
    Open(Box<Sheet>),
    /// This came of it, or of one that was begun with it.
    Made(Box<Refund>),
    /// There is none of theirs.
    NotTheirs,
    /// Less is left of the order by now; said so.
    Less(Screen),
}

async fn open(desk: &Desk, id: i64) -> Result<Draw, Failure> {
    let db = desk.app.core().db();
    let Some(draft) = refunds::drafted(db, desk.by.telegram_id, id).await? else {
        return Ok(Draw::NotTheirs);
    };
    if let Some(refund) = refunds::by_key(db, &draft.key()).await? {
        return Ok(Draw::Made(Box::new(refund)));
    }
    let sheet = sheet(desk, draft).await?;
    Ok(if sheet.draft.amount > sheet.order.left() {
        Draw::Less(less_left(desk, &sheet.draft, &sheet.order).await?)
    } else {
        Draw::Open(Box::new(sheet))
    })
}

async fn sheet(desk: &Desk, draft: Draft) -> Result<Sheet, Failure> {
    let db = desk.app.core().db();
    let order = orders::get(db, draft.order_id).await?;
    let buyer = users::get(db, order.buyer()).await?;
    Ok(Sheet { draft, order, buyer })
}

/// Somebody else has refunded the order, or a part of it.
async fn less_left(desk: &Desk, draft: &Draft, order: &Order) -> Result<Screen, Failure> {
    if order.is_refunded() {
        return nothing_left(desk, order).await;
    }
    let code = format!("O-{}", order.code);
    Ok(desk.sentence("refund-less-left", &[("amount", &draft.amount), ("order", &code), ("left", &order.left())]))
}

async fn nothing_left(desk: &Desk, order: &Order) -> Result<Screen, Failure> {
    let before = refunds::of_order(desk.app.core().db(), order.id).await?;
    let text = desk.texts.html("refund-nothing-left", &[("order", &format!("O-{}", order.code)), ("price", &order.price)]);
    Ok(Screen::new(screens::listed(&desk.texts, text, &before)))
}

/// Does what a press on an open draft asks for.
async fn advance(desk: &Desk, press: &Press, sheet: Sheet, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let draft = sheet.draft.clone();
    // Whoever presses has left the question of an earlier screen.
    if let Some(Question::RefundAmount { .. } | Question::RefundVpa { .. } | Question::RefundReason { .. }) =
        dialogue::open(core.db(), desk.speaker).await?
    {
        desk.ask(None).await?;
    }
    let id = desk.speaker.update_id;
    Ok(match press {
        Press::RefundBegin(_) => {
            let amount = sheet.order.left();
            Reply::Show(first_screen(desk, Draft { id, amount, vpa: None, back: false, reason: None, ..draft }).await?)
        }
        Press::RefundPart(_) => {
            desk.ask(Some(&Question::RefundAmount { draft: draft.id })).await?;
            Reply::Show(screens::ask_amount(&desk.texts, &sheet, &desk.by.name))
        }
        Press::RefundWhere(_) => Reply::Show(destinations(desk, &sheet).await?),
        Press::RefundToWallet(_) => {
            let draft = refunds::keep(core, Draft { id, vpa: None, back: false, ..draft }).await?;
            Reply::Show(why(desk, &Sheet { draft, ..sheet }).await?)
        }
        Press::RefundBack(_) => {
            let draft = refunds::keep(core, Draft { id, vpa: None, back: true, ..draft }).await?;
            Reply::Show(why(desk, &Sheet { draft, ..sheet }).await?)
        }
        Press::RefundByUpi(_) => {
            desk.ask(Some(&Question::RefundVpa { draft: draft.id })).await?;
            let last = refunds::last_vpa(core.db(), sheet.order.buyer()).await?;
            let offered = match &last {
                Some(vpa) => Some((vpa, refunds::keep(core, Draft { id, vpa: Some(vpa.to_string()), back: false, ..draft }).await?)),
                None => None,
            };
            let offered = offered.as_ref().map(|(vpa, draft)| (*vpa, draft));
            Reply::Show(screens::ask_vpa(&desk.texts, &sheet, &desk.by.name, offered))
        }
        Press::RefundWhy(_) => Reply::Show(why(desk, &sheet).await?),
        Press::RefundFor(_, reason) => {
            let Some(reason) = REFUND_REASONS.get(usize::from(*reason)) else {
                return Ok(desk.alert("stale", &[]));
            };
            Reply::Show(summary(desk, sheet, &reason::kept(reason)).await?)
        }
        Press::RefundOther(_) => {
            desk.ask(Some(&Question::RefundReason { draft: draft.id })).await?;
            Reply::Say(desk.sentence("ask-reason", &[("name", &desk.by.name), ("subject", &format!("O-{}", sheet.order.code))]))
        }
        Press::RefundConfirm(_) => confirm(desk, &sheet, place).await?,
        _ => Reply::Show(desk.sentence("cancelled-staff", &[])),
    })
}

async fn first_screen(desk: &Desk, draft: Draft) -> Result<Screen, Failure> {
    let draft = refunds::keep(desk.app.core(), draft).await?;
    let before = refunds::of_order(desk.app.core().db(), draft.order_id).await?;
    Ok(screens::begin(&desk.texts, &sheet(desk, draft).await?, &before))
}

/// Where the part goes that came from outside; where there is none, why.
async fn destinations(desk: &Desk, sheet: &Sheet) -> Result<Screen, Failure> {
    if !sheet.outside().is_positive() {
        return why(desk, sheet).await;
    }
    let payments = payments::of_order(desk.app.core().db(), sheet.order.id).await?;
    let method = payments.iter().find(|p| p.state == PaymentState::Confirmed).map(|p| p.method);
    // Stars go back whole, or not at all.
    let stars = refunds::parts(desk.app.core().db(), &sheet.order, sheet.draft.amount, &To::Back).await?.stars;
    Ok(screens::destinations(&desk.texts, sheet, method, stars))
}

/// Where a draft's parts would go, in words.
async fn destination(desk: &Desk, sheet: &Sheet) -> Result<String, Failure> {
    let Sheet { draft, order, .. } = sheet;
    let parts = refunds::parts(desk.app.core().db(), order, draft.amount, &draft.to()).await?;
    Ok(screens::destination(&desk.texts, &parts, draft.vpa.as_deref().unwrap_or_default()))
}

async fn why(desk: &Desk, sheet: &Sheet) -> Result<Screen, Failure> {
    Ok(screens::why(&desk.texts, sheet, &destination(desk, sheet).await?))
}

async fn summary(desk: &Desk, sheet: Sheet, reason: &str) -> Result<Screen, Failure> {
    let id = desk.speaker.update_id;
    let draft = refunds::keep(desk.app.core(), Draft { id, reason: Some(reason.to_owned()), ..sheet.draft.clone() }).await?;
    let sheet = Sheet { draft, ..sheet };
    Ok(screens::confirm(&desk.texts, &sheet, &destination(desk, &sheet).await?, reason))
}

/// Refunds as drafted. Twice is once; after somebody else's refund it meets what is left.
async fn confirm(desk: &Desk, sheet: &Sheet, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let draft = &sheet.draft;
    let Some(reason) = &draft.reason else {
        return Ok(desk.alert("stale", &[]));
    };
    match refunds::refund(core, draft.order_id, draft.amount, &draft.to(), &desk.by, reason, &draft.key()).await {
        Ok(refund) => made(desk, &refund.into_inner(), place).await,
        Err(RefundError::NotThatMuch(_)) => {
            let order = orders::get(core.db(), draft.order_id).await?;
            Ok(Reply::Show(less_left(desk, draft, &order).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// The pressed screen becomes the refund's card; the payment's card says it, too.
async fn made(desk: &Desk, refund: &Refund, place: Place) -> Result<Reply, Failure> {
    let db = desk.app.core().db();
    let place = reply::show(desk.app.wire(), place, &screen(desk, refund.id, false).await?).await?;
    card::remember(db, Kind::Refund, refund.id, place).await?;
    if let Some(payment) = payments::of_order(db, refund.order_id).await?.last() {
        redraw_payment(desk, payment.id).await?;
    }
    Ok(Reply::Taken)
}

async fn screen(desk: &Desk, id: i64, choosing: bool) -> Result<Screen, Failure> {
    Ok(screens::card(&desk.texts, &card::refund(desk.app.core(), id).await?, choosing))
}

/// Asks what is to be noted on the card of a refund that waits to be sent; a settled one shows that it is.
async fn ask_of_card(desk: &Desk, id: i64, question: Question, key: &str) -> Result<Reply, Failure> {
    let refund = refunds::get(desk.app.core().db(), id).await?;
    if !refund.is_to_send() {
        return Ok(Reply::Show(screen(desk, id, false).await?));
    }
    desk.ask(Some(&question)).await?;
    Ok(Reply::Say(desk.sentence(key, &[("name", &desk.by.name), ("subject", &format!("R-{}", refund.code))])))
}

/// The answer to a question of a refund. A wrong one leaves it open.
pub(super) async fn answered(desk: &Desk, question: &Question, text: &str, reason: Option<&str>) -> Result<Screen, Failure> {
    let (Question::RefundAmount { draft } | Question::RefundVpa { draft } | Question::RefundReason { draft }) = question else {
        return settled(desk, question, text, reason).await;
    };
    let sheet = match open(desk, *draft).await? {
        Draw::Open(sheet) => *sheet,
        over => {
            desk.ask(None).await?;
            return Ok(match over {
                Draw::Made(refund) => screen(desk, refund.id, false).await?,
                Draw::Less(screen) => screen,
                _ => desk.sentence("refund-not-yours", &[]),
            });
        }
    };
    let draft = Draft { id: desk.speaker.update_id, ..sheet.draft.clone() };
    let next = match question {
        Question::RefundAmount { .. } => {
            let left = sheet.order.left();
            let amount = match text.parse::<Rupees>() {
                Ok(amount) if !amount.is_positive() => return Ok(desk.sentence("refund-amount-low", &[])),
                Ok(amount) if amount <= left => amount,
                Ok(_) | Err(NotAnAmount::TooLarge) => return Ok(desk.sentence("refund-amount-high", &[("left", &left)])),
                Err(NotAnAmount::TooFine) => return Ok(desk.sentence("withdraw-amount-fine", &[])),
                Err(NotAnAmount::NotANumber) => return Ok(desk.sentence("refund-amount-wrong", &[("left", &left)])),
            };
            let draft = refunds::keep(desk.app.core(), Draft { amount, vpa: None, back: false, reason: None, ..draft }).await?;
            destinations(desk, &Sheet { draft, ..sheet }).await?
        }
        Question::RefundVpa { .. } => {
            let vpa = match text.parse::<Vpa>() {
                Ok(vpa) => vpa,
                Err(NotAVpa::Email) => return Ok(desk.sentence("withdraw-vpa-email", &[])),
                Err(NotAVpa::Shape) => return Ok(desk.sentence("withdraw-vpa-wrong", &[])),
            };
            let draft = refunds::keep(desk.app.core(), Draft { vpa: Some(vpa.to_string()), back: false, ..draft }).await?;
            why(desk, &Sheet { draft, ..sheet }).await?
        }
        _ => match reason {
            Some(reason) => summary(desk, sheet, reason).await?,
            None => return Ok(desk.sentence("reason-wrong", &[])),
        },
    };
    desk.ask(None).await?;
    Ok(next)
}

/// The answer to a question of a refund's card.
async fn settled(desk: &Desk, question: &Question, text: &str, reason: Option<&str>) -> Result<Screen, Failure> {
    let utr = text.parse::<Utr>().map(|utr| utr.to_string());
    let (id, payout) = match (question, &utr, reason) {
        (Question::RefundUtr { id }, Ok(utr), _) => (*id, Payout::Sent(utr)),
        (Question::RefundUtr { .. }, Err(_), _) => return Ok(desk.sentence("refund-utr-wrong", &[])),
        (Question::RefundFailure { id }, _, Some(reason)) => (*id, Payout::Failed(reason)),
        _ => return Ok(desk.sentence("reason-wrong", &[])),
    };
    let answer = match refunds::settle(desk.app.core(), id, &desk.by, payout).await {
        Ok(refund) => {
            let refund = refund.into_inner();
            let code = format!("R-{}", refund.code);
            match refund.payout_utr {
                Some(utr) => desk.sentence("marked-paid", &[("subject", &code), ("utr", &utr)]),
                None => desk.sentence("taken-back", &[("subject", &code)]),
            }
        }
        Err(RefundError::UtrUsed) => return Ok(desk.sentence("refund-utr-used", &[])),
        Err(RefundError::Settled) => desk.sentence("not-now", &[]),
        Err(error) => return Err(error.into()),
    };
    redraw(desk, Kind::Refund, id, &screen(desk, id, false).await?).await?;
    desk.ask(None).await?;
    Ok(answer)
}
