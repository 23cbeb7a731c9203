//! What a rule finds is on hold until staff decide, and everything about it can be undone.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use mela_core::audit::Actor;
use mela_core::db::Applied;
use mela_core::fraud::{self, Filter, FlagError, FlagState, Part, RuleName};
use mela_core::orders::Order;
use mela_core::payments::{self, Incoming, Method};
use mela_core::users::User;
use mela_core::withdrawals::{self, Withdrawal, WithdrawalError};

impl Shop {
    /// Everything that happened is looked at.
    pub(crate) async fn look(&self) {
        while fraud::look_at_events(&self.core, 100).await.unwrap() > 0 {}
    }

    /// A sale that a gateway confirms: whose UPI id paid is known.
    pub(crate) async fn sell_paid_by(&self, buyer: &User, payer: &str) -> Order {
        let order = self.order(buyer).await;
        let number = self.number();
        let incoming = Incoming {
            method: Method::Gateway,
            amount: order.price,
            key: format!("razorpay:pay_{number}"),
            gateway: Some(("razorpay".to_owned(), format!("pay_{number}"))),
            payer: Some(payer.to_owned()),
            credit: None,
        };
        payments::receive(&self.core, order.id, &incoming, &Actor::program("razorpay")).await.unwrap();
        order
    }

    /// A withdrawal to a UPI id.
    pub(crate) async fn ask_to(&self, person: &User, amount: &str, vpa: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
        withdrawals::ask(&self.core, person, &vpa.parse().unwrap(), rupees(amount), &format!("draft:{}", self.number())).await
    }

    /// The open flags as `rule: people`, those whom it is about.
    pub(crate) async fn flags(&self) -> Vec<String> {
        self.column(
            "SELECT f.rule || CASE WHEN f.strong THEN '' ELSE ' (weak)' END || ': ' || coalesce(string_agg(u.name, ', ' ORDER BY u.name) FILTER (WHERE p.part <> 'seen'), '–')
             FROM flag f LEFT JOIN flag_person p ON p.flag_id = f.id LEFT JOIN users u ON u.id = p.user_id WHERE f.state = 'open' GROUP BY f.id, f.rule, f.strong ORDER BY 1",
        )
        .await
    }

    async fn one_flag(&self) -> i64 {
        fraud::queue(self.core.db(), Filter { state: Some(FlagState::Open), ..Filter::default() }, None, 10).await.unwrap()[0].id
    }
}

/// Two who earned ₹504 each.
async fn two_earners(shop: &Shop) -> (User, User) {
    let mut earners = Vec::new();
    for name in ["Asha", "Chetan"] {
        let earner = shop.arrive(name, None).await;
        let buyer = shop.arrive(&format!("friend of {name}"), Some(&earner)).await;
        for _ in 0..18 {
            shop.sell(&buyer).await;
        }
        earners.push(earner);
    }
    shop.holds_end();
    shop.release().await;
    let chetan = earners.pop().unwrap();
    (earners.pop().unwrap(), chetan)
}

#[tokio::test]
async fn two_who_withdraw_to_one_upi_id_are_held_before_a_rupee_leaves_and_let_go_when_it_is_nothing() {
    let shop = Shop::open().await;
    let (asha, chetan) = two_earners(&shop).await;
    let first = shop.ask_to(&asha, "500", "98765 43210@YBL").await.unwrap().into_inner();
    withdrawals::approve(&shop.core, first.id, &admin("Meera")).await.unwrap();
    assert_eq!(shop.flags().await, [""; 0]);
    // Another handle, the same phone.
    let second = shop.ask_to(&chetan, "500", "9876543210@paytm").await.unwrap().into_inner();
    assert_eq!(shop.flags().await, ["duplicate-upi: Asha, Chetan"]);
    assert_eq!(fraud::score(shop.core.db(), asha.user_id()).await.unwrap(), 60);
    for (id, refused) in [
        (first.id, withdrawals::pay(&shop.core, first.id, &admin("Meera"), "UTR1234567890").await),
        (second.id, withdrawals::approve(&shop.core, second.id, &admin("Meera")).await),
    ] {
        assert!(matches!(refused, Err(WithdrawalError::OnHold)), "withdrawal {id}: {refused:?}");
    }
    // What comes in meanwhile stays held, what is earned cannot be spent, and nothing more can be asked for.
    let friend = shop.arrive("Dev", Some(&asha)).await;
    shop.sell(&friend).await;
    shop.holds_end();
    assert_eq!(shop.release().await.people, 0);
    assert_eq!(shop.has(&asha).await, "held 28, earned 4, withdrawing 500");
    shop.fill(&asha, "0", "200").await;
    let order = shop.order(&asha).await;
    assert!(shop.pay_from_wallet(&asha, &order).await.is_err());
    assert!(matches!(shop.ask_to(&asha, "200", "asha@sbi").await, Err(WithdrawalError::BelowMinimum(_))));
    shop.fill(&asha, "0", "400").await;
    assert!(matches!(shop.ask_to(&asha, "500", "asha@sbi").await, Err(WithdrawalError::OnHold)));

    let flag = shop.one_flag().await;
    let dismissed = at_once(8, |_| {
        let core = shop.core.clone();
        async move { fraud::dismiss(&core, flag, &admin("Meera")).await.unwrap() }
    })
    .await;
    assert_eq!(dismissed.iter().filter(|d| d.is_now()).count(), 1);
    assert!(matches!(fraud::block(&shop.core, flag, &admin("Meera"), "no").await, Err(FlagError::Decided(_))));
    assert_eq!(shop.release().await.people, 1, "what waited is released at once");
    withdrawals::approve(&shop.core, second.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, first.id, &admin("Meera"), "UTR1234567890").await.unwrap();
    withdrawals::pay(&shop.core, second.id, &admin("Meera"), "UTR1234567891").await.unwrap();
    // Known to be nothing, until a third comes.
    fraud::sweep(&shop.core, |_| ()).await.unwrap();
    assert_eq!(shop.flags().await, [""; 0]);
    let third = shop.arrive("Esha", None).await;
    shop.fill(&third, "0", "600").await;
    shop.ask_to(&third, "500", "9876543210@okaxis").await.unwrap();
    assert_eq!(shop.flags().await, ["duplicate-upi: Asha, Chetan, Esha"]);
    let audited = "SELECT action FROM audit WHERE subject LIKE 'F-%' OR action LIKE 'fraud%'";
    assert_eq!(shop.column(audited).await, ["fraud.dismissed"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn blocking_cancels_what_is_held_gives_withdrawals_back_and_can_be_undone() {
    let shop = Shop::open().await;
    let (asha, chetan) = two_earners(&shop).await;
    let friend = shop.arrive("Dev", Some(&asha)).await;
    shop.sell(&friend).await;
    shop.ask_to(&asha, "500", "asha@ybl").await.unwrap();
    let asked = shop.ask_to(&chetan, "500", "asha@ybl").await.unwrap().into_inner();
    let flag = shop.one_flag().await;
    assert!(matches!(fraud::block(&shop.core, flag, &admin("Meera"), "  ").await, Err(FlagError::Reason)));
    assert!(fraud::block(&shop.core, flag, &admin("Meera"), "one person").await.unwrap().is_now());
    assert!(!fraud::block(&shop.core, flag, &admin("Ravi"), "one person").await.unwrap().is_now());
    assert_eq!((shop.has(&asha).await, shop.has(&chetan).await), ("earned 504".to_owned(), "earned 504".to_owned()));
    assert_eq!(withdrawals::get(shop.core.db(), asked.id).await.unwrap().reason.as_deref(), Some("one person"));
    // A blocked person buys, and neither earns nor withdraws.
    shop.sell(&friend).await;
    shop.sell(&asha).await;
    assert_eq!(shop.has(&asha).await, "earned 504");
    assert!(matches!(shop.ask_to(&asha, "500", "new@ybl").await, Err(WithdrawalError::OnHold)));
    fraud::unblock_person(&shop.core, asha.user_id(), &admin("Meera")).await.unwrap();
    assert!(!fraud::unblock_person(&shop.core, asha.user_id(), &admin("Meera")).await.unwrap().is_now());
    shop.sell(&friend).await;
    assert_eq!(shop.has(&asha).await, "held 28, earned 504");
    shop.ask_to(&asha, "500", "new@ybl").await.unwrap();
    assert!(matches!(shop.ask_to(&chetan, "500", "new2@ybl").await, Err(WithdrawalError::OnHold)), "the other stays blocked");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_pays_for_their_own_friend_is_held_for_these_sales_alone() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    // Before it is known whose UPI id that is, nothing is to be seen; the third sale is released by then.
    shop.sell_paid_by(&bina, "asha@okaxis").await;
    shop.look().await;
    shop.holds_end();
    shop.release().await;
    let honest = shop.sell_paid_by(&bina, "bina@sbi").await;
    let own = shop.sell_paid_by(&bina, "asha@okaxis").await;
    shop.look().await;
    assert_eq!(shop.flags().await, [""; 0]);
    shop.fill(&asha, "0", "600").await;
    let asked = shop.ask_to(&asha, "500", "asha@okaxis").await.unwrap().into_inner();
    assert_eq!(shop.flags().await, ["self-referral: Asha"]);
    let flag = fraud::get(shop.core.db(), shop.one_flag().await).await.unwrap();
    assert_eq!((flag.rule, flag.evidence.orders, flag.evidence.amount), (RuleName::SelfReferral, 2, Some(rupees("56"))));
    let people = fraud::people_of(shop.core.db(), flag.id, 10).await.unwrap();
    let parts: Vec<_> = people.iter().map(|p| (p.user.name.as_str(), p.part, p.freezes)).collect();
    assert_eq!(
        parts,
        [("Asha", Part::Beneficiary, true), ("Bina", Part::Seen, false)],
        "one commission was released: the money is in the purse"
    );
    assert!(matches!(withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await, Err(WithdrawalError::OnHold)));
    // Of the other sale nothing is touched, nor what others earned.
    let held = "SELECT order_id || ' ' || level FROM commission WHERE release_at > '2200-01-01' ORDER BY id";
    assert_eq!(shop.column(held).await, [format!("{} 1", own.id)]);
    shop.holds_end();
    assert_eq!(shop.release().await.amount, rupees("18"), "Ravi's level 2 of both");
    assert!(fraud::take_back(&shop.core, flag.id, &admin("Meera"), "own money").await.unwrap().is_now());
    shop.release().await;
    // ₹28 of the honest sale came, ₹28 of the released own one went; the held own one was never there.
    assert_eq!(shop.has(&asha).await, "earned 128, withdrawing 500");
    withdrawals::approve(&shop.core, asked.id, &admin("Meera")).await.unwrap();
    let _ = (ravi, honest);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn dismissed_single_holds_are_released_when_they_would_have_been() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.fill(&asha, "0", "600").await;
    shop.ask_to(&asha, "500", "asha@okaxis").await.unwrap();
    shop.sell_paid_by(&bina, "asha@okaxis").await;
    shop.look().await;
    assert_eq!(shop.flags().await, ["self-referral: Asha"]);
    assert!(!fraud::is_frozen(shop.core.db(), asha.user_id()).await.unwrap(), "only the commission is on hold");
    let flag = shop.one_flag().await;
    fraud::dismiss(&shop.core, flag, &admin("Meera")).await.unwrap();
    assert_eq!(shop.release().await.people, 0, "its own time is not over");
    shop.holds_end();
    shop.release().await;
    assert_eq!(shop.has(&asha).await, "earned 128, withdrawing 500");
    // The same again is nothing; one more sale is news.
    shop.look().await;
    assert_eq!(shop.flags().await, [""; 0]);
    shop.sell_paid_by(&bina, "asha@okaxis").await;
    shop.look().await;
    assert_eq!(shop.flags().await, ["self-referral: Asha"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_same_found_by_many_at_once_is_one_flag_and_a_rule_is_switched_live() {
    let shop = Shop::open().await;
    let (asha, chetan) = two_earners(&shop).await;
    shop.set("fraud.duplicate_upi", "off").await;
    shop.ask_to(&asha, "500", "asha@ybl").await.unwrap();
    shop.ask_to(&chetan, "500", "asha@ybl").await.unwrap();
    assert_eq!(shop.flags().await, [""; 0]);
    shop.set("fraud.duplicate_upi", "score").await;
    at_once(6, |_| {
        let core = shop.core.clone();
        async move { fraud::sweep(&core, |_| ()).await.unwrap() }
    })
    .await;
    assert_eq!(shop.flags().await, ["duplicate-upi (weak): Asha, Chetan"]);
    assert!(!fraud::is_frozen(shop.core.db(), asha.user_id()).await.unwrap());
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind IN ('fraud-card', 'hold')").await, 0);
    shop.set("fraud.duplicate_upi", "hold").await;
    at_once(6, |_| {
        let core = shop.core.clone();
        async move { fraud::sweep(&core, |_| ()).await.unwrap() }
    })
    .await;
    assert_eq!(shop.flags().await, ["duplicate-upi: Asha, Chetan"]);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'fraud-card'").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'hold'").await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn staff_flag_ask_and_are_answered() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let stranger = shop.arrive("Chetan", None).await;
    let flag = fraud::raise_manual(&shop.core, &asha, &admin("Meera"), "sells in a group of ours").await.unwrap().unwrap();
    assert!(fraud::is_frozen(shop.core.db(), asha.user_id()).await.unwrap());
    assert!(fraud::ask(&shop.core, flag, asha.user_id(), &admin("Meera"), "Who is Bina?", "tg:1").await.unwrap().is_now());
    assert!(!fraud::ask(&shop.core, flag, asha.user_id(), &admin("Meera"), "Who is Bina?", "tg:1").await.unwrap().is_now());
    assert!(fraud::answer(&shop.core, flag, asha.user_id(), " My sister. ", "tg:2").await.unwrap().is_now());
    assert!(matches!(fraud::answer(&shop.core, flag, stranger.user_id(), "Me too", "tg:3").await, Err(FlagError::NotTheirs)));
    assert!(matches!(fraud::answer(&shop.core, flag, asha.user_id(), &"x".repeat(1_001), "tg:4").await, Err(FlagError::Reason)));
    let words: Vec<_> = fraud::words_of(shop.core.db(), flag, 10).await.unwrap().into_iter().map(|w| (w.asked_by, w.words)).collect();
    assert_eq!(words, [(Some("Meera".to_owned()), "Who is Bina?".to_owned()), (None, "My sister.".to_owned())]);
    fraud::dismiss(&shop.core, flag, &admin("Meera")).await.unwrap();
    assert!(matches!(fraud::answer(&shop.core, flag, asha.user_id(), "Thank you", "tg:5").await, Err(FlagError::Decided(_))));
    shop.asked(&asha, "500").await;
    shop.proof_is_empty().await;
}
