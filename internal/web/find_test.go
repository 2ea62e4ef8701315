package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

// queryOf is the q of an address of results.
func queryOf(t *testing.T, path string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil || u.Path != "/papers" {
		t.Fatalf("%q leads to no results: %v", path, err)
	}
	return u.Query().Get("q")
}

// linksTo are the texts of links with the queries that they ask.
func linksTo(t *testing.T, n *html.Node) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, a := range all(n, "a") {
		out[words(a)] = queryOf(t, attr(a, "href"))
	}
	return out
}

func ask(t *testing.T, h http.Handler, q string) *html.Node {
	t.Helper()
	return load(t, h, "/papers?q="+url.QueryEscape(q))
}

func TestResults(t *testing.T) {
	h := open(t, newShelf())
	res, _ := get(t, h, "/papers?q=small+strings", 200)
	if got := res.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control: %s", got)
	}
	doc := ask(t, h, "small strings")
	if got := words(all(doc, "h1")[0]); got != "“small strings”" {
		t.Errorf("the heading is %s", got)
	}
	if !regexp.MustCompile(`50 papers in [0-9.]+ m?s`).MatchString(words(doc)) {
		t.Errorf("the page does not say how many papers it took how long to find: %.300s", words(doc))
	}
	if n := len(papersIn(doc)); n != 20 {
		t.Errorf("%d papers", n)
	}
	if mark := all(doc, "mark")[0]; words(mark) != "Strings" || mark.Parent.Data != "a" {
		t.Errorf("the first mark is %s in <%s>", words(mark), mark.Parent.Data)
	}
	if robots := with(doc, "meta", "name", "robots"); len(robots) != 1 || !strings.Contains(attr(robots[0], "content"), "noindex") {
		t.Error("results may be indexed")
	}
	if len(with(doc, "link", "rel", "canonical")) != 0 {
		t.Error("results have a canonical address")
	}
	for path, want := range map[string]string{
		"/papers?q=year:1950":                                   "“year:1950” 0 papers in",
		"/papers?q=strings&unknown=1":                           "“strings”",
		"/papers?q=year:1999":                                   "1 paper in",
		"/papers?q=+spaces%00and%0Alines":                       "“spaces and lines”",
		"/papers?q=%ff%fesmall":                                 "“small”",
		"/papers?q=" + url.QueryEscape("“small models” -poems"): "““small models” -poems”",
	} {
		if text := words(load(t, h, path)); !strings.Contains(text, want) {
			t.Errorf("%s does not say %s", path, want)
		}
	}
}

// Papers that have only some of the words are one click away, and all links of the page
// that shows them keep that.
func TestSomeOfTheWords(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	var asked search.Request
	f.Engine.Answer(func(r search.Request, res *search.Result) {
		if r.Facets {
			asked, res.Some, res.Facets = r, 3400, &search.Facets{Years: []search.Count{{Value: "2026", Papers: 3}}}
		}
	})
	doc := ask(t, h, "small strings")
	link := with(doc, "a", "href", "/papers?q=small+strings&some=1")
	if len(link) != 1 || words(link[0]) != "3,400 have some of the words" || asked.Some {
		t.Fatalf("the way to some of the words: %d links; asked for some: %v", len(link), asked.Some)
	}
	doc = load(t, h, attr(link[0], "href"))
	if !asked.Some {
		t.Error("some=1 is not asked for")
	}
	if back := with(doc, "a", "href", "/papers?q=small+strings"); len(back) != 1 {
		t.Errorf("%d ways back to all of the words", len(back))
	}
	kept := 0
	for _, part := range append(with(doc, "aside", "class", "facets narrow"), with(doc, "nav", "aria-label", "Order")...) {
		for _, a := range all(part, "a") {
			if kept++; !strings.HasSuffix(attr(a, "href"), "&some=1") {
				t.Errorf("%q leads to %s", words(a), attr(a, "href"))
			}
		}
	}
	if more := attr(all(with(doc, "p", "class", "more")[0], "a")[0], "href"); kept < 5 || !strings.Contains(more, "some=1") {
		t.Errorf("%d links keep some=1; more papers are at %s", kept, more)
	}
	if feed := with(doc, "link", "type", "application/rss+xml"); len(feed) == 0 || attr(feed[0], "href") != "/papers.rss?q=small+strings&some=1" {
		t.Errorf("the feeds are %v", feed)
	}
}

func TestRelaxed(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	f.Engine.Answer(func(_ search.Request, r *search.Result) { r.Relaxed, r.Some = true, 9000 })
	const says = "No paper has all of these words: these have some."
	doc := ask(t, h, "small strings")
	if !strings.Contains(words(doc), says) || strings.Contains(words(doc), "9,000 have") {
		t.Error("the page does not say that no paper has all of the words, or offers those with some, which it shows")
	}
	if strings.Contains(words(load(t, h, "/papers?q=small+string&some=1")), says) {
		t.Error("who has asked for some of the words is told that none has all")
	}
	if strings.Contains(words(ask(t, h, "year:1950")), says) {
		t.Error("an empty page says that its papers have some of the words")
	}
}

// A long text is a query, too: its lines are kept for those who read entries of
// bibliographies, and the page does not begin with all of it.
func TestLongTexts(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	entry := "@article{kites,\r\n title = {Small strings of kites},\r\n author = {Example, Ada}\r\n}" + strings.Repeat(" and more words", 60)
	doc := load(t, h, "/papers?q="+url.QueryEscape(entry))
	if got := words(all(doc, "h1")[0]); len(got) > 200 || !strings.HasPrefix(got, "“@article{kites, title = {Small") || !strings.HasSuffix(got, " …”") {
		t.Errorf("the heading is %s", got)
	}
	if got := attr(with(doc, "input", "name", "q")[0], "value"); got != strings.Join(strings.Fields(entry), " ") {
		t.Errorf("the box has %q", got)
	}
	if got := lines("a\r\nb\x00\tc\ufffd"); got != "a \nb  c " {
		t.Errorf("the lines are %q", got)
	}
}

func TestResultsGoOn(t *testing.T) {
	h := open(t, newShelf())
	path, seen := "/papers?q=small+sort:votes", map[string]bool{}
	for n := 1; path != ""; n++ {
		doc := load(t, h, path)
		for _, p := range papersIn(doc) {
			seen[p] = true
		}
		back := 0
		for _, a := range all(all(doc, "main")[0], "a") {
			if words(a) == "Back to the first page" {
				back++
			}
		}
		if (back == 1) != (n > 1) {
			t.Errorf("page %d: %d ways back", n, back)
		}
		path = ""
		for _, a := range with(doc, "a", "class", "btn") {
			path = attr(a, "href")
		}
		if n > 5 {
			t.Fatal("there is no end")
		}
	}
	if len(seen) != 54 {
		t.Errorf("%d papers on all pages", len(seen))
	}
	get(t, h, "/papers?q=small&after=x", 400)
}

// Two searches that find the same are one page, whatever time they took.
func TestResultsHaveTags(t *testing.T) {
	h := open(t, newShelf())
	res, _ := get(t, h, "/papers?q=small", 200)
	if again := fetch(h, http.MethodGet, "/papers?q=small", "If-None-Match: "+res.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("status %d", again.StatusCode)
	}
	a, b := &httpserver.Response{Body: []byte("3 in 1 ms"), Volatile: "in 1 ms"}, &httpserver.Response{Body: []byte("3 in 2 ms"), Volatile: "in 2 ms"}
	tag := func(a *httpserver.Response) string {
		w := httptest.NewRecorder()
		httpserver.Uncached(a).Write(w, httptest.NewRequest(http.MethodGet, "/", nil))
		return w.Header().Get("ETag")
	}
	if tag(a) != tag(b) {
		t.Error("the time makes another page")
	}
}

func TestResultsAreNotKept(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	for range 2 {
		before := f.DB.Statements()
		get(t, h, "/papers?q=small", 200)
		if f.DB.Statements() == before {
			t.Error("the index may have grown, and nobody asked it")
		}
	}
}

// correct has every search offer a spelling.
func correct(f *shelf, spelling string) { f.Engine.Answer(likelier(spelling)) }

// A likelier spelling is offered where something is found as it was typed, else its results
// are shown, and what was typed is offered.
func TestSpelling(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	correct(f, "small <models>")
	tip := with(ask(t, h, "strings in"), "p", "class", "tip")
	if len(tip) == 0 || words(tip[0]) != "Did you mean small <models>?" || linksTo(t, tip[0])["small <models>"] != "small <models>" {
		t.Errorf("something is found: %s", words(tip[0]))
	}
	doc := ask(t, h, "zzzqqq")
	tip = with(doc, "p", "class", "tip")
	if len(tip) == 0 || words(tip[0]) != "Showing results for small <models>. Search instead for zzzqqq" || len(papersIn(doc)) == 0 {
		t.Fatalf("nothing is found: %s", words(tip[0]))
	}
	if got := attr(with(doc, "input", "name", "q")[0], "value"); got != "small <models>" {
		t.Errorf("the box has %q", got)
	}
	back := all(tip[0], "a")[0]
	doc = load(t, h, attr(back, "href"))
	if got := words(doc); !strings.Contains(got, "“zzzqqq”") || strings.Contains(got, "Showing results for") || !strings.Contains(got, "Did you mean small <models>?") {
		t.Errorf("what was typed leads to %.200s", got)
	}
}

// Where few papers are found the page says what there is without each part of the query,
// and what to ask instead of names that nobody bears.
func TestNarrowings(t *testing.T) {
	h := open(t, newShelf())
	doc := load(t, h, "/papers?q=small+year:1950")
	var tip *html.Node
	for _, p := range with(doc, "p", "class", "tip") {
		if strings.HasPrefix(words(p), "There are ") {
			tip = p
		}
	}
	if tip == nil {
		t.Fatal("nobody says what there is without the year")
	}
	path := attr(all(tip, "a")[0], "href")
	count := regexp.MustCompile(`^There are (\d+) without year:1950\.$`).FindStringSubmatch(words(tip))
	if count == nil || path != "/papers?q=small" || !strings.Contains(words(load(t, h, path)), count[1]+" papers in ") {
		t.Errorf("%q leads to %s", words(tip), path)
	}
	if said := words(ask(t, h, "small votes:>500000")); !strings.Contains(said, " without votes:>500000.") { // as it was typed
		t.Errorf("a part that is not written as it was typed: %.400s", said)
	}
	notice := with(doc, "div", "class", "notice")
	if len(notice) == 0 || !strings.Contains(words(notice[0]), "year:1950 No paper here is from that time") {
		t.Error("nobody says from when the papers are")
	}
	notice = with(load(t, h, "/papers?q=org:opem"), "div", "class", "notice")
	if len(notice) == 0 || len(with(notice[0], "a", "href", askPath(`org:"The Open Lab"`))) != 1 {
		t.Error("no near name of an organization is offered")
	}
}

// likelier offers a spelling in place of what was typed, which then finds far more.
func likelier(spelling string) func(search.Request, *search.Result) {
	return func(r search.Request, out *search.Result) {
		if r.Correct != "" {
			out.DidYouMean = spelling
		} else if r.Limit == 1 {
			out.Total = 100_000
		}
	}
}

func TestHintsAndOffers(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	correct(f, "small <models>")
	doc := ask(t, h, "autor:me cat:xx.YY small")
	notice := words(with(doc, "div", "class", "notice")[0])
	if !strings.Contains(notice, "autor:me") || !strings.Contains(notice, "Did you mean author:?") || !strings.Contains(notice, "cat:xx.YY") {
		t.Errorf("the hints are: %s", notice)
	}
	f.Engine.Answer(nil)
	if got := with(with(ask(t, h, "ada example"), "p", "class", "tip")[0], "a", "href", "/authors/ada-example"); len(got) != 1 {
		t.Error("the page of an author is not offered")
	}
	if got := with(ask(t, h, "similar:hep-th/9901001"), "a", "href", "/papers/hep-th/9901001"); len(got) < 1 || !strings.HasPrefix(words(got[0]), "Strings in") {
		t.Error("the page does not say what it is similar to")
	}
}

func TestLongQueriesAreCut(t *testing.T) {
	h := open(t, newShelf())
	long := "small " + strings.Repeat("é", longestQuery-6) + "zzz"
	doc := ask(t, h, long)
	if got := attr(with(doc, "input", "name", "q")[0], "value"); got != strings.TrimSuffix(long, "zzz") {
		t.Errorf("the box has %d bytes: %.20s", len(got), got)
	}
	if !strings.Contains(words(with(doc, "div", "class", "notice")[0]), "4,000 characters") {
		t.Error("nobody says that the query was cut")
	}
	get(t, h, "/papers?q="+strings.Repeat("%E4%BD%A0", longestQuery), 200)
	get(t, h, "/papers?q="+strings.Repeat("x", urls.LongestAddress-9), 200)
	get(t, h, "/papers?q="+strings.Repeat("x", urls.LongestAddress+1), 414)
}

func TestNothingFound(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	f.Engine.Suggests([]search.Suggestion{
		{Kind: "title", Text: "Zebras", ID: "hep-th/9901001"}, {Kind: "author", Text: "Zoë Zebra", ID: "zoe-zebra"},
		{Kind: "organization", Text: "The Zoo", ID: "zoo"}, {Kind: "category", Text: "cs.ZZ", ID: "cs.ZZ"}, {Kind: "term", Text: "zebra's"},
	})
	doc := ask(t, h, "zebra year:2020")
	if len(papersIn(doc)) != 0 || !strings.Contains(words(doc), "No paper has all of that.") {
		t.Error("the page does not say that nothing was found")
	}
	for text, path := range map[string]string{
		"Zebras": "/papers/hep-th/9901001", "Zoë Zebra": "/authors/zoe-zebra", "The Zoo": "/zoo/papers", "cs.ZZ": "/papers?q=cat%3Acs.ZZ",
		"zebra's": "/papers?q=zebra%27s", "How to search": "/search/help", "a random query": "/search/random", "Without year:2020 ×": "/papers?q=zebra",
	} {
		if got := with(all(doc, "main")[0], "a", "href", path); len(got) == 0 || words(got[0]) != text {
			t.Errorf("%s is not offered", text)
		}
	}
}

func TestIDs(t *testing.T) {
	f := newShelf()
	first, second := paper.ID("2605.10000"), paper.ID("2605.00001")
	f.entries[3].Paper.ID, f.entries[4].Paper.ID = first, second
	f.entries[0].Paper.Abstract = "As 10.1145/3292500 says."
	h := open(t, f)
	found := papersIn(ask(t, h, "2605.1"))
	if len(found) != 2 || found[0] != urls.Paper(first) || found[1] != urls.Paper(second) {
		t.Errorf("a damaged id offers %v", found)
	}
	_, body := get(t, h, "/papers?q=https://arxiv.org/abs/2401.01234", 404)
	if !strings.Contains(body, `href="https://arxiv.org/abs/2401.01234"`) {
		t.Error("a paper that is not here is not looked for on arXiv")
	}
	if doc := ask(t, h, "10.1145/3292500"); len(papersIn(doc)) == 0 || papersIn(doc)[0] != urls.Paper(f.entries[0].Paper.ID) || len(with(doc, "a", "href", "https://doi.org/10.1145/3292500")) != 1 {
		t.Error("an unknown DOI finds no paper that names it, or is not offered itself")
	}
}

func TestSearchLeadsToResults(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	for path, to := range map[string]string{
		"/search": "/papers?q=", "/search?q=a+%26+b": "/papers?q=a+%26+b", "/search?q=cat:cs.CL": "/papers?q=cat%3Acs.CL",
	} {
		if res, _ := get(t, h, path, 302); res.Header.Get("Location") != to {
			t.Errorf("%s leads to %s", path, res.Header.Get("Location"))
		}
	}
	res, _ := get(t, h, "/search/random", 303)
	if got := queryOf(t, res.Header.Get("Location")); got != "reading" && got != "notes" {
		t.Errorf("a random query is %q", got)
	}
	get(t, open(t, &shelf{}), "/search/random", 303)
}

func TestSearchStarts(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	for _, path := range []string{"/papers?q=", "/papers?q=+", "/?q=", "/papers?q=%00"} {
		doc := load(t, h, path)
		if words(all(doc, "h1")[0]) != "Search any paper" || len(with(doc, "form", "role", "search")) != 2 || !strings.Contains(words(doc), "among 54 papers") {
			t.Errorf("%s is not the page to search from", path)
		}
		if recent := with(doc, "section", "class", "recent"); len(recent) != 1 || !has(recent[0], "hidden") {
			t.Errorf("%s shows old queries without a script", path)
		}
	}
	if res, _ := get(t, h, "/papers?q=&date=2026-5-7", 301); res.Header.Get("Location") != "/papers/date/2026-05-07" {
		t.Error("an empty box hides the date")
	}
	if words(all(load(t, h, "/papers"), "h1")[0]) == "Search any paper" {
		t.Error("the front page is gone")
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Every example can be clicked and is understood.
func TestExamplesAreUnderstood(t *testing.T) {
	h := open(t, newShelf())
	tried := 0
	for _, path := range []string{"/search/help", "/papers?q="} {
		for _, a := range all(all(load(t, h, path), "main")[0], "a") {
			to := attr(a, "href")
			if !strings.HasPrefix(to, "/papers?q=") || to == "/papers?q=" {
				continue
			}
			tried++
			if _, hints := search.Parse(queryOf(t, to), noon); len(hints) > 0 {
				t.Errorf("%s: %v", queryOf(t, to), hints)
			}
			load(t, h, to)
			if queryOf(t, to) != words(a) {
				t.Errorf("%q asks for %q", words(a), queryOf(t, to))
			}
		}
	}
	if tried < 30 {
		t.Errorf("%d examples", tried)
	}
}

func TestSearchSwitchedOff(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	f.WithoutSearch()
	for _, path := range []string{"/papers?q=small", "/papers?q="} {
		res, body := get(t, h, path, 503)
		if !strings.Contains(body, "switched off") || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s", path, body)
		}
	}
	get(t, h, "/papers?q=hep-th/9901001", 303)
	get(t, h, "/papers?q=2401.01234", 404)
	doc := load(t, h, "/papers/hep-th/9901001")
	for _, a := range all(all(doc, "main")[0], "a") {
		if strings.HasPrefix(attr(a, "href"), "/papers?q=") {
			t.Errorf("a link leads to a search: %s", words(a))
		}
	}
	if !strings.Contains(words(doc), "reading") || !strings.Contains(words(doc), "cs.CL") {
		t.Error("keywords or subjects are gone")
	}
}

func TestBrokenEngine(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	f.Engine.Fail(errors.New("segment on fire at /var/secret"))
	res := fetch(h, http.MethodGet, "/papers?q=small")
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 500 || strings.Contains(string(body), "secret") || !strings.Contains(string(body), `value="small"`) {
		t.Errorf("status %d: %s", res.StatusCode, body)
	}
}

func TestSimilarPapers(t *testing.T) {
	h := open(t, newShelf())
	doc := load(t, h, "/papers/hep-th/9901001")
	section := with(doc, "section", "class", "similar")
	if len(section) != 1 || len(all(section[0], "li")) != 5 {
		t.Fatal("no five similar papers")
	}
	main := all(doc, "main")[0]
	for path, text := range map[string]string{
		"/papers/hep-th/9901001/similar": "more like this", "/papers?q=%22reading%22": "reading", "/papers?q=cat%3Acs.CL": "cs.CL",
	} {
		if got := with(main, "a", "href", path); len(got) != 1 || words(got[0]) != text {
			t.Errorf("no link to %s", path)
		}
	}
}

func TestHostileSearches(t *testing.T) {
	const bad = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	f := newShelf()
	e := story("2026-05-28", 88, 1000)
	e.Paper.Title, e.Paper.Abstract = "alert "+bad, "alert "+bad+strings.Repeat(" alert", 200)
	f.entries = append(f.entries, e)
	h := open(t, f)
	f.Engine.Suggests([]search.Suggestion{{Kind: "title", Text: bad, ID: "//evil.example"}, {Kind: "organization", Text: bad, ID: "/evil.example"}, {Kind: "odd", Text: bad}})
	f.Engine.Answer(func(r search.Request, out *search.Result) {
		likelier(bad)(r, out)
		why := &search.Why{Words: 1, Terms: []search.TermScore{{Term: bad, Field: bad, Score: 1}}}
		for i := range out.Hits {
			out.Hits[i].Why = why
		}
		out.Facets = &search.Facets{Organizations: []search.Count{{Value: bad, Papers: 1}}}
	})
	for _, q := range []string{bad, "alert", "autor:" + bad, "javascript:alert(1)", "zebra " + bad, "//evil.example", "similar:" + bad} {
		for d := range ask(t, h, q).Descendants() {
			if d.Type != html.ElementNode {
				continue
			}
			if d.Data == "script" && attr(d, "src") == "" || d.Data == "img" && attr(d, "src") == "x" {
				t.Errorf("%s: a <%s> got in", q, d.Data)
			}
			for _, a := range d.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "href" && (strings.HasPrefix(a.Val, "javascript:") || strings.HasPrefix(a.Val, "//")) {
					t.Errorf("%s: <%s %s=%s>", q, d.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestWhyThisResult(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	why := &search.Why{Words: 1.3, Meaning: 0.5, Terms: []search.TermScore{
		{Term: "small", Field: "title", Score: 0.5}, {Term: "model", Field: "abs", Score: 0.25},
		{Term: "small model", Field: search.PartPair, Score: 0.245}, {Term: "meaning", Field: search.PartMeaning, Score: 0.2},
		{Term: "best papers", Field: search.PartAbout, Score: 0.18}}}
	for i := range 8 {
		why.Terms = append(why.Terms, search.TermScore{Term: fmt.Sprint("w", i), Field: "text", Score: 0.01 + 0.001*float64(i%2)})
	}
	f.Engine.Answer(func(_ search.Request, r *search.Result) {
		for i := range r.Hits {
			r.Hits[i].Score, r.Hits[i].Why = 1.459, why
		}
	})
	got := words(with(ask(t, h, "small models"), "details", "class", "why")[0])
	for _, want := range []string{"why this result", "“small” in the title0.500", "“model” in the abstract0.250",
		"“small model” side by side0.245", "likeness in meaning (0.5 of 1)0.200", "words of the best papers0.180", "4 further words0.042", "score1.459"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	why = nil
	if len(with(ask(t, h, "smaller models"), "details", "class", "why")) != 0 {
		t.Error("a score without parts is explained")
	}
}
