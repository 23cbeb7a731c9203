//! What the domain promises, as its users see it.

mod embedded;
