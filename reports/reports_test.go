package reports

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"defacto/analysis"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const golden = "../testdata/golden/reports"

func fixture(t testing.TB, name string) *analysis.Report {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(golden, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var r analysis.Report
	if err := dec.Decode(&r); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &r
}

func fixtures() []string { return []string{"full", "periods", "empty", "hostile"} }

func render(t testing.TB, format string, o Options, r *analysis.Report) string {
	t.Helper()
	renderer, err := ByName(format, o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := renderer.Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// crowd is an organisation of so many scopes, cut from a fixture.
func crowd(t testing.TB, scopes int) *analysis.Report {
	r := fixture(t, "periods")
	from := r.Scopes
	r.Scopes = nil
	for i := range scopes {
		s := from[i%len(from)]
		s.Scope = fmt.Sprintf("acme/TEAM%03d", i+1)
		s.Name = fmt.Sprintf("Team number %d", i+1)
		s.Periods = s.Periods[len(s.Periods)-1:]
		r.Scopes = append(r.Scopes, s)
	}
	return r
}

func TestGolden(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skipf("no time zones here: %v", err)
	}
	type job struct {
		name, format, file string
		opt                Options
	}
	var jobs []job
	for _, name := range fixtures() {
		for _, width := range []int{40, 80, 120, 200} {
			jobs = append(jobs, job{name, "table", fmt.Sprintf("%s.%d.txt", name, width), Options{Width: width, Zone: paris}})
		}
		jobs = append(jobs,
			job{name, "table", name + ".color.txt", Options{Width: 100, Color: true}},
			job{name, "json", name + ".golden.json", Options{}},
			job{name, "csv", name + ".csv", Options{}},
			job{name, "markdown", name + ".md", Options{Zone: paris}},
			job{name, "html", name + ".html", Options{Zone: paris}},
		)
	}
	jobs = append(jobs,
		job{"periods", "table", "periods.trend.txt", Options{Width: 120, Trend: true}},
		job{"periods", "markdown", "periods.trend.md", Options{Trend: true}})
	jobs = append(jobs, job{"crowd", "table", "crowd.80.txt", Options{}}, job{"crowd", "csv", "crowd.csv", Options{}})
	for _, j := range jobs {
		t.Run(j.file, func(t *testing.T) {
			var r *analysis.Report
			if j.name == "crowd" {
				r = crowd(t, 200)
			} else {
				r = fixture(t, j.name)
			}
			got := render(t, j.format, j.opt, r)
			if again := render(t, j.format, j.opt, r); again != got {
				t.Fatal("the same report rendered twice differs")
			}
			path := filepath.Join(golden, j.file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs from the golden file (run with -update and look at the change)%s", j.file, firstDifference(got, string(want)))
			}
		})
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("\nline %d\n got %.300q\nwant %.300q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("\n got %d lines\nwant %d", len(g), len(w))
}

func TestTableFitsItsWidth(t *testing.T) {
	for _, name := range append(fixtures(), "crowd") {
		for _, width := range []int{10, 40, 51, 66, 80, 100, 120, 200} {
			var r *analysis.Report
			if name == "crowd" {
				r = crowd(t, 200)
			} else {
				r = fixture(t, name)
			}
			for i, l := range strings.Split(render(t, "table", Options{Width: width}, r), "\n") {
				if n := columns(l); n > max(width, 40) {
					t.Errorf("%s at %d: line %d takes %d columns: %q", name, width, i+1, n, l)
				}
			}
		}
	}
}

func TestNothingHiddenReachesATerminal(t *testing.T) {
	for _, format := range []string{"table", "markdown", "json", "csv"} {
		out := render(t, format, Options{Width: 120}, fixture(t, "hostile"))
		for i, r := range out {
			if r == '\n' || format == "markdown" && r == '\u200b' {
				continue
			}
			if unicode.IsControl(r) || hidden(r) {
				t.Errorf("%s: %U at byte %d", format, r, i)
				break
			}
		}
		if strings.Contains(out, "[31m") && format != "json" {
			t.Errorf("%s: the rest of an escape sequence is left", format)
		}
	}
}

func TestPlainTableHasNoLettersOfItsOwnBeyondASCII(t *testing.T) {
	r := fixture(t, "periods")
	for i, c := range render(t, "table", Options{Width: 120}, r) {
		if c > unicode.MaxASCII {
			t.Fatalf("%q at byte %d", c, i)
		}
	}
}

func TestByNameListsTheFormats(t *testing.T) {
	_, err := ByName("pdf", Options{})
	if err == nil {
		t.Fatal("no error for an unknown format")
	}
	for _, n := range Names() {
		if !strings.Contains(err.Error(), n) {
			t.Errorf("the error %q does not name %s", err, n)
		}
	}
}

func TestRenderingChangesNothing(t *testing.T) {
	for _, name := range fixtures() {
		for _, format := range Names() {
			r := fixture(t, name)
			render(t, format, Options{}, r)
			before, _ := json.Marshal(fixture(t, name))
			after, _ := json.Marshal(r)
			if !bytes.Equal(before, after) {
				t.Errorf("%s as %s changed the report", name, format)
			}
		}
	}
}

func TestAReportWithNothingInIt(t *testing.T) {
	empty := []*analysis.Report{
		{},
		{Scopes: []analysis.ScopeReport{{}}},
		{Scopes: []analysis.ScopeReport{{Periods: []analysis.PeriodReport{{}, {}}}, {Periods: []analysis.PeriodReport{{
			Duties:   map[string]*analysis.DutyReport{"write": nil, "accept": {Verdict: "single"}, "answer": {Verdict: "contested"}},
			Roles:    map[string]*analysis.RoleReport{"product-owner": nil, "product-manager": {Verdict: "contested"}},
			Match:    map[string]*analysis.Match{"product-owner": nil},
			Waits:    &analysis.Waits{},
			Forest:   []analysis.Forest{{}},
			Findings: []analysis.Finding{{}},
		}}}}},
	}
	for i, r := range empty {
		for _, format := range Names() {
			if render(t, format, Options{}, r) == "" {
				t.Errorf("report %d as %s is empty", i, format)
			}
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestAWriterThatFails(t *testing.T) {
	for _, format := range Names() {
		r, err := ByName(format, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Render(brokenPipe{}, fixture(t, "full")); err == nil {
			t.Errorf("%s: no error", format)
		}
	}
}
