//! One file for each kind of money movement: which accounts, which side, which key.

mod commissions_released;
mod order_paid;
mod withdrawal_asked;
mod withdrawal_paid;
mod withdrawal_refused;

pub use commissions_released::{Release, commissions_released};
pub use order_paid::{OrderPaid, order_paid};
pub use withdrawal_asked::withdrawal_asked;
pub use withdrawal_paid::withdrawal_paid;
pub use withdrawal_refused::withdrawal_refused;
