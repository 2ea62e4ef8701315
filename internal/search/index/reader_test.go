package index

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/searchtest"
)

// A pair is a writer with a reader beside it, which answers.
type pair struct {
	*Reader
	writer *Engine
}

func (p *pair) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	if err := p.writer.Apply(ctx, changes, at); err != nil {
		return err
	}
	return p.Refresh()
}

func (p *pair) Reset(ctx context.Context, until search.Position, reason string) error {
	if err := p.writer.Reset(ctx, until, reason); err != nil {
		return err
	}
	return p.Refresh()
}

// Position is what the writer has to be told from: a reader knows what it serves.
func (p *pair) Position(ctx context.Context) (search.Position, error) { return p.writer.Position(ctx) }

func (p *pair) Status(ctx context.Context) (search.Status, error) {
	s, err := p.Reader.Status(ctx)
	if err == nil {
		s.Position, err = p.writer.Position(ctx)
	}
	return s, err
}

func (p *pair) Close() error { return errors.Join(p.Reader.Close(), p.writer.Close()) }

// TestReaderContract lets a reader answer for the engine that writes; that the answers are
// exact is tested with the writer, whose snapshots are the same.
func TestReaderContract(t *testing.T) {
	searchtest.TestEngine(t, func(t *testing.T, dir string) search.Engine {
		w, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return &pair{openReader(t, dir), w}
	})
}

func openReader(t *testing.T, dir string) *Reader {
	t.Helper()
	r, err := OpenReader(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// TestReaderBesideWriter reads while another engine applies few and many changes,
// flushes and merges: at every moment a reader sees one state that the writer had.
func TestReaderBesideWriter(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir, Options{MergeWorkers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		r := openReader(t, dir)
		readers.Go(func() { readUntil(t, r, done) })
	}
	readers.Go(func() { // some come later
		for !closed(done) {
			r, err := OpenReader(dir, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			checkState(t, r)
			r.Close()
		}
	})
	writeAll(t, w)
	close(done)
	readers.Wait()
	r := openReader(t, dir)
	if status(t, r).Position.Seq != status(t, w).Position.Seq || status(t, r).Papers != status(t, w).Papers {
		t.Errorf("the reader ends with %+v, the writer with %+v", status(t, r), status(t, w))
	}
}

// writeAll applies batches of changing size, so that all that a writer does is done.
func writeAll(t *testing.T, w *Engine) {
	corpus := searchtest.Corpus(1, 2000)
	for seq, round := 0, 0; round < 150; round++ {
		n := 1 + round*7%40
		if round%5 == 0 {
			n = bulkDocs + 20
		}
		var changes []search.Change
		for range n {
			changes = append(changes, numbered(corpus, seq))
			seq++
		}
		apply(t, w, changes, int64(seq))
		if round%30 == 29 {
			if err := w.WaitMerges(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

func closed(done chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func readUntil(t *testing.T, r *Reader, done chan struct{}) {
	queries := searchtest.Queries(1, 50)
	last := int64(0)
	for i := 0; !closed(done); i++ {
		if err := r.Refresh(); err != nil {
			t.Error(err)
			return
		}
		if seq := checkState(t, r); seq < last {
			t.Errorf("the cursor went from %d back to %d", last, seq)
		} else {
			last = seq
		}
		if _, err := r.Search(t.Context(), search.Request{Query: queries[i%len(queries)], Facets: true}); err != nil {
			t.Error(err)
		}
	}
}

// checkState compares how many papers there are with how many there must be by the
// cursor: of each five changes one replaces a paper.
func checkState(t *testing.T, r *Reader) int64 {
	snap := r.Serving()
	if want := int(snap.At.Seq - snap.At.Seq/5); snap.Docs() != want {
		t.Errorf("%d papers at %d, want %d", snap.Docs(), snap.At.Seq, want)
	}
	return snap.At.Seq
}

// TestReaderDamage damages every file: a reader says so, or answers all the same; and
// it leaves the folder as it was.
func TestReaderDamage(t *testing.T) {
	good := t.TempDir()
	papers := smallIndex(t, good)
	files, err := os.ReadDir(good)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	for _, f := range files {
		for _, how := range []string{"flip", "cut", "remove"} {
			t.Run(f.Name()+"/"+how, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
					t.Fatal(err)
				}
				damage(t, filepath.Join(dir, f.Name()), how, rng)
				before := listing(t, dir)
				checkRead(t, dir, f.Name(), how, papers)
				if after := listing(t, dir); after != before {
					t.Errorf("reading changed the folder:\n%s\nwas\n%s", after, before)
				}
			})
		}
	}
}

func checkRead(t *testing.T, dir, file, how string, papers int) {
	r, err := OpenReader(dir, Options{})
	log := filepath.Ext(file) == ".log"
	switch {
	case file == manifestName && how == "remove":
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without a manifest: %v", err)
		}
	case how != "flip" && !log || file == manifestName || log && how == "remove":
		if !errors.Is(err, segment.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("damaged: %v", err)
		}
	}
	if err != nil {
		return
	}
	defer r.Close()
	if got := status(t, r).Papers; got != papers && !log {
		t.Errorf("%d papers, want %d", got, papers)
	}
	for _, q := range searchtest.Queries(3, 10) {
		_, _ = r.Search(t.Context(), search.Request{Query: q, Facets: true})
	}
}

// listing is the names, sizes and times of the files in a folder.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		all += fs.FormatFileInfo(info) + "\n"
	}
	return all
}

// TestReaderOfNothing opens folders without an index.
func TestReaderOfNothing(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Join(dir, "none")} {
		if _, err := OpenReader(d, Options{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", d, err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("opening made %v", entries)
	}
}

// TestReaderRefuses changes nothing and, after trouble, answers as before.
func TestReaderRefuses(t *testing.T) {
	dir := t.TempDir()
	papers := smallIndex(t, dir)
	r := openReader(t, dir)
	if err := r.Apply(t.Context(), searchtest.Corpus(1, 1), search.Position{Seq: 700}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("Apply: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, manifestName)); err != nil {
		t.Fatal(err)
	}
	if err := r.Refresh(); err == nil {
		t.Error("no manifest, and no error")
	}
	if res, err := r.Search(t.Context(), search.Request{}); err != nil || res.Total != papers {
		t.Errorf("after trouble %d papers, %v; want %d", res.Total, err, papers)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Search(t.Context(), search.Request{}); !errors.Is(err, query.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// TestReaderOfAnotherModel leaves vectors of another model alone.
func TestReaderOfAnotherModel(t *testing.T) {
	dir := t.TempDir()
	smallIndex(t, dir)
	r, err := OpenReader(dir, Options{Model: "another"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !r.Serving().OtherModel {
		t.Error("vectors of another model count")
	}
}

func BenchmarkRefresh(b *testing.B) {
	dir := b.TempDir()
	smallIndex(b, dir)
	r, err := OpenReader(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	for b.Loop() {
		if err := r.Refresh(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestReaderMergedAway opens what a manifest names that was replaced meanwhile.
func TestReaderMergedAway(t *testing.T) {
	dir := t.TempDir()
	w, err := Open(dir, Options{MergeWorkers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	corpus := searchtest.Corpus(1, 9*bulkDocs)
	for i := range tierSegments {
		apply(t, w, corpus[i*bulkDocs:(i+1)*bulkDocs], int64(i+1))
	}
	raw, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := openReader(t, dir)
	if err := r.read(raw); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the segments of before: %v", err)
	}
	if got := status(t, r); got.Papers != tierSegments*bulkDocs || got.Segments != 1 {
		t.Errorf("after that: %+v", got)
	}
}
