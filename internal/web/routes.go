package web

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
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
	{urls.FrontPage, []string{"q", "some", "typed", "date", "after"}, inListData, (*site).front},
	{urls.Papers, []string{"q", "some", "typed", "date", "after"}, inListData, (*site).front},
	{urls.DayRoute, []string{"after", "asked"}, inListData, (*site).day},
	{urls.ThisWeek, nil, never, (*site).thisWeek},
	{urls.WeekRoute, []string{"after", "asked"}, inListData, (*site).week},
	{urls.ThisMonth, nil, never, (*site).thisMonth},
	{urls.MonthRoute, []string{"after", "asked"}, inListData, (*site).month},
	{urls.Trending, []string{"vote", "comment", "star", "half", "after"}, inListData, (*site).trending},
	{urls.Newest, []string{"after"}, inListData, (*site).newest},
	{urls.PaperRoute, nil, inPaper, (*site).paper},
	{urls.AuthorRoute, []string{"after"}, never, (*site).author},
	{urls.SearchForm, []string{"q"}, never, (*site).search},
	{urls.SearchHelp, nil, never, (*site).searchHelp},
	{urls.RandomSearch, nil, never, (*site).random},
	{urls.Archive, nil, never, (*site).archive},
	{urls.YearRoute, nil, never, (*site).archive},
	{urls.About, nil, never, (*site).about},
	{urls.AboutTrending, nil, never, (*site).aboutTrending},
	{urls.Developers, nil, always, (*site).developers},
	{urls.DevelopersAPI, nil, always, (*site).apiPage},
	{urls.LLMs, nil, always, (*site).llms},
	{urls.Robots, nil, never, (*site).robots},
	{urls.SitemapIndex, nil, never, (*site).sitemapIndex},
	{urls.SitemapRoute, nil, never, (*site).sitemap},
	// An organization's address, /{org}/papers, would contradict /papers/{id...}
	// in a ServeMux, so it is what is left over.
	{urls.Rest, []string{"after"}, never, (*site).other},
}

// routes are the addresses of the pages, and of what they are made of.
func (s *site) routes() []httpserver.Route {
	routes := []httpserver.Route{
		{Pattern: urls.AssetRoute, Handler: s.guard(s.assets)},
		{Pattern: urls.Icon, Handler: s.guard(http.RedirectHandler(s.assets.path("icon.svg"), http.StatusFound))},
	}
	if s.Media != nil {
		routes = append(routes, httpserver.Route{Pattern: urls.Pictures, Handler: s.guard(s.Media)})
	}
	for _, v := range views {
		routes = append(routes, httpserver.Route{Pattern: v.pattern, Handler: s.guard(s.page(v))})
	}
	return routes
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
