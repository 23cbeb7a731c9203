//! Benchmarks of the built program, from outside. `cargo run --release -p bench -- joins [PEOPLE]`.

mod joins;

use std::process::ExitCode;

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
        _ => Err("usage: bench joins [PEOPLE]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}
