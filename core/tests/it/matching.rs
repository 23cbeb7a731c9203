//! Credits that find their orders by themselves, and those that wait where staff see them: each case has one outcome.

mod queue;
mod together;

use super::shop::{Shop, admin, opening, own_vpa, rupees};
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::credits::{self, BankCredit, Seen, Taken, Waits};
use mela_core::money::Rupees;
use mela_core::orders::{self, Order, OrderState};
use mela_core::payments::{self, Payment, PaymentError, PaymentState, Proof};
use mela_core::settings::Settings;
use mela_core::treasury;
use mela_core::users::User;

/// Money seen now, by a UPI reference of twelve digits.
pub(crate) fn credit(shop: &Shop, utr: &str, amount: &str) -> Seen {
    Seen::at_bank(&format!("HDFC/{utr}"), rupees(amount), "BINA R", shop.core.now())
}

pub(crate) fn noted(seen: Seen, note: &str) -> Seen {
    Seen { note: note.to_owned(), ..seen }
}

pub(crate) fn from(seen: Seen, vpa: &str) -> Seen {
    Seen { vpa: Some(vpa.to_owned()), ..seen }
}

fn at(seen: Seen, at: DateTime<Utc>) -> Seen {
    Seen { at, ..seen }
}

pub(crate) async fn take(shop: &Shop, seen: &Seen) -> Taken {
    credits::take(&shop.core, seen).await.unwrap()
}

pub(crate) async fn state(shop: &Shop, order: &Order) -> OrderState {
    orders::get(shop.core.db(), order.id).await.unwrap().state
}

async fn payment_of(shop: &Shop, order: &Order) -> Payment {
    payments::of_order(shop.core.db(), order.id).await.unwrap().pop().unwrap()
}

/// Why it waits, and for which order.
async fn waits(shop: &Shop, seen: &Seen) -> (Option<Waits>, Option<i64>) {
    match take(shop, seen).await {
        Taken::Unmatched(BankCredit { waits, order_id, assigned, .. }) => {
            assert_eq!(assigned, Rupees::ZERO);
            (waits, order_id)
        }
        other => panic!("{other:?}"),
    }
}

async fn cards(shop: &Shop) -> i64 {
    shop.count("SELECT count(*) FROM notification WHERE kind = 'credit-card'").await
}

/// Every rupee that was seen is confirmed, in a wallet, sent back, or waits; and the books say the same.
pub(crate) async fn every_rupee_is_somewhere(shop: &Shop) {
    shop.proof_is_empty().await;
    let sum = |what: &'static str| async move { shop.column(&format!("SELECT ({what})::text")).await[0].parse::<Rupees>().unwrap() };
    let seen = sum("SELECT coalesce(sum(amount), 0) FROM bank_credit").await;
    let assigned = sum("SELECT coalesce(sum(to_payment + to_credit + sent_back), 0) FROM credit_assignment").await;
    let waiting = sum("SELECT coalesce(sum(amount - assigned), 0) FROM bank_credit").await;
    assert_eq!(seen, assigned + waiting);
    let report = mela_core::reconciliation::reconcile(&shop.core).await.unwrap();
    for clearing in report.clearings {
        assert_eq!(clearing.unexplained(), Rupees::ZERO, "{clearing:?}");
    }
    assert_eq!(sum("SELECT coalesce(-sum(unmatched), 0) FROM ledger.journal").await, waiting);
}

#[tokio::test]
async fn the_reference_that_a_customer_sent_confirms_their_order() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for reference in ["HDFC/632000000001", "HDFC/0000632000000001", "ICICI/UPI-632000000001-X", "632000000001"] {
        let order = shop.order(&bina).await;
        // The number is another one each time: a reference belongs to one order for ever.
        let utr = shop.utr();
        let proof = shop.prove(&bina, &order, &utr).await.unwrap().into_inner();
        let seen = Seen {
            bank: "HDFC".to_owned(),
            ..Seen::at_bank(&reference.replace("632000000001", &utr), rupees("135"), "BINA R", shop.core.now())
        };
        let taken = take(&shop, &from(seen.clone(), "Bina@OKHDFC")).await;
        assert!(matches!(&taken, Taken::Matched(credit, id) if *id == order.id && credit.assigned == rupees("135")), "{taken:?}");
        assert_eq!(state(&shop, &order).await, OrderState::Paid);
        let proof = payments::get(shop.core.db(), proof.id).await.unwrap();
        let by = (proof.decided_by, proof.decided_by_name.as_deref(), proof.payer.as_deref());
        assert_eq!(by, (Some(0), Some("HDFC"), Some("bina@okhdfc")));
        assert!(matches!(take(&shop, &seen).await, Taken::Duplicate(_)));
    }
    assert_eq!(shop.has(&asha).await, "held 112");
    assert_eq!(shop.count("SELECT coalesce(sum(upi_clearing), 0)::bigint FROM ledger.journal").await, 0);
    assert_eq!(cards(&shop).await, 0, "nobody has to be asked");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_reference_that_is_sent_after_its_money_was_seen_confirms_at_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(2));
    assert_eq!(waits(&shop, &credit(&shop, "632000000001", "135")).await, (Some(Waits::Ask), Some(order.id)), "by its amount alone");
    let proof = shop.prove(&bina, &order, "632000000001").await.unwrap();
    assert!(proof.is_now() && proof.into_inner().state == PaymentState::Confirmed);
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn the_orders_code_in_the_banks_note_confirms_it_without_a_proof() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    for (n, written) in ["O{}", "upi/o-{}/pay", "paid by o{} thanks", "O-{}"].into_iter().enumerate() {
        let order = shop.order(&bina).await;
        let code = if n % 2 == 0 { order.code.to_string() } else { order.code.to_string().to_lowercase() };
        let seen = noted(credit(&shop, &shop.utr(), "135"), &written.replace("{}", &code));
        assert!(matches!(take(&shop, &seen).await, Taken::Matched(_, id) if id == order.id), "{written}");
        assert_eq!(state(&shop, &order).await, OrderState::Paid);
    }
    // A picture that waits to be checked is borne out by it.
    let order = shop.order(&bina).await;
    let photo = Proof::Photo { file_id: "file".into(), unique_id: "unique".into(), sent_at: None };
    payments::submit(&shop.core, bina.user_id(), &order.code, &photo, "tg:photo").await.unwrap();
    take(&shop, &noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", order.code))).await;
    let [only] = &payments::of_order(shop.core.db(), order.id).await.unwrap()[..] else {
        panic!("one payment")
    };
    assert_eq!((only.state, only.photo_file_id.as_deref()), (PaymentState::Confirmed, Some("file")));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn amount_and_time_are_enough_where_the_payer_is_known_and_never_else() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let gita = shop.arrive("Gita", None).await;
    let first = shop.order(&bina).await;
    let unknown = from(credit(&shop, &shop.utr(), "135"), "bina@okhdfc");
    assert_eq!(waits(&shop, &unknown).await, (Some(Waits::Ask), Some(first.id)));
    assert_eq!(cards(&shop).await, 1);
    // Staff say whose it is, and from then on the payer is known.
    credits::to_order(&shop.core, 1, first.id, false, &admin("Meera"), "press:1").await.unwrap();
    assert_eq!(payment_of(&shop, &first).await.payer.as_deref(), Some("bina@okhdfc"));
    let (second, other) = (shop.order(&bina).await, shop.order(&gita).await);
    shop.advance(TimeDelta::minutes(2));
    let known = from(credit(&shop, &shop.utr(), "135"), " BINA@okhdfc ");
    assert!(matches!(take(&shop, &known).await, Taken::Matched(_, id) if id == second.id), "and not for {}", other.id);
    // Two of theirs: nobody knows which.
    orders::cancel(&shop.core, gita.user_id(), &other.code).await.unwrap();
    let third = shop.order(&bina).await;
    orders::cancel(&shop.core, bina.user_id(), &third.code).await.unwrap();
    let fourth = shop.order(&bina).await;
    assert_eq!(waits(&shop, &from(credit(&shop, &shop.utr(), "135"), "bina@okhdfc")).await.0, Some(Waits::Several));
    shop.advance(TimeDelta::minutes(2));
    // Other sums of who has one open order.
    assert_eq!(waits(&shop, &from(credit(&shop, &shop.utr(), "100"), "bina@okhdfc")).await, (Some(Waits::Short), Some(fourth.id)));
    assert_eq!(waits(&shop, &from(credit(&shop, &shop.utr(), "150"), "bina@okhdfc")).await, (Some(Waits::Excess), Some(fourth.id)));
    assert_eq!(state(&shop, &fourth).await, OrderState::AwaitingPayment);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn who_is_paid_at_a_upi_id_is_known_by_it() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    shop.asked(&asha, "500").await;
    let order = shop.order(&asha).await;
    let seen = Seen { vpa: Some(own_vpa(&asha).to_string()), ..credit(&shop, &shop.utr(), "135") };
    assert!(matches!(take(&shop, &seen).await, Taken::Matched(_, id) if id == order.id));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn several_orders_of_one_amount_wait() {
    let shop = Shop::open().await;
    let people: Vec<User> = [shop.arrive("Bina", None).await, shop.arrive("Gita", None).await].into();
    let (first, second) = (shop.order(&people[0]).await, shop.order(&people[1]).await);
    let (why, suggested) = waits(&shop, &credit(&shop, &shop.utr(), "135")).await;
    assert!(why == Some(Waits::Several) && [first.id, second.id].contains(&suggested.unwrap()));
    // Codes of two orders; a reference of one and the code of another.
    let both = format!("O{} O{}", first.code, second.code);
    assert_eq!(waits(&shop, &noted(credit(&shop, &shop.utr(), "135"), &both)).await.0, Some(Waits::Several));
    let utr = shop.utr();
    shop.prove(&people[0], &first, &utr).await.unwrap();
    let torn = noted(credit(&shop, &utr, "135"), &format!("O{}", second.code));
    assert_eq!(waits(&shop, &torn).await.0, Some(Waits::Several));
    assert_eq!((state(&shop, &first).await, state(&shop, &second).await), (OrderState::InReview, OrderState::AwaitingPayment));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn an_amount_that_only_one_order_has_confirms_it_where_the_settings_make_it_so() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    shop.run("UPDATE orders SET price = 135.37").await;
    assert_eq!(waits(&shop, &credit(&shop, &shop.utr(), "135.37")).await.0, Some(Waits::Ask), "it may be chance");
    let gita = shop.arrive("Gita", None).await;
    let whole = shop.order(&gita).await;
    shop.set("upi.unique_amount", "true").await;
    assert_eq!(
        waits(&shop, &credit(&shop, &shop.utr(), "135")).await,
        (Some(Waits::Ask), Some(whole.id)),
        "without paise it is no one's own"
    );
    assert!(matches!(take(&shop, &credit(&shop, &shop.utr(), "135.37")).await, Taken::Matched(_, id) if id == order.id));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn too_little_and_too_much_wait_and_the_order_stays_open() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let code = format!("O{}", order.code);
    for (amount, why) in [("134.99", Waits::Short), ("1", Waits::Short), ("135.01", Waits::Excess), ("13500", Waits::Excess)] {
        let seen = noted(credit(&shop, &shop.utr(), amount), &code);
        assert_eq!(waits(&shop, &seen).await, (Some(why), Some(order.id)), "{amount}");
    }
    assert_eq!((state(&shop, &order).await, cards(&shop).await), (OrderState::AwaitingPayment, 4));
    // The same by the reference, which is sent afterwards.
    let utr = shop.utr();
    assert_eq!(waits(&shop, &credit(&shop, &utr, "150")).await.0, Some(Waits::Unknown));
    let proof = shop.prove(&bina, &order, &utr).await.unwrap().into_inner();
    assert_eq!(proof.state, PaymentState::Submitted);
    let seen = credits::by_ref(shop.core.db(), &format!("HDFC/{utr}")).await.unwrap().unwrap();
    assert_eq!((seen.waits, seen.order_id), (Some(Waits::Excess), Some(order.id)));
    assert_eq!(cards(&shop).await, 5, "now it has one");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn late_money_waits_and_a_late_word_of_money_that_came_in_time_does_not() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, placed) = (shop.order(&bina).await, shop.core.now());
    let proven = shop.arrive("Gita", None).await;
    let by_proof = shop.order(&proven).await;
    let late_proof = shop.arrive("Hema", None).await;
    let too_late = shop.order(&late_proof).await;
    shop.advance(TimeDelta::hours(2));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 3);
    // Told of the next day, as statements are.
    shop.advance(TimeDelta::days(1));
    let in_time = placed + TimeDelta::minutes(10);
    let noted_late = noted(at(credit(&shop, &shop.utr(), "135"), in_time), &format!("O{}", order.code));
    assert!(matches!(take(&shop, &noted_late).await, Taken::Matched(_, id) if id == order.id));
    let utr = shop.utr();
    assert_eq!(
        waits(&shop, &at(credit(&shop, &utr, "135"), in_time)).await.0,
        Some(Waits::Several),
        "two that it could be for had been open"
    );
    let proof = shop.prove(&proven, &by_proof, &utr).await.unwrap().into_inner();
    assert!(proof.late && proof.state == PaymentState::Confirmed);
    // Money of after the end.
    let after = placed + TimeDelta::hours(5);
    let utr = shop.utr();
    assert_eq!(
        waits(&shop, &noted(at(credit(&shop, &utr, "135"), after), &format!("O-{}", too_late.code))).await,
        (Some(Waits::Late), Some(too_late.id))
    );
    let proof = shop.prove(&late_proof, &too_late, &utr).await.unwrap().into_inner();
    assert_eq!(proof.state, PaymentState::Submitted, "staff say whether it still counts");
    credits::to_order(&shop.core, 3, too_late.id, false, &admin("Meera"), "press:1").await.unwrap();
    assert_eq!(state(&shop, &too_late).await, OrderState::Paid);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_cancelled_order_ended_when_it_was_cancelled() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    for (pays_after, outcome) in [(3, None), (8, Some(Waits::Late))] {
        let (order, placed) = (shop.order(&bina).await, shop.core.now());
        shop.advance(TimeDelta::minutes(5));
        orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
        shop.advance(TimeDelta::minutes(5));
        let paid = placed + TimeDelta::minutes(pays_after);
        match (take(&shop, &noted(at(credit(&shop, &shop.utr(), "135"), paid), &format!("O{}", order.code))).await, outcome) {
            (Taken::Matched(_, id), None) => assert_eq!(id, order.id),
            (Taken::Unmatched(credit), Some(why)) => assert_eq!((credit.waits, credit.order_id), (Some(why), Some(order.id))),
            other => panic!("{other:?}"),
        }
    }
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_second_payment_of_one_order_waits_as_double() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let code = format!("O{}", order.code);
    assert!(matches!(take(&shop, &noted(credit(&shop, &shop.utr(), "135"), &code)).await, Taken::Matched(..)));
    assert_eq!(waits(&shop, &noted(credit(&shop, &shop.utr(), "135"), &code)).await, (Some(Waits::Double), Some(order.id)));
    // From who is known, shortly after, and without a word.
    let first = from(noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", shop.order(&bina).await.code)), "bina@okhdfc");
    assert!(matches!(take(&shop, &first).await, Taken::Matched(..)));
    assert_eq!(waits(&shop, &from(credit(&shop, &shop.utr(), "135"), "bina@okhdfc")).await.0, Some(Waits::Double));
    // Paid through a gateway or from the wallet, its proof was put aside; the money comes all the same.
    let by_wallet = shop.order(&bina).await;
    shop.fill(&bina, "135", "0").await;
    shop.pay_from_wallet(&bina, &by_wallet).await.unwrap();
    assert_eq!(
        waits(&shop, &noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", by_wallet.code))).await,
        (Some(Waits::Double), Some(by_wallet.id))
    );
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn what_was_approved_by_hand_is_cleared_by_its_money_when_that_is_seen() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let clearing = "SELECT coalesce(sum(upi_clearing), 0)::bigint FROM ledger.journal";
    let (order, proof) = shop.order_and_pay(&bina).await;
    shop.approve(&proof).await;
    assert_eq!(shop.count(clearing).await, 135);
    let taken = take(&shop, &credit(&shop, proof.utr.as_deref().unwrap(), "135")).await;
    assert!(matches!(taken, Taken::Matched(_, id) if id == order.id), "{taken:?}");
    assert_eq!(shop.count(clearing).await, 0);
    // By the order's code, even when staff are asked about everything else.
    shop.set("credits.match", "ask").await;
    let order = shop.sell(&bina).await;
    assert!(matches!(take(&shop, &noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", order.code))).await, Taken::Matched(..)));
    assert_eq!(shop.count(clearing).await, 0);
    // Less came than was approved.
    let order = shop.sell(&bina).await;
    let utr = payment_of(&shop, &order).await.utr.unwrap();
    assert_eq!(waits(&shop, &credit(&shop, &utr, "35")).await, (Some(Waits::Short), Some(order.id)));
    // Its reference once more is another credit: of another bank.
    let (order, proof) = shop.order_and_pay(&bina).await;
    let utr = proof.utr.clone().unwrap();
    shop.approve(&proof).await;
    take(&shop, &credit(&shop, &utr, "135")).await;
    let other_bank = Seen::at_bank(&format!("SBI/{utr}"), rupees("135"), "BINA R", shop.core.now());
    assert_eq!(waits(&shop, &other_bank).await, (Some(Waits::Double), Some(order.id)));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn money_older_than_the_order_is_never_taken_for_it() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let before = credit(&shop, "632000000001", "135");
    shop.advance(TimeDelta::minutes(1));
    let order = shop.order(&bina).await;
    assert_eq!(waits(&shop, &before).await, (Some(Waits::Unknown), None), "by its amount");
    assert_eq!(cards(&shop).await, 0, "a stranger's money has no card");
    let proof = shop.prove(&bina, &order, "632000000001").await.unwrap().into_inner();
    assert_eq!(proof.state, PaymentState::Submitted);
    let seen = credits::get(shop.core.db(), 1).await.unwrap();
    assert_eq!((seen.waits, seen.order_id), (Some(Waits::Ask), Some(order.id)));
    assert!(credits::suggested(&shop.core, &seen).await.unwrap().too_old, "staff are warned");
    // A day is a day: of today it may be.
    let today = Seen { by_day: true, at: opening() - TimeDelta::hours(3), ..noted(credit(&shop, &shop.utr(), "135"), "") };
    let gita = shop.arrive("Gita", None).await;
    let other = shop.order(&gita).await;
    let today = noted(today, &format!("O{}", other.code));
    assert!(matches!(take(&shop, &today).await, Taken::Matched(_, id) if id == other.id));
    let yesterday = Seen { at: opening() - TimeDelta::days(1), bank_ref: "HDFC/1".into(), ..today };
    assert_eq!(waits(&shop, &yesterday).await, (Some(Waits::Ask), Some(other.id)));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_credit_that_two_customers_claim_is_whose_reference_it_first_was() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let thief = shop.arrive("Thief", None).await;
    let (order, other) = (shop.order(&bina).await, shop.order(&thief).await);
    let utr = shop.utr();
    shop.prove(&bina, &order, &utr).await.unwrap();
    let refused = shop.prove(&thief, &other, &utr).await;
    assert!(matches!(&refused, Err(PaymentError::UtrUsed(first)) if *first == order.code));
    assert!(matches!(take(&shop, &credit(&shop, &utr, "135")).await, Taken::Matched(_, id) if id == order.id));
    assert!(shop.prove(&thief, &other, &utr).await.is_err());
    assert_eq!(state(&shop, &other).await, OrderState::AwaitingPayment);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn what_staff_refused_is_theirs_to_say_again() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    payments::reject(&shop.core, proof.id, &admin("Om"), "not received").await.unwrap();
    shop.advance(TimeDelta::minutes(1));
    let utr = proof.utr.unwrap();
    assert_eq!(waits(&shop, &credit(&shop, &utr, "135")).await, (Some(Waits::Ask), Some(order.id)));
    // Sent once more, the money speaks for it.
    let again = shop.prove(&bina, &order, &utr).await.unwrap().into_inner();
    assert_eq!(again.state, PaymentState::Confirmed);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_proof_with_another_reference_is_not_this_money_by_amount() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let first = from(noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", shop.order(&bina).await.code)), "bina@okhdfc");
    assert!(matches!(take(&shop, &first).await, Taken::Matched(..)));
    shop.advance(TimeDelta::days(2));
    let (order, proof) = shop.order_and_pay(&bina).await;
    assert_eq!(waits(&shop, &from(credit(&shop, &shop.utr(), "135"), "bina@okhdfc")).await, (Some(Waits::Ask), Some(order.id)));
    // The money that it names comes.
    assert!(matches!(take(&shop, &credit(&shop, proof.utr.as_deref().unwrap(), "135")).await, Taken::Matched(_, id) if id == order.id));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn staff_are_asked_where_the_settings_say_so() {
    let shop = Shop::with(&[("MELA_CREDITS__MATCH", "ask")]).await;
    let (_, _, bina) = shop.chain().await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    assert_eq!(waits(&shop, &credit(&shop, proof.utr.as_deref().unwrap(), "135")).await, (Some(Waits::Ask), Some(order.id)));
    assert_eq!((state(&shop, &order).await, cards(&shop).await), (OrderState::InReview, 1));
    // Looked at again it asks no second time; approved by hand, its money is found to be it.
    assert_eq!(credits::sweep(&shop.core, 10).await.unwrap(), 0);
    assert_eq!(cards(&shop).await, 1);
    shop.approve(&proof).await;
    assert_eq!(credits::sweep(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(shop.count("SELECT coalesce(sum(upi_clearing), 0)::bigint FROM ledger.journal").await, 0);
    let wrong: Result<Settings, _> = shop.core.settings_store().layers().read(&[("credits.match".to_owned(), "maybe".to_owned())].into());
    assert!(wrong.is_ok(), "the environment wins");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_gateways_payout_is_known_at_the_bank() {
    let shop = Shop::open().await;
    let settle = |reference: &'static str, net: &'static str| {
        let core = shop.core.clone();
        async move { treasury::settle_gateway(&core, reference, rupees(net), rupees("2")).await.unwrap().into_inner() }
    };
    settle("setl_ABC123", "500").await;
    settle("razorpay/setl_XYZ789", "700").await;
    let bank = "SELECT coalesce(sum(bank), 0)::bigint FROM ledger.journal";
    for (seen, why) in [
        (noted(credit(&shop, &shop.utr(), "500"), "NEFT SETL_ABC123 RAZORPAY SOFTWARE"), "its reference"),
        (Seen::at_bank("HDFC/setl_XYZ789", rupees("700"), "RAZORPAY", shop.core.now()), "the bank's reference"),
    ] {
        assert!(matches!(take(&shop, &seen).await, Taken::Payout(credit) if credit.left() == Rupees::ZERO), "{why}");
    }
    assert_eq!(shop.count(bank).await, 1200, "the settlements put it there, and it is not there twice");
    // By the sum and the gateway's name, within days; and when the gateway tells of it after the bank did.
    settle("setl_3", "900").await;
    shop.advance(TimeDelta::days(2));
    assert!(matches!(take(&shop, &noted(credit(&shop, &shop.utr(), "900"), "Razorpay Payments")).await, Taken::Payout(_)));
    assert!(
        matches!(take(&shop, &noted(credit(&shop, &shop.utr(), "900"), "Razorpay Payments")).await, Taken::Unmatched(_)),
        "each once"
    );
    assert!(matches!(take(&shop, &noted(credit(&shop, &shop.utr(), "450"), "cashfree")).await, Taken::Unmatched(_)));
    settle("cf_77", "450").await;
    assert_eq!(credits::sweep(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(shop.count(bank).await, 500 + 700 + 900 + 450 + 900);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_second_teller_who_knows_more_is_listened_to() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let gita = shop.arrive("Gita", None).await;
    shop.order(&gita).await;
    let sms = credit(&shop, "632000000001", "135");
    assert_eq!(waits(&shop, &sms).await.0, Some(Waits::Several));
    let statement = noted(sms.clone(), &format!("UPI-O{}-632000000001", order.code));
    assert!(matches!(take(&shop, &statement).await, Taken::Duplicate(credit) if credit.assigned == rupees("135")));
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    let before = shop.everything().await;
    take(&shop, &from(statement, "bina@okhdfc")).await;
    assert_eq!(shop.everything().await, before, "what is known needs no more words");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn strangers_money_fills_a_queue_and_not_the_chat() {
    let shop = Shop::open().await;
    for n in 0..60 {
        assert_eq!(waits(&shop, &credit(&shop, &shop.utr(), &format!("{}", 200 + n))).await, (Some(Waits::Unknown), None));
    }
    assert_eq!(shop.count("SELECT count(*) FROM notification").await, 0);
    let bina = shop.arrive("Bina", None).await;
    let order = shop.order(&bina).await;
    for _ in 0..50 {
        waits(&shop, &noted(credit(&shop, &shop.utr(), "1"), &format!("O{}", order.code))).await;
    }
    assert_eq!(cards(&shop).await, 20);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'credits-wait'").await, 1, "and one word of the others");
    let piles = credits::piles(shop.core.db()).await.unwrap();
    let counts: Vec<_> = piles.iter().map(|pile| (pile.waits, pile.count)).collect();
    assert_eq!(counts, [(Some(Waits::Short), 50), (Some(Waits::Unknown), 60)]);
    every_rupee_is_somewhere(&shop).await;
}
