package main

import (
	"context"

	"github.com/spf13/cobra"

	"defacto/config"
	"defacto/connectors/jsonfile"
)

func importCommand(p *program) *cobra.Command {
	var name, site string
	cmd := &cobra.Command{
		Use:     "import PATH…",
		Short:   "Read Jira issues from files, as the REST API gives them",
		GroupID: "read",
		Long: `Import reads what Jira's REST API gave, from files or folders of .json (one issue, or a
search page), .jsonl (one issue a line), each optionally .gz. Files called fields.json,
users.json, projects.json, statuses.json and sprints.json beside them are the payloads of
the endpoints of those names, and make the rest better understood.

Importing twice changes nothing; a newer copy of an issue updates it. What cannot be read
is named with its line, skipped and counted; the rest is imported, and the exit code is 5.`,
		Example: `  defacto import export/
  defacto import issues.jsonl.gz --source acme --site https://acme.atlassian.net`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			return p.importFiles(cmd.Context(), c, jsonfile.Options{Name: name, Site: site, Paths: args})
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "source", "jira", "`NAME` of the source: the first half of scopes such as jira/PAY")
	f.StringVar(&site, "site", "", "the tracker's base `URL`, for links (default what the issues themselves say)")
	return cmd
}

// importFiles pulls files into the store like any other source.
func (p *program) importFiles(ctx context.Context, c *config.Config, opt jsonfile.Options) error {
	if err := config.CheckName(opt.Name); err != nil {
		return usage("--source %q %w", opt.Name, err)
	}
	if opt.Site != "" {
		if err := config.CheckURL(opt.Site); err != nil {
			return usage("--site %w", err)
		}
	}
	src, err := jsonfile.New(opt)
	if err != nil {
		return usageError{err}
	}
	st, err := p.openStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	site, err := st.Site(ctx)
	if err != nil {
		return err
	}
	for _, s := range site.Sources {
		if s.Name == opt.Name {
			src.Expect(s.Site)
		}
	}
	pulled := p.pull(ctx, st, src, false)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, err := p.read(ctx, st, c); err != nil {
		return failures{pulled, err}
	}
	return pulled
}
