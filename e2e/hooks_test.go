package e2e

import (
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	nethtml "golang.org/x/net/html"
)

// What programs that read the pages of the public Daily Papers site look for, by the
// expressions that they use.
var (
	propsOf    = regexp.MustCompile(`data-target="DailyPapers"\s+data-props="([^"]*)"`)
	headingsOf = regexp.MustCompile(`<h3[^>]*>\s*<a href="/papers/([^"]+)"[^>]*>`)
	timesOf    = regexp.MustCompile(`<time[^>]* datetime="([^"]+)"`)
)

// scraped is the data of a list's page.
type scraped struct {
	DateString  string
	PrevDate    string
	PeriodType  string
	IsTrending  bool
	DailyPapers []struct {
		Title, PublishedAt string
		Paper              struct {
			ID, Summary string
			Upvotes     *int
		}
	}
}

// dataOf reads the data of a page as such programs do.
func dataOf(t *testing.T, path string) (data scraped, body string) {
	t.Helper()
	_, body = fetch(t, path)
	m := propsOf.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("%s: no data", path)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &data); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return data, body
}

// TestScrapers: the papers of a list are found in its headings and in its data, the
// same ones in the same order.
func TestScrapers(t *testing.T) {
	for path, kind := range map[string]string{
		"/papers": "day", "/papers/date/2026-05-27": "day", "/papers/week/2026-W22": "week", "/papers/week/2099-W01": "week", "/papers/month/2026-05": "month",
		"/papers/trending": "", "/papers/new": "", "/papers?q=language+models": "",
	} {
		data, body := dataOf(t, path)
		if kind != "" && data.PeriodType != kind {
			t.Errorf("%s: a %q", path, data.PeriodType)
		}
		var ids []string
		for _, p := range data.DailyPapers {
			ids = append(ids, p.Paper.ID)
			if p.Title == "" || p.Paper.Upvotes == nil {
				t.Errorf("%s: %s lacks something: %+v", path, p.Paper.ID, p)
			}
			if _, err := time.Parse("2006-01-02T15:04:05.000Z", p.PublishedAt); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		var headings []string
		for _, m := range headingsOf.FindAllStringSubmatch(body, -1) {
			headings = append(headings, m[1])
		}
		if len(ids) == 0 || !slices.Equal(ids, headings) {
			t.Errorf("%s: data has %q, headings %q", path, ids, headings)
		}
	}
	if data, _ := dataOf(t, "/papers/date/2026-05-28"); data.DateString != "2026-05-28" || data.PrevDate != "2026-05-27" {
		t.Errorf("28 May calls itself %s, after %s", data.DateString, data.PrevDate)
	}
	if data, _ := dataOf(t, "/papers/trending"); !data.IsTrending {
		t.Error("trending does not say so")
	}
}

// TestScrapedPaper: day and abstract stand where such programs look.
func TestScrapedPaper(t *testing.T) {
	for _, id := range []string{plainPaper, mathPaper, oldPaper, crowdPaper, twicePaper} {
		_, body := fetch(t, "/papers/"+id)
		if m := timesOf.FindStringSubmatch(body); m == nil {
			t.Errorf("%s: no time", id)
		} else if _, err := time.Parse("2006-01-02T15:04:05", m[1]); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		doc, err := nethtml.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for n := range doc.Descendants() {
			if n.Type == nethtml.ElementNode && n.Data == "div" && slices.Contains(n.Attr, nethtml.Attribute{Key: "class", Val: "pb-8 pr-4 md:pr-16"}) {
				found++
			}
		}
		if found != 1 && paperOf(t, id).Paper.Summary != "" {
			t.Errorf("%s: %d abstracts", id, found)
		}
	}
}

// TestAlternates: every other form that a page names is there, in the form it says.
func TestAlternates(t *testing.T) {
	link := regexp.MustCompile(`<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">`)
	menu := regexp.MustCompile(`<li><a href="([^"]+)" type="([^"]+)" rel="nofollow">`)
	for _, path := range []string{
		"/papers", "/papers/date/2026-05-27", "/papers/week/2026-W22", "/papers/month/2026-05", "/papers/trending?half=3", "/papers/new", "/papers?q=language+models",
		"/kaist-ai/papers", "/authors/juan-m-maldacena", "/papers/" + plainPaper, "/papers/" + oldPaper, "/papers/" + plainPaper + "/similar", "/archive", "/archive/2026",
	} {
		_, body := fetch(t, path)
		kinds := map[string]string{}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			kinds[html.UnescapeString(m[2])] = html.UnescapeString(m[1])
		}
		for _, m := range menu.FindAllStringSubmatch(body, -1) {
			kinds[html.UnescapeString(m[1])] = html.UnescapeString(m[2])
		}
		if len(kinds) < 4 {
			t.Errorf("%s names %v", path, kinds)
		}
		for to, kind := range kinds {
			resp, _ := fetch(t, to)
			if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || !strings.HasPrefix(got, kind) {
				t.Errorf("%s, named by %s: %s, %s instead of %s", to, path, resp.Status, got, kind)
			}
		}
	}
}
