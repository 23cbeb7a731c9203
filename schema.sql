-- What the migrations make. Written by the test of core/tests/it/schema.rs with UPDATE_SCHEMA=1, never by hand.

CREATE SCHEMA ledger;

CREATE DOMAIN ledger.key AS text
	CONSTRAINT transaction_key_shape CHECK ((VALUE ~ '^[a-z]+(:.+)?$'::text));

CREATE DOMAIN ledger.movement AS text
	CONSTRAINT transaction_kind CHECK ((VALUE = ANY (ARRAY['order_reserved'::text, 'order_unreserved'::text, 'order_paid'::text, 'commissions_released'::text, 'commission_cancelled'::text, 'withdrawal_asked'::text, 'withdrawal_refused'::text, 'withdrawal_paid'::text, 'withdrawal_returned'::text, 'top_up'::text, 'order_refunded'::text, 'refund_sent'::text, 'refund_failed'::text, 'credit_seen'::text, 'credit_assigned'::text, 'gateway_settled'::text, 'remitted'::text, 'prize_given'::text, 'opened'::text, 'adjusted'::text])));

CREATE DOMAIN ledger.owned AS numeric
	CONSTRAINT balance_not_negative CHECK ((VALUE >= (0)::numeric));

CREATE DOMAIN ledger.rupees AS numeric
	CONSTRAINT entry_amount CHECK (((VALUE <> (0)::numeric) AND (VALUE <> 'NaN'::numeric) AND (abs(VALUE) < ('1000000000000'::bigint)::numeric) AND (scale(VALUE) <= 2)));

CREATE FUNCTION ledger.close_seal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  last record;
BEGIN
  -- One after the other: a chain has one end.
  PERFORM pg_advisory_xact_lock(hashtext('ledger.seal'));
  SELECT s.through, s.digest INTO last FROM ledger.seal s ORDER BY s.through DESC LIMIT 1;
  IF NEW.through <= coalesce(last.through, 0) OR NEW.through > ledger.settled() THEN
    RAISE EXCEPTION 'nothing that has ended to be sealed through %', NEW.through USING ERRCODE = 'check_violation', CONSTRAINT = 'seal_is_settled';
  END IF;
  NEW.previous := coalesce(last.digest, '');
  SELECT d.digest, d.marks INTO NEW.digest, NEW.marks FROM ledger.digest(NEW.previous, coalesce(last.through, 0), NEW.through) d;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.count_snapshot() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  before record;
BEGIN
  IF NEW.through > ledger.settled() THEN
    RAISE EXCEPTION 'transaction % has not ended, or was never begun', NEW.through USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_settled';
  END IF;
  SELECT s.through, s.amount, s.entries INTO before FROM ledger.snapshot s WHERE s.account_id = NEW.account_id AND s.through < NEW.through ORDER BY s.through DESC LIMIT 1;
  EXECUTE format('SELECT coalesce($3, 0) + coalesce(sum(%1$I), 0), coalesce($4, 0) + count(%1$I) FROM ledger.journal WHERE id > coalesce($1, 0) AND id <= $2',
                 (SELECT kind FROM ledger.chart WHERE number = NEW.account_id))
    INTO NEW.amount, NEW.entries USING before.through, NEW.through, before.amount, before.entries;
  RETURN NEW;
END $_$;

CREATE FUNCTION ledger.digest(previous bytea, after bigint, through bigint, OUT digest bytea, OUT marks bytea) RETURNS record
    LANGUAGE sql STABLE
    AS $$
  SELECT sha256(previous || convert_to(through::text, 'UTF8') || coalesce(string_agg(hash, '' ORDER BY transaction_id), '')),
         coalesce(string_agg(substr(hash, 1, 8), '' ORDER BY transaction_id), '')
  FROM ledger.hashes(after, through)
$$;

CREATE FUNCTION ledger.fingerprint(kind text, accounts bigint[], amounts numeric[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT sha256(convert_to(kind || coalesce(string_agg(format(' %s:%s', l.account, trim_scale(l.amount)), '' ORDER BY l.account), ''), 'UTF8'))
  FROM unnest(accounts, amounts) AS l (account, amount) WHERE l.amount <> 0
$$;

CREATE FUNCTION ledger.hashes(after bigint, through bigint) RETURNS TABLE(transaction_id bigint, hash bytea)
    LANGUAGE sql STABLE
    AS $$
  SELECT j.id, sha256(convert_to(concat_ws(E'\n', ROW(j.id, j.kind, j.key, (extract(epoch FROM j.occurred_at) * 1000000)::bigint, j.actor, j.memo, j.reverses,
    j.upi_clearing, j.gateway_clearing, j.bank, j.sales, j.refunds, j.cost_of_sales, j.commission, j.promotion,
    j.fees, j.adjustment, j.supplier, j.tds_payable, j.gst_payable, j.unmatched, j.opening, j.accounts, j.amounts)::text, l.entries), 'UTF8'))
  FROM ledger.journal j
  LEFT JOIN (SELECT l.transaction_id, string_agg(ROW(l.id, l.account_id, l.seq, l.amount, l.balance_after)::text, E'\n' ORDER BY l.account_id, l.id) AS entries
             FROM ledger.line l WHERE l.transaction_id > after AND l.transaction_id <= through GROUP BY 1) l ON l.transaction_id = j.id
  WHERE j.id > after AND j.id <= through ORDER BY j.id
$$;

CREATE FUNCTION ledger.move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  accounts bigint[]  := NEW.accounts;
  amounts  numeric[] := NEW.amounts;
  total    numeric   := coalesce(NEW.upi_clearing, 0) + coalesce(NEW.gateway_clearing, 0) + coalesce(NEW.bank, 0) + coalesce(NEW.sales, 0) + coalesce(NEW.refunds, 0) + coalesce(NEW.cost_of_sales, 0) +
                      coalesce(NEW.commission, 0) + coalesce(NEW.promotion, 0) + coalesce(NEW.fees, 0) + coalesce(NEW.adjustment, 0) + coalesce(NEW.supplier, 0) + coalesce(NEW.tds_payable, 0) +
                      coalesce(NEW.gst_payable, 0) + coalesce(NEW.unmatched, 0) + coalesce(NEW.opening, 0);
  account  bigint;
  previous bigint := 31;
  few      boolean := cardinality(NEW.accounts) <= 16;
  debit    ledger.rupees;
  moved    numeric;
  after    numeric;
  number   bigint;
  seqs     bigint[];
  afters   numeric[];
BEGIN
  -- What reads the journal from a point on begins at 0, and no time is beyond all others.
  IF NEW.id <= 0 OR NOT isfinite(NEW.occurred_at) THEN
    RAISE EXCEPTION 'transaction % has no place in the journal: id %, at %', NEW.key, NEW.id, NEW.occurred_at
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_has_a_place';
  END IF;
  IF cardinality(amounts) <> cardinality(accounts)
     OR cardinality(accounts) + num_nonnulls(NEW.upi_clearing, NEW.gateway_clearing, NEW.bank, NEW.sales, NEW.refunds, NEW.cost_of_sales, NEW.commission, NEW.promotion,
                             NEW.fees, NEW.adjustment, NEW.supplier, NEW.tds_payable, NEW.gst_payable, NEW.unmatched, NEW.opening) < 2 THEN
    RAISE EXCEPTION 'transaction % has fewer than two entries, or accounts without amounts', NEW.key
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  FOR n IN 1 .. cardinality(accounts) LOOP
    account := accounts[n];
    debit := amounts[n];
    IF account IS NULL OR account <= previous THEN
      RAISE EXCEPTION 'transaction %: account % is out of order, twice there, or none', NEW.key, account
        USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_transaction_account_key';
    END IF;
    previous := account;
    total := total + debit;
    CONTINUE WHEN NOT few;
    moved := CASE WHEN account % 32 = 22 THEN debit ELSE -debit END;
    UPDATE ledger.balance b SET amount = b.amount + moved, seq = b.seq + 1 WHERE b.account_id = account
    RETURNING b.amount, b.seq INTO after, number;
    IF NOT FOUND THEN
      IF account % 32 NOT BETWEEN 16 AND 22 OR NOT EXISTS (SELECT FROM public.users WHERE id = account / 32) THEN
        RAISE EXCEPTION 'there is no account %', account USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_account_id_fkey';
      END IF;
      INSERT INTO ledger.balance AS b (account_id, amount, seq) VALUES (account, moved, 1)
      ON CONFLICT (account_id) DO UPDATE SET amount = b.amount + EXCLUDED.amount, seq = b.seq + 1
      RETURNING b.amount, b.seq INTO after, number;
    END IF;
    afters[n] := after;
    seqs[n] := number;
  END LOOP;
  IF total IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'transaction % sums to %', NEW.key, total USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  IF NOT few THEN
    PERFORM ledger.move_many(NEW.id, accounts, amounts);
    RETURN NULL;
  END IF;
  INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after)
  SELECT l.account, NEW.id, l.seq, l.amount, l.after FROM unnest(accounts, seqs, amounts, afters) AS l (account, seq, amount, after);
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.move_many(transaction bigint, accounts bigint[], amounts numeric[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  written bigint;
BEGIN
  EXECUTE '
    WITH entry AS MATERIALIZED (
      SELECT e.account, e.amount, CASE WHEN e.account % 32 = 22 THEN e.amount ELSE -e.amount END AS moved, b.account_id IS NULL AS unborn
      FROM unnest($2, $3) AS e (account, amount) LEFT JOIN ledger.balance b ON b.account_id = e.account
    ), born AS (
      INSERT INTO ledger.balance AS b (account_id, amount, seq)
      SELECT e.account, e.moved, 1 FROM entry e JOIN public.users u ON u.id = e.account / 32 WHERE e.unborn AND e.account % 32 BETWEEN 16 AND 22
      RETURNING b.account_id, b.amount, b.seq
    ), moved AS (
      UPDATE ledger.balance b SET amount = b.amount + e.moved, seq = b.seq + 1 FROM entry e WHERE NOT e.unborn AND b.account_id = e.account
      RETURNING b.account_id, b.amount, b.seq
    )
    INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after)
    SELECT b.account_id, $1, b.seq, e.amount, b.amount FROM (TABLE born UNION ALL TABLE moved) b JOIN entry e ON e.account = b.account_id ORDER BY b.account_id'
  USING transaction, accounts, amounts;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> cardinality(accounts) THEN
    RAISE EXCEPTION 'transaction %: an account that there is not', transaction USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_account_id_fkey';
  END IF;
END $_$;

CREATE FUNCTION ledger.proof_since(after bigint) RETURNS TABLE(problem text, subject text, detail text)
    LANGUAGE sql STABLE
    AS $_$
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
SELECT 'order and its transaction differ', r.key, format('price %s, sales %s; cost %s, cost of sales %s; commissions %s, expense %s', o.price + o.discount, -r.sales, o.cost, r.cost_of_sales, c.total, r.commission)
FROM recent r JOIN public.orders o ON o.id = CASE WHEN r.key ~ '^order:[0-9]{1,18}:paid$' THEN split_part(r.key, ':', 2)::bigint END
CROSS JOIN LATERAL (SELECT coalesce(sum(c.amount), 0) AS total FROM public.commission c JOIN unnest(r.accounts, r.amounts) AS e (account_id, amount)
                    ON e.account_id = c.beneficiary_id * 32 + 17 AND e.amount = -c.amount WHERE c.order_id = o.id) c
WHERE r.kind = 'order_paid' AND (o.price + o.discount <> coalesce(-r.sales, 0) OR o.cost <> coalesce(r.cost_of_sales, 0) OR c.total <> coalesce(r.commission, 0))
UNION ALL
SELECT 'paid order and its payment differ', o.code, format('order %s, wallet %s, confirmed payment %s', o.price, o.from_credit + o.from_earned, coalesce(p.amount, 0))
FROM (SELECT * FROM public.orders WHERE after = 0
      UNION ALL SELECT * FROM public.orders WHERE after > 0 AND paid_at >= (SELECT j.occurred_at FROM ledger.journal j WHERE j.id > after ORDER BY j.id LIMIT 1)) o
LEFT JOIN LATERAL (SELECT p.* FROM public.payment p WHERE p.order_id = o.id AND p.state = 'confirmed' OFFSET 0) p ON true
WHERE (o.paid_at IS NOT NULL OR o.state = 'credited') <> (p.id IS NOT NULL)
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
$_$;

CREATE FUNCTION ledger.refuse_by_hand() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR TG_OP <> 'INSERT' AND (TG_OP <> 'UPDATE' OR TG_TABLE_NAME <> 'balance') THEN
    RAISE EXCEPTION 'ledger.% follows the journal: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.settled() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  given   bigint := (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ledger.journal_id_seq);
  writers text[] := ARRAY(SELECT virtualtransaction FROM pg_locks
    WHERE relation = 'ledger.journal'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid());
  since   timestamptz := clock_timestamp();
BEGIN
  WHILE EXISTS (SELECT FROM pg_locks WHERE relation = 'ledger.journal'::regclass AND mode = 'RowExclusiveLock' AND virtualtransaction = ANY (writers)) LOOP
    IF clock_timestamp() > since + interval '20 seconds' THEN
      RAISE EXCEPTION 'a transaction has been writing to the journal for too long' USING ERRCODE = 'lock_not_available';
    END IF;
    PERFORM pg_sleep(0.005);
  END LOOP;
  RETURN given;
END $$;

CREATE TABLE ledger.journal (
    id bigint NOT NULL,
    kind ledger.movement NOT NULL,
    key ledger.key NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    reverses bigint,
    upi_clearing ledger.rupees,
    gateway_clearing ledger.rupees,
    bank ledger.rupees,
    sales ledger.rupees,
    refunds ledger.rupees,
    cost_of_sales ledger.rupees,
    commission ledger.rupees,
    promotion ledger.rupees,
    fees ledger.rupees,
    adjustment ledger.rupees,
    supplier ledger.rupees,
    tds_payable ledger.rupees,
    gst_payable ledger.rupees,
    unmatched ledger.rupees,
    opening ledger.rupees,
    accounts bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    amounts numeric[] DEFAULT '{}'::numeric[] NOT NULL
);

CREATE FUNCTION ledger.shop_entries(j ledger.journal) RETURNS TABLE(account_id bigint, amount numeric)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT s.number, s.amount FROM (VALUES
  (1, j.upi_clearing), (2, j.gateway_clearing), (3, j.bank), (4, j.sales), (5, j.refunds),
  (6, j.cost_of_sales), (7, j.commission), (8, j.promotion), (9, j.fees), (10, j.adjustment),
  (11, j.supplier), (12, j.tds_payable), (13, j.gst_payable), (14, j.unmatched), (15, j.opening)) AS s (number, amount) WHERE s.amount IS NOT NULL
$$;

CREATE FUNCTION ledger.snapshot_is_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM new_snapshots GROUP BY through HAVING count(*) <> 15) THEN
    RAISE EXCEPTION 'a snapshot has all accounts of the shop' USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_whole';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.trial_balance_at(at timestamp with time zone) RETURNS TABLE(kind text, amount numeric, entries bigint)
    LANGUAGE sql STABLE
    AS $$
  SELECT c.kind, sum(e.amount), count(*)
  FROM (SELECT s.account_id AS number, s.amount FROM ledger.journal j CROSS JOIN LATERAL ledger.shop_entries(j) s WHERE j.occurred_at <= at
        UNION ALL SELECT l.account % 32, l.amount FROM ledger.journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS l (account, amount) WHERE j.occurred_at <= at) e
  JOIN ledger.chart c ON c.number = e.number GROUP BY c.number, c.kind ORDER BY c.number
$$;

CREATE FUNCTION public.commission_rules() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.level IN (1, 2)) THEN 'commission_level'
    WHEN NOT (NEW.amount > 0 AND NEW.amount < 1000000000000 AND scale(NEW.amount) <= 2) THEN 'commission_amount'
    WHEN NOT (NEW.reversed >= 0 AND NEW.reversed <= NEW.amount AND scale(NEW.reversed) <= 2) THEN 'commission_reversed'
    WHEN NOT (NEW.beneficiary_id <> NEW.buyer_id) THEN 'commission_not_to_buyer'
    WHEN NOT (NEW.cancelled_at IS NULL OR NEW.reversed = NEW.amount) THEN 'commission_cancelled_whole'
  END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'commission % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.count_spending() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  UPDATE spending SET spent = spent + CASE WHEN NEW.paid_at IS NULL THEN 0 ELSE NEW.price - NEW.refunded END
                                    - CASE WHEN OLD.paid_at IS NULL THEN 0 ELSE OLD.price - OLD.refunded END
  WHERE user_id = NEW.buyer_id;
  RETURN NULL;
END $$;

CREATE FUNCTION public.grow_tree() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO spending (user_id, referrer_id) SELECT id, referred_by FROM new_people;
  -- Ascending, so that nobody waits in a circle.
  INSERT INTO brood AS b (user_id, part, friends, theirs)
  SELECT person, part, sum(friends), sum(theirs) FROM (
    SELECT referred_by AS person, (id % 16)::smallint AS part, 1 AS friends, 0 AS theirs FROM new_people WHERE referred_by IS NOT NULL
    UNION ALL
    SELECT r.referred_by, (n.id % 16)::smallint, 0, 1 FROM new_people n JOIN users r ON r.id = n.referred_by WHERE r.referred_by IS NOT NULL
  ) born GROUP BY person, part ORDER BY person, part
  ON CONFLICT (user_id, part) DO UPDATE SET friends = b.friends + excluded.friends, theirs = b.theirs + excluded.theirs;
  RETURN NULL;
END $$;

CREATE FUNCTION public.open_purses() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO purse (user_id) SELECT id FROM new_people;
  RETURN NULL;
END $$;

CREATE FUNCTION public.orders_rules() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  -- A rule about what is not known is not broken.
  broken text := CASE
    WHEN NOT (NEW.price >= 1 AND NEW.price < 1000000000000 AND scale(NEW.price) <= 2) THEN 'orders_price'
    WHEN NOT (NEW.cost >= 0 AND NEW.cost < 1000000000000 AND scale(NEW.cost) <= 2) THEN 'orders_cost'
    WHEN NOT (NEW.discount >= 0 AND scale(NEW.discount) <= 2 AND (NEW.discount - NEW.friend_off < 1 OR NEW.coupon_id IS NOT NULL)) THEN 'orders_discount'
    WHEN NOT (NEW.level1_percent BETWEEN 0 AND 100) THEN 'orders_level1'
    WHEN NOT (NEW.level2_percent BETWEEN 0 AND 100) THEN 'orders_level2'
    WHEN NOT (NEW.hold_s >= 0) THEN 'orders_hold'
    WHEN NOT (NEW.friend_off >= 0 AND NEW.friend_off <= NEW.discount AND scale(NEW.friend_off) <= 2) THEN 'orders_friend_off'
    WHEN NOT (NEW.state IN ('awaiting_payment', 'in_review', 'paid', 'awaiting_stock', 'delivered', 'expired', 'cancelled', 'credited')) THEN 'orders_state'
    WHEN NOT (CASE WHEN NEW.fills_wallet THEN NEW.paid_at IS NULL AND NEW.cost = 0 ELSE NEW.state <> 'credited' END) THEN 'orders_fills_wallet'
    WHEN NOT ((NEW.state IN ('paid', 'awaiting_stock', 'delivered')) = (NEW.paid_at IS NOT NULL)) THEN 'orders_paid_once'
    WHEN NOT ((NEW.state = 'delivered') = (NEW.delivered_at IS NOT NULL)) THEN 'orders_delivered'
    WHEN NOT (NEW.from_credit >= 0 AND NEW.from_earned >= 0 AND NEW.from_credit + NEW.from_earned <= NEW.price AND scale(NEW.from_credit) <= 2 AND scale(NEW.from_earned) <= 2)
      THEN 'orders_from_wallet'
    WHEN NOT (NEW.unreserved_at IS NULL OR NEW.reserved_at IS NOT NULL) THEN 'orders_reserved_once'
    WHEN NOT (NEW.refunded >= 0 AND NEW.refunded <= CASE WHEN NEW.paid_at IS NULL THEN 0 ELSE NEW.price END AND scale(NEW.refunded) <= 2) THEN 'orders_refunded'
    WHEN NOT ((NEW.recipient_id IS NULL) = (NEW.opened_at IS NULL) AND (NEW.recipient_id IS NULL OR NEW.gift_code IS NOT NULL AND NEW.recipient_id <> NEW.buyer_id)) THEN 'orders_gift'
  END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'order % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.payment_rules() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.method IN ('upi', 'gateway', 'wallet', 'stars')) THEN 'payment_method'
    WHEN NOT (NEW.amount > 0 AND NEW.amount < 1000000000000 AND scale(NEW.amount) <= 2) THEN 'payment_amount'
    WHEN NOT (NEW.utr ~ '^[0-9]{12}$') THEN 'payment_utr_shape'
    WHEN NOT (NEW.state IN ('submitted', 'confirmed', 'rejected')) THEN 'payment_state'
    WHEN NOT (NEW.method <> 'upi' OR NEW.order_id IS NULL OR NEW.utr IS NOT NULL OR NEW.photo_file_id IS NOT NULL OR NEW.credit_id IS NOT NULL) THEN 'payment_has_proof'
    WHEN NOT ((NEW.state = 'submitted') = (NEW.decided_at IS NULL)) THEN 'payment_decided'
    WHEN NOT (NEW.state <> 'rejected' OR NEW.reason IS NOT NULL) THEN 'payment_rejected_with_reason'
  END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'payment % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $_$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '%.% is kept for ever: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE FUNCTION public.subscription_ends_once() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (NEW.ended_at IS NULL) <> (NEW.end_reason IS NULL)
     OR OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason) AND NOT (NEW.ended_at IS NULL AND NEW.renewals > OLD.renewals) THEN
    RAISE EXCEPTION 'the subscription of order % ends once, with a reason', NEW.order_id USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION public.users_referrer_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'a person is bound to a referrer once and for good' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'users_referrer_is_final';
END $$;

CREATE TABLE ledger.chart (
    number smallint NOT NULL,
    kind text NOT NULL,
    class text NOT NULL,
    CONSTRAINT chart_class_check CHECK ((class = ANY (ARRAY['asset'::text, 'revenue'::text, 'contra'::text, 'expense'::text, 'liability'::text, 'equity'::text])))
);

CREATE TABLE public.users (
    id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    name text NOT NULL,
    username text,
    language text DEFAULT 'en'::text NOT NULL,
    code text NOT NULL,
    referred_by bigint,
    first_update_id bigint NOT NULL,
    reachable boolean DEFAULT true NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    language_chosen boolean DEFAULT false NOT NULL,
    erased_at timestamp with time zone,
    blocked_at timestamp with time zone,
    blocked_reason text,
    CONSTRAINT users_blocked_with_reason CHECK (((blocked_at IS NULL) = (blocked_reason IS NULL))),
    CONSTRAINT users_code_shape CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'::text)),
    CONSTRAINT users_erased CHECK (((erased_at IS NULL) OR ((telegram_id = (- id)) AND (username IS NULL) AND (NOT reachable)))),
    CONSTRAINT users_referrer_is_earlier CHECK ((referred_by < id))
);

CREATE VIEW ledger.account AS
 SELECT (chart.number)::bigint AS id,
    NULL::bigint AS owner_id,
    chart.kind
   FROM ledger.chart
  WHERE (chart.number < 16)
UNION ALL
 SELECT ((u.id * 32) + c.number) AS id,
    u.id AS owner_id,
    c.kind
   FROM (public.users u
     CROSS JOIN ledger.chart c)
  WHERE (c.number >= 16);

CREATE TABLE ledger.balance (
    account_id bigint NOT NULL,
    amount ledger.owned NOT NULL,
    seq bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE ledger.line (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    transaction_id bigint NOT NULL,
    seq bigint NOT NULL,
    amount ledger.rupees NOT NULL,
    balance_after numeric NOT NULL
);

CREATE VIEW ledger.entry AS
 SELECT (- ((j.id * 16) + s.account_id)) AS id,
    j.id AS transaction_id,
    s.account_id,
    s.amount,
    NULL::bigint AS seq,
    NULL::numeric AS balance_after
   FROM (ledger.journal j
     CROSS JOIN LATERAL ledger.shop_entries(j.*) s(account_id, amount))
UNION ALL
 SELECT line.id,
    line.transaction_id,
    line.account_id,
    line.amount,
    line.seq,
    line.balance_after
   FROM ledger.line;

CREATE TABLE public.adjustment (
    audit_id bigint NOT NULL,
    user_id bigint NOT NULL,
    account text NOT NULL,
    amount numeric NOT NULL,
    key text NOT NULL,
    CONSTRAINT adjustment_account CHECK ((account = ANY (ARRAY['credit'::text, 'earned'::text, 'owed'::text]))),
    CONSTRAINT adjustment_amount CHECK (((amount <> (0)::numeric) AND (scale(amount) <= 2)))
);

CREATE TABLE public.bank_credit (
    id bigint NOT NULL,
    bank_ref text NOT NULL,
    amount numeric NOT NULL,
    assigned numeric DEFAULT 0 NOT NULL,
    payer text DEFAULT ''::text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    source text DEFAULT 'bank'::text NOT NULL,
    bank text DEFAULT ''::text NOT NULL,
    vpa text,
    note text DEFAULT ''::text NOT NULL,
    by_day boolean DEFAULT false NOT NULL,
    waits text,
    order_id bigint,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    learned_ref text,
    utr text GENERATED ALWAYS AS ("substring"(COALESCE(learned_ref, bank_ref), '(?:^|[^0-9])0*([0-9]{12})(?:[^0-9]|$)'::text)) STORED,
    carded_at timestamp with time zone,
    CONSTRAINT bank_credit_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT bank_credit_assigned CHECK (((assigned >= (0)::numeric) AND (assigned <= amount))),
    CONSTRAINT bank_credit_source CHECK ((source = ANY (ARRAY['bank'::text, 'razorpay'::text, 'cashfree'::text, 'stars'::text]))),
    CONSTRAINT bank_credit_waits CHECK ((waits = ANY (ARRAY['unknown'::text, 'late'::text, 'double'::text, 'short'::text, 'excess'::text, 'several'::text, 'ask'::text])))
);

CREATE TABLE public.commission (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    level smallint NOT NULL,
    buyer_id bigint NOT NULL,
    beneficiary_id bigint NOT NULL,
    amount numeric NOT NULL,
    reversed numeric DEFAULT 0 NOT NULL,
    release_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone
);

CREATE TABLE public.credit_assignment (
    credit_id bigint NOT NULL,
    n integer NOT NULL,
    payment_id bigint,
    user_id bigint,
    to_payment numeric NOT NULL,
    to_credit numeric NOT NULL,
    sent_back numeric NOT NULL,
    key text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    settlement_id bigint,
    sent_back_ref text,
    actor_name text DEFAULT ''::text NOT NULL,
    CONSTRAINT credit_assignment_n CHECK ((n > 0)),
    CONSTRAINT credit_assignment_of_settlement CHECK (((settlement_id IS NULL) OR (sent_back > (0)::numeric))),
    CONSTRAINT credit_assignment_of_something CHECK ((((to_payment + to_credit) + sent_back) > (0)::numeric)),
    CONSTRAINT credit_assignment_sent_back CHECK ((sent_back >= (0)::numeric)),
    CONSTRAINT credit_assignment_to_credit CHECK (((to_credit >= (0)::numeric) AND ((to_credit = (0)::numeric) OR (user_id IS NOT NULL)))),
    CONSTRAINT credit_assignment_to_payment CHECK (((to_payment >= (0)::numeric) AND ((to_payment > (0)::numeric) = (payment_id IS NOT NULL))))
);

CREATE TABLE public.gateway_refund (
    id bigint NOT NULL,
    gateway text NOT NULL,
    payment_ref text NOT NULL,
    amount numeric NOT NULL,
    key text NOT NULL,
    refund_id bigint,
    state text DEFAULT 'to_send'::text NOT NULL,
    gateway_id text,
    tries integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    error text,
    made_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT gateway_refund_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT gateway_refund_gateway CHECK ((gateway = ANY (ARRAY['razorpay'::text, 'cashfree'::text]))),
    CONSTRAINT gateway_refund_key_shape CHECK ((key ~ '^[A-Za-z0-9_-]{10,40}$'::text)),
    CONSTRAINT gateway_refund_settled CHECK (((state = ANY (ARRAY['processed'::text, 'failed'::text])) = (settled_at IS NOT NULL))),
    CONSTRAINT gateway_refund_state CHECK ((state = ANY (ARRAY['to_send'::text, 'sent'::text, 'processed'::text, 'failed'::text])))
);

CREATE TABLE public.orders (
    id bigint NOT NULL,
    code text NOT NULL,
    buyer_id bigint NOT NULL,
    plan_id bigint,
    title text NOT NULL,
    price numeric NOT NULL,
    cost numeric NOT NULL,
    level1_percent numeric NOT NULL,
    level2_percent numeric NOT NULL,
    hold_s bigint NOT NULL,
    state text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    delivered_at timestamp with time zone,
    from_credit numeric DEFAULT 0 NOT NULL,
    from_earned numeric DEFAULT 0 NOT NULL,
    reserved_at timestamp with time zone,
    unreserved_at timestamp with time zone,
    refunded numeric DEFAULT 0 NOT NULL,
    discount numeric DEFAULT 0 NOT NULL,
    coupon_id bigint,
    renews bigint,
    gift_code text,
    recipient_id bigint,
    opened_at timestamp with time zone,
    reminded_at timestamp with time zone,
    fills_wallet boolean DEFAULT false NOT NULL,
    stars integer,
    ended_at timestamp with time zone,
    friend_off numeric DEFAULT 0 NOT NULL,
    CONSTRAINT orders_stars CHECK ((stars > 0))
);

CREATE TABLE public.payment (
    id bigint NOT NULL,
    order_id bigint,
    method text NOT NULL,
    amount numeric NOT NULL,
    utr text,
    photo_file_id text,
    photo_unique_id text,
    late boolean DEFAULT false NOT NULL,
    state text DEFAULT 'submitted'::text NOT NULL,
    key text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    reason text,
    user_id bigint NOT NULL,
    gateway text,
    gateway_ref text,
    payer text,
    credit_id bigint,
    CONSTRAINT payment_gateway CHECK ((gateway = ANY (ARRAY['razorpay'::text, 'cashfree'::text, 'stars'::text]))),
    CONSTRAINT payment_of_gateway CHECK (((gateway IS NULL) = (gateway_ref IS NULL)))
);

CREATE TABLE public.prize (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    amount numeric NOT NULL,
    reason text NOT NULL,
    key text NOT NULL,
    given_at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    CONSTRAINT prize_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2)))
);

CREATE TABLE public.refund (
    id bigint NOT NULL,
    code text NOT NULL,
    order_id bigint NOT NULL,
    user_id bigint NOT NULL,
    amount numeric NOT NULL,
    to_credit numeric NOT NULL,
    to_earned numeric NOT NULL,
    to_gateway numeric NOT NULL,
    to_upi numeric NOT NULL,
    reversed numeric NOT NULL,
    vpa text,
    reason text NOT NULL,
    state text NOT NULL,
    key text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    settled_at timestamp with time zone,
    settled_by bigint,
    payout_utr text,
    made_by_name text DEFAULT ''::text NOT NULL,
    settled_by_name text,
    failure text,
    CONSTRAINT refund_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT refund_failed_with_reason CHECK (((state = 'failed'::text) = (failure IS NOT NULL))),
    CONSTRAINT refund_goes_somewhere CHECK (((((to_credit + to_earned) + to_gateway) + to_upi) = amount)),
    CONSTRAINT refund_reversed CHECK ((reversed >= (0)::numeric)),
    CONSTRAINT refund_sent_somewhere CHECK ((((state = 'done'::text) = (to_upi = (0)::numeric)) AND ((to_upi = (0)::numeric) = (vpa IS NULL)))),
    CONSTRAINT refund_settled CHECK ((((state = ANY (ARRAY['sent'::text, 'failed'::text])) = (settled_at IS NOT NULL)) AND ((state = 'sent'::text) = (payout_utr IS NOT NULL)))),
    CONSTRAINT refund_state CHECK ((state = ANY (ARRAY['done'::text, 'to_send'::text, 'sent'::text, 'failed'::text]))),
    CONSTRAINT refund_to_credit CHECK ((to_credit >= (0)::numeric)),
    CONSTRAINT refund_to_earned CHECK ((to_earned >= (0)::numeric)),
    CONSTRAINT refund_to_gateway CHECK ((to_gateway >= (0)::numeric)),
    CONSTRAINT refund_to_upi CHECK ((to_upi >= (0)::numeric))
);

CREATE TABLE public.remittance (
    id bigint NOT NULL,
    account text NOT NULL,
    amount numeric NOT NULL,
    reference text NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    CONSTRAINT remittance_account CHECK ((account = ANY (ARRAY['supplier'::text, 'tds_payable'::text, 'gst_payable'::text]))),
    CONSTRAINT remittance_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2)))
);

CREATE TABLE public.settlement (
    id bigint NOT NULL,
    reference text NOT NULL,
    net numeric NOT NULL,
    fees numeric NOT NULL,
    settled_at timestamp with time zone NOT NULL,
    CONSTRAINT settlement_fees CHECK (((fees >= (0)::numeric) AND (scale(fees) <= 2))),
    CONSTRAINT settlement_net CHECK (((net >= (0)::numeric) AND (scale(net) <= 2))),
    CONSTRAINT settlement_of_something CHECK (((net + fees) > (0)::numeric))
);

CREATE TABLE public.withdrawal (
    id bigint NOT NULL,
    code text NOT NULL,
    user_id bigint NOT NULL,
    vpa text NOT NULL,
    amount numeric NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    key text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    settled_at timestamp with time zone,
    settled_by bigint,
    settled_by_name text,
    payout_utr text,
    reason text,
    tds numeric DEFAULT 0 NOT NULL,
    returned_at timestamp with time zone,
    first_by bigint,
    first_by_name text,
    first_at timestamp with time zone,
    batch_id bigint,
    CONSTRAINT withdrawal_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT withdrawal_first CHECK ((((first_by IS NULL) = (first_by_name IS NULL)) AND ((first_by IS NULL) = (first_at IS NULL)))),
    CONSTRAINT withdrawal_four_eyes CHECK (((first_by IS NULL) OR (state = ANY (ARRAY['asked'::text, 'rejected'::text])) OR (decided_by <> first_by))),
    CONSTRAINT withdrawal_paid_with_utr CHECK (((state = ANY (ARRAY['paid'::text, 'returned'::text])) = (payout_utr IS NOT NULL))),
    CONSTRAINT withdrawal_refused_with_reason CHECK (((state <> ALL (ARRAY['rejected'::text, 'failed'::text, 'returned'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT withdrawal_returned CHECK (((state = 'returned'::text) = (returned_at IS NOT NULL))),
    CONSTRAINT withdrawal_state CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'paid'::text, 'rejected'::text, 'failed'::text, 'returned'::text]))),
    CONSTRAINT withdrawal_tds CHECK (((tds >= (0)::numeric) AND (tds < amount) AND (scale(tds) <= 2)))
);

CREATE VIEW ledger.expected AS
 SELECT 'order_paid'::text AS kind,
    o.id,
    NULL::text AS ref,
    format('order:%s:paid'::text, o.id) AS key,
    o.buyer_id AS owner_id,
    (((o.price + o.discount) + o.cost) + ( SELECT COALESCE(sum(c.amount), (0)::numeric) AS "coalesce"
           FROM public.commission c
          WHERE (c.order_id = o.id))) AS total
   FROM public.orders o
  WHERE (o.paid_at IS NOT NULL)
UNION ALL
 SELECT 'order_reserved'::text AS kind,
    orders.id,
    NULL::text AS ref,
    format('order:%s:reserved'::text, orders.id) AS key,
    orders.buyer_id AS owner_id,
    (orders.from_credit + orders.from_earned) AS total
   FROM public.orders
  WHERE (orders.reserved_at IS NOT NULL)
UNION ALL
 SELECT 'order_unreserved'::text AS kind,
    orders.id,
    NULL::text AS ref,
    format('order:%s:unreserved'::text, orders.id) AS key,
    orders.buyer_id AS owner_id,
    (orders.from_credit + orders.from_earned) AS total
   FROM public.orders
  WHERE (orders.unreserved_at IS NOT NULL)
UNION ALL
 SELECT 'commission_cancelled'::text AS kind,
    commission.id,
    NULL::text AS ref,
    format('commission:%s:cancelled'::text, commission.id) AS key,
    commission.beneficiary_id AS owner_id,
    NULL::numeric AS total
   FROM public.commission
  WHERE (commission.cancelled_at IS NOT NULL)
UNION ALL
 SELECT 'withdrawal_asked'::text AS kind,
    withdrawal.id,
    NULL::text AS ref,
    format('withdrawal:%s:asked'::text, withdrawal.id) AS key,
    withdrawal.user_id AS owner_id,
    withdrawal.amount AS total
   FROM public.withdrawal
UNION ALL
 SELECT 'withdrawal_refused'::text AS kind,
    withdrawal.id,
    NULL::text AS ref,
    format('withdrawal:%s:settled'::text, withdrawal.id) AS key,
    withdrawal.user_id AS owner_id,
    withdrawal.amount AS total
   FROM public.withdrawal
  WHERE (withdrawal.state = ANY (ARRAY['rejected'::text, 'failed'::text]))
UNION ALL
 SELECT 'withdrawal_paid'::text AS kind,
    withdrawal.id,
    NULL::text AS ref,
    format('withdrawal:%s:settled'::text, withdrawal.id) AS key,
    withdrawal.user_id AS owner_id,
    withdrawal.amount AS total
   FROM public.withdrawal
  WHERE (withdrawal.state = ANY (ARRAY['paid'::text, 'returned'::text]))
UNION ALL
 SELECT 'withdrawal_returned'::text AS kind,
    withdrawal.id,
    NULL::text AS ref,
    format('withdrawal:%s:returned'::text, withdrawal.id) AS key,
    withdrawal.user_id AS owner_id,
    withdrawal.amount AS total
   FROM public.withdrawal
  WHERE (withdrawal.state = 'returned'::text)
UNION ALL
 SELECT 'top_up'::text AS kind,
    NULL::bigint AS id,
    payment.key AS ref,
    ('payment:'::text || payment.key) AS key,
    payment.user_id AS owner_id,
    payment.amount AS total
   FROM public.payment
  WHERE ((payment.state = 'confirmed'::text) AND ((payment.order_id IS NULL) OR (EXISTS ( SELECT
           FROM public.orders o
          WHERE ((o.id = payment.order_id) AND o.fills_wallet)))))
UNION ALL
 SELECT 'order_refunded'::text AS kind,
    refund.id,
    NULL::text AS ref,
    format('refund:%s'::text, refund.id) AS key,
        CASE
            WHEN (refund.to_gateway < refund.amount) THEN refund.user_id
            ELSE NULL::bigint
        END AS owner_id,
    (refund.amount + refund.reversed) AS total
   FROM public.refund
UNION ALL
 SELECT 'refund_sent'::text AS kind,
    refund.id,
    NULL::text AS ref,
    format('refund:%s:settled'::text, refund.id) AS key,
    refund.user_id AS owner_id,
    refund.to_upi AS total
   FROM public.refund
  WHERE (refund.state = 'sent'::text)
UNION ALL
 SELECT 'refund_failed'::text AS kind,
    refund.id,
    NULL::text AS ref,
    format('refund:%s:settled'::text, refund.id) AS key,
    refund.user_id AS owner_id,
    refund.to_upi AS total
   FROM public.refund
  WHERE (refund.state = 'failed'::text)
UNION ALL
 SELECT 'credit_seen'::text AS kind,
    NULL::bigint AS id,
    bank_credit.bank_ref AS ref,
    ('credit:'::text || bank_credit.bank_ref) AS key,
    NULL::bigint AS owner_id,
    bank_credit.amount AS total
   FROM public.bank_credit
UNION ALL
 SELECT 'credit_assigned'::text AS kind,
    NULL::bigint AS id,
    format('%s:assigned:%s'::text, credit_assignment.credit_id, credit_assignment.n) AS ref,
    format('credit:%s:assigned:%s'::text, credit_assignment.credit_id, credit_assignment.n) AS key,
    NULL::bigint AS owner_id,
    ((credit_assignment.to_payment + credit_assignment.to_credit) + credit_assignment.sent_back) AS total
   FROM public.credit_assignment
UNION ALL
 SELECT 'gateway_settled'::text AS kind,
    settlement.id,
    NULL::text AS ref,
    format('settlement:%s'::text, settlement.id) AS key,
    NULL::bigint AS owner_id,
    (settlement.net + settlement.fees) AS total
   FROM public.settlement
UNION ALL
 SELECT 'remitted'::text AS kind,
    remittance.id,
    NULL::text AS ref,
    format('remittance:%s'::text, remittance.id) AS key,
    NULL::bigint AS owner_id,
    remittance.amount AS total
   FROM public.remittance
UNION ALL
 SELECT 'prize_given'::text AS kind,
    prize.id,
    NULL::text AS ref,
    format('prize:%s'::text, prize.id) AS key,
    prize.user_id AS owner_id,
    prize.amount AS total
   FROM public.prize
UNION ALL
 SELECT 'adjusted'::text AS kind,
    adjustment.audit_id AS id,
    NULL::text AS ref,
    format('staff:%s'::text, adjustment.audit_id) AS key,
    adjustment.user_id AS owner_id,
    abs(adjustment.amount) AS total
   FROM public.adjustment
UNION ALL
 SELECT 'refund_failed'::text AS kind,
    g.id,
    NULL::text AS ref,
    format('return:%s:failed'::text, g.id) AS key,
    r.user_id AS owner_id,
    g.amount AS total
   FROM (public.gateway_refund g
     JOIN public.refund r ON ((r.id = g.refund_id)))
  WHERE (g.state = 'failed'::text);

ALTER TABLE ledger.journal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ledger.line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW ledger.proof AS
 SELECT proof_since.problem,
    proof_since.subject,
    proof_since.detail
   FROM ledger.proof_since((0)::bigint) proof_since(problem, subject, detail);

CREATE TABLE ledger.seal (
    through bigint NOT NULL,
    digest bytea NOT NULL,
    previous bytea NOT NULL,
    marks bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL
);

CREATE TABLE ledger.snapshot (
    account_id bigint NOT NULL,
    through bigint NOT NULL,
    amount numeric NOT NULL,
    entries bigint NOT NULL,
    CONSTRAINT snapshot_of_the_shop CHECK (((account_id >= 1) AND (account_id <= 15)))
);

CREATE VIEW ledger.transaction AS
 SELECT j.id,
    (j.kind)::text AS kind,
    (j.key)::text AS key,
    ( SELECT ledger.fingerprint((j.kind)::text, array_agg(e.account_id), array_agg(e.amount)) AS fingerprint
           FROM ( SELECT shop_entries.account_id,
                    shop_entries.amount
                   FROM ledger.shop_entries(j.*) shop_entries(account_id, amount)
                UNION ALL
                 SELECT unnest.unnest,
                    unnest.unnest_1 AS unnest
                   FROM UNNEST(j.accounts, j.amounts) unnest(unnest, unnest_1)) e) AS fingerprint,
    j.occurred_at,
    j.actor,
    j.memo,
    j.reverses
   FROM ledger.journal j;

CREATE VIEW ledger.trial_balance AS
 WITH point AS (
         SELECT COALESCE(max(snapshot.through), (0)::bigint) AS through
           FROM ledger.snapshot
        ), recent AS (
         SELECT s.number,
            s.amount,
            s.entries
           FROM (( SELECT sum((journal.upi_clearing)::numeric) AS upi_clearing,
                    count(journal.upi_clearing) AS upi_clearing_n,
                    sum((journal.gateway_clearing)::numeric) AS gateway_clearing,
                    count(journal.gateway_clearing) AS gateway_clearing_n,
                    sum((journal.bank)::numeric) AS bank,
                    count(journal.bank) AS bank_n,
                    sum((journal.sales)::numeric) AS sales,
                    count(journal.sales) AS sales_n,
                    sum((journal.refunds)::numeric) AS refunds,
                    count(journal.refunds) AS refunds_n,
                    sum((journal.cost_of_sales)::numeric) AS cost_of_sales,
                    count(journal.cost_of_sales) AS cost_of_sales_n,
                    sum((journal.commission)::numeric) AS commission,
                    count(journal.commission) AS commission_n,
                    sum((journal.promotion)::numeric) AS promotion,
                    count(journal.promotion) AS promotion_n,
                    sum((journal.fees)::numeric) AS fees,
                    count(journal.fees) AS fees_n,
                    sum((journal.adjustment)::numeric) AS adjustment,
                    count(journal.adjustment) AS adjustment_n,
                    sum((journal.supplier)::numeric) AS supplier,
                    count(journal.supplier) AS supplier_n,
                    sum((journal.tds_payable)::numeric) AS tds_payable,
                    count(journal.tds_payable) AS tds_payable_n,
                    sum((journal.gst_payable)::numeric) AS gst_payable,
                    count(journal.gst_payable) AS gst_payable_n,
                    sum((journal.unmatched)::numeric) AS unmatched,
                    count(journal.unmatched) AS unmatched_n,
                    sum((journal.opening)::numeric) AS opening,
                    count(journal.opening) AS opening_n
                   FROM ledger.journal
                  WHERE (journal.id > ( SELECT point.through
                           FROM point))) j
             CROSS JOIN LATERAL ( VALUES (1,j.upi_clearing,j.upi_clearing_n), (2,j.gateway_clearing,j.gateway_clearing_n), (3,j.bank,j.bank_n), (4,j.sales,j.sales_n), (5,j.refunds,j.refunds_n), (6,j.cost_of_sales,j.cost_of_sales_n), (7,j.commission,j.commission_n), (8,j.promotion,j.promotion_n), (9,j.fees,j.fees_n), (10,j.adjustment,j.adjustment_n), (11,j.supplier,j.supplier_n), (12,j.tds_payable,j.tds_payable_n), (13,j.gst_payable,j.gst_payable_n), (14,j.unmatched,j.unmatched_n), (15,j.opening,j.opening_n)) s(number, amount, entries))
        ), every AS (
         SELECT recent.number,
            recent.amount,
            recent.entries
           FROM recent
          WHERE (recent.entries > 0)
        UNION ALL
         SELECT snapshot.account_id,
            snapshot.amount,
            snapshot.entries
           FROM ledger.snapshot
          WHERE ((snapshot.through = ( SELECT point.through
                   FROM point)) AND (snapshot.entries > 0))
        UNION ALL
         SELECT (balance.account_id % (32)::bigint),
                CASE
                    WHEN ((balance.account_id % (32)::bigint) = 22) THEN (balance.amount)::numeric
                    ELSE (- (balance.amount)::numeric)
                END AS "case",
            balance.seq
           FROM ledger.balance
        )
 SELECT c.kind,
    sum(e.amount) AS amount,
    (sum(e.entries))::bigint AS entries
   FROM (every e
     JOIN ledger.chart c ON ((c.number = e.number)))
  GROUP BY c.number, c.kind
  ORDER BY c.number;

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.bank_credit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.bank_credit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.board_member (
    user_id bigint NOT NULL,
    since timestamp with time zone NOT NULL
);

CREATE TABLE public.board_score (
    board text NOT NULL,
    user_id bigint NOT NULL,
    score integer NOT NULL,
    reached_at timestamp with time zone NOT NULL
);

CREATE TABLE public.brood (
    user_id bigint NOT NULL,
    part smallint NOT NULL,
    friends bigint NOT NULL,
    theirs bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.campaign (
    id bigint NOT NULL,
    name text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    made_by_name text NOT NULL,
    CONSTRAINT campaign_name CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{1,31}$'::text))
);

CREATE TABLE public.campaign_day (
    campaign_id bigint NOT NULL,
    day date NOT NULL,
    opened integer DEFAULT 0 NOT NULL,
    joined integer DEFAULT 0 NOT NULL,
    bought integer DEFAULT 0 NOT NULL,
    sales integer DEFAULT 0 NOT NULL,
    refunded integer DEFAULT 0 NOT NULL,
    revenue numeric DEFAULT 0 NOT NULL
);

ALTER TABLE public.campaign ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.campaign_member (
    user_id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    joined_at timestamp with time zone NOT NULL
);

CREATE TABLE public.campaign_visit (
    campaign_id bigint NOT NULL,
    visitor_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.card (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    message_id integer NOT NULL,
    photo boolean NOT NULL,
    CONSTRAINT card_kind CHECK ((kind = ANY (ARRAY['flag'::text, 'credit'::text, 'ticket'::text, 'payment'::text, 'withdrawal'::text, 'refund'::text])))
);

CREATE TABLE public.cart_coupon (
    user_id bigint NOT NULL,
    coupon_id bigint NOT NULL
);

CREATE TABLE public.cart_item (
    user_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    quantity smallint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT cart_item_quantity CHECK (((quantity >= 1) AND (quantity <= 100)))
);

CREATE TABLE public.chat_migration (
    from_chat_id bigint NOT NULL,
    to_chat_id bigint NOT NULL,
    CONSTRAINT chat_migration_moves CHECK ((to_chat_id <> from_chat_id))
);

CREATE TABLE public.commission_cut (
    order_id bigint NOT NULL,
    level smallint NOT NULL,
    beneficiary_id bigint NOT NULL,
    amount numeric NOT NULL,
    cap text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT commission_cut_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT commission_cut_cap CHECK ((cap = ANY (ARRAY['day'::text, 'friend'::text]))),
    CONSTRAINT commission_cut_level CHECK ((level = ANY (ARRAY[1, 2])))
);

ALTER TABLE public.commission ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.commission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.purse (
    user_id bigint NOT NULL,
    released_through timestamp with time zone DEFAULT '1970-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    next_release_at timestamp with time zone,
    frozen boolean DEFAULT false NOT NULL
)
WITH (fillfactor='50');

CREATE VIEW public.commission_now AS
 SELECT c.id,
    c.order_id,
    c.level,
    c.buyer_id,
    c.beneficiary_id,
    c.amount,
    c.reversed,
    c.release_at,
    c.created_at,
    c.cancelled_at,
        CASE
            WHEN (c.cancelled_at IS NOT NULL) THEN 'cancelled'::text
            WHEN (c.release_at > p.released_through) THEN 'held'::text
            ELSE 'released'::text
        END AS state
   FROM (public.commission c
     JOIN public.purse p ON ((p.user_id = c.beneficiary_id)));

CREATE TABLE public.contest (
    id bigint NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    prizes numeric[] NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    made_by_name text NOT NULL,
    started_by bigint,
    started_by_name text,
    ended_at timestamp with time zone,
    CONSTRAINT contest_ended CHECK (((state = ANY (ARRAY['done'::text, 'cancelled'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT contest_prizes CHECK (((cardinality(prizes) >= 1) AND (cardinality(prizes) <= 10))),
    CONSTRAINT contest_started CHECK (((state <> ALL (ARRAY['open'::text, 'done'::text])) OR (started_by IS NOT NULL))),
    CONSTRAINT contest_state CHECK ((state = ANY (ARRAY['draft'::text, 'open'::text, 'done'::text, 'cancelled'::text]))),
    CONSTRAINT contest_time CHECK ((from_at < until_at))
);

ALTER TABLE public.contest ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.contest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.contest_prize (
    contest_id bigint NOT NULL,
    place smallint NOT NULL,
    user_id bigint NOT NULL,
    score integer NOT NULL,
    amount numeric NOT NULL,
    prize_id bigint NOT NULL,
    CONSTRAINT contest_prize_place CHECK (((place >= 1) AND (place <= 10))),
    CONSTRAINT contest_prize_score CHECK ((score > 0))
);

CREATE TABLE public.coupon (
    id bigint NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    value numeric NOT NULL,
    plans bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    per_user integer,
    total integer,
    from_at timestamp with time zone,
    until_at timestamp with time zone,
    first_order boolean NOT NULL,
    below_cost boolean NOT NULL,
    active boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    switched_at timestamp with time zone,
    CONSTRAINT coupon_code CHECK (((char_length(code) >= 3) AND (char_length(code) <= 32))),
    CONSTRAINT coupon_dates CHECK ((until_at > from_at)),
    CONSTRAINT coupon_kind CHECK ((kind = ANY (ARRAY['percent'::text, 'amount'::text]))),
    CONSTRAINT coupon_per_user CHECK ((per_user > 0)),
    CONSTRAINT coupon_total CHECK ((total > 0)),
    CONSTRAINT coupon_value CHECK (((value > (0)::numeric) AND (scale(value) <= 2) AND ((kind = 'amount'::text) OR (value <= (100)::numeric))))
);

ALTER TABLE public.coupon ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.coupon_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.credential (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    key_id text NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    mark bytea NOT NULL,
    slots smallint NOT NULL,
    expires_on date,
    loaded_at timestamp with time zone NOT NULL,
    loaded_by bigint NOT NULL,
    CONSTRAINT credential_nonce CHECK ((octet_length(nonce) = 24)),
    CONSTRAINT credential_slots CHECK (((slots >= 1) AND (slots <= 100)))
);

ALTER TABLE public.credential ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.credential_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.credit_told (
    ref text NOT NULL,
    teller text NOT NULL,
    credit_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT credit_told_teller CHECK ((teller = ANY (ARRAY['alert'::text, 'statement'::text])))
);

CREATE TABLE public.dialogue (
    chat_id bigint NOT NULL,
    user_id bigint NOT NULL,
    state text,
    previous text,
    update_id bigint NOT NULL
);

CREATE TABLE public.flag (
    id bigint NOT NULL,
    code text NOT NULL,
    rule text NOT NULL,
    key text NOT NULL,
    strong boolean NOT NULL,
    measure bigint NOT NULL,
    evidence jsonb NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    reason text,
    CONSTRAINT flag_decided CHECK (((state = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT flag_decided_by CHECK ((((decided_at IS NULL) = (decided_by IS NULL)) AND ((decided_at IS NULL) = (decided_by_name IS NULL)))),
    CONSTRAINT flag_decided_with_reason CHECK (((state = ANY (ARRAY['open'::text, 'dismissed'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT flag_state CHECK ((state = ANY (ARRAY['open'::text, 'dismissed'::text, 'taken-back'::text, 'blocked'::text])))
);

CREATE TABLE public.flag_commission (
    flag_id bigint NOT NULL,
    commission_id bigint NOT NULL,
    release_at timestamp with time zone NOT NULL
);

ALTER TABLE public.flag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.flag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.flag_person (
    flag_id bigint NOT NULL,
    user_id bigint NOT NULL,
    part text NOT NULL,
    freezes boolean DEFAULT false NOT NULL,
    CONSTRAINT flag_person_part CHECK ((part = ANY (ARRAY['suspect'::text, 'beneficiary'::text, 'seen'::text])))
);

CREATE TABLE public.flag_word (
    id bigint NOT NULL,
    flag_id bigint NOT NULL,
    user_id bigint NOT NULL,
    asked_by text,
    words text NOT NULL,
    key text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT flag_word_length CHECK (((char_length(words) >= 1) AND (char_length(words) <= 1000)))
);

ALTER TABLE public.flag_word ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.flag_word_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fraud_event (
    id bigint NOT NULL,
    kind text NOT NULL,
    user_id bigint NOT NULL,
    order_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT fraud_event_kind CHECK ((kind = ANY (ARRAY['joined'::text, 'paid'::text, 'proof'::text, 'refunded'::text, 'asked'::text, 'verified'::text])))
);

ALTER TABLE public.fraud_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fraud_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_charge (
    id bigint NOT NULL,
    gateway text NOT NULL,
    order_id bigint NOT NULL,
    reference text NOT NULL,
    way text NOT NULL,
    amount numeric NOT NULL,
    state text DEFAULT 'making'::text NOT NULL,
    replaced boolean DEFAULT false NOT NULL,
    gateway_id text,
    url text,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    next_look_at timestamp with time zone NOT NULL,
    error text,
    CONSTRAINT gateway_charge_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT gateway_charge_gateway CHECK ((gateway = ANY (ARRAY['razorpay'::text, 'cashfree'::text]))),
    CONSTRAINT gateway_charge_made CHECK (((state <> 'open'::text) OR ((gateway_id IS NOT NULL) AND (url IS NOT NULL)))),
    CONSTRAINT gateway_charge_state CHECK ((state = ANY (ARRAY['making'::text, 'open'::text, 'paid'::text, 'closed'::text]))),
    CONSTRAINT gateway_charge_way CHECK ((way = ANY (ARRAY['link'::text, 'upi_link'::text, 'qr'::text])))
);

ALTER TABLE public.gateway_charge ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gateway_charge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_event (
    gateway text NOT NULL,
    event_id text NOT NULL,
    kind text NOT NULL,
    heard_at timestamp with time zone NOT NULL
);

CREATE TABLE public.gateway_look (
    gateway text NOT NULL,
    settlements_at timestamp with time zone NOT NULL
);

CREATE TABLE public.gateway_payment (
    gateway text NOT NULL,
    ref text NOT NULL,
    order_id bigint NOT NULL,
    charge_id bigint,
    amount numeric NOT NULL,
    payer text,
    bank_ref text,
    paid_at timestamp with time zone NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    became text NOT NULL,
    settlement text,
    CONSTRAINT gateway_payment_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT gateway_payment_became CHECK ((became = ANY (ARRAY['confirmed'::text, 'unmatched'::text]))),
    CONSTRAINT gateway_payment_gateway CHECK ((gateway = ANY (ARRAY['razorpay'::text, 'cashfree'::text])))
);

ALTER TABLE public.gateway_refund ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gateway_refund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.gateway_settlement (
    gateway text NOT NULL,
    ref text NOT NULL,
    utr text,
    net numeric,
    fees numeric,
    at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    settlement_id bigint,
    CONSTRAINT gateway_settlement_gateway CHECK ((gateway = ANY (ARRAY['razorpay'::text, 'cashfree'::text])))
);

CREATE TABLE public.gateway_transfer (
    id bigint NOT NULL,
    withdrawal_id bigint NOT NULL,
    gateway text NOT NULL,
    key text NOT NULL,
    amount numeric NOT NULL,
    payee text NOT NULL,
    state text DEFAULT 'to_send'::text NOT NULL,
    status text,
    gateway_id text,
    error text,
    tries integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    made_by_name text NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT gateway_transfer_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT gateway_transfer_key CHECK (((length(key) >= 4) AND (length(key) <= 36))),
    CONSTRAINT gateway_transfer_state CHECK ((state = ANY (ARRAY['to_send'::text, 'sent'::text, 'paid'::text, 'failed'::text, 'refused'::text])))
);

ALTER TABLE public.gateway_transfer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.gateway_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.inbox (
    update_id bigint NOT NULL,
    lane bigint NOT NULL,
    body text,
    received_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    failed_at timestamp with time zone,
    error text,
    key_id text,
    nonce bytea,
    sealed bytea,
    CONSTRAINT inbox_said CHECK (((num_nonnulls(body, sealed) = 1) AND (num_nonnulls(sealed, nonce, key_id) = ANY (ARRAY[0, 3]))))
);

CREATE TABLE public.issuer (
    id integer NOT NULL,
    details jsonb NOT NULL
);

ALTER TABLE public.issuer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.issuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.link_news (
    id bigint NOT NULL,
    owner_id bigint,
    campaign_id bigint,
    opened integer DEFAULT 0 NOT NULL,
    joined integer DEFAULT 0 NOT NULL,
    verified integer DEFAULT 0 NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT link_news_whose CHECK ((num_nonnulls(owner_id, campaign_id) = 1))
);

ALTER TABLE public.link_news ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.link_news_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.link_visit (
    owner_id bigint NOT NULL,
    visitor_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.mute (
    user_id bigint NOT NULL,
    topic text NOT NULL,
    CONSTRAINT mute_topic CHECK ((topic = ANY (ARRAY['joins'::text, 'commissions'::text, 'reminders'::text])))
);

CREATE TABLE public.notification (
    id bigint NOT NULL,
    user_id bigint,
    kind text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    dedupe_key text,
    created_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    dropped text,
    read_at timestamp with time zone,
    muted boolean,
    held boolean,
    CONSTRAINT notification_muted CHECK (((muted IS NULL) OR (sent_at IS NOT NULL)))
);

ALTER TABLE public.notification ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.order_item (
    order_id bigint NOT NULL,
    n smallint NOT NULL,
    plan_id bigint NOT NULL,
    title text NOT NULL,
    price numeric NOT NULL,
    cost numeric NOT NULL,
    period_days integer NOT NULL,
    delivered_at timestamp with time zone,
    slot_id bigint,
    CONSTRAINT order_item_cost CHECK (((cost >= (0)::numeric) AND (scale(cost) <= 2))),
    CONSTRAINT order_item_n CHECK (((n >= 1) AND (n <= 100))),
    CONSTRAINT order_item_period CHECK ((period_days > 0)),
    CONSTRAINT order_item_price CHECK (((price > (0)::numeric) AND (scale(price) <= 2)))
);

CREATE TABLE public.order_payer (
    order_id bigint NOT NULL,
    kind text NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT order_payer_kind CHECK ((kind = ANY (ARRAY['payer'::text, 'payer-phone'::text]))),
    CONSTRAINT order_payer_mark CHECK ((octet_length(mark) = 16))
);

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.pan (
    user_id bigint NOT NULL,
    key_id text NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL,
    added_at timestamp with time zone NOT NULL
);

ALTER TABLE public.payment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payout_answer (
    id bigint NOT NULL,
    key text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    checked_by bigint NOT NULL,
    applied_by bigint,
    applied_by_name text,
    applied_at timestamp with time zone,
    done_at timestamp with time zone,
    CONSTRAINT payout_answer_applied CHECK ((((applied_by IS NULL) = (applied_at IS NULL)) AND ((applied_by IS NULL) = (applied_by_name IS NULL)) AND ((done_at IS NULL) OR (applied_at IS NOT NULL))))
);

ALTER TABLE public.payout_answer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payout_answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payout_answer_row (
    answer_id bigint NOT NULL,
    "row" integer NOT NULL,
    withdrawal_id bigint NOT NULL,
    utr text,
    reason text,
    outcome text,
    CONSTRAINT payout_answer_row_outcome CHECK ((outcome = ANY (ARRAY['paid'::text, 'failed'::text, 'before'::text, 'refused'::text]))),
    CONSTRAINT payout_answer_row_says CHECK (((utr IS NULL) <> (reason IS NULL)))
);

CREATE TABLE public.payout_batch (
    id bigint NOT NULL,
    key text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by bigint NOT NULL,
    made_by_name text NOT NULL
);

ALTER TABLE public.payout_batch ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payout_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.plan (
    id bigint NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    platform text DEFAULT ''::text NOT NULL,
    category text DEFAULT ''::text NOT NULL,
    period_days integer NOT NULL,
    screens integer DEFAULT 1 NOT NULL,
    price numeric NOT NULL,
    cost numeric NOT NULL,
    delivery text DEFAULT 'by_hand'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    picture text,
    picture_unique text,
    stars integer,
    level1_percent numeric,
    level2_percent numeric,
    CONSTRAINT plan_code_shape CHECK ((code ~ '^[a-z0-9-]{1,40}$'::text)),
    CONSTRAINT plan_cost CHECK (((cost >= (0)::numeric) AND (cost < ('1000000000000'::bigint)::numeric) AND (scale(cost) <= 2))),
    CONSTRAINT plan_delivery CHECK ((delivery = ANY (ARRAY['by_hand'::text, 'from_stock'::text]))),
    CONSTRAINT plan_level1 CHECK (((level1_percent >= (0)::numeric) AND (level1_percent <= (100)::numeric))),
    CONSTRAINT plan_level2 CHECK (((level2_percent >= (0)::numeric) AND (level2_percent <= (100)::numeric))),
    CONSTRAINT plan_period CHECK ((period_days > 0)),
    CONSTRAINT plan_picture CHECK (((picture IS NULL) = (picture_unique IS NULL))),
    CONSTRAINT plan_price CHECK (((price >= (1)::numeric) AND (price < ('1000000000000'::bigint)::numeric) AND (scale(price) <= 2))),
    CONSTRAINT plan_screens CHECK ((screens > 0)),
    CONSTRAINT plan_stars CHECK (((stars >= 1) AND (stars <= 100000)))
);

ALTER TABLE public.plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.plan_import (
    id bigint NOT NULL,
    key text NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    rows jsonb,
    applied_at timestamp with time zone,
    applied_by text,
    added integer DEFAULT 0 NOT NULL,
    changed integer DEFAULT 0 NOT NULL,
    CONSTRAINT plan_import_added CHECK ((added >= 0)),
    CONSTRAINT plan_import_applied CHECK ((((applied_at IS NULL) = (applied_by IS NULL)) AND ((applied_at IS NULL) OR (rows IS NULL)))),
    CONSTRAINT plan_import_changed CHECK ((changed >= 0))
);

ALTER TABLE public.plan_import ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.plan_price (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    price numeric NOT NULL,
    "least" smallint NOT NULL,
    from_at timestamp with time zone,
    until_at timestamp with time zone,
    made_by bigint NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT plan_price_dates CHECK ((until_at > from_at)),
    CONSTRAINT plan_price_least CHECK ((("least" >= 1) AND ("least" <= 100))),
    CONSTRAINT plan_price_price CHECK (((price >= (1)::numeric) AND (price < ('1000000000000'::bigint)::numeric) AND (scale(price) <= 2)))
);

ALTER TABLE public.plan_price ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_price_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.prize ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.prize_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proof_photo (
    payment_id bigint NOT NULL,
    user_id bigint NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    look_at timestamp with time zone,
    hash bytea,
    detail bytea,
    CONSTRAINT proof_photo_hash CHECK ((octet_length(hash) = 32)),
    CONSTRAINT proof_photo_print CHECK (((hash IS NULL) = (detail IS NULL)))
);

CREATE TABLE public.proof_photo_band (
    band integer NOT NULL,
    payment_id bigint NOT NULL
);

CREATE TABLE public.proof_photo_twin (
    payment_id bigint NOT NULL,
    other_id bigint NOT NULL,
    CONSTRAINT proof_photo_twin_later CHECK ((payment_id > other_id))
);

CREATE TABLE public.receipt (
    order_id bigint NOT NULL,
    year smallint NOT NULL,
    n integer NOT NULL,
    previous integer GENERATED ALWAYS AS (NULLIF((n - 1), 0)) STORED,
    number text NOT NULL,
    buyer text NOT NULL,
    issuer_id integer NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    numbered_at timestamp with time zone NOT NULL,
    CONSTRAINT receipt_n CHECK ((n > 0)),
    CONSTRAINT receipt_number_shape CHECK ((number ~ '^[A-Z0-9/-]{1,16}$'::text))
);

CREATE TABLE public.referral_day (
    user_id bigint NOT NULL,
    level smallint NOT NULL,
    day date NOT NULL,
    opened integer DEFAULT 0 NOT NULL,
    joined integer DEFAULT 0 NOT NULL,
    verified integer DEFAULT 0 NOT NULL,
    bought integer DEFAULT 0 NOT NULL,
    sales integer DEFAULT 0 NOT NULL,
    refunded integer DEFAULT 0 NOT NULL,
    earned numeric DEFAULT 0 NOT NULL,
    CONSTRAINT referral_day_level CHECK ((level = ANY (ARRAY[1, 2])))
)
WITH (fillfactor='80');

CREATE TABLE public.referral_mark (
    id smallint DEFAULT 1 NOT NULL,
    through bigint DEFAULT 0 NOT NULL,
    CONSTRAINT referral_mark_is_one CHECK ((id = 1))
);

CREATE TABLE public.referral_sale (
    order_id bigint NOT NULL,
    referrer_id bigint,
    campaign_id bigint,
    day date NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    lost_at timestamp with time zone
);

CREATE TABLE public.refund_draft (
    id bigint NOT NULL,
    begun bigint NOT NULL,
    made_by bigint NOT NULL,
    order_id bigint NOT NULL,
    amount numeric NOT NULL,
    vpa text,
    reason text,
    made_at timestamp with time zone NOT NULL,
    back boolean DEFAULT false NOT NULL,
    CONSTRAINT refund_draft_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2)))
);

ALTER TABLE public.refund ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.refund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.remittance ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.remittance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.restock_wait (
    plan_id bigint NOT NULL,
    user_id bigint NOT NULL,
    since timestamp with time zone NOT NULL
);

CREATE TABLE public.reveal (
    id bigint NOT NULL,
    slot_id bigint NOT NULL,
    order_id bigint NOT NULL,
    user_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.reveal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reveal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);

CREATE TABLE public.setting (
    key text NOT NULL,
    value text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

ALTER TABLE public.settlement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.settlement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.shop (
    id smallint DEFAULT 1 NOT NULL,
    serves text,
    clock_ahead_s bigint DEFAULT 0 NOT NULL,
    seeded_at timestamp with time zone,
    CONSTRAINT shop_clock_forward CHECK ((clock_ahead_s >= 0)),
    CONSTRAINT shop_is_one CHECK ((id = 1)),
    CONSTRAINT shop_real_clock CHECK (((serves = 'sandbox'::text) OR (clock_ahead_s = 0))),
    CONSTRAINT shop_serves CHECK ((serves = ANY (ARRAY['sandbox'::text, 'telegram'::text])))
);

CREATE TABLE public.signal (
    user_id bigint NOT NULL,
    kind text NOT NULL,
    mark bytea NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT signal_kind CHECK ((kind = ANY (ARRAY['device'::text, 'ip4'::text, 'ip6'::text, 'weak-ip'::text, 'payee'::text, 'payee-phone'::text, 'payer'::text, 'payer-phone'::text]))),
    CONSTRAINT signal_mark CHECK ((octet_length(mark) = 16))
);

CREATE TABLE public.signal_key (
    id smallint DEFAULT 1 NOT NULL,
    plain bytea,
    key_id text,
    nonce bytea,
    sealed bytea,
    CONSTRAINT signal_key_is_one CHECK ((id = 1)),
    CONSTRAINT signal_key_once CHECK ((num_nulls(key_id, nonce, sealed) =
CASE
    WHEN (plain IS NULL) THEN 0
    ELSE 3
END))
);

CREATE TABLE public.slot (
    id bigint NOT NULL,
    credential_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    expires_on date,
    order_id bigint,
    claimed_at timestamp with time zone,
    retired_at timestamp with time zone,
    CONSTRAINT slot_claimed CHECK (((order_id IS NULL) = (claimed_at IS NULL)))
);

ALTER TABLE public.slot ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.slot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.spending (
    user_id bigint NOT NULL,
    referrer_id bigint,
    spent numeric DEFAULT 0 NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE public.staff (
    telegram_id bigint NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    added_by bigint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_role CHECK ((role = ANY (ARRAY['admin'::text, 'support'::text])))
);

CREATE TABLE public.star_charge (
    charge text NOT NULL,
    reference text NOT NULL,
    telegram_id bigint NOT NULL,
    user_id bigint,
    stars integer NOT NULL,
    order_id bigint,
    paid_at timestamp with time zone NOT NULL,
    back_asked_at timestamp with time zone,
    back_at timestamp with time zone,
    back_tries integer DEFAULT 0 NOT NULL,
    back_next_at timestamp with time zone,
    back_trouble text,
    CONSTRAINT star_charge_back CHECK (((back_at IS NULL) OR (back_asked_at IS NOT NULL))),
    CONSTRAINT star_charge_stars CHECK ((stars > 0))
);

CREATE TABLE public.statement (
    id bigint NOT NULL,
    bank text NOT NULL,
    from_day date NOT NULL,
    through_day date NOT NULL,
    closing numeric,
    rows integer NOT NULL,
    fresh integer NOT NULL,
    actor_id bigint NOT NULL,
    actor_name text NOT NULL,
    at timestamp with time zone NOT NULL,
    key text NOT NULL,
    CONSTRAINT statement_closing CHECK (((abs(closing) < ('1000000000000'::bigint)::numeric) AND (scale(closing) <= 2))),
    CONSTRAINT statement_days CHECK ((from_day <= through_day))
);

ALTER TABLE public.statement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.stock_import (
    id bigint NOT NULL,
    key text NOT NULL,
    file_id text NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    checked_by bigint NOT NULL,
    applied_by text,
    applied_at timestamp with time zone,
    accounts integer DEFAULT 0 NOT NULL,
    slots integer DEFAULT 0 NOT NULL,
    known integer DEFAULT 0 NOT NULL
);

ALTER TABLE public.stock_import ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.stock_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.subscription (
    order_id bigint NOT NULL,
    user_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    id bigint NOT NULL,
    item smallint DEFAULT 1 NOT NULL,
    renewals integer DEFAULT 0 NOT NULL,
    auto_renew boolean DEFAULT false NOT NULL,
    auto_tried_on date,
    reminded_of timestamp with time zone,
    reminded smallint DEFAULT 0 NOT NULL,
    CONSTRAINT subscription_lasts CHECK ((ends_at > starts_at))
);

ALTER TABLE public.subscription ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.subscription_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.tds_part (
    withdrawal_id bigint NOT NULL,
    year smallint NOT NULL,
    base numeric NOT NULL,
    percent numeric NOT NULL,
    amount numeric NOT NULL,
    CONSTRAINT tds_part_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT tds_part_base CHECK (((base > (0)::numeric) AND (scale(base) <= 2))),
    CONSTRAINT tds_part_percent CHECK (((percent > (0)::numeric) AND (percent <= (100)::numeric)))
);

CREATE TABLE public.ticket (
    id bigint NOT NULL,
    code text NOT NULL,
    subscription_id bigint NOT NULL,
    user_id bigint NOT NULL,
    reason text NOT NULL,
    words text,
    slot_id bigint,
    state text DEFAULT 'open'::text NOT NULL,
    key text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    account_retired boolean DEFAULT false NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    answered_at timestamp with time zone,
    answered_by_name text,
    CONSTRAINT ticket_decided CHECK ((((state = 'open'::text) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)) AND ((decided_by IS NULL) = (decided_by_name IS NULL)))),
    CONSTRAINT ticket_reason CHECK ((reason = ANY (ARRAY['password'::text, 'screens'::text, 'expired'::text, 'other'::text]))),
    CONSTRAINT ticket_state CHECK ((state = ANY (ARRAY['open'::text, 'replaced'::text, 'closed'::text]))),
    CONSTRAINT ticket_words CHECK (((char_length(words) >= 1) AND (char_length(words) <= 500))),
    CONSTRAINT ticket_words_of_other CHECK (((reason = 'other'::text) = (words IS NOT NULL)))
);

ALTER TABLE public.ticket ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.upi_id (
    user_id bigint NOT NULL,
    vpa text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT upi_id_vpa CHECK (((vpa = lower(vpa)) AND (vpa ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text)))
);

CREATE TABLE public.used_signature (
    signature bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.utr (
    utr text NOT NULL,
    order_id bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT utr_shape CHECK ((utr ~ '^[0-9]{12}$'::text))
);

CREATE TABLE public.utr_reuse (
    order_id bigint NOT NULL,
    first_id bigint NOT NULL,
    user_id bigint NOT NULL,
    referrer_id bigint,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.vanity (
    folded text NOT NULL,
    shown text NOT NULL,
    user_id bigint,
    chosen_at timestamp with time zone NOT NULL,
    CONSTRAINT vanity_folded CHECK ((folded = translate(shown, 'oil'::text, '011'::text))),
    CONSTRAINT vanity_no_referral_code CHECK ((upper(folded) !~ '^[0-9A-HJKMNP-TV-Z]{8}$'::text)),
    CONSTRAINT vanity_shape CHECK ((shown ~ '^[a-z][a-z0-9_]{2,15}$'::text))
);

CREATE TABLE public.verification (
    user_id bigint NOT NULL,
    verified_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT verification_seen CHECK ((seen_at >= verified_at))
);

CREATE TABLE public.wallet_ask (
    id bigint NOT NULL,
    key text NOT NULL,
    user_id bigint NOT NULL,
    amount numeric NOT NULL,
    reason text NOT NULL,
    asked_by bigint NOT NULL,
    asked_by_name text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    second boolean DEFAULT false NOT NULL,
    decided_by bigint,
    decided_by_name text,
    decided_at timestamp with time zone,
    CONSTRAINT wallet_ask_amount CHECK (((amount <> (0)::numeric) AND (abs(amount) < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT wallet_ask_decided CHECK ((((state = ANY (ARRAY['done'::text, 'rejected'::text])) = (decided_at IS NOT NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)) AND ((decided_by IS NULL) = (decided_by_name IS NULL)))),
    CONSTRAINT wallet_ask_four_eyes CHECK ((NOT (second AND (state = 'done'::text) AND (decided_by = asked_by)))),
    CONSTRAINT wallet_ask_state CHECK ((state = ANY (ARRAY['draft'::text, 'waiting'::text, 'done'::text, 'rejected'::text])))
);

ALTER TABLE public.wallet_ask ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.wallet_ask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.withdrawal_draft (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    vpa text NOT NULL,
    amount numeric NOT NULL,
    made_at timestamp with time zone NOT NULL,
    tds numeric DEFAULT 0 NOT NULL,
    CONSTRAINT withdrawal_draft_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT withdrawal_draft_tds CHECK (((tds >= (0)::numeric) AND (scale(tds) <= 2)))
);

ALTER TABLE public.withdrawal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.withdrawal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY ledger.chart
    ADD CONSTRAINT chart_kind_key UNIQUE (kind);

ALTER TABLE ONLY ledger.chart
    ADD CONSTRAINT chart_pkey PRIMARY KEY (number);

ALTER TABLE ONLY ledger.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.line
    ADD CONSTRAINT line_pkey PRIMARY KEY (account_id, id);

ALTER TABLE ONLY ledger.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (through);

ALTER TABLE ONLY ledger.snapshot
    ADD CONSTRAINT snapshot_pkey PRIMARY KEY (account_id, through);

ALTER TABLE ONLY ledger.journal
    ADD CONSTRAINT transaction_key_key UNIQUE (key);

ALTER TABLE ONLY public.adjustment
    ADD CONSTRAINT adjustment_key_key UNIQUE (key);

ALTER TABLE ONLY public.adjustment
    ADD CONSTRAINT adjustment_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bank_credit
    ADD CONSTRAINT bank_credit_bank_ref_key UNIQUE (bank_ref);

ALTER TABLE ONLY public.bank_credit
    ADD CONSTRAINT bank_credit_pkey PRIMARY KEY (id);

ALTER TABLE public.bank_credit
    ADD CONSTRAINT bank_credit_ref_shape CHECK ((bank_ref ~ '^[A-Za-z0-9._/-]{1,100}$'::text)) NOT VALID;

ALTER TABLE ONLY public.board_member
    ADD CONSTRAINT board_member_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.board_score
    ADD CONSTRAINT board_score_pkey PRIMARY KEY (board, user_id);

ALTER TABLE ONLY public.brood
    ADD CONSTRAINT brood_pkey PRIMARY KEY (user_id, part);

ALTER TABLE ONLY public.campaign_day
    ADD CONSTRAINT campaign_day_pkey PRIMARY KEY (campaign_id, day);

ALTER TABLE ONLY public.campaign_member
    ADD CONSTRAINT campaign_member_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_name_key UNIQUE (name);

ALTER TABLE ONLY public.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.campaign_visit
    ADD CONSTRAINT campaign_visit_pkey PRIMARY KEY (campaign_id, visitor_id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (kind, subject_id);

ALTER TABLE ONLY public.cart_coupon
    ADD CONSTRAINT cart_coupon_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.cart_item
    ADD CONSTRAINT cart_item_pkey PRIMARY KEY (user_id, plan_id);

ALTER TABLE ONLY public.chat_migration
    ADD CONSTRAINT chat_migration_pkey PRIMARY KEY (from_chat_id);

ALTER TABLE ONLY public.commission_cut
    ADD CONSTRAINT commission_cut_pkey PRIMARY KEY (order_id, level);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_order_level_key UNIQUE (order_id, level);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_key_key UNIQUE (key);

ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_once UNIQUE (contest_id, user_id);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_pkey PRIMARY KEY (contest_id, place);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_prize_key UNIQUE (prize_id);

ALTER TABLE ONLY public.coupon
    ADD CONSTRAINT coupon_code_key UNIQUE (code);

ALTER TABLE ONLY public.coupon
    ADD CONSTRAINT coupon_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_mark_key UNIQUE (plan_id, mark);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_key_key UNIQUE (key);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_payment_key UNIQUE (payment_id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_pkey PRIMARY KEY (credit_id, n);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_settlement_key UNIQUE (settlement_id);

ALTER TABLE ONLY public.credit_told
    ADD CONSTRAINT credit_told_pkey PRIMARY KEY (ref, teller);

ALTER TABLE ONLY public.dialogue
    ADD CONSTRAINT dialogue_pkey PRIMARY KEY (chat_id, user_id);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_code_key UNIQUE (code);

ALTER TABLE ONLY public.flag_commission
    ADD CONSTRAINT flag_commission_pkey PRIMARY KEY (flag_id, commission_id);

ALTER TABLE ONLY public.flag_person
    ADD CONSTRAINT flag_person_pkey PRIMARY KEY (flag_id, user_id);

ALTER TABLE ONLY public.flag
    ADD CONSTRAINT flag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.flag_word
    ADD CONSTRAINT flag_word_key_key UNIQUE (key);

ALTER TABLE ONLY public.flag_word
    ADD CONSTRAINT flag_word_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fraud_event
    ADD CONSTRAINT fraud_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_charge
    ADD CONSTRAINT gateway_charge_gateway_id_key UNIQUE (gateway, gateway_id);

ALTER TABLE ONLY public.gateway_charge
    ADD CONSTRAINT gateway_charge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_charge
    ADD CONSTRAINT gateway_charge_reference_key UNIQUE (gateway, reference);

ALTER TABLE ONLY public.gateway_event
    ADD CONSTRAINT gateway_event_pkey PRIMARY KEY (gateway, event_id);

ALTER TABLE ONLY public.gateway_look
    ADD CONSTRAINT gateway_look_pkey PRIMARY KEY (gateway);

ALTER TABLE ONLY public.gateway_payment
    ADD CONSTRAINT gateway_payment_pkey PRIMARY KEY (gateway, ref);

ALTER TABLE ONLY public.gateway_refund
    ADD CONSTRAINT gateway_refund_gateway_id_key UNIQUE (gateway, gateway_id);

ALTER TABLE ONLY public.gateway_refund
    ADD CONSTRAINT gateway_refund_key_key UNIQUE (key);

ALTER TABLE ONLY public.gateway_refund
    ADD CONSTRAINT gateway_refund_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.gateway_refund
    ADD CONSTRAINT gateway_refund_refund_key UNIQUE (refund_id);

ALTER TABLE ONLY public.gateway_settlement
    ADD CONSTRAINT gateway_settlement_pkey PRIMARY KEY (gateway, ref);

ALTER TABLE ONLY public.gateway_settlement
    ADD CONSTRAINT gateway_settlement_settlement_key UNIQUE (settlement_id);

ALTER TABLE ONLY public.gateway_transfer
    ADD CONSTRAINT gateway_transfer_gateway_id_key UNIQUE (gateway_id);

ALTER TABLE ONLY public.gateway_transfer
    ADD CONSTRAINT gateway_transfer_key_key UNIQUE (key);

ALTER TABLE ONLY public.gateway_transfer
    ADD CONSTRAINT gateway_transfer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (update_id);

ALTER TABLE ONLY public.issuer
    ADD CONSTRAINT issuer_details_key UNIQUE (details);

ALTER TABLE ONLY public.issuer
    ADD CONSTRAINT issuer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.link_news
    ADD CONSTRAINT link_news_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.link_visit
    ADD CONSTRAINT link_visit_pkey PRIMARY KEY (owner_id, visitor_id);

ALTER TABLE ONLY public.mute
    ADD CONSTRAINT mute_pkey PRIMARY KEY (user_id, topic);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_item
    ADD CONSTRAINT order_item_pkey PRIMARY KEY (order_id, n);

ALTER TABLE ONLY public.order_payer
    ADD CONSTRAINT order_payer_pkey PRIMARY KEY (order_id, kind);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_code_key UNIQUE (code);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_gift_code_key UNIQUE (gift_code);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pan
    ADD CONSTRAINT pan_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_key_key UNIQUE (key);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payout_answer
    ADD CONSTRAINT payout_answer_key_key UNIQUE (key);

ALTER TABLE ONLY public.payout_answer
    ADD CONSTRAINT payout_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payout_answer_row
    ADD CONSTRAINT payout_answer_row_pkey PRIMARY KEY (answer_id, "row");

ALTER TABLE ONLY public.payout_batch
    ADD CONSTRAINT payout_batch_key_key UNIQUE (key);

ALTER TABLE ONLY public.payout_batch
    ADD CONSTRAINT payout_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_code_key UNIQUE (code);

ALTER TABLE ONLY public.plan_import
    ADD CONSTRAINT plan_import_key_key UNIQUE (key);

ALTER TABLE ONLY public.plan_import
    ADD CONSTRAINT plan_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plan_price
    ADD CONSTRAINT plan_price_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_key_key UNIQUE (key);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proof_photo_band
    ADD CONSTRAINT proof_photo_band_pkey PRIMARY KEY (band, payment_id);

ALTER TABLE ONLY public.proof_photo
    ADD CONSTRAINT proof_photo_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY public.proof_photo_twin
    ADD CONSTRAINT proof_photo_twin_pkey PRIMARY KEY (payment_id, other_id);

ALTER TABLE ONLY public.purse
    ADD CONSTRAINT purse_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_number_key UNIQUE (number);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_year_n_key UNIQUE (year, n);

ALTER TABLE ONLY public.referral_day
    ADD CONSTRAINT referral_day_pkey PRIMARY KEY (user_id, level, day);

ALTER TABLE ONLY public.referral_mark
    ADD CONSTRAINT referral_mark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.referral_sale
    ADD CONSTRAINT referral_sale_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_code_key UNIQUE (code);

ALTER TABLE ONLY public.refund_draft
    ADD CONSTRAINT refund_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_key_key UNIQUE (key);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_payout_utr_key UNIQUE (payout_utr);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.remittance
    ADD CONSTRAINT remittance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.remittance
    ADD CONSTRAINT remittance_reference_key UNIQUE (reference);

ALTER TABLE ONLY public.restock_wait
    ADD CONSTRAINT restock_wait_pkey PRIMARY KEY (plan_id, user_id);

ALTER TABLE ONLY public.reveal
    ADD CONSTRAINT reveal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.settlement
    ADD CONSTRAINT settlement_reference_key UNIQUE (reference);

ALTER TABLE ONLY public.shop
    ADD CONSTRAINT shop_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signal_key
    ADD CONSTRAINT signal_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signal
    ADD CONSTRAINT signal_pkey PRIMARY KEY (user_id, kind, mark);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT slot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.spending
    ADD CONSTRAINT spending_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (telegram_id);

ALTER TABLE ONLY public.star_charge
    ADD CONSTRAINT star_charge_pkey PRIMARY KEY (charge);

ALTER TABLE ONLY public.star_charge
    ADD CONSTRAINT star_charge_reference_key UNIQUE (reference);

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_key_key UNIQUE (key);

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stock_import
    ADD CONSTRAINT stock_import_key_key UNIQUE (key);

ALTER TABLE ONLY public.stock_import
    ADD CONSTRAINT stock_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_item_key UNIQUE (order_id, item);

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tds_part
    ADD CONSTRAINT tds_part_pkey PRIMARY KEY (withdrawal_id, year);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_code_key UNIQUE (code);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_key_key UNIQUE (key);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.upi_id
    ADD CONSTRAINT upi_id_pkey PRIMARY KEY (user_id, vpa);

ALTER TABLE ONLY public.used_signature
    ADD CONSTRAINT used_signature_pkey PRIMARY KEY (signature);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_code_key UNIQUE (code);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_telegram_id_key UNIQUE (telegram_id);

ALTER TABLE ONLY public.utr
    ADD CONSTRAINT utr_pkey PRIMARY KEY (utr);

ALTER TABLE ONLY public.utr_reuse
    ADD CONSTRAINT utr_reuse_pkey PRIMARY KEY (order_id, first_id);

ALTER TABLE ONLY public.vanity
    ADD CONSTRAINT vanity_folded_key PRIMARY KEY (folded);

ALTER TABLE ONLY public.vanity
    ADD CONSTRAINT vanity_user_key UNIQUE (user_id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.wallet_ask
    ADD CONSTRAINT wallet_ask_key_key UNIQUE (key);

ALTER TABLE ONLY public.wallet_ask
    ADD CONSTRAINT wallet_ask_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_code_key UNIQUE (code);

ALTER TABLE ONLY public.withdrawal_draft
    ADD CONSTRAINT withdrawal_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_key_key UNIQUE (key);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_payout_utr_key UNIQUE (payout_utr);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (id);

CREATE INDEX journal_adjustment_idx ON ledger.journal USING btree (id) WHERE (adjustment IS NOT NULL);

CREATE INDEX journal_bank_idx ON ledger.journal USING btree (id) WHERE (bank IS NOT NULL);

CREATE INDEX journal_fees_idx ON ledger.journal USING btree (id) WHERE (fees IS NOT NULL);

CREATE INDEX journal_gateway_clearing_idx ON ledger.journal USING btree (id) WHERE (gateway_clearing IS NOT NULL);

CREATE INDEX journal_gst_payable_idx ON ledger.journal USING btree (id) WHERE (gst_payable IS NOT NULL);

CREATE INDEX journal_opening_idx ON ledger.journal USING btree (id) WHERE (opening IS NOT NULL);

CREATE INDEX journal_promotion_idx ON ledger.journal USING btree (id) WHERE (promotion IS NOT NULL);

CREATE INDEX journal_refunds_idx ON ledger.journal USING btree (id) WHERE (refunds IS NOT NULL);

CREATE INDEX journal_tds_payable_idx ON ledger.journal USING btree (id) WHERE (tds_payable IS NOT NULL);

CREATE INDEX journal_time_idx ON ledger.journal USING brin (occurred_at) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX journal_unmatched_idx ON ledger.journal USING btree (id) WHERE (unmatched IS NOT NULL);

CREATE INDEX line_transaction_idx ON ledger.line USING brin (transaction_id) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX audit_subject_idx ON public.audit USING btree (subject, id);

CREATE INDEX bank_credit_carded_idx ON public.bank_credit USING btree (carded_at) WHERE (carded_at IS NOT NULL);

CREATE INDEX bank_credit_decide_idx ON public.bank_credit USING btree (id) WHERE ((assigned < amount) AND ((waits <> 'unknown'::text) OR (source <> 'bank'::text)));

CREATE INDEX bank_credit_fresh_idx ON public.bank_credit USING btree (id) WHERE ((waits IS NULL) AND (assigned = (0)::numeric));

CREATE INDEX bank_credit_open_idx ON public.bank_credit USING btree (id) WHERE (assigned < amount);

CREATE INDEX bank_credit_queue_idx ON public.bank_credit USING btree (waits, id) INCLUDE (amount, assigned, source) WHERE (assigned < amount);

CREATE INDEX bank_credit_told_idx ON public.bank_credit USING btree (bank, amount, seen_at) WHERE (source = 'bank'::text);

CREATE INDEX bank_credit_utr_idx ON public.bank_credit USING btree (utr) WHERE (utr IS NOT NULL);

CREATE INDEX bank_credit_vpa_idx ON public.bank_credit USING btree (vpa) WHERE (vpa IS NOT NULL);

CREATE INDEX bank_credit_waiting_idx ON public.bank_credit USING btree (amount, id) WHERE (assigned < amount);

CREATE INDEX board_score_place_idx ON public.board_score USING btree (board, ((- score)), reached_at, user_id);

CREATE INDEX campaign_visit_visitor_idx ON public.campaign_visit USING btree (visitor_id);

CREATE INDEX commission_beneficiary_idx ON public.commission USING btree (beneficiary_id, id DESC);

CREATE INDEX commission_cut_beneficiary_idx ON public.commission_cut USING btree (beneficiary_id, created_at DESC);

CREATE INDEX commission_release_idx ON public.commission USING btree (beneficiary_id, release_at) INCLUDE (amount, reversed);

CREATE INDEX contest_open_idx ON public.contest USING btree (until_at) WHERE (state = 'open'::text);

CREATE INDEX credential_key_idx ON public.credential USING btree (key_id, id);

CREATE UNIQUE INDEX credit_assignment_sent_back_ref_key ON public.credit_assignment USING btree (sent_back_ref) WHERE (sent_back_ref IS NOT NULL);

CREATE INDEX credit_assignment_user_idx ON public.credit_assignment USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX credit_told_credit_idx ON public.credit_told USING btree (credit_id);

CREATE INDEX flag_commission_idx ON public.flag_commission USING btree (commission_id);

CREATE INDEX flag_key_idx ON public.flag USING btree (rule, key, id DESC);

CREATE UNIQUE INDEX flag_one_open ON public.flag USING btree (rule, key) WHERE (state = 'open'::text);

CREATE INDEX flag_open_idx ON public.flag USING btree (strong, id) WHERE (state = 'open'::text);

CREATE INDEX flag_person_user_idx ON public.flag_person USING btree (user_id, flag_id DESC);

CREATE INDEX flag_word_flag_idx ON public.flag_word USING btree (flag_id, id);

CREATE INDEX fraud_event_user_idx ON public.fraud_event USING btree (user_id);

CREATE UNIQUE INDEX gateway_charge_current_key ON public.gateway_charge USING btree (order_id, gateway) WHERE ((NOT replaced) AND (state = ANY (ARRAY['making'::text, 'open'::text])));

CREATE INDEX gateway_charge_look_idx ON public.gateway_charge USING btree (next_look_at) WHERE (state <> 'closed'::text);

CREATE INDEX gateway_charge_order_idx ON public.gateway_charge USING btree (order_id);

CREATE INDEX gateway_event_heard_idx ON public.gateway_event USING btree (heard_at);

CREATE INDEX gateway_payment_charge_idx ON public.gateway_payment USING btree (charge_id);

CREATE INDEX gateway_payment_order_idx ON public.gateway_payment USING btree (order_id);

CREATE INDEX gateway_payment_settlement_idx ON public.gateway_payment USING btree (gateway, settlement) WHERE (settlement IS NOT NULL);

CREATE INDEX gateway_refund_try_idx ON public.gateway_refund USING btree (next_try_at) WHERE (state = ANY (ARRAY['to_send'::text, 'sent'::text]));

CREATE INDEX gateway_settlement_try_idx ON public.gateway_settlement USING btree (next_try_at) WHERE (settlement_id IS NULL);

CREATE INDEX gateway_transfer_due_idx ON public.gateway_transfer USING btree (next_try_at, id) WHERE (state = ANY (ARRAY['to_send'::text, 'sent'::text]));

CREATE UNIQUE INDEX gateway_transfer_once ON public.gateway_transfer USING btree (withdrawal_id) WHERE (state <> 'refused'::text);

CREATE INDEX inbox_done_idx ON public.inbox USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX inbox_pending_idx ON public.inbox USING btree (update_id) WHERE ((done_at IS NULL) AND (failed_at IS NULL));

CREATE INDEX link_visit_visitor_idx ON public.link_visit USING btree (visitor_id);

CREATE UNIQUE INDEX notification_dedupe_key_key ON public.notification USING btree (dedupe_key) WHERE (dedupe_key IS NOT NULL);

CREATE INDEX notification_due_idx ON public.notification USING btree (COALESCE(user_id, (0)::bigint), id) WHERE ((sent_at IS NULL) AND (dropped IS NULL) AND (held IS NULL));

CREATE INDEX notification_held_idx ON public.notification USING btree (id) WHERE held;

CREATE INDEX notification_unread_idx ON public.notification USING btree (user_id) WHERE ((sent_at IS NOT NULL) AND (read_at IS NULL));

CREATE INDEX notification_user_idx ON public.notification USING btree (user_id, id DESC) WHERE (sent_at IS NOT NULL);

CREATE INDEX order_item_plan_idx ON public.order_item USING btree (plan_id) WHERE (delivered_at IS NULL);

CREATE INDEX order_item_slot_idx ON public.order_item USING btree (slot_id) WHERE (slot_id IS NOT NULL);

CREATE INDEX order_payer_mark_idx ON public.order_payer USING btree (mark, kind, order_id);

CREATE INDEX orders_awaited_idx ON public.orders USING btree (((price -
CASE
    WHEN (unreserved_at IS NULL) THEN (from_credit + from_earned)
    ELSE (0)::numeric
END)), placed_at) WHERE (state = ANY (ARRAY['awaiting_payment'::text, 'in_review'::text]));

CREATE INDEX orders_buyer_idx ON public.orders USING btree (buyer_id, id DESC);

CREATE INDEX orders_coupon_idx ON public.orders USING btree (coupon_id, buyer_id) WHERE (coupon_id IS NOT NULL);

CREATE INDEX orders_due_idx ON public.orders USING btree (((price -
CASE
    WHEN (unreserved_at IS NULL) THEN (from_credit + from_earned)
    ELSE (0)::numeric
END)), expires_at);

CREATE INDEX orders_due_open_idx ON public.orders USING btree (((price -
CASE
    WHEN (unreserved_at IS NULL) THEN (from_credit + from_earned)
    ELSE (0)::numeric
END))) WHERE (state = ANY (ARRAY['awaiting_payment'::text, 'in_review'::text]));

CREATE INDEX orders_ended_idx ON public.orders USING btree (((price -
CASE
    WHEN (unreserved_at IS NULL) THEN (from_credit + from_earned)
    ELSE (0)::numeric
END)), ended_at) WHERE (state = ANY (ARRAY['expired'::text, 'cancelled'::text]));

CREATE INDEX orders_expiry_idx ON public.orders USING btree (expires_at) WHERE (state = 'awaiting_payment'::text);

CREATE UNIQUE INDEX orders_one_open ON public.orders USING btree (buyer_id, plan_id) WHERE (state = 'awaiting_payment'::text);

CREATE UNIQUE INDEX orders_one_renewal ON public.orders USING btree (renews) WHERE (state = 'awaiting_payment'::text);

CREATE UNIQUE INDEX orders_one_top_up ON public.orders USING btree (buyer_id) WHERE (fills_wallet AND (state = 'awaiting_payment'::text));

CREATE INDEX orders_paid_idx ON public.orders USING btree (paid_at) WHERE (paid_at IS NOT NULL);

CREATE INDEX orders_recipient_idx ON public.orders USING btree (recipient_id, id DESC) WHERE (recipient_id IS NOT NULL);

CREATE INDEX orders_renews_idx ON public.orders USING btree (renews) WHERE (renews IS NOT NULL);

CREATE INDEX orders_reserved_idx ON public.orders USING btree (buyer_id) WHERE ((reserved_at IS NOT NULL) AND (unreserved_at IS NULL) AND (paid_at IS NULL));

CREATE INDEX orders_undelivered_idx ON public.orders USING btree (paid_at) WHERE (state = ANY (ARRAY['paid'::text, 'awaiting_stock'::text]));

CREATE INDEX payment_by_picture_idx ON public.payment USING btree (amount, decided_at) WHERE ((state = 'confirmed'::text) AND (method = 'upi'::text) AND (utr IS NULL) AND (credit_id IS NULL));

CREATE INDEX payment_confirmed_idx ON public.payment USING btree (decided_at) WHERE (state = 'confirmed'::text);

CREATE UNIQUE INDEX payment_gateway_ref_key ON public.payment USING btree (gateway, gateway_ref) WHERE (gateway IS NOT NULL);

CREATE UNIQUE INDEX payment_one_confirmed ON public.payment USING btree (order_id) WHERE (state = 'confirmed'::text);

CREATE UNIQUE INDEX payment_one_waiting ON public.payment USING btree (order_id) WHERE (state = 'submitted'::text);

CREATE INDEX payment_order_idx ON public.payment USING btree (order_id, id);

CREATE INDEX payment_payer_idx ON public.payment USING btree (payer, user_id) WHERE (payer IS NOT NULL);

CREATE INDEX payment_photo_idx ON public.payment USING btree (photo_unique_id) WHERE (photo_unique_id IS NOT NULL);

CREATE INDEX payment_user_idx ON public.payment USING btree (user_id, id);

CREATE INDEX payment_utr_idx ON public.payment USING btree (utr) WHERE (state = 'submitted'::text);

CREATE INDEX payment_waiting_idx ON public.payment USING btree (submitted_at) WHERE (state = 'submitted'::text);

CREATE INDEX payout_answer_row_open_idx ON public.payout_answer_row USING btree (answer_id, "row") WHERE (outcome IS NULL);

CREATE INDEX plan_own_rates_idx ON public.plan USING btree (id) WHERE (active AND ((level1_percent IS NOT NULL) OR (level2_percent IS NOT NULL)));

CREATE INDEX plan_price_plan_idx ON public.plan_price USING btree (plan_id) WHERE (removed_at IS NULL);

CREATE INDEX proof_photo_band_payment_idx ON public.proof_photo_band USING btree (payment_id);

CREATE INDEX proof_photo_due_idx ON public.proof_photo USING btree (look_at) WHERE (look_at IS NOT NULL);

CREATE INDEX proof_photo_twin_other_idx ON public.proof_photo_twin USING btree (other_id);

CREATE INDEX proof_photo_user_idx ON public.proof_photo USING btree (user_id, payment_id DESC);

CREATE INDEX purse_due_idx ON public.purse USING btree (next_release_at) WHERE ((next_release_at IS NOT NULL) AND (NOT frozen));

CREATE INDEX receipt_paid_idx ON public.receipt USING btree (paid_at);

CREATE INDEX referral_sale_counts_idx ON public.referral_sale USING btree (paid_at, referrer_id) WHERE ((referrer_id IS NOT NULL) AND (lost_at IS NULL));

CREATE INDEX refund_order_idx ON public.refund USING btree (order_id, id);

CREATE INDEX refund_to_send_idx ON public.refund USING btree (user_id) WHERE (state = 'to_send'::text);

CREATE INDEX refund_user_idx ON public.refund USING btree (user_id, id DESC);

CREATE INDEX reveal_order_idx ON public.reveal USING btree (order_id, id);

CREATE INDEX reveal_user_idx ON public.reveal USING btree (user_id, id);

CREATE INDEX settlement_at_idx ON public.settlement USING btree (settled_at);

CREATE INDEX settlement_net_idx ON public.settlement USING btree (net, settled_at);

CREATE INDEX settlement_reference_idx ON public.settlement USING btree (lower(reference));

CREATE INDEX signal_mark_idx ON public.signal USING btree (mark, kind, user_id);

CREATE INDEX signal_old_idx ON public.signal USING btree (last_at) WHERE (kind = ANY (ARRAY['device'::text, 'ip4'::text, 'ip6'::text, 'weak-ip'::text]));

CREATE INDEX slot_credential_idx ON public.slot USING btree (credential_id);

CREATE INDEX slot_expiry_idx ON public.slot USING btree (expires_on) WHERE ((order_id IS NULL) AND (retired_at IS NULL) AND (expires_on IS NOT NULL));

CREATE INDEX slot_free_idx ON public.slot USING btree (plan_id, id) WHERE ((order_id IS NULL) AND (retired_at IS NULL));

CREATE INDEX slot_order_idx ON public.slot USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX spending_tree_idx ON public.spending USING btree (referrer_id, spent DESC, user_id DESC) WHERE (referrer_id IS NOT NULL);

CREATE INDEX star_charge_back_idx ON public.star_charge USING btree (back_next_at) WHERE ((back_asked_at IS NOT NULL) AND (back_at IS NULL));

CREATE INDEX star_charge_order_idx ON public.star_charge USING btree (order_id);

CREATE INDEX star_charge_user_idx ON public.star_charge USING btree (user_id);

CREATE INDEX statement_bank_idx ON public.statement USING btree (bank, through_day, id);

CREATE INDEX subscription_auto_idx ON public.subscription USING btree (ends_at) WHERE (auto_renew AND (ended_at IS NULL));

CREATE INDEX subscription_ends_idx ON public.subscription USING btree (ends_at) WHERE (ended_at IS NULL);

CREATE INDEX subscription_user_idx ON public.subscription USING btree (user_id, ends_at DESC);

CREATE INDEX tds_part_year_idx ON public.tds_part USING btree (year, withdrawal_id);

CREATE UNIQUE INDEX ticket_one_open ON public.ticket USING btree (subscription_id) WHERE (state = 'open'::text);

CREATE INDEX ticket_open_idx ON public.ticket USING btree (id) WHERE (state = 'open'::text);

CREATE INDEX ticket_subscription_idx ON public.ticket USING btree (subscription_id, id);

CREATE INDEX ticket_user_idx ON public.ticket USING btree (user_id, id DESC);

CREATE INDEX upi_id_vpa_idx ON public.upi_id USING btree (vpa);

CREATE INDEX used_signature_expires_idx ON public.used_signature USING btree (expires_at);

CREATE INDEX users_brought_idx ON public.users USING btree (referred_by, id) WHERE (referred_by IS NOT NULL);

CREATE INDEX users_username_idx ON public.users USING btree (lower(username));

CREATE INDEX utr_reuse_referrer_idx ON public.utr_reuse USING btree (referrer_id) WHERE (referrer_id IS NOT NULL);

CREATE INDEX utr_reuse_user_idx ON public.utr_reuse USING btree (user_id);

CREATE INDEX wallet_ask_user_idx ON public.wallet_ask USING btree (user_id, id);

CREATE INDEX wallet_ask_waiting_idx ON public.wallet_ask USING btree (id) WHERE (state = 'waiting'::text);

CREATE INDEX withdrawal_approved_idx ON public.withdrawal USING btree (id) WHERE (state = 'approved'::text);

CREATE INDEX withdrawal_batch_idx ON public.withdrawal USING btree (batch_id) WHERE (batch_id IS NOT NULL);

CREATE INDEX withdrawal_open_idx ON public.withdrawal USING btree (asked_at) WHERE (state = ANY (ARRAY['asked'::text, 'approved'::text]));

CREATE INDEX withdrawal_user_idx ON public.withdrawal USING btree (user_id, id DESC);

CREATE INDEX withdrawal_user_open_idx ON public.withdrawal USING btree (user_id) WHERE (state = ANY (ARRAY['asked'::text, 'approved'::text]));

CREATE INDEX withdrawal_vpa_idx ON public.withdrawal USING btree (vpa);

CREATE TRIGGER balance_by_entries_alone BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.balance FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_by_hand();

ALTER TABLE ledger.balance ENABLE ALWAYS TRIGGER balance_by_entries_alone;

CREATE TRIGGER chart_append_only BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.chart FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.chart ENABLE ALWAYS TRIGGER chart_append_only;

CREATE TRIGGER close_seal BEFORE INSERT ON ledger.seal FOR EACH ROW EXECUTE FUNCTION ledger.close_seal();

ALTER TABLE ledger.seal ENABLE ALWAYS TRIGGER close_seal;

CREATE TRIGGER count_snapshot BEFORE INSERT ON ledger.snapshot FOR EACH ROW EXECUTE FUNCTION ledger.count_snapshot();

ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER count_snapshot;

CREATE TRIGGER entry_append_only BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_by_hand();

ALTER TABLE ledger.line ENABLE ALWAYS TRIGGER entry_append_only;

CREATE TRIGGER move AFTER INSERT ON ledger.journal FOR EACH ROW EXECUTE FUNCTION ledger.move();

ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER move;

CREATE TRIGGER seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.seal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.seal ENABLE ALWAYS TRIGGER seal_append_only;

CREATE TRIGGER snapshot_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.snapshot FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER snapshot_append_only;

CREATE TRIGGER snapshot_is_whole AFTER INSERT ON ledger.snapshot REFERENCING NEW TABLE AS new_snapshots FOR EACH STATEMENT EXECUTE FUNCTION ledger.snapshot_is_whole();

ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER snapshot_is_whole;

CREATE TRIGGER transaction_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.journal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER transaction_append_only;

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit ENABLE ALWAYS TRIGGER audit_append_only;

CREATE TRIGGER campaign_member_for_ever BEFORE DELETE OR UPDATE OR TRUNCATE ON public.campaign_member FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.campaign_member ENABLE ALWAYS TRIGGER campaign_member_for_ever;

CREATE TRIGGER commission_rules BEFORE INSERT OR UPDATE ON public.commission FOR EACH ROW EXECUTE FUNCTION public.commission_rules();

ALTER TABLE public.commission ENABLE ALWAYS TRIGGER commission_rules;

CREATE TRIGGER contest_prize_for_ever BEFORE DELETE OR UPDATE OR TRUNCATE ON public.contest_prize FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.contest_prize ENABLE ALWAYS TRIGGER contest_prize_for_ever;

CREATE CONSTRAINT TRIGGER count_spending AFTER UPDATE OF paid_at, refunded ON public.orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.paid_at IS DISTINCT FROM new.paid_at) OR (old.refunded <> new.refunded))) EXECUTE FUNCTION public.count_spending();

ALTER TABLE public.orders ENABLE ALWAYS TRIGGER count_spending;

CREATE TRIGGER grow_tree AFTER INSERT ON public.users REFERENCING NEW TABLE AS new_people FOR EACH STATEMENT EXECUTE FUNCTION public.grow_tree();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER grow_tree;

CREATE TRIGGER issuer_for_ever BEFORE DELETE OR UPDATE OR TRUNCATE ON public.issuer FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.issuer ENABLE ALWAYS TRIGGER issuer_for_ever;

CREATE TRIGGER open_purses AFTER INSERT ON public.users REFERENCING NEW TABLE AS new_people FOR EACH STATEMENT EXECUTE FUNCTION public.open_purses();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER open_purses;

CREATE TRIGGER orders_rules BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.orders_rules();

ALTER TABLE public.orders ENABLE ALWAYS TRIGGER orders_rules;

CREATE TRIGGER payment_rules BEFORE INSERT OR UPDATE ON public.payment FOR EACH ROW EXECUTE FUNCTION public.payment_rules();

ALTER TABLE public.payment ENABLE ALWAYS TRIGGER payment_rules;

CREATE TRIGGER receipt_for_ever BEFORE DELETE OR UPDATE OF order_id, year, n, number, issuer_id, paid_at, numbered_at OR TRUNCATE ON public.receipt FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.receipt ENABLE ALWAYS TRIGGER receipt_for_ever;

CREATE TRIGGER reveal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.reveal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.reveal ENABLE ALWAYS TRIGGER reveal_append_only;

CREATE TRIGGER subscription_ends_once BEFORE UPDATE ON public.subscription FOR EACH ROW EXECUTE FUNCTION public.subscription_ends_once();

ALTER TABLE public.subscription ENABLE ALWAYS TRIGGER subscription_ends_once;

CREATE TRIGGER users_are_kept BEFORE DELETE OR UPDATE OF id OR TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_are_kept;

CREATE TRIGGER users_referrer_is_final BEFORE UPDATE OF referred_by ON public.users FOR EACH ROW WHEN (((old.referred_by IS NOT NULL) AND (new.referred_by IS DISTINCT FROM old.referred_by))) EXECUTE FUNCTION public.users_referrer_is_final();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_referrer_is_final;

CREATE TRIGGER utr_for_ever BEFORE DELETE OR UPDATE OR TRUNCATE ON public.utr FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.utr ENABLE ALWAYS TRIGGER utr_for_ever;

CREATE TRIGGER vanity_for_ever BEFORE DELETE OR UPDATE OF folded, shown, chosen_at OR TRUNCATE ON public.vanity FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.vanity ENABLE ALWAYS TRIGGER vanity_for_ever;

ALTER TABLE ONLY ledger.journal
    ADD CONSTRAINT journal_reverses_fkey FOREIGN KEY (reverses) REFERENCES ledger.journal(id);

ALTER TABLE ONLY public.adjustment
    ADD CONSTRAINT adjustment_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES public.audit(id);

ALTER TABLE ONLY public.adjustment
    ADD CONSTRAINT adjustment_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.bank_credit
    ADD CONSTRAINT bank_credit_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.board_member
    ADD CONSTRAINT board_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.campaign_member
    ADD CONSTRAINT campaign_member_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaign(id);

ALTER TABLE ONLY public.campaign_member
    ADD CONSTRAINT campaign_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.cart_coupon
    ADD CONSTRAINT cart_coupon_coupon_id_fkey FOREIGN KEY (coupon_id) REFERENCES public.coupon(id);

ALTER TABLE ONLY public.cart_coupon
    ADD CONSTRAINT cart_coupon_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.cart_item
    ADD CONSTRAINT cart_item_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.cart_item
    ADD CONSTRAINT cart_item_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.commission_cut
    ADD CONSTRAINT commission_cut_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_contest_id_fkey FOREIGN KEY (contest_id) REFERENCES public.contest(id);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_prize_id_fkey FOREIGN KEY (prize_id) REFERENCES public.prize(id);

ALTER TABLE ONLY public.contest_prize
    ADD CONSTRAINT contest_prize_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.credential
    ADD CONSTRAINT credential_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_credit_id_fkey FOREIGN KEY (credit_id) REFERENCES public.bank_credit(id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlement(id);

ALTER TABLE ONLY public.credit_assignment
    ADD CONSTRAINT credit_assignment_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.credit_told
    ADD CONSTRAINT credit_told_credit_id_fkey FOREIGN KEY (credit_id) REFERENCES public.bank_credit(id);

ALTER TABLE ONLY public.flag_commission
    ADD CONSTRAINT flag_commission_commission_id_fkey FOREIGN KEY (commission_id) REFERENCES public.commission(id);

ALTER TABLE ONLY public.flag_commission
    ADD CONSTRAINT flag_commission_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES public.flag(id);

ALTER TABLE ONLY public.flag_person
    ADD CONSTRAINT flag_person_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES public.flag(id);

ALTER TABLE ONLY public.flag_person
    ADD CONSTRAINT flag_person_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.flag_word
    ADD CONSTRAINT flag_word_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES public.flag(id);

ALTER TABLE ONLY public.flag_word
    ADD CONSTRAINT flag_word_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.fraud_event
    ADD CONSTRAINT fraud_event_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.gateway_charge
    ADD CONSTRAINT gateway_charge_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.gateway_payment
    ADD CONSTRAINT gateway_payment_charge_id_fkey FOREIGN KEY (charge_id) REFERENCES public.gateway_charge(id);

ALTER TABLE ONLY public.gateway_payment
    ADD CONSTRAINT gateway_payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.gateway_refund
    ADD CONSTRAINT gateway_refund_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES public.refund(id);

ALTER TABLE ONLY public.gateway_settlement
    ADD CONSTRAINT gateway_settlement_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES public.settlement(id);

ALTER TABLE ONLY public.gateway_transfer
    ADD CONSTRAINT gateway_transfer_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES public.withdrawal(id);

ALTER TABLE ONLY public.mute
    ADD CONSTRAINT mute_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.order_item
    ADD CONSTRAINT order_item_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.order_item
    ADD CONSTRAINT order_item_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.order_item
    ADD CONSTRAINT order_item_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES public.slot(id);

ALTER TABLE ONLY public.order_payer
    ADD CONSTRAINT order_payer_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_coupon_id_fkey FOREIGN KEY (coupon_id) REFERENCES public.coupon(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_renews_fkey FOREIGN KEY (renews) REFERENCES public.subscription(id);

ALTER TABLE ONLY public.pan
    ADD CONSTRAINT pan_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_credit_id_fkey FOREIGN KEY (credit_id) REFERENCES public.bank_credit(id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.payout_answer_row
    ADD CONSTRAINT payout_answer_row_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES public.payout_answer(id);

ALTER TABLE ONLY public.payout_answer_row
    ADD CONSTRAINT payout_answer_row_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES public.withdrawal(id);

ALTER TABLE ONLY public.plan_price
    ADD CONSTRAINT plan_price_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.proof_photo_band
    ADD CONSTRAINT proof_photo_band_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.proof_photo(payment_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.proof_photo
    ADD CONSTRAINT proof_photo_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.payment(id);

ALTER TABLE ONLY public.proof_photo_twin
    ADD CONSTRAINT proof_photo_twin_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.proof_photo(payment_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.proof_photo_twin
    ADD CONSTRAINT proof_photo_twin_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES public.proof_photo(payment_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.proof_photo
    ADD CONSTRAINT proof_photo_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.purse
    ADD CONSTRAINT purse_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_issuer_id_fkey FOREIGN KEY (issuer_id) REFERENCES public.issuer(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_without_gap FOREIGN KEY (year, previous) REFERENCES public.receipt(year, n);

ALTER TABLE ONLY public.refund_draft
    ADD CONSTRAINT refund_draft_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.refund
    ADD CONSTRAINT refund_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.restock_wait
    ADD CONSTRAINT restock_wait_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.restock_wait
    ADD CONSTRAINT restock_wait_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.reveal
    ADD CONSTRAINT reveal_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.reveal
    ADD CONSTRAINT reveal_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES public.slot(id);

ALTER TABLE ONLY public.reveal
    ADD CONSTRAINT reveal_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.signal
    ADD CONSTRAINT signal_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT slot_credential_id_fkey FOREIGN KEY (credential_id) REFERENCES public.credential(id);

ALTER TABLE ONLY public.slot
    ADD CONSTRAINT slot_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.spending
    ADD CONSTRAINT spending_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.star_charge
    ADD CONSTRAINT star_charge_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.star_charge
    ADD CONSTRAINT star_charge_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.tds_part
    ADD CONSTRAINT tds_part_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES public.withdrawal(id);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES public.slot(id);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES public.subscription(id);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.upi_id
    ADD CONSTRAINT upi_id_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_referred_by_fkey FOREIGN KEY (referred_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.utr
    ADD CONSTRAINT utr_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.utr_reuse
    ADD CONSTRAINT utr_reuse_first_id_fkey FOREIGN KEY (first_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.utr_reuse
    ADD CONSTRAINT utr_reuse_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.utr_reuse
    ADD CONSTRAINT utr_reuse_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.vanity
    ADD CONSTRAINT vanity_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.verification
    ADD CONSTRAINT verification_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.wallet_ask
    ADD CONSTRAINT wallet_ask_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.payout_batch(id);

ALTER TABLE ONLY public.withdrawal_draft
    ADD CONSTRAINT withdrawal_draft_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
