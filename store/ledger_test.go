package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

func publish(t *testing.T, s *Store, due time.Time, recipients ...string) (Edition, []Delivery) {
	t.Helper()
	var messages []Message
	for _, r := range recipients {
		messages = append(messages, Message{Recipient: r, MessageID: r + due.String(), Hash: "h", Text: []byte("to " + r)})
	}
	e, made, err := s.Publish(t.Context(), Edition{Report: "weekly", Due: due, Period: "2026-Q3", AsOf: day(3), Made: day(4), Standing: "{}"}, messages)
	if err != nil || !made {
		t.Fatalf("publish: %v, made %v", err, made)
	}
	return e, ledgerOf(t, s, e.ID)
}

func ledgerOf(t *testing.T, s *Store, edition int64) []Delivery {
	t.Helper()
	list, err := s.Deliveries(t.Context(), edition)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestLedger(t *testing.T) {
	ctx := t.Context()
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	e, list := publish(t, s, day(5), "a@acme.example", "b@acme.example", "c@acme.example")
	if len(list) != 3 || list[0].Recipient != "a@acme.example" || list[0].State != Rendered || list[0].Report != "weekly" || !list[0].Due.Equal(day(5)) {
		t.Fatalf("deliveries %+v", list)
	}
	again, made, err := s.Publish(ctx, Edition{Report: "weekly", Due: day(5), Period: "other"}, []Message{{Recipient: "d@acme.example", MessageID: "x"}})
	if err != nil || made || again.ID != e.ID || again.Period != "2026-Q3" || len(ledgerOf(t, s, e.ID)) != 3 {
		t.Errorf("the same due time made another edition: %+v, %v, %v", again, made, err)
	}

	a, b := list[0].ID, list[1].ID
	for want := range 2 {
		if got, err := s.Claim(ctx, a); err != nil || got != (want == 0) {
			t.Errorf("claim %d: %v, %v", want, got, err)
		}
	}
	if err := s.Settle(ctx, a, Sent, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if text, err := s.Message(ctx, a); err != nil || text != nil {
		t.Errorf("a sent message is kept: %q, %v", text, err)
	}
	// What was sent stays sent, whoever comes late.
	if err := s.Settle(ctx, a, Unknown, "late", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Claim(ctx, b); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Orphans(ctx, "other"); n != 0 || err != nil {
		t.Errorf("orphans of another report: %d, %v", n, err)
	}
	if n, err := s.Orphans(ctx, "weekly"); n != 1 || err != nil {
		t.Errorf("orphans: %d, %v", n, err)
	}
	if got, err := s.Claim(ctx, b); got || err != nil {
		t.Errorf("a message in doubt was claimed: %v, %v", got, err)
	}
	list = ledgerOf(t, s, e.ID)
	if list[0].State != Sent || list[1].State != Unknown || list[2].State != Rendered || list[1].Attempts != 1 {
		t.Errorf("states %+v", list)
	}
	if open, err := s.Undelivered(ctx); err != nil || len(open) != 2 {
		t.Errorf("undelivered %+v, %v", open, err)
	}
	if n, err := s.Revive(ctx, e.ID); n != 1 || err != nil {
		t.Errorf("revived %d, %v", n, err)
	}
	if text, err := s.Message(ctx, b); err != nil || string(text) != "to b@acme.example" {
		t.Errorf("message %q, %v", text, err)
	}

	// Who was slow and given up for dead knows better.
	late, _ := publish(t, s, day(6), "slow@acme.example")
	slow := ledgerOf(t, s, late.ID)[0].ID
	if _, err := s.Claim(ctx, slow); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Orphans(ctx, "weekly"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ says, want string }{{Failed, Unknown}, {Sent, Sent}} {
		if err := s.Settle(ctx, slow, c.says, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got := ledgerOf(t, s, late.ID)[0].State; got != c.want {
			t.Errorf("in doubt, then %s: %s, want %s", c.says, got, c.want)
		}
	}

	// A newer edition takes the place of what was not sent.
	newer, _ := publish(t, s, day(12), "a@acme.example")
	list = ledgerOf(t, s, e.ID)
	if list[1].State != Failed || list[2].State != Failed || list[2].Error == "" {
		t.Errorf("superseded %+v", list)
	}
	if text, err := s.Message(ctx, b); err != nil || text != nil {
		t.Errorf("an old message is kept: %q, %v", text, err)
	}
	if open, err := s.Undelivered(ctx); err != nil || len(open) != 1 || open[0].Edition != newer.ID {
		t.Errorf("undelivered %+v, %v", open, err)
	}
	for _, c := range []struct {
		before  time.Time
		arrived bool
		want    int64
	}{{time.Time{}, false, newer.ID}, {time.Time{}, true, late.ID}, {day(12), false, late.ID}, {day(6), false, e.ID}, {day(5), false, 0}} {
		got, found, err := s.Newest(ctx, "weekly", c.before, c.arrived)
		if err != nil || got.ID != c.want || found != (c.want != 0) {
			t.Errorf("newest before %v, arrived %v: %+v, %v, %v", c.before, c.arrived, got, found, err)
		}
	}
}

// Of many claims at once one is granted.
func TestClaimOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	_, list := publish(t, open(t, path, Options{}), day(5), "a@acme.example")
	got := make([]bool, 8)
	g, ctx := errgroup.WithContext(t.Context())
	for i := range got {
		s := open(t, path, Options{})
		g.Go(func() (err error) {
			got[i], err = s.Claim(ctx, list[0].ID)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range got {
		if g {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of %d got the message", n, len(got))
	}
}

func TestLease(t *testing.T) {
	ctx := context.Background()
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	at := day(1)
	s.opt.Now = func() time.Time { return at }
	take := func(holder string, want bool) {
		t.Helper()
		got, by, until, err := s.Lease(ctx, "schedule", holder, time.Minute)
		if err != nil || got != want || got != (by == holder) || !until.After(at) {
			t.Errorf("%s at %v: %v by %s until %v, %v", holder, at, got, by, until, err)
		}
	}
	take("one", true)
	take("two", false)
	at = at.Add(50 * time.Second)
	take("one", true) // prolonged
	at = at.Add(50 * time.Second)
	take("two", false)
	if err := s.Release(ctx, "schedule", "two"); err != nil {
		t.Fatal(err)
	}
	take("two", false)
	at = at.Add(10 * time.Second)
	take("two", true)
	take("one", false)
	if err := s.Release(ctx, "schedule", "two"); err != nil {
		t.Fatal(err)
	}
	take("one", true)
}

func TestTurnsAndNotes(t *testing.T) {
	ctx := t.Context()
	s := open(t, filepath.Join(t.TempDir(), "s.db"), Options{})
	turn := Turn{Report: "weekly", Expression: "0 7 * * 1", Seen: day(1)}
	for _, due := range []time.Time{{}, day(6)} {
		turn.Due, turn.Ran = due, due
		if err := s.SaveTurn(ctx, turn); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Turns(ctx); err != nil || len(list) != 1 || list[0] != turn {
			t.Errorf("turns %+v, %v", list, err)
		}
	}
	first := Note{Finding: "acme/PAY/2026-Q3/po-differs", Answer: "accept", Why: "so it is; '\"<", By: "Ann", At: day(1), Until: day(20)}
	second := first
	second.Answer = "dispute"
	for _, n := range []Note{first, second} {
		if err := s.SaveNote(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := s.Notes(ctx); err != nil || len(list) != 2 || list[0] != first || list[1] != second {
		t.Errorf("notes %+v, %v", list, err)
	}
}
