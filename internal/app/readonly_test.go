package app

import (
	"html"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/papertest"
	"broadsheet/internal/store"
)

// Reading writes nothing: a site on a database that may not be written answers all that a
// crawl finds.
func TestReadingWritesNothing(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "site.db")
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	engine := fillPress(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = store.OpenReadOnly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cfg := config.Default()
	clock := papertest.Clock()
	cat := catalog.New(db, clock, func() time.Time { return clock.OpensAt("2026-05-23") }).WithSearch(engine, embeddingtest.Model{})
	site, err := newRouter(&cfg, silent, cat, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	queue := []string{"/", "/papers", "/robots.txt", "/sitemap.xml", "/feeds.opml", "/llms.txt", "/papers?q=moving+type",
		"/api/daily_papers?date=2026-05-20", "/api/papers/2604.00042", "/api/papers/search?q=type", "/api/v1/changes",
		"/api/v1/editions", "/api/v1/editions/2026-05-20", "/api/v1/papers/2604.00042/votes", "/api/v1/openapi.json"}
	link := regexp.MustCompile(`(?:href|src|xmlUrl|htmlUrl)="(?:http://papers\.example)?(/[^"#/][^"#]*)["#]|<loc>http://papers\.example(/[^<]*)`)
	seen := map[string]bool{}
	counts := map[string]int{}
	kind := regexp.MustCompile(`\d[\w.-]*|[a-z]+-\d+|\?.*`)
	for len(queue) > 0 && len(seen) < 900 {
		path := queue[0]
		queue = queue[1:]
		if shape := kind.ReplaceAllString(path, "N"); seen[path] || counts[shape] > 12 {
			continue // enough of this kind
		} else {
			counts[shape]++
		}
		seen[path] = true
		r := httptest.NewRequest(http.MethodGet, "http://papers.example"+path, nil)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code >= 400 {
			t.Errorf("%s: status %d", path, w.Code)
		}
		for _, m := range link.FindAllStringSubmatch(w.Body.String(), -1) {
			queue = append(queue, html.UnescapeString(m[1]+m[2]))
		}
	}
	if len(seen) < 150 {
		t.Errorf("only %d addresses were found", len(seen))
	}
}
