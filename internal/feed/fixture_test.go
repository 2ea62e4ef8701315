package feed

import (
	"broadsheet/internal/catalogtest"
	"broadsheet/internal/papertest"

	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// noon is the time of all tests: a Friday, while the edition of 29 May is open and that
// of 28 May, which has no papers, is over.
var noon = time.Date(2026, 5, 29, 16, 0, 0, 0, time.UTC)

const site = "https://papers.example"

// A shelf is a site's feeds over the real catalog.
type shelf struct {
	*Handler
	*httpserver.Router
	on *catalogtest.Site
}

// newShelf returns the feeds of a site with these papers.
func newShelf(t testing.TB, batch ...paper.Observation) *shelf {
	t.Helper()
	s := &shelf{on: catalogtest.New(t, noon, batch...)}
	s.on.SetNow(noon)
	var err error
	s.Handler, err = New(Options{Catalog: s.on.Catalog, Clock: s.on.Clock, Now: s.on.Now, BaseURL: site, SiteName: "Morning & Papers"})
	if err != nil {
		t.Fatal(err)
	}
	s.Router = httpserver.NewRouter(s.Routes()...)
	return s
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.Router.ServeHTTP(w, r) }

// story is a made-up paper of one day.
func story(day paper.Day, n, votes int) paper.Observation {
	at := papertest.Clock().OpensAt(day).Add(time.Duration(n+1) * time.Hour)
	return paper.Observation{
		Source: paper.SourceHub, At: at,
		Paper: paper.Paper{
			ID:       paper.ID(fmt.Sprintf("2605.%05d", 100*day.Time().Day()+n)),
			Title:    fmt.Sprintf("Reading Maps at Night, Part %d of %s", n, day),
			Abstract: fmt.Sprintf("We walk %d miles with $O(n^{2})$ maps & a lamp, and write down what <b>we</b> found.", n),
			Authors:  []paper.Author{{Name: "Ada Lovelace"}, {Name: `Paul Erd\H{o}s`}, {Name: "Nobody Sees", Hidden: true}},
			Organization: &paper.Organization{
				Name: "acme", FullName: "Acme Research",
			},
			Keywords:  []string{"maps", "night"},
			Published: paper.Date{Time: day.Add(-1).Time(), Precision: paper.PrecisionDay},
			Links: []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/acme/maps", Grade: paper.GradeReader},
				{Kind: paper.LinkProject, URL: "javascript:alert(1)", Grade: paper.GradeReader}},
		},
		Submission: &paper.Submission{Day: day, At: at, Position: n, By: &paper.Person{Name: "ann"}},
		Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: votes}},
	}
}

// odd are papers that forms may stumble over: nothing known but an identifier, text
// that is markup or a formula of a spreadsheet, characters that XML has not, the same
// key as another paper's.
func odd() []paper.Observation {
	bad := story("2026-05-27", 7, 3)
	bad.Paper.Title = "=HYPERLINK(\"http://evil.example\")\x01\x0b]]> <i>\ufffe</i> & \\LaTeX; a, b \U0001F5FA\r\nBEGIN:VEVENT"
	bad.Paper.Abstract = "# A \x00 heading\n\n- that is [none](http://evil.example) ]]> *really*\ud7ff"
	bad.Paper.Keywords = []string{"a\tb", "", "<k>"}
	bad.Paper.Links = append(bad.Paper.Links, paper.Link{Kind: paper.LinkCode, URL: `https://example.org/"><script>?a=<b>&c=ü d`, Grade: paper.GradeAuto})
	bad.Submission.At = time.Time{} // only the day is known
	twin := story("2026-05-27", 8, 2)
	twin.Paper.Title = "Reading Minds"
	doi := paper.Observation{Source: paper.SourceHub, At: noon, Paper: paper.Paper{ID: "10.1145/3292500(a)"},
		Submission: &paper.Submission{Day: "2026-05-27", Position: 9}}
	old := paper.Observation{Source: paper.SourceArXiv, Paper: paper.Paper{ID: "hep-th/9901001", Title: "Strings in $\\mathbb{R}^{3}$ on maps",
		Abstract: "They are long.", Authors: []paper.Author{{Name: "Ada Lovelace"}}, Published: paper.ID("hep-th/9901001").Month()}}
	filed := paper.Observation{Source: paper.SourceArXiv, Paper: paper.Paper{ID: "2605.02602", Title: "Reading Maps at Night, Part 2 of 2026-05-26",
		Abstract: "We walk 2 miles with $O(n^{2})$ maps & a lamp, and write down what <b>we</b> found.",
		Authors:  []paper.Author{{Name: "Ada Lovelace"}, {Name: `Paul Erd\H{o}s`}}, Categories: []string{"cs.CL", "cs.AI"}}}
	return []paper.Observation{bad, twin, doi, old, filed}
}

// filled returns feeds of a site with editions on 25, 26, 27 (closed) and 29 May (open);
// one paper of the 26th stands in that of the 27th, too.
func filled(t testing.TB) *shelf {
	t.Helper()
	var batch []paper.Observation
	for _, day := range []paper.Day{"2026-05-25", "2026-05-26", "2026-05-27", "2026-05-29"} {
		for i := range 5 {
			batch = append(batch, story(day, i, (i*7)%5*10))
		}
	}
	again := story("2026-05-26", 1, 20)
	again.Submission.Day, again.At, again.Submission.At = "2026-05-27", noon, noon.AddDate(0, 0, -2)
	return newShelf(t, append(append(batch, odd()...), again)...)
}

// fetch asks for a path, with headers given as "Name: value".
func fetch(h http.Handler, method, path string, headers ...string) *http.Response {
	u, err := url.ParseRequestURI(path)
	if err != nil {
		u = &url.URL{Path: path}
	}
	r := httptest.NewRequest(method, "http://papers.example/", nil)
	r.URL = u
	for _, one := range headers {
		name, value, _ := strings.Cut(one, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// get asks for a path and wants a status.
func get(t testing.TB, h http.Handler, path string, status int) string {
	t.Helper()
	res := fetch(h, http.MethodGet, path)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Fatalf("GET %s: status %d, want %d\n%.300s", path, res.StatusCode, status, body)
	}
	return string(body)
}
