package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/internal/catalog"
	"broadsheet/internal/embedding/embeddingtest"
	"broadsheet/internal/indexer"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/searchtest"
	"broadsheet/internal/store"
	"broadsheet/internal/store/storetest"
)

// searchable returns the catalog of open with a search engine that knows all of it,
// and two papers whose identifiers differ in a lost zero.
func searchable(t *testing.T, db *store.DB) *catalog.Catalog {
	t.Helper()
	c := open(t, db, noon)
	var batch []paper.Observation
	for i, p := range []paper.Paper{
		{ID: "2406.10500", Title: "Sparse coding of birdsong", Abstract: "Finches repeat few notes.", Authors: []paper.Author{{Name: "Yann LeCun"}, {Name: "Ada Lovelace"}}},
		{ID: "2406.01050", Title: "Dense coding of whale song", Abstract: "Whales repeat many notes.", Authors: []paper.Author{{Name: "Yann LeCun"}}},
		{ID: "2406.00105", Title: "No coding at all", Abstract: "Silence.", Authors: []paper.Author{{Name: "J. Doe"}}},
	} {
		p.Published = p.ID.Month()
		batch = append(batch, paper.Observation{Source: paper.SourceArXiv, Paper: p, Fingerprint: int64(9000 + i)})
	}
	if _, err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	x := &indexer.Follower{DB: db, Engine: searchtest.NewPlain(), Model: embeddingtest.Model{}}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return c.WithSearch(x.Engine, x.Model)
}

func ask(t *testing.T, c *catalog.Catalog, text string) *catalog.SearchResult {
	t.Helper()
	f, err := c.Search(t.Context(), catalog.SearchRequest{Text: text, Facets: true})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

func TestSearch(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	f := ask(t, c, "coding of birdsong")
	if len(f.Hits) == 0 || f.Hits[0].Paper.ID != "2406.10500" || f.Total != len(f.Hits) {
		t.Fatalf("%+v", f)
	}
	marked := 0
	for _, part := range f.Hits[0].Title {
		if part.Marked {
			marked++
		}
	}
	if marked == 0 || len(f.Hits[0].Passage) == 0 {
		t.Errorf("nothing is marked in %+v", f.Hits[0])
	}
	if f := ask(t, c, `"whale song"`); f.Total != 1 || f.Hits[0].Paper.ID != "2406.01050" {
		t.Errorf("phrase: %+v", f.Hits)
	}
	if f := ask(t, c, "in:daily votes:>=40"); f.Total == 0 || f.Hits[0].Submission == nil {
		t.Errorf("filters: %d papers", f.Total)
	}
}

func TestSearchByIdentifier(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	for text, want := range map[string]paper.ID{
		"2406.10500":                         "2406.10500",
		"https://arxiv.org/abs/2406.01050v3": "2406.01050",
		"10.48550/arXiv.2406.00105":          "2406.00105",
		"2406.001050":                        "",
	} {
		if f := ask(t, c, text); f.Paper != want {
			t.Errorf("%q leads to %q, want %q", text, f.Paper, want)
		}
	}
	// 2406.105 may have been 2406.10500 or 2406.00105: both are offered.
	f := ask(t, c, "2406.105")
	if f.Paper == "" && len(f.Candidates) < 2 {
		t.Errorf("an identifier with lost zeros: %+v", f)
	}
}

// A paper that the text names stands first, by whatever it is named.
func TestSearchNamed(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	const dense, sparse = paper.ID("2406.01050"), paper.ID("2406.10500")
	for text, want := range map[string][]paper.ID{
		"2406.01050 and (arXiv:2406.10500v2).":                                         {dense, sparse},
		"As shown in arXiv:2406.01050, this is silence":                                {dense},
		"whale song and birdsong of arXiv:2406.10500":                                  {sparse, dense},
		"sparse coding of birdsong 2406.01050":                                         {dense},
		"LeCun et al., Dense coding of whale song, NeurIPS 2024":                       {dense},
		"LeCun, Y. (2024). Dense codng of whale song. In Proceedings of Whales, 1–11.": {dense},
		"@misc{x, title={Dense coding of whale song}, author={Y. LeCun}}":              {dense},
		"@misc{x, title={Another}, eprint={2406.01050}} @misc{y, title={Sparse coding of birdsong}} @misc{z, title={Nowhere to be seen}}": {dense, sparse},
		"TY  - JOUR\nTI  - Dense coding of whale song\nER  - ":                                                                            {dense},
	} {
		f := ask(t, c, text)
		if err := c.Name(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		for i, id := range want {
			if i >= len(f.Hits) || f.Hits[i].Paper.ID != id {
				t.Errorf("%q: hit %d of %v is not %s", text, i, hitIDs(f), id)
			}
		}
		if ids := hitIDs(f); len(slices.Compact(slices.Sorted(slices.Values(ids)))) != len(ids) || f.Total < len(ids) {
			t.Errorf("%q: %v, of %d", text, ids, f.Total)
		}
	}
	// The title of a paper wins over what it mentions.
	if f := ask(t, c, "No coding at all arXiv:2406.01050"); f.Hits[0].Paper.ID != dense {
		t.Errorf("a mention beside a title: %v", hitIDs(f))
	}
}

// A sentence of an abstract finds its paper before others that have its words.
func TestSearchQuoted(t *testing.T) {
	db := storetest.SQLite(t)
	var batch []paper.Observation
	for i := range 40 {
		id := paper.ID(fmt.Sprintf("2405.%05d", i+1))
		p := paper.Paper{ID: id, Title: "Notes on singing", Abstract: "Of repeated notes the finches and whales sing many more than few.", Authors: []paper.Author{{Name: "J. Doe"}}}
		if i == 0 { // the oldest
			p.Abstract = strings.Repeat("Words of no weight stand here, and here. ", 9) + "Finches and whales sing more than many a few of the repeated notes."
		}
		p.Published = id.Month()
		batch = append(batch, paper.Observation{Source: paper.SourceArXiv, Paper: p, Fingerprint: int64(i + 1)})
	}
	if _, err := db.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	c := searchable(t, db)
	const text = "finches and whales sing more than many a few of the repeated notes"
	var got []paper.ID
	for cursor := ""; ; {
		f, err := c.Search(t.Context(), catalog.SearchRequest{Text: text, Cursor: cursor, Limit: 7, Words: true})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, hitIDs(f)...)
		if cursor = f.More; cursor == "" {
			break
		}
	}
	if got[0] != "2405.00001" || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) || len(got) < 40 {
		t.Errorf("%d papers: %v", len(got), got)
	}
}

func hitIDs(f *catalog.SearchResult) (out []paper.ID) {
	for _, h := range f.Hits {
		out = append(out, h.Paper.ID)
	}
	return out
}

// The title that mentions another paper finds its own before that one.
func TestSearchTitleThatMentions(t *testing.T) {
	db := storetest.SQLite(t)
	p := paper.Paper{ID: "2406.07777", Title: "Comment on arXiv:2406.01050, a whale of a song", Abstract: "It is wrong.", Authors: []paper.Author{{Name: "J. Doe"}}}
	p.Published = p.ID.Month()
	if _, err := db.Apply(t.Context(), []paper.Observation{{Source: paper.SourceArXiv, Paper: p, Fingerprint: 77}}); err != nil {
		t.Fatal(err)
	}
	c := searchable(t, db)
	if f := ask(t, c, p.Title); len(f.Hits) < 2 || f.Hits[0].Paper.ID != p.ID || f.Hits[1].Paper.ID != "2406.01050" {
		t.Errorf("%v", hitIDs(f))
	}
}

func TestSearchSaysWhatIsMissing(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	for text, want := range map[string]string{
		"whale song of arXiv:2201.00001":                                         "https://arxiv.org/abs/2201.00001",
		"see arXiv:2201.00001 for more":                                          "https://arxiv.org/abs/2201.00001",
		"2201.00001, 2406.01050":                                                 "https://arxiv.org/abs/2201.00001",
		"whale song for 2201.00001 dollars":                                      "",
		"@misc{x, title={Nowhere to be seen}, author={A. Nobody}}":               "No paper here",
		"@misc{x, title={Nowhere}} @misc{y, title={Dense coding of whale song}}": "Of 2 references here are 1",
		"of the": "Nearly every paper",
		"AND":    "join words",
	} {
		f := ask(t, c, text)
		said := slices.ContainsFunc(f.Hints, func(h search.Hint) bool { return strings.Contains(h.Text, want) })
		if len(f.Hints) > 1 || want == "" && len(f.Hints) > 0 || want != "" && !said {
			t.Errorf("%q: %v", text, f.Hints)
		}
	}
	for _, text := range []string{"of the", "AND", "?!"} {
		if f := ask(t, c, text); f.Total != 0 || len(f.Hits) != 0 {
			t.Errorf("%q finds %d papers", text, f.Total)
		}
	}
	if f := ask(t, c, "of the year:2024"); f.Total == 0 {
		t.Error("a filter beside stop words finds nothing")
	}
}

// Pages of a question that names a paper have each paper once.
func TestSearchNamedPages(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	var got []paper.ID
	for cursor := ""; ; {
		f, err := c.Search(t.Context(), catalog.SearchRequest{Text: "coding 2406.01050", Cursor: cursor, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Hits) > 2 {
			t.Errorf("%d hits", len(f.Hits))
		}
		got = append(got, hitIDs(f)...)
		if cursor = f.More; cursor == "" {
			break
		}
	}
	whole := ask(t, c, "coding")
	if got[0] != "2406.01050" || len(got) < whole.Total || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
		t.Errorf("%d papers on all pages, %d by the words: %v", len(got), whole.Total, got)
	}
}

func TestSearchOffersTheAuthor(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	for _, text := range []string{"Yann LeCun", "lecun yann", "Y. LeCun", "émilie du châtelet", "Chatelet, Emilie du"} {
		f := ask(t, c, text)
		if f.Author == nil {
			t.Errorf("%q offers nobody", text)
		}
	}
	if f := ask(t, c, "coding of birdsong"); f.Author != nil {
		t.Errorf("offers %v", f.Author)
	}
}

func TestSearchPages(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	var got []paper.ID
	total := 0
	for cursor := ""; ; {
		f, err := c.Search(t.Context(), catalog.SearchRequest{Text: "paper", Cursor: cursor, Limit: 6})
		if err != nil {
			t.Fatal(err)
		}
		total = f.Total
		for _, x := range f.Hits {
			got = append(got, x.Paper.ID)
		}
		if cursor = f.More; cursor == "" {
			break
		}
	}
	seen := map[paper.ID]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%s twice", id)
		}
		seen[id] = true
	}
	if len(got) < 20 || len(got) != total {
		t.Errorf("%d papers on all pages, %d in total", len(got), total)
	}
	var invalid *paper.InvalidError
	for _, cursor := range []string{"x", "-1", "99999999"} {
		if _, err := c.Search(t.Context(), catalog.SearchRequest{Text: "paper", Cursor: cursor}); !errors.As(err, &invalid) {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestSimilar(t *testing.T) {
	c := searchable(t, storetest.SQLite(t))
	similar, err := c.Similar(t.Context(), "2406.10500", 3)
	if err != nil || len(similar.Entries) == 0 || similar.Entries[0].Paper.ID == "2406.10500" || !similar.Index.Ready {
		t.Errorf("%+v, %v", similar, err)
	}
	whole, err := c.SimilarPapers(t.Context(), "2406.10500", 3)
	if err != nil || !slices.Equal(ids(whole.Entries), ids(similar.Entries)) || whole.Entries[0].Paper.Abstract == "" || !whole.Index.Ready {
		t.Errorf("with all of them: %+v, %v", whole, err)
	}
	if similar, err := c.Similar(t.Context(), "1001.0001", 3); err != nil || len(similar.Entries) != 0 {
		t.Errorf("of an unknown paper: %+v, %v", similar, err)
	}
}

func TestWithoutSearch(t *testing.T) {
	c := open(t, storetest.SQLite(t), noon)
	if _, err := c.Search(t.Context(), catalog.SearchRequest{Text: "x"}); !errors.Is(err, catalog.ErrNoSearch) {
		t.Errorf("error %v", err)
	}
	if q, err := c.RandomQuery(t.Context()); q == "" || err != nil {
		t.Errorf("random query %q, %v", q, err)
	}
	if _, err := c.Index(t.Context()); !errors.Is(err, catalog.ErrNoSearch) || c.Searchable() {
		t.Errorf("the status of no engine: %v", err)
	}
}

// correcting is an engine that knows one misspelling.
type correcting struct{ search.Engine }

func (e correcting) Search(ctx context.Context, r search.Request) (search.Result, error) {
	res, err := e.Engine.Search(ctx, r)
	if r.Correct == "papre" {
		res.DidYouMean = "paper"
	}
	return res, err
}

func TestDidYouMean(t *testing.T) {
	db := storetest.SQLite(t)
	c := searchable(t, db)
	x := &indexer.Follower{DB: db, Engine: searchtest.NewPlain()}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	c.WithSearch(correcting{x.Engine}, nil)
	if f := ask(t, c, "papre"); f.DidYouMean != "paper" {
		t.Errorf("did you mean %q", f.DidYouMean)
	}
	if f := ask(t, c, "paper"); f.DidYouMean != "" {
		t.Errorf("corrects what is right: %q", f.DidYouMean)
	}
}

// mute is a model that does not answer.
type mute struct{ embeddingtest.Model }

func (mute) Query(context.Context, string) ([]float32, error) { return nil, errors.New("no answer") }

func TestModelThatDoesNotAnswer(t *testing.T) {
	db := storetest.SQLite(t)
	c := searchable(t, db)
	x := &indexer.Follower{DB: db, Engine: searchtest.NewPlain()}
	if _, err := x.CatchUp(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	f := ask(t, c.WithSearch(x.Engine, mute{}), "coding of birdsong")
	if len(f.Hits) == 0 || len(f.Hints) != 1 {
		t.Errorf("%d found, hints %v", len(f.Hits), f.Hints)
	}
}
