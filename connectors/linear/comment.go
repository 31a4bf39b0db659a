package linear

import (
	"cmp"
	"slices"
	"strings"

	"defacto/backlog"
)

// comment puts a comment into the normal form.
func (d *directory) comment(c *comment) backlog.Comment {
	out := backlog.Comment{
		ID: c.ID, At: c.CreatedAt, Edited: c.EditedAt, Parent: c.ParentID,
		Resolved: c.ResolvedAt, Resolver: idOf(c.ResolvingUser), Machine: c.BotActor != nil,
	}
	switch {
	case c.User != nil:
		out.Author = c.User.ID
	case c.BotActor != nil:
		out.Author = d.bot(c.BotActor)
	case c.ExternalUser != nil:
		out.Author = d.outsider(c.ExternalUser)
	}
	if t, ok := document(c.BodyData); ok {
		out.Body = t
	} else {
		out.Body = markdown(c.Body)
		out.Body.Mentions = append(out.Body.Mentions, handles(out.Body.Prose)...)
	}
	if q := strings.TrimSpace(c.QuotedText); q != "" {
		out.Body.Quotes = append([]string{q}, out.Body.Quotes...)
	}
	return out
}

// change is the update as a change of the roadmap item it was posted on.
func (u *update) change() backlog.Change {
	return backlog.Change{
		ID: "update:" + u.ID, At: u.CreatedAt, Author: idOf(u.User), Field: backlog.FieldUpdate, FieldID: "update", FieldName: "update",
		To: u.Health, ToName: u.Health,
	}
}

// change is the customer's need as a change of what it asks for. A need nobody
// created came by itself: through whoever owns the customer, where somebody does.
func (n *need) change() backlog.Change {
	c := backlog.Change{
		ID: "need:" + n.ID, At: n.CreatedAt, Author: idOf(n.Creator), Machine: n.Creator == nil,
		Field: backlog.FieldNeed, FieldID: "need", FieldName: "customer need", To: n.ID, ToName: "a customer",
	}
	if k := n.Customer; k != nil {
		c.ToName = cmp.Or(k.Name, c.ToName)
		words := []string{k.Status.DisplayName}
		if k.Tier != nil {
			words = append([]string{k.Tier.DisplayName}, words...)
		}
		if words = slices.DeleteFunc(words, func(s string) bool { return s == "" }); len(words) > 0 {
			c.ToName += " (" + strings.Join(words, ", ") + ")"
		}
		if c.Author == "" && k.Owner != nil {
			c.Author, c.Machine = k.Owner.ID, false
		}
	}
	if n.Priority > 0 {
		c.ToName += ", important"
	}
	return c
}
