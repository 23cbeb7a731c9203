//! One credit, told twice: by the bank's alert and by its statement. What either tells without a reference is paired with what the other told.

use super::{BankCredit, COLUMNS, Seen, Source};
use crate::Core;
use crate::db::{Tx, sql};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// Who tells of what came to the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Teller {
    /// The bank's alert.
    #[sea_orm(string_value = "alert")]
    Alert,
    /// The bank's statement.
    #[sea_orm(string_value = "statement")]
    Statement,
}

/// A credit that was told before: by this reference, or as its pair.
#[derive(FromQueryResult)]
struct Found {
    known: bool,
    #[sea_orm(nested)]
    credit: BankCredit,
}

/// Whether a reference is our own, because the bank told none.
pub(super) fn is_own(bank_ref: &str) -> bool {
    let reference = bank_ref.split_once('/').map_or(bank_ref, |(_, reference)| reference);
    reference.starts_with("sms-") || reference.starts_with("row-")
}

/// Begins to tell: of credits of one amount, at one bank, one is told after the other. Answers the credit, where it is known already: by its reference; or, where
/// one of the two tellers tells no reference, as the first of this day and amount that the other told and this one has not yet. So each telling is paired at
/// most once, and of several alike as many are counted as the teller with the most of them told.
pub(super) async fn before_in(core: &Core, tx: &Tx, seen: &Seen) -> Result<Option<BankCredit>, DbErr> {
    let Some(teller) = seen.teller.filter(|_| seen.source == Source::Bank) else {
        return Ok(None);
    };
    let zone = core.settings_store().get(tx).await?.shop.timezone;
    let lock = lock_of(seen, zone);
    tx.execute_raw(sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [lock.into()])).await?;
    let columns = COLUMNS.split(", ").map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "(SELECT true AS known, {columns} FROM bank_credit c WHERE c.bank_ref = $7)
         UNION ALL (SELECT true, {columns} FROM credit_told t JOIN bank_credit c ON c.id = t.credit_id WHERE t.ref = $7 LIMIT 1)
         UNION ALL (SELECT false, {columns} FROM bank_credit c
         WHERE c.source = 'bank' AND c.bank = $1 AND c.amount = $2 AND c.seen_at BETWEEN $3::timestamptz - interval '48 hours' AND $3::timestamptz + interval '48 hours'
           AND (c.seen_at AT TIME ZONE $4)::date = ($3::timestamptz AT TIME ZONE $4)::date
           AND ($5 OR c.bank_ref ~ '/(sms|row)-') AND EXISTS (SELECT FROM credit_told t WHERE t.credit_id = c.id)
           AND NOT EXISTS (SELECT FROM credit_told t WHERE t.credit_id = c.id AND (t.teller = $6 OR (NOT $5 AND t.ref !~ '/(sms|row)-')))
         ORDER BY abs(extract(epoch FROM c.seen_at - $3::timestamptz)), c.id LIMIT 1)
         LIMIT 1"
    );
    let values = [
        seen.bank.clone().into(),
        seen.amount.into(),
        seen.at.into(),
        zone.name().into(),
        is_own(&seen.bank_ref).into(),
        teller.to_value().into(),
        seen.bank_ref.clone().into(),
    ];
    let Some(Found { known, credit: pair }) = Found::find_by_statement(sql(&text, values)).one(tx).await? else {
        return Ok(None);
    };
    note_in(core, tx, seen, pair.id).await?;
    if known {
        return Ok(Some(pair));
    }
    // What the second teller knows and the first did not; of what is assigned, its person may have been forgotten meanwhile.
    let text = format!(
        "UPDATE bank_credit SET learned_ref = coalesce(learned_ref, $4), vpa = CASE WHEN assigned = 0 THEN coalesce(vpa, $2) ELSE vpa END,
           payer = CASE WHEN assigned = 0 AND payer = '' THEN $3 ELSE payer END WHERE id = $1 RETURNING {COLUMNS}"
    );
    let learned = (!is_own(&seen.bank_ref) && is_own(&pair.bank_ref)).then(|| seen.bank_ref.clone());
    let values = [pair.id.into(), super::canonical(seen.vpa.as_deref()).into(), seen.payer.clone().into(), learned.into()];
    BankCredit::find_by_statement(sql(&text, values)).one(tx).await
}

/// What is locked while a credit is looked for: those of one bank, amount and day are told one after the other.
pub(super) fn lock_of(seen: &Seen, zone: chrono_tz::Tz) -> String {
    format!("credit:{}:{}:{}", seen.bank, seen.amount.plain(), seen.at.with_timezone(&zone).date_naive())
}

/// Writes down who told of a credit, and under which reference.
pub(super) async fn note_in(core: &Core, tx: &Tx, seen: &Seen, credit_id: i64) -> Result<(), DbErr> {
    let Some(teller) = seen.teller.filter(|_| seen.source == Source::Bank) else {
        return Ok(());
    };
    tx.execute_raw(sql(
        "INSERT INTO credit_told (ref, teller, credit_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT (ref, teller) DO NOTHING",
        [seen.bank_ref.clone().into(), teller.to_value().into(), credit_id.into(), core.now().into()],
    ))
    .await?;
    Ok(())
}

/// The references under which a credit is known, beside its own: what a customer sends may be one of these.
///
/// # Errors
/// The database.
pub async fn references(db: &impl ConnectionTrait, credit_id: i64) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        r#ref: String,
    }
    let rows = Row::find_by_statement(sql("SELECT DISTINCT ref FROM credit_told WHERE credit_id = $1 ORDER BY ref", [credit_id.into()]))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.r#ref).collect())
}

/// Which of these references are known already, with the amount that they are known with: most rows of a statement that overlaps another.
pub(super) async fn known(db: &impl ConnectionTrait, refs: &[&str], teller: Teller) -> Result<Vec<(String, BankCredit)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        told_ref: String,
        #[sea_orm(nested)]
        credit: BankCredit,
    }
    let columns = COLUMNS.split(", ").map(|column| format!("c.{column}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "SELECT t.ref AS told_ref, {columns} FROM credit_told t JOIN bank_credit c ON c.id = t.credit_id WHERE t.ref = ANY($1) AND t.teller = $2"
    );
    let refs: Vec<String> = refs.iter().map(|text| (*text).to_owned()).collect();
    let rows = Row::find_by_statement(sql(&text, [refs.into(), teller.to_value().into()])).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.told_ref, row.credit)).collect())
}
