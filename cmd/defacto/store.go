package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"defacto/analysis"
	"defacto/backlog"
	"defacto/store"
)

func storeCommand(p *program) *cobra.Command {
	return family("store", "Check, back up, compact and export the store, fill its table of acts", "keep",
		storeCheck(p), storeBackup(p), storeVacuum(p), storeActs(p), storeExport(p))
}

// withStore is a command that works on the file that is there, whatever the
// configuration says of its contents.
func (p *program) withStore(work func(ctx context.Context, st *store.Store, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, err := p.configure(cmd, false)
		if err != nil {
			return err
		}
		st, err := p.existing(cmd.Context(), c.Store, store.Options{Now: p.now})
		if err != nil {
			return err
		}
		return errors.Join(work(cmd.Context(), st, args), st.Close())
	}
}

func storeCheck(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Look for damage in the store's file",
		Long: `Check reads the whole file: SQLite's own integrity check, references to rows that are
not there, rows that belong to no issue. It changes nothing and exits with 1 when it
finds something.`,
		Args: cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, st *store.Store, _ []string) error {
			found, err := st.Check(ctx)
			if err != nil {
				return err
			}
			for _, line := range found {
				fmt.Fprintln(p.out, printable(line))
			}
			if len(found) > 0 {
				return advise(fmt.Errorf("the store is damaged: %s", count(len(found), "problem")), "restore a backup, or remove the file and sync or import anew")
			}
			fmt.Fprintln(p.out, "the store is sound")
			return nil
		}),
	}
}

func storeBackup(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a compact copy of the store, also while others use it",
		Args:  cobra.ExactArgs(1),
		RunE: p.withStore(func(ctx context.Context, st *store.Store, args []string) error {
			if err := st.Backup(ctx, args[0]); err != nil {
				return advise(err, "name a file that does not exist yet, on a disk with room for it")
			}
			fmt.Fprintf(p.out, "wrote %s\n", printable(args[0]))
			return nil
		}),
	}
}

func storeVacuum(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "vacuum",
		Short: "Give unused space in the store's file back to the disk",
		Args:  cobra.NoArgs,
		RunE: p.withStore(func(ctx context.Context, st *store.Store, _ []string) error {
			if err := st.Vacuum(ctx); err != nil {
				return err
			}
			fmt.Fprintln(p.out, "the store is compact")
			return nil
		}),
	}
}

func storeActs(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "acts",
		Short: "Fill v_acts: every act the analysis counts, or leaves out and why",
		Long: `Acts runs the analysis over every scope and every quarter in the store and writes each
act it found to the table behind the view v_acts: who, when, which duty, how much it
weighs, and the reason when it is left out. Audits do not need it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			c, err := p.configure(cmd, false)
			if err != nil {
				return err
			}
			st, err := p.existingStore(ctx, c)
			if err != nil {
				return err
			}
			defer st.Close()
			f, err := p.read(ctx, st, c)
			if err != nil {
				return err
			}
			o, _, err := p.options(ctx, c, f, question{period: "all"})
			if err != nil {
				return err
			}
			n, err := f.saveActs(ctx, o)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "v_acts holds %s as of %s\n", count(n, "act"), o.AsOf.Format(time.RFC3339))
			return nil
		},
	}
}

// saveActs runs an audit for its acts and stores them, all or none. The audit
// runs while the store writes, so that no list of them need be held.
func (f *facts) saveActs(ctx context.Context, o analysis.Options) (n int, err error) {
	writing, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	acts := func(yield func(backlog.Act) bool) {
		refused := false
		o.Acts = func(a backlog.Act) error {
			n++
			if refused = !yield(a); refused {
				return errors.New("the store takes no more acts")
			}
			return nil
		}
		if _, err := analysis.Audit(ctx, f.site, f.load, o); err != nil && !refused {
			stop(err) // what was yielded until here must not stay: with the next act the store sees that
			yield(backlog.Act{})
		}
	}
	stamp := []string{"as of " + o.AsOf.Format(time.RFC3339)}
	for _, s := range o.Method.Changed() {
		stamp = append(stamp, s.Key+" "+s.Value)
	}
	err = f.store.SaveActs(writing, f.site, acts, strings.Join(stamp, ", "))
	if cause := context.Cause(writing); err != nil && cause != nil {
		err = cause
	}
	return n, err
}
