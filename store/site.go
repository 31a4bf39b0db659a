package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"defacto/backlog"
	"defacto/store/fastscan"
)

// Site reads what all scopes share. An empty store gives a Site with nothing but
// nobody and the unknown entries at index 0. Snapshots taken for the Site see the
// store as it was now, also while it is written to.
func (s *Store) Site(ctx context.Context) (*backlog.Site, error) {
	ses, err := s.openSession()
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	site, err := ses.read(ctx)
	if err != nil {
		ses.close()
		return nil, fmt.Errorf("read the store: %w", err)
	}
	s.tie(site, ses)
	return site, nil
}

// scan steps through a query's rows.
func scan(ctx context.Context, c *fastscan.Conn, query string, row func(*fastscan.Stmt) error, args ...int64) error {
	st, err := c.Prepare(query)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := st.Bind(args...); err != nil {
		return err
	}
	return steps(ctx, st, row)
}

// steps calls row for each row of a bound statement and looks at ctx now and then.
func steps(ctx context.Context, st *fastscan.Stmt, row func(*fastscan.Stmt) error) error {
	for n := 0; ; n++ {
		if n&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		more, err := st.Step()
		if err != nil || !more {
			return err
		}
		if err := row(st); err != nil {
			return err
		}
	}
}

// at grows a list so that index i exists and returns it: stored ids are small
// and dense, so that they serve as indexes.
func at[T any](list *[]T, i int64) *T {
	if n := int(i) + 1 - len(*list); n > 0 {
		*list = append(*list, make([]T, n)...)
	}
	return &(*list)[i]
}

// lookup returns list[i], or the zero value where there is none.
func lookup[T any](list []T, i int64) (v T) {
	if i >= 0 && i < int64(len(list)) {
		v = list[i]
	}
	return v
}

// known maps a source's own ids, and names, to what stands for them in a Site.
type known map[scopeKey]int64

// reading is the state of reading a Site.
type reading struct {
	ses      *session
	site     *backlog.Site
	statuses known // by id
	named    known // statuses by name
	sprints  known
	accounts known // account ids by the tracker's id
	handles  known // and by handle, lower case
}

func (ses *session) read(ctx context.Context) (*backlog.Site, error) {
	c, err := ses.borrow(ctx)
	if err != nil {
		return nil, err
	}
	defer ses.giveBack(c)
	r := &reading{ses: ses, site: &backlog.Site{}, statuses: known{}, named: known{}, sprints: known{}, accounts: known{}, handles: known{}}
	ses.epics, ses.gone, ses.scopeKeys = map[int64]struct{}{}, map[int64]string{}, map[scopeKey]int32{}
	for _, step := range []func(context.Context, *fastscan.Conn) error{
		r.sources, r.people, r.scopes, r.lists, r.refs, r.values, r.mentions, r.declared, r.runs, r.absences,
	} {
		if err := step(ctx, c); err != nil {
			return nil, err
		}
	}
	return r.site, nil
}

func (r *reading) sources(ctx context.Context, c *fastscan.Conn) error {
	return scan(ctx, c, `SELECT id, name, kind, site FROM source ORDER BY name`, func(st *fastscan.Stmt) error {
		*at(&r.ses.sources, st.Int(0)) = int32(len(r.site.Sources))
		r.site.Sources = append(r.site.Sources, backlog.SourceInfo{Name: st.Text(1), Kind: st.Text(2), Site: st.Text(3)})
		return nil
	})
}

// people reads the persons in the order of their stable ids, each with the
// accounts in the order of their keys.
func (r *reading) people(ctx context.Context, c *fastscan.Conn) error {
	r.site.People = []backlog.Person{{}}
	r.ses.persons = []backlog.PersonID{backlog.Nobody}
	last, thin := "", false
	return scan(ctx, c, `SELECT p.pid, p.grouped, p.name, p.email, p.kind, p.zone, a.id, a.source, s.name || ':' || a.ext, a.ext, a.handle, a.name, a.email, a.kind, a.zone, a.active, a.thin
		FROM account a JOIN person p ON p.id = a.person JOIN source s ON s.id = a.source ORDER BY p.pid, a.name = '', a.thin, s.name, a.ext`,
		func(st *fastscan.Stmt) error {
			pid := st.Text(0)
			if pid != last {
				last, thin = pid, true
				p := backlog.Person{ID: pid}
				if st.Int(1) != 0 {
					p.Name, p.Email, p.Kind, p.Zone = st.Text(2), st.Text(3), backlog.ParseAccountKind(st.Text(4)), st.Text(5)
				} else {
					p.Kind = backlog.ParseAccountKind(st.Text(13))
				}
				r.site.People = append(r.site.People, p)
			}
			p := &r.site.People[len(r.site.People)-1]
			// The first account in this order stands for the person, the others fill blanks.
			p.Name, p.Email, p.Zone = cmp.Or(p.Name, st.Text(11)), cmp.Or(p.Email, st.Text(12)), cmp.Or(p.Zone, st.Text(14))
			// A thin record cannot know whether the account is active; a fuller one does.
			isThin, active := st.Int(16) != 0, st.Int(15) != 0
			switch {
			case thin && !isThin:
				thin, p.Active = false, active
			case thin == isThin:
				p.Active = p.Active || active
			}
			key := st.Text(8)
			i, _ := slices.BinarySearch(p.Accounts, key)
			p.Accounts = slices.Insert(p.Accounts, i, key)
			id, source := st.Int(6), st.Int(7)
			*at(&r.ses.persons, id) = backlog.PersonID(len(r.site.People) - 1)
			r.accounts[scopeKey{source, st.Text(9)}] = id
			if h := st.Text(10); h != "" {
				r.handles[scopeKey{source, strings.ToLower(h)}] = id
			}
			return nil
		})
}

// account finds an account by its id or, failing that, its handle; 0 if unknown.
func (r *reading) account(source int64, token string) int64 {
	if id, ok := r.accounts[scopeKey{source, token}]; ok {
		return id
	}
	return r.handles[scopeKey{source, strings.ToLower(token)}]
}

func (r *reading) scopes(ctx context.Context, c *fastscan.Conn) error {
	err := scan(ctx, c, `SELECT sc.id, sc.source, s.name, sc.key, sc.name, sc.lead, sc.zone FROM scope sc JOIN source s ON s.id = sc.source`, func(st *fastscan.Stmt) error {
		key := st.Text(3)
		r.ses.scopeKeys[scopeKey{st.Int(1), key}] = int32(st.Int(0))
		r.site.Scopes = append(r.site.Scopes, backlog.ScopeInfo{
			No: int32(st.Int(0)), Source: lookup(r.ses.sources, st.Int(1)), Name: st.Text(2) + "/" + key, Key: key, Title: st.Text(4),
			Lead: lookup(r.ses.persons, st.Int(5)), Zone: st.Text(6),
		})
		return nil
	})
	slices.SortFunc(r.site.Scopes, func(a, b backlog.ScopeInfo) int { return strings.Compare(a.Name, b.Name) })
	return err
}

// lists reads statuses, types, sprints and versions.
func (r *reading) lists(ctx context.Context, c *fastscan.Conn) error {
	r.site.Statuses, r.site.Types, r.site.Sprints = make([]backlog.StatusInfo, 1), make([]backlog.TypeInfo, 1), make([]backlog.SprintInfo, 1)
	err := scan(ctx, c, `SELECT id, source, ext, name, scope, category, position FROM status ORDER BY id`, func(st *fastscan.Stmt) error {
		id, source := st.Int(0), st.Int(1)
		s := backlog.StatusInfo{
			Source: lookup(r.ses.sources, source), ID: st.Text(2), Name: st.Text(3), Scope: st.Text(4),
			Category: backlog.ParseCategory(st.Text(5)), Position: int(st.Int(6)),
		}
		*at(&r.site.Statuses, id) = s
		r.statuses[scopeKey{source, s.ID}] = id
		if k := (scopeKey{source, s.Name}); r.named[k] == 0 || s.ID < r.site.Statuses[r.named[k]].ID {
			r.named[k] = id
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = scan(ctx, c, `SELECT id, source, ext, name, level FROM type ORDER BY id`, func(st *fastscan.Stmt) error {
		*at(&r.site.Types, st.Int(0)) = backlog.TypeInfo{Source: lookup(r.ses.sources, st.Int(1)), ID: st.Text(2), Name: st.Text(3), Level: backlog.Level(st.Int(4))}
		return nil
	})
	if err != nil {
		return err
	}
	err = scan(ctx, c, `SELECT id, source, ext, name, start_at, end_at, completed_at FROM sprint ORDER BY id`, func(st *fastscan.Stmt) error {
		s := backlog.SprintInfo{Source: lookup(r.ses.sources, st.Int(1)), ID: st.Text(2), Name: st.Text(3), Start: st.Int(4), End: st.Int(5), Completed: st.Int(6)}
		*at(&r.site.Sprints, st.Int(0)) = s
		r.sprints[scopeKey{st.Int(1), s.ID}] = st.Int(0)
		return nil
	})
	if err != nil {
		return err
	}
	return scan(ctx, c, `SELECT v.source, v.ext, v.name, v.released, v.release_at FROM version v JOIN source s ON s.id = v.source ORDER BY s.name, v.ext`, func(st *fastscan.Stmt) error {
		r.site.Versions = append(r.site.Versions, backlog.VersionInfo{
			Source: lookup(r.ses.sources, st.Int(0)), ID: st.Text(1), Name: st.Text(2), Released: st.Int(3) != 0, Release: st.Int(4),
		})
		return nil
	})
}

func (r *reading) refs(ctx context.Context, c *fastscan.Conn) error {
	r.ses.refs = make([]int64, 1)
	return scan(ctx, c, `SELECT id, issue, epic FROM issue_ref ORDER BY id`, func(st *fastscan.Stmt) error {
		issue := st.Int(1)
		*at(&r.ses.refs, st.Int(0)) = issue
		if st.Int(2) != 0 && issue != 0 {
			r.ses.epics[issue] = struct{}{}
		}
		return nil
	})
}

func (r *reading) values(ctx context.Context, c *fastscan.Conn) error {
	r.site.Values = make([]backlog.Value, 1)
	return scan(ctx, c, `SELECT id, source, field, raw, name, ref FROM value ORDER BY id`, func(st *fastscan.Stmt) error {
		source := st.Int(1)
		v := backlog.Value{Field: backlog.Field(st.Int(2)), Raw: st.Text(3), Name: st.Text(4)}
		switch v.Field {
		case backlog.FieldStatus:
			v.Ref = r.statuses[scopeKey{source, cmp.Or(v.Raw, v.Name)}]
			if v.Ref == 0 && v.Raw == "" {
				v.Ref = r.named[scopeKey{source, v.Name}]
			}
		case backlog.FieldAssignee, backlog.FieldReporter:
			if v.Raw != "" {
				v.Ref = int64(lookup(r.ses.persons, r.account(source, v.Raw)))
			}
		case backlog.FieldParent:
			v.Ref = lookup(r.ses.refs, st.Int(5))
		case backlog.FieldSprint:
			for id := range strings.SplitSeq(v.Raw, ",") {
				if i := r.sprints[scopeKey{source, strings.TrimSpace(id)}]; i != 0 {
					v.Sprints = append(v.Sprints, int32(i))
				}
			}
		}
		*at(&r.site.Values, st.Int(0)) = v
		return nil
	})
}

func (r *reading) mentions(ctx context.Context, c *fastscan.Conn) error {
	return scan(ctx, c, `SELECT id, source, token FROM mention ORDER BY id`, func(st *fastscan.Stmt) error {
		*at(&r.ses.mentioned, st.Int(0)) = lookup(r.ses.persons, r.account(st.Int(1), st.Text(2)))
		return nil
	})
}

func (r *reading) declared(ctx context.Context, c *fastscan.Conn) error {
	return scan(ctx, c, `SELECT d.account, d.team, d.role, s.name || '/' || d.scope, d.origin, d.from_at, d.until_at FROM declared d
		JOIN source s ON s.id = d.source LEFT JOIN account a ON a.id = d.account ORDER BY s.name, d.scope, d.role, d.origin, d.from_at, a.ext, d.team`,
		func(st *fastscan.Stmt) error {
			role, err := backlog.ParseRole(st.Text(2))
			r.site.Declared = append(r.site.Declared, backlog.DeclaredInfo{
				Person: lookup(r.ses.persons, st.Int(0)), Group: st.Text(1), Role: role, Scope: st.Text(3), Origin: st.Text(4), From: st.Int(5), Until: st.Int(6),
			})
			return err
		})
}

// runs reads the sync runs, and the gaps of each source's newest.
func (r *reading) runs(ctx context.Context, c *fastscan.Conn) error {
	err := scan(ctx, c, `SELECT s.name, r.started_at, r.finished_at, r.as_of, r.issues, r.changes, r.comments, r.requests, r.complete, r.note
		FROM sync_run r JOIN source s ON s.id = r.source ORDER BY r.id DESC`, func(st *fastscan.Stmt) error {
		r.site.Syncs = append(r.site.Syncs, backlog.SyncRun{
			Source: st.Text(0), Started: moment(st.Int(1)), Finished: moment(st.Int(2)), AsOf: moment(st.Int(3)),
			Issues: int(st.Int(4)), Changes: int(st.Int(5)), Comments: int(st.Int(6)), Requests: int(st.Int(7)), Complete: st.Int(8) != 0, Note: st.Text(9),
		})
		return nil
	})
	if err != nil {
		return err
	}
	return scan(ctx, c, `SELECT s.name, g.place, g.scope, g.what, g.missing, g.why FROM gap g JOIN sync_run r ON r.id = g.run JOIN source s ON s.id = r.source
		WHERE r.id IN (SELECT max(id) FROM sync_run GROUP BY source) ORDER BY s.name, g.pos`, func(st *fastscan.Stmt) error {
		r.site.Gaps = append(r.site.Gaps, backlog.GapInfo{Source: st.Text(0), Gap: backlog.Gap{
			Where: st.Text(1), Scope: st.Text(2), What: st.Text(3), Missing: int(st.Int(4)), Why: st.Text(5),
		}})
		return nil
	})
}

func (r *reading) absences(ctx context.Context, c *fastscan.Conn) error {
	return scan(ctx, c, `SELECT i.no, g.state FROM absence g CROSS JOIN issue i ON i.source = g.source AND i.ext = g.ext WHERE g.state <> '' AND g.at >= i.updated`,
		func(st *fastscan.Stmt) error {
			r.ses.gone[st.Int(0)] = st.Text(1)
			return nil
		})
}
