//! The books as `docs/ledger.md` tells them, in plain Rust: nothing of the shop's own posting code is used here, only the names of its accounts.

use chrono::{DateTime, TimeDelta, Utc};
use mela_core::ledger::{AccountId, Own, Shop};
use mela_core::orders::Order;
use mela_core::payments::Method;
use mela_core::users::UserId;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// The rules of a history, which stand while it lasts: how many sales to a friend earn, and the limits of a day and of a friend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Programme {
    sales: Option<u32>,
    day: Option<u32>,
    friend: Option<u32>,
}

impl Programme {
    /// One of some: none, each alone, and all.
    pub(super) fn of(number: u64) -> Self {
        let (sales, day, friend) = (Some(1 + u32::try_from(number / 5 % 3).unwrap()), Some(70), Some(40));
        match number % 5 {
            0 => Self::default(),
            1 => Self { sales, ..Self::default() },
            2 => Self { day, ..Self::default() },
            3 => Self { friend, ..Self::default() },
            _ => Self { sales: Some(3), day, friend },
        }
    }

    /// The same as `MELA_` variables.
    pub(super) fn variables(self) -> [(&'static str, String); 3] {
        let cap = |cap: Option<u32>| cap.unwrap_or_default().to_string();
        [
            ("MELA_COMMISSIONS__SALES", self.sales.map_or_else(|| "always".to_owned(), |sales| sales.to_string())),
            ("MELA_COMMISSIONS__DAY_CAP", cap(self.day)),
            ("MELA_COMMISSIONS__FRIEND_CAP", cap(self.friend)),
        ]
    }
}

/// What happened, with the facts that the model cannot know by itself.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Joined {
        person: i64,
        by: Option<i64>,
    },
    Placed(Box<Order>),
    /// The wallet's part is set aside, so much of it from credit.
    SetAside {
        order: i64,
        credit: Decimal,
        earned: Decimal,
    },
    GivenBack {
        order: i64,
    },
    /// `wallet`: paid wholly from it, so much from credit and from earned.
    Paid {
        order: i64,
        method: Method,
        wallet: Option<(Decimal, Decimal)>,
        at: DateTime<Utc>,
    },
    /// What was due to a person until then.
    Released {
        person: i64,
        at: DateTime<Utc>,
    },
    CommissionCancelled {
        order: i64,
        level: i16,
    },
    Asked {
        person: i64,
        amount: Decimal,
    },
    /// Refused, or it could not be paid.
    NotPaidOut {
        person: i64,
        amount: Decimal,
    },
    PaidOut {
        person: i64,
        amount: Decimal,
        tds: Decimal,
    },
    CameBack {
        person: i64,
        amount: Decimal,
        tds: Decimal,
    },
    ToppedUp {
        person: i64,
        amount: Decimal,
        method: Method,
    },
    Refunded {
        order: i64,
        amount: Decimal,
        outside: bool,
    },
    RefundSettled {
        person: i64,
        amount: Decimal,
        sent: bool,
    },
    CreditSeen {
        amount: Decimal,
    },
    CreditAssigned {
        to_payment: Decimal,
        wallet: Option<(i64, Decimal)>,
        sent_back: Decimal,
    },
    GatewaySettled {
        net: Decimal,
        fees: Decimal,
    },
    Remitted {
        from: Shop,
        amount: Decimal,
    },
    Prize {
        person: i64,
        amount: Decimal,
    },
    Opened {
        amount: Decimal,
    },
    Adjusted {
        person: i64,
        account: Own,
        amount: Decimal,
    },
}

/// What an event writes: debits positive, no zeros.
pub(super) type Lines = BTreeMap<AccountId, Decimal>;

#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) buyer: i64,
    pub(super) price: Decimal,
    cost: Decimal,
    percent: [Decimal; 2],
    hold: TimeDelta,
    /// What the wallet pays of it, from credit and from earned, while that stands.
    pub(super) wallet: Option<(Decimal, Decimal)>,
    method: Option<Method>,
    paid_at: Option<DateTime<Utc>>,
    pub(super) refunded: Decimal,
}

#[derive(Debug, Clone)]
pub(super) struct Commission {
    pub(super) order: i64,
    pub(super) level: i16,
    pub(super) person: i64,
    pub(super) amount: Decimal,
    pub(super) reversed: Decimal,
    pub(super) release_at: DateTime<Utc>,
    released: bool,
    buyer: i64,
    at: DateTime<Utc>,
}

/// Accounts and the facts that postings follow from.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    accounts: Lines,
    pub(super) referrer: HashMap<i64, Option<i64>>,
    pub(super) sales: HashMap<i64, Sale>,
    pub(super) commissions: Vec<Commission>,
    pub(super) programme: Programme,
}

/// The lines of one event, being written.
#[derive(Default)]
struct Sheet(Lines);

impl Sheet {
    fn debit(&mut self, account: impl Into<AccountId>, amount: Decimal) {
        *self.0.entry(account.into()).or_default() += amount;
    }

    fn credit(&mut self, account: impl Into<AccountId>, amount: Decimal) {
        self.debit(account, -amount);
    }
}

fn of(person: i64, kind: Own) -> AccountId {
    AccountId::of(UserId(person), kind)
}

/// A level's share of the profit, half-up to the rupee; nothing of no profit.
fn share(price: Decimal, cost: Decimal, percent: Decimal) -> Decimal {
    let profit = (price - cost).max(Decimal::ZERO);
    (profit * percent / Decimal::ONE_HUNDRED + Decimal::new(5, 1)).floor()
}

impl Sale {
    fn wallet_part(&self) -> Decimal {
        self.wallet.map_or(Decimal::ZERO, |(credit, earned)| credit + earned)
    }

    /// What is to come from outside.
    pub(super) fn due(&self) -> Decimal {
        self.price - self.wallet_part()
    }
}

impl Model {
    /// Of a shop with these rules, before anything happened.
    pub(super) fn of(programme: Programme) -> Self {
        Self { programme, ..Self::default() }
    }

    /// What a person has on an account; of `owed`, what they owe.
    pub(super) fn has(&self, person: i64, kind: Own) -> Decimal {
        let debits = self.accounts.get(&of(person, kind)).copied().unwrap_or_default();
        if kind == Own::Owed { debits } else { -debits }
    }

    /// Every account that something stands on, debits positive.
    pub(super) fn accounts(&self) -> Lines {
        self.accounts.iter().filter(|(_, amount)| !amount.is_zero()).map(|(&account, &amount)| (account, amount)).collect()
    }

    /// What is due to a person until then.
    pub(super) fn due_to(&self, person: i64, at: DateTime<Utc>) -> Decimal {
        self.commissions
            .iter()
            .filter(|c| c.person == person && !c.released && c.release_at <= at)
            .map(|c| c.amount - c.reversed)
            .sum()
    }

    /// How the wallet pays an amount: credit first, because it can only be spent.
    pub(super) fn split(&self, person: i64, amount: Decimal) -> (Decimal, Decimal) {
        let credit = amount.min(self.has(person, Own::Credit));
        (credit, amount - credit)
    }

    /// Books an event and answers its lines.
    pub(super) fn book(&mut self, event: &Event) -> Lines {
        let mut sheet = Sheet::default();
        match *event {
            Event::Joined { person, by } => {
                self.referrer.insert(person, by);
            }
            Event::Placed(ref order) => {
                self.sales.insert(order.id, Self::placed(order));
            }
            Event::SetAside { order, credit, earned } => self.set_aside(order, credit, earned, &mut sheet),
            Event::GivenBack { order } => self.given_back(order, &mut sheet),
            Event::Paid { order, method, wallet, at } => self.paid(order, method, wallet, at, &mut sheet),
            Event::Released { person, at } => self.released(person, at, &mut sheet),
            Event::CommissionCancelled { order, level } => {
                let left = |c: &Commission| c.amount - c.reversed;
                let found = self.commissions.iter().position(|c| (c.order, c.level) == (order, level));
                let taken = found.map(|at| (at, left(&self.commissions[at])));
                taken.into_iter().for_each(|(at, amount)| self.claw_back(at, amount, &mut sheet));
            }
            Event::Asked { person, amount } => {
                sheet.debit(of(person, Own::Earned), amount);
                sheet.credit(of(person, Own::Withdrawing), amount);
            }
            Event::NotPaidOut { person, amount } => {
                sheet.debit(of(person, Own::Withdrawing), amount);
                self.credit_earned(person, amount, &mut sheet);
            }
            Event::PaidOut { person, amount, tds } => {
                sheet.debit(of(person, Own::Withdrawing), amount);
                sheet.credit(Shop::Bank, amount - tds);
                sheet.credit(Shop::TdsPayable, tds);
            }
            Event::CameBack { person, amount, tds } => {
                sheet.debit(Shop::Bank, amount - tds);
                sheet.debit(Shop::TdsPayable, tds);
                self.credit_earned(person, amount, &mut sheet);
            }
            Event::ToppedUp { person, amount, method } => {
                sheet.debit(clearing(method), amount);
                sheet.credit(of(person, Own::Credit), amount);
            }
            Event::Refunded { order, amount, outside } => self.refunded(order, amount, outside, &mut sheet),
            Event::RefundSettled { person, amount, sent } => {
                sheet.debit(of(person, Own::Refunding), amount);
                sheet.credit(if sent { Shop::Bank.into() } else { of(person, Own::Credit) }, amount);
            }
            Event::CreditSeen { amount } => {
                sheet.debit(Shop::Bank, amount);
                sheet.credit(Shop::Unmatched, amount);
            }
            Event::CreditAssigned { to_payment, wallet, sent_back } => {
                sheet.credit(Shop::UpiClearing, to_payment);
                sheet.credit(Shop::Bank, sent_back);
                let over = wallet.map_or(Decimal::ZERO, |(person, amount)| {
                    sheet.credit(of(person, Own::Credit), amount);
                    amount
                });
                sheet.debit(Shop::Unmatched, to_payment + over + sent_back);
            }
            Event::GatewaySettled { net, fees } => {
                sheet.debit(Shop::Bank, net);
                sheet.debit(Shop::Fees, fees);
                sheet.credit(Shop::GatewayClearing, net + fees);
            }
            Event::Remitted { from, amount } => {
                sheet.debit(from, amount);
                sheet.credit(Shop::Bank, amount);
            }
            Event::Prize { person, amount } => {
                sheet.debit(Shop::Promotion, amount);
                sheet.credit(of(person, Own::Credit), amount);
            }
            Event::Opened { amount } => {
                sheet.debit(Shop::Bank, amount);
                sheet.credit(Shop::Opening, amount);
            }
            // More credit, more earned, or less owed: each is a credit of the account.
            Event::Adjusted { person, account, amount } => {
                sheet.debit(Shop::Adjustment, amount);
                sheet.credit(of(person, account), amount);
            }
        }
        for (&account, &amount) in &sheet.0 {
            *self.accounts.entry(account).or_default() += amount;
        }
        sheet.0.retain(|_, amount| !amount.is_zero());
        sheet.0
    }

    fn placed(order: &Order) -> Sale {
        Sale {
            buyer: order.buyer_id,
            price: order.price.decimal(),
            cost: order.cost.decimal(),
            percent: [order.level1_percent, order.level2_percent],
            hold: TimeDelta::seconds(order.hold_s),
            wallet: None,
            method: None,
            paid_at: None,
            refunded: Decimal::ZERO,
        }
    }

    fn sale(&mut self, order: i64) -> &mut Sale {
        self.sales.get_mut(&order).unwrap_or_else(|| panic!("order {order} was never placed"))
    }

    /// Whatever enters `earned` pays `owed` first.
    fn credit_earned(&self, person: i64, amount: Decimal, sheet: &mut Sheet) {
        let pays = amount.min(self.has(person, Own::Owed));
        sheet.credit(of(person, Own::Owed), pays);
        sheet.credit(of(person, Own::Earned), amount - pays);
    }

    fn set_aside(&mut self, order: i64, credit: Decimal, earned: Decimal, sheet: &mut Sheet) {
        let sale = self.sale(order);
        sale.wallet = Some((credit, earned));
        sheet.debit(of(sale.buyer, Own::Credit), credit);
        sheet.debit(of(sale.buyer, Own::Earned), earned);
        sheet.credit(of(sale.buyer, Own::Reserved), credit + earned);
    }

    fn given_back(&mut self, order: i64, sheet: &mut Sheet) {
        let sale = self.sale(order);
        let (buyer, (credit, earned)) = (sale.buyer, sale.wallet.take().unwrap_or_default());
        sheet.debit(of(buyer, Own::Reserved), credit + earned);
        sheet.credit(of(buyer, Own::Credit), credit);
        self.credit_earned(buyer, earned, sheet);
    }

    fn paid(&mut self, order: i64, method: Method, wallet: Option<(Decimal, Decimal)>, at: DateTime<Utc>, sheet: &mut Sheet) {
        let sale = self.sale(order);
        sale.method = Some(method);
        sale.paid_at = Some(at);
        if let Some((credit, earned)) = wallet {
            sale.wallet = Some((credit, earned));
            sheet.debit(of(sale.buyer, Own::Credit), credit);
            sheet.debit(of(sale.buyer, Own::Earned), earned);
        } else {
            sheet.debit(of(sale.buyer, Own::Reserved), sale.wallet_part());
            sheet.debit(clearing(method), sale.due());
        }
        sheet.credit(Shop::Sales, sale.price);
        sheet.debit(Shop::CostOfSales, sale.cost);
        sheet.credit(Shop::Supplier, sale.cost);
        let sale = sale.clone();
        let sold = |(other, before): &(&i64, &Sale)| {
            **other != order && before.buyer == sale.buyer && before.paid_at.is_some() && before.refunded < before.price
        };
        let before = self.sales.iter().filter(sold).count();
        if self.programme.sales.is_some_and(|most| before >= most as usize) {
            return;
        }
        let first = self.referrer.get(&sale.buyer).copied().flatten();
        let second = first.and_then(|first| self.referrer.get(&first).copied().flatten());
        for (level, person, percent) in [(1, first, sale.percent[0]), (2, second, sale.percent[1])] {
            let Some(person) = person else { continue };
            let amount = share(sale.price, sale.cost, percent).min(self.room(person, sale.buyer, at));
            if amount.is_zero() {
                continue;
            }
            sheet.debit(Shop::Commission, amount);
            sheet.credit(of(person, Own::Held), amount);
            let release_at = at + sale.hold;
            let reversed = Decimal::ZERO;
            self.commissions
                .push(Commission { order, level, person, amount, reversed, release_at, released: false, buyer: sale.buyer, at });
        }
    }

    /// What the limits leave a person to earn by a friend at a moment; days are those of India.
    fn room(&self, person: i64, friend: i64, at: DateTime<Utc>) -> Decimal {
        let day = |at: DateTime<Utc>| (at + TimeDelta::minutes(330)).date_naive();
        let has = |counts: &dyn Fn(&Commission) -> bool| -> Decimal {
            self.commissions.iter().filter(|c| c.person == person && counts(c)).map(|c| c.amount - c.reversed).sum()
        };
        let left = |cap: Option<u32>, has: Decimal| cap.map_or(Decimal::MAX, |cap| (Decimal::from(cap) - has).max(Decimal::ZERO));
        left(self.programme.day, has(&|c| day(c.at) == day(at))).min(left(self.programme.friend, has(&|c| c.buyer == friend)))
    }

    fn released(&mut self, person: i64, at: DateTime<Utc>, sheet: &mut Sheet) {
        let due = self.due_to(person, at);
        sheet.debit(of(person, Own::Held), due);
        self.credit_earned(person, due, sheet);
        self.commissions.iter_mut().filter(|c| c.person == person && c.release_at <= at).for_each(|c| c.released = true);
    }

    /// From hold while that commission is on hold, else from what is earned as far as it goes, the rest is owed.
    fn claw_back(&mut self, commission: usize, amount: Decimal, sheet: &mut Sheet) {
        let Commission { person, released, .. } = self.commissions[commission];
        self.commissions[commission].reversed += amount;
        sheet.credit(Shop::Commission, amount);
        if released {
            let from_earned = amount.min(self.has(person, Own::Earned));
            sheet.debit(of(person, Own::Earned), from_earned);
            sheet.debit(of(person, Own::Owed), amount - from_earned);
        } else {
            sheet.debit(of(person, Own::Held), amount);
        }
    }

    /// The price lies in layers, each as it came; what is given back is taken off from above: what came from outside, what was earned, credit.
    fn refunded(&mut self, order: i64, amount: Decimal, outside: bool, sheet: &mut Sheet) {
        let sale = self.sale(order);
        let (credit, earned) = sale.wallet.unwrap_or_default();
        let (before, after) = (sale.refunded, sale.refunded + amount);
        sale.refunded = after;
        let sale = sale.clone();
        let mut top = Decimal::ZERO;
        let mut taken = |layer: Decimal| {
            let (from, to) = (top, top + layer);
            top = to;
            (after.min(to) - before.max(from)).max(Decimal::ZERO)
        };
        let (from_outside, from_earned, from_credit) = (taken(sale.due()), taken(earned), taken(credit));
        sheet.debit(Shop::Refunds, amount);
        sheet.credit(of(sale.buyer, Own::Credit), from_credit);
        self.credit_earned(sale.buyer, from_earned, sheet);
        let back = match sale.method {
            _ if !outside => of(sale.buyer, Own::Credit),
            Some(Method::Gateway) => Shop::GatewayClearing.into(),
            _ => of(sale.buyer, Own::Refunding),
        };
        sheet.credit(back, from_outside);
        for at in 0..self.commissions.len() {
            let commission = &self.commissions[at];
            if commission.order == order {
                let percent = sale.percent[usize::from(commission.level == 2)];
                let left = commission.amount - commission.reversed;
                let keeps = share(sale.price - after, sale.cost, percent);
                self.claw_back(at, (left - keeps).max(Decimal::ZERO), sheet);
            }
        }
    }
}

fn clearing(method: Method) -> AccountId {
    match method {
        Method::Gateway | Method::Stars => Shop::GatewayClearing.into(),
        Method::Upi | Method::Wallet => Shop::UpiClearing.into(),
    }
}
