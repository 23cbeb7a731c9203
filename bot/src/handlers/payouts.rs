//! `/payouts`: files for the bank, its answers, and payouts through a gateway.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::{shown, withdrawal_screen};
use super::importing::{self, Told};
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::{self, Place, Screen};
use crate::screens::{importing as files, payouts as words};
use crate::wire::Patience;
use mela_core::gateways::transfer::{self, TransferError};
use mela_core::withdrawals::answer::{self, AnswerError, COLUMNS, NEEDED};
use mela_core::withdrawals::{WithdrawalError, batch};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use teloxide::types::Message;

/// How often it is told how far it is: a group takes twenty messages a minute.
const TOLD_EVERY: Duration = Duration::from_secs(3);

/// `/payouts`: a file of what is approved and in none; with a file, the bank's answer. The next file from whoever asked is that, too.
pub(super) async fn command(desk: &Desk, message: &Message) -> Result<Option<Screen>, Failure> {
    if message.document().is_some() {
        return document(desk, message, false).await;
    }
    let core = desk.app.core();
    let made = batch::make(core, &desk.by, &format!("tg:{}", desk.speaker.update_id), false).await?;
    let piles = batch::piles(core.db()).await?;
    desk.ask(Some(&Question::ImportPayouts { quiet: true })).await?;
    Ok(Some(match made {
        Some(batch) => words::file(&desk.texts, &batch.into_inner(), Some(piles)),
        None => words::nothing(&desk.texts, piles),
    }))
}

/// `/import payouts`: the file with it, or next.
pub(super) async fn import(desk: &Desk, message: &Message) -> Result<Option<Screen>, Failure> {
    if message.document().is_some() {
        return document(desk, message, false).await;
    }
    desk.ask(Some(&Question::ImportPayouts { quiet: false })).await?;
    Ok(Some(desk.sentence("answer-how", &[("columns", &COLUMNS[..NEEDED].join(", "))])))
}

/// The message with the bank's answer. What is wrong with it leaves the question open; other talk is none of it when nobody asked for a file.
pub(super) async fn document(desk: &Desk, message: &Message, quiet: bool) -> Result<Option<Screen>, Failure> {
    if quiet && message.document().is_none() {
        return Ok(None);
    }
    let mut told = Told::reading(desk, message).await?;
    let sheet = match importing::received(desk, message, &COLUMNS).await? {
        Ok(received) => received.sheet,
        Err(screen) => return told.end(&screen).await,
    };
    told.checking(&sheet).await?;
    let checked = match answer::check(desk.app.core(), &desk.by, &format!("tg:{}", desk.speaker.update_id), &sheet).await {
        Ok(checked) => checked,
        Err(AnswerError::Header(header)) => return told.end(&files::header(&desk.texts, &header, &COLUMNS)).await,
        Err(error) => return Err(error.into()),
    };
    desk.ask(None).await?;
    told.say(&words::checked(&desk.texts, &checked)).await?;
    if !checked.wrong.is_empty() {
        let file = words::wrong_rows(&desk.texts, &checked.wrong).map_err(|error| Failure::Broken(error.to_string()))?;
        let file = files::wrong_file(&desk.texts, file, checked.wrong.len());
        reply::say(desk.app.wire(), message.chat.id.0, &file, Patience::Wait).await?;
    }
    Ok(None)
}

/// The buttons of files and answers.
pub(super) async fn press(desk: &Desk, press: &Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    match *press {
        Press::GivePayouts(false) => Ok(Reply::Say(words::warning(&desk.texts, batch::piles(core.db()).await?))),
        // One warning is one file, however often it is pressed.
        Press::GivePayouts(true) => {
            let key = format!("again:{}:{}", place.chat_id, place.message_id);
            match batch::make(core, &desk.by, &key, true).await? {
                Some(batch) => {
                    desk.ask(Some(&Question::ImportPayouts { quiet: true })).await?;
                    Ok(Reply::Say(words::file(&desk.texts, &batch.into_inner(), None)))
                }
                None => Ok(Reply::Show(words::nothing(&desk.texts, batch::piles(core.db()).await?))),
            }
        }
        Press::LeavePayouts => Ok(Reply::Show(desk.sentence("payouts-left", &[]))),
        Press::ApplyAnswer(id) => apply(desk, id, place).await,
        Press::PayByGateway(id) => by_gateway(desk, id, place).await,
        _ => Ok(desk.alert("stale", &[])),
    }
}

/// `Apply`: each row once; pressed again, or begun again after a crash, it goes on where it was. How far it is, is told meanwhile.
async fn apply(desk: &Desk, id: i64, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (of, done) = (answer::rows_of(core, id).await?, AtomicUsize::new(0));
    let applied = {
        let mut applying = std::pin::pin!(answer::apply(core, &desk.by, id, |n| done.store(n, Ordering::Relaxed)));
        loop {
            tokio::select! {
                biased;
                applied = &mut applying => break applied?,
                () = tokio::time::sleep(TOLD_EVERY) => {}
            }
            // What is applied goes on while Telegram is told.
            let screen = words::progress(&desk.texts, done.load(Ordering::Relaxed), of);
            let saying = reply::show(desk.app.wire(), place, &screen);
            tokio::select! {
                applied = &mut applying => break applied?,
                said = saying => { said?; }
            }
        }
    };
    match applied {
        None => Ok(desk.alert("import-gone", &[])),
        Some(figures) => {
            let alert = figures.already.then_some("import-already");
            shown(desk, place, &words::applied(&desk.texts, &figures), alert).await
        }
    }
}

/// `Pay by RazorpayX`: written down, asked for, and shown as it stands.
async fn by_gateway(desk: &Desk, id: i64, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let alert = match transfer::begin(core, id, &desk.by).await {
        Ok(row) => {
            transfer::send(core, row.into_inner().id).await?;
            None
        }
        Err(TransferError::Off) => return Ok(desk.alert("gateway-payout-off", &[])),
        Err(TransferError::InAFile) => return Ok(desk.alert("gateway-payout-in-file", &[])),
        Err(TransferError::Withdrawal(error)) => match *error {
            WithdrawalError::Owes(owed) => return Ok(desk.alert("owes", &[("owed", &owed)])),
            WithdrawalError::NotNow(_) => Some("not-now"),
            other => return Err(other.into()),
        },
        Err(TransferError::Db(error)) => return Err(error.into()),
    };
    let screen = withdrawal_screen(desk, id, false).await?;
    shown(desk, place, &screen, alert).await
}
