//! Papers: what people keep and print, as PDF. The same data gives the same bytes.

pub(crate) mod ink;
mod page;
mod words;

pub use page::receipt;
