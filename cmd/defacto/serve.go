package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"defacto/reports/web"
)

// shortestToken is how few characters a token may have: fewer can be guessed.
const shortestToken = 16

func serveCommand(p *program) *cobra.Command {
	var listen, tokenEnv string
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   "Show the audits in a browser, read-only",
		GroupID: "ask",
		Long: `Serve shows the audits in a browser: scopes, periods, people, findings with their evidence
and arithmetic, trends, and everybody's own page. It only reads: no page changes anything.

It listens on this machine alone. To listen elsewhere, put a token of at least 16 characters
into an environment variable and name that with --token-env; readers then open the address
once with ?token= and the token behind it. What was computed is kept until the store changes.`,
		Example: `  defacto serve
  defacto serve --listen 127.0.0.1:0 --pseudonyms
  DEFACTO_SERVE_TOKEN=… defacto serve --listen 0.0.0.0:8321 --token-env DEFACTO_SERVE_TOKEN`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serve(cmd, listen, tokenEnv) },
	}
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:8321", "`ADDRESS` and port to listen on; port 0 takes any free one")
	f.StringVar(&tokenEnv, "token-env", "", "`NAME` of the environment variable that holds the token readers have to know")
	f.Bool("pseudonyms", false, "stable pseudonyms in the place of names")
	return cmd
}

func (p *program) serve(cmd *cobra.Command, listen, tokenEnv string) error {
	token, err := p.serveToken(tokenEnv)
	if err != nil {
		return err
	}
	c, err := p.configure(cmd, false)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	st, err := p.existingStore(ctx, c)
	if err != nil {
		return err
	}
	defer st.Close()
	a, err := newAuditor(ctx, p, c, st)
	if err != nil {
		return err
	}
	defer a.close()
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return advise(usage("listen on %s: %w", listen, err), "name another address with --listen, such as 127.0.0.1:0 for any free port")
	}
	defer l.Close() // a second time, where the server has closed it
	local := web.Loopback(l.Addr())
	if !local && token == "" {
		return advise(usage("%s can be reached from other machines, and there is no token", listen), "name the environment variable that holds one with --token-env, or listen on 127.0.0.1")
	}
	h, err := web.New(a, web.Options{Zone: c.Calendar.Zone, Token: token, Loopback: local, Pseudonyms: c.Privacy.Pseudonyms, Log: p.log})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(p.out, "http://%s/\n", l.Addr()); err != nil {
		return fmt.Errorf("say the address: %w", err)
	}
	p.tell("serving %s; Ctrl-C ends it", c.Store)
	// The first page takes the longest: it is begun before anybody asks.
	working, end := context.WithCancel(ctx)
	var ahead sync.WaitGroup
	ahead.Go(func() {
		if err := h.Ahead(working); err != nil && working.Err() == nil {
			p.log.Info("the first page could not be computed ahead", "error", err)
		}
	})
	defer ahead.Wait()
	defer end()
	return web.Serve(ctx, l, h, p.log)
}

// serveToken reads the token from the environment; "" where none is wanted.
func (p *program) serveToken(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if err := variable(name); err != nil {
		return "", usage("--token-env: %w", err)
	}
	token := strings.TrimSpace(p.getenv(name))
	switch {
	case token == "":
		return "", advise(usage("--token-env names %s, which is not set", name), "set it to a secret of at least 16 characters")
	case len(token) < shortestToken:
		return "", advise(usage("the token in %s has fewer than %d characters and could be guessed", name, shortestToken), "make a longer one: openssl rand -hex 16")
	}
	return token, nil
}
