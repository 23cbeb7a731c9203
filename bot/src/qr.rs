//! The UPI link for paying, and QR codes on pages.

use mela_core::code::ShortCode;
use mela_core::money::Rupees;
use qrcode::{EcLevel, QrCode};

/// The code of a text as an SVG element, its colours and quiet zone its own.
///
/// # Errors
/// The text is too long for a QR code.
pub fn svg(text: &str) -> Result<String, String> {
    use std::fmt::Write;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|e| e.to_string())?;
    let (width, mut path) = (code.width(), String::new());
    for (n, _) in code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == qrcode::Color::Dark) {
        write!(path, "M{} {}h1v1h-1z", n % width + 4, n / width + 4).map_err(|e| e.to_string())?;
    }
    let side = width + 8;
    Ok(format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// The UPI link of an order (NPCI linking specification 1.6): amount with two decimals, `tr` and `tn` without special characters,
/// spaces as %20, the @ of the payee literal.
#[must_use]
pub fn upi_link(payee: &str, payee_name: &str, amount: Rupees, order: &ShortCode) -> String {
    format!(
        "upi://pay?pa={}&pn={}&am={}&cu=INR&tr=O{order}&tn=O{order}",
        encode(payee, b"@.-_"),
        encode(payee_name, b".-_"),
        amount.plain()
    )
}

fn encode(text: &str, literal: &[u8]) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || literal.contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_as_upi_apps_read_it() {
        let link = upi_link("shop.1@okbank", "Asha & Sons", "1,135".parse().unwrap(), &"7K2M9QXA".parse().unwrap());
        assert_eq!(link, "upi://pay?pa=shop.1@okbank&pn=Asha%20%26%20Sons&am=1135.00&cu=INR&tr=O7K2M9QXA&tn=O7K2M9QXA");
    }
}
