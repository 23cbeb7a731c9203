//! Receipts, for their buyers and for staff: made when they are asked for, the same every time.

use super::Reply;
use super::admin::Desk;
use super::customer::{Talk, own_order};
use crate::app::Failure;
use crate::paper;
use crate::screens::receipts::file;
use crate::texts::Texts;
use mela_core::Core;
use mela_core::orders::{self, Order};
use mela_core::receipts::{self, Receipt};

/// The buyer's own.
pub(super) async fn own(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    match own_order(talk, code).await? {
        Some(order) => made(talk.app.core(), &talk.texts, &order).await,
        None => Ok(Reply::Alert(talk.texts.plain("order-unknown", &[]))),
    }
}

/// Any, for staff.
pub(super) async fn of(desk: &Desk, order: i64) -> Result<Reply, Failure> {
    let core = desk.app.core();
    made(core, &desk.texts, &orders::get(core.db(), order).await?).await
}

async fn made(core: &Core, texts: &Texts, order: &Order) -> Result<Reply, Failure> {
    let Some(receipt) = receipts::of_order(core, order).await? else {
        return Ok(Reply::Alert(texts.plain("receipt-not-yet", &[])));
    };
    // In the language in which papers are kept: whoever asks for it gets the same.
    let (receipt, bytes) = drawn(Texts::for_keeping(), receipt).await?;
    Ok(Reply::Say(file(texts, &receipt, bytes)))
}

/// Cutting down the fonts takes some milliseconds, which others are not to wait for.
async fn drawn(texts: Texts, receipt: Receipt) -> Result<(Receipt, Vec<u8>), Failure> {
    let drawing = tokio::task::spawn_blocking(move || paper::receipt(&texts, &receipt).map(|bytes| (receipt, bytes)));
    let broken = |why: String| Failure::Broken(why);
    drawing.await.map_err(|e| broken(e.to_string()))?.map_err(|e| broken(e.to_string()))
}
