package main

import (
	"context"
	"errors"

	"defacto/backlog"
	"defacto/config"
	"defacto/connectors"
	"defacto/connectors/jira"
	"defacto/connectors/linear"
)

// survey is what a tracker shows of itself before anything is read.
type survey struct {
	checks   remarks
	zone     string // of the profile
	scopes   []backlog.Scope
	statuses []backlog.Status
}

// surveyed asks a source about itself; false where it has nothing to say.
func surveyed(ctx context.Context, src connectors.Source) (survey, bool, error) {
	var s survey
	switch src := src.(type) {
	case *jira.Source:
		d, err := src.Check(ctx)
		s.checked(src.Name(), d.Checks)
		s.zone, s.scopes, s.statuses = d.Zone, d.Projects, d.Statuses
		return s, true, err
	case *linear.Source:
		d, err := src.Check(ctx)
		s.checked(src.Name(), d.Checks)
		s.scopes, s.statuses = d.Teams, d.Statuses
		for _, t := range d.Teams {
			if s.zone == "" {
				s.zone = t.Zone
			}
		}
		return s, true, err
	default:
		return s, false, nil
	}
}

func (s *survey) checked(source string, checks []connectors.Check) {
	for _, c := range checks {
		s.checks.add(grade(c.Verdict), source+": "+c.Name, c.Detail, c.Next)
	}
}

// tracker looks at one source. Where secrets are absent, one without its own is not asked.
func (x *patient) tracker(ctx context.Context, s config.Source, absent bool) {
	if s.Kind == "files" || absent && !s.Token.Set() {
		return
	}
	src, err := x.source(s)
	if err != nil {
		x.failed = append(x.failed, err)
		x.list.add(problem, s.Name, err.Error(), "correct the source in "+x.config.Path)
		return
	}
	found, _, err := surveyed(ctx, src)
	x.list = append(x.list, found.checks...)
	if err == nil || ctx.Err() != nil {
		return
	}
	x.failed = append(x.failed, err)
	next := "see that " + s.Name + " can be reached from here; proxies come from HTTPS_PROXY"
	var auth *connectors.AuthError
	if errors.As(err, &auth) {
		next = auth.Next
	}
	x.list.add(problem, s.Name, err.Error(), next)
}
