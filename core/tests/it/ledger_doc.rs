//! `docs/ledger.md` is what the program does to the books: its chart, its movements, and stories that the real verbs run on a real database.

mod movements;
mod stories;

use super::shop::Shop;
use mela_core::ledger::{self, Class, Movement, Own, Shop as Account};
use mela_core::money::Rupees;
use sea_orm::FromQueryResult;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "# The books

<!-- Written by the test of core/tests/it/ledger_doc.rs with UPDATE_LEDGER_DOC=1, never by hand. -->

Every movement of money is one transaction. It has two lines or more. What it debits and what it credits come to the same amount, and PostgreSQL refuses
it otherwise. A transaction is never changed and never deleted: what was wrong is put right by another one.

A **debit** makes more of what the shop has (assets) and of what it spends (expenses). A **credit** makes more of what the shop owes (liabilities), of what it
sells (revenue) and of what it began with (equity). `refunds` stands against revenue and grows with debits. What a person has in their wallet is what the shop
owes them: a liability, one account for each purpose. What a person owes the shop is an asset. None of a person's accounts goes below zero.

Every transaction has a **key** that says what it is about, such as `order:1:paid`. The same key is never posted twice: a command that is repeated finds its
transaction and changes nothing.

This page is written by a test. The lines below are what a database said after the program had really done it.
";

/// A line of a table, its cells between bars.
fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn side(class: Class) -> &'static str {
    if matches!(class, Class::Asset | Class::Expense | Class::Contra) { "debit" } else { "credit" }
}

fn chart() -> String {
    let mut text = String::from("\n## The chart of accounts\n\nThe shop's own accounts:\n\n");
    let head = row(&["account", "class", "grows with a", "meaning"]) + "|---|---|---|---|\n";
    text += &head;
    for account in Account::ALL {
        text += &row(&[&format!("`{}`", account.kind()), account.class().name(), side(account.class()), account.meaning()]);
    }
    text += "\nThe accounts that each person has:\n\n";
    text += &head;
    for account in Own::ALL {
        text += &row(&[&format!("`{}`", account.kind()), account.class().name(), side(account.class()), account.meaning()]);
    }
    text
}

#[derive(FromQueryResult)]
struct Line {
    account: String,
    class: String,
    amount: Option<Rupees>,
    total: Rupees,
}

/// The lines of a transaction beside what every account comes to after it, as the database tells them.
async fn lines(shop: &Shop, transaction: i64) -> Vec<Line> {
    Line::find_by_statement(mela_core::db::sql(
        "SELECT coalesce(u.name || '''s ', '') || a.kind AS account, c.class, sum(e.amount) FILTER (WHERE e.transaction_id = $1) AS amount, sum(e.amount) AS total
         FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id JOIN ledger.chart c ON c.kind = a.kind LEFT JOIN users u ON u.id = a.owner_id
         WHERE e.transaction_id <= $1 GROUP BY a.id, u.name, a.kind, c.class
         HAVING sum(e.amount) <> 0 OR bool_or(e.transaction_id = $1) ORDER BY a.id",
        [transaction.into()],
    ))
    .all(shop.core.db())
    .await
    .unwrap()
}

/// One story: what was done, and what the database says after it.
struct Teller {
    shop: Shop,
    text: String,
    told: i64,
    occurred: BTreeSet<String>,
}

impl Teller {
    async fn begin(title: &str, about: &str) -> Self {
        let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
        Self { shop, text: format!("\n### {title}\n\n{about}\n"), told: 0, occurred: BTreeSet::new() }
    }

    /// What was posted so far is where the story begins: its balances are told, not its lines.
    async fn given(&mut self, words: &str) {
        self.told = self.shop.count("SELECT max(id) FROM ledger.transaction").await;
        let _ = write!(self.text, "\n{words}\n\n{}|---|---:|\n", row(&["account", "balance"]));
        for line in lines(&self.shop, self.told).await.iter().filter(|line| line.total != Rupees::ZERO) {
            self.text += &row(&[&line.account, &natural(line)]);
        }
    }

    /// What was done since the last step, in words and in figures.
    async fn step(&mut self, words: &str) {
        let _ = write!(self.text, "\n**{words}**\n");
        let keys = format!("SELECT id::text || ' ' || kind || ' ' || key FROM ledger.transaction WHERE id > {} ORDER BY id", self.told);
        let made = self.shop.column(&keys).await;
        assert!(!made.is_empty(), "nothing was posted: {words}");
        for transaction in made {
            let (id, rest) = transaction.split_once(' ').unwrap();
            let (kind, key) = rest.split_once(' ').unwrap();
            self.told = id.parse().unwrap();
            self.occurred.insert(kind.to_owned());
            let _ = write!(self.text, "\n`{kind}`, key `{key}`\n\n{}|---|---:|---:|---:|\n", row(&["account", "debit", "credit", "balance after"]));
            for line in lines(&self.shop, self.told).await {
                let (debit, credit) = sides(line.amount);
                self.text += &row(&[&line.account, &debit, &credit, &natural(&line)]);
            }
        }
    }

    async fn end(self) -> (String, BTreeSet<String>) {
        self.shop.proof_is_empty().await;
        (self.text, self.occurred)
    }
}

fn sides(amount: Option<Rupees>) -> (String, String) {
    match amount {
        None => (String::new(), String::new()),
        Some(debit) if debit.is_positive() => (debit.to_string(), String::new()),
        Some(credit) => (String::new(), (-credit).to_string()),
    }
}

/// A balance in the account's natural sign: below zero is a minus.
fn natural(line: &Line) -> String {
    let grows_with_debits = ["asset", "expense", "contra"].contains(&line.class.as_str());
    (if grows_with_debits { line.total } else { -line.total }).to_string()
}

#[tokio::test]
async fn ledger_md_is_what_the_program_does_to_the_books() {
    let (stories, occurred) = stories::told().await;
    let all: BTreeSet<String> = Movement::ALL.iter().map(|movement| movement.kind().to_owned()).collect();
    assert_eq!(occurred, all, "every movement has its story");
    let text = [HEAD.to_owned(), chart(), movements::told().await, stories].concat();

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ledger.md");
    if std::env::var_os("UPDATE_LEDGER_DOC").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = written
        .lines()
        .zip(text.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| written.lines().count().min(text.lines().count()));
    assert!(
        written == text,
        "docs/ledger.md is not what the program does, from line {} on: {:?} is to be {:?}. UPDATE_LEDGER_DOC=1 cargo test -p mela-core --test it ledger_doc writes it",
        differs + 1,
        written.lines().nth(differs),
        text.lines().nth(differs)
    );
}

#[tokio::test]
async fn the_chart_in_the_database_is_the_programs() {
    let shop = Shop::open().await;
    let own = Own::ALL.map(|account| format!("{} {} {}", account as i64, account.kind(), account.class().name()));
    let all: Vec<_> = Account::ALL
        .map(|account| format!("{} {} {}", account as i64, account.kind(), account.class().name()))
        .into_iter()
        .chain(own)
        .collect();
    assert_eq!(shop.column("SELECT concat_ws(' ', number, kind, class) FROM ledger.chart ORDER BY number").await, all);
    // The shop's are columns of the journal by the same names, and the movements are the database's.
    for account in Account::ALL {
        let balance = ledger::balance(shop.core.db(), account.into()).await.unwrap();
        assert_eq!((balance.amount, balance.entries), (Rupees::ZERO, 0));
    }
    let known = "SELECT m[1] FROM pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') m WHERE c.conname = 'transaction_kind'";
    let known: BTreeSet<String> = shop.column(known).await.into_iter().collect();
    assert_eq!(known, Movement::ALL.iter().map(|movement| movement.kind().to_owned()).collect());
}
