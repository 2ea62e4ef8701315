package feed

import (
	"broadsheet/internal/papertest"

	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	editions "broadsheet/internal/edition"
	"broadsheet/internal/paper"
	"broadsheet/internal/urls"
)

// lists are addresses of every kind of list, with a question mark where the ending
// goes.
var lists = []string{
	"/papers?", "/papers/week?", "/papers/month?", "/papers/date/2026-05-27?", "/papers/week/2026-W22?", "/papers/month/2026-05?",
	"/papers/trending?", "/papers/trending?vote=3&half=2", "/papers/new?", "/papers?q=maps+at+night", "/search?q=maps", "/search?q=2605.02602",
	"/acme/papers?", "/authors/ada-lovelace?", "/papers/2605.02602/similar?", "/papers/10.1145/3292500(a)/similar?", "/papers?date=2026-5-27",
	"/archive?", "/archive/2026?",
}

// Every list has every form, valid by the form's rules, and all forms of one list have
// the same papers in the same order, which is the catalog's.
func TestEveryListInEveryForm(t *testing.T) {
	s := filled(t)
	for _, list := range lists {
		want := names(t, s, list)
		for _, f := range forms {
			t.Run(list+f.ending, func(t *testing.T) {
				path := strings.Replace(list, "?", f.ending+"?", 1)
				if strings.HasPrefix(list, "/archive") && !f.archives {
					if body := get(t, s, path, 404); !strings.Contains(body, ".rss") {
						t.Errorf("%q does not say what to ask for", body)
					}
					return
				}
				if bare, _, _ := strings.Cut(path, "?"); !claims(bare) {
					t.Errorf("%s is not claimed", bare)
				}
				got := readers[f.ending](t, get(t, s, path, 200))
				if f.ending == ".ics" && len(got) < len(want) { // editions
					return
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

// names are the identifiers that a list's entries must have.
func names(t *testing.T, s *shelf, list string) []string {
	t.Helper()
	var ids []string
	for _, e := range parse(t, get(t, s, strings.Replace(list, "?", ".atom?", 1), 200)).Items {
		ids = append(ids, e.GUID)
	}
	if len(ids) == 0 {
		t.Fatalf("%s is empty", list)
	}
	return ids
}

// A feed has the papers of the catalog's list in their order.
func TestOrder(t *testing.T) {
	s := filled(t)
	for _, path := range []string{"/papers/date/2026-05-27", "/papers/week/2026-W22", "/papers/trending", "/papers/new", "/acme/papers", "/authors/ada-lovelace"} {
		ref, err := urls.ParseList(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		roll, err := s.Catalog.ListPage(t.Context(), ref, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, e := range roll.Entries {
			want = append(want, e.Paper.ID.AbsURL(0))
		}
		if d := cmp.Diff(want, names(t, s, path+"?")); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}

// The daily feed has whole editions, the newest first, and a paper of two once.
func TestNewestEditions(t *testing.T) {
	s := filled(t)
	ids := names(t, s, "/papers?")
	days := func(day string) []string {
		return slices.DeleteFunc(names(t, s, "/papers/date/"+day+"?"), func(id string) bool { return day == "2026-05-26" && strings.HasSuffix(id, "02601") })
	}
	want := slices.Concat(days("2026-05-29"), days("2026-05-27"), days("2026-05-26"), days("2026-05-25"))
	if d := cmp.Diff(want, ids); d != "" {
		t.Error(d)
	}
	if f := parse(t, get(t, s, "/papers.rss", 200)); !strings.Contains(f.Description, "The edition is open: until 30 May 2026 at 01:30 UTC") {
		t.Errorf("description %q", f.Description)
	}
}

// It ends with the edition that would make it too long, but not before the second.
func TestStandingIsBounded(t *testing.T) {
	s := newShelf(t)
	var batch []paper.Observation
	for day, n := range map[paper.Day]int{"2026-05-25": 5, "2026-05-26": 60, "2026-05-27": 60, "2026-05-28": 99, "2026-05-29": 90} {
		for i := range n {
			batch = append(batch, story(day, i, i%7))
		}
	}
	s.on.Add(t, batch...)
	if n := len(names(t, s, "/papers?")); n != 189 {
		t.Errorf("%d papers, want 189", n)
	}
	if n := len(names(t, s, "/papers/week?")); n != 100 {
		t.Errorf("%d papers of a week, want 100", n)
	}
	if n := len(names(t, s, "/papers/week/2026-W22?")); n != 314 {
		t.Errorf("%d papers of a week, want all 314", n)
	}
}

// The feed of a closed edition is the same whoever votes later, and so is the order of
// its page. A paper that is brought in afterwards comes last.
func TestClosedEditionStays(t *testing.T) {
	s := filled(t)
	if _, err := editions.Update(t.Context(), s.on.DB, papertest.Clock(), s.on.Now()); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, f := range forms {
		before[f.ending] = get(t, s, "/papers/date/2026-05-26"+f.ending, 200)
	}
	order := names(t, s, "/papers/date/2026-05-26?")
	voted := story("2026-05-26", len(order)-1, 1000)
	voted.Signals[0].At, voted.At = noon, noon
	s.on.Add(t, voted)
	s.on.SetNow(s.on.Now().Add(48 * time.Hour))
	page, err := s.Catalog.ListPage(t.Context(), urls.List{Kind: urls.KindEdition, Period: "2026-05-26"}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var onPage []string
	for _, e := range page.Entries {
		onPage = append(onPage, e.Paper.ID.AbsURL(0))
	}
	if d := cmp.Diff(order, onPage); d != "" {
		t.Errorf("the page is in another order: %s", d)
	}
	for _, f := range forms {
		if d := cmp.Diff(before[f.ending], get(t, s, "/papers/date/2026-05-26"+f.ending, 200)); d != "" {
			t.Errorf("%s: %s", f.ending, d)
		}
	}
	late := story("2026-05-26", len(order), 5000)
	s.on.Add(t, late)
	if now := names(t, s, "/papers/date/2026-05-26?"); len(now) != len(order)+1 || !slices.Equal(now[:len(order)], order) {
		t.Errorf("with a late paper: %v, before %v", now, order)
	}
}

// Files of a closed edition have nothing in them that moves.
func TestClosedFilesStay(t *testing.T) {
	s := filled(t)
	before := map[string]string{}
	for _, f := range forms {
		before[f.ending] = get(t, s, "/papers/date/2026-05-26"+f.ending, 200)
	}
	best := story("2026-05-26", 2, 40) // which is the first already
	best.At, best.Signals = noon, []paper.Signal{{Kind: paper.SignalVotes, At: noon, Value: 500}, {Kind: paper.SignalComments, At: noon, Value: 9}}
	s.on.Add(t, best)
	s.on.SetNow(s.on.Now().AddDate(0, 1, 0))
	for _, f := range forms {
		if d := cmp.Diff(before[f.ending], get(t, s, "/papers/date/2026-05-26"+f.ending, 200)); d != "" {
			t.Errorf("%s: %s", f.ending, d)
		}
	}
	if !strings.Contains(get(t, s, "/papers/trending.md", 200), "500 votes") {
		t.Error("what trends does not say by how many votes")
	}
}

// An open edition says so, and until when; once it has closed it says that.
func TestOpenEdition(t *testing.T) {
	s := filled(t)
	for _, ending := range []string{".rss", ".atom", ".json", ".ics", ".md"} {
		s.on.SetNow(noon)
		path := "/papers/date/2026-05-29" + ending
		if body := unfold(get(t, s, path, 200)); !strings.Contains(body, "edition is open") || !strings.Contains(body, "30 May 2026") {
			t.Errorf("%s does not say that it is open: %.600s", ending, body)
		}
		s.on.SetNow(noon.AddDate(0, 0, 1))
		if body := unfold(get(t, s, path, 200)); strings.Contains(body, "is open") || !strings.Contains(body, "closed") {
			t.Errorf("%s does not say that it is closed: %.600s", ending, body)
		}
	}
}

// An edition that is open is a feed before its first paper comes; one that is over
// without papers, or to come, is none.
func TestOpenEditionWithoutPapers(t *testing.T) {
	s := newShelf(t)
	for _, f := range forms {
		body := get(t, s, "/papers/date/2026-05-29"+f.ending, 200)
		if ids := readers[f.ending](t, body); f.ending != ".ics" && len(ids) != 0 {
			t.Errorf("%s: %v", f.ending, ids)
		}
		get(t, s, "/papers/date/2026-05-28"+f.ending, 404)
		get(t, s, "/papers/date/2026-05-30"+f.ending, 404)
	}
	if body := get(t, s, "/papers/week/2026-W22.rss", 200); !strings.Contains(body, "is open") {
		t.Errorf("the week does not say that it is open: %s", body)
	}
}

// unfold joins the lines of a calendar.
func unfold(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

// An archive's entries are its editions, the newest first; their names and dates stay.
func TestArchive(t *testing.T) {
	s := filled(t)
	f := parse(t, get(t, s, "/archive.atom", 200))
	if f.Title != "Editions – Morning & Papers" || len(f.Items) != 4 {
		t.Fatalf("%+v", f)
	}
	open, closed := f.Items[0], f.Items[1]
	if open.GUID != "urn:broadsheet:edition:2026-05-29" || open.Title != "Friday, 29 May 2026" || open.Link != site+"/papers/date/2026-05-29" ||
		!strings.Contains(open.Content, "is open") || open.Published != "2026-05-29T01:30:00Z" {
		t.Errorf("open: %+v", open)
	}
	if !strings.Contains(closed.Content, "9 papers.") || closed.Updated != "2026-05-28T01:30:00Z" {
		t.Errorf("closed: %+v", closed)
	}
	s.on.SetNow(s.on.Now().AddDate(0, 0, 3))
	if later := parse(t, get(t, s, "/archive.atom", 200)).Items[0]; later.GUID != open.GUID || later.Published != open.Published || later.Updated != "2026-05-30T01:30:00Z" {
		t.Errorf("later: %+v", later)
	}
}

// A site without papers has feeds, which are empty.
func TestEmptySite(t *testing.T) {
	s := newShelf(t)
	for _, list := range []string{"/papers?", "/papers/week?", "/papers/trending?", "/papers/new?", "/papers?q=maps", "/archive?"} {
		for _, f := range forms {
			if list == "/archive?" && !f.archives {
				continue
			}
			if ids := readers[f.ending](t, get(t, s, strings.Replace(list, "?", f.ending+"?", 1), 200)); len(ids) != 0 {
				t.Errorf("%s in %s: %v", list, f.ending, ids)
			}
		}
	}
}

// OPML names feeds that are there.
func TestOPML(t *testing.T) {
	s := filled(t)
	body := get(t, s, "/feeds.opml", 200)
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", "feeds.opml"), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.Join("testdata", "feeds.opml"))
	if err != nil || string(want) != body {
		t.Errorf("%v: %s", err, cmp.Diff(string(want), body))
	}
	var d opmlDocument
	if err := xml.Unmarshal([]byte(body), &d); err != nil || d.Version != "2.0" || d.Title != "Morning & Papers" || len(d.Outlines) != 6 {
		t.Fatalf("%+v, %v", d, err)
	}
	for _, o := range d.Outlines {
		path, ok := strings.CutPrefix(o.XMLURL, site)
		if !ok || o.Type != "rss" || o.Text == "" {
			t.Errorf("%+v", o)
		}
		if f := parse(t, get(t, s, path, 200)); f.Title != o.Title || f.Link != o.HTMLURL {
			t.Errorf("%s is %q of %s, said is %+v", path, f.Title, f.Link, o)
		}
	}
}

func TestClaims(t *testing.T) {
	for _, list := range lists {
		path, _, _ := strings.Cut(list, "?")
		for _, f := range forms {
			if !claims(path + f.ending) {
				t.Errorf("%s is not claimed", path+f.ending)
			}
		}
		if claims(path) {
			t.Errorf("%s is claimed", path)
		}
	}
	for _, path := range []string{"/papers/date/2026-99-99.rss", "/archive/soon.json", "/papers/no id/similar.atom", "/authors/x.y.rss"} {
		if !claims(path) {
			t.Errorf("%s is not claimed", path)
		}
	}
	for _, path := range []string{"", "/", ".rss", "/.rss", "/robots.txt", "/sitemap.xml", "/papers/2401.01234.md", "/papers/2401.01234.bib", "/papers/2401.01234.ris",
		"/papers/2401.01234.csl.json", "/papers/2401.01234.json", "/papers/hep-th/9901001.md", "/papers/10.1145/3292500.bib",
		"/api/v1/openapi.json", "/api/v1/papers.json", "/static/site.rss", "/static/a.papers.json", "/papers.rssx", "/papers.xml", "/feeds.rss", "/a/b/papers.rss",
		"/about.md", "/developers.md", "/mcp.json", "//papers.rss", "/favicon.ico", "/llms.txt"} {
		if claims(path) {
			t.Errorf("%s is claimed", path)
		}
	}
}

func BenchmarkEdition(b *testing.B) {
	s := newShelf(b)
	var batch []paper.Observation
	for i := range 50 {
		batch = append(batch, story("2026-05-27", i, i))
	}
	s.on.Add(b, batch...)
	for _, f := range forms {
		b.Run("kept"+f.ending, func(b *testing.B) {
			for b.Loop() {
				fetch(s, "GET", "/papers/date/2026-05-27"+f.ending)
			}
		})
		b.Run("made"+f.ending, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				s.on.SetNow(noon.Add(time.Duration(i) * 2 * time.Minute))
				fetch(s, "GET", fmt.Sprintf("/papers/date/2026-05-27%s", f.ending))
			}
			s.on.SetNow(noon)
		})
	}
}
