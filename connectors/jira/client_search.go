package jira

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"

	"defacto/connectors"
)

// search is a question to Jira whose answer comes in pages.
type search struct {
	jql       string
	fields    []string
	changelog bool
	size      int // issues a page, at most
}

// portion is a page of an answer: issues not given before.
type portion struct {
	issues []json.RawMessage
	bare   bool // asked for without the changelog, since the server failed with it
	total  int  // issues in the whole answer, 0 where the product does not say
	// warning is what the server says of an answer it knows to be truncated.
	warning string
}

// pages yields the answer to a search page by page, on either product, each issue
// once. It stops after the first error.
func (s *Source) pages(ctx context.Context, q search) iter.Seq2[portion, error] {
	if s.cloud() {
		return s.tokenPages(ctx, q)
	}
	return s.offsetPages(ctx, q)
}

type tokenRequest struct {
	JQL        string   `json:"jql"`
	MaxResults int      `json:"maxResults"`
	Fields     []string `json:"fields"`
	Expand     string   `json:"expand,omitempty"`
	Token      string   `json:"nextPageToken,omitempty"`
}

type tokenPage struct {
	Issues   []json.RawMessage `json:"issues"`
	Next     string            `json:"nextPageToken"`
	Warnings []json.RawMessage `json:"warnings"`
}

// readPage implements pageReader.
func (p *tokenPage) readPage(body []byte) error {
	return readPage(body, func(r *reader, member string) (err error) {
		switch member {
		case "issues":
			p.Issues, err = r.values()
		case "warnings":
			p.Warnings, err = r.values()
		case "nextPageToken":
			err = r.textInto(&p.Next)
		default:
			err = r.skip()
		}
		return err
	})
}

// readPage reads a page of issues without looking into them.
func readPage(body []byte, member func(r *reader, name string) error) error {
	r := newReader()
	r.open(body)
	if err := r.must('{', "page"); err != nil {
		return err
	}
	if err := r.object(func(name string) error { return member(r, name) }); err != nil {
		return err
	}
	return r.end()
}

// values reads an array of JSON values as they are.
func (r *reader) values() ([]json.RawMessage, error) {
	var list []json.RawMessage
	err := r.array(func() error {
		v, err := r.dec.ReadValue()
		list = append(list, json.RawMessage(v.Clone()))
		return err
	})
	return list, err
}

// tokenPages walks Cloud's pages. Only a missing token is the end: a page may be
// short or empty, and isLast is not to be trusted.
func (s *Source) tokenPages(ctx context.Context, q search) iter.Seq2[portion, error] {
	return func(yield func(portion, error) bool) {
		used := map[string]bool{}
		size := portionSize{most: q.size, now: q.size}
		for token := ""; ; {
			var page tokenPage
			bare, err := size.attempt(q.changelog, func(n int, changelog bool) error {
				page = tokenPage{}
				req := tokenRequest{JQL: q.jql, MaxResults: n, Fields: q.fields, Token: token}
				if changelog {
					req.Expand = "changelog"
				}
				return s.ask(ctx, "rest/api/2/search/jql", req, &page)
			})
			if err == nil && page.Next != "" && used[page.Next] {
				err = &connectors.IncompleteError{Source: s.opt.Name, What: "a search", Err: errors.New("a page leads back to an earlier one")}
			}
			if err != nil {
				yield(portion{}, s.credentials(err))
				return
			}
			part := portion{issues: page.Issues, bare: bare}
			if len(page.Warnings) > 0 {
				part.warning = oneLine(string(page.Warnings[0]))
			}
			if (len(part.issues) > 0 || part.warning != "") && !yield(part, nil) {
				return
			}
			if page.Next == "" {
				return
			}
			used[page.Next] = true
			token = page.Next
		}
	}
}

type offsetRequest struct {
	JQL        string   `json:"jql"`
	StartAt    int      `json:"startAt"`
	MaxResults int      `json:"maxResults"`
	Fields     []string `json:"fields"`
	Expand     []string `json:"expand,omitempty"`
}

type offsetPage struct {
	Issues []json.RawMessage `json:"issues"`
	Total  int               `json:"total"`
}

// readPage implements pageReader.
func (p *offsetPage) readPage(body []byte) error {
	return readPage(body, func(r *reader, member string) (err error) {
		switch member {
		case "issues":
			p.Issues, err = r.values()
		case "total":
			p.Total, err = r.number(0)
		default:
			err = r.skip()
		}
		return err
	})
}

// stepsBack bounds how often a walk by offset may lose its footing.
const stepsBack = 1000

// offsetPages walks Data Center's pages. Each page begins with the last issue of
// the one before: where that is not so, something before it was deleted, the rest
// has moved up, and the walk steps back until it stands on an issue it knows.
func (s *Source) offsetPages(ctx context.Context, q search) iter.Seq2[portion, error] {
	return func(yield func(portion, error) bool) {
		seen, ids := map[string]bool{}, newReader()
		size := portionSize{most: q.size, now: q.size}
		stands := false // on the last issue of the page before
		for start, back := 0, 0; ; {
			var page offsetPage
			asked := 0
			bare, err := size.attempt(q.changelog, func(n int, changelog bool) error {
				page, asked = offsetPage{}, max(n, 2) // one to stand on, one to gain
				req := offsetRequest{JQL: q.jql, StartAt: start, MaxResults: asked, Fields: q.fields}
				if changelog {
					req.Expand = []string{"changelog"}
				}
				return s.ask(ctx, "rest/api/2/search", req, &page)
			})
			if err != nil {
				yield(portion{}, s.credentials(err))
				return
			}
			if lost := len(page.Issues) == 0 || stands && !seen[ids.issueID(page.Issues[0])]; lost && start > 0 {
				if back++; back > stepsBack {
					yield(portion{}, &connectors.IncompleteError{Source: s.opt.Name, What: "a search", Err: errors.New("issues disappear faster than they can be read")})
					return
				}
				start = max(0, min(start, page.Total)-asked)
				stands = true
				continue
			}
			fresh := page.Issues[:0:0]
			for _, raw := range page.Issues {
				if id := ids.issueID(raw); !seen[id] {
					seen[id] = true
					fresh = append(fresh, raw)
				}
			}
			if len(fresh) > 0 && !yield(portion{issues: fresh, bare: bare, total: page.Total}, nil) {
				return
			}
			end := start + len(page.Issues)
			if len(page.Issues) == 0 || end >= page.Total {
				return
			}
			if stands = end-1 > start; stands {
				start = end - 1
			} else {
				start = end // a server that gives one at a time leaves nothing to stand on
			}
		}
	}
}

// portionSize adapts how much is asked for at once: an issue with an enormous
// history can bring a server, or a proxy before it, down.
type portionSize struct{ most, now int }

// attempt asks for as much as went well last time. Where the server breaks it
// asks for less, in the end for one issue without its changelog, and then for
// more again.
func (p *portionSize) attempt(changelog bool, ask func(size int, changelog bool) error) (bare bool, err error) {
	for {
		err = ask(p.now, changelog)
		switch {
		case err == nil:
			p.now = min(p.most, p.now*4)
			return bare, nil
		case !overwhelmed(err):
			return bare, err
		case p.now > 1:
			p.now = max(1, p.now/4)
		case changelog:
			changelog, bare = false, true
		default:
			return bare, err
		}
	}
}

// overwhelmed reports whether asking for less may help.
func overwhelmed(err error) bool {
	switch httpStatus(err) {
	case http.StatusInternalServerError, http.StatusGatewayTimeout:
		return true
	}
	return errors.Is(err, connectors.ErrTooLarge)
}

// issueID reads an issue's id, which stands at its beginning, without reading
// the rest; "" where there is none. It also reads a comment's or history's.
func issueID(raw json.RawMessage) string { return newReader().issueID(raw) }

func (r *reader) issueID(raw []byte) (id string) {
	r.open(raw)
	_ = r.object(func(member string) error { // broken JSON is found when the issue is read
		if member != "id" {
			return r.skip()
		}
		if err := r.textInto(&id); err != nil {
			return err
		}
		return errStopped
	})
	return id
}

// ahead runs one page in front of its reader, so that the next request is on its
// way while a page is worked on. What the sequence yields does not change.
func ahead[T any](ctx context.Context, sequence func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	type step struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		steps := make(chan step, 1)
		go func() {
			defer close(steps)
			for v, err := range sequence(ctx) {
				select {
				case steps <- step{v, err}:
				case <-ctx.Done():
					return
				}
			}
		}()
		defer func() { // the goroutine ends before its reader goes on
			cancel()
			for range steps {
			}
		}()
		for st := range steps {
			if !yield(st.value, st.err) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			var none T
			yield(none, err)
		}
	}
}
