//! The seal: whatever is changed behind it, by whoever may do everything, is found and named; and nothing slips between two seals.

use super::shop::{Shop, post, rupees};
use super::together::at_once;
use mela_core::ledger::{self, Shop as Account, Verdict};
use mela_core::treasury;
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::collections::HashSet;
use std::time::Duration;

/// What a check says after these statements of a superuser with all triggers off, which are undone again.
async fn verdict_after(shop: &Shop, statements: &str) -> Verdict {
    let tx = shop.core.db().begin().await.unwrap();
    let asleep =
        "ALTER TABLE ledger.journal DISABLE TRIGGER ALL; ALTER TABLE ledger.line DISABLE TRIGGER ALL; ALTER TABLE ledger.seal DISABLE TRIGGER ALL";
    for statements in [asleep, statements] {
        tx.execute_unprepared(statements).await.unwrap_or_else(|e| panic!("{e}: {statements}"));
    }
    let verdict = ledger::verify(&tx, |_, _| {}).await.unwrap();
    tx.rollback().await.unwrap();
    verdict
}

async fn verify(shop: &Shop) -> Verdict {
    ledger::verify(shop.core.db(), |_, _| {}).await.unwrap()
}

/// Every transaction is behind a seal, once, and as it was.
async fn all_is_sealed(shop: &Shop) {
    ledger::seal(shop.core.db(), shop.core.now()).await.unwrap();
    let all = u64::try_from(shop.count("SELECT count(*) FROM ledger.journal").await).unwrap();
    match verify(shop).await {
        Verdict::Intact { transactions, through, digest } => {
            assert_eq!(transactions, all);
            assert_eq!(ledger::digest(shop.core.db()).await.unwrap(), Some((through, digest)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(shop.count("SELECT coalesce(sum(octet_length(marks) / 8), 0) FROM ledger.seal").await, all.cast_signed());
}

/// Asha earned on eighteen sales; then a gateway paid out 3,200 times. Id 60 was given and never used. Four links: through 1,000, 2,000, 3,000 and the end.
async fn a_sealed_shop() -> Shop {
    let shop = Shop::open().await;
    shop.earner().await;
    let used = shop.count("SELECT max(id) FROM ledger.journal").await;
    shop.settle_many(59 - used).await;
    assert_eq!(shop.count("SELECT nextval('ledger.journal_id_seq')").await, 60);
    shop.settle_many(3_200).await;
    assert_eq!(ledger::seal(shop.core.db(), shop.core.now()).await.unwrap(), 4);
    assert_eq!(ledger::seal(shop.core.db(), shop.core.now()).await.unwrap(), 0, "nothing came since");
    all_is_sealed(&shop).await;
    shop.proof_is_empty().await;
    shop
}

fn altered(transaction: i64) -> impl Fn(&Verdict) -> bool {
    move |verdict| matches!(verdict, Verdict::Altered { transaction: found, .. } if *found == transaction)
}

#[tokio::test]
async fn an_intact_chain_is_told_link_by_link() {
    let shop = Shop::open().await;
    assert_eq!(ledger::seal(shop.core.db(), shop.core.now()).await.unwrap(), 0, "an empty shop has nothing to seal");
    assert!(matches!(verify(&shop).await, Verdict::Intact { transactions: 0, through: 0, .. }));
    assert_eq!(ledger::digest(shop.core.db()).await.unwrap(), None);

    let shop = a_sealed_shop().await;
    let mut told = Vec::new();
    let Verdict::Intact { transactions, through, digest } =
        ledger::verify(shop.core.db(), |through, so_far| told.push((through, so_far))).await.unwrap()
    else {
        panic!("intact")
    };
    assert_eq!(told, [(1_000, 999), (2_000, 1_999), (3_000, 2_999), (3_260, 3_259)], "one id was never used");
    assert_eq!((transactions, through), (3_259, 3_260));
    assert_eq!(digest.to_string().len(), 64);

    // What is not sealed yet is not checked, and does not change what is.
    shop.settle_many(5).await;
    assert_eq!(verify(&shop).await, Verdict::Intact { transactions, through, digest });
    all_is_sealed(&shop).await;
}

#[tokio::test]
async fn whatever_is_changed_in_a_transaction_it_is_named() {
    let shop = a_sealed_shop().await;
    let mut found_nothing = Vec::new();
    let mut changes = vec![
        "kind = 'opened'".to_owned(),
        "key = 'settlement:other'".to_owned(),
        "occurred_at = occurred_at + interval '1 microsecond'".to_owned(),
        "actor = 'me'".to_owned(),
        "memo = ''".to_owned(),
        "memo = memo || ' '".to_owned(),
        "reverses = 1".to_owned(),
        "bank = 5.00".to_owned(),
        "bank = NULL, opening = bank".to_owned(),
        "accounts = '{50}', amounts = '{5}', bank = NULL".to_owned(),
    ];
    changes.extend(Account::ALL.map(|account| format!("{0} = coalesce({0}, 0) + 1", account.kind())));
    for change in changes {
        for id in [1_001, 1_500, 3_260] {
            let verdict = verdict_after(&shop, &format!("UPDATE ledger.journal SET {change} WHERE id = {id}")).await;
            if !altered(id)(&verdict) {
                found_nothing.push(format!("{change} in {id}: {verdict:?}"));
            }
        }
    }
    // The first sale and its lines.
    for statement in [
        "UPDATE ledger.journal SET amounts = ARRAY[-29] WHERE id = 1",
        "UPDATE ledger.journal SET accounts = ARRAY[50] WHERE id = 1",
        "UPDATE ledger.line SET amount = amount - 1 WHERE transaction_id = 1",
        "UPDATE ledger.line SET balance_after = balance_after + 1 WHERE transaction_id = 1",
        "UPDATE ledger.line SET seq = seq + 100 WHERE transaction_id = 1",
        "UPDATE ledger.line SET account_id = account_id + 1 WHERE transaction_id = 1",
        "UPDATE ledger.line SET id = DEFAULT WHERE transaction_id = 1",
        "UPDATE ledger.line SET transaction_id = 2 WHERE transaction_id = 1",
        "DELETE FROM ledger.line WHERE transaction_id = 1",
        "INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES (54, 1, 1, 5, 5)",
    ] {
        let verdict = verdict_after(&shop, statement).await;
        if !altered(1)(&verdict) {
            found_nothing.push(format!("{statement}: {verdict:?}"));
        }
    }
    assert!(found_nothing.is_empty(), "{}", found_nothing.join("\n"));
    // Of several the first.
    let two = verdict_after(&shop, "UPDATE ledger.journal SET memo = 'x' WHERE id IN (2500, 700, 701)").await;
    assert_eq!(
        two,
        Verdict::Altered { transaction: 700, key: shop.column("SELECT key FROM ledger.transaction WHERE id = 700").await[0].clone() }
    );
    all_is_sealed(&shop).await;
}

#[tokio::test]
async fn transactions_that_are_gone_or_came_later_are_named() {
    let shop = a_sealed_shop().await;
    let delete = |ids: &str| format!("DELETE FROM ledger.journal WHERE id IN ({ids})");
    let hers = "DELETE FROM ledger.line WHERE transaction_id = 1; DELETE FROM ledger.journal WHERE id = 1".to_owned();
    let missing = |after| Verdict::Missing { after };
    for (statement, wanted) in [
        (hers, missing(0)),
        (delete("1500"), missing(1_499)),
        (delete("1001"), missing(1_000)),
        (delete("2000"), missing(1_999)),
        (delete("3260"), missing(3_259)),
        (delete("1500, 1501, 1502"), missing(1_499)),
        (delete("1500, 1600"), missing(1_499)),
        (delete("61"), missing(59)),
        (delete("1500, 2500"), missing(1_499)),
        (format!("{}; UPDATE ledger.journal SET memo = 'x' WHERE id = 1600", delete("1500")), missing(1_499)),
        ("DELETE FROM ledger.journal WHERE id BETWEEN 1001 AND 2000".into(), missing(1_000)),
        ("DELETE FROM ledger.journal WHERE id BETWEEN 1990 AND 2010".into(), missing(1_989)),
    ] {
        assert_eq!(verdict_after(&shop, &statement).await, wanted, "{statement}");
    }
    let first_altered = format!("{}; UPDATE ledger.journal SET memo = 'x' WHERE id = 1400", delete("1500"));
    assert!(altered(1_400)(&verdict_after(&shop, &first_altered).await));
    // Into the place of an id that was given and never used, triggers and all.
    let late = "ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER move; ALTER TABLE ledger.line ENABLE ALWAYS TRIGGER entry_append_only;
                INSERT INTO ledger.journal (id, kind, key, occurred_at, actor, bank, accounts, amounts) OVERRIDING SYSTEM VALUE
                VALUES (60, 'commissions_released', 'release:late', '2026-11-21', 'me', 5, '{50}', '{-5}')";
    assert!(altered(60)(&verdict_after(&shop, late).await));
    all_is_sealed(&shop).await;
}

/// What no seal covers must not be written at all: below the first transaction there is none.
#[tokio::test]
async fn no_transaction_is_written_below_the_first() {
    let shop = a_sealed_shop().await;
    for id in [0, -5] {
        let below = format!(
            "INSERT INTO ledger.journal (id, kind, key, occurred_at, actor, bank, accounts, amounts) OVERRIDING SYSTEM VALUE
             VALUES ({id}, 'gateway_settled', 'settlement:below', '2026-11-21', 'me', 5, '{{50}}', '{{-5}}')"
        );
        let tx = shop.core.db().begin().await.unwrap();
        let refused = tx.execute_unprepared(&below).await;
        tx.rollback().await.unwrap();
        assert!(refused.is_err(), "{id}: ₹5 more for Asha, behind no seal");
    }
}

/// A time that is none would make every later seal impossible.
#[tokio::test]
async fn no_transaction_is_written_for_a_time_that_never_comes() {
    let shop = Shop::open().await;
    for never in ["infinity", "-infinity"] {
        let posting = post("opened", "opening", &[(3, "5"), (15, "-5")]).replace("'2026-11-21'", &format!("'{never}'"));
        let tx = shop.core.db().begin().await.unwrap();
        let refused = tx.execute_unprepared(&posting).await;
        tx.rollback().await.unwrap();
        assert!(refused.is_err(), "{never}");
    }
}

#[tokio::test]
async fn a_seal_that_was_changed_is_named() {
    let shop = a_sealed_shop().await;
    let Some((through, told)) = ledger::digest(shop.core.db()).await.unwrap() else {
        panic!("sealed")
    };
    let again = |link: i64| {
        format!(
            "UPDATE ledger.seal SET (digest, marks) = (SELECT d.digest, d.marks FROM ledger.digest(previous, {link} - 1000, {link}) d) WHERE through = {link}"
        )
    };
    let forged = |through| Verdict::Forged { through };
    let alter = "UPDATE ledger.journal SET memo = 'x' WHERE id = 1500";
    for (statement, wanted) in [
        ("UPDATE ledger.seal SET digest = sha256('x') WHERE through = 2000".to_owned(), forged(2_000)),
        ("UPDATE ledger.seal SET digest = sha256('x') WHERE through = 3260".into(), forged(3_260)),
        ("UPDATE ledger.seal SET previous = sha256('x') WHERE through = 2000".into(), forged(2_000)),
        ("UPDATE ledger.seal SET previous = sha256('x') WHERE through = 1000".into(), forged(1_000)),
        ("UPDATE ledger.seal SET marks = substr(marks, 9) WHERE through = 2000".into(), forged(2_000)),
        ("UPDATE ledger.seal SET marks = set_byte(marks, 7, 255 - get_byte(marks, 7)) WHERE through = 2000".into(), forged(2_000)),
        ("DELETE FROM ledger.seal WHERE through = 1000".into(), forged(2_000)),
        ("DELETE FROM ledger.seal WHERE through = 2000".into(), forged(3_000)),
        // Whoever alters a transaction and seals anew leaves the next seal behind.
        (format!("{alter}; {}", again(2_000)), forged(3_000)),
        (
            format!("{alter}; UPDATE ledger.seal SET marks = (SELECT d.marks FROM ledger.digest(previous, 1000, 2000) d) WHERE through = 2000"),
            forged(2_000),
        ),
    ] {
        assert_eq!(verdict_after(&shop, &statement).await, wanted, "{statement}");
    }
    let moved = verdict_after(&shop, "UPDATE ledger.seal SET through = 1999 WHERE through = 2000").await;
    assert!(!matches!(moved, Verdict::Intact { .. }), "{moved:?}");

    // Whoever seals everything anew, or takes the last seal away, is found by the digest that was told outside.
    let mut anew = format!("{alter}; {}", again(2_000));
    for (link, before) in [(3_000, 2_000), (3_260, 3_000)] {
        anew += &format!(
            "; UPDATE ledger.seal s SET previous = p.digest FROM ledger.seal p WHERE p.through = {before} AND s.through = {link};
             UPDATE ledger.seal SET (digest, marks) = (SELECT d.digest, d.marks FROM ledger.digest(previous, {before}, {link}) d) WHERE through = {link}"
        );
    }
    let Verdict::Intact { digest, through: same, .. } = verdict_after(&shop, &anew).await else {
        panic!("a chain of its own")
    };
    assert!(digest != told && same == through);
    let Verdict::Intact { through: shorter, .. } = verdict_after(&shop, "DELETE FROM ledger.seal WHERE through = 3260").await else {
        panic!("shorter")
    };
    assert!(shorter < through);
    assert!(ledger::sealed_with(shop.core.db(), &told.to_string()).await.unwrap());
    assert!(!ledger::sealed_with(shop.core.db(), &digest.to_string()).await.unwrap());
    all_is_sealed(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_who_seal_at_once_make_one_chain() {
    let shop = Shop::open().await;
    for _ in 0..4 {
        shop.settle_many(2_300).await;
        let links = at_once(8, |_| {
            let (core, now) = (shop.core.clone(), shop.core.now());
            async move { ledger::seal(core.db(), now).await.unwrap() }
        })
        .await;
        assert_eq!(links.into_iter().sum::<usize>(), 3);
        all_is_sealed(&shop).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_eight_tasks_post_every_transaction_is_sealed_and_counted_once() {
    let shop = Shop::open().await;
    let beside = shop.beside().await;
    let posting: Vec<_> = (0..8)
        .map(|n| {
            let shop = shop.clone();
            tokio::spawn(async move {
                // Until the witnesses have come between, however busy the machine is.
                let mut posted = 0;
                let witnessed = "SELECT (SELECT count(*) FROM ledger.seal) * (SELECT count(DISTINCT through) FROM ledger.snapshot)";
                while posted < 40 || shop.count(witnessed).await < 4 {
                    treasury::settle_gateway(&shop.core, &format!("setl_{n}_{posted}"), rupees("5"), rupees("0")).await.unwrap();
                    posted += 1;
                }
                posted
            })
        })
        .collect();
    let witnesses: Vec<_> = (0..2)
        .map(|_| {
            let shop = beside.clone();
            tokio::spawn(async move {
                let mut links = 0;
                loop {
                    let point = ledger::settled(shop.core.db()).await.unwrap();
                    if point > 0 {
                        ledger::snapshot_at(shop.core.db(), point).await.unwrap();
                    }
                    links += ledger::seal(shop.core.db(), shop.core.now()).await.unwrap();
                    tokio::task::yield_now().await;
                    if links > 10_000 {
                        break;
                    }
                }
            })
        })
        .collect();
    let mut posted = 0;
    for task in posting {
        posted += task.await.unwrap();
    }
    for task in witnesses {
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
    all_is_sealed(&shop).await;
    assert_eq!(shop.count("SELECT count(*) FROM ledger.journal").await, posted);
    // Each snapshot is what the journal says at its point.
    assert_eq!(
        shop.column(
            "SELECT format('%s %s', s.account_id, s.through) FROM ledger.snapshot s
             WHERE s.account_id = 3 AND (s.amount, s.entries) IS DISTINCT FROM (SELECT (coalesce(sum(bank), 0), count(bank)) FROM ledger.journal WHERE id <= s.through)"
        )
        .await,
        Vec::<String>::new()
    );
    shop.proof_is_empty().await;
}

/// An id is given before its commit: the seal and the snapshot wait for it, or leave it out; they never pass it by.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_that_took_its_number_early_and_commits_late_is_not_passed_by() {
    let shop = Shop::open().await;
    shop.settle_many(3).await;
    let mut points = HashSet::new();
    for round in 0..3 {
        let early = shop.core.db().begin().await.unwrap();
        let row =
            format!("INSERT INTO settlement (reference, net, fees, settled_at) VALUES ('early_{round}', 7, 0, '2026-11-21') RETURNING id::bigint");
        let row: i64 = early.query_one_raw(mela_core::db::sql(&row, [])).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        early.execute_unprepared(&post("gateway_settled", &format!("settlement:{row}"), &[(3, "7"), (2, "-7")])).await.unwrap();
        shop.settle_many(3).await;
        let early_id = shop.count("SELECT max(id) - 3 FROM ledger.journal").await;
        let (one, two) = (shop.clone(), shop.clone());
        let sealing = tokio::spawn(async move { ledger::seal(one.core.db(), one.core.now()).await.unwrap() });
        let counting = tokio::spawn(async move {
            let point = ledger::settled(two.core.db()).await.unwrap();
            ledger::snapshot_at(two.core.db(), point).await.unwrap();
        });
        shop.settle_many(3).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert!(shop.count("SELECT coalesce(max(through), 0) FROM ledger.seal").await < early_id);
        assert!(ledger::snapshotted_through(shop.core.db()).await.unwrap() < early_id);
        // In the second round it comes to nothing: its number stays empty.
        if round == 1 {
            early.rollback().await.unwrap()
        } else {
            early.commit().await.unwrap()
        }
        sealing.await.unwrap();
        counting.await.unwrap();
        points.insert(ledger::snapshotted_through(shop.core.db()).await.unwrap());
        all_is_sealed(&shop).await;
    }
    assert_eq!(points.len(), 3);
    assert_eq!(shop.count("SELECT count(*) FROM ledger.journal").await, 3 + 3 * 6 + 2);
    let bank = ledger::balance(shop.core.db(), Account::Bank.into()).await.unwrap();
    assert_eq!((bank.amount, bank.entries), (rupees("119"), 23));
    assert_eq!(ledger::proof(shop.core.db()).await.unwrap(), []);
}
