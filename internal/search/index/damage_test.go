package index

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
	"broadsheet/internal/search/searchtest"
)

// A step is one Apply.
type step struct {
	seq     int64
	changes []search.Change
}

// smallSteps are what smallIndex applies.
func smallSteps() []step {
	changes := searchtest.Corpus(1, 600)
	counts, vector := changes[7], changes[8]
	counts.Kind, counts.Document = search.Counts, &search.Document{Votes: 77}
	vector.Kind, vector.Document = search.Vector, &search.Document{Vector: changes[9].Document.Vector}
	return []step{
		{600, changes}, {620, searchtest.Corpus(2, 20)}, {621, []search.Change{counts, vector}},
		{622, []search.Change{{ID: changes[100].ID, Kind: search.Delete}, changes[3]}},
	}
}

// smallIndex makes an index with a segment on disk, deleted documents, other counts and
// vectors, and a log.
func smallIndex(tb testing.TB, dir string) (papers int) {
	tb.Helper()
	e, err := Open(dir, Options{MergeWorkers: 1})
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range smallSteps() {
		apply(tb, e, s.changes, s.seq)
		if s.seq != 621 {
			continue
		}
		e.mu.Lock()
		err := e.flush(tb.Context())
		e.mu.Unlock()
		if err != nil {
			tb.Fatal(err)
		}
	}
	papers = status(tb, e).Papers
	if err := e.Close(); err != nil {
		tb.Fatal(err)
	}
	return papers
}

// applyRest applies the small steps that an engine lacks.
func applyRest(t *testing.T, e *Engine) {
	t.Helper()
	for _, s := range smallSteps() {
		if status(t, e).Position.Seq < s.seq {
			apply(t, e, s.changes, s.seq)
		}
	}
}

// TestDamage flips bits and cuts tails of every file: the index must open, answer
// without a wrong result, and be complete again after the changes are told from its
// cursor on.
func TestDamage(t *testing.T) {
	good := t.TempDir()
	papers := smallIndex(t, good)
	files, err := os.ReadDir(good)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, f := range files {
		for _, how := range []string{"flip", "flip", "cut", "remove"} {
			t.Run(f.Name()+"/"+how, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
					t.Fatal(err)
				}
				damage(t, filepath.Join(dir, f.Name()), how, rng)
				checkRepaired(t, dir, papers)
			})
		}
	}
}

func damage(t *testing.T, path, how string, rng *rand.Rand) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case how == "remove":
		err = os.Remove(path)
	case len(b) == 0:
		t.Skip("the file is empty")
	case how == "flip":
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		err = os.WriteFile(path, b, 0o666)
	case how == "cut":
		err = os.WriteFile(path, b[:rng.IntN(len(b))], 0o666)
	default:
		err = os.WriteFile(path, nil, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func checkRepaired(t *testing.T, dir string, papers int) {
	e, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if status(t, e).Position.Seq < 621 && status(t, e).State != search.Rebuilding {
		t.Errorf("the cursor fell back to %d, and the state is %q", status(t, e).Position.Seq, status(t, e).State)
	}
	for _, q := range searchtest.Queries(3, 10) {
		if _, err := e.Search(t.Context(), search.Request{Query: q, Facets: true}); err != nil {
			t.Errorf("searching a damaged index: %v", err)
		}
	}
	applyRest(t, e)
	voted, err := e.Search(t.Context(), search.Request{Query: search.Query{Filters: search.Filters{MinVotes: 77}}})
	if err != nil || voted.Total != 1 {
		t.Errorf("%d papers have the votes that one was given, %v", voted.Total, err)
	}
	res, err := e.Search(t.Context(), search.Request{})
	if err != nil || res.Total != papers || status(t, e).Papers != papers {
		t.Errorf("after applying all again there are %d papers, %v; want %d", res.Total, err, papers)
	}
}

func apply(t testing.TB, e search.Engine, changes []search.Change, seq int64) {
	t.Helper()
	if err := e.Apply(t.Context(), changes, search.Position{Seq: seq}); err != nil {
		t.Fatal(err)
	}
}

func status(t testing.TB, e search.Engine) search.Status {
	t.Helper()
	s, err := e.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOtherModel changes over beside the old index, which answers meanwhile.
func TestOtherModel(t *testing.T) {
	dir := t.TempDir()
	papers := smallIndex(t, dir)
	open := func() *Engine {
		e, err := Open(dir, Options{Model: "another"})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := open()
	if status(t, e).Position.Seq != 0 || status(t, e).Papers != papers || status(t, e).State != search.Rebuilding {
		t.Fatalf("opened with another model: %+v", status(t, e))
	}
	changes := searchtest.Corpus(1, 600)
	apply(t, e, changes[:300], 300)
	if got := status(t, e).Papers; got != papers {
		t.Errorf("while it is filled, %d of %d papers are found", got, papers)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open()
	if status(t, e).Position.Seq != 300 || status(t, e).Papers != papers {
		t.Fatalf("opened again: %+v", status(t, e))
	}
	apply(t, e, changes[300:], 622)
	if s := status(t, e); s.Papers != 600 || s.State == search.Rebuilding {
		t.Errorf("filled: %+v", s)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open()
	defer e.Close()
	if s := status(t, e); s.Papers != 600 || s.Position.Seq != 622 {
		t.Errorf("opened when filled: %+v", s)
	}
	if _, err := os.Stat(filepath.Join(dir, nextName)); err == nil {
		t.Error("the second manifest is still there")
	}
}

func FuzzLog(f *testing.F) {
	r := record{seq: 7, token: 8, ids: []string{"2401.00001", "x"}, files: &segment.Files{[]byte("d"), nil, []byte("blocks")},
		counts: []countsChange{{"y", segment.Counts{Votes: 3, Trending: 2}}}, vectors: []vectorChange{{"z", []float32{1, 2}}, {"w", nil}}}
	f.Add(r.encode(nil), uint16(3), uint8(0))
	f.Add(r.encode(nil), uint16(3), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, at uint16, flip uint8) {
		if len(b) > 0 {
			b[int(at)%len(b)] ^= flip
		}
		if r, ok := decodeRecord(b); ok && len(r.ids) > len(b) {
			t.Errorf("%d ids of %d bytes", len(r.ids), len(b))
		}
		if _, good := readRecords(b); good > int64(len(b)) {
			t.Errorf("%d good bytes of %d", good, len(b))
		}
	})
}

// TestPruning compares the pruned ranking with the plain engine where there are many
// ranges and several segments.
func TestPruning(t *testing.T) {
	changes := searchtest.Corpus(21, 6000)
	e, err := Open(t.TempDir(), Options{MergeWorkers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	plain := searchtest.NewPlain()
	apply(t, plain, changes, 1)
	apply(t, e, changes[:3000], 1)
	apply(t, e, changes[3000:5900], 2)
	for i := 5900; i < 6000; i += 10 {
		apply(t, e, changes[i:i+10], int64(i))
	}
	for i, q := range searchtest.Queries(22, 60) {
		q.Sort = search.ByRelevance
		r := search.Request{Query: q, Limit: []int{1, 10, 100}[i%3]}
		got, err := e.Search(t.Context(), r)
		want, _ := plain.Search(t.Context(), r)
		if g, w := fmt.Sprint(got.Total, got.Hits), fmt.Sprint(want.Total, want.Hits); err != nil || g != w {
			t.Errorf("%+v\n finds %s, %v\n want %s", q, g, err, w)
		}
	}
}
