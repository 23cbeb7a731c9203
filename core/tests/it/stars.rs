//! Telegram Stars: each has one correct outcome, however often, late or wrong it is told.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::catalog::{self, Field};
use mela_core::credits::{self, CreditError, For};
use mela_core::orders::{self, Order, OrderState};
use mela_core::payments::{self, Method};
use mela_core::refunds::To;
use mela_core::stars::{self, Became, No, Offered, Sent};
use mela_core::users::User;

async fn sells_for_stars(shop: &Shop) {
    shop.run("UPDATE plan SET stars = 150").await;
}

fn offered(order: &Order, payer: &User, stars: i32) -> Offered {
    Offered { payer: payer.telegram_id, stars, payload: order.code.to_string() }
}

async fn state(shop: &Shop, order: &Order) -> OrderState {
    orders::get(shop.core.db(), order.id).await.unwrap().state
}

#[tokio::test]
async fn an_invoice_can_be_paid_by_its_buyer_while_its_order_waits_and_costs_that() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let before = shop.order(&asha).await;
    assert_eq!(before.stars, None, "the plan had no such price");
    sells_for_stars(&shop).await;
    let order = shop.order(&bina).await;
    assert_eq!(order.stars, Some(150));
    let check = async |offer: &Offered| stars::check(&shop.core, offer).await.unwrap();
    assert_eq!(check(&offered(&order, &bina, 150)).await, Ok(()));
    assert_eq!(check(&offered(&order, &bina, 149)).await, Err(No::Changed));
    assert_eq!(check(&offered(&order, &asha, 150)).await, Err(No::NotYours));
    assert_eq!(check(&offered(&before, &asha, 150)).await, Err(No::Changed));
    for payload in ["", "nothing", "O-7K2M9QXA", "7K2M9QXA", &"9".repeat(128)] {
        assert_eq!(check(&Offered { payload: payload.to_owned(), ..offered(&order, &bina, 150) }).await, Err(No::Unknown), "{payload}");
    }
    shop.fill(&bina, "10", "0").await;
    shop.set_aside(&bina, &order, "10").await.unwrap();
    assert_eq!(check(&offered(&order, &bina, 150)).await, Err(No::Changed), "the wallet pays a part");
    shop.prove(&bina, &order, &shop.utr()).await.unwrap();
    assert_eq!(check(&offered(&order, &bina, 150)).await, Err(No::InReview));
    shop.advance(TimeDelta::hours(1));
    assert_eq!(check(&offered(&before, &asha, 150)).await, Err(No::Over), "before the sweep comes by");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn stars_told_of_eight_times_at_once_pay_one_order_once() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    sells_for_stars(&shop).await;
    let order = shop.order(&bina).await;
    let answers = at_once(8, |_| {
        let (core, came) = (shop.core.clone(), offered(&order, &bina, 150));
        async move { stars::receive(&core, "stxA-1_b", &came).await.unwrap() }
    })
    .await;
    assert!(answers.iter().all(|became| matches!(became, Became::Paid)), "{answers:?}");
    assert_eq!(shop.entries("order:1:paid").await[0], "gateway_clearing: 135", "the books have the price in rupees");
    let payment = payments::of_order(shop.core.db(), order.id).await.unwrap().remove(0);
    assert_eq!((payment.method, payment.gateway_ref.as_deref(), payment.amount), (Method::Stars, Some("stxA-1_b"), rupees("135")));
    assert_eq!((shop.has(&asha).await, shop.count("SELECT count(*) FROM star_charge").await), ("held 28".to_owned(), 1));
    assert_eq!(shop.count("SELECT count(*) FROM bank_credit").await, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn stars_after_the_end_are_taken_and_those_of_a_paid_order_wait() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    sells_for_stars(&shop).await;
    let order = shop.order(&bina).await;
    shop.advance(TimeDelta::hours(1));
    orders::expire_due(&shop.core, 10).await.unwrap();
    assert!(matches!(stars::receive(&shop.core, "late", &offered(&order, &bina, 150)).await.unwrap(), Became::Paid));
    // A second invoice of the same order was paid in the same moment.
    for _ in 0..2 {
        assert_eq!(stars::receive(&shop.core, "double", &offered(&order, &bina, 150)).await.unwrap(), Became::Waits);
    }
    let credit = credits::by_ref(shop.core.db(), "stars/double").await.unwrap().unwrap();
    assert_eq!(
        (credit.amount, credit.source, credit.note),
        (rupees("135"), credits::Source::Stars, format!("150 Stars for O-{}", order.code))
    );
    assert_eq!(shop.entries("credit:stars/double").await, ["gateway_clearing: 135", "unmatched: -135"]);
    // Somebody else's, and other numbers of Stars: worth what they are.
    let ravi = shop.arrive("Ravi", None).await;
    let other = shop.order(&bina).await;
    assert_eq!(stars::receive(&shop.core, "foreign", &offered(&other, &ravi, 150)).await.unwrap(), Became::Waits);
    assert_eq!(stars::receive(&shop.core, "few", &offered(&other, &bina, 50)).await.unwrap(), Became::Waits);
    assert_eq!(credits::by_ref(shop.core.db(), "stars/few").await.unwrap().unwrap().amount, rupees("45"));
    assert_eq!(state(&shop, &other).await, OrderState::AwaitingPayment);
    // With a part from the wallet set aside after the bot had said yes.
    shop.fill(&bina, "10", "0").await;
    shop.set_aside(&bina, &other, "10").await.unwrap();
    assert_eq!(stars::receive(&shop.core, "part", &offered(&other, &bina, 150)).await.unwrap(), Became::Waits);
    // Handled again after a crash, when the part has come back: it waits still, and is not taken twice.
    orders::cancel(&shop.core, bina.user_id(), &other.code).await.unwrap();
    assert_eq!(stars::receive(&shop.core, "part", &offered(&other, &bina, 150)).await.unwrap(), Became::Waits);
    assert_eq!(state(&shop, &other).await, OrderState::Cancelled);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn stars_for_nothing_of_ours_go_back_and_staff_hear_of_it() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let unsold = shop.order(&bina).await;
    for (charge, payload) in [("x1", "what?".to_owned()), ("x 2/é", unsold.code.to_string())] {
        let came = Offered { payer: bina.telegram_id, stars: 5, payload };
        assert_eq!(stars::receive(&shop.core, charge, &came).await.unwrap(), Became::GoBack);
        assert_eq!(stars::receive(&shop.core, charge, &came).await.unwrap(), Became::GoBack);
    }
    let first = stars::claim_back(&shop.core).await.unwrap().unwrap();
    let second = stars::claim_back(&shop.core).await.unwrap().unwrap();
    assert_eq!(stars::claim_back(&shop.core).await.unwrap(), None, "each is claimed by one worker");
    assert_ne!(first.charge, second.charge);
    stars::settle_back(&shop.core, &first, &Sent::Back).await.unwrap();
    stars::settle_back(&shop.core, &second, &Sent::Refused("CHARGE_ID_INVALID".to_owned())).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM star_charge WHERE back_at IS NOT NULL").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'alarm'").await, 3);
    // It is tried again when its pause is over, by the database's clock.
    assert_eq!(stars::claim_back(&shop.core).await.unwrap(), None);
    shop.run("UPDATE star_charge SET back_next_at = now()").await;
    let again = stars::claim_back(&shop.core).await.unwrap().unwrap();
    assert_eq!((again.charge, again.back_tries), (second.charge.clone(), 2));
    stars::went_back(&shop.core, &second.charge).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM star_charge WHERE back_at IS NOT NULL").await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_refund_sends_stars_back_whole_and_a_part_goes_to_the_wallet() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    sells_for_stars(&shop).await;
    let (whole, part) = (shop.order(&bina).await, shop.order(&asha).await);
    stars::receive(&shop.core, "whole", &offered(&whole, &bina, 150)).await.unwrap();
    stars::receive(&shop.core, "part", &offered(&part, &asha, 150)).await.unwrap();
    shop.run("UPDATE orders SET state = state").await;
    let refund = shop.refund(&whole, "135", &To::Back).await.unwrap().into_inner();
    assert_eq!((refund.to_gateway, refund.state.as_str()), (rupees("135"), "done"));
    assert!(shop.entries(&format!("refund:{}", refund.id)).await.contains(&"gateway_clearing: -135".to_owned()));
    let refund = shop.refund(&part, "35", &To::Back).await.unwrap().into_inner();
    assert_eq!((refund.to_gateway, refund.to_credit), (rupees("0"), rupees("35")));
    // What is left then is not all of it.
    let refund = shop.refund(&part, "100", &To::Back).await.unwrap().into_inner();
    assert_eq!((refund.to_gateway, refund.to_credit), (rupees("0"), rupees("100")));
    let back = stars::claim_back(&shop.core).await.unwrap().unwrap();
    assert_eq!((back.charge.as_str(), back.telegram_id), ("whole", bina.telegram_id));
    assert_eq!(stars::claim_back(&shop.core).await.unwrap(), None);
    // The buyer stays known until they have them.
    let ties = mela_core::privacy::ties(shop.core.db(), bina.user_id(), shop.core.now()).await.unwrap();
    assert!(ties.hold());
    stars::settle_back(&shop.core, &back, &Sent::Back).await.unwrap();
    assert!(!mela_core::privacy::ties(shop.core.db(), bina.user_id(), shop.core.now()).await.unwrap().hold());
    let alarms = "SELECT count(*) FROM notification WHERE kind = 'alarm'";
    stars::went_back(&shop.core, "whole").await.unwrap();
    assert_eq!(shop.count(alarms).await, 0, "that it came is no news");
    stars::went_back(&shop.core, "part").await.unwrap();
    assert_eq!(shop.count(alarms).await, 1, "nobody here had sent these");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn stars_that_wait_become_an_order_or_go_back_whole() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    sells_for_stars(&shop).await;
    let order = shop.order(&bina).await;
    stars::receive(&shop.core, "first", &offered(&order, &bina, 150)).await.unwrap();
    for charge in ["second", "third"] {
        stars::receive(&shop.core, charge, &offered(&order, &bina, 150)).await.unwrap();
    }
    let next = shop.order(&bina).await;
    let meera = admin("Meera");
    let to = For { order: Some(next.id), ..For::default() };
    credits::assign(&shop.core, 1, &to, &meera, "press:1").await.unwrap();
    assert_eq!(state(&shop, &next).await, OrderState::Paid);
    let part = For { sent_back: rupees("35"), ..For::default() };
    assert!(matches!(credits::assign(&shop.core, 2, &part, &meera, "press:2").await, Err(CreditError::NotForThis)));
    let all = For { sent_back: rupees("135"), ..For::default() };
    credits::assign(&shop.core, 2, &all, &meera, "press:3").await.unwrap();
    assert_eq!(stars::claim_back(&shop.core).await.unwrap().unwrap().charge, "third");
    // What was assigned can go back, too, with its order.
    let refund = shop.refund(&next, "135", &To::Back).await.unwrap().into_inner();
    assert_eq!(refund.to_gateway, rupees("135"));
    assert_eq!(stars::claim_back(&shop.core).await.unwrap().unwrap().charge, "second");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_cart_costs_the_sum_where_everything_has_such_a_price_and_no_coupon_is_used() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let by = admin("Meera");
    let fields = catalog::Fields { code: "solo".into(), title: "Solo".into(), price: rupees("99.50"), cost: rupees("40"), ..Default::default() };
    let solo = catalog::create(&shop.core, &by, &fields).await.unwrap().into_inner();
    sells_for_stars(&shop).await;
    let out = async || mela_core::cart::check_out(&shop.core, &bina, false).await.unwrap().into_inner();
    let put = async |code: &str, n: i16| mela_core::cart::put(&shop.core, bina.user_id(), code, n).await.unwrap();
    put("solo", 2).await;
    put("combo-ott", 1).await;
    assert_eq!(out().await.stars, Some(450));
    let changed = catalog::change(&shop.core, &by, solo.id, Field::Stars, "").await.unwrap();
    assert_eq!((changed.before.as_str(), changed.plan.stars), ("150", None));
    put("solo", 1).await;
    put("combo-ott", 1).await;
    assert_eq!(out().await.stars, None);
    catalog::change(&shop.core, &by, solo.id, Field::Stars, "100000").await.unwrap();
    put("solo", 2).await;
    assert_eq!(out().await.stars, None, "more than Telegram takes at once");
    shop.proof_is_empty().await;
}
