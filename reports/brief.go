package reports

import (
	"fmt"
	"slices"
	"strings"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/reports/scene"
)

// Brief is a report in short, for a reader who has a minute: the words are ready
// and clean, but not escaped.
type Brief struct {
	Headline string // one line, fit for a subject
	Foreword string // how much was looked at, as of when
	Since    string // the day of the report compared with, "" where there is none
	Changes  []BriefChange
	Scopes   []BriefScope // those that ask for something first
	Asks     []string     // answers to findings that have run out, with the finding's id
	Limits   []string
}

// BriefChange is one thing that differs from the report before.
type BriefChange struct{ Scope, What string }

// BriefScope is one scope's newest period.
type BriefScope struct {
	Key, Name, Period, Days string
	Headline                string
	Owner, Manager          string // who holds the roles de facto
	OwnerNote, ManagerNote  string // what was declared, where that is somebody else
	Wait                    string // the median
	Waits                   string // in a sentence
	Coverage                string
	Complete                bool
	Loud                    int // findings that ask for an act or a notice
	Roles                   []BriefRole
	Duties                  []BriefDuty
	Findings                []BriefFinding
	Forest                  *BriefChart // nil where nobody has an index
}

// BriefRole sets the declared against the de facto holder.
type BriefRole struct{ Title, Declared, Holder, Comparison string }

// BriefDuty is who does a duty, with the largest share.
type BriefDuty struct {
	Duty, Who string
	Share     string // "61 % (52–70)", "" where nobody has one
	Part      int    // the same in whole percent
	Class     string // single, contested, spread, vacant or unknown
}

// BriefFinding is a finding with the first of its evidence.
type BriefFinding struct {
	ID, Tag, Statement, Trust, Note, Advice string
	Class                                   string // act, notice, look, calm or unknown
	Links                                   []BriefLink
	More                                    int  // events that are not shown
	Expired                                 bool // the note has run out
}

// BriefLink is an issue in the tracker; URL is "" or safe to follow.
type BriefLink struct{ Issue, URL string }

// BriefChart is a picture with the table that says the same.
type BriefChart struct {
	Scene *scene.Scene
	Note  string
	Heads []string
	Rows  [][]string
}

// linked is how many issues stand under a brief's finding.
const linked = 5

// NewBrief shortens a report. Of the options, Zone counts.
func NewBrief(r *analysis.Report, o Options) *Brief {
	o = o.normal()
	m := viewer{r, peopleOf(r), o}
	b := &Brief{Foreword: foreword(r, o)}
	for i := range r.Scopes {
		if p := latest(&r.Scopes[i]); p != nil {
			b.Scopes = append(b.Scopes, m.brief(&r.Scopes[i], p))
		}
	}
	for _, s := range b.Scopes {
		for _, f := range s.Findings {
			if f.Expired {
				b.Asks = append(b.Asks, f.ID+": "+f.Note)
			}
		}
	}
	b.Headline = b.headline(r)
	slices.SortStableFunc(b.Scopes, func(x, y BriefScope) int { return y.Loud - x.Loud })
	if c := r.ChangedSince; c != nil {
		b.Since = day(c.AsOf, o.Zone)
		for i := range c.Changes {
			b.Changes = append(b.Changes, m.change(&c.Changes[i]))
		}
	}
	for _, l := range r.Limits {
		b.Limits = append(b.Limits, sentence(l, longest))
	}
	return b
}

func (m viewer) brief(s *analysis.ScopeReport, p *analysis.PeriodReport) BriefScope {
	v := m.period(p, "")
	b := BriefScope{
		Key: clip(clean(s.Scope), 200), Name: clip(clean(s.Name), 200), Period: v.Name, Days: v.Days, Headline: clip(v.Headline, 600),
		Owner: m.people.holder(p.Roles[backlog.ProductOwner.String()]), Manager: m.people.holder(p.Roles[backlog.ProductManager.String()]),
		Wait: medianWait(p.Waits), Coverage: v.Read, Complete: p.Coverage.Complete,
	}
	if b.Name == "" {
		b.Name = b.Key
	}
	_, b.OwnerNote = m.holding(p, backlog.ProductOwner)
	_, b.ManagerNote = m.holding(p, backlog.ProductManager)
	if v.Waits != nil {
		b.Waits = v.Waits.Sentence
	}
	for _, role := range v.Roles {
		b.Roles = append(b.Roles, BriefRole{capital(role.Title), role.Declared, role.Holder, role.Match})
	}
	for _, name := range backlog.Duties() {
		b.Duties = append(b.Duties, m.duty(name, p.Duties[name.String()]))
	}
	for i, f := range v.Findings {
		b.Findings = append(b.Findings, BriefFinding{
			ID: f.ID, Tag: f.Tag, Class: f.Class, Statement: clip(f.Statement, 700), Trust: f.Trust, Note: f.Note, Advice: clip(f.Advice, 400),
		})
		one := &b.Findings[i]
		for _, e := range f.Evidence {
			link := BriefLink{e.Issue, e.URL}
			if e.Issue == "" || slices.Contains(one.Links, link) {
				continue
			}
			if len(one.Links) == linked {
				break
			}
			one.Links = append(one.Links, link)
		}
		one.More = len(f.Evidence) + f.MoreEvidence - len(one.Links)
	}
	for i, f := range inOrder(p.Findings) {
		b.Findings[i].Expired = f.Note != nil && f.Note.Expired
	}
	b.Loud = loudIn(p)
	if f := forestChart(s, m.people); f != nil {
		b.Forest = &BriefChart{Scene: f.scene, Note: f.note, Heads: f.heads, Rows: f.rows}
	}
	return b
}

func (m viewer) duty(name backlog.Duty, d *analysis.DutyReport) BriefDuty {
	b := BriefDuty{Duty: dutyTitle(name), Who: capital(m.people.whoLeads(d)), Class: "unknown"}
	if d == nil {
		return b
	}
	b.Class = verdictClass(d.Verdict)
	switch {
	case d.Verdict == "vacant":
		b.Share, b.Part = inWords(d.Nobody)+" nobody", round100(d.Nobody)
	case len(d.Shares) > 0:
		top := d.Shares[0]
		b.Share, b.Part = inWords(top.Share)+" ("+span(top.Low, top.High, "–")+")", round100(top.Share)
		if b.Class != "single" {
			b.Share = m.people.name(top.Person) + " " + b.Share
		}
	}
	return b
}

// headline is the one sentence a leader sees before opening anything.
func (b *Brief) headline(r *analysis.Report) string {
	switch len(b.Scopes) {
	case 0:
		return "nothing was recorded"
	case 1:
		first, _, _ := strings.Cut(b.Scopes[0].Headline, ". ")
		return clip(strings.TrimSuffix(first, "."), 120)
	}
	if s := ownership(r); s != "" {
		return s
	}
	return fmt.Sprintf("who runs the %d backlogs", len(b.Scopes))
}

func is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// change says a difference in words.
func (m viewer) change(c *analysis.Change) BriefChange {
	b := BriefChange{Scope: clip(clean(c.Scope), 200)}
	switch c.Kind {
	case "scope-new":
		b.What = "is in the report for the first time"
	case "scope-gone":
		b.What = "is not in the report any more"
	case "finding-new":
		b.What = "new finding: " + m.found(c)
	case "finding-gone":
		b.What = "no longer found: " + m.found(c)
	default:
		b.What = heldTitle(c) + ": " + m.held(c.To) + ", before " + m.held(c.From)
	}
	return b
}

// found names a finding by its statement, where it stands in the report, or its code.
func (m viewer) found(c *analysis.Change) string {
	for i := range m.report.Scopes {
		p := latest(&m.report.Scopes[i])
		if p == nil || m.report.Scopes[i].Scope != c.Scope {
			continue
		}
		for _, f := range p.Findings {
			if f.ID == c.Finding {
				return clip(clean(f.Statement), 300)
			}
		}
	}
	words := strings.ReplaceAll(clip(clean(c.Name), 80), "-", " ")
	if _, who, _ := cutLast(c.Finding, "/"); who != c.Name && m.people[who] != "" {
		words += ", " + m.people.name(who)
	}
	return words
}

func heldTitle(c *analysis.Change) string {
	if c.Kind == "duty" {
		for _, d := range backlog.Duties() {
			if d.String() == c.Name {
				return dutyTitle(d)
			}
		}
	}
	for _, r := range roles() {
		if r.String() == c.Name {
			return capital(r.Title())
		}
	}
	return clip(clean(c.Name), 80)
}

func (m viewer) held(h *analysis.Held) string {
	switch {
	case h == nil || h.Verdict == "":
		return "not measured"
	case h.Person == "":
		return unheld(h.Verdict)
	case h.Verdict == "leaning":
		return "leaning to " + m.people.name(h.Person)
	}
	return m.people.name(h.Person)
}

// unheld says a verdict that names nobody.
func unheld(verdict string) string {
	switch verdict {
	case "single", "leaning":
		return "one person"
	case "contested":
		return "contested"
	case "spread":
		return "spread over several people"
	case "committee":
		return "a committee"
	case "vacant":
		return "nobody recorded"
	}
	return "not enough to say"
}
