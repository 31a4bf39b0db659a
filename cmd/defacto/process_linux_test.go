package main

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestGone(t *testing.T) {
	mine := process()
	fields := strings.Fields(mine)
	if len(fields) != 4 {
		t.Skipf("the kernel does not say who this is: %q", mine)
	}
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Skip(err)
	}
	with := func(i int, value string) string {
		other := strings.Fields(mine)
		other[i] = value
		return strings.Join(other, " ")
	}
	for _, c := range []struct {
		name, process string
		want          bool
	}{
		{"this one", mine, false},
		{"one that ended", with(2, strconv.Itoa(ended.Process.Pid)), true},
		{"one whose number is used again", with(3, "1"), true},
		{"one that ended on another machine", with(0, "another boot"), false},
		{"one in another container", with(1, "pid:[1]"), false},
		{"no number", with(2, "-1"), false},
		{"nothing", "", false},
	} {
		if got := gone(c.process); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}

	// A dead one's place is free at once, a living one's is not.
	y := newYear(t, "2026-06-01T00:00:00Z")
	p := &program{now: func() time.Time { return y.at }, log: slog.New(slog.DiscardHandler)}
	for i, holder := range []string{with(2, strconv.Itoa(ended.Process.Pid)), mine} {
		name := "report:" + strconv.Itoa(i)
		if got, _, _, err := y.st.Lease(t.Context(), name, "X"+leaseMark+holder, leaseTime); err != nil || !got {
			t.Fatal(got, err)
		}
		ran := false
		err := p.alone(t.Context(), y.st, name, func(context.Context) error { ran = true; return nil })
		if dead := i == 0; ran != dead || errors.As(err, new(busyError)) == dead {
			t.Errorf("the place of %s: ran %t, %v", holder, ran, err)
		}
	}
}
