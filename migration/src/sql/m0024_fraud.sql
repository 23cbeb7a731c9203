-- Fraud: what is known of people (as keyed marks), what the rules found, what is on hold for it, and what was decided.

-- Whose money is on hold as a whole: nothing of theirs is released, spent from what is earned, or paid out. Under the purse's lock, like all of it.
ALTER TABLE purse ADD frozen boolean NOT NULL DEFAULT false;
DROP INDEX purse_due_idx;
CREATE INDEX purse_due_idx ON purse (next_release_at) WHERE next_release_at IS NOT NULL AND NOT frozen;

-- By staff alone: a blocked person buys, and neither earns nor withdraws.
ALTER TABLE users ADD blocked_at timestamptz, ADD blocked_reason text,
  ADD CONSTRAINT users_blocked_with_reason CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL));

-- The key of the marks: sealed by the vault where that has a key.
CREATE TABLE signal_key (
  id     smallint PRIMARY KEY DEFAULT 1 CONSTRAINT signal_key_is_one CHECK (id = 1),
  plain  bytea,
  key_id text,
  nonce  bytea,
  sealed bytea,
  CONSTRAINT signal_key_once CHECK (num_nulls(key_id, nonce, sealed) = CASE WHEN plain IS NULL THEN 0 ELSE 3 END)
);

-- What people share: a device, an address, a UPI id, the phone number in it. A mark is a keyed hash: it can be compared, and not read.
CREATE TABLE signal (
  user_id  bigint      NOT NULL REFERENCES users (id),
  kind     text        NOT NULL CONSTRAINT signal_kind CHECK (kind IN ('device', 'ip4', 'ip6', 'weak-ip', 'payee', 'payee-phone', 'payer', 'payer-phone')),
  mark     bytea       NOT NULL CONSTRAINT signal_mark CHECK (octet_length(mark) = 16),
  first_at timestamptz NOT NULL,
  last_at  timestamptz NOT NULL,
  CONSTRAINT signal_pkey PRIMARY KEY (user_id, kind, mark)
);
CREATE INDEX signal_mark_idx ON signal (mark, kind, user_id);
CREATE INDEX signal_old_idx ON signal (last_at) WHERE kind IN ('device', 'ip4', 'ip6', 'weak-ip');

-- By which UPI id an order was paid, where that is known.
CREATE TABLE order_payer (
  order_id bigint NOT NULL REFERENCES orders (id),
  kind     text   NOT NULL CONSTRAINT order_payer_kind CHECK (kind IN ('payer', 'payer-phone')),
  mark     bytea  NOT NULL CONSTRAINT order_payer_mark CHECK (octet_length(mark) = 16),
  CONSTRAINT order_payer_pkey PRIMARY KEY (order_id, kind)
);
CREATE INDEX order_payer_mark_idx ON order_payer (mark, kind, order_id);

-- A UTR that was sent for an order, and is another order's.
CREATE TABLE utr_reuse (
  order_id bigint      NOT NULL REFERENCES orders (id),
  first_id bigint      NOT NULL REFERENCES orders (id),
  user_id  bigint      NOT NULL REFERENCES users (id),
  -- Who brought them, as in `users`.
  referrer_id bigint,
  at       timestamptz NOT NULL,
  CONSTRAINT utr_reuse_pkey PRIMARY KEY (order_id, first_id)
);
CREATE INDEX utr_reuse_user_idx ON utr_reuse (user_id);
CREATE INDEX utr_reuse_referrer_idx ON utr_reuse (referrer_id) WHERE referrer_id IS NOT NULL;

-- What happened to whom, for the rules to look at. Written in the transaction in which it happened, gone when it was looked at.
CREATE TABLE fraud_event (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind    text        NOT NULL CONSTRAINT fraud_event_kind CHECK (kind IN ('joined', 'paid', 'proof', 'refunded', 'asked', 'verified')),
  user_id bigint      NOT NULL REFERENCES users (id),
  -- The order, of a sale.
  order_id bigint,
  at      timestamptz NOT NULL
);
CREATE INDEX fraud_event_user_idx ON fraud_event (user_id);

CREATE TABLE flag (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code            text        NOT NULL CONSTRAINT flag_code_key UNIQUE,
  rule            text        NOT NULL,
  -- What it is about, among the flags of its rule: a mark, a person.
  key             text        NOT NULL,
  strong          boolean     NOT NULL,
  -- How much of it there is: what was dismissed is raised again when it has doubled.
  measure         bigint      NOT NULL,
  evidence        jsonb       NOT NULL,
  state           text        NOT NULL DEFAULT 'open' CONSTRAINT flag_state CHECK (state IN ('open', 'dismissed', 'taken-back', 'blocked')),
  raised_at       timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  decided_at      timestamptz,
  decided_by      bigint,
  decided_by_name text,
  reason          text,
  CONSTRAINT flag_decided CHECK ((state = 'open') = (decided_at IS NULL)),
  CONSTRAINT flag_decided_by CHECK ((decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (decided_by_name IS NULL)),
  CONSTRAINT flag_decided_with_reason CHECK (state IN ('open', 'dismissed') OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX flag_one_open ON flag (rule, key) WHERE state = 'open';
CREATE INDEX flag_key_idx ON flag (rule, key, id DESC);
CREATE INDEX flag_open_idx ON flag (strong, id) WHERE state = 'open';

-- Whom a flag is about: those whose money it holds as a whole, those of whom it holds single commissions, and those who are evidence only.
CREATE TABLE flag_person (
  flag_id bigint NOT NULL REFERENCES flag (id),
  user_id bigint NOT NULL REFERENCES users (id),
  part    text   NOT NULL CONSTRAINT flag_person_part CHECK (part IN ('suspect', 'beneficiary', 'seen')),
  -- Nothing of theirs is released or paid while the flag is open and strong.
  freezes boolean NOT NULL DEFAULT false,
  CONSTRAINT flag_person_pkey PRIMARY KEY (flag_id, user_id)
);
CREATE INDEX flag_person_user_idx ON flag_person (user_id, flag_id DESC);

-- Single commissions on hold, and when each would have been released.
CREATE TABLE flag_commission (
  flag_id       bigint      NOT NULL REFERENCES flag (id),
  commission_id bigint      NOT NULL REFERENCES commission (id),
  release_at    timestamptz NOT NULL,
  CONSTRAINT flag_commission_pkey PRIMARY KEY (flag_id, commission_id)
);
CREATE INDEX flag_commission_idx ON flag_commission (commission_id);

-- What staff asked, and what people said, about a flag.
CREATE TABLE flag_word (
  id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flag_id  bigint      NOT NULL REFERENCES flag (id),
  user_id  bigint      NOT NULL REFERENCES users (id),
  -- Staff's name; null: the person themselves.
  asked_by text,
  words    text        NOT NULL CONSTRAINT flag_word_length CHECK (char_length(words) BETWEEN 1 AND 1000),
  key      text        NOT NULL CONSTRAINT flag_word_key_key UNIQUE,
  at       timestamptz NOT NULL
);
CREATE INDEX flag_word_flag_idx ON flag_word (flag_id, id);

DO $$
DECLARE
  rule text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'card_kind');
BEGIN
  IF rule IS NULL OR position('ARRAY[' IN rule) = 0 THEN
    RAISE EXCEPTION 'card_kind is not a list of kinds: %', rule;
  END IF;
  EXECUTE 'ALTER TABLE card DROP CONSTRAINT card_kind, ADD CONSTRAINT card_kind ' || replace(rule, 'ARRAY[', 'ARRAY[''flag''::text, ');
END $$;
