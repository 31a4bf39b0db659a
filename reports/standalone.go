package reports

import (
	"html/template"
	"io"

	"defacto/analysis"
)

// standalone is one part of the pages as a file of its own: nothing is fetched,
// and it reads with scripts off.
type standalone struct {
	Style                     template.CSS
	Script                    template.JS
	Policy                    string
	Kicker, Heading, Foreword string
	Statement                 bool // the heading is a sentence
	Body                      template.HTML
}

// selfHTML writes a person's own page as one HTML file.
func selfHTML(w io.Writer, s *analysis.Self, o Options) error {
	p, err := NewPages(o.Zone, Links{})
	if err != nil {
		return err
	}
	body, err := p.Self(s)
	if err != nil {
		return err
	}
	return p.alone(w, standalone{Kicker: clip(clean(s.Person.Name), 200), Heading: "Where your attention went", Foreword: SelfForeword, Body: body})
}

// explanationHTML writes what is behind something as one HTML file.
func explanationHTML(w io.Writer, e *analysis.Explanation, o Options) error {
	p, err := NewPages(o.Zone, Links{})
	if err != nil {
		return err
	}
	v := standalone{Kicker: "What is behind it", Heading: sentence(e.Title, longest), Statement: true}
	if len(e.Parts) == 0 {
		v.Foreword = noPart
	} else if v.Body, err = p.Explanation(e); err != nil {
		return err
	}
	return p.alone(w, v)
}

func (p *Pages) alone(w io.Writer, v standalone) error {
	v.Style, v.Script = p.Style(), p.Script()
	v.Policy = policy(p.script)
	html, err := p.write("standalone", v)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, string(html))
	return err
}
