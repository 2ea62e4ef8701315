package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/internal/catalogtest"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

func TestHeadersStandOnEverything(t *testing.T) {
	h := open(t, newShelf())
	css := regexp.MustCompile(`/static/site\.[0-9a-f]+\.css`)
	_, body := get(t, h, "/papers", 200)
	for _, path := range []string{"/papers", "/nosuch", "/papers/date/2025-13-40", "/papers/hep-th/9901001.bib", "/robots.txt", css.FindString(body), "/static/none.css"} {
		res := fetch(h, http.MethodGet, path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin",
		} {
			if !strings.Contains(res.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, res.Header.Get(name))
			}
		}
	}
}

// The policy forbids inline styles and scripts: pages must have none.
func TestPagesKeepTheirOwnPolicy(t *testing.T) {
	h := openFull(t, newShelf(), "https://papers.example")
	for _, path := range []string{
		"/papers", "/papers/trending", urls.Paper(story("2026-05-28", 1, 0).Paper.ID), "/archive", "/about", "/about/trending",
		"/papers/hep-th/9901001/similar", "/developers", "/developers/api",
	} {
		for d := range load(t, h, path).Descendants() {
			if d.Type != html.ElementNode {
				continue
			}
			if d.Data == "style" || d.Data == "script" && attr(d, "src") == "" && attr(d, "type") != "application/ld+json" {
				t.Errorf("%s has an inline <%s>", path, d.Data)
			}
			for _, a := range d.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", path, d.Data, a.Key, a.Val)
				}
				if (a.Key == "src" || d.Data == "link" && attr(d, "rel") != "canonical" && a.Key == "href") && !strings.HasPrefix(a.Val, "/") {
					t.Errorf("%s loads %s", path, a.Val)
				}
			}
		}
	}
}

func TestAssetsStayForEver(t *testing.T) {
	h := open(t, newShelf())
	_, body := get(t, h, "/papers", 200)
	paths := regexp.MustCompile(`/static/[a-z]+\.[0-9a-f]{10}\.[a-z]+`).FindAllString(body, -1)
	if len(paths) != 4 {
		t.Fatalf("the page names %d assets", len(paths))
	}
	for _, path := range paths {
		res, _ := get(t, h, path, 200)
		if !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s", path, res.Header.Get("Cache-Control"))
		}
		if again := fetch(h, http.MethodGet, path, "If-None-Match: "+res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: status %d for a tag that matches", path, again.StatusCode)
		}
	}
}

func TestTagsAndPacking(t *testing.T) {
	h := open(t, newShelf())
	plain, body := get(t, h, "/papers", 200)
	tag := plain.Header.Get("ETag")
	for _, c := range []struct {
		header   string
		status   int
		encoding string
	}{
		{"If-None-Match: " + tag, 304, ""},
		{`If-None-Match: "other", ` + tag, 304, ""},
		{`If-None-Match: "other"`, 200, ""},
		{"Accept-Encoding: gzip, br", 200, "gzip"},
		{"Accept-Encoding: br;q=1, *", 200, "gzip"},
		{"Accept-Encoding: gzip;q=0", 200, ""},
		{"Accept-Encoding: identity", 200, ""},
	} {
		res := fetch(h, http.MethodGet, "/papers", c.header)
		if res.StatusCode != c.status || res.Header.Get("Content-Encoding") != c.encoding || res.Header.Get("ETag") != tag {
			t.Errorf("%s: status %d, encoding %q, tag %s", c.header, res.StatusCode, res.Header.Get("Content-Encoding"), res.Header.Get("ETag"))
		}
	}
	zr, err := gzip.NewReader(fetch(h, http.MethodGet, "/papers", "Accept-Encoding: gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(zr); err != nil || string(unpacked) != body {
		t.Errorf("the packed page is not the page: %v", err)
	}
	head := fetch(h, http.MethodHead, "/papers")
	if n, _ := io.Copy(io.Discard, head.Body); n != 0 || head.ContentLength != int64(len(body)) {
		t.Errorf("HEAD has %d bytes and says %d", n, head.ContentLength)
	}
}

func TestPagesAreKeptUntilSomethingChanges(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	reads := func(what string, want int64, path string) {
		t.Helper()
		if _, err := f.Version(t.Context()); err != nil { // so that it is not among what is read
			t.Fatal(err)
		}
		before := f.DB.Statements()
		fetch(h, http.MethodGet, path)
		if got := f.DB.Statements() - before; (got > 0) != (want > 0) {
			t.Errorf("%s: %d reads", what, got)
		}
	}
	reads("first", 1, "/papers/new")
	reads("second", 0, "/papers/new")
	reads("with a parameter that nobody knows", 0, "/papers/new?utm=x&fbclid=1")
	reads("with an empty parameter", 0, "/papers/new?after=")
	f.Write(t, catalogtest.Observed(story("2026-05-28", 60, 1)))
	reads("after a change", 1, "/papers/new")
	f.Later(59 * time.Second)
	reads("within the minute", 0, "/papers/new")
	f.Later(2 * time.Second)
	reads("after the minute", 1, "/papers/new")
	reads("an error", 1, "/papers/2401.01234")
	reads("the error again", 1, "/papers/2401.01234")
}

func TestHostileAddresses(t *testing.T) {
	h := open(t, newShelf())
	for _, path := range []string{
		"/papers/../../etc/passwd", "/papers/..%2f..%2fetc/passwd", "/papers/%2e%2e/x", "/papers/%00", "/%00/papers", "/papers/%ff%fe",
		"/papers/" + strings.Repeat("a", 5000), "/papers/" + strings.Repeat("a/", 1500), "/authors/%ff", "/authors/" + strings.Repeat("%C3%A9", 300),
		"/papers/date/2025-13-40", "/papers/date/x", "/papers/date/", "/papers/week/2026-W99", "/papers/month/2026-13", "/papers/new?after=%ff%00",
		"/papers?q=%zz", "/papers/trending?after=%27%3Bdrop", "/papers/2401.01234;x", "/papers/<script>", "/..%5c..%5cx/papers", "/papers/./x",
		"/nobody/papers", "/static/..%2fweb.go", "/sitemaps/..%2f..%2fx.xml", "/archive/99999999999999999999", "/papers/10.1/", "//evil.example/%2e%2e",
		"/evil.example//", "/\\evil.example/",
	} {
		res := fetch(h, http.MethodGet, path)
		if res.StatusCode/100 != 4 && res.StatusCode/100 != 3 {
			t.Errorf("GET %.60s: status %d", path, res.StatusCode)
		}
		if to := res.Header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\")) {
			t.Errorf("GET %.60s leads away, to %s", path, to)
		}
	}
	res := fetch(h, http.MethodPost, "/papers")
	if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: status %d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
}

func TestHostileTextIsEscaped(t *testing.T) {
	f := newShelf()
	const bad = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	e := story("2026-05-28", 88, 1000)
	p := &e.Paper
	p.Title, p.Abstract, p.Summary, p.Remarks, p.Keywords = bad, bad+strings.Repeat(" word", 400), bad, bad, []string{bad}
	p.Authors = []paper.Author{{Name: bad}}
	p.Organization = &paper.Organization{Name: `a"b<c`, FullName: bad}
	p.License, p.DOI, p.Categories = "javascript:alert(1)", bad, []string{bad}
	p.Links = []paper.Link{{Kind: paper.LinkCode, URL: "javascript:alert(1)"}, {Kind: paper.LinkProject, URL: `https://x.example/"onclick="alert(1)`}, {Kind: paper.LinkProject, URL: "//evil.example"}}
	e.Submission.By.Name = bad
	f.entries = append(f.entries, e)
	h := open(t, f)
	for _, path := range []string{"/papers", "/papers/new", "/papers/trending", urls.Paper(p.ID), "/papers?q=" + "%22%3E%3Cscript%3E", "/papers/%22%3E%3Cscript%3E"} {
		res := fetch(h, http.MethodGet, path)
		doc, err := html.Parse(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		for d := range doc.Descendants() {
			if d.Type != html.ElementNode { // a marked word may be "script"
				continue
			}
			if d.Data == "script" && attr(d, "src") == "" && attr(d, "type") != "application/ld+json" || d.Data == "img" && attr(d, "src") == "x" {
				t.Errorf("%s: a <%s> got in", path, d.Data)
			}
			for _, a := range d.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" && strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("%s: <%s %s=%s>", path, d.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestErrorsArePages(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	for path, want := range map[string]string{
		"/papers/date/2025-13-40": "use a form like 2026-05-27", "/nosuch": "There is no such page", "/papers/nonsense": "is not one", "/papers/2401.01234": "not here yet",
	} {
		res := fetch(h, http.MethodGet, path)
		doc, err := html.Parse(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if len(all(doc, "main")) != 1 || !strings.Contains(words(doc), want) || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s says %q", path, words(all(doc, "main")[0]))
		}
	}
	f.Break(t)
	res := fetch(h, http.MethodGet, "/papers")
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusInternalServerError || strings.Contains(string(body), "sql") || strings.Contains(string(body), "database is closed") || !strings.Contains(string(body), "</html>") {
		t.Errorf("status %d: %s", res.StatusCode, body)
	}
}

func TestPicturesComeFromMedia(t *testing.T) {
	f := newShelf()
	f.entries[0].Paper.Media = []string{"https://pictures.example/film.mp4", "https://pictures.example/a.png"}
	for mode, policy := range map[string]string{"link": "img-src 'self' https:;", "proxy": "img-src 'self';", "off": "img-src 'self';"} {
		h := openWith(t, f, Options{Media: pictures(mode)})
		res := fetch(h, http.MethodGet, urls.Paper(f.entries[0].Paper.ID))
		doc, err := html.Parse(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(with(doc, "img", "src", "/media/a.png")); (got == 1) != (mode != "off") {
			t.Errorf("%s: %d pictures", mode, got)
		}
		if !strings.Contains(res.Header.Get("Content-Security-Policy"), policy) {
			t.Errorf("%s: %s", mode, res.Header.Get("Content-Security-Policy"))
		}
		if got := fetch(h, http.MethodGet, "/media/a.png").StatusCode; got != http.StatusTeapot {
			t.Errorf("/media/ is answered with %d", got)
		}
	}
}

// pictures is a Media that knows one picture.
type pictures string

func (p pictures) Mode() string { return string(p) }
func (p pictures) URL(src string) string {
	if src == "https://pictures.example/a.png" {
		return "/media/a.png"
	}
	return ""
}
func (p pictures) ServeHTTP(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }

// The front page with its style sheet, script and icon stays small.
func TestFrontPageIsLight(t *testing.T) {
	f := newShelf()
	for i := range f.entries { // text that repeats itself packs too well to measure by
		f.entries[i].Paper.Abstract = varied(i, 1500)
	}
	h := open(t, f)
	_, body := get(t, h, "/papers", 200)
	total := 0
	for _, path := range append(regexp.MustCompile(`/static/[^"]+`).FindAllString(body, -1), "/papers") {
		n, err := io.Copy(io.Discard, fetch(h, http.MethodGet, path, "Accept-Encoding: gzip").Body)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", path, n)
		total += int(n)
	}
	if total > 60<<10 {
		t.Errorf("%d bytes over the wire, want at most 60 KB", total)
	}
}

// varied is text of about n bytes that does not repeat itself much.
func varied(seed, n int) string {
	syllables := strings.Fields("ba con de mo ra tion al ger it sed ver lo ne ing pre sub ter ma li qua ce for un per tor vi sta ble")
	var b strings.Builder
	x := uint32(seed*2654435761 + 1)
	for b.Len() < n {
		for range 1 + x>>28%4 {
			x = x*1664525 + 1013904223
			b.WriteString(syllables[x>>16%uint32(len(syllables))])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func BenchmarkFrontPageKept(b *testing.B) {
	h := open(b, newShelf())
	for b.Loop() {
		fetch(h, http.MethodGet, "/papers", "Accept-Encoding: gzip")
	}
}

func BenchmarkFrontPageMade(b *testing.B) {
	f := newShelf()
	h := open(b, f)
	for b.Loop() {
		f.Later(time.Hour) // until what was kept is too old
		fetch(h, http.MethodGet, "/papers")
	}
}

func BenchmarkPaperMade(b *testing.B) {
	f := newShelf()
	h := open(b, f)
	path := urls.Paper(story("2026-05-28", 1, 0).Paper.ID)
	for b.Loop() {
		f.Later(time.Hour) // until what was kept is too old
		fetch(h, http.MethodGet, path)
	}
}

func BenchmarkResults(b *testing.B) {
	h := open(b, newShelf())
	for b.Loop() {
		fetch(h, http.MethodGet, "/papers?q=small+models+cat:cs.CL+sort:new")
	}
}

// Pages are used again only when the site says that they have not changed; those of
// which there are any number are not cached here.
func TestHowPagesAreCached(t *testing.T) {
	h := open(t, newShelf())
	id := story("2026-05-28", 1, 0).Paper.ID
	for path, want := range map[string]string{
		"/papers": "no-cache", "/papers/date/2026-05-27": "no-cache", "/about": "no-cache", "/papers/trending": "no-cache", urls.Paper(id): "no-cache",
		"/papers?after=x":                          "private, no-cache",
		"/papers/date/2026-05-27?asked=2026-05-26": "private, no-cache",
		"/papers/date/2026-05-27?asked=nonsense":   "no-cache",
		"/papers/trending?vote=2":                  "private, no-cache",
		urls.Paper(id) + ".bib":                    "public, max-age=60", urls.Paper(id) + ".md": "public, max-age=60", "/sitemap.xml": "public, max-age=60", "/robots.txt": "public, max-age=60", "/llms.txt": "public, max-age=60",
	} {
		res, _ := get(t, h, path, 200)
		if got := res.Header.Get("Cache-Control"); got != want || res.Header.Get("ETag") == "" {
			t.Errorf("%s: %q, want %q; tag %s", path, got, want, res.Header.Get("ETag"))
		}
	}
}
