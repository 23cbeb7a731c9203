-- Money in: seen by itself at the bank and at gateways, in Stars, into wallets.

-- A topic that nothing was ever told of.
DELETE FROM mute WHERE topic = 'news';
ALTER TABLE mute DROP CONSTRAINT mute_topic, ADD CONSTRAINT mute_topic CHECK (topic IN ('joins', 'commissions', 'reminders'));

-- A top-up is an order whose goods are money in the buyer's wallet: without units, cost, commissions, receipt; `credited` where others are `paid`, so
-- that no sale is counted.
ALTER TABLE orders
  ADD fills_wallet boolean NOT NULL DEFAULT false,
  -- What it costs in Telegram Stars, where all that is in it has such a price.
  ADD stars        integer CONSTRAINT orders_stars CHECK (stars > 0);
ALTER TABLE plan ADD stars integer CONSTRAINT plan_stars CHECK (stars BETWEEN 1 AND 100000);

DO $$
DECLARE
  whole text := pg_get_functiondef('public.orders_rules'::regproc);
  changed text := whole;
BEGIN
  changed := replace(changed, '(NEW.discount = 0 OR NEW.coupon_id IS NOT NULL)', '(NEW.discount < 1 OR NEW.coupon_id IS NOT NULL)');
  changed := replace(changed, '''expired'', ''cancelled'')) THEN ''orders_state''', '''expired'', ''cancelled'', ''credited'')) THEN ''orders_state''
    WHEN NOT (CASE WHEN NEW.fills_wallet THEN NEW.paid_at IS NULL AND NEW.cost = 0 ELSE NEW.state <> ''credited'' END) THEN ''orders_fills_wallet''');
  IF length(changed) <= length(whole) + 150 OR position('NEW.discount < 1' IN changed) = 0 THEN
    RAISE EXCEPTION 'orders_rules is not the one that m0009 made';
  END IF;
  EXECUTE changed;
END $$;

ALTER TABLE payment
  -- Which gateway took it, and its own id of it: one payment there is one here.
  ADD gateway     text CONSTRAINT payment_gateway CHECK (gateway IN ('razorpay', 'cashfree', 'stars')),
  ADD gateway_ref text,
  -- The payer's UPI id, where the gateway or the bank told it.
  ADD payer       text,
  -- The credit that it was made from, where nobody had sent a proof.
  ADD credit_id   bigint REFERENCES bank_credit (id),
  ADD CONSTRAINT payment_of_gateway CHECK ((gateway IS NULL) = (gateway_ref IS NULL));
CREATE UNIQUE INDEX payment_gateway_ref_key ON payment (gateway, gateway_ref) WHERE gateway IS NOT NULL;
CREATE INDEX payment_utr_idx ON payment (utr) WHERE state = 'submitted';
CREATE INDEX payment_payer_idx ON payment (payer, user_id) WHERE payer IS NOT NULL;

DO $$
DECLARE
  whole text := pg_get_functiondef('public.payment_rules'::regproc);
  changed text := whole;
BEGIN
  changed := replace(changed, '(''upi'', ''gateway'', ''wallet'')', '(''upi'', ''gateway'', ''wallet'', ''stars'')');
  changed := replace(changed, 'NEW.photo_file_id IS NOT NULL)', 'NEW.photo_file_id IS NOT NULL OR NEW.credit_id IS NOT NULL)');
  IF position('''stars''' IN changed) = 0 OR position('NEW.credit_id' IN changed) = 0 THEN
    RAISE EXCEPTION 'payment_rules is not the one that m0005 made';
  END IF;
  EXECUTE changed;
END $$;

-- Money seen that is not yet known to be for something: at the bank, or at a gateway that took it for no open order.
ALTER TABLE bank_credit
  ADD source   text NOT NULL DEFAULT 'bank' CONSTRAINT bank_credit_source CHECK (source IN ('bank', 'razorpay', 'cashfree', 'stars')),
  -- Which bank, as settings and senders name it: HDFC.
  ADD bank     text NOT NULL DEFAULT '',
  -- The payer's UPI id, where it was told.
  ADD vpa      text,
  -- The bank's own words.
  ADD note     text NOT NULL DEFAULT '',
  -- The statement names the day alone; `seen_at` is its noon.
  ADD by_day   boolean NOT NULL DEFAULT false,
  -- Why it waits for staff, and the order that it may be for.
  ADD waits    text CONSTRAINT bank_credit_waits CHECK (waits IN ('unknown', 'late', 'double', 'short', 'excess', 'several', 'ask')),
  ADD order_id bigint REFERENCES orders (id),
  ADD noted_at timestamptz NOT NULL DEFAULT now(),
  -- `credit:BANK_REF` and `credit:ID:assigned:N` are keys of one ledger.
  ADD CONSTRAINT bank_credit_ref_shape CHECK (bank_ref ~ '^[A-Za-z0-9._/-]{1,100}$') NOT VALID;
CREATE INDEX bank_credit_waiting_idx ON bank_credit (amount, id) WHERE assigned < amount;

ALTER TABLE credit_assignment
  -- What the bank shows of a gateway's payout is no new money: it leaves `unmatched` for `bank`, where the settlement had put it.
  ADD settlement_id bigint REFERENCES settlement (id),
  -- The reference of what was sent back.
  ADD sent_back_ref text,
  ADD CONSTRAINT credit_assignment_settlement_key UNIQUE (settlement_id),
  ADD CONSTRAINT credit_assignment_of_settlement CHECK (settlement_id IS NULL OR sent_back > 0);

DO $$
DECLARE
  rule text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'card_kind');
BEGIN
  EXECUTE 'ALTER TABLE card DROP CONSTRAINT card_kind, ADD CONSTRAINT card_kind ' || replace(rule, 'ARRAY[', 'ARRAY[''credit''::text, ');
END $$;

-- Top-ups in the books.
DO $$
DECLARE
  whole text := pg_get_viewdef('ledger.expected'::regclass);
  asked text := '((payment.order_id IS NULL) AND (payment.state = ''confirmed''::text))';
BEGIN
  IF position(asked IN whole) = 0 THEN
    RAISE EXCEPTION 'ledger.expected is not the one that m0009 made';
  END IF;
  EXECUTE 'CREATE OR REPLACE VIEW ledger.expected AS ' || replace(whole, asked,
    '((payment.state = ''confirmed''::text) AND (payment.order_id IS NULL OR EXISTS (SELECT FROM public.orders o WHERE o.id = payment.order_id AND o.fills_wallet)))');
END $$;
DO $$
DECLARE
  whole text := pg_get_functiondef('ledger.proof_since'::regproc);
  asked text := 'WHERE (o.paid_at IS NOT NULL) <> (p.id IS NOT NULL)
   OR p.amount';
BEGIN
  IF position(asked IN whole) = 0 THEN
    RAISE EXCEPTION 'ledger.proof_since is not the one that m0009 made';
  END IF;
  -- The wallet pays nothing of a top-up.
  EXECUTE replace(whole, asked, 'WHERE (o.paid_at IS NOT NULL OR o.state = ''credited'') <> (p.id IS NOT NULL)
   OR p.amount');
END $$;
