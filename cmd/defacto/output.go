package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"defacto/analysis"
	"defacto/reports"
)

// output is one place a report goes to, in one format.
type output struct {
	format string
	path   string // "-" is stdout
}

// outputs makes sense of --format and -o: "-o FILE" takes the format from
// --format or from the file's ending, "-o FORMAT=FILE" names it.
func outputs(format string, files []string) ([]output, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var all []output
	for _, f := range files {
		o := output{format: format, path: f}
		if name, path, found := strings.Cut(f, "="); found && slices.Contains(reports.Names(), name) {
			o = output{name, path}
		} else if found && format == "" && !strings.ContainsAny(name, "./\\") && formatOf(path) == "table" {
			// Not a file called "pdf=audit": a format that is none.
			_, err := reports.ByName(name, reports.Options{})
			return nil, usageError{err}
		}
		if o.format == "" {
			o.format = formatOf(o.path)
		}
		if _, err := reports.ByName(o.format, reports.Options{}); err != nil {
			return nil, usageError{err}
		}
		switch {
		case o.path == "":
			return nil, usage("-o %q names no file", f)
		case slices.ContainsFunc(all, func(other output) bool { return filepath.Clean(other.path) == filepath.Clean(o.path) }):
			return nil, usage("-o names %s twice", o.path)
		}
		all = append(all, o)
	}
	return all, nil
}

// formatOf guesses a format from a file's ending.
func formatOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		return "html"
	case ".json":
		return "json"
	case ".csv":
		return "csv"
	case ".md", ".markdown":
		return "markdown"
	default:
		return "table"
	}
}

// write renders a report to every output. A file appears whole or not at all,
// and only its owner may read it: it speaks of people.
func (p *program) write(r *analysis.Report, opt reports.Options, to []output) error {
	for _, o := range to {
		if o.path == "-" {
			opt.Width, opt.Color = p.width(), p.color(p.out)
		} else {
			opt.Width, opt.Color = fileWidth, false
		}
		renderer, err := reports.ByName(o.format, opt)
		if err != nil {
			return usageError{err}
		}
		render := func(w io.Writer) error {
			if err := renderer.Render(w, r); err != nil {
				return fmt.Errorf("render the report as %s: %w", o.format, err)
			}
			return nil
		}
		if o.path == "-" {
			if err := buffered(p.out, render); err != nil {
				return fmt.Errorf("write the report: %w", err)
			}
			continue
		}
		if err := fillFile(o.path, render); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		p.tell("wrote %s", o.path)
	}
	return nil
}

// fileWidth is the width of a table that no terminal bounds.
const fileWidth = 120

// width is how many columns stdout has. The same command gives the same bytes
// wherever it is piped, so only a terminal or COLUMNS changes it.
func (p *program) width() int {
	if width, ok := terminal(p.out); ok {
		return width
	}
	if width, err := strconv.Atoi(p.getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return fileWidth
}

// writeFile is fillFile for bytes that are there.
func writeFile(path string, data []byte) error {
	return fillFile(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// fillFile replaces a file in one step by what fill writes. What is no plain file
// (a pipe, a device) is written to as it is.
func fillFile(path string, fill func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(buffered(f, fill), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // made with mode 0600
	if err != nil {
		return err
	}
	err = buffered(f, fill)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// buffered writes what fill writes in large pieces.
func buffered(w io.Writer, fill func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if err := fill(b); err != nil {
		return err
	}
	return b.Flush()
}
