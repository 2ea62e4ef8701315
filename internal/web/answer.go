package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
)

// goTo leads to another address of the site. What moved for good is permanent.
func goTo(status int, path string) (*httpserver.Response, error) {
	return &httpserver.Response{Status: status, Location: path, NoStore: true}, nil
}

// render is the page that the named template makes of data.
func (s *site) render(name string, data any) (*httpserver.Response, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := s.pages[name].ExecuteTemplate(b, "page", data); err != nil {
		return nil, fmt.Errorf("web: template %s: %w", name, err)
	}
	return &httpserver.Response{Body: bytes.Clone(b.Bytes())}, nil
}

// buffers are what pages are written into before their size is known.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// page makes a handler of a view: kept answers are sent as they are, others are
// made once however many ask, and errors become pages.
func (s *site) page(v view) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := s.newRequest(v, r)
		k, err := s.answerTo(v, req)
		if err != nil {
			k = s.failed(req, err)
		}
		k.Write(w, r)
	})
}

// answerTo is the kept answer to r, or a new one.
func (s *site) answerTo(v view, r *request) (*httpserver.CachedResponse, error) {
	version, err := s.Catalog.Version(r.Context())
	if err != nil {
		return nil, fmt.Errorf("web: version: %w", err)
	}
	return s.Cache.Get(r.Context(), r.key(), version, s.Now(), func(ctx context.Context) (*httpserver.Response, error) {
		kept := *r
		kept.Request = r.WithContext(ctx)
		return v.serve(s, &kept)
	})
}

// A pageError is an error with the status and the words of its own page.
type pageError struct {
	status int
	title  string
	help   template.HTML
}

func (e *pageError) Error() string { return e.title }

// failed is the page about an error. Only what is the site's own fault is logged.
func (s *site) failed(r *request, err error) *httpserver.CachedResponse {
	e := explain(err)
	if e.status >= 500 && e != noSearch {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "page failed", slog.String("path", r.URL.Path), slog.Any("err", err))
	}
	var a *httpserver.Response
	if !wantsMarkdown(r.Request) {
		a, err = s.message(r, e)
	}
	if a == nil || err != nil { // asked for as text, or the template itself is broken: plain words are left
		a = &httpserver.Response{Kind: "text/plain; charset=utf-8", Body: []byte(e.title + ".\n")}
	}
	a.Status, a.NoStore = e.status, true
	return httpserver.Uncached(a)
}

// explain finds status and words for an error.
func explain(err error) *pageError {
	var own *pageError
	var invalid *paper.InvalidError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &invalid):
		return &pageError{http.StatusBadRequest, "That address does not make sense", escape(sentence(invalid.Field + ": " + invalid.Msg))}
	case errors.Is(err, catalog.ErrNoSearch):
		return noSearch
	case errors.Is(err, paper.ErrNotFound):
		return &pageError{http.StatusNotFound, "There is no such page", nowhere}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &pageError{http.StatusServiceUnavailable, "This took too long", "The site is busy. Please try again in a moment."}
	}
	return &pageError{http.StatusInternalServerError, "Something went wrong here", "It is not your fault, and it has been written down. Please try again in a moment."}
}

// nowhere helps whoever followed a wrong link.
const nowhere template.HTML = `The address may be mistyped, or what stood here is gone. ` +
	`Try <a href="/papers">today’s papers</a> or the <a href="/archive">archive</a>, or search for it in the box above.`

// escape makes text safe to stand in HTML.
func escape(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// sentence is s with a full stop.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// message is a page of a few words.
func (s *site) message(r *request, e *pageError) (*httpserver.Response, error) {
	h := s.head(e.title, "")
	h.Robots, h.Query = "noindex", searchable(r.get("q"))
	return s.render("message", struct {
		head
		Text template.HTML
	}{h, e.help})
}
