//! A copy of what is kept of a person.

use crate::Core;
use crate::db::sql;
use crate::tds::{self, PanError};
use crate::users::User;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Map, Value};

/// The parts of the copy: each a query whose rows are theirs. Others are named by a letter.
const PARTS: [(&str, &str); 29] = [
    (
        "profile",
        "SELECT u.telegram_id, u.name, u.username, u.language, u.code AS referral_code, v.shown AS chosen_code, u.joined_at, left(r.name, 1) || '…' AS invited_by,
                c.name AS came_by_campaign, b.since AS on_leaderboards_since
         FROM users u LEFT JOIN users r ON r.id = u.referred_by LEFT JOIN vanity v ON v.user_id = u.id LEFT JOIN campaign_member m ON m.user_id = u.id
         LEFT JOIN campaign c ON c.id = m.campaign_id LEFT JOIN board_member b ON b.user_id = u.id WHERE u.id = $1",
    ),
    (
        "referral_figures",
        "SELECT level, day, opened, joined, verified, bought, sales, refunded, earned FROM referral_day WHERE user_id = $1 ORDER BY day, level",
    ),
    (
        "links_opened",
        "SELECT left(u.name, 1) || '…' AS of, v.at FROM link_visit v JOIN users u ON u.id = v.owner_id WHERE v.visitor_id = $1 ORDER BY v.at",
    ),
    (
        "campaigns_opened",
        "SELECT c.name AS campaign, v.at FROM campaign_visit v JOIN campaign c ON c.id = v.campaign_id WHERE v.visitor_id = $1 ORDER BY v.at",
    ),
    (
        "prizes",
        "SELECT c.name AS contest, w.place, w.score, w.amount, c.ended_at FROM contest_prize w JOIN contest c ON c.id = w.contest_id WHERE w.user_id = $1 ORDER BY w.prize_id",
    ),
    (
        "referrals",
        "SELECT left(u.name, 1) || '…' AS name, u.joined_at, EXISTS (SELECT FROM orders o WHERE o.buyer_id = u.id AND o.paid_at IS NOT NULL) AS bought
         FROM users u WHERE u.referred_by = $1 ORDER BY u.id",
    ),
    (
        "commissions",
        "SELECT level, amount, reversed, state, created_at, release_at FROM commission_now WHERE beneficiary_id = $1 ORDER BY id",
    ),
    (
        "commissions_not_booked",
        "SELECT level, amount, cap AS reached, created_at FROM commission_cut WHERE beneficiary_id = $1 ORDER BY created_at, order_id",
    ),
    (
        "orders",
        "SELECT 'O-' || o.code AS id, o.title, o.price, o.discount, o.friend_off AS friends_gift, o.from_credit + o.from_earned AS from_wallet, o.state, o.placed_at, o.paid_at, o.delivered_at, o.refunded,
                r.number AS receipt FROM orders o LEFT JOIN receipt r ON r.order_id = o.id WHERE o.buyer_id = $1 ORDER BY o.id",
    ),
    (
        "items",
        "SELECT 'O-' || o.code AS order, i.title, i.price, i.period_days, i.delivered_at FROM order_item i JOIN orders o ON o.id = i.order_id
         WHERE o.buyer_id = $1 ORDER BY o.id, i.n",
    ),
    (
        "cart",
        "SELECT p.title, c.quantity, c.added_at FROM cart_item c JOIN plan p ON p.id = c.plan_id WHERE c.user_id = $1 ORDER BY c.added_at, p.id",
    ),
    (
        "payments",
        "SELECT 'O-' || o.code AS order, p.method, p.amount, p.utr, p.photo_file_id IS NOT NULL AS screenshot, f.sent_at AS screenshot_sent_at,
                encode(f.hash, 'hex') AS screenshot_hash, p.late, p.state, p.submitted_at, p.decided_at, p.reason
         FROM payment p LEFT JOIN orders o ON o.id = p.order_id LEFT JOIN proof_photo f ON f.payment_id = p.id WHERE p.user_id = $1 ORDER BY p.id",
    ),
    (
        "paid_online",
        "SELECT 'O-' || o.code AS order, p.gateway, p.ref AS id, p.amount, p.payer AS upi_id, p.bank_ref, p.paid_at FROM gateway_payment p
         JOIN orders o ON o.id = p.order_id WHERE o.buyer_id = $1 ORDER BY p.paid_at, p.ref",
    ),
    (
        "subscriptions",
        "SELECT 'O-' || o.code AS order, i.title, s.starts_at, s.ends_at, s.ended_at, s.end_reason FROM subscription s JOIN orders o ON o.id = s.order_id
         LEFT JOIN order_item i ON i.order_id = s.order_id AND i.n = s.item WHERE s.user_id = $1 ORDER BY s.starts_at, s.id",
    ),
    (
        "problems",
        "SELECT 'T-' || code AS ticket, reason, words, state, opened_at, decided_at FROM ticket WHERE user_id = $1 ORDER BY id",
    ),
    (
        "wallet",
        "SELECT j.occurred_at AS at, j.kind AS what, c.kind AS account, CASE WHEN l.account_id % 32 = 22 THEN l.amount ELSE -l.amount END AS amount, l.balance_after
         FROM ledger.line l JOIN ledger.journal j ON j.id = l.transaction_id JOIN ledger.chart c ON c.number = l.account_id % 32
         WHERE l.account_id BETWEEN $1 * 32 + 16 AND $1 * 32 + 22 ORDER BY l.id",
    ),
    (
        "withdrawals",
        "SELECT 'W-' || code AS id, amount, tds, vpa AS upi_id, state, asked_at, decided_at, settled_at, returned_at, payout_utr, reason
         FROM withdrawal WHERE user_id = $1 ORDER BY id",
    ),
    ("upi_ids", "SELECT vpa AS upi_id, added_at FROM upi_id WHERE user_id = $1 ORDER BY added_at, vpa"),
    (
        "tax_withheld",
        "SELECT 'W-' || w.code AS withdrawal, p.year AS financial_year, p.base AS commission, p.percent, p.amount FROM withdrawal w
         JOIN tds_part p ON p.withdrawal_id = w.id WHERE w.user_id = $1 ORDER BY w.id, p.year",
    ),
    (
        "paid_by_gateway",
        "SELECT 'W-' || w.code AS withdrawal, t.gateway, t.gateway_id AS id, t.payee, t.amount, t.status, t.made_at, t.settled_at FROM withdrawal w
         JOIN gateway_transfer t ON t.withdrawal_id = w.id WHERE w.user_id = $1 ORDER BY t.id",
    ),
    (
        "refunds",
        "SELECT 'R-' || r.code AS id, 'O-' || o.code AS order, r.amount, r.to_credit + r.to_earned AS to_wallet, r.to_gateway + r.to_upi AS to_payer, r.vpa AS upi_id,
                r.reason, r.state, r.made_at, r.settled_at, r.payout_utr FROM refund r JOIN orders o ON o.id = r.order_id WHERE r.user_id = $1 ORDER BY r.id",
    ),
    (
        "wallet_adjustments",
        "SELECT amount, reason, state, asked_at, decided_at FROM wallet_ask WHERE user_id = $1 AND state <> 'draft' ORDER BY id",
    ),
    (
        "stars",
        "SELECT c.charge, c.stars, 'O-' || o.code AS order, c.paid_at, c.back_asked_at, c.back_at FROM star_charge c LEFT JOIN orders o ON o.id = c.order_id
         WHERE c.user_id = $1 ORDER BY c.paid_at",
    ),
    (
        "known_by",
        "SELECT kind, first_at, last_at FROM signal WHERE user_id = $1 ORDER BY kind, first_at",
    ),
    (
        "on_hold",
        "SELECT 'F-' || f.code AS id, f.rule, f.state, f.raised_at, f.decided_at FROM flag_person p JOIN flag f ON f.id = p.flag_id
         WHERE p.user_id = $1 AND p.part <> 'seen' ORDER BY f.id",
    ),
    (
        "said_about_it",
        "SELECT 'F-' || f.code AS id, w.asked_by IS NOT NULL AS asked, w.words, w.at FROM flag_word w JOIN flag f ON f.id = w.flag_id WHERE w.user_id = $1 ORDER BY w.id",
    ),
    (
        "notifications",
        "SELECT created_at, sent_at, kind, CASE WHEN kind = 'joined' THEN '{}' ELSE args - 'kind' END AS details FROM notification WHERE user_id = $1 ORDER BY id",
    ),
    ("verified", "SELECT verified_at, seen_at AS last_at FROM verification WHERE user_id = $1"),
    (
        "credentials_shown",
        "SELECT 'O-' || o.code AS order, r.at FROM reveal r JOIN orders o ON o.id = r.order_id WHERE r.user_id = $1 ORDER BY r.id",
    ),
];

/// All that is kept of a person, as JSON that people can read.
///
/// # Errors
/// The database.
pub async fn export(core: &Core, person: &User) -> Result<Vec<u8>, DbErr> {
    let mut copy = Map::new();
    copy.insert("made_at".to_owned(), Value::String(core.now().to_rfc3339()));
    for (name, query) in PARTS {
        let whole = format!("SELECT coalesce(json_agg(part), '[]')::text AS part FROM ({query}) part");
        let row = core.db().query_one_raw(sql(&whole, [person.id.into()])).await?;
        let text: String = row.ok_or_else(|| DbErr::RecordNotFound(name.to_owned()))?.try_get("", "part")?;
        let rows: Value = serde_json::from_str(&text).map_err(|e| DbErr::Custom(e.to_string()))?;
        copy.insert(name.to_owned(), rows);
    }
    let pan = tds::kept_pan(core, person.user_id()).await;
    // Without the key it cannot be opened, and the rest is theirs all the same.
    let pan = pan.or_else(|error| if let PanError::Db(error) = error { Err(error) } else { Ok(None) })?;
    copy.insert("pan".to_owned(), pan.map_or(Value::Null, |pan| Value::String(pan.as_str().to_owned())));
    serde_json::to_vec_pretty(&copy).map_err(|e| DbErr::Custom(e.to_string()))
}
