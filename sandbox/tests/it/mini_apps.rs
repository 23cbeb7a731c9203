use mela_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::helpers::{Bot, sandbox};

fn send(chat: i64, url: &str) -> Value {
    json!({"chat_id": chat, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Open", "web_app": {"url": url}}]]}})
}

#[tokio::test]
async fn buttons_open_https_pages_in_private_chats() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("hi");
    sandbox.group(-5, "Friends");
    let url = "https://shop.example.com/verify?lang=en";
    let sent = bot.ok("sendMessage", send(1, url)).await;
    assert_eq!(sent["reply_markup"]["inline_keyboard"][0][0], json!({"text": "Open", "web_app": {"url": url}}));
    let seen = asha.next().await;
    assert_eq!(seen.button("Open").unwrap().web_app.as_deref(), Some(url));
    for (url, why) in [
        ("http://shop.example.com/", "Only HTTPS links are allowed"),
        ("tg://resolve?domain=x", "Only HTTPS links are allowed"),
        ("https://", "Wrong HTTP URL"),
        ("https://nodots", "Wrong HTTP URL"),
    ] {
        let wanted = format!("Bad Request: inline keyboard button Web App URL '{url}' is invalid: {why}");
        assert_eq!(bot.no("sendMessage", send(1, url)).await, wanted);
    }
    let nameless = json!({"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Open", "web_app": {}}]]}});
    assert!(bot.no("sendMessage", nameless).await.contains("Can't find field \"url\""));
    assert_eq!(bot.no("sendMessage", send(-5, url)).await, "Bad Request: BUTTON_TYPE_INVALID");
    let plain = bot.say(-5, "plain").await;
    let mut edit = send(-5, url);
    edit["message_id"] = plain.into();
    assert_eq!(bot.no("editMessageText", edit).await, "Bad Request: BUTTON_TYPE_INVALID");
}

#[tokio::test]
async fn a_page_is_opened_with_what_telegram_would_tell_it() {
    let pages = ("https://shop.example.com/mela".to_owned(), "http://127.0.0.1:8090".to_owned());
    let sandbox = Sandbox::start(Options { mini_apps: Some(pages), ..Options::default() }).await.unwrap();
    let bot = Bot::new(&sandbox);
    let asha = sandbox.person(7, "Asha & K + %26").with_username("asha");
    let data = asha.init_data();
    for part in [
        "query_id=",
        "user=%7B",
        "auth_date=",
        "signature=",
        "&hash=",
        "Asha%20%26%20K%20%2B%20%2526",
        "https%3A%5C%2F%5C%2Ft.me",
    ] {
        assert!(data.contains(part), "no {part} in {data}");
    }
    let open = async |person: i64, url: &str| {
        let body = json!({"person": person, "url": url});
        let answer = bot.client.post(format!("{}/sandbox/mini_app", sandbox.url())).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = open(7, "https://shop.example.com/mela/verify?lang=hi").await;
    assert_eq!(status, 200, "{text}");
    let url = serde_json::from_str::<Value>(&text).unwrap()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:8090/verify?lang=hi#tgWebAppData=query_id%3DAAH7%26user%3D"), "{url}");
    let (_, text) = open(7, "https://elsewhere.example.com/").await;
    assert!(text.contains("https://elsewhere.example.com/#tgWebAppData="), "{text}");
    assert_eq!(open(8, "https://shop.example.com/mela/verify").await.0, 409);
}
