package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"broadsheet/internal/paper"
	"broadsheet/internal/store"
	"broadsheet/internal/urls"
)

// papersIn are the addresses of the papers of a list, as programs find them.
func papersIn(doc *html.Node) []string {
	var out []string
	for _, h3 := range all(all(doc, "main")[0], "h3") {
		inArticle := false
		for p := h3.Parent; p != nil; p = p.Parent {
			inArticle = inArticle || p.Data == "article"
		}
		for c := range h3.ChildNodes() {
			if inArticle && c.Data == "a" {
				out = append(out, attr(c, "href"))
			}
		}
	}
	return out
}

// nextPage is where the page under path says that its list goes on.
func nextPage(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	for _, a := range with(load(t, h, path), "a", "class", "btn") {
		if to := attr(a, "href"); strings.Contains(to, "after=") {
			return to
		}
	}
	t.Fatalf("%s has no further page", path)
	return ""
}

func TestListsNamePapersInHeadings(t *testing.T) {
	h := open(t, newShelf())
	for path, n := range map[string]int{
		"/papers": 45, "/": 45, "/papers/date/2026-05-28": 45, "/papers/date/2026-05-27": 5, "/papers/week/2026-W22": 50,
		"/papers/month/2026-05": 53, nextPage(t, h, "/papers/new"): 4, "/papers/trending": 50, "/papers/new": 50,
		"/authors/ada-example": 50, "/open-lab/papers": 1,
	} {
		doc := load(t, h, path)
		found := papersIn(doc)
		if len(found) != n || len(all(all(doc, "main")[0], "h3")) != n {
			t.Errorf("%s has %d papers in %d headings, want %d", path, len(found), len(all(doc, "h3")), n)
		}
		for _, p := range found {
			if !strings.HasPrefix(p, "/papers/") {
				t.Errorf("%s links to %q", path, p)
			}
		}
	}
}

func TestOrderIsTheCatalogs(t *testing.T) {
	found := papersIn(load(t, open(t, newShelf()), "/papers/date/2026-05-27"))
	for i, p := range found {
		if want := urls.Paper(story("2026-05-27", i, 0).Paper.ID); p != want {
			t.Errorf("place %d is %s, want %s", i+1, p, want)
		}
	}
}

func TestTurning(t *testing.T) {
	h := open(t, newShelf())
	for _, c := range []struct{ path, prev, next string }{
		{"/papers", "/papers/date/2026-05-27", ""},
		{"/papers/date/2026-05-27", "/papers/date/2026-05-22", "/papers/date/2026-05-28"},
		{"/papers/date/2026-05-22", "", "/papers/date/2026-05-27"},
		{"/papers/week/2026-W22", "/papers/week/2026-W21", ""},
		{"/papers/month/2026-05", "", ""},
	} {
		doc := load(t, h, c.path)
		for rel, want := range map[string]string{"prev": c.prev, "next": c.next} {
			got := ""
			for _, a := range with(doc, "a", "rel", rel) {
				got = attr(a, "href")
			}
			if got != want {
				t.Errorf("%s: rel=%s is %q, want %q", c.path, rel, got, want)
			}
		}
	}
}

func TestRedirects(t *testing.T) {
	h := open(t, newShelf())
	for _, c := range []struct {
		path   string
		status int
		to     string
	}{
		{"/papers?date=2026-5-7", 301, "/papers/date/2026-05-07"},
		{"/papers/date/2026-5-27", 301, "/papers/date/2026-05-27"},
		{"/papers/week/2026-w22", 301, "/papers/week/2026-W22"},
		{"/papers/date/2026-05-31", 302, "/papers/date/2026-05-28?asked=2026-05-31"},
		{"/papers/date/2026-05-25", 302, "/papers/date/2026-05-22?asked=2026-05-25"},
		{"/papers/date/2001-01-01", 302, "/papers/date/2026-05-22?asked=2001-01-01"},
		{"/papers/week/2031-W01", 302, "/papers/week/2026-W22?asked=2031-W01"},
		{"/papers/week", 302, "/papers/week/2026-W22"},
		{"/papers/month", 302, "/papers/month/2026-05"},
		{"/papers/", 301, "/papers"},
		{"/papers/hep-th/9901001/", 301, "/papers/hep-th/9901001"},
		{"/papers/hep-th/9901001v3", 301, "/papers/hep-th/9901001"},
		{"/papers/hep-th%2F9901001", 301, "/papers/hep-th/9901001"},
		{"/papers/arXiv:hep-th/9901001", 301, "/papers/hep-th/9901001"},
		{"/papers/hep-th/9901001v1.bib", 301, "/papers/hep-th/9901001.bib"},
		{"/papers?q=hep-th/9901001", 303, "/papers/hep-th/9901001"},
		{"/papers?q=https%3A%2F%2Farxiv.org%2Fpdf%2Fhep-th%2F9901001v2", 303, "/papers/hep-th/9901001"},
		{"/papers?q=10.48550%2FarXiv.hep-th%2F9901001", 303, "/papers/hep-th/9901001"},
		{"/authors/Ada%20Example", 301, "/authors/ada-example"},
		{"/archive/", 301, "/archive"},
	} {
		res, _ := get(t, h, c.path, c.status)
		if got := res.Header.Get("Location"); got != c.to {
			t.Errorf("%s leads to %s, want %s", c.path, got, c.to)
		}
	}
}

func TestADayWithoutPapersIsNamed(t *testing.T) {
	h := open(t, newShelf())
	for path, want := range map[string]string{
		"/papers/date/2026-05-28?asked=2026-05-31":  "There are no papers on Sunday, 31 May 2026. This is the nearest earlier edition.",
		"/papers/date/2026-05-22?asked=2001-01-01":  "There are no papers on Monday, 1 January 2001. This is the nearest later edition.",
		"/papers/week/2026-W22?asked=2031-W01":      "There are no papers in week 1, 30 December 2030 – 5 January 2031. This is the nearest earlier edition.",
		"/papers/date/2026-05-28?asked=%3Cb%3E":     "",
		"/papers/date/2026-05-28?asked=2026-05-28":  "",
		"/papers/date/2026-05-28?asked=2026-W22":    "",
		"/papers/date/2026-05-28?unknown=2026-05-1": "",
	} {
		got := ""
		for _, n := range with(load(t, h, path), "p", "role", "status") {
			got = words(n)
		}
		if got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
}

func TestAbstractsOpenByDetails(t *testing.T) {
	doc := load(t, open(t, newShelf()), "/papers")
	details := with(doc, "details", "class", "abstract")
	if len(details) != 45 {
		t.Fatalf("%d abstracts, want 45", len(details))
	}
	for _, d := range details[:5] {
		if got := words(d); got != abstract {
			t.Errorf("the two halves are not the abstract: %.80s", got)
		}
	}
}

func TestSummaryStandsInForTheAbstract(t *testing.T) {
	f := newShelf()
	for i := range f.entries {
		f.entries[i].Paper.Abstract = ""
	}
	h := open(t, f)
	demo := store.Batch{Source: &store.SourceState{Name: paper.SourceDemo, Read: noon, Cursor: "all"}}
	if _, err := f.DB.Ingest(t.Context(), demo); err != nil {
		t.Fatal(err)
	}
	f.Later(time.Second)
	doc := load(t, h, "/papers")
	if got := words(with(doc, "p", "class", "abstract")[0]); got != "Order matters more than length." {
		t.Errorf("the card says %q", got)
	}
	if !strings.Contains(words(doc), "broadsheet demo remove") {
		t.Error("the page does not say how the demonstration goes")
	}
}

func TestPaperPage(t *testing.T) {
	h := open(t, newShelf())
	e := story("2026-05-28", 1, 98)
	doc := load(t, h, urls.Paper(e.Paper.ID))
	text := words(doc)
	for _, want := range []string{
		"No. 2 of 28 May", "Published on 27 May 2026", "Submitted by readerb", "Ada Example", "Order matters more than length.",
		"by the authors", "from a reader", "1 comment", "BibTeX", "reading",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	metas := map[string]string{}
	for _, m := range all(doc, "meta") {
		metas[attr(m, "name")+attr(m, "property")] = attr(m, "content")
	}
	for name, want := range map[string]string{
		"citation_title": e.Paper.Title, "citation_arxiv_id": string(e.Paper.ID), "citation_publication_date": "2026/05/27",
		"citation_pdf_url": e.Paper.ID.PDFURL(0), "citation_author": "Writer Number1", "og:type": "article",
		"og:url": "https://papers.example" + urls.Paper(e.Paper.ID),
	} {
		if metas[name] != want {
			t.Errorf("meta %s is %q, want %q", name, metas[name], want)
		}
	}
	var ld map[string]any
	if err := json.Unmarshal([]byte(words(with(doc, "script", "type", "application/ld+json")[0])), &ld); err != nil || ld["@type"] != "ScholarlyArticle" || ld["name"] != e.Paper.Title {
		t.Errorf("JSON-LD: %v %v", err, ld)
	}
	if len(all(doc, "h1")) != 1 || len(with(doc, "svg", "class", "spark")) != 1 {
		t.Error("no single h1, or no sparkline")
	}
}

func TestOldPaperShowsMathAndMonthOnly(t *testing.T) {
	doc := load(t, open(t, newShelf()), "/papers/hep-th/9901001")
	if len(all(all(doc, "h1")[0], "math")) == 0 {
		t.Error("the title has no MathML")
	}
	text := words(doc)
	if !strings.Contains(text, "Published in January 1999") || strings.Contains(text, "1 January 1999") {
		t.Error("a date known to the month only is not shown so")
	}
	if strings.Contains(text, "No. ") {
		t.Error("a paper of no edition has a place")
	}
}

func TestCitations(t *testing.T) {
	h := open(t, newShelf())
	for ending, kind := range map[string]string{
		".bib": "application/x-bibtex", ".ris": "application/x-research-info-systems", ".csl.json": "application/vnd.citationstyles.csl+json",
	} {
		res, body := get(t, h, "/papers/hep-th/9901001"+ending, 200)
		if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
			t.Errorf("%s is %s", ending, got)
		}
		if got := res.Header.Get("Content-Disposition"); got != `attachment; filename="hep-th-9901001`+ending+`"` {
			t.Errorf("%s is saved as %s", ending, got)
		}
		if !strings.Contains(body, "9901001") {
			t.Errorf("%s does not name the paper: %s", ending, body)
		}
	}
	get(t, h, "/papers/2401.01234.bib", 404)
}

func TestTheBoxKeepsWhatItTakes(t *testing.T) {
	h := open(t, newShelf())
	doc := load(t, h, "/papers?q=language+agents")
	form := with(doc, "form", "role", "search")[0]
	if attr(form, "action") != "/papers" || attr(form, "method") != "" || attr(with(form, "input", "name", "q")[0], "value") != "language agents" {
		t.Error("the box is no GET form with q that keeps what was put in")
	}
	if box := with(form, "input", "name", "q")[0]; attr(box, "placeholder") != "Search any paper" || attr(box, "aria-label") != "Search any paper" {
		t.Error("the box does not say what it is for")
	}
	_, body := get(t, h, "/papers?q=2401.01234", 404)
	if !strings.Contains(body, `href="https://arxiv.org/abs/2401.01234"`) {
		t.Error("a paper that is not here is not looked for on arXiv")
	}
	get(t, h, "/papers?q="+strings.Repeat("x", longestQuery+1), 200)
}

func TestTrending(t *testing.T) {
	h := open(t, newShelf())
	doc := load(t, h, "/papers/trending?vote=2&half=7")
	why := with(doc, "details", "class", "why")
	if len(why) != 50 || !strings.Contains(words(why[0]), "98 votes × 2") {
		t.Fatalf("%d reasons; the first: %s", len(why), words(why[0]))
	}
	if next := attr(with(doc, "a", "class", "btn")[0], "href"); next != "/papers/trending?after=50&half=7&vote=2" {
		t.Errorf("more leads to %s", next)
	}
	for _, bad := range []string{"vote=x", "half=0", "star=-1", "comment=1e9", "vote=NaN", "vote=Inf", "after=x"} {
		get(t, h, "/papers/trending?"+bad, 400)
	}
}

func TestArchive(t *testing.T) {
	h := open(t, newShelf())
	doc := load(t, h, "/archive")
	table := all(doc, "table")[0]
	if n := len(all(table, "th")); n != 7 {
		t.Errorf("%d weekdays", n)
	}
	var days []string
	for _, a := range all(table, "a") {
		days = append(days, attr(a, "href"))
	}
	if got := strings.Join(days, " "); got != "/papers/date/2026-05-22 /papers/date/2026-05-27 /papers/date/2026-05-28" {
		t.Errorf("the calendar leads to %s", got)
	}
	get(t, h, "/archive/2026", 200)
	get(t, h, "/archive/1999", 404)
	get(t, h, "/archive/x", 400)
}

func TestSitemapsAndRobots(t *testing.T) {
	h := open(t, newShelf())
	for path, want := range map[string]string{
		"/sitemap.xml":          "<loc>https://papers.example/sitemaps/2026-05.xml</loc>",
		"/sitemaps/1999-01.xml": "<loc>https://papers.example/papers/hep-th/9901001</loc>",
		"/sitemaps/pages.xml":   "<loc>https://papers.example/archive</loc>",
		"/robots.txt":           "Sitemap: https://papers.example/sitemap.xml",
	} {
		if _, body := get(t, h, path, 200); !strings.Contains(body, want) {
			t.Errorf("%s has no %s", path, want)
		}
	}
	get(t, h, "/sitemaps/2026-13.xml", 400)
	get(t, h, "/sitemaps/x", 404)
}

func TestAnEmptySiteSaysHowToFillIt(t *testing.T) {
	h := open(t, &shelf{})
	for _, path := range []string{"/papers", "/papers/week", "/papers/date/2026-05-28", "/archive"} {
		if !strings.Contains(words(load(t, h, path)), "broadsheet import") {
			t.Errorf("%s gives no help", path)
		}
	}
	for _, path := range []string{"/papers/trending", "/papers/new", "/about", "/sitemap.xml"} {
		get(t, h, path, http.StatusOK)
	}
}

func TestLongAuthorListsFold(t *testing.T) {
	f := newShelf()
	e := story("2026-05-28", 77, 1)
	for range 100 {
		e.Paper.Authors = append(e.Paper.Authors, paper.Author{Name: "One Of Many"})
	}
	e.Paper.Authors = append(e.Paper.Authors, paper.Author{Name: "Not Shown", Hidden: true})
	f.entries = append(f.entries, e)
	doc := load(t, open(t, f), urls.Paper(e.Paper.ID))
	fold := with(doc, "details", "class", "authors fold")
	if len(fold) != 1 || !strings.HasPrefix(words(fold[0]), "and 79 more") {
		t.Error("103 authors are not folded after 24")
	}
	if strings.Contains(words(doc), "Not Shown") {
		t.Error("a hidden author is shown")
	}
}

func TestStateOfTheEdition(t *testing.T) {
	f := newShelf()
	doc := load(t, open(t, f), "/papers")
	moment := with(doc, "time", "datetime", "2026-05-29T01:30:00Z")
	if len(moment) != 1 || words(moment[0]) != "28 May at 21:30 New York time" || !strings.Contains(words(doc), "open, closes") {
		t.Error("an open edition does not say when it closes")
	}
	f.SetNow(noon.AddDate(0, 0, 3))
	if text := words(load(t, open(t, f), "/papers")); !strings.Contains(text, "closed · the next edition opens 31 May at 21:30 New York time") {
		t.Error("a closed edition does not say when the next one opens")
	}
}
