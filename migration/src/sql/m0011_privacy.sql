-- Receipts with consecutive numbers; stored updates sealed at rest; people who left.

-- Who issued a receipt, as the settings said when it was numbered: a receipt says for ever what it said first.
CREATE TABLE issuer (
  id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  details jsonb NOT NULL CONSTRAINT issuer_details_key UNIQUE
);
CREATE TRIGGER issuer_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON issuer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE issuer ENABLE ALWAYS TRIGGER issuer_for_ever;

-- A paid order's number. Written after the sale, by one at a time: no sale waits for a counter. A key draws each number from the one before it, so the
-- year has no gap, and no row goes away.
CREATE TABLE receipt (
  order_id    bigint   PRIMARY KEY REFERENCES orders (id),
  -- 2026 is April 2026 to March 2027.
  year        smallint NOT NULL,
  n           integer  NOT NULL CONSTRAINT receipt_n CHECK (n > 0),
  previous    integer  GENERATED ALWAYS AS (nullif(n - 1, 0)) STORED,
  number      text     NOT NULL CONSTRAINT receipt_number_key UNIQUE CONSTRAINT receipt_number_shape CHECK (number ~ '^[A-Z0-9/-]{1,16}$'),
  buyer       text     NOT NULL,
  issuer_id   integer  NOT NULL REFERENCES issuer (id),
  paid_at     timestamptz NOT NULL,
  numbered_at timestamptz NOT NULL,
  CONSTRAINT receipt_year_n_key UNIQUE (year, n),
  CONSTRAINT receipt_without_gap FOREIGN KEY (year, previous) REFERENCES receipt (year, n)
);
CREATE INDEX receipt_paid_idx ON receipt (paid_at);
-- The buyer's name may be erased; nothing else of it changes.
CREATE TRIGGER receipt_for_ever BEFORE UPDATE OF order_id, year, n, number, issuer_id, paid_at, numbered_at OR DELETE OR TRUNCATE ON receipt
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE receipt ENABLE ALWAYS TRIGGER receipt_for_ever;

-- What people write lies sealed, where the shop has a key: in clear in `body`, or sealed in its place.
ALTER TABLE inbox
  ALTER body DROP NOT NULL,
  ADD key_id text,
  ADD nonce  bytea,
  ADD sealed bytea,
  ADD CONSTRAINT inbox_said CHECK (num_nonnulls(body, sealed) = 1 AND num_nonnulls(sealed, nonce, key_id) IN (0, 3));

-- Who had their data deleted. The row stays for the books, under a number that is nobody's at Telegram.
ALTER TABLE users ADD erased_at timestamptz,
  ADD CONSTRAINT users_erased CHECK (erased_at IS NULL OR telegram_id = -id AND username IS NULL AND NOT reachable);
