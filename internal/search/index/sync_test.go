package index

import (
	"errors"
	"os"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// A cachedFile keeps what is written until it is synced, as a disk does before a power
// cut; or it fails.
type cachedFile struct {
	file
	cached  []byte
	failing error
}

func (c *cachedFile) Write(b []byte) (int, error) {
	c.cached = append(c.cached, b...)
	return len(b), nil
}

func (c *cachedFile) Sync() error {
	if c.failing != nil {
		return c.failing
	}
	_, err := c.file.Write(c.cached)
	c.cached = nil
	return errors.Join(err, c.file.Sync())
}

// TestLogIsSynced cuts the power after each Apply: what it has acknowledged is there.
func TestLogIsSynced(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	e.log.f = &cachedFile{file: e.log.f}
	corpus := searchtest.Corpus(1, 5)
	for i := range corpus {
		apply(t, e, corpus[i:i+1], int64(i+1))
		after := t.TempDir()
		if err := os.CopyFS(after, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if s := status(t, openEngine(t, after, Options{})); s.Papers != i+1 || s.Position.Seq != int64(i+1) {
			t.Errorf("after a power cut: %+v", s)
		}
	}
}

// TestLogFails lets a sync of the log fail, after which nobody knows what the disk
// holds: the next Apply begins another log.
func TestLogFails(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{})
	corpus := searchtest.Corpus(1, 9)
	apply(t, e, corpus[:3], 3)
	broken := errors.New("a disk that fails")
	e.log.f = &cachedFile{file: e.log.f, failing: broken}
	if err := e.Apply(t.Context(), corpus[3:6], search.Position{Seq: 6}); !errors.Is(err, broken) {
		t.Errorf("applied: %v", err)
	}
	if s := status(t, e); s.Papers != 3 || s.Position.Seq != 3 {
		t.Errorf("after the failure: %+v", s)
	}
	apply(t, e, corpus[3:6], 6)
	apply(t, e, corpus[6:], 9)
	reopen(t, &e, dir, Options{})
	if s := status(t, e); s.Papers != 9 || s.Position.Seq != 9 {
		t.Errorf("opened again: %+v", s)
	}
}
