package api

import (
	"net/http"
	"net/url"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// suggestions answer GET /api/v1/suggest.
type suggestions struct {
	Suggestions []suggestion `json:"suggestions"`
}

// A suggestion completes what somebody is typing.
type suggestion struct {
	Kind string `json:"kind"`         // "term", "title", "author", "organization" or "category"
	Text string `json:"text"`         // as people read it
	ID   string `json:"id,omitempty"` // a paper's identifier, an author's slug, the name of an organization or category
	URL  string `json:"url"`          // the path on this site of what it leads to
}

// usualSuggestions and mostSuggestions are how many there are without a limit, and at most.
const usualSuggestions, mostSuggestions = 8, 20

// suggest answers GET /api/v1/suggest.
func (a *api) suggest(r *http.Request) (*answer, error) {
	q, limit, err := asked(r, usualSuggestions, mostSuggestions)
	if err != nil {
		return nil, err
	}
	all, err := a.Catalog.Suggest(r.Context(), q, limit)
	if err != nil {
		return nil, err
	}
	out := suggestions{make([]suggestion, len(all))}
	for i, s := range all {
		out.Suggestions[i] = suggestion{s.Kind, s.Text, s.ID, leadsTo(s)}
	}
	return found(out)
}

// leadsTo is the path of a suggestion's page: that of what it names, or a search.
func leadsTo(s search.Suggestion) string {
	switch {
	case s.ID == "":
		return searchPath(s.Text)
	case s.Kind == "title":
		return paper.ID(s.ID).Path()
	case s.Kind == "author":
		return "/authors/" + url.PathEscape(s.ID)
	case s.Kind == "organization":
		return "/" + url.PathEscape(s.ID) + "/papers"
	case s.Kind == "category":
		return searchPath("cat:" + s.ID)
	}
	return searchPath(s.Text)
}

func searchPath(q string) string { return "/papers?q=" + url.QueryEscape(q) }
