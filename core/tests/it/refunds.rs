//! Sales given back: each part to where it came from, the commissions with it; and commissions taken back alone.

use super::shop::{Shop, admin, rupees, vpa};
use super::together::at_once;
use mela_core::commissions::{self, CommissionState};
use mela_core::ledger::movements::Adjustable;
use mela_core::orders::{self, Order};
use mela_core::refunds::{self, Payout, Refund, RefundError, To};
use mela_core::users::User;
use mela_core::withdrawals::{self, WithdrawalError};
use mela_core::{payments, treasury};

const UNSENT: Payout<'_> = Payout::Failed("no such UPI id");

/// A shop where every rupee can be withdrawn.
async fn open() -> Shop {
    Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await
}

async fn given_back(shop: &Shop, order: &Order, amount: &str, to: &To) -> (Refund, Vec<String>) {
    let refund = shop.refund(order, amount, to).await.unwrap().into_inner();
    let entries = shop.entries(&format!("refund:{}", refund.id)).await;
    shop.proof_is_empty().await;
    (refund, entries)
}

fn outside() -> To {
    To::Outside("bina@ybl".parse().unwrap())
}

/// ₹135 from ₹40 credit, ₹20 earned and ₹75 by UPI.
async fn paid_in_three_parts(shop: &Shop, buyer: &User) -> Order {
    shop.fill(buyer, "40", "20").await;
    let order = shop.order(buyer).await;
    shop.set_aside(buyer, &order, "60").await.unwrap();
    let payment = shop.prove(buyer, &order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
    orders::get(shop.core.db(), order.id).await.unwrap()
}

#[tokio::test]
async fn before_the_release_the_commissions_come_back_from_hold() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let (refund, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 135", "commission: -37", "Ravi held: 9", "Asha held: 28", "Bina credit: -135"]);
    assert_eq!((refund.to_credit, refund.reversed, refund.state.as_str()), (rupees("135"), rupees("37"), "done"));
    assert_eq!(
        (shop.has(&ravi).await, shop.has(&asha).await, shop.has(&bina).await),
        (String::new(), String::new(), "credit 135".into())
    );
    shop.holds_end();
    assert_eq!(shop.release().await.amount, rupees("0"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn after_the_release_they_come_back_from_what_is_earned() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    let (_, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 135", "commission: -37", "Ravi earned: 9", "Asha earned: 28", "Bina credit: -135"]);
    assert_eq!((shop.has(&ravi).await, shop.has(&asha).await), (String::new(), String::new()));
}

/// Only the job makes it released: a hold whose time is over is still on hold.
#[tokio::test]
async fn what_is_due_but_not_yet_released_comes_back_from_hold() {
    let shop = open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.holds_end();
    let (_, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert!(entries.contains(&"Asha held: 28".to_owned()), "{entries:?}");
    assert_eq!(shop.release().await.amount, rupees("0"));
    assert_eq!(shop.has(&asha).await, "");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn after_the_withdrawal_they_are_owed_and_the_next_earnings_pay_that_first() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    for (person, amount, utr) in [(&asha, "28", "N100000001"), (&ravi, "5", "N100000002")] {
        let asked = shop.asked(person, amount).await;
        withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
        withdrawals::pay(&shop.core, asked.id, &admin("Meera"), utr).await.unwrap();
    }
    let (_, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 135", "commission: -37", "Ravi earned: 4", "Ravi owed: 5", "Asha owed: 28", "Bina credit: -135"]);
    assert_eq!((shop.has(&ravi).await, shop.has(&asha).await), ("owed 5".into(), "owed 28".into()));

    shop.sell(&bina).await;
    assert_eq!(shop.has(&asha).await, "held 28, owed 28", "what is on hold for another sale is not touched");
    shop.holds_end();
    shop.release().await;
    assert_eq!((shop.has(&ravi).await, shop.has(&asha).await), ("earned 4".into(), String::new()));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_withdrawal_that_is_open_at_the_refund_can_only_be_refused_and_pays_the_debt() {
    let shop = open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.holds_end();
    let asked = shop.asked(&asha, "28").await;
    given_back(&shop, &order, "135", &To::Wallet).await;
    assert_eq!(shop.has(&asha).await, "withdrawing 28, owed 28");
    let meera = admin("Meera");
    assert!(matches!(withdrawals::approve(&shop.core, asked.id, &meera).await, Err(WithdrawalError::Owes(_))));
    withdrawals::reject(&shop.core, asked.id, &meera, "owes").await.unwrap();
    assert_eq!(shop.has(&asha).await, "");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn partial_refunds_take_back_what_the_rest_does_not_earn_and_sum_to_the_price() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    // Of ₹85 the profit is ₹43: ₹12.90 and ₹4.30, so ₹13 and ₹4 stay.
    let (_, entries) = given_back(&shop, &order, "50", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 50", "commission: -20", "Ravi held: 5", "Asha held: 15", "Bina credit: -50"]);
    assert_eq!((shop.has(&ravi).await, shop.has(&asha).await), ("held 4".into(), "held 13".into()));
    shop.holds_end();
    shop.release().await;
    // ₹35 is less than the plan costs: nobody earns.
    let (_, entries) = given_back(&shop, &order, "50", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 50", "commission: -17", "Ravi earned: 4", "Asha earned: 13", "Bina credit: -50"]);
    let (_, entries) = given_back(&shop, &order, "34.99", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 34.99", "Bina credit: -34.99"]);
    assert!(matches!(shop.refund(&order, "0.02", &To::Wallet).await, Err(RefundError::NotThatMuch(left)) if left == rupees("0.01")));
    let (_, entries) = given_back(&shop, &order, "0.01", &To::Wallet).await;
    assert_eq!(entries, ["refunds: 0.01", "Bina credit: -0.01"]);

    let before = shop.everything().await;
    assert!(matches!(shop.refund(&order, "0.01", &To::Wallet).await, Err(RefundError::NotThatMuch(left)) if left == rupees("0")));
    assert_eq!(shop.everything().await, before);
    assert_eq!(orders::get(shop.core.db(), order.id).await.unwrap().refunded, rupees("135"));
    assert_eq!(shop.has(&bina).await, "credit 135");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn parts_go_back_in_the_reverse_of_the_order_in_which_they_were_taken() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = paid_in_three_parts(&shop, &bina).await;
    let (first, _) = given_back(&shop, &order, "50", &outside()).await;
    assert_eq!((first.to_upi, first.to_earned, first.to_credit), (rupees("50"), rupees("0"), rupees("0")));
    let (second, _) = given_back(&shop, &order, "40", &outside()).await;
    assert_eq!((second.to_upi, second.to_earned, second.to_credit), (rupees("25"), rupees("15"), rupees("0")));
    let (third, _) = given_back(&shop, &order, "45", &outside()).await;
    assert_eq!((third.to_upi, third.to_earned, third.to_credit), (rupees("0"), rupees("5"), rupees("40")));
    assert_eq!(third.state, "done", "nothing of it is to be sent");
    assert_eq!(shop.has(&bina).await, "credit 40, earned 20, refunding 75");

    // Into the wallet what came from outside becomes credit; the rest goes where it came from all the same.
    let chitra = shop.arrive("Chitra", None).await;
    let order = paid_in_three_parts(&shop, &chitra).await;
    let (whole, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert_eq!((whole.to_upi, whole.to_earned, whole.to_credit), (rupees("0"), rupees("20"), rupees("115")));
    assert_eq!(entries, ["refunds: 135", "Chitra credit: -115", "Chitra earned: -20"]);
}

#[tokio::test]
async fn what_goes_back_to_earned_pays_the_buyers_debt_first() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = paid_in_three_parts(&shop, &bina).await;
    shop.owes(&bina, 12).await;
    let (_, entries) = given_back(&shop, &order, "135", &To::Wallet).await;
    assert!(entries.ends_with(&["Bina credit: -115".into(), "Bina earned: -8".into(), "Bina owed: -12".into()]), "{entries:?}");
    assert_eq!(shop.has(&bina).await, "credit 115, earned 8");
}

#[tokio::test]
async fn an_order_that_the_wallet_paid_goes_back_to_the_wallet_whatever_is_said() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    shop.fill(&bina, "100", "35").await;
    let order = shop.order(&bina).await;
    shop.pay_from_wallet(&bina, &order).await.unwrap();
    let (refund, entries) = given_back(&shop, &order, "135", &outside()).await;
    assert_eq!(refund.state, "done");
    assert_eq!(entries, ["refunds: 135", "commission: -37", "Ravi held: 9", "Asha held: 28", "Bina credit: -100", "Bina earned: -35"]);
}

#[tokio::test]
async fn what_a_gateway_took_goes_back_through_it() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    shop.run(&format!("UPDATE payment SET method = 'gateway' WHERE id = {}", payment.id)).await;
    shop.approve(&payment).await;
    let (refund, entries) = given_back(&shop, &order, "135", &outside()).await;
    assert_eq!((refund.to_gateway, refund.state.as_str()), (rupees("135"), "done"));
    assert_eq!(entries, ["gateway_clearing: -135", "refunds: 135", "commission: -37", "Ravi held: 9", "Asha held: 28"]);
    assert!(refunds::to_send(shop.core.db(), 10).await.unwrap().is_empty());
    assert_eq!(shop.has(&bina).await, "");
}

#[tokio::test]
async fn a_refund_by_upi_is_sent_once_or_stays_in_the_wallet() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let (sent, entries) = given_back(&shop, &order, "100", &outside()).await;
    assert_eq!((sent.state.as_str(), entries.last().unwrap().as_str()), ("to_send", "Bina refunding: -100"));
    let (failed, _) = given_back(&shop, &order, "35", &outside()).await;
    assert_eq!(refunds::to_send(shop.core.db(), 10).await.unwrap(), [sent.clone(), failed.clone()]);

    let meera = admin("Meera");
    assert!(refunds::settle(&shop.core, sent.id, &meera, Payout::Sent("632500000001")).await.unwrap().is_now());
    assert!(!refunds::settle(&shop.core, sent.id, &meera, Payout::Sent("632500000001")).await.unwrap().is_now());
    assert!(matches!(refunds::settle(&shop.core, sent.id, &meera, UNSENT).await, Err(RefundError::Settled)));
    assert!(matches!(refunds::settle(&shop.core, failed.id, &meera, Payout::Sent("632500000001")).await, Err(RefundError::UtrUsed)));
    shop.proof_is_empty().await;
    assert_eq!(shop.has(&bina).await, "refunding 35");
    assert!(refunds::settle(&shop.core, failed.id, &meera, UNSENT).await.unwrap().is_now());
    assert!(!refunds::settle(&shop.core, failed.id, &meera, UNSENT).await.unwrap().is_now());
    assert!(matches!(refunds::settle(&shop.core, failed.id, &meera, Payout::Sent("632500000002")).await, Err(RefundError::Settled)));
    assert_eq!(shop.entries(&format!("refund:{}:settled", sent.id)).await, ["bank: -100", "Bina refunding: 100"]);
    assert_eq!(shop.entries(&format!("refund:{}:settled", failed.id)).await, ["Bina credit: -35", "Bina refunding: 35"]);
    assert_eq!(shop.has(&bina).await, "credit 35");

    let other = shop.sell(&bina).await;
    let (done, _) = given_back(&shop, &other, "135", &To::Wallet).await;
    for payout in [UNSENT, Payout::Sent("632500000003")] {
        assert!(
            matches!(refunds::settle(&shop.core, done.id, &meera, payout).await, Err(RefundError::Settled)),
            "there is nothing to send"
        );
    }
    assert!(refunds::settle(&shop.core, 999, &meera, UNSENT).await.is_err());
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_who_settle_a_refund_at_once_one_does() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    for _ in 0..4 {
        let order = shop.sell(&bina).await;
        let (refund, _) = given_back(&shop, &order, "135", &outside()).await;
        let number = shop.number();
        let answers = at_once(8, |n| {
            let core = shop.core.clone();
            async move {
                let utr = format!("6325{number:08}");
                refunds::settle(&core, refund.id, &admin("Meera"), if n % 2 == 0 { Payout::Sent(&utr) } else { UNSENT }).await
            }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| matches!(a, Ok(a) if a.is_now())).count(), 1);
        assert_eq!(answers.iter().filter(|a| matches!(a, Err(RefundError::Settled))).count(), 4, "{answers:?}");
        shop.proof_is_empty().await;
    }
}

#[tokio::test]
async fn only_what_was_paid_is_refunded_and_only_amounts() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    assert!(matches!(shop.refund(&order, "5", &To::Wallet).await, Err(RefundError::NotPaid)));
    shop.prove(&bina, &order, &shop.utr()).await.unwrap();
    assert!(matches!(shop.refund(&order, "5", &To::Wallet).await, Err(RefundError::NotPaid)), "while its proof is checked");
    let order = shop.sell(&bina).await;
    let before = shop.everything().await;
    for amount in [rupees("0"), -rupees("5"), rupees("135.01")] {
        let refused = refunds::refund(&shop.core, order.id, amount, &To::Wallet, &admin("Meera"), "", "press:bad").await;
        assert!(matches!(refused, Err(RefundError::NotThatMuch(left)) if left == rupees("135")), "{refused:?}");
    }
    assert!(refunds::refund(&shop.core, 999, rupees("5"), &To::Wallet, &admin("Meera"), "", "press:none").await.is_err());
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_press_is_one_refund_and_all_of_them_are_no_more_than_the_price() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let press = |amount: &'static str| {
        let (core, order) = (shop.core.clone(), order.id);
        async move { refunds::refund(&core, order, rupees(amount), &To::Wallet, &admin("Meera"), "", "press:same").await }
    };
    let answers = at_once(8, |_| press("20")).await;
    assert_eq!(answers.iter().filter(|a| a.as_ref().unwrap().is_now()).count(), 1);
    let first = answers.into_iter().next().unwrap().unwrap().into_inner();
    assert!(matches!(press("21").await, Err(RefundError::Another(code)) if code == first.code));
    let other = shop.sell(&bina).await;
    let refused = refunds::refund(&shop.core, other.id, rupees("20"), &To::Wallet, &admin("Meera"), "", "press:same").await;
    assert!(matches!(refused, Err(RefundError::Another(_))));

    let answers = at_once(8, |_| {
        let (shop, order) = (shop.clone(), order.clone());
        async move { shop.refund(&order, "20", &To::Wallet).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 5);
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(RefundError::NotThatMuch(left)) if *left == rupees("15"))).count(), 3);
    assert_eq!(shop.has(&bina).await, "credit 120");
    shop.proof_is_empty().await;
}

/// One key for two orders at the same moment: the loser is told that it is another's, in words.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_orders_refunded_by_one_key_at_once_one_is() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    for round in 0..8 {
        let sold = [shop.sell(&bina).await, shop.sell(&bina).await];
        let answers = at_once(2, |n| {
            let (core, order) = (shop.core.clone(), sold[n].id);
            async move { refunds::refund(&core, order, rupees("20"), &To::Wallet, &admin("Meera"), "", &format!("press:{round}:same")).await }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
        assert!(answers.iter().any(|a| matches!(a, Err(RefundError::Another(_)))), "{answers:?}");
    }
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refund_a_release_and_a_withdrawal_at_once_come_to_nothing_in_the_end() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for _ in 0..8 {
        let order = shop.sell(&bina).await;
        shop.holds_end();
        let refunded = at_once(8, |n| {
            let (shop, asha, order) = (shop.clone(), asha.clone(), order.clone());
            async move {
                match n % 3 {
                    0 => matches!(shop.refund(&order, "135", &To::Wallet).await, Ok(refund) if refund.is_now()),
                    1 => shop.release().await.amount > rupees("37"),
                    _ => match shop.ask(&asha, "28", &format!("draft:{}", shop.number())).await {
                        Ok(_) | Err(WithdrawalError::MoreThanAvailable(_)) => false,
                        Err(error) => panic!("{error}"),
                    },
                }
            }
        })
        .await;
        assert_eq!(refunded.into_iter().filter(|&done| done).count(), 1);
        shop.proof_is_empty().await;
        let standing = shop.standing(&asha).await;
        assert_eq!((standing.held, standing.earned + standing.withdrawing), (rupees("0"), standing.owed));
        for open in withdrawals::open(shop.core.db(), 10).await.unwrap() {
            withdrawals::reject(&shop.core, open.id, &admin("Meera"), "owes").await.unwrap();
        }
        assert_eq!((shop.has(&asha).await, shop.has(&ravi).await), (String::new(), String::new()));
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_cancelled_commission_is_taken_from_hold_then_from_earned_then_owed() {
    let shop = open().await;
    let (_, asha, bina) = shop.chain().await;
    let mut cancelled = Vec::new();
    for (rest, lines) in [
        ("", vec!["commission: -28", "Asha held: 28"]),
        ("", vec!["commission: -28", "Asha earned: 28"]),
        ("withdrawing 20, owed 20", vec!["commission: -28", "Asha earned: 8", "Asha owed: 20"]),
    ] {
        let order = shop.sell(&bina).await;
        let [first, second] = &commissions::of_order(shop.core.db(), order.id).await.unwrap()[..] else {
            panic!("two levels")
        };
        if lines.len() > 1 && !lines[1].contains("held") {
            shop.holds_end();
            shop.release().await;
        }
        if !rest.is_empty() {
            shop.asked(&asha, "20").await;
        }
        let answers = at_once(8, |_| {
            let (core, id) = (shop.core.clone(), first.id);
            async move { commissions::cancel(&core, id, &admin("Meera"), "herself").await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
        assert!(answers.into_iter().all(|a| a.into_inner().state == CommissionState::Cancelled));
        assert_eq!(shop.entries(&format!("commission:{}:cancelled", first.id)).await, lines);
        assert_eq!(shop.has(&asha).await, rest);
        shop.proof_is_empty().await;
        cancelled.push((order, second.id));
    }
    shop.holds_end();
    shop.release().await;
    // What was taken back is not taken back again.
    for (order, _) in &cancelled {
        let (_, entries) = given_back(&shop, order, "135", &To::Wallet).await;
        assert_eq!(entries, ["refunds: 135", "commission: -9", "Ravi earned: 9", "Bina credit: -135"]);
    }
    // And what a refund took back whole is not cancelled any more.
    for (_, second) in cancelled {
        assert!(!commissions::cancel(&shop.core, second, &admin("Meera"), "late").await.unwrap().is_now());
    }
    assert_eq!(shop.has(&asha).await, "withdrawing 20, owed 20");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn after_a_partial_refund_the_rest_is_cancelled() {
    let shop = open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    given_back(&shop, &order, "50", &To::Wallet).await;
    let [first, _] = &commissions::of_order(shop.core.db(), order.id).await.unwrap()[..] else {
        panic!("two levels")
    };
    assert_eq!((first.left(), first.state), (rupees("13"), CommissionState::Held));
    commissions::cancel(&shop.core, first.id, &admin("Meera"), "herself").await.unwrap();
    assert_eq!(shop.entries(&format!("commission:{}:cancelled", first.id)).await, ["commission: -13", "Asha held: 13"]);
    assert_eq!(shop.has(&asha).await, "");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancel_and_a_release_at_once_leave_nothing_of_it() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for round in 1..=8 {
        let order = shop.sell(&bina).await;
        let [first, _] = &commissions::of_order(shop.core.db(), order.id).await.unwrap()[..] else {
            panic!("two levels")
        };
        shop.holds_end();
        at_once(8, |n| {
            let (shop, id) = (shop.clone(), first.id);
            async move {
                if n % 2 == 0 {
                    let _ = commissions::cancel(&shop.core, id, &admin("Meera"), "herself").await.unwrap();
                } else {
                    shop.release().await;
                }
            }
        })
        .await;
        shop.release().await;
        assert_eq!((shop.has(&asha).await, shop.has(&ravi).await), (String::new(), format!("earned {}", 9 * round)));
        shop.proof_is_empty().await;
    }
}

#[tokio::test]
async fn a_paid_withdrawal_that_came_back_pays_what_is_owed_first_and_once() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.fill(&asha, "0", "100").await;
    let (meera, om) = (admin("Meera"), admin("Om"));
    let asked = shop.asked(&asha, "100").await;
    let not_paid = |answer| matches!(answer, Err(WithdrawalError::NotNow(_)));
    assert!(not_paid(withdrawals::come_back(&shop.core, asked.id, &meera, "closed").await));
    withdrawals::approve(&shop.core, asked.id, &meera).await.unwrap();
    assert!(not_paid(withdrawals::come_back(&shop.core, asked.id, &meera, "closed").await));
    withdrawals::pay(&shop.core, asked.id, &meera, "N123456789").await.unwrap();
    shop.owes(&asha, 30).await;
    let answers = at_once(8, |_| {
        let (core, om, id) = (shop.core.clone(), om.clone(), asked.id);
        async move { withdrawals::come_back(&core, id, &om, "closed account").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    assert_eq!(shop.entries(&format!("withdrawal:{}:returned", asked.id)).await, ["bank: 100", "Asha earned: -70", "Asha owed: -30"]);
    assert_eq!(shop.has(&asha).await, "earned 70");
    assert!(not_paid(withdrawals::pay(&shop.core, asked.id, &meera, "N123456789").await), "it is over");
    let refused = shop.asked(&asha, "70").await;
    withdrawals::reject(&shop.core, refused.id, &meera, "no").await.unwrap();
    assert!(not_paid(withdrawals::come_back(&shop.core, refused.id, &meera, "closed").await), "it never left");
    // Its reference was used, for ever.
    let again = withdrawals::ask(&shop.core, &asha, &vpa(), rupees("70"), "draft:again").await.unwrap().into_inner();
    withdrawals::approve(&shop.core, again.id, &meera).await.unwrap();
    assert!(matches!(withdrawals::pay(&shop.core, again.id, &meera, "N123456789").await, Err(WithdrawalError::UtrUsed)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_tax_comes_back_with_the_withdrawal() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.fill(&asha, "0", "100").await;
    let asked = shop.asked(&asha, "100").await;
    shop.run(&format!("UPDATE withdrawal SET tds = 10 WHERE id = {}", asked.id)).await;
    let meera = admin("Meera");
    withdrawals::approve(&shop.core, asked.id, &meera).await.unwrap();
    withdrawals::pay(&shop.core, asked.id, &meera, "N123456789").await.unwrap();
    assert_eq!(
        shop.entries(&format!("withdrawal:{}:settled", asked.id)).await,
        ["bank: -90", "tds_payable: -10", "Asha withdrawing: 100"]
    );
    withdrawals::come_back(&shop.core, asked.id, &meera, "closed account").await.unwrap();
    assert_eq!(shop.entries(&format!("withdrawal:{}:returned", asked.id)).await, ["bank: 90", "tds_payable: 10", "Asha earned: -100"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_refunded_order_is_not_paid_a_second_time() {
    let shop = open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    given_back(&shop, &order, "135", &To::Wallet).await;
    assert!(shop.prove(&bina, &order, &shop.utr()).await.is_err());
    assert!(shop.pay_from_wallet(&bina, &order).await.is_err());
    let [payment] = &payments::of_order(shop.core.db(), order.id).await.unwrap()[..] else {
        panic!("one payment")
    };
    assert!(!shop.approve(payment).await.is_now());
    assert_eq!(shop.has(&bina).await, "credit 135");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancel_and_a_refund_at_once_take_a_commission_back_once() {
    let shop = open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for _ in 0..8 {
        let order = shop.sell(&bina).await;
        let first = commissions::of_order(shop.core.db(), order.id).await.unwrap()[0].id;
        at_once(8, |n| {
            let (shop, order) = (shop.clone(), order.clone());
            async move {
                if n % 2 == 0 {
                    let _ = commissions::cancel(&shop.core, first, &admin("Meera"), "herself").await.unwrap();
                } else {
                    drop(shop.refund(&order, "135", &To::Wallet).await);
                }
            }
        })
        .await;
        assert_eq!((shop.has(&asha).await, shop.has(&ravi).await), (String::new(), String::new()));
        shop.proof_is_empty().await;
    }
}

/// The same ₹28 are spent by Asha and claimed back from her: they are gone once, and owed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_spent_while_it_is_claimed_back_is_owed() {
    let shop = open().await;
    let (_, asha, bina) = shop.chain().await;
    let mut spent = 0;
    for _ in 0..8 {
        let order = shop.sell(&bina).await;
        shop.holds_end();
        shop.release().await;
        shop.fill(&asha, "107", "0").await;
        let hers = shop.order(&asha).await;
        let paid = at_once(8, |n| {
            let (shop, asha, order, hers) = (shop.clone(), asha.clone(), order.clone(), hers.clone());
            async move {
                match n % 2 {
                    0 => shop.refund(&order, "135", &To::Wallet).await.is_err(),
                    _ => shop.pay_from_wallet(&asha, &hers).await.is_ok(),
                }
            }
        })
        .await;
        let paid = paid.into_iter().skip(1).step_by(2).filter(|&paid| paid).count();
        assert_eq!(shop.has(&asha).await, if paid == 1 { "owed 28" } else { "credit 107" });
        shop.proof_is_empty().await;
        spent += paid;
        // Back to nothing for the next round.
        let standing = shop.standing(&asha).await;
        for (account, amount) in [(Adjustable::Owed, standing.owed), (Adjustable::Credit, -standing.credit)] {
            if amount != rupees("0") {
                let key = format!("level:{}", shop.number());
                treasury::adjust(&shop.core, asha.user_id(), account, amount, "level", &admin("Meera"), &key).await.unwrap();
            }
        }
        if paid == 0 {
            orders::cancel(&shop.core, asha.user_id(), &hers.code).await.unwrap();
        }
        shop.holds_end();
        shop.release().await;
    }
    println!("{spent} of 8 were spent first");
}
