//! A shop of its own for each test: database, sandbox, bot and jobs, a clock that stands.

use chrono::{DateTime, TimeDelta, Utc};
use mela_bot::app::App;
use mela_bot::program::{self, Half};
use mela_bot::wire::Wire;
use mela_core::Core;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::ledger;
use mela_core::money::Rupees;
use mela_core::settings::{Layers, Store};
use mela_core::shop::{self, Serves};
use mela_sandbox::{Group, Member, Options, Person, Sandbox, Seen};
use std::path::Path;
use std::sync::Arc;
use testkit::db::TestDb;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(crate) const OWNER: i64 = 900;
pub(crate) const GROUP: i64 = -901;

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) core: Core,
    pub(crate) admins: Group,
    pub(crate) owner: Member,
    db: TestDb,
    clock: Clock,
    variables: Vec<(String, String)>,
    program: Option<(JoinSet<&'static str>, CancellationToken)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A shop with these `MELA_` variables set.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let begins: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().unwrap();
        let clock = Clock::standing(begins);
        let base = [
            ("MELA_TELEGRAM__OWNER_ID", "900"),
            ("MELA_TELEGRAM__ADMIN_CHAT_ID", "-901"),
            ("MELA_UPI__PAYEE", "shop@bank"),
            ("MELA_JOBS__RELEASE_EVERY", "1s"),
            ("MELA_JOBS__EXPIRE_EVERY", "1s"),
            ("MELA_JOBS__NOTIFY_EVERY", "1s"),
            ("MELA_JOBS__REPORT_EVERY", "3650d"),
        ];
        let variables: Vec<_> = base.iter().chain(variables).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let db = TestDb::new().await;
        program::migrate(&db.connect().await).await.unwrap();
        let now = clock.clone();
        let sandbox = Sandbox::start(Options { now: Arc::new(move || now.now()), ..Options::default() }).await.unwrap();
        let admins = sandbox.group(GROUP, "Admins");
        let owner = sandbox.person(OWNER, "Meera").in_group(&admins);
        let core = Self::core(&db, &clock, &variables).await;
        let mut world = Self { sandbox, core, admins, owner, db, clock, variables, program: None };
        world.start().await;
        world
    }

    async fn core(db: &TestDb, clock: &Clock, variables: &[(String, String)]) -> Core {
        let layers = Layers::try_new(Path::new("/nowhere"), variables.iter().cloned()).unwrap();
        let pool = db.connect().await;
        shop::take(&pool, Serves::Sandbox).await.unwrap();
        let core = Core::new(pool, clock.clone(), Codes::seeded(7), Store::try_new(layers).unwrap());
        shop::seed(&core).await.unwrap();
        core
    }

    /// Starts bot and jobs over the database as it is.
    pub(crate) async fn start(&mut self) {
        let stop = CancellationToken::new();
        let wire = Wire::try_new(&self.sandbox.url(), &self.sandbox.token(), stop.clone()).unwrap();
        let me = program::introduce(&wire, &self.sandbox.url(), &stop, |_| {}).await.unwrap();
        let parts = program::spawn(&App::new(self.core.clone(), wire, me), Half::Both, &stop);
        self.program = Some((parts, stop));
    }

    /// Ends the program as `kill -9` would: in the middle of whatever it does.
    pub(crate) async fn kill(&mut self) {
        if let Some((mut parts, _stop)) = self.program.take() {
            parts.abort_all();
            while parts.join_next().await.is_some() {}
        }
        // A killed program's connections are gone too.
        self.core.db().clone().close().await.unwrap();
        let next = Self::core(&self.db, &self.clock, &self.variables).await;
        self.core = next;
    }

    /// Ends the program, should it run, wherever it is, and starts it with another value of a variable.
    pub(crate) async fn start_with(&mut self, variable: &str, value: &str) {
        self.variables.retain(|(name, _)| name != variable);
        self.variables.push((variable.to_owned(), value.to_owned()));
        self.kill().await;
        self.start().await;
    }

    /// Ends the program when it has nothing to do and starts it with another value of a variable.
    pub(crate) async fn restart_with(&mut self, variable: &str, value: &str) {
        // What was answered is written down as handled a moment later, and would be handled again.
        while self.count("inbox WHERE done_at IS NULL").await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        self.start_with(variable, value).await;
    }

    pub(crate) fn url(&self) -> &str {
        &self.db.url
    }

    pub(crate) fn person(&self, id: i64, name: &str) -> Person {
        self.sandbox.person(id, name)
    }

    /// A person who has started the bot, by someone's link if there is one, and has read the answer.
    pub(crate) async fn joined(&self, id: i64, name: &str, link: Option<&str>) -> Person {
        let person = self.person(id, name);
        person.send(&link.map_or_else(|| "/start".to_owned(), |link| format!("/start {link}")));
        person.expect(&["Plans", "Refer & earn"]).await;
        person
    }

    /// The start parameter of a person's own link.
    pub(crate) async fn link(&self, person: &Person) -> String {
        let user = mela_core::users::by_telegram_id(self.core.db(), person.id()).await.unwrap().unwrap();
        format!("ref_{}", user.code)
    }

    /// Orders the plan up to its payment screen; answers the order's `O-…`.
    pub(crate) async fn order(&self, person: &Person) -> String {
        person.send("/start plan_combo-ott");
        person.expect(&["Combo OTT Plan", "Buy now"]).await;
        person.press("Buy now");
        quoted(&person.expect(&["O-", "₹135", "I have paid"]).await, "O-")
    }

    /// Orders and sends a UTR; answers the order, and the card in the admin chat.
    pub(crate) async fn pay(&self, person: &Person, utr: &str) -> (String, Seen) {
        let order = self.order(person).await;
        person.send(utr);
        person.expect(&["being checked"]).await;
        let card = self.admins.expect(&[&order, utr, "Approve", "Reject"]).await;
        (order, card)
    }

    /// Orders, pays, and is approved.
    pub(crate) async fn buy(&self, person: &Person, utr: &str) -> String {
        let (order, card) = self.pay(person, utr).await;
        self.owner.press_on(card.message_id, "Approve");
        self.admins.expect(&["Approved by Meera"]).await;
        person.expect(&[&order, "approved"]).await;
        order
    }

    /// Gives a person so much withdrawable money, through sales to a friend of theirs that are told to nobody.
    pub(crate) async fn earn(&self, person: &Person, sales: u32) {
        use mela_core::audit::Actor;
        use mela_core::payments::Proof;
        use mela_core::users::Sender;
        use mela_core::{commissions, orders, payments, users};
        let reachable = |yes: bool| format!("UPDATE users SET reachable = {yes} WHERE telegram_id = {}", person.id());
        self.sql(&reachable(false)).await;
        let link = self.link(person).await;
        let friend = Sender { telegram_id: person.id() + 5_000_000, name: "Quiet".into(), username: None, language: None };
        let friend = users::arrive(&self.core, &friend, link.strip_prefix("ref_"), -person.id()).await.unwrap().user;
        let by = Actor { telegram_id: OWNER, name: "Meera".into() };
        for number in 0..sales {
            let order = orders::place(&self.core, &friend, "combo-ott").await.unwrap().into_inner();
            let proof = Proof::Utr(format!("{:012}", person.id() * 1_000 + i64::from(number)).parse().unwrap());
            let key = format!("test:{}:{number}", person.id());
            let payment = payments::submit(&self.core, friend.user_id(), &order.code, &proof, &key).await.unwrap().into_inner();
            payments::confirm(&self.core, payment.id, &by).await.unwrap();
        }
        self.advance(TimeDelta::hours(24));
        while commissions::release_due(&self.core, 1_000).await.unwrap().is_some() {}
        self.all_told().await;
        for _ in 0..sales {
            self.admins.expect(&["Quiet"]).await;
        }
        self.sql(&reachable(true)).await;
    }

    /// Waits until everything that must be told is told and written down.
    pub(crate) async fn all_told(&self) {
        while self.count("notification WHERE sent_at IS NULL AND dropped IS NULL").await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn sql(&self, text: &str) {
        use sea_orm::ConnectionTrait;
        self.core.db().execute_unprepared(text).await.unwrap();
    }

    pub(crate) async fn count(&self, what: &str) -> i64 {
        use sea_orm::ConnectionTrait;
        let row = self
            .core
            .db()
            .query_one_raw(mela_core::db::sql(&format!("SELECT count(*) AS n FROM {what}"), []))
            .await
            .unwrap()
            .unwrap();
        row.try_get("", "n").unwrap()
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.core.clock().advance(by);
    }

    /// The end of every test: the books are right, and nobody was told what no line expected.
    pub(crate) async fn ends_well(self) {
        self.books_are_right().await;
        let unread = self.sandbox.unread();
        assert!(unread.is_empty(), "nobody expected: {unread:#?}");
    }

    pub(crate) async fn books_are_right(&self) {
        assert_eq!(ledger::proof(self.core.db()).await.unwrap(), vec![]);
        let sum: Rupees = ledger::trial_balance(self.core.db()).await.unwrap().iter().map(|line| line.amount).sum();
        assert_eq!(sum, Rupees::ZERO);
    }
}

/// The first id with this prefix that a message quotes.
pub(crate) fn quoted(seen: &Seen, prefix: &str) -> String {
    let at = seen.text.find(prefix).unwrap_or_else(|| panic!("no {prefix} in {seen}"));
    seen.text[at..].chars().take(prefix.len() + 8).collect()
}
