-- An edition is one issue of a named report: made for one due time, sent to several.
CREATE TABLE edition (
  id       INTEGER PRIMARY KEY,
  report   TEXT NOT NULL,
  due_at   INTEGER NOT NULL,
  period   TEXT NOT NULL,
  as_of    INTEGER NOT NULL,
  made_at  INTEGER NOT NULL,
  standing TEXT NOT NULL,                 -- JSON: what the next edition is compared with; ids, no names
  UNIQUE (report, due_at)
) STRICT;

-- One message of an edition. The message is kept for as long as it may have to be sent.
CREATE TABLE delivery (
  id         INTEGER PRIMARY KEY,
  edition    INTEGER NOT NULL REFERENCES edition (id),
  recipient  TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  state      TEXT NOT NULL,               -- rendered, sending, sent, failed, unknown
  attempts   INTEGER NOT NULL DEFAULT 0,
  error      TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  retry_at   INTEGER NOT NULL DEFAULT 0,  -- not before; 0: at once
  hash       TEXT NOT NULL,               -- SHA-256 of the message
  message    BLOB,
  UNIQUE (edition, recipient)
) STRICT;
CREATE INDEX delivery_state ON delivery (state) WHERE state <> 'sent';

-- Where the scheduler is with each report.
CREATE TABLE schedule (
  report     TEXT PRIMARY KEY,
  expression TEXT NOT NULL,
  seen_at    INTEGER NOT NULL,            -- since when the expression counts
  due_at     INTEGER NOT NULL DEFAULT 0,  -- the last due time dealt with
  ran_at     INTEGER NOT NULL DEFAULT 0,
  outcome    TEXT NOT NULL DEFAULT ''     -- '' done, else what went wrong
) STRICT, WITHOUT ROWID;

-- Who may act alone, until when.
CREATE TABLE lease (
  name     TEXT PRIMARY KEY,
  holder   TEXT NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The team's answers to findings; an older answer stays.
CREATE TABLE note (
  id       INTEGER PRIMARY KEY,
  finding  TEXT NOT NULL,
  answer   TEXT NOT NULL,                 -- accept, dispute
  why      TEXT NOT NULL,
  said_by  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX note_finding ON note (finding, id);
