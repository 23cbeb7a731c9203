-- The books, stored for speed and read as before. One row a transaction, `ledger.journal`, with a column for each of the shop's accounts and the
-- people's lines as two arrays: the row is whole by itself, so it cannot come apart. Its trigger moves the balances and writes the people's
-- lines. `ledger.account`, `ledger.transaction` and `ledger.entry` are views on it. docs/decisions.md says what was measured.

ALTER SCHEMA ledger RENAME TO ledger_before;
CREATE SCHEMA ledger;

-- The chart of accounts. A person's account has the id owner * 32 + number, one of the shop's the number itself.
CREATE TABLE ledger.chart (
  number smallint PRIMARY KEY,
  kind   text NOT NULL UNIQUE,
  class  text NOT NULL CHECK (class IN ('asset', 'revenue', 'contra', 'expense', 'liability', 'equity'))
);
INSERT INTO ledger.chart (number, kind, class) VALUES
  (1, 'upi_clearing', 'asset'), (2, 'gateway_clearing', 'asset'), (3, 'bank', 'asset'), (4, 'sales', 'revenue'), (5, 'refunds', 'contra'),
  (6, 'cost_of_sales', 'expense'), (7, 'commission', 'expense'), (8, 'promotion', 'expense'), (9, 'fees', 'expense'), (10, 'adjustment', 'expense'),
  (11, 'supplier', 'liability'), (12, 'tds_payable', 'liability'), (13, 'gst_payable', 'liability'), (14, 'unmatched', 'liability'), (15, 'opening', 'equity'),
  (16, 'credit', 'liability'), (17, 'held', 'liability'), (18, 'earned', 'liability'), (19, 'reserved', 'liability'),
  (20, 'withdrawing', 'liability'), (21, 'refunding', 'liability'), (22, 'owed', 'asset');

-- Checks that every posting meets are domains: PostgreSQL keeps a domain's check ready, a table's is read anew for each statement.
CREATE DOMAIN ledger.rupees AS numeric CONSTRAINT entry_amount CHECK (VALUE <> 0 AND VALUE <> 'NaN' AND abs(VALUE) < 1000000000000 AND scale(VALUE) <= 2);
CREATE DOMAIN ledger.owned AS numeric CONSTRAINT balance_not_negative CHECK (VALUE >= 0);
CREATE DOMAIN ledger.key AS text CONSTRAINT transaction_key_shape CHECK (VALUE ~ '^[a-z]+(:.+)?$');
CREATE DOMAIN ledger.movement AS text CONSTRAINT transaction_kind CHECK (VALUE IN (
  'order_reserved', 'order_unreserved', 'order_paid', 'commissions_released', 'commission_cancelled',
  'withdrawal_asked', 'withdrawal_refused', 'withdrawal_paid', 'withdrawal_returned', 'top_up', 'order_refunded', 'refund_sent', 'refund_failed',
  'credit_seen', 'credit_assigned', 'gateway_settled', 'remitted', 'prize_given', 'opened', 'adjusted'));

CREATE TABLE ledger.journal (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        ledger.movement NOT NULL,
  key         ledger.key      NOT NULL CONSTRAINT transaction_key_key UNIQUE,
  occurred_at timestamptz     NOT NULL,
  actor       text            NOT NULL,
  memo        text            NOT NULL DEFAULT '',
  reverses    bigint REFERENCES ledger.journal (id),
  -- The shop's accounts: positive for a debit, negative for a credit, null where the transaction does not touch them.
  upi_clearing     ledger.rupees,
  gateway_clearing ledger.rupees,
  bank             ledger.rupees,
  sales            ledger.rupees,
  refunds          ledger.rupees,
  cost_of_sales    ledger.rupees,
  commission       ledger.rupees,
  promotion        ledger.rupees,
  fees             ledger.rupees,
  adjustment       ledger.rupees,
  supplier         ledger.rupees,
  tds_payable      ledger.rupees,
  gst_payable      ledger.rupees,
  unmatched        ledger.rupees,
  opening          ledger.rupees,
  -- The people's accounts in ascending order, and what is debited to each.
  accounts    bigint[]        NOT NULL DEFAULT '{}',
  amounts     numeric[]       NOT NULL DEFAULT '{}'
);
-- For the statements of accounts that few transactions touch; the others are met within a page's length of the journal itself.
CREATE INDEX journal_gateway_clearing_idx ON ledger.journal (id) WHERE gateway_clearing IS NOT NULL;
CREATE INDEX journal_bank_idx ON ledger.journal (id) WHERE bank IS NOT NULL;
CREATE INDEX journal_refunds_idx ON ledger.journal (id) WHERE refunds IS NOT NULL;
CREATE INDEX journal_promotion_idx ON ledger.journal (id) WHERE promotion IS NOT NULL;
CREATE INDEX journal_fees_idx ON ledger.journal (id) WHERE fees IS NOT NULL;
CREATE INDEX journal_adjustment_idx ON ledger.journal (id) WHERE adjustment IS NOT NULL;
CREATE INDEX journal_tds_payable_idx ON ledger.journal (id) WHERE tds_payable IS NOT NULL;
CREATE INDEX journal_gst_payable_idx ON ledger.journal (id) WHERE gst_payable IS NOT NULL;
CREATE INDEX journal_unmatched_idx ON ledger.journal (id) WHERE unmatched IS NOT NULL;
CREATE INDEX journal_opening_idx ON ledger.journal (id) WHERE opening IS NOT NULL;

CREATE INDEX journal_time_idx ON ledger.journal USING brin (occurred_at) WITH (pages_per_range = 32, autosummarize = on);

-- Born with the first entry; no row is a balance of nothing.
CREATE TABLE ledger.balance (
  account_id bigint       PRIMARY KEY,
  amount     ledger.owned NOT NULL,
  seq        bigint       NOT NULL
) WITH (fillfactor = 70);

-- The entries on people's accounts. The id is drawn while the balance is locked: on one account ids ascend as seq does.
CREATE TABLE ledger.line (
  id             bigint GENERATED ALWAYS AS IDENTITY,
  account_id     bigint        NOT NULL,
  transaction_id bigint        NOT NULL,
  seq            bigint        NOT NULL,
  amount         ledger.rupees NOT NULL,
  balance_after  numeric       NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX line_transaction_idx ON ledger.line USING brin (transaction_id) WITH (pages_per_range = 32, autosummarize = on);

-- What was in the books before. Lines keep their seq; their ids are put into its order.
INSERT INTO ledger.journal (id, kind, key, occurred_at, actor, memo, reverses, upi_clearing, gateway_clearing, bank, sales, refunds, cost_of_sales, commission, promotion, fees, adjustment, supplier, tds_payable, gst_payable, unmatched, opening, accounts, amounts) OVERRIDING SYSTEM VALUE
  SELECT t.id, t.kind, t.key, t.occurred_at, t.actor, t.memo, t.reverses,
         max(e.amount) FILTER (WHERE e.account_id = 1), max(e.amount) FILTER (WHERE e.account_id = 2),
         max(e.amount) FILTER (WHERE e.account_id = 3), max(e.amount) FILTER (WHERE e.account_id = 4),
         max(e.amount) FILTER (WHERE e.account_id = 5), max(e.amount) FILTER (WHERE e.account_id = 6),
         max(e.amount) FILTER (WHERE e.account_id = 7), max(e.amount) FILTER (WHERE e.account_id = 8),
         max(e.amount) FILTER (WHERE e.account_id = 9), max(e.amount) FILTER (WHERE e.account_id = 10),
         max(e.amount) FILTER (WHERE e.account_id = 11), max(e.amount) FILTER (WHERE e.account_id = 12),
         max(e.amount) FILTER (WHERE e.account_id = 13), max(e.amount) FILTER (WHERE e.account_id = 14),
         max(e.amount) FILTER (WHERE e.account_id = 15),
         coalesce(array_agg(e.account_id ORDER BY e.account_id) FILTER (WHERE e.account_id >= 32), '{}'),
         coalesce(array_agg(e.amount ORDER BY e.account_id) FILTER (WHERE e.account_id >= 32), '{}')
  FROM ledger_before.transaction t JOIN ledger_before.entry e ON e.transaction_id = t.id GROUP BY t.id ORDER BY t.id;
INSERT INTO ledger.balance (account_id, amount, seq) SELECT account_id, amount, seq FROM ledger_before.balance WHERE seq > 0;
INSERT INTO ledger.line (id, account_id, transaction_id, seq, amount, balance_after) OVERRIDING SYSTEM VALUE
  SELECT place.id, e.account_id, e.transaction_id, e.seq, e.amount, e.balance_after
  FROM ledger_before.entry e
  JOIN (SELECT id, account_id, row_number() OVER (PARTITION BY account_id ORDER BY id) AS seq FROM ledger_before.entry WHERE account_id >= 32) place
    ON place.account_id = e.account_id AND place.seq = e.seq
  ORDER BY place.id;
SELECT setval('ledger.journal_id_seq', greatest(1, (SELECT max(id) FROM ledger.journal)), EXISTS (SELECT FROM ledger.journal)),
       setval('ledger.line_id_seq', greatest(1, (SELECT max(id) FROM ledger.line)), EXISTS (SELECT FROM ledger.line));
DROP SCHEMA ledger_before CASCADE;

-- The journal row is the movement: whole, on accounts that exist, in the one lock order; below zero is refused by balance_not_negative.
CREATE FUNCTION ledger.move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  accounts bigint[]  := NEW.accounts;
  amounts  numeric[] := NEW.amounts;
  total    numeric   := coalesce(NEW.upi_clearing, 0) + coalesce(NEW.gateway_clearing, 0) + coalesce(NEW.bank, 0) + coalesce(NEW.sales, 0) + coalesce(NEW.refunds, 0) + coalesce(NEW.cost_of_sales, 0) +
                      coalesce(NEW.commission, 0) + coalesce(NEW.promotion, 0) + coalesce(NEW.fees, 0) + coalesce(NEW.adjustment, 0) + coalesce(NEW.supplier, 0) + coalesce(NEW.tds_payable, 0) +
                      coalesce(NEW.gst_payable, 0) + coalesce(NEW.unmatched, 0) + coalesce(NEW.opening, 0);
  account  bigint;
  previous bigint := 31;
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
  INSERT INTO ledger.line (account_id, transaction_id, seq, amount, balance_after)
  SELECT l.account, NEW.id, l.seq, l.amount, l.after FROM unnest(accounts, seqs, amounts, afters) AS l (account, seq, amount, after);
  RETURN NULL;
END $$;
CREATE TRIGGER move AFTER INSERT ON ledger.journal FOR EACH ROW EXECUTE FUNCTION ledger.move();
ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER move;

-- Balances and lines follow from the journal: they are written from inside its trigger and by nobody else, and lines never change.
CREATE FUNCTION ledger.refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR TG_OP <> 'INSERT' AND (TG_OP <> 'UPDATE' OR TG_TABLE_NAME <> 'balance') THEN
    RAISE EXCEPTION 'ledger.% follows the journal: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balance_by_entries_alone BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.balance FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_by_hand();
CREATE TRIGGER entry_append_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_by_hand();
CREATE TRIGGER transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.journal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER chart_append_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.chart FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ledger.balance ENABLE ALWAYS TRIGGER balance_by_entries_alone;
ALTER TABLE ledger.line ENABLE ALWAYS TRIGGER entry_append_only;
ALTER TABLE ledger.journal ENABLE ALWAYS TRIGGER transaction_append_only;
ALTER TABLE ledger.chart ENABLE ALWAYS TRIGGER chart_append_only;

-- The shop's entries of a journal row, as rows.
CREATE FUNCTION ledger.shop_entries(j ledger.journal) RETURNS TABLE (account_id bigint, amount numeric) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT s.number, s.amount FROM (VALUES
  (1, j.upi_clearing), (2, j.gateway_clearing), (3, j.bank), (4, j.sales), (5, j.refunds),
  (6, j.cost_of_sales), (7, j.commission), (8, j.promotion), (9, j.fees), (10, j.adjustment),
  (11, j.supplier), (12, j.tds_payable), (13, j.gst_payable), (14, j.unmatched), (15, j.opening)) AS s (number, amount) WHERE s.amount IS NOT NULL
$$;

-- What a key stands for: the same key with the same lines is the same posting, with others an error.
CREATE FUNCTION ledger.fingerprint(kind text, accounts bigint[], amounts numeric[]) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(kind || coalesce(string_agg(format(' %s:%s', l.account, trim_scale(l.amount)), '' ORDER BY l.account), ''), 'UTF8'))
  FROM unnest(accounts, amounts) AS l (account, amount) WHERE l.amount <> 0
$$;

CREATE VIEW ledger.account AS
SELECT number::bigint AS id, NULL::bigint AS owner_id, kind FROM ledger.chart WHERE number < 16
UNION ALL SELECT u.id * 32 + c.number, u.id, c.kind FROM public.users u CROSS JOIN ledger.chart c WHERE c.number >= 16;

-- An entry of the shop's has the negative id transaction * 16 + number: it is no row of its own.
CREATE VIEW ledger.entry AS
SELECT -(j.id * 16 + s.account_id) AS id, j.id AS transaction_id, s.account_id, s.amount, NULL::bigint AS seq, NULL::numeric AS balance_after
FROM ledger.journal j CROSS JOIN LATERAL ledger.shop_entries(j) s
UNION ALL SELECT id, transaction_id, account_id, amount, seq, balance_after FROM ledger.line;

CREATE VIEW ledger.transaction AS
SELECT j.id, j.kind::text, j.key::text,
       (SELECT ledger.fingerprint(j.kind, array_agg(e.account_id), array_agg(e.amount))
        FROM (SELECT account_id, amount FROM ledger.shop_entries(j) UNION ALL SELECT * FROM unnest(j.accounts, j.amounts)) e) AS fingerprint,
       j.occurred_at, j.actor, j.memo, j.reverses
FROM ledger.journal j;

-- Up to which id every transaction has ended, committed or not. Ids are given before commit, so a lower one may appear later; whoever was given
-- one holds a lock on the journal until the end, so it is enough to wait for those who hold one now. Later ones get higher ids.
CREATE FUNCTION ledger.settled() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- The shop's accounts at a point of the journal: read = snapshot + what came after. Only account and point are believed, the figures are counted.
CREATE TABLE ledger.snapshot (
  account_id bigint  NOT NULL CONSTRAINT snapshot_of_the_shop CHECK (account_id BETWEEN 1 AND 15),
  through    bigint  NOT NULL,
  amount     numeric NOT NULL,
  entries    bigint  NOT NULL,
  PRIMARY KEY (account_id, through)
);
CREATE FUNCTION ledger.count_snapshot() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
CREATE TRIGGER count_snapshot BEFORE INSERT ON ledger.snapshot FOR EACH ROW EXECUTE FUNCTION ledger.count_snapshot();
CREATE FUNCTION ledger.snapshot_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_snapshots GROUP BY through HAVING count(*) <> 15) THEN
    RAISE EXCEPTION 'a snapshot has all accounts of the shop' USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER snapshot_is_whole AFTER INSERT ON ledger.snapshot REFERENCING NEW TABLE AS new_snapshots FOR EACH STATEMENT EXECUTE FUNCTION ledger.snapshot_is_whole();
CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.snapshot FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER count_snapshot;
ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER snapshot_is_whole;
ALTER TABLE ledger.snapshot ENABLE ALWAYS TRIGGER snapshot_append_only;

-- Each transaction with its entries in one hash, in the order of the journal: what a seal seals.
CREATE FUNCTION ledger.hashes(after bigint, through bigint) RETURNS TABLE (transaction_id bigint, hash bytea) LANGUAGE sql STABLE AS $$
  SELECT j.id, sha256(convert_to(concat_ws(E'\n', ROW(j.id, j.kind, j.key, (extract(epoch FROM j.occurred_at) * 1000000)::bigint, j.actor, j.memo, j.reverses,
    j.upi_clearing, j.gateway_clearing, j.bank, j.sales, j.refunds, j.cost_of_sales, j.commission, j.promotion,
    j.fees, j.adjustment, j.supplier, j.tds_payable, j.gst_payable, j.unmatched, j.opening, j.accounts, j.amounts)::text, l.entries), 'UTF8'))
  FROM ledger.journal j
  LEFT JOIN (SELECT l.transaction_id, string_agg(ROW(l.id, l.account_id, l.seq, l.amount, l.balance_after)::text, E'\n' ORDER BY l.account_id, l.id) AS entries
             FROM ledger.line l WHERE l.transaction_id > after AND l.transaction_id <= through GROUP BY 1) l ON l.transaction_id = j.id
  WHERE j.id > after AND j.id <= through ORDER BY j.id
$$;

-- The chain: digest = SHA-256 of the previous digest, the point, and all hashes since; `marks` has the first eight bytes of each, to find
-- the one that changed. Only the point is believed.
CREATE TABLE ledger.seal (
  through   bigint PRIMARY KEY,
  digest    bytea NOT NULL,
  previous  bytea NOT NULL,
  marks     bytea NOT NULL,
  sealed_at timestamptz NOT NULL
);
CREATE FUNCTION ledger.digest(previous bytea, after bigint, through bigint, OUT digest bytea, OUT marks bytea) LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || convert_to(through::text, 'UTF8') || coalesce(string_agg(hash, '' ORDER BY transaction_id), '')),
         coalesce(string_agg(substr(hash, 1, 8), '' ORDER BY transaction_id), '')
  FROM ledger.hashes(after, through)
$$;
CREATE FUNCTION ledger.close_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
CREATE TRIGGER close_seal BEFORE INSERT ON ledger.seal FOR EACH ROW EXECUTE FUNCTION ledger.close_seal();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.seal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ledger.seal ENABLE ALWAYS TRIGGER close_seal;
ALTER TABLE ledger.seal ENABLE ALWAYS TRIGGER seal_append_only;

-- Every kind of account with its debits less credits; the column sums to zero.
CREATE VIEW ledger.trial_balance AS
WITH point AS (SELECT coalesce(max(through), 0) AS through FROM ledger.snapshot), recent AS (
  SELECT s.number, s.amount, s.entries
  FROM (SELECT sum(upi_clearing) AS upi_clearing, count(upi_clearing) AS upi_clearing_n, sum(gateway_clearing) AS gateway_clearing, count(gateway_clearing) AS gateway_clearing_n,
               sum(bank) AS bank, count(bank) AS bank_n, sum(sales) AS sales, count(sales) AS sales_n,
               sum(refunds) AS refunds, count(refunds) AS refunds_n, sum(cost_of_sales) AS cost_of_sales, count(cost_of_sales) AS cost_of_sales_n,
               sum(commission) AS commission, count(commission) AS commission_n, sum(promotion) AS promotion, count(promotion) AS promotion_n,
               sum(fees) AS fees, count(fees) AS fees_n, sum(adjustment) AS adjustment, count(adjustment) AS adjustment_n,
               sum(supplier) AS supplier, count(supplier) AS supplier_n, sum(tds_payable) AS tds_payable, count(tds_payable) AS tds_payable_n,
               sum(gst_payable) AS gst_payable, count(gst_payable) AS gst_payable_n, sum(unmatched) AS unmatched, count(unmatched) AS unmatched_n,
               sum(opening) AS opening, count(opening) AS opening_n
        FROM ledger.journal WHERE id > (SELECT through FROM point)) j
  CROSS JOIN LATERAL (VALUES (1, j.upi_clearing, j.upi_clearing_n), (2, j.gateway_clearing, j.gateway_clearing_n), (3, j.bank, j.bank_n), (4, j.sales, j.sales_n),
                             (5, j.refunds, j.refunds_n), (6, j.cost_of_sales, j.cost_of_sales_n), (7, j.commission, j.commission_n), (8, j.promotion, j.promotion_n),
                             (9, j.fees, j.fees_n), (10, j.adjustment, j.adjustment_n), (11, j.supplier, j.supplier_n), (12, j.tds_payable, j.tds_payable_n),
                             (13, j.gst_payable, j.gst_payable_n), (14, j.unmatched, j.unmatched_n), (15, j.opening, j.opening_n)) AS s (number, amount, entries)
), every AS (
  SELECT number, amount, entries FROM recent WHERE entries > 0
  UNION ALL SELECT account_id, amount, entries FROM ledger.snapshot WHERE through = (SELECT through FROM point) AND entries > 0
  UNION ALL SELECT account_id % 32, CASE WHEN account_id % 32 = 22 THEN amount ELSE -amount END, seq FROM ledger.balance
)
SELECT c.kind, sum(e.amount) AS amount, sum(e.entries)::bigint AS entries
FROM every e JOIN ledger.chart c ON c.number = e.number GROUP BY c.number, c.kind ORDER BY c.number;

-- The same as it was at a time, counted from the entries.
CREATE FUNCTION ledger.trial_balance_at(at timestamptz) RETURNS TABLE (kind text, amount numeric, entries bigint) LANGUAGE sql STABLE AS $$
  SELECT c.kind, sum(e.amount), count(*)
  FROM (SELECT s.account_id AS number, s.amount FROM ledger.journal j CROSS JOIN LATERAL ledger.shop_entries(j) s WHERE j.occurred_at <= at
        UNION ALL SELECT l.account % 32, l.amount FROM ledger.journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS l (account, amount) WHERE j.occurred_at <= at) e
  JOIN ledger.chart c ON c.number = e.number GROUP BY c.number, c.kind ORDER BY c.number
$$;
