//! A shop whose jobs run, in as many programs as a test likes, and somebody outside who takes what is delivered.
#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use mela_core::Core;
use mela_core::audit::Actor;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::sql;
use mela_core::evidence::{Due, Print};
use mela_core::notifications::{self, Claimed, Notice, Outcome};
use mela_core::payments::{self, Proof};
use mela_core::settings::{Layers, Store};
use mela_core::stars::{Back, Sent};
use mela_core::users::{self, Sender, User};
use mela_core::{orders, shop};
use mela_jobs::Outside;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::db::TestDb;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(crate) struct World {
    pub(crate) test: TestDb,
    pub(crate) core: Core,
    pub(crate) outside: Arc<Recorder>,
    clock: Clock,
    variables: Vec<(String, String)>,
    next: AtomicI64,
}

/// A program that runs the jobs.
pub(crate) struct Program {
    task: JoinHandle<()>,
    stop: CancellationToken,
}

impl World {
    /// Nothing ticks but at the start and what a test has tick: `("release", "1s")`.
    pub(crate) async fn new(every: &[(&str, &str)]) -> Self {
        let of = |job: &str| every.iter().find(|(name, _)| *name == job).map_or("1000d", |(_, every)| every);
        let variables: Vec<_> = [
            "release",
            "expire",
            "match",
            "stock",
            "receipts",
            "stars",
            "remind",
            "pictures",
            "fraud",
            "fraud_sweep",
            "notify",
            "check",
            "prove",
            "report",
            "prune",
        ]
        .map(|job| (format!("MELA_JOBS__{}_EVERY", job.to_uppercase()), of(job).to_owned()))
        .into_iter()
        .chain([
            ("MELA_GATEWAYS__POLL_EVERY".to_owned(), of("gateways").to_owned()),
            ("MELA_REFERRALS__COUNT_EVERY".to_owned(), of("referrals").to_owned()),
        ])
        .collect();
        let test = TestDb::new().await;
        let begins: DateTime<Utc> = "2026-11-21T06:30:00Z".parse().unwrap();
        let clock = Clock::standing(begins);
        let core = core(&test, &clock, &variables).await;
        mela_jobs::setup(core.db()).await.unwrap();
        shop::seed(&core).await.unwrap();
        Self { test, core, outside: Arc::new(Recorder::default()), clock, variables, next: AtomicI64::new(1) }
    }

    /// Another program's view: its own pool.
    pub(crate) async fn beside(&self) -> Core {
        core(&self.test, &self.clock, &self.variables).await
    }

    /// Starts a program.
    pub(crate) async fn start(&self) -> Program {
        let stop = CancellationToken::new();
        let outside: Arc<dyn Outside> = self.outside.clone();
        let task = tokio::spawn(mela_jobs::run(self.beside().await, outside, stop.clone()));
        Program { task, stop }
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    pub(crate) async fn arrive(&self, invited_by: Option<&User>) -> User {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let sender = Sender { telegram_id: 1_000_000 + number, name: "Asha".to_owned(), username: None, language: None };
        let code = invited_by.map(|user| user.code.to_string());
        users::arrive(&self.core, &sender, code.as_deref(), number).await.unwrap().user
    }

    /// A sale to someone whom `referrer` brought: a commission of ₹28 on hold.
    pub(crate) async fn sell(&self, referrer: &User) {
        let buyer = self.arrive(Some(referrer)).await;
        let order = orders::place(&self.core, &buyer, "combo-ott").await.unwrap().into_inner();
        let proof = Proof::Utr(format!("{:012}", 632_000_000_000 + buyer.id).parse().unwrap());
        let payment = payments::submit(&self.core, buyer.user_id(), &order.code, &proof, &format!("tg:{}", buyer.id))
            .await
            .unwrap()
            .into_inner();
        payments::confirm(&self.core, payment.id, &Actor { telegram_id: 9_000, name: "Meera".to_owned() }).await.unwrap();
    }

    /// Something to tell a person.
    pub(crate) async fn tell(&self, person: &User, amount: &str) {
        let notice = Notice::Released { amount: amount.parse().unwrap(), owed: "0".parse().unwrap() };
        notifications::tell(self.core.db(), self.core.now(), person.user_id(), &notice, None).await.unwrap();
    }

    pub(crate) async fn count(&self, text: &str) -> i64 {
        let row = self.core.db().query_one_raw(sql(&format!("SELECT count(*) FROM {text}"), [])).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// A column of text.
    pub(crate) async fn column(&self, text: &str) -> Vec<String> {
        let rows = self.core.db().query_all_raw(sql(text, [])).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The way to the database, to be shut.
    pub(crate) async fn door(&self) -> Door {
        let name = self.column("SELECT current_database()::text").await.remove(0);
        let mut options = ConnectOptions::new(self.test.url.replace(&name, "postgres"));
        options.max_connections(1).sqlx_logging(false);
        Door { elsewhere: Database::connect(options).await.unwrap(), name }
    }

    pub(crate) async fn sql(&self, text: &str) {
        self.core.db().execute_unprepared(text).await.unwrap();
    }
}

/// Shuts a database to everyone, from another one.
pub(crate) struct Door {
    elsewhere: DatabaseConnection,
    name: String,
}

impl Door {
    pub(crate) async fn shut(&self) {
        self.run(format!("ALTER DATABASE \"{}\" ALLOW_CONNECTIONS false", self.name)).await;
        self.run(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name)).await;
    }

    pub(crate) async fn open(&self) {
        self.run(format!("ALTER DATABASE \"{}\" ALLOW_CONNECTIONS true", self.name)).await;
    }

    async fn run(&self, text: String) {
        self.elsewhere.execute_unprepared(&text).await.unwrap();
    }
}

impl Program {
    /// As `kill -9` would: nothing is finished, nothing written down.
    pub(crate) async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    /// Asks it to end; answers how long that took.
    pub(crate) async fn stop(self) -> Duration {
        assert!(!self.task.is_finished(), "the jobs ended by themselves");
        let asked = Instant::now();
        self.stop.cancel();
        self.task.await.unwrap();
        asked.elapsed()
    }
}

async fn core(test: &TestDb, clock: &Clock, variables: &[(String, String)]) -> Core {
    let layers = Layers::try_new(Path::new("/nowhere"), variables.iter().cloned()).unwrap();
    Core::new(test.connect().await, clock.clone(), Codes::random(), Store::try_new(layers).unwrap())
}

/// What somebody outside answers to the n-th pile, from 0.
type Answer = Box<dyn Fn(usize, &Claimed) -> Result<Outcome, DbErr> + Send + Sync>;

/// Takes what is delivered.
#[derive(Default)]
pub(crate) struct Recorder {
    /// Row ids of the notices, and when they came.
    pub(crate) delivered: Mutex<Vec<(i64, Instant)>>,
    /// How often it was asked to prune.
    pub(crate) prunes: AtomicUsize,
    answer: Mutex<Option<Arc<Answer>>>,
    /// How long it takes over a pile, and over pruning.
    pub(crate) slow: Mutex<Duration>,
    pub(crate) slow_prune: Mutex<Duration>,
    pub(crate) prune_fails: Mutex<Option<&'static str>>,
    piles: AtomicUsize,
}

impl Recorder {
    pub(crate) fn answer(&self, answer: impl Fn(usize, &Claimed) -> Result<Outcome, DbErr> + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Some(Arc::new(Box::new(answer)));
    }

    pub(crate) fn delivered(&self) -> Vec<(i64, Instant)> {
        self.delivered.lock().unwrap().clone()
    }

    pub(crate) fn prunes(&self) -> usize {
        self.prunes.load(Ordering::SeqCst)
    }
}

impl Outside for Recorder {
    fn deliver<'a>(&'a self, claimed: &'a Claimed) -> BoxFuture<'a, Result<Outcome, DbErr>> {
        async move {
            let slow = *self.slow.lock().unwrap();
            tokio::time::sleep(slow).await;
            let now = Instant::now();
            self.delivered.lock().unwrap().extend(claimed.ids.iter().map(|&id| (id, now)));
            let nth = self.piles.fetch_add(1, Ordering::SeqCst);
            let answer = self.answer.lock().unwrap().clone();
            answer.map_or(Ok(Outcome::Sent), |answer| answer(nth, claimed))
        }
        .boxed()
    }

    fn send_stars_back<'a>(&'a self, _: &'a Back) -> BoxFuture<'a, Sent> {
        async { Sent::Back }.boxed()
    }

    fn look<'a>(&'a self, _: &'a Due) -> BoxFuture<'a, Result<Option<Print>, String>> {
        async { Ok(None) }.boxed()
    }

    fn prune(&self) -> BoxFuture<'_, Result<u64, DbErr>> {
        async move {
            self.prunes.fetch_add(1, Ordering::SeqCst);
            let slow = *self.slow_prune.lock().unwrap();
            tokio::time::sleep(slow).await;
            let fails = *self.prune_fails.lock().unwrap();
            fails.map_or(Ok(0), |why| if why.is_empty() { panic!("pruning panics") } else { Err(DbErr::Custom(why.to_owned())) })
        }
        .boxed()
    }
}

/// Waits until it is so, ten seconds at most; answers how long that took.
pub(crate) async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(20), "twenty seconds, and still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}
