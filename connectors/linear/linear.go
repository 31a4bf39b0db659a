// Package linear reads a Linear workspace through its GraphQL API and puts it
// into the normal form of package backlog. It only ever queries.
package linear

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shurcooL/graphql"

	"defacto/backlog"
	"defacto/connectors"
)

// The ways to authenticate, as configuration spells them.
const (
	AuthKey   = "key"   // a personal API key, sent as it is
	AuthOAuth = "oauth" // an OAuth 2.0 access token, sent as Bearer
)

// Options say which workspace to read and how. Token and Now are required.
type Options struct {
	Name  string // the source's name in scopes; default "linear"
	URL   string // default https://api.linear.app/graphql; for a stand-in or a proxy
	Token string
	Auth  string   // one of the Auth constants; "" tells them apart by the token's form
	Teams []string // keys; none: every team the token may see
	CA    string   // PEM file of further certificate authorities

	Now func() time.Time

	// CensusEvery is how often all issues' ids and manual order are looked at, to
	// find what was deleted and reordered; default a day.
	CensusEvery time.Duration
	// Patience bounds all waiting for one request; default 75 minutes, which
	// outlasts an hour's allowance.
	Patience time.Duration
	Sleep    func(context.Context, time.Duration) error // default waits in real time
}

const defaultURL = "https://api.linear.app/graphql"

// Source reads one workspace. It implements [connectors.Source],
// [connectors.Counter], [connectors.Dater], [connectors.Totaler] and
// [connectors.Restarter], and is used by one goroutine at a time.
type Source struct {
	opt    Options
	client *connectors.Client
	wire   *transport
	api    *graphql.Client
	batch  int // issues handed over at once, at most
	asOf   time.Time
	total  int
}

// New returns a source. It sends nothing yet; what is wrong with the token is
// found by the first request.
func New(opt Options) (*Source, error) {
	if opt.Now == nil {
		return nil, errors.New("linear: no clock")
	}
	if opt.Name == "" {
		opt.Name = "linear"
	}
	opt.Token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(opt.Token), "Bearer "))
	if opt.Token == "" {
		return nil, fmt.Errorf("linear: %s has no token", opt.Name)
	}
	switch {
	case opt.Auth == "" && strings.HasPrefix(opt.Token, "lin_api_"):
		opt.Auth = AuthKey
	case opt.Auth == "":
		opt.Auth = AuthOAuth
	case opt.Auth != AuthKey && opt.Auth != AuthOAuth:
		return nil, fmt.Errorf("linear: %s: auth %q is neither key nor oauth", opt.Name, opt.Auth)
	}
	if opt.URL == "" {
		opt.URL = defaultURL
	}
	if u, err := url.Parse(opt.URL); err == nil && strings.Trim(u.Path, "/") == "" {
		u.Path = "/graphql"
		opt.URL = u.String()
	}
	if opt.CensusEvery <= 0 {
		opt.CensusEvery = 24 * time.Hour
	}
	if opt.Patience <= 0 {
		opt.Patience = 75 * time.Minute
	}
	client, err := connectors.NewClient(connectors.ClientOptions{
		Source: opt.Name, Base: opt.URL, CA: opt.CA,
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", authorization(opt)) },
		Secrets:   []string{opt.Token},
		Parallel:  1, Timeout: time.Minute, Patience: opt.Patience, Rolling: true,
		MaxValues: 500_000, // a query may cost 10,000 points, and each is at most a few
		Inspect: func(resp *http.Response, body []byte) error {
			return inspect(resp.StatusCode, resp.Header, body, opt.Now())
		},
		Now: opt.Now, Sleep: opt.Sleep,
	})
	if err != nil {
		return nil, err
	}
	s := &Source{opt: opt, client: client, batch: batchIssues}
	s.wire = &transport{source: opt.Name, client: client, patience: opt.Patience, sleep: opt.Sleep}
	s.api = graphql.NewClient(opt.URL, &http.Client{Transport: lean{s.wire}})
	return s, nil
}

// authorization is the header Linear wants: a key bare, anything else as Bearer.
func authorization(opt Options) string {
	if opt.Auth == AuthKey {
		return opt.Token
	}
	return "Bearer " + opt.Token
}

// Name implements [connectors.Source].
func (s *Source) Name() string { return s.opt.Name }

// Requests implements [connectors.Counter].
func (s *Source) Requests() int { return s.client.Requests() }

// AsOf implements [connectors.Dater]: the server's time when the last run began.
func (s *Source) AsOf() time.Time { return s.asOf }

// Total implements [connectors.Totaler]: how many issues the newest census saw,
// or 0. Linear counts nothing for its readers.
func (s *Source) Total() int { return s.total }

// Points is the complexity charged until now, as Linear's headers said.
func (s *Source) Points() float64 { return s.wire.points }

// Restart implements [connectors.Restarter]: everything is read again, and the
// issues known until now stay known, by which deletions are noticed.
func (s *Source) Restart(since backlog.Cursor) backlog.Cursor {
	cur, err := readCursor(since)
	if err != nil {
		return ""
	}
	cur.Mark, cur.Census, cur.Pass = time.Time{}, time.Time{}, nil
	c, err := cur.write()
	if err != nil {
		return ""
	}
	return c
}
