//! Files that staff send: products, in, checked and applied, and out; what other files have in common with them.

use super::admin::{Desk, refused};
use super::admin_cards::shown;
use super::{Reply, payouts, statements, stocking};
use crate::app::Failure;
use crate::commands::Command;
use crate::dialogue::Question;
use crate::reply::{self, Download, Place, Screen};
use crate::screens::importing;
use crate::wire::Patience;
use mela_core::catalog::Field;
use mela_core::catalog::import::{self, ImportError, Outcome};
use mela_core::sheet::{self, Limits, Sheet, SheetError};
use mela_core::staff::Role;
use teloxide::types::{Message, User};

/// Telegram gives a bot no larger file.
const TELEGRAMS: u32 = 20_000_000;
/// A file of so many bytes takes a while: what is done is told meanwhile.
const LARGE: u32 = 100_000;

/// `/import products`, `/import stock`, `/import statement`, with the file or before it.
pub(super) async fn command(desk: &Desk, command: &Command, from: &User, message: &Message) -> Result<Option<Screen>, Failure> {
    if desk.role < Role::Admin {
        refused(&desk.app, from, "not-allowed", "/import").await?;
        return Ok(Some(desk.sentence("not-allowed", &[])));
    }
    let (what, rest) = command.argument.split_once(char::is_whitespace).unwrap_or((&command.argument, ""));
    if what.eq_ignore_ascii_case("statement") {
        return statements::command(desk, message, rest.trim()).await;
    }
    if what.eq_ignore_ascii_case("payouts") {
        return payouts::import(desk, message).await;
    }
    let what = command.argument.to_lowercase();
    if what != "products" && what != "stock" {
        return Ok(Some(desk.sentence("usage-import", &[])));
    }
    match (what.as_str(), message.document().is_some()) {
        ("stock", true) => stocking::document(desk, message).await,
        ("stock", false) => stocking::how(desk).await.map(Some),
        (_, true) => document(desk, message).await,
        (_, false) => {
            desk.ask(Some(&Question::ImportProducts)).await?;
            let most = desk.app.core().settings().await?.import.max_bytes.get();
            Ok(Some(importing::how(&desk.texts, most, import::template()?)))
        }
    }
}

/// A file that staff sent, read.
pub(super) struct Received {
    /// Telegram's id of it.
    pub(super) file_id: String,
    /// As it was sent.
    pub(super) name: String,
    /// Its content.
    pub(super) bytes: Vec<u8>,
    /// Its rows.
    pub(super) sheet: Sheet,
}

/// The file of a message, or what is to be said of it. `columns` are those that it should have.
pub(super) async fn received(desk: &Desk, message: &Message, columns: &[&str]) -> Result<Result<Received, Screen>, Failure> {
    let Some(document) = message.document() else {
        return Ok(Err(desk.sentence("import-no-file", &[])));
    };
    let most = desk.app.core().settings().await?.import.max_bytes.get();
    if document.file.size > TELEGRAMS {
        return Ok(Err(importing::over_telegrams(&desk.texts)));
    }
    if document.file.size > most {
        return Ok(Err(importing::unread(&desk.texts, &SheetError::TooLarge(most as usize), columns)));
    }
    let (file_id, name) = (document.file.id.0.clone(), document.file_name.clone().unwrap_or_default());
    Ok(fetched(desk, &file_id, &name, columns).await?.map(|(bytes, sheet)| Received { file_id, name, bytes, sheet }))
}

/// A file's content and rows, or what is to be said of it.
pub(super) async fn fetched(desk: &Desk, file_id: &str, name: &str, columns: &[&str]) -> Result<Result<(Vec<u8>, Sheet), Screen>, Failure> {
    let most = desk.app.core().settings().await?.import.max_bytes.get() as usize;
    let bytes = match reply::download(desk.app.wire(), file_id, most).await? {
        Download::Content(bytes) => bytes,
        Download::TooLarge => return Ok(Err(importing::unread(&desk.texts, &SheetError::TooLarge(most), columns))),
        Download::TooLargeForBots => return Ok(Err(importing::over_telegrams(&desk.texts))),
        Download::Gone => return Ok(Err(desk.sentence("file-gone", &[]))),
    };
    let name = name.to_owned();
    // Reading takes a core for a second or so, and a damaged workbook may stop its reader: neither is to stop the others.
    let read = tokio::task::spawn_blocking(move || (sheet::read(&name, &bytes, Limits::for_bytes(most)), bytes)).await;
    Ok(match read {
        Ok((Ok(sheet), bytes)) => Ok((bytes, sheet)),
        Ok((Err(error), _)) => Err(importing::unread(&desk.texts, &error, columns)),
        Err(stopped) => Err(importing::unread(&desk.texts, &SheetError::Damaged(stopped.to_string()), columns)),
    })
}

/// The message with the file. What is wrong with it leaves the question open.
pub(super) async fn document(desk: &Desk, message: &Message) -> Result<Option<Screen>, Failure> {
    let columns = Field::ALL.map(Field::name);
    let mut told = Told::reading(desk, message).await?;
    let sheet = match received(desk, message, &columns).await? {
        Ok(received) => received.sheet,
        Err(screen) => return told.end(&screen).await,
    };
    told.checking(&sheet).await?;
    let checked = match import::check(desk.app.core(), &desk.by, &format!("tg:{}", desk.speaker.update_id), &sheet).await {
        Ok(checked) => checked,
        Err(ImportError::Header(header)) => return told.end(&importing::header(&desk.texts, &header, &columns)).await,
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

/// The one message that tells how far it is.
pub(super) struct Told<'a> {
    desk: &'a Desk,
    message: &'a Message,
    place: Option<Place>,
}

impl<'a> Told<'a> {
    /// Begins it where the file is large enough to be waited for.
    pub(super) async fn reading(desk: &'a Desk, message: &'a Message) -> Result<Self, Failure> {
        let mut told = Self { desk, message, place: None };
        let most = desk.app.core().settings().await?.import.max_bytes.get();
        if message.document().is_some_and(|document| (LARGE..=most).contains(&document.file.size)) {
            told.say(&desk.sentence("import-reading", &[])).await?;
        }
        Ok(told)
    }

    /// The file is read.
    pub(super) async fn checking(&mut self, sheet: &Sheet) -> Result<(), Failure> {
        if self.place.is_some() {
            self.say(&self.desk.sentence("import-checking", &[("rows", &sheet.rows.len())])).await?;
        }
        Ok(())
    }

    pub(super) async fn say(&mut self, screen: &Screen) -> Result<(), Failure> {
        let wire = self.desk.app.wire();
        self.place = Some(match self.place {
            Some(place) => reply::show(wire, place, screen).await?,
            None => reply::say_to(wire, self.message.chat.id.0, screen, Some(self.message.id.0), Patience::Wait).await?,
        });
        Ok(())
    }

    pub(super) async fn end(&mut self, screen: &Screen) -> Result<Option<Screen>, Failure> {
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
