package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"pgregory.net/rapid"

	"defacto/backlog"
	"defacto/config"
	"defacto/connectors/jira/jiratest"
	"defacto/connectors/linear/lineartest"
)

// linearServer starts a Linear on loopback with the same people and work as the
// Jira of the scripts, and puts its address into the variable named: "linear URL".
func linearServer(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: linear VARIABLE")
		}
		world := jiratest.World(jiratest.Size{Projects: []string{"ENG"}, Issues: 12, Histories: 4, Comments: 2})
		for i := range world.Accounts {
			world.Accounts[i].ID = fmt.Sprintf("linear-user-%d", i)
			world.Accounts[i].Handle = ""
		}
		rename := func(id string) string {
			for i, old := range jiratest.World(jiratest.Size{}).Accounts {
				if id == old.ID {
					return world.Accounts[i].ID
				}
			}
			return id
		}
		for i := range world.Scopes {
			world.Scopes[i].Lead = rename(world.Scopes[i].Lead)
		}
		for i := range world.Issues {
			is := &world.Issues[i]
			is.Creator, is.Reporter, is.Assignee = rename(is.Creator), rename(is.Reporter), rename(is.Assignee)
			for j := range is.Changes {
				is.Changes[j].Author = rename(is.Changes[j].Author)
			}
			for j := range is.Comments {
				is.Comments[j].Author = rename(is.Comments[j].Author)
			}
			is.Description.Mentions = nil
		}
		w := lineartest.NewWorld()
		w.Add(world)
		ts.Setenv(args[0], lineartest.New(t, w, time.Now).URL)
	}
}

// fill puts the values of variables into a file: "fill answers.txt".
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fill FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// hostile are answers and names of trackers that try to be more than text.
var hostile = []string{
	"UAT", "Abnahme: ja", "a, b", `"quoted"`, "- list", "# comment", "{map: 1}", "${JIRA_TOKEN}", " ${JIRA_TOKEN} ", "yes", "null", "012", "1e3", "*alias", "&anchor", "!tag",
	"line\nbreak: [", "\x00\x1b[31m", "\xff\xfe", "日本語", "'", "%", "@at", "`tick`", "|", "> folded", "…\u2028…\u0085",
}

// readBack loads what init would write.
func readBack(s setup) (*config.Config, error) {
	p := &program{getenv: func(string) string { return "" }}
	opt := p.configOptions()
	opt.Path, opt.Data = "defacto.yaml", []byte(s.yaml())
	opt.Getenv = func(name string) string {
		if name == "JIRA_TOKEN" || name == "SMTP_PASSWORD" {
			return "a secret"
		}
		return ""
	}
	return config.Load(opt)
}

// TestWrittenConfig: whatever a tracker calls its things, what init writes is read
// again without a mistake, says the same, and gives no secret away.
func TestWrittenConfig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String())
		key := rapid.StringMatching(`[A-Z][A-Z0-9_]{0,9}`)
		status := rapid.SliceOfN(name, 1, 3).Draw(t, "status")
		s := setup{
			zone: "Europe/Berlin", days: "Mon-Fri", hours: "09:00-17:00", holidays: []string{"DE", "2026-12-24"}, text: "features", leads: rapid.Bool().Draw(t, "leads"),
			sources: []tracked{{
				Source:   config.Source{Name: "acme", Kind: "jira", URL: "https://acme.example/jira", User: "audit@acme.example", Projects: rapid.SliceOfDistinct(key, func(k string) string { return k }).Draw(t, "projects")},
				tokenEnv: "JIRA_TOKEN", stages: stagesOf(status, nil), chosenStage: rapid.Bool().Draw(t, "chosen"),
			}},
			mail: setupMail{host: "smtp.acme.example", port: 587, user: "reports", passwordEnv: "SMTP_PASSWORD", from: "defacto@acme.example", to: []string{"Lead <lead@acme.example>", "two@acme.example"}},
		}
		for range rapid.IntRange(0, 4).Draw(t, "claims") {
			s.claims = append(s.claims, claim{
				source: "acme", account: rapid.SampledFrom([]string{"712020:a", "jira user", "${JIRA_TOKEN}", `quo"te`, ""}).Draw(t, "account"), name: name.Draw(t, "name"), group: name.Draw(t, "group"),
				role: backlog.Role(rapid.IntRange(0, 1).Draw(t, "role")), key: key.Draw(t, "key"), origin: rapid.SampledFrom([]string{"project-lead", "project-role: PO", "field: x"}).Draw(t, "origin"),
				doubted: rapid.Bool().Draw(t, "doubted"),
			})
		}
		c, err := readBack(s)
		if err != nil {
			t.Fatalf("%v\n%s", err, s.yaml())
		}
		src := c.Sources[0]
		if !slices.Equal(src.Projects, s.sources[0].Projects) || src.Token.Reveal() != "a secret" || src.User != "audit@acme.example" || len(c.Reports) != 1 || len(c.Reports[0].To) != 2 {
			t.Fatalf("read back %+v\n%s", c, s.yaml())
		}
		if s.sources[0].chosenStage && len(src.Statuses.Acceptance) != len(slices.DeleteFunc(slices.Clone(status), func(s string) bool { return strings.TrimSpace(s) == "" })) {
			t.Fatalf("statuses %q became %q", status, src.Statuses.Acceptance)
		}
		if strings.Contains(fmt.Sprint(src.Statuses), "a secret") {
			t.Fatalf("a status took the value of a secret: %q", src.Statuses)
		}
		for _, r := range c.Roles {
			if !strings.HasPrefix(r.Person, "acme:") {
				t.Fatalf("a role of %q", r.Person)
			}
		}
	})
}

func TestVariable(t *testing.T) {
	for text, ok := range map[string]bool{"JIRA_TOKEN": true, "_x1": true, "": false, "1x": false, "lin_api_0123456789": false, "ATATT3xFfGF0": false, "a b": false, "a-b": false} {
		if err := variable(text); (err == nil) != ok {
			t.Errorf("variable(%q): %v", text, err)
		} else if err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats %q, which may be a token", text)
		}
	}
}

func TestSourceNameOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://acme.atlassian.net": "acme", "https://jira.acme.example/jira": "acme", "http://127.0.0.1:80": "jira", "http://localhost": "jira", "https://x": "x", "": "jira", "://": "jira",
	} {
		if got := sourceNameOf("jira", address); got != want {
			t.Errorf("%q is called %q, want %q", address, got, want)
		}
	}
}

// TestAsker: input that never ends, or ends too soon, is answered.
func TestAsker(t *testing.T) {
	for _, in := range []string{"", "maybe\nmaybe\nmaybe\nmaybe\nmaybe\nmaybe\n", strings.Repeat("x", 3<<20)} {
		var out strings.Builder
		a := newAsker(&program{in: strings.NewReader(in), out: &out})
		_, err := a.yes("Sure?", false)
		var misused usageError
		if !errors.As(err, &misused) {
			t.Errorf("%.20q: %v", in, err)
		}
	}
}
