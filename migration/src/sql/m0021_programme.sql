-- The programme's rules: rates of a plan's own, the friend's gift, and what limits cut off.

-- Without one the shop's percent holds.
ALTER TABLE plan
  ADD level1_percent numeric CONSTRAINT plan_level1 CHECK (level1_percent BETWEEN 0 AND 100),
  ADD level2_percent numeric CONSTRAINT plan_level2 CHECK (level2_percent BETWEEN 0 AND 100);
CREATE INDEX plan_own_rates_idx ON plan (id) WHERE active AND (level1_percent IS NOT NULL OR level2_percent IS NOT NULL);

-- Of the discount, what whoever joined by a link got off their first order.
ALTER TABLE orders ADD friend_off numeric NOT NULL DEFAULT 0;
DO $$
DECLARE
  whole text := pg_get_functiondef('orders_rules'::regproc);
  hold text := 'WHEN NOT (NEW.hold_s >= 0) THEN ''orders_hold''';
  coupon text := '(NEW.discount < 1 OR NEW.coupon_id IS NOT NULL)';
BEGIN
  IF position(hold IN whole) = 0 OR position(coupon IN whole) = 0 THEN
    RAISE EXCEPTION 'orders_rules is not the one that m0014 made';
  END IF;
  whole := replace(whole, hold, hold || E'\n    WHEN NOT (NEW.friend_off >= 0 AND NEW.friend_off <= NEW.discount AND scale(NEW.friend_off) <= 2) THEN ''orders_friend_off''');
  EXECUTE replace(whole, coupon, '(NEW.discount - NEW.friend_off < 1 OR NEW.coupon_id IS NOT NULL)');
END $$;

-- What a limit cut off a commission: all of it, and then there is none, or a part. Without foreign keys to people, as commissions are.
CREATE TABLE commission_cut (
  order_id       bigint   NOT NULL REFERENCES orders (id),
  level          smallint NOT NULL CONSTRAINT commission_cut_level CHECK (level IN (1, 2)),
  beneficiary_id bigint   NOT NULL,
  amount         numeric  NOT NULL CONSTRAINT commission_cut_amount CHECK (amount > 0 AND amount < 1000000000000 AND scale(amount) <= 2),
  cap            text     NOT NULL CONSTRAINT commission_cut_cap CHECK (cap IN ('day', 'friend')),
  created_at     timestamptz NOT NULL,
  CONSTRAINT commission_cut_pkey PRIMARY KEY (order_id, level)
);
CREATE INDEX commission_cut_beneficiary_idx ON commission_cut (beneficiary_id, created_at DESC);
