-- What was decided by hand about who is who, in the order it was decided. An
-- undone decision stays, for the log.
CREATE TABLE decision (
  id        INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL,                -- merge, split, mark, forget
  accounts  TEXT NOT NULL,                -- JSON: ["source:account", …]
  name      TEXT NOT NULL,                -- of a merged person; '' the accounts' own
  mark      TEXT NOT NULL,                -- the kind of account that mark sets
  why       TEXT NOT NULL,
  said_by   TEXT NOT NULL,
  at        INTEGER NOT NULL,
  undone_at INTEGER NOT NULL DEFAULT 0,
  undone_by TEXT NOT NULL DEFAULT ''
) STRICT;

-- Who was erased, so that no sync brings them back: salted hashes of what names
-- them. ext is the account that stands in for an account's id, '' for a name.
CREATE TABLE forgotten (
  hash BLOB PRIMARY KEY,
  ext  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
