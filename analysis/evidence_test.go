package analysis

import (
	"net/url"
	"strings"
	"testing"

	"defacto/backlog"
)

// hostile are keys as only a file brings them.
func hostileKeys() []string {
	return []string{
		"PAY-1) OR project = (SECRET", `PAY-1" OR project != "PAY`, `PAY-1\`, `PAY-1\"`, "PAY-1\nORDER BY key", "OR", "EMPTY", "currentUser()", "PAY-١", "pay-1",
		"платежи-1", "PAY-1&jql=x", "PAY-1#x", "../admin", "PAY-1?x=1", "PAY-1\u2028", "\xff-1", "", "javascript:alert(1)", "<script>-1",
	}
}

// TestQueries: a query that a report shows asks for the issues it names and for
// nothing else, whatever they are called.
func TestQueries(t *testing.T) {
	for _, tc := range []struct {
		kind, site string
		keys       []string
		want       string
	}{
		{"jira", "https://acme.example/", []string{"PAY-2", "PAY-1", "PAY-2"}, "key in (PAY-1, PAY-2)"},
		{"jira", "", []string{"A_B2-1"}, "key in (A_B2-1)"},
		{"linear", "https://linear.app/acme", []string{"ENG-2", "ENG-1"}, "https://linear.app/acme/search?q=ENG-1+ENG-2"},
		{"linear", "", []string{"ENG-1"}, "key in (ENG-1)"},
		{"jira", "", nil, ""},
	} {
		in := &Input{Site: &backlog.Site{Sources: []backlog.SourceInfo{{Kind: tc.kind, Site: tc.site}}}}
		if got := in.query(tc.keys); got != tc.want {
			t.Errorf("%v: %s, want %s", tc.keys, got, tc.want)
		}
	}
	for _, key := range hostileKeys() {
		in := &Input{Site: &backlog.Site{Sources: []backlog.SourceInfo{{Kind: "jira", Site: "https://acme.example"}}}}
		q := in.query([]string{key})
		inside := strings.TrimSuffix(strings.TrimPrefix(q, `key in ("`), `")`)
		bare := strings.NewReplacer(`\\`, "", `\"`, "").Replace(inside)
		if len(inside)+len(`key in ("")`) != len(q) || strings.ContainsAny(bare, "\"\n\u2028") || strings.HasSuffix(bare, `\`) {
			t.Errorf("%q becomes %s", key, q)
		}
		in.Site.Sources[0].Kind = "linear"
		u, err := url.Parse(in.query([]string{"ENG-1", key}))
		if err != nil || u.Host != "acme.example" || u.Path != "/search" || u.Fragment != "" || len(u.Query()) != 1 || !strings.Contains(u.Query().Get("q"), key) {
			t.Errorf("%q becomes %s, %v", key, u, err)
		}
	}
}

// TestLinks: a link leads to the tracker and to one issue there.
func TestLinks(t *testing.T) {
	for _, kind := range []string{"jira", "linear"} {
		sources := []backlog.SourceInfo{{Kind: kind, Site: "https://acme.example/jira/"}}
		for _, level := range []backlog.Level{backlog.Story, backlog.Epic, backlog.Initiative} {
			for _, key := range append(hostileKeys(), "PAY-1") {
				u, err := url.Parse(link(sources, 0, level, key))
				if err != nil || u.Scheme != "https" || u.Host != "acme.example" || u.RawQuery != "" || u.Fragment != "" || strings.Count(u.EscapedPath(), "/") != 3 {
					t.Errorf("%s, %q: %s, %v", kind, key, u, err)
				}
			}
		}
		if got, want := link(sources, 0, backlog.Story, "PAY-1"), "/PAY-1"; !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", kind, got)
		}
	}
}
