package web

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/httpserver"
)

// A view answers one kind of address.
type view struct {
	pattern string
	params  []string // the query parameters that it reads; all others are as if not there
	names   names
	serve   func(*site, *request) (*httpserver.Response, error)
}

// names says when an answer has addresses with scheme and host in it. Where these are
// taken from the request, such answers are kept for each host apart, and only such:
// whoever sends invented hosts can crowd few pages out, and never put an address of
// theirs into what others get.
type names int

const (
	namesNothing names = iota
	namesInData        // in the data of a list, where pages have it
	namesPaper         // the same, and when it is Markdown
	namesAlways
)

// views lists every page of the site.
var views = []view{
	{"/{$}", []string{"q", "date", "after"}, namesInData, (*site).front},
	{"/papers", []string{"q", "date", "after"}, namesInData, (*site).front},
	{"/papers/date/{period}", []string{"after", "asked"}, namesInData, (*site).day},
	{"/papers/week", nil, namesNothing, (*site).thisWeek},
	{"/papers/week/{period}", []string{"after", "asked"}, namesInData, (*site).week},
	{"/papers/month", nil, namesNothing, (*site).thisMonth},
	{"/papers/month/{period}", []string{"after", "asked"}, namesInData, (*site).month},
	{"/papers/trending", []string{"vote", "comment", "star", "half", "after"}, namesInData, (*site).trending},
	{"/papers/new", []string{"after"}, namesInData, (*site).newest},
	{"/papers/{id...}", nil, namesPaper, (*site).paper},
	{"/authors/{slug}", []string{"after"}, namesNothing, (*site).author},
	{"/search", []string{"q"}, namesNothing, (*site).search},
	{"/search/help", nil, namesNothing, (*site).searchHelp},
	{"/search/random", nil, namesNothing, (*site).random},
	{"/archive", nil, namesNothing, (*site).archive},
	{"/archive/{year}", nil, namesNothing, (*site).archive},
	{"/about", nil, namesNothing, (*site).about},
	{"/about/trending", nil, namesNothing, (*site).aboutTrending},
	{"/developers", nil, namesAlways, (*site).developers},
	{"/developers/api", nil, namesAlways, (*site).apiPage},
	{"/llms.txt", nil, namesAlways, (*site).llms},
	{"/robots.txt", nil, namesNothing, (*site).robots},
	{"/sitemap.xml", nil, namesNothing, (*site).sitemapIndex},
	{"/sitemaps/{file}", nil, namesNothing, (*site).sitemap},
	// An organization's address, /{org}/papers, would contradict /papers/{id...}
	// in a ServeMux, so it is what is left over.
	{"/", []string{"after"}, namesNothing, (*site).other},
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
	query    url.Values
	markdown bool   // the client would rather have Markdown than a page
	base     string // scheme and host for absolute addresses; "" where the answer needs none
	origin   string // base where the request named it, and "" where the settings did
}

// get is the query parameter name, without surrounding space.
func (r *request) get(name string) string { return strings.TrimSpace(r.query.Get(name)) }

// newRequest keeps of r what v asks for.
func (s *site) newRequest(v view, r *http.Request) *request {
	req := &request{Request: r, base: s.BaseURL, query: v.asked(r.URL)}
	req.markdown = v.names == namesPaper && wantsMarkdown(r)
	inData := v.names == namesInData || v.names == namesPaper
	absolute := v.names == namesAlways || req.markdown || inData && s.PageData != nil
	if absolute && s.BaseURL == "" {
		req.origin = httpserver.Origin(r)
		req.base = req.origin
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

// key names the answer: two requests with one key get the same answer. The cache
// serves other faces as well, whose keys begin otherwise.
func (r *request) key() string {
	key := "web "
	if r.markdown {
		key = "web md "
	}
	key += r.origin + r.URL.EscapedPath()
	if len(r.query) == 0 {
		return key
	}
	return key + "?" + r.query.Encode()
}
