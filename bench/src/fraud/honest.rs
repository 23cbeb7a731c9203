//! Honest people, with everything that looks like a trick and is none.

use super::town::{Circle, HONEST, Pays, Person, Town};
use rand::Rng;

/// The whole town lives for some weeks.
pub(super) async fn live(town: &mut Town) -> Result<(), String> {
    let mut left = town.people;
    let circle = |town: &mut Town, heads: Vec<Person>, others: Vec<Person>, left: &mut usize| {
        *left = left.saturating_sub(heads.len() + others.len());
        town.circles.push(Circle { trick: HONEST, heads, others });
    };
    let share = town.people / 20;
    for n in 0..share / 8 {
        let (heads, others) = seller(town, n).await?;
        circle(town, heads, others, &mut left);
    }
    for n in 0..3 {
        let (heads, others) = influencer(town, n).await?;
        circle(town, heads, others, &mut left);
    }
    for _ in 0..share / 3 {
        let (heads, others) = family(town).await?;
        circle(town, heads, others, &mut left);
    }
    let (heads, others) = hostel(town).await?;
    circle(town, heads, others, &mut left);
    let (heads, others) = flatmates(town).await?;
    circle(town, heads, others, &mut left);
    // The others come by themselves and buy once or twice, some of them at once, some sending their own old reference first.
    let mut alone = Vec::new();
    for n in 0..left {
        let person = town.joins(None).await?;
        town.pass(if n % 7 == 0 { 40 } else { 900 });
        if !n.is_multiple_of(3) {
            let pays = if n.is_multiple_of(2) { Pays::By(person.vpa.clone()) } else { Pays::Utr };
            let order = town.buys(&person, &pays).await?;
            if n % 40 == 1 {
                town.pass(500);
                let utr = town.utr_of(&order).await?;
                town.buys_after_sending(&person, &utr).await?;
            }
        }
        alone.push(person);
    }
    town.circles.push(Circle { trick: HONEST, heads: Vec::new(), others: alone });
    town.day_passes().await
}

/// Someone who sells to many friends over weeks; two of them give back what they bought, some pay with their own UPI ids, some by reference.
async fn seller(town: &mut Town, n: usize) -> Result<(Vec<Person>, Vec<Person>), String> {
    let mut seller = town.joins(None).await?;
    // Many phones have one address of their company's; some a public one that hundreds share.
    seller.address = if n.is_multiple_of(2) { format!("100.64.3.{n}") } else { "106.210.33.7".to_owned() };
    let mut friends = Vec::new();
    for k in 0..town.rng.random_range(14..=26) {
        town.pass(20_000);
        let friend = town.joins(Some(&seller)).await?;
        town.pass(3_000);
        let times = town.rng.random_range(0..=3);
        for time in 0..times {
            let pays = if k % 2 == 0 { Pays::By(friend.vpa.clone()) } else { Pays::Utr };
            let order = town.buys(&friend, &pays).await?;
            town.pass(100_000);
            if k == 3 && time == 0 {
                town.day_passes().await?;
                town.gives_back(&order).await?;
            }
        }
        friends.push(friend);
    }
    Ok((vec![seller], friends))
}

/// A post in a large channel: a hundred join within minutes, a third buys, the eager within seconds.
async fn influencer(town: &mut Town, n: usize) -> Result<(Vec<Person>, Vec<Person>), String> {
    let star = town.joins(None).await?;
    let mut fans = Vec::new();
    for k in 0..(town.people / 25).max(24) {
        town.pass(5);
        let fan = town.joins(Some(&star)).await?;
        if k % 3 == n % 3 {
            town.pass(30);
            town.buys(&fan, &Pays::By(fan.vpa.clone())).await?;
        }
        fans.push(fan);
    }
    Ok((vec![star], fans))
}

/// A father who brings wife and children, and pays for all of them from his account.
async fn family(town: &mut Town) -> Result<(Vec<Person>, Vec<Person>), String> {
    let mother = town.joins(None).await?;
    let mut others = Vec::new();
    let father = format!("father{}@okicici", mother.user.id);
    for _ in 0..town.rng.random_range(1..=3) {
        town.pass(4_000);
        let child = town.joins(Some(&mother)).await?;
        town.buys(&child, &Pays::By(father.clone())).await?;
        others.push(child);
    }
    town.buys(&mother, &Pays::By(father)).await?;
    others.push(mother);
    Ok((Vec::new(), others))
}

/// A hostel behind one address, where one brings many, and two of those bring many more; all three withdraw.
async fn hostel(town: &mut Town) -> Result<(Vec<Person>, Vec<Person>), String> {
    let address = "14.139.45.20".to_owned();
    let mut heads = vec![Person { address: address.clone(), ..town.joins(None).await? }];
    let mut others = Vec::new();
    for n in 0..60 {
        town.pass(9_000);
        let by = heads[n % heads.len()].clone();
        let friend = Person { address: address.clone(), ..town.joins(Some(&by)).await? };
        town.pass(2_000);
        town.buys(&friend, &Pays::By(friend.vpa.clone())).await?;
        if n < 2 { heads.push(friend) } else { others.push(friend) }
    }
    Ok((heads, others))
}

/// Two who share a flat, its network and nothing else, and sell to friends of their own.
async fn flatmates(town: &mut Town) -> Result<(Vec<Person>, Vec<Person>), String> {
    let (mut heads, mut others) = (Vec::new(), Vec::new());
    for n in 0..2 {
        let mate = Person { address: format!("2405:201:5c0f:1a::{n}"), ..town.joins(None).await? };
        for _ in 0..20 {
            town.pass(9_000);
            let friend = town.joins(Some(&mate)).await?;
            town.buys(&friend, &Pays::By(friend.vpa.clone())).await?;
            others.push(friend);
        }
        heads.push(mate);
    }
    Ok((heads, others))
}
