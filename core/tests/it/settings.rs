//! What an admin may change in the chat, what not, and what is written down of it.

use super::shop::{Shop, admin};
use mela_core::audit;
use mela_core::settings::{self, Origin, SetError};

/// As `/settings KEY VALUE` does it: the change and its audit row in one transaction.
async fn set(shop: &Shop, key: &str, value: &str) -> Result<String, SetError> {
    let by = admin("Meera");
    let tx = shop.core.begin().await?;
    let old = settings::set(shop.core.settings_store(), &tx, shop.core.now(), by.telegram_id, key, value).await?;
    audit::record(&tx, shop.core.now(), &by, "setting.change", key, &format!("{old} → {value}")).await?;
    tx.commit().await?;
    shop.core.settings_store().refresh(shop.core.db()).await?;
    Ok(old)
}

async fn shown(shop: &Shop, key: &str) -> (String, Origin) {
    let knobs = settings::list(shop.core.settings_store(), shop.core.db()).await.unwrap();
    let knob = knobs.into_iter().find(|knob| knob.key == key).unwrap();
    (knob.value, knob.origin)
}

#[tokio::test]
async fn a_change_holds_at_once_and_is_written_down() {
    let shop = Shop::open().await;
    assert_eq!(shown(&shop, "commissions.hold").await, ("24h".into(), Origin::Default));
    assert_eq!(set(&shop, "commissions.hold", "48h").await.unwrap(), "24h");
    assert_eq!(set(&shop, "commissions.hold", "3d").await.unwrap(), "2d");
    assert_eq!(set(&shop, "withdrawals.minimum", "27.90").await.unwrap(), "500");
    assert_eq!(shown(&shop, "commissions.hold").await, ("3d".into(), Origin::Admin));

    let read = shop.core.settings().await.unwrap();
    assert_eq!((read.commissions.hold.to_string(), read.withdrawals.minimum.to_string()), ("3d".into(), "₹27.90".into()));
    let told = shop.column("SELECT concat_ws(' ', actor_name, action, subject, detail) FROM audit ORDER BY id").await;
    assert_eq!(
        told,
        [
            "Meera setting.change commissions.hold 24h → 48h",
            "Meera setting.change commissions.hold 2d → 3d",
            "Meera setting.change withdrawals.minimum 500 → 27.90"
        ]
    );
    assert_eq!(
        shop.column("SELECT concat_ws(' ', key, value, changed_by) FROM setting ORDER BY key").await,
        ["commissions.hold 3d 9077", "withdrawals.minimum 27.90 9077"]
    );
    // Another process that starts now begins with it.
    assert_eq!(shop.beside().await.core.settings().await.unwrap().commissions.hold.to_string(), "3d");
}

#[tokio::test]
async fn what_is_no_setting_is_refused() {
    let shop = Shop::open().await;
    for key in ["commissions.holds", "hold", "", "commissions", "commissions.hold.x", "COMMISSIONS.HOLD", "credits.secret"] {
        assert!(matches!(set(&shop, key, "1").await, Err(SetError::Unknown(k)) if k == key), "{key}");
    }
    nothing_was_changed(&shop).await;
}

#[tokio::test]
async fn what_the_environment_says_or_who_owns_the_shop_is_not_changed_in_the_chat() {
    let shop = Shop::with(&[("MELA_COMMISSIONS__HOLD", "3s")]).await;
    for (key, value) in [
        ("commissions.hold", "48h"),
        ("telegram.owner_id", "9077"),
        ("telegram.admin_chat_id", "-5"),
        ("http.listen", "0.0.0.0:80"),
        ("database.max_connections", "8"),
        ("plan.price", "1"),
        ("jobs.release_every", "1s"),
        ("limits.actions_per_second", "1"),
        ("inbox.keep", "1s"),
    ] {
        assert!(matches!(set(&shop, key, value).await, Err(SetError::Fixed(k)) if k == key), "{key}");
    }
    assert_eq!(shown(&shop, "commissions.hold").await, ("3s".into(), Origin::Environment));
    nothing_was_changed(&shop).await;
}

#[tokio::test]
async fn a_wrong_value_is_refused_with_what_is_wanted() {
    let shop = Shop::open().await;
    for (key, value, sentence) in [
        (
            "commissions.hold",
            "soon",
            "commissions.hold: found \"soon\", wanted a duration from 1s to 3650d, such as 30s, 15m, 24h or 7d (from what an admin changed)",
        ),
        (
            "commissions.hold",
            "0s",
            "commissions.hold: found \"0s\", wanted a duration from 1s to 3650d, such as 30s, 15m, 24h or 7d (from what an admin changed)",
        ),
        (
            "commissions.level1_percent",
            "-1",
            "commissions.level1_percent: found -1, wanted a percentage from 0 to 100 (from what an admin changed)",
        ),
        (
            "commissions.level2_percent",
            "100.01",
            "commissions.level2_percent: found 100.01, wanted a percentage from 0 to 100 (from what an admin changed)",
        ),
        ("withdrawals.minimum", "0", "withdrawals.minimum: found ₹0, wanted more than ₹0 (from what an admin changed)"),
        (
            "withdrawals.minimum",
            "NaN",
            "withdrawals.minimum: found \"NaN\", wanted a number such as 500 or 27.90 (from what an admin changed)",
        ),
        (
            "upi.payee",
            "shop@gmail.com",
            "upi.payee: found \"shop@gmail.com\", wanted a UPI id such as shop@bank (from what an admin changed)",
        ),
        (
            "shop.timezone",
            "Mars/Olympus",
            "shop.timezone: found \"Mars/Olympus\", wanted a time zone such as Asia/Kolkata (from what an admin changed)",
        ),
        ("shop.name", " ", "shop.name: found \" \", wanted one line of 1 to 60 characters (from what an admin changed)"),
    ] {
        let refused = set(&shop, key, value).await.unwrap_err();
        assert!(matches!(refused, SetError::Wrong(_)));
        assert_eq!(refused.to_string(), sentence);
    }
    nothing_was_changed(&shop).await;
}

async fn nothing_was_changed(shop: &Shop) {
    assert_eq!(shop.count("SELECT (SELECT count(*) FROM setting) + (SELECT count(*) FROM audit)").await, 0);
    assert_eq!(*shop.core.settings_store().refresh(shop.core.db()).await.unwrap(), *shop.core.settings_store().last());
}

/// Written by hand, past every check: the shop goes on with what held before.
#[tokio::test]
async fn a_wrong_value_in_the_table_does_not_stop_the_shop() {
    let shop = Shop::open().await;
    set(&shop, "commissions.hold", "48h").await.unwrap();
    shop.run("UPDATE setting SET value = 'soon'").await;
    let read = shop.core.settings_store().refresh(shop.core.db()).await.unwrap();
    assert_eq!(read.commissions.hold.to_string(), "2d");
    assert_eq!(shop.order(&shop.arrive("Ravi", None).await).await.hold_s, 48 * 3_600);
}

#[tokio::test]
async fn a_group_that_moved_is_followed_from_wherever_it_was_named() {
    let shop = Shop::with(&[("MELA_TELEGRAM__ADMIN_CHAT_ID", "-5")]).await;
    mela_core::shop::chat_moved(&shop.core, -5, -1005).await.unwrap();
    mela_core::shop::chat_moved(&shop.core, -1005, -1006).await.unwrap();
    assert_eq!(shop.core.settings().await.unwrap().telegram.admin_chat_id, -1006);
    // A circle, which Telegram does not make, must not hang the shop.
    mela_core::shop::chat_moved(&shop.core, -1006, -1005).await.unwrap();
    assert!([-1005, -1006].contains(&shop.core.settings().await.unwrap().telegram.admin_chat_id));
}
