//! What follows from a refund beside the money: who is told what, what ends, what staff draft and note.

use super::shop::{Shop, admin, rupees, vpa};
use mela_core::money::Rupees;
use mela_core::refunds::{self, Draft, Payout, RefundError, To};
use mela_core::withdrawals;

/// What people were told of refunds since the beginning, as `whom: what`.
async fn told(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT u.name || ': ' || concat_ws(' ', n.args ->> 'kind', n.args ->> 'became', n.args ->> 'amount', 'level ' || (n.args ->> 'level'),
                nullif('owed ' || (n.args ->> 'owed'), 'owed 0'), CASE WHEN (n.args ->> 'whole')::boolean THEN 'whole' END)
         FROM notification n JOIN users u ON u.id = n.user_id WHERE n.kind IN ('refund', 'reversed') ORDER BY n.id",
    )
    .await
}

async fn ended(shop: &Shop) -> Vec<String> {
    shop.column("SELECT order_id || ' ' || end_reason || ' ' || (ended_at = '2026-11-21T06:30:00Z') FROM subscription WHERE ended_at IS NOT NULL")
        .await
}

#[tokio::test]
async fn the_buyer_and_each_referrer_are_told_once_and_only_of_what_was_done() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    for _ in 0..2 {
        refunds::refund(&shop.core, order.id, rupees("50"), &To::Wallet, &admin("Meera"), "slow", "press:1").await.unwrap();
    }
    assert!(matches!(shop.refund(&order, "85.01", &To::Wallet).await, Err(RefundError::NotThatMuch(_))));
    let first = ["Bina: refund made", "Asha: reversed 15 level 1", "Ravi: reversed 5 level 2"];
    assert_eq!(told(&shop).await, first);
    assert_eq!(ended(&shop).await, Vec::<String>::new(), "a part leaves the plan running");

    shop.holds_end();
    shop.asked(&asha, "13").await;
    shop.refund(&order, "85", &To::Wallet).await.unwrap();
    let second = ["Bina: refund made", "Asha: reversed 13 level 1 owed 13 whole", "Ravi: reversed 4 level 2 whole"];
    assert_eq!(told(&shop).await, [first, second].concat());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_plan_ends_with_all_of_its_money_once_and_not_after_its_time() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (whole, kept, over) = (shop.sell(&bina).await, shop.sell(&bina).await, shop.sell(&bina).await);
    shop.refund(&whole, "135", &To::Wallet).await.unwrap();
    shop.refund(&kept, "134.99", &To::Wallet).await.unwrap();
    assert_eq!(ended(&shop).await, [format!("{} does not work true", whole.id)]);
    shop.advance(chrono::TimeDelta::days(31));
    shop.refund(&over, "135", &To::Wallet).await.unwrap();
    assert_eq!(ended(&shop).await.len(), 1, "it was over before");
    for wrong in ["ended_at = NULL, end_reason = NULL", "end_reason = 'another'", "ended_at = ended_at + interval '1 day'"] {
        let changed =
            sea_orm::ConnectionTrait::execute_unprepared(shop.core.db(), &format!("UPDATE subscription SET {wrong} WHERE order_id = {}", whole.id))
                .await;
        assert_eq!(mela_core::db::constraint(&changed.unwrap_err()).as_deref(), Some("subscription_ends_once"), "{wrong}");
    }
    assert!(mela_core::orders::undelivered(shop.core.db(), 10).await.unwrap().iter().all(|order| order.id == kept.id));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_payout_is_noted_with_who_and_why_and_its_utr_is_nobody_elses() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let (_, asha, bina) = shop.chain().await;
    shop.fill(&asha, "0", "10").await;
    let paid = shop.asked(&asha, "10").await;
    withdrawals::approve(&shop.core, paid.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, paid.id, &admin("Meera"), "632500000009").await.unwrap();
    let order = shop.order(&bina).await;
    let payment = shop.prove(&bina, &order, "632500000008").await.unwrap().into_inner();
    shop.approve(&payment).await;
    let by_upi = To::Outside("bina@ybl".parse().unwrap());
    let sent = shop.refund(&order, "100", &by_upi).await.unwrap().into_inner();
    let failed = shop.refund(&order, "35", &by_upi).await.unwrap().into_inner();
    assert_eq!((sent.vpa.as_deref(), sent.made_by_name.as_str(), sent.reason.as_str()), (Some("bina@ybl"), "Meera", "does not work"));

    let before = shop.everything().await;
    for used in ["632500000009", "632500000008"] {
        let refused = refunds::settle(&shop.core, sent.id, &admin("Om"), Payout::Sent(used)).await;
        assert!(matches!(refused, Err(RefundError::UtrUsed)), "{used}");
    }
    assert_eq!(shop.everything().await, before);
    for _ in 0..2 {
        refunds::settle(&shop.core, sent.id, &admin("Om"), Payout::Sent("632500000007")).await.unwrap();
        refunds::settle(&shop.core, failed.id, &admin("Om"), Payout::Failed("closed account")).await.unwrap();
    }
    let found = refunds::of_order(shop.core.db(), order.id).await.unwrap();
    let noted: Vec<_> = found
        .iter()
        .map(|r| (r.state.as_str(), r.settled_by_name.as_deref(), r.payout_utr.as_deref(), r.failure.as_deref()))
        .collect();
    assert_eq!(noted, [("sent", Some("Om"), Some("632500000007"), None), ("failed", Some("Om"), None, Some("closed account"))]);
    let news: Vec<_> = told(&shop).await.into_iter().filter(|line| line.starts_with("Bina")).collect();
    assert_eq!(news, ["Bina: refund made", "Bina: refund made", "Bina: refund sent", "Bina: refund failed"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_each_referrer_gave_back_is_read_from_the_books() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.holds_end();
    shop.asked(&asha, "20").await;
    let refund = shop.refund(&order, "135", &To::Wallet).await.unwrap().into_inner();
    assert_eq!(shop.has(&asha).await, "withdrawing 20, owed 20");
    let back: Vec<_> = refunds::reversals(shop.core.db(), &refund).await.unwrap().into_iter().map(|r| (r.level, r.name, r.amount)).collect();
    assert_eq!(back, [(1, "Asha".to_owned(), rupees("28")), (2, "Ravi".to_owned(), rupees("9"))]);
    assert_eq!(refund.reversed, back.iter().map(|r| r.2).sum::<Rupees>());
    let lone = shop.arrive("Lone", None).await;
    let order = shop.sell(&lone).await;
    let refund = shop.refund(&order, "135", &To::Wallet).await.unwrap().into_inner();
    assert_eq!(refunds::reversals(shop.core.db(), &refund).await.unwrap(), []);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_draft_is_its_makers_never_changes_and_all_of_one_command_are_one_refund() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let draft = Draft {
        id: 70,
        begun: 70,
        made_by: 1,
        order_id: order.id,
        amount: rupees("135"),
        vpa: None,
        reason: None,
        by_gateway: false,
    };
    assert_eq!(refunds::keep(&shop.core, draft.clone()).await.unwrap(), draft);
    let again = refunds::keep(&shop.core, Draft { amount: rupees("5"), ..draft.clone() }).await.unwrap();
    assert_eq!(again, draft, "an update that is run again finds what it made");
    assert_eq!(refunds::drafted(shop.core.db(), 2, 70).await.unwrap(), None);
    let next = Draft { id: 71, vpa: Some(vpa().to_string()), amount: rupees("50"), ..draft.clone() };
    assert_eq!((next.key(), next.to(), draft.to()), (draft.key(), To::Outside(vpa()), To::Wallet));
    let meera = admin("Meera");
    let made = refunds::refund(&shop.core, order.id, next.amount, &next.to(), &meera, "slow", &next.key()).await.unwrap().into_inner();
    let other = refunds::refund(&shop.core, order.id, rupees("85"), &draft.to(), &meera, "slow", &draft.key()).await;
    assert!(matches!(other, Err(RefundError::Another(code)) if code == made.code));
    assert_eq!(refunds::by_key(shop.core.db(), &draft.key()).await.unwrap(), Some(made));
    assert_eq!(refunds::last_vpa(shop.core.db(), bina.user_id()).await.unwrap(), Some(vpa()));
    shop.proof_is_empty().await;
}

/// Two who sent the money twice must hear of it.
#[tokio::test]
async fn a_refund_that_was_sent_is_not_sent_with_another_reference() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let sent = shop.refund(&order, "135", &To::Outside(vpa())).await.unwrap().into_inner();
    refunds::settle(&shop.core, sent.id, &admin("Meera"), Payout::Sent("632500000001")).await.unwrap();
    let other = refunds::settle(&shop.core, sent.id, &admin("Om"), Payout::Sent("632500000002")).await;
    assert!(matches!(other, Err(RefundError::Settled)), "{other:?}");
    shop.proof_is_empty().await;
}
