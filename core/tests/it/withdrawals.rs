//! Withdrawals: the money is set aside at the asking, leaves once or comes back once, and is never asked for twice.

use super::shop::{Shop, admin, rupees, vpa};
use super::together::at_once;
use mela_core::db::Applied;
use mela_core::users::User;
use mela_core::withdrawals::{self, Withdrawal, WithdrawalError, WithdrawalState};
use std::collections::HashSet;

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
async fn the_amount_is_set_aside_when_it_is_asked_for_and_leaves_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let withdrawal = shop.asked(&asha, "500").await;
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));
    assert_eq!(shop.entries(&format!("withdrawal:{}:asked", withdrawal.id)).await, ["Asha earned: 500", "Asha withdrawing: -500"]);

    let approved = approve(&shop, &withdrawal).await.unwrap().into_inner();
    assert_eq!((approved.state, approved.decided_by_name.as_deref()), (WithdrawalState::Approved, Some("Meera")));
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));

    let paid = pay(&shop, &withdrawal, " n12345 6789 ").await.unwrap().into_inner();
    assert_eq!((paid.state, paid.payout_utr.as_deref(), paid.settled_at), (WithdrawalState::Paid, Some("N123456789"), Some(shop.core.now())));
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹0"));
    assert_eq!(shop.entries(&format!("withdrawal:{}:settled", withdrawal.id)).await, ["bank: -500", "Asha withdrawing: 500"]);
    assert!(matches!(pay(&shop, &withdrawal, "N123456789").await, Ok(Applied::Already(_))));
    for answer in [pay(&shop, &withdrawal, "N987654321").await, fail(&shop, &withdrawal).await, reject(&shop, &withdrawal).await, approve(&shop, &withdrawal).await] {
        assert!(matches!(answer, Err(WithdrawalError::NotNow(w)) if *w == paid));
    }
    let told = shop.column("SELECT args->>'became' FROM notification WHERE kind = 'withdrawal' ORDER BY id").await;
    assert_eq!(told, ["approved", "paid"]);
    let did = shop.column("SELECT concat_ws(' ', actor_name, action, nullif(detail, '')) FROM audit WHERE action LIKE 'withdrawal.%' ORDER BY id").await;
    assert_eq!(did, ["Meera withdrawal.approve", "Meera withdrawal.pay N123456789"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn of_two_of_500_from_504_exactly_one_is_given_whatever_the_device() {
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
async fn confirming_one_draft_often_is_asking_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    // A second ₹400 of ₹504 would be too much, so a refusal would be wrong; then ₹100 of ₹104.
    shop.set("withdrawals.minimum", "100").await;
    for (key, amount) in [("draft:large", "400"), ("draft:small", "100")] {
        let answers = at_once(8, |_| {
            let (shop, asha) = (shop.clone(), asha.clone());
            async move { shop.ask(&asha, amount, key).await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
        let ids: HashSet<_> = answers.into_iter().map(|a| a.into_inner().id).collect();
        assert_eq!(ids.len(), 1);
    }
    assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹4", "₹500"));
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'withdrawal-card'").await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn too_little_and_too_much_are_refused_with_the_figure() {
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
async fn what_is_due_can_be_withdrawn_though_no_job_ever_ran() {
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
async fn approved_or_rejected_but_not_both() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    for _ in 0..16 {
        let withdrawal = shop.asked(&asha, "500").await;
        let (one, two, same) = (shop.clone(), shop.clone(), withdrawal.clone());
        let first = withdrawal.clone();
        let (yes, no) = tokio::join!(tokio::spawn(async move { approve(&one, &first).await }), tokio::spawn(async move { reject(&two, &same).await }));
        match (yes.unwrap(), no.unwrap()) {
            (Ok(Applied::Now(_)), Err(WithdrawalError::NotNow(w))) => {
                assert_eq!((w.state, has(&shop, &asha).await), (WithdrawalState::Approved, earned_and_withdrawing("₹4", "₹500")));
                fail(&shop, &withdrawal).await.unwrap();
            }
            (Err(WithdrawalError::NotNow(w)), Ok(Applied::Now(_))) => assert_eq!(w.state, WithdrawalState::Rejected),
            both => panic!("{both:?}"),
        }
        assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹504", "₹0"));
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_is_refused_or_cannot_be_paid_comes_back_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let rejected = shop.asked(&asha, "500").await;
    assert!(matches!(fail(&shop, &rejected).await, Err(WithdrawalError::NotNow(_))), "not approved yet");
    assert!(matches!(pay(&shop, &rejected, "N123456789").await, Err(WithdrawalError::NotNow(_))));
    for first in [true, false] {
        assert_eq!(reject(&shop, &rejected).await.unwrap().is_now(), first);
        assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹504", "₹0"));
    }
    let failed = shop.asked(&asha, "504").await;
    approve(&shop, &failed).await.unwrap();
    for first in [true, false] {
        assert_eq!(fail(&shop, &failed).await.unwrap().is_now(), first);
        assert_eq!(has(&shop, &asha).await, earned_and_withdrawing("₹504", "₹0"));
    }
    assert!(matches!(reject(&shop, &failed).await, Err(WithdrawalError::NotNow(_))));
    let reasons = shop.column("SELECT concat_ws(' ', state, reason) FROM withdrawal ORDER BY id").await;
    assert_eq!(reasons, ["rejected wrong UPI id", "failed bank refused"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn one_payout_reference_pays_one_withdrawal() {
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
async fn sixteen_hands_settle_it_once() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    for round in 0..8 {
        let Ok(withdrawal) = shop.ask(&asha, "500", &format!("draft:round-{round}")).await else { break };
        let withdrawal = withdrawal.into_inner();
        approve(&shop, &withdrawal).await.unwrap();
        let answers = at_once(16, |n| {
            let (shop, withdrawal) = (shop.clone(), withdrawal.clone());
            async move {
                match n % 4 {
                    0 => pay(&shop, &withdrawal, &format!("N12345678{round}{n}")).await,
                    1 => fail(&shop, &withdrawal).await,
                    2 => reject(&shop, &withdrawal).await,
                    _ => approve(&shop, &withdrawal).await,
                }
            }
        })
        .await;
        let settled: Vec<_> = answers.into_iter().filter_map(|a| a.ok().filter(Applied::is_now)).map(Applied::into_inner).collect();
        let [settled] = &settled[..] else { panic!("settled {settled:?}") };
        let back = settled.state == WithdrawalState::Failed;
        assert!(back || settled.state == WithdrawalState::Paid);
        assert_eq!(has(&shop, &asha).await, earned_and_withdrawing(if back { "₹504" } else { "₹4" }, "₹0"));
        assert_eq!(shop.count(&format!("SELECT count(*) FROM ledger.transaction WHERE key LIKE 'withdrawal:{}:%'", withdrawal.id)).await, 2);
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_owes_is_not_paid_and_a_refusal_pays_the_debt_first() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let withdrawal = shop.asked(&asha, "500").await;
    shop.owes(&asha, 120).await;
    assert!(matches!(approve(&shop, &withdrawal).await, Err(WithdrawalError::Owes(owed)) if owed == rupees("120")));
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal WHERE state = 'asked' AND decided_at IS NULL").await, 1, "a refused approval leaves no trace");
    reject(&shop, &withdrawal).await.unwrap();
    let settled = format!("withdrawal:{}:settled", withdrawal.id);
    assert_eq!(shop.entries(&settled).await, ["Asha earned: -380", "Asha withdrawing: 500", "Asha owed: -120"]);
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.earned, standing.owed), (rupees("384"), rupees("0")));

    shop.set("withdrawals.minimum", "100").await;
    let approved = shop.asked(&asha, "384").await;
    approve(&shop, &approved).await.unwrap();
    shop.owes(&asha, 400).await;
    assert!(matches!(pay(&shop, &approved, "N123456789").await, Err(WithdrawalError::Owes(_))), "nor is what was approved before");
    fail(&shop, &approved).await.unwrap();
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.earned, standing.withdrawing, standing.owed), (rupees("0"), rupees("0"), rupees("16")));
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action IN ('withdrawal.approve', 'withdrawal.pay')").await, 1);
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
    shop.run(&format!("INSERT INTO withdrawal (code, user_id, vpa, amount, key, asked_at) VALUES ('X', {}, 'asha@ybl', 1, 'x', now())", dev.id)).await;
    let background = withdrawals::background(shop.core.db(), &withdrawal).await.unwrap();
    assert_eq!((background.lifetime, background.paid_out, background.same_vpa), (rupees("504"), rupees("500"), 1));
    assert_eq!(withdrawals::last_vpa(shop.core.db(), asha.user_id()).await.unwrap(), Some(vpa()));
}

#[tokio::test]
async fn a_draft_is_its_owners_alone_and_does_not_change() {
    let shop = Shop::open().await;
    let (ravi, asha, _) = shop.chain().await;
    withdrawals::draft(&shop.core, &asha, 7, "asha@ybl", rupees("500")).await.unwrap();
    withdrawals::draft(&shop.core, &ravi, 7, "ravi@ybl", rupees("900")).await.unwrap();
    assert_eq!(withdrawals::drafted(shop.core.db(), asha.user_id(), 7).await.unwrap(), Some((vpa(), rupees("500"))));
    assert_eq!(withdrawals::drafted(shop.core.db(), ravi.user_id(), 7).await.unwrap(), None);
}
