package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store/storetest"
)

// hall is a catalog of thirty papers, of which few have code, and the engine that finds them.
func hall(t *testing.T, change func(i int, d *search.Document)) *catalog.Catalog {
	t.Helper()
	db, engine := storetest.SQLite(t), searchtest.NewPlain()
	var batch []paper.Observation
	var changes []search.Change
	for i := range 30 {
		p := paper.Paper{
			ID: paper.ID(fmt.Sprintf("2405.%05d", i+1)), Title: fmt.Sprintf("Echoes of hall number %d", i), Authors: []paper.Author{{Name: "Anna Müller"}},
			Organization: &paper.Organization{Name: "stone-works", FullName: "Stone Works"},
		}
		p.Published = p.ID.Month()
		d := &search.Document{
			Title: p.Title, Authors: []string{"Anna Müller"}, Organization: "stone-works", OrgName: "Stone Works",
			Categories: []string{"cs.SD"}, Published: p.Published.Time.UnixMicro(),
		}
		if i < 2 {
			d.Has = search.HasCode
		}
		change(i, d)
		batch = append(batch, paper.Observation{Source: paper.SourceHub, Fingerprint: int64(i + 1), Paper: p})
		changes = append(changes, search.Change{ID: p.ID, Document: d})
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
	return open(t, db, noon).WithSearch(engine, nil)
}

func TestNarrowings(t *testing.T) {
	c := hall(t, func(int, *search.Document) {})
	for query, want := range map[string]string{
		"echoes has:code":                         "30 without has:code",
		"echoes has:code cat:cs.SD":               "30 without has:code",
		"echoes has:code votes:>3":                "2 without votes:>=4",
		"echoes has:code year:1999":               "2 without year:1999",
		"echoes has:code -has:comments -hall":     "2 without -hall",
		`echoes "hall number 7" author:müller`:    `30 without "hall number 7"`,
		"echoes year:1999 votes:>3":               "",
		"echoes year:1999 -in:daily":              "30 without year:1999",
		"echoes zebras":                           "", // of these some have one word
		"zebras has:code":                         "2 without zebras",
		"echoes":                                  "",
		"year:1999":                               "",
		"echoes cat:cs.SD":                        "",
		"similar:2405.00001 year:1999":            "29 without year:1999",
		`author:"anna müller" org:stone has:code`: "30 without has:code",
	} {
		f := ask(t, c, query)
		var got []string
		for _, n := range f.Narrowings {
			got = append(got, n.String())
			if again := ask(t, c, n.Query); again.Total != n.Papers {
				t.Errorf("%q: %q finds %d papers, and not %d", query, n.Query, again.Total, n.Papers)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	next, err := c.Search(t.Context(), catalog.SearchRequest{Text: "echoes has:code", Cursor: "1"})
	if err != nil || next.Narrowings != nil {
		t.Errorf("a further page has %v, %v", next.Narrowings, err)
	}
}

func TestWhyNothingIsFound(t *testing.T) {
	plain := func(int, *search.Document) {}
	for _, tt := range []struct {
		query, part, text string
		try               []string
		change            func(int, *search.Document)
	}{
		{"echoes cat:cs.CL", "cat:cs.CL", "None of the papers here has categories.", nil, func(_ int, d *search.Document) { d.Categories = nil }},
		{"echoes cat:cs.SE", "cat:cs.SE", "No paper here is in this category.", []string{"echoes cat:cs.SD"}, plain},
		{"echoes cat:quant-ph", "cat:quant-ph", "No paper here is in this category.", nil, plain},
		{"year:2031 echoes", "year:2031", "No paper here is from that time: all are from 2024.", nil, plain},
		{"echoes before:1999", "before:1999-01-01", "No paper here is from that time: they are from 2022 to 2024.", nil, func(i int, d *search.Document) {
			if i == 0 {
				d.Published = paper.ID("2201.00001").Month().Time.UnixMicro()
			}
		}},
		{`echoes author:"Anna Mullre"`, `author:"Anna Mullre"`, "No paper here is by an author of this name.", []string{`echoes author:"Anna Müller"`}, plain},
		{`author:"Ana Müller"`, `author:"Ana Müller"`, "No paper here is by an author of this name.", []string{`author:"Anna Müller"`}, plain},
		{"author:Zzyzx", "author:Zzyzx", "No paper here is by an author of this name.", nil, plain},
		{"to be or not to be", "to be or not to be", "Nearly every paper has these words, and no title here is made of them: add one that says what it is about.", nil, plain},
		{"org:Stome", "org:Stome", "No paper here is of an organization of this name.", []string{`org:"Stone Works"`}, plain},
	} {
		f := ask(t, hall(t, tt.change), tt.query)
		if f.Total != 0 || len(f.Hints) != 1 || f.Hints[0].Part != tt.part || f.Hints[0].Text != tt.text || !slices.Equal(f.Hints[0].Try, tt.try) {
			t.Errorf("%q finds %d: %q", tt.query, f.Total, f.Hints)
		}
	}
	chinese := func(i int, d *search.Document) {
		if i == 0 {
			d.Abstract = "模型"
		}
	}
	for _, tt := range []struct {
		query, want string
		change      func(int, *search.Document)
	}{
		{"大语言模型", "No paper here is written in Chinese script: ask in English.", plain},
		{"echoes 大语言模型", "No paper here is written in Chinese script: ask in English. Try echoes.", plain},
		{"эхо", "No paper here is written in Cyrillic script: ask in English.", chinese},
		{"大语言模型", "", chinese},
		{"echoes zebras", "", plain},
	} {
		said := ""
		for _, h := range ask(t, hall(t, tt.change), tt.query).Hints {
			said += h.String()
		}
		if said != tt.want {
			t.Errorf("%q: %q, want %q", tt.query, said, tt.want)
		}
	}
	c := hall(t, plain)
	for _, query := range []string{"echoes cat:cs.SD", "echoes year:2024", "author:müller", "echoes year:2024 votes:>3", "echoes after:2024-12-31 before:2025-06-01"} {
		if f := ask(t, c, query); len(f.Hints) != 0 {
			t.Errorf("%q: %q", query, f.Hints)
		}
	}
}
