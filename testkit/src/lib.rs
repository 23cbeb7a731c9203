//! Dev only: a database per test.

pub mod db;
