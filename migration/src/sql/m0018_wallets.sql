-- Wallets that are filled and put right, and Telegram Stars.

-- One open top-up a person: another amount replaces it.
CREATE UNIQUE INDEX orders_one_top_up ON orders (buyer_id) WHERE fills_wallet AND state = 'awaiting_payment';

-- What staff ask to put into a person's wallet, or take out of it. Above a limit somebody else approves it; `key` says where the command came from.
CREATE TABLE wallet_ask (
  id              bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key             text    NOT NULL CONSTRAINT wallet_ask_key_key UNIQUE,
  user_id         bigint  NOT NULL REFERENCES users (id),
  -- For the person's good when positive.
  amount          numeric NOT NULL CONSTRAINT wallet_ask_amount CHECK (amount <> 0 AND abs(amount) < 1000000000000 AND scale(amount) <= 2),
  reason          text    NOT NULL,
  asked_by        bigint  NOT NULL,
  asked_by_name   text    NOT NULL,
  asked_at        timestamptz NOT NULL,
  state           text    NOT NULL DEFAULT 'draft' CONSTRAINT wallet_ask_state CHECK (state IN ('draft', 'waiting', 'done', 'rejected')),
  -- Whether somebody else must approve it.
  second          boolean NOT NULL DEFAULT false,
  decided_by      bigint,
  decided_by_name text,
  decided_at      timestamptz,
  CONSTRAINT wallet_ask_decided CHECK ((state IN ('done', 'rejected')) = (decided_at IS NOT NULL) AND (decided_at IS NULL) = (decided_by IS NULL)
                                       AND (decided_by IS NULL) = (decided_by_name IS NULL)),
  CONSTRAINT wallet_ask_four_eyes CHECK (NOT (second AND state = 'done' AND decided_by = asked_by))
);
CREATE INDEX wallet_ask_waiting_idx ON wallet_ask (id) WHERE state = 'waiting';
CREATE INDEX wallet_ask_user_idx ON wallet_ask (user_id, id);

-- Stars that came: each of Telegram's charges once, and its way back.
CREATE TABLE star_charge (
  charge      text    PRIMARY KEY,
  -- As money that waits for staff names it: stars/CHARGE.
  reference   text    NOT NULL CONSTRAINT star_charge_reference_key UNIQUE,
  -- Who paid, as Telegram knows them; 0 once they are forgotten. And as the shop does.
  telegram_id bigint  NOT NULL,
  user_id     bigint  REFERENCES users (id),
  stars       integer NOT NULL CONSTRAINT star_charge_stars CHECK (stars > 0),
  -- Which order the invoice was of.
  order_id    bigint  REFERENCES orders (id),
  paid_at     timestamptz NOT NULL,
  -- Since when they are to go back, when they did, and what keeps them. Pauses follow the database's clock.
  back_asked_at timestamptz,
  back_at       timestamptz,
  back_tries    integer NOT NULL DEFAULT 0,
  back_next_at  timestamptz,
  back_trouble  text,
  CONSTRAINT star_charge_back CHECK (back_at IS NULL OR back_asked_at IS NOT NULL)
);
CREATE INDEX star_charge_back_idx ON star_charge (back_next_at) WHERE back_asked_at IS NOT NULL AND back_at IS NULL;
CREATE INDEX star_charge_order_idx ON star_charge (order_id);
CREATE INDEX star_charge_user_idx ON star_charge (user_id);

-- A refund back the way it was paid, instead of to the wallet or by UPI.
ALTER TABLE refund_draft ADD back boolean NOT NULL DEFAULT false;
