//! Screenshots are fetched and read, whatever they are: other things than pictures, broken ones, ones that would fill the memory.

use crate::reply::{self, Download};
use crate::wire::Wire;
use image::{ImageReader, Limits};
use mela_core::evidence::{Due, Grey, Print};
use std::io::Cursor;

/// The largest file that is fetched: a photo in Telegram is far smaller.
const MOST_BYTES: usize = 10_000_000;
/// The most points on a side, and bytes in memory, that a picture may need.
const MOST_SIDE: u32 = 10_000;
const MOST_MEMORY: u64 = 150_000_000;

/// What is to be known of a screenshot; none where it is gone, or shows nothing to know it again by.
///
/// # Errors
/// Telegram is away.
pub async fn look(wire: &Wire, due: &Due) -> Result<Option<Print>, String> {
    match reply::download(wire, &due.file_id, MOST_BYTES).await {
        Ok(Download::Content(bytes)) => tokio::task::spawn_blocking(move || print(&bytes)).await.map_err(|e| e.to_string()),
        Ok(Download::Gone | Download::TooLarge | Download::TooLargeForBots) => Ok(None),
        // A file that Telegram names and does not give: it will not give it later either.
        Err(crate::wire::WireError::Refused { .. }) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The print of a file, if it is a picture that can be read.
#[must_use]
pub fn print(bytes: &[u8]) -> Option<Print> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let grey = reader.decode().ok()?.into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    Print::of(&Grey { width, height, points: grey.into_raw() })
}
