//! The main job, played end to end without a person: the real program in the sandbox, on a throw-away database. Every message
//! and figure that matters is asserted; the conversation is printed as each person sees it, and then the ledger.

use crate::app::App;
use crate::program::{self, Half, StartError};
use crate::run::sandboxed;
use crate::wire::Wire;
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::Core;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::sql;
use mela_core::embedded::{Cluster, Settings};
use mela_core::ledger;
use mela_core::settings::{Layers, Store};
use mela_core::shop::{self, Serves};
use mela_sandbox::{Group, Options, Person, Sandbox, Seen};
use sea_orm::ConnectionTrait;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Sales that the friend needs for the least withdrawal: 18 × ₹28 = ₹504.
const SALES: usize = 18;

/// Plays the story on a PostgreSQL of its own and prints it.
///
/// # Errors
/// The parts cannot start.
///
/// # Panics
/// A message or a figure is not what the story says.
pub async fn print() -> Result<(), StartError> {
    println!("Starting a throw-away PostgreSQL, the sandbox and the shop …");
    let cluster = Cluster::start(&Settings::throwaway(), |_| {}).await?;
    cluster.create_database("story").await?;
    let (sandbox, books) = play(&cluster.url("story")).await?;
    println!("{}", transcript(&sandbox, &books));
    println!("The story ends well: every message and every figure was as it should be.");
    sandbox.shutdown().await;
    cluster.stop().await;
    Ok(())
}

/// The conversation as each person sees it, and the books.
#[must_use]
pub fn transcript(sandbox: &Sandbox, books: &str) -> String {
    let mut text = String::new();
    let lines = sandbox.transcript();
    for chat in ["Ravi", "Asha", "Chitra", "Admins"] {
        text.push_str(&format!("\n──── what {chat} sees ────\n"));
        // That a screen was replaced by another is not told: both stand there.
        for line in lines.iter().filter(|line| line.chat == chat && !line.text.starts_with("(deleted)")) {
            let mut said = line.text.lines();
            text.push_str(&format!("{:>7} │ {}\n", line.from, said.next().unwrap_or_default()));
            for more in said {
                text.push_str(&format!("        │ {more}\n"));
            }
            if !line.buttons.is_empty() {
                text.push_str(&format!("        │ [{}]\n", line.buttons.join("] [")));
            }
        }
    }
    text.push_str(&format!("\n──── the ledger (debits less credits) ────\n{books}"));
    text
}

/// Plays the story on the empty database at `url`; answers the sandbox, and the books in words.
///
/// # Errors
/// The parts cannot start.
///
/// # Panics
/// A message or a figure is not what the story says.
pub async fn play(url: &str) -> Result<(Sandbox, String), StartError> {
    let stop = CancellationToken::new();
    let other = |e: &dyn std::fmt::Display| StartError::Other(e.to_string());
    // Time stands still but where the story moves it, and codes are drawn from a seed: every telling is the same.
    let begins: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().map_err(|e| other(&e))?;
    // The day's report comes when the machine's clock says: a story that is to be told alike has none.
    let play_values = [("MELA_JOBS__RELEASE_EVERY", "1s"), ("MELA_JOBS__NOTIFY_EVERY", "1s"), ("MELA_JOBS__REPORT_EVERY", "3650d")];
    let layers =
        Layers::try_new(Path::new("/nonexistent"), play_values.map(|(k, v)| (k.to_owned(), v.to_owned())))?.with_fallback(sandboxed::settings());
    let db = program::connect(url, 8, &stop, |why| println!("{why}")).await?;
    program::migrate(&db).await?;
    shop::take(&db, Serves::Sandbox).await?;
    let core = Core::new(db, Clock::standing(begins), Codes::seeded(2026), Store::try_new(layers)?);
    shop::seed(&core).await.map_err(|e| other(&e))?;

    let clock = core.clone();
    let options = Options { now: Arc::new(move || clock.now()), patience: Duration::from_secs(30), ..Options::default() };
    let sandbox = Sandbox::start(options).await.map_err(|e| other(&e))?;
    let admins = sandbox.group(sandboxed::GROUP, "Admins");
    let owner = sandbox.person(sandboxed::OWNER, "Meera");
    let _seat = owner.in_group(&admins);

    let wire = Wire::try_new(&sandbox.url(), &sandbox.token(), stop.clone()).map_err(|e| other(&e))?;
    let me = program::introduce(&wire, &sandbox.url(), &stop, |why| println!("{why}")).await?;
    let mut parts = program::spawn(&App::new(core.clone(), wire, me), Half::Both, &stop);

    tell(&core, &sandbox, &admins, &owner).await;

    let books = sandboxed::books_in_words(&core).await.map_err(|e| other(&e))?;
    stop.cancel();
    while parts.join_next().await.is_some() {}
    core.db().clone().close().await.map_err(|e| other(&e))?;
    Ok((sandbox, books))
}

/// Waits until the report's job has looked once, before any day is over: on a busy machine it starts late, and would tell of the day that the story lets pass.
async fn first_report(core: &Core) {
    let looked = "SELECT 1 FROM apalis.jobs WHERE job_type = 'mela.report' AND status = 'Done' LIMIT 1";
    for _ in 0..600 {
        if matches!(core.db().query_one_raw(sql(looked, [])).await, Ok(Some(_))) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The story itself.
async fn tell(core: &Core, sandbox: &Sandbox, admins: &Group, owner: &Person) {
    let seat = owner.in_group(admins);
    // A referrer starts the bot and takes their link; a friend joins by it, and a customer by the friend's.
    let ravi = sandbox.person(201, "Ravi");
    ravi.send("/start");
    ravi.expect(&["Hello Ravi", "Plans", "My orders", "Wallet", "Refer & earn", "Help"]).await;
    let ravis = link(&ravi).await;
    let asha = sandbox.person(202, "Asha");
    asha.send(&format!("/start {ravis}"));
    asha.expect(&["Hello Asha", "invited by Ravi"]).await;
    ravi.expect(&["Asha", "joined"]).await;
    let ashas = link(&asha).await;
    let chitra = sandbox.person(203, "Chitra");
    chitra.send(&format!("/start {ashas}"));
    chitra.expect(&["Hello Chitra", "invited by Asha"]).await;
    asha.expect(&["Chitra", "joined"]).await;

    // The customer orders, gets the UPI QR, and sends the UTR.
    chitra.press("Plans");
    chitra.expect(&["Combo OTT Plan", "₹135"]).await;
    chitra.press("Combo OTT Plan");
    chitra.expect(&["₹135", "30 days", "In stock", "Buy now"]).await;
    chitra.press("Buy now");
    let payment = chitra.expect(&["O-", "₹135", "mela-sandbox@upi", "30 min", "I have paid", "Copy UPI ID", "Cancel order"]).await;
    assert!(payment.photo, "the payment screen is a photo of the UPI QR");
    chitra.press("I have paid");
    chitra.expect(&["UTR"]).await;
    chitra.send("632512345678");
    chitra.expect(&["being checked"]).await;

    // An admin approves; the customer, the friend and the referrer are told.
    admins.expect(&["O-", "Chitra", "₹135", "632512345678", "Approve", "Reject"]).await;
    seat.press("Approve");
    admins.expect(&["Approved by Meera", "Deliver"]).await;
    chitra.expect(&["₹135", "approved"]).await;
    asha.expect(&["₹28", "on hold", "22 Nov 2026, 11:00 IST"]).await;
    ravi.expect(&["₹9", "on hold", "22 Nov 2026, 11:00 IST"]).await;

    // What was bought is delivered by hand, protected, to the buyer only.
    seat.press("Deliver");
    admins.expect(&["Meera", "send what the customer gets"]).await;
    seat.send("Login: combo-7 · Password: play-money");
    chitra.expect(&["Combo OTT Plan", "below"]).await;
    let delivered = chitra.expect(&["Login: combo-7"]).await;
    assert!(delivered.protected, "what was bought cannot be forwarded");
    admins.expect(&["Delivered 21 Nov 2026"]).await;
    admins.expect(&["is delivered"]).await;

    // Twenty-four hours pass; the job releases both.
    wallet(&asha, "₹0", "₹28", "₹0").await;
    first_report(core).await;
    core.clock().advance(TimeDelta::hours(24));
    asha.expect(&["₹28", "withdrawable"]).await;
    ravi.expect(&["₹9", "withdrawable"]).await;
    wallet(&asha, "₹28", "₹0", "₹0").await;
    asha.send("/withdraw");
    asha.expect(&["₹500", "₹472 is missing"]).await;

    more_sales(sandbox, admins, owner, &ashas, [&asha, &ravi]).await;
    core.clock().advance(TimeDelta::hours(24));
    asha.expect(&["₹476", "withdrawable"]).await;
    ravi.expect(&["₹153", "withdrawable"]).await;

    withdraw(&asha, admins, &seat).await;

    let unexpected = sandbox.unread();
    assert!(unexpected.is_empty(), "messages that the story does not expect: {unexpected:#?}");
    let problems = ledger::proof(core.db()).await;
    assert_eq!(problems, Ok(vec![]), "the proof is empty");
    let sum: mela_core::money::Rupees = ledger::trial_balance(core.db()).await.unwrap_or_default().iter().map(|line| line.amount).sum();
    assert_eq!(sum, mela_core::money::Rupees::ZERO, "the trial balance is zero");
}

/// The start parameter of a person's own link, as the bot shows it.
async fn link(person: &Person) -> String {
    person.press("Refer & earn");
    let screen = person.expect(&["https://t.me/", "?start=ref_", "Joined: 0", "Share"]).await;
    let code: String = screen
        .text
        .split("?start=")
        .nth(1)
        .unwrap_or_default()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    assert_eq!(code.len(), "ref_".len() + 8, "a code of eight characters: {code}");
    code
}

async fn wallet(person: &Person, withdrawable: &str, held: &str, withdrawing: &str) {
    person.send("/wallet");
    let figures = [format!("Withdrawable: {withdrawable}\n"), format!("On hold: {held}\n"), format!("Being withdrawn: {withdrawing}")];
    person.expect(&[&figures[0], &figures[1], &figures[2]]).await;
}

/// Seventeen more customers join by the friend's link and buy.
async fn more_sales(sandbox: &Sandbox, admins: &Group, owner: &Person, link: &str, referrers: [&Person; 2]) {
    let seat = owner.in_group(admins);
    for number in 1..SALES {
        let customer = sandbox.person(300 + i64::try_from(number).unwrap_or_default(), &format!("Customer {number}"));
        customer.send(&format!("/start {link}"));
        customer.expect(&["invited by Asha"]).await;
        customer.send("/start plan_combo-ott");
        customer.expect(&["Combo OTT Plan"]).await;
        customer.press("Buy now");
        customer.expect(&["₹135"]).await;
        customer.send(&format!("6325{number:08}"));
        customer.expect(&["being checked"]).await;
        let card = admins.expect(&["₹135", &format!("6325{number:08}")]).await;
        seat.press_on(card.message_id, "Approve");
        admins.expect(&["Approved by Meera"]).await;
        customer.expect(&["approved"]).await;
    }
    // Notices that piled up came as one; together they tell of every sale.
    let [asha, ravi] = referrers;
    told(asha, SALES - 1, "joined", "₹28").await;
    told(ravi, 0, "", "₹9").await;
}

/// Reads what a referrer is told until it amounts to seventeen sales, and so many people joined.
async fn told(person: &Person, joined: usize, joined_word: &str, each: &str) {
    let (mut people, mut sales) = (0, 0);
    while people < joined || sales < SALES - 1 {
        let seen = person.next().await;
        let count = leading_number(&seen);
        if joined > 0 && seen.text.contains(joined_word) {
            people += count.unwrap_or(1);
        } else if let Some(count) = count {
            sales += count;
        } else {
            assert!(seen.text.contains(each), "a sale earns {each}: {seen}");
            sales += 1;
        }
    }
    assert_eq!((people, sales), (joined, SALES - 1));
}

/// The number that a message begins with, behind its emoji.
fn leading_number(seen: &Seen) -> Option<usize> {
    seen.text.split_whitespace().nth(1)?.parse().ok()
}

/// The friend withdraws all of it; an admin approves and marks it paid.
async fn withdraw(asha: &Person, admins: &Group, seat: &mela_sandbox::Member) {
    asha.send("/withdraw");
    asha.expect(&["₹504", "UPI"]).await;
    asha.send("asha@gmail.com");
    asha.expect(&["e-mail"]).await;
    asha.send("Asha.k@OKBANK");
    asha.expect(&["asha.k@okbank", "amount", "Withdraw all"]).await;
    asha.send("500.555");
    asha.expect(&["two decimals"]).await;
    asha.press("Withdraw all");
    asha.expect(&["₹504", "asha.k@okbank", "Confirm"]).await;
    asha.press("Confirm");
    asha.expect(&["W-", "₹504"]).await;
    wallet(asha, "₹0", "₹0", "₹504").await;
    let card = admins.expect(&["W-", "Asha", "₹504", "asha.k@okbank", "Lifetime earnings: ₹504", "Approve"]).await;
    seat.press_on(card.message_id, "Approve");
    admins.expect(&["Approved by Meera", "Mark paid", "Could not pay"]).await;
    asha.expect(&["₹504", "approved"]).await;
    seat.press_on(card.message_id, "Mark paid");
    admins.expect(&["Meera", "UTR of the payout"]).await;
    seat.send("632698765432");
    admins.expect(&["Paid by Meera", "632698765432"]).await;
    admins.expect(&["is marked paid"]).await;
    asha.expect(&["₹504", "paid", "632698765432"]).await;
    wallet(asha, "₹0", "₹0", "₹0").await;
}
