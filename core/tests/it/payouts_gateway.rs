//! Withdrawals that RazorpayX pays, over real HTTP against one of ours: never twice, whatever comes between.

use super::gateways::{alarms, hear, open, sweep};
use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::gateways::Which;
use mela_core::gateways::transfer::{self, TransferError};
use mela_core::sheet::{self, Limits};
use mela_core::users::User;
use mela_core::withdrawals::answer::{self, Reason};
use mela_core::withdrawals::{self, Withdrawal, WithdrawalError, WithdrawalState, batch};
use testkit::gateway::{Fake, Mood};

async fn start() -> (Shop, Fake, User) {
    let (first, fake) = open(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    let variables = fake.razorpayx();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).chain([("MELA_WITHDRAWALS__MINIMUM", "10")]).collect();
    let shop = first.with_keys(&variables).await;
    let asha = shop.earner().await;
    (shop, fake, asha)
}

async fn approved(shop: &Shop, person: &User, amount: &str) -> Withdrawal {
    let asked = shop.asked(person, amount).await;
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap().into_inner()
}

/// The press on the card.
async fn press(shop: &Shop, withdrawal: &Withdrawal) -> Result<transfer::Row, TransferError> {
    let row = transfer::begin(&shop.core, withdrawal.id, &admin("Meera")).await?.into_inner();
    transfer::send(&shop.core, row.id).await.unwrap();
    Ok(row)
}

async fn rows(shop: &Shop) -> Vec<String> {
    shop.column("SELECT concat_ws(' ', t.key = 'W-' || w.code OR NULL, t.state, t.status) FROM gateway_transfer t JOIN withdrawal w ON w.id = t.withdrawal_id ORDER BY t.id")
        .await
}

async fn now(shop: &Shop, withdrawal: &Withdrawal) -> Withdrawal {
    withdrawals::get(shop.core.db(), withdrawal.id).await.unwrap()
}

fn key(withdrawal: &Withdrawal) -> String {
    format!("W-{}", withdrawal.code)
}

#[tokio::test]
async fn sent_once_and_paid_when_it_says_so() {
    let (shop, fake, asha) = start().await;
    let withdrawal = approved(&shop, &asha, "100.50").await;
    press(&shop, &withdrawal).await.unwrap();
    let sent = fake.transfers();
    assert_eq!(
        (sent.len(), sent[0]["amount"].as_i64(), sent[0]["reference_id"].as_str().unwrap()),
        (1, Some(10_050), key(&withdrawal).as_str())
    );
    assert_eq!(rows(&shop).await, ["t sent processing"]);
    // Pressed again, swept, and by eight at once: it is one.
    press(&shop, &withdrawal).await.unwrap();
    at_once(8, |_| {
        let (shop, withdrawal) = (shop.clone(), withdrawal.clone());
        async move { press(&shop, &withdrawal).await.unwrap() }
    })
    .await;
    for _ in 0..5 {
        shop.advance(TimeDelta::hours(1));
        sweep(&shop).await;
    }
    assert_eq!((fake.transfers().len(), rows(&shop).await), (1, vec!["t sent processing".to_owned()]));
    // By hand nobody can say what became of it meanwhile, nor give it to the bank.
    let (core, id) = (&shop.core, withdrawal.id);
    assert!(matches!(withdrawals::pay(core, id, &admin("Om"), "N123456789").await, Err(WithdrawalError::BeingPaid)));
    assert!(matches!(withdrawals::fail(core, id, &admin("Om"), "no").await, Err(WithdrawalError::BeingPaid)));
    assert!(batch::make(core, &admin("Om"), "tg:1", true).await.unwrap().is_none());
    let text = format!("withdrawal,status,utr,reason\n{},paid,632512345678,\n", key(&withdrawal));
    let sheet = sheet::read("a.csv", text.as_bytes(), Limits::for_bytes(1_000)).unwrap();
    assert_eq!(answer::check(core, &admin("Om"), "tg:2", &sheet).await.unwrap().wrong[0].reasons, [Reason::BeingPaid]);
    // She owes by now: the money has left all the same.
    shop.owes(&asha, 5).await;
    let event = fake.transfer_is(&key(&withdrawal), "processed");
    for _ in 0..3 {
        hear(&shop, Which::Razorpay, &event).await.unwrap();
    }
    let paid = now(&shop, &withdrawal).await;
    assert_eq!((paid.state, paid.settled_by_name.as_deref()), (WithdrawalState::Paid, Some("RazorpayX")));
    assert_eq!(shop.column("SELECT payout_utr FROM withdrawal").await, [fake.transfers()[0]["utr"].as_str().unwrap()]);
    assert_eq!(rows(&shop).await, ["t paid processed"]);
    // An older state comes late.
    hear(&shop, Which::Razorpay, &fake.transfer_is(&key(&withdrawal), "queued")).await.unwrap();
    assert_eq!(now(&shop, &withdrawal).await.state, WithdrawalState::Paid);
    // And it comes back.
    hear(&shop, Which::Razorpay, &fake.transfer_is(&key(&withdrawal), "reversed")).await.unwrap();
    let back = now(&shop, &withdrawal).await;
    assert_eq!((back.state, back.reason.as_deref()), (WithdrawalState::Returned, Some("The UPI ID does not exist")));
    assert_eq!((shop.has(&asha).await.as_str(), alarms(&shop).await.len()), ("earned 499", 0), "₹5 paid the debt");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_lost_answer_a_timeout_and_a_gateway_that_is_down_pay_once() {
    let (shop, fake, asha) = start().await;
    let withdrawal = approved(&shop, &asha, "100").await;
    fake.transfers_are("processed");
    // It does it and forgets to say so; then it is busy; then down.
    fake.will_be(&[Mood::Forgets, Mood::Busy, Mood::Down, Mood::Down]);
    press(&shop, &withdrawal).await.unwrap();
    assert_eq!((rows(&shop).await, now(&shop, &withdrawal).await.state), (vec!["t to_send".to_owned()], WithdrawalState::Approved));
    assert!(matches!(withdrawals::pay(&shop.core, withdrawal.id, &admin("Om"), "N123456789").await, Err(WithdrawalError::BeingPaid)));
    for _ in 0..12 {
        shop.advance(TimeDelta::hours(1));
        sweep(&shop).await;
    }
    assert_eq!((fake.transfers().len(), now(&shop, &withdrawal).await.state), (1, WithdrawalState::Paid));

    // The program died between the asking and the note of it; her name is another by now, and the body is the same.
    let second = approved(&shop, &asha, "50").await;
    transfer::begin(&shop.core, second.id, &admin("Meera")).await.unwrap();
    shop.run("UPDATE users SET name = 'Asha Devi' WHERE name = 'Asha'").await;
    fake.will_be(&[Mood::Forgets]);
    sweep(&shop).await;
    shop.advance(TimeDelta::hours(1));
    sweep(&shop).await;
    assert_eq!((fake.transfers().len(), now(&shop, &second).await.state), (2, WithdrawalState::Paid));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_it_rejects_goes_back_with_the_reason_and_what_it_does_not_take_waits() {
    let (shop, fake, asha) = start().await;
    for status in ["rejected", "failed", "cancelled", "reversed"] {
        let withdrawal = approved(&shop, &asha, "100").await;
        press(&shop, &withdrawal).await.unwrap();
        let event = fake.transfer_is(&key(&withdrawal), status);
        for _ in 0..2 {
            hear(&shop, Which::Razorpay, &event).await.unwrap();
        }
        let back = now(&shop, &withdrawal).await;
        assert_eq!((back.state, back.reason.as_deref()), (WithdrawalState::Failed, Some("The UPI ID does not exist")), "{status}");
        assert!(matches!(press(&shop, &withdrawal).await, Ok(row) if !row.is_under_way()), "no second one after an end");
        // It says the other end now: a person looks.
        if status == "rejected" {
            hear(&shop, Which::Razorpay, &fake.transfer_is(&key(&withdrawal), "processed")).await.unwrap();
            assert_eq!((now(&shop, &withdrawal).await.state, alarms(&shop).await.len()), (WithdrawalState::Failed, 1));
        }
    }
    assert_eq!(shop.standing(&asha).await.earned, rupees("504"));

    fake.transfers_are("refused");
    let withdrawal = approved(&shop, &asha, "100").await;
    press(&shop, &withdrawal).await.unwrap();
    assert_eq!(rows(&shop).await.last().unwrap(), "t refused");
    assert_eq!(now(&shop, &withdrawal).await.state, WithdrawalState::Approved);
    // Asked for once more under a key of its own; or paid by hand.
    fake.transfers_are("queued");
    press(&shop, &withdrawal).await.unwrap();
    assert_eq!(fake.transfers().last().unwrap()["reference_id"], format!("{}-2", key(&withdrawal)));
    hear(&shop, Which::Razorpay, &fake.transfer_is(&format!("{}-2", key(&withdrawal)), "processed")).await.unwrap();
    assert_eq!(now(&shop, &withdrawal).await.state, WithdrawalState::Paid);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn by_hand_by_file_and_by_the_gateway_at_once_it_leaves_one_way() {
    let (shop, fake, asha) = start().await;
    fake.transfers_are("processed");
    for n in 0..6 {
        let withdrawal = approved(&shop, &asha, "20").await;
        let made = fake.transfers().len();
        let answers = at_once(3, |way| {
            let (shop, withdrawal) = (shop.clone(), withdrawal.clone());
            async move {
                match way {
                    0 => press(&shop, &withdrawal).await.is_ok(),
                    1 => withdrawals::pay(&shop.core, withdrawal.id, &admin("Om"), &format!("N12345678{n}")).await.is_ok(),
                    _ => batch::make(&shop.core, &admin("Om"), &format!("tg:race:{n}"), false).await.unwrap().is_some(),
                }
            }
        })
        .await;
        let by_gateway = fake.transfers().len() - made;
        // A file may be given, and then somebody pays by hand what is in it: that is theirs to see.
        assert!(by_gateway <= 1 && (by_gateway == 0 || !answers[1] && !answers[2]), "{answers:?}");
        assert!(answers.contains(&true));
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn only_what_is_approved_in_no_file_and_of_nobody_who_owes_is_sent() {
    let (shop, fake, asha) = start().await;
    let asked = shop.asked(&asha, "100").await;
    assert!(matches!(press(&shop, &asked).await, Err(TransferError::Withdrawal(e)) if matches!(*e, WithdrawalError::NotNow(_))));
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
    batch::make(&shop.core, &admin("Om"), "tg:1", false).await.unwrap().unwrap();
    assert!(matches!(press(&shop, &asked).await, Err(TransferError::InAFile)));
    let other = approved(&shop, &asha, "100").await;
    shop.owes(&asha, 5).await;
    assert!(matches!(press(&shop, &other).await, Err(TransferError::Withdrawal(e)) if matches!(*e, WithdrawalError::Owes(_))));
    let plain = Shop::open().await;
    assert!(matches!(transfer::begin(&plain.core, 1, &admin("Meera")).await, Err(TransferError::Off)));
    assert_eq!(
        (fake.transfers().len(), transfer::pays_out(&plain.core), transfer::pays_out(&shop.core)),
        (0, None, Some(Which::Razorpay))
    );
    // A payout that is none of ours is taken and ignored.
    let theirs = testkit::gateway::Event::of_razorpay(
        "payout.processed",
        "evt_x",
        br#"{"event": "payout.processed", "payload": {"payout": {"entity": {"id": "pout_x", "status": "processed", "reference_id": null, "utr": "1"}}}}"#.to_vec(),
        testkit::gateway::WEBHOOK_SECRET,
    );
    hear(&shop, Which::Razorpay, &theirs).await.unwrap();
    shop.proof_is_empty().await;
}
