package jira

import (
	"cmp"
	"slices"
	"time"

	"defacto/backlog"
)

// comments reads an issue's embedded comments, or a page of them.
func (d *Decoder) comments() error {
	if err := d.r.must('{', "comment"); err != nil {
		return err
	}
	w := &d.wire
	w.hasComments = d.r.kind() == '{'
	return d.r.object(func(member string) (err error) {
		switch member {
		case "total":
			w.commentsTotal, err = d.r.number(-1)
			return err
		case "comments", "values":
			if err := d.r.must('[', "comments"); err != nil {
				return err
			}
			w.commentsListed = d.r.kind() == '['
			return d.r.array(d.comment)
		}
		return d.r.skip()
	})
}

func (d *Decoder) comment() error {
	var c backlog.Comment
	r := d.r
	var edited time.Time
	public := true
	err := r.object(func(member string) (err error) {
		switch member {
		case "id":
			return r.textInto(&c.ID)
		case "author":
			return d.who(&c.Author)
		case "body":
			c.Body, err = r.richText()
			return err
		case "created":
			return r.when(&c.At)
		case "updated":
			return r.when(&edited)
		case "parentId":
			return r.textInto(&c.Parent)
		case "visibility":
			c.Private = c.Private || r.kind() == '{'
		case "jsdPublic":
			public, err = r.flag()
			return err
		}
		return r.skip()
	})
	c.Private = c.Private || !public
	if edited.After(c.At) {
		c.Edited = edited
	}
	d.wire.iss.Comments = append(d.wire.iss.Comments, c)
	return err
}

// joinComments sorts the comments read, oldest first, and says how many should be
// there.
func (d *Decoder) joinComments(iss *backlog.Issue) {
	w := &d.wire
	if !w.hasComments {
		return
	}
	sent := len(iss.Comments)
	iss.Comments = slices.DeleteFunc(iss.Comments, func(c backlog.Comment) bool { return c.At.IsZero() })
	lost := sent - len(iss.Comments)
	sortComments(iss)
	iss.PromisedComments = w.commentsTotal
	if lost > 0 && iss.PromisedComments < len(iss.Comments)+lost {
		iss.PromisedComments = len(iss.Comments) + lost
	}
	iss.CommentsRead = w.commentsListed || w.commentsTotal == 0
}

// sortComments puts comments oldest first and drops those sent twice.
func sortComments(iss *backlog.Issue) {
	for i := range iss.Comments {
		if c := &iss.Comments[i]; c.ID == "" {
			c.ID = "at:" + c.At.Format(time.RFC3339Nano) + ":" + c.Author
		}
	}
	slices.SortStableFunc(iss.Comments, func(a, b backlog.Comment) int {
		return cmp.Or(a.At.Compare(b.At), compareIDs(a.ID, b.ID))
	})
	iss.Comments = slices.CompactFunc(iss.Comments, func(a, b backlog.Comment) bool { return a.ID == b.ID && a.At.Equal(b.At) })
}
