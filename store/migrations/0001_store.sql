-- Times are unix milliseconds in UTC, 0 where unknown. Ids are this file's own
-- small integers; what a tracker calls a thing stands in `ext` (ANY: a whole
-- number where it is one, else text). 0 as a reference is "none".

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- The names of backlog.Field and backlog.Duty, written when the file is opened.
CREATE TABLE field (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE duty  (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;

INSERT INTO meta (key, value) VALUES ('generation', 0);

CREATE TABLE source (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  kind     TEXT NOT NULL DEFAULT '',
  site     TEXT NOT NULL DEFAULT '',
  first_at INTEGER NOT NULL DEFAULT 0, -- oldest and newest event
  last_at  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE cursor (
  source INTEGER PRIMARY KEY REFERENCES source (id),
  value  TEXT NOT NULL
) STRICT;

CREATE TABLE person (
  id       INTEGER PRIMARY KEY,
  pid      TEXT NOT NULL UNIQUE,          -- "p" and a hash of the key
  key      TEXT NOT NULL UNIQUE,          -- the smallest "source:account" of the person
  grouped  INTEGER NOT NULL DEFAULT 0,    -- 1: set by SavePeople, the columns below count
  name     TEXT NOT NULL DEFAULT '',
  email    TEXT NOT NULL DEFAULT '',
  kind     TEXT NOT NULL DEFAULT '',
  zone     TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE account (
  id       INTEGER PRIMARY KEY,
  source   INTEGER NOT NULL REFERENCES source (id),
  ext      TEXT NOT NULL,
  handle   TEXT NOT NULL DEFAULT '',
  name     TEXT NOT NULL DEFAULT '',
  email    TEXT NOT NULL DEFAULT '',
  kind     TEXT NOT NULL DEFAULT 'person',
  active   INTEGER NOT NULL DEFAULT 1,
  zone     TEXT NOT NULL DEFAULT '',
  thin     INTEGER NOT NULL DEFAULT 1,
  person   INTEGER NOT NULL REFERENCES person (id),
  UNIQUE (source, ext)
) STRICT;
CREATE INDEX account_person ON account (person);

-- When an account did something first and last; none for one that never did.
CREATE TABLE activity (
  account  INTEGER PRIMARY KEY,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE scope (
  id      INTEGER PRIMARY KEY,
  source  INTEGER NOT NULL REFERENCES source (id),
  key     TEXT NOT NULL,
  ext     TEXT NOT NULL DEFAULT '',
  name    TEXT NOT NULL DEFAULT '',
  lead    INTEGER NOT NULL DEFAULT 0,     -- account
  zone    TEXT NOT NULL DEFAULT '',
  next_no INTEGER NOT NULL DEFAULT 0,     -- the scope's current block of issue numbers
  end_no  INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, key)
) STRICT;

-- seen_at: how new the copy was that told the name; a list of the tracker's own
-- (not an issue that merely mentions it) counts as newest.
CREATE TABLE status (
  id       INTEGER PRIMARY KEY,
  source   INTEGER NOT NULL REFERENCES source (id),
  ext      TEXT NOT NULL,
  name     TEXT NOT NULL DEFAULT '',
  scope    TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT 'unknown',
  position INTEGER NOT NULL DEFAULT 0,
  seen_at  INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, ext)
) STRICT;

CREATE TABLE type (
  id      INTEGER PRIMARY KEY,
  source  INTEGER NOT NULL REFERENCES source (id),
  ext     TEXT NOT NULL,
  name    TEXT NOT NULL DEFAULT '',
  level   INTEGER NOT NULL DEFAULT 0,
  seen_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, ext)
) STRICT;

CREATE TABLE sprint (
  id           INTEGER PRIMARY KEY,
  source       INTEGER NOT NULL REFERENCES source (id),
  ext          TEXT NOT NULL,
  name         TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL DEFAULT '',
  start_at     INTEGER NOT NULL DEFAULT 0,
  end_at       INTEGER NOT NULL DEFAULT 0,
  completed_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, ext)
) STRICT;

CREATE TABLE version (
  id         INTEGER PRIMARY KEY,
  source     INTEGER NOT NULL REFERENCES source (id),
  ext        TEXT NOT NULL,
  scope      TEXT NOT NULL DEFAULT '',
  name       TEXT NOT NULL DEFAULT '',
  released   INTEGER NOT NULL DEFAULT 0,
  release_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, ext)
) STRICT;

-- run: the source's newest run in which the tracker said so.
CREATE TABLE declared (
  source    INTEGER NOT NULL REFERENCES source (id),
  scope     TEXT NOT NULL,
  origin    TEXT NOT NULL,
  role      TEXT NOT NULL,
  account   INTEGER NOT NULL DEFAULT 0,
  team      TEXT NOT NULL DEFAULT '',     -- the group that holds the role
  from_at   INTEGER NOT NULL DEFAULT 0,
  until_at  INTEGER NOT NULL DEFAULT 0,
  run       INTEGER NOT NULL,
  PRIMARY KEY (source, scope, origin, role, account, team, from_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run (
  id          INTEGER PRIMARY KEY,
  source      INTEGER NOT NULL REFERENCES source (id),
  started_at  INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  as_of       INTEGER NOT NULL,
  issues      INTEGER NOT NULL,
  changes     INTEGER NOT NULL,
  comments    INTEGER NOT NULL,
  requests    INTEGER NOT NULL,
  complete    INTEGER NOT NULL,
  note        TEXT NOT NULL
) STRICT;
CREATE INDEX sync_run_source ON sync_run (source, id);

CREATE TABLE gap (
  run     INTEGER NOT NULL REFERENCES sync_run (id),
  pos     INTEGER NOT NULL,
  place   TEXT NOT NULL,
  scope   TEXT NOT NULL,
  what    TEXT NOT NULL,
  missing INTEGER NOT NULL,
  why     TEXT NOT NULL,
  PRIMARY KEY (run, pos)
) STRICT, WITHOUT ROWID;

-- Interned from- and to-values of changes: machine value and display value.
-- ref: for the field `parent` the issue_ref; everything else is found by raw.
CREATE TABLE value (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  field  INTEGER NOT NULL,
  raw    TEXT NOT NULL,
  name   TEXT NOT NULL,
  ref    INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, field, raw, name)
) STRICT;

-- A pointer at another issue, by id, by key or by both; issue is 0 until it arrives.
CREATE TABLE issue_ref (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  ext    ANY NOT NULL,                    -- '' where only the key is known
  key    TEXT NOT NULL,
  issue  INTEGER NOT NULL DEFAULT 0,
  how    INTEGER NOT NULL DEFAULT 0,      -- found by 3 its id, 2 its key, 1 an old key
  epic   INTEGER NOT NULL DEFAULT 0,      -- 1: some issue named it as its epic
  UNIQUE (source, ext, key)
) STRICT;
CREATE INDEX issue_ref_epic ON issue_ref (issue) WHERE epic = 1;

-- Values too long or too many to share, both of a change's; it refers to them by
-- the negative id. A raw is NULL where it is the same as the name.
CREATE TABLE long_text (
  id        INTEGER PRIMARY KEY,
  from_raw  TEXT,
  from_name TEXT NOT NULL,
  to_raw    TEXT,
  to_name   TEXT NOT NULL
) STRICT;

CREATE TABLE field_name (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  ext    TEXT NOT NULL,
  name   TEXT NOT NULL,
  UNIQUE (source, ext, name)
) STRICT;

CREATE TABLE lead    (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE mention (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  token  TEXT NOT NULL,                   -- an account's id or handle
  UNIQUE (source, token)
) STRICT;

-- no: numbers come in blocks per scope, so that a scope's rows lie together.
CREATE TABLE issue (
  no               INTEGER PRIMARY KEY,
  source           INTEGER NOT NULL REFERENCES source (id),
  scope            INTEGER NOT NULL REFERENCES scope (id),
  type             INTEGER NOT NULL,
  status           INTEGER NOT NULL,
  level            INTEGER NOT NULL,
  history          INTEGER NOT NULL,      -- backlog.History of the copy of history_at
  flags            INTEGER NOT NULL,      -- backlog.ItemFlags that need no other row
  creator          INTEGER NOT NULL,      -- accounts
  reporter         INTEGER NOT NULL,
  assignee         INTEGER NOT NULL,
  parent           INTEGER NOT NULL,      -- issue_ref
  epic             INTEGER NOT NULL,
  above            INTEGER NOT NULL,      -- issue_ref: the epic, else a story's parent
  created          INTEGER NOT NULL,
  updated          INTEGER NOT NULL,
  resolved         INTEGER NOT NULL,
  due              INTEGER NOT NULL,
  target_start     INTEGER NOT NULL,
  target_end       INTEGER NOT NULL,
  promised_changes  INTEGER NOT NULL,     -- history entries; -1 unknown
  promised_comments INTEGER NOT NULL,
  comments_read    INTEGER NOT NULL,
  last_at          INTEGER NOT NULL,      -- newest of updated, changes, comments
  ext              ANY NOT NULL,
  key              TEXT NOT NULL,
  history_at       INTEGER NOT NULL,
  digest           INTEGER NOT NULL,      -- of the copy's own fields
  priority         INTEGER NOT NULL,      -- value
  resolution       INTEGER NOT NULL,      -- value
  estimate         REAL,
  rank             TEXT NOT NULL,
  flagged          INTEGER NOT NULL,
  UNIQUE (source, ext)
) STRICT;
CREATE INDEX issue_key ON issue (source, key);
CREATE INDEX issue_scope ON issue (scope, last_at, created, above);
CREATE INDEX issue_roadmap ON issue (last_at, created) WHERE level >= 1;

CREATE TABLE issue_text (
  issue       INTEGER PRIMARY KEY REFERENCES issue (no),
  title       TEXT NOT NULL,
  chars       INTEGER NOT NULL,           -- runes of the description's prose
  description TEXT,                       -- NULL where there is none or texts are not kept
  more        TEXT,                       -- JSON: mentions, code, quotes, links of the description
  criteria    TEXT,
  criteria_more TEXT
) STRICT;

CREATE TABLE old_key (
  source INTEGER NOT NULL REFERENCES source (id),
  key    TEXT NOT NULL,
  issue  INTEGER NOT NULL REFERENCES issue (no),
  PRIMARY KEY (source, key, issue)
) STRICT, WITHOUT ROWID;

-- What a census no longer found; it holds until a newer copy or statement.
CREATE TABLE absence (
  source INTEGER NOT NULL REFERENCES source (id),
  ext    ANY NOT NULL,
  state  TEXT NOT NULL,                   -- '' found again
  at     INTEGER NOT NULL,
  PRIMARY KEY (source, ext)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_label (
  issue INTEGER NOT NULL REFERENCES issue (no),
  label INTEGER NOT NULL,                 -- value
  PRIMARY KEY (issue, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_component (
  issue     INTEGER NOT NULL REFERENCES issue (no),
  component INTEGER NOT NULL,             -- value
  PRIMARY KEY (issue, component)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_version (
  issue   INTEGER NOT NULL REFERENCES issue (no),
  version INTEGER NOT NULL,
  PRIMARY KEY (issue, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_sprint (
  issue  INTEGER NOT NULL REFERENCES issue (no),
  pos    INTEGER NOT NULL,
  sprint INTEGER NOT NULL,
  PRIMARY KEY (issue, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_above (
  issue INTEGER NOT NULL REFERENCES issue (no),
  pos   INTEGER NOT NULL,
  above INTEGER NOT NULL,                 -- issue_ref
  PRIMARY KEY (issue, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE issue_span (
  issue INTEGER NOT NULL REFERENCES issue (no),
  scope TEXT NOT NULL,                    -- scope key
  PRIMARY KEY (issue, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
  issue INTEGER NOT NULL REFERENCES issue (no),
  pos   INTEGER NOT NULL,
  kind  INTEGER NOT NULL,                 -- backlog.LinkKind
  name  TEXT NOT NULL,
  ext   TEXT NOT NULL,
  key   TEXT NOT NULL,
  PRIMARY KEY (issue, pos)
) STRICT, WITHOUT ROWID;

-- The two large tables pack several small numbers into one column, for a sweep's
-- cost is its columns. change_row and comment_row take them apart again.
--
-- id    = issue << 20 | seq, seq in the order of (at, event, ordinal)
-- what  = actor << 32 | ordinal << 16 | (measure & 255) << 8 | machine << 7 | field
-- moved = from_id << 32 | (to_id & 0xffffffff), values, or a long_text where negative
CREATE TABLE change (
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  what  INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  event ANY NOT NULL,                     -- history id
  name  INTEGER NOT NULL                  -- field_name
) STRICT;

CREATE VIEW change_row (id, issue, at, actor, field, from_id, to_id, measure, event, ordinal, machine, name) AS
SELECT id, id >> 20, at, what >> 32, what & 127, moved >> 32, (moved << 32) >> 32, ((((what >> 8) & 255) + 128) & 255) - 128,
       event, (what >> 16) & 65535, (what >> 7) & 1, name
FROM change;

-- id   = issue << 20 | seq, seq in the order of (at, ext)
-- who  = author << 32 | marks << 8 | private << 1 | machine
-- said = lead << 32 | chars
CREATE TABLE comment (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  who      INTEGER NOT NULL,
  said     INTEGER NOT NULL,
  ext      ANY NOT NULL,
  mentions BLOB,                          -- uvarints: ids in mention
  edited   INTEGER NOT NULL
) STRICT;

-- Comments that reply to another one or were resolved.
CREATE TABLE comment_thread (
  id       INTEGER PRIMARY KEY REFERENCES comment (id),
  parent   ANY NOT NULL,                  -- ext of the comment replied to, '' none
  resolved INTEGER NOT NULL,
  resolver INTEGER NOT NULL               -- account
) STRICT;

CREATE VIEW comment_row (id, issue, at, author, ext, parent, resolved, resolver, lead, chars, marks, machine, private, mentions, edited) AS
SELECT c.id, c.id >> 20, c.at, c.who >> 32, c.ext, COALESCE(t.parent, ''), COALESCE(t.resolved, 0), COALESCE(t.resolver, 0),
       c.said >> 32, c.said & 0xffffffff, (c.who >> 8) & 65535, c.who & 1, (c.who >> 1) & 1, c.mentions, c.edited
FROM comment c LEFT JOIN comment_thread t ON t.id = c.id;

CREATE TABLE comment_body (
  id    INTEGER PRIMARY KEY REFERENCES comment (id),
  prose TEXT NOT NULL,
  more  TEXT                              -- JSON: code, quotes, links
) STRICT;

CREATE TABLE act (
  id       INTEGER PRIMARY KEY,
  issue    INTEGER NOT NULL,
  scope    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  person   INTEGER NOT NULL,
  duty     INTEGER NOT NULL,
  name     TEXT NOT NULL,
  weight   REAL NOT NULL,
  level    INTEGER NOT NULL,
  event    TEXT NOT NULL,
  excluded TEXT NOT NULL
) STRICT;

-- The open views: documented in docs/store.md, stable.

CREATE VIEW v_people (id, name, kind, email, zone) AS
SELECT p.pid,
       COALESCE(NULLIF(p.name, ''), a.name), COALESCE(NULLIF(p.kind, ''), a.kind),
       COALESCE(NULLIF(p.email, ''), a.email), COALESCE(NULLIF(p.zone, ''), a.zone)
FROM person p
JOIN account a ON a.id = (SELECT b.id FROM account b JOIN source s ON s.id = b.source
                          WHERE b.person = p.id ORDER BY b.name = '', b.thin, s.name, b.ext LIMIT 1);

CREATE VIEW v_accounts (person_id, source, account, name, kind, active) AS
SELECT p.pid, s.name, a.ext, a.name, a.kind, a.active
FROM account a JOIN source s ON s.id = a.source JOIN person p ON p.id = a.person;

CREATE VIEW v_issues (source, scope, id, key, type, level, status, status_category, priority,
                      creator_id, reporter_id, assignee_id, parent_key, created_at, updated_at, resolved_at, deleted) AS
SELECT s.name, s.name || '/' || sc.key, CAST(i.ext AS TEXT), i.key, t.name,
       CASE WHEN i.level < 1 AND EXISTS (SELECT 1 FROM issue_ref e WHERE e.epic = 1 AND e.issue = i.no) THEN 1 ELSE i.level END,
       st.name, COALESCE(st.category, 'unknown'), pr.name,
       cp.pid, rp.pid, ap.pid,
       COALESCE(pi.key, NULLIF(r.key, '')),
       CASE WHEN i.created <> 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', i.created / 1000.0, 'unixepoch') END,
       CASE WHEN i.updated <> 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', i.updated / 1000.0, 'unixepoch') END,
       CASE WHEN i.resolved <> 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', i.resolved / 1000.0, 'unixepoch') END,
       CASE WHEN g.state <> '' AND g.at >= i.updated THEN g.state END
FROM issue i
JOIN source s ON s.id = i.source
JOIN scope sc ON sc.id = i.scope
LEFT JOIN type t ON t.id = i.type
LEFT JOIN status st ON st.id = i.status
LEFT JOIN value pr ON pr.id = i.priority
LEFT JOIN account ca ON ca.id = i.creator  LEFT JOIN person cp ON cp.id = ca.person
LEFT JOIN account ra ON ra.id = i.reporter LEFT JOIN person rp ON rp.id = ra.person
LEFT JOIN account aa ON aa.id = i.assignee LEFT JOIN person ap ON ap.id = aa.person
LEFT JOIN issue_ref r ON r.id = CASE WHEN i.parent <> 0 THEN i.parent ELSE i.epic END
LEFT JOIN issue pi ON pi.no = r.issue
LEFT JOIN absence g ON g.source = i.source AND g.ext = i.ext;

CREATE VIEW v_changes (source, scope, issue_key, id, ordinal, at, person_id, account, field, "from", "to") AS
SELECT s.name, s.name || '/' || sc.key, i.key, CAST(c.event AS TEXT), c.ordinal,
       CASE WHEN c.at <> 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', c.at / 1000.0, 'unixepoch') END,
       p.pid, a.ext,
       CASE WHEN c.field = 0 THEN COALESCE(n.name, 'other') ELSE f.name END,
       CASE WHEN c.from_id > 0 THEN COALESCE(NULLIF(fv.name, ''), fv.raw) WHEN c.from_id < 0 THEN COALESCE(NULLIF(l.from_name, ''), l.from_raw) END,
       CASE WHEN c.to_id   > 0 THEN COALESCE(NULLIF(tv.name, ''), tv.raw) WHEN c.to_id   < 0 THEN COALESCE(NULLIF(l.to_name, ''), l.to_raw) END
FROM change_row c
JOIN issue i ON i.no = c.issue
JOIN source s ON s.id = i.source
JOIN scope sc ON sc.id = i.scope
LEFT JOIN field f ON f.id = c.field
LEFT JOIN field_name n ON n.id = c.name
LEFT JOIN account a ON a.id = c.actor
LEFT JOIN person p ON p.id = a.person
LEFT JOIN value fv ON fv.id = c.from_id
LEFT JOIN value tv ON tv.id = c.to_id
LEFT JOIN long_text l ON l.id = max(-c.from_id, -c.to_id);

CREATE VIEW v_comments (source, scope, issue_key, id, at, person_id, account, body) AS
SELECT s.name, s.name || '/' || sc.key, i.key, CAST(c.ext AS TEXT),
       CASE WHEN c.at <> 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', c.at / 1000.0, 'unixepoch') END,
       p.pid, a.ext, b.prose
FROM comment_row c
JOIN issue i ON i.no = c.issue
JOIN source s ON s.id = i.source
JOIN scope sc ON sc.id = i.scope
LEFT JOIN account a ON a.id = c.author
LEFT JOIN person p ON p.id = a.person
LEFT JOIN comment_body b ON b.id = c.id;

CREATE VIEW v_acts (source, scope, issue_key, at, person_id, duty, act, weight, level, event, excluded) AS
SELECT s.name, s.name || '/' || sc.key, i.key,
       strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch'),
       p.pid, d.name, a.name, a.weight, a.level, a.event, NULLIF(a.excluded, '')
FROM act a
JOIN issue i ON i.no = a.issue
JOIN source s ON s.id = i.source
JOIN scope sc ON sc.id = a.scope
JOIN duty d ON d.id = a.duty
LEFT JOIN person p ON p.id = a.person;

CREATE VIEW v_syncs (source, started_at, finished_at, issues, changes, comments, requests, complete, note) AS
SELECT s.name,
       strftime('%Y-%m-%dT%H:%M:%fZ', r.started_at / 1000.0, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%fZ', r.finished_at / 1000.0, 'unixepoch'),
       r.issues, r.changes, r.comments, r.requests, r.complete, r.note
FROM sync_run r JOIN source s ON s.id = r.source;
