-- An order of several things: a row for each unit sold. Carts, coupons, prices that hold for a time or from a number on, gifts and renewals.

-- What an order is of, each with the price and cost that it was sold at. A unit is delivered by itself: from stock it has its slot.
CREATE TABLE order_item (
  order_id     bigint   NOT NULL REFERENCES orders (id),
  n            smallint NOT NULL CONSTRAINT order_item_n CHECK (n BETWEEN 1 AND 100),
  plan_id      bigint   NOT NULL REFERENCES plan (id),
  title        text     NOT NULL,
  price        numeric  NOT NULL CONSTRAINT order_item_price CHECK (price > 0 AND scale(price) <= 2),
  cost         numeric  NOT NULL CONSTRAINT order_item_cost CHECK (cost >= 0 AND scale(cost) <= 2),
  period_days  integer  NOT NULL CONSTRAINT order_item_period CHECK (period_days > 0),
  delivered_at timestamptz,
  slot_id      bigint   REFERENCES slot (id),
  CONSTRAINT order_item_pkey PRIMARY KEY (order_id, n)
);
CREATE INDEX order_item_slot_idx ON order_item (slot_id) WHERE slot_id IS NOT NULL;
CREATE INDEX order_item_plan_idx ON order_item (plan_id) WHERE delivered_at IS NULL;
INSERT INTO order_item (order_id, n, plan_id, title, price, cost, period_days, delivered_at, slot_id)
SELECT o.id, 1, o.plan_id, o.title, o.price, o.cost, o.period_days, o.delivered_at, s.id FROM orders o LEFT JOIN slot s ON s.order_id = o.id;
-- An order may have several, and a renewal keeps the one of the order before it.
ALTER TABLE slot DROP CONSTRAINT slot_order_key;
CREATE INDEX slot_order_idx ON slot (order_id) WHERE order_id IS NOT NULL;

-- What a paid unit gives; a renewal makes it last longer.
ALTER TABLE subscription
  DROP CONSTRAINT subscription_pkey,
  ADD id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT subscription_pkey PRIMARY KEY,
  ADD item     smallint NOT NULL DEFAULT 1,
  ADD renewals integer  NOT NULL DEFAULT 0,
  ADD CONSTRAINT subscription_item_key UNIQUE (order_id, item);
-- It ends once, with a reason; only a renewal begins it anew.
CREATE OR REPLACE FUNCTION subscription_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.ended_at IS NULL) <> (NEW.end_reason IS NULL)
     OR OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason) AND NOT (NEW.ended_at IS NULL AND NEW.renewals > OLD.renewals) THEN
    RAISE EXCEPTION 'the subscription of order % ends once, with a reason', NEW.order_id USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

-- Codes that take something off. A draft until someone said yes to what it does; never deleted, because orders name it.
CREATE TABLE coupon (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text    NOT NULL CONSTRAINT coupon_code_key UNIQUE CONSTRAINT coupon_code CHECK (char_length(code) BETWEEN 3 AND 32),
  kind        text    NOT NULL CONSTRAINT coupon_kind CHECK (kind IN ('percent', 'amount')),
  value       numeric NOT NULL CONSTRAINT coupon_value CHECK (value > 0 AND scale(value) <= 2 AND (kind = 'amount' OR value <= 100)),
  plans       bigint[] NOT NULL DEFAULT '{}',
  per_user    integer CONSTRAINT coupon_per_user CHECK (per_user > 0),
  total       integer CONSTRAINT coupon_total CHECK (total > 0),
  from_at     timestamptz,
  until_at    timestamptz,
  first_order boolean NOT NULL,
  -- Whoever made it was told that it sells below cost, and said yes.
  below_cost  boolean NOT NULL,
  active      boolean NOT NULL,
  made_at     timestamptz NOT NULL,
  made_by     bigint  NOT NULL,
  -- When someone said yes to it first, or switched it last.
  switched_at timestamptz,
  CONSTRAINT coupon_dates CHECK (until_at > from_at)
);

ALTER TABLE orders
  -- Of one plan, bought without a cart: one such order a person is open at a time. None for a cart, a renewal or a gift.
  ALTER plan_id DROP NOT NULL,
  DROP COLUMN period_days,
  -- Taken off what its units cost; the price is what is paid.
  ADD discount     numeric NOT NULL DEFAULT 0,
  ADD coupon_id    bigint REFERENCES coupon (id),
  -- Which subscription it makes last longer.
  ADD renews       bigint REFERENCES subscription (id),
  -- The secret of a gift's link, and who opened it.
  ADD gift_code    text CONSTRAINT orders_gift_code_key UNIQUE,
  ADD recipient_id bigint REFERENCES users (id),
  ADD opened_at    timestamptz,
  ADD reminded_at  timestamptz;
CREATE INDEX orders_coupon_idx ON orders (coupon_id, buyer_id) WHERE coupon_id IS NOT NULL;
CREATE UNIQUE INDEX orders_one_renewal ON orders (renews) WHERE state = 'awaiting_payment';
CREATE INDEX orders_renews_idx ON orders (renews) WHERE renews IS NOT NULL;
CREATE INDEX orders_recipient_idx ON orders (recipient_id, id DESC) WHERE recipient_id IS NOT NULL;
CREATE OR REPLACE FUNCTION orders_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- A rule about what is not known is not broken.
  broken text := CASE
    WHEN NOT (NEW.price >= 1 AND NEW.price < 1000000000000 AND scale(NEW.price) <= 2) THEN 'orders_price'
    WHEN NOT (NEW.cost >= 0 AND NEW.cost < 1000000000000 AND scale(NEW.cost) <= 2) THEN 'orders_cost'
    WHEN NOT (NEW.discount >= 0 AND scale(NEW.discount) <= 2 AND (NEW.discount = 0 OR NEW.coupon_id IS NOT NULL)) THEN 'orders_discount'
    WHEN NOT (NEW.level1_percent BETWEEN 0 AND 100) THEN 'orders_level1'
    WHEN NOT (NEW.level2_percent BETWEEN 0 AND 100) THEN 'orders_level2'
    WHEN NOT (NEW.hold_s >= 0) THEN 'orders_hold'
    WHEN NOT (NEW.state IN ('awaiting_payment', 'in_review', 'paid', 'awaiting_stock', 'delivered', 'expired', 'cancelled')) THEN 'orders_state'
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

-- What a person is about to buy.
CREATE TABLE cart_item (
  user_id  bigint   NOT NULL REFERENCES users (id),
  plan_id  bigint   NOT NULL REFERENCES plan (id),
  quantity smallint NOT NULL CONSTRAINT cart_item_quantity CHECK (quantity BETWEEN 1 AND 100),
  added_at timestamptz NOT NULL,
  CONSTRAINT cart_item_pkey PRIMARY KEY (user_id, plan_id)
);
CREATE TABLE cart_coupon (
  user_id   bigint PRIMARY KEY REFERENCES users (id),
  coupon_id bigint NOT NULL REFERENCES coupon (id)
);

-- Prices beside the plan's own: from a number of units on, and for a time. The lowest that holds is taken.
CREATE TABLE plan_price (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id    bigint   NOT NULL REFERENCES plan (id),
  price      numeric  NOT NULL CONSTRAINT plan_price_price CHECK (price >= 1 AND price < 1000000000000 AND scale(price) <= 2),
  least      smallint NOT NULL CONSTRAINT plan_price_least CHECK (least BETWEEN 1 AND 100),
  from_at    timestamptz,
  until_at   timestamptz,
  made_by    bigint NOT NULL,
  removed_at timestamptz,
  CONSTRAINT plan_price_dates CHECK (until_at > from_at)
);
CREATE INDEX plan_price_plan_idx ON plan_price (plan_id) WHERE removed_at IS NULL;

-- The books' proof knows what a coupon took off: a sale at the price of its units, the coupon's part paid by the shop.
DO $$
DECLARE
  whole text := pg_get_functiondef('ledger.proof_since'::regproc);
  asked text := 'o.price <> coalesce(-r.sales, 0)';
BEGIN
  IF position(asked IN whole) = 0 THEN
    RAISE EXCEPTION 'ledger.proof_since is not the one that m0005 made';
  END IF;
  EXECUTE replace(replace(whole, asked, 'o.price + o.discount <> coalesce(-r.sales, 0)'), 'o.price, -r.sales', 'o.price + o.discount, -r.sales');
  whole := pg_get_viewdef('ledger.expected'::regclass);
  asked := '(o.price + o.cost)';
  IF position(asked IN whole) = 0 THEN
    RAISE EXCEPTION 'ledger.expected is not the one that m0004 made';
  END IF;
  EXECUTE 'CREATE OR REPLACE VIEW ledger.expected AS ' || replace(whole, asked, '(o.price + o.discount + o.cost)');
END $$;
