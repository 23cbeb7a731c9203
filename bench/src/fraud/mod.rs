//! Fraud: what the rules hold in a town in which rings try every trick, and what looking costs as a shop grows.
//! `cargo run --release -p bench -- fraud [town|scale]… [--seed N] [--small]`.

mod honest;
mod rings;
mod scale;
mod town;

use crate::bed::Bed;
use crate::table::Table;
use town::Town;

const SECTIONS: [&str; 2] = ["town", "scale"];
/// The town that is in the repository.
const SEED: u64 = 6;

/// Runs the named sections; without a name the town.
pub(crate) async fn run(words: &[&str]) -> Result<(), String> {
    let seed = match words.iter().position(|word| *word == "--seed") {
        None => SEED,
        Some(at) => words.get(at + 1).and_then(|seed| seed.parse().ok()).ok_or("--seed wants a number")?,
    };
    let number = seed.to_string();
    let named: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--") && *word != number).collect();
    if let Some(word) = named.iter().find(|word| !SECTIONS.contains(word)) {
        return Err(format!("{word} is none of {}", SECTIONS.join(", ")));
    }
    let small = words.contains(&"--small");
    let bed = Bed::start().await?;
    if named.is_empty() || named.contains(&"town") {
        let people = if small { 400 } else { 2_000 };
        let mut town = Town::open(&bed, seed, people).await?;
        honest::live(&mut town).await?;
        rings::try_everything(&mut town).await?;
        town.pay_everybody_out().await?;
        town.judge(seed).await?;
    }
    if named.contains(&"scale") {
        let mut table = Table::default();
        scale::run(&bed, small, &mut table).await?;
        table.print();
    }
    bed.stop().await;
    Ok(())
}
