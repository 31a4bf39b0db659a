package backlog

import (
	"strings"
	"testing"
	"time"
)

func date(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func names(list []Period) string {
	var s []string
	for _, p := range list {
		s = append(s, p.Name+"="+p.From.Format(time.DateOnly)+"/"+p.To.Format(time.DateOnly))
	}
	return strings.Join(s, " ")
}

func TestParsePeriods(t *testing.T) {
	first, last, asOf := date(t, "2025-11-20"), date(t, "2026-09-28"), date(t, "2026-10-02")
	for text, want := range map[string]string{
		"2026-Q3":                  "2026-Q3=2026-07-01/2026-10-01",
		" 2026-q1 ":                "2026-Q1=2026-01-01/2026-04-01",
		"2026-Q4":                  "2026-Q4=2026-10-01/2027-01-01",
		"2026-07":                  "2026-07=2026-07-01/2026-08-01",
		"2026-12":                  "2026-12=2026-12-01/2027-01-01",
		"2026-H2":                  "2026-H2=2026-07-01/2027-01-01",
		"2026":                     "2026=2026-01-01/2027-01-01",
		"2026-07-01..2026-09-30":   "2026-07-01..2026-09-30=2026-07-01/2026-10-01",
		"2024-02-28..2024-02-29":   "2024-02-28..2024-02-29=2024-02-28/2024-03-01",
		"2026-07-01 .. 2026-07-01": "2026-07-01..2026-07-01=2026-07-01/2026-07-02",
		"last-quarter":             "2026-Q3=2026-07-01/2026-10-01",
		"this-quarter":             "2026-Q4=2026-10-01/2027-01-01",
		"last-month":               "2026-09=2026-09-01/2026-10-01",
		"This-Month":               "2026-10=2026-10-01/2026-11-01",
		"last-half":                "2026-H1=2026-01-01/2026-07-01",
		"last-year":                "2025=2025-01-01/2026-01-01",
		"":                         "2026-Q3=2026-07-01/2026-10-01",
		"all":                      "2025-Q4=2025-10-01/2026-01-01 2026-Q1=2026-01-01/2026-04-01 2026-Q2=2026-04-01/2026-07-01 2026-Q3=2026-07-01/2026-10-01",
		"2025-Q4..2026-Q1":         "2025-Q4=2025-10-01/2026-01-01 2026-Q1=2026-01-01/2026-04-01",
		"2026-Q2..last-quarter":    "2026-Q2=2026-04-01/2026-07-01 2026-Q3=2026-07-01/2026-10-01",
		"2025-12..2026-01":         "2025-12=2025-12-01/2026-01-01 2026-01=2026-01-01/2026-02-01",
		"2025-H2..2026-H1":         "2025-H2=2025-07-01/2026-01-01 2026-H1=2026-01-01/2026-07-01",
		"2025..2026":               "2025=2025-01-01/2026-01-01 2026=2026-01-01/2027-01-01",
		"2026-Q1..2026-Q1":         "2026-Q1=2026-01-01/2026-04-01",
	} {
		got, err := ParsePeriods(text, first, last, asOf)
		if err != nil || names(got) != want {
			t.Errorf("%q = %v, %v; want %s", text, names(got), err, want)
		}
		if err := CheckPeriods(text); err != nil {
			t.Errorf("CheckPeriods(%q): %v", text, err)
		}
	}
}

func TestParsePeriodsRefuses(t *testing.T) {
	asOf := date(t, "2026-10-02")
	for text, want := range map[string]string{
		"2026-Q5": "want 2026-Q3", "2026-Q0": "want 2026-Q3", "2026-H3": "want 2026-Q3", "2026-13": "want 2026-Q3",
		"26-Q3": "want 2026-Q3", "2026-07-01": "want 2026-Q3", "2026-02-30..2026-03-01": "want 2026-Q3", "yesterday": "want 2026-Q3",
		"last-week": "want 2026-Q3", "last-": "want 2026-Q3", "2026-Q1..": "want 2026-Q3", "..2026-Q1": "want 2026-Q3", "..": "want 2026-Q3",
		"2026-Q1..2026-Q2..2026-Q3": "want 2026-Q3", "all..2026-Q1": "want 2026-Q3", "0001-Q1": "want 2026-Q3", "9999": "want 2026-Q3",
		"2026-Q1..2026-12":       "mixes a quarter and a month",
		"2026-Q4..2026-Q1":       "ends before it starts",
		"2026-09-30..2026-07-01": "ends before it starts",
		"last-quarter..2025-Q4":  "ends before it starts",
		"1900-01..2999-12":       "13200 periods",
	} {
		got, err := ParsePeriods(text, date(t, "2026-01-01"), asOf, asOf)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q = %v, %v; want %q", text, names(got), err, want)
		}
	}
	for _, text := range []string{"2026-Q5", "2026-Q1..2026-12", "2026-Q4..2026-Q1", "soon"} {
		if CheckPeriods(text) == nil {
			t.Errorf("CheckPeriods(%q) finds nothing wrong", text)
		}
	}
	if _, err := ParsePeriods(strings.Repeat("x", 1<<20), asOf, asOf, asOf); err == nil || len(err.Error()) > 400 {
		t.Error("a huge text is echoed")
	}
}

func TestDefaultPeriod(t *testing.T) {
	for _, c := range []struct{ name, first, last, asOf, want string }{
		{"just ended", "2025-01-10", "2026-09-30", "2026-10-01", "2026-Q3"},
		{"about to end", "2025-01-10", "2026-09-30", "2026-09-30", "2026-Q2"},
		{"nothing since spring", "2025-01-10", "2026-03-05", "2026-10-02", "2026-Q1"},
		{"only the running quarter", "2026-10-01", "2026-11-05", "2026-11-06", "2026-Q4"},
		{"only an earlier one", "2026-04-03", "2026-05-05", "2026-11-06", "2026-Q2"},
		{"looking back", "2025-01-10", "2026-09-30", "2026-02-01", "2025-Q4"},
	} {
		got, err := ParsePeriods("", date(t, c.first), date(t, c.last), date(t, c.asOf))
		if err != nil || len(got) != 1 || got[0].Name != c.want {
			t.Errorf("%s: %v, %v; want %s", c.name, names(got), err, c.want)
		}
	}
}

func TestPeriodsOfAnEmptyStore(t *testing.T) {
	var none time.Time
	for _, text := range []string{"", "all", "last-quarter", "2026-Q1..this-quarter"} {
		if got, err := ParsePeriods(text, none, none, none); err == nil || !strings.Contains(err.Error(), "nothing is stored") {
			t.Errorf("%q = %v, %v", text, names(got), err)
		}
	}
	if got, err := ParsePeriods("2026-Q3", none, none, none); err != nil || names(got) != "2026-Q3=2026-07-01/2026-10-01" {
		t.Errorf("a named period needs no data: %v, %v", names(got), err)
	}
	if _, err := ParsePeriods("all", date(t, "2026-05-01"), date(t, "2026-06-01"), date(t, "2026-01-01")); err == nil {
		t.Error("all of nothing before as-of")
	}
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct{ text, previous string }{
		{"2026-Q1", "2025-Q4=2025-10-01/2026-01-01"},
		{"2026-03", "2026-02=2026-02-01/2026-03-01"},
		{"2026-H1", "2025-H2=2025-07-01/2026-01-01"},
		{"2026", "2025=2025-01-01/2026-01-01"},
		{"2026-07-01..2026-09-30", "2026-Q2=2026-04-01/2026-07-01"},
		{"2026-07-06..2026-07-19", "2026-06-22..2026-07-05=2026-06-22/2026-07-06"},
	} {
		p, err := ParsePeriods(c.text, time.Time{}, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if got := names([]Period{p[0].Previous()}); got != c.previous {
			t.Errorf("before %s comes %s, want %s", c.text, got, c.previous)
		}
		last := p[0].To.Add(-time.Nanosecond)
		if !p[0].Contains(p[0].From) || !p[0].Contains(last) || p[0].Contains(p[0].To) || p[0].Contains(p[0].From.Add(-1)) {
			t.Errorf("%s has the wrong ends", c.text)
		}
	}
	p := Period{From: date(t, "2026-07-06"), To: date(t, "2026-07-23")}
	if w := p.Weeks(); w != 17./7 {
		t.Errorf("17 days are %v weeks", w)
	}
}

func FuzzParsePeriods(f *testing.F) {
	for _, text := range []string{"2026-Q3", "2026-07", "2026-H2", "2026", "2026-07-01..2026-09-30", "last-quarter", "all", "", "2026-Q1..2026-Q4", "2026-Q1..this-quarter", ".."} {
		f.Add(text)
	}
	first, last, asOf := date(f, "2024-02-29"), date(f, "2026-09-28"), date(f, "2026-10-02")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParsePeriods(text, first, last, asOf)
		if err != nil {
			return
		}
		if CheckPeriods(text) != nil {
			t.Fatalf("%q is taken, yet found wrong", text)
		}
		if len(list) == 0 || len(list) > mostPeriods {
			t.Fatalf("%q = %d periods", text, len(list))
		}
		for i, p := range list {
			if !p.From.Before(p.To) || p.From.Hour() != 0 || i > 0 && !list[i-1].To.Equal(p.From) {
				t.Fatalf("%q = %s", text, names(list))
			}
			again, err := ParsePeriods(p.Name, first, last, asOf)
			if err != nil || len(again) != 1 || again[0] != p {
				t.Fatalf("%q gives %q, which gives %v, %v", text, p.Name, again, err)
			}
			if before := p.Previous(); !before.To.Equal(p.From) {
				t.Fatalf("before %v comes %v", p, before)
			}
		}
	})
}
