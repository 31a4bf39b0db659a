package linear

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"defacto/backlog"
)

// cursor is how far the workspace was read, saved with the batches.
type cursor struct {
	Version int `json:"v"`
	// Mark: every update before it is stored, in the server's time. It is the
	// start of the last pass all pages of which came; zero before the first one.
	Mark   time.Time `json:"mark,omitzero"`
	Census time.Time `json:"census,omitzero"` // start of the last one
	Pass   *pass     `json:"pass,omitempty"`  // under way
	Teams  string    `json:"teams,omitempty"` // those asked for
	Known  idSet     `json:"known"`           // stored, and there when last looked at
	Absent idSet     `json:"absent"`          // stored, and gone since
	// Order is where issues not yet started stood in the manual order.
	Order map[string]standing `json:"order,omitempty"`
	// Plans is what projects and initiatives were when last looked at.
	Plans map[string]planned `json:"plans,omitempty"`
}

// pass is one passage through the issues in the order of creation, newest first.
type pass struct {
	Started time.Time `json:"started"`
	Since   time.Time `json:"since,omitzero"` // updated from then on; zero: everything
	// Created: all that was created after it is stored by this pass; zero: nothing is.
	Created time.Time `json:"created,omitzero"`
	Lost    bool      `json:"lost,omitempty"` // something of it never came: its end is no mark
}

// standing is an issue's place in the manual order as one pull saw it.
type standing struct {
	At    time.Time `json:"t"`
	Value float64   `json:"o"`
	State string    `json:"s"`
}

// planned is what a project or initiative was as one pull saw it. Whose names may
// be in it is kept as a short mark, enough to tell that it is another one now and
// not who it was: nobody who is erased from the store stays here.
type planned struct {
	At       time.Time `json:"t"`
	NameMark uint16    `json:"n,omitempty"`
	LeadMark uint16    `json:"l,omitempty"`
	Name     string    `json:"-"`
	Lead     string    `json:"-"`
	Status   string    `json:"s,omitempty"`
	Start    string    `json:"b,omitempty"`
	Target   string    `json:"e,omitempty"`
	Priority float64   `json:"p,omitempty"`
	Order    float64   `json:"o,omitempty"`
	Above    string    `json:"a,omitempty"` // the initiatives it hangs on
}

// shortMark is the same for the same text, and for every 65,536th other one.
func shortMark(s string) uint16 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s)) // cannot fail
	return uint16(h.Sum32()>>16) ^ uint16(h.Sum32())
}

const cursorVersion = 1

// readCursor reads what a former run left; nothing is the beginning.
func readCursor(c backlog.Cursor) (*cursor, error) {
	cur := &cursor{Version: cursorVersion}
	if c != "" {
		if err := json.Unmarshal([]byte(c), cur); err != nil {
			return nil, fmt.Errorf("linear: the stored position cannot be read (a full sync starts over): %w", err)
		}
	}
	if cur.Version != cursorVersion {
		return nil, fmt.Errorf("linear: the stored position is of version %d, which this program does not know (a full sync starts over)", cur.Version)
	}
	if cur.Order == nil {
		cur.Order = map[string]standing{}
	}
	return cur, nil
}

func (c *cursor) write() (backlog.Cursor, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("linear: write the position: %w", err)
	}
	return backlog.Cursor(b), nil
}
