use std::io;
use std::path::{Path, PathBuf};

/// How to get PostgreSQL, for whoever reads the error.
const INSTALL: &str = "Debian/Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server postgresql-contrib; \
    macOS: brew install postgresql@16. Or name a running server in DATABASE_URL";

/// Why the program has no PostgreSQL of its own, as a sentence for the operator that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No initdb and postgres anywhere.
    #[error("PostgreSQL is not installed on this machine (15 or newer is needed). {INSTALL}")]
    Missing,
    /// Only versions that are too old.
    #[error("the PostgreSQL in {} is version {found}, and 15 or newer is needed. {INSTALL}", .bin.display())]
    TooOld {
        /// Its major version.
        found: u32,
        /// Its folder of programs.
        bin: PathBuf,
    },
    /// PostgreSQL without contrib.
    #[error("the PostgreSQL in {} lacks the extension hstore, which comes with its contrib package. {INSTALL}", .bin.display())]
    NoHstore {
        /// Its folder of programs.
        bin: PathBuf,
    },
    /// Root, and nobody to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no user postgres or nobody to run it as: create one (useradd --system postgres) or start mela as an ordinary user"
    )]
    NoAccount,
    /// A user id without a user, as containers like to have.
    #[error(
        "PostgreSQL's initdb wants a user with a name, and this program runs as a user id that has none: give it one in /etc/passwd, or start mela as root"
    )]
    Nameless,
    /// Another program owns the folder.
    #[error("another mela is running here (pid {pid}): it keeps its data in {}. Stop it first, or give this one another folder", .dir.display())]
    Busy {
        /// Its process id, as it wrote it down; `?` when it had not yet.
        pid: String,
        /// The folder.
        dir: PathBuf,
    },
    /// The folder belongs to another user.
    #[error("{} belongs to user {owner}: start mela as that user, or as root", .dir.display())]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// Whose it is.
        owner: String,
    },
    /// There is data, in a place that the user who must read it cannot enter.
    #[error("the data in {} cannot be reached by user {user}, as whom PostgreSQL runs: open the folders above it (chmod o+x), or move it", .dir.display())]
    Closed {
        /// The folder.
        dir: PathBuf,
        /// As whom PostgreSQL runs.
        user: String,
    },
    /// Something else lies where the data should be.
    #[error("{} has files in it but no PostgreSQL data (its PG_VERSION is missing): empty it, or name another folder", .dir.display())]
    NotData {
        /// The folder.
        dir: PathBuf,
    },
    /// Data of another major version.
    #[error(
        "the data in {} was made by PostgreSQL {data}, and this machine has {have}: install PostgreSQL {data} beside it, or move the data over with pg_upgrade or pg_dump",
        .dir.display()
    )]
    OtherVersion {
        /// The folder.
        dir: PathBuf,
        /// The version that made it.
        data: u32,
        /// The version found here.
        have: u32,
    },
    /// No space left.
    #[error("the disk that holds {} is full: free some space and start again", .dir.display())]
    DiskFull {
        /// What could not be written.
        dir: PathBuf,
    },
    /// A file or folder refused.
    #[error("no permission to {what} {}: check who owns it and the folders above it", .path.display())]
    Denied {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
    },
    /// Any other refusal of the operating system.
    #[error("cannot {what} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's own words.
        source: io::Error,
    },
    /// initdb failed.
    #[error("PostgreSQL's initdb could not create a database cluster in {}:\n{output}", .dir.display())]
    Initdb {
        /// The folder.
        dir: PathBuf,
        /// The end of what it printed.
        output: String,
    },
    /// The server ended before it was ready.
    #[error("PostgreSQL did not start. The end of its log ({}) says:\n{tail}", .log.display())]
    Exited {
        /// Its log file.
        log: PathBuf,
        /// The end of it.
        tail: String,
    },
    /// The server runs but never became ready.
    #[error("PostgreSQL was still not ready after {minutes} minutes and was stopped. The end of its log ({}) says:\n{tail}", .log.display())]
    Slow {
        /// How long it was waited for.
        minutes: u64,
        /// Its log file.
        log: PathBuf,
        /// The end of it.
        tail: String,
    },
    /// A PostgreSQL that an earlier, killed mela left behind does not go.
    #[error("a PostgreSQL that an earlier mela left behind (pid {pid}) does not stop: end it (kill -QUIT {pid}) and start again")]
    Stuck {
        /// Its process id.
        pid: u32,
    },
    /// A statement failed on the running server.
    #[error("cannot create the database {name}: {source}")]
    Database {
        /// The database to be made.
        name: String,
        /// What the server said.
        source: sqlx::Error,
    },
}

impl EmbeddedError {
    /// The operating system's answer, as the sentence that helps most.
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { dir: path },
            io::ErrorKind::PermissionDenied => Self::Denied { what, path },
            _ => Self::Io { what, path, source },
        }
    }

    /// The same for what PostgreSQL printed: the common mishaps are worth a sentence of their own.
    pub(super) fn printed(text: &str, dir: &Path, otherwise: impl FnOnce() -> Self) -> Self {
        match text {
            _ if text.contains("No space left on device") || text.contains("Disk quota exceeded") => Self::DiskFull { dir: dir.to_owned() },
            _ if text.contains("could not look up effective user ID") => Self::Nameless,
            _ => otherwise(),
        }
    }
}
