//! Files of products: in, checked and applied; and out.

use super::Reply;
use super::admin::{Desk, refused};
use super::admin_cards::shown;
use crate::app::Failure;
use crate::commands::Command;
use crate::dialogue::Question;
use crate::reply::{self, Place, Screen};
use crate::screens::importing;
use crate::wire::Patience;
use mela_core::catalog::import::{self, ImportError, Outcome};
use mela_core::sheet::{self, Limits, Sheet, SheetError};
use mela_core::staff::Role;
use teloxide::types::{Document, Message, User};

/// Telegram gives a bot no larger file.
const TELEGRAMS: u32 = 20_000_000;
/// A file of so many bytes takes a while: what is done is told meanwhile.
const LARGE: u32 = 100_000;

/// `/import products`, with the file or before it.
pub(super) async fn command(desk: &Desk, command: &Command, from: &User, message: &Message) -> Result<Option<Screen>, Failure> {
    if desk.role < Role::Admin {
        refused(&desk.app, from, "not-allowed", "/import").await?;
        return Ok(Some(desk.sentence("not-allowed", &[])));
    }
    if !command.argument.eq_ignore_ascii_case("products") {
        return Ok(Some(desk.sentence("usage-import", &[])));
    }
    if message.document().is_some() {
        return document(desk, message).await;
    }
    desk.ask(Some(&Question::ImportProducts)).await?;
    let most = desk.app.core().settings().await?.import.max_bytes.get();
    Ok(Some(importing::how(&desk.texts, most, import::template()?)))
}

/// The message with the file. What is wrong with it leaves the question open.
pub(super) async fn document(desk: &Desk, message: &Message) -> Result<Option<Screen>, Failure> {
    let Some(document) = message.document() else {
        return Ok(Some(desk.sentence("import-no-file", &[])));
    };
    let most = desk.app.core().settings().await?.import.max_bytes.get();
    if document.file.size > TELEGRAMS {
        return Ok(Some(importing::over_telegrams(&desk.texts, document.file.size)));
    }
    if document.file.size > most {
        return Ok(Some(importing::unread(&desk.texts, &SheetError::TooLarge(most as usize))));
    }
    let mut told = Told { desk, message, place: None };
    if document.file.size > LARGE {
        told.say(&desk.sentence("import-reading", &[])).await?;
    }
    let sheet = match read(desk, document, most as usize).await? {
        Ok(sheet) => sheet,
        Err(screen) => return told.end(&screen).await,
    };
    if told.place.is_some() {
        told.say(&desk.sentence("import-checking", &[("rows", &sheet.rows.len())])).await?;
    }
    let checked = match import::check(desk.app.core(), &desk.by, &format!("tg:{}", desk.speaker.update_id), &sheet).await {
        Ok(checked) => checked,
        Err(ImportError::Header(header)) => return told.end(&importing::header(&desk.texts, &header)).await,
        Err(error) => return Err(error.into()),
    };
    desk.ask(None).await?;
    told.say(&importing::checked(&desk.texts, &checked)).await?;
    if !checked.wrong.is_empty() {
        let file = import::wrong_rows(&checked.wrong, |bad| importing::reasons(&desk.texts, bad))?;
        let file = importing::wrong_file(&desk.texts, file, checked.wrong.len());
        reply::say(desk.app.wire(), message.chat.id.0, &file, Patience::Wait).await?;
    }
    Ok(None)
}

/// The rows of a file, or what is to be said of it.
async fn read(desk: &Desk, document: &Document, most: usize) -> Result<Result<Sheet, Screen>, Failure> {
    let bytes = match reply::download(desk.app.wire(), &document.file.id.0, most).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Err(importing::unread(&desk.texts, &SheetError::TooLarge(most)))),
        Err(error) if error.says("file is too big") => return Ok(Err(importing::over_telegrams(&desk.texts, document.file.size))),
        Err(error) => return Err(error.into()),
    };
    let name = document.file_name.clone().unwrap_or_default();
    // Reading takes a core for a second or so, and a damaged workbook may stop its reader: neither is to stop the others.
    let read = tokio::task::spawn_blocking(move || sheet::read(&name, &bytes, Limits::for_bytes(most))).await;
    let read = read.unwrap_or_else(|stopped| Err(SheetError::Damaged(stopped.to_string())));
    Ok(read.map_err(|error| importing::unread(&desk.texts, &error)))
}

/// The one message that tells how far it is.
struct Told<'a> {
    desk: &'a Desk,
    message: &'a Message,
    place: Option<Place>,
}

impl Told<'_> {
    async fn say(&mut self, screen: &Screen) -> Result<(), Failure> {
        let wire = self.desk.app.wire();
        self.place = Some(match self.place {
            Some(place) => reply::show(wire, place, screen).await?,
            None => reply::say_to(wire, self.message.chat.id.0, screen, Some(self.message.id.0), Patience::Wait).await?,
        });
        Ok(())
    }

    async fn end(&mut self, screen: &Screen) -> Result<Option<Screen>, Failure> {
        self.say(screen).await?;
        Ok(None)
    }
}

/// `Apply`: once, and only what was shown.
pub(super) async fn apply(desk: &Desk, id: i64, place: Place) -> Result<Reply, Failure> {
    match import::apply(desk.app.core(), &desk.by, id).await? {
        Outcome::Now(figures) => Ok(Reply::Show(importing::applied(&desk.texts, figures, &desk.by.name))),
        Outcome::Already(figures, by) => shown(desk, place, &importing::applied(&desk.texts, figures, &by), Some("import-already")).await,
        Outcome::Moved(figures) => shown(desk, place, &importing::moved(&desk.texts, figures, id), Some("import-moved")).await,
        Outcome::Gone => Ok(desk.alert("import-gone", &[])),
    }
}

/// `/export products`.
pub(super) async fn export(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if !argument.eq_ignore_ascii_case("products") {
        return Ok(desk.sentence("usage-export", &[]));
    }
    let (file, count) = import::export(desk.app.core()).await?;
    Ok(importing::exported(&desk.texts, file, count))
}
