use super::Movement;
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;

/// A gateway paid out what it had taken, less its fees.
#[must_use]
pub fn gateway_settled(settlement_id: i64, reference: &str, net: Rupees, fees: Rupees) -> Posting {
    Posting::new(Movement::GatewaySettled, format!("settlement:{settlement_id}"), "gateway")
        .memo(reference)
        .debit(Shop::Bank, net)
        .debit(Shop::Fees, fees)
        .credit(Shop::GatewayClearing, net + fees)
}
