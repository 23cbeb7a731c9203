use reqwest::multipart::Form;
use serde_json::json;

use crate::helpers::{PNG, part, sandbox};

#[tokio::test]
async fn photos_go_up_and_come_down() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("hi");
    let form = Form::new()
        .text("chat_id", "1")
        .text("caption", "<b>₹135</b>")
        .text("parse_mode", "HTML")
        .text("photo", "attach://qr")
        .text("reply_markup", r#"{"inline_keyboard":[[{"text":"I have paid","callback_data":"p"}]]}"#)
        .part("qr", part(PNG, "qr.png"));
    let (status, sent) = bot.upload("sendPhoto", form).await;
    assert_eq!(status, 200, "{sent}");
    let message = &sent["result"];
    assert_eq!(message["photo"][1]["width"], 40);
    assert_eq!(message["caption_entities"][0]["type"], "bold");
    let seen = asha.expect(&["₹135", "i have PAID"]).await;
    assert_eq!(seen.photo_bytes().as_deref(), Some(PNG));

    let id = &message["photo"][1]["file_id"];
    let file = bot.ok("getFile", json!({"file_id": id})).await;
    let path = file["file_path"].as_str().unwrap();
    let url = format!("{}/file/bot{}/{path}", sandbox.url(), sandbox.token());
    let bytes = bot.client.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, PNG);
    let small = bot.ok("getFile", json!({"file_id": message["photo"][0]["file_id"]})).await;
    assert_ne!(small["file_unique_id"], file["file_unique_id"]);

    let again = bot.ok("sendPhoto", json!({"chat_id": 1, "photo": id})).await;
    assert_eq!(again["photo"], message["photo"]);
    assert_eq!(
        bot.no("sendPhoto", json!({"chat_id": 1, "photo": "AgAC-unknown"})).await,
        "Bad Request: wrong file identifier/HTTP URL specified"
    );
    let media = json!({"type": "photo", "media": "attach://new", "caption": "new"});
    let form = Form::new()
        .text("chat_id", "1")
        .text("message_id", message["message_id"].to_string())
        .text("media", media.to_string())
        .part("new", part(b"GIF89a\x10\0\x10\0", "x.gif"));
    let (_, edited) = bot.upload("editMessageMedia", form).await;
    assert_eq!(edited["result"]["photo"][1]["width"], 16, "{edited}");
}

#[tokio::test]
async fn documents_keep_their_name() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send_document("plans.csv", b"code,title", Some("/import products"));
    let update = &bot.drain().await[0]["message"];
    assert_eq!(update["document"]["file_name"], "plans.csv");
    assert_eq!(update["document"]["mime_type"], "text/csv");
    assert_eq!(update["caption_entities"][0]["type"], "bot_command");
    let form = Form::new().text("chat_id", "1").part("document", part(b"a,b", "payouts.csv"));
    bot.upload("sendDocument", form).await;
    let seen = asha.next().await;
    assert!(seen.document);
    assert_eq!(seen.file_name.as_deref(), Some("payouts.csv"));
    assert_eq!(seen.file_bytes().as_deref(), Some(&b"a,b"[..]));
    asha.send_sticker();
    assert_eq!(bot.drain().await[0]["message"]["sticker"]["type"], "regular");
}

#[tokio::test]
async fn what_is_too_big_is_refused() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    let mut big = PNG.to_vec();
    big.resize(10 * 1024 * 1024 + 1, 0);
    asha.send("hi");
    let form = Form::new().text("chat_id", "1").part("photo", part(&big, "x.png"));
    let (status, body) = bot.upload("sendPhoto", form).await;
    assert_eq!((status, &body["description"]), (413, &json!("Request Entity Too Large")));
    let form = Form::new().text("chat_id", "1").part("photo", part(b"no picture", "x.png"));
    let (_, body) = bot.upload("sendPhoto", form).await;
    assert_eq!(body["description"], "Bad Request: IMAGE_PROCESS_FAILED");
    bot.drain().await;
    big.resize(20 * 1024 * 1024 + 1, 0);
    asha.send_document("big.bin", &big, None);
    let id = bot.drain().await[0]["message"]["document"]["file_id"].clone();
    assert_eq!(bot.no("getFile", json!({"file_id": id})).await, "Bad Request: file is too big");
}
