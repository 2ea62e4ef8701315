package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/paper"
	"broadsheet/internal/papertest"
	"broadsheet/internal/search"
)

// counted is an engine that counts searches.
type counted struct {
	search.Engine
	searches atomic.Int64
}

func (e *counted) Search(ctx context.Context, r search.Request) (search.Result, error) {
	e.searches.Add(1)
	return e.Engine.Search(ctx, r)
}

// A search that is asked again is answered with what was found before: front ends share
// what was found, and from the third time on a response costs one statement, which says
// that nothing has changed.
func TestRepeatedSearches(t *testing.T) {
	db, plain := press(t)
	engine := &counted{Engine: plain}
	clock, cfg := papertest.Clock(), config.Default()
	cat := catalog.New(db, clock, func() time.Time { return clock.OpensAt("2026-05-23") }).WithSearch(engine, embeddingtest.Model{})
	site, err := newRouter(&cfg, silent, cat, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(address string) (searches, statements int64, body string) {
		t.Helper()
		searches, statements = engine.searches.Load(), db.Statements()
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://papers.example"+address, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", address, w.Code)
		}
		return engine.searches.Load() - searches, db.Statements() - statements, w.Body.String()
	}
	for _, address := range []string{"/papers?q=moving+type", "/api/papers/search?q=moving+type"} { // the second has all with some of the words
		if n, _, _ := ask(address); n == 0 {
			t.Errorf("%s: the first question does not reach the engine", address)
		}
	}
	addresses := []string{
		"/papers?q=moving+type", "/api/v1/search?q=moving+type&facets=true", "/api/papers/search?q=moving+type", "/papers?q=++Moving+TYPE",
	}
	for _, address := range addresses {
		if n, _, _ := ask(address); n != 0 {
			t.Errorf("%s: %d searches for what was found before", address, n)
		}
	}
	for _, address := range addresses {
		_, _, first := ask(address)
		n, statements, again := ask(address)
		if n != 0 || statements > 2 || again != first { // the second one where the kept version is too old
			t.Errorf("%s: %d searches and %d statements, the same response: %v", address, n, statements, again == first)
		}
	}
	// One paper more, and all of it is asked anew at once.
	if _, err := db.Apply(t.Context(), []paper.Observation{{
		Source: paper.SourceHub, Fingerprint: 99_999, Paper: paper.Paper{ID: "2605.00001", Title: "Moving type by hand", Published: paper.ID("2605.00001").Month()},
	}}); err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses[:3] {
		if n, _, _ := ask(address); n == 0 {
			t.Errorf("%s: an old response after a change", address)
		}
	}
}
