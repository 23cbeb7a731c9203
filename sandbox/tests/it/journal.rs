use std::io::Write;

use mela_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::helpers::{Bot, PNG, button};

#[tokio::test]
async fn everything_is_back_after_a_torn_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.journal");
    let options = Options { journal: Some(path.clone()), ..Options::default() };

    let (confirmed, waiting, message, file, query);
    {
        let sandbox = Sandbox::start(options.clone()).await.unwrap();
        let bot = Bot::new(&sandbox);
        let asha = sandbox.person(1, "Asha").with_username("asha");
        asha.send("first");
        confirmed = bot.drain().await[0]["update_id"].as_i64().unwrap();
        asha.send_photo(PNG, Some("proof"));
        let sent = bot
            .ok(
                "sendMessage",
                json!({"chat_id": 1, "text": "<b>hi</b>", "parse_mode": "HTML",
                       "reply_markup": button("Go", "go"), "protect_content": true}),
            )
            .await;
        message = sent["message_id"].as_i64().unwrap();
        query = asha.press("Go");
        waiting = bot.updates(json!({})).await;
        file = waiting[0]["message"]["photo"][1]["file_id"].as_str().unwrap().to_owned();
        sandbox.group(-5, "Admins").upgrade_to_supergroup();
        // As after kill -9: nothing is closed in order, and the last line is half written.
        sandbox.shutdown().await;
    }
    let mut journal = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    journal.write_all(b"{\"person\":{\"id\":2,\"first_na").unwrap();

    for _ in 0..2 {
        let sandbox = Sandbox::start(options.clone()).await.unwrap();
        let bot = Bot::new(&sandbox);
        let back = bot.updates(json!({})).await;
        assert_eq!(back[..2], waiting[..], "pending updates, not the confirmed {confirmed}");
        let asha = sandbox.person(1, "ignored");
        assert_eq!(asha.first_name(), "Asha");
        let chat = asha.chat();
        assert_eq!(chat[2].text, "hi");
        assert!(chat[2].protected);
        assert_eq!(chat[2].message_id, message);
        assert_eq!(chat[2].buttons[0][0].data.as_deref(), Some("go"));
        assert_eq!(chat[1].photo_bytes().as_deref(), Some(PNG));
        let path = bot.ok("getFile", json!({"file_id": file})).await;
        assert_eq!(path["file_size"], PNG.len());
        assert!(sandbox.group(-5, "x").id() < -1_000_000_000_000);
        assert!(sandbox.unread().is_empty());
        let newer = asha.send("later");
        assert!(newer > message);
        sandbox.shutdown().await;
    }
    let sandbox = Sandbox::start(options).await.unwrap();
    let bot = Bot::new(&sandbox);
    bot.ok("answerCallbackQuery", json!({"callback_query_id": query})).await;
    let refused = bot.no("answerCallbackQuery", json!({"callback_query_id": query})).await;
    assert!(refused.contains("query is too old"));
    let all = bot.updates(json!({})).await;
    let mut ids: Vec<_> = all.iter().map(|update| update["update_id"].as_i64()).collect();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    assert!(ids.is_sorted());
}

#[tokio::test]
async fn numbers_grow_without_a_journal_too() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let update = sandbox.push_raw_update(json!({"poll": {}}));
    assert!(update > 1_700_000_000);
    let message = sandbox.person(1, "Asha").send("hi");
    assert!(message > 0 && message < i64::from(i32::MAX));
}

#[tokio::test]
async fn a_broken_line_in_the_middle_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.journal");
    let options = Options { journal: Some(path.clone()), ..Options::default() };
    let first = Sandbox::start(options.clone()).await.unwrap();
    first.person(1, "Asha").send("one");
    first.shutdown().await;
    let mut journal = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    journal.write_all(b"\xff not json\n").unwrap();
    let second = Sandbox::start(options.clone()).await.unwrap();
    second.person(1, "Asha").send("two");
    second.shutdown().await;
    let third = Sandbox::start(options).await.unwrap();
    let bot = Bot::new(&third);
    let texts: Vec<_> = bot.updates(json!({})).await;
    let texts: Vec<_> = texts.iter().map(|update| update["message"]["text"].clone()).collect();
    assert_eq!(texts, ["one", "two"]);
}
