-- What the migrations make. Written by the test of core/tests/it/schema.rs with UPDATE_SCHEMA=1, never by hand.

CREATE SCHEMA ledger;

CREATE FUNCTION ledger.entries_are_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  wrong bigint;
BEGIN
  SELECT n.transaction_id INTO wrong
  FROM (SELECT transaction_id, sum(amount) AS total, count(*) AS lines, array_agg(account_id) AS accounts, array_agg(amount) AS amounts
        FROM new_entries GROUP BY transaction_id) n
  LEFT JOIN ledger.transaction t ON t.id = n.transaction_id
  WHERE n.total <> 0 OR n.lines < 2 OR t.id IS NULL
     OR t.fingerprint <> ledger.fingerprint(t.kind, n.accounts, n.amounts)
     OR n.lines <> (SELECT count(*) FROM ledger.entry e WHERE e.transaction_id = n.transaction_id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the entries of transaction % do not sum to zero, or are not the ones it was made with', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.fingerprint(kind text, accounts bigint[], amounts numeric[]) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT sha256(convert_to(kind || coalesce(string_agg(format(' %s:%s', l.account, trim_scale(l.amount)), '' ORDER BY l.account), ''), 'UTF8'))
  FROM unnest(accounts, amounts) AS l (account, amount) WHERE l.amount <> 0
$$;

CREATE FUNCTION ledger.kind_number(kind text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
  SELECT CASE kind
    WHEN 'upi_clearing' THEN 1 WHEN 'gateway_clearing' THEN 2 WHEN 'bank' THEN 3
    WHEN 'sales' THEN 4 WHEN 'refunds' THEN 5
    WHEN 'cost_of_sales' THEN 6 WHEN 'commission' THEN 7 WHEN 'promotion' THEN 8 WHEN 'fees' THEN 9 WHEN 'adjustment' THEN 10
    WHEN 'supplier' THEN 11 WHEN 'tds_payable' THEN 12 WHEN 'gst_payable' THEN 13 WHEN 'unmatched' THEN 14 WHEN 'opening' THEN 15
    WHEN 'credit' THEN 16 WHEN 'held' THEN 17 WHEN 'earned' THEN 18 WHEN 'reserved' THEN 19
    WHEN 'withdrawing' THEN 20 WHEN 'refunding' THEN 21 WHEN 'owed' THEN 22 END
$$;

CREATE FUNCTION ledger.move_balance() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.seq := NULL;
  NEW.balance_after := NULL;
  IF NEW.account_id >= 32 THEN
    UPDATE ledger.balance b
    SET amount = b.amount + CASE WHEN NEW.account_id % 32 = 22 THEN NEW.amount ELSE -NEW.amount END, seq = b.seq + 1
    WHERE b.account_id = NEW.account_id
    RETURNING b.seq, b.amount INTO NEW.seq, NEW.balance_after;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'account % has no balance', NEW.account_id USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_account_id_fkey';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.open_accounts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO ledger.account (id, owner_id, kind)
  SELECT p.id * 32 + ledger.kind_number(k), p.id, k
  FROM new_people p CROSS JOIN unnest(ARRAY['credit', 'held', 'earned', 'reserved', 'withdrawing', 'refunding', 'owed']) AS k;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.open_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO ledger.balance (account_id) SELECT id FROM new_accounts WHERE owner_id IS NOT NULL;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.refuse_direct_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR TG_OP NOT IN ('INSERT', 'UPDATE') THEN
    RAISE EXCEPTION 'a balance is changed by its entries alone: % refused', TG_OP USING ERRCODE = 'restrict_violation', CONSTRAINT = 'balance_by_entries_alone';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.transaction_has_entries() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM new_transactions t WHERE NOT EXISTS (SELECT FROM ledger.entry e WHERE e.transaction_id = t.id)) THEN
    RAISE EXCEPTION 'a transaction without entries' USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_is_whole';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.notification_wakes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_notify('mela_notification', '');
  RETURN NULL;
END $$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '%.% is kept for ever: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE FUNCTION public.users_referrer_is_final() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'a person is bound to a referrer once and for good' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'users_referrer_is_final';
END $$;

CREATE TABLE ledger.account (
    id bigint NOT NULL,
    owner_id bigint,
    kind text NOT NULL,
    CONSTRAINT account_id_is_derived CHECK ((id = ((COALESCE(owner_id, (0)::bigint) * 32) + ledger.kind_number(kind)))),
    CONSTRAINT account_kind CHECK (((ledger.kind_number(kind) IS NOT NULL) AND ((ledger.kind_number(kind) >= 16) = (owner_id IS NOT NULL))))
);

CREATE TABLE ledger.balance (
    account_id bigint NOT NULL,
    amount numeric DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT balance_not_negative CHECK ((amount >= (0)::numeric))
)
WITH (fillfactor='70');

CREATE TABLE ledger.entry (
    id bigint NOT NULL,
    transaction_id bigint NOT NULL,
    account_id bigint NOT NULL,
    amount numeric NOT NULL,
    seq bigint,
    balance_after numeric,
    CONSTRAINT entry_account_number CHECK (((account_id >= 32) OR ((account_id >= 1) AND (account_id <= 15)))),
    CONSTRAINT entry_amount CHECK (((amount <> (0)::numeric) AND (amount <> 'NaN'::numeric) AND (abs(amount) < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2)))
);

ALTER TABLE ledger.entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW ledger.proof AS
SELECT
    NULL::text AS problem,
    NULL::text AS subject,
    NULL::text AS detail;

CREATE TABLE ledger.transaction (
    id bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    reverses bigint,
    written_by xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT transaction_key_shape CHECK ((key ~ '^[a-z]+:.+$'::text)),
    CONSTRAINT transaction_kind CHECK ((kind = ANY (ARRAY['order_paid'::text, 'commissions_released'::text, 'withdrawal_asked'::text, 'withdrawal_refused'::text, 'withdrawal_paid'::text])))
);

ALTER TABLE ledger.transaction ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ledger.transaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW ledger.trial_balance AS
 SELECT a.kind,
    sum(e.amount) AS amount,
    count(*) AS entries
   FROM (ledger.entry e
     JOIN ledger.account a ON ((a.id = e.account_id)))
  GROUP BY a.kind
  ORDER BY (ledger.kind_number(a.kind));

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.card (
    kind text NOT NULL,
    subject_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    message_id integer NOT NULL,
    photo boolean NOT NULL,
    CONSTRAINT card_kind CHECK ((kind = ANY (ARRAY['payment'::text, 'withdrawal'::text])))
);

CREATE TABLE public.chat_migration (
    from_chat_id bigint NOT NULL,
    to_chat_id bigint NOT NULL,
    CONSTRAINT chat_migration_moves CHECK ((to_chat_id <> from_chat_id))
);

CREATE TABLE public.commission (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    level smallint NOT NULL,
    buyer_id bigint NOT NULL,
    beneficiary_id bigint NOT NULL,
    amount numeric NOT NULL,
    reversed numeric DEFAULT 0 NOT NULL,
    state text DEFAULT 'held'::text NOT NULL,
    release_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT commission_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT commission_level CHECK ((level = ANY (ARRAY[1, 2]))),
    CONSTRAINT commission_not_to_buyer CHECK ((beneficiary_id <> buyer_id)),
    CONSTRAINT commission_released CHECK (((state = 'released'::text) = (released_at IS NOT NULL))),
    CONSTRAINT commission_reversed CHECK (((reversed >= (0)::numeric) AND (reversed <= amount) AND (scale(reversed) <= 2))),
    CONSTRAINT commission_state CHECK ((state = ANY (ARRAY['held'::text, 'released'::text, 'cancelled'::text])))
);

ALTER TABLE public.commission ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.commission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.dialogue (
    chat_id bigint NOT NULL,
    user_id bigint NOT NULL,
    state text,
    previous text,
    update_id bigint NOT NULL
);

CREATE TABLE public.inbox (
    update_id bigint NOT NULL,
    lane bigint NOT NULL,
    body text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    failed_at timestamp with time zone,
    error text
);

CREATE TABLE public.notification (
    id bigint NOT NULL,
    user_id bigint,
    kind text NOT NULL,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    dedupe_key text,
    created_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone NOT NULL,
    claimed_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone,
    dropped text,
    read_at timestamp with time zone
);

ALTER TABLE public.notification ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.orders (
    id bigint NOT NULL,
    code text NOT NULL,
    buyer_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    title text NOT NULL,
    price numeric NOT NULL,
    cost numeric NOT NULL,
    level1_percent numeric NOT NULL,
    level2_percent numeric NOT NULL,
    hold_s bigint NOT NULL,
    state text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    delivered_at timestamp with time zone,
    CONSTRAINT orders_cost CHECK (((cost >= (0)::numeric) AND (cost < ('1000000000000'::bigint)::numeric) AND (scale(cost) <= 2))),
    CONSTRAINT orders_delivered CHECK (((state = 'delivered'::text) = (delivered_at IS NOT NULL))),
    CONSTRAINT orders_hold CHECK ((hold_s >= 0)),
    CONSTRAINT orders_level1 CHECK (((level1_percent >= (0)::numeric) AND (level1_percent <= (100)::numeric))),
    CONSTRAINT orders_level2 CHECK (((level2_percent >= (0)::numeric) AND (level2_percent <= (100)::numeric))),
    CONSTRAINT orders_paid_once CHECK (((state = ANY (ARRAY['paid'::text, 'delivered'::text])) = (paid_at IS NOT NULL))),
    CONSTRAINT orders_price CHECK (((price >= (1)::numeric) AND (price < ('1000000000000'::bigint)::numeric) AND (scale(price) <= 2))),
    CONSTRAINT orders_state CHECK ((state = ANY (ARRAY['awaiting_payment'::text, 'in_review'::text, 'paid'::text, 'delivered'::text, 'expired'::text, 'cancelled'::text])))
);

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.payment (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    method text NOT NULL,
    amount numeric NOT NULL,
    utr text,
    photo_file_id text,
    photo_unique_id text,
    late boolean DEFAULT false NOT NULL,
    state text DEFAULT 'submitted'::text NOT NULL,
    key text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    reason text,
    CONSTRAINT payment_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT payment_decided CHECK (((state = 'submitted'::text) = (decided_at IS NULL))),
    CONSTRAINT payment_has_proof CHECK (((utr IS NOT NULL) OR (photo_file_id IS NOT NULL))),
    CONSTRAINT payment_method CHECK ((method = 'upi'::text)),
    CONSTRAINT payment_rejected_with_reason CHECK (((state <> 'rejected'::text) OR (reason IS NOT NULL))),
    CONSTRAINT payment_state CHECK ((state = ANY (ARRAY['submitted'::text, 'confirmed'::text, 'rejected'::text]))),
    CONSTRAINT payment_utr_shape CHECK ((utr ~ '^[0-9]{12}$'::text))
);

ALTER TABLE public.payment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.plan (
    id bigint NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    platform text DEFAULT ''::text NOT NULL,
    category text DEFAULT ''::text NOT NULL,
    period_days integer NOT NULL,
    screens integer DEFAULT 1 NOT NULL,
    price numeric NOT NULL,
    cost numeric NOT NULL,
    delivery text DEFAULT 'by_hand'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    CONSTRAINT plan_code_shape CHECK ((code ~ '^[a-z0-9-]{1,40}$'::text)),
    CONSTRAINT plan_cost CHECK (((cost >= (0)::numeric) AND (cost < ('1000000000000'::bigint)::numeric) AND (scale(cost) <= 2))),
    CONSTRAINT plan_delivery CHECK ((delivery = ANY (ARRAY['by_hand'::text, 'from_stock'::text]))),
    CONSTRAINT plan_period CHECK ((period_days > 0)),
    CONSTRAINT plan_price CHECK (((price >= (1)::numeric) AND (price < ('1000000000000'::bigint)::numeric) AND (scale(price) <= 2))),
    CONSTRAINT plan_screens CHECK ((screens > 0))
);

ALTER TABLE public.plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);

CREATE TABLE public.setting (
    key text NOT NULL,
    value text NOT NULL,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.shop (
    id smallint DEFAULT 1 NOT NULL,
    serves text,
    clock_ahead_s bigint DEFAULT 0 NOT NULL,
    seeded_at timestamp with time zone,
    CONSTRAINT shop_clock_forward CHECK ((clock_ahead_s >= 0)),
    CONSTRAINT shop_is_one CHECK ((id = 1)),
    CONSTRAINT shop_real_clock CHECK (((serves = 'sandbox'::text) OR (clock_ahead_s = 0))),
    CONSTRAINT shop_serves CHECK ((serves = ANY (ARRAY['sandbox'::text, 'telegram'::text])))
);

CREATE TABLE public.staff (
    telegram_id bigint NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    added_by bigint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_role CHECK ((role = ANY (ARRAY['admin'::text, 'support'::text])))
);

CREATE TABLE public.users (
    id bigint NOT NULL,
    telegram_id bigint NOT NULL,
    name text NOT NULL,
    username text,
    language text DEFAULT 'en'::text NOT NULL,
    code text NOT NULL,
    referred_by bigint,
    first_update_id bigint NOT NULL,
    reachable boolean DEFAULT true NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    CONSTRAINT users_code_shape CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'::text)),
    CONSTRAINT users_referrer_is_earlier CHECK ((referred_by < id))
);

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.utr (
    utr text NOT NULL,
    order_id bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT utr_shape CHECK ((utr ~ '^[0-9]{12}$'::text))
);

CREATE TABLE public.withdrawal (
    id bigint NOT NULL,
    code text NOT NULL,
    user_id bigint NOT NULL,
    vpa text NOT NULL,
    amount numeric NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    key text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    decided_by_name text,
    settled_at timestamp with time zone,
    settled_by bigint,
    settled_by_name text,
    payout_utr text,
    reason text,
    CONSTRAINT withdrawal_amount CHECK (((amount > (0)::numeric) AND (amount < ('1000000000000'::bigint)::numeric) AND (scale(amount) <= 2))),
    CONSTRAINT withdrawal_paid_with_utr CHECK (((state = 'paid'::text) = (payout_utr IS NOT NULL))),
    CONSTRAINT withdrawal_refused_with_reason CHECK (((state <> ALL (ARRAY['rejected'::text, 'failed'::text])) OR (reason IS NOT NULL))),
    CONSTRAINT withdrawal_state CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'paid'::text, 'rejected'::text, 'failed'::text])))
);

CREATE TABLE public.withdrawal_draft (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    vpa text NOT NULL,
    amount numeric NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT withdrawal_draft_amount CHECK (((amount > (0)::numeric) AND (scale(amount) <= 2)))
);

ALTER TABLE public.withdrawal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.withdrawal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_owner_kind_key UNIQUE NULLS NOT DISTINCT (owner_id, kind);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_transaction_account_key UNIQUE (transaction_id, account_id);

ALTER TABLE ONLY ledger.transaction
    ADD CONSTRAINT transaction_key_key UNIQUE (key);

ALTER TABLE ONLY ledger.transaction
    ADD CONSTRAINT transaction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (kind, subject_id);

ALTER TABLE ONLY public.chat_migration
    ADD CONSTRAINT chat_migration_pkey PRIMARY KEY (from_chat_id);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_order_level_key UNIQUE (order_id, level);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dialogue
    ADD CONSTRAINT dialogue_pkey PRIMARY KEY (chat_id, user_id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (update_id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_dedupe_key_key UNIQUE (dedupe_key);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_code_key UNIQUE (code);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_key_key UNIQUE (key);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_code_key UNIQUE (code);

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.seaql_migrations
    ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.shop
    ADD CONSTRAINT shop_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (telegram_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_code_key UNIQUE (code);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_telegram_id_key UNIQUE (telegram_id);

ALTER TABLE ONLY public.utr
    ADD CONSTRAINT utr_pkey PRIMARY KEY (utr);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_code_key UNIQUE (code);

ALTER TABLE ONLY public.withdrawal_draft
    ADD CONSTRAINT withdrawal_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_key_key UNIQUE (key);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_payout_utr_key UNIQUE (payout_utr);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (id);

CREATE INDEX entry_account_idx ON ledger.entry USING btree (account_id, id);

CREATE INDEX audit_subject_idx ON public.audit USING btree (subject, id);

CREATE INDEX commission_beneficiary_idx ON public.commission USING btree (beneficiary_id, id DESC);

CREATE INDEX commission_due_idx ON public.commission USING btree (release_at) WHERE (state = 'held'::text);

CREATE INDEX inbox_done_idx ON public.inbox USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX inbox_pending_idx ON public.inbox USING btree (update_id) WHERE ((done_at IS NULL) AND (failed_at IS NULL));

CREATE INDEX notification_due_idx ON public.notification USING btree (COALESCE(user_id, (0)::bigint), id) WHERE ((sent_at IS NULL) AND (dropped IS NULL));

CREATE INDEX notification_user_idx ON public.notification USING btree (user_id, id DESC);

CREATE INDEX orders_buyer_idx ON public.orders USING btree (buyer_id, id DESC);

CREATE INDEX orders_expiry_idx ON public.orders USING btree (expires_at) WHERE (state = 'awaiting_payment'::text);

CREATE UNIQUE INDEX orders_one_open ON public.orders USING btree (buyer_id, plan_id) WHERE (state = 'awaiting_payment'::text);

CREATE INDEX orders_undelivered_idx ON public.orders USING btree (paid_at) WHERE (state = 'paid'::text);

CREATE UNIQUE INDEX payment_one_confirmed ON public.payment USING btree (order_id) WHERE (state = 'confirmed'::text);

CREATE UNIQUE INDEX payment_one_waiting ON public.payment USING btree (order_id) WHERE (state = 'submitted'::text);

CREATE INDEX payment_order_idx ON public.payment USING btree (order_id, id);

CREATE INDEX payment_photo_idx ON public.payment USING btree (photo_unique_id) WHERE (photo_unique_id IS NOT NULL);

CREATE INDEX payment_waiting_idx ON public.payment USING btree (submitted_at) WHERE (state = 'submitted'::text);

CREATE INDEX users_referred_by_idx ON public.users USING btree (referred_by) WHERE (referred_by IS NOT NULL);

CREATE INDEX users_username_idx ON public.users USING btree (lower(username));

CREATE INDEX withdrawal_open_idx ON public.withdrawal USING btree (asked_at) WHERE (state = ANY (ARRAY['asked'::text, 'approved'::text]));

CREATE INDEX withdrawal_user_idx ON public.withdrawal USING btree (user_id, id DESC);

CREATE OR REPLACE VIEW ledger.proof AS
 WITH own AS (
         SELECT a.id,
            a.owner_id,
            a.kind,
            b.amount,
            b.seq
           FROM (ledger.account a
             LEFT JOIN ledger.balance b ON ((b.account_id = a.id)))
          WHERE (a.owner_id IS NOT NULL)
        ), expected AS (
         SELECT format('order:%s:paid'::text, orders.id) AS key,
            'order_paid'::text AS kind
           FROM public.orders
          WHERE (orders.paid_at IS NOT NULL)
        UNION ALL
         SELECT format('withdrawal:%s:asked'::text, withdrawal.id) AS format,
            'withdrawal_asked'::text
           FROM public.withdrawal
        UNION ALL
         SELECT format('withdrawal:%s:settled'::text, withdrawal.id) AS format,
                CASE withdrawal.state
                    WHEN 'paid'::text THEN 'withdrawal_paid'::text
                    ELSE 'withdrawal_refused'::text
                END AS "case"
           FROM public.withdrawal
          WHERE (withdrawal.state = ANY (ARRAY['paid'::text, 'rejected'::text, 'failed'::text]))
        )
 SELECT
        CASE
            WHEN (t.id IS NULL) THEN 'entries without their transaction'::text
            ELSE 'unbalanced transaction'::text
        END AS problem,
    (COALESCE(t.id, e.transaction_id))::text AS subject,
    format('sums to %s over %s entries'::text, COALESCE(sum(e.amount), (0)::numeric), count(e.id)) AS detail
   FROM (ledger.transaction t
     FULL JOIN ledger.entry e ON ((e.transaction_id = t.id)))
  GROUP BY t.id, e.transaction_id
 HAVING ((COALESCE(sum(e.amount), (0)::numeric) <> (0)::numeric) OR (count(e.id) < 2) OR (t.id IS NULL))
UNION ALL
 SELECT 'fingerprint differs'::text AS problem,
    (t.id)::text AS subject,
    t.key AS detail
   FROM (ledger.transaction t
     JOIN ledger.entry e ON ((e.transaction_id = t.id)))
  GROUP BY t.id
 HAVING (t.fingerprint <> ledger.fingerprint(t.kind, array_agg(e.account_id), array_agg(e.amount)))
UNION ALL
 SELECT 'balance is not the sum of its entries'::text AS problem,
    (o.id)::text AS subject,
    format('%s: balance %s at %s, entries %s at %s'::text, o.kind, o.amount, o.seq, COALESCE(s.total, (0)::numeric), COALESCE(s.lines, (0)::bigint)) AS detail
   FROM (own o
     LEFT JOIN ( SELECT entry.account_id,
            sum(
                CASE
                    WHEN ((entry.account_id % (32)::bigint) = 22) THEN entry.amount
                    ELSE (- entry.amount)
                END) AS total,
            count(*) AS lines
           FROM ledger.entry
          WHERE (entry.account_id >= 32)
          GROUP BY entry.account_id) s ON ((s.account_id = o.id)))
  WHERE ((o.amount IS DISTINCT FROM COALESCE(s.total, (0)::numeric)) OR (o.seq IS DISTINCT FROM COALESCE(s.lines, (0)::bigint)))
UNION ALL
 SELECT 'entry does not follow the one before'::text AS problem,
    (e.id)::text AS subject,
    format('account %s, seq %s, balance after %s'::text, e.account_id, e.seq, e.balance_after) AS detail
   FROM ( SELECT entry.id,
            entry.account_id,
            entry.seq,
            entry.balance_after,
                CASE
                    WHEN ((entry.account_id % (32)::bigint) = 22) THEN entry.amount
                    ELSE (- entry.amount)
                END AS moved,
            lag(entry.seq, 1, (0)::bigint) OVER w AS seq_before,
            lag(entry.balance_after, 1, (0)::numeric) OVER w AS balance_before
           FROM ledger.entry
          WHERE (entry.account_id >= 32)
          WINDOW w AS (PARTITION BY entry.account_id ORDER BY entry.seq)) e
  WHERE ((e.seq IS DISTINCT FROM (e.seq_before + 1)) OR (e.balance_after IS DISTINCT FROM (e.balance_before + e.moved)))
UNION ALL
 SELECT 'held is not the held commissions'::text AS problem,
    (o.owner_id)::text AS subject,
    format('held %s, commissions %s'::text, o.amount, COALESCE(c.total, (0)::numeric)) AS detail
   FROM (own o
     LEFT JOIN ( SELECT commission.beneficiary_id,
            sum((commission.amount - commission.reversed)) AS total
           FROM public.commission
          WHERE (commission.state = 'held'::text)
          GROUP BY commission.beneficiary_id) c ON ((c.beneficiary_id = o.owner_id)))
  WHERE ((o.kind = 'held'::text) AND (o.amount IS DISTINCT FROM COALESCE(c.total, (0)::numeric)))
UNION ALL
 SELECT 'withdrawing is not the open withdrawals'::text AS problem,
    (o.owner_id)::text AS subject,
    format('withdrawing %s, withdrawals %s'::text, o.amount, COALESCE(w.total, (0)::numeric)) AS detail
   FROM (own o
     LEFT JOIN ( SELECT withdrawal.user_id,
            sum(withdrawal.amount) AS total
           FROM public.withdrawal
          WHERE (withdrawal.state = ANY (ARRAY['asked'::text, 'approved'::text]))
          GROUP BY withdrawal.user_id) w ON ((w.user_id = o.owner_id)))
  WHERE ((o.kind = 'withdrawing'::text) AND (o.amount IS DISTINCT FROM COALESCE(w.total, (0)::numeric)))
UNION ALL
 SELECT
        CASE
            WHEN (t.id IS NULL) THEN 'no transaction for it'::text
            WHEN (x.key IS NULL) THEN 'transaction without its business row'::text
            ELSE 'transaction of another kind'::text
        END AS problem,
    COALESCE(t.key, x.key) AS subject,
    format('expected %s, found %s'::text, COALESCE(x.kind, 'nothing'::text), COALESCE(t.kind, 'nothing'::text)) AS detail
   FROM (expected x
     FULL JOIN ( SELECT transaction.id,
            transaction.key,
            transaction.kind
           FROM ledger.transaction
          WHERE (transaction.kind <> 'commissions_released'::text)) t ON ((t.key = x.key)))
  WHERE (t.kind IS DISTINCT FROM x.kind)
UNION ALL
 SELECT 'order and its transaction differ'::text AS problem,
    t.key AS subject,
    format('price %s, sales %s; cost %s, cost of sales %s; commissions %s, expense %s'::text, o.price, b.sales, o.cost, b.cost, COALESCE(c.total, (0)::numeric), b.commission) AS detail
   FROM (((public.orders o
     JOIN ledger.transaction t ON ((t.key = format('order:%s:paid'::text, o.id))))
     CROSS JOIN LATERAL ( SELECT COALESCE((- sum(e.amount) FILTER (WHERE (e.account_id = 4))), (0)::numeric) AS sales,
            COALESCE(sum(e.amount) FILTER (WHERE (e.account_id = 6)), (0)::numeric) AS cost,
            COALESCE(sum(e.amount) FILTER (WHERE (e.account_id = 7)), (0)::numeric) AS commission
           FROM ledger.entry e
          WHERE (e.transaction_id = t.id)) b)
     LEFT JOIN LATERAL ( SELECT sum(c_1.amount) AS total
           FROM (public.commission c_1
             JOIN ledger.entry e ON (((e.transaction_id = t.id) AND (e.account_id = ((c_1.beneficiary_id * 32) + 17)) AND (e.amount = (- c_1.amount)))))
          WHERE (c_1.order_id = o.id)) c ON (true))
  WHERE ((o.price <> b.sales) OR (o.cost <> b.cost) OR (COALESCE(c.total, (0)::numeric) <> b.commission))
UNION ALL
 SELECT 'withdrawal and its transaction differ'::text AS problem,
    t.key AS subject,
    format('withdrawal %s, moved %s'::text, w.amount, m.moved) AS detail
   FROM ((public.withdrawal w
     JOIN ledger.transaction t ON (((t.key = format('withdrawal:%s:asked'::text, w.id)) OR (t.key = format('withdrawal:%s:settled'::text, w.id)))))
     CROSS JOIN LATERAL ( SELECT COALESCE(sum(abs(e.amount)), (0)::numeric) AS moved
           FROM ledger.entry e
          WHERE ((e.transaction_id = t.id) AND (e.account_id = ((w.user_id * 32) + 20)))) m)
  WHERE (m.moved <> w.amount)
UNION ALL
 SELECT 'paid order and its payment differ'::text AS problem,
    o.code AS subject,
    format('order %s, confirmed payment %s'::text, o.price, COALESCE(p.amount, (0)::numeric)) AS detail
   FROM (public.orders o
     LEFT JOIN public.payment p ON (((p.order_id = o.id) AND (p.state = 'confirmed'::text))))
  WHERE (((o.paid_at IS NOT NULL) <> (p.id IS NOT NULL)) OR (p.amount <> o.price));

CREATE RULE entry_is_inserted_plainly AS
    ON UPDATE TO ledger.entry DO NOTHING;

CREATE TRIGGER account_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.account FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.account ENABLE ALWAYS TRIGGER account_append_only;

CREATE TRIGGER balance_by_entries_alone BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.balance FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_direct_change();

ALTER TABLE ledger.balance ENABLE ALWAYS TRIGGER balance_by_entries_alone;

CREATE TRIGGER entries_are_whole AFTER INSERT ON ledger.entry REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.entries_are_whole();

ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entries_are_whole;

CREATE TRIGGER entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entry_append_only;

CREATE TRIGGER move_balance BEFORE INSERT ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.move_balance();

ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER move_balance;

CREATE TRIGGER open_balances AFTER INSERT ON ledger.account REFERENCING NEW TABLE AS new_accounts FOR EACH STATEMENT EXECUTE FUNCTION ledger.open_balances();

ALTER TABLE ledger.account ENABLE ALWAYS TRIGGER open_balances;

CREATE TRIGGER transaction_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.transaction FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ledger.transaction ENABLE ALWAYS TRIGGER transaction_append_only;

CREATE TRIGGER transaction_has_entries AFTER INSERT ON ledger.transaction REFERENCING NEW TABLE AS new_transactions FOR EACH STATEMENT EXECUTE FUNCTION ledger.transaction_has_entries();

ALTER TABLE ledger.transaction ENABLE ALWAYS TRIGGER transaction_has_entries;

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.audit ENABLE ALWAYS TRIGGER audit_append_only;

CREATE TRIGGER notification_wakes AFTER INSERT ON public.notification FOR EACH STATEMENT EXECUTE FUNCTION public.notification_wakes();

CREATE TRIGGER open_accounts AFTER INSERT ON public.users REFERENCING NEW TABLE AS new_people FOR EACH STATEMENT EXECUTE FUNCTION ledger.open_accounts();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER open_accounts;

CREATE TRIGGER users_are_kept BEFORE DELETE OR UPDATE OF id OR TRUNCATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_are_kept;

CREATE TRIGGER users_referrer_is_final BEFORE UPDATE OF referred_by ON public.users FOR EACH ROW WHEN (((old.referred_by IS NOT NULL) AND (new.referred_by IS DISTINCT FROM old.referred_by))) EXECUTE FUNCTION public.users_referrer_is_final();

ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_referrer_is_final;

CREATE TRIGGER utr_for_ever BEFORE DELETE OR UPDATE OR TRUNCATE ON public.utr FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.utr ENABLE ALWAYS TRIGGER utr_for_ever;

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.users(id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.account(id);

ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger.account(id);

ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES ledger.transaction(id);

ALTER TABLE ONLY ledger.transaction
    ADD CONSTRAINT transaction_reverses_fkey FOREIGN KEY (reverses) REFERENCES ledger.transaction(id);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_beneficiary_id_fkey FOREIGN KEY (beneficiary_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.commission
    ADD CONSTRAINT commission_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_buyer_id_fkey FOREIGN KEY (buyer_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_referred_by_fkey FOREIGN KEY (referred_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.utr
    ADD CONSTRAINT utr_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.withdrawal_draft
    ADD CONSTRAINT withdrawal_draft_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.withdrawal
    ADD CONSTRAINT withdrawal_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);
