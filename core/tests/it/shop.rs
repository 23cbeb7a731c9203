//! A shop for a test: a database of its own, a clock that stands, and the people's steps in few words. Fit for many tasks at once.
#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use chrono::{DateTime, TimeDelta, Utc};
use mela_core::audit::Actor;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::{Applied, sql};
use mela_core::ledger::movements::Adjustable;
use mela_core::ledger::{self, Standing};
use mela_core::money::Rupees;
use mela_core::orders::{self, Order, OrderError};
use mela_core::payments::{self, Payment, PaymentError, Proof};
use mela_core::refunds::{self, Refund, RefundError, To};
use mela_core::settings::{Layers, Store};
use mela_core::users::{self, Sender, User};
use mela_core::withdrawals::vpa::Vpa;
use mela_core::withdrawals::{self, Withdrawal};
use mela_core::{Core, commissions, shop, treasury};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::db::TestDb;

/// The plan of an empty shop: ₹135, cost ₹42; level 1 earns ₹28, level 2 ₹9.
pub(crate) const PLAN: &str = "combo-ott";

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) core: Core,
    pub(crate) test: Arc<TestDb>,
    next: Arc<AtomicI64>,
}

pub(crate) fn rupees(text: &str) -> Rupees {
    text.parse().unwrap()
}

pub(crate) fn admin(name: &str) -> Actor {
    Actor { telegram_id: 9_000 + i64::from(name.as_bytes()[0]), name: name.to_owned() }
}

/// Noon of a day; no test depends on the machine's clock.
pub(crate) fn opening() -> DateTime<Utc> {
    "2026-11-21T06:30:00Z".parse().unwrap()
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    /// A shop with these `MELA_` variables.
    pub(crate) async fn with(environment: &[(&str, &str)]) -> Self {
        let shop = Self::over(TestDb::new().await, environment).await;
        shop::seed(&shop.core).await.unwrap();
        shop
    }

    /// The same by a clock that others read, too.
    pub(crate) async fn with_clock(clock: Clock, environment: &[(&str, &str)]) -> Self {
        let shop = Self::over_with(TestDb::new().await, clock, environment).await;
        shop::seed(&shop.core).await.unwrap();
        shop
    }

    /// A shop over a database as it is.
    pub(crate) async fn over(test: TestDb, environment: &[(&str, &str)]) -> Self {
        Self::over_with(test, Clock::standing(opening()), environment).await
    }

    async fn over_with(test: TestDb, clock: Clock, environment: &[(&str, &str)]) -> Self {
        let db = test.connect().await;
        let variables = environment.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
        let settings = Store::try_new(Layers::try_new(Path::new("/nowhere"), variables).unwrap()).unwrap();
        let core = Core::new(db, clock, Codes::seeded(1), settings);
        Self { core, test: Arc::new(test), next: Arc::new(AtomicI64::new(1)) }
    }

    /// The same shop as another process sees it: its own pool, settings and codes; the same hands of the clock.
    pub(crate) async fn beside(&self) -> Self {
        let settings = Store::try_new(self.core.settings_store().layers().clone()).unwrap();
        let core = Core::new(self.test.connect().await, self.core.clock().clone(), Codes::random(), settings);
        Self { core, ..self.clone() }
    }

    /// The same shop as a process with these `MELA_` variables sees it.
    pub(crate) async fn with_keys(&self, environment: &[(&str, &str)]) -> Self {
        let variables = environment.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
        let settings = Store::try_new(Layers::try_new(Path::new("/nowhere"), variables).unwrap()).unwrap();
        let core = Core::new(self.test.connect().await, self.core.clock().clone(), Codes::random(), settings);
        Self { core, ..self.clone() }
    }

    /// A number that was not given before: for updates, keys and references.
    pub(crate) fn number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn utr(&self) -> String {
        format!("{:012}", 632_000_000_000 + self.number())
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.core.clock().advance(by);
    }

    /// Changes a setting as `/settings` does and lets this process see it at once.
    pub(crate) async fn set(&self, key: &str, value: &str) {
        let tx = self.core.begin().await.unwrap();
        mela_core::settings::set(self.core.settings_store(), &tx, self.core.now(), 1, key, value).await.unwrap();
        tx.commit().await.unwrap();
        self.core.settings_store().refresh(self.core.db()).await.unwrap();
    }

    pub(crate) async fn arrive(&self, name: &str, invited_by: Option<&User>) -> User {
        let number = self.number();
        let sender = Sender { telegram_id: 1_000_000 + number, name: name.to_owned(), username: None, language: None };
        let code = invited_by.map(|user| user.code.to_string());
        let arrival = users::arrive(&self.core, &sender, code.as_deref(), number).await.unwrap();
        assert_eq!(arrival.user.referred_by, invited_by.map(|user| user.id));
        arrival.user
    }

    /// Ravi brought Asha, Asha brought the buyer.
    pub(crate) async fn chain(&self) -> (User, User, User) {
        let ravi = self.arrive("Ravi", None).await;
        let asha = self.arrive("Asha", Some(&ravi)).await;
        let buyer = self.arrive("Bina", Some(&asha)).await;
        (ravi, asha, buyer)
    }

    pub(crate) async fn order(&self, buyer: &User) -> Order {
        orders::place(&self.core, buyer, PLAN).await.unwrap().into_inner()
    }

    pub(crate) async fn prove(&self, buyer: &User, order: &Order, utr: &str) -> Result<Applied<Payment>, payments::PaymentError> {
        let key = format!("tg:{}", self.number());
        payments::submit(&self.core, buyer.user_id(), &order.code, &Proof::Utr(utr.parse().unwrap()), &key).await
    }

    /// An order whose proof is being checked.
    pub(crate) async fn order_and_pay(&self, buyer: &User) -> (Order, Payment) {
        let order = self.order(buyer).await;
        let payment = self.prove(buyer, &order, &self.utr()).await.unwrap().into_inner();
        (order, payment)
    }

    pub(crate) async fn approve(&self, payment: &Payment) -> Applied<Payment> {
        payments::confirm(&self.core, payment.id, &admin("Meera")).await.unwrap()
    }

    /// A whole sale; the commissions are on hold afterwards.
    pub(crate) async fn sell(&self, buyer: &User) -> Order {
        let (order, payment) = self.order_and_pay(buyer).await;
        assert!(self.approve(&payment).await.is_now());
        orders::get(self.core.db(), order.id).await.unwrap()
    }

    /// Time passes until all holds are over; nothing is released by that alone.
    pub(crate) fn holds_end(&self) {
        self.advance(TimeDelta::hours(24));
    }

    pub(crate) async fn release(&self) -> commissions::Released {
        commissions::release_due(&self.core, 10_000).await.unwrap().unwrap_or_default()
    }

    /// Someone who has ₹504 to withdraw: eighteen sales to the person whom they brought.
    pub(crate) async fn earner(&self) -> User {
        let asha = self.arrive("Asha", None).await;
        let buyer = self.arrive("Bina", Some(&asha)).await;
        for _ in 0..18 {
            self.sell(&buyer).await;
        }
        self.holds_end();
        self.release().await;
        assert_eq!(self.standing(&asha).await.earned, rupees("504"));
        asha
    }

    pub(crate) async fn ask(&self, person: &User, amount: &str, key: &str) -> Result<Applied<Withdrawal>, withdrawals::WithdrawalError> {
        withdrawals::ask(&self.core, person, &own_vpa(person), rupees(amount), key).await
    }

    pub(crate) async fn asked(&self, person: &User, amount: &str) -> Withdrawal {
        self.ask(person, amount, &format!("draft:{}", self.number())).await.unwrap().into_inner()
    }

    /// Makes a person owe the shop.
    pub(crate) async fn owes(&self, person: &User, amount: u32) {
        let key = format!("debt:{}", self.number());
        let (core, more) = (&self.core, -Rupees::whole(amount));
        treasury::adjust(core, person.user_id(), Adjustable::Owed, more, "a debt", &admin("Meera"), &key).await.unwrap();
    }

    /// Gives a wallet what it is to hold.
    pub(crate) async fn fill(&self, person: &User, credit: &str, earned: &str) {
        for (account, amount) in [(Adjustable::Credit, rupees(credit)), (Adjustable::Earned, rupees(earned))] {
            if amount.is_positive() {
                let (core, key) = (&self.core, format!("gift:{}", self.number()));
                treasury::adjust(core, person.user_id(), account, amount, "a gift", &admin("Meera"), &key).await.unwrap();
            }
        }
    }

    pub(crate) async fn set_aside(&self, buyer: &User, order: &Order, amount: &str) -> Result<Applied<Order>, OrderError> {
        orders::set_aside(&self.core, buyer.user_id(), &order.code, rupees(amount)).await
    }

    pub(crate) async fn pay_from_wallet(&self, buyer: &User, order: &Order) -> Result<Applied<Payment>, PaymentError> {
        let key = format!("press:{}", self.number());
        payments::pay_from_wallet(&self.core, buyer, &order.code, &key).await
    }

    pub(crate) async fn refund(&self, order: &Order, amount: &str, to: &To) -> Result<Applied<Refund>, RefundError> {
        let key = format!("press:{}", self.number());
        refunds::refund(&self.core, order.id, rupees(amount), to, &admin("Meera"), "does not work", &key).await
    }

    /// So many payouts of a gateway, ₹5 each, in one statement: transactions that cost little.
    pub(crate) async fn settle_many(&self, number: i64) {
        let from = self.count("SELECT coalesce(max(id), 0) FROM settlement").await;
        self.run(&format!(
            "WITH row AS (INSERT INTO settlement (reference, net, fees, settled_at)
               SELECT 'setl_' || n, 5, 0, '2026-11-21' FROM generate_series({from} + 1, {from} + {number}) n RETURNING id, reference)
             INSERT INTO ledger.journal (kind, key, occurred_at, actor, memo, bank, gateway_clearing)
             SELECT 'gateway_settled', 'settlement:' || id, '2026-11-21', 'gateway', reference, 5, -5 FROM row ORDER BY id"
        ))
        .await;
    }

    /// What a person has, as `earned 28, owed 9`: accounts with nothing on them are left out.
    pub(crate) async fn has(&self, person: &User) -> String {
        let own = format!(
            "SELECT c.kind || ' ' || trim_scale(b.amount) FROM ledger.balance b JOIN ledger.chart c ON c.number = b.account_id % 32
             WHERE b.account_id / 32 = {} AND b.amount <> 0 ORDER BY b.account_id",
            person.id
        );
        self.column(&own).await.join(", ")
    }

    /// All rows that a verb may change, in a few lines: the same again means that nothing changed.
    pub(crate) async fn everything(&self) -> Vec<String> {
        let tables = "upi_id payout_answer_row tds_part gateway_transfer ledger.journal ledger.line ledger.balance orders payment commission purse withdrawal refund bank_credit credit_assignment settlement \
                      remittance prize adjustment audit subscription notification";
        let rows: Vec<_> = tables
            .split_whitespace()
            .map(|table| {
                format!("SELECT '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(x::text, ';' ORDER BY x::text)), '') FROM {table} x")
            })
            .collect();
        self.column(&rows.join(" UNION ALL ")).await
    }

    pub(crate) async fn standing(&self, person: &User) -> Standing {
        ledger::standing(self.core.db(), person.user_id()).await.unwrap()
    }

    /// The entries of a transaction as `account: amount`, in the order of the chart.
    pub(crate) async fn entries(&self, key: &str) -> Vec<String> {
        self.column(&format!(
            "SELECT concat_ws(' ', u.name, a.kind) || ': ' || trim_scale(e.amount) FROM ledger.transaction t
             JOIN ledger.entry e ON e.transaction_id = t.id JOIN ledger.account a ON a.id = e.account_id LEFT JOIN users u ON u.id = a.owner_id
             WHERE t.key = '{key}' ORDER BY a.id"
        ))
        .await
    }

    /// A column of text.
    pub(crate) async fn column(&self, text: &str) -> Vec<String> {
        let rows = self.core.db().query_all_raw(sql(text, [])).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub(crate) async fn count(&self, text: &str) -> i64 {
        let row = self.core.db().query_one_raw(sql(text, [])).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    pub(crate) async fn run(&self, text: &str) {
        self.core.db().execute_unprepared(text).await.unwrap_or_else(|e| panic!("{e}: {text}"));
    }

    /// What the proof finds after these statements, which are undone again.
    pub(crate) async fn problems_after(&self, statements: &str) -> Vec<String> {
        let tx = self.core.db().begin().await.unwrap();
        tx.execute_unprepared(statements).await.unwrap_or_else(|e| panic!("{e}: {statements}"));
        let problems = ledger::proof(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        let mut names: Vec<_> = problems.into_iter().map(|p| p.problem).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The books are right, and in all they come to nothing.
    pub(crate) async fn proof_is_empty(&self) {
        assert_eq!(ledger::proof(self.core.db()).await.unwrap(), []);
        let balance = ledger::trial_balance(self.core.db()).await.unwrap();
        assert_eq!(balance.iter().map(|line| line.amount).sum::<Rupees>(), Rupees::ZERO);
    }
}

/// A person's own UPI id: several who share one are on hold.
pub(crate) fn own_vpa(person: &User) -> Vpa {
    format!("person-{}@ybl", person.id).parse().unwrap()
}

pub(crate) fn vpa() -> Vpa {
    "asha@ybl".parse().unwrap()
}

/// A posting as a person with a SQL prompt would write it. Accounts below 32 are the shop's columns.
pub(crate) fn post(kind: &str, key: &str, lines: &[(i64, &str)]) -> String {
    let shop: Vec<_> = ledger::Shop::ALL
        .into_iter()
        .filter_map(|column| Some((column.kind(), lines.iter().find(|l| l.0 == column as i64)?.1)))
        .collect();
    let people: Vec<_> = lines.iter().filter(|l| l.0 >= 32 || l.0 <= 0).collect();
    let columns: String = shop.iter().map(|(column, _)| format!(", {column}")).collect();
    let values: String = shop.iter().map(|(_, amount)| format!(", '{amount}'")).collect();
    let accounts = people.iter().map(|l| l.0.to_string()).collect::<Vec<_>>().join(", ");
    let amounts = people.iter().map(|l| format!("'{}'", l.1)).collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO ledger.journal (kind, key, occurred_at, actor{columns}, accounts, amounts)
         VALUES ('{kind}', '{key}', '2026-11-21', 'by hand'{values}, ARRAY[{accounts}]::bigint[], ARRAY[{amounts}]::numeric[])"
    )
}
