-- Subscriptions that remind, renew themselves from the wallet, and are complained of: tickets.

ALTER TABLE subscription
  -- Whether it is renewed from its holder's wallet when it ends, and the shop's day on which that was tried last.
  ADD auto_renew    boolean  NOT NULL DEFAULT false,
  ADD auto_tried_on date,
  -- Of which end its holder was reminded last: 1 the day before, 2 on the day. A renewal moves the end, so it is reminded of anew.
  ADD reminded_of   timestamptz,
  ADD reminded      smallint NOT NULL DEFAULT 0;
CREATE INDEX subscription_ends_idx ON subscription (ends_at) WHERE ended_at IS NULL;
CREATE INDEX subscription_auto_idx ON subscription (ends_at) WHERE auto_renew AND ended_at IS NULL;

-- A holder's complaint of what they have. One is open at a time for each subscription.
CREATE TABLE ticket (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code            text   NOT NULL CONSTRAINT ticket_code_key UNIQUE,
  subscription_id bigint NOT NULL REFERENCES subscription (id),
  user_id         bigint NOT NULL REFERENCES users (id),
  reason          text   NOT NULL CONSTRAINT ticket_reason CHECK (reason IN ('password', 'screens', 'expired', 'other')),
  words           text   CONSTRAINT ticket_words CHECK (char_length(words) BETWEEN 1 AND 500),
  -- What did not work, of plans that are delivered from stock.
  slot_id         bigint REFERENCES slot (id),
  state           text   NOT NULL DEFAULT 'open' CONSTRAINT ticket_state CHECK (state IN ('open', 'replaced', 'closed')),
  key             text   NOT NULL CONSTRAINT ticket_key_key UNIQUE,
  opened_at       timestamptz NOT NULL,
  -- Whether the whole account was taken off the shelf with it.
  account_retired boolean NOT NULL DEFAULT false,
  decided_at      timestamptz,
  decided_by      bigint,
  decided_by_name text,
  answered_at      timestamptz,
  answered_by_name text,
  CONSTRAINT ticket_words_of_other CHECK ((reason = 'other') = (words IS NOT NULL)),
  CONSTRAINT ticket_decided CHECK ((state = 'open') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_by_name IS NULL))
);
CREATE UNIQUE INDEX ticket_one_open ON ticket (subscription_id) WHERE state = 'open';
CREATE INDEX ticket_subscription_idx ON ticket (subscription_id, id);
CREATE INDEX ticket_open_idx ON ticket (id) WHERE state = 'open';
CREATE INDEX ticket_user_idx ON ticket (user_id, id DESC);

-- One more kind of card, whatever kinds there are by now.
DO $$
DECLARE
  rule text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'card_kind');
BEGIN
  IF position('ARRAY[' IN rule) = 0 THEN
    RAISE EXCEPTION 'card_kind is not a list of kinds: %', rule;
  END IF;
  EXECUTE 'ALTER TABLE card DROP CONSTRAINT card_kind, ADD CONSTRAINT card_kind ' || replace(rule, 'ARRAY[', 'ARRAY[''ticket''::text, ');
END $$;

-- What is kept of a person is found by who they are.
CREATE INDEX payment_user_idx ON payment (user_id, id);
CREATE INDEX reveal_user_idx ON reveal (user_id, id);
CREATE INDEX credit_assignment_user_idx ON credit_assignment (user_id) WHERE user_id IS NOT NULL;
