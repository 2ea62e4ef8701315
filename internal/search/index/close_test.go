package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/query"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/searchtest"
)

// manySegments applies a corpus in so many segments on disk that they will be merged.
func manySegments(t testing.TB, e *Engine, corpus []search.Change) {
	t.Helper()
	for i := range tierSegments {
		apply(t, e, corpus[i*len(corpus)/tierSegments:(i+1)*len(corpus)/tierSegments], int64(i+1))
	}
}

// unnamed are the files in the folder that no manifest names.
func unnamed(t *testing.T, dir string) (out []string) {
	t.Helper()
	m, err := readManifest(dir, manifestName)
	if err != nil {
		t.Fatal(err)
	}
	needed := map[string]bool{manifestName: true}
	for _, f := range m.files() {
		needed[f] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		if !needed[f.Name()] {
			out = append(out, f.Name())
		}
	}
	return out
}

// TestCloseEndsMerges closes while a merge is under way, which is given up and leaves no
// file behind.
func TestCloseEndsMerges(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	merging := make(chan struct{})
	var writing []string
	e.afterRead = func() { // all is written; only the lock is missing
		writing = unnamed(t, dir)
		close(merging)
		<-e.life.Done()
	}
	corpus := searchtest.Corpus(1, tierSegments*bulkDocs)
	manySegments(t, e, corpus)
	wait := make(chan error, 1)
	go func() { wait <- e.WaitMerges(context.Background()) }()
	<-merging
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-wait; !errors.Is(err, query.ErrClosed) {
		t.Errorf("waiting for merges: %v", err)
	}
	if left := unnamed(t, dir); len(writing) == 0 || len(left) > 0 {
		t.Errorf("of %v there is %v left", writing, left)
	}
	e = openEngine(t, dir, Options{})
	if s := status(t, e); s.Papers != len(corpus) || s.Segments != tierSegments || s.State == search.Rebuilding {
		t.Errorf("opened again: %+v", s)
	}
}

// TestMergeFollowsContext ends a merge at each of the moments when it looks whether to
// go on. Each time it leaves no file.
func TestMergeFollowsContext(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	e.mu.Lock()
	e.putOff = true // no merge of its own
	e.mu.Unlock()
	manySegments(t, e, searchtest.Corpus(1, 8*600))
	segments := e.filled.Load().Segments
	for looks := 1; ; looks++ {
		ctx := &countdown{Context: t.Context(), left: looks}
		m := segment.NewMerge(segments)
		err := m.Reorder(ctx, 2)
		if err == nil {
			var s *segment.Segment
			if s, err = m.InFiles(ctx, dir, "99999999"); err == nil {
				e.discard(s)
				if looks < 40 {
					t.Errorf("a merge of %d documents looks only %d times whether to go on", m.Docs(), looks)
				}
				return
			}
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if left := unnamed(t, dir); len(left) > 0 {
			t.Fatalf("ended at look %d it leaves %v", looks, left)
		}
	}
}

// A countdown is a context that ends when it was looked at so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCloseEndsApply closes while many documents are being built.
func TestCloseEndsApply(t *testing.T) {
	dir := t.TempDir()
	model := &slowModel{began: make(chan struct{}), release: make(chan struct{})}
	e := openEngine(t, dir, Options{Embedder: model, MergeWorkers: 1})
	corpus := searchtest.Corpus(1, 2*bulkDocs)
	for i := range corpus {
		corpus[i].Document.Vector = nil
	}
	applied := make(chan error, 1)
	go func() { applied <- e.Apply(context.Background(), corpus, search.Position{Seq: 1}) }()
	<-model.began
	go func() {
		<-e.life.Done()
		close(model.release)
	}()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-applied; !errors.Is(err, query.ErrClosed) {
		t.Errorf("applying: %v", err)
	}
	if model.made > bulkDocs { // a few, until the word has got round
		t.Errorf("%d of %d documents were embedded after Close", model.made-1, len(corpus))
	}
	if left := unnamed(t, dir); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
}

// A slowModel waits in its first document.
type slowModel struct {
	began, release chan struct{}
	made           int
}

func (*slowModel) Dimensions() int  { return 4 }
func (*slowModel) Row(string) int32 { return 0 }

func (m *slowModel) EmbedRows(_, _ []int32, dst []float32) bool {
	if m.made++; m.made == 1 {
		close(m.began)
		select {
		case <-m.release:
		case <-time.After(10 * time.Second):
		}
	}
	dst[0] = 1
	return true
}

// TestSweep removes what a crash left half written.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	papers := smallIndex(t, dir)
	for _, name := range []string{"00009999.docs", "00009998.log", "00009997.deleted", "00009996.changes", "00009995.changes.tmp", "MANIFEST.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	e := openEngine(t, dir, Options{})
	if left := unnamed(t, dir); len(left) != 1 || left[0] != "notes.txt" {
		t.Errorf("there is %v left", left)
	}
	if got := status(t, e).Papers; got != papers {
		t.Errorf("%d papers, want %d", got, papers)
	}
}
