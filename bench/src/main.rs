//! Benchmarks. `cargo run --release -p bench -- joins [PEOPLE]`: the built program, from outside.
//! `cargo run --release -p bench -- ledger [SECTION…] [--small]`: the books, beside `pgbench`.
//! `cargo run --release -p bench -- fraud [town|scale]… [--seed N] [--small]`: what the fraud rules hold in a town with rings in it, and what they cost.

mod bed;
mod drive;
mod fill;
mod fraud;
mod joins;
mod ledger;
mod table;

use std::process::ExitCode;

/// What an error is to a benchmark: a sentence that ends it.
fn wrong(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["joins"] => joins::run(5_000).await,
        ["joins", people] => match people.parse() {
            Ok(people) => joins::run(people).await,
            Err(_) => Err(format!("{people} is not a number of people")),
        },
        ["ledger", words @ ..] => ledger::run(words).await,
        ["fraud", words @ ..] => fraud::run(words).await,
        _ => Err("usage: bench joins [PEOPLE] | bench ledger [post|confirm|release|size|stock]… [--small] [--stay] | bench fraud [town|scale]… [--seed N] [--small]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}
