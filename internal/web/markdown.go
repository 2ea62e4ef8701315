package web

import (
	"net/http"
	"strconv"
	"strings"

	"broadsheet/internal/catalog"
	"broadsheet/internal/catalog/markdown"
	"broadsheet/internal/httpserver"
)

// markdownEnding behind a paper's address asks for it as Markdown.
const markdownEnding = ".md"

// wantsMarkdown reports whether a request for a paper is one for Markdown: by its
// address, or because the client would rather have that.
func wantsMarkdown(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, markdownEnding) || prefersMarkdown(r.Header.Get("Accept"))
}

// markdownOf is a paper as Markdown.
func (s *site) markdownOf(r *request, sheet *catalog.PaperDetail) (*httpserver.Response, error) {
	body, err := markdown.Paper(sheet, r.base)
	if err != nil {
		return nil, err
	}
	return &httpserver.Response{Kind: "text/markdown; charset=utf-8", Body: body}, nil
}

// prefersMarkdown reads an Accept header. Who names Markdown gets it, unless a page
// is worth more to them, by name or as one of any kind; of two names that are worth the
// same the first counts. Browsers do not name it.
func prefersMarkdown(accept string) bool {
	accept = strings.ToLower(accept)
	if !strings.Contains(accept, "markdown") {
		return false
	}
	markdown, page, others := -1.0, -1.0, -1.0 // the last for whatever is not named
	first := false
	for one := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(one, ";")
		switch q := quality(params); strings.TrimSpace(kind) {
		case "text/markdown", "text/x-markdown":
			markdown, first = max(markdown, q), first || page < 0
		case "text/html", "application/xhtml+xml":
			page = max(page, q)
		case "text/*", "*/*":
			others = max(others, q)
		}
	}
	if page < 0 {
		return markdown > 0 && markdown >= others
	}
	return markdown > 0 && (markdown > page || markdown == page && first)
}

// quality is the q of an entry's parameters: 1 where there is none, 0 where it is no
// number from 0 to 1. params are in small letters.
func quality(params string) float64 {
	for one := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(one, "=")
		if strings.TrimSpace(name) == "q" {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(q >= 0 && q <= 1) {
				return 0
			}
			return q
		}
	}
	return 1
}
