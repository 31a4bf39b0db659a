package reports

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"

	"defacto/analysis"
)

// Pages writes the parts of an audit as HTML that a server frames: the same
// templates, words and charts as the page [ByName] renders, with links between
// them. It may be used by several goroutines at once and never changes a report.
type Pages struct {
	t             *template.Template
	opt           Options
	style, script []byte
}

// NewPages makes the parts for readers in a zone (nil means UTC).
func NewPages(zone *time.Location, l Links) (*Pages, error) {
	p := &Pages{opt: Options{Zone: zone}.normal()}
	p.opt.at.links = l
	for _, name := range []string{"templates/page.css", "templates/pages.css"} {
		css, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reports: pages: %w", err)
		}
		p.style = append(p.style, css...)
	}
	var err error
	if p.script, err = files.ReadFile("templates/page.js"); err != nil {
		return nil, fmt.Errorf("reports: pages: %w", err)
	}
	if p.t, err = template.ParseFS(files, "templates/*.html"); err != nil {
		return nil, fmt.Errorf("reports: pages: %w", err)
	}
	return p, nil
}

// Style is the style sheet of the parts, for a style element of its own.
func (p *Pages) Style() template.CSS { return template.CSS(p.style) }

// Script is what makes the parts more comfortable, for a script element of its
// own; they read without it.
func (p *Pages) Script() template.JS { return template.JS(p.script) }

// Sources names the style and the script as a content security policy does.
func (p *Pages) Sources() (style, script string) {
	return "'" + scriptHash(p.style) + "'", "'" + scriptHash(p.script) + "'"
}

func (p *Pages) viewer(r *analysis.Report) viewer { return viewer{r, peopleOf(r), p.opt} }

func (p *Pages) write(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("reports: %s: %w", name, err)
	}
	return template.HTML(b.String()), nil // written by our own templates, which escape
}

// Foreword says what a reader holds, in one line.
func (p *Pages) Foreword(r *analysis.Report) string { return foreword(r, p.opt) }

// Scope writes a scope's audit: its latest period with charts over all of them.
func (p *Pages) Scope(r *analysis.Report, s *analysis.ScopeReport) (template.HTML, error) {
	v := p.viewer(r).scope(s, "s")
	for i, n := len(v.Earlier)-1, 0; i >= 0; i, n = i-1, n+1 {
		v.Earlier[i].Link = p.opt.at.page(s.Scope, s.Periods[n].Period)
	}
	for _, l := range r.Limits {
		v.Limits = append(v.Limits, sentence(l, longest))
	}
	return p.write("page-scope", v)
}

// Days spells the days a period covers, "" where they are not known.
func Days(p *analysis.PeriodReport) string { return days(p) }

// Plain makes a text from a tracker one harmless line of bounded length.
func Plain(s string) string { return clip(clean(s), 300) }

// Sentence does the same to a whole statement.
func Sentence(s string) string { return clip(clean(s), longest) }

// Names returns how the parts call the people of a report, by id.
func (p *Pages) Names(r *analysis.Report) map[string]string { return peopleOf(r) }

// FindingPage is a finding in full.
type FindingPage struct {
	Title, Tag, Class, Code string
	Scope, Period           string
	Body                    template.HTML
}

// Finding writes one finding of a report with all its evidence; ok is false
// where the report has none of that id.
func (p *Pages) Finding(r *analysis.Report, id string) (page FindingPage, ok bool, err error) {
	for i := range r.Scopes {
		s := &r.Scopes[i]
		for j := range s.Periods {
			for k := range s.Periods[j].Findings {
				f := &s.Periods[j].Findings[k]
				if f.ID != id {
					continue
				}
				m := p.viewer(r)
				m.opt.at.scope, m.opt.at.period = s.Scope, s.Periods[j].Period
				v := m.finding(f, "f")
				v.Alone = true
				v.Evidence, v.Against = m.evidence(f.Evidence, shownActs), m.evidence(f.Against, shownActs)
				v.MoreEvidence = len(f.Evidence) - len(v.Evidence)
				page = FindingPage{Title: v.Statement, Tag: v.Tag, Class: v.Class, Code: v.Code, Scope: s.Scope, Period: s.Periods[j].Period}
				if v.Trust != "" {
					page.Code += " · " + v.Trust
				}
				page.Body, err = p.write("finding-body", v)
				return page, true, err
			}
		}
	}
	return page, false, nil
}

// shownActs is how many events a page of their own shows.
const shownActs = 300

func shownName(name, key string) string {
	if name = clip(clean(name), 200); strings.TrimSpace(name) != "" {
		return name
	}
	return clip(clean(key), 200)
}
