//! `schema.sql` at the top of the repository is what the migrations make: to be read, and to be seen to change in review.

use std::path::Path;
use std::process::Command;
use testkit::db::TestDb;

/// What `pg_dump` says of the schema without what differs from one machine or minor version to the next.
fn dumped(url: &str) -> String {
    let pg_dump = mela_core::embedded::binaries().unwrap().join("pg_dump");
    let dump = Command::new(pg_dump).args(["--schema-only", "--no-owner", "--no-privileges", url]).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let passing =
        |line: &&str| !["--", "SET ", "\\restrict", "\\unrestrict", "SELECT pg_catalog.set_config"].iter().any(|begin| line.starts_with(begin));
    let mut schema =
        String::from("-- What the migrations make. Written by the test of core/tests/it/schema.rs with UPDATE_SCHEMA=1, never by hand.\n");
    let text = String::from_utf8(dump.stdout).unwrap();
    let mut blank = false;
    for line in text.lines().filter(passing) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if std::mem::take(&mut blank) {
            schema.push('\n');
        }
        schema.push_str(line);
        schema.push('\n');
    }
    schema
}

#[tokio::test]
async fn schema_sql_is_what_the_migrations_make() {
    let test = TestDb::new().await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.sql");
    let schema = dumped(&test.url);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, &schema).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = written
        .lines()
        .zip(schema.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| written.lines().count().min(schema.lines().count()));
    assert!(
        written == schema,
        "schema.sql is not what the migrations make, from line {} on: {:?} is to be {:?}. UPDATE_SCHEMA=1 cargo test -p mela-core schema_sql writes it",
        differs + 1,
        written.lines().nth(differs),
        schema.lines().nth(differs)
    );
}
