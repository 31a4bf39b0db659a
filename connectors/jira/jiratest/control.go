package jiratest

import (
	"sort"
	"strings"
	"time"

	"defacto/backlog"
)

// Put adds or replaces an issue.
func (s *Jira) Put(iss backlog.Issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(iss)
	s.sort()
}

// Edit changes an issue and moves its update to the server's now.
func (s *Jira) Edit(id string, change func(*backlog.Issue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[id]; d != nil {
		iss := d.issue
		iss.Updated = s.now
		change(&iss)
		s.put(iss)
		s.sort()
	}
}

// Quietly changes an issue without touching its update, as some operations do.
func (s *Jira) Quietly(id string, change func(*backlog.Issue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.docs[id]; d != nil {
		iss := d.issue
		change(&iss)
		s.put(iss)
		s.sort()
	}
}

// Delete removes an issue for good.
func (s *Jira) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.docs, id)
	s.sort()
}

// Hide makes an issue, by id, or a project, by key, invisible to the caller.
func (s *Jira) Hide(what string, hidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hidden[what] = hidden
}

// Lose makes searches leave an issue, by id, out: the index is broken.
func (s *Jira) Lose(id string, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unfound[id] = lost
}

// Archive archives a project: it can still be seen, and no search finds its issues.
func (s *Jira) Archive(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.archived[key], s.unfound[key] = true, true
}

// Rename gives a project, and all its issues, another key. No issue's update
// moves, and the former key still leads to the project.
func (s *Jira) Rename(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sc := s.Encoder.scopes[from]
	sc.Key = to
	delete(s.Encoder.scopes, from)
	s.Encoder.scopes[to], s.renamed[from] = sc, to
	for i := range s.Encoder.world.Scopes {
		if s.Encoder.world.Scopes[i].ID == sc.ID {
			s.Encoder.world.Scopes[i].Key = to
		}
	}
	for _, d := range s.docs {
		if d.issue.Scope == from {
			iss := d.issue
			iss.Scope, iss.Key = to, to+strings.TrimPrefix(iss.Key, from)
			if iss.Parent.Key != "" {
				iss.Parent.Key = to + strings.TrimPrefix(iss.Parent.Key, from)
			}
			s.put(iss)
		}
	}
	s.sort()
}

// Expire makes the token expire: searches answer 200 and nothing.
func (s *Jira) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = true
}

// CapComments makes Data Center embed no more than n comments, as some plugins do.
func (s *Jira) CapComments(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.comments = n
}

// Advance moves the server's clock.
func (s *Jira) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Now is the server's clock.
func (s *Jira) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Requests are those that arrived since the last call, faults included.
func (s *Jira) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.requests
	s.requests = nil
	return out
}

// Issues are the visible ones, by id.
func (s *Jira) Issues() map[string]backlog.Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]backlog.Issue{}
	for id, d := range s.docs {
		if s.visible(d) {
			out[id] = d.issue
		}
	}
	return out
}

func (s *Jira) put(iss backlog.Issue) {
	if old := s.docs[iss.ID]; old != nil && old.issue.Key != iss.Key {
		iss.OldKeys = append(append([]string{}, old.issue.OldKeys...), old.issue.Key)
	}
	s.Encoder.know(&iss)
	d := s.Encoder.document(iss)
	if owner := s.opt.Owners[iss.ID]; owner != "" {
		d.fields[FieldOwner] = must(s.Encoder.user(owner))
	}
	s.docs[iss.ID] = d
}

func (s *Jira) sort() {
	s.order = make([]*document, 0, len(s.docs))
	for _, d := range s.docs {
		s.order = append(s.order, d)
	}
	sort.Slice(s.order, func(i, j int) bool {
		a, b := &s.order[i].issue, &s.order[j].issue
		if !a.Created.Equal(b.Created) {
			return a.Created.Before(b.Created)
		}
		if len(a.Key) != len(b.Key) {
			return len(a.Key) < len(b.Key)
		}
		return a.Key < b.Key
	})
}
