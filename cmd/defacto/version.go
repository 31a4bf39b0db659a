package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
)

func versionCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and what it was built from",
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			printVersion(p.out, info)
			return nil
		},
	}
}

// printVersion writes what the toolchain recorded; a build without a record is "unknown".
func printVersion(w io.Writer, info *debug.BuildInfo) {
	version, revision, date, modified := "unknown", "", "", ""
	if info != nil {
		version = info.Main.Version
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = " " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.time" && len(s.Value) >= len(time.DateOnly):
				date = " " + s.Value[:len(time.DateOnly)]
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = "+changes"
			}
		}
	}
	fmt.Fprintf(w, "defacto %s%s%s%s %s %s/%s\n", version, revision, modified, date, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
