package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// twin is the environment variable that sets a flag.
func twin(flag string) string {
	return "DEFACTO_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment gives flags that were not set on the command line the value of
// their twin.
func (p *program) fromEnvironment(flags *pflag.FlagSet) error {
	var failure error
	flags.VisitAll(func(f *pflag.Flag) {
		value := p.getenv(twin(f.Name))
		if f.Changed || value == "" || f.Name == "help" || failure != nil {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			failure = usage("%s is %q, which --%s does not take: %v", twin(f.Name), value, f.Name, err)
		}
	})
	return failure
}

// commandName is a command as it is typed, without the program's own name.
func commandName(cmd *cobra.Command) string {
	return strings.TrimPrefix(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()), " ")
}
