//! The proof is not empty by habit: with the guards put to sleep, each kind of falsehood is found.

use super::shop::{Shop, admin};
use mela_core::{ledger, withdrawals};

/// Statements that a superuser runs with a table's triggers off.
fn asleep(table: &str, statements: &str) -> String {
    format!("ALTER TABLE {table} DISABLE TRIGGER ALL; {statements}")
}

/// Order 1 is Bina's first, 37 her last; order 38 awaits its payment; Asha's withdrawal 1 is asked for, 2 is paid, ₹28 are on hold.
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
    ledger::snapshot_at(shop.core.db(), ledger::settled(shop.core.db()).await.unwrap()).await.unwrap();
    ledger::seal(shop.core.db(), shop.core.now()).await.unwrap();
    shop.proof_is_empty().await;
    shop
}

const UNBALANCED: &str = "unbalanced transaction";
const ENTRIES: &str = "entries are not those of the transaction";
const BALANCE: &str = "balance is not the sum of its entries";
const FOLLOW: &str = "entry does not follow the one before";
const HELD: &str = "held is not the held commissions";
const ENDLESS: &str = "a hold would not end";
const WITHDRAWING: &str = "withdrawing is not the open withdrawals";
const RESERVED: &str = "reserved is not what orders set aside";
const REFUNDING: &str = "refunding is not the refunds to be sent";
const NO_TRANSACTION: &str = "no transaction for it";
const NO_ROW: &str = "transaction without its business row";
const OTHER_KIND: &str = "transaction of another kind";
const ORDER: &str = "order and its transaction differ";
const DIFFER: &str = "transaction and its business row differ";
const PAYMENT: &str = "paid order and its payment differ";
const REFUNDS: &str = "refunds of the order differ";
const CREDIT: &str = "bank credit is not what was assigned of it";
const SNAPSHOT: &str = "snapshot is not the sum of its entries";
const SEAL: &str = "seal does not verify";

#[tokio::test]
async fn each_kind_of_falsehood_is_found() {
    let shop = a_shop_with_all_kinds_of_rows().await;
    let release = "(SELECT min(id) FROM ledger.journal WHERE kind = 'commissions_released')";
    let journal = |statements: &str| asleep("ledger.journal", statements);
    let line = |statements: &str| asleep("ledger.line", statements);
    let cases: Vec<(String, &[&str])> = vec![
        (journal("UPDATE ledger.journal SET upi_clearing = upi_clearing + 1 WHERE id = 1"), &[UNBALANCED]),
        (journal("UPDATE ledger.journal SET upi_clearing = upi_clearing + 1, sales = sales - 1 WHERE id = 1"), &[ORDER, DIFFER]),
        (journal("UPDATE ledger.journal SET amounts = ARRAY[-29] WHERE id = 1"), &[UNBALANCED, ENTRIES]),
        (line("UPDATE ledger.line SET amount = amount - 1 WHERE account_id = 49 AND transaction_id = 1"), &[FOLLOW, ENTRIES]),
        (line("UPDATE ledger.line SET seq = seq + 1 WHERE account_id = 49 AND seq = 18"), &[FOLLOW]),
        (line("UPDATE ledger.line SET balance_after = balance_after + 1 WHERE account_id = 49 AND seq = 3"), &[FOLLOW]),
        (line("DELETE FROM ledger.line WHERE account_id = 49 AND seq = 18"), &[FOLLOW, ENTRIES]),
        (line("DELETE FROM ledger.line WHERE account_id = 52"), &[BALANCE, ENTRIES]),
        (line("INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after) VALUES (54, 999, 1, 5, 5)"), &[BALANCE, ENTRIES]),
        (asleep("ledger.balance", "UPDATE ledger.balance SET amount = amount + 1 WHERE account_id = 50"), &[BALANCE]),
        (asleep("ledger.balance", "UPDATE ledger.balance SET seq = seq + 1 WHERE account_id = 50"), &[BALANCE]),
        (asleep("ledger.balance", "DELETE FROM ledger.balance WHERE account_id = 50"), &[BALANCE]),
        (asleep("ledger.balance", "INSERT INTO ledger.balance VALUES (54, 5, 0)"), &[BALANCE]),
        (journal("DELETE FROM ledger.journal WHERE id = 1"), &[NO_TRANSACTION, ENTRIES]),
        (journal(&format!("DELETE FROM ledger.journal WHERE id = {release}")), &[ENTRIES]),
        (
            journal(&format!(
                "ALTER TABLE ledger.line DISABLE TRIGGER ALL; DELETE FROM ledger.line WHERE transaction_id = {release}; DELETE FROM ledger.journal WHERE id = {release}"
            )),
            &[FOLLOW, SEAL],
        ),
        (journal("UPDATE ledger.journal SET key = 'order:999:paid' WHERE id = 1"), &[NO_TRANSACTION, NO_ROW]),
        (journal("UPDATE ledger.journal SET kind = 'withdrawal_asked' WHERE id = 1"), &[OTHER_KIND]),
        (journal("UPDATE ledger.journal SET memo = 'other' WHERE id = 1"), &[SEAL]),
        (asleep("ledger.snapshot", "UPDATE ledger.snapshot SET amount = amount + 1 WHERE account_id = 3"), &[SNAPSHOT]),
        (asleep("ledger.seal", "UPDATE ledger.seal SET digest = sha256('x')"), &[SEAL]),
        ("UPDATE commission SET amount = amount + 1 WHERE order_id = 37".into(), &[HELD, ORDER, DIFFER]),
        ("UPDATE commission SET amount = amount + 1 WHERE order_id = 1".into(), &[ORDER, DIFFER]),
        ("UPDATE commission SET beneficiary_id = 3 WHERE order_id = 1".into(), &[ORDER]),
        ("UPDATE commission SET release_at = '2030-01-01' WHERE order_id = 1".into(), &[HELD]),
        ("UPDATE purse SET released_through = '2030-01-01' WHERE user_id = 1".into(), &[HELD]),
        ("UPDATE purse SET next_release_at = NULL WHERE user_id = 1".into(), &[ENDLESS]),
        ("UPDATE commission SET cancelled_at = '2026-01-01', reversed = amount WHERE order_id = 1".into(), &[NO_TRANSACTION]),
        ("DELETE FROM commission WHERE order_id = 1".into(), &[ORDER, DIFFER]),
        ("UPDATE withdrawal SET state = 'rejected', reason = 'x' WHERE id = 1".into(), &[WITHDRAWING, NO_TRANSACTION]),
        ("UPDATE withdrawal SET state = 'failed', reason = 'x', payout_utr = NULL WHERE id = 2".into(), &[OTHER_KIND]),
        ("UPDATE withdrawal SET state = 'approved', payout_utr = NULL WHERE id = 2".into(), &[WITHDRAWING, NO_ROW]),
        ("UPDATE withdrawal SET state = 'returned', returned_at = now(), reason = 'x' WHERE id = 2".into(), &[NO_TRANSACTION]),
        ("UPDATE withdrawal SET amount = amount + 1 WHERE id = 1".into(), &[WITHDRAWING, DIFFER]),
        ("UPDATE withdrawal SET amount = amount + 1 WHERE id = 2".into(), &[DIFFER]),
        ("UPDATE withdrawal SET user_id = 3 WHERE id = 2".into(), &[DIFFER]),
        ("DELETE FROM withdrawal WHERE id = 2".into(), &[NO_ROW]),
        (
            "UPDATE orders SET state = 'paid', paid_at = placed_at WHERE state = 'awaiting_payment'".into(),
            &[NO_TRANSACTION, PAYMENT],
        ),
        ("UPDATE orders SET state = 'expired', paid_at = NULL WHERE id = 1".into(), &[NO_ROW, PAYMENT]),
        ("UPDATE orders SET from_credit = 5, reserved_at = placed_at WHERE state = 'awaiting_payment'".into(), &[RESERVED, NO_TRANSACTION]),
        ("UPDATE orders SET cost = cost + 1 WHERE id = 1".into(), &[ORDER, DIFFER]),
        ("UPDATE orders SET price = price + 1 WHERE id = 1".into(), &[ORDER, DIFFER, PAYMENT]),
        ("UPDATE orders SET refunded = 5 WHERE id = 1".into(), &[REFUNDS]),
        ("UPDATE payment SET amount = amount + 1 WHERE order_id = 1".into(), &[PAYMENT]),
        ("UPDATE payment SET state = 'rejected', reason = 'x' WHERE order_id = 1".into(), &[PAYMENT]),
        (
            "INSERT INTO refund (code, order_id, user_id, amount, to_credit, to_earned, to_gateway, to_upi, reversed, vpa, reason, state, key, made_at, made_by)
             VALUES ('X', 1, 2, 5, 0, 0, 0, 5, 0, 'a@b', 'x', 'to_send', 'x', now(), 1)"
                .into(),
            &[REFUNDING, REFUNDS, NO_TRANSACTION],
        ),
        ("INSERT INTO bank_credit (bank_ref, amount, assigned, seen_at) VALUES ('X', 5, 5, now())".into(), &[CREDIT, NO_TRANSACTION]),
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
