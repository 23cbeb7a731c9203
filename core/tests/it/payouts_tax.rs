//! Tax that is withheld from withdrawals.

use super::shop::{Shop, admin, rupees};
use chrono::TimeDelta;
use mela_core::credentials;
use mela_core::tds::{self, Pan};
use mela_core::users::User;
use mela_core::withdrawals::{self, Drafted, Withdrawal, WithdrawalError};

const KEY: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A shop whose one plan earns its referrer ₹6,000 a sale.
async fn open(more: &[(&str, &str)]) -> (Shop, User, User) {
    let base = [
        ("MELA_PLAN__PRICE", "20000"),
        ("MELA_PLAN__COST", "0"),
        ("MELA_WITHDRAWALS__MINIMUM", "100"),
        ("MELA_CREDENTIALS__KEY", KEY),
    ];
    let shop = Shop::with(&[&base, more].concat()).await;
    shop.set("tds.withhold", "true").await;
    let asha = shop.arrive("Asha", None).await;
    let bina = shop.arrive("Bina", Some(&asha)).await;
    (shop, asha, bina)
}

async fn sells(shop: &Shop, buyer: &User, times: usize) {
    for _ in 0..times {
        shop.sell(buyer).await;
    }
    shop.holds_end();
    shop.release().await;
}

async fn pan(shop: &Shop, person: &User) {
    tds::add_pan(&shop.core, person.user_id(), &"ABCPE1234F".parse::<Pan>().unwrap()).await.unwrap();
}

async fn paid(shop: &Shop, person: &User, amount: &str) -> Withdrawal {
    let asked = shop.asked(person, amount).await;
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, asked.id, &admin("Meera"), &format!("N{:011}", asked.id)).await.unwrap().into_inner()
}

#[tokio::test]
async fn nothing_up_to_the_threshold_then_of_all_of_it_then_of_what_is_new() {
    let (shop, asha, bina) = open(&[]).await;
    pan(&shop, &asha).await;
    sells(&shop, &bina, 3).await;
    assert_eq!(paid(&shop, &asha, "10000").await.tds, rupees("0"), "₹18,000 are below ₹20,000");
    sells(&shop, &bina, 1).await;
    let crossed = paid(&shop, &asha, "6000").await;
    assert_eq!((crossed.tds, crossed.net()), (rupees("480"), rupees("5520")), "2 % of all ₹24,000");
    assert_eq!(
        shop.entries(&format!("withdrawal:{}:settled", crossed.id)).await,
        ["bank: -5520", "tds_payable: -480", "Asha withdrawing: 6000"]
    );
    assert_eq!(paid(&shop, &asha, "6000").await.tds, rupees("0"), "no commission twice");
    sells(&shop, &bina, 1).await;
    assert_eq!(paid(&shop, &asha, "1000").await.tds, rupees("120"));
    let years = tds::of_person(&shop.core, asha.user_id()).await.unwrap();
    assert_eq!(
        (years.len(), years[0].name().as_str(), years[0].credited, years[0].withheld()),
        (1, "2026-27", rupees("30000"), rupees("600"))
    );
    let (file, rows) = tds::book(&shop.core, 2026).await.unwrap();
    let file = String::from_utf8(file).unwrap();
    assert_eq!(rows, 2);
    assert!(file.starts_with("financial_year,withdrawal,paid_on,customer,name,pan,commission,percent,tds\n"), "{file}");
    assert!(file.contains(&format!("2026-27,W-{},2026-11-23,{},Asha,ABCPE1234F,24000.00,2,480.00", crossed.code, asha.id)), "{file}");
    assert_eq!(tds::book(&shop.core, 2025).await.unwrap().1, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn without_a_pan_it_is_twenty_percent_and_a_small_withdrawal_bears_what_it_can() {
    let (shop, asha, bina) = open(&[]).await;
    sells(&shop, &bina, 4).await;
    let tax = tds::preview(&shop.core, asha.user_id(), rupees("24000")).await.unwrap();
    assert_eq!((tax.amount(), tax.for_want_of_pan), (rupees("4800"), true));
    // ₹500 cannot bear ₹4,800: ₹490 of it, and the rest is left for the next.
    let small = shop.asked(&asha, "500").await;
    assert_eq!(small.tds, rupees("490"));
    assert_eq!(shop.column("SELECT concat_ws(' ', year, base, percent, amount) FROM tds_part").await, ["2026 2450 20 490"]);
    // Refused, it covers nothing any more.
    withdrawals::reject(&shop.core, small.id, &admin("Meera"), "no").await.unwrap();
    pan(&shop, &asha).await;
    let tax = tds::preview(&shop.core, asha.user_id(), rupees("24000")).await.unwrap();
    assert_eq!((tax.amount(), tax.for_want_of_pan), (rupees("480"), false));
    // Paid and come back from the bank: the tax comes back, too, and is withheld from the next.
    let back = paid(&shop, &asha, "24000").await;
    withdrawals::come_back(&shop.core, back.id, &admin("Meera"), "closed").await.unwrap();
    assert_eq!(shop.standing(&asha).await.earned, rupees("24000"));
    assert_eq!(paid(&shop, &asha, "24000").await.tds, rupees("480"));
    assert_eq!(tds::of_person(&shop.core, asha.user_id()).await.unwrap()[0].withheld(), rupees("480"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_was_shown_is_what_is_withheld_or_nothing_is_asked_for() {
    let (shop, asha, bina) = open(&[]).await;
    sells(&shop, &bina, 4).await;
    let shown = Drafted { vpa: super::shop::vpa(), amount: rupees("1000"), tds: rupees("990") };
    pan(&shop, &asha).await;
    let answer = withdrawals::ask_as_shown(&shop.core, &asha, &shown, "draft:1").await;
    assert!(matches!(answer, Err(WithdrawalError::AnotherTax(tax)) if tax == rupees("480")));
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal").await, 0);
    let shown = Drafted { tds: rupees("480"), ..shown };
    assert!(withdrawals::ask_as_shown(&shop.core, &asha, &shown, "draft:1").await.unwrap().is_now());
    assert!(!withdrawals::ask_as_shown(&shop.core, &asha, &shown, "draft:1").await.unwrap().is_now());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn each_financial_year_by_itself_by_the_day_of_credit_in_india() {
    let (shop, asha, bina) = open(&[]).await;
    pan(&shop, &asha).await;
    // Credited on 31 March 2027 at 23:30 in India, and half an hour later another.
    shop.core.clock().advance("2027-03-30T18:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - shop.core.now());
    for _ in 0..3 {
        shop.sell(&bina).await;
    }
    shop.advance(TimeDelta::minutes(30));
    shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    let asked = shop.asked(&asha, "24000").await;
    assert_eq!(asked.tds, rupees("0"), "₹18,000 in the one year, ₹6,000 in the other");
    let years = tds::of_person(&shop.core, asha.user_id()).await.unwrap();
    assert_eq!(
        years.iter().map(|year| (year.year, year.credited)).collect::<Vec<_>>(),
        [(2027, rupees("6000")), (2026, rupees("18000"))]
    );
    // A sale of the first year is given back: its year shrinks; off, nothing is withheld at all.
    shop.set("tds.threshold", "5000").await;
    let tax = tds::preview(&shop.core, asha.user_id(), rupees("24000")).await.unwrap();
    assert_eq!(
        tax.parts.iter().map(|part| (part.year, part.amount)).collect::<Vec<_>>(),
        [(2026, rupees("360")), (2027, rupees("120"))]
    );
    shop.set("tds.first_year", "2027").await;
    assert_eq!(tds::preview(&shop.core, asha.user_id(), rupees("24000")).await.unwrap().amount(), rupees("120"));
    shop.set("tds.withhold", "false").await;
    assert_eq!(tds::preview(&shop.core, asha.user_id(), rupees("24000")).await.unwrap().amount(), rupees("0"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_pan_lies_sealed_moves_to_another_key_and_is_kept_by_nobody_without_one() {
    let (shop, asha, _) = open(&[]).await;
    pan(&shop, &asha).await;
    assert_eq!(shop.count("SELECT count(*) FROM pan WHERE position('ABCPE1234F' IN encode(sealed, 'escape')) > 0").await, 0);
    assert_eq!(tds::kept_pan(&shop.core, asha.user_id()).await.unwrap().unwrap().masked(), "••••••234F");
    // Moved to another's row it does not open.
    let ravi = shop.arrive("Ravi", None).await;
    shop.run(&format!("INSERT INTO pan SELECT {}, key_id, nonce, sealed, added_at FROM pan", ravi.id)).await;
    assert!(tds::kept_pan(&shop.core, ravi.user_id()).await.is_err());
    shop.run(&format!("DELETE FROM pan WHERE user_id = {}", ravi.id)).await;
    let both = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &"b".repeat(64)), ("MELA_CREDENTIALS__OLD_KEY", KEY)]).await;
    assert_eq!(credentials::rotate(&both.core, |_| ()).await.unwrap().pans, 1);
    let new = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &"b".repeat(64))]).await;
    assert_eq!(tds::kept_pan(&new.core, asha.user_id()).await.unwrap().unwrap().as_str(), "ABCPE1234F");
    let none = shop.with_keys(&[]).await;
    assert!(tds::add_pan(&none.core, asha.user_id(), &"ABCPE1234F".parse().unwrap()).await.is_err());
    assert!(tds::kept_pan(&none.core, asha.user_id()).await.is_err());
    // Their copy has it where it can be opened, and is made all the same where not.
    let copy = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["pan"].clone();
    assert_eq!(copy(mela_core::privacy::export(&new.core, &asha).await.unwrap()), "ABCPE1234F");
    assert!(copy(mela_core::privacy::export(&none.core, &asha).await.unwrap()).is_null());
}
