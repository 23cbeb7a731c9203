//! As whom PostgreSQL runs: it refuses root.

use super::error::EmbeddedError;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Environment that PostgreSQL's programs get. Nothing else: the bot's token is in ours, and `PG…` variables would change what they do.
const KEPT: [&str; 5] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LOCALE_ARCHIVE", "LOCPATH"];

/// The user that PostgreSQL's programs run as.
#[derive(Debug, Clone)]
pub(super) struct Account {
    name: String,
    uid: u32,
    gid: u32,
    /// We are root and must become this user.
    switch: bool,
}

impl Account {
    /// As whom to run over `cluster`. Root hands over to whoever owns data that exists, else to `postgres`, else to `nobody`.
    pub(super) fn for_cluster(cluster: &Path) -> Result<Self, EmbeddedError> {
        let me = own_uid()?;
        let owner = fs::metadata(cluster).ok().map(|m| (m.uid(), m.gid()));
        match owner {
            _ if me != 0 => match owner {
                Some((uid, _)) if uid != me => Err(EmbeddedError::Foreign { dir: cluster.to_owned(), owner: name_of(uid) }),
                _ => Ok(Self { name: name_of(me), uid: me, gid: 0, switch: false }),
            },
            Some((uid, gid)) if uid != 0 => Ok(Self { name: name_of(uid), uid, gid, switch: true }),
            _ => ["postgres", "_postgres", "nobody"]
                .iter()
                .find_map(|wanted| passwd().into_iter().find(|(name, ..)| name == wanted))
                .map(|(name, uid, gid)| Self { name, uid, gid, switch: true })
                .ok_or(EmbeddedError::NoAccount),
        }
    }

    /// Its name, for messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether we are root and PostgreSQL is not.
    pub(super) fn is_other(&self) -> bool {
        self.switch
    }

    /// A program to be run as this user, from a folder that everyone may enter.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().envs(KEPT.iter().filter_map(|key| Some((key, std::env::var_os(key)?))));
        // English and plain: messages are read by this program, and macOS starts threads in a server without LC_ALL.
        command.env("LC_ALL", "C").stdin(Stdio::null());
        if self.switch {
            // std drops root's supplementary groups with these.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user may enter a folder: asked of the system, which knows of access lists and mounts.
    pub(super) fn can_enter(&self, dir: &Path) -> bool {
        !self.switch
            || self
                .command(Path::new("/bin/sh"))
                .args(["-c", "cd -- \"$1\" 2>/dev/null", "sh"])
                .arg(dir)
                .status()
                .is_ok_and(|status| status.success())
    }

    /// Creates a folder that only this user (and root) may enter.
    pub(super) fn create_private(&self, dir: &Path) -> Result<(), EmbeddedError> {
        fs::create_dir(dir).map_err(|e| EmbeddedError::io("create", dir, e))?;
        self.make_private(dir)
    }

    /// Gives this user a folder, for it alone.
    pub(super) fn make_private(&self, dir: &Path) -> Result<(), EmbeddedError> {
        let denied = |e| EmbeddedError::io("set the owner and mode of", dir, e);
        // The mode first: between the two, the folder is never open to others.
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(denied)?;
        if self.switch { chown(dir, Some(self.uid), Some(self.gid)).map_err(denied) } else { Ok(()) }
    }

    /// Gives a file that root wrote to whose folder it is in, who must be able to start the shop without root later.
    pub(super) fn leave(&self, file: &Path) -> Result<(), EmbeddedError> {
        let owner = file.parent().and_then(|dir| fs::metadata(dir).ok()).map(|m| m.uid());
        if self.switch && owner == Some(self.uid) {
            lchown(file, Some(self.uid), Some(self.gid)).map_err(|e| EmbeddedError::io("set the owner of", file, e))?;
        }
        Ok(())
    }

    /// Gives this user data that root owns (a backup copied back as root), everything in it too.
    pub(super) fn adopt(&self, dir: &Path) -> Result<(), EmbeddedError> {
        let owner = fs::metadata(dir).map_err(|e| EmbeddedError::io("read", dir, e))?.uid();
        if !self.switch || owner == self.uid {
            return Ok(());
        }
        self.adopt_tree(dir)?;
        self.make_private(dir)
    }

    fn adopt_tree(&self, dir: &Path) -> Result<(), EmbeddedError> {
        for entry in fs::read_dir(dir).map_err(|e| EmbeddedError::io("read", dir, e))? {
            let path = entry.map_err(|e| EmbeddedError::io("read", dir, e))?.path();
            if path.symlink_metadata().is_ok_and(|m| m.is_dir()) {
                self.adopt_tree(&path)?;
            }
            lchown(&path, Some(self.uid), Some(self.gid)).map_err(|e| EmbeddedError::io("set the owner of", &path, e))?;
        }
        Ok(())
    }
}

/// Our own user id. std does not tell, `id` does, everywhere.
fn own_uid() -> Result<u32, EmbeddedError> {
    let output = Command::new("id").arg("-u").output().map_err(|e| EmbeddedError::io("run", Path::new("id"), e))?;
    let uid = String::from_utf8_lossy(&output.stdout).trim().parse();
    uid.map_err(|e| EmbeddedError::io("understand the answer of", Path::new("id"), std::io::Error::other(e)))
}

/// Name, user id and group id of the users in /etc/passwd.
fn passwd() -> Vec<(String, u32, u32)> {
    let text = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let users = text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, _password) = (fields.next()?, fields.next()?);
        Some((name.to_owned(), id(fields.next()?)?, id(fields.next()?)?))
    });
    users.collect()
}

/// An id; macOS writes nobody's as -2.
fn id(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().or_else(|| Some(text.parse::<i32>().ok()?.cast_unsigned()))
}

fn name_of(uid: u32) -> String {
    passwd().into_iter().find(|&(_, id, _)| id == uid).map_or_else(|| uid.to_string(), |(name, ..)| name)
}
