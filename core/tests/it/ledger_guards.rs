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
}

impl Hand {
    async fn takes(&self, tx: &DatabaseTransaction) {
        match self {
            Self::Owner => {}
            Self::Replica => drop(tx.execute_unprepared("SET LOCAL session_replication_role = replica").await.unwrap()),
            Self::Granted(role) => drop(tx.execute_unprepared(&format!("SET LOCAL ROLE {role}")).await.unwrap()),
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
    (shop, asha)
}

/// Everything that must not change, in one line.
async fn everything(shop: &Shop) -> Vec<String> {
    let whole = |table: &str| format!("SELECT '{table} ' || count(*) || ' ' || md5(string_agg(x::text, ';' ORDER BY x::text)) FROM {table} x");
    let tables = ["users", "audit", "utr", "ledger.account", "ledger.transaction", "ledger.entry", "ledger.balance"];
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
        ("UPDATE ledger.entry SET amount = amount * 2".into(), "entry_append_only"),
        ("UPDATE ledger.entry SET amount = amount WHERE false".into(), "entry_append_only"),
        ("WITH changed AS (UPDATE ledger.entry SET amount = 1 RETURNING 1) SELECT count(*) FROM changed".into(), "entry_append_only"),
        ("DELETE FROM ledger.entry".into(), "entry_append_only"),
        ("TRUNCATE ledger.entry".into(), "entry_append_only"),
        ("UPDATE ledger.transaction SET memo = 'other'".into(), "transaction_append_only"),
        ("DELETE FROM ledger.transaction".into(), "transaction_append_only"),
        ("TRUNCATE ledger.transaction CASCADE".into(), "transaction_append_only"),
        ("UPDATE ledger.account SET kind = 'credit' WHERE kind = 'earned'".into(), "account_append_only"),
        ("DELETE FROM ledger.account".into(), "account_append_only"),
        ("TRUNCATE ledger.account CASCADE".into(), "account_append_only"),
        // Balances that no entry moves.
        ("UPDATE ledger.balance SET amount = amount + 1000".into(), "balance_by_entries_alone"),
        ("WITH changed AS (UPDATE ledger.balance SET amount = 1 RETURNING 1) SELECT count(*) FROM changed".into(), "balance_by_entries_alone"),
        ("DO $$ BEGIN UPDATE ledger.balance SET amount = 1; END $$".into(), "balance_by_entries_alone"),
        (format!("INSERT INTO ledger.balance VALUES ({}, 5, 0)", own(30)), "balance_by_entries_alone"),
        (format!("INSERT INTO ledger.balance VALUES ({earned}, 5) ON CONFLICT (account_id) DO UPDATE SET amount = 5"), "balance_by_entries_alone"),
        ("MERGE INTO ledger.balance b USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET amount = 1".into(), "balance_by_entries_alone"),
        ("DELETE FROM ledger.balance".into(), "balance_by_entries_alone"),
        ("TRUNCATE ledger.balance".into(), "balance_by_entries_alone"),
        // Transactions that are not whole.
        (posted("release:unbalanced", &[(1, "5"), (4, "-4.99")]), "transaction_is_whole"),
        (posted("release:alone", &[(1, "5")]), "transaction_is_whole"),
        (posted("release:thin-air", &[(1, "5"), (held, "-5"), (earned, "-0.01")]), "transaction_is_whole"),
        (
            "INSERT INTO ledger.transaction (kind, key, fingerprint, occurred_at, actor) VALUES ('commissions_released', 'release:empty', '', '2026-11-21', 'me')".into(),
            "transaction_is_whole",
        ),
        (
            "INSERT INTO ledger.entry (transaction_id, account_id, amount) SELECT min(id), a, m FROM ledger.transaction, (VALUES (2, 5), (3, -5)) l (a, m) GROUP BY a, m".into(),
            "transaction_is_whole",
        ),
        (
            format!(
                "{}; INSERT INTO ledger.entry (transaction_id, account_id, amount) SELECT max(id), a, m FROM ledger.transaction, (VALUES (2, 5), (3, -5)) l (a, m) GROUP BY a, m",
                posted("release:two-statements", &[(1, "5"), (4, "-5")])
            ),
            "transaction_is_whole",
        ),
        (posted("release:other-print", &[(1, "5"), (4, "-5")]).replace("ledger.fingerprint('comm", "ledger.fingerprint('xomm"), "transaction_is_whole"),
        // Keys and accounts used twice, money that is not there.
        (posted("order:1:paid", &[(1, "5"), (4, "-5")]), "transaction_key_key"),
        (posted("no key", &[(1, "5"), (4, "-5")]), "transaction_key_shape"),
        (post("gift", "gift:1", &[(1, "5"), (4, "-5")]), "transaction_kind"),
        (posted("release:same-account", &[(1, "5"), (1, "5"), (4, "-10")]), "entry_transaction_account_key"),
        (posted("release:overdraft", &[(earned, "4.01"), (3, "-4.01")]), "balance_not_negative"),
        (posted("release:paid-debt-of-none", &[(own(22), "-1"), (3, "1")]), "balance_not_negative"),
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
        ("TRUNCATE audit".into(), "audit_append_only"),
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
    all
}

/// All that is refused with another constraint than the named one, or not at all.
async fn holes(shop: &Shop, hand: &Hand, attempts: &[(String, &'static str)]) -> Vec<String> {
    let mut holes = Vec::new();
    for (statements, wanted) in attempts {
        match hand.tries(shop, statements).await {
            Ok(()) => holes.push(format!("{hand:?}: went through: {statements}")),
            Err(error) if constraint(&error).as_deref() == Some(wanted) => {}
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

async fn revoke(shop: &Shop, hand: Hand) {
    if let Hand::Granted(role) = hand {
        shop.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    }
}

#[tokio::test]
async fn nobody_with_a_sql_prompt_falsifies_the_books() {
    let (shop, asha) = a_shop_with_a_past().await;
    let before = everything(&shop).await;
    let guest = granted(&shop).await;
    let mut found = Vec::new();
    for hand in [Hand::Owner, Hand::Replica, guest.clone()] {
        found.extend(holes(&shop, &hand, &attempts(&asha)).await);
    }
    revoke(&shop, guest).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(everything(&shop).await, before);
    shop.proof_is_empty().await;
}

/// Asleep foreign keys must not let entries in that belong to nothing.
#[tokio::test]
async fn entries_without_a_transaction_or_an_account_are_refused_even_when_foreign_keys_sleep() {
    let (shop, _) = a_shop_with_a_past().await;
    let orphan = "INSERT INTO ledger.entry (transaction_id, account_id, amount) VALUES (99999, 1, 5), (99999, 4, -5)".to_owned();
    let unbalanced = "INSERT INTO ledger.entry (transaction_id, account_id, amount) VALUES (99999, 1, 5)".to_owned();
    let no_account = |account| post("commissions_released", "release:nowhere", &[(1, "5"), (account, "-5")]);
    let replica = [
        (orphan.clone(), "transaction_is_whole"),
        (unbalanced, "transaction_is_whole"),
        (no_account(31), "entry_account_number"),
        (no_account(0), "entry_account_number"),
        (no_account(-3), "entry_account_number"),
        (no_account(99 * 32 + 18), "entry_account_id_fkey"),
    ];
    let mut found = holes(&shop, &Hand::Replica, &replica).await;
    found.extend(holes(&shop, &Hand::Owner, &replica[3..]).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(Hand::Owner.tries(&shop, &orphan).await.is_err());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_granted_role_cannot_put_the_guards_to_sleep() {
    let (shop, _) = a_shop_with_a_past().await;
    let guest = granted(&shop).await;
    let mut sleeping = Vec::new();
    for statement in [
        "SET session_replication_role = replica",
        "ALTER TABLE ledger.entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entries_are_whole ON ledger.entry",
        "DROP TABLE ledger.balance",
    ] {
        if guest.tries(&shop, statement).await.is_ok() {
            sleeping.push(statement);
        }
    }
    revoke(&shop, guest).await;
    assert!(sleeping.is_empty(), "{sleeping:?}");
}

#[tokio::test]
async fn a_running_number_and_a_balance_that_someone_writes_down_are_not_believed() {
    let (shop, asha) = a_shop_with_a_past().await;
    let guest = granted(&shop).await;
    for (n, hand) in [Hand::Owner, Hand::Replica, guest.clone()].iter().enumerate() {
        let forged = post("commissions_released", &format!("release:forged-{n}"), &[(10, "1"), (asha.id * 32 + 16, "-1")])
            .replace("(transaction_id, account_id, amount)", "(transaction_id, account_id, amount, seq, balance_after)")
            .replace("l.account, l.amount", "l.account, l.amount, 77, 1000000");
        hand.tries(&shop, &forged).await.unwrap();
    }
    revoke(&shop, guest).await;
    let written = format!(
        "SELECT concat_ws(' ', seq, balance_after) FROM ledger.entry WHERE account_id IN (10, {}) ORDER BY id",
        asha.id * 32 + 16
    );
    assert_eq!(shop.column(&written).await, ["", "1 1", "", "2 2", "", "3 3"]);
    assert_eq!(shop.standing(&asha).await.credit.to_string(), "₹3");
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
            ("ledger.entry (transaction_id, account_id, amount)", "1\t2\t5\n1\t3\t-5\n".to_owned(), "transaction_is_whole"),
            ("ledger.entry (transaction_id, account_id, amount)", "1\t2\tNaN\n".to_owned(), "entry_amount"),
            (
                "ledger.transaction (kind, key, fingerprint, occurred_at, actor)",
                "commissions_released\trelease:copied\t\\\\x00\t2026-11-21\tme\n".to_owned(),
                "transaction_is_whole",
            ),
            ("ledger.balance (account_id, amount)", format!("{}\t5\n", asha.id * 32 + 31), "balance_by_entries_alone"),
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
