package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"defacto/backlog"
)

// How many accounts a request may name, and how many are looked up one by one in
// a run; the rest waits for the next.
const (
	accountsAtOnce = 80
	lookUpsARun    = 200
)

// met notes accounts that an issue or a list described.
func (r *run) met(accounts []backlog.Account) {
	for _, a := range accounts {
		if !a.Thin {
			r.known[a.ID] = true
		}
	}
}

// refer notes the accounts an issue merely names: whom it was assigned to once,
// who is mentioned. On Data Center mentions are logins, which need no look-up.
func (r *run) refer(iss *backlog.Issue) {
	for i := range iss.Changes {
		if c := &iss.Changes[i]; c.Field == backlog.FieldAssignee || c.Field == backlog.FieldReporter {
			r.stranger(c.From)
			r.stranger(c.To)
		}
	}
	if !r.cloud() {
		return
	}
	for _, id := range iss.Description.Mentions {
		r.stranger(id)
	}
	for i := range iss.Comments {
		for _, id := range iss.Comments[i].Body.Mentions {
			r.stranger(id)
		}
	}
}

// stranger remembers, in order, an account nobody has described yet.
func (r *run) stranger(id string) {
	if id == "" || len(id) > 200 || r.known[id] {
		return
	}
	if at, found := slices.BinarySearch(r.cur.Strangers, id); !found {
		r.cur.Strangers = slices.Insert(r.cur.Strangers, at, id)
	}
}

// strangers looks up the accounts that were only referred to. A token that may
// not see users, and users that were deleted, leave them as they are known.
func (r *run) strangers(ctx context.Context) error {
	left := slices.DeleteFunc(r.cur.Strangers, func(id string) bool { return r.known[id] })
	look, at := r.lookUp, 1
	if r.cloud() {
		look, at = r.lookUpMany, accountsAtOnce
	}
	most := lookUpsARun * at
	later := slices.Clone(left[min(len(left), most):])
	for ids := range slices.Chunk(left[:min(len(left), most)], at) {
		err := look(ctx, ids)
		if err != nil && (ctx.Err() != nil || stops(err) && httpStatus(err) != 401) {
			return fmt.Errorf("look accounts up: %w", err)
		}
		if code := httpStatus(err); code == 401 || code == 403 {
			break
		}
	}
	r.cur.Strangers = later
	return nil
}

// lookUpMany asks Cloud for several accounts.
func (r *run) lookUpMany(ctx context.Context, ids []string) error {
	q := url.Values{"accountId": ids, "maxResults": {fmt.Sprint(accountsAtOnce)}}
	var page struct {
		Values json.RawMessage `json:"values"`
	}
	if err := r.get(ctx, "rest/api/2/user/bulk?"+q.Encode(), &page); err != nil || len(page.Values) == 0 {
		return err
	}
	return r.dec.Users(page.Values)
}

// lookUp asks Data Center for one account by its key.
func (r *run) lookUp(ctx context.Context, ids []string) error {
	var raw json.RawMessage
	if err := r.get(ctx, "rest/api/2/user?key="+url.QueryEscape(ids[0]), &raw); err != nil {
		return err
	}
	return r.dec.Users(raw)
}
