//! The bot's conversations, on real PostgreSQL and the sandbox's Bot API over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod admin;
mod bank;
mod books;
mod browser;
mod cart;
mod catalogue;
mod crash;
mod credits;
mod edges;
mod fraud;
mod house;
mod importing;
mod inline;
mod joining;
mod language;
mod notifications;
mod online;
mod pay_page;
mod paying;
mod payouts;
mod privacy;
mod program;
mod programme;
mod razorpayx;
mod readme;
mod receipts;
mod referring;
mod refunding;
mod sealed;
mod shelf;
mod stars;
mod stock;
mod story;
mod subscriptions;
mod texts;
mod tickets;
mod tree;
mod verify;
mod verify_page;
mod wallet_in;
mod withdrawing;
mod world;
