//! The program `mela`.

use clap::{Parser, Subcommand};
use mela_bot::ledger_commands::LedgerCommand;
use mela_bot::program::{Half, StartError};
use mela_bot::run::{self, Environment};
use mela_bot::{ledger_commands, program, story};
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::settings::{Layers, Store};
use mela_core::{Core, credentials};
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

#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
enum Command {
    /// The bot alone; the jobs run elsewhere.
    Bot,
    /// The jobs alone; the bot runs elsewhere.
    Jobs,
    /// Plays the main job end to end in the sandbox, on a throw-away database, and prints it.
    Story,
    /// Prints the trial balance and everything that is wrong with the books.
    Reconcile,
    /// Brings the database's schema up to date and ends: for shops whose program does not own its tables.
    Migrate {
        /// Gives this role what the program needs, and no more.
        #[arg(long)]
        grant: Option<String>,
    },
    /// Keys of what is sealed at rest.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Reads the books: verify, statement, trial.
    #[command(subcommand)]
    Ledger(LedgerCommand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
enum KeysCommand {
    /// Seals all credentials anew: MELA_CREDENTIALS__KEY is the new key, MELA_CREDENTIALS__OLD_KEY the one before.
    Rotate,
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
        Some(Command::Story) | Some(Command::Reconcile) => return reconcile(&books(environment, layers, &stop).await?).await,
        Some(Command::Migrate { grant }) => return migrate(environment, grant, &stop).await,
        Some(Command::Keys(KeysCommand::Rotate)) => return rotate(&books(environment, layers, &stop).await?).await,
        Some(Command::Ledger(command)) => return ledger_commands::perform(&books(environment, layers, &stop).await?, &command).await,
    };
    run::run(half, environment, layers, stop).await
}

/// The shop that `DATABASE_URL` names, for reading its books.
async fn books(environment: Environment, layers: Layers, stop: &CancellationToken) -> Result<Core, StartError> {
    let Some(url) = environment.database_url else {
        return Err(StartError::DatabaseUrl("it is not set, and this reads a running shop's books".to_owned()));
    };
    let store = Store::try_new(layers)?;
    let db = program::connect(&url, 2, stop, |line| eprintln!("· {line}")).await?;
    if migration::pending(&db).await.unwrap_or(true) {
        return Err(StartError::Other("the database is not one of this version's shops: start the shop first".to_owned()));
    }
    Ok(Core::new(db, Clock::system(chrono::TimeDelta::zero()), Codes::random(), store))
}

/// Migrates the database that `DATABASE_URL` names.
async fn migrate(environment: Environment, grant: Option<String>, stop: &CancellationToken) -> Result<(), StartError> {
    let Some(url) = environment.database_url else {
        return Err(StartError::DatabaseUrl("it is not set: which database is to be migrated?".to_owned()));
    };
    let db = program::connect(&url, 2, stop, |line| eprintln!("· {line}")).await?;
    program::migrate(&db).await?;
    println!("the schema is up to date");
    if let Some(role) = grant {
        let refused = |e: sea_orm::DbErr| StartError::Other(format!("{role} cannot be given its rights: {e}"));
        migration::grant(&db, &role).await.map_err(refused)?;
        mela_jobs::grant(&db, &migration::quoted(&role)).await.map_err(refused)?;
        println!("{role} has what the program needs");
    }
    Ok(())
}

/// Prints the trial balance and everything that is wrong with the books.
async fn reconcile(core: &Core) -> Result<(), StartError> {
    let books = run::sandboxed::books_in_words(core).await.map_err(|e| StartError::Other(e.to_string()))?;
    print!("{books}");
    if books.contains("PROBLEM") {
        Err(StartError::Other("the books are not right".to_owned()))
    } else {
        Ok(())
    }
}

/// Seals all credentials under the new key; may be interrupted and run again.
async fn rotate(core: &Core) -> Result<(), StartError> {
    let rotated = credentials::rotate(core, |done| eprintln!("· {done} sealed anew")).await;
    let rotated = rotated.map_err(|e| StartError::Other(format!("the keys are not rotated: {e}")))?;
    println!(
        "{} credentials sealed anew, {} were already under this key; {} stored updates sealed anew",
        rotated.sealed, rotated.before, rotated.updates
    );
    Ok(())
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
