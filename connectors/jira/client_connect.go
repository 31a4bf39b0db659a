package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // the profile's zone must load on machines without a zone database

	"defacto/connectors"
)

type serverInfo struct {
	BaseURL        string `json:"baseUrl"`
	Version        string `json:"version"`
	DeploymentType string `json:"deploymentType"`
	ServerTime     string `json:"serverTime"`
	Title          string `json:"serverTitle"`
}

// profile is a user as far as the client itself needs one.
type profile struct {
	AccountID string `json:"accountId"`
	Key       string `json:"key"`
	Name      string `json:"name"`
	Display   string `json:"displayName"`
	TimeZone  string `json:"timeZone"`
}

// id is the account id as the store knows it.
func (u profile) id() string {
	switch {
	case u.AccountID != "":
		return u.AccountID
	case u.Key != "":
		return u.Key
	}
	return u.Name
}

// cloud reports which of the two products this is.
func (s *Source) cloud() bool { return s.server.DeploymentType == "Cloud" }

// connect finds out which Jira this is, whether it takes the credentials, and
// what time it is there. /myself comes before any search: it is the one resource
// that never answers a stranger.
func (s *Source) connect(ctx context.Context) error {
	if s.opt.Auth == AuthScoped || s.opt.Auth == AuthOAuth {
		if err := s.throughGateway(ctx); err != nil {
			return err
		}
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	err := s.get(ctx, "rest/api/2/myself", &s.me)
	if httpStatus(err) == http.StatusUnauthorized && s.opt.Auth == AuthBasic && s.cloud() && s.atlassian() {
		// A token with scopes is refused by the site and taken by the gateway.
		if again := s.throughGateway(ctx); again == nil {
			err = s.get(ctx, "rest/api/2/myself", &s.me)
		}
	}
	if httpStatus(err) == http.StatusForbidden {
		return s.refused(http.StatusForbidden, said(err),
			"check that the token's owner may use Jira, and that this machine's address is on the site's IP allowlist if it has one")
	}
	if err != nil {
		return s.credentials(err)
	}
	s.zone = nil
	if zone, err := time.LoadLocation(s.me.TimeZone); err == nil && s.me.TimeZone != "" {
		s.zone = zone
	}
	s.started = s.now()
	return nil
}

// identify reads serverInfo for the flavour and the clock.
func (s *Source) identify(ctx context.Context) error {
	if err := s.get(ctx, "rest/api/2/serverInfo", &s.server); err != nil {
		switch httpStatus(err) {
		case http.StatusUnauthorized:
			return s.credentials(err)
		case http.StatusNotFound:
			return fmt.Errorf("jira: there is no Jira at %s (is a context path such as /jira missing?): %w", s.opt.URL, err)
		}
		return err
	}
	if s.server.DeploymentType == "" && s.server.Version == "" {
		return fmt.Errorf("jira: %s answers, but not as a Jira", s.opt.URL)
	}
	if at := parseTime(s.server.ServerTime); !at.IsZero() {
		s.skew = at.Sub(s.opt.Now())
	}
	return nil
}

// now is the server's time.
func (s *Source) now() time.Time { return s.opt.Now().Add(s.skew).UTC() }

// atlassian reports whether credentials for this site may go to the gateway.
func (s *Source) atlassian() bool {
	u, err := url.Parse(s.opt.URL)
	return err == nil && (strings.HasSuffix(u.Hostname(), ".atlassian.net") || s.opt.Gateway != defaultGateway)
}

// throughGateway looks the site's tenant up, as a stranger, and goes on through
// Atlassian's gateway.
func (s *Source) throughGateway(ctx context.Context) error {
	if !s.atlassian() {
		return fmt.Errorf("jira: auth %s works with sites under atlassian.net only, and %s is none", s.opt.Auth, s.opt.URL)
	}
	if err := s.use(s.opt.URL, false); err != nil {
		return err
	}
	var tenant struct {
		CloudID string `json:"cloudId"`
	}
	if err := s.get(ctx, "_edge/tenant_info", &tenant); err != nil {
		return fmt.Errorf("jira: look up the cloud id of %s: %w", s.opt.URL, err)
	}
	if tenant.CloudID == "" || url.PathEscape(tenant.CloudID) != tenant.CloudID {
		return errors.New("jira: the site does not tell its cloud id")
	}
	return s.use(s.opt.Gateway+"/ex/jira/"+tenant.CloudID+"/", true)
}

var _ interface {
	connectors.Source
	connectors.Counter
	connectors.Dater
	connectors.Totaler
} = (*Source)(nil)
