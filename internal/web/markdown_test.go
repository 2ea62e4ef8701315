package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"broadsheet/internal/urls"
)

func TestPaperAsMarkdown(t *testing.T) {
	f := newShelf()
	h := openFull(t, f, "")
	path := urls.Paper(story("2026-05-28", 1, 0).Paper.ID)
	for _, c := range []struct{ path, accept, kind string }{
		{path, "text/markdown", "text/markdown; charset=utf-8"},
		{path, "text/html", "text/html; charset=utf-8"},
		{path + ".md", "", "text/markdown; charset=utf-8"},
		{path + ".md", "text/html", "text/markdown; charset=utf-8"},
		{"/papers/hep-th/9901001.md", "", "text/markdown; charset=utf-8"},
		{path + ".bib", "text/markdown", "application/x-bibtex; charset=utf-8"},
		{path, "text/markdown", "text/markdown; charset=utf-8"},
	} {
		res := fetch(h, http.MethodGet, c.path, "Accept: "+c.accept)
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s, Accept: %s: status %d, %s", c.path, c.accept, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if c.path == path && !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept") {
			t.Errorf("%s: Vary is %q", c.accept, res.Header.Values("Vary"))
		}
		if strings.HasPrefix(c.kind, "text/markdown") && (!strings.HasPrefix(string(body), "---\n") || !strings.Contains(string(body), "http://papers.example/papers/")) {
			t.Errorf("%s says %.200s", c.path, body)
		}
	}
	for path, status := range map[string]int{
		"/papers/2401.01234.md": 404, "/papers/nonsense.md": 404, "/papers/hep-th%2F9901001v1.md": 301, "/papers/.md": 404,
	} {
		if got := fetch(h, http.MethodGet, path).StatusCode; got != status {
			t.Errorf("%s: status %d, want %d", path, got, status)
		}
	}
}
