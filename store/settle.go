package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"defacto/backlog"
)

// settle brings what the file holds into line with this program and the options:
// the names of fields and duties, whether texts are kept, the lexicon.
func (s *Store) settle(ctx context.Context) error {
	stored, err := s.metas(ctx)
	if err != nil {
		return err
	}
	s.text = KeepText
	if t := stored["text"]; t != "" {
		s.text = t
	}
	if s.opt.Text != "" {
		s.text = s.opt.Text
	}
	known := stored["lexicon"] != ""
	if known {
		if err := json.Unmarshal([]byte(stored["lexicon"]), &s.lexicon); err != nil {
			return fmt.Errorf("read the stored lexicon: %w", err)
		}
	}
	wanted, err := json.Marshal(s.opt.Lexicon)
	if err != nil {
		return err
	}
	empty, err := json.Marshal(backlog.Lexicon{})
	if err != nil {
		return err
	}
	remark := string(wanted) != string(empty) && string(wanted) != stored["lexicon"]
	purge := s.text == FeaturesOnly && stored["text"] != FeaturesOnly
	names := fmt.Sprint(backlog.FieldCount, backlog.DutyCount)
	if !remark && stored["text"] == s.text && stored["names"] == names {
		return nil
	}
	if remark {
		s.lexicon = s.opt.Lexicon
	}
	return s.write(ctx, func(firm context.Context, w *writer) error {
		if err := w.saveNames(firm); err != nil {
			return err
		}
		if err := w.setMeta(firm, "names", names); err != nil {
			return err
		}
		if purge && stored["text"] != "" {
			if err := w.purgeTexts(firm); err != nil {
				return fmt.Errorf("drop the texts: %w", err)
			}
		}
		if err := w.setMeta(firm, "text", s.text); err != nil {
			return err
		}
		if !remark {
			return nil
		}
		if err := w.setMeta(firm, "lexicon", string(wanted)); err != nil {
			return err
		}
		if err := w.remark(ctx, firm, &s.lexicon); err != nil {
			return fmt.Errorf("read the stored texts with the new phrases: %w", err)
		}
		return nil
	})
}

func (s *Store) metas(ctx context.Context) (map[string]string, error) {
	m := map[string]string{}
	rows, err := s.views.QueryContext(ctx, `SELECT key, CAST(value AS TEXT) FROM meta`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		m[k] = v
	}
	return m, errors.Join(rows.Err(), rows.Close())
}

func (w *writer) setMeta(ctx context.Context, key string, value any) error {
	return w.exec(ctx, `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, key, value)
}

// saveNames writes the words the views show for numbers.
func (w *writer) saveNames(ctx context.Context) error {
	for f := range backlog.FieldCount {
		if err := w.exec(ctx, `INSERT OR REPLACE INTO field (id, name) VALUES (?, ?)`, int64(f), f.String()); err != nil {
			return err
		}
	}
	for _, d := range backlog.Duties() {
		if err := w.exec(ctx, `INSERT OR REPLACE INTO duty (id, name) VALUES (?, ?)`, int64(d), d.String()); err != nil {
			return err
		}
	}
	return nil
}

// purgeTexts drops everything FeaturesOnly would not have stored.
func (w *writer) purgeTexts(ctx context.Context) error {
	fields := fmt.Sprintf("(%d, %d, %d, %d)", backlog.FieldDescription, backlog.FieldCriteria, backlog.FieldUpdate, backlog.FieldOther)
	for _, q := range []string{
		`PRAGMA secure_delete = ON`, // the bytes go too, not only the rows
		`DELETE FROM comment_body`,
		`UPDATE issue_text SET description = NULL, criteria = NULL, more = json_remove(more, '$.code', '$.quotes', '$.links'), criteria_more = json_remove(criteria_more, '$.code', '$.quotes', '$.links')`,
		`DELETE FROM long_text WHERE id IN (SELECT max(-from_id, -to_id) FROM change_row WHERE (from_id < 0 OR to_id < 0) AND field IN ` + fields + `)`,
		`UPDATE change SET moved = 0 WHERE (what & 127) IN ` + fields,
		`PRAGMA secure_delete = OFF`,
	} {
		if err := w.exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// remark computes everything that rests on the lexicon anew, wherever the text is stored.
func (w *writer) remark(ctx, firm context.Context, lexicon *backlog.Lexicon) error {
	if err := w.remarkComments(ctx, firm, lexicon); err != nil {
		return err
	}
	return w.remarkIssues(ctx, firm, lexicon)
}

// remarkStep is how many texts are read before any is written: a statement must
// not change what another one is reading.
const remarkStep = 500

func (w *writer) remarkComments(ctx, firm context.Context, lexicon *backlog.Lexicon) error {
	type mark struct {
		id   int64
		bits int64
	}
	for last := int64(-1); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		var changed []mark
		err := w.each(firm, `SELECT b.id, b.prose, b.more, (c.who >> 8) & 65535, c.mentions IS NOT NULL FROM comment_body b JOIN comment c ON c.id = b.id WHERE b.id > ? ORDER BY b.id LIMIT ?`,
			func(r *sql.Rows) error {
				var old int64
				var t backlog.Text
				var more sql.NullString
				var mentions bool
				n++
				if err := r.Scan(&last, &t.Prose, &more, &old, &mentions); err != nil {
					return err
				}
				if err := whole(&t, more); err != nil {
					return err
				}
				if mentions {
					t.Mentions = []string{"somebody"}
				}
				if m := int64(lexicon.Read(t)) | old&int64(backlog.MarkAddressed); m != old {
					changed = append(changed, mark{last, m})
				}
				return nil
			}, last, remarkStep)
		if err != nil {
			return err
		}
		for _, m := range changed {
			if err := w.exec(firm, `UPDATE comment SET who = (who & ~(65535 << 8)) | (? << 8) WHERE id = ?`, m.bits, m.id); err != nil {
				return err
			}
		}
		if n < remarkStep {
			return nil
		}
	}
}

func (w *writer) remarkIssues(ctx, firm context.Context, lexicon *backlog.Lexicon) error {
	const texts = backlog.ItemHasCriteria | backlog.ItemAsA
	in := &intake{lexicon: lexicon}
	for last := int64(-1); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := 0
		changed := map[int64]backlog.ItemFlags{}
		err := w.each(firm, `SELECT t.issue, t.title, COALESCE(t.description, ''), t.more, COALESCE(t.criteria, ''), t.criteria_more, i.flags, t.description IS NULL AND t.criteria IS NULL
			FROM issue_text t JOIN issue i ON i.no = t.issue WHERE t.issue > ? ORDER BY t.issue LIMIT ?`,
			func(r *sql.Rows) error {
				var title string
				var description, criteria backlog.Text
				var more, criteriaMore sql.NullString
				var old backlog.ItemFlags
				var bare bool
				n++
				if err := r.Scan(&last, &title, &description.Prose, &more, &criteria.Prose, &criteriaMore, &old, &bare); err != nil {
					return err
				}
				if bare && old&(backlog.ItemDescribed|backlog.ItemHasCriteria) != 0 {
					return nil // the text is not kept: what it said on arrival stands
				}
				if err := errors.Join(whole(&description, more), whole(&criteria, criteriaMore)); err != nil {
					return err
				}
				if f := old&^texts | in.textFlags(title, description, criteria)&texts; f != old {
					changed[last] = f
				}
				return nil
			}, last, remarkStep)
		if err != nil {
			return err
		}
		for no, f := range changed {
			if err := w.exec(firm, `UPDATE issue SET flags = ? WHERE no = ?`, int64(f), no); err != nil {
				return err
			}
		}
		if n < remarkStep {
			return nil
		}
	}
}

// whole puts a stored text together again.
func whole(t *backlog.Text, more sql.NullString) error {
	if !more.Valid {
		return nil
	}
	var m textMore
	if err := json.Unmarshal([]byte(more.String), &m); err != nil {
		return fmt.Errorf("read a stored text: %w", err)
	}
	t.Mentions, t.Code, t.Quotes, t.Links = m.Mentions, m.Code, m.Quotes, m.Links
	return nil
}
