package index

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/internal/search"
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
