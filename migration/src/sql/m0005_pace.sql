-- What every sale and every release write, at the pace of the disk.

-- Rules as triggers: PostgreSQL reads a table's CHECK anew for each statement (80 µs for those of `orders` alone), and keeps a function ready.
-- Names and meaning are those of the CHECKs they replace; like those they hold for everybody, in every session.

ALTER TABLE orders
  DROP CONSTRAINT orders_price, DROP CONSTRAINT orders_cost, DROP CONSTRAINT orders_level1, DROP CONSTRAINT orders_level2, DROP CONSTRAINT orders_hold,
  DROP CONSTRAINT orders_state, DROP CONSTRAINT orders_paid_once, DROP CONSTRAINT orders_delivered, DROP CONSTRAINT orders_period,
  DROP CONSTRAINT orders_from_wallet, DROP CONSTRAINT orders_reserved_once, DROP CONSTRAINT orders_refunded;
CREATE FUNCTION orders_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- A rule about what is not known is not broken.
  broken text := CASE
    WHEN NOT (NEW.price >= 1 AND NEW.price < 1000000000000 AND scale(NEW.price) <= 2) THEN 'orders_price'
    WHEN NOT (NEW.cost >= 0 AND NEW.cost < 1000000000000 AND scale(NEW.cost) <= 2) THEN 'orders_cost'
    WHEN NOT (NEW.level1_percent BETWEEN 0 AND 100) THEN 'orders_level1'
    WHEN NOT (NEW.level2_percent BETWEEN 0 AND 100) THEN 'orders_level2'
    WHEN NOT (NEW.hold_s >= 0) THEN 'orders_hold'
    WHEN NOT (NEW.period_days > 0) THEN 'orders_period'
    WHEN NOT (NEW.state IN ('awaiting_payment', 'in_review', 'paid', 'delivered', 'expired', 'cancelled')) THEN 'orders_state'
    WHEN NOT ((NEW.state IN ('paid', 'delivered')) = (NEW.paid_at IS NOT NULL)) THEN 'orders_paid_once'
    WHEN NOT ((NEW.state = 'delivered') = (NEW.delivered_at IS NOT NULL)) THEN 'orders_delivered'
    WHEN NOT (NEW.from_credit >= 0 AND NEW.from_earned >= 0 AND NEW.from_credit + NEW.from_earned <= NEW.price AND scale(NEW.from_credit) <= 2 AND scale(NEW.from_earned) <= 2)
      THEN 'orders_from_wallet'
    WHEN NOT (NEW.unreserved_at IS NULL OR NEW.reserved_at IS NOT NULL) THEN 'orders_reserved_once'
    WHEN NOT (NEW.refunded >= 0 AND NEW.refunded <= CASE WHEN NEW.paid_at IS NULL THEN 0 ELSE NEW.price END AND scale(NEW.refunded) <= 2) THEN 'orders_refunded'
  END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'order % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER orders_rules BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_rules();
ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_rules;

ALTER TABLE payment
  DROP CONSTRAINT payment_method, DROP CONSTRAINT payment_amount, DROP CONSTRAINT payment_utr_shape, DROP CONSTRAINT payment_state,
  DROP CONSTRAINT payment_has_proof, DROP CONSTRAINT payment_decided, DROP CONSTRAINT payment_rejected_with_reason;
CREATE FUNCTION payment_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  broken text := CASE
    WHEN NOT (NEW.method IN ('upi', 'gateway', 'wallet')) THEN 'payment_method'
    WHEN NOT (NEW.amount > 0 AND NEW.amount < 1000000000000 AND scale(NEW.amount) <= 2) THEN 'payment_amount'
    WHEN NOT (NEW.utr ~ '^[0-9]{12}$') THEN 'payment_utr_shape'
    WHEN NOT (NEW.state IN ('submitted', 'confirmed', 'rejected')) THEN 'payment_state'
    WHEN NOT (NEW.method <> 'upi' OR NEW.order_id IS NULL OR NEW.utr IS NOT NULL OR NEW.photo_file_id IS NOT NULL) THEN 'payment_has_proof'
    WHEN NOT ((NEW.state = 'submitted') = (NEW.decided_at IS NULL)) THEN 'payment_decided'
    WHEN NOT (NEW.state <> 'rejected' OR NEW.reason IS NOT NULL) THEN 'payment_rejected_with_reason'
  END;
BEGIN
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'payment % breaks %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_rules BEFORE INSERT OR UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION payment_rules();
ALTER TABLE payment ENABLE ALWAYS TRIGGER payment_rules;

ALTER TABLE commission
  DROP CONSTRAINT commission_level, DROP CONSTRAINT commission_amount, DROP CONSTRAINT commission_reversed, DROP CONSTRAINT commission_not_to_buyer,
  DROP CONSTRAINT commission_cancelled_whole;
CREATE FUNCTION commission_rules() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER commission_rules BEFORE INSERT OR UPDATE ON commission FOR EACH ROW EXECUTE FUNCTION commission_rules();
ALTER TABLE commission ENABLE ALWAYS TRIGGER commission_rules;

-- On a day on which everybody's balance changes the new rows find room beside the old ones.
ALTER TABLE ledger.balance SET (fillfactor = 50);

-- What a day of releases moves goes by sets: a statement for each account took three times as long. Only releases move so many, and they have
-- locked the purses: nobody else is at these balances, so they are locked in any order, and none is born twice. Planned anew each time, for as many
-- accounts as there are.
CREATE FUNCTION ledger.move_many(transaction bigint, accounts bigint[], amounts numeric[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
END $$;
REVOKE ALL ON FUNCTION ledger.move_many FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger.move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- A release reads what is due from the index alone.
DROP INDEX commission_release_idx;
CREATE INDEX commission_release_idx ON commission (beneficiary_id, release_at) INCLUDE (amount, reversed);

-- The incremental proof looked for the payments of new orders by reading all payments: it asks for each now, in one step into an index.
DO $$
DECLARE
  whole text := pg_get_functiondef('ledger.proof_since'::regproc);
  asked text := 'LEFT JOIN public.payment p ON p.order_id = o.id AND p.state = ''confirmed''';
BEGIN
  IF position(asked IN whole) = 0 THEN
    RAISE EXCEPTION 'ledger.proof_since is not the one that m0004 made';
  END IF;
  EXECUTE replace(whole, asked, 'LEFT JOIN LATERAL (SELECT p.* FROM public.payment p WHERE p.order_id = o.id AND p.state = ''confirmed'' OFFSET 0) p ON true');
END $$;
