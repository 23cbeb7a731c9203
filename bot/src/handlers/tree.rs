//! `/tree WHO`: who brought a person, whom they brought, and whom these did.

use super::Reply;
use super::admin::Desk;
use super::admin_commands::shortened;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::tree as screen;
use mela_core::referrals::tree::{self, Beside, ExportError};
use mela_core::users::{self, User};

/// Lines of a tree that are sent as a file: some 20 MB of the 50 that Telegram takes.
const LINES: u64 = 200_000;

/// The top of a person's tree.
pub(super) async fn command(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return Ok(desk.sentence("usage-tree", &[]));
    }
    match users::search(desk.app.core().db(), argument).await? {
        Some(person) => page(desk, &person, Beside::Top, 0).await,
        None => Ok(desk.sentence("no-user", &[("what", &shortened(argument))])),
    }
}

/// Another page, another person's tree, or the file.
pub(super) async fn press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    if let Press::TreeFile(person) = *press {
        return file(desk, person).await;
    }
    if let Press::TreeOf(person) = *press {
        let found = users::find(desk.app.core().db(), users::UserId(person)).await?;
        return match found {
            Some(person) => Ok(Reply::Say(page(desk, &person, Beside::Top, 0).await?)),
            None => Ok(desk.alert("stale", &[])),
        };
    }
    let Some((person, beside, above)) = screen::meant(press) else {
        return Ok(desk.alert("stale", &[]));
    };
    match users::find(desk.app.core().db(), person).await? {
        Some(person) => Ok(Reply::Show(page(desk, &person, beside, above).await?)),
        None => Ok(desk.alert("stale", &[])),
    }
}

async fn page(desk: &Desk, person: &User, beside: Beside, above: u32) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let found = tree::page(core.db(), person, beside).await?;
    let (settings, texts) = (core.settings().await?, desk.texts.clone());
    // Drawing takes some milliseconds, which others are not to wait for.
    let drawing = tokio::task::spawn_blocking(move || screen::page(&texts, (settings.shop.name.as_str(), settings.shop.color), &found, above));
    drawing.await.map_err(|e| e.to_string()).flatten().map_err(Failure::Broken)
}

async fn file(desk: &Desk, person: i64) -> Result<Reply, Failure> {
    let db = desk.app.core().db();
    let Some(person) = users::find(db, users::UserId(person)).await? else {
        return Ok(desk.alert("stale", &[]));
    };
    let root = tree::page(db, &person, Beside::Top).await?.root;
    let mut bytes = Vec::new();
    let lines = tree::csv(db, &person, LINES, &mut bytes).await.map_err(|error| match error {
        ExportError::Db(error) => error.into(),
        ExportError::Csv(error) => Failure::Broken(error.to_string()),
    })?;
    let of = root.friends + root.theirs;
    Ok(Reply::Say(screen::file(&desk.texts, &root, bytes, lines, of)))
}
