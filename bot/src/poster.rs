//! Cards: a picture with the shop's name and colours around a QR code, for paying.

use crate::paper::ink::{Inks, Set, Style};
use image::{ExtendedColorType, ImageEncoder};
use mela_core::settings::Color;
use qrcode::{EcLevel, QrCode};
use rustybuzz::ttf_parser::OutlineBuilder;
use std::sync::LazyLock;
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};

/// Width of a card: Telegram leaves pictures of up to 1280 on each side as they are.
const WIDE: u32 = 900;
const MARGIN: f32 = 56.0;
/// The least width of the code, its quiet zone not counted: readable from another phone's screen.
const LEAST_CODE: usize = 600;
/// What the code has at most, with its quiet zone of four modules on each side.
const MOST_CODE: usize = 780;
const QUIET: usize = 4;
const INK: [u8; 3] = [0x11, 0x18, 0x27];
const PALE: [u8; 3] = [0x4b, 0x55, 0x63];
const WHITE: [u8; 3] = [0xff; 3];

pub(crate) static INKS: LazyLock<Option<Inks>> = LazyLock::new(Inks::try_new);

/// What a card shows.
#[derive(Debug, Clone)]
pub struct Poster<'a> {
    /// The shop's name.
    pub shop: &'a str,
    /// The shop's colour.
    pub color: Color,
    /// Large above the code: the amount.
    pub headline: &'a str,
    /// Small above it.
    pub hint: &'a str,
    /// Below the code, the first one bold: the payee, the order.
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
        let inks = INKS.as_ref().ok_or("the fonts cannot be read")?;
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
        let mut card = Card { map: Pixmap::new(WIDE, height.ceil() as u32).ok_or("no picture of this size")?, inks };
        card.rect(0.0, 0.0, WIDE as f32, height.ceil(), WHITE);
        card.rect(0.0, 0.0, WIDE as f32, band, self.color.rgb());
        card.text(&name, 36.0);
        let mut y = card.text(&headline, band + 18.0);
        y = card.text(&hint, y).ceil();
        card.code(&code, module, y);
        y += whole;
        for lines in &below {
            y = card.text(lines, y) + 6.0;
        }
        png(&card.map)
    }
}

/// Bold text.
pub(crate) fn bold(size: f32, color: [u8; 3]) -> Style {
    Style { size, bold: true, color }
}

/// Plain text.
pub(crate) fn plain(size: f32, color: [u8; 3]) -> Style {
    Style { size, bold: false, color }
}

/// A text in the lines and the size in which it fits.
struct Lines {
    lines: Vec<Set>,
    /// Of one line.
    step: f32,
    height: f32,
    color: [u8; 3],
}

/// As large as it may be; smaller until it has no more lines than it may; at the smallest, as many as it needs.
fn fit(inks: &Inks, text: &str, room: f32, most: usize, style: Style) -> Lines {
    let mut style = style;
    let mut lines = inks.wrap(text, style, room);
    let least = style.size * 0.5;
    while lines.len() > most && style.size > least {
        style.size *= 0.92;
        lines = inks.wrap(text, style, room);
    }
    let step = style.size * 1.36;
    let lines: Vec<Set> = lines.iter().map(|line| inks.set(line, style)).collect();
    Lines { height: step * lines.len() as f32, lines, step, color: style.color }
}

struct Card<'a> {
    map: Pixmap,
    inks: &'a Inks,
}

impl Card<'_> {
    fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: [u8; 3]) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            let mut paint = paint(color);
            paint.anti_alias = false;
            self.map.fill_rect(rect, &paint, Transform::identity(), None);
        }
    }

    /// Lines in the middle of the card; answers where the next thing begins.
    fn text(&mut self, text: &Lines, top: f32) -> f32 {
        let mut y = top;
        for line in &text.lines {
            let x = (WIDE as f32 - line.width) / 2.0;
            if let Some(path) = outline(self.inks, line, (x, y + text.step * 0.78)) {
                self.map.fill_path(&path, &paint(text.color), FillRule::Winding, Transform::identity(), None);
            }
            y += text.step;
        }
        y
    }

    /// The code in black on white, its modules whole points.
    fn code(&mut self, code: &QrCode, module: usize, top: f32) {
        let side = (code.width() * module) as f32;
        let (left, top) = (((WIDE as f32 - side) / 2.0).floor(), top + (QUIET * module) as f32);
        for (n, color) in code.to_colors().into_iter().enumerate() {
            if color == qrcode::Color::Dark {
                let (x, y) = (n % code.width() * module, n / code.width() * module);
                self.rect(left + x as f32, top + y as f32, module as f32, module as f32, [0; 3]);
            }
        }
    }
}

/// Three bytes a point: nothing of it can be seen through.
pub(crate) fn png(map: &Pixmap) -> Result<Vec<u8>, String> {
    let points: Vec<u8> = map.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(&points, map.width(), map.height(), ExtendedColorType::Rgb8)
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

pub(crate) fn paint([red, green, blue]: [u8; 3]) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 0xff);
    paint.anti_alias = true;
    paint
}

pub(crate) fn outline(inks: &Inks, text: &Set, (x, y): (f32, f32)) -> Option<Path> {
    /// Font units point up, a picture's down.
    struct Pen {
        path: PathBuilder,
        x: f32,
        y: f32,
        scale: f32,
    }
    impl Pen {
        fn to(&self, x: f32, y: f32) -> (f32, f32) {
            (self.x + x * self.scale, self.y - y * self.scale)
        }
    }
    impl OutlineBuilder for Pen {
        fn move_to(&mut self, x: f32, y: f32) {
            let (x, y) = self.to(x, y);
            self.path.move_to(x, y);
        }
        fn line_to(&mut self, x: f32, y: f32) {
            let (x, y) = self.to(x, y);
            self.path.line_to(x, y);
        }
        fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
            let ((x1, y1), (x, y)) = (self.to(x1, y1), self.to(x, y));
            self.path.quad_to(x1, y1, x, y);
        }
        fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
            let ((x1, y1), (x2, y2), (x, y)) = (self.to(x1, y1), self.to(x2, y2), self.to(x, y));
            self.path.cubic_to(x1, y1, x2, y2, x, y);
        }
        fn close(&mut self) {
            self.path.close();
        }
    }
    let mut pen = Pen { path: PathBuilder::new(), x, y, scale: 1.0 };
    inks.trace(text, |face, glyph, (dx, dy), scale| {
        (pen.x, pen.y, pen.scale) = (x + dx, y - dy, scale);
        face.outline_glyph(glyph, &mut pen);
    });
    pen.path.finish()
}
