package app

import (
	"broadsheet/internal/papertest"

	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/ingest"
	"broadsheet/internal/store/storetest"
)

// newSite is the router that the program has, over the demonstration catalog.
func newSite(t *testing.T, set func(*config.Config)) *httpserver.Router {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	if set != nil {
		set(&cfg)
	}
	db := storetest.SQLite(t)
	if err := ingest.Demo(t.Context(), db, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	clock := papertest.Clock()
	router, err := newRouter(&cfg, silent, catalog.New(db, clock, time.Now), clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// Every address of every front end is counted by its route, whatever stands in it.
func TestRoutesOfMetrics(t *testing.T) {
	router := newSite(t, nil)
	for target, want := range map[string]string{
		"/":                                     "/{$}",
		"/papers":                               "/papers",
		"/papers?q=x":                           "/papers",
		"/papers/date/2026-05-27":               "/papers/date/{period}",
		"/papers/date/2026-05-27.rss":           "/papers/date/{period}.rss",
		"/papers/week/2026-W22.bib":             "/papers/week/{period}.bib",
		"/papers.atom":                          "/papers.atom",
		"/papers.md?q=x":                        "/papers.md",
		"/papers/month.json":                    "/papers/month.json",
		"/papers/2303.04634":                    "/papers/{id...}",
		"/papers/hep-th/9901001.bib":            "/papers/{id...}",
		"/papers/2303.04634/similar.rss":        "/papers/{id...}/similar.rss",
		"/authors/ada-lovelace":                 "/authors/{slug}",
		"/authors/ada-lovelace.rss":             "/authors/{slug}.rss",
		"/nvidia/papers":                        "/{organization}/papers",
		"/nvidia/papers.ris":                    "/{organization}/papers.ris",
		"/archive/2026.ics":                     "/archive/{year}.ics",
		"/feeds.opml":                           "/feeds.opml",
		"/no/such/page":                         "/",
		"/papers//date/2026-05-27":              "/",
		"/media/nothing":                        "/media/",
		"/static/nothing.css":                   "/static/{file}",
		"/api/daily_papers?limit=1":             "/api/daily_papers",
		"/api/papers/search?q=x":                "/api/papers/search",
		"/api/papers/2303.04634":                "/api/papers/{id...}",
		"/api/papers/10.1000//x":                "/api/",
		"/api/arxiv/2303.04634/repos":           "/api/arxiv/{id...}",
		"/api/nothing":                          "/api/",
		"/api/v1":                               "/api/v1",
		"/api/v1/":                              "/api/v1/{$}",
		"/api/v1/openapi.json":                  "/api/v1/openapi.json",
		"/api/v1/papers":                        "/api/v1/papers",
		"/api/v1/papers/bulk?ids=2303.04634":    "/api/v1/papers/bulk",
		"/api/v1/papers/2303.04634":             "/api/v1/papers/{id}",
		"/api/v1/papers/2303.04634/links":       "/api/v1/papers/{id}/links",
		"/api/v1/papers/hep-th%2F9901001/votes": "/api/v1/papers/{id}/votes",
		"/api/v1/papers/10.1000//x":             "/api/v1/",
		"/api/v1/papers/nonsense":               "/api/v1/papers/{id...}",
		"/api/v1/editions/2026-05-27":           "/api/v1/editions/{period}",
		"/api/v1/organizations/nvidia?limit=5":  "/api/v1/organizations/{name}",
		"/api/v1/nothing":                       "/api/v1/",
		"/api/papers.rss":                       "/api/",
		"/static/papers.json":                   "/static/{file}",
		"/media/papers.json":                    "/media/",
		"/mcp":                                  "/mcp",
	} {
		metrics := httpserver.NewMetrics("test")
		h := &httpserver.Middleware{Next: router, Timeout: time.Minute, Log: silent, Metrics: metrics}
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, target, nil))
		w := httptest.NewRecorder()
		metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		route := regexp.MustCompile(`broadsheet_http_requests_total\{method="GET",route="([^"]*)"`).FindStringSubmatch(w.Body.String())
		if route == nil || route[1] != want {
			t.Errorf("%s counts as %q, want %s", target, route, want)
		}
	}
}

// Paths that are not clean are answered by the front end that they belong to, in its form.
func TestOddPaths(t *testing.T) {
	router := newSite(t, nil)
	for target, want := range map[string]struct {
		status         int
		kind, location string
	}{
		"/api//daily_papers":          {404, "application/json; charset=utf-8", ""},
		"/api":                        {404, "text/html; charset=utf-8", ""},
		"/api/v1//editions":           {404, "application/problem+json", ""},
		"/api/v1/editions/":           {404, "application/problem+json", ""},
		"/api/v1/../v1/editions":      {404, "application/problem+json", ""},
		"/api/v1/papers/10.1000//x":   {404, "application/problem+json", ""},
		"/api/v1/papers/%ff":          {400, "application/problem+json", ""},
		"/papers//week/2026-W22":      {307, "text/html; charset=utf-8", "/papers/week/2026-W22"},
		"//evil.example/papers":       {307, "text/html; charset=utf-8", "/evil.example/papers"},
		"/papers/../papers":           {400, "text/html; charset=utf-8", ""},
		"/papers/%2e%2e/x":            {400, "text/html; charset=utf-8", ""},
		"/papers//week/2026-W22.rss":  {307, "text/html; charset=utf-8", "/papers/week/2026-W22.rss"},
		"/papers/date/2026-13-40.rss": {400, "text/plain; charset=utf-8", ""},
		"/papers/":                    {301, "text/html; charset=utf-8", "/papers"},
		"/media":                      {404, "text/html; charset=utf-8", ""},
		"/about/":                     {301, "text/html; charset=utf-8", "/about"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		u, err := url.Parse("http://papers.example" + target) // which leaves dots as they are
		if err != nil {
			t.Fatal(err)
		}
		r.URL = u
		router.ServeHTTP(w, r)
		if w.Code != want.status || w.Header().Get("Content-Type") != want.kind || w.Header().Get("Location") != want.location {
			t.Errorf("%s: %d, %s, to %q", target, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Location"))
		}
	}
}

// Each front end for programs refuses in its own form; one limit stands before all, and
// pages and feeds have none.
func TestLimitsOfFrontEnds(t *testing.T) {
	for target, kind := range map[string]string{
		"/api/daily_papers?limit=1": "application/json; charset=utf-8",
		"/api/nothing":              "application/json; charset=utf-8",
		"/api/v1/papers/2303.04634": "application/problem+json",
		"/api/v1/openapi.json":      "application/problem+json",
		"/mcp":                      "application/json; charset=utf-8",
	} {
		router := newSite(t, func(cfg *config.Config) { cfg.APILimit = 2 })
		ask := func(target string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			r.RemoteAddr = "198.51.100.7:5000"
			w := httptest.NewRecorder()
			router.ServeHTTP(w, r)
			return w
		}
		ask("/api/v1/clock")
		ask("/api/models")
		w := ask(target)
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Content-Type") != kind || w.Header().Get("Cache-Control") != "private, no-store" ||
			w.Header().Get("Retry-After") == "" || !json.Valid(w.Body.Bytes()) || !strings.Contains(w.Body.String(), "2 in five minutes") {
			t.Errorf("%s: %d %v %s", target, w.Code, w.Header(), w.Body)
		}
		if told := w.Header().Get("X-Error-Message"); (told != "") == strings.Contains(kind, "problem") {
			t.Errorf("%s: X-Error-Message is %q", target, told)
		}
		for _, open := range []string{"/papers", "/papers.rss"} {
			if w := ask(open); w.Code != http.StatusOK {
				t.Errorf("%s: %d", open, w.Code)
			}
		}
	}
}
