package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/urls"
)

func TestFeedsOfLists(t *testing.T) {
	h := openFull(t, newShelf(), "")
	for path, same := range map[string]string{
		"/papers": "/papers", "/": "/papers", "/papers/date/2026-05-27": "", "/papers/week/2026-W22": "", nextPage(t, h, "/papers/new"): "/papers/new",
		"/papers/trending": "", "/papers/trending?star=9&vote=1&half=2.5&utm=x": "/papers/trending?half=2.5&star=9", "/papers/new": "",
		"/papers?q=order+%22of+length%22%26x": "", "/papers?q=nothingatall": "", "/authors/erdos-pal": "", "/open-lab/papers": "",
		"/papers/hep-th/9901001/similar": "", "/archive": "", "/archive/2026": "",
	} {
		if same == "" {
			same = path
		}
		u, err := url.Parse(same)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := urls.ParseList(u.Path, u.Query())
		if err != nil {
			t.Fatal(err)
		}
		endings := []string{".rss", ".atom", ".json", ".ics", ".md", ".bib", ".ris", ".csv"}
		if ref.Kind == urls.KindArchive {
			endings = endings[:4]
		}
		var want, menu, alternates []string
		for _, e := range endings {
			want = append(want, ref.PathAs(e))
		}
		doc := load(t, h, path)
		for _, a := range all(with(doc, "details", "class", "feeds")[0], "a") {
			menu = append(menu, attr(a, "href"))
		}
		for _, l := range with(doc, "link", "rel", "alternate") {
			alternates = append(alternates, attr(l, "href"))
			if attr(l, "type") == "" || attr(l, "title") == "" {
				t.Errorf("%s: %s has no type or title", path, attr(l, "href"))
			}
		}
		if !slices.Equal(menu, want) || !slices.Equal(alternates, want[:3]) {
			t.Errorf("%s:\n   menu %q\n   head %q\n   want %q", path, menu, alternates, want)
		}
	}
}

// Programs look for feeds without an HTML parser, too.
func TestFeedsAreFoundByTheirTypes(t *testing.T) {
	_, page := get(t, openFull(t, newShelf(), ""), "/papers", 200)
	for _, link := range []string{
		`<link rel="alternate" type="application/rss+xml" title="Daily papers (RSS)" href="/papers.rss">`,
		`<link rel="alternate" type="application/atom+xml" title="Daily papers (Atom)" href="/papers.atom">`,
		`<link rel="alternate" type="application/feed+json" title="Daily papers (JSON Feed)" href="/papers.json">`,
	} {
		if !strings.Contains(page, link) {
			t.Errorf("no %s", link)
		}
	}
}

func TestOtherFormsOfAPaper(t *testing.T) {
	f := newShelf()
	forms := func() (got []string) {
		for _, l := range with(load(t, openFull(t, f, ""), "/papers/hep-th/9901001"), "link", "rel", "alternate") {
			got = append(got, strings.TrimPrefix(attr(l, "href"), "/papers/hep-th/9901001"))
		}
		return got
	}
	want := []string{".md", ".bib", ".ris", ".csl.json", "/similar.rss", "/similar.atom", "/similar.json"}
	if got := forms(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	f.WithoutSearch()
	if got := forms(); !slices.Equal(got, want[:4]) {
		t.Errorf("where nothing is similar: %q", got)
	}
}

func TestSimilarPage(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	doc := load(t, h, "/papers/hep-th/9901001/similar")
	if n := len(papersIn(doc)); n != listLimit {
		t.Errorf("%d papers", n)
	}
	if got := with(all(doc, "main")[0], "a", "href", "/papers/hep-th/9901001"); len(got) != 1 || words(got[0]) != "Strings in ℝ³ of Erdős" {
		t.Error("no link back to the paper")
	}
	for path, status := range map[string]int{
		"/papers/2401.01234/similar": 404, "/papers/nonsense/similar": 404, "/papers/arXiv:hep-th%2F9901001v2/similar": 301, "/papers/similar": 404,
	} {
		if got := fetch(h, "GET", path).StatusCode; got != status {
			t.Errorf("%s: status %d, want %d", path, got, status)
		}
	}
	f.WithoutSearch()
	f.Later(time.Hour)
	if got := fetch(h, "GET", "/papers/hep-th/9901001/similar").StatusCode; got != 503 {
		t.Errorf("without an engine: status %d", got)
	}
}
