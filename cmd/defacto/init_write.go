package main

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"defacto/config"
)

// writeConfig writes a configuration that only its owner may read, once it is sure
// that it can be read again without a mistake.
func (p *program) writeConfig(path string, s setup) error {
	text := []byte(s.yaml())
	opt := p.configOptions()
	opt.Path, opt.Data = path, text
	_, err := config.Load(opt)
	var invalid *config.InvalidError
	if err != nil && (!errors.As(err, &invalid) || !invalid.OnlyMissing()) {
		return advise(usage("what was answered makes no valid configuration: %w", err), "answer otherwise; nothing was written")
	}
	if err := writeFile(path, text); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}

// yaml is the commented file.
func (s setup) yaml() string {
	var b strings.Builder
	b.WriteString("# Written by defacto init. Every key there is: docs/defacto.yaml. Check it with defacto doctor.\n\n")
	b.WriteString("store: defacto.db # relative to this file; it holds what people wrote\n\nsources:\n")
	for _, t := range s.sources {
		t.write(&b)
	}
	b.WriteString("\n# Who is said to be what. The audit compares this with what is recorded and infers nothing from it.\n")
	if roles := rolesYAML(s.claims, s.leads); roles == "" {
		b.WriteString("roles: []\n  # - {person: alice@acme.example, role: product-owner, scopes: [acme/PAY], from: 2026-01-01}\n")
	} else {
		b.WriteString(roles)
	}
	b.WriteString("\n# When people work: waits are counted in these hours.\ncalendar:\n")
	fmt.Fprintf(&b, "  zone: %s\n  days: %s\n  hours: %s\n", yamlText(s.zone), yamlText(s.days), strconv.Quote(s.hours))
	if len(s.holidays) > 0 {
		fmt.Fprintf(&b, "  holidays: %s\n", yamlList(s.holidays))
	} else {
		b.WriteString("  # holidays: [DE, 2026-12-24] # a country, dates, or both\n")
	}
	b.WriteString("\n# docs/privacy.md says what is read, kept and shown to whom.\nprivacy:\n")
	fmt.Fprintf(&b, "  text: %s # keep, or features: no bodies and descriptions are stored\n", s.text)
	b.WriteString("  pseudonyms: false # true: reports show no names\n  minimum_group: 5 # with fewer active people, pseudonymous reports show no figures about single ones\n")
	s.writeMail(&b)
	return b.String()
}

func (t tracked) write(b *strings.Builder) {
	fmt.Fprintf(b, "  - name: %s # the first half of scopes: %s/KEY\n    kind: %s\n", yamlText(t.Name), t.Name, t.Kind)
	for _, k := range [][2]string{{"url", t.URL}, {"user", t.User}, {"auth", t.Auth}, {"ca", t.CA}} {
		if k[1] != "" {
			fmt.Fprintf(b, "    %s: %s\n", k[0], yamlText(k[1]))
		}
	}
	if t.tokenEnv != "" {
		fmt.Fprintf(b, "    token: ${%s} # always a reference to the environment, never the token\n", t.tokenEnv)
	}
	for _, l := range []struct {
		kind, key, all string
		list           []string
	}{
		{"jira", "projects", "projects: every one the token sees", t.Projects}, {"linear", "teams", "teams: every one the token sees", t.Teams}, {"files", "paths", "", t.Paths},
	} {
		switch {
		case l.kind != t.Kind:
		case len(l.list) > 0:
			fmt.Fprintf(b, "    %s: %s\n", l.key, yamlList(l.list))
		default:
			fmt.Fprintf(b, "    # %s\n", l.all)
		}
	}
	t.writeStages(b)
}

// writeStages writes what statuses mean: as keys where somebody said so, as a
// comment where it was guessed, so that a better guess may take its place.
func (t tracked) writeStages(b *strings.Builder) {
	names := map[string][]string{}
	for _, st := range t.stages {
		names[st[0]] = append(names[st[0]], st[1])
	}
	if len(t.stages) == 0 {
		if t.Kind != "files" {
			b.WriteString("    # statuses: {acceptance: [UAT], waiting: [Waiting for Product]} # none is recognised; name them where there are such\n")
		}
		return
	}
	mark, note := "# ", " # guessed; correct it where it is wrong"
	if t.chosenStage {
		mark, note = "", ""
	}
	fmt.Fprintf(b, "    %sstatuses:%s\n", mark, note)
	for _, stage := range []string{"acceptance", "waiting"} {
		if len(names[stage]) > 0 {
			fmt.Fprintf(b, "    %s  %s: %s\n", mark, stage, yamlList(names[stage]))
		}
	}
}

func (s setup) writeMail(b *strings.Builder) {
	m := s.mail
	if m.host == "" {
		b.WriteString("\n# Reports by mail: smtp and reports, as in docs/defacto.yaml.\n")
		return
	}
	fmt.Fprintf(b, "\nsmtp:\n  host: %s\n  port: %d\n", yamlText(m.host), m.port)
	if m.user != "" {
		fmt.Fprintf(b, "  user: %s\n  password: ${%s}\n", yamlText(m.user), m.passwordEnv)
	}
	fmt.Fprintf(b, "  tls: %s # starttls, implicit or none\n\nreports:\n  - name: quarterly\n", m.tls())
	b.WriteString("    schedule: \"0 7 2 1,4,7,10 *\" # minute, hour, day, month, weekday; defacto schedule sends it\n")
	fmt.Fprintf(b, "    period: last-quarter\n    scopes: [all]\n    format: html\n    from: %s\n    to: %s\n", yamlText(m.from), yamlList(m.to))
	b.WriteString("    pseudonyms: true # a report that leaves the team shows no names\n")
}

// tls is how the connection is kept private: not at all to a relay on this
// machine, which few give a certificate.
func (m setupMail) tls() string {
	switch ip := net.ParseIP(m.host); {
	case m.host == "localhost" || ip != nil && ip.IsLoopback():
		return "none"
	case m.port == 465:
		return "implicit"
	}
	return "starttls"
}

// plainText is what YAML takes for a text without quotes.
var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._/@+-]*$`)

// yamlText writes a text so that YAML reads the same text again. One that a
// configuration would take for a reference to a secret is never that by accident.
func yamlText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(s)
	}
	if strings.HasPrefix(s, "${") {
		return strconv.Quote(" " + s)
	}
	if plainText.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}

// yamlList writes a list, without what is blank.
func yamlList(list []string) string {
	var quoted []string
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			quoted = append(quoted, yamlText(s))
		}
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
