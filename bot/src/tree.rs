//! A person's tree as a picture: who brought them, a page of their friends, and the largest of theirs.

use crate::canvas::{bold, inks, outline, paint, plain, png};
use crate::paper::ink::{Inks, Set, Style};
use mela_core::settings::Color;
use tiny_skia::{FillRule, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

/// Width: Telegram shows pictures of up to 1280 on each side as they are, and a page of friends is about so tall.
const WIDE: f32 = 1080.0;
const LEFT: f32 = 36.0;
const RIGHT: f32 = WIDE - 36.0;
/// The stem on which everybody hangs.
const STEM: f32 = 72.0;
/// Where a friend's own text begins and ends, and that of theirs.
const FRIEND: [f32; 2] = [156.0, 536.0];
const THEIRS: [f32; 2] = [592.0, RIGHT - 16.0];
/// Of one of theirs, and the least of a friend.
const LINE: f32 = 26.0;
const ROW: f32 = 66.0;
const GAP: f32 = 8.0;

const INK: [u8; 3] = [0x11, 0x18, 0x27];
const PALE: [u8; 3] = [0x64, 0x6e, 0x80];
const STEMS: [u8; 3] = [0xb8, 0xc2, 0xd0];
const BACK: [u8; 3] = [0xf5, 0xf7, 0xfa];
const WHITE: [u8; 3] = [0xff; 3];
const RED: [u8; 3] = [0xb9, 0x1c, 0x1c];
const ROSE: [u8; 3] = [0xfe, 0xe2, 0xe2];

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What they are called.
    pub name: String,
    /// What they have spent, and since when they are there.
    pub figures: String,
    /// Whether they have bought something.
    pub bought: bool,
    /// What staff should know of them, in a word or two.
    pub mark: Option<String>,
}

/// A friend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The friend.
    pub friend: Leaf,
    /// Some of theirs.
    pub theirs: Vec<Leaf>,
    /// How many more there are.
    pub more: Option<String>,
}

/// What the picture shows.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    /// The shop's colour.
    pub color: Color,
    /// In the band: whose tree it is, and which shop's.
    pub title: String,
    /// The shop's name.
    pub shop: &'a str,
    /// Who brought the person, behind the words that say so.
    pub inviter: Option<(String, Leaf)>,
    /// The person.
    pub root: Leaf,
    /// How many friends, how many of theirs.
    pub counts: [String; 2],
    /// Said above the friends: that there are larger ones.
    pub above: Option<String>,
    /// The friends.
    pub branches: Vec<Branch>,
    /// Said below them: how many more there are, or that there is none.
    pub below: Option<String>,
}

impl Branch {
    fn lines(&self) -> usize {
        self.theirs.len() + usize::from(self.more.is_some())
    }

    fn height(&self) -> f32 {
        ROW.max(self.lines() as f32 * LINE + 12.0)
    }
}

impl Picture<'_> {
    /// The picture as a PNG.
    ///
    /// # Errors
    /// The fonts cannot be read.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        let inks = inks()?;
        let said = |text: &Option<String>| if text.is_some() { 44.0 } else { 0.0 };
        let inviter = if self.inviter.is_some() { 72.0 } else { 0.0 };
        let rows: f32 = self.branches.iter().map(|b| b.height() + GAP).sum();
        let height = 84.0 + 20.0 + inviter + 104.0 + 16.0 + said(&self.above) + rows + said(&self.below) + 16.0;
        let mut easel = Easel { map: Pixmap::new(WIDE as u32, height.ceil() as u32).ok_or("no picture of this size")?, inks };
        easel.rect([0.0, 0.0, WIDE, height], WHITE);
        easel.rect([0.0, 0.0, WIDE, 84.0], self.color.rgb());
        let shop = easel.right(self.shop, RIGHT, 54.0, 300.0, plain(26.0, self.color.ink().rgb()));
        easel.left(&self.title, LEFT, 56.0, shop - LEFT - 24.0, bold(38.0, self.color.ink().rgb()));
        let mut y = 104.0;
        if let Some((words, leaf)) = &self.inviter {
            self.inviter(&mut easel, words, leaf, y);
            y += 72.0;
        }
        self.root(&mut easel, y);
        y += 120.0;
        let begins = y - 16.0;
        if let Some(above) = &self.above {
            easel.left(above, FRIEND[0], y + 20.0, RIGHT - FRIEND[0], plain(23.0, PALE));
            y += 44.0;
        }
        let mut middle = None;
        for (n, branch) in self.branches.iter().enumerate() {
            middle = Some(y + branch.height() / 2.0);
            self.branch(&mut easel, n + 1, branch, y);
            y += branch.height() + GAP;
        }
        let ends = if self.below.is_some() { Some(y + 20.0) } else { middle };
        if let Some(below) = &self.below {
            easel.left(below, FRIEND[0], y + 28.0, RIGHT - FRIEND[0], bold(23.0, PALE));
        }
        if let Some(ends) = ends.filter(|_| !self.branches.is_empty()) {
            easel.rect([STEM - 1.5, begins, 3.0, ends - begins], STEMS);
        }
        if self.below.is_some() && !self.branches.is_empty() {
            // The stem goes on.
            (0..3).for_each(|n| easel.dot(STEM + 22.0 + n as f32 * 16.0, y + 20.0, 4.0, STEMS));
        }
        png(&easel.map)
    }

    /// A dot in the shop's colour for who bought, an empty one for who did not.
    fn dot(&self, easel: &mut Easel<'_>, x: f32, y: f32, radius: f32, bought: bool) {
        easel.dot(x, y, radius, if bought { self.color.rgb() } else { STEMS });
        if !bought {
            easel.dot(x, y, radius - 3.0, WHITE);
        }
    }

    fn inviter(&self, easel: &mut Easel<'_>, words: &str, leaf: &Leaf, y: f32) {
        easel.rect([STEM - 1.5, y + 28.0, 3.0, 60.0], STEMS);
        easel.round([LEFT, y, RIGHT - LEFT, 56.0], 14.0, BACK);
        self.dot(easel, STEM, y + 28.0, 11.0, leaf.bought);
        let said = easel.left(words, 104.0, y + 36.0, 260.0, plain(23.0, PALE));
        let figures = easel.right(&leaf.figures, RIGHT - 20.0, y + 36.0, 360.0, plain(23.0, PALE));
        easel.named(leaf, said + 12.0, y + 37.0, figures - 24.0, 26.0);
    }

    fn root(&self, easel: &mut Easel<'_>, y: f32) {
        easel.round([LEFT, y, RIGHT - LEFT, 104.0], 18.0, self.color.rgb());
        easel.round([LEFT + 3.0, y + 3.0, RIGHT - LEFT - 6.0, 98.0], 15.0, WHITE);
        self.dot(easel, STEM, y + 52.0, 17.0, self.root.bought);
        let friends = easel.right(&self.counts[0], RIGHT - 24.0, y + 45.0, 360.0, bold(28.0, INK));
        let theirs = easel.right(&self.counts[1], RIGHT - 24.0, y + 81.0, 360.0, plain(23.0, PALE));
        easel.named(&self.root, 108.0, y + 47.0, friends.min(theirs) - 24.0, 36.0);
        easel.left(&self.root.figures, 108.0, y + 82.0, friends.min(theirs) - 132.0, plain(24.0, PALE));
    }

    fn branch(&self, easel: &mut Easel<'_>, number: usize, branch: &Branch, y: f32) {
        let (height, leaf) = (branch.height(), &branch.friend);
        let middle = y + height / 2.0;
        easel.rect([STEM, middle - 1.5, 40.0, 3.0], STEMS);
        easel.round([100.0, y, RIGHT - 100.0, height], 14.0, BACK);
        self.dot(easel, 126.0, middle, 18.0, leaf.bought);
        let color = if leaf.bought { self.color.ink().rgb() } else { PALE };
        easel.middle(&number.to_string(), 126.0, middle + 7.0, bold(20.0, color));
        easel.named(leaf, FRIEND[0], middle - 5.0, FRIEND[1], 26.0);
        easel.left(&leaf.figures, FRIEND[0], middle + 23.0, FRIEND[1] - FRIEND[0], plain(22.0, PALE));
        let (count, x) = (branch.lines(), THEIRS[0] - 24.0);
        if count == 0 {
            return;
        }
        let first = middle - (count - 1) as f32 * LINE / 2.0;
        easel.rect([x - 22.0, middle - 1.0, 22.0, 2.0], STEMS);
        easel.rect([x - 1.0, first - 1.0, 2.0, (count - 1) as f32 * LINE + 2.0], STEMS);
        for (n, leaf) in branch.theirs.iter().enumerate() {
            let y = first + n as f32 * LINE;
            easel.rect([x, y - 1.0, 12.0, 2.0], STEMS);
            self.dot(easel, x + 16.0, y, 6.0, leaf.bought);
            let figures = easel.right(&leaf.figures, THEIRS[1], y + 7.0, 260.0, plain(20.0, PALE));
            easel.named(leaf, THEIRS[0] + 6.0, y + 7.0, figures - 14.0, 20.0);
        }
        if let Some(more) = &branch.more {
            let y = first + branch.theirs.len() as f32 * LINE;
            easel.rect([x, y - 1.0, 12.0, 2.0], STEMS);
            easel.left(more, THEIRS[0] + 6.0, y + 7.0, THEIRS[1] - THEIRS[0], plain(20.0, PALE));
        }
    }
}

struct Easel<'a> {
    map: Pixmap,
    inks: &'a Inks,
}

impl Easel<'_> {
    fn fill(&mut self, path: Option<Path>, color: [u8; 3]) {
        if let Some(path) = path {
            self.map.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// Left, top, width, height.
    fn rect(&mut self, [x, y, width, height]: [f32; 4], color: [u8; 3]) {
        self.fill(Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect), color);
    }

    fn round(&mut self, [x, y, width, height]: [f32; 4], radius: f32, color: [u8; 3]) {
        // A smaller one with a round pen around it.
        let inner = Rect::from_xywh(x + radius, y + radius, width - 2.0 * radius, height - 2.0 * radius).map(PathBuilder::from_rect);
        let Some(inner) = inner else { return };
        let pen = Stroke { width: 2.0 * radius, line_join: tiny_skia::LineJoin::Round, ..Stroke::default() };
        self.map.stroke_path(&inner, &paint(color), &pen, Transform::identity(), None);
        self.fill(Some(inner), color);
    }

    fn dot(&mut self, x: f32, y: f32, radius: f32, color: [u8; 3]) {
        self.fill(PathBuilder::from_circle(x, y, radius), color);
    }

    /// A text that is no wider than it may be: what is over is left out.
    fn fit(&self, text: &str, room: f32, style: Style) -> Set {
        let mut set = self.inks.set(text, style);
        let mut kept: Vec<char> = text.chars().collect();
        while set.width > room && !kept.is_empty() {
            kept.pop();
            let shorter: String = kept.iter().collect();
            set = self.inks.set(&format!("{}…", shorter.trim_end()), style);
        }
        set
    }

    fn put(&mut self, set: &Set, x: f32, y: f32, color: [u8; 3]) {
        let path = outline(self.inks, set, (x, y));
        self.fill(path, color);
    }

    /// Answers where it ends.
    fn left(&mut self, text: &str, x: f32, y: f32, room: f32, style: Style) -> f32 {
        let set = self.fit(text, room, style);
        self.put(&set, x, y, style.color);
        x + set.width
    }

    /// Ends at `x`; answers where it begins.
    fn right(&mut self, text: &str, x: f32, y: f32, room: f32, style: Style) -> f32 {
        let set = self.fit(text, room, style);
        self.put(&set, x - set.width, y, style.color);
        x - set.width
    }

    fn middle(&mut self, text: &str, x: f32, y: f32, style: Style) {
        let set = self.inks.set(text, style);
        self.put(&set, x - set.width / 2.0, y, style.color);
    }

    /// A person's name, with what staff should know behind it, not beyond `end`.
    fn named(&mut self, leaf: &Leaf, x: f32, y: f32, end: f32, size: f32) {
        let style = bold(size * 0.72, RED);
        let mark = leaf.mark.as_ref().map(|mark| self.fit(mark, (end - x) * 0.5, style));
        let taken = mark.as_ref().map_or(0.0, |mark| mark.width + size * 1.2);
        let ends = self.left(&leaf.name, x, y, end - x - taken, bold(size, INK));
        if let Some(mark) = mark {
            let (x, tall) = (ends + size * 0.4, size * 1.06);
            self.round([x, y - size * 0.88, mark.width + size * 0.7, tall], tall / 2.0 - 0.1, ROSE);
            self.put(&mark, x + size * 0.35, y - size * 0.1, RED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(name: &str, figures: &str, mark: Option<&str>) -> Leaf {
        Leaf {
            name: name.to_owned(),
            figures: figures.to_owned(),
            bought: !figures.starts_with("₹0 "),
            mark: mark.map(str::to_owned),
        }
    }

    fn picture(friends: usize) -> Picture<'static> {
        const NAMES: [&str; 6] = ["Ravi Kumar", "आशा शर्मा", "Bartholomew Featherstonehaugh-Cholmondeley", "李小龍 🐉", "", "S"];
        let theirs = |n: usize| (0..n.min(3)).map(|i| leaf(NAMES[(n + i) % 6], "₹1,35,000 · 21 Nov 2026", None)).collect();
        let branches = (0..friends.min(12)).map(|n| Branch {
            friend: leaf(NAMES[n % 6], if n % 4 == 3 { "₹0 · 1 Nov 2026" } else { "₹1,350 · 21 Nov 2026" }, (n % 5 == 2).then_some("2 flags")),
            theirs: theirs(n % 4),
            more: (n % 4 == 2).then(|| "and 247 more".to_owned()),
        });
        Picture {
            color: serde_json::from_str("\"#5B21B6\"").unwrap_or_else(|e| panic!("{e}")),
            title: "Tree of Asha Sharma".to_owned(),
            shop: "Mela",
            inviter: Some(("Brought by".to_owned(), leaf("Ravi Kumar", "₹540 · 3 Nov 2026", None))),
            root: leaf("Asha Sharma", "₹1,350 spent · joined 21 Nov 2026", Some("blocked")),
            counts: [format!("{friends} friends"), "2,31,000 of theirs".to_owned()],
            above: None,
            branches: branches.collect(),
            below: if friends == 0 {
                Some("Nobody joined by their link yet.".to_owned())
            } else {
                (friends > 12).then(|| "and 99,988 more".to_owned())
            },
        }
    }

    #[test]
    fn a_picture_of_any_number_within_telegrams_bounds() {
        for friends in [0, 1, 12, 100_000] {
            let bytes = picture(friends).png().unwrap_or_else(|e| panic!("{e}"));
            if let Ok(folder) = std::env::var("TREE_PICTURES") {
                std::fs::write(format!("{folder}/tree-{friends}.png"), &bytes).unwrap_or_else(|e| panic!("{e}"));
            }
            let drawn = image::load_from_memory(&bytes).unwrap_or_else(|e| panic!("{e}"));
            assert!(drawn.width() == 1080 && drawn.height() <= 1600 && bytes.len() < 2_000_000, "{}", drawn.height());
        }
    }
}
