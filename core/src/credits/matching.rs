//! Credits find their orders: as they are told of, when a customer names one, and in a sweep for what a crash left between.

use super::assign::assign_in;
use super::verdict::{Verdict, look};
use super::wait::wait_in;
use super::{BankCredit, CreditError, For, Seen, Taken, canonical, get, locked};
use crate::Core;
use crate::db::{Tx, constraint, retrying, sql};
use crate::payments::PaymentError;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// How often it is looked again when something else was paid in this moment.
const TRIES: u32 = 6;

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

/// Looks what a credit is for and does what follows: it is assigned, or waits where staff see it. Done again it finds the same; what was assigned, or a part
/// of it, is left as it is.
///
/// # Errors
/// The database; the books refused.
pub async fn rematch(core: &Core, credit_id: i64) -> Result<BankCredit, CreditError> {
    let mut tried = 1;
    loop {
        let matched = retrying(|| async {
            let tx = core.begin().await?;
            let credit = match_in(core, &tx, credit_id).await?;
            tx.commit().await?;
            Ok(credit)
        })
        .await;
        match matched {
            // Another credit, or a person, was there first: looked at again, that is seen.
            Err(error) if tried < TRIES && was_overtaken(&error) => tried += 1,
            matched => return matched,
        }
    }
}

fn was_overtaken(error: &CreditError) -> bool {
    match error {
        CreditError::NotForThis | CreditError::NotEnough(_) => true,
        CreditError::Payment(why) => matches!(**why, PaymentError::NotAwaited(_) | PaymentError::OtherAmount(_) | PaymentError::Decided(_)),
        CreditError::Db(error) => matches!(
            constraint(error).as_deref(),
            Some("credit_assignment_payment_key" | "credit_assignment_settlement_key" | "payment_one_waiting" | "payment_one_confirmed")
        ),
        _ => false,
    }
}

async fn match_in(core: &Core, tx: &Tx, credit_id: i64) -> Result<BankCredit, CreditError> {
    let credit = locked(tx, credit_id).await?;
    if credit.assigned.is_positive() {
        return Ok(credit);
    }
    let to = match look(core, tx, &credit).await? {
        Verdict::Order(_, to) => to,
        Verdict::Payout(settlement) => For { settlement: Some(settlement), sent_back: credit.left(), ..For::default() },
        Verdict::Waits(why, order) => return Ok(wait_in(core, tx, credit, why, order).await?),
    };
    let assigned = assign_in(core, tx, credit.id, &to, &credit.teller(), &format!("match:{}", credit.id)).await?;
    Ok(assigned.into_inner())
}

/// What became of a credit that was told of.
pub(super) async fn found(core: &Core, credit: BankCredit) -> Result<Taken, CreditError> {
    let credit = match rematch(core, credit.id).await {
        Ok(credit) => credit,
        Err(CreditError::Db(error)) => return Err(error.into()),
        // It is written down, and the sweep looks again.
        Err(error) => {
            tracing::error!(credit = credit.id, %error, "a credit was not matched");
            return Ok(Taken::Unmatched(get(core.db(), credit.id).await?));
        }
    };
    if !credit.assigned.is_positive() {
        return Ok(Taken::Unmatched(credit));
    }
    let text = "SELECT p.order_id AS id FROM credit_assignment a JOIN payment p ON p.id = a.payment_id AND p.order_id IS NOT NULL
                WHERE a.credit_id = $1 ORDER BY a.n LIMIT 1";
    let order = Id::find_by_statement(sql(text, [credit.id.into()])).one(core.db()).await?;
    Ok(match order {
        Some(Id { id }) => Taken::Matched(credit, id),
        None => Taken::Payout(credit),
    })
}

/// Writes down what a second teller knows more of a credit. What was assigned needs no more to be known.
pub(super) async fn learn(core: &Core, credit: &BankCredit, seen: &Seen) -> Result<(), DbErr> {
    let vpa = canonical(seen.vpa.as_deref());
    let note = seen.note.trim();
    let more_note = !note.is_empty() && !credit.note.contains(note) && credit.note.len() + note.len() < 1_000;
    let nothing = (vpa.is_none() || credit.vpa.is_some()) && !more_note && (!credit.by_day || seen.by_day) && !credit.payer.is_empty();
    if credit.assigned.is_positive() || nothing {
        return Ok(());
    }
    let text = "UPDATE bank_credit SET vpa = coalesce(vpa, $2), note = CASE WHEN $3 = '' THEN note ELSE trim(note || ' ' || $3) END,
                       payer = CASE WHEN payer = '' THEN $4 ELSE payer END, seen_at = CASE WHEN by_day AND NOT $6 THEN $5 ELSE seen_at END, by_day = by_day AND $6
                WHERE id = $1 AND assigned = 0";
    let note = if more_note { note } else { "" };
    let values = [credit.id.into(), vpa.into(), note.into(), seen.payer.clone().into(), seen.at.into(), seen.by_day.into()];
    core.db().execute_raw(sql(text, values)).await?;
    Ok(())
}

/// A customer named this reference: should its money have been seen, it is matched at once. Answers whether something was. What goes wrong is left to
/// the sweep: the proof is taken.
pub(crate) async fn claimed(core: &Core, utr: &str) -> bool {
    let text = "SELECT id FROM bank_credit WHERE utr = $1 AND assigned = 0 AND source = 'bank' ORDER BY id LIMIT 5";
    let found = Id::find_by_statement(sql(text, [utr.into()])).all(core.db()).await;
    let mut matched = false;
    for Id { id } in found.unwrap_or_default() {
        match rematch(core, id).await {
            Ok(credit) => matched |= credit.assigned.is_positive(),
            Err(error) => tracing::warn!(credit = id, %error, "a credit that a customer named is matched later"),
        }
    }
    matched
}

/// What a sweep looks at: what nobody looked at yet; what a proof names that was sent, or approved by hand, since; payouts that a gateway told of after
/// the bank did.
/// They begin with the few that may have changed: strangers' credits may be a million.
const SWEPT: [&str; 4] = [
    "SELECT id FROM bank_credit WHERE waits IS NULL AND assigned = 0 AND id > $1 ORDER BY id LIMIT $2",
    "SELECT c.id FROM payment p CROSS JOIN LATERAL (
       SELECT id FROM bank_credit WHERE utr = p.utr AND assigned = 0 AND source = 'bank' AND id > $1 ORDER BY id LIMIT $2) c
     WHERE p.state = 'submitted' AND p.utr IS NOT NULL ORDER BY c.id LIMIT $2",
    "SELECT c.id FROM payment p CROSS JOIN LATERAL (
       SELECT id FROM bank_credit WHERE utr = p.utr AND amount = p.amount AND assigned = 0 AND source = 'bank' AND id > $1 ORDER BY id LIMIT $2) c
     WHERE p.state = 'confirmed' AND p.decided_at > $3::timestamptz + interval '7 days' AND p.method = 'upi' AND p.utr IS NOT NULL
       AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.payment_id = p.id) ORDER BY c.id LIMIT $2",
    "SELECT c.id FROM settlement s CROSS JOIN LATERAL (
       SELECT id FROM bank_credit WHERE amount = s.net AND assigned < amount AND assigned = 0 AND source = 'bank' AND id > $1 ORDER BY id LIMIT $2) c
     WHERE s.settled_at > $3 AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.settlement_id = s.id) ORDER BY c.id LIMIT $2",
];

/// Looks again at what may have found its order since, `chunk` at a time; answers how many credits were assigned. Any number of workers may do this at once.
///
/// # Errors
/// The database: what was matched before stays matched.
pub async fn sweep(core: &Core, chunk: u64) -> Result<usize, CreditError> {
    let mut assigned = 0;
    for text in SWEPT {
        let mut after = 0;
        loop {
            let mut values = vec![after.into(), chunk.cast_signed().into()];
            if text.contains("$3") {
                values.push((core.now() - TimeDelta::days(10)).into());
            }
            let found = Id::find_by_statement(sql(text, values)).all(core.db()).await?;
            let Some(last) = found.last().map(|row| row.id) else { break };
            for Id { id } in found {
                match rematch(core, id).await {
                    Ok(credit) => assigned += usize::from(credit.assigned.is_positive()),
                    Err(CreditError::Db(error)) => return Err(error.into()),
                    Err(error) => tracing::error!(credit = id, %error, "a credit was not matched"),
                }
            }
            after = last;
        }
    }
    Ok(assigned)
}
