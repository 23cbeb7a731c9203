//! Settings live in one place: built-in defaults, `settings.toml`, what an admin changed, the environment; in rising order.

mod bank;
mod credits;
mod gateways;
mod look;
mod model;
mod payouts;
mod source;
mod store;
mod tax;
mod wallets;

pub use bank::{Accounts, DateFormat, Mapping, Senders};
pub use credits::{Credits, Matching};
pub use gateways::{Address, Cashfree, Gateways, Razorpay, Way};
pub use look::{Color, PublicUrl};
pub use model::*;
pub use source::{Layers, Origin, SettingsError};
pub use store::{Knob, SetError, Store, list, set};
pub use tax::{Gstin, ReceiptPrefix};
