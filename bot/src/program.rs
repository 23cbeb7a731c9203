//! Putting the parts together: database, domain, Telegram, jobs; and taking them apart again.

use crate::app::App;
use crate::commands::{CUSTOMERS, STAFFS};
use crate::deliver::Deliverer;
use crate::http::Health;
use crate::reply::Me;
use crate::texts::Texts;
use crate::wire::{Wire, WireError};
use crate::{doors, http, inbox, listen, pump, reply, schema};
use futures::FutureExt;
use futures::future::BoxFuture;
use mela_core::Core;
use mela_core::evidence::{Due, Print};
use mela_core::notifications::{self, Claimed, Notice, Outcome};
use mela_core::settings::SettingsError;
use mela_core::shop::ShopError;
use mela_core::stars::{Back, Sent};
use mela_core::users::LANGUAGES;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions as _, Connection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Why the program does not start. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing or wrong.
    #[error("{0}")]
    Settings(#[from] SettingsError),
    /// The database belongs to the other kind of shop.
    #[error("{0}")]
    Shop(#[from] ShopError),
    /// `DATABASE_URL` cannot be meant.
    #[error("DATABASE_URL: {0}; wanted postgres://user:password@host:5432/database")]
    DatabaseUrl(String),
    /// The embedded PostgreSQL does not run.
    #[error("{0}")]
    Embedded(#[from] mela_core::embedded::EmbeddedError),
    /// The schema cannot be made.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Schema(String),
    /// Telegram refuses the token.
    #[error("TELOXIDE_TOKEN is refused by the Bot API at {api_url}: {why}")]
    Token {
        /// Where.
        api_url: String,
        /// Telegram's words.
        why: String,
    },
    /// A command needs the token.
    #[error("TELOXIDE_TOKEN is not set: `mela {0}` serves a real bot. `mela` alone starts the sandbox")]
    NoToken(&'static str),
    /// Nothing can be listened on.
    #[error("http.listen: cannot listen on {address}: {why}; set another with MELA_HTTP__LISTEN")]
    Listen {
        /// Where.
        address: String,
        /// The system's words.
        why: String,
    },
    /// The program was told to stop before it had started.
    #[error("stopped before everything had started")]
    Stopped,
    /// Something that should not happen.
    #[error("{0}")]
    Other(String),
}

/// Which halves of the program run in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Bot and jobs.
    Both,
    /// The bot alone.
    Bot,
    /// The jobs alone.
    Jobs,
}

/// How long one try to connect may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A pool for `url`, connected when the database answers: until then it says why not, and tries again with growing pauses.
///
/// # Errors
/// The URL cannot be meant; the program is stopped first.
pub async fn connect(url: &str, connections: u32, stop: &CancellationToken, mut say: impl FnMut(&str)) -> Result<DatabaseConnection, StartError> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("postgres" | "postgresql")) {
        return Err(StartError::DatabaseUrl("it does not begin with postgres://".to_owned()));
    }
    let probe: PgConnectOptions = url.parse().map_err(|e: sea_orm::sqlx::Error| StartError::DatabaseUrl(e.to_string()))?;
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|pg| {
            pg.application_name("mela")
                .options([("statement_timeout", "300s"), ("idle_in_transaction_session_timeout", "60s"), ("timezone", "UTC")])
        });
    let mut pause = Duration::from_millis(250);
    loop {
        // One connection first: it says why, where a pool only says that it timed out.
        let why = match tokio::time::timeout(PATIENCE, probe.connect()).await {
            Ok(Ok(connection)) => {
                // Closing it is a courtesy to the server.
                let _ = connection.close().await;
                match Database::connect(options.clone()).await {
                    Ok(db) => return Ok(db),
                    Err(error) => error.to_string(),
                }
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        say(&format!("the database does not answer: {why}; trying again in {:.1} s", pause.as_secs_f32()));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return Err(StartError::Stopped),
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

/// Brings the schema up to date, the jobs' tables with it.
///
/// # Errors
/// [`StartError::Schema`].
pub async fn migrate(db: &DatabaseConnection) -> Result<(), StartError> {
    // A role that may not make tables is welcome where there are none to make.
    if migration::pending(db).await.unwrap_or(true) {
        migration::up(db).await.map_err(|e| StartError::Schema(e.to_string()))?;
    }
    if mela_jobs::is_set_up(db).await.unwrap_or(false) {
        return Ok(());
    }
    mela_jobs::setup(db).await.map_err(|e| StartError::Schema(e.to_string()))
}

/// The bot behind the token, once the Bot API answers: until then it says why not, and tries again with growing pauses.
///
/// # Errors
/// The token is refused; the program is stopped first.
pub async fn introduce(wire: &Wire, api_url: &str, stop: &CancellationToken, mut say: impl FnMut(&str)) -> Result<Me, StartError> {
    let mut pause = Duration::from_millis(250);
    loop {
        match reply::me(wire).await {
            Ok(me) => return Ok(me),
            Err(WireError::Refused { code: 401 | 404, description, .. }) => {
                return Err(StartError::Token { api_url: api_url.to_owned(), why: description });
            }
            Err(error) => say(&format!("the Bot API at {api_url} does not answer ({error}); trying again in {:.1} s", pause.as_secs_f32())),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return Err(StartError::Stopped),
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

/// What the jobs need from the bot.
struct Outside {
    app: App,
    deliverer: Deliverer,
}

impl mela_jobs::Outside for Outside {
    fn deliver<'a>(&'a self, claimed: &'a Claimed) -> BoxFuture<'a, Result<Outcome, DbErr>> {
        self.deliverer.deliver(claimed).boxed()
    }

    fn send_stars_back<'a>(&'a self, back: &'a Back) -> BoxFuture<'a, Sent> {
        async {
            match reply::send_stars_back(self.app.wire(), back.telegram_id, &back.charge).await {
                Ok(()) => Sent::Back,
                Err(WireError::Refused { description, .. }) => Sent::Refused(description),
                Err(WireError::Away(_) | WireError::Wait(_)) => Sent::Later,
            }
        }
        .boxed()
    }

    fn look<'a>(&'a self, due: &'a Due) -> BoxFuture<'a, Result<Option<Print>, String>> {
        crate::look::look(self.app.wire(), due).boxed()
    }

    fn prune(&self) -> BoxFuture<'_, Result<u64, DbErr>> {
        async {
            self.app.forget_idle();
            let core = self.app.core();
            inbox::prune(core.db(), core.now(), core.settings().await?.inbox.keep.delta()).await
        }
        .boxed()
    }
}

/// Starts the halves and answers the tasks they run in. They end after `stop`.
#[must_use]
pub fn spawn(app: &App, half: Half, stop: &CancellationToken) -> JoinSet<&'static str> {
    let mut tasks = JoinSet::new();
    if half != Half::Jobs {
        let (app, stop) = (app.clone(), stop.clone());
        tasks.spawn(async move {
            serve_bot(app, stop).await;
            "bot"
        });
    }
    if half == Half::Bot {
        let (core, stop) = (app.core().clone(), stop.clone());
        tasks.spawn(async move {
            ring(&core, &stop).await;
            "bell"
        });
    }
    if half != Half::Bot {
        let outside = Arc::new(Outside { app: app.clone(), deliverer: Deliverer::new(app.clone()) });
        let (core, stop) = (app.core().clone(), stop.clone());
        tasks.spawn(async move {
            mela_jobs::run(core, outside, stop).await;
            "jobs"
        });
    }
    tasks
}

/// Rings for what is told here, so that the jobs elsewhere send it at once; while the database is away, their own look finds it.
async fn ring(core: &Core, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            Err(error) = notifications::toll(core) => tracing::debug!(%error, "could not ring for a notice"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// How many stored updates may wait in memory: ids only. When it is full, polling waits.
const TICKETS: usize = 100_000;

async fn serve_bot(app: App, stop: CancellationToken) {
    let schema = schema::schema();
    schema::check(&schema);
    let (tickets, lanes) = mpsc::channel(TICKETS);
    let pump = AbortOnDropHandle::new(tokio::spawn(pump::run(app.clone(), schema, lanes, stop.clone())));
    greet(&app).await;
    if recover(&app, &tickets, &stop).await {
        listen::run(app, tickets, stop).await;
    }
    if let Err(error) = pump.await {
        tracing::error!(%error, "the pump ended by itself");
    }
}

/// What a crash left goes first. False when the program stops before the database answers.
async fn recover(app: &App, tickets: &mpsc::Sender<inbox::Ticket>, stop: &CancellationToken) -> bool {
    loop {
        match inbox::pending(app.core().db()).await {
            Ok(pending) => {
                if !pending.is_empty() {
                    tracing::info!(updates = pending.len(), "updates of an earlier run were not handled: they go first");
                }
                for ticket in pending {
                    if tickets.send(ticket).await.is_err() {
                        return false;
                    }
                }
                return true;
            }
            Err(error) => tracing::error!(%error, "cannot look for updates of an earlier run, trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => return false,
        }
    }
}

/// Takes over from a webhook, names the commands, and looks whether the admin chat can be read. None of it may keep the shop closed.
async fn greet(app: &App) {
    let settings = app.core().settings_store().last();
    let chat = settings.telegram.admin_chat_id;
    let menu =
        |names: &[&'static str], texts: &Texts| names.iter().map(|name| (*name, texts.plain(&format!("menu-{name}"), &[]))).collect::<Vec<_>>();
    let wire = app.wire();
    let mut steps = vec![("take over from a webhook", reply::stop_webhook(wire).await)];
    for language in LANGUAGES {
        let commands = menu(&CUSTOMERS, &app.texts(language, &settings));
        // The first is everyone's whose app speaks none of the others.
        let of = (language != LANGUAGES[0]).then_some(language);
        steps.push(("name the commands", reply::name_commands(wire, &commands, None, of).await));
    }
    let commands = menu(&STAFFS, &app.staff_texts(&settings));
    steps.push(("name the staff's commands", reply::name_commands(wire, &commands, Some(chat), None).await));
    for (what, done) in steps {
        if let Err(error) = done {
            tracing::warn!(%error, "could not {what}");
        }
    }
    if app.me().supports_inline_queries == Some(false) {
        let bot = app.bot_name();
        tracing::warn!(
            bot,
            "inline mode is off, so nobody can send plans from other chats: switch it on with @BotFather, /setinline, and start again"
        );
    }
    match reply::reads_group(wire, app.me(), chat).await {
        Ok(true) => {}
        Ok(false) => {
            tracing::error!(chat, "the bot is no administrator of the admin chat and its privacy mode is on: it cannot read what staff answer");
            let told = notifications::alert(app.core(), &Notice::NoRights, None).await;
            if let Err(error) = told {
                tracing::error!(%error, "could not tell the admin chat so");
            }
        }
        Err(error) => tracing::warn!(%error, chat, "could not look whether the admin chat can be read"),
    }
}

/// Everything that is counted, rendered by `/metrics`. One recorder for the process.
pub static METRICS: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let installed = PrometheusBuilder::new().install_recorder();
    installed.map_err(|error| tracing::error!(%error, "metrics are not counted")).ok()
});

/// Listens on `http.listen` and serves health and metrics until `stop`.
///
/// # Errors
/// The address is taken.
pub async fn serve_http(core: &Core, wire: &Wire, tasks: &mut JoinSet<&'static str>, stop: &CancellationToken) -> Result<(), StartError> {
    let address = core.settings_store().last().http.listen;
    let wrong = |e: &dyn std::fmt::Display| StartError::Listen { address: address.to_string(), why: e.to_string() };
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|e| wrong(&e))?;
    let metrics = METRICS.clone().ok_or_else(|| StartError::Other("metrics could not be set up".to_owned()))?;
    let health = Health { db: core.db().clone(), wire: wire.clone(), metrics };
    let doors = doors::router(core).merge(doors::verify::router(core, wire.mini_apps()));
    let stop = stop.clone();
    tasks.spawn(async move {
        if let Err(error) = http::serve(listener, health, doors, stop).await {
            tracing::error!(%error, "the HTTP server ended by itself");
        }
        "http"
    });
    Ok(())
}
