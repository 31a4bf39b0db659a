package workhours

import (
	"fmt"
	"testing"
)

func TestParseHours(t *testing.T) {
	for text, want := range map[string]Hours{
		"09:00-17:00": {540, 1020}, " 9 - 17 ": {540, 1020}, "8:30–16:45": {510, 1005}, "00:00-24:00": {0, 1440},
	} {
		if got, err := ParseHours(text); err != nil || got != want {
			t.Errorf("%q = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "9", "09:00", "17:00-09:00", "09:00-09:00", "9:0-17:00", "09:60-17:00", "-1-17", "09:00-24:01", "25-26", "9-17-18", "٩-١٧", "09:00-17:00:00", "a-b", "-"} {
		if got, err := ParseHours(text); err == nil {
			t.Errorf("%q = %v, want an error", text, got)
		}
	}
}

func TestParseDays(t *testing.T) {
	for text, want := range map[string]string{
		"Mon-Fri": "[Monday Tuesday Wednesday Thursday Friday]", "sun-thu": "[Sunday Monday Tuesday Wednesday Thursday]",
		"Sat-Wed": "[Sunday Monday Tuesday Wednesday Saturday]", "Mon, Wed,FRIDAY": "[Monday Wednesday Friday]",
		"tues – thurs": "[Tuesday Wednesday Thursday]", "Mon-Mon": "[Monday]", "Mon-Sun": "[Sunday Monday Tuesday Wednesday Thursday Friday Saturday]",
		"Mon-Tue,Tue": "[Monday Tuesday]",
	} {
		if got, err := ParseDays(text); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%q = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "Mo", "Mon-", "-Fri", "Mon,,Fri", "Mondays", "Mon-Wed-Fri", "every day", ","} {
		if got, err := ParseDays(text); err == nil {
			t.Errorf("%q = %v, want an error", text, got)
		}
	}
}

func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"09:00-17:00", "9-17", "8:30–16:45", "0-24", "", "-"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text)
		if err != nil {
			return
		}
		if h.Open < 0 || h.Open >= h.Close || h.Close > 24*60 {
			t.Fatalf("%q = %+v", text, h)
		}
		if again, err := ParseHours(h.String()); err != nil || again != h {
			t.Fatalf("%q → %q → %v, %v", text, h, again, err)
		}
	})
}

func FuzzParseDays(f *testing.F) {
	for _, text := range []string{"Mon-Fri", "Sun-Thu", "Mon,Wed", "", "-", ",", "mon – tue"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, err := ParseDays(text)
		if err == nil && (len(days) == 0 || len(days) > 7) {
			t.Fatalf("%q = %v", text, days)
		}
		for i := 1; i < len(days); i++ {
			if days[i] <= days[i-1] {
				t.Fatalf("%q = %v", text, days)
			}
		}
	})
}

func FuzzParseHolidays(f *testing.F) {
	for _, text := range []string{"DE", "us-ca, 2026-12-24", "2026-12-24..2027-01-02", "", "..", "2026-02-30"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHolidays(text)
		if err == nil {
			h.on(2026)
		}
	})
}
