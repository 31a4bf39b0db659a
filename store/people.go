package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"defacto/backlog"
)

// Accounts lists all accounts with the span of their activity, sorted by source
// and id.
func (s *Store) Accounts(ctx context.Context) ([]backlog.AccountInfo, error) {
	rows, err := s.views.QueryContext(ctx, `SELECT a.id, s.name, a.ext, a.handle, a.name, a.email, a.kind, a.active, a.zone, a.thin, COALESCE(t.first_at, 0), COALESCE(t.last_at, 0), p.pid
		FROM account a JOIN source s ON s.id = a.source JOIN person p ON p.id = a.person LEFT JOIN activity t ON t.account = a.id ORDER BY s.name, a.ext`)
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	defer rows.Close()
	var list []backlog.AccountInfo
	for rows.Next() {
		var a backlog.AccountInfo
		var kind string
		if err := rows.Scan(&a.No, &a.Source, &a.ID, &a.Handle, &a.Name, &a.Email, &kind, &a.Active, &a.Zone, &a.Thin, &a.First, &a.Last, &a.Person); err != nil {
			return nil, fmt.Errorf("read the accounts: %w", err)
		}
		a.Kind = backlog.ParseAccountKind(kind)
		list = append(list, a)
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// SavePeople replaces the grouping of accounts into people. An account no person
// lists is a person by itself. Person.ID is not read: it derives from the smallest
// of the person's account keys ("source:account"). Blank names, addresses and
// zones are filled from the accounts. It fails, and changes nothing, where two
// people list one account, or one lists an account that is not stored, or none.
func (s *Store) SavePeople(ctx context.Context, people []backlog.Person) error {
	err := s.write(ctx, func(ctx context.Context, w *writer) error {
		stored := map[string]int64{}
		err := w.each(ctx, `SELECT s.name || ':' || a.ext, a.id FROM account a JOIN source s ON s.id = a.source`, func(r *sql.Rows) error {
			var key string
			var id int64
			err := r.Scan(&key, &id)
			stored[key] = id
			return err
		})
		if err != nil {
			return err
		}
		if err := w.exec(ctx, `UPDATE person SET grouped = 0, name = '', email = '', kind = '', zone = '' WHERE grouped = 1`); err != nil {
			return err
		}
		if err := w.exec(ctx, `UPDATE account SET person = p.id FROM person p, source s WHERE s.id = account.source AND p.key = s.name || ':' || account.ext AND person <> p.id`); err != nil {
			return err
		}
		taken := map[string]string{}
		for _, p := range people {
			if len(p.Accounts) == 0 {
				return fmt.Errorf("%q has no account", p.Name)
			}
			for _, key := range p.Accounts {
				if _, ok := stored[key]; !ok {
					return fmt.Errorf("%q: no account %s is stored", p.Name, key)
				}
				if other, ok := taken[key]; ok {
					return fmt.Errorf("account %s is listed for %q and for %q", key, other, p.Name)
				}
				taken[key] = p.Name
			}
			id, err := w.ownPerson(ctx, slices.Min(p.Accounts))
			if err != nil {
				return err
			}
			if err := w.exec(ctx, `UPDATE person SET grouped = 1, name = ?, email = ?, kind = ?, zone = ? WHERE id = ?`, p.Name, p.Email, p.Kind.String(), p.Zone, id); err != nil {
				return err
			}
			for _, key := range p.Accounts {
				if err := w.exec(ctx, `UPDATE account SET person = ?1 WHERE id = ?2 AND person <> ?1`, id, stored[key]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save people: %w", err)
	}
	return nil
}

// Activity returns the times of the oldest and the newest event stored: a
// creation, a change or a comment. Both are zero in a store without any.
func (s *Store) Activity(ctx context.Context) (first, last time.Time, err error) {
	var a, b sql.NullInt64
	err = s.views.QueryRowContext(ctx, `SELECT min(NULLIF(first_at, 0)), max(NULLIF(last_at, 0)) FROM source`).Scan(&a, &b)
	if err != nil {
		return first, last, fmt.Errorf("read the span of events: %w", err)
	}
	return moment(a.Int64), moment(b.Int64), nil
}

// Titles returns the titles of issues by number; numbers not stored are left out.
func (s *Store) Titles(ctx context.Context, numbers []int64) (map[int64]string, error) {
	titles := make(map[int64]string, len(numbers))
	st, err := s.views.PrepareContext(ctx, `SELECT title FROM issue_text WHERE issue = ?`)
	if err != nil {
		return nil, fmt.Errorf("read titles: %w", err)
	}
	defer st.Close()
	for _, no := range numbers {
		var title string
		switch err := st.QueryRowContext(ctx, no).Scan(&title); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil, fmt.Errorf("read titles: %w", err)
		default:
			titles[no] = title
		}
	}
	return titles, nil
}
