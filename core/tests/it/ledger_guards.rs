//! From outside the program, with a SQL prompt: whatever would falsify the books is refused, whoever tries it.

use super::shop::{Shop, post};
use mela_core::db::constraint;
use mela_core::ledger;
use mela_core::users::User;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Who tries.
#[derive(Debug, Clone, PartialEq)]
enum Hand {
    /// The tables' owner, a superuser.
    Owner,
    /// The same, with ordinary triggers and foreign keys put to sleep first.
    Replica,
    /// A role that was granted everything on the tables.
    Granted(String),
    /// The program's own role, where it owns nothing: what it may not do at all is refused by its rights, the rest by the guards.
    Lesser(String),
}

impl Hand {
    async fn takes(&self, tx: &DatabaseTransaction) {
        match self {
            Self::Owner => {}
            Self::Replica => drop(tx.execute_unprepared("SET LOCAL session_replication_role = replica").await.unwrap()),
            Self::Granted(role) | Self::Lesser(role) => drop(tx.execute_unprepared(&format!("SET LOCAL ROLE {role}")).await.unwrap()),
        }
    }

    async fn tries(&self, shop: &Shop, statements: &str) -> Result<(), DbErr> {
        let tx = shop.core.db().begin().await.unwrap();
        self.takes(&tx).await;
        let answer = tx.execute_unprepared(statements).await.map(|_| ());
        match answer {
            Ok(()) => tx.commit().await,
            Err(error) => tx.rollback().await.and(Err(error)),
        }
    }
}

/// Asha has ₹28 on hold, ₹504 earned of which ₹500 are asked for; Bina bought nineteen times.
async fn a_shop_with_a_past() -> (Shop, User) {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    shop.asked(&asha, "500").await;
    let bina = mela_core::users::by_telegram_id(shop.core.db(), 1_000_002).await.unwrap().unwrap();
    shop.sell(&bina).await;
    shop.arrive("Chitra", Some(&bina)).await;
    ledger::snapshot_at(shop.core.db(), ledger::settled(shop.core.db()).await.unwrap()).await.unwrap();
    assert_eq!(ledger::seal(shop.core.db(), shop.core.now()).await.unwrap(), 1);
    (shop, asha)
}

/// Everything that must not change, in one line.
async fn everything(shop: &Shop) -> Vec<String> {
    let whole = |table: &str| format!("SELECT '{table} ' || count(*) || ' ' || md5(string_agg(x::text, ';' ORDER BY x::text)) FROM {table} x");
    let tables = [
        "users",
        "audit",
        "utr",
        "ledger.chart",
        "ledger.journal",
        "ledger.line",
        "ledger.balance",
        "ledger.snapshot",
        "ledger.seal",
    ];
    shop.column(&tables.map(whole).join(" UNION ALL ")).await
}

/// What each hand tries, and the constraint that must say no.
fn attempts(asha: &User) -> Vec<(String, &'static str)> {
    let own = |kind: i64| asha.id * 32 + kind;
    let (held, earned) = (own(17), own(18));
    // The kind that stands for no business row, so that a hole shows in the books and not in the rows beside them.
    let posted = |key: &str, lines: &[(i64, &str)]| post("commissions_released", key, lines);
    let mut all: Vec<(String, &'static str)> = vec![
        // Histories that are rewritten.
        ("UPDATE ledger.journal SET sales = sales * 2".into(), "transaction_append_only"),
        ("UPDATE ledger.journal SET memo = 'other' WHERE false".into(), "transaction_append_only"),
        (
            "WITH changed AS (UPDATE ledger.journal SET sales = 1 RETURNING 1) SELECT count(*) FROM changed".into(),
            "transaction_append_only",
        ),
        ("DELETE FROM ledger.journal".into(), "transaction_append_only"),
        ("TRUNCATE ledger.journal CASCADE".into(), "transaction_append_only"),
        (
            format!("{} ON CONFLICT (key) DO UPDATE SET memo = 'other'", posted("order:1:paid", &[(1, "5"), (4, "-5")])),
            "transaction_append_only",
        ),
        (
            "MERGE INTO ledger.journal j USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET sales = 1".into(),
            "transaction_append_only",
        ),
        ("UPDATE ledger.line SET amount = amount * 2".into(), "entry_append_only"),
        ("UPDATE ledger.line SET amount = amount WHERE false".into(), "entry_append_only"),
        ("DELETE FROM ledger.line".into(), "entry_append_only"),
        ("TRUNCATE ledger.line".into(), "entry_append_only"),
        ("UPDATE ledger.chart SET kind = 'mine' WHERE kind = 'bank'".into(), "chart_append_only"),
        ("INSERT INTO ledger.chart VALUES (23, 'mine', 'asset')".into(), "chart_append_only"),
        ("DELETE FROM ledger.chart".into(), "chart_append_only"),
        ("TRUNCATE ledger.chart".into(), "chart_append_only"),
        ("UPDATE ledger.snapshot SET amount = 1".into(), "snapshot_append_only"),
        ("DELETE FROM ledger.snapshot".into(), "snapshot_append_only"),
        ("TRUNCATE ledger.snapshot".into(), "snapshot_append_only"),
        ("UPDATE ledger.seal SET digest = ''".into(), "seal_append_only"),
        ("DELETE FROM ledger.seal".into(), "seal_append_only"),
        ("TRUNCATE ledger.seal".into(), "seal_append_only"),
        // Entries that no transaction brings: a later one for an existing transaction among them, balanced or not.
        (
            format!(
                "INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES ({held}, 1, 99, -5, 5), ({earned}, 1, 99, 5, 5)"
            ),
            "entry_append_only",
        ),
        (
            format!("INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES ({held}, 1, 99, -5, 5)"),
            "entry_append_only",
        ),
        (
            format!(
                "INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES ({held}, 1, 1, -5, 5) ON CONFLICT DO NOTHING"
            ),
            "entry_append_only",
        ),
        // Balances that no entry moves.
        ("UPDATE ledger.balance SET amount = amount + 1000".into(), "balance_by_entries_alone"),
        ("UPDATE ledger.balance SET amount = amount WHERE false".into(), "balance_by_entries_alone"),
        (
            "WITH changed AS (UPDATE ledger.balance SET amount = 1 RETURNING 1) SELECT count(*) FROM changed".into(),
            "balance_by_entries_alone",
        ),
        ("DO $$ BEGIN UPDATE ledger.balance SET amount = 1; END $$".into(), "balance_by_entries_alone"),
        (format!("INSERT INTO ledger.balance VALUES ({}, 5, 0)", own(30)), "balance_by_entries_alone"),
        (
            format!("INSERT INTO ledger.balance VALUES ({earned}, 5, 0) ON CONFLICT (account_id) DO UPDATE SET amount = 5"),
            "balance_by_entries_alone",
        ),
        (
            "MERGE INTO ledger.balance b USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET amount = 1".into(),
            "balance_by_entries_alone",
        ),
        ("DELETE FROM ledger.balance".into(), "balance_by_entries_alone"),
        ("TRUNCATE ledger.balance".into(), "balance_by_entries_alone"),
        // Transactions that are not whole.
        (posted("release:unbalanced", &[(1, "5"), (4, "-4.99")]), "transaction_is_whole"),
        (posted("release:alone", &[(1, "5")]), "transaction_is_whole"),
        (posted("release:empty", &[]), "transaction_is_whole"),
        (posted("release:thin-air", &[(1, "5"), (held, "-5"), (earned, "-0.01")]), "transaction_is_whole"),
        (
            posted("release:odd-arrays", &[(1, "5"), (held, "-5")]).replace("ARRAY['-5']", "ARRAY['-5', '0']"),
            "transaction_is_whole",
        ),
        (
            posted("release:nobody", &[(1, "5"), (held, "-5")]).replace(&format!("ARRAY[{held}]"), "ARRAY[NULL]"),
            "entry_transaction_account_key",
        ),
        (
            posted("release:grid", &[(1, "5"), (held, "-5")]).replace(&format!("ARRAY[{held}]"), &format!("ARRAY[[{held}]]")),
            "entry_transaction_account_key",
        ),
        (posted("release:other-order", &[(1, "5"), (earned, "-3"), (held, "-2")]), "entry_transaction_account_key"),
        // Keys and accounts used twice, money that is not there.
        (posted("order:1:paid", &[(1, "5"), (4, "-5")]), "transaction_key_key"),
        (posted("no key", &[(1, "5"), (4, "-5")]), "transaction_key_shape"),
        (post("gift", "gift:1", &[(1, "5"), (4, "-5")]), "transaction_kind"),
        (posted("release:same-account", &[(held, "-5"), (held, "-5"), (4, "10")]), "entry_transaction_account_key"),
        (posted("release:overdraft", &[(earned, "4.01"), (3, "-4.01")]), "balance_not_negative"),
        (posted("release:first-debit", &[(own(16), "4.01"), (3, "-4.01")]), "balance_not_negative"),
        (posted("release:paid-debt-of-none", &[(own(22), "-1"), (3, "1")]), "balance_not_negative"),
        // Snapshots and seals of what has not ended, or not of everything.
        ("INSERT INTO ledger.snapshot (account_id, through) VALUES (3, 5)".into(), "snapshot_is_whole"),
        (
            "INSERT INTO ledger.snapshot (account_id, through) SELECT number, 9999 FROM ledger.chart WHERE number < 16".into(),
            "snapshot_is_settled",
        ),
        ("INSERT INTO ledger.seal (through, sealed_at) VALUES (9999, '2026-11-21')".into(), "seal_is_settled"),
        ("INSERT INTO ledger.seal (through, sealed_at) VALUES (5, '2026-11-21')".into(), "seal_is_settled"),
        // People and what is kept beside the books.
        ("DELETE FROM users WHERE name = 'Chitra'".into(), "users_are_kept"),
        ("TRUNCATE users CASCADE".into(), "users_are_kept"),
        ("UPDATE users SET id = DEFAULT WHERE name = 'Chitra'".into(), "users_are_kept"),
        ("UPDATE users SET referred_by = 1 WHERE name = 'Chitra'".into(), "users_referrer_is_final"),
        ("UPDATE users SET referred_by = NULL WHERE name = 'Chitra'".into(), "users_referrer_is_final"),
        ("UPDATE users SET referred_by = 3 WHERE id = 1".into(), "users_referrer_is_earlier"),
        ("UPDATE users SET referred_by = id WHERE id = 1".into(), "users_referrer_is_earlier"),
        ("UPDATE audit SET actor_name = 'nobody'".into(), "audit_append_only"),
        ("DELETE FROM audit".into(), "audit_append_only"),
        ("TRUNCATE audit CASCADE".into(), "audit_append_only"),
        ("UPDATE utr SET order_id = 2".into(), "utr_for_ever"),
        ("DELETE FROM utr".into(), "utr_for_ever"),
        ("TRUNCATE utr".into(), "utr_for_ever"),
    ];
    for amount in ["NaN", "Infinity", "0.001", "1000000000000"] {
        all.push((posted("release:amount", &[(1, amount), (4, "-1")]), "entry_amount"));
        // Where a balance is kept it is moved first, and upwards here, so that it has nothing against the amount.
        let credited = if amount == "NaN" { amount.to_owned() } else { format!("-{amount}") };
        all.push((posted("release:amount-of-hers", &[(1, "1"), (own(16), &credited)]), "entry_amount"));
    }
    all.push((posted("release:nothing", &[(1, "0"), (4, "0")]), "entry_amount"));
    // Many accounts in one transaction go another way, past the same guards.
    for (n, changed, refused) in [
        (17, (99 * 32 + 18, "-1"), "entry_account_id_fkey"),
        (17, (3 * 32 + 15, "-1"), "entry_transaction_account_key"),
        (17, (3 * 32 + 23, "-1"), "entry_account_id_fkey"),
        (3, (own(17), "-1"), "entry_transaction_account_key"),
        (9, (2 * 32 + 19, "0.001"), "entry_amount"),
        (9, (2 * 32 + 19, "-2"), "transaction_is_whole"),
    ] {
        let mut lines = many("-1");
        lines[n] = changed;
        all.push((posted("release:many", &lines), refused));
    }
    all.push((posted("release:many-overdrafts", &many("1")), "balance_not_negative"));
    all
}

/// A rupee for each of the first three people's accounts, but for what they owe.
fn many(amount: &'static str) -> Vec<(i64, &'static str)> {
    let accounts = (1..=3).flat_map(|person| (16..=21).map(move |kind| (person * 32 + kind, amount)));
    accounts.chain([(3, if amount == "1" { "-18" } else { "18" })]).collect()
}

/// All that is refused with another constraint than the named one, or not at all.
async fn holes(shop: &Shop, hand: &Hand, attempts: &[(String, &'static str)]) -> Vec<String> {
    let mut holes = Vec::new();
    for (statements, wanted) in attempts {
        match hand.tries(shop, statements).await {
            Ok(()) => holes.push(format!("{hand:?}: went through: {statements}")),
            Err(error) if constraint(&error).as_deref() == Some(wanted) => {}
            Err(error) if matches!(hand, Hand::Lesser(_)) && error.to_string().contains("permission denied") => {}
            Err(error) => holes.push(format!("{hand:?}: wanted {wanted}, was refused with {error}: {statements}")),
        }
    }
    holes
}

/// A role of the server's own, made for one test and gone after it.
async fn granted(shop: &Shop) -> Hand {
    let role = format!(
        "mela_guest_{}_{}",
        std::process::id(),
        shop.count("SELECT oid::bigint FROM pg_database WHERE datname = current_database()").await
    );
    shop.run(&format!(
        "CREATE ROLE {role}; GRANT USAGE ON SCHEMA public, ledger TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA public, ledger TO {role}"
    ))
    .await;
    Hand::Granted(role)
}

/// The program's own role, as `mela migrate --grant` makes it.
async fn lesser(shop: &Shop) -> Hand {
    let database = shop.count("SELECT oid::bigint FROM pg_database WHERE datname = current_database()").await;
    let role = format!("mela_lesser_{}_{database}", std::process::id());
    shop.run(&format!("CREATE ROLE {role}")).await;
    migration::grant(shop.core.db(), &role).await.unwrap();
    Hand::Lesser(role)
}

async fn revoke(shop: &Shop, hand: Hand) {
    if let Hand::Granted(role) | Hand::Lesser(role) = hand {
        shop.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
}

#[tokio::test]
async fn nobody_with_a_sql_prompt_falsifies_the_books() {
    let (shop, asha) = a_shop_with_a_past().await;
    let before = everything(&shop).await;
    let (guest, program) = (granted(&shop).await, lesser(&shop).await);
    let mut found = Vec::new();
    for hand in [Hand::Owner, Hand::Replica, guest.clone(), program.clone()] {
        found.extend(holes(&shop, &hand, &attempts(&asha)).await);
    }
    revoke(&shop, guest).await;
    revoke(&shop, program).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(everything(&shop).await, before);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn balances_are_not_moved_by_calling_what_the_journal_calls() {
    let (shop, asha) = a_shop_with_a_past().await;
    let before = everything(&shop).await;
    let call = format!("SELECT ledger.move_many(1, ARRAY[{}], ARRAY[-1000.0])", asha.id * 32 + 18);
    for hand in [Hand::Owner, Hand::Replica] {
        assert_eq!(constraint(&hand.tries(&shop, &call).await.unwrap_err()).as_deref(), Some("entry_append_only"), "{hand:?}");
    }
    for hand in [granted(&shop).await, lesser(&shop).await] {
        assert!(hand.tries(&shop, &call).await.unwrap_err().to_string().contains("permission denied"), "{hand:?}");
        revoke(&shop, hand).await;
    }
    assert_eq!(everything(&shop).await, before);
}

/// Asleep foreign keys must not let entries in that belong to nobody.
#[tokio::test]
async fn entries_without_an_account_are_refused_even_when_foreign_keys_sleep() {
    let (shop, _) = a_shop_with_a_past().await;
    let no_account = |account| post("commissions_released", "release:nowhere", &[(1, "5"), (account, "-5")]);
    let attempts = [
        (no_account(99 * 32 + 18), "entry_account_id_fkey"),
        (no_account(32 + 15), "entry_account_id_fkey"),
        (no_account(32 + 23), "entry_account_id_fkey"),
        (no_account(0), "entry_transaction_account_key"),
        (no_account(-3), "entry_transaction_account_key"),
    ];
    let mut found = holes(&shop, &Hand::Replica, &attempts).await;
    found.extend(holes(&shop, &Hand::Owner, &attempts).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    shop.proof_is_empty().await;
}

/// The names of the contract are views where they are no tables: they take nothing by hand.
#[tokio::test]
async fn the_books_by_their_old_names_take_nothing() {
    let (shop, _) = a_shop_with_a_past().await;
    let before = everything(&shop).await;
    for name in ["account", "transaction", "entry", "trial_balance", "proof"] {
        for statement in [
            format!("INSERT INTO ledger.{name} SELECT * FROM ledger.{name}"),
            format!("DELETE FROM ledger.{name}"),
            format!("TRUNCATE ledger.{name}"),
            format!(
                "UPDATE ledger.{name} SET {} = NULL",
                if name == "proof" {
                    "problem"
                } else if name == "trial_balance" {
                    "amount"
                } else {
                    "id"
                }
            ),
        ] {
            assert!(Hand::Owner.tries(&shop, &statement).await.is_err(), "{statement}");
        }
    }
    let (entries, transactions) =
        (shop.count("SELECT count(*) FROM ledger.entry").await, shop.count("SELECT count(*) FROM ledger.transaction").await);
    assert!(entries > 2 * transactions && transactions > 20, "they are there to be read: {entries}, {transactions}");
    assert_eq!(everything(&shop).await, before);
}

#[tokio::test]
async fn a_granted_role_cannot_put_the_guards_to_sleep() {
    let (shop, _) = a_shop_with_a_past().await;
    let guest = granted(&shop).await;
    let mut sleeping = Vec::new();
    for statement in [
        "SET session_replication_role = replica",
        "ALTER TABLE ledger.journal DISABLE TRIGGER ALL",
        "DROP TRIGGER move ON ledger.journal",
        "DROP TABLE ledger.balance",
    ] {
        if guest.tries(&shop, statement).await.is_ok() {
            sleeping.push(statement);
        }
    }
    revoke(&shop, guest).await;
    assert!(sleeping.is_empty(), "{sleeping:?}");
}

/// Only the point of a snapshot or a seal is believed: what else someone writes into one is counted anew.
#[tokio::test]
async fn figures_that_someone_writes_down_are_not_believed() {
    let (shop, _) = a_shop_with_a_past().await;
    let guest = granted(&shop).await;
    for (n, hand) in [Hand::Owner, Hand::Replica, guest.clone()].iter().enumerate() {
        let bina = mela_core::users::by_telegram_id(shop.core.db(), 1_000_002).await.unwrap().unwrap();
        shop.sell(&bina).await;
        let point = shop.count("SELECT max(id) FROM ledger.journal").await;
        hand.tries(&shop, &format!("INSERT INTO ledger.snapshot SELECT number, {point}, 1000000, {n} FROM ledger.chart WHERE number < 16"))
            .await
            .unwrap();
        hand.tries(&shop, &format!("INSERT INTO ledger.seal VALUES ({point}, '\\x00', '\\x00', '\\x00', '2026-11-21')"))
            .await
            .unwrap();
    }
    revoke(&shop, guest).await;
    let found = shop.column("SELECT concat_ws(' ', amount, entries) FROM ledger.snapshot WHERE account_id = 4 ORDER BY through").await;
    assert_eq!(found, ["-2565 19", "-2700 20", "-2835 21", "-2970 22"]);
    assert!(matches!(ledger::verify(shop.core.db(), |_, _| {}).await.unwrap(), ledger::Verdict::Intact { .. }));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn copying_rows_in_is_no_way_around_the_guards() {
    let (shop, asha) = a_shop_with_a_past().await;
    let before = everything(&shop).await;
    let guest = granted(&shop).await;
    let mut found = Vec::new();
    for role in [None, Some(&guest)] {
        for (table, rows, wanted) in [
            (
                "ledger.journal (kind, key, occurred_at, actor, bank, accounts, amounts)",
                format!("commissions_released\trelease:copied\t2026-11-21\tme\t5\t{{{}}}\t{{-4}}\n", asha.id * 32 + 16),
                "transaction_is_whole",
            ),
            (
                "ledger.journal (kind, key, occurred_at, actor, bank, sales)",
                "opened\topening\t2026-11-21\tme\tNaN\t1\n".to_owned(),
                "entry_amount",
            ),
            (
                "ledger.line (account_id, transaction_id, seq, amount, balance_after)",
                format!("{}\t1\t9\t5\t5\n", asha.id * 32 + 17),
                "entry_append_only",
            ),
            ("ledger.balance (account_id, amount, seq)", format!("{}\t5\t1\n", asha.id * 32 + 31), "balance_by_entries_alone"),
        ] {
            let mut connection = PgConnection::connect(&shop.test.url).await.unwrap();
            if let Some(Hand::Granted(role)) = role {
                sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {role}"))).execute(&mut connection).await.unwrap();
            }
            // Some guards speak at the first word, others when the rows are in.
            let answer = match connection.copy_in_raw(&format!("COPY {table} FROM STDIN")).await {
                Ok(mut copy) => match copy.send(rows.as_bytes()).await {
                    Ok(_) => copy.finish().await.map(|_| ()),
                    Err(error) => Err(error),
                },
                Err(error) => Err(error),
            };
            let refused = answer.err().and_then(|e| e.as_database_error().and_then(|d| d.constraint().map(str::to_owned)));
            if refused.as_deref() != Some(wanted) {
                found.push(format!("{role:?} {table} {rows:?}: wanted {wanted}, got {refused:?}"));
            }
        }
    }
    revoke(&shop, guest).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(everything(&shop).await, before);
    assert_eq!(ledger::proof(shop.core.db()).await.unwrap(), []);
}
