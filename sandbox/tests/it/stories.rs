use std::time::Duration;

use mela_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::helpers::{Bot, PNG, button, sandbox};

#[tokio::test]
async fn a_person_presses_and_sees_the_edit() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(7, "Asha").with_username("asha");
    asha.send("/start ref_X");
    let update = &bot.drain().await[0]["message"];
    assert_eq!(update["from"]["username"], "asha");
    assert_eq!(update["chat"]["type"], "private");

    bot.ok(
        "sendMessage",
        json!({"chat_id": 7, "text": "<b>Home</b>", "parse_mode": "HTML",
               "reply_markup": button("🛍 Plans", "plans")}),
    )
    .await;
    let home = asha.expect(&["home", "plans"]).await;
    assert!(!home.edited);

    let query = asha.press("Plans");
    let update = &bot.drain().await[0]["callback_query"];
    assert_eq!(update["id"], query.as_str());
    assert_eq!(update["data"], "plans");
    assert_eq!(update["message"]["text"], "Home");
    bot.ok("answerCallbackQuery", json!({"callback_query_id": query, "text": "Here", "show_alert": true})).await;
    assert_eq!(asha.alert(&query).await.as_deref(), Some("Here"));
    bot.ok("editMessageText", json!({"chat_id": 7, "message_id": home.message_id, "text": "Plans: none"})).await;
    let plans = asha.expect(&["Plans: none"]).await;
    assert!(plans.edited);
    assert_eq!(plans.message_id, home.message_id);
    assert!(plans.buttons.is_empty());
    asha.quiet(50).await;
    assert!(sandbox.unread().is_empty());

    let story: Vec<String> = sandbox.transcript().iter().map(|line| line.text.clone()).collect();
    assert_eq!(story, ["/start ref_X", "Home", "«pressed: 🛍 Plans»", "(alert) Here", "(edited) Plans: none"]);
    assert_eq!(asha.chat().len(), 2);
}

#[tokio::test]
async fn what_nobody_looked_at_is_unread() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    sandbox.person(2, "Ravi").send("hi");
    bot.say(2, "to Ravi").await;
    bot.say(1, "to Asha").await;
    let unread: Vec<String> = sandbox.unread().into_iter().map(|seen| seen.text).collect();
    assert_eq!(unread, ["to Ravi", "to Asha"]);
}

#[tokio::test]
#[should_panic(expected = "no button of Asha says “Buy”")]
async fn a_missing_button_is_said_clearly() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("hi");
    bot.ok("sendMessage", json!({"chat_id": 1, "text": "x", "reply_markup": button("Sell", "s")})).await;
    asha.press("Buy");
}

#[tokio::test]
#[should_panic(expected = "nothing more came")]
async fn silence_is_said_clearly() {
    let options = Options { patience: Duration::from_millis(50), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let asha = sandbox.person(1, "Asha");
    asha.send("hi");
    asha.next().await;
}

#[tokio::test]
async fn blocking_is_told_and_start_opens_again() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let refused = bot.no("sendMessage", json!({"chat_id": 1, "text": "x"})).await;
    assert_eq!(refused, "Forbidden: bot can't initiate conversation with a user");
    asha.send("hi");
    asha.block_bot();
    let refused = bot.raw("sendMessage", json!({"chat_id": 1, "text": "x"})).await;
    assert_eq!(refused.0, 403);
    assert_eq!(refused.1["description"], "Forbidden: bot was blocked by the user");
    asha.send("/start");
    let updates = bot.drain().await;
    assert_eq!(updates.len(), 4);
    assert_eq!(updates[1]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(updates[2]["my_chat_member"]["new_chat_member"]["status"], "member");
    assert_eq!(updates[3]["message"]["text"], "/start");
    bot.say(1, "welcome back").await;
}

#[tokio::test]
async fn copies_may_be_protected_and_captioned() {
    let (sandbox, bot) = sandbox().await;
    let (asha, ravi) = (sandbox.person(1, "Asha"), sandbox.person(2, "Ravi"));
    ravi.send("hi");
    let photo = asha.send_photo(PNG, Some("proof"));
    bot.ok(
        "copyMessage",
        json!({"chat_id": 2, "from_chat_id": 1, "message_id": photo, "protect_content": true,
               "caption": "<i>yours</i>", "parse_mode": "HTML"}),
    )
    .await;
    let seen = ravi.expect(&["yours"]).await;
    assert!(seen.photo && seen.protected);
    assert_eq!(seen.photo_bytes().as_deref(), Some(PNG));
}

#[tokio::test]
async fn shutdown_frees_the_port_and_ends_polls() {
    let (sandbox, bot) = sandbox().await;
    let poll = tokio::spawn({
        let bot: Bot = bot.clone();
        async move { bot.updates(json!({"timeout": 30})).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokio::time::timeout(Duration::from_secs(2), sandbox.shutdown()).await.unwrap();
    assert!(poll.await.unwrap().is_empty());
    assert!(bot.client.get(&bot.base).send().await.is_err());
}
