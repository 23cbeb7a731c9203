use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A sale whose money has come.
#[derive(Debug)]
pub struct OrderPaid<'a> {
    /// The order's row id.
    pub order_id: i64,
    /// The order's code, for the statement.
    pub code: &'a str,
    /// What the customer paid.
    pub price: Rupees,
    /// What the plan costs the shop.
    pub cost: Rupees,
    /// Who earns how much on it, on hold.
    pub commissions: &'a [(UserId, Rupees)],
    /// Who confirmed it.
    pub actor: &'a str,
}

/// Clearing, cost of sales and commission against sales, supplier and the referrers' held accounts.
#[must_use]
pub fn order_paid(sale: &OrderPaid<'_>) -> Posting {
    let posting = Posting::new("order_paid", format!("order:{}:paid", sale.order_id), sale.actor)
        .memo(format!("O-{}", sale.code))
        .debit(Shop::UpiClearing, sale.price)
        .credit(Shop::Sales, sale.price)
        .debit(Shop::CostOfSales, sale.cost)
        .credit(Shop::Supplier, sale.cost);
    sale.commissions.iter().fold(posting, |posting, &(person, amount)| {
        posting.debit(Shop::Commission, amount).credit(AccountId::of(person, Own::Held), amount)
    })
}
