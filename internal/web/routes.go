package web

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/httpserver"
)

// A view answers one kind of address.
type view struct {
	pattern  string
	params   []string // the query parameters that it reads; all others are as if not there
	absolute absolute
	serve    func(*site, *request) (*httpserver.Response, error)
}

// absolute says where a response has addresses with scheme and host in it. Where the
// host is taken from the request, such responses are cached for each host apart, and
// only such: whoever sends invented hosts can crowd few pages out, and never put an
// address of theirs into what others get.
type absolute int

const (
	never      absolute = iota
	inListData          // in the data of a list, where pages have it
	inPaper             // in the data of a paper, and in its Markdown
	always
)

// views lists every page of the site.
var views = []view{
	{"/{$}", []string{"q", "date", "after"}, inListData, (*site).front},
	{"/papers", []string{"q", "date", "after"}, inListData, (*site).front},
	{"/papers/date/{period}", []string{"after", "asked"}, inListData, (*site).day},
	{"/papers/week", nil, never, (*site).thisWeek},
	{"/papers/week/{period}", []string{"after", "asked"}, inListData, (*site).week},
	{"/papers/month", nil, never, (*site).thisMonth},
	{"/papers/month/{period}", []string{"after", "asked"}, inListData, (*site).month},
	{"/papers/trending", []string{"vote", "comment", "star", "half", "after"}, inListData, (*site).trending},
	{"/papers/new", []string{"after"}, inListData, (*site).newest},
	{"/papers/{id...}", nil, inPaper, (*site).paper},
	{"/authors/{slug}", []string{"after"}, never, (*site).author},
	{"/search", []string{"q"}, never, (*site).search},
	{"/search/help", nil, never, (*site).searchHelp},
	{"/search/random", nil, never, (*site).random},
	{"/archive", nil, never, (*site).archive},
	{"/archive/{year}", nil, never, (*site).archive},
	{"/about", nil, never, (*site).about},
	{"/about/trending", nil, never, (*site).aboutTrending},
	{"/developers", nil, always, (*site).developers},
	{"/developers/api", nil, always, (*site).apiPage},
	{"/llms.txt", nil, always, (*site).llms},
	{"/robots.txt", nil, never, (*site).robots},
	{"/sitemap.xml", nil, never, (*site).sitemapIndex},
	{"/sitemaps/{file}", nil, never, (*site).sitemap},
	// An organization's address, /{org}/papers, would contradict /papers/{id...}
	// in a ServeMux, so it is what is left over.
	{"/", []string{"after"}, never, (*site).other},
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

// A request is all that a view knows of what was asked: it sees no header and no query
// parameter that it does not read, so that what it returns may be cached for others.
type request = httpserver.Request

// newRequest keeps of r what v reads.
func (s *site) newRequest(v view, r *http.Request) *request {
	req := &request{Path: r.URL.EscapedPath(), Query: v.asked(r.URL), Base: s.BaseURL}
	for _, name := range httpserver.Wildcards(v.pattern) {
		if req.Values == nil {
			req.Values = map[string]string{}
		}
		req.Values[name] = r.PathValue(name)
	}
	markdown := v.absolute == inPaper && wantsMarkdown(r)
	if markdown {
		req.Form = markdownForm
	}
	inData := v.absolute == inListData || v.absolute == inPaper
	if req.Base == "" && (v.absolute == always || markdown || inData && s.PageData != nil) {
		req.Base = httpserver.Origin(r)
	}
	return req
}

// asked is the parameters of an address that v reads; nil when there are none.
func (v view) asked(u *url.URL) url.Values {
	if u.RawQuery == "" || len(v.params) == 0 {
		return nil
	}
	all, kept := u.Query(), url.Values{}
	for _, p := range v.params {
		x := strings.TrimSpace(all.Get(p))
		if x != "" || p == "q" && all.Has(p) { // an empty box asks for the page to search from
			kept.Set(p, x)
		}
	}
	return kept
}
