//! The order's legal moves. Every guarded update starts from `sources`.

use super::OrderState::{self, AwaitingPayment, AwaitingStock, Cancelled, Delivered, Expired, InReview, Paid};

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
            Self::RejectProof | Self::RejectProofBesideOpen | Self::Confirm => &[InReview],
            // What stock lacks may be delivered by hand.
            Self::Deliver => &[Paid, AwaitingStock],
            // With a proof under way an order neither expires nor can be cancelled.
            Self::Cancel | Self::Expire => &[AwaitingPayment],
        }
    }

    /// The state that the move ends in.
    #[must_use]
    pub fn target(self) -> OrderState {
        match self {
            Self::SubmitProof => InReview,
            Self::RejectProof => AwaitingPayment,
            Self::Confirm => Paid,
            Self::Deliver => Delivered,
            Self::Cancel => Cancelled,
            Self::Expire | Self::RejectProofBesideOpen => Expired,
        }
    }
}
