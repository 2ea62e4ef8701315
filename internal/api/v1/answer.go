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

	"broadsheet/internal/httpserver"
)

const (
	methods = "GET, HEAD, OPTIONS" // what every address takes
	people  = "/developers/api"    // the page for people about the API
	maxAge  = 10 * time.Second     // how long others may keep one: papers come at any time
	exposed = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Error-Code, X-Error-Message, X-Request-Id"
)

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	open(w.Header())
	k, err := a.answer(r)
	if err != nil {
		k = httpserver.Uncached(a.explain(r.Context(), err).answer())
	}
	k.Write(w, r)
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
func (a *API) answer(r *http.Request) (*httpserver.CachedResponse, error) {
	path, err := target(r)
	if err != nil {
		return nil, err
	}
	op, fixed := a.operation(path), a.fixed(path)
	switch {
	case op == nil && fixed == nil:
		return nil, errNothing
	case r.Method == http.MethodOptions:
		return httpserver.Uncached(preflight()), nil
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return nil, httpserver.ErrMethod
	case fixed != nil:
		return httpserver.Uncached(fixed), nil
	}
	query, err := parseQuery(r.URL.RawQuery, &op.Operation)
	if err != nil {
		return nil, err
	}
	if op.negotiates && !query.Has("format") {
		negotiate(r, query)
	}
	return a.response(r, op, asked{base: a.base(r), path: path, query: query})
}

// operation is what answers at a path; nil when nothing does.
func (a *API) operation(path string) *operation {
	u, err := url.Parse(path)
	if err != nil {
		return nil
	}
	_, pattern := a.mux.Handler(&http.Request{Method: http.MethodGet, URL: u})
	return a.operations[pattern]
}

// fixed is what is said at the addresses that are no operations.
func (a *API) fixed(path string) *httpserver.Response {
	switch path {
	case "", "/docs":
		return &httpserver.Response{Status: http.StatusFound, Location: people}
	case "/openapi.json":
		return &httpserver.Response{Kind: "application/json", Body: a.spec, MaxAge: time.Minute}
	case "/openapi.yaml":
		return &httpserver.Response{Kind: "application/yaml", Body: a.specYAML, MaxAge: time.Minute}
	}
	return nil
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
	base   string     // scheme and host of this site
	path   string     // within the API, escaped
	query  url.Values // every parameter once
	failed *error     // what the operation fails with goes here
}

type askedKey struct{}

func askedIn(ctx context.Context) asked {
	q, _ := ctx.Value(askedKey{}).(asked)
	return q
}

// address is that of the request itself.
func (q asked) address() string {
	if len(q.query) == 0 {
		return prefix + q.path
	}
	return prefix + q.path + "?" + q.query.Encode()
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
	return fmt.Sprintf(`<%s%s%s?%s>; rel="next"`, q.base, prefix, q.path, values.Encode())
}

// response is the response of an operation. The feed day belongs to its key, as editions
// open and close without a change.
func (a *API) response(r *http.Request, op *operation, q asked) (*httpserver.CachedResponse, error) {
	render := func(ctx context.Context, _ httpserver.Viewer) (*httpserver.Response, error) { return a.ask(ctx, op, q) }
	viewer := httpserver.ViewerOf(r)
	if op.uncached {
		return a.Cache.Uncached(r.Context(), viewer, render)
	}
	key := strings.Join([]string{"v1", string(a.Clock.Day(a.Now())), q.base, q.address()}, " ")
	return a.Cache.Get(r.Context(), key, viewer, render)
}

// ask has the library answer a request.
func (a *API) ask(ctx context.Context, op *operation, q asked) (*httpserver.Response, error) {
	var failed error
	q.failed = &failed
	r, err := http.NewRequestWithContext(context.WithValue(ctx, askedKey{}, q), http.MethodGet, q.path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("v1: %s: %w", op.OperationID, err)
	}
	r.URL.RawQuery = q.query.Encode()
	rec := &recorder{header: http.Header{}}
	a.mux.ServeHTTP(rec, r)
	if failed != nil {
		return nil, failed
	}
	return rec.answer(op)
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

// answer is what was taken down. The library answers 422 to wrong parameters, which is
// meant for bodies; the problem inside already says 400. Errors are kept by nobody.
func (rec *recorder) answer(op *operation) (*httpserver.Response, error) {
	if rec.status == http.StatusUnprocessableEntity {
		rec.status = http.StatusBadRequest
	}
	if rec.status == 0 {
		return nil, errors.New("v1: " + op.OperationID + " has said nothing")
	}
	ans := &httpserver.Response{
		Status: rec.status, Kind: rec.header.Get("Content-Type"), Header: map[string]string{},
		Body: rec.body.Bytes(), MaxAge: maxAge, NoCache: op.noCache || rec.status != http.StatusOK,
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
