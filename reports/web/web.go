// Package web shows audits in a browser: pages rendered on the server, read-only,
// for readers on the same machine or, with a token, elsewhere. What an audit says
// and how it looks is package reports' business; this package frames it, links
// its parts, remembers what was computed and keeps strangers out.
package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports"
)

// Query says what an audit is about.
type Query struct {
	Period string   // as --period takes it; "" is the last complete quarter with data
	Scopes []string // as --scope takes them; none means all
	Before int      // so many periods before a single one are audited too, where there are data
}

// Auditor answers from a store. Its methods are called by several goroutines at
// once. An error that is a [*Refusal] is shown to the reader, any other is not.
type Auditor interface {
	// Version names the state of the data: as long as it stays the same, so do all
	// answers.
	Version(ctx context.Context) (string, error)
	// Periods lists the quarters with data, oldest first, and names the period that
	// is meant where none is asked for.
	Periods(ctx context.Context) (quarters []backlog.Period, usual string, err error)
	Audit(ctx context.Context, q Query) (*analysis.Report, error)
	// Explain tells what is behind a finding's id, a person's id or an issue's key.
	Explain(ctx context.Context, q Query, subject string) (*analysis.Explanation, error)
	// Self is the page of the person who calls themselves me.
	Self(ctx context.Context, q Query, me string) (*analysis.Self, error)
}

// Refusal is why a question gets no answer, in words for the reader.
type Refusal struct {
	Status int // of HTTP
	Text   string
}

func (r *Refusal) Error() string { return r.Text }

// Withheld reports whether a refusal protects somebody: with pseudonyms, what
// would tell whose they are is not shown.
func (r *Refusal) Withheld() bool { return r.Status == http.StatusForbidden }

// Options says who may read, and how.
type Options struct {
	Zone       *time.Location // where the readers' clock is; nil means UTC
	Token      string         // what a reader has to know; "" lets everybody read
	Loopback   bool           // only programs of this machine can connect: other host names are refused
	Pseudonyms bool           // the audits are pseudonymous, and the pages say so
	Log        *slog.Logger   // nil: nothing is logged
}

//go:embed templates/layout.html
var files embed.FS

// server answers requests.
type server struct {
	auditor Auditor
	opt     Options
	cache   *cache
	pages   *reports.Pages
	layout  *template.Template
}

// Site is the pages of an auditor as one handler.
type Site struct {
	http.Handler
	server *server
}

// Ahead computes the page that readers open first, so that it is there when they
// come. A reader who comes earlier waits for the same work.
func (s *Site) Ahead(ctx context.Context) error {
	_, err := s.server.whole(ctx, "")
	return err
}

// New returns the pages of an auditor with everything around them: only GET and
// HEAD, security headers, the token, the check of the host.
func New(a Auditor, o Options) (*Site, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	pages, err := reports.NewPages(o.Zone, links())
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	layout, err := template.ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s := &server{auditor: a, opt: o, cache: newCache(), pages: pages, layout: layout}
	mux := http.NewServeMux()
	for path, show := range map[string]func(*http.Request) (*page, error){
		"/{$}": s.index, "/scope": s.scope, "/finding": s.finding, "/person": s.person, "/issue": s.issue,
		"/self": s.self, "/trend": s.trend, "/coverage": s.coverage, "/": s.missing,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, show) })
	}
	mux.HandleFunc("/find", s.find)
	mux.HandleFunc("/download", s.download)
	style, script := pages.Sources()
	h := guard(mux, o, "default-src 'none'; img-src data:; style-src "+style+"; script-src "+script+"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", layout)
	return &Site{h, s}, nil
}
