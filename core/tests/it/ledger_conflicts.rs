//! An entry's trigger moves the balance before the row is in. A statement that then leaves the row out (`ON CONFLICT`) would have moved money
//! without an entry; the table has a rule by which PostgreSQL refuses such statements, and MERGE with them, whoever sends them.

use crate::shop::Shop;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn a_balance_does_not_move_for_an_entry_that_is_left_out() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let (held, earned) = (asha.id * 32 + 17, asha.id * 32 + 18);
    let into = "INSERT INTO ledger.entry (transaction_id, account_id, amount)";
    for statement in [
        format!("{into} VALUES (1, {held}, -500) ON CONFLICT DO NOTHING"),
        format!("{into} VALUES (1, {held}, -500) ON CONFLICT (transaction_id, account_id) DO NOTHING"),
        format!("{into} VALUES (1, {held}, -500) ON CONFLICT (transaction_id, account_id) DO UPDATE SET amount = 1"),
        format!(
            "INSERT INTO ledger.entry (id, transaction_id, account_id, amount) OVERRIDING SYSTEM VALUE VALUES (1, 1, {earned}, -500) ON CONFLICT DO NOTHING"
        ),
        "MERGE INTO ledger.entry e USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET amount = 1".to_owned(),
        "MERGE INTO ledger.entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE".to_owned(),
        format!(
            "MERGE INTO ledger.entry e USING (VALUES ({earned}, -5), (3, 5)) l (a, m) ON false WHEN NOT MATCHED THEN INSERT (transaction_id, account_id, amount) VALUES (1, l.a, l.m)"
        ),
    ] {
        for role in ["origin", "replica"] {
            let tx = shop.core.begin().await.unwrap();
            tx.execute_unprepared(&format!("SET LOCAL session_replication_role = {role}")).await.unwrap();
            let refused = tx.execute_unprepared(&statement).await.map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains("has INSERT or UPDATE rules") || refused.contains("cannot execute MERGE"), "{statement}: {refused}");
            tx.rollback().await.unwrap();
        }
    }
    shop.proof_is_empty().await;
}
