package v1

import (
	"broadsheet/internal/papertest"

	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/internal/paper"
)

func TestPaper(t *testing.T) {
	f := newFixture(t, shelf())
	want := Paper{
		ID: "2605.00204", URL: "http://papers.example/papers/2605.00204",
		SourceURL: "https://arxiv.org/abs/2605.00204", PDFURL: "https://arxiv.org/pdf/2605.00204",
		Title: "Kites of α₃", TitleTeX: "Kites of $\\alpha_3$",
		Abstract: "How kites fly. And why.", AbstractTeX: "How kites fly.\nAnd why.",
		Authors:      []Author{{"Émilie du Châtelet", "emilie-du-chatelet"}},
		Organization: &Organization{Name: "acme", FullName: "Acme", URL: "http://papers.example/acme/papers"},
		Published:    "2026-05-24", Votes: 10,
		Links: []Link{{Kind: "code", URL: "https://github.com/acme/kites", Grade: "reader"}},
	}
	edition := Submission{
		Day: "2026-05-27", URL: "http://papers.example/papers/date/2026-05-27", SubmittedAt: time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC),
		SubmittedBy: &Person{"ada", "Ada Lovelace"}, Rank: 4, Of: 5,
	}
	want.Edition, want.Editions = &edition, []Submission{edition}
	got := read[Paper](t, f, "/papers/2605.00204")
	if got.Score == nil || got.Score.Votes != 10 || got.Score.AgeHours != 62.5 {
		t.Errorf("score %+v", got.Score)
	}
	got.Score = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if p := read[Paper](t, f, "/papers/2406.10500"); p.Published != "2024-06" || len(p.Versions) != 1 || p.Edition != nil || p.Score != nil || p.TitleTeX != "" {
		t.Errorf("%+v", p)
	}
}

// Identifiers come as people and programs write them.
func TestPaperAddresses(t *testing.T) {
	f := newFixture(t, shelf())
	for address, want := range map[string]string{
		"/papers/hep-th/9901001":            "hep-th/9901001",
		"/papers/hep-th%2F9901001":          "hep-th/9901001",
		"/papers/hep-th%2f9901001v2":        "hep-th/9901001",
		"/papers/10.1145/3292500.330":       "10.1145/3292500.330",
		"/papers/10.1145%2F3292500.330":     "10.1145/3292500.330",
		"/papers/2605.00204v3":              "2605.00204",
		"/papers/arXiv:2605.00204":          "2605.00204",
		"/papers/hep-th/9901001/links":      "hep-th/9901001",
		"/papers/hep-th%2F9901001/votes":    "hep-th/9901001",
		"/papers/10.1145/3292500.330/votes": "10.1145/3292500.330",
	} {
		if got := read[struct{ ID string }](t, f, address).ID; got != want {
			t.Errorf("%s is %q, want %q", address, got, want)
		}
	}
}

// A DOI may end like an address below a paper.
func TestTrickyDOI(t *testing.T) {
	doi := paper.ID("10.1145/kites/similar")
	f := newFixture(t, []paper.Observation{{Source: paper.SourceArXiv, Fingerprint: 1, Paper: paper.Paper{ID: doi, Title: "Kites"}}})
	if got := read[Paper](t, f, "/papers/10.1145%2Fkites%2Fsimilar").ID; got != string(doi) {
		t.Errorf("got %q", got)
	}
	if resp := f.get(t, "/papers/10.1145/kites/similar"); resp.StatusCode != 404 {
		t.Errorf("papers like one that is not here: %s", resp.Status)
	}
}

func TestPaperAsMarkdown(t *testing.T) {
	f := newFixture(t, shelf())
	for _, c := range []struct {
		address, accept string
		markdown        bool
	}{
		{"/papers/2605.00204", "", false},
		{"/papers/2605.00204", "*/*", false},
		{"/papers/2605.00204", "text/markdown", true},
		{"/papers/2605.00204", "text/html, text/markdown;q=0.9, application/json;q=0.8", true},
		{"/papers/2605.00204", "application/json, text/markdown;q=0.5", false},
		{"/papers/2605.00204?format=md", "application/json", true},
		{"/papers/2605.00204?format=json", "text/markdown", false},
	} {
		resp := f.get(t, c.address, "Accept", c.accept)
		kind := resp.Header.Get("Content-Type")
		if resp.StatusCode != 200 || strings.HasPrefix(kind, "text/markdown") != c.markdown || !slices.Contains(resp.Header.Values("Vary"), "Accept") {
			t.Errorf("%s, Accept %q: %s, %s", c.address, c.accept, resp.Status, kind)
		}
		if body := text(t, resp); c.markdown != strings.HasPrefix(body, "---\ntitle: Kites of α₃\n") {
			t.Errorf("%s: %s", c.address, body)
		}
	}
}

func TestPartsOfAPaper(t *testing.T) {
	f := newFixture(t, shelf())
	if got := read[Links](t, f, "/papers/2605.00204/links"); len(got.Links) != 1 || got.Links[0].Grade != "reader" {
		t.Errorf("links %+v", got)
	}
	at := time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC)
	want := Signals{"2605.00204", "votes", []Signal{{at, 10}}}
	for _, address := range []string{"/papers/2605.00204/votes", "/papers/2605.00204/signals", "/papers/2605.00204/signals?kind=votes"} {
		if d := cmp.Diff(want, read[Signals](t, f, address)); d != "" {
			t.Errorf("%s: %s", address, d)
		}
	}
	if got := read[Signals](t, f, "/papers/2605.00204/signals?kind=stars"); got.Kind != "stars" || got.Signals == nil || len(got.Signals) != 0 {
		t.Errorf("stars %+v", got)
	}
	similar := read[Papers](t, f, "/papers/2605.00204/similar?limit=3")
	if len(similar.Papers) != 3 || slices.Contains(ids(similar.Papers), "2605.00204") {
		t.Errorf("similar %v", ids(similar.Papers))
	}
}

func TestCitation(t *testing.T) {
	f := newFixture(t, shelf())
	for _, c := range []struct{ query, kind, begins string }{
		{"", "application/x-bibtex; charset=utf-8", "@misc{"},
		{"?format=bibtex", "application/x-bibtex; charset=utf-8", "@misc{"},
		{"?format=ris", "application/x-research-info-systems; charset=utf-8", "TY  - "},
		{"?format=csl", "application/vnd.citationstyles.csl+json", "[\n"},
	} {
		resp := f.get(t, "/papers/2605.00204/citation"+c.query)
		if body := text(t, resp); resp.Header.Get("Content-Type") != c.kind || !strings.HasPrefix(body, c.begins) {
			t.Errorf("%q: %s, %s", c.query, resp.Header.Get("Content-Type"), body)
		}
	}
}

func TestBulk(t *testing.T) {
	f := newFixture(t, shelf())
	got := read[Bulk](t, f, "/papers/bulk?ids=2605.00204,nonsense,hep-th/9901001v1,2605.99999v2,2605.00204")
	if d := cmp.Diff([]string{"2605.00204", "hep-th/9901001"}, ids(got.Papers)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"nonsense", "2605.99999v2"}, got.Missing); d != "" {
		t.Error(d)
	}
	hundred := "/papers/bulk?ids=" + strings.Repeat("2605.00204,", 99) + "2605.00204"
	if got := read[Bulk](t, f, hundred); len(got.Papers) != 1 || got.Missing == nil {
		t.Errorf("a hundred: %+v", got)
	}
	if resp := f.get(t, hundred+",2605.00204"); resp.StatusCode != 400 {
		t.Errorf("one more than a hundred: %s", resp.Status)
	}
}

func TestEdition(t *testing.T) {
	f := newFixture(t, shelf())
	got := read[Edition](t, f, "/editions/2026-05-27")
	clock := papertest.Clock()
	want := EditionState{
		Period: "2026-05-27", Kind: "day", Title: "Wednesday, 27 May 2026", URL: "http://papers.example/papers/date/2026-05-27", State: "closed",
		Opens: clock.OpensAt("2026-05-27").UTC(), Closes: clock.ClosesAt("2026-05-27").UTC(), Total: 5,
	}
	if d := cmp.Diff(want, got.EditionState); d != "" {
		t.Error(d)
	}
	if got.Prev != "2026-05-26" || got.Next != "2026-05-29" || !got.NextOpens.Equal(clock.OpensAt("2026-05-30")) {
		t.Errorf("prev %s, next %s, next opens %s", got.Prev, got.Next, got.NextOpens)
	}
	if d := cmp.Diff([]string{"2605.00203", "2605.00205", "2605.00202", "2605.00204", "2605.00201"}, ids(got.Papers)); d != "" {
		t.Error(d)
	}
	for i, p := range got.Papers {
		if p.Rank != i+1 || p.Edition.Day != "2026-05-27" {
			t.Errorf("%s has rank %d in %+v", p.ID, p.Rank, p.Edition)
		}
	}
}

func TestPeriods(t *testing.T) {
	f := newFixture(t, shelf())
	for _, c := range []struct {
		name, period, state string
		total               int
		prev, next          string
	}{
		{"2026-5-27", "2026-05-27", "closed", 5, "2026-05-26", "2026-05-29"},
		{"2026-W22", "2026-W22", "open", 20, "", ""},
		{"2026-05", "2026-05", "open", 20, "", ""},
		{"today", "2026-05-29", "open", 5, "2026-05-27", ""},
		{"latest", "2026-05-29", "open", 5, "2026-05-27", ""},
		{"2026-05-28", "2026-05-28", "closed", 0, "2026-05-27", "2026-05-29"},
		{"2026-05-30", "2026-05-30", "upcoming", 0, "2026-05-29", ""},
		{"2026-01-01", "2026-01-01", "closed", 0, "", "2026-05-25"},
		{"2026-W10", "2026-W10", "closed", 0, "", "2026-W22"},
		{"2026-07", "2026-07", "upcoming", 0, "2026-05", ""},
	} {
		e := read[Edition](t, f, "/editions/"+c.name)
		if e.Period != c.period || e.State != c.state || e.Total != c.total || len(e.Papers) != c.total || e.Papers == nil || e.Prev != c.prev || e.Next != c.next {
			t.Errorf("%s: %s %s, %d papers of %d, between %q and %q", c.name, e.Period, e.State, len(e.Papers), e.Total, e.Prev, e.Next)
		}
	}
}

// On a Saturday today is an empty edition, and latest Friday's.
func TestWeekend(t *testing.T) {
	f := newFixture(t, shelf())
	read[Edition](t, f, "/editions/today")
	f.site.SetNow(noon.Add(24 * time.Hour))
	today := read[Edition](t, f, "/editions/today")
	if today.Period != "2026-05-30" || today.State != "open" || today.Total != 0 || today.Prev != "2026-05-29" {
		t.Errorf("today %+v", today)
	}
	if latest := read[Edition](t, f, "/editions/latest"); latest.Period != "2026-05-29" || latest.State != "closed" {
		t.Errorf("latest %+v", latest.EditionState)
	}
	want := Clock{"America/New_York", "2026-05-30", time.Date(2026, 5, 30, 1, 30, 0, 0, time.UTC), time.Date(2026, 5, 31, 1, 30, 0, 0, time.UTC), "2026-05-29"}
	if d := cmp.Diff(want, read[Clock](t, f, "/clock")); d != "" {
		t.Error(d)
	}
}

// A site without papers answers, too.
func TestEmptySite(t *testing.T) {
	f := newFixture(t, nil)
	for _, address := range []string{
		"/clock", "/editions", "/editions/today", "/editions/2026-05-27", "/editions/2026-W22", "/papers", "/papers/bulk?ids=2605.00204",
		"/trending", "/search?q=kites&facets=true", "/suggest?q=ki", "/authors", "/organizations", "/changes", "/stats",
	} {
		if body := text(t, f.get(t, address)); strings.Contains(body, "null") || strings.Contains(body, `"status"`) {
			t.Errorf("%s: %s", address, body)
		}
	}
	if resp := f.get(t, "/editions/latest"); resp.StatusCode != 404 {
		t.Errorf("latest: %s", resp.Status)
	}
}

func TestSearch(t *testing.T) {
	f := newFixture(t, shelf())
	got := read[Findings](t, f, "/search?q=birdsong&facets=true")
	if got.Total == 0 || got.Papers[0].ID != "2406.10500" || got.Papers[0].Relevance <= 0 || got.Facets == nil {
		t.Fatalf("%+v", got)
	}
	title := ""
	marked := 0
	for _, piece := range got.Papers[0].Highlights.Title {
		title += piece.Text
		if piece.Marked {
			marked++
		}
	}
	if title != "Sparse coding of birdsong" || marked == 0 {
		t.Errorf("title %q with %d marks", title, marked)
	}
	if got := read[Findings](t, f, "/search?q=Ada+Lovelace&words=true"); got.Author == nil || got.Author.Slug != "ada-lovelace" || got.Facets != nil {
		t.Errorf("author %+v", got.Author)
	}
	if got := read[Findings](t, f, "/search?q=https://arxiv.org/abs/hep-th/9901001v1"); got.Total != 1 || got.Papers[0].ID != "hep-th/9901001" || got.Named != "paper" {
		t.Errorf("an address finds %v, named %q", ids(got.Papers), got.Named)
	}
	if why := read[Findings](t, f, "/search?q=birdsong&why=true").Papers[0].Why; why == nil || len(why.Terms) == 0 || why.Words <= 0 {
		t.Errorf("why: %+v", why)
	}
	// No paper has both words, so that those with some are found.
	if got := read[Findings](t, f, "/search?q=birdsong+strings&words=true"); !got.Relaxed || got.Some != got.Total || got.Total != 2 {
		t.Errorf("relaxed: %v, %d of %d", got.Relaxed, got.Total, got.Some)
	}
	strict := read[Findings](t, f, "/search?q=strings+kites&words=true")
	some := read[Findings](t, f, "/search?q=strings+kites&words=true&some=true")
	if strict.Relaxed || strict.Total != 1 || strict.Some <= strict.Total || some.Total != strict.Some {
		t.Errorf("strict: %d of %d, relaxed %v; some: %d", strict.Total, strict.Some, strict.Relaxed, some.Total)
	}
	// What narrows it down to nothing, and what to ask instead.
	if got := read[Findings](t, f, "/search?q=birdsong+has:code"); len(got.Narrowings) != 2 || got.Narrowings[0] != (Narrowing{"has:code", "birdsong", 1}) {
		t.Errorf("narrowings: %+v", got.Narrowings)
	}
	if got := read[Findings](t, f, "/search?q=org:Acne"); len(got.Hints) != 1 || !slices.Equal(got.Hints[0].Try, []string{"org:Acme"}) {
		t.Errorf("hints: %+v", got.Hints)
	}
	if got.Named != "" || got.Papers[0].Why != nil {
		t.Errorf("named %q, why %+v, which nobody asked for", got.Named, got.Papers[0].Why)
	}
}

func TestTrending(t *testing.T) {
	f := newFixture(t, shelf())
	got := read[Papers](t, f, "/trending?vote=2&half=1.5&limit=5")
	if p := got.Papers[0]; len(got.Papers) != 5 || p.Rank != 1 || p.Score == nil || p.Score.Votes != 80 || p.Score.Decay <= 0 {
		t.Errorf("%+v", p)
	}
}

func TestSuggest(t *testing.T) {
	f := newFixture(t, shelf())
	got := read[Suggestions](t, f, "/suggest?q=birds")
	if len(got.Suggestions) == 0 {
		t.Fatal("nothing begins with birds")
	}
	for _, s := range got.Suggestions {
		if s.Kind == "" || s.Text == "" || !strings.HasPrefix(s.URL, "/") {
			t.Errorf("%+v", s)
		}
	}
}

func TestPeople(t *testing.T) {
	f := newFixture(t, shelf())
	if got := read[Authors](t, f, "/authors"); len(got.Authors) != 2 || got.Authors[0] != (AuthorPage{Author{"Ada Lovelace", "ada-lovelace"}, "http://papers.example/authors/ada-lovelace"}) {
		t.Errorf("authors %+v", got.Authors)
	}
	if got := read[AuthorPapers](t, f, "/authors/emilie-du-chatelet?limit=3"); got.Name != "Émilie du Châtelet" || got.Total != 20 || got.AtLeast || len(got.Papers) != 3 {
		t.Errorf("author %+v", got)
	}
	if got := read[Organizations](t, f, "/organizations"); len(got.Organizations) != 1 || got.Organizations[0].Name != "acme" {
		t.Errorf("organizations %+v", got.Organizations)
	}
	if got := read[OrganizationPapers](t, f, "/organizations/acme?limit=100"); got.FullName != "Acme" || got.Total != 20 || len(got.Papers) != 20 || got.Cursor != "" {
		t.Errorf("organization %+v", got.Organization)
	}
}

func TestStats(t *testing.T) {
	f := newFixture(t, shelf())
	if got := read[Stats](t, f, "/stats"); got.Papers != 23 || got.Editions != 4 || got.Demo {
		t.Errorf("%+v", got)
	}
}

// seqOf is the part of a cursor of the changes that counts.
func seqOf(cursor string) string {
	n, _, _ := strings.Cut(cursor, "-")
	return n
}

// A cursor that this database's history does not know is refused, and the mirror told to
// begin again: of another site, ahead of this one, or of a history that was lost.
func TestCursorsOfOtherHistories(t *testing.T) {
	f, other := newFixture(t, shelf()), newFixture(t, shelf())
	own := read[Changes](t, f, "/changes?limit=500").Cursor
	foreign := read[Changes](t, other, "/changes?limit=500").Cursor
	parts := strings.Split(own, "-")
	for _, tt := range []struct {
		name, cursor string
		status       int
		code         string
	}{
		{"of another site", foreign, 410, "Gone"},
		{"of another site, at its first change", read[Changes](t, other, "/changes?limit=1").Cursor, 410, "Gone"},
		{"a number ahead", "100000", 409, "Conflict"},
		{"ahead", "100000-" + parts[1] + "-" + parts[2], 409, "Conflict"},
		{"of a lost history", parts[0] + "-1-" + parts[2], 409, "Conflict"},
		{"cut short", parts[0] + "-" + parts[1], 400, "InvalidParameter"},
	} {
		checkProblem(t, tt.name, f.get(t, "/changes?cursor="+tt.cursor), tt.status, tt.code, "cursor")
		if body := text(t, f.get(t, "/changes?cursor="+tt.cursor)); tt.status != 400 && !strings.Contains(body, "without a cursor") {
			t.Errorf("%s: it does not say how to begin again: %s", tt.name, body)
		}
	}
}

// A mirror that follows the changes has what the site has, removals included.
func TestMirror(t *testing.T) {
	demo := paper.Observation{Source: paper.SourceDemo, Fingerprint: 1, Paper: paper.Paper{ID: "2303.04634", Title: "A paper for show"}}
	f := newFixture(t, append(shelf(), demo))
	mirror := map[string]string{}
	cursor := ""
	follow := func() {
		for {
			got := read[Changes](t, f, "/changes?limit=7&cursor="+cursor)
			for _, c := range got.Changes {
				delete(mirror, c.ID)
				if !c.Removed {
					mirror[c.ID] = c.Paper.Title
				}
			}
			if cursor = got.Cursor; !got.More {
				return
			}
		}
	}
	follow()
	if len(mirror) != 24 {
		t.Fatalf("%d papers", len(mirror))
	}
	if got := read[Changes](t, f, "/changes?cursor="+cursor); got.Cursor != cursor || got.More || got.Changes == nil || len(got.Changes) != 0 {
		t.Errorf("at the end: %+v", got)
	}
	if _, err := f.site.DB.Forget(t.Context(), paper.SourceDemo); err != nil {
		t.Fatal(err)
	}
	if got := read[Changes](t, f, "/changes?cursor="+seqOf(cursor)); !reflect.DeepEqual(got.Changes, read[Changes](t, f, "/changes?cursor="+cursor).Changes) {
		t.Errorf("a cursor that is a number alone: %+v", got)
	}
	follow()
	if len(mirror) != 23 || mirror["2303.04634"] != "" {
		t.Errorf("%d papers after a removal", len(mirror))
	}
}
