//! Creating the data folder, all or nothing.

use super::account::Account;
use super::binaries::{self, Programs};
use super::error::EmbeddedError;
use super::place::{Place, unique};
use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

/// What unfinished data folders are called.
const UNFINISHED: &str = "cluster.new";

/// Sees to it that the place has a data folder, and answers with programs of its version.
pub(super) fn ensure(place: &Place, durable: bool, progress: &mut dyn FnMut(&str)) -> Result<Programs, EmbeddedError> {
    sweep(&place.dir);
    if let Some(data) = data_version(&place.cluster)? {
        let programs = binaries::find(Some((&place.dir, data)))?;
        place.account.adopt(&place.cluster)?;
        return Ok(programs);
    }
    let programs = binaries::find(None)?;
    progress("creating the database cluster (a few seconds)");
    create(place, &programs, durable)?;
    Ok(programs)
}

/// The version that made the data; none when there is no data yet.
fn data_version(cluster: &Path) -> Result<Option<u32>, EmbeddedError> {
    let file = cluster.join("PG_VERSION");
    match fs::read_to_string(&file) {
        Ok(text) => match text.trim().parse() {
            Ok(version) => Ok(Some(version)),
            Err(_) => Err(EmbeddedError::NotData { dir: cluster.to_owned() }),
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            if fs::read_dir(cluster).is_ok_and(|mut entries| entries.next().is_some()) {
                Err(EmbeddedError::NotData { dir: cluster.to_owned() })
            } else {
                Ok(None)
            }
        }
        Err(e) => Err(EmbeddedError::io("read", &file, e)),
    }
}

/// Clears away what a killed initdb left. Best effort: an initdb that outlived its program may still write there, and every
/// attempt has a name of its own, so nothing waits for this.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Beside its final place first, then renamed: a folder called `cluster` is always whole.
fn create(place: &Place, programs: &Programs, durable: bool) -> Result<(), EmbeddedError> {
    let new = place.dir.join(unique(UNFINISHED));
    place.account.create_private(&new)?;
    let made = initialise(place, programs, &new, durable).and_then(|()| {
        fs::rename(&new, &place.cluster).map_err(|e| EmbeddedError::io("rename the new cluster to", &place.cluster, e))?;
        // The rename too must survive a power cut before anyone relies on it.
        File::open(&place.dir).and_then(|dir| dir.sync_all()).map_err(|e| EmbeddedError::io("sync", &place.dir, e))
    });
    if made.is_err() {
        sweep(&place.dir);
    }
    made
}

fn initialise(place: &Place, programs: &Programs, new: &Path, durable: bool) -> Result<(), EmbeddedError> {
    let mut output = run(&place.account, programs, new, durable, "C.UTF-8")?;
    if !output.status.success() && printed(&output).contains("invalid locale name") {
        // Older macOS and small systems have no C.UTF-8; only upper and lower case of letters beyond ASCII differ.
        output = run(&place.account, programs, new, durable, "C")?;
    }
    if output.status.success() {
        return Ok(());
    }
    let text = printed(&output);
    let lines: Vec<_> = text.lines().collect();
    let output = lines[lines.len().saturating_sub(12)..].join("\n");
    Err(EmbeddedError::printed(&text, &place.dir, || EmbeddedError::Initdb { dir: place.dir.clone(), output }))
}

fn run(account: &Account, programs: &Programs, new: &Path, durable: bool, letters: &str) -> Result<Output, EmbeddedError> {
    let initdb = programs.bin.join("initdb");
    let mut command = account.command(&initdb);
    // Sorting is by code point whatever the machine: an upgrade of its C library can never break an index.
    command.args(["--username=mela", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]);
    command
        .arg(format!("--lc-ctype={letters}"))
        .arg(if durable { "--data-checksums" } else { "--no-sync" })
        .arg("-D")
        .arg(new);
    command.output().map_err(|e| EmbeddedError::io("run", &initdb, e))
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
