// Package api is the JSON interface of the public Daily Papers site, so that the
// clients people have work here unchanged: lists of editions, search, single papers.
//
// Start with [New], which returns the routes of everything under /api/ except
// /api/v1; routes.go lists every address. daily.go, papers.go and search.go answer,
// shape.go has the shapes of the answers and item.go fills them, problem.go says what
// went wrong in the form its clients read. [Writer.PageData] is the same for the pages
// that scrapers read.
//
// Callers put the routes into a [httpserver.Router] and set the header X-Request-Id before, which
// clients show with errors. Answers may be read by scripts of any site; nothing here
// looks at cookies or tokens (clients send those of the public site along), and
// nothing can be changed.
//
// What clients rely on, and what is therefore kept with care: the order of keys;
// optional keys that are left out, never null; counts that are always there; times
// with three digits behind the second and a Z; absolute addresses.
//
// The package leaves out pages (web), our own interface (v1) and what the answers are
// made of (catalog). It limits nobody: how many requests an address may send is
// decided before it.
package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// Options are the settings of the API.
type Options struct {
	Catalog  *catalog.Catalog
	Cache    *httpserver.Cache // of answers; nil means one of its own
	BaseURL  string            // scheme and host as clients see them; "" means those that they asked for
	Origin   string            // the site that the paths of avatars belong to; "" means https://huggingface.co
	SiteName string            // who brought a paper here where no person did; "" means Broadsheet
	Log      *slog.Logger      // nil means silence
	Now      func() time.Time  // nil means time.Now
}

// api is the handler and what its answers share.
type api struct {
	Options
	writer *Writer
}

// New returns the routes of everything under /api/ but /api/v1.
func New(o Options) ([]httpserver.Route, error) {
	if o.Catalog == nil {
		return nil, errors.New("api: Options.Catalog is missing")
	}
	httpserver.Complete(&o.SiteName, &o.BaseURL, &o.Now, &o.Log)
	if o.Cache == nil {
		o.Cache = httpserver.NewCache(httpserver.CacheOptions{Version: o.Catalog.Version, Now: o.Now, Log: o.Log})
	}
	return (&api{o, NewWriter(o)}).routes(), nil
}

// handler answers the requests that find finds an asker for, by their paths.
func (a *api) handler(find func(path string) (asker, paper.ID)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open(w.Header(), r)
		k, err := a.answer(r, find)
		if err != nil {
			k = httpserver.Uncached(compatError(a.explain(r, err)))
		}
		k.Write(w, r)
	})
}

// answer is what there is to say to a request.
func (a *api) answer(r *http.Request, find func(path string) (asker, paper.ID)) (*httpserver.CachedResponse, error) {
	ask, id := find(r.URL.Path)
	switch {
	case ask == nil:
		return nil, nothing(r.URL.Path)
	case r.Method == http.MethodOptions:
		return httpserver.Uncached(&httpserver.Response{Status: http.StatusNoContent, Header: map[string]string{"Allow": methods}}), nil
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return nil, httpserver.ErrMethod
	}
	p, err := parseParams(r)
	if err != nil {
		return nil, err
	}
	q, err := ask(a, request{params: p, id: id, base: a.base(r)})
	if err != nil {
		return nil, err
	}
	return a.response(r, q)
}

// response is the response to a question.
func (a *api) response(r *http.Request, q question) (*httpserver.CachedResponse, error) {
	render := func(ctx context.Context, _ httpserver.Viewer) (*httpserver.Response, error) {
		ans, err := q.answer(ctx)
		if err != nil {
			return nil, err
		}
		ans.Kind, ans.MaxAge = cmp.Or(ans.Kind, jsonKind), maxAge
		return ans, nil
	}
	viewer := httpserver.ViewerOf(r)
	if q.key == "" {
		return a.Cache.Uncached(r.Context(), viewer, render)
	}
	return a.Cache.Get(r.Context(), "api "+a.base(r)+" "+q.key, viewer, render)
}

// base is the scheme and host of this site for the absolute addresses of an answer.
func (a *api) base(r *http.Request) string { return cmp.Or(a.BaseURL, httpserver.Origin(r)) }
