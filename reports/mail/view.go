package mail

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	texttemplate "text/template"

	"defacto/reports"
)

// heaviest is how many bytes of HTML a mail may have: Gmail cuts at 102 KB.
const heaviest = 92 << 10

// detail is how much of a report a mail shows.
type detail struct{ cards, findings, rows, changes int }

// details lists what is tried, until the mail is light enough.
func details() []detail {
	return []detail{{6, 6, 200, 40}, {4, 5, 120, 25}, {2, 4, 60, 15}, {1, 3, 25, 10}, {0, 0, 10, 5}}
}

// view is what the templates show.
type view struct {
	*reports.Brief
	Subject      string
	Edition      string // the report's name and period
	Lead         string // the headline as a heading
	Attached     string
	Many         bool                 // several scopes: an index, then some of them
	Index        []reports.BriefScope // the rows of the index
	MoreScopes   int                  // those only the attachment has
	Cards        []card
	Changed      []reports.BriefChange
	MoreChanges  int
	Unchanged    bool // compared with the report before, and the same
	CardsOfIndex bool // there are fewer cards than scopes
}

type card struct {
	reports.BriefScope
	Shown []reports.BriefFinding
	More  int
	Image string // content id of its chart, "" where there is none
}

func newView(b *reports.Brief, d detail) *view {
	v := &view{Brief: b, Many: len(b.Scopes) > 1}
	if v.Many {
		v.Index = b.Scopes[:min(d.rows, len(b.Scopes))]
		v.MoreScopes = len(b.Scopes) - len(v.Index)
	}
	for _, s := range b.Scopes[:min(d.cards, len(b.Scopes))] {
		n := min(d.findings, len(s.Findings))
		v.Cards = append(v.Cards, card{BriefScope: s, Shown: s.Findings[:n], More: len(s.Findings) - n})
	}
	v.CardsOfIndex = len(v.Cards) > 0 && len(v.Cards) < len(b.Scopes)
	v.Changed = b.Changes[:min(d.changes, len(b.Changes))]
	v.MoreChanges = len(b.Changes) - len(v.Changed)
	v.Unchanged = b.Since != "" && len(b.Changes) == 0
	return v
}

//go:embed templates
var files embed.FS

// render fills in both templates.
func (v *view) render() (html, text string, err error) {
	h, err := template.New("mail.html").Funcs(template.FuncMap{"css": css}).ParseFS(files, "templates/mail.html")
	if err != nil {
		return "", "", fmt.Errorf("mail: %w", err)
	}
	t, err := texttemplate.New("mail.txt").Funcs(texttemplate.FuncMap{"wrap": wrap, "row": row}).ParseFS(files, "templates/mail.txt")
	if err != nil {
		return "", "", fmt.Errorf("mail: %w", err)
	}
	var b strings.Builder
	if err := h.Execute(&b, v); err != nil {
		return "", "", fmt.Errorf("mail: %w", err)
	}
	html = b.String()
	b.Reset()
	if err := t.Execute(&b, v); err != nil {
		return "", "", fmt.Errorf("mail: %w", err)
	}
	return html, b.String(), nil
}

// css is an element's style: mail programs drop style sheets, and Outlook does
// not hand fonts down into tables.
func css(name string) template.CSS {
	const (
		sans  = "font-family:'Segoe UI',Helvetica,Arial,sans-serif;"
		serif = "font-family:Georgia,'Times New Roman',serif;"
	)
	styles := map[string]string{
		"body":    "margin:0;padding:0;background-color:#faf8f4;",
		"frame":   "width:100%;max-width:600px;border-collapse:collapse;",
		"full":    "width:100%;border-collapse:collapse;",
		"pad":     "padding:16px 12px;",
		"kicker":  sans + "font-size:12px;line-height:18px;color:#556072;padding:0 0 4px;",
		"h1":      serif + "font-size:24px;line-height:31px;font-weight:bold;color:#1c2430;margin:0;",
		"h2":      serif + "font-size:19px;line-height:25px;font-weight:bold;color:#1c2430;margin:0;padding:26px 0 8px;",
		"h3":      sans + "font-size:12px;line-height:18px;font-weight:bold;color:#556072;margin:0;padding:16px 0 4px;",
		"p":       sans + "font-size:15px;line-height:22px;color:#1c2430;margin:0;padding:4px 0;",
		"lead":    serif + "font-size:17px;line-height:25px;color:#1c2430;margin:0;padding:8px 0;",
		"small":   sans + "font-size:13px;line-height:19px;color:#556072;margin:0;padding:3px 0;",
		"th":      sans + "font-size:12px;line-height:17px;font-weight:bold;color:#556072;text-align:left;vertical-align:bottom;padding:4px 10px 4px 0;border-bottom:1px solid #d8d2c6;",
		"td":      sans + "font-size:14px;line-height:20px;color:#1c2430;vertical-align:top;padding:6px 10px 6px 0;border-bottom:1px solid #ece7dd;",
		"card":    "background-color:#ffffff;border:1px solid #e3ded4;padding:12px 14px;",
		"gap":     "font-size:10px;line-height:10px;height:10px;",
		"wash":    "background-color:#f3f0e9;padding:12px 14px;",
		"a":       "color:#1f5fa8;text-decoration:underline;",
		"img":     "display:block;width:100%;max-width:360px;height:auto;border:0;",
		"act":     sans + "font-size:12px;line-height:18px;font-weight:bold;color:#b3203a;margin:0;",
		"notice":  sans + "font-size:12px;line-height:18px;font-weight:bold;color:#8a5a00;margin:0;",
		"calm":    sans + "font-size:12px;line-height:18px;font-weight:bold;color:#556072;margin:0;",
		"loud":    "color:#b3203a;font-weight:bold;",
		"differs": "color:#b4520f;",
		"quiet":   "color:#556072;",
		"preview": "display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:#faf8f4;",
	}
	return template.CSS(styles[name])
}

// wrap breaks a text into lines of 72 columns, those after the first indented.
func wrap(indent int, s string) string {
	const width = 72
	pad := strings.Repeat(" ", indent)
	var b strings.Builder
	used := indent
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n" + pad)
			used = indent
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}

// row says a table's row in words: "Ann Li: Index 21%, Story touches 40".
func row(heads, cells []string) string {
	words := ""
	for i, cell := range cells {
		switch {
		case i == 0:
			words = cell + ": "
		case i < len(heads):
			words += heads[i] + " " + cell + ", "
		}
	}
	return strings.TrimRight(words, ", :")
}
