//! Payouts from the asking to the bank: who is told, what staff see, and what happens when many hands or workers meet.

use super::shop::{Shop, admin, own_vpa, rupees, vpa};
use super::together::at_once;
use mela_core::db::Applied;
use mela_core::users::User;
use mela_core::withdrawals::{self, Withdrawal, WithdrawalError, WithdrawalState};

type Changed = Result<Applied<Withdrawal>, WithdrawalError>;

async fn approve(shop: &Shop, withdrawal: &Withdrawal) -> Changed {
    withdrawals::approve(&shop.core, withdrawal.id, &admin("Meera")).await
}

async fn reject(shop: &Shop, withdrawal: &Withdrawal) -> Changed {
    withdrawals::reject(&shop.core, withdrawal.id, &admin("Om"), "wrong UPI id").await
}

async fn pay(shop: &Shop, withdrawal: &Withdrawal, utr: &str) -> Changed {
    withdrawals::pay(&shop.core, withdrawal.id, &admin("Meera"), utr).await
}

async fn fail(shop: &Shop, withdrawal: &Withdrawal) -> Changed {
    withdrawals::fail(&shop.core, withdrawal.id, &admin("Om"), "bank refused").await
}

/// What a person can withdraw and what is on its way out.
async fn has(shop: &Shop, person: &User) -> (String, String) {
    let standing = shop.standing(person).await;
    (standing.earned.to_string(), standing.withdrawing.to_string())
}

fn earned_and_withdrawing(earned: &str, withdrawing: &str) -> (String, String) {
    (earned.to_owned(), withdrawing.to_owned())
}

#[tokio::test]
async fn each_step_is_told_and_written_down_and_the_last_is_final() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let withdrawal = shop.asked(&asha, "500").await;
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));
    assert_eq!(shop.entries(&format!("withdrawal:{}:asked", withdrawal.id)).await, ["Asha earned: 500", "Asha withdrawing: -500"]);

    let approved = approve(&shop, &withdrawal).await.unwrap().into_inner();
    assert_eq!((approved.state, approved.decided_by_name.as_deref()), (WithdrawalState::Approved, Some("Meera")));
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));

    let paid = pay(&shop, &withdrawal, " n12345 6789 ").await.unwrap().into_inner();
    assert_eq!(
        (paid.state, paid.payout_utr.as_deref(), paid.settled_at),
        (WithdrawalState::Paid, Some("N123456789"), Some(shop.core.now()))
    );
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹0"));
    assert_eq!(shop.entries(&format!("withdrawal:{}:settled", withdrawal.id)).await, ["bank: -500", "Asha withdrawing: 500"]);
    assert!(matches!(pay(&shop, &withdrawal, "N123456789").await, Ok(Applied::Already(_))));
    for answer in [
        pay(&shop, &withdrawal, "N987654321").await,
        fail(&shop, &withdrawal).await,
        reject(&shop, &withdrawal).await,
        approve(&shop, &withdrawal).await,
    ] {
        assert!(matches!(answer, Err(WithdrawalError::NotNow(w)) if *w == paid));
    }
    let told = shop.column("SELECT args->>'became' FROM notification WHERE kind = 'withdrawal' ORDER BY id").await;
    assert_eq!(told, ["approved", "paid"]);
    let did = shop
        .column("SELECT concat_ws(' ', actor_name, action, nullif(detail, '')) FROM audit WHERE action LIKE 'withdrawal.%' ORDER BY id")
        .await;
    assert_eq!(did, ["Meera withdrawal.approve", "Meera withdrawal.pay N123456789"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn devices_that_reach_two_processes_get_the_money_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    for round in 0..4 {
        let devices = [shop.beside().await, shop.clone()];
        let answers = at_once(8, |n| {
            let (shop, asha) = (devices[n % 2].clone(), asha.clone());
            async move { shop.ask(&asha, "500", &format!("draft:{round}:{n}")).await }
        })
        .await;
        let refused = answers.iter().filter(|a| matches!(a, Err(WithdrawalError::MoreThanAvailable(left)) if *left == rupees("4"))).count();
        assert_eq!(refused, 7);
        assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));
        let given = answers.into_iter().find_map(Result::ok).unwrap();
        assert!(given.is_now());
        reject(&shop, &given.into_inner()).await.unwrap();
    }
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal").await, 4);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn no_odd_amount_is_paid_and_a_refusal_does_not_use_up_the_key() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    for little in ["499.99", "0.01", "0"] {
        assert!(matches!(shop.ask(&asha, little, "k").await, Err(WithdrawalError::BelowMinimum(m)) if m == rupees("500")), "{little}");
    }
    let negative = withdrawals::ask(&shop.core, &asha, &vpa(), -rupees("500"), "k").await;
    assert!(matches!(negative, Err(WithdrawalError::BelowMinimum(_))));
    for much in ["504.01", "999999999999"] {
        assert!(matches!(shop.ask(&asha, much, "k").await, Err(WithdrawalError::MoreThanAvailable(a)) if a == rupees("504")), "{much}");
    }
    let poor = shop.arrive("Dev", None).await;
    assert!(matches!(shop.ask(&poor, "500", "k").await, Err(WithdrawalError::MoreThanAvailable(a)) if a == rupees("0")));
    assert!(shop.ask(&asha, "504", "k").await.unwrap().is_now(), "a refusal does not use up the key");
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹0", "₹504"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_withdrawal_that_meets_the_release_job_gets_all_that_is_due() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let bina = shop.arrive("Bina", Some(&asha)).await;
    for _ in 0..18 {
        shop.sell(&bina).await;
    }
    assert!(matches!(shop.ask(&asha, "500", "early").await, Err(WithdrawalError::MoreThanAvailable(a)) if a == rupees("0")));
    shop.holds_end();
    assert_eq!(withdrawals::available(&shop.core, asha.user_id()).await.unwrap().earned, rupees("504"));
    shop.sell(&bina).await;
    shop.holds_end();
    // The job and the person at once: whoever comes second finds what the first released.
    let (worker, device, person) = (shop.clone(), shop.clone(), asha.clone());
    let (released, asked) = tokio::join!(
        tokio::spawn(async move { worker.release().await }),
        tokio::spawn(async move { device.ask(&person, "532", "all").await })
    );
    assert!(asked.unwrap().unwrap().is_now());
    assert!(released.unwrap().commissions <= 1);
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹0", "₹532"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn of_eight_payouts_noted_at_once_with_one_reference_one_is_paid() {
    let shop = Shop::open().await;
    shop.set("withdrawals.minimum", "50").await;
    let asha = shop.earner().await;
    let mut open = Vec::new();
    for _ in 0..8 {
        let withdrawal = shop.asked(&asha, "50").await;
        approve(&shop, &withdrawal).await.unwrap();
        open.push(withdrawal);
    }
    for wrong in ["", "123", "NO DIGITS HERE", "N12345678!", "१२३४५६७८९०१२", &"9".repeat(36)] {
        assert!(matches!(pay(&shop, &open[0], wrong).await, Err(WithdrawalError::NotAUtr)), "{wrong}");
    }
    let answers = at_once(8, |n| {
        let (shop, withdrawal) = (shop.clone(), open[n].clone());
        async move { pay(&shop, &withdrawal, ["N123456789", "n123 456 789"][n % 2]).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Ok(Applied::Now(_)))).count(), 1);
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(WithdrawalError::UtrUsed))).count(), 7);
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹104", "₹350"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn staff_see_what_the_person_earned_and_who_else_is_paid_there() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let withdrawal = shop.asked(&asha, "500").await;
    let dev = shop.arrive("Dev", Some(&asha)).await;
    let background = withdrawals::background(shop.core.db(), &withdrawal).await.unwrap();
    assert_eq!((background.lifetime, background.paid_out, background.same_vpa), (rupees("504"), rupees("0"), 0));
    approve(&shop, &withdrawal).await.unwrap();
    pay(&shop, &withdrawal, "N123456789").await.unwrap();
    shop.run(&format!(
        "INSERT INTO withdrawal (code, user_id, vpa, amount, key, asked_at) VALUES ('X', {}, '{}', 1, 'x', now())",
        dev.id,
        own_vpa(&asha)
    ))
    .await;
    let background = withdrawals::background(shop.core.db(), &withdrawal).await.unwrap();
    assert_eq!((background.lifetime, background.paid_out, background.same_vpa), (rupees("504"), rupees("500"), 1));
    assert_eq!(withdrawals::last_vpa(shop.core.db(), asha.user_id()).await.unwrap(), Some(own_vpa(&asha)));
}
