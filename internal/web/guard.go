package web

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/internal/httpserver"
	"broadsheet/internal/urls"
)

// guard stands before every page: it sets the headers that every answer has and
// turns away what no page could answer.
func (s *site) guard(next http.Handler) http.Handler {
	policy := s.policy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if err := acceptable(r); err != nil {
			if errors.Is(err, httpserver.ErrMethod) {
				h.Set("Allow", "GET, HEAD")
			}
			s.failed(r, "", err).Write(w, r)
			return
		}
		if asked := r.URL.EscapedPath(); !httpserver.Clean(asked) {
			http.Redirect(w, r, (&url.URL{Path: path.Clean(r.URL.Path), RawQuery: r.URL.RawQuery}).String(), http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// policy is the Content-Security-Policy: nothing but what comes from here.
func (s *site) policy() string {
	img := "img-src 'self'"
	if s.Media != nil && s.Media.Mode() == "link" {
		img += " https:"
	}
	return "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; " + img +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// acceptable says what is wrong with a request that no page can answer.
func acceptable(r *http.Request) error {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return httpserver.ErrMethod
	case len(r.URL.Path)+len(r.URL.RawQuery) > urls.LongestAddress:
		return httpserver.ErrTooLong
	case !readable(r.URL.Path):
		return &pageError{status: http.StatusBadRequest, title: "That address does not make sense", help: nowhere}
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		return &pageError{status: http.StatusBadRequest, title: "That address does not make sense", help: "What stands after the question mark is damaged."}
	}
	return nil
}

// readable reports whether a path is text and has no way up in it.
func readable(path string) bool {
	if !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return false
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == ".." || part == "." {
			return false
		}
	}
	return true
}
