//! A shop that ran on the first two migrations is brought to the newest: its books say the same, and it goes on.

use super::shop::{Shop, admin, rupees};
use chrono::TimeDelta;
use mela_core::commissions::{self, CommissionState};
use mela_core::ledger::{self, AccountId, Own};
use mela_core::orders::{self, OrderState};
use mela_core::payments;
use mela_core::refunds::To;
use mela_core::users::{self, UserId};
use mela_core::withdrawals::{self, WithdrawalState};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use testkit::db::TestDb;

const BEFORE: [&str; 2] = [include_str!("../../../migration/src/sql/m0001_shop.sql"), include_str!("../../../migration/src/sql/m0002_ledger.sql")];

/// All that came after, in its order.
fn after() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migration/src/sql");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().unwrap().to_str().unwrap().starts_with("m0"));
    files.sort();
    files.iter().skip(BEFORE.len()).map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

async fn run(db: &DatabaseConnection, text: &str) {
    db.execute_unprepared(text).await.unwrap_or_else(|e| panic!("{e}: {}", &text[..text.len().min(300)]));
}

async fn column(db: &DatabaseConnection, text: &str) -> Vec<String> {
    let rows = db.query_all_raw(mela_core::db::sql(text, [])).await.unwrap_or_else(|e| panic!("{e}: {text}"));
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// A posting as the old program made it: one statement, transaction and entries. With an id, it and the entries' ids are the given ones.
async fn posted(db: &DatabaseConnection, kind: &str, key: &str, at: &str, ids: Option<(i64, i64)>, lines: &[(i64, &str)]) {
    let rows: Vec<_> = lines.iter().map(|(account, amount)| format!("({account}::bigint, {amount}::numeric)")).collect();
    let (overriding, id, first) = match ids {
        Some((id, first)) => ("OVERRIDING SYSTEM VALUE", id.to_string(), first.to_string()),
        None => ("", "0".to_owned(), "0".to_owned()),
    };
    let (column, of_transaction, of_entry) = if ids.is_some() {
        ("id, ", format!("{id}, "), format!("{first} + row_number() OVER (ORDER BY account), "))
    } else {
        ("", String::new(), String::new())
    };
    run(
        db,
        &format!(
            "WITH l (account, amount) AS (VALUES {}), t AS (
               INSERT INTO ledger.transaction ({column}kind, key, fingerprint, occurred_at, actor, memo) {overriding}
               SELECT {of_transaction}'{kind}', '{key}', ledger.fingerprint('{kind}', array_agg(account), array_agg(amount)), '{at}', 'by:9077', 'M-{key}' FROM l RETURNING id)
             INSERT INTO ledger.entry ({column}transaction_id, account_id, amount) {overriding}
             SELECT {of_entry}t.id, l.account, l.amount FROM t, l ORDER BY l.account",
            rows.join(", ")
        ),
    )
    .await;
}

const fn own(person: i64, kind: Own) -> i64 {
    person * 32 + kind as i64
}

/// Ravi (1) brought Asha (2), Asha brought Bina (3) and Dev (4). Everyone buys the plan for ₹135.
const PEOPLE: &str = "
INSERT INTO users (telegram_id, name, code, referred_by, first_update_id, joined_at) VALUES
  (11, 'Ravi', 'AAAAAAA1', NULL, 1, '2026-11-01'), (12, 'Asha', 'AAAAAAA2', 1, 2, '2026-11-01'), (13, 'Bina', 'AAAAAAA3', 2, 3, '2026-11-01'),
  (14, 'Dev', 'AAAAAAA4', 2, 4, '2026-11-01');
INSERT INTO plan (code, title, period_days, price, cost) VALUES ('combo-ott', 'Combo OTT Plan', 28, 135, 42);
UPDATE shop SET seeded_at = '2026-11-01'";

/// A sale at a time, its commissions in this state, released or to be released at that time.
async fn sold(db: &DatabaseConnection, order: i64, buyer: i64, at: &str, state: &str, release_at: &str, ids: Option<(i64, i64)>) {
    let utr = format!("{:012}", 632_500_000_000 + order);
    let released = if state == "released" { format!("'{release_at}'") } else { "NULL".to_owned() };
    run(
        db,
        &format!(
            "INSERT INTO orders (code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, state, placed_at, expires_at, paid_at)
             VALUES ('ORD{order}', {buyer}, 1, 'Combo OTT Plan', 135, 42, 30, 10, 86400, 'paid', '{at}', '{at}', '{at}');
             INSERT INTO utr VALUES ('{utr}', {order}, '{at}');
             INSERT INTO payment (order_id, method, amount, utr, state, key, submitted_at, decided_at, decided_by, decided_by_name)
             VALUES ({order}, 'upi', 135, '{utr}', 'confirmed', 'old:{order}', '{at}', '{at}', 9077, 'Meera');
             INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, state, release_at, released_at, created_at) VALUES
             ({order}, 1, {buyer}, 2, 28, '{state}', '{release_at}', {released}, '{at}'), ({order}, 2, {buyer}, 1, 9, '{state}', '{release_at}', {released}, '{at}')"
        ),
    )
    .await;
    let lines = [(1, "135"), (4, "-135"), (6, "42"), (7, "37"), (11, "-42"), (own(1, Own::Held), "-9"), (own(2, Own::Held), "-28")];
    posted(db, "order_paid", &format!("order:{order}:paid"), at, ids, &lines).await;
}

async fn released(db: &DatabaseConnection, batch: i64, at: &str, sales: i64) {
    let (nine, twenty_eight) = ((9 * sales).to_string(), (28 * sales).to_string());
    let lines = [
        (own(1, Own::Held), nine.clone()),
        (own(1, Own::Earned), format!("-{nine}")),
        (own(2, Own::Held), twenty_eight.clone()),
        (own(2, Own::Earned), format!("-{twenty_eight}")),
    ];
    let lines: Vec<_> = lines.iter().map(|(account, amount)| (*account, amount.as_str())).collect();
    posted(db, "commissions_released", &format!("release:{batch}"), at, None, &lines).await;
}

async fn withdrawal(db: &DatabaseConnection, id: i64, amount: &str, state: &str) {
    let (settled, utr, reason) = match state {
        "paid" => ("'2026-11-18', 9077, 'Meera'", format!("'N12345678{id}'"), "NULL"),
        "rejected" => ("'2026-11-18', 9077, 'Meera'", "NULL".to_owned(), "'no'"),
        _ => ("NULL, NULL, NULL", "NULL".to_owned(), "NULL"),
    };
    run(
        db,
        &format!(
            "INSERT INTO withdrawal (code, user_id, vpa, amount, state, key, asked_at, settled_at, settled_by, settled_by_name, payout_utr, reason)
             VALUES ('WDR{id}', 2, 'asha@ybl', {amount}, '{state}', 'draft:{id}', '2026-11-18', {settled}, {utr}, {reason})"
        ),
    )
    .await;
    let (earned, withdrawing) = (own(2, Own::Earned), own(2, Own::Withdrawing));
    let credited = format!("-{amount}");
    posted(
        db,
        "withdrawal_asked",
        &format!("withdrawal:{id}:asked"),
        "2026-11-18",
        None,
        &[(earned, amount), (withdrawing, &credited)],
    )
    .await;
    let key = format!("withdrawal:{id}:settled");
    match state {
        "paid" => posted(db, "withdrawal_paid", &key, "2026-11-18", None, &[(withdrawing, amount), (3, &credited)]).await,
        "rejected" => posted(db, "withdrawal_refused", &key, "2026-11-18", None, &[(withdrawing, amount), (earned, &credited)]).await,
        _ => {}
    }
}

/// Orders 1 and 2 are sold and released; 3 is on hold until noon of the 22nd; 4 was due before 2 was released, and its turn had not come; 5 and 6 were paid at
/// once, 6 first, though 5 had its numbers first; 7 is being checked, 8 expired after a rejected proof, 9 awaits its payment.
async fn an_old_shop() -> TestDb {
    let test = TestDb::empty().await;
    let db = test.connect().await;
    for text in BEFORE.into_iter().chain([PEOPLE]) {
        run(&db, text).await;
    }
    sold(&db, 1, 3, "2026-11-10 06:30Z", "released", "2026-11-11 06:30Z", None).await;
    released(&db, 1, "2026-11-11 06:31Z", 1).await;
    sold(&db, 2, 4, "2026-11-12 06:30Z", "released", "2026-11-15 06:30Z", None).await;
    sold(&db, 3, 3, "2026-11-20 06:30Z", "held", "2026-11-22 06:30Z", None).await;
    sold(&db, 4, 4, "2026-11-13 06:30Z", "held", "2026-11-14 06:30Z", None).await;
    released(&db, 3, "2026-11-15 06:31Z", 1).await;
    withdrawal(&db, 1, "20", "paid").await;
    withdrawal(&db, 2, "6.50", "asked").await;
    withdrawal(&db, 3, "5", "rejected").await;
    // What two at once leave: the later number was first at the balances.
    run(&db, "ALTER SEQUENCE orders_id_seq RESTART WITH 6").await;
    sold(&db, 6, 4, "2026-11-20 07:00Z", "held", "2026-11-22 07:00Z", Some((51, 520))).await;
    run(&db, "ALTER SEQUENCE orders_id_seq RESTART WITH 5").await;
    sold(&db, 5, 3, "2026-11-20 07:00Z", "held", "2026-11-22 07:00Z", Some((50, 500))).await;
    run(
        &db,
        "ALTER SEQUENCE orders_id_seq RESTART WITH 7;
         INSERT INTO orders (code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, state, placed_at, expires_at)
         SELECT 'ORD' || n, 3, 1, 'Combo OTT Plan', 135, 42, 30, 10, 86400, (ARRAY['in_review', 'expired', 'awaiting_payment'])[n - 6],
                '2026-11-21 06:15Z', '2026-11-21 06:45Z' FROM generate_series(7, 9) n;
         INSERT INTO utr VALUES ('632500000007', 7, '2026-11-21'), ('632500000008', 8, '2026-11-21');
         INSERT INTO payment (order_id, method, amount, utr, state, key, submitted_at, decided_at, decided_by, decided_by_name, reason) VALUES
         (7, 'upi', 135, '632500000007', 'submitted', 'old:7', '2026-11-21', NULL, NULL, NULL, NULL),
         (8, 'upi', 135, '632500000008', 'rejected', 'old:8', '2026-11-21', '2026-11-21', 9077, 'Meera', 'not found');
         INSERT INTO notification (user_id, kind, args, dedupe_key, created_at, not_before, sent_at) VALUES
         (3, 'payment-approved', '{\"order\": 1}', 'approved:1', '2026-11-10', '2026-11-10', '2026-11-10'), (2, 'x', '{}', NULL, '2026-11-10', '2026-11-10', NULL)",
    )
    .await;
    db.close().await.unwrap();
    test
}

/// What the books said by their old names; the new ones are views of the same names.
async fn said(db: &DatabaseConnection) -> Vec<String> {
    let mut all = Vec::new();
    for text in [
        "SELECT format('%s %s %s', kind, trim_scale(amount), entries) FROM ledger.trial_balance",
        "SELECT format('%s %s at %s', account_id, trim_scale(amount), seq) FROM ledger.balance WHERE seq > 0 ORDER BY account_id",
        "SELECT format('%s %s %s %s %s %s %s %s', t.id, t.kind, t.key, t.occurred_at, t.actor, t.memo, t.reverses, encode(t.fingerprint, 'hex')) FROM ledger.transaction t ORDER BY id",
        "SELECT format('%s %s %s', transaction_id, account_id, trim_scale(amount)) FROM ledger.entry ORDER BY transaction_id, account_id",
        "SELECT format('%s: %s. %s %s', account_id, seq, trim_scale(amount), trim_scale(balance_after)) FROM ledger.entry WHERE seq IS NOT NULL ORDER BY account_id, seq",
        "SELECT format('%s %s %s', id, owner_id, kind) FROM ledger.account ORDER BY id",
        "SELECT problem FROM ledger.proof",
    ] {
        all.extend(column(db, text).await);
    }
    all
}

async fn migrate(test: &TestDb) {
    let db = test.connect().await;
    for text in after() {
        run(&db, &text).await;
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn the_books_say_the_same_after_the_upgrade_and_the_shop_goes_on() {
    let test = an_old_shop().await;
    let db = test.connect().await;
    let (before, states) = (said(&db).await, column(&db, "SELECT state FROM commission ORDER BY id").await);
    assert_eq!(column(&db, "SELECT problem FROM ledger.proof").await, Vec::<String>::new());
    let turned =
        "SELECT a.account_id::text FROM ledger.entry a JOIN ledger.entry b USING (account_id) WHERE a.id < b.id AND a.seq > b.seq ORDER BY 1";
    assert_eq!(column(&db, turned).await, [own(1, Own::Held).to_string(), own(2, Own::Held).to_string()], "numbers and places differ");
    db.close().await.unwrap();
    migrate(&test).await;

    let shop = Shop::over(test, &[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    assert_eq!(said(shop.core.db()).await, before);
    assert_eq!(shop.column("SELECT state FROM commission_now ORDER BY id").await, states);
    assert_eq!(shop.column(turned).await, Vec::<String>::new(), "lines ascend as they were posted");
    shop.proof_is_empty().await;
    let [ravi, asha, bina, _] = &[1, 2, 3, 4].map(UserId)[..] else {
        unreachable!()
    };
    let (ravi, asha, bina) = (
        users::get(shop.core.db(), *ravi).await.unwrap(),
        users::get(shop.core.db(), *asha).await.unwrap(),
        users::get(shop.core.db(), *bina).await.unwrap(),
    );
    assert_eq!(shop.has(&asha).await, "held 112, earned 29.5, withdrawing 6.5");
    assert_eq!(shop.has(&ravi).await, "held 36, earned 18");
    let statement = ledger::account_statement(shop.core.db(), AccountId::of(asha.user_id(), Own::Held), None, 10).await.unwrap();
    let told: Vec<_> = statement.iter().map(|line| format!("{} {} {}", line.key, line.amount, line.balance_after)).collect();
    assert_eq!(told[..3], ["order:5:paid ₹28 ₹112", "order:6:paid ₹28 ₹84", "release:3 −₹28 ₹56"], "in the order of posting");
    let lines = ledger::statement(shop.core.db(), asha.user_id(), None, 100).await.unwrap();
    assert_eq!(lines.len(), 19);
    assert_eq!(shop.count("SELECT count(*) FROM subscription WHERE ends_at = starts_at + interval '28 days'").await, 6);
    assert_eq!(shop.count("SELECT count(*) FROM payment p JOIN orders o ON o.id = p.order_id WHERE p.user_id = o.buyer_id").await, 8);

    // The one that was due long ago goes now, the others at their time and not a moment before.
    assert_eq!(shop.core.now().to_rfc3339(), "2026-11-21T06:30:00+00:00");
    let late = shop.release().await;
    assert_eq!((late.commissions, late.amount), (2, rupees("37")));
    assert_eq!(shop.has(&asha).await, "held 84, earned 57.5, withdrawing 6.5");
    shop.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
    assert_eq!(shop.release().await.commissions, 0);
    shop.advance(TimeDelta::milliseconds(1));
    assert_eq!(shop.release().await.commissions, 2, "order 3");
    shop.proof_is_empty().await;
    shop.advance(TimeDelta::minutes(30));
    assert_eq!(shop.release().await.commissions, 4, "orders 5 and 6");
    assert_eq!(shop.has(&ravi).await, "earned 54");
    assert_eq!(shop.release().await.commissions, 0);
    shop.proof_is_empty().await;
    goes_on(&shop, &asha, &bina).await;
}

/// What was begun by the old program is ended by the new one.
async fn goes_on(shop: &Shop, asha: &users::User, bina: &users::User) {
    let (core, meera) = (&shop.core, admin("Meera"));
    let [waiting] = &payments::waiting(core.db(), 10).await.unwrap()[..] else {
        panic!("order 7's proof waits")
    };
    shop.approve(waiting).await;
    assert_eq!(orders::expire_due(core, 10).await.unwrap(), 1, "order 9");
    let again = orders::get(core.db(), 8).await.unwrap();
    let used = shop.prove(bina, &again, "632500000007").await;
    assert!(matches!(used, Err(payments::PaymentError::UtrUsed(_))), "{used:?}");
    shop.approve(&shop.prove(bina, &again, "632500000008").await.unwrap().into_inner()).await;
    withdrawals::approve(core, 2, &meera).await.unwrap();
    assert!(withdrawals::pay(core, 2, &meera, "N123456781").await.is_err(), "that reference was used before");
    withdrawals::pay(core, 2, &meera, "N123456782").await.unwrap();
    withdrawals::come_back(core, 1, &meera, "closed").await.unwrap();
    assert_eq!(withdrawals::get(core.db(), 1).await.unwrap().state, WithdrawalState::Returned);
    shop.proof_is_empty().await;

    let [first, second] = &commissions::of_order(core.db(), 1).await.unwrap()[..] else {
        panic!("two levels")
    };
    assert_eq!((first.state, second.state), (CommissionState::Released, CommissionState::Released));
    commissions::cancel(core, first.id, &meera, "herself").await.unwrap();
    let order = orders::get(core.db(), 1).await.unwrap();
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert_eq!(shop.has(bina).await, "credit 135");
    let next = shop.order(bina).await;
    assert!(next.id > 9 && next.state == OrderState::AwaitingPayment);
    shop.pay_from_wallet(bina, &next).await.unwrap();
    shop.holds_end();
    shop.release().await;
    // Six sales of seven by now, less what was paid and cancelled, and what came back.
    assert_eq!(shop.has(asha).await, "earned 217.5");
    assert!(shop.count("SELECT min(id) FROM ledger.journal WHERE key LIKE 'order:%' AND occurred_at > '2026-11-21'").await > 51);
    ledger::seal(core.db(), core.now()).await.unwrap();
    assert!(matches!(ledger::verify(core.db(), |_, _| {}).await.unwrap(), ledger::Verdict::Intact { .. }));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_shop_that_sold_nothing_is_upgraded_too() {
    let test = TestDb::empty().await;
    let db = test.connect().await;
    for text in BEFORE {
        run(&db, text).await;
    }
    db.close().await.unwrap();
    migrate(&test).await;
    let shop = Shop::over(test, &[]).await;
    mela_core::shop::seed(&shop.core).await.unwrap();
    let (_, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    assert_eq!(shop.has(&asha).await, "held 28");
    assert_eq!(shop.count("SELECT min(id) FROM ledger.journal").await, 1);
    shop.proof_is_empty().await;
}

/// The old program never cancelled a commission; a hand with a SQL prompt may have. What was wrong before is wrong after, and named.
#[tokio::test]
async fn what_a_hand_cancelled_before_is_named_by_the_proof_after() {
    let test = an_old_shop().await;
    let db = test.connect().await;
    run(&db, "UPDATE commission SET state = 'cancelled', reversed = amount WHERE order_id = 3 AND level = 1").await;
    assert_eq!(column(&db, "SELECT problem FROM ledger.proof").await, ["held is not the held commissions"]);
    db.close().await.unwrap();
    migrate(&test).await;
    let shop = Shop::over(test, &[]).await;
    let problems: Vec<_> = ledger::proof(shop.core.db()).await.unwrap().into_iter().map(|p| format!("{}: {}", p.problem, p.subject)).collect();
    assert_eq!(problems, ["held is not the held commissions: 2", "no transaction for it: commission:5:cancelled"]);
}

/// An order had one plan and one slot before its units were rows.
#[tokio::test]
async fn what_was_delivered_from_stock_keeps_its_slot_and_what_was_given_back_stays_ended() {
    let test = TestDb::empty().await;
    let db = test.connect().await;
    let (before, rest) = after().into_iter().enumerate().partition::<Vec<_>, _>(|(n, _)| n + BEFORE.len() < 8);
    for text in BEFORE.into_iter().map(str::to_owned).chain(before.into_iter().map(|(_, text)| text)) {
        run(&db, &text).await;
    }
    run(
        &db,
        "INSERT INTO plan (code, title, period_days, price, cost, delivery) VALUES ('combo-ott', 'Combo OTT Plan', 28, 135, 42, 'from_stock');
         INSERT INTO users (telegram_id, name, code, first_update_id, joined_at) VALUES (13, 'Bina', 'AAAAAAA3', 1, '2026-11-01');
         INSERT INTO orders (code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, period_days, state, placed_at, expires_at, paid_at, delivered_at)
         SELECT 'AAAAAA' || n, 1, 1, 'Combo OTT Plan', 135, 42, 30, 10, 86400, 28, state, '2026-11-20', '2026-11-21', '2026-11-20', CASE state WHEN 'delivered' THEN timestamptz '2026-11-20' END
         FROM (VALUES (11, 'delivered'), (12, 'delivered'), (13, 'awaiting_stock')) o (n, state);
         INSERT INTO credential (plan_id, key_id, nonce, sealed, mark, slots, loaded_at, loaded_by) VALUES (1, 'k', decode(repeat('00', 24), 'hex'), 's', 'm', 3, '2026-11-19', 1);
         INSERT INTO slot (credential_id, plan_id, order_id, claimed_at, retired_at) VALUES (1, 1, 1, '2026-11-20', NULL), (1, 1, 2, '2026-11-20', '2026-11-20');
         INSERT INTO subscription (order_id, user_id, plan_id, starts_at, ends_at, ended_at, end_reason)
         SELECT id, 1, 1, '2026-11-20', '2026-12-18', CASE id WHEN 2 THEN timestamptz '2026-11-20' END, CASE id WHEN 2 THEN 'slow' END FROM orders",
    )
    .await;
    for (_, text) in rest {
        run(&db, &text).await;
    }
    let units = "SELECT concat_ws(' ', order_id, n, plan_id, title, price, cost, period_days, delivered_at IS NOT NULL, slot_id) FROM order_item ORDER BY order_id";
    let wanted = ["1 1 1 Combo OTT Plan 135 42 28 t 1", "2 1 1 Combo OTT Plan 135 42 28 t 2", "3 1 1 Combo OTT Plan 135 42 28 f"];
    assert_eq!(column(&db, units).await, wanted);
    let given = "SELECT concat_ws(' ', order_id, item, renewals, end_reason) FROM subscription ORDER BY order_id";
    assert_eq!(column(&db, given).await, ["1 1 0", "2 1 0 slow", "3 1 0"]);
    db.close().await.unwrap();
    let shop = Shop::over(test, &[]).await;
    let waits = orders::undelivered(shop.core.db(), 10).await.unwrap();
    assert_eq!(waits.iter().map(|order| order.id).collect::<Vec<_>>(), [3]);
    run(shop.core.db(), "INSERT INTO slot (credential_id, plan_id) VALUES (1, 1)").await;
    assert_eq!(mela_core::credentials::serve_waiting(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(column(shop.core.db(), units).await[2], "3 1 1 Combo OTT Plan 135 42 28 t 3");
}
