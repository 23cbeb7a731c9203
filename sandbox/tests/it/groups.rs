use serde_json::json;

use crate::helpers::{button, sandbox};

#[tokio::test]
async fn a_group_is_upgraded_and_followed() {
    let (sandbox, bot) = sandbox().await;
    let admins = sandbox.group(-500, "Admins");
    let owner = sandbox.person(9, "Owner").in_group(&admins);
    let old_card =
        bot.ok("sendMessage", json!({"chat_id": -500, "text": "card", "reply_markup": button("Approve", "a")})).await["message_id"].clone();
    admins.expect(&["card"]).await;
    let new = admins.upgrade_to_supergroup();
    assert_eq!(admins.id(), new);
    assert!(new < -1_000_000_000_000);
    let updates = bot.drain().await;
    assert_eq!(updates[0]["message"]["chat"]["id"], -500);
    assert_eq!(updates[0]["message"]["migrate_to_chat_id"], new);
    assert_eq!(updates[1]["message"]["chat"], json!({"id": new, "type": "supergroup", "title": "Admins"}));
    assert_eq!(updates[1]["message"]["migrate_from_chat_id"], -500);

    let (status, body) = bot.raw("sendMessage", json!({"chat_id": -500, "text": "x"})).await;
    assert_eq!(status, 400);
    assert_eq!(body["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    assert_eq!(body["parameters"]["migrate_to_chat_id"], new);
    let gone = json!({"chat_id": new, "message_id": old_card, "text": "x"});
    assert_eq!(bot.no("editMessageText", gone).await, "Bad Request: message to edit not found");

    bot.say(new, "here now").await;
    admins.expect(&["here now"]).await;
    owner.send("good");
    assert_eq!(bot.drain().await[0]["message"]["chat"]["id"], new);
    owner.press("Approve");
    assert_eq!(bot.drain().await[0]["callback_query"]["message"]["chat"]["id"], -500);
}

#[tokio::test]
async fn waiting_goes_on_over_an_upgrade() {
    let (sandbox, bot) = sandbox().await;
    let admins = sandbox.group(-500, "Admins");
    let waiting = tokio::spawn({
        let admins = admins.clone();
        async move { admins.next().await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let new = admins.upgrade_to_supergroup();
    bot.say(new, "moved").await;
    assert_eq!(waiting.await.unwrap().text, "moved");
}

#[tokio::test]
async fn members_and_administrators() {
    let (sandbox, bot) = sandbox().await;
    let admins = sandbox.group(-500, "Admins");
    let owner = sandbox.person(9, "Owner").in_group(&admins);
    sandbox.person(8, "Helper").in_group(&admins);
    sandbox.person(7, "Stranger");
    let status = async |user: i64| {
        let member = bot.ok("getChatMember", json!({"chat_id": -500, "user_id": user})).await;
        member["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status(9).await, "creator");
    assert_eq!(status(8).await, "member");
    assert_eq!(status(7).await, "left");
    assert_eq!(status(1_000_001).await, "administrator");
    assert_eq!(bot.ok("getChatAdministrators", json!({"chat_id": -500})).await.as_array().unwrap().len(), 2);
    assert_eq!(bot.ok("getChat", json!({"chat_id": -500})).await["title"], "Admins");

    admins.bot_is_administrator(false);
    bot.drain().await;
    owner.send("just talk");
    owner.send("/pending");
    let card = bot.say(-500, "question").await;
    owner.reply_to(card, "answer");
    let heard = bot.drain().await;
    assert_eq!(heard.len(), 2, "privacy mode: {heard:?}");
    assert_eq!(heard[1]["message"]["reply_to_message"]["text"], "question");

    bot.ok("leaveChat", json!({"chat_id": -500})).await;
    assert_eq!(bot.no("sendMessage", json!({"chat_id": -500, "text": "x"})).await, "Forbidden: bot is not a member of the group chat");
}
