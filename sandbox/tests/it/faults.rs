use mela_sandbox::Fault;
use serde_json::json;

use crate::helpers::sandbox;

#[tokio::test]
async fn faults_come_as_told_and_then_pass() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("hi");
    let hello = json!({"chat_id": 1, "text": "hello"});

    sandbox.fail_next("sendMessage", 2, Fault::TooManyRequests { retry_after: 3 });
    for _ in 0..2 {
        let (status, body) = bot.raw("sendmessage", hello.clone()).await;
        assert_eq!(status, 429);
        assert_eq!(body["description"], "Too Many Requests: retry after 3");
        assert_eq!(body["parameters"]["retry_after"], 3);
    }
    sandbox.fail_next("*", 1, Fault::ServerError(502));
    bot.updates(json!({})).await;
    assert_eq!(bot.raw("sendMessage", hello.clone()).await.0, 502);
    assert!(asha.chat().len() == 1, "none of these was done");

    let url = format!("{}/sendMessage", bot.base);
    sandbox.fail_next("sendMessage", 1, Fault::Drop);
    assert!(bot.client.post(&url).json(&hello).send().await.is_err());
    asha.quiet(50).await;
    sandbox.fail_next("sendMessage", 1, Fault::DropAfter);
    assert!(bot.client.post(&url).json(&hello).send().await.is_err());
    asha.expect(&["hello"]).await;
    bot.ok("sendMessage", hello).await;
    asha.expect(&["hello"]).await;
}

#[tokio::test]
async fn a_lost_answer_to_get_updates_loses_nothing() {
    let (sandbox, bot) = sandbox().await;
    sandbox.person(1, "Asha").send("hi");
    sandbox.fail_next("getUpdates", 1, Fault::DropAfter);
    let url = format!("{}/getUpdates", bot.base);
    assert!(bot.client.get(&url).send().await.is_err());
    assert_eq!(bot.updates(json!({})).await.len(), 1);
}
