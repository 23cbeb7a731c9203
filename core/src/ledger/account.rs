//! The chart of accounts. `ledger.chart` holds the same in the database; a test compares them.

use crate::users::UserId;

/// What an account is to the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the accountant's own words")]
pub enum Class {
    Asset,
    Revenue,
    Contra,
    Expense,
    Liability,
    Equity,
}

impl Class {
    /// As in `ledger.chart`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Revenue => "revenue",
            Self::Contra => "contra",
            Self::Expense => "expense",
            Self::Liability => "liability",
            Self::Equity => "equity",
        }
    }
}

/// The shop's own accounts. They are columns of `ledger.journal` and have no materialised balance: a row that every sale touches would be locked
/// through each commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shop {
    /// Money that customers say they sent by UPI, until it is seen at the bank.
    UpiClearing = 1,
    /// Money that a gateway has taken and not yet paid out.
    GatewayClearing = 2,
    /// The bank account.
    Bank = 3,
    /// Sales.
    Sales = 4,
    /// What was given back of sales.
    Refunds = 5,
    /// What the sold plans cost.
    CostOfSales = 6,
    /// Commissions.
    Commission = 7,
    /// Coupons' parts and prizes.
    Promotion = 8,
    /// What gateways keep.
    Fees = 9,
    /// What staff put right by hand.
    Adjustment = 10,
    /// Owed to whom the plans are bought from.
    Supplier = 11,
    /// Tax withheld from payouts, owed to the state.
    TdsPayable = 12,
    /// Tax in the price, owed to the state.
    GstPayable = 13,
    /// Money seen at the bank that nobody has claimed.
    Unmatched = 14,
    /// What stood in the bank at the beginning.
    Opening = 15,
}

impl Shop {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::UpiClearing,
        Self::GatewayClearing,
        Self::Bank,
        Self::Sales,
        Self::Refunds,
        Self::CostOfSales,
        Self::Commission,
        Self::Promotion,
        Self::Fees,
        Self::Adjustment,
        Self::Supplier,
        Self::TdsPayable,
        Self::GstPayable,
        Self::Unmatched,
        Self::Opening,
    ];

    /// Its kind, what it is to the books, and what it is for. The kind is also its column's name in `ledger.journal`.
    fn row(self) -> (&'static str, Class, &'static str) {
        use Class::{Asset, Contra, Equity, Expense, Liability, Revenue};
        match self {
            Self::UpiClearing => ("upi_clearing", Asset, "UPI money that customers say they sent, until it is seen at the bank"),
            Self::GatewayClearing => ("gateway_clearing", Asset, "what a gateway has taken and not yet paid out"),
            Self::Bank => ("bank", Asset, "the bank account"),
            Self::Sales => ("sales", Revenue, "what was sold"),
            Self::Refunds => ("refunds", Contra, "what was given back of it"),
            Self::CostOfSales => ("cost_of_sales", Expense, "what the sold plans cost"),
            Self::Commission => ("commission", Expense, "what referrers earn"),
            Self::Promotion => ("promotion", Expense, "coupons' parts and prizes"),
            Self::Fees => ("fees", Expense, "what gateways keep"),
            Self::Adjustment => ("adjustment", Expense, "what staff put right by hand"),
            Self::Supplier => ("supplier", Liability, "owed to whom the plans are bought from"),
            Self::TdsPayable => ("tds_payable", Liability, "tax withheld from payouts, owed to the state"),
            Self::GstPayable => ("gst_payable", Liability, "tax in the price, owed to the state"),
            Self::Unmatched => ("unmatched", Liability, "money seen at the bank that nobody has claimed"),
            Self::Opening => ("opening", Equity, "what stood in the bank at the beginning"),
        }
    }

    /// As in `ledger.chart`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.row().0
    }

    /// What it is to the books.
    #[must_use]
    pub fn class(self) -> Class {
        self.row().1
    }

    /// What it is for.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row().2
    }
}

/// The accounts that each person has. Their balances are materialised and never below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Own {
    /// Top-ups and refunds: can be spent, never withdrawn.
    Credit = 16,
    /// Commissions not yet released.
    Held = 17,
    /// Released commissions: can be spent or withdrawn.
    Earned = 18,
    /// The wallet's part of an order whose other part is awaited.
    Reserved = 19,
    /// Withdrawals asked for and not yet settled.
    Withdrawing = 20,
    /// Refunds on their way out.
    Refunding = 21,
    /// What the person owes the shop (the one asset among these).
    Owed = 22,
}

impl Own {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 7] = [Self::Credit, Self::Held, Self::Earned, Self::Reserved, Self::Withdrawing, Self::Refunding, Self::Owed];

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Credit => ("credit", "top-ups and refunds: can be spent, never withdrawn"),
            Self::Held => ("held", "commissions not yet released"),
            Self::Earned => ("earned", "released: can be spent or withdrawn"),
            Self::Reserved => ("reserved", "the wallet's part of an order whose other part is awaited"),
            Self::Withdrawing => ("withdrawing", "withdrawals asked for and not yet settled"),
            Self::Refunding => ("refunding", "refunds on their way out"),
            Self::Owed => ("owed", "what they owe after a clawback; whatever enters earned pays it first"),
        }
    }

    /// As in `ledger.chart`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.row().0
    }

    /// What it is to the books.
    #[must_use]
    pub fn class(self) -> Class {
        if self == Self::Owed { Class::Asset } else { Class::Liability }
    }

    /// What it is for.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row().1
    }
}

/// Accounts per owner in the numbering: an account's id is `owner * 32 + number`.
const PER_OWNER: i64 = 32;

/// One account. Ids are derived, so a posting needs no look-up, and ascending ids are one lock order for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(crate) i64);

impl From<Shop> for AccountId {
    fn from(kind: Shop) -> Self {
        Self(kind as i64)
    }
}

impl AccountId {
    /// A person's account.
    #[must_use]
    pub fn of(owner: UserId, kind: Own) -> Self {
        Self(owner.0 * PER_OWNER + kind as i64)
    }

    /// An account by its number; nothing where there is no such kind. Whether the person exists is not looked at.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        let account = Self(number);
        (account.shop().is_some() || account.own().is_some()).then_some(account)
    }

    /// Its number: `owner * 32 + kind`, the shop being owner 0.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }

    /// Its kind, as in the chart.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.shop().map(Shop::kind).or_else(|| self.own().map(|(_, kind)| kind.kind())).unwrap_or_default()
    }

    /// Which of the shop's accounts it is, if it is one.
    #[must_use]
    pub fn shop(self) -> Option<Shop> {
        Shop::ALL.into_iter().find(|&kind| Self::from(kind) == self)
    }

    /// Whose account of which kind it is, if it is a person's.
    #[must_use]
    pub fn own(self) -> Option<(UserId, Own)> {
        let kind = Own::ALL.into_iter().find(|&kind| kind as i64 == self.0 % PER_OWNER)?;
        (self.0 >= PER_OWNER).then_some((UserId(self.0 / PER_OWNER), kind))
    }
}
