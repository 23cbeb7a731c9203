//! What links bring: chosen codes, campaigns, figures that are kept and not counted, leaderboards.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use futures::FutureExt;
use mela_core::db::{Applied, sql};
use mela_core::privacy;
use mela_core::referrals::{self, Board, Link, Stage, Vanity, VanityError};
use mela_core::refunds::To;
use mela_core::users::{self, Arrival, Invitation, Sender, User};
use mela_core::verification::{self, Seen};
use mela_core::{audit::Actor, commissions, money::Rupees};
use sea_orm::{ConnectionTrait, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn sender(telegram_id: i64) -> Sender {
    Sender { telegram_id, name: "Dev Kumar".to_owned(), username: None, language: None }
}

async fn came(shop: &Shop, telegram_id: i64, link: Link<'_>) -> Arrival {
    users::arrive_by(&shop.core, &sender(telegram_id), link, shop.number()).await.unwrap()
}

async fn of(shop: &Shop, person: &User) -> (Stage, Stage) {
    let funnel = referrals::funnel(&shop.core, person.user_id()).await.unwrap();
    (funnel.level1, funnel.level2)
}

fn stage(opened: i64, joined: i64, bought: i64, sales: i64, refunded: i64, earned: &str) -> Stage {
    Stage { opened, joined, verified: 0, bought, sales, refunded, earned: rupees(earned) }
}

async fn choose(shop: &Shop, person: &User, code: &str) -> Result<Applied<()>, VanityError> {
    let vanity = Vanity::try_new(code, "Mela")?;
    referrals::choose(&shop.core, person.user_id(), &vanity).await
}

#[tokio::test]
async fn the_funnel_by_level_with_what_was_given_back() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    assert_eq!(of(&shop, &asha).await, (stage(1, 1, 0, 0, 0, "0"), Stage::default()));
    assert_eq!(of(&shop, &ravi).await, (stage(1, 1, 0, 0, 0, "0"), stage(0, 1, 0, 0, 0, "0")));
    // Someone whom everybody knows opens the link, twice; Asha her own; nobody new.
    let dev = shop.arrive("Dev", None).await;
    for person in [&dev, &dev, &asha] {
        let again = Sender { telegram_id: person.telegram_id, ..sender(0) };
        users::arrive(&shop.core, &again, Some(asha.code.as_str()), shop.number()).await.unwrap();
    }
    assert_eq!(of(&shop, &asha).await.0, stage(2, 1, 0, 0, 0, "0"));

    let first = shop.sell(&bina).await;
    let second = shop.sell(&bina).await;
    shop.sell(&dev).await;
    assert_eq!(of(&shop, &asha).await.0, stage(2, 1, 1, 2, 0, "56"), "who buys twice is one buyer");
    assert_eq!(of(&shop, &ravi).await, (stage(1, 1, 0, 0, 0, "0"), stage(0, 1, 1, 2, 0, "18")));
    // A part is given back: less is earned, the sale stands. Then the rest of it.
    shop.refund(&first, "35", &To::Wallet).await.unwrap();
    let left = shop.count("SELECT sum(amount - reversed)::bigint FROM commission WHERE level = 1").await;
    assert_eq!(of(&shop, &asha).await.0, stage(2, 1, 1, 2, 0, &left.to_string()));
    shop.refund(&first, "100", &To::Wallet).await.unwrap();
    assert_eq!(of(&shop, &asha).await.0, stage(2, 1, 1, 2, 1, "28"));
    assert_eq!(of(&shop, &ravi).await.1, stage(0, 1, 1, 2, 1, "9"));
    // After the release what was earned is taken back from there, and owed where it was withdrawn.
    shop.holds_end();
    shop.release().await;
    shop.refund(&second, "135", &To::Wallet).await.unwrap();
    assert_eq!(of(&shop, &asha).await.0, stage(2, 1, 1, 2, 2, "0"));
    let funnel = referrals::funnel(&shop.core, asha.user_id()).await.unwrap();
    assert_eq!(funnel.per_join(), Rupees::ZERO);
    let days = referrals::days(&shop.core, asha.user_id(), 30).await.unwrap();
    assert_eq!(days.len(), 30);
    let [.., yesterday, today] = days.as_slice() else { panic!("no days") };
    assert_eq!((yesterday.joined, yesterday.bought, yesterday.earned), (1, 1, rupees("28")));
    assert_eq!((today.joined, today.bought, today.earned), (0, 0, -rupees("28")));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_cancelled_commission_and_then_a_refund_lose_a_sale_once() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let kept = shop.sell(&bina).await;
    let order = shop.sell(&bina).await;
    let found = commissions::of_order(shop.core.db(), order.id).await.unwrap();
    commissions::cancel(&shop.core, found[0].id, &admin("Meera"), "fraud").await.unwrap();
    let day = shop.core.settings().await.unwrap().shop.day(shop.core.now());
    let score = || async { referrals::standings(&shop.core, Board::week_of(day), asha.user_id()).await.unwrap().score };
    assert_eq!((of(&shop, &asha).await.0, score().await), (stage(1, 1, 1, 2, 0, "28"), 1));
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert_eq!((of(&shop, &asha).await.0.earned, score().await), (rupees("28"), 1), "it was lost before");
    shop.refund(&kept, "135", &To::Wallet).await.unwrap();
    assert_eq!((of(&shop, &asha).await.0.earned, score().await), (Rupees::ZERO, 0));
    shop.proof_is_empty().await;
}

/// What is kept, in a few lines.
async fn kept(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT d::text FROM referral_day d UNION ALL SELECT s::text FROM referral_sale s UNION ALL SELECT b::text FROM board_score b
         UNION ALL SELECT c::text FROM campaign_day c ORDER BY 1",
    )
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_count_at_once_count_each_thing_once_while_sales_go_on() {
    let shop = Shop::open().await;
    let (_, asha, _) = shop.chain().await;
    at_once(12, |n| {
        let (shop, asha, code) = (shop.clone(), asha.clone(), asha.code.to_string());
        async move {
            match n % 3 {
                0 => {
                    let friend = shop.arrive("Friend", Some(&asha)).await;
                    shop.sell(&friend).await;
                }
                1 => drop(referrals::count(&shop.core).await.unwrap()),
                _ => drop(came(&shop, 5_000 + n as i64, Link::Code(&code)).await),
            }
        }
    })
    .await;
    assert_eq!(of(&shop, &asha).await.0, stage(9, 9, 4, 4, 0, "112"));
    let before = kept(&shop).await;
    assert_eq!(referrals::count(&shop.core).await.unwrap().visits, 0);
    assert_eq!(kept(&shop).await, before);
    shop.proof_is_empty().await;
}

/// A process that dies between any two statements of counting leaves nothing half counted.
#[tokio::test]
async fn counting_that_is_cut_off_anywhere_counts_all_of_it_once_later() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    for at in 0..8 {
        let (calls, before) = (Arc::new(AtomicUsize::new(0)), kept(&shop).await);
        let counted = Arc::clone(&calls);
        let broken = shop.core.with_fault(Arc::new(move || {
            let cut = counted.fetch_add(1, Ordering::SeqCst) == at;
            async move { if cut { Err(DbErr::Custom("cut off".to_owned())) } else { Ok(()) } }.boxed()
        }));
        let outcome = referrals::count(&broken).await;
        if outcome.is_err() && shop.count("SELECT through FROM referral_mark").await == 0 {
            assert_eq!(kept(&shop).await, before, "cut off at {at}");
        }
    }
    assert_eq!(of(&shop, &asha).await.0, stage(1, 1, 1, 1, 1, "0"));
}

#[tokio::test]
async fn figures_of_a_shop_that_never_counted_are_made_from_its_books() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for _ in 0..3 {
        shop.sell(&bina).await;
    }
    let lost = shop.sell(&bina).await;
    shop.refund(&lost, "135", &To::Wallet).await.unwrap();
    let figures = (of(&shop, &asha).await, of(&shop, &ravi).await);
    assert_eq!(figures.0.0, stage(1, 1, 1, 4, 1, "84"));
    // As a shop is that was just brought to this schema.
    shop.run(
        "TRUNCATE referral_day, campaign_day, referral_sale, board_score, link_news; UPDATE referral_mark SET through = 0;
         INSERT INTO link_news (owner_id, opened, joined, at) SELECT referred_by, 1, 1, joined_at FROM users WHERE referred_by IS NOT NULL",
    )
    .await;
    assert_eq!((of(&shop, &asha).await, of(&shop, &ravi).await), figures);
}

#[tokio::test]
async fn a_chosen_code_binds_in_any_writing_and_the_first_one_goes_on() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    assert!(choose(&shop, &asha, "Oil_Asha").await.unwrap().is_now());
    assert!(!choose(&shop, &asha, "oil_asha").await.unwrap().is_now(), "twice is once");
    assert!(matches!(choose(&shop, &asha, "asha_2").await, Err(VanityError::Chosen(code)) if code == "oil_asha"));
    let short = asha.code.to_string();
    for (n, written) in ["oil_asha", "OIL_ASHA", "0il_asha", "o11_AshA", short.as_str(), &short.to_lowercase()].iter().enumerate() {
        let arrival = came(&shop, 7_000 + n as i64, Link::Code(written)).await;
        assert!(matches!(arrival.invitation, Invitation::Bound(owner) if owner.id == asha.id), "{written}");
    }
    let own = users::arrive(&shop.core, &Sender { telegram_id: asha.telegram_id, ..sender(0) }, Some("oil_asha"), shop.number())
        .await
        .unwrap();
    assert_eq!(own.invitation, Invitation::OwnCode);
    assert_eq!(users::search(shop.core.db(), "Oil_asha").await.unwrap().unwrap().id, asha.id);
    // Another's, and what looks like it.
    let bina = shop.arrive("Bina", None).await;
    for taken in ["oil_asha", "OIL_ASHA", "oi1_asha"] {
        assert!(matches!(choose(&shop, &bina, taken).await, Err(VanityError::Taken)), "{taken}");
    }
    assert_eq!(referrals::vanity_of(shop.core.db(), bina.user_id()).await.unwrap(), None);
    // What the database alone would refuse.
    for wrong in ["('abcdefgh', 'abcdefgh')", "('ab', 'ab')", "('oil', 'oil')", "('9ab', '9ab')"] {
        let text = format!("INSERT INTO vanity (folded, shown, chosen_at) SELECT a, b, now() FROM (VALUES {wrong}) v (a, b)");
        assert!(shop.core.db().execute_unprepared(&text).await.is_err(), "{wrong}");
    }
    assert!(shop.core.db().execute_unprepared("UPDATE vanity SET shown = 'asha_x'").await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_one_code_one_gets_it_and_of_many_codes_a_person_gets_one() {
    let shop = Shop::open().await;
    let mut people = Vec::new();
    for n in 0..8 {
        people.push(shop.arrive(&format!("P{n}"), None).await);
    }
    let won = at_once(8, |n| {
        let (shop, person) = (shop.clone(), people[n].clone());
        async move { choose(&shop, &person, "the_race").await.is_ok() }
    })
    .await;
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let loser = people[won.iter().position(|won| !won).unwrap()].clone();
    let got = at_once(8, |n| {
        let (shop, person) = (shop.clone(), loser.clone());
        async move { choose(&shop, &person, &format!("code_{n}")).await.is_ok() }
    })
    .await;
    assert_eq!(got.iter().filter(|got| **got).count(), 1);
    assert_eq!(shop.count("SELECT count(*) FROM vanity").await, 2);
}

#[tokio::test]
async fn a_campaign_binds_to_nobody_and_is_remembered_once() {
    let shop = Shop::open().await;
    let meera = admin("Meera");
    let made = referrals::make_campaign(&shop.core, "Diwali-26", &meera).await.unwrap();
    assert!(made.is_now() && !referrals::make_campaign(&shop.core, "DIWALI-26", &meera).await.unwrap().is_now());
    let diwali = made.into_inner();
    let holi = referrals::make_campaign(&shop.core, "holi", &meera).await.unwrap().into_inner();
    for wrong in ["", "x", "no spaces", "दिवाली", "-x", &"x".repeat(33)] {
        assert!(referrals::make_campaign(&shop.core, wrong, &meera).await.is_err(), "{wrong}");
    }
    let bina = came(&shop, 1, Link::Campaign("diwali-26")).await;
    assert_eq!((bina.is_new, bina.invitation, bina.user.referred_by), (true, Invitation::None, None));
    // The same again, another campaign, a person's link: nothing is bound or remembered anew.
    let asha = shop.arrive("Asha", None).await;
    for link in [Link::Campaign("DIWALI-26"), Link::Campaign("holi"), Link::Campaign("nothing"), Link::Code(asha.code.as_str())] {
        assert_eq!(came(&shop, 1, link).await.user.referred_by, None);
    }
    assert_eq!(
        shop.column("SELECT user_id || ' ' || campaign_id FROM campaign_member").await,
        [format!("{} {}", bina.user.id, diwali.id)]
    );
    assert!(shop.core.db().execute_unprepared("UPDATE campaign_member SET campaign_id = 2").await.is_err());

    let first = shop.sell(&bina.user).await;
    shop.sell(&bina.user).await;
    shop.refund(&first, "135", &To::Wallet).await.unwrap();
    let figures = referrals::campaign_figures(&shop.core, diwali.id).await.unwrap();
    assert_eq!(
        (figures.opened, figures.joined, figures.bought, figures.sales, figures.refunded, figures.revenue),
        (1, 1, 1, 2, 1, rupees("135"))
    );
    let holi = referrals::campaign_figures(&shop.core, holi.id).await.unwrap();
    assert_eq!((holi.opened, holi.joined, holi.sales, holi.revenue), (1, 0, 0, Rupees::ZERO));
    shop.advance(TimeDelta::days(1));
    shop.sell(&bina.user).await;
    referrals::count(&shop.core).await.unwrap();
    let days = referrals::campaign_days(shop.core.db(), diwali.id, 14).await.unwrap();
    assert_eq!(
        days.iter().map(|day| (day.day.to_string(), day.sales)).collect::<Vec<_>>(),
        [("2026-11-22".to_owned(), 1), ("2026-11-21".to_owned(), 2)]
    );
    assert_eq!(shop.count("SELECT count(*) FROM commission").await, 0, "nobody earns");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_leaderboard_shows_masked_who_wants_it_and_everyone_their_own_place() {
    let shop = Shop::open().await;
    let (asha, bina, dev) = (shop.arrive("Asha Kumari", None).await, shop.arrive("Bina", None).await, shop.arrive("Dev", None).await);
    let day = shop.core.settings().await.unwrap().shop.day(shop.core.now());
    let board = Board::week_of(day);
    let seen = |person: User| {
        let shop = shop.clone();
        async move { referrals::standings(&shop.core, board, person.user_id()).await.unwrap() }
    };
    // Bina sells two; Asha and Dev one each, Asha first.
    for (owner, sales) in [(&bina, 2), (&asha, 1), (&dev, 1)] {
        let friend = shop.arrive("Friend", Some(owner)).await;
        for _ in 0..sales {
            shop.advance(TimeDelta::seconds(1));
            shop.sell(&friend).await;
        }
    }
    let hers = seen(asha.clone()).await;
    assert_eq!((hers.top.len(), hers.place, hers.score, hers.appears), (0, Some(2), 1, false));
    assert_eq!((seen(bina.clone()).await.place, seen(dev.clone()).await.place), (Some(1), Some(3)));
    for _ in 0..2 {
        referrals::appear(&shop.core, asha.user_id(), true).await.unwrap();
    }
    let his = seen(dev.clone()).await;
    assert_eq!(his.top.iter().map(|p| (p.place, p.name.as_str(), p.score, p.own)).collect::<Vec<_>>(), [(2, "A••• K•••", 1, false)]);
    assert!(seen(asha.clone()).await.top[0].own && seen(asha.clone()).await.appears);
    referrals::appear(&shop.core, asha.user_id(), false).await.unwrap();
    assert_eq!(seen(dev.clone()).await.top, []);
    // Who has no sales has no place; another week is another board, the month goes on.
    let friend = shop.arrive("Nobody", None).await;
    assert_eq!((seen(friend.clone()).await.place, seen(friend).await.score), (None, 0));
    let month = referrals::standings(&shop.core, Board::month_of(day), bina.user_id()).await.unwrap();
    assert_eq!((month.place, month.score), (Some(1), 2));
    let next = referrals::standings(&shop.core, Board::week_of(day + chrono::Days::new(7)), bina.user_id()).await.unwrap();
    assert_eq!((next.place, next.score), (None, 0));
}

#[tokio::test]
async fn who_joined_is_paged_by_an_index_and_masked() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.run(&format!(
        "INSERT INTO users (telegram_id, name, code, referred_by, first_update_id, joined_at)
         SELECT 9000000 + n, 'Friend Number', lpad(upper(to_hex(n)), 8, '0'), {}, 9000000 + n, now() FROM generate_series(1, 20000) n; ANALYZE users",
        asha.id
    ))
    .await;
    let last = shop.arrive("Bina", Some(&asha)).await;
    shop.sell(&last).await;
    let (mut below, mut seen) = (None, 0);
    for page in 0..3 {
        let found = referrals::friends(shop.core.db(), asha.user_id(), below, 9).await.unwrap();
        if page == 0 {
            assert_eq!((found[0].name.as_deref(), found[0].bought), (Some("B•••"), true));
            assert_eq!((found[1].name.as_deref(), found[1].bought), (Some("F••• N•••"), false));
        }
        assert!(found.windows(2).all(|pair| pair[0].id > pair[1].id) && below.is_none_or(|below| found[0].id < below));
        below = found.last().map(|friend| friend.id);
        seen += found.len();
    }
    assert_eq!(seen, 27);
    for below in [i64::MAX, 500] {
        let text = "EXPLAIN SELECT id FROM users u WHERE (u.referred_by, u.id) < ($1, $2) AND u.referred_by >= $1 ORDER BY u.referred_by DESC, u.id DESC LIMIT 9";
        let rows = shop.core.db().query_all_raw(sql(text, [asha.id.into(), below.into()])).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert!(
            plan.iter().any(|line| line.contains("users_brought_idx")) && !plan.iter().any(|line| line.contains("Sort")),
            "{plan:#?}"
        );
    }
    // So many at once are counted in one go, and a look costs no more than the days there are.
    shop.run(&format!(
        "INSERT INTO link_news (owner_id, opened, joined, at) SELECT {}, 1, 1, '2026-11-20' FROM generate_series(1, 20000)",
        asha.id
    ))
    .await;
    assert!(referrals::count(&shop.core).await.unwrap().visits >= 20_000);
    assert_eq!(
        shop.count(&format!("SELECT count(*) FROM referral_day WHERE user_id = {} AND level = 1", asha.id)).await,
        2,
        "one row a day"
    );
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_code_and_no_place_and_their_word_is_nobody_elses() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    choose(&shop, &asha, "asha_unique").await.unwrap();
    referrals::appear(&shop.core, asha.user_id(), true).await.unwrap();
    shop.sell(&bina).await;
    let copy = String::from_utf8(privacy::export(&shop.core, &asha).await.unwrap()).unwrap();
    for part in ["asha_unique", "on_leaderboards_since", "referral_figures", "links_opened"] {
        assert!(copy.contains(part), "{part}");
    }
    let ties = privacy::ties(shop.core.db(), asha.user_id(), shop.core.now()).await.unwrap();
    privacy::erase(&shop.core, asha.user_id(), ties.mark(), &Actor::customer(&asha)).await.unwrap();
    let lost = came(&shop, 77, Link::Code("asha_unique")).await;
    assert_eq!(lost.invitation, Invitation::UnknownCode);
    let dev = shop.arrive("Dev", None).await;
    assert!(matches!(choose(&shop, &dev, "asha_unique").await, Err(VanityError::Taken)));
    assert_eq!(shop.count(&format!("SELECT count(*) FROM board_member WHERE user_id = {}", asha.id)).await, 0);
    let friends = referrals::friends(shop.core.db(), ravi.user_id(), None, 9).await.unwrap();
    assert_eq!(friends.iter().map(|friend| friend.name.clone()).collect::<Vec<_>>(), [None]);
    assert_eq!(of(&shop, &ravi).await, (stage(1, 1, 0, 0, 0, "0"), stage(0, 1, 1, 1, 0, "9")), "figures stay");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_verified_counts_once_for_both_above_them() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for _ in 0..2 {
        verification::verify(&shop.core, bina.telegram_id, &Seen::default()).await.unwrap();
    }
    verification::verify(&shop.core, ravi.telegram_id, &Seen::default()).await.unwrap();
    assert_eq!((of(&shop, &asha).await.0.verified, of(&shop, &ravi).await.0.verified, of(&shop, &ravi).await.1.verified), (1, 0, 1));
}
