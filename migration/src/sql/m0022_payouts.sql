-- Payouts: UPI ids that people keep, two pairs of eyes, files for the bank and its answers, tax withheld, payouts through a gateway.

-- Where people are paid to. `added_at` begins the time in which nothing is paid to it; taken away and added again, it begins anew.
CREATE TABLE upi_id (
  user_id  bigint NOT NULL REFERENCES users (id),
  vpa      text   NOT NULL CONSTRAINT upi_id_vpa CHECK (vpa = lower(vpa) AND vpa ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  added_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, vpa)
);
CREATE INDEX upi_id_vpa_idx ON upi_id (vpa);
-- What was asked for before is known.
INSERT INTO upi_id (user_id, vpa, added_at)
SELECT user_id, vpa, min(asked_at) FROM withdrawal WHERE vpa NOT LIKE 'deleted-%@deleted' GROUP BY 1, 2 ON CONFLICT DO NOTHING;

-- A file of payouts that was given to staff for the bank; `key` says where it came from: the same again is the same file.
CREATE TABLE payout_batch (
  id           bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key          text    NOT NULL CONSTRAINT payout_batch_key_key UNIQUE,
  made_at      timestamptz NOT NULL,
  made_by      bigint  NOT NULL,
  made_by_name text    NOT NULL
);

ALTER TABLE withdrawal
  -- Who approved first, where two must.
  ADD first_by      bigint,
  ADD first_by_name text,
  ADD first_at      timestamptz,
  -- The file that it was last given in.
  ADD batch_id      bigint REFERENCES payout_batch (id),
  ADD CONSTRAINT withdrawal_first CHECK ((first_by IS NULL) = (first_by_name IS NULL) AND (first_by IS NULL) = (first_at IS NULL)),
  ADD CONSTRAINT withdrawal_four_eyes CHECK (first_by IS NULL OR state IN ('asked', 'rejected') OR decided_by <> first_by);
CREATE INDEX withdrawal_approved_idx ON withdrawal (id) WHERE state = 'approved';
CREATE INDEX withdrawal_batch_idx ON withdrawal (batch_id) WHERE batch_id IS NOT NULL;

-- A bank's answer to such a file, checked, and applied row by row: each once, whatever comes between.
CREATE TABLE payout_answer (
  id              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key             text    NOT NULL CONSTRAINT payout_answer_key_key UNIQUE,
  checked_at      timestamptz NOT NULL,
  checked_by      bigint  NOT NULL,
  applied_by      bigint,
  applied_by_name text,
  applied_at      timestamptz,
  done_at         timestamptz,
  CONSTRAINT payout_answer_applied CHECK ((applied_by IS NULL) = (applied_at IS NULL) AND (applied_by IS NULL) = (applied_by_name IS NULL)
                                          AND (done_at IS NULL OR applied_at IS NOT NULL))
);
CREATE TABLE payout_answer_row (
  answer_id     bigint  NOT NULL REFERENCES payout_answer (id),
  -- As the spreadsheet counts.
  row           integer NOT NULL,
  withdrawal_id bigint  NOT NULL REFERENCES withdrawal (id),
  -- Paid, by this reference; or not, for this reason.
  utr           text,
  reason        text,
  outcome       text CONSTRAINT payout_answer_row_outcome CHECK (outcome IN ('paid', 'failed', 'before', 'refused')),
  PRIMARY KEY (answer_id, row),
  CONSTRAINT payout_answer_row_says CHECK ((utr IS NULL) <> (reason IS NULL))
);
CREATE INDEX payout_answer_row_open_idx ON payout_answer_row (answer_id, row) WHERE outcome IS NULL;

-- The draft keeps what tax its owner was shown.
ALTER TABLE withdrawal_draft ADD tds numeric NOT NULL DEFAULT 0 CONSTRAINT withdrawal_draft_tds CHECK (tds >= 0 AND scale(tds) <= 2);

-- Which of a withdrawal's tax is of which financial year (by its first April), on how much of what was credited in it, at what rate.
CREATE TABLE tds_part (
  withdrawal_id bigint   NOT NULL REFERENCES withdrawal (id),
  year          smallint NOT NULL,
  base          numeric  NOT NULL CONSTRAINT tds_part_base CHECK (base > 0 AND scale(base) <= 2),
  percent       numeric  NOT NULL CONSTRAINT tds_part_percent CHECK (percent > 0 AND percent <= 100),
  amount        numeric  NOT NULL CONSTRAINT tds_part_amount CHECK (amount > 0 AND scale(amount) <= 2),
  PRIMARY KEY (withdrawal_id, year)
);
CREATE INDEX tds_part_year_idx ON tds_part (year, withdrawal_id);

-- A person's PAN, sealed.
CREATE TABLE pan (
  user_id  bigint PRIMARY KEY REFERENCES users (id),
  key_id   text   NOT NULL,
  nonce    bytea  NOT NULL,
  sealed   bytea  NOT NULL,
  added_at timestamptz NOT NULL
);

-- A withdrawal that is sent through a gateway. Written down before the gateway is asked; the key is the gateway's for never doing it twice.
CREATE TABLE gateway_transfer (
  id            bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  withdrawal_id bigint  NOT NULL REFERENCES withdrawal (id),
  gateway       text    NOT NULL,
  key           text    NOT NULL CONSTRAINT gateway_transfer_key_key UNIQUE CONSTRAINT gateway_transfer_key CHECK (length(key) BETWEEN 4 AND 36),
  -- What is sent, and to whom by name: the same each time.
  amount        numeric NOT NULL CONSTRAINT gateway_transfer_amount CHECK (amount > 0 AND scale(amount) <= 2),
  payee         text    NOT NULL,
  -- refused: the gateway took no such order. The others are ends that it told, but for the first two.
  state         text    NOT NULL DEFAULT 'to_send' CONSTRAINT gateway_transfer_state CHECK (state IN ('to_send', 'sent', 'paid', 'failed', 'refused')),
  -- As the gateway words it.
  status        text,
  gateway_id    text    CONSTRAINT gateway_transfer_gateway_id_key UNIQUE,
  error         text,
  tries         integer NOT NULL DEFAULT 0,
  next_try_at   timestamptz NOT NULL,
  made_at       timestamptz NOT NULL,
  made_by       bigint  NOT NULL,
  made_by_name  text    NOT NULL,
  settled_at    timestamptz
);
-- One at a time, and none after one that ended.
CREATE UNIQUE INDEX gateway_transfer_once ON gateway_transfer (withdrawal_id) WHERE state <> 'refused';
CREATE INDEX gateway_transfer_due_idx ON gateway_transfer (next_try_at, id) WHERE state IN ('to_send', 'sent');
