//! Every sentence that the code asks for is there, every sentence that is there is asked for, and what is filled in is what is given.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn files(folder: &Path, ending: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// Keys of a language with the names of what is filled in.
fn sentences(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language), "ftl", &mut texts);
    let mut sentences: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in texts.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#')) {
        if let Some((head, _)) = line.split_once(" =").filter(|(head, _)| !head.starts_with(' ') && !head.is_empty()) {
            key = head.to_owned();
            assert!(sentences.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice in {language}");
        }
        for part in line.split("{ $").skip(1) {
            let name = part.split(" }").next().unwrap();
            sentences.get_mut(&key).unwrap().insert(name.to_owned());
        }
    }
    sentences
}

#[test]
fn keys_and_placeholders_agree_in_code_and_in_every_language() {
    let english = sentences("en");
    let mut code = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "rs", &mut code);
    let code = code.join("\n");
    let literals: BTreeSet<&str> = code.split('"').collect();
    // Keys that are put together: each of these beginnings is one `format!` in the code.
    let built = ["movement-", "account-", "menu-"];
    for key in english.keys() {
        let asked = literals.contains(key.as_str()) || built.iter().any(|b| key.starts_with(b) && code.contains(&format!("\"{b}{{")));
        assert!(asked, "no code says {key}");
    }
    for name in english.values().flatten() {
        assert!(literals.contains(name.as_str()), "nothing in the code fills in {name}");
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
    for language in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")).unwrap() {
        let language = language.unwrap().file_name().into_string().unwrap();
        assert_eq!(sentences(&language), english, "{language} and en differ in keys or in what is filled in");
    }
}
