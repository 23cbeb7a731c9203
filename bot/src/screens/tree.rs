//! A person's tree: a picture with its pages, and a file.

use super::at_name;
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use crate::tree::{self as drawn, Leaf};
use mela_core::money::Rupees;
use mela_core::referrals::tree::{Beside, Node, PAGE, Tree};
use mela_core::settings::Color;
use mela_core::users::UserId;

/// Numbers in a row of buttons.
const IN_A_ROW: usize = 6;

/// A count as people read it: `1,00,000`.
fn count(n: i64) -> String {
    let whole = Rupees::whole(u32::try_from(n.max(0)).unwrap_or(u32::MAX)).to_string();
    whole.trim_start_matches('₹').to_owned()
}

/// A count for a sentence that tells one from many: small ones as they are, so that it can.
fn counted(texts: &Texts, key: &str, n: i64) -> String {
    texts.plain(key, &[("count", &count(n))])
}

fn leaf(texts: &Texts, node: &Node) -> Leaf {
    Leaf {
        name: node.name.clone(),
        figures: texts.plain("tree-figures", &[("spent", &node.spent), ("joined", &texts.day(node.joined_at))]),
        bought: node.spent.is_positive(),
        mark: if node.blocked {
            Some(texts.plain("tree-blocked", &[]))
        } else {
            (node.flags > 0).then(|| texts.plain("tree-flags", &[("count", &node.flags)]))
        },
    }
}

/// The page as a picture, above it so many friends that are on the pages before.
///
/// # Errors
/// The fonts cannot be read.
pub fn page(texts: &Texts, shop: (&str, Color), tree: &Tree, above: u32) -> Result<Screen, String> {
    let (root, (name, color)) = (&tree.root, shop);
    let above = if tree.larger { i64::from(above).max(1) } else { 0 };
    let on_page = i64::try_from(tree.branches.len()).unwrap_or_default();
    let more = if tree.smaller { (root.friends - above - on_page).max(1) } else { 0 };
    let branches = tree.branches.iter().map(|branch| {
        let all = usize::try_from(branch.friend.friends).unwrap_or(usize::MAX);
        // The line that says how many more there are takes the place of one.
        let named = if all > branch.theirs.len() { branch.theirs.len().saturating_sub(1) } else { all };
        drawn::Branch {
            friend: leaf(texts, &branch.friend),
            theirs: branch.theirs.iter().take(named).map(|node| leaf(texts, node)).collect(),
            more: (all > named).then(|| counted(texts, "tree-more", branch.friend.friends - i64::try_from(named).unwrap_or_default())),
        }
    });
    let below = if root.friends == 0 {
        Some(texts.plain("tree-none", &[]))
    } else {
        (more > 0).then(|| counted(texts, "tree-more", more))
    };
    let picture = drawn::Picture {
        color,
        title: texts.plain("tree-title", &[("name", &root.name)]),
        shop: name,
        inviter: tree.inviter.as_ref().map(|inviter| (texts.plain("tree-brought-by", &[]), leaf(texts, inviter))),
        root: Leaf {
            figures: texts.plain("tree-root-figures", &[("spent", &root.spent), ("joined", &texts.day(root.joined_at))]),
            ..leaf(texts, root)
        },
        counts: [counted(texts, "tree-friends", root.friends), counted(texts, "tree-theirs", root.theirs)],
        above: (above > 0).then(|| counted(texts, "tree-larger", above)),
        branches: branches.collect(),
        below,
    };
    let caption = texts.html(
        if tree.branches.is_empty() { "tree-caption-none" } else { "tree-caption" },
        &[
            ("name", &root.name),
            ("id", &root.telegram_id),
            ("username", &at_name(root.username.as_ref())),
            ("code", &root.code),
            ("friends", &count(root.friends)),
            ("theirs", &count(root.theirs)),
        ],
    );
    let screen = Screen::new(caption).picture(Picture::Png(picture.png()?)).replacing_picture();
    Ok(buttons(texts, screen, tree, u32::try_from(above).unwrap_or(u32::MAX)))
}

fn buttons(texts: &Texts, screen: Screen, tree: &Tree, above: u32) -> Screen {
    let person = tree.root.id;
    let page = u32::try_from(PAGE).unwrap_or_default();
    let number = |(n, id): (usize, i64)| button((n + 1).to_string(), &Press::Tree(id, 0, 0));
    let numbers: Vec<_> = tree.branches.iter().map(|b| b.friend.id).enumerate().map(number).collect();
    let screen = numbers.chunks(IN_A_ROW).fold(screen, |screen, row| screen.row(row.to_vec()));
    let ends = tree.branches.first().zip(tree.branches.last()).map(|(first, last)| (first.friend.id, last.friend.id));
    let larger = ends
        .filter(|_| tree.larger)
        .map(|(first, _)| button(texts.plain("button-tree-larger", &[]), &Press::TreeBefore(person, first, above.saturating_sub(page))));
    let smaller = ends
        .filter(|_| tree.smaller)
        .map(|(_, last)| button(texts.plain("button-tree-smaller", &[]), &Press::Tree(person, last, above.saturating_add(page))));
    let screen = screen.row(larger.into_iter().chain(smaller));
    let up = tree.inviter.as_ref().map(|inviter| button(format!("⬆ {}", inviter.name), &Press::Tree(inviter.id, 0, 0)));
    let file = (tree.root.friends > 0).then(|| button(texts.plain("button-file", &[]), &Press::TreeFile(person)));
    screen.row(up.into_iter().chain(file))
}

/// Which page a press means, and how many friends lie above it.
#[must_use]
pub fn meant(press: &Press) -> Option<(UserId, Beside, u32)> {
    match *press {
        Press::Tree(person, 0, _) => Some((UserId(person), Beside::Top, 0)),
        Press::Tree(person, after, above) => Some((UserId(person), Beside::After(UserId(after)), above)),
        Press::TreeBefore(person, before, above) => Some((UserId(person), Beside::Before(UserId(before)), above)),
        _ => None,
    }
}

/// The tree as a file; `of` is how many lines there are.
#[must_use]
pub fn file(texts: &Texts, root: &Node, bytes: Vec<u8>, lines: u64, of: i64) -> Screen {
    let lines = i64::try_from(lines).unwrap_or(i64::MAX);
    let key = if lines < of { "tree-file-part" } else { "tree-file" };
    let caption = texts.html(key, &[("name", &root.name), ("lines", &count(lines)), ("of", &count(of))]);
    Screen::new(caption).picture(Picture::File { name: format!("tree-{}.csv", root.code).into(), bytes })
}
