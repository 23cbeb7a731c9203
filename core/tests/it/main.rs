//! What the domain promises, as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod cart;
mod catalogue;
mod coupons;
mod credits;
mod embedded;
mod evidence;
mod gateway_returns;
mod gateway_story;
mod gateways;
mod history;
mod incoming;
mod joining;
mod ledger_doc;
mod ledger_guards;
mod matching;
mod notices;
mod outbox;
mod payments;
mod payouts;
mod privacy;
mod proof;
mod receipts;
mod refunding;
mod refunds;
mod renewing;
mod sale;
mod schema;
mod seal;
mod settings;
mod shelf;
mod shop;
mod stars;
mod statements;
mod statements_in;
mod stock;
mod subscriptions;
mod tickets;
mod together;
mod topups;
mod treasury;
mod unique_amount;
mod upgrade;
mod wallet;
mod withdrawals;
