//! The books against the model: what the business rows say is booked again, in the order of the journal, and every line must be the same.

use super::World;
use super::model::{self, Event, Lines, Model};
use chrono::{DateTime, Utc};
use mela_core::commissions::Commission;
use mela_core::db::sql;
use mela_core::ledger::{self, AccountId, Own, Shop, TrialLine};
use mela_core::money::Rupees;
use mela_core::orders::Order;
use mela_core::payments::{Method, Payment, PaymentState};
use mela_core::refunds::Refund;
use mela_core::users::User;
use mela_core::withdrawals::Withdrawal;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The rows that say that something was done, and the keys of the journal: what an answer promises is a line of this.
pub(super) const PROMISED: &str = "
SELECT key::text FROM ledger.journal WHERE kind <> 'credit_assigned'
UNION ALL SELECT 'assigned ' || key FROM credit_assignment
UNION ALL SELECT 'joined ' || id FROM users UNION ALL SELECT 'placed ' || id FROM orders
UNION ALL SELECT 'proved ' || key FROM payment WHERE method = 'upi' AND order_id IS NOT NULL
UNION ALL SELECT 'rejected ' || id FROM payment WHERE state = 'rejected'
UNION ALL SELECT 'approved ' || id FROM withdrawal WHERE state IN ('approved', 'paid', 'failed', 'returned')
UNION ALL SELECT 'delivered ' || id FROM orders WHERE delivered_at IS NOT NULL";

/// Of these the lines that come by the way, without an answer that names them.
pub(super) const BY_THE_WAY: &str = "
SELECT key::text FROM ledger.journal WHERE kind IN ('commissions_released', 'order_unreserved', 'opened')
UNION ALL SELECT 'rejected ' || id FROM payment WHERE state = 'rejected' AND reason LIKE 'paid by %'
UNION ALL SELECT 'order:' || p.order_id || ':paid' FROM payment p JOIN credit_assignment a ON a.payment_id = p.id WHERE p.order_id IS NOT NULL";

/// The keys that commands came with and that something was done for.
pub(super) const KEYS: &str = "
SELECT key FROM payment UNION ALL SELECT key FROM withdrawal UNION ALL SELECT key FROM refund UNION ALL SELECT key FROM credit_assignment
UNION ALL SELECT key FROM adjustment UNION ALL SELECT key FROM prize";

#[derive(FromQueryResult)]
struct Posted {
    kind: String,
    key: String,
    occurred_at: DateTime<Utc>,
    accounts: Vec<i64>,
    amounts: Vec<Decimal>,
}

/// One of the rows that only the ledger's own room reads otherwise.
#[derive(FromQueryResult)]
struct Moved {
    key: String,
    person: Option<i64>,
    account: String,
    first: Decimal,
    second: Decimal,
    third: Decimal,
}

/// The business rows, by their ids.
struct Rows {
    orders: HashMap<i64, Order>,
    payments: Vec<Payment>,
    /// By order and level.
    commissions: HashMap<(i64, i16), Commission>,
    withdrawals: HashMap<i64, Withdrawal>,
    refunds: HashMap<i64, Refund>,
    moved: HashMap<String, Moved>,
}

async fn rows<T: FromQueryResult>(world: &World, text: &str) -> Vec<T> {
    T::find_by_statement(sql(text, [])).all(world.core.db()).await.unwrap()
}

async fn by_id<T: FromQueryResult>(world: &World, table: &str, id: impl Fn(&T) -> i64) -> HashMap<i64, T> {
    rows(world, &format!("SELECT * FROM {table}")).await.into_iter().map(|row| (id(&row), row)).collect()
}

impl Rows {
    async fn read(world: &World) -> Self {
        let moved: Vec<Moved> = rows(
            world,
            "SELECT 'credit:' || bank_ref AS key, NULL::bigint AS person, '' AS account, amount AS first, 0::numeric AS second, 0::numeric AS third FROM bank_credit
             UNION ALL SELECT format('credit:%s:assigned:%s', credit_id, n), user_id, '', to_payment, to_credit, sent_back FROM credit_assignment
             UNION ALL SELECT 'settlement:' || id, NULL, '', net, fees, 0 FROM settlement
             UNION ALL SELECT 'remittance:' || id, NULL, account, amount, 0, 0 FROM remittance
             UNION ALL SELECT 'prize:' || id, user_id, '', amount, 0, 0 FROM prize
             UNION ALL SELECT 'staff:' || audit_id, user_id, account, amount, 0, 0 FROM adjustment",
        )
        .await;
        let commissions: Vec<Commission> = rows(world, "SELECT * FROM commission_now").await;
        Self {
            orders: by_id(world, "orders", |row: &Order| row.id).await,
            payments: rows(world, "SELECT * FROM payment WHERE state = 'confirmed'").await,
            commissions: commissions.into_iter().map(|row| ((row.order_id, row.level), row)).collect(),
            withdrawals: by_id(world, "withdrawal", |row: &Withdrawal| row.id).await,
            refunds: by_id(world, "refund", |row: &Refund| row.id).await,
            moved: moved.into_iter().map(|row| (row.key.clone(), row)).collect(),
        }
    }

    fn commission(&self, of: &model::Commission) -> &Commission {
        self.commissions.get(&(of.order, of.level)).unwrap_or_else(|| panic!("there is no row of {of:?}"))
    }

    /// A hold that would end behind the mark of what was released, because time passed during the sale, ends a moment after it instead.
    fn end_of_hold(&self, of: &mut model::Commission) {
        let row = self.commission(of);
        assert!(row.release_at >= of.release_at, "a hold ends too early: {row:?}");
        of.release_at = row.release_at;
    }

    /// What the rows say that a transaction is.
    fn events(&self, posted: &Posted) -> Vec<Event> {
        let id = || posted.key.split(':').nth(1).unwrap().parse::<i64>().unwrap();
        let moved = || &self.moved[&posted.key];
        let person = || moved().person.unwrap();
        vec![match posted.kind.as_str() {
            "order_reserved" => {
                let order = &self.orders[&id()];
                Event::SetAside { order: order.id, credit: order.from_credit.decimal(), earned: order.from_earned.decimal() }
            }
            "order_unreserved" => Event::GivenBack { order: id() },
            "order_paid" => {
                let order = &self.orders[&id()];
                let confirmed = |payment: &&Payment| payment.order_id == Some(order.id) && payment.state == PaymentState::Confirmed;
                let method = self.payments.iter().find(confirmed).unwrap().method;
                let wallet = (method == Method::Wallet).then(|| (order.from_credit.decimal(), order.from_earned.decimal()));
                Event::Paid { order: order.id, method, wallet, at: order.paid_at.unwrap() }
            }
            "commissions_released" => {
                let people: HashSet<i64> = posted.accounts.iter().map(|account| account / 32).collect();
                return people.into_iter().map(|person| Event::Released { person, at: posted.occurred_at }).collect();
            }
            "commission_cancelled" => {
                let row = self.commissions.values().find(|row| row.id == id()).unwrap();
                Event::CommissionCancelled { order: row.order_id, level: row.level }
            }
            kind @ ("withdrawal_asked" | "withdrawal_refused" | "withdrawal_paid" | "withdrawal_returned") => {
                let row = &self.withdrawals[&id()];
                let (person, amount, tds) = (row.user_id, row.amount.decimal(), row.tds.decimal());
                match kind {
                    "withdrawal_asked" => Event::Asked { person, amount },
                    "withdrawal_refused" => Event::NotPaidOut { person, amount },
                    "withdrawal_paid" => Event::PaidOut { person, amount, tds },
                    _ => Event::CameBack { person, amount, tds },
                }
            }
            "top_up" => {
                let key = posted.key.strip_prefix("payment:").unwrap();
                let row = self.payments.iter().find(|payment| payment.key == key).unwrap();
                Event::ToppedUp { person: row.user_id, amount: row.amount.decimal(), method: row.method }
            }
            "order_refunded" => {
                let row = &self.refunds[&id()];
                Event::Refunded { order: row.order_id, amount: row.amount.decimal(), outside: (row.to_upi + row.to_gateway).is_positive() }
            }
            kind @ ("refund_sent" | "refund_failed") => {
                let row = &self.refunds[&id()];
                Event::RefundSettled { person: row.user_id, amount: row.to_upi.decimal(), sent: kind == "refund_sent" }
            }
            "credit_seen" => Event::CreditSeen { amount: moved().first },
            "credit_assigned" => {
                let wallet = moved().person.map(|person| (person, moved().second));
                Event::CreditAssigned { to_payment: moved().first, wallet, sent_back: moved().third }
            }
            "gateway_settled" => Event::GatewaySettled { net: moved().first, fees: moved().second },
            "remitted" => {
                let from = Shop::ALL.into_iter().find(|account| account.kind() == moved().account).unwrap();
                Event::Remitted { from, amount: moved().first }
            }
            "prize_given" => Event::Prize { person: person(), amount: moved().first },
            "adjusted" => {
                let account = Own::ALL.into_iter().find(|account| account.kind() == moved().account).unwrap();
                Event::Adjusted { person: person(), account, amount: moved().first }
            }
            // No row says how much it was.
            "opened" => Event::Opened { amount: posted.lines()[&Shop::Bank.into()] },
            other => panic!("nobody knows {other}"),
        }]
    }
}

impl Posted {
    fn lines(&self) -> Lines {
        let account = |&number| AccountId::from_number(number).unwrap();
        self.accounts.iter().map(account).zip(self.amounts.iter().copied()).collect()
    }
}

/// Books everything again; every transaction's lines, every commission and every balance must be what the model has.
pub(super) async fn the_model_agrees(world: &World) -> Model {
    let facts = Rows::read(world).await;
    let mut model = Model::of(world.programme);
    let people: Vec<User> = rows(world, "SELECT * FROM users ORDER BY id").await;
    for person in &people {
        model.book(&Event::Joined { person: person.id, by: person.referred_by });
    }
    for order in facts.orders.values() {
        model.book(&Event::Placed(Box::new(order.clone())));
    }
    let journal: Vec<Posted> = rows(
        world,
        "SELECT j.kind::text AS kind, j.key::text AS key, j.occurred_at, array_agg(e.account_id ORDER BY e.account_id) AS accounts,
                array_agg(e.amount::numeric ORDER BY e.account_id) AS amounts
         FROM ledger.journal j JOIN ledger.entry e ON e.transaction_id = j.id GROUP BY j.id ORDER BY j.id",
    )
    .await;
    for posted in &journal {
        let mut lines = Lines::new();
        for event in facts.events(posted) {
            model.book(&event).into_iter().for_each(|(account, amount)| *lines.entry(account).or_default() += amount);
        }
        assert_eq!(lines, posted.lines(), "the model has other lines for {}", posted.key);
        if posted.kind == "order_paid" {
            model.commissions.iter_mut().rev().take(2).for_each(|commission| facts.end_of_hold(commission));
        }
    }
    for commission in &model.commissions {
        let row = facts.commission(commission);
        assert_eq!(
            (row.beneficiary_id, row.amount.decimal(), row.reversed.decimal()),
            (commission.person, commission.amount, commission.reversed)
        );
    }
    assert_eq!(facts.commissions.len(), model.commissions.len(), "a commission without a sale");
    has_the_same_balances(world, &model).await;
    has_the_same_standings(world, &model, &people).await;
    model
}

/// Every account of everybody and every account of the shop.
pub(super) async fn has_the_same_balances(world: &World, model: &Model) {
    #[derive(FromQueryResult)]
    struct Balance {
        account_id: i64,
        amount: Decimal,
    }
    let trial = ledger::trial_balance(world.core.db()).await.unwrap();
    let of_shop = trial.into_iter().filter_map(|TrialLine { kind, amount, .. }| {
        let account = Shop::ALL.into_iter().find(|account| account.kind() == kind)?;
        Some((account.into(), amount.decimal()))
    });
    let balances: Vec<Balance> = rows(world, "SELECT account_id, amount::numeric AS amount FROM ledger.balance").await;
    let of_people = balances.into_iter().map(|row| {
        let account = AccountId::from_number(row.account_id).unwrap();
        let owed = account.own().is_some_and(|(_, kind)| kind == Own::Owed);
        (account, if owed { row.amount } else { -row.amount })
    });
    let mut books: Lines = of_shop.chain(of_people).collect();
    books.retain(|_, amount| !amount.is_zero());
    let model = model.accounts();
    let differ = |account: &&AccountId| books.get(account) != model.get(account);
    let differences: BTreeMap<_, _> = books
        .keys()
        .chain(model.keys())
        .filter(differ)
        .map(|account| (account, (books.get(account), model.get(account))))
        .collect();
    assert!(differences.is_empty(), "the books and the model differ: {differences:#?}");
}

/// What each person is told that they have is what the model has.
async fn has_the_same_standings(world: &World, model: &Model, people: &[User]) {
    for person in people {
        let told = ledger::standing(world.core.db(), person.user_id()).await.unwrap();
        let told = [told.credit, told.held, told.earned, told.reserved, told.withdrawing, told.refunding, told.owed].map(Rupees::decimal);
        assert_eq!(told, Own::ALL.map(|kind| model.has(person.id, kind)), "{}", person.name);
    }
}

/// The books prove themselves, in full and from any point.
pub(super) async fn the_proof_is_empty(world: &World) {
    let db = world.core.db();
    assert_eq!(ledger::proof(db).await.unwrap(), []);
    for after in [0, 1] {
        assert_eq!(ledger::proof_since(db, after).await.unwrap(), []);
    }
    let sum: Rupees = ledger::trial_balance(db).await.unwrap().iter().map(|line| line.amount).sum();
    assert_eq!(sum, Rupees::ZERO);
}

/// A column of text.
pub(super) async fn column(world: &World, text: &str) -> Vec<String> {
    let rows = world.core.db().query_all_raw(sql(text, [])).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
