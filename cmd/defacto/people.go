package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"defacto/config"
)

func peopleCommand(p *program) *cobra.Command {
	return family("people", "See who is behind the accounts", "keep", peopleList(p))
}

func peopleList(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "list [TEXT]",
		Short: "List people with their accounts, those whose name or account holds TEXT",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			return p.listPeople(cmd.Context(), c, strings.ToLower(strings.Join(args, "")))
		},
	}
}

func (p *program) listPeople(ctx context.Context, c *config.Config, wanted string) error {
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	f, err := p.read(ctx, st, c)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, person := range f.site.People[1:] {
		row := []string{person.ID, person.Name, person.Kind.String(), person.Email, person.Zone, strings.Join(person.Accounts, " ")}
		if strings.Contains(strings.ToLower(strings.Join(row, " ")), wanted) {
			rows = append(rows, row)
		}
	}
	return p.list([]string{"id", "name", "kind", "e-mail", "zone", "accounts"}, rows)
}
