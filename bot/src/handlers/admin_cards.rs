//! Presses on the cards of the admin chat. A card is always drawn anew from what the database says.

use super::Reply;
use super::admin::{Desk, is_open};
use crate::app::Failure;
use crate::callback::Press;
use crate::card::{self, Kind};
use crate::dialogue::Question;
use crate::reply::{self, Place, Screen};
use crate::screens::cards::{self, PAYMENT_REASONS, WITHDRAWAL_REASONS};
use crate::screens::reason;
use crate::wire::Patience;
use mela_core::db::Applied;
use mela_core::orders::{self, OrderState};
use mela_core::payments::{self, PaymentError, PaymentState};
use mela_core::withdrawals::{self, Withdrawal, WithdrawalError, WithdrawalState};
use mela_core::{fraud, users};

/// Does what a press on a card asks for.
pub(super) async fn follow(desk: &Desk, press: Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    match press {
        Press::ApprovePayment(id) => {
            let decided = payments::confirm(core, id, &desk.by).await;
            decided_payment(desk, id, place, decided.map(|_| ())).await
        }
        Press::RejectPaymentFor(id, reason) => {
            let Some(reason) = PAYMENT_REASONS.get(usize::from(reason)) else {
                return Ok(desk.alert("stale", &[]));
            };
            let decided = payments::reject(core, id, &desk.by, &reason::kept(reason)).await;
            decided_payment(desk, id, place, decided.map(|_| ())).await
        }
        Press::RejectPayment(id) => Ok(Reply::Show(payment_screen(desk, id, true).await?)),
        Press::PaymentCard(id) => Ok(Reply::Show(payment_screen(desk, id, false).await?)),
        Press::RejectPaymentOther(id) => {
            let payment = payments::get(core.db(), id).await?;
            if payment.state != PaymentState::Submitted {
                return Ok(Reply::Show(payment_screen(desk, id, false).await?));
            }
            let order = payments::order_of(core.db(), &payment).await?;
            desk.ask(Some(&Question::PaymentReason { id })).await?;
            Ok(Reply::Say(desk.sentence("ask-reason", &[("name", &desk.by.name), ("subject", &format!("O-{}", order.code))])))
        }
        Press::Deliver(id) => {
            let order = orders::get(core.db(), id).await?;
            if order.is_refunded() || !matches!(order.state, OrderState::Paid | OrderState::AwaitingStock) {
                return redrawn_order(desk, id).await;
            }
            if order.holder().is_none() {
                return Ok(desk.alert("gift-not-opened", &[]));
            }
            desk.ask(Some(&Question::Delivery { order: id })).await?;
            Ok(Reply::Say(desk.sentence("ask-delivery", &[("name", &desk.by.name), ("subject", &format!("O-{}", order.code))])))
        }
        Press::BringPayment(id) => {
            let screen = payment_screen(desk, id, false).await?;
            bring(desk, Kind::Payment, id, &screen, place.chat_id).await
        }
        Press::BringWithdrawal(id) => {
            let screen = withdrawal_screen(desk, id, false).await?;
            bring(desk, Kind::Withdrawal, id, &screen, place.chat_id).await
        }
        press @ (Press::ConfirmAsk(_) | Press::ApproveAsk(_) | Press::RejectAsk(_) | Press::BringAsk(_)) => {
            super::adjusting::press(desk, &press).await
        }
        press @ (Press::Account(..) | Press::AccountFile(_)) => super::books::press(desk, &press).await,
        press @ (Press::ErasePerson(..) | Press::EraseDrop) => super::privacy::staff_press(desk, &press).await,
        Press::ReceiptOf(order) => super::receipts::of(desk, order).await,
        press @ (Press::ReplaceTicket(_) | Press::RetireTicket(_) | Press::AnswerTicket(_) | Press::CloseTicket(_) | Press::BringTicket(_)) => {
            super::tickets::press(desk, press, place).await
        }
        Press::ApplyImport(id) => super::importing::apply(desk, id, place).await,
        press @ (Press::Stock | Press::Shelf(_) | Press::AddAccount(_)) => super::stocking::press(desk, &press).await,
        Press::ApplyStock(id) => super::stocking::apply(desk, id, place).await,
        press @ (Press::Products(_)
        | Press::Product(_)
        | Press::EditProduct(..)
        | Press::SwitchProduct(..)
        | Press::PreviewProduct(_)
        | Press::MoveProduct(..)
        | Press::PlaceProduct(_)
        | Press::PictureProduct(_)
        | Press::DropPicture(_)
        | Press::NewProduct) => super::products::press(desk, press).await,
        press @ (Press::Coupons(_) | Press::Coupon(_) | Press::SwitchCoupon(..) | Press::Prices(_) | Press::AddPrice(_) | Press::RemovePrice(..)) => {
            super::coupons::press(desk, press).await
        }
        press @ (Press::Credits(..)
        | Press::Credit(_)
        | Press::BringCredit(_)
        | Press::CreditTo(..)
        | Press::CreditToAll(..)
        | Press::CreditOther(_)
        | Press::CreditWallet(..)
        | Press::CreditWho(_)
        | Press::CreditBack(_)) => super::credits::press(desk, &press, place).await,
        press @ (Press::FlagBlock(_)
        | Press::FlagBlockFor(..)
        | Press::FlagBlockOther(_)
        | Press::FlagTakeBack(_)
        | Press::FlagTakeBackFor(..)
        | Press::FlagTakeBackOther(_)
        | Press::FlagDismiss(_)
        | Press::FlagAsk(_)
        | Press::FlagAskWhom(..)
        | Press::FlagCard(_)
        | Press::BringFlag(_)
        | Press::Fraud(..)
        | Press::FraudRules(..)) => super::fraud::press(desk, &press, place).await,
        press @ (Press::Tree(..) | Press::TreeBefore(..) | Press::TreeOf(_) | Press::TreeFile(_)) => super::tree::press(desk, &press).await,
        press @ (Press::Campaigns(_)
        | Press::Campaign(_)
        | Press::Contests(_)
        | Press::Contest(_)
        | Press::StartContest(_)
        | Press::CancelContest(_)) => super::contests::press(desk, press).await,
        press @ (Press::GivePayouts(_) | Press::LeavePayouts | Press::ApplyAnswer(_) | Press::PayByGateway(_)) => {
            super::payouts::press(desk, &press, place).await
        }
        press @ (Press::Watch | Press::WatchWaiting(_) | Press::WatchConfirmed(..)) => super::watch::press(desk, &press).await,
        press => match super::refund::follow(desk, &press, place).await? {
            Some(reply) => Ok(reply),
            None => follow_withdrawal(desk, press, place).await,
        },
    }
}

async fn follow_withdrawal(desk: &Desk, press: Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    match press {
        Press::ApproveWithdrawal(id) => {
            let decided = withdrawals::approve(core, id, &desk.by).await;
            decided_withdrawal(desk, id, place, decided.map(|_| ())).await
        }
        Press::RefuseWithdrawalFor(id, reason) => {
            let Some(reason) = WITHDRAWAL_REASONS.get(usize::from(reason)) else {
                return Ok(desk.alert("stale", &[]));
            };
            let decided = refuse(desk, id, &reason::kept(reason)).await;
            decided_withdrawal(desk, id, place, decided.map(|_| ())).await
        }
        Press::RejectWithdrawal(id) | Press::CouldNotPay(id) => Ok(Reply::Show(withdrawal_screen(desk, id, true).await?)),
        Press::WithdrawalCard(id) => Ok(Reply::Show(withdrawal_screen(desk, id, false).await?)),
        Press::RefuseWithdrawalOther(id) => {
            let withdrawal = withdrawals::get(core.db(), id).await?;
            if !is_open(withdrawal.state) {
                return Ok(Reply::Show(withdrawal_screen(desk, id, false).await?));
            }
            desk.ask(Some(&Question::WithdrawalReason { id })).await?;
            Ok(Reply::Say(desk.sentence("ask-reason", &[("name", &desk.by.name), ("subject", &format!("W-{}", withdrawal.code))])))
        }
        Press::MarkPaid(id) => {
            let withdrawal = withdrawals::get(core.db(), id).await?;
            if withdrawal.state != WithdrawalState::Approved {
                return Ok(Reply::Show(withdrawal_screen(desk, id, false).await?));
            }
            desk.ask(Some(&Question::PayoutUtr { id })).await?;
            Ok(Reply::Say(desk.sentence("ask-payout-utr", &[("name", &desk.by.name), ("subject", &format!("W-{}", withdrawal.code))])))
        }
        _ => Ok(desk.alert("stale", &[])),
    }
}

/// Refuses an open withdrawal: rejected before approval, failed after it.
pub(super) async fn refuse(desk: &Desk, id: i64, reason: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let core = desk.app.core();
    match withdrawals::get(core.db(), id).await?.state {
        WithdrawalState::Approved | WithdrawalState::Failed => withdrawals::fail(core, id, &desk.by, reason).await,
        _ => withdrawals::reject(core, id, &desk.by, reason).await,
    }
}

/// Shows the card as it stands; who came second is told so.
async fn decided_payment(desk: &Desk, id: i64, place: Place, decided: Result<(), PaymentError>) -> Result<Reply, Failure> {
    let screen = payment_screen(desk, id, false).await?;
    let late = matches!(decided, Err(PaymentError::Decided(_) | PaymentError::NotAwaited(_)));
    if let (false, Err(error)) = (late, decided) {
        return Err(error.into());
    }
    shown(desk, place, &screen, late.then_some("not-now")).await
}

async fn decided_withdrawal(desk: &Desk, id: i64, place: Place, decided: Result<(), WithdrawalError>) -> Result<Reply, Failure> {
    let screen = withdrawal_screen(desk, id, false).await?;
    match decided {
        Ok(()) => shown(desk, place, &screen, None).await,
        Err(WithdrawalError::NotNow(_)) => shown(desk, place, &screen, Some("not-now")).await,
        Err(WithdrawalError::Owes(owed)) => Ok(desk.alert("owes", &[("owed", &owed)])),
        Err(WithdrawalError::OnHold) => {
            reply::show(desk.app.wire(), place, &screen).await?;
            Ok(Reply::Alert(on_hold(desk, id).await?))
        }
        Err(WithdrawalError::Own) => shown(desk, place, &screen, Some("approve-own")).await,
        Err(WithdrawalError::BeingPaid) => shown(desk, place, &screen, Some("withdrawal-being-paid")).await,
        Err(error) => Err(error.into()),
    }
}

/// Why a withdrawal cannot be approved or paid now.
pub(super) async fn on_hold(desk: &Desk, id: i64) -> Result<String, Failure> {
    let db = desk.app.core().db();
    let owner = users::get(db, withdrawals::get(db, id).await?.owner()).await?;
    if owner.blocked_at.is_some() {
        return Ok(desk.texts.plain("withdrawal-of-blocked", &[]));
    }
    let flags = fraud::holds_of(db, owner.user_id()).await?;
    // An alert has room for two hundred characters.
    let named = flags.iter().take(4).map(|flag| format!("F-{} ({})", flag.code, flag.rule.name())).collect::<Vec<_>>().join(", ");
    Ok(desk.texts.plain("withdrawal-on-hold", &[("flags", &named)]))
}

pub(super) async fn shown(desk: &Desk, place: Place, screen: &Screen, alert: Option<&str>) -> Result<Reply, Failure> {
    reply::show(desk.app.wire(), place, screen).await?;
    Ok(alert.map_or(Reply::Taken, |key| desk.alert(key, &[])))
}

async fn redrawn_order(desk: &Desk, order_id: i64) -> Result<Reply, Failure> {
    match payments::of_order(desk.app.core().db(), order_id).await?.last() {
        Some(payment) => Ok(Reply::Show(payment_screen(desk, payment.id, false).await?)),
        None => Ok(desk.alert("stale", &[])),
    }
}

/// Sends a card again, at the bottom of the chat where staff are looking.
pub(super) async fn bring(desk: &Desk, kind: Kind, id: i64, screen: &Screen, chat_id: i64) -> Result<Reply, Failure> {
    let place = reply::say(desk.app.wire(), chat_id, screen, Patience::Wait).await?;
    card::remember(desk.app.core().db(), kind, id, place).await?;
    Ok(Reply::Taken)
}

async fn payment_screen(desk: &Desk, id: i64, choosing: bool) -> Result<Screen, Failure> {
    Ok(cards::payment(&desk.texts, &card::payment(desk.app.core(), id).await?, choosing))
}

pub(super) async fn withdrawal_screen(desk: &Desk, id: i64, choosing: bool) -> Result<Screen, Failure> {
    Ok(cards::withdrawal(&desk.texts, &card::withdrawal(desk.app.core(), id).await?, choosing))
}

/// Draws a payment's card anew where it stands in the chat.
pub(super) async fn redraw_payment(desk: &Desk, id: i64) -> Result<(), Failure> {
    redraw(desk, Kind::Payment, id, &payment_screen(desk, id, false).await?).await
}

/// Draws a withdrawal's card anew where it stands in the chat.
pub(super) async fn redraw_withdrawal(desk: &Desk, id: i64) -> Result<(), Failure> {
    redraw(desk, Kind::Withdrawal, id, &withdrawal_screen(desk, id, false).await?).await
}

pub(super) async fn redraw(desk: &Desk, kind: Kind, id: i64, screen: &Screen) -> Result<(), Failure> {
    if let Some(place) = card::place(desk.app.core().db(), kind, id).await? {
        let now = reply::show(desk.app.wire(), place, screen).await?;
        if now != place {
            card::remember(desk.app.core().db(), kind, id, now).await?;
        }
    }
    Ok(())
}
