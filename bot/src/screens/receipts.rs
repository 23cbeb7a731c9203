//! A receipt as it is sent.

use super::sentence;
use crate::reply::{Picture, Screen};
use crate::texts::Texts;
use mela_core::receipts::Receipt;

/// The file, named by its number.
#[must_use]
pub fn file(texts: &Texts, receipt: &Receipt, bytes: Vec<u8>) -> Screen {
    let kind = texts.plain(if receipt.tax.is_some() { "receipt-kind-tax" } else { "receipt-kind" }, &[]);
    let name = format!("{}.pdf", receipt.number.replace('/', "-"));
    sentence(texts, "receipt-file", &[("kind", &kind), ("number", &receipt.number), ("order", &format!("O-{}", receipt.order))])
        .picture(Picture::File { name: name.into(), bytes })
}
