//! The journal: every change as one JSON line, so that a killed sandbox comes back as it was.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    message::Message,
    records::{ChatRecord, FileRecord, PersonRecord, Query, Webhook},
    stars::Charge,
};

/// One change of the state; applying all of them in order gives the state back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    Person(PersonRecord),
    Chat(ChatRecord),
    Message(Box<Message>),
    Deleted { chat: i64, id: i64 },
    File(FileRecord),
    Update { id: i64, body: String },
    Confirmed { before: i64 },
    Allowed(Option<Vec<String>>),
    Query { id: String, query: Query },
    Charge(Charge),
    Webhook(Option<Webhook>),
    Commands { scope: String, list: Value },
}

/// The open file and the folder beside it that holds the bytes of files.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    folder: PathBuf,
}

impl Journal {
    /// Opens or creates it; gives what was written before, without a torn last line.
    pub fn open(path: &Path) -> io::Result<(Journal, Vec<Change>)> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut folder = path.as_os_str().to_owned();
        folder.push(".files");
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder)?;
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let bytes = fs::read(path)?;
        let mut changes = Vec::new();
        let mut good = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let whole = line.ends_with(b"\n");
            match serde_json::from_slice(line) {
                Ok(change) if whole => changes.push(change),
                _ if !whole => break,
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, at = good, "a journal line of the sandbox was skipped");
                }
            }
            good += line.len();
        }
        if good < bytes.len() {
            file.set_len(good as u64)?;
            file.flush()?;
        }
        Ok((Journal { file, folder }, changes))
    }

    /// Appends one change; a failure is logged, since the caller cannot mend a full disk.
    pub fn write(&mut self, change: &Change) {
        let done = serde_json::to_vec(change).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)
        });
        if let Err(error) = done {
            tracing::error!(%error, "the sandbox could not write its journal");
        }
    }

    /// Stores the bytes of a file; must come before the change that names it.
    pub fn store(&self, id: &str, bytes: &[u8]) {
        if let Err(error) = fs::write(self.folder.join(id), bytes) {
            tracing::error!(%error, id, "the sandbox could not store a file");
        }
    }

    /// The bytes of a file stored in an earlier run.
    pub fn load(&self, id: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(id))
    }
}
