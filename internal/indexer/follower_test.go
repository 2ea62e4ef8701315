package indexer_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/embedding"
	"broadsheet/internal/indexer"
	"broadsheet/internal/ingest"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// newFollower follows db with an engine that records.
func newFollower(db *store.DB, m embedding.Model) (*indexer.Follower, *recorder) {
	e := &recorder{Engine: searchtest.NewPlain(), told: map[search.Kind]int{}}
	return &indexer.Follower{DB: db, Engine: e, Model: m}, e
}

func catchUp(t *testing.T, f *indexer.Follower, want int) {
	t.Helper()
	if n, err := f.CatchUp(t.Context(), nil); n != want || err != nil {
		t.Errorf("told %d papers, want %d, %v", n, want, err)
	}
}

func TestFollowerFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, e := newFollower(db, nil)
		catchUp(t, f, 0)
		if err := ingest.LoadDemo(t.Context(), db, ingest.Options{}); err != nil {
			t.Fatal(err)
		}
		catchUp(t, f, 65)
		if n := find(t, e, "has:summary"); n != 65 {
			t.Errorf("%d papers with a summary", n)
		}
		put(t, db, "zebra", 0, 30)
		catchUp(t, f, 30)
		if n := find(t, e, `"zebra7"`); n != 1 {
			t.Errorf("a new paper is found %d times", n)
		}
		// A changed title is found instead of the old one, and what is removed is not.
		changed := observed("okapi", 7)
		changed.At = changed.At.AddDate(0, 0, 1)
		if _, err := db.Apply(t.Context(), []paper.Observation{changed}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Forget(t.Context(), paper.SourceDemo); err != nil {
			t.Fatal(err)
		}
		if _, err := f.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if old, now := find(t, e, `"zebra7"`), find(t, e, `"okapi7"`); old != 0 || now != 1 {
			t.Errorf("the old title finds %d papers, the new one %d", old, now)
		}
		if n := find(t, e, "has:summary"); n != 0 {
			t.Errorf("%d papers of the demonstration catalog are still found", n)
		}
		if s, err := e.Status(t.Context()); err != nil || s.Papers != 30 {
			t.Errorf("%d papers can be found, %v", s.Papers, err)
		}
		last, err := db.Position(t.Context())
		if at, posErr := e.Position(t.Context()); err != nil || posErr != nil || at != search.Position(last) {
			t.Errorf("the engine is at %+v, the database at %+v", at, last)
		}
		catchUp(t, f, 0)
	})
}

// Votes are told as counts: no text is embedded again.
func TestVotesAreCounts(t *testing.T) {
	db, m := storetest.SQLite(t), new(model)
	f, e := newFollower(db, m)
	put(t, db, "zebra", 0, 20)
	catchUp(t, f, 20)
	if n := m.asked(); n != 20 {
		t.Errorf("%d texts of 20 were embedded", n)
	}
	e.since()
	for i := range 20 {
		vote(t, db, i, 10+i)
	}
	catchUp(t, f, 20)
	if told := e.since(); !maps.Equal(told, map[search.Kind]int{search.Counts: 20}) || m.asked() != 0 {
		t.Errorf("told %v", told)
	}
	if n := find(t, e, "votes:>=25"); n != 5 {
		t.Errorf("%d papers have 25 votes", n)
	}
	if near := meant(t, e, "zebra zebra3 observed"); len(near) == 0 || near[0] != idOf(3) {
		t.Errorf("by meaning: %v", near)
	}
}

// An index that was lost costs no embedding.
func TestVectorsAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := new(model)
		f, _ := newFollower(db, m)
		put(t, db, "zebra", 0, 50)
		catchUp(t, f, 50)
		m.asked()
		again, e := newFollower(db, m)
		catchUp(t, again, 50)
		if told := e.since(); m.asked() != 0 || told[search.Vector] != 0 {
			t.Errorf("told %v", told)
		}
		if near := meant(t, e, "zebra zebra3 observed"); len(near) == 0 || near[0] != idOf(3) {
			t.Errorf("by meaning: %v", near)
		}
	})
}

// While the model is away papers are found by their words; their vectors come later, and
// nothing but them is told again.
func TestModelAway(t *testing.T) {
	db, m := storetest.SQLite(t), new(model)
	f, e := newFollower(db, m)
	put(t, db, "okapi", 5000, 5)
	catchUp(t, f, 5)
	m.leave(true)
	put(t, db, "zebra", 0, 1500)
	n, err := f.CatchUp(t.Context(), nil)
	var model *indexer.ModelError
	if n != 1500 || !errors.As(err, &model) || !errors.Is(err, errAway) {
		t.Fatalf("%d papers, %v", n, err)
	}
	if n := find(t, e, "zebra"); n != 1500 {
		t.Errorf("%d papers are found by words", n)
	}
	if near := meant(t, e, "zebra"); len(near) != 5 {
		t.Errorf("by meaning: %v", near)
	}
	e.since()
	m.asked()
	m.leave(false)
	catchUp(t, f, 0)
	if told := e.since(); !maps.Equal(told, map[search.Kind]int{search.Vector: 1500}) || m.asked() != 1500 {
		t.Errorf("told %v", told)
	}
	if near := meant(t, e, "zebra zebra3 observed"); len(near) == 0 || near[0] != idOf(3) {
		t.Errorf("by meaning: %v", near)
	}
	catchUp(t, f, 0)
	if told := e.since(); len(told) != 0 {
		t.Errorf("told again: %v", told)
	}
}

// A vector of a text that has changed meanwhile is not told.
func TestTextOvertakesVector(t *testing.T) {
	db, m := storetest.SQLite(t), new(model)
	f, e := newFollower(db, m)
	same := observed("okapi", 3)
	same.Paper.ID = idOf(500)
	if _, err := db.Apply(t.Context(), []paper.Observation{same}); err != nil { // its vector is kept
		t.Fatal(err)
	}
	catchUp(t, f, 1)
	m.leave(true)
	put(t, db, "zebra", 0, 10)
	if _, err := f.CatchUp(t.Context(), nil); err == nil {
		t.Fatal("the model is not away")
	}
	m.leave(false)
	e.since()
	changed := observed("okapi", 3)
	overtake := &overtaking{model: m, then: func() {
		o := changed
		o.At = o.At.AddDate(0, 0, 2)
		o.Fingerprint++
		if _, err := db.Apply(t.Context(), []paper.Observation{o}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Follow(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}}
	f.Model = overtake
	if err := f.Embed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if near := meant(t, e, "okapi okapi3 observed What is written about okapi."); len(near) < 2 || !slices.Contains(near[:2], idOf(3)) {
		t.Errorf("by meaning: %v", near)
	}
	if e.told[search.Vector] != 10 { // nine, and the one of the new text
		t.Errorf("told %v", e.told)
	}
}

// overtaking does something else while it embeds.
type overtaking struct {
	*model
	then func()
}

// What waits for vectors when the index begins anew is more than what waited before.
func TestVectorsOfAnotherDatabase(t *testing.T) {
	m := new(model)
	db, other := storetest.SQLite(t), storetest.SQLite(t)
	f, e := newFollower(db, m)
	put(t, db, "zebra", 0, 10)
	catchUp(t, f, 10)
	m.leave(true)
	put(t, db, "okapi", 100, 5)
	put(t, other, "gnu", 200, 15)
	for _, f.DB = range []*store.DB{db, other} {
		if _, err := f.CatchUp(t.Context(), nil); !errors.Is(err, errAway) {
			t.Fatal(err)
		}
	}
	m.leave(false)
	catchUp(t, f, 0)
	if e.told[search.Vector] != 10+15 {
		t.Errorf("told %v", e.told)
	}
	if n := find(t, e, "gnu"); n != 15 {
		t.Errorf("%d papers", n)
	}
}

// An index of another database, or of a history that was lost, begins anew.
func TestOtherHistories(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "site.db")
	open := func() *store.DB {
		t.Helper()
		db, err := store.Open(t.Context(), "sqlite:"+file)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	closed := func(db *store.DB) {
		t.Helper()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := open()
	f, e := newFollower(db, nil)
	put(t, db, "alpha", 0, 50)
	closed(db)
	copied, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	db = open()
	f.DB = db
	put(t, db, "beta", 100, 40)
	catchUp(t, f, 90)
	closed(db)

	putBack := func() {
		t.Helper()
		for _, name := range []string{file + "-wal", file + "-shm"} {
			os.Remove(name)
		}
		if err := os.WriteFile(file, copied, 0o600); err != nil {
			t.Fatal(err)
		}
		db = open()
		f.DB = db
	}
	check := func(name, reason string, want map[string]int) {
		t.Helper()
		if _, err := f.CatchUp(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if len(e.resets) != 1 || !strings.Contains(e.resets[0], reason) {
			t.Errorf("%s: the index began anew because of %q", name, e.resets)
		}
		e.resets = nil
		for query, n := range want {
			if got := find(t, e, query); got != n {
				t.Errorf("%s: %s finds %d papers, want %d", name, query, got, n)
			}
		}
		closed(db)
	}
	putBack()
	check("put back", "put back", map[string]int{"alpha": 50, "beta": 0})
	db = open()
	f.DB = db
	put(t, db, "beta", 100, 40)
	if _, err := f.CatchUp(t.Context(), nil); err != nil || len(e.resets) != 0 {
		t.Fatalf("%v, %v", err, e.resets)
	}
	closed(db)
	putBack()
	put(t, db, "gamma", 200, 60) // more than was lost
	check("put back and gone on", "put back", map[string]int{"alpha": 50, "beta": 0, "gamma": 60})
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	db = open()
	f.DB = db
	put(t, db, "delta", 300, 500)
	check("another", "another database", map[string]int{"alpha": 0, "beta": 0, "gamma": 0, "delta": 500})
}

// An index from before databases had names begins anew, and answers until it is done.
func TestIndexWithoutSite(t *testing.T) {
	db := storetest.SQLite(t)
	f, e := newFollower(db, nil)
	put(t, db, "zebra", 0, 10)
	old := search.Change{ID: "2605.90000", Document: &search.Document{Title: "An old okapi"}}
	if err := e.Engine.Apply(t.Context(), []search.Change{old}, search.Position{Seq: 5}); err != nil {
		t.Fatal(err)
	}
	e.before = func([]search.Change) error {
		if n := find(t, e, "okapi"); n != 1 {
			t.Errorf("meanwhile %d papers are found", n)
		}
		return nil
	}
	catchUp(t, f, 10)
	if len(e.resets) != 1 || find(t, e, "okapi") != 0 || find(t, e, "zebra") != 10 {
		t.Errorf("%v", e.resets)
	}
}

var errBroken = errors.New("broken")

// forgetful is an engine that once finds itself damaged when it is told something.
type forgetful struct {
	search.Engine
	damaged bool
}

func (e *forgetful) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	if !e.damaged {
		return e.Engine.Apply(ctx, changes, at)
	}
	e.damaged = false
	return errors.Join(search.ErrStartAgain, e.Engine.Reset(ctx, at, "damaged"))
}

// TestStartsAgain tells an engine that has lost what it was told everything again, at
// once.
func TestStartsAgain(t *testing.T) {
	db := storetest.SQLite(t)
	put(t, db, "zebra", 0, 30)
	e := &forgetful{Engine: searchtest.NewPlain()}
	f := &indexer.Follower{DB: db, Engine: e}
	catchUp(t, f, 30)
	put(t, db, "okapi", 30, 2)
	e.damaged = true
	catchUp(t, f, 32)
	if n := find(t, e, "observed"); n != 32 {
		t.Errorf("%d of 32 papers are found", n)
	}
}

func TestErrorsEndIt(t *testing.T) {
	db := storetest.SQLite(t)
	put(t, db, "zebra", 0, 10)
	f, e := newFollower(db, nil)
	e.before = func([]search.Change) error { return errBroken }
	if _, err := f.CatchUp(t.Context(), nil); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
	e.before = func([]search.Change) error { panic("a bug") }
	var p *indexer.PanicError
	if _, err := f.CatchUp(t.Context(), nil); !errors.As(err, &p) || p.Value != "a bug" || !strings.Contains(string(p.Stack), "follower_test.go") {
		t.Errorf("error %v", err)
	}
	e.before = nil
	catchUp(t, f, 10)
}

// Whatever the order of what happens to a paper, its text is told before its counts.
func TestVotesBehindAPage(t *testing.T) {
	db := storetest.SQLite(t)
	put(t, db, "zebra", 0, 50)
	vote(t, db, 0, 7) // its last change is behind the first page by now
	f, e := newFollower(db, nil)
	f.SetBatch(7)
	var order []search.Kind
	e.before = func(changes []search.Change) error {
		for _, c := range changes {
			if c.ID == idOf(0) {
				order = append(order, c.Kind)
			}
		}
		return nil
	}
	catchUp(t, f, 51)
	if !slices.Equal(order, []search.Kind{search.Text, search.Counts}) || find(t, e, `"zebra0"`) != 1 {
		t.Errorf("told %v", order)
	}
}

func (o *overtaking) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	if then := o.then; then != nil {
		o.then = nil
		then()
	}
	return o.model.Documents(ctx, texts)
}
