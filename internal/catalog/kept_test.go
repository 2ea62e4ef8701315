package catalog_test

import (
	"broadsheet/internal/papertest"

	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// A clock stands still until it is moved.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// vote gives a paper votes, as seen at noon.
func vote(t *testing.T, db *store.DB, id paper.ID, votes int) {
	t.Helper()
	seen := paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: id}, Signals: []paper.Signal{{Kind: paper.SignalVotes, At: noon, Value: votes}}}
	if _, err := db.Apply(t.Context(), []paper.Observation{seen}); err != nil {
		t.Fatal(err)
	}
}

func TestVersionIsAskedFiveTimesASecond(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		open(t, db, noon)
		clock := &clock{noon}
		c := catalog.New(db, papertest.Clock(), clock.Now)
		version := func() int64 {
			t.Helper()
			v, err := c.Version(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		before := version()
		vote(t, db, "2605.00001", 500)
		clock.now = noon.Add(200*time.Millisecond - 1)
		if v := version(); v != before {
			t.Errorf("version %d after less than a fifth of a second, was %d", v, before)
		}
		clock.now = noon.Add(200 * time.Millisecond)
		if v := version(); v <= before {
			t.Errorf("version %d after a fifth of a second, was %d", v, before)
		}
	})
}

// What may trend is read once for each version of the catalog.
func TestCandidatesFollowTheVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		open(t, db, noon)
		clock := &clock{noon}
		c := catalog.New(db, papertest.Clock(), clock.Now)
		byVotes := rank.Weights{Vote: 1, HalfDay: 1000}
		first := func() (paper.ID, int64) {
			t.Helper()
			before := db.Statements()
			l, err := c.Trending(t.Context(), byVotes, "", 1)
			if err != nil {
				t.Fatal(err)
			}
			return l.Entries[0].Paper.ID, db.Statements() - before
		}
		leader, cold := first()
		vote(t, db, "2605.00001", 500)
		if id, warm := first(); id != leader || warm >= cold {
			t.Errorf("at once %s leads after %d statements; it was %s after %d", id, warm, leader, cold)
		}
		clock.now = noon.Add(time.Second)
		if id, n := first(); id != "2605.00001" || n != cold {
			t.Errorf("then %s leads after %d statements, want the paper with new votes after %d", id, n, cold)
		}
		clock.now = noon.Add(time.Hour)
		if _, n := first(); n != cold-1 {
			t.Errorf("%d statements though nothing has changed, want %d", n, cold-1)
		}
	})
}

// neighbors is an engine whose papers have the neighbors that a test names.
type neighbors struct {
	search.Engine
	ids   []paper.ID
	asked int
}

func (n *neighbors) Similar(context.Context, paper.ID, int) ([]search.Hit, error) {
	n.asked++
	hits := make([]search.Hit, len(n.ids))
	for i, id := range n.ids {
		hits[i].ID = id
	}
	return hits, nil
}

func TestSimilarPapersAreKeptForTenMinutes(t *testing.T) {
	db := storetest.SQLite(t)
	open(t, db, noon)
	clock := &clock{noon}
	engine := &neighbors{Engine: searchtest.NewPlain(), ids: []paper.ID{"2605.00002"}}
	c := catalog.New(db, papertest.Clock(), clock.Now).WithSearch(engine, nil)
	similar := func() []paper.ID {
		t.Helper()
		list, err := c.Similar(t.Context(), "2605.00001", 5)
		if err != nil {
			t.Fatal(err)
		}
		return ids(list.Entries)
	}
	old := similar()
	engine.ids = []paper.ID{"2605.00003", "2605.00004"}
	clock.now = noon.Add(10*time.Minute - 1)
	if got := similar(); !slices.Equal(got, old) || engine.asked != 1 {
		t.Errorf("before ten minutes: %v, was %v; the engine was asked %d times", got, old, engine.asked)
	}
	clock.now = noon.Add(10 * time.Minute)
	if got := similar(); !slices.Equal(got, engine.ids) {
		t.Errorf("after ten minutes: %v, want %v", got, engine.ids)
	}
	if similar(); engine.asked != 2 {
		t.Errorf("the engine was asked %d times", engine.asked)
	}
}

// A server that stops answering in the middle costs everybody who asks it two seconds, however
// many these are, and is asked again when it answers. A fifth of a second needs no asking.
func TestDatabaseThatHangs(t *testing.T) {
	link, freeze := freezable(t, storetest.PostgresURL(t))
	db, err := store.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	open(t, db, noon)
	clock := &clock{noon}
	c := catalog.New(db, papertest.Clock(), clock.Now)
	known, err := c.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	freeze(true)
	if v, err := c.Version(t.Context()); v != known || err != nil {
		t.Errorf("the kept version: %d, %v, want %d", v, err, known)
	}
	clock.now = noon.Add(time.Second)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Version(t.Context()); !errors.Is(err, paper.ErrUnavailable) {
				t.Errorf("of a silent database: %v", err)
			}
		})
	}
	wg.Wait()
	freeze(false)
	if v, err := c.Version(t.Context()); err != nil || v != known {
		t.Errorf("when it answers again: %d, %v", v, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// freezable returns the address of a PostgreSQL server behind a link that can be frozen:
// then nothing goes through, and no connection ends.
func freezable(t *testing.T, server string) (link string, freeze func(bool)) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var frozen sync.RWMutex
	var wg sync.WaitGroup
	pass := func(to, from net.Conn) {
		defer to.Close()
		_, _ = io.Copy(gated{to, &frozen}, from)
	}
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", address)
			if err != nil {
				t.Error(err)
				client.Close()
				continue
			}
			wg.Go(func() { pass(server, client) })
			wg.Go(func() { pass(client, server) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
	})
	u.Host = l.Addr().String()
	return u.String(), func(on bool) {
		if on {
			frozen.Lock()
		} else {
			frozen.Unlock()
		}
	}
}

// gated passes on what is written while it is not frozen.
type gated struct {
	net.Conn
	frozen *sync.RWMutex
}

func (g gated) Write(b []byte) (int, error) {
	g.frozen.RLock()
	defer g.frozen.RUnlock()
	return g.Conn.Write(b)
}
