package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports"
)

func sitePeople() *backlog.Site {
	return &backlog.Site{People: []backlog.Person{
		{},
		{ID: "paaa", Name: "Ann Li", Email: "ann@acme.example", Accounts: []string{"acme:1f00"}},
		{ID: "pbbb", Name: "Li", Accounts: []string{"acme:li"}},
		{ID: "pccc", Name: "王伟", Accounts: []string{"acme:3"}},
	}}
}

func TestMaskText(t *testing.T) {
	m := newMask(sitePeople(), "secret")
	ann, li, wang := m.name("paaa"), m.name("pbbb"), m.name("pccc")
	for text, want := range map[string]string{
		"Ann Li prioritises, Li accepts":  ann + " prioritises, " + li + " accepts",
		"Limits of Linz":                  "Limits of Linz",
		"by ann@acme.example (acme:1f00)": "by " + ann + " (" + ann + ")",
		"王伟完成了":                           wang + "完成了",
		"Ann Li":                          ann,
		"":                                "",
		"\xff Li \xff":                    "\xff " + li + " \xff",
	} {
		if got := m.text(text); got != want {
			t.Errorf("text(%q) = %q, want %q", text, got, want)
		}
	}
	if again := newMask(sitePeople(), "secret"); again.name("paaa") != ann {
		t.Error("a pseudonym differs between two reports of one store")
	}
	if other := newMask(sitePeople(), "other"); other.name("paaa") == ann {
		t.Error("two stores share a pseudonym")
	}
}

// maskedReport speaks of a person in every place a report can.
func maskedReport(active int) *analysis.Report {
	p := analysis.PeriodReport{
		Headline: "Ann Li runs it",
		Coverage: analysis.Coverage{ActivePeople: active, Notes: []string{"Ann Li was away"}},
		Duties: map[string]*analysis.DutyReport{"write": {
			Verdict: "single", Person: "paaa", Persons: []string{"paaa"}, Why: "Ann Li", Shares: []analysis.Share{{Person: "paaa", Share: .61}},
		}},
		Roles:    map[string]*analysis.RoleReport{"product-owner": {Person: "paaa", P: .97, People: []analysis.RoleShare{{Person: "paaa", Score: .63}}, Why: "Ann Li"}},
		Declared: map[string][]string{"product-owner": {"paaa"}},
		Origins:  map[string][]analysis.Declared{"product-owner": {{Person: "paaa", Origin: "configuration"}}},
		Match:    map[string]*analysis.Match{"product-owner": {Outcome: "differs"}},
		Waits: &analysis.Waits{
			ByPerson: []analysis.PersonWait{{Person: "paaa"}},
			Items:    []analysis.WaitItem{{AskedBy: "paaa", Asked: "paaa", AnsweredBy: "paaa", Censored: "Ann Li left"}},
		},
		Forest: []analysis.Forest{{Person: "paaa", Note: "Ann Li"}},
		Findings: []analysis.Finding{{
			ID: "acme/PAY/2026-Q3/trees-over-forests/paaa", People: []string{"paaa"}, Statement: "Ann Li is …", Advice: "ask Ann Li",
			Evidence: []analysis.Evidence{{Person: "paaa", From: "Ann Li", To: "ann@acme.example", Why: "Ann Li"}},
			Against:  []analysis.Evidence{{Person: "paaa"}},
			Note:     &analysis.Note{By: "Ann Li", Why: "Ann Li said so"},
		}},
	}
	return &analysis.Report{
		Limits: []string{"Ann Li"},
		People: []analysis.Person{{ID: "paaa", Name: "Ann Li", Accounts: []string{"acme:1f00"}}, {ID: "pbbb", Name: "Li"}},
		Scopes: []analysis.ScopeReport{{Scope: "acme/PAY", Periods: []analysis.PeriodReport{p}}},
	}
}

func TestPseudonymise(t *testing.T) {
	r := maskedReport(5)
	m := newMask(sitePeople(), "secret")
	pseudonymise(r, m, 5)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Ann", "ann@", "1f00", "paaa", "acme:"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the report still holds %q:\n%s", secret, text)
		}
	}
	if len(r.People) != 1 || r.People[0].Name != m.name("paaa") {
		t.Errorf("people = %+v: want those the report speaks of", r.People)
	}
	d := r.Scopes[0].Periods[0].Duties["write"]
	if d.Person != r.People[0].ID || d.Shares[0].Share != .61 {
		t.Errorf("duty = %+v: want its figures under the pseudonym", d)
	}
	if !strings.HasSuffix(r.Scopes[0].Periods[0].Findings[0].ID, "/"+d.Person) {
		t.Errorf("finding %s", r.Scopes[0].Periods[0].Findings[0].ID)
	}
}

func TestPseudonymiseSmallGroup(t *testing.T) {
	r := maskedReport(4)
	pseudonymise(r, newMask(sitePeople(), "secret"), 5)
	p := r.Scopes[0].Periods[0]
	if len(r.People)+len(p.Forest)+len(p.Findings)+len(p.Declared)+len(p.Waits.ByPerson)+len(p.Waits.Items)+len(p.Duties["write"].Shares)+len(p.Roles["product-owner"].People) > 0 {
		t.Errorf("a group of four is told apart: %+v", p)
	}
	if p.Duties["write"].Person != "" || p.Roles["product-owner"].Person != "" || p.Duties["write"].Verdict != "single" {
		t.Errorf("duty %+v, role %+v: want the verdict without the person", p.Duties["write"], p.Roles["product-owner"])
	}
	if !strings.Contains(p.Headline, "withheld") {
		t.Errorf("headline %q does not say that something is withheld", p.Headline)
	}
}

// No format of a pseudonymous report lets a name, an address or an account through.
func TestPseudonymousDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "defacto-demo")
	sayIn(t, dir, "demo", "--dir", dir)
	var secrets []string
	for line := range strings.Lines(sayIn(t, dir, "people", "list")) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		secrets = append(secrets, columns[0], columns[1])
		if columns[3] != "" {
			secrets = append(secrets, columns[3])
		}
		for account := range strings.FieldsSeq(columns[5]) {
			_, id, _ := strings.Cut(account, ":")
			secrets = append(secrets, id)
		}
	}
	if len(secrets) < 100 {
		t.Fatalf("only %d names, addresses and accounts", len(secrets))
	}
	for _, format := range reports.Names() {
		text := sayIn(t, dir, "audit", "--period", "all", "--pseudonyms", "--format", format)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s tells %q: …%s…", format, secret, text[max(0, i-80):min(len(text), i+80)])
			}
		}
		if !strings.Contains(text, "Person ") {
			t.Errorf("%s speaks of nobody", format)
		}
		if again := sayIn(t, dir, "audit", "--period", "all", "--pseudonyms", "--format", format); again != text {
			t.Errorf("%s differs the second time", format)
		}
	}
}
