//! A town: people who join, buy, verify, withdraw and are refunded by the program's own verbs, by a clock that is moved, and from a seed.

use crate::bed::{Bed, figure};
use crate::wrong;
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::audit::Actor;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::sql;
use mela_core::orders::{self, Order};
use mela_core::payments::{self, Incoming, Method, Proof};
use mela_core::refunds::{self, To};
use mela_core::settings::{Layers, Store};
use mela_core::users::{self, Sender, User};
use mela_core::verification::{self, Seen};
use mela_core::{Core, commissions, fraud, ledger, withdrawals};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::FromQueryResult;
use std::collections::BTreeMap;
use std::path::Path;

/// How an order is paid.
#[derive(Debug, Clone)]
pub(super) enum Pays {
    /// Through a gateway, which tells whose UPI id paid.
    By(String),
    /// By UPI, with a bank reference that staff check: nobody knows who paid.
    Utr,
    /// The same with a screenshot of this file.
    Photo(String),
}

/// Somebody in the town.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user: User,
    /// Where they withdraw to.
    pub(super) vpa: String,
    /// By which they verify.
    pub(super) device: String,
    pub(super) address: String,
}

/// Some who belong together, and what they try; the honest try nothing.
#[derive(Debug)]
pub(super) struct Circle {
    pub(super) trick: &'static str,
    /// Those who withdraw what they get.
    pub(super) heads: Vec<Person>,
    /// The others.
    pub(super) others: Vec<Person>,
}

pub(super) struct Town {
    core: Core,
    pub(super) rng: StdRng,
    /// Honest people.
    pub(super) people: usize,
    number: i64,
    /// Those who are honest, then the rings.
    pub(super) circles: Vec<Circle>,
}

fn staff() -> Actor {
    Actor { telegram_id: 9_000, name: "Meera".to_owned() }
}

fn opening() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_243_800, 0).unwrap_or_default()
}

impl Town {
    pub(super) async fn open(bed: &Bed, seed: u64, people: usize) -> Result<Self, String> {
        bed.database("town").await?;
        let settings = Store::try_new(Layers::try_new(Path::new("/nowhere"), []).map_err(wrong)?).map_err(wrong)?;
        let core = Core::new(bed.pool("town", 8).await?, Clock::standing(opening()), Codes::seeded(seed), settings);
        Ok(Self { core, rng: StdRng::seed_from_u64(seed), people, number: 0, circles: Vec::new() })
    }

    pub(super) fn number(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    pub(super) fn wait(&self, seconds: i64) {
        self.core.clock().advance(TimeDelta::seconds(seconds));
    }

    /// Some time passes: up to so many seconds.
    pub(super) fn pass(&mut self, most: i64) {
        let seconds = self.rng.random_range(1..=most);
        self.wait(seconds);
    }

    /// Somebody new, with a phone, a UPI id and an address of their own.
    pub(super) async fn joins(&mut self, by: Option<&Person>) -> Result<Person, String> {
        let n = self.number();
        let sender = Sender { telegram_id: 5_000_000 + n, name: format!("Person {n}"), username: None, language: None };
        let code = by.map(|by| by.user.code.to_string());
        let user = users::arrive(&self.core, &sender, code.as_deref(), n).await.map_err(wrong)?.user;
        let (c, d) = (self.rng.random_range(0..=255), self.rng.random_range(1..=254));
        Ok(Person {
            user,
            vpa: format!("person{n}@ybl"),
            device: format!("device-of-person-{n:08}"),
            address: format!("49.{}.{c}.{d}", n % 200),
        })
    }

    /// An order of the one plan, paid and confirmed.
    pub(super) async fn buys(&mut self, who: &Person, pays: &Pays) -> Result<Order, String> {
        let order = orders::place(&self.core, &who.user, "combo-ott").await.map_err(wrong)?.into_inner();
        let n = self.number();
        let proof = match pays {
            Pays::By(payer) => {
                let incoming = Incoming {
                    method: Method::Gateway,
                    amount: order.price,
                    key: format!("razorpay:pay_{n}"),
                    gateway: Some(("razorpay".to_owned(), format!("pay_{n}"))),
                    payer: Some(payer.clone()),
                    credit: None,
                };
                payments::receive(&self.core, order.id, &incoming, &Actor::program("razorpay")).await.map_err(wrong)?;
                return Ok(order);
            }
            Pays::Utr => Proof::Utr(format!("6{n:011}").parse().map_err(wrong)?),
            Pays::Photo(file) => Proof::Photo { file_id: format!("{file}-{n}"), unique_id: file.clone(), sent_at: None },
        };
        self.wait(20);
        let payment = payments::submit(&self.core, who.user.user_id(), &order.code, &proof, &format!("tg:{n}")).await.map_err(wrong)?;
        // Staff believe what they see.
        payments::confirm(&self.core, payment.into_inner().id, &staff()).await.map_err(wrong)?;
        Ok(order)
    }

    /// The UTR of an order's payment.
    pub(super) async fn utr_of(&self, order: &Order) -> Result<String, String> {
        figure(self.core.db(), &format!("SELECT utr FROM payment WHERE order_id = {}", order.id)).await
    }

    /// A new order for which somebody sends this UTR first, which is refused, and then pays for it as they should.
    pub(super) async fn buys_after_sending(&mut self, who: &Person, utr: &str) -> Result<Order, String> {
        let order = orders::place(&self.core, &who.user, "combo-ott").await.map_err(wrong)?.into_inner();
        let proof = Proof::Utr(utr.parse().map_err(wrong)?);
        let n = self.number();
        if payments::submit(&self.core, who.user.user_id(), &order.code, &proof, &format!("tg:{n}")).await.is_ok() {
            return Err("a UTR was taken twice".to_owned());
        }
        self.wait(60);
        self.buys(who, &Pays::Utr).await
    }

    pub(super) async fn gives_back(&mut self, order: &Order) -> Result<(), String> {
        let n = self.number();
        refunds::refund(&self.core, order.id, order.price, &To::Wallet, &staff(), "does not work", &format!("press:{n}"))
            .await
            .map_err(wrong)?;
        Ok(())
    }

    /// What the jobs do: the rules look at what happened, and what is due is released.
    pub(super) async fn jobs(&self) -> Result<(), String> {
        while fraud::look_at_events(&self.core, 200).await.map_err(wrong)? > 0 {}
        while commissions::release_due(&self.core, 2_000).await.map_err(wrong)?.is_some() {}
        Ok(())
    }

    pub(super) async fn day_passes(&self) -> Result<(), String> {
        self.jobs().await?;
        self.wait(25 * 3_600);
        self.jobs().await
    }

    /// They open the verify page.
    pub(super) async fn verifies(&self, who: &Person) -> Result<(), String> {
        let address = who.address.parse::<std::net::IpAddr>().map_err(wrong)?;
        let seen = Seen { devices: vec![who.device.parse().map_err(wrong)?], address: Some(address.into()) };
        verification::verify(&self.core, who.user.telegram_id, &seen).await.map_err(wrong)?;
        Ok(())
    }

    /// Everybody who can withdraws everything, in turns; staff approve and pay what the program lets them.
    pub(super) async fn pay_everybody_out(&mut self) -> Result<(), String> {
        self.day_passes().await?;
        let everybody: Vec<Person> = self.circles.iter().flat_map(|circle| &circle.heads).cloned().collect();
        let mut asked = Vec::new();
        for person in &everybody {
            let standing = withdrawals::available(&self.core, person.user.user_id()).await.map_err(wrong)?;
            if standing.earned < mela_core::money::Rupees::whole(500) {
                continue;
            }
            self.pass(600);
            self.verifies(person).await?;
            let vpa = person.vpa.parse().map_err(wrong)?;
            let key = format!("draft:{}", self.number());
            // Whoever is on hold is refused.
            if let Ok(withdrawal) = withdrawals::ask(&self.core, &person.user, &vpa, standing.earned, &key).await {
                asked.push(withdrawal.into_inner().id);
            }
        }
        self.jobs().await?;
        for id in asked {
            self.wait(30);
            if withdrawals::approve(&self.core, id, &staff()).await.is_ok() {
                let utr = format!("PAYOUT{:012}", self.number());
                withdrawals::pay(&self.core, id, &staff(), &utr).await.map_err(wrong)?;
            }
        }
        let problems = ledger::proof(self.core.db()).await.map_err(wrong)?;
        if problems.is_empty() { Ok(()) } else { Err(format!("the books: {problems:?}")) }
    }

    /// Prints what was held of whom.
    pub(super) async fn judge(&self, seed: u64) -> Result<(), String> {
        #[derive(FromQueryResult)]
        struct Fate {
            held: bool,
            earned: bool,
            left: i64,
            rules: String,
        }
        let mut tricks: BTreeMap<&str, Judged> = BTreeMap::new();
        let mut named = Vec::new();
        for circle in &self.circles {
            let judged = tricks.entry(circle.trick).or_default();
            judged.circles += 1;
            judged.people += circle.heads.len() + circle.others.len();
            let (mut out, mut all_held) = (0, true);
            for (person, head) in circle.heads.iter().map(|person| (person, true)).chain(circle.others.iter().map(|person| (person, false))) {
                let fate = Fate::find_by_statement(sql(
                    "SELECT p.frozen OR EXISTS (SELECT FROM commission c WHERE c.beneficiary_id = p.user_id AND c.release_at > '2200-01-01') AS held,
                            EXISTS (SELECT FROM ledger.balance b WHERE b.account_id IN (p.user_id * 32 + 17, p.user_id * 32 + 18, p.user_id * 32 + 20) AND b.amount > 0) AS earned,
                            (SELECT coalesce(sum(amount), 0)::bigint FROM withdrawal w WHERE w.user_id = p.user_id AND w.state = 'paid') AS left,
                            coalesce((SELECT string_agg(DISTINCT f.rule, ' ') FROM flag_person fp JOIN flag f ON f.id = fp.flag_id
                                      WHERE fp.user_id = p.user_id AND fp.part <> 'seen' AND f.strong), '') AS rules
                     FROM purse p WHERE p.user_id = $1",
                    [person.user.id.into()],
                ))
                .one(self.core.db())
                .await
                .map_err(wrong)?
                .ok_or("nobody")?;
                out += fate.left;
                judged.held += usize::from(fate.held);
                if head {
                    all_held &= fate.held || !fate.earned;
                }
                for rule in fate.rules.split_whitespace() {
                    if !judged.rules.iter().any(|known| known == rule) {
                        judged.rules.push(rule.to_owned());
                    }
                }
                if fate.held && circle.trick == HONEST {
                    named.push(format!("{}: {}", person.user.name, fate.rules));
                }
            }
            judged.out += out;
            judged.stopped += usize::from(all_held && out == 0);
        }
        println!(
            "\nA town of {} honest people and {} rings, from seed {seed}:\n",
            self.people,
            tricks.iter().filter(|(t, _)| **t != HONEST).map(|(_, j)| j.circles).sum::<usize>()
        );
        println!("| trick | rings | people | stopped before money left | paid out | held people | rules |\n|---|---|---|---|---|---|---|");
        let (mut rings, mut stopped, mut guilty, mut innocent) = (0, 0, 0, (0, 0));
        for (trick, judged) in &tricks {
            let Judged { circles, people, stopped: held_rings, out, held, rules } = judged;
            if *trick == HONEST {
                innocent = (*held, *people);
                println!("| – honest people | – | {people} | – | ₹{out} | {held} | {} |", rules.join(", "));
                continue;
            }
            rings += circles;
            stopped += held_rings;
            guilty += held;
            println!("| {trick} | {circles} | {people} | {held_rings} | ₹{out} | {held} | {} |", rules.join(", "));
        }
        for name in named {
            println!("  held though honest: {name}");
        }
        let (held, people) = innocent;
        println!("\nrecall: {stopped} of {rings} rings stopped before a rupee left ({:.1} %)", percent(stopped, rings));
        println!("precision: {guilty} of {} held people belong to a ring ({:.1} %)", guilty + held, percent(guilty, guilty + held));
        println!(
            "honest people held: {held} of {people}, 1 in {} (goal: fewer than 1 in 200: {})",
            people.checked_div(held).map_or("∞".to_owned(), |n| n.to_string()),
            if held * 200 < people { "met" } else { "missed" }
        );
        Ok(())
    }
}

/// The trick of those who try none.
pub(super) const HONEST: &str = "";

#[derive(Default)]
struct Judged {
    circles: usize,
    people: usize,
    stopped: usize,
    out: i64,
    held: usize,
    rules: Vec<String>,
}

#[expect(clippy::cast_precision_loss, reason = "small numbers, for people to read")]
fn percent(part: usize, of: usize) -> f64 {
    if of == 0 { 100.0 } else { part as f64 * 100.0 / of as f64 }
}
