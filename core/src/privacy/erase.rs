//! To be forgotten.

use super::{NOBODY, PrivacyError, Ties, ties};
use crate::audit::{self, Actor};
use crate::db::{Tx, retrying, sql};
use crate::ledger::movements::Adjustable;
use crate::treasury::{self, ByHand};
use crate::users::{self, UserId};
use crate::{Core, commissions, ledger, purses, receipts};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What became of the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// Forgotten, now or before.
    Done,
    /// Something must end first.
    Held(Ties),
    /// Something else would be lost than what was agreed to: to be asked again.
    Changed(Ties),
}

/// Forgets a person who agreed to lose what `mark` stands for ([`Ties::mark`]): name, user name, Telegram's id, UPI ids, screenshots, what they were told
/// and what they wrote. What is in their wallet, and what is on hold for them, goes back to the shop; what they bought ends. The books stay, and say whom
/// they are about by a number alone.
///
/// # Errors
/// The database; the books refused.
pub async fn erase(core: &Core, person: UserId, mark: u32, by: &Actor) -> Result<Erasure, PrivacyError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let erasure = erase_in(core, &tx, person, mark, by).await?;
        // What was only looked at is undone.
        if erasure == Erasure::Done {
            tx.commit().await?
        } else {
            tx.rollback().await?
        }
        Ok(erasure)
    })
    .await
}

async fn erase_in(core: &Core, tx: &Tx, person: UserId, mark: u32, by: &Actor) -> Result<Erasure, PrivacyError> {
    let now = core.now();
    // From here on nobody else decides by their balances, and nothing is ordered or asked for in their name.
    purses::lock(tx, &[person]).await?;
    tx.execute_raw(sql("SELECT FROM users WHERE id = $1 FOR UPDATE", [person.0.into()])).await?;
    let user = users::get(tx, person).await?;
    if user.erased_at.is_some() {
        return Ok(Erasure::Done);
    }
    // Holds that are over end first: what is released cannot be taken back as held.
    commissions::release_in(core, tx, person).await?;
    let found = ties(tx, person, now).await?;
    if found.hold() {
        return Ok(Erasure::Held(found));
    }
    if found.mark() != mark {
        return Ok(Erasure::Changed(found));
    }
    give_up(core, tx, person, by).await?;
    forget(tx, person, user.telegram_id).await?;
    receipts::forget_in(tx, person, NOBODY).await?;
    tx.execute_raw(sql(
        // What they gave away and nobody opened yet is whose who opens it.
        "UPDATE subscription s SET ended_at = $2, end_reason = 'the account was deleted' FROM orders o
         WHERE o.id = s.order_id AND s.user_id = $1 AND s.ends_at > $2 AND s.ended_at IS NULL AND (o.gift_code IS NULL OR o.opened_at IS NOT NULL)",
        [person.0.into(), now.into()],
    ))
    .await?;
    tx.execute_raw(sql(
        "UPDATE users SET telegram_id = -id, name = $2, username = NULL, language = 'en', language_chosen = false, reachable = false, erased_at = $3 WHERE id = $1",
        [person.0.into(), NOBODY.into(), now.into()],
    ))
    .await?;
    let lost = format!("wallet {}, on hold {}, running plans {}", found.wallet, found.held, found.running);
    audit::record(tx, now, by, "person.erase", &format!("user {}", person.0), &lost).await?;
    Ok(Erasure::Done)
}

/// What they have goes back to the shop, by postings like any other.
async fn give_up(core: &Core, tx: &Tx, person: UserId, by: &Actor) -> Result<(), PrivacyError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    const REASON: &str = "the account was deleted";
    let held = "SELECT id FROM commission_now WHERE beneficiary_id = $1 AND state = 'held' AND reversed < amount ORDER BY id";
    for Id { id } in Id::find_by_statement(sql(held, [person.0.into()])).all(tx).await? {
        commissions::cancel_in(core, tx, id, by, REASON).await?;
    }
    let standing = ledger::standing(tx, person).await?;
    for (account, amount) in [(Adjustable::Credit, standing.credit), (Adjustable::Earned, standing.earned)] {
        if amount.is_positive() {
            let key = format!("erase:{}:{}", person.0, account.account().kind());
            treasury::adjust_in(core, tx, &ByHand { person, account, amount: -amount, reason: REASON, by, key: &key }).await?;
        }
    }
    Ok(())
}

/// What tells who they are, wherever it lies. A confirmed payment keeps its bank reference, and a payout its own: by them the bank's statement is read
/// against the books.
async fn forget(tx: &Tx, person: UserId, telegram_id: i64) -> Result<(), DbErr> {
    let by_person = [
        // The reference of a rejected proof is nobody's payment. The rule that there was a proof stays kept.
        "UPDATE payment SET photo_unique_id = NULL, payer = NULL, utr = CASE WHEN state = 'confirmed' THEN utr END,
                photo_file_id = CASE WHEN state = 'confirmed' AND (utr IS NOT NULL OR credit_id IS NOT NULL) OR method <> 'upi' THEN NULL ELSE 'erased' END WHERE user_id = $1",
        "DELETE FROM proof_photo WHERE user_id = $1",
        "UPDATE withdrawal SET vpa = format('deleted-%s@deleted', user_id) WHERE user_id = $1",
        "UPDATE refund SET vpa = format('deleted-%s@deleted', user_id) WHERE user_id = $1 AND vpa IS NOT NULL",
        "UPDATE gateway_payment p SET payer = NULL FROM orders o WHERE o.id = p.order_id AND o.buyer_id = $1",
        "UPDATE bank_credit c SET payer = '', vpa = NULL, note = '' FROM credit_assignment a LEFT JOIN payment p ON p.id = a.payment_id
         WHERE a.credit_id = c.id AND (a.user_id = $1 OR p.user_id = $1)",
        // What they complained of in words; nobody is left to be answered.
        "UPDATE ticket SET words = CASE WHEN reason = 'other' THEN '–' END, state = CASE state WHEN 'open' THEN 'closed' ELSE state END,
                decided_at = coalesce(decided_at, opened_at), decided_by = coalesce(decided_by, 0), decided_by_name = coalesce(decided_by_name, '–') WHERE user_id = $1",
        // Nothing is asked for in their name any more.
        "UPDATE wallet_ask SET reason = '–', state = CASE state WHEN 'done' THEN 'done' ELSE 'rejected' END, decided_at = coalesce(decided_at, asked_at),
                decided_by = coalesce(decided_by, 0), decided_by_name = coalesce(decided_by_name, '–') WHERE user_id = $1",
        "UPDATE star_charge SET telegram_id = 0 WHERE user_id = $1",
        "DELETE FROM signal WHERE user_id = $1",
        "DELETE FROM order_payer p USING orders o WHERE o.id = p.order_id AND o.buyer_id = $1",
        "DELETE FROM fraud_event WHERE user_id = $1",
        "UPDATE flag_word SET words = '–' WHERE user_id = $1 AND asked_by IS NULL",
        "DELETE FROM withdrawal_draft WHERE user_id = $1",
        "DELETE FROM upi_id WHERE user_id = $1",
        // Of whom tax was withheld the law wants the PAN in the shop's returns: it stays, sealed.
        "DELETE FROM pan WHERE user_id = $1 AND NOT EXISTS (
           SELECT FROM withdrawal w JOIN tds_part p ON p.withdrawal_id = w.id WHERE w.user_id = $1 AND w.state = 'paid')",
        "UPDATE gateway_transfer t SET payee = '–' FROM withdrawal w WHERE w.id = t.withdrawal_id AND w.user_id = $1",
        "DELETE FROM refund_draft d USING orders o WHERE o.id = d.order_id AND o.buyer_id = $1",
        "DELETE FROM notification WHERE user_id = $1",
        "DELETE FROM mute WHERE user_id = $1",
        "DELETE FROM verification WHERE user_id = $1",
        "DELETE FROM restock_wait WHERE user_id = $1",
        // The word stays taken: links with it must not lead to somebody else.
        "UPDATE vanity SET user_id = NULL WHERE user_id = $1",
        "DELETE FROM board_member WHERE user_id = $1",
        "DELETE FROM board_score WHERE user_id = $1",
        "DELETE FROM link_visit WHERE owner_id = $1 OR visitor_id = $1",
        "DELETE FROM campaign_visit WHERE visitor_id = $1",
        "DELETE FROM cart_coupon WHERE user_id = $1",
        "DELETE FROM cart_item WHERE user_id = $1",
    ];
    for text in by_person {
        tx.execute_raw(sql(text, [person.0.into()])).await?;
    }
    // Until m0011 a customer who paid from the wallet was named as who decided it.
    tx.execute_raw(sql(
        "UPDATE payment SET decided_by = -user_id, decided_by_name = $3 WHERE user_id = $1 AND decided_by = $2",
        [person.0.into(), telegram_id.into(), NOBODY.into()],
    ))
    .await?;
    // Their referrer was told their name.
    tx.execute_raw(sql(
        "UPDATE notification SET args = jsonb_set(args, '{name}', to_jsonb($2::text)) WHERE dedupe_key = 'joined:' || $1::bigint",
        [person.0.into(), NOBODY.into()],
    ))
    .await?;
    // What is being handled, and what waits behind it, is still to be answered; the bot erases it then.
    for text in [
        "DELETE FROM inbox WHERE lane IN ($1, $1 - 9223372036854775807 - 1, $1 - 4611686018427387904) AND (done_at IS NOT NULL OR failed_at IS NOT NULL)",
        "DELETE FROM dialogue WHERE user_id = $1 OR chat_id = $1",
    ] {
        tx.execute_raw(sql(text, [telegram_id.into()])).await?;
    }
    Ok(())
}
