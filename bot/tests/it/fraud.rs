//! Fraud in the chat: cards and what staff do with them, the queue, what the people see and say.

use crate::world::{GROUP, World, quoted};
use mela_core::audit::Actor;
use mela_core::fraud;
use mela_core::users;
use mela_sandbox::{Person, Seen};

/// Asks for a withdrawal of ₹500 to a UPI id; answers its `W-…`.
async fn ask(person: &Person, vpa: &str) -> String {
    person.send("/withdraw");
    person.expect(&["UPI"]).await;
    person.send(vpa);
    person.expect(&["amount"]).await;
    person.send("500");
    person.expect(&["Confirm"]).await;
    person.press("Confirm");
    quoted(&person.expect(&["W-", "₹500"]).await, "W-")
}

/// A shop in which only these rules look: what others find has stories of its own.
async fn shop(rules: &[&str]) -> World {
    const ALL: [&str; 12] = [
        "DUPLICATE_UPI",
        "DUPLICATE_DEVICE",
        "DUPLICATE_IP",
        "LOW_CONVERSION",
        "RAPID_SIGNUPS",
        "SELF_REFERRAL",
        "REUSED_UTR",
        "REUSED_SCREENSHOT",
        "INSTANT_BUYERS",
        "ONE_PAYER",
        "RING",
        "REFUND_AFTER_RELEASE",
    ];
    let off: Vec<String> = ALL.iter().filter(|rule| !rules.contains(rule)).map(|rule| format!("MELA_FRAUD__{rule}")).collect();
    World::with(&off.iter().map(|name| (name.as_str(), "off")).collect::<Vec<_>>()).await
}

/// All that the admin chat is shown until everything that must be told is told.
async fn shown(world: &World) -> Vec<Seen> {
    world.all_told().await;
    let mut seen = Vec::new();
    while world.sandbox.unread().iter().any(|unread| unread.chat_id == GROUP) {
        seen.push(world.admins.next().await);
    }
    seen
}

/// The last of what was shown that has all of these parts.
fn last<'a>(seen: &'a [Seen], parts: &[&str]) -> &'a Seen {
    let found = seen.iter().rfind(|seen| parts.iter().all(|part| seen.to_string().contains(part)));
    found.unwrap_or_else(|| panic!("no {parts:?} in {seen:#?}"))
}

/// As many messages as are wanted, in whichever order they come: each wanted one has all of its parts.
async fn all(mut next: impl AsyncFnMut() -> Seen, wanted: &[&[&str]]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for _ in wanted {
        seen.push(next().await);
    }
    let found = |parts: &[&str]| seen.iter().find(|seen| parts.iter().all(|part| seen.to_string().contains(part)));
    wanted.iter().map(|parts| found(parts).unwrap_or_else(|| panic!("no {parts:?} in {seen:#?}")).clone()).collect()
}

/// Raises a flag by hand; answers its `F-…` and its card.
async fn flag(world: &World, id: i64, reason: &str) -> (String, Seen) {
    world.owner.send(&format!("/flag {id} {reason}"));
    let card: &[&str] = &["manual", reason, "Block", "Dismiss", "Ask the person", "Tree"];
    let seen = all(async || world.admins.next().await, &[&["on hold until it is decided"], card]).await;
    (quoted(&seen[0], "F-"), seen[1].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn put_on_hold_appealed_asked_answered_and_dismissed() {
    let world = shop(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let (code, card) = flag(&world, 1, "seen selling <logins>").await;
    assert!(
        card.text.contains("Holds all that they have: ₹504") && card.text.contains("1 friend") && card.text.contains("(1 day ago)"),
        "{}",
        card.text
    );
    assert!(!card.buttons.iter().flatten().any(|b| b.caption.contains("Take back")), "no single commission is held");
    asha.expect(&["being checked", &code, "staff are looking", "Appeal", "Wallet"]).await;
    asha.send("/withdraw");
    asha.expect(&["Nothing can be withdrawn now", "staff are looking", &code, "Appeal", "Back"]).await;
    asha.send("/earnings");
    asha.expect(&["₹28", "Being checked"]).await;
    asha.send("/wallet");
    let wallet = asha.expect(&["withdrawable: ₹504", "Being checked", &code, "Appeal"]).await;
    // The longest reason is shown as far as there is room.
    world.owner.send(&format!("/flag 1 {}", "é".repeat(501)));
    world.admins.expect(&["1 to 500 characters"]).await;
    // To buy is nobody's to forbid.
    world.order(&asha).await;

    asha.press_on(wallet.message_id, "Appeal");
    asha.expect(&["What should we know", &code, "/cancel"]).await;
    asha.send_sticker();
    asha.expect(&["at most 1000"]).await;
    asha.send(&"x".repeat(1_001));
    asha.expect(&["at most 1000"]).await;
    asha.send("It was my <brother>");
    asha.expect(&["Thank you", &code]).await;
    world.admins.expect(&[&code, "💬 Asha", "It was my <brother>", "Dismiss"]).await;

    world.owner.press_on(card.message_id, "Ask the person");
    world.admins.expect(&["what do you ask Asha", &code]).await;
    world.owner.send(&"?".repeat(1_001));
    world.admins.expect(&["at most 1000"]).await;
    world.owner.send("What is his name?");
    world.admins.expect(&["❓ Meera asked Asha", "What is his name?"]).await;
    world.admins.expect(&["the answer comes on the card"]).await;
    let question = asha.expect(&["❓", "What is his name?", &code, "Answer"]).await;
    asha.press_on(question.message_id, "Answer");
    asha.expect(&["What is his name?", "answer"]).await;
    asha.send("Ravi");
    asha.expect(&["Thank you"]).await;
    world.admins.expect(&["💬 Asha", "Ravi"]).await;

    world.owner.press_on(card.message_id, "Dismiss");
    let done = world.admins.expect(&["Dismissed by Meera", "what it held goes on", "/flag 1"]).await;
    assert_eq!((done.message_id, done.buttons.len()), (card.message_id, 1), "{done:?}");
    asha.expect(&["everything is fine", &code]).await;
    asha.press_on(question.message_id, "Answer");
    for (data, told) in [("1|fd|1", false), ("1|fbr|1|0", true), ("1|ftr|1|0", true), ("1|fbr|1|9", true)] {
        let press = world.owner.press_data(card.message_id, data);
        assert_eq!(world.owner.alert(&press).await.is_some(), told, "{data}");
    }
    assert_eq!(world.count("audit WHERE action LIKE 'fraud.%'").await, 3, "raised, asked, dismissed");
    assert_eq!(world.count("purse WHERE frozen").await, 0);
    // The card is drawn anew behind the press: what it shows must not be another sum by then.
    for _ in 0..200 {
        if world.count("notification WHERE sent_at IS NULL AND dropped IS NULL").await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let code = ask(&asha, "asha@okbank").await;
    world.admins.expect(&[&code, "Approve"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_withdraw_to_one_upi_id_and_are_blocked_for_a_reason() {
    let world = shop(&["DUPLICATE_UPI"]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let bina = world.joined(2, "Bina", None).await;
    world.earn(&bina, 18).await;
    let first = ask(&asha, "one@okbank").await;
    let card = world.admins.expect(&[&first, "Approve"]).await;
    assert!(!card.text.contains("Fraud score"), "{}", card.text);
    let second = ask(&bina, "one@okbank").await;
    let seen = shown(&world).await;
    let flagged = last(&seen, &["duplicate-upi", "Block"]);
    // The cards of both withdrawals say so, however early they were sent.
    for withdrawal in [&first, &second] {
        last(&seen, &[withdrawal, "Fraud score: ▰▰▰▰▰▰▱▱▱▱ 60 of 100", "duplicate-upi", "On hold", "🚩"]);
    }
    let code = quoted(flagged, "F-");
    for part in ["People: 2", "Shared: UPI ID for payouts", "Asha", "Bina", "Holds all that they have: ₹1,008"] {
        assert!(flagged.text.contains(part), "no {part} in {}", flagged.text);
    }
    assert!(!flagged.text.contains("one@okbank"));
    for person in [&asha, &bina] {
        let told = person.expect(&["being checked", &code]).await;
        assert!(!told.text.to_lowercase().contains("upi"), "no word of how it was found: {}", told.text);
    }
    // Nothing leaves while it is open; the card says why.
    let press = world.owner.press_on(card.message_id, "Approve");
    let alert = world.owner.alert(&press).await.unwrap();
    assert!(alert.contains(&code) && alert.contains("duplicate-upi"), "{alert}");
    assert_eq!(world.count("withdrawal WHERE state = 'asked'").await, 2);
    // Of two people it is chosen whom to ask, and nobody is.
    world.owner.press_on(flagged.message_id, "Ask the person");
    world.admins.expect(&["Asha (1)", "Bina (2)", "Back"]).await;
    world.owner.press_on(flagged.message_id, "Back");
    world.admins.expect(&["duplicate-upi", "Block"]).await;

    world.owner.press_on(flagged.message_id, "Block");
    world.admins.expect(&["several accounts of one person", "Other…", "Back"]).await;
    world.owner.press_on(flagged.message_id, "Other…");
    world.admins.expect(&["Meera", "why?", &code]).await;
    world.owner.send("one & the same person");
    let wanted: [&[&str]; 4] = [
        &["Blocked by Meera", "one & the same person", "/unblock"],
        &["done, see the card"],
        &[&first, "Rejected by Meera"],
        &[&second, "Rejected by Meera"],
    ];
    all(async || world.admins.next().await, &wanted).await;
    for (person, withdrawal) in [(&asha, &first), (&bina, &second)] {
        let wanted: [&[&str]; 2] = [
            &[withdrawal, "rejected", "one & the same person"],
            &["neither earns nor withdraws", &code, "one & the same person", "/support"],
        ];
        all(async || person.next().await, &wanted).await;
    }
    asha.send("/withdraw");
    asha.expect(&["Nothing can be withdrawn from this account", "one & the same person"]).await;
    let late = asha.press_data(asha.chat().last().unwrap().message_id, "1|apl|1");
    assert!(asha.alert(&late).await.unwrap().contains("decided"));
    world.owner.send("/tree 1");
    world.admins.expect(&["Asha", "Friends: 1"]).await;
    world.owner.send("/unblock 1");
    world.admins.expect(&["Asha (1) is unblocked"]).await;
    asha.expect(&["earns and withdraws again"]).await;
    asha.send("/withdraw");
    asha.expect(&["₹504", "UPI"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_and_dismissed_in_the_same_moment_one_wins_the_other_is_told() {
    let world = shop(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    let omar = world.person(901, "Omar").in_group(&world.admins);
    world.owner.send("/staff add 901 admin Omar");
    world.admins.expect(&["Omar", "admin"]).await;
    let (_, card) = flag(&world, 1, "looks odd").await;
    asha.expect(&["being checked"]).await;
    world.owner.send("/pending");
    world.admins.expect(&["Pending", "Fraud: something is on hold"]).await;
    let block = world.owner.press_data(card.message_id, "1|fbr|1|0");
    let dismiss = omar.press_data(card.message_id, "1|fd|1");
    let (a, b) = (world.owner.alert(&block).await, omar.alert(&dismiss).await);
    assert!(a.is_some() != b.is_some(), "exactly one is told that it was too late: {a:?} {b:?}");
    if a.is_none() {
        world.admins.expect(&["Blocked by Meera", "several accounts of one person"]).await;
        asha.expect(&["neither earns nor withdraws"]).await;
    } else {
        world.admins.expect(&["Dismissed by Omar"]).await;
        asha.expect(&["everything is fine"]).await;
        world.owner.send("/block 1 <still> odd");
        world.admins.expect(&["Asha (1) is blocked"]).await;
        asha.expect(&["neither earns nor withdraws", "<still> odd", "/support"]).await;
    }
    assert_eq!(world.count("users WHERE blocked_at IS NOT NULL").await, 1);
    assert_eq!(world.count("audit WHERE action IN ('fraud.blocked', 'fraud.dismissed')").await, 1);
    // A friend who joins by a blocked person's link is nobody's.
    world.joined(2, "Bina", Some(&world.link(&asha).await)).await;
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_paid_for_their_own_earnings_loses_those_and_no_others() {
    let world = shop(&["SELF_REFERRAL"]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let withdrawal = ask(&asha, "asha@okbank").await;
    world.admins.expect(&[&withdrawal, "Approve"]).await;
    let bina = world.joined(2, "Bina", Some(&world.link(&asha).await)).await;
    asha.expect(&["joined"]).await;
    let (order, card) = world.pay(&bina, "632512345678").await;
    // As a bank's statement tells it.
    world.sql("UPDATE payment SET payer = 'asha@okbank' WHERE utr = '632512345678'").await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    bina.expect(&[&order, "approved"]).await;
    asha.expect(&["₹28"]).await;
    while world.count("flag").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let seen = shown(&world).await;
    let card = last(&seen, &["self-referral", &order, "Holds 1 commission, ₹28", "Asha", "Bina", "beside it", "Take back"]);
    let code = quoted(card, "F-");
    last(&seen, &[&withdrawal, "60 of 100", &code]);
    asha.expect(&["being checked", "Purchases by your link need a look", &code]).await;
    asha.send("/wallet");
    asha.expect(&["on hold: ₹28", "Being checked: ₹28 of your earnings", &code, "Appeal"]).await;
    asha.send("/earnings");
    asha.expect(&["₹28 · level 1 · being checked", "Appeal"]).await;

    world.owner.press_on(card.message_id, "Take back");
    world.admins.expect(&["purchases by your link were your own", "Back"]).await;
    world.owner.press_on(card.message_id, "purchases by your link were your own");
    while world.count("flag WHERE state = 'open'").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let seen = shown(&world).await;
    last(&seen, &["Taken back by Meera", "purchases by your link were your own"]);
    assert!(!last(&seen, &[&withdrawal]).text.contains("60 of 100"));
    asha.expect(&["taken back", &code, "purchases by your link were your own"]).await;
    asha.send("/wallet");
    let wallet = asha.expect(&["on hold: ₹0", "being withdrawn: ₹500"]).await;
    assert!(!wallet.text.contains("Being checked"), "{}", wallet.text);
    assert_eq!(world.count("users WHERE blocked_at IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_its_filters_and_who_may_what() {
    let world = shop(&[]).await;
    let by = Actor { telegram_id: 900, name: "Meera".into() };
    world.owner.send("/fraud");
    world.admins.expect(&["Fraud", "Nothing here", "• Open", "Asked", "Decided", "Rule: every rule"]).await;
    for n in 1..=10 {
        let person = world.joined(n, &format!("Person {n}"), None).await;
        person.block_bot();
        while world.count(&format!("users WHERE telegram_id = {n} AND NOT reachable")).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let user = users::by_telegram_id(world.core.db(), n).await.unwrap().unwrap();
        fraud::raise_manual(&world.core, &user, &by, &format!("reason {n}")).await.unwrap().unwrap();
        world.admins.expect(&["manual", &format!("reason {n}")]).await;
    }
    let guest = world.person(77, "Guest").in_group(&world.admins);
    for command in ["/fraud", "/flag 1 x", "/block 1 x", "/unblock 1"] {
        guest.send(command);
        world.admins.expect(&["Only the shop's staff"]).await;
    }
    world.owner.send("/staff add 77 support Guest");
    world.admins.expect(&["support"]).await;
    guest.send("/fraud");
    let queue = world.admins.expect(&["newest first", "manual · Person 10", "Older"]).await;
    assert!(!queue.text.contains("Person 2 "));
    guest.press_on(queue.message_id, "Older");
    world.admins.expect(&["manual · Person 2", "manual · Person 1", "Newest"]).await;
    guest.press_on(queue.message_id, "Score only");
    world.admins.expect(&["Nothing here", "• ▫️ Score only"]).await;
    guest.press_on(queue.message_id, "Rule:");
    world.admins.expect(&["Which rule?", "duplicate-upi", "refund-after-release", "manual"]).await;
    guest.press_on(queue.message_id, "ring");
    world.admins.expect(&["ring", "Nothing here"]).await;
    // A forged view shows something harmless.
    guest.press_data(queue.message_id, "1|fq|9|255|9|-5");
    world.admins.expect(&["every rule", "manual · Person 10"]).await;
    guest.press_on(queue.message_id, "Person 10");
    let card = world.admins.expect(&["manual", "reason 10", "Block"]).await;
    for data in ["1|fd|10", "1|fb|10", "1|fbr|10|0", "1|fa|10", "1|ft|10"] {
        let press = guest.press_data(card.message_id, data);
        assert!(guest.alert(&press).await.unwrap().contains("role"), "{data}");
    }
    guest.send("/block 1 because");
    world.admins.expect(&["role does not allow"]).await;

    // Nobody can be asked who blocked the bot.
    let press = world.owner.press_on(card.message_id, "Ask the person");
    assert!(world.owner.alert(&press).await.unwrap().contains("cannot be reached"));
    world.owner.press_on(card.message_id, "Dismiss");
    world.admins.expect(&["Dismissed by Meera"]).await;
    world.owner.send("/fraud");
    let queue = world.admins.expect(&["manual · Person 9"]).await;
    world.owner.press_on(queue.message_id, "Decided");
    world.admins.expect(&["✅", "manual · Person 10"]).await;
    world.owner.send("/fraud 3");
    world.admins.expect(&["Person 3 (3)", "60 of 100", "On hold", "manual"]).await;
    world.owner.send(&format!("/fraud {}", quoted(&card, "F-").to_lowercase()));
    world.admins.expect(&["reason 10", "Dismissed by Meera"]).await;
    world.owner.send("/user 3");
    world.admins.expect(&["Person 3", "60 of 100"]).await;
    for (command, answer) in [
        ("/fraud 99", "nobody 99"),
        ("/fraud F-00000000", "no flag F-00000000"),
        ("/flag", "Use: /flag"),
        ("/flag 3", "Use: /flag"),
        ("/flag 99 x", "nobody 99"),
        ("/flag 3 reason 3", "on hold until it is decided"),
        ("/block 3", "Use: /block"),
        ("/block 3 not a customer", "Person 3 (3) is blocked"),
        ("/block 3 not a customer", "blocked already"),
        ("/unblock 3 now", "Use: /unblock"),
        ("/unblock 3", "is unblocked"),
        ("/unblock 3", "is not blocked"),
    ] {
        world.owner.send(command);
        world.admins.expect(&[answer]).await;
    }
    assert_eq!(world.count("flag").await, 10, "the same words again are the same flag");
    world.ends_well().await;
}
