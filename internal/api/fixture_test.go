package api

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalogtest"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// A shelf is the papers of a site and, once something is asked, the site: the real catalog
// over them.
type shelf struct {
	*catalogtest.Site
	entries []catalog.Entry
}

// noon is the time of all tests.
var noon = time.Date(2026, 6, 10, 16, 0, 0, 0, time.UTC)

// fill makes the site, unless it is there.
func (s *shelf) fill(t testing.TB) {
	t.Helper()
	if s.Site != nil {
		return
	}
	s.Site = catalogtest.New(t, noon)
	var batch []paper.Observation
	for _, e := range s.entries {
		batch = append(batch, catalogtest.Observed(e))
	}
	s.Add(t, batch...)
	s.SetNow(noon)
}

// newest is all papers by publication.
func (s *shelf) newest() []catalog.Entry {
	all := slices.Clone(s.entries)
	slices.SortStableFunc(all, func(x, y catalog.Entry) int {
		return cmp.Or(y.Paper.Published.Time.Compare(x.Paper.Published.Time), cmp.Compare(y.Paper.ID, x.Paper.ID))
	})
	return all
}

// votes are those of a paper.
func (s *shelf) votes(id string) int {
	i := slices.IndexFunc(s.entries, func(e catalog.Entry) bool { return string(e.Paper.ID) == id })
	return s.entries[i].Paper.Votes
}

// marked is a text with its first word marked.
func marked(text string) []search.Fragment {
	if text == "" {
		return nil
	}
	word, rest, _ := strings.Cut(text, " ")
	return []search.Fragment{{Text: word, Marked: true}, {Text: " " + rest}}
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// full is an entry with everything that an item can have.
func full() catalog.Entry {
	ada := paper.Person{Key: "65454d7c117ecae648892170", Name: "ada", FullName: "Ada Example", Avatar: "/avatars/ada.svg", Type: "user", Pro: true}
	cy := paper.Person{Key: "683f717733a4cbbecbdd6cfa", Name: "cy", Avatar: "https://media.example/cy.png",
		Pro: true, Staff: true, Admin: true, Moderator: true, Followers: 7}
	return catalog.Entry{
		Paper: paper.Paper{
			ID: "2605.12345", Title: `Kites that Fly by <Night> & $\alpha$`,
			Abstract: "We let kites fly in the dark. They come back.",
			Authors: []paper.Author{
				{Name: "Ada Example", Key: "6a18fc4056b4bb14ec65cecd", Status: "claimed_verified", StatusAt: at("2026-05-27T09:00:00.5Z"), Person: &ada},
				{Name: "Zoë Example", Hidden: true},
			},
			Organization: &paper.Organization{Key: "6877c8adc38b08df75abb42c", Name: "kite-lab", FullName: "The Kite Lab", Avatar: "https://media.example/lab.png"},
			Categories:   []string{"cs.RO"},
			Published:    paper.Date{Time: at("2026-05-26T17:08:18Z"), Precision: paper.PrecisionTime},
			Withdrawn:    at("2026-06-01T00:00:01Z"),
			Summary:      "Kites find home at night.", SummaryModel: "some/model", Keywords: []string{"kites", "night"},
			Links: []paper.Link{
				{Kind: paper.LinkCode, URL: "https://github.com/other/tool", Grade: paper.GradeAuthors},
				{Kind: paper.LinkCode, URL: "https://github.com/ada/kites", Grade: paper.GradeReader},
				{Kind: paper.LinkProject, URL: "https://kites.example/", Grade: paper.GradeListed},
			},
			Media:     []string{"https://media.example/1.mp4"},
			Thumbnail: "https://media.example/2605.12345.png",
			Votes:     12, Comments: 3, Stars: 99, DiscussionID: "6a18fc4056b4bb14ec65cecf", AuthorActive: true,
		},
		Submission: &paper.Submission{Day: "2026-05-27", At: at("2026-05-27T01:04:48.148Z"), By: &cy},
	}
}

// bare is an entry of which next to nothing is known: it was in no edition.
func bare() catalog.Entry {
	return catalog.Entry{Paper: paper.Paper{ID: "hep-th/9901001", Title: "Kites on a Brane",
		Authors:   []paper.Author{{Name: "Bo Example"}, {Name: "Bo Example"}},
		Published: paper.Date{Time: at("1999-01-01T00:00:00Z"), Precision: paper.PrecisionMonth}}}
}

// long is a shelf of n papers, seven a day from Wednesday, 27 May 2026, on; every
// third one is of the submitter "cy", and all have other counts of votes.
func long(n int) *shelf {
	s := &shelf{}
	for i := range n {
		day := paper.Day("2026-05-27").Add(i / 7)
		e := catalog.Entry{
			Paper: paper.Paper{
				ID: paper.ID(fmt.Sprintf("2605.%05d", i)), Title: fmt.Sprintf("Kite %d", i), Votes: i * 7919 % 1009,
				Published: paper.Date{Time: day.Time().Add(-time.Duration(i%5) * time.Hour), Precision: paper.PrecisionTime},
			},
			Submission: &paper.Submission{Day: day, By: &paper.Person{Name: "bo"}},
		}
		if i%3 == 0 {
			e.Submission.By.Name = "cy"
		}
		s.entries = append(s.entries, e)
	}
	return s
}

func newShelf() *shelf { return &shelf{entries: []catalog.Entry{full(), bare()}} }

func newHandler(t testing.TB, s *shelf) http.Handler {
	t.Helper()
	s.fill(t)
	h, err := New(Options{Catalog: s.Catalog, Now: s.Now, BaseURL: "https://papers.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return httpserver.NewRouter(h...)
}

// ask sends a request, with header given as names and values in turn.
func ask(t testing.TB, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "/", nil)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(target, "?")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}
