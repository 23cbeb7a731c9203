//! Whether two pictures are one: sent again as it is, in another size, saved again, a little cropped. Not whether they look alike: two payments in the
//! same app look alike and differ in a few digits, and those differences decide. In whole numbers, so that every machine says the same.

/// Width of the grid that a picture is compared on.
const WIDE: usize = 192;
/// Its height: screenshots stand upright.
const TALL: usize = 192;
/// Blocks that are compared one by one.
const BLOCK: (usize, usize) = (32, 8);
/// Blocks with something to see in them that a picture must have to be compared at all.
const LEAST_BLOCKS: usize = 8;
/// Mean square of the steps from point to point in a block with something to see.
const LEAST_STEPS: i64 = 4;
/// Rows that others are found by, as high as a line of text, and the steps in each.
const ROWS: usize = 64;
/// A step in such a row is one that another saving of the picture cannot make or undo.
const CLEAR: u8 = 8;
/// How far a crop may move a point: a twelfth of the width and of the height.
const REACH: (i32, i32) = (16, 16);
/// Half steps of a point.
const HALF: i32 = 2;
/// Parts of a step that a fit is told in.
const FINE: i32 = 64;
/// Parts that a stretch is told in.
const PARTS: i32 = 1 << 14;

/// A picture in shades of grey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// In points.
    pub width: usize,
    /// In points.
    pub height: usize,
    /// Row by row, a byte a point.
    pub points: Vec<u8>,
}

/// What is kept of a picture to know it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// 256 bits: in each of sixteen rows, where it grows darker.
    pub hash: [u8; 32],
    /// It again, on a small grid.
    pub detail: Vec<u8>,
}

impl Print {
    /// The print of a picture; none of one so plain that it cannot be told from others.
    #[must_use]
    pub fn of(picture: &Grey) -> Option<Self> {
        if picture.width == 0 || picture.height == 0 || picture.points.len() != picture.width * picture.height {
            return None;
        }
        // The last bits are noise, and cost the most to keep.
        let detail: Vec<u8> = shrink(&picture.points, (picture.width, picture.height), (WIDE, TALL)).into_iter().map(|p| p & 0xfc).collect();
        let print = Self { hash: hash(&detail), detail };
        (print.slopes().textured().len() >= LEAST_BLOCKS).then_some(print)
    }

    /// A print as it was kept.
    #[must_use]
    pub fn kept(hash: &[u8], detail: Vec<u8>) -> Option<Self> {
        Some(Self { hash: hash.try_into().ok()?, detail }).filter(|print| print.detail.len() == WIDE * TALL)
    }

    /// By which others are found: each row of the hash with its number, those left out in which nothing is to be seen; and narrower rows.
    #[must_use]
    pub fn bands(&self) -> Vec<i32> {
        let rows = self.hash.chunks_exact(2).map(|row| i32::from(u16::from_be_bytes([row[0], row[1]])));
        let coarse = rows.zip(0..).filter(|(row, _)| row.count_ones() > 1).map(|(row, n)| (n << 16) | row);
        coarse.chain(self.lines()).collect()
    }

    /// The same of rows so narrow that those with the payment's own digits are hardly another's, however many pictures there are.
    fn lines(&self) -> Vec<i32> {
        let small = shrink(&self.detail, (WIDE, TALL), (ROWS + 1, ROWS));
        let rows = small.chunks_exact(ROWS + 1).zip(0_u64..).filter_map(|(row, n)| {
            let bits = row.windows(2).fold(0_u64, |bits, pair| bits << 1 | u64::from(pair[0] > pair[1].saturating_add(CLEAR)));
            let mixed = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32).wrapping_add(n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            // Negative, where the others are not.
            (bits.count_ones() > 3).then(|| i32::try_from(mixed >> 1).map_or(-1, |mixed| -1 - mixed))
        });
        rows.collect()
    }

    /// How many of the hash's 256 bits differ.
    #[must_use]
    pub fn distance(&self, other: &[u8]) -> u32 {
        self.hash.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Whether it is the same picture.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.slopes(), other.slopes());
        let (seen, same, _) = mine.compared(&theirs, &Fit::NONE);
        // On each other as they are, as screens of one app are, they show the least difference.
        if same * 2 >= seen {
            return seen >= LEAST_BLOCKS && same == seen;
        }
        let Some(fit) = Fit::find(&mine, &theirs) else { return false };
        let (seen, _, likely) = mine.compared(&Slopes::of(&fit.laid(&other.detail)), &fit);
        seen >= LEAST_BLOCKS && (seen - likely) * STRAY <= seen
    }

    fn slopes(&self) -> Slopes {
        Slopes::of(&self.detail)
    }
}

/// A picture on another grid: each point the mean of what lies under it.
fn shrink(points: &[u8], (width, height): (usize, usize), (wide, tall): (usize, usize)) -> Vec<u8> {
    let overlaps = |cell: usize, from: usize, to: usize| {
        let (low, high) = (cell * from, (cell + 1) * from);
        (low / to..=(high - 1) / to).map(move |i| (i, (high.min((i + 1) * to) - low.max(i * to)) as u64))
    };
    let across: Vec<Vec<(usize, u64)>> = (0..wide).map(|cell| overlaps(cell, width, wide).collect()).collect();
    let mut sums = vec![0_u64; wide * tall];
    let mut row = vec![0_u64; wide];
    // Each row of the picture is read once, however many rows of the grid it is under.
    let mut down: Vec<Vec<(usize, u64)>> = vec![Vec::new(); height];
    for cell in 0..tall {
        for (y, weight) in overlaps(cell, height, tall) {
            down[y].push((cell, weight));
        }
    }
    for (line, under) in points.chunks_exact(width).zip(&down) {
        for (sum, cells) in row.iter_mut().zip(&across) {
            *sum = cells.iter().map(|(x, weight)| u64::from(line[*x]) * weight).sum();
        }
        for (cell, weight) in under {
            for (sum, value) in sums[cell * wide..].iter_mut().zip(&row) {
                *sum += value * weight;
            }
        }
    }
    let area = (width * height) as u64;
    sums.into_iter().map(|sum| u8::try_from(sum / area).unwrap_or(u8::MAX)).collect()
}

fn hash(detail: &[u8]) -> [u8; 32] {
    let small = shrink(detail, (WIDE, TALL), (17, 16));
    let mut hash = [0; 32];
    for (y, row) in small.chunks_exact(17).enumerate() {
        for (x, pair) in row.windows(2).enumerate() {
            // A step that is none either way, as on a blank ground, must not be decided by noise.
            if pair[0] > pair[1].saturating_add(2) {
                hash[y * 2 + x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
    hash
}

/// How much brighter each point is than the one before it, smoothed: what text is made of, whatever its ground.
struct Slopes(Vec<i32>);

/// A block by its first point.
type Block = (usize, usize);

impl Slopes {
    fn of(detail: &[u8]) -> Self {
        let at = |x: usize, y: usize| i32::from(detail[y * WIDE + x]);
        let smooth = |x: usize, y: usize| {
            let row = |y: usize| {
                let side = |n: usize| at(x.saturating_sub(n), y) + at((x + n).min(WIDE - 1), y);
                6 * at(x, y) + 4 * side(1) + side(2)
            };
            row(y.saturating_sub(1)) + 2 * row(y) + row((y + 1).min(TALL - 1))
        };
        let smoothed: Vec<i32> = (0..WIDE * TALL).map(|i| smooth(i % WIDE, i / WIDE)).collect();
        let slope = |i: usize| if i.is_multiple_of(WIDE) { 0 } else { (smoothed[i] - smoothed[i - 1]) / 16 };
        Self((0..WIDE * TALL).map(slope).collect())
    }

    /// The value between points, in half steps; nothing outside.
    fn between(&self, x: i32, y: i32) -> Option<i32> {
        let (left, top) = (x.div_euclid(HALF), y.div_euclid(HALF));
        let at = |x: i32, y: i32| {
            let inside = (0..WIDE as i32).contains(&x) && (0..TALL as i32).contains(&y);
            inside.then(|| self.0[y as usize * WIDE + x as usize])
        };
        let row = |y: i32| if x % HALF == 0 { at(left, y).map(|v| 2 * v) } else { Some(at(left, y)? + at(left + 1, y)?) };
        if y % HALF == 0 { row(top).map(|v| 2 * v) } else { Some(row(top)? + row(top + 1)?) }
    }

    /// Blocks with something to see in them.
    fn textured(&self) -> Vec<Block> {
        let (w, h) = BLOCK;
        let blocks = (0..TALL / h).flat_map(|y| (0..WIDE / w).map(move |x| (x * w, y * h)));
        blocks.filter(|block| self.power(*block) >= LEAST_STEPS * (w * h) as i64 * 16).collect()
    }

    fn power(&self, (x, y): Block) -> i64 {
        let rows = (y..y + BLOCK.1).map(|y| &self.0[y * WIDE + x..y * WIDE + x + BLOCK.0]);
        rows.flatten().map(|v| i64::from(*v) * i64::from(*v)).sum()
    }

    /// How well a block lies on what is at these half steps of the other, in percent; nothing where that is outside.
    fn likeness(&self, (x, y): Block, other: &Self, (to_x, to_y): (i32, i32)) -> Option<i64> {
        let (mut mine, mut theirs, mut both) = (0_i64, 0_i64, 0_i64);
        for dy in 0..BLOCK.1 {
            for dx in 0..BLOCK.0 {
                let a = i64::from(self.0[(y + dy) * WIDE + x + dx]);
                let b = i64::from(other.between(to_x + HALF * dx as i32, to_y + HALF * dy as i32)?);
                mine += a * a;
                theirs += b * b;
                both += a * b;
            }
        }
        if both <= 0 || mine == 0 || theirs == 0 {
            return Some(0);
        }
        // The square of the cosine keeps to whole numbers.
        Some(i64::try_from(i128::from(both) * i128::from(both) * 100 / (i128::from(mine) * i128::from(theirs))).unwrap_or(0))
    }

    /// The best of a block's places around one.
    fn best(&self, block: Block, other: &Self, (x, y): (i32, i32), (wide, tall): (i32, i32)) -> Option<(i64, (i32, i32))> {
        let places = (-tall..=tall).flat_map(|dy| (-wide..=wide).map(move |dx| (x + dx, y + dy)));
        places.filter_map(|place| Some((self.likeness(block, other, place)?, place))).max_by_key(|(likeness, _)| *likeness)
    }

    /// Of how many blocks so many are the same, and so many as like as they can be after a crop.
    fn compared(&self, other: &Self, fit: &Fit) -> (usize, usize, usize) {
        let (mut seen, mut same, mut likely) = (0, 0, 0);
        for block in self.textured().into_iter().filter(|block| fit.reaches(*block)) {
            let there = (block.0 as i32 * HALF, block.1 as i32 * HALF);
            let Some((likeness, _)) = self.best(block, other, there, (HALF, HALF)) else {
                continue;
            };
            seen += 1;
            same += usize::from(likeness >= SAME);
            likely += usize::from(likeness >= LIKELY);
        }
        (seen, same, likely)
    }
}

/// A block is the same from this likeness on.
const SAME: i64 = 90;
/// And after a crop from this.
const LIKELY: i64 = 80;
/// Of so many blocks one may be another after a crop.
const STRAY: usize = 20;

/// Where the points of a picture lie on another: along each side a shift, and a stretch.
#[derive(Debug, Clone, Copy)]
struct Fit {
    x: Line,
    y: Line,
}

/// `to = at + shift + at * stretch`, in parts of a step.
#[derive(Debug, Clone, Copy)]
struct Line {
    shift: i32,
    stretch: i32,
}

impl Line {
    fn of(self, at: usize) -> i32 {
        let at = at as i32;
        at * FINE + self.shift + at * self.stretch / PARTS
    }

    /// Through pairs of where and by how much it is off: medians, so that a few wrong ones do not count.
    fn through(pairs: &[(i32, i32)]) -> Self {
        let steep = |(a, b): (&(i32, i32), &(i32, i32))| ((a.0 - b.0).abs() >= 24).then(|| (a.1 - b.1) * PARTS / (a.0 - b.0));
        let stretch = median(pairs.iter().enumerate().flat_map(|(n, a)| pairs[..n].iter().map(move |b| (a, b))).filter_map(steep).collect());
        let shift = median(pairs.iter().map(|(at, off)| off - at * stretch / PARTS).collect());
        Self { shift, stretch }
    }
}

fn median(mut values: Vec<i32>) -> i32 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

impl Fit {
    const NONE: Self = Self { x: Line { shift: 0, stretch: 0 }, y: Line { shift: 0, stretch: 0 } };

    /// The other picture as it would lie on this one's grid.
    fn laid(&self, detail: &[u8]) -> Vec<u8> {
        let split = |line: Line, most: usize| {
            move |at: usize| {
                let to = line.of(at).clamp(0, (most as i32 - 1) * FINE);
                let whole = (to / FINE) as usize;
                (whole, (whole + 1).min(most - 1), to % FINE)
            }
        };
        let (across, down) = (split(self.x, WIDE), split(self.y, TALL));
        let point = |i: usize| {
            let ((left, right, x), (top, bottom, y)) = (across(i % WIDE), down(i / WIDE));
            let row = |row: usize| i32::from(detail[row * WIDE + left]) * (FINE - x) + i32::from(detail[row * WIDE + right]) * x;
            u8::try_from((row(top) * (FINE - y) + row(bottom) * y) / (FINE * FINE)).unwrap_or(u8::MAX)
        };
        (0..WIDE * TALL).map(point).collect()
    }

    /// Whether all of a block lies inside the other picture.
    fn reaches(&self, (x, y): Block) -> bool {
        let inside = |line: Line, from: usize, to: usize, most: usize| line.of(from) >= -FINE && line.of(to) <= most as i32 * FINE;
        inside(self.x, x, x + BLOCK.0 - 1, WIDE) && inside(self.y, y, y + BLOCK.1 - 1, TALL)
    }

    /// From where the blocks with the most to see in them lie best; nothing when they lie nowhere well.
    fn find(mine: &Slopes, theirs: &Slopes) -> Option<Self> {
        let mut blocks = mine.textured();
        blocks.sort_by_key(|block| std::cmp::Reverse(mine.power(*block)));
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for block in blocks.into_iter().take(24) {
            let at = (block.0 as i32, block.1 as i32);
            let whole = |n: i32| n * HALF;
            // Whole steps first, then halves around the best.
            let coarse = (-REACH.1..=REACH.1)
                .flat_map(|dy| (-REACH.0..=REACH.0).map(move |dx| (dx, dy)))
                .filter_map(|(dx, dy)| {
                    let place = (whole(at.0 + dx), whole(at.1 + dy));
                    Some((mine.likeness(block, theirs, place)?, place))
                })
                .max_by_key(|(likeness, _)| *likeness)?;
            let (likeness, place) = mine.best(block, theirs, coarse.1, (1, 1))?;
            if likeness >= 50 {
                let off = |at: i32, to: i32| (to - whole(at)) * FINE / HALF;
                // Of a block the middle lies where it was found.
                x.push((at.0 + BLOCK.0 as i32 / 2, off(at.0, place.0)));
                y.push((at.1 + BLOCK.1 as i32 / 2, off(at.1, place.1)));
            }
        }
        (x.len() >= 6).then(|| Self { x: Line::through(&x), y: Line::through(&y) })
    }
}
