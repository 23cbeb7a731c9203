//! The stories: real verbs on a real database, one shop for each.

use super::Teller;
use crate::shop::{admin, rupees};
use mela_core::credits::{self, For};
use mela_core::ledger::movements::{Adjustable, Bill};
use mela_core::payments::Method;
use mela_core::refunds::{self, Payout, To};
use mela_core::users::User;
use mela_core::{commissions, orders, payments, treasury, withdrawals};
use std::collections::BTreeSet;

/// Bina's sale, told or only given; answers who is in it and the order.
async fn sold(teller: &mut Teller) -> (User, User, User, orders::Order) {
    let (ravi, asha, bina) = teller.shop.chain().await;
    let order = teller.shop.sell(&bina).await;
    (ravi, asha, bina, order)
}

async fn pay_out(teller: &Teller, withdrawal: i64, utr: &str) {
    withdrawals::approve(&teller.shop.core, withdrawal, &admin("Meera")).await.unwrap();
    withdrawals::pay(&teller.shop.core, withdrawal, &admin("Meera"), utr).await.unwrap();
}

fn by_upi() -> To {
    To::Outside("bina@ybl".parse().unwrap())
}

async fn a_sale() -> Teller {
    let mut teller = Teller::begin(
        "A sale, its release, a withdrawal",
        "Ravi brought Asha, Asha brought Bina. The plan costs Bina ₹135 and the shop ₹42. Of the profit of ₹93 Asha earns 30 % and Ravi 10 %, rounded to the rupee.",
    )
    .await;
    let (_, asha, _, _) = sold(&mut teller).await;
    teller.step("Bina pays by UPI, staff confirm it. The money is in clearing until it is seen at the bank.").await;
    teller.shop.holds_end();
    teller.shop.release().await;
    teller.step("A day later the holds are over.").await;
    let asked = teller.shop.asked(&asha, "28").await;
    teller.step("Asha asks for her ₹28. They can be neither spent nor asked for again.").await;
    pay_out(&teller, asked.id, "N123456789").await;
    teller
        .step("Staff approve it, which moves nothing, and pay it. The bank is below zero here because the sale's money is still in clearing.")
        .await;
    teller
}

async fn refund_before_release() -> Teller {
    let mut teller = Teller::begin("A refund before the release", "Bina's sale is given back while the commissions are on hold.").await;
    let (_, _, _, order) = sold(&mut teller).await;
    teller.given("After the sale:").await;
    teller.shop.refund(&order, "135", &To::Wallet).await.unwrap();
    teller.step("The price goes to Bina's wallet, as credit. The commissions come back from hold. What the plan cost stays: the supplier is to be paid all the same.").await;
    teller
}

async fn refund_after_release() -> Teller {
    let mut teller =
        Teller::begin("A refund after the release", "The same, when the commissions are earned but not withdrawn; a part of it first.").await;
    let (_, _, _, order) = sold(&mut teller).await;
    teller.shop.holds_end();
    teller.shop.release().await;
    teller.given("After the release:").await;
    teller.shop.refund(&order, "50", &To::Wallet).await.unwrap();
    teller
        .step("₹50 go back. On the ₹85 that are left the profit is ₹43: Asha keeps ₹13 of it, Ravi ₹4, and the rest comes back.")
        .await;
    teller.shop.refund(&order, "85", &To::Wallet).await.unwrap();
    teller.step("The other ₹85 go back, and so do the commissions on them.").await;
    teller
}

async fn refund_after_withdrawal() -> Teller {
    let mut teller = Teller::begin("A refund after the withdrawal", "Asha has withdrawn her ₹28 when the sale is given back: she owes them.").await;
    let (_, asha, bina, order) = sold(&mut teller).await;
    teller.shop.holds_end();
    teller.shop.release().await;
    let asked = teller.shop.asked(&asha, "28").await;
    pay_out(&teller, asked.id, "N123456789").await;
    teller.given("After the withdrawal:").await;
    teller.shop.refund(&order, "135", &To::Wallet).await.unwrap();
    teller.step("Ravi's ₹9 come from what he has earned. Asha has nothing left: ₹28 are owed.").await;
    for n in 0..2 {
        teller.shop.sell(&bina).await;
        teller.step(if n == 0 { "Bina buys again." } else { "And again." }).await;
    }
    teller.shop.holds_end();
    teller.shop.release().await;
    teller.step("At the release Asha's debt is paid first; the other ₹28 are hers.").await;
    teller
}

async fn refund_by_upi() -> Teller {
    let mut teller = Teller::begin("A refund by UPI", "What came from outside can go back outside: it waits until staff have sent it.").await;
    let (_, _, bina, order) = sold(&mut teller).await;
    let other = teller.shop.sell(&bina).await;
    teller.given("After two sales:").await;
    let sent = teller.shop.refund(&order, "135", &by_upi()).await.unwrap().into_inner();
    teller.step("The first sale is to be sent back.").await;
    refunds::settle(&teller.shop.core, sent.id, &admin("Meera"), Payout::Sent("632500000001")).await.unwrap();
    teller.step("It is sent.").await;
    let failed = teller.shop.refund(&other, "135", &by_upi()).await.unwrap().into_inner();
    teller.step("The second sale is to be sent back, too.").await;
    refunds::settle(&teller.shop.core, failed.id, &admin("Meera"), Payout::Failed("no such UPI id")).await.unwrap();
    teller.step("It cannot be sent: the money stays in Bina's wallet.").await;
    teller
}

async fn a_part_given_back() -> Teller {
    let mut teller = Teller::begin("The wallet's part, set aside and given back", "Bina wants to pay ₹60 of the ₹135 from her wallet.").await;
    let (_, _, bina) = teller.shop.chain().await;
    teller.shop.fill(&bina, "40", "50").await;
    teller.given("Bina has ₹40 credit and ₹50 earned, put there by hand:").await;
    let order = teller.shop.order(&bina).await;
    teller.shop.set_aside(&bina, &order, "60").await.unwrap();
    teller.step("The part is set aside: credit first, because it can only be spent.").await;
    orders::cancel(&teller.shop.core, bina.user_id(), &order.code).await.unwrap();
    teller.step("Bina cancels the order.").await;
    teller
}

async fn wallet_and_upi() -> Teller {
    let mut teller =
        Teller::begin("A sale that the wallet and UPI pay, and one that the wallet pays", "The wallet pays credit first, then what is earned.").await;
    let (_, _, bina) = teller.shop.chain().await;
    teller.shop.fill(&bina, "140", "100").await;
    teller.given("Bina has ₹140 credit and ₹100 earned, put there by hand:").await;
    let order = teller.shop.order(&bina).await;
    teller.shop.set_aside(&bina, &order, "60").await.unwrap();
    teller.step("₹60 of the ₹135 are set aside.").await;
    let payment = teller.shop.prove(&bina, &order, &teller.shop.utr()).await.unwrap().into_inner();
    teller.shop.approve(&payment).await;
    teller.step("The other ₹75 come by UPI.").await;
    let order = teller.shop.order(&bina).await;
    teller.shop.pay_from_wallet(&bina, &order).await.unwrap();
    teller.step("The next order is paid from the wallet at once.").await;
    teller
}

async fn a_bank_credit() -> Teller {
    let mut teller = Teller::begin("₹150 at the bank for an order of ₹135", "Bina sent ₹15 too much.").await;
    let (_, _, bina) = teller.shop.chain().await;
    let (_, payment) = teller.shop.order_and_pay(&bina).await;
    let core = &teller.shop.core;
    let credit = credits::see(core, &credits::Seen::at_bank("HDFC0001", rupees("150"), "BINA R", core.now())).await.unwrap().into_inner();
    teller.step("₹150 are seen at the bank.").await;
    let to = For { payment: Some(payment.id), wallet: Some((bina.user_id(), rupees("15"))), ..For::default() };
    credits::assign(&teller.shop.core, credit.id, &to, &admin("Meera"), "press:1").await.unwrap();
    teller
        .step("Staff say that it is Bina's: her order is paid by that, clearing comes to nothing, and the rest is her credit.")
        .await;
    teller
}

async fn a_top_up() -> Teller {
    let mut teller =
        Teller::begin("A top-up, and a gateway's payout", "What a gateway takes is not at the bank until the gateway pays it out.").await;
    let (_, _, bina) = teller.shop.chain().await;
    payments::top_up_wallet(&teller.shop.core, bina.user_id(), rupees("200"), Method::Gateway, "rzp_1", &admin("Meera"))
        .await
        .unwrap();
    teller.step("Bina fills her wallet through the gateway.").await;
    treasury::settle_gateway(&teller.shop.core, "setl_1", rupees("196"), rupees("4")).await.unwrap();
    teller.step("The gateway pays out to the bank and keeps its fees.").await;
    teller
}

async fn a_cancelled_commission() -> Teller {
    let mut teller =
        Teller::begin("A commission cancelled", "Asha turns out to be Bina. Staff take her commissions back: one on hold, one that is earned.").await;
    let (_, asha, bina, first) = sold(&mut teller).await;
    teller.shop.holds_end();
    teller.shop.release().await;
    let second = teller.shop.sell(&bina).await;
    teller.shop.asked(&asha, "20").await;
    teller.given("One sale is released, one on hold, and Asha has asked for ₹20:").await;
    for (order, words) in [(second, "The one on hold comes back from hold."), (first, "Of the other ₹8 are there, and ₹20 are owed.")] {
        let level1 = commissions::of_order(teller.shop.core.db(), order.id).await.unwrap()[0].id;
        commissions::cancel(&teller.shop.core, level1, &admin("Meera"), "herself").await.unwrap();
        teller.step(words).await;
    }
    let open = withdrawals::open(teller.shop.core.db(), 1).await.unwrap()[0].id;
    withdrawals::reject(&teller.shop.core, open, &admin("Meera"), "owes").await.unwrap();
    teller.step("While she owes something her withdrawal can only be refused: that pays the debt.").await;
    teller
}

async fn a_returned_withdrawal() -> Teller {
    let mut teller = Teller::begin("A paid withdrawal that comes back", "The bank sends Asha's ₹28 back: her account is closed.").await;
    let (_, asha, _, _) = sold(&mut teller).await;
    teller.shop.holds_end();
    let asked = teller.shop.asked(&asha, "28").await;
    pay_out(&teller, asked.id, "N123456789").await;
    teller.given("After the withdrawal:").await;
    withdrawals::come_back(&teller.shop.core, asked.id, &admin("Meera"), "closed account").await.unwrap();
    teller.step("The money is hers again.").await;
    teller
}

async fn the_shops_own() -> Teller {
    let mut teller = Teller::begin(
        "Opening, bills, prizes, and what is put right by hand",
        "What the shop does with its own money, and what staff do to a wallet.",
    )
    .await;
    treasury::open_books(&teller.shop.core, rupees("10000"), &admin("Meera")).await.unwrap();
    teller.step("₹10,000 stood in the bank when the books were opened.").await;
    let (_, asha, _, _) = sold(&mut teller).await;
    teller.step("A sale.").await;
    let (core, meera) = (teller.shop.core.clone(), admin("Meera"));
    treasury::remit(&core, Bill::Supplier, rupees("42"), "N100000001", &meera).await.unwrap();
    teller.step("The supplier is paid.").await;
    treasury::give_prize(&core, asha.user_id(), rupees("50"), "the best of November", &meera, "press:1").await.unwrap();
    teller.step("Asha wins a prize: she can spend it, not withdraw it.").await;
    treasury::adjust(&core, asha.user_id(), Adjustable::Earned, rupees("10"), "a mistake", &meera, "press:2").await.unwrap();
    teller.step("Staff put ₹10 right in Asha's favour.").await;
    treasury::adjust(&core, asha.user_id(), Adjustable::Credit, -rupees("5"), "a mistake", &meera, "press:3").await.unwrap();
    teller.step("And ₹5 the other way.").await;
    teller
}

/// All stories, and the movements that occur in them.
pub(super) async fn told() -> (String, BTreeSet<String>) {
    let about = "\n## Stories\n\nEach begins with empty books. After each step every account is shown that holds something or was touched by it; a balance is in the account's own sense: more of \
                 it is positive.\n";
    let (mut text, mut occurred) = (about.to_owned(), BTreeSet::new());
    let stories = [
        a_sale().await,
        refund_before_release().await,
        refund_after_release().await,
        refund_after_withdrawal().await,
        refund_by_upi().await,
        a_part_given_back().await,
        wallet_and_upi().await,
        a_bank_credit().await,
        a_top_up().await,
        a_cancelled_commission().await,
        a_returned_withdrawal().await,
        the_shops_own().await,
    ];
    for story in stories {
        let (told, kinds) = story.end().await;
        text += &told;
        occurred.extend(kinds);
    }
    (text, occurred)
}
