//! What banks tell of money, by alerts and statements: each credit counts once, however often and by whomever it is told.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use mela_core::credits::alert::{self, Heard, Ignored};
use mela_core::credits::import::{self, Figures};
use mela_core::credits::statement::{self, BadRow, Statement};
use mela_core::credits::{self, CreditError, Taken};
use mela_core::sheet::{self, Limits};
use sea_orm::DbErr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const HEAD: &str = "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance";

/// HDFC's statement with these rows: `day, narration, reference, credit, balance`.
fn hdfc(rows: &[&str]) -> Statement {
    let line = |row: &&str| {
        let parts: Vec<_> = row.split(',').collect();
        format!("{0},{1},{2},{0},,{3},{4}", parts[0], parts[1], parts[2], parts[3], parts[4])
    };
    let text = format!("{HEAD}\n{}\n", rows.iter().map(line).collect::<Vec<_>>().join("\n"));
    let sheet = sheet::read("s.csv", text.as_bytes(), Limits::for_bytes(5_000_000)).unwrap();
    let layers = mela_core::settings::Layers::try_new(std::path::Path::new("/nowhere"), []).unwrap();
    let mapping = layers.read(&Default::default()).unwrap().statement;
    statement::read(&sheet, None, &mapping, chrono_tz::Asia::Kolkata).unwrap()
}

async fn imported(shop: &Shop, mut statement: Statement) -> Figures {
    let key = format!("tg:{}", shop.number());
    import::import(&shop.core, &mut statement, &admin("Meera"), &key, |_| ()).await.unwrap()
}

async fn heard(shop: &Shop, text: &str) -> Heard {
    alert::hear(&shop.core, "VM-HDFCBK", text, shop.core.now()).await.unwrap()
}

fn is_new(heard: &Heard) -> bool {
    matches!(heard, Ok(Taken::Unmatched(_) | Taken::Matched(..)))
}

fn is_old(heard: &Heard) -> bool {
    matches!(heard, Ok(Taken::Duplicate(_)))
}

async fn credits_of(shop: &Shop) -> i64 {
    shop.count("SELECT count(*) FROM bank_credit").await
}

const WITH: &str = "Rs.135.00 credited to a/c XX1234 on 21-11-26 by a/c linked to VPA ravi@okhdfc (UPI Ref No 412345678901)";
const WITHOUT: &str = "Rs.135.00 credited to a/c XX1234 on 21-11-26. Avl bal Rs.1,000.00";

#[tokio::test]
async fn an_alert_and_the_statement_tell_of_one_credit() {
    let shop = Shop::open().await;
    assert!(is_new(&heard(&shop, WITH).await));
    assert!(is_old(&heard(&shop, WITH).await), "the same message again");
    let read = imported(&shop, hdfc(&["21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,0000412345678901,135.00,1000"])).await;
    assert_eq!(read, Figures { before: 1, ..Figures::default() });
    assert_eq!(credits_of(&shop).await, 1);
    assert_eq!(shop.entries("credit:HDFC/412345678901").await, ["bank: 135", "unmatched: -135"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_alert_without_a_reference_is_found_in_the_statement_once() {
    let shop = Shop::open().await;
    assert!(is_new(&heard(&shop, WITHOUT).await));
    let first = hdfc(&["21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,,135.00,1000", "21/11/26,UPI-BINA-bina@ybl-412345678902-x,,135.00,1135"]);
    assert_eq!(
        imported(&shop, first.clone()).await,
        Figures { fresh: 1, before: 1, matched: 0, waiting: 1 },
        "two of one amount: one of them was told"
    );
    let credit = credits::get(shop.core.db(), 1).await.unwrap();
    assert_eq!(credit.vpa.as_deref(), Some("ravi@okhdfc"), "the statement knows who paid");
    let known = credits::references(shop.core.db(), 1).await.unwrap();
    assert!(known.contains(&"HDFC/412345678901".to_owned()) && known.iter().any(|own| own.starts_with("HDFC/sms-")), "{known:?}");
    assert_eq!(imported(&shop, first).await, Figures { before: 2, ..Figures::default() });
    assert!(is_old(&heard(&shop, WITHOUT).await));
    assert!(is_old(&heard(&shop, WITH).await), "the bank told it a second time, with its reference");
    assert_eq!(credits_of(&shop).await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_alert_that_is_late_is_found_in_the_statement() {
    let shop = Shop::open().await;
    imported(&shop, hdfc(&["21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,,135.00,1000", "21/11/26,CASH,,135.00,1135"])).await;
    assert!(is_old(&heard(&shop, WITHOUT).await));
    assert!(is_old(&heard(&shop, "INR 135.00 deposited in A/c XX1234 on 21-11-26. Avl bal Rs.1,135.00").await));
    assert!(
        is_new(&heard(&shop, "INR 135.00 credited to A/c XX1234 on 21-11-26. Avl bal Rs.1,270.00").await),
        "a third is none of those two"
    );
    assert!(is_new(&heard(&shop, "Rs.135.00 credited to a/c XX1234 on 20-11-26. Avl bal Rs.1.00").await), "another day");
    assert!(is_new(&heard(&shop, "Rs.134.00 credited to a/c XX1234 on 21-11-26. Avl bal Rs.1.00").await), "another amount");
    let other = alert::hear(&shop.core, "VM-ICICIT", WITHOUT, shop.core.now()).await.unwrap();
    assert!(is_new(&other), "another bank");
    assert_eq!(credits_of(&shop).await, 6);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn two_alerts_alike_are_two_credits_and_pair_with_two_rows() {
    let shop = Shop::open().await;
    assert!(is_new(&heard(&shop, WITHOUT).await));
    assert!(is_new(&heard(&shop, &WITHOUT.replace("1,000", "1,135")).await));
    assert!(is_new(&heard(&shop, WITH).await), "its reference is another credit's than those without");
    let rows = [
        "21/11/26,CASH,,135.00,1000",
        "21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,,135.00,1135",
        "21/11/26,UPI-BINA-bina@ybl-412345678902-x,,135.00,1270",
        "21/11/26,UPI-OM-om@ybl-412345678903-x,,135.00,1405",
    ];
    assert_eq!(imported(&shop, hdfc(&rows)).await, Figures { fresh: 1, before: 3, matched: 0, waiting: 1 });
    assert_eq!(credits_of(&shop).await, 4, "as many as the statement has");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_statement_and_alerts_at_once_count_once() {
    let shop = Shop::open().await;
    let rows: Vec<String> = (0..20).map(|n| format!("21/11/26,UPI-RAVI-ravi@ybl-4123456789{n:02}-x,,{}.00,1000", 100 + n % 5)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let statement = hdfc(&rows);
    at_once(8, |task| {
        let (core, mut statement) = (shop.core.clone(), statement.clone());
        async move {
            if task < 4 {
                import::import(&core, &mut statement, &admin("Meera"), &format!("tg:{task}"), |_| ()).await.unwrap();
            } else {
                for n in 0..20 {
                    let text = format!("Rs.{}.00 credited to a/c XX1234 on 21-11-26. Avl bal Rs.{n}.00", 100 + n % 5);
                    assert!(alert::hear(&core, "VM-HDFCBK", &text, core.now()).await.unwrap().is_ok());
                }
            }
        }
    })
    .await;
    assert_eq!(credits_of(&shop).await, 20);
    assert_eq!(shop.count("SELECT sum(bank)::bigint FROM ledger.journal").await, 4 * (100 + 101 + 102 + 103 + 104));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_import_that_is_cut_off_is_sent_again_and_counts_once() {
    let shop = Shop::open().await;
    let rows: Vec<String> = (0..600).map(|n| format!("21/11/26,UPI-RAVI-ravi@ybl-412345678{n:03}-x,,135.00,{n}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let left = Arc::new(AtomicUsize::new(10));
    let cut = shop.core.with_fault(Arc::new(move || {
        let left = Arc::clone(&left);
        Box::pin(async move {
            let over = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_err();
            if over { Err(DbErr::Custom("the plug".into())) } else { Ok(()) }
        })
    }));
    let mut statement = hdfc(&rows);
    let stopped = import::import(&cut, &mut statement, &admin("Meera"), "tg:1", |_| ()).await;
    assert!(matches!(stopped, Err(CreditError::Db(_))));
    let taken = credits_of(&shop).await;
    assert!(0 < taken && taken < 600, "{taken}");
    assert_eq!(shop.count("SELECT count(*) FROM statement").await, 0);
    let heights = std::sync::Mutex::new(Vec::new());
    let figures = import::import(&shop.core, &mut hdfc(&rows), &admin("Meera"), "tg:1", |n| heights.lock().unwrap().push(n))
        .await
        .unwrap();
    assert_eq!((figures.fresh + figures.before, i64::try_from(figures.before).unwrap() >= taken), (600, true));
    let heights = heights.into_inner().unwrap();
    assert!(heights.is_sorted() && heights.last() == Some(&600), "{heights:?}");
    // The same update again.
    import::import(&shop.core, &mut hdfc(&rows), &admin("Meera"), "tg:1", |_| ()).await.unwrap();
    assert_eq!(credits_of(&shop).await, 600);
    let [read] = &import::statements(shop.core.db(), "HDFC", 5).await.unwrap()[..] else {
        panic!("one was read")
    };
    assert_eq!((read.rows, read.closing, read.through_day.to_string()), (600, Some(rupees("599")), "2026-11-21".into()));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn thousands_of_rows_of_which_alerts_told_some() {
    let shop = Shop::open().await;
    for n in 0..5 {
        assert!(is_new(&heard(&shop, &format!("Rs.135.00 credited to a/c XX1234 on 21-11-26. Avl bal Rs.{n}.00")).await));
    }
    let rows: Vec<String> = (0..3_000).map(|n| format!("{:02}/11/26,UPI-RAVI-ravi@ybl-41234567{n:04}-x,,135.00,{n}", n / 150 + 2)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let begun = std::time::Instant::now();
    let statement = hdfc(&rows);
    let read = begun.elapsed();
    assert_eq!(imported(&shop, statement).await, Figures { fresh: 2_995, before: 5, matched: 0, waiting: 2_995 });
    println!("3,000 rows: read in {read:?}, taken in {:?}", begun.elapsed() - read);
    assert_eq!(credits_of(&shop).await, 3_000);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_reference_with_another_amount_is_a_bad_row() {
    let shop = Shop::open().await;
    assert!(heard(&shop, WITH).await.is_ok());
    let mut statement = hdfc(&["21/11/26,UPI-RAVI-ravi@okhdfc-412345678901-x,,136.00,1000", "21/11/26,UPI-OM-om@ybl-412345678902-x,,5.00,1000"]);
    let figures = import::import(&shop.core, &mut statement, &admin("Meera"), "tg:1", |_| ()).await.unwrap();
    assert_eq!((figures.fresh, statement.bad), (1, vec![(2, BadRow::OtherAmount)]));
    let other = heard(&shop, &WITH.replace("135", "137")).await;
    assert!(matches!(other, Err(Ignored::OtherAmount)));
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'alarm'").await, 1);
    assert_eq!(credits_of(&shop).await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_is_ignored_changes_nothing_but_a_strange_sender_is_told_once_a_day() {
    let shop = Shop::with(&[("MELA_CREDITS__ACCOUNTS", "991234, 5678"), ("MELA_CREDITS__SENDERS", "GRBANK=GRAMIN")]).await;
    let before = shop.everything().await;
    let hear = async |from: &str, text: &str| match alert::hear(&shop.core, from, text, shop.core.now()).await.unwrap() {
        Err(why) => why.word(),
        Ok(_) => "taken",
    };
    assert_eq!(hear("+919812345678", WITH).await, "person");
    assert_eq!(hear("VM-HDFCBK-P", WITH).await, "advertising");
    assert_eq!(hear("VM-HDFCBK", "123456 is your OTP").await, "no-credit");
    assert_eq!(hear("VM-HDFCBK", &WITH.replace("XX1234", "XX4321")).await, "other-account");
    assert_eq!(hear("VM-STRANGE", "Hello").await, "unknown-sender");
    assert_eq!(shop.everything().await, before);
    for _ in 0..3 {
        assert_eq!(hear("VM-STRANGE", WITH).await, "unknown-sender");
    }
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'alarm'").await, 1);
    assert_eq!(credits_of(&shop).await, 0);
    assert_eq!(hear("VM-GRBANK-S", WITH).await, "taken");
    assert!(credits::by_ref(shop.core.db(), "GRAMIN/412345678901").await.unwrap().is_some());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_time_of_an_alert_is_the_banks_else_that_of_its_coming() {
    let shop = Shop::open().await;
    for (text, at, by_day) in [
        ("Rs.1 credited to a/c XX1234 on 21-11-26 at 11:05:33 IST. UPI Ref 412345678901", "2026-11-21T05:35:33+00:00", false),
        ("Rs.1 credited to a/c XX1234 on 21-11-26. UPI Ref 412345678902", "2026-11-21T06:30:00+00:00", false),
        ("Rs.1 credited to a/c XX1234 on 19-11-26. UPI Ref 412345678903", "2026-11-19T06:30:00+00:00", true),
        ("Rs.1 credited to a/c XX1234 on 21-12-26. UPI Ref 412345678904", "2026-11-21T06:30:00+00:00", false),
    ] {
        let Ok(Taken::Unmatched(credit)) = heard(&shop, text).await else {
            panic!("{text}")
        };
        assert_eq!((credit.seen_at.to_rfc3339().as_str(), credit.by_day), (at, by_day), "{text}");
    }
}

#[tokio::test]
async fn a_signature_serves_once() {
    let shop = Shop::open().await;
    assert!(!alert::is_used(&shop.core, b"a").await.unwrap());
    let used = at_once(6, |_| {
        let core = shop.core.clone();
        async move { alert::use_up(&core, b"a", core.now()).await.unwrap() }
    })
    .await;
    assert_eq!(used.iter().filter(|first| **first).count(), 1);
    assert!(alert::is_used(&shop.core, b"a").await.unwrap());
    shop.advance(alert::WINDOW * 3);
    alert::use_up(&shop.core, b"b", shop.core.now()).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM used_signature").await, 1, "what is too old anyway is cleared away");
}
