package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"defacto/backlog"
)

// config reads the top level. What depends on several sections is checked last.
func (r *reader) config(n *yaml.Node, c *Config) {
	r.mapping("", n,
		key{"store", r.storePath(&c.Store)},
		key{"sources", items(r, &c.Sources, r.source)},
		key{"roles", items(r, &c.Roles, r.role)},
		key{"people", items(r, &c.People, r.person)},
		key{"calendar", func(at string, n *yaml.Node) { r.calendar(at, n, &c.Calendar) }},
		key{"absences", items(r, &c.Absences, r.absence)},
		key{"types", items(r, &c.Types, r.issueType)},
		key{"phrases", items(r, &c.Phrases, r.phrases)},
		key{"bots", r.texts(&c.Bots)},
		key{"method", func(at string, n *yaml.Node) { r.method(at, n, &c.Method) }},
		key{"privacy", func(at string, n *yaml.Node) { r.privacy(at, n, &c.Privacy) }},
		key{"smtp", func(at string, n *yaml.Node) { r.smtp(at, n, &c.SMTP) }},
		key{"reports", items(r, &c.Reports, r.report)},
	)
	r.mailable(valueOf(n, "reports"), c)
}

// items reads a list of sections.
func items[T any](r *reader, into *[]T, one func(at string, n *yaml.Node) T) read {
	return func(at string, n *yaml.Node) {
		r.list(at, n, func(at string, n *yaml.Node) { *into = append(*into, one(at, n)) })
	}
}

// storePath reads the store's file. A path from a flag or the environment is
// relative to where the program runs, one from the file to the file.
func (r *reader) storePath(into *string) read {
	return func(at string, n *yaml.Node) {
		r.text(into)(at, n)
		if r.origin[n] == "" {
			*into = r.opt.beside(*into)
		}
	}
}

func (r *reader) filePath(into *string) read {
	return r.parsed(func(s string) error { *into = r.opt.beside(s); return nil })
}

func (r *reader) source(at string, n *yaml.Node) Source {
	var s Source
	seen := r.mapping(at, n,
		key{"name", r.name(&s.Name, "source")},
		key{"kind", r.oneOf(&s.Kind, "jira", "linear", "files")},
		key{"url", r.address(func(v string) error { s.URL = v; return CheckURL(v) })},
		key{"user", r.text(&s.User)},
		key{"token", r.secret(&s.Token)},
		key{"auth", r.oneOf(&s.Auth, "basic", "scoped", "oauth", "pat", "key")},
		key{"ca", r.filePath(&s.CA)},
		key{"projects", r.texts(&s.Projects)},
		key{"teams", r.texts(&s.Teams)},
		key{"paths", r.texts(&s.Paths)},
		key{"statuses", func(at string, n *yaml.Node) {
			r.mapping(at, n,
				key{"acceptance", r.texts(&s.Statuses.Acceptance)},
				key{"waiting", r.texts(&s.Statuses.Waiting)},
				key{"review", r.texts(&s.Statuses.Review)},
				key{"test", r.texts(&s.Statuses.Test)},
				key{"ready", r.texts(&s.Statuses.Ready)},
				key{"backlog", r.texts(&s.Statuses.Backlog)},
				key{"done", r.texts(&s.Statuses.Done)},
			)
		}},
	)
	r.need(at, n, seen, "name", "kind")
	for i, p := range s.Paths {
		s.Paths[i] = r.opt.beside(p)
	}
	r.fits(at, n, s, seen)
	return s
}

// fits holds a source's keys against its kind.
func (r *reader) fits(at string, n *yaml.Node, s Source, seen map[string]bool) {
	foreign := map[string][]string{
		"jira":   {"teams", "paths"},
		"linear": {"user", "projects", "paths"},
		"files":  {"user", "token", "auth", "ca", "projects", "teams"},
	}
	for _, k := range foreign[s.Kind] {
		if seen[k] {
			r.wrong(join(at, k), valueOf(n, k), "means nothing to a source of kind %s", s.Kind)
		}
	}
	switch s.Kind {
	case "jira":
		r.need(at, n, seen, "url", "token")
		if (s.Auth == "basic" || s.Auth == "scoped") && !seen["user"] {
			r.wrong(join(at, "user"), n, "missing: auth %s takes a user and a token", s.Auth)
		}
		if s.Auth == "key" {
			r.wrong(join(at, "auth"), valueOf(n, "auth"), "%q is Linear's: Jira takes basic, scoped, oauth or pat", s.Auth)
		}
	case "linear":
		r.need(at, n, seen, "token")
		if s.Auth != "" && s.Auth != "key" && s.Auth != "oauth" {
			r.wrong(join(at, "auth"), valueOf(n, "auth"), "%q is Jira's: Linear takes key or oauth", s.Auth)
		}
	case "files":
		r.need(at, n, seen, "paths")
	}
}

// name reads the name of a section, which no other of its kind may have.
func (r *reader) name(into *string, kind string) read {
	return r.parsed(func(s string) error {
		*into = s
		if err := CheckName(s); err != nil {
			return err
		}
		return r.once(kind, s)
	})
}

// once fails when a thing of that kind and name was met before.
func (r *reader) once(kind, name string) error {
	if r.met[[2]string{kind, name}] {
		return fmt.Errorf("is given to a second %s", kind)
	}
	r.met[[2]string{kind, name}] = true
	return nil
}

func (r *reader) role(at string, n *yaml.Node) Role {
	role := Role{Line: n.Line}
	seen := r.mapping(at, n,
		key{"person", r.text(&role.Person)},
		key{"role", r.parsed(func(s string) (err error) {
			if role.Role, err = backlog.ParseRole(s); err != nil {
				return errors.New("is neither product-owner nor product-manager")
			}
			return nil
		})},
		key{"scopes", r.each(&role.Scopes, checkWholeScope)},
		key{"from", r.day(&role.From)},
		key{"until", r.day(&role.Until)},
	)
	r.need(at, n, seen, "person", "role", "scopes")
	r.span(at, n, role.From, role.Until)
	if !role.Until.IsZero() {
		role.Until = role.Until.AddDate(0, 0, 1)
	}
	return role
}

func (r *reader) person(at string, n *yaml.Node) Person {
	p := Person{Line: n.Line}
	seen := r.mapping(at, n,
		key{"name", r.text(&p.Name)},
		key{"accounts", r.each(&p.Accounts, func(s string) error {
			if err := checkAccount(s); err != nil {
				return err
			}
			return r.once("account", s)
		})},
		key{"zone", r.parsed(func(s string) error {
			p.Zone = s
			_, err := parseZone(s)
			return err
		})},
	)
	r.need(at, n, seen, "name", "accounts")
	return p
}

func (r *reader) absence(at string, n *yaml.Node) Absence {
	a := Absence{Line: n.Line}
	seen := r.mapping(at, n,
		key{"person", r.text(&a.Person)},
		key{"from", r.day(&a.From)},
		key{"until", r.day(&a.Until)},
	)
	r.need(at, n, seen, "person", "from", "until")
	r.span(at, n, a.From, a.Until)
	return a
}

func (r *reader) calendar(at string, n *yaml.Node, c *Calendar) {
	r.mapping(at, n,
		key{"zone", r.parsed(func(s string) error {
			zone, err := parseZone(s)
			if err == nil {
				c.Zone = zone
			}
			return err
		})},
		key{"days", r.checked(&c.Days, r.opt.Days, "are no weekdays such as Mon-Fri or Mon,Wed,Fri")},
		key{"hours", r.checked(&c.Hours, r.opt.Hours, `are no working hours such as "09:00-17:00"`)},
		key{"holidays", r.holidays(&c.Holidays)},
	)
}

// holidays reads a country, a day, or a list of both.
func (r *reader) holidays(into *[]string) read {
	return func(at string, n *yaml.Node) {
		one := func(at string, n *yaml.Node) {
			var day string
			r.checked(&day, r.opt.Holidays, "is neither a country whose holidays are known, such as DE or US-CA, nor a date such as 2026-12-24")(at, n)
			*into = append(*into, day)
		}
		if n.Kind == yaml.SequenceNode {
			r.list(at, n, one)
			return
		}
		one(at, n)
	}
}

func (r *reader) issueType(at string, n *yaml.Node) Type {
	var t Type
	seen := r.mapping(at, n,
		key{"name", r.text(&t.Name)},
		key{"as", r.oneOf(&t.As, "story", "task", "bug", "sub-task", "epic", "initiative", "ignore")},
	)
	r.need(at, n, seen, "name", "as")
	return t
}

func (r *reader) phrases(at string, n *yaml.Node) Phrases {
	var p Phrases
	seen := r.mapping(at, n,
		key{"kind", r.oneOf(&p.Kind, PhraseKinds()...)},
		key{"text", r.texts(&p.Text)},
	)
	r.need(at, n, seen, "kind", "text")
	return p
}

// method reads numbers by key. A dotted key may be written as it is or nested.
func (r *reader) method(at string, n *yaml.Node, into *[]Setting) {
	known := make([]string, len(r.opt.Method))
	for i, k := range r.opt.Method {
		known[i] = k.Key
	}
	given := map[string]bool{}
	var walk func(prefix string, n *yaml.Node)
	walk = func(prefix string, n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			r.wrong(join(at, prefix), n, "%s stands where settings are expected, such as slow_hours: 8", kindOf(n))
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, v := n.Content[i], n.Content[i+1]
			name := join(prefix, k.Value)
			switch j := slices.Index(known, name); {
			case j < 0 && v.Kind == yaml.MappingNode && prefix == "":
				walk(name, v)
			case j < 0:
				r.wrong(join(at, quoteKey(name)), k, "no setting of the method%s", DidYouMean(name, known))
			case given[name]:
				r.wrong(join(at, name), k, "given twice")
			case !empty(v):
				given[name] = true
				r.setting(join(at, name), v, r.opt.Method[j], into)
			}
		}
	}
	walk("", n)
}

func (r *reader) setting(at string, n *yaml.Node, k MethodKey, into *[]Setting) {
	r.parsed(func(s string) error {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || v < k.Min || v > k.Max {
			return fmt.Errorf("is no number from %v to %v", k.Min, k.Max)
		}
		*into = append(*into, Setting{k.Key, v})
		return nil
	})(at, n)
}

func (r *reader) privacy(at string, n *yaml.Node, p *Privacy) {
	r.mapping(at, n,
		key{"pseudonyms", r.yes(&p.Pseudonyms)},
		key{"minimum_group", r.whole(&p.MinimumGroup, 1, 1000)},
		key{"text", r.oneOf(&p.Text, "keep", "features")},
	)
}

func (r *reader) smtp(at string, n *yaml.Node, s *SMTP) {
	seen := r.mapping(at, n,
		key{"host", r.address(func(v string) error { s.Host = v; return checkHost(v) })},
		key{"port", r.whole(&s.Port, 1, 65535)},
		key{"user", r.text(&s.User)},
		key{"password", r.secret(&s.Password)},
		key{"tls", r.oneOf(&s.TLS, "starttls", "implicit", "none")},
		key{"ca", r.filePath(&s.CA)},
	)
	r.need(at, n, seen, "host")
	if seen["user"] != seen["password"] {
		r.wrong(at, n, "user and password go together: one is missing")
	}
	if s.TLS == "none" && seen["password"] && seen["host"] && !loopback(s.Host) {
		r.wrong(join(at, "tls"), valueOf(n, "tls"), "none would send the password readable over the network: use starttls or implicit")
	}
	if s.Port == 0 {
		s.Port = map[string]int{"starttls": 587, "implicit": 465, "none": 25}[s.TLS]
	}
}

func (r *reader) report(at string, n *yaml.Node) Report {
	p := Report{Period: "last-quarter", Format: "html"}
	seen := r.mapping(at, n,
		key{"name", r.name(&p.Name, "report")},
		key{"schedule", r.parsed(func(s string) error { p.Schedule = s; return checkCron(s) })},
		key{"period", r.checked(&p.Period, r.opt.Period, "is no period such as 2026-Q3 or last-quarter")},
		key{"scopes", r.each(&p.Scopes, checkScope)},
		key{"format", r.oneOf(&p.Format, r.opt.Formats...)},
		key{"from", r.parsed(func(s string) error { p.From = s; return checkAddress(s) })},
		key{"to", r.each(&p.To, checkAddress)},
		key{"pseudonyms", r.yes(&p.Pseudonyms)},
	)
	r.need(at, n, seen, "name")
	if seen["to"] {
		r.need(at, n, seen, "from")
	}
	return p
}

// mailable reports recipients without a server to reach them through.
func (r *reader) mailable(reports *yaml.Node, c *Config) {
	for i, p := range c.Reports {
		if len(p.To) > 0 && c.SMTP.Host == "" {
			r.wrong(fmt.Sprintf("reports[%d].to", i), valueOf(reports.Content[i], "to"), "smtp.host is missing: no server to send this through")
		}
	}
}

func (r *reader) day(into *time.Time) read {
	return r.parsed(func(s string) (err error) { *into, err = parseDay(s); return err })
}

// span reports a last day that lies before the first.
func (r *reader) span(at string, n *yaml.Node, from, until time.Time) {
	if !until.IsZero() && until.Before(from) {
		r.wrong(join(at, "until"), valueOf(n, "until"), "lies before from")
	}
}

// valueOf is the value of a mapping's key, or the mapping itself.
func valueOf(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return n
}
