-- A plan's picture as Telegram knows it, and who waits for a plan that has run out.

ALTER TABLE plan
  ADD COLUMN picture        text,
  -- The same for every bot, whereas a file id is this bot's own.
  ADD COLUMN picture_unique text,
  ADD CONSTRAINT plan_picture CHECK ((picture IS NULL) = (picture_unique IS NULL));

CREATE TABLE restock_wait (
  plan_id bigint      NOT NULL REFERENCES plan (id),
  user_id bigint      NOT NULL REFERENCES users (id),
  since   timestamptz NOT NULL,
  CONSTRAINT restock_wait_pkey PRIMARY KEY (plan_id, user_id)
);
