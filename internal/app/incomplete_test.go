package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/paper"
	"broadsheet/internal/papertest"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
)

// slowly is an engine that knows its papers' neighbors when it has caught up.
type slowly struct {
	search.Engine
	near []search.Hit
}

func (s *slowly) Similar(context.Context, paper.ID, int) ([]search.Hit, error) { return s.near, nil }

// What was answered while the index lacked papers is answered anew as soon as it has them,
// though nothing in the database has changed meanwhile.
func TestIncompleteAnswersAreNotKept(t *testing.T) {
	db, _ := press(t)
	engine := &slowly{Engine: searchtest.NewPlain()}
	clock := papertest.Clock()
	cat := catalog.New(db, clock, func() time.Time { return clock.OpensAt("2026-05-23") }).WithSearch(engine, nil)
	cfg := config.Default()
	site, err := newRouter(&cfg, silent, cat, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	const found = "2604.00042"
	addresses := []string{
		"/papers/2604.00007", "/papers/2604.00007/similar", "/papers/2604.00007/similar.rss", "/api/v1/papers/2604.00007/similar",
		"/papers?q=moving+type", "/papers.rss?q=moving+type", "/api/v1/search?q=moving+type", "/api/v1/suggest?q=moving", "/api/papers/search?q=moving+type",
	}
	answers := map[string]string{}
	for _, address := range addresses {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://papers.example"+address, nil))
		if strings.Contains(address, ".rss") {
			if w.Code != http.StatusServiceUnavailable { // subscribers would take it for the truth
				t.Errorf("%s: status %d", address, w.Code)
			}
		} else if w.Code != http.StatusOK || slices.Contains(papersIn(t, site, address), found) {
			t.Errorf("%s: status %d, %s is found before the index has it", address, w.Code, found)
		}
		answers[address] = w.Body.String()
	}
	at, err := db.Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	engine.near = []search.Hit{{ID: found}}
	p := search.Change{ID: found, Document: &search.Document{Title: "Printing with moving type", Abstract: "We print with moving type."}}
	if err := engine.Apply(t.Context(), []search.Change{p}, search.Position{Site: db.Identity(), Seq: at.Seq}); err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://papers.example"+address, nil))
		if w.Body.String() == answers[address] || address != "/api/v1/suggest?q=moving" && !slices.Contains(papersIn(t, site, address), found) {
			t.Errorf("%s: the answer from before is kept", address)
		}
	}
}
