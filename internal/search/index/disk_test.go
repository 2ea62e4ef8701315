//go:build linux

package index

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestFullDisk lets the disk run full in each moment: an error, all that was there stays
// findable, nothing is left half written, and when there is room again it goes on.
func TestFullDisk(t *testing.T) {
	if room := os.Getenv("INDEX_DISK_ROOM"); room != "" {
		n, err := strconv.ParseUint(room, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		fillDisk(t, os.Getenv("INDEX_DISK_DIR"), n)
		return
	}
	for _, room := range []int{0, 1 << 10, 9 << 10, 40 << 10, 120 << 10, 300 << 10} {
		dir := t.TempDir()
		corpus := searchtest.Corpus(1, 700)
		e := openEngine(t, dir, Options{})
		apply(t, e, corpus[:50], 50)
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		child.Env = append(os.Environ(), fmt.Sprintf("INDEX_DISK_ROOM=%d", room), "INDEX_DISK_DIR="+dir)
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("room for %d bytes: %v\n%s", room, err, out)
		}
		e = openEngine(t, dir, Options{})
		s := status(t, e)
		apply(t, e, corpus[s.Position.Seq:], 700)
		if s := status(t, e); s.Papers != 700 || s.State == search.Rebuilding {
			t.Errorf("room for %d bytes, then enough: %+v", room, s)
		}
	}
}

// TestTooFewFiles opens an index while the process may not open enough files: that is an
// error and no reason to begin anew.
func TestTooFewFiles(t *testing.T) {
	if dir := os.Getenv("INDEX_FILES_DIR"); dir != "" {
		if err := openEngine(t, dir, Options{}).Close(); err != nil { // what Go itself opens is open then
			t.Fatal(err)
		}
		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			t.Fatal(err)
		}
		for n := uint64(3); n < 40; n++ {
			limit.Cur = n
			if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
				t.Fatal(err)
			}
			if e, err := Open(dir, Options{}); err == nil {
				if s := status(t, e); s.State == search.Rebuilding {
					t.Fatalf("with %d files: %+v", n, s)
				}
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		return
	}
	dir := t.TempDir()
	papers := smallIndex(t, dir)
	child := exec.Command(os.Args[0], "-test.run=^TestTooFewFiles$")
	child.Env = append(os.Environ(), "INDEX_FILES_DIR="+dir)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if s := status(t, openEngine(t, dir, Options{})); s.Papers != papers || s.State == search.Rebuilding {
		t.Errorf("afterwards: %+v, want %d papers", s, papers)
	}
}

// fillDisk applies while no file may become longer than most bytes, which is what a disk
// that runs full looks like to who writes. It needs a process of its own.
func fillDisk(t *testing.T, dir string, most uint64) {
	e := openEngine(t, dir, Options{MergeWorkers: 1})
	corpus := searchtest.Corpus(1, 700)
	signal.Ignore(unix.SIGXFSZ)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: most, Max: most}); err != nil {
		t.Fatal(err)
	}
	err := e.Apply(t.Context(), corpus[50:60], search.Position{Seq: 60})
	for range 3 {
		if err == nil {
			err = e.Apply(t.Context(), corpus[60:], search.Position{Seq: 700})
		}
	}
	s := status(t, e)
	switch {
	case err == nil && s.Papers != 700:
		t.Errorf("%+v", s)
	case err != nil && (s.Position.Seq != 50 && s.Position.Seq != 60 || s.Papers != int(s.Position.Seq)):
		t.Errorf("%v, %+v", err, s)
	}
	if left := unnamed(t, dir); len(left) > 0 {
		t.Errorf("there is %v left", left)
	}
}
