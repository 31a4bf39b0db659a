package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/backlog"
	"defacto/config"
	"defacto/store"
)

// word is who decides something, and why.
type word struct{ why, by string }

func (w *word) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.why, "why", "", "the reason, for the log: `TEXT`")
	cmd.Flags().StringVar(&w.by, "by", "", "`NAME` of who says so, for the log (default the user running this)")
}

func (p *program) signer(by string) string {
	if by == "" {
		by = p.getenv("USER")
	}
	return by
}

const afterwards = `The decision is kept in the store with the time, the reason and who took it, counts from
now on in everything, and can be taken back with defacto people undo.`

func peopleMerge(p *program) *cobra.Command {
	var w word
	var name string
	cmd := &cobra.Command{
		Use:   "merge PERSON PERSON…",
		Short: "Say that people are one",
		Long: `Merge puts all accounts of the people named together into one person.

` + afterwards,
		Example: `  defacto people merge acme:5b10ac8d82e05b22cc7d4ef6 product:9f3c2a7e --why "told me so"
  defacto people merge "Anna Lee" anna.ito@acme.example --name "Anna Ito"`,
		Args: cobra.MinimumNArgs(2),
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, args []string) error {
			people, err := f.persons(args)
			if err != nil {
				return err
			}
			if len(people) < 2 {
				return usage("that is one person already: %s", faceOf(people[0]))
			}
			d := backlog.Decision{Kind: backlog.MergeAccounts, Name: name, Why: w.why, By: p.signer(w.by)}
			for _, person := range people {
				if (person.Kind == backlog.AppAccount) != (people[0].Kind == backlog.AppAccount) {
					return advise(usage("%s is of kind %s, %s of kind %s", faceOf(people[0]), people[0].Kind, faceOf(person), person.Kind),
						"say first what they are, with defacto people mark")
				}
				d.Accounts = append(d.Accounts, person.Accounts...)
			}
			return p.decide(ctx, c, f, d)
		}),
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&name, "name", "", "what to call the person: `NAME` (default the name of the account used last)")
	return cmd
}

func peopleSplit(p *program) *cobra.Command {
	var w word
	cmd := &cobra.Command{
		Use:   "split PERSON|SOURCE:ACCOUNT…",
		Short: "Say that accounts are people of their own",
		Long: `Split makes each account named a person of its own, whatever the rules say: also where
the rules merged it, or might propose to. Named by anything but an account, all accounts of the
person are split. Merges in the configuration's people stay: take the account out there.

` + afterwards,
		Args: cobra.MinimumNArgs(1),
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, args []string) error {
			d := backlog.Decision{Kind: backlog.SplitAccounts, Why: w.why, By: p.signer(w.by)}
			people := newDirectory(f.site)
			for _, arg := range args {
				id, err := people.find(arg)
				if err != nil {
					return usageError{err}
				}
				person := f.site.People[id]
				if slices.Contains(person.Accounts, arg) {
					d.Accounts = append(d.Accounts, arg)
				} else {
					d.Accounts = append(d.Accounts, person.Accounts...)
				}
			}
			for _, key := range d.Accounts {
				for _, merged := range c.People {
					if len(merged.Accounts) > 1 && slices.Contains(merged.Accounts, key) {
						return advise(usage("the configuration merges %s into %s", key, merged.Name), fmt.Sprintf("take it out of line %d of %s", merged.Line, c.Path))
					}
				}
			}
			return p.decide(ctx, c, f, d)
		}),
	}
	w.flags(cmd)
	return cmd
}

func peopleMark(p *program) *cobra.Command {
	var w word
	var as string
	cmd := &cobra.Command{
		Use:   "mark PERSON… --as KIND",
		Short: "Say who is a person, a machine or a customer",
		Long: `Mark says what stands behind all accounts of the people named: a person, an app (a
machine, whose acts are nobody's) or a customer (somebody from outside).

` + afterwards,
		Example: `  defacto people mark "Release Robot" --as app
  defacto people mark acme:svc-import --as app --why "the nightly import"`,
		Args: cobra.MinimumNArgs(1),
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, args []string) error {
			kind := backlog.ParseAccountKind(as)
			if as == "" || kind.String() != as {
				return usage("--as is %q: it is person, app or customer", as)
			}
			people, err := f.persons(args)
			if err != nil {
				return err
			}
			d := backlog.Decision{Kind: backlog.MarkAccounts, Mark: kind, Why: w.why, By: p.signer(w.by)}
			for _, person := range people {
				d.Accounts = append(d.Accounts, person.Accounts...)
			}
			return p.decide(ctx, c, f, d)
		}),
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&as, "as", "", "`KIND` of account: person, app or customer")
	return cmd
}

// persons finds the people named, each once.
func (f *facts) persons(names []string) ([]backlog.Person, error) {
	people := newDirectory(f.site)
	var found []backlog.PersonID
	var list []backlog.Person
	for _, name := range names {
		id, err := people.find(name)
		if err != nil {
			return nil, advise(usageError{err}, "defacto people list shows them with their accounts")
		}
		if !slices.Contains(found, id) {
			found = append(found, id)
			list = append(list, f.site.People[id])
		}
	}
	return list, nil
}

// decide stores a decision, applies it and says what came of it.
func (p *program) decide(ctx context.Context, c *config.Config, f *facts, d backlog.Decision) error {
	id, err := f.store.Decide(ctx, d)
	if err != nil {
		return err
	}
	now, err := p.read(ctx, f.store, c)
	if err != nil {
		return err
	}
	people := newDirectory(now.site)
	var faces []string
	for _, key := range d.Accounts {
		if person, err := people.find(key); err == nil {
			p := now.site.People[person]
			if face := fmt.Sprintf("%s, %s: %s", p.Name, p.Kind, strings.Join(p.Accounts, " ")); !slices.Contains(faces, face) {
				faces = append(faces, face)
			}
		}
	}
	for _, face := range faces {
		if _, err := fmt.Fprintln(p.out, printable(face)); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	p.tell("decision %d; defacto people undo %d takes it back", id, id)
	return nil
}

func peopleLog(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "log",
		Short: "List what was decided about people, by whom and why",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, st *store.Store, _ []string) error {
			list, err := st.Decisions(ctx)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, d := range list {
				what := string(d.Kind)
				if d.Kind == backlog.MarkAccounts {
					what += " as " + d.Mark.String()
				}
				undone := ""
				if !d.Undone.IsZero() {
					undone = strings.TrimSpace(d.Undone.Format(time.DateOnly) + " " + d.UndoneBy)
				}
				rows = append(rows, []string{strconv.FormatInt(d.ID, 10), d.At.Format(time.RFC3339), what, d.Name, strings.Join(d.Accounts, " "), d.Why, d.By, undone})
			}
			return p.list([]string{"no", "when", "what", "name", "accounts", "why", "by", "undone"}, rows)
		}),
	}
}

func peopleUndo(p *program) *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "undo NUMBER",
		Short: "Take a decision back",
		Long: `Undo takes back the decision of that number in defacto people log: people are then as if
it had never been taken. The log keeps both. Who was erased stays erased.`,
		Args: cobra.ExactArgs(1),
		RunE: p.withFacts(func(ctx context.Context, c *config.Config, f *facts, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usage("%q is no number of a decision", args[0])
			}
			d, err := f.store.Undo(ctx, id, p.signer(by))
			switch {
			case errors.Is(err, store.ErrNoDecision), errors.Is(err, store.ErrUndone), errors.Is(err, store.ErrFinal):
				return advise(usageError{err}, "defacto people log lists what was decided")
			case err != nil:
				return err
			}
			if _, err := p.read(ctx, f.store, c); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.out, "undone: %s of %s\n", d.Kind, printable(strings.Join(d.Accounts, " ")))
			return err
		}),
	}
	cmd.Flags().StringVar(&by, "by", "", "`NAME` of who says so, for the log (default the user running this)")
	return cmd
}
