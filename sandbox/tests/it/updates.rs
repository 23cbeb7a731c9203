use std::time::{Duration, Instant};

use serde_json::json;

use crate::helpers::sandbox;

fn ids(updates: &[serde_json::Value]) -> Vec<i64> {
    updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn offset_confirms_and_forgets() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    for text in ["a", "b", "c", "d"] {
        asha.send(text);
    }
    let all = ids(&bot.updates(json!({})).await);
    assert_eq!(all.len(), 4);
    assert_eq!(ids(&bot.updates(json!({})).await), all, "unconfirmed ones come again");
    assert_eq!(ids(&bot.updates(json!({"limit": 2})).await), all[..2]);
    assert_eq!(ids(&bot.updates(json!({"offset": all[1]})).await), all[1..]);
    assert_eq!(ids(&bot.updates(json!({"offset": all[0]})).await), all[1..], "forgotten");
    assert_eq!(ids(&bot.updates(json!({"offset": -1})).await), all[3..]);
    assert_eq!(ids(&bot.updates(json!({})).await), all[3..], "negative offset forgets too");
    assert_eq!(ids(&bot.updates(json!({"offset": all[3] + 1})).await), [0; 0]);
    asha.send("e");
    let next = ids(&bot.updates(json!({"offset": all[3] + 1})).await);
    assert_eq!(next, [all[3] + 1]);
}

#[tokio::test]
async fn an_offset_from_another_life_lifts_the_numbers() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("a");
    let first = ids(&bot.drain().await)[0];
    bot.updates(json!({"offset": first + 5000})).await;
    asha.send("b");
    let next = ids(&bot.updates(json!({"offset": first + 5000})).await);
    assert_eq!(next, [first + 5000]);
}

#[tokio::test]
async fn a_long_poll_is_woken_at_once() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let poll = tokio::spawn({
        let bot = bot.clone();
        async move { (bot.updates(json!({"timeout": 20})).await, Instant::now()) }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    let sent = Instant::now();
    asha.send("hello");
    let (found, at) = poll.await.unwrap();
    assert_eq!(found[0]["message"]["text"], "hello");
    assert!(at.duration_since(sent) < Duration::from_secs(3));
}

#[tokio::test]
async fn a_second_poll_ends_the_first() {
    let (_sandbox, bot) = sandbox().await;
    let first = tokio::spawn({
        let bot = bot.clone();
        async move { bot.no("getUpdates", json!({"timeout": 20})).await }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    bot.updates(json!({"timeout": 0})).await;
    assert_eq!(
        first.await.unwrap(),
        "Conflict: terminated by other getUpdates request; \
         make sure that only one bot instance is running"
    );
}

#[tokio::test]
async fn a_webhook_excludes_polling() {
    let (sandbox, bot) = sandbox().await;
    let refused = bot.no("setWebhook", json!({"url": "http://example.com"})).await;
    assert!(refused.starts_with("Bad Request: bad webhook"), "{refused}");
    bot.ok("setWebhook", json!({"url": "https://example.com/x"})).await;
    assert_eq!(bot.ok("getWebhookInfo", json!({})).await["url"], "https://example.com/x");
    assert_eq!(
        bot.no("getUpdates", json!({})).await,
        "Conflict: can't use getUpdates method while webhook is active; \
         use deleteWebhook to delete the webhook first"
    );
    sandbox.person(1, "Asha").send("hi");
    bot.ok("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert!(bot.updates(json!({})).await.is_empty());
}

#[tokio::test]
async fn only_allowed_kinds_come() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    bot.updates(json!({"allowed_updates": ["message"]})).await;
    asha.send("/start");
    asha.block_bot();
    let kinds = bot.drain().await;
    assert_eq!(kinds.len(), 1);
    assert_eq!(kinds[0]["message"]["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    let id = sandbox.push_raw_update(json!({"poll": {"id": "1"}}));
    assert_eq!(ids(&bot.drain().await), [id], "raw ones always come");
}

#[tokio::test]
async fn repeated_updates_come_twice() {
    let (sandbox, bot) = sandbox().await;
    sandbox.repeat_updates(true);
    let asha = sandbox.person(1, "Asha");
    asha.send("a");
    asha.send("b");
    let first = ids(&bot.updates(json!({})).await);
    assert_eq!(first.len(), 2);
    asha.send("c");
    let second = ids(&bot.updates(json!({"offset": first[1] + 1})).await);
    assert_eq!(second, [first[0], first[1], first[1] + 1]);
    let third = ids(&bot.updates(json!({"offset": first[1] + 2})).await);
    assert_eq!(third, [first[1] + 1]);
    assert!(bot.updates(json!({})).await.is_empty());
}

#[tokio::test]
async fn a_burst_of_five_thousand_is_cheap() {
    let (sandbox, bot) = sandbox().await;
    let began = Instant::now();
    for id in 1..=5000 {
        sandbox.person(id, "Somebody").send("/start ref_ABCDEFGH");
    }
    let (mut offset, mut count) = (0, 0);
    while count < 5000 {
        let found = bot.updates(json!({"offset": offset, "limit": 100})).await;
        count += found.len();
        offset = found.last().unwrap()["update_id"].as_i64().unwrap() + 1;
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn wrong_token_and_unknown_method() {
    let (sandbox, mut bot) = sandbox().await;
    assert_eq!(bot.raw("noSuchThing", json!({})).await.0, 404);
    assert_eq!(bot.no("noSuchThing", json!({})).await, "Not Found");
    assert_eq!(bot.ok("GETME", json!({})).await["username"], "MelaSandboxBot");
    bot.base = format!("{}/bot1:wrong", sandbox.url());
    assert_eq!(bot.raw("getMe", json!({})).await, (401, json!({"ok": false, "error_code": 401, "description": "Unauthorized"})));
}
