package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	gojira "github.com/andygrunwald/go-jira"

	"defacto/connectors"
)

// The ways to authenticate, as configuration spells them.
const (
	AuthBasic  = "basic"  // Cloud: e-mail and API token; Data Center: user and password
	AuthScoped = "scoped" // Cloud: e-mail and a token with scopes, through Atlassian's gateway
	AuthOAuth  = "oauth"  // Cloud: an OAuth 2.0 access token, through the gateway
	AuthPAT    = "pat"    // Data Center: a personal access token
)

// Options say which Jira to read and how. URL, Token and Now are required.
type Options struct {
	Name  string // the source's name in scopes
	URL   string // https://acme.atlassian.net, or a Data Center's base URL with its context path
	User  string // Cloud: the token's e-mail; leave out for a Data Center token
	Token string
	// Auth is one of the Auth constants; "" is basic where there is a user and
	// pat where there is none. A basic token that a Cloud site refuses is tried
	// once as a scoped one.
	Auth     string
	Projects []string // keys; none: every project the token may see
	CA       string   // PEM file of further certificate authorities

	Now func() time.Time

	// RereadEvery is how often the open issues are read again although nothing
	// says they changed (a rank move may leave no mark), and CensusEvery how often
	// a large project's ids are counted; default a day each. Up to CensusUpTo issues,
	// default 10 000, a census costs next to nothing and is part of every run.
	RereadEvery, CensusEvery time.Duration
	CensusUpTo               int
	PageSize                 int // issues a request; default 100 on Cloud, 50 on Data Center
	Parallel                 int // requests in flight; default 4, at most 4
	Patience                 time.Duration
	Sleep                    func(context.Context, time.Duration) error // default waits in real time

	Gateway string // default https://api.atlassian.com; for a stand-in
}

const defaultGateway = "https://api.atlassian.com"

// Source reads one Jira. It implements [connectors.Source], [connectors.Counter],
// [connectors.Dater], [connectors.Totaler] and [connectors.Restarter], and is
// used by one goroutine at a time.
type Source struct {
	opt    Options
	client *connectors.Client // of the base in use
	api    *gojira.Client
	spent  int // requests of bases given up

	server  serverInfo
	me      profile
	zone    *time.Location
	skew    time.Duration // the server's clock minus ours
	started time.Time     // of the run, by the server's clock
	total   atomic.Int64
}

// New returns a source. It sends nothing yet; what is wrong with the credentials
// is found by the first request.
func New(opt Options) (*Source, error) {
	if opt.Now == nil {
		return nil, errors.New("jira: no clock")
	}
	opt.URL = strings.TrimRight(opt.URL, "/")
	switch {
	case opt.Token == "":
		return nil, fmt.Errorf("jira: %s has no token", opt.Name)
	case opt.Auth == "" && opt.User == "":
		opt.Auth = AuthPAT
	case opt.Auth == "":
		opt.Auth = AuthBasic
	}
	switch opt.Auth {
	case AuthBasic, AuthScoped:
		if opt.User == "" {
			return nil, fmt.Errorf("jira: %s: auth %s needs the user (an e-mail address) the token belongs to", opt.Name, opt.Auth)
		}
	case AuthOAuth, AuthPAT:
	default:
		return nil, fmt.Errorf("jira: %s: auth %q is none of basic, scoped, oauth, pat", opt.Name, opt.Auth)
	}
	if opt.Name == "" {
		if u, err := url.Parse(opt.URL); err == nil {
			opt.Name = u.Host
		}
	}
	if opt.RereadEvery <= 0 {
		opt.RereadEvery = 24 * time.Hour
	}
	if opt.CensusEvery <= 0 {
		opt.CensusEvery = 24 * time.Hour
	}
	if opt.CensusUpTo <= 0 {
		opt.CensusUpTo = 10_000
	}
	if opt.Parallel <= 0 || opt.Parallel > 4 {
		opt.Parallel = 4
	}
	if opt.Gateway == "" {
		opt.Gateway = defaultGateway
	}
	s := &Source{opt: opt, zone: time.UTC}
	return s, s.use(opt.URL, true)
}

// Name implements [connectors.Source].
func (s *Source) Name() string { return s.opt.Name }

// Requests implements [connectors.Counter].
func (s *Source) Requests() int { return s.spent + s.client.Requests() }

// AsOf implements [connectors.Dater]: when the run began by the server's clock,
// which is what the server vouches for. It is the zero time before that.
func (s *Source) AsOf() time.Time { return s.started }

// Total implements [connectors.Totaler]: an estimate, 0 while there is none.
func (s *Source) Total() int { return int(s.total.Load()) }

// use points the client at a base URL.
func (s *Source) use(base string, authorise bool) error {
	if s.client != nil {
		s.spent += s.client.Requests()
		s.client.Close()
	}
	opt := connectors.ClientOptions{
		Source: s.opt.Name, Base: base, Secrets: []string{s.opt.Token}, CA: s.opt.CA,
		Parallel: s.opt.Parallel, Patience: s.opt.Patience, Now: s.opt.Now, Sleep: s.opt.Sleep,
	}
	if authorise {
		opt.Authorize, opt.Inspect = s.authorize, s.inspect
	}
	var err error
	if s.client, err = connectors.NewClient(opt); err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	if s.api, err = gojira.NewClient(s.client, base); err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	return nil
}

// authorize puts the credentials on a request of the pinned host.
func (s *Source) authorize(r *http.Request) {
	switch s.opt.Auth {
	case AuthBasic, AuthScoped:
		r.SetBasicAuth(s.opt.User, s.opt.Token)
	default:
		r.Header.Set("Authorization", "Bearer "+s.opt.Token)
	}
}

// inspect finds refused credentials behind any status: an expired token may be
// answered with 200 and nothing.
func (s *Source) inspect(resp *http.Response, _ []byte) error {
	switch reason := resp.Header.Get("X-Seraph-LoginReason"); {
	case strings.Contains(reason, "AUTHENTICATION_DENIED"):
		return s.refused(resp.StatusCode, "the account is locked by a CAPTCHA after failed logins",
			"log in once in a browser and solve the CAPTCHA, then run again with a valid token")
	case strings.Contains(reason, "AUTHENTICATED_FAILED"):
		return s.refused(resp.StatusCode, "the token has expired or was revoked, and the server answers as to a stranger",
			"make a new token and put it where the configuration's token points")
	case resp.StatusCode/100 == 2 && resp.Header.Get("X-Ausername") == "anonymous": // Data Center says whom it answers
		return s.refused(resp.StatusCode, "the server answers as to a stranger",
			"check that no proxy before the server takes the Authorization header away, and that the token has not expired")
	}
	return nil
}

func (s *Source) refused(status int, reason, next string) *connectors.AuthError {
	return &connectors.AuthError{Source: s.opt.Name, Status: status, Reason: reason, Next: next}
}
