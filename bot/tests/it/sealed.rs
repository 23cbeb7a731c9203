//! What people type lies nowhere in clear where the shop has a key; and one account of the stock, typed.

use crate::world::World;
use mela_core::credentials;
use sea_orm::ConnectionTrait;
use std::process::Command;
use std::time::Duration;

const SECRET: &str = "Sesame-and-Lily-7791";

async fn value(world: &World, text: &str) -> String {
    let row = world.core.db().query_one_raw(mela_core::db::sql(text, [])).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Where a text lies: in rows of tables, and in the files of this database and the server's log of changes.
async fn places(world: &World, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let tables = "SELECT string_agg(format('%I.%I', schemaname, tablename), ',') FROM pg_tables WHERE schemaname IN ('public', 'ledger', 'apalis')";
    for table in value(world, tables).await.split(',') {
        if world.count(&format!("{table} x WHERE x::text LIKE '%{text}%'")).await > 0 {
            found.push(table.to_owned());
        }
    }
    world.sql("CHECKPOINT").await;
    let data = value(world, "SHOW data_directory").await;
    let oid = value(world, "SELECT oid::text FROM pg_database WHERE datname = current_database()").await;
    let grep = Command::new("grep").args(["-rlaF", text, &format!("{data}/base/{oid}"), &format!("{data}/pg_wal")]).output().unwrap();
    found.extend(String::from_utf8_lossy(&grep.stdout).lines().map(str::to_owned));
    found
}

/// What was answered is written down as handled a moment later.
async fn all_handled(world: &World) {
    while world.count("inbox WHERE done_at IS NULL").await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn delivered_by_hand(world: &World, secret: &str) {
    let bina = world.joined(1, "Bina", None).await;
    let (order, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    let card = world.admins.expect(&["Approved by Meera", "Deliver"]).await;
    bina.expect(&[&order, "approved"]).await;
    world.owner.press_on(card.message_id, "Deliver");
    world.admins.expect(&["Meera"]).await;
    world.owner.send(&format!("login: a@example.com, password: {secret}"));
    bina.expect(&["Combo OTT Plan"]).await;
    assert!(bina.expect(&[secret]).await.protected);
    world.admins.expect(&["Delivered"]).await;
    world.admins.expect(&[&order, "is delivered to the customer"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_type_after_deliver_is_nowhere_in_clear() {
    let key = "a1".repeat(32);
    let world = World::with(&[("MELA_CREDENTIALS__KEY", &key)]).await;
    delivered_by_hand(&world, SECRET).await;
    // Nor what is talked beside it, or answered wrongly.
    world.owner.send(&format!("by the way, {SECRET}"));
    all_handled(&world).await;
    assert!(world.count("inbox WHERE sealed IS NOT NULL").await > 3);
    assert_eq!(world.count("inbox WHERE body LIKE '%text%'").await, 0);
    assert_eq!(places(&world, SECRET).await, Vec::<String>::new());
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_it_is_in_clear_until_it_is_delivered_as_the_readme_says() {
    let world = World::new().await;
    // Another secret: the tests of a run share a server.
    let secret = "Poppy-and-Rose-3318";
    delivered_by_hand(&world, secret).await;
    let found = places(&world, secret).await;
    assert!(found.iter().any(|place| place.contains("pg_wal") || place.contains("/base/")), "the search finds nothing: {found:?}");
    assert!(!found.contains(&"public.inbox".to_owned()), "what was delivered is erased from its row: {found:?}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lay_in_clear_before_the_key_came_is_still_answered_and_keys_rotate() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    all_handled(&world).await;
    world.kill().await;
    // Stored by the program of before, while no key was set.
    asha.send("/wallet");
    world.sql("INSERT INTO inbox (update_id, lane, body, received_at) SELECT max(update_id) + 1000, 1, '{\"update_id\":' || max(update_id) + 1000 ||
                 ',\"message\":{\"message_id\":9000,\"date\":1795000000,\"chat\":{\"id\":1,\"type\":\"private\",\"first_name\":\"Asha\"},\"from\":{\"id\":1,\"is_bot\":false,\"first_name\":\"Asha\"},\"text\":\"/help\"}}', now() FROM inbox")
        .await;
    world.start_with("MELA_CREDENTIALS__KEY", &"a1".repeat(32)).await;
    asha.expect(&["What I can do"]).await;
    asha.expect(&["To spend"]).await;
    assert!(world.count("inbox WHERE sealed IS NOT NULL AND body IS NULL").await > 0);

    // Sealed under the old key and not handled when the key is changed.
    all_handled(&world).await;
    world.kill().await;
    world
        .sql("UPDATE inbox SET done_at = NULL WHERE update_id = (SELECT max(update_id) FROM inbox WHERE sealed IS NOT NULL)")
        .await;
    let keys = [("MELA_CREDENTIALS__KEY", "b2".repeat(32)), ("MELA_CREDENTIALS__OLD_KEY", "a1".repeat(32))];
    let output = Command::new(env!("CARGO_BIN_EXE_mela"))
        .args(["keys", "rotate"])
        .env("DATABASE_URL", world.url())
        .current_dir(std::env::temp_dir())
        .envs(keys)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains("1 stored updates sealed anew"), "{said}");
    assert_eq!(world.count("inbox WHERE sealed IS NOT NULL").await, 1, "what was handled is erased");
    world.start_with("MELA_CREDENTIALS__KEY", &"b2".repeat(32)).await;
    asha.expect(&["To spend"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_key_that_is_not_here_it_is_put_aside_and_the_rest_goes_on() {
    let mut world = World::with(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32))]).await;
    let asha = world.joined(1, "Asha", None).await;
    all_handled(&world).await;
    world.kill().await;
    world.sql("UPDATE inbox SET done_at = NULL WHERE update_id = (SELECT max(update_id) FROM inbox)").await;
    world.start_with("MELA_CREDENTIALS__KEY", &"b2".repeat(32)).await;
    asha.expect(&["something went wrong"]).await;
    world.admins.expect(&["Alarm", "put aside", "was sealed under the key"]).await;
    asha.send("/help");
    asha.expect(&["What I can do"]).await;
    assert_eq!(world.count("inbox WHERE failed_at IS NOT NULL AND sealed IS NOT NULL").await, 1, "nothing is lost");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_is_typed_sealed_and_its_message_deleted() {
    let world = World::with(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32))]).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    world.owner.send("/stock");
    world.admins.expect(&["Combo OTT Plan", "0 free"]).await;
    world.owner.press("Combo OTT Plan");
    world.admins.expect(&["0 free", "Add an account", "Back"]).await;
    world.owner.press("Add an account");
    world.admins.expect(&["login:", "password:", "/cancel"]).await;
    let secret = "Tulip-and-Iris-5526";
    // A wrong answer says why, repeats nothing, and leaves the question open.
    let typed = world.owner.send(&format!("login: a@example.com\npasswort: {secret}"));
    let wrong = world.admins.expect(&["line 2", "Nothing was loaded", "Your message is deleted"]).await;
    assert!(!wrong.text.contains(secret));
    assert!(world.admins.chat().iter().all(|seen| seen.message_id != typed));
    world.owner.send(&format!("login: a@example.com\npassword: {secret}\nslots: 0"));
    world.admins.expect(&["slots must be", "deleted"]).await;
    world.owner.send(&format!("Login: a@example.com\npassword: {secret}\nslots: 2\nexpires: 2027-03-31"));
    let loaded = world.admins.expect(&["Combo OTT Plan", "is loaded, 2 slots", "Your message is deleted"]).await;
    assert!(!loaded.text.contains(secret) && !loaded.text.contains("a@example.com"));
    assert!(world.admins.chat().iter().all(|seen| !seen.text.contains(secret)));
    assert_eq!((world.count("credential").await, world.count("slot").await), (1, 2));
    assert_eq!(places(&world, secret).await, Vec::<String>::new());

    // The same again is known. Where the bot may not delete, it says so.
    world.owner.press("Back");
    world.admins.expect(&["2 free", "Add an account"]).await;
    world.owner.press("Add an account");
    let asked = world.admins.expect(&["login:", "password:"]).await;
    world.admins.bot_is_administrator(false);
    world.owner.reply_to(asked.message_id, &format!("login: A@example.com\npassword: {secret}"));
    world.admins.expect(&["in stock already", "could not delete your message"]).await;
    world.admins.bot_is_administrator(true);
    // What was typed is what a buyer gets.
    let bina = world.joined(1, "Bina", None).await;
    let (_, card) = world.pay(&bina, "632112345678").await;
    world.owner.press_on(card.message_id, "Approve");
    let (first, second) = (world.admins.next().await.to_string(), world.admins.next().await.to_string());
    assert!([&first, &second].iter().any(|seen| seen.contains("Delivered")), "{first}\n{second}");
    bina.expect(&["approved"]).await;
    bina.expect(&["a@example.com", secret]).await;
    assert!(!credentials::shelves(world.core.db()).await.unwrap().is_empty());
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_no_account_is_asked_for() {
    let world = World::new().await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    world.owner.send("/stock");
    let seen = world.admins.expect(&["Combo OTT Plan", "MELA_CREDENTIALS__KEY is not set"]).await;
    let press = world.owner.press_data(seen.message_id, "1|sa|1");
    assert!(world.owner.alert(&press).await.unwrap().contains("MELA_CREDENTIALS__KEY is not set"));
    let press = world.owner.press_data(seen.message_id, "1|sa|77");
    assert!(world.owner.alert(&press).await.unwrap().contains("older screen"));
    world.ends_well().await;
}
