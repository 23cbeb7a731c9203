//! English and हिन्दी: who reads what, the choice, and that a Hindi reader meets no English.

use crate::texts::sentences;
use crate::world::{GROUP, World};
use chrono::TimeDelta;
use mela_core::credentials;
use mela_sandbox::{Person, Seen};
use std::collections::BTreeSet;

/// What English says and Hindi does not: the parts between what is filled in, without tags, of two words or more, or one long one.
fn english_only() -> Vec<String> {
    let parts = |language: &str| -> BTreeSet<String> {
        let plain = |words: &str| words.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<String>();
        let all = sentences(language).into_values().flat_map(|sentence| sentence.words).collect::<Vec<_>>();
        let lines = all.iter().flat_map(|words| words.lines()).map(plain);
        lines.map(|line| line.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).collect()
    };
    let hindi = parts("hi").into_iter().collect::<Vec<_>>().join("\n");
    let telling = |part: &String| part.chars().filter(char::is_ascii_alphabetic).count() > 5 && !hindi.contains(part.as_str());
    parts("en").into_iter().filter(telling).collect()
}

/// Fails when a Hindi reader was shown a word of English in any message, caption or button.
fn assert_hindi(seen: &[Seen], english: &[String]) {
    for message in seen.iter().filter(|message| message.from_bot) {
        let shown = std::iter::once(message.text.clone()).chain(message.captions()).collect::<Vec<_>>().join("\n");
        let found: Vec<_> = english.iter().filter(|part| stands_in(&shown, part)).collect();
        assert!(found.is_empty(), "English in a Hindi chat: {found:?} in\n{message}");
        assert!(shown.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "no Hindi at all:\n{message}");
    }
}

/// As whole words.
fn stands_in(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(text[..at].chars().next_back()) && !letter(text[at + part.len()..].chars().next())
    })
}

/// A person whose app speaks Hindi, after their first word.
async fn hindi_speaker(world: &World, id: i64, name: &str, link: Option<&str>) -> Person {
    let person = world.person(id, name).with_language("hi");
    person.send(&link.map_or_else(|| "/start".to_owned(), |link| format!("/start {link}")));
    person.expect(&["नमस्ते", "प्लान", "मेरे ऑर्डर", "वॉलेट", "रेफ़र करें", "सूचनाएँ", "मदद"]).await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hindi_speaker_sees_no_english_from_the_first_word_to_the_money() {
    let world = World::with(&[("MELA_WITHDRAWALS__MINIMUM", "20")]).await;
    let english = english_only();
    assert!(english.len() > 300 && english.iter().any(|part| part == "I have paid"), "{english:#?}");
    let asha = hindi_speaker(&world, 1, "आशा", None).await;
    let link = world.link(&asha).await;
    let bina = hindi_speaker(&world, 2, "बीना", Some(&link)).await;
    asha.expect(&["बीना", "आपके लिंक से जुड़े"]).await;

    // Every command, and every screen behind the buttons of Home.
    for (command, part) in [
        ("/plans", "चुनिए"),
        ("/orders", "मेरे ऑर्डर"),
        ("/wallet", "ख़र्च करने के लिए: ₹0"),
        ("/refer", "https://t.me/"),
        ("/leaderboard", "हफ़्ते"),
        ("/earnings", "कमाई"),
        ("/withdraw", "₹20"),
        ("/notifications", "सूचनाएँ"),
        ("/language", "भाषा"),
        ("/support", "सपोर्ट"),
        ("/help", "/plans – प्लान"),
        ("/id", "2"),
        ("/cancel", "छोड़ने"),
        ("/nothing", "कमांड"),
        ("/plans zzz", "zzz"),
        ("hello", "उम्मीद नहीं"),
        ("/start ref_ZZZZZZZZ", "पहले से"),
    ] {
        bina.send(command);
        bina.expect(&[part]).await;
    }
    bina.press("सेटिंग");
    bina.expect(&["म्यूट", "कमीशन", "22:00"]).await;
    bina.send("/plans");
    bina.expect(&["Combo OTT Plan"]).await;
    bina.press("Combo OTT Plan");
    bina.expect(&["अवधि: 30 दिन", "अभी ख़रीदें · ₹135"]).await;
    bina.press("अभी ख़रीदें");
    let order = crate::world::quoted(&bina.expect(&["O-", "₹135", "मैंने पेमेंट कर दिया"]).await, "O-");
    bina.press("मैंने पेमेंट कर दिया");
    bina.expect(&["12 अंकों का UTR"]).await;
    bina.send("123");
    bina.expect(&["ठीक 12 अंक"]).await;
    bina.send("632512345678");
    bina.expect(&[&order, "जाँच हो रही है"]).await;
    // Staff read English unless the settings say otherwise; what they choose is told in the buyer's language.
    let card = world.admins.expect(&[&order, "बीना", "Approve", "Reject"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["the amount does not match"]).await;
    world.owner.press_on(card.message_id, "the amount does not match");
    world.admins.expect(&["Rejected by Meera", "the amount does not match"]).await;
    bina.expect(&[&order, "नामंज़ूर", "रकम मेल नहीं खाती"]).await;
    bina.press("मैंने पेमेंट कर दिया");
    bina.expect(&["12 अंकों का UTR"]).await;
    bina.send("632512345679");
    bina.expect(&["जाँच हो रही है"]).await;
    let card = world.admins.expect(&[&order, "632512345679", "Approve"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    bina.expect(&[&order, "मंज़ूर हो गया"]).await;
    asha.expect(&["₹28", "होल्ड पर"]).await;
    world.owner.press_on(card.message_id, "Deliver");
    world.admins.expect(&["send what the customer gets"]).await;
    world.owner.send("लॉगिन: bina");
    bina.expect(&[&order, "नीचे है"]).await;
    bina.expect(&["bina"]).await;
    world.admins.expect(&["Delivered"]).await;
    world.admins.expect(&["is delivered to the customer"]).await;
    bina.send("/orders");
    bina.expect(&[&order, "डिलीवर हुआ"]).await;
    bina.press(&order);
    bina.expect(&["स्थिति: 21 Nov 2026, 11:00 IST को डिलीवर हुआ"]).await;

    world.advance(TimeDelta::hours(25));
    asha.expect(&["₹28", "निकाले जा सकते हैं"]).await;
    asha.send("/withdraw");
    asha.expect(&["UPI ID"]).await;
    asha.send("asha@gmail.com");
    asha.expect(&["ईमेल"]).await;
    asha.send("asha@okbank");
    asha.expect(&["कितनी रकम"]).await;
    asha.press("सब निकालें (₹28)");
    asha.expect(&["asha@okbank", "पक्का करें"]).await;
    asha.press("पक्का करें");
    asha.expect(&["W-", "₹28"]).await;
    let card = world.admins.expect(&["W-", "Approve", "Reject"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["the UPI ID is not valid"]).await;
    world.owner.press_on(card.message_id, "the UPI ID is not valid");
    world.admins.expect(&["Rejected by Meera"]).await;
    asha.expect(&["नामंज़ूर", "UPI ID सही नहीं है"]).await;
    for (screen, part) in [("/wallet", "निकालने लायक़: ₹28"), ("/notifications", "आपके लिंक से जुड़े"), ("/earnings", "लेवल 1")]
    {
        asha.send(screen);
        asha.expect(&[part]).await;
    }
    asha.send("/wallet");
    asha.expect(&["स्टेटमेंट"]).await;
    asha.press("स्टेटमेंट");
    asha.expect(&["निकासी नामंज़ूर"]).await;
    for person in [&asha, &bina] {
        let chat: Vec<Seen> = person.chat().into_iter().filter(|seen| seen.text != "लॉगिन: bina").collect();
        assert_hindi(&chat, &english);
    }
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_from_stock_is_hindi_too_and_alerts_are() {
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let world = World::with(&[("MELA_CREDENTIALS__KEY", key)]).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    let asha = hindi_speaker(&world, 1, "आशा", None).await;
    asha.send("/start plan_combo-ott");
    let plan = asha.expect(&["अभी स्टॉक में नहीं है"]).await;
    assert!(plan.button("ख़रीदें").is_none());
    let settings = world.core.settings().await.unwrap();
    assert!(credentials::shelves(world.core.db()).await.unwrap().iter().all(|shelf| shelf.free == 0), "{:?}", settings.shop.name);
    for (data, part) in [
        ("1|order|ZZZZZZZZ", "ऐसा कोई ऑर्डर नहीं"),
        ("1|pa|1", "सिर्फ़ दुकान का स्टाफ़"),
        ("0|home", "पुरानी स्क्रीन"),
        ("1|cred|ZZZZZZZZ", "ऐसा कोई ऑर्डर नहीं"),
    ] {
        let query = asha.press_data(plan.message_id, data);
        let alert = asha.alert(&query).await.unwrap();
        assert!(alert.contains(part), "{data}: {alert}");
    }
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_chosen_at_a_press_and_stays_chosen() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/language");
    let screen = asha.expect(&["Language", "✓ English", "हिन्दी", "Back"]).await;
    asha.press("हिन्दी");
    let switched = asha.expect(&["भाषा", "English", "✓ हिन्दी", "वापस"]).await;
    assert!(switched.edited && switched.message_id == screen.message_id, "the screen that was pressed");
    // The app still says English with every message.
    asha.send("/wallet");
    asha.expect(&["वॉलेट", "होल्ड पर: ₹0"]).await;
    world.restart_with("MELA_SHOP__NAME", "Mela").await;
    asha.send("/help");
    asha.expect(&["मैं क्या-क्या कर सकता हूँ", "भाषा"]).await;
    // What comes unasked as well.
    world.joined(2, "Bala", Some(&world.link(&asha).await)).await;
    asha.expect(&["Bala", "आपके लिंक से जुड़े"]).await;
    asha.press("भाषा");
    asha.expect(&["✓ हिन्दी"]).await;
    asha.press("English");
    asha.expect(&["Which language", "✓ English"]).await;
    asha.press("Back");
    asha.expect(&["Hello Asha", "Plans"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_at_once_old_ones_and_forged_ones() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/language");
    let screen = asha.expect(&["✓ English"]).await;
    let presses = [asha.press_on(screen.message_id, "हिन्दी"), asha.press_on(screen.message_id, "हिन्दी")];
    asha.expect(&["✓ हिन्दी"]).await;
    for query in presses {
        assert_eq!(asha.alert(&query).await, None);
    }
    for forged in ["1|speak|ta", "1|speak|", "1|speak|HI", "1|speak|../en"] {
        let query = asha.press_data(screen.message_id, forged);
        assert!(asha.alert(&query).await.unwrap().contains("पुरानी स्क्रीन"), "{forged}");
    }
    // A screen of long ago still switches: what it says is what it does.
    asha.press_data(screen.message_id, "1|speak|en");
    asha.expect(&["✓ English"]).await;
    assert_eq!(world.count("users WHERE language = 'en' AND language_chosen").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_languages_are_served_in_english_and_an_app_that_changes_is_followed() {
    let world = World::new().await;
    for (id, code) in [(1, "ta"), (2, "pt-br"), (3, "xx-nonsense")] {
        let person = world.person(id, "Asha").with_language(code);
        person.send("/start");
        person.expect(&["Hello Asha", "Plans"]).await;
    }
    let asha = world.person(4, "Asha").with_language("hi-IN");
    asha.send("/help");
    asha.expect(&["मैं क्या-क्या"]).await;
    let asha = asha.with_language("en-GB");
    asha.send("/help");
    asha.expect(&["What I can do"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_that_cannot_be_read_and_other_groups_are_answered_in_the_readers_language() {
    let world = World::new().await;
    let asha = hindi_speaker(&world, 1, "आशा", None).await;
    let (chat, from) = (serde_json::json!({ "id": 1, "type": "private" }), serde_json::json!({ "id": 1, "language_code": "en" }));
    world
        .sandbox
        .push_raw_update(serde_json::json!({ "message": { "message_id": 1, "date": "tomorrow", "chat": chat, "from": from, "hologram": {} } }));
    asha.expect(&["उम्मीद नहीं"]).await;
    let elsewhere = world.sandbox.group(-55, "Friends");
    let member = asha.in_group(&elsewhere);
    member.send("/id");
    elsewhere.expect(&["यह चैट: -55"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_chat_reads_what_the_settings_say() {
    let world = World::new().await;
    world.owner.send("/settings shop.language ta");
    world.admins.expect(&["Not changed", "en or hi"]).await;
    world.owner.send("/settings shop.language hi");
    world.admins.next().await;
    world.owner.send("/pending");
    let mut seen = world.admins.next().await;
    while !seen.shows("इंतज़ार में") {
        // Other processes, and this one, see a change within a second.
        world.owner.send("/pending");
        seen = world.admins.next().await;
    }
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "ग्राहक: Asha", "मंज़ूर करें"]).await;
    world.owner.press_on(card.message_id, "नामंज़ूर करें");
    world.admins.expect(&["पैसे नहीं मिले"]).await;
    world.owner.press_on(card.message_id, "पैसे नहीं मिले");
    world.admins.expect(&["Meera ने नामंज़ूर किया", "पैसे नहीं मिले"]).await;
    asha.expect(&["rejected", "the money was not received"]).await;
    assert_eq!(world.count("payment WHERE reason = 'the money was not received'").await, 1, "what is kept is one language");
    world.owner.send("/help");
    let help = world.admins.expect(&["/pending – आपके इंतज़ार"]).await;
    assert_hindi(&[help], &english_only());
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegrams_menu_is_named_in_each_language() {
    let world = World::new().await;
    // The program names them when it starts; the first answer comes after that.
    world.joined(1, "Asha", None).await;
    let commands = world.sandbox.commands();
    let menu = |scope: &str| commands.iter().find(|(name, _)| name == scope).map(|(_, list)| list.clone()).unwrap_or_else(|| panic!("{commands:?}"));
    let words = |list: &serde_json::Value, command: &str| {
        let found = list.as_array().unwrap().iter().find(|entry| entry["command"] == command);
        found.unwrap()["description"].as_str().unwrap().to_owned()
    };
    let (all, hindi) = (menu("all_private_chats null null "), menu("all_private_chats null null hi"));
    assert_eq!((words(&all, "wallet"), words(&hindi, "wallet")), ("Your money here".to_owned(), "यहाँ आपका पैसा".to_owned()));
    assert_eq!(words(&all, "language"), "English or हिन्दी");
    let names = |list: &serde_json::Value| list.as_array().unwrap().iter().map(|entry| entry["command"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&all), names(&hindi));
    assert_eq!(words(&menu(&format!("chat {GROUP} null ")), "pending"), "What waits for you");
    world.ends_well().await;
}
