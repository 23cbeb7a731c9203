//! Credential stock: sealed at rest, one slot for one buyer, nothing lost when there is none or no key.

use super::cart::{check_out, pay, put};
use super::shop::{PLAN, Shop, admin};
use super::together::at_once;
use mela_core::catalog::{self, Plan};
use mela_core::credentials::{self, Account, CredentialError, Loaded, Secret, VaultError};
use mela_core::db::Fault;
use mela_core::orders::{self, OrderState};
use mela_core::refunds::To;
use mela_core::{Core, payments};
use sea_orm::{ConnectionTrait, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const KEY: &str = "a1";
const NEW: &str = "b2";

fn key(byte: &str) -> String {
    byte.repeat(32)
}

/// A shop whose only plan is delivered from stock.
async fn stocked(accounts: usize, slots: i16) -> (Shop, Plan) {
    let shop = Shop::with(&[("MELA_CREDENTIALS__KEY", &key(KEY))]).await;
    shop.run("UPDATE plan SET delivery = 'from_stock'").await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    credentials::load(&shop.core, &plan, &batch("first", accounts, slots), &admin("Meera")).await.unwrap();
    (shop, plan)
}

fn batch(name: &str, accounts: usize, slots: i16) -> Vec<Account> {
    let secret = |n| Secret {
        login: format!("{name}{n}@example.com"),
        password: format!("Sesame-{name}-{n}"),
        profile: String::new(),
        pin: "0042".into(),
    };
    (0..accounts).map(|n| Account { secret: secret(n), slots, expires_on: None }).collect()
}

async fn opened(core: &Core, order: &orders::Order) -> String {
    credentials::reveal(core, order, 0).await.unwrap().credentials[0].secret.login.clone()
}

#[tokio::test]
async fn a_paid_order_has_its_slot_in_the_same_transaction() {
    let (shop, _) = stocked(2, 2).await;
    let (_, _, bina) = shop.chain().await;
    let mut given = Vec::new();
    for _ in 0..4 {
        let order = shop.sell(&bina).await;
        assert_eq!((order.state, order.delivered_at), (OrderState::Delivered, order.paid_at));
        given.push(opened(&shop.core, &order).await);
    }
    assert_eq!(given, ["first0@example.com", "first0@example.com", "first1@example.com", "first1@example.com"]);
    assert_eq!(shop.count("SELECT count(*) FROM reveal").await, 4);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'credentials'").await, 4);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'stock-low'").await, 2, "once when low, once when out");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_last_slots_bought_by_many_at_once_are_given_once_and_nobody_is_lost() {
    let (shop, plan) = stocked(3, 1).await;
    let mut payments = Vec::new();
    for n in 0..8 {
        let buyer = shop.arrive(&format!("Buyer {n}"), None).await;
        payments.push(shop.order_and_pay(&buyer).await.1.id);
    }
    let confirm = |n: usize| {
        let (core, id) = (shop.core.clone(), payments[n]);
        async move { payments::confirm(&core, id, &admin("Meera")).await.unwrap().is_now() }
    };
    assert_eq!(at_once(8, confirm).await, [true; 8]);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'delivered'").await, 3);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'awaiting_stock'").await, 5);
    shop.proof_is_empty().await;

    // What comes is theirs, the longest waiting first, by whatever worker.
    assert_eq!(credentials::serve_waiting(&shop.core, 100).await.unwrap(), 0);
    credentials::load(&shop.core, &plan, &batch("second", 2, 2), &admin("Meera")).await.unwrap();
    let served = at_once(4, |_| {
        let core = shop.core.clone();
        async move { credentials::serve_waiting(&core, 100).await.unwrap() }
    })
    .await;
    let more = credentials::serve_waiting(&shop.core, 100).await.unwrap();
    assert_eq!(served.iter().sum::<usize>() + more, 4);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'awaiting_stock'").await, 1);
    assert_eq!(shop.count("SELECT count(DISTINCT order_id) FROM slot WHERE order_id IS NOT NULL").await, 7);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'credentials'").await, 7);
    let shelf = &credentials::shelves(shop.core.db()).await.unwrap()[0];
    assert_eq!((shelf.free, shelf.sold, shelf.waiting), (0, 7, 1));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_same_account_again_is_not_loaded_twice() {
    let (shop, plan) = stocked(3, 2).await;
    let again = credentials::load(&shop.core, &plan, &batch("first", 5, 1), &admin("Meera")).await.unwrap();
    assert_eq!(again, Loaded { accounts: 2, slots: 2, known: 3 });
    let at_one_time = at_once(4, |_| {
        let (core, plan) = (shop.core.clone(), plan.clone());
        async move { credentials::load(&core, &plan, &batch("third", 10, 1), &admin("Meera")).await.unwrap().accounts }
    })
    .await;
    assert_eq!(at_one_time.iter().sum::<usize>(), 10);
}

#[tokio::test]
async fn without_a_key_or_for_a_plan_by_hand_nothing_is_loaded() {
    let shop = Shop::open().await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    let answer = credentials::load(&shop.core, &plan, &batch("first", 1, 1), &admin("Meera")).await;
    assert!(matches!(answer, Err(CredentialError::ByHand)));
    shop.run("UPDATE plan SET delivery = 'from_stock'").await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    let answer = credentials::load(&shop.core, &plan, &batch("first", 1, 1), &admin("Meera")).await;
    assert!(matches!(answer, Err(CredentialError::Vault(VaultError::NoKey))));
    assert_eq!(shop.count("SELECT count(*) FROM credential").await, 0);
}

#[tokio::test]
async fn a_wrong_key_gives_nothing_away_and_the_right_one_everything() {
    let (shop, _) = stocked(1, 1).await;
    let (_, asha, bina) = shop.chain().await;
    let wrong = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &key(NEW))]).await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    payments::confirm(&wrong.core, payment.id, &admin("Meera")).await.unwrap();
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    assert_eq!(order.state, OrderState::Delivered, "its slot is its own");
    assert!(matches!(credentials::reveal(&wrong.core, &order, 0).await, Err(CredentialError::Vault(VaultError::OtherKey(_)))));
    assert_eq!(shop.count("SELECT count(*) FROM reveal").await, 0);
    assert!(
        matches!(credentials::reveal_to(&shop.core, &asha, &order.code, 0).await, Err(CredentialError::Nothing)),
        "only to its buyer"
    );
    assert_eq!(opened(&shop.core, &order).await, "first0@example.com");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn keys_are_rotated_whole_even_when_interrupted() {
    let (shop, plan) = stocked(700, 1).await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let unready = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &key(NEW))]).await;
    assert!(matches!(credentials::rotate(&unready.core, |_| {}).await, Err(CredentialError::Vault(VaultError::OtherKey(_)))));

    let both = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &key(NEW)), ("MELA_CREDENTIALS__OLD_KEY", &key(KEY))]).await;
    let statements = Arc::new(AtomicUsize::new(0));
    let killed: Fault = Arc::new(move || {
        let n = statements.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { if n < 600 { Ok(()) } else { Err(DbErr::Custom("killed".to_owned())) } })
    });
    let mut done = 0;
    assert!(credentials::rotate(&both.core.with_fault(killed), |n| done = n).await.is_err());
    assert_eq!(done, 500, "the first chunk stands");
    let rest = credentials::rotate(&both.core, |_| {}).await.unwrap();
    assert_eq!((rest.sealed, rest.before), (200, 500));
    let again = credentials::rotate(&both.core, |_| {}).await.unwrap();
    assert_eq!((again.sealed, again.before), (0, 700));

    let new = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &key(NEW))]).await;
    assert_eq!(opened(&new.core, &order).await, "first0@example.com");
    assert!(credentials::reveal(&shop.core, &order, 0).await.is_err(), "the old key opens nothing any more");
    let known = credentials::load(&new.core, &plan, &batch("first", 700, 1), &admin("Meera")).await.unwrap();
    assert_eq!(known, Loaded { known: 700, ..Loaded::default() }, "accounts are known again under the new key");
}

#[tokio::test]
async fn an_account_whose_last_day_is_over_is_sold_no_more() {
    let (shop, plan) = stocked(0, 1).await;
    let mut accounts = batch("dated", 2, 1);
    accounts[0].expires_on = Some(shop.core.now().date_naive());
    credentials::load(&shop.core, &plan, &accounts, &admin("Meera")).await.unwrap();
    shop.advance(chrono::TimeDelta::days(1));
    let (_, _, bina) = shop.chain().await;
    assert_eq!(opened(&shop.core, &shop.sell(&bina).await).await, "dated1@example.com");
    assert_eq!(shop.sell(&bina).await.state, OrderState::AwaitingStock);
    credentials::serve_waiting(&shop.core, 10).await.unwrap();
    let shelf = &credentials::shelves(shop.core.db()).await.unwrap()[0];
    assert_eq!((shelf.free, shelf.retired, shelf.waiting), (0, 1, 1));
}

/// Everything that PostgreSQL keeps of the shop is searched for what was loaded.
#[tokio::test]
async fn the_database_holds_no_credential_in_clear() {
    let (shop, _) = stocked(20, 2).await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    credentials::reveal(&shop.core, &order, 0).await.unwrap();
    let tables = shop
        .column("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'ledger')")
        .await;
    assert!(tables.len() > 30);
    for table in tables {
        for clear in ["Sesame", "example.com", "536573616d65"] {
            let found = shop.count(&format!("SELECT count(*) FROM {table} x WHERE x::text ILIKE '%{clear}%'")).await;
            assert_eq!(found, 0, "{clear} in {table}");
        }
    }
    assert!(shop.core.db().execute_unprepared("DELETE FROM reveal").await.is_err(), "looks are kept for ever");
}

#[tokio::test]
async fn what_was_given_back_is_shown_no_more_and_is_served_to_nobody() {
    let (shop, plan) = stocked(1, 1).await;
    let (_, _, bina) = shop.chain().await;
    let (delivered, waiting) = (shop.sell(&bina).await, shop.sell(&bina).await);
    for order in [&delivered, &waiting] {
        shop.refund(order, "135", &To::Wallet).await.unwrap();
    }
    assert!(matches!(credentials::reveal_to(&shop.core, &bina, &delivered.code, 0).await, Err(CredentialError::Nothing)));
    credentials::load(&shop.core, &plan, &batch("second", 1, 1), &admin("Meera")).await.unwrap();
    assert_eq!(credentials::serve_waiting(&shop.core, 10).await.unwrap(), 0);
    assert_eq!(
        shop.count("SELECT count(*) FROM slot WHERE retired_at IS NOT NULL AND order_id IS NOT NULL").await,
        1,
        "its buyer knows the password"
    );
    let shelf = &credentials::shelves(shop.core.db()).await.unwrap()[0];
    assert_eq!((shelf.free, shelf.sold, shelf.waiting), (1, 1, 0));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_password_with_a_comma_and_no_quotes_is_refused_and_not_cut() {
    use mela_core::credentials::import::{self, File, Reason};
    use mela_core::sheet::{self, Limits};
    let (shop, _) = stocked(0, 1).await;
    let text = b"plan,login,password,profile,pin,slots,expires_on\ncombo-ott,a@x.in,pass,word,P2,1234,4,2027-01-01\ncombo-ott,b@x.in,\"pass,word\",P2,1234,4,2027-01-01\n";
    let sheet = sheet::read("stock.csv", text, Limits::for_bytes(10_000)).unwrap();
    let file = File::new("file", "stock.csv", text);
    let checked = import::check(&shop.core, &admin("Meera"), "tg:1", &file, &sheet).await.unwrap();
    assert_eq!((checked.loads.accounts, checked.wrong.len(), checked.wrong[0].row), (1, 1, 2));
    assert!(checked.wrong[0].reasons.contains(&Reason::Beyond));
    import::apply(&shop.core, &admin("Meera"), checked.draft.unwrap(), &sheet).await.unwrap();
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let shown = credentials::reveal(&shop.core, &order, 0).await.unwrap();
    assert_eq!(shown.credentials[0].secret.password, "pass,word");
}

#[tokio::test]
async fn stock_that_paid_orders_wait_for_is_not_back_for_who_only_asked_to_be_told() {
    let (shop, plan) = stocked(1, 1).await;
    let (_, ravi, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let order = shop.order(&bina).await;
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
    catalog::restock::wait(&shop.core, ravi.user_id(), plan.id, true).await.unwrap();
    credentials::load(&shop.core, &plan, &batch("second", 1, 1), &admin("Meera")).await.unwrap();
    assert_eq!(catalog::restock::tell_back(&shop.core).await.unwrap(), 0, "the one that came is another's");
    assert_eq!(credentials::serve_waiting(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(catalog::restock::tell_back(&shop.core).await.unwrap(), 0);
    credentials::load(&shop.core, &plan, &batch("third", 1, 1), &admin("Meera")).await.unwrap();
    assert_eq!(catalog::restock::tell_back(&shop.core).await.unwrap(), 1);
    shop.proof_is_empty().await;
}

/// Units of carts wait, too: their orders name no plan of their own.
#[tokio::test]
async fn stock_that_a_cart_waits_for_is_not_back_either() {
    let (shop, plan) = stocked(1, 1).await;
    let (_, ravi, bina) = shop.chain().await;
    put(&shop, &bina, PLAN, 3).await;
    let order = check_out(&shop, &bina).await;
    assert_eq!(pay(&shop, &bina, &order).await.state, OrderState::AwaitingStock);
    catalog::restock::wait(&shop.core, ravi.user_id(), plan.id, true).await.unwrap();
    credentials::load(&shop.core, &plan, &batch("second", 2, 1), &admin("Meera")).await.unwrap();
    assert_eq!(catalog::restock::tell_back(&shop.core).await.unwrap(), 0, "both that came are the cart's");
    credentials::load(&shop.core, &plan, &batch("third", 1, 1), &admin("Meera")).await.unwrap();
    assert_eq!(catalog::restock::tell_back(&shop.core).await.unwrap(), 1);
    assert_eq!(shop.column("SELECT args ->> 'plan' FROM notification WHERE kind = 'back-in-stock'").await, [plan.id.to_string()]);
}
