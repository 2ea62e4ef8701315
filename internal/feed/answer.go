package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// maxAddress is the longest address that is looked at, in bytes.
const maxAddress = 8000

// ServeHTTP answers a request for a list in some form.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Access-Control-Allow-Origin", "*") // readers that run in a browser
	head.Set("Access-Control-Expose-Headers", "ETag, Last-Modified")
	k, err := h.answer(r)
	if err != nil {
		k = h.failed(head, r, err)
	}
	k.Write(w, r)
}

// answer is the kept answer to a request, or a new one.
func (h *Handler) answer(r *http.Request) (*httpserver.CachedResponse, error) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return nil, errMethod
	case len(r.URL.Path)+len(r.URL.RawQuery) > maxAddress:
		return nil, errTooLong
	case r.URL.Path == opmlPath:
		return h.kept(r, opmlPath, func(context.Context) (*httpserver.Response, error) { return h.opml(h.base(r)) })
	}
	t, err := targetOf(r)
	if err != nil {
		return nil, err
	}
	return h.kept(r, t.key(), func(ctx context.Context) (*httpserver.Response, error) { return h.written(ctx, t, h.base(r)) })
}

// kept is the answer under a key. Its date is when it was first seen to be so.
func (h *Handler) kept(r *http.Request, key string, build httpserver.RenderFunc) (*httpserver.CachedResponse, error) {
	version, err := h.Catalog.Version(r.Context())
	if err != nil {
		return nil, fmt.Errorf("feed: version: %w", err)
	}
	key = "feed " + h.base(r) + key
	return h.Cache.Get(r.Context(), key, version, h.Now(), func(ctx context.Context) (*httpserver.Response, error) {
		a, err := build(ctx)
		if err != nil {
			return nil, err
		}
		a.Modified = h.changes.since(key, httpserver.Tag(a.Body), h.Now())
		return a, nil
	})
}

// written is a list in its form.
func (h *Handler) written(ctx context.Context, t target, base string) (*httpserver.Response, error) {
	if t.ref.Kind == catalog.KindArchive && !t.form.archives {
		return nil, errNoArchive
	}
	p, err := h.page(ctx, t, base)
	if err != nil {
		return nil, err
	}
	body, err := t.form.write(p)
	if err != nil {
		return nil, fmt.Errorf("feed: %s: %w", t.key(), err)
	}
	// The index may be younger than the catalogue's version, so what was searched is
	// made anew for everyone.
	a := &httpserver.Response{Kind: t.form.kind, Body: body, NoStore: t.ref.Kind == catalog.KindSearch}
	if t.form.saved {
		a.Filename = filename(t)
	}
	return a, nil
}

// filename is a name to save a list under, "papers-date-2026-05-27.bib".
func filename(t target) string {
	path, _, _ := strings.Cut(t.home(), "?")
	if t.ref.Kind == catalog.KindSearch {
		path = "search"
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_':
			return r
		}
		return '-'
	}, path)
	return strings.Trim(name, "-.") + t.form.ending
}

// A failure is an error with the status and the words that a client gets.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string { return f.text }

var (
	errMethod    = &failure{http.StatusMethodNotAllowed, "A feed can only be read: use GET or HEAD."}
	errTooLong   = &failure{http.StatusRequestURITooLong, "That address is too long."}
	errNoArchive = &failure{http.StatusNotFound, "An archive is a list of editions, not of papers: ask for it as .rss, .atom, .json or .ics."}
	errNowhere   = &failure{http.StatusNotFound, "There is no such list here. " + opmlPath + " names those that can be followed."}
	errNoSearch  = &failure{http.StatusServiceUnavailable, "Nothing can be searched here at the moment."}
	errBusy      = &failure{http.StatusServiceUnavailable, "This took too long. Please try again in a moment."}
	errOurs      = &failure{http.StatusInternalServerError, "Something went wrong here. It has been written down; please try again in a moment."}
)

// failed is the answer about an error, in plain words. What is the site's own fault is
// logged.
func (h *Handler) failed(head http.Header, r *http.Request, err error) *httpserver.CachedResponse {
	f := explain(err)
	if f.status == http.StatusMethodNotAllowed {
		head.Set("Allow", "GET, HEAD")
	}
	if f.status >= http.StatusInternalServerError && f != errNoSearch {
		h.Log.LogAttrs(r.Context(), slog.LevelError, "feed failed", slog.String("path", r.URL.Path), slog.Any("err", err))
	}
	return httpserver.Uncached(&httpserver.Response{Status: f.status, Kind: "text/plain; charset=utf-8", Body: []byte(f.text + "\n"), NoStore: true})
}

// explain finds status and words for an error.
func explain(err error) *failure {
	var own *failure
	var invalid *paper.InvalidError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &invalid):
		return &failure{http.StatusBadRequest, line(invalid.Error())}
	case errors.Is(err, catalog.ErrNoSearch):
		return errNoSearch
	case errors.Is(err, paper.ErrNotFound):
		return errNowhere
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return errBusy
	}
	return errOurs
}
