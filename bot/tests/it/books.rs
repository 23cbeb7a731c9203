//! The books in the chat and at the terminal.

use crate::world::World;
use chrono::TimeDelta;
use std::process::Command;

/// The program at a terminal: its exit code and what it printed.
fn mela(url: &str, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mela"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MELA_") || name.starts_with("TELOXIDE_")) {
        command.env_remove(name);
    }
    let output = command.args(words).env("DATABASE_URL", url).current_dir(std::env::temp_dir()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_read_any_account_line_by_line_and_as_a_file() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;

    world.owner.send("/statement sales");
    let page = world.admins.expect(&["sales of the shop: ₹2,430", "order_paid", "+₹135 → ₹2,430", "Older", "file"]).await;
    world.owner.press_on(page.message_id, "Older");
    world.admins.expect(&["+₹135 → ₹1,350"]).await;
    world.owner.press_on(page.message_id, "Older");
    let last = world.admins.expect(&["+₹135 → ₹270", "+₹135 → ₹135"]).await;
    assert!(!last.text.contains("Older"), "{}", last.text);
    world.owner.press_on(page.message_id, "file");
    let sent = world.admins.expect(&["18 lines"]).await;
    let file = String::from_utf8(sent.file_bytes().unwrap()).unwrap();
    assert_eq!(file.lines().count(), 19, "{file}");
    assert!(file.starts_with("position,transaction,time,movement,key,memo,by,amount,balance\n"), "{file}");
    assert!(file.lines().nth(1).unwrap().ends_with(",135.00,2430.00"), "{file}");

    world.owner.send("/statement 1 earned");
    world.admins.expect(&["earned of Asha: ₹504", "commissions_released", "+₹504 → ₹504"]).await;
    world.owner.send("/statement 1 withdrawing");
    world.admins.expect(&["withdrawing of Asha: ₹0"]).await;
    for (wrong, answer) in [
        ("/statement", "Use: /statement"),
        ("/statement gold", "Use: /statement"),
        ("/statement 1 gold", "Use: /statement"),
        ("/statement 77 earned", "nobody 77"),
        ("/reconcile yesterday", "Use: /reconcile"),
    ] {
        world.owner.send(wrong);
        world.admins.expect(&[answer]).await;
    }
    // Forged buttons: an account that is none, and a customer who presses.
    let forged = world.owner.press_data(page.message_id, "1|acct|31|0");
    assert!(world.owner.alert(&forged).await.is_some());
    let guest = world.person(77, "Guest").in_group(&world.admins);
    let foreign = guest.press_data(page.message_id, "1|acctf|4");
    assert!(guest.alert(&foreign).await.is_some());

    world.owner.send("/reconcile");
    world.admins.expect(&["Trial balance", "sales: −₹2,430 (18 entries)", "sum: ₹0", "proof is empty"]).await;
    world.owner.send("/reconcile 2026-11-20");
    world.admins.expect(&["Trial balance of 20 Nov 2026, 23:59", "sum: ₹0"]).await;
    world.owner.send("/reconcile 2026-11-21");
    world.admins.expect(&["Trial balance of 21 Nov 2026, 23:59", "held: −₹504 (18 entries)", "sum: ₹0"]).await;

    asha.send("/wallet");
    asha.expect(&["withdrawable: ₹504"]).await;
    asha.press("Statement");
    asha.expect(&["release"]).await;
    asha.press("file");
    let sent = asha.expect(&["20 lines"]).await;
    let file = String::from_utf8(sent.file_bytes().unwrap()).unwrap();
    assert!(file.contains("earned,commissions_released,,504.00,504.00") && file.contains("held,order_paid,O-"), "{file}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_that_is_over_is_told_once_with_the_seal_and_the_terminal_finds_what_was_changed_since() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    assert!(mela_jobs::bodies::report(&world.core).await.unwrap(), "yesterday something was sold");
    assert!(!mela_jobs::bodies::report(&world.core).await.unwrap(), "once");
    let report = world.admins.expect(&["21 Nov 2026", "18 paid", "Sales: ₹2,430", "Sealed through transaction"]).await;
    let digest = report.text.split_whitespace().last().unwrap().to_owned();
    world.advance(TimeDelta::days(3));
    assert!(!mela_jobs::bodies::report(&world.core).await.unwrap(), "nothing happened on that day");

    let url = world.url();
    let (code, words) = mela(url, &["ledger", "verify", "--digest", &digest]);
    assert!(code == Some(0) && words.contains("intact: 19 transactions") && words.contains("one of the seals'"), "{words}");
    let (code, words) = mela(url, &["ledger", "verify", "--digest", &"0".repeat(64)]);
    assert!(code == Some(2) && words.contains("made anew"), "{words}");
    let (code, words) = mela(url, &["ledger", "trial"]);
    assert!(code == Some(0) && words.contains("upi_clearing") && words.contains("₹2,430") && words.contains("sum"), "{words}");
    let (code, words) = mela(url, &["ledger", "trial", "--at", "2026-11-20T00:00:00Z"]);
    assert!(code == Some(0) && !words.contains("sales"), "{words}");
    let (code, words) = mela(url, &["ledger", "statement", "earned", "--user", "1"]);
    assert!(code == Some(0) && words.lines().count() == 2, "{words}");
    for (words, wanted) in [
        (vec!["ledger", "statement", "gold"], "no account gold"),
        (vec!["ledger", "statement", "earned"], "no account earned"),
        (vec!["ledger", "statement", "earned", "--user", "77"], "nobody 77"),
        (vec!["ledger", "statement", "sales", "--user", "1"], "no account sales"),
    ] {
        let (code, said) = mela(url, &words);
        assert!(code == Some(2) && said.contains(wanted), "{words:?}: {said}");
    }

    // Someone with superuser rights edits one row.
    world
        .sql("ALTER TABLE ledger.journal DISABLE TRIGGER ALL; UPDATE ledger.journal SET upi_clearing = 136, sales = -136 WHERE id = 7; ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER move")
        .await;
    let (code, words) = mela(url, &["ledger", "verify"]);
    assert!(code == Some(2) && words.contains("ALTERED: transaction 7 (order:7:paid)"), "{words}");
    let (code, words) = mela(url, &["reconcile"]);
    assert!(code == Some(2) && words.contains("PROBLEM order and its transaction differ: order:7:paid"), "{words}");
}

/// A shop whose program owns nothing: the owner migrates and grants, the program does the rest with a lesser role.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_may_not_change_a_table_runs_the_shop() {
    use mela_sandbox::{Options, Sandbox};
    use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgConnection};
    let test = testkit::db::TestDb::empty().await;
    let mut owner = PgConnection::connect(&test.url).await.unwrap();
    let role = format!("mela_program_{}", std::process::id());
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN"))).execute(&mut owner).await.unwrap();
    let url = format!("{}{}user={role}", test.url, if test.url.contains('?') { '&' } else { '?' });

    // Before the owner has made the tables, the program says what is missing and ends.
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let admins = sandbox.group(-901, "Admins");
    let staff = sandbox.person(900, "Meera").in_group(&admins);
    let real = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mela"));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        command.args(words).current_dir(std::env::temp_dir()).env("DATABASE_URL", &url).env("TELOXIDE_TOKEN", sandbox.token());
        command
            .env("TELOXIDE_API_URL", sandbox.url())
            .env("MELA_TELEGRAM__OWNER_ID", "900")
            .env("MELA_TELEGRAM__ADMIN_CHAT_ID", "-901");
        command.env("MELA_UPI__PAYEE", "shop@bank").env("MELA_HTTP__LISTEN", format!("127.0.0.1:{port}"));
        command.env("MELA_JOBS__CHECK_EVERY", "1s").stdout(std::process::Stdio::null());
        command
    };
    let early = real(&[]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(!early.status.success() && String::from_utf8_lossy(&early.stderr).contains("permission denied"), "{early:?}");

    let (code, words) = mela(&test.url, &["migrate", "--grant", &role]);
    assert!(code == Some(0) && words.contains(&format!("{role} has what the program needs")), "{words}");
    let (code, words) = mela(&test.url, &["migrate", "--grant", "nobody\"; DROP TABLE users; --"]);
    assert!(code == Some(2) && words.contains("cannot be given its rights"), "{words}");

    let mut program = real(&[]).spawn().unwrap();
    let asha = sandbox.person(1, "Asha");
    asha.send("/start plan_combo-ott");
    asha.expect(&["Buy now"]).await;
    asha.press("Buy now");
    asha.expect(&["O-"]).await;
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    let card = admins.expect(&["Approve"]).await;
    staff.press_on(card.message_id, "Approve");
    asha.expect(&["approved"]).await;
    let sealed = "SELECT count(*) FROM ledger.seal";
    while sqlx::query_scalar::<_, i64>(sealed).fetch_one(&mut owner).await.unwrap() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let _ = program.kill();
    let _ = program.wait();

    let mut lesser = PgConnection::connect(&url).await.unwrap();
    for statement in [
        "UPDATE ledger.balance SET amount = 1",
        "INSERT INTO ledger.balance VALUES (48, 5, 1)",
        "UPDATE ledger.journal SET memo = 'x'",
        "DELETE FROM ledger.journal",
        "INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES (48, 1, 1, 1, 1)",
        "TRUNCATE ledger.line",
        "UPDATE ledger.seal SET digest = ''",
        "UPDATE audit SET detail = 'x'",
        "DELETE FROM orders",
        "ALTER TABLE ledger.journal DISABLE TRIGGER ALL",
        "CREATE TRIGGER t BEFORE INSERT ON ledger.line FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "SET session_replication_role = replica",
        "CREATE TABLE ledger.mine (n int)",
    ] {
        let refused = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut lesser).await.unwrap_err();
        let code = refused.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused}");
    }
    // A transaction that is not whole is refused to it as to everybody.
    let half = "INSERT INTO ledger.journal (kind, key, occurred_at, actor, bank) VALUES ('opened', 'opening', now(), 'me', 5)";
    let refused = sqlx::raw_sql(half).execute(&mut lesser).await.unwrap_err();
    assert_eq!(refused.as_database_error().and_then(|e| e.constraint()), Some("transaction_is_whole"));
    drop(lesser);
    sqlx::raw_sql(AssertSqlSafe(format!("DROP OWNED BY {role}; DROP ROLE {role}"))).execute(&mut owner).await.unwrap();
    sandbox.shutdown().await;
}
