//! Settings live in one place: built-in defaults, `settings.toml`, what an admin changed, the environment; in rising order.

mod look;
mod model;
mod source;
mod store;

pub use look::{Color, PublicUrl};
pub use model::*;
pub use source::{Layers, Origin, SettingsError};
pub use store::{Knob, SetError, Store, list, set};
