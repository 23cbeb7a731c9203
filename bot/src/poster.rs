//! Cards: a picture with the shop's name and colours around a QR code, for paying and for inviting.

use crate::canvas::{Canvas, INK, Lines, PALE, bold, fit, inks, plain};
use mela_core::settings::Color;
use qrcode::{EcLevel, QrCode};

/// Width of a card: Telegram leaves pictures of up to 1280 on each side as they are.
const WIDE: u32 = 900;
const MARGIN: f32 = 56.0;
/// The least width of the code, its quiet zone not counted: readable from another phone's screen.
const LEAST_CODE: usize = 600;
/// What the code has at most, with its quiet zone of four modules on each side.
const MOST_CODE: usize = 780;
const QUIET: usize = 4;

/// What a card shows.
#[derive(Debug, Clone)]
pub struct Poster<'a> {
    /// The shop's name.
    pub shop: &'a str,
    /// The shop's colour.
    pub color: Color,
    /// Large above the code: the amount, or whose it is.
    pub headline: &'a str,
    /// Small above it.
    pub hint: &'a str,
    /// Below the code, the first one bold: the payee and the order, or the person's code.
    pub below: &'a [&'a str],
    /// What the code says.
    pub code: &'a str,
}

impl Poster<'_> {
    /// The card as a PNG.
    ///
    /// # Errors
    /// The code's text is too long for one.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        let inks = inks()?;
        let code = QrCode::with_error_correction_level(self.code, EcLevel::M).map_err(|e| e.to_string())?;
        let modules = code.width();
        let module = (MOST_CODE / (modules + 2 * QUIET)).max(LEAST_CODE.div_ceil(modules));
        let whole = (module * (modules + 2 * QUIET)) as f32;
        let room = WIDE as f32 - 2.0 * MARGIN;
        let name = fit(inks, self.shop, room, 2, bold(52.0, self.color.ink().rgb()));
        let band = 36.0 + name.height + 28.0;
        let headline = fit(inks, self.headline, room, 1, bold(92.0, INK));
        let hint = fit(inks, self.hint, room, 1, plain(30.0, PALE));
        let below: Vec<Lines> = self
            .below
            .iter()
            .enumerate()
            .map(|(n, text)| fit(inks, text, room, 2, if n == 0 { bold(38.0, INK) } else { plain(32.0, PALE) }))
            .collect();
        let height = band + 18.0 + headline.height + hint.height + whole + below.iter().map(|lines| lines.height + 6.0).sum::<f32>() + 30.0;
        let mut card = Canvas::try_new(WIDE, height.ceil() as u32)?;
        card.rect(0.0, 0.0, WIDE as f32, band, self.color.rgb());
        card.text(&name, 36.0);
        let mut y = card.text(&headline, band + 18.0);
        y = card.text(&hint, y).ceil();
        draw_code(&mut card, &code, module, y);
        y += whole;
        for lines in &below {
            y = card.text(lines, y) + 6.0;
        }
        png(&card.map)
    }
}

/// The code in black on white, its modules whole points.
fn draw_code(card: &mut Canvas, code: &QrCode, module: usize, top: f32) {
    let side = (code.width() * module) as f32;
    let (left, top) = (((WIDE as f32 - side) / 2.0).floor(), top + (QUIET * module) as f32);
    for (n, color) in code.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            let (x, y) = (n % code.width() * module, n / code.width() * module);
            card.rect(left + x as f32, top + y as f32, module as f32, module as f32, [0; 3]);
        }
    }
}
