package reports

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestCell(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Anna", "Anna"},
		{"a=b", "a=b"},
		{"=1+1", "'=1+1"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'=1"},
		{"\r=1", "'=1"},
		{"\n1", "'1"},
		{"  =1", "'=1"},
		{"\u200b=1", "'=1"},
		{"\x1b[1m=1", "'=1"},
		{"＝1", "'＝1"},
		{"\"=1", "'\"=1"},
		{"|calc", "'|calc"},
		{"a\r\nb", "a b"},
		{"x,\"y\"", "x,\"y\""},
		{"%0A", "'%0A"},
	} {
		if got := Cell(c.in); got != c.want {
			t.Errorf("Cell(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCSVHasARowForEverybodyAndNobody(t *testing.T) {
	for _, name := range fixtures() {
		r := fixture(t, name)
		rows, err := csv.NewReader(strings.NewReader(render(t, "csv", Options{}, r))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, s := range r.Scopes {
			for _, p := range s.Periods {
				for _, d := range p.Duties {
					want += len(d.Shares) + 1
				}
			}
		}
		if got := len(rows) - 1; got != want {
			t.Errorf("%s: %d rows, want %d", name, got, want)
		}
		at := map[string]int{}
		for i, c := range rows[0] {
			at[c] = i
		}
		sum := map[string]float64{}
		for _, row := range rows[1:] {
			for i, c := range row {
				if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r\n") {
					t.Errorf("%s: %s opens a formula: %q", name, rows[0][i], c)
				}
			}
			v, err := strconv.ParseFloat(row[at["share"]], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum[strings.Join([]string{row[at["scope"]], row[at["period"]], row[at["duty"]]}, "/")] += v
		}
		for key, s := range sum {
			if s != 0 && math.Abs(s-1) > 0.021 {
				t.Errorf("%s: the shares of %s add to %v", name, key, s)
			}
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"=1", "\t=1", "\x1b]0;x\x07=1", "a", "\u202e=1", "'=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c := Cell(s); c != "" && strings.ContainsAny(c[:1], "=+-@\t\r\n") {
			t.Fatalf("Cell(%q) = %q", s, c)
		}
	})
}
