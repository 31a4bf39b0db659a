package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"defacto/config"
	"defacto/config/redact"
)

// program is one run of defacto: what it was given, and the flags every command has.
type program struct {
	getenv   func(string) string
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	sleep    func(context.Context, time.Duration) error // between a refusal and another try

	configPath, storePath string
	quiet, noColor        bool
	logLevel, logFormat   string

	log     *slog.Logger
	secrets *redact.Redactor // what no error and no line of the log may tell
	name    string           // of the command that runs: "store check"
	started bool             // it got as far as running, so what fails is no usage error
}

// run is the program: everything it touches comes in here. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{getenv: getenv, in: stdin, out: stdout, err: stderr, now: time.Now, sleep: sleep, log: slog.New(slog.DiscardHandler)}
	root := p.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	p.name = commandName(cmd)
	return p.conclude(ctx, err)
}

// root is the command above all others, with the flags they share.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "defacto",
		Short: "Who really runs this backlog?",
		Long: `defacto reads what Jira or Linear recorded and answers who really runs a backlog:
who writes, prioritises, accepts, answers, shapes the roadmap and faces the market,
who therefore is product owner and product manager de facto, with how much
certainty, and what that rests on.

Every flag has a twin in the environment: --log-level is DEFACTO_LOG_LEVEL.`,
		Example: `  defacto demo                              see it work on a made-up organisation
  defacto import export/*.json.gz           read Jira issues from files
  defacto audit --period last-quarter       who ran what`,
		Args:              known,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: p.begin,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&p.configPath, "config", "", "configuration `FILE` (default ./defacto.yaml, then the user's configuration directory)")
	flags.StringVar(&p.storePath, "store", "", "the store's `FILE` (default defacto.db)")
	flags.BoolVar(&p.quiet, "quiet", false, "say nothing but the result and errors")
	flags.BoolVar(&p.noColor, "no-color", false, "no colours, as NO_COLOR")
	flags.StringVar(&p.logLevel, "log-level", "warn", "log from this `LEVEL` on: debug, info, warn or error")
	flags.StringVar(&p.logFormat, "log-format", "text", "`FORMAT` of the log: text or json")
	root.AddGroup(groups()...)
	root.SetHelpCommandGroupID("keep")
	root.SetCompletionCommandGroupID("keep")
	for _, command := range commands() {
		root.AddCommand(command(p))
	}
	root.SetFlagErrorFunc(flagError)
	root.SetIn(p.in)
	root.SetOut(p.out) // the completions are bound to it as they are made
	root.SetErr(p.err)
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" { // the library's own; it takes any word for a shell
			c.Args, c.RunE = known, needsMember
		}
	}
	return root
}

// flagError says which flag may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return usageError{err}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := strings.Replace(config.DidYouMean(unknown.GetSpecifiedName(), names), "mean ", "mean --", 1)
	return usage("%w%s", err, hint)
}

// begin runs before every command: flags take what the environment says, and
// the log is set up.
func (p *program) begin(cmd *cobra.Command, _ []string) error {
	if err := p.fromEnvironment(cmd.Flags()); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(p.logLevel)); err != nil {
		return usage("--log-level is %q: it is one of debug, info, warn, error", p.logLevel)
	}
	switch p.logFormat {
	case "json":
		p.log = slog.New(slog.NewJSONHandler(cleanly{p}, &slog.HandlerOptions{Level: level}))
	case "text":
		p.log = slog.New(tint.NewTextHandler(cleanly{p}, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !p.color(p.err)}))
	default:
		return usage("--log-format is %q: it is text or json", p.logFormat)
	}
	p.started = true
	return nil
}

// cleanly is stderr without secrets. Where they come from takes them out already:
// this is for what nobody thought of. A log writes a line at a time.
type cleanly struct{ p *program }

func (c cleanly) Write(line []byte) (int, error) {
	if _, err := c.p.err.Write(c.p.secrets.Bytes(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// terminal reports whether a stream is a terminal, and how wide it is.
func terminal(stream any) (width int, ok bool) {
	f, isFile := stream.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	return width, err == nil
}

// color reports whether a stream may be written to in colours.
func (p *program) color(stream any) bool {
	_, ok := terminal(stream)
	return ok && !p.noColor && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
}
