package config

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"defacto/config/redact"
)

// Secret is a value that no log, error or report shows.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// Set reports whether there is a value.
func (s Secret) Set() bool { return s.value != "" }

const masked = redact.Masked

// Redactor knows every secret of a configuration.
func (c *Config) Redactor() *redact.Redactor {
	list := []string{c.SMTP.Password.value}
	for _, s := range c.Sources {
		list = append(list, s.Token.value)
	}
	return redact.New(list...)
}

// Format writes ***, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(masked)) }

// MarshalText gives ***.
func (s Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue gives ***.
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }

var (
	reference    = regexp.MustCompile(`^\$\{(.*)\}$`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// errMissing says that a reference's target is not there.
var errMissing = errors.New("missing")

// maxSecretFile bounds what a ${file:…} reference may hold.
const maxSecretFile = 64 << 10

// resolve follows a reference. Text that is none comes back as it is, with false.
// The error wraps errMissing where the target is absent.
func (o *Options) resolve(text string) (value string, isReference bool, err error) {
	m := reference.FindStringSubmatch(text)
	if m == nil {
		return text, false, nil
	}
	if path, ok := strings.CutPrefix(m[1], "file:"); ok {
		value, err := o.secretFile(path)
		return value, true, err
	}
	if !variableName.MatchString(m[1]) {
		return "", true, fmt.Errorf("%s is neither ${NAME} nor ${file:/path}", quote(text))
	}
	value = o.Getenv(m[1])
	if value == "" {
		return "", true, fmt.Errorf("the environment variable %s is not set: %w", m[1], errMissing)
	}
	return value, true, nil
}

func (o *Options) secretFile(path string) (string, error) {
	if path == "" || strings.ContainsRune(path, 0) {
		return "", errors.New("${file:…} names no file")
	}
	data, err := o.ReadFile(o.beside(path))
	switch {
	case err != nil:
		return "", fmt.Errorf("the file %s cannot be read (%w): %w", quote(path), err, errMissing)
	case len(data) > maxSecretFile:
		return "", fmt.Errorf("the file %s is longer than a secret can be", quote(path))
	}
	value := strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", fmt.Errorf("the file %s is empty: %w", quote(path), errMissing)
	}
	return value, nil
}
