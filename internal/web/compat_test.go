package web

import (
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// told is what the site tells whoever makes the data of a page.
type told struct {
	Base, Kind, Query string
	Period            paper.Period
	Latest            paper.Period
	Prev              paper.Period
	IDs               []paper.ID
	Total, Found      int
	Text              string
}

const awkward = `"<b>&amp;'</script> é`

func tell(base string, roll *catalog.ListPage, latest paper.Period) ([]byte, error) {
	if len(roll.Entries) > 0 && strings.HasPrefix(roll.Entries[0].Paper.Title, "broken") {
		return nil, errors.New("no data")
	}
	t := told{base, string(roll.Ref.Kind), roll.Ref.Query, roll.Ref.Period, latest, roll.Prev, nil, roll.Total, len(roll.Hits), awkward}
	for _, e := range roll.Entries {
		t.IDs = append(t.IDs, e.Paper.ID)
	}
	return json.Marshal(t)
}

func tellPaper(base string, sheet *catalog.PaperDetail) ([]byte, error) {
	return json.Marshal(told{Base: base, IDs: []paper.ID{sheet.Paper.ID}, Text: awkward})
}

// openFull is the site over f with all that it can have, under any address.
func openFull(t testing.TB, f *shelf, base string) http.Handler {
	t.Helper()
	api, err := os.ReadFile("openapi/testdata/library.json")
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, f, Options{BaseURL: base, PageData: tell, PaperData: tellPaper, OpenAPI: api, APILimit: 6000})
}

// Scrapers look for a list's data by expressions like this one.
var propsPattern = regexp.MustCompile(`<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="([^"]*)">`)

// dataIn is the data of a list as a scraper reads it; nil where there is none.
func dataIn(t *testing.T, page string) *told {
	t.Helper()
	found := propsPattern.FindAllStringSubmatch(page, -1)
	if len(found) == 0 {
		return nil
	}
	out := new(told)
	if err := json.Unmarshal([]byte(html.UnescapeString(found[0][1])), out); err != nil || len(found) > 1 {
		t.Fatalf("%d times data, %v", len(found), err)
	}
	return out
}

func TestDataForScrapers(t *testing.T) {
	h := openFull(t, newShelf(), "https://papers.example")
	for path, want := range map[string]told{
		"/papers":                              {Kind: "edition", Period: "2026-05-28", Latest: "2026-05-28", Prev: "2026-05-27", Total: 45},
		"/papers/date/2026-05-22":              {Kind: "edition", Period: "2026-05-22", Latest: "2026-05-28", Total: 3},
		"/papers/week/2026-W21":                {Kind: "edition", Period: "2026-W21", Latest: "2026-W22", Total: 3},
		"/papers/month/2026-05":                {Kind: "edition", Period: "2026-05", Latest: "2026-05", Total: 53},
		"/papers/trending":                     {Kind: "trending", Latest: "2026-05-28", Total: -1},
		"/papers/new":                          {Kind: "new", Latest: "2026-05-28", Total: -1},
		"/papers?q=notes+year:2026":            {Kind: "search", Query: "notes year:2026", Latest: "2026-05-28", Total: 53, Found: 20},
		"/papers?q=zyzzogeton+%22&after=&utm=": {Kind: "search", Query: `zyzzogeton "`, Latest: "2026-05-28"},
	} {
		_, body := get(t, h, path, 200)
		got := dataIn(t, body)
		if got == nil {
			t.Errorf("%s has no data", path)
			continue
		}
		var shown []paper.ID
		for _, p := range papersIn(parse(t, body)) {
			shown = append(shown, paper.ID(strings.TrimPrefix(p, "/papers/")))
		}
		if !slices.Equal(got.IDs, shown) {
			t.Errorf("%s: data has %v, the page %v", path, got.IDs, shown)
		}
		want.Base, want.Text, got.IDs = "https://papers.example", awkward, nil
		if g, w := asJSON(t, got), asJSON(t, &want); g != w {
			t.Errorf("%s:\n got %s\nwant %s", path, g, w)
		}
	}
	for _, path := range []string{"/papers/hep-th/9901001", "/authors/ada-example", "/archive", "/about", "/papers/hep-th/9901001/similar"} {
		if _, body := get(t, h, path, 200); dataIn(t, body) != nil {
			t.Errorf("%s has data", path)
		}
	}
	if _, body := get(t, open(t, newShelf()), "/papers", 200); strings.Contains(body, "SVELTE") {
		t.Error("data where it is switched off")
	}
}

// The page of a paper has its own data, and cards have the classes that scrapers know.
func TestPaperForScrapers(t *testing.T) {
	h := openFull(t, newShelf(), "")
	_, body := get(t, h, "/papers/hep-th/9901001", 200)
	m := regexp.MustCompile(`<div class="SVELTE_HYDRATER contents" data-target="PaperContent" data-props="([^"]*)">`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no data")
	}
	var got told
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &got); err != nil || got.Text != awkward || got.IDs[0] != "hep-th/9901001" || got.Base != "http://papers.example" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, pattern := range []string{
		`Published (on|in) <time datetime="[0-9-]{10}T00:00:00">`, `<span class="author"><a href="/authors/[^"]+">[^<]+</a></span>`,
		`>View arXiv page</a>`, `>View PDF</a>`, `Upvote </span><div class="[^"]*text-orange-500">\d+</div>`,
	} {
		if !regexp.MustCompile(pattern).MatchString(body) {
			t.Errorf("the paper's page has no %s", pattern)
		}
	}
	_, list := get(t, h, "/papers", 200)
	for _, pattern := range []string{
		`<article class="paper relative`, `<h3[^>]*><a href="/papers/[0-9.]+" class="line-clamp-3 [^"]*">`, `<div class="leading-none">\d+</div>`, `Submitted by \w+`,
	} {
		if !regexp.MustCompile(pattern).MatchString(list) {
			t.Errorf("a list has no %s", pattern)
		}
	}
}

func parse(t *testing.T, page string) *nethtml.Node {
	t.Helper()
	doc, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Some scrapers want the data right below <main>; and readers want it last.
func TestDataStandsAtTheEnd(t *testing.T) {
	doc := load(t, openFull(t, newShelf(), ""), "/papers")
	last := all(doc, "main")[0].LastChild
	for last.Type != nethtml.ElementNode {
		last = last.PrevSibling
	}
	if attr(last, "data-target") != "DailyPapers" {
		t.Errorf("main ends with <%s>", last.Data)
	}
}

func TestPagesWithoutEditionsHaveData(t *testing.T) {
	f := newShelf()
	f.entries = f.entries[:0]
	if _, body := get(t, openFull(t, f, ""), "/papers", 200); dataIn(t, body) == nil {
		t.Error("an empty site has no data")
	}
}

func TestPagesSurviveTheirData(t *testing.T) {
	f := newShelf()
	f.entries[0].Paper.Title, f.entries[0].Paper.Votes = "broken", 1e6
	_, body := get(t, openFull(t, f, ""), urls.Edition(f.entries[0].Submission.Day.Period()), 200)
	if dataIn(t, body) != nil || !strings.Contains(body, "broken") {
		t.Error("no page, or one with data")
	}
}

// Without a configured address, absolute ones are those of the request, and never
// somebody else's.
func TestAddressesOfTheRequest(t *testing.T) {
	f := newShelf()
	h := openFull(t, f, "")
	ask := func(host, path string) (string, bool) {
		r := httptest.NewRequest(http.MethodGet, "http://x"+path, nil)
		r.Host = host
		w, before := httptest.NewRecorder(), f.DB.Statements()
		h.ServeHTTP(w, r)
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body), f.DB.Statements() > before
	}
	for host, want := range map[string]string{
		"a.example": "http://a.example", "b.example:8080": "http://b.example:8080", "[::1]:8080": "http://[::1]:8080",
		"": "http://localhost", `evil"><script>`: "http://localhost", "a.example/x": "http://localhost",
	} {
		for range 2 {
			if body, _ := ask(host, "/papers"); dataIn(t, body).Base != want {
				t.Errorf("host %q: %q, want %q", host, dataIn(t, body).Base, want)
			}
			if body, _ := ask(host, "/developers"); !strings.Contains(body, want+"/api/daily_papers?limit=5") {
				t.Errorf("host %q: examples are of another host", host)
			}
		}
	}
	if _, read := ask("a.example", "/archive"); !read {
		t.Error("the archive was made before")
	}
	if _, read := ask("b.example", "/archive"); read {
		t.Error("a page without absolute addresses was made for each host")
	}
}

// headingPattern finds papers as scrapers without an HTML parser do.
var headingPattern = regexp.MustCompile(`<h3[^>]*>\s*<a href="(/papers/[^"]+)"[^>]*>([^<]+)</a>\s*</h3>`)

func TestHeadingsForScrapers(t *testing.T) {
	h := openFull(t, newShelf(), "")
	for _, path := range []string{
		"/papers", "/papers/date/2026-05-27", "/papers/week/2026-W22", "/papers/month/2026-05", "/papers/trending", "/papers/new",
		"/papers?q=order", "/papers/hep-th/9901001/similar", "/authors/ada-example", "/open-lab/papers",
	} {
		_, body := get(t, h, path, 200)
		doc := parse(t, body)
		articles, headings := all(doc, "article"), all(doc, "h3")
		if len(articles) == 0 || len(articles) != len(headings) {
			t.Errorf("%s: %d articles, %d headings", path, len(articles), len(headings))
		}
		for i, h3 := range headings {
			a := h3.FirstChild
			if a == nil || a.Data != "a" || a.NextSibling != nil || words(h3) != words(a) || h3.Parent != articles[i] {
				t.Errorf("%s: heading %q has more than its link", path, words(h3))
			}
		}
		if path == "/papers" && len(headingPattern.FindAllString(body, -1)) != len(articles) {
			t.Errorf("%s: the pattern finds %d of %d", path, len(headingPattern.FindAllString(body, -1)), len(articles))
		}
	}
}

func TestDatesForScrapers(t *testing.T) {
	h := openFull(t, newShelf(), "")
	for _, path := range []string{"/papers", "/papers/new", "/papers/trending", "/papers?q=order"} {
		for _, article := range all(load(t, h, path), "article") {
			times := all(article, "time")
			if len(times) != 1 {
				t.Fatalf("%s: %d times in an article", path, len(times))
			}
			if _, err := time.Parse("2006-01-02T15:04:05", attr(times[0], "datetime")); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	for path, want := range map[string]string{
		urls.Paper(story("2026-05-28", 1, 0).Paper.ID): "2026-05-27T00:00:00",
		"/papers/hep-th/9901001":                       "1999-01-01T00:00:00", // the month is all that is known
	} {
		if got := attr(all(load(t, h, path), "time")[0], "datetime"); got != want {
			t.Errorf("%s: first time is %s, want %s", path, got, want)
		}
	}
}

func TestAbstractForScrapers(t *testing.T) {
	doc := load(t, open(t, newShelf()), urls.Paper(story("2026-05-28", 1, 0).Paper.ID))
	divs := with(doc, "div", "class", "pb-8 pr-4 md:pr-16")
	if len(divs) != 1 {
		t.Fatalf("%d containers", len(divs))
	}
	var text strings.Builder
	for d := range divs[0].Descendants() {
		if d.Type == nethtml.TextNode {
			text.WriteString(d.Data)
		}
	}
	if rest, ok := strings.CutPrefix(text.String(), "Abstract\n"); !ok || strings.TrimSpace(rest) != abstract {
		t.Errorf("it says %q", text.String())
	}
	if got := words(all(divs[0], "p")[0]); got != abstract {
		t.Errorf("its first paragraph is %q", got)
	}
}

func TestPeriodsToComeLeadToTheNewest(t *testing.T) {
	h := open(t, newShelf())
	for path, want := range map[string]string{
		"/papers/week/2026-W52": "/papers/week/2026-W22?asked=2026-W52", "/papers/month/2030-01": "/papers/month/2026-05?asked=2030-01",
		"/papers/date/2026-12-31": "/papers/date/2026-05-28?asked=2026-12-31",
	} {
		if got := fetch(h, http.MethodGet, path).Header.Get("Location"); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
}

func BenchmarkFrontPageWithDataKept(b *testing.B) {
	h := openFull(b, newShelf(), "")
	for b.Loop() {
		fetch(h, http.MethodGet, "/papers", "Accept-Encoding: gzip")
	}
}
