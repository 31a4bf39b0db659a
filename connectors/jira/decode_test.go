package jira

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

// issueJSON wraps fields and a changelog, each without their braces, into an issue.
func issueJSON(fields, changelog string) []byte {
	s := `{"id":"1","key":"PAY-1","fields":{"summary":"x","created":"2026-01-01T00:00:00.000+0000"` + fields + `}`
	if changelog != "" {
		s += `,"changelog":{` + changelog + `}`
	}
	return []byte(s + `}`)
}

func decode(t *testing.T, d *Decoder, data []byte) backlog.Issue {
	t.Helper()
	iss, err := d.Issue(data)
	if err != nil {
		t.Fatalf("%v\n%.300s", err, data)
	}
	return iss
}

func TestIssueErrors(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":          {"", "EOF"},
		"html":           {"<html>Log in</html>", "invalid character '<'"},
		"array":          {"[]", "found an array where Jira sends an object"},
		"text":           {`"PAY-1"`, "found a text where Jira sends an object"},
		"null":           {"null", "neither id nor key"},
		"no key":         {`{"fields":{}}`, "neither id nor key"},
		"no fields":      {`{"id":"1","key":"PAY-1"}`, "issue PAY-1: no fields"},
		"null fields":    {`{"id":"1","key":"PAY-1","fields":null}`, "issue PAY-1: no fields"},
		"fields a list":  {`{"id":"1","key":"PAY-1","fields":[]}`, "fields: found an array where Jira sends an object"},
		"cut":            {`{"id":"1","key":"PAY-1","fields":{"summary":"x"`, "issue PAY-1: jsontext: unexpected EOF"},
		"two":            {`{"id":"1","key":"PAY-1","fields":{}}{}`, "more than one JSON value"},
		"comments gone":  {`{"id":"1","key":"PAY-1","fields":{"comment":{"comments":7}}}`, "comments: found a number where Jira sends an array"},
		"items gone":     {`{"id":"1","key":"PAY-1","fields":{},"changelog":{"histories":[{"items":"x"}]}}`, "items: found a text"},
		"changelog gone": {`{"id":"1","key":"PAY-1","fields":{},"changelog":true}`, "changelog: found a true or false"},
		"deep":           {strings.Repeat(`{"a":`, 20_000), "depth"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewDecoder().Issue([]byte(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

// TestIssueLenient holds that values of unexpected kinds lose themselves only.
func TestIssueLenient(t *testing.T) {
	iss := decode(t, NewDecoder(), []byte(`{"id":7,"key":"PAY-7","fields":{"summary":["x"],"description":5,"labels":"one","components":[null,{"name":"C"},"D"],
		"status":"Done","issuetype":"Epic","priority":"High","resolution":null,"project":null,"assignee":"kim","reporter":{"displayName":"Former user"},
		"fixVersions":{"id":"1","name":"R"},"issuelinks":[null,{"type":null},{"type":{"name":"Blocks","inward":"is blocked by"},"inwardIssue":{"key":"PAY-8"}}],
		"parent":"PAY-2","created":1767225600,"updated":1767225600000,"duedate":"soon","flagged":true,"sprint":5,"closedSprints":null,"comment":null}}`))
	want := backlog.Issue{
		ID: "7", Key: "PAY-7", Scope: "PAY", Description: backlog.Text{Prose: "5"}, Status: "Done", StatusName: "Done", Type: "Epic", TypeName: "Epic", Level: backlog.Epic,
		Priority: "High", Assignee: "kim", Labels: []string{"one"}, Components: []string{"C", "D"}, Versions: []string{"1"}, Sprints: []string{"5"}, Flagged: true, Parent: backlog.Ref{Key: "PAY-2"},
		Links:   []backlog.Link{{Kind: backlog.LinkBlockedBy, Name: "is blocked by", Other: backlog.Ref{Key: "PAY-8"}}},
		Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Updated: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), PromisedChanges: -1, PromisedComments: -1,
	}
	if d := cmp.Diff(want, iss); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestField resolves what changelogs call fields, by id, schema, name and value.
func TestField(t *testing.T) {
	listed := NewDecoder()
	if err := listed.Fields([]byte(`[{"id":"customfield_1","name":"Reihenfolge","schema":{"custom":"com.pyxis.greenhopper.jira:gh-lexo-rank"}},
		{"id":"customfield_2","name":"Sprint","schema":{"custom":"com.example:text"}},{"id":"customfield_3","name":"Punkte","schema":{"custom":"com.pyxis.greenhopper.jira:jsw-story-points"}},
		{"id":"customfield_4","name":"Story Points","schema":{"custom":"com.example:select"}},{"id":"customfield_5","name":"Abnahmekriterien","schema":{"custom":"com.example:textarea"}},
		{"id":"status","name":"Status"},null]`)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		d    *Decoder
		it   wireItem
		want backlog.Field
	}{
		{listed, wireItem{field: "Reihenfolge", fieldID: "customfield_1", kind: "custom"}, backlog.FieldRank},
		{listed, wireItem{field: "Reihenfolge", kind: "custom"}, backlog.FieldRank}, // Data Center sends no id
		{listed, wireItem{field: "Sprint", fieldID: "customfield_2", kind: "custom"}, backlog.FieldOther},
		{listed, wireItem{field: "Punkte", kind: "custom"}, backlog.FieldEstimate},
		{listed, wireItem{field: "Story Points", kind: "custom"}, backlog.FieldOther},
		{listed, wireItem{field: "Abnahmekriterien", fieldID: "customfield_5", kind: "custom"}, backlog.FieldCriteria},
		{NewDecoder(), wireItem{field: "Rang", kind: "custom", toName: "Ranked higher"}, backlog.FieldRank},
		{NewDecoder(), wireItem{field: "排名", kind: "custom"}, backlog.FieldRank},
		{NewDecoder(), wireItem{field: "Unheard Of", kind: "custom", toName: "Ranked lower"}, backlog.FieldRank},
		{NewDecoder(), wireItem{field: "Rank (Obsolete)", kind: "custom"}, backlog.FieldRank},
		{NewDecoder(), wireItem{field: "SPRINT ", kind: "custom"}, backlog.FieldSprint},
		{NewDecoder(), wireItem{field: "Epic Link", kind: "custom"}, backlog.FieldParent},
		{NewDecoder(), wireItem{field: "IssueParentAssociation", kind: "jira"}, backlog.FieldParent},
		{NewDecoder(), wireItem{field: "Parent", kind: "jira"}, backlog.FieldParent},
		{NewDecoder(), wireItem{field: "Priority", kind: "custom"}, backlog.FieldOther}, // a look-alike
		{NewDecoder(), wireItem{field: "Priorität", fieldID: "priority", kind: "jira"}, backlog.FieldPriority},
		{NewDecoder(), wireItem{field: "Fix Version", fieldID: "fixVersions", kind: "jira"}, backlog.FieldVersion},
		{NewDecoder(), wireItem{field: "Version", kind: "jira"}, backlog.FieldOther},
		{NewDecoder(), wireItem{field: "Issue Type", kind: "jira"}, backlog.FieldType},
		{NewDecoder(), wireItem{field: "Component", kind: "jira"}, backlog.FieldComponent},
		{NewDecoder(), wireItem{field: "Key", kind: "jira"}, backlog.FieldKey},
		{NewDecoder(), wireItem{field: "duedate"}, backlog.FieldDueDate},
		{NewDecoder(), wireItem{field: "Target end", kind: "custom"}, backlog.FieldTargetEnd},
		{NewDecoder(), wireItem{field: "Acceptance Criteria", kind: "custom"}, backlog.FieldCriteria},
		{NewDecoder(), wireItem{}, backlog.FieldOther},
	} {
		if got := c.d.field(&c.it); got != c.want {
			t.Errorf("%+v is %s, want %s", c.it, got, c.want)
		}
	}
}

func TestHistoryCompleteness(t *testing.T) {
	entry := func(id int, created string) string {
		return fmt.Sprintf(`{"id":"%d","created":%s,"author":null,"items":[{"field":"labels","fieldtype":"jira","from":null,"to":null,"fromString":"","toString":"a"}]}`, id, created)
	}
	const noon = `"2026-01-02T12:00:00.000+0000"`
	for name, c := range map[string]struct {
		changelog string
		history   backlog.History
		promised  int
		changes   int
	}{
		"absent":              {"", backlog.HistoryNone, -1, 0},
		"empty":               {`"total":0`, backlog.HistoryComplete, 0, 0},
		"none of some":        {`"total":4,"histories":[]`, backlog.HistoryNone, 4, 0},
		"some":                {`"total":4,"histories":[` + entry(1, noon) + `]`, backlog.HistoryShort, 4, 1},
		"all":                 {`"total":1,"histories":[` + entry(1, noon) + `]`, backlog.HistoryComplete, 1, 1},
		"twice":               {`"total":1,"histories":[` + entry(1, noon) + `,` + entry(1, noon) + `]`, backlog.HistoryComplete, 1, 1},
		"no total":            {`"histories":[` + entry(1, noon) + `]`, backlog.HistoryComplete, -1, 1},
		"an empty entry":      {`"total":2,"histories":[` + entry(1, noon) + `,{"id":"2","created":` + noon + `,"items":[]}]`, backlog.HistoryComplete, 1, 1},
		"an undated entry":    {`"total":2,"histories":[` + entry(1, noon) + `,` + entry(2, `"once"`) + `]`, backlog.HistoryShort, 2, 1},
		"undated and untold":  {`"histories":[` + entry(1, noon) + `,` + entry(2, `null`) + `]`, backlog.HistoryShort, 2, 1},
		"values, as one page": {`"total":1,"values":[` + entry(1, `1767355200`) + `]`, backlog.HistoryComplete, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			iss := decode(t, NewDecoder(), issueJSON("", c.changelog))
			if iss.History != c.history || iss.PromisedChanges != c.promised || len(iss.Changes) != c.changes {
				t.Errorf("history %s, %d promised, %d changes; want %s, %d, %d", iss.History, iss.PromisedChanges, len(iss.Changes), c.history, c.promised, c.changes)
			}
			for _, ch := range iss.Changes {
				if !ch.At.Equal(time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)) {
					t.Errorf("a change at %s", ch.At)
				}
			}
		})
	}
}

func TestComments(t *testing.T) {
	const one = `{"id":"5","author":{"accountId":"a"},"body":"hello","created":"2026-01-02T00:00:00.000+0000","updated":"2026-01-02T00:00:00.000+0000"}`
	for name, c := range map[string]struct {
		comment  string
		read     bool
		promised int
		comments int
	}{
		"absent":        {``, false, -1, 0},
		"none":          {`,"comment":{"total":0,"maxResults":0}`, true, 0, 0},
		"not embedded":  {`,"comment":{"total":3}`, false, 3, 0},
		"some":          {`,"comment":{"total":3,"comments":[` + one + `]}`, true, 3, 1},
		"all":           {`,"comment":{"total":1,"comments":[` + one + `]}`, true, 1, 1},
		"twice":         {`,"comment":{"total":1,"comments":[` + one + `,` + one + `]}`, true, 1, 1},
		"undated":       {`,"comment":{"total":1,"comments":[{"id":"5","body":"x"}]}`, true, 1, 0},
		"no body or id": {`,"comment":{"comments":[{"author":null,"created":"2026-01-02"}]}`, true, -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			iss := decode(t, NewDecoder(), issueJSON(c.comment, ""))
			if iss.CommentsRead != c.read || iss.PromisedComments != c.promised || len(iss.Comments) != c.comments {
				t.Errorf("read %t, %d promised, %d comments; want %t, %d, %d", iss.CommentsRead, iss.PromisedComments, len(iss.Comments), c.read, c.promised, c.comments)
			}
			for _, k := range iss.Comments {
				if k.ID == "" || !k.Edited.IsZero() {
					t.Errorf("comment %+v", k)
				}
			}
		})
	}
}

// TestLongHistory: 3,000 entries, newest first, come out oldest first and whole.
func TestLongHistory(t *testing.T) {
	const n = 3000
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var list []string
	for i := n; i > 0; i-- { // three entries share each second, so that ids must decide
		list = append(list, fmt.Sprintf(`{"id":"%d","created":"%s","author":{"name":"kim"},"items":[{"field":"Rank","fieldtype":"custom","from":"","to":"","fromString":"","toString":"Ranked higher"},{"field":"labels","fieldtype":"jira","toString":"a b"}]}`,
			i, start.Add(time.Duration(i/3)*time.Second).Format("2006-01-02T15:04:05.000-0700")))
	}
	iss := decode(t, NewDecoder(), issueJSON("", fmt.Sprintf(`"total":%d,"histories":[%s]`, n, strings.Join(list, ","))))
	if len(iss.Changes) != 2*n || iss.History != backlog.HistoryComplete || entries(iss.Changes) != n {
		t.Fatalf("%d changes in %d entries, history %s", len(iss.Changes), entries(iss.Changes), iss.History)
	}
	for i, c := range iss.Changes {
		if want := fmt.Sprint(i/2 + 1); c.ID != want || c.Ordinal != i%2 {
			t.Fatalf("change %d is %s/%d, want %s/%d", i, c.ID, c.Ordinal, want, i%2)
		}
	}
}

func TestLongComment(t *testing.T) {
	body := strings.Repeat("Is this *right*? ", 5<<20/17)
	iss := decode(t, NewDecoder(), issueJSON(`,"comment":{"total":1,"comments":[{"id":"5","body":"`+body+`","created":"2026-01-02"}]}`, ""))
	if got := len(iss.Comments[0].Body.Prose); got < 4<<20 {
		t.Errorf("%d bytes of prose came of %d", got, len(body))
	}
}

func TestOldKeys(t *testing.T) {
	move := func(id int, from, to string) string {
		return fmt.Sprintf(`{"id":"%d","created":%d,"items":[{"field":"Key","fieldtype":"jira","from":null,"fromString":%q,"to":null,"toString":%q},{"field":"project","fieldtype":"jira","from":"1","to":"2"}]}`, id, 1767225600+id, from, to)
	}
	iss := decode(t, NewDecoder(), issueJSON("", `"histories":[`+move(3, "BUY-2", "PAY-1")+`,`+move(2, "PAY-1", "BUY-2")+`,`+move(1, "OLD-9", "PAY-1")+`]`))
	if d := cmp.Diff([]string{"OLD-9", "BUY-2"}, iss.OldKeys); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if f := iss.Changes[1].Field; f != backlog.FieldProject {
		t.Errorf("the move is a change of %s", f)
	}
}

func TestAutomation(t *testing.T) {
	for in, want := range map[string]bool{
		`{"type":"jira.automation","actor":{"id":"x","displayName":"Automation for Jira"}}`: true,
		`{"generator":{"id":"com.codebarrel.addons.automation","type":"rule"}}`:             true,
		`{"actor":{"type":"app","displayName":"X"}}`:                                        true,
		`{"actor":{"type":"user","displayName":"Kim"},"cause":{"type":"x"}}`:                false,
		`{"description":" on behalf of accountId=5f:1"}`:                                    false,
		`{}`: false, `null`: false, `[]`: false, `"automation"`: false,
	} {
		iss := decode(t, NewDecoder(), issueJSON("", `"histories":[{"id":"1","created":1767225600,"historyMetadata":`+in+`,"items":[{"field":"status"}]}]`))
		if iss.Changes[0].Machine != want {
			t.Errorf("%s: machine %t", in, !want)
		}
	}
}

// TestEpic: what is above an issue, from every place Jira has kept it.
func TestEpic(t *testing.T) {
	const link = `"histories":[{"id":"1","created":1767225600,"items":[{"field":"Epic Link","fieldtype":"custom","from":null,"to":"90","toString":"PAY-9"}]}]`
	listed := func() *Decoder {
		d := NewDecoder()
		if err := d.Fields([]byte(`[{"id":"customfield_1","schema":{"custom":"x:gh-epic-link"}},{"id":"customfield_2","schema":{"custom":"x:jpo-custom-field-parent"}},{"id":"customfield_3","schema":{"custom":"x:gh-epic-label"}}]`)); err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, c := range map[string]struct {
		d                 *Decoder
		fields, changelog string
		parent, epic      backlog.Ref
		level             backlog.Level
	}{
		"epic link":           {listed(), `,"customfield_1":"PAY-9"`, "", backlog.Ref{}, backlog.Ref{Key: "PAY-9"}, 0},
		"parent says it":      {listed(), `,"customfield_1":"PAY-9","parent":{"id":"90","key":"PAY-9"}`, "", backlog.Ref{ID: "90", Key: "PAY-9"}, backlog.Ref{}, 0},
		"agile epic":          {NewDecoder(), `,"epic":{"id":90,"key":"PAY-9","done":false}`, "", backlog.Ref{}, backlog.Ref{ID: "90", Key: "PAY-9"}, 0},
		"only the changelog":  {NewDecoder(), ``, link, backlog.Ref{}, backlog.Ref{ID: "90", Key: "PAY-9"}, 0},
		"cloud's parent link": {listed(), `,"customfield_2":{"showField":true,"data":{"id":"7","key":"INI-7"}},"issuetype":{"name":"Epic"}`, "", backlog.Ref{ID: "7", Key: "INI-7"}, backlog.Ref{}, 1},
		"an empty one":        {listed(), `,"customfield_2":{"showField":false}`, "", backlog.Ref{}, backlog.Ref{}, 0},
		"an epic by its name": {listed(), `,"customfield_3":"Refunds","issuetype":{"name":"Großes"}`, "", backlog.Ref{}, backlog.Ref{}, 1},
		"a sub-task":          {listed(), `,"parent":{"key":"PAY-2"},"issuetype":{"name":"Epic","subtask":true}`, "", backlog.Ref{Key: "PAY-2"}, backlog.Ref{}, -1},
		"a level of its own":  {listed(), `,"issuetype":{"name":"Thema","hierarchyLevel":3}`, "", backlog.Ref{}, backlog.Ref{}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			iss := decode(t, c.d, issueJSON(c.fields, c.changelog))
			if iss.Parent != c.parent || iss.Epic != c.epic || iss.Level != c.level {
				t.Errorf("parent %+v, epic %+v, level %d; want %+v, %+v, %d", iss.Parent, iss.Epic, iss.Level, c.parent, c.epic, c.level)
			}
		})
	}
}

// TestLearnOrder: what is learnt does not depend on the order of the issues.
func TestLearnOrder(t *testing.T) {
	var issues [][]byte
	for i := range 40 {
		points := i%5 + 1
		changelog := ""
		if i%4 == 0 {
			changelog = fmt.Sprintf(`"histories":[{"id":"%d","created":1767225600,"items":[{"field":"Story Points","fieldtype":"custom","toString":"%d"},{"field":"status","fieldtype":"jira","from":"77","fromString":"Gone","to":"3"}]}]`, i, points)
		}
		issues = append(issues, issueJSON(fmt.Sprintf(`,"customfield_8":%d.0,"customfield_9":0.0,"customfield_7":1.0,"status":{"id":"3"}`, points), changelog))
	}
	for seed := range uint64(5) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(issues), func(i, j int) { issues[i], issues[j] = issues[j], issues[i] })
		d := NewDecoder()
		forks := []*Decoder{d.Fork(), d.Fork()}
		for i, data := range issues {
			forks[i%2].Learn(data)
		}
		d.Settle(forks...)
		if d.catalogue.roles["customfield_8"] != rolePoints || d.catalogue.roles["customfield_7"] != roleNone || d.catalogue.roles["customfield_9"] != roleNone {
			t.Fatalf("seed %d: learnt %v", seed, d.catalogue.roles)
		}
		var b backlog.Batch
		d.Drain(&b)
		if want := []backlog.Status{{ID: "77", Name: "Gone", Thin: true}}; !slices.Equal(b.Statuses, want) {
			t.Errorf("seed %d: states %+v, want %+v", seed, b.Statuses, want)
		}
	}
}

func TestLists(t *testing.T) {
	for name, c := range map[string]struct {
		read func(*Decoder, []byte) error
		in   string
		fail string
	}{
		"array":      {(*Decoder).Users, `[{"accountId":"a","displayName":"A"}]`, ""},
		"page":       {(*Decoder).Users, `{"startAt":0,"values":[{"accountId":"a","displayName":"A"}]}`, ""},
		"own name":   {(*Decoder).Users, `{"users":[{"accountId":"a","displayName":"A"}]}`, ""},
		"single":     {(*Decoder).Users, `{"accountId":"a","displayName":"A"}`, ""},
		"html":       {(*Decoder).Users, `<html>`, "read the users: "},
		"cut":        {(*Decoder).Users, `[{"accountId":"a"`, "unexpected EOF"},
		"number":     {(*Decoder).Users, `7`, "found a number"},
		"empty":      {(*Decoder).Users, ``, "EOF"},
		"project":    {(*Decoder).Projects, `{"key":"PAY","lead":{"accountId":"a","displayName":"A"},"versions":[{"id":"1","name":"R"}]}`, ""},
		"lead named": {(*Decoder).Projects, `[{"key":"PAY","lead":"a"}]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := NewDecoder()
			err := c.read(d, []byte(c.in))
			if c.fail != "" {
				if err == nil || !strings.Contains(err.Error(), c.fail) {
					t.Errorf("error %v, want one that says %q", err, c.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var b backlog.Batch
			d.Drain(&b)
			if len(b.Accounts) != 1 || b.Accounts[0].ID != "a" {
				t.Errorf("accounts %+v", b.Accounts)
			}
			if len(b.Scopes) == 1 && (len(b.Declared) != 1 || b.Declared[0].Account != "a" || b.Declared[0].Scope != "PAY") {
				t.Errorf("declared %+v", b.Declared)
			}
			d.Drain(&b)
			if len(b.Accounts) != 1 {
				t.Error("a second Drain gave the same again")
			}
		})
	}
}

// TestFuller: a full record of an account wins over a thin one in either order.
func TestFuller(t *testing.T) {
	full := backlog.Account{ID: "a", Name: "Now", Active: false, Kind: backlog.AppAccount}
	thin := backlog.Account{ID: "a", Name: "Then", Active: true, Thin: true, Zone: "Asia/Tokyo"}
	want := full
	want.Zone = "Asia/Tokyo"
	for _, order := range [][]backlog.Account{{full, thin}, {thin, full}} {
		f := newFacts()
		for _, a := range order {
			f.account(a)
		}
		if d := cmp.Diff(want, f.accounts["a"]); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}
