//! `/tree`: the picture, its pages, the file; who may look.

use crate::world::World;
use mela_sandbox::Seen;

/// The picture of a message, its size, and its bytes where a folder is named to look at them.
fn drawn(seen: &Seen, name: &str) -> (u32, u32) {
    let bytes = seen.file_bytes().unwrap();
    if let Ok(folder) = std::env::var("TREE_PICTURES") {
        std::fs::write(format!("{folder}/chat-{name}.png"), &bytes).unwrap();
    }
    let picture = image::load_from_memory(&bytes).unwrap();
    (picture.width(), picture.height())
}

/// So many friends of a person, made without a word; every third has spent something.
async fn crowd(world: &World, referrer: i64, friends: i64, from: i64) {
    world
        .sql(&format!(
            "INSERT INTO users (telegram_id, name, language, code, referred_by, first_update_id, joined_at)
             SELECT {from} + n, 'Friend ' || n, 'en', upper(lpad(to_hex({from} + n), 8, '0')), (SELECT id FROM users WHERE telegram_id = {referrer}), 0, '2026-11-20'
             FROM generate_series(1, {friends}) n;
             UPDATE spending s SET spent = (u.telegram_id - {from}) * 5 FROM users u WHERE u.id = s.user_id AND u.telegram_id > {from} AND u.id % 3 = 0"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_walk_up_and_down_a_tree() {
    let world = World::new().await;
    let ravi = world.joined(1, "Ravi", None).await;
    let asha = world.joined(2, "Asha", Some(&world.link(&ravi).await)).await;
    ravi.expect(&["joined"]).await;
    let bina = world.joined(3, "Bina", Some(&world.link(&asha).await)).await;
    asha.expect(&["joined"]).await;
    world.buy(&bina, "632512345678").await;
    asha.expect(&["₹28"]).await;
    ravi.expect(&["₹9"]).await;

    world.owner.send("/tree 1");
    let top = world.admins.expect(&["Ravi", "Friends: 1, and theirs: 1", "Press a number"]).await;
    assert!(top.photo && top.buttons.len() == 2, "{top:?}");
    let tall = drawn(&top, "one").1;
    world.owner.press_on(top.message_id, "1");
    let asha_s = world.admins.expect(&["Asha", "Friends: 1, and theirs: 0", "⬆ Ravi"]).await;
    assert_eq!(asha_s.message_id, top.message_id, "in place");
    assert!(drawn(&asha_s, "inviter").1 > tall, "with who brought her");
    world.owner.press_on(top.message_id, "1");
    let none = world.admins.expect(&["Bina", "Friends: 0", "⬆ Asha"]).await;
    assert!(!none.text.contains("Press a number") && none.buttons.len() == 1);
    drawn(&none, "none");
    world.owner.press_on(top.message_id, "⬆ Asha");
    world.admins.expect(&["Asha", "Friends: 1"]).await;
    world.owner.press_on(top.message_id, "file");
    let file = world.admins.expect(&["tree of Asha: 1 of 1 people"]).await;
    let text = String::from_utf8(file.file_bytes().unwrap()).unwrap();
    assert!(
        file.document && text.lines().nth(1).unwrap().starts_with("1,3,Bina,,") && text.contains(",2,2026-11-21T05:30:00+00:00,135.00,0"),
        "{text}"
    );

    for (wrong, answer) in [
        ("/tree", "Use: /tree"),
        ("/tree 77", "nobody 77"),
        ("/tree @nobody", "nobody @nobody"),
        ("/tree 9' OR 1=1", "nobody 9' OR"),
    ] {
        world.owner.send(wrong);
        world.admins.expect(&[answer]).await;
    }
    // By code and by name, in any case; by support, too, and by nobody else.
    let guest = world.person(77, "Guest").in_group(&world.admins);
    let refused = guest.press_data(top.message_id, "1|tree|1|0|0");
    assert!(guest.alert(&refused).await.unwrap().contains("staff"));
    guest.send("/tree 1");
    world.admins.expect(&["Only the shop's staff"]).await;
    world.owner.send("/staff add 77 support Guest");
    world.admins.expect(&["support"]).await;
    guest.send(&format!("/tree {}", world.link(&asha).await.trim_start_matches("ref_").to_lowercase()));
    let shown = world.admins.expect(&["Asha", "Friends: 1"]).await;
    guest.press_on(shown.message_id, "⬆ Ravi");
    world.admins.expect(&["Ravi", "Friends: 1"]).await;
    // Forged: nobody, and a place that is none.
    for (data, stale) in [("1|tree|99|0|0", true), ("1|treef|99", true), ("1|tree|1|99|4294967295", false), ("1|treeb|1|-5|0", false)] {
        let press = guest.press_data(shown.message_id, data);
        if stale {
            assert!(guest.alert(&press).await.is_some(), "{data}");
        } else {
            world.admins.expect(&["Ravi", "Friends: 1"]).await;
        }
    }
    // A customer's own chat knows no such command.
    asha.send("/tree 1");
    let hint = asha.next().await;
    assert!(!hint.photo && !hint.text.contains("Ravi"), "{hint:?}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_friends_twelve_at_a_time() {
    let world = World::with(&[("MELA_SHOP__NAME", "मेला Shop"), ("MELA_SHOP__COLOR", "#00695C")]).await;
    let ravi = world.joined(1, "Ravi", None).await;
    let asha = world.joined(2, "Asha", Some(&world.link(&ravi).await)).await;
    ravi.expect(&["joined"]).await;
    crowd(&world, asha.id(), 100_000, 10_000_000).await;
    world
        .sql("UPDATE spending SET spent = 600000 WHERE user_id IN (SELECT id FROM users WHERE telegram_id IN (10099999, 10099998, 10099996))")
        .await;
    crowd(&world, 10_000_000 + 99_999, 17, 20_000_000).await;
    crowd(&world, 10_000_000 + 99_998, 2, 30_000_000).await;
    crowd(&world, 10_000_000 + 99_996, 250, 40_000_000).await;

    world.owner.send("/tree 2");
    let first = world.admins.expect(&["Asha", "Friends: 1,00,000, and theirs: 269", "12", "Smaller", "file"]).await;
    assert!(!first.text.contains("Larger"));
    let size = drawn(&first, "many");
    assert!(size.0 == 1080 && size.1 <= 1600, "{size:?}");
    world.owner.press_on(first.message_id, "Smaller");
    let second = world.admins.expect(&["Asha", "Larger", "Smaller"]).await;
    drawn(&second, "second");
    assert_ne!(first.file_bytes(), second.file_bytes());
    world.owner.press_on(first.message_id, "Larger");
    let again = world.admins.expect(&["Asha", "Smaller"]).await;
    assert_eq!(again.file_bytes(), first.file_bytes(), "the same page again");
    // One of theirs who brought people, too, and their tree as a file.
    world.owner.send("/tree 10099996");
    let branch = world.admins.expect(&["Friend 99996", "Friends: 250", "⬆ Asha"]).await;
    drawn(&branch, "branch");
    world.owner.press_on(branch.message_id, "file");
    let file = world.admins.expect(&["250 of 250 people"]).await;
    assert_eq!(String::from_utf8(file.file_bytes().unwrap()).unwrap().lines().count(), 251);
    world.owner.press_on(branch.message_id, "⬆ Asha");
    world.admins.expect(&["Asha", "Friends: 1,00,000"]).await;
    world.ends_well().await;
}
