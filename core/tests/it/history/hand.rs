//! Random steps, and how a hand makes a deed of one: out of what it has seen of the shop so far.

use super::World;
use super::deed::{Deed, Done};
use mela_core::commissions;
use mela_core::credits::{BankCredit, For};
use mela_core::db::sql;
use mela_core::ledger::movements::{Adjustable, Bill};
use mela_core::ledger::{self, Standing};
use mela_core::money::Rupees;
use mela_core::orders::{Order, OrderState};
use mela_core::payments::{Method, Payment, PaymentState};
use mela_core::refunds::Refund;
use mela_core::users::{User, UserId};
use mela_core::withdrawals::{Withdrawal, WithdrawalState};
use proptest::prelude::*;
use rust_decimal::Decimal;
use sea_orm::{DbErr, FromQueryResult};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Plans for sale: the shop's own, one with paise, one that is dear, one that earns nothing.
pub(super) const PLANS: [&str; 4] = ["combo-ott", "paise", "dear", "at-cost"];
/// People meet in a small circle, so that they get in each other's way.
const CIRCLE: usize = 7;

#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    Join,
    Place,
    Prove,
    Receive,
    PayFromWallet,
    SetAside,
    Cancel,
    Deliver,
    Confirm,
    Reject,
    Wait,
    Expire,
    Release,
    Ask,
    Decide,
    Settle,
    ComeBack,
    Refund,
    SettleRefund,
    CancelCommission,
    TopUp,
    See,
    Assign,
    Adjust,
    Prize,
    Remit,
    SettleGateway,
    OpenBooks,
    Rates,
}

/// How much, of the most that there is.
#[derive(Debug, Clone, Copy)]
enum Amount {
    Paise(u16),
    Percent(u8),
    All,
    TooMuch,
}

/// One random step. Numbers choose among what there is at the moment, so that a step means something wherever it stands.
#[derive(Clone, Copy)]
pub(super) struct Step {
    what: What,
    which: u16,
    other: u16,
    amount: Amount,
    /// Done again at once, with the same key and arguments.
    pub(super) again: bool,
}

impl std::fmt::Debug for Step {
    /// On one line: a failed history is a list of these.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, which, other, amount, again } = self;
        let again = if *again { " twice" } else { "" };
        write!(f, "{what:?} {which} {other} {amount:?}{again}")
    }
}

/// How every history begins: with five people, each brought by the one before.
pub(super) fn chain() -> impl Iterator<Item = Step> {
    (0..5u16).map(|n| Step { what: What::Join, which: n.saturating_sub(1), other: 1, amount: Amount::All, again: false })
}

pub(super) fn steps() -> impl Strategy<Value = Step> {
    use What::*;
    let what = [
        (3, Join),
        (26, Place),
        (22, Prove),
        (14, Receive),
        (12, PayFromWallet),
        (14, SetAside),
        (3, Cancel),
        (2, Deliver),
        (28, Confirm),
        (5, Reject),
        (9, Wait),
        (4, Expire),
        (8, Release),
        (9, Ask),
        (7, Decide),
        (7, Settle),
        (4, ComeBack),
        (14, Refund),
        (6, SettleRefund),
        (7, CancelCommission),
        (8, TopUp),
        (5, See),
        (7, Assign),
        (7, Adjust),
        (4, Prize),
        (2, Remit),
        (2, SettleGateway),
        (1, OpenBooks),
        (1, Rates),
    ];
    let what = proptest::strategy::Union::new_weighted(what.map(|(weight, what)| (weight, Just(what))).to_vec());
    let amount = prop_oneof![
        3 => (1..20_000u16).prop_map(Amount::Paise),
        3 => (1..100u8).prop_map(Amount::Percent),
        3 => Just(Amount::All),
        1 => Just(Amount::TooMuch),
    ];
    (what, any::<u16>(), any::<u16>(), amount, prop::bool::weighted(0.25)).prop_map(|(what, which, other, amount, again)| Step {
        what,
        which,
        other,
        amount,
        again,
    })
}

impl Amount {
    /// Never nothing: that is refused everywhere, and here and there by the database alone.
    fn of(self, most: Rupees) -> Rupees {
        let least = Decimal::new(1, 2);
        let most = most.decimal();
        let amount = match self {
            Self::Paise(paise) => Decimal::new(paise.into(), 2),
            Self::Percent(percent) => (most * Decimal::from(percent) / Decimal::ONE_HUNDRED).trunc_with_scale(2),
            Self::All => most,
            Self::TooMuch => most + least,
        };
        Rupees::try_new(amount.max(least)).unwrap()
    }
}

/// What was seen of the shop: the last that is known of each row.
#[derive(Debug, Default)]
pub(super) struct Seen {
    people: Vec<Arc<User>>,
    orders: BTreeMap<i64, Arc<Order>>,
    payments: BTreeMap<i64, Payment>,
    withdrawals: BTreeMap<i64, Withdrawal>,
    refunds: BTreeMap<i64, Refund>,
    commissions: Vec<i64>,
    credits: BTreeMap<i64, BankCredit>,
}

/// One of the rows, mostly one that waits for this.
fn choose<'a, T>(rows: impl Iterator<Item = &'a T> + Clone, waits: impl Fn(&T) -> bool, n: u16) -> Option<&'a T> {
    let n = usize::from(n);
    let waiting = rows.clone().filter(|row| waits(row)).count();
    if waiting > 0 && n % 8 != 0 {
        rows.filter(|row| waits(row)).nth(n / 8 % waiting)
    } else {
        let all = rows.clone().count();
        (all > 0).then(|| rows.clone().nth(n / 8 % all)).flatten()
    }
}

impl Seen {
    /// Everything that is there: for whoever comes to a shop that has a history.
    pub(super) async fn of(world: &World) -> Result<Self, DbErr> {
        async fn all<T: FromQueryResult>(world: &World, table: &str) -> Result<Vec<T>, DbErr> {
            T::find_by_statement(sql(&format!("SELECT * FROM {table} ORDER BY id"), [])).all(world.core.db()).await
        }
        #[derive(FromQueryResult)]
        struct Id {
            id: i64,
        }
        let mut seen = Self { people: all::<User>(world, "users").await?.into_iter().map(Arc::new).collect(), ..Self::default() };
        all::<Order>(world, "orders").await?.into_iter().for_each(|row| seen.learn(Done::Order(Box::new(row))));
        all::<Payment>(world, "payment").await?.into_iter().for_each(|row| seen.learn(Done::Payment(Box::new(row))));
        all::<Withdrawal>(world, "withdrawal").await?.into_iter().for_each(|row| seen.learn(Done::Withdrawal(Box::new(row))));
        all::<Refund>(world, "refund").await?.into_iter().for_each(|row| seen.learn(Done::Refund(Box::new(row))));
        all::<BankCredit>(world, "bank_credit").await?.into_iter().for_each(|row| seen.learn(Done::Credit(Box::new(row))));
        seen.commissions = all::<Id>(world, "commission").await?.into_iter().map(|row| row.id).collect();
        Ok(seen)
    }

    /// Takes in what a verb handed back.
    pub(super) fn learn(&mut self, done: Done) {
        match done {
            Done::Person(row) if self.people.iter().all(|person| person.id != row.id) => self.people.push(Arc::new(*row)),
            Done::Order(row) => drop(self.orders.insert(row.id, Arc::new(*row))),
            Done::Payment(row) => {
                let state = match row.state {
                    PaymentState::Submitted => OrderState::InReview,
                    PaymentState::Confirmed => OrderState::Paid,
                    PaymentState::Rejected => OrderState::AwaitingPayment,
                };
                if let Some(order) = row.order_id.and_then(|id| self.orders.get_mut(&id)) {
                    Arc::make_mut(order).state = state;
                }
                self.payments.insert(row.id, *row);
            }
            Done::Withdrawal(row) => drop(self.withdrawals.insert(row.id, *row)),
            Done::Refund(row) => {
                if let Some(order) = self.orders.get_mut(&row.order_id) {
                    Arc::make_mut(order).state = OrderState::Delivered;
                }
                self.refunds.insert(row.id, *row);
            }
            Done::Credit(row) => drop(self.credits.insert(row.id, *row)),
            Done::Commission(row) if !self.commissions.contains(&row.id) => self.commissions.push(row.id),
            _ => {}
        }
    }

    fn person(&self, n: u16) -> Option<&Arc<User>> {
        self.people.get(usize::from(n) % self.people.len().clamp(1, CIRCLE))
    }

    fn order(&self, n: u16, states: &[OrderState]) -> Option<&Arc<Order>> {
        choose(self.orders.values(), |order| states.contains(&order.state), n)
    }

    fn withdrawal(&self, n: u16, state: WithdrawalState) -> Option<&Withdrawal> {
        choose(self.withdrawals.values(), |row| row.state == state, n)
    }

    /// Learns which commissions a sale made.
    pub(super) async fn commissions_of(world: &World, order: i64) -> Result<Vec<Done>, DbErr> {
        let rows = commissions::of_order(world.core.db(), order).await?;
        Ok(rows.into_iter().map(|row| Done::Commission(Box::new(row))).collect())
    }
}

impl Step {
    /// The deed that this step is at the moment; none, when there is nothing to do it to. `standing` reads what a person has.
    pub(super) async fn deed(&self, world: &World) -> Result<Option<Deed>, DbErr> {
        let of = self.whose(&world.seen());
        let standing = match of {
            Some(person) => ledger::standing(world.core.db(), person).await?,
            None => Standing::default(),
        };
        Ok(self.choose(&world.seen(), &standing, world))
    }

    /// Whose balances the amount depends on.
    fn whose(&self, seen: &Seen) -> Option<UserId> {
        match self.what {
            What::SetAside => seen.order(self.which, &[OrderState::AwaitingPayment]).map(|order| order.buyer()),
            What::Ask | What::Adjust => seen.person(self.which).map(|person| person.user_id()),
            _ => None,
        }
    }

    fn choose(&self, seen: &Seen, standing: &Standing, world: &World) -> Option<Deed> {
        use OrderState::{AwaitingPayment, Cancelled, Delivered, Expired, InReview, Paid};
        let (which, other) = (self.which, self.other);
        let key = |from: &str| format!("{from}:{}", world.number());
        let some = || self.amount.of(Rupees::whole(400));
        Some(match self.what {
            What::Join => Deed::Join { number: world.number(), inviter: seen.person(which).filter(|_| !other.is_multiple_of(8)).cloned() },
            What::Place => Deed::Place { buyer: Arc::clone(seen.person(which)?), plan: PLANS[usize::from(other) % PLANS.len()] },
            What::Prove => {
                let late = if other.is_multiple_of(4) {
                    vec![AwaitingPayment, Expired, Cancelled]
                } else {
                    vec![AwaitingPayment]
                };
                // Now and then a number that others use too.
                let utr = if other.is_multiple_of(7) { format!("{:012}", other % 4) } else { world.utr() };
                Deed::Prove { order: Arc::clone(seen.order(which, &late)?), utr, key: key("tg") }
            }
            What::Receive => {
                // Any order that has something to be paid, and now and then one that is paid.
                let order = Arc::clone(seen.order(which, &[AwaitingPayment, InReview, Expired, Cancelled])?);
                let amount = if other.is_multiple_of(8) { some() } else { order.due() };
                Deed::Receive { order, amount, key: key("razorpay") }
            }
            What::PayFromWallet => {
                let order = Arc::clone(seen.order(which, &[AwaitingPayment])?);
                let buyer = seen.people.iter().find(|person| person.id == order.buyer_id)?;
                Deed::PayFromWallet { buyer: Arc::clone(buyer), order, key: key("press") }
            }
            What::SetAside => {
                let order = Arc::clone(seen.order(which, &[AwaitingPayment])?);
                let most = standing.to_spend().min(order.price - Rupees::whole(1));
                Deed::SetAside { order, amount: self.amount.of(most) }
            }
            What::Cancel => Deed::Cancel { order: Arc::clone(seen.order(which, &[AwaitingPayment])?) },
            What::Deliver => Deed::Deliver { order: seen.order(which, &[Paid])?.id },
            What::Confirm => Deed::Confirm { payment: choose(seen.payments.values(), |row| row.state == PaymentState::Submitted, which)?.id },
            What::Reject => Deed::Reject { payment: choose(seen.payments.values(), |row| row.state == PaymentState::Submitted, which)?.id },
            What::Wait => Deed::Wait { minutes: [5, 31, 1_441, 1_441][usize::from(which) % 4] },
            What::Expire => Deed::Expire { limit: world.at_once.unwrap_or(1 + u64::from(which) % 4) },
            What::Release => Deed::Release { people: world.at_once.unwrap_or(1 + u64::from(which) % 4) },
            What::Ask => Deed::Ask { person: Arc::clone(seen.person(which)?), amount: self.amount.of(standing.earned), key: key("draft") },
            What::Decide => {
                let withdrawal = seen.withdrawal(which, WithdrawalState::Asked)?.id;
                if other.is_multiple_of(4) { Deed::Refuse { withdrawal } } else { Deed::Approve { withdrawal } }
            }
            What::Settle => {
                let withdrawal = seen.withdrawal(which, WithdrawalState::Approved)?.id;
                if other.is_multiple_of(4) {
                    Deed::Fail { withdrawal }
                } else {
                    Deed::Pay { withdrawal, utr: format!("N{:011}", world.number()) }
                }
            }
            What::ComeBack => Deed::ComeBack { withdrawal: seen.withdrawal(which, WithdrawalState::Paid)?.id },
            What::Refund => {
                let order = seen.order(which, &[Paid, Delivered])?;
                Deed::Refund { order: order.id, amount: self.amount.of(order.price), outside: other.is_multiple_of(2), key: key("refund") }
            }
            What::SettleRefund => {
                let refund = choose(seen.refunds.values(), |row| row.state == "to_send", which)?.id;
                Deed::SettleRefund { refund, utr: (!other.is_multiple_of(3)).then(|| format!("R{:011}", world.number())) }
            }
            What::CancelCommission => Deed::CancelCommission { commission: *choose(seen.commissions.iter(), |_| true, which)? },
            What::TopUp => {
                let method = if other.is_multiple_of(2) { Method::Upi } else { Method::Gateway };
                Deed::TopUp { person: seen.person(which)?.user_id(), amount: some(), method, key: key("gateway") }
            }
            What::See => Deed::See { bank_ref: format!("N{:011}", world.number()), amount: self.amount.of(Rupees::whole(300)) },
            What::Assign => self.assign(seen, key("match"))?,
            What::Adjust => self.adjust(seen, standing, key("adjust"))?,
            What::Prize => Deed::Prize { person: seen.person(which)?.user_id(), amount: some(), key: key("draw") },
            What::Remit => {
                let bill = [Bill::Supplier, Bill::Tds, Bill::Gst][usize::from(which) % 3];
                Deed::Remit { bill, amount: some(), reference: key("bill") }
            }
            What::SettleGateway => Deed::SettleGateway { reference: key("payout"), net: some(), fees: Amount::Percent(2).of(some()) },
            What::OpenBooks => Deed::OpenBooks { amount: Rupees::whole(10_000 + u32::from(which % 3)) },
            What::Rates => {
                let [level1, level2] = [which, other].map(|n| [0, 10, 30, 33, 50][usize::from(n) % 5]);
                Deed::Rates { level1, level2, hold_hours: 1 + u32::from(which) % 48 }
            }
        })
    }

    /// A credit for a payment, what is over for the payer's wallet or sent back; or for a wallet alone.
    fn assign(&self, seen: &Seen, key: String) -> Option<Deed> {
        let credit = choose(seen.credits.values(), |row| row.assigned < row.amount, self.which)?;
        let left = credit.amount - credit.assigned;
        let fits = |row: &Payment| row.method == Method::Upi && row.state != PaymentState::Rejected && row.amount <= left;
        let payment = if self.other.is_multiple_of(4) { None } else { choose(seen.payments.values(), fits, self.other) };
        let over = left - payment.map_or(Rupees::ZERO, |row| row.amount);
        let part = self.amount.of(over);
        let whose = payment.map(|row| UserId(row.user_id)).or_else(|| seen.person(self.other).map(|person| person.user_id()))?;
        let (wallet, sent_back) = match self.other % 3 {
            _ if !over.is_positive() => (None, Rupees::ZERO),
            0 => (Some((whose, part)), Rupees::ZERO),
            1 => (None, part),
            _ => (Some((whose, part)), (over - part).max(Rupees::ZERO)),
        };
        Some(Deed::Assign { credit: credit.id, to: For { payment: payment.map(|row| row.id), wallet, sent_back, ..For::default() }, key })
    }

    fn adjust(&self, seen: &Seen, standing: &Standing, key: String) -> Option<Deed> {
        let (account, there) = [(Adjustable::Credit, standing.credit), (Adjustable::Earned, standing.earned), (Adjustable::Owed, standing.owed)]
            [usize::from(self.other) % 3];
        let less = self.other.is_multiple_of(2);
        let amount = self.amount.of(if less { there } else { Rupees::whole(150) });
        // For the person's good when positive: more credit, more earned, less owed.
        let amount = if less == (account == Adjustable::Owed) { amount } else { -amount };
        Some(Deed::Adjust { person: seen.person(self.which)?.user_id(), account, amount, key })
    }
}
