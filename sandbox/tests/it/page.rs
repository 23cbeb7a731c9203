use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};
use futures::FutureExt;
use mela_sandbox::{Options, Sandbox};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::helpers::{Bot, PNG, button};

async fn post(bot: &Bot, url: &str, body: &Value) -> (StatusCode, String) {
    let answer = bot.client.post(url).json(body).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_person_lives_on_the_page() {
    let clock: Arc<Mutex<DateTime<Utc>>> = Arc::new(Mutex::new("2026-11-21T08:00:00Z".parse().unwrap()));
    let (reads, moves) = (clock.clone(), clock.clone());
    let sandbox = Sandbox::start(Options {
        now: Arc::new(move || *reads.lock().unwrap()),
        advance: Some(Arc::new(move |by: Duration| {
            *moves.lock().unwrap() += by;
            async { Ok(()) }.boxed()
        })),
        panel: Some(Arc::new(|| async { "cash 0".to_owned() }.boxed())),
        ..Options::default()
    })
    .await
    .unwrap();
    let bot = Bot::new(&sandbox);
    let admins = sandbox.group(-5, "Admins");
    sandbox.person(9, "Owner").in_group(&admins);
    let at = |path: &str| format!("{}/sandbox/{path}", sandbox.url());

    let (status, text) = post(&bot, &at("people"), &json!({"name": "Asha"})).await;
    assert_eq!(status, 200, "{text}");
    let id = serde_json::from_str::<Value>(&text).unwrap()["id"].as_i64().unwrap();
    let (status, _) = post(&bot, &at("send"), &json!({"person": id, "chat": id, "text": "/start x"})).await;
    assert_eq!(status, 200);
    let upload = at("upload?person=9&chat=-5&name=a.png&caption=look");
    let sent = bot.client.post(upload).body(PNG.to_vec()).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let updates = bot.drain().await;
    assert_eq!(updates[0]["message"]["from"]["first_name"], "Asha");
    assert_eq!(updates[1]["message"]["caption"], "look");

    let sent = json!({"chat_id": id, "text": "Home", "reply_markup": button("Plans", "p")});
    let home = bot.ok("sendMessage", sent).await["message_id"].clone();
    let press = tokio::spawn({
        let (bot, url) = (bot.clone(), at("press"));
        let body = json!({"person": id, "chat": id, "message": home, "data": "p", "caption": "Plans"});
        async move { post(&bot, &url, &body).await }
    });
    let query = bot.updates(json!({"timeout": 5})).await[0]["callback_query"]["id"].clone();
    bot.ok("answerCallbackQuery", json!({"callback_query_id": query, "text": "No"})).await;
    assert!(press.await.unwrap().1.contains("\"text\":\"No\""));

    post(&bot, &at("advance"), &json!({"hours": 24})).await;
    let url = at(&format!("state?person={id}&group=-5"));
    let state: Value = bot.client.get(url).send().await.unwrap().json().await.unwrap();
    assert!(state["now"].as_str().unwrap().starts_with("2026-11-22T08:00"));
    assert_eq!(state["groups"][0]["owner"], 9);
    assert_eq!(state["person_chat"].as_array().unwrap().len(), 2);
    assert!(state["group_chat"][0]["photo"].is_string());
    let url = at(&format!("state?since={}", state["version"]));
    let same: Value = bot.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(same["same"], true);
    let panel: Value = bot.client.get(at("panel")).send().await.unwrap().json().await.unwrap();
    assert_eq!(panel["text"], "cash 0");
}

#[tokio::test]
async fn other_sites_and_other_names_are_refused() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let bot = Bot::new(&sandbox);
    let url = format!("{}/sandbox/people", sandbox.url());
    let status = async |header: &'static str, value: String| {
        let request = bot.client.post(&url).header(header, value);
        request.json(&json!({"name": "x"})).send().await.unwrap().status()
    };
    let port = sandbox.url().rsplit(':').next().unwrap().to_owned();
    assert_eq!(status("origin", "https://evil.example".to_owned()).await, 403);
    assert_eq!(status("origin", "null".to_owned()).await, 403);
    assert_eq!(status("origin", "http://127.0.0.1:1".to_owned()).await, 403);
    assert_eq!(status("host", format!("evil.example:{port}")).await, 403);
    assert_eq!(status("host", "127.0.0.1.evil.example".to_owned()).await, 403);
    assert_eq!(status("origin", sandbox.url()).await, 200);
    assert_eq!(status("host", format!("localhost:{port}")).await, 200);

    let page = bot.client.get(sandbox.url()).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.contains("<!doctype html>"));
    assert!(!page.contains("innerHTML"), "user data is only ever text");
    let api = bot.client.post(format!("{}/getMe", bot.base)).header("origin", "https://evil.example");
    assert_eq!(api.send().await.unwrap().status(), 403);
    let rebound = bot.client.get(format!("{}/getMe", bot.base)).header("host", "evil.example");
    let rebound = rebound.header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert_eq!(rebound.status(), 403);
}
