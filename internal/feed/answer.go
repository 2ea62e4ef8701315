package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

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
		return nil, httpserver.ErrMethod
	case len(r.URL.Path)+len(r.URL.RawQuery) > urls.LongestAddress:
		return nil, httpserver.ErrTooLong
	case r.URL.Path == urls.Feeds:
		return h.response(r, urls.Feeds, func(context.Context) (*httpserver.Response, error) { return h.opml(h.base(r)) })
	}
	t, err := targetOf(r)
	if err != nil {
		return nil, err
	}
	r.Pattern = t.route()
	return h.response(r, t.key(), func(ctx context.Context) (*httpserver.Response, error) { return h.written(ctx, t, h.base(r)) })
}

// maxAge is how long others may use a feed without asking.
const maxAge = time.Minute

// response is what build makes, under a key. Its date is when it was first seen to be so.
func (h *Handler) response(r *http.Request, key string, build func(context.Context) (*httpserver.Response, error)) (*httpserver.CachedResponse, error) {
	key = "feed " + h.base(r) + key
	return h.Cache.Get(r.Context(), key, httpserver.ViewerOf(r), func(ctx context.Context, _ httpserver.Viewer) (*httpserver.Response, error) {
		a, err := build(ctx)
		if err != nil {
			return nil, err
		}
		a.Modified = h.modified.since(key, httpserver.Tag(a.Body), h.Now())
		if a.Changed == nil {
			a.MaxAge = maxAge
		}
		return a, nil
	})
}

// written is a list in its form.
func (h *Handler) written(ctx context.Context, t target, base string) (*httpserver.Response, error) {
	if t.ref.Kind == urls.KindArchive && !t.form.archives {
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
	a := &httpserver.Response{Kind: t.form.kind, Body: body}
	index := p.List.Index
	switch {
	case t.ref.Kind == urls.KindSearch: // the index may be younger than the catalog's version
		a.NoCache, a.Rare, a.Changed = !index.Ready, !p.List.Kept, h.Catalog.Changed(*index)
	case index != nil && !index.Ready:
		a.Provisional = h.Catalog.IndexBehind
	}
	if t.form.saved {
		a.Filename = filename(t)
	}
	return a, nil
}

// filename is a name to save a list under, "papers-date-2026-05-27.bib".
func filename(t target) string {
	path, _, _ := strings.Cut(t.home(), "?")
	if t.ref.Kind == urls.KindSearch {
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

func (f *failure) Error() string   { return f.text }
func (f *failure) HTTPStatus() int { return f.status }

var errNoArchive = &failure{http.StatusNotFound, "An archive is a list of editions, not of papers: ask for it as .rss, .atom, .json or .ics."}

// complete is an error while so much is missing from the search index that a list of what it
// finds would be taken for the truth and is not: subscribers would lose entries, or be told
// that there are none. After a 503 they keep what they have, and ask again.
func complete(r *catalog.ListPage) error {
	if index := r.Index; index != nil && !index.Ready && (index.Partial() || len(r.Entries) == 0) {
		return &failure{http.StatusServiceUnavailable, index.Notice() + " Please ask again in a moment."}
	}
	return nil
}

// failed is the response about an error, in plain words.
func (h *Handler) failed(head http.Header, r *http.Request, err error) *httpserver.CachedResponse {
	httpserver.LogFailure(r.Context(), h.Log, r.URL.Path, err)
	status := httpserver.StatusOf(err)
	if status == http.StatusMethodNotAllowed {
		head.Set("Allow", "GET, HEAD")
	}
	return httpserver.Uncached(&httpserver.Response{Status: status, Kind: "text/plain; charset=utf-8", Body: []byte(explain(err) + "\n")})
}

// explain finds the words for an error.
func explain(err error) string {
	if own, ok := errors.AsType[*failure](err); ok {
		return own.text
	}
	if invalid, ok := errors.AsType[*paper.InvalidError](err); ok {
		return line(invalid.Error())
	}
	if errors.Is(err, catalog.ErrNoSearch) {
		return "Nothing can be searched here at the moment."
	}
	switch httpserver.StatusOf(err) {
	case http.StatusNotFound:
		return "There is no such list here. " + urls.Feeds + " names those that can be followed."
	case http.StatusMethodNotAllowed:
		return "A feed can only be read: use GET or HEAD."
	case http.StatusRequestURITooLong:
		return "That address is too long."
	case http.StatusServiceUnavailable:
		return "This took too long. Please try again in a moment."
	}
	return "Something went wrong here. It has been written down; please try again in a moment."
}
