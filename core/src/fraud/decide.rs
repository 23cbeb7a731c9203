//! What staff decide: nobody is banned by a machine.

use super::flag::{self, Flag, FlagError, FlagState, Part};
use super::hold;
use super::rule::{Evidence, Finding, RuleName};
use crate::Core;
use crate::audit::{self, Actor};
use crate::commissions::{self, CommissionError};
use crate::db::{Applied, Tx, retrying, sql};
use crate::notifications::{self, Card, HoldNews, Letter, Notice};
use crate::users::{User, UserId};
use crate::withdrawals::{self, WithdrawalError};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, FromQueryResult};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

impl From<CommissionError> for FlagError {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::Ledger(error) => Self::Ledger(error),
            CommissionError::Db(error) => Self::Db(error),
        }
    }
}

/// Decides that a flag is nothing: what it held, and no other flag holds, is released when it would have been.
///
/// # Errors
/// It was decided another way before.
pub async fn dismiss(core: &Core, id: i64, by: &Actor) -> Result<Applied<Flag>, FlagError> {
    decide(core, id, FlagState::Dismissed, by, None).await
}

/// Cancels the commissions that a flag holds, released or not; its people go on.
///
/// # Errors
/// It was decided another way before; no reason.
pub async fn take_back(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Flag>, FlagError> {
    decide(core, id, FlagState::TakenBack, by, Some(reason)).await
}

/// Cancels the commissions that a flag holds and all that are on hold of its suspects, gives their open withdrawals back to where they cannot leave, and blocks
/// them.
///
/// # Errors
/// It was decided another way before; no reason.
pub async fn block(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Flag>, FlagError> {
    decide(core, id, FlagState::Blocked, by, Some(reason)).await
}

fn checked(reason: &str) -> Result<&str, FlagError> {
    let reason = reason.trim();
    if (1..=LONGEST_REASON).contains(&reason.chars().count()) {
        Ok(reason)
    } else {
        Err(FlagError::Reason)
    }
}

async fn decide(core: &Core, id: i64, state: FlagState, by: &Actor, reason: Option<&str>) -> Result<Applied<Flag>, FlagError> {
    let reason = reason.map(checked).transpose()?;
    retrying(|| async {
        let tx = core.begin().await?;
        let decided = decide_in(core, &tx, id, state, by, reason).await?;
        tx.commit().await?;
        Ok(decided)
    })
    .await
}

async fn decide_in(core: &Core, tx: &Tx, id: i64, state: FlagState, by: &Actor, reason: Option<&str>) -> Result<Applied<Flag>, FlagError> {
    let now = core.now();
    let decided = tx
        .execute_raw(sql(
            "UPDATE flag SET state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, reason = $6 WHERE id = $1 AND state = 'open'",
            [id.into(), state.into(), now.into(), by.telegram_id.into(), by.name.clone().into(), reason.into()],
        ))
        .await?;
    let found = flag::get(tx, id).await?;
    if decided.rows_affected() == 0 {
        return if found.state == state {
            Ok(Applied::Already(found))
        } else {
            Err(FlagError::Decided(Box::new(found)))
        };
    }
    let people = flag::people_of(tx, id, u64::from(u32::MAX)).await?;
    let touched: Vec<UserId> = people.iter().filter(|person| person.part != Part::Seen).map(|person| person.user.user_id()).collect();
    let suspects: Vec<UserId> = people.iter().filter(|person| person.part == Part::Suspect).map(|person| person.user.user_id()).collect();
    // Of single commissions it is who earned them.
    let suspects = if suspects.is_empty() { touched.clone() } else { suspects };
    let reason = reason.unwrap_or_default();
    if state == FlagState::Blocked {
        for person in &suspects {
            refuse_withdrawals(core, tx, *person, by, reason).await?;
        }
    }
    let locked = hold::lock(tx, touched.iter().chain(&suspects).copied().collect()).await?;
    if state == FlagState::Blocked {
        mark_blocked(core, tx, &suspects, Some(reason)).await?;
        cancel(
            core,
            tx,
            "SELECT id FROM commission_now WHERE beneficiary_id = ANY ($1) AND state = 'held' AND reversed < amount ORDER BY id",
            ids(&suspects),
            by,
            reason,
        )
        .await?;
    }
    if matches!(state, FlagState::Blocked | FlagState::TakenBack) {
        cancel(
            core,
            tx,
            "SELECT h.commission_id AS id FROM flag_commission h WHERE h.flag_id = ANY ($1) ORDER BY 1",
            vec![id],
            by,
            reason,
        )
        .await?;
    }
    hold::let_go(tx, id).await?;
    hold::settle_purses(tx, &locked).await?;
    let became = if state == FlagState::Dismissed { HoldNews::Released } else { HoldNews::Cancelled };
    let mut letters: Vec<Letter> = Vec::new();
    if found.strong {
        letters.extend(touched.iter().map(|person| Letter::to(*person, Notice::Hold { flag: id, became })));
    }
    letters.push(Letter { to: None, notice: Notice::CardChanged { card: Card::Flag, id }, dedupe_key: None });
    letters.extend(flag::withdrawals_of(tx, id).await?);
    notifications::tell_all(tx, now, &letters).await?;
    audit::record(tx, now, by, &format!("fraud.{}", state.to_value()), &format!("F-{}", found.code), reason).await?;
    Ok(Applied::Now(flag::get(tx, id).await?))
}

fn ids(people: &[UserId]) -> Vec<i64> {
    people.iter().map(|person| person.0).collect()
}

async fn cancel(core: &Core, tx: &Tx, which: &str, of: Vec<i64>, by: &Actor, reason: &str) -> Result<(), FlagError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    for Id { id } in Id::find_by_statement(sql(which, [of.into()])).all(tx).await? {
        commissions::cancel_in(core, tx, id, by, reason).await?;
    }
    Ok(())
}

async fn refuse_withdrawals(core: &Core, tx: &Tx, person: UserId, by: &Actor, reason: &str) -> Result<(), FlagError> {
    withdrawals::refuse_open_in(core, tx, person, by, reason).await.map_err(|error| match error {
        WithdrawalError::Ledger(error) => FlagError::Ledger(error),
        WithdrawalError::Db(error) => FlagError::Db(error),
        other => FlagError::Db(DbErr::Custom(other.to_string())),
    })
}

async fn mark_blocked(core: &Core, tx: &Tx, people: &[UserId], reason: Option<&str>) -> Result<u64, DbErr> {
    let text = "UPDATE users SET blocked_at = CASE WHEN $2::text IS NULL THEN NULL ELSE $3 END, blocked_reason = $2
                WHERE id = ANY ($1) AND (blocked_at IS NULL) = ($2::text IS NOT NULL)";
    Ok(tx.execute_raw(sql(text, [ids(people).into(), reason.into(), core.now().into()])).await?.rows_affected())
}

/// Blocks a person: they earn nothing and withdraw nothing until they are unblocked; what they bought, and buying, goes on. Their open withdrawals are given
/// back. Nothing is cancelled.
///
/// # Errors
/// No reason.
pub async fn block_person(core: &Core, person: UserId, by: &Actor, reason: &str) -> Result<Applied<()>, FlagError> {
    set_blocked(core, person, by, Some(checked(reason)?)).await
}

/// Unblocks a person. What a flag holds stays on hold.
///
/// # Errors
/// The database.
pub async fn unblock_person(core: &Core, person: UserId, by: &Actor) -> Result<Applied<()>, FlagError> {
    set_blocked(core, person, by, None).await
}

async fn set_blocked(core: &Core, person: UserId, by: &Actor, reason: Option<&str>) -> Result<Applied<()>, FlagError> {
    retrying(|| async {
        let tx = core.begin().await?;
        if let Some(reason) = reason {
            refuse_withdrawals(core, &tx, person, by, reason).await?;
        }
        let locked = hold::lock(&tx, vec![person]).await?;
        if mark_blocked(core, &tx, &[person], reason).await? == 0 {
            tx.rollback().await?;
            return Ok(Applied::Already(()));
        }
        hold::settle_purses(&tx, &locked).await?;
        let action = if reason.is_some() { "person.block" } else { "person.unblock" };
        audit::record(&tx, core.now(), by, action, &format!("user {}", person.0), reason.unwrap_or_default()).await?;
        notifications::tell(&tx, core.now(), person, &Notice::Blocked { reason: reason.map(str::to_owned) }, None).await?;
        tx.commit().await?;
        Ok(Applied::Now(()))
    })
    .await
}

/// Raises a flag of the staff's own: what a person has is on hold until it is decided.
///
/// # Errors
/// No reason.
pub async fn raise_manual(core: &Core, person: &User, by: &Actor, reason: &str) -> Result<Option<i64>, FlagError> {
    let words = checked(reason)?.to_owned();
    let finding = Finding {
        key: format!("user:{}:{}", person.id, core.now().timestamp_micros()),
        strong: true,
        measure: 1,
        suspects: vec![person.id],
        seen: Vec::new(),
        commissions: Vec::new(),
        evidence: Evidence { words: words.clone(), ..Evidence::default() },
    };
    retrying(|| async {
        let tx = core.begin().await?;
        let raised = flag::raise_in(core, &tx, RuleName::Manual, &finding).await?;
        audit::record(&tx, core.now(), by, "fraud.flag", &format!("user {}", person.id), &words).await?;
        tx.commit().await?;
        Ok(raised)
    })
    .await
}
