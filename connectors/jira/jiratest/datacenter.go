package jiratest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
)

// dataCenter routes what only Data Center has.
func (s *Jira) dataCenter(name string) handler {
	switch name {
	case "POST search":
		return s.search
	case "GET project":
		return func(w http.ResponseWriter, _ url.Values, _ []byte) { write(w, s.visibleProjects()) }
	case "GET user":
		return s.user
	}
	return nil
}

// search pages by offset: what is deleted before the offset shifts what follows.
func (s *Jira) search(w http.ResponseWriter, _ url.Values, body []byte) {
	var req struct {
		JQL        string   `json:"jql"`
		StartAt    int      `json:"startAt"`
		MaxResults *int     `json:"maxResults"`
		Fields     []string `json:"fields"`
		Expand     []string `json:"expand"`
	}
	if !decode(w, body, &req) {
		return
	}
	found, ok := s.run(w, req.JQL)
	if !ok {
		return
	}
	size := 50
	if req.MaxResults != nil {
		size = *req.MaxResults
	}
	lo, hi := clamp(req.StartAt, min(size, s.opt.PageCap), len(found))
	list := make([]json.RawMessage, 0, hi-lo)
	for _, d := range found[lo:hi] {
		histories := -1
		if slices.Contains(req.Expand, "changelog") {
			histories = len(d.histories)
		}
		comments := len(d.comments)
		if s.comments > 0 {
			comments = min(comments, s.comments)
		}
		list = append(list, d.encode(known(req.Fields), comments, histories, Server))
	}
	_, _ = w.Write(page("issues", req.StartAt, len(found), list))
}

func (s *Jira) user(w http.ResponseWriter, q url.Values, _ []byte) {
	for id, a := range s.Encoder.accounts {
		if id == q.Get("key") || (a.Handle != "" && a.Handle == q.Get("username")) {
			write(w, s.Encoder.user(id))
			return
		}
	}
	refuse(w, http.StatusNotFound, "The user named '"+q.Get("username")+"' does not exist")
}
