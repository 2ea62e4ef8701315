package v1

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

// Every list, followed by its Link header page by page, is the list.
func TestPaging(t *testing.T) {
	f := newFixture(t, shelf())
	for address, key := range map[string]string{
		"/papers": "papers", "/trending?star=2": "papers", "/editions/2026-W22": "papers", "/editions/2026-05": "papers",
		"/authors/emilie-du-chatelet": "papers", "/organizations/acme": "papers", "/search?q=kites": "papers",
		"/editions?kind=day": "editions", "/authors": "authors", "/organizations": "organizations", "/changes": "changes",
	} {
		join := "?"
		if strings.Contains(address, "?") {
			join = "&"
		}
		whole, more := entries(t, f, address+join+"limit=100", key)
		if more != "" || len(whole) == 0 {
			t.Fatalf("%s: %d entries, then %q", address, len(whole), more)
		}
		var paged []string
		pages := 0
		for next := address + join + "limit=3"; next != ""; pages++ {
			var page []string
			page, next = entries(t, f, next, key)
			paged = append(paged, page...)
		}
		if d := cmp.Diff(whole, paged); d != "" || pages != (len(whole)+2)/3 {
			t.Errorf("%s in %d pages: %s", address, pages, d)
		}
	}
}

var linkNext = regexp.MustCompile(`^<http://papers\.example/api/v1(/[^>]+)>; rel="next"$`)

// entries are what names the entries of a page, and the address of the next one.
func entries(t *testing.T, f *fixture, address, key string) (names []string, next string) {
	t.Helper()
	resp := f.get(t, address)
	var body map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text(t, resp)), &body); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	var list []struct {
		ID, Period, Slug, Name string
		Rank                   int
	}
	if err := json.Unmarshal(body[key], &list); err != nil {
		t.Fatalf("%s: %s: %v", address, key, err)
	}
	for _, e := range list {
		names = append(names, e.ID+e.Period+e.Slug+e.Name+strings.Repeat("I", e.Rank))
	}
	link := resp.Header.Get("Link")
	if link == "" {
		return names, ""
	}
	m := linkNext.FindStringSubmatch(link)
	if m == nil || body["cursor"] == nil {
		t.Fatalf("%s leads to %s with cursor %s", address, link, body["cursor"])
	}
	return names, m[1]
}

// The next page of today's edition is that edition's, whatever day it is then.
func TestNextPageOfToday(t *testing.T) {
	f := newFixture(t, shelf())
	link := f.get(t, "/editions/today?limit=2").Header.Get("Link")
	if m := linkNext.FindStringSubmatch(link); m == nil || !strings.HasPrefix(m[1], "/editions/2026-05-29?") {
		t.Errorf("today leads to %s", link)
	}
}

func TestEntityTags(t *testing.T) {
	f := newFixture(t, shelf())
	for _, address := range []string{
		"/papers/2605.00204", "/papers/2605.00204?format=md", "/editions/today", "/search?q=kites", "/changes", "/clock",
		"/openapi.json", "/openapi.yaml", "/papers/2605.00204/citation",
	} {
		tag := f.get(t, address).Header.Get("ETag")
		if again := f.get(t, address, "If-None-Match", tag); tag == "" || again.StatusCode != http.StatusNotModified || text(t, again) != "" || again.Header.Get("ETag") != tag {
			t.Errorf("%s with %s: %s", address, tag, again.Status)
		}
		if other := f.get(t, address, "If-None-Match", `"other"`); other.StatusCode != http.StatusOK {
			t.Errorf("%s with another tag: %s", address, other.Status)
		}
	}
	if a, b := f.get(t, "/papers/2605.00204").Header.Get("ETag"), f.get(t, "/papers/2605.00203").Header.Get("ETag"); a == b {
		t.Errorf("two papers have the tag %s", a)
	}
}

// Answers are made once, for as long as nothing changes, and for each site address.
func TestAnswersAreKept(t *testing.T) {
	f := newFixture(t, shelf())
	f.get(t, "/papers/2605.00204?format=json")
	before := f.site.DB.Statements()
	for range 3 {
		f.get(t, "/papers/2605.00204?format=json")
		f.get(t, "/papers/2605.00204v2?format=json")
	}
	if n := f.site.DB.Statements() - before; n != 0 {
		t.Errorf("%d statements for what was known", n)
	}
	r := httptest.NewRequest(http.MethodGet, "http://other.example/api/v1/papers/2605.00204?format=json", nil)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `"url":"http://other.example/papers/2605.00204"`) {
		t.Errorf("under another address: %s", w.Body)
	}
	changed := shelf()[:1]
	changed[0].Paper.Title, changed[0].Fingerprint, changed[0].At = "Kites again", 99, noon
	if _, err := f.site.DB.Apply(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	f.site.Later(250 * time.Millisecond) // the catalog looks for changes now and then
	if got := read[Paper](t, f, "/papers/2605.00001").Title; got != "Kites again" {
		t.Errorf("after a change: %q", got)
	}
	for range 2 {
		before := f.site.DB.Statements()
		f.get(t, "/papers/2605.77777")
		if f.site.DB.Statements() == before {
			t.Error("an error was kept")
		}
	}
}

func TestConfiguredAddress(t *testing.T) {
	f := newFixture(t, shelf())
	a, err := New(Options{Catalog: f.site.Catalog, Clock: f.site.Clock, Now: f.Now, BaseURL: "https://daily.example/", SiteName: "Kite News"})
	if err != nil {
		t.Fatal(err)
	}
	f.use(a)
	resp := f.get(t, "/papers?limit=1")
	if body := text(t, resp); !strings.Contains(body, `"url":"https://daily.example/papers/`) || !strings.HasPrefix(resp.Header.Get("Link"), "<https://daily.example/api/v1/papers?") {
		t.Errorf("%s in %s", resp.Header.Get("Link"), body)
	}
	spec := string(a.OpenAPI())
	if !strings.Contains(spec, `"url":"https://daily.example/api/v1"`) || !strings.Contains(spec, `"title":"Kite News API"`) {
		t.Error(spec[:200])
	}
}

func TestMethods(t *testing.T) {
	f := newFixture(t, shelf())
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"} {
		resp := f.do(t, method, "/papers/2605.00204")
		checkProblem(t, method, resp, 405, "MethodNotAllowed", "")
		if resp.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: allow %q", method, resp.Header.Get("Allow"))
		}
		checkProblem(t, method, f.do(t, method, "/nothing"), 404, "NotFound", "")
	}
	head, get := f.do(t, "HEAD", "/papers/2605.00204"), f.get(t, "/papers/2605.00204")
	if text(t, head) != "" || cmp.Diff(head.Header, get.Header) != "" {
		t.Errorf("HEAD: %s", cmp.Diff(head.Header, get.Header))
	}
	ask := f.do(t, "OPTIONS", "/papers", "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET")
	if ask.StatusCode != 204 || ask.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" || ask.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("OPTIONS: %s %v", ask.Status, ask.Header)
	}
}

// Scripts of other sites may read everything, problems included.
func TestOpenToScripts(t *testing.T) {
	f := newFixture(t, shelf())
	for _, address := range []string{"/papers", "/nothing", "/openapi.json", "/papers?limit=0"} {
		h := f.get(t, address, "Origin", "https://elsewhere.example").Header
		if h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "Link") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", address, h)
		}
	}
}

func TestPageForPeople(t *testing.T) {
	f := newFixture(t, shelf())
	for _, address := range []string{"", "/", "/docs"} {
		resp := f.get(t, address)
		if resp.StatusCode != 302 || resp.Header.Get("Location") != "/developers/api" {
			t.Errorf("%q: %s to %q", address, resp.Status, resp.Header.Get("Location"))
		}
	}
}

func TestProblems(t *testing.T) {
	f := newFixture(t, shelf())
	for _, c := range []struct {
		address   string
		status    int
		parameter string
	}{
		{"/nothing", 404, ""}, {"/papers/", 404, ""}, {"/papers//similar", 404, ""}, {"//papers", 404, ""}, {"/authors/..", 404, ""},
		{"/authors/%2e%2e", 404, ""}, {"/papers/2605.00204/nothing", 404, ""}, {"/papers/2605.00204/", 404, ""}, {"/papers/..%2F..%2Fx", 404, ""},
		{"/papers/2605.77777", 404, ""}, {"/papers/nonsense", 404, ""}, {"/papers/2605.77777/similar", 404, ""},
		{"/papers/2605.77777/links", 404, ""}, {"/papers/2605.77777/votes", 404, ""}, {"/papers/2605.77777/citation", 404, ""},
		{"/editions/2026-13", 404, ""}, {"/editions/2026-02-30", 404, ""}, {"/editions/2026-W54", 404, ""}, {"/editions/soon", 404, ""},
		{"/authors/nobody", 404, ""}, {"/organizations/nobody", 404, ""},
		{"/papers?cursor=nonsense", 404, "cursor"}, {"/trending?cursor=-1", 404, "cursor"}, {"/editions?cursor=2026-W22", 404, "cursor"},
		{"/editions/2026-05-27?cursor=nonsense", 404, "cursor"}, {"/search?q=x&cursor=99999999", 404, "cursor"},
		{"/papers?limit=0", 400, "limit"}, {"/papers?limit=101", 400, "limit"}, {"/papers?limit=", 400, "limit"}, {"/papers?limit=5.0", 400, "limit"},
		{"/papers?limit=%2B5", 400, "limit"}, {"/papers?limit=99999999999999999999", 400, "limit"}, {"/papers?limit", 400, "limit"},
		{"/papers?limit=5&limit=6", 400, "limit"}, {"/papers?limt=5", 400, "limt"}, {"/papers?%ff=1", 400, "\uFFFD"}, {"/papers?a=%", 400, ""},
		{"/papers?cursor=%00", 400, "cursor"}, {"/papers?cursor=%ff", 400, "cursor"}, {"/changes?cursor=x", 400, "cursor"},
		{"/papers?cursor=" + strings.Repeat("9", 401), 400, "cursor"},
		{"/trending?vote=nan", 400, "vote"}, {"/trending?vote=1001", 400, "vote"}, {"/trending?half=0", 400, "half"}, {"/trending?half=0x1p4", 400, "half"},
		{"/trending?star=1e999", 400, "star"}, {"/search", 400, "q"}, {"/search?q=", 400, "q"}, {"/search?q=%00", 400, "q"},
		{"/search?q=" + strings.Repeat("x", 4001), 400, "q"}, {"/search?q=x&facets=1", 400, "facets"}, {"/search?q=x&words=TRUE", 400, "words"},
		{"/editions?kind=year", 400, "kind"}, {"/papers/2605.00204?format=xml", 400, "format"}, {"/papers/2605.00204/signals?kind=likes", 400, "kind"},
		{"/papers/bulk", 400, "ids"}, {"/papers/bulk?ids=", 400, "ids"}, {"/papers/bulk?ids=a,,b", 400, "ids"},
		{"/papers/%ff", 400, ""}, {"/authors/a%00b", 400, ""}, {"/authors/" + strings.Repeat("a", 201), 400, "slug"},
	} {
		code := map[int]string{400: "InvalidParameter", 404: "NotFound"}[c.status]
		checkProblem(t, c.address, f.get(t, c.address), c.status, code, c.parameter)
	}
}

func checkProblem(t *testing.T, about string, resp *http.Response, status int, code, parameter string) {
	t.Helper()
	var p Problem
	body := text(t, resp)
	d := json.NewDecoder(strings.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %s, %v: %s", about, resp.Header.Get("Content-Type"), err, body)
		return
	}
	if resp.StatusCode != status || p.Status != status || p.Title != http.StatusText(status) || p.Type != "about:blank" || p.Code != code || p.Parameter != parameter {
		t.Errorf("%s: %s: %s", about, resp.Status, body)
	}
	if p.Detail == "" || !strings.ContainsAny(p.Detail[len(p.Detail)-1:], ".?") {
		t.Errorf("%s: no sentence: %q", about, p.Detail)
	}
	if resp.Header.Get("Cache-Control") != "no-cache" || resp.Header.Get("ETag") != "" {
		t.Errorf("%s: others may keep it: %v", about, resp.Header)
	}
}

func TestFaultsOfTheSite(t *testing.T) {
	f := newFixture(t, shelf())
	f.site.Engine.Answer(func(search.Request, *search.Result) { panic("out of order") })
	checkProblem(t, "a panic", f.get(t, "/search?q=kites"), 500, "InternalError", "")
	f.site.Break(t)
	for _, address := range []string{"/papers", "/changes", "/papers/2605.00204"} {
		checkProblem(t, address, f.get(t, address), 500, "InternalError", "")
	}
}

func TestWithoutSearch(t *testing.T) {
	f := newFixture(t, shelf())
	a, err := New(Options{Catalog: catalog.New(f.site.DB, f.site.Clock, f.Now), Clock: f.site.Clock, Now: f.Now})
	if err != nil {
		t.Fatal(err)
	}
	f.use(a)
	for _, address := range []string{"/search?q=x", "/suggest?q=x", "/papers/2605.00204/similar"} {
		resp := f.get(t, address)
		checkProblem(t, address, resp, 503, "Unavailable", "")
		if resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s does not say when to come back", address)
		}
	}
}

func TestNewNeedsACatalog(t *testing.T) {
	if a, err := New(Options{}); a != nil || err == nil {
		t.Error("an API without a catalog")
	}
}

// Whatever a client sends, it gets an answer that is meant: never a fault of the site,
// and never a way to somewhere else.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"/papers", "/papers/hep-th%2F9901001/similar?limit=3", "/editions/2026-W22?cursor=1~2~3~2605.00001", "/search?q=%00&q=x",
		"/papers/%2e%2e/%2e%2e", "/papers/bulk?ids=,,,", "/trending?half=1e-9&vote=-0", "//", "/papers;x=1?a=b;c", "/authors/%E4%B8%AD?limit=007",
	} {
		f.Add(seed)
	}
	fix := newFixture(f, shelf())
	known := []int{200, 302, 400, 404}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse("http://papers.example" + urls.V1 + address)
		if err != nil || u.Host != "papers.example" {
			t.Skip()
		}
		w := httptest.NewRecorder()
		fix.ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}})
		if !slices.Contains(known, w.Code) || w.Code == 302 && w.Header().Get("Location") != urls.DevelopersAPI {
			t.Errorf("%q: %d %s: %s", address, w.Code, w.Header().Get("Location"), w.Body)
		}
		if kind := w.Header().Get("Content-Type"); strings.HasSuffix(kind, "json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%q: %s", address, w.Body)
		}
	})
}
