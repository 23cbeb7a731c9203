//! What happens at a link, written down to be counted: in the transaction in which it happens, in rows of its own that nobody waits for.

use super::Origin;
use crate::Core;
use crate::db::{Tx, sql};
use crate::users::{User, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Somebody opened a link, and joined by it if they are new. Each person counts once for each link; the own link does not count.
fn visiting(at: DateTime<Utc>, visitor: UserId, origin: Origin, joined: bool) -> Option<Statement> {
    let (column, table, id) = match origin {
        Origin::None | Origin::Unknown => return None,
        Origin::Person(owner) if owner == visitor => return None,
        Origin::Person(owner) => ("owner_id", "link_visit", owner.0),
        Origin::Campaign(id) => ("campaign_id", "campaign_visit", id),
    };
    let text = format!(
        "WITH seen AS (INSERT INTO {table} ({column}, visitor_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING {column})
         INSERT INTO link_news ({column}, opened, joined, at) SELECT {column}, 1, $4::int, $3::timestamptz FROM seen"
    );
    Some(sql(&text, [id.into(), visitor.0.into(), at.into(), i32::from(joined).into()]))
}

/// A person whom everybody knows opened a link.
pub(crate) async fn opened(core: &Core, visitor: &User, origin: Origin) -> Result<(), DbErr> {
    if let Some(visit) = visiting(core.now(), visitor.user_id(), origin, false) {
        core.db().execute_raw(visit).await?;
    }
    Ok(())
}

/// A person became known by a link, in this transaction. Of a campaign they keep the memory.
pub(crate) async fn joined_in(tx: &Tx, at: DateTime<Utc>, person: UserId, origin: Origin) -> Result<(), DbErr> {
    if let Some(visit) = visiting(at, person, origin, true) {
        tx.execute_raw(visit).await?;
    }
    if let Origin::Campaign(campaign) = origin {
        tx.execute_raw(sql(
            "INSERT INTO campaign_member (user_id, campaign_id, joined_at) VALUES ($1, $2, $3)",
            [person.0.into(), campaign.into(), at.into()],
        ))
        .await?;
    }
    Ok(())
}

/// A person passed the verify page, for the first time: counted for whoever brought them.
///
/// # Errors
/// The database.
pub(crate) async fn verified_in(tx: &Tx, at: DateTime<Utc>, person: UserId) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "INSERT INTO link_news (owner_id, verified, at) SELECT referred_by, 1, $2::timestamptz FROM users WHERE id = $1 AND referred_by IS NOT NULL",
        [person.0.into(), at.into()],
    ))
    .await?;
    Ok(())
}
