-- Languages that people choose, kinds of notices that they mute, and reminders that wait for the morning.

-- Until someone chooses, their language follows their app's.
ALTER TABLE users ADD COLUMN language_chosen boolean NOT NULL DEFAULT false;

-- What a person does not want to be told: a row for each topic.
CREATE TABLE mute (
  user_id bigint NOT NULL CONSTRAINT mute_user_id_fkey REFERENCES users (id),
  topic   text   NOT NULL CONSTRAINT mute_topic CHECK (topic IN ('joins', 'commissions', 'reminders', 'news')),
  CONSTRAINT mute_pkey PRIMARY KEY (user_id, topic)
);

-- Both are true or null: null costs a row nothing.
ALTER TABLE notification
  -- Written into the person's history alone, when they had muted its topic; never sent.
  ADD COLUMN muted boolean CONSTRAINT notification_muted CHECK (muted IS NULL OR sent_at IS NOT NULL),
  -- A reminder that nobody looked at outside the quiet hours yet.
  ADD COLUMN held boolean;

-- What is held stays out of the sender's way, however much of it a night gathers.
DROP INDEX notification_due_idx;
CREATE INDEX notification_due_idx ON notification (coalesce(user_id, 0), id) WHERE sent_at IS NULL AND dropped IS NULL AND held IS NULL;
CREATE INDEX notification_held_idx ON notification (id) WHERE held;
CREATE INDEX notification_unread_idx ON notification (user_id) WHERE sent_at IS NOT NULL AND read_at IS NULL;
