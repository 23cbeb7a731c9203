//! Floods, errors, lost connections, `kill -9`, a database that goes away: nothing is lost, nothing is done twice.

use crate::world::World;
use mela_sandbox::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_bot_api_are_waited_out() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.sandbox.fail_next("sendMessage", 2, Fault::ServerError(502));
    asha.send("/wallet");
    asha.expect(&["To spend"]).await;
    world.sandbox.fail_next("sendMessage", 1, Fault::TooManyRequests { retry_after: 1 });
    asha.send("/help");
    asha.expect(&["What I can do"]).await;
    world.sandbox.fail_next("*", 3, Fault::Drop);
    world.order(&asha).await;
    world.sandbox.fail_next("getUpdates", 2, Fault::ServerError(500));
    world.sandbox.fail_next("getUpdates", 2, Fault::DropAfter);
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    world.sandbox.fail_next("answerCallbackQuery", 2, Fault::Drop);
    world.admins.expect(&["632512345678"]).await;
    world.owner.press("Approve");
    world.admins.expect(&["Approved"]).await;
    asha.expect(&["approved"]).await;
    assert_eq!(world.count("inbox WHERE failed_at IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_in_the_middle_of_a_burst() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let people: Vec<_> = (0..120).map(|i| world.person(10_000 + i, "Burst")).collect();
    for (number, person) in people.iter().enumerate() {
        person.send(&format!("/start {link}"));
        person.send("/start plan_combo-ott");
        if number % 30 == 29 {
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
            world.kill().await;
            world.start().await;
        }
    }
    for person in &people {
        // A message may be repeated after a crash; none may be missing, and they keep their order.
        person.expect(&["invited by Asha"]).await;
        let mut seen = person.next().await;
        while seen.shows("invited by Asha") {
            seen = person.next().await;
        }
        assert!(seen.shows("Buy now"), "{seen}");
    }
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 120);
    assert_eq!(world.count("notification WHERE kind = 'joined'").await, 120);
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_verb_and_before_the_answer() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    asha.press("I have paid");
    asha.expect(&["UTR"]).await;
    // The proof is taken and the answer cannot go out; then the program dies.
    world.sandbox.fail_next("sendMessage", 6, Fault::Drop);
    asha.send("632512345678");
    while world.count("payment").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    world.kill().await;
    world.start().await;
    asha.expect(&[&order, "being checked"]).await;
    world.admins.expect(&[&order, "632512345678"]).await;
    assert_eq!(world.count("payment").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_goes_away_and_comes_back() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    // Every connection is cut, again and again, while people write.
    let url = world.url().to_owned();
    let cutting = tokio::spawn(async move {
        for _ in 0..15 {
            let mut options = sea_orm::ConnectOptions::new(&url);
            options.max_connections(1).sqlx_logging(false);
            let db = sea_orm::Database::connect(options).await.unwrap();
            use sea_orm::ConnectionTrait;
            db.execute_unprepared(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await
            .unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    for n in 0..40 {
        asha.send(if n % 2 == 0 { "/wallet" } else { "/orders" });
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    cutting.await.unwrap();
    asha.send("/help");
    let mut answers = 0;
    loop {
        let seen = asha.next().await;
        if seen.shows("What I can do") {
            break;
        }
        answers += 1;
    }
    assert!(answers >= 40, "{answers} answers to 40 questions");
    assert_eq!(world.count("inbox WHERE failed_at IS NOT NULL").await, 0);
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_cannot_be_handled_is_put_aside_with_an_alarm_and_the_rest_goes_on() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    // Kinds newer than the library are no failure; a person who sent one is not met with silence.
    world.sandbox.push_raw_update(serde_json::json!({ "a_kind_of_tomorrow": { "id": "x" } }));
    let from = serde_json::json!({ "id": 1, "is_bot": false, "first_name": "Asha" });
    let chat = serde_json::json!({ "id": 1, "type": "private", "first_name": "Asha" });
    world
        .sandbox
        .push_raw_update(serde_json::json!({ "message": { "message_id": 1, "date": "tomorrow", "chat": chat, "from": from, "hologram": {} } }));
    asha.expect(&["did not expect"]).await;

    world.sql("ALTER TABLE plan RENAME TO plan_gone").await;
    asha.send("/plans");
    asha.expect(&["something went wrong"]).await;
    world.admins.expect(&["Alarm", "failed 5 times", "put aside"]).await;
    world.sql("ALTER TABLE plan_gone RENAME TO plan").await;
    asha.send("/plans");
    asha.expect(&["Combo OTT Plan"]).await;
    assert_eq!(world.count("inbox WHERE failed_at IS NOT NULL AND attempts = 5").await, 1);
    world.ends_well().await;
}
