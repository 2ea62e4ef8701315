// Package api is Broadsheet for programs: the JSON interface of the public Daily
// Papers site, so that the clients people have work here unchanged, and one of our
// own under /api/v1.
//
// Start with [New], which returns the handler of everything under /api/; the table
// routes lists every address. compat.go has the shapes of the Daily Papers API and
// item.go fills them; v1.go has our own; problem.go says what went wrong, in the
// form that each of the two promises.
//
// Callers mount the handler at "/api/" and set the header X-Request-Id before, which
// clients show with errors. Answers may be read by scripts of any site; nothing here
// looks at cookies or tokens, and nothing can be changed.
//
// The package leaves out pages (web) and what the answers are made of (catalog). It
// limits nobody: how many requests an address may send is decided before it.
package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// Catalog is what the API reads. Nothing found is paper.ErrNotFound, a question that
// makes no sense is a *paper.InvalidError, and catalog.ErrNoSearch says that nothing
// can be searched.
type Catalog interface {
	Search(ctx context.Context, q catalog.Question) (*catalog.Findings, error)
	Suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error)
	Paper(ctx context.Context, id paper.ID) (*catalog.Sheet, error)
}

// Options are the settings of the API.
type Options struct {
	Catalog Catalog
	BaseURL string       // scheme and host as clients see them; "" means those that they asked for
	Origin  string       // the site that the paths of avatars belong to; "" means https://huggingface.co
	Log     *slog.Logger // nil means silence
}

// api is what the handlers share.
type api struct {
	Options
}

// New returns the handler of everything under /api/.
func New(o Options) (http.Handler, error) {
	if o.Catalog == nil {
		return nil, errors.New("api: Options.Catalog is missing")
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	o.Origin = strings.TrimRight(cmp.Or(o.Origin, "https://huggingface.co"), "/")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{o}
	mux := http.NewServeMux()
	for _, rt := range routes {
		mux.Handle(rt.pattern, a.handler(rt))
	}
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(packFrom))
	if err != nil {
		return nil, fmt.Errorf("api: compression: %w", err)
	}
	return wrap(open(mux)), nil
}

// packFrom is the size in bytes from which answers are compressed.
const packFrom = 1000

// A route is an address and what answers it.
type route struct {
	pattern string
	failed  func(*failure) *answer // how errors are told here
	serve   func(*api, *http.Request) (*answer, error)
}

// routes lists every address. Those without serve say that there is nothing.
var routes = []route{
	{"/api/papers/search", compatError, (*api).searchPapers},
	{"/api/v1/suggest", problem, (*api).suggest},
	{"/api/v1", problem, nil},
	{"/api/v1/", problem, nil},
	{"/", compatError, nil},
}

// methods are what every address takes.
const methods = "GET, HEAD, OPTIONS"

// handler answers at one address, whatever comes.
func (a *api) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ans, err := a.answer(rt, r)
		if err != nil {
			ans = rt.failed(a.explain(r, err))
		}
		ans.write(w, r)
	})
}

// answer is what the route has to say to a request.
func (a *api) answer(rt route, r *http.Request) (*answer, error) {
	switch {
	case rt.serve == nil:
		return nil, &failure{status: http.StatusNotFound, msg: "There is nothing at this address."}
	case r.Method == http.MethodOptions:
		return &answer{status: http.StatusNoContent}, nil
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return nil, &failure{status: http.StatusMethodNotAllowed, msg: "This can only be read: use GET."}
	}
	return rt.serve(a, r)
}

// base is the scheme and host of this site for the absolute addresses of an answer.
func (a *api) base(r *http.Request) string {
	switch {
	case a.BaseURL != "":
		return a.BaseURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
