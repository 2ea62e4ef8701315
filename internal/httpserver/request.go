package httpserver

import (
	"context"
	"net/url"
	"strings"
)

// A Request is all that a response which others get, too, may depend on. No header can
// be reached through it, nor who asks: two requests with one key get one response.
type Request struct {
	Path   string            // of the address, escaped
	Values map[string]string // what the wildcards of the route's pattern stand for in Path
	Query  url.Values        // the parameters that the route reads, without surrounding space
	Base   string            // scheme and host for absolute addresses; "" where the response has none
	Form   string            // of the response, where the client may choose one; "" is the usual one

	ctx context.Context
}

// Key names the response to r among those of one front end.
func (r *Request) Key() string {
	key := r.Base + r.Path
	if r.Form != "" {
		key = r.Form + " " + key
	}
	if len(r.Query) == 0 {
		return key
	}
	return key + "?" + r.Query.Encode()
}

// Get is the query parameter name; "" where there is none.
func (r *Request) Get(name string) string { return r.Query.Get(name) }

// PathValue is what the wildcard name stands for.
func (r *Request) PathValue(name string) string { return r.Values[name] }

// Unescaped is the path as text.
func (r *Request) Unescaped() string {
	path, err := url.PathUnescape(r.Path)
	if err != nil {
		return r.Path
	}
	return path
}

// Context bounds the making of the response.
func (r *Request) Context() context.Context {
	if r.ctx == nil {
		return context.Background()
	}
	return r.ctx
}

// WithContext is r with another context.
func (r *Request) WithContext(ctx context.Context) *Request {
	other := *r
	other.ctx = ctx
	return &other
}

// Wildcards are the names of the wildcards in a pattern of [net/http.ServeMux].
func Wildcards(pattern string) []string {
	var names []string
	for segment := range strings.SplitSeq(pattern, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok && segment != "{$}" {
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, "}"), "..."))
		}
	}
	return names
}
