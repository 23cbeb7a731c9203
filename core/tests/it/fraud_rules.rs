//! What each rule finds, and what it lets be: the trick, and the honest people who look like it.

use super::shop::{Shop, admin, rupees};
use chrono::TimeDelta;
use mela_core::fraud;
use mela_core::fraud::signals::{self, Kind};
use mela_core::orders::{self, Order};
use mela_core::payments::{self, PaymentError, Proof};
use mela_core::refunds::To;
use mela_core::users::{self, User};

impl Shop {
    /// Something that a person is known by.
    async fn known(&self, person: &User, kind: Kind, value: &str) {
        let tx = self.core.begin().await.unwrap();
        signals::note_in(&self.core, &tx, person.user_id(), kind, value).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// People whom one brought.
    async fn friends(&self, of: &User, names: &[&str]) -> Vec<User> {
        let mut friends = Vec::new();
        for name in names {
            friends.push(self.arrive(name, Some(of)).await);
        }
        friends
    }

    /// Everybody is looked at; the open flags.
    async fn swept(&self) -> Vec<String> {
        self.look().await;
        fraud::sweep(&self.core, |_| ()).await.unwrap();
        self.flags().await
    }

    async fn frozen(&self) -> Vec<String> {
        self.column("SELECT u.name FROM purse p JOIN users u ON u.id = p.user_id WHERE p.frozen ORDER BY 1").await
    }

    /// What is on hold commission by commission, as `beneficiary amount`.
    async fn put_off(&self) -> Vec<String> {
        let text = "SELECT u.name || ' ' || trim_scale(c.amount) FROM flag_commission h JOIN commission c ON c.id = h.commission_id
                    JOIN users u ON u.id = c.beneficiary_id ORDER BY 1";
        self.column(text).await
    }

    async fn photo(&self, buyer: &User, order: &Order, file: &str) -> i64 {
        let proof = Proof::Photo { file_id: format!("id-{file}"), unique_id: format!("u-{file}"), sent_at: None };
        let key = format!("tg:{}", self.number());
        payments::submit(&self.core, buyer.user_id(), &order.code, &proof, &key).await.unwrap().into_inner().id
    }

    async fn confirm(&self, payment: i64) {
        payments::confirm(&self.core, payment, &admin("Meera")).await.unwrap();
    }
}

/// A shop where little money can leave.
async fn open() -> Shop {
    let shop = Shop::open().await;
    shop.set("withdrawals.minimum", "50").await;
    // Here all buy at once.
    shop.set("fraud.instant_buyers", "off").await;
    shop
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn those_of_one_device_are_one() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let friends = shop.friends(&asha, &["Bina", "Chetan", "Dev"]).await;
    for (person, device) in [(&asha, "one"), (&friends[0], "one"), (&friends[1], "another"), (&friends[2], "a third")] {
        shop.known(person, Kind::Device, device).await;
    }
    fraud::heed(&shop.core, friends[0].user_id()).await;
    assert_eq!(shop.flags().await, ["duplicate-device: Asha, Bina"]);
    assert_eq!(shop.frozen().await, ["Asha", "Bina"]);
    // The same again is the same; who comes later is held, too.
    shop.known(&friends[1], Kind::Device, "one").await;
    assert_eq!(shop.swept().await, ["duplicate-device: Asha, Bina, Chetan"]);
    assert_eq!(shop.swept().await, ["duplicate-device: Asha, Bina, Chetan"]);
    // A device's id is no UPI id.
    shop.known(&friends[2], Kind::Payee, "one").await;
    assert_eq!(shop.swept().await.len(), 1);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_address_tells_little_and_a_crowds_nothing() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let friends = shop.friends(&asha, &["Bina", "Chetan", "Dev"]).await;
    for person in [&asha, &friends[0], &friends[1]] {
        shop.known(person, Kind::Ip6, "2405:201:1:1::").await;
        shop.known(person, Kind::Ip4, "49.36.1.1").await;
        shop.known(person, Kind::WeakIp, "100.64.0.1").await;
    }
    shop.known(&shop.arrive("Neighbour", None).await, Kind::Ip6, "2405:201:1:1::").await;
    // They share a house and nothing else.
    assert_eq!(shop.swept().await, NOTHING);
    shop.sell(&friends[0]).await;
    assert_eq!(shop.swept().await, ["duplicate-ip (weak): Asha", "duplicate-ip (weak): Asha"], "one of each kind that tells something");
    shop.sell(&friends[1]).await;
    assert_eq!(
        shop.swept().await,
        ["duplicate-ip (weak): Asha", "duplicate-ip: Asha, Bina, Chetan"],
        "what lives of the house can leave"
    );
    assert_eq!(shop.frozen().await, ["Asha", "Bina", "Chetan"], "and not the neighbour");

    // Who brings others, too, has a family, and no more.
    let esha = shop.arrive("Esha", None).await;
    let family = shop.friends(&esha, &["Farid", "Gita"]).await;
    for person in [&esha, &family[0], &family[1]] {
        shop.known(person, Kind::Ip6, "2405:201:2:2::").await;
        shop.sell(person).await;
    }
    for stranger in shop.friends(&esha, &["S1", "S2", "S3"]).await {
        shop.sell(&stranger).await;
    }
    assert_eq!(shop.swept().await.len(), 2, "not even half of it");

    // Three of a house who all earn, one of them from another: that is a trade.
    let mates = shop.friends(&esha, &["M1", "M2"]).await;
    for (n, mate) in mates.iter().enumerate() {
        shop.known(mate, Kind::Ip6, "2405:201:4:4::").await;
        let friend = shop.arrive(&format!("M{n}'s"), Some(mate)).await;
        shop.sell(&friend).await;
    }
    shop.known(&esha, Kind::Ip6, "2405:201:4:4::").await;
    assert_eq!(shop.swept().await.len(), 2, "nothing comes from inside");
    shop.sell(&mates[0]).await;
    let flags = shop.swept().await;
    assert_eq!((flags.len(), flags[2].as_str()), (3, "duplicate-ip: Esha, M1, M2"));

    // A hostel: more than thirty behind one.
    shop.set("fraud.rapid_signups", "off").await;
    let harsh = shop.arrive("Harsh", None).await;
    shop.known(&harsh, Kind::Ip4, "10.1.1.1").await;
    shop.known(&harsh, Kind::Ip6, "2405:201:3:3::").await;
    for n in 0..30 {
        let mate = shop.arrive(&format!("H{n}"), Some(&harsh)).await;
        shop.known(&mate, Kind::Ip4, "10.1.1.1").await;
        shop.known(&mate, Kind::Ip6, "2405:201:3:3::").await;
        if n < 3 {
            shop.sell(&mate).await;
        }
    }
    assert_eq!(shop.swept().await.len(), 3);
    shop.set("fraud.crowd", "31").await;
    assert_eq!(shop.swept().await.len(), 5, "a crowd is what the settings say");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn one_who_pays_for_all_is_a_father_until_it_is_a_trade() {
    let shop = open().await;
    // A father pays for two sons whom a stranger brought.
    let ravi = shop.arrive("Ravi", None).await;
    for son in shop.friends(&ravi, &["Son1", "Son2"]).await {
        shop.sell_paid_by(&son, "father@ybl").await;
    }
    for (friend, payer) in shop.friends(&ravi, &["F1", "F2"]).await.iter().zip(["f1@ybl", "f2@ybl"]) {
        shop.sell_paid_by(friend, payer).await;
    }
    assert_eq!(shop.swept().await, NOTHING);

    // Four accounts that one pays for, and another who earns nothing else of it: a look; five: on hold.
    let asha = shop.arrive("Asha", None).await;
    let puppets = shop.friends(&asha, &["P1", "P2", "P3", "P4", "P5"]).await;
    for (n, puppet) in puppets.iter().enumerate() {
        // By whatever handle: the phone number is one.
        shop.sell_paid_by(puppet, &format!("9876543210@{}", ["ybl", "paytm", "okaxis", "ybl", "ibl"][n])).await;
        let wanted = ["", "one-payer (weak): Asha", "one-payer (weak): Asha", "one-payer (weak): Asha", "one-payer: Asha"][n];
        assert_eq!(shop.swept().await.join(", "), wanted, "{n}");
    }
    assert_eq!(shop.frozen().await, ["Asha"]);
    let seen = "SELECT count(*) FROM flag_person WHERE part = 'seen'";
    assert_eq!(shop.count(seen).await, 5);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn those_who_bring_each_other_and_are_paid_for_by_one_live_of_each_other() {
    let shop = open().await;
    let mut chain = vec![shop.arrive("C0", None).await];
    for n in 1..6 {
        let next = shop.arrive(&format!("C{n}"), chain.last()).await;
        chain.push(next);
    }
    for member in &chain {
        shop.sell_paid_by(member, "purse@ybl").await;
    }
    // Each earned 28 by the next and 9 by the one after: less than can leave.
    let flags = shop.swept().await;
    assert!(flags.iter().all(|flag| flag.contains("(weak)")) && flags.len() > 1, "{flags:?}");
    assert_eq!(shop.frozen().await, NOTHING);
    for member in &chain {
        shop.sell_paid_by(member, "purse@ybl").await;
    }
    shop.swept().await;
    assert_eq!(shop.frozen().await, ["C0", "C1", "C2", "C3"], "the last two earned nothing, or too little to leave");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn who_pays_for_a_sale_does_not_earn_by_it_whichever_is_known_first() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let bina = shop.arrive("Bina", Some(&asha)).await;
    let chetan = shop.arrive("Chetan", Some(&bina)).await;
    // On the second level, too; the phone number suffices.
    shop.sell_paid_by(&chetan, "9876543210@ybl").await;
    for _ in 0..2 {
        shop.sell_paid_by(&bina, "bina@ybl").await;
    }
    assert_eq!(shop.swept().await, NOTHING);
    shop.holds_end();
    shop.release().await;
    shop.ask_to(&asha, "60", "9876543210-2@paytm").await.unwrap();
    assert_eq!(shop.flags().await, ["self-referral: Asha"]);
    assert_eq!(shop.put_off().await, ["Asha 9"], "of what others paid for nothing");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn anothers_utr_is_nobodys_own() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let friends = shop.friends(&asha, &["Bina", "Chetan", "Dev"]).await;
    let [bina, chetan, dev] = friends.as_slice() else { panic!() };
    let utr = shop.utr();
    let paid = shop.order(bina).await;
    let payment = shop.prove(bina, &paid, &utr).await.unwrap().into_inner();
    shop.approve(&payment).await;
    // One's own old one, by mistake.
    let next = shop.order(bina).await;
    assert!(matches!(shop.prove(bina, &next, &utr).await, Err(PaymentError::UtrUsed(_))));
    assert_eq!(shop.swept().await, ["reused-utr (weak): Bina"]);
    assert_eq!(shop.frozen().await, NOTHING);
    // Another's; and what is earned by that order in the end.
    let order = shop.order(chetan).await;
    assert!(shop.prove(chetan, &order, &utr).await.is_err());
    assert_eq!(shop.swept().await, ["reused-utr (weak): Bina", "reused-utr (weak): Chetan"]);
    let photo = shop.photo(chetan, &order, "fake").await;
    shop.confirm(photo).await;
    shop.look().await;
    assert_eq!((shop.put_off().await, shop.frozen().await), (Vec::new(), Vec::new()), "it was refused, and a slip happens");
    // Twice is no slip.
    let order = shop.order(chetan).await;
    assert!(shop.prove(chetan, &order, &utr).await.is_err());
    assert_eq!(shop.swept().await, ["reused-utr (weak): Bina", "reused-utr: Asha, Chetan"]);
    assert_eq!(shop.put_off().await, ["Asha 28"]);
    assert_eq!(shop.frozen().await, ["Chetan"], "who brought them waits for that order alone");
    // One that staff refused its first sender may be the second's.
    let (theirs, stolen) = (shop.utr(), shop.order(bina).await);
    let claim = shop.prove(bina, &stolen, &theirs).await.unwrap().into_inner();
    payments::reject(&shop.core, claim.id, &admin("Meera"), "no such money").await.unwrap();
    let order = shop.order(dev).await;
    assert!(shop.prove(dev, &order, &theirs).await.is_err());
    assert_eq!(shop.swept().await, ["reused-utr (weak): Bina", "reused-utr (weak): Dev", "reused-utr: Asha, Chetan"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn anothers_screenshot_shows_anothers_payment() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let friends = shop.friends(&asha, &["Bina", "Chetan", "Dev"]).await;
    let [bina, chetan, dev] = friends.as_slice() else { panic!() };
    let order = shop.order(bina).await;
    let first = shop.photo(bina, &order, "one").await;
    // Refused, and sent again for the same order: that is no other.
    payments::reject(&shop.core, first, &admin("Meera"), "cannot be read").await.unwrap();
    let again = shop.photo(bina, &order, "one").await;
    shop.confirm(again).await;
    assert_eq!(shop.swept().await, NOTHING);
    let second = shop.order(bina).await;
    shop.photo(bina, &second, "one").await;
    assert_eq!(shop.swept().await, ["reused-screenshot (weak): Bina"]);
    // The file itself passed on; and the picture saved anew, known a little later, when it was approved already.
    let order = shop.order(chetan).await;
    let passed_on = shop.photo(chetan, &order, "one").await;
    shop.confirm(passed_on).await;
    let order = shop.order(dev).await;
    let saved_anew = shop.photo(dev, &order, "anew").await;
    shop.confirm(saved_anew).await;
    shop.look().await;
    assert_eq!(shop.flags().await, ["reused-screenshot (weak): Bina", "reused-screenshot: Asha, Chetan"]);
    assert_eq!(shop.put_off().await, ["Asha 28"]);
    shop.run(&format!("INSERT INTO proof_photo_twin (payment_id, other_id) VALUES ({saved_anew}, {again})")).await;
    fraud::heed(&shop.core, dev.user_id()).await;
    assert_eq!(shop.put_off().await, ["Asha 28", "Asha 28"]);
    assert_eq!(shop.frozen().await, ["Chetan", "Dev"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_few_refunds_are_everybodys_and_many_after_the_release_a_trade() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let mut orders = Vec::new();
    for friend in shop.friends(&asha, &["B1", "B2", "B3", "B4", "B5", "B6"]).await {
        orders.push(shop.sell(&friend).await);
    }
    // Before the release it is a sale that was none.
    shop.refund(&orders[5], "135", &To::Wallet).await.unwrap();
    shop.holds_end();
    shop.release().await;
    assert_eq!(shop.swept().await, NOTHING);
    for (n, wanted) in [vec![], vec!["refund-after-release (weak): Asha"], vec!["refund-after-release: Asha"]].into_iter().enumerate() {
        shop.refund(&orders[n], "135", &To::Wallet).await.unwrap();
        shop.look().await;
        assert_eq!(shop.flags().await, wanted, "{n}: three of six are half");
    }
    assert_eq!(shop.frozen().await, ["Asha"]);

    // One buyer whom nothing pleases is no trade of who brought them.
    let chetan = shop.arrive("Chetan", None).await;
    let picky = shop.arrive("Picky", Some(&chetan)).await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(shop.sell(&picky).await);
    }
    shop.holds_end();
    shop.release().await;
    for order in &orders {
        shop.refund(order, "135", &To::Wallet).await.unwrap();
    }
    assert_eq!(shop.swept().await, ["refund-after-release (weak): Chetan", "refund-after-release: Asha"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn bursts_are_noted_and_hold_nothing() {
    let shop = open().await;
    let [slow, fast] = [shop.arrive("Slow", None).await, shop.arrive("Fast", None).await];
    for n in 0..20 {
        shop.arrive(&format!("S{n}"), Some(&slow)).await;
        shop.advance(TimeDelta::seconds(32));
    }
    for n in 0..19 {
        shop.arrive(&format!("F{n}"), Some(&fast)).await;
    }
    assert_eq!(shop.swept().await, NOTHING);
    shop.advance(TimeDelta::seconds(599));
    shop.arrive("F19", Some(&fast)).await;
    assert_eq!(shop.swept().await, ["rapid-signups (weak): Fast"]);

    shop.set("fraud.instant_buyers", "score").await;
    // Who buys within a minute, and who thinks it over; the approval may take its time.
    let eager = shop.arrive("Eager", None).await;
    let mut orders = Vec::new();
    for (n, after) in [0, 59, 61, 0, 10, 3_000, 20].into_iter().enumerate() {
        let friend = shop.arrive(&format!("E{n}"), Some(&eager)).await;
        shop.advance(TimeDelta::seconds(after));
        let (order, payment) = shop.order_and_pay(&friend).await;
        orders.push((order, payment));
    }
    shop.advance(TimeDelta::hours(3));
    for (_, payment) in &orders {
        shop.approve(payment).await;
    }
    assert_eq!(shop.swept().await, ["rapid-signups (weak): Fast"], "four, and one most of an hour later");
    for n in 7..9 {
        let friend = shop.arrive(&format!("E{n}"), Some(&eager)).await;
        shop.sell(&friend).await;
    }
    assert_eq!(shop.swept().await, ["rapid-signups (weak): Fast"]);
    let close = shop.arrive("Close", None).await;
    let mut payments = Vec::new();
    for friend in shop.friends(&close, &["C0", "C1", "C2", "C3", "C4"]).await {
        payments.push(shop.order_and_pay(&friend).await.1);
    }
    // In whatever order they are approved.
    for payment in payments.iter().rev() {
        assert_eq!(shop.flags().await, ["rapid-signups (weak): Fast"]);
        shop.approve(payment).await;
        shop.look().await;
    }
    assert_eq!(shop.flags().await, ["instant-buyers (weak): Close", "rapid-signups (weak): Fast"]);
    assert_eq!(shop.frozen().await, NOTHING);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'fraud-card'").await, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn conversion_is_compared_with_other_links() {
    let shop = open().await;
    shop.set("fraud.conversion_sample", "10").await;
    let mut buyers = Vec::new();
    let crowd = shop.arrive("Crowd", None).await;
    for n in 0..12 {
        buyers.push(shop.arrive(&format!("B{n}"), Some(&crowd)).await);
    }
    assert_eq!(shop.swept().await, NOTHING, "nobody to compare with");
    for link in 0..5 {
        let peer = shop.arrive(&format!("Peer{link}"), None).await;
        for n in 0..5 {
            let friend = shop.arrive(&format!("F{link}{n}"), Some(&peer)).await;
            if n < 2 {
                shop.sell(&friend).await;
            }
        }
    }
    assert_eq!(shop.swept().await, ["low-conversion (weak): Crowd"], "40 percent are usual, and 8 are low");
    shop.sell(&buyers[0]).await;
    fraud::dismiss(&shop.core, 1, &admin("Meera")).await.unwrap();
    // One of thirteen is under 8 percent; but it was looked at.
    shop.arrive("B12", Some(&crowd)).await;
    assert_eq!(shop.swept().await, NOTHING);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_ring_of_which_no_two_ends_share_a_thing_is_held_as_a_whole() {
    let shop = open().await;
    let mut ring = vec![shop.arrive("R0", None).await];
    for n in 1..5 {
        ring.push(shop.arrive(&format!("R{n}"), ring.last()).await);
    }
    shop.known(&ring[0], Kind::Device, "d").await;
    shop.known(&ring[1], Kind::Device, "d").await;
    shop.known(&ring[2], Kind::Ip6, "2405:201:9:9::").await;
    shop.known(&ring[3], Kind::Ip6, "2405:201:9:9::").await;
    shop.sell_paid_by(&ring[1], "one@ybl").await;
    shop.sell_paid_by(&ring[2], "one@ybl").await;
    shop.sell_paid_by(&ring[3], "two@ybl").await;
    shop.sell_paid_by(&ring[4], "two@ybl").await;
    let flags = shop.swept().await;
    assert!(flags.contains(&"ring: R0, R1, R2, R3, R4".to_owned()), "{flags:?}");
    assert_eq!(shop.frozen().await, ["R0", "R1", "R2", "R3", "R4"]);
    let again = shop.swept().await;
    assert_eq!(again, flags);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_family_is_no_ring_and_a_hub_joins_nobody() {
    let shop = open().await;
    let named = "SELECT count(DISTINCT user_id) FROM flag_person p JOIN flag f ON f.id = p.flag_id WHERE f.rule = 'ring'";
    let mother = shop.arrive("Mother", None).await;
    let family = shop.friends(&mother, &["F1", "F2", "F3"]).await;
    for person in std::iter::once(&mother).chain(&family) {
        shop.known(person, Kind::Ip6, "2405:201:1:1::").await;
    }
    shop.sell_paid_by(&family[0], "father@ybl").await;
    for person in &family {
        shop.sell_paid_by(person, "father@ybl").await;
    }
    shop.set("fraud.duplicate_ip", "off").await;
    let flags = shop.swept().await;
    assert!(flags.iter().all(|flag| flag.contains("(weak): Mother")), "{flags:?}");
    assert_eq!(shop.count(named).await, 0, "a father who pays, and a house: all of it comes of one house");

    // Two of one network who earn from friends, and from each other, and for whom and whose friends one pays; neighbours whom nobody of them brought.
    let boss = shop.arrive("Boss", None).await;
    let second = shop.arrive("Second", Some(&boss)).await;
    for (person, friend) in [(&boss, "A"), (&second, "B")] {
        shop.known(person, Kind::Ip6, "2405:201:7:7::").await;
        shop.sell_paid_by(person, "purse@ybl").await;
        shop.sell_paid_by(&shop.arrive(friend, Some(person)).await, "purse@ybl").await;
        for n in 0..4 {
            let name = format!("{friend}{n}");
            shop.sell_paid_by(&shop.arrive(&name, Some(person)).await, &format!("{name}@ybl")).await;
        }
    }
    for n in 0..3 {
        shop.known(&shop.arrive(&format!("N{n}"), None).await, Kind::Ip6, "2405:201:7:7::").await;
    }
    let flags = shop.swept().await;
    assert!(flags.contains(&"ring: A, B, Boss, Second".to_owned()), "{flags:?}");

    // A payer of many, and a network of many, lead nowhere.
    let before = shop.count(named).await;
    let star = shop.arrive("Star", None).await;
    for n in 0..31 {
        let buyer = shop.arrive(&format!("X{n}"), Some(&star)).await;
        shop.known(&buyer, Kind::Payer, "reseller@ybl").await;
        shop.known(&buyer, Kind::Ip6, "2405:201:5:5::").await;
    }
    shop.swept().await;
    assert_eq!(shop.count(named).await, before);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_rule_that_fails_stops_no_other() {
    let shop = open().await;
    let asha = shop.arrive("Asha", None).await;
    let bina = shop.arrive("Bina", Some(&asha)).await;
    for person in [&asha, &bina] {
        shop.known(person, Kind::Device, "one").await;
    }
    shop.run("ALTER TABLE utr_reuse RENAME TO elsewhere").await;
    assert_eq!(shop.swept().await, ["duplicate-device: Asha, Bina"]);
    assert_eq!(shop.swept().await, ["duplicate-device: Asha, Bina"]);
    let alarms = "SELECT args::text FROM notification WHERE kind = 'alarm'";
    let told = shop.column(alarms).await;
    assert!(told.len() == 1 && told[0].contains("reused-utr"), "once a day: {told:?}");
    shop.run("ALTER TABLE elsewhere RENAME TO utr_reuse").await;
    shop.proof_is_empty().await;
}

/// Families, a hostel, a star, the impatient and the clumsy: nobody is held, and nobody's card tells of much.
#[tokio::test]
async fn an_honest_town_is_let_be() {
    let shop = Shop::open().await;
    let star = shop.arrive("Star", None).await;
    for n in 0..40 {
        let fan = shop.arrive(&format!("Fan{n}"), Some(&star)).await;
        shop.known(&fan, Kind::Ip4, if n % 2 == 0 { "49.1.1.1" } else { "49.1.1.2" }).await;
        shop.known(&fan, Kind::WeakIp, "100.64.1.1").await;
        if n % 3 == 0 {
            shop.sell_paid_by(&fan, &format!("fan{n}@ybl")).await;
        }
    }
    for house in 0..6 {
        let first = shop.arrive(&format!("House{house}"), Some(&star)).await;
        let rest = shop.friends(&first, &["Spouse", "Child", "Cousin"]).await;
        for person in std::iter::once(&first).chain(&rest) {
            shop.known(person, Kind::Ip6, &format!("2405:201:{house}::")).await;
            shop.known(person, Kind::Ip4, &format!("49.2.2.{house}")).await;
            shop.sell_paid_by(person, &format!("98765432{house:02}@ybl")).await;
        }
        // One's own old reference, typed again; a purchase that did not please.
        let utr = shop.utr();
        let order = shop.order(&rest[0]).await;
        let payment = shop.prove(&rest[0], &order, &utr).await.unwrap().into_inner();
        shop.approve(&payment).await;
        let next = shop.order(&rest[0]).await;
        assert!(shop.prove(&rest[0], &next, &utr).await.is_err());
        if house < 2 {
            shop.holds_end();
            shop.release().await;
            shop.refund(&orders::get(shop.core.db(), order.id).await.unwrap(), "135", &To::Wallet).await.unwrap();
        }
    }
    shop.swept().await;
    shop.holds_end();
    shop.release().await;
    let star = users::get(shop.core.db(), star.user_id()).await.unwrap();
    shop.ask_to(&star, "500", "star@okaxis").await.unwrap();
    let flags = shop.swept().await;
    assert!(flags.iter().all(|flag| flag.contains("(weak)")), "{flags:?}");
    assert!(
        !flags.iter().any(|flag| flag.contains("Star") && !flag.starts_with("rapid") && !flag.starts_with("instant")),
        "{flags:?}"
    );
    assert_eq!(shop.frozen().await, NOTHING);
    assert!(shop.has(&star).await.contains("withdrawing 500"));
    assert_eq!(rupees("0"), fraud::held_commissions(shop.core.db(), star.user_id()).await.unwrap());
    shop.proof_is_empty().await;
}
