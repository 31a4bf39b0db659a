package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// groups are the headings of the help.
func groups() []*cobra.Group {
	return []*cobra.Group{
		{ID: "ask", Title: "Get an answer:"},
		{ID: "read", Title: "Bring facts in:"},
		{ID: "keep", Title: "Look after them:"},
	}
}

// commands is the one list of commands: a command is a file and a line here.
func commands() []func(*program) *cobra.Command {
	return []func(*program) *cobra.Command{
		demoCommand,
		auditCommand,
		trendCommand,
		explainCommand,
		selfCommand,
		serveCommand,
		noteCommand,
		reportCommand,
		scheduleCommand,
		initCommand,
		syncCommand,
		importCommand,
		peopleCommand,
		rolesCommand,
		storeCommand,
		scorecardCommand,
		doctorCommand,
		versionCommand,
	}
}

// family is a command that only holds others.
func family(use, short, group string, members ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, GroupID: group, Args: known, RunE: needsMember}
	cmd.AddCommand(members...)
	return cmd
}

// needsMember is what a command does that only holds others.
func needsMember(cmd *cobra.Command, _ []string) error {
	return usage("%s needs one of its commands", commandName(cmd))
}

// known refuses the name of a command that is none, with those that are near.
func known(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage("unknown command %q%s", args[0], hint)
}
