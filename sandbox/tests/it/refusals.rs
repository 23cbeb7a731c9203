use serde_json::{Value, json};

use crate::helpers::{PNG, button, sandbox};

const NOT_MODIFIED: &str = "Bad Request: message is not modified: specified new message content \
     and reply markup are exactly the same as a current content and reply markup of the message";

#[tokio::test]
async fn sending() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    let cases: [(Value, &str); 6] = [
        (json!({"chat_id": 99, "text": "x"}), "Bad Request: chat not found"),
        (json!({"text": "x"}), "Bad Request: chat_id is empty"),
        (json!({"chat_id": 1, "text": " \n "}), "Bad Request: message text is empty"),
        (json!({"chat_id": 1}), "Bad Request: message text is empty"),
        (json!({"chat_id": 1, "text": "₹".repeat(4097)}), "Bad Request: message is too long"),
        (
            json!({"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 5}}),
            "Bad Request: message to be replied not found",
        ),
    ];
    for (params, why) in cases {
        assert_eq!(bot.no("sendMessage", params).await, why);
    }
    let long = format!("<b>{}</b>", "₹".repeat(4096));
    bot.ok("sendMessage", json!({"chat_id": 1, "text": long, "parse_mode": "HTML"})).await;
}

#[tokio::test]
async fn buttons() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    let send = |button: Value| json!({"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}});
    for (button, why) in [
        (json!({"text": "a", "callback_data": "₹".repeat(22)}), "BUTTON_DATA_INVALID"),
        (json!({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (
            json!({"text": "a", "url": "upi://pay?pa=x"}),
            "inline keyboard button URL 'upi://pay?pa=x' is invalid: Unsupported URL protocol",
        ),
        (json!({"text": "a"}), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (json!({"text": "a", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (json!({"text": "a", "copy_text": {"text": "x".repeat(257)}}), "BUTTON_COPY_TEXT_INVALID"),
    ] {
        assert_eq!(bot.no("sendMessage", send(button)).await, format!("Bad Request: {why}"));
    }
    for button in [
        json!({"text": "a", "callback_data": "x".repeat(64)}),
        json!({"text": "a", "url": "https://t.me/x"}),
        json!({"text": "a", "url": "tg://user?id=1"}),
        json!({"text": "a", "copy_text": {"text": "shop@bank"}}),
        json!({"text": "a", "switch_inline_query": ""}),
    ] {
        let sent = bot.ok("sendMessage", send(button.clone())).await;
        assert_eq!(sent["reply_markup"]["inline_keyboard"][0][0], button);
    }
}

#[tokio::test]
async fn editing() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let theirs = asha.send("hi");
    let photo = asha.send_photo(PNG, None);
    let text = bot.ok("sendMessage", json!({"chat_id": 1, "text": "a", "reply_markup": button("b", "b")})).await["message_id"].clone();
    let copied = bot.ok("copyMessage", json!({"chat_id": 1, "from_chat_id": 1, "message_id": photo})).await["message_id"].clone();
    let edit = |id: &Value, text: &str| json!({"chat_id": 1, "message_id": id, "text": text});
    let caption = |id: &Value, text: &str| json!({"chat_id": 1, "message_id": id, "caption": text});

    let mut same = edit(&text, "a");
    same["reply_markup"] = button("b", "b");
    assert_eq!(bot.no("editMessageText", same).await, NOT_MODIFIED);
    let same = json!({"chat_id": 1, "message_id": text, "reply_markup": button("b", "b")});
    assert_eq!(bot.no("editMessageReplyMarkup", same).await, NOT_MODIFIED);
    assert_eq!(bot.no("editMessageText", edit(&json!(5), "x")).await, "Bad Request: message to edit not found");
    assert_eq!(bot.no("editMessageText", edit(&json!(theirs), "x")).await, "Bad Request: message can't be edited");
    assert_eq!(bot.no("editMessageText", edit(&copied, "x")).await, "Bad Request: there is no text in the message to edit");
    assert_eq!(bot.no("editMessageCaption", caption(&text, "x")).await, "Bad Request: there is no caption in the message to edit");
    assert_eq!(bot.no("editMessageCaption", caption(&copied, &"x".repeat(1025))).await, "Bad Request: message caption is too long");
    let edited = bot.ok("editMessageCaption", caption(&copied, "paid")).await;
    assert_eq!(edited["caption"], "paid");
    assert!(edited["edit_date"].is_i64());
    let edited = bot.ok("editMessageText", edit(&text, "a")).await;
    assert!(edited.get("reply_markup").is_none(), "an edit without a keyboard takes it away");
}

#[tokio::test]
async fn deleting_copying_answering() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let theirs = asha.send("secret");
    let target = json!({"chat_id": 1, "message_id": theirs});
    bot.ok("deleteMessage", target.clone()).await;
    assert_eq!(bot.no("deleteMessage", target).await, "Bad Request: message to delete not found");
    let copy = json!({"chat_id": 1, "from_chat_id": 1, "message_id": theirs});
    assert_eq!(bot.no("copyMessage", copy).await, "Bad Request: message to copy not found");

    let sent = json!({"chat_id": 1, "text": "a", "reply_markup": button("b", "b")});
    bot.ok("sendMessage", sent).await;
    let query = asha.press("b");
    let answer = |id: &str, text: &str| json!({"callback_query_id": id, "text": text});
    assert_eq!(bot.no("answerCallbackQuery", answer(&query, &"x".repeat(201))).await, "Bad Request: MESSAGE_TOO_LONG");
    bot.ok("answerCallbackQuery", answer(&query, "")).await;
    assert_eq!(asha.alert(&query).await, None);
    for id in [query.as_str(), "unknown"] {
        assert_eq!(
            bot.no("answerCallbackQuery", answer(id, "x")).await,
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        );
    }
    let commands = json!({"commands": [{"command": "Start", "description": "x"}]});
    assert_eq!(bot.no("setMyCommands", commands).await, "Bad Request: BOT_COMMAND_INVALID");
    let commands = json!({"commands": [{"command": "start", "description": "x"}],
                          "scope": {"type": "chat", "chat_id": 1}});
    bot.ok("setMyCommands", commands).await;
    assert_eq!(sandbox.commands().len(), 1);
}
