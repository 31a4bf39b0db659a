package web

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"defacto/analysis"
	"defacto/reports"
)

// page is what the layout frames.
type page struct {
	Style  template.CSS
	Script template.JS

	Title      string
	Nav        []link
	Crumbs     []link // the last has no address
	Kicker     string
	Heading    string
	Statement  bool // the heading is a sentence
	Tag, Class string
	Under      string // the line below the heading
	Foreword   string
	Period     string
	Periods    *switcher
	Ask        *asking
	Me         *meForm
	Notice     string
	Body       template.HTML
	Acts       *acts
	Downloads  []link
	Pseudonyms bool
	Status     int
}

type link struct {
	Title, To string
	Current   bool
}

// acts is the second half of a page: the arithmetic and the events.
type acts struct {
	Title, Notice string
	Links         []link
	Body          template.HTML
}

// meForm asks a reader who they are.
type meForm struct{ Me, Period string }

// switcher leads to the same page in another period.
type switcher struct {
	Near, All []link
	Path      string
	Kept      []choice // what the address holds besides
	Text      string
}

// near is how many quarters a switcher shows at once.
const near = 6

// framed is a page about a report, with everything around its body.
func (s *server) framed(r *http.Request, report *analysis.Report, current string) (*page, error) {
	p := &page{Style: s.pages.Style(), Script: s.pages.Script(), Pseudonyms: s.opt.Pseudonyms, Status: http.StatusOK}
	if report != nil {
		p.Period = latest(report)
	}
	asked := r.URL.Query().Get("period")
	p.Nav = []link{
		{"My page", address("/self", "period", asked), current == "self"},
		{"Scopes", address("/", "period", asked), current == "scopes"},
		{"Trend", address("/trend", "period", asked), current == "trend"},
		{"Coverage", address("/coverage", "period", asked), current == "coverage"},
	}
	if report == nil {
		return p, nil
	}
	var err error
	p.Periods, err = s.switcher(r.Context(), r.URL, p.Period)
	return p, err
}

func (s *server) switcher(ctx context.Context, at *url.URL, current string) (*switcher, error) {
	c, err := s.calendar(ctx)
	if err != nil {
		return nil, err
	}
	w := &switcher{Path: at.Path, Text: printable(at.Query().Get("period"))}
	to := func(name string) link {
		q := at.Query()
		q.Set("period", name)
		return link{name, at.Path + "?" + q.Encode(), name == current}
	}
	there := false
	for i := len(c.quarters) - 1; i >= 0; i-- {
		name := c.quarters[i].Name
		there = there || name == current
		w.All = append(w.All, to(name))
	}
	first := 0 // the six around the current one, the newest first
	for i, l := range w.All {
		if l.Current {
			first = max(0, min(i-near/2, len(w.All)-near))
		}
	}
	w.Near = w.All[first:min(first+near, len(w.All))]
	if len(w.All) <= near {
		w.All = nil
	}
	if !there && current != "" {
		w.Near = append([]link{to(current)}, w.Near...)
	}
	held := at.Query()
	for _, name := range slices.Sorted(maps.Keys(held)) {
		if name != "period" {
			w.Kept = append(w.Kept, choice{Value: printable(held.Get(name)), Title: printable(name)})
		}
	}
	return w, nil
}

// downloads offers the same audit in other formats.
func (p *page) downloads(scope, period string) {
	for _, f := range formats() {
		p.Downloads = append(p.Downloads, link{Title: f.title, To: address("/download", "format", f.name, "scope", scope, "period", period)})
	}
}

// answer shows a page, or why there is none.
func (s *server) answer(w http.ResponseWriter, r *http.Request, show func(*http.Request) (*page, error)) {
	p, err := show(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.write(w, r, p)
}

func (s *server) write(w http.ResponseWriter, r *http.Request, p *page) {
	p.Title, p.Heading, p.Kicker, p.Under = reports.Plain(p.Title), reports.Sentence(p.Heading), reports.Plain(p.Kicker), reports.Plain(p.Under)
	var b bytes.Buffer
	if err := s.layout.ExecuteTemplate(&b, "layout", p); err != nil {
		s.opt.Log.Error("render a page", "path", r.URL.Path, "problem", err)
		http.Error(w, "The page could not be rendered; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.Status)
	// A failed write is the reader's hanging up.
	_, _ = w.Write(b.Bytes())
}

// fail shows a refusal in its own words; any other error goes to the log.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	status, heading, text := http.StatusInternalServerError, "That did not work", "The log of defacto serve says why."
	var refused *Refusal
	if errors.As(err, &refused) {
		status, text = refused.Status, refused.Text
		switch {
		case refused.Withheld():
			heading = "This is withheld"
		case status == http.StatusNotFound:
			heading = "There is nothing here"
		case status == http.StatusServiceUnavailable:
			heading = "There is nothing to show yet"
		default:
			heading = "That cannot be answered"
		}
	} else {
		s.opt.Log.Error("answer a request", "path", r.URL.Path, "problem", err)
	}
	p, _ := s.framed(r, nil, "") // without a report it cannot fail
	p.Status, p.Title, p.Heading, p.Notice = status, heading, heading, reports.Plain(text)
	s.write(w, r, p)
}

func (s *server) missing(*http.Request) (*page, error) {
	return nil, &Refusal{http.StatusNotFound, "No page has this address."}
}

// printable drops what no field of a form can show: what an address held is
// given back in one.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		joiner := r == 0x200c || r == 0x200d // which names in some scripts need
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && !joiner || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}
