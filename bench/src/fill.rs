//! Fills a database as years of business would, by statements over whole sets. People stand in chains of three: of each the last one buys, the second
//! earns ₹28 on it, the first ₹9. The journal's rows go through its trigger as any other.

use crate::wrong;
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// Rows that one statement brings.
const BATCH: i64 = 20_000;

/// A code of eight letters for a number: no two the same, scattered as random ones are.
pub(crate) fn code_of(n: &str) -> String {
    let letter = |place: u32| format!("substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (({n}::bigint * 2654435761 >> {}) & 31)::int, 1)", 5 * place);
    (0..8).map(letter).collect::<Vec<_>>().join(" || ")
}

/// The SQL for who buys: the last of a chain.
pub(crate) fn buyer(chain: &str) -> String {
    format!("3 * (1 + {chain})")
}

/// Runs statements in one transaction, without the look-ups of foreign keys: what is filled in is whole.
pub(crate) async fn load(db: &DatabaseConnection, text: &str) -> Result<(), String> {
    db.execute_unprepared(&format!("BEGIN; SET LOCAL session_replication_role = replica; {text}; COMMIT"))
        .await
        .map_err(wrong)?;
    Ok(())
}

/// New people with these ids; `referrer` is SQL over their id `n`.
pub(crate) async fn people(db: &DatabaseConnection, first: i64, last: i64, referrer: &str) -> Result<(), String> {
    let code = code_of("n");
    let mut from = first;
    while from <= last {
        let to = last.min(from + 5 * BATCH - 1);
        load(
            db,
            &format!(
                "INSERT INTO users (id, telegram_id, name, code, referred_by, first_update_id, joined_at) OVERRIDING SYSTEM VALUE
                 SELECT n, 1000000 + n, 'Person ' || n, {code}, {referrer}, n, now() - interval '30 days' FROM generate_series({from}, {to}) n"
            ),
        )
        .await?;
        from = to + 1;
    }
    db.execute_unprepared("SELECT setval('users_id_seq', (SELECT max(id) FROM users))").await.map_err(wrong)?;
    Ok(())
}

/// New people in chains of three, ids from 1.
pub(crate) async fn chains(db: &DatabaseConnection, count: i64) -> Result<(), String> {
    people(db, 1, count, "CASE WHEN n % 3 <> 1 THEN n - 1 END").await
}

fn orders(from: i64, to: i64, step: i64, buyer: &str, columns: &str, values: &str) -> String {
    let code = code_of("n");
    format!(
        "INSERT INTO orders (id, code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, placed_at, expires_at, {columns})
         OVERRIDING SYSTEM VALUE
         SELECT n, {code}, {buyer}, 1, 'Combo OTT', 135, 42, 30, 10, 86400, now() - interval '3 hours', now() + interval '1 day', {values}
         FROM generate_series({from}::bigint, {to}, {step}) n;
         INSERT INTO order_item (order_id, n, plan_id, title, price, cost, period_days, delivered_at)
         SELECT o.id, 1, 1, 'Combo OTT', 135, 42, 30, o.delivered_at FROM generate_series({from}::bigint, {to}, {step}) n JOIN orders o ON o.id = n"
    )
}

fn payments(from: i64, to: i64, step: i64, columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO payment (id, order_id, user_id, method, amount, utr, key, submitted_at, {columns}) OVERRIDING SYSTEM VALUE
         SELECT n, n, o.buyer_id, 'upi', 135, lpad(n::text, 12, '0'), 'tg:' || n, o.placed_at, {values}
         FROM generate_series({from}::bigint, {to}, {step}) n JOIN orders o ON o.id = n;
         INSERT INTO utr (utr, order_id, claimed_at) SELECT lpad(n::text, 12, '0'), n, now() FROM generate_series({from}::bigint, {to}, {step}) n"
    )
}

/// Orders that wait for [`mela_core::payments::confirm`]; the payment of each has the order's id. `chain` is SQL over `n`.
pub(crate) async fn waiting(db: &DatabaseConnection, first: i64, last: i64, buyer: &str) -> Result<(), String> {
    let mut from = first;
    while from <= last {
        let to = last.min(from + BATCH - 1);
        let (orders, payments) = (orders(from, to, 1, buyer, "state", "'in_review'"), payments(from, to, 1, "state", "'submitted'"));
        load(db, &format!("{orders}; {payments}")).await?;
        from = to + 1;
    }
    settle(db).await
}

/// Sales of the past with everything that belongs to them. Each chain has one first; what is left goes to the first `busy` chains. By two connections
/// on chains of their own: both numbers of chains are even.
pub(crate) async fn sales(db: &DatabaseConnection, sales: i64, chains: i64, busy: i64) -> Result<(), String> {
    let (one, other) = tokio::join!(half(db, 1, sales, chains, busy), half(db, 2, sales, chains, busy));
    one.and(other)?;
    db.execute_unprepared(
        "UPDATE purse p SET next_release_at = c.next FROM (SELECT beneficiary_id, min(release_at) AS next FROM commission GROUP BY 1) c WHERE c.beneficiary_id = p.user_id",
    )
    .await
    .map_err(wrong)?;
    settle(db).await
}

async fn half(db: &DatabaseConnection, first: i64, sales: i64, chains: i64, busy: i64) -> Result<(), String> {
    let buyer = buyer(&format!("CASE WHEN n <= {chains} THEN n % {chains} ELSE (n * 7919) % {busy} END"));
    let mut from = first;
    while from <= sales {
        let to = sales.min(from + 2 * BATCH - 1);
        let orders = orders(
            from,
            to,
            2,
            &buyer,
            "state, paid_at, delivered_at",
            "'delivered', now() - interval '2 hours' + n * interval '1 millisecond', now()",
        );
        let payments = payments(from, to, 2, "state, decided_at, decided_by, decided_by_name", "'confirmed', o.paid_at, 9000, 'Meera'");
        let these = format!("FROM generate_series({from}::bigint, {to}, 2) n JOIN orders o ON o.id = n");
        load(
            db,
            &format!(
                "{orders}; {payments};
                 INSERT INTO subscription (order_id, user_id, plan_id, starts_at, ends_at) SELECT o.id, o.buyer_id, 1, o.paid_at, o.paid_at + interval '30 days' {these};
                 INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
                 SELECT o.id, l.level, o.buyer_id, o.buyer_id - l.level, l.amount, o.paid_at + interval '1 day', o.paid_at
                 {these} CROSS JOIN (VALUES (1, 28), (2, 9)) l (level, amount) ORDER BY o.id, l.level;
                 INSERT INTO ledger.journal (kind, key, occurred_at, actor, memo, upi_clearing, sales, cost_of_sales, commission, supplier, accounts, amounts)
                 SELECT 'order_paid', 'order:' || o.id || ':paid', o.paid_at, 'by:9000', 'O-' || o.code, 135, -135, 42, 37, -42,
                        ARRAY[(o.buyer_id - 2) * 32 + 17, (o.buyer_id - 1) * 32 + 17], '{{-9,-28}}' {these} ORDER BY o.id"
            ),
        )
        .await?;
        from += 2 * BATCH;
    }
    Ok(())
}

/// Numbers go on after those that were given by hand.
async fn settle(db: &DatabaseConnection) -> Result<(), String> {
    let text = "SELECT setval('orders_id_seq', (SELECT max(id) FROM orders)), setval('payment_id_seq', (SELECT max(id) FROM payment))";
    db.execute_unprepared(text).await.map_err(wrong)?;
    Ok(())
}

/// What the server would do by itself in a quiet hour.
pub(crate) async fn tidy(db: &DatabaseConnection) -> Result<(), String> {
    db.execute_unprepared("VACUUM (ANALYZE)").await.map_err(wrong)?;
    Ok(())
}
