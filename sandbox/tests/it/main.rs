//! The sandbox over real HTTP, as a bot and a browser see it.

mod helpers;
mod inline;

mod faults;
mod files;
mod groups;
mod journal;
mod mini_apps;
mod page;
mod refusals;
mod stars;
mod stories;
mod teloxide_types;
mod text;
mod updates;
