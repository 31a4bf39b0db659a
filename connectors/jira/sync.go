package jira

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"defacto/backlog"
	"defacto/connectors"
)

// overlap is how far before the mark an incremental walk begins: searches answer
// from an index that may lag behind.
const overlap = 10 * time.Minute

// errStopped ends a run whose reader wants no more.
var errStopped = errors.New("stopped")

// Batches implements [connectors.Source]. The first batch holds what the whole
// site shares; then come each project's issues in the order of their creation,
// what a census found, and sprints and accounts that were only referred to. Every
// batch carries the cursor: a run that is cut off anywhere and one that goes on
// from there leave the same store as one that was not.
func (s *Source) Batches(ctx context.Context, since backlog.Cursor) iter.Seq2[backlog.Batch, error] {
	return connectors.Handing(ctx, func(hand func(backlog.Batch) error) error {
		r := &run{Source: s, known: map[string]bool{}, yield: hand}
		return r.all(ctx, since)
	})
}

// run is one passage through a source.
type run struct {
	*Source
	yield    func(backlog.Batch) error
	cur      *cursor
	dec      *Decoder
	fields   []string // asked of every issue
	custom   []field
	projects []project
	gaps     []backlog.Gap   // not yet handed over
	known    map[string]bool // accounts described in this run
}

func (r *run) all(ctx context.Context, since backlog.Cursor) error {
	var err error
	if r.cur, err = readCursor(since); err != nil {
		return err
	}
	if err := r.connect(ctx); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	for _, p := range r.projects {
		if err := r.project(ctx, p); err != nil {
			return err
		}
	}
	if r.started.Sub(r.cur.Boards) >= r.opt.RereadEvery {
		if err := r.boards(ctx); err != nil {
			return err
		}
		r.cur.Boards = r.started
	}
	if err := r.strangers(ctx); err != nil {
		return err
	}
	return r.emit(backlog.Batch{})
}

// emit hands over a batch with all that was met since the last one.
func (r *run) emit(b backlog.Batch) error {
	r.collect(&b)
	return r.hand(b)
}

// collect puts into a batch what was met on the way to it: accounts, sprints,
// states, and gaps.
func (r *run) collect(b *backlog.Batch) {
	b.Gaps, r.gaps = append(b.Gaps, r.gaps...), nil
	r.dec.Drain(b)
}

// hand gives a batch to the reader, with the cursor that stands for it.
func (r *run) hand(b backlog.Batch) error {
	r.met(b.Accounts)
	for i := range b.Issues {
		r.refer(&b.Issues[i])
	}
	c, err := r.cur.write()
	if err != nil {
		return err
	}
	b.Site, b.Kind, b.Cursor = r.opt.URL, "jira", &c
	return r.yield(b)
}

// project brings one project up to date.
func (r *run) project(ctx context.Context, p project) error {
	at := r.cur.place(p.ID)
	if at.Key != "" && at.Key != p.Key { // renamed: every issue has a new key, and no new update
		at.Mark, at.Walk = time.Time{}, nil
	}
	at.Key = p.Key
	if r.archived(p, at) {
		return r.emit(backlog.Batch{})
	}
	read := 0
	for {
		w := r.nextWalk(at)
		n, err := r.walk(ctx, p, at, w)
		if err != nil {
			return err
		}
		read += n
		at.Mark, at.Walk = w.Started, nil
		if w.Open || w.Since.IsZero() {
			at.Reread = w.Started
		}
		if !w.Started.Before(r.started) {
			break // else it was an earlier run's: what changed since then is still to come
		}
	}
	switch {
	case at.Known.size() <= r.opt.CensusUpTo || r.started.Sub(at.Census) >= r.opt.CensusEvery:
		if err := r.census(ctx, p, at); err != nil {
			return err
		}
		at.Census = r.started
	case read == 0: // a stranger, too, is told that nothing changed
		if err := r.stillUs(ctx); err != nil {
			return err
		}
	}
	return r.emit(backlog.Batch{})
}

// archived reports whether a project is archived: searches leave its issues out
// then, which says nothing about them. What is stored of it stays as it is.
func (r *run) archived(p project, at *place) bool {
	if p.Archived && (at.Mark.IsZero() || !at.Archived) {
		r.gap("project "+p.Key, p.Key, "issues", -1, "the project is archived, and Jira does not search archived issues: what is stored is from before")
	}
	at.Archived = p.Archived
	return p.Archived
}

// stillUs fails where the server no longer knows the token's owner.
func (r *run) stillUs(ctx context.Context) error {
	return r.credentials(r.get(ctx, "rest/api/2/myself", nil))
}

// nextWalk is the walk that was cut off, or a new one.
func (r *run) nextWalk(at *place) *walk {
	if at.Walk == nil {
		at.Walk = &walk{Started: r.started}
		if !at.Mark.IsZero() {
			at.Walk.Since = at.Mark.Add(-overlap)
			at.Walk.Open = r.started.Sub(at.Reread) >= r.opt.RereadEvery
		}
	}
	return at.Walk
}

// walk reads the issues of a project that a walk is about, from where it stood.
// It returns how many there were.
func (r *run) walk(ctx context.Context, p project, at *place, w *walk) (n int, err error) {
	which := inProject(p.Key)
	if !w.Since.IsZero() {
		changed := from("updated", w.Since, r.zone)
		if w.Open {
			changed = anyOf(changed, openIssues)
		}
		which = allOf(which, changed)
	}
	if !w.Created.IsZero() {
		which = allOf(which, from("created", w.Created, r.zone))
	}
	if w.Since.IsZero() && r.cloud() {
		r.estimate(ctx, which)
	}
	expected := 0
	q := search{jql: which.inOrder(), fields: r.fields, changelog: true, size: r.pageSize()}
	for got, err := range ahead(ctx, func(ctx context.Context) iter.Seq2[harvest, error] { return r.read(ctx, p, q) }) {
		if err != nil {
			return n, fmt.Errorf("read project %s: %w", p.Key, err)
		}
		r.total.Add(int64(got.total - expected))
		expected = got.total
		n += len(got.batch.Issues)
		for i := range got.batch.Issues {
			if created := got.batch.Issues[i].Created; created.After(w.Created) {
				w.Created = created
			}
		}
		got.batch.Absences = r.note(at, got.batch.Issues)
		if err := r.hand(got.batch); err != nil {
			return n, err
		}
	}
	return n, nil
}

// harvest is a page as a batch, with the size of the whole answer where it is known.
type harvest struct {
	batch backlog.Batch
	total int
}

// read makes batches of a search's pages. Three pages are under way at a time: one
// is fetched while the one before is read and completed, and the one before that
// is stored. Until it ends, the decoder and the gaps are its own.
func (r *run) read(ctx context.Context, p project, q search) iter.Seq2[harvest, error] {
	return func(yield func(harvest, error) bool) {
		for part, err := range ahead(ctx, func(ctx context.Context) iter.Seq2[portion, error] { return r.pages(ctx, q) }) {
			if part.warning != "" {
				r.gap("project "+p.Key, p.Key, "issues", -1, "the server warns: "+part.warning)
			}
			got := harvest{total: part.total}
			if err == nil {
				got.batch.Issues, err = r.complete(ctx, part)
			}
			r.collect(&got.batch)
			if !yield(got, err) || err != nil {
				return
			}
		}
	}
}

// note remembers issues as known, and says which were missed before.
func (r *run) note(at *place, issues []backlog.Issue) []backlog.Absence {
	var back []backlog.Absence
	for i := range issues {
		id := issues[i].ID
		at.Known.add(id)
		if at.Absent.remove(id) {
			back = append(back, backlog.Absence{ID: id, At: r.started})
		}
	}
	return back
}

// estimate asks how many issues there are, for the progress bar. It is a courtesy:
// what goes wrong here goes wrong again where it matters.
func (r *run) estimate(ctx context.Context, which clause) {
	var answer struct {
		Count int `json:"count"`
	}
	if r.ask(ctx, "rest/api/2/search/approximate-count", map[string]string{"jql": string(which)}, &answer) == nil {
		r.total.Add(int64(answer.Count))
	}
}

func (r *run) pageSize() int {
	switch {
	case r.opt.PageSize > 0:
		return r.opt.PageSize
	case r.cloud():
		return 100
	}
	return 50 // a page of changelogs costs a Data Center server much
}

// gap notes something that could not be had.
func (r *run) gap(where, scope, what string, missing int, why string) {
	r.gaps = append(r.gaps, backlog.Gap{Where: where, Scope: scope, What: what, Missing: missing, Why: why})
}

// hidden reports whether an error means that something is not there for us.
func hidden(err error) bool {
	switch httpStatus(err) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return true
	}
	return false
}
