package main

import (
	"slices"
	"strings"
	"time"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
)

// targets resolves what --scope takes, in the order given and each once; nothing
// means every scope.
func targets(site *backlog.Site, scopes []string) ([]analysis.Target, error) {
	if len(scopes) == 0 {
		scopes = []string{"*"}
	}
	var list []analysis.Target
	for _, s := range scopes {
		found, err := target(site, s)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			if !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
	}
	return list, nil
}

// target resolves one scope: SOURCE/KEY, SOURCE/KEY/component:NAME,
// SOURCE/KEY/epic:KEY, SOURCE/*, * or all.
func target(site *backlog.Site, text string) ([]analysis.Target, error) {
	source, rest, _ := strings.Cut(text, "/")
	key, inner, hasPart := strings.Cut(rest, "/")
	var part analysis.Part
	if hasPart {
		kind, name, _ := strings.Cut(inner, ":")
		if kind != "component" && kind != "epic" || name == "" {
			return nil, usage("--scope %q: a part of a scope is written %s/%s/component:NAME or %s/%s/epic:KEY", text, source, key, source, key)
		}
		part = analysis.Part{Kind: kind, Name: name}
	}
	var list []analysis.Target
	for _, scope := range site.Scopes {
		if covers(source, key, site, scope) {
			list = append(list, analysis.Target{Scope: scope, Part: part})
		}
	}
	if len(list) == 0 {
		return nil, usage("--scope %q: the store has no such scope%s; it has %s", text, nearScope(source+"/"+key, site), someScopes(site))
	}
	return list, nil
}

// covers reports whether source and key, either of which may be *, name a scope.
func covers(source, key string, site *backlog.Site, scope backlog.ScopeInfo) bool {
	if source == "*" || source == "all" {
		return key == "" || key == "*"
	}
	return site.Sources[scope.Source].Name == source && (key == "*" || strings.EqualFold(key, scope.Key))
}

// nearScope asks whether another scope was meant.
func nearScope(text string, site *backlog.Site) string {
	names := make([]string, len(site.Scopes))
	for i, s := range site.Scopes {
		names[i] = s.Name
	}
	return config.DidYouMean(text, names)
}

// someScopes names the first few scopes of a store.
func someScopes(site *backlog.Site) string {
	const shown = 8
	var names []string
	for _, s := range site.Scopes[:min(len(site.Scopes), shown)] {
		names = append(names, s.Name)
	}
	switch more := len(site.Scopes) - len(names); {
	case len(names) == 0:
		return "none at all"
	case more > 0:
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// newest returns what time the store's facts are true of: that of the newest
// complete run, or where none was complete of the newest one.
func newest(syncs []backlog.SyncRun) time.Time {
	var complete, any time.Time
	for _, s := range syncs {
		if s.AsOf.After(any) {
			any = s.AsOf
		}
		if s.Complete && s.AsOf.After(complete) {
			complete = s.AsOf
		}
	}
	if complete.IsZero() {
		return any
	}
	return complete
}

// parseAsOf reads --as-of: a day, whose end is meant, or an instant.
func parseAsOf(text string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, usage("--as-of is %q: it is a day such as 2026-10-01 or a time such as 2026-10-01T07:00:00Z", text)
	}
	return at.UTC(), nil
}
