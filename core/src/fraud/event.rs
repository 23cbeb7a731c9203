//! What happens, and the rules' looks at it. Each rule reads and raises apart from the others: one that fails is told of and stops nobody.

use super::rule::{Happened, Rule, Scene};
use super::signals::{self, Kind, Marker, SignalError};
use super::{flag, rules};
use crate::Core;
use crate::db::{Tx, retrying, sql};
use crate::notifications::{self, Notice};
use crate::settings::Watch;
use crate::users::UserId;
use crate::withdrawals::vpa::Vpa;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};

/// The statement that writes down what happened to somebody; `order` of a sale.
pub(crate) fn happened(at: DateTime<Utc>, what: Happened, person: UserId, order: Option<i64>) -> Statement {
    sql(
        "INSERT INTO fraud_event (kind, user_id, order_id, at) VALUES ($1, $2, $3, $4)",
        [what.into(), person.0.into(), order.into(), at.into()],
    )
}

/// Writes down what happened, in the transaction in which it did.
pub(crate) async fn happened_in(tx: &Tx, at: DateTime<Utc>, what: Happened, person: UserId, order: Option<i64>) -> Result<(), DbErr> {
    tx.execute_raw(happened(at, what, person, order)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Event {
    kind: Happened,
    user_id: i64,
    order_id: Option<i64>,
}

/// Lets the rules look at what happened, the oldest first, at most `limit` events; answers how many. Any number of workers may do this at once: an event
/// that a crash leaves is looked at again.
///
/// # Errors
/// The database.
pub async fn look_at_events(core: &Core, limit: u64) -> Result<usize, DbErr> {
    let claim = "DELETE FROM fraud_event WHERE id IN (SELECT id FROM fraud_event ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING kind, user_id, order_id";
    let tx = core.begin().await?;
    let events = Event::find_by_statement(sql(claim, [limit.cast_signed().into()])).all(&tx).await?;
    if !events.is_empty() {
        look(core, &events).await?;
    }
    tx.commit().await?;
    Ok(events.len())
}

/// Looks at a person now: at what happened to them and waits, and at all else that is known. Before their money leaves, so that nothing that is known
/// comes too late. What goes wrong is told of, and the caller goes on.
pub async fn heed(core: &Core, person: UserId) {
    if let Err(error) = heed_all(&core.apart(), person).await {
        tracing::error!(person = person.0, error = &error as &dyn std::error::Error, "a person was not looked at");
    }
}

async fn heed_all(core: &Core, person: UserId) -> Result<(), DbErr> {
    // The events stay for the job: were they claimed here, each withdrawal would hold one connection and wait for another.
    let waiting = "SELECT kind, user_id, order_id FROM fraud_event WHERE user_id = $1";
    let events = Event::find_by_statement(sql(waiting, [person.0.into()])).all(core.db()).await?;
    note_payers(core, &events).await;
    run(core, &rules::ALL, &[person.0], false).await
}

async fn look(core: &Core, events: &[Event]) -> Result<(), DbErr> {
    note_payers(core, events).await;
    for rule in rules::ALL {
        let mut people: Vec<i64> = events.iter().filter(|event| rule.wakes_on().contains(&event.kind)).map(|event| event.user_id).collect();
        people.sort_unstable();
        people.dedup();
        if !people.is_empty() {
            run(core, &[rule], &people, false).await?;
        }
    }
    Ok(())
}

/// People of one chunk of a sweep.
const CHUNK: i64 = 5_000;

/// Lets all rules look at everybody; `progress` hears after each chunk how many were looked at. Answers how many in all.
///
/// # Errors
/// The database.
pub async fn sweep(core: &Core, mut progress: impl FnMut(usize)) -> Result<usize, DbErr> {
    #[derive(FromQueryResult)]
    struct Person {
        id: i64,
    }
    let (mut after, mut all) = (0, 0);
    loop {
        let text = "SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2";
        let people = Person::find_by_statement(sql(text, [after.into(), CHUNK.into()])).all(core.db()).await?;
        let Some(last) = people.last() else { return Ok(all) };
        after = last.id;
        all += people.len();
        let people: Vec<i64> = people.into_iter().map(|person| person.id).collect();
        run(core, &rules::ALL, &people, true).await?;
        progress(all);
    }
}

async fn run(core: &Core, rules: &[&dyn Rule], people: &[i64], everybody: bool) -> Result<(), DbErr> {
    let settings = core.settings().await?;
    let scene = Scene { db: core.db(), people, everybody, settings: &settings };
    for rule in rules {
        let watch = rule.name().watch(&settings);
        if watch == Watch::Off {
            continue;
        }
        let failed = match rule.look(&scene).await {
            Err(error) => Some(error),
            Ok(findings) => {
                let mut failed = None;
                for mut finding in findings {
                    finding.strong &= watch == Watch::Hold;
                    failed = retrying(|| flag::raise(core, rule.name(), &finding)).await.err().or(failed);
                }
                failed
            }
        };
        if let Some(error) = failed {
            tell_of_failure(core, *rule, &error).await?;
        }
    }
    Ok(())
}

async fn tell_of_failure(core: &Core, rule: &dyn Rule, error: &DbErr) -> Result<(), DbErr> {
    let name = rule.name().name();
    tracing::error!(rule = name, error = error as &dyn std::error::Error, "a fraud rule failed");
    let text = format!("The fraud rule {name} failed: {error}. The others go on; it looks again at everybody in the next sweep.");
    notifications::alert(core, &Notice::Alarm { text }, Some(format!("fraud-rule:{name}:{}", core.now().date_naive()))).await
}

/// Remembers who paid the orders of these events, where that is known. What cannot be marked now is marked at the payer's next sale.
async fn note_payers(core: &Core, events: &[Event]) {
    let orders: Vec<i64> = events.iter().filter_map(|event| event.order_id).collect();
    if orders.is_empty() {
        return;
    }
    if let Err(error) = retrying(|| note_payers_of(core, &orders)).await {
        tracing::error!(error = &error as &dyn std::error::Error, "payers were not marked");
    }
}

async fn note_payers_of(core: &Core, orders: &[i64]) -> Result<(), SignalError> {
    #[derive(FromQueryResult)]
    struct Paid {
        order_id: i64,
        user_id: i64,
        payer: String,
    }
    let text = "SELECT order_id, user_id, payer FROM payment WHERE order_id = ANY ($1) AND state = 'confirmed' AND payer IS NOT NULL ORDER BY user_id, order_id";
    let paid = Paid::find_by_statement(sql(text, [orders.to_vec().into()])).all(core.db()).await?;
    if paid.is_empty() {
        return Ok(());
    }
    let tx = core.begin().await?;
    let marker = Marker::of(core, &tx).await?;
    for Paid { order_id, user_id, payer } in paid {
        let Ok(vpa) = payer.parse::<Vpa>() else { continue };
        let marks = marker.upi(Kind::Payer, Kind::PayerPhone, &vpa);
        signals::keep(core, &tx, UserId(user_id), &marks).await?;
        for (kind, mark) in marks {
            tx.execute_raw(sql(
                "INSERT INTO order_payer (order_id, kind, mark) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                [order_id.into(), kind.into(), mark.into()],
            ))
            .await?;
        }
    }
    Ok(tx.commit().await?)
}
