-- Who brought whom, as staff look at it: the largest spenders first, a page of them in the same time however many there are.

-- What each person has spent: paid for orders, less what was given back; what fills a wallet is never paid. Beside `users`, whose indexes a sale would else touch.
CREATE TABLE spending (
  user_id     bigint  PRIMARY KEY REFERENCES users (id),
  -- As in `users`, where it never changes: leads the index.
  referrer_id bigint,
  spent       numeric NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX spending_tree_idx ON spending (referrer_id, spent DESC, user_id DESC) WHERE referrer_id IS NOT NULL;

-- How many a person brought, and how many these did. In sixteen parts each, so that people who join by one link at once do not wait for each other.
CREATE TABLE brood (
  user_id bigint   NOT NULL,
  part    smallint NOT NULL,
  friends bigint   NOT NULL,
  theirs  bigint   NOT NULL,
  PRIMARY KEY (user_id, part)
) WITH (fillfactor = 50);

INSERT INTO spending (user_id, referrer_id, spent)
SELECT u.id, u.referred_by, coalesce(o.spent, 0)
FROM users u LEFT JOIN (SELECT buyer_id, sum(price - refunded) AS spent FROM orders WHERE paid_at IS NOT NULL GROUP BY 1) o ON o.buyer_id = u.id;

INSERT INTO brood (user_id, part, friends, theirs)
SELECT person, part, sum(friends), sum(theirs) FROM (
  SELECT referred_by AS person, (id % 16)::smallint AS part, 1 AS friends, 0 AS theirs FROM users WHERE referred_by IS NOT NULL
  UNION ALL
  SELECT r.referred_by, (u.id % 16)::smallint, 0, 1 FROM users u JOIN users r ON r.id = u.referred_by WHERE r.referred_by IS NOT NULL
) born GROUP BY person, part;

CREATE FUNCTION grow_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spending (user_id, referrer_id) SELECT id, referred_by FROM new_people;
  -- Ascending, so that nobody waits in a circle.
  INSERT INTO brood AS b (user_id, part, friends, theirs)
  SELECT person, part, sum(friends), sum(theirs) FROM (
    SELECT referred_by AS person, (id % 16)::smallint AS part, 1 AS friends, 0 AS theirs FROM new_people WHERE referred_by IS NOT NULL
    UNION ALL
    SELECT r.referred_by, (n.id % 16)::smallint, 0, 1 FROM new_people n JOIN users r ON r.id = n.referred_by WHERE r.referred_by IS NOT NULL
  ) born GROUP BY person, part ORDER BY person, part
  ON CONFLICT (user_id, part) DO UPDATE SET friends = b.friends + excluded.friends, theirs = b.theirs + excluded.theirs;
  RETURN NULL;
END $$;
CREATE TRIGGER grow_tree AFTER INSERT ON users REFERENCING NEW TABLE AS new_people FOR EACH STATEMENT EXECUTE FUNCTION grow_tree();
ALTER TABLE users ENABLE ALWAYS TRIGGER grow_tree;

CREATE FUNCTION count_spending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE spending SET spent = spent + CASE WHEN NEW.paid_at IS NULL THEN 0 ELSE NEW.price - NEW.refunded END
                                    - CASE WHEN OLD.paid_at IS NULL THEN 0 ELSE OLD.price - OLD.refunded END
  WHERE user_id = NEW.buyer_id;
  RETURN NULL;
END $$;
-- At the commit: the last row that a sale locks, so that it stands in no order with purses and balances.
CREATE CONSTRAINT TRIGGER count_spending AFTER UPDATE OF paid_at, refunded ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.paid_at IS DISTINCT FROM NEW.paid_at OR OLD.refunded <> NEW.refunded) EXECUTE FUNCTION count_spending();
ALTER TABLE orders ENABLE ALWAYS TRIGGER count_spending;
