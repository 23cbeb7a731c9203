//! What people, staff and time do to the shop, as values: a verb with its arguments, so that the same can be done again.

use crate::shop::{admin, own_vpa, vpa};
use mela_core::Core;
use mela_core::audit::Actor;
use mela_core::commissions::{self, Commission};
use mela_core::credits::{self, BankCredit, For};
use mela_core::db::{Applied, Transient};
use mela_core::ledger::movements::{Adjustable, Bill};
use mela_core::money::Rupees;
use mela_core::orders::{self, Order};
use mela_core::payments::{self, Incoming, Method, Payment, Proof};
use mela_core::refunds::{self, Payout, Refund, To};
use mela_core::users::{self, Sender, User, UserId};
use mela_core::withdrawals::{self, Withdrawal};
use mela_core::{settings, treasury};
use std::fmt::Debug;
use std::sync::Arc;

/// One verb, ready to be called.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Join {
        number: i64,
        inviter: Option<Arc<User>>,
    },
    Place {
        buyer: Arc<User>,
        plan: &'static str,
    },
    Prove {
        order: Arc<Order>,
        utr: String,
        key: String,
    },
    /// A gateway's money for an order.
    Receive {
        order: Arc<Order>,
        amount: Rupees,
        key: String,
    },
    PayFromWallet {
        buyer: Arc<User>,
        order: Arc<Order>,
        key: String,
    },
    SetAside {
        order: Arc<Order>,
        amount: Rupees,
    },
    Cancel {
        order: Arc<Order>,
    },
    Deliver {
        order: i64,
    },
    Confirm {
        payment: i64,
    },
    Reject {
        payment: i64,
    },
    Wait {
        minutes: i64,
    },
    Expire {
        limit: u64,
    },
    Release {
        people: u64,
    },
    Ask {
        person: Arc<User>,
        amount: Rupees,
        key: String,
    },
    Approve {
        withdrawal: i64,
    },
    Refuse {
        withdrawal: i64,
    },
    Pay {
        withdrawal: i64,
        utr: String,
    },
    Fail {
        withdrawal: i64,
    },
    ComeBack {
        withdrawal: i64,
    },
    Refund {
        order: i64,
        amount: Rupees,
        outside: bool,
        key: String,
    },
    SettleRefund {
        refund: i64,
        utr: Option<String>,
    },
    CancelCommission {
        commission: i64,
    },
    TopUp {
        person: UserId,
        amount: Rupees,
        method: Method,
        key: String,
    },
    See {
        bank_ref: String,
        amount: Rupees,
    },
    Assign {
        credit: i64,
        to: For,
        key: String,
    },
    Adjust {
        person: UserId,
        account: Adjustable,
        amount: Rupees,
        key: String,
    },
    Prize {
        person: UserId,
        amount: Rupees,
        key: String,
    },
    Remit {
        bill: Bill,
        amount: Rupees,
        reference: String,
    },
    SettleGateway {
        reference: String,
        net: Rupees,
        fees: Rupees,
    },
    OpenBooks {
        amount: Rupees,
    },
    Rates {
        level1: u32,
        level2: u32,
        hold_hours: u32,
    },
}

/// What a verb handed back.
#[derive(Debug, Clone)]
pub(super) enum Done {
    Person(Box<User>),
    Order(Box<Order>),
    Payment(Box<Payment>),
    Withdrawal(Box<Withdrawal>),
    Refund(Box<Refund>),
    Commission(Box<Commission>),
    Credit(Box<BankCredit>),
    /// The id of a row that is known by nothing else.
    Row(i64),
    /// How much was released.
    Released(Rupees),
    /// How many orders ended.
    Ended(usize),
    Nothing,
}

/// How a verb answers when the database is well.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    Now(Done),
    Already(Done),
    /// The business's own refusal, by its name.
    Refused(String),
}

impl Answer {
    pub(super) fn is_now(&self) -> bool {
        matches!(self, Self::Now(_))
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// The answer without its figures.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Now(_) => "Now".to_owned(),
            Self::Already(_) => "Already".to_owned(),
            Self::Refused(why) => why.clone(),
        }
    }
}

/// Success and the business's refusals are answers; what the database says is an error.
fn told<T, E: Transient + Debug>(result: Result<Applied<T>, E>, done: impl FnOnce(T) -> Done) -> Result<Answer, String> {
    match result {
        Ok(Applied::Now(row)) => Ok(Answer::Now(done(row))),
        Ok(Applied::Already(row)) => Ok(Answer::Already(done(row))),
        Err(error) if error.db().is_some() => Err(format!("{error:?}")),
        Err(error) => Ok(Answer::Refused(format!("{error:?}").chars().take_while(char::is_ascii_alphanumeric).collect())),
    }
}

fn order(row: Order) -> Done {
    Done::Order(Box::new(row))
}

fn payment(row: Payment) -> Done {
    Done::Payment(Box::new(row))
}

fn withdrawal(row: Withdrawal) -> Done {
    Done::Withdrawal(Box::new(row))
}

fn text(error: impl Debug) -> String {
    format!("{error:?}")
}

impl Deed {
    /// Does it; an error says nothing about what was done.
    pub(super) async fn perform(&self, core: &Core) -> Result<Answer, String> {
        let staff = &admin("Meera");
        match self {
            Self::Join { number, inviter } => {
                let sender = Sender { telegram_id: 1_000_000 + number, name: format!("Person {number}"), username: None, language: None };
                let before = users::by_telegram_id(core.db(), sender.telegram_id).await.map_err(text)?;
                let code = inviter.as_ref().map(|inviter| inviter.code.to_string());
                let arrival = users::arrive(core, &sender, code.as_deref(), *number).await.map_err(text)?;
                let person = Done::Person(Box::new(arrival.user));
                Ok(if before.is_some() { Answer::Already(person) } else { Answer::Now(person) })
            }
            Self::Place { buyer, plan } => told(orders::place(core, buyer, plan).await, order),
            Self::Prove { order, utr, key } => {
                let proof = Proof::Utr(utr.parse().map_err(text)?);
                told(payments::submit(core, order.buyer(), &order.code, &proof, key).await, payment)
            }
            Self::Receive { order, amount, key } => {
                let gateway = Some(("razorpay".to_owned(), key.clone()));
                let incoming = Incoming { method: Method::Gateway, amount: *amount, key: key.clone(), gateway, payer: None, credit: None };
                told(payments::receive(core, order.id, &incoming, &Actor::program("razorpay")).await, payment)
            }
            Self::PayFromWallet { buyer, order, key } => told(payments::pay_from_wallet(core, buyer, &order.code, key).await, payment),
            Self::SetAside { order: of, amount } => told(orders::set_aside(core, of.buyer(), &of.code, *amount).await, order),
            Self::Cancel { order: which } => told(orders::cancel(core, which.buyer(), &which.code).await, order),
            Self::Deliver { order: id } => told(orders::deliver(core, *id, staff).await, order),
            Self::Confirm { payment: id } => told(payments::confirm(core, *id, staff).await, payment),
            Self::Reject { payment: id } => told(payments::reject(core, *id, staff, "not seen").await, payment),
            Self::Wait { minutes } => {
                core.clock().advance(chrono::TimeDelta::minutes(*minutes));
                Ok(Answer::Already(Done::Nothing))
            }
            Self::Expire { limit } => told(orders::expire_due(core, *limit).await.map(Applied::Already), Done::Ended),
            Self::Release { people } => {
                let released = commissions::release_due(core, *people).await;
                told(released.map(|released| Applied::Already(released.unwrap_or_default())), |released| Done::Released(released.amount))
            }
            Self::Ask { person, amount, key } => told(withdrawals::ask(core, person, &own_vpa(person), *amount, key).await, withdrawal),
            Self::Approve { withdrawal: id } => told(withdrawals::approve(core, *id, staff).await, withdrawal),
            Self::Refuse { withdrawal: id } => told(withdrawals::reject(core, *id, staff, "no").await, withdrawal),
            Self::Pay { withdrawal: id, utr } => told(withdrawals::pay(core, *id, staff, utr).await, withdrawal),
            Self::Fail { withdrawal: id } => told(withdrawals::fail(core, *id, staff, "no such UPI id").await, withdrawal),
            Self::ComeBack { withdrawal: id } => told(withdrawals::come_back(core, *id, staff, "account closed").await, withdrawal),
            Self::Refund { order, amount, outside, key } => {
                let to = if *outside { To::Outside(vpa()) } else { To::Wallet };
                let refunded = refunds::refund(core, *order, *amount, &to, staff, "a complaint", key).await;
                told(refunded, |refund| Done::Refund(Box::new(refund)))
            }
            Self::SettleRefund { refund: id, utr } => {
                let payout = utr.as_deref().map_or(Payout::Failed("no such UPI id"), Payout::Sent);
                told(refunds::settle(core, *id, staff, payout).await, |refund| Done::Refund(Box::new(refund)))
            }
            Self::CancelCommission { commission } => {
                told(commissions::cancel(core, *commission, staff, "fraud").await, |row| Done::Commission(Box::new(row)))
            }
            Self::TopUp { person, amount, method, key } => told(payments::top_up_wallet(core, *person, *amount, *method, key, staff).await, payment),
            Self::See { bank_ref, amount } => {
                told(credits::see(core, &credits::Seen::at_bank(bank_ref, *amount, "ASHA", core.now())).await, |credit| {
                    Done::Credit(Box::new(credit))
                })
            }
            Self::Assign { credit, to, key } => told(credits::assign(core, *credit, to, staff, key).await, |credit| Done::Credit(Box::new(credit))),
            Self::Adjust { person, account, amount, key } => {
                told(treasury::adjust(core, *person, *account, *amount, "put right", staff, key).await, Done::Row)
            }
            Self::Prize { person, amount, key } => told(treasury::give_prize(core, *person, *amount, "a draw", staff, key).await, Done::Row),
            Self::Remit { bill, amount, reference } => told(treasury::remit(core, *bill, *amount, reference, staff).await, Done::Row),
            Self::SettleGateway { reference, net, fees } => told(treasury::settle_gateway(core, reference, *net, *fees).await, Done::Row),
            // It does not tell which call did it.
            Self::OpenBooks { amount } => told(treasury::open_books(core, *amount, staff).await.map(Applied::Already), |()| Done::Nothing),
            Self::Rates { level1, level2, hold_hours } => {
                let tx = core.begin().await.map_err(text)?;
                let rates = [("level1_percent", level1.to_string()), ("level2_percent", level2.to_string()), ("hold", format!("{hold_hours}h"))];
                for (key, value) in rates {
                    let key = format!("commissions.{key}");
                    settings::set(core.settings_store(), &tx, core.now(), 1, &key, &value).await.map_err(text)?;
                }
                tx.commit().await.map_err(text)?;
                core.settings_store().refresh(core.db()).await.map_err(text)?;
                Ok(Answer::Already(Done::Nothing))
            }
        }
    }

    /// What an answer `Now` promises: a line of [`super::replay::PROMISED`] that is there from then on, for ever.
    pub(super) fn promise(&self, done: &Done) -> Option<String> {
        let settled = |id: &i64| format!("withdrawal:{id}:settled");
        Some(match (self, done) {
            (Self::Join { .. }, Done::Person(person)) => format!("joined {}", person.id),
            (Self::Place { .. }, Done::Order(order)) => format!("placed {}", order.id),
            (Self::Prove { key, .. }, _) => format!("proved {key}"),
            (Self::PayFromWallet { order, .. } | Self::Receive { order, .. }, _) => format!("order:{}:paid", order.id),
            (Self::Confirm { .. }, Done::Payment(payment)) => format!("order:{}:paid", payment.order_id?),
            (Self::SetAside { order, .. }, _) => format!("order:{}:reserved", order.id),
            (Self::Reject { payment }, _) => format!("rejected {payment}"),
            (Self::Deliver { order }, _) => format!("delivered {order}"),
            (Self::Ask { .. }, Done::Withdrawal(row)) => format!("withdrawal:{}:asked", row.id),
            (Self::Approve { withdrawal }, _) => format!("approved {withdrawal}"),
            (Self::Refuse { withdrawal } | Self::Fail { withdrawal } | Self::Pay { withdrawal, .. }, _) => settled(withdrawal),
            (Self::ComeBack { withdrawal }, _) => format!("withdrawal:{withdrawal}:returned"),
            (Self::Refund { .. }, Done::Refund(refund)) => format!("refund:{}", refund.id),
            (Self::SettleRefund { refund, .. }, _) => format!("refund:{refund}:settled"),
            (Self::CancelCommission { commission }, _) => format!("commission:{commission}:cancelled"),
            (Self::TopUp { key, .. }, _) => format!("payment:{key}"),
            (Self::See { bank_ref, .. }, _) => format!("credit:{bank_ref}"),
            (Self::Assign { key, .. }, _) => format!("assigned {key}"),
            (Self::Adjust { .. }, Done::Row(id)) => format!("staff:{id}"),
            (Self::Prize { .. }, Done::Row(id)) => format!("prize:{id}"),
            (Self::Remit { .. }, Done::Row(id)) => format!("remittance:{id}"),
            (Self::SettleGateway { .. }, Done::Row(id)) => format!("settlement:{id}"),
            // Waits, sweeps and cancelled orders, which a late proof opens again, leave nothing that is theirs for ever.
            _ => return None,
        })
    }

    /// The key that it came with, which after a refusal must be nowhere.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::Prove { key, .. }
            | Self::Receive { key, .. }
            | Self::PayFromWallet { key, .. }
            | Self::Ask { key, .. }
            | Self::Refund { key, .. }
            | Self::TopUp { key, .. }
            | Self::Assign { key, .. }
            | Self::Adjust { key, .. }
            | Self::Prize { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether, once done or found done, it can never be done again, whatever others do meanwhile.
    pub(super) fn is_final(&self) -> bool {
        !matches!(self, Self::Place { .. } | Self::Cancel { .. })
    }

    /// The same key or reference with other figures, and how that is refused.
    pub(super) fn with_other_figures(&self) -> Option<(Self, &'static str)> {
        let mut other = self.clone();
        let (figure, why) = match &mut other {
            Self::TopUp { amount, .. } | Self::Receive { amount, .. } => (amount, "Decided"),
            Self::See { amount, .. } => (amount, "OtherAmount"),
            Self::Refund { amount, .. }
            | Self::Prize { amount, .. }
            | Self::Remit { amount, .. }
            | Self::SettleGateway { net: amount, .. }
            | Self::Adjust { account: Adjustable::Credit, amount, .. } => (amount, "Another"),
            Self::Assign { to, .. } => (&mut to.sent_back, "Another"),
            _ => return None,
        };
        // Away from nothing, so that it is an amount still.
        *figure = if *figure < Rupees::ZERO { *figure + *figure } else { *figure + Rupees::whole(1) };
        Some((other, why))
    }
}
