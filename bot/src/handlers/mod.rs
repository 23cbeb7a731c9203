//! Handlers: parse, verb, screen. They stay thin.

mod adjusting;
pub mod admin;
pub mod admin_cards;
pub mod admin_commands;
mod books;
mod cart;
mod contests;
mod coupons;
mod credits;
pub mod customer;
mod fraud;
mod gifts;
pub mod groups;
pub(crate) mod holds;
mod importing;
pub mod inline;
mod language;
mod notifications;
mod online;
mod payouts;
mod pictures;
mod plans;
mod privacy;
mod products;
mod programme;
pub mod proof;
mod receipts;
mod referring;
mod refund;
mod reporting;
pub mod stars;
mod statements;
mod stocking;
mod subscriptions;
mod tax;
mod tickets;
mod top_up;
mod tree;
mod upi;
mod verify;
mod watch;
pub mod withdrawal;

use crate::reply::Screen;

/// What a button press answers.
#[derive(Debug)]
pub enum Reply {
    /// The message becomes this screen.
    Show(Screen),
    /// A new message; the pressed one stays as it is.
    Say(Screen),
    /// An alert; nothing changes.
    Alert(String),
    /// Nothing more than that the press was taken.
    Taken,
}
