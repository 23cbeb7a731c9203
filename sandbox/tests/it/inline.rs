use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use mela_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::helpers::{Bot, PNG, sandbox};

const OLD: &str = "Bad Request: query is too old and response timeout expired or query ID is invalid";

fn article(id: &str, title: &str) -> Value {
    json!({"type": "article", "id": id, "title": title, "description": "small",
           "input_message_content": {"message_text": format!("<b>{title}</b>"), "parse_mode": "HTML"},
           "reply_markup": {"inline_keyboard": [[{"text": "Open", "url": "https://t.me/MelaSandboxBot?start=plan_x"}]]}})
}

fn answer(query: &str, results: Value) -> Value {
    json!({"inline_query_id": query, "results": results})
}

#[tokio::test]
async fn what_is_chosen_becomes_a_message_by_way_of_the_bot() {
    let (sandbox, bot) = sandbox().await;
    assert_eq!(bot.ok("getMe", json!({})).await["supports_inline_queries"], true);
    let (asha, admins) = (sandbox.person(1, "Asha"), sandbox.group(-5, "Friends"));
    asha.clone().in_group(&admins);
    let query = asha.start_query("net 🎬 \"flix\"", "");
    let update = bot.drain().await.remove(0)["inline_query"].take();
    assert_eq!((&update["id"], &update["query"], &update["offset"]), (&json!(query), &json!("net 🎬 \"flix\""), &json!("")));
    assert_eq!((&update["from"]["id"], &update["chat_type"]), (&json!(1), &json!("private")));
    let mut params = answer(&query, json!([article("a", "Netflix"), article("b", "Prime")]));
    params["next_offset"] = json!("50");
    params["cache_time"] = json!(5);
    params["is_personal"] = json!(true);
    params["button"] = json!({"text": "Open the shop", "start_parameter": "shop"});
    let answered = tokio::spawn({
        let bot = bot.clone();
        async move { bot.ok("answerInlineQuery", params).await }
    });
    answered.await.unwrap();

    // The next one waits for its answer.
    let asked = tokio::spawn({
        let asha = asha.clone();
        async move { asha.query("x").await }
    });
    let second = loop {
        if let Some(update) = bot.drain().await.pop() {
            break update["inline_query"]["id"].as_str().unwrap().to_owned();
        }
    };
    bot.ok("answerInlineQuery", answer(&second, json!([article("a", "Netflix"), article("b", "Prime")]))).await;
    let offer = asked.await.unwrap();
    assert_eq!((offer.titles(), offer.cache_time, offer.is_personal), (vec!["Netflix", "Prime"], 300, false));
    assert_eq!(offer.result("netf").unwrap().text(), "Netflix");
    let seen = asha.choose(&offer, "Netflix", admins.id());
    assert_eq!((seen.text.as_str(), seen.from_bot), ("Netflix", false));
    assert_eq!(seen.button("Open").unwrap().url.as_deref(), Some("https://t.me/MelaSandboxBot?start=plan_x"));
    let heard = bot.drain().await.remove(0)["message"].take();
    assert_eq!((&heard["via_bot"]["is_bot"], &heard["from"]["id"], &heard["text"]), (&json!(true), &json!(1), &json!("Netflix")));
    // Where the bot is not, it hears nothing, and the message stands there all the same.
    admins.remove_bot();
    bot.drain().await;
    asha.choose(&offer, "Prime", admins.id());
    assert!(bot.drain().await.is_empty());
    assert_eq!(admins.chat().last().unwrap().text, "Prime");
    assert!(sandbox.unread().is_empty(), "what people send is nothing that the bot showed");
}

#[tokio::test]
async fn refused_as_telegram_refuses() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let query = asha.start_query("", "");
    let many: Vec<Value> = (0..51).map(|n| article(&n.to_string(), "x")).collect();
    let with = |field: &str, value: Value| {
        let mut one = article("a", "x");
        one[field] = value;
        json!([one])
    };
    let unclosed = json!({"message_text": "<b>x", "parse_mode": "HTML"});
    for (results, why) in [
        (json!(many), "RESULTS_TOO_MUCH"),
        (json!([article("a", "x"), article("a", "y")]), "RESULT_ID_DUPLICATE"),
        (json!([article("", "x")]), "RESULT_ID_INVALID"),
        (json!([article(&"é".repeat(33), "x")]), "RESULT_ID_INVALID"),
        (json!([article("a", " ")]), "ARTICLE_TITLE_EMPTY"),
        (with("input_message_content", json!({"message_text": ""})), "message text is empty"),
        (with("input_message_content", json!({"message_text": "x".repeat(4097)})), "message is too long"),
        (with("input_message_content", unclosed), "can't parse entities"),
        (with("reply_markup", json!({"inline_keyboard": [[{"text": "a", "url": "upi://pay"}]]})), "Unsupported URL protocol"),
        (json!([{"type": "photo", "id": "a", "photo_file_id": "nonsense"}]), "wrong file identifier"),
    ] {
        let refused = bot.no("answerInlineQuery", answer(&query, results)).await;
        assert!(refused.contains(why), "{refused} instead of {why}");
    }
    for (field, value, why) in [
        ("next_offset", json!("x".repeat(65)), "NEXT_OFFSET_INVALID"),
        ("button", json!({"text": "Shop", "start_parameter": "a b"}), "START_PARAM_INVALID"),
        ("button", json!({"text": "Shop", "start_parameter": "x".repeat(65)}), "START_PARAM_INVALID"),
        ("button", json!({"text": "", "start_parameter": "x"}), "SWITCH_PM_TEXT_EMPTY"),
    ] {
        let mut params = answer(&query, json!([]));
        params[field] = value;
        assert!(bot.no("answerInlineQuery", params).await.contains(why), "{why}");
    }
    assert_eq!(bot.no("answerInlineQuery", answer("unknown", json!([]))).await, OLD);
    let longest = article(&"x".repeat(64), &"x".repeat(256));
    bot.ok("answerInlineQuery", answer(&query, json!([longest]))).await;
    assert_eq!(bot.no("answerInlineQuery", answer(&query, json!([]))).await, OLD, "answered before");
    let photo = asha.send_photo(PNG, None);
    let file = bot.drain().await.pop().unwrap()["message"]["photo"][1]["file_id"].clone();
    assert!(photo > 0);
    let query = asha.start_query("", "");
    bot.ok(
        "answerInlineQuery",
        answer(&query, json!([{"type": "photo", "id": "p", "title": "P", "photo_file_id": file, "caption": "c"}])),
    )
    .await;
    let seen = asha.choose(&asha_offer(&sandbox, &query).await, "P", 1);
    assert!(seen.photo);
}

/// What was offered for a query whose answer is there.
async fn asha_offer(sandbox: &Sandbox, query: &str) -> mela_sandbox::Offer {
    sandbox.offered(query).await.unwrap()
}

#[tokio::test]
async fn an_old_query_is_answered_no_more_and_none_comes_while_inline_mode_is_off() {
    let clock: Arc<Mutex<DateTime<Utc>>> = Arc::new(Mutex::new("2026-11-21T08:00:00Z".parse().unwrap()));
    let reads = clock.clone();
    let options = Options { now: Arc::new(move || *reads.lock().unwrap()), inline_mode: true, ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let bot = Bot::new(&sandbox);
    let query = sandbox.person(1, "Asha").start_query("netflix", "");
    *clock.lock().unwrap() += TimeDelta::seconds(31);
    assert_eq!(bot.no("answerInlineQuery", answer(&query, json!([]))).await, OLD);
    // A bot that did not ask for such updates gets none.
    bot.updates(json!({"allowed_updates": ["message"]})).await;
    bot.drain().await;
    sandbox.person(1, "Asha").start_query("netflix", "");
    assert!(bot.drain().await.is_empty());

    let off = Sandbox::start(Options { inline_mode: false, ..Options::default() }).await.unwrap();
    assert_eq!(Bot::new(&off).ok("getMe", json!({})).await["supports_inline_queries"], false);
    let asked = tokio::spawn(async move { off.person(1, "Asha").start_query("x", "") });
    assert!(asked.await.is_err(), "Telegram asks the bot nothing");
}

#[tokio::test]
async fn the_page_asks_and_chooses() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    bot.drain().await;
    let post = |path: &str, body: Value| {
        let request = bot.client.post(format!("{}/sandbox/{path}", sandbox.url())).json(&body);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let asked = tokio::spawn(post("query", json!({"person": 1, "text": "net"})));
    let update = bot.updates(json!({"timeout": 5})).await.remove(0);
    let query = update["inline_query"]["id"].as_str().unwrap();
    bot.ok("answerInlineQuery", answer(query, json!([article("a", "Netflix")]))).await;
    let offer = asked.await.unwrap();
    assert_eq!(offer["results"][0]["title"], "Netflix");
    let sent = post("choose", json!({"query": query, "result": "a", "chat": 1})).await;
    assert_eq!(sandbox.person(1, "Asha").chat().last().unwrap().message_id, sent["message_id"]);
}
