//! Rings: people who are one person, or few, and each try one trick to be paid for themselves.

use super::town::{Circle, Pays, Person, Town};

/// Purchases that reach the least withdrawal, and some more.
const SALES: usize = 20;
/// Rings of each trick.
const EACH: usize = 3;

/// Every trick, several times.
pub(super) async fn try_everything(town: &mut Town) -> Result<(), String> {
    for _ in 0..EACH {
        // Heads of their own, whose "friends" pay by UPI ids of their own: only where the money goes gives them away.
        let vpa = format!("boss{}@ybl", town.number());
        let shouted = vpa.to_uppercase().replace("BOSS", "Boss ");
        heads_with(town, "one UPI id, written three ways", |n, head| {
            head.vpa = [vpa.clone(), shouted.clone(), format!(" {vpa}")][n].clone()
        })
        .await?;
        let phone = format!("98{:08}", town.number());
        heads_with(town, "one phone number in three UPI ids", |n, head| head.vpa = format!("{phone}{}", ["@ybl", "-2@paytm", "@okaxis"][n])).await?;
        let device = format!("shared-phone-{:08}", town.number());
        heads_with(town, "one phone, three accounts", |_, head| head.device.clone_from(&device)).await?;
        network(town).await?;
        own_money(town).await?;
        one_payer(town).await?;
        screenshots(town).await?;
        references(town).await?;
        given_back(town).await?;
        chain(town).await?;
    }
    Ok(())
}

async fn heads_with(town: &mut Town, trick: &'static str, make: impl Fn(usize, &mut Person)) -> Result<(), String> {
    let (mut heads, mut others) = (Vec::new(), Vec::new());
    for n in 0..3 {
        let mut head = town.joins(None).await?;
        make(n, &mut head);
        others.extend(friends_of(town, &head, SALES).await?);
        heads.push(head);
    }
    town.circles.push(Circle { trick, heads, others });
    town.jobs().await
}

/// So many who are brought and buy once, each by a UPI id of their own.
async fn friends_of(town: &mut Town, head: &Person, number: usize) -> Result<Vec<Person>, String> {
    let mut friends = Vec::new();
    for _ in 0..number {
        town.pass(4_000);
        let friend = town.joins(Some(head)).await?;
        town.pass(600);
        town.buys(&friend, &Pays::By(friend.vpa.clone())).await?;
        friends.push(friend);
    }
    Ok(friends)
}

/// Four behind one IPv6 network, who bring each other and then friends.
async fn network(town: &mut Town) -> Result<(), String> {
    let (mut heads, mut others): (Vec<Person>, _) = (Vec::new(), Vec::new());
    let net = format!("2409:40c1:{:x}:1", town.number());
    for n in 0..4 {
        let by = heads.first().cloned();
        let head = Person { address: format!("{net}::{n}"), ..town.joins(by.as_ref()).await? };
        town.buys(&head, &Pays::By(head.vpa.clone())).await?;
        others.extend(friends_of(town, &head, SALES).await?);
        heads.push(head);
    }
    town.circles.push(Circle { trick: "one IPv6 network, who earn from each other", heads, others });
    town.jobs().await
}

/// A head who pays for all friends from the account that the money goes back to.
async fn own_money(town: &mut Town) -> Result<(), String> {
    let head = town.joins(None).await?;
    let mut others = Vec::new();
    for _ in 0..SALES {
        town.pass(4_000);
        let friend = town.joins(Some(&head)).await?;
        town.buys(&friend, &Pays::By(head.vpa.to_uppercase())).await?;
        others.push(friend);
    }
    town.circles.push(Circle { trick: "pays with the account that is paid", heads: vec![head], others });
    town.jobs().await
}

/// A head whose friends are all paid for from one account, which is not where the money goes.
async fn one_payer(town: &mut Town) -> Result<(), String> {
    let head = town.joins(None).await?;
    let payer = format!("mule{}@okaxis", head.user.id);
    let mut others = Vec::new();
    for _ in 0..SALES {
        town.pass(4_000);
        let friend = town.joins(Some(&head)).await?;
        town.pass(900);
        town.buys(&friend, &Pays::By(payer.clone())).await?;
        others.push(friend);
    }
    town.circles.push(Circle { trick: "one payer for all friends", heads: vec![head], others });
    town.jobs().await
}

/// One screenshot, sent for every friend's order; staff do not notice.
async fn screenshots(town: &mut Town) -> Result<(), String> {
    let head = town.joins(None).await?;
    let file = format!("picture-{}", head.user.id);
    let mut others = Vec::new();
    for _ in 0..SALES + 4 {
        town.pass(4_000);
        let friend = town.joins(Some(&head)).await?;
        town.buys(&friend, &Pays::Photo(file.clone())).await?;
        others.push(friend);
    }
    town.circles.push(Circle { trick: "one screenshot for all orders", heads: vec![head], others });
    town.jobs().await
}

/// Friends who first try each other's references.
async fn references(town: &mut Town) -> Result<(), String> {
    let head = town.joins(None).await?;
    let first = town.joins(Some(&head)).await?;
    let order = town.buys(&first, &Pays::Utr).await?;
    let utr = town.utr_of(&order).await?;
    let mut others = vec![first];
    for _ in 0..SALES {
        town.pass(4_000);
        let friend = town.joins(Some(&head)).await?;
        town.buys_after_sending(&friend, &utr).await?;
        others.push(friend);
    }
    town.circles.push(Circle { trick: "references of each other", heads: vec![head], others });
    town.jobs().await
}

/// Friends who give back what they bought as soon as its commission is released.
async fn given_back(town: &mut Town) -> Result<(), String> {
    let head = town.joins(None).await?;
    let (mut others, mut bought) = (Vec::new(), Vec::new());
    for _ in 0..SALES + 12 {
        town.pass(2_000);
        let friend = town.joins(Some(&head)).await?;
        bought.push(town.buys(&friend, &Pays::By(friend.vpa.clone())).await?);
        others.push(friend);
    }
    town.day_passes().await?;
    for order in bought.iter().take(12) {
        town.gives_back(order).await?;
    }
    town.circles.push(Circle { trick: "gives back after the release", heads: vec![head], others });
    town.jobs().await
}

/// A ring of which no two share the same: payers hold it together here, a phone there, a UPI id at the end.
async fn chain(town: &mut Town) -> Result<(), String> {
    let (mut heads, mut others): (Vec<Person>, _) = (Vec::new(), Vec::new());
    let mark = town.number();
    for n in 0..4 {
        let by = heads.last().cloned();
        let mut head = town.joins(by.as_ref()).await?;
        if n < 2 {
            head.device = format!("phone-of-ring-{mark:08}");
        }
        if n > 1 {
            head.address = format!("2409:4050:{mark:x}:7::{n}");
        }
        let payer = format!("purse{mark}-{}@okaxis", n / 2);
        town.buys(&head, &Pays::By(payer.clone())).await?;
        for k in 0..SALES {
            town.pass(3_000);
            let friend = town.joins(Some(&head)).await?;
            let payer = if k % 4 == 0 { payer.clone() } else { friend.vpa.clone() };
            town.buys(&friend, &Pays::By(payer)).await?;
            others.push(friend);
        }
        heads.push(head);
    }
    town.circles.push(Circle { trick: "a chain, each link of another kind", heads, others });
    town.jobs().await
}
