package jira

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"defacto/backlog"
)

func TestIDSet(t *testing.T) {
	var s idSet
	want := map[string]bool{}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		id := strconv.Itoa(10_000 + dice.IntN(4000))
		if dice.IntN(4) == 0 {
			if s.remove(id) != want[id] {
				t.Fatalf("remove %s", id)
			}
			delete(want, id)
			continue
		}
		if s.add(id) == want[id] {
			t.Fatalf("add %s", id)
		}
		want[id] = true
	}
	raw, err := json.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	var again idSet
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if again.size() != len(want) || !slices.Equal(s.sorted, again.sorted) {
		t.Errorf("%d ids became %d", len(want), again.size())
	}
	for id := range want {
		if !again.has(id) {
			t.Errorf("%s is lost", id)
		}
	}
	if len(raw) > 2*len(want) {
		t.Errorf("%d bytes for %d ids", len(raw), len(want))
	}
	if odd := (&idSet{sorted: []uint64{1, 3, 5}}).without(&idSet{sorted: []uint64{3, 4}}); !slices.Equal(odd, []string{"1", "5"}) {
		t.Errorf("without: %v", odd)
	}
	if s.add("not-a-number") || s.has("") {
		t.Error("what is no number is kept")
	}
}

func TestRestartKeepsWhatWasKnown(t *testing.T) {
	cur := &cursor{Version: cursorVersion, Projects: map[string]*place{"1": {Key: "PAY", Mark: time.Unix(1e9, 0), Walk: &walk{Started: time.Unix(1e9, 0)}}}}
	cur.Projects["1"].Known.add("17")
	c, err := cur.write()
	if err != nil {
		t.Fatal(err)
	}
	again, err := readCursor((&Source{}).Restart(c))
	if err != nil {
		t.Fatal(err)
	}
	if p := again.Projects["1"]; !p.Mark.IsZero() || p.Walk != nil || !p.Known.has("17") || p.Key != "PAY" {
		t.Errorf("%+v", p)
	}
	if (&Source{}).Restart("{damaged") != "" {
		t.Error("a damaged cursor is kept")
	}
}

// FuzzCursor holds that no stored position brings the source down, and that what
// is read is written the same.
func FuzzCursor(f *testing.F) {
	f.Add(`{"v":1,"projects":{"100":{"mark":"2026-01-01T00:00:00Z","known":"kE4BAQ","absent":""}}}`)
	f.Add(`{"v":1,"projects":{"1":null,"2":{"known":"!"}}}`)
	f.Add(`{"v":2}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, text string) {
		cur, err := readCursor(backlog.Cursor(text))
		if err != nil {
			return
		}
		once, err := cur.write()
		if err != nil {
			t.Skip(err) // a year JSON cannot write
		}
		if cur, err = readCursor(once); err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := cur.write(); err != nil || twice != once {
			t.Fatalf("%s became %s (%v)", once, twice, err)
		}
	})
}
