//! What the shop must answer to one hand alone, and what must be in its books afterwards.

use super::deed::{Answer, Deed, Done};
use super::model::{Event, Model, Programme};
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::ledger::Own;
use mela_core::ledger::movements::Adjustable;
use mela_core::orders::OrderState;
use mela_core::payments::{Method, PaymentState};
use mela_core::users::UserId;
use mela_core::withdrawals::WithdrawalState;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How long an unpaid order waits, by settings.toml.
const PATIENCE: TimeDelta = TimeDelta::minutes(30);

struct Order {
    plan: i64,
    state: OrderState,
    expires_at: DateTime<Utc>,
    /// What was set aside for it, once and for all.
    set_aside: Option<Decimal>,
}

struct Payment {
    order: Option<i64>,
    amount: Decimal,
    method: Method,
    state: PaymentState,
    assigned: bool,
}

struct Withdrawal {
    person: i64,
    amount: Decimal,
    state: WithdrawalState,
    utr: Option<String>,
}

struct Refund {
    person: i64,
    to_upi: Decimal,
    state: String,
    utr: Option<String>,
}

/// The model, and what it takes to know which verb is refused.
#[derive(Default)]
pub(super) struct Foresight {
    pub(super) model: Model,
    orders: BTreeMap<i64, Order>,
    payments: HashMap<i64, Payment>,
    withdrawals: HashMap<i64, Withdrawal>,
    refunds: HashMap<i64, Refund>,
    /// Commissions by their row ids.
    commissions: HashMap<i64, (i64, i16)>,
    /// What was seen and what of it is left.
    credits: HashMap<i64, Decimal>,
    utrs: HashMap<String, i64>,
    keys: HashSet<String>,
    opened: Option<Decimal>,
    plans: HashMap<&'static str, i64>,
}

const NOW: &str = "Now";
const ALREADY: &str = "Already";

impl Foresight {
    /// Of a shop with these rules.
    pub(super) fn of(programme: Programme) -> Self {
        Self { model: Model::of(programme), ..Self::default() }
    }

    fn order(&self, id: i64) -> &Order {
        &self.orders[&id]
    }

    /// Whether the order's payment is awaited, and not too late.
    fn awaits(&self, id: i64, now: DateTime<Utc>) -> bool {
        self.order(id).state == OrderState::AwaitingPayment && self.order(id).expires_at > now
    }

    fn open_order(&self, buyer: i64, plan: i64) -> Option<i64> {
        let is_open =
            |(id, order): &(&i64, &Order)| order.state == OrderState::AwaitingPayment && order.plan == plan && self.model.sales[*id].buyer == buyer;
        self.orders.iter().find(is_open).map(|(&id, _)| id)
    }

    /// What a person has earned when what is due to them is released first: a late job denies nobody their money.
    fn earned(&self, person: i64, now: DateTime<Utc>) -> Decimal {
        let due = self.model.due_to(person, now);
        self.model.has(person, Own::Earned) + (due - self.model.has(person, Own::Owed)).max(Decimal::ZERO)
    }

    fn to_spend(&self, person: i64, now: DateTime<Utc>) -> Decimal {
        self.model.has(person, Own::Credit) + self.earned(person, now)
    }

    /// How the shop must answer.
    pub(super) fn foresee(&self, deed: &Deed, now: DateTime<Utc>) -> &'static str {
        if deed.key().is_some_and(|key| self.keys.contains(key)) {
            return ALREADY;
        }
        match deed {
            Deed::Join { number, .. } => self.once(&format!("join:{number}")),
            Deed::Place { buyer, plan } => {
                let open = self.plans.get(plan).and_then(|&plan| self.open_order(buyer.id, plan));
                if open.is_some_and(|open| self.awaits(open, now)) { ALREADY } else { NOW }
            }
            Deed::Prove { order, utr, .. } => match self.order(order.id).state {
                _ if self.utrs.get(utr).is_some_and(|&first| first != order.id) => "UtrUsed",
                OrderState::AwaitingPayment | OrderState::Expired | OrderState::Cancelled => NOW,
                _ => "NotAwaited",
            },
            Deed::Receive { order, amount, .. } => match self.order(order.id).state {
                OrderState::AwaitingPayment | OrderState::InReview | OrderState::Expired | OrderState::Cancelled => {
                    if amount.decimal() == self.model.sales[&order.id].due() { NOW } else { "OtherAmount" }
                }
                _ => "NotAwaited",
            },
            Deed::PayFromWallet { order, .. } => {
                let covered = self.order(order.id).set_aside.is_none() && self.to_spend(order.buyer_id, now) >= order.price.decimal();
                match (self.awaits(order.id, now), covered) {
                    (false, _) => "NotAwaited",
                    (true, false) => "NotCovered",
                    (true, true) => NOW,
                }
            }
            Deed::SetAside { order, amount } => {
                let sale = &self.model.sales[&order.id];
                let most = self.to_spend(order.buyer_id, now).min(sale.price - Decimal::ONE);
                match self.order(order.id).set_aside {
                    Some(before) if before == amount.decimal() && sale.wallet.is_some() => ALREADY,
                    Some(_) => "SetAsideBefore",
                    None if !self.awaits(order.id, now) => "NotNow",
                    None if amount.decimal() > most => "NotFromWallet",
                    None => NOW,
                }
            }
            Deed::Cancel { order } => match self.order(order.id).state {
                OrderState::AwaitingPayment => NOW,
                OrderState::Cancelled => ALREADY,
                _ => "NotNow",
            },
            Deed::Deliver { order } => match self.order(*order).state {
                OrderState::Paid => NOW,
                OrderState::Delivered => ALREADY,
                _ => "NotNow",
            },
            Deed::Confirm { payment } => match self.payments[payment].state {
                PaymentState::Submitted => NOW,
                PaymentState::Confirmed => ALREADY,
                PaymentState::Rejected => "Decided",
            },
            Deed::Reject { payment } => match self.payments[payment].state {
                PaymentState::Submitted => NOW,
                PaymentState::Rejected => ALREADY,
                PaymentState::Confirmed => "Decided",
            },
            Deed::Ask { person, amount, .. } => match amount.decimal() {
                amount if amount < Decimal::ONE => "BelowMinimum",
                amount if amount > self.earned(person.id, now) => "MoreThanAvailable",
                _ => NOW,
            },
            Deed::Approve { withdrawal } => self.change(*withdrawal, WithdrawalState::Asked, WithdrawalState::Approved, None),
            Deed::Refuse { withdrawal } => self.change(*withdrawal, WithdrawalState::Asked, WithdrawalState::Rejected, None),
            Deed::Pay { withdrawal, utr } => self.change(*withdrawal, WithdrawalState::Approved, WithdrawalState::Paid, Some(utr)),
            Deed::Fail { withdrawal } => self.change(*withdrawal, WithdrawalState::Approved, WithdrawalState::Failed, None),
            Deed::ComeBack { withdrawal } => self.change(*withdrawal, WithdrawalState::Paid, WithdrawalState::Returned, None),
            Deed::Refund { order, amount, .. } => {
                let sale = &self.model.sales[order];
                match self.order(*order).state {
                    OrderState::Paid | OrderState::Delivered if amount.decimal() > sale.price - sale.refunded => "NotThatMuch",
                    OrderState::Paid | OrderState::Delivered => NOW,
                    _ => "NotPaid",
                }
            }
            Deed::SettleRefund { refund, utr } => match (&self.refunds[refund], utr.is_some()) {
                (known, _) if known.state == "to_send" => NOW,
                (known, true) if known.state == "sent" && known.utr == *utr => ALREADY,
                (known, false) if known.state == "failed" => ALREADY,
                _ => "Settled",
            },
            Deed::CancelCommission { commission } => {
                let (order, level) = self.commissions[commission];
                let found = self.model.commissions.iter().find(|c| (c.order, c.level) == (order, level));
                if found.is_some_and(|c| c.reversed < c.amount) { NOW } else { ALREADY }
            }
            Deed::Assign { credit, to, .. } => {
                let payment = to.payment.map(|id| &self.payments[&id]);
                let over = to.wallet.map_or(Decimal::ZERO, |(_, amount)| amount.decimal());
                let total = payment.map_or(Decimal::ZERO, |payment| payment.amount) + over + to.sent_back.decimal();
                match payment {
                    Some(payment) if payment.assigned || payment.method != Method::Upi => "NotForThis",
                    _ if total.is_zero() || total > self.credits[credit] => "NotEnough",
                    Some(payment) if payment.state == PaymentState::Rejected => "Payment",
                    _ => NOW,
                }
            }
            Deed::Adjust { person: UserId(person), account, amount, .. } => {
                let (has, more) = (self.model.has(*person, account.account()), amount.decimal());
                let after = if *account == Adjustable::Owed { has - more } else { has + more };
                match account {
                    Adjustable::Earned if amount.is_positive() && !self.model.has(*person, Own::Owed).is_zero() => "Owes",
                    _ if after.is_sign_negative() && !after.is_zero() => "Ledger",
                    _ => NOW,
                }
            }
            Deed::See { bank_ref: key, .. } | Deed::Remit { reference: key, .. } | Deed::SettleGateway { reference: key, .. } => self.once(key),
            Deed::TopUp { .. } | Deed::Prize { .. } => NOW,
            Deed::OpenBooks { amount } if self.opened.is_some_and(|opened| opened != amount.decimal()) => "Ledger",
            Deed::OpenBooks { .. } | Deed::Wait { .. } | Deed::Expire { .. } | Deed::Release { .. } | Deed::Rates { .. } => ALREADY,
        }
    }

    fn once(&self, key: &str) -> &'static str {
        if self.keys.contains(key) { ALREADY } else { NOW }
    }

    fn change(&self, id: i64, from: WithdrawalState, to: WithdrawalState, utr: Option<&String>) -> &'static str {
        let row = &self.withdrawals[&id];
        let forward = matches!(to, WithdrawalState::Approved | WithdrawalState::Paid);
        let taken = |other: &Withdrawal| utr.is_some() && other.utr.as_ref() == utr;
        if row.state == from {
            match forward {
                true if self.withdrawals.values().any(taken) => "UtrUsed",
                // With a debt it can only be refused.
                true if !self.model.has(row.person, Own::Owed).is_zero() => "Owes",
                _ => NOW,
            }
        } else if row.state == to && (to != WithdrawalState::Paid || row.utr.as_ref() == utr) {
            ALREADY
        } else {
            "NotNow"
        }
    }

    /// Takes in what was done, as it was foreseen: the figures that the answer tells must be the model's.
    pub(super) fn note(&mut self, deed: &Deed, answer: &Answer, now: DateTime<Utc>) {
        match (deed, answer) {
            (Deed::Expire { .. }, Answer::Already(Done::Ended(count))) => {
                let due = |order: &Order| order.state == OrderState::AwaitingPayment && order.expires_at <= now;
                let due: Vec<i64> = self.orders.iter().filter(|(_, order)| due(order)).map(|(&id, _)| id).collect();
                assert_eq!(*count, due.len(), "orders that ended");
                due.into_iter().for_each(|id| self.end(id, OrderState::Expired));
            }
            (Deed::Release { .. }, Answer::Already(Done::Released(amount))) => {
                let people: Vec<i64> = self.model.referrer.keys().copied().collect();
                let due: Decimal = people.iter().map(|&person| self.model.due_to(person, now)).sum();
                assert_eq!(amount.decimal(), due, "what was released");
                people.into_iter().for_each(|person| drop(self.model.book(&Event::Released { person, at: now })));
            }
            (Deed::OpenBooks { amount }, Answer::Already(_)) if self.opened.is_none() => {
                self.opened = Some(amount.decimal());
                self.model.book(&Event::Opened { amount: amount.decimal() });
            }
            (Deed::SetAside { order, .. }, Answer::Already(_)) => drop(self.model.book(&Event::Released { person: order.buyer_id, at: now })),
            (_, Answer::Now(done)) => {
                self.keys.extend(deed.key().map(str::to_owned));
                self.done(deed, done, now);
            }
            _ => {}
        }
    }

    fn done(&mut self, deed: &Deed, done: &Done, now: DateTime<Utc>) {
        match (deed, done) {
            (Deed::Join { number, inviter }, Done::Person(person)) => {
                let by = inviter.as_ref().map(|inviter| inviter.id);
                assert_eq!(person.referred_by, by);
                self.keys.insert(format!("join:{number}"));
                self.model.book(&Event::Joined { person: person.id, by });
            }
            (Deed::Place { buyer, plan }, Done::Order(row)) => {
                let plan_id = row.plan_id.unwrap();
                let before = self.open_order(buyer.id, plan_id);
                before.into_iter().for_each(|id| self.end(id, OrderState::Expired));
                self.plans.insert(plan, plan_id);
                let order = Order { plan: plan_id, state: OrderState::AwaitingPayment, expires_at: now + PATIENCE, set_aside: None };
                self.orders.insert(row.id, order);
                self.model.book(&Event::Placed(row.clone()));
            }
            (Deed::Prove { order, utr, .. }, Done::Payment(row)) => {
                assert_eq!(row.amount.decimal(), self.model.sales[&order.id].due(), "what is to come from outside");
                self.utrs.insert(utr.clone(), order.id);
                self.step(order.id, OrderState::InReview);
                self.pay(row, PaymentState::Submitted);
            }
            (Deed::Receive { order, .. }, Done::Payment(row)) => {
                let waiting = |payment: &&mut Payment| payment.order == Some(order.id) && payment.state == PaymentState::Submitted;
                self.payments.values_mut().filter(waiting).for_each(|proof| proof.state = PaymentState::Rejected);
                self.pay(row, PaymentState::Confirmed);
                self.paid(order.id, Method::Gateway, None, now);
            }
            (Deed::PayFromWallet { order, .. }, Done::Payment(row)) => {
                self.model.book(&Event::Released { person: order.buyer_id, at: now });
                let wallet = Some(self.model.split(order.buyer_id, order.price.decimal()));
                self.pay(row, PaymentState::Confirmed);
                self.paid(order.id, Method::Wallet, wallet, now);
            }
            (Deed::SetAside { order, amount }, Done::Order(row)) => {
                self.model.book(&Event::Released { person: order.buyer_id, at: now });
                let (credit, earned) = self.model.split(order.buyer_id, amount.decimal());
                assert_eq!((row.from_credit.decimal(), row.from_earned.decimal()), (credit, earned), "credit first");
                self.orders.get_mut(&order.id).unwrap().set_aside = Some(amount.decimal());
                self.model.book(&Event::SetAside { order: order.id, credit, earned });
            }
            (Deed::Cancel { order }, _) => self.end(order.id, OrderState::Cancelled),
            (Deed::Deliver { order }, _) => self.step(*order, OrderState::Delivered),
            (Deed::Confirm { payment }, _) => self.confirm(*payment, now),
            (Deed::Reject { payment }, _) => self.reject(*payment, now),
            (Deed::Ask { person, amount, .. }, Done::Withdrawal(row)) => {
                let (person, amount) = (person.id, amount.decimal());
                self.model.book(&Event::Released { person, at: now });
                self.model.book(&Event::Asked { person, amount });
                self.withdrawals.insert(row.id, Withdrawal { person, amount, state: row.state, utr: None });
            }
            (_, Done::Withdrawal(row)) => {
                let known = self.withdrawals.get_mut(&row.id).unwrap();
                let (person, amount, tds) = (known.person, known.amount, Decimal::ZERO);
                known.state = row.state;
                known.utr.clone_from(&row.payout_utr);
                let event = match row.state {
                    WithdrawalState::Rejected | WithdrawalState::Failed => Event::NotPaidOut { person, amount },
                    WithdrawalState::Paid => Event::PaidOut { person, amount, tds },
                    WithdrawalState::Returned => Event::CameBack { person, amount, tds },
                    WithdrawalState::Asked | WithdrawalState::Approved => return,
                };
                self.model.book(&event);
            }
            (Deed::Refund { order, amount, outside, .. }, Done::Refund(row)) => {
                let lines = self.model.book(&Event::Refunded { order: *order, amount: amount.decimal(), outside: *outside });
                let person = self.model.sales[order].buyer;
                let account = mela_core::ledger::AccountId::of(UserId(person), Own::Refunding);
                let to_upi = -lines.get(&account).copied().unwrap_or_default();
                assert_eq!(row.to_upi.decimal(), to_upi, "what is to be sent");
                self.refunds.insert(row.id, Refund { person, to_upi, state: row.state.clone(), utr: None });
            }
            (Deed::SettleRefund { refund, utr }, Done::Refund(row)) => {
                let known = self.refunds.get_mut(refund).unwrap();
                known.state.clone_from(&row.state);
                known.utr.clone_from(utr);
                let event = Event::RefundSettled { person: known.person, amount: known.to_upi, sent: utr.is_some() };
                self.model.book(&event);
            }
            (Deed::CancelCommission { commission }, _) => {
                let (order, level) = self.commissions[commission];
                self.model.book(&Event::CommissionCancelled { order, level });
            }
            (Deed::TopUp { person: UserId(person), amount, method, .. }, Done::Payment(row)) => {
                self.pay(row, PaymentState::Confirmed);
                self.model.book(&Event::ToppedUp { person: *person, amount: amount.decimal(), method: *method });
            }
            (Deed::See { bank_ref, amount }, Done::Credit(row)) => {
                self.keys.insert(bank_ref.clone());
                self.credits.insert(row.id, amount.decimal());
                self.model.book(&Event::CreditSeen { amount: amount.decimal() });
            }
            (Deed::Assign { credit, to, .. }, _) => {
                let to_payment = to.payment.map_or(Decimal::ZERO, |id| {
                    if self.payments[&id].state == PaymentState::Submitted {
                        self.confirm(id, now);
                    }
                    let payment = self.payments.get_mut(&id).unwrap();
                    payment.assigned = true;
                    payment.amount
                });
                let wallet = to.wallet.map(|(person, amount)| (person.0, amount.decimal()));
                let sent_back = to.sent_back.decimal();
                *self.credits.get_mut(credit).unwrap() -= to_payment + wallet.map_or(Decimal::ZERO, |(_, amount)| amount) + sent_back;
                self.model.book(&Event::CreditAssigned { to_payment, wallet, sent_back });
            }
            (Deed::Adjust { person, account, amount, .. }, _) => {
                self.model.book(&Event::Adjusted { person: person.0, account: account.account(), amount: amount.decimal() });
            }
            (Deed::Prize { person, amount, .. }, _) => drop(self.model.book(&Event::Prize { person: person.0, amount: amount.decimal() })),
            (Deed::Remit { bill, amount, reference }, _) => {
                self.keys.insert(reference.clone());
                self.model.book(&Event::Remitted { from: bill.account(), amount: amount.decimal() });
            }
            (Deed::SettleGateway { reference, net, fees }, _) => {
                self.keys.insert(reference.clone());
                self.model.book(&Event::GatewaySettled { net: net.decimal(), fees: fees.decimal() });
            }
            other => panic!("nobody foresaw {other:?}"),
        }
    }

    /// The row ids of commissions, which only the shop knows.
    pub(super) fn know(&mut self, done: &Done) {
        if let Done::Commission(row) = done {
            self.commissions.insert(row.id, (row.order_id, row.level));
        }
    }

    fn step(&mut self, order: i64, state: OrderState) {
        self.orders.get_mut(&order).unwrap().state = state;
    }

    /// An order ends unpaid: what the wallet had set aside goes back.
    fn end(&mut self, order: i64, state: OrderState) {
        self.step(order, state);
        if self.model.sales[&order].wallet.is_some() {
            self.model.book(&Event::GivenBack { order });
        }
    }

    fn pay(&mut self, row: &mela_core::payments::Payment, state: PaymentState) {
        let payment = Payment { order: row.order_id, amount: row.amount.decimal(), method: row.method, state, assigned: false };
        self.payments.insert(row.id, payment);
    }

    fn confirm(&mut self, payment: i64, now: DateTime<Utc>) {
        let known = self.payments.get_mut(&payment).unwrap();
        known.state = PaymentState::Confirmed;
        let (order, method) = (known.order.unwrap(), known.method);
        self.paid(order, method, None, now);
    }

    fn paid(&mut self, order: i64, method: Method, wallet: Option<(Decimal, Decimal)>, at: DateTime<Utc>) {
        self.step(order, OrderState::Paid);
        self.model.book(&Event::Paid { order, method, wallet, at });
    }

    /// The order awaits its payment again; beside another one that does, it ends.
    fn reject(&mut self, payment: i64, now: DateTime<Utc>) {
        let known = self.payments.get_mut(&payment).unwrap();
        known.state = PaymentState::Rejected;
        let order = known.order.unwrap();
        if self.open_order(self.model.sales[&order].buyer, self.order(order).plan).is_some() {
            self.end(order, OrderState::Expired);
        } else {
            self.step(order, OrderState::AwaitingPayment);
            self.orders.get_mut(&order).unwrap().expires_at = now + PATIENCE;
        }
    }
}
