//! `mela`: from nothing configured to a shop that runs, one line a step.

use crate::app::App;
use crate::program::{self, Half, StartError};
use crate::wire::Wire;
use chrono::TimeDelta;
use mela_core::Core;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::embedded::{self, Cluster};
use mela_core::settings::{Layers, Store};
use mela_core::shop::{self, Serves};
use mela_sandbox::{Options, Sandbox};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What the environment says beside the settings.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `TELOXIDE_TOKEN`; none starts the sandbox.
    pub token: Option<String>,
    /// `TELOXIDE_API_URL`.
    pub api_url: Option<String>,
    /// `DATABASE_URL`; none starts the embedded PostgreSQL.
    pub database_url: Option<String>,
}

/// Telegram's own Bot API.
const TELEGRAM: &str = "https://api.telegram.org";
/// Where the embedded database and the sandbox keep their things.
const DATA: &str = "data";
/// How long parts may take to end.
const GRACE: Duration = Duration::from_secs(20);

/// One line a step. Nobody may be reading any more: that must not stop the shop.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "· {line}");
}

/// Runs until `stop`, then stops everything that it started.
///
/// # Errors
/// The shop could not start.
pub async fn run(half: Half, environment: Environment, layers: Layers, stop: CancellationToken) -> Result<(), StartError> {
    let data = PathBuf::from(DATA);
    let real = environment.token.clone();
    let serves = if real.is_some() { Serves::Telegram } else { Serves::Sandbox };
    let layers = if real.is_some() { layers } else { layers.with_fallback(sandboxed::settings()) };
    let store = Store::try_new(layers)?;
    if real.is_some() {
        required(&store)?;
    }
    let connections = store.last().database.max_connections.get();

    let (url, cluster) = match environment.database_url {
        Some(url) => (url, None),
        None => {
            let (url, cluster) = own_database(&data, serves).await?;
            (url, Some(cluster))
        }
    };
    let db = program::connect(&url, connections, &stop, say).await?;
    say("database: connected");
    shop::check(&db, serves).await?;
    program::migrate(&db).await?;
    say("database: schema is up to date");
    let ahead = shop::take(&db, serves).await?;
    let core = Core::new(db, Clock::system(ahead), Codes::random(), store);
    core.settings().await.map_err(|e| StartError::Other(e.to_string()))?;
    shop::seed(&core).await.map_err(|e| StartError::Other(e.to_string()))?;

    let sandbox = if real.is_none() { Some(sandboxed::start(&core, &data).await?) } else { None };
    let (api_url, token) = match (&sandbox, real) {
        (Some(sandbox), _) => (sandbox.url(), sandbox.token()),
        (None, Some(token)) => (environment.api_url.unwrap_or_else(|| TELEGRAM.to_owned()), token),
        (None, None) => return Err(StartError::NoToken("bot")),
    };
    let wire = Wire::try_new(&api_url, &token, stop.clone()).map_err(|e| StartError::Other(e.to_string()))?;
    let me = program::introduce(&wire, &api_url, &stop, say).await?;
    say(&format!("bot: @{} at {api_url}", me.username));

    let mut tasks = JoinSet::new();
    program::serve_http(&core, &wire, &mut tasks, &stop).await?;
    say(&format!("health and metrics: http://{}/readyz", core.settings_store().last().http.listen));
    let app = App::new(core.clone(), wire, me);
    let mut parts = program::spawn(&app, half, &stop);
    say(match half {
        Half::Both => "bot and jobs are running",
        Half::Bot => "the bot is running",
        Half::Jobs => "the jobs are running",
    });
    if let Some(sandbox) = &sandbox {
        let _ = writeln!(std::io::stdout(), "\nOpen {} and be several customers and the admins at once. Ctrl-C stops everything.", sandbox.url());
    }

    let failed = tokio::select! {
        // First: parts that end because they were told to have not failed.
        biased;
        () = stop.cancelled() => None,
        Some(ended) = parts.join_next() => Some(format!("a part ended by itself: {ended:?}")),
        Some(ended) = tasks.join_next() => Some(format!("a part ended by itself: {ended:?}")),
    };
    stop.cancel();
    say("stopping: what is under way ends first");
    let all = async {
        while parts.join_next().await.is_some() {}
        while tasks.join_next().await.is_some() {}
    };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("some parts did not end in time; what they left is done at the next start");
    }
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    if let Err(error) = core.db().clone().close().await {
        tracing::warn!(%error, "closing the database connections");
    }
    if let Some(cluster) = cluster {
        cluster.stop().await;
    }
    say("stopped");
    failed.map_or(Ok(()), |why| Err(StartError::Other(why)))
}

/// A real shop needs to know where the money goes, who the owner is, and where the staff sit.
fn required(store: &Store) -> Result<(), StartError> {
    let settings = store.last();
    let layers = store.layers();
    if settings.telegram.owner_id == 0 {
        return Err(layers.missing("telegram.owner_id", "the owner's Telegram user id").into());
    }
    if settings.telegram.admin_chat_id == 0 {
        return Err(layers.missing("telegram.admin_chat_id", "the admin group's id (send /id in the group to learn it)").into());
    }
    if settings.upi.payee.is_empty() {
        return Err(layers.missing("upi.payee", "the UPI id that customers pay to, such as shop@bank").into());
    }
    Ok(())
}

/// The embedded PostgreSQL, with one database for the sandbox and another for a real bot.
async fn own_database(data: &Path, serves: Serves) -> Result<(String, Cluster), StartError> {
    let settings = embedded::Settings { dir: data.join("postgres"), durable: true, throwaway: false };
    let cluster = Cluster::start(&settings, say).await?;
    let name = match serves {
        Serves::Sandbox => "mela_sandbox",
        Serves::Telegram => "mela",
    };
    cluster.create_database(name).await?;
    say(&format!("PostgreSQL: embedded, data in {}, database {name}", data.join("postgres").display()));
    Ok((cluster.url(name), cluster))
}

/// The sandbox: who is in it, and what its buttons do.
pub mod sandboxed {
    use super::{Arc, Core, Options, Path, Sandbox, StartError, TimeDelta, shop};
    use mela_core::ledger;

    /// The owner's id in the sandbox.
    pub const OWNER: i64 = 900;
    /// The admin group's id in the sandbox.
    pub const GROUP: i64 = -901;
    /// Where the page is, unless something else is there.
    const PORT: u16 = 8091;

    /// What a shop without settings needs: play values.
    #[must_use]
    pub fn settings() -> [(&'static str, String); 3] {
        [
            ("telegram.admin_chat_id", GROUP.to_string()),
            ("telegram.owner_id", OWNER.to_string()),
            ("upi.payee", "mela-sandbox@upi".to_owned()),
        ]
    }

    /// Starts the sandbox with its people, kept in `data`.
    ///
    /// # Errors
    /// It cannot listen.
    pub async fn start(core: &Core, data: &Path) -> Result<Sandbox, StartError> {
        let (clock, time, books) = (core.clone(), core.clone(), core.clone());
        let options = Options {
            port: PORT,
            mini_apps: pages(&core.settings_store().last().http),
            journal: Some(data.join("sandbox.jsonl")),
            now: Arc::new(move || clock.now()),
            advance: Some(Arc::new(move |by: TimeDelta| {
                let core = time.clone();
                Box::pin(async move { shop::advance_clock(&core, by).await.map_err(|e| e.to_string()) })
            })),
            panel: Some(Arc::new(move || {
                let core = books.clone();
                Box::pin(async move { books_in_words(&core).await.unwrap_or_else(|e| e.to_string()) })
            })),
            ..Options::default()
        };
        std::fs::create_dir_all(data).map_err(|e| StartError::Other(format!("cannot make the folder {}: {e}", data.display())))?;
        let sandbox = match Sandbox::start(options.clone()).await {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Sandbox::start(Options { port: 0, ..options }).await,
            started => started,
        };
        let sandbox = sandbox.map_err(|e| StartError::Other(format!("the sandbox cannot start: {e}")))?;
        let settings = core.settings_store().last();
        let group = sandbox.group(settings.telegram.admin_chat_id, "Admins");
        let _owner = sandbox.person(settings.telegram.owner_id, "Owner").in_group(&group);
        for (id, name) in [(101, "Asha"), (102, "Bala"), (103, "Chitra")] {
            sandbox.person(id, name);
        }
        super::say(&format!("sandbox: {} (clock {} h ahead)", sandbox.url(), core.clock().ahead().num_hours()));
        Ok(sandbox)
    }

    /// Where the shop's pages are said to be, and where they are.
    fn pages(http: &mela_core::settings::Http) -> Option<(String, String)> {
        let mut listen = http.listen;
        if listen.ip().is_unspecified() {
            listen.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Some((http.public_url.get()?.to_owned(), format!("http://{listen}")))
    }

    /// The trial balance, as text.
    #[must_use]
    pub fn trial_in_words(lines: &[ledger::TrialLine]) -> String {
        let mut text = String::new();
        for line in lines {
            text.push_str(&format!("{:<18}{:>14}  {:>6} entries\n", line.kind, line.amount.to_string(), line.entries));
        }
        let sum: mela_core::money::Rupees = lines.iter().map(|l| l.amount).sum();
        text + &format!("{:<18}{:>14}\n", "sum", sum.to_string())
    }

    /// The trial balance and the proof, as text.
    ///
    /// # Errors
    /// The database.
    pub async fn books_in_words(core: &Core) -> Result<String, sea_orm::DbErr> {
        let mut text = trial_in_words(&ledger::trial_balance(core.db()).await?);
        let problems = ledger::proof(core.db()).await?;
        if problems.is_empty() {
            text.push_str("proof: empty, the books are right\n");
        }
        for p in problems {
            text.push_str(&format!("PROBLEM {}: {} ({})\n", p.problem, p.subject, p.detail));
        }
        let report = mela_core::reconciliation::reconcile(core).await?;
        for line in crate::screens::watch::clearings(&crate::texts::Texts::for_keeping(), &report, crate::texts::Texts::plain) {
            text.push_str(&line);
            text.push('\n');
        }
        Ok(text)
    }
}
