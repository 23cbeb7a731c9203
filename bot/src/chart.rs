//! A chart as a picture: figures day by day, in the shop's colour.

use crate::canvas::{Canvas, INK, PALE, WHITE, bold, fit, inks, plain};
use mela_core::settings::Color;

const WIDE: u32 = 1_000;
const MARGIN: f32 = 48.0;
/// Where the bars begin: left of it stand the figures of the lines.
const LEFT: f32 = 150.0;
/// Height of a panel's bars.
const TALL: f32 = 230.0;
/// Of what stands above them and below.
const HEAD: f32 = 92.0;
const FOOT: f32 = 58.0;
const LINE: [u8; 3] = [0xe5, 0xe7, 0xeb];

/// One row of bars.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// What it shows, and how much of it in all.
    pub title: &'a str,
    /// One for each day. What is below zero is drawn as nothing.
    pub values: Vec<u64>,
    /// How a figure at a line is written.
    pub figure: fn(u64) -> String,
}

/// What a chart shows.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// The shop's colour.
    pub color: Color,
    /// Above all.
    pub title: &'a str,
    /// The days, as they are written; some stand below the bars.
    pub days: Vec<String>,
    /// One below the other.
    pub panels: Vec<Panel<'a>>,
}

/// The figure of the upper line: 2, 4, 10, 20, 40, 100 …, so that its half is whole.
fn top(most: u64) -> u64 {
    let mut step: u64 = 1;
    loop {
        for factor in [2, 4, 10] {
            let top = step.saturating_mul(factor);
            if top >= most || top == u64::MAX {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}

impl Chart<'_> {
    /// The chart as a PNG.
    ///
    /// # Errors
    /// It cannot be drawn.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        let name = fit(inks()?, self.title, WIDE as f32 - 2.0 * MARGIN, 1, bold(40.0, self.color.ink().rgb()));
        let band = 26.0 + name.height + 20.0;
        let height = band + self.panels.len() as f32 * (HEAD + TALL + FOOT) + 16.0;
        let mut canvas = Canvas::try_new(WIDE, height.ceil() as u32)?;
        canvas.rect(0.0, 0.0, WIDE as f32, band, self.color.rgb());
        canvas.text(&name, 26.0);
        for (n, panel) in self.panels.iter().enumerate() {
            self.panel(&mut canvas, panel, band + n as f32 * (HEAD + TALL + FOOT));
        }
        canvas.png()
    }

    fn panel(&self, canvas: &mut Canvas, panel: &Panel<'_>, y: f32) {
        canvas.put(panel.title, bold(34.0, INK), MARGIN, y + 56.0);
        let (right, floor) = (WIDE as f32 - MARGIN, y + HEAD + TALL);
        let top = top(panel.values.iter().copied().max().unwrap_or_default());
        for (value, at) in [(0, floor), (top / 2, floor - TALL / 2.0), (top, floor - TALL)] {
            canvas.rect(LEFT, at.round(), right - LEFT, 2.0, LINE);
            canvas.put_left_of(&(panel.figure)(value), plain(24.0, PALE), LEFT - 16.0, at + 8.0);
        }
        let slot = (right - LEFT) / panel.values.len().max(1) as f32;
        // A colour on which white is not read would not be seen on white either.
        let color = if self.color.ink().rgb() == WHITE { self.color.rgb() } else { INK };
        for (n, &value) in panel.values.iter().enumerate() {
            let x = LEFT + n as f32 * slot;
            if value > 0 {
                // What is more than nothing is seen.
                let tall = (value as f32 / top as f32 * TALL).max(4.0);
                canvas.bar(x + slot * 0.14, floor - tall, slot * 0.72, tall, color);
            }
            // From the last day back, so that today is named.
            let from_last = panel.values.len() - 1 - n;
            if from_last.is_multiple_of(7)
                && let Some(day) = self.days.get(n)
            {
                canvas.rect((x + slot / 2.0).round() - 1.0, floor, 2.0, 8.0, LINE);
                canvas.put_around(day, plain(22.0, PALE), x + slot / 2.0, floor + 36.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::top;

    #[test]
    fn the_upper_line_is_a_round_figure_above_all() {
        for (most, wanted) in [(0, 2), (1, 2), (3, 4), (5, 10), (10, 10), (11, 20), (399, 400), (401, 1_000)] {
            assert_eq!(top(most), wanted, "{most}");
        }
        assert!(top(u64::MAX) == u64::MAX);
    }
}
