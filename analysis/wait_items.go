package analysis

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"defacto/backlog"
)

// WaitItem is one question.
type WaitItem struct {
	Issue      string     `json:"issue"`
	URL        string     `json:"url,omitempty"`
	Comment    string     `json:"comment"`
	AskedBy    string     `json:"asked_by"`
	Asked      string     `json:"asked"`
	AskedAt    time.Time  `json:"asked_at"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Answer     string     `json:"answer,omitempty"` // the event that answered
	Hours      float64    `json:"hours"`            // until the answer, or until the clock stopped
	WallHours  float64    `json:"wall_hours"`
	Open       bool       `json:"open"`
	Censored   string     `json:"censored,omitempty"` // why the clock stopped without an answer
	Relayed    bool       `json:"relayed,omitempty"`
}

// WaitItems lists questions in the order they were measured. A large site has a
// million of them, so that they are kept as numbers and spelt out when they are
// read. A list does not change and may be read by several goroutines; the zero
// value is empty.
type WaitItems struct {
	rows []waitRow
	keys []byte // of the rows' issues, one after the other
	// Parts of the site, and not the site: a report must not keep a store's state open.
	people  []backlog.Person
	sources []backlog.SourceInfo
	names   map[int64]string // ids of rows that are no numbers
	given   []WaitItem       // instead of rows
	edits   []func(*WaitItem)
}

// waitRow is a question in numbers, none of which the garbage collector follows; ids
// are those of backlog.Remark and backlog.Event.
type waitRow struct {
	comment, answer      int64
	at, until            int64 // unix ms
	hours                float64
	asker, target, by    backlog.PersonID
	source               int32
	keyEnd               uint32 // where the issue's key ends and the next row's begins
	level                backlog.Level
	open, closed         bool
	relayed, byCommented bool
}

// ListWaits makes a list of questions that were measured elsewhere. It keeps items.
func ListWaits(items ...WaitItem) WaitItems { return WaitItems{given: items} }

// Len is the number of questions.
func (l WaitItems) Len() int { return len(l.rows) + len(l.given) }

// All yields the questions in order, each spelt out anew where the last one stood.
func (l WaitItems) All() iter.Seq[*WaitItem] {
	return func(yield func(*WaitItem) bool) {
		var item WaitItem
		edited := func() bool {
			for _, edit := range l.edits {
				edit(&item)
			}
			return yield(&item)
		}
		key := uint32(0)
		for i := range l.rows {
			r := &l.rows[i]
			r.spell(&l, string(l.keys[key:r.keyEnd]), &item)
			key = r.keyEnd
			if !edited() {
				return
			}
		}
		for _, item = range l.given {
			if !edited() {
				return
			}
		}
	}
}

// Edited returns the same list with a change made to every item when it is read.
func (l WaitItems) Edited(edit func(*WaitItem)) WaitItems {
	l.edits = append(l.edits[:len(l.edits):len(l.edits)], edit)
	return l
}

// MarshalJSON spells the list as an array.
func (l WaitItems) MarshalJSON() ([]byte, error) {
	items := make([]WaitItem, 0, l.Len())
	for item := range l.All() {
		items = append(items, *item)
	}
	return json.Marshal(items)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *WaitItems) UnmarshalJSON(b []byte) error {
	*l = WaitItems{}
	if err := json.Unmarshal(b, &l.given); err != nil {
		return fmt.Errorf("questions: %w", err)
	}
	return nil
}

// spell writes a row out.
func (r *waitRow) spell(l *WaitItems, issue string, item *WaitItem) {
	*item = WaitItem{
		Issue: issue, URL: link(l.sources, r.source, r.level, issue), Comment: l.event(r.comment),
		AskedBy: l.person(r.asker), Asked: l.person(r.target), AskedAt: time.UnixMilli(r.at).UTC(),
		Hours: r.hours, WallHours: r.wall(), Open: r.open, Relayed: r.relayed,
	}
	switch {
	case !r.open:
		at := time.UnixMilli(r.until).UTC()
		item.AnsweredAt, item.AnsweredBy, item.Answer = &at, l.person(r.by), l.event(r.answer)
		if r.byCommented {
			item.Answer = "comment:" + item.Answer
		}
	case r.closed:
		item.Censored = "the issue was closed"
	default:
		item.Censored = "no answer recorded"
	}
}

func (r *waitRow) wall() float64 { return float64(r.until-r.at) / float64(hour) }

// add appends a question about an issue of a snapshot.
func (l *WaitItems) add(snap *backlog.Snapshot, issue string, r waitRow) {
	l.keys = append(l.keys, issue...)
	r.keyEnd = uint32(len(l.keys))
	for _, id := range [2]int64{r.comment, r.answer} {
		if id < 0 {
			if l.names == nil {
				l.names = map[int64]string{}
			}
			l.names[id] = snap.EventName(id)
		}
	}
	l.rows = append(l.rows, r)
}

func (l *WaitItems) person(p backlog.PersonID) string {
	if p == backlog.Nobody {
		return ""
	}
	return l.people[p].ID
}

func (l *WaitItems) event(id int64) string {
	if id < 0 {
		return l.names[id]
	}
	return (*backlog.Snapshot)(nil).EventName(id)
}
