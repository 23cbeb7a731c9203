-- Payment gateways: what they were asked to collect, what they took, what they are asked to give back, what they paid out.

-- One thing that a buyer can pay at a gateway: a link, or a QR code. Written down before the gateway is asked, so that money on it is always known.
CREATE TABLE gateway_charge (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway       text NOT NULL CONSTRAINT gateway_charge_gateway CHECK (gateway IN ('razorpay', 'cashfree')),
  order_id      bigint NOT NULL REFERENCES orders (id),
  -- Our own name of it, which the gateway keeps: O-XXXXXXXX-1.
  reference     text NOT NULL,
  way           text NOT NULL CONSTRAINT gateway_charge_way CHECK (way IN ('link', 'upi_link', 'qr')),
  amount        numeric NOT NULL CONSTRAINT gateway_charge_amount CHECK (amount > 0 AND scale(amount) <= 2),
  state         text NOT NULL DEFAULT 'making' CONSTRAINT gateway_charge_state CHECK (state IN ('making', 'open', 'paid', 'closed')), -- closed: asked about no more
  -- Another was made for the order since, for another amount or because this one's time was over. Money on it is looked for all the same.
  replaced      boolean NOT NULL DEFAULT false,
  gateway_id    text,
  url           text,
  made_at       timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  -- Who makes it has until then; after that another may.
  claimed_until timestamptz,
  tries         integer NOT NULL DEFAULT 0,
  -- When the gateway is asked next whether it was paid.
  next_look_at  timestamptz NOT NULL,
  error         text,
  CONSTRAINT gateway_charge_reference_key UNIQUE (gateway, reference),
  CONSTRAINT gateway_charge_gateway_id_key UNIQUE (gateway, gateway_id),
  CONSTRAINT gateway_charge_made CHECK (state NOT IN ('open') OR gateway_id IS NOT NULL AND url IS NOT NULL)
);
CREATE UNIQUE INDEX gateway_charge_current_key ON gateway_charge (order_id, gateway) WHERE NOT replaced AND state IN ('making', 'open');
CREATE INDEX gateway_charge_order_idx ON gateway_charge (order_id);
CREATE INDEX gateway_charge_look_idx ON gateway_charge (next_look_at) WHERE state <> 'closed';

-- Money that a gateway captured on one of them: one row each, whoever told of it and however often.
CREATE TABLE gateway_payment (
  gateway    text NOT NULL CONSTRAINT gateway_payment_gateway CHECK (gateway IN ('razorpay', 'cashfree')),
  ref        text NOT NULL,
  order_id   bigint NOT NULL REFERENCES orders (id),
  -- None: it names the order, and nothing was made here for it.
  charge_id  bigint REFERENCES gateway_charge (id),
  amount     numeric NOT NULL CONSTRAINT gateway_payment_amount CHECK (amount > 0 AND scale(amount) <= 2),
  payer      text,
  bank_ref   text,
  paid_at    timestamptz NOT NULL,
  noted_at   timestamptz NOT NULL,
  became     text NOT NULL CONSTRAINT gateway_payment_became CHECK (became IN ('confirmed', 'unmatched')),
  -- The payout that brought it to the bank, as the gateway names it.
  settlement text,
  PRIMARY KEY (gateway, ref)
);
CREATE INDEX gateway_payment_order_idx ON gateway_payment (order_id);
CREATE INDEX gateway_payment_charge_idx ON gateway_payment (charge_id);
CREATE INDEX gateway_payment_settlement_idx ON gateway_payment (gateway, settlement) WHERE settlement IS NOT NULL;

-- What webhooks told, so that the same is heard once.
CREATE TABLE gateway_event (
  gateway  text NOT NULL,
  event_id text NOT NULL,
  kind     text NOT NULL,
  heard_at timestamptz NOT NULL,
  PRIMARY KEY (gateway, event_id)
);
CREATE INDEX gateway_event_heard_idx ON gateway_event (heard_at);

-- Money that a gateway is asked to give back to whoever paid it: of a refund, or of a credit that was for nothing.
CREATE TABLE gateway_refund (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gateway     text NOT NULL CONSTRAINT gateway_refund_gateway CHECK (gateway IN ('razorpay', 'cashfree')),
  payment_ref text NOT NULL,
  amount      numeric NOT NULL CONSTRAINT gateway_refund_amount CHECK (amount > 0 AND scale(amount) <= 2),
  -- The gateway's idempotency key: asked again with it, it is one refund.
  key         text NOT NULL CONSTRAINT gateway_refund_key_shape CHECK (key ~ '^[A-Za-z0-9_-]{10,40}$'),
  refund_id   bigint REFERENCES refund (id),
  state       text NOT NULL DEFAULT 'to_send' CONSTRAINT gateway_refund_state CHECK (state IN ('to_send', 'sent', 'processed', 'failed')),
  gateway_id  text,
  tries       integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  error       text,
  made_at     timestamptz NOT NULL,
  settled_at  timestamptz,
  CONSTRAINT gateway_refund_key_key UNIQUE (key),
  CONSTRAINT gateway_refund_refund_key UNIQUE (refund_id),
  CONSTRAINT gateway_refund_gateway_id_key UNIQUE (gateway, gateway_id),
  CONSTRAINT gateway_refund_settled CHECK ((state IN ('processed', 'failed')) = (settled_at IS NOT NULL))
);
CREATE INDEX gateway_refund_try_idx ON gateway_refund (next_try_at) WHERE state IN ('to_send', 'sent');

-- Payouts of a gateway to the bank that were heard of; booked when net and fees are known.
CREATE TABLE gateway_settlement (
  gateway       text NOT NULL CONSTRAINT gateway_settlement_gateway CHECK (gateway IN ('razorpay', 'cashfree')),
  ref           text NOT NULL,
  utr           text,
  net           numeric,
  fees          numeric,
  at            timestamptz NOT NULL,
  told_at       timestamptz NOT NULL,
  tries         integer NOT NULL DEFAULT 0,
  next_try_at   timestamptz NOT NULL,
  settlement_id bigint REFERENCES settlement (id),
  PRIMARY KEY (gateway, ref),
  CONSTRAINT gateway_settlement_settlement_key UNIQUE (settlement_id)
);
CREATE INDEX gateway_settlement_try_idx ON gateway_settlement (next_try_at) WHERE settlement_id IS NULL;

-- When a gateway was last asked for its payouts.
CREATE TABLE gateway_look (
  gateway        text PRIMARY KEY,
  settlements_at timestamptz NOT NULL
);

-- A refund that the gateway could not send is in the buyer's wallet.
DO $$
DECLARE
  whole text := rtrim(pg_get_viewdef('ledger.expected'::regclass), E'; \n');
BEGIN
  EXECUTE 'CREATE OR REPLACE VIEW ledger.expected AS ' || whole || '
    UNION ALL SELECT ''refund_failed''::text, g.id, NULL::text, format(''return:%s:failed''::text, g.id), r.user_id, g.amount
    FROM public.gateway_refund g JOIN public.refund r ON r.id = g.refund_id WHERE g.state = ''failed''';
END $$;
