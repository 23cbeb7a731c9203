-- The books. PostgreSQL itself refuses what would make them wrong, for every role: guards are triggers that fire ALWAYS.
-- An entry's amount is positive for a debit, negative for a credit. Only the people's accounts have a materialised balance.

CREATE SCHEMA ledger;

-- The chart of accounts. Numbers below 32; an account's id is owner * 32 + number (the shop's owner counts as 0),
-- so that a posting needs no look-up and everyone locks in the same order.
CREATE FUNCTION ledger.kind_number(kind text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE kind
    WHEN 'upi_clearing' THEN 1 WHEN 'gateway_clearing' THEN 2 WHEN 'bank' THEN 3
    WHEN 'sales' THEN 4 WHEN 'refunds' THEN 5
    WHEN 'cost_of_sales' THEN 6 WHEN 'commission' THEN 7 WHEN 'promotion' THEN 8 WHEN 'fees' THEN 9 WHEN 'adjustment' THEN 10
    WHEN 'supplier' THEN 11 WHEN 'tds_payable' THEN 12 WHEN 'gst_payable' THEN 13 WHEN 'unmatched' THEN 14 WHEN 'opening' THEN 15
    WHEN 'credit' THEN 16 WHEN 'held' THEN 17 WHEN 'earned' THEN 18 WHEN 'reserved' THEN 19
    WHEN 'withdrawing' THEN 20 WHEN 'refunding' THEN 21 WHEN 'owed' THEN 22 END
$$;

CREATE TABLE ledger.account (
  id       bigint PRIMARY KEY,
  owner_id bigint REFERENCES public.users (id),
  kind     text NOT NULL,
  CONSTRAINT account_owner_kind_key UNIQUE NULLS NOT DISTINCT (owner_id, kind),
  CONSTRAINT account_kind CHECK (ledger.kind_number(kind) IS NOT NULL AND (ledger.kind_number(kind) >= 16) = (owner_id IS NOT NULL)),
  CONSTRAINT account_id_is_derived CHECK (id = coalesce(owner_id, 0) * 32 + ledger.kind_number(kind))
);

CREATE TABLE ledger.balance (
  account_id bigint  PRIMARY KEY REFERENCES ledger.account (id),
  amount     numeric NOT NULL DEFAULT 0 CONSTRAINT balance_not_negative CHECK (amount >= 0),
  seq        bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE TABLE ledger.transaction (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text   NOT NULL CONSTRAINT transaction_kind CHECK (kind IN (
                'order_paid', 'commissions_released', 'withdrawal_asked', 'withdrawal_refused', 'withdrawal_paid')),
  key         text   NOT NULL CONSTRAINT transaction_key_key UNIQUE CONSTRAINT transaction_key_shape CHECK (key ~ '^[a-z]+:.+$'),
  fingerprint bytea  NOT NULL,
  occurred_at timestamptz NOT NULL,
  actor       text   NOT NULL,
  memo        text   NOT NULL DEFAULT '',
  reverses    bigint REFERENCES ledger.transaction (id),
  -- Ids are given before commit; whoever reads "all so far" must stop below the oldest transaction still running.
  written_by  xid8   NOT NULL DEFAULT pg_current_xact_id()
);

CREATE TABLE ledger.entry (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id bigint  NOT NULL REFERENCES ledger.transaction (id),
  -- The foreign key sleeps under session_replication_role = replica; a check never does. People's accounts are known by their balance.
  account_id     bigint  NOT NULL REFERENCES ledger.account (id) CONSTRAINT entry_account_number CHECK (account_id >= 32 OR account_id BETWEEN 1 AND 15),
  amount         numeric NOT NULL CONSTRAINT entry_amount
                 CHECK (amount <> 0 AND amount <> 'NaN' AND abs(amount) < 1000000000000 AND scale(amount) <= 2),
  seq            bigint,
  balance_after  numeric,
  CONSTRAINT entry_transaction_account_key UNIQUE (transaction_id, account_id)
);
CREATE INDEX entry_account_idx ON ledger.entry (account_id, id);

-- What a key stands for: the same key with the same lines is the same posting, with others an error.
CREATE FUNCTION ledger.fingerprint(kind text, accounts bigint[], amounts numeric[]) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(kind || coalesce(string_agg(format(' %s:%s', l.account, trim_scale(l.amount)), '' ORDER BY l.account), ''), 'UTF8'))
  FROM unnest(accounts, amounts) AS l (account, amount) WHERE l.amount <> 0
$$;

-- People's accounts are made with the person, and their balances with the accounts.
CREATE FUNCTION ledger.open_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.account (id, owner_id, kind)
  SELECT p.id * 32 + ledger.kind_number(k), p.id, k
  FROM new_people p CROSS JOIN unnest(ARRAY['credit', 'held', 'earned', 'reserved', 'withdrawing', 'refunding', 'owed']) AS k;
  RETURN NULL;
END $$;
CREATE TRIGGER open_accounts AFTER INSERT ON public.users REFERENCING NEW TABLE AS new_people
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.open_accounts();
ALTER TABLE public.users ENABLE ALWAYS TRIGGER open_accounts;

CREATE FUNCTION ledger.open_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.balance (account_id) SELECT id FROM new_accounts WHERE owner_id IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER open_balances AFTER INSERT ON ledger.account REFERENCING NEW TABLE AS new_accounts
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.open_balances();
ALTER TABLE ledger.account ENABLE ALWAYS TRIGGER open_balances;

-- The entry *is* the movement of the balance. Below zero is refused by balance_not_negative.
CREATE FUNCTION ledger.move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seq := NULL;
  NEW.balance_after := NULL;
  IF NEW.account_id >= 32 THEN
    UPDATE ledger.balance b
    SET amount = b.amount + CASE WHEN NEW.account_id % 32 = 22 THEN NEW.amount ELSE -NEW.amount END, seq = b.seq + 1
    WHERE b.account_id = NEW.account_id
    RETURNING b.seq, b.amount INTO NEW.seq, NEW.balance_after;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'account % has no balance', NEW.account_id USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_account_id_fkey';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER move_balance BEFORE INSERT ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.move_balance();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER move_balance;
-- ON CONFLICT DO NOTHING would leave the entry out after its trigger has moved the balance. PostgreSQL refuses ON CONFLICT on a table
-- that has a rule for UPDATE, whatever the rule does: this one does nothing.
CREATE RULE entry_is_inserted_plainly AS ON UPDATE TO ledger.entry DO ALSO NOTHING;

-- All entries of a transaction come in the statement that makes it: at least two, summing to zero, as its fingerprint says.
CREATE FUNCTION ledger.entries_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT n.transaction_id INTO wrong
  FROM (SELECT transaction_id, sum(amount) AS total, count(*) AS lines, array_agg(account_id) AS accounts, array_agg(amount) AS amounts
        FROM new_entries GROUP BY transaction_id) n
  LEFT JOIN ledger.transaction t ON t.id = n.transaction_id
  WHERE n.total <> 0 OR n.lines < 2 OR t.id IS NULL
     OR t.fingerprint <> ledger.fingerprint(t.kind, n.accounts, n.amounts)
     OR n.lines <> (SELECT count(*) FROM ledger.entry e WHERE e.transaction_id = n.transaction_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the entries of transaction % do not sum to zero, or are not the ones it was made with', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entries_are_whole AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.entries_are_whole();
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entries_are_whole;

CREATE FUNCTION ledger.transaction_has_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_transactions t WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.transaction_id = t.id)) THEN
    RAISE EXCEPTION 'a transaction without entries' USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transaction_has_entries AFTER INSERT ON ledger.transaction REFERENCING NEW TABLE AS new_transactions
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.transaction_has_entries();
ALTER TABLE ledger.transaction ENABLE ALWAYS TRIGGER transaction_has_entries;

-- A balance is changed by the entry trigger alone, that is: from inside another trigger.
CREATE FUNCTION ledger.refuse_direct_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR TG_OP NOT IN ('INSERT', 'UPDATE') THEN
    RAISE EXCEPTION 'a balance is changed by its entries alone: % refused', TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = 'balance_by_entries_alone';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balance_by_entries_alone BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.balance
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_direct_change();
ALTER TABLE ledger.balance ENABLE ALWAYS TRIGGER balance_by_entries_alone;

CREATE TRIGGER account_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.account FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transaction FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ledger.account ENABLE ALWAYS TRIGGER account_append_only;
ALTER TABLE ledger.transaction ENABLE ALWAYS TRIGGER transaction_append_only;
ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entry_append_only;

INSERT INTO ledger.account (id, owner_id, kind)
SELECT ledger.kind_number(k), NULL, k
FROM unnest(ARRAY['upi_clearing', 'gateway_clearing', 'bank', 'sales', 'refunds', 'cost_of_sales', 'commission', 'promotion', 'fees',
                  'adjustment', 'supplier', 'tds_payable', 'gst_payable', 'unmatched', 'opening']) AS k;

-- Every account kind with its debits less credits; the column sums to zero.
CREATE VIEW ledger.trial_balance AS
SELECT a.kind, sum(e.amount) AS amount, count(*) AS entries
FROM ledger.entry e JOIN ledger.account a ON a.id = e.account_id
GROUP BY a.kind ORDER BY ledger.kind_number(a.kind);

-- One row for each thing that is wrong; empty means that the books are right.
CREATE VIEW ledger.proof AS
WITH own AS (
  SELECT a.id, a.owner_id, a.kind, b.amount, b.seq FROM ledger.account a LEFT JOIN ledger.balance b ON b.account_id = a.id WHERE a.owner_id IS NOT NULL
), expected AS (
  SELECT format('order:%s:paid', id) AS key, 'order_paid' AS kind FROM public.orders WHERE paid_at IS NOT NULL
  UNION ALL SELECT format('withdrawal:%s:asked', id), 'withdrawal_asked' FROM public.withdrawal
  UNION ALL SELECT format('withdrawal:%s:settled', id), CASE state WHEN 'paid' THEN 'withdrawal_paid' ELSE 'withdrawal_refused' END
            FROM public.withdrawal WHERE state IN ('paid', 'rejected', 'failed')
)
SELECT CASE WHEN t.id IS NULL THEN 'entries without their transaction' ELSE 'unbalanced transaction' END AS problem,
       coalesce(t.id, e.transaction_id)::text AS subject, format('sums to %s over %s entries', coalesce(sum(e.amount), 0), count(e.id)) AS detail
FROM ledger.transaction t FULL JOIN ledger.entry e ON e.transaction_id = t.id
GROUP BY t.id, e.transaction_id HAVING coalesce(sum(e.amount), 0) <> 0 OR count(e.id) < 2 OR t.id IS NULL
UNION ALL
SELECT 'fingerprint differs', t.id::text, t.key
FROM ledger.transaction t JOIN ledger.entry e ON e.transaction_id = t.id
GROUP BY t.id HAVING t.fingerprint <> ledger.fingerprint(t.kind, array_agg(e.account_id), array_agg(e.amount))
UNION ALL
SELECT 'balance is not the sum of its entries', o.id::text, format('%s: balance %s at %s, entries %s at %s', o.kind, o.amount, o.seq, coalesce(s.total, 0), coalesce(s.lines, 0))
FROM own o LEFT JOIN (
  SELECT account_id, sum(CASE WHEN account_id % 32 = 22 THEN amount ELSE -amount END) AS total, count(*) AS lines
  FROM ledger.entry WHERE account_id >= 32 GROUP BY account_id) s ON s.account_id = o.id
WHERE o.amount IS DISTINCT FROM coalesce(s.total, 0) OR o.seq IS DISTINCT FROM coalesce(s.lines, 0)
UNION ALL
SELECT 'entry does not follow the one before', e.id::text, format('account %s, seq %s, balance after %s', e.account_id, e.seq, e.balance_after)
FROM (SELECT id, account_id, seq, balance_after, CASE WHEN account_id % 32 = 22 THEN amount ELSE -amount END AS moved,
             lag(seq, 1, 0::bigint) OVER w AS seq_before, lag(balance_after, 1, 0::numeric) OVER w AS balance_before
      FROM ledger.entry WHERE account_id >= 32 WINDOW w AS (PARTITION BY account_id ORDER BY seq)) e
WHERE e.seq IS DISTINCT FROM e.seq_before + 1 OR e.balance_after IS DISTINCT FROM e.balance_before + e.moved
UNION ALL
SELECT 'held is not the held commissions', o.owner_id::text, format('held %s, commissions %s', o.amount, coalesce(c.total, 0))
FROM own o LEFT JOIN (SELECT beneficiary_id, sum(amount - reversed) AS total FROM public.commission WHERE state = 'held' GROUP BY 1) c ON c.beneficiary_id = o.owner_id
WHERE o.kind = 'held' AND o.amount IS DISTINCT FROM coalesce(c.total, 0)
UNION ALL
SELECT 'withdrawing is not the open withdrawals', o.owner_id::text, format('withdrawing %s, withdrawals %s', o.amount, coalesce(w.total, 0))
FROM own o LEFT JOIN (SELECT user_id, sum(amount) AS total FROM public.withdrawal WHERE state IN ('asked', 'approved') GROUP BY 1) w ON w.user_id = o.owner_id
WHERE o.kind = 'withdrawing' AND o.amount IS DISTINCT FROM coalesce(w.total, 0)
UNION ALL
SELECT CASE WHEN t.id IS NULL THEN 'no transaction for it' WHEN x.key IS NULL THEN 'transaction without its business row' ELSE 'transaction of another kind' END,
       coalesce(t.key, x.key), format('expected %s, found %s', coalesce(x.kind, 'nothing'), coalesce(t.kind, 'nothing'))
FROM expected x FULL JOIN (SELECT id, key, kind FROM ledger.transaction WHERE kind <> 'commissions_released') t ON t.key = x.key
WHERE t.kind IS DISTINCT FROM x.kind
UNION ALL
SELECT 'order and its transaction differ', t.key, format('price %s, sales %s; cost %s, cost of sales %s; commissions %s, expense %s', o.price, b.sales, o.cost, b.cost, coalesce(c.total, 0), b.commission)
FROM public.orders o JOIN ledger.transaction t ON t.key = format('order:%s:paid', o.id)
CROSS JOIN LATERAL (SELECT coalesce(-sum(amount) FILTER (WHERE account_id = 4), 0) AS sales, coalesce(sum(amount) FILTER (WHERE account_id = 6), 0) AS cost,
                           coalesce(sum(amount) FILTER (WHERE account_id = 7), 0) AS commission FROM ledger.entry e WHERE e.transaction_id = t.id) b
-- Only what the order's transaction credits to the same person counts: a commission given to another is found, released or not.
LEFT JOIN LATERAL (SELECT sum(c.amount) AS total FROM public.commission c
                   JOIN ledger.entry e ON e.transaction_id = t.id AND e.account_id = c.beneficiary_id * 32 + 17 AND e.amount = -c.amount
                   WHERE c.order_id = o.id) c ON true
WHERE o.price <> b.sales OR o.cost <> b.cost OR coalesce(c.total, 0) <> b.commission
UNION ALL
SELECT 'withdrawal and its transaction differ', t.key, format('withdrawal %s, moved %s', w.amount, m.moved)
FROM public.withdrawal w JOIN ledger.transaction t ON t.key IN (format('withdrawal:%s:asked', w.id), format('withdrawal:%s:settled', w.id))
CROSS JOIN LATERAL (SELECT coalesce(sum(abs(amount)), 0) AS moved FROM ledger.entry e WHERE e.transaction_id = t.id AND e.account_id = w.user_id * 32 + 20) m
WHERE m.moved <> w.amount
UNION ALL
SELECT 'paid order and its payment differ', o.code, format('order %s, confirmed payment %s', o.price, coalesce(p.amount, 0))
FROM public.orders o LEFT JOIN public.payment p ON p.order_id = o.id AND p.state = 'confirmed'
WHERE (o.paid_at IS NOT NULL) <> (p.id IS NOT NULL) OR p.amount <> o.price;
