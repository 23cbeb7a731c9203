//! Files of payouts for the bank, and its answers.

use super::shop::{Shop, admin, own_vpa, rupees};
use super::together::at_once;
use mela_core::db::Fault;
use mela_core::sheet::{self, Limits, Sheet};
use mela_core::users::User;
use mela_core::withdrawals::answer::{self, AnswerError, Checked, Figures, Reason};
use mela_core::withdrawals::batch::{self, Batch};
use mela_core::withdrawals::{self, Withdrawal, WithdrawalState};
use sea_orm::DbErr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn open() -> (Shop, User) {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let asha = shop.earner().await;
    (shop, asha)
}

async fn approved(shop: &Shop, person: &User, amount: &str) -> Withdrawal {
    let asked = shop.asked(person, amount).await;
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap().into_inner()
}

async fn given(shop: &Shop, again: bool) -> Option<Batch> {
    let key = format!("tg:{}", shop.number());
    batch::make(&shop.core, &admin("Meera"), &key, again).await.unwrap().map(mela_core::db::Applied::into_inner)
}

fn sheet(rows: &[String]) -> Sheet {
    let text = format!("Status,UTR,reason,Withdrawal,amount\n{}\n", rows.join("\n"));
    sheet::read("answer.csv", text.as_bytes(), Limits::for_bytes(5_000_000)).unwrap()
}

async fn check(shop: &Shop, rows: &[String]) -> Checked {
    answer::check(&shop.core, &admin("Meera"), &format!("tg:{}", shop.number()), &sheet(rows)).await.unwrap()
}

async fn apply(shop: &Shop, id: i64) -> Figures {
    answer::apply(&shop.core, &admin("Meera"), id, |_| ()).await.unwrap().unwrap()
}

async fn state(shop: &Shop, withdrawal: &Withdrawal) -> WithdrawalState {
    withdrawals::get(shop.core.db(), withdrawal.id).await.unwrap().state
}

fn paid(withdrawal: &Withdrawal, utr: &str) -> String {
    format!("paid,{utr},,W-{},{}", withdrawal.code, withdrawal.net().plain())
}

fn failed(withdrawal: &Withdrawal, reason: &str) -> String {
    format!("Failed,,{reason},w-{},", withdrawal.code)
}

#[tokio::test]
async fn each_approved_withdrawal_is_in_one_file_unless_it_is_asked_for_again() {
    let (shop, asha) = open().await;
    shop.run("UPDATE users SET name = '=HYPERLINK(\"x\")' WHERE name = 'Asha'").await;
    let (first, second) = (approved(&shop, &asha, "100").await, approved(&shop, &asha, "27.50").await);
    let waiting = shop.asked(&asha, "10").await;
    let file = given(&shop, false).await.unwrap();
    assert_eq!((file.count, file.amount), (2, rupees("127.50")));
    let text = String::from_utf8(file.csv).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "withdrawal,name,upi_id,amount,note");
    assert_eq!(lines[1], format!("W-{0},\"'=HYPERLINK(\"\"x\"\")\",{1},100.00,Mela W {0}", first.code, own_vpa(&asha)));
    assert!(lines[2].starts_with(&format!("W-{},", second.code)) && lines[2].contains(",27.50,"), "{text}");
    assert_eq!(lines.len(), 3, "{} is not approved", waiting.code);
    assert!(given(&shop, false).await.is_none());
    // One more is approved: a file of it alone. The same command run again is the same file.
    withdrawals::approve(&shop.core, waiting.id, &admin("Meera")).await.unwrap();
    let om = admin("Om");
    let make = || batch::make(&shop.core, &om, "tg:same", false);
    let (once, twice) = (make().await.unwrap().unwrap(), make().await.unwrap().unwrap());
    assert!(once.is_now() && !twice.is_now());
    assert_eq!(once.into_inner().csv, twice.into_inner().csv);
    let piles = batch::piles(shop.core.db()).await.unwrap();
    assert_eq!((piles.fresh, piles.given, piles.given_amount, piles.left_out), (0, 3, rupees("137.50"), 0));
    assert_eq!(given(&shop, true).await.unwrap().count, 3);
    // Of somebody who owes by now nothing is given.
    shop.owes(&asha, 5).await;
    assert!(given(&shop, true).await.is_none());
    assert_eq!(batch::piles(shop.core.db()).await.unwrap().left_out, 3);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_ask_for_a_file_at_once_share_the_withdrawals() {
    let (shop, asha) = open().await;
    for _ in 0..12 {
        approved(&shop, &asha, "10").await;
    }
    let files = at_once(6, |n| {
        let core = shop.core.clone();
        async move { batch::make(&core, &admin("Meera"), &format!("tg:at-once:{n}"), false).await.unwrap() }
    })
    .await;
    let counts: usize = files.into_iter().flatten().map(|file| file.into_inner().count).sum();
    assert_eq!(counts, 12);
}

#[tokio::test]
async fn an_answer_is_checked_applied_once_and_the_same_again_changes_nothing() {
    let (shop, asha) = open().await;
    let (one, two, three) = (approved(&shop, &asha, "100").await, approved(&shop, &asha, "50").await, approved(&shop, &asha, "25").await);
    given(&shop, false).await.unwrap();
    let rows = [paid(&one, "632512345678"), failed(&two, "no such UPI id"), paid(&three, "n1234 56789")];
    let before = shop.everything().await;
    let checked = check(&shop, &rows).await;
    assert_eq!((checked.paid.count, checked.paid.amount, checked.failed.count), (2, rupees("125"), 1));
    assert!(checked.wrong.is_empty(), "{checked:?}");
    assert_eq!(shop.everything().await.len(), before.len());
    assert_eq!(state(&shop, &one).await, WithdrawalState::Approved, "a dry run");
    // A refund came between, and she owes: what the bank paid is paid all the same.
    shop.owes(&asha, 40).await;
    let figures = apply(&shop, checked.draft.unwrap()).await;
    assert_eq!((figures.paid.count, figures.paid.amount, figures.failed.count, figures.by.as_str()), (2, rupees("125"), 1, "Meera"));
    assert!(figures.refused.is_empty() && figures.open == 0 && !figures.already);
    assert_eq!(withdrawals::get(shop.core.db(), three.id).await.unwrap().payout_utr.as_deref(), Some("N123456789"));
    assert_eq!(withdrawals::get(shop.core.db(), two.id).await.unwrap().reason.as_deref(), Some("no such UPI id"));
    assert_eq!(shop.has(&asha).await, "earned 339", "what came back paid the debt first");
    let told = "SELECT args ->> 'became' FROM notification WHERE kind = 'withdrawal' AND args ->> 'became' <> 'approved' ORDER BY id";
    assert_eq!(shop.column(told).await, ["paid", "failed", "paid"]);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'card-changed'").await, 3);

    let after = shop.everything().await;
    assert!(apply(&shop, checked.draft.unwrap()).await.already);
    let again = check(&shop, &rows).await;
    assert_eq!((again.before, again.draft, again.wrong.len()), (3, None, 0));
    assert_eq!(shop.everything().await, after);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn whatever_is_wrong_with_a_row_is_named_and_only_the_good_are_applied() {
    let (shop, asha) = open().await;
    let good = approved(&shop, &asha, "100").await;
    let (other, rejected, done) = (approved(&shop, &asha, "20").await, shop.asked(&asha, "30").await, approved(&shop, &asha, "40").await);
    withdrawals::reject(&shop.core, rejected.id, &admin("Meera"), "no").await.unwrap();
    withdrawals::pay(&shop.core, done.id, &admin("Meera"), "N000000001").await.unwrap();
    let asked = shop.asked(&asha, "50").await;
    let more = approved(&shop, &asha, "60").await;
    let code = |w: &Withdrawal| format!("W-{}", w.code);
    let checked = check(
        &shop,
        &[
            paid(&good, "632512345678"),
            "paid,632512345679,,W-ZZZZZZZZ,5".to_owned(),
            "paid,632512345679,,nonsense,5".to_owned(),
            format!("sent,632512345680,,{},", code(&other)),
            format!("paid,,,{},", code(&other)),
            format!("paid,632512345678,,{},19.99", code(&more)),
            format!("paid,N000000001,,{},many", code(&more)),
            paid(&rejected, "632512345681"),
            paid(&asked, "632512345682"),
            paid(&done, "632512345683"),
            failed(&done, "came back"),
            failed(&rejected, "no"),
            format!("failed,,,{},", code(&more)),
            format!("paid,632512345690,,{},60,beyond", code(&more)),
        ],
    )
    .await;
    let wrong: Vec<(usize, Reason)> = checked.wrong.iter().map(|bad| (bad.row, bad.reasons[0].clone())).collect();
    assert_eq!((checked.paid.count, checked.failed.count, checked.before), (1, 0, 0), "{wrong:?}");
    assert_eq!(wrong.iter().map(|(row, _)| *row).collect::<Vec<_>>(), (3..=15).collect::<Vec<_>>());
    assert_eq!(wrong[0].1, Reason::Unknown("W-ZZZZZZZZ".into()));
    assert_eq!(wrong[1].1, Reason::Unknown("nonsense".into()));
    assert_eq!(wrong[2].1, Reason::Status("sent".into()));
    assert!(checked.wrong[3].reasons.contains(&Reason::Utr(String::new())) && checked.wrong[3].reasons.contains(&Reason::Twice(5)));
    assert!(checked.wrong[4].reasons.contains(&Reason::Amount(rupees("19.99"), rupees("60"))));
    assert!(checked.wrong[4].reasons.contains(&Reason::UtrTwice(2)));
    assert!(checked.wrong[5].reasons.contains(&Reason::UtrUsed) && checked.wrong[5].reasons.contains(&Reason::NotAnAmount("many".into())));
    assert_eq!(wrong[6].1, Reason::State(WithdrawalState::Rejected));
    assert_eq!(wrong[7].1, Reason::State(WithdrawalState::Asked));
    assert_eq!(wrong[8].1, Reason::OtherUtr);
    assert!(checked.wrong[9].reasons.contains(&Reason::State(WithdrawalState::Paid)));
    assert!(checked.wrong[10].reasons.contains(&Reason::State(WithdrawalState::Rejected)));
    assert!(checked.wrong[11].reasons.contains(&Reason::NoReason));
    assert_eq!(wrong[12].1, Reason::Beyond);
    assert_eq!(apply(&shop, checked.draft.unwrap()).await.paid.count, 1);
    assert_eq!(state(&shop, &good).await, WithdrawalState::Paid);
    for columns in ["withdrawal,status,utr", "withdrawal,status,utr,reason,colour", "withdrawal,status,utr,reason,utr"] {
        let sheet = sheet::read("a.csv", format!("{columns}\na,b,c\n").as_bytes(), Limits::for_bytes(1_000)).unwrap();
        assert!(matches!(answer::check(&shop.core, &admin("Meera"), "tg:x", &sheet).await, Err(AnswerError::Header(_))), "{columns}");
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_changed_after_the_check_is_refused_by_its_row() {
    let (shop, asha) = open().await;
    let (one, two, three) = (approved(&shop, &asha, "10").await, approved(&shop, &asha, "20").await, approved(&shop, &asha, "30").await);
    let checked = check(&shop, &[paid(&one, "632512345671"), paid(&two, "632512345672"), paid(&three, "632512345673")]).await;
    withdrawals::fail(&shop.core, one.id, &admin("Om"), "no").await.unwrap();
    withdrawals::pay(&shop.core, three.id, &admin("Om"), "632512345672").await.unwrap();
    let figures = apply(&shop, checked.draft.unwrap()).await;
    assert_eq!((figures.paid.count, figures.refused), (0, vec![2, 3, 4]));
    assert_eq!((state(&shop, &one).await, state(&shop, &two).await), (WithdrawalState::Failed, WithdrawalState::Approved));
    shop.proof_is_empty().await;
}

/// A fault at the `n`-th statement, and at each one after it: the program is gone.
fn dies_at(n: usize) -> Fault {
    let count = Arc::new(AtomicUsize::new(0));
    Arc::new(move || {
        let dead = count.fetch_add(1, Ordering::Relaxed) >= n;
        Box::pin(async move { if dead { Err(DbErr::Custom("killed".to_owned())) } else { Ok(()) } })
    })
}

#[tokio::test]
async fn killed_at_any_statement_it_goes_on_where_it_was() {
    let (shop, asha) = open().await;
    let all = [approved(&shop, &asha, "10").await, approved(&shop, &asha, "20").await, approved(&shop, &asha, "30").await];
    let rows = [paid(&all[0], "632512345671"), failed(&all[1], "no"), paid(&all[2], "632512345673")];
    let draft = check(&shop, &rows).await.draft.unwrap();
    let (mut killed, mut at) = (0, 0);
    loop {
        match answer::apply(&shop.core.with_fault(dies_at(at)), &admin("Meera"), draft, |_| ()).await {
            Ok(figures) => {
                let figures = figures.unwrap();
                assert_eq!((figures.paid.count + figures.before, figures.failed.count, figures.open), (2, 1, 0));
                break;
            }
            Err(_) => killed += 1,
        }
        at += 3;
        shop.proof_is_empty().await;
    }
    assert!(killed > 3, "{killed}");
    for withdrawal in &all {
        assert_eq!(shop.count(&format!("SELECT count(*) FROM ledger.journal WHERE key = 'withdrawal:{}:settled'", withdrawal.id)).await, 1);
    }
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_who_apply_at_once_do_each_row_once() {
    let (shop, asha) = open().await;
    let mut rows = Vec::new();
    for n in 0..20 {
        let withdrawal = approved(&shop, &asha, "10").await;
        rows.push(if n % 4 == 0 { failed(&withdrawal, "no") } else { paid(&withdrawal, &format!("6325123456{n:02}")) });
    }
    let draft = check(&shop, &rows).await.draft.unwrap();
    let answers = at_once(4, |n| {
        let core = shop.core.clone();
        async move { answer::apply(&core, &admin(["Meera", "Om"][n % 2]), draft, |_| ()).await.unwrap().unwrap() }
    })
    .await;
    let last = answer::apply(&shop.core, &admin("Om"), draft, |_| ()).await.unwrap().unwrap();
    assert!(last.already && answers.iter().any(|one| one.open == 0), "{answers:?}");
    assert_eq!((last.paid.count, last.failed.count, last.before, last.refused.len()), (15, 5, 0, 0));
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action IN ('withdrawal.pay', 'withdrawal.fail')").await, 20);
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'payouts.answer'").await, 1);
    assert_eq!(shop.standing(&asha).await.earned, rupees("354"));
    shop.proof_is_empty().await;
}
