package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Options are what a configuration is made of.
type Options struct {
	Path string // of the file, "" when there is none
	Data []byte // what stands in it

	Getenv   func(string) string          // the environment; "" is unset
	ReadFile func(string) ([]byte, error) // follows ${file:/path}
	Flags    map[string]*pflag.Flag       // flags that override a key, by key ("store"); may be nil
	Method   []MethodKey                  // the settings method may hold
	Formats  []string                     // the formats a report may have

	// Checks of texts whose meaning others know; nil checks nothing.
	Period, Days, Hours, Holidays func(string) error
}

// MethodKey is a setting of the method and the range it must keep to.
type MethodKey struct {
	Key      string
	Min, Max float64
}

// maxFile bounds a configuration file: nobody writes a longer one by hand.
const maxFile = 1 << 20

// DefaultStore is the store's file where nobody names one.
const DefaultStore = "defacto.db"

// Load reads a configuration. The error is an *InvalidError with everything that
// is wrong; where that is nothing but absent secrets (OnlyMissing), the Config
// comes with it and is whole but for them.
func Load(opt Options) (*Config, error) {
	r := &reader{opt: &opt, origin: map[*yaml.Node]string{}, met: map[[2]string]bool{}}
	root, err := parse(opt.Data)
	if err != nil {
		return nil, &InvalidError{Path: opt.Path, Mistakes: []Mistake{*err}}
	}
	r.overlay(root)
	c := defaults()
	c.Path = opt.Path
	r.config(root, c)
	if len(r.mistakes) == 0 {
		return c, nil
	}
	invalid := &InvalidError{Path: opt.Path, Mistakes: r.sorted()}
	if invalid.OnlyMissing() {
		return c, invalid
	}
	return nil, invalid
}

func defaults() *Config {
	return &Config{
		Store:    DefaultStore,
		Calendar: Calendar{Zone: time.UTC, Days: "Mon-Fri", Hours: "09:00-17:00"},
		Privacy:  Privacy{MinimumGroup: 5},
		SMTP:     SMTP{TLS: "starttls"},
	}
}

// parse returns the file's top level, an empty mapping when nothing stands in it.
func parse(data []byte) (*yaml.Node, *Mistake) {
	if len(data) > maxFile {
		return nil, &Mistake{Problem: fmt.Sprintf("longer than %d bytes", maxFile)}
	}
	var document, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	switch err := d.Decode(&document); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1}, nil
	case err != nil:
		return nil, syntax(err)
	}
	switch err := d.Decode(&more); {
	case err == nil:
		return nil, &Mistake{Line: more.Line, Problem: "a second document starts here: there must be one"}
	case !errors.Is(err, io.EOF):
		return nil, syntax(err)
	}
	if root := document.Content[0]; !empty(root) {
		return root, nil
	}
	return &yaml.Node{Kind: yaml.MappingNode, Line: 1}, nil
}

// syntax makes a mistake of the library's "yaml: line 3: …".
func syntax(err error) *Mistake {
	m := &Mistake{Problem: "this is no YAML: " + err.Error()}
	if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &m.Line); scan == nil {
		m.Problem = "this is no YAML: " + err.Error()[len(fmt.Sprintf("yaml: line %d: ", m.Line)):]
	}
	return m
}

// beside resolves a relative path at the configuration file's folder.
func (o *Options) beside(path string) string {
	if filepath.IsAbs(path) || o.Path == "" {
		return path
	}
	return filepath.Join(filepath.Dir(o.Path), path)
}
