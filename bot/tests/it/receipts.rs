//! Receipts as their buyers and staff get them.

use crate::world::World;
use std::process::Command;

/// The words of a PDF, where the machine can read one; the tests of the paper itself need no such program.
fn words(bytes: &[u8]) -> Option<String> {
    let folder = tempfile_of(bytes);
    let output = Command::new("pdftotext").args(["-layout", folder.to_str()?, "-"]).output();
    std::fs::remove_file(&folder).unwrap();
    output.ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn tempfile_of(bytes: &[u8]) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("mela-receipt-{}-{}.pdf", std::process::id(), bytes.len()));
    std::fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_has_one_and_it_is_the_same_whenever_it_is_asked_for() {
    let world = World::new().await;
    let (bina, dev) = (world.joined(1, "बीना Sharma 👩‍👩‍👧", None).await, world.joined(2, "Dev", None).await);
    let order = world.buy(&bina, "632112345678").await;
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["Combo OTT Plan", "Receipt"]).await;
    bina.press("Receipt");
    let first = bina.expect(&["Receipt", "MELA/26-27/00001", &order]).await;
    assert_eq!(first.file_name.as_deref(), Some("MELA-26-27-00001.pdf"));
    let bytes = first.file_bytes().unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    if let Some(words) = words(&bytes) {
        for said in [
            "MELA/26-27/00001",
            "RECEIPT",
            &order,
            "बीना Sharma",
            "Combo OTT Plan",
            "₹135",
            "Rupees One Hundred Thirty-Five Only",
            "ending in 5678",
            "21 Nov 2026",
        ] {
            assert!(words.contains(said), "{said}: {words}");
        }
        assert!(!words.contains("632112345678"), "{words}");
    }
    world.advance(chrono::TimeDelta::days(200));
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["Receipt"]).await;
    bina.press("Receipt");
    assert_eq!(bina.expect(&["MELA/26-27/00001"]).await.file_bytes().unwrap(), bytes, "asked for half a year later");

    // Not another's, and none before it is paid.
    dev.send("/help");
    let place = dev.expect(&["/plans"]).await;
    let press = dev.press_data(place.message_id, &format!("1|rcpt|{}", &order[2..]));
    assert_eq!(dev.alert(&press).await.as_deref(), Some("No such order among yours."));
    let waiting = world.order(&dev).await;
    let press = dev.press_data(place.message_id, &format!("1|rcpt|{}", &waiting[2..]));
    assert!(dev.alert(&press).await.unwrap().contains("when the order is paid"));

    // Staff have the same one, support too; a customer's press of theirs is refused.
    world.owner.send(&format!("/order {order}"));
    world.admins.expect(&[&order, "Receipt"]).await;
    world.owner.press("Receipt");
    assert_eq!(world.admins.expect(&["MELA/26-27/00001"]).await.file_bytes().unwrap(), bytes);
    let press = dev.press_data(place.message_id, "1|rcpts|2");
    assert!(dev.alert(&press).await.unwrap().contains("staff"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_shop_sends_tax_invoices() {
    let world = World::with(&[
        ("MELA_SHOP__LEGAL_NAME", "Mela Digital Services"),
        ("MELA_SHOP__ADDRESS", "14, Linking Road, Mumbai"),
        ("MELA_SHOP__STATE", "Maharashtra"),
        ("MELA_SHOP__GSTIN", "27AAPFU0939F1ZV"),
        ("MELA_SHOP__SAC", "998433"),
        ("MELA_SHOP__RECEIPT_PREFIX", "OTT"),
    ])
    .await;
    let bina = world.joined(1, "Bina", None).await;
    let order = world.buy(&bina, "632112345678").await;
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["Receipt"]).await;
    bina.press("Receipt");
    let sent = bina.expect(&["Tax invoice", "OTT/26-27/00001"]).await;
    if let Some(words) = words(&sent.file_bytes().unwrap()) {
        for said in [
            "TAX INVOICE",
            "27AAPFU0939F1ZV",
            "Maharashtra",
            "998433",
            "Taxable value",
            "₹114.40",
            "CGST 9%",
            "SGST 9%",
            "₹10.30",
            "reverse charge",
        ] {
            assert!(words.contains(said), "{said}: {words}");
        }
    }
    world.ends_well().await;
}
