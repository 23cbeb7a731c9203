//! Text on paper: fonts that lie in the program, shaped so that Devanagari joins as it should, measured, drawn.

use krilla::color::rgb;
use krilla::geom::Point;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};

/// Noto Sans, reduced to what receipts need; the licence lies beside it.
const LATIN: [&[u8]; 2] = [include_bytes!("../../fonts/NotoSans-Regular.ttf"), include_bytes!("../../fonts/NotoSans-Bold.ttf")];
const DEVANAGARI: [&[u8]; 2] =
    [include_bytes!("../../fonts/NotoSansDevanagari-Regular.ttf"), include_bytes!("../../fonts/NotoSansDevanagari-Bold.ttf")];
/// Stands for what no font has: other scripts, emoji.
const UNKNOWN: char = '\u{25a1}';

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// In points.
    pub(crate) size: f32,
    /// Whether it is bold.
    pub(crate) bold: bool,
    /// Red, green, blue.
    pub(crate) color: [u8; 3],
}

struct Face {
    shapes: rustybuzz::Face<'static>,
    draws: Font,
}

/// The fonts, ready.
pub(crate) struct Inks {
    /// Latin before Devanagari; regular before bold.
    faces: [[Face; 2]; 2],
}

/// A text in pieces of one font each, as wide as it will be.
pub(crate) struct Set {
    pieces: Vec<Piece>,
    style: Style,
    /// In points.
    pub(crate) width: f32,
}

struct Piece {
    script: usize,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
}

impl Inks {
    /// Opens the fonts; none only if the program was built with a broken one.
    #[must_use]
    pub(crate) fn try_new() -> Option<Self> {
        let face = |bytes: &'static [u8]| Some(Face { shapes: rustybuzz::Face::from_slice(bytes, 0)?, draws: Font::new(bytes.to_vec().into(), 0)? });
        let pair = |files: [&'static [u8]; 2]| Some([face(files[0])?, face(files[1])?]);
        Some(Self { faces: [pair(LATIN)?, pair(DEVANAGARI)?] })
    }

    fn has(&self, script: usize, c: char) -> bool {
        self.faces[script][0].shapes.glyph_index(c).is_some()
    }

    /// Of a text what the fonts have: a name without its emoji, nothing of one in a script that they lack.
    #[must_use]
    pub(crate) fn drawable(&self, text: &str) -> String {
        let known: String = text.chars().filter(|&c| (0..self.faces.len()).any(|script| self.has(script, c))).collect();
        known.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A text, ready to be drawn. What no font has becomes one box, however much of it there is in a row.
    #[must_use]
    pub(crate) fn set(&self, text: &str, style: Style) -> Set {
        let mut pieces: Vec<(usize, String)> = Vec::new();
        for c in text.chars() {
            let after_unknown = pieces.last().is_some_and(|(_, text)| text.ends_with(UNKNOWN));
            // What joined the parts of what is a box now.
            if after_unknown && matches!(c, '\u{200c}' | '\u{200d}') {
                continue;
            }
            let now = pieces.last().map(|(script, _)| *script);
            let script = now.filter(|&now| self.has(now, c)).or_else(|| (0..self.faces.len()).find(|&script| self.has(script, c)));
            let (script, c) = match script {
                Some(script) => (script, c),
                None if after_unknown => continue,
                None => (0, UNKNOWN),
            };
            match pieces.last_mut() {
                Some((last, text)) if *last == script => text.push(c),
                _ => pieces.push((script, c.to_string())),
            }
        }
        let pieces: Vec<Piece> = pieces.into_iter().map(|(script, text)| self.shape(script, text, style)).collect();
        Set { width: pieces.iter().map(|piece| piece.width).sum(), pieces, style }
    }

    fn shape(&self, script: usize, text: String, style: Style) -> Piece {
        let face = &self.faces[script][usize::from(style.bold)];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&face.shapes, &[], buffer);
        let em = face.draws.units_per_em();
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let end_of = |start: usize| starts.iter().copied().filter(|next| *next > start).min().unwrap_or(text.len());
        let glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, at)| {
                let start = info.cluster as usize;
                KrillaGlyph {
                    glyph_id: GlyphId::new(info.glyph_id),
                    text_range: start..end_of(start),
                    x_advance: at.x_advance as f32 / em,
                    x_offset: at.x_offset as f32 / em,
                    y_offset: at.y_offset as f32 / em,
                    y_advance: at.y_advance as f32 / em,
                    location: None,
                }
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.size;
        Piece { script, text, glyphs, width }
    }

    /// Breaks a text into lines no wider than `width`: between words, and inside a word that alone is wider.
    #[must_use]
    pub(crate) fn wrap(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let fits = |text: &str| self.set(text, style).width <= width;
        let mut lines: Vec<String> = vec![String::new()];
        for word in text.split_whitespace() {
            let line = lines.last().cloned().unwrap_or_default();
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&longer) {
                lines.pop();
                lines.push(longer);
                continue;
            }
            if line.is_empty() {
                lines.pop();
            }
            let mut rest = String::new();
            for c in word.chars() {
                rest.push(c);
                if !fits(&rest) && rest.chars().count() > 1 {
                    rest.pop();
                    lines.push(std::mem::take(&mut rest));
                    rest.push(c);
                }
            }
            lines.push(rest);
        }
        lines
    }

    /// The outlines of a text's glyphs, each with where it begins, from the beginning of the baseline; and what a unit of an outline is worth.
    pub(crate) fn trace(
        &self,
        text: &Set,
        mut draw: impl FnMut(&rustybuzz::ttf_parser::Face<'static>, rustybuzz::ttf_parser::GlyphId, (f32, f32), f32),
    ) {
        let (size, mut at) = (text.style.size, 0.0);
        for piece in &text.pieces {
            let face = &self.faces[piece.script][usize::from(text.style.bold)];
            let scale = size / face.draws.units_per_em();
            for glyph in &piece.glyphs {
                let id = rustybuzz::ttf_parser::GlyphId(u16::try_from(glyph.glyph_id.to_u32()).unwrap_or_default());
                draw(&face.shapes, id, (at + glyph.x_offset * size, glyph.y_offset * size), scale);
                at += glyph.x_advance * size;
            }
        }
    }

    /// Draws a text with its baseline beginning at `x`, `y` from the top left.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>, x: f32, y: f32, text: &Set) {
        let [red, green, blue] = text.style.color;
        surface.set_fill(Some(Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }));
        let mut at = x;
        for piece in &text.pieces {
            let face = &self.faces[piece.script][usize::from(text.style.bold)];
            surface.draw_glyphs(Point::from_xy(at, y), &piece.glyphs, face.draws.clone(), &piece.text, text.style.size, false);
            at += piece.width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 10.0, bold: false, color: [0, 0, 0] };

    fn texts(text: &str) -> Vec<String> {
        Inks::try_new().unwrap().set(text, STYLE).pieces.into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn scripts_apart_and_one_box_for_what_is_unknown() {
        assert_eq!(texts("Asha ₹1,35,000"), ["Asha ₹1,35,000"]);
        assert_eq!(texts("आशा शर्मा Sharma"), ["आशा शर्मा ", "Sharma"]);
        assert_eq!(texts("தமிழ்"), ["□"]);
        assert_eq!(texts("A👩‍👩‍👧B"), ["A□B"]);
        assert_eq!(texts(""), Vec::<String>::new());
    }

    #[test]
    fn devanagari_is_joined() {
        let inks = Inks::try_new().unwrap();
        // क्ष is one shape of three characters.
        let glyphs = inks.set("क्ष", STYLE).pieces.remove(0).glyphs;
        assert!(glyphs.len() < 3, "{glyphs:?}");
        assert!(glyphs.iter().all(|glyph| glyph.glyph_id != GlyphId::new(0)));
    }

    #[test]
    fn lines_are_no_wider_than_they_may_be() {
        let inks = Inks::try_new().unwrap();
        for text in ["All the big streaming apps in one plan", &"W".repeat(200), "", "   ", "आशा और बीना की दुकान में आपका स्वागत है"]
        {
            let lines = inks.wrap(text, STYLE, 80.0);
            assert!(!lines.is_empty());
            assert!(lines.iter().all(|line| inks.set(line, STYLE).width <= 80.0), "{lines:?}");
            let without = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(without(&lines.concat()), without(text));
        }
    }
}
