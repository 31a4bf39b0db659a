package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"strings"

	"defacto/backlog"
)

// account is a stored account as the writer remembers it.
type account struct {
	id          int64
	a           backlog.Account
	first, last int64
}

func (src *source) scanAccount(r *sql.Rows) error {
	acc := &account{}
	var kind string
	err := r.Scan(&acc.id, &acc.a.ID, &acc.a.Handle, &acc.a.Name, &acc.a.Email, &kind, &acc.a.Active, &acc.a.Zone, &acc.a.Thin, &acc.first, &acc.last)
	acc.a.Kind = backlog.ParseAccountKind(kind)
	src.accounts[acc.a.ID] = acc
	return err
}

// account returns a stored account by its id, making a thin one where an issue
// names somebody no list has named yet; nil for nobody.
func (w *writer) account(ctx context.Context, src *source, id string) (*account, error) {
	if id == "" {
		return nil, nil
	}
	if acc, ok := src.accounts[id]; ok {
		return acc, nil
	}
	return w.saveAccount(ctx, src, backlog.Account{ID: id, Active: true, Thin: true})
}

func (w *writer) accountID(ctx context.Context, src *source, id string) (int64, error) {
	acc, err := w.account(ctx, src, id)
	if acc == nil {
		return 0, err
	}
	return acc.id, err
}

// actor returns the account that did something at a time, and notes the activity.
func (w *writer) actor(ctx context.Context, src *source, id string, at int64) (int64, error) {
	acc, err := w.account(ctx, src, id)
	if acc == nil || err != nil {
		return 0, err
	}
	if widen(&acc.first, &acc.last, at) {
		src.touched[acc] = struct{}{}
	}
	return acc.id, nil
}

// widen stretches a span to include a time and reports whether it had to.
func widen(first, last *int64, at int64) bool {
	if at == 0 {
		return false
	}
	grown := false
	if *first == 0 || at < *first {
		*first, grown = at, true
	}
	if *last == 0 || at > *last {
		*last, grown = at, true
	}
	return grown
}

func (w *writer) saveAccount(ctx context.Context, src *source, in backlog.Account) (*account, error) {
	if in.ID == "" {
		return nil, nil
	}
	acc := src.accounts[in.ID]
	if acc == nil {
		acc = &account{a: in}
		person, err := w.ownPerson(ctx, src.name+":"+in.ID)
		if err != nil {
			return nil, err
		}
		src.accounts[in.ID] = acc
		return acc, w.row(ctx, `INSERT INTO account (source, ext, handle, name, email, kind, active, zone, thin, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			src.id, in.ID, in.Handle, in.Name, in.Email, in.Kind.String(), bit(in.Active), in.Zone, bit(in.Thin), person).Scan(&acc.id)
	}
	a := mergeAccounts(acc.a, in)
	if a == acc.a {
		return acc, nil
	}
	acc.a = a
	return acc, w.exec(ctx, `UPDATE account SET handle = ?, name = ?, email = ?, kind = ?, active = ?, zone = ?, thin = ? WHERE id = ?`,
		a.Handle, a.Name, a.Email, a.Kind.String(), bit(a.Active), a.Zone, bit(a.Thin), acc.id)
}

// mergeAccounts joins two records of one account. The fuller one counts and the
// other fills its blanks; of two full ones the later. Two thin ones, which carry
// no time, are joined so that their order does not matter.
func mergeAccounts(old, in backlog.Account) backlog.Account {
	switch {
	case in.Thin && old.Thin:
		m := backlog.Account{ID: old.ID, Thin: true, Active: old.Active || in.Active, Kind: max(old.Kind, in.Kind)}
		m.Handle, m.Name = first(old.Handle, in.Handle), first(old.Name, in.Name)
		m.Email, m.Zone = first(old.Email, in.Email), first(old.Zone, in.Zone)
		return m
	case in.Thin:
		in, old = old, in
	}
	in.Handle, in.Name = keep(old.Handle, in.Handle), keep(old.Name, in.Name)
	in.Email, in.Zone = keep(old.Email, in.Email), keep(old.Zone, in.Zone)
	return in
}

// first returns the smaller of two texts, blanks last.
func first(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// saveActivity writes down when the accounts of this transaction acted.
func (w *writer) saveActivity(ctx context.Context, src *source) error {
	for acc := range src.touched {
		if err := w.activities.add(ctx, acc.id, acc.first, acc.last); err != nil {
			return err
		}
	}
	return w.activities.flush(ctx)
}

// personID derives a person's stable id from their smallest account key.
func personID(key string, letters int) string {
	sum := sha256.Sum256([]byte(key))
	return "p" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:letters]
}

// ownPerson returns the person an account is by itself, making it where needed.
func (w *writer) ownPerson(ctx context.Context, key string) (int64, error) {
	var id int64
	err := w.row(ctx, `SELECT id FROM person WHERE key = ?`, key).Scan(&id)
	if err == nil {
		return id, nil
	}
	if err != sql.ErrNoRows {
		return 0, err
	}
	// Two keys may share eight letters once in a million millions: then the later one gets more.
	for letters := 8; ; letters += 4 {
		pid := personID(key, letters)
		var taken int
		if err := w.row(ctx, `SELECT count(*) FROM person WHERE pid = ?`, pid).Scan(&taken); err != nil {
			return 0, err
		}
		if taken == 0 {
			return id, w.row(ctx, `INSERT INTO person (pid, key) VALUES (?, ?) RETURNING id`, pid, key).Scan(&id)
		}
	}
}
