package jiratest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"defacto/backlog"
)

// What Cloud embeds in a search at most.
const (
	embeddedHistories = 40
	embeddedComments  = 20
)

const removed = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"

// cloud routes what only Cloud has.
func (s *Jira) cloud(name string) handler {
	switch name {
	case "POST search/jql":
		return s.searchJQL
	case "GET search", "POST search":
		return fail(http.StatusGone, removed)
	case "POST search/approximate-count":
		return s.approximateCount
	case "POST changelog/bulkfetch":
		return s.bulkChangelogs
	case "POST issue/bulkfetch":
		return s.bulkIssues
	case "GET project/search":
		return s.searchProjects
	case "GET user/bulk":
		return s.bulkUsers
	}
	return nil
}

type jqlRequest struct {
	JQL           string   `json:"jql"`
	NextPageToken string   `json:"nextPageToken"`
	MaxResults    int      `json:"maxResults"`
	Fields        []string `json:"fields"`
	Expand        string   `json:"expand"`
}

// searchJQL pages like a keyset: the token names the last issue given, so that
// edits and deletions do not shift it.
func (s *Jira) searchJQL(w http.ResponseWriter, _ url.Values, body []byte) {
	var req jqlRequest
	if !decode(w, body, &req) {
		return
	}
	found, ok := s.run(w, req.JQL)
	if !ok {
		return
	}
	after, empty := 0, false
	if req.NextPageToken != "" {
		created, key, gap, err := readToken(req.NextPageToken)
		if err != nil {
			refuse(w, http.StatusBadRequest, "The provided next page token is invalid or expired.")
			return
		}
		empty = gap
		after = sort.Search(len(found), func(i int) bool { return beyond(&found[i].issue, created, key) })
	}
	s.tokens++
	size := req.MaxResults
	if size <= 0 {
		size = 50
	}
	if len(req.Fields) == 0 {
		req.Fields = []string{"id"}
	}
	if len(req.Fields) == 1 && (req.Fields[0] == "id" || req.Fields[0] == "key") {
		size = min(size, 5000)
	} else {
		size = min(size, s.opt.PageCap)
	}
	lo, hi := clamp(after, size, len(found))
	next := ""
	if hi < len(found) {
		gap := s.opt.EmptyGap > 0 && s.tokens%s.opt.EmptyGap == 0
		next = writeToken(&found[hi-1].issue, gap)
	}
	if empty { // the page a token with a gap leads to holds nothing, and leads on
		next, hi = strings.TrimSuffix(req.NextPageToken, "~gap"), lo
	}
	histories := -1
	if strings.Contains(req.Expand, "changelog") {
		histories = embeddedHistories
	}
	var b bytes.Buffer
	b.WriteString(`{"issues":[`)
	for i, d := range found[lo:hi] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(d.encode(known(req.Fields), embeddedComments, histories, Cloud))
	}
	b.WriteByte(']')
	if next != "" {
		b.WriteString(`,"nextPageToken":` + strconv.Quote(next))
	}
	fmt.Fprintf(&b, `,"isLast":%t}`, next == "")
	_, _ = w.Write(b.Bytes())
}

// known drops the pseudo fields id and key.
func known(fields []string) []string {
	out := []string{}
	for _, f := range fields {
		if f != "id" && f != "key" {
			out = append(out, f)
		}
	}
	return out
}

// run evaluates JQL over what the caller may see.
func (s *Jira) run(w http.ResponseWriter, jql string) ([]*document, bool) {
	q, err := parse(jql, s.zone)
	if err == nil && !q.bounded && s.Encoder.Flavour == Cloud {
		err = fmt.Errorf("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return nil, false
	}
	if s.expired {
		return nil, true
	}
	for key := range s.Encoder.scopes {
		if s.hidden[key] && (strings.Contains(jql, `"`+key+`"`) || strings.Contains(jql, `"`+s.Encoder.scopes[key].ID+`"`)) && strings.Contains(jql, "project") {
			refuse(w, http.StatusBadRequest, "The value '"+key+"' does not exist for the field 'project'.")
			return nil, false
		}
	}
	var found []*document
	for _, d := range s.order {
		if s.visible(d) && !s.unfound[d.issue.ID] && !s.unfound[d.issue.Scope] && q.match(d) {
			found = append(found, d)
		}
	}
	return found, true
}

func writeToken(iss *backlog.Issue, gap bool) string {
	t := strconv.FormatInt(iss.Created.UnixMilli(), 10) + "~" + iss.Key
	if gap {
		t += "~gap"
	}
	return t
}

func readToken(t string) (created time.Time, key string, gap bool, err error) {
	parts := strings.Split(t, "~")
	if len(parts) < 2 {
		return created, "", false, fmt.Errorf("token %q", t)
	}
	ms, err := strconv.ParseInt(parts[0], 10, 64)
	return time.UnixMilli(ms), parts[1], len(parts) == 3, err
}

func beyond(iss *backlog.Issue, created time.Time, key string) bool {
	if ms := iss.Created.UnixMilli(); ms != created.UnixMilli() {
		return ms > created.UnixMilli()
	}
	if len(iss.Key) != len(key) {
		return len(iss.Key) > len(key)
	}
	return iss.Key > key
}

func (s *Jira) approximateCount(w http.ResponseWriter, _ url.Values, body []byte) {
	var req jqlRequest
	if !decode(w, body, &req) {
		return
	}
	if found, ok := s.run(w, req.JQL); ok {
		write(w, map[string]any{"count": len(found)})
	}
}

type bulkPage struct {
	entries []bulkEntry
}

type bulkEntry struct {
	issue string
	raw   json.RawMessage
}

// bulkChangelogs orders entries by date, then issue, so that one issue's are
// spread over pages, and writes created as a number.
func (s *Jira) bulkChangelogs(w http.ResponseWriter, _ url.Values, body []byte) {
	var req struct {
		IssueIDs   []string `json:"issueIdsOrKeys"`
		MaxResults int      `json:"maxResults"`
		Token      string   `json:"nextPageToken"`
	}
	if !decode(w, body, &req) {
		return
	}
	if len(req.IssueIDs) == 0 || len(req.IssueIDs) > 1000 {
		refuse(w, http.StatusBadRequest, "issueIdsOrKeys must hold 1 to 1000 entries")
		return
	}
	entries := s.changes[req.Token].entries
	if req.Token == "" {
		entries = s.gather(req.IssueIDs)
	}
	n := req.MaxResults
	if n <= 0 || n > 10000 {
		n = 1000
	}
	n = min(n, len(entries))
	var out []any
	for i := 0; i < n; {
		j := i
		var histories []json.RawMessage
		for ; j < n && entries[j].issue == entries[i].issue; j++ {
			histories = append(histories, entries[j].raw)
		}
		out = append(out, map[string]any{"issueId": entries[i].issue, "changeHistories": histories})
		i = j
	}
	answer := map[string]any{"issueChangeLogs": out}
	if n < len(entries) {
		token := "b" + strconv.Itoa(len(s.changes)+1)
		s.changes[token] = bulkPage{entries[n:]}
		answer["nextPageToken"] = token
	}
	write(w, answer)
}

func (s *Jira) gather(ids []string) []bulkEntry {
	var out []bulkEntry
	at := map[*byte]int64{}
	for _, id := range ids {
		d := s.find(id)
		if d == nil || !s.visible(d) || s.expired {
			continue
		}
		for _, h := range d.histories {
			var entry map[string]any
			if json.Unmarshal(h, &entry) != nil {
				continue
			}
			when, _ := time.Parse(timeLayout, entry["created"].(string))
			entry["created"] = when.UnixMilli()
			raw := must(entry)
			at[&raw[0]] = when.UnixMilli()
			out = append(out, bulkEntry{d.issue.ID, raw})
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := at[&out[i].raw[0]], at[&out[j].raw[0]]
		if a != b {
			return a < b
		}
		return out[i].issue < out[j].issue
	})
	return out
}

func (s *Jira) bulkIssues(w http.ResponseWriter, _ url.Values, body []byte) {
	var req struct {
		IssueIDs []string `json:"issueIdsOrKeys"`
		Fields   []string `json:"fields"`
		Expand   []string `json:"expand"`
	}
	if !decode(w, body, &req) {
		return
	}
	if len(req.IssueIDs) > 100 {
		refuse(w, http.StatusBadRequest, "at most 100 issues")
		return
	}
	histories := -1
	for _, x := range req.Expand {
		if x == "changelog" {
			histories = embeddedHistories
		}
	}
	var found, lost []json.RawMessage
	for _, id := range req.IssueIDs {
		if d := s.find(id); d != nil && s.visible(d) && !s.expired {
			found = append(found, d.encode(known(req.Fields), embeddedComments, histories, Cloud))
		} else {
			lost = append(lost, must(map[string]any{"id": id, "errorMessage": "Issue does not exist or you do not have permission to see it."}))
		}
	}
	var b bytes.Buffer
	b.WriteString(`{"issues":`)
	writeArray(&b, found)
	b.WriteString(`,"issueErrors":`)
	writeArray(&b, lost)
	b.WriteByte('}')
	_, _ = w.Write(b.Bytes())
}

func (s *Jira) searchProjects(w http.ResponseWriter, q url.Values, _ []byte) {
	all := s.visibleProjects()
	lo, hi := clamp(number(q.Get("startAt"), 0), min(100, number(q.Get("maxResults"), 50)), len(all))
	write(w, map[string]any{"startAt": lo, "total": len(all), "isLast": hi == len(all), "values": all[lo:hi]})
}

func (s *Jira) visibleProjects() []any {
	list := []any{}
	for _, sc := range s.Encoder.world.Scopes {
		if s.sees(sc.Key) && !s.archived[sc.Key] {
			list = append(list, map[string]any{"id": sc.ID, "key": sc.Key, "name": sc.Name, "lead": s.Encoder.user(sc.Lead), "projectTypeKey": s.Encoder.projectType(sc.Key)})
		}
	}
	return list
}

func (s *Jira) bulkUsers(w http.ResponseWriter, q url.Values, _ []byte) {
	list := []any{}
	n := number(q.Get("maxResults"), 10)
	for _, id := range q["accountId"] {
		if _, ok := s.Encoder.accounts[id]; ok && len(list) < n {
			list = append(list, s.Encoder.user(id))
		}
	}
	write(w, map[string]any{"startAt": 0, "maxResults": n, "total": len(list), "isLast": true, "values": list})
}
