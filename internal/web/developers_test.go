package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestExamplesStandOnThePage(t *testing.T) {
	h := openFull(t, newShelf(), "https://here.example:8443")
	doc := load(t, h, "/developers")
	shown := map[string]string{}
	for _, code := range all(doc, "code") {
		if name := attr(code, "data-example"); name != "" {
			shown[name] = code.FirstChild.Data
			if attr(code, "data-language") == "" || code.Parent.Data != "pre" {
				t.Errorf("%s has no language, or stands in no <pre>", name)
			}
		}
	}
	files, err := exampleFiles.ReadDir("examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name, _, _ := strings.Cut(f.Name(), ".")
		code := shown[name]
		if !strings.Contains(code, "https://here.example:8443") && name != "mcp-stdio" { // which asks no site
			t.Errorf("example %s is %q", name, code)
		}
		for _, old := range []string{exampleSite, examplePaper, exampleDay} {
			if strings.Contains(code, old) {
				t.Errorf("example %s speaks of %s", name, old)
			}
		}
	}
	if len(shown) != len(files) {
		t.Errorf("%d examples for %d files", len(shown), len(files))
	}
	if text := words(doc); !strings.Contains(text, "6,000 times in five minutes") {
		t.Error("no word about limits")
	}
}

// A site without papers, feeds of data or a described API still has its page.
func TestDevelopersOfAnEmptySite(t *testing.T) {
	f := newShelf()
	f.entries = nil
	h := open(t, f)
	text := words(load(t, h, "/developers"))
	if !strings.Contains(text, "Nobody counts") || strings.Contains(text, "OpenAPI") || strings.Contains(text, "data-target") {
		t.Errorf("it says %q", text)
	}
	if res := fetch(h, http.MethodGet, "/developers/api"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a page about nothing: status %d", res.StatusCode)
	}
	get(t, h, "/llms.txt", 200)
}

func TestPageOfTheAPI(t *testing.T) {
	doc := load(t, openFull(t, newShelf(), "https://here.example"), "/developers/api")
	ids := map[string]bool{}
	for d := range doc.Descendants() {
		if id := attr(d, "id"); d.Type == html.ElementNode && id != "" {
			if ids[id] {
				t.Errorf("#%s stands twice", id)
			}
			ids[id] = true
		}
	}
	for _, a := range all(doc, "a") {
		if to, ok := strings.CutPrefix(attr(a, "href"), "#"); ok && !ids[to] {
			t.Errorf("nothing at #%s", to)
		}
	}
	if !strings.Contains(words(doc), "Ask with GET <only>.") || len(all(doc, "only")) > 0 {
		t.Error("what looks like an element in a description is one on the page, or is gone")
	}
	if !ids["call-list-books"] || !ids["shape-book"] {
		t.Error("calls or objects are missing")
	}
	text := words(doc)
	for _, want := range []string{"curl 'https://here.example/api/v1/books/a%2Fb%201'", "1 to 100", "50 if left out", "one of new, old", "GET /api/v1/loans"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

func TestBadOpenAPIIsAnError(t *testing.T) {
	f := newShelf()
	f.fill(t)
	if _, err := New(Options{Catalog: f.Catalog, OpenAPI: []byte("nonsense")}); err == nil || !strings.Contains(err.Error(), "Options.OpenAPI") {
		t.Errorf("got %v", err)
	}
}

// TestLLMs: llms.txt has the form of llmstxt.org, and its links lead somewhere.
func TestLLMs(t *testing.T) {
	h := openFull(t, newShelf(), "")
	res, text := get(t, h, "/llms.txt", 200)
	if res.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Error(res.Header.Get("Content-Type"))
	}
	if !regexp.MustCompile(`\A# Broadsheet\n\n> \S.*\n\n[^#]+\n\n## `).MatchString(text) || strings.Count(text, "\n# ") > 0 {
		t.Errorf("not in the form: %s", text)
	}
	for section := range strings.SplitSeq(text[strings.Index(text, "## "):], "## ") {
		_, list, _ := strings.Cut(section, "\n\n")
		for line := range strings.Lines(strings.TrimSpace(list)) {
			m := regexp.MustCompile(`^- \[[^\]]+\]\(http://papers\.example(/[^)]*)\): \S`).FindStringSubmatch(line)
			if m == nil {
				t.Errorf("no link: %q", line)
			} else if ours := regexp.MustCompile(`^/(developers|about|search/help)|\d\.md$`); ours.MatchString(m[1]) {
				get(t, h, m[1], 200)
			}
		}
	}
}
