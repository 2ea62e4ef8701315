package v1

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// parts are what an address of a paper may end with.
var parts = map[string]bool{"similar": true, "links": true, "votes": true, "signals": true, "citation": true}

// target is the path within the API that a request means, escaped: with the
// identifier of a paper in its one form and in one segment. "" is the API itself.
func target(r *http.Request) (string, error) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), prefix)
	if !ok || path != "" && path[0] != '/' {
		return "", errNothing
	}
	plain, err := url.PathUnescape(path)
	if err != nil || !clean(plain) {
		return "", &Problem{Status: http.StatusBadRequest, Detail: "This address is not text: write it in UTF-8, with special characters as %XX."}
	}
	if path == "" || path == "/" {
		return "", nil
	}
	rest, ok := strings.CutPrefix(path, "/papers/")
	if !ok || rest == "bulk" {
		return path, unclear(path)
	}
	id, part, err := paperTarget(rest)
	if err != nil {
		return "", noPaper(plain[len("/papers/"):])
	}
	return "/papers/" + url.PathEscape(string(id)) + part, nil
}

// clean reports whether a text may be looked for: databases take no others.
func clean(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// unclear is an error where a segment of the path is empty or a dot: a mux would lead
// elsewhere, to what nobody has asked for.
func unclear(path string) error {
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if segment == "" || segment == "." || segment == ".." {
			return errNothing
		}
	}
	return nil
}

// paperTarget parts what follows /papers/ into an identifier and "/similar" or the
// like. An identifier with slashes in it may end alike: then it must be written as one
// segment, with %2F.
func paperTarget(rest string) (paper.ID, string, error) {
	if i := strings.LastIndexByte(rest, '/'); i > 0 && parts[rest[i+1:]] {
		if id, err := parseEscaped(rest[:i]); err == nil {
			return id, rest[i:], nil
		}
	}
	id, err := parseEscaped(rest)
	return id, "", err
}

func parseEscaped(s string) (paper.ID, error) {
	s, err := url.PathUnescape(s)
	if err != nil {
		return "", err
	}
	return paper.ParseID(s)
}

// base is the scheme and host of this site for the absolute addresses of an answer.
func (a *API) base(r *http.Request) string { return cmp.Or(a.BaseURL, httpserver.Origin(r)) }
