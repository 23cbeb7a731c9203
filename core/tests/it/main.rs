//! What the domain promises, as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod credits;
mod embedded;
mod history;
mod joining;
mod ledger_guards;
mod outbox;
mod payments;
mod payouts;
mod proof;
mod refunds;
mod sale;
mod schema;
mod settings;
mod shop;
mod together;
mod treasury;
mod wallet;
mod withdrawals;
