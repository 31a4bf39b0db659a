package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a reader may take, and an answer. A first audit of a large store
// takes a while.
const (
	readWithin  = 10 * time.Second
	writeWithin = 5 * time.Minute
	idleFor     = 2 * time.Minute
	stopWithin  = 5 * time.Second
)

// Serve answers requests until ctx ends, then lets those under way finish for a
// few seconds. It closes the listener, and returns nil when ctx ended it.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	// What is under way when ctx ends may still finish, so requests do not end with it.
	base, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: readWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleFor,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return base },
	}
	stopped := make(chan error, 1)
	unhook := context.AfterFunc(ctx, func() {
		patience, done := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer done()
		err := srv.Shutdown(patience)
		if errors.Is(err, context.DeadlineExceeded) {
			end()
			err = srv.Close()
		}
		stopped <- err
	})
	err := srv.Serve(l)
	if !unhook() {
		err = <-stopped
	}
	if err != nil {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// Loopback reports whether only this machine can reach an address.
func Loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
