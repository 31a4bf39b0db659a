package jira

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

func TestParseTime(t *testing.T) {
	at := time.Date(2026, 7, 1, 16, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"2026-07-01T09:00:00.000-0700":     at,
		"2026-07-01T09:00:00-07:00":        at,
		"2026-07-01T16:00:00.000Z":         at,
		"2026-07-01T16:00:00.000+0000":     at,
		"2026-07-01T16:00:00+00:00":        at,
		"2026-07-01 16:00:00.0":            at,
		"2026-07-01T16:00":                 at,
		"2026-07-01T21:30:00.000+0530":     at,
		"2026-07-01T16:00:00.123456789Z":   at.Add(123456789),
		"2026-07-01T16:00:00.123456789123": at.Add(123456789),
		"2026-07-01":                       time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC),
		"1782921600000":                    at,
		"1782921600":                       at,
		"1782921600.5":                     at,
		"":                                 {},
		"yesterday":                        {},
		"2026-13-01":                       {},
		"2026-07-01T":                      {},
		"2026-07-01T25:00:00Z":             {},
		"2026-07-01T16:00:00+7":            {},
		"99999999999999999":                {},
		"0000-01-01":                       {},
		"2026/07/01 16:00":                 {},
	} {
		if got := parseTime(in); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("parseTime(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestParseSprint(t *testing.T) {
	day := time.Date(2019, 3, 4, 9, 0, 0, 0, time.UTC)
	const dates = "startDate=2019-03-04T09:00:00.000Z,endDate=<null>,completeDate=<null>"
	for name, c := range map[string]struct {
		in   string
		want backlog.Sprint
	}{
		"id first":       {"com.atlassian.greenhopper.service.sprint.Sprint@1[id=3,rapidViewId=1,state=CLOSED,name=One," + dates + ",sequence=3,goal=]", backlog.Sprint{ID: "3", Name: "One", State: "closed", Start: day}},
		"id last":        {"…Sprint@1[rapidViewId=<null>,state=ACTIVE,name=One," + dates + ",id=3]", backlog.Sprint{ID: "3", Name: "One", State: "active", Start: day}},
		"commas":         {"…Sprint@1[id=3,rapidViewId=1,state=FUTURE,name=a, b[c], d=e," + dates + ",goal=x, id=9, y]", backlog.Sprint{ID: "3", Name: "a, b[c], d=e", State: "future", Start: day}},
		"id in the name": {"…Sprint@1[rapidViewId=1,state=ACTIVE,name=a,id=9," + dates + ",id=3]", backlog.Sprint{ID: "3", Name: "a", State: "active", Start: day}},
		"goal before":    {"…Sprint@1[id=3,state=CLOSED,name=One,goal=win, fast," + dates + ",autoStartStop=false,synced=false]", backlog.Sprint{ID: "3", Name: "One", State: "closed", Start: day}},
		"no brackets":    {"…Sprint@1", backlog.Sprint{}},
		"cut":            {"…Sprint@1[id=3,state=CLO", backlog.Sprint{ID: "3"}},
		"empty":          {"", backlog.Sprint{}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, parseSprint(c.in)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	long := parseSprint("Sprint@1[id=3,name=" + strings.Repeat("a=,", 1<<20) + "]")
	if long.ID != "3" || len(long.Name) < 3<<20 {
		t.Errorf("a long name: id %q, %d bytes", long.ID, len(long.Name))
	}
}

func TestParseSprintIDs(t *testing.T) {
	for in, want := range map[string]string{"": "", "76": "76", "76, 79": "76,79", " 76,,79 ,": "76,79"} {
		if got := parseSprintIDs(in); got != want {
			t.Errorf("parseSprintIDs(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLinkKind(t *testing.T) {
	for words, want := range map[string]backlog.LinkKind{
		"clones": backlog.LinkClones, "is a clone of": backlog.LinkClones, "is cloned from": backlog.LinkClones,
		"is cloned by": backlog.LinkClonedBy, "is cloned as": backlog.LinkClonedBy, "is cloned into": backlog.LinkClonedBy,
		"split from": backlog.LinkSplitFrom, "split to": backlog.LinkSplitTo, "was split into": backlog.LinkSplitTo,
		"blocks": backlog.LinkBlocks, "is blocked by": backlog.LinkBlockedBy, "relates to": backlog.LinkOther, "": backlog.LinkOther,
	} {
		if got := linkKind(words); got != want {
			t.Errorf("linkKind(%q) = %d, want %d", words, got, want)
		}
	}
}

func TestLinkMeasure(t *testing.T) {
	d := NewDecoder()
	idea := []backlog.Link{{Kind: backlog.LinkMarket, Other: backlog.Ref{Key: "IDEA-3"}}}
	for _, c := range []struct {
		it   wireItem
		want backlog.LinkKind
		sign int
	}{
		{wireItem{field: "Link", to: "PAY-1", toName: "This issue clones PAY-1"}, backlog.LinkClones, 1},
		{wireItem{field: "Link", from: "PAY-1", fromName: "This issue is blocked by PAY-1"}, backlog.LinkBlockedBy, -1},
		{wireItem{field: "Link", to: "IDEA-3", toName: "This work item implements IDEA-3"}, backlog.LinkMarket, 1},
		{wireItem{field: "Link", to: "IDEA-4", toName: "This work item implements IDEA-4"}, backlog.LinkOther, 1},
		{wireItem{field: "Link", to: "SUP-4", toName: "This issue is requested by SUP-4"}, backlog.LinkMarket, 1},
		{wireItem{field: "RemoteIssueLink", to: "17", toName: `This issue links to "Ticket 3 (Zendesk)"`}, backlog.LinkMarket, 1},
		{wireItem{field: "RemoteIssueLink", to: "17", toName: `This issue links to "clones (Wiki)"`}, backlog.LinkOther, 1},
		{wireItem{field: "Link"}, backlog.LinkOther, 1},
	} {
		if got := d.linkMeasure(&c.it, &backlog.Issue{Links: idea}); got != c.sign*int(c.want) {
			t.Errorf("%+v: %d, want %d", c.it, got, c.sign*int(c.want))
		}
	}
}

func TestAccount(t *testing.T) {
	for in, want := range map[string]backlog.Account{
		`null`:  {Active: true, Thin: true},
		`{}`:    {Active: true, Thin: true},
		`"kim"`: {ID: "kim", Handle: "kim", Active: true, Thin: true},
		`{"accountId":"5f:1","displayName":"A","active":true,"accountType":"app","timeZone":"Asia/Tokyo"}`:   {ID: "5f:1", Name: "A", Active: true, Kind: backlog.AppAccount, Zone: "Asia/Tokyo"},
		`{"accountId":"5f:1","name":"left over","key":"left over","displayName":"A"}`:                        {ID: "5f:1", Name: "A", Active: true, Thin: true},
		`{"name":"kim","key":"JIRAUSER1","displayName":"Kim","active":false,"emailAddress":"kim@x.example"}`: {ID: "JIRAUSER1", Handle: "kim", Name: "Kim", Email: "kim@x.example"},
		`{"name":"kim","displayName":"Kim","active":true}`:                                                   {ID: "kim", Handle: "kim", Name: "Kim", Active: true},
		`{"displayName":"Former user"}`:                                                   {Name: "Former user", Active: true, Thin: true},
		`{"accountId":"unknown","displayName":"Former user","active":false}`:              {Name: "Former user"},
		`{"displayName":"Kim Rowe"}`:                                                      {ID: "Kim Rowe", Name: "Kim Rowe", Active: true, Thin: true},
		`{"displayName":"Kim","emailAddress":"kim@x.example"}`:                            {ID: "kim@x.example", Email: "kim@x.example", Name: "Kim", Active: true, Thin: true},
		`{"accountId":"qm:1","accountType":"customer","displayName":"C","active":"true"}`: {ID: "qm:1", Name: "C", Active: true, Kind: backlog.CustomerAccount},
		`[1,2]`: {Active: true, Thin: true},
	} {
		r := newReader()
		r.open([]byte(in))
		got, err := r.account()
		if err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", in, d)
		}
	}
}

func TestCategory(t *testing.T) {
	for in, want := range map[string]backlog.Category{
		`{"id":2,"key":"new","colorName":"blue-gray"}`:         backlog.Unstarted,
		`{"id":4,"key":"indeterminate","colorName":"yellow"}`:  backlog.Started,
		`{"id":3,"key":"done","colorName":"green"}`:            backlog.Completed,
		`{"id":3,"key":"new","colorName":"green"}`:             backlog.Completed, // a hand-edited export
		`{"id":3,"key":"new","colorName":"blue-gray"}`:         backlog.Unstarted,
		`{"id":4,"key":"done"}`:                                backlog.Started,
		`{"id":"3"}`:                                           backlog.Completed,
		`{"key":"done"}`:                                       backlog.Completed,
		`{"colorName":"yellow"}`:                               backlog.Started,
		`{"id":1,"key":"undefined","colorName":"medium-gray"}`: backlog.CategoryUnknown,
		`"IN_PROGRESS"`:                                        backlog.Started,
		`null`:                                                 backlog.CategoryUnknown,
		`[]`:                                                   backlog.CategoryUnknown,
	} {
		r := newReader()
		r.open([]byte(in))
		if got, err := r.category(); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestRank(t *testing.T) {
	for in, want := range map[string]bool{"0|100c28:": true, "1|hzzzzz:i": true, "0|i000db:": true, "0|": false, "a|b:c": false, "0|A:": false, "0|1:2:3": false, "": false, "10029_*:*_1": false} {
		if got := isRank(in); got != want {
			t.Errorf("isRank(%q) = %t", in, got)
		}
	}
}
