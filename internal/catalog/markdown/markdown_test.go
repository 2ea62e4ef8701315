package markdown

import (
	"broadsheet/internal/papertest"

	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

var update = flag.Bool("update", false, "write the golden files")

const base = "https://papers.example"

// lamps is a made-up paper with something of everything.
var lamps = paper.Paper{
	ID: "2605.02601", Title: `Lamps of Erd\H{o}s: $O(n^{2})$ *Maps* #1`, Abstract: "- We carry_a lamp [far](http://evil.example).\n\n  It costs 5 < 6 &amp; more.",
	Summary: "1. A lamp is carried.", Authors: []paper.Author{{Name: "Ada Lovelace"}, {Name: `Paul Erd\H{o}s`}, {Name: "Nobody", Hidden: true}},
	Organization: &paper.Organization{Name: "acme"}, Categories: []string{"cs.CL"}, Keywords: []string{"lamps", "maps: old"},
	Published: paper.Date{Time: time.Date(2026, 5, 25, 0, 0, 0, 0, time.UTC), Precision: paper.PrecisionDay}, Votes: 1, Comments: 3, DOI: "10.1000/x",
	Links: []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/acme/lamps?a=<b>"}, {Kind: paper.LinkProject, URL: "javascript:alert(1)"},
		{Kind: paper.LinkProject, URL: "http://lamps.example/"}},
}

// bare is a paper of which nothing but its DOI is known.
var bare = paper.Paper{ID: "10.1145/3292500(a)"}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (go test -update writes it anew): %s", name, d)
	}
}

// header is the front matter of a document.
func header(t *testing.T, document []byte) map[string]any {
	t.Helper()
	rest, ok := strings.CutPrefix(string(document), "---\n")
	head, _, end := strings.Cut(rest, "\n---\n")
	var out map[string]any
	if err := yaml.Unmarshal([]byte(head), &out); err != nil || !ok || !end {
		t.Fatalf("front matter: %v in %s", err, document)
	}
	return out
}

func TestPaper(t *testing.T) {
	s := &catalog.PaperDetail{Paper: lamps, Submissions: []paper.Submission{{Day: "2026-05-26"}}, Rank: 2, Of: 5}
	got, err := Paper(s, base)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "paper.md", got)
	h := header(t, got)
	if h["title"] != "Lamps of Erdős: O(n²) *Maps* #1" || h["edition"] != "2026-05-26" || h["rank"] != 2 || h["organization"] != "acme" {
		t.Errorf("%v", h)
	}
	if d := cmp.Diff([]any{"http://lamps.example/"}, h["project"]); d != "" {
		t.Error(d)
	}
}

// What is not known is not said.
func TestBarePaper(t *testing.T) {
	got, err := Paper(&catalog.PaperDetail{Paper: bare}, base)
	if err != nil {
		t.Fatal(err)
	}
	want := `---
title: 10.1145/3292500(a)
id: 10.1145/3292500(a)
url: https://papers.example/papers/10.1145/3292500%28a%29
source: https://doi.org/10.1145/3292500%28a%29
votes: 0
comments: 0
---

# 10.1145/3292500(a)

- [This page](<https://papers.example/papers/10.1145/3292500%28a%29>)
- [Publisher](<https://doi.org/10.1145/3292500%28a%29>)
`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
}

func TestWithdrawnPaper(t *testing.T) {
	gone := lamps
	gone.Withdrawn = time.Date(2026, 6, 1, 3, 0, 0, 0, time.UTC)
	got, err := Paper(&catalog.PaperDetail{Paper: gone}, base)
	if err != nil || !strings.Contains(string(got), "**Withdrawn on 1 June 2026.**") || header(t, got)["withdrawn"] != "2026-06-01" {
		t.Errorf("%v: %s", err, got)
	}
}

// edition is an open day of two papers.
func edition() *catalog.ListPage {
	clock := papertest.Clock()
	return &catalog.ListPage{
		Ref: urls.List{Kind: urls.KindEdition, Period: "2026-05-26"}, Title: "Tuesday, 26 May 2026", Total: 3, More: "x", State: catalog.Open,
		Opens: clock.OpensAt("2026-05-26"), Closes: clock.ClosesAt("2026-05-26"),
		Entries: []catalog.Entry{{Paper: lamps, Rank: 1, Submission: &paper.Submission{Day: "2026-05-26"}}, {Paper: bare, Rank: 2}},
	}
}

func TestRoll(t *testing.T) {
	got, err := ListPage(edition(), base, Options{Counts: true})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "edition.md", got)
	if h := header(t, got); h["papers"] != 3 || h["state"] != "open" || h["url"] != base+"/papers/date/2026-05-26" {
		t.Errorf("%v", h)
	}
}

func TestRollWithoutCounts(t *testing.T) {
	got, err := ListPage(edition(), base, Options{})
	if err != nil || strings.Contains(string(got), "vote") || strings.Contains(string(got), "comment") {
		t.Errorf("%v: %s", err, got)
	}
}

// A list that is not of one day says which day's paper each is.
func TestList(t *testing.T) {
	r := edition()
	r.Ref, r.Title, r.Total, r.State = urls.List{Kind: urls.KindSearch, Query: "a lamp"}, "Search: a lamp", -1, ""
	got, err := ListPage(r, base, Options{})
	if err != nil || !strings.Contains(string(got), "[Edition of Tuesday, 26 May 2026](<https://papers.example/papers/date/2026-05-26>)") {
		t.Errorf("%v: %s", err, got)
	}
	if h := header(t, got); h["papers"] != nil || h["url"] != base+"/papers?q=a+lamp" {
		t.Errorf("%v", h)
	}
	r.Entries, r.More = nil, ""
	if got, err = ListPage(r, base, Options{}); err != nil || !strings.Contains(string(got), "no papers") {
		t.Errorf("%v: %s", err, got)
	}
}

func TestArchive(t *testing.T) {
	r := &catalog.ListPage{Ref: urls.List{Kind: urls.KindArchive, Year: 2026}, Title: "Editions of 2026", Total: 2,
		Days: []catalog.DayCount{{Day: "2026-05-26", Papers: 1}, {Day: "2026-05-27", Papers: 12}}}
	got, err := ListPage(r, base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(got), "# Editions of 2026\n\n")
	const want = `- [Wednesday, 27 May 2026](<https://papers.example/papers/date/2026-05-27>): 12 papers
- [Tuesday, 26 May 2026](<https://papers.example/papers/date/2026-05-26>): 1 paper
`
	if d := cmp.Diff(want, text); d != "" {
		t.Error(d)
	}
}

func TestParagraph(t *testing.T) {
	for text, want := range map[string]string{
		"plain words, 3 > 2 & so on.": "plain words, 3 > 2 & so on.",
		"# no heading":                `\# no heading`,
		"> no quotation":              `\> no quotation`,
		"- no list":                   `\- no list`,
		"12. no list":                 `12\. no list`,
		"2026 was it":                 "2026 was it",
		"=====":                       `\=====`,
		"two\n\nlines\t\x00":          "two lines",
		"*a* _b_ `c` ~d~ \\e":         "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\\\e",
		"[a](b) ![c](d)":              `\[a\](b) !\[c\](d)`,
		"<script>&lt; &#60; AT&T":     `\<script>\&lt; &\#60; AT&T`,
	} {
		if got := paragraph(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestOnTheWeb(t *testing.T) {
	for address, want := range map[string]bool{
		"https://a.example/b?c": true, "http://a.example": true, "javascript:alert(1)": false, "/papers": false, "//a.example": false,
		"data:text/html,x": false, "": false, "https:": false, "ht tp://a": false,
	} {
		if got := onTheWeb(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// Whatever a text holds, it stays on one line and no mark in it is Markdown's.
func FuzzParagraph(f *testing.F) {
	f.Add("- a <b> [c](d) `e` &amp;")
	f.Fuzz(func(t *testing.T, text string) {
		got := paragraph(text)
		if strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q became %q", text, got)
		}
		for i := range len(got) {
			if strings.IndexByte("*_[]<`#~", got[i]) >= 0 && (i == 0 || got[i-1] != '\\') {
				t.Errorf("%q became %q", text, got)
			}
		}
		if l := Link(text, text); strings.Count(l, "<") != 1+strings.Count(l, `\<`) || strings.ContainsAny(l, "\r\n") {
			t.Errorf("%q became %q", text, l)
		}
	})
}

func TestASiteWithoutAnAddressNamesNoPage(t *testing.T) {
	s := &catalog.PaperDetail{Paper: paper.Paper{ID: "2605.00001", Title: "Kites"}, Submissions: []paper.Submission{{Day: "2026-05-27"}}}
	text, err := Paper(s, "")
	if err != nil || strings.Contains(string(text), "url:") || strings.Contains(string(text), "</papers") || strings.Contains(string(text), "()") {
		t.Errorf("%v\n%s", err, text)
	}
}
