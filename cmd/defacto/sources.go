package main

import (
	"fmt"
	"strings"

	"defacto/config"
	"defacto/connectors"
	"defacto/connectors/jira"
	"defacto/connectors/jsonfile"
	"defacto/connectors/linear"
)

// source makes a connector of a configured source. A connector is a folder under
// connectors and a case here.
func (p *program) source(s config.Source) (connectors.Source, error) {
	switch s.Kind {
	case "jira":
		return jira.New(jira.Options{
			Name: s.Name, URL: s.URL, User: s.User, Token: s.Token.Reveal(), Auth: s.Auth, Projects: s.Projects, CA: s.CA, Now: p.now, Sleep: p.sleep,
		})
	case "linear":
		return linear.New(linear.Options{
			Name: s.Name, URL: s.URL, Token: s.Token.Reveal(), Auth: s.Auth, Teams: s.Teams, CA: s.CA, Now: p.now, Sleep: p.sleep,
		})
	case "files":
		return jsonfile.New(jsonfile.Options{Name: s.Name, Site: s.URL, Paths: s.Paths})
	default:
		return nil, fmt.Errorf("source %s: there is no connector of kind %q", s.Name, s.Kind)
	}
}

func sourceNames(c *config.Config) string {
	var names []string
	for _, s := range c.Sources {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}
