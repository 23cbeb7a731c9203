//! Referring: whose link somebody came by, and what links bring. Who is bound to whom is written in [`crate::users`], at a person's first word.

mod boards;
mod campaigns;
pub mod contests;
mod funnel;
mod tally;
pub mod tree;
mod vanity;
mod visits;

pub use boards::{Board, Leader, Placed, Standings, appear, leaders, standings};
pub use campaigns::{Campaign, CampaignDay, CampaignError, Figures, by_name as campaign, list as campaigns, make as make_campaign};
pub use campaigns::{days as campaign_days, figures as campaign_figures};
pub use funnel::{Day, Friend, Funnel, Stage, days, friends, funnel, masked};
pub use tally::{Counted, catch_up, count};
pub use vanity::{Vanity, VanityError, choose, free, of as vanity_of, owner as vanity_owner};
pub(crate) use visits::{joined_in, opened, verified_in};

use crate::code::ShortCode;
use crate::db::sql;
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What a link that somebody came by names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link<'a> {
    /// There was none.
    #[default]
    None,
    /// A person, by their referral code or the one that they chose.
    Code(&'a str),
    /// A campaign of the shop.
    Campaign(&'a str),
}

/// Whose link that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// There was none, or it names no campaign.
    None,
    /// The code is nobody's.
    Unknown,
    /// A person's.
    Person(UserId),
    /// A campaign's.
    Campaign(i64),
}

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

/// Whose a link is. What can be read as a referral code is one; only what cannot is looked for among the chosen ones.
pub(crate) async fn origin(db: &impl ConnectionTrait, link: Link<'_>) -> Result<Origin, DbErr> {
    let code = match link {
        Link::None => return Ok(Origin::None),
        Link::Campaign(name) => return Ok(campaigns::by_name(db, name).await?.map_or(Origin::None, |found| Origin::Campaign(found.id))),
        Link::Code(code) => code,
    };
    let owner = match code.parse::<ShortCode>() {
        Ok(code) => {
            let found = sql("SELECT id FROM users WHERE code = $1 AND erased_at IS NULL AND blocked_at IS NULL", [code.into()]);
            Id::find_by_statement(found).one(db).await?.map(|found| UserId(found.id))
        }
        Err(_) => vanity::inviting(db, code).await?,
    };
    Ok(owner.map_or(Origin::Unknown, Origin::Person))
}
