//! Every sentence that the code asks for is there, every sentence that is there is asked for, and what is filled in is what is given. That the
//! languages say the same is checked by the build script; here, that it checks.

#[path = "../../build/languages.rs"]
pub(crate) mod languages;

use chrono_tz::Asia;
use languages::{File, Sentence};
use mela_bot::texts::Texts;
use mela_core::users::LANGUAGES;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn code() -> String {
    fn files(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut code = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    code.join("\n")
}

/// The sentences of a language as they are in the files.
pub(crate) fn sentences(language: &str) -> BTreeMap<String, Sentence> {
    let files = languages::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")).unwrap();
    let mut problems = Vec::new();
    let sentences = languages::sentences(language, &files[language], &mut problems);
    assert_eq!(problems, Vec::<String>::new());
    sentences
}

#[test]
fn keys_and_placeholders_agree_in_code_and_in_every_language() {
    let english = sentences("en");
    let code = code();
    let literals: BTreeSet<&str> = code.split('"').collect();
    // Keys that are put together: each of these beginnings is one `format!` in the code.
    let built = ["movement-", "account-", "menu-"];
    for key in english.keys() {
        let asked = literals.contains(key.as_str()) || built.iter().any(|b| key.starts_with(b) && code.contains(&format!("\"{b}{{")));
        assert!(asked, "no code says {key}");
    }
    for name in english.values().flat_map(|sentence| &sentence.filled) {
        assert!(literals.contains(name.trim_start_matches('$')), "nothing in the code fills in {name}");
    }
    for call in [
        ".html(\"",
        ".plain(\"",
        "sentence(\"",
        "alert(\"",
        "sentence_home(texts, \"",
        "sentence(texts, \"",
        "sentence_home(&talk.texts, \"",
        "sentence(&talk.texts, \"",
    ] {
        for rest in code.split(call).skip(1) {
            let key = rest.split('"').next().unwrap();
            assert!(key.contains('{') || english.contains_key(key), "no language file has {key}");
        }
    }
    for name in mela_bot::commands::CUSTOMERS.iter().chain(&mela_bot::commands::STAFFS) {
        assert!(english.contains_key(&format!("menu-{name}")), "the menu has no words for /{name}");
    }
}

#[test]
fn every_reader_has_their_own_language() {
    let code = code();
    for fixed in ["texts(\"en\"", "texts(\"hi\"", "Texts::new(\"en\""] {
        assert!(
            !code.contains(fixed),
            "{fixed}…: the admin chat reads App::staff_texts, a person what they chose, the unknown App::texts_for"
        );
    }
    let folders: BTreeSet<String> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, BTreeSet::from(LANGUAGES.map(str::to_owned)), "what is spoken is what there are files of");
}

fn file(name: &str, text: &str) -> File {
    (name.to_owned(), text.to_owned())
}

/// What the build script says of these two languages.
fn problems(en: &str, hi: &str) -> Vec<String> {
    let files = BTreeMap::from([("en".to_owned(), vec![file("a.ftl", en)]), ("hi".to_owned(), vec![file("b.ftl", hi)])]);
    languages::problems(&files)
}

#[test]
fn languages_that_say_the_same_have_no_problems() {
    for (en, hi) in [
        ("", ""),
        ("# A note.\n\nhello = Hello <b>{ $name }</b>!\n    Second line.", "hello = नमस्ते <b>{ $name }</b>!"),
        ("days = { $n ->\n    [one] { $n } day\n   *[other] { $n } days\n}", "days = { $n } दिन"),
        ("nothing = {\"\"}", "nothing = {\"\"}"),
        ("usage = Use: /order O-X", "usage = ऐसे लिखें: /order O-X"),
        ("same = UPI ID: <code>{ $id }</code>", "same = UPI ID: <code>{ $id }</code>"),
    ] {
        assert_eq!(problems(en, hi), Vec::<String>::new(), "{en}");
    }
}

#[test]
fn whatever_is_missing_extra_or_different_is_named_with_its_file() {
    for (en, hi, wanted) in [
        ("hello = Hello", "", "hi has no sentence for the key `hello` of en/a.ftl"),
        ("", "hello = नमस्ते", "hi/b.ftl: the key `hello` is not in en"),
        ("a = Hello { $name }", "a = नमस्ते", "hi/b.ftl: `a` fills in nothing, in en/a.ftl it fills in $name"),
        ("a = Hello { $name }", "a = नमस्ते { $nam } { $name }", "hi/b.ftl: `a` fills in $nam $name, in en/a.ftl it fills in $name"),
        (
            "a = Hello",
            "a = { $n ->\n    [one] एक\n   *[other] नमस्ते\n}",
            "hi/b.ftl: `a` fills in $n, in en/a.ftl it fills in nothing",
        ),
        ("a = <b>Hello</b>", "a = नमस्ते", "hi/b.ftl: `a` has the tags nothing, in en/a.ftl it has the tags <b>"),
        ("a = Nothing to pay here", "a = Nothing to pay here", "hi/b.ftl: `a` is still the English of en/a.ftl"),
        ("a = <b>Hello</b>", "a = <b>नमस्ते", "hi/b.ftl: `a` does not close <b>"),
        ("a = <b>Hello</b>", "a = नमस्ते</b>", "hi/b.ftl: `a` closes <b>, which is not open"),
        ("a = <b><i>Hello</i></b>", "a = <b><i>नमस्ते</b></i>", "hi/b.ftl: `a` closes <b>, which is not open"),
        ("a = Hello", "a = नमस्ते\na = नमस्ते", "hi/b.ftl: the key `a` stands in hi/b.ftl already"),
        ("a = Hello { $name }", "a = नमस्ते { name }", "hi/b.ftl: `a` refers to `name`: a sentence stands alone (is a $ missing?)"),
        ("a = Hello { $n }", "a = नमस्ते { NUMBER($n) }", "hi/b.ftl: `a` calls NUMBER, which is not there"),
        ("a = Hello", "a = नमस्ते\n    .title = शीर्षक", "hi/b.ftl: `a` has attributes, which nothing reads"),
        ("a = Hello", "a = नमस्ते\n-shop = दुकान", "hi/b.ftl: the term `-shop` is used by nothing"),
    ] {
        let found = problems(en, hi);
        assert!(found.iter().any(|problem| problem == wanted), "{wanted}\nfound: {found:#?}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    for broken in ["a = Hello { $name", "a = Hello\nb Hello", "a = {", "a ="] {
        let found = problems("a = Hello", broken);
        assert!(found.iter().any(|problem| problem.starts_with("hi/b.ftl")), "{broken}: {found:?}");
    }
    assert!(problems("a = Hello", "a = नमस्ते\n\nb नमस्ते").iter().any(|problem| problem.starts_with("hi/b.ftl, line 3: ")));
    let stray = BTreeMap::from([("en".to_owned(), vec![file("a.ftl", "a = Hello"), file("a.ftl.orig", "")])]);
    assert_eq!(languages::problems(&stray), ["en/a.ftl.orig is not read: sentences are in files that end in .ftl"]);
    let none = BTreeMap::from([("hi".to_owned(), vec![file("a.ftl", "a = नमस्ते")])]);
    assert_eq!(languages::problems(&none), ["en is missing: the other languages are compared with it"]);
}

#[test]
fn one_and_many_and_numbers_that_are_none() {
    let (english, hindi) = (Texts::new("en", Asia::Kolkata), Texts::new("hi-IN", Asia::Kolkata));
    let said = |texts: &Texts, people: u32| texts.plain("released-now", &[("amount", &"₹28"), ("people", &people), ("commissions", &people)]);
    assert_eq!(said(&english, 1), "Released ₹28 for one person (1 commission).");
    assert_eq!(said(&english, 2), "Released ₹28 for 2 people (2 commissions).");
    assert_eq!(said(&english, 0), "Released ₹28 for 0 people (0 commissions).");
    assert_eq!(said(&english, 1_234_567), "Released ₹28 for 1234567 people (1234567 commissions).");
    assert!(said(&hindi, 1).contains('1'));
    // What people are called, and numbers that are names, print as they are.
    for name in ["1", "007", "0", "012345678901", "632512345678", "1e3", "१२", "-1", "+1", "1.50", "4294967296", ""] {
        assert_eq!(english.plain("joined", &[("name", &name)]), format!("🎉 <b>{name}</b> joined by your link."));
    }
    // A language that is not spoken here is English.
    assert_eq!(Texts::new("xx-no language", Asia::Kolkata).plain("button-plans", &[]), english.plain("button-plans", &[]));
}
