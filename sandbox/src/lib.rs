//! A stand-in for Telegram: a Bot API server in this process, the people and groups in it, and a
//! page in the browser where one can be any of them.
//!
//! A test drives people ([`Person::send`], [`Person::press`]) and looks at what the bot shows them
//! ([`Person::expect`]); the bot under test talks to [`Sandbox::url`] as it would to Telegram.

mod acts;
mod driver;
mod inline;
mod journal;
mod keyboard;
mod message;
mod methods;
mod mini_app;
mod options;
mod page;
mod params;
mod picture;
mod queue;
mod records;
mod refusal;
mod server;
mod show;
mod stars;
mod state;
mod story;
mod text;
mod watch;
mod wire;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

pub use driver::{Group, Member, Person};
pub use inline::{Offer, Offered};
pub use options::{Advance, Clock, Fault, Options, Panel};
pub use story::{Button, Line, Seen};

use journal::Change;
use state::{State, Trap};

/// What the server, the page and the drivers share.
pub(crate) struct Core {
    state: Mutex<State>,
    pub token: String,
    pub advance: Option<Advance>,
    pub panel: Option<Panel>,
    pub patience: Duration,
    pub mini_apps: Option<(String, String)>,
    /// Cancelled when the sandbox stops.
    pub closed: CancellationToken,
}

impl Core {
    /// The state; a driver that panicked elsewhere leaves it whole, so poison is no reason to stop.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Running {
    core: Arc<Core>,
    address: SocketAddr,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.core.closed.cancel();
    }
}

/// A running sandbox; clones are the same one, and the last to go stops the server.
#[derive(Clone)]
pub struct Sandbox(Arc<Running>);

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sandbox").field(&self.url()).finish()
    }
}

impl Sandbox {
    /// Binds the port, reads the journal, and serves.
    ///
    /// # Errors
    /// The port is taken, or the journal cannot be opened.
    pub async fn start(options: Options) -> std::io::Result<Sandbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let core = Arc::new(Core {
            state: Mutex::new(State::open(&options)?),
            token: options.token,
            advance: options.advance,
            panel: options.panel,
            patience: options.patience,
            mini_apps: options.mini_apps,
            closed: CancellationToken::new(),
        });
        let service = server::router(core.clone()).into_make_service_with_connect_info::<wire::Wire>();
        let stop = core.closed.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            let served = axum::serve(wire::Wires(listener), service).with_graceful_shutdown(stop).await;
            if let Err(error) = served {
                tracing::error!(%error, "the sandbox stopped serving");
            }
        });
        Ok(Sandbox(Arc::new(Running { core, address, task: Mutex::new(Some(task)) })))
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.0.core
    }

    /// `http://127.0.0.1:PORT`, which is also the Bot API's base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// The token the server takes.
    pub fn token(&self) -> String {
        self.core().token.clone()
    }

    /// The bot's username without `@`.
    pub fn bot_username(&self) -> String {
        self.core().lock().bot_username.clone()
    }

    /// The person with this id, found or created.
    pub fn person(&self, id: i64, first_name: &str) -> Person {
        self.core().lock().meet(id, first_name);
        Person::new(self.clone(), id)
    }

    /// The group with this (negative) id, found or created with the bot as its administrator.
    pub fn group(&self, id: i64, title: &str) -> Group {
        self.core().lock().found(id, title);
        Group::new(self.clone(), id)
    }

    /// Lets the next calls of a method go wrong; `*` is any method but getUpdates.
    pub fn fail_next(&self, method: &str, times: usize, fault: Fault) {
        if times > 0 {
            let method = method.to_ascii_lowercase();
            let trap = Trap { method, times, fault };
            self.core().lock().traps.push(trap);
        }
    }

    /// From now on every update is handed out once more after it was confirmed.
    pub fn repeat_updates(&self, on: bool) {
        self.core().lock().queue.repeat = on;
    }

    /// Queues any update, also of kinds the bot did not ask for; gives its `update_id`.
    pub fn push_raw_update(&self, mut update: Value) -> i64 {
        let mut state = self.core().lock();
        let id = state.queue.take_id();
        update["update_id"] = id.into();
        let body = update.to_string();
        state.commit(Change::Update { id, body });
        id
    }

    /// How many updates the bot has not confirmed.
    pub fn pending_updates(&self) -> usize {
        self.core().lock().queue.len()
    }

    /// What the bot showed that no line of the test has looked at, oldest first.
    pub fn unread(&self) -> Vec<Seen> {
        let state = self.core().lock();
        let chats = state.chats.values();
        let mut all: Vec<Seen> = chats.flat_map(|chat| chat.shown.iter().cloned()).collect();
        all.sort_by_key(|seen| seen.order);
        all
    }

    /// Everything that was said and pressed since the start, in order.
    pub fn transcript(&self) -> Vec<Line> {
        self.core().lock().lines.clone()
    }

    /// The commands that `setMyCommands` set, by scope.
    pub fn commands(&self) -> Vec<(String, Value)> {
        let state = self.core().lock();
        let pairs = state.commands.iter();
        pairs.map(|(scope, list)| (scope.clone(), list.clone())).collect()
    }

    /// Stops the server and frees the port; waiting long polls end.
    pub async fn shutdown(&self) {
        self.core().closed.cancel();
        let task = {
            let mut slot = self.0.task.lock().unwrap_or_else(PoisonError::into_inner);
            slot.take()
        };
        if let Some(mut task) = task
            && timeout(Duration::from_secs(3), &mut task).await.is_err()
        {
            task.abort();
        }
    }
}
