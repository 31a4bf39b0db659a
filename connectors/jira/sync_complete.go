package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"golang.org/x/sync/errgroup"

	"defacto/backlog"
)

// What a Cloud search embeds at most. An issue with that much is taken to have more.
const (
	embeddedHistories = 40
	embeddedComments  = 20
)

// candidate is an issue on its way: as Jira sent it, and as it was read.
type candidate struct {
	raw       json.RawMessage
	issue     backlog.Issue
	histories []json.RawMessage // fetched, oldest or newest first; nil: what was embedded
	comments  []json.RawMessage
	promised  struct{ histories, comments int } // by what was fetched
	trouble   error                             // why something could not be fetched
}

// complete turns a page into issues with all their history and comments,
// fetching what the search left out. What cannot be had is a gap. Issues that
// disappeared meanwhile are left out.
func (r *run) complete(ctx context.Context, part portion) ([]backlog.Issue, error) {
	list := make([]*candidate, 0, len(part.issues))
	for _, raw := range part.issues {
		iss, err := r.dec.Issue(raw)
		if err != nil {
			r.gap("issue "+issueID(raw), "", "issues", 1, oneLine(err.Error()))
			continue
		}
		list = append(list, &candidate{raw: raw, issue: iss})
	}
	if err := r.fetchHistories(ctx, list, part.bare); err != nil {
		return nil, err
	}
	if err := r.fetchComments(ctx, list); err != nil {
		return nil, err
	}
	issues := make([]backlog.Issue, 0, len(list))
	for _, c := range list {
		if c.histories != nil || c.comments != nil {
			if err := r.assemble(c); err != nil {
				r.gap(c.issue.Key, c.issue.Scope, "changes", -1, oneLine(err.Error()))
			}
		}
		if c.trouble != nil {
			there, err := r.stillThere(ctx, c.issue.ID)
			if err != nil {
				return nil, err
			}
			if !there {
				continue
			}
		}
		r.reconcile(c, part.bare)
		issues = append(issues, c.issue)
	}
	return issues, nil
}

// fetchHistories completes changelogs the search cut short. Data Center sends
// them whole, and has no other way to them.
func (r *run) fetchHistories(ctx context.Context, list []*candidate, bare bool) error {
	if !r.cloud() {
		return nil
	}
	short := map[string]*candidate{}
	var ids []string
	for _, c := range list {
		have := entries(c.issue.Changes)
		if bare || have >= embeddedHistories || have < c.issue.PromisedChanges {
			short[c.issue.ID] = c
			ids = append(ids, c.issue.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := r.bulkHistories(ctx, ids, short); err != nil && (ctx.Err() != nil || stops(err)) {
		return r.credentials(err)
	}
	for _, id := range ids { // what the bulk left out, one by one
		if c := short[id]; c.histories == nil || len(c.histories) < c.issue.PromisedChanges {
			if err := r.pagedHistories(ctx, c); err != nil {
				if ctx.Err() != nil || stops(err) {
					return r.credentials(err)
				}
				c.trouble = err
			}
		}
	}
	return nil
}

type bulkRequest struct {
	Issues     []string `json:"issueIdsOrKeys"`
	MaxResults int      `json:"maxResults"`
	Token      string   `json:"nextPageToken,omitempty"`
}

type bulkPage struct {
	Logs []struct {
		IssueID   string            `json:"issueId"`
		Histories []json.RawMessage `json:"changeHistories"`
	} `json:"issueChangeLogs"`
	Next string `json:"nextPageToken"`
}

// bulkHistories reads whole changelogs of up to 1000 issues. One issue's entries
// may be spread over pages.
func (r *run) bulkHistories(ctx context.Context, ids []string, into map[string]*candidate) error {
	got := map[string][]json.RawMessage{}
	used := map[string]bool{}
	for token := ""; ; {
		var page bulkPage
		if err := r.ask(ctx, "rest/api/2/changelog/bulkfetch", bulkRequest{ids, 10_000, token}, &page); err != nil {
			return err
		}
		for _, log := range page.Logs {
			got[log.IssueID] = append(got[log.IssueID], log.Histories...)
		}
		if page.Next == "" || used[page.Next] {
			break
		}
		used[page.Next] = true
		token = page.Next
	}
	for id, c := range into {
		c.histories = got[id]
	}
	return nil
}

// pagedHistories reads one issue's changelog page by page.
func (r *run) pagedHistories(ctx context.Context, c *candidate) error {
	list, total, err := r.list(ctx, "rest/api/2/issue/"+url.PathEscape(c.issue.ID)+"/changelog?maxResults=100")
	if err != nil {
		return err
	}
	if len(list) >= len(c.histories) {
		c.histories, c.promised.histories = list, total
	}
	return nil
}

// fetchComments completes comments the search cut short, a few issues at a time.
func (r *run) fetchComments(ctx context.Context, list []*candidate) error {
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(r.opt.Parallel)
	for _, c := range list {
		have := len(c.issue.Comments)
		if have >= c.issue.PromisedComments && !(r.cloud() && have >= embeddedComments) {
			continue
		}
		g.Go(func() error {
			got, total, err := r.list(inner, "rest/api/2/issue/"+url.PathEscape(c.issue.ID)+"/comment?orderBy=created&maxResults=5000")
			switch {
			case err == nil:
				c.comments, c.promised.comments = got, total
			case inner.Err() != nil || stops(err):
				return r.credentials(err)
			default:
				c.trouble = err
			}
			return nil
		})
	}
	return g.Wait()
}

// list reads a resource that pages by offset and knows its total. A deletion
// while it pages shifts what follows: it then begins again, once.
func (r *run) list(ctx context.Context, path string) (all []json.RawMessage, total int, err error) {
	for range 2 {
		if all, total, err = r.listOnce(ctx, path); err != nil || len(all) >= total {
			return all, total, err
		}
	}
	return all, total, nil
}

func (r *run) listOnce(ctx context.Context, path string) (all []json.RawMessage, total int, err error) {
	seen, ids := map[string]bool{}, newReader()
	for start := 0; ; {
		var page struct {
			Total    int               `json:"total"`
			Comments []json.RawMessage `json:"comments"`
			Values   []json.RawMessage `json:"values"`
		}
		if err := r.get(ctx, path+"&startAt="+strconv.Itoa(start), &page); err != nil {
			return all, total, err
		}
		got := page.Comments
		if got == nil {
			got = page.Values
		}
		for _, raw := range got {
			if id := ids.issueID(raw); id == "" || !seen[id] {
				seen[id] = true
				all = append(all, raw)
			}
		}
		total = page.Total
		if start += len(got); len(got) == 0 || start >= total {
			return all, total, nil
		}
	}
}

// assemble puts what was fetched in the place of what was embedded, and reads the
// issue again.
func (r *run) assemble(c *candidate) error {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(c.raw, &whole); err != nil {
		return fmt.Errorf("put the issue together: %w", err)
	}
	if c.histories != nil {
		total := max(len(c.histories), c.issue.PromisedChanges, c.promised.histories)
		whole["changelog"] = envelope("histories", c.histories, total)
	}
	if c.comments != nil {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(whole["fields"], &fields); err != nil {
			return fmt.Errorf("put the issue together: %w", err)
		}
		fields["comment"] = envelope("comments", c.comments, max(len(c.comments), c.promised.comments))
		raw, err := json.Marshal(fields)
		if err != nil {
			return fmt.Errorf("put the issue together: %w", err)
		}
		whole["fields"] = raw
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		return fmt.Errorf("put the issue together: %w", err)
	}
	iss, err := r.dec.Issue(raw)
	if err != nil {
		return err
	}
	c.issue = iss
	return nil
}

// envelope wraps a list the way a search embeds it.
func envelope(name string, list []json.RawMessage, total int) json.RawMessage {
	raw, err := json.Marshal(map[string]any{"startAt": 0, "maxResults": len(list), "total": total, name: list})
	if err != nil { // a list of parts that were JSON when they came
		return json.RawMessage("null")
	}
	return raw
}

// reconcile compares what was promised with what came, and says what is short.
func (r *run) reconcile(c *candidate, bare bool) {
	iss := &c.issue
	why := ""
	if c.trouble != nil {
		why = ": " + oneLine(c.trouble.Error())
	}
	have := entries(iss.Changes)
	switch {
	case bare && c.histories == nil:
		iss.History = backlog.HistoryNone
		r.gap(iss.Key, iss.Scope, "changes", -1, "the server failed to give the history of this issue")
	case have < iss.PromisedChanges:
		iss.History = backlog.HistoryShort
		r.gap(iss.Key, iss.Scope, "changes", iss.PromisedChanges-have,
			fmt.Sprintf("%d history entries were announced and %d given%s", iss.PromisedChanges, have, why))
	}
	if n := len(iss.Comments); n < iss.PromisedComments {
		r.gap(iss.Key, iss.Scope, "comments", iss.PromisedComments-n,
			fmt.Sprintf("%d comments were announced and %d given%s", iss.PromisedComments, n, why))
	}
}

// stillThere asks whether an issue whose parts were refused can be seen at all.
func (r *run) stillThere(ctx context.Context, id string) (bool, error) {
	err := r.get(ctx, "rest/api/2/issue/"+url.PathEscape(id)+"?fields=project", nil)
	switch {
	case err == nil:
		return true, nil
	case hidden(err):
		return false, nil
	case ctx.Err() != nil || stops(err):
		return false, r.credentials(err)
	}
	return true, nil
}
