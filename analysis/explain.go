package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"defacto/backlog"
)

// Explanation is the arithmetic behind a number and the events behind the
// arithmetic.
type Explanation struct {
	Subject string    `json:"subject"`
	Kind    string    `json:"kind"` // finding, number, person or issue
	Title   string    `json:"title"`
	AsOf    time.Time `json:"as_of"`
	Parts   []Step    `json:"parts"`
	People  []Person  `json:"people"`
}

// Step is one step of an explanation: lines of arithmetic, then the events.
type Step struct {
	Scope  string     `json:"scope"`
	Period string     `json:"period"`
	Title  string     `json:"title"`
	Lines  []string   `json:"lines"`
	Events []Evidence `json:"events"`
}

// TheFinding is the title of an explained finding's first step.
const TheFinding = "The finding"

// Subject is what somebody wants explained: a finding's id, a number of a scope
// and period, a person's id or name, or an issue's key.
type Subject struct {
	Text    string
	Finding bool   // Text is a finding's id
	Number  string // one of Numbers; Text is SCOPE/PERIOD/NUMBER
	Person  backlog.PersonID
	Issue   string
}

// Placed reports whether the text itself names a scope and a period.
func (s Subject) Placed() bool { return s.Finding || s.Number != "" }

// ParseSubject says what a text names. A finding's id holds a code after its
// period, a number's its name; a person is known by id, by account, by e-mail or by exact name (of
// one person); anything else is an issue's key.
func ParseSubject(site *backlog.Site, text string) (Subject, error) {
	s := Subject{Text: text}
	if parts := strings.Split(text, "/"); len(parts) >= 4 {
		s.Number = named(text)
		s.Finding = s.Number == ""
		return s, nil
	}
	p, err := FindPerson(site, text)
	if err != nil {
		return s, err
	}
	if p != backlog.Nobody {
		s.Person = p
		return s, nil
	}
	s.Issue = text
	return s, nil
}

// FindPerson finds a person by id, account ("source:id"), e-mail or name; Nobody
// when there is none. A name that several people share is an error that lists them.
func FindPerson(site *backlog.Site, text string) (backlog.PersonID, error) {
	var named []backlog.PersonID
	for i := 1; i < len(site.People); i++ {
		p := &site.People[i]
		if p.ID == text || p.Email != "" && strings.EqualFold(p.Email, text) || slices.Contains(p.Accounts, text) {
			return backlog.PersonID(i), nil
		}
		if strings.EqualFold(p.Name, text) {
			named = append(named, backlog.PersonID(i))
		}
	}
	switch len(named) {
	case 0:
		return backlog.Nobody, nil
	case 1:
		return named[0], nil
	}
	var ids []string
	for _, p := range named {
		ids = append(ids, site.People[p].ID+" ("+strings.Join(site.People[p].Accounts, ", ")+")")
	}
	return backlog.Nobody, fmt.Errorf("%d people are called %q: say which by id: %s", len(named), text, strings.Join(ids, "; "))
}

// Explain audits the options' targets and periods and tells what is behind the
// subject in them. Parts is empty where it plays no part there.
func Explain(ctx context.Context, site *backlog.Site, load Load, o Options, s Subject) (*Explanation, error) {
	e := &explainer{subject: s, used: make([]bool, len(site.People)), out: &Explanation{Subject: s.Text, AsOf: o.AsOf.UTC(), Parts: []Step{}, People: []Person{}}}
	switch {
	case s.Finding:
		e.out.Kind, e.out.Title = "finding", s.Text
	case s.Number != "":
		e.out.Kind, e.out.Title = "number", s.Text
	case s.Person != backlog.Nobody:
		e.out.Kind, e.out.Title = "person", cmp.Or(site.People[s.Person].Name, site.People[s.Person].ID)
	default:
		e.out.Kind, e.out.Title = "issue", s.Issue
	}
	o.Workers = 1
	o.visit = e.visit
	r, err := Audit(ctx, site, load, o)
	if err != nil {
		return nil, err
	}
	if s.Finding {
		e.finding(r)
	}
	for i, u := range e.used {
		if u && i > 0 {
			p := site.People[i]
			e.out.People = append(e.out.People, Person{ID: p.ID, Name: cmp.Or(p.Name, p.ID), Kind: p.Kind.String(), Accounts: p.Accounts})
		}
	}
	slices.SortFunc(e.out.People, func(x, y Person) int { return cmp.Compare(x.ID, y.ID) })
	return e.out, nil
}

type explainer struct {
	subject Subject
	out     *Explanation
	used    []bool
}

// visit is called with every scope and period audited.
func (e *explainer) visit(in *Input) {
	switch {
	case e.subject.Finding:
		e.findingIn(in)
	case e.subject.Number != "":
		e.numberIn(in)
	case e.subject.Person != backlog.Nobody:
		e.person(in, e.subject.Person)
	default:
		e.issue(in)
	}
	for i, u := range in.used {
		e.used[i] = e.used[i] || u
	}
}

func (e *explainer) step(in *Input, title string) *Step {
	e.out.Parts = append(e.out.Parts, Step{Scope: in.Scope.Name + in.Part.suffix(), Period: in.Period.Name, Title: title, Lines: []string{}, Events: []Evidence{}})
	return &e.out.Parts[len(e.out.Parts)-1]
}

func (s *Step) say(format string, args ...any) { s.Lines = append(s.Lines, sentence(format, args...)) }

// finding adds what the report says of the finding itself, in front.
func (e *explainer) finding(r *Report) {
	for _, sc := range r.Scopes {
		for _, p := range sc.Periods {
			for _, f := range p.Findings {
				if f.ID != e.subject.Text {
					continue
				}
				s := Step{Scope: sc.Scope, Period: p.Period, Title: TheFinding, Lines: []string{f.Statement}, Events: f.Evidence}
				if v := f.Measure.Value; v != nil {
					line := sentence("%s = %s", f.Measure.Name, measured(f.Measure.Unit, *v))
					if f.Measure.Low != nil && f.Measure.High != nil {
						line += sentence(", 90 %% interval %s to %s", measured(f.Measure.Unit, *f.Measure.Low), measured(f.Measure.Unit, *f.Measure.High))
					}
					if f.Measure.Threshold != nil {
						line += sentence(", threshold %s", measured(f.Measure.Unit, *f.Measure.Threshold))
					}
					s.Lines = append(s.Lines, line+sentence("; n = %d, effective %.1f; %s", f.Measure.N, f.Measure.NEff, f.Confidence))
				}
				if f.Rests != "" {
					s.Lines = append(s.Lines, "Rests on: "+f.Rests)
				}
				if f.Query != "" {
					s.Lines = append(s.Lines, "In the tracker: "+f.Query)
				}
				e.out.Title = f.Statement
				e.out.Parts = append([]Step{s}, e.out.Parts...)
				if len(f.Against) > 0 {
					against := Step{Scope: sc.Scope, Period: p.Period, Title: "What speaks against it", Lines: []string{}, Events: f.Against}
					e.out.Parts = slices.Insert(e.out.Parts, 1, against)
				}
				return
			}
		}
	}
}

func measured(unit string, v float64) string {
	if unit == "share" {
		return percent(v)
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// findingIn shows the duties and roles of the finding's people, where the finding
// is of this scope and period.
func (e *explainer) findingIn(in *Input) {
	prefix := in.Scope.Name + in.Part.suffix() + "/" + in.Period.Name + "/"
	if !strings.HasPrefix(e.subject.Text, prefix) {
		return
	}
	var people []backlog.PersonID
	for _, p := range rules(All()) {
		for _, f := range p.Result(in) {
			if f.ID == e.subject.Text {
				for _, id := range f.People {
					if who, err := FindPerson(in.Site, id); err == nil && who != backlog.Nobody {
						people = append(people, who)
					}
				}
			}
		}
	}
	e.role(in, backlog.ProductOwner)
	e.role(in, backlog.ProductManager)
	for _, p := range people {
		e.person(in, p)
	}
}

// role shows how the scores of a role come about.
func (e *explainer) role(in *Input, role backlog.Role) {
	tallies, h := in.tallies(), Roles.Result(in)[role]
	s := e.step(in, "The "+role.Title()+": "+h.Verdict)
	if h.Why != "" {
		s.say("%s", h.Why)
		return
	}
	for k, score := range h.Scores {
		if k == 5 {
			s.say("and %d more with less", len(h.Scores)-k)
			break
		}
		var terms []string
		for d, w := range h.Weights {
			if w > 0 {
				terms = append(terms, sentence("%.2f × %.3f %s", w, tallies[d].mean(score.Person), backlog.Duty(d)))
			}
		}
		in.used[score.Person] = true
		s.say("%s: %s = %.3f", in.name(score.Person), strings.Join(terms, " + "), score.Value)
	}
	s.say("nobody: %.3f", h.Nobody)
	if len(h.Scores) > 1 {
		s.say("P(%s ahead of %s) = %.3f", in.name(h.Scores[0].Person), in.name(h.Scores[1].Person), h.P)
	}
}

// person shows somebody's part in each duty, with every act.
func (e *explainer) person(in *Input, p backlog.PersonID) {
	for _, t := range in.tallies() {
		var acts []act
		for i := range t.acts {
			if t.acts[i].person == p {
				acts = append(acts, t.acts[i])
			}
		}
		if len(acts) == 0 {
			continue
		}
		in.used[p] = true
		s := e.step(in, sentence("%s, %s", in.name(p), verb(t.Duty)))
		i := slices.Index(t.people, p)
		if i >= 0 {
			iv := t.post.Interval(i, .9)
			s.say("%.2f of %.2f weighted units (%s in %s, worth %.1f as evidence)", t.credit[i], t.Sample.Weight, plural(len(t.units), "unit"), plural(t.Sample.Clusters, "week"), t.Sample.Effective)
			s.say("share %.3f, 90 %% interval %.3f to %.3f; nobody %.3f", t.post.Mean(i), iv.Low, iv.High, t.Nobody())
			if t.top != nil {
				s.say("probability of having the largest part: %.3f; verdict: %s", t.top[i], t.Verdict)
			}
		} else {
			s.say("none of these acts counts")
		}
		if t.Why != "" {
			s.say("%s", t.Why)
		}
		for k := range acts {
			s.Events = append(s.Events, in.cite(&acts[k]))
		}
		s.sort()
	}
}

// issue shows what became of one issue: its instants and every act on it.
func (e *explainer) issue(in *Input) {
	for _, g := range []ground{inScope, onRoadmap} {
		b := in.bookOf(g)
		for i := range b.snap.Items {
			it := &b.snap.Items[i]
			if !strings.EqualFold(it.Key, e.subject.Issue) || g == onRoadmap && !slices.Contains(in.members, int32(i)) {
				continue
			}
			e.issueIn(in, g, int32(i))
		}
	}
}

func (e *explainer) issueIn(in *Input, g ground, i int32) {
	b := in.bookOf(g)
	it, t := &b.snap.Items[i], &b.trails[i]
	if it.Created >= in.to || t.active < in.from {
		return
	}
	s := e.step(in, it.Key)
	instant := func(name string, at int64) {
		if at > 0 {
			s.say("%s %s", name, time.UnixMilli(at).UTC().Format("2006-01-02 15:04"))
		}
	}
	instant("created", it.Created)
	instant("committed", t.committed)
	instant("started", t.started)
	instant("done", t.done)
	if by := in.people.builder(t); by != backlog.Nobody {
		in.used[by] = true
		s.say("built by %s", in.name(by))
	}
	if g == inScope {
		s.say("product weight %.2f", t.omega)
	}
	for _, tally := range in.tallies() {
		for k := range tally.acts {
			a := &tally.acts[k]
			if a.on != g || a.item != i {
				continue
			}
			ev := in.cite(a)
			why := tally.Duty.String() + ": " + a.kind.String()
			if ev.Why != "" {
				why += ", left out: " + ev.Why
			}
			ev.Why = why
			s.Events = append(s.Events, ev)
		}
	}
	if g == inScope {
		asked := Questions.Result(in)
		for k := range asked.timed {
			if asked.timed[k].item == i {
				s.Events = append(s.Events, in.citeQuestion(&asked.timed[k]))
			}
		}
	}
	s.sort()
}
