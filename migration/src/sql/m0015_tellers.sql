-- A bank tells of one credit twice: by an alert (SMS), and by its statement. Both are known again, and what either says without a reference is paired.
CREATE TABLE credit_told (
  -- The reference as it was told, with the bank: `HDFC/412345678901`; a teller's own where the bank told none.
  ref       text NOT NULL,
  teller    text NOT NULL CONSTRAINT credit_told_teller CHECK (teller IN ('alert', 'statement')),
  credit_id bigint NOT NULL REFERENCES bank_credit (id),
  at        timestamptz NOT NULL,
  CONSTRAINT credit_told_pkey PRIMARY KEY (ref, teller)
);
CREATE INDEX credit_told_credit_idx ON credit_told (credit_id);
-- The bank's reference, where the second teller told it and the first did not: `bank_ref` names the credit in the books and stays.
ALTER TABLE bank_credit ADD learned_ref text;
-- What came to one bank with one amount, to be looked through by day.
CREATE INDEX bank_credit_told_idx ON bank_credit (bank, amount, seen_at) WHERE source = 'bank';

-- Statements that were read to their end.
CREATE TABLE statement (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bank        text NOT NULL,
  -- The days that it tells of, both included.
  from_day    date NOT NULL,
  through_day date NOT NULL,
  -- What lay in the account at the end, where it says so.
  closing     numeric CONSTRAINT statement_closing CHECK (abs(closing) < 1000000000000 AND scale(closing) <= 2),
  -- Transactions in it, and those of them that were credits told for the first time.
  rows        integer NOT NULL,
  fresh       integer NOT NULL,
  actor_id    bigint NOT NULL,
  actor_name  text NOT NULL,
  at          timestamptz NOT NULL,
  -- The update that brought it: run again, it is the same.
  key         text NOT NULL CONSTRAINT statement_key_key UNIQUE,
  CONSTRAINT statement_days CHECK (from_day <= through_day)
);
CREATE INDEX statement_bank_idx ON statement (bank, through_day, id);

-- Signatures of requests that were served: each serves once.
CREATE TABLE used_signature (
  signature  bytea CONSTRAINT used_signature_pkey PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX used_signature_expires_idx ON used_signature (expires_at);
