-- Acts say whose figures they went into, and what they add to them. The table is
-- derived, so it is made anew: `defacto store acts` fills it.
DROP VIEW v_acts;
DROP TABLE act;
DELETE FROM meta WHERE key = 'acts';

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
  excluded TEXT NOT NULL,
  period   TEXT NOT NULL,
  credit   REAL NOT NULL
) STRICT;

CREATE VIEW v_acts (source, scope, issue_key, at, person_id, duty, act, weight, level, event, excluded, period, credit) AS
SELECT s.name, s.name || '/' || sc.key, i.key,
       strftime('%Y-%m-%dT%H:%M:%fZ', a.at / 1000.0, 'unixepoch'),
       p.pid, d.name, a.name, a.weight, a.level, a.event, NULLIF(a.excluded, ''), a.period, a.credit
FROM act a
JOIN issue i ON i.no = a.issue
JOIN source s ON s.id = i.source
JOIN scope sc ON sc.id = a.scope
JOIN duty d ON d.id = a.duty
LEFT JOIN person p ON p.id = a.person;
