package linear

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/shurcooL/graphql"

	"defacto/backlog"
	"defacto/connectors"
)

// How much history an issue's first page brings along, and the steps in which
// longer ones are asked for again. Few issues have more than a handful of
// entries, and a page is charged for all it might hold.
const (
	historyFirst = 8
	batchIssues  = 1000 // handed over at once, at most
	flushLong    = 240  // or when so many need their history completed
)

// historySteps are the sizes in which longer histories are asked for whole.
func historySteps() []int { return []int{16, 32, 100} }

// walk reads the issues a pass is about with their histories and comments. Both
// come newest first; an issue is handed over when all comments younger than it
// are there.
func (r *run) walk(ctx context.Context, at *pass) error {
	w := &walker{run: r, at: at, until: at.Created, issues: newLane(maxPage), comments: newLane(manyPerPage)}
	r.heard, r.walked, r.broken = map[string][]backlog.Comment{}, nil, nil
	for on, said := range r.road.comments { // on texts of issues
		if !r.road.holds(on) {
			r.heard[on] = said
		}
	}
	for w.issues.more || w.comments.more {
		if err := w.fetch(ctx); err != nil {
			return err
		}
		if err := w.flush(ctx, false); err != nil {
			return err
		}
	}
	if err := w.flush(ctx, true); err != nil {
		return err
	}
	return r.latecomers(ctx)
}

// walker is where a walk stands.
type walker struct {
	*run
	at               *pass
	until            time.Time // where the walk began, zero at the start of a pass
	issues, comments lane
	apart            bool // no longer both in one request
	pending          []*issue
	long             int       // of them with more history than came
	horizon          time.Time // all comments younger than this are there; zero: none is
}

// lane is one of the two connections a walk reads.
type lane struct {
	more        bool
	after       string
	seen        map[string]bool
	most, first int // nodes a page
	failed      int
}

func newLane(most int) lane {
	return lane{more: true, seen: map[string]bool{"": true}, most: most, first: most}
}

// advance goes on to the next page.
func (l *lane) advance(p page) error {
	after, err := follow(p, l.seen)
	if err != nil {
		return err
	}
	l.after, l.more = after, after != ""
	l.failed, l.first = 0, min(l.most, l.first*2)
	return nil
}

// smaller says whether a page that failed is asked for again.
func (l *lane) smaller(err error, n int) bool {
	size, again := shrink(err, n, &l.failed)
	if again {
		l.first = size
		if l.failed == 0 {
			l.most = size
		}
	}
	return again
}

// which are the issues of the pass, without those given before it was cut off.
func (w *walker) which() issueFilter {
	until := w.at.Started
	if !w.until.IsZero() {
		until = w.until
	}
	return w.ofTeams(issueFilter{UpdatedAt: since(w.at.Since), CreatedAt: &between{Until: until}})
}

// said are the comments on those issues. Of the others those younger than the
// cut came before it.
func (w *walker) said() commentFilter {
	f := w.ofTeams(issueFilter{CreatedAt: &between{Until: w.at.Started}})
	said := commentFilter{UpdatedAt: since(w.at.Since), Issue: &f}
	if !w.until.IsZero() {
		before := between{Until: w.until}
		said.Or = []commentFilter{{CreatedAt: &before}, {Issue: &issueFilter{CreatedAt: &before}}}
	}
	return said
}

func (r *run) ofTeams(f issueFilter) issueFilter {
	if len(r.opt.Teams) == 0 {
		return f
	}
	f.Team = &struct {
		Key among `json:"key"`
	}{among{r.opt.Teams}}
	return f
}

// fetch reads the next page of issues, of comments, or of both in one request.
func (w *walker) fetch(ctx context.Context) error {
	// Where there is more talk than work, comments come alone for a while.
	issues := w.issues.more && (len(w.pending) < 2*w.batch || !w.comments.more)
	comments := w.comments.more && !(w.apart && issues)
	var q talkQuery
	v := map[string]any{}
	fixed := 0.
	if comments {
		fixed = float64(w.comments.first) * commentCost
		maps.Copy(v, commentsStream(w.said()).vars(w.comments.first, w.comments.after))
	}
	n := min(w.issues.first, issuesFitting(fixed))
	if issues {
		maps.Copy(v, issuesStream(w.which()).vars(n, w.issues.after))
	}
	var err error
	switch {
	case issues && comments:
		err = w.query(ctx, &q, v)
		var costly *complexError
		if w.apart = isPartial(err) || errors.As(err, &costly) && n == 1; w.apart {
			return nil // whichever of the two is at fault, the other is not
		}
	case issues:
		err = w.query(ctx, &q.issuesQuery, v)
	default:
		err = w.query(ctx, &q.commentsQuery, v)
	}
	if err != nil {
		if issues && w.issues.smaller(err, n) || !issues && w.comments.smaller(err, w.comments.first) {
			return nil
		}
		if err := w.skip(err, &q, issues); err != nil {
			return err
		}
	} else if issues && !q.Issues.came() || comments && !q.Comments.came() {
		return incomplete(w.opt.Name, "issues and comments", errLacking)
	}
	if issues {
		if err := w.takeIssues(&q.Issues); err != nil {
			return err
		}
	}
	if comments {
		return w.takeComments(&q.Comments)
	}
	return nil
}

// skip passes over a single node that never comes whole, and notes it; an error
// where there is no way past it.
func (w *walker) skip(err error, q *talkQuery, issues bool) error {
	switch {
	case issues && alone(err, &q.Issues):
		w.miss(err, &q.Issues)
	case !issues && alone(err, &q.Comments):
		w.lost = true
		w.gaps = append(w.gaps, backlog.Gap{Where: "a comment", What: "comments", Missing: 1, Why: err.Error()})
		q.Comments.Nodes = nil
	default:
		return incomplete(w.opt.Name, "issues and comments", err)
	}
	return nil
}

// miss notes an issue that never comes whole: half of it would pass for all.
func (r *run) miss(err error, c *connection[issue]) {
	gap := backlog.Gap{Where: "an issue", What: "issues", Missing: 1, Why: err.Error()}
	if len(c.Nodes) == 1 {
		is := &c.Nodes[0]
		gap.Where, gap.Scope = cmp.Or(is.Identifier, gap.Where), is.Team.Key
		r.broken.add(is.ID)
	}
	r.lost, r.gaps, c.Nodes = true, append(r.gaps, gap), nil
}

func (w *walker) takeIssues(c *connection[issue]) error {
	for i := range c.Nodes {
		is := &c.Nodes[i]
		if is.ID == "" || !is.History.came() {
			return incomplete(w.opt.Name, "issues", errLacking)
		}
		w.pending = append(w.pending, is)
		w.walked = append(w.walked, listed{ID: is.ID, SortOrder: is.SortOrder, Team: is.Team, State: is.State})
		if is.History.PageInfo.HasNextPage {
			w.long++
		}
	}
	if err := w.issues.advance(c.PageInfo); err != nil {
		return incomplete(w.opt.Name, "issues", err)
	}
	return nil
}

func (w *walker) takeComments(c *connection[comment]) error {
	for i := range c.Nodes {
		m := &c.Nodes[i]
		if m.IssueID != "" {
			w.heard[m.IssueID] = append(w.heard[m.IssueID], w.dir.comment(m))
		}
		w.horizon = m.CreatedAt
	}
	if err := w.comments.advance(c.PageInfo); err != nil {
		return incomplete(w.opt.Name, "comments", err)
	}
	return nil
}

// flush hands over the pending issues whose comments are all there.
func (w *walker) flush(ctx context.Context, all bool) error {
	for {
		ready := 0
		for ready < len(w.pending) && (!w.comments.more || !w.horizon.IsZero() && w.pending[ready].CreatedAt.After(w.horizon)) {
			ready++
		}
		ready = min(ready, w.batch)
		if ready == 0 || !all && ready < w.batch && w.long < flushLong && w.issues.more {
			return nil
		}
		list := w.pending[:ready]
		w.pending = w.pending[ready:]
		for _, is := range list {
			if is.History.PageInfo.HasNextPage {
				w.long--
			}
		}
		if len(w.pending) > 0 || w.issues.more {
			// The next issue may have been made in the same moment: it comes again then.
			w.at.Created = list[len(list)-1].CreatedAt
		}
		if err := w.give(ctx, list, nil); err != nil {
			return err
		}
	}
}

// give completes issues and hands them over. more are further changes by issue.
func (r *run) give(ctx context.Context, list []*issue, more map[string]backlog.Change) error {
	short, err := r.complete(ctx, list)
	if err != nil {
		return err
	}
	passed, err := r.passed(ctx, list)
	if err != nil {
		return err
	}
	if err := r.catchUp(ctx, list); err != nil {
		return err
	}
	b := backlog.Batch{Issues: make([]backlog.Issue, 0, len(list))}
	var gone []backlog.Absence
	for _, is := range list {
		if is.Trashed {
			gone = append(gone, backlog.Absence{ID: is.ID, State: "deleted", At: r.started})
		}
		out := r.dir.issue(is, passed[is.ID], short[is.ID])
		out.Comments = r.heard[is.ID]
		delete(r.heard, is.ID)
		if needs := r.road.needs[is.ID]; len(needs) > 0 {
			out.Changes = append(out.Changes, needs...)
			out.Links = append(out.Links, backlog.Link{Kind: backlog.LinkMarket, Name: "customer need"})
			delete(r.road.needs, is.ID)
		}
		if c, ok := more[is.ID]; ok && stood(&out, c) {
			out.Changes = append(out.Changes, c)
		}
		r.cur.Known.add(is.ID)
		b.Issues = append(b.Issues, out)
	}
	b.Absences = r.absences(b.Issues, gone)
	return r.emit(b, false)
}

// catchUp reads all comments and needs of issues that are older than the pass
// looks back and were never given: they came into sight only now.
func (r *run) catchUp(ctx context.Context, list []*issue) error {
	var ids []string
	for _, is := range list {
		if is.CreatedAt.Before(r.since) && !r.cur.Known.has(is.ID) {
			ids = append(ids, is.ID)
			delete(r.heard, is.ID)
			delete(r.road.needs, is.ID)
		}
	}
	for part := range slices.Chunk(ids, maxPage) {
		on := &issueFilter{ID: &among{part}}
		err := commentsStream(commentFilter{Issue: on}).each(ctx, r.Source, func(got []comment) error {
			for i := range got {
				r.heard[got[i].IssueID] = append(r.heard[got[i].IssueID], r.dir.comment(&got[i]))
			}
			return nil
		})
		if err == nil && r.dir.org.CustomersEnabled {
			err = r.unless(needsStream(needFilter{Issue: on}).each(ctx, r.Source, r.road.ask), "needs")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// absences says which of the issues are in the bin, and which are back.
func (r *run) absences(here []backlog.Issue, gone []backlog.Absence) []backlog.Absence {
	binned := map[string]bool{}
	for _, a := range gone {
		binned[a.ID] = true
		r.cur.Absent.add(a.ID)
	}
	for i := range here {
		if id := here[i].ID; r.cur.Absent.has(id) && !binned[id] {
			delete(r.cur.Absent, id)
			gone = append(gone, backlog.Absence{ID: id, At: r.started})
		}
	}
	return gone
}

// complete reads the rest of the histories that did not fit into their pages: in
// batches first, then the few that are very long one by one. It returns the
// issues whose history could not be had whole.
func (r *run) complete(ctx context.Context, list []*issue) (map[string]bool, error) {
	short := map[string]bool{}
	for _, entries := range historySteps() {
		long := unfinished(list)
		if len(long) == 0 {
			return short, nil
		}
		most := historyStream(issueFilter{}, entries).most
		for ids := range slices.Chunk(slices.Sorted(maps.Keys(long)), most) {
			err := historyStream(issueFilter{ID: &among{ids}}, entries).each(ctx, r.Source, func(got []history) error {
				for i := range got {
					if is := long[got[i].ID]; is != nil && got[i].History.came() {
						is.History = got[i].History
					}
				}
				return nil
			})
			if err != nil && !isPartial(err) {
				return nil, err
			}
		}
	}
	long := unfinished(list)
	for _, id := range slices.Sorted(maps.Keys(long)) {
		nodes, err := r.longHistory(ctx, id)
		if err == nil {
			long[id].History = connection[entry]{Nodes: nodes}
			continue
		}
		var api *apiError
		if !errors.As(err, &api) {
			return nil, err
		}
		short[id], r.lost = true, true
		r.gaps = append(r.gaps, backlog.Gap{Where: long[id].Identifier, Scope: long[id].Team.Key, What: "changes", Missing: -1, Why: api.Error()})
	}
	return short, nil
}

func isPartial(err error) bool {
	var api *apiError
	return errors.As(err, &api)
}

func unfinished(list []*issue) map[string]*issue {
	long := map[string]*issue{}
	for _, is := range list {
		if is.History.PageInfo.HasNextPage {
			long[is.ID] = is
		}
	}
	return long
}

// longHistory reads one issue's history to its end.
func (r *run) longHistory(ctx context.Context, id string) ([]entry, error) {
	p := stream[longHistoryQuery, entry]{
		what: "the history of " + plain(id), most: maxPage,
		vars: func(first int, after string) map[string]any {
			return map[string]any{"id": graphql.String(id), "history": size(first), "after": place(after)}
		},
		of: func(q *longHistoryQuery) *connection[entry] { return &q.Issue.History },
	}
	var all []entry
	err := p.each(ctx, r.Source, func(nodes []entry) error {
		all = append(all, nodes...)
		return nil
	})
	return all, err
}

// passed reads when issues entered their states, for those of whose moves some
// were folded into one entry.
func (r *run) passed(ctx context.Context, list []*issue) (map[string][]span, error) {
	var ids []string
	for _, is := range list {
		if slices.ContainsFunc(is.History.Nodes, func(e entry) bool { return r.dir.hidesMoves(is, &e) }) {
			ids = append(ids, is.ID)
		}
	}
	passed := map[string][]span{}
	for part := range slices.Chunk(ids, spansStream(issueFilter{}).most) {
		err := spansStream(issueFilter{ID: &among{part}}).each(ctx, r.Source, func(got []spans) error {
			for _, s := range got {
				passed[s.ID] = s.StateHistory.Nodes
			}
			return nil
		})
		if err != nil && !isPartial(err) { // without it the moves are only timed less well
			return nil, err
		}
	}
	return passed, nil
}

// latecomers reads the issues that were commented on or asked for while nothing
// else about them changed.
func (r *run) latecomers(ctx context.Context) error {
	ids := map[string]bool{}
	for id := range r.heard {
		ids[id] = true
	}
	for id := range r.road.needs {
		if !r.road.holds(id) {
			ids[id] = true
		}
	}
	maps.DeleteFunc(ids, func(id string, _ bool) bool { return r.broken.has(id) })
	return r.reread(ctx, slices.Sorted(maps.Keys(ids)), nil)
}

// reread hands over issues by their ids, whole.
func (r *run) reread(ctx context.Context, ids []string, more map[string]backlog.Change) error {
	most := issuesStream(issueFilter{}).most
	for part := range slices.Chunk(ids, most) {
		p := issuesStream(r.ofTeams(issueFilter{ID: &among{part}}))
		p.broken = r.miss
		err := p.each(ctx, r.Source, func(got []issue) error {
			list := make([]*issue, 0, len(got))
			for i := range got {
				if got[i].ID == "" || !got[i].History.came() {
					return incomplete(r.opt.Name, "issues", errLacking)
				}
				list = append(list, &got[i])
			}
			if len(list) == 0 {
				return nil
			}
			return r.give(ctx, list, more)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var (
	_ connectors.Source    = (*Source)(nil)
	_ connectors.Counter   = (*Source)(nil)
	_ connectors.Dater     = (*Source)(nil)
	_ connectors.Totaler   = (*Source)(nil)
	_ connectors.Restarter = (*Source)(nil)
)
