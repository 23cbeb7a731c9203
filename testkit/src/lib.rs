//! Dev only: a database per test, and a payment gateway.

pub mod db;
pub mod gateway;
