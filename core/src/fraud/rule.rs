//! What a rule is: it looks at a set of people and answers what it finds.

use crate::money::Rupees;
use crate::settings::{Settings, Watch};
use sea_orm::entity::prelude::*;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{DatabaseConnection, DbErr};
use serde::{Deserialize, Serialize};

/// The rules by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[expect(missing_docs, reason = "the file of each rule says what it is")]
pub enum RuleName {
    #[sea_orm(string_value = "duplicate-upi")]
    DuplicateUpi,
    #[sea_orm(string_value = "duplicate-device")]
    DuplicateDevice,
    #[sea_orm(string_value = "duplicate-ip")]
    DuplicateIp,
    #[sea_orm(string_value = "low-conversion")]
    LowConversion,
    #[sea_orm(string_value = "rapid-signups")]
    RapidSignups,
    #[sea_orm(string_value = "self-referral")]
    SelfReferral,
    #[sea_orm(string_value = "reused-utr")]
    ReusedUtr,
    #[sea_orm(string_value = "reused-screenshot")]
    ReusedScreenshot,
    #[sea_orm(string_value = "instant-buyers")]
    InstantBuyers,
    #[sea_orm(string_value = "one-payer")]
    OnePayer,
    #[sea_orm(string_value = "ring")]
    Ring,
    #[sea_orm(string_value = "refund-after-release")]
    RefundAfterRelease,
    /// Raised by staff.
    #[sea_orm(string_value = "manual")]
    Manual,
}

impl RuleName {
    /// As it is written on cards: `duplicate-upi`.
    #[must_use]
    pub fn name(self) -> String {
        self.to_value()
    }

    /// What the settings say follows from it.
    #[must_use]
    pub fn watch(self, settings: &Settings) -> Watch {
        let fraud = &settings.fraud;
        match self {
            Self::DuplicateUpi => fraud.duplicate_upi,
            Self::DuplicateDevice => fraud.duplicate_device,
            Self::DuplicateIp => fraud.duplicate_ip,
            Self::LowConversion => fraud.low_conversion,
            Self::RapidSignups => fraud.rapid_signups,
            Self::SelfReferral => fraud.self_referral,
            Self::ReusedUtr => fraud.reused_utr,
            Self::ReusedScreenshot => fraud.reused_screenshot,
            Self::InstantBuyers => fraud.instant_buyers,
            Self::OnePayer => fraud.one_payer,
            Self::Ring => fraud.ring,
            Self::RefundAfterRelease => fraud.refund_after_release,
            Self::Manual => Watch::Hold,
        }
    }

    /// What a strong flag of it adds to the score of whom it suspects, of 100.
    #[must_use]
    pub fn points(self) -> i64 {
        match self {
            Self::DuplicateUpi | Self::DuplicateDevice | Self::SelfReferral | Self::Ring | Self::Manual => 60,
            Self::ReusedUtr | Self::ReusedScreenshot | Self::RefundAfterRelease => 40,
            Self::OnePayer => 35,
            Self::InstantBuyers => 25,
            Self::RapidSignups => 20,
            Self::DuplicateIp | Self::LowConversion => 15,
        }
    }
}

/// What happened to somebody, for the rules to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Happened {
    /// They joined by somebody's link.
    #[sea_orm(string_value = "joined")]
    Joined,
    /// An order of theirs was paid, or its payer became known.
    #[sea_orm(string_value = "paid")]
    Paid,
    /// A proof that they sent is another's.
    #[sea_orm(string_value = "proof")]
    Proof,
    /// An order of theirs was given back.
    #[sea_orm(string_value = "refunded")]
    Refunded,
    /// They asked for a withdrawal, or named a UPI id for it.
    #[sea_orm(string_value = "asked")]
    Asked,
    /// They verified on a device.
    #[sea_orm(string_value = "verified")]
    Verified,
}

/// Whom a rule is to look at, and with what.
pub(super) struct Scene<'a> {
    /// For reading.
    pub db: &'a DatabaseConnection,
    /// Row ids of people: those to whom something happened, or a chunk of everybody.
    pub people: &'a [i64],
    /// Whether everybody comes by, a chunk at a time: then who has to do with these people does, too.
    pub everybody: bool,
    /// The settings.
    pub settings: &'a Settings,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    /// What it is about, among the findings of its rule: the same thing found again is the same flag. A mark in hexadecimal, `user:ID`, `order:ID`.
    pub key: String,
    /// Strong: what it touches is on hold.
    pub strong: bool,
    /// How much of it there is, in the rule's own measure.
    pub measure: i64,
    /// Whose money is held as a whole when it is strong, and whose score it adds to.
    pub suspects: Vec<i64>,
    /// Who is shown beside them.
    pub seen: Vec<i64>,
    /// Single commissions that are held when it is strong.
    pub commissions: Vec<i64>,
    /// What it rests on.
    pub evidence: Evidence,
}

/// What a finding rests on, in figures: each rule fills in its own. Words are the screens'.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// People.
    #[serde(skip_serializing_if = "is_none")]
    pub people: i64,
    /// Orders, or sales.
    #[serde(skip_serializing_if = "is_none")]
    pub orders: i64,
    /// Of which these are named by their codes (`O-…`), a few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    /// Percent.
    #[serde(skip_serializing_if = "is_none")]
    pub share: i64,
    /// Percent that is usual.
    #[serde(skip_serializing_if = "is_none")]
    pub usual: i64,
    /// Seconds.
    #[serde(skip_serializing_if = "is_none")]
    pub seconds: i64,
    /// Money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Rupees>,
    /// What is shared: `device`, `payee-phone`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<String>,
    /// Staff's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(n: &i64) -> bool {
    *n == 0
}

/// A rule: one small file of `rules`. It reads, and decides nothing: what follows is the flag's.
#[async_trait]
pub(super) trait Rule: Send + Sync {
    /// Its name.
    fn name(&self) -> RuleName;

    /// After what it looks, beside the sweep over everybody.
    fn wakes_on(&self) -> &'static [Happened];

    /// What it finds that has to do with these people, by an index however many others there are.
    ///
    /// # Errors
    /// The database.
    async fn look(&self, scene: &Scene<'_>) -> Result<Vec<Finding>, DbErr>;
}
