//! Cashing out in the chat: UPI ids, limits, two pairs of eyes, files for the bank and its answers, tax.

use crate::world::{World, quoted};
use chrono::TimeDelta;
use mela_sandbox::{Person, Seen};

/// Asks for a withdrawal up to its `W-…`; answers that and its card.
async fn asked(world: &World, person: &Person, amount: &str) -> (String, Seen) {
    person.send("/withdraw");
    person.expect(&["UPI"]).await;
    person.send("asha@okbank");
    person.expect(&["amount"]).await;
    person.send(amount);
    person.expect(&["Confirm"]).await;
    person.press("Confirm");
    let code = quoted(&person.expect(&["W-"]).await, "W-");
    let card = world.admins.expect(&[&code, "Approve"]).await;
    (code, card)
}

async fn approved(world: &World, person: &Person, amount: &str) -> (String, Seen) {
    let (code, card) = asked(world, person, amount).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Mark paid"]).await;
    person.expect(&["approved"]).await;
    (code, card)
}

#[tokio::test(flavor = "multi_thread")]
async fn upi_ids_are_kept_offered_taken_away_and_a_new_one_is_told_and_waits() {
    let world = World::with(&[("MELA_WITHDRAWALS__NEW_UPI_WAIT", "24h")]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/upi");
    asha.expect(&["None is saved yet", "Back"]).await;
    asha.press("Add a UPI ID");
    asha.expect(&["like name@bank", "only after 24h"]).await;
    for (wrong, why) in [("asha@gmail.com", "e-mail"), ("asha", "not a UPI ID")] {
        asha.send(wrong);
        asha.expect(&[why]).await;
    }
    asha.send(" ＡＳＨＡ @ OkBank");
    asha.expect(&["asha@okbank", "from 23 Nov 2026, 11:00 IST", "Remove asha@okbank"]).await;
    asha.send("/withdraw");
    asha.expect(&["UPI", "asha@okbank – new"]).await;
    asha.send("asha@okbank");
    asha.expect(&["nothing is paid to a new UPI ID at once", "23 Nov 2026, 11:00 IST"]).await;
    // Another one, typed while withdrawing: told, because it may not have been her.
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("thief@okbank");
    let (first, second) = (asha.next().await, asha.next().await);
    let told = if first.shows("A new UPI ID was added") { &first } else { &second };
    assert!(told.shows("thief@okbank") && told.shows("/support"), "{first:?} {second:?}");
    asha.press_on(told.message_id, "My UPI IDs");
    asha.expect(&["asha@okbank", "thief@okbank"]).await;
    asha.press("Remove thief@okbank");
    let left = asha.expect(&["asha@okbank"]).await;
    assert!(!left.shows("thief"), "{left}");
    // An old button of one that is gone, and a forged one.
    for data in ["1|upir|12345", "1|wdto|12345"] {
        let query = asha.press_data(left.message_id, data);
        // What is not kept is not kept: the screen stays as it is.
        if data.contains("wdto") {
            assert!(asha.alert(&query).await.is_some());
        }
    }
    world.advance(TimeDelta::hours(24));
    asha.send("/withdraw");
    asha.expect(&["₹504", "Use asha@okbank"]).await;
    asha.press("Use asha@okbank");
    asha.expect(&["amount", "₹504"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_says_what_is_possible_and_when() {
    let world =
        World::with(&[("MELA_WITHDRAWALS__MINIMUM", "10"), ("MELA_WITHDRAWALS__MOST_PER_DAY", "100"), ("MELA_WITHDRAWALS__COOLDOWN", "1h")]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/withdraw");
    asha.expect(&["UPI", "₹504"]).await;
    asha.send("asha@okbank");
    asha.expect(&["from ₹10 to ₹100", "₹100 more today", "Withdraw all (₹100)"]).await;
    asha.send("100.01");
    asha.expect(&["₹100 more today", "23 Nov 2026, 00:00 IST"]).await;
    asha.send("95");
    asha.expect(&["Confirm"]).await;
    asha.press("Confirm");
    let code = quoted(&asha.expect(&["W-"]).await, "W-");
    world.admins.expect(&[&code]).await;
    asha.send("/withdraw");
    asha.expect(&["short while ago", "22 Nov 2026, 12:00 IST", "Back"]).await;
    world.advance(TimeDelta::hours(1));
    asha.send("/withdraw");
    asha.expect(&["₹5 more today"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_says_who_approved_first_and_somebody_else_must_be_the_second() {
    let world = World::with(&[("MELA_WITHDRAWALS__SECOND_PERSON_ABOVE", "500")]).await;
    let om = world.person(2, "Om").in_group(&world.admins);
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let (code, card) = asked(&world, &asha, "504").await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["First approved by Meera", "there is none: add an admin"]).await;
    world.owner.send("/staff add 2 admin Om");
    world.admins.expect(&["admin"]).await;
    let query = world.owner.press_on(card.message_id, "Approve");
    assert!(world.owner.alert(&query).await.unwrap().contains("somebody else must be the second"));
    world.admins.expect(&["First approved by Meera", "A second member of staff"]).await;
    om.press_on(card.message_id, "Approve");
    world.admins.expect(&[&code, "First approved by Meera", "Approved by Om", "Mark paid"]).await;
    asha.expect(&["approved"]).await;
    world.books_are_right().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_for_the_bank_and_its_answer() {
    let world = World::with(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    let gita = world.person(2, "Gita").in_group(&world.admins);
    world.owner.send("/staff add 2 support Gita");
    world.admins.expect(&["support"]).await;
    gita.send("/payouts");
    world.admins.expect(&["role does not allow"]).await;
    world.owner.send("/payouts");
    world.admins.expect(&["No approved withdrawal waits"]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let (one, one_card) = approved(&world, &asha, "100").await;
    let (two, _) = approved(&world, &asha, "50").await;
    world.owner.send("/payouts");
    let given = world.admins.expect(&["2 withdrawals", "₹150", "withdrawal, status, utr, reason"]).await;
    let file = String::from_utf8(given.file_bytes().unwrap()).unwrap();
    assert!(file.starts_with("withdrawal,name,upi_id,amount,note\n"), "{file}");
    assert!(file.contains(&format!("{one},Asha,asha@okbank,100.00,Mela W {}", &one[2..])), "{file}");
    // Talk in between is no answer to anything.
    world.owner.send("I am sending it to the bank");
    world.owner.send("/payouts");
    let nothing = world.admins.expect(&["No approved withdrawal waits", "2 withdrawals, ₹150", "Give them again"]).await;
    world.owner.press_on(nothing.message_id, "Give them again");
    let warning = world.admins.expect(&["may be paid already", "₹150"]).await;
    world.owner.press_on(warning.message_id, "Yes, give again");
    assert!(world.admins.expect(&["2 withdrawals", "₹150"]).await.file_bytes().is_some());
    // The answer, as the next file of whoever asked.
    let answer = format!("status;reason;withdrawal;utr\npaid;;{one};632512345678\nfailed;no such UPI id;{two};\npaid;;W-ZZZZZZZZ;632512345679\n");
    world.owner.send_document("answer.csv", answer.as_bytes(), None);
    let dry = world
        .admins
        .expect(&["Paid: 1 (₹100)", "Failed: 1 (₹50 goes back)", "Wrong: 1", "row 4: there is no withdrawal “W-ZZZZZZZZ”", "Apply"])
        .await;
    world.admins.expect(&["wrong row"]).await;
    assert_eq!(world.count("withdrawal WHERE state = 'approved'").await, 2, "a dry run");
    world.owner.press_on(dry.message_id, "Apply");
    asha.expect(&[&one, "paid", "632512345678"]).await;
    asha.expect(&[&two, "could not be paid", "no such UPI id"]).await;
    // The file's message and both cards, as they come.
    let shown = [world.admins.next().await, world.admins.next().await, world.admins.next().await];
    let any = |message_id, part: &str| shown.iter().any(|seen| seen.message_id == message_id && seen.shows(part));
    assert!(any(dry.message_id, "Applied by Meera: 1 paid (₹100), 1 failed (₹50 went back)"), "{shown:#?}");
    assert!(any(one_card.message_id, "Paid by Meera"), "{shown:#?}");
    let again = world.owner.press_data(dry.message_id, "1|pya|1");
    assert!(world.owner.alert(&again).await.unwrap().contains("applied already"));
    world.owner.send_document("answer.csv", answer.as_bytes(), Some("/import payouts"));
    world.admins.expect(&["Paid: 0 (₹0)", "Known already: 2", "nothing to apply"]).await;
    world.admins.expect(&["wrong row"]).await;
    world.owner.send("/import payouts");
    world.admins.expect(&["bank's answer", "withdrawal, status, utr, reason"]).await;
    world.owner.send("here");
    world.admins.expect(&["as a file"]).await;
    world.owner.send_document("answer.csv", b"withdrawal,status\nW-1,paid\n", None);
    world.admins.expect(&["Missing: utr, reason"]).await;
    world.owner.send("/cancel");
    world.admins.expect(&["left as it is"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tax_is_shown_before_it_is_confirmed_and_a_pan_makes_it_less() {
    let key = "c".repeat(64);
    let world = World::with(&[
        ("MELA_TDS__WITHHOLD", "true"),
        ("MELA_TDS__THRESHOLD", "400"),
        ("MELA_WITHDRAWALS__MINIMUM", "10"),
        ("MELA_CREDENTIALS__KEY", &key),
    ])
    .await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("asha@okbank");
    asha.expect(&["amount"]).await;
    asha.send("500");
    let before = asha.expect(&["Tax withheld (TDS): ₹100", "₹400", "Without your PAN", "Add my PAN", "Confirm"]).await;
    asha.press("Add my PAN");
    asha.expect(&["Type your PAN"]).await;
    asha.send("ABC");
    asha.expect(&["not a PAN"]).await;
    asha.send("bbcpk4321l");
    let shown = asha.expect(&["Tax withheld (TDS): ₹10", "₹490", "Confirm"]).await;
    assert!(!shown.shows("Without your PAN"), "{shown}");
    assert!(asha.chat().iter().all(|seen| !seen.text.to_lowercase().contains("bbcpk4321l")), "her messages are gone");
    assert_eq!(world.count("inbox WHERE body ILIKE '%bbcpk4321l%'").await, 0);
    asha.press_on(shown.message_id, "Confirm");
    let code = quoted(&asha.expect(&["W-", "Tax withheld (TDS): ₹10", "₹490"]).await, "W-");
    // The screen of before, pressed as it was shown then: the same draft.
    let _ = before;
    let card = world.admins.expect(&[&code, "₹500", "Tax withheld (TDS): ₹10", "₹490"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Mark paid"]).await;
    asha.expect(&["approved", "₹490"]).await;
    world.owner.send("/payouts");
    let file = world.admins.expect(&["1 withdrawal", "₹490"]).await;
    assert!(String::from_utf8(file.file_bytes().unwrap()).unwrap().contains(",asha@okbank,490.00,"));
    world.owner.press_on(card.message_id, "Mark paid");
    world.admins.expect(&["UTR of the payout"]).await;
    world.owner.send("632512345678");
    world.admins.expect(&["Paid by Meera"]).await;
    world.admins.expect(&["marked paid"]).await;
    asha.expect(&["paid", "₹490", "632512345678"]).await;
    asha.send("/tds");
    asha.expect(&["2026-27", "commissions ₹504", "tax withheld ₹10", &code, "2 % of ₹504", "PAN is saved"]).await;
    asha.press("As a file");
    let file = asha.expect(&["1 row"]).await;
    assert!(String::from_utf8(file.file_bytes().unwrap()).unwrap().contains(&format!("2026-27,{code},22 Nov 2026,504.00,2,10.00")));
    // The owner's file goes to the owner alone.
    world.owner.send("/tds 26");
    world.admins.expect(&["Use: /tds YEAR"]).await;
    let meera = world.person(900, "Meera");
    meera.send("/start");
    meera.expect(&["Plans"]).await;
    world.owner.send("/tds 2026");
    let file = meera.expect(&["2026-27", "1 row"]).await;
    assert!(String::from_utf8(file.file_bytes().unwrap()).unwrap().contains("BBCPK4321L"));
    let told = world.admins.expect(&["1 row", "in private"]).await;
    assert!(told.file_bytes().is_none());
    world.owner.send("/tds 2025");
    world.admins.expect(&["Nothing was withheld"]).await;
    assert_eq!(world.count("audit WHERE detail LIKE '%BBCPK%' OR subject LIKE '%BBCPK%'").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_no_pan_is_taken() {
    let world = World::with(&[("MELA_TDS__WITHHOLD", "true"), ("MELA_TDS__THRESHOLD", "400"), ("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/pan");
    asha.expect(&["cannot keep a PAN safely"]).await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("asha@okbank");
    asha.expect(&["amount"]).await;
    asha.send("500");
    let shown = asha.expect(&["Tax withheld (TDS): ₹100", "Confirm"]).await;
    assert!(shown.button("Add my PAN").is_none());
    world.ends_well().await;
}
