//! What pictures are drawn on: rectangles and shaped text, in the shop's fonts.

use crate::paper::ink::{Inks, Set, Style};
use image::{ExtendedColorType, ImageEncoder};
use rustybuzz::ttf_parser::OutlineBuilder;
use std::sync::LazyLock;
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Transform};

/// Nearly black.
pub(crate) const INK: [u8; 3] = [0x11, 0x18, 0x27];
/// For what matters less.
pub(crate) const PALE: [u8; 3] = [0x4b, 0x55, 0x63];
pub(crate) const WHITE: [u8; 3] = [0xff; 3];

static INKS: LazyLock<Option<Inks>> = LazyLock::new(Inks::try_new);

/// The fonts.
///
/// # Errors
/// The program was built with broken ones.
pub(crate) fn inks() -> Result<&'static Inks, String> {
    INKS.as_ref().ok_or_else(|| "the fonts cannot be read".to_owned())
}

pub(crate) fn bold(size: f32, color: [u8; 3]) -> Style {
    Style { size, bold: true, color }
}

pub(crate) fn plain(size: f32, color: [u8; 3]) -> Style {
    Style { size, bold: false, color }
}

/// A text in the lines and the size in which it fits.
pub(crate) struct Lines {
    lines: Vec<Set>,
    /// Of one line.
    step: f32,
    /// Of all.
    pub(crate) height: f32,
    color: [u8; 3],
}

/// As large as it may be; smaller until it has no more lines than it may; at the smallest, as many as it needs.
pub(crate) fn fit(inks: &Inks, text: &str, room: f32, most: usize, style: Style) -> Lines {
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

/// A picture that is being drawn.
pub(crate) struct Canvas {
    map: Pixmap,
    inks: &'static Inks,
}

impl Canvas {
    /// A white one.
    ///
    /// # Errors
    /// There is no picture of this size.
    pub(crate) fn try_new(width: u32, height: u32) -> Result<Self, String> {
        let mut canvas = Self { map: Pixmap::new(width, height).ok_or("no picture of this size")?, inks: inks()? };
        canvas.rect(0.0, 0.0, width as f32, height as f32, WHITE);
        Ok(canvas)
    }

    pub(crate) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, color: [u8; 3]) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            let mut paint = paint(color);
            paint.anti_alias = false;
            self.map.fill_rect(rect, &paint, Transform::identity(), None);
        }
    }

    /// A bar that stands on its bottom, its upper corners rounded.
    pub(crate) fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, color: [u8; 3]) {
        let (right, bottom, round) = (x + width, y + height, (width / 3.0).min(height));
        let mut path = PathBuilder::new();
        path.move_to(x, bottom);
        path.line_to(x, y + round);
        path.quad_to(x, y, x + round, y);
        path.line_to(right - round, y);
        path.quad_to(right, y, right, y + round);
        path.line_to(right, bottom);
        path.close();
        if let Some(path) = path.finish() {
            self.map.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// One line of text, its baseline beginning here.
    pub(crate) fn put(&mut self, text: &str, style: Style, x: f32, baseline: f32) {
        let set = self.inks.set(text, style);
        self.draw(&set, style.color, x, baseline);
    }

    /// One line of text around here, inside the picture.
    pub(crate) fn put_around(&mut self, text: &str, style: Style, middle: f32, baseline: f32) {
        let set = self.inks.set(text, style);
        let most = self.map.width() as f32 - set.width - 8.0;
        self.draw(&set, style.color, (middle - set.width / 2.0).min(most), baseline);
    }

    /// One line of text that ends here.
    pub(crate) fn put_left_of(&mut self, text: &str, style: Style, right: f32, baseline: f32) {
        let set = self.inks.set(text, style);
        self.draw(&set, style.color, right - set.width, baseline);
    }

    fn draw(&mut self, set: &Set, color: [u8; 3], x: f32, baseline: f32) {
        if let Some(path) = outline(self.inks, set, (x, baseline)) {
            self.map.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// Lines in the middle of the picture; answers where the next thing begins.
    pub(crate) fn text(&mut self, text: &Lines, top: f32) -> f32 {
        let mut y = top;
        for line in &text.lines {
            let x = (self.map.width() as f32 - line.width) / 2.0;
            self.draw(line, text.color, x, y + text.step * 0.78);
            y += text.step;
        }
        y
    }

    /// The picture as a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn png(&self) -> Result<Vec<u8>, String> {
        png(&self.map)
    }
}

/// Three bytes a point: nothing of it can be seen through.
///
/// # Errors
/// It cannot be written.
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
