package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// goTo leads to another address of the site. What moved for good is permanent.
func goTo(status int, path string) (*httpserver.Response, error) {
	return &httpserver.Response{Status: status, Location: path, NoCache: true}, nil
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

// page makes a handler of a view: cached responses are sent as they are, others are
// made once however many ask, and errors become pages.
func (s *site) page(v view) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := s.newRequest(v, r)
		if l, err := urls.ParseList(r.URL.Path, nil); v.pattern == urls.Rest && err == nil {
			r.Pattern = l.Route() // an organization's page, for metrics
		}
		k, err := s.Cache.Get(r.Context(), "web "+req.Key(), httpserver.ViewerOf(r), func(ctx context.Context, _ httpserver.Viewer) (*httpserver.Response, error) {
			return v.serve(s, req.WithContext(ctx))
		})
		if err != nil {
			k = s.failed(r, req.Get("q"), err)
		}
		k.Write(w, r)
	})
}

// A pageError is an error with the status and the words of its own page.
type pageError struct {
	status int
	title  string
	help   template.HTML // a constant; "" where says has the words
	says   string        // what is known of this very error
	link   *link         // behind says
}

func (e *pageError) Error() string   { return e.title }
func (e *pageError) HTTPStatus() int { return e.status }

// failed is the page about an error. q is what stands in the box.
func (s *site) failed(r *http.Request, q string, err error) *httpserver.CachedResponse {
	httpserver.LogFailure(r.Context(), s.Log, r.URL.Path, err)
	e := explain(err)
	var a *httpserver.Response
	if !wantsMarkdown(r) {
		a, err = s.message(q, e)
	}
	if a == nil || err != nil { // asked for as text, or the template itself is broken: plain words are left
		a = &httpserver.Response{Kind: "text/plain; charset=utf-8", Body: []byte(e.title + ".\n")}
	}
	a.Status = e.status
	return httpserver.Uncached(a)
}

// explain finds the words for an error.
func explain(err error) *pageError {
	if own, ok := errors.AsType[*pageError](err); ok {
		return own
	}
	if errors.Is(err, catalog.ErrNoSearch) {
		return noSearch
	}
	e := &pageError{status: httpserver.StatusOf(err)}
	switch e.status {
	case http.StatusBadRequest:
		e.title, e.help = "That address does not make sense", nowhere
		if invalid, ok := errors.AsType[*paper.InvalidError](err); ok {
			e.help, e.says = "", sentence(invalid.Field+": "+invalid.Msg)
		}
	case http.StatusMethodNotAllowed:
		e.title, e.help = "This page can only be read", "It takes GET and HEAD requests."
	case http.StatusRequestURITooLong:
		e.title, e.help = "That address is too long", nowhere
	case http.StatusNotFound:
		e.title, e.help = "There is no such page", nowhere
	case http.StatusServiceUnavailable:
		e.title, e.help = "This took too long", "The site is busy. Please try again in a moment."
	default:
		e.title, e.help = "Something went wrong here", "It is not your fault, and it has been written down. Please try again in a moment."
	}
	return e
}

// nowhere helps whoever followed a wrong link.
const nowhere template.HTML = `The address may be mistyped, or what stood here is gone. ` +
	`Try <a href="/papers">today’s papers</a> or the <a href="/archive">archive</a>, or search for it in the box above.`

// sentence is s with a full stop.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// message is a page of a few words.
func (s *site) message(q string, e *pageError) (*httpserver.Response, error) {
	h := s.head(e.title, "")
	h.Robots, h.Query = "noindex", searchable(q)
	return s.render("message", struct {
		head
		Help template.HTML
		Says string
		Link *link
	}{h, e.help, e.says, e.link})
}
