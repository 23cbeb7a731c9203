//! The built program from outside: how it starts, refuses, stops, and comes back after `kill -9`.

use mela_sandbox::{Options, Sandbox};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use testkit::db::TestDb;

/// A folder of its own to run in, so that no settings.toml and no data of another are found.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mela-program-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The program with nothing configured.
    fn mela(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mela"));
        command.args(words).current_dir(&self.0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MELA_") || name.starts_with("TELOXIDE_") || name == "DATABASE_URL") {
            command.env_remove(name);
        }
        command.env("MELA_HTTP__LISTEN", format!("127.0.0.1:{}", free_port()));
        command
    }

    /// The same as a real shop.
    fn real(&self, words: &[&str], sandbox: &Sandbox, database: &str) -> Command {
        let mut command = self.mela(words);
        command
            .env("TELOXIDE_TOKEN", sandbox.token())
            .env("TELOXIDE_API_URL", sandbox.url())
            .env("DATABASE_URL", database)
            .env("MELA_TELEGRAM__OWNER_ID", "900")
            .env("MELA_TELEGRAM__ADMIN_CHAT_ID", "-901")
            .env("MELA_UPI__PAYEE", "shop@bank");
        command
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What cannot be removed is under the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A program that does not outlive its test, however that ends.
struct Running(Option<Child>);

impl Running {
    fn begin(command: &mut Command) -> Self {
        Self(Some(command.spawn().unwrap()))
    }

    fn child(&mut self) -> &mut Child {
        self.0.as_mut().unwrap()
    }

    /// `kill -9`, waited for.
    fn kill(mut self) {
        self.child().kill().unwrap();
        self.child().wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The exit code and what was said on standard error.
fn refusal(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn signal(program: &mut Running, name: &str) {
    let done = Command::new("kill").arg(name).arg(program.child().id().to_string()).status().unwrap();
    assert!(done.success());
}

/// The exit code of a program that was told to stop, and what it said on standard error.
async fn ends(mut program: Running, within: Duration) -> (Option<i32>, String) {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if program.child().try_wait().unwrap().is_some() {
            return refusal(&program.0.take().unwrap().wait_with_output().unwrap());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the program did not end");
}

#[test]
fn missing_and_wrong_settings_are_named_and_end_with_2() {
    let home = Home::new("settings");
    let said = |command: &mut Command| refusal(&command.output().unwrap());
    for (variable, value, says) in [
        ("MELA_COMMISSIONS__HOLD", "soon", vec!["commissions.hold", "soon", "24h", "MELA_COMMISSIONS__HOLD"]),
        ("MELA_COMMISSIONS__LEVEL1_PERCENT", "130", vec!["level1_percent", "130", "0 to 100"]),
        ("MELA_UPI__PAYEE", "me@gmail.com", vec!["upi.payee", "me@gmail.com", "shop@bank"]),
        ("MELA_NO__SUCH", "1", vec!["MELA_NO__SUCH", "names no setting"]),
        ("DATABASE_URL", "mysql://x", vec!["DATABASE_URL", "postgres://"]),
    ] {
        let (code, words) = said(home.mela(&[]).env(variable, value));
        assert_eq!(code, Some(2), "{words}");
        assert!(says.iter().all(|part| words.contains(part)), "{words}");
    }
    let (code, words) = said(home.mela(&[]).env("TELOXIDE_TOKEN", "1:x"));
    assert_eq!(
        (code, words.contains("telegram.owner_id is not set") && words.contains("MELA_TELEGRAM__OWNER_ID")),
        (Some(2), true),
        "{words}"
    );
    let (code, words) = said(&mut home.mela(&["bot"]));
    assert_eq!((code, words.contains("TELOXIDE_TOKEN is not set")), (Some(2), true), "{words}");

    std::fs::write(home.0.join("settings.toml"), "[orders]\nexpire_after = \"30m\"\nexpire_befor = 1\n").unwrap();
    let (code, words) = said(&mut home.mela(&[]));
    assert_eq!((code, words.contains("expire_befor") && words.contains("settings.toml")), (Some(2), true), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_shop_serves_survives_kill_9_stops_on_sigterm_and_is_closed_to_the_sandbox() {
    let home = Home::new("real");
    let db = TestDb::empty().await;
    let sandbox = Sandbox::start(Options { patience: Duration::from_secs(30), ..Options::default() }).await.unwrap();
    let admins = sandbox.group(-901, "Admins");
    let owner = sandbox.person(900, "Meera").in_group(&admins);
    let asha = sandbox.person(1, "Asha");

    let first = Running::begin(&mut home.real(&[], &sandbox, &db.url));
    asha.send("/start plan_combo-ott");
    asha.expect(&["Combo OTT Plan", "Buy now"]).await;
    asha.press("Buy now");
    asha.expect(&["O-", "shop@bank"]).await;
    asha.send("632512345678");
    // Killed at once, in the middle of whatever it does with the proof; and again while it starts.
    first.kill();
    let second = Running::begin(&mut home.real(&[], &sandbox, &db.url));
    tokio::time::sleep(Duration::from_millis(150)).await;
    second.kill();

    // Bot and jobs in a process each do the same work.
    let bot = Running::begin(&mut home.real(&["bot"], &sandbox, &db.url));
    let jobs = Running::begin(&mut home.real(&["jobs"], &sandbox, &db.url));
    // What was under way is run again: a screen may come twice, the answer to the last message comes.
    while !asha.next().await.shows("being checked") {}
    let card = admins.expect(&["632512345678", "Approve"]).await;
    owner.press_on(card.message_id, "Approve");
    while !asha.next().await.shows("approved") {}
    for mut part in [bot, jobs] {
        signal(&mut part, "-TERM");
        let (code, words) = ends(part, Duration::from_secs(20)).await;
        assert_eq!(code, Some(0), "{words}");
    }

    let refused = home.mela(&[]).env("DATABASE_URL", &db.url).output().unwrap();
    let (code, words) = refusal(&refused);
    assert_eq!((code, words.contains("has served a real bot")), (Some(2), true), "{words}");
    let books = home.mela(&["reconcile"]).env("DATABASE_URL", &db.url).output().unwrap();
    let books_text = String::from_utf8_lossy(&books.stdout).into_owned();
    assert!(books.status.success() && books_text.contains("proof: empty") && books_text.contains("−₹135"), "{books_text}");

    let wrong = home.real(&[], &sandbox, &db.url).env("TELOXIDE_TOKEN", "1:wrong").output().unwrap();
    let (code, words) = refusal(&wrong);
    assert_eq!((code, words.contains("TELOXIDE_TOKEN is refused")), (Some(2), true), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_needs_nothing_and_keeps_its_data_and_its_clock_over_kill_9() {
    let home = Home::new("sandbox");
    let port = free_port();
    let begin = || Running::begin(home.mela(&[]).env("MELA_HTTP__LISTEN", format!("127.0.0.1:{port}")));
    let page = async |program: &mut Running| {
        use std::io::{BufRead, BufReader};
        let lines = BufReader::new(program.child().stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.split("Open ").nth(1)?.split(' ').next().map(str::to_owned));
        address.unwrap()
    };
    let client = reqwest::Client::new();
    let mut first = begin();
    let address = page(&mut first).await;
    let ready = client.get(format!("http://127.0.0.1:{port}/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    assert!(client.get(&address).send().await.unwrap().text().await.unwrap().contains("<html"));
    let advanced = client.post(format!("{address}/sandbox/advance")).json(&serde_json::json!({ "hours": 24 })).send().await.unwrap();
    assert!(advanced.status().is_success(), "{}", advanced.text().await.unwrap());
    first.kill();

    let mut second = begin();
    use std::io::{BufRead, BufReader};
    let lines = BufReader::new(second.child().stdout.take().unwrap()).lines().map_while(Result::ok);
    let said: Vec<String> = lines.take_while(|line| !line.starts_with("Open ")).collect();
    assert!(said.iter().any(|line| line.contains("clock 24 h ahead")), "{said:#?}");
    signal(&mut second, "-INT");
    let (code, words) = ends(second, Duration::from_secs(20)).await;
    assert_eq!(code, Some(0), "{words}");
}
