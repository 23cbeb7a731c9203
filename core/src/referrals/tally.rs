//! Counting. Sales and refunds are read from the journal, past which no sale can have happened; joins from rows that wait to be counted. So no sale
//! writes a figure, and none waits for another's: one counter at a time moves the mark, a job or whoever wants to see their figures now.

use crate::Core;
use crate::db::{Tx, is_away, retrying, sql};
use crate::ledger;
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Transactions and visits that are counted in one go.
const BATCH: i64 = 5_000;
/// What is counted at most for one look at one's figures: the job does the rest.
const LOOK: i64 = 1_000;

/// What a round of counting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Visits and joins.
    pub visits: u64,
    /// Transactions of the journal that were looked at.
    pub transactions: i64,
}

/// Visits by person and level, by campaign, and by day; gone from where they waited.
const VISITS: &str = "
WITH taken AS (
  DELETE FROM link_news WHERE id IN (SELECT id FROM link_news ORDER BY id LIMIT $2)
  RETURNING owner_id, campaign_id, opened, joined, verified, (at AT TIME ZONE $1)::date AS day
), people AS (
  INSERT INTO referral_day AS d (user_id, level, day, opened, joined, verified)
  SELECT user_id, level, day, sum(opened), sum(joined), sum(verified) FROM (
    SELECT owner_id AS user_id, 1 AS level, day, opened, joined, verified FROM taken WHERE owner_id IS NOT NULL
    UNION ALL SELECT u.referred_by, 2, t.day, 0, t.joined, t.verified FROM taken t JOIN users u ON u.id = t.owner_id
              WHERE u.referred_by IS NOT NULL AND t.joined + t.verified > 0) each
  GROUP BY 1, 2, 3
  ON CONFLICT (user_id, level, day) DO UPDATE SET opened = d.opened + excluded.opened, joined = d.joined + excluded.joined, verified = d.verified + excluded.verified
), campaigns AS (
  INSERT INTO campaign_day AS d (campaign_id, day, opened, joined)
  SELECT campaign_id, day, sum(opened), sum(joined) FROM taken WHERE campaign_id IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (campaign_id, day) DO UPDATE SET opened = d.opened + excluded.opened, joined = d.joined + excluded.joined
)
SELECT count(*) AS n FROM taken";

/// On which boards a sale of a day stands.
const BOARDS: &str = "
  SELECT 'week:' || date_trunc('week', s.day::timestamp)::date UNION ALL SELECT 'month:' || date_trunc('month', s.day::timestamp)::date
  UNION ALL SELECT 'contest:' || k.id FROM contest k WHERE k.state = 'open' AND s.paid_at >= k.from_at AND s.paid_at < k.until_at";

/// Sales of people whom a link brought. Who bought before is not counted as a new buyer.
const SALES: &str = "
WITH sale AS MATERIALIZED (
  SELECT o.id, o.price, o.paid_at, (o.paid_at AT TIME ZONE $1)::date AS day, b.referred_by AS first, r.referred_by AS second, m.campaign_id,
         NOT EXISTS (SELECT FROM orders p WHERE p.buyer_id = o.buyer_id AND p.paid_at IS NOT NULL AND (p.paid_at, p.id) < (o.paid_at, o.id)) AS new
  FROM ledger.journal j JOIN orders o ON o.id = substring(j.key FROM '^order:([0-9]+):paid$')::bigint
  JOIN users b ON b.id = o.buyer_id LEFT JOIN users r ON r.id = b.referred_by LEFT JOIN campaign_member m ON m.user_id = b.id
  WHERE j.id > $2 AND j.id <= $3 AND j.kind = 'order_paid' AND (b.referred_by IS NOT NULL OR m.campaign_id IS NOT NULL)
), kept AS (
  INSERT INTO referral_sale (order_id, referrer_id, campaign_id, day, paid_at) SELECT id, first, campaign_id, day, paid_at FROM sale
), people AS (
  INSERT INTO referral_day AS d (user_id, level, day, bought, sales, earned)
  SELECT s.user_id, s.level, s.day, count(*) FILTER (WHERE s.new), count(*), coalesce(sum(c.amount), 0)
  FROM (SELECT id, first AS user_id, 1 AS level, day, new FROM sale WHERE first IS NOT NULL
        UNION ALL SELECT id, second, 2, day, new FROM sale WHERE second IS NOT NULL) s
  LEFT JOIN commission c ON c.order_id = s.id AND c.level = s.level
  GROUP BY 1, 2, 3
  ON CONFLICT (user_id, level, day) DO UPDATE SET bought = d.bought + excluded.bought, sales = d.sales + excluded.sales, earned = d.earned + excluded.earned
), campaigns AS (
  INSERT INTO campaign_day AS d (campaign_id, day, bought, sales, revenue)
  SELECT campaign_id, day, count(*) FILTER (WHERE new), count(*), sum(price) FROM sale WHERE campaign_id IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (campaign_id, day) DO UPDATE SET bought = d.bought + excluded.bought, sales = d.sales + excluded.sales, revenue = d.revenue + excluded.revenue
), boards AS (
  INSERT INTO board_score AS b (board, user_id, score, reached_at)
  SELECT board, s.first, count(*), max(s.paid_at) FROM sale s CROSS JOIN LATERAL ({BOARDS}) AS of (board) WHERE s.first IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (board, user_id) DO UPDATE SET score = b.score + excluded.score, reached_at = greatest(b.reached_at, excluded.reached_at)
)
SELECT count(*) AS n FROM sale";

/// What was given back, and commissions that were cancelled: what was earned is less by what the books took, and a sale that is lost counts no more.
const LOSSES: &str = "
WITH loss AS MATERIALIZED (
  SELECT j.occurred_at AS at, (j.occurred_at AT TIME ZONE $1)::date AS day, j.accounts, j.amounts, coalesce(f.order_id, c.order_id) AS order_id, coalesce(f.amount, 0) AS back
  FROM ledger.journal j
  LEFT JOIN refund f ON j.kind = 'order_refunded' AND f.id = substring(j.key FROM '^refund:([0-9]+)$')::bigint
  LEFT JOIN commission c ON j.kind = 'commission_cancelled' AND c.id = substring(j.key FROM '^commission:([0-9]+):cancelled$')::bigint
  WHERE j.id > $2 AND j.id <= $3 AND j.kind IN ('order_refunded', 'commission_cancelled')
), lost AS (
  UPDATE referral_sale s SET lost_at = n.at
  FROM (SELECT order_id, min(at) AS at, min(day) AS day FROM loss GROUP BY 1) n JOIN orders o ON o.id = n.order_id
  WHERE s.order_id = n.order_id AND s.lost_at IS NULL
    AND (o.refunded = o.price OR EXISTS (SELECT FROM commission c WHERE c.order_id = o.id AND c.level = 1 AND c.cancelled_at IS NOT NULL))
  RETURNING s.referrer_id, s.campaign_id, s.day, s.paid_at, n.day AS lost_day, (o.refunded = o.price)::int AS whole
), people AS (
  INSERT INTO referral_day AS d (user_id, level, day, refunded, earned)
  SELECT user_id, level, day, sum(refunded), sum(earned) FROM (
    SELECT c.beneficiary_id AS user_id, c.level, n.day, 0 AS refunded, -e.amount AS earned
      FROM loss n JOIN commission c ON c.order_id = n.order_id CROSS JOIN LATERAL unnest(n.accounts, n.amounts) AS e (account, amount)
      WHERE e.account / 32 = c.beneficiary_id
    UNION ALL SELECT referrer_id, 1, lost_day, whole, 0 FROM lost WHERE referrer_id IS NOT NULL
    UNION ALL SELECT u.referred_by, 2, l.lost_day, l.whole, 0 FROM lost l JOIN users u ON u.id = l.referrer_id WHERE u.referred_by IS NOT NULL) each
  GROUP BY 1, 2, 3
  ON CONFLICT (user_id, level, day) DO UPDATE SET refunded = d.refunded + excluded.refunded, earned = d.earned + excluded.earned
), campaigns AS (
  INSERT INTO campaign_day AS d (campaign_id, day, refunded, revenue)
  SELECT campaign_id, day, sum(refunded), sum(revenue) FROM (
    SELECT s.campaign_id, n.day, 0 AS refunded, -n.back AS revenue FROM loss n JOIN referral_sale s ON s.order_id = n.order_id
    UNION ALL SELECT campaign_id, lost_day, whole, 0 FROM lost) each
  WHERE campaign_id IS NOT NULL GROUP BY 1, 2
  ON CONFLICT (campaign_id, day) DO UPDATE SET refunded = d.refunded + excluded.refunded, revenue = d.revenue + excluded.revenue
), boards AS (
  UPDATE board_score b SET score = b.score - x.n
  FROM (SELECT board, s.referrer_id, count(*) AS n FROM lost s CROSS JOIN LATERAL ({BOARDS}) AS of (board) WHERE s.referrer_id IS NOT NULL GROUP BY 1, 2) x
  WHERE b.board = x.board AND b.user_id = x.referrer_id
)
SELECT count(*) AS n FROM loss";

#[derive(FromQueryResult)]
struct Number {
    n: i64,
}

async fn number(db: &impl ConnectionTrait, text: &str, values: Vec<sea_orm::Value>) -> Result<i64, DbErr> {
    Ok(Number::find_by_statement(sql(text, values)).one(db).await?.map_or(0, |row| row.n))
}

/// Nobody else counts until this transaction is over. Answers through where it was counted.
pub(super) async fn lock(tx: &Tx) -> Result<i64, DbErr> {
    number(tx, "SELECT through AS n FROM referral_mark FOR UPDATE", vec![]).await
}

/// Counts at most `most` visits and transactions, none of them above one that has settled.
async fn round(core: &Core, settled: i64, most: i64) -> Result<Counted, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let zone = core.settings_store().get(&tx).await?.shop.timezone;
        let from = lock(&tx).await?;
        let through = settled.min(from + most);
        let visits = number(&tx, VISITS, vec![zone.name().into(), most.into()]).await?;
        if through > from {
            let journal = |zone: Tz| vec![zone.name().into(), from.into(), through.into()];
            number(&tx, &SALES.replace("{BOARDS}", BOARDS), journal(zone)).await?;
            number(&tx, &LOSSES.replace("{BOARDS}", BOARDS), journal(zone)).await?;
            tx.execute_raw(sql("UPDATE referral_mark SET through = $1", [through.into()])).await?;
        }
        tx.commit().await?;
        Ok(Counted { visits: visits.unsigned_abs(), transactions: (through - from).max(0) })
    })
    .await
}

/// Counts all that has happened. Safe to run twice and by many at once.
///
/// # Errors
/// The database: what was counted stays counted, once.
pub async fn count(core: &Core) -> Result<Counted, DbErr> {
    let settled = ledger::settled(core.db()).await?;
    let mut all = Counted::default();
    loop {
        let part = round(core, settled, BATCH).await?;
        all = Counted { visits: all.visits + part.visits, transactions: all.transactions + part.transactions };
        if part == Counted::default() {
            return Ok(all);
        }
    }
}

/// What waits to be counted: nothing of it is counted here.
const WAITING: &str = "SELECT (coalesce((SELECT max(id) FROM ledger.journal), 0) > (SELECT through FROM referral_mark) OR EXISTS (SELECT FROM link_news))::int::bigint AS n";

/// Counts what has just happened, so that whoever looks at their figures finds their last sale in them. Nothing where all is counted, and little where
/// much waits: that is the job's.
///
/// # Errors
/// The database.
pub async fn catch_up(core: &Core) -> Result<(), DbErr> {
    if number(core.db(), WAITING, vec![]).await? == 0 {
        return Ok(());
    }
    let settled = match settled_soon(core).await {
        Err(error) if !is_away(&error) => {
            tracing::debug!(%error, "the books do not settle: sales are counted later");
            0
        }
        settled => settled?,
    };
    round(core, settled, LOOK).await?;
    Ok(())
}

/// What has settled, unless that would be waited for: who looks at their figures must not wait for another's long transaction.
async fn settled_soon(core: &Core) -> Result<i64, DbErr> {
    let tx = core.begin().await?;
    tx.execute_unprepared("SET LOCAL statement_timeout = '1s'").await?;
    let settled = ledger::settled(&tx).await?;
    tx.commit().await?;
    Ok(settled)
}

/// Clears leaderboards away that are over for long; answers how many rows.
pub(super) async fn prune(core: &Core) -> Result<u64, DbErr> {
    let today = core.settings().await?.shop.day(core.now());
    let (weeks, months) = (today - chrono::Days::new(70), today - chrono::Days::new(400));
    let gone = core
        .db()
        .execute_raw(sql(
            "DELETE FROM board_score WHERE board >= 'week:' AND board < 'week:' || $1::date OR board >= 'month:' AND board < 'month:' || $2::date",
            [weeks.into(), months.into()],
        ))
        .await?;
    Ok(gone.rows_affected())
}
