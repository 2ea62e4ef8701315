package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/source/record"
	"broadsheet/internal/store"
)

// ServeOptions says what [Serve] measures. Zero values stand for what the fields say.
type ServeOptions struct {
	Program string        // the broadsheet program
	Base    []string      // files of a Daily Papers API's items, imported before anything is measured
	Import  string        // file of arXiv's metadata, imported while pages are asked for
	Papers  int           // how many rows of Import; 0: all
	Rate    int           // pages a second; 0: 20
	Quiet   time.Duration // how long pages are asked for before the import begins; 0: 10 s
	Settled time.Duration // how long the index's folder stands still when its merges are done; 0: 10 s

	Progress func(ServeProgress) // called about once a second, or nil
}

// ServeProgress says how far [Serve] is.
type ServeProgress struct {
	Phase   string
	Elapsed time.Duration // since the phase began
	Pages   int           // answered in this phase so far
	Longest time.Duration // of them
}

// A ServeRow is what readers met in one phase.
type ServeRow struct {
	Phase   string  `json:"phase"`
	Seconds float64 `json:"seconds"`
	Pages   int     `json:"pages"`
	Failed  int     `json:"failed"` // not answered, or not with 200
	P50     float64 `json:"p50_ms"`
	P90     float64 `json:"p90_ms"`
	P99     float64 `json:"p99_ms"`
	Longest float64 `json:"longest_ms"`
}

// The phases of [Serve], in their order. Papers are indexed in the phase of the import,
// too, as far as the site keeps up with it.
const (
	phasePrepare   = "prepare"
	phaseQuiet     = "quiet"
	phaseImporting = "importing"
	phaseIndexing  = "indexing"
	phaseMerging   = "merging"
	phaseBusy      = "busy" // importing, indexing and merging together
)

// Serve measures how long a reader waits for the page of a paper while other papers are
// imported, indexed, and their segments merged. It starts the program's own site on an
// empty folder and a free loopback port, and imports by the program's own command, in a
// process beside the site. Pages are those of random papers of the base, at a steady rate:
// each counts from the moment at which it was due, so that one that waits makes those
// behind it late, too.
//
// When ctx ends, the result has the rows of the phases so far.
func Serve(ctx context.Context, o ServeOptions) (rows []ServeRow, err error) {
	if o.Rate == 0 {
		o.Rate = 20
	}
	if o.Quiet == 0 {
		o.Quiet = 10 * time.Second
	}
	if o.Settled == 0 {
		o.Settled = 10 * time.Second
	}
	dir, err := os.MkdirTemp("", "broadsheet-bench-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the measurement: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &serveBench{o: o, dir: dir, data: filepath.Join(dir, "data"), readers: newReaders(o.Rate)}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	site, err := s.startSite(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, site.stop()) }()
	err = s.measure(ctx, site)
	return s.rows, err
}

// A serveBench is one run of [Serve].
type serveBench struct {
	o       ServeOptions
	dir     string // everything lies here
	data    string // data folder of the site
	rows    []ServeRow
	readers *readers
}

func (s *serveBench) arXivFile() string { return filepath.Join(s.dir, "arxiv.jsonl") }

// prepare imports the base, picks the pages and writes the rows that are imported later.
func (s *serveBench) prepare(ctx context.Context) error {
	began := time.Now()
	stop := s.everySecond(func() { s.tell(ServeProgress{Phase: phasePrepare, Elapsed: time.Since(began)}) })
	defer stop()
	if err := s.run(ctx, append([]string{"import", "hf"}, s.o.Base...)...); err != nil {
		return err
	}
	ids, err := paperIDs(ctx, filepath.Join(s.data, "broadsheet.db"))
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return errors.New("the base has no papers whose pages could be asked for")
	}
	s.readers.ids = ids
	return copyRecords(ctx, s.arXivFile(), s.o.Import, s.o.Papers)
}

// paperIDs returns all papers of a database.
func paperIDs(ctx context.Context, file string) (ids []paper.ID, err error) {
	db, err := store.Open(ctx, "sqlite:"+file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for at := (store.Keyset{}); ; {
		rows, err := db.Newest(ctx, at, 1000)
		if err != nil || len(rows) == 0 {
			return ids, err
		}
		for _, r := range rows {
			ids = append(ids, r.Paper.ID)
		}
		at = store.KeysetOf(&rows[len(rows)-1].Paper)
	}
}

// copyRecords writes the first n records of a file, all if n is 0, as lines of plain JSON.
func copyRecords(ctx context.Context, to, from string, n int) error {
	in, err := record.Open(from, nil)
	if err != nil {
		return err
	}
	defer in.Close() // it was only read
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	for i := 0; n == 0 || i < n; i++ {
		rec, err := in.Next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return errors.Join(err, f.Close())
		}
		_, _ = out.Write(append(bytes.TrimSpace(rec.Data), '\n')) // Flush says what went wrong
	}
	return errors.Join(out.Flush(), f.Close())
}

// measure goes through the phases while pages are asked for.
func (s *serveBench) measure(ctx context.Context, site *site) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-site.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	var asking sync.WaitGroup
	stop := make(chan struct{})
	asking.Go(func() { s.readers.run(ctx, stop, site.url) })
	late := func(context.Context) error { // pages that were asked for and are not there yet
		close(stop)
		asking.Wait()
		return nil
	}
	busy, seconds := []page(nil), 0.0
	for _, p := range []struct {
		name string
		do   []func(context.Context) error
	}{
		{phaseQuiet, []func(context.Context) error{func(ctx context.Context) error { return sleep(ctx, s.o.Quiet) }}},
		{phaseImporting, []func(context.Context) error{s.importPapers}},
		{phaseIndexing, []func(context.Context) error{site.upToDate}},
		{phaseMerging, []func(context.Context) error{s.settled, late}},
	} {
		pages, took, err := s.phase(ctx, p.name, p.do)
		s.rows = append(s.rows, serveRow(p.name, took.Seconds(), pages))
		if p.name != phaseQuiet {
			busy, seconds = append(busy, pages...), seconds+took.Seconds()
		}
		if err != nil {
			cancel()
			asking.Wait()
			return site.blame(err)
		}
	}
	s.rows = append(s.rows, serveRow(phaseBusy, seconds, busy))
	return nil
}

// phase does what a phase consists of, and returns the pages that were answered meanwhile.
func (s *serveBench) phase(ctx context.Context, name string, do []func(context.Context) error) ([]page, time.Duration, error) {
	began := time.Now()
	stop := s.everySecond(func() {
		pages, longest := s.readers.soFar()
		s.tell(ServeProgress{Phase: name, Elapsed: time.Since(began), Pages: pages, Longest: longest})
	})
	defer stop()
	for _, f := range do {
		if err := f(ctx); err != nil {
			return s.readers.next(), time.Since(began), err
		}
	}
	return s.readers.next(), time.Since(began), nil
}

func (s *serveBench) importPapers(ctx context.Context) error {
	return s.run(ctx, "import", "arxiv", "--no-index", s.arXivFile())
}

func (s *serveBench) tell(p ServeProgress) {
	if s.o.Progress != nil {
		s.o.Progress(p)
	}
}

// everySecond calls f each second until the function that it returns is called.
func (s *serveBench) everySecond(f func()) (stop func()) {
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
				f()
			}
		}
	}()
	return func() { close(ended); <-done }
}

// settled waits until the index's folder stands still.
func (s *serveBench) settled(ctx context.Context) error {
	const every = 250 * time.Millisecond
	last, since := "", time.Now()
	for time.Since(since) < s.o.Settled {
		now, err := listing(filepath.Join(s.data, "index"))
		if err != nil {
			return err
		}
		if now != last {
			last, since = now, time.Now()
		}
		if err := sleep(ctx, every); err != nil {
			return err
		}
	}
	return nil
}

// listing names all files below dir with their sizes.
func listing(dir string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&b, path, info.Size())
		}
		return ignoreMissing(err)
	})
	return b.String(), err
}

// ignoreMissing is err, or nil for a file that has gone while it was looked at.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// command is a run of the program on the data folder. The settings of the user do not
// count. When ctx ends it is asked to end, and killed if it does not.
func (s *serveBench) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.o.Program, append(args, "--data", s.data)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "BROADSHEET_") })
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// run runs a command of the program to its end.
func (s *serveBench) run(ctx context.Context, args ...string) error {
	out, err := s.command(ctx, args...).CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("broadsheet %s: %w\n%s", strings.Join(args, " "), err, tail(out))
	}
	return nil
}

// tail is the end of what a program has said.
func tail(out []byte) []byte {
	const most = 2000
	return out[max(0, len(out)-most):]
}

// A site is the program as it serves.
type site struct {
	url  string
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{} // closed when it has ended
	err  error         // how; read it when done is closed
}

// startSite starts the site and waits until it is ready.
func (s *serveBench) startSite(ctx context.Context) (*site, error) {
	log, err := os.Create(filepath.Join(s.dir, "serve.log"))
	if err != nil {
		return nil, err
	}
	// The site outlives ctx until stop.
	cmd := s.command(context.WithoutCancel(ctx), "serve", "--listen", "127.0.0.1:0", "--demo=false")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	site := &site{cmd: cmd, log: log, done: make(chan struct{})}
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), " is ready at "); ok {
				ready <- strings.TrimRight(url, "/")
			}
		}
		site.err = cmd.Wait()
		close(site.done)
	}()
	select {
	case site.url = <-ready:
		return site, nil
	case <-site.done:
		return nil, errors.Join(site.died(), log.Close())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), site.stop())
	}
}

// blame is err, or, when that comes of the end of the site, how it has ended.
func (s *site) blame(err error) error {
	select {
	case <-s.done:
		return s.died()
	default:
		return err
	}
}

// died says that the site has ended by itself.
func (s *site) died() error {
	text, err := os.ReadFile(s.log.Name())
	return errors.Join(fmt.Errorf("the site has ended: %w\n%s", s.err, tail(text)), err)
}

// stop ends the site, by force if it does not end by itself.
func (s *site) stop() error {
	const patience = 20 * time.Second
	_ = s.cmd.Process.Signal(os.Interrupt) // it may have ended
	select {
	case <-s.done:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill() // it may have ended
		<-s.done
	}
	return s.log.Close()
}

// upToDate waits until the site says that all that was imported can be found.
func (s *site) upToDate(ctx context.Context) error {
	client := &http.Client{Timeout: 10 * time.Second}
	for {
		status, err := get(ctx, client, s.url+"/healthz")
		if err == nil && status == http.StatusOK {
			return nil
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// get reads what stands at an address to its end.
func get(ctx context.Context, client *http.Client, url string) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() // it was only read
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}
