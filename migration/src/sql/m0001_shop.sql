-- The shop's own tables: people, plans, orders, payments, commissions, withdrawals, and what the program needs to lose nothing.
-- Constraint names are API: mela-core maps them to sentences. Times come from the program's clock, never from now().

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is kept for ever: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

-- One row: whose database this is. A database that has served a real bot is never opened by the sandbox.
CREATE TABLE shop (
  id            smallint PRIMARY KEY DEFAULT 1 CONSTRAINT shop_is_one CHECK (id = 1),
  serves        text     CONSTRAINT shop_serves CHECK (serves IN ('sandbox', 'telegram')),
  clock_ahead_s bigint   NOT NULL DEFAULT 0 CONSTRAINT shop_clock_forward CHECK (clock_ahead_s >= 0),
  seeded_at     timestamptz,
  -- Time is moved in the sandbox only: real money must not be released by a press.
  CONSTRAINT shop_real_clock CHECK (serves = 'sandbox' OR clock_ahead_s = 0)
);
INSERT INTO shop DEFAULT VALUES;

CREATE TABLE setting (
  key        text PRIMARY KEY,
  value      text NOT NULL,
  changed_by bigint NOT NULL,
  changed_at timestamptz NOT NULL
);

-- A group that becomes a supergroup gets another id; whoever names the old one means the new.
CREATE TABLE chat_migration (
  from_chat_id bigint PRIMARY KEY,
  to_chat_id   bigint NOT NULL CONSTRAINT chat_migration_moves CHECK (to_chat_id <> from_chat_id)
);

CREATE TABLE users (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  telegram_id     bigint NOT NULL CONSTRAINT users_telegram_id_key UNIQUE,
  name            text   NOT NULL,
  username        text,
  language        text   NOT NULL DEFAULT 'en',
  code            text   NOT NULL CONSTRAINT users_code_key UNIQUE
                         CONSTRAINT users_code_shape CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  -- A referrer is always an earlier person: no cycle can be written down.
  referred_by     bigint REFERENCES users (id) CONSTRAINT users_referrer_is_earlier CHECK (referred_by < id),
  first_update_id bigint NOT NULL,
  reachable       boolean NOT NULL DEFAULT true,
  joined_at       timestamptz NOT NULL
);
CREATE INDEX users_referred_by_idx ON users (referred_by) WHERE referred_by IS NOT NULL;
CREATE INDEX users_username_idx ON users (lower(username));

CREATE FUNCTION users_referrer_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a person is bound to a referrer once and for good' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'users_referrer_is_final';
END $$;
CREATE TRIGGER users_referrer_is_final BEFORE UPDATE OF referred_by ON users FOR EACH ROW
  WHEN (OLD.referred_by IS NOT NULL AND NEW.referred_by IS DISTINCT FROM OLD.referred_by) EXECUTE FUNCTION users_referrer_is_final();
ALTER TABLE users ENABLE ALWAYS TRIGGER users_referrer_is_final;
-- Foreign keys keep people too, but sleep under session_replication_role = replica.
CREATE TRIGGER users_are_kept BEFORE UPDATE OF id OR DELETE OR TRUNCATE ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE users ENABLE ALWAYS TRIGGER users_are_kept;

CREATE TABLE staff (
  telegram_id bigint PRIMARY KEY,
  name        text   NOT NULL,
  role        text   NOT NULL CONSTRAINT staff_role CHECK (role IN ('admin', 'support')),
  added_by    bigint NOT NULL,
  added_at    timestamptz NOT NULL
);

CREATE TABLE audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  actor_id   bigint NOT NULL,
  actor_name text   NOT NULL,
  action     text   NOT NULL,
  subject    text   NOT NULL,
  detail     text   NOT NULL DEFAULT ''
);
CREATE INDEX audit_subject_idx ON audit (subject, id);
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_append_only;

CREATE TABLE plan (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text    NOT NULL CONSTRAINT plan_code_key UNIQUE CONSTRAINT plan_code_shape CHECK (code ~ '^[a-z0-9-]{1,40}$'),
  title       text    NOT NULL,
  description text    NOT NULL DEFAULT '',
  platform    text    NOT NULL DEFAULT '',
  category    text    NOT NULL DEFAULT '',
  period_days integer NOT NULL CONSTRAINT plan_period CHECK (period_days > 0),
  screens     integer NOT NULL DEFAULT 1 CONSTRAINT plan_screens CHECK (screens > 0),
  price       numeric NOT NULL CONSTRAINT plan_price CHECK (price >= 1 AND price < 1000000000000 AND scale(price) <= 2),
  cost        numeric NOT NULL CONSTRAINT plan_cost CHECK (cost >= 0 AND cost < 1000000000000 AND scale(cost) <= 2),
  delivery    text    NOT NULL DEFAULT 'by_hand' CONSTRAINT plan_delivery CHECK (delivery IN ('by_hand', 'from_stock')),
  active      boolean NOT NULL DEFAULT true,
  position    integer NOT NULL DEFAULT 0
);

-- An order keeps the price, cost, rates and hold that it was placed with.
CREATE TABLE orders (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code           text    NOT NULL CONSTRAINT orders_code_key UNIQUE,
  buyer_id       bigint  NOT NULL REFERENCES users (id),
  plan_id        bigint  NOT NULL REFERENCES plan (id),
  title          text    NOT NULL,
  price          numeric NOT NULL CONSTRAINT orders_price CHECK (price >= 1 AND price < 1000000000000 AND scale(price) <= 2),
  cost           numeric NOT NULL CONSTRAINT orders_cost CHECK (cost >= 0 AND cost < 1000000000000 AND scale(cost) <= 2),
  level1_percent numeric NOT NULL CONSTRAINT orders_level1 CHECK (level1_percent BETWEEN 0 AND 100),
  level2_percent numeric NOT NULL CONSTRAINT orders_level2 CHECK (level2_percent BETWEEN 0 AND 100),
  hold_s         bigint  NOT NULL CONSTRAINT orders_hold CHECK (hold_s >= 0),
  state          text    NOT NULL CONSTRAINT orders_state
                 CHECK (state IN ('awaiting_payment', 'in_review', 'paid', 'delivered', 'expired', 'cancelled')),
  placed_at      timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  paid_at        timestamptz,
  delivered_at   timestamptz,
  CONSTRAINT orders_paid_once CHECK ((state IN ('paid', 'delivered')) = (paid_at IS NOT NULL)),
  CONSTRAINT orders_delivered CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
);
CREATE INDEX orders_buyer_idx ON orders (buyer_id, id DESC);
CREATE INDEX orders_expiry_idx ON orders (expires_at) WHERE state = 'awaiting_payment';
CREATE INDEX orders_undelivered_idx ON orders (paid_at) WHERE state = 'paid';
-- Pressing `Buy now` twice at once makes one order.
CREATE UNIQUE INDEX orders_one_open ON orders (buyer_id, plan_id) WHERE state = 'awaiting_payment';

CREATE TABLE payment (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id        bigint  NOT NULL REFERENCES orders (id),
  method          text    NOT NULL CONSTRAINT payment_method CHECK (method IN ('upi')),
  amount          numeric NOT NULL CONSTRAINT payment_amount CHECK (amount > 0 AND amount < 1000000000000 AND scale(amount) <= 2),
  utr             text    CONSTRAINT payment_utr_shape CHECK (utr ~ '^[0-9]{12}$'),
  photo_file_id   text,
  photo_unique_id text,
  late            boolean NOT NULL DEFAULT false,
  state           text    NOT NULL DEFAULT 'submitted' CONSTRAINT payment_state CHECK (state IN ('submitted', 'confirmed', 'rejected')),
  key             text    NOT NULL CONSTRAINT payment_key_key UNIQUE,
  submitted_at    timestamptz NOT NULL,
  decided_at      timestamptz,
  decided_by      bigint,
  decided_by_name text,
  reason          text,
  CONSTRAINT payment_has_proof CHECK (utr IS NOT NULL OR photo_file_id IS NOT NULL),
  CONSTRAINT payment_decided CHECK ((state = 'submitted') = (decided_at IS NULL)),
  CONSTRAINT payment_rejected_with_reason CHECK (state <> 'rejected' OR reason IS NOT NULL)
);
CREATE INDEX payment_order_idx ON payment (order_id, id);
CREATE INDEX payment_photo_idx ON payment (photo_unique_id) WHERE photo_unique_id IS NOT NULL;
CREATE INDEX payment_waiting_idx ON payment (submitted_at) WHERE state = 'submitted';
CREATE UNIQUE INDEX payment_one_waiting ON payment (order_id) WHERE state = 'submitted';
CREATE UNIQUE INDEX payment_one_confirmed ON payment (order_id) WHERE state = 'confirmed';

-- A UTR belongs to the order it was first sent for, for ever, rejected or not.
CREATE TABLE utr (
  utr        text PRIMARY KEY CONSTRAINT utr_shape CHECK (utr ~ '^[0-9]{12}$'),
  order_id   bigint NOT NULL REFERENCES orders (id),
  claimed_at timestamptz NOT NULL
);
CREATE TRIGGER utr_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON utr FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE utr ENABLE ALWAYS TRIGGER utr_for_ever;

CREATE TABLE commission (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id       bigint   NOT NULL REFERENCES orders (id),
  level          smallint NOT NULL CONSTRAINT commission_level CHECK (level IN (1, 2)),
  buyer_id       bigint   NOT NULL REFERENCES users (id),
  beneficiary_id bigint   NOT NULL REFERENCES users (id),
  amount         numeric  NOT NULL CONSTRAINT commission_amount CHECK (amount > 0 AND amount < 1000000000000 AND scale(amount) <= 2),
  reversed       numeric  NOT NULL DEFAULT 0 CONSTRAINT commission_reversed CHECK (reversed >= 0 AND reversed <= amount AND scale(reversed) <= 2),
  state          text     NOT NULL DEFAULT 'held' CONSTRAINT commission_state CHECK (state IN ('held', 'released', 'cancelled')),
  release_at     timestamptz NOT NULL,
  released_at    timestamptz,
  created_at     timestamptz NOT NULL,
  CONSTRAINT commission_order_level_key UNIQUE (order_id, level),
  CONSTRAINT commission_not_to_buyer CHECK (beneficiary_id <> buyer_id),
  CONSTRAINT commission_released CHECK ((state = 'released') = (released_at IS NOT NULL))
);
CREATE INDEX commission_due_idx ON commission (release_at) WHERE state = 'held';
CREATE INDEX commission_beneficiary_idx ON commission (beneficiary_id, id DESC);

CREATE TABLE withdrawal (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code            text    NOT NULL CONSTRAINT withdrawal_code_key UNIQUE,
  user_id         bigint  NOT NULL REFERENCES users (id),
  vpa             text    NOT NULL,
  amount          numeric NOT NULL CONSTRAINT withdrawal_amount CHECK (amount > 0 AND amount < 1000000000000 AND scale(amount) <= 2),
  state           text    NOT NULL DEFAULT 'asked' CONSTRAINT withdrawal_state CHECK (state IN ('asked', 'approved', 'paid', 'rejected', 'failed')),
  key             text    NOT NULL CONSTRAINT withdrawal_key_key UNIQUE,
  asked_at        timestamptz NOT NULL,
  decided_at      timestamptz,
  decided_by      bigint,
  decided_by_name text,
  settled_at      timestamptz,
  settled_by      bigint,
  settled_by_name text,
  payout_utr      text CONSTRAINT withdrawal_payout_utr_key UNIQUE,
  reason          text,
  CONSTRAINT withdrawal_paid_with_utr CHECK ((state = 'paid') = (payout_utr IS NOT NULL)),
  CONSTRAINT withdrawal_refused_with_reason CHECK (state NOT IN ('rejected', 'failed') OR reason IS NOT NULL)
);
CREATE INDEX withdrawal_user_idx ON withdrawal (user_id, id DESC);
CREATE INDEX withdrawal_open_idx ON withdrawal (asked_at) WHERE state IN ('asked', 'approved');

-- What must be told: written in the transaction that made it true, sent by a job. user_id null: the admin chat.
CREATE TABLE notification (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id       bigint REFERENCES users (id),
  kind          text   NOT NULL,
  args          jsonb  NOT NULL DEFAULT '{}',
  dedupe_key    text   CONSTRAINT notification_dedupe_key_key UNIQUE,
  created_at    timestamptz NOT NULL,
  not_before    timestamptz NOT NULL,
  claimed_until timestamptz,
  attempts      integer NOT NULL DEFAULT 0,
  sent_at       timestamptz,
  dropped       text,
  read_at       timestamptz
);
CREATE INDEX notification_due_idx ON notification (coalesce(user_id, 0), id) WHERE sent_at IS NULL AND dropped IS NULL;
CREATE INDEX notification_user_idx ON notification (user_id, id DESC);

CREATE FUNCTION notification_wakes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mela_notification', '');
  RETURN NULL;
END $$;
CREATE TRIGGER notification_wakes AFTER INSERT ON notification FOR EACH STATEMENT EXECUTE FUNCTION notification_wakes();

-- Updates are stored before Telegram is told that they were taken. text, not jsonb: jsonb refuses \u0000.
CREATE TABLE inbox (
  update_id   bigint PRIMARY KEY,
  lane        bigint NOT NULL,
  body        text   NOT NULL,
  received_at timestamptz NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  done_at     timestamptz,
  failed_at   timestamptz,
  error       text
);
CREATE INDEX inbox_pending_idx ON inbox (update_id) WHERE done_at IS NULL AND failed_at IS NULL;
CREATE INDEX inbox_done_idx ON inbox (done_at) WHERE done_at IS NOT NULL;

-- Where a person stands in a conversation. `previous` is what the update `update_id` found, so that its re-run after a crash finds the same.
CREATE TABLE dialogue (
  chat_id   bigint NOT NULL,
  user_id   bigint NOT NULL,
  state     text,
  previous  text,
  update_id bigint NOT NULL,
  PRIMARY KEY (chat_id, user_id)
);

-- Which message shows which payment or withdrawal, so that what follows edits it.
CREATE TABLE card (
  kind       text   NOT NULL CONSTRAINT card_kind CHECK (kind IN ('payment', 'withdrawal')),
  subject_id bigint NOT NULL,
  chat_id    bigint NOT NULL,
  message_id integer NOT NULL,
  photo      boolean NOT NULL,
  PRIMARY KEY (kind, subject_id)
);

-- What a person is about to ask for; the id is the update that named the amount. Buttons carry the id, never the amount.
CREATE TABLE withdrawal_draft (
  id      bigint PRIMARY KEY,
  user_id bigint  NOT NULL REFERENCES users (id),
  vpa     text    NOT NULL,
  amount  numeric NOT NULL CONSTRAINT withdrawal_draft_amount CHECK (amount > 0 AND scale(amount) <= 2),
  made_at timestamptz NOT NULL
);
