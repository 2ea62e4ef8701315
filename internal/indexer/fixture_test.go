package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/embedding"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/store"
)

var day1 = time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)

// put writes papers with the numbers from first on, n of them, whose titles have a word of their
// own.
func put(t testing.TB, db *store.DB, word string, first, n int) {
	if t != nil {
		t.Helper()
	}
	var all []paper.Observation
	for i := first; i < first+n; i++ {
		all = append(all, observed(word, i))
	}
	for len(all) > 0 {
		k := min(len(all), 2000)
		if _, err := db.Apply(context.Background(), all[:k]); err != nil {
			if t == nil { // in a process of its own
				panic(err)
			}
			t.Fatal(err)
		}
		all = all[k:]
	}
}

func observed(word string, i int) paper.Observation {
	return paper.Observation{
		Source: paper.SourceArXiv, At: day1, Fingerprint: int64(i)*1000 + int64(word[0]),
		Paper: paper.Paper{
			ID: idOf(i), Title: fmt.Sprintf("%s %s%d observed", word, word, i), Abstract: "What is written about " + word + ".",
			Published: paper.Date{Time: day1, Precision: paper.PrecisionDay},
		},
	}
}

func idOf(i int) paper.ID { return paper.ID(fmt.Sprintf("2605.%05d", i+1)) }

// vote counts votes for a paper.
func vote(t testing.TB, db *store.DB, i, votes int) {
	t.Helper()
	o := paper.Observation{Source: paper.SourceHub, Paper: paper.Paper{ID: idOf(i)}, Signals: []paper.Signal{
		{Kind: paper.SignalVotes, At: day1.Add(time.Duration(votes) * time.Minute), Value: votes},
	}}
	if _, err := db.Apply(context.Background(), []paper.Observation{o}); err != nil {
		t.Fatal(err)
	}
}

// find returns how many papers a query in the query language finds.
func find(t testing.TB, e search.Engine, query string) int {
	if t != nil {
		t.Helper()
	}
	q, _ := search.Parse(query, day1)
	res, err := e.Search(context.Background(), search.Request{Query: q})
	if err != nil {
		if t == nil { // in a process of its own
			panic(err)
		}
		t.Fatal(err)
	}
	return res.Total
}

// meant returns the papers nearest to a text by meaning alone.
func meant(t testing.TB, e search.Engine, text string) []paper.ID {
	t.Helper()
	v, err := embeddingtest.Model{}.Query(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Search(context.Background(), search.Request{Mode: search.Semantic, Vector: v})
	if err != nil {
		t.Fatal(err)
	}
	var ids []paper.ID
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

// A model counts what it is asked, and can be taken away.
type model struct {
	embeddingtest.Model
	mu    sync.Mutex
	texts int
	away  bool
}

var errAway = errors.New("the model is away")

func (m *model) Documents(ctx context.Context, texts []embedding.Text) ([][]float32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return nil, errAway
	}
	m.texts += len(texts)
	return m.Model.Documents(ctx, texts)
}

func (m *model) leave(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

// asked is how many texts the model has embedded since it was last called.
func (m *model) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.texts
	m.texts = 0
	return n
}

// A recorder counts what an engine is told by kind.
type recorder struct {
	search.Engine
	told   map[search.Kind]int
	resets []string
	before func(changes []search.Change) error // called before changes are applied
}

func (r *recorder) Apply(ctx context.Context, changes []search.Change, at search.Position) error {
	if r.before != nil {
		if err := r.before(changes); err != nil {
			return err
		}
	}
	for _, c := range changes {
		r.told[c.Kind]++
	}
	return r.Engine.Apply(ctx, changes, at)
}

func (r *recorder) Reset(ctx context.Context, until search.Position, reason string) error {
	r.resets = append(r.resets, reason)
	return r.Engine.Reset(ctx, until, reason)
}

// since returns what was told by kind since it was last called.
func (r *recorder) since() map[search.Kind]int {
	told := r.told
	r.told = map[search.Kind]int{}
	return told
}
