//! Flags: what a rule found, whom and what it touches, and where it stands.

use super::hold;
use super::rule::{Evidence, Finding, RuleName};
use crate::Core;
use crate::code::ShortCode;
use crate::db::{Tx, sql, transient};
use crate::ledger::LedgerError;
use crate::money::Rupees;
use crate::notifications::{self, Card, HoldNews, Letter, Notice};
use crate::users::{User, UserId};
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, QueryResult, Value};
use std::collections::BTreeMap;

/// Where a flag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum FlagState {
    /// Staff are to decide.
    #[sea_orm(string_value = "open")]
    Open,
    /// It is nothing: what it held is released.
    #[sea_orm(string_value = "dismissed")]
    Dismissed,
    /// The commissions that it held are cancelled.
    #[sea_orm(string_value = "taken-back")]
    TakenBack,
    /// So are they, and its suspects are blocked.
    #[sea_orm(string_value = "blocked")]
    Blocked,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// It was decided another way before.
    #[error("the flag is {:?}", .0.state)]
    Decided(Box<Flag>),
    /// It does not touch this person.
    #[error("the flag does not touch them")]
    NotTheirs,
    /// No reason was given, or one that is too long.
    #[error("a reason of 1 to 500 characters")]
    Reason,
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(FlagError);

/// A flag.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Row id.
    pub id: i64,
    /// Shown as `F-…`.
    pub code: ShortCode,
    /// Which rule raised it.
    pub rule: RuleName,
    /// Whether it holds what it touches.
    pub strong: bool,
    /// What it rests on.
    pub evidence: Evidence,
    /// Where it stands.
    pub state: FlagState,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// When it was found last with something new.
    pub changed_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom: their name then.
    pub decided_by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    measure: i64,
}

impl Flag {
    /// What it adds to the score of whom it suspects, while it is open: a third, where a rule that can hold found too little for that.
    #[must_use]
    pub fn points(&self) -> i64 {
        let always_weak = matches!(self.rule, RuleName::RapidSignups | RuleName::InstantBuyers | RuleName::LowConversion | RuleName::DuplicateIp);
        if self.strong || always_weak { self.rule.points() } else { self.rule.points() / 3 }
    }
}

const COLUMNS: &str =
    "id, code, rule, strong, measure, evidence::text AS evidence, state, raised_at, changed_at, decided_at, decided_by_name, reason";

impl FromQueryResult for Flag {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let evidence: String = row.try_get(prefix, "evidence")?;
        Ok(Self {
            id: row.try_get(prefix, "id")?,
            code: row.try_get(prefix, "code")?,
            rule: row.try_get(prefix, "rule")?,
            strong: row.try_get(prefix, "strong")?,
            evidence: serde_json::from_str(&evidence).map_err(|e| DbErr::Custom(e.to_string()))?,
            state: row.try_get(prefix, "state")?,
            raised_at: row.try_get(prefix, "raised_at")?,
            changed_at: row.try_get(prefix, "changed_at")?,
            decided_at: row.try_get(prefix, "decided_at")?,
            decided_by_name: row.try_get(prefix, "decided_by_name")?,
            reason: row.try_get(prefix, "reason")?,
            measure: row.try_get(prefix, "measure")?,
        })
    }
}

/// A person's part in a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Part {
    /// It is about them.
    #[sea_orm(string_value = "suspect")]
    Suspect,
    /// It touches what they earned.
    #[sea_orm(string_value = "beneficiary")]
    Beneficiary,
    /// They are shown beside them.
    #[sea_orm(string_value = "seen")]
    Seen,
}

/// Raises a flag for what a rule found, or brings an open one up to date; what was dismissed stays so until there is someone or something new in it, or twice
/// as much. In a transaction of its own.
///
/// # Errors
/// The database.
pub(super) async fn raise(core: &Core, rule: RuleName, finding: &Finding) -> Result<Option<i64>, DbErr> {
    let tx = core.begin().await?;
    let raised = raise_in(core, &tx, rule, finding).await?;
    if raised.is_some() {
        tx.commit().await?
    } else {
        tx.rollback().await?
    }
    Ok(raised)
}

/// [`raise`] in the caller's transaction.
pub(super) async fn raise_in(core: &Core, tx: &Tx, rule: RuleName, finding: &Finding) -> Result<Option<i64>, DbErr> {
    let now = core.now();
    let evidence = serde_json::to_string(&finding.evidence).map_err(|e| DbErr::Custom(e.to_string()))?;
    let last = format!("SELECT {COLUMNS} FROM flag WHERE rule = $1 AND key = $2 ORDER BY id DESC LIMIT 1 FOR UPDATE");
    let last = Flag::find_by_statement(sql(&last, [rule.into(), finding.key.clone().into()])).one(tx).await?;
    let fresh = match &last {
        None => true,
        Some(last) => news_in(tx, last, finding).await?,
    };
    let (id, opened) = match last {
        Some(_) if !fresh => return Ok(None),
        Some(open) if open.state == FlagState::Open => {
            tx.execute_raw(sql(
                "UPDATE flag SET strong = strong OR $2, measure = $3, evidence = $4::jsonb, changed_at = $5 WHERE id = $1",
                [open.id.into(), finding.strong.into(), finding.measure.into(), evidence.into(), now.into()],
            ))
            .await?;
            (open.id, finding.strong && !open.strong)
        }
        _ => {
            #[derive(FromQueryResult)]
            struct Id {
                id: i64,
            }
            let values: [Value; 7] = [
                core.short_code().into(),
                rule.into(),
                finding.key.clone().into(),
                finding.strong.into(),
                finding.measure.into(),
                evidence.into(),
                now.into(),
            ];
            let made = Id::find_by_statement(sql(
                "INSERT INTO flag (code, rule, key, strong, measure, evidence, raised_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $7)
                 ON CONFLICT (rule, key) WHERE state = 'open' DO NOTHING RETURNING id",
                values,
            ))
            .one(tx)
            .await?;
            // Another worker raised it in this moment: with the next look this one finds it.
            let Some(made) = made else { return Ok(None) };
            (made.id, finding.strong)
        }
    };
    attach(core, tx, id, finding).await?;
    let letter = if opened {
        Letter { to: None, notice: Notice::FraudCard { flag: id }, dedupe_key: Some(format!("fraud-card:{id}")) }
    } else {
        Letter { to: None, notice: Notice::CardChanged { card: Card::Flag, id }, dedupe_key: None }
    };
    if opened || finding.strong {
        notifications::tell_all(tx, now, &[letter]).await?;
    }
    notifications::tell_all(tx, now, &withdrawals_of(tx, id).await?).await?;
    Ok(Some(id))
}

/// The cards of what the people of a flag have asked for and were not paid yet: they show what is known of them.
pub(super) async fn withdrawals_of(tx: &Tx, flag: i64) -> Result<Vec<Letter>, DbErr> {
    #[derive(FromQueryResult)]
    struct Asked {
        id: i64,
    }
    let text = "SELECT w.id FROM flag_person p JOIN withdrawal w ON w.user_id = p.user_id
                WHERE p.flag_id = $1 AND p.part <> 'seen' AND w.state IN ('asked', 'approved') ORDER BY w.id";
    let open = Asked::find_by_statement(sql(text, [flag.into()])).all(tx).await?;
    let changed = |id| Letter { to: None, notice: Notice::CardChanged { card: Card::Withdrawal, id }, dedupe_key: None };
    Ok(open.into_iter().map(|asked| changed(asked.id)).collect())
}

/// Whether a finding says more than the last flag of its key.
async fn news_in(tx: &Tx, last: &Flag, finding: &Finding) -> Result<bool, DbErr> {
    let open = last.state == FlagState::Open;
    if finding.strong && !last.strong
        || finding.measure >= last.measure * 2 && finding.measure > last.measure
        || open && finding.measure > last.measure
    {
        return Ok(true);
    }
    let text = "SELECT EXISTS (SELECT FROM unnest($2::bigint[]) AS s (id) WHERE NOT EXISTS (SELECT FROM flag_person WHERE flag_id = $1 AND user_id = s.id AND part <> 'seen'))
                  OR EXISTS (SELECT FROM unnest($3::bigint[]) AS c (id) WHERE NOT EXISTS (SELECT FROM flag_commission WHERE flag_id = $1 AND commission_id = c.id)) AS news";
    // What a weak finding touches is written down nowhere.
    let commissions = if finding.strong { finding.commissions.clone() } else { Vec::new() };
    let row = tx.query_one_raw(sql(text, [last.id.into(), finding.suspects.clone().into(), commissions.into()])).await?;
    row.map_or(Ok(false), |row| row.try_get("", "news"))
}

/// Writes down whom and what a flag touches, and holds it when the flag is strong.
async fn attach(core: &Core, tx: &Tx, id: i64, finding: &Finding) -> Result<(), DbErr> {
    let beneficiaries = hold::beneficiaries(tx, &finding.commissions).await?;
    let suspects = finding.suspects.iter().map(|id| UserId(*id));
    let people = if finding.strong {
        hold::lock(tx, suspects.chain(beneficiaries.iter().copied()).collect()).await?
    } else {
        Vec::new()
    };
    let mut frozen = finding.suspects.clone();
    if finding.strong {
        frozen.extend(hold::put_off(tx, id, &finding.commissions).await?);
    }
    let seen = &finding.seen;
    let own: Vec<i64> = beneficiaries.iter().map(|person| person.0).collect();
    let told = tx
        .query_all_raw(sql(
            "WITH named AS (
               SELECT DISTINCT ON (id) id, part FROM (
                 SELECT unnest($2::bigint[]) AS id, 'suspect' AS part, 1 AS rank UNION ALL SELECT unnest($3::bigint[]), 'beneficiary', 2
                 UNION ALL SELECT unnest($4::bigint[]), 'seen', 3) listed ORDER BY id, rank)
             INSERT INTO flag_person AS p (flag_id, user_id, part, freezes) SELECT $1, id, part, id = ANY ($5) FROM named ORDER BY id
             ON CONFLICT (flag_id, user_id) DO UPDATE
               SET part = CASE WHEN p.part = 'suspect' OR excluded.part = 'seen' THEN p.part ELSE excluded.part END, freezes = p.freezes OR excluded.freezes
             RETURNING user_id, part",
            [
                id.into(),
                finding.suspects.clone().into(),
                own.into(),
                seen.clone().into(),
                frozen.into(),
            ],
        ))
        .await?;
    if !finding.strong {
        return Ok(());
    }
    hold::settle_purses(tx, &people).await?;
    let mut letters = Vec::new();
    for row in told {
        let (person, part): (i64, Part) = (row.try_get("", "user_id")?, row.try_get("", "part")?);
        if part != Part::Seen {
            let notice = Notice::Hold { flag: id, became: HoldNews::Held };
            letters.push(Letter { to: Some(UserId(person)), notice, dedupe_key: Some(format!("held:{id}:{person}")) });
        }
    }
    notifications::tell_all(tx, core.now(), &letters).await
}

/// A flag by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Flag, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM flag WHERE id = $1");
    let found = Flag::find_by_statement(sql(&text, [id.into()])).one(db).await?;
    found.ok_or_else(|| DbErr::RecordNotFound(format!("flag {id}")))
}

/// A flag by its code.
///
/// # Errors
/// The database.
pub async fn by_code(db: &impl ConnectionTrait, code: &ShortCode) -> Result<Option<Flag>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM flag WHERE code = $1");
    Flag::find_by_statement(sql(&text, [code.clone().into()])).one(db).await
}

/// Which part a person has in a flag. One of single commissions is about who earned them, as decisions take it.
///
/// # Errors
/// The database.
pub async fn part_of(db: &impl ConnectionTrait, flag: i64, person: UserId) -> Result<Option<Part>, DbErr> {
    let text = "SELECT CASE WHEN part = 'beneficiary' AND NOT EXISTS (SELECT FROM flag_person WHERE flag_id = $1 AND part = 'suspect') THEN 'suspect' ELSE part END AS part
                FROM flag_person WHERE flag_id = $1 AND user_id = $2";
    let row = db.query_one_raw(sql(text, [flag.into(), person.0.into()])).await?;
    row.map(|row| row.try_get("", "part")).transpose()
}

/// Which flags a queue shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<FlagState>,
    /// Only those of this rule.
    pub rule: Option<RuleName>,
    /// Only those that hold something, or that do not.
    pub strong: Option<bool>,
    /// Only those that staff have decided, or have not.
    pub decided: Option<bool>,
    /// Only those about which something was asked or said.
    pub talked: bool,
}

/// A page of the flags, those before the flag `before`, newest first.
///
/// # Errors
/// The database.
pub async fn queue(db: &impl ConnectionTrait, filter: Filter, before: Option<i64>, limit: u64) -> Result<Vec<Flag>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM flag WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR rule = $2) AND ($3::boolean IS NULL OR strong = $3)
         AND id < coalesce($4, 9223372036854775807) AND ($6::boolean IS NULL OR (state <> 'open') = $6)
         AND (NOT $7 OR EXISTS (SELECT FROM flag_word w WHERE w.flag_id = flag.id)) ORDER BY id DESC LIMIT $5"
    );
    let values = [
        filter.state.into(),
        filter.rule.into(),
        filter.strong.into(),
        before.into(),
        limit.cast_signed().into(),
        filter.decided.into(),
        filter.talked.into(),
    ];
    Flag::find_by_statement(sql(&text, values)).all(db).await
}

/// A page of the flags that a person has a part in, beside which they are not only shown, newest first.
///
/// # Errors
/// The database.
pub async fn of_person(db: &impl ConnectionTrait, person: UserId, state: Option<FlagState>, limit: u64) -> Result<Vec<Flag>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM flag WHERE id IN (SELECT flag_id FROM flag_person WHERE user_id = $1 AND part <> 'seen' ORDER BY flag_id DESC LIMIT 500)
         AND ($2::text IS NULL OR state = $2) ORDER BY id DESC LIMIT $3"
    );
    Flag::find_by_statement(sql(&text, [person.0.into(), state.into(), limit.cast_signed().into()])).all(db).await
}

/// A person in a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Who.
    pub user: User,
    /// Their part.
    pub part: Part,
    /// Whether all of their money is on hold by it, while it is open.
    pub freezes: bool,
}

/// The people of a flag, those whom it is about first; at most `limit`.
///
/// # Errors
/// The database.
pub async fn people_of(db: &impl ConnectionTrait, flag: i64, limit: u64) -> Result<Vec<Suspect>, DbErr> {
    let text = "SELECT u.*, p.part AS p_part, p.freezes AS p_freezes FROM flag_person p JOIN users u ON u.id = p.user_id WHERE p.flag_id = $1
                ORDER BY p.part = 'seen', p.part = 'beneficiary', u.id LIMIT $2";
    let rows = db.query_all_raw(sql(text, [flag.into(), limit.cast_signed().into()])).await?;
    let person = |row: &QueryResult| {
        Ok(Suspect {
            user: User::from_query_result(row, "")?,
            part: row.try_get("p_", "part")?,
            freezes: row.try_get("p_", "freezes")?,
        })
    };
    rows.iter().map(person).collect()
}

/// What a flag touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Hold {
    /// Single commissions.
    pub commissions: i64,
    /// What is left of them.
    pub amount: Rupees,
    /// What else lies on hold of those whose money it holds as a whole: commissions not yet released, what is earned, and what is being withdrawn.
    pub frozen: Rupees,
}

/// What a flag touches, in money.
///
/// # Errors
/// The database.
pub async fn touched(db: &impl ConnectionTrait, flag: i64) -> Result<Hold, DbErr> {
    let text = "SELECT (SELECT count(*) FROM flag_commission WHERE flag_id = $1) AS commissions,
                       (SELECT coalesce(sum(c.amount - c.reversed), 0) FROM flag_commission h JOIN commission c ON c.id = h.commission_id WHERE h.flag_id = $1) AS amount,
                       (SELECT coalesce(sum(b.amount), 0) FROM flag_person p JOIN ledger.balance b ON b.account_id IN (p.user_id * 32 + 17, p.user_id * 32 + 18, p.user_id * 32 + 20)
                        WHERE p.flag_id = $1 AND p.freezes) AS frozen";
    let found = Hold::find_by_statement(sql(text, [flag.into()])).one(db).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}

/// The commissions of a person that are on hold one by one, with what is left of each.
///
/// # Errors
/// The database.
pub async fn held_commissions(db: &impl ConnectionTrait, person: UserId) -> Result<Rupees, DbErr> {
    let text = "SELECT coalesce(sum(amount - reversed), 0) AS amount FROM commission WHERE beneficiary_id = $1 AND release_at = $2";
    let row = db.query_one_raw(sql(text, [person.0.into(), hold::FAR.into()])).await?;
    row.map_or(Ok(Rupees::ZERO), |row| row.try_get("", "amount"))
}

/// The open flags that hold something of a person, oldest first: what is on hold, and why.
///
/// # Errors
/// The database.
pub async fn holds_of(db: &impl ConnectionTrait, person: UserId) -> Result<Vec<Flag>, DbErr> {
    let mut open = of_person(db, person, Some(FlagState::Open), 50).await?;
    open.retain(|flag| flag.strong);
    open.reverse();
    Ok(open)
}

/// How suspicious a person is, from 0 to 100: the sum over the rules of which an open flag suspects them.
///
/// # Errors
/// The database.
pub async fn score(db: &impl ConnectionTrait, person: UserId) -> Result<i64, DbErr> {
    let open = of_person(db, person, Some(FlagState::Open), 500).await?;
    let mut points: BTreeMap<String, i64> = BTreeMap::new();
    for flag in open {
        let most = points.entry(flag.rule.name()).or_default();
        *most = flag.points().max(*most);
    }
    Ok(points.into_values().sum::<i64>().min(100))
}
