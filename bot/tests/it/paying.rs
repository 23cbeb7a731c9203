//! The payment card, and what staff are told of a screenshot, through the bot.

use super::world::{World, quoted};
use mela_bot::look;
use mela_bot::poster::Poster;
use mela_core::settings::{Layers, Settings};
use std::collections::BTreeMap;
use std::path::Path;

fn settings(variables: &[(&str, &str)]) -> Settings {
    let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Layers::try_new(Path::new("/nowhere"), variables).unwrap().read(&BTreeMap::new()).unwrap()
}

/// What a QR reader reads in a picture.
fn read(png: &[u8]) -> Vec<String> {
    let grey = image::load_from_memory(png).unwrap().into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey.get_pixel(x as u32, y as u32).0[0]);
    picture.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

fn poster(shop: &str, color: &str, payee: &str, name: &str) -> (String, Vec<u8>) {
    let settings = settings(&[("MELA_SHOP__COLOR", color)]);
    let link = mela_bot::qr::upi_link(payee, name, "1,35,000.93".parse().unwrap(), &"7K2M9QXA".parse().unwrap());
    let poster = Poster {
        shop,
        color: settings.shop.color,
        headline: "₹1,35,000.93",
        hint: "किसी भी UPI ऐप से स्कैन करें",
        below: &[payee, "O-7K2M9QXA"],
        code: &link,
    };
    let png = poster.png().unwrap();
    (link, png)
}

#[test]
fn every_card_is_read_by_a_reader_however_long_its_words() {
    let long_vpa = format!("{}@okhdfcbank", "a.very-long_name".repeat(8));
    for (n, (shop, color, payee, name)) in [
        ("Mela", "#5B21B6", "shop@bank", "Mela"),
        ("आशा और बीना की ओटीटी दुकान, सबसे सस्ते प्लान यहाँ मिलते हैं", "#FFD600", "asha@ybl", "आशा और बीना की ओटीटी दुकान"),
        ("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "#000000", long_vpa.as_str(), "W"),
        ("தமிழ் 👩‍👩‍👧 & <b>Sons</b>", "#FFFFFF", "9876543210@paytm", "Sons & \"Co\""),
    ]
    .into_iter()
    .enumerate()
    {
        let (link, png) = poster(shop, color, payee, name);
        if let Ok(folder) = std::env::var("CARD_FOLDER") {
            std::fs::write(format!("{folder}/card{n}.png"), &png).unwrap();
        }
        assert_eq!(read(&png), [link]);
        let picture = image::load_from_memory(&png).unwrap().into_rgb8();
        assert!(
            picture.width() <= 1280 && picture.height() <= 1280 && picture.width() * 20 > picture.height(),
            "Telegram leaves it as it is"
        );
        assert_eq!(picture.get_pixel(2, 2).0, settings(&[("MELA_SHOP__COLOR", color)]).shop.color.rgb());
    }
}

#[tokio::test]
async fn the_payment_screen_has_all_that_is_needed_to_pay() {
    let world = World::with(&[("MELA_HTTP__PUBLIC_URL", "https://pay.example.com/mela/"), ("MELA_UPI__UNIQUE_AMOUNT", "true")]).await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/start plan_combo-ott");
    asha.expect(&["Buy now"]).await;
    asha.press("Buy now");
    let screen = asha
        .expect(&[
            "O-",
            "Pay exactly",
            "shop@bank",
            "Copy UPI ID",
            "Copy amount",
            "Copy reference",
            "Open UPI app",
            "I have paid",
            "Cancel order",
        ])
        .await;
    let code = quoted(&screen, "O-");
    let due = mela_core::orders::by_code(world.core.db(), &code[2..].parse().unwrap()).await.unwrap().unwrap().due();
    assert!(screen.text.contains(&format!("Pay exactly {due}")), "{screen}");
    assert!(!screen.text.contains("gallery"), "{screen}");
    world.sql("UPDATE plan SET price = 2500 WHERE code = 'combo-ott'").await;
    let bina = world.joined(2, "Bina", None).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    bina.expect(&["₹2,000", "gallery", "I have paid"]).await;
    world.ends_well().await;
}

/// A picture with something to see in it.
fn picture(seed: u32, wide: u32, tall: u32) -> Vec<u8> {
    let cell = |x: u32, y: u32| (x * 12 / wide, y * 24 / tall);
    let shade = |(x, y): (u32, u32)| ((x * 7_919 + y * 104_729 + seed * 1_299_709).wrapping_mul(2_654_435_761) >> 24) as u8;
    let picture = image::GrayImage::from_fn(wide, tall, |x, y| image::Luma([shade(cell(x, y))]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn staff_are_told_of_a_picture_that_came_before_and_nobody_waits_for_it() {
    let world = World::with(&[("MELA_JOBS__PICTURES_EVERY", "1s")]).await;
    let (asha, bina) = (world.joined(1, "Asha", None).await, world.joined(2, "Bina", None).await);
    let first = world.order(&asha).await;
    asha.send_photo(&picture(1, 360, 720), None);
    asha.expect(&["being checked"]).await;
    world.admins.expect(&[&first, "screenshot", "Approve"]).await;
    while world.count("proof_photo WHERE hash IS NOT NULL").await < 1 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // In another size it is another file of Telegram's.
    let second = world.order(&bina).await;
    bina.send_photo(&picture(1, 300, 600), None);
    bina.expect(&["being checked"]).await;
    world.admins.expect(&[&second, "screenshot", "Approve"]).await;
    world.admins.expect(&[&second, "saved again or cropped", &first]).await;
    world.admins.expect(&[&first, "saved again or cropped", &second]).await;
    // The very same file is known at once; what is no picture is told of nothing.
    let chitra = world.joined(3, "Chitra", None).await;
    let third = world.order(&chitra).await;
    chitra.send_photo(&picture(2, 360, 720), None);
    chitra.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&third, "screenshot"]).await;
    assert!(!card.text.contains("same picture"), "{card}");
    world.books_are_right().await;
}

#[test]
fn whatever_is_sent_as_a_picture_does_no_harm() {
    let good = picture(1, 360, 720);
    assert!(look::print(&good).is_some());
    for broken in [&b""[..], b"not a picture", &good[..good.len() / 2], &good[..40], b"GIF89a", b"\xff\xd8\xff\xe0"] {
        assert_eq!(look::print(broken), None);
    }
    // A header that promises 60,000 by 60,000 points.
    let mut bomb = good.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert_eq!(look::print(&bomb), None);
}
