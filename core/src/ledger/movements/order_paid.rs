use super::{Clearing, Movement, WalletPart};
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// Where the price came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidBy {
    /// From outside, all of it.
    Outside(Clearing),
    /// From outside, but for the part that the wallet had set aside.
    Both(Clearing, WalletPart),
    /// From the wallet, all of it.
    Wallet(WalletPart),
}

/// A sale whose money has come.
#[derive(Debug)]
pub struct OrderPaid<'a> {
    /// The order's row id.
    pub order_id: i64,
    /// The order's code, for the statement.
    pub code: &'a str,
    /// What was paid in all.
    pub price: Rupees,
    /// What a coupon took off.
    pub discount: Rupees,
    /// What the plan costs the shop.
    pub cost: Rupees,
    /// Where the price came from.
    pub by: PaidBy,
    /// Who earns how much on it, on hold.
    pub commissions: &'a [(UserId, Rupees)],
    /// Who confirmed it.
    pub actor: &'a str,
}

/// Clearing or wallet, promotion, cost of sales and commission against sales, supplier and the referrers' held accounts.
#[must_use]
pub fn order_paid(sale: &OrderPaid<'_>) -> Posting {
    let posting = Posting::new(Movement::OrderPaid, format!("order:{}:paid", sale.order_id), sale.actor).memo(format!("O-{}", sale.code));
    let posting = match sale.by {
        PaidBy::Outside(clearing) => posting.debit(clearing, sale.price),
        PaidBy::Both(clearing, part) => {
            posting.debit(clearing, sale.price - part.total()).debit(AccountId::of(part.person, Own::Reserved), part.total())
        }
        PaidBy::Wallet(part) => posting
            .debit(AccountId::of(part.person, Own::Credit), part.credit)
            .debit(AccountId::of(part.person, Own::Earned), part.earned),
    };
    let posting = posting
        .debit(Shop::Promotion, sale.discount)
        .credit(Shop::Sales, sale.price + sale.discount)
        .debit(Shop::CostOfSales, sale.cost)
        .credit(Shop::Supplier, sale.cost);
    sale.commissions.iter().fold(posting, |posting, &(person, amount)| {
        posting.debit(Shop::Commission, amount).credit(AccountId::of(person, Own::Held), amount)
    })
}
