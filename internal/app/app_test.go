package app

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/config"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// folder is the configuration of a site with a folder of its own.
func folder(t *testing.T) *config.Config {
	t.Helper()
	cfg := config.Default()
	cfg.Data, cfg.Listen, cfg.Demo = t.TempDir(), "127.0.0.1:0", false
	return &cfg
}

// put writes n papers.
func put(t *testing.T, cfg *config.Config, first, n int) {
	t.Helper()
	db, err := OpenStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	putInto(t, db, first, n)
}

func putInto(t *testing.T, db *store.DB, first, n int) {
	t.Helper()
	var all []paper.Observation
	for i := first; i < first+n; i++ {
		all = append(all, paper.Observation{Source: paper.SourceArXiv, Fingerprint: int64(i + 1), Paper: paper.Paper{
			ID: paper.ID(fmt.Sprintf("2605.%05d", i+1)), Title: fmt.Sprintf("Zebra number %d", i), Abstract: "On zebras.",
			Published: paper.Date{Time: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Precision: paper.PrecisionDay},
		}})
	}
	if _, err := db.Apply(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

// A running is a site that runs in this process.
type running struct {
	url  string
	stop func() error // ends it
	log  *lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve runs a site, and returns when it says that it is ready.
func serve(t *testing.T, cfg *config.Config) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{log: new(lines)}
	out, ready := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := Run(ctx, cfg, slog.New(slog.NewTextHandler(r.log, nil)), ready)
		ready.CloseWithError(io.EOF)
		ended <- err
	}()
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
	line := make([]byte, 200)
	n, err := out.Read(line)
	_, url, ok := strings.Cut(strings.TrimSpace(string(line[:n])), " is ready at ")
	if !ok {
		t.Fatalf("%q, %v: %v\n%s", line[:n], err, r.stop(), r.log)
	}
	r.url = url
	return r
}

// get returns the status and the body of a page.
func (r *running) get(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := http.Get(r.url + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// until waits until something is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// says reports whether a page holds a text. A page that a busy machine answers with 503 is
// to be asked for again, as its Retry-After says.
func (r *running) says(t *testing.T, path, text string) func() bool {
	return func() bool {
		status, body := r.get(t, path)
		if status != 200 && status != 503 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		return strings.Contains(body, text)
	}
}

func (r *running) healthy(t *testing.T) func() bool {
	return func() bool { status, _ := r.get(t, "/healthz"); return status == 200 }
}

// A site is ready while somebody else writes the index, and says what cannot be found; once
// the index is free, it brings it up to date.
func TestReadyWhileTheIndexIsHeld(t *testing.T) {
	cfg := folder(t)
	put(t, cfg, 0, 20)
	other, err := indexer.Open(t.Context(), indexURL(cfg), indexer.Options{Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	site := serve(t, cfg)
	if status, body := site.get(t, "/readyz"); status != 200 {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if status, body := site.get(t, "/papers/2605.00003"); status != 200 || !strings.Contains(body, "Zebra number 2") {
		t.Errorf("a page: %d", status)
	}
	if status, body := site.get(t, "/healthz"); status != 503 || body != "index: not there yet, 20 changes behind\n" {
		t.Errorf("/healthz: %d %s", status, body)
	}
	if status, body := site.get(t, "/papers?q=zebra"); status != 200 || strings.Contains(body, "Zebra number") {
		t.Errorf("a search: %d", status)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "it is healthy", site.healthy(t))
	until(t, "papers are found at the end", site.says(t, "/papers?q=zebra", "Zebra number"))
}

// Two sites on one folder: both answer, and when one ends the other writes.
func TestTwoSites(t *testing.T) {
	cfg := folder(t)
	put(t, cfg, 0, 20)
	first, second := serve(t, cfg), serve(t, cfg)
	until(t, "the first is healthy", first.healthy(t))
	until(t, "the second is healthy", second.healthy(t))
	if err := first.stop(); err != nil {
		t.Error(err)
	}
	put(t, cfg, 20, 20)
	until(t, "the second is healthy", second.healthy(t))
	until(t, "a paper that came later is found", second.says(t, "/papers?q=title:%22number+33%22", "Zebra number 33"))
}

// An index that cannot be written takes nothing from the site but search, and /healthz says so.
func TestIndexCannotBeWritten(t *testing.T) {
	cfg := folder(t)
	put(t, cfg, 0, 20)
	if err := os.WriteFile(cfg.IndexDir(), nil, 0o600); err != nil { // a file where the folder should be
		t.Fatal(err)
	}
	site := serve(t, cfg)
	until(t, "it is known", func() bool {
		status, body := site.get(t, "/healthz")
		return status == 503 && body == "index: cannot be written: an error that is in the log\n"
	})
	if status, _ := site.get(t, "/papers/2605.00003"); status != 200 {
		t.Errorf("a page: %d", status)
	}
	if status, body := site.get(t, "/readyz"); status != 200 {
		t.Errorf("/readyz: %d %s", status, body)
	}
	if err := os.Remove(cfg.IndexDir()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is healthy", site.healthy(t))
}

// A site that is indexing and merging stops at once, and nothing is lost.
func TestStopWhileIndexing(t *testing.T) {
	cfg := folder(t)
	for i := range 6 {
		put(t, cfg, i*1000, 1000)
	}
	site := serve(t, cfg)
	time.Sleep(50 * time.Millisecond)
	start := time.Now()
	if err := site.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 5*time.Second { // it takes a tenth of a second where nothing else runs
		t.Errorf("the stop took %s", took)
	}
	if strings.Contains(site.log.String(), "is left") {
		t.Errorf("not everything had ended:\n%s", site.log)
	}
	again := serve(t, cfg)
	until(t, "it is healthy", again.healthy(t))
	db, err := OpenStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	idx, err := OpenIndex(t.Context(), cfg, db, silent)
	if err != nil {
		t.Fatal(err)
	}
	defer idx.Close()
	res, err := idx.Search(t.Context(), search.Request{Query: search.Words("zebra")})
	if err != nil || res.Total != 6000 {
		t.Errorf("%d papers, %v", res.Total, err)
	}
}

// A stop while the start waits for a database that somebody else has locked.
func TestStopWhileStarting(t *testing.T) {
	cfg := folder(t)
	lock, err := sql.Open("sqlite", "file:"+filepath.Join(cfg.Data, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	for _, q := range []string{"create table a (b)", "begin exclusive"} {
		lock.SetMaxOpenConns(1)
		if _, err := lock.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	log := new(lines)
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, cfg, slog.New(slog.NewTextHandler(log, nil)), io.Discard) }()
	time.Sleep(100 * time.Millisecond)
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second): // it would wait for 15
		t.Errorf("it does not stop:\n%s", log)
	}
	if _, err := lock.Exec("rollback"); err != nil {
		t.Fatal(err)
	}
}

// What does not end is left.
func TestStopIsBounded(t *testing.T) {
	hangs := make(chan bool)
	defer close(hangs)
	if err := stop(silent, func() error { <-hangs; return nil }); err != nil {
		t.Error(err)
	}
	broken := errors.New("broken")
	if err := stop(silent, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// A database that is missing or empty beside an index with papers is refused, and nothing
// is made in its place.
func TestLostDatabase(t *testing.T) {
	cfg := folder(t)
	file := filepath.Join(cfg.Data, "broadsheet.db")
	put(t, cfg, 0, 20)
	db, err := OpenStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	idx, err := OpenIndex(t.Context(), cfg, db, silent)
	if err != nil {
		t.Fatal(err)
	}
	_, err = idx.Update(t.Context(), nil)
	if err := errors.Join(err, idx.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	refused := func(name, want string) {
		t.Helper()
		db, err := OpenStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err == nil {
			db.Close()
			t.Fatalf("%s: it is opened", name)
		}
		for _, want := range []string{want, "put the database back, or remove the folder " + cfg.IndexDir()} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := Run(t.Context(), cfg, silent, io.Discard); err == nil {
			t.Errorf("%s: it is served", name)
		}
	}
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	refused("missing", "the database "+file+" is missing")
	if _, err := os.Stat(file); err == nil {
		t.Error("a new one was made")
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("empty", "the database "+file+" is empty")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	fresh, err := store.Open(t.Context(), "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	fresh.Close()
	refused("new", "the database is new")
	if err := os.RemoveAll(cfg.IndexDir()); err != nil {
		t.Fatal(err)
	}
	db, err = OpenStore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("without the index: %v", err)
	}
	db.Close()
}
