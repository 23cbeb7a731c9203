//! The server process: started, awaited, stopped.

use super::binaries::Programs;
use super::error::EmbeddedError;
use super::place::Place;
use super::watchdog::Watchdog;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A log larger than this is begun anew at the next start.
const LOG_LIMIT: u64 = 4 << 20;

/// How long remains of a killed server (its children, its shared memory) may keep a new one from starting.
const REMAINS: Duration = Duration::from_secs(15);

/// How long recovery after a crash may take, in minutes.
const PATIENCE_MINUTES: u64 = 10;

/// What PostgreSQL says while remains of a killed server are still there.
const TRANSIENT: [&str; 2] = ["lock file \"postmaster.pid\" already exists", "is still in use"];

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
}

enum Outcome {
    Ready,
    Exited,
    Late,
}

impl Server {
    /// Starts a server on the place's cluster and waits until it takes connections.
    pub(super) fn start(
        programs: &Programs,
        place: &Place,
        durable: bool,
        watchdog: &mut Watchdog,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, EmbeddedError> {
        let begun = Instant::now();
        loop {
            let log = open_log(&place.log)?;
            place.account.leave(&place.log)?;
            let from = log.metadata().map_or(0, |m| m.len());
            let child = spawn(programs, place, durable, log)?;
            watchdog.watch(child.id());
            // From here on every way out stops the child.
            let mut server = Self { child };
            let outcome = server.wait_until_ready(place, progress);
            let tail = || tail(&place.log, from);
            let log = place.log.clone();
            match outcome {
                Outcome::Ready => return Ok(server),
                Outcome::Late => return Err(EmbeddedError::Slow { minutes: PATIENCE_MINUTES, log, tail: tail() }),
                Outcome::Exited => {
                    let tail = tail();
                    if TRANSIENT.iter().any(|words| tail.contains(words)) && begun.elapsed() < REMAINS {
                        sleep(Duration::from_millis(250));
                        continue;
                    }
                    return Err(EmbeddedError::printed(&tail.clone(), &place.dir, || EmbeddedError::Exited { log, tail }));
                }
            }
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&mut self, place: &Place, progress: &mut dyn FnMut(&str)) -> Outcome {
        let begun = Instant::now();
        let mut told = false;
        while begun.elapsed() < Duration::from_secs(60 * PATIENCE_MINUTES) {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return Outcome::Exited;
            }
            if read_pid_file(&place.cluster).is_some_and(|(pid, ready)| ready && pid == self.child.id()) {
                return Outcome::Ready;
            }
            if !told && begun.elapsed() > Duration::from_secs(3) {
                told = true;
                progress("the database is recovering from an unclean end");
            }
            sleep(Duration::from_millis(10));
        }
        Outcome::Late
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fast: connections are ended, everything is written down. Quit: at once, and the next start recovers.
        for (signal, patience) in [("INT", 10), ("QUIT", 3)] {
            if self.child.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            // Our own child that was not waited for: its id cannot have become anybody else's.
            let _ = Command::new("/bin/sh").args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &self.child.id().to_string()]).status();
            if exited_within(&mut self.child, Duration::from_secs(patience)).is_some() {
                return;
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for a child, but not longer than that.
pub(super) fn exited_within(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(None) if begun.elapsed() < patience => sleep(Duration::from_millis(5)),
            Ok(status) => return status,
            Err(_) => return None,
        }
    }
}

/// Stops a server that a killed program left on the cluster. Only with the place's lock held: its owner is dead then.
pub(super) fn stop_abandoned(programs: &Programs, place: &Place, progress: &mut dyn FnMut(&str)) -> Result<(), EmbeddedError> {
    let Some((pid, _)) = read_pid_file(&place.cluster).filter(|&(pid, _)| serves(pid, &place.cluster)) else {
        return Ok(());
    };
    progress("stopping the PostgreSQL that a killed mela left behind");
    let pg_ctl = programs.bin.join("pg_ctl");
    let mut command = place.account.command(&pg_ctl);
    command.args(["stop", "-m", "fast", "-w", "-t", "30", "-s", "-D"]).arg(&place.cluster);
    let output = command.output().map_err(|e| EmbeddedError::io("run", &pg_ctl, e))?;
    // It may have gone by itself meanwhile: what counts is that it is gone.
    if output.status.success() || !serves(pid, &place.cluster) {
        Ok(())
    } else {
        Err(EmbeddedError::Stuck { pid })
    }
}

/// Whether the process with this id is a server of this cluster, and not somebody who got a dead server's number.
fn serves(pid: u32, cluster: &Path) -> bool {
    let cluster = cluster.to_string_lossy();
    let line = match fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(line) => line,
        Err(_) if Path::new("/proc/self").exists() => return false,
        Err(_) => Command::new("ps")
            .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
            .output()
            .map_or_else(|_| Vec::new(), |o| o.stdout),
    };
    String::from_utf8_lossy(&line).contains(&*cluster)
}

/// The process id in PostgreSQL's pid file, and whether it takes connections (the eighth line).
fn read_pid_file(cluster: &Path) -> Option<(u32, bool)> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    Some((pid, lines.nth(6).is_some_and(|status| status.trim() == "ready")))
}

fn spawn(programs: &Programs, place: &Place, durable: bool, log: File) -> Result<Child, EmbeddedError> {
    let postgres = programs.bin.join("postgres");
    let failed = |e| EmbeddedError::io("run", &postgres, e);
    let mut command = place.account.command(&postgres);
    command.arg("-D").arg(&place.cluster).arg("-k").arg(&place.socket);
    for setting in COMMON.iter().chain(if durable { &DURABLE } else { &FLEETING }) {
        command.args(["-c", setting]);
    }
    let buffers = if durable {
        buffers(&std::fs::read_to_string("/proc/meminfo").unwrap_or_default())
    } else {
        LEAST_BUFFERS
    };
    command.arg("-c").arg(format!("shared_buffers={buffers}MB"));
    // A group of its own: Ctrl-C in the terminal is for the program, which then stops the server in order.
    command.stdout(log.try_clone().map_err(failed)?).stderr(log).process_group(0).spawn().map_err(failed)
}

/// Megabytes of a server's own cache.
const LEAST_BUFFERS: u64 = 64;
const MOST_BUFFERS: u64 = 2_048;

/// A quarter of the machine's memory, as PostgreSQL's manual advises; what a small shop does not fill is never taken from the machine.
fn buffers(meminfo: &str) -> u64 {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    total.map_or(LEAST_BUFFERS, |kilobytes| (kilobytes / 1024 / 4).clamp(LEAST_BUFFERS, MOST_BUFFERS))
}

/// Given on the command line: whatever an edited postgresql.conf says, these hold.
const COMMON: [&str; 14] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    // A page's first change after a checkpoint is logged whole: made small, it costs less than it saves.
    "wal_compression=on",
    "jit=off",
    "ssl=off",
    "logging_collector=off",
    "log_destination=stderr",
    "lc_messages=C",
    // Failed statements are told to the program, which logs them without customers' data.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_line_prefix=%m [%p] ",
];
const DURABLE: [&str; 4] = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=100"];
const FLEETING: [&str; 4] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"];

fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    let failed = |e| EmbeddedError::io("write", path, e);
    // Private: when a backend crashes, PostgreSQL writes down the statement that it was running.
    let log = File::options().create(true).append(true).mode(0o600).open(path).map_err(failed)?;
    if log.metadata().is_ok_and(|m| m.len() > LOG_LIMIT) {
        log.set_len(0).map_err(failed)?;
    }
    Ok(log)
}

/// The last lines of the log since this start.
fn tail(path: &Path, from: u64) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let end = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(from.max(end.saturating_sub(4096))))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_else(|e| format!("(the log cannot be read: {e})"));
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::buffers;

    #[test]
    fn a_quarter_of_the_memory_within_reason() {
        let of = |kilobytes: &str| buffers(&format!("MemTotal:  {kilobytes} kB\nMemFree: 1 kB\n"));
        assert_eq!([of("1048576"), of("131072"), of("25165824")], [256, 64, 2048]);
        assert_eq!([buffers(""), of("much")], [64, 64]);
    }
}
