//! Telegram in, Telegram out, and the program `mela`.

pub mod app;
pub mod callback;
pub mod card;
pub mod commands;
pub mod deliver;
pub mod dialogue;
pub mod doors;
pub mod handlers;
pub mod http;
pub mod inbox;
pub mod ledger_commands;
pub mod listen;
pub mod look;
pub mod paper;
pub mod poster;
pub mod program;
pub mod pump;
pub mod qr;
pub mod reply;
pub mod run;
pub mod schema;
pub mod screens;
pub mod story;
pub mod terms;
pub mod texts;
pub mod wire;
