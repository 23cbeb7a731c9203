//! The bot's conversations, on real PostgreSQL and the sandbox's Bot API over HTTP.

mod admin;
mod crash;
mod edges;
mod joining;
mod story;
mod texts;
mod withdrawing;
mod world;
