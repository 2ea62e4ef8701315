package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"broadsheet/internal/embedding/static/train"
)

// A trainProgress shows how far a training is: on one line of a terminal, else on a
// line every few seconds.
type trainProgress struct {
	out      io.Writer
	terminal bool
	began    time.Time // the training itself
	from     int       // the step before its first
	shown    time.Time
	last     train.Progress
}

func newTrainProgress(out io.Writer) *trainProgress {
	f, ok := out.(*os.File)
	now := time.Now()
	return &trainProgress{out: out, terminal: ok && term.IsTerminal(int(f.Fd())), began: now, shown: now}
}

// show takes note of how far the training is.
func (p *trainProgress) show(now train.Progress) {
	begins := now.Stage == "train" && p.last.Stage != now.Stage
	p.last = now
	if begins {
		p.began, p.from = time.Now(), now.Step-1
	}
	if begins && p.from > 0 {
		p.write(fmt.Sprintf("going on after step %s of %s", thousands(p.from), thousands(now.Steps)), true)
	}
	every := plainEvery
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if begins || time.Since(p.shown) >= every {
		p.write(p.text(), false)
	}
}

// text says how far the training is.
func (p *trainProgress) text() string {
	if p.last.Stage == "read" {
		return count(p.last.Documents, "paper") + " read"
	}
	done, all := p.last.Step-p.from, p.last.Steps-p.from
	left := time.Duration(float64(time.Since(p.began)) * float64(all-done) / float64(done)).Round(time.Second)
	return fmt.Sprintf("step %s of %s, loss %.3f, %s left", thousands(p.last.Step), thousands(p.last.Steps), p.last.Loss, left)
}

// write shows a line, which on a terminal the next one replaces unless it is to stay.
func (p *trainProgress) write(line string, stay bool) {
	p.shown = time.Now()
	switch {
	case !p.terminal:
		fmt.Fprintln(p.out, line)
	case stay:
		fmt.Fprintf(p.out, "\r\x1b[K%s\n", line)
	default:
		fmt.Fprintf(p.out, "\r\x1b[K%s", line)
	}
}

// end takes the line off the screen.
func (p *trainProgress) end() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
