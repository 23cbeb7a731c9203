//! Whatever happens in whatever order, by many hands at once, with any of them or the server killed anywhere: the books are right.
//!
//! What is promised, each by real verbs on real PostgreSQL:
//! - A hand alone: every answer is the one foreseen, and after every command every balance is the model's. proptest makes these histories and makes a
//!   failed one small.
//! - Eight hands at once in the same small circle of people: afterwards the model, fed with the business rows in the order of the journal, has the same
//!   lines for every transaction and the same balances; what was answered with success is there once, and nothing else is.
//! - A verb whose connection is lost before any of its statements, or whose answer is lost: it is whole or not at all, and done once when it is repeated.
//! - Tasks that are aborted, connections that are cut, the program killed, PostgreSQL stopped without a word: nothing that was answered is lost, nothing
//!   that was refused is there.
//!
//! After each: the proof is empty, in full and from a point on. Each test prints its seed as `HISTORY_SEED=…`; with that variable set it makes the same
//! commands again (`HISTORY_SEED=7 cargo test -p mela-core --test it history::`). What many hands do to each other then is the scheduler's.

mod cut_off;
mod deed;
mod foresight;
mod hand;
mod killed;
mod model;
mod replay;
mod scenes;

use crate::shop::Shop;
use deed::{Answer, Deed, Done};
use foresight::Foresight;
use hand::{Seen, Step, chain, steps};
use mela_core::Core;
use model::Programme;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use sea_orm::DbErr;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// A shop as its hands have it: its verbs, what they have seen, numbers that were not given before.
#[derive(Debug, Clone)]
struct World {
    core: Core,
    seen: Arc<Mutex<Seen>>,
    next: Arc<AtomicI64>,
    /// How many orders or people a sweep takes: all, for a hand alone, who must foresee which.
    at_once: Option<u64>,
    /// What limits commissions, from beginning to end.
    programme: Programme,
}

impl World {
    fn new(core: Core, first_number: i64) -> Self {
        Self {
            core,
            seen: Arc::default(),
            next: Arc::new(AtomicI64::new(first_number)),
            at_once: None,
            programme: Programme::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    fn number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn utr(&self) -> String {
        format!("{:012}", 632_000_000_000 + self.number())
    }

    /// Takes in what a verb handed back; of a sale, what it earned its referrers too.
    async fn learn(&self, done: Done) -> Result<Vec<Done>, DbErr> {
        let sold = match &done {
            Done::Payment(payment) => payment.order_id,
            _ => None,
        };
        self.seen().learn(done);
        let Some(order) = sold else { return Ok(Vec::new()) };
        let commissions = Seen::commissions_of(self, order).await?;
        commissions.iter().cloned().for_each(|done| self.seen().learn(done));
        Ok(commissions)
    }
}

/// What hands were told.
#[derive(Debug, Clone, Default)]
struct Answers {
    commands: usize,
    /// Each promise of an answer `Now`, as often as it was given.
    done: HashMap<String, usize>,
    /// Keys of commands that were refused.
    refused: HashSet<String>,
}

impl Answers {
    fn note(&mut self, deed: &Deed, answer: &Answer) {
        self.commands += 1;
        match answer {
            Answer::Now(done) => deed.promise(done).into_iter().for_each(|promise| *self.done.entry(promise).or_default() += 1),
            Answer::Already(_) => {}
            Answer::Refused(_) => self.refused.extend(deed.key().map(str::to_owned)),
        }
    }

    fn add(&mut self, other: Self) {
        self.commands += other.commands;
        self.refused.extend(other.refused);
        other.done.into_iter().for_each(|(promise, times)| *self.done.entry(promise).or_default() += times);
    }
}

/// A shop where ₹1 can be withdrawn, with plans of many kinds, without limits.
async fn opened() -> (Shop, World) {
    opened_with(Programme::default()).await
}

/// The same where commissions have these limits.
async fn opened_with(programme: Programme) -> (Shop, World) {
    let rules = programme.variables();
    let rules = rules.iter().map(|(key, value)| (*key, value.as_str()));
    // Random hands look like fraud: nothing is held for it here.
    let own = [
        ("MELA_WITHDRAWALS__MINIMUM", "1"),
        ("MELA_FRAUD__REFUND_AFTER_RELEASE", "score"),
        ("MELA_FRAUD__RING", "score"),
        ("MELA_FRAUD__ONE_PAYER", "score"),
    ];
    let shop = Shop::with(&own.into_iter().chain(rules).collect::<Vec<_>>()).await;
    shop.run(MORE_PLANS).await;
    // Beyond the numbers that the shop itself gives.
    let world = World { programme, ..World::new(shop.core.clone(), 1_000_000) };
    (shop, world)
}

const MORE_PLANS: &str = "INSERT INTO plan (code, title, period_days, price, cost)
VALUES ('paise', 'Paise', 30, 199.99, 80.5), ('dear', 'Dear', 365, 499.5, 100.01), ('at-cost', 'At cost', 7, 20, 20)";

/// One step of one hand among others, sometimes made twice; what is answered goes to `told` at once. An error is the database's: nothing is known then.
async fn make(world: &World, step: &Step, mut told: impl FnMut(&Deed, &Answer)) -> Result<(), String> {
    let text = |error: DbErr| format!("{error:?}");
    let Some(deed) = step.deed(world).await.map_err(text)? else {
        return Ok(());
    };
    let answer = deed.perform(&world.core).await.map_err(|e| format!("{deed:?}: {e}"))?;
    told(&deed, &answer);
    let fine = answer.name() != "Ledger" || matches!(deed, Deed::Adjust { .. } | Deed::OpenBooks { .. });
    assert!(fine, "the books refused what the business allowed: {deed:?}");
    if step.again && !answer.is_refused() {
        let again = deed.perform(&world.core).await.map_err(|e| format!("{deed:?}: {e}"))?;
        told(&deed, &again);
        assert!(!again.is_now() || !deed.is_final(), "done again: {deed:?}");
    }
    let (Answer::Now(done) | Answer::Already(done)) = answer else {
        return Ok(());
    };
    world.learn(done).await.map_err(text)?;
    Ok(())
}

/// The beginning of a history of many hands.
async fn begun(world: &World) -> Answers {
    let mut answers = Answers::default();
    for step in chain() {
        make(world, &step, |deed, answer| answers.note(deed, answer)).await.unwrap();
    }
    answers
}

/// What holds at the end of every history. `complete`: nothing happened beside what was answered.
async fn is_right(world: &World, answers: &Answers, complete: bool) {
    replay::the_proof_is_empty(world).await;
    replay::the_model_agrees(world).await;
    let twice: Vec<_> = answers.done.iter().filter(|&(_, &times)| times > 1).collect();
    assert!(twice.is_empty(), "answered twice as done: {twice:?}");
    let there: Vec<String> = replay::column(world, replay::PROMISED).await;
    let rows: HashSet<&String> = there.iter().collect();
    assert_eq!(rows.len(), there.len(), "something is there twice");
    let lost: Vec<_> = answers.done.keys().filter(|promise| !rows.contains(promise)).collect();
    assert!(lost.is_empty(), "answered, but not there: {lost:?}");
    let keys: HashSet<String> = replay::column(world, replay::KEYS).await.into_iter().collect();
    let against: Vec<_> = answers.refused.iter().filter(|key| keys.contains(*key)).collect();
    assert!(against.is_empty(), "refused, but there: {against:?}");
    if complete {
        let by_the_way: HashSet<String> = replay::column(world, replay::BY_THE_WAY).await.into_iter().collect();
        let unasked: Vec<_> = there.iter().filter(|row| !by_the_way.contains(*row) && !answers.done.contains_key(*row)).collect();
        assert!(unasked.is_empty(), "there, but never answered: {unasked:?}");
    }
}

/// A failed history is told by its seed.
fn seed() -> u64 {
    let seed = std::env::var("HISTORY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| StdRng::from_os_rng().random());
    println!("HISTORY_SEED={seed}");
    seed
}

fn runner(seed: u64, cases: u32) -> TestRunner {
    let mut bytes = [0; 32];
    StdRng::seed_from_u64(seed).fill_bytes(&mut bytes);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, max_shrink_time: 30_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// So many random steps, always the same of the same seed.
fn steps_of(seed: u64, count: usize) -> Vec<Step> {
    let mut runner = runner(seed, 1);
    let some = prop::collection::vec(steps(), count);
    some.new_tree(&mut runner).unwrap().current()
}

#[test]
fn a_hand_alone_is_answered_as_the_model_foresees_and_every_balance_is_the_models() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let histories = (any::<u64>(), prop::collection::vec(steps(), 100..400));
    let commands = AtomicUsize::new(0);
    let outcome = runner(seed(), 8).run(&histories, |(rules, steps)| {
        commands.fetch_add(runtime.block_on(alone(Programme::of(rules), &steps)), Ordering::Relaxed);
        Ok(())
    });
    outcome.unwrap_or_else(|failed| panic!("{failed}"));
    println!("{commands:?} commands");
}

/// Answers how many commands the steps were.
async fn alone(programme: Programme, steps: &[Step]) -> usize {
    let (_shop, mut world) = opened_with(programme).await;
    world.at_once = Some(10_000);
    let mut foresight = Foresight::of(programme);
    let mut commands = 0;
    for step in chain().chain(steps.iter().copied()) {
        let Some(deed) = step.deed(&world).await.unwrap() else { continue };
        for _ in 0..=u8::from(step.again) {
            if matches!(deed, Deed::Expire { .. } | Deed::Release { .. }) {
                all_is_quiet(&world).await;
            }
            let foreseen = foresight.foresee(&deed, world.core.now());
            let answer = answered(&world, &deed, foreseen).await;
            foresight.note(&deed, &answer, world.core.now());
            if let (true, Some((other, refusal))) = (step.again && !answer.is_refused(), deed.with_other_figures()) {
                answered(&world, &other, refusal).await;
            }
            if let Answer::Now(done) | Answer::Already(done) = answer {
                let commissions = world.learn(done).await.unwrap();
                commissions.iter().for_each(|done| foresight.know(done));
            }
            replay::has_the_same_balances(&world, &foresight.model).await;
            commands += 1;
        }
    }
    replay::the_proof_is_empty(&world).await;
    assert_eq!(replay::the_model_agrees(&world).await.accounts(), foresight.model.accounts());
    commands
}

/// A refused verb's transaction is undone a moment after its answer, and a sweep passes over what is locked until then.
async fn all_is_quiet(world: &World) {
    let open = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    while !replay::column(world, open).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn answered(world: &World, deed: &Deed, foreseen: &str) -> Answer {
    let answer = deed.perform(&world.core).await.unwrap_or_else(|e| panic!("{deed:?}: {e}"));
    assert_eq!(answer.name(), foreseen, "{deed:?}");
    answer
}

const HANDS: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_hands_make_two_thousand_moves_at_once_and_the_model_has_every_line() {
    let seed = seed();
    let programme = Programme::of(seed);
    println!("{programme:?}");
    let (_shop, world) = opened_with(programme).await;
    let mut answers = begun(&world).await;
    let hands: Vec<_> = (0..HANDS)
        .map(|n| {
            let world = world.clone();
            tokio::spawn(async move {
                let mut answers = Answers::default();
                for step in steps_of(seed.wrapping_add(n), 280) {
                    // In calm weather a verb answers with success or with a reason of the business, never with a database error.
                    let made = make(&world, &step, |deed, answer| answers.note(deed, answer)).await;
                    made.unwrap_or_else(|e| panic!("HISTORY_SEED={seed}: {e}"));
                }
                answers
            })
        })
        .collect();
    for hand in hands {
        answers.add(hand.await.unwrap());
    }
    println!("{} commands, {} done", answers.commands, answers.done.len());
    assert!(answers.done.keys().any(|promise| promise.ends_with(":paid")), "a history without a sale shows nothing");
    is_right(&world, &answers, true).await;
}
