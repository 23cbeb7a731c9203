//! The programme's rules: rates of a plan's own, tiers, which sales earn, and limits.

use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::cart;
use mela_core::catalog::{self, Field, import};
use mela_core::commissions::{self, Reached, Volume};
use mela_core::orders::{self, Order};
use mela_core::refunds::To;
use mela_core::settings::SetError;
use mela_core::sheet::{self, Limits};
use mela_core::users::User;

async fn plan_is(shop: &Shop, code: &str, field: Field, text: &str) {
    let plan = catalog::by_code(shop.core.db(), code).await.unwrap().unwrap();
    catalog::change(&shop.core, &admin("Meera"), plan.id, field, text).await.unwrap();
}

async fn second_plan(shop: &Shop) {
    shop.run("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo', 10, 100, 40)").await;
}

async fn paid(shop: &Shop, buyer: &User, order: &Order) {
    let payment = shop.prove(buyer, order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
}

/// What an order earned, level 1 first, as `28` or `28-10` where 10 were taken back.
async fn earned(shop: &Shop, order: &Order) -> Vec<String> {
    let rows = commissions::of_order(shop.core.db(), order.id).await.unwrap();
    let part = |amount: mela_core::money::Rupees| amount.decimal().to_string();
    rows.iter()
        .map(|c| {
            if c.reversed.is_positive() {
                format!("{}-{}", part(c.amount), part(c.reversed))
            } else {
                part(c.amount)
            }
        })
        .collect()
}

/// What was cut off, as `Asha 6 day`, oldest first.
async fn cut(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT u.name || ' ' || trim_scale(c.amount) || ' ' || c.cap FROM commission_cut c JOIN users u ON u.id = c.beneficiary_id ORDER BY c.order_id, c.level",
    )
    .await
}

#[tokio::test]
async fn a_plan_may_have_rates_of_its_own_and_an_order_keeps_them() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    plan_is(&shop, PLAN, Field::Level1Percent, "50").await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    plan_is(&shop, PLAN, Field::Level1Percent, "10").await;
    plan_is(&shop, PLAN, Field::Level2Percent, "0").await;
    shop.approve(&payment).await;
    assert_eq!(earned(&shop, &order).await, ["47", "9"], "half of 93 is 46.50; level 2 was the shop's");
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["9"]);
    plan_is(&shop, PLAN, Field::Level1Percent, "").await;
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["28"], "emptied it is the shop's again");
    // Beside the shop's other level there may be more than the profit: level 2 has what is left of it.
    plan_is(&shop, PLAN, Field::Level2Percent, "").await;
    plan_is(&shop, PLAN, Field::Level1Percent, "97").await;
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["90", "3"]);
    assert_eq!((order.level1_percent, order.level2_percent), (97.into(), 3.into()));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_order_of_several_plans_earns_each_at_its_rate_rounded_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    second_plan(&shop).await;
    plan_is(&shop, "solo", Field::Level1Percent, "10").await;
    plan_is(&shop, "solo", Field::Level2Percent, "0").await;
    for code in [PLAN, "solo"] {
        cart::put(&shop.core, bina.user_id(), code, 1).await.unwrap();
    }
    let order = cart::check_out(&shop.core, &bina, false).await.unwrap().into_inner();
    paid(&shop, &bina, &order).await;
    assert_eq!(earned(&shop, &order).await, ["34", "9"], "27.90 and 6; 9.30 and nothing");
    // A part that goes back takes of both in the same measure: 33.90 of 153 is what 100 less profit earns 53/153 of.
    shop.refund(&order, "100", &To::Wallet).await.unwrap();
    assert_eq!(earned(&shop, &order).await, ["34-22", "9-6"]);
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert_eq!(earned(&shop, &order).await, ["34-34", "9-9"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn rates_come_with_files_and_stay_where_a_file_has_no_column_for_them() {
    let shop = Shop::open().await;
    let check = async |text: &str| {
        let sheet = sheet::read("plans.csv", text.as_bytes(), Limits::for_bytes(100_000)).unwrap();
        let checked = import::check(&shop.core, &admin("Meera"), &format!("tg:{}", shop.number()), &sheet).await.unwrap();
        if let Some(draft) = checked.draft {
            import::apply(&shop.core, &admin("Meera"), draft).await.unwrap();
        }
        checked
    };
    let rates = async || {
        shop.column(
            "SELECT concat_ws(' ', code, trim_scale(level1_percent), trim_scale(level2_percent)) FROM plan WHERE code <> 'combo-ott' ORDER BY code",
        )
        .await
    };
    let head = "code,title,platform,category,period_days,screens,price,cost,delivery,active,description";
    let wide = format!(
        "{head},level2_percent,Level1 Percent\na,A,,,30,1,100,40,by_hand,yes,,5,12.5\nb,B,,,30,1,100,40,by_hand,yes,,,\nc,C,,,30,1,100,40,by_hand,yes,,60,41\nd,D,,,30,1,100,40,by_hand,yes,,,101%"
    );
    let checked = check(&wide).await;
    let wrong: Vec<String> = checked.wrong.iter().map(|bad| format!("{} {:?}", bad.row, bad.reasons)).collect();
    assert_eq!(wrong.len(), 2);
    assert!(wrong[0].starts_with("4 ") && wrong[0].contains("Level2Percent"), "{wrong:?}");
    assert!(wrong[1].starts_with("5 ") && wrong[1].contains("Level1Percent"), "{wrong:?}");
    assert_eq!(rates().await, ["a 12.5 5", "b"]);
    check(&format!("{head}\na,A new,,,30,1,100,40,by_hand,yes,")).await;
    assert_eq!(rates().await, ["a 12.5 5", "b"], "no column, no change");
    assert_eq!(shop.count("SELECT count(*) FROM plan WHERE title = 'A new'").await, 1);
    check(&format!("{head},level1_percent\na,A new,,,30,1,100,40,by_hand,yes,,")).await;
    assert_eq!(rates().await, ["a 5", "b"], "an empty cell empties");
    let (export, _) = import::export(&shop.core).await.unwrap();
    let again = check(std::str::from_utf8(&export).unwrap().trim_start_matches('\u{feff}')).await;
    assert_eq!((again.figures.is_something(), again.wrong.len()), (false, 0), "what is exported changes nothing");
}

#[tokio::test]
async fn level_one_rises_with_the_sales_of_thirty_days() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.set("commissions.tiers", "2:33, 3:50").await;
    let volume = async || commissions::terms(&shop.core, asha.user_id()).await.unwrap().volume.unwrap();
    let mut sold = Vec::new();
    for wanted in ["28", "28", "31", "47"] {
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, [wanted, "9"]);
        sold.push(order);
    }
    assert_eq!(volume().await, Volume { sales: 3, next: None }, "more are not counted");
    // What was given back whole is no sale; an order that is placed keeps its rate.
    let (placed, payment) = shop.order_and_pay(&bina).await;
    for order in &sold[..2] {
        shop.refund(order, "135", &To::Wallet).await.unwrap();
    }
    shop.approve(&payment).await;
    assert_eq!(earned(&shop, &placed).await, ["47", "9"]);
    shop.refund(&placed, "135", &To::Wallet).await.unwrap();
    assert_eq!(volume().await, Volume { sales: 2, next: Some((1, 50.into())) });
    shop.advance(TimeDelta::days(30));
    assert_eq!(volume().await.sales, 2, "to the last moment of the thirtieth day");
    shop.advance(TimeDelta::seconds(1));
    assert_eq!(volume().await, Volume { sales: 0, next: Some((2, 33.into())) });
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["28", "9"]);
    // A plan's own percent goes before every tier.
    shop.set("commissions.tiers", "0:60").await;
    plan_is(&shop, PLAN, Field::Level1Percent, "20").await;
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["19", "9"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_first_sales_to_a_friend_earn_and_what_was_given_back_was_none() {
    for (setting, most) in [("first", 1), ("3", 3)] {
        let shop = Shop::with(&[("MELA_COMMISSIONS__SALES", setting)]).await;
        let (_, asha, bina) = shop.chain().await;
        let mut sold = Vec::new();
        for n in 0..5 {
            let order = shop.sell(&bina).await;
            assert_eq!(earned(&shop, &order).await.len(), if n < most { 2 } else { 0 }, "{setting}: sale {n}");
            sold.push(order);
        }
        let other = shop.arrive("Chitra", Some(&asha)).await;
        let order = shop.sell(&other).await;
        assert_eq!(earned(&shop, &order).await, ["28", "9"], "it is counted for each friend");
        // A part given back leaves a sale; all of it leaves none.
        shop.refund(&sold[0], "35", &To::Wallet).await.unwrap();
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, [""; 0]);
        for order in sold.iter().chain([&order]) {
            shop.refund(order, &orders::get(shop.core.db(), order.id).await.unwrap().left().decimal().to_string(), &To::Wallet)
                .await
                .unwrap();
        }
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, ["28", "9"]);
        assert_eq!(shop.count("SELECT count(*) FROM commission_cut").await, 0, "what does not earn is no limit");
        shop.proof_is_empty().await;
    }
    // What is in force when it is paid decides.
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    shop.set("commissions.sales", "first").await;
    shop.approve(&payment).await;
    assert_eq!(earned(&shop, &order).await, [""; 0]);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_friends_first_sales_at_once_one_earns() {
    let shop = Shop::with(&[("MELA_COMMISSIONS__SALES", "first")]).await;
    second_plan(&shop).await;
    let asha = shop.arrive("Asha", None).await;
    for _ in 0..8 {
        let bina = shop.arrive("Bina", Some(&asha)).await;
        let mut payments = Vec::new();
        for code in [PLAN, "solo"] {
            let order = orders::place(&shop.core, &bina, code).await.unwrap().into_inner();
            payments.push(shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner());
        }
        at_once(2, |n| {
            let (shop, payment) = (shop.clone(), payments[n].clone());
            async move { assert!(shop.approve(&payment).await.is_now()) }
        })
        .await;
        assert_eq!(shop.count(&format!("SELECT count(*) FROM commission WHERE buyer_id = {}", bina.id)).await, 1);
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_is_beyond_a_days_limit_is_not_booked_and_said_so() {
    let shop = Shop::open().await;
    shop.set("commissions.day_cap", "50").await;
    let (ravi, asha, bina) = shop.chain().await;
    let mut sold = Vec::new();
    for wanted in [&["28", "9"][..], &["22", "9"], &["9"]] {
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, wanted);
        sold.push(order);
    }
    assert_eq!(shop.has(&asha).await, "held 50");
    assert_eq!(shop.has(&ravi).await, "held 27");
    assert_eq!(cut(&shop).await, ["Asha 6 day", "Asha 28 day"]);
    let listed = commissions::not_booked(shop.core.db(), asha.user_id(), 5).await.unwrap();
    assert_eq!(
        listed.iter().map(|cut| (cut.amount, cut.level, cut.by)).collect::<Vec<_>>(),
        [(rupees("28"), 1, Reached::Day), (rupees("6"), 1, Reached::Day)]
    );
    // Notices say what was booked, and once a day that more was not.
    let told = async || {
        shop.column(&format!(
            "SELECT concat_ws(' ', kind, args->>'amount', args->>'cap') FROM notification WHERE user_id = {} AND kind IN ('earned', 'capped') ORDER BY id",
            asha.id
        ))
        .await
    };
    assert_eq!(told().await, ["earned 28", "earned 22", "capped 50"]);
    assert_eq!(
        shop.entries(&format!("order:{}:paid", sold[2].id)).await,
        ["upi_clearing: 135", "sales: -135", "cost_of_sales: 42", "commission: 9", "supplier: -42", "Ravi held: -9"]
    );
    shop.proof_is_empty().await;

    // Of what was cut no more is taken back than was earned, and what was taken back leaves room. 30 % of 58 are 17.
    shop.refund(&sold[1], "10", &To::Wallet).await.unwrap();
    assert_eq!(earned(&shop, &sold[1]).await, ["22", "9-1"], "of ₹83 the share is ₹25, and ₹22 were booked");
    shop.refund(&sold[1], "25", &To::Wallet).await.unwrap();
    assert_eq!(earned(&shop, &sold[1]).await, ["22-5", "9-3"]);
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["5", "9"]);
    shop.refund(&sold[1], "100", &To::Wallet).await.unwrap();
    shop.refund(&sold[2], "135", &To::Wallet).await.unwrap();
    assert_eq!(earned(&shop, &sold[1]).await, ["22-22", "9-9"]);
    assert_eq!((shop.has(&asha).await.as_str(), shop.has(&ravi).await.as_str()), ("held 33", "held 18"));
    shop.proof_is_empty().await;

    // The next day of the shop, whose clock is 5:30 ahead, begins anew.
    let left = "2026-11-21T18:29:59Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - shop.core.now();
    shop.advance(left);
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["17", "9"]);
    shop.advance(TimeDelta::seconds(1));
    for wanted in [&["28", "9"][..], &["22", "9"], &["9"]] {
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, wanted);
    }
    assert_eq!(told().await.iter().filter(|told| *told == "capped 50").count(), 2);
    // Lowered below what there is already: nothing more, and nothing is taken. Without a limit all is booked again.
    shop.set("commissions.day_cap", "10").await;
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, [""; 0], "Ravi, too, has 27 today");
    shop.set("commissions.day_cap", "0").await;
    let order = shop.sell(&bina).await;
    assert_eq!(earned(&shop, &order).await, ["28", "9"]);
    shop.holds_end();
    shop.release().await;
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn one_friend_earns_a_person_so_much_and_no_more() {
    let shop = Shop::with(&[("MELA_COMMISSIONS__FRIEND_CAP", "40"), ("MELA_COMMISSIONS__DAY_CAP", "60")]).await;
    let (ravi, asha, bina) = shop.chain().await;
    for wanted in [&["28", "9"][..], &["12", "9"], &["9"], &["9"], &["4"], &[]] {
        let order = shop.sell(&bina).await;
        assert_eq!(earned(&shop, &order).await, wanted);
        shop.advance(TimeDelta::days(1));
    }
    assert_eq!(
        cut(&shop).await,
        [
            "Asha 16 friend",
            "Asha 28 friend",
            "Asha 28 friend",
            "Asha 28 friend",
            "Ravi 5 friend",
            "Asha 28 friend",
            "Ravi 9 friend"
        ]
    );
    assert_eq!((shop.has(&asha).await.as_str(), shop.has(&ravi).await.as_str()), ("held 40", "held 40"));
    let capped = shop
        .column("SELECT u.name FROM notification n JOIN users u ON u.id = n.user_id WHERE n.kind = 'capped' ORDER BY n.id")
        .await;
    assert_eq!(capped, ["Asha", "Ravi"], "once for each friend");
    // Others are others; where both limits hold, the tighter one cuts.
    for name in ["Chitra", "Dev"] {
        let order = shop.sell(&shop.arrive(name, Some(&asha)).await).await;
        assert_eq!(earned(&shop, &order).await, ["28", "9"]);
    }
    assert_eq!(shop.standing(&asha).await.held, rupees("96"));
    let order = shop.sell(&shop.arrive("Esha", Some(&asha)).await).await;
    assert_eq!(earned(&shop, &order).await, ["4", "9"], "the day's 60 are nearer than the friend's 40");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_sales_at_once_never_pass_a_limit() {
    let shop = Shop::with(&[("MELA_COMMISSIONS__DAY_CAP", "100")]).await;
    let ravi = shop.arrive("Ravi", None).await;
    let asha = shop.arrive("Asha", Some(&ravi)).await;
    let mut payments = Vec::new();
    for n in 0..16 {
        let friend = shop.arrive(&format!("Friend {n}"), Some(&asha)).await;
        payments.push(shop.order_and_pay(&friend).await.1);
    }
    at_once(16, |n| {
        let (shop, payment) = (shop.clone(), payments[n].clone());
        async move { assert!(shop.approve(&payment).await.is_now()) }
    })
    .await;
    assert_eq!((shop.has(&asha).await.as_str(), shop.has(&ravi).await.as_str()), ("held 100", "held 100"));
    assert_eq!(shop.count("SELECT sum(amount)::bigint FROM commission_cut").await, 16 * 37 - 200);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_sale_paid_from_the_wallet_keeps_to_the_same_rules() {
    let shop = Shop::with(&[("MELA_COMMISSIONS__DAY_CAP", "30"), ("MELA_COMMISSIONS__SALES", "2")]).await;
    let (_, asha, bina) = shop.chain().await;
    shop.fill(&bina, "500", "0").await;
    for wanted in [&["28", "9"][..], &["2", "9"], &[]] {
        let order = shop.order(&bina).await;
        shop.pay_from_wallet(&bina, &order).await.unwrap();
        assert_eq!(earned(&shop, &order).await, wanted);
    }
    assert_eq!(shop.has(&asha).await, "held 30");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn rules_that_cannot_be_are_refused_in_words() {
    let shop = Shop::open().await;
    let refused = async |key: &str, value: &str| {
        let tx = shop.core.begin().await.unwrap();
        match mela_core::settings::set(shop.core.settings_store(), &tx, shop.core.now(), 1, key, value).await {
            Err(SetError::Wrong(why)) => why.to_string(),
            other => panic!("{key} {value}: {other:?}"),
        }
    };
    let tiers = "wanted sales and percents that both rise, such as 0:30, 10:33, 50:36 (at most 20 of them, up to 10000 sales), or nothing";
    let cap = "wanted whole rupees from 1 to 10000000, or 0 for no limit";
    let off = "wanted a discount such as 10% (at most 100%) or 20 (rupees), or nothing";
    for (key, value, said) in [
        ("commissions.tiers", "10:33, 0:30", tiers),
        ("commissions.tiers", "0:33, 10:30", tiers),
        ("commissions.tiers", "0:30, 0:33", tiers),
        ("commissions.tiers", "0:101", tiers),
        ("commissions.tiers", "0:-1", tiers),
        ("commissions.tiers", "0:33.333", tiers),
        ("commissions.tiers", "10001:33", tiers),
        ("commissions.tiers", "ten:33", tiers),
        ("commissions.tiers", "0", tiers),
        (
            "commissions.tiers",
            "10:25",
            "commissions.tiers: found 10:25 behind level1_percent 30, wanted percents that rise (from what an admin changed)",
        ),
        (
            "commissions.tiers",
            "0:30, 10:90.5",
            "commissions.tiers: with level2_percent 10 that is 100.5 % of the profit, wanted at most 100",
        ),
        (
            "commissions.level1_percent",
            "91",
            "commissions.level1_percent: with level2_percent 10 that is 101 % of the profit, wanted at most 100",
        ),
        ("commissions.level2_percent", "71", "with level2_percent 71 that is 101 % of the profit"),
        ("commissions.sales", "0", "wanted always, first, or how many sales (1 to 1000)"),
        ("commissions.sales", "never", "wanted always, first, or how many sales (1 to 1000)"),
        ("commissions.day_cap", "27.50", cap),
        ("commissions.day_cap", "-1", cap),
        ("commissions.friend_cap", "10000001", cap),
        ("commissions.friend_cap", "much", "wanted a number"),
        ("friend.discount", "101%", off),
        ("friend.discount", "-5", off),
        ("friend.discount", "1e3", off),
        ("friend.discount", "free", off),
        ("friend.below_cost", "maybe", "wanted true or false"),
    ] {
        let sentence = refused(key, value).await;
        assert!(sentence.contains(said), "{key} {value}: {sentence}");
    }
    // What may be is shown as it was meant.
    for (key, value, shown) in [
        ("commissions.tiers", " 0:30%,10 : 33.50 ", "0:30, 10:33.5"),
        ("commissions.tiers", "", ""),
        ("commissions.sales", "1", "first"),
        ("commissions.sales", "7", "7"),
        ("commissions.day_cap", "500", "500"),
        ("commissions.friend_cap", "0", "0"),
        ("friend.discount", "12.50%", "12.5%"),
        ("friend.discount", "20", "20"),
        ("friend.discount", "", ""),
        ("friend.below_cost", "true", "true"),
    ] {
        shop.set(key, value).await;
        let knobs = mela_core::settings::list(shop.core.settings_store(), shop.core.db()).await.unwrap();
        assert_eq!(knobs.into_iter().find(|knob| knob.key == key).unwrap().value, shown, "{key} {value}");
    }
}

#[tokio::test]
async fn the_terms_promise_what_a_sale_then_earns() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    let terms = async || commissions::terms(&shop.core, asha.user_id()).await.unwrap();
    let plain = terms().await;
    assert_eq!((plain.volume, plain.sales, plain.renewals, plain.day, plain.friend, plain.gift()), (None, None, None, None, None, None));
    assert_eq!(plain.on_first(&plan, plan.price), None);
    for (key, value) in [("friend.discount", "10%"), ("commissions.tiers", "1:40"), ("commissions.sales", "2"), ("commissions.friend_cap", "50")] {
        shop.set(key, value).await;
        let promised = terms().await;
        let (first, then) = (promised.on_first(&plan, plan.price), promised.on(&plan, plan.price));
        let friend = shop.arrive("Friend", Some(&asha)).await;
        let sold = shop.sell(&friend).await;
        assert_eq!(earned(&shop, &sold).await[0], first.unwrap_or(then).level1.decimal().to_string(), "{key}");
        let promised = terms().await.on(&plan, plan.price).level1;
        let sold = shop.sell(&friend).await;
        let most = if key == "commissions.friend_cap" { "18".to_owned() } else { promised.decimal().to_string() };
        assert_eq!(earned(&shop, &sold).await[0], most, "{key}");
    }
    // Half-way to the day's limit it is known how far; no sale is said to earn more than the limit.
    shop.set("commissions.day_cap", "20").await;
    let capped = terms().await;
    assert!(capped.is_day_over());
    assert_eq!((capped.on(&plan, plan.price).level1, capped.day), (rupees("20"), Some((rupees("20"), capped.day.unwrap().1))));
    shop.advance(TimeDelta::days(1));
    assert_eq!(terms().await.day, Some((rupees("20"), rupees("0"))));
    assert!(!terms().await.is_day_over());
    shop.sell(&bina).await;
    assert_eq!(terms().await.day, Some((rupees("20"), rupees("20"))));
    shop.proof_is_empty().await;
}

/// Limits are read from the newest holds on, and tiers from thirty days on, however much there was before.
#[tokio::test]
async fn what_is_asked_goes_by_an_index_among_very_many_commissions() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.run(&format!(
        "ALTER TABLE commission DISABLE TRIGGER USER; ALTER TABLE commission DROP CONSTRAINT commission_order_level_key;
         INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
         SELECT {}, 1, {}, {}, 28, at + interval '1 day', at FROM generate_series(1, 60000) n, LATERAL (SELECT timestamptz '2026-11-20' - n * interval '30 minutes' AS at) t;
         ANALYZE commission",
        order.id, bina.id, asha.id
    ))
    .await;
    for text in [
        "SELECT coalesce(sum(amount - reversed), 0) AS sum FROM (SELECT amount, reversed FROM commission
           WHERE beneficiary_id = $1 AND release_at >= $2 AND created_at >= $2 AND created_at < $3 AND reversed < amount LIMIT 500) earned",
        "SELECT count(*) AS sales FROM (SELECT FROM commission
           WHERE beneficiary_id = $1 AND release_at >= $2 AND created_at >= $2 AND level = 1 AND reversed < amount LIMIT 50) counted",
    ] {
        let asked = text
            .replace("$1", &asha.id.to_string())
            .replace("$2", "'2026-11-21'::timestamptz")
            .replace("$3", "'2026-11-22'::timestamptz");
        let plan = shop.column(&format!("EXPLAIN {asked}")).await.join("\n");
        assert!(plan.contains("commission_release_idx") && !plan.contains("Seq Scan"), "{plan}");
    }
}
