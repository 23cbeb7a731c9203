//! The tree of who brought whom: what it shows, what it costs, and that it follows sales and refunds.

use super::shop::{Shop, admin, rupees};
use mela_core::db::{Applied, sql};
use mela_core::payments;
use mela_core::referrals::tree::{self, Beside, PAGE, Tree};
use mela_core::refunds::To;
use mela_core::users::{self, User, UserId};
use sea_orm::{ConnectionTrait, Statement};

async fn page(shop: &Shop, person: &User, beside: Beside) -> Tree {
    tree::page(shop.core.db(), person, beside).await.unwrap()
}

/// Friends as `Name spent friends`, theirs behind them in brackets.
fn shown(tree: &Tree) -> Vec<String> {
    let one = |node: &tree::Node| format!("{} {} {}", node.name, node.spent, node.friends);
    let all = |nodes: &[tree::Node]| nodes.iter().map(one).collect::<Vec<_>>().join(", ");
    tree.branches.iter().map(|b| format!("{} [{}]", one(&b.friend), all(&b.theirs))).collect()
}

async fn file(shop: &Shop, person: &User, lines: u64) -> (u64, String) {
    let mut bytes = Vec::new();
    let written = tree::csv(shop.core.db(), person, lines, &mut bytes).await.unwrap();
    (written, String::from_utf8(bytes).unwrap())
}

#[tokio::test]
async fn both_levels_and_who_brought_them() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let chand = shop.arrive("Chand", Some(&asha)).await;
    let dev = shop.arrive("Dev", Some(&bina)).await;
    let nobody = shop.arrive("Eka", None).await;
    shop.sell(&bina).await;
    let bought = shop.sell(&chand).await;
    shop.sell(&chand).await;
    shop.sell(&dev).await;

    let tree = page(&shop, &asha, Beside::Top).await;
    assert_eq!(shown(&tree), ["Chand ₹270 0 []", "Bina ₹135 1 [Dev ₹135 0]"]);
    assert_eq!((tree.root.friends, tree.root.theirs, tree.root.spent), (2, 1, rupees("0")));
    assert_eq!(tree.inviter.as_ref().map(|n| n.id), Some(ravi.id));
    assert!(!tree.larger && !tree.smaller);
    let tree = page(&shop, &ravi, Beside::Top).await;
    assert_eq!((tree.root.friends, tree.root.theirs), (1, 2));
    assert_eq!(shown(&tree), ["Asha ₹0 2 [Chand ₹270 0, Bina ₹135 1]"], "two levels, no third");
    let tree = page(&shop, &nobody, Beside::Top).await;
    assert_eq!((shown(&tree).len(), tree.inviter, tree.root.friends), (0, None, 0));

    // What is given back is not spent; a part, then all of it, and no less than nothing.
    shop.refund(&bought, "35", &To::Wallet).await.unwrap();
    assert_eq!(shown(&page(&shop, &asha, Beside::Top).await)[0], "Chand ₹235 0 []");
    shop.refund(&bought, "100", &To::Wallet).await.unwrap();
    assert_eq!(shown(&page(&shop, &asha, Beside::Top).await), ["Chand ₹135 0 []", "Bina ₹135 1 [Dev ₹135 0]"], "of equals the newest");
    // From the wallet is spending, to fill it is none.
    let order = shop.order(&bina).await;
    shop.fill(&bina, "135", "0").await;
    shop.pay_from_wallet(&bina, &order).await.unwrap();
    assert_eq!(shown(&page(&shop, &asha, Beside::Top).await)[0], "Bina ₹270 1 [Dev ₹135 0]");

    let (written, text) = file(&shop, &asha, 100).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((written, lines.len()), (3, 4));
    assert!(
        lines[0]
            .trim_start_matches('\u{feff}')
            .starts_with("level,telegram_id,name,username,code,brought_by,joined,spent,friends")
    );
    assert!(lines[1].starts_with(&format!("1,{},Bina,,", bina.telegram_id)) && lines[1].ends_with(",270.00,1,0,false"), "{text}");
    assert!(
        lines[2].starts_with(&format!("2,{},Dev,,", dev.telegram_id)) && lines[2].contains(&format!(",{},", bina.telegram_id)),
        "{text}"
    );
    assert!(lines[3].starts_with(&format!("1,{},Chand,,", chand.telegram_id)), "{text}");
    assert_eq!(file(&shop, &asha, 2).await.0, 2, "no more than asked for");
    assert_eq!(file(&shop, &nobody, 2).await.1.lines().count(), 1, "the header alone");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_name_is_no_formula_in_the_file() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for name in ["=HYPERLINK(\"http://x\",\"y\")", "+91 98", "-1", "@SUM(A1)", "a,b\"c"] {
        shop.arrive(name, Some(&asha)).await;
    }
    let (_, text) = file(&shop, &asha, 100).await;
    let mut names: Vec<String> =
        text.trim_start_matches('\u{feff}').lines().skip(1).map(|line| line.splitn(3, ',').nth(2).unwrap().to_owned()).collect();
    names.sort();
    assert!(names[0].starts_with("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\","), "{names:#?}");
    assert!(names[1].starts_with("\"a,b\"\"c\","), "{names:#?}");
    assert!(names[2].starts_with("'+91 98,") && names[3].starts_with("'-1,") && names[4].starts_with("'@SUM(A1),"), "{names:#?}");
}

/// Asha with so many friends, of whom every tenth has spent something; the first has friends, too.
async fn crowd(shop: &Shop, friends: i64) -> User {
    let asha = shop.arrive("Asha", None).await;
    let people = |ids: &str, referrer: i64, from: i64| {
        format!(
            "INSERT INTO users (telegram_id, name, language, code, referred_by, first_update_id, joined_at)
             SELECT {from} + n, 'Friend ' || n, 'en', upper(translate(lpad(to_hex({from} + n), 8, '0'), 'ilou', '1107')), {referrer}, 0, '2026-11-20' FROM {ids} n"
        )
    };
    shop.run(&people(&format!("generate_series(1, {friends})"), asha.id, 50_000_000)).await;
    shop.run(&format!("UPDATE spending SET spent = (user_id % 1000) * 5 WHERE referrer_id = {} AND user_id % 10 = 0", asha.id))
        .await;
    let first = users::by_telegram_id(shop.core.db(), 50_000_001).await.unwrap().unwrap();
    shop.run(&format!("UPDATE spending SET spent = 1000000 WHERE user_id = {}", first.id)).await;
    shop.run(&people("generate_series(1, 250)", first.id, 90_000_000)).await;
    // As if others had brought people, too: of a table of one page everything is read.
    shop.run("INSERT INTO brood SELECT user_id, 16, 0, 0 FROM spending").await;
    shop.run("ANALYZE users; ANALYZE spending; ANALYZE brood").await;
    asha
}

#[tokio::test]
async fn every_friend_is_on_one_page_forwards_and_backwards() {
    let shop = Shop::open().await;
    let asha = crowd(&shop, 100).await;
    let mut tree = page(&shop, &asha, Beside::Top).await;
    assert_eq!((tree.root.friends, tree.root.theirs), (100, 250));
    assert_eq!((tree.branches[0].friend.friends, tree.branches[0].theirs.len()), (250, 3));
    let mut pages = vec![tree.clone()];
    while tree.smaller {
        tree = page(&shop, &asha, Beside::After(tree.branches.last().unwrap().friend.user_id())).await;
        pages.push(tree.clone());
    }
    assert_eq!(pages.iter().map(|p| p.branches.len()).collect::<Vec<_>>(), [PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, PAGE, 4]);
    let all: Vec<_> = pages.iter().flat_map(|p| &p.branches).map(|b| (b.friend.spent, b.friend.id)).collect();
    assert!(all.windows(2).all(|two| two[0] > two[1]), "each once, the largest first");
    assert_eq!(all.len(), 100);
    assert!(!pages[0].larger && pages[1..].iter().all(|p| p.larger));
    let mut back = pages.pop().unwrap();
    while let Some(before) = pages.pop() {
        back = page(&shop, &asha, Beside::Before(back.branches[0].friend.user_id())).await;
        assert_eq!(back.branches, before.branches);
        assert!(back.smaller && back.larger != pages.is_empty());
    }
    // A friend of somebody else is only a place; nobody is none.
    assert_eq!(page(&shop, &asha, Beside::After(UserId(i64::MAX))).await.branches, []);
    let (written, text) = file(&shop, &asha, 1_000).await;
    assert_eq!((written, text.lines().count()), (350, 351));
    assert!(
        text.lines().nth(2).unwrap().starts_with("2,")
            && text.lines().nth(251).unwrap().starts_with("2,")
            && text.lines().nth(252).unwrap().starts_with("1,")
    );
    assert_eq!(file(&shop, &asha, 120).await.0, 120);
}

/// How a statement is done, and how many pages of memory or disk that takes.
async fn plan(shop: &Shop, statement: Statement) -> (String, i64) {
    let values = statement.values.map(|values| values.0).unwrap_or_default();
    let rows = shop.core.db().query_all_raw(sql(&format!("EXPLAIN (ANALYZE, BUFFERS) {}", statement.sql), values)).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let buffers = lines.iter().find(|line| line.contains("Buffers:")).unwrap();
    let pages = buffers.split(['=', ' ']).filter_map(|word| word.parse::<i64>().ok()).sum();
    (lines.join("\n"), pages)
}

#[tokio::test]
async fn a_page_of_a_hundred_thousand_costs_what_a_page_of_a_hundred_does() {
    let (small, large) = (Shop::open().await, Shop::open().await);
    let (few, many) = (crowd(&small, 100).await, crowd(&large, 100_000).await);
    let (_, cost) = plan(&small, tree::page_statement(few.user_id(), Beside::Top, PAGE + 1)).await;
    let tree = page(&large, &many, Beside::Top).await;
    assert_eq!((tree.root.friends, tree.branches.len(), tree.smaller), (100_000, PAGE, true));
    // In the middle, and at the very end.
    let middle = large
        .count(&format!("SELECT user_id FROM spending WHERE referrer_id = {} ORDER BY spent, user_id OFFSET 50000 LIMIT 1", many.id))
        .await;
    let last = large
        .count(&format!("SELECT user_id FROM spending WHERE referrer_id = {} ORDER BY spent, user_id OFFSET 5 LIMIT 1", many.id))
        .await;
    for beside in [
        Beside::Top,
        Beside::After(UserId(middle)),
        Beside::Before(UserId(middle)),
        Beside::After(UserId(last)),
        Beside::Before(UserId(last)),
    ] {
        let (how, pages) = plan(&large, tree::page_statement(many.user_id(), beside, PAGE + 1)).await;
        assert!(
            how.contains("spending_tree_idx")
                && !how.contains("Seq Scan on spending")
                && !how.contains("Seq Scan on users")
                && !how.contains("Seq Scan on brood")
                && !how.contains("Sort"),
            "{how}"
        );
        assert!(pages <= cost + 100, "{pages} pages, {cost} for a hundred friends\n{how}");
    }
    assert_eq!(page(&large, &many, Beside::After(UserId(last))).await.branches.len(), 5);
    let (written, _) = file(&large, &many, 5_000).await;
    assert_eq!(written, 5_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_and_buys_at_once_is_counted_once() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let joins = (0..20).map(|n| {
        let (shop, asha) = (shop.clone(), asha.clone());
        tokio::spawn(async move { shop.arrive(&format!("Friend {n}"), Some(&asha)).await })
    });
    let friends: Vec<User> = futures::future::join_all(joins).await.into_iter().map(Result::unwrap).collect();
    // One buyer, many orders at once: from outside and from the wallet, and each is confirmed twice.
    let buyer = &friends[0];
    shop.fill(buyer, "1350", "0").await;
    let mut sales = Vec::new();
    for _ in 0..8 {
        let (_, payment) = shop.order_and_pay(buyer).await;
        sales.push(payment.id);
    }
    let confirming = sales.iter().chain(&sales).map(|&id| {
        let shop = shop.clone();
        tokio::spawn(async move { payments::confirm(&shop.core, id, &admin("Meera")).await.map(|applied: Applied<_>| applied.is_now()) })
    });
    let order = shop.order(buyer).await;
    let wallet = shop.pay_from_wallet(buyer, &order);
    let (confirmed, paid) = futures::join!(futures::future::join_all(confirming), wallet);
    paid.unwrap();
    assert_eq!(confirmed.into_iter().filter(|c| *c.as_ref().unwrap().as_ref().unwrap()).count(), 8);
    let tree = page(&shop, &asha, Beside::Top).await;
    assert_eq!((tree.root.friends, tree.branches[0].friend.spent), (20, rupees("1215")));
    shop.proof_is_empty().await;
}
