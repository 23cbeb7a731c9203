//! Where a person stands in a conversation: which question is open.

use chrono::{DateTime, Utc};
use mela_core::catalog::{Field, Fields};
use mela_core::db::sql;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};

/// An open question, answered by the person's next message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// The UTR or a screenshot for this order.
    Proof {
        /// The order's code.
        order: String,
    },
    /// Which order a proof is for that came without a word.
    ProofFor(Offered),
    /// A coupon's code for the cart.
    Coupon,
    /// How much is to be added to the wallet.
    TopUpAmount,
    /// The code that somebody wants their link to have.
    Vanity,
    /// The UPI id of a withdrawal.
    WithdrawVpa,
    /// The amount of a withdrawal to this UPI id.
    WithdrawAmount {
        /// Canonical.
        vpa: String,
    },
    /// A UPI id to keep.
    UpiId,
    /// The PAN.
    Pan {
        /// The drafted withdrawal that it is for.
        draft: Option<i64>,
    },
    /// What does not work, in words.
    TicketWords {
        /// The subscription.
        subscription: i64,
    },
    /// Staff: what whoever opened a ticket is told.
    TicketAnswer {
        /// The ticket.
        id: i64,
    },
    /// What they have to say to what is being checked.
    Appeal {
        /// The flag.
        flag: i64,
    },
    /// Staff: why the people of a flag are blocked, or its commissions are taken back.
    FlagReason {
        /// The flag.
        id: i64,
        /// Whether they are taken back.
        back: bool,
    },
    /// Staff: what a person is asked about a flag.
    FlagQuestion {
        /// The flag.
        id: i64,
        /// The person.
        person: i64,
    },
    /// Staff: why a payment is rejected.
    PaymentReason {
        /// The payment.
        id: i64,
    },
    /// Staff: why a withdrawal is rejected, or could not be paid.
    WithdrawalReason {
        /// The withdrawal.
        id: i64,
    },
    /// Staff: the UTR of a payout.
    PayoutUtr {
        /// The withdrawal.
        id: i64,
    },
    /// Staff: how much is to be refunded.
    RefundAmount {
        /// The draft.
        draft: i64,
    },
    /// Staff: the UPI id that a refund is to be sent to.
    RefundVpa {
        /// The draft.
        draft: i64,
    },
    /// Staff: why something is refunded.
    RefundReason {
        /// The draft.
        draft: i64,
    },
    /// Staff: the UTR of a refund that was sent.
    RefundUtr {
        /// The refund.
        id: i64,
    },
    /// Staff: why a refund could not be sent.
    RefundFailure {
        /// The refund.
        id: i64,
    },
    /// Staff: which order a credit is for.
    CreditOrder {
        /// The credit.
        id: i64,
    },
    /// Staff: whose wallet a credit goes to.
    CreditWallet {
        /// The credit.
        id: i64,
    },
    /// Staff: the reference by which a credit was sent back.
    CreditReturn {
        /// The credit.
        id: i64,
    },
    /// Staff: what the buyer gets.
    Delivery {
        /// The order.
        order: i64,
    },
    /// Staff: the new value of a product's field.
    ProductField {
        /// The product.
        id: i64,
        /// The field.
        field: Field,
    },
    /// Staff: a product's picture.
    ProductPicture {
        /// The product.
        id: i64,
    },
    /// Staff: a product's place among all.
    ProductPlace {
        /// The product.
        id: i64,
    },
    /// Staff: the next field of a product that is being created.
    NewProduct {
        /// What was said already.
        fields: Box<Fields>,
        /// What is asked.
        next: Field,
    },
    /// Staff: a further price of a product.
    PlanPrice {
        /// The product.
        plan: i64,
    },
    /// Staff: the products file.
    ImportProducts,
    /// Staff: the stock file.
    ImportStock,
    /// Staff: a bank's statement.
    ImportStatement {
        /// The bank, where it was named.
        bank: String,
    },
    /// Staff: the bank's answer to a file of payouts.
    ImportPayouts {
        /// Nobody asked for it: other talk is none of it.
        quiet: bool,
    },
    /// Staff: an account of this plan.
    Account {
        /// The plan.
        plan: i64,
    },
}

/// A proof of payment as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offered {
    /// A number.
    Utr(String),
    /// A picture.
    Photo {
        /// For sending it on.
        file_id: String,
        /// For recognising it.
        unique_id: String,
        /// When it was first sent, as far as Telegram tells.
        #[serde(default)]
        sent_at: Option<DateTime<Utc>>,
    },
}

/// Whose conversation, and which update moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The chat.
    pub chat_id: i64,
    /// The person in it.
    pub user_id: i64,
    /// The update that is being handled.
    pub update_id: i64,
}

#[derive(FromQueryResult)]
struct Row {
    state: Option<String>,
    previous: Option<String>,
    update_id: i64,
}

/// The question that is open for a speaker; for an update that is run again, the one that was open when it first ran.
///
/// # Errors
/// The database.
pub async fn open(db: &DatabaseConnection, speaker: Speaker) -> Result<Option<Question>, DbErr> {
    let row = Row::find_by_statement(sql(
        "SELECT state, previous, update_id FROM dialogue WHERE chat_id = $1 AND user_id = $2",
        [speaker.chat_id.into(), speaker.user_id.into()],
    ))
    .one(db)
    .await?;
    let state = row.and_then(|row| if row.update_id == speaker.update_id { row.previous } else { row.state });
    // A question written by another version of the program is no question.
    Ok(state.and_then(|state| serde_json::from_str(&state).ok()))
}

/// Opens a question, or closes the open one.
///
/// # Errors
/// The database.
pub async fn set(db: &DatabaseConnection, speaker: Speaker, question: Option<&Question>) -> Result<(), DbErr> {
    let state = question.map(serde_json::to_string).transpose().map_err(|e| DbErr::Custom(e.to_string()))?;
    let text = if state.is_some() {
        "INSERT INTO dialogue (chat_id, user_id, state, update_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (chat_id, user_id) DO UPDATE SET state = excluded.state, update_id = excluded.update_id,
           previous = CASE WHEN dialogue.update_id = excluded.update_id THEN dialogue.previous ELSE dialogue.state END"
    } else {
        "UPDATE dialogue SET state = $3, update_id = $4, previous = CASE WHEN update_id = $4 THEN previous ELSE state END
         WHERE chat_id = $1 AND user_id = $2 AND (state IS NOT NULL OR update_id = $4)"
    };
    db.execute_raw(sql(text, [speaker.chat_id.into(), speaker.user_id.into(), state.into(), speaker.update_id.into()]))
        .await?;
    Ok(())
}
