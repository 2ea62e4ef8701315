package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

func fetch(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(site(t) + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// TestCitations: each form downloads as a file that names all authors.
func TestCitations(t *testing.T) {
	for _, id := range []string{plainPaper, oldPaper, crowdPaper} {
		it := paperOf(t, id)
		for ext, kind := range map[string]string{
			".bib": "bibtex", ".ris": "research-info-systems", ".csl.json": "csl+json",
		} {
			resp, body := fetch(t, "/papers/"+id+ext)
			if resp.StatusCode != 200 || !strings.Contains(resp.Header.Get("Content-Type"), kind) {
				t.Errorf("%s%s: %s, type %q, want one of %s", id, ext, resp.Status, resp.Header.Get("Content-Type"), kind)
			}
			if d := resp.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") {
				t.Errorf("%s%s: disposition %q, want a download", id, ext, d)
			}
			if got := authorsIn(t, ext, body); got != len(it.Paper.Authors) {
				t.Errorf("%s%s has %d authors, want %d:\n%.500s", id, ext, got, len(it.Paper.Authors), body)
			}
		}
	}
}

// authorsIn counts the authors of a citation.
func authorsIn(t *testing.T, ext, body string) int {
	t.Helper()
	switch ext {
	case ".ris":
		return strings.Count("\n"+body, "\nAU  - ")
	case ".bib":
		_, rest, ok := strings.Cut(body, "author")
		if !ok || !strings.HasPrefix(body, "@") {
			return 0
		}
		field, _, _ := strings.Cut(rest, "},\n")
		return len(strings.Split(strings.Join(strings.Fields(field), " "), " and "))
	}
	type entry struct {
		Author []any  `json:"author"`
		Title  string `json:"title"`
	}
	var list []entry
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 1 {
		t.Errorf("not one CSL item: %v\n%.300s", err, body)
		return 0
	}
	return len(list[0].Author)
}

// TestCopy: the button puts the BibTeX entry on the clipboard.
func TestCopy(t *testing.T) {
	b := newTab(t, look{})
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
			Permission:       &browser.PermissionDescriptor{Name: name},
			Setting:          browser.PermissionSettingGranted,
			BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		}); err != nil {
			t.Fatal(err)
		}
	}
	b.open("/papers/" + plainPaper)
	if !b.eventually(`[...document.querySelectorAll("main button")].some(e => /copy/i.test(e.textContent) && !e.hidden)`) {
		t.Fatal("no button to copy")
	}
	ask[bool](b, `[...document.querySelectorAll("details")].forEach(d => d.open = true), true`)
	b.run(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("main button")].find(e => /copy/i.test(e.textContent) && !e.hidden).click()`))
	if !b.eventually(`navigator.clipboard.readText().then(s => s.startsWith("@"))`) {
		t.Errorf("the clipboard holds %q", ask[string](b, "navigator.clipboard.readText()"))
	}
}

// TestForMachines: what reference managers, search engines and shares read.
func TestForMachines(t *testing.T) {
	b := newTab(t, look{noScripts: true})
	for _, id := range []string{plainPaper, mathPaper, oldPaper, crowdPaper} {
		b.open("/papers/" + id)
		it := paperOf(t, id)
		meta := ask[map[string][]string](b, `(() => { const m = {}; for (const e of document.querySelectorAll("meta[name],meta[property]")) (m[e.name || e.getAttribute("property")] ??= []).push(e.content); return m })()`)
		if got := len(meta["citation_author"]); got != len(it.Paper.Authors) {
			t.Errorf("%s: %d citation_author, want %d", id, got, len(it.Paper.Authors))
		}
		for _, name := range []string{"citation_title", "citation_publication_date", "citation_arxiv_id", "citation_pdf_url", "og:title", "og:type", "og:url", "description"} {
			if len(meta[name]) != 1 || meta[name][0] == "" || strings.Contains(meta[name][0], "$") {
				t.Errorf("%s: %s is %q", id, name, meta[name])
			}
		}
		var article struct {
			Type   any    `json:"@type"`
			Name   string `json:"name"`
			Title  string `json:"headline"`
			Author []any  `json:"author"`
		}
		text := ask[string](b, `document.querySelector("script[type='application/ld+json']")?.textContent ?? ""`)
		if err := json.Unmarshal([]byte(text), &article); err != nil || article.Type != "ScholarlyArticle" || article.Name+article.Title == "" {
			t.Errorf("%s: ld+json: %v %.200s", id, err, text)
		}
	}
}

// TestMath: TeX becomes MathML, and no dollar is left over.
func TestMath(t *testing.T) {
	b := newTab(t, look{noScripts: true})
	for _, id := range []string{mathPaper, oldPaper} {
		b.open("/papers/" + id)
		if n := ask[int](b, `document.querySelectorAll("main math").length`); n < 2 {
			t.Errorf("%s shows %d formulas", id, n)
		}
		text := ask[string](b, `(() => { const m = document.querySelector("main").cloneNode(true); m.querySelectorAll("pre, code, script, annotation").forEach(e => e.remove()); return m.textContent })()`)
		if strings.Contains(text, "$") || strings.Contains(text, `\`) {
			t.Errorf("%s shows TeX: %.1500q", id, text)
		}
	}
}
