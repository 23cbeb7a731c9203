-- What orders await from outside, found by the amount: those that are open, and those whose time ended a while ago.
CREATE INDEX orders_due_idx ON orders
  ((price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END), expires_at);
CREATE INDEX orders_due_open_idx ON orders
  ((price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END)) WHERE state IN ('awaiting_payment', 'in_review');

-- The screenshot of a payment, to be known when it comes again.
CREATE TABLE proof_photo (
  payment_id bigint      NOT NULL CONSTRAINT proof_photo_pkey PRIMARY KEY REFERENCES payment (id),
  user_id    bigint      NOT NULL REFERENCES users (id),
  -- When it was first sent, as far as Telegram tells.
  sent_at    timestamptz NOT NULL,
  tries      smallint    NOT NULL DEFAULT 0,
  -- When it is to be looked at, or compared, again; null: it was, or cannot be.
  look_at    timestamptz,
  -- What it showed; null: not looked at, or nothing that it could be known again by.
  hash       bytea       CONSTRAINT proof_photo_hash CHECK (octet_length(hash) = 32),
  detail     bytea,
  CONSTRAINT proof_photo_print CHECK ((hash IS NULL) = (detail IS NULL))
);
CREATE INDEX proof_photo_due_idx ON proof_photo (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX proof_photo_user_idx ON proof_photo (user_id, payment_id DESC);
-- What others are found by.
CREATE TABLE proof_photo_band (
  band       integer NOT NULL,
  payment_id bigint  NOT NULL REFERENCES proof_photo (payment_id) ON DELETE CASCADE,
  CONSTRAINT proof_photo_band_pkey PRIMARY KEY (band, payment_id)
);
CREATE INDEX proof_photo_band_payment_idx ON proof_photo_band (payment_id);
-- Which are one picture: the later one first.
CREATE TABLE proof_photo_twin (
  payment_id bigint NOT NULL REFERENCES proof_photo (payment_id) ON DELETE CASCADE,
  other_id   bigint NOT NULL REFERENCES proof_photo (payment_id) ON DELETE CASCADE,
  CONSTRAINT proof_photo_twin_pkey PRIMARY KEY (payment_id, other_id),
  CONSTRAINT proof_photo_twin_later CHECK (payment_id > other_id)
);
CREATE INDEX proof_photo_twin_other_idx ON proof_photo_twin (other_id);

-- Those that wait to be checked when this is installed are looked at like new ones.
INSERT INTO proof_photo (payment_id, user_id, sent_at, look_at)
  SELECT id, user_id, submitted_at, now() FROM payment WHERE state = 'submitted' AND photo_file_id IS NOT NULL AND photo_file_id <> 'erased';
