package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"defacto/analysis"
)

func TestSplitFinding(t *testing.T) {
	for id, want := range map[string][3]string{
		"acme/PAY/2026-Q3/po-differs":                                {"acme/PAY", "2026-Q3", "po-differs"},
		"acme/PAY/2026-Q3/trees-over-forests/p3":                     {"acme/PAY", "2026-Q3", "trees-over-forests/p3"},
		"acme/PAY/component:A/B/2026-07-01..2026-09-30/slow-answers": {"acme/PAY/component:A/B", "2026-07-01..2026-09-30", "slow-answers"},
		"acme/PAY/2026-Q3/po-stretched/p3":                           {"acme/PAY", "2026-Q3", "po-stretched/p3"},
	} {
		scope, period, rest, ok := splitFinding(id)
		if got := [3]string{scope, period, rest}; !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", id, got, ok, want)
		}
	}
	for _, id := range []string{"", "/", "po-differs", "acme/po-differs", "2026-Q3/po-differs/p3", "acme/PAY/2026-Q3/po-difers", "acme/PAY/2026-Q3/po-differs/p3/p4"} {
		if scope, period, rest, ok := splitFinding(id); ok {
			t.Errorf("%q is taken for %s, %s, %s", id, scope, period, rest)
		}
	}
}

// An answer given to a finding of a pseudonymous report reaches the real one, and
// is shown under the pseudonym again.
func TestNoteUnderAPseudonym(t *testing.T) {
	dir := demoIn(t)
	find := func(args ...string) (*analysis.Report, *analysis.Finding) {
		t.Helper()
		var r analysis.Report
		if err := json.Unmarshal([]byte(sayIn(t, dir, append([]string{"audit", "--period", "all", "--format", "json"}, args...)...)), &r); err != nil {
			t.Fatal(err)
		}
		for i := range r.Scopes {
			for j := range r.Scopes[i].Periods {
				for k := range r.Scopes[i].Periods[j].Findings {
					f := &r.Scopes[i].Periods[j].Findings[k]
					if _, last, _ := strings.Cut(f.ID, "/"+f.Code+"/"); len(f.People) > 0 && last == f.People[0] {
						return &r, f
					}
				}
			}
		}
		t.Fatal("no finding about a person")
		return nil, nil
	}
	_, hidden := find("--pseudonyms")
	r, real := find()
	if hidden.ID == real.ID {
		t.Fatalf("%s is no pseudonym", hidden.ID)
	}
	name := r.People[slices.IndexFunc(r.People, func(p analysis.Person) bool { return p.ID == real.People[0] })].Name
	said := sayIn(t, dir, "note", hidden.ID, "--dispute", "--why", name+" did not", "--by", name)
	if !strings.HasPrefix(said, "disputed until ") {
		t.Error(said)
	}
	if _, f := find(); f.Note == nil || f.Note.Answer != "dispute" || f.Note.By != name || f.Note.Expired {
		t.Errorf("note %+v", f.Note)
	}
	if _, f := find("--pseudonyms"); f.Note == nil || strings.Contains(f.Note.Why+f.Note.By, name) {
		t.Errorf("note %+v names %s", f.Note, name)
	}
	if list := sayIn(t, dir, "note", "list"); !strings.HasPrefix(list, real.ID+"\tdispute\tstands\t") {
		t.Errorf("list: %s", list)
	}
}
