package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports/web"
	"defacto/store"
)

// mostPeriods is how many periods one page audits.
const mostPeriods = 40

// auditor answers the pages of defacto serve from the store.
type auditor struct {
	program *program // silent: what it would tell stands in the reports
	config  *config.Config
	store   *store.Store

	mu      sync.Mutex // guards what follows
	watch   *sql.Conn  // one connection, for its view of what others committed
	version string
	facts   *facts // as of version
}

var _ web.Auditor = (*auditor)(nil)

func newAuditor(ctx context.Context, p *program, c *config.Config, st *store.Store) (*auditor, error) {
	silent := *p
	silent.quiet = true
	watch, err := st.DB().Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("watch the store: %w", err)
	}
	return &auditor{program: &silent, config: c, store: st, watch: watch}, nil
}

func (a *auditor) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watch.Close()
}

// Version is SQLite's count of what other connections committed.
func (a *auditor) Version(ctx context.Context) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.look(ctx)
}

func (a *auditor) look(ctx context.Context) (string, error) {
	var n int64
	// A reader who leaves in the middle must not cost the connection.
	if err := a.watch.QueryRowContext(context.WithoutCancel(ctx), `PRAGMA data_version`).Scan(&n); err != nil {
		return "", fmt.Errorf("watch the store: %w", err)
	}
	return strconv.FormatInt(n, 10), nil
}

// read is the store's facts as they are now, read once for each version of it.
func (a *auditor) read(ctx context.Context) (*facts, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	version, err := a.look(ctx)
	if err != nil {
		return nil, err
	}
	if a.facts != nil && version == a.version {
		return a.facts, nil
	}
	f, err := a.program.read(ctx, a.store, a.config)
	if err != nil {
		return nil, err
	}
	// Reading may itself have put people together, which is a commit.
	if a.version, err = a.look(ctx); err != nil {
		return nil, err
	}
	a.facts = f
	return f, nil
}

// Periods lists the quarters with data, and the last complete one.
func (a *auditor) Periods(ctx context.Context) (quarters []backlog.Period, usual string, err error) {
	f, err := a.read(ctx)
	if err != nil {
		return nil, "", err
	}
	all, _, err := a.program.options(ctx, a.config, f, question{period: "all"})
	if err != nil {
		return nil, "", refusal(err)
	}
	one, _, err := a.program.options(ctx, a.config, f, question{})
	if err != nil {
		return nil, "", refusal(err)
	}
	return all.Periods, one.Periods[0].Name, nil
}

// Audit measures what the query is about, with pseudonyms where they are wanted.
func (a *auditor) Audit(ctx context.Context, q web.Query) (*analysis.Report, error) {
	f, err := a.read(ctx)
	if err != nil {
		return nil, err
	}
	asked, _, err := a.ask(ctx, f, q)
	if err != nil {
		return nil, err
	}
	asked.pseudonyms = a.config.Privacy.Pseudonyms
	r, err := a.program.measure(ctx, a.config, f, asked)
	return r, refusal(err)
}

// Explain is refused with pseudonyms: times, links and sums would tell whose
// they are.
func (a *auditor) Explain(ctx context.Context, q web.Query, subject string) (*analysis.Explanation, error) {
	if a.config.Privacy.Pseudonyms {
		return nil, &web.Refusal{Status: http.StatusForbidden, Text: "With pseudonyms the arithmetic and the single acts are not shown: their times and sums would tell who it is. On the machine with the store, defacto explain shows them."}
	}
	f, err := a.read(ctx)
	if err != nil {
		return nil, err
	}
	who, err := analysis.ParseSubject(f.site, subject)
	if err != nil {
		return nil, refusal(usageError{err})
	}
	_, o, err := a.ask(ctx, f, q)
	if err != nil {
		return nil, err
	}
	return analysis.Explain(ctx, f.site, f.load, o, who)
}

// Self is refused with pseudonyms: whoever gives a name there would learn its
// pseudonym.
func (a *auditor) Self(ctx context.Context, q web.Query, me string) (*analysis.Self, error) {
	if a.config.Privacy.Pseudonyms {
		return nil, &web.Refusal{Status: http.StatusForbidden, Text: "With pseudonyms nobody has a page of their own here: a name given would tell its pseudonym. On the machine with the store, defacto self shows it."}
	}
	f, err := a.read(ctx)
	if err != nil {
		return nil, err
	}
	person, err := analysis.FindPerson(f.site, me)
	if err != nil {
		return nil, refusal(usageError{err})
	}
	if person == backlog.Nobody {
		return nil, &web.Refusal{Status: http.StatusNotFound, Text: "Nobody in the store goes by that: try the name, the e-mail address or the account as the tracker has it."}
	}
	_, o, err := a.ask(ctx, f, q)
	if err != nil {
		return nil, err
	}
	return analysis.Mirror(ctx, f.site, f.load, o, person)
}

// ask turns a query into a question and the options it comes to, with as many
// earlier periods as the query wants and the store has.
func (a *auditor) ask(ctx context.Context, f *facts, q web.Query) (question, analysis.Options, error) {
	asked := question{period: q.Period, scopes: q.Scopes}
	o, _, err := a.program.options(ctx, a.config, f, asked)
	if err != nil {
		return asked, o, refusal(err)
	}
	if len(o.Periods) > mostPeriods {
		return asked, o, &web.Refusal{Status: http.StatusBadRequest, Text: fmt.Sprintf("These are %d periods: at most %d are shown side by side.", len(o.Periods), mostPeriods)}
	}
	if q.Before == 0 || len(o.Periods) != 1 {
		return asked, o, nil
	}
	first, _, err := a.store.Activity(ctx)
	if err != nil {
		return asked, o, err
	}
	last, earliest := o.Periods[0], o.Periods[0]
	for range q.Before {
		before := earliest.Previous()
		if !before.To.After(first) {
			break
		}
		earliest = before
	}
	if earliest.Name == last.Name || strings.Contains(last.Name, "..") {
		return asked, o, nil
	}
	asked.period = earliest.Name + ".." + last.Name
	o, _, err = a.program.options(ctx, a.config, f, asked)
	return asked, o, refusal(err)
}

// refusal makes of an error about the question one that the reader is shown.
func refusal(err error) error {
	var advised advice
	if errors.As(err, &advised) {
		return &web.Refusal{Status: http.StatusServiceUnavailable, Text: capital(advised.Error()) + ": " + advised.next + "."}
	}
	var misused usageError
	if !errors.As(err, &misused) {
		return err
	}
	text := strings.TrimPrefix(strings.TrimPrefix(misused.Error(), "--"), "period: ")
	if strings.HasPrefix(text, "scope ") {
		return &web.Refusal{Status: http.StatusNotFound, Text: capital(text) + "."}
	}
	return &web.Refusal{Status: http.StatusBadRequest, Text: capital(text) + "."}
}

// capital starts a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
