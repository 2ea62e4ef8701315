package index

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/searchtest"
)

// withoutMerges is an engine that merges nothing until merges is called.
func withoutMerges(t *testing.T, dir string) (e *Engine, merges func()) {
	e = openEngine(t, dir, Options{MergeWorkers: 1})
	e.mu.Lock()
	e.putOff = true
	e.mu.Unlock()
	return e, func() {
		e.mu.Lock()
		e.putOff = false
		e.mu.Unlock()
		e.poke()
	}
}

// until waits until something holds.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// damageSegments changes bytes in files of the engine's segments on disk, under the
// running engine.
func damageSegments(t *testing.T, dir, kind, how string, rng *rand.Rand) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*."+kind))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s, %v", kind, err)
	}
	path := files[len(files)/2]
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if how == "cut" {
		if err := os.Truncate(path, info.Size()/3); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 40 {
		at := rng.Int64N(info.Size())
		b := make([]byte, 1)
		if _, err := f.ReadAt(b, at); err != nil {
			t.Fatal(err)
		}
		b[0] ^= byte(1 + rng.IntN(255))
		if _, err := f.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamageUnderRunningEngine flips and cuts the files of a segment while the engine
// runs and searches. Searches fail or leave out, no merge makes a good segment of bad
// bytes, and a rebuild brings all back.
func TestDamageUnderRunningEngine(t *testing.T) {
	corpus := searchtest.Corpus(1, tierSegments*bulkDocs) // written as one segment for each eighth
	plain := searchtest.NewPlain()
	apply(t, plain, corpus, 8)
	want := answers(t, plain)
	rng := rand.New(rand.NewPCG(5, 5))
	for _, kind := range []string{"docs", "terms", "ranges", "postings", "positions", "vectors"} {
		for _, how := range []string{"flip", "cut"} {
			t.Run(kind+"/"+how, func(t *testing.T) {
				dir := t.TempDir()
				e, merges := withoutMerges(t, dir)
				manySegments(t, e, corpus)
				damageSegments(t, dir, kind, how, rng)
				var searching sync.WaitGroup
				done := make(chan struct{})
				searching.Go(func() {
					for i := 0; !closed(done); i++ {
						q := searchtest.Queries(uint64(i), 1)[0]
						_, err := e.Search(t.Context(), search.Request{Query: q, Vector: corpus[i%len(corpus)].Document.Vector, Facets: true, Correct: "modl"})
						if err != nil && !errors.Is(err, segment.ErrDamaged) {
							t.Errorf("searching: %v", err)
						}
						_, _ = e.Similar(t.Context(), corpus[i%len(corpus)].ID, 5)
						_, _ = e.Suggest(t.Context(), "mod", 5)
					}
				})
				merges()
				until(t, "the damage is found", func() bool { return status(t, e).State == search.Rebuilding })
				close(done)
				searching.Wait()
				if s := status(t, e); s.Position.Seq != 0 || s.Reason == "" || s.Papers >= len(corpus) {
					t.Errorf("when it was found: %+v", s)
				}
				err := e.Apply(t.Context(), corpus[:1], search.Position{Seq: 9})
				if !errors.Is(err, search.ErrStartAgain) {
					t.Errorf("told on as if nothing was: %v", err)
				}
				if s := status(t, e); s.Position.Seq != 0 || s.State != search.Rebuilding {
					t.Errorf("begun again: %+v", s)
				}
				manySegments(t, e, corpus)
				if err := e.WaitMerges(t.Context()); err != nil {
					t.Fatal(err)
				}
				if s := status(t, e); s.State != search.Ready || s.Reason != "" || s.Papers != len(corpus) {
					t.Errorf("built anew: %+v", s)
				}
				reopen(t, &e, dir, Options{})
				same(t, e, want)
			})
		}
	}
}

// TestDamageWhileMerging flips bytes between what a merge reads and its end.
func TestDamageWhileMerging(t *testing.T) {
	dir := t.TempDir()
	e, _ := withoutMerges(t, dir)
	manySegments(t, e, searchtest.Corpus(1, tierSegments*bulkDocs))
	segments := e.filled.Load().Segments
	rng := rand.New(rand.NewPCG(5, 5))
	once := sync.OnceFunc(func() { damageSegments(t, dir, "postings", "flip", rng) })
	ctx := &during{Context: t.Context(), do: once}
	if err := e.merge(ctx, segments); !errors.Is(err, segment.ErrDamaged) {
		t.Errorf("merging what was damaged meanwhile: %v", err)
	}
	number := e.number.Load()
	if err := e.merge(t.Context(), segments); !errors.Is(err, segment.ErrDamaged) || e.number.Load() != number {
		t.Errorf("merging what is damaged: %v, and a file was begun: %v", err, e.number.Load() != number)
	}
	if left := unnamed(t, dir); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
}

// A during is a context that does something when it has been looked at for a while.
type during struct {
	context.Context
	looks int
	do    func()
}

func (d *during) Err() error {
	if d.looks++; d.looks == 20 {
		d.do()
	}
	return d.Context.Err()
}
