//! What a bank tells: alerts over HTTP as a phone forwards them, and statements in the admin chat.

use crate::world::World;
use chrono::TimeDelta;
use mela_core::signature::sign;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_util::task::AbortOnDropHandle;

const SECRET: &str = "a secret of the phone";
const ALERT: &str = "Rs.135.00 credited to a/c XX1234 on 21-11-26 by a/c linked to VPA ravi@okhdfc (UPI Ref No 412345678901)";
const HEAD: &str = "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance";

/// The program's doors at an address of their own.
struct Doors {
    url: String,
    _serving: AbortOnDropHandle<()>,
}

impl Doors {
    async fn open(world: &World) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/credits", listener.local_addr().unwrap());
        let router = mela_bot::doors::router(&world.core);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, _serving: AbortOnDropHandle::new(serving) }
    }

    async fn send(&self, timestamp: Option<&str>, signature: Option<&str>, body: &[u8]) -> (StatusCode, Value) {
        let mut request = reqwest::Client::new().post(&self.url).body(body.to_vec());
        for (name, value) in [("X-Mela-Timestamp", timestamp), ("X-Mela-Signature", signature)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
    }

    /// Signs as the phone does, so many seconds from the shop's now.
    async fn signed(&self, world: &World, off: i64, body: &[u8]) -> (StatusCode, Value) {
        let timestamp = (world.core.now().timestamp() + off).to_string();
        self.send(Some(&timestamp), Some(&signature(&timestamp, body)), body).await
    }

    async fn alert(&self, world: &World, from: &str, text: &str) -> Value {
        let body = json!({ "from": from, "text": text, "received_at": "2026-11-21T11:00:00+05:30", "sim": 1 }).to_string();
        let (status, answer) = self.signed(world, 0, body.as_bytes()).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }
}

fn signature(timestamp: &str, body: &[u8]) -> String {
    sign(SECRET, &[timestamp.as_bytes(), b".", body]).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn world() -> World {
    World::with(&[("MELA_CREDITS__SECRET", SECRET)]).await
}

fn outcome(answer: &Value) -> &str {
    answer["outcome"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_counts_once_and_what_is_none_is_ignored() {
    let world = world().await;
    let doors = Doors::open(&world).await;
    let first = doors.alert(&world, "VM-HDFCBK", ALERT).await;
    assert!(["unmatched", "matched"].contains(&outcome(&first)), "{first}");
    assert_eq!((first["reference"].as_str(), first["amount"].as_str()), (Some("HDFC/412345678901"), Some("135.00")));
    world.advance(TimeDelta::seconds(2));
    assert_eq!(
        outcome(&doors.alert(&world, "VM-HDFCBK", ALERT).await),
        "duplicate",
        "the phone did not hear the answer, and signed anew"
    );
    for (from, text) in [
        ("+919812345678", ALERT),
        ("VM-HDFCBK-P", ALERT),
        ("AX-HDFCBK-S", "Rs.135.00 debited from a/c XX1234 on 21-11-26 to ravi@ybl (UPI Ref No 412345678902)"),
        ("AX-HDFCBK-S", "Rs.135.00 will be credited to a/c XX1234 on 22-11-26"),
        ("AX-HDFCBK-S", ""),
    ] {
        world.advance(TimeDelta::seconds(1));
        let answer = doors.alert(&world, from, text).await;
        assert_eq!(outcome(&answer), "ignored", "{from} {text}");
        assert!(!answer["reason"].as_str().unwrap().is_empty());
    }
    assert_eq!(world.count("bank_credit").await, 1);
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_signed_now_and_once_is_heard() {
    let world = world().await;
    let doors = Doors::open(&world).await;
    let body = json!({ "from": "VM-HDFCBK", "text": ALERT, "received_at": "2026-11-21T11:00:00+05:30" }).to_string();
    let body = body.as_bytes();
    let now = world.core.now().timestamp().to_string();
    let right = signature(&now, body);
    let other = json!({ "from": "VM-HDFCBK", "text": ALERT.replace("135", "935"), "received_at": "2026-11-21T11:00:00+05:30" }).to_string();
    let later = (world.core.now().timestamp() + 1).to_string();
    for (timestamp, tag, body) in [
        (None, Some(right.as_str()), body),
        (Some(now.as_str()), None, body),
        (Some(&now), Some(""), body),
        (Some(&now), Some("zz"), body),
        (Some(&now), Some(&right[..62]), body),
        (Some(&now), Some(&right), other.as_bytes()),
        (Some(&later), Some(&right), body),
        (Some("soon"), Some(&signature("soon", body)), body),
        (Some("99999999999999999999"), Some(&signature("99999999999999999999", body)), body),
        (Some("-9223372036854775808"), Some(&signature("-9223372036854775808", body)), body),
    ] {
        let (status, answer) = doors.send(timestamp, tag, body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{timestamp:?} {tag:?} {answer}");
    }
    for off in [301, -301] {
        assert_eq!(doors.signed(&world, off, body).await.0, StatusCode::UNAUTHORIZED, "{off}");
    }
    assert_eq!(world.count("bank_credit").await, 0);

    assert_eq!(doors.signed(&world, -300, body).await.0, StatusCode::OK);
    let (status, answer) = doors.signed(&world, 300, body).await;
    assert_eq!((status, outcome(&answer)), (StatusCode::OK, "duplicate"));
    assert_eq!(doors.send(Some(&now), Some(&right.to_uppercase()), body).await.0, StatusCode::OK);
    for again in [&right, &right.to_uppercase()] {
        assert_eq!(doors.send(Some(&now), Some(again), body).await.0, StatusCode::UNAUTHORIZED, "the same request again");
    }
    assert_eq!(world.count("bank_credit").await, 1);
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_none_is_a_400_and_changes_nothing() {
    let world = world().await;
    let doors = Doors::open(&world).await;
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"from": "VM-HDFCBK", "text": "x"}"#,
        r#"{"from": "VM-HDFCBK", "received_at": "2026-11-21T11:00:00Z"}"#,
        r#"{"from": 5, "text": "x", "received_at": "2026-11-21T11:00:00Z"}"#,
        r#"{"from": "VM-HDFCBK", "text": null, "received_at": "2026-11-21T11:00:00Z"}"#,
        r#"{"from": "VM-HDFCBK", "text": "x", "received_at": "21-11-2026"}"#,
        r#"{"from": "VM-HDFCBK", "text": "x", "received_at": "2026-11-21T11:00:00"}"#,
        r#"{"from": "VM-HDFCBK", "text": "x", "received_at": 1795239000}"#,
        "\u{feff}{}",
    ] {
        let (status, answer) = doors.signed(&world, 0, body.as_bytes()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body} {answer}");
        assert!(answer["error"].as_str().unwrap().contains("received_at"));
    }
    assert_eq!(doors.signed(&world, 0, &[0xff, 0xfe]).await.0, StatusCode::BAD_REQUEST);
    let huge = format!(r#"{{"from": "VM-HDFCBK", "text": "{}", "received_at": "2026-11-21T11:00:00Z"}}"#, "x".repeat(300_000));
    assert_eq!(doors.signed(&world, 0, huge.as_bytes()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let nul = json!({ "from": "VM-HDFCBK", "text": format!("{ALERT}\0"), "received_at": "2026-11-21T11:00:00Z" }).to_string();
    assert_eq!(doors.signed(&world, 1, nul.as_bytes()).await.0, StatusCode::OK);
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_secret_nothing_is_heard() {
    let world = World::new().await;
    let doors = Doors::open(&world).await;
    let body = br#"{"from": "VM-HDFCBK", "text": "x", "received_at": "2026-11-21T11:00:00Z"}"#;
    let now = world.core.now().timestamp().to_string();
    let empty: String = sign("", &[now.as_bytes(), b".", body]).iter().map(|byte| format!("{byte:02x}")).collect();
    for tag in [signature(&now, body), empty] {
        assert_eq!(doors.send(Some(&now), Some(&tag), body).await.0, StatusCode::UNAUTHORIZED);
    }
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strange_sender_is_told_to_staff_once() {
    let world = world().await;
    let doors = Doors::open(&world).await;
    for _ in 0..2 {
        world.advance(TimeDelta::seconds(1));
        assert_eq!(outcome(&doors.alert(&world, "VM-NEWBNK", ALERT).await), "ignored");
    }
    world.admins.expect(&["VM-NEWBNK", "credits.senders"]).await;
    world.all_told().await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_read_and_sent_again_counts_once() {
    let world = world().await;
    world.owner.send("/import statement");
    world.admins.expect(&["HDFC, ICICI, SBI, Axis and Kotak", "5 MB", "/import statement GRAMIN"]).await;
    let file = format!(
        "HDFC BANK Ltd.\nStatement From : 01/11/2026 To : 21/11/2026\n{HEAD}\n\
         20/11/26,UPI-SHOP-shop@ybl-412345678900-x,0000412345678900,20/11/26,50.00,,\"1,000.00\"\n\
         21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,0000412345678901,21/11/26,,\"1,35,000.00\",\"1,36,000.00\"\n\
         32/11/26,UPI-BINA-bina@ybl-412345678902-x,,21/11/26,,5.00,\"1,36,005.00\"\n"
    );
    world.owner.send("wait");
    world.admins.expect(&["as a file", "/cancel"]).await;
    world.owner.send_document("hdfc.csv", file.as_bytes(), None);
    world
        .admins
        .expect(&[
            "HDFC",
            "01 Nov 2026 to 21 Nov 2026",
            "1 new credit, 0 seen before",
            "1 debit skipped",
            "Balance at the end: ₹1,36,000",
            "row 6: “32/11/26” is no day",
        ])
        .await;
    let bad = world.admins.expect(&["wrong row"]).await;
    assert_eq!(String::from_utf8(bad.file_bytes().unwrap()).unwrap().lines().nth(1).map(|line| line.starts_with("6,")), Some(true));
    world.owner.send("done");
    world.owner.send_document("hdfc.csv", file.as_bytes(), Some("/import statement HDFC"));
    world.admins.expect(&["0 new credits, 1 seen before"]).await;
    world.admins.expect(&["wrong row"]).await;
    assert_eq!((world.count("bank_credit").await, world.count("statement").await), (1, 2));
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_statement_says_what_to_do() {
    let world = world().await;
    world.owner.send_document("x.csv", b"When,What,In\n21/11/2026,UPI 412345678901,135\n", Some("/import statement GRAMIN"));
    world.admins.expect(&["When, What, In", "/settings statement.date", "statement.credit"]).await;
    for (knob, column) in [("date", "When"), ("narration", "What"), ("credit", "In")] {
        world.owner.send(&format!("/settings statement.{knob} {column}"));
        world.admins.expect(&[&format!("statement.{knob}"), column]).await;
    }
    world.owner.send_document("x.csv", b"When,What,In\n21/11/2026,UPI 412345678901,135\n", Some("/import statement"));
    world.admins.expect(&["not whose it is", "/import statement HDFC"]).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    world.owner.send_document("x.csv", b"When,What,In\n21/11/2026,UPI 412345678901,135\n", Some("/import statement GRAMIN"));
    world.admins.expect(&["GRAMIN", "1 new credit"]).await;
    assert_eq!(world.count("bank_credit WHERE bank_ref = 'GRAMIN/412345678901'").await, 1);
    world.owner.send_document("x.csv", HEAD.as_bytes(), Some("/import statement"));
    world.admins.expect(&["no transaction"]).await;
    world.owner.send_document("x.csv", b"", Some("/import statement"));
    world.admins.expect(&["Nothing is written"]).await;
    world.owner.send("/staff add 950 support Om");
    world.admins.expect(&["Om"]).await;
    let om = world.sandbox.person(950, "Om").in_group(&world.admins);
    om.send_document("x.csv", b"When,What,In\n", Some("/import statement"));
    world.admins.expect(&["does not allow"]).await;
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_show_how_far_they_are() {
    let world = world().await;
    let rows: String = (0..10_000)
        .map(|n| format!("{:02}/11/26,UPI-RAVI-ravi{n}@ybl-6325{n:08}-x,,21/11/26,,{}.00,{n}.00\n", n / 500 + 1, 100 + n % 7))
        .collect();
    let begun = std::time::Instant::now();
    world.owner.send_document("big.csv", format!("{HEAD}\n{rows}").as_bytes(), Some("/import statement"));
    for _ in 0..600 {
        if world.count("statement").await > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    println!("10,000 rows took {:?}", begun.elapsed());
    assert_eq!(world.count("bank_credit").await, 10_000);
    let steps = |world: &World| -> Vec<String> {
        let lines = world.sandbox.transcript();
        lines.iter().filter(|line| line.text.contains("of 10000 credits")).map(|line| line.text.clone()).collect()
    };
    let mut told = steps(&world);
    told.dedup();
    assert!(told.len() >= 2, "{told:?}");
    assert!(told[0].contains(" 0 of 10000"), "{told:?}");
    world.books_are_right().await;
}
