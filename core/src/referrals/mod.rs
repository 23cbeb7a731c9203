//! Who brought whom.

pub mod tree;
