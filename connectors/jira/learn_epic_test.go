package jira

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestLearnEpicLink: without a list of fields and without a change that names it,
// the Epic Link is the field whose values are keys of epics, in whatever order the
// issues come and however many decoders share them.
func TestLearnEpicLink(t *testing.T) {
	epic := func(n int) string {
		return fmt.Sprintf(`{"id":"e%[1]d","key":"TAE-%[1]d","fields":{"issuetype":{"id":"5","name":"Epic"}}}`, n)
	}
	story := func(n int, fields string, args ...any) string {
		return fmt.Sprintf(`{"id":"s%[1]d","key":"TAA-%[1]d","fields":{"issuetype":{"id":"1","name":"Story"}%[2]s}}`, n, fmt.Sprintf(fields, args...))
	}
	const link, other = "customfield_10102", "customfield_10007"
	each := func(epics, stories int, of func(n int) string) []string {
		var list []string
		for n := range stories {
			list = append(list, of(n))
		}
		for n := range epics {
			list = append(list, epic(n))
		}
		return list
	}
	for name, c := range map[string]struct {
		issues []string
		want   string
	}{
		"an epic link": {each(3, 20, func(n int) string { return story(n, `,"%s":"TAE-%d","%s":"ABC-12x"`, link, n%3, other) }), link},
		"beside a picker of stories": {each(3, 20, func(n int) string {
			return story(n, `,"%s":"TAE-%d","%s":"TAA-%d"`, link, n%3, other, n/2)
		}), link},
		"only a picker of stories": {each(3, 20, func(n int) string { return story(n, `,"%s":"TAA-%d"`, other, n/2) }), ""},
		"a picker of anything": {each(9, 20, func(n int) string {
			return story(n, `,"%s":"%s-%d"`, other, map[bool]string{true: "TAE", false: "TAA"}[n%4 > 0], n%9)
		}), ""},
		"on few":                     {each(3, 2, func(n int) string { return story(n, `,"%s":"TAE-%d"`, link, n) }), ""},
		"on just enough":             {each(3, 3, func(n int) string { return story(n, `,"%s":"TAE-%d"`, link, n) }), link},
		"a few lead elsewhere":       {each(9, 40, func(n int) string { return story(n, `,"%s":"TAE-%d"`, link, n%12) }), link},
		"most lead elsewhere":        {each(3, 40, func(n int) string { return story(n, `,"%s":"TAE-%d"`, link, n%12) }), ""},
		"the parent is another":      {each(9, 20, func(n int) string { return story(n, `,"parent":{"key":"TAE-%d"},"%s":"TAE-%d"`, n%9, other, (n+1)%9) }), ""},
		"the parent is the same":     {each(9, 20, func(n int) string { return story(n, `,"parent":{"key":"TAE-%[1]d"},"%[2]s":"TAE-%[1]d"`, n%9, link) }), link},
		"lists and objects of epics": {each(3, 20, func(n int) string { return story(n, `,"%s":["TAE-1"],"customfield_1":{"key":"TAE-1"}`, other) }), ""},
		"epics that name epics": {each(0, 20, func(n int) string {
			return fmt.Sprintf(`{"key":"TAA-%d","fields":{"issuetype":{"id":"5","name":"Epic"},%q:"TAA-%d"}}`, n, other, n/2)
		}), ""},
		"no epics": {each(0, 20, func(n int) string { return story(n, `,"%s":"TAE-%d"`, link, n%3) }), ""},
		"the history names another": {append(each(3, 20, func(n int) string { return story(n, `,"%s":"TAE-%d"`, other, n%3) }),
			`{"key":"TAA-99","fields":{"issuetype":{"id":"1","name":"Story"},"customfield_10102":"OUT-1"},"changelog":{"histories":[{"id":"1","created":1767225600,"items":[{"field":"Epic Link","fieldtype":"custom","toString":"OUT-1"}]}]}}`), link},
		"far more than is kept": {each(9_000, 30_000, func(n int) string {
			return story(n, `,"%s":"TAE-%d","%s":"TAA-%d"`, link, n%9_000, other, n/2)
		}), link},
		"far more, of stories": {each(9_000, 30_000, func(n int) string { return story(n, `,"%s":"TAA-%d"`, other, n/2) }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				rand.New(rand.NewPCG(seed, 1)).Shuffle(len(c.issues), func(i, j int) { c.issues[i], c.issues[j] = c.issues[j], c.issues[i] })
				d := NewDecoder()
				forks := []*Decoder{d.Fork(), d.Fork(), d.Fork()}
				for i, data := range c.issues {
					forks[i%(1+int(seed))].Learn([]byte(data))
				}
				d.Settle(forks...)
				got := ""
				for id, r := range d.catalogue.roles {
					if r == roleEpicLink {
						got += id
					}
				}
				if got != c.want || got != "" && d.MissesEpicLink() {
					t.Fatalf("seed %d: the Epic Link is %q, want %q", seed, got, c.want)
				}
			}
		})
	}
}

// TestSample: what a sample keeps depends on what went in, not on its order nor on
// how it was shared out, and what it estimates is about right.
func TestSample(t *testing.T) {
	const all = 50_000
	keys := make([]string, all)
	for n := range keys {
		keys[n] = fmt.Sprintf("PAY-%d", n)
	}
	whole := newSample()
	for _, k := range keys {
		whole.add(keyHash(k), 2)
	}
	if len(whole.counts) > mostSampled || whole.total() < 2*all*9/10 || whole.total() > 2*all*11/10 {
		t.Errorf("%d of %d keys are kept for a total of %d", len(whole.counts), all, whole.total())
	}
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 1))
		rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		parts := []*sample{newSample(), newSample(), newSample()}
		for _, k := range keys {
			for range 2 {
				parts[rng.IntN(3)].add(keyHash(k), 1)
			}
		}
		joined := newSample()
		for _, p := range parts {
			joined.join(p)
		}
		if joined.zeros != whole.zeros || joined.total() != whole.total() || joined.among(whole) != whole.total() {
			t.Errorf("seed %d: %d and %d, want %d and %d", seed, joined.zeros, joined.total(), whole.zeros, whole.total())
		}
	}
}

func TestIsKey(t *testing.T) {
	for raw, want := range map[string]bool{
		`"PAY-1"`: true, `"A_1B-170"`: true, `"P-1"`: true, `"-1"`: false, `"PAY-"`: false, `"PAY1"`: false, `"PAY-1 "`: false, `"PAY 2-1"`: false,
		`"2026-12-01"`: false, `"1"`: false, `1234567`: false, `["PAY-1"]`: false, `""`: false, `"12345"`: false,
	} {
		if got := isKey([]byte(raw)); got != want {
			t.Errorf("isKey(%s) = %t", raw, got)
		}
	}
}
