-- Who showed, on the page for it, by which device and address they come. What was seen there is kept as keyed marks only, elsewhere and for a while.
CREATE TABLE verification (
  user_id     bigint      NOT NULL CONSTRAINT verification_pkey PRIMARY KEY REFERENCES users (id),
  verified_at timestamptz NOT NULL,
  -- The last time.
  seen_at     timestamptz NOT NULL,
  CONSTRAINT verification_seen CHECK (seen_at >= verified_at)
);
