//! The catalogue: staff's changes, files of plans, and what customers find.

use crate::shop::{Shop, admin, rupees};
use mela_core::catalog::import::{self, BadRow, Figures, ImportError, Outcome, Reason};
use mela_core::catalog::{self, By, CatalogError, Field, Fields};
use mela_core::db::Applied;
use mela_core::orders::{self, OrderError};
use mela_core::sheet::{self, Limits, Sheet};

fn netflix() -> Fields {
    Fields {
        code: "netflix-1m".into(),
        title: "Netflix 1 month".into(),
        platform: "Netflix".into(),
        price: rupees("199"),
        ..Fields::default()
    }
}

fn file(bytes: &[u8]) -> Sheet {
    sheet::read("plans.csv", bytes, Limits::for_bytes(5_000_000)).unwrap()
}

const HEADER: &str = "code,title,platform,category,period_days,screens,price,cost,delivery,active,description";

fn rows(lines: &[&str]) -> Sheet {
    file(format!("{HEADER}\n{}", lines.join("\n")).as_bytes())
}

async fn check(shop: &Shop, sheet: &Sheet) -> import::Checked {
    import::check(&shop.core, &admin("Meera"), &format!("tg:{}", shop.number()), sheet).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_created_changed_and_switched_off_and_all_is_written_down() {
    let shop = Shop::open().await;
    let (core, meera) = (&shop.core, admin("Meera"));
    let plan = catalog::create(core, &meera, &netflix()).await.unwrap();
    assert!(plan.is_now());
    let plan = plan.into_inner();
    assert_eq!(catalog::create(core, &meera, &netflix()).await.unwrap(), Applied::Already(plan.clone()));
    let other = Fields { title: "Another".into(), ..netflix() };
    assert!(matches!(catalog::create(core, &meera, &other).await, Err(CatalogError::Taken(code)) if code == "netflix-1m"));

    let buyer = shop.arrive("Bina", None).await;
    let order = orders::place(core, &buyer, "netflix-1m").await.unwrap().into_inner();
    let changed = catalog::change(core, &meera, plan.id, Field::Price, "₹1,35,000.50").await.unwrap();
    assert_eq!((changed.before.as_str(), changed.after.as_str()), ("199", "135000.5"));
    assert_eq!(orders::get(core.db(), order.id).await.unwrap().price, rupees("199"));
    let again = catalog::change(core, &meera, plan.id, Field::Price, "135000.50").await.unwrap();
    assert_eq!(again.before, again.after);
    assert!(matches!(catalog::change(core, &meera, plan.id, Field::Price, "-1").await, Err(CatalogError::Wrong(w)) if w.field == Field::Price));
    assert!(matches!(catalog::change(core, &meera, plan.id, Field::Code, "combo-ott").await, Err(CatalogError::Taken(_))));
    assert!(matches!(catalog::change(core, &meera, 404, Field::Title, "x").await, Err(CatalogError::NotFound)));
    catalog::change(core, &meera, plan.id, Field::Active, "no").await.unwrap();
    let late = shop.arrive("Chitra", None).await;
    assert!(matches!(orders::place(core, &late, "netflix-1m").await, Err(OrderError::NotForSale)));
    assert_eq!(
        shop.column("SELECT action || ' ' || subject || ': ' || detail FROM audit ORDER BY id").await,
        [
            "product.create netflix-1m: Netflix 1 month, price ₹199, cost ₹0",
            "product.change netflix-1m: price 199 → 135000.5",
            "product.change netflix-1m: active yes → no"
        ]
    );
    catalog::change(core, &meera, plan.id, Field::Active, "yes").await.unwrap();
    catalog::change(core, &meera, plan.id, Field::Title, "École <4K>").await.unwrap();
    for (words, found) in [("NETFLIX", 1), ("éCOLE netfl", 1), ("École combo", 0), ("100% _", 0), ("c", 2)] {
        assert_eq!(catalog::search(core.db(), words, 0, 10).await.unwrap().len(), found, "{words}");
    }
    assert_eq!(catalog::free_code(core.db(), "Netflix 1M!").await.unwrap(), "netflix-1m-2");
    assert_eq!(catalog::free_code(core.db(), "हिंदी").await.unwrap(), "plan");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_one_plan_at_once_both_have_their_way() {
    let shop = Shop::open().await;
    let beside = shop.beside().await;
    let plan = catalog::create(&shop.core, &admin("Meera"), &netflix()).await.unwrap().into_inner();
    for round in 1..=20 {
        let (price, cost) = (format!("{}", 200 + round), format!("{round}"));
        let (meera, omar) = (admin("Meera"), admin("Omar"));
        let (a, b) = tokio::join!(
            catalog::change(&shop.core, &meera, plan.id, Field::Price, &price),
            catalog::change(&beside.core, &omar, plan.id, Field::Cost, &cost)
        );
        a.unwrap();
        b.unwrap();
        let now = catalog::get(shop.core.db(), plan.id).await.unwrap().unwrap();
        assert_eq!((now.price, now.cost), (rupees(&price), rupees(&cost)));
    }
    // One code for two who create at once.
    let (one, two) = (Fields { code: "new".into(), ..netflix() }, Fields { code: "new".into(), screens: 4, ..netflix() });
    let (meera, omar) = (admin("Meera"), admin("Omar"));
    let (a, b) = tokio::join!(catalog::create(&shop.core, &meera, &one), catalog::create(&beside.core, &omar, &two));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_whole_and_changes_nothing_until_it_is_applied_once() {
    let shop = Shop::open().await;
    catalog::create(&shop.core, &admin("Meera"), &netflix()).await.unwrap();
    let sheet = rows(&[
        "netflix-1m,Netflix 1 month,Netflix,,30,1,219,120,by_hand,yes,",
        "prime-1y,Prime,Prime,Films,365,2,\"1,499\",900,from_stock,no,'=hello",
        "combo-ott,Combo OTT Plan,Combo,,30,1,135,42,by_hand,yes,All the big streaming apps in one plan.",
        "bad one,,X,,0,1,\"1,35.00.0\",-1,post,yes,",
        "twin,Twin,,,30,1,5,1,by_hand,yes,",
        "",
        "twin,Twin,,,30,1,6,1,by_hand,yes,",
    ]);
    let checked = check(&shop, &sheet).await;
    assert_eq!(checked.figures, Figures { new: 1, changed: 1, same: 1 });
    let wrong: Vec<_> = checked.wrong.iter().map(|BadRow { row, reasons, .. }| (*row, reasons.clone())).collect();
    let fields: Vec<_> = wrong[0]
        .1
        .iter()
        .filter_map(|r| if let Reason::Wrong(w) = r { Some((w.field, w.found.as_str())) } else { None })
        .collect();
    assert_eq!(
        fields,
        [
            (Field::Code, "bad one"),
            (Field::Title, ""),
            (Field::PeriodDays, "0"),
            (Field::Price, "1,35.00.0"),
            (Field::Cost, "-1"),
            (Field::Delivery, "post")
        ]
    );
    assert_eq!((wrong[0].0, &wrong[1..]), (5, &[(6, vec![Reason::Twice(8)]), (8, vec![Reason::Twice(6)])][..]));
    assert_eq!(shop.count("SELECT count(*) FROM plan").await, 2, "a dry run");

    let beside = shop.beside().await;
    let draft = checked.draft.unwrap();
    let (meera, omar) = (admin("Meera"), admin("Omar"));
    let (a, b) = tokio::join!(import::apply(&shop.core, &meera, draft), import::apply(&beside.core, &omar, draft));
    let figures = Figures { new: 1, changed: 1, same: 1 };
    let outcomes = [a.unwrap(), b.unwrap()];
    let now = outcomes.iter().position(|o| *o == Outcome::Now(figures)).unwrap();
    assert_eq!(outcomes[1 - now], Outcome::Already(Figures { same: 0, ..figures }, ["Meera", "Omar"][now].to_owned()));
    assert_eq!(
        shop.column("SELECT concat_ws('|', code, price, cost, period_days, screens, delivery, active, description) FROM plan ORDER BY id")
            .await,
        [
            "combo-ott|135|42|30|1|by_hand|t|All the big streaming apps in one plan.",
            "netflix-1m|219|120|30|1|by_hand|t|",
            "prime-1y|1499|900|365|2|from_stock|f|=hello"
        ]
    );
    assert_eq!(
        shop.column("SELECT action || ' ' || subject || ' ' || detail FROM audit ORDER BY id OFFSET 1").await,
        [
            "product.change netflix-1m price 199 → 219, cost 0 → 120",
            "product.create prime-1y Prime, price ₹1,499, cost ₹900",
            &format!("product.import import {draft} 1 new, 1 changed")
        ]
    );
    let again = check(&shop, &sheet).await;
    assert_eq!((again.figures, again.draft), (Figures { new: 0, changed: 0, same: 3 }, None));
    let (export, count) = import::export(&shop.core).await.unwrap();
    assert!(String::from_utf8(export.clone()).unwrap().contains("'=hello"));
    let back = check(&shop, &file(&export)).await;
    assert_eq!((count, back.figures, back.wrong, back.draft), (3, Figures { new: 0, changed: 0, same: 3 }, vec![], None));
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moved_since_it_was_shown_is_shown_again_and_not_overwritten() {
    let shop = Shop::open().await;
    let meera = admin("Meera");
    let plan = catalog::create(&shop.core, &meera, &netflix()).await.unwrap().into_inner();
    let sheet = rows(&["netflix-1m,Netflix 1 month,Netflix,,30,1,219,0,by_hand,yes,", "prime,Prime,,,30,1,5,1,by_hand,yes,"]);
    let draft = check(&shop, &sheet).await.draft.unwrap();
    catalog::change(&shop.core, &meera, plan.id, Field::Price, "250").await.unwrap();
    let before = shop.column("SELECT plan::text FROM plan ORDER BY id").await;
    let figures = Figures { new: 1, changed: 1, same: 0 };
    assert_eq!(import::apply(&shop.core, &meera, draft).await.unwrap(), Outcome::Moved(figures));
    assert_eq!(shop.column("SELECT plan::text FROM plan ORDER BY id").await, before);
    assert_eq!(import::apply(&shop.core, &meera, draft).await.unwrap(), Outcome::Now(figures));
    assert_eq!(import::apply(&shop.core, &meera, 404).await.unwrap(), Outcome::Gone);

    // Kept for a week, then the file is to be sent again.
    let late = check(&shop, &rows(&["late,Late,,,30,1,5,1,by_hand,yes,"])).await.draft.unwrap();
    shop.advance(chrono::TimeDelta::days(8));
    check(&shop, &rows(&["later,Later,,,30,1,5,1,by_hand,yes,"])).await;
    assert_eq!(import::apply(&shop.core, &meera, late).await.unwrap(), Outcome::Gone);
    // A comma that nobody quoted shifts or drops what is behind it: such a row is not guessed at.
    let comma = check(&shop, &rows(&["comma,Comma,,,30,1,5,1,by_hand,yes,Films, and more"])).await;
    assert_eq!((comma.wrong[0].reasons.as_slice(), comma.draft), (&[Reason::Beyond][..], None));
    let columns = import::check(&shop.core, &meera, "k", &file(b"code,title,colour\nx,y,z")).await;
    assert!(matches!(columns, Err(ImportError::Header(h)) if h.unknown == ["colour"] && h.missing.len() == 9));
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_rows_are_checked_and_applied_in_seconds() {
    let shop = Shop::open().await;
    let lines: Vec<String> = (0..20_000).map(|n| format!("plan-{n},Plan {n},Platform {},Films,30,1,135,42,by_hand,yes,Text", n % 40)).collect();
    let sheet = rows(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let begun = std::time::Instant::now();
    let checked = check(&shop, &sheet).await;
    assert_eq!(checked.figures, Figures { new: 20_000, changed: 0, same: 0 });
    assert_eq!(import::apply(&shop.core, &admin("Meera"), checked.draft.unwrap()).await.unwrap(), Outcome::Now(checked.figures));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    let db = shop.core.db();
    assert_eq!(catalog::count_for_sale(db).await.unwrap(), 20_001);
    let platforms = catalog::groups(db, By::Platform, 0, 100).await.unwrap();
    assert_eq!((platforms.len(), platforms[1].name.as_str(), platforms[1].plans), (41, "Platform 0", 500));
    let page = catalog::of_group(db, By::Platform, platforms[1].first, 8, 8).await.unwrap();
    assert_eq!(page[0].code, "plan-10240");
    assert_eq!(catalog::search(db, "PLATFORM films 19999", 0, 10).await.unwrap()[0].code, "plan-19999");
    assert_eq!(catalog::search(db, "100% _", 0, 10).await.unwrap(), vec![]);
}
