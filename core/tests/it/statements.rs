//! What the books say when they are read: statements page by page, balances, the trial balance, the proof above a point.

use super::shop::{PLAN, Shop, admin, post, rupees};
use chrono::TimeDelta;
use mela_core::ledger::{self, AccountId, Entry, Own, Shop as Account};
use mela_core::money::Rupees;
use mela_core::refunds::To;
use mela_core::users::User;
use mela_core::{orders, treasury, withdrawals};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::collections::BTreeSet;

/// The whole statement of an account, in pages of so many lines.
async fn paged(shop: &Shop, account: AccountId, lines: u64) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let page = ledger::account_statement(shop.core.db(), account, all.last().map(|entry| entry.position), lines).await.unwrap();
        assert!(page.len() as u64 <= lines);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn follows(statement: &[Entry]) {
    for two in statement.windows(2) {
        let (later, earlier) = (&two[0], &two[1]);
        assert!(later.position > earlier.position);
        assert_eq!(later.balance_after, earlier.balance_after + later.amount, "{} after {}", later.key, earlier.key);
    }
    if let Some(first) = statement.last() {
        assert_eq!(first.balance_after, first.amount);
    }
}

async fn snapshot(shop: &Shop) {
    ledger::snapshot_at(shop.core.db(), ledger::settled(shop.core.db()).await.unwrap()).await.unwrap();
}

/// Sales, releases, a refund, a withdrawal that is paid and comes back, gateways; the shop's accounts are written down three times in between.
async fn a_busy_shop() -> (Shop, User, User) {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let (_, asha, bina) = shop.chain().await;
    let meera = admin("Meera");
    for round in 0..3 {
        for _ in 0..6 {
            let order = shop.sell(&bina).await;
            if round == 1 {
                shop.refund(&order, "50", &To::Wallet).await.unwrap();
            }
        }
        shop.holds_end();
        shop.release().await;
        snapshot(&shop).await;
        let asked = shop.asked(&asha, "20").await;
        withdrawals::approve(&shop.core, asked.id, &meera).await.unwrap();
        withdrawals::pay(&shop.core, asked.id, &meera, &format!("N12345678{round}")).await.unwrap();
        if round == 2 {
            withdrawals::come_back(&shop.core, asked.id, &meera, "closed").await.unwrap();
        }
        shop.settle_many(7).await;
    }
    shop.proof_is_empty().await;
    (shop, asha, bina)
}

#[tokio::test]
async fn every_page_size_gives_the_whole_statement_in_order_with_its_running_balance() {
    let (shop, asha, bina) = a_busy_shop().await;
    let mut accounts: Vec<AccountId> = Account::ALL.map(AccountId::from).to_vec();
    for person in [&asha, &bina] {
        accounts.extend(Own::ALL.map(|kind| AccountId::of(person.user_id(), kind)));
    }
    for account in accounts {
        let whole = paged(&shop, account, 1_000).await;
        follows(&whole);
        let entries = shop.count(&format!("SELECT count(*) FROM ledger.entry WHERE account_id = {}", account.number())).await;
        assert_eq!(whole.len() as i64, entries, "{}", account.kind());
        let balance = ledger::balance(shop.core.db(), account).await.unwrap();
        assert_eq!((balance.amount, balance.entries), (whole.first().map_or(Rupees::ZERO, |newest| newest.balance_after), entries));
        for lines in [1, 2, 7, entries.unsigned_abs().max(1)] {
            assert_eq!(paged(&shop, account, lines).await, whole, "{} by {lines}", account.kind());
        }
    }
    let newest = &ledger::account_statement(shop.core.db(), Account::Sales.into(), None, 1).await.unwrap()[0];
    assert_eq!((newest.movement.as_str(), newest.amount, newest.balance_after), ("order_paid", rupees("135"), rupees("2430")));
    let newest = &ledger::account_statement(shop.core.db(), AccountId::of(asha.user_id(), Own::Earned), None, 1).await.unwrap()[0];
    assert_eq!((newest.movement.as_str(), newest.amount), ("withdrawal_returned", rupees("20")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_statement_that_is_read_while_others_post_has_every_line_once() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for _ in 0..10 {
        shop.sell(&bina).await;
    }
    let posting: Vec<_> = (0..4)
        .map(|n| {
            let (shop, asha) = (shop.clone(), asha.clone());
            tokio::spawn(async move {
                for m in 0..30 {
                    shop.fill(&asha, "0", "1").await;
                    treasury::settle_gateway(&shop.core, &format!("setl_{n}_{m}"), rupees("5"), rupees("0")).await.unwrap();
                    if m % 10 == 0 {
                        snapshot(&shop).await;
                    }
                }
            })
        })
        .collect();
    let beside = shop.beside().await;
    for _ in 0..10 {
        let hers = paged(&beside, AccountId::of(asha.user_id(), Own::Earned), 3).await;
        follows(&hers);
        let there: BTreeSet<String> = beside.column("SELECT key::text FROM ledger.journal WHERE bank IS NOT NULL").await.into_iter().collect();
        let bank = paged(&beside, Account::Bank.into(), 3).await;
        assert!(bank.windows(2).all(|two| two[0].position > two[1].position));
        let keys: BTreeSet<String> = bank.into_iter().map(|entry| entry.key).collect();
        assert!(keys.is_superset(&there), "what was there when the reading began is read");
    }
    for task in posting {
        task.await.unwrap();
    }
    for account in [Account::Bank.into(), Account::Adjustment.into(), AccountId::of(asha.user_id(), Own::Earned)] {
        let whole = paged(&shop, account, 11).await;
        follows(&whole);
        assert_eq!(whole.len(), 120);
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_shop_accounts_balance_is_the_sum_of_its_entries_before_and_after_snapshots() {
    let (shop, _, bina) = a_busy_shop().await;
    for _ in 0..3 {
        for account in Account::ALL {
            let balance = ledger::balance(shop.core.db(), account.into()).await.unwrap();
            let wanted = format!(
                "SELECT concat_ws(' ', trim_scale(coalesce(sum(amount), 0)), count(*)) FROM ledger.entry WHERE account_id = {}",
                account as i64
            );
            let debit = matches!(account.class(), ledger::Class::Asset | ledger::Class::Expense | ledger::Class::Contra);
            let debits = if debit { balance.amount } else { -balance.amount };
            assert_eq!(format!("{} {}", debits.decimal().normalize(), balance.entries), shop.column(&wanted).await[0], "{}", account.kind());
        }
        let trial = ledger::trial_balance(shop.core.db()).await.unwrap();
        let counted = shop
            .column("SELECT format('%s %s %s', c.kind, trim_scale(sum(e.amount)), count(*)) FROM ledger.entry e JOIN ledger.chart c ON c.number = e.account_id % 32 GROUP BY c.number, c.kind ORDER BY c.number")
            .await;
        assert_eq!(
            trial.iter().map(|l| format!("{} {} {}", l.kind, l.amount.decimal().normalize(), l.entries)).collect::<Vec<_>>(),
            counted
        );
        // Before a snapshot, right after it, and with something behind it.
        snapshot(&shop).await;
        shop.sell(&bina).await;
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_trial_balance_of_any_time_is_what_was_posted_until_then() {
    let (shop, _, bina) = a_busy_shop().await;
    let end = shop.core.now();
    let sums = |trial: &[ledger::TrialLine]| trial.iter().map(|line| line.amount).sum::<Rupees>();
    for hours in [-72, -48, -24, -1, 0, 24] {
        let at = end + TimeDelta::hours(hours);
        let trial = ledger::trial_balance_at(shop.core.db(), at).await.unwrap();
        let counted = shop
            .column(&format!(
                "SELECT format('%s %s %s', c.kind, trim_scale(sum(e.amount)), count(*)) FROM ledger.entry e JOIN ledger.transaction t ON t.id = e.transaction_id
                 JOIN ledger.chart c ON c.number = e.account_id % 32 WHERE t.occurred_at <= '{}' GROUP BY c.number, c.kind ORDER BY c.number",
                at.to_rfc3339()
            ))
            .await;
        assert_eq!(
            trial.iter().map(|l| format!("{} {} {}", l.kind, l.amount.decimal().normalize(), l.entries)).collect::<Vec<_>>(),
            counted,
            "{at}"
        );
        assert_eq!(sums(&trial), Rupees::ZERO);
    }
    let now = ledger::trial_balance_at(shop.core.db(), end + TimeDelta::days(1)).await.unwrap();
    assert_eq!(now, ledger::trial_balance(shop.core.db()).await.unwrap());
    assert_eq!(ledger::trial_balance_at(shop.core.db(), end - TimeDelta::days(365)).await.unwrap(), []);
    // What comes later does not change what was.
    shop.advance(TimeDelta::hours(2));
    shop.sell(&bina).await;
    assert_eq!(ledger::trial_balance_at(shop.core.db(), end).await.unwrap(), now);
}

/// What is proved above a point is proved as in full: each falsehood in something that came after it is found.
#[tokio::test]
async fn a_falsehood_planted_after_a_point_is_found_above_it() {
    let (shop, asha, bina) = a_busy_shop().await;
    let point = shop.count("SELECT max(id) FROM ledger.journal").await;
    snapshot(&shop).await;
    let order = shop.sell(&bina).await;
    shop.asked(&asha, "20").await;
    let part = shop.order(&bina).await;
    shop.set_aside(&bina, &part, "60").await.unwrap();
    shop.refund(&order, "50", &To::Outside("bina@ybl".parse().unwrap())).await.unwrap();
    treasury::give_prize(&shop.core, asha.user_id(), rupees("5"), "best", &admin("Meera"), "prize:1").await.unwrap();
    assert_eq!(ledger::proof_since(shop.core.db(), point).await.unwrap(), []);
    shop.proof_is_empty().await;

    let hers = asha.id * 32;
    let asleep = |table: &str, statement: String| format!("ALTER TABLE ledger.{table} DISABLE TRIGGER ALL; {statement}");
    let mut unseen = Vec::new();
    for falsehood in [
        post("gateway_settled", "settlement:9999", &[(3, "5"), (2, "-5")]),
        post("prize_given", "prize:9999", &[(8, "5"), (hers + 16, "-5")]),
        post("order_paid", "order:9999:paid", &[(1, "5"), (4, "-5")]),
        post("withdrawal_paid", "withdrawal:1:settledtwice", &[(hers + 20, "20"), (3, "-20")]),
        post("commissions_released", "release:more", &[(hers + 17, "1"), (hers + 18, "-1")]),
        asleep("journal", format!("UPDATE ledger.journal SET sales = sales - 1 WHERE id > {point} AND kind = 'order_paid'")),
        asleep(
            "journal",
            format!("UPDATE ledger.journal SET sales = sales - 1, upi_clearing = upi_clearing + 1 WHERE id > {point} AND kind = 'order_paid'"),
        ),
        asleep(
            "journal",
            format!("UPDATE ledger.journal SET amounts = ARRAY[19, -19] WHERE id > {point} AND kind = 'withdrawal_asked'"),
        ),
        asleep("journal", format!("DELETE FROM ledger.journal WHERE id > {point} AND kind = 'prize_given'")),
        asleep(
            "line",
            format!("UPDATE ledger.line SET balance_after = balance_after + 1 WHERE transaction_id > {point} AND account_id = {hers} + 18"),
        ),
        asleep("line", format!("DELETE FROM ledger.line WHERE transaction_id > {point} AND account_id = {hers} + 18")),
        asleep("balance", format!("UPDATE ledger.balance SET amount = amount + 1 WHERE account_id = {hers} + 18")),
        format!("UPDATE commission SET amount = amount + 1 WHERE order_id = {}", order.id),
        format!("UPDATE orders SET price = price + 1 WHERE id = {}", order.id),
        format!("UPDATE orders SET from_earned = from_earned + 1 WHERE id = {}", part.id),
        "UPDATE withdrawal SET amount = amount + 1 WHERE state = 'asked'".to_owned(),
        "UPDATE refund SET amount = amount + 1, to_upi = to_upi + 1 WHERE state = 'to_send'".to_owned(),
        "UPDATE prize SET amount = amount + 1".to_owned(),
        format!("UPDATE prize SET user_id = {}", bina.id),
        format!("UPDATE purse SET next_release_at = NULL WHERE user_id = {}", asha.id),
    ] {
        let tx = shop.core.db().begin().await.unwrap();
        tx.execute_unprepared(&falsehood).await.unwrap_or_else(|e| panic!("{e}: {falsehood}"));
        if ledger::proof_since(&tx, point).await.unwrap().is_empty() {
            unseen.push(falsehood);
        }
        tx.rollback().await.unwrap();
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));

    // Above the end there is nothing to be wrong.
    let end = shop.count("SELECT max(id) FROM ledger.journal").await;
    assert_eq!(ledger::proof_since(shop.core.db(), end).await.unwrap(), []);
    orders::cancel(&shop.core, bina.user_id(), &part.code).await.unwrap();
    assert_eq!(orders::place(&shop.core, &bina, PLAN).await.unwrap().into_inner().refunded, Rupees::ZERO);
    assert_eq!(ledger::proof_since(shop.core.db(), end).await.unwrap(), []);
}

/// A release and the opening have no row beside the books: what they may be is told by their shape.
#[tokio::test]
async fn a_release_or_an_opening_that_is_none_is_found() {
    let (shop, asha, bina) = a_busy_shop().await;
    treasury::open_books(&shop.core, rupees("100"), &admin("Meera")).await.unwrap();
    shop.owes(&asha, 5).await;
    shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    shop.proof_is_empty().await;
    let (hers, his) = (asha.id * 32, bina.id * 32);
    let point = shop.count("SELECT max(id) FROM ledger.journal").await;
    let mut unseen = Vec::new();
    for forged in [
        post("commissions_released", "release:forged", &[(3, "100"), (hers + 18, "-100")]),
        post("commissions_released", "release:forged", &[(7, "5"), (hers + 18, "-5")]),
        post("commissions_released", "release:forged", &[(hers + 18, "5"), (his + 18, "-5")]),
        post("commissions_released", "release:forged", &[(hers + 16, "-5"), (hers + 18, "5")]),
        post("opened", "opening:again", &[(3, "100"), (15, "-100")]),
    ] {
        let tx = shop.core.db().begin().await.unwrap();
        tx.execute_unprepared(&forged).await.unwrap_or_else(|e| panic!("{e}: {forged}"));
        for after in [0, point] {
            if ledger::proof_since(&tx, after).await.unwrap().is_empty() {
                unseen.push(format!("above {after}: {forged}"));
            }
        }
        tx.rollback().await.unwrap();
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

/// Statements are read from whichever snapshot is nearest: an old one matters as much as the last.
#[tokio::test]
async fn an_old_snapshot_that_was_changed_is_found() {
    let (shop, _, _) = a_busy_shop().await;
    let points = shop.column("SELECT DISTINCT through::text FROM ledger.snapshot ORDER BY 1").await;
    assert_eq!(points.len(), 3);
    for point in points {
        for change in ["amount = amount + 1", "entries = entries + 1"] {
            let found = shop
                .problems_after(&format!(
                    "ALTER TABLE ledger.snapshot DISABLE TRIGGER ALL; UPDATE ledger.snapshot SET {change} WHERE account_id = 3 AND through = {point}"
                ))
                .await;
            assert_eq!(found, ["snapshot is not the sum of its entries"], "{change} at {point}");
        }
    }
}
