//! How fast the books are, beside `pgbench` on the same server in the same run.
//! `cargo run --release -p bench -- ledger [post|confirm|release|size|stock]… [--small] [--stay]`.

mod confirm;
mod post;
mod reads;
mod release;
mod size;
mod stock;

use crate::bed::Bed;
use crate::table::Table;
use crate::wrong;
use std::time::Duration;

/// How much is done: the full size, or a trial run that takes a minute and whose verdicts say little.
#[derive(Debug, Clone, Copy)]
struct Size {
    /// The scale of the yardstick's tables.
    scale: u32,
    /// How often each pair is measured.
    rounds: usize,
    /// How long each measurement of a rate takes.
    span: Duration,
    /// People among whom sales are spread.
    people: i64,
    /// Commissions to be released, of a fifth as many people.
    matured: i64,
    /// People of the large database.
    large_people: i64,
    /// Sales of the large database: each is seven entries.
    large_sales: i64,
    /// Repetitions of each read.
    reads: usize,
}

const FULL: Size = Size {
    scale: 50,
    rounds: 5,
    span: Duration::from_secs(4),
    people: 100_002,
    matured: 1_000_000,
    large_people: 1_000_002,
    large_sales: 1_430_000,
    reads: 1_000,
};
const SMALL: Size = Size {
    scale: 5,
    rounds: 3,
    span: Duration::from_secs(2),
    people: 10_002,
    matured: 50_000,
    large_people: 60_000,
    large_sales: 100_000,
    reads: 200,
};

const SECTIONS: [&str; 5] = ["post", "confirm", "release", "size", "stock"];

/// Runs the named sections, all without a name, and prints one table.
pub(crate) async fn run(words: &[&str]) -> Result<(), String> {
    let named: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--")).collect();
    if let Some(word) = named.iter().find(|word| !SECTIONS.contains(word)) {
        return Err(format!("{word} is none of {}", SECTIONS.join(", ")));
    }
    let size = if words.contains(&"--small") { SMALL } else { FULL };
    let asked = |section| named.is_empty() || named.contains(&section);
    let bed = Bed::start().await?;
    let mut table = Table::default();
    if asked("post") || asked("confirm") {
        bed.prepare_yardstick(size.scale).await?;
    }
    if asked("post") {
        post::run(&bed, &size, &mut table).await?;
    }
    if asked("confirm") {
        confirm::run(&bed, &size, &mut table).await?;
    }
    if asked("release") {
        release::run(&bed, &size, &mut table).await?;
    }
    if asked("size") {
        size::run(&bed, &size, &mut table).await?;
    }
    if asked("stock") {
        stock::run(&bed, &size, &mut table).await?;
    }
    table.print();
    if words.contains(&"--stay") {
        eprintln!("the server stays until Ctrl-C: {}", bed.url("postgres"));
        tokio::signal::ctrl_c().await.map_err(wrong)?;
    }
    bed.stop().await;
    Ok(())
}
