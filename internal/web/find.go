package web

import (
	"errors"
	"net/http"
	"strings"
	"unicode"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/urls"
)

// longestQuery is the most characters that the box takes.
const longestQuery = urls.LongestQuery

// noSearch is the page of a site without a search engine.
var noSearch = &pageError{
	status: http.StatusServiceUnavailable, title: "Search is switched off here",
	help: `Whoever runs this site can switch it on. Meanwhile the box leads to a paper by its arXiv id, its address or its DOI, ` +
		`and there are <a href="/papers">today’s papers</a>, <a href="/papers/trending">what is trending</a> and the <a href="/archive">archive</a>.`,
}

// searchable is what was typed, on one line and without what is no text.
func searchable(typed string) string { return paper.CleanLine(lines(typed)) }

// lines is what was typed, with its lines, which an entry of a bibliography has, and without
// what is no text.
func lines(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, typed)
}

// askPath is the address of the results of a query.
func askPath(q string) string { return urls.Search(q) }

// An asking makes the addresses of results that a page of results leads to: some says
// whether papers with some of the words are enough, as on the page itself.
type asking struct{ some bool }

func (a asking) path(q string) string {
	return urls.List{Kind: urls.KindSearch, Query: q, Some: a.some}.Path()
}

// typed is the address of the results of what was typed, however it is spelled.
func (a asking) typed(q string) string { return a.path(q) + "&typed=1" }

// find answers what was put into the box: with the paper that it names, else with
// what is found.
func (s *site) find(r *request, typed string) (*httpserver.Response, error) {
	typed = strings.TrimSpace(lines(typed))
	asked := firstRunes(typed, longestQuery)
	q := searchable(asked)
	ask := catalog.SearchRequest{Text: asked, Cursor: r.Get("after"), Facets: true, Why: true, Some: urls.ParseSome(r.Query)}
	f, err := s.Catalog.Search(r.Context(), ask)
	if errors.Is(err, catalog.ErrNoSearch) {
		return s.findByID(r, q)
	}
	if err != nil {
		return nil, err
	}
	if f.Paper != "" {
		return goTo(http.StatusSeeOther, urls.Paper(f.Paper))
	}
	instead := ""
	if (f.Total == 0 || f.Relaxed) && f.DidYouMean != "" && len(f.Candidates) == 0 && r.Get("typed") == "" {
		ask.Text, instead = f.DidYouMean, q
		hints := f.Hints
		if f, err = s.Catalog.Search(r.Context(), ask); err != nil {
			return nil, err
		}
		f.Hints = append(hints, f.Hints...)
		q = searchable(ask.Text)
	}
	if len(asked) < len(typed) {
		f.Hints = append(f.Hints, search.Hint{Text: "The box takes " + number(longestQuery) + " characters: what came after them was left out."})
	}
	id, err := paper.ParseID(q)
	if err == nil && len(f.Candidates) == 0 && (id.IsArXiv() || len(f.Hits) == 0) {
		return nil, missing(id, paper.ErrNotFound)
	}
	return s.results(r, q, instead, id, f)
}

// findByID leads to the paper that q names, where nothing else can be searched.
func (s *site) findByID(r *request, q string) (*httpserver.Response, error) {
	id, err := paper.ParseID(q)
	if err != nil {
		return nil, noSearch
	}
	if _, err := s.Catalog.Paper(r.Context(), id); err != nil {
		return nil, missing(id, err)
	}
	return goTo(http.StatusSeeOther, urls.Paper(id))
}

// firstRunes is the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// search is /search, an address that people expect: it leads to the results.
func (s *site) search(r *request) (*httpserver.Response, error) {
	return goTo(http.StatusFound, askPath(r.Get("q")))
}

// random is /search/random: it leads to the results of some query.
func (s *site) random(r *request) (*httpserver.Response, error) {
	q, err := s.Catalog.RandomQuery(r.Context())
	if err != nil {
		return nil, err
	}
	return goTo(http.StatusSeeOther, askPath(firstRunes(searchable(q), longestQuery)))
}
