package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
)

func siteScopes() *backlog.Site {
	return &backlog.Site{
		Sources: []backlog.SourceInfo{{Name: "acme"}, {Name: "all-things"}},
		Scopes: []backlog.ScopeInfo{
			{No: 1, Source: 0, Name: "acme/PAY", Key: "PAY"},
			{No: 2, Source: 0, Name: "acme/WEB", Key: "WEB"},
			{No: 3, Source: 1, Name: "all-things/PAY", Key: "PAY"},
		},
	}
}

func TestTargets(t *testing.T) {
	for _, test := range []struct {
		scopes []string
		want   []string // "NAME" or "NAME KIND NAME"
		err    string
	}{
		{nil, []string{"acme/PAY", "acme/WEB", "all-things/PAY"}, ""},
		{[]string{"all"}, []string{"acme/PAY", "acme/WEB", "all-things/PAY"}, ""},
		{[]string{"acme/*"}, []string{"acme/PAY", "acme/WEB"}, ""},
		{[]string{"acme/WEB", "acme/*", "acme/WEB"}, []string{"acme/WEB", "acme/PAY"}, ""},
		{[]string{"acme/pay"}, []string{"acme/PAY"}, ""},
		{[]string{"acme/PAY/component:Check/Out"}, []string{"acme/PAY component Check/Out"}, ""},
		{[]string{"acme/PAY/epic:PAY-1"}, []string{"acme/PAY epic PAY-1"}, ""},
		{[]string{"all-things/PAY"}, []string{"all-things/PAY"}, ""},
		{[]string{"acme/PAY/sprint:1"}, nil, "component:NAME"},
		{[]string{"acme/PAY/epic:"}, nil, "component:NAME"},
		{[]string{"acme/NO"}, nil, "it has acme/PAY, acme/WEB, all-things/PAY"},
		{[]string{"PAY"}, nil, "no such scope"},
		{[]string{"all/PAY"}, nil, "no such scope"},
		{[]string{""}, nil, "no such scope"},
	} {
		list, err := targets(siteScopes(), test.scopes)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("targets(%q) = %v, %v; want an error with %q", test.scopes, list, err, test.err)
			}
			continue
		}
		var got []string
		for _, target := range list {
			got = append(got, strings.TrimSpace(target.Scope.Name+" "+target.Part.Kind+" "+target.Part.Name))
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("targets(%q), %v (-want +got):\n%s", test.scopes, err, diff)
		}
	}
}

func TestNewest(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 10, day, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name  string
		syncs []backlog.SyncRun
		want  time.Time
	}{
		{"none", nil, time.Time{}},
		{"a newer incomplete run does not count", []backlog.SyncRun{{AsOf: at(9)}, {AsOf: at(3), Complete: true}, {AsOf: at(2), Complete: true}}, at(3)},
		{"unless none is complete", []backlog.SyncRun{{AsOf: at(4)}, {AsOf: at(9)}}, at(9)},
	} {
		if got := newest(test.syncs); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestParseAsOf(t *testing.T) {
	for text, want := range map[string]string{
		"2026-09-30":                "2026-10-01T00:00:00Z", // the day belongs to it
		"2026-10-01T07:00:00+02:00": "2026-10-01T05:00:00Z",
	} {
		got, err := parseAsOf(text)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("parseAsOf(%q) = %v, %v; want %s", text, got, err, want)
		}
	}
	if got, err := parseAsOf("yesterday"); err == nil {
		t.Errorf("parseAsOf(yesterday) = %v", got)
	}
}

func TestDirectory(t *testing.T) {
	d := newDirectory(&backlog.Site{People: []backlog.Person{
		{},
		{ID: "p1", Name: "Ann Li", Email: "Ann@acme.example", Accounts: []string{"acme:1", "web:9"}},
		{ID: "p2", Name: "Bob", Accounts: []string{"acme:2"}},
		{ID: "p3", Name: "bob", Accounts: []string{"acme:3"}},
	}})
	for name, want := range map[string]backlog.PersonID{
		"p1": 1, "ann li": 1, "ann@ACME.example": 1, "web:9": 1, "acme:3": 3,
	} {
		if got, err := d.find(name); got != want || err != nil {
			t.Errorf("find(%q) = %d, %v; want %d", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"Bob": "acme:2 or acme:3", "Zoe": `nobody called "Zoe"`, "": "nobody"} {
		if got, err := d.find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("find(%q) = %d, %v; want an error with %q", name, got, err, want)
		}
	}
}

func TestOutputs(t *testing.T) {
	for _, test := range []struct {
		format string
		files  []string
		want   []output
		err    string
	}{
		{"", nil, []output{{"table", "-"}}, ""},
		{"json", nil, []output{{"json", "-"}}, ""},
		{"", []string{"a.json", "b.CSV", "c.md", "d.txt", "-"}, []output{{"json", "a.json"}, {"csv", "b.CSV"}, {"markdown", "c.md"}, {"table", "d.txt"}, {"table", "-"}}, ""},
		{"csv", []string{"a.json"}, []output{{"csv", "a.json"}}, ""},
		{"", []string{"json=a", "x=y.csv"}, []output{{"json", "a"}, {"csv", "x=y.csv"}}, ""},
		{"pdf", nil, nil, `format "pdf"`},
		{"", []string{"pdf=audit"}, nil, `format "pdf"`},
		{"", []string{"json="}, nil, "names no file"},
		{"", []string{""}, nil, "names no file"},
		{"", []string{"a.json", "csv=./a.json"}, nil, "twice"},
	} {
		got, err := outputs(test.format, test.files)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("outputs(%q, %q) = %v, %v; want an error with %q", test.format, test.files, got, err, test.err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(output{})); diff != "" || err != nil {
			t.Errorf("outputs(%q, %q), %v (-want +got):\n%s", test.format, test.files, err, diff)
		}
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	for _, text := range []string{"first", "second"} {
		if err := writeFile(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v, %v", names, err)
	}
	if err := writeFile(filepath.Join(dir, "none", "a.json"), nil); err == nil {
		t.Error("a file appeared in a folder that is not there")
	}
}
