//! Money into wallets: added by their owners, and put right by staff, above a limit by two.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::adjustments::{self, AskError, AskState};
use mela_core::audit::Actor;
use mela_core::orders::{self, Cover, Order, OrderError, OrderState};
use mela_core::payments::{self, PaymentError};
use mela_core::privacy::{self, Erasure};
use mela_core::refunds::{RefundError, To};
use mela_core::users::User;
use mela_core::{reports, users};

#[tokio::test]
async fn what_is_added_is_proved_approved_and_in_the_wallet_and_is_no_sale() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = orders::place_top_up(&shop.core, &bina, rupees("500")).await.unwrap().into_inner();
    assert_eq!((order.price, order.cost, order.plan_id, order.stars), (rupees("500"), rupees("0"), None, None));
    assert_eq!(orders::items(shop.core.db(), order.id).await.unwrap(), []);
    assert!(orders::awaiting_proof(&shop.core, bina.user_id()).await.unwrap().contains(&order));
    // No wallet fills itself.
    shop.fill(&bina, "1000", "0").await;
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotCovered)));
    assert!(matches!(shop.set_aside(&bina, &order, "100").await, Err(OrderError::NotFromWallet(_))));
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    let answers = at_once(4, |_| {
        let (core, id) = (shop.core.clone(), payment.id);
        async move { payments::confirm(&core, id, &admin("Meera")).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_now()).count(), 1);
    assert_eq!(orders::get(shop.core.db(), order.id).await.unwrap().state, OrderState::Credited);
    assert_eq!((shop.has(&bina).await, shop.has(&asha).await), ("credit 1500".to_owned(), String::new()));
    let far = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let figures = reports::figures(shop.core.db(), chrono::DateTime::UNIX_EPOCH, far).await.unwrap();
    assert_eq!((figures.orders_placed, figures.orders_paid, figures.sales), (0, 0, rupees("0")));
    assert_eq!(orders::tally(shop.core.db(), bina.user_id()).await.unwrap().placed, 0);
    assert_eq!(orders::undelivered(shop.core.db(), 10).await.unwrap(), []);
    assert_eq!(mela_core::receipts::number_due(&shop.core).await.unwrap(), 0);
    assert!(matches!(shop.refund(&order, "500", &To::Wallet).await, Err(RefundError::NotPaid)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn one_waits_at_a_time_and_what_came_late_or_twice_has_one_outcome() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let place = async |amount: &str| orders::place_top_up(&shop.core, &bina, rupees(amount)).await;
    for wrong in ["0", "49.99", "10000.01"] {
        assert!(matches!(place(wrong).await, Err(OrderError::NotATopUp(..))), "{wrong}");
    }
    let first = place("100").await.unwrap().into_inner();
    assert!(!place("100").await.unwrap().is_now(), "the same is the one that is open");
    let second = place("200").await.unwrap().into_inner();
    assert_eq!(orders::get(shop.core.db(), first.id).await.unwrap().state, OrderState::Cancelled);
    // Its money had left: the proof of the cancelled one is taken, late.
    let late = shop.prove(&bina, &first, &shop.utr()).await.unwrap().into_inner();
    assert!(late.late);
    // Rejected while another is open, it ends; and rejected again, the other awaits again.
    payments::reject(&shop.core, late.id, &admin("Meera"), "not received").await.unwrap();
    assert_eq!(orders::get(shop.core.db(), first.id).await.unwrap().state, OrderState::Expired);
    let proof = shop.prove(&bina, &second, &shop.utr()).await.unwrap().into_inner();
    let third = place("300").await.unwrap().into_inner();
    assert_eq!(
        orders::get(shop.core.db(), second.id).await.unwrap().state,
        OrderState::InReview,
        "what is being checked is not replaced"
    );
    payments::reject(&shop.core, proof.id, &admin("Meera"), "not received").await.unwrap();
    assert_eq!(orders::get(shop.core.db(), second.id).await.unwrap().state, OrderState::Expired);
    shop.advance(TimeDelta::hours(1));
    let fourth = place("300").await.unwrap();
    assert!(fourth.is_now(), "the old one's time was over");
    assert_eq!(orders::get(shop.core.db(), third.id).await.unwrap().state, OrderState::Expired);
    // A cart's or a plan's order is not in its way, nor taken for it.
    let plan = shop.order(&bina).await;
    assert_eq!(plan.state, OrderState::AwaitingPayment);
    assert!(matches!(mela_core::cart::check_out(&shop.core, &bina, false).await, Err(mela_core::cart::CartError::Empty)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn eight_phones_at_once_open_one_top_up() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let placed = at_once(8, |n| {
        let (core, bina) = (shop.core.clone(), bina.clone());
        async move { orders::place_top_up(&core, &bina, mela_core::money::Rupees::whole(100 + u32::try_from(n % 2).unwrap())).await }
    })
    .await;
    assert!(placed.iter().all(Result::is_ok), "{placed:?}");
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'awaiting_payment'").await, 1);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn above_the_limit_somebody_else_must_approve_it_and_it_is_done_once() {
    let shop = Shop::with(&[("MELA_STAFF__SECOND_PERSON_ABOVE", "500")]).await;
    let bina = shop.arrive("Bina", None).await;
    let (core, person) = (&shop.core, bina.user_id());
    let small = adjustments::draft(core, person, rupees("500"), "  a late refund ", &admin("Meera"), "tg:1").await.unwrap();
    assert_eq!((small.second, small.reason.as_str()), (false, "a late refund"));
    assert_eq!(shop.has(&bina).await, "", "a draft does nothing");
    assert!(matches!(adjustments::confirm(core, small.id, &admin("Ravi")).await, Err(AskError::NotTheirs)));
    assert_eq!(adjustments::confirm(core, small.id, &admin("Meera")).await.unwrap().into_inner().state, AskState::Done);
    assert!(!adjustments::confirm(core, small.id, &admin("Meera")).await.unwrap().is_now());
    assert_eq!(shop.has(&bina).await, "credit 500");

    let large = adjustments::draft(core, person, rupees("500.01"), "a prize", &admin("Meera"), "tg:2").await.unwrap();
    let again = adjustments::draft(core, person, rupees("500.01"), "a prize", &admin("Meera"), "tg:2").await.unwrap();
    assert_eq!(large, again);
    assert!(matches!(adjustments::approve(core, large.id, &admin("Ravi")).await, Err(AskError::NotNow(_))), "a draft is its maker's");
    assert_eq!(adjustments::confirm(core, large.id, &admin("Meera")).await.unwrap().into_inner().state, AskState::Waiting);
    assert!(matches!(adjustments::approve(core, large.id, &admin("Meera")).await, Err(AskError::Own)));
    assert_eq!(shop.has(&bina).await, "credit 500");
    let id = large.id;
    let answers = at_once(6, |n| {
        let core = core.clone();
        // Five approve and one rejects.
        async move {
            if n == 5 {
                adjustments::reject(&core, id, &admin("Sita")).await
            } else {
                adjustments::approve(&core, id, &admin("Ravi")).await
            }
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.as_ref().is_ok_and(|a| a.is_now())).count(), 1, "{answers:?}");
    let after = adjustments::get(core.db(), id).await.unwrap();
    let expected = if after.state == AskState::Done { "credit 1000.01" } else { "credit 500" };
    assert_eq!(shop.has(&bina).await, expected);
    // Even by hand nobody approves their own.
    let own = adjustments::draft(core, person, rupees("900"), "x", &admin("Meera"), "tg:3").await.unwrap();
    adjustments::confirm(core, own.id, &admin("Meera")).await.unwrap();
    let text = "UPDATE wallet_ask SET state = 'done', decided_by = asked_by, decided_by_name = 'M', decided_at = now() WHERE state = 'waiting'";
    let refused = sea_orm::ConnectionTrait::execute_unprepared(core.db(), text).await;
    assert!(refused.unwrap_err().to_string().contains("wallet_ask_four_eyes"));
    assert_eq!(adjustments::reject(core, own.id, &admin("Meera")).await.unwrap().into_inner().state, AskState::Rejected);
    assert!(matches!(adjustments::approve(core, own.id, &admin("Ravi")).await, Err(AskError::NotNow(_))));
    assert_eq!(
        shop.column("SELECT args->>'reason' FROM notification WHERE kind = 'adjusted' ORDER BY id LIMIT 1").await,
        ["a late refund"]
    );
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_limit_of_the_moment_counts_and_nothing_is_taken_that_is_not_there() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "100", "300").await;
    let (core, person, meera) = (&shop.core, bina.user_id(), admin("Meera"));
    for (amount, reason, key) in [("0", "x", "a"), ("1", "", "b"), ("1", "   ", "c")] {
        assert!(adjustments::draft(core, person, rupees(amount), reason, &meera, key).await.is_err());
    }
    assert!(matches!(adjustments::draft(core, person, rupees("1"), &"x".repeat(301), &meera, "d").await, Err(AskError::NotAReason)));
    let take = async |amount: &str, key: &str| adjustments::draft(core, person, -rupees(amount), "a mistake", &meera, key).await;
    assert!(matches!(take("100.01", "e").await, Err(AskError::NotThere(credit)) if credit == rupees("100")), "what was earned stays");
    let (one, two) = (take("80", "f").await.unwrap(), take("80", "g").await.unwrap());
    adjustments::confirm(core, one.id, &meera).await.unwrap();
    assert!(matches!(adjustments::confirm(core, two.id, &meera).await, Err(AskError::NotThere(credit)) if credit == rupees("20")));
    assert_eq!(shop.has(&bina).await, "credit 20, earned 300");
    let ask = adjustments::draft(core, person, rupees("900"), "a prize", &meera, "h").await.unwrap();
    assert!(!ask.second);
    shop.set("staff.second_person_above", "100").await;
    assert_eq!(adjustments::confirm(core, ask.id, &meera).await.unwrap().into_inner().state, AskState::Waiting);
    assert_eq!(adjustments::waiting(core.db(), 10).await.unwrap().len(), 1);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_is_forgotten_is_asked_nothing_for_and_their_reasons_go() {
    let shop = Shop::with(&[("MELA_STAFF__SECOND_PERSON_ABOVE", "10")]).await;
    let bina = shop.arrive("Bina", None).await;
    let ask = adjustments::draft(&shop.core, bina.user_id(), rupees("50"), "her brother's number", &admin("Meera"), "tg:1")
        .await
        .unwrap();
    adjustments::confirm(&shop.core, ask.id, &admin("Meera")).await.unwrap();
    orders::place_top_up(&shop.core, &bina, rupees("100")).await.unwrap();
    let ties = privacy::ties(shop.core.db(), bina.user_id(), shop.core.now()).await.unwrap();
    assert!(ties.hold(), "an open order must end first");
    shop.advance(TimeDelta::hours(1));
    orders::expire_due(&shop.core, 10).await.unwrap();
    let ties = privacy::ties(shop.core.db(), bina.user_id(), shop.core.now()).await.unwrap();
    let by = Actor::customer(&users::get(shop.core.db(), bina.user_id()).await.unwrap());
    assert_eq!(privacy::erase(&shop.core, bina.user_id(), ties.mark(), &by).await.unwrap(), Erasure::Done);
    assert_eq!(shop.column("SELECT state || reason FROM wallet_ask").await, ["rejected–"]);
    assert!(matches!(adjustments::approve(&shop.core, ask.id, &admin("Ravi")).await, Err(AskError::NotNow(_))));
    shop.proof_is_empty().await;
}

async fn covered(shop: &Shop, buyer: &User, order: &Order) -> Cover {
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    Cover::of(&order, &shop.standing(buyer).await)
}

#[tokio::test]
async fn what_a_wallet_covers_is_what_it_can_pay() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let (order, top_up) = (shop.order(&bina).await, orders::place_top_up(&shop.core, &bina, rupees("135")).await.unwrap().into_inner());
    assert_eq!(covered(&shop, &bina, &order).await, Cover::Nothing);
    for (more, wanted) in [("134.50", Cover::Part(rupees("134"))), ("0.49", Cover::Part(rupees("134"))), ("0.01", Cover::All)] {
        shop.fill(&bina, more, "0").await;
        assert_eq!(covered(&shop, &bina, &order).await, wanted, "with {more} more");
        assert_eq!(covered(&shop, &bina, &top_up).await, Cover::Nothing, "no wallet fills itself");
    }
    let refused = shop.set_aside(&bina, &order, "134.01").await;
    assert!(matches!(refused, Err(OrderError::NotFromWallet(most)) if most == rupees("134")));
    shop.set_aside(&bina, &order, "134").await.unwrap();
    assert_eq!(covered(&shop, &bina, &order).await, Cover::Nothing, "a part was set aside");
    shop.proof_is_empty().await;
}

/// A part from the wallet, the rest from outside: both are in the books, and what ended unpaid comes back.
#[tokio::test]
async fn a_part_from_the_wallet_comes_back_unless_the_rest_comes() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "40", "20").await;
    let order = shop.order(&bina).await;
    assert_eq!(covered(&shop, &bina, &order).await, Cover::Part(rupees("60")));
    shop.set_aside(&bina, &order, "60").await.unwrap();
    assert_eq!(shop.has(&bina).await, "reserved 60");
    let claimed = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert_eq!(claimed.amount, rupees("75"));
    shop.approve(&claimed).await;
    assert_eq!(shop.has(&bina).await, "");
    let next = shop.order(&bina).await;
    shop.fill(&bina, "60", "0").await;
    shop.set_aside(&bina, &next, "60").await.unwrap();
    orders::cancel(&shop.core, bina.user_id(), &next.code).await.unwrap();
    assert_eq!(shop.has(&bina).await, "credit 60");
    shop.proof_is_empty().await;
}
