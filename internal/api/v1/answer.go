package v1

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
)

const (
	methods = "GET, HEAD, OPTIONS" // what every address takes
	maxAge  = 10 * time.Second     // how long others may keep one: papers come at any time
	exposed = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Code, X-Error-Message, X-Request-Id"
)

// Routes are the addresses of the API.
func (a *API) Routes() []httpserver.Route {
	routes := []httpserver.Route{
		{Pattern: urls.V1, Handler: fixed(&httpserver.Response{Status: http.StatusFound, Location: urls.DevelopersAPI})},
		{Pattern: urls.V1Rest + "{$}", Handler: fixed(&httpserver.Response{Status: http.StatusFound, Location: urls.DevelopersAPI})},
		{Pattern: urls.V1Rest + "docs", Handler: fixed(&httpserver.Response{Status: http.StatusFound, Location: urls.DevelopersAPI})},
		{Pattern: urls.V1Rest + "openapi.json", Handler: fixed(&httpserver.Response{Kind: "application/json", Body: a.spec, MaxAge: time.Minute})},
		{Pattern: urls.V1Rest + "openapi.yaml", Handler: fixed(&httpserver.Response{Kind: "application/yaml", Body: a.specYAML, MaxAge: time.Minute})},
		{Pattern: urls.V1PaperRoute, Handler: a.handler(a.ofPaper)},
		{Pattern: urls.V1Rest, Handler: a.handler(a.ofRest)},
	}
	for _, op := range a.operations {
		if !strings.HasPrefix(op.Path, paperPath) {
			routes = append(routes, httpserver.Route{Pattern: urls.V1 + op.Path, Handler: a.handler(of(op))})
		}
	}
	return routes
}

// handler answers the requests whose operation find finds.
func (a *API) handler(find func(*http.Request) (target, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open(w.Header())
		k, err := a.answer(r, find)
		if err != nil {
			k = httpserver.Uncached(a.explain(r.Context(), err).answer())
		}
		k.Write(w, r)
	})
}

// fixed answers at the addresses that are no operations.
func fixed(ans *httpserver.Response) http.Handler {
	k := httpserver.Uncached(ans)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open(w.Header())
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			k.Write(w, r)
		case http.MethodOptions:
			httpserver.Uncached(preflight()).Write(w, r)
		default:
			httpserver.Uncached(errReadOnly.answer()).Write(w, r)
		}
	})
}

// open adds the headers that every response has, those that let scripts of other sites
// read it among them.
func open(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", exposed)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

// answer is what the API has to say to a request.
func (a *API) answer(r *http.Request, find func(*http.Request) (target, error)) (*httpserver.CachedResponse, error) {
	if err := readable(r); err != nil {
		return nil, err
	}
	t, err := find(r)
	if err != nil {
		return nil, err
	}
	r.Pattern = urls.V1 + t.op.Path // which metrics count by
	switch r.Method {
	case http.MethodOptions:
		return httpserver.Uncached(preflight()), nil
	case http.MethodGet, http.MethodHead:
	default:
		return nil, errReadOnly
	}
	query, err := t.op.parse(t.value, r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	if t.op.negotiates && !query.Has("format") {
		negotiate(r, query)
	}
	return a.response(r, asked{target: t, base: a.base(r), path: t.path(), query: query})
}

// preflight tells scripts of other sites that they may read.
func preflight() *httpserver.Response {
	return &httpserver.Response{Status: http.StatusNoContent, Header: map[string]string{
		"Allow":                        methods,
		"Access-Control-Allow-Methods": methods,
		"Access-Control-Allow-Headers": "*, Authorization", // the star does not stand for this one
		"Access-Control-Max-Age":       "86400",
	}}
}

// negotiate makes a wish for Markdown in the header one in the query.
func negotiate(r *http.Request, query url.Values) {
	if httpserver.Prefers(r.Header.Get("Accept"), []string{"text/markdown"}, []string{"application/json"}) {
		query.Set("format", "md")
	}
}

// asked is a request as operations see it.
type asked struct {
	target
	base   string     // scheme and host of this site
	path   string     // within the API, escaped
	query  url.Values // every parameter once
	failed *error     // what the operation fails with goes here

	// provisional is where an operation says that its response is, as httpserver.Response has it.
	provisional *func(context.Context) bool

	// found is where a search puts what it has found.
	found *catalog.SearchResult
}

type askedKey struct{}

func askedIn(ctx context.Context) asked {
	q, _ := ctx.Value(askedKey{}).(asked)
	return q
}

// address is that of the request itself.
func (q asked) address() string {
	if len(q.query) == 0 {
		return urls.V1 + q.path
	}
	return urls.V1 + q.path + "?" + q.query.Encode()
}

// next is the Link header that leads to the next page of a list; "" on the last.
func (q asked) next(cursor string) string {
	if cursor == "" {
		return ""
	}
	values := url.Values{}
	for name, v := range q.query {
		values[name] = v
	}
	values.Set("cursor", cursor)
	return fmt.Sprintf(`<%s%s%s?%s>; rel="next"`, q.base, urls.V1, q.path, values.Encode())
}

// response is the response of an operation. The feed day belongs to its key, as editions
// open and close without a change.
func (a *API) response(r *http.Request, q asked) (*httpserver.CachedResponse, error) {
	render := func(ctx context.Context, _ httpserver.Viewer) (*httpserver.Response, error) { return a.ask(ctx, q) }
	viewer := httpserver.ViewerOf(r)
	if q.op.uncached {
		return a.Cache.Uncached(r.Context(), viewer, render)
	}
	key := strings.Join([]string{"v1", string(a.Clock.Day(a.Now())), q.base, q.address()}, " ")
	return a.Cache.Get(r.Context(), key, viewer, render)
}

// ask has the library call an operation and write what it gives.
func (a *API) ask(ctx context.Context, q asked) (*httpserver.Response, error) {
	var failed error
	var provisional func(context.Context) bool
	q.failed, q.provisional, q.found = &failed, &provisional, new(catalog.SearchResult)
	r, err := http.NewRequestWithContext(context.WithValue(ctx, askedKey{}, q), http.MethodGet, q.path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("v1: %s: %w", q.op.OperationID, err)
	}
	r.URL.RawQuery = q.query.Encode()
	for _, name := range httpserver.Wildcards(q.op.Path) {
		r.SetPathValue(name, q.value)
	}
	rec := &recorder{header: http.Header{}}
	a.adapter[q.op.Path](humago.NewContext(&q.op.Operation, r, rec))
	if failed != nil {
		return nil, failed
	}
	ans, err := rec.answer(q.op)
	if err != nil {
		return nil, err
	}
	ans.Provisional = provisional
	if q.op.searches {
		ans.Rare, ans.Changed = !q.found.Kept, a.Catalog.Changed(q.found.Index)
	}
	return ans, nil
}

// A recorder takes down what the library writes.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (rec *recorder) Header() http.Header         { return rec.header }
func (rec *recorder) Write(b []byte) (int, error) { return rec.body.Write(b) }
func (rec *recorder) WriteHeader(status int)      { rec.status = status }

// answer is what was taken down.
func (rec *recorder) answer(op *operation) (*httpserver.Response, error) {
	if rec.status == 0 {
		return nil, errors.New("v1: " + op.OperationID + " has said nothing")
	}
	ans := &httpserver.Response{
		Status: rec.status, Kind: rec.header.Get("Content-Type"), Header: map[string]string{},
		Body: rec.body.Bytes(), MaxAge: maxAge, NoCache: op.noCache,
	}
	if link := rec.header.Get("Link"); link != "" {
		ans.Header["Link"] = link
	}
	if op.negotiates {
		ans.Header["Vary"] = "Accept"
	}
	if op.volatile != nil {
		ans.Volatile = string(op.volatile.Find(ans.Body))
	}
	return ans, nil
}
