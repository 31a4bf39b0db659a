package reports

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"defacto/analysis"
)

func salt() []byte { return []byte("a store's own secret") }

func TestPseudonymsHideEverybody(t *testing.T) {
	for _, name := range []string{"full", "periods", "empty"} {
		for _, minimum := range []int{0, 5, 1000} {
			r := fixture(t, name)
			p := Pseudonymise(r, salt(), minimum)
			for _, format := range Names() {
				words := map[string]bool{}
				for _, w := range wordsOf(render(t, format, Options{Width: 200}, p)) {
					words[w] = true
				}
				for _, who := range r.People {
					if who.Kind == "app" {
						continue
					}
					for _, secret := range wordsOf(who.Name + " " + strings.TrimPrefix(strings.Join(who.Accounts, " "), "acme:")) {
						if words[secret] {
							t.Errorf("%s as %s, minimum %d: %q is named", name, format, minimum, secret)
						}
					}
				}
			}
		}
	}
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func TestPseudonymsAreStable(t *testing.T) {
	r := fixture(t, "full")
	whole := namesOf(r, Pseudonymise(r, salt(), 0))
	part := fixture(t, "full")
	part.Scopes[0].Periods[0].Findings = nil
	part.Scopes[0].Periods[0].Waits = nil
	slices.Reverse(part.People)
	if d := cmp.Diff(whole, namesOf(part, Pseudonymise(part, salt(), 0))); d != "" {
		t.Errorf("another report names people differently: %s", d)
	}
	other := namesOf(r, Pseudonymise(r, []byte("another secret"), 0))
	same := 0
	for k, v := range whole {
		if other[k] == v {
			same++
		}
	}
	if same > 1 {
		t.Errorf("%d names are the same under another salt", same)
	}
}

// namesOf maps the real names of those with a share to the names they got.
func namesOf(real, masked *analysis.Report) map[string]string {
	names := map[string]string{}
	a, b := peopleOf(real), peopleOf(masked)
	for duty, d := range real.Scopes[0].Periods[0].Duties {
		for i, s := range d.Shares {
			names[a.name(s.Person)] = b.name(masked.Scopes[0].Periods[0].Duties[duty].Shares[i].Person)
		}
	}
	return names
}

func TestPseudonymsTellPeopleApart(t *testing.T) {
	r := &analysis.Report{Scopes: []analysis.ScopeReport{{Periods: []analysis.PeriodReport{{Duties: map[string]*analysis.DutyReport{"write": {}}}}}}}
	d := r.Scopes[0].Periods[0].Duties["write"]
	for i := range 5000 {
		id := fmt.Sprintf("p%d", i)
		r.People = append(r.People, analysis.Person{ID: id, Name: "Same Name", Kind: "person"})
		d.Shares = append(d.Shares, analysis.Share{Person: id})
	}
	p := Pseudonymise(r, salt(), 0)
	seen := map[string]bool{}
	for _, who := range p.People {
		if seen[who.Name] || seen[who.ID] {
			t.Fatalf("%s stands for two people", who.Name)
		}
		seen[who.Name], seen[who.ID] = true, true
		if len(strings.Fields(who.Name)) < 2 {
			t.Fatalf("%q is not two words", who.Name)
		}
	}
	if len(p.People) != 5000 {
		t.Fatalf("%d people", len(p.People))
	}
}

func TestPseudonymsOfASmallGroupShowNoFigures(t *testing.T) {
	r := fixture(t, "full")
	r.Scopes[0].Periods[0].Coverage.ActivePeople = 4
	p := Pseudonymise(r, salt(), 5).Scopes[0].Periods[0]
	for name, d := range p.Duties {
		if len(d.Shares) > 0 || d.Person != "" || len(d.Persons) > 0 {
			t.Errorf("%s still speaks of people", name)
		}
		if d.Verdict != r.Scopes[0].Periods[0].Duties[name].Verdict {
			t.Errorf("the verdict of %s is gone", name)
		}
	}
	for name, role := range p.Roles {
		if len(role.People) > 0 || role.Person != "" || role.P != 0 {
			t.Errorf("%s still speaks of people", name)
		}
	}
	if len(p.Forest)+len(p.Waits.ByPerson)+p.Waits.Items.Len() > 0 || p.Waits.MedianHours == nil {
		t.Error("waits and touches of single people stay, or the team's are gone")
	}
	if p.Match["product-owner"].Distance != nil {
		t.Error("a distance is one person's share")
	}
	for _, f := range p.Findings {
		about := f.Code == "po-differs" || f.Code == "trees-over-forests"
		if len(f.People) > 0 || about != strings.HasPrefix(f.Statement, "A finding about somebody") || about != (f.Measure.Value == nil) {
			t.Errorf("%s: %+v", f.Code, f)
		}
		for _, e := range append(f.Evidence, f.Against...) {
			if e.Person != "" {
				t.Errorf("%s: evidence of a person", f.Code)
			}
		}
	}
	if !strings.Contains(p.Headline, "withheld") || !strings.Contains(strings.Join(p.Coverage.Notes, " "), "withheld") {
		t.Error("nothing says what is withheld")
	}
	if big := Pseudonymise(r, salt(), 4).Scopes[0].Periods[0]; len(big.Duties["write"].Shares) == 0 {
		t.Error("four of four are withheld")
	}
}

func TestPseudonymsLeaveTheReportAlone(t *testing.T) {
	for _, name := range fixtures() {
		r := fixture(t, name)
		Pseudonymise(r, salt(), 1000)
		if d := cmp.Diff(fixture(t, name), r, cmpopts.IgnoreUnexported(analysis.PeriodReport{}), spelt()); d != "" {
			t.Errorf("%s changed: %.1000s", name, d)
		}
	}
}

func TestPseudonymsKeepMachinesAndFigures(t *testing.T) {
	r := fixture(t, "full")
	r.Scopes[0].Periods[0].Duties["market"].Shares = []analysis.Share{{Person: "p9", Share: 1}}
	p := Pseudonymise(r, salt(), 0)
	if i := slices.IndexFunc(p.People, func(w analysis.Person) bool { return w.Kind == "app" }); i < 0 || p.People[i].Name != "Release Robot" || p.People[i].ID != "p9" {
		t.Error("the machine lost its name")
	}
	b, _ := json.Marshal(r.Scopes[0].Periods[0].Coverage.Missing)
	c, _ := json.Marshal(p.Scopes[0].Periods[0].Coverage.Missing)
	if string(b) != string(c) || p.Scopes[0].Periods[0].Duties["write"].Shares[0].Share != .61 {
		t.Error("a figure changed")
	}
}

func maskOf(names ...string) (*mask, func(i int) string) {
	a := &alias{salt: salt(), people: map[string]pseudonym{}, machines: map[string]bool{}}
	var people []analysis.Person
	for i, n := range names {
		id := fmt.Sprintf("p%d", i)
		people = append(people, analysis.Person{ID: id, Name: n, Kind: "person", Accounts: []string{fmt.Sprintf("acme:5b10ac8d%d", i)}})
		a.add(id)
	}
	a.settle()
	return newMask(people, a), func(i int) string { return a.name(fmt.Sprintf("p%d", i)) }
}

func TestMask(t *testing.T) {
	m, name := maskOf("Mirela Okonjo", "Will Young", "Ann", "Anna Lindqvist", "李晓明", "Jonas Weber", "Jonas Weber", "José Álvarez", "Product Owner", "von Berg Li", "Max Pay")
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"nobody here", "nobody here"},
		{"Mirela Okonjo is recorded", "0 is recorded"},
		{"MIRELA OKONJO's work", "0's work"},
		{"mirela.okonjo@acme.example", "0@acme.example"},
		{"Okonjo, Mirela", "0"},
		{"ask Mirela, or okonjo", "ask 0, or 0"},
		{"Will this work?", "Will this work?"},
		{"Please ask Will about it", "Please ask 1 about it"},
		{"I will, and it will", "I will, and it will"},
		{"Will Young decides", "1 decides"},
		{"a young team", "a young team"},
		{"Ann and Anna and Annabel", "2 and 3 and Annabel"},
		{"Anna Lindqvist", "3"},
		{"由李晓明完成", "由4完成"},
		{"Jonas Weber answers", "somebody answers"},
		{"Jose\u0301 A\u0301lvarez", "7"},
		{"the product owner's work", "the product owner's work"},
		{"assigned to Product Owner", "assigned to 8"},
		{"acme:5b10ac8d0 and 5b10ac8d3", "0 and 3"},
		{"ein Brief von Berg an der See", "ein Brief von 9 an der See"},
		{"PAY-12 and Pay-12", "PAY-12 and Pay-12"},
		{"Max pays", "10 pays"},
		{"Mirela\u200b Okonjo", "0"},
	} {
		want := c.want
		for i := 10; i >= 0; i-- {
			if want != c.in {
				want = replaceDigits(want, fmt.Sprint(i), name(i))
			}
		}
		if got := m.text(c.in); got != want {
			t.Errorf("text(%q) = %q, want %q", c.in, got, want)
		}
	}
	if got := m.text("Jonas Weber answers", "p5"); got != name(5)+" answers" {
		t.Errorf("a namesake the text is about: %q", got)
	}
	if got := m.person("Somebody Else", nil); got != someone {
		t.Errorf("a stranger in a person's field: %q", got)
	}
	if got := m.person("okonjo mirela", nil); got != name(0) {
		t.Errorf("a known person in a person's field: %q", got)
	}
}

// replaceDigits puts a name where a number stands alone.
func replaceDigits(s, digits, name string) string {
	isDigit := func(i int) bool {
		return i >= 0 && i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z' || s[i] == '-')
	}
	if i := strings.Index(s, digits); i >= 0 && !isDigit(i-1) && !isDigit(i+len(digits)) {
		return s[:i] + name + replaceDigits(s[i+len(digits):], digits, name)
	}
	return s
}

func FuzzMask(f *testing.F) {
	f.Add("Mirela Okonjo", "ask Mirela Okonjo, please")
	f.Add("李晓明", "由李晓明完成")
	f.Add("=1", "=1+1")
	f.Add("İstanbul Öz", "İSTANBUL ÖZ")
	f.Fuzz(func(t *testing.T, name, text string) {
		m, _ := maskOf(name, "Other Person")
		for _, s := range []string{text, name, "of " + name + " and"} {
			m.text(s)
			m.strict(s)
			m.blank(s)
			m.person(s, nil)
		}
		whole := clean(name)
		if whole == "" || whole == someone {
			return
		}
		if got := m.person(name, nil); got == name {
			t.Fatalf("the field %q stays", name)
		}
	})
}
