-- Referring: chosen codes, campaigns, the figures of everyone's link, leaderboards and contests.

-- Who joined by whom, newest first, a page at a time.
CREATE INDEX users_brought_idx ON users (referred_by, id) WHERE referred_by IS NOT NULL;
DROP INDEX users_referred_by_idx;

-- A code that a person chose for their link: once, and nobody else's for ever.
CREATE TABLE vanity (
  -- As it is read: o as 0, i and l as 1, so that no two look alike.
  folded    text        NOT NULL CONSTRAINT vanity_folded_key PRIMARY KEY,
  shown     text        NOT NULL CONSTRAINT vanity_shape CHECK (shown ~ '^[a-z][a-z0-9_]{2,15}$'),
  -- Null once its owner was forgotten.
  user_id   bigint      CONSTRAINT vanity_user_key UNIQUE REFERENCES users (id),
  chosen_at timestamptz NOT NULL,
  CONSTRAINT vanity_folded CHECK (folded = translate(shown, 'oil', '011')),
  CONSTRAINT vanity_no_referral_code CHECK (upper(folded) !~ '^[0-9A-HJKMNP-TV-Z]{8}$')
);
CREATE TRIGGER vanity_for_ever BEFORE UPDATE OF folded, shown, chosen_at OR DELETE OR TRUNCATE ON vanity FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE vanity ENABLE ALWAYS TRIGGER vanity_for_ever;

-- Links of the shop's own: /start c_NAME.
CREATE TABLE campaign (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text        NOT NULL CONSTRAINT campaign_name_key UNIQUE CONSTRAINT campaign_name CHECK (name ~ '^[a-z0-9][a-z0-9_-]{1,31}$'),
  made_at      timestamptz NOT NULL,
  made_by      bigint      NOT NULL,
  made_by_name text        NOT NULL
);
-- Who became known by one: once and for good, and bound to nobody.
CREATE TABLE campaign_member (
  user_id     bigint      PRIMARY KEY REFERENCES users (id),
  campaign_id bigint      NOT NULL REFERENCES campaign (id),
  joined_at   timestamptz NOT NULL
);
CREATE TRIGGER campaign_member_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON campaign_member FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE campaign_member ENABLE ALWAYS TRIGGER campaign_member_for_ever;

-- Who opened whose link, and which campaign's: each person counts once, known ones too.
CREATE TABLE link_visit (
  owner_id   bigint      NOT NULL,
  visitor_id bigint      NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (owner_id, visitor_id)
);
CREATE INDEX link_visit_visitor_idx ON link_visit (visitor_id);
CREATE TABLE campaign_visit (
  campaign_id bigint      NOT NULL,
  visitor_id  bigint      NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (campaign_id, visitor_id)
);
CREATE INDEX campaign_visit_visitor_idx ON campaign_visit (visitor_id);

-- What happened at links and was not counted yet. Whoever counts takes the rows away.
CREATE TABLE link_news (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id    bigint,
  campaign_id bigint,
  opened      integer     NOT NULL DEFAULT 0,
  joined      integer     NOT NULL DEFAULT 0,
  verified    integer     NOT NULL DEFAULT 0,
  at          timestamptz NOT NULL,
  CONSTRAINT link_news_whose CHECK (num_nonnulls(owner_id, campaign_id) = 1)
);

-- Through which of the journal's transactions sales and refunds were counted.
CREATE TABLE referral_mark (
  id      smallint PRIMARY KEY DEFAULT 1 CONSTRAINT referral_mark_is_one CHECK (id = 1),
  through bigint   NOT NULL DEFAULT 0
);
INSERT INTO referral_mark DEFAULT VALUES;

-- Figures of a day of the shop: of a person on each level, and of a campaign.
CREATE TABLE referral_day (
  user_id  bigint   NOT NULL,
  level    smallint NOT NULL CONSTRAINT referral_day_level CHECK (level IN (1, 2)),
  day      date     NOT NULL,
  opened   integer  NOT NULL DEFAULT 0,
  joined   integer  NOT NULL DEFAULT 0,
  verified integer  NOT NULL DEFAULT 0,
  -- People who bought for the first time; sales; sales that were given back.
  bought   integer  NOT NULL DEFAULT 0,
  sales    integer  NOT NULL DEFAULT 0,
  refunded integer  NOT NULL DEFAULT 0,
  -- Less what was taken back that day.
  earned   numeric  NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, level, day)
) WITH (fillfactor = 80);
CREATE TABLE campaign_day (
  campaign_id bigint  NOT NULL,
  day         date    NOT NULL,
  opened      integer NOT NULL DEFAULT 0,
  joined      integer NOT NULL DEFAULT 0,
  bought      integer NOT NULL DEFAULT 0,
  sales       integer NOT NULL DEFAULT 0,
  refunded    integer NOT NULL DEFAULT 0,
  revenue     numeric NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_id, day)
);

-- A sale that somebody's link or a campaign led to. Lost: given back as a whole, or its commission cancelled.
CREATE TABLE referral_sale (
  order_id    bigint      PRIMARY KEY,
  referrer_id bigint,
  campaign_id bigint,
  day         date        NOT NULL,
  paid_at     timestamptz NOT NULL,
  lost_at     timestamptz
);
CREATE INDEX referral_sale_counts_idx ON referral_sale (paid_at, referrer_id) WHERE referrer_id IS NOT NULL AND lost_at IS NULL;

-- Sales of a week, a month, a contest by person: week:2026-11-16, month:2026-11-01, contest:7.
CREATE TABLE board_score (
  board      text        NOT NULL,
  user_id    bigint      NOT NULL,
  score      integer     NOT NULL,
  reached_at timestamptz NOT NULL,
  PRIMARY KEY (board, user_id)
);
-- Best first; whoever was there first is before whoever came later.
CREATE INDEX board_score_place_idx ON board_score (board, (-score), reached_at, user_id);
-- Who lets their masked name be seen on leaderboards.
CREATE TABLE board_member (
  user_id bigint      PRIMARY KEY REFERENCES users (id),
  since   timestamptz NOT NULL
);

CREATE TABLE contest (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Where the command came from: the same again is the same contest.
  key             text        NOT NULL CONSTRAINT contest_key_key UNIQUE,
  name            text        NOT NULL,
  from_at         timestamptz NOT NULL,
  until_at        timestamptz NOT NULL,
  -- Of the first place, the second …
  prizes          numeric[]   NOT NULL CONSTRAINT contest_prizes CHECK (cardinality(prizes) BETWEEN 1 AND 10),
  state           text        NOT NULL DEFAULT 'draft' CONSTRAINT contest_state CHECK (state IN ('draft', 'open', 'done', 'cancelled')),
  made_at         timestamptz NOT NULL,
  made_by         bigint      NOT NULL,
  made_by_name    text        NOT NULL,
  started_by      bigint,
  started_by_name text,
  ended_at        timestamptz,
  CONSTRAINT contest_time CHECK (from_at < until_at),
  CONSTRAINT contest_started CHECK (state NOT IN ('open', 'done') OR started_by IS NOT NULL),
  CONSTRAINT contest_ended CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX contest_open_idx ON contest (until_at) WHERE state = 'open';
CREATE TABLE contest_prize (
  contest_id bigint   NOT NULL REFERENCES contest (id),
  place      smallint NOT NULL CONSTRAINT contest_prize_place CHECK (place BETWEEN 1 AND 10),
  user_id    bigint   NOT NULL REFERENCES users (id),
  score      integer  NOT NULL CONSTRAINT contest_prize_score CHECK (score > 0),
  amount     numeric  NOT NULL,
  prize_id   bigint   NOT NULL CONSTRAINT contest_prize_prize_key UNIQUE REFERENCES prize (id),
  PRIMARY KEY (contest_id, place),
  CONSTRAINT contest_prize_once UNIQUE (contest_id, user_id)
);
CREATE TRIGGER contest_prize_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON contest_prize FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE contest_prize ENABLE ALWAYS TRIGGER contest_prize_for_ever;

-- Who joined before this was counted. Sales are in the journal, which is counted from its beginning.
INSERT INTO link_visit (owner_id, visitor_id, at) SELECT referred_by, id, joined_at FROM users WHERE referred_by IS NOT NULL;
INSERT INTO link_news (owner_id, opened, joined, at) SELECT referred_by, 1, 1, joined_at FROM users WHERE referred_by IS NOT NULL ORDER BY id;
