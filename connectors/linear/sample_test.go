package linear_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"defacto/backlog"
	"defacto/connectors/linear/lineartest"
	"defacto/connectors/sample"
)

// quiet is how long Linear keeps no history of a new issue.
const quiet = 3 * time.Minute

// TestSampleAsLinear serves a made-up organisation in Linear's shape and reads
// it: what Linear records of it comes back as it was.
func TestSampleAsLinear(t *testing.T) {
	org := sample.Team(3, sample.TextbookSplit, sample.Ordinary(), sample.BankA)
	w := lineartest.NewWorld()
	var batches []backlog.Batch
	for b, err := range org.Batches(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	w.Add(batches...)
	b := newBench(t, w, nil)
	b.clock.now = org.AsOf()
	b.mustSync(t)
	b.sink.agrees(w)
	b.sink.referenced()

	issues, comments := 0, 0
	recorded := map[backlog.Field]int{}
	for _, batch := range batches {
		for i := range batch.Issues {
			was := &batch.Issues[i]
			issues++
			is := b.sink.issues[was.ID]
			if is == nil {
				t.Errorf("%s is missing", was.Key)
				continue
			}
			if is.Title != was.Title || is.Level != was.Level || !is.Created.Equal(was.Created) || !slices.Equal(words(is.Description.Prose), words(was.Description.Prose)) {
				t.Errorf("%s came back as %q of level %d: %q", was.Key, is.Title, is.Level, is.Description.Prose)
			}
			comments += len(was.Comments)
			for k := range was.Comments {
				c := &was.Comments[k]
				got := is.comments[c.ID]
				if !got.At.Equal(c.At) || got.Author != c.Author || !slices.Equal(got.Body.Mentions, c.Body.Mentions) || got.Body.Prose != c.Body.Prose {
					t.Errorf("%s: the comment %s came back as %s", was.Key, c.ID, cmp.Diff(*c, got))
				}
			}
			if was.Level <= backlog.Story {
				compareHistory(t, was, is, recorded)
			}
		}
	}
	for _, f := range []backlog.Field{backlog.FieldStatus, backlog.FieldPriority, backlog.FieldSprint, backlog.FieldAssignee, backlog.FieldDescription} {
		if recorded[f] < 20 {
			t.Errorf("only %d changes of the %s were compared", recorded[f], f)
		}
	}
	if loss := w.Loss(); loss["rank"] == 0 {
		t.Errorf("Linear keeps no rank, and nothing was lost: %v", loss)
	} else {
		t.Logf("%d issues, %d comments, compared %v, without a place in Linear %v", issues, comments, recorded, loss)
	}
}

// words are what a text says, without the marks of its lists.
func words(s string) []string {
	return strings.Fields(strings.NewReplacer("\n- ", "\n", "\n* ", "\n").Replace(s))
}

// compareHistory looks for every change Linear records: with its author, its
// moment and where it led.
func compareHistory(t *testing.T, was *backlog.Issue, is *stored, recorded map[backlog.Field]int) {
	t.Helper()
	for _, c := range was.Changes {
		switch c.Field {
		case backlog.FieldStatus, backlog.FieldPriority, backlog.FieldSprint, backlog.FieldAssignee, backlog.FieldDescription:
		default:
			continue
		}
		if c.At.Sub(was.Created) < quiet {
			continue
		}
		var got *backlog.Change
		for _, o := range is.changes {
			if o.ID == c.ID && o.Field == c.Field {
				got = &o
			}
		}
		if got == nil {
			t.Errorf("%s: the %s of %s is missing", was.Key, c.Field, c.At)
			continue
		}
		recorded[c.Field]++
		if !got.At.Equal(c.At) || got.Author != c.Author || c.Field == backlog.FieldStatus && got.ToName != c.ToName {
			t.Errorf("%s: %s", was.Key, cmp.Diff(c, *got))
		}
	}
}
