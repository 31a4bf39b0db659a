package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"defacto/backlog"
	"defacto/store/fastscan"
)

func (sh *shot) items(ctx context.Context) error {
	sh.snap.Items = make([]backlog.Item, 0, len(sh.numbers))
	sh.besides = make([]besides, 0, len(sh.numbers))
	st, err := sh.conn.Table("issue", "no", "source", "scope", "type", "status", "level", "history", "flags", "creator", "reporter", "assignee", "parent", "epic",
		"created", "updated", "resolved", "due", "target_start", "target_end", "promised_changes", "promised_comments", "comments_read", "key", "history_at")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.runs, st, 0, func(no int64) error {
		if n := len(sh.snap.Items); n >= len(sh.numbers) || sh.numbers[n] != no {
			return nil // lies in a hole
		}
		it := backlog.Item{
			No: no, Source: lookup(sh.ses.sources, st.Int(1)), Scope: int32(st.Int(2)), Type: int32(st.Int(3)), Status: int32(st.Int(4)),
			Level: sh.level(no, st.Int(5)), History: backlog.History(st.Int(6)), Flags: backlog.ItemFlags(st.Int(7)),
			Creator: lookup(sh.ses.persons, st.Int(8)), Reporter: lookup(sh.ses.persons, st.Int(9)), Assignee: lookup(sh.ses.persons, st.Int(10)),
			Parent: lookup(sh.ses.refs, st.Int(11)), Created: st.Int(13), Updated: st.Int(14), Resolved: st.Int(15),
			Due: st.Int(16), TargetStart: st.Int(17), TargetEnd: st.Int(18), Key: st.Text(22),
		}
		if sh.ses.gone[no] != "" {
			it.Flags |= backlog.ItemGone
		}
		sh.besides = append(sh.besides, besides{
			historyAt: st.Int(23), changes: st.Int(19), comments: st.Int(20), read: st.Int(21) != 0, epic: lookup(sh.ses.refs, st.Int(12)),
		})
		sh.snap.Items = append(sh.snap.Items, it)
		return nil
	})
}

// level lifts an issue some story names as its epic onto the roadmap.
func (sh *shot) level(no, level int64) backlog.Level {
	if level < int64(backlog.Epic) {
		if _, ok := sh.ses.epics[no]; ok {
			return backlog.Epic
		}
	}
	return backlog.Level(level)
}

// name returns the number that stands for an id which is a text or may be.
func (sh *shot) name(st *fastscan.Table, col int) int64 {
	if st.IsInt(col) {
		return st.Int(col)
	}
	text := st.Text(col)
	if text == "" {
		return 0
	}
	if n, ok := sh.names[text]; ok {
		return n
	}
	n := -int64(len(sh.names)) - 1
	sh.names[text], sh.snap.Names[n] = n, text
	return n
}

// told is hang for rows of histories and comments.
func (sh *shot) told(i *int, rowID int64) bool {
	return sh.hang(i, rowID>>seqBits) && (sh.bare == nil || !sh.bare[*i])
}

// hang moves on to the item a row belongs to and reports whether it is wanted.
func (sh *shot) hang(i *int, no int64) bool {
	for *i < len(sh.numbers) && sh.numbers[*i] < no {
		*i++
	}
	return *i < len(sh.numbers) && sh.numbers[*i] == no
}

func (sh *shot) changes(ctx context.Context) error {
	i := 0
	sn := sh.snap
	sn.Changes = make([]backlog.Event, 0, 12*len(sn.Items))
	st, err := sh.conn.Table("change", "id", "at", "what", "moved", "event")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		it := &sn.Items[i]
		if it.ChangeHi == 0 {
			it.ChangeLo = int32(len(sn.Changes))
		}
		var r changeRow
		r.unpack(st.Int(2), st.Int(3))
		sn.Changes = append(sn.Changes, backlog.Event{
			At: st.Int(1), Actor: lookup(sh.ses.persons, r.actor), Field: backlog.Field(r.field),
			From: backlog.ValueID(max(0, r.from)), To: backlog.ValueID(max(0, r.to)),
			Measure: int16(r.measure), ID: sh.name(st, 4), Ordinal: int16(min(r.ordinal, math.MaxInt16)), Machine: r.machine != 0,
		})
		it.ChangeHi = int32(len(sn.Changes))
		return nil
	})
}

func (sh *shot) comments(ctx context.Context) error {
	i := 0
	sn := sh.snap
	sn.Comments = make([]backlog.Remark, 0, 4*len(sn.Items))
	st, err := sh.conn.Table("comment", "id", "at", "who", "said", "ext", "mentions")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		it := &sn.Items[i]
		if it.CommentHi == 0 {
			it.CommentLo = int32(len(sn.Comments))
		}
		who, said := st.Int(2), st.Int(3)
		r := backlog.Remark{
			At: st.Int(1), Author: lookup(sh.ses.persons, who>>32), Marks: backlog.Marks(who >> 8), Machine: who&1 != 0,
			Lead: sh.lead(said >> 32), Chars: int32(said), ID: sh.name(st, 4), MentionLo: int32(len(sn.Mentions)),
		}
		if r.Marks.Has(backlog.MarkMentions) {
			if err := sh.mentions(st.Blob(5)); err != nil {
				return fmt.Errorf("comment %s of %s: %w", sn.EventName(r.ID), it.Key, err)
			}
		}
		r.MentionHi = int32(len(sn.Mentions))
		sn.Comments = append(sn.Comments, r)
		it.CommentHi = int32(len(sn.Comments))
		return nil
	})
}

// mentions appends the people a stored list names; accounts nobody knows are left out.
func (sh *shot) mentions(list []byte) error {
	for len(list) > 0 {
		id, n := binary.Uvarint(list)
		if n <= 0 {
			return errors.New("its mentions are damaged")
		}
		list = list[n:]
		if p := lookup(sh.ses.mentioned, int64(id)); p != backlog.Nobody {
			sh.snap.Mentions = append(sh.snap.Mentions, p)
		}
	}
	return nil
}

// threads adds to comments what they reply to and who closed the thread. A
// comment's place among those of its issue is its row's number.
func (sh *shot) threads(ctx context.Context) error {
	i := 0
	st, err := sh.conn.Table("comment_thread", "id", "parent", "resolved", "resolver")
	if err != nil {
		return err
	}
	return sh.eachRow(ctx, sh.whole, st, seqBits, func(id int64) error {
		if !sh.told(&i, id) {
			return nil
		}
		r := &sh.snap.Comments[int64(sh.snap.Items[i].CommentLo)+id&maxSeq]
		r.Parent, r.Resolved, r.Resolver = sh.name(st, 1), st.Int(2), lookup(sh.ses.persons, st.Int(3))
		return nil
	})
}

// lead gives a stored lead a place in this snapshot's Leads.
func (sh *shot) lead(id int64) backlog.ValueID {
	v, ok := sh.leads[id]
	if !ok {
		v = backlog.ValueID(len(sh.leads))
		sh.leads[id] = v
	}
	return v
}

func (sh *shot) leadNames(ctx context.Context) error {
	if len(sh.leads) == 1 {
		return nil
	}
	st, err := sh.conn.Prepare(`SELECT name FROM lead WHERE id = ?`)
	if err != nil {
		return err
	}
	defer st.Close()
	sh.snap.Leads = make([]string, len(sh.leads))
	for id, v := range sh.leads {
		if err := st.Bind(id); err != nil {
			return err
		}
		err := steps(ctx, st, func(st *fastscan.Stmt) error {
			sh.snap.Leads[v] = st.Text(0)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// aboves reads the further roadmap items above items.
func (sh *shot) aboves(ctx context.Context) error {
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT issue, above FROM issue_above WHERE issue >= ? ORDER BY issue, pos`, func(st *fastscan.Stmt, issue int64) error {
		if no := lookup(sh.ses.refs, st.Int(1)); no != 0 && sh.hang(&i, issue) {
			sh.snap.Items[i].Above = append(sh.snap.Items[i].Above, no)
		}
		return nil
	})
}

// spans reads the further scopes a roadmap item spans; ones that never had an
// issue are none.
func (sh *shot) spans(ctx context.Context) error {
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT p.issue, i.source, p.scope FROM issue_span p JOIN issue i ON i.no = p.issue WHERE p.issue >= ? ORDER BY p.issue, p.scope`, func(st *fastscan.Stmt, issue int64) error {
		if no := sh.ses.scopeKeys[scopeKey{st.Int(1), st.Text(2)}]; no != 0 && sh.hang(&i, issue) {
			sh.snap.Items[i].Spans = append(sh.snap.Items[i].Spans, no)
		}
		return nil
	})
}

func (sh *shot) components(ctx context.Context) error {
	if !sh.q.Components {
		return nil
	}
	i := 0
	return sh.eachRun(ctx, sh.runs, `SELECT issue, component FROM issue_component WHERE issue >= ? ORDER BY issue`, func(st *fastscan.Stmt, issue int64) error {
		if sh.hang(&i, issue) {
			v := lookup(sh.site.Values, st.Int(1))
			sh.snap.Items[i].Components = append(sh.snap.Items[i].Components, v.Name)
			slices.Sort(sh.snap.Items[i].Components)
		}
		return nil
	})
}
