package sample

import (
	"slices"
	"strings"
	"testing"
)

// phrases lists everything a bank can say in comments.
func phrases(b Bank) []string {
	var all []string
	add := func(w *tongue) {
		for _, x := range slices.Concat(w.product, w.technical) {
			all = append(all, x.ask, x.reply)
		}
		all = slices.Concat(all, w.hold, w.approve, w.remark, w.reject, w.relay, w.settled, w.chatter, w.roadmap, w.feedback)
	}
	add(speak(b, 0).english)
	for i := range 8 {
		add(speak(b, i).local)
	}
	return all
}

// TestBanksShareNothing asks that no phrase of the scoring bank can have been
// learnt from the other.
func TestBanksShareNothing(t *testing.T) {
	known := map[string]bool{}
	for _, p := range phrases(BankA) {
		known[strings.ToLower(strings.Trim(p, " .!?¿"))] = true
	}
	for _, p := range phrases(BankB) {
		if known[strings.ToLower(strings.Trim(p, " .!?¿"))] {
			t.Errorf("both banks say %q", p)
		}
	}
}

func TestTonguesAreComplete(t *testing.T) {
	for _, b := range []Bank{BankA, BankB} {
		silent, asked := 0, 0
		for i := range 8 {
			for _, w := range []*tongue{speak(b, i).english, speak(b, i).local} {
				for _, list := range [][]string{w.hold, w.approve, w.remark, w.reject, w.relay, w.settled, w.chatter, w.roadmap, w.feedback} {
					if len(list) == 0 || slices.Contains(list, "") {
						t.Errorf("bank %d, tongue %d: %q", b, i, list)
					}
				}
				if len(w.product) < 5 || len(w.technical) == 0 {
					t.Errorf("bank %d, tongue %d has %d questions", b, i, len(w.product))
				}
				for _, x := range w.product {
					if asked++; !strings.ContainsAny(x.ask, "?？") {
						silent++
					}
					if x.ask == "" || x.reply == "" {
						t.Errorf("bank %d, tongue %d: %+v", b, i, x)
					}
				}
			}
		}
		if b == BankA && float64(silent) > .4*float64(asked) || b == BankB && float64(silent) < .2*float64(asked) {
			t.Errorf("bank %d asks %d of %d questions without a question mark", b, silent, asked)
		}
	}
}

// TestNothingIsLeftUnfilled looks for placeholders in what is yielded.
func TestNothingIsLeftUnfilled(t *testing.T) {
	for _, o := range []*Org{Demo(2), Team(4, ProxyOwner, High(), BankB)} {
		for _, is := range issues(read(t, o)) {
			texts := []string{is.Title, is.Description.Prose}
			for _, c := range is.Comments {
				texts = append(texts, c.Body.Prose)
			}
			for _, s := range texts {
				if strings.ContainsAny(s, "{}|") || strings.TrimSpace(s) != s {
					t.Errorf("%s says %q", is.Key, s)
				}
			}
		}
	}
}

func TestDomainsAreComplete(t *testing.T) {
	for _, d := range domains() {
		for _, s := range d.stories {
			if title, topic, ok := strings.Cut(s, "|"); !ok || title == "" || topic == "" {
				t.Errorf("story %q", s)
			}
		}
		for _, list := range [][]string{d.stories, d.variants, d.epics, d.initiatives, d.containers, d.bugs, d.tasks, d.roles, d.components} {
			if len(list) < 3 {
				t.Errorf("only %q", list)
			}
		}
	}
}
