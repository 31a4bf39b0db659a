package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// cost is what something took. A zero peak is unknown.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory at the most
}

// exitIncomplete is defacto's code for work done on incomplete facts.
const exitIncomplete = 5

// run runs the program once.
func (b *bench) run(ctx context.Context, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, b.program, args...)
	cmd.Dir = b.dir // where no configuration lies about
	return timed(cmd)
}

func timed(cmd *exec.Cmd) (cost, error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	from := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{}, err
	}
	ended, most := make(chan struct{}), make(chan int64)
	go watch(cmd.Process.Pid, ended, most)
	err := cmd.Wait()
	c := cost{wall: time.Since(from)}
	close(ended)
	c.peak = <-most
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exitIncomplete {
		err = nil
	}
	if err != nil {
		return c, fmt.Errorf("%v: %w\n%s", cmd.Args, err, said.Bytes())
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return c, nil
}

// watch sends the highest peak it saw of a process when that has ended.
func watch(pid int, ended <-chan struct{}, most chan<- int64) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	highest := int64(0)
	for {
		select {
		case <-tick.C:
			highest = max(highest, peak(pid))
		case <-ended:
			most <- highest
			return
		}
	}
}

// best runs something several times.
func best(times int, once func() (cost, error)) (cost, error) {
	c, err := once()
	for range times - 1 {
		if err != nil {
			return cost{}, err
		}
		var next cost
		next, err = once()
		c = better(c, next)
	}
	return c, err
}

// better is the quicker of two runs, with the highest peak of both: what else the
// machine did can only have slowed a run down.
func better(a, b cost) cost {
	most := max(a.peak, b.peak)
	if b.wall < a.wall {
		a = b
	}
	a.peak = most
	return a
}

// stopwatch adds up stretches of time of this process.
type stopwatch struct {
	total     cost
	wall, cpu time.Time
}

func (s *stopwatch) start() { s.wall, s.cpu = time.Now(), time.Time{}.Add(ownCPU()) }

func (s *stopwatch) stop() {
	s.total.wall += time.Since(s.wall)
	s.total.cpu += time.Time{}.Add(ownCPU()).Sub(s.cpu)
}

// scanAlone has the sqlite3 shell print five whole numbers of every change in
// the order of keys, to nowhere; zero where there is no shell.
func (b *bench) scanAlone(ctx context.Context, path string) (cost, error) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		return cost{}, nil // a machine without the shell is no failure: the table leaves the row out
	}
	cmd := exec.CommandContext(ctx, shell, "-readonly", path, `SELECT id, at, what, moved, event FROM change ORDER BY id`)
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return cost{}, err
	}
	defer nowhere.Close()
	cmd.Stdout = nowhere
	return timed(cmd)
}
