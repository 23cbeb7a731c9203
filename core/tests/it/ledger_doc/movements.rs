//! Each movement by itself: the program's own function makes it, the database takes it, and both say the same lines.

use super::{row, sides};
use crate::shop::Shop;
use mela_core::ledger::movements::{
    Adjustable, Adjustment, Assignment, Bill, Clawback, Clearing, Movement, OrderPaid, OrderRefunded, PaidBy, Release, Till, WalletPart, adjusted,
    commission_cancelled, commissions_released, credit_assigned, credit_seen, gateway_settled, opened, order_paid, order_refunded, order_reserved,
    order_unreserved, prize_given, refund_failed, refund_sent, remitted, top_up, withdrawal_asked, withdrawal_paid, withdrawal_refused,
    withdrawal_returned,
};
use mela_core::ledger::{self, Posting};
use mela_core::money::Rupees;
use mela_core::users::User;
use std::collections::HashMap;
use std::fmt::Write;

/// What a movement means, in one sentence, and the shape of its key.
fn meaning(movement: Movement) -> (&'static str, &'static str) {
    match movement {
        Movement::OrderReserved => (
            "The wallet's part of an order is set aside, credit first, then what is earned, while the rest is awaited from outside.",
            "order:ID:reserved",
        ),
        Movement::OrderUnreserved => (
            "The order ended unpaid: the part goes back to the accounts it was taken from; what goes back to `earned` pays a debt first.",
            "order:ID:unreserved",
        ),
        Movement::OrderPaid => (
            "A sale whose money has come: what was paid, what the plan costs the shop, and what the sale earns the buyer's referrers, on hold.",
            "order:ID:paid",
        ),
        Movement::CommissionsReleased => (
            "Holds that are over become earned, summed for each person; what a person owes is paid first. PERSON is the first of them, TIME the moment in microseconds.",
            "release:PERSON:TIME",
        ),
        Movement::CommissionCancelled => (
            "A commission is taken back for fraud: from hold, else from what is earned as far as it goes, the rest is owed.",
            "commission:ID:cancelled",
        ),
        Movement::WithdrawalAsked => ("Someone asks for a payout: the amount is set aside in that moment.", "withdrawal:ID:asked"),
        Movement::WithdrawalRefused => (
            "The payout was refused, or could not be made: the amount goes back; what is owed is paid first.",
            "withdrawal:ID:settled",
        ),
        Movement::WithdrawalPaid => (
            "The payout left the bank, less the tax withheld; it shares its key with the refusal, so that a withdrawal settles once.",
            "withdrawal:ID:settled",
        ),
        Movement::WithdrawalReturned => {
            ("A payout came back from the bank: the amount goes back; what is owed is paid first.", "withdrawal:ID:returned")
        }
        Movement::TopUp => ("Money from outside into a wallet: it can be spent, never withdrawn.", "payment:REFERENCE"),
        Movement::OrderRefunded => (
            "A sale is given back, whole or in part, each part to where it came from; the commissions on that part come back, too.",
            "refund:ID",
        ),
        Movement::RefundSent => ("A refund by UPI left the bank.", "refund:ID:settled"),
        Movement::RefundFailed => (
            "A refund by UPI could not be sent: it stays in the buyer's wallet. So does one that a gateway could not send; that comes out of `gateway_clearing`, and its key is `return:ID:failed`.",
            "refund:ID:settled",
        ),
        Movement::CreditSeen => ("Money was seen at the bank; what it is for is not known yet.", "credit:REFERENCE"),
        Movement::CreditAssigned => {
            ("It is said what that money was for: a payment in clearing, a wallet, or it is sent back.", "credit:ID:assigned:N")
        }
        Movement::GatewaySettled => ("A gateway paid out to the bank what it had taken, less its fees.", "settlement:ID"),
        Movement::Remitted => ("A bill or a tax was paid from the bank.", "remittance:ID"),
        Movement::PrizeGiven => ("A prize: credit to spend.", "prize:ID"),
        Movement::Opened => ("What stood in the bank when the books were opened, once.", "opening"),
        Movement::Adjusted => (
            "Staff put one account of a person right by hand; the number is that of the line in the audit that says who and why.",
            "staff:ID",
        ),
    }
}

/// Whether a key has the shape: words as they are, something for each word in capitals.
fn has_shape(key: &str, shape: &str) -> bool {
    let (key, shape): (Vec<_>, Vec<_>) = (key.split(':').collect(), shape.split(':').collect());
    key.len() == shape.len()
        && key
            .iter()
            .zip(shape)
            .all(|(part, wanted)| *part == wanted || !part.is_empty() && wanted.chars().all(char::is_uppercase))
}

/// One of each movement with the figures of the sale of ₹135, in an order in which the money is there.
fn one_of_each(ravi: &User, asha: &User, bina: &User) -> Vec<Posting> {
    let (ravi, asha, bina) = (ravi.user_id(), asha.user_id(), bina.user_id());
    let amount = Rupees::whole;
    let (nothing, meera) = (Rupees::ZERO, "by:9077");
    let part = WalletPart { person: bina, credit: amount(40), earned: amount(20) };
    let earn = [(asha, amount(28)), (ravi, amount(9))];
    let sale = |order_id| {
        order_paid(&OrderPaid {
            discount: Rupees::ZERO,
            order_id,
            code: "ORDER",
            price: amount(135),
            cost: amount(42),
            by: PaidBy::Outside(Clearing::Upi),
            commissions: &earn,
            actor: meera,
        })
    };
    let back = |person, sum, held| Clawback { person, amount: amount(sum), held, earned: amount(sum) };
    let refund = |refund_id, reversals: &[Clawback]| {
        order_refunded(&OrderRefunded {
            refund_id,
            code: "REFUND",
            buyer: bina,
            to_credit: nothing,
            to_earned: nothing,
            owed: nothing,
            to_gateway: nothing,
            to_upi: amount(135),
            reversals,
            actor: meera,
        })
    };
    let release = [(asha, 28), (ravi, 9)].map(|(person, due)| Release { person, due: amount(due), owed: nothing });
    let gift = Adjustment { audit_id: 1, person: bina, account: Adjustable::Earned, amount: amount(20), reason: "a mistake", actor: meera };
    let assignment = Assignment {
        till: Till::Bank,
        credit_id: 1,
        n: 1,
        to_payment: amount(135),
        to_credit: Some((bina, amount(15))),
        sent_back: nothing,
    };
    vec![
        opened(amount(10_000), meera),
        top_up("rzp_1", bina, amount(40), Clearing::Gateway, meera),
        adjusted(&gift),
        order_reserved(1, "ORDER", &part),
        order_unreserved(1, "ORDER", &part, nothing),
        sale(2),
        credit_seen(Till::Bank, "HDFC0001", amount(150)),
        credit_assigned(&assignment, meera),
        commissions_released("2:1795329000000000", &release),
        withdrawal_asked(1, "PAYOUT", asha, amount(28)),
        withdrawal_refused(1, "PAYOUT", asha, amount(28), nothing, meera),
        withdrawal_asked(2, "PAYOUT", asha, amount(28)),
        withdrawal_paid(2, "PAYOUT", asha, amount(28), nothing, meera),
        withdrawal_returned(2, "PAYOUT", asha, amount(28), nothing, nothing, meera),
        refund(1, &[back(asha, 28, false), back(ravi, 9, false)]),
        refund_sent(1, "REFUND", bina, amount(135), meera),
        sale(3),
        commission_cancelled(3, &back(asha, 28, true), meera),
        refund(2, &[back(ravi, 9, true)]),
        refund_failed(2, "REFUND", bina, amount(135), meera),
        gateway_settled(1, "setl_1", "39.20".parse().unwrap(), "0.80".parse().unwrap()),
        remitted(1, "N123456789", Bill::Supplier, amount(42), meera),
        prize_given(1, "the best of November", bina, amount(50), meera),
    ]
}

/// Posts them all and tells each movement once, in the order of [`Movement::ALL`].
pub(super) async fn told() -> String {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let mut told: HashMap<Movement, String> = HashMap::new();
    for posting in one_of_each(&ravi, &asha, &bina) {
        let (movement, key) = (posting.movement(), posting.key().to_owned());
        let made: Vec<(i64, String)> = posting.lines().map(|(account, amount)| (account.number(), amount.normalize().to_string())).collect();
        let tx = shop.core.begin().await.unwrap();
        assert!(ledger::post(&tx, shop.core.now(), posting).await.unwrap().is_now(), "{key}");
        tx.commit().await.unwrap();
        // The database's own words.
        let of_key = format!("FROM ledger.entry e JOIN ledger.transaction t ON t.id = e.transaction_id WHERE t.key = '{key}' ORDER BY e.account_id");
        let found = shop.column(&format!("SELECT e.account_id || ' ' || trim_scale(e.amount) {of_key}")).await;
        assert_eq!(found, made.iter().map(|(account, amount)| format!("{account} {amount}")).collect::<Vec<_>>(), "{key}");
        let (sentence, shape) = meaning(movement);
        assert!(has_shape(&key, shape), "{key} is to be {shape}");
        let mut text =
            format!("\n### `{}`\n\n{sentence} Key: `{shape}`.\n\n{}|---|---:|---:|\n", movement.kind(), row(&["account", "debit", "credit"]));
        for entry in shop.entries(&key).await {
            let (account, amount) = entry.split_once(": ").unwrap();
            let (debit, credit) = sides(Some(Rupees::try_new(amount.parse().unwrap()).unwrap()));
            let account = account.split_once(' ').map_or_else(|| account.to_owned(), |(name, kind)| format!("{name}'s {kind}"));
            text += &row(&[&account, &debit, &credit]);
        }
        told.entry(movement).or_insert(text);
    }
    let mut text = String::from(
        "\n## The movements\n\nRavi brought Asha, Asha brought Bina. Bina buys a plan for ₹135 that costs the shop ₹42: Asha earns ₹28, Ravi ₹9.\n",
    );
    for movement in Movement::ALL {
        let _ = write!(text, "{}", told.get(&movement).unwrap_or_else(|| panic!("{movement:?} is not told")));
    }
    text
}
