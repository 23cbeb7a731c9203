/// What a transaction of the books is. The database knows no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Movement {
    /// The wallet's part of an order is set aside.
    OrderReserved,
    /// … and given back.
    OrderUnreserved,
    /// A sale whose money has come.
    OrderPaid,
    /// Holds that are over.
    CommissionsReleased,
    /// A commission taken back for fraud.
    CommissionCancelled,
    /// A payout that is asked for.
    WithdrawalAsked,
    /// … refused, or it could not be paid.
    WithdrawalRefused,
    /// … paid.
    WithdrawalPaid,
    /// … paid, and it came back.
    WithdrawalReturned,
    /// Money into the wallet.
    TopUp,
    /// A sale given back, whole or in part.
    OrderRefunded,
    /// A refund that left the bank.
    RefundSent,
    /// A refund that could not be sent.
    RefundFailed,
    /// Money seen at the bank.
    CreditSeen,
    /// … and what it was for.
    CreditAssigned,
    /// A gateway's payout to the bank.
    GatewaySettled,
    /// A bill or a tax paid.
    Remitted,
    /// A prize.
    PrizeGiven,
    /// What stood in the bank at the beginning.
    Opened,
    /// What staff put right by hand.
    Adjusted,
}

impl Movement {
    /// All, in the order in which `docs/ledger.md` tells them.
    pub const ALL: [Self; 20] = [
        Self::OrderReserved,
        Self::OrderUnreserved,
        Self::OrderPaid,
        Self::CommissionsReleased,
        Self::CommissionCancelled,
        Self::WithdrawalAsked,
        Self::WithdrawalRefused,
        Self::WithdrawalPaid,
        Self::WithdrawalReturned,
        Self::TopUp,
        Self::OrderRefunded,
        Self::RefundSent,
        Self::RefundFailed,
        Self::CreditSeen,
        Self::CreditAssigned,
        Self::GatewaySettled,
        Self::Remitted,
        Self::PrizeGiven,
        Self::Opened,
        Self::Adjusted,
    ];

    /// As the database writes it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::OrderReserved => "order_reserved",
            Self::OrderUnreserved => "order_unreserved",
            Self::OrderPaid => "order_paid",
            Self::CommissionsReleased => "commissions_released",
            Self::CommissionCancelled => "commission_cancelled",
            Self::WithdrawalAsked => "withdrawal_asked",
            Self::WithdrawalRefused => "withdrawal_refused",
            Self::WithdrawalPaid => "withdrawal_paid",
            Self::WithdrawalReturned => "withdrawal_returned",
            Self::TopUp => "top_up",
            Self::OrderRefunded => "order_refunded",
            Self::RefundSent => "refund_sent",
            Self::RefundFailed => "refund_failed",
            Self::CreditSeen => "credit_seen",
            Self::CreditAssigned => "credit_assigned",
            Self::GatewaySettled => "gateway_settled",
            Self::Remitted => "remitted",
            Self::PrizeGiven => "prize_given",
            Self::Opened => "opened",
            Self::Adjusted => "adjusted",
        }
    }
}
