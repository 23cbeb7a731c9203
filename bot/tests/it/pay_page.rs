//! The page that opens a UPI app, over HTTP and in a real browser.

use super::browser::Browser;
use super::world::World;
use chrono::TimeDelta;
use mela_bot::doors;
use mela_core::orders;
use serde_json::json;

/// The doors, served; answers their address.
async fn served(world: &World) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = doors::router(&world.core);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn get(url: &str, language: &str) -> (u16, String, reqwest::header::HeaderMap) {
    let response = reqwest::Client::new().get(url).header("Accept-Language", language).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, response.text().await.unwrap(), headers)
}

#[tokio::test]
async fn the_page_says_what_is_to_be_paid_and_nothing_of_anybody() {
    let world = World::with(&[("MELA_SHOP__NAME", "Asha & <Sons>"), ("MELA_SHOP__COLOR", "#00695C")]).await;
    let base = served(&world).await;
    let asha = world.joined(1, "Asha Unmistakable", None).await;
    let order = world.order(&asha).await;
    for code in [order.clone(), order.to_lowercase(), order[2..].to_owned()] {
        let (status, page, headers) = get(&format!("{base}/pay/{code}"), "en-IN,en;q=0.9").await;
        assert_eq!(status, 200);
        let bare = &order[2..];
        let link = format!("upi://pay?pa=shop@bank&amp;pn=Asha%20%26%20%3CSons%3E&amp;am=135.00&amp;cu=INR&amp;tr=O{bare}&amp;tn=O{bare}");
        for wanted in [
            link.as_str(),
            &link.replace("upi://pay", "tez://upi/pay"),
            "₹135",
            "shop@bank",
            &order,
            "30 min",
            "noindex",
            "Asha &amp; &lt;Sons&gt;",
            "#00695C",
        ] {
            assert!(page.contains(wanted), "no {wanted} in {page}");
        }
        assert!(!page.contains("Unmistakable") && !page.contains("<Sons>") && !page.contains("https://"), "{page}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!((headers["cache-control"].to_str().unwrap(), headers["referrer-policy"].to_str().unwrap()), ("no-store", "no-referrer"));
        assert!(headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    }
    let (_, hindi, _) = get(&format!("{base}/pay/{order}"), "ta, hi-IN;q=0.9, en;q=0.5").await;
    assert!(hindi.contains("lang=\"hi\"") && hindi.contains("UPI ऐप खोलें"), "{hindi}");
    let (_, english, _) = get(&format!("{base}/pay/{order}"), "fr").await;
    assert!(english.contains("lang=\"en\""));
    world.ends_well().await;
}

#[tokio::test]
async fn an_order_that_awaits_nothing_is_told_so_and_an_unknown_one_is_not_found() {
    let world = World::new().await;
    let base = served(&world).await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    let gone = async |code: &str| get(&format!("{base}/pay/{code}"), "en").await;
    for unknown in ["O-00000000", "O-7K2M9QX", "x", "O-%00%00%00%00", "%3Cscript%3E", "O-7K2M9QXU", &"A".repeat(5_000)] {
        let (status, page, _) = gone(unknown).await;
        assert!(
            status == 404 && page.contains("no such order") && !page.contains("upi://") && !page.contains("<script>alert"),
            "{unknown}: {status}"
        );
    }
    // Its time is over, though no sweep came by yet.
    world.advance(TimeDelta::minutes(31));
    let (status, page, _) = gone(&order).await;
    assert!(
        status == 410 && page.contains("not waiting for a payment") && !page.contains("upi://") && !page.contains("135"),
        "{status} {page}"
    );
    let user = mela_core::users::by_telegram_id(world.core.db(), 1).await.unwrap().unwrap();
    let next = orders::place(&world.core, &user, "combo-ott").await.unwrap().into_inner();
    assert_eq!(gone(&format!("O-{}", next.code)).await.0, 200);
    orders::cancel(&world.core, user.user_id(), &next.code).await.unwrap();
    assert_eq!(gone(&format!("O-{}", next.code)).await.0, 410);
    world.books_are_right().await;
}

#[tokio::test]
async fn in_a_real_browser_it_shows_the_amount_and_copies() {
    let world = World::new().await;
    let base = served(&world).await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    let browser = Browser::open().await;
    browser.go(&format!("{base}/pay/{order}")).await;
    assert_eq!(browser.run("return document.querySelector('.amount').innerText").await, json!("₹135"));
    let link = format!("upi://pay?pa=shop@bank&pn=Mela&am=135.00&cu=INR&tr=O{0}&tn=O{0}", &order[2..]);
    assert_eq!(browser.run("return document.getElementById('open').href").await, json!(link));
    // The policy lets its own style and script be: the button has the shop's colour, the copy buttons are there.
    let colour = browser.run("return getComputedStyle(document.getElementById('open')).backgroundColor").await;
    assert_eq!(colour, json!("rgb(91, 33, 182)"));
    let wide = browser.run("return document.documentElement.scrollWidth <= innerWidth").await;
    assert_eq!(wide, json!(true), "nothing is wider than the screen");
    browser
        .command("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }))
        .await;
    let reference = format!("O{}", &order[2..]);
    for (n, text) in ["shop@bank", "135.00", reference.as_str()].into_iter().enumerate() {
        browser.run(&format!("document.querySelectorAll('[data-copy]')[{n}].id = 'c{n}'")).await;
        browser.click(&format!("#c{n}")).await;
        let copied = browser
            .ask("execute/async", json!({ "script": "const done = arguments[0]; setTimeout(() => navigator.clipboard.readText().then(done, e => done(String(e))), 100)", "args": [] }))
            .await;
        assert_eq!(copied, json!(text));
        assert_eq!(browser.run(&format!("return document.getElementById('c{n}').innerText")).await, json!("Copied"));
    }
    if let Ok(folder) = std::env::var("CARD_FOLDER") {
        browser.go(&format!("{base}/pay/{order}")).await;
        browser.picture(&format!("{folder}/page.base64")).await;
    }
    browser.close().await;
    world.ends_well().await;
}
