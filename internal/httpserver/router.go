package httpserver

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strings"
)

// A Route is who answers at the addresses of a pattern.
type Route struct {
	Pattern string // of [http.ServeMux], without a method; metrics count requests by it
	Handler http.Handler
	Match   func(path string) bool // which of these addresses are meant; nil: those that no other route with this pattern matches
}

// A Router is one mux with the routes of all front ends. It leads nowhere else by
// itself: a path that is not clean goes, as it came, to the route of the longest pattern
// without a wildcard that it lies below, as an identifier may have two slashes in it.
type Router struct {
	mux      *http.ServeMux
	subtrees []Route // by pattern, the longest first
}

// NewRouter returns a router of these routes.
func NewRouter(routes ...Route) *Router {
	rt := &Router{mux: http.NewServeMux()}
	groups := map[string]group{}
	for _, r := range routes {
		groups[r.Pattern] = append(groups[r.Pattern], r)
	}
	for pattern, g := range groups {
		slices.SortStableFunc(g, func(a, b Route) int { return cmp.Compare(rankOf(a), rankOf(b)) })
		rt.mux.Handle(pattern, g)
		if strings.HasSuffix(pattern, "/") && !strings.Contains(pattern, "{") {
			rt.subtrees = append(rt.subtrees, Route{Pattern: pattern, Handler: g})
		}
	}
	slices.SortFunc(rt.subtrees, func(a, b Route) int { return cmp.Compare(len(b.Pattern), len(a.Pattern)) })
	for _, s := range rt.subtrees { // without its slash it is an address of the whole
		bare := strings.TrimSuffix(s.Pattern, "/")
		if rest := groups["/"]; bare != "" && groups[bare] == nil && rest != nil {
			rt.mux.Handle(bare, rest)
		}
	}
	return rt
}

// rankOf sorts what matches something before what takes the rest.
func rankOf(r Route) int {
	if r.Match != nil {
		return 0
	}
	return 1
}

func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !Clean(r.URL.EscapedPath()) {
		for _, s := range rt.subtrees {
			if strings.HasPrefix(r.URL.Path, s.Pattern) {
				r.Pattern = s.Pattern
				s.Handler.ServeHTTP(w, r)
				return
			}
		}
	}
	rt.mux.ServeHTTP(w, r)
}

// Clean reports whether a path has no empty segment, and none of dots that lead
// elsewhere.
func Clean(p string) bool {
	if !strings.Contains(p, "//") && !strings.Contains(p, "/.") {
		return true
	}
	clean := path.Clean(p)
	return p == clean || p == clean+"/"
}

// A group is the routes with one pattern.
type group []Route

func (g group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, route := range g {
		if route.Match == nil || route.Match(r.URL.Path) {
			route.Handler.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}
