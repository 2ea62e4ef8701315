package index

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// TestLive adds and changes papers one by one while others search: each is findable
// when Apply returns, and what is found is never more or less than what was applied.
func TestLive(t *testing.T) {
	e := openEngine(t, t.TempDir(), Options{})
	corpus := searchtest.Corpus(1, 2400)
	apply(t, e, corpus[:2000], 2000)
	done := make(chan struct{})
	var searching sync.WaitGroup
	searching.Go(func() {
		last := 0
		for !closed(done) {
			res, err := e.Search(t.Context(), search.Request{})
			if err != nil || res.Total < last || res.Total > 2400 {
				t.Errorf("%d papers after %d, %v", res.Total, last, err)
			}
			last = res.Total
		}
	})
	changes := slices.Concat(corpus[2000:], corpus[:100])
	for i, c := range changes {
		d := *c.Document
		d.Title = "unmistakable " + d.Title
		apply(t, e, []search.Change{{ID: c.ID, Document: &d}}, int64(2001+i))
		q := search.Words("unmistakable")
		q.Filters.IDs = []paper.ID{c.ID}
		if res, err := e.Search(t.Context(), search.Request{Query: q}); err != nil || res.Total != 1 {
			t.Errorf("once applied, %s is found %d times, %v", c.ID, res.Total, err)
		}
	}
	close(done)
	searching.Wait()
	if s := status(t, e); s.Papers != 2400 || s.Position.Seq != 2500 {
		t.Errorf("%+v", s)
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
