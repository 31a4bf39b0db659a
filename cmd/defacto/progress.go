package main

import (
	"fmt"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"defacto/connectors"
)

// progress shows a running copy on stderr: a bar on a terminal, elsewhere a line
// every few seconds. The function returned ends it.
func (p *program) progress(source string) (report connectors.Progress, end func()) {
	_, interactive := terminal(p.err)
	switch {
	case p.quiet:
		return nil, func() {}
	case interactive && p.logFormat == "text":
		return p.bar(source)
	default:
		return p.lines(source), func() {}
	}
}

func (p *program) bar(source string) (connectors.Progress, func()) {
	container := mpb.New(mpb.WithOutput(p.err), mpb.WithWidth(40))
	bar := container.New(0, mpb.BarStyle().Lbound("").Rbound("").Filler("█").Tip("█").Padding("░"),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(source+"  ")),
		mpb.AppendDecorators(
			decor.Any(func(s decor.Statistics) string {
				if s.Total <= 0 {
					return " reading"
				}
				return fmt.Sprintf(" %d of %d issues", s.Current, s.Total)
			}),
			decor.Meta(decor.AverageETA(decor.ET_STYLE_GO), func(left string) string {
				if left == "0s" { // nothing to estimate from, or done
					return ""
				}
				return ", " + left + " left"
			}),
		),
	)
	report := func(done, total int, _ string) {
		bar.SetTotal(int64(max(done, total)), false)
		bar.SetCurrent(int64(done))
	}
	return report, func() {
		bar.SetTotal(-1, true)
		bar.Abort(true)
		container.Wait()
	}
}

// every is how often a line tells how far a copy is.
const every = 5 * time.Second

func (p *program) lines(source string) connectors.Progress {
	last := p.now()
	return func(done, total int, _ string) {
		now := p.now()
		if now.Sub(last) < every {
			return
		}
		last = now
		of := ""
		if total > 0 {
			of = fmt.Sprintf(" of %d", max(done, total))
		}
		p.tell("%s: %d%s issues", source, done, of)
	}
}

// tell says something on stderr that is neither the result nor an error.
func (p *program) tell(format string, args ...any) {
	text := printable(p.secrets.Text(fmt.Sprintf(format, args...)))
	switch {
	case p.quiet:
	case p.logFormat == "json":
		p.log.Info(text)
	default:
		fmt.Fprintln(p.err, text)
	}
}
