//! Where a cluster lives: its folder, its lock, its socket.
//!
//! `<dir>/lock` names the owner, `<dir>/cluster` is PostgreSQL's data folder, `<dir>/socket` holds its socket, `<dir>/log` its log.

use super::Settings;
use super::account::Account;
use super::error::EmbeddedError;
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The longest socket folder: macOS allows 103 bytes for `<folder>/.s.PGSQL.5432`, Linux 107.
const LONGEST_SOCKET_DIR: usize = 88;

/// Where root keeps data whose own place PostgreSQL's user cannot enter.
const ELSEWHERE: &str = "/var/lib/mela";

/// The folders of one cluster, and who may use them.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) dir: PathBuf,
    pub(super) cluster: PathBuf,
    pub(super) log: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) account: Account,
    /// What must not outlive the server.
    pub(super) passing: Vec<PathBuf>,
}

/// The right to use a place, for as long as it lives. The system takes it back when the program dies, however it dies.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, not read: closing the file gives the lock back")] File);

impl Place {
    /// Chooses the folder, creates it, and takes it for this program.
    pub(super) fn take(settings: &Settings, progress: &mut dyn FnMut(&str)) -> Result<(Lock, Self), EmbeddedError> {
        let wanted = resolved(&settings.dir)?;
        let (dir, account) = choose(&wanted, settings.throwaway)?;
        if dir != wanted {
            let (wanted, user, dir) = (wanted.display(), account.name(), dir.display());
            progress(&format!("{wanted} is (or was) closed to user {user}, as whom PostgreSQL runs: the data is kept in {dir}"));
        }
        create(&dir, &account)?;
        let inside = dir.join("socket");
        let short = inside.as_os_str().len() <= LONGEST_SOCKET_DIR;
        let socket = if short { inside } else { Path::new("/tmp").join(unique("mela-socket")) };
        // Removed only by an owner: what is here now may be somebody's.
        let passing = Vec::new();
        let mut place = Self { cluster: dir.join("cluster"), log: dir.join("log"), dir, socket, account, passing };
        let lock = place.lock()?;
        place.passing.extend(settings.throwaway.then(|| place.dir.clone()));
        place.passing.extend((!short).then(|| place.socket.clone()));
        Ok((lock, place))
    }

    /// Takes the place for this program.
    fn lock(&self) -> Result<Lock, EmbeddedError> {
        let path = self.dir.join("lock");
        let failed = |e| EmbeddedError::io("lock", &path, e);
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // The owner may be between locking and writing.
                let known = file.read_to_string(&mut pid).is_ok() && !pid.trim().is_empty();
                return Err(EmbeddedError::Busy { pid: if known { pid.trim().to_owned() } else { "?".to_owned() }, dir: self.dir.clone() });
            }
            Err(TryLockError::Error(e)) => return Err(failed(e)),
        }
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        self.account.leave(&path)?;
        Ok(Lock(file))
    }

    /// An empty folder for the socket; only with no server running.
    pub(super) fn fresh_socket_dir(&self) -> Result<(), EmbeddedError> {
        match fs::remove_dir_all(&self.socket) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(EmbeddedError::io("empty", &self.socket, e)),
            _ => self.account.create_private(&self.socket),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for path in &self.passing {
            // Nobody can be told, and nothing depends on it.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// A name that nobody else has and nobody can guess.
pub(super) fn unique(prefix: &str) -> String {
    // The seed of a hash map is the randomness that std offers; the shop's own is for the shop.
    format!("{prefix}-{}-{:08x}", std::process::id(), RandomState::new().hash_one(0) >> 32)
}

/// The absolute path with the links of what exists followed: one folder has one name.
fn resolved(dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let absolute = std::path::absolute(dir).map_err(|e| EmbeddedError::io("find", dir, e))?;
    let Some(existing) = absolute.ancestors().find(|path| path.exists()) else {
        return Ok(absolute);
    };
    let real = existing.canonicalize().map_err(|e| EmbeddedError::io("find", existing, e))?;
    Ok(absolute
        .strip_prefix(existing)
        .ok()
        .filter(|rest| !rest.as_os_str().is_empty())
        .map_or_else(|| real.clone(), |rest| real.join(rest)))
}

/// The wanted folder, or the one elsewhere. Data that exists decides: a shop must not seem empty because a mode changed.
fn choose(wanted: &Path, throwaway: bool) -> Result<(PathBuf, Account), EmbeddedError> {
    let account = Account::for_cluster(&wanted.join("cluster"))?;
    let open = wanted.ancestors().find(|path| path.exists()).is_none_or(|path| account.can_enter(path));
    if wanted.join("cluster").exists() {
        let closed = || EmbeddedError::Closed { dir: wanted.to_owned(), user: account.name().to_owned() };
        return if open { Ok((wanted.to_owned(), account)) } else { Err(closed()) };
    }
    let elsewhere = elsewhere(wanted, throwaway);
    if account.is_other() && (!open || elsewhere.join("cluster").exists()) {
        let account = Account::for_cluster(&elsewhere.join("cluster"))?;
        return Ok((elsewhere, account));
    }
    Ok((wanted.to_owned(), account))
}

fn elsewhere(wanted: &Path, throwaway: bool) -> PathBuf {
    if throwaway {
        return Path::new("/tmp").join(wanted.file_name().unwrap_or(OsStr::new("mela")));
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let readable: String = wanted.to_string_lossy().trim_start_matches('/').chars().map(plain).collect();
    let readable = &readable[readable.len().saturating_sub(40)..];
    // FNV-1a: the name must be the same in every build of this program.
    let hash = wanted
        .as_os_str()
        .as_bytes()
        .iter()
        .fold(0x811c_9dc5_u32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    Path::new(ELSEWHERE).join(format!("{}-{hash:08x}", readable.trim_start_matches('-')))
}

/// Creates the folder and those above it. Root's are open for passing through, whatever its umask; anybody else's folder is private.
fn create(dir: &Path, account: &Account) -> Result<(), EmbeddedError> {
    if dir.is_dir() {
        return Ok(());
    }
    let failed = |e| EmbeddedError::io("create", dir, e);
    if let Some(parent) = dir.parent().filter(|parent| !parent.is_dir()) {
        if account.is_other() {
            create(parent, account)?;
        } else {
            fs::create_dir_all(parent).map_err(failed)?;
        }
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        // Another program that starts at the same time was faster; the lock decides between the two.
        Err(e) if e.kind() == ErrorKind::AlreadyExists && dir.is_dir() => return Ok(()),
        made => made.map_err(failed)?,
    }
    let mode = if account.is_other() { 0o755 } else { 0o700 };
    fs::set_permissions(dir, Permissions::from_mode(mode)).map_err(failed)
}
