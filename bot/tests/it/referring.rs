//! `/refer` and what is behind it, as people and staff use it.

use crate::world::World;
use chrono::{NaiveDate, TimeDelta};
use mela_bot::reply::Picture;
use mela_bot::screens::referring as screens;
use mela_bot::texts::Texts;
use mela_core::money::Rupees;
use mela_core::referrals::Day;
use mela_core::settings::Layers;
use mela_sandbox::Person;
use std::collections::BTreeMap;
use std::path::Path;

/// The person's code as scanners read it from the card.
fn scanned(png: &[u8]) -> String {
    let picture = image::load_from_memory(png).unwrap().into_luma8();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width() as usize, picture.height() as usize, |x, y| {
        picture.get_pixel(x as u32, y as u32).0[0]
    });
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

/// A picture, kept in the folder `PICTURES` names, for whoever wants to look at it.
fn drawn(name: &str, picture: Picture) -> Vec<u8> {
    let Picture::Png(bytes) = picture else { panic!("no picture") };
    if let Some(folder) = std::env::var_os("PICTURES") {
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), &bytes).unwrap();
    }
    bytes
}

#[test]
fn cards_and_charts_of_any_name_colour_and_figures() {
    let day: NaiveDate = "2026-11-21".parse().unwrap();
    for (n, (shop, color, name, code, language)) in [
        ("Mela", "#5B21B6", "Asha Kumari", "asha_k", "en"),
        ("आशा की दुकान", "#FACC15", "आशा शर्मा", "7K2M9QXA", "hi"),
        (
            "Tom & Jerry's <TV> of the whole town and beyond it",
            "#FFFFFF",
            &*"Muthuvel Karunanidhi ".repeat(3),
            "a_23456789_12345",
            "en",
        ),
        ("Mela", "#00695C", "தமிழ் 🎬", "7K2M9QXA", "en"),
    ]
    .into_iter()
    .enumerate()
    {
        let variables = [("MELA_SHOP__NAME", shop), ("MELA_SHOP__COLOR", color)].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let settings = Layers::try_new(Path::new("/nowhere"), variables).unwrap().read(&BTreeMap::new()).unwrap();
        let texts = Texts::new(language, chrono_tz::Asia::Kolkata);
        let link = format!("https://t.me/MelaSandboxBot?start=ref_{code}");
        let card = drawn(&format!("card{n}"), screens::card(&texts, &settings, name, code, &link).unwrap());
        assert_eq!(scanned(&card), link);
        // Nothing at all, little, much with a day on which more was taken back than earned.
        let figure = |day_no: i64| [0, day_no % 3, day_no * day_no % 977 * 1_000, i64::MAX / 64][n];
        let days: Vec<Day> = (0..30)
            .map(|no| {
                let earned = Rupees::whole(u32::try_from(figure(no).min(99_999)).unwrap());
                let earned = if no == 9 { -earned } else { earned };
                Day { day: day - chrono::Days::new(29 - no.unsigned_abs()), joined: figure(no), bought: 0, earned }
            })
            .collect();
        let chart = drawn(&format!("chart{n}"), screens::chart(&texts, &settings, &days).unwrap());
        let picture = image::load_from_memory(&chart).unwrap();
        assert!(picture.width() <= 1_280 && picture.height() <= 1_280, "Telegram leaves it as it is");
    }
}

async fn refer(person: &Person) -> mela_sandbox::Seen {
    person.send("/refer");
    person.expect(&["Your link: https://t.me/MelaSandboxBot?start=ref_", "Share"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_carries_the_link_and_the_figures_follow_what_happens() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha 🎬 Kumari", None).await;
    let link = world.link(&asha).await;
    let card = refer(&asha).await;
    assert!(card.photo && card.shows("Opened: 0") && card.shows("Joined: 0") && card.shows("Earned on level 1: ₹0"), "{card}");
    assert_eq!(scanned(&card.photo_bytes().unwrap()), format!("https://t.me/MelaSandboxBot?start={link}"));

    let bina = world.joined(2, "Bina Shah", Some(&link)).await;
    asha.expect(&["Bina", "joined"]).await;
    let order = world.buy(&bina, "632512345678").await;
    asha.expect(&["₹28"]).await;
    let card = refer(&asha).await;
    assert!(["Opened: 1", "Joined: 1", "Bought: 1", "Earned on level 1: ₹28"].iter().all(|line| card.shows(line)), "{card}");
    asha.press("Figures");
    let figures = asha.expect(&["Sales: 1", "Refunded: 0", "Earned: ₹28", "for each who joined by your link: ₹28"]).await;
    assert!(figures.photo && figures.edited && figures.message_id == card.message_id, "the picture takes the card's place");
    assert!(figures.photo_bytes().is_some());
    asha.press("Who joined");
    asha.expect(&["B••• S•••", "bought", "21 Nov 2026"]).await;
    asha.press("Back");
    let back = asha.expect(&["Your link", &link]).await;
    assert_eq!(scanned(&back.photo_bytes().unwrap()), format!("https://t.me/MelaSandboxBot?start={link}"));
    assert!(order.starts_with("O-"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_ones_own_is_asked_for_checked_confirmed_and_kept() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let first = world.link(&asha).await;
    refer(&asha).await;
    asha.press("Choose my code");
    asha.expect(&["3 to 16 letters"]).await;
    for (typed, wanted) in [
        ("a", "3 to 16 letters"),
        ("नमस्ते", "3 to 16 letters"),
        ("admin", "kept for the shop"),
        ("me1a_shop", "kept for the shop"),
        ("ashakmar", "Eight letters"),
    ] {
        asha.send(typed);
        asha.expect(&[wanted, "/cancel"]).await;
    }
    asha.send("Asha_K");
    asha.expect(&["asha_k", "cannot be changed", "start=ref_asha_k"]).await;
    asha.press("Yes, asha_k");
    let card = asha.expect(&["start=ref_asha_k", "Share"]).await;
    assert_eq!(scanned(&card.photo_bytes().unwrap()), "https://t.me/MelaSandboxBot?start=ref_asha_k");
    assert!(card.button("Choose my code").is_none());
    // Twice, another, and forged: nothing changes.
    let again = asha.press_data(card.message_id, "1|vnt|asha_k");
    asha.expect(&["start=ref_asha_k"]).await;
    assert_eq!(asha.alert(&again).await, None);
    for (data, wanted) in [("1|vnt|asha_z", "asha_k"), ("1|vnt|admin", "kept for the shop"), ("1|vna", "asha_k")] {
        let press = asha.press_data(card.message_id, data);
        assert!(asha.alert(&press).await.unwrap().contains(wanted), "{data}");
    }
    let bina = world.joined(2, "Bina", Some("ref_ASHA_K")).await;
    asha.expect(&["Bina", "joined"]).await;
    world.joined(3, "Dev", Some(&first)).await;
    asha.expect(&["Dev", "joined"]).await;
    // With a plan, the first code goes along; a chosen one with a plan is read, too.
    let esha = world.person(4, "Esha");
    esha.send("/start ref_asha_k_plan_combo-ott");
    esha.expect(&["invited by Asha", "Combo OTT Plan"]).await;
    asha.expect(&["Esha", "joined"]).await;
    refer(&bina).await;
    bina.press("Choose my code");
    bina.expect(&["3 to 16 letters"]).await;
    bina.send("ASHA_K");
    bina.expect(&["somebody's already"]).await;
    bina.send("/cancel");
    bina.expect(&["dropped"]).await;
    let card = asha.query("refer").await;
    assert!(card.result("Invite").unwrap().text().contains("start=ref_asha_k"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_make_a_campaign_and_see_what_it_brought() {
    let world = World::new().await;
    world.owner.send("/campaign");
    world.admins.expect(&["no campaigns yet", "/campaign NAME"]).await;
    world.owner.send("/campaign no good name!");
    world.admins.expect(&["2 to 32 letters"]).await;
    world.owner.send("/campaign Diwali");
    world.admins.expect(&["made", "https://t.me/MelaSandboxBot?start=c_diwali", "Joined: 0"]).await;
    let bina = world.joined(2, "Bina", Some("c_DIWALI")).await;
    world.joined(3, "Dev", Some("c_nothing")).await;
    world.buy(&bina, "632512345678").await;
    world.owner.send("/campaign diwali");
    world
        .admins
        .expect(&["Opened: 1", "Joined: 1", "Bought: 1", "Revenue: ₹135", "21 Nov 2026: 1 · 1 · 1 · 1 · ₹135"])
        .await;
    world.owner.press("Back");
    world.admins.expect(&["Campaigns", "newest first"]).await;
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contest_from_its_draft_to_the_winners_wallet() {
    let world = World::with(&[("MELA_REFERRALS__CONTEST_WAIT", "1s"), ("MELA_REFERRALS__COUNT_EVERY", "1s")]).await;
    let asha = world.joined(1, "Asha Kumari", None).await;
    let bina = world.joined(2, "Bina", Some(&world.link(&asha).await)).await;
    asha.expect(&["Bina", "joined"]).await;
    for (typed, wanted) in [
        ("/contest", "no contests yet"),
        ("/contest soon", "I do not understand"),
        ("/contest until 2026-11-20 prizes 5 x", "in time to come"),
        ("/contest until 2026-11-22 prizes 500,x The race", "I do not understand"),
    ] {
        world.owner.send(typed);
        world.admins.expect(&[wanted]).await;
    }
    world.owner.send("/contest until 2026-11-22 prizes 500,250 The race");
    world.admins.expect(&["The race", "draft", "1. ₹500, 2. ₹250", "₹750"]).await;
    world.owner.press("Start it");
    world.admins.expect(&["The race", "open"]).await;
    world.buy(&bina, "632512345678").await;
    asha.expect(&["₹28"]).await;
    world.owner.send("/referrers");
    world.admins.expect(&["1. Asha Kumari (1, ", "1 this month · in all 1 joined, 1 bought, ₹28 earned"]).await;
    asha.send("/leaderboard");
    asha.expect(&["This week", "at place 1 with 1 sale", "Others do not see you"]).await;
    asha.press("Let others see me");
    asha.expect(&["1. A••• K•••: 1 (you)"]).await;
    asha.press("The race");
    asha.expect(&["The race", "1. ₹500, 2. ₹250", "1. A••• K•••: 1 (you)"]).await;
    asha.press("This month");
    asha.expect(&["Nov 2026", "at place 1"]).await;
    asha.press("Hide me");
    asha.expect(&["Others do not see you"]).await;
    world.advance(TimeDelta::days(2));
    // Her commission is released meanwhile, too: which of the two comes first is the jobs' to say.
    let told = [asha.next().await, asha.next().await];
    let has = |parts: &[&str]| told.iter().any(|seen| parts.iter().all(|part| seen.shows(part)));
    assert!(has(&["You won", "Place 1", "The race", "₹500"]) && has(&["₹28", "withdrawable"]), "{told:?}");
    world.admins.expect(&["The race", "decided", "1. Asha Kumari: 1 sale, won ₹500"]).await;
    asha.send("/wallet");
    let wallet = asha.expect(&["To spend: ₹528"]).await;
    let forged = asha.press_data(wallet.message_id, "1|bdc|99");
    asha.expect(&["no such contest"]).await;
    assert_eq!(asha.alert(&forged).await, None);
    world.ends_well().await;
}
