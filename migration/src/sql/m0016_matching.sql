-- Credits that find their orders by themselves, and the queue of those that do not.

ALTER TABLE bank_credit
  -- The twelve digits by which UPI knows it, where they are in its reference; some banks write zeros before them.
  ADD utr      text GENERATED ALWAYS AS (substring(coalesce(learned_ref, bank_ref) FROM '(?:^|[^0-9])0*([0-9]{12})(?:[^0-9]|$)')) STORED,
  -- When the admin chat was given a card of it.
  ADD carded_at timestamptz;
CREATE INDEX bank_credit_utr_idx ON bank_credit (utr) WHERE utr IS NOT NULL;
CREATE INDEX bank_credit_vpa_idx ON bank_credit (vpa) WHERE vpa IS NOT NULL;
-- Nobody has looked yet what these are for.
CREATE INDEX bank_credit_fresh_idx ON bank_credit (id) WHERE waits IS NULL AND assigned = 0;
CREATE INDEX bank_credit_queue_idx ON bank_credit (waits, id) INCLUDE (amount, assigned, source) WHERE assigned < amount;
CREATE INDEX bank_credit_decide_idx ON bank_credit (id) WHERE assigned < amount AND (waits <> 'unknown' OR source <> 'bank');
CREATE INDEX bank_credit_carded_idx ON bank_credit (carded_at) WHERE carded_at IS NOT NULL;

-- Who said so, as their name was then.
ALTER TABLE credit_assignment ADD actor_name text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX credit_assignment_sent_back_ref_key ON credit_assignment (sent_back_ref) WHERE sent_back_ref IS NOT NULL;

-- When an order ended unpaid: money that came before that came in time.
ALTER TABLE orders ADD ended_at timestamptz;
UPDATE orders SET ended_at = expires_at WHERE state IN ('expired', 'cancelled');
CREATE INDEX orders_awaited_idx ON orders ((price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END), placed_at)
  WHERE state IN ('awaiting_payment', 'in_review');
CREATE INDEX orders_ended_idx ON orders ((price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END), ended_at)
  WHERE state IN ('expired', 'cancelled');

-- What was confirmed lately; and of it, what was approved by a picture alone.
CREATE INDEX payment_confirmed_idx ON payment (decided_at) WHERE state = 'confirmed';
CREATE INDEX payment_by_picture_idx ON payment (amount, decided_at) WHERE state = 'confirmed' AND method = 'upi' AND utr IS NULL AND credit_id IS NULL;

CREATE INDEX withdrawal_vpa_idx ON withdrawal (vpa);
CREATE INDEX settlement_reference_idx ON settlement (lower(reference));
CREATE INDEX settlement_net_idx ON settlement (net, settled_at);
CREATE INDEX settlement_at_idx ON settlement (settled_at);
