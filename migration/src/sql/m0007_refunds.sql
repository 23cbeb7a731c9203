-- Refunds as staff make them in the chat: drafts, who did what and why, a card; and a subscription that ends when all of its money went back.

ALTER TABLE refund
  ADD made_by_name    text NOT NULL DEFAULT '',
  ADD settled_by_name text,
  -- Why it could not be sent.
  ADD failure         text;
-- Who they were is told by what else they did.
UPDATE refund r SET
  made_by_name    = coalesce((SELECT a.actor_name FROM audit a WHERE a.actor_id = r.made_by ORDER BY a.id DESC LIMIT 1), ''),
  settled_by_name = (SELECT a.actor_name FROM audit a WHERE a.actor_id = r.settled_by ORDER BY a.id DESC LIMIT 1),
  failure         = CASE WHEN r.state = 'failed' THEN '' END;
ALTER TABLE refund ADD CONSTRAINT refund_failed_with_reason CHECK ((state = 'failed') = (failure IS NOT NULL));
CREATE INDEX refund_user_idx ON refund (user_id, id DESC);

-- What staff are about to give back; the id is the update that made it so, `begun` that of the command. Buttons carry the id, never the amount. A draft
-- never changes: each answer is a row of its own, so that an older screen means what it shows; and one refund comes of all that began together.
CREATE TABLE refund_draft (
  id       bigint  PRIMARY KEY,
  begun    bigint  NOT NULL,
  made_by  bigint  NOT NULL,
  order_id bigint  NOT NULL REFERENCES orders (id),
  amount   numeric NOT NULL CONSTRAINT refund_draft_amount CHECK (amount > 0 AND scale(amount) <= 2),
  vpa      text,
  reason   text,
  made_at  timestamptz NOT NULL
);

ALTER TABLE card DROP CONSTRAINT card_kind, ADD CONSTRAINT card_kind CHECK (kind IN ('payment', 'withdrawal', 'refund'));

-- What a paid order gives may end before its time, and says why. By a trigger, because every sale inserts here and only this is an update.
ALTER TABLE subscription ADD ended_at timestamptz, ADD end_reason text;
UPDATE subscription s SET ended_at = r.made_at, end_reason = r.reason
FROM orders o CROSS JOIN LATERAL (SELECT made_at, reason FROM refund WHERE order_id = o.id ORDER BY id DESC LIMIT 1) r
WHERE o.id = s.order_id AND o.refunded = o.price AND r.made_at < s.ends_at;
CREATE FUNCTION subscription_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.ended_at IS NULL) <> (NEW.end_reason IS NULL) OR OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason) THEN
    RAISE EXCEPTION 'the subscription of order % ends once, with a reason', NEW.order_id USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER subscription_ends_once BEFORE UPDATE ON subscription FOR EACH ROW EXECUTE FUNCTION subscription_ends_once();
ALTER TABLE subscription ENABLE ALWAYS TRIGGER subscription_ends_once;
