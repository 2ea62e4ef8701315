package feed

import (
	"broadsheet/internal/urls"

	"broadsheet/internal/papertest"
	"broadsheet/internal/search"

	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/store/storetest"
)

// What is wrong is said shortly, in words.
func TestFailures(t *testing.T) {
	s := filled(t)
	for _, tt := range []struct {
		path   string
		status int
		says   string
	}{
		{"/papers/date/2026-05-28.rss", 404, "no such list"}, // a day without papers
		{"/papers/date/2031-01-01.atom", 404, "no such list"},
		{"/papers/date/2026-13-40.rss", 400, "form like 2026-05-27"},
		{"/papers/week/2026-W60.json", 400, "week"},
		{"/nobody/papers.rss", 404, "no such list"},
		{"/authors/nobody.csv", 404, "no such list"},
		{"/authors/\x00.csv", 404, "no such list"},
		{"/papers/2401.99999/similar.rss", 404, "no such list"},
		{"/papers/what/similar.rss", 400, "id"},
		{"/archive/1999.rss", 404, "no such list"},
		{"/archive/soon.rss", 400, "year"},
		{"/archive.md", 404, ".rss"},
		{"/papers/trending.rss?vote=many", 400, "vote"},
		{"/search.rss", 400, "search"},
		{"/papers.rss?q=", 400, "search"},
		{"/papers.rss?q=%ff", 400, "UTF-8"},
		{"/papers.rss?q=" + strings.Repeat("x", urls.LongestQuery+1), 400, "4000"},
		{"/papers.rss?date=someday", 400, "form like"},
		{"/papers.rss?%zz", 400, "damaged"},
		{"/papers.rss?a=" + strings.Repeat("x", urls.LongestAddress), 414, "too long"},
	} {
		res := fetch(s, "GET", tt.path)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != tt.status || !strings.Contains(string(body), tt.says) || len(body) > 200 {
			t.Errorf("%.80q: %d %q, want %d and %q", tt.path, res.StatusCode, body, tt.status, tt.says)
		}
		if kind := res.Header.Get("Content-Type"); kind != "text/plain; charset=utf-8" || res.Header.Get("ETag") != "" {
			t.Errorf("%.80q: %s", tt.path, kind)
		}
	}
}

func TestMethods(t *testing.T) {
	s := filled(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
		if res := fetch(s, method, "/papers.rss"); res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, %q", method, res.StatusCode, res.Header.Get("Allow"))
		}
	}
	full, head := fetch(s, "GET", "/papers.rss"), fetch(s, "HEAD", "/papers.rss")
	body, _ := io.ReadAll(head.Body)
	if head.StatusCode != 200 || len(body) != 0 || head.Header.Get("Content-Length") != full.Header.Get("Content-Length") {
		t.Errorf("HEAD: %d, %d bytes, %v", head.StatusCode, len(body), head.Header)
	}
}

func TestHeaders(t *testing.T) {
	s := filled(t)
	for path, want := range map[string][2]string{
		"/papers/date/2026-05-27.rss":  {"application/rss+xml; charset=utf-8", ""},
		"/papers/date/2026-05-27.atom": {"application/atom+xml; charset=utf-8", ""},
		"/papers/date/2026-05-27.json": {"application/feed+json", ""},
		"/papers/date/2026-05-27.ics":  {"text/calendar; charset=utf-8", ""},
		"/papers/date/2026-05-27.md":   {"text/markdown; charset=utf-8", ""},
		"/papers/date/2026-05-27.bib":  {"application/x-bibtex; charset=utf-8", `attachment; filename="papers-date-2026-05-27.bib"`},
		"/acme/papers.ris":             {"application/x-research-info-systems; charset=utf-8", `attachment; filename="acme-papers.ris"`},
		"/papers.csv?q=maps":           {"text/csv; charset=utf-8", `attachment; filename="search.csv"`},
		"/feeds.opml":                  {"text/x-opml; charset=utf-8", ""},
	} {
		h := fetch(s, "GET", path).Header
		if h.Get("Content-Type") != want[0] || h.Get("Content-Disposition") != want[1] {
			t.Errorf("%s: %v", path, h)
		}
		if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", path, h)
		}
		if strings.Contains(path, "q=") != (h.Get("Cache-Control") == "no-cache") {
			t.Errorf("%s: %s", path, h.Get("Cache-Control"))
		}
	}
}

// Whoever has an answer already is told so, by tag and by date.
func TestUnchanged(t *testing.T) {
	s := filled(t)
	const path = "/papers/new.rss"
	first := fetch(s, "GET", path)
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || modified != noon.Format(http.TimeFormat) {
		t.Fatalf("%v", first.Header)
	}
	s.on.SetNow(noon.Add(time.Hour)) // what was kept is made anew, and is the same
	for _, header := range []string{"If-None-Match: " + tag, "If-None-Match: *", "If-Modified-Since: " + modified} {
		if res := fetch(s, "GET", path, header); res.StatusCode != 304 || res.Header.Get("Last-Modified") != modified {
			t.Errorf("%s: %d %v", header, res.StatusCode, res.Header)
		}
	}
	late := story("2026-05-29", 50, 1)
	late.Paper.Published = paper.Date{Time: noon.AddDate(-3, 0, 0), Precision: paper.PrecisionDay} // which says nothing of when it came in
	s.on.Add(t, late)
	for _, header := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + modified} {
		if res := fetch(s, "GET", path, header); res.StatusCode != 200 || res.Header.Get("Last-Modified") == modified {
			t.Errorf("%s: %d %v", header, res.StatusCode, res.Header)
		}
	}
}

func TestPacked(t *testing.T) {
	s := filled(t)
	res := fetch(s, "GET", "/papers.rss", "Accept-Encoding: gzip")
	z, err := gzip.NewReader(res.Body)
	if err != nil || res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v: %v", err, res.Header)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != get(t, s, "/papers.rss", 200) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// Without a base address, addresses have the host that was asked for, and nobody gets
// another's.
func TestBase(t *testing.T) {
	s := filled(t)
	s.BaseURL = ""
	for _, host := range []string{"a.example", "b.example:8080"} {
		r := httptest.NewRequest("GET", "http://"+host+"/papers/new.rss", nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if f := parse(t, w.Body.String()); f.FeedLink != "http://"+host+"/papers/new.rss" || !strings.HasPrefix(f.Items[0].Link, "http://"+host+"/papers/") {
			t.Errorf("%s: %s", host, f.FeedLink)
		}
	}
}

func TestOurFault(t *testing.T) {
	s := filled(t)
	for _, tt := range []struct {
		err    error
		status int
	}{
		{errors.New("disk full at /secret"), 500}, {context.DeadlineExceeded, 503}, {catalog.ErrNoSearch, 503},
	} {
		s.on.Engine.Fail(tt.err)
		if body := get(t, s, "/papers.rss?q=maps", tt.status); strings.Contains(body, "secret") {
			t.Errorf("%v: %s", tt.err, body)
		}
	}
	s.on.Engine.Fail(nil)
	s.on.Engine.Answer(func(search.Request, *search.Result) { panic("a bug") })
	get(t, s, "/papers.rss?q=maps", 500)
	s.on.Break(t)
	if body := get(t, s, "/papers/new.rss", 500); strings.Contains(body, "sql") {
		t.Error(body)
	}
	if _, err := New(Options{}); err == nil {
		t.Error("feeds of nothing")
	}
}

// Without a search engine there is nothing to search, and all else is there.
func TestWithoutSearch(t *testing.T) {
	h, err := New(Options{Catalog: catalog.New(storetest.SQLite(t), papertest.Clock(), time.Now)})
	if err != nil {
		t.Fatal(err)
	}
	get(t, h, "/papers.rss?q=maps", 503)
	get(t, h, "/papers.rss", 200)
}

// Whatever is asked, nothing breaks, and what is claimed is answered.
func FuzzAddress(f *testing.F) {
	for _, list := range lists {
		path, query, _ := strings.Cut(list, "?")
		f.Add(path+".rss", query)
		f.Add(path+".ics", query)
		f.Add(path+".csv", query)
	}
	f.Add("/papers/../x.rss", "q=%00&vote=1e999")
	f.Add("/\x00/papers.md", "vote=NaN&half=-1&q=%22")
	s := filled(f)
	f.Fuzz(func(t *testing.T, path, query string) {
		claims(path)
		r := httptest.NewRequest("GET", "http://papers.example/", nil)
		r.URL.Path, r.URL.RawQuery = path, query
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code == 200 && w.Body.Len() == 0 && !strings.HasSuffix(path, ".bib") && !strings.HasSuffix(path, ".ris") {
			t.Errorf("%q?%q: %d %s", path, query, w.Code, w.Body)
		}
	})
}

// Whatever a text holds, it is on one line that XML takes.
func FuzzLine(f *testing.F) {
	f.Add("a\x00\u2028b\ufffe\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := line(s)
		readText(t, got)
		if strings.ContainsAny(got, "\r\n\t") || line(got) != got {
			t.Errorf("%q", got)
		}
		address := webAddress(s)
		if strings.ContainsAny(address, " <>\"\r\n") || address != "" && !strings.HasPrefix(address, "http") {
			t.Errorf("%q became %q", s, address)
		}
	})
}
