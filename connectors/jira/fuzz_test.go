package jira

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// checkText holds what every text must keep, whatever it came from.
func checkText(t *testing.T, got backlog.Text, size int) {
	t.Helper()
	total := 0
	for _, list := range [][]string{{got.Prose}, got.Mentions, got.Code, got.Quotes, got.Links} {
		for _, s := range list {
			total += len(s)
			if !utf8.ValidString(s) && size > 0 {
				t.Errorf("not UTF-8: %q", s)
			}
		}
	}
	if total > 4*size+64 {
		t.Errorf("%d bytes came of %d", total, size)
	}
	if strings.ContainsFunc(got.Prose, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
		t.Errorf("control characters in %q", got.Prose)
	}
	if strings.TrimSpace(got.Prose) != got.Prose || strings.Contains(got.Prose, "  ") {
		t.Errorf("blanks in %q", got.Prose)
	}
	if slices.Contains(got.Mentions, "") || slices.Contains(got.Links, "") || slices.Contains(got.Quotes, "") {
		t.Errorf("an empty part: %+v", got)
	}
}

func FuzzWiki(f *testing.F) {
	for _, s := range []string{
		"[~accountid:5f:lin] {code:java}x{code} {quote}a [~b]{quote}\nbq. q\n> m\n!a.png! [t|https://x.example/] https://y.example/?a=b, *b* _c_ ??d?? ||h||\n|c|\n\\* \\\\ {{m}} {color:red}z{color}",
		"{code}{noformat}{quote}", "[a|b|smart-link]", "您好？[~x]，https://x.example。", "\x00\xff\u202e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\uFFFD") // as the reader makes it
		checkText(t, parseWiki(s), len(s))
	})
}

func FuzzADF(f *testing.F) {
	for _, s := range []string{
		`{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"a https://x.example/ b","marks":[{"type":"link","attrs":{"href":"https://y.example"}}]},{"type":"mention","attrs":{"id":"5f:1"}},{"type":"emoji","attrs":{"shortName":":x:"}},{"type":"date","attrs":{"timestamp":"1767571200000"}}]},{"type":"codeBlock","content":[{"type":"text","text":"c"}]},{"type":"blockquote","content":[{"type":"text","text":"q"}]}]}`,
		`{"content":[{"content":null,"type":"table"}],"type":[]}`, `{"content":{"content":{"text":"x"}}}`, `{`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newReader()
		r.open(data)
		got, err := r.richText()
		if err == nil {
			checkText(t, got, 3*len(data)) // a bad byte becomes three
		}
	})
}

func FuzzIssue(f *testing.F) {
	for _, pattern := range []string{"cloud/*.json", "server/*.jsonl", "broken/*"} {
		paths, err := filepath.Glob(filepath.Join("../../testdata/jira", pattern))
		if err != nil || len(paths) == 0 {
			f.Fatal(pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			for line := range bytes.Lines(data) {
				f.Add(line)
			}
			f.Add(data)
		}
	}
	f.Add(issueJSON(`,"comment":{"total":1,"comments":[{"id":"1","body":{"type":"doc"},"created":1}]},"customfield_1":"0|i0:","customfield_2":["x.greenhopper.service.sprint.Sprint@1[id=1,name=a]"]`, `"total":1,"histories":[{"id":"1","created":1767225600,"items":[{"field":"Rank","toString":"Ranked higher"}]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := NewDecoder()
		learner := d.Fork()
		learner.Learn(data)
		d.Settle(learner)
		for _, list := range []func([]byte) error{d.Fields, d.Users, d.Projects, d.Statuses, d.IssueTypes, d.Sprints} {
			_ = list(data) // must not panic; that much is not JSON is no news
		}
		iss, err := d.Issue(data)
		if err != nil {
			return
		}
		again, err := d.Issue(data)
		if err != nil {
			t.Fatal("the second time: ", err)
		}
		if d := cmp.Diff(iss, again); d != "" {
			t.Errorf("the second time differs (-first +second):\n%s", d)
		}
		checkIssue(t, &iss)
		var b backlog.Batch
		d.Drain(&b)
		for _, a := range b.Accounts {
			if a.ID == "" {
				t.Errorf("an account without an id: %+v", a)
			}
		}
	})
}

// checkIssue holds what the store relies on.
func checkIssue(t *testing.T, iss *backlog.Issue) {
	t.Helper()
	if iss.ID == "" || iss.Key == "" {
		t.Errorf("an issue without id or key: %+v", iss)
	}
	for i, c := range iss.Changes {
		if c.At.IsZero() || c.ID == "" || c.At.Location() != time.UTC {
			t.Errorf("change %+v", c)
		}
		if i > 0 && c.At.Before(iss.Changes[i-1].At) {
			t.Errorf("change %d is before its predecessor", i)
		}
	}
	for i, c := range iss.Comments {
		if c.At.IsZero() || c.ID == "" || i > 0 && c.At.Before(iss.Comments[i-1].At) {
			t.Errorf("comment %+v", c)
		}
	}
	if iss.History == backlog.HistoryComplete && iss.PromisedChanges > entries(iss.Changes) {
		t.Errorf("a complete history of %d entries, %d promised", entries(iss.Changes), iss.PromisedChanges)
	}
}

func FuzzSprint(f *testing.F) {
	for _, s := range []string{
		"com.atlassian.greenhopper.service.sprint.Sprint@1[id=3,rapidViewId=1,state=CLOSED,name=a, b[c],startDate=2019-03-04T09:00:00.000Z,endDate=<null>,completeDate=<null>,sequence=3,goal=x, id=9]",
		"Sprint@1[rapidViewId=<null>,state=ACTIVE,name=id=1,id=2]", "[,,,=", "[id=]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := parseSprint(s)
		if got.ID != "" && !isNumber(got.ID) {
			t.Errorf("id %q", got.ID)
		}
		if len(got.Name) > len(s) || got.State != strings.ToLower(got.State) {
			t.Errorf("%+v", got)
		}
	})
}

func FuzzChangelogValue(f *testing.F) {
	for _, s := range [][6]string{
		{"Rank", "customfield_1", "custom", "", "", "Ranked higher"},
		{"Sprint", "", "custom", "76, 79", "76, 80", "One, Two"},
		{"Link", "issuelinks", "jira", "", "PAY-1", "This issue clones PAY-1"},
		{"description", "description", "jira", "", "", "new"},
		{"duedate", "", "jira", "", "", "2012-09-28 00:00:00.0"},
		{"assignee", "", "jira", "kim", "", ""},
		{"Key", "", "jira", "", "", "PAY-2"},
	} {
		f.Add(s[0], s[1], s[2], s[3], s[4], s[5])
	}
	f.Fuzz(func(t *testing.T, field, id, kind, from, to, words string) {
		d := NewDecoder()
		h := wireHistory{id: "1", at: time.Unix(1, 0)}
		for _, it := range []wireItem{
			{field: field, fieldID: id, kind: kind, from: from, to: to, toName: words},
			{field: field, fieldID: id, kind: kind, from: to, to: from, fromName: words},
		} {
			c := d.change(&h, 0, &it, &backlog.Issue{})
			lowest, highest := 0, 0
			switch c.Field {
			case backlog.FieldDescription, backlog.FieldCriteria:
				highest = 101
			case backlog.FieldRank:
				lowest, highest = -1, 1
			case backlog.FieldLink:
				lowest, highest = -int(backlog.LinkBlockedBy), int(backlog.LinkBlockedBy)
			case backlog.FieldSprint:
				if strings.Contains(c.To, ", ") || strings.Contains(c.From, ", ") {
					t.Errorf("sprints %q → %q", c.From, c.To)
				}
			}
			if c.Measure < lowest || c.Measure > highest {
				t.Errorf("%s: measure %d", c.Field, c.Measure)
			}
			if c.FieldName != field {
				t.Errorf("field name %q of %q", c.FieldName, field)
			}
		}
		if at := parseTime(words); !at.IsZero() && (at.Location() != time.UTC || at.Year() > 10_000) {
			t.Errorf("%q is %s", words, at)
		}
	})
}
