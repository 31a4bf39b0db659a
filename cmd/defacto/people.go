package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"defacto/config"
)

func peopleCommand(p *program) *cobra.Command {
	return family("people", "See who is behind the accounts, put that right, erase a person", "keep",
		peopleList(p), peopleDuplicates(p), peopleMerge(p), peopleSplit(p), peopleMark(p), peopleLog(p), peopleUndo(p), peopleForget(p))
}

func peopleList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list [TEXT]",
		Short: "List people with their accounts, those whose name or account holds TEXT",
		Args:  cobra.MaximumNArgs(1),
		RunE: p.withFacts(func(_ context.Context, _ *config.Config, f *facts, args []string) error {
			wanted := strings.ToLower(strings.Join(args, ""))
			var rows [][]string
			for _, person := range f.site.People[1:] {
				row := []string{person.ID, person.Name, person.Kind.String(), person.Email, person.Zone, strings.Join(person.Accounts, " ")}
				if strings.Contains(strings.ToLower(strings.Join(row, " ")), wanted) {
					rows = append(rows, row)
				}
			}
			return p.list([]string{"id", "name", "kind", "e-mail", "zone", "accounts"}, rows)
		}),
	}
}

// withFacts is a command that works on the store that is there, with people put
// together as they are now.
func (p *program) withFacts(work func(ctx context.Context, c *config.Config, f *facts, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		return p.ask(cmd, func(ctx context.Context, c *config.Config, f *facts) error { return work(ctx, c, f, args) })
	}
}
