package workhours

import (
	"fmt"
	"strings"
	"time"
)

// Hours is when a working day opens and closes, in minutes after midnight; the
// zero value is a day off. Close is at most 24 hours.
type Hours struct{ Open, Close int }

func (h Hours) length() int { return max(0, h.Close-h.Open) }

// String spells the hours as ParseHours reads them.
func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.Open/60, h.Open%60, h.Close/60, h.Close%60)
}

// ParseHours reads "09:00-17:00". The day may end at 24:00 and must end after it
// starts; a night shift is not known.
func ParseHours(text string) (Hours, error) {
	from, to, found := strings.Cut(dashes(text), "-")
	open, ok := minutes(strings.TrimSpace(from))
	shut, ok2 := minutes(strings.TrimSpace(to))
	if !found || !ok || !ok2 {
		return Hours{}, fmt.Errorf("workhours: hours %q: want a start and an end like 09:00-17:00", text)
	}
	if shut <= open {
		return Hours{}, fmt.Errorf("workhours: hours %q end before they start", text)
	}
	return Hours{open, shut}, nil
}

// minutes reads "9", "9:30" or "09:30", up to 24:00.
func minutes(text string) (int, bool) {
	hour, minute, split := strings.Cut(text, ":")
	h, ok := digits(hour, 24)
	m := 0
	if split {
		var fine bool
		m, fine = digits(minute, 59)
		ok = ok && fine && len(minute) == 2
	}
	return h*60 + m, ok && h*60+m <= 24*60
}

func digits(text string, most int) (int, bool) {
	if len(text) < 1 || len(text) > 2 {
		return 0, false
	}
	n := 0
	for _, r := range []byte(text) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, n <= most
}

// ParseDays reads weekdays: "Mon-Fri", "Sun-Thu", "Mon, Wed, Fri" or "Mon-Wed,Sat".
// Names are English, whole or from three letters on, in any case; a range may
// run over the end of the week. The days come from Sunday on, each once.
func ParseDays(text string) ([]time.Weekday, error) {
	var works [7]bool
	for part := range strings.SplitSeq(dashes(text), ",") {
		from, to, ranged := strings.Cut(part, "-")
		first, ok := weekday(from)
		last := first
		if ranged && ok {
			last, ok = weekday(to)
		}
		if !ok {
			return nil, fmt.Errorf("workhours: days %q: %q is not a weekday or a range of them like Mon-Fri", text, strings.TrimSpace(part))
		}
		for d := first; ; d = (d + 1) % 7 {
			works[d] = true
			if d == last {
				break
			}
		}
	}
	var days []time.Weekday
	for d, on := range works {
		if on {
			days = append(days, time.Weekday(d))
		}
	}
	return days, nil
}

func weekday(text string) (time.Weekday, bool) {
	name := strings.ToLower(strings.TrimSpace(text))
	if len(name) < 3 {
		return 0, false
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.HasPrefix(strings.ToLower(d.String()), name) {
			return d, true
		}
	}
	return 0, false
}

// dashes turns the dashes that editors put in into plain ones.
func dashes(text string) string {
	return strings.NewReplacer("–", "-", "—", "-", "‑", "-").Replace(text)
}

// Week is when each day opens and closes, from Sunday on.
type Week [7]Hours

// Standard is the week taken where nothing is known: Monday to Friday, 09:00 to 17:00.
func Standard() Week {
	return NewWeek([]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}, Hours{9 * 60, 17 * 60})
}

// NewWeek gives some days the same hours and the others off.
func NewWeek(days []time.Weekday, hours Hours) Week {
	var w Week
	for _, d := range days {
		w[d] = hours
	}
	return w
}

func (w Week) hours() float64 {
	sum := 0
	for _, h := range w {
		sum += h.length()
	}
	return float64(sum) / 60
}
