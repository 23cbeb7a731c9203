//! One random move of one hand.

use crate::shop::{PLAN, Shop, admin, vpa};
use mela_core::audit::Actor;
use mela_core::db::{Applied, Transient};
use mela_core::orders::OrderError;
use mela_core::payments::{PaymentError, Proof};
use mela_core::users::{Sender, User};
use mela_core::withdrawals::{Withdrawal, WithdrawalError, WithdrawalState};
use mela_core::{commissions, ledger, orders, payments, users, withdrawals};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sea_orm::DbErr;

/// What was answered as done just now, in the words of `done_by_the_rows`.
pub(super) type Done = String;

pub(super) struct Hand {
    shop: Shop,
    rng: StdRng,
    staff: Actor,
}

/// The business's own refusals are answers like others; the rest is an error.
trait Answer<T> {
    fn answered(self) -> Result<Option<T>, String>;
}

impl<T, E: Transient + std::fmt::Display + Refusal> Answer<T> for Result<T, E> {
    fn answered(self) -> Result<Option<T>, String> {
        match self {
            Ok(done) => Ok(Some(done)),
            Err(error) if error.is_of_the_business() => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

trait Refusal {
    fn is_of_the_business(&self) -> bool;
}

impl Refusal for OrderError {
    fn is_of_the_business(&self) -> bool {
        !matches!(self, Self::Db(_))
    }
}

impl Refusal for PaymentError {
    fn is_of_the_business(&self) -> bool {
        !matches!(self, Self::Db(_) | Self::Ledger(_))
    }
}

impl Refusal for WithdrawalError {
    fn is_of_the_business(&self) -> bool {
        !matches!(self, Self::Db(_) | Self::Ledger(_))
    }
}

fn text(error: DbErr) -> String {
    error.to_string()
}

impl Hand {
    pub(super) fn new(shop: Shop, seed: u64) -> Self {
        let rng = StdRng::seed_from_u64(seed);
        Self { shop, rng, staff: admin("Meera") }
    }

    /// A move, sometimes made twice; answers what was done by it.
    pub(super) async fn next(&mut self) -> Result<Vec<Done>, String> {
        let person = self.someone().await?;
        let done = match self.rng.random_range(0..100) {
            0..10 => self.join(&person).await?,
            10..32 => self.order(&person).await?,
            32..52 => self.prove(&person).await?,
            52..70 => self.decide().await?,
            70..76 => self.time_passes().await?,
            76..88 => self.ask(&person).await?,
            _ => self.settle().await?,
        };
        Ok(done.into_iter().collect())
    }

    async fn someone(&mut self) -> Result<User, String> {
        let row = self.shop.core.db();
        let people = ledger_people(row).await.map_err(text)?;
        let id = people.choose(&mut self.rng).copied().unwrap_or(1);
        users::get(row, users::UserId(id)).await.map_err(text)
    }

    /// Both halves of a repeated command; the second must not do it again.
    fn twice(&mut self) -> bool {
        self.rng.random_ratio(1, 4)
    }

    async fn join(&mut self, inviter: &User) -> Result<Option<Done>, String> {
        let number = self.shop.number();
        let sender = Sender { telegram_id: 1_000_000 + number, name: format!("Person {number}"), username: None, language: None };
        let mut arrival = users::arrive(&self.shop.core, &sender, Some(inviter.code.as_str()), number).await.map_err(text)?;
        if self.twice() {
            arrival = users::arrive(&self.shop.core, &sender, None, number).await.map_err(text)?;
        }
        assert_eq!(arrival.user.referred_by, Some(inviter.id));
        Ok(Some(format!("joined {}", sender.telegram_id)))
    }

    async fn order(&mut self, buyer: &User) -> Result<Option<Done>, String> {
        let placed = orders::place(&self.shop.core, buyer, PLAN).await.answered()?;
        if let Some(Applied::Already(order)) = &placed
            && self.rng.random_ratio(1, 4)
        {
            orders::cancel(&self.shop.core, buyer.user_id(), &order.code).await.answered()?;
        }
        Ok(now(placed).map(|order| format!("placed {}", order.id)))
    }

    async fn prove(&mut self, buyer: &User) -> Result<Option<Done>, String> {
        let waiting = orders::awaiting_proof(&self.shop.core, buyer.user_id()).await.map_err(text)?;
        let Some(order) = waiting.choose(&mut self.rng).cloned() else {
            return Ok(None);
        };
        // Now and then a number that others use too.
        let utr = if self.rng.random_ratio(1, 5) {
            format!("{:012}", self.rng.random_range(1..4))
        } else {
            self.shop.utr()
        };
        let proof = Proof::Utr(utr.parse().map_err(|_| utr)?);
        let key = format!("tg:{}", self.shop.number());
        let proved = payments::submit(&self.shop.core, buyer.user_id(), &order.code, &proof, &key).await.answered()?;
        if proved.is_some() && self.twice() {
            let again = payments::submit(&self.shop.core, buyer.user_id(), &order.code, &proof, &key).await.answered()?;
            assert!(matches!(again, Some(Applied::Already(_))));
        }
        Ok(now(proved).map(|_| format!("proved {key}")))
    }

    async fn decide(&mut self) -> Result<Option<Done>, String> {
        let core = self.shop.core.clone();
        let waiting = payments::waiting(core.db(), 6).await.map_err(text)?;
        let Some(payment) = waiting.choose(&mut self.rng) else { return Ok(None) };
        if self.rng.random_ratio(1, 4) {
            let rejected = payments::reject(&core, payment.id, &self.staff, "not seen").await.answered()?;
            return Ok(now(rejected).map(|payment| format!("rejected payment {}", payment.id)));
        }
        let confirmed = payments::confirm(&core, payment.id, &self.staff).await.answered()?;
        if confirmed.is_some() && self.twice() {
            let again = payments::confirm(&core, payment.id, &self.staff).await.answered()?;
            assert!(matches!(again, Some(Applied::Already(_))));
        }
        Ok(now(confirmed).map(|payment| format!("confirmed payment {}", payment.id)))
    }

    async fn time_passes(&mut self) -> Result<Option<Done>, String> {
        self.shop.advance(chrono::TimeDelta::minutes(self.rng.random_range(1..900)));
        let core = self.shop.core.clone();
        commissions::release_due(&core, self.rng.random_range(1..20)).await.map_err(|e| e.to_string())?;
        orders::expire_due(&core, 3).await.map_err(|e| e.to_string())?;
        let paid = orders::undelivered(core.db(), 5).await.map_err(text)?;
        let Some(order) = paid.choose(&mut self.rng) else { return Ok(None) };
        let delivered = orders::deliver(&core, order.id, &self.staff).await.answered()?;
        Ok(now(delivered).map(|order| format!("delivered {}", order.id)))
    }

    async fn ask(&mut self, person: &User) -> Result<Option<Done>, String> {
        let core = self.shop.core.clone();
        let earned = ledger::standing(core.db(), person.user_id()).await.map_err(text)?.earned;
        let amount = if self.rng.random_ratio(1, 2) && earned.is_positive() {
            earned
        } else {
            mela_core::money::Rupees::whole(self.rng.random_range(1..40))
        };
        let key = format!("draft:{}", self.shop.number());
        let asked = withdrawals::ask(&core, person, &vpa(), amount, &key).await.answered()?;
        if asked.is_some() && self.twice() {
            let again = withdrawals::ask(&core, person, &vpa(), amount, &key).await.answered()?;
            assert!(matches!(again, Some(Applied::Already(_))));
        }
        Ok(now(asked).map(|_| format!("asked {key}")))
    }

    async fn settle(&mut self) -> Result<Option<Done>, String> {
        let core = self.shop.core.clone();
        let open = withdrawals::open(core.db(), 6).await.map_err(text)?;
        let Some(open) = open.choose(&mut self.rng) else { return Ok(None) };
        let utr = format!("N{:011}", self.shop.number());
        let settled: Option<Applied<Withdrawal>> = match (open.state, self.rng.random_range(0..4)) {
            (WithdrawalState::Asked, 0) => withdrawals::reject(&core, open.id, &self.staff, "no").await,
            (WithdrawalState::Asked, _) => withdrawals::approve(&core, open.id, &self.staff).await,
            (_, 0) => withdrawals::fail(&core, open.id, &self.staff, "no such UPI id").await,
            _ => withdrawals::pay(&core, open.id, &self.staff, &utr).await,
        }
        .answered()?;
        // Approving is a step on the way, not an end: nothing is noted for it.
        let state = |w: &Withdrawal| match w.state {
            WithdrawalState::Paid => Some("paid"),
            WithdrawalState::Rejected => Some("rejected"),
            WithdrawalState::Failed => Some("failed"),
            _ => None,
        };
        Ok(now(settled).and_then(|w| Some(format!("{} withdrawal {}", state(&w)?, w.id))))
    }
}

fn now<T>(answer: Option<Applied<T>>) -> Option<T> {
    match answer {
        Some(Applied::Now(done)) => Some(done),
        _ => None,
    }
}

async fn ledger_people(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    let rows = db.query_all_raw(mela_core::db::sql("SELECT id FROM users ORDER BY id LIMIT 12", [])).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
