package index

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// halfRebuilt makes an index of which another is being filled for a model.
func halfRebuilt(t *testing.T, dir string) (papers int) {
	t.Helper()
	papers = smallIndex(t, dir)
	e, err := Open(dir, Options{Model: "another"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range smallSteps()[:2] {
		apply(t, e, s.changes, s.seq)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return papers
}

// TestFolderInPlaceOfFile puts a folder, empty or not, in the place of each file of an
// index, also of one that is being rebuilt. Opening gives an error or a rebuild, which
// ends well.
func TestFolderInPlaceOfFile(t *testing.T) {
	good := t.TempDir()
	papers := halfRebuilt(t, good)
	files, err := os.ReadDir(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for _, inside := range []string{"", "something"} {
			t.Run(f.Name()+"/"+inside, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(dir, f.Name())
				if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, inside), 0o777)); err != nil {
					t.Fatal(err)
				}
				for range 2 {
					e, err := Open(dir, Options{Model: "another"})
					if err != nil {
						if inside == "" || f.Name() != manifestName && f.Name() != nextName {
							t.Fatalf("an error where a rebuild was possible: %v", err)
						}
						return
					}
					repair(t, e)
					if s := status(t, e); s.Papers != papers || s.State == search.Rebuilding {
						t.Errorf("repaired: %+v; want %d papers", s, papers)
					}
					if err := e.Close(); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// repair applies what an engine lacks and waits until it is in order.
func repair(t *testing.T, e *Engine) {
	t.Helper()
	applyRest(t, e)
	if err := e.WaitMerges(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestCommitFails lets the manifest not be written: all stays as it was, no file is left,
// and when it can be written again all goes on.
func TestCommitFails(t *testing.T) {
	dir := t.TempDir()
	e := openEngine(t, dir, Options{MergeWorkers: 1})
	corpus := searchtest.Corpus(1, 2*bulkDocs)
	apply(t, e, corpus[:bulkDocs], 1)
	inTheWay := []string{manifestName + ".next.tmp", manifestName + ".tmp"}
	for _, name := range inTheWay {
		if err := os.MkdirAll(filepath.Join(dir, name, "x"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	changes := slices.Concat([]search.Change{{ID: corpus[3].ID, Kind: search.Delete}}, corpus[bulkDocs:])
	if err := e.Apply(t.Context(), changes, search.Position{Seq: 2}); err == nil {
		t.Error("applied without a manifest")
	}
	if err := e.Reset(t.Context(), search.Position{Seq: 1}, "a test wants it"); err == nil {
		t.Error("reset without a manifest")
	}
	if s := status(t, e); s.Papers != bulkDocs || s.Position.Seq != 1 || s.State == search.Rebuilding {
		t.Errorf("afterwards: %+v", s)
	}
	if left := unnamed(t, dir); !slices.Equal(left, inTheWay) {
		t.Errorf("there is %v left", left)
	}
	for _, name := range inTheWay {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	apply(t, e, changes, 2)
	reopen(t, &e, dir, Options{})
	if s := status(t, e); s.Papers != 2*bulkDocs-1 || s.Position.Seq != 2 {
		t.Errorf("opened again: %+v", s)
	}
}

// TestNotAllowed takes away the rights to read each file, and to write the folder.
func TestNotAllowed(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may do everything")
	}
	good := t.TempDir()
	papers := halfRebuilt(t, good)
	files, err := os.ReadDir(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(f.Name(), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(dir, f.Name()), 0); err != nil {
				t.Fatal(err)
			}
			e := openEngine(t, dir, Options{Model: "another"})
			repair(t, e)
			if got := status(t, e).Papers; got != papers {
				t.Errorf("%d papers, want %d", got, papers)
			}
		})
	}
	t.Run("read only", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "index")
		if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, nextName)); err != nil {
			t.Fatal(err)
		}
		before := listing(t, dir)
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o777)
		if _, err := Open(dir, Options{Model: "third"}); !errors.Is(err, os.ErrPermission) {
			t.Errorf("an index that cannot be rebuilt: %v", err)
		}
		if after := listing(t, dir); after != before {
			t.Errorf("the folder is\n%s, was\n%s", after, before)
		}
	})
}
