//! The bot's conversations, on real PostgreSQL and the sandbox's Bot API over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod admin;
mod books;
mod catalogue;
mod crash;
mod edges;
mod house;
mod importing;
mod joining;
mod program;
mod readme;
mod refunding;
mod stock;
mod story;
mod subscriptions;
mod texts;
mod tickets;
mod withdrawing;
mod world;
