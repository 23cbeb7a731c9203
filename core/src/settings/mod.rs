//! Settings live in one place: built-in defaults, `settings.toml`, what an admin changed, the environment; in rising order.

mod bank;
mod credits;
mod fraud;
mod gateways;
mod look;
mod model;
mod payouts;
mod programme;
mod proxy;
mod referrals;
mod source;
mod store;
mod tax;
mod wallets;

pub use bank::{Accounts, DateFormat, Mapping, Senders};
pub use credits::{Credits, Matching};
pub use fraud::{Fraud, Least, Watch};
pub use gateways::{Address, Cashfree, Gateways, Razorpay, Way};
pub use look::{Color, PublicUrl};
pub use model::*;
pub use programme::{Cap, Commissions, Friend, HowMany, Off, Renewals, Sales, Tiers};
pub use proxy::ProxyHeader;
pub use referrals::Referrals;
pub use source::{Layers, Origin, SettingsError};
pub use store::{Knob, SetError, Store, list, set};
pub use tax::{Gstin, ReceiptPrefix};
