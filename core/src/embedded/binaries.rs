//! Finding the machine's own PostgreSQL.

use super::error::EmbeddedError;
use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that will do.
const OLDEST: u32 = 15;

/// Where installers put one folder for each version: parent folder, how the version's folder begins, what follows it.
const FAMILIES: [(&str, &str, &str); 8] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/local", "pgsql", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/opt/local/lib", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// Programs that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

/// The folder of the machine's initdb and postgres: from PATH, `pg_config`, or one of the usual folders, newest first.
///
/// # Errors
/// None is installed, or only one older than 15, or one without the contrib extension hstore; says what to install.
pub fn binaries() -> Result<PathBuf, EmbeddedError> {
    find(None).map(|programs| programs.bin)
}

/// Programs of the major version that made the data; without data, the first that will do.
pub(super) fn find(data: Option<(&Path, u32)>) -> Result<Programs, EmbeddedError> {
    let mut refusal = None;
    let mut other = None;
    for bin in candidates() {
        match (usable(&bin), data) {
            (Ok(major), Some((_, wanted))) if major != wanted => other = other.or(Some(major)),
            (Ok(major), _) => return Ok(Programs { bin, major }),
            (Err(why), _) => refusal = refusal.or(why),
        }
    }
    match (data, other) {
        (Some((dir, data)), Some(have)) => Err(EmbeddedError::OtherVersion { dir: dir.to_owned(), data, have }),
        _ => Err(refusal.unwrap_or(EmbeddedError::Missing)),
    }
}

/// The major version when it will do; else why not, when that is worth telling.
fn usable(bin: &Path) -> Result<u32, Option<EmbeddedError>> {
    let found = version(bin).ok_or(None)?;
    if found < OLDEST {
        return Err(Some(EmbeddedError::TooOld { found, bin: bin.to_owned() }));
    }
    if !has_hstore(bin, found) {
        return Err(Some(EmbeddedError::NoHstore { bin: bin.to_owned() }));
    }
    Ok(found)
}

/// Folders with both programs, best first, each once.
fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    let told = printed(Path::new("pg_config"), "--bindir").map(PathBuf::from);
    let usual = FAMILIES
        .iter()
        .flat_map(|&(parent, prefix, rest)| versions(Path::new(parent), prefix).into_iter().map(move |dir| dir.join(rest)));
    let mut found = Vec::new();
    for dir in on_path.chain(told).chain(usual) {
        // A link on PATH leads to the folder that holds the other programs too.
        let Some(bin) = dir.join("postgres").canonicalize().ok().and_then(|real| real.parent().map(Path::to_owned)) else {
            continue;
        };
        if bin.join("initdb").is_file() && !found.contains(&bin) {
            found.push(bin);
        }
    }
    found
}

/// Subfolders whose name starts so, the highest version first.
fn versions(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut dirs: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix(prefix)?.trim_start_matches(['@', '-']);
            Some((major(number).unwrap_or(0), entry.path()))
        })
        .collect();
    dirs.sort_by_key(|&(version, _)| Reverse(version));
    dirs.into_iter().map(|(_, dir)| dir).collect()
}

/// From `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn version(bin: &Path) -> Option<u32> {
    printed(&bin.join("postgres"), "--version")?.split_whitespace().find_map(major)
}

/// The leading number of `15.14`, `16beta1`, `17devel`.
fn major(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn has_hstore(bin: &Path, major: u32) -> bool {
    let told = printed(&bin.join("pg_config"), "--sharedir").map(PathBuf::from);
    let guesses = [
        bin.join("../share"),
        bin.join("../share/postgresql"),
        format!("/usr/share/postgresql/{major}").into(),
        format!("/usr/share/postgresql{major}").into(),
        "/usr/share/pgsql".into(),
        "/usr/share/postgresql".into(),
    ];
    let shares = told.map_or_else(|| guesses.to_vec(), |dir| vec![dir]);
    shares.iter().any(|share| share.join("extension/hstore.control").is_file())
}

/// What a program prints for one argument.
fn printed(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_the_leading_number() {
        let of = |text: &str| text.split_whitespace().find_map(major);
        assert_eq!(of("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(of("postgres (PostgreSQL) 19devel"), Some(19));
        assert_eq!(of("postgres (EnterpriseDB) none"), None);
    }
}
