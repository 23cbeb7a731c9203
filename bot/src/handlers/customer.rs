//! The private chat of a customer.

use super::{
    Reply, cart, gifts, language, notifications, pictures, plans, privacy, programme, proof, receipts, referring, reporting, stars, subscriptions,
    tax, top_up, withdrawal,
};
use crate::app::{App, Failure, Handled, UpdateNo};
use crate::callback::Press;
use crate::commands::{self, Command, Start};
use crate::dialogue::{self, Question, Speaker};
use crate::reply::{self, Place, Screen};
use crate::screens::{self, PAGE, sentence_home};
use crate::texts::Texts;
use crate::wire::Patience;
use mela_core::code::ShortCode;
use mela_core::credentials::CredentialError;
use mela_core::db::Applied;
use mela_core::orders::{Order, OrderError};
use mela_core::payments::{self, PaymentError};
use mela_core::settings::Settings;
use mela_core::users::{Arrival, Invitation, Sender, User};
use mela_core::{catalog, commissions, credentials, ledger, orders, refunds, users};
use std::sync::Arc;
use teloxide::types::{CallbackQuery, ChatMemberKind, ChatMemberUpdated, MaybeInaccessibleMessage, Message};

/// A customer and the update with which they speak.
pub(super) struct Talk {
    pub(super) app: App,
    pub(super) user: User,
    pub(super) settings: Arc<Settings>,
    pub(super) texts: Texts,
    pub(super) speaker: Speaker,
}

impl Talk {
    async fn new(app: App, user: User, chat_id: i64, update: UpdateNo) -> Result<Self, Failure> {
        let settings = app.core().settings().await?;
        let texts = app.texts(&user.language, &settings);
        let speaker = Speaker { chat_id, user_id: user.telegram_id, update_id: update.0 };
        Ok(Self { app, user, settings, texts, speaker })
    }

    /// Opens a question, or closes the open one.
    pub(super) async fn ask(&self, question: Option<&Question>) -> Result<(), Failure> {
        Ok(dialogue::set(self.app.core().db(), self.speaker, question).await?)
    }

    /// The question that is open.
    pub(super) async fn open_question(&self) -> Result<Option<Question>, Failure> {
        Ok(dialogue::open(self.app.core().db(), self.speaker).await?)
    }
}

fn sender(user: &teloxide::types::User) -> Sender {
    Sender {
        telegram_id: user.id.0.cast_signed(),
        name: user.full_name(),
        username: user.username.clone(),
        language: user.language_code.clone(),
    }
}

/// Remembers who blocked the bot and who let it in again.
///
/// # Errors
/// The database.
pub async fn membership(app: App, change: ChatMemberUpdated) -> Handled {
    if change.chat.is_private() {
        let reachable = !matches!(change.new_chat_member.kind, ChatMemberKind::Banned(_) | ChatMemberKind::Left);
        users::set_reachable(app.core().db(), change.chat.id.0, reachable).await?;
    }
    Ok(())
}

/// Something a customer wrote or sent.
///
/// # Errors
/// The database or Telegram is away.
pub async fn message(app: App, message: Message, update: UpdateNo) -> Handled {
    let Some(from) = message.from.as_ref().filter(|from| !from.is_bot) else {
        return Ok(());
    };
    app.throttle(from.id.0.cast_signed()).await;
    // A card that they chose of our own offers is worded by us: neither a command nor an answer.
    let shared = super::inline::is_from(&app, &message);
    let command = message.text().filter(|_| !shared).and_then(|text| commands::parse(text, app.bot_name()));
    let start = command.as_ref().filter(|c| c.name == "start").map(|c| Start::read(&c.argument)).unwrap_or_default();
    let Arrival { user, invitation, .. } = users::arrive_by(app.core(), &sender(from), start.origin(), update.0).await?;
    let chat_id = message.chat.id.0;
    let talk = Talk::new(app, user, chat_id, update).await?;
    let screen = match command {
        Some(command) => obey(&talk, &command, &invitation).await?,
        None if shared => sentence_home(&talk.texts, "unexpected", &[]),
        None => hear(&talk, &message).await?,
    };
    let shown = reply::say(talk.app.wire(), chat_id, &screen, Patience::Wait).await?;
    pictures::noted(&talk.app, &screen, shown).await
}

/// A message that the library cannot read, being newer than it: the person is not met with silence.
///
/// # Errors
/// The database or Telegram is away.
pub async fn unreadable(app: &App, body: &str) -> Handled {
    let raw: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let chat = &raw["message"]["chat"];
    if let (Some("private"), Some(chat_id)) = (chat["type"].as_str(), chat["id"].as_i64()) {
        let texts = app.texts_for(chat_id, raw["message"]["from"]["language_code"].as_str()).await?;
        reply::say(app.wire(), chat_id, &sentence_home(&texts, "unexpected", &[]), Patience::Wait).await?;
    }
    Ok(())
}

async fn obey(talk: &Talk, command: &Command, invitation: &Invitation) -> Result<Screen, Failure> {
    let texts = &talk.texts;
    match command.name.as_str() {
        "start" => {
            talk.ask(None).await?;
            if let Some(code) = command.argument.strip_prefix("gift_") {
                return gifts::open(talk, code).await;
            }
            match Start::read(&command.argument).plan {
                Some(code) => plans::linked(talk, &code, invitation).await,
                None => start(talk, invitation).await,
            }
        }
        "plans" if !command.argument.is_empty() => plans::search(talk, &command.argument).await,
        "plans" => plans::list(talk, 0).await,
        "cart" => cart::show(talk).await,
        "orders" => history(talk, 0).await,
        "subscriptions" => subscriptions::begin(talk).await,
        "wallet" => wallet(talk).await,
        "refer" => referring::refer(talk).await,
        "leaderboard" => referring::this_week(talk).await,
        "earnings" => programme::earnings(talk, 0).await,
        "withdraw" => withdrawal::begin(talk).await,
        "verify" => super::verify::asked(talk).await,
        "upi" => {
            talk.ask(None).await?;
            super::upi::list(talk).await
        }
        "pan" => tax::ask(talk, None).await,
        "tds" => tax::statement(talk).await,
        "notifications" => notifications::page(talk, None).await,
        "privacy" => privacy::kept(talk).await,
        "support" => reporting::support(talk).await,
        "paysupport" => Ok(screens::stars::pay_support(texts, &talk.settings)),
        "terms" => Ok(screens::stars::terms(texts, &talk.settings)),
        "language" => Ok(screens::language::choice(texts, &talk.user.language)),
        "help" => Ok(help(talk)),
        "id" => Ok(super::groups::ids(texts, talk.speaker.chat_id, talk.user.telegram_id.unsigned_abs())),
        "cancel" => {
            let open = talk.open_question().await?.is_some();
            talk.ask(None).await?;
            Ok(sentence_home(texts, if open { "cancelled" } else { "cancel-nothing" }, &[]))
        }
        _ => Ok(sentence_home(texts, "unknown-command", &[])),
    }
}

/// A message that is no command: the answer to an open question, or a proof of payment, or unexpected.
async fn hear(talk: &Talk, message: &Message) -> Result<Screen, Failure> {
    match talk.open_question().await? {
        Some(Question::Proof { order }) => proof::answered(talk, message, &order).await,
        Some(Question::Coupon) => cart::coupon_typed(talk, message.text().unwrap_or_default()).await,
        // A reference or a picture is no amount, whatever was asked last.
        Some(Question::TopUpAmount) if !proof::is_one(message) => top_up::typed(talk, message.text().unwrap_or_default()).await,
        Some(Question::Vanity) if !proof::is_one(message) => referring::vanity_typed(talk, message.text().unwrap_or_default()).await,
        Some(Question::WithdrawVpa) => withdrawal::vpa_typed(talk, message.text().unwrap_or_default()).await,
        Some(Question::WithdrawAmount { vpa }) => withdrawal::amount_typed(talk, message.text().unwrap_or_default(), &vpa).await,
        Some(Question::Appeal { flag }) => super::holds::said(talk, message.text().unwrap_or_default(), flag).await,
        Some(Question::UpiId) => super::upi::typed(talk, message.text().unwrap_or_default()).await,
        Some(Question::Pan { draft }) => tax::typed(talk, message, draft).await,
        Some(Question::TicketWords { subscription }) => reporting::words(talk, message.text().unwrap_or_default(), subscription).await,
        _ => proof::unasked(talk, message).await,
    }
}

/// A button that a customer pressed.
///
/// # Errors
/// The database or Telegram is away.
pub async fn press(app: App, query: CallbackQuery, update: UpdateNo) -> Handled {
    app.throttle(query.from.id.0.cast_signed()).await;
    if query.message.as_ref().is_none_or(|message| !message.chat().is_private()) {
        // Not from a screen of ours; and who presses in some group has not written to the bot.
        let texts = app.texts_for(query.from.id.0.cast_signed(), query.from.language_code.as_deref()).await?;
        return Ok(reply::answer(app.wire(), &query.id.0, Some(&texts.plain("stale", &[]))).await?);
    }
    // Whoever has screens of ours and is not known deleted their account: an old button does not make them known again.
    if users::by_telegram_id(app.core().db(), query.from.id.0.cast_signed()).await?.is_none() {
        let texts = app.texts_for(query.from.id.0.cast_signed(), query.from.language_code.as_deref()).await?;
        return Ok(reply::answer(app.wire(), &query.id.0, Some(&texts.plain("privacy-gone-press", &[]))).await?);
    }
    let Arrival { user, .. } = users::arrive(app.core(), &sender(&query.from), None, update.0).await?;
    let talk = Talk::new(app, user, query.from.id.0.cast_signed(), update).await?;
    let place = query.message.as_ref().map(place);
    let press = query.data.as_deref().and_then(|data| data.parse::<Press>().ok());
    let reply = match (place, press) {
        (Some(_), Some(press)) if press.is_staffs() => {
            super::admin::refused(&talk.app, &query.from, "not-staff", &press.to_string()).await?;
            Reply::Alert(talk.texts.plain("not-staff", &[]))
        }
        (Some(_), Some(press)) => follow(&talk, press).await?,
        _ => Reply::Alert(talk.texts.plain("stale", &[])),
    };
    let alert = match (reply, place) {
        (Reply::Show(screen), Some(place)) => {
            let shown = reply::show(talk.app.wire(), place, &screen).await?;
            pictures::noted(&talk.app, &screen, shown).await?;
            None
        }
        (Reply::Say(screen) | Reply::Show(screen), _) => {
            reply::say(talk.app.wire(), talk.speaker.chat_id, &screen, Patience::Wait).await?;
            None
        }
        (Reply::Alert(alert), _) => Some(alert),
        (Reply::Taken, _) => None,
    };
    reply::answer(talk.app.wire(), &query.id.0, alert.as_deref()).await?;
    Ok(())
}

/// Where a pressed message stands.
pub(super) fn place(message: &MaybeInaccessibleMessage) -> Place {
    let photo = message.regular_message().is_some_and(|m| m.photo().is_some());
    Place { chat_id: message.chat().id.0, message_id: message.id().0, photo }
}

async fn follow(talk: &Talk, press: Press) -> Result<Reply, Failure> {
    let texts = &talk.texts;
    let screen = match press {
        Press::Home => {
            talk.ask(None).await?;
            start(talk, &Invitation::None).await?
        }
        Press::Plans => plans::list(talk, 0).await?,
        Press::Platforms(page) => plans::list(talk, page).await?,
        Press::Platform(plan, page) => plans::group(talk, catalog::By::Platform, plan, page).await?,
        Press::Category(plan, page) => plans::group(talk, catalog::By::Category, plan, page).await?,
        Press::AwaitPlan(code, on) => plans::wait(talk, &code, on).await?,
        Press::Plan(code) => plans::one(talk, &code).await?,
        Press::Buy(code) => return buy(talk, &code).await,
        Press::Orders(page) => history(talk, page).await?,
        Press::Order(code) => {
            talk.ask(None).await?;
            match own_order(talk, &code).await? {
                Some(order) => own_order_screen(talk, &order).await?,
                None => return Ok(Reply::Alert(texts.plain("order-unknown", &[]))),
            }
        }
        Press::Credentials(code) => return show_credentials(talk, &code, 0).await,
        Press::MoreCredentials(code, page) => return show_credentials(talk, &code, page).await,
        Press::Receipt(code) => return receipts::own(talk, &code).await,
        Press::Pay(code) => match own_order(talk, &code).await? {
            Some(order) if order.state == orders::OrderState::AwaitingPayment => {
                talk.ask(None).await?;
                payment(talk, &order, false).await?
            }
            Some(order) => own_order_screen(talk, &order).await?,
            None => return Ok(Reply::Alert(texts.plain("order-unknown", &[]))),
        },
        press @ (Press::Cart
        | Press::AddToCart(_)
        | Press::PutInCart(..)
        | Press::EmptyCart
        | Press::AskCoupon
        | Press::RemoveCoupon
        | Press::CheckOut
        | Press::CheckOutGift) => return cart::press(talk, press).await,
        Press::PayOnline(code, gateway) => return super::online::open(talk, &code, &gateway).await,
        Press::PayFromWallet(code) => return pay_from_wallet(talk, &code).await,
        Press::SetAside(code) => return top_up::set_aside(talk, &code).await,
        Press::PayStars(code) => return stars::invoice(talk, &code).await,
        Press::AddMoney => top_up::begin(talk).await?,
        Press::AddMoneyOf(number) => return top_up::chosen(talk, number).await,
        Press::Paid(code) => return proof::ask(talk, &code).await,
        Press::ProofFor(code) => return proof::chosen(talk, &code).await,
        Press::CancelOrder(code) => return cancel(talk, &code).await,
        press @ (Press::Subscriptions(_) | Press::Subscription(_) | Press::SubscriptionCredentials(_) | Press::Renew(_) | Press::AutoRenew(..)) => {
            return subscriptions::press(talk, press).await;
        }
        press @ (Press::Report(_) | Press::ReportFor(..) | Press::ReportOther(_)) => return reporting::press(talk, press).await,
        Press::Wallet => {
            talk.ask(None).await?;
            wallet(talk).await?
        }
        Press::Statement(before) => {
            let before = (before > 0).then_some(before);
            let lines = ledger::statement(talk.app.core().db(), talk.user.user_id(), before, PAGE as u64 + 1).await?;
            screens::money::statement(texts, &lines)
        }
        Press::StatementFile => return super::books::own_file(talk.app.core(), texts, talk.user.user_id()).await,
        press @ (Press::Refer
        | Press::ReferFigures
        | Press::ReferFriends(_)
        | Press::BoardWeek
        | Press::BoardMonth
        | Press::BoardContest(_)
        | Press::AppearOnBoards(_)
        | Press::AskVanity
        | Press::TakeVanity(_)) => return referring::press(talk, press).await,
        Press::Appeal(flag) => return super::holds::appeal(talk, flag).await,
        Press::Earnings(page) => programme::earnings(talk, page).await?,
        Press::Programme => programme::rules(talk).await?,
        Press::Withdraw => withdrawal::begin(talk).await?,
        Press::WithdrawTo(mark) => return withdrawal::chosen(talk, mark).await,
        Press::WithdrawAll => return withdrawal::all(talk).await,
        Press::WithdrawConfirm(draft) => return withdrawal::confirm(talk, draft).await,
        Press::WithdrawDrop => {
            talk.ask(None).await?;
            sentence_home(texts, "withdraw-dropped", &[])
        }
        press @ (Press::Upi | Press::AddUpi | Press::RemoveUpi(_)) => return super::upi::press(talk, &press).await,
        Press::AskPan(draft) => tax::ask(talk, Some(draft)).await?,
        Press::TaxFile => return tax::file(talk).await,
        Press::Notifications(below) => notifications::page(talk, (below > 0).then_some(below)).await?,
        Press::NotificationSettings => notifications::settings(talk).await?,
        Press::Mute(topic, on) => notifications::mute(talk, topic, on).await?,
        Press::Language => screens::language::choice(texts, &talk.user.language),
        Press::Speak(language) => return language::speak(talk, &language).await,
        Press::Help => help(talk),
        press @ (Press::Privacy | Press::PrivacyCopy | Press::PrivacyErase | Press::PrivacySure(_) | Press::PrivacyConfirm(_)) => {
            return privacy::press(talk, &press).await;
        }
        _ => return Ok(Reply::Alert(texts.plain("stale", &[]))),
    };
    Ok(Reply::Show(screen))
}

/// Home, with what they have not looked at.
pub(super) async fn start(talk: &Talk, invitation: &Invitation) -> Result<Screen, Failure> {
    let is_new = talk.user.first_update_id == talk.speaker.update_id;
    let unread = if is_new { 0 } else { notifications::unread(talk).await? };
    let plain = commissions::are_plain(talk.app.core()).await?;
    Ok(screens::customer::start(&talk.texts, &talk.settings, &talk.user.name, invitation, unread, plain))
}

/// The person's own order of a button: another's is as unknown as none.
pub(super) async fn own_order(talk: &Talk, code: &str) -> Result<Option<orders::Order>, Failure> {
    match code.parse::<ShortCode>() {
        Ok(code) => Ok(orders::of_buyer(talk.app.core().db(), talk.user.user_id(), &code).await?),
        Err(_) => Ok(None),
    }
}

pub(super) async fn own_order_screen(talk: &Talk, order: &Order) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let from_stock = credentials::was_given(db, order.id).await?;
    let items = orders::items(db, order.id).await?;
    let screen = screens::customer::order(&talk.texts, order, &items, &refunds::of_order(db, order.id).await?, from_stock);
    Ok(gifts::with_link(talk, order, screen))
}

/// `Buy now`: the order, or the one that is open; what is typed next is its proof.
async fn buy(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    talk.ask(None).await?;
    match orders::place(talk.app.core(), &talk.user, code).await {
        Ok(placed) => {
            let again = matches!(placed, Applied::Already(_));
            // Its code goes where the plan's picture is.
            Ok(Reply::Show(payment(talk, &placed.into_inner(), again).await?.replacing_picture()))
        }
        Err(OrderError::NotForSale) => Ok(Reply::Alert(talk.texts.plain("plan-gone", &[]))),
        Err(error) => Err(error.into()),
    }
}

/// The payment screen of an order, with the wallet for what it covers, and Stars where it has such a price.
pub(super) async fn payment(talk: &Talk, order: &Order, again: bool) -> Result<Screen, Failure> {
    let standing = ledger::standing(talk.app.core().db(), talk.user.user_id()).await?;
    let core = talk.app.core();
    let beside = screens::paying::Beside {
        again,
        online: !mela_core::gateways::on(core).is_empty(),
        wallet: orders::Cover::of(order, &standing),
        stars: order.due_in_stars(),
    };
    let (texts, settings, of) = (talk.texts.clone(), Arc::clone(&talk.settings), order.clone());
    let card = tokio::task::spawn_blocking(move || screens::paying::card(&texts, &settings, &of)).await;
    let card = card.inspect_err(|error| tracing::error!(%error, "a payment card could not be drawn")).ok().flatten();
    let screen = screens::paying::payment(&talk.texts, &talk.settings, order, core.now(), beside, card);
    super::online::offer(talk, order, screen).await
}

/// All of an order from the wallet, at once. The press again, or on another phone, finds it paid.
async fn pay_from_wallet(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let Some(order) = own_order(talk, code).await? else {
        return Ok(Reply::Alert(talk.texts.plain("order-unknown", &[])));
    };
    let key = format!("tg:{}", talk.speaker.update_id);
    match payments::pay_from_wallet(talk.app.core(), &talk.user, &order.code, &key).await {
        Ok(_) | Err(PaymentError::NotAwaited(_)) => {
            let order = own_order(talk, code).await?.unwrap_or(order);
            Ok(Reply::Show(own_order_screen(talk, &order).await?))
        }
        Err(PaymentError::NotCovered) => Ok(Reply::Alert(talk.texts.plain("wallet-short", &[]))),
        Err(error) => Err(error.into()),
    }
}

/// In a message of its own: one that is edited could not be kept from being passed on.
async fn show_credentials(talk: &Talk, code: &str, page: u32) -> Result<Reply, Failure> {
    let core = talk.app.core();
    let Ok(code) = code.parse() else {
        return Ok(Reply::Alert(talk.texts.plain("order-unknown", &[])));
    };
    let revealed = credentials::reveal_to(core, &talk.user, &code, page).await;
    revealed_or(talk, revealed, "order-unknown").await
}

/// What was opened; or an alert that there is nothing, in these words, or that it cannot be opened now, which staff hear of.
pub(super) async fn revealed_or(talk: &Talk, revealed: Result<(Order, credentials::Page), CredentialError>, nothing: &str) -> Result<Reply, Failure> {
    Ok(match revealed {
        Ok((order, page)) => Reply::Say(screens::notices::credentials(&talk.texts, &order, &page)),
        Err(CredentialError::Nothing | CredentialError::ByHand) => Reply::Alert(talk.texts.plain(nothing, &[])),
        Err(CredentialError::Vault(trouble)) => {
            credentials::alarm(talk.app.core(), &trouble).await?;
            Reply::Alert(talk.texts.plain("credentials-unready", &[]))
        }
        Err(CredentialError::Db(error)) => return Err(error.into()),
    })
}

async fn history(talk: &Talk, page: u32) -> Result<Screen, Failure> {
    let skip = u64::from(page) * PAGE as u64;
    let found = orders::history(talk.app.core().db(), talk.user.user_id(), skip, PAGE as u64 + 1).await?;
    Ok(screens::customer::orders(&talk.texts, &found, page))
}

async fn cancel(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let texts = &talk.texts;
    let Ok(code) = code.parse::<ShortCode>() else {
        return Ok(Reply::Alert(texts.plain("stale", &[])));
    };
    Ok(match orders::cancel(talk.app.core(), talk.user.user_id(), &code).await {
        Ok(cancelled) => Reply::Show(screens::customer::cancelled(texts, &cancelled.into_inner())),
        Err(OrderError::NotFound) => Reply::Alert(texts.plain("order-unknown", &[])),
        Err(OrderError::NotNow(state)) => Reply::Alert(texts.plain("order-not-cancellable", &[("state", &screens::state_name(texts, state))])),
        Err(error) => return Err(error.into()),
    })
}

async fn wallet(talk: &Talk) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let standing = ledger::standing(db, talk.user.user_id()).await?;
    let next = commissions::next_release(db, talk.user.user_id()).await?;
    super::holds::below(talk, screens::money::wallet(&talk.texts, &standing, next)).await
}

fn help(talk: &Talk) -> Screen {
    screens::customer::help(&talk.texts, talk.app.me().is_asked_inline().then(|| talk.app.bot_name()))
}
