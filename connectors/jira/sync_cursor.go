package jira

import (
	"encoding/json"
	"fmt"
	"time"

	"defacto/backlog"
)

// cursor is how far the source was read, saved with every batch. Whenever a run
// is cut off, the next one goes on from the last batch that was stored.
type cursor struct {
	Version  int               `json:"v"`
	Projects map[string]*place `json:"projects"` // by the project's id, which outlives its key
	Boards   time.Time         `json:"boards,omitzero"`
	// Strangers are accounts that were referred to and not yet looked up.
	Strangers []string `json:"strangers,omitempty"`
}

// place is how far one project was read. All times are the server's.
type place struct {
	// Mark: every update before it is stored. It is the start of the last walk
	// that came to its end; zero before the first one did.
	Mark   time.Time `json:"mark,omitzero"`
	Reread time.Time `json:"reread,omitzero"` // start of the last whole walk that took in the open issues
	Census time.Time `json:"census,omitzero"`
	Walk   *walk     `json:"walk,omitempty"` // under way
	Key    string    `json:"key,omitempty"`
	// Archived: it was when last looked at, and that was said.
	Archived bool  `json:"archived,omitempty"`
	Known    idSet `json:"known"`  // stored, and there when last looked at
	Absent   idSet `json:"absent"` // stored, and missed by a census since
}

// walk is one passage through a project in the order of creation.
type walk struct {
	Started time.Time `json:"started"`
	Since   time.Time `json:"since,omitzero"` // updated from then on; zero: everything
	Open    bool      `json:"open,omitempty"` // and whatever is open
	// Created: all that was created before is stored by this walk.
	Created time.Time `json:"created,omitzero"`
}

const cursorVersion = 1

// readCursor reads what a former run left; nothing is the beginning.
func readCursor(c backlog.Cursor) (*cursor, error) {
	cur := &cursor{Version: cursorVersion, Projects: map[string]*place{}}
	if c == "" {
		return cur, nil
	}
	if err := json.Unmarshal([]byte(c), cur); err != nil {
		return nil, fmt.Errorf("jira: the stored position cannot be read (a full sync starts over): %w", err)
	}
	if cur.Version != cursorVersion {
		return nil, fmt.Errorf("jira: the stored position is of version %d, which this program does not know (a full sync starts over)", cur.Version)
	}
	for id, p := range cur.Projects {
		if p == nil {
			delete(cur.Projects, id)
		}
	}
	return cur, nil
}

func (c *cursor) write() (backlog.Cursor, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("jira: write the position: %w", err)
	}
	return backlog.Cursor(b), nil
}

// place returns a project's place, a new one where there is none.
func (c *cursor) place(project string) *place {
	p := c.Projects[project]
	if p == nil {
		p = &place{}
		c.Projects[project] = p
	}
	return p
}

// Restart implements [connectors.Restarter]: everything is read again, and what
// was known stays known so that deletions are noticed. A damaged cursor is dropped.
func (s *Source) Restart(since backlog.Cursor) backlog.Cursor {
	cur, err := readCursor(since)
	if err != nil {
		return ""
	}
	cur.Boards = time.Time{}
	for _, p := range cur.Projects {
		p.Mark, p.Reread, p.Census, p.Walk = time.Time{}, time.Time{}, time.Time{}, nil
	}
	again, err := cur.write()
	if err != nil {
		return ""
	}
	return again
}
