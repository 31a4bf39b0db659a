-- A store of layout 3, as defacto wrote it: two issues, acts, a decision, a mail that was sent.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('acts','as of 2026-08-05T10:00:00Z');
INSERT INTO meta VALUES('generation',7);
INSERT INTO meta VALUES('lexicon','{"Asks":["please clarify","please advise","need clarification","not sure whether","not sure if","can you confirm","could you confirm","please confirm","unclear to me","let me know which","waiting for your decision","need a decision","bitte klären","bitte um klärung","unklar ist","bitte bestätigen","merci de confirmer","merci de préciser","pas clair","por favor confirma","no está claro","necesito saber","per favore conferma","non è chiaro","por favor confirme","não está claro","请确认","请问","不清楚","確認してください","確認お願いします","教えてください","확인 부탁","уточните","подскажите","непонятно"],"Approves":["accepted","approved","looks good","lgtm","signed off","sign-off","works as expected","works for me","good to go","ship it","happy with this","passes acceptance","verified","abgenommen","freigegeben","passt so","sieht gut aus","accepté","validé","c''est bon pour moi","ça marche","aceptado","aprobado","se ve bien","conforme","accettato","approvato","va bene così","aceito","aprovado","parece bom","验收通过","通过了","已验收","可以上线","没问题","承認","問題ありません","受け入れます","승인","принято","одобрено","goedgekeurd","akkoord","godkänd","zaakceptowane"],"Rejects":["not accepted","not approved","rejected","does not work","doesn''t work","not working","still broken","reopening","re-opening","nicht abgenommen","funktioniert nicht","geht nicht","refusé","ne marche pas","rechazado","no funciona","não funciona","non funziona","不通过","未通过","有问题","動きません","не работает","не принято"],"Elsewhere":["as discussed","as agreed","per our call","per our chat","as per call","discussed offline","talked to","spoke with","spoke to","in the standup","in the meeting","on slack","via slack","in slack","on teams","via teams","over the phone","by phone","in person","in the call","on the call","wie besprochen","am telefon","im call","im meeting","im daily","mündlich","comme discuté","vu avec","en réunion","par téléphone","como hablamos","por teléfono","en la reunión","conforme falamos","como discusso","ne abbiamo parlato","当面沟通","电话沟通","会上","已沟通","口頭で","会議で","созвонились","обсудили","zoals besproken"],"Acknowledges":["ok","okay","thanks","thank you","thx","will check","will look","will do","looking into it","checking","noted","got it","sure","on it","let me check","i''ll check","i will check","i''ll look","+1","danke","schaue ich mir an","schaue nach","kläre ich","mache ich","alles klar","merci","je regarde","je vérifie","bien reçu","gracias","lo reviso","lo miro","grazie","controllo","obrigado","vou verificar","好的","收到","我看看","我看一下","谢谢","了解","確認します","承知しました","확인하겠습니다","хорошо","посмотрю","спасибо","уточню"],"CustomerHosts":["zendesk.com","intercom.com","helpscout.net","freshdesk.com","salesforce.com","productboard.com","canny.io","uservoice.com","servicedesk/customer","hubspot.com","gong.io"],"Criteria":["acceptance criteria","acceptance criterion","definition of done","akzeptanzkriterien","abnahmekriterien","critères d''acceptation","criterios de aceptación","critérios de aceitação","criteri di accettazione","acceptatiecriteria","kryteria akceptacji","acceptanskriterier","критерии приемки","критерии приёмки","验收标准","验收条件","受け入れ条件","受入条件","인수 조건"],"StoryOpenings":["as a ","as an ","as the ","als ","en tant que ","en tant qu''","como ","come ","in qualità di ","jako ","som ","как ","作为","として","로서"]}');
INSERT INTO meta VALUES('names','other 6');
INSERT INTO meta VALUES('text','keep');
CREATE TABLE field (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO field VALUES(0,'other');
INSERT INTO field VALUES(1,'summary');
INSERT INTO field VALUES(2,'description');
INSERT INTO field VALUES(3,'acceptance-criteria');
INSERT INTO field VALUES(4,'status');
INSERT INTO field VALUES(5,'resolution');
INSERT INTO field VALUES(6,'priority');
INSERT INTO field VALUES(7,'rank');
INSERT INTO field VALUES(8,'sprint');
INSERT INTO field VALUES(9,'version');
INSERT INTO field VALUES(10,'assignee');
INSERT INTO field VALUES(11,'reporter');
INSERT INTO field VALUES(12,'estimate');
INSERT INTO field VALUES(13,'parent');
INSERT INTO field VALUES(14,'due-date');
INSERT INTO field VALUES(15,'target-start');
INSERT INTO field VALUES(16,'target-end');
INSERT INTO field VALUES(17,'labels');
INSERT INTO field VALUES(18,'component');
INSERT INTO field VALUES(19,'link');
INSERT INTO field VALUES(20,'flagged');
INSERT INTO field VALUES(21,'type');
INSERT INTO field VALUES(22,'project');
INSERT INTO field VALUES(23,'key');
INSERT INTO field VALUES(24,'milestone');
INSERT INTO field VALUES(25,'attachment');
INSERT INTO field VALUES(26,'update');
INSERT INTO field VALUES(27,'need');
CREATE TABLE duty  (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
INSERT INTO duty VALUES(0,'write');
INSERT INTO duty VALUES(1,'prioritise');
INSERT INTO duty VALUES(2,'accept');
INSERT INTO duty VALUES(3,'answer');
INSERT INTO duty VALUES(4,'roadmap');
INSERT INTO duty VALUES(5,'market');
CREATE TABLE source (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  kind     TEXT NOT NULL DEFAULT '',
  site     TEXT NOT NULL DEFAULT '',
  first_at INTEGER NOT NULL DEFAULT 0, -- oldest and newest event
  last_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO source VALUES(1,'acme','jira','https://acme.example',1782900000000,1785924000000);
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
INSERT INTO person VALUES(1,'pw7wvlyie','acme:u1',1,'Ada Lin','','person','');
INSERT INTO person VALUES(2,'p4fhgnndy','acme:u2',1,'Bo Ek','','app','');
INSERT INTO person VALUES(3,'p3lp2lykk','acme:u3',1,'Build Bot','','app','');
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
INSERT INTO account VALUES(1,1,'u1','','Ada Lin','','person',1,'',1,1);
INSERT INTO account VALUES(2,1,'u2','','Bo Ek','','person',1,'',1,2);
INSERT INTO account VALUES(3,1,'u3','','Build Bot','','app',1,'',1,3);
CREATE TABLE activity (
  account  INTEGER PRIMARY KEY,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL
) STRICT;
INSERT INTO activity VALUES(1,1782900000000,1785924000000);
INSERT INTO activity VALUES(2,1783504800000,1783677600000);
INSERT INTO activity VALUES(3,1783072800000,1783072800000);
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
INSERT INTO scope VALUES(1,1,'PAY','10','Payments',0,'',3,1025);
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
INSERT INTO status VALUES(1,1,'2','In Progress','','unknown',0,0);
INSERT INTO status VALUES(2,1,'3','Done','','completed',0,1785924000000);
INSERT INTO status VALUES(3,1,'1','To Do','','unstarted',0,1783072800000);
CREATE TABLE type (
  id      INTEGER PRIMARY KEY,
  source  INTEGER NOT NULL REFERENCES source (id),
  ext     TEXT NOT NULL,
  name    TEXT NOT NULL DEFAULT '',
  level   INTEGER NOT NULL DEFAULT 0,
  seen_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, ext)
) STRICT;
INSERT INTO type VALUES(1,1,'1','Story',0,1785924000000);
INSERT INTO type VALUES(2,1,'2','Epic',1,1783072800000);
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
INSERT INTO sync_run VALUES(1,1,1795833543929,1795833543936,1785924000000,2,4,2,0,1,'');
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
CREATE TABLE value (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  field  INTEGER NOT NULL,
  raw    TEXT NOT NULL,
  name   TEXT NOT NULL,
  ref    INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, field, raw, name)
) STRICT;
INSERT INTO value VALUES(1,1,7,'','Ranked higher',0);
INSERT INTO value VALUES(2,1,6,'3','Medium',0);
INSERT INTO value VALUES(3,1,6,'2','High',0);
INSERT INTO value VALUES(4,1,4,'1','To Do',0);
INSERT INTO value VALUES(5,1,4,'2','In Progress',0);
INSERT INTO value VALUES(6,1,4,'3','Done',0);
INSERT INTO value VALUES(7,1,6,'','High',0);
INSERT INTO value VALUES(8,1,17,'','money',0);
INSERT INTO value VALUES(9,1,18,'','Web',0);
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
INSERT INTO field_name VALUES(1,1,'','Rank');
INSERT INTO field_name VALUES(2,1,'','priority');
INSERT INTO field_name VALUES(3,1,'','status');
CREATE TABLE lead    (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO lead VALUES(1,'Yes');
CREATE TABLE mention (
  id     INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  token  TEXT NOT NULL,                   -- an account's id or handle
  UNIQUE (source, token)
) STRICT;
INSERT INTO mention VALUES(1,1,'u1');
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
INSERT INTO issue VALUES(1,1,1,1,2,0,2,7,1,1,2,0,0,0,1782900000000,1785924000000,1785924000000,0,0,0,3,2,1,1785924000000,1,'PAY-1',1785924000000,-9089503759043062869,7,0,NULL,'',0);
INSERT INTO issue VALUES(2,1,1,2,3,1,2,0,3,0,0,0,0,0,1783072800000,1783072800000,0,0,0,0,0,-1,0,1783072800000,2,'PAY-2',1783072800000,305555527100256753,0,0,NULL,'',0);
CREATE TABLE issue_text (
  issue       INTEGER PRIMARY KEY REFERENCES issue (no),
  title       TEXT NOT NULL,
  chars       INTEGER NOT NULL,           -- runes of the description's prose
  description TEXT,                       -- NULL where there is none or texts are not kept
  more        TEXT,                       -- JSON: mentions, code, quotes, links of the description
  criteria    TEXT,
  criteria_more TEXT
) STRICT;
INSERT INTO issue_text VALUES(1,'Refunds',81,replace('As a payer I want my money back.\nGiven a refund, when it is due, then it is paid.','\n',char(10)),NULL,NULL,NULL);
INSERT INTO issue_text VALUES(2,'A long walk',0,NULL,NULL,NULL,NULL);
CREATE TABLE old_key (
  source INTEGER NOT NULL REFERENCES source (id),
  key    TEXT NOT NULL,
  issue  INTEGER NOT NULL REFERENCES issue (no),
  PRIMARY KEY (source, key, issue)
) STRICT, WITHOUT ROWID;
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
INSERT INTO issue_label VALUES(1,8);
CREATE TABLE issue_component (
  issue     INTEGER NOT NULL REFERENCES issue (no),
  component INTEGER NOT NULL,             -- value
  PRIMARY KEY (issue, component)
) STRICT, WITHOUT ROWID;
INSERT INTO issue_component VALUES(1,9);
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
CREATE TABLE change (
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  what  INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  event ANY NOT NULL,                     -- history id
  name  INTEGER NOT NULL                  -- field_name
) STRICT;
INSERT INTO change VALUES(1048576,1782986400000,4294967559,1,1000,1);
INSERT INTO change VALUES(1048577,1782986400000,4295032838,8589934595,1000,2);
INSERT INTO change VALUES(1048578,1783504800000,8589934596,17179869189,1001,3);
INSERT INTO change VALUES(1048579,1785924000000,4294967300,21474836486,1002,3);
CREATE TABLE comment (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  who      INTEGER NOT NULL,
  said     INTEGER NOT NULL,
  ext      ANY NOT NULL,
  mentions BLOB,                          -- uvarints: ids in mention
  edited   INTEGER NOT NULL
) STRICT;
INSERT INTO comment VALUES(1048576,1783677600000,8590098688,27,100,X'01',0);
INSERT INTO comment VALUES(1048577,1783764000000,4294967296,4294967309,101,NULL,0);
CREATE TABLE comment_thread (
  id       INTEGER PRIMARY KEY REFERENCES comment (id),
  parent   ANY NOT NULL,                  -- ext of the comment replied to, '' none
  resolved INTEGER NOT NULL,
  resolver INTEGER NOT NULL               -- account
) STRICT;
CREATE TABLE comment_body (
  id    INTEGER PRIMARY KEY REFERENCES comment (id),
  prose TEXT NOT NULL,
  more  TEXT                              -- JSON: code, quotes, links
) STRICT;
INSERT INTO comment_body VALUES(1048576,'is a partial refund enough?',NULL);
INSERT INTO comment_body VALUES(1048577,'Yes, for now.',NULL);
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
INSERT INTO act VALUES(1,1,1,1782900000000,1,0,'create',1.0,0,'created','');
INSERT INTO act VALUES(2,1,1,1782986400000,1,1,'rank',1.0,0,'1000','');
INSERT INTO act VALUES(3,1,1,1782986400000,1,1,'priority',1.0,0,'1000','');
INSERT INTO act VALUES(4,1,1,1785924000000,1,2,'done',1.0,0,'1002','');
INSERT INTO act VALUES(5,2,1,1783072800000,3,4,'epic',0.0,1,'created','made by a machine');
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
INSERT INTO edition VALUES(1,'quarterly',1,'2026-Q3',2,3,'{}');
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
INSERT INTO delivery VALUES(1,1,'ann@acme.example','<x@y>','sent',0,'',5,0,'aa',NULL);
CREATE TABLE schedule (
  report     TEXT PRIMARY KEY,
  expression TEXT NOT NULL,
  seen_at    INTEGER NOT NULL,            -- since when the expression counts
  due_at     INTEGER NOT NULL DEFAULT 0,  -- the last due time dealt with
  ran_at     INTEGER NOT NULL DEFAULT 0,
  outcome    TEXT NOT NULL DEFAULT ''     -- '' done, else what went wrong
) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
  name     TEXT PRIMARY KEY,
  holder   TEXT NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE note (
  id       INTEGER PRIMARY KEY,
  finding  TEXT NOT NULL,
  answer   TEXT NOT NULL,                 -- accept, dispute
  why      TEXT NOT NULL,
  said_by  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;
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
INSERT INTO decision VALUES(1,'mark','["acme:u2"]','','app','it answers at night','',1795833551794,0,'');
CREATE TABLE forgotten (
  hash BLOB PRIMARY KEY,
  ext  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_person ON account (person);
CREATE INDEX sync_run_source ON sync_run (source, id);
CREATE INDEX issue_ref_epic ON issue_ref (issue) WHERE epic = 1;
CREATE INDEX issue_key ON issue (source, key);
CREATE INDEX issue_scope ON issue (scope, last_at, created, above);
CREATE INDEX issue_roadmap ON issue (last_at, created) WHERE level >= 1;
CREATE VIEW change_row (id, issue, at, actor, field, from_id, to_id, measure, event, ordinal, machine, name) AS
SELECT id, id >> 20, at, what >> 32, what & 127, moved >> 32, (moved << 32) >> 32, ((((what >> 8) & 255) + 128) & 255) - 128,
       event, (what >> 16) & 65535, (what >> 7) & 1, name
FROM change;
CREATE VIEW comment_row (id, issue, at, author, ext, parent, resolved, resolver, lead, chars, marks, machine, private, mentions, edited) AS
SELECT c.id, c.id >> 20, c.at, c.who >> 32, c.ext, COALESCE(t.parent, ''), COALESCE(t.resolved, 0), COALESCE(t.resolver, 0),
       c.said >> 32, c.said & 0xffffffff, (c.who >> 8) & 65535, c.who & 1, (c.who >> 1) & 1, c.mentions, c.edited
FROM comment c LEFT JOIN comment_thread t ON t.id = c.id;
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
CREATE INDEX delivery_state ON delivery (state) WHERE state <> 'sent';
CREATE INDEX note_finding ON note (finding, id);
COMMIT;
PRAGMA application_id = 1684436079;
PRAGMA user_version = 3;
