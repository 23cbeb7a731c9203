//! How plans stand on the shelf: found in any letter case, in the shop's order, with a picture, and waited for when they are gone.

use crate::shop::{Shop, admin, rupees};
use mela_core::Core;
use mela_core::catalog::import;
use mela_core::catalog::{self, By, CatalogError, Field, Fields, Picture, Place, Plan, restock};
use mela_core::db::Applied;
use mela_core::sheet::{self, Limits};

async fn plan(core: &Core, code: &str, title: &str, platform: &str, category: &str) -> Plan {
    let fields = Fields {
        code: code.into(),
        title: title.into(),
        platform: platform.into(),
        category: category.into(),
        price: rupees("199"),
        ..Fields::default()
    };
    catalog::create(core, &admin("Meera"), &fields).await.unwrap().into_inner()
}

async fn order(core: &Core) -> Vec<String> {
    catalog::for_sale(core.db(), 100).await.unwrap().into_iter().map(|plan| plan.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn platforms_and_categories_are_one_whatever_the_letter_case_of_any_script() {
    let shop = Shop::open().await;
    let core = &shop.core;
    let first = plan(core, "a", "Une", "École", "Élite").await;
    plan(core, "b", "Deux", "ÉCOLE", "ÉLITE").await;
    plan(core, "c", "Три", "КИНО", "Фильмы").await;
    plan(core, "d", "Vier", "Кино", "STRASSE").await;
    plan(core, "e", "Fünf", "", "straße").await;
    plan(core, "f", "छह", "हिंदी", "").await;
    let groups = catalog::groups(core.db(), By::Platform, 0, 100).await.unwrap();
    let named: Vec<(&str, usize)> = groups.iter().map(|group| (group.name.as_str(), group.plans)).collect();
    assert_eq!(named, [("Combo", 1), ("ÉCOLE", 2), ("Кино", 2), ("हिंदी", 1), ("", 1)], "the nameless one is the last");
    assert_eq!(groups[1].first, first.id);
    assert_eq!(catalog::groups(core.db(), By::Platform, 1, 2).await.unwrap(), groups[1..3]);
    let categories = catalog::groups(core.db(), By::Category, 0, 100).await.unwrap();
    assert_eq!(categories.iter().map(|group| group.plans).collect::<Vec<_>>(), [2, 2, 1, 2]);
    let these = catalog::of_group(core.db(), By::Category, categories[0].first, 0, 10).await.unwrap();
    assert_eq!(these.iter().map(|plan| plan.code.as_str()).collect::<Vec<_>>(), ["e", "d"]);
    for (words, found) in [("école", 2), ("кИнО", 2), ("STRASSE", 2), ("straße fünf", 1), ("हिंदी", 1), ("", 7), ("🎬", 0), ("\"'%_\\", 0)]
    {
        assert_eq!(catalog::search(core.db(), words, 0, 100).await.unwrap().len(), found, "{words}");
    }
    assert_eq!(catalog::search(core.db(), "", 5, 100).await.unwrap().len(), 2, "from an offset");
    assert_eq!(catalog::search(core.db(), "", u64::MAX, u64::MAX).await.unwrap(), vec![]);

    // What stands for a group in an old button may be switched off by now, or never have been.
    catalog::change(core, &admin("Meera"), first.id, Field::Active, "no").await.unwrap();
    assert_eq!(catalog::of_group(core.db(), By::Platform, first.id, 0, 10).await.unwrap().len(), 1);
    assert_eq!(catalog::of_group(core.db(), By::Platform, 404, 0, 10).await.unwrap(), vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_stand_by_title_until_staff_put_them_in_order() {
    let shop = Shop::open().await;
    let (core, meera) = (&shop.core, admin("Meera"));
    let zee = plan(core, "zee", "zee", "", "").await;
    let aha = plan(core, "aha", "Aha", "", "").await;
    assert_eq!(order(core).await, ["aha", "combo-ott", "zee"]);
    assert_eq!(catalog::place_of(core.db(), zee.id).await.unwrap(), Some(Place { place: 3, of: 3 }));
    assert_eq!(catalog::place(core, &meera, zee.id, 2).await.unwrap(), Applied::Now(Place { place: 2, of: 3 }));
    assert_eq!(
        catalog::place(core, &meera, zee.id, 2).await.unwrap(),
        Applied::Already(Place { place: 2, of: 3 }),
        "a press twice is one"
    );
    assert_eq!(order(core).await, ["aha", "zee", "combo-ott"]);
    assert_eq!(catalog::place(core, &meera, zee.id, i64::MIN).await.unwrap().into_inner().place, 1);
    assert_eq!(catalog::place(core, &meera, aha.id, i64::MAX).await.unwrap().into_inner().place, 3);
    assert_eq!(order(core).await, ["zee", "combo-ott", "aha"]);
    assert!(matches!(catalog::place(core, &meera, 404, 1).await, Err(CatalogError::NotFound)));
    assert_eq!(catalog::place_of(core.db(), 404).await.unwrap(), None);
    // What comes later stands behind what was put in order.
    plan(core, "alt", "Alt", "", "").await;
    assert_eq!(order(core).await, ["zee", "combo-ott", "aha", "alt"]);
    assert_eq!(
        shop.column("SELECT subject || ' ' || detail FROM audit WHERE action = 'product.move' ORDER BY id").await,
        ["zee place 3 → 2", "zee place 2 → 1", "aha place 2 → 3"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_move_at_once_leave_every_plan_at_one_place() {
    let shop = Shop::open().await;
    let beside = shop.beside().await;
    for n in 0..6 {
        plan(&shop.core, &format!("p{n}"), &format!("P{n}"), "", "").await;
    }
    let all = catalog::list(shop.core.db(), 0, 100).await.unwrap();
    for round in 0..10 {
        let (a, b) = (&all[round % 7], &all[(round + 3) % 7]);
        let (ravi, meera) = (admin("Ravi"), admin("Meera"));
        let to = i64::try_from(round % 5).unwrap() + 1;
        let moved = tokio::join!(catalog::place(&shop.core, &meera, a.id, to), catalog::place(&beside.core, &ravi, b.id, to));
        moved.0.unwrap();
        moved.1.unwrap();
    }
    let positions = shop.column("SELECT position::text FROM plan ORDER BY position").await;
    assert_eq!(positions, ["1", "2", "3", "4", "5", "6", "7"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_products_loses_neither_place_nor_picture() {
    let shop = Shop::open().await;
    let (core, meera) = (&shop.core, admin("Meera"));
    let zee = plan(core, "zee", "Zee", "", "").await;
    catalog::place(core, &meera, zee.id, 1).await.unwrap();
    let picture = Picture { file_id: "AgACAgU-1".into(), unique_id: "AQAD-1".into() };
    catalog::set_picture(core, &meera, zee.id, Some(&picture)).await.unwrap();
    let file = "code,title,platform,category,period_days,screens,price,cost,delivery,active,description\n\
                zee,Zee 5,Zee,Films,30,1,250,120,by_hand,yes,Text\nnew,A new one,Zee,Films,30,1,250,120,by_hand,yes,";
    let sheet = sheet::read("plans.csv", file.as_bytes(), Limits::for_bytes(5_000_000)).unwrap();
    let draft = import::check(core, &meera, "k", &sheet).await.unwrap().draft.unwrap();
    import::apply(core, &meera, draft).await.unwrap();
    let plans = catalog::for_sale(core.db(), 10).await.unwrap();
    assert_eq!(plans.iter().map(|plan| plan.code.as_str()).collect::<Vec<_>>(), ["zee", "combo-ott", "new"]);
    assert_eq!((plans[0].title.as_str(), plans[0].picture.as_deref()), ("Zee 5", Some("AgACAgU-1")));
    // Neither does a change in the chat.
    let changed = catalog::change(core, &meera, zee.id, Field::Title, "Zee").await.unwrap().plan;
    assert_eq!((changed.position, changed.picture_unique.as_deref()), (1, Some("AQAD-1")));
    let (export, _) = import::export(core).await.unwrap();
    assert!(
        String::from_utf8(export)
            .unwrap()
            .starts_with("code,title,platform,category,period_days,screens,price,cost,delivery,active,description")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_set_and_removed_once_and_told_once_when_it_is_lost() {
    let shop = Shop::open().await;
    let (core, meera) = (&shop.core, admin("Meera"));
    let zee = plan(core, "zee", "Zee", "", "").await;
    let picture = |id: &str| Picture { file_id: id.into(), unique_id: format!("u{id}") };
    assert!(catalog::set_picture(core, &meera, zee.id, Some(&picture("1"))).await.unwrap().is_now());
    assert!(!catalog::set_picture(core, &meera, zee.id, Some(&picture("1"))).await.unwrap().is_now());
    for _ in 0..3 {
        catalog::picture_lost(core, "1").await.unwrap();
        catalog::picture_lost(core, "nobody's").await.unwrap();
    }
    let told = "SELECT args->>'plan' FROM notification WHERE kind = 'picture-lost'";
    assert_eq!(shop.column(told).await, [zee.id.to_string()]);
    catalog::set_picture(core, &meera, zee.id, Some(&picture("2"))).await.unwrap();
    catalog::picture_lost(core, "2").await.unwrap();
    assert_eq!(shop.column(told).await.len(), 2, "another picture is told of again");
    let bare = catalog::set_picture(core, &meera, zee.id, None).await.unwrap().into_inner();
    assert_eq!((bare.picture, bare.picture_unique), (None, None));
    assert!(!catalog::set_picture(core, &meera, zee.id, None).await.unwrap().is_now());
    assert!(matches!(catalog::set_picture(core, &meera, 404, None).await, Err(CatalogError::NotFound)));
    assert_eq!(shop.column("SELECT detail FROM audit WHERE action = 'product.picture' ORDER BY id").await, ["set", "set", "removed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_told_once_when_a_plan_is_back_whatever_brought_it_back() {
    let shop = Shop::open().await;
    let (core, meera) = (&shop.core, admin("Meera"));
    let zee = plan(core, "zee", "Zee", "", "").await;
    catalog::change(core, &meera, zee.id, Field::Delivery, "from_stock").await.unwrap();
    let mut people = Vec::new();
    for name in ["Asha", "Bina", "Chitra"] {
        people.push(shop.arrive(name, None).await.user_id());
    }
    for _ in 0..2 {
        for person in &people {
            restock::wait(core, *person, zee.id, true).await.unwrap();
        }
    }
    assert!(restock::waits(core.db(), people[0], zee.id).await.unwrap());
    restock::wait(core, people[2], zee.id, false).await.unwrap();
    restock::wait(core, people[2], zee.id, false).await.unwrap();
    assert!(!restock::waits(core.db(), people[2], zee.id).await.unwrap());
    assert_eq!(restock::tell_back(core).await.unwrap(), 0, "nothing came");

    // Switched off it is not back, even by hand.
    catalog::change(core, &meera, zee.id, Field::Active, "no").await.unwrap();
    catalog::change(core, &meera, zee.id, Field::Delivery, "by_hand").await.unwrap();
    assert_eq!(restock::tell_back(core).await.unwrap(), 0);
    catalog::change(core, &meera, zee.id, Field::Active, "yes").await.unwrap();
    let beside = shop.beside().await;
    let both = tokio::join!(restock::tell_back(core), restock::tell_back(&beside.core));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 2, "each is told once, however many look");
    assert_eq!(restock::tell_back(core).await.unwrap(), 0);
    let told = shop.column("SELECT user_id::text FROM notification WHERE kind = 'back-in-stock' ORDER BY user_id").await;
    assert_eq!(told, [people[0].0.to_string(), people[1].0.to_string()]);
    assert!(!restock::waits(core.db(), people[0], zee.id).await.unwrap());
}
