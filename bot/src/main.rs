//! The program `mela`.

use clap::{Parser, Subcommand};
use mela_bot::program::{Half, StartError};
use mela_bot::run::{self, Environment};
use mela_bot::{program, story};
use mela_core::settings::{Layers, Store};
use std::path::Path;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// A shop that lives inside Telegram and pays the people who bring friends.
///
/// Without a command it runs the shop: with TELOXIDE_TOKEN the real one, without it a sandbox that needs nothing.
#[derive(Debug, Parser)]
#[command(name = "mela", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
enum Command {
    /// The bot alone; the jobs run elsewhere.
    Bot,
    /// The jobs alone; the bot runs elsewhere.
    Jobs,
    /// Plays the main job end to end in the sandbox, on a throw-away database, and prints it.
    Story,
    /// Prints the trial balance and everything that is wrong with the books.
    Reconcile,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = Environment {
        token: variable("TELOXIDE_TOKEN"),
        api_url: variable("TELOXIDE_API_URL"),
        database_url: variable("DATABASE_URL"),
    };
    let quiet = environment.token.is_none();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(if quiet { "warn,apalis_core=off" } else { "info,sqlx=warn,sea_orm_migration=warn,apalis_core=off" }));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("the runtime cannot start: {error}")),
    };
    let done = runtime.block_on(async {
        let stop = CancellationToken::new();
        tokio::spawn(on_signal(stop.clone()));
        perform(arguments.command, environment, stop).await
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(StartError::Stopped) => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("mela: {why}");
    ExitCode::from(2)
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

async fn perform(command: Option<Command>, environment: Environment, stop: CancellationToken) -> Result<(), StartError> {
    if command == Some(Command::Story) {
        return story::print().await;
    }
    let layers = Layers::try_new(Path::new("."), std::env::vars())?;
    let half = match command {
        None => Half::Both,
        Some(Command::Bot) if environment.token.is_none() => return Err(StartError::NoToken("bot")),
        Some(Command::Jobs) if environment.token.is_none() => return Err(StartError::NoToken("jobs")),
        Some(Command::Bot) => Half::Bot,
        Some(Command::Jobs) => Half::Jobs,
        Some(Command::Story) | Some(Command::Reconcile) => return reconcile(environment, layers, stop).await,
    };
    run::run(half, environment, layers, stop).await
}

/// Prints the books of the shop that `DATABASE_URL` names.
async fn reconcile(environment: Environment, layers: Layers, stop: CancellationToken) -> Result<(), StartError> {
    let Some(url) = environment.database_url else {
        return Err(StartError::DatabaseUrl("it is not set, and `mela reconcile` reads a running shop's books".to_owned()));
    };
    let store = Store::try_new(layers)?;
    let db = program::connect(&url, 2, &stop, |line| eprintln!("· {line}")).await?;
    let core = mela_core::Core::new(db, mela_core::clock::Clock::system(chrono::TimeDelta::zero()), mela_core::code::Codes::random(), store);
    let books = run::sandboxed::books_in_words(&core).await.map_err(|e| StartError::Other(e.to_string()))?;
    print!("{books}");
    if books.contains("PROBLEM") {
        Err(StartError::Other("the books are not right".to_owned()))
    } else {
        Ok(())
    }
}

/// Ctrl-C and SIGTERM stop the program cleanly; a second one stops it at once.
async fn on_signal(stop: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::error!("signals cannot be heard: stop the program with kill -9, it recovers");
        return;
    };
    let mut heard = async || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    heard().await;
    stop.cancel();
    heard().await;
    std::process::exit(130);
}
