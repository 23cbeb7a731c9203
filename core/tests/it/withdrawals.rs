//! Withdrawals: money is set aside when it is asked for, and leaves or comes back once.

use crate::shop::{Shop, admin, rupees, vpa};
use crate::together::at_once;
use mela_core::db::Applied;
use mela_core::withdrawals::{self, Drafted, WithdrawalError, WithdrawalState};

#[tokio::test]
async fn the_amount_is_set_aside_in_the_moment_of_asking() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let asked = shop.asked(&asha, "500").await;
    assert_eq!(shop.entries(&format!("withdrawal:{}:asked", asked.id)).await, ["Asha earned: 500", "Asha withdrawing: -500"]);
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.earned, standing.withdrawing), (rupees("4"), rupees("500")));
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_devices_that_ask_for_the_same_five_hundred_one_gets_it() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let answers = at_once(8, |n| {
        let (shop, asha) = (shop.clone(), asha.clone());
        async move { shop.ask(&asha, "500", &format!("draft:device-{n}")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter_map(Result::err) {
        assert!(matches!(refused, WithdrawalError::MoreThanAvailable(left) if left == rupees("4")), "{refused:?}");
    }
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal").await, 1);
    shop.proof_is_empty().await;
}

/// Little enough that all eight would fit: only the key keeps them apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_draft_confirmed_eight_times_at_once_is_one_withdrawal() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    let asha = shop.earner().await;
    let answers = at_once(8, |_| {
        let (shop, asha) = (shop.clone(), asha.clone());
        async move { shop.ask(&asha, "10", "draft:1").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_now()).count(), 1);
    assert_eq!(shop.standing(&asha).await.withdrawing, rupees("10"));

    // All of it by one draft: the second press finds nothing left, and yet its answer is the first one's.
    let answers = at_once(8, |_| {
        let (shop, asha) = (shop.clone(), asha.clone());
        async move { shop.ask(&asha, "494", "draft:2").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_now()).count(), 1);
    assert_eq!(shop.standing(&asha).await.earned, rupees("0"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn too_little_and_too_much_are_refused_and_nothing_moves() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    assert!(matches!(shop.ask(&asha, "499.99", "draft:1").await, Err(WithdrawalError::BelowMinimum(least)) if least == rupees("500")));
    assert!(matches!(shop.ask(&asha, "504.01", "draft:2").await, Err(WithdrawalError::MoreThanAvailable(all)) if all == rupees("504")));
    let stranger = shop.arrive("Dev", None).await;
    assert!(matches!(shop.ask(&stranger, "500", "draft:3").await, Err(WithdrawalError::MoreThanAvailable(none)) if none == rupees("0")));
    assert_eq!(shop.count("SELECT count(*) FROM ledger.transaction WHERE kind = 'withdrawal_asked'").await, 0);
    assert_eq!(shop.standing(&asha).await.earned, rupees("504"));
}

#[tokio::test]
async fn what_is_due_is_released_by_asking_even_if_the_job_never_ran() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for _ in 0..18 {
        shop.sell(&bina).await;
    }
    assert!(
        matches!(shop.ask(&asha, "500", "draft:1").await, Err(WithdrawalError::MoreThanAvailable(none)) if none == rupees("0")),
        "still on hold"
    );
    shop.holds_end();
    assert!(shop.ask(&asha, "500", "draft:2").await.unwrap().is_now());
    assert_eq!(shop.standing(&asha).await.earned, rupees("4"));
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_approval_and_a_refusal_at_once_one_wins() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let mut approved = 0;
    for _ in 0..16 {
        let asked = shop.asked(&asha, "500").await;
        let answers = at_once(2, |n| {
            let core = shop.core.clone();
            async move {
                if n == 0 {
                    withdrawals::approve(&core, asked.id, &admin("Meera")).await
                } else {
                    withdrawals::reject(&core, asked.id, &admin("Nitin"), "no").await
                }
            }
        })
        .await;
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Applied::Now(_)))).count(), 1);
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(WithdrawalError::NotNow(_)))).count(), 1);
        if answers[0].is_ok() {
            approved += 1;
            withdrawals::fail(&shop.core, asked.id, &admin("Meera"), "closed account").await.unwrap();
        }
        let standing = shop.standing(&asha).await;
        assert_eq!((standing.earned, standing.withdrawing), (rupees("504"), rupees("0")), "whoever won, the money is back once");
    }
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'withdrawal.approve'").await, approved);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn refused_or_failed_money_comes_back_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let refused = shop.asked(&asha, "500").await;
    assert!(withdrawals::reject(&shop.core, refused.id, &admin("Meera"), "no").await.unwrap().is_now());
    assert!(!withdrawals::reject(&shop.core, refused.id, &admin("Nitin"), "no").await.unwrap().is_now());
    let failed = shop.asked(&asha, "500").await;
    withdrawals::approve(&shop.core, failed.id, &admin("Meera")).await.unwrap();
    assert!(withdrawals::fail(&shop.core, failed.id, &admin("Meera"), "no such UPI id").await.unwrap().is_now());
    assert!(!withdrawals::fail(&shop.core, failed.id, &admin("Meera"), "no such UPI id").await.unwrap().is_now());
    assert!(matches!(withdrawals::pay(&shop.core, failed.id, &admin("Meera"), "N123456789").await, Err(WithdrawalError::NotNow(_))));
    for id in [refused.id, failed.id] {
        assert_eq!(shop.entries(&format!("withdrawal:{id}:settled")).await, ["Asha earned: -500", "Asha withdrawing: 500"]);
    }
    assert_eq!(shop.standing(&asha).await.earned, rupees("504"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_payout_needs_a_reference_that_no_other_has() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "100")]).await;
    let asha = shop.earner().await;
    let (first, second) = (shop.asked(&asha, "100").await, shop.asked(&asha, "200").await);
    let meera = admin("Meera");
    assert!(
        matches!(withdrawals::pay(&shop.core, first.id, &meera, "N123456789").await, Err(WithdrawalError::NotNow(_))),
        "not approved yet"
    );
    for asked in [&first, &second] {
        withdrawals::approve(&shop.core, asked.id, &meera).await.unwrap();
    }
    for wrong in ["", "paid", "N12345678", "ABCDEFGHIJ", "N1234-56789", "N१२३४५६७८९"] {
        assert!(matches!(withdrawals::pay(&shop.core, first.id, &meera, wrong).await, Err(WithdrawalError::NotAUtr)), "{wrong}");
    }
    assert!(withdrawals::pay(&shop.core, first.id, &meera, "n123 456 789").await.unwrap().is_now());
    assert!(!withdrawals::pay(&shop.core, first.id, &meera, "N123456789").await.unwrap().is_now(), "the same again");
    assert!(
        matches!(withdrawals::pay(&shop.core, first.id, &meera, "N987654321").await, Err(WithdrawalError::NotNow(_))),
        "another reference is another payout"
    );
    assert!(matches!(withdrawals::pay(&shop.core, second.id, &meera, "N123456789").await, Err(WithdrawalError::UtrUsed)));
    assert_eq!(withdrawals::get(shop.core.db(), second.id).await.unwrap().state, WithdrawalState::Approved);
    assert_eq!(shop.entries(&format!("withdrawal:{}:settled", first.id)).await, ["bank: -100", "Asha withdrawing: 100"]);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_mixed_calls_at_once_settle_it_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    for _ in 0..6 {
        let asked = shop.asked(&asha, "500").await;
        withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
        let number = shop.number();
        let answers = at_once(16, |n| {
            let core = shop.core.clone();
            async move {
                let meera = admin("Meera");
                match n % 4 {
                    0 => withdrawals::pay(&core, asked.id, &meera, &format!("N{:010}", number * 100)).await,
                    1 => withdrawals::fail(&core, asked.id, &meera, "closed account").await,
                    2 => withdrawals::reject(&core, asked.id, &meera, "no").await,
                    _ => withdrawals::approve(&core, asked.id, &meera).await,
                }
            }
        })
        .await;
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Applied::Now(_)))).count(), 1);
        for answer in &answers {
            assert!(matches!(answer, Ok(_) | Err(WithdrawalError::NotNow(_))), "{answer:?}");
        }
        assert_eq!(shop.count(&format!("SELECT count(*) FROM ledger.transaction WHERE key = 'withdrawal:{}:settled'", asked.id)).await, 1);
        shop.proof_is_empty().await;
        if withdrawals::get(shop.core.db(), asked.id).await.unwrap().state == WithdrawalState::Paid {
            assert_eq!(shop.standing(&asha).await.earned, rupees("4"));
            return;
        }
        assert_eq!(shop.standing(&asha).await.earned, rupees("504"));
    }
}

#[tokio::test]
async fn whoever_owes_can_only_be_refused_and_what_is_owed_comes_first() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let asked = shop.asked(&asha, "500").await;
    shop.owes(&asha, 120).await;
    let meera = admin("Meera");
    assert!(matches!(withdrawals::approve(&shop.core, asked.id, &meera).await, Err(WithdrawalError::Owes(owed)) if owed == rupees("120")));
    assert_eq!(withdrawals::get(shop.core.db(), asked.id).await.unwrap().state, WithdrawalState::Asked);
    withdrawals::reject(&shop.core, asked.id, &meera, "owes").await.unwrap();
    assert_eq!(
        shop.entries(&format!("withdrawal:{}:settled", asked.id)).await,
        ["Asha earned: -380", "Asha withdrawing: 500", "Asha owed: -120"]
    );
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.earned, standing.owed), (rupees("384"), rupees("0")));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_approved_withdrawal_of_someone_who_owes_since_is_not_paid() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let asked = shop.asked(&asha, "500").await;
    let meera = admin("Meera");
    withdrawals::approve(&shop.core, asked.id, &meera).await.unwrap();
    shop.owes(&asha, 600).await;
    assert!(matches!(withdrawals::pay(&shop.core, asked.id, &meera, "N123456789").await, Err(WithdrawalError::Owes(_))));
    withdrawals::fail(&shop.core, asked.id, &meera, "owes").await.unwrap();
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.earned, standing.withdrawing, standing.owed), (rupees("4"), rupees("0"), rupees("100")));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_draft_is_its_owners_alone() {
    let shop = Shop::open().await;
    let (ravi, asha, _) = shop.chain().await;
    let drafted = |to: &str, amount, tds| Drafted { vpa: to.parse().unwrap(), amount: rupees(amount), tds: rupees(tds) };
    withdrawals::draft(&shop.core, &asha, 7, &drafted("asha@ybl", "500", "0")).await.unwrap();
    withdrawals::draft(&shop.core, &asha, 7, &drafted("other@ybl", "900", "10")).await.unwrap();
    withdrawals::draft(&shop.core, &ravi, 7, &drafted("ravi@ybl", "900", "20")).await.unwrap();
    assert_eq!(
        withdrawals::drafted(shop.core.db(), asha.user_id(), 7).await.unwrap(),
        Some(Drafted { vpa: vpa(), amount: rupees("500"), tds: rupees("10") }),
        "the first word holds, the tax is that of the last look"
    );
    assert_eq!(withdrawals::drafted(shop.core.db(), ravi.user_id(), 7).await.unwrap(), None);
}
