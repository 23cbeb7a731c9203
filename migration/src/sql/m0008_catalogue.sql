-- Products files that were checked and wait to be applied.

CREATE TABLE plan_import (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The message that brought the file: brought twice it is one file.
  key        text NOT NULL CONSTRAINT plan_import_key_key UNIQUE,
  made_by    bigint NOT NULL,
  made_at    timestamptz NOT NULL,
  -- The good rows, each with the plan as it was shown; gone when they are applied or have waited too long.
  rows       jsonb,
  applied_at timestamptz,
  applied_by text,
  added      integer NOT NULL DEFAULT 0 CONSTRAINT plan_import_added CHECK (added >= 0),
  changed    integer NOT NULL DEFAULT 0 CONSTRAINT plan_import_changed CHECK (changed >= 0),
  CONSTRAINT plan_import_applied CHECK ((applied_at IS NULL) = (applied_by IS NULL) AND (applied_at IS NULL OR rows IS NULL))
);
