package backlog

import (
	"slices"
	"strings"
	"testing"
)

func TestSpoken(t *testing.T) {
	for _, tc := range []struct {
		text, name string
		found      bool
	}{
		{"Mit Rasmus Okoye am Telefon geklärt", "Rasmus Okoye", true},
		{"Mit Rasmus Okoye am Telefon geklärt", "Rasmus", true},
		{"Settled with Anne-Marie O'Neill on Slack", "Anne-Marie O'Neill", true},
		{"Settled with RASMUS on Slack", "Rasmus", true},
		{"Созвонились с Ольга Ким", "Ольга Ким", true},
		{"As agreed with Rasmus, Okoye agreed", "Rasmus Okoye", false}, // a comma parts them
		{"Rasmus and Okoye agreed in the call", "Rasmus Okoye", false}, // and so does a word
		{"it will rasmus over by phone", "Rasmus", false},              // no name's form
		{"as discussed", "Rasmus", false},
		{"", "Rasmus", false},
		{strings.Repeat("word ", 50) + "Rasmus", "Rasmus", false}, // further in than is looked
	} {
		if got := slices.Contains(slices.Collect(SpokenNames(Spoken(Text{Prose: tc.text}))), SpokenName(tc.name)); got != tc.found {
			t.Errorf("%q speaks of %q: %v, want %v", tc.text, tc.name, got, tc.found)
		}
	}
}

func TestSpokenSaysNothing(t *testing.T) {
	spoken := Spoken(Text{Prose: "Mit Rasmus Okoye am Telefon geklärt"})
	if strings.Contains(strings.ToLower(spoken), "rasmus") || Lead(Text{Prose: spoken}) != "" {
		t.Errorf("%q can be read", spoken)
	}
	without := Unspeak(spoken, "Rasmus Okoye")
	if names := slices.Collect(SpokenNames(without)); slices.Contains(names, SpokenName("Rasmus")) || !slices.Contains(names, SpokenName("Telefon")) {
		t.Errorf("%q without the name is %q", spoken, without)
	}
	if got := Unspeak("Rasmus", "Rasmus"); got != "Rasmus" {
		t.Errorf("a name a comment opens with became %q", got)
	}
	if names := slices.Collect(SpokenNames("Rasmus")); len(names) > 0 {
		t.Errorf("a name a comment opens with yields %q", names)
	}
}

// FuzzSpoken holds that any text is read without a panic, into what can be taken apart again.
func FuzzSpoken(f *testing.F) {
	f.Add("Mit Rasmus Okoye geklärt", "Rasmus Okoye")
	f.Add("~.~", "~")
	f.Fuzz(func(t *testing.T, text, name string) {
		spoken := Spoken(Text{Prose: text})
		if len(spoken) > len(spokenMark)+spokenWords*(wordLen+1) {
			t.Errorf("%q is long", spoken)
		}
		for range SpokenNames(text) {
			continue // what no Spoken wrote is taken apart as well
		}
		for found := range SpokenNames(Unspeak(spoken, name)) {
			if found == SpokenName(name) {
				t.Errorf("%q is still spoken of in %q", name, text)
			}
		}
	})
}
