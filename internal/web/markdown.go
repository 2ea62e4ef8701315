package web

import (
	"net/http"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/httpserver"
)

// markdownEnding behind a paper's address asks for it as Markdown.
const markdownEnding = ".md"

// markdownForm is the form of a request for a paper as Markdown.
const markdownForm = "md"

// Media types that a paper is asked for by.
var (
	markdownKinds = []string{"text/markdown", "text/x-markdown"}
	pageKinds     = []string{"text/html", "application/xhtml+xml"}
)

// wantsMarkdown reports whether a request for a paper is one for Markdown: by its
// address, or because the client would rather have that. Browsers do not name it.
func wantsMarkdown(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, markdownEnding) || httpserver.Prefers(r.Header.Get("Accept"), markdownKinds, pageKinds)
}

// markdownOf is a paper as Markdown.
func (s *site) markdownOf(r *request, sheet *catalog.PaperDetail) (*httpserver.Response, error) {
	body, err := markdown.Paper(sheet, r.Base)
	if err != nil {
		return nil, err
	}
	return &httpserver.Response{Kind: "text/markdown; charset=utf-8", Body: body, MaxAge: time.Minute}, nil
}
