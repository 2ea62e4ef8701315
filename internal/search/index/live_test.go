package index

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestLive adds and changes papers one by one while others search: each is findable
// when Apply returns, and neither waits long for the other.
func TestLive(t *testing.T) {
	e, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	corpus := searchtest.Corpus(1, 3000)
	apply(t, e, corpus[:2000], 2000)
	queries := searchtest.Queries(2, 100)
	var stop atomic.Bool
	slow := make(chan time.Duration)
	go func() {
		var took []time.Duration
		for i := 0; !stop.Load(); i++ {
			began := time.Now()
			if _, err := e.Search(t.Context(), search.Request{Query: queries[i%len(queries)]}); err != nil {
				t.Error(err)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		slow <- took[len(took)*99/100]
	}()
	began, seq := time.Now(), int64(2000)
	changes := slices.Concat(corpus[2000:2400], corpus[:100])
	for i := range changes {
		seq++
		apply(t, e, changes[i:i+1], seq)
	}
	took := time.Since(began)
	stop.Store(true)
	t.Logf("%d changes in %v, 99 of 100 searches within %v, %d segments", len(changes), took, <-slow, status(t, e).Segments)
	if status(t, e).Papers != 2400 || status(t, e).Position.Seq != seq {
		t.Errorf("%+v", status(t, e))
	}
}

// TestLongText takes in an abstract of ten megabytes.
func TestLongText(t *testing.T) {
	e, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	long := strings.Repeat("attention is all that is needed ", 10<<20/32)
	apply(t, e, []search.Change{{ID: "2401.00001", Document: &search.Document{Title: "Long", Abstract: long}}}, 1)
	res, err := e.Search(t.Context(), search.Request{Query: search.Query{Must: []search.Clause{{Text: "all that is needed attention", Phrase: true}}}})
	if err != nil || res.Total != 1 {
		t.Errorf("found %d, %v", res.Total, err)
	}
}
