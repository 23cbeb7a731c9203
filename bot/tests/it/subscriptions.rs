//! What a person has, as they see it: until when, renewed in two presses, reminded, renewed by itself.

use crate::world::{OWNER, World, quoted};
use chrono::TimeDelta;
use mela_core::audit::Actor;
use mela_core::credentials::{self, Account, Secret};
use mela_core::ledger::movements::Adjustable;
use mela_core::money::Rupees;
use mela_core::{catalog, treasury, users};
use mela_sandbox::Person;

/// A shop whose plan is delivered from accounts of one slot each.
pub(crate) async fn stocked(variables: &[(&str, &str)], accounts: &[&str]) -> World {
    let key = "a1".repeat(32);
    let base = [("MELA_CREDENTIALS__KEY", key.as_str()), ("MELA_STOCK__LOW", "0"), ("MELA_JOBS__STOCK_EVERY", "1s")];
    let variables: Vec<_> = base.into_iter().chain(variables.iter().copied()).collect();
    let world = World::with(&variables).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    load(&world, accounts).await;
    world
}

pub(crate) async fn load(world: &World, accounts: &[&str]) {
    let plan = catalog::by_code(world.core.db(), "combo-ott").await.unwrap().unwrap();
    let account = |name: &&str| Account {
        secret: Secret {
            login: format!("{name}@example.com"),
            password: format!("Sesame-{name}"),
            profile: String::new(),
            pin: String::new(),
        },
        slots: 1,
        expires_on: None,
    };
    let accounts: Vec<_> = accounts.iter().map(account).collect();
    let by = Actor { telegram_id: OWNER, name: "Meera".into() };
    credentials::load(&world.core, &plan, &accounts, &by).await.unwrap();
}

async fn fill(world: &World, person: &Person, amount: u32) {
    let user = users::by_telegram_id(world.core.db(), person.id()).await.unwrap().unwrap();
    let by = Actor { telegram_id: OWNER, name: "Meera".into() };
    let key = format!("fill:{}:{amount}", person.id());
    treasury::adjust(&world.core, user.user_id(), Adjustable::Credit, Rupees::whole(amount), "a gift", &by, &key)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn renewed_in_two_presses_and_the_login_stays() {
    let world = stocked(&[], &["first", "second"]).await;
    let bina = world.joined(1, "Bina", None).await;
    bina.send("/subscriptions");
    bina.expect(&["My subscriptions", "Nothing yet", "Plans"]).await;
    world.buy(&bina, "632112345678").await;
    bina.expect(&["first@example.com"]).await;
    bina.send("/orders");
    bina.press(&{
        bina.expect(&["My subscriptions"]).await;
        "My subscriptions".to_owned()
    });
    bina.expect(&["Combo OTT Plan", "30 days left", "21 Dec 2026, 11:00 IST", "Show credentials", "Renew · ₹135", "Report a problem"])
        .await;
    bina.press("Show credentials");
    assert!(bina.expect(&["first@example.com"]).await.protected);

    bina.press("Renew · ₹135");
    let screen = bina.expect(&["O-", "₹135", "I have paid"]).await;
    assert!(screen.photo);
    let order = quoted(&screen, "O-");
    bina.send("/subscriptions");
    bina.expect(&["30 days left"]).await;
    bina.press("Renew · ₹135");
    let again = bina.expect(&[&order, "₹135"]).await;
    assert!(again.photo);
    bina.send("632112345679");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "A renewal", "Approve"]).await;
    bina.send("/subscriptions");
    bina.expect(&["30 days left"]).await;
    bina.press("Renew · ₹135");
    bina.expect(&[&order, "already being checked"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera", "Delivered"]).await;
    bina.expect(&[&order, "approved", "runs until 20 Jan 2027, 11:00 IST", "login stays the same"]).await;
    bina.press("📺 Show");
    bina.expect(&["60 days left", "Renewed: 1 ×"]).await;
    assert_eq!(world.count("slot WHERE order_id IS NOT NULL").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_a_list_and_a_strangers_press_changes_nothing() {
    let world = stocked(&[], &["first", "second", "third"]).await;
    let (bina, dev) = (world.joined(1, "Bina", None).await, world.joined(2, "Dev", None).await);
    for (n, login) in ["first@", "second@"].into_iter().enumerate() {
        world.buy(&bina, &format!("63211234567{n}")).await;
        bina.expect(&[login]).await;
    }
    bina.send("/subscriptions");
    let list = bina.expect(&["My subscriptions", "Combo OTT Plan · 30 days left"]).await;
    assert_eq!(list.buttons.iter().flatten().filter(|b| b.caption.contains("30 days left")).count(), 2);
    bina.press("30 days left");
    bina.expect(&["Report a problem", "Back"]).await;

    dev.send("/help");
    let place = dev.expect(&["/subscriptions"]).await.message_id;
    let alert = "No such subscription among yours.";
    for data in ["sub|1", "subc|1", "renew|1", "auto|1|true", "rep|1", "repf|1|0", "repo|1", "sub|99"] {
        let press = dev.press_data(place, &format!("1|{data}"));
        assert_eq!(dev.alert(&press).await.as_deref(), Some(alert), "{data}");
    }
    assert_eq!(world.count("orders WHERE renews IS NOT NULL").await, 0);
    assert_eq!(world.count("subscription WHERE auto_renew").await, 0);
    assert_eq!(world.count("ticket").await, 0);
    assert_eq!(world.count("reveal").await, 2);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminded_of_the_end_and_of_the_order_that_is_not_paid() {
    let world = World::with(&[("MELA_JOBS__REMIND_EVERY", "1s")]).await;
    let bina = world.joined(1, "Bina", None).await;
    world.buy(&bina, "632112345678").await;
    world.advance(TimeDelta::days(29));
    bina.expect(&["Combo OTT Plan", "ends tomorrow: 21 Dec 2026, 11:00 IST", "Renew"]).await;
    bina.press("Renew");
    let order = quoted(&bina.expect(&["O-", "₹135", "I have paid"]).await, "O-");
    world.advance(TimeDelta::minutes(20));
    bina.expect(&[&order, "expires at 20 Dec 2026, 11:30 IST", "Show payment"]).await;
    bina.press("Show payment");
    bina.expect(&[&order, "10 min"]).await;
    world.advance(TimeDelta::minutes(10));
    bina.expect(&[&order, "has expired unpaid"]).await;
    // At half past one at night nobody is reminded; at half past eight they are.
    world.advance(TimeDelta::hours(14));
    while world.count("notification WHERE kind = 'plan-ends' AND held AND sent_at IS NULL").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    bina.quiet(300).await;
    world.advance(TimeDelta::hours(7));
    bina.expect(&["ends today", "Renew"]).await;

    // Too late, or refunded, it is not renewed; not for sale, neither.
    world.advance(TimeDelta::days(40));
    bina.send("/subscriptions");
    let over = bina.expect(&["Combo OTT Plan", "ended"]).await;
    assert!(!over.buttons.iter().flatten().any(|b| b.caption.contains("Renew") || b.caption.contains("Report")));
    let press = bina.press_data(over.message_id, "1|renew|1");
    assert!(bina.alert(&press).await.unwrap().contains("too long ago"));
    let press = bina.press_data(over.message_id, "1|repf|1|0");
    assert!(bina.alert(&press).await.unwrap().contains("ended"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn renewed_from_the_wallet_by_itself_and_staff_know_what_to_deliver() {
    let world = World::with(&[("MELA_JOBS__REMIND_EVERY", "1s")]).await;
    let bina = world.joined(1, "Bina", None).await;
    world.buy(&bina, "632112345678").await;
    fill(&world, &bina, 100).await;
    bina.send("/subscriptions");
    bina.expect(&["Renew automatically: off"]).await;
    bina.press("Renew automatically: off");
    bina.expect(&["renewed from your wallet", "Renew automatically: on"]).await;
    world.advance(TimeDelta::days(29));
    bina.expect(&["ends tomorrow", "renewed from your wallet on that day"]).await;
    world.advance(TimeDelta::hours(22));
    bina.expect(&["₹135", "₹35", "is missing", "Renew"]).await;
    fill(&world, &bina, 40).await;
    world.advance(TimeDelta::days(1));
    world.admins.expect(&["A renewal", "paid from the wallet", "Deliver"]).await;
    bina.expect(&["approved", "runs until 21 Jan 2027", "paid from your wallet"]).await;
    bina.send("/wallet");
    bina.expect(&["To spend: ₹5\n"]).await;
    assert_eq!(world.count("payment WHERE method = 'wallet'").await, 1);
    world.ends_well().await;
}

/// A gift, paid; answers its order and the start parameter of its link.
async fn given(world: &World, giver: &Person, utr: &str) -> (String, String) {
    giver.send("/start plan_combo-ott");
    giver.expect(&["Add to cart"]).await;
    giver.press("Add to cart");
    giver.expect(&["To pay: ₹135", "Buy as a gift"]).await;
    giver.press("Buy as a gift");
    let order = quoted(&giver.expect(&["O-", "₹135", "I have paid"]).await, "O-");
    giver.send(utr);
    giver.expect(&["being checked"]).await;
    let card = world.admins.expect(&[utr, "A gift, not opened yet"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    giver.expect(&["approved", "is a gift", "The gift's link"]).await;
    giver.press("The gift's link");
    let shown = giver.expect(&["A gift that nobody has opened yet", "?start=gift_", "Share"]).await;
    assert!(!shown.buttons.iter().flatten().any(|b| b.caption.contains("Show credentials")));
    (order, quoted(&shown, "gift_"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gift_is_opened_by_its_link_once() {
    let world = stocked(&[], &["first", "second"]).await;
    let (bina, dev) = (world.joined(1, "Bina", None).await, world.joined(2, "Dev", None).await);
    let (order, link) = given(&world, &bina, "632112345678").await;
    bina.send(&format!("/start {link}"));
    bina.expect(&["This gift is from you"]).await;
    let esha = world.person(3, "Esha");
    esha.send(&format!("/start {}", link.to_lowercase()));
    esha.expect(&["Bina", "gave you", "Combo OTT Plan", "My subscriptions"]).await;
    assert!(esha.expect(&["first@example.com"]).await.protected);
    bina.expect(&["Esha", "opened your gift", &order]).await;
    dev.send(&format!("/start {link}"));
    dev.expect(&["Somebody else has opened this gift"]).await;
    dev.send("/start gift_nothing");
    dev.expect(&["no such gift"]).await;
    esha.send(&format!("/start {link}"));
    esha.expect(&["gave you"]).await;
    esha.send("/subscriptions");
    esha.expect(&["30 days left", "Show credentials", "Renew"]).await;
    esha.press("Show credentials");
    assert!(esha.expect(&["first@example.com"]).await.protected);
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    let shown = bina.expect(&["A gift that was opened"]).await;
    assert!(!shown.text.contains("gift_"));
    assert!(!shown.buttons.iter().flatten().any(|b| b.caption.contains("Show credentials")));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gift_by_hand_is_delivered_to_who_opened_it() {
    let world = World::new().await;
    let (bina, dev) = (world.joined(1, "Bina", None).await, world.joined(2, "Dev", None).await);
    let (order, link) = given(&world, &bina, "632112345678").await;
    let card = world.admins.chat().into_iter().rfind(|seen| seen.shows("Approved by Meera")).unwrap();
    assert!(card.buttons.is_empty(), "to be delivered to nobody yet: {card}");
    world.owner.send("/pending");
    world.admins.expect(&["Nothing waits"]).await;
    let press = world.owner.press_data(card.message_id, "1|dl|1");
    assert!(world.owner.alert(&press).await.unwrap().contains("nobody has opened"));
    dev.send(&format!("/start {link}"));
    dev.expect(&["Bina", "gave you"]).await;
    bina.expect(&["Dev", "opened your gift"]).await;
    let card = world.admins.expect(&[&order, "A gift that was opened", "Deliver"]).await;
    world.owner.press_on(card.message_id, "Deliver");
    world.admins.expect(&["send what the customer gets"]).await;
    world.owner.send("Login: combo-7");
    dev.expect(&["Combo OTT Plan", "below"]).await;
    assert!(dev.expect(&["combo-7"]).await.protected);
    world.admins.expect(&["Delivered 21 Nov 2026"]).await;
    world.admins.expect(&["is delivered"]).await;
    world.ends_well().await;
}
