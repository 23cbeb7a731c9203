//! Files of accounts for the stock: checked, and loaded when staff say so.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::shown;
use super::importing::{self, Received, Told};
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::{self, Place, Screen};
use crate::screens::{importing as words, stocking};
use crate::wire::Patience;
use mela_core::credentials;
use mela_core::credentials::import::{self, COLUMNS, File, ImportError, Waiting};
use teloxide::types::Message;

/// How stock is loaded, with a file to write over; the next document is it.
pub(super) async fn how(desk: &Desk) -> Result<Screen, Failure> {
    if desk.app.core().vault().key_id().is_err() {
        return Ok(desk.sentence("stock-no-key", &[]));
    }
    desk.ask(Some(&Question::ImportStock)).await?;
    let most = desk.app.core().settings().await?.import.max_bytes.get();
    Ok(stocking::how(&desk.texts, most, import::template()?))
}

/// The message with the file. What is wrong with it leaves the question open.
pub(super) async fn document(desk: &Desk, message: &Message) -> Result<Option<Screen>, Failure> {
    let mut told = Told::reading(desk, message).await?;
    let Received { file_id, name, bytes, sheet } = match importing::received(desk, message, &COLUMNS).await? {
        Ok(received) => received,
        Err(screen) => return told.end(&screen).await,
    };
    told.checking(&sheet).await?;
    let file = File::new(&file_id, &name, &bytes);
    let checked = match import::check(desk.app.core(), &desk.by, &format!("tg:{}", desk.speaker.update_id), &file, &sheet).await {
        Ok(checked) => checked,
        Err(ImportError::Header(header)) => return told.end(&words::header(&desk.texts, &header, &COLUMNS)).await,
        Err(ImportError::Vault(_)) => return told.end(&desk.sentence("stock-no-key", &[])).await,
        Err(ImportError::Db(error)) => return Err(error.into()),
    };
    desk.ask(None).await?;
    told.say(&stocking::checked(&desk.texts, &checked)).await?;
    if !checked.wrong.is_empty() {
        let file = import::wrong_rows(&checked.wrong, |bad| stocking::reasons(&desk.texts, bad))?;
        let file = words::wrong_file(&desk.texts, file, checked.wrong.len());
        reply::say(desk.app.wire(), message.chat.id.0, &file, Patience::Wait).await?;
    }
    Ok(None)
}

/// `Apply`: the file is fetched again, because nothing of it was kept; it must be the one that was checked. Who waits for stock is served at once.
pub(super) async fn apply(desk: &Desk, id: i64, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let file = match import::waiting(core, id).await? {
        Waiting::File(file) => file,
        Waiting::Applied(loaded, by) => return shown(desk, place, &stocking::loaded(&desk.texts, loaded, &by), Some("import-already")).await,
        Waiting::Gone => return Ok(desk.alert("import-gone", &[])),
    };
    let sheet = match importing::fetched(desk, &file.file_id, &file.name, &COLUMNS).await? {
        Ok((bytes, sheet)) if File::new(&file.file_id, &file.name, &bytes) == file => sheet,
        Ok(_) | Err(_) => return Ok(desk.alert("file-gone", &[])),
    };
    match import::apply(core, &desk.by, id, &sheet).await {
        Ok(loaded) => {
            while credentials::serve_waiting(core, 100).await? > 0 {}
            Ok(Reply::Show(stocking::loaded(&desk.texts, loaded, &desk.by.name)))
        }
        Err(ImportError::Vault(_)) => Ok(desk.alert("stock-no-key-now", &[])),
        Err(ImportError::Header(_)) => Ok(desk.alert("file-gone", &[])),
        Err(ImportError::Db(error)) => Err(error.into()),
    }
}
