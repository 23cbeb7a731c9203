use super::{Limit, Withdrawal};
use crate::commissions::CommissionError;
use crate::credentials::VaultError;
use crate::db::transient;
use crate::fraud::signals::SignalError;
use crate::ledger::LedgerError;
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::DbErr;

/// Why a withdrawal was not asked for or changed.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawalError {
    /// Below the least amount.
    #[error("the least withdrawal is {0}")]
    BelowMinimum(Rupees),
    /// Their first withdrawal: they are to verify before.
    #[error("the person is to verify first")]
    NotVerified,
    /// More than can be withdrawn.
    #[error("{0} can be withdrawn")]
    MoreThanAvailable(Rupees),
    /// The UPI id is new: to be asked for from then on.
    #[error("nothing is paid to a new UPI id before {0}")]
    UpiIsNew(DateTime<Utc>),
    /// The UPI id is none of the person's.
    #[error("the UPI id is not one of the person's")]
    UpiUnknown,
    /// Asked for too soon after another, or more than a limit lets.
    #[error("beyond the limit {0:?}")]
    Limited(Limit),
    /// Another tax would be withheld than was shown.
    #[error("a tax of {0} is withheld now")]
    AnotherTax(Rupees),
    /// Whoever approved it first cannot be the second.
    #[error("somebody else must approve it")]
    Own,
    /// A gateway is paying it.
    #[error("a gateway is paying it")]
    BeingPaid,
    /// It is in another state than the change starts from.
    #[error("the withdrawal is {:?}", .0.state)]
    NotNow(Box<Withdrawal>),
    /// While the person owes something, an open withdrawal can only be refused.
    #[error("the person owes {0}")]
    Owes(Rupees),
    /// What the person has is on hold until staff decide.
    #[error("what the person has is on hold")]
    OnHold,
    /// The payout's UTR was given for another withdrawal.
    #[error("the payout's UTR is already used")]
    UtrUsed,
    /// The payout's UTR is not one.
    #[error("not a payout's UTR")]
    NotAUtr,
    /// What people are known by is sealed under a key that is not here.
    #[error(transparent)]
    Vault(VaultError),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(WithdrawalError);

impl From<LedgerError> for WithdrawalError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

impl From<SignalError> for WithdrawalError {
    fn from(error: SignalError) -> Self {
        match error {
            SignalError::Vault(trouble) => Self::Vault(trouble),
            SignalError::Db(error) => Self::Db(error),
        }
    }
}

impl From<CommissionError> for WithdrawalError {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::Ledger(error) => Self::Ledger(error),
            CommissionError::Db(error) => Self::Db(error),
        }
    }
}
