package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/config"
)

func peopleDuplicates(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "duplicates",
		Short: "List people who may be one, with the reasons",
		Long: `Duplicates looks for people who may be one though no rule is sure of it: namesakes at one
tracker or at two, an address that begins like another's handle, a "Former user" that
ended where another account began. It shows what speaks for it and what against, and
changes nothing: somebody who knows them says so with defacto people merge, or that
they are two with defacto people split.`,
		Args: cobra.NoArgs,
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, _ []string) error {
			found, err := f.proposals(ctx, c)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, d := range found {
				word := "possible"
				if d.Likely {
					word = "likely"
				}
				rows = append(rows, []string{word, faceOf(d.A), faceOf(d.B), strings.Join(d.Reasons, "; "), strings.Join(d.Doubts, "; ")})
			}
			if len(found) > 0 {
				p.tell("%s. If they are one: defacto people merge %s %s; if not: defacto people split %s",
					count(len(found), "proposal"), found[0].A.Accounts[0], found[0].B.Accounts[0], found[0].B.Accounts[0])
			}
			return p.list([]string{"", "this one", "and this one", "because", "but"}, rows)
		}),
	}
}

// proposals are the people who may be one.
func (f *facts) proposals(ctx context.Context, c *config.Config) ([]analysis.Proposal, error) {
	accounts, err := f.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	decisions, err := f.store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	return analysis.Propose(f.site.People[1:], accounts, identity(c).Decide(decisions)), nil
}

// faceOf names a person with an account to tell them from namesakes.
func faceOf(person backlog.Person) string {
	more := ""
	if n := len(person.Accounts) - 1; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s (%s%s)", person.Name, person.Accounts[0], more)
}
