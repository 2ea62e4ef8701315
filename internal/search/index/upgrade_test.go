package index

import (
	"os"
	"strings"
	"testing"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestFormat1 opens an index of the first format, which has no site: a segment, deleted
// documents and a log. Its texts are analyzed in another way, so it is built anew, and it
// answers until that is done.
func TestFormat1(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/format1")); err != nil {
		t.Fatal(err)
	}
	e := openEngine(t, dir, Options{})
	s := status(t, e)
	if s.State != search.Rebuilding || !strings.Contains(s.Reason, "analyzed in another way") || s.Papers != 38 {
		t.Fatalf("opened: %+v", s)
	}
	everything := search.Request{Limit: 100}
	if got, err := e.Search(t.Context(), everything); err != nil || got.Total != 38 {
		t.Errorf("the old index finds %d papers, %v", got.Total, err)
	}
	changes := searchtest.Corpus(1, 40)
	at := search.Position{Site: "site", Seq: 43, Token: 5}
	if err := e.Reset(t.Context(), at, s.Reason); err != nil {
		t.Fatal(err)
	}
	plain := searchtest.NewPlain()
	apply(t, plain, changes, 43)
	if err := e.Apply(t.Context(), changes, at); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if s := status(t, e); s.State != search.Ready || s.Papers != 40 || s.Position != at {
			t.Errorf("built anew: %+v", s)
		}
		compare(t, e, plain)
		reopen(t, &e, dir, Options{})
	}
}

// compare checks that an engine answers as the plain one.
func compare(t *testing.T, e, plain search.Engine) {
	t.Helper()
	same(t, e, answers(t, plain))
}

// answers is what an engine answers to some questions. The plain one looks at every paper
// for each of them, so a test that compares several times asks it once.
func answers(t *testing.T, e search.Engine) (out []search.Result) {
	t.Helper()
	for _, r := range questions() {
		result, err := e.Search(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, result)
	}
	return out
}

// same checks that an engine answers the questions so.
func same(t *testing.T, e search.Engine, want []search.Result) {
	t.Helper()
	for i, got := range answers(t, e) {
		if !searchtest.Same(got, want[i]) {
			t.Fatalf("%+v\n finds %d: %v\n want  %d: %v", questions()[i].Query, got.Total, got.Hits, want[i].Total, want[i].Hits)
		}
	}
}

func questions() (out []search.Request) {
	for i, q := range searchtest.Queries(4, 60) {
		out = append(out, search.Request{Query: q, Limit: 50, Facets: i%2 == 0})
	}
	return out
}

// openEngine opens an engine, which is closed with the test.
func openEngine(t testing.TB, dir string, o Options) *Engine {
	t.Helper()
	e, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return e
}

// reopen closes and opens an engine.
func reopen(t testing.TB, e **Engine, dir string, o Options) {
	t.Helper()
	if err := (*e).Close(); err != nil {
		t.Fatal(err)
	}
	*e = openEngine(t, dir, o)
}
