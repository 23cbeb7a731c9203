//! The order's legal moves. Every guarded update starts from `sources`.

use super::OrderState::{self, AwaitingPayment, AwaitingStock, Cancelled, Credited, Delivered, Expired, InReview, Paid};

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// A proof of payment came.
    SubmitProof,
    /// The proof was refused: the order awaits its payment again.
    RejectProof,
    /// The proof was refused while the buyer has another order of the plan open: this one ends.
    RejectProofBesideOpen,
    /// The payment was confirmed.
    Confirm,
    /// The payment of a top-up was confirmed.
    Credit,
    /// The buyer has what they bought.
    Deliver,
    /// The buyer thought better of it.
    Cancel,
    /// The time to pay is over.
    Expire,
}

impl Move {
    /// The states that the move may start from.
    #[must_use]
    pub fn sources(self) -> &'static [OrderState] {
        match self {
            // A late proof is never refused: the money has left.
            Self::SubmitProof => &[AwaitingPayment, Expired, Cancelled],
            Self::RejectProof | Self::RejectProofBesideOpen | Self::Confirm | Self::Credit => &[InReview],
            // What stock lacks may be delivered by hand.
            Self::Deliver => &[Paid, AwaitingStock],
            // With a proof under way an order neither expires nor can be cancelled.
            Self::Cancel | Self::Expire => &[AwaitingPayment],
        }
    }

    /// Of which orders it is: a top-up is credited where others are paid.
    pub(super) fn among(self) -> &'static str {
        match self {
            Self::Confirm => " AND NOT fills_wallet",
            Self::Credit => " AND fills_wallet",
            _ => "",
        }
    }

    /// The state that the move ends in.
    #[must_use]
    pub fn target(self) -> OrderState {
        match self {
            Self::SubmitProof => InReview,
            Self::RejectProof => AwaitingPayment,
            Self::Confirm => Paid,
            Self::Credit => Credited,
            Self::Deliver => Delivered,
            Self::Cancel => Cancelled,
            Self::Expire | Self::RejectProofBesideOpen => Expired,
        }
    }
}
