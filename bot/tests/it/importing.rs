//! Files of products, in and out of the admin chat.

use crate::world::World;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const HEADER: &str = "code,title,platform,category,period_days,screens,price,cost,delivery,active,description";
const NETFLIX: &str = "netflix-1m,Netflix 1 month,Netflix,Films,30,1,199,120,by_hand,yes,HD";

fn csv(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

/// A workbook with these cells in its first sheet; a cell that begins with `=` is a formula with its cached value behind a `|`.
fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |place: String, text: &str| match text.strip_prefix('=').and_then(|formula| formula.split_once('|')) {
        Some((formula, value)) => format!(r#"<c r="{place}"><f>{formula}</f><v>{value}</v></c>"#),
        None => format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#),
    };
    let lines = rows.iter().enumerate().map(|(n, row)| {
        let cells = row.iter().zip('A'..='Z').map(|(text, column)| cell(format!("{column}{}", n + 1), text));
        format!(r#"<row r="{}">{}</row>"#, n + 1, cells.collect::<String>())
    });
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Plans" sheetId="1" r:id="a"/></sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{}</sheetData></worksheet>"#, lines.collect::<String>()),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_is_offered_filled_in_checked_and_applied_once() {
    let world = World::new().await;
    world.owner.send("/import");
    world.admins.expect(&["Use: /import products"]).await;
    world.owner.send("/import products");
    let how = world.admins.expect(&["Import products", "period_days", "5 MB", "Apply"]).await;
    let template = how.file_bytes().unwrap();
    assert_eq!(how.file_name.as_deref(), Some("products-template.csv"));
    world.owner.send("here it comes");
    world.admins.expect(&["as a file", "/cancel"]).await;
    world.owner.send_document("products.csv", &template, None);
    let dry = world.admins.expect(&["2 new, 0 changed, 0 same, 0 wrong", "Nothing is changed yet", "Apply"]).await;
    assert_eq!(world.count("plan").await, 1, "a dry run");
    world.owner.press_on(dry.message_id, "Apply");
    world.admins.expect(&["Applied by Meera: 2 new, 0 changed"]).await;
    assert_eq!(world.count("plan").await, 3);
    let again = world.owner.press_data(dry.message_id, "1|ia|1");
    assert!(world.owner.alert(&again).await.unwrap().contains("applied already"));
    world.owner.send_document("products.csv", &template, Some("/import products"));
    world.admins.expect(&["0 new, 0 changed, 2 same, 0 wrong", "Nothing would change"]).await;
    // No question is open any more: talk gets no answer.
    world.owner.send("done");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_named_with_their_numbers_and_only_the_good_are_applied() {
    let world = World::new().await;
    let bad: Vec<String> = (0..12).map(|n| format!("bad-{n},Title,,,30,1,-{n},0,by_hand,yes,")).collect();
    let mut rows = vec![NETFLIX, "x,X,,,0,1,1,0,by_hand,maybe,", "twin,T,,,30,1,5,0,by_hand,yes,", "twin,T,,,30,1,6,0,by_hand,yes,"];
    rows.extend(bad.iter().map(String::as_str));
    world.owner.send_document("p.csv", &csv(&rows), Some("/import products"));
    let dry = world
        .admins
        .expect(&[
            "1 new, 0 changed, 0 same, 15 wrong",
            "row 3: period_days “0”",
            "active “maybe”",
            "row 4: the same code is in row 5",
            "and 5 more",
            "Apply",
        ])
        .await;
    assert!(!dry.text.contains("row 13"), "the first ten: {dry}");
    let file = world.admins.expect(&["15 wrong rows"]).await;
    let file = String::from_utf8(file.file_bytes().unwrap()).unwrap();
    for part in ["row,reason,code,title", "\n17,", "price “-11”", "'-11,0,by_hand"] {
        assert!(file.contains(part), "{part}: {file}");
    }
    world.owner.press_on(dry.message_id, "Apply");
    world.admins.expect(&["1 new, 0 changed"]).await;
    assert_eq!(world.count("plan WHERE code IN ('combo-ott', 'netflix-1m')").await, world.count("plan").await);

    world.owner.send_document("p.csv", &csv(&["x,X,,,0,1,1,0,by_hand,yes,"]), Some("/import products"));
    let none = world.admins.expect(&["0 new, 0 changed, 0 same, 1 wrong", "nothing to apply"]).await;
    assert!(none.button("Apply").is_none());
    world.admins.expect(&["wrong row, with the reason"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_of_columns_any_encoding_and_workbooks_are_the_same_file() {
    let world = World::new().await;
    let text = "Price;title;Code;platform;category;Period Days;screens;cost;delivery;active;description\n\"₹1,35,000\";Café;cafe;P;C;30;2;0;By Hand;TRUE;=1+1\n";
    world.owner.send_document("p.csv", text.as_bytes(), Some("/import products"));
    world.admins.expect(&["1 new, 0 changed, 0 same, 0 wrong"]).await;
    world.owner.press("Apply");
    world.admins.expect(&["Applied by Meera: 1 new"]).await;
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = text.replace('₹', "").chars().map(|c| u8::try_from(c).unwrap()).collect();
    let header: Vec<&str> = HEADER.split(',').collect();
    let workbook = xlsx(&[&header, &["cafe", "Café", "P", "C", "=15*2|30", "2", "=1.35E5|135000", "0", "by_hand", "yes", "'=1+1"]]);
    for (name, bytes) in [("p.csv", utf16), ("p.txt", latin), ("p.xlsx", workbook)] {
        world.owner.send_document(name, &bytes, Some("/import products"));
        world.admins.expect(&["0 new, 0 changed, 1 same, 0 wrong", "Nothing would change"]).await;
    }
    world.owner.send("/export");
    world.admins.expect(&["Use: /export products"]).await;
    world.owner.send("/export products");
    let export = world.admins.expect(&["All 2 products"]).await.file_bytes().unwrap();
    assert!(String::from_utf8(export.clone()).unwrap().contains(",'=1+1"), "no formula for whoever opens it");
    world.owner.send_document("products.csv", &export, Some("/import products"));
    world.admins.expect(&["0 new, 0 changed, 2 same, 0 wrong"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_products_file_or_too_much_is_refused_with_a_sentence() {
    let world = World::with(&[("MELA_IMPORT__MAX_BYTES", "1000000")]).await;
    world.owner.send("/import products");
    world.admins.expect(&["at most 1 MB"]).await;
    let lines = |n: usize| format!("{HEADER}\n{}", "x,y\n".repeat(n)).into_bytes();
    let huge = "a".repeat(30_000_000);
    let bomb = xlsx(&[&["code"], &[&huge]]);
    let files: [(&str, &[u8], &str); 9] = [
        ("empty.csv", b"\n", "Nothing is written"),
        ("other.csv", b"code,title,colour\nx,y,z", "Unknown: colour"),
        ("other.csv", b"code,title,price\nx,y,5", "Missing: platform, category, period_days"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0", "neither a CSV nor an XLSX"),
        ("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel"),
        ("half.xlsx", b"PK\x03\x04\x00", "damaged"),
        ("large.csv", &vec![b'x'; 1_000_001], "larger than 1 MB"),
        ("huge.csv", &vec![b'x'; 20_500_000], "at most 20 MB"),
        ("bomb.xlsx", &bomb, "Unpacked, the file is larger than 10 MB"),
    ];
    for (name, bytes, answer) in files {
        world.owner.send_document(name, bytes, None);
        world.admins.expect(&[answer]).await;
    }
    // A file of some size tells how far it is, in one message.
    world.owner.send_document("long.csv", &lines(30_000), None);
    let reading = world.admins.expect(&["Reading the file"]).await;
    let refused = world.admins.expect(&["more than 20000 rows"]).await;
    assert_eq!(reading.message_id, refused.message_id);
    // The question is open all the while.
    let rows: Vec<String> = (0..3_000).map(|n| format!("p-{n},Plan {n},Platform,Films,30,1,199,120,by_hand,yes,Text")).collect();
    world.owner.send_document("fine.csv", &csv(&rows.iter().map(String::as_str).collect::<Vec<_>>()), None);
    let reading = world.admins.expect(&["Reading the file"]).await;
    world.admins.expect(&["Checking 3000 rows"]).await;
    let dry = world.admins.expect(&["3000 new", "Apply"]).await;
    assert_eq!(reading.message_id, dry.message_id);
    assert_eq!(world.count("plan").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_pressed_by_two_at_once_and_after_the_products_changed() {
    let world = World::new().await;
    let omar = world.person(901, "Omar").in_group(&world.admins);
    world.owner.send("/staff add 901 admin Omar");
    world.admins.expect(&["Omar", "admin"]).await;
    world.owner.send_document("p.csv", &csv(&[NETFLIX]), Some("/import products"));
    let dry = world.admins.expect(&["1 new", "Apply"]).await;
    let (a, b) = (world.owner.press_on(dry.message_id, "Apply"), omar.press_data(dry.message_id, "1|ia|1"));
    let (a, b) = (world.owner.alert(&a).await, omar.alert(&b).await);
    assert!(a.is_some() != b.is_some(), "one applied it, the other is told: {a:?} {b:?}");
    world.admins.expect(&["Applied by", "1 new, 0 changed"]).await;
    assert_eq!(world.count("audit WHERE action = 'product.create'").await, 1);

    let cheaper = NETFLIX.replace("199", "149");
    world.owner.send_document("p.csv", &csv(&[&cheaper]), Some("/import products"));
    let dry = world.admins.expect(&["0 new, 1 changed", "Apply"]).await;
    world.sql("UPDATE plan SET price = 299 WHERE code = 'netflix-1m'").await;
    let press = world.owner.press_on(dry.message_id, "Apply");
    assert!(world.owner.alert(&press).await.unwrap().contains("changed since"));
    world.admins.expect(&["changed since", "0 new, 1 changed", "Apply"]).await;
    assert_eq!(world.count("plan WHERE price = 299").await, 1);
    world.owner.press_on(dry.message_id, "Apply");
    world.admins.expect(&["Applied by Meera: 0 new, 1 changed"]).await;
    assert_eq!(world.count("plan WHERE price = 149").await, 1);
    world.ends_well().await;
}
