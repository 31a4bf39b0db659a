package backlog

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestGrams holds the shortcut to what it shortens: a phrase that stands in a
// text is never ruled out, and most that do not are.
func TestGrams(t *testing.T) {
	lex := DefaultLexicon()
	var phrases []string
	for _, list := range [][]string{lex.Asks, lex.Approves, lex.Rejects, lex.Elsewhere, lex.Acknowledges, lex.Criteria, lex.CustomerHosts} {
		phrases = append(phrases, list...)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	filler := strings.Fields("the customer sees what happens when a card fails 受け入れ что это für größere ok")
	searched, absent := 0, 0
	for range 500 {
		var b strings.Builder
		for range rng.IntN(30) {
			b.WriteString(filler[rng.IntN(len(filler))] + " ")
		}
		in := phrases[rng.IntN(len(phrases))]
		text := b.String() + in
		g := gramsOf(text)
		if !g.may(in) {
			t.Fatalf("%q was ruled out in %q", in, text)
		}
		for _, p := range phrases {
			if strings.Contains(text, p) {
				if !g.may(p) {
					t.Fatalf("%q was ruled out in %q", p, text)
				}
				continue
			}
			absent++
			if g.may(p) {
				searched++
			}
		}
	}
	if searched*10 > absent {
		t.Errorf("%d of %d phrases that are not there are searched for", searched, absent)
	}
}

func TestRead(t *testing.T) {
	lex := DefaultLexicon()
	for _, tc := range []struct {
		prose string
		want  Marks
	}{
		{"Could you confirm the limit", MarkAsks},
		{"Looks good, accepted", MarkApproves},
		{"not accepted: still broken", MarkRejects},
		{"as discussed on the call", MarkElsewhere},
		{"验收通过", MarkApproves},
		{"请问 这里", MarkAsks},
		{"will check", MarkAcknowledges},
		{"unaccepted wording", 0},
		{"what happens then？", MarkQuestion},
	} {
		if got := lex.Read(Text{Prose: tc.prose}); got != tc.want {
			t.Errorf("%q: %b, want %b", tc.prose, got, tc.want)
		}
	}
}

func TestHasCriteria(t *testing.T) {
	l := DefaultLexicon()
	for text, want := range map[string]bool{
		"As a shopper I want to pay.\n\nAcceptance criteria:\n- a receipt":                                 true,
		"Given I am logged in\nWhen I pay\nThen I get a receipt":                                           true,
		"h2. Cases\n * Given a card, when it fails, then say so":                                           true,
		"The user story:\n\"Given that I edit\n\nwhen I save then it is kept\"":                            true,
		"Who builds the record for a given order decides when it is sent, and then again when it is paid.": false,
		"A given given order: when it fails, then say so":                                                  false,
		"Given a card":                      false,
		"Given a card, then say when it is": false,
		"":                                  false,
	} {
		if got := l.HasCriteria(Text{Prose: text}); got != want {
			t.Errorf("%q has criteria: %t, want %t", text, got, want)
		}
	}
}
