package v1

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// A target is the operation that a request means, and what the wildcard of its address
// stands for.
type target struct {
	op    *operation
	value string // "" where the address has no wildcard
}

// path is the one form of the address within the API, escaped: an identifier stands in
// one segment.
func (t target) path() string {
	before, rest, found := strings.Cut(t.op.Path, "{")
	if !found {
		return before
	}
	_, after, _ := strings.Cut(rest, "}")
	return before + url.PathEscape(t.value) + after
}

// of is the finder of an operation whose address the mux has found.
func of(op *operation) func(*http.Request) (target, error) {
	return func(r *http.Request) (target, error) {
		t := target{op: op}
		for _, name := range httpserver.Wildcards(op.Path) {
			t.value = r.PathValue(name)
		}
		return t, nil
	}
}

// ofPaper finds the operation about a paper: what stands behind its identifier tells
// which. An identifier may have slashes in it, even two at once.
func (a *API) ofPaper(r *http.Request) (target, error) {
	rest := strings.TrimPrefix(r.URL.EscapedPath(), papersPrefix)
	id, ending, err := urls.ParsePaper(rest, a.paperEndings...)
	if err != nil {
		return target{}, noPaper(strings.TrimPrefix(r.URL.Path, papersPrefix))
	}
	return target{a.byPaper[ending], string(id)}, nil
}

const papersPrefix = urls.V1 + "/papers/"

// ofRest finds what the mux has not: a paper whose identifier the mux would change, else
// nothing.
func (a *API) ofRest(r *http.Request) (target, error) {
	if strings.HasPrefix(r.URL.EscapedPath(), papersPrefix) {
		return a.ofPaper(r)
	}
	return target{}, errNothing
}

// readable is an error where the path of a request is no text that can be looked for.
func readable(r *http.Request) error {
	plain, err := url.PathUnescape(r.URL.EscapedPath())
	if err != nil || !paper.IsText(plain) {
		return &Problem{Status: http.StatusBadRequest, Detail: "This address is not text: write it in UTF-8, with special characters as %XX."}
	}
	return nil
}

// base is the scheme and host of this site for the absolute addresses of a response.
func (a *API) base(r *http.Request) string { return cmp.Or(a.BaseURL, httpserver.Origin(r)) }
