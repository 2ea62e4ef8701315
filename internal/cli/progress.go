package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"broadsheet/internal/ingest"
)

// plainEvery is how often a line says how far an import is when nobody watches a
// terminal.
const plainEvery = 5 * time.Second

// A progress shows how far an import is: a bar with rate and time left on a
// terminal, else a line every few seconds. Bad lines are said in between.
type progress struct {
	out      io.Writer
	terminal bool

	mu      sync.Mutex
	started time.Time
	name    string    // of the file that is read
	opened  time.Time // when it was
	shown   time.Time // when a plain line was
	bar     *progressbar.ProgressBar
}

func newProgress(out io.Writer) *progress {
	f, ok := out.(*os.File)
	now := time.Now()
	return &progress{out: out, terminal: ok && term.IsTerminal(int(f.Fd())), started: now, opened: now, shown: now}
}

// bad says what is wrong with a line.
func (p *progress) bad(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear() // only the picture suffers
	}
	fmt.Fprintln(p.out, err)
}

// show takes note of how far the import is.
func (p *progress) show(now ingest.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Name != p.name {
		p.next(now)
	}
	if p.terminal {
		p.bar.Describe(fmt.Sprintf("%s: %s records", filepath.Base(now.Name), thousands(now.Records)))
		_ = p.bar.Set64(now.Done) // only the picture suffers
		return
	}
	if time.Since(p.shown) < plainEvery {
		return
	}
	p.shown = time.Now()
	fmt.Fprintln(p.out, plainLine(now, p.shown.Sub(p.started), p.shown.Sub(p.opened)))
}

// next begins with another file.
func (p *progress) next(now ingest.Progress) {
	p.finishBar()
	if p.name != "" {
		p.opened = time.Now()
	}
	p.name = now.Name
	if !p.terminal {
		return
	}
	total := now.Total
	if total <= 0 {
		total = -1 // unknown: the bar becomes a spinner
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionShowBytes(!now.Counted),
		progressbar.OptionShowTotalBytes(total > 0 && !now.Counted),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetWidth(24),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0), // nothing writes behind our back
	)
}

// end takes the bar off the screen.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finishBar()
}

func (p *progress) finishBar() {
	if p.bar != nil {
		_ = p.bar.Clear() // only the picture suffers
	}
	p.bar = nil
}

// plainLine says how far an import is after the time all, with the rate and, where
// the length of the file is known, the time left for it after the time open.
func plainLine(now ingest.Progress, all, open time.Duration) string {
	line := fmt.Sprintf("%s: %s records, %s/s", filepath.Base(now.Name), thousands(now.Records),
		thousands(perSecond(now.Records, all)))
	if now.Total <= 0 || now.Done <= 0 {
		return line
	}
	left := time.Duration(float64(open) * float64(now.Total-now.Done) / float64(now.Done))
	return fmt.Sprintf("%s, %d %%, %s left", line, now.Done*100/now.Total, left.Round(time.Second))
}
