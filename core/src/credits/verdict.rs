//! What a credit is for, as far as can be told without a person.

use super::leads::{self, Lead, When};
use super::{BankCredit, For, Source, Waits};
use crate::Core;
use crate::db::sql;
use crate::money::Rupees;
use crate::settings::Matching;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::cmp::Ordering;

/// Who pays out to the shop's bank, as banks name them.
const GATEWAYS: [&str; 2] = ["razorpay", "cashfree"];
/// Between a gateway's word of a payout and the bank's.
const PAYOUT_WITHIN: TimeDelta = TimeDelta::days(7);

/// What a credit is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This order, all of it.
    Order(i64, For),
    /// This payout of a gateway.
    Payout(i64),
    /// A person is to say; perhaps this order.
    Waits(Waits, Option<i64>),
}

/// Looks what a credit is for, of which nothing was assigned yet.
pub(super) async fn look(core: &Core, db: &impl ConnectionTrait, credit: &BankCredit) -> Result<Verdict, DbErr> {
    let settings = core.settings_store().get(db).await?;
    let when = When::of(credit, settings.shop.timezone);
    if credit.source == Source::Bank
        && let Some(payout) = payout(db, credit, when).await?
    {
        return Ok(payout);
    }
    let policy = settings.credits.matching;
    let verdict = match leads::named(db, credit).await?.as_slice() {
        [lead] => judge(credit, lead, when, policy),
        [newest, ..] => Verdict::Waits(Waits::Several, Some(newest.order.id)),
        [] if credit.source == Source::Bank => {
            let alike = leads::alike(db, credit, when, settings.orders.expire_after.delta()).await?;
            match alike.as_slice() {
                // No other order has these paise.
                [only] if settings.upi.unique_amount && !credit.amount.decimal().is_integer() => judge(credit, only, when, policy),
                alike => match by_payer(db, credit, when, policy).await? {
                    Some(verdict) => verdict,
                    None => by_amount(alike),
                },
            }
        }
        [] => Verdict::Waits(Waits::Unknown, None),
    };
    Ok(match verdict {
        // What a gateway told of was its order's to take, and was refused: a person is to say.
        Verdict::Order(order, _) if credit.source != Source::Bank => Verdict::Waits(Waits::Ask, Some(order)),
        verdict => verdict,
    })
}

/// Whether money that leads to an order is its money.
fn judge(credit: &BankCredit, lead: &Lead, when: When, policy: Matching) -> Verdict {
    let waits = |why| Verdict::Waits(why, Some(lead.order.id));
    let bank = credit.source == Source::Bank;
    if bank && lead.is_younger_than(when) {
        return waits(Waits::Ask);
    }
    if lead.is_paid() && !(bank && lead.awaits_credit()) {
        return waits(Waits::Double);
    }
    if !lead.is_paid() && lead.refused {
        return waits(Waits::Ask);
    }
    if bank && !lead.is_paid() && !lead.in_time(when) {
        return waits(Waits::Late);
    }
    match credit.left().cmp(&lead.due()) {
        Ordering::Less => waits(Waits::Short),
        Ordering::Greater => waits(Waits::Excess),
        // What was approved before is not asked about again: its money has come.
        Ordering::Equal if policy == Matching::Ask && !lead.is_paid() => waits(Waits::Ask),
        Ordering::Equal => Verdict::Order(lead.order.id, lead.assignment(credit.source)),
    }
}

/// By amount, time and who paid; nothing where the payer is not known, or has no order that it could be for.
async fn by_payer(db: &impl ConnectionTrait, credit: &BankCredit, when: When, policy: Matching) -> Result<Option<Verdict>, DbErr> {
    let Some(vpa) = &credit.vpa else { return Ok(None) };
    let people = leads::payers(db, vpa).await?;
    if people.is_empty() {
        return Ok(None);
    }
    let own = leads::of_people(db, credit, &people, when).await?;
    let exact = |lead: &&Lead| lead.due() == credit.left();
    let open: Vec<&Lead> = own.iter().filter(|lead| lead.open_to(when) && !lead.names_another(credit)).collect();
    let fitting: Vec<&Lead> = open.iter().copied().filter(exact).collect();
    match fitting.as_slice() {
        [only] => return Ok(Some(judge(credit, only, when, policy))),
        [newest, ..] => return Ok(Some(Verdict::Waits(Waits::Several, Some(newest.order.id)))),
        [] => {}
    }
    let unpaid: Vec<&Lead> = open.into_iter().filter(|lead| !lead.is_paid()).collect();
    if let [only] = unpaid.as_slice() {
        return Ok(Some(judge(credit, only, when, policy)));
    }
    let waits = |why, lead: &Lead| Some(Verdict::Waits(why, Some(lead.order.id)));
    let mut all = own.iter().filter(exact);
    Ok(all.find_map(|lead| {
        if lead.is_younger_than(when) || lead.refused {
            None
        } else if lead.is_paid() {
            // The same again, shortly after.
            (lead.paid_around(when) && !lead.awaits_credit()).then(|| waits(Waits::Double, lead)).flatten()
        } else if lead.just_ended(when) {
            waits(Waits::Late, lead)
        } else if lead.names_another(credit) {
            waits(Waits::Ask, lead)
        } else {
            None
        }
    }))
}

/// Amount and time alone are no proof: somebody says.
fn by_amount(alike: &[Lead]) -> Verdict {
    match alike {
        [] => Verdict::Waits(Waits::Unknown, None),
        [only] => Verdict::Waits(Waits::Ask, Some(only.order.id)),
        [newest, ..] => Verdict::Waits(Waits::Several, Some(newest.order.id)),
    }
}

#[derive(FromQueryResult)]
struct Settled {
    id: i64,
    net: Rupees,
    named: bool,
}

/// A gateway's payout, by its reference, or by the gateway's name with the same sum within days.
async fn payout(db: &impl ConnectionTrait, credit: &BankCredit, when: When) -> Result<Option<Verdict>, DbErr> {
    let text = format!("{} {} {}", credit.own_ref(), credit.note, credit.payer).to_lowercase();
    let mut words: Vec<String> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.len() >= 6)
        .take(40)
        .map(str::to_owned)
        .collect();
    let with_gateway: Vec<String> = GATEWAYS.iter().flat_map(|gateway| words.iter().map(move |word| format!("{gateway}/{word}"))).collect();
    words.push(credit.own_ref().to_lowercase());
    words.extend(with_gateway);
    let by_name = GATEWAYS.iter().any(|gateway| text.contains(gateway));
    let found = Settled::find_by_statement(sql(
        "SELECT s.id, s.net, s.named FROM (
           SELECT id, net, settled_at, true AS named FROM settlement WHERE lower(reference) = ANY ($1)
           UNION ALL SELECT id, net, settled_at, false FROM settlement WHERE $2 AND net = $3 AND settled_at BETWEEN $4 AND $5) s
         WHERE s.net > 0 AND NOT EXISTS (SELECT FROM credit_assignment a WHERE a.settlement_id = s.id) ORDER BY s.named DESC, s.settled_at, s.id LIMIT 1",
        [
            words.into(),
            by_name.into(),
            credit.left().into(),
            (when.first - PAYOUT_WITHIN).into(),
            (when.last + PAYOUT_WITHIN).into(),
        ],
    ))
    .one(db)
    .await?;
    Ok(found.map(|settled| {
        if settled.net == credit.left() {
            Verdict::Payout(settled.id)
        } else {
            debug_assert!(settled.named);
            Verdict::Waits(Waits::Ask, None)
        }
    }))
}
