//! The admin chat: who may, and the questions that staff answer there.

use super::{Reply, admin_cards, admin_commands, coupons, customer, importing, payouts, pictures, products, statements, stocking};
use crate::app::{App, Failure, Handled, UpdateNo, actor};
use crate::callback::Press;
use crate::commands;
use crate::dialogue::{self, Question, Speaker};
use crate::inbox;
use crate::reply::{self, Screen};
use crate::screens::sentence;
use crate::texts::Texts;
use crate::wire::{Patience, WireError};
use mela_core::audit::{self, Actor};
use mela_core::db::Applied;
use mela_core::orders::{self, OrderError, OrderState};
use mela_core::payments::{self, PaymentError};
use mela_core::staff::{self, Role};
use mela_core::users;
use mela_core::withdrawals::{self, WithdrawalError, WithdrawalState};
use teloxide::types::{CallbackQuery, Message, User};

/// A member of staff and the update with which they speak.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) by: Actor,
    pub(super) role: Role,
    pub(super) texts: Texts,
    pub(super) speaker: Speaker,
}

impl Desk {
    async fn new(app: App, from: &User, role: Role, chat_id: i64, update: UpdateNo) -> Result<Self, Failure> {
        let settings = app.core().settings().await?;
        let texts = app.staff_texts(&settings);
        let by = actor(from);
        let speaker = Speaker { chat_id, user_id: by.telegram_id, update_id: update.0 };
        Ok(Self { app, by, role, texts, speaker })
    }

    /// Opens a question, or closes the open one.
    pub(super) async fn ask(&self, question: Option<&Question>) -> Result<(), Failure> {
        Ok(dialogue::set(self.app.core().db(), self.speaker, question).await?)
    }

    pub(super) fn sentence(&self, key: &str, args: crate::texts::Args<'_>) -> Screen {
        sentence(&self.texts, key, args)
    }

    pub(super) fn alert(&self, key: &str, args: crate::texts::Args<'_>) -> Reply {
        Reply::Alert(self.texts.plain(key, args))
    }
}

async fn is_admin_chat(app: &App, chat_id: i64) -> bool {
    match app.core().settings().await {
        Ok(settings) => settings.telegram.admin_chat_id == chat_id,
        // The database is away: what was known last decides; the handler itself will wait for it.
        Err(_) => app.core().settings_store().last().telegram.admin_chat_id == chat_id,
    }
}

/// Whether a button was pressed in the admin chat.
pub async fn is_pressed_there(app: App, query: CallbackQuery) -> bool {
    match query.message {
        Some(message) => is_admin_chat(&app, message.chat().id.0).await,
        None => false,
    }
}

/// Whether a message was written in the admin chat.
pub async fn is_written_there(app: App, message: Message) -> bool {
    is_admin_chat(&app, message.chat.id.0).await
}

/// Writes down that someone tried what they may not.
pub(super) async fn refused(app: &App, from: &User, why: &str, what: &str) -> Result<(), Failure> {
    tracing::warn!(telegram_id = from.id.0, why, what, "refused");
    Ok(audit::record(app.core().db(), app.core().now(), &actor(from), &format!("refused.{why}"), what, "").await?)
}

/// A button pressed in the admin chat.
///
/// # Errors
/// The database or Telegram is away.
pub async fn press(app: App, query: CallbackQuery, update: UpdateNo) -> Handled {
    let Some(message) = query.message.as_ref() else { return Ok(()) };
    let place = customer::place(message);
    let role = staff::role(app.core(), query.from.id.0.cast_signed()).await?;
    let data = query.data.clone().unwrap_or_default();
    let press = data.parse::<Press>().ok().filter(Press::is_staffs);
    let desk = Desk::new(app, &query.from, role.unwrap_or(Role::Support), place.chat_id, update).await?;
    let reply = match (role, press) {
        (None, _) => {
            refused(&desk.app, &query.from, "not-staff", &data).await?;
            desk.alert("not-staff", &[])
        }
        (Some(role), Some(press)) if role < needed(&press) => {
            refused(&desk.app, &query.from, "not-allowed", &data).await?;
            desk.alert("not-allowed", &[])
        }
        (Some(_), Some(press)) => admin_cards::follow(&desk, press, place).await?,
        (Some(_), None) => desk.alert("stale", &[]),
    };
    let wire = desk.app.wire();
    let alert = match reply {
        Reply::Show(screen) => {
            let shown = reply::show(wire, place, &screen).await?;
            pictures::noted(&desk.app, &screen, shown).await?;
            None
        }
        Reply::Say(screen) => {
            reply::say_to(wire, place.chat_id, &screen, Some(place.message_id), Patience::Wait).await?;
            None
        }
        Reply::Alert(alert) => Some(alert),
        Reply::Taken => None,
    };
    reply::answer(wire, &query.id.0, alert.as_deref()).await?;
    Ok(())
}

/// Support reads; money is the admins'.
fn needed(press: &Press) -> Role {
    match press {
        Press::BringPayment(_) | Press::BringWithdrawal(_) | Press::PaymentCard(_) | Press::WithdrawalCard(_) => Role::Support,
        Press::BringAsk(_) | Press::BringRefund(_) | Press::RefundCard(_) | Press::ReceiptOf(_) => Role::Support,
        Press::Account(..) | Press::AccountFile(_) => Role::Support,
        Press::ReplaceTicket(_) | Press::AnswerTicket(_) | Press::CloseTicket(_) | Press::BringTicket(_) => Role::Support,
        Press::Products(_) | Press::Product(_) | Press::PreviewProduct(_) => Role::Support,
        Press::Stock | Press::Shelf(_) => Role::Support,
        Press::Tree(..) | Press::TreeBefore(..) | Press::TreeOf(_) | Press::TreeFile(_) => Role::Support,
        Press::Fraud(..) | Press::FraudRules(..) | Press::BringFlag(_) | Press::FlagCard(_) => Role::Support,
        Press::ErasePerson(..) | Press::EraseDrop => Role::Owner,
        Press::Coupons(_) | Press::Coupon(_) | Press::Prices(_) => Role::Support,
        Press::Watch | Press::WatchWaiting(_) | Press::WatchConfirmed(..) => Role::Support,
        _ => Role::Admin,
    }
}

/// Something written in the admin chat: a command, or the answer to a question of the person who pressed. Other talk gets no answer.
///
/// # Errors
/// The database or Telegram is away.
pub async fn message(app: App, message: Message, update: UpdateNo) -> Handled {
    let Some(from) = message.from.as_ref().filter(|from| !from.is_bot) else {
        return Ok(());
    };
    // Of captions only that of a file to import is a command: others belong to what is delivered.
    let caption = || message.document().and_then(|_| message.caption());
    let command = message.text().or_else(caption).and_then(|text| commands::parse(text, app.bot_name()));
    let command = command.filter(|command| message.text().is_some() || matches!(command.name.as_str(), "import" | "payouts"));
    let role = staff::role(app.core(), from.id.0.cast_signed()).await?;
    let chat_id = message.chat.id.0;
    let screen = match (role, &command) {
        (None, None) => None,
        (None, Some(command)) => {
            refused(&app, from, "not-staff", &format!("/{}", command.name)).await?;
            let desk = Desk::new(app.clone(), from, Role::Support, chat_id, update).await?;
            Some(desk.sentence("not-staff", &[]))
        }
        (Some(role), Some(command)) => {
            let desk = Desk::new(app.clone(), from, role, chat_id, update).await?;
            if command.name == "import" {
                importing::command(&desk, command, from, &message).await?
            } else if command.name == "payouts" && role >= Role::Admin {
                payouts::command(&desk, &message).await?
            } else {
                Some(admin_commands::obey(&desk, command, from).await?)
            }
        }
        (Some(role), None) => {
            let desk = Desk::new(app.clone(), from, role, chat_id, update).await?;
            match dialogue::open(app.core().db(), desk.speaker).await? {
                Some(question) if role >= Role::Admin || matches!(question, Question::TicketAnswer { .. }) => {
                    answered(&desk, &message, question).await?
                }
                _ => None,
            }
        }
    };
    if let Some(screen) = screen {
        reply::say_to(app.wire(), chat_id, &screen, Some(message.id.0), Patience::Wait).await?;
    }
    Ok(())
}

/// Longest reason in words.
const LONGEST_REASON: usize = 300;

async fn answered(desk: &Desk, message: &Message, question: Question) -> Result<Option<Screen>, Failure> {
    let text = message.text().unwrap_or_default().replace('\0', "");
    let text = text.trim();
    let reason = Some(text).filter(|t| !t.is_empty() && t.chars().count() <= LONGEST_REASON);
    let screen = match (question, reason) {
        (Question::PaymentReason { .. } | Question::WithdrawalReason { .. }, None) => return Ok(Some(desk.sentence("reason-wrong", &[]))),
        (Question::PaymentReason { id }, Some(reason)) => {
            let decided = payments::reject(desk.app.core(), id, &desk.by, reason).await;
            desk.ask(None).await?;
            admin_cards::redraw_payment(desk, id).await?;
            match decided {
                Ok(payment) => {
                    let order = payments::order_of(desk.app.core().db(), &payment.into_inner()).await?;
                    desk.sentence("taken-back", &[("subject", &format!("O-{}", order.code))])
                }
                Err(PaymentError::Decided(_)) => desk.sentence("not-now", &[]),
                Err(error) => return Err(error.into()),
            }
        }
        (Question::WithdrawalReason { id }, Some(reason)) => {
            let decided = admin_cards::refuse(desk, id, reason).await;
            desk.ask(None).await?;
            admin_cards::redraw_withdrawal(desk, id).await?;
            match decided {
                Ok(withdrawal) => desk.sentence("taken-back", &[("subject", &format!("W-{}", withdrawal.into_inner().code))]),
                Err(WithdrawalError::NotNow(_)) => desk.sentence("not-now", &[]),
                Err(WithdrawalError::BeingPaid) => desk.sentence("withdrawal-being-paid", &[]),
                Err(error) => return Err(error.into()),
            }
        }
        (Question::PayoutUtr { id }, _) => match payout(desk, id, text).await? {
            Some(screen) => screen,
            None => return Ok(None),
        },
        (
            question @ (Question::RefundAmount { .. }
            | Question::RefundVpa { .. }
            | Question::RefundReason { .. }
            | Question::RefundUtr { .. }
            | Question::RefundFailure { .. }),
            reason,
        ) => return super::refund::answered(desk, &question, text, reason).await.map(Some),
        (question @ (Question::CreditOrder { .. } | Question::CreditWallet { .. } | Question::CreditReturn { .. }), _) => {
            return super::credits::answered(desk, &question, text).await.map(Some);
        }
        (question @ (Question::FlagReason { .. } | Question::FlagQuestion { .. }), _) => {
            return super::fraud::answered(desk, &question, text).await.map(Some);
        }
        (Question::TicketAnswer { id }, _) => return super::tickets::answered(desk, message, id).await.map(Some),
        (Question::Delivery { order }, _) => return delivery(desk, message, order).await.map(Some),
        (question @ (Question::ProductField { .. } | Question::NewProduct { .. }), _) => {
            return products::answered(desk, question, text).await.map(Some);
        }
        (Question::PlanPrice { plan }, _) => return coupons::price_typed(desk, plan, text).await.map(Some),
        (Question::ProductPicture { id }, _) => return pictures::answered(desk, message, id).await.map(Some),
        (Question::ProductPlace { id }, _) => return pictures::place_answered(desk, id, text).await.map(Some),
        (Question::ImportProducts, _) => return importing::document(desk, message).await,
        (Question::ImportStock, _) => return stocking::document(desk, message).await,
        (Question::ImportStatement { bank }, _) => return statements::document(desk, message, &bank).await,
        (Question::ImportPayouts { quiet }, _) => return payouts::document(desk, message, quiet).await,
        (Question::Account { plan }, _) => return stocking::typed(desk, message, plan).await.map(Some),
        // A customer's question, of a staff member's private chat.
        _ => return Ok(None),
    };
    // Answers that leave the question open returned before.
    Ok(Some(screen))
}

async fn payout(desk: &Desk, id: i64, utr: &str) -> Result<Option<Screen>, Failure> {
    let paid = withdrawals::pay(desk.app.core(), id, &desk.by, utr).await;
    let screen = match paid {
        Err(WithdrawalError::NotAUtr) => return Ok(Some(desk.sentence("payout-utr-wrong", &[]))),
        Err(WithdrawalError::UtrUsed) => return Ok(Some(desk.sentence("payout-utr-used", &[]))),
        Ok(withdrawal) => {
            let withdrawal = withdrawal.into_inner();
            let (code, utr) = (format!("W-{}", withdrawal.code), withdrawal.payout_utr.unwrap_or_default());
            desk.sentence("marked-paid", &[("subject", &code), ("utr", &utr)])
        }
        Err(WithdrawalError::NotNow(_)) => desk.sentence("not-now", &[]),
        Err(WithdrawalError::Owes(owed)) => desk.sentence("owes", &[("owed", &owed)]),
        Err(WithdrawalError::OnHold) => Screen::new(crate::texts::escape(admin_cards::on_hold(desk, id).await?)),
        Err(WithdrawalError::BeingPaid) => desk.sentence("withdrawal-being-paid", &[]),
        Err(error) => return Err(error.into()),
    };
    admin_cards::redraw_withdrawal(desk, id).await?;
    desk.ask(None).await?;
    Ok(Some(screen))
}

/// Passes what staff sent on to the buyer, protected; nothing of it is kept.
async fn delivery(desk: &Desk, message: &Message, order_id: i64) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let order = orders::get(core.db(), order_id).await?;
    let subject = format!("O-{}", order.code);
    if order.is_refunded() || !matches!(order.state, OrderState::Paid | OrderState::AwaitingStock | OrderState::Delivered) {
        desk.ask(None).await?;
        return Ok(desk.sentence("not-now", &[]));
    }
    let Some(holder) = order.holder() else {
        desk.ask(None).await?;
        return Ok(desk.sentence("gift-not-opened", &[]));
    };
    let holder = users::get(core.db(), holder).await?;
    let head: crate::texts::Args<'_> = &[("title", &order.title), ("order", &subject)];
    if let Some(why_not) = passed_on(desk, message, &holder, &subject, ("delivery", head)).await? {
        return Ok(why_not);
    }
    match orders::deliver(core, order_id, &desk.by).await {
        Ok(Applied::Now(_) | Applied::Already(_)) => {}
        Err(OrderError::NotNow(_)) => return Ok(desk.sentence("not-now", &[])),
        Err(error) => return Err(error.into()),
    }
    if let Some(payment) = payments::of_order(core.db(), order_id).await?.last() {
        admin_cards::redraw_payment(desk, payment.id).await?;
    }
    desk.ask(None).await?;
    inbox::erase(core.db(), desk.speaker.update_id).await?;
    Ok(desk.sentence("delivered", &[("subject", &subject)]))
}

/// Passes what staff sent on to a person, protected, below a head in their language; answers what staff are told when that is not possible. What cannot
/// be passed on leaves the question open.
pub(super) async fn passed_on(
    desk: &Desk,
    message: &Message,
    to: &users::User,
    subject: &str,
    (head, args): (&str, crate::texts::Args<'_>),
) -> Result<Option<Screen>, Failure> {
    let core = desk.app.core();
    let texts = desk.app.texts(&to.language, &*core.settings().await?);
    let sent = async {
        reply::say(desk.app.wire(), to.telegram_id, &sentence(&texts, head, args), Patience::Wait).await?;
        reply::pass_on_protected(desk.app.wire(), message.chat.id.0, message.id.0, to.telegram_id).await
    }
    .await;
    match sent {
        Ok(()) => Ok(None),
        Err(error) if error.is_unreachable() => {
            users::set_reachable(core.db(), to.telegram_id, false).await?;
            desk.ask(None).await?;
            Ok(Some(desk.sentence("delivery-unreachable", &[("subject", &subject)])))
        }
        Err(WireError::Refused { description, .. }) => Ok(Some(desk.sentence("delivery-impossible", &[("why", &description)]))),
        Err(error) => Err(error.into()),
    }
}

/// Whether a withdrawal can still be refused, and how: before approval it is rejected, after it, it could not be paid.
pub(super) fn is_open(state: WithdrawalState) -> bool {
    matches!(state, WithdrawalState::Asked | WithdrawalState::Approved)
}
