//! Sends what the outbox holds: renders each pile of notices as one message, within Telegram's limits.

use crate::app::App;
use crate::card::{self, Kind};
use crate::reply::{self, Screen};
use crate::screens::fraud::{self as accused, Choosing};
use crate::screens::{cards, credits as arrived, holds, notices, subscriptions as ending, tickets as complaints, watch};
use crate::texts::Texts;
use crate::wire::{Patience, WireError};
use chrono::TimeDelta;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use mela_core::credentials::{CredentialError, Page, VaultError};
use mela_core::notifications::{Claimed, Notice, Outcome};
use mela_core::orders::OrderState;
use mela_core::referrals::contests;
use mela_core::users::{self, User, UserId};
use mela_core::{Core, catalog, credentials, credits, fraud, orders, reconciliation, refunds, reports, subscriptions, tickets, withdrawals};
use sea_orm::DbErr;
use std::num::NonZeroU32;
use std::time::Duration;

/// The sender of notices. One for each process.
#[derive(Debug)]
pub struct Deliverer {
    app: App,
    clock: DefaultClock,
    all: DefaultDirectRateLimiter,
    /// One a second to a person, after a few at once.
    people: DefaultKeyedRateLimiter<i64>,
    /// One a second to a group, after twenty at once: where Telegram bears less, its 429 is waited out.
    groups: DefaultKeyedRateLimiter<i64>,
}

fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

impl Deliverer {
    /// A sender that keeps to the settings' pace.
    #[must_use]
    pub fn new(app: App) -> Self {
        let rate = app.core().settings_store().last().limits.notices_per_second.get();
        Self {
            app,
            clock: DefaultClock::default(),
            all: RateLimiter::direct(Quota::per_second(number(rate))),
            people: RateLimiter::keyed(Quota::per_second(number(1)).allow_burst(number(5))),
            groups: RateLimiter::keyed(Quota::per_second(number(1)).allow_burst(number(20))),
        }
    }

    /// Sends one pile and says what became of it.
    ///
    /// # Errors
    /// The database: the claim runs out and the pile is sent again.
    pub async fn deliver(&self, claimed: &Claimed) -> Result<Outcome, DbErr> {
        let core = self.app.core();
        let settings = core.settings().await?;
        let (chat_id, screen, card) = match claimed.user_id {
            Some(id) => {
                let user = users::get(core.db(), UserId(id)).await?;
                let texts = self.app.texts(&user.language, &settings);
                if !user.reachable {
                    return Ok(Outcome::Dropped("unreachable".to_owned()));
                }
                match personal(core, &texts, &user, &claimed.notices).await {
                    Ok(screen) => (user.telegram_id, screen, None),
                    Err(Unready::Db(error)) => return Err(error),
                    Err(Unready::Vault(trouble)) => {
                        credentials::alarm(core, &trouble).await?;
                        return Ok(Outcome::Later(later(claimed.attempts)));
                    }
                }
            }
            None => {
                let texts = self.app.staff_texts(&settings);
                let notice = claimed.notices.first();
                if let Some(&Notice::CardChanged { card, id }) = notice {
                    return self.redraw(&texts, card, id, claimed.attempts).await;
                }
                let (screen, card) = match notice {
                    Some(notice) => for_staff(core, &texts, notice).await?,
                    None => (None, None),
                };
                (settings.telegram.admin_chat_id, screen, card)
            }
        };
        let Some(screen) = screen else {
            return Ok(Outcome::Dropped("nothing to say".to_owned()));
        };
        if chat_id == 0 {
            return Ok(Outcome::Later(TimeDelta::minutes(1)));
        }
        if let Some(wait) = self.turn(chat_id) {
            return Ok(Outcome::Later(wait));
        }
        self.all.until_ready().await;
        match reply::say(self.app.wire(), chat_id, &screen, Patience::Tell).await {
            Ok(place) => {
                if let Some((kind, id)) = card {
                    card::remember(core.db(), kind, id, place).await?;
                }
                Ok(Outcome::Sent)
            }
            Err(WireError::Refused { migrate_to: Some(to), .. }) => {
                mela_core::shop::chat_moved(core, chat_id, to).await?;
                Ok(Outcome::Later(TimeDelta::zero()))
            }
            Err(WireError::Wait(wait)) => Ok(Outcome::Later(TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(1)))),
            Err(WireError::Away(why)) => {
                tracing::warn!(chat_id, attempts = claimed.attempts, why, "a notice could not be sent, will be tried again");
                Ok(Outcome::Later(later(claimed.attempts)))
            }
            Err(error) if error.is_unreachable() && claimed.user_id.is_some() => {
                users::set_reachable(core.db(), chat_id, false).await?;
                Ok(Outcome::Dropped(error.to_string()))
            }
            // The admin chat must hear it, however long it takes to let the bot in again.
            Err(error) if claimed.user_id.is_none() => {
                tracing::error!(chat_id, %error, "the admin chat cannot be told");
                Ok(Outcome::Later(later(claimed.attempts)))
            }
            Err(error) => {
                tracing::error!(chat_id, %error, "a notice was refused");
                Ok(Outcome::Dropped(error.to_string()))
            }
        }
    }

    /// Draws a card anew where it stands. One that was never sent will be sent as things are then.
    async fn redraw(&self, texts: &Texts, kind: Kind, id: i64, attempts: i32) -> Result<Outcome, DbErr> {
        let core = self.app.core();
        let Some(place) = card::place(core.db(), kind, id).await? else {
            return Ok(Outcome::Dropped("no such card".to_owned()));
        };
        if let Some(wait) = self.turn(place.chat_id) {
            return Ok(Outcome::Later(wait));
        }
        self.all.until_ready().await;
        let screen = match kind {
            Kind::Payment => cards::payment(texts, &card::payment(core, id).await?, false),
            Kind::Withdrawal => cards::withdrawal(texts, &card::withdrawal(core, id).await?, false),
            Kind::Refund => crate::screens::refunds::card(texts, &card::refund(core, id).await?, false),
            Kind::Ticket => complaints::card(texts, &card::ticket(core, id).await?),
            Kind::Credit => arrived::card(texts, &card::credit(core, id).await?),
            Kind::Flag => accused::card(texts, &card::flag(core, id).await?, Choosing::Nothing),
        };
        match reply::show(self.app.wire(), place, &screen).await {
            Ok(now) => {
                card::remember(core.db(), kind, id, now).await?;
                Ok(Outcome::Sent)
            }
            Err(WireError::Wait(wait)) => Ok(Outcome::Later(TimeDelta::from_std(wait).unwrap_or(TimeDelta::minutes(1)))),
            Err(WireError::Away(_)) => Ok(Outcome::Later(later(attempts))),
            // Deleted, or in a chat that the bot has left: there is nothing to draw on.
            Err(error) => Ok(Outcome::Dropped(error.to_string())),
        }
    }

    /// How long a chat must wait for its turn. It is not waited here: others' notices go first, and its own pile up to one message.
    fn turn(&self, chat_id: i64) -> Option<TimeDelta> {
        let chats = if chat_id < 0 { &self.groups } else { &self.people };
        if chats.len() > 10_000 {
            chats.retain_recent();
        }
        let not_yet = chats.check_key(&chat_id).err()?;
        TimeDelta::from_std(not_yet.wait_time_from(self.clock.now())).ok()
    }
}

/// Growing pauses: 1 s, 2 s, 4 s … up to five minutes.
fn later(attempts: i32) -> TimeDelta {
    let pause = Duration::from_secs(1 << attempts.clamp(0, 9)).min(Duration::from_secs(300));
    TimeDelta::from_std(pause).unwrap_or(TimeDelta::minutes(5))
}

/// Why a notice cannot be put into words now.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// What it brings cannot be opened: the notice waits for the right key.
    #[error(transparent)]
    Vault(VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// What a person is told by notices of one kind; nothing where they are not for people.
///
/// # Errors
/// The database; a credential that cannot be opened.
pub async fn personal(core: &Core, texts: &Texts, person: &User, pile: &[Notice]) -> Result<Option<Screen>, Unready> {
    let Some(first) = pile.first() else { return Ok(None) };
    Ok(Some(match first {
        Notice::Joined { .. } => {
            let names: Vec<&str> = pile.iter().filter_map(|n| if let Notice::Joined { name } = n { Some(name.as_str()) } else { None }).collect();
            notices::joined(texts, &names)
        }
        Notice::Earned { .. } => notices::earned(texts, pile),
        Notice::Capped { by, cap } => crate::screens::programme::capped(texts, *by, *cap),
        Notice::Released { .. } => notices::released(texts, pile),
        Notice::PaymentApproved { order } => {
            let order = orders::get(core.db(), *order).await?;
            let renewed = match order.renews {
                Some(id) => subscriptions::find(core.db(), id).await?,
                None => None,
            };
            match renewed {
                Some(renewed) => notices::renewed(texts, &order, &renewed, credentials::was_claimed(core.db(), order.id).await?),
                None => notices::payment_approved(texts, &order),
            }
        }
        Notice::Credentials { order } => {
            let order = orders::get(core.db(), *order).await?;
            match opened(credentials::reveal(core, &order, 0).await)? {
                Some(page) => notices::credentials(texts, &order, &page),
                None => return Ok(None),
            }
        }
        Notice::Replacement { ticket } => return replacement(core, texts, *ticket).await,
        Notice::Ticket { ticket, became } => {
            let ticket = tickets::get(core.db(), *ticket).await?;
            complaints::news(texts, &ticket, *became)
        }
        Notice::GiftOpened { order } => {
            let order = orders::get(core.db(), *order).await?;
            let Some(holder) = order.holder() else { return Ok(None) };
            notices::gift_opened(texts, &order, &users::get(core.db(), holder).await?)
        }
        Notice::GiftRefunded { order } => crate::screens::sentence(texts, "gift-ended", &[("title", &orders::get(core.db(), *order).await?.title)]),
        Notice::OrderUnpaid { order } => {
            let order = orders::get(core.db(), *order).await?;
            if order.state != OrderState::AwaitingPayment || order.expires_at <= core.now() {
                return Ok(None);
            }
            notices::order_unpaid(texts, &order)
        }
        Notice::PlanEnds { subscription, ends_at } => {
            // Renewed or given back meanwhile, there is nothing to be reminded of.
            let found = subscriptions::find(core.db(), *subscription).await?;
            let Some(found) = found.filter(|found| found.ended_at.is_none() && found.ends_at == *ends_at) else {
                return Ok(None);
            };
            ending::ends(texts, &found, found.days_left(&core.settings().await?.shop, core.now()))
        }
        Notice::AutoRenewMissing { subscription, price, missing } => {
            // Renewed otherwise, or switched off, while this waited for the morning.
            let (found, shop) = (subscriptions::find(core.db(), *subscription).await?, &core.settings().await?.shop);
            let due = |found: &subscriptions::Subscription| found.auto_renew && found.ended_at.is_none() && found.days_left(shop, core.now()) <= 0;
            let Some(found) = found.filter(due) else {
                return Ok(None);
            };
            ending::missing(texts, &found, *price, *missing)
        }
        Notice::PaymentRejected { order, reason } => notices::payment_rejected(texts, &orders::get(core.db(), *order).await?, reason),
        Notice::OrderExpired { order } => notices::order_expired(texts, &orders::get(core.db(), *order).await?),
        Notice::Withdrawal { withdrawal, became } => notices::withdrawal(texts, &withdrawals::get(core.db(), *withdrawal).await?, *became),
        Notice::UpiAdded { vpa } => crate::screens::upi::added(texts, vpa),
        Notice::Refund { refund, became } => {
            let refund = refunds::get(core.db(), *refund).await?;
            notices::refund(texts, &refund, &orders::get(core.db(), refund.order_id).await?, *became)
        }
        Notice::Verified => crate::screens::verify::verified(texts),
        Notice::PrizeWon { contest, place, amount } => crate::screens::referring::prize_won(texts, contest, *place, *amount),
        Notice::Adjusted { amount, reason } => crate::screens::wallet::adjusted(texts, *amount, reason),
        Notice::CreditKept { amount, why, order } => {
            let order = match order {
                Some(id) => Some(orders::get(core.db(), *id).await?),
                None => None,
            };
            arrived::kept(texts, *amount, *why, order.as_ref())
        }
        Notice::CreditReturned { amount, reference } => arrived::returned(texts, *amount, reference),
        Notice::Reversed { .. } => notices::reversed(texts, pile),
        Notice::BackInStock { plan } => match catalog::get(core.db(), *plan).await?.filter(|plan| plan.active) {
            Some(plan) => notices::back_in_stock(texts, &plan),
            None => return Ok(None),
        },
        Notice::Hold { flag, became } => {
            let Some(part) = fraud::part_of(core.db(), *flag, person.user_id()).await? else {
                return Ok(None);
            };
            holds::news(texts, &fraud::get(core.db(), *flag).await?, part, person.blocked_at.is_some(), *became)
        }
        Notice::Blocked { reason } => holds::blocked(texts, reason.as_deref()),
        Notice::FraudQuestion { flag, question } => holds::question(texts, &fraud::get(core.db(), *flag).await?, question),
        Notice::PictureLost { .. }
        | Notice::FraudCard { .. }
        | Notice::PaymentCard { .. }
        | Notice::WithdrawalCard { .. }
        | Notice::TicketCard { .. }
        | Notice::CreditCard { .. }
        | Notice::CreditsWait
        | Notice::CardChanged { .. }
        | Notice::UtrReused { .. }
        | Notice::DailyReport { .. }
        | Notice::StockLow { .. }
        | Notice::ContestOver { .. }
        | Notice::NoRights
        | Notice::Alarm { .. } => return Ok(None),
    }))
}

/// What was opened, if there is something to open.
fn opened(revealed: Result<Page, CredentialError>) -> Result<Option<Page>, Unready> {
    match revealed {
        Ok(page) => Ok(Some(page)),
        Err(CredentialError::Vault(trouble)) => Err(Unready::Vault(trouble)),
        Err(CredentialError::Db(error)) => Err(error.into()),
        Err(CredentialError::Nothing | CredentialError::ByHand) => Ok(None),
    }
}

async fn replacement(core: &Core, texts: &Texts, ticket: i64) -> Result<Option<Screen>, Unready> {
    let ticket = tickets::get(core.db(), ticket).await?;
    let about = subscriptions::find(core.db(), ticket.subscription_id).await?;
    let Some((order, n)) = about.and_then(|about| Some((about.unit_order?, about.unit?))) else {
        return Ok(None);
    };
    let order = orders::get(core.db(), order).await?;
    let page = opened(credentials::reveal_item(core, &order, n).await)?;
    Ok(page.map(|page| notices::replacement(texts, &format!("T-{}", ticket.code), &order, &page)))
}

/// What the admin chat is told by a notice, and of which card it is.
async fn for_staff(core: &Core, texts: &Texts, notice: &Notice) -> Result<(Option<Screen>, Option<(Kind, i64)>), DbErr> {
    Ok(match notice {
        Notice::PaymentCard { payment } => {
            (Some(cards::payment(texts, &card::payment(core, *payment).await?, false)), Some((Kind::Payment, *payment)))
        }
        Notice::WithdrawalCard { withdrawal } => (
            Some(cards::withdrawal(texts, &card::withdrawal(core, *withdrawal).await?, false)),
            Some((Kind::Withdrawal, *withdrawal)),
        ),
        Notice::TicketCard { ticket } => (Some(complaints::card(texts, &card::ticket(core, *ticket).await?)), Some((Kind::Ticket, *ticket))),
        Notice::UtrReused { utr, order, first } => (Some(notices::utr_reused(texts, utr, order, first)), None),
        Notice::DailyReport { day, since, until, through, digest } => {
            let figures = reports::figures(core.db(), *since, *until).await?;
            let clearings = watch::clearings(texts, &reconciliation::reconcile(core).await?, Texts::html);
            (Some(crate::screens::books::daily(texts, *day, &figures, clearings, *through, digest)), None)
        }
        Notice::StockLow { plan, left } => {
            let plan = catalog::get(core.db(), *plan).await?;
            (plan.map(|plan| notices::stock_low(texts, &plan, *left)), None)
        }
        Notice::PictureLost { plan } => {
            let plan = catalog::get(core.db(), *plan).await?;
            (plan.map(|plan| crate::screens::products::picture_lost(texts, &plan)), None)
        }
        Notice::CreditCard { credit } => {
            let card = card::credit(core, *credit).await?;
            // What was assigned before it could be sent needs no card.
            let waits = card.credit.left().is_positive();
            (waits.then(|| arrived::card(texts, &card)), Some((Kind::Credit, *credit)))
        }
        Notice::FraudCard { flag } => (Some(accused::card(texts, &card::flag(core, *flag).await?, Choosing::Nothing)), Some((Kind::Flag, *flag))),
        Notice::CreditsWait => (Some(arrived::many_wait(texts, &credits::piles(core.db()).await?)), None),
        Notice::ContestOver { contest } => {
            let winners = contests::winners(core.db(), *contest).await?;
            let contest = contests::get(core.db(), *contest).await?;
            (contest.map(|contest| crate::screens::contests::contest(texts, &contest, &winners)), None)
        }
        Notice::NoRights => (Some(crate::screens::sentence(texts, "no-rights", &[])), None),
        Notice::Alarm { text } => (Some(notices::alarm(texts, text)), None),
        _ => (None, None),
    })
}
