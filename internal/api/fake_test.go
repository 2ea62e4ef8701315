package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// shelf is a small Catalog: a text that is the id of one of its papers names it, and
// any other text finds all of them.
type shelf struct {
	entries []catalog.Entry
	fail    error // what every method but Version returns, if set
	version int64
	asked   []catalog.SearchRequest
	made    int // calls of Daily
}

func (s *shelf) Version(context.Context) (int64, error) { return s.version, nil }

func (s *shelf) Daily(_ context.Context, d catalog.Daily) ([]catalog.Entry, bool, error) {
	s.made++
	var all []catalog.Entry
	for _, e := range s.newest() {
		sub := e.Submission
		if sub == nil || d.Period != "" && !d.Period.Contains(sub.Day) || d.Submitter != "" && (sub.By == nil || sub.By.Name != d.Submitter) {
			continue
		}
		all = append(all, e)
	}
	if d.Trending {
		slices.SortStableFunc(all, func(x, y catalog.Entry) int { return y.Paper.Votes - x.Paper.Votes })
	}
	start := min(d.Page*d.Limit, len(all))
	end := min(start+d.Limit, len(all))
	return all[start:end], end < len(all), s.fail
}

// newest is all papers by publication.
func (s *shelf) newest() []catalog.Entry {
	all := slices.Clone(s.entries)
	slices.SortStableFunc(all, func(x, y catalog.Entry) int {
		return cmp.Or(y.Paper.Published.Time.Compare(x.Paper.Published.Time), cmp.Compare(y.Paper.ID, x.Paper.ID))
	})
	return all
}

// New has cursors that say how many papers came before.
func (s *shelf) New(_ context.Context, cursor string, limit int) (*catalog.List, error) {
	start, err := strconv.Atoi(cmp.Or(cursor, "0"))
	if err != nil || start < 0 {
		return nil, paper.Invalid("after", "no cursor")
	}
	all := s.newest()
	l := &catalog.List{Entries: all[min(start, len(all)):]}
	if len(l.Entries) > limit {
		l.Entries, l.More = l.Entries[:limit], strconv.Itoa(start+limit)
	}
	return l, s.fail
}

func (s *shelf) Papers(_ context.Context, ids []paper.ID) (all []catalog.Entry, err error) {
	for _, id := range ids {
		for _, e := range s.entries {
			if e.Paper.ID == id {
				all = append(all, e)
			}
		}
	}
	return all, s.fail
}

func (s *shelf) Known(ctx context.Context, id paper.ID) (bool, error) {
	all, err := s.Papers(ctx, []paper.ID{id})
	return len(all) > 0, err
}

func (s *shelf) Search(_ context.Context, q catalog.SearchRequest) (*catalog.SearchResult, error) {
	s.asked = append(s.asked, q)
	if s.fail != nil {
		return nil, s.fail
	}
	f := &catalog.SearchResult{Index: catalog.IndexState{Ready: true}}
	if q.Text == "2605.1" { // as an id that has lost its zeros
		f.Candidates = s.entries
		return f, nil
	}
	if q.Text == "2605.99999" { // known, and then gone
		f.Paper = "2605.99999"
		return f, nil
	}
	if id := paper.ID(q.Text); len(s.named(id)) > 0 {
		f.Paper = id
		return f, nil
	}
	for _, e := range s.entries[:min(len(s.entries), q.Limit)] {
		f.Hits = append(f.Hits, catalog.Hit{Entry: e, Title: marked(e.Paper.Title), Passage: marked(e.Paper.Abstract)})
	}
	return f, nil
}

func (s *shelf) named(id paper.ID) []catalog.Entry {
	all, _ := s.Papers(context.Background(), []paper.ID{id})
	return all
}

func (s *shelf) Name(_ context.Context, f *catalog.SearchResult) error {
	for _, e := range append(f.Candidates, s.named(f.Paper)...) {
		f.Hits = append(f.Hits, catalog.Hit{Entry: e, Title: marked(e.Paper.Title), Passage: marked(e.Paper.Abstract)})
	}
	return nil
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
	h, err := New(Options{Catalog: s, BaseURL: "https://papers.example/"})
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
