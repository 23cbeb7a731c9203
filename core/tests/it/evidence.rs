//! What the payment's card tells staff: pictures that come again however they were saved, and none that only look alike.

use super::shop::{Shop, admin};
use chrono::TimeDelta;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, Luma};
use mela_core::evidence::{self, Evidence, Grey, Print};
use mela_core::orders::{self, Order};
use mela_core::payments::{self, Payment, Proof};
use mela_core::privacy;
use mela_core::users::User;

/// A screenshot of a UPI app as phones make it: labels that all share, and the payment's own amount, time and numbers.
fn screenshot(app: u64, amount: &str, time: &str, utr: &str) -> DynamicImage {
    let ground = if app.is_multiple_of(2) { 250 } else { 24 };
    let mut picture = GrayImage::from_pixel(576, 1280, Luma([ground]));
    for y in 43..277 {
        for x in 0..576 {
            picture.put_pixel(x, y, Luma([60 + (app as u8 % 4) * 40]));
        }
    }
    let ink = 255 - ground;
    // As on a screen of 1080 by 2400, at the size in which Telegram passes it on.
    let mut line = |text: &str, x: u32, y: u32, size: u32, ink: u8| {
        for (n, c) in text.chars().enumerate() {
            draw(&mut picture, c, (x + n as u32 * size * 6) * 8 / 15, y * 8 / 15, size * 8 / 15, ink);
        }
    };
    line(time, 40, 24, 5, ink);
    line("transaction ok", 60, 200, 9, 245);
    line(&format!("{time} 21 nov 2026"), 60, 330, 6, 245);
    line("paid to", 60, 640, 6, ink / 2 + 60);
    line("asha store", 60, 720, 7, ink);
    line(amount, 780, 720, 8, ink);
    line("ashastore@okbank", 60, 800, 5, ink / 2 + 60);
    line(&format!("details of app {app}"), 60, 960, 7, ink);
    line("transaction id", 60, 1080, 5, ink / 2 + 60);
    line(&format!("t26112110{}4455", utr.chars().rev().collect::<String>()), 60, 1140, 6, ink);
    line("debited from", 60, 1280, 5, ink / 2 + 60);
    line("xxxxxx5185", 60, 1340, 6, ink);
    line(&format!("utr {utr}"), 60, 1460, 6, ink / 2 + 60);
    line("powered by upi", 300, 2100, 6, ink / 2 + 60);
    DynamicImage::ImageLuma8(picture)
}

/// Five by seven points: the digits as they are, anything else some shape of its own.
fn draw(picture: &mut GrayImage, c: char, x: u32, y: u32, size: u32, ink: u8) {
    const DIGITS: [u64; 10] = [
        0x3_a33a_e62e,
        0x1_1842_108e,
        0x3_a213_221f,
        0x7_c44c_162e,
        0x0_8ca9_7c42,
        0x7_f0f0_862e,
        0x1_910f_462e,
        0x7_c222_1084,
        0x3_a317_462e,
        0x3_a317_844c,
    ];
    let shape = match c {
        ' ' => return,
        c if c.is_ascii_digit() => DIGITS[c as usize - '0' as usize],
        c => u64::from(c).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20,
    };
    for (n, _) in (0..35).enumerate().filter(|(n, _)| shape >> (34 - n) & 1 == 1) {
        let (left, top) = (x + n as u32 % 5 * size, y + n as u32 / 5 * size);
        for (dx, dy) in (0..size).flat_map(|dx| (0..size).map(move |dy| (dx, dy))) {
            if left + dx < picture.width() && top + dy < picture.height() {
                picture.put_pixel(left + dx, top + dy, Luma([ink]));
            }
        }
    }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> DynamicImage {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    image::load_from_memory(&bytes).unwrap()
}

/// As Telegram passes it on: at most 1280 high, saved again.
fn sent(picture: &DynamicImage) -> DynamicImage {
    let picture = if picture.height() > 1280 {
        picture.resize(1280, 1280, FilterType::Triangle)
    } else {
        picture.clone()
    };
    jpeg(&picture, 85)
}

/// Without so many thousandths on the left, at the top, on the right, at the bottom.
fn cropped(picture: &DynamicImage, [left, top, right, bottom]: [u32; 4]) -> DynamicImage {
    let (w, h) = (picture.width(), picture.height());
    picture.crop_imm(w * left / 1000, h * top / 1000, w * (1000 - left - right) / 1000, h * (1000 - top - bottom) / 1000)
}

fn print(picture: &DynamicImage) -> Option<Print> {
    let grey = picture.to_luma8();
    Print::of(&Grey { width: grey.width() as usize, height: grey.height() as usize, points: grey.into_raw() })
}

fn printed(picture: &DynamicImage) -> Print {
    print(&sent(picture)).unwrap()
}

/// The same screenshot after all that can have happened to it on the way.
fn again(picture: &DynamicImage) -> Vec<(&'static str, DynamicImage)> {
    vec![
        ("as it is", sent(picture)),
        ("saved badly", jpeg(&sent(picture), 35)),
        ("three times", sent(&sent(&sent(picture)))),
        ("smaller", jpeg(&picture.resize(432, 960, FilterType::Triangle), 70)),
        ("another shape", sent(&picture.resize_exact(640, 1280, FilterType::Triangle))),
        ("brighter", sent(&picture.brighten(4))),
        ("without its top", sent(&cropped(picture, [0, 40, 0, 0]))),
        ("without its bottom", sent(&cropped(picture, [0, 0, 0, 50]))),
        ("cropped all around", sent(&cropped(picture, [15, 15, 15, 15]))),
        ("cropped askew", sent(&cropped(picture, [20, 35, 0, 10]))),
    ]
}

#[test]
fn the_same_picture_however_it_was_saved_and_no_other_of_the_same_app() {
    let payments = [("135", "10:42", "632512345678"), ("135", "10:47", "632587650912"), ("134.93", "11:05", "632512390765")];
    let pictures: Vec<DynamicImage> = payments.iter().map(|(amount, time, utr)| screenshot(3, amount, time, utr)).collect();
    let prints: Vec<Print> = pictures.iter().map(printed).collect();
    for (how, changed) in again(&pictures[0]) {
        let seen = print(&changed).unwrap();
        for (n, kept) in prints.iter().enumerate() {
            assert_eq!(seen.is_same(kept), n == 0, "{how}, against {n}");
        }
    }
    assert!(!printed(&screenshot(2, "135", "10:42", "632512345678")).is_same(&printed(&screenshot(4, "135", "10:42", "632512345678"))));
}

#[test]
fn what_shows_nothing_is_known_by_nothing() {
    let plain = |grey: u8| DynamicImage::ImageLuma8(GrayImage::from_pixel(576, 1280, Luma([grey])));
    let slope = DynamicImage::ImageLuma8(GrayImage::from_fn(576, 1280, |x, y| Luma([(x / 6 + y / 12) as u8])));
    let dot = DynamicImage::ImageLuma8(GrayImage::from_pixel(1, 1, Luma([7])));
    for picture in [plain(0), plain(128), plain(255), slope, dot] {
        assert_eq!(print(&picture), None);
        assert_eq!(print(&jpeg(&picture, 60)), None);
    }
    for (width, height, points) in [(0, 0, vec![]), (10, 0, vec![]), (10, 10, vec![0; 99])] {
        assert_eq!(Print::of(&Grey { width, height, points }), None);
    }
}

async fn photo(shop: &Shop, buyer: &User, file: &str) -> (Order, Payment) {
    let order = shop.order(buyer).await;
    let proof = Proof::Photo { file_id: format!("id-{file}"), unique_id: format!("u-{file}"), sent_at: Some(shop.core.now()) };
    let payment = payments::submit(&shop.core, buyer.user_id(), &order.code, &proof, &format!("tg:{}", shop.number()))
        .await
        .unwrap()
        .into_inner();
    (order, payment)
}

async fn told(shop: &Shop, payment: &Payment) -> Evidence {
    let order = payments::order_of(shop.core.db(), payment).await.unwrap();
    evidence::of(&shop.core, payment, &order).await.unwrap()
}

#[tokio::test]
async fn a_picture_that_comes_again_is_told_with_the_orders_it_came_for() {
    let shop = Shop::open().await;
    let (asha, bina) = (shop.arrive("Asha", None).await, shop.arrive("Bina", None).await);
    let picture = screenshot(2, "135", "10:42", "632512345678");
    let (first, payment) = photo(&shop, &asha, "a").await;
    assert_eq!(evidence::due(&shop.core, 10).await.unwrap().len(), 1);
    assert_eq!(evidence::looked(&shop.core, payment.id, Some(printed(&picture))).await.unwrap(), 0);
    // Cropped, as another file, by another person.
    let (second, cropped_one) = photo(&shop, &bina, "b").await;
    let print_of_it = print(&sent(&cropped(&picture, [0, 30, 0, 0])));
    assert_eq!(evidence::looked(&shop.core, cropped_one.id, print_of_it.clone()).await.unwrap(), 1);
    assert_eq!(told(&shop, &cropped_one).await.same_picture, std::slice::from_ref(&first.code));
    assert_eq!(told(&shop, &payment).await.same_picture, [second.code], "while both wait, both are told of");
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'card-changed'").await, 2);
    // The job is done again after a crash: nothing is told twice.
    assert_eq!(evidence::looked(&shop.core, cropped_one.id, print_of_it).await.unwrap(), 1);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'card-changed'").await, 2);
    // Another payment in the same app is another picture.
    shop.approve(&payment).await;
    let (_, other) = photo(&shop, &asha, "c").await;
    let print_of_it = Some(printed(&screenshot(2, "135", "10:49", "632598127634")));
    assert_eq!(evidence::looked(&shop.core, other.id, print_of_it).await.unwrap(), 0);
    assert_eq!(told(&shop, &other).await, Evidence { after: TimeDelta::zero(), ..Evidence::default() });
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_very_same_file_is_known_without_a_look() {
    let shop = Shop::open().await;
    let mut firsts = Vec::new();
    for n in 0..7 {
        let person = shop.arrive(&format!("P{n}"), None).await;
        let (order, payment) = photo(&shop, &person, "same").await;
        let known = told(&shop, &payment).await.same_file;
        assert_eq!(known, firsts.iter().take(evidence::NAMED + 1).cloned().collect::<Vec<_>>());
        firsts.push(order.code);
    }
    // For the same order again it is no reuse.
    let asha = shop.arrive("Asha", None).await;
    let (order, payment) = photo(&shop, &asha, "mine").await;
    payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
    let proof = Proof::Photo { file_id: "id".into(), unique_id: "u-mine".into(), sent_at: None };
    let second = payments::submit(&shop.core, asha.user_id(), &order.code, &proof, "tg:again").await.unwrap().into_inner();
    let known = told(&shop, &second).await;
    assert_eq!((known.same_file, known.rejected_before), (vec![], 1));
}

#[tokio::test]
async fn times_and_years_that_do_not_fit() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let order = shop.order(&asha).await;
    shop.advance(TimeDelta::minutes(4));
    let early = order.placed_at - TimeDelta::hours(5);
    let proof = Proof::Photo { file_id: "f".into(), unique_id: "u".into(), sent_at: Some(early) };
    let payment = payments::submit(&shop.core, asha.user_id(), &order.code, &proof, "tg:1").await.unwrap().into_inner();
    let known = told(&shop, &payment).await;
    assert_eq!((known.older, known.after, known.other_year), (Some(early), TimeDelta::minutes(4), false));
    // 2026: a UTR begins with 6.
    for (utr, other_year) in [("632512345678", false), ("532512345678", true), ("732512345678", true)] {
        let person = shop.arrive("Bina", None).await;
        let order = shop.order(&person).await;
        let payment = shop.prove(&person, &order, utr).await.unwrap().into_inner();
        assert_eq!(told(&shop, &payment).await.other_year, other_year, "{utr}");
    }
    // Ordered before midnight of the year's last day in India, proved after it: both years' digits are right.
    let until = "2026-12-31T18:25:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    shop.advance(until - shop.core.now());
    for (utr, other_year) in [("636512345678", false), ("700112345678", false), ("800112345678", true)] {
        let person = shop.arrive("Chitra", None).await;
        let order = shop.order(&person).await;
        shop.advance(TimeDelta::minutes(10));
        let payment = shop.prove(&person, &order, utr).await.unwrap().into_inner();
        assert_eq!(told(&shop, &payment).await.other_year, other_year, "{utr}");
        shop.advance(-TimeDelta::minutes(10));
    }
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_left_alone_after_some_tries() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let (_, payment) = photo(&shop, &asha, "gone").await;
    for n in 0..evidence::MOST_TRIES {
        let due = evidence::due(&shop.core, 10).await.unwrap();
        assert_eq!(due.iter().map(|due| (due.payment_id, due.file_id.as_str())).collect::<Vec<_>>(), [(payment.id, "id-gone")], "try {n}");
        assert_eq!(evidence::due(&shop.core, 10).await.unwrap(), [], "not at once again");
        shop.advance(TimeDelta::hours(3));
    }
    assert_eq!(evidence::due(&shop.core, 10).await.unwrap(), []);
    let (_, plain) = photo(&shop, &shop.arrive("Bina", None).await, "plain").await;
    assert_eq!(evidence::due(&shop.core, 10).await.unwrap().len(), 1);
    assert_eq!(evidence::looked(&shop.core, plain.id, None).await.unwrap(), 0);
    shop.advance(TimeDelta::days(1));
    assert_eq!(evidence::due(&shop.core, 10).await.unwrap(), []);
}

#[tokio::test]
async fn two_that_are_looked_at_at_once_find_each_other() {
    let shop = Shop::open().await;
    let (asha, bina) = (shop.arrive("Asha", None).await, shop.arrive("Bina", None).await);
    let (_, a) = photo(&shop, &asha, "a").await;
    let (_, b) = photo(&shop, &bina, "b").await;
    let same = printed(&screenshot(3, "135", "10:42", "632512345678"));
    let beside = shop.beside().await;
    let (one, two) = tokio::join!(evidence::looked(&shop.core, a.id, Some(same.clone())), evidence::looked(&beside.core, b.id, Some(same)));
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!(shop.count("SELECT count(*) FROM proof_photo_twin").await, 1);
    assert!(told(&shop, &a).await.same_picture.len() == 1 && told(&shop, &b).await.same_picture.len() == 1);
}

#[tokio::test]
async fn an_old_picture_is_found_among_many_and_the_look_reads_no_more_of_them() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let bina = shop.arrive("Bina", None).await;
    let (first, payment) = photo(&shop, &asha, "first").await;
    let picture = screenshot(2, "135", "10:42", "632512345678");
    evidence::looked(&shop.core, payment.id, Some(printed(&picture))).await.unwrap();
    shop.approve(&payment).await;
    // A thousand others of the same app: all its common lines, none of the payment's own.
    let own = printed(&screenshot(2, "135", "10:43", "632599887766"));
    let shared: Vec<String> = own.bands().iter().map(ToString::to_string).collect();
    let (_, filler) = photo(&shop, &asha, "filler").await;
    evidence::looked(&shop.core, filler.id, Some(own)).await.unwrap();
    shop.approve(&filler).await;
    shop.run(&format!(
        "WITH p AS (INSERT INTO payment (order_id, user_id, method, amount, photo_file_id, photo_unique_id, state, key, submitted_at, decided_at, reason)
           SELECT {order}, {user}, 'upi', 135, 'f', 'x' || n, 'rejected', 'many:' || n, now(), now(), 'r' FROM generate_series(1, 1000) n RETURNING id),
         f AS (INSERT INTO proof_photo (payment_id, user_id, sent_at, hash, detail) SELECT p.id, {user}, now(), f.hash, f.detail FROM p, proof_photo f WHERE f.payment_id = {id} RETURNING payment_id)
         INSERT INTO proof_photo_band SELECT DISTINCT band, payment_id FROM f, unnest(ARRAY[{bands}]) band",
        order = filler.order_id.unwrap(),
        user = asha.id,
        id = filler.id,
        bands = shared.join(", "),
    ))
    .await;
    let (_, reused) = photo(&shop, &bina, "reused").await;
    let seen = print(&jpeg(&sent(&picture), 60)).unwrap();
    assert_eq!(evidence::looked(&shop.core, reused.id, Some(seen)).await.unwrap(), 1);
    assert_eq!(told(&shop, &reused).await.same_picture, [first.code]);
}

#[tokio::test]
async fn with_the_person_goes_what_their_pictures_were_known_by() {
    let shop = Shop::open().await;
    let (asha, bina) = (shop.arrive("Asha", None).await, shop.arrive("Bina", None).await);
    let same = printed(&screenshot(2, "135", "10:42", "632512345678"));
    for (person, file) in [(&asha, "a"), (&bina, "b")] {
        let (_, payment) = photo(&shop, person, file).await;
        evidence::looked(&shop.core, payment.id, Some(same.clone())).await.unwrap();
        shop.approve(&payment).await;
        orders::deliver(&shop.core, payment.order_id.unwrap(), &admin("Meera")).await.unwrap();
    }
    let copy = String::from_utf8(privacy::export(&shop.core, &asha).await.unwrap()).unwrap();
    assert!(copy.contains("screenshot_sent_at") && copy.contains("screenshot_hash"));
    let mark = privacy::ties(shop.core.db(), asha.user_id(), shop.core.now()).await.unwrap().mark();
    let erased = privacy::erase(&shop.core, asha.user_id(), mark, &mela_core::audit::Actor::customer(&asha)).await.unwrap();
    assert_eq!(erased, privacy::Erasure::Done);
    assert_eq!(shop.column("SELECT user_id::text FROM proof_photo").await, [bina.id.to_string()]);
    let left = shop
        .count("SELECT count(*) FROM proof_photo_band b WHERE NOT EXISTS (SELECT FROM proof_photo f WHERE f.payment_id = b.payment_id)")
        .await;
    assert_eq!((left, shop.count("SELECT count(*) FROM proof_photo_twin").await), (0, 0));
    // A look that was under way when they left writes nothing.
    let gone = shop.count(&format!("SELECT id FROM payment WHERE user_id = {}", asha.id)).await;
    assert_eq!(evidence::looked(&shop.core, gone, Some(same)).await.unwrap(), 0);
    assert_eq!(shop.count("SELECT count(*) FROM proof_photo").await, 1);
    shop.proof_is_empty().await;
}
