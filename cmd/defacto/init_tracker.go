package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
	"defacto/config/redact"
)

// trackerFor asks for one source, checks it, and lets scopes, statuses and roles be
// chosen from what it shows.
func (p *program) trackerFor(ctx context.Context, i *interview, s *setup) error {
	t, err := i.credentials(s)
	if err != nil {
		return err
	}
	if t.Kind == "files" {
		s.sources = append(s.sources, t)
		return nil
	}
	if !i.checked {
		t.Projects, t.Teams = s.projects, s.teams
		t.stages, t.chosenStage = stagesOf(s.acceptance, s.waiting), true
		s.sources = append(s.sources, t)
		return nil
	}
	secret := p.getenv(t.tokenEnv)
	if secret == "" {
		return advise(usage("the environment variable %s is not set, so the tracker cannot be asked", t.tokenEnv), "export "+t.tokenEnv+"=…, then run it again; docs/jira.md and docs/linear.md say how to make a token; --no-check goes on without")
	}
	t.Token = config.NewSecret(secret)
	p.secrets = redact.New(secret)
	src, err := p.source(t.Source)
	if err != nil {
		return usageError{err}
	}
	if err := i.say("Asking %s …", t.Name); err != nil {
		return err
	}
	found, _, err := surveyed(ctx, src)
	if err := p.remarks(slices.DeleteFunc(slices.Clone(found.checks), func(r remark) bool { return t.many(r) })); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	t.zone = found.zone
	if err := i.scopes(&t, found.scopes, slices.Concat(s.projects, s.teams)); err != nil {
		return err
	}
	if err := i.statuses(&t, found.statuses, s); err != nil {
		return err
	}
	if err := p.proposeRoles(ctx, i, t, s); err != nil {
		return err
	}
	s.sources = append(s.sources, t)
	return nil
}

// many reports whether a remark is one of those each project has: they would
// drown the rest before any was chosen.
func (t *tracked) many(r remark) bool {
	return r.grade == fine && strings.HasPrefix(r.about, t.Name+": project ")
}

// credentials asks how a tracker is reached.
func (i *interview) credentials(s *setup) (t tracked, err error) {
	one := func(allowed ...string) func(string) error {
		return func(text string) error {
			if !slices.Contains(allowed, text) {
				return fmt.Errorf("that is one of %s", strings.Join(allowed, ", "))
			}
			return nil
		}
	}
	kind := ""
	if i.yes && s.kind == "" && s.url != "" {
		kind = "jira"
	}
	if !i.yes {
		kind = "jira"
	}
	if err := i.want(&s.kind, "kind", "Which tracker: jira, linear or files?", kind, false, one("jira", "linear", "files")); err != nil {
		return t, err
	}
	t.Kind, t.Auth, t.CA = s.kind, s.auth, s.ca
	token := ""
	switch s.kind {
	case "jira":
		token = "JIRA_TOKEN"
		if err := i.want(&s.url, "url", "Base URL, such as https://acme.atlassian.net", "", false, config.CheckURL); err != nil {
			return t, err
		}
		if err := i.want(&s.user, "user", "E-mail of the account the token belongs to (empty for a Data Center token)", "", true, func(string) error { return nil }); err != nil {
			return t, err
		}
	case "linear":
		token = "LINEAR_API_KEY"
		if s.url != "" {
			if err := config.CheckURL(s.url); err != nil {
				return t, usage("--url %w", err)
			}
		}
	case "files":
		path := strings.Join(s.paths, ",")
		if err := i.want(&path, "path", "Folder or files of the export", "", false, func(string) error { return nil }); err != nil {
			return t, err
		}
		t.Paths = parts(path)
	}
	if token != "" {
		if err := i.want(&s.tokenEnv, "token-env", "Environment variable that holds the token", token, false, variable); err != nil {
			return t, err
		}
	}
	taken := func(name string) error {
		if slices.ContainsFunc(s.sources, func(o tracked) bool { return o.Name == name }) {
			return errors.New("another source has that name")
		}
		return config.CheckName(name)
	}
	if err := i.want(&s.name, "name", "Name of this source, the first half of scopes such as acme/PAY", i.freeName(s, sourceNameOf(s.kind, s.url)), false, taken); err != nil {
		return t, err
	}
	t.Name, t.URL, t.User, t.tokenEnv = s.name, strings.TrimRight(s.url, "/"), s.user, s.tokenEnv
	return t, nil
}

func (i *interview) freeName(s *setup, name string) string {
	for n := 2; slices.ContainsFunc(s.sources, func(o tracked) bool { return o.Name == name }); n++ {
		name = fmt.Sprintf("%s%d", strings.TrimRight(name, "0123456789"), n)
	}
	return name
}

// sourceNameOf makes a source's name of what tells sites apart in their addresses.
func sourceNameOf(kind, address string) string {
	u, err := url.Parse(address)
	if err != nil || kind != "jira" || net.ParseIP(u.Hostname()) != nil {
		return kind
	}
	for label := range strings.SplitSeq(u.Hostname(), ".") {
		switch label {
		case "www", "jira", "issues", "tracker", "localhost", "":
			continue
		}
		if config.CheckName(label) == nil {
			return label
		}
	}
	return kind
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// variable accepts the name of an environment variable. Somebody may well paste
// the token itself, so no error repeats the text.
func variable(text string) error {
	switch {
	case strings.HasPrefix(text, "lin_"), strings.HasPrefix(text, "ATATT"), len(text) > 64:
		return errors.New("that looks like the token itself: put it into an environment variable and name that here")
	case !variableName.MatchString(text):
		return errors.New("that is no name of an environment variable, such as JIRA_TOKEN")
	}
	return nil
}

// scopes lets projects or teams be chosen; none chosen means all, also those to come.
func (i *interview) scopes(t *tracked, have []backlog.Scope, asked []string) error {
	what, flag := "projects", "projects"
	if t.Kind == "linear" {
		what, flag = "teams", "teams"
	}
	const shown = 60
	for n, sc := range have {
		if n == shown {
			if err := i.say("  … and %d more", len(have)-shown); err != nil {
				return err
			}
			break
		}
		if err := i.say("  %-12s %s", sc.Key, sc.Name); err != nil {
			return err
		}
	}
	known := func(text string) error {
		for _, key := range words(text) {
			if !slices.ContainsFunc(have, func(sc backlog.Scope) bool { return strings.EqualFold(sc.Key, key) }) {
				return fmt.Errorf("the token sees no %s", key)
			}
		}
		return nil
	}
	text := strings.Join(asked, ",")
	if err := i.want(&text, flag, fmt.Sprintf("Which %s (keys; empty for all %d)", what, len(have)), "", true, known); err != nil {
		return err
	}
	var keys []string
	for _, key := range words(text) {
		at := slices.IndexFunc(have, func(sc backlog.Scope) bool { return strings.EqualFold(sc.Key, key) })
		keys = append(keys, have[at].Key)
	}
	if t.Kind == "linear" {
		t.Teams = keys
	} else {
		t.Projects = keys
	}
	return nil
}

// statuses shows what the statuses are taken for and lets it be put right.
func (i *interview) statuses(t *tracked, have []backlog.Status, s *setup) error {
	site := &backlog.Site{Sources: []backlog.SourceInfo{{Name: t.Name}}, Statuses: make([]backlog.StatusInfo, 1)}
	for _, st := range have {
		if len(t.Teams) == 0 || st.Scope == "" || slices.Contains(t.Teams, st.Scope) {
			site.Statuses = append(site.Statuses, backlog.StatusInfo{ID: st.ID, Name: st.Name, Scope: st.Scope, Category: st.Category})
		}
	}
	guesses := analysis.NewWorkflow(site, nil, nil).Guess
	if err := i.p.remarks(stageRemarks(t.Name, guesses, analysis.StatusNames{})); err != nil {
		return err
	}
	guessed := map[analysis.Stage][]string{}
	for _, g := range guesses {
		if !slices.Contains(guessed[g.Stage], g.Status) {
			guessed[g.Stage] = append(guessed[g.Stage], g.Status)
		}
	}
	known := func(text string) error {
		for _, name := range parts(text) {
			if !slices.ContainsFunc(guesses, func(g analysis.Guess) bool { return strings.EqualFold(g.Status, name) }) {
				return fmt.Errorf("there is no status %q", name)
			}
		}
		return nil
	}
	for _, q := range []struct {
		stage    analysis.Stage
		flag     string
		question string
		given    []string
	}{
		{analysis.StageAcceptance, "acceptance", "Statuses in which work waits to be accepted", s.acceptance},
		{analysis.StageWaiting, "waiting", "Statuses in which the team waits for somebody's word", s.waiting},
	} {
		guess := strings.Join(guessed[q.stage], ", ")
		text := strings.Join(q.given, ", ")
		if err := i.want(&text, q.flag, q.question, guess, true, known); err != nil {
			return err
		}
		if text != guess {
			t.chosenStage = true
		}
		for _, name := range parts(text) {
			t.stages = append(t.stages, [2]string{q.stage.String(), name})
		}
	}
	return nil
}

func stagesOf(acceptance, waiting []string) (list [][2]string) {
	for _, name := range acceptance {
		list = append(list, [2]string{"acceptance", name})
	}
	for _, name := range waiting {
		list = append(list, [2]string{"waiting", name})
	}
	return list
}

// proposeRoles asks the tracker who is said to hold which role in what was chosen.
func (p *program) proposeRoles(ctx context.Context, i *interview, t tracked, s *setup) error {
	src, err := p.source(t.Source)
	if err != nil {
		return err
	}
	d, ok := src.(declarer)
	if !ok {
		return nil
	}
	claims, gaps, err := claimsOf(ctx, t.Name, d)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		p.tell("not obtained: %s: %s", g.Where, g.Why)
	}
	if len(claims) == 0 {
		return i.say("The tracker names nobody as product owner or product manager.")
	}
	if err := i.say("The tracker says who is what:"); err != nil {
		return err
	}
	text := strings.Split(strings.TrimSpace(rolesYAML(claims, !i.yes)), "\n")
	for _, line := range text[1:] {
		if err := i.say("%s", line); err != nil {
			return err
		}
	}
	keep := i.yes
	if !i.yes {
		if keep, err = i.agree("Write these down as declared roles? (else they stand there as comments)", true); err != nil {
			return err
		}
		s.leads = s.leads || keep
	}
	if !keep {
		for n := range claims {
			claims[n].doubted = true
		}
	}
	s.claims = append(s.claims, claims...)
	return nil
}
