//! Verifying: the door over HTTP, with everything that can go wrong, and the chat around it.

use super::world::World;
use chrono::TimeDelta;
use mela_bot::doors;
use mela_bot::doors::init_data::Key;
use mela_core::audit::Actor;
use mela_core::privacy;
use mela_sandbox::Person;
use serde_json::{Value, json};
use std::net::SocketAddr;

pub(crate) const URL: &str = "https://shop.example.com/mela";
pub(crate) const DEVICE: &str = "019a0000000000000000000000000001";

/// A shop that is on the web, and its doors.
pub(crate) async fn on_the_web(more: &[(&str, &str)]) -> (World, String) {
    let world = World::with(&[&[("MELA_HTTP__PUBLIC_URL", URL)], more].concat()).await;
    let base = served(&world).await;
    (world, base)
}

pub(crate) async fn served(world: &World) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = doors::router(&world.core).merge(doors::verify::router(&world.core, &Key::of(&world.sandbox.token())));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// What the door answers: status, cookie, body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) cookie: String,
    pub(crate) body: Value,
}

async fn send(base: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answer {
    let request = reqwest::Client::new().post(format!("{base}/verify")).body(body);
    let response = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap();
    let status = response.status().as_u16();
    let cookie = response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned()).unwrap_or_default();
    let text = response.text().await.unwrap();
    Answer { status, cookie, body: serde_json::from_str(&text).unwrap_or_default() }
}

pub(crate) async fn post(base: &str, init_data: &str, device: &str, headers: &[(&str, &str)]) -> Answer {
    send(base, headers, json!({ "init_data": init_data, "device": device }).to_string()).await
}

/// Nothing is known of anybody.
async fn nothing_is_kept(world: &World) {
    assert_eq!(world.count("signal").await, 0);
    assert_eq!(world.count("verification").await, 0);
    assert_eq!(world.count("notification WHERE kind = 'verified'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_telegram_signed_within_the_hour_is_believed() {
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha & K + %26", None).await;
    let proof = asha.init_data();
    for (body, why) in [
        ("", "empty"),
        ("hello", "no JSON"),
        ("[]", "no object"),
        ("{}", "no fields"),
        (r#"{"init_data": 7, "device": "x"}"#, "a number"),
        (r#"{"init_data": null, "device": null}"#, "nothing"),
        (r#"{"device": "019a0000000000000000000000000001"}"#, "no proof"),
        ("{\"init_data\": \"\u{0}", "cut off"),
    ] {
        assert_eq!(send(&base, &[], body).await.status, 400, "{why}");
    }
    assert_eq!(send(&base, &[], json!({ "init_data": proof }).to_string()).await.status, 400, "no device");
    assert_eq!(post(&base, &"x".repeat(20_000), DEVICE, &[]).await.status, 413);
    for forged in [
        String::new(),
        "user=%7B%22id%22%3A1%7D&auth_date=1&hash=".to_owned(),
        proof.replace("%22id%22%3A1%2C", "%22id%22%3A2%2C"),
        proof.replace("&hash=", "&x=&hash="),
        format!("{proof}&user=%7B%22id%22%3A2%7D"),
        mela_sandbox_of_another_token(&world).await,
    ] {
        let refused = post(&base, &forged, DEVICE, &[]).await;
        assert_eq!((refused.status, refused.cookie.as_str()), (401, ""), "{forged}");
        assert_eq!(refused.body["error"], "not proved", "and no more is said");
    }
    for wrong in ["", "short", &"x".repeat(65), "with space in it", "<script>alert(1)</script>", "null\u{0}null", "semi;colon=here"] {
        assert_eq!(post(&base, &proof, wrong, &[]).await.status, 400, "{wrong:?}");
    }
    world.advance(TimeDelta::minutes(61));
    assert_eq!(post(&base, &proof, DEVICE, &[]).await.status, 401, "over an hour old");
    let ahead = world.core.now();
    nothing_is_kept(&world).await;
    // The same person, signed now.
    let taken = post(&base, &asha.init_data(), DEVICE, &[]).await;
    assert_eq!((taken.status, &taken.body), (200, &json!({ "outcome": "verified", "device": DEVICE })));
    assert_eq!(world.count(&format!("verification WHERE verified_at = '{}'", ahead.to_rfc3339())).await, 1);
    asha.expect(&["You are verified", "Withdraw"]).await;
    world.ends_well().await;
}

/// A proof that Telegram signed for another bot.
async fn mela_sandbox_of_another_token(world: &World) -> String {
    let now = world.core.clone();
    let options = mela_sandbox::Options { token: "1000002:other".into(), now: std::sync::Arc::new(move || now.now()), ..Default::default() };
    let other = mela_sandbox::Sandbox::start(options).await.unwrap();
    other.person(1, "Asha & K + %26").init_data()
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_and_at_once_is_once_and_the_person_is_told_once() {
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    let proof = asha.init_data();
    let posts = (0..8).map(|_| post(&base, &proof, DEVICE, &[]));
    for answer in futures::future::join_all(posts).await {
        assert_eq!((answer.status, answer.body["outcome"].as_str()), (200, Some("verified")));
    }
    asha.expect(&["You are verified"]).await;
    world.advance(TimeDelta::minutes(30));
    assert_eq!(post(&base, &proof, DEVICE, &[]).await.status, 200);
    world.all_told().await;
    assert_eq!(world.count("verification").await, 1);
    assert_eq!(world.count("verification WHERE seen_at = verified_at + interval '30 minutes'").await, 1);
    assert_eq!(world.count("notification WHERE kind = 'verified'").await, 1);
    asha.send("/verify");
    asha.expect(&["You verified on 21 Nov 2026, 11:00 IST"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_forgotten_people_leave_no_trace() {
    let (world, base) = on_the_web(&[]).await;
    let stranger = world.person(5, "Nobody");
    let answer = post(&base, &stranger.init_data(), DEVICE, &[]).await;
    assert_eq!((answer.status, &answer.body, answer.cookie.as_str()), (200, &json!({ "outcome": "unknown" }), ""));
    nothing_is_kept(&world).await;
    assert_eq!(world.count("users WHERE telegram_id = 5").await, 0);

    let asha = world.joined(1, "Asha", None).await;
    let proof = asha.init_data();
    assert_eq!(post(&base, &proof, DEVICE, &[]).await.body["outcome"], "verified");
    asha.expect(&["You are verified"]).await;
    let user = mela_core::users::by_telegram_id(world.core.db(), 1).await.unwrap().unwrap();
    let copy: Value = serde_json::from_slice(&privacy::export(&world.core, &user).await.unwrap()).unwrap();
    assert!(copy["verified"][0]["verified_at"].as_str().unwrap().starts_with("2026-11-21"), "{copy}");
    let mark = privacy::ties(world.core.db(), user.user_id(), world.core.now()).await.unwrap().mark();
    privacy::erase(&world.core, user.user_id(), mark, &Actor::customer(&user)).await.unwrap();
    nothing_is_kept(&world).await;
    // The proof is still young; nobody is known by it any more.
    assert_eq!(post(&base, &proof, DEVICE, &[]).await.body["outcome"], "unknown");
    nothing_is_kept(&world).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_cannot_lend_its_readers_device_to_anybody() {
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    let proof = asha.init_data();
    let victims = format!("mela_device={DEVICE}");
    for foreign in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let refused = post(&base, &proof, "attackers-device", &[foreign, ("cookie", &victims)]).await;
        assert_eq!((refused.status, refused.cookie.as_str()), (403, ""), "{foreign:?}");
    }
    nothing_is_kept(&world).await;
    for own in [("origin", "https://shop.example.com"), ("origin", base.as_str()), ("sec-fetch-site", "same-origin")] {
        assert_eq!(post(&base, &proof, DEVICE, &[own]).await.status, 200, "{own:?}");
    }
    asha.expect(&["You are verified"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_hidden_lasts_and_heals() {
    let (world, base) = on_the_web(&[("MELA_FRAUD__KEEP_DEVICES", "90d")]).await;
    let asha = world.joined(1, "Asha", None).await;
    let proof = asha.init_data();
    let (older, newer) = (DEVICE, "019b0000000000000000000000000001");
    let taken = post(&base, &proof, newer, &[("origin", "https://shop.example.com")]).await;
    assert_eq!(taken.cookie, format!("mela_device={newer}; Max-Age=7776000; HttpOnly; SameSite=None; Secure; Partitioned"));
    let plain = post(&base, &proof, newer, &[("origin", &base)]).await;
    assert_eq!(
        plain.cookie,
        format!("mela_device={newer}; Max-Age=7776000; HttpOnly; SameSite=Lax"),
        "Secure would be dropped without https"
    );
    // Of what the page and the cookie say the older one stays; what is no name is none.
    for (body, cookie, stays) in [
        (newer, format!("x=y; mela_device={older}; z"), older),
        (older, format!("mela_device={newer}"), older),
        (newer, "mela_device=<script>; mela_device=".to_owned(), newer),
        ("2f1c8a30-aaaa-4bbb-8ccc-0123456789ab", format!("mela_device={newer}"), newer),
    ] {
        let taken = post(&base, &proof, body, &[("cookie", &cookie)]).await;
        assert_eq!((taken.status, taken.body["device"].as_str()), (200, Some(stays)), "{cookie}");
        assert!(taken.cookie.starts_with(&format!("mela_device={stays};")), "{}", taken.cookie);
    }
    asha.expect(&["You are verified"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_the_connections_or_the_proxys_last_word() {
    let kinds = async |world: &World| {
        let mut kinds = Vec::new();
        for kind in ["ip4", "ip6", "weak-ip"] {
            kinds.push(world.count(&format!("signal WHERE kind = '{kind}'")).await);
        }
        kinds
    };
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    let claims = ("x-forwarded-for", "203.0.113.7");
    assert_eq!(post(&base, &asha.init_data(), DEVICE, &[claims]).await.status, 200);
    assert_eq!(kinds(&world).await, [0, 0, 1], "this machine's own; what anybody may write is not read");
    asha.expect(&["You are verified"]).await;
    world.ends_well().await;

    let (world, base) = on_the_web(&[("MELA_HTTP__PROXY_HEADER", "X-Forwarded-For")]).await;
    let asha = world.joined(1, "Asha", None).await;
    let proof = asha.init_data();
    for header in ["", "garbage", "203.0.113.7, unknown", "203.0.113.999"] {
        assert_eq!(post(&base, &proof, DEVICE, &[("x-forwarded-for", header)]).await.status, 200);
    }
    assert_eq!(post(&base, &proof, DEVICE, &[]).await.status, 200);
    assert_eq!(kinds(&world).await, [0, 0, 0], "what is not known is not the proxy's own");
    for header in [
        "203.0.113.7",
        "6.6.6.6, 203.0.113.7",
        "::ffff:203.0.113.7",
        "2401:4900::1",
        "2401:4900::2",
        "[2401:4900::3]:9",
        "10.0.0.7",
    ] {
        assert_eq!(post(&base, &proof, DEVICE, &[("x-forwarded-for", header)]).await.status, 200);
    }
    assert_eq!(kinds(&world).await, [1, 1, 1]);
    asha.expect(&["You are verified"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_is_kept_and_for_how_long_before_anything_is_sent() {
    let (world, base) = on_the_web(&[("MELA_FRAUD__KEEP_DEVICES", "90d"), ("MELA_SHOP__NAME", "Asha & <Sons>")]).await;
    let page = async |path: &str, language: &str| {
        let response = reqwest::Client::new().get(format!("{base}{path}")).header("Accept-Language", language).send().await.unwrap();
        let headers = response.headers().clone();
        (response.status().as_u16(), headers, response.text().await.unwrap())
    };
    let (status, headers, text) = page("/verify", "fr").await;
    assert_eq!(status, 200);
    for wanted in [
        "lang=\"en\"",
        "90 days",
        "random number",
        "internet address",
        "Verify</button>",
        "Asha &amp; &lt;Sons&gt;",
        "Buying never needs this",
    ] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    assert!(!headers.contains_key("set-cookie"), "nothing is left on the device before the press");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && policy.contains("connect-src 'self'"),
        "{policy}"
    );
    assert_eq!((headers["cache-control"].to_str().unwrap(), headers["referrer-policy"].to_str().unwrap()), ("no-store", "no-referrer"));
    let hosts: Vec<_> = text.match_indices("https://").map(|(at, _)| text[at..].split(['"', '\'', ' ']).next().unwrap()).collect();
    assert_eq!(hosts, ["https://telegram.org/js/telegram-web-app.js"], "nothing else from outside");
    let fresh = |text: &str| text.split("data-fresh=\"").nth(1).unwrap()[..32].to_owned();
    assert_ne!(fresh(&text), fresh(&page("/verify", "en").await.2), "each visit could be of another device");
    for (path, language) in [("/verify?lang=hi", "en"), ("/verify", "hi-IN,en;q=0.5"), ("/verify?lang=xx", "hi")] {
        let (_, _, text) = page(path, language).await;
        assert!(text.contains("lang=\"hi\"") && text.contains("90 दिन"), "{path} {language}");
    }
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/privacy");
    asha.expect(&["marks of your device", "90 days"]).await;
    nothing_is_kept(&world).await;
    world.ends_well().await;
}

/// Opens the page of a message's button as Telegram would, and presses there.
async fn verify(world: &World, base: &str, person: &Person) {
    assert_eq!(post(base, &person.init_data(), DEVICE, &[]).await.status, 200);
    person.expect(&["You are verified", "Withdraw"]).await;
    assert_eq!(world.count("verification").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_withdrawal_waits_for_it_and_then_goes_on() {
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/withdraw");
    asha.expect(&["₹500", "is missing"]).await;
    world.earn(&asha, 18).await;
    asha.send("/withdraw");
    let screen = asha.expect(&["before your first withdrawal", "180 days", "Verify", "Back"]).await;
    assert_eq!(screen.button("Verify").unwrap().web_app.as_deref(), Some("https://shop.example.com/mela/verify?lang=en"));
    // What is typed now is no UPI id.
    asha.send("asha@okbank");
    asha.expect(&["did not expect"]).await;
    // Buying goes on.
    world.order(&asha).await;
    asha.press("Cancel order");
    asha.expect(&["cancelled"]).await;
    verify(&world, &base, &asha).await;
    asha.press("Withdraw");
    asha.expect(&["₹504", "UPI"]).await;
    asha.send("asha@okbank");
    asha.expect(&["amount"]).await;
    asha.press("Withdraw all");
    asha.expect(&["Confirm"]).await;
    asha.press("Confirm");
    asha.expect(&["W-"]).await;
    world.admins.expect(&["W-", "₹504", "Device verified on"]).await;
    assert_eq!(world.count("withdrawal").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_before_waits_too_and_who_was_paid_once_is_not_asked() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/verify");
    asha.expect(&["nothing to verify"]).await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("asha@okbank");
    asha.expect(&["amount"]).await;
    asha.press("Withdraw all");
    let confirm = asha.expect(&["Confirm"]).await.message_id;
    // The shop goes on the web meanwhile.
    world.restart_with("MELA_HTTP__PUBLIC_URL", URL).await;
    asha.press_on(confirm, "Confirm");
    asha.expect(&["before your first withdrawal", "Verify"]).await;
    assert_eq!(world.count("withdrawal").await, 0);
    world.restart_with("MELA_FRAUD__VERIFY_FIRST_WITHDRAWAL", "false").await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("/cancel");
    asha.expect(&["dropped"]).await;
    asha.send("/verify");
    asha.expect(&["Verify once", "Verify"]).await;
    world.restart_with("MELA_FRAUD__VERIFY_FIRST_WITHDRAWAL", "true").await;
    world
        .sql(
            "INSERT INTO withdrawal (code, user_id, vpa, amount, key, asked_at, state, decided_at, decided_by, decided_by_name, settled_at, settled_by, settled_by_name, payout_utr)
             SELECT 'PAIDONCE', id, 'asha@okbank', 500, 'old', now(), 'paid', now(), 900, 'Meera', now(), 900, 'Meera', '632000000001' FROM users WHERE telegram_id = 1",
        )
        .await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    assert!(world.sandbox.unread().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_hindi_the_button_opens_the_page_in_hindi() {
    let (world, _) = on_the_web(&[]).await;
    let asha = world.person(1, "Asha").with_language("hi");
    asha.send("/verify");
    let screen = asha.expect(&["एक बार वेरिफ़ाई करें", "180 दिन"]).await;
    assert_eq!(screen.button("वेरिफ़ाई").unwrap().web_app.as_deref(), Some("https://shop.example.com/mela/verify?lang=hi"));
    world.ends_well().await;
}
