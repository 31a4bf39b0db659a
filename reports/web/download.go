package web

import (
	"bytes"
	"mime"
	"net/http"
	"slices"
	"strings"

	"defacto/reports"
)

// format is one in which an audit can be taken along.
type format struct{ name, title, ending, kind string }

func formats() []format {
	return []format{
		{"html", "one HTML file", "html", "text/html; charset=utf-8"},
		{"markdown", "Markdown", "md", "text/markdown; charset=utf-8"},
		{"csv", "CSV", "csv", "text/csv; charset=utf-8"},
		{"json", "JSON", "json", "application/json"},
	}
}

// download hands out what "defacto audit" would write for the same scope and
// period, byte for byte.
func (s *server) download(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == q.Get("format") })
	if i < 0 {
		s.fail(w, r, &Refusal{http.StatusBadRequest, "An audit can be taken along as html, markdown, csv or json."})
		return
	}
	query := Query{Period: q.Get("period")}
	if scope := q.Get("scope"); scope != "" {
		query.Scopes = []string{scope}
	}
	report, err := s.audit(r.Context(), query)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	renderer, err := reports.ByName(all[i].name, reports.Options{Zone: s.opt.Zone})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var b bytes.Buffer
	if err := renderer.Render(&b, report); err != nil {
		s.fail(w, r, err)
		return
	}
	name := "defacto-" + latest(report)
	if len(query.Scopes) > 0 {
		name += "-" + query.Scopes[0]
	}
	w.Header().Set("Content-Type", all[i].kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name) + "." + all[i].ending}))
	// A failed write is the reader's hanging up.
	_, _ = w.Write(b.Bytes())
}

// fileName keeps what every file system takes.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, s)
	return strings.Trim(s[:min(len(s), 100)], ".-")
}
