package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"defacto/analysis"
	"defacto/analysis/workhours"
	"defacto/backlog"
	"defacto/config"
	"defacto/reports"
)

// configure reads the configuration. Commands that talk to nobody do without
// the secrets and only hear that they are absent.
func (p *program) configure(cmd *cobra.Command, secrets bool) (*config.Config, error) {
	path, data, err := p.configFile()
	if err != nil {
		return nil, err
	}
	opt := p.configOptions()
	opt.Path, opt.Data = path, data
	opt.Flags = map[string]*pflag.Flag{"store": cmd.Flag("store"), "privacy.pseudonyms": cmd.Flag("pseudonyms")}
	c, err := config.Load(opt)
	if c != nil {
		p.secrets = c.Redactor()
	}
	var invalid *config.InvalidError
	if !secrets && errors.As(err, &invalid) && invalid.OnlyMissing() {
		for _, m := range invalid.Mistakes {
			p.log.Warn("not needed now, but absent", "file", path, "line", m.Line, "key", m.At, "problem", m.Problem)
		}
		return c, nil
	}
	return c, err
}

// configOptions is what a configuration is checked with.
func (p *program) configOptions() config.Options {
	return config.Options{
		Getenv: p.getenv, ReadFile: readSome, Method: methodKeys(), Formats: reports.Names(),
		Period:   backlog.CheckPeriods,
		Days:     func(s string) error { _, err := workhours.ParseDays(s); return err },
		Hours:    func(s string) error { _, err := workhours.ParseHours(s); return err },
		Holidays: func(s string) error { _, err := workhours.ParseHolidays(s); return err },
	}
}

// configFile finds and reads the configuration file. Without one the
// configuration is empty, unless one was asked for.
func (p *program) configFile() (path string, data []byte, err error) {
	if p.configPath != "" {
		data, err := readSome(p.configPath)
		if err != nil {
			return "", nil, advise(usage("read the configuration: %w", err), "name a file that is there with --config")
		}
		return p.configPath, data, nil
	}
	candidates := []string{"defacto.yaml"}
	if dir, err := os.UserConfigDir(); err == nil {
		candidates = append(candidates, filepath.Join(dir, "defacto", "defacto.yaml"))
	}
	for _, path := range candidates {
		data, err := readSome(path)
		switch {
		case err == nil:
			return path, data, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", nil, usageError{fmt.Errorf("read the configuration: %w", err)}
		}
	}
	return "", nil, nil
}

// readSome reads a file that somebody wrote by hand (a configuration, a secret): a
// little more than may stand in one, so that whoever reads on can tell.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 2<<20))
}

// mailAuthorities reads smtp.ca.
func mailAuthorities(path string) ([]byte, error) {
	pem, err := readSome(path)
	switch {
	case err != nil:
		return nil, usage("read smtp.ca: %w", err)
	case len(pem) > 1<<20:
		return nil, usage("smtp.ca: %s is larger than 1 MiB", path)
	}
	return pem, nil
}

func methodKeys() []config.MethodKey {
	var keys []config.MethodKey
	for _, k := range analysis.MethodKeys() {
		keys = append(keys, config.MethodKey{Key: k.Key, Min: k.Min, Max: k.Max})
	}
	return keys
}
