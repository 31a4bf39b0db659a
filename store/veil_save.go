package store

import (
	"slices"

	"defacto/backlog"
)

// textKind is a field that holds what somebody wrote. name tells the tracker's
// own fields apart.
type textKind struct {
	field backlog.Field
	name  string
}

func kindOfText(f backlog.Field, name string) (textKind, bool) {
	switch f {
	case backlog.FieldSummary, backlog.FieldDescription, backlog.FieldCriteria:
		return textKind{field: f}, true
	case backlog.FieldUpdate, backlog.FieldOther:
		return textKind{f, name}, true
	default:
		return textKind{}, false
	}
}

// pen follows through an issue's changes whose words its texts are: in the
// beginning its author's, then whoever's changed them last.
type pen struct {
	begun bool // the issue is by somebody erased
	now   map[textKind]bool
}

func newPen(begun bool) *pen { return &pen{begun, map[textKind]bool{}} }

// holds reports whether a text is by somebody erased.
func (p *pen) holds(k textKind) bool {
	if mine, changed := p.now[k]; changed {
		return mine
	}
	return p.begun
}

// passes hands a text on and reports whose it was.
func (p *pen) passes(k textKind, mine bool) (was bool) {
	was = p.holds(k)
	p.now[k] = mine
	return was
}

// unsaid says which texts of an issue's copy are not stored, because somebody
// erased wrote them. What they were like (their length, their marks) is.
type unsaid struct {
	title, description, criteria bool
	comments                     map[string]bool // by the ids of those who wrote them
}

// veiled returns a batch without whoever was erased; the batch itself stays as it is.
func (in *intake) veiled(b *backlog.Batch) *backlog.Batch {
	v := in.veil
	if v == nil {
		return b
	}
	out := *b
	out.Accounts = slices.DeleteFunc(slices.Clone(b.Accounts), func(a backlog.Account) bool {
		_, erased := v.standIn(in.src.name, a.ID)
		return erased
	})
	out.Scopes = slices.Clone(b.Scopes)
	for i := range out.Scopes {
		out.Scopes[i].Lead = in.present(out.Scopes[i].Lead)
		out.Scopes[i].Name = v.mask(out.Scopes[i].Name)
	}
	out.Sprints, out.Versions = slices.Clone(b.Sprints), slices.Clone(b.Versions)
	for i := range out.Sprints {
		out.Sprints[i].Name = v.mask(out.Sprints[i].Name)
	}
	for i := range out.Versions {
		out.Versions[i].Name = v.mask(out.Versions[i].Name)
	}
	out.Declared = slices.Clone(b.Declared)
	for i := range out.Declared {
		out.Declared[i].Account = in.present(out.Declared[i].Account)
		out.Declared[i].Group = v.mask(out.Declared[i].Group)
	}
	if b.Cursor != nil {
		c := backlog.Cursor(v.maskQuoted(in.src.name, string(*b.Cursor)))
		out.Cursor = &c
	}
	return &out
}

// present is the account an id stands for here: its own, or one that stands in.
func (in *intake) present(id string) string {
	if ext, erased := in.veil.standIn(in.src.name, id); erased {
		return ext
	}
	return id
}

func (in *intake) erased(id string) bool {
	_, erased := in.veil.standIn(in.src.name, id)
	return erased
}

// veiledIssue returns a copy of an issue that names nobody who was erased, and
// which of its texts must not be stored.
func (in *intake) veiledIssue(is *backlog.Issue) (*backlog.Issue, unsaid) {
	v := in.veil
	if v == nil {
		return is, unsaid{}
	}
	out := *is
	p := newPen(in.erased(is.Creator) || in.erased(is.Reporter))
	out.Creator, out.Reporter, out.Assignee = in.present(is.Creator), in.present(is.Reporter), in.present(is.Assignee)
	out.Title, out.Labels, out.Components = v.mask(is.Title), v.masks(is.Labels), v.masks(is.Components)
	out.Description, out.Criteria = in.veiledText(is.Description), in.veiledText(is.Criteria)
	out.Changes = slices.Clone(is.Changes)
	slices.SortStableFunc(out.Changes, func(a, b backlog.Change) int { return a.At.Compare(b.At) })
	for i := range out.Changes {
		in.veilChange(&out.Changes[i], p)
	}
	un := unsaid{comments: map[string]bool{}}
	un.title = p.holds(textKind{field: backlog.FieldSummary})
	un.description = p.holds(textKind{field: backlog.FieldDescription})
	un.criteria = p.holds(textKind{field: backlog.FieldCriteria})
	out.Comments = slices.Clone(is.Comments)
	for i := range out.Comments {
		c := &out.Comments[i]
		if in.erased(c.Author) {
			un.comments[in.present(c.Author)] = true
		}
		c.Author, c.Resolver, c.Body = in.present(c.Author), in.present(c.Resolver), in.veiledText(c.Body)
	}
	return &out, un
}

func (in *intake) veilChange(c *backlog.Change, p *pen) {
	v, mine := in.veil, in.erased(c.Author)
	c.Author = in.present(c.Author)
	if c.Field == backlog.FieldAssignee || c.Field == backlog.FieldReporter {
		c.From, c.FromName = in.veiledValue(c.From, c.FromName)
		c.To, c.ToName = in.veiledValue(c.To, c.ToName)
		return
	}
	c.From, c.FromName, c.To, c.ToName = v.mask(c.From), v.mask(c.FromName), v.mask(c.To), v.mask(c.ToName)
	k, text := kindOfText(c.Field, c.FieldID+"\x00"+c.FieldName)
	if !text {
		return
	}
	if p.passes(k, mine) && c.From+c.FromName != "" {
		c.From, c.FromName = erasedText, erasedText
	}
	if mine && c.To+c.ToName != "" {
		c.To, c.ToName = erasedText, erasedText
	}
}

// veiledValue is a from- or to-value that is a person.
func (in *intake) veiledValue(id, name string) (string, string) {
	if ext, erased := in.veil.standIn(in.src.name, id); erased {
		return ext, standInName(ext)
	}
	return id, in.veil.mask(name)
}

func (in *intake) veiledText(t backlog.Text) backlog.Text {
	v := in.veil
	t.Prose, t.Code, t.Quotes, t.Links = v.mask(t.Prose), v.masks(t.Code), v.masks(t.Quotes), v.masks(t.Links)
	mentions := make([]string, len(t.Mentions))
	for i, m := range t.Mentions {
		mentions[i] = in.present(m)
	}
	t.Mentions = mentions
	return t
}
