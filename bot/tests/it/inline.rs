//! The catalogue in every chat: asked for behind the bot's name, sent on, and opened by the link in it.

use crate::world::World;
use chrono::TimeDelta;
use mela_core::audit::Actor;
use mela_core::catalog::{self, Fields};
use mela_sandbox::{Fault, Offer, Offered, Person};

async fn plan(world: &World, code: &str, title: &str, description: &str) {
    let fields = Fields {
        code: code.into(),
        title: title.into(),
        platform: "Netflix".into(),
        price: "1,499.50".parse().unwrap(),
        description: description.into(),
        ..Fields::default()
    };
    catalog::create(&world.core, &Actor { telegram_id: 900, name: "Meera".into() }, &fields).await.unwrap();
}

/// What the button below a result starts the bot with.
fn payload(result: &Offered) -> String {
    let buttons = result.buttons();
    let link = buttons.first().and_then(|button| button.url.clone()).unwrap();
    link.strip_prefix("https://t.me/MelaSandboxBot?start=").unwrap().to_owned()
}

fn opened(offer: &Offer, title: &str) -> String {
    payload(offer.result(title).unwrap_or_else(|| panic!("no {title} in {:?}", offer.titles())))
}

/// Opens a link of an offer.
fn open(person: &Person, payload: &str) {
    assert!(payload.len() <= 64, "{payload}");
    person.send(&format!("/start {payload}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_persons_code_travels_with_the_plan_and_binds_as_a_ref_link_does() {
    let world = World::new().await;
    plan(&world, "netflix-4k", "Netflix <4K> & \"more\" 🎬", "All of <it>.").await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let offer = asha.query("NETFLIX").await;
    assert_eq!((offer.titles(), offer.is_personal, offer.next_offset.as_str()), (vec!["Netflix <4K> & \"more\" 🎬"], true, ""));
    assert!((1..=300).contains(&offer.cache_time) && offer.button.is_none());
    let result = offer.result("netflix").unwrap();
    assert!(result.description.contains("₹1,499.50"), "{result:?}");
    assert_eq!(payload(result), format!("{link}_plan_netflix-4k"));
    let friends = world.sandbox.group(-77, "Friends");
    friends.remove_bot();
    let sent = asha.choose(&offer, "Netflix", -77);
    assert_eq!(sent.text, "Netflix <4K> & \"more\" 🎬\nAll of <it>.\n₹1,499.50 · 30 days · Screens: 1");

    // A new friend is bound and sees the plan; the referrer is told.
    let bina = world.person(2, "Bina");
    open(&bina, &payload(result));
    bina.expect(&["You were invited by Asha", "Netflix <4K>", "₹1,499.50", "Buy now"]).await;
    asha.expect(&["Bina", "joined"]).await;
    // The same once more, and from someone else: nothing is rebound, the plan opens all the same.
    open(&bina, &payload(result));
    bina.expect(&["with us already", "Netflix <4K>", "Buy now"]).await;
    let chitra = world.joined(3, "Chitra", None).await;
    open(&chitra, &payload(result));
    chitra.expect(&["with us already", "Netflix <4K>", "Buy now"]).await;
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 1);
    // Their own.
    open(&asha, &payload(result));
    asha.expect(&["your own link", "Netflix <4K>", "Buy now"]).await;
    // A code that is nobody's, in a link that somebody made up; in any letter case.
    let dev = world.person(4, "Dev");
    open(&dev, "ref_ZZZZZZZZ_plan_NETFLIX-4k");
    dev.expect(&["not one of ours", "Netflix <4K>", "Buy now"]).await;
    let esha = world.person(5, "Esha");
    open(&esha, &format!("{}_plan_netflix-4k", link.to_lowercase()));
    esha.expect(&["invited by Asha", "Netflix <4K>"]).await;
    asha.expect(&["Esha", "joined"]).await;
    // The plan is no more, the invitation counts all the same.
    let farah = world.person(6, "Farah");
    open(&farah, &format!("{link}_plan_gone"));
    farah.expect(&["invited by Asha", "not for sale any more"]).await;
    asha.expect(&["Farah", "joined"]).await;
    let gita = world.person(7, "Gita");
    open(&gita, "ref__plan_");
    gita.expect(&["not one of ours", "not for sale any more"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_query_offers_the_own_link_first_and_refer_offers_it_alone() {
    let world = World::with(&[("MELA_SHOP__NAME", "Tom & Jerry <TV>")]).await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let offer = asha.query("").await;
    assert_eq!(offer.titles(), ["🎁 Invite a friend", "Combo OTT Plan"]);
    assert_eq!(opened(&offer, "Invite"), link);
    assert!(offer.result("Invite").unwrap().text().starts_with("Tom & Jerry <TV>\n"));
    for words in ["refer", " INVITE "] {
        assert_eq!(asha.query(words).await.titles(), ["🎁 Invite a friend"], "{words}");
    }
    assert_eq!(asha.query("combo").await.titles(), ["Combo OTT Plan"]);
    // By the card somebody joins as by any link of hers.
    let bina = world.person(2, "Bina");
    open(&bina, &opened(&offer, "Invite"));
    bina.expect(&["invited by Asha", "Plans"]).await;
    asha.expect(&["Bina", "joined"]).await;
    // The button on /refer begins it.
    asha.send("/refer");
    let refer = asha.expect(&[&link, "Share"]).await;
    assert_eq!(refer.button("Share").unwrap().inline.as_deref(), Some("refer"));
    asha.send("/help");
    asha.expect(&["@MelaSandboxBot netflix"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_wrote_is_answered_and_stays_unknown() {
    let world = World::new().await;
    let guest = world.person(1, "Guest");
    let offer = guest.query("").await;
    assert_eq!(offer.titles(), ["Combo OTT Plan"]);
    assert_eq!(opened(&offer, "Combo"), "plan_combo-ott");
    assert_eq!(offer.button, Some(("Open the shop".to_owned(), "shop".to_owned())));
    assert_eq!(guest.query("refer").await.titles(), [""; 0]);
    assert_eq!(world.count("users").await, 0);
    // What the button does: as any first word.
    open(&guest, "shop");
    guest.expect(&["Plans", "Refer & earn"]).await;
    assert_eq!(guest.query("").await.titles()[0], "🎁 Invite a friend");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_found_has_a_way_to_the_shop_and_any_text_is_borne() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let long = "₹".repeat(256);
    for words in ["nothing", &long, "🎬👩‍👩‍👧", "'; DROP TABLE plan; --", "<b>\"%_\\", "\u{202e}"] {
        let offer = asha.query(words).await;
        assert_eq!((offer.titles(), offer.button.as_ref().map(|button| button.1.as_str())), (vec![], Some("shop")), "{words}");
    }
    assert_eq!(asha.query("  COMBO\tplan ").await.titles(), ["Combo OTT Plan"]);
    assert_eq!(asha.query("\0").await.titles(), [""; 0]);
    for offset in ["-1", "x", "99999999999999999999", "4294967295"] {
        let offer = asha.query_from("", offset).await;
        assert_eq!((offer.titles().len(), offer.next_offset.as_str()), (0, ""), "{offset}");
    }
    assert_eq!(world.count("inbox WHERE attempts > 0").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_plans_come_in_pages_of_fifty_each_once() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world
        .sql(
            "INSERT INTO plan (code, title, platform, period_days, price, cost, description)
             SELECT 'p-' || n, 'Plan ' || n, 'Netflix', 30, 100 + n, 1, repeat('<long>', 160) FROM generate_series(1, 500) n",
        )
        .await;
    let (mut offset, mut pages, mut titles) = (String::new(), 0, Vec::new());
    loop {
        let offer = asha.query_from("", &offset).await;
        assert!(offer.results.len() <= 50);
        titles.extend(offer.results.iter().map(|result| (result.id.clone(), result.title.clone())));
        pages += 1;
        offset = offer.next_offset;
        if offset.is_empty() {
            break;
        }
    }
    assert_eq!((pages, titles.len()), (11, 502), "the card, the first plan, and five hundred");
    let again = asha.query_from("", "49").await;
    assert_eq!(again.results[0].id, titles[50].0, "ids are the same each time");
    titles.sort();
    titles.dedup_by(|a, b| a.0 == b.0);
    assert_eq!(titles.len(), 502);
    // Exactly fifty are one page.
    world.sql("UPDATE plan SET active = false WHERE id > 51").await;
    let fifty = asha.query("plan").await;
    assert_eq!((fifty.results.len(), fifty.next_offset.as_str()), (50, "50"), "51 with the combo plan");
    assert_eq!(asha.query_from("plan", "50").await.results.len(), 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_switched_off_meanwhile_is_said_to_be_gone() {
    let world = World::new().await;
    let (asha, bina) = (world.joined(1, "Asha", None).await, world.joined(2, "Bina", None).await);
    let offer = asha.query("combo").await;
    world.sql("UPDATE plan SET active = false").await;
    open(&bina, &opened(&offer, "Combo"));
    bina.expect(&["with us already", "not for sale any more", "Home"]).await;
    assert_eq!(asha.query("combo").await.titles(), [""; 0]);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_too_late_is_dropped_without_an_alarm() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    while world.count("inbox WHERE done_at IS NULL").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    world.kill().await;
    let late = asha.start_query("combo", "");
    world.advance(TimeDelta::minutes(1));
    world.start().await;
    // What comes later is answered, so the late one is over.
    assert_eq!(asha.query("combo").await.titles(), ["Combo OTT Plan"]);
    world.sandbox.fail_next("answerInlineQuery", 1, Fault::Drop);
    assert_eq!(asha.query("combo").await.titles(), ["Combo OTT Plan"], "a broken connection is tried again");
    world.sandbox.fail_next("answerInlineQuery", 1, Fault::DropAfter);
    assert_eq!(asha.query("combo").await.titles(), ["Combo OTT Plan"], "and what was answered once is not refused twice");
    while world.count("inbox WHERE done_at IS NULL").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.count("inbox WHERE attempts > 0 OR failed_at IS NOT NULL").await, 0, "{late}");
    assert_eq!(world.count("notification WHERE kind = 'alarm'").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_sent_to_the_bot_itself_or_to_staff_is_no_answer_and_no_command() {
    let world = World::new().await;
    plan(&world, "sly", "/start ref_ZZZZZZZZ", "").await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    asha.press("I have paid");
    asha.expect(&[&order, "UTR"]).await;
    let offer = asha.query("start").await;
    asha.choose(&offer, "/start", asha.id());
    asha.expect(&["did not expect"]).await;
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "Reject"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["Other"]).await;
    world.owner.press_on(card.message_id, "Other");
    world.admins.expect(&["why?"]).await;
    let owner = world.joined(900, "Meera", None).await;
    let offer = owner.query("combo").await;
    owner.choose(&offer, "Combo", world.admins.id());
    world.owner.send("The picture is cut off");
    world.admins.expect(&["Rejected by Meera", "The picture is cut off"]).await;
    world.admins.expect(&["the reason is noted"]).await;
    asha.expect(&["The picture is cut off"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_fast_is_answered_each_time_and_their_chat_goes_on_meanwhile() {
    let world = World::with(&[("MELA_LIMITS__ACTIONS_PER_SECOND", "50")]).await;
    let asha = world.joined(1, "Asha", None).await;
    let typed: Vec<String> = (0..100).map(|n| asha.start_query(if n % 2 == 0 { "com" } else { "combo" }, "")).collect();
    asha.send("/wallet");
    asha.expect(&["To spend"]).await;
    for query in typed {
        assert_eq!(world.sandbox.offered(&query).await.unwrap().titles(), ["Combo OTT Plan"]);
    }
    assert_eq!(world.count("inbox WHERE lane < 0 AND body LIKE '%inline_query%'").await, 100, "in a lane that is no chat");
    world.ends_well().await;
}
