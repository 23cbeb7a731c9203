//! Campaigns: links of the shop's own. Whoever joins by one is bound to nobody, so it costs no commission.

use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, retrying, sql, transient};
use crate::money::Rupees;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Why a campaign was not made.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// It is not 2 to 32 letters, digits, dashes and underscores, the first a letter or digit.
    #[error("not a campaign's name")]
    Name,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CampaignError);

/// A link of the shop's own.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Campaign {
    /// Row id.
    pub id: i64,
    /// As its link has it.
    pub name: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// Who made it.
    pub made_by_name: String,
}

/// What a campaign brought.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "people who opened, joined, bought; sales, those given back, and what they left")]
pub struct Figures {
    pub opened: i64,
    pub joined: i64,
    pub bought: i64,
    pub sales: i64,
    pub refunded: i64,
    pub revenue: Rupees,
}

/// The same on a day.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "as in the figures")]
pub struct CampaignDay {
    pub day: NaiveDate,
    pub opened: i32,
    pub joined: i32,
    pub bought: i32,
    pub sales: i32,
    pub revenue: Rupees,
}

/// How a name is kept: in lower case; nothing for what is none.
fn normal(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase();
    let fits = (2..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    (fits && name.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(name)
}

const COLUMNS: &str = "id, name, made_at, made_by_name";

/// A campaign by its name, in any letter case.
///
/// # Errors
/// The database.
pub async fn by_name(db: &impl ConnectionTrait, name: &str) -> Result<Option<Campaign>, DbErr> {
    let Some(name) = normal(name) else { return Ok(None) };
    Campaign::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM campaign WHERE name = $1"), [name.into()]))
        .one(db)
        .await
}

/// Makes a campaign, or finds the one of this name.
///
/// # Errors
/// It is no name.
pub async fn make(core: &Core, name: &str, by: &Actor) -> Result<Applied<Campaign>, CampaignError> {
    let normal = normal(name).ok_or(CampaignError::Name)?;
    let text = format!(
        "INSERT INTO campaign (name, made_at, made_by, made_by_name) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING RETURNING {COLUMNS}"
    );
    retrying(|| async {
        let tx = core.begin().await?;
        let values = [normal.clone().into(), core.now().into(), by.telegram_id.into(), by.name.clone().into()];
        let made = Campaign::find_by_statement(sql(&text, values)).one(&tx).await?;
        let Some(made) = made else {
            let found = by_name(&tx, &normal).await?.ok_or_else(|| DbErr::RecordNotFound(format!("campaign {normal}")))?;
            return Ok(Applied::Already(found));
        };
        audit::record(&tx, core.now(), by, "campaign.make", &made.name, "").await?;
        tx.commit().await?;
        Ok(Applied::Now(made))
    })
    .await
}

/// A page of all campaigns, newest first.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<Campaign>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM campaign ORDER BY id DESC OFFSET $1 LIMIT $2");
    Campaign::find_by_statement(sql(&text, [skip.cast_signed().into(), limit.cast_signed().into()])).all(db).await
}

/// All that a campaign brought, as it was counted.
///
/// # Errors
/// The database.
pub async fn figures(core: &Core, campaign: i64) -> Result<Figures, DbErr> {
    super::catch_up(core).await?;
    let found = Figures::find_by_statement(sql(
        "SELECT coalesce(sum(opened), 0) AS opened, coalesce(sum(joined), 0) AS joined, coalesce(sum(bought), 0) AS bought, coalesce(sum(sales), 0) AS sales,
                coalesce(sum(refunded), 0) AS refunded, coalesce(sum(revenue), 0) AS revenue FROM campaign_day WHERE campaign_id = $1",
        [campaign.into()],
    ))
    .one(core.db())
    .await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}

/// The last days on which anything happened, newest first.
///
/// # Errors
/// The database.
pub async fn days(db: &impl ConnectionTrait, campaign: i64, limit: u64) -> Result<Vec<CampaignDay>, DbErr> {
    CampaignDay::find_by_statement(sql(
        "SELECT day, opened, joined, bought, sales, revenue FROM campaign_day WHERE campaign_id = $1 ORDER BY day DESC LIMIT $2",
        [campaign.into(), limit.cast_signed().into()],
    ))
    .all(db)
    .await
}
