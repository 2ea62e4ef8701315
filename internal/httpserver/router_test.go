package httpserver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestRouter(t *testing.T) {
	named := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s %s %s", name, r.Pattern, r.PathValue("id"))
		})
	}
	rss := func(path string) bool { return strings.HasSuffix(path, ".rss") }
	rt := NewRouter(
		Route{Pattern: "/", Handler: named("pages")},
		Route{Pattern: "/papers/{id...}", Handler: named("pages")},
		Route{Pattern: "/papers/{id...}", Handler: named("feeds"), Match: rss},
		Route{Pattern: "/", Handler: named("feeds"), Match: rss},
		Route{Pattern: "/api/", Handler: named("api")},
		Route{Pattern: "/api/v1/", Handler: named("v1")},
		Route{Pattern: "/api/{id}", Handler: named("one")},
		Route{Pattern: "/alone/{id}", Handler: named("feeds"), Match: rss},
	)
	for path, want := range map[string]string{
		"/x": "pages / ", "/x.rss": "feeds / ", "/papers/a/b": "pages /papers/{id...} a/b", "/papers/a%2Fb.rss": "feeds /papers/{id...} a/b.rss",
		"/api/x": "one /api/{id} x", "/api/x/y": "api /api/ ", "/api//x": "api /api/ ", "/api/v1/x/..//y": "v1 /api/v1/ ", "/api": "pages /api ", "/api/v1": "pages /api/v1 ",
		"//api/v1/": "pages / ", "/papers//a": "pages / ", "/papers//a.rss": "feeds / ", "/.well-known/x": "pages / ",
		"/alone/x.rss": "feeds /alone/{id} x.rss", "/alone/x": "404 page not found\n",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		u, err := url.Parse("http://papers.example" + path)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = u
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		if w.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body, want)
		}
	}
}
