package reports

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"defacto/analysis"
)

//go:embed templates
var files embed.FS

// page is one HTML file with everything in it: no network, no font or script
// from elsewhere, readable with scripts off.
type page struct{ Options }

// Render writes the page.
func (f page) Render(w io.Writer, r *analysis.Report) error {
	style, err := files.ReadFile("templates/page.css")
	if err != nil {
		return fmt.Errorf("reports: html: %w", err)
	}
	script, err := files.ReadFile("templates/page.js")
	if err != nil {
		return fmt.Errorf("reports: html: %w", err)
	}
	t, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return fmt.Errorf("reports: html: %w", err)
	}
	v := newView(r, f.normal())
	// The files are our own, not a report's: they may stand as they are.
	v.Style = template.CSS(style)
	v.Script = template.JS(script)
	v.Policy = policy(script)
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "page.html", v); err != nil {
		return fmt.Errorf("reports: html: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("reports: html: %w", err)
	}
	return nil
}

// policy lets a file run its own script and fetch nothing.
func policy(script []byte) string {
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '" + scriptHash(script) + "'; base-uri 'none'; form-action 'none'"
}

// scriptHash is how a content security policy names one script.
func scriptHash(script []byte) string {
	sum := sha256.Sum256(script)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
