//! What staff say a credit was for: all that is left of it, as it is at that moment.

use super::assign::assign_in;
use super::leads::of_order;
use super::queue::suggested_payer;
use super::{BankCredit, CreditError, For, locked};
use crate::Core;
use crate::audit::Actor;
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::payments::PaymentError;
use crate::users::{self, UserId};
use sea_orm::ConnectionTrait;

/// What is left is for this order: what is due of it. With `rest_to_wallet` what is over goes to the buyer's wallet; else that waits.
///
/// # Errors
/// Less is left than is due ([`CreditError::NotEnough`]); the order is paid, or there is none.
pub async fn to_order(
    core: &Core,
    credit_id: i64,
    order_id: i64,
    rest_to_wallet: bool,
    by: &Actor,
    key: &str,
) -> Result<Applied<BankCredit>, CreditError> {
    settled(core, credit_id, by, key, Deed::Order(order_id, rest_to_wallet)).await
}

/// What is left goes to a person's wallet; they are told why.
///
/// # Errors
/// Nothing is left; there is no such person.
pub async fn to_wallet(core: &Core, credit_id: i64, person: UserId, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    settled(core, credit_id, by, key, Deed::Wallet(person)).await
}

/// What is left was sent back, by this reference; whoever it seems to be from is told.
///
/// # Errors
/// Nothing is left; the reference is none, or belongs to another payment or payout.
pub async fn send_back(core: &Core, credit_id: i64, reference: &str, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    let reference: String = reference.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_uppercase();
    if !(10..=35).contains(&reference.len()) || !reference.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(CreditError::NotAReference(reference));
    }
    settled(core, credit_id, by, key, Deed::Back(Some(reference))).await
}

/// What is left goes back through the gateway that holds it, or in Stars; whoever it seems to be from is told.
///
/// # Errors
/// Nothing is left; it lies in the bank; Telegram gives Stars back whole or not at all.
pub async fn give_back(core: &Core, credit_id: i64, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    settled(core, credit_id, by, key, Deed::Back(None)).await
}

/// What staff said.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Deed {
    Order(i64, bool),
    Wallet(UserId),
    /// By hand, with its reference; else by the gateway.
    Back(Option<String>),
}

async fn settled(core: &Core, credit_id: i64, by: &Actor, key: &str, deed: Deed) -> Result<Applied<BankCredit>, CreditError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let settled = settle_in(core, &tx, credit_id, by, key, &deed).await.map_err(CreditError::of_assignment)?;
        tx.commit().await?;
        Ok(settled)
    })
    .await
}

async fn settle_in(core: &Core, tx: &Tx, credit_id: i64, by: &Actor, key: &str, deed: &Deed) -> Result<Applied<BankCredit>, CreditError> {
    let credit = locked(tx, credit_id).await?;
    // The same press again: what is left by now is not what was left then.
    let done = "SELECT 1 FROM credit_assignment WHERE key = $1 AND credit_id = $2";
    if tx.query_one_raw(sql(done, [key.into(), credit_id.into()])).await?.is_some() {
        return Ok(Applied::Already(credit));
    }
    let left = credit.left();
    if !left.is_positive() {
        return Err(CreditError::NotEnough(left));
    }
    let to = match deed {
        Deed::Order(order_id, rest_to_wallet) => {
            let lead = of_order(tx, &credit, *order_id).await?.ok_or(PaymentError::NoOrder)?;
            if lead.is_paid() && !(lead.awaits_credit() && credit.source == super::Source::Bank) {
                return Err(PaymentError::NotAwaited(lead.order.state).into());
            }
            let rest = left - lead.due();
            if rest < Rupees::ZERO {
                return Err(CreditError::NotEnough(left));
            }
            let wallet = (*rest_to_wallet && rest.is_positive()).then_some((lead.order.buyer(), rest));
            For { wallet, ..lead.assignment(credit.source) }
        }
        Deed::Wallet(person) => {
            if users::get(tx, *person).await.map_or(true, |user| user.erased_at.is_some()) {
                return Err(CreditError::Nobody);
            }
            For { wallet: Some((*person, left)), ..For::default() }
        }
        Deed::Back(None) if credit.source == super::Source::Bank => return Err(CreditError::NotForThis),
        Deed::Back(reference) => {
            let known = "SELECT 1 FROM utr WHERE utr = $1 UNION ALL SELECT 1 FROM withdrawal WHERE payout_utr = $1
                         UNION ALL SELECT 1 FROM refund WHERE payout_utr = $1 UNION ALL SELECT 1 FROM bank_credit WHERE utr = $1";
            if tx.query_one_raw(sql(known, [reference.clone().into()])).await?.is_some() {
                return Err(CreditError::ReferenceUsed);
            }
            let payer = suggested_payer(tx, &credit).await?;
            For { sent_back: left, sent_back_ref: reference.clone(), payer, ..For::default() }
        }
    };
    assign_in(core, tx, credit_id, &to, by, key).await
}
