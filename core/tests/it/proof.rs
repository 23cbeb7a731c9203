//! The proof is not empty by habit: with the guards put to sleep, each kind of falsehood is found.

use super::shop::{Shop, admin};
use mela_core::withdrawals;

/// Statements that a superuser runs with a table's triggers off.
fn asleep(table: &str, statements: &str) -> String {
    format!("ALTER TABLE {table} DISABLE TRIGGER ALL; {statements}")
}

/// Order 1 is Bina's first; order 20 awaits its payment; Asha's withdrawal 1 is asked for, 2 is paid, ₹28 are on hold.
async fn a_shop_with_all_kinds_of_rows() -> Shop {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let ravi = shop.arrive("Ravi", None).await;
    let bina = mela_core::users::by_telegram_id(shop.core.db(), 1_000_002).await.unwrap().unwrap();
    for _ in 0..18 {
        shop.sell(&bina).await;
    }
    shop.holds_end();
    shop.release().await;
    shop.sell(&bina).await;
    shop.asked(&asha, "500").await;
    let paid = shop.asked(&asha, "501").await;
    withdrawals::approve(&shop.core, paid.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, paid.id, &admin("Meera"), "N123456789").await.unwrap();
    shop.order(&ravi).await;
    shop.proof_is_empty().await;
    shop
}

const UNBALANCED: &str = "unbalanced transaction";
const FINGERPRINT: &str = "fingerprint differs";
const BALANCE: &str = "balance is not the sum of its entries";
const FOLLOW: &str = "entry does not follow the one before";
const HELD: &str = "held is not the held commissions";
const WITHDRAWING: &str = "withdrawing is not the open withdrawals";
const NO_TRANSACTION: &str = "no transaction for it";
const NO_ROW: &str = "transaction without its business row";
const OTHER_KIND: &str = "transaction of another kind";
const ORDER: &str = "order and its transaction differ";
const WITHDRAWAL: &str = "withdrawal and its transaction differ";
const PAYMENT: &str = "paid order and its payment differ";
const ORPHANS: &str = "entries without their transaction";

#[tokio::test]
async fn each_kind_of_falsehood_is_found() {
    let shop = a_shop_with_all_kinds_of_rows().await;
    let release = "(SELECT min(id) FROM ledger.transaction WHERE kind = 'commissions_released')";
    let cases: Vec<(String, &[&str])> = vec![
        (
            asleep("ledger.entry", "UPDATE ledger.entry SET amount = amount + 1 WHERE account_id = 1 AND transaction_id = 1"),
            &[FINGERPRINT, UNBALANCED],
        ),
        (
            asleep("ledger.entry", "UPDATE ledger.entry SET amount = amount - 1 WHERE account_id = 49 AND transaction_id = 1"),
            &[BALANCE, FOLLOW, UNBALANCED],
        ),
        (asleep("ledger.entry", "UPDATE ledger.entry SET seq = seq + 1 WHERE account_id = 49 AND seq = 18"), &[FOLLOW]),
        (
            asleep("ledger.entry", "UPDATE ledger.entry SET balance_after = balance_after + 1 WHERE account_id = 49 AND seq = 3"),
            &[FOLLOW],
        ),
        (asleep("ledger.entry", "DELETE FROM ledger.entry WHERE account_id = 49 AND seq = 18"), &[BALANCE, FOLLOW, UNBALANCED]),
        (asleep("ledger.entry", "DELETE FROM ledger.entry WHERE transaction_id = 1"), &[UNBALANCED, ORDER, BALANCE]),
        (asleep("ledger.balance", "UPDATE ledger.balance SET amount = amount + 1 WHERE account_id = 50"), &[BALANCE]),
        (asleep("ledger.balance", "UPDATE ledger.balance SET seq = seq + 1 WHERE account_id = 50"), &[BALANCE]),
        (asleep("ledger.balance", "DELETE FROM ledger.balance WHERE account_id = 54"), &[BALANCE]),
        (asleep("ledger.transaction", "UPDATE ledger.transaction SET fingerprint = '\\x00' WHERE id = 3"), &[FINGERPRINT]),
        (asleep("ledger.transaction", "DELETE FROM ledger.transaction WHERE id = 1"), &[NO_TRANSACTION, ORPHANS]),
        (asleep("ledger.transaction", &format!("DELETE FROM ledger.transaction WHERE id = {release}")), &[ORPHANS]),
        (
            asleep(
                "ledger.transaction",
                &format!(
                    "ALTER TABLE ledger.entry DISABLE TRIGGER ALL; DELETE FROM ledger.entry WHERE transaction_id = {release}; DELETE FROM ledger.transaction WHERE id = {release}"
                ),
            ),
            &[BALANCE, FOLLOW],
        ),
        (
            asleep("ledger.transaction", "UPDATE ledger.transaction SET key = 'order:999:paid' WHERE id = 1"),
            &[NO_TRANSACTION, NO_ROW],
        ),
        (
            asleep("ledger.transaction", "UPDATE ledger.transaction SET kind = 'withdrawal_asked' WHERE id = 1"),
            &[OTHER_KIND, FINGERPRINT],
        ),
        ("UPDATE commission SET amount = amount + 1 WHERE state = 'held'".into(), &[HELD, ORDER]),
        ("UPDATE commission SET amount = amount + 1 WHERE state = 'released' AND order_id = 1".into(), &[ORDER]),
        ("UPDATE commission SET beneficiary_id = 3 WHERE state = 'released' AND order_id = 1".into(), &[ORDER]),
        ("UPDATE commission SET state = 'held', released_at = NULL WHERE order_id = 1".into(), &[HELD]),
        ("DELETE FROM commission WHERE order_id = 1".into(), &[ORDER]),
        ("UPDATE withdrawal SET state = 'rejected', reason = 'x' WHERE id = 1".into(), &[WITHDRAWING, NO_TRANSACTION]),
        ("UPDATE withdrawal SET state = 'failed', reason = 'x', payout_utr = NULL WHERE id = 2".into(), &[OTHER_KIND]),
        ("UPDATE withdrawal SET state = 'approved', payout_utr = NULL WHERE id = 2".into(), &[WITHDRAWING, NO_ROW]),
        ("UPDATE withdrawal SET amount = amount + 1 WHERE id = 1".into(), &[WITHDRAWING, WITHDRAWAL]),
        ("UPDATE withdrawal SET amount = amount + 1 WHERE id = 2".into(), &[WITHDRAWAL]),
        ("DELETE FROM withdrawal WHERE id = 2".into(), &[NO_ROW]),
        (
            "UPDATE orders SET state = 'paid', paid_at = placed_at WHERE state = 'awaiting_payment'".into(),
            &[NO_TRANSACTION, PAYMENT],
        ),
        ("UPDATE orders SET state = 'expired', paid_at = NULL WHERE id = 1".into(), &[NO_ROW, PAYMENT]),
        ("UPDATE orders SET cost = cost + 1 WHERE id = 1".into(), &[ORDER]),
        ("UPDATE orders SET price = price + 1 WHERE id = 1".into(), &[ORDER, PAYMENT]),
        ("UPDATE payment SET amount = amount + 1 WHERE order_id = 1".into(), &[PAYMENT]),
        ("UPDATE payment SET state = 'rejected', reason = 'x' WHERE order_id = 1".into(), &[PAYMENT]),
    ];
    for (falsehood, wanted) in cases {
        let found = shop.problems_after(&falsehood).await;
        assert!(wanted.iter().all(|problem| found.iter().any(|f| f == problem)), "{falsehood}: wanted {wanted:?}, found {found:?}");
    }
    shop.proof_is_empty().await;
}

/// A trigger of someone's own looks to the guard like the ledger's: what cannot be refused is found.
#[tokio::test]
async fn a_balance_moved_from_inside_a_strangers_trigger_is_found() {
    let shop = a_shop_with_all_kinds_of_rows().await;
    let found = shop
        .problems_after(
            "CREATE TEMP TABLE mine (n int);
             CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE ledger.balance SET amount = amount + 5 WHERE account_id = 50; RETURN NEW; END $$;
             CREATE TRIGGER t BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.f();
             INSERT INTO mine VALUES (1)",
        )
        .await;
    assert_eq!(found, [BALANCE]);
}
