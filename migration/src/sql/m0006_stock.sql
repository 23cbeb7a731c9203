-- Credential stock: accounts bought ahead, each with slots that are sold one by one and delivered in the transaction of the payment.

-- An account, sealed under a key that the database never sees; `mark` knows the same account again, for whoever has the key alone.
CREATE TABLE credential (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  plan_id    bigint   NOT NULL REFERENCES plan (id),
  key_id     text     NOT NULL,
  nonce      bytea    NOT NULL CONSTRAINT credential_nonce CHECK (octet_length(nonce) = 24),
  sealed     bytea    NOT NULL,
  mark       bytea    NOT NULL,
  slots      smallint NOT NULL CONSTRAINT credential_slots CHECK (slots BETWEEN 1 AND 100),
  expires_on date,
  loaded_at  timestamptz NOT NULL,
  loaded_by  bigint   NOT NULL,
  CONSTRAINT credential_mark_key UNIQUE (plan_id, mark)
);
CREATE INDEX credential_key_idx ON credential (key_id, id);

-- A screen of an account: free, or an order's. A row for each, so that the next free one is one step into an index, however many there are.
CREATE TABLE slot (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  credential_id bigint NOT NULL REFERENCES credential (id),
  plan_id       bigint NOT NULL,
  expires_on    date,
  order_id      bigint REFERENCES orders (id) CONSTRAINT slot_order_key UNIQUE,
  claimed_at    timestamptz,
  retired_at    timestamptz,
  CONSTRAINT slot_claimed CHECK ((order_id IS NULL) = (claimed_at IS NULL))
);
CREATE INDEX slot_free_idx ON slot (plan_id, id) WHERE order_id IS NULL AND retired_at IS NULL;
CREATE INDEX slot_expiry_idx ON slot (expires_on) WHERE order_id IS NULL AND retired_at IS NULL AND expires_on IS NOT NULL;
CREATE INDEX slot_credential_idx ON slot (credential_id);

-- Who saw a credential, and when: for ever.
CREATE TABLE reveal (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slot_id  bigint NOT NULL REFERENCES slot (id),
  order_id bigint NOT NULL REFERENCES orders (id),
  user_id  bigint NOT NULL REFERENCES users (id),
  at       timestamptz NOT NULL
);
CREATE INDEX reveal_order_idx ON reveal (order_id, id);
CREATE TRIGGER reveal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reveal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reveal ENABLE ALWAYS TRIGGER reveal_append_only;

-- A paid order waits for stock in a state of its own.
DROP INDEX orders_undelivered_idx;
CREATE INDEX orders_undelivered_idx ON orders (paid_at) WHERE state IN ('paid', 'awaiting_stock');
CREATE OR REPLACE FUNCTION orders_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- A rule about what is not known is not broken.
  broken text := CASE
    WHEN NOT (NEW.price >= 1 AND NEW.price < 1000000000000 AND scale(NEW.price) <= 2) THEN 'orders_price'
    WHEN NOT (NEW.cost >= 0 AND NEW.cost < 1000000000000 AND scale(NEW.cost) <= 2) THEN 'orders_cost'
    WHEN NOT (NEW.level1_percent BETWEEN 0 AND 100) THEN 'orders_level1'
    WHEN NOT (NEW.level2_percent BETWEEN 0 AND 100) THEN 'orders_level2'
    WHEN NOT (NEW.hold_s >= 0) THEN 'orders_hold'
    WHEN NOT (NEW.period_days > 0) THEN 'orders_period'
    WHEN NOT (NEW.state IN ('awaiting_payment', 'in_review', 'paid', 'awaiting_stock', 'delivered', 'expired', 'cancelled')) THEN 'orders_state'
    WHEN NOT ((NEW.state IN ('paid', 'awaiting_stock', 'delivered')) = (NEW.paid_at IS NOT NULL)) THEN 'orders_paid_once'
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

-- A file of accounts that was checked and waits for `Apply`. Telegram keeps the file; its content lies nowhere here.
CREATE TABLE stock_import (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key        text        NOT NULL CONSTRAINT stock_import_key_key UNIQUE,
  file_id    text        NOT NULL,
  name       text        NOT NULL,
  hash       bytea       NOT NULL,
  checked_at timestamptz NOT NULL,
  checked_by bigint      NOT NULL,
  applied_by text,
  applied_at timestamptz,
  accounts   integer     NOT NULL DEFAULT 0,
  slots      integer     NOT NULL DEFAULT 0,
  known      integer     NOT NULL DEFAULT 0
);
