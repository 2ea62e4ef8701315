package app

import (
	"broadsheet/internal/papertest"

	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/config"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// press is a site of forty editions with four papers each, of a dozen organizations and as
// many authors, and an engine that knows them all.
func press(t *testing.T) (*store.DB, search.Engine) {
	t.Helper()
	db := storetest.SQLite(t)
	return db, fillPress(t, db)
}

// fillPress puts them into a database and returns the engine.
func fillPress(t *testing.T, db *store.DB) search.Engine {
	t.Helper()
	engine := searchtest.NewPlain()
	var batch []paper.Observation
	var changes []search.Change
	for i := range 160 {
		day := paper.Day("2026-04-13").Add(i / 4)
		at := papertest.Clock().OpensAt(day).Add(time.Hour)
		org := fmt.Sprintf("house-%d", i%12)
		p := paper.Paper{
			ID: paper.ID(fmt.Sprintf("2604.%05d", i+1)), Title: fmt.Sprintf("Printing with moving type, part %d", i),
			Abstract:  fmt.Sprintf("We print %d sheets with moving type and count the errors.", i),
			Authors:   []paper.Author{{Name: fmt.Sprintf("Aldus Manutius %d", i%12)}, {Name: "Lena Setzer"}},
			Keywords:  []string{"printing", "type"},
			Published: paper.Date{Time: day.Add(-2).Time(), Precision: paper.PrecisionDay}, Categories: []string{"cs.CL"},
			Organization: &paper.Organization{Name: org, FullName: "House of " + org},
			Links:        []paper.Link{{Kind: paper.LinkCode, URL: "https://github.com/press/type", Grade: paper.GradeReader}},
			Thumbnail:    "https://press.example/type.png",
		}
		batch = append(batch, paper.Observation{
			Source: paper.SourceHub, At: at, Fingerprint: int64(i + 1), Paper: p,
			Submission: &paper.Submission{Day: day, At: at, By: &paper.Person{Name: "gutenberg"}},
			Signals:    []paper.Signal{{Kind: paper.SignalVotes, At: at, Value: i * 7 % 31}},
		})
		changes = append(changes, search.Change{ID: p.ID, Document: &search.Document{
			Title: p.Title, Abstract: p.Abstract, Authors: []string{p.Authors[0].Name, p.Authors[1].Name}, Organization: org, OrgName: "House of " + org,
			Categories: p.Categories, Published: p.Published.Time.UnixMicro(), Daily: true, Votes: i * 7 % 31, Has: search.HasCode,
		}})
	}
	if _, err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	at, err := db.Position(t.Context())
	if err == nil {
		err = engine.Apply(t.Context(), changes, search.Position{Site: db.Identity(), Seq: at.Seq})
	}
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// Each address reads with few statements, whatever it shows and with nothing cached: every
// one of them is a way to the database and back.
func TestStatements(t *testing.T) {
	db, engine := press(t)
	cfg := config.Default()
	for _, tt := range []struct {
		path string
		most int64
	}{
		{"/papers", 6},
		{"/papers/date/2026-05-20", 6},
		{"/papers/week/2026-W20", 6},
		{"/papers/month/2026-05", 6},
		{"/papers/date/2026-01-01", 6},
		{"/papers?q=moving+type", 8},
		{"/papers?q=moving+tpye", 8},
		{"/papers?q=Lena+Setzer", 8},
		{"/papers?q=nowhere", 8},
		{"/papers.rss", 8},
		{"/papers/date/2026-05-20.rss", 8},
		{"/papers/week/2026-W20.atom", 8},
		{"/papers/trending", 6},
		{"/papers/new", 6},
		{"/papers/2604.00042", 7},
		{"/papers/2604.00042/similar", 7},
		{"/papers/2604.00042.md", 6},
		{"/authors/lena-setzer", 6},
		{"/house-3/papers", 6},
		{"/archive", 6},
		{"/about", 6},
		{"/papers/trending.rss", 8},
		{"/papers/new.json", 8},
		{"/papers.rss?q=moving+type", 8},
		{"/house-3/papers.rss", 8},
		{"/authors/lena-setzer.rss", 8},
		{"/archive.rss", 8},
		{"/api/daily_papers", 6},
		{"/api/daily_papers?date=2026-05-20", 6},
		{"/api/daily_papers?week=2026-W20&sort=trending", 6},
		{"/api/daily_papers?submitter=gutenberg&sort=trending", 6},
		{"/api/papers/2604.00042", 6},
		{"/api/papers/search?q=moving+type", 8},
		{"/api/v1/papers", 6},
		{"/api/v1/papers/2604.00042", 6},
		{"/api/v1/papers/2604.00042/similar", 7},
		{"/api/v1/search?q=moving+type&facets=true", 8},
		{"/api/v1/suggest?q=mov", 6},
		{"/api/v1/editions", 6},
		{"/api/v1/editions/2026-05-20", 6},
		{"/api/v1/changes", 6},
		{"/api/v1/organizations/house-3", 6},
		{"/api/v1/authors/lena-setzer", 6},
		{"/sitemap.xml", 6},
	} {
		clock := papertest.Clock()
		cat := catalog.New(db, clock, func() time.Time { return clock.OpensAt("2026-05-23") }).WithSearch(engine, embeddingtest.Model{})
		site, err := newRouter(&cfg, silent, cat, clock, nil)
		if err != nil {
			t.Fatal(err)
		}
		before := db.Statements()
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://papers.example"+tt.path, nil))
		n := db.Statements() - before
		if n > tt.most || n == 0 || w.Code != http.StatusOK && w.Code != http.StatusFound {
			t.Errorf("%s: status %d after %d statements, of which at most %d are wanted", tt.path, w.Code, n, tt.most)
		}
	}
}
