//! Stock: what is left, accounts that staff type, and files of them, checked, and loaded when staff say so.

use super::Reply;
use super::admin::Desk;
use super::admin_cards::shown;
use super::importing::{self, Received, Told};
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::inbox;
use crate::reply::{self, Place, Screen};
use crate::screens::{importing as words, stocking};
use crate::wire::Patience;
use mela_core::catalog::{self, Delivery};
use mela_core::credentials::import::{self, COLUMNS, File, ImportError, Waiting};
use mela_core::credentials::{self, CredentialError, typed};
use teloxide::types::Message;

/// What is left of every plan.
pub(super) async fn shelves(desk: &Desk) -> Result<Screen, Failure> {
    let core = desk.app.core();
    Ok(stocking::shelves(&desk.texts, &credentials::shelves(core.db()).await?, core.vault().key_id().is_ok()))
}

/// The buttons of the stock.
pub(super) async fn press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (Press::Shelf(plan) | Press::AddAccount(plan)) = press else {
        return Ok(Reply::Show(shelves(desk).await?));
    };
    let has_key = core.vault().key_id().is_ok();
    let shelves = credentials::shelves(core.db()).await?;
    let Some(shelf) = shelves.iter().find(|shelf| shelf.id == *plan) else {
        return Ok(desk.alert("stale", &[]));
    };
    if let Press::Shelf(_) = press {
        return Ok(Reply::Show(stocking::shelf(&desk.texts, shelf, has_key)));
    }
    if !has_key {
        return Ok(desk.alert("stock-no-key-now", &[]));
    }
    desk.ask(Some(&Question::Account { plan: *plan })).await?;
    Ok(Reply::Say(desk.sentence("typed-ask", &[("name", &desk.by.name), ("title", &shelf.title)])))
}

/// An account that was typed. It is loaded, the message with it goes away, and nothing of it is said again; what is wrong leaves the question open.
pub(super) async fn typed(desk: &Desk, message: &Message, plan: i64) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let plan = match catalog::get(core.db(), plan).await? {
        Some(plan) if plan.delivery == Delivery::FromStock => plan,
        _ => {
            take_away(desk, message).await?;
            desk.ask(None).await?;
            return Ok(desk.sentence("not-now", &[]));
        }
    };
    let today = core.settings().await?.shop.day(core.now());
    let loaded = match typed::read(&message.text().unwrap_or_default().replace('\0', ""), today) {
        Ok(account) => match credentials::load(core, &plan, &[account], &desk.by).await {
            Ok(loaded) => Ok(loaded),
            Err(CredentialError::Vault(_)) => {
                take_away(desk, message).await?;
                desk.ask(None).await?;
                return Ok(desk.sentence("stock-no-key-now", &[]));
            }
            Err(CredentialError::Db(error)) => return Err(error.into()),
            Err(other) => return Err(Failure::Broken(other.to_string())),
        },
        Err(wrong) => Err(wrong),
    };
    let gone = take_away(desk, message).await?;
    match loaded {
        Ok(loaded) => {
            desk.ask(None).await?;
            while credentials::serve_waiting(core, 100).await? > 0 {}
            Ok(stocking::typed(&desk.texts, &plan, loaded, gone))
        }
        Err(wrong) => Ok(stocking::not_an_account(&desk.texts, &wrong, gone)),
    }
}

/// Wrong or right, a typed account holds a password, or may: its message is deleted, where that is allowed, and what is stored of it forgotten.
async fn take_away(desk: &Desk, message: &Message) -> Result<bool, Failure> {
    let gone = reply::delete(desk.app.wire(), message.chat.id.0, message.id.0).await?;
    inbox::erase(desk.app.core().db(), desk.speaker.update_id).await?;
    Ok(gone)
}

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
