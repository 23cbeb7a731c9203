//! Stopping PostgreSQL when the program was killed and can stop nothing any more.

use super::error::EmbeddedError;
use super::place::Place;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

/// A small shell that waits for the end of its input, which the system brings about when the program dies.
///
/// Its input are the process ids of the servers that the program starts; `done` after an orderly end.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
    /// std opens it close-on-exec: PostgreSQL does not inherit it and cannot hold it open.
    input: Option<ChildStdin>,
}

/// `$1` is the data folder, the rest is removed at the end. A process is signalled only while PostgreSQL's own pid file says that
/// it is the server of this folder: a new owner's server has another id and is left alone. It ignores what a terminal or
/// `systemctl stop` sends to everyone: the program stops in order then.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
cluster=$1; shift
pid=
while read -r word; do pid=$word; done
[ "$pid" = done ] && exit 0
tenths=0 told=
while [ "$tenths" -lt 600 ] && kill -0 "$pid"; do
    holder=
    read -r holder < "$cluster/postmaster.pid"
    if [ "$holder" = "$pid" ]; then
        [ -n "$told" ] || kill -INT "$pid"
        [ "$tenths" -ne 300 ] || kill -QUIT "$pid"
        told=yes
    elif [ -n "$told" ] || [ "$tenths" -gt 50 ]; then
        break
    fi
    sleep 0.1 || sleep 1
    tenths=$((tenths + 1))
done
for try in 1 2 3 4 5; do
    left=
    for path in "$@"; do
        rm -rf -- "$path"
        [ ! -e "$path" ] || left=yes
    done
    [ -n "$left" ] || break
    sleep 1
done
"#;

impl Watchdog {
    /// Set up before the first server starts, so that none is ever unwatched.
    pub(super) fn set(place: &Place) -> Result<Self, EmbeddedError> {
        let sh = Path::new("/bin/sh");
        let mut command = Command::new(sh);
        command.args(["-c", SCRIPT, "mela-watchdog"]).arg(&place.cluster).args(&place.passing);
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        // The program's secrets are in its environment, and this shell needs none of it.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        let mut child = command.spawn().map_err(|e| EmbeddedError::io("run", sh, e))?;
        let input = child.stdin.take();
        Ok(Self { child, input })
    }

    /// Tells it of a server.
    pub(super) fn watch(&mut self, pid: u32) {
        self.say(&pid.to_string());
    }

    fn say(&mut self, word: &str) {
        if let Some(input) = &mut self.input {
            // A watchdog that somebody killed is no reason to stop the shop.
            let _ = writeln!(input, "{word}");
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.say("done");
        drop(self.input.take());
        // It must be gone before the lock is: it may not look at a folder that has a new owner.
        if super::server::exited_within(&mut self.child, Duration::from_secs(2)).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
