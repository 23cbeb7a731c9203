//! How a sandbox is set up.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

/// Gives the host's time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
/// Lets the host's time pass.
pub type Advance = Arc<dyn Fn(chrono::Duration) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;
/// Gives the plain text of the page's panel.
pub type Panel = Arc<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// How a sandbox is set up; `Default` is right for a test.
#[derive(Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// The bot's token; the number before the colon is the bot's id.
    pub token: String,
    /// The bot's username without `@`.
    pub bot_username: String,
    /// Whether inline mode is on, as @BotFather switches it.
    pub inline_mode: bool,
    /// The file that keeps everything over a restart; its folder of uploads is `<file>.files`.
    pub journal: Option<PathBuf>,
    /// The host's clock.
    pub now: Clock,
    /// What the page's "+24 h" button calls; without it there is no such button.
    pub advance: Option<Advance>,
    /// The text under "Ledger" on the page.
    pub panel: Option<Panel>,
    /// How long `next`, `expect` and `alert` wait before they panic.
    pub patience: Duration,
    /// Where the bot's web pages are said to be, and where a browser on this machine finds them.
    pub mini_apps: Option<(String, String)>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            token: "1000001:sandbox".to_owned(),
            bot_username: "MelaSandboxBot".to_owned(),
            inline_mode: true,
            journal: None,
            now: Arc::new(real_time),
            advance: None,
            panel: None,
            patience: Duration::from_secs(10),
            mini_apps: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("bot_username", &self.bot_username)
            .field("inline_mode", &self.inline_mode)
            .field("journal", &self.journal)
            .field("patience", &self.patience)
            .field("mini_apps", &self.mini_apps)
            .finish_non_exhaustive()
    }
}

/// What goes wrong with a call that was told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `retry_after`; the method is not done.
    TooManyRequests {
        /// Seconds.
        retry_after: u32,
    },
    /// A 5xx answer; the method is not done.
    ServerError(u16),
    /// The connection closes without an answer; the method is not done.
    Drop,
    /// The method is done, then the connection closes without an answer.
    DropAfter,
}

/// The machine's own time: the default clock, and what numbers begin with.
#[expect(clippy::disallowed_methods, reason = "a sandbox that stands alone has no host to ask; this is the one place")]
pub(crate) fn real_time() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}
