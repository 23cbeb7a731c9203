//! Verifying: what is kept, of whom, for how long; and that the first withdrawal waits for it.

use super::shop::{Shop, admin};
use chrono::TimeDelta;
use futures::FutureExt;
use mela_core::audit::Actor;
use mela_core::db::Applied;
use mela_core::fraud::signals::SignalError;
use mela_core::privacy::{self, Erasure};
use mela_core::users::User;
use mela_core::verification::{self, Device, Seen, Verification};
use mela_core::withdrawals::{self, WithdrawalError};
use sea_orm::DbErr;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const WEB: (&str, &str) = ("MELA_HTTP__PUBLIC_URL", "https://shop.example.com");
const PHONE: &str = "019a00000000aaaaaaaaaaaaaaaaaaaa";
const LAPTOP: &str = "019a00000001bbbbbbbbbbbbbbbbbbbb";

fn seen(devices: &[&str], address: &str) -> Seen {
    let address = (!address.is_empty()).then(|| address.parse::<IpAddr>().unwrap().into());
    Seen { devices: devices.iter().map(|device| device.parse::<Device>().unwrap()).collect(), address }
}

async fn verify(shop: &Shop, person: &User, seen: &Seen) -> Applied<Verification> {
    verification::verify(&shop.core, person.telegram_id, seen).await.unwrap().unwrap()
}

/// Pairs of people who share a mark, with its kind.
async fn shared(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT format('%s: %s and %s', a.kind, p.name, q.name) FROM signal a JOIN signal b ON b.mark = a.mark AND b.kind = a.kind AND b.user_id > a.user_id
         JOIN users p ON p.id = a.user_id JOIN users q ON q.id = b.user_id ORDER BY 1",
    )
    .await
}

#[tokio::test]
async fn who_shares_a_device_or_a_line_is_known_by_keyed_marks_alone() {
    let shop = Shop::open().await;
    let [asha, bala, chitra, dev] = [
        shop.arrive("Asha", None).await,
        shop.arrive("Bala", None).await,
        shop.arrive("Chitra", None).await,
        shop.arrive("Dev", None).await,
    ];
    assert!(verify(&shop, &asha, &seen(&[PHONE], "203.0.113.7")).await.is_now());
    // The same phone under two names, one of them new; the address as another kind of socket tells it.
    verify(&shop, &bala, &seen(&[LAPTOP, PHONE], "::ffff:203.0.113.7")).await;
    verify(&shop, &chitra, &seen(&[LAPTOP], "2401:4900:1c2a:9e00::1")).await;
    verify(&shop, &dev, &seen(&["another-device-altogether"], "2401:4900:1c2a:9e00:ffff::9")).await;
    assert_eq!(shared(&shop).await, ["device: Asha and Bala", "device: Bala and Chitra", "ip4: Asha and Bala", "ip6: Chitra and Dev"]);
    verify(&shop, &asha, &seen(&[], "100.64.0.1")).await;
    verify(&shop, &dev, &seen(&[], "100.64.0.1")).await;
    assert!(shared(&shop).await.contains(&"weak-ip: Asha and Dev".to_owned()));
    assert_eq!(shop.count("SELECT count(*) FROM fraud_event WHERE kind = 'verified'").await, 6);
    let all = super::privacy::everything(&shop).await;
    for trace in [PHONE, LAPTOP, "203.0.113.7", "2401:4900", "100.64.0.1", "another-device"] {
        assert!(!all.contains(trace), "{trace} is kept as it is");
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn marks_are_forgotten_when_they_were_not_seen_for_long_and_the_day_is_not() {
    let shop = Shop::with(&[("MELA_FRAUD__KEEP_DEVICES", "90d")]).await;
    let asha = shop.arrive("Asha", None).await;
    verify(&shop, &asha, &seen(&[PHONE, LAPTOP], "203.0.113.7")).await;
    let marks = async || shop.count("SELECT count(*) FROM signal").await;
    shop.advance(TimeDelta::days(60));
    assert!(!verify(&shop, &asha, &seen(&[PHONE], "")).await.is_now());
    shop.advance(TimeDelta::days(29));
    assert_eq!((verification::forget_old(&shop.core).await.unwrap(), marks().await), (0, 3));
    shop.advance(TimeDelta::days(2));
    assert_eq!((verification::forget_old(&shop.core).await.unwrap(), marks().await), (2, 1), "what was seen again stays");
    shop.advance(TimeDelta::days(90));
    assert_eq!((verification::forget_old(&shop.core).await.unwrap(), marks().await), (1, 0));
    let kept = verification::of(shop.core.db(), asha.user_id()).await.unwrap().unwrap();
    assert_eq!((kept.seen_at - kept.verified_at).num_days(), 60);
    let plan = shop.column("EXPLAIN DELETE FROM signal WHERE last_at < now() AND kind IN ('device', 'ip4', 'ip6', 'weak-ip')").await;
    assert!(plan.concat().contains("signal"), "{plan:#?}");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_comes_by_hundreds_of_devices_fills_no_disk() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for number in 0..60 {
        verify(&shop, &asha, &seen(&[&format!("device-{number:04}")], &format!("2401:4900:0:{number:x}::1"))).await;
    }
    assert_eq!(shop.count("SELECT count(*) FROM signal WHERE kind = 'device'").await, 50);
    assert_eq!(shop.count("SELECT count(*) FROM signal WHERE kind = 'ip6'").await, 50);
}

#[tokio::test]
async fn the_first_withdrawal_waits_where_the_page_can_be_opened() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.fill(&asha, "0", "2000").await;
    let due = async |shop: &Shop| verification::is_due(&shop.core, shop.core.db(), asha.user_id()).await.unwrap();
    assert!(!due(&shop).await, "there is no page");
    let web = shop.with_keys(&[WEB]).await;
    assert!(due(&web).await);
    assert!(!due(&shop.with_keys(&[WEB, ("MELA_FRAUD__VERIFY_FIRST_WITHDRAWAL", "false")]).await).await);
    assert!(matches!(web.ask(&asha, "500", "k1").await, Err(WithdrawalError::NotVerified)));
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal").await, 0);
    // What was asked for before is asked for: pressed again it is no other answer.
    let asked = shop.ask(&asha, "500", "k0").await.unwrap().into_inner();
    assert_eq!(web.ask(&asha, "500", "k0").await.unwrap(), Applied::Already(asked.clone()));
    verify(&web, &asha, &seen(&[PHONE], "203.0.113.7")).await;
    assert!(!due(&web).await);
    assert!(web.ask(&asha, "500", "k1").await.unwrap().is_now());
    // Who was paid once is not asked any more.
    shop.run("DELETE FROM verification").await;
    assert!(due(&web).await);
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, asked.id, &admin("Meera"), "998877665544").await.unwrap();
    assert!(!due(&web).await);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forgotten_at_the_same_moment_nothing_comes_back_behind_it() {
    let shop = Shop::open().await;
    for _ in 0..8 {
        let asha = shop.arrive("Asha", None).await;
        let mark = privacy::ties(shop.core.db(), asha.user_id(), shop.core.now()).await.unwrap().mark();
        let (by, seen) = (Actor::customer(&asha), seen(&[PHONE], "203.0.113.7"));
        let verify = || verification::verify(&shop.core, asha.telegram_id, &seen);
        let (erased, one, two) = tokio::join!(privacy::erase(&shop.core, asha.user_id(), mark, &by), verify(), verify());
        assert_eq!(erased.unwrap(), Erasure::Done);
        assert!(one.is_ok() && two.is_ok());
        for table in ["verification", "signal", "notification", "fraud_event"] {
            assert_eq!(shop.count(&format!("SELECT count(*) FROM {table} WHERE user_id = {}", asha.id)).await, 0, "{table}");
        }
        assert_eq!(verify().await.unwrap(), None);
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn cut_off_anywhere_it_is_whole_or_not_at_all() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for cut in 0.. {
        let passed = Arc::new(AtomicUsize::new(0));
        let fault = move || {
            let stops = passed.fetch_add(1, Ordering::Relaxed) == cut;
            async move { if stops { Err(DbErr::Custom("cut off".into())) } else { Ok(()) } }.boxed()
        };
        let seen = seen(&[PHONE], "203.0.113.7");
        let done = verification::verify(&shop.core.with_fault(Arc::new(fault)), asha.telegram_id, &seen).await;
        let rows = shop
            .column("SELECT format('%s %s %s %s', (SELECT count(*) FROM verification), (SELECT count(*) FROM signal), (SELECT count(*) FROM fraud_event), (SELECT count(*) FROM notification WHERE kind = 'verified'))")
            .await;
        if done.is_ok() {
            // The one before was cut off behind its commit: this one came again.
            assert_eq!(rows, ["1 2 2 1"]);
            assert!(cut > 8, "{cut}");
            break;
        }
        // After the commit all of it is there; cut off again, it is there already.
        assert!(rows == ["0 0 0 0"] || rows[0].starts_with("1 2 ") && rows[0].ends_with(" 1"), "{cut}: {rows:?}");
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn under_a_key_that_is_not_here_nobody_verifies_half() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let (key, other) = ("a".repeat(64), "b".repeat(64));
    let sealed = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &key)]).await;
    verify(&sealed, &asha, &seen(&[PHONE], "")).await;
    let bala = shop.arrive("Bala", None).await;
    let lost = shop.with_keys(&[("MELA_CREDENTIALS__KEY", &other)]).await;
    let refused = verification::verify(&lost.core, bala.telegram_id, &seen(&[PHONE], "")).await;
    assert!(matches!(refused, Err(SignalError::Vault(_))), "{refused:?}");
    assert_eq!(verification::of(shop.core.db(), bala.user_id()).await.unwrap(), None);
    verify(&sealed, &bala, &seen(&[PHONE], "")).await;
    assert_eq!(shared(&shop).await, ["device: Asha and Bala"], "one key for all");
}
