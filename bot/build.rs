//! Fails the build when the languages do not say the same: Fluent would show English instead, and nobody would notice.

#[path = "build/languages.rs"]
mod languages;

use std::path::Path;

fn main() {
    // A folder stands for all that is in it.
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    let problems = match languages::read(Path::new("locales")) {
        Ok(found) => languages::problems(&found),
        Err(error) => vec![format!("locales: {error}")],
    };
    for problem in problems {
        println!("cargo::error={problem}");
    }
}
