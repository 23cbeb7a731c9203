//! Bank statements that staff send: read, and what came in is taken in one go, told as it goes.

use super::admin::Desk;
use super::importing::{self, Told};
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::{self, Screen};
use crate::screens::{importing as words, statements};
use crate::wire::Patience;
use mela_core::credits::import;
use mela_core::credits::statement::{self, NotAStatement};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use teloxide::types::Message;

/// A statement's columns, as one bank has them: said where a file is empty.
const COLUMNS: [&str; 6] = ["Date", "Narration", "Ref No.", "Debit", "Credit", "Balance"];
/// How often it is told how far it is: a group takes twenty messages a minute.
const TOLD_EVERY: Duration = Duration::from_secs(3);
/// So many credits take a while: how far it is, is told meanwhile.
const MANY: usize = 200;
/// Longest name of a bank.
const LONGEST: usize = 40;

/// `/import statement`, perhaps with the bank's name; the file with it, or next.
pub(super) async fn command(desk: &Desk, message: &Message, bank: &str) -> Result<Option<Screen>, Failure> {
    let bank: String = bank.chars().take(LONGEST).collect();
    if message.document().is_some() {
        return document(desk, message, &bank).await;
    }
    desk.ask(Some(&Question::ImportStatement { bank })).await?;
    let most = desk.app.core().settings().await?.import.max_bytes.get();
    Ok(Some(statements::how(&desk.texts, most)))
}

/// The message with the file. What is wrong with it leaves the question open.
pub(super) async fn document(desk: &Desk, message: &Message, bank: &str) -> Result<Option<Screen>, Failure> {
    let core = desk.app.core();
    let mut told = Told::reading(desk, message).await?;
    let sheet = match importing::received(desk, message, &COLUMNS).await? {
        Ok(received) => received.sheet,
        Err(screen) => return told.end(&screen).await,
    };
    let settings = core.settings().await?;
    let named = (!bank.trim().is_empty()).then_some(bank);
    let mut read = match statement::read(&sheet, named, &settings.statement, settings.shop.timezone) {
        Ok(read) => read,
        Err(NotAStatement::Header(found)) => return told.end(&statements::header(&desk.texts, &found)).await,
        Err(NotAStatement::Bank) => return told.end(&desk.sentence("statement-bank", &[])).await,
        Err(NotAStatement::NoRows) => return told.end(&desk.sentence("statement-no-rows", &[])).await,
    };
    let of = read.credits.len();
    if of >= MANY {
        told.say(&statements::progress(&desk.texts, 0, of)).await?;
    }
    let (done, key) = (AtomicUsize::new(0), format!("tg:{}", desk.speaker.update_id));
    let figures = {
        let mut taking = std::pin::pin!(import::import(core, &mut read, &desk.by, &key, |n| done.store(n, Ordering::Relaxed)));
        let mut said = 0;
        loop {
            tokio::select! {
                biased;
                figures = &mut taking => break figures?,
                () = tokio::time::sleep(TOLD_EVERY) => {}
            }
            let now = done.load(Ordering::Relaxed);
            if now > said {
                said = now;
                // What is taken goes on while Telegram is told.
                let screen = statements::progress(&desk.texts, now, of);
                let saying = told.say(&screen);
                tokio::select! {
                    figures = &mut taking => break figures?,
                    said = saying => said?,
                }
            }
        }
    };
    desk.ask(None).await?;
    told.say(&statements::read(&desk.texts, &read, figures)).await?;
    if !read.bad.is_empty() {
        let file = statements::bad_rows(&desk.texts, &read.bad).map_err(|error| Failure::Broken(error.to_string()))?;
        let file = words::wrong_file(&desk.texts, file, read.bad.len());
        reply::say(desk.app.wire(), message.chat.id.0, &file, Patience::Wait).await?;
    }
    Ok(None)
}
