//! What the server says parses as teloxide's types.

use mela_sandbox::Sandbox;
use serde_json::json;
use teloxide::{
    Bot as Teloxide, RequestError,
    net::Download,
    payloads::{EditMessageMediaSetters, SendMessageSetters, SendPhotoSetters},
    prelude::{Request, Requester},
    types::{
        ChatId, ChatMemberKind, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia, InputMediaPhoto, ParseMode, UpdateKind,
        UserId,
    },
};

use crate::helpers::{PNG, sandbox};

fn teloxide(sandbox: &Sandbox) -> Teloxide {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    Teloxide::with_client(sandbox.token(), client).set_api_url(sandbox.url().parse().unwrap())
}

#[tokio::test]
async fn a_teloxide_bot_gets_on() {
    let (sandbox, _) = sandbox().await;
    let bot = teloxide(&sandbox);
    assert_eq!(bot.get_me().await.unwrap().username(), "MelaSandboxBot");
    let asha = sandbox.person(1, "Asha");
    let admins = sandbox.group(-5, "Admins");
    let owner = sandbox.person(9, "Owner").in_group(&admins);

    asha.send("/start ref_X");
    asha.send_photo(PNG, Some("proof"));
    asha.send_document("a.csv", b"x", None);
    asha.send_sticker();
    asha.block_bot();
    asha.unblock_bot();
    owner.send("hello");
    admins.upgrade_to_supergroup();
    sandbox.push_raw_update(json!({"some_new_kind": {}}));
    let updates = bot.get_updates().await.unwrap();
    assert_eq!(updates.len(), 10);
    for update in &updates[..9] {
        assert!(!matches!(update.kind, UpdateKind::Error(_)), "{update:?}");
    }
    assert!(matches!(updates[9].kind, UpdateKind::Error(_)));
    let UpdateKind::Message(migrated) = &updates[7].kind else {
        panic!("{:?}", updates[7])
    };
    assert!(migrated.chat_migration().is_some());
    let UpdateKind::Message(photo) = &updates[1].kind else { panic!() };
    assert_eq!(photo.photo().unwrap().len(), 2);

    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Go", "go")]]);
    let sent = bot
        .send_photo(ChatId(1), InputFile::memory(PNG))
        .caption("<b>x</b>")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard.clone())
        .await
        .unwrap();
    assert_eq!(sent.caption(), Some("x"));
    asha.expect(&["x", "Go"]).await;
    let media = InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(PNG)).caption("y"));
    bot.edit_message_media(ChatId(1), sent.id, media).reply_markup(keyboard).await.unwrap();
    let query = asha.press("Go");
    let updates = bot.get_updates().send().await.unwrap();
    let UpdateKind::CallbackQuery(pressed) = &updates.last().unwrap().kind else {
        panic!()
    };
    assert_eq!(pressed.id.0, query);
    assert!(pressed.regular_message().is_some());
    bot.answer_callback_query(pressed.id.clone()).await.unwrap();

    let file = bot.get_file(FileId(sent.photo().unwrap()[1].file.id.0.clone())).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, PNG);

    let error = bot.send_message(ChatId(-5), "x").await.unwrap_err();
    assert!(matches!(error, RequestError::MigrateToChatId(id) if id.0 == admins.id()), "{error}");
    let group = ChatId(admins.id());
    assert_eq!(bot.get_chat(group).await.unwrap().title(), Some("Admins"));
    bot.get_chat(ChatId(1)).await.unwrap();
    assert_eq!(bot.get_chat_administrators(group).await.unwrap().len(), 2);
    let member = bot.get_chat_member(group, UserId(9)).await.unwrap();
    assert!(matches!(member.kind, ChatMemberKind::Owner(_)));
    bot.get_chat_member(group, bot.get_me().await.unwrap().id).await.unwrap();
    bot.get_webhook_info().await.unwrap();
    bot.copy_message(group, ChatId(1), sent.id).await.unwrap();
    bot.send_message(group, "ok").parse_mode(ParseMode::Html).await.unwrap();
}
