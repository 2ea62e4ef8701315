package indexer_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/indexer"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

// A second process is this program, called with what it is to do: see TestMain.
const childVariable = "BROADSHEET_TEST_INDEXER"

func TestMain(m *testing.M) {
	if what := os.Getenv(childVariable); what != "" {
		if err := child(strings.Fields(what)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is what a second process does: "hold DIR" keeps the index until its input ends,
// "import DIR FIRST N" writes papers and returns once they can be found, "read DIR" follows
// for a moment and says what is found and what is not.
func child(args []string) error {
	ctx := context.Background()
	dir := args[1]
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "site.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	idx, err := indexer.Open(ctx, "index:"+filepath.Join(dir, "index"), indexer.Options{DB: db})
	if err != nil {
		return err
	}
	defer idx.Close()
	if args[0] == "hold" {
		if err := idx.Lock(); err != nil {
			return err
		}
		fmt.Println("held")
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	}
	if args[0] == "read" {
		following, stop := context.WithTimeout(ctx, 500*time.Millisecond)
		defer stop()
		idx.Follow(following)
		st, err := idx.State(ctx)
		fmt.Println(find(nil, idx, "zebra"), st)
		return err
	}
	first, _ := strconv.Atoi(args[2])
	n, _ := strconv.Atoi(args[3])
	for i := first; i < first+n; i += 10 {
		put(nil, db, "zebra", i, 10)
	}
	_, err = idx.CatchUp(ctx, 20*time.Second, nil)
	return err
}

// start starts a second process.
func start(t *testing.T, what string) (cmd *exec.Cmd, in io.WriteCloser, out *bufio.Reader) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+what)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, in, bufio.NewReader(stdout)
}

// hold starts a process that holds the index of a site.
func hold(t *testing.T, dir string) (*exec.Cmd, io.WriteCloser) {
	t.Helper()
	cmd, in, out := start(t, "hold "+dir)
	if line, err := out.ReadString('\n'); line != "held\n" {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd, in
}

// A site is a folder with a database and an index.
type site struct {
	dir string
	db  *store.DB
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{dir: t.TempDir()}
	var err error
	if s.db, err = store.Open(t.Context(), "sqlite:"+filepath.Join(s.dir, "site.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	return s
}

func (s *site) indexDir() string { return filepath.Join(s.dir, "index") }

func (s *site) open(t *testing.T, o indexer.Options) *indexer.Index {
	t.Helper()
	o.DB = s.db
	idx, err := indexer.Open(t.Context(), "index:"+s.indexDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := idx.Close(); err != nil {
			t.Error(err)
		}
	})
	return idx
}

// follow follows the database until the test ends.
func follow(t *testing.T, follow func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { follow(ctx) })
	stop = func() { cancel(); running.Wait() }
	t.Cleanup(stop)
	return stop
}

func state(t *testing.T, idx *indexer.Index) indexer.State {
	t.Helper()
	s, err := idx.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// until waits until something is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// A server that starts while another process holds the index answers from what lies on
// disk, says what is missing, and becomes the writer when the other ends or is killed.
func TestTakesOver(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(*exec.Cmd, io.WriteCloser)
	}{
		{"ended", func(_ *exec.Cmd, in io.WriteCloser) { in.Close() }},
		{"killed", func(cmd *exec.Cmd, _ io.WriteCloser) { cmd.Process.Kill() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			put(t, s.db, "zebra", 0, 30)
			first := s.open(t, indexer.Options{})
			if n, err := first.Update(t.Context(), nil); n != 30 || err != nil {
				t.Fatal(n, err)
			}
			cmd, in := hold(t, s.dir)
			put(t, s.db, "okapi", 30, 5)
			idx := s.open(t, indexer.Options{})
			if st := state(t, idx); st.Behind != 5 || st.String() != "5 changes behind" || st.Complete() {
				t.Errorf("%+v", st)
			}
			follow(t, idx.Follow)
			time.Sleep(300 * time.Millisecond) // rounds that find the index locked
			if find(t, idx, "zebra") != 30 || find(t, idx, "okapi") != 0 || idx.Writes() {
				t.Error("it does not answer from what lies on disk")
			}
			if st := state(t, idx); st.Problem != "" {
				t.Errorf("%+v", st)
			}
			tt.end(cmd, in)
			until(t, "the new papers are found", func() bool { return find(t, idx, "okapi") == 5 })
			if st := state(t, idx); !idx.Writes() || !st.Complete() {
				t.Errorf("%+v", st)
			}
		})
	}
}

// While another process holds an index that is not there yet, nothing is known.
func TestNothingYet(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	idx := s.open(t, indexer.Options{})
	if st := state(t, idx); !st.Missing || st.String() != "not there yet, 30 changes behind" {
		t.Errorf("%+v", st)
	}
	if n := find(t, idx, "zebra"); n != 0 {
		t.Errorf("%d papers", n)
	}
	_, in := hold(t, s.dir)
	var stalled *indexer.StalledError
	if _, err := idx.CatchUp(t.Context(), 300*time.Millisecond, nil); !errors.As(err, &stalled) || stalled.Behind != 30 {
		t.Errorf("%v", err)
	}
	if _, err := idx.Update(t.Context(), nil); !errors.Is(err, indexer.ErrLocked) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := idx.CatchUp(ctx, time.Minute, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	in.Close()
	if n, err := idx.CatchUp(t.Context(), time.Minute, nil); n != 30 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if st := state(t, idx); !st.Complete() || st != (indexer.State{}) || st.String() != "up to date" {
		t.Errorf("%+v", st)
	}
}

// Several imports at once, in processes of their own: when each has ended, its papers can be
// found, and at the end all of them.
func TestParallelImports(t *testing.T) {
	rounds := 6
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		s := newSite(t)
		var running sync.WaitGroup
		for i := range 4 {
			first, n := i*100, 10*(1+rand.IntN(8))
			cmd, _, _ := start(t, fmt.Sprintf("import %s %d %d", s.dir, first, n))
			running.Go(func() {
				if err := cmd.Wait(); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
				for j := first; j < first+n; j++ {
					if find(t, fresh(t, s), fmt.Sprintf("id:%s", idOf(j))) != 1 {
						t.Errorf("round %d: %s is not found when its import has ended", round, idOf(j))
						return
					}
				}
			})
		}
		running.Wait()
		papers, err := s.db.Papers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := find(t, fresh(t, s), "zebra"); n != int(papers) {
			t.Errorf("round %d: %d papers of %d are found", round, n, papers)
		}
	}
}

// fresh is the index of a site as it lies on disk.
func fresh(t *testing.T, s *site) search.Engine {
	t.Helper()
	idx, err := indexer.Open(t.Context(), "index:"+s.indexDir(), indexer.Options{DB: s.db})
	if err != nil {
		t.Fatal(err)
	}
	return idx
}

// One that keeps up holds the index only while it writes.
func TestKeepUp(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	idx := s.open(t, indexer.Options{})
	stop := follow(t, idx.KeepUp)
	until(t, "it has caught up", func() bool { return find(t, idx, "zebra") == 30 && !idx.Writes() })
	other := s.open(t, indexer.Options{})
	until(t, "the index is free", func() bool { return other.Lock() == nil })
	stop()
}

// What is damaged is built anew; meanwhile it is said.
func TestDamaged(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	if _, err := s.open(t, indexer.Options{}).Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.indexDir(), "MANIFEST"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	idx := s.open(t, indexer.Options{})
	if st := state(t, idx); !st.Missing {
		t.Errorf("%+v", st)
	}
	follow(t, idx.Follow)
	until(t, "it is whole", func() bool { return find(t, idx, "zebra") == 30 && state(t, idx).Complete() })
}

// An index that has lost its manifest is complete as soon as it holds everything, for who
// built it and for who opens it next, also where the database is empty.
func TestManifestLost(t *testing.T) {
	for _, papers := range []int{0, 30} {
		s := newSite(t)
		put(t, s.db, "zebra", 0, papers)
		idx := s.open(t, indexer.Options{})
		if _, err := idx.Update(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(idx.Close(), os.Remove(filepath.Join(s.indexDir(), "MANIFEST"))); err != nil {
			t.Fatal(err)
		}
		for _, opened := range []string{"without a manifest", "again"} {
			idx := s.open(t, indexer.Options{})
			if _, err := idx.Update(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if st := state(t, idx); !st.Complete() || find(t, idx, "zebra") != papers {
				t.Errorf("%d papers, opened %s: %s", papers, opened, st)
			}
			if err := idx.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An index that cannot be written costs nothing but itself, says so, and is written as soon
// as that is possible.
func TestCannotBeWritten(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	if err := os.WriteFile(s.indexDir(), nil, 0o600); err != nil { // a file where the folder should be
		t.Fatal(err)
	}
	idx := s.open(t, indexer.Options{})
	follow(t, idx.Follow)
	until(t, "it says so", func() bool { return state(t, idx).Problem != "" })
	if st := state(t, idx); st.String() != "cannot be written: an error that is in the log" {
		t.Errorf("%q", st)
	}
	status, err := idx.Status(t.Context())
	if err != nil || status.Reason != "cannot be written: an error that is in the log" {
		t.Errorf("%+v, %v", status, err)
	}
	if err := os.Remove(s.indexDir()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is written", func() bool { return find(t, idx, "zebra") == 30 && state(t, idx) == indexer.State{} })
}

// On a full disk the site goes on with what it has.
func TestDiskFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	if _, err := s.open(t, indexer.Options{}).Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	idx := s.open(t, indexer.Options{})
	follow(t, idx.Follow)
	until(t, "it writes", idx.Writes)
	// Whatever is written to the file that becomes the manifest finds the disk full.
	full := filepath.Join(s.indexDir(), "MANIFEST.tmp")
	room := follow(t, func(ctx context.Context) {
		for ctx.Err() == nil {
			os.Symlink("/dev/full", full)
		}
	})
	put(t, s.db, "okapi", 1000, 700) // so many that the manifest is written
	until(t, "it says so", func() bool { return state(t, idx).Problem == "cannot be written: no space left" })
	if find(t, idx, "zebra") != 30 || find(t, idx, "okapi") != 0 {
		t.Error("it does not answer as before")
	}
	room()
	os.Remove(full)
	until(t, "it is written", func() bool { return find(t, idx, "okapi") == 700 && state(t, idx) == indexer.State{} })
}

// A folder that somebody removes is made anew.
func TestFolderRemoved(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	idx := s.open(t, indexer.Options{})
	follow(t, idx.Follow)
	until(t, "it is written", func() bool { return find(t, idx, "zebra") == 30 })
	if err := os.RemoveAll(s.indexDir()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is made anew", func() bool {
		_, err := os.Stat(filepath.Join(s.indexDir(), "MANIFEST"))
		return err == nil && state(t, idx).Complete()
	})
	if n := find(t, fresh(t, s), "zebra"); n != 30 {
		t.Errorf("%d papers", n)
	}
}

// A reader serves nothing of another database.
func TestReaderOfAnotherDatabase(t *testing.T) {
	s, other := newSite(t), newSite(t)
	put(t, s.db, "zebra", 0, 30)
	put(t, other.db, "okapi", 0, 40)
	if _, err := s.open(t, indexer.Options{}).Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	hold(t, s.dir)
	s.db = other.db
	idx := s.open(t, indexer.Options{})
	if n := find(t, idx, "zebra"); n != 0 {
		t.Errorf("%d papers of another database", n)
	}
	if st := state(t, idx); st.Complete() || st.Behind != 40 {
		t.Errorf("%+v", st)
	}
}

// An index of a history that was lost is not taken for whole while another process holds it.
func TestReaderOfALostHistory(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "alpha", 0, 30)
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.dir, "site.db")
	copied, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reopen := func() {
		t.Helper()
		if s.db, err = store.Open(t.Context(), "sqlite:"+file); err != nil {
			t.Fatal(err)
		}
	}
	reopen()
	put(t, s.db, "beta", 100, 5)
	idx := s.open(t, indexer.Options{})
	_, err = idx.Update(t.Context(), nil)
	if err := errors.Join(err, idx.Close(), s.db.Close(), os.WriteFile(file, copied, 0o600)); err != nil {
		t.Fatal(err)
	}
	reopen()
	put(t, s.db, "gamma", 200, 5) // as many
	_, in := hold(t, s.dir)
	idx = s.open(t, indexer.Options{})
	follow(t, idx.Follow)
	rebuilding := func() bool {
		st, err := idx.Status(t.Context())
		return err == nil && st.State == search.Rebuilding
	}
	until(t, "it says so", rebuilding)
	if st := state(t, idx); !st.Rebuilding {
		t.Errorf("%+v", st)
	}
	in.Close()
	until(t, "it is whole", func() bool { return find(t, idx, "gamma") == 5 && !rebuilding() })
	if n := find(t, idx, "beta"); n != 0 {
		t.Errorf("%d papers that are gone are found", n)
	}
}

// Vectors that have not come yet are waited for by whoever opens the index next.
func TestVectorsAfterARestart(t *testing.T) {
	s, m := newSite(t), new(model)
	m.leave(true)
	put(t, s.db, "zebra", 0, 30)
	first := s.open(t, indexer.Options{Model: m})
	var away *indexer.ModelError
	if n, err := first.CatchUp(t.Context(), time.Second, nil); n != 30 || !errors.As(err, &away) {
		t.Fatalf("%d, %v", n, err)
	}
	if st := state(t, first); st.Vectors != 30 || !st.Complete() {
		t.Errorf("%+v", st)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	idx := s.open(t, indexer.Options{Model: m})
	follow(t, idx.Follow)
	if st := state(t, idx); st.Vectors != 30 {
		t.Errorf("%+v", st)
	}
	until(t, "it writes", idx.Writes)
	if near := meant(t, idx, "zebra"); len(near) != 0 {
		t.Errorf("by meaning: %v", near)
	}
	m.leave(false)
	until(t, "vectors have come", func() bool { return state(t, idx) == indexer.State{} })
	if near := meant(t, idx, "zebra zebra3 observed What is written about zebra."); len(near) == 0 || near[0] != idOf(3) {
		t.Errorf("by meaning: %v", near)
	}
}

func TestHolds(t *testing.T) {
	s := newSite(t)
	url := "index:" + s.indexDir()
	check := func(name string, want bool) {
		t.Helper()
		if got, err := indexer.Holds(url); got != want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	check("no folder", false)
	idx := s.open(t, indexer.Options{})
	if err := idx.Lock(); err != nil {
		t.Fatal(err)
	}
	check("empty", false)
	put(t, s.db, "zebra", 0, 3)
	if _, err := idx.Update(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	check("papers", true)
	if err := os.WriteFile(filepath.Join(s.indexDir(), "MANIFEST"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	check("damaged", true)
	if _, err := indexer.Open(t.Context(), "elsewhere:9200", indexer.Options{}); err == nil {
		t.Error("another kind of index is opened")
	}
}

// A panic while papers are embedded costs a line in the log, and is tried again.
func TestModelPanics(t *testing.T) {
	s := newSite(t)
	put(t, s.db, "zebra", 0, 30)
	var calls, repaired atomic.Int64
	idx := s.open(t, indexer.Options{Model: panicking{panics: func() {
		if calls.Add(1); repaired.Load() == 0 {
			panic("a bug")
		}
	}}})
	follow(t, idx.Follow)
	until(t, "it is tried again", func() bool { return calls.Load() > 2 })
	if n := find(t, idx, "zebra"); n != 30 {
		t.Errorf("%d papers are found by their words", n)
	}
	repaired.Store(1)
	until(t, "all have their vectors", func() bool { return state(t, idx) == indexer.State{} })
}

// A panicking model calls a function for each batch of texts.
type panicking struct {
	embeddingtest.Model
	panics func()
}

func (m panicking) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	m.panics()
	return m.Model.Documents(ctx, texts)
}
