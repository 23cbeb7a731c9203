-- What the movements of the whole ledger are about: wallets, refunds, bank credits, settlements; and holds that end without being touched.

-- A person's money has one lock, taken before their balances: whoever releases, cancels, refunds or settles locks the purse, then reads, then posts.
-- Commissions are never updated when their hold ends: what was due until `released_through` is released. A commission is born behind that mark
-- never, because its birth locks the purse, too; see commissions::accrue_in.
CREATE TABLE purse (
  user_id          bigint      PRIMARY KEY REFERENCES users (id),
  released_through timestamptz NOT NULL DEFAULT 'epoch',
  next_release_at  timestamptz
) WITH (fillfactor = 50);
CREATE INDEX purse_due_idx ON purse (next_release_at) WHERE next_release_at IS NOT NULL;
INSERT INTO purse (user_id) SELECT id FROM users;

CREATE FUNCTION open_purses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO purse (user_id) SELECT id FROM new_people;
  RETURN NULL;
END $$;
CREATE TRIGGER open_purses AFTER INSERT ON users REFERENCING NEW TABLE AS new_people FOR EACH STATEMENT EXECUTE FUNCTION open_purses();
ALTER TABLE users ENABLE ALWAYS TRIGGER open_purses;

-- Commissions: held, released or cancelled is told by the mark and by cancelled_at.
ALTER TABLE commission ADD cancelled_at timestamptz;
UPDATE purse p SET released_through = c.mark FROM (SELECT beneficiary_id, max(release_at) AS mark FROM commission WHERE state = 'released' GROUP BY 1) c
WHERE c.beneficiary_id = p.user_id;
UPDATE commission c SET release_at = p.released_through + interval '1 microsecond' FROM purse p
WHERE p.user_id = c.beneficiary_id AND c.state = 'held' AND c.release_at <= p.released_through;
UPDATE commission SET cancelled_at = release_at, reversed = amount WHERE state = 'cancelled';
UPDATE purse p SET next_release_at = c.next FROM (SELECT beneficiary_id, min(release_at) AS next FROM commission WHERE state = 'held' GROUP BY 1) c
WHERE c.beneficiary_id = p.user_id;
ALTER TABLE commission DROP COLUMN state, DROP COLUMN released_at;
CREATE INDEX commission_release_idx ON commission (beneficiary_id, release_at);
ALTER TABLE commission ADD CONSTRAINT commission_cancelled_whole CHECK (cancelled_at IS NULL OR reversed = amount);

CREATE VIEW commission_now AS
SELECT c.*, CASE WHEN c.cancelled_at IS NOT NULL THEN 'cancelled' WHEN c.release_at > p.released_through THEN 'held' ELSE 'released' END AS state
FROM commission c JOIN purse p ON p.user_id = c.beneficiary_id;

-- What of an order the wallet pays: set aside while the other part is awaited, spent when it is paid, given back when it ends otherwise.
ALTER TABLE orders
  ADD period_days   integer,
  ADD from_credit   numeric NOT NULL DEFAULT 0,
  ADD from_earned   numeric NOT NULL DEFAULT 0,
  ADD reserved_at   timestamptz,
  ADD unreserved_at timestamptz,
  ADD refunded      numeric NOT NULL DEFAULT 0;
UPDATE orders o SET period_days = p.period_days FROM plan p WHERE p.id = o.plan_id;
ALTER TABLE orders
  ALTER period_days SET NOT NULL,
  ADD CONSTRAINT orders_period CHECK (period_days > 0),
  ADD CONSTRAINT orders_from_wallet CHECK (from_credit >= 0 AND from_earned >= 0 AND from_credit + from_earned <= price AND scale(from_credit) <= 2 AND scale(from_earned) <= 2),
  ADD CONSTRAINT orders_reserved_once CHECK (unreserved_at IS NULL OR reserved_at IS NOT NULL),
  ADD CONSTRAINT orders_refunded CHECK (refunded >= 0 AND refunded <= CASE WHEN paid_at IS NULL THEN 0 ELSE price END AND scale(refunded) <= 2);
CREATE INDEX orders_paid_idx ON orders (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_reserved_idx ON orders (buyer_id) WHERE reserved_at IS NOT NULL AND unreserved_at IS NULL AND paid_at IS NULL;

-- A payment is for an order, or, without one, for the payer's wallet.
ALTER TABLE payment ADD user_id bigint REFERENCES users (id);
UPDATE payment p SET user_id = o.buyer_id FROM orders o WHERE o.id = p.order_id;
ALTER TABLE payment
  ALTER user_id SET NOT NULL,
  ALTER order_id DROP NOT NULL,
  DROP CONSTRAINT payment_method, ADD CONSTRAINT payment_method CHECK (method IN ('upi', 'gateway', 'wallet')),
  DROP CONSTRAINT payment_has_proof, ADD CONSTRAINT payment_has_proof CHECK (method <> 'upi' OR order_id IS NULL OR utr IS NOT NULL OR photo_file_id IS NOT NULL);

-- What a paid order gives: a row each, from the moment of payment.
CREATE TABLE subscription (
  order_id  bigint PRIMARY KEY REFERENCES orders (id),
  user_id   bigint NOT NULL,
  plan_id   bigint NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at   timestamptz NOT NULL CONSTRAINT subscription_lasts CHECK (ends_at > starts_at)
);
CREATE INDEX subscription_user_idx ON subscription (user_id, ends_at DESC);
INSERT INTO subscription (order_id, user_id, plan_id, starts_at, ends_at)
SELECT id, buyer_id, plan_id, paid_at, paid_at + period_days * interval '1 day' FROM orders WHERE paid_at IS NOT NULL;

CREATE TABLE refund (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text    NOT NULL CONSTRAINT refund_code_key UNIQUE,
  order_id    bigint  NOT NULL REFERENCES orders (id),
  user_id     bigint  NOT NULL REFERENCES users (id),
  amount      numeric NOT NULL CONSTRAINT refund_amount CHECK (amount > 0 AND scale(amount) <= 2),
  -- Back to where it came from; what came from outside goes to one of these three.
  to_credit   numeric NOT NULL CONSTRAINT refund_to_credit CHECK (to_credit >= 0),
  to_earned   numeric NOT NULL CONSTRAINT refund_to_earned CHECK (to_earned >= 0),
  to_gateway  numeric NOT NULL CONSTRAINT refund_to_gateway CHECK (to_gateway >= 0),
  to_upi      numeric NOT NULL CONSTRAINT refund_to_upi CHECK (to_upi >= 0),
  -- Taken back from the referrers.
  reversed    numeric NOT NULL CONSTRAINT refund_reversed CHECK (reversed >= 0),
  vpa         text,
  reason      text    NOT NULL,
  state       text    NOT NULL CONSTRAINT refund_state CHECK (state IN ('done', 'to_send', 'sent', 'failed')),
  key         text    NOT NULL CONSTRAINT refund_key_key UNIQUE,
  made_at     timestamptz NOT NULL,
  made_by     bigint  NOT NULL,
  settled_at  timestamptz,
  settled_by  bigint,
  payout_utr  text CONSTRAINT refund_payout_utr_key UNIQUE,
  CONSTRAINT refund_goes_somewhere CHECK (to_credit + to_earned + to_gateway + to_upi = amount),
  CONSTRAINT refund_sent_somewhere CHECK ((state = 'done') = (to_upi = 0) AND (to_upi = 0) = (vpa IS NULL)),
  CONSTRAINT refund_settled CHECK ((state IN ('sent', 'failed')) = (settled_at IS NOT NULL) AND (state = 'sent') = (payout_utr IS NOT NULL))
);
CREATE INDEX refund_order_idx ON refund (order_id, id);
CREATE INDEX refund_to_send_idx ON refund (user_id) WHERE state = 'to_send';

-- A withdrawal that was paid can come back from the bank.
ALTER TABLE withdrawal
  ADD tds         numeric NOT NULL DEFAULT 0 CONSTRAINT withdrawal_tds CHECK (tds >= 0 AND tds < amount AND scale(tds) <= 2),
  ADD returned_at timestamptz,
  DROP CONSTRAINT withdrawal_state, ADD CONSTRAINT withdrawal_state CHECK (state IN ('asked', 'approved', 'paid', 'rejected', 'failed', 'returned')),
  DROP CONSTRAINT withdrawal_paid_with_utr, ADD CONSTRAINT withdrawal_paid_with_utr CHECK ((state IN ('paid', 'returned')) = (payout_utr IS NOT NULL)),
  DROP CONSTRAINT withdrawal_refused_with_reason,
  ADD CONSTRAINT withdrawal_refused_with_reason CHECK (state NOT IN ('rejected', 'failed', 'returned') OR reason IS NOT NULL),
  ADD CONSTRAINT withdrawal_returned CHECK ((state = 'returned') = (returned_at IS NOT NULL));
CREATE INDEX withdrawal_user_open_idx ON withdrawal (user_id) WHERE state IN ('asked', 'approved');

-- Money that was seen at the bank: in `unmatched` until someone, or the matching, says what it is for.
CREATE TABLE bank_credit (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bank_ref text    NOT NULL CONSTRAINT bank_credit_bank_ref_key UNIQUE,
  amount   numeric NOT NULL CONSTRAINT bank_credit_amount CHECK (amount > 0 AND amount < 1000000000000 AND scale(amount) <= 2),
  assigned numeric NOT NULL DEFAULT 0,
  payer    text    NOT NULL DEFAULT '',
  seen_at  timestamptz NOT NULL,
  CONSTRAINT bank_credit_assigned CHECK (assigned >= 0 AND assigned <= amount)
);
CREATE INDEX bank_credit_open_idx ON bank_credit (id) WHERE assigned < amount;
CREATE TABLE credit_assignment (
  credit_id   bigint  NOT NULL REFERENCES bank_credit (id),
  n           integer NOT NULL CONSTRAINT credit_assignment_n CHECK (n > 0),
  payment_id  bigint  REFERENCES payment (id) CONSTRAINT credit_assignment_payment_key UNIQUE,
  user_id     bigint  REFERENCES users (id),
  to_payment  numeric NOT NULL CONSTRAINT credit_assignment_to_payment CHECK (to_payment >= 0 AND (to_payment > 0) = (payment_id IS NOT NULL)),
  to_credit   numeric NOT NULL CONSTRAINT credit_assignment_to_credit CHECK (to_credit >= 0 AND (to_credit = 0 OR user_id IS NOT NULL)),
  sent_back   numeric NOT NULL CONSTRAINT credit_assignment_sent_back CHECK (sent_back >= 0),
  key         text    NOT NULL CONSTRAINT credit_assignment_key_key UNIQUE,
  at          timestamptz NOT NULL,
  actor_id    bigint  NOT NULL,
  PRIMARY KEY (credit_id, n),
  CONSTRAINT credit_assignment_of_something CHECK (to_payment + to_credit + sent_back > 0)
);

-- What a gateway paid out to the bank, and what it kept.
CREATE TABLE settlement (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference  text    NOT NULL CONSTRAINT settlement_reference_key UNIQUE,
  net        numeric NOT NULL CONSTRAINT settlement_net CHECK (net >= 0 AND scale(net) <= 2),
  fees       numeric NOT NULL CONSTRAINT settlement_fees CHECK (fees >= 0 AND scale(fees) <= 2),
  settled_at timestamptz NOT NULL,
  CONSTRAINT settlement_of_something CHECK (net + fees > 0)
);

-- Bills and taxes paid, prizes given, what stood in the bank at the beginning, and what staff put right by hand.
CREATE TABLE remittance (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account   text    NOT NULL CONSTRAINT remittance_account CHECK (account IN ('supplier', 'tds_payable', 'gst_payable')),
  amount    numeric NOT NULL CONSTRAINT remittance_amount CHECK (amount > 0 AND scale(amount) <= 2),
  reference text    NOT NULL CONSTRAINT remittance_reference_key UNIQUE,
  paid_at   timestamptz NOT NULL,
  actor_id  bigint  NOT NULL
);
CREATE TABLE prize (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id  bigint  NOT NULL REFERENCES users (id),
  amount   numeric NOT NULL CONSTRAINT prize_amount CHECK (amount > 0 AND scale(amount) <= 2),
  reason   text    NOT NULL,
  key      text    NOT NULL CONSTRAINT prize_key_key UNIQUE,
  given_at timestamptz NOT NULL,
  actor_id bigint  NOT NULL
);
CREATE TABLE adjustment (
  audit_id bigint  PRIMARY KEY REFERENCES audit (id),
  user_id  bigint  NOT NULL REFERENCES users (id),
  account  text    NOT NULL CONSTRAINT adjustment_account CHECK (account IN ('credit', 'earned', 'owed')),
  -- More for the person is positive.
  amount   numeric NOT NULL CONSTRAINT adjustment_amount CHECK (amount <> 0 AND scale(amount) <= 2),
  key      text    NOT NULL CONSTRAINT adjustment_key_key UNIQUE
);

-- A NOTIFY locks the whole server through the commit: programs ring for their notices after it.
DROP TRIGGER notification_wakes ON notification;
DROP FUNCTION notification_wakes();

-- People, plans and orders are never deleted, and whom a sale is for is read from their own rows: a foreign key would only lock those rows once
-- more, for every notice and commission. A commission's people are kept honest by the ledger and its proof.
ALTER TABLE notification DROP CONSTRAINT notification_user_id_fkey;
ALTER TABLE commission DROP CONSTRAINT commission_buyer_id_fkey, DROP CONSTRAINT commission_beneficiary_id_fkey;

-- A person's history of what they were told; the outbox has an index of its own.
DROP INDEX notification_user_idx;
CREATE INDEX notification_user_idx ON notification (user_id, id DESC) WHERE sent_at IS NOT NULL;
ALTER TABLE notification DROP CONSTRAINT notification_dedupe_key_key;
CREATE UNIQUE INDEX notification_dedupe_key_key ON notification (dedupe_key) WHERE dedupe_key IS NOT NULL;

-- Which transaction each business row must have: by its key, of this kind, debiting so much in all, for this person.
CREATE VIEW ledger.expected AS
SELECT 'order_paid' AS kind, o.id, NULL::text AS ref, format('order:%s:paid', o.id) AS key, o.buyer_id AS owner_id,
       o.price + o.cost + (SELECT coalesce(sum(c.amount), 0) FROM public.commission c WHERE c.order_id = o.id) AS total
  FROM public.orders o WHERE o.paid_at IS NOT NULL
UNION ALL SELECT 'order_reserved', id, NULL, format('order:%s:reserved', id), buyer_id, from_credit + from_earned FROM public.orders WHERE reserved_at IS NOT NULL
UNION ALL SELECT 'order_unreserved', id, NULL, format('order:%s:unreserved', id), buyer_id, from_credit + from_earned FROM public.orders WHERE unreserved_at IS NOT NULL
UNION ALL SELECT 'commission_cancelled', id, NULL, format('commission:%s:cancelled', id), beneficiary_id, NULL FROM public.commission WHERE cancelled_at IS NOT NULL
UNION ALL SELECT 'withdrawal_asked', id, NULL, format('withdrawal:%s:asked', id), user_id, amount FROM public.withdrawal
UNION ALL SELECT 'withdrawal_refused', id, NULL, format('withdrawal:%s:settled', id), user_id, amount FROM public.withdrawal WHERE state IN ('rejected', 'failed')
UNION ALL SELECT 'withdrawal_paid', id, NULL, format('withdrawal:%s:settled', id), user_id, amount FROM public.withdrawal WHERE state IN ('paid', 'returned')
UNION ALL SELECT 'withdrawal_returned', id, NULL, format('withdrawal:%s:returned', id), user_id, amount FROM public.withdrawal WHERE state = 'returned'
UNION ALL SELECT 'top_up', NULL, key, 'payment:' || key, user_id, amount FROM public.payment WHERE order_id IS NULL AND state = 'confirmed'
-- What goes back through the gateway touches no account of the buyer's.
UNION ALL SELECT 'order_refunded', id, NULL, format('refund:%s', id), CASE WHEN to_gateway < amount THEN user_id END, amount + reversed FROM public.refund
UNION ALL SELECT 'refund_sent', id, NULL, format('refund:%s:settled', id), user_id, to_upi FROM public.refund WHERE state = 'sent'
UNION ALL SELECT 'refund_failed', id, NULL, format('refund:%s:settled', id), user_id, to_upi FROM public.refund WHERE state = 'failed'
UNION ALL SELECT 'credit_seen', NULL, bank_ref, 'credit:' || bank_ref, NULL, amount FROM public.bank_credit
UNION ALL SELECT 'credit_assigned', NULL, format('%s:assigned:%s', credit_id, n), format('credit:%s:assigned:%s', credit_id, n), NULL, to_payment + to_credit + sent_back
  FROM public.credit_assignment
UNION ALL SELECT 'gateway_settled', id, NULL, format('settlement:%s', id), NULL, net + fees FROM public.settlement
UNION ALL SELECT 'remitted', id, NULL, format('remittance:%s', id), NULL, amount FROM public.remittance
UNION ALL SELECT 'prize_given', id, NULL, format('prize:%s', id), user_id, amount FROM public.prize
UNION ALL SELECT 'adjusted', audit_id, NULL, format('staff:%s', audit_id), user_id, abs(amount) FROM public.adjustment;

-- One row for each thing that is wrong with the transactions after a point of the journal and with the people whom they touch.
CREATE FUNCTION ledger.proof_since(after bigint) RETURNS TABLE (problem text, subject text, detail text) LANGUAGE sql STABLE AS $$
WITH recent AS MATERIALIZED (
  SELECT j.id, j.kind::text AS kind, j.key::text AS key, j.accounts, j.amounts, j.sales, j.cost_of_sales, j.commission, s.total, s.debits, s.entries
  FROM ledger.journal j CROSS JOIN LATERAL (
    SELECT sum(e.amount) AS total, sum(e.amount) FILTER (WHERE e.amount > 0) AS debits, count(*) AS entries
    FROM (SELECT amount FROM ledger.shop_entries(j) UNION ALL SELECT unnest(j.amounts)) e) s
  WHERE j.id > after
), line AS MATERIALIZED (
  SELECT l.*, CASE WHEN l.account_id % 32 = 22 THEN l.amount ELSE -l.amount END AS moved FROM ledger.line l WHERE l.transaction_id > after
), account AS MATERIALIZED (
  SELECT account_id FROM line UNION SELECT account_id FROM ledger.balance WHERE after = 0
), person AS MATERIALIZED (
  SELECT DISTINCT account_id / 32 AS id FROM account UNION SELECT user_id FROM public.purse WHERE after = 0
), holding AS MATERIALIZED (
  SELECT p.id, coalesce(sum(b.amount) FILTER (WHERE b.account_id % 32 = 17), 0) AS held, coalesce(sum(b.amount) FILTER (WHERE b.account_id % 32 = 19), 0) AS reserved,
         coalesce(sum(b.amount) FILTER (WHERE b.account_id % 32 = 20), 0) AS withdrawing, coalesce(sum(b.amount) FILTER (WHERE b.account_id % 32 = 21), 0) AS refunding
  FROM person p LEFT JOIN ledger.balance b ON b.account_id BETWEEN p.id * 32 + 16 AND p.id * 32 + 22 GROUP BY p.id
)
SELECT 'unbalanced transaction', r.key, format('sums to %s over %s entries', r.total, r.entries) FROM recent r WHERE r.total IS DISTINCT FROM 0 OR r.entries < 2
UNION ALL
-- These two have no business row: what they may be is told by their shape.
SELECT 'release or opening that is none', r.key, format('%s over %s entries', r.kind, r.entries) FROM recent r
WHERE r.kind = 'opened' AND r.key <> 'opening' OR r.kind = 'commissions_released' AND (r.entries <> cardinality(r.accounts) OR EXISTS (
  SELECT FROM unnest(r.accounts, r.amounts) AS e (account, amount) GROUP BY account / 32
  HAVING sum(amount) <> 0 OR bool_or(account % 32 NOT IN (17, 18, 22) OR (account % 32 = 17) <> (amount > 0))))
UNION ALL
SELECT 'entries are not those of the transaction', coalesce(r.id, l.transaction_id)::text,
       format('account %s: %s in the transaction, %s entered', coalesce(r.account_id, l.account_id), coalesce(r.amount, 0), coalesce(l.amount, 0))
FROM (SELECT r.id, e.account_id, e.amount FROM recent r CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS e (account_id, amount)) r
FULL JOIN line l ON l.transaction_id = r.id AND l.account_id = r.account_id WHERE r.amount IS DISTINCT FROM l.amount
UNION ALL
SELECT 'entry does not follow the one before', l.id::text, format('account %s, seq %s, balance after %s', l.account_id, l.seq, l.balance_after)
FROM (SELECT l.*, lag(l.seq) OVER w AS seq_before, lag(l.balance_after) OVER w AS balance_before FROM line l WINDOW w AS (PARTITION BY l.account_id ORDER BY l.id)) l
-- Between two that are looked at there may be one that is older than the point.
LEFT JOIN LATERAL (SELECT p.seq, p.balance_after FROM ledger.line p WHERE l.seq IS DISTINCT FROM coalesce(l.seq_before, 0) + 1
                     AND p.account_id = l.account_id AND p.id < l.id ORDER BY p.id DESC LIMIT 1) p ON true
WHERE l.seq IS DISTINCT FROM coalesce(p.seq, l.seq_before, 0) + 1 OR l.balance_after IS DISTINCT FROM coalesce(p.balance_after, l.balance_before, 0) + l.moved
UNION ALL
SELECT 'balance is not the sum of its entries', a.account_id::text, format('balance %s at %s, entries %s at %s', b.amount, b.seq, l.balance_after, l.seq)
FROM account a LEFT JOIN ledger.balance b USING (account_id)
LEFT JOIN LATERAL (SELECT l.seq, l.balance_after FROM ledger.line l WHERE l.account_id = a.account_id ORDER BY l.id DESC LIMIT 1) l ON true
WHERE b.amount IS DISTINCT FROM l.balance_after OR b.seq IS DISTINCT FROM l.seq
UNION ALL
SELECT 'held is not the held commissions', h.id::text, format('held %s, commissions %s', h.held, c.total)
FROM holding h JOIN public.purse p ON p.user_id = h.id CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.amount - c.reversed), 0) AS total FROM public.commission c WHERE c.beneficiary_id = h.id AND c.release_at > p.released_through) c
WHERE h.held <> c.total
UNION ALL
SELECT 'a hold would not end', p.user_id::text, format('first hold ends %s, next release %s', c.first, p.next_release_at)
FROM person JOIN public.purse p ON p.user_id = person.id CROSS JOIN LATERAL (
  SELECT min(c.release_at) AS first FROM public.commission c WHERE c.beneficiary_id = p.user_id AND c.release_at > p.released_through AND c.reversed < c.amount) c
WHERE c.first < coalesce(p.next_release_at, 'infinity')
UNION ALL
SELECT 'withdrawing is not the open withdrawals', h.id::text, format('withdrawing %s, withdrawals %s', h.withdrawing, w.total)
FROM holding h CROSS JOIN LATERAL (SELECT coalesce(sum(w.amount), 0) AS total FROM public.withdrawal w WHERE w.user_id = h.id AND w.state IN ('asked', 'approved')) w
WHERE h.withdrawing <> w.total
UNION ALL
SELECT 'reserved is not what orders set aside', h.id::text, format('reserved %s, orders %s', h.reserved, o.total)
FROM holding h CROSS JOIN LATERAL (SELECT coalesce(sum(o.from_credit + o.from_earned), 0) AS total FROM public.orders o
  WHERE o.buyer_id = h.id AND o.reserved_at IS NOT NULL AND o.unreserved_at IS NULL AND o.paid_at IS NULL) o
WHERE h.reserved <> o.total
UNION ALL
SELECT 'refunding is not the refunds to be sent', h.id::text, format('refunding %s, refunds %s', h.refunding, r.total)
FROM holding h CROSS JOIN LATERAL (SELECT coalesce(sum(r.to_upi), 0) AS total FROM public.refund r WHERE r.user_id = h.id AND r.state = 'to_send') r
WHERE h.refunding <> r.total
UNION ALL
-- In full: both ways. Above a point: from the transaction to its row.
SELECT CASE WHEN r.id IS NULL THEN 'no transaction for it' WHEN x.key IS NULL THEN 'transaction without its business row' WHEN r.kind <> x.kind THEN 'transaction of another kind'
            ELSE 'transaction and its business row differ' END,
       coalesce(r.key, x.key), format('expected %s of %s, found %s of %s', coalesce(x.kind, 'nothing'), x.total, coalesce(r.kind, 'nothing'), r.debits)
FROM (SELECT * FROM recent WHERE after = 0 AND kind NOT IN ('commissions_released', 'opened')) r
FULL JOIN (SELECT * FROM ledger.expected WHERE after = 0) x ON x.key = r.key
WHERE r.kind IS DISTINCT FROM x.kind OR r.debits <> x.total OR x.owner_id IS NOT NULL AND x.kind <> 'order_paid' AND NOT EXISTS (SELECT FROM unnest(r.accounts) a WHERE a / 32 = x.owner_id)
UNION ALL
SELECT 'transaction and its business row differ', r.key, format('expected %s, found %s of %s', coalesce(x.total::text, 'nothing'), r.kind, r.debits)
FROM recent r LEFT JOIN LATERAL (
  SELECT x.total, x.key, x.owner_id FROM ledger.expected x WHERE x.kind = r.kind AND x.id = CASE WHEN split_part(r.key, ':', 2) ~ '^[0-9]{1,18}$' THEN split_part(r.key, ':', 2)::bigint END
  UNION ALL SELECT x.total, x.key, x.owner_id FROM ledger.expected x WHERE r.kind IN ('top_up', 'credit_seen', 'credit_assigned') AND x.kind = r.kind AND x.key = r.key) x ON x.key = r.key
WHERE after > 0 AND r.kind NOT IN ('commissions_released', 'opened') AND (x.key IS NULL OR r.debits <> x.total
  OR x.owner_id IS NOT NULL AND r.kind <> 'order_paid' AND NOT EXISTS (SELECT FROM unnest(r.accounts) a WHERE a / 32 = x.owner_id))
UNION ALL
SELECT 'order and its transaction differ', r.key, format('price %s, sales %s; cost %s, cost of sales %s; commissions %s, expense %s', o.price, -r.sales, o.cost, r.cost_of_sales, c.total, r.commission)
FROM recent r JOIN public.orders o ON o.id = CASE WHEN r.key ~ '^order:[0-9]{1,18}:paid$' THEN split_part(r.key, ':', 2)::bigint END
-- Only what the transaction credits to the same person counts: a commission given to another is found, released or not.
CROSS JOIN LATERAL (SELECT coalesce(sum(c.amount), 0) AS total FROM public.commission c JOIN unnest(r.accounts, r.amounts) AS e (account_id, amount)
                    ON e.account_id = c.beneficiary_id * 32 + 17 AND e.amount = -c.amount WHERE c.order_id = o.id) c
WHERE r.kind = 'order_paid' AND (o.price <> coalesce(-r.sales, 0) OR o.cost <> coalesce(r.cost_of_sales, 0) OR c.total <> coalesce(r.commission, 0))
UNION ALL
SELECT 'paid order and its payment differ', o.code, format('order %s, wallet %s, confirmed payment %s', o.price, o.from_credit + o.from_earned, coalesce(p.amount, 0))
FROM (SELECT * FROM public.orders WHERE after = 0
      UNION ALL SELECT * FROM public.orders WHERE after > 0 AND paid_at >= (SELECT j.occurred_at FROM ledger.journal j WHERE j.id > after ORDER BY j.id LIMIT 1)) o
LEFT JOIN public.payment p ON p.order_id = o.id AND p.state = 'confirmed'
WHERE (o.paid_at IS NOT NULL) <> (p.id IS NOT NULL)
   OR p.amount + CASE WHEN p.method = 'wallet' OR o.unreserved_at IS NOT NULL THEN 0 ELSE o.from_credit + o.from_earned END <> o.price
UNION ALL
SELECT 'refunds of the order differ', o.code, format('order %s, refunds %s', o.refunded, r.total)
FROM public.orders o JOIN LATERAL (SELECT coalesce(sum(r.amount), 0) AS total FROM public.refund r WHERE r.order_id = o.id) r ON r.total <> o.refunded
WHERE after = 0
UNION ALL
SELECT 'bank credit is not what was assigned of it', c.bank_ref, format('assigned %s, assignments %s', c.assigned, a.total)
FROM public.bank_credit c JOIN LATERAL (SELECT coalesce(sum(a.to_payment + a.to_credit + a.sent_back), 0) AS total FROM public.credit_assignment a WHERE a.credit_id = c.id) a
  ON a.total <> c.assigned
WHERE after = 0
UNION ALL
-- A statement begins at the nearest snapshot: each must be the one before and what came between.
SELECT 'snapshot is not the sum of its entries', format('%s through %s', c.kind, s.through), format('snapshot %s of %s, entries %s of %s', s.amount, s.entries, s.amount_before + coalesce(e.amount, 0), s.entries_before + coalesce(e.entries, 0))
FROM (SELECT s.*, lag(s.amount, 1, 0::numeric) OVER w AS amount_before, lag(s.entries, 1, 0::bigint) OVER w AS entries_before
      FROM ledger.snapshot s WHERE after = 0 WINDOW w AS (PARTITION BY s.account_id ORDER BY s.through)) s
JOIN ledger.chart c ON c.number = s.account_id
LEFT JOIN (SELECT p.through, e.account_id, sum(e.amount) AS amount, count(*) AS entries
           FROM (SELECT d.through, lag(d.through, 1, 0::bigint) OVER (ORDER BY d.through) AS from_point FROM (SELECT DISTINCT through FROM ledger.snapshot) d) p
           JOIN ledger.journal j ON j.id > p.from_point AND j.id <= p.through CROSS JOIN LATERAL ledger.shop_entries(j) e WHERE after = 0 GROUP BY 1, 2) e
  ON e.through = s.through AND e.account_id = s.account_id
WHERE s.amount <> s.amount_before + coalesce(e.amount, 0) OR s.entries <> s.entries_before + coalesce(e.entries, 0)
UNION ALL
SELECT 'seal does not verify', s.through::text, 'mela ledger verify names the transaction'
FROM (SELECT s.*, lag(s.through, 1, 0::bigint) OVER w AS after_point, lag(s.digest, 1, '') OVER w AS digest_before FROM ledger.seal s WINDOW w AS (ORDER BY s.through)) s
WHERE s.through > after AND (s.previous <> s.digest_before OR s.digest <> (SELECT d.digest FROM ledger.digest(s.previous, s.after_point, s.through) d))
$$;

-- Everything that is wrong; empty means that the books are right. A full run; the jobs prove what came after the last snapshot.
CREATE VIEW ledger.proof AS SELECT * FROM ledger.proof_since(0);
