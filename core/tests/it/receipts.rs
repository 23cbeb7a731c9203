//! Receipts: consecutive numbers, given outside of the sale, and papers that say for ever what they said first.

use super::shop::{PLAN, Shop, rupees};
use chrono::TimeDelta;
use futures::FutureExt;
use mela_core::db::constraint;
use mela_core::orders::{self, Order};
use mela_core::payments::Method;
use mela_core::receipts::{self, Receipt};
use mela_core::refunds::To;
use sea_orm::{ConnectionTrait, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn receipt(shop: &Shop, order: &Order) -> Option<Receipt> {
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    receipts::of_order(&shop.core, &order).await.unwrap()
}

async fn numbers(shop: &Shop) -> Vec<String> {
    shop.column("SELECT r.number FROM receipt r JOIN orders o ON o.id = r.order_id ORDER BY o.paid_at, o.id").await
}

/// What an admin knows who registers the shop.
const REGISTERED: [(&str, &str); 5] = [
    ("shop.legal_name", "Mela Digital Services"),
    ("shop.address", "14, Linking Road, Mumbai"),
    ("shop.state", "Maharashtra"),
    ("shop.gst_percent", "18"),
    ("shop.gstin", "27aapfu0939f1zv"),
];

#[tokio::test]
async fn numbered_in_the_order_of_payment_when_someone_asks() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let unpaid = shop.order(&ravi).await;
    assert_eq!(receipt(&shop, &unpaid).await, None);
    let mut sold = Vec::new();
    for buyer in [&asha, &bina, &asha] {
        sold.push(shop.sell(buyer).await);
        shop.advance(TimeDelta::seconds(1));
    }
    assert_eq!(shop.count("SELECT count(*) FROM receipt").await, 0, "no sale numbers anything");
    // The last one asks first: those who paid before come before.
    assert_eq!(receipt(&shop, &sold[2]).await.unwrap().number, "MELA/26-27/00003");
    let second = receipt(&shop, &sold[1]).await.unwrap();
    assert_eq!(
        (second.number.as_str(), second.buyer.as_str(), second.date.to_string()),
        ("MELA/26-27/00002", "Bina", "2026-11-21".into())
    );
    assert_eq!((second.total, second.discount, second.rows.len(), second.rows[0].total), (rupees("135"), rupees("0"), 1, rupees("135")));
    assert_eq!(second.payment.outside, Some((Method::Upi, rupees("135"))));
    assert_eq!(second.payment.utr_ends.as_ref().map(String::len), Some(4), "a part of the reference, not all of it");
    assert!(second.tax.is_none() && second.refunds.is_empty());

    // Asked again, the name and the shop changed, it says the same.
    shop.run("UPDATE users SET name = 'Someone else'").await;
    shop.set("shop.name", "Another shop").await;
    shop.set("shop.receipt_prefix", "X1").await;
    assert_eq!(receipt(&shop, &sold[1]).await.unwrap(), second);
    // A number is for good, also for hands.
    for (by_hand, refusal) in [
        ("UPDATE receipt SET n = 9 WHERE n = 3", "receipt_for_ever"),
        ("UPDATE receipt SET number = 'X'", "receipt_for_ever"),
        ("DELETE FROM receipt WHERE n = 3", "receipt_for_ever"),
        ("INSERT INTO receipt SELECT 4, year, 5, number || 'X', buyer, issuer_id, paid_at, numbered_at FROM receipt", ""),
    ] {
        let error = shop.core.db().execute_unprepared(by_hand).await.unwrap_err();
        assert!(refusal.is_empty() || constraint(&error).as_deref() == Some(refusal), "{by_hand}: {error}");
    }
    let next = shop.sell(&bina).await;
    assert_eq!(receipt(&shop, &next).await.unwrap().number, "X1/26-27/00004", "another prefix goes on counting");
    let gap = format!(
        "INSERT INTO receipt (order_id, year, n, number, buyer, issuer_id, paid_at, numbered_at) SELECT {}, 2026, 6, 'X1/26-27/00006', '', 1, now(), now()",
        shop.sell(&bina).await.id
    );
    let error = shop.core.db().execute_unprepared(&gap).await.unwrap_err();
    assert_eq!(constraint(&error).as_deref(), Some("receipt_without_gap"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_financial_year_begins_with_one() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let before = shop.sell(&asha).await;
    // 21 November to the last evening of March, Indian time.
    shop.advance(TimeDelta::days(130) + TimeDelta::hours(11));
    let last = shop.sell(&asha).await;
    shop.advance(TimeDelta::hours(1));
    let first = shop.sell(&bina).await;
    assert_eq!(receipts::number_due(&shop.core).await.unwrap(), 3);
    for (order, number, date) in [
        (before, "MELA/26-27/00001", "2026-11-21"),
        (last, "MELA/26-27/00002", "2027-03-31"),
        (first, "MELA/27-28/00001", "2027-04-01"),
    ] {
        let receipt = receipt(&shop, &order).await.unwrap();
        assert_eq!((receipt.number.as_str(), receipt.date.to_string().as_str()), (number, date));
    }
    // Full beyond five digits: the year is written shorter.
    shop.run("ALTER TABLE receipt DISABLE TRIGGER ALL; UPDATE receipt SET n = 99999, number = 'MELA/27-28/99999' WHERE year = 2027; ALTER TABLE receipt ENABLE TRIGGER ALL")
        .await;
    let next = shop.sell(&bina).await;
    assert_eq!(receipt(&shop, &next).await.unwrap().number, "MELA/2728/100000");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_while_sales_go_on_leave_no_gap() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for _ in 0..10 {
        shop.sell(&asha).await;
    }
    let others = [shop.beside().await, shop.beside().await, shop.beside().await];
    let sweeps = others.iter().map(|other| {
        let core = other.core.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                receipts::number_due(&core).await.unwrap();
            }
        })
    });
    let sweeps: Vec<_> = sweeps.collect();
    for _ in 0..10 {
        let order = shop.sell(&bina).await;
        assert!(receipt(&shop, &order).await.is_some());
    }
    for sweep in sweeps {
        sweep.await.unwrap();
    }
    let mut all = numbers(&shop).await;
    all.sort();
    let expected: Vec<_> = (1..=20).map(|n| format!("MELA/26-27/{n:05}")).collect();
    assert_eq!(all, expected);
    assert_eq!(receipts::number_due(&shop.core).await.unwrap(), 0);
}

#[tokio::test]
async fn cut_off_anywhere_nothing_is_skipped() {
    let shop = Shop::open().await;
    let (_, asha, _) = shop.chain().await;
    for _ in 0..3 {
        shop.sell(&asha).await;
    }
    // The n-th statement of a sweep, its commit included, is cut off.
    for cut in 0..12 {
        let passed = Arc::new(AtomicUsize::new(0));
        let fault = move || {
            let stops = passed.fetch_add(1, Ordering::Relaxed) == cut;
            async move { if stops { Err(DbErr::Custom("cut off".into())) } else { Ok(()) } }.boxed()
        };
        let cut_off = receipts::number_due(&shop.core.with_fault(Arc::new(fault))).await;
        let there = numbers(&shop).await;
        assert!(there.is_empty() || there == ["MELA/26-27/00001", "MELA/26-27/00002", "MELA/26-27/00003"], "{cut}: {there:?}");
        if cut_off.is_ok() {
            break;
        }
    }
    receipts::number_due(&shop.core).await.unwrap();
    assert_eq!(numbers(&shop).await, ["MELA/26-27/00001", "MELA/26-27/00002", "MELA/26-27/00003"]);
}

#[tokio::test]
async fn a_registered_shop_makes_tax_invoices_from_then_on() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let before = shop.sell(&asha).await;
    let plain = receipt(&shop, &before).await.unwrap();
    let set = |key: &'static str, value: &'static str| {
        let core = shop.core.clone();
        async move {
            let tx = core.begin().await.unwrap();
            let set = mela_core::settings::set(core.settings_store(), &tx, core.now(), 1, key, value).await;
            tx.commit().await.unwrap();
            set.map_err(|error| error.to_string())
        }
    };
    for (key, value, says) in [
        ("shop.gstin", "27AAPFU0939F1ZV", "shop.legal_name"),
        ("shop.gstin", "27AAPFU0939F1ZX", "whose last one is right"),
        ("shop.gstin", "none", "whose last one is right"),
        ("shop.receipt_prefix", "MELAS", "1 to 4 capital letters"),
        ("shop.receipt_prefix", "me", "1 to 4 capital letters"),
        ("shop.gst_percent", "101", "0 to 100"),
    ] {
        let error = set(key, value).await.unwrap_err();
        assert!(error.contains(says), "{key} {value}: {error}");
    }
    for (key, value) in REGISTERED {
        set(key, value).await.unwrap();
    }
    assert!(set("shop.address", " ").await.unwrap_err().contains("shop.address"), "a registered shop keeps its address");
    shop.core.settings_store().refresh(shop.core.db()).await.unwrap();
    let order = shop.sell(&bina).await;
    let invoice = receipt(&shop, &order).await.unwrap();
    let tax = invoice.tax.clone().unwrap();
    assert_eq!(
        (tax.taxable, tax.parts.len(), tax.parts[0].amount, tax.parts[1].amount),
        (rupees("114.40"), 2, rupees("10.30"), rupees("10.30"))
    );
    assert_eq!(invoice.number, "MELA/26-27/00002", "one series");
    assert_eq!(invoice.issuer.gst.as_ref().map(|gst| (gst.gstin.as_str(), gst.sac.as_str())), Some(("27AAPFU0939F1ZV", "998433")));
    assert_eq!(receipt(&shop, &before).await.unwrap(), plain, "what was sold before is no tax invoice now");
    assert_eq!(shop.count("SELECT count(*) FROM issuer").await, 2);
}

#[tokio::test]
async fn what_was_given_back_is_on_it() {
    let shop = Shop::open().await;
    let (_, asha, _) = shop.chain().await;
    shop.fill(&asha, "200", "0").await;
    let order = shop.order(&asha).await;
    shop.pay_from_wallet(&asha, &order).await.unwrap();
    let whole = receipt(&shop, &order).await.unwrap();
    assert_eq!((whole.payment.outside, whole.payment.wallet), (None, rupees("135")));
    let paid = orders::get(shop.core.db(), order.id).await.unwrap();
    shop.refund(&paid, "35.50", &To::Wallet).await.unwrap();
    let after = receipt(&shop, &order).await.unwrap();
    assert_eq!((after.number.as_str(), after.total), (whole.number.as_str(), rupees("135")));
    assert_eq!(after.refunds.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [rupees("35.50")]);
}

#[tokio::test]
async fn several_things_are_lines_and_a_discount_is_said() {
    let shop = Shop::open().await;
    shop.run("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo', 10, 100, 60)").await;
    let (_, asha, _) = shop.chain().await;
    super::cart::put(&shop, &asha, PLAN, 2).await;
    super::cart::put(&shop, &asha, "solo", 1).await;
    let order = super::cart::check_out(&shop, &asha).await;
    super::cart::pay(&shop, &asha, &order).await;
    let whole = receipt(&shop, &order).await.unwrap();
    let lines: Vec<_> = whole.rows.iter().map(|row| (row.title.as_str(), row.quantity, row.price, row.total, row.period_days)).collect();
    assert_eq!(lines, [("Combo OTT Plan", 2, rupees("135"), rupees("270"), 30), ("Solo", 1, rupees("100"), rupees("100"), 10)]);
    let sum = |receipt: &Receipt| receipt.rows.iter().map(|row| row.total).sum::<mela_core::money::Rupees>();
    assert_eq!((sum(&whole) - whole.discount, whole.total), (rupees("370"), rupees("370")));
    // As a coupon would have made it.
    shop.run(
        "INSERT INTO coupon (code, kind, value, first_order, below_cost, active, made_at, made_by) VALUES ('TEN', 'amount', 10, false, false, true, now(), 1);
         UPDATE orders SET price = 360, discount = 10, coupon_id = (SELECT id FROM coupon)",
    )
    .await;
    let less = receipt(&shop, &order).await.unwrap();
    assert_eq!((less.discount, less.total, sum(&less)), (rupees("10"), rupees("360"), rupees("370")));
}
