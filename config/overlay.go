package config

import (
	"strings"

	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// scalars are the single values of the file. Each has a twin in the environment
// (DEFACTO_SMTP_HOST for smtp.host). Passwords have none: they are references.
func scalars() []string {
	return []string{
		"store",
		"calendar.zone", "calendar.days", "calendar.hours",
		"privacy.pseudonyms", "privacy.minimum_group", "privacy.text",
		"smtp.host", "smtp.port", "smtp.user", "smtp.tls", "smtp.ca",
	}
}

// twin is the environment variable that overrides a key.
func twin(key string) string {
	return "DEFACTO_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// overlay puts what a flag or the environment says in the place of the file's
// scalars, with viper's precedence: flag, environment, file.
func (r *reader) overlay(root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		return
	}
	v := viper.New()
	for _, key := range scalars() {
		// As viper's default: an empty variable is one that is not set.
		if text := r.opt.Getenv(twin(key)); text != "" {
			v.SetDefault(key, text)
		}
		if flag := r.opt.Flags[key]; flag != nil && flag.Changed {
			_ = v.BindPFlag(key, flag) // fails for a nil flag only
		}
		if !v.IsSet(key) {
			continue
		}
		from := twin(key)
		if flag := r.opt.Flags[key]; flag != nil && flag.Changed {
			from = "--" + flag.Name
		}
		node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v.GetString(key)}
		if put(root, key, node) {
			r.origin[node] = from
		}
	}
}

// put sets a (dotted) key of a mapping; it fails where something other than a
// mapping stands on the way, which is then reported as the mistake it is.
func put(n *yaml.Node, key string, value *yaml.Node) bool {
	name, rest, deeper := strings.Cut(key, ".")
	if n.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != name {
			continue
		}
		switch {
		case !deeper:
			n.Content[i+1] = value
			return true
		case empty(n.Content[i+1]):
			n.Content[i+1] = &yaml.Node{Kind: yaml.MappingNode, Line: n.Content[i].Line}
		}
		return put(n.Content[i+1], rest, value)
	}
	if deeper {
		section := &yaml.Node{Kind: yaml.MappingNode}
		put(section, rest, value)
		value = section
	}
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
	return true
}
