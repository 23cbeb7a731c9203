//! Many credits of the bank written down in few statements: a statement has thousands.

use super::{BankCredit, COLUMNS, Seen, Source, canonical, is_a_reference, told};
use crate::Core;
use crate::db::{retrying, sql};
use crate::ledger::movements::credit_seen;
use crate::ledger::{self, LedgerError};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::HashMap;

/// Writes down those of them that are new beyond doubt, all or none; answers each where it was. The others are to be taken one by one: those whose reference is
/// known or stands here twice, that may be what another teller told, or that are not right.
pub(super) async fn see(core: &Core, seen: &[&Seen]) -> Result<Vec<Option<BankCredit>>, DbErr> {
    let is_fit = |seen: &&Seen| seen.source == Source::Bank && seen.teller.is_some() && seen.amount.is_positive() && is_a_reference(&seen.bank_ref);
    let fit: Vec<&Seen> = seen.iter().copied().filter(is_fit).collect();
    let made = if fit.is_empty() { Vec::new() } else { retrying(|| written(core, &fit)).await? };
    let mut made: HashMap<String, BankCredit> = made.into_iter().map(|credit| (credit.bank_ref.clone(), credit)).collect();
    // Of two with one reference the first is it.
    Ok(seen.iter().map(|seen| made.remove(&seen.bank_ref)).collect())
}

fn column<T: Into<Value>>(of: &[&Seen], what: impl Fn(&Seen) -> T) -> Vec<T> {
    of.iter().map(|seen| what(seen)).collect()
}

async fn written(core: &Core, seen: &[&Seen]) -> Result<Vec<BankCredit>, DbErr> {
    let tx = core.begin().await?;
    let zone = core.settings_store().get(&tx).await?.shop.timezone;
    let locks = column(seen, |seen| told::lock_of(seen, zone));
    tx.execute_raw(sql(
        "SELECT pg_advisory_xact_lock(l.key) FROM (SELECT DISTINCT hashtextextended(k, 0) AS key FROM unnest($1::text[]) k ORDER BY 1) l",
        [locks.into()],
    ))
    .await?;
    let text = format!(
        "INSERT INTO bank_credit (source, bank, bank_ref, amount, payer, vpa, note, seen_at, by_day, noted_at)
         SELECT 'bank', s.bank, s.ref, s.amount, s.payer, NULLIF(s.vpa, ''), s.note, s.at::timestamptz, s.by_day, $10
         FROM unnest($1::text[], $2::text[], $3::numeric[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[])
           WITH ORDINALITY AS s (bank, ref, amount, payer, vpa, note, at, by_day, teller, n)
         WHERE NOT EXISTS (SELECT FROM credit_told t WHERE t.ref = s.ref)
           AND NOT EXISTS (SELECT FROM bank_credit c
             WHERE c.source = 'bank' AND c.bank = s.bank AND c.amount = s.amount
               AND c.seen_at BETWEEN s.at::timestamptz - interval '48 hours' AND s.at::timestamptz + interval '48 hours'
               AND EXISTS (SELECT FROM credit_told t WHERE t.credit_id = c.id)
               AND NOT EXISTS (SELECT FROM credit_told t WHERE t.credit_id = c.id AND t.teller = s.teller))
         ORDER BY s.n ON CONFLICT (bank_ref) DO NOTHING RETURNING {COLUMNS}"
    );
    let values: [Value; 10] = [
        column(seen, |seen| seen.bank.clone()).into(),
        column(seen, |seen| seen.bank_ref.clone()).into(),
        column(seen, |seen| seen.amount.decimal()).into(),
        column(seen, |seen| seen.payer.clone()).into(),
        column(seen, |seen| canonical(seen.vpa.as_deref()).unwrap_or_default()).into(),
        column(seen, |seen| seen.note.clone()).into(),
        column(seen, |seen| seen.at.to_rfc3339()).into(),
        column(seen, |seen| seen.by_day).into(),
        column(seen, |seen| seen.teller.map_or_else(String::new, |teller| teller.to_value())).into(),
        core.now().into(),
    ];
    let made = BankCredit::find_by_statement(sql(&text, values)).all(&tx).await?;
    let ids: Vec<i64> = made.iter().map(|credit| credit.id).collect();
    let tellers: HashMap<&str, _> = seen.iter().filter_map(|seen| Some((seen.bank_ref.as_str(), seen.teller?.to_value()))).collect();
    let tellers: Vec<String> = made.iter().map(|credit| tellers.get(credit.bank_ref.as_str()).cloned().unwrap_or_default()).collect();
    tx.execute_raw(sql(
        "INSERT INTO credit_told (ref, teller, credit_id, at)
         SELECT c.bank_ref, m.teller, c.id, $3 FROM unnest($1::bigint[], $2::text[]) m (id, teller) JOIN bank_credit c ON c.id = m.id
         ON CONFLICT (ref, teller) DO NOTHING",
        [ids.into(), tellers.into(), core.now().into()],
    ))
    .await?;
    let postings = made.iter().map(|credit| credit_seen(credit.source.till(), &credit.bank_ref, credit.amount)).collect();
    match ledger::post_all(&tx, core.now(), postings).await {
        Ok(_) => {}
        Err(LedgerError::Db(error)) => return Err(error),
        Err(other) => return Err(DbErr::Custom(other.to_string())),
    }
    tx.commit().await?;
    Ok(made)
}
