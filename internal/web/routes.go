package web

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/reply"
)

// A view answers one kind of address.
type view struct {
	pattern string
	params  []string // the query parameters that it reads; all others are as if not there
	serve   func(*site, *request) (*reply.Answer, error)
}

// views lists every page of the site.
var views = []view{
	{"/{$}", []string{"q", "date", "after"}, (*site).front},
	{"/papers", []string{"q", "date", "after"}, (*site).front},
	{"/papers/date/{period}", []string{"after", "asked"}, (*site).day},
	{"/papers/week", nil, (*site).thisWeek},
	{"/papers/week/{period}", []string{"after", "asked"}, (*site).week},
	{"/papers/month", nil, (*site).thisMonth},
	{"/papers/month/{period}", []string{"after", "asked"}, (*site).month},
	{"/papers/trending", []string{"vote", "comment", "star", "half", "after"}, (*site).trending},
	{"/papers/new", []string{"after"}, (*site).newest},
	{"/papers/{id...}", nil, (*site).paper},
	{"/authors/{slug}", []string{"after"}, (*site).author},
	{"/search", []string{"q"}, (*site).search},
	{"/search/help", nil, (*site).searchHelp},
	{"/search/random", nil, (*site).random},
	{"/archive", nil, (*site).archive},
	{"/archive/{year}", nil, (*site).archive},
	{"/about", nil, (*site).about},
	{"/about/trending", nil, (*site).aboutTrending},
	{"/robots.txt", nil, (*site).robots},
	{"/sitemap.xml", nil, (*site).sitemapIndex},
	{"/sitemaps/{file}", nil, (*site).sitemap},
	// An organization's address, /{org}/papers, would contradict /papers/{id...}
	// in a ServeMux, so it is what is left over.
	{"/", []string{"after"}, (*site).other},
}

// mount puts every address into the mux.
func (s *site) mount() {
	for _, v := range views {
		s.mux.Handle(v.pattern, s.page(v))
	}
	s.mux.Handle("/static/{file}", s.assets)
	s.mux.Handle("/favicon.ico", http.RedirectHandler(s.assets.path("icon.svg"), http.StatusFound))
	if s.Media != nil {
		s.mux.Handle("/media/", s.Media)
	}
}

// request is what a view knows about the request it answers. It has no header and
// no query parameter that the view did not ask for: what a view returns depends on
// the key alone, so that it may be kept for others.
type request struct {
	*http.Request
	query url.Values
}

// get is the query parameter name, without surrounding space.
func (r *request) get(name string) string { return strings.TrimSpace(r.query.Get(name)) }

// newRequest keeps the parameters of v.
func newRequest(v view, r *http.Request) *request {
	if r.URL.RawQuery == "" || len(v.params) == 0 {
		return &request{Request: r}
	}
	all, kept := r.URL.Query(), url.Values{}
	for _, p := range v.params {
		x := strings.TrimSpace(all.Get(p))
		if x != "" || p == "q" && all.Has(p) { // an empty box asks for the page to search from
			kept.Set(p, x)
		}
	}
	return &request{Request: r, query: kept}
}

// key names the answer: two requests with one key get the same page.
func (r *request) key() string {
	if len(r.query) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + r.query.Encode()
}
