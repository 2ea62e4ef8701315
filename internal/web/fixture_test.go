package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalogtest"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// noon is the time of all tests: a Thursday, while the edition of 28 May is open.
var noon = time.Date(2026, 5, 28, 16, 0, 0, 0, time.UTC)

// An abstract of about 1,500 characters in words of our own.
var abstract = strings.TrimSpace(strings.Repeat("We look at how small models learn to read long notes, and find that order matters more than length. ", 15))

// story is a made-up paper of one day.
func story(day paper.Day, n, votes int) catalog.Entry {
	id := paper.ID(fmt.Sprintf("%s.%05d", strings.ReplaceAll(string(day[2:7]), "-", ""), 10000+100*day.Time().Day()+n))
	return catalog.Entry{
		Submission: &paper.Submission{Day: day, Position: n, By: &paper.Person{Name: "reader" + string(rune('a'+n%26))}},
		Paper: paper.Paper{
			ID: id, Title: fmt.Sprintf("Reading Long Notes with Small Models, Part %d of %s", n, day), Abstract: abstract,
			Authors:   []paper.Author{{Name: "Ada Example"}, {Name: "Erdős Pál"}, {Name: fmt.Sprintf("Writer Number%d", n)}},
			Published: paper.Date{Time: day.Add(-1).Time(), Precision: paper.PrecisionTime},
			Votes:     votes, Comments: n % 3, Stars: 10 * n, Keywords: []string{"reading", "notes"},
			Summary: "Order matters more than length.", Categories: []string{"cs.CL"},
			Links: []paper.Link{{Kind: paper.LinkCode, URL: "https://example.org/code", Grade: paper.GradeAuthors}, {Kind: paper.LinkProject, URL: "https://example.org/project", Grade: paper.GradeReader}},
		},
	}
}

// A shelf is the papers of a site and, once it is open, the site: the real catalog over
// them.
type shelf struct {
	*catalogtest.Site
	entries []catalog.Entry
}

// newShelf has editions on 22, 27 and 28 May 2026, the last one with 45 papers.
func newShelf() *shelf {
	f := &shelf{}
	for _, edition := range []struct {
		day paper.Day
		n   int
	}{{"2026-05-22", 3}, {"2026-05-27", 5}, {"2026-05-28", 45}} {
		for i := range edition.n {
			f.entries = append(f.entries, story(edition.day, i, 100-2*i))
		}
	}
	old := story("2026-05-22", 99, 1)
	old.Submission, old.Paper.ID, old.Paper.Title = nil, "hep-th/9901001", "Strings in $\\mathbb{R}^{3}$ of Erd\\H{o}s"
	old.Paper.Abstract = abstract[:len(abstract)/3] // it is another version of no other paper
	old.Paper.Published = paper.Date{Time: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), Precision: paper.PrecisionMonth}
	f.entries = append(f.entries, old)
	f.entries[0].Paper.Organization = &paper.Organization{Name: "open-lab", FullName: "The Open Lab"}
	return f
}

// fill makes the site, unless it is there.
func (f *shelf) fill(t testing.TB) {
	t.Helper()
	if f.Site != nil {
		return
	}
	f.Site = catalogtest.New(t, noon)
	var batch []paper.Observation
	for _, e := range f.entries {
		batch = append(batch, catalogtest.Observed(e))
	}
	f.Add(t, batch...)
	f.SetNow(noon)
}

// open is the site over f.
func open(t testing.TB, f *shelf) http.Handler {
	t.Helper()
	return openWith(t, f, Options{BaseURL: "https://papers.example"})
}

// openWith is the site over f with settings.
func openWith(t testing.TB, f *shelf, o Options) http.Handler {
	t.Helper()
	f.fill(t)
	o.Catalog, o.Clock, o.Now = f.Catalog, f.Clock, f.Now
	routes, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return httpserver.NewRouter(routes...)
}

// fetch asks for a path, with headers given as "Name: value".
func fetch(h http.Handler, method, path string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "http://papers.example/", nil)
	r.URL.RawPath = ""
	r.RequestURI = path
	if u, err := r.URL.Parse(path); err == nil {
		r.URL = u
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// get asks for a path and wants a status.
func get(t testing.TB, h http.Handler, path string, status int) (*http.Response, string) {
	t.Helper()
	res := fetch(h, http.MethodGet, path)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Fatalf("GET %s: status %d, want %d\n%.300s", path, res.StatusCode, status, body)
	}
	return res, string(body)
}

// load parses the page under path.
func load(t testing.TB, h http.Handler, path string) *html.Node {
	t.Helper()
	_, body := get(t, h, path, http.StatusOK)
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all are the elements of a name below n, in order.
func all(n *html.Node, name string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			out = append(out, d)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text below n, its space made plain.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// with are the elements of a name that have an attribute of a value.
func with(n *html.Node, name, key, value string) []*html.Node {
	var out []*html.Node
	for _, e := range all(n, name) {
		if attr(e, key) == value {
			out = append(out, e)
		}
	}
	return out
}
