package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf8"

	"defacto/backlog"
)

// commentRow is one comment as it is stored.
type commentRow struct {
	at       int64
	ext      any // int64 or string
	parent   any
	author   int64
	resolved int64
	resolver int64
	lead     int64
	chars    int64
	marks    int64
	machine  int64
	mentions []byte
	edited   int64
	private  int64
	body     body
}

// body is a comment's text; both nil where it is not kept.
type body struct{ prose, more any }

func compareComments(a, b commentRow) int {
	return cmp.Or(cmp.Compare(a.at, b.at), compareIdents(a.ext, b.ext))
}

// commentKey tells the comments on an issue apart.
type commentKey struct {
	ext any
	at  int64
}

func (c *commentRow) key() commentKey {
	if c.ext == "" {
		return commentKey{ext: "", at: c.at}
	}
	return commentKey{ext: c.ext}
}

// orderComments drops repeats and sorts by time and id.
func orderComments(rows []commentRow) []commentRow {
	slices.SortStableFunc(rows, func(a, b commentRow) int {
		return cmp.Or(compareIdents(a.ext, b.ext), cmp.Compare(a.at, b.at))
	})
	rows = slices.CompactFunc(rows, func(a, b commentRow) bool { return a.key() == b.key() })
	slices.SortStableFunc(rows, compareComments)
	return rows
}

// commentRows appends a copy's comments to rows, read with the lexicon.
func (in *intake) commentRows(ctx context.Context, is *backlog.Issue, rows []commentRow) ([]commentRow, error) {
	w, src := in.w, in.src
	for i := range is.Comments {
		c := &is.Comments[i]
		r := commentRow{
			at: unix(c.At), ext: ident(c.ID), parent: ident(c.Parent), resolved: unix(c.Resolved), edited: unix(c.Edited),
			machine: bit(c.Machine), private: bit(c.Private),
			chars: int64(utf8.RuneCountInString(c.Body.Prose)), marks: int64(in.lexicon.Read(c.Body)),
		}
		var err error
		if r.author, err = w.actor(ctx, src, c.Author, r.at); err != nil {
			return nil, err
		}
		if r.resolver, err = w.actor(ctx, src, c.Resolver, r.resolved); err != nil {
			return nil, err
		}
		lead := backlog.Lead(c.Body)
		if lead == "" && backlog.Marks(r.marks).Has(backlog.MarkElsewhere) {
			lead = backlog.Spoken(c.Body)
		}
		if r.lead, err = w.lead(ctx, lead); err != nil {
			return nil, err
		}
		for _, token := range c.Body.Mentions {
			id, err := w.mention(ctx, src, token)
			if err != nil {
				return nil, err
			}
			r.mentions = binary.AppendUvarint(r.mentions, uint64(id))
		}
		if r.body.prose, r.body.more, err = apart(c.Body, false, in.keepText && !in.unsaid.comments[c.Author]); err != nil {
			return nil, err
		}
		widen(&src.firstAt, &src.lastAt, r.at)
		rows = append(rows, r)
	}
	in.saved.Comments += len(is.Comments)
	return rows, nil
}

// addComments writes ordered rows as the comments on an issue from seq on.
func (in *intake) addComments(ctx context.Context, no int64, seq int, rows []commentRow) error {
	if seq+len(rows) > maxSeq {
		return fmt.Errorf("%d comments are more than an issue can have here (%d)", seq+len(rows), maxSeq)
	}
	for i := range rows {
		r := &rows[i]
		id := no<<seqBits | int64(seq+i)
		var mentions any
		if len(r.mentions) > 0 {
			mentions = r.mentions
		}
		who, said := r.author<<32|r.marks<<8|r.private<<1|r.machine, r.lead<<32|r.chars
		if err := in.w.comments.add(ctx, id, r.at, who, said, r.ext, mentions, r.edited); err != nil {
			return err
		}
		if r.parent != "" || r.resolved != 0 || r.resolver != 0 {
			if err := in.w.threads.add(ctx, id, r.parent, r.resolved, r.resolver); err != nil {
				return err
			}
		}
		if r.body == (body{}) {
			continue
		}
		prose := r.body.prose
		if prose == nil {
			prose = ""
		}
		if err := in.w.bodies.add(ctx, id, prose, r.body.more); err != nil {
			return err
		}
	}
	return nil
}

// mergeComments joins a copy's comments with the stored ones and returns how many
// were new and the time of the newest. Of a comment both know, the later edited
// version counts, else the newer copy's.
func (in *intake) mergeComments(ctx context.Context, is *backlog.Issue, no int64, newer bool, news *bool) (added int, newest int64, err error) {
	if len(is.Comments) == 0 {
		return 0, 0, nil
	}
	if in.talk, err = in.commentRows(ctx, is, in.talk[:0]); err != nil {
		return 0, 0, err
	}
	arriving := orderComments(in.talk)
	newest = arriving[len(arriving)-1].at
	stored, err := in.storedComments(ctx, no)
	if err != nil {
		return 0, 0, err
	}
	place := make(map[commentKey]int, len(stored))
	for i := range stored {
		place[stored[i].key()] = i
	}
	had, rewrite := len(stored), false
	for _, r := range arriving {
		i, ok := place[r.key()]
		if !ok {
			stored = append(stored, r)
			continue
		}
		old := &stored[i]
		if r.edited < old.edited || r.edited == old.edited && !newer || sameComment(old, &r) {
			continue
		}
		*old, rewrite = r, true
	}
	added = len(stored) - had
	if added == 0 && !rewrite {
		return 0, newest, nil
	}
	*news = true
	if !rewrite && (had == 0 || compareComments(stored[had-1], stored[had]) < 0) {
		return added, newest, in.addComments(ctx, no, had, stored[had:])
	}
	slices.SortStableFunc(stored, compareComments)
	for _, q := range []string{`DELETE FROM comment_body WHERE id BETWEEN ? AND ?`, `DELETE FROM comment_thread WHERE id BETWEEN ? AND ?`, `DELETE FROM comment WHERE id BETWEEN ? AND ?`} {
		if err := in.w.exec(ctx, q, no<<seqBits, no<<seqBits|maxSeq); err != nil {
			return 0, 0, err
		}
	}
	return added, newest, in.addComments(ctx, no, 0, stored)
}

func (in *intake) storedComments(ctx context.Context, no int64) ([]commentRow, error) {
	for _, t := range []*table{in.w.comments, in.w.threads, in.w.bodies} {
		if err := t.flush(ctx); err != nil {
			return nil, err
		}
	}
	var rows []commentRow
	err := in.w.each(ctx, `SELECT c.at, c.ext, c.parent, c.author, c.resolved, c.resolver, c.lead, c.chars, c.marks, c.machine, c.mentions, c.edited, c.private, NULLIF(b.prose, ''), b.more
		FROM comment_row c LEFT JOIN comment_body b ON b.id = c.id WHERE c.id BETWEEN ? AND ? ORDER BY c.id`,
		func(r *sql.Rows) error {
			var c commentRow
			err := r.Scan(&c.at, &c.ext, &c.parent, &c.author, &c.resolved, &c.resolver, &c.lead, &c.chars, &c.marks, &c.machine, &c.mentions, &c.edited, &c.private, &c.body.prose, &c.body.more)
			rows = append(rows, c)
			return err
		}, no<<seqBits, no<<seqBits|maxSeq)
	return rows, err
}

func sameComment(a, b *commentRow) bool {
	return a.at == b.at && a.ext == b.ext && a.parent == b.parent && a.author == b.author && a.resolved == b.resolved && a.resolver == b.resolver &&
		a.lead == b.lead && a.chars == b.chars && a.marks == b.marks && a.machine == b.machine && bytes.Equal(a.mentions, b.mentions) &&
		a.edited == b.edited && a.private == b.private && a.body == b.body
}
