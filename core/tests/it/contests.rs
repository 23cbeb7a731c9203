//! Contests: decided once, by sales that stand, and paid through the books.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use futures::FutureExt;
use mela_core::audit::Actor;
use mela_core::referrals::contests::{self, Contest, ContestError, ContestState, NewContest};
use mela_core::referrals::{self, Board};
use mela_core::refunds::To;
use mela_core::users::User;
use mela_core::{commissions, privacy};
use sea_orm::{ConnectionTrait, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn new(shop: &Shop, prizes: &[&str]) -> NewContest {
    let from_at = shop.core.now();
    let prizes = prizes.iter().map(|prize| rupees(prize)).collect();
    NewContest { name: "The race".into(), from_at, until_at: from_at + TimeDelta::days(2), prizes }
}

async fn draft(shop: &Shop, prizes: &[&str]) -> Contest {
    let key = format!("tg:{}", shop.number());
    contests::draft(&shop.core, &new(shop, prizes), &admin("Meera"), &key).await.unwrap()
}

async fn started(shop: &Shop, prizes: &[&str]) -> Contest {
    let contest = draft(shop, prizes).await;
    contests::start(&shop.core, contest.id, &admin("Meera")).await.unwrap().into_inner()
}

/// A person whose new friend buys so often, a minute apart.
async fn seller(shop: &Shop, name: &str, sales: usize) -> (User, User) {
    let owner = shop.arrive(name, None).await;
    let friend = shop.arrive("Friend", Some(&owner)).await;
    for _ in 0..sales {
        shop.advance(TimeDelta::minutes(1));
        shop.sell(&friend).await;
    }
    (owner, friend)
}

async fn won(shop: &Shop, contest: &Contest) -> Vec<String> {
    let winners = contests::winners(shop.core.db(), contest.id).await.unwrap();
    winners.iter().map(|w| format!("{} {} {} {}", w.place, w.name, w.score, w.amount)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn decided_once_by_many_at_once_ties_by_who_was_first_and_lost_sales_do_not_count() {
    let shop = Shop::open().await;
    let contest = started(&shop, &["500", "250.50", "100"]).await;
    // Asha and Bina have two each, Asha first; Dev three, of which one is given back and one cancelled.
    let (asha, _) = seller(&shop, "Asha", 2).await;
    let (bina, friend) = seller(&shop, "Bina", 2).await;
    let (dev, buyer) = seller(&shop, "Dev", 1).await;
    let (given_back, cancelled) = (shop.sell(&buyer).await, shop.sell(&buyer).await);
    shop.refund(&given_back, "135", &To::Wallet).await.unwrap();
    let level1 = commissions::of_order(shop.core.db(), cancelled.id).await.unwrap()[0].id;
    commissions::cancel(&shop.core, level1, &admin("Meera"), "fraud").await.unwrap();
    let board = referrals::standings(&shop.core, Board::Contest(contest.id), dev.user_id()).await.unwrap();
    assert_eq!((board.place, board.score), (Some(3), 1));
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 0, "it runs");
    // Past its end, sales count no more; until it is decided, refunds do.
    shop.advance(TimeDelta::days(2));
    for _ in 0..3 {
        shop.sell(&friend).await;
    }
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 0, "it waits");
    shop.advance(TimeDelta::days(1));
    let decided = at_once(4, |_| {
        let core = shop.core.clone();
        async move { contests::end_due(&core).await.unwrap() }
    })
    .await;
    assert_eq!(decided.iter().sum::<usize>(), 1);
    assert_eq!(won(&shop, &contest).await, ["1 Asha 2 ₹500", "2 Bina 2 ₹250.50", "3 Dev 1 ₹100"]);
    assert_eq!(shop.entries("prize:1").await, ["promotion: 500", "Asha credit: -500"]);
    assert_eq!(shop.count("SELECT count(*) FROM prize").await, 3);
    assert_eq!((shop.standing(&asha).await.credit, shop.standing(&bina).await.credit), (rupees("500"), rupees("250.50")));
    let told = shop
        .column("SELECT user_id || ' ' || (args->>'place') || ' ' || trim_scale((args->>'amount')::numeric) FROM notification WHERE kind = 'prize-won' ORDER BY id")
        .await;
    assert_eq!(told, [format!("{} 1 500", asha.id), format!("{} 2 250.5", bina.id), format!("{} 3 100", dev.id)]);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'contest-over' AND user_id IS NULL").await, 1);
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 0);
    assert!(matches!(contests::cancel(&shop.core, contest.id, &admin("Meera")).await, Err(ContestError::NotNow(_))));
    shop.proof_is_empty().await;
}

/// A process that dies between any two statements gives no prize twice, and none to nobody.
#[tokio::test]
async fn cut_off_anywhere_all_prizes_are_given_once_or_none_is() {
    let shop = Shop::open().await;
    let contest = started(&shop, &["500", "250"]).await;
    seller(&shop, "Asha", 2).await;
    seller(&shop, "Bina", 1).await;
    shop.advance(TimeDelta::days(4));
    for at in 0.. {
        let calls = Arc::new(AtomicUsize::new(0));
        let broken = shop.core.with_fault(Arc::new(move || {
            let cut = calls.fetch_add(1, Ordering::SeqCst) == at;
            async move { if cut { Err(DbErr::Custom("cut off".to_owned())) } else { Ok(()) } }.boxed()
        }));
        let ended = contests::end_due(&broken).await;
        let prizes = shop.count("SELECT count(*) FROM prize").await;
        assert!(prizes == 0 || prizes == 2, "cut off at {at}");
        assert_eq!(won(&shop, &contest).await.len() as i64, prizes);
        if ended.is_ok() {
            assert!(at > 8 && prizes == 2);
            break;
        }
    }
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 0);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'prize-won'").await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn large_prizes_are_started_by_another_and_a_cancelled_contest_pays_nobody() {
    let shop = Shop::open().await;
    let contest = draft(&shop, &["900", "100.01"]).await;
    assert!(matches!(contests::start(&shop.core, contest.id, &admin("Meera")).await, Err(ContestError::Own)));
    assert!(contests::start(&shop.core, contest.id, &admin("Kiran")).await.unwrap().is_now());
    assert!(!contests::start(&shop.core, contest.id, &admin("Meera")).await.unwrap().is_now(), "twice is once");
    assert_eq!(contests::running(shop.core.db(), 5).await.unwrap().len(), 1);
    assert!(contests::cancel(&shop.core, contest.id, &admin("Meera")).await.unwrap().is_now());
    assert!(!contests::cancel(&shop.core, contest.id, &admin("Meera")).await.unwrap().is_now());
    assert!(
        matches!(contests::start(&shop.core, contest.id, &admin("Kiran")).await, Err(ContestError::NotNow(found)) if found.state == ContestState::Cancelled)
    );
    seller(&shop, "Asha", 1).await;
    shop.advance(TimeDelta::days(9));
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 0);
    // What is no contest.
    let core = &shop.core;
    let refused = |change: fn(&mut NewContest)| {
        let mut wrong = new(&shop, &["1"]);
        change(&mut wrong);
        async move { contests::draft(core, &wrong, &admin("Meera"), "wrong").await.is_err() }
    };
    assert!(refused(|c| c.prizes.clear()).await);
    assert!(refused(|c| c.prizes = vec![rupees("0")]).await);
    assert!(refused(|c| c.prizes = vec![rupees("1"); 11]).await);
    assert!(refused(|c| c.until_at = c.from_at).await);
    assert!(refused(|c| (c.from_at, c.until_at) = (c.from_at - TimeDelta::days(9), c.until_at - TimeDelta::days(8))).await);
    let same = |n: i64| {
        let contest = NewContest { name: format!("c{n}"), ..new(&shop, &["1"]) };
        async move { contests::draft(core, &contest, &admin("Meera"), "tg:same").await.unwrap() }
    };
    assert_eq!(same(1).await, same(2).await, "the same command again is the same contest");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_was_sold_before_it_was_started_is_on_its_board_and_who_is_forgotten_wins_nothing() {
    let shop = Shop::open().await;
    let contest = draft(&shop, &["50"]).await;
    let (asha, _) = seller(&shop, "Asha", 2).await;
    let (bina, friend) = seller(&shop, "Bina", 1).await;
    referrals::count(&shop.core).await.unwrap();
    contests::start(&shop.core, contest.id, &admin("Meera")).await.unwrap();
    shop.advance(TimeDelta::minutes(1));
    shop.sell(&friend).await;
    let board = referrals::standings(&shop.core, Board::Contest(contest.id), bina.user_id()).await.unwrap();
    assert_eq!((board.place, board.score), (Some(2), 2), "Asha was there first");
    let ties = privacy::ties(shop.core.db(), asha.user_id(), shop.core.now()).await.unwrap();
    privacy::erase(&shop.core, asha.user_id(), ties.mark(), &Actor::customer(&asha)).await.unwrap();
    shop.advance(TimeDelta::days(9));
    assert_eq!(contests::end_due(&shop.core).await.unwrap(), 1);
    assert_eq!(won(&shop, &contest).await, ["1 Bina 2 ₹50"]);
    // Nobody sold anything: it is decided all the same.
    let empty = started(&shop, &["50"]).await;
    shop.advance(TimeDelta::days(9));
    assert_eq!((contests::end_due(&shop.core).await.unwrap(), won(&shop, &empty).await.len()), (1, 0));
    assert!(shop.core.db().execute_unprepared("DELETE FROM contest_prize").await.is_err());
    shop.proof_is_empty().await;
}
