//! The verify page in a real browser: what it leaves there, what it finds again, and how it bears what goes wrong.

use super::browser::Browser;
use super::verify::{on_the_web, served};
use super::world::World;
use chrono::TimeDelta;
use mela_sandbox::Person;
use serde_json::{Value, json};

/// Which part of the page is to be seen.
const SHOWN: &str = "return ['ask', 'busy', 'done', 'failed'].filter((id) => !document.getElementById(id).hidden).join()";
const WHY: &str = "return [...document.querySelectorAll('[data-why]')].filter((p) => !p.hidden).map((p) => p.dataset.why).join()";
const LEFT: &str = "return localStorage.getItem('mela_device')";

fn link(base: &str, person: &Person) -> String {
    let data: String = url::form_urlencoded::byte_serialize(person.init_data().as_bytes()).collect();
    format!("{base}/verify#tgWebAppData={data}&tgWebAppVersion=8.0&tgWebAppPlatform=test")
}

/// Opens a person's own link as their app would: the page is loaded anew.
async fn open(browser: &Browser, base: &str, person: &Person) {
    browser.go("about:blank").await;
    browser.go(&link(base, person)).await;
    browser.until(SHOWN, &json!("ask")).await;
}

async fn verify(browser: &Browser, base: &str, person: &Person) {
    open(browser, base, person).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("done")).await;
    person.expect(&["You are verified"]).await;
}

async fn cookie(browser: &Browser) -> Value {
    let cookies = browser.cookies().await;
    cookies.iter().find(|cookie| cookie["name"] == "mela_device").map_or(Value::Null, |cookie| cookie["value"].clone())
}

/// Nothing but that Telegram's script is out of reach here was complained of.
async fn console_is_clean(browser: &Browser) {
    let said = browser.console().await;
    let other: Vec<_> = said.iter().filter(|line| !line["message"].as_str().unwrap().starts_with("https://telegram.org/js/")).collect();
    assert!(other.is_empty(), "{other:#?}");
}

/// An app of Telegram's around the page; `storage` is its store on the device, `0` where it has none.
async fn app(browser: &Browser, storage: &str) {
    let source = format!(
        "window.Telegram = {{ WebApp: {{ initData: '', ready() {{}}, expand() {{}}, close() {{ window.closed_by_page = true; }},
           isVersionAtLeast: (version) => Boolean({storage}) && version === '9.0',
           get DeviceStorage() {{ if (!{storage}) throw Error('WebAppMethodUnsupported'); return {storage}; }} }} }}"
    );
    browser.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_on_one_profile_are_one_device_and_another_profile_is_another() {
    let (world, base) = on_the_web(&[("MELA_FRAUD__DUPLICATE_DEVICE", "score")]).await;
    let [asha, bala, chitra] = [world.joined(1, "Asha", None).await, world.joined(2, "Bala", None).await, world.joined(3, "Chitra", None).await];
    let one = Browser::open().await;
    open(&one, &base, &asha).await;
    assert_eq!((one.run(LEFT).await, cookie(&one).await), (Value::Null, Value::Null), "nothing before the press");
    assert_eq!(world.count("verification").await, 0);
    let wide = one.run("return document.documentElement.scrollWidth <= innerWidth").await;
    assert_eq!(wide, json!(true), "nothing is wider than the screen");
    pictured(&one, "verify-ask").await;
    let bright = "const c = getComputedStyle(document.body); return c.backgroundColor !== c.color && c.backgroundColor !== 'rgba(0, 0, 0, 0)'";
    assert_eq!(one.run(bright).await, json!(true));
    let themed = "document.documentElement.style.setProperty('--tg-theme-secondary-bg-color', '#010203'); return getComputedStyle(document.body).backgroundColor";
    assert_eq!(one.run(themed).await, json!("rgb(1, 2, 3)"), "Telegram's colours are worn");
    verify(&one, &base, &asha).await;
    pictured(&one, "verify-done").await;
    let name = one.run(LEFT).await;
    assert_eq!((name.as_str().unwrap().len(), cookie(&one).await), (32, name.clone()));
    assert_eq!(one.run("return document.cookie").await, json!(""), "the page cannot read it");
    verify(&one, &base, &bala).await;
    assert_eq!((one.run(LEFT).await, cookie(&one).await), (name.clone(), name.clone()));
    console_is_clean(&one).await;
    let other = Browser::open().await;
    verify(&other, &base, &chitra).await;
    assert_ne!(other.run(LEFT).await, name);
    devices(&world, &[(1, 2, true), (1, 3, false)]).await;
    one.close().await;
    other.close().await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_store_lost_another_gives_back() {
    let (world, base) = on_the_web(&[("MELA_FRAUD__DUPLICATE_DEVICE", "score")]).await;
    let people = [1, 2, 3, 4].map(|id| (id, format!("Person {id}")));
    let mut joined = Vec::new();
    for (id, name) in &people {
        joined.push(world.joined(*id, name, None).await);
    }
    let browser = Browser::open().await;
    // A store that outlives the page, as Telegram's does.
    let store = "({ getItem(key, done) { done(null, sessionStorage.getItem('app') || ''); }, setItem(key, value, done) { sessionStorage.setItem('app', value); done(null, true); } })";
    app(&browser, store).await;
    verify(&browser, &base, &joined[0]).await;
    let name = browser.run(LEFT).await;
    assert_eq!(
        (cookie(&browser).await, browser.run("return sessionStorage.getItem('app')").await),
        (name.clone(), name.clone()),
        "all three have it"
    );
    let all = async || (browser.run(LEFT).await, cookie(&browser).await, browser.run("return sessionStorage.getItem('app')").await);
    // The browser forgets, the cookie stays.
    browser.run("localStorage.clear(); sessionStorage.removeItem('app')").await;
    verify(&browser, &base, &joined[1]).await;
    assert_eq!(all().await, (name.clone(), name.clone(), name.clone()));
    // The cookie goes, the browser remembers.
    browser.forget_cookies().await;
    browser.run("sessionStorage.removeItem('app')").await;
    verify(&browser, &base, &joined[2]).await;
    assert_eq!(all().await, (name.clone(), name.clone(), name.clone()));
    // Everything of the browser's goes: Telegram remembers.
    browser.forget_cookies().await;
    browser.run("localStorage.clear()").await;
    verify(&browser, &base, &joined[3]).await;
    assert_eq!(all().await, (name.clone(), name.clone(), name.clone()));
    // What somebody wrote into a store is no name; the page's fresh one is younger.
    world.advance(chrono::TimeDelta::seconds(1));
    browser.run("localStorage.setItem('mela_device', '<img src=x>'); sessionStorage.removeItem('app')").await;
    open(&browser, &base, &joined[0]).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("done")).await;
    assert_eq!(all().await, (name.clone(), name.clone(), name));
    browser.click("#done .close").await;
    assert_eq!(browser.run("return window.closed_by_page").await, json!(true));
    console_is_clean(&browser).await;
    devices(&world, &[(1, 2, true), (1, 3, true), (1, 4, true)]).await;
    browser.close().await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_everything_blocked_and_an_older_app_it_works_all_the_same() {
    let (world, base) = on_the_web(&[]).await;
    let [asha, bala, chitra] = [world.joined(1, "Asha", None).await, world.joined(2, "Bala", None).await, world.joined(3, "Chitra", None).await];
    // Cookies and storage are blocked; the app has no store.
    let blocked = Browser::with(json!({ "profile.default_content_setting_values.cookies": 2 })).await;
    app(&blocked, "0").await;
    verify(&blocked, &base, &asha).await;
    assert_eq!(cookie(&blocked).await, Value::Null);
    console_is_clean(&blocked).await;
    blocked.close().await;
    // An app that promises a store and never answers; one whose store fails.
    for (store, person) in [
        ("({ getItem() {}, setItem() {} })", &bala),
        ("({ getItem(key, done) { done('UNKNOWN_ERROR'); }, setItem() { throw Error(); } })", &chitra),
    ] {
        let browser = Browser::open().await;
        app(&browser, store).await;
        verify(&browser, &base, person).await;
        assert_eq!(cookie(&browser).await, browser.run(LEFT).await);
        browser.close().await;
    }
    // A miss is no evidence: they are nobody's device but their own.
    devices(&world, &[(1, 2, false), (2, 3, false), (1, 3, false)]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_said_and_can_be_tried_again() {
    let (world, base) = on_the_web(&[]).await;
    let asha = world.joined(1, "Asha", None).await;
    let browser = Browser::open().await;
    let offline = async |on: bool| {
        let network = json!({ "offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.command("Network.enable", json!({})).await;
        browser.command("Network.emulateNetworkConditions", network).await;
    };
    open(&browser, &base, &asha).await;
    offline(true).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("failed")).await;
    assert_eq!(browser.run(WHY).await, json!("away"));
    pictured(&browser, "verify-failed").await;
    offline(false).await;
    browser.click("#again").await;
    browser.until(SHOWN, &json!("done")).await;
    asha.expect(&["You are verified"]).await;
    // Opened, and left open for too long.
    open(&browser, &base, &asha).await;
    world.advance(TimeDelta::minutes(61));
    browser.click("#go").await;
    browser.until(SHOWN, &json!("failed")).await;
    assert_eq!(browser.run(WHY).await, json!("old"));
    assert_eq!(browser.run("return document.getElementById('again').hidden").await, json!(true), "trying again would not help");
    // Outside of Telegram; and by somebody whom the shop does not know.
    browser.go("about:blank").await;
    browser.run("return 1").await;
    browser.go(&format!("{base}/verify")).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("failed")).await;
    assert_eq!(browser.run(WHY).await, json!("outside"));
    open(&browser, &base, &world.person(9, "Nobody")).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("failed")).await;
    assert_eq!(browser.run(WHY).await, json!("unknown"));
    browser.close().await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_sandboxes_own_page_without_telegram() {
    let mut world = World::new().await;
    world.restart_with("MELA_HTTP__PUBLIC_URL", super::verify::URL).await;
    let base = served(&world).await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/verify");
    let button = asha.expect(&["Verify once"]).await.button("Verify").unwrap().web_app.clone().unwrap();
    let body = json!({ "person": 1, "url": button });
    let answer = reqwest::Client::new().post(format!("{}/sandbox/mini_app", world.sandbox.url())).json(&body).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let url = answer["url"].as_str().unwrap().replace(super::verify::URL, &base);
    let browser = Browser::open().await;
    browser.go(&url).await;
    browser.click("#go").await;
    browser.until(SHOWN, &json!("done")).await;
    asha.expect(&["You are verified"]).await;
    browser.close().await;
    world.ends_well().await;
}

/// Whether each two of these people are known by one device.
async fn devices(world: &World, pairs: &[(i64, i64, bool)]) {
    for (one, other, same) in pairs {
        let shared = format!(
            "signal a JOIN signal b ON b.mark = a.mark AND b.kind = a.kind WHERE a.kind = 'device'
             AND a.user_id = (SELECT id FROM users WHERE telegram_id = {one}) AND b.user_id = (SELECT id FROM users WHERE telegram_id = {other})"
        );
        assert_eq!(world.count(&shared).await > 0, *same, "{one} and {other}");
    }
}

/// With CARD_FOLDER set, what is to be seen is kept there.
async fn pictured(browser: &Browser, name: &str) {
    if let Ok(folder) = std::env::var("CARD_FOLDER") {
        browser.picture(&format!("{folder}/{name}.base64")).await;
    }
}
