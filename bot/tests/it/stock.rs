//! What is delivered from stock, as the buyer and the staff see it.

use crate::world::{OWNER, World, quoted};
use mela_core::audit::Actor;
use mela_core::catalog;
use mela_core::credentials::{self, Account, Secret};
use mela_sandbox::Seen;

/// 32 bytes in hex.
fn key(byte: &str) -> String {
    byte.repeat(32)
}

async fn stocked(variables: &[(&str, &str)], accounts: usize) -> World {
    let world = World::with(variables).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    load(&world, "First", accounts).await;
    world
}

async fn load(world: &World, name: &str, accounts: usize) {
    let plan = catalog::by_code(world.core.db(), "combo-ott").await.unwrap().unwrap();
    let account = |n| Account {
        secret: Secret {
            login: format!("{name}{n}@example.com"),
            password: format!("<{name}&{n}>"),
            profile: "2".into(),
            pin: String::new(),
        },
        slots: 1,
        expires_on: None,
    };
    let accounts: Vec<_> = (0..accounts).map(account).collect();
    let by = Actor { telegram_id: OWNER, name: "Meera".into() };
    credentials::load(&world.core, &plan, &accounts, &by).await.unwrap();
}

/// What a press and a notice bring to the admin chat, whichever comes first.
async fn in_any_order(world: &World, one: &[&str], other: &[&str]) {
    let (first, second) = (world.admins.next().await.to_string(), world.admins.next().await.to_string());
    let shows = |seen: &str, parts: &[&str]| parts.iter().all(|part| seen.contains(part));
    assert!(shows(&first, one) && shows(&second, other) || shows(&first, other) && shows(&second, one), "{first}\n{second}");
}

/// What of a message is hidden until it is touched.
fn hidden(seen: &Seen) -> Vec<String> {
    let text: Vec<u16> = seen.text.encode_utf16().collect();
    let spoilers = seen.entities.iter().filter(|entity| entity["type"] == "spoiler");
    let at = |entity: &serde_json::Value, key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
    spoilers.map(|e| String::from_utf16(&text[at(e, "offset")..at(e, "offset") + at(e, "length")]).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_and_delivered_at_once_to_the_buyer_alone() {
    let world = stocked(&[("MELA_CREDENTIALS__KEY", &key("a1"))], 7).await;
    let (bina, dev) = (world.joined(1, "Bina", None).await, world.joined(2, "Dev", None).await);
    let (order, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    let card = world.admins.expect(&["Approved by Meera", "Delivered"]).await;
    assert!(card.buttons.is_empty(), "nothing is left to be delivered by hand");
    bina.expect(&[&order, "approved", "is yours"]).await;
    let given = bina.expect(&["Touch to see", "First0@example.com", "<First&0>"]).await;
    assert!(given.protected);
    assert_eq!(hidden(&given), ["First0@example.com", "<First&0>", "2"]);

    // Once more from the order, in a message of its own; a stranger's press shows nothing.
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["delivered", "Show credentials"]).await;
    bina.press("Show credentials");
    assert!(bina.expect(&["First0@example.com"]).await.protected);
    dev.send("/help");
    let place = dev.expect(&["/plans"]).await;
    let press = dev.press_data(place.message_id, &format!("1|cred|{}", &order[2..]));
    assert_eq!(dev.alert(&press).await.as_deref(), Some("No such order among yours."));
    assert_eq!(world.count("reveal").await, 2, "each look is written down");
    bina.send("/notifications");
    let told = bina.expect(&["was delivered"]).await;
    assert!(!told.text.contains("example.com"));

    world.owner.send("/stock");
    world.admins.expect(&["Combo OTT Plan", "6 free", "1 sold"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_with_nothing_in_stock_it_waits_and_is_served_when_stock_comes() {
    let world = stocked(&[("MELA_CREDENTIALS__KEY", &key("a1")), ("MELA_JOBS__STOCK_EVERY", "1s")], 1).await;
    let (bina, dev) = (world.joined(1, "Bina", None).await, world.joined(2, "Dev", None).await);
    let (_, first) = world.pay(&bina, "632112345678").await;
    let (late, second) = world.pay(&dev, "632112345679").await;
    world.owner.press_on(first.message_id, "Approve");
    in_any_order(&world, &["Approved by Meera", "Delivered"], &["Combo OTT Plan", "is out of stock"]).await;
    bina.expect(&["approved"]).await;
    bina.expect(&["First0@example.com"]).await;
    world.owner.press_on(second.message_id, "Approve");
    let card = world.admins.expect(&["Approved by Meera", "Out of stock", "Deliver"]).await;
    dev.expect(&[&late, "approved", "run out", "next one"]).await;
    dev.send("/start plan_combo-ott");
    let plan = dev.expect(&["Out of stock"]).await;
    assert!(!plan.buttons.iter().flatten().any(|button| button.caption.contains("Buy now")));
    world.owner.send("/stock");
    world.admins.expect(&["0 free", "1 paid order waiting"]).await;

    load(&world, "Second", 1).await;
    dev.expect(&["Second0@example.com"]).await;
    world.admins.expect(&["is out of stock"]).await;
    world.owner.press_on(card.message_id, "Deliver");
    world.admins.expect(&["Delivered"]).await;
    assert_eq!(world.count("slot WHERE order_id IS NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_wrong_key_nothing_is_delivered_nothing_is_lost_and_staff_know() {
    let mut world = stocked(&[("MELA_CREDENTIALS__KEY", &key("a1"))], 7).await;
    let bina = world.joined(1, "Bina", None).await;
    world.restart_with("MELA_CREDENTIALS__KEY", &key("b2")).await;
    let (order, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    in_any_order(
        &world,
        &["Approved by Meera"],
        &["Alarm", "Credentials cannot be delivered", "neither MELA_CREDENTIALS__KEY nor MELA_CREDENTIALS__OLD_KEY"],
    )
    .await;
    bina.expect(&[&order, "approved"]).await;
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["Show credentials"]).await;
    let press = bina.press("Show credentials");
    assert!(bina.alert(&press).await.unwrap().contains("cannot be opened right now"));
    assert_eq!(world.count("reveal").await, 0);

    world.restart_with("MELA_CREDENTIALS__KEY", &key("a1")).await;
    world.sql("UPDATE notification SET not_before = now(), claimed_until = NULL WHERE kind = 'credentials'").await;
    assert_eq!(quoted(&bina.expect(&["First0@example.com"]).await, "O-"), order);
    world.ends_well().await;
}

const HEADER: &str = "plan,login,password,profile,pin,slots,expires_on";

fn csv(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stock_file_is_checked_whole_loaded_once_and_lies_nowhere_in_clear() {
    let world = stocked(&[("MELA_CREDENTIALS__KEY", &key("a1"))], 0).await;
    world.sql("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('by-hand', 'By hand', 30, 100, 0)").await;
    world.owner.send("/import stock");
    let how = world.admins.expect(&["plan, login, password, profile, pin, slots, expires_on", "Apply"]).await;
    let template = how.file_bytes().unwrap();
    assert!(String::from_utf8_lossy(&template).starts_with(HEADER));

    // Another header leaves the question open.
    world.owner.send_document("stock.csv", b"login,password\na,b\n", None);
    world.admins.expect(&["plan", "profile"]).await;
    let rows = [
        "combo-ott,Asha@Example.com,Sesame-1,P1,0042,2,2027-03-31",
        "COMBO-OTT,dev@example.com,'=Sesame-2,,,,",
        "combo-ott,asha@example.com,other,p1,,1,",
        "combo-ott,,Sesame-3,,,1,",
        "nothing-1m,x@example.com,Sesame-4,,,1,",
        "by-hand,x@example.com,Sesame-5,,,1,",
        "combo-ott,y@example.com,Sesame-6,,,0,",
        "combo-ott,z@example.com,Sesame-7,,,1,31/03/2027",
        "combo-ott,w@example.com,Sesame-8,,,1,2020-01-01",
    ];
    world.owner.send_document("stock.csv", &csv(&rows), None);
    let checked = world
        .admins
        .expect(&["2 new accounts with 3 slots", "7 wrong", "row 4", "row 5", "row 6", "row 7", "row 8", "row 9", "row 10", "Apply"])
        .await;
    let wrong = world.admins.expect(&["wrong"]).await;
    assert!(!String::from_utf8_lossy(&wrong.file_bytes().unwrap()).contains("Sesame"), "what was in the cells is not sent again");
    assert_eq!(world.count("credential").await, 0, "nothing is loaded before Apply");
    world.owner.press_on(checked.message_id, "Apply");
    world.admins.expect(&["2 accounts with 3 slots loaded by Meera"]).await;
    let press = world.owner.press_data(checked.message_id, "1|is|1");
    assert!(world.owner.alert(&press).await.unwrap().contains("applied already"));
    assert_eq!((world.count("credential").await, world.count("slot").await), (2, 3));

    // The same file again has nothing new; a buyer gets what was in it.
    world.owner.send_document("stock.csv", &csv(&rows[..2]), Some("/import stock"));
    world.admins.expect(&["0 new accounts", "2 known already", "nothing to load"]).await;
    let bina = world.joined(1, "Bina", None).await;
    let (_, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    in_any_order(&world, &["Approved by Meera", "Delivered"], &["2 left in stock"]).await;
    bina.expect(&["approved"]).await;
    bina.expect(&["Asha@Example.com", "Sesame-1", "P1", "0042"]).await;
    for table in ["inbox", "dialogue", "stock_import", "audit", "credential", "notification"] {
        assert_eq!(world.count(&format!("{table} x WHERE x::text ILIKE '%Sesame%'")).await, 0, "{table}");
    }
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_no_stock_is_taken() {
    let world = World::new().await;
    world.owner.send("/import stock");
    world.admins.expect(&["MELA_CREDENTIALS__KEY is not set"]).await;
    world.owner.send_document("stock.csv", &csv(&["combo-ott,a@example.com,Sesame,,,1,"]), Some("/import stock"));
    world.admins.expect(&["1 wrong", "delivered by hand"]).await;
    world.admins.expect(&["wrong"]).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    world.owner.send_document("stock.csv", &csv(&["combo-ott,a@example.com,Sesame,,,1,"]), Some("/import stock"));
    world.admins.expect(&["MELA_CREDENTIALS__KEY is not set"]).await;
    assert_eq!(world.count("credential").await, 0);
    world.ends_well().await;
}

/// `mela keys rotate` as the owner runs it: the exit code, and what it said.
fn rotate(database: &str, keys: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mela"));
    command.args(["keys", "rotate"]).env("DATABASE_URL", database).current_dir(std::env::temp_dir());
    let output = command.envs(keys.iter().copied()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_rotates_the_key_and_the_shop_goes_on() {
    let mut world = stocked(&[("MELA_CREDENTIALS__KEY", &key("a1"))], 7).await;
    let (old, new) = (key("a1"), key("b2"));
    for (keys, says) in [
        (vec![], "MELA_CREDENTIALS__KEY is not set"),
        (vec![("MELA_CREDENTIALS__KEY", "hunter2")], "64 hexadecimal digits"),
        (vec![("MELA_CREDENTIALS__KEY", new.as_str())], "MELA_CREDENTIALS__OLD_KEY"),
    ] {
        let (code, said) = rotate(world.url(), &keys);
        assert!(code == Some(2) && said.contains(says) && !said.contains(&new) && !said.contains("hunter2"), "{code:?} {said}");
    }
    let keys = [("MELA_CREDENTIALS__KEY", new.as_str()), ("MELA_CREDENTIALS__OLD_KEY", old.as_str())];
    let (code, said) = rotate(world.url(), &keys);
    assert!(code == Some(0) && said.contains("7 credentials sealed anew, 0 were"), "{code:?} {said}");
    let (code, said) = rotate(world.url(), &keys[..1]);
    assert!(code == Some(0) && said.contains("0 credentials sealed anew, 7 were"), "{code:?} {said}");

    world.restart_with("MELA_CREDENTIALS__KEY", &new).await;
    let bina = world.joined(1, "Bina", None).await;
    let (_, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera", "Delivered"]).await;
    bina.expect(&["approved"]).await;
    bina.expect(&["First0@example.com"]).await;
    world.ends_well().await;
}
