//! The README's generated parts are what the program says. UPDATE_README=1 writes them instead.

use std::fs;
use std::path::PathBuf;

fn at_top(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Compares what stands between two markers, or writes it.
pub(crate) fn keeps(part: &str, wanted: &str) {
    let readme = fs::read_to_string(at_top("README.md")).unwrap();
    let (begin, end) = (format!("<!-- {part}: begin -->\n"), format!("<!-- {part}: end -->"));
    let from = readme.find(&begin).unwrap() + begin.len();
    let to = readme.find(&end).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(at_top("README.md"), format!("{}{wanted}{}", &readme[..from], &readme[to..])).unwrap();
    } else {
        assert_eq!(&readme[from..to], wanted, "the README's {part} is old: UPDATE_README=1 cargo test -p mela-bot --test it");
    }
}

#[test]
fn the_settings_table_is_made_from_settings_toml() {
    let mut table = String::from("| key | default | what it is for |\n|---|---|---|\n");
    let (mut section, mut why) = (String::new(), Vec::new());
    for line in fs::read_to_string(at_top("settings.toml")).unwrap().lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
            why.clear();
        } else if let Some(words) = line.strip_prefix("# ") {
            why.push(words.to_owned());
        } else if let Some((key, value)) = line.split_once(" = ") {
            table.push_str(&format!("| `{section}.{key}` | `{value}` | {} |\n", why.join(" ")));
            why.clear();
        }
    }
    assert!(table.lines().all(|row| !row.ends_with("|  |")), "every setting has a sentence:\n{table}");
    keeps("settings", &table);
}

/// The friend's chat from her first sale to her money, and the books: the whole is too long for a README.
pub(crate) fn excerpt(transcript: &str) -> String {
    let part = |from: &str, to: &str| {
        let begin = transcript.find(from).unwrap();
        transcript[begin..begin + transcript[begin..].find(to).unwrap()].trim_end()
    };
    let asha = part("──── what Asha sees", "\n──── what Chitra");
    // Between the two, notices pile up to messages as they happen to come: not the same in every telling.
    let missing = asha.find("is missing").unwrap();
    let first = &asha[..missing + asha[missing..].find("\n    bot │").unwrap()];
    let rest = &asha[asha.find("    bot │ ✅ ₹476").unwrap()..];
    let admins = part("──── what Admins sees", "\n  Meera │ «pressed: 📦 Deliver»");
    let books = &transcript[transcript.find("──── the ledger").unwrap()..];
    format!(
        "```text\n{}\n        ⋮ seventeen more customers join by her link and buy\n{rest}\n\n{admins}\n        ⋮\n\n{}\n```\n",
        first,
        books.trim_end()
    )
}
