//! The arrows of the house point one way, and no room is crowded.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The names under `[dependencies]` of a package.
fn dependencies(package: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(top().join(package).join("Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap().to_owned();
    section
        .lines()
        .filter_map(|line| line.split(['.', ' ']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn arrows_point_one_way() {
    let ours = ["mela-core", "mela-jobs", "mela-bot", "mela-sandbox", "migration", "testkit", "bench"];
    let telegram_and_queue = ["teloxide", "apalis", "apalis-postgres", "axum", "reqwest"];
    for (package, may) in [
        ("migration", vec![]),
        // Payment gateways are asked over HTTP.
        ("core", vec!["migration", "reqwest"]),
        ("jobs", vec!["mela-core", "apalis", "apalis-postgres"]),
        ("bot", vec!["mela-core", "mela-jobs", "mela-sandbox", "migration", "teloxide", "axum", "reqwest"]),
        ("sandbox", vec!["axum"]),
    ] {
        let dependencies = dependencies(package);
        assert!(!dependencies.is_empty(), "{package}");
        for name in ours.iter().chain(&telegram_and_queue).filter(|name| !may.contains(name)) {
            assert!(!dependencies.contains(*name), "{package} must not know {name}");
        }
    }
}

#[test]
fn no_file_is_a_crowded_room() {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, usize)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                found.push((path, lines));
            }
        }
    }
    let mut files = Vec::new();
    for package in ["bench", "bot", "core", "jobs", "migration", "sandbox", "testkit"] {
        walk(&top().join(package), &mut files);
    }
    assert!(files.len() > 100);
    let crowded: Vec<_> = files.iter().filter(|(_, lines)| *lines > 600).collect();
    assert!(crowded.is_empty(), "{crowded:?}");
}
