package searchtest

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// at is the start of a day in the units of Published.
func at(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).UnixMicro()
}

// shelf is a few papers that the cases speak of by their last digit.
func shelf() []search.Change {
	docs := []search.Document{
		{Title: "Clustering with k-means at scale", Abstract: "We cluster vectors. The state of the art is slow.",
			Authors: []string{"Yann LeCun", "Ada Lovelace"}, Categories: []string{"cs.LG", "stat.ML"},
			Published: at(2020, 1, 1), Votes: 10, Has: search.HasCode, Daily: true, Trending: 1},
		{Title: "On a conjecture of Erdős", Abstract: "Graphs and their spectral bounds, with $k$-means left out.",
			Authors: []string{"Emmy Noether"}, Categories: []string{"math.CO"}, Organization: "acme", OrgName: "Acme Graph Labs",
			Published: at(2021, 6, 1), Votes: 0, Has: search.HasProject, Trending: 3},
		{Title: "GPT-4o draws graphs", Abstract: "Spectral drawings by a language model.",
			Authors: []string{"Yves Lovelace", "Ada LeCun"}, Categories: []string{"cs.CL", "cs.LG"}, Organization: "acme", OrgName: "Acme Graph Labs",
			Published: at(2022, 6, 1), Votes: 3, Has: search.HasCode | search.HasComments, Daily: true, Trending: 2},
		{Title: "Boson decays", Abstract: "Decays to the third order, spectral functions included.",
			Categories: []string{"hep-ph"}, Published: at(2022, 6, 1), Votes: 3, Has: search.HasSummary},
	}
	var out []search.Change
	for i, d := range docs {
		out = append(out, search.Change{ID: paper.ID("2401.0000" + string(rune('1'+i))), Document: &d})
	}
	return out
}

const (
	clustering = paper.ID("2401.00001")
	conjecture = paper.ID("2401.00002")
	drawing    = paper.ID("2401.00003")
	decays     = paper.ID("2401.00004")
)

func testWords(t *testing.T, open Open) {
	e := start(t, open, shelf())
	for text, ids := range map[string][]paper.ID{
		"kmeans":         {clustering, conjecture},
		"erdos":          {conjecture},
		"ERDŐS":          {conjecture},
		"gpt4o":          {drawing},
		"Decaying boson": {decays},
		"cluster":        {clustering},
		"unheard":        nil,
		"what boson":     {decays},
	} {
		want(t, e, words(text), ids...)
	}
	want(t, e, words("spectral graph"), conjecture, drawing)
}

// testEnough checks how many of the words a paper must have.
func testEnough(t *testing.T, open Open) {
	e := start(t, open, shelf())
	either := search.Query{Should: []search.Clause{{AnyOf: []search.Clause{{Text: "boson"}, {Text: "vectors"}}}, {Text: "spectral"}}}
	filtered := words("spectral graph")
	filtered.Filters.Categories = [][]string{{"hep-ph"}}
	for _, tt := range []struct {
		query   search.Query
		any     bool
		ids     []paper.ID
		some    int
		relaxed bool
	}{
		{words("spectral"), false, []paper.ID{conjecture, drawing, decays}, 3, false},
		{words("spectral graph"), false, []paper.ID{conjecture, drawing}, 3, false},
		{words("spectral graph"), true, []paper.ID{conjecture, drawing, decays}, 3, false},
		{words("spectral the graph what"), false, []paper.ID{conjecture, drawing}, 3, false},
		{words("spectral graph spectral"), false, []paper.ID{conjecture, drawing}, 3, false},
		{words("spectral language graphs"), false, []paper.ID{drawing}, 3, false},
		{words("spectral k-means"), false, []paper.ID{conjecture}, 4, false},
		{words("spectral unheard graph"), false, []paper.ID{conjecture, drawing}, 3, true},
		{words("spectral boson language"), false, []paper.ID{drawing, decays}, 3, true},
		{words("unheard"), false, nil, 0, true},
		{words("language noether"), false, []paper.ID{drawing, conjecture}, 2, true},
		{words("conjecture acme"), false, []paper.ID{conjecture}, 2, false}, // its organization's name
		{either, false, []paper.ID{decays}, 4, false},
		{filtered, false, nil, 1, false}, // without the filter two papers have both words
		{words("spectral graph bounds k-means conjecture"), false, []paper.ID{clustering, conjecture, drawing, decays}, 4, false},
		{words("spectral unheard1 unheard2 unheard3 unheard4"), false, []paper.ID{conjecture, drawing, decays}, 3, true},
	} {
		got := run(t, e, search.Request{Query: tt.query, Some: tt.any})
		slices.Sort(tt.ids)
		if ids := slices.Sorted(slices.Values(idsOf(got.Hits))); !slices.Equal(ids, tt.ids) || got.Total != len(tt.ids) || got.Some != tt.some || got.Relaxed != tt.relaxed {
			t.Errorf("%v, any %v: %v of %d, %d with some, relaxed %v; want %v, %d, %v", tt.query, tt.any, ids, got.Total, got.Some, got.Relaxed, tt.ids, tt.some, tt.relaxed)
		}
	}
}

// testManyWords checks that of more than three words a paper may lack as many as lets
// enough papers match.
func testManyWords(t *testing.T, open Open) {
	var changes []search.Change
	for i := range 3 * search.WordsDepth {
		d := &search.Document{Title: "alpha beta"}
		switch {
		case i < 5:
			d.Abstract = "gamma delta"
		case i < search.WordsDepth+5:
			d.Abstract = "gamma"
		}
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2401.%05d", i)), Document: d})
	}
	e := start(t, open, changes)
	for text, total := range map[string]int{
		"alpha beta gamma delta": search.WordsDepth + 5,
		"alpha beta gamma":       search.WordsDepth + 5,
		"alpha gamma delta":      5,
		"alpha beta delta title": len(changes),
	} {
		if got := run(t, e, search.Request{Query: words(text)}); got.Total != total || got.Some != len(changes) || got.Relaxed {
			t.Errorf("%s: %d papers, %d with some, relaxed %v; want %d of %d", text, got.Total, got.Some, got.Relaxed, total, len(changes))
		}
	}
}

// testBeginnings checks that the beginning of a word stands for all that begin so.
func testBeginnings(t *testing.T, open Open) {
	e := start(t, open, shelf())
	begins := func(f search.Field, text string) search.Query {
		return search.Query{Must: []search.Clause{{Field: f, Text: text, Prefix: true}}}
	}
	want(t, e, begins(search.FieldAny, "spec"), conjecture, drawing, decays)
	want(t, e, begins(search.FieldAny, "Draw"), drawing)
	want(t, e, begins(search.FieldAny, "clusteri"), clustering) // but its stem does not begin so
	want(t, e, begins(search.FieldTitle, "clusteri"), clustering)
	want(t, e, begins(search.FieldTitle, "gra"), drawing)
	want(t, e, begins(search.FieldAbstract, "gra"), conjecture)
	want(t, e, begins(search.FieldAuthor, "lec"), drawing, clustering)
	want(t, e, begins(search.FieldOrganization, "grap"), drawing, conjecture)
	want(t, e, begins(search.FieldAny, "k-mea"), clustering, conjecture)
	want(t, e, begins(search.FieldAny, "unheard"))
	q := search.Query{Should: []search.Clause{{Text: "spec", Prefix: true}, {Text: "order"}}}
	want(t, e, q, decays)
	q = begins(search.FieldAny, "spec")
	q.Not = []search.Clause{{Text: "bos", Prefix: true}}
	want(t, e, q, conjecture, drawing)
}

// testPairs checks that words that stand side by side tell.
func testPairs(t *testing.T, open Open) {
	texts := []string{
		"world of a model", "model of the world", "world models", "models worlds", "a model world",
		"world", "a model. World model", "model world model world", "state of the art", "art of the state",
	}
	var changes []search.Change
	for i, text := range texts {
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2401.%05d", i)), Document: &search.Document{Title: text, Abstract: "model"}})
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2402.%05d", i)), Document: &search.Document{Title: "model", Abstract: text}})
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2403.%05d", i)), Document: &search.Document{Title: "world", Abstract: "model " + text}})
	}
	for i := range 600 { // several blocks
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2404.%05d", i)), Document: &search.Document{Title: "filler", Abstract: strings.Repeat("model ", i%7)}})
	}
	e := start(t, open, changes)
	for text, side := range map[string][]paper.ID{
		"world model":      {"2401.00002", "2402.00002", "2403.00002", "2401.00006", "2402.00006", "2403.00006", "2401.00007", "2402.00007", "2403.00007"},
		"state of art":     {},
		"state of the art": {"2401.00008", "2402.00008", "2403.00008"},
	} {
		var got []paper.ID
		for _, h := range run(t, e, search.Request{Query: words(text), Why: true, Limit: 1000}).Hits {
			if slices.ContainsFunc(h.Why.Terms, func(s search.TermScore) bool { return s.Field == search.PartPair }) {
				got = append(got, h.ID)
			}
		}
		slices.Sort(side)
		if slices.Sort(got); !slices.Equal(got, side) {
			t.Errorf("%s stands side by side in %v, want %v", text, got, side)
		}
	}
	found := idsOf(run(t, e, search.Request{Query: words("world model"), Limit: 100}).Hits)
	if slices.Index(found, "2402.00002") > slices.Index(found, "2402.00000") {
		t.Errorf("a paper with the words apart is before one that has them side by side: %v", found)
	}
}

// testNear checks that filters take away of what is near in meaning and bring nothing.
func testNear(t *testing.T, open Open) {
	axis := func(i int) []float32 {
		v := make([]float32, 2*search.MeaningDepth)
		v[i] = 1
		return v
	}
	var changes []search.Change
	for i := range 2 * search.MeaningDepth {
		v := axis(i)
		if i > 0 { // ever further from the first axis
			x := 1 - 0.9*float64(i)/float64(2*search.MeaningDepth)
			v[0], v[i] = float32(x), float32(math.Sqrt(1-x*x))
		}
		d := &search.Document{Title: "sheaf", Categories: []string{[]string{"cs.LG", "cs.CL"}[i%2]}, Vector: v}
		if i == 0 {
			d.Title = "spectral"
		}
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2401.%05d", i)), Document: d})
	}
	e := start(t, open, changes)
	near := 0
	for _, c := range changes {
		if c.Document.Vector[0] >= search.NearEnough && near < search.MeaningDepth {
			near++
		}
	}
	r := search.Request{Query: words("spectral"), Vector: axis(0), Limit: 1000}
	all := run(t, e, r)
	if all.Total != near || len(all.Hits) != near || all.Some != near {
		t.Errorf("%d papers, %d hits, %d with some, want %d", all.Total, len(all.Hits), all.Some, near)
	}
	r.Query.Filters.Categories = [][]string{{"cs.CL"}}
	if got := run(t, e, r); got.Total != near/2 || len(got.Hits) != near/2 {
		t.Errorf("of them %d in a category, %d hits, want %d", got.Total, len(got.Hits), near/2)
	}
	r.Query.Sort = search.ByDate
	if got := run(t, e, r); got.Total != near/2 || len(got.Hits) != near/2 {
		t.Errorf("of them %d in a category by date, %d hits, want %d", got.Total, len(got.Hits), near/2)
	}
	r.Query.Filters.Categories = nil
	r.Query.Must = []search.Clause{{Text: "sheaf"}}
	if got := run(t, e, r); !got.Relaxed || got.Total < near-1 {
		t.Errorf("without the paper that has the word: %d papers, relaxed %v", got.Total, got.Relaxed)
	}
}

// testFacetClicks checks that who clicks on a count finds as many papers.
func testFacetClicks(t *testing.T, open Open) {
	e := start(t, open, Corpus(21, 150))
	rng := rand.New(rand.NewPCG(21, 21))
	for i, q := range Queries(21, 200) {
		if i%5 == 0 {
			q.Should = append(q.Should, search.Clause{Text: "unheard"})
		}
		r := search.Request{Query: q, Facets: true, Some: i%7 == 0, Mode: search.Mode(i % 3)}
		if i%4 > 0 || r.Mode == search.Semantic {
			r.Vector = Vector(rng)
		}
		got := run(t, e, r)
		for name, clicked := range clicks(q, got.Facets) {
			again := r
			again.Query, again.Facets, again.Limit = clicked.query, false, 200
			if found := run(t, e, again); found.Total != clicked.papers || len(found.Hits) != clicked.papers {
				t.Errorf("%+v\n counts %d in %s, which finds %d, %d hits", r, clicked.papers, name, found.Total, len(found.Hits))
			}
		}
		again := r
		again.Some = true
		if found := run(t, e, again); found.Total != got.Some || found.Some != got.Some {
			t.Errorf("%+v\n says that %d have some of the words; asked for, %d", r, got.Some, found.Total)
		}
	}
}

// A click is a query narrowed to a facet's value, and what it should find.
type click struct {
	query  search.Query
	papers int
}

// clicks are the queries that the counts of a result lead to.
func clicks(q search.Query, f *search.Facets) map[string]click {
	out := map[string]click{}
	for _, c := range f.Years {
		narrow := q
		year, _ := strconv.Atoi(c.Value)
		narrow.Filters.From = max(q.Filters.From, at(year, 1, 1))
		narrow.Filters.Before = at(year+1, 1, 1)
		if q.Filters.Before != 0 {
			narrow.Filters.Before = min(q.Filters.Before, narrow.Filters.Before)
		}
		out[c.Value] = click{narrow, c.Papers}
	}
	for _, c := range f.Categories {
		narrow := q
		narrow.Filters.Categories = append(slices.Clone(q.Filters.Categories), []string{c.Value})
		out[c.Value] = click{narrow, c.Papers}
	}
	for _, c := range f.Organizations {
		narrow := q
		narrow.Filters.Organizations = []string{c.Value}
		out[c.Value] = click{narrow, c.Papers}
	}
	narrow := q
	narrow.Filters.Has |= search.HasCode
	out["code"] = click{narrow, f.Code}
	return out
}

// testSpellings checks that a word is found however it is written, and as it is written
// first.
func testSpellings(t *testing.T, open Open) {
	docs := []search.Document{
		{Title: "Large data sets", Abstract: "Behaviour of LLMs over matrices."},
		{Title: "A large dataset", Abstract: "Behavior of an LLM over a matrix."},
		{Title: "SAM 2 segments", Abstract: "The α-determinant."},
		{Title: "To be or not to be", Abstract: "Transformers."},
		{Title: "Transforms", Abstract: "Of operators."},
		{Title: "Be", Abstract: "Operations and 大语言模型, 학습은."},
	}
	var changes []search.Change
	for i, d := range docs {
		changes = append(changes, search.Change{ID: paper.ID("2401.0000" + string(rune('1'+i))), Document: &d})
	}
	e := start(t, open, changes)
	for query, papers := range map[string]string{
		"dataset": "21", "data set": "12", "datasets": "12", "LLM": "21", "LLMs": "12", "llms": "12",
		"behaviour": "21", "behavior matrix": "21", "matrix": "21", "SAM2": "3", "sam 2": "3", "SAM-2": "3",
		"alpha determinant": "3", "α-determinant": "3", "to be or not to be": "4",
		"transformer": "4", "transform": "5", "operation": "6", "operator": "5", "语言": "6", "학습": "6",
	} {
		var ids []paper.ID
		for _, p := range papers {
			ids = append(ids, paper.ID("2401.0000"+string(p)))
		}
		wantOrder(t, e, words(query), ids...)
	}
}

// testOrder checks the order of what is found by words.
func testOrder(t *testing.T, open Open) {
	e := start(t, open, shelf())
	if got := run(t, e, search.Request{Query: words("spectral graph"), Some: true}); got.Total != 3 || got.Hits[2].ID != decays {
		t.Errorf("the paper with one of two words is not the last: %v", got.Hits)
	}
	wantOrder(t, e, words("kmeans"), clustering, conjecture)
	wantOrder(t, e, words("of the"), decays, drawing, conjecture, clustering)
	wantOrder(t, e, search.Query{}, decays, drawing, conjecture, clustering) // without words all are equal
	hits, err := e.Similar(t.Context(), drawing, 2)
	if err != nil || len(hits) != 2 || hits[0].ID != conjecture {
		t.Errorf("similar to %s: %v, %v", drawing, hits, err)
	}
}

func testNames(t *testing.T, open Open) {
	e := start(t, open, shelf())
	author := func(name string) search.Query {
		return search.Query{Must: []search.Clause{{Field: search.FieldAuthor, Text: name}}}
	}
	for name, ids := range map[string][]paper.ID{
		"lecun": {drawing, clustering}, "Yann LeCun": {clustering}, "lecun y": {clustering}, "A. LeCun": {drawing},
		"LeCun, Ada": {drawing}, "noether emmy": {conjecture}, "lecun x": nil, "Yann Lovelace": nil,
	} {
		want(t, e, author(name), ids...)
	}
	org := search.Query{Must: []search.Clause{{Field: search.FieldOrganization, Text: "acme labs"}}}
	want(t, e, org)
	org.Must[0].Text = "Acme Graph"
	want(t, e, org, drawing, conjecture)
	want(t, e, words("noether"), conjecture)
	if got := run(t, e, search.Request{Query: words("acme")}); got.Total != 2 {
		t.Errorf("the organization's name as a word finds %v", got.Hits)
	}
}

// library is papers whose authors, organizations and texts share words.
func library() []search.Change {
	docs := []search.Document{
		{Title: "Residual layers", Authors: []string{"Kaiming He", "Jian Sun"}},
		{Title: "Masked autoencoders", Authors: []string{"Xinlei Chen", "Kaiming He"}},
		{Title: "Masked autoencoders of sound", Authors: []string{"Kaiming Wang", "Di He"}},
		{Title: "Initial weights", Abstract: "What is named after Kaiming, and he who named it.", Authors: []string{"K. He"}},
		{Title: "Long songs", Abstract: "Songs of a long day.", Authors: []string{"Long Chen"}, Organization: "sail", OrgName: "Shanghai AI Laboratory"},
		{Title: "Understanding video", Authors: []string{"Klaus Müller"}, Organization: "nvidia", OrgName: "NVIDIA"},
		{Title: "Arabic grammar", Authors: []string{"Klaus Muller"}, Organization: "IVUL-KAUST", OrgName: "Image and Video Understanding Lab"},
		{Title: "Graphics by NVIDIA", Authors: []string{"Ana Mueller", "Adam Opt"}, Organization: "Odd  Lab", OrgName: "NVIDIA Odd Lab"},
		{Title: "An optimizer named Adam", Abstract: "Adam again.", Authors: []string{"Laurens van der Maaten"}},
		{Title: "Adam at work", Authors: []string{"Team HY-World", "Ashish Vaswani"}},
		{Title: "World models", Abstract: "Models of the world."},
	}
	var out []search.Change
	for i, d := range docs {
		d.Published = at(2020, 1, 1+i)
		out = append(out, search.Change{ID: paper.ID("2402." + fmt.Sprintf("%05d", i+1)), Document: &d})
	}
	return out
}

// numbered are papers of the library.
func numbered(numbers ...int) (ids []paper.ID) {
	for _, n := range numbers {
		ids = append(ids, paper.ID("2402."+fmt.Sprintf("%05d", n)))
	}
	return ids
}

// testNamed checks which words of a query are names.
func testNamed(t *testing.T, open Open) {
	e := start(t, open, library())
	for text, numbers := range map[string][]int{
		"Kaiming He": {2, 1}, "he, kaiming": {2, 1}, "Kaiming He masked": {2}, "K. He": {4, 2, 1},
		"vaswani": {10}, "Vaswani Adam": {10}, "Long Chen": {5}, "van der Maaten": {9}, "Klaus Mueller": {7, 6},
		"world models": {11}, "video understanding": {6}, "long": {5}, "adam optimizer": {9}, "Adam": {10, 9},
		"NVIDIA": {8, 6}, "NVIDIA video": {6}, "Shanghai AI Lab": {5}, "sail songs": {5}, "Image and Video Understanding Lab": {7},
	} {
		got := run(t, e, search.Request{Query: words(text), Limit: 20})
		slices.SortFunc(got.Hits, func(a, b search.Hit) int { return cmp.Compare(b.ID, a.ID) })
		if !slices.Equal(idsOf(got.Hits), numbered(numbers...)) {
			t.Errorf("%s finds %v, want %v", text, idsOf(got.Hits), numbered(numbers...))
		}
	}
	by := func(f search.Field, text string) search.Query {
		return search.Query{Must: []search.Clause{{Field: f, Text: text, Phrase: true}}}
	}
	for name, numbers := range map[string][]int{
		"Müller": {6, 7, 8}, "Mueller": {6, 7, 8}, "muller": {6, 7, 8}, "Mueller, K.": {6, 7},
		"He K.": {1, 2, 4}, "Kaiming X. He": {1, 2, 4}, "Kaiming Y. Wang": {3}, "Laurens Maaten": {9}, "hyworld": {10},
	} {
		want(t, e, by(search.FieldAuthor, name), numbered(numbers...)...)
	}
	for name, numbers := range map[string][]int{
		"nvidia": {6}, "NVIDIA": {6}, "sail": {5}, "shanghai ai lab": {5}, "Shanghai AI Laboratory": {5}, "ivul-kaust": {7},
		"odd lab": {8}, "Understanding Lab": {7}, "kaust": {7}, "lab": {7, 8}, "openai": nil,
	} {
		want(t, e, by(search.FieldOrganization, name), numbered(numbers...)...)
	}
	best := run(t, e, search.Request{Query: by(search.FieldAuthor, "Kaiming He")}).Hits
	if len(best) != 3 || best[2].ID != numbered(4)[0] {
		t.Errorf("whoever shares the initial does not come last: %v", best)
	}
}

// testCommonNames checks names that are words and phrases of texts, too.
func testCommonNames(t *testing.T, open Open) {
	var changes []search.Change
	add := func(title string, authors ...string) {
		id := paper.ID(fmt.Sprintf("2403.%05d", len(changes)+1))
		changes = append(changes, search.Change{ID: id, Document: &search.Document{Title: title, Authors: authors, Published: at(2020, 1, 1)}})
	}
	for range 4 {
		add("Wu flow", "Eve Hill")
		add("A random walk")
	}
	for i := range 16 {
		add("Flow "+strconv.Itoa(i), "Yi Wu")
	}
	add("Sky", "Yi Wu")
	add("Trees", "Walk Random")
	e := start(t, open, changes)
	for text, papers := range map[string]int{"wu": 4, "wu flow": 4, "wu sky": 1, "random walk": 4, "yi wu": 17, "hill flow": 4, "hill sky": 5} {
		if got := run(t, e, search.Request{Query: words(text)}); got.Total != papers {
			t.Errorf("%s finds %d papers, want %d", text, got.Total, papers)
		}
	}
}

// testOrganizationCounts checks that org: with a counted value finds as many papers.
func testOrganizationCounts(t *testing.T, open Open) {
	e := start(t, open, library())
	for _, q := range []search.Query{{}, words("masked"), words("nvidia"), words("adam")} {
		for _, c := range run(t, e, search.Request{Query: q, Facets: true}).Facets.Organizations {
			narrower := q
			narrower.Must = []search.Clause{{Field: search.FieldOrganization, Text: strings.Join(strings.Fields(c.Value), " ")}}
			if got := run(t, e, search.Request{Query: narrower}); got.Total != c.Papers {
				t.Errorf("%q: org:%s is counted %d times and finds %d", q.Text, c.Value, c.Papers, got.Total)
			}
		}
	}
}

func testConditions(t *testing.T, open Open) {
	e := start(t, open, shelf())
	clause := func(f search.Field, text string) search.Clause {
		return search.Clause{Field: f, Text: text, Phrase: true}
	}
	must := func(c ...search.Clause) search.Query { return search.Query{Must: c} }
	want(t, e, must(clause(search.FieldAny, "state of the art")), clustering)
	want(t, e, must(clause(search.FieldAny, "art of the state")))
	want(t, e, must(clause(search.FieldAny, "k means")), clustering, conjecture)
	want(t, e, must(clause(search.FieldTitle, "k-means")), clustering)
	want(t, e, must(clause(search.FieldTitle, "gpt 4o")), drawing)
	want(t, e, must(clause(search.FieldTitle, "GPT4o")), drawing)
	want(t, e, must(clause(search.FieldTitle, "spectral")))
	want(t, e, must(clause(search.FieldAny, "Yann LeCun")), clustering)
	want(t, e, must(search.Clause{AnyOf: []search.Clause{clause(search.FieldTitle, "boson"), clause(search.FieldAuthor, "noether")}}), decays, conjecture)
	want(t, e, must(clause(search.FieldTitle, "unheard")))
	quoted := func(text string) search.Query { return must(search.Clause{Text: text, Phrase: true}) }
	want(t, e, quoted("spectral drawings"), drawing)
	want(t, e, quoted("spectral drawing")) // the stems stand there, but not the words
	want(t, e, words("spectral drawing"), drawing)
	want(t, e, quoted("graphs"), drawing, conjecture)
	want(t, e, quoted("graph"))
	want(t, e, quoted("kmeans"), clustering, conjecture)
	want(t, e, search.Query{Not: []search.Clause{{Text: "drawing", Phrase: true}}}, decays, drawing, conjecture, clustering)
	want(t, e, search.Query{Not: []search.Clause{{Text: "drawings", Phrase: true}}}, decays, conjecture, clustering)
	all := func(c ...search.Clause) search.Clause { return search.Clause{AllOf: c} }
	want(t, e, must(search.Clause{AnyOf: []search.Clause{
		all(clause(search.FieldAny, "spectral"), clause(search.FieldAuthor, "noether")),
		all(clause(search.FieldTitle, "boson"), search.Clause{AnyOf: []search.Clause{clause(search.FieldTitle, "decays"), clause(search.FieldTitle, "unheard")}}),
		all(clause(search.FieldTitle, "boson"), clause(search.FieldAuthor, "noether")),
	}}), decays, conjecture)
	want(t, e, search.Query{Not: []search.Clause{all(clause(search.FieldAny, "spectral"), clause(search.FieldAny, "decays"))}}, drawing, conjecture, clustering)
	q := search.Query{Not: []search.Clause{clause(search.FieldAny, "spectral")}}
	want(t, e, q, clustering)
	q.Not = []search.Clause{clause(search.FieldAny, "lovelace")}
	if got := run(t, e, search.Request{Query: q}); got.Total != 4 {
		t.Errorf("leaving out a word leaves out authors: %v", got.Hits)
	}
	q = words("graphs")
	q.Not = []search.Clause{clause(search.FieldAuthor, "noether")}
	want(t, e, q, drawing)
	q = words("draws")
	q.Must = []search.Clause{clause(search.FieldAny, "spectral")}
	want(t, e, q, drawing)
}

func testFilters(t *testing.T, open Open) {
	e := start(t, open, shelf())
	yes, no := true, false
	for _, tt := range []struct {
		filters search.Filters
		ids     []paper.ID
	}{
		{search.Filters{Categories: [][]string{{"cs.LG"}}}, []paper.ID{drawing, clustering}},
		{search.Filters{Categories: [][]string{{"cs"}}}, []paper.ID{drawing, clustering}},
		{search.Filters{Categories: [][]string{{"hep-ph", "math"}}}, []paper.ID{decays, conjecture}},
		{search.Filters{Categories: [][]string{{"cs"}, {"stat"}}}, []paper.ID{clustering}},
		{search.Filters{Categories: [][]string{{"hep"}}}, nil},
		{search.Filters{NotCategories: []string{"cs"}}, []paper.ID{decays, conjecture}},
		{search.Filters{Organizations: []string{"acme", "other"}}, []paper.ID{drawing, conjecture}},
		{search.Filters{Organizations: []string{"nobody"}}, nil},
		{search.Filters{From: at(2021, 6, 1)}, []paper.ID{decays, drawing, conjecture}},
		{search.Filters{Before: at(2021, 6, 1)}, []paper.ID{clustering}},
		{search.Filters{From: at(2021, 1, 1), Before: at(2022, 1, 1)}, []paper.ID{conjecture}},
		{search.Filters{MinVotes: 3}, []paper.ID{decays, drawing, clustering}},
		{search.Filters{MinVotes: 1, MaxVotes: 9}, []paper.ID{decays, drawing}},
		{search.Filters{MaxVotes: -1}, []paper.ID{conjecture}},
		{search.Filters{Has: search.HasCode}, []paper.ID{drawing, clustering}},
		{search.Filters{Has: search.HasCode | search.HasComments}, []paper.ID{drawing}},
		{search.Filters{HasNot: search.HasCode | search.HasSummary}, []paper.ID{conjecture}},
		{search.Filters{Daily: &yes}, []paper.ID{drawing, clustering}},
		{search.Filters{Daily: &no}, []paper.ID{decays, conjecture}},
		{search.Filters{IDs: []paper.ID{decays, "2401.09999"}}, []paper.ID{decays}},
		{search.Filters{IDs: []paper.ID{}}, nil},
		{search.Filters{Titles: []uint64{search.TitleKey("Boson decays"), 1, search.TitleKey("On a Conjecture of Erdos")}}, []paper.ID{decays, conjecture}},
		{search.Filters{Titles: []uint64{search.TitleKey("Boson decays")}, MinVotes: 4}, nil},
		{search.Filters{Titles: []uint64{}}, nil},
		{search.Filters{Categories: [][]string{{"cs"}}, Daily: &yes, MinVotes: 4, Has: search.HasCode}, []paper.ID{clustering}},
	} {
		want(t, e, search.Query{Filters: tt.filters}, tt.ids...)
		q := words("spectral cluster") // all of them match
		q.Filters, q.Sort = tt.filters, search.ByDate
		wantOrder(t, e, q, tt.ids...)
		q = words("spectral cluster boson unheard") // a question that is expanded
		q.Filters = tt.filters
		result := run(t, e, search.Request{Query: q, Limit: 4})
		if got := slices.Sorted(slices.Values(idsOf(result.Hits))); !slices.Equal(got, slices.Sorted(slices.Values(tt.ids))) {
			t.Errorf("%+v\n finds %v\n want %v", q, got, tt.ids)
		}
	}
}

func testSorts(t *testing.T, open Open) {
	e := start(t, open, shelf())
	for sort, ids := range map[search.Sort][]paper.ID{
		search.ByDate:     {decays, drawing, conjecture, clustering}, // a tie goes to the greater id
		search.ByVotes:    {clustering, decays, drawing, conjecture},
		search.ByTrending: {conjecture, drawing, clustering, decays},
	} {
		wantOrder(t, e, search.Query{Sort: sort}, ids...)
	}
}

func testTitle(t *testing.T, open Open) {
	changes := Corpus(8, 300)
	e := start(t, open, changes)
	for i, c := range changes[:60] {
		if search.TitleKey(c.Document.Title) == 0 {
			continue
		}
		r := search.Request{Query: words(c.Document.Title), Limit: 300}
		if i%2 == 0 { // meaning must not come before it
			r.Vector = changes[i+1].Document.Vector
		}
		hits := run(t, e, r).Hits
		last := -1
		first := 0
		for rank, h := range hits {
			if title := titleOf(changes, h.ID); search.TitleKey(title) == search.TitleKey(c.Document.Title) {
				last = rank
				first++
			}
		}
		if first == 0 || last != first-1 {
			t.Errorf("papers with the title %q: %d, the last at rank %d", c.Document.Title, first, last+1)
		}
	}
}

func titleOf(changes []search.Change, id paper.ID) string {
	i := slices.IndexFunc(changes, func(c search.Change) bool { return c.ID == id })
	return changes[i].Document.Title
}

func testPages(t *testing.T, open Open) {
	e := start(t, open, Corpus(9, 250))
	for i, q := range Queries(9, 40) {
		all := run(t, e, search.Request{Query: q, Limit: 1000})
		if len(all.Hits) != all.Total {
			t.Errorf("%+v: %d of %d hits", q, len(all.Hits), all.Total)
		}
		size := 1 + i%17
		var paged []search.Hit
		for offset := 0; offset < all.Total; offset += size {
			paged = append(paged, run(t, e, search.Request{Query: q, Limit: size, Offset: offset}).Hits...)
		}
		if !slices.Equal(idsOf(paged), idsOf(all.Hits)) {
			t.Errorf("%+v: pages of %d give\n     %v\nnot %v", q, size, idsOf(paged), idsOf(all.Hits))
		}
	}
	if got := run(t, e, search.Request{}); len(got.Hits) != 10 || got.Total != 250 {
		t.Errorf("without a limit: %d of %d hits", len(got.Hits), got.Total)
	}
	if got := run(t, e, search.Request{Offset: 250}); len(got.Hits) != 0 || got.Total != 250 {
		t.Errorf("behind the end: %d of %d hits", len(got.Hits), got.Total)
	}
}

func testFacets(t *testing.T, open Open) {
	e := start(t, open, shelf())
	if got := run(t, e, search.Request{}); got.Facets != nil {
		t.Error("counted without being asked")
	}
	q := words("spectral")
	q.Filters.MinVotes = 1
	for _, tt := range []struct {
		query search.Query
		want  search.Facets
	}{
		{search.Query{}, search.Facets{
			Years:         []search.Count{{Value: "2022", Papers: 2}, {Value: "2021", Papers: 1}, {Value: "2020", Papers: 1}},
			Categories:    []search.Count{{Value: "cs.LG", Papers: 2}, {Value: "cs.CL", Papers: 1}, {Value: "hep-ph", Papers: 1}, {Value: "math.CO", Papers: 1}, {Value: "stat.ML", Papers: 1}},
			Organizations: []search.Count{{Value: "acme", Papers: 2}}, Code: 2}},
		{q, search.Facets{
			Years:         []search.Count{{Value: "2022", Papers: 2}},
			Categories:    []search.Count{{Value: "cs.CL", Papers: 1}, {Value: "cs.LG", Papers: 1}, {Value: "hep-ph", Papers: 1}},
			Organizations: []search.Count{{Value: "acme", Papers: 1}}, Code: 1}},
		{words("unheard"), search.Facets{}},
	} {
		got := run(t, e, search.Request{Query: tt.query, Limit: 1, Facets: true}).Facets
		if !sameFacets(got, &tt.want) {
			t.Errorf("%+v counts\n%+v, want\n%+v", tt.query, got, tt.want)
		}
	}
}

func testWhy(t *testing.T, open Open) {
	e := start(t, open, shelf())
	title := words("GPT-4o draws graphs")
	title.Sort = search.ByDate
	for _, r := range []search.Request{
		{Query: words("spectral graph k-means")}, {Query: words("spectral graph k-means"), Some: true}, {Query: words("GPT-4o draws graphs")}, {Query: title},
	} {
		r.Why = true
		checkWhy(t, run(t, e, r).Hits, r)
	}
	changes := Corpus(31, 300)
	e, plain := start(t, open, changes), start(t, openPlain, changes)
	rng := rand.New(rand.NewPCG(31, 31))
	fields := map[string]bool{}
	for i, q := range Queries(31, 60) {
		q.Text += " " + changes[i].Document.Title
		for _, w := range strings.Fields(changes[i].Document.Title) {
			q.Should = append(q.Should, search.Clause{Text: w})
		}
		r := search.Request{Query: q, Limit: 150, Why: true, Mode: search.Mode(i % 3)}
		if r.Mode != search.Lexical {
			r.Vector = Vector(rng)
		}
		hits, wanted := run(t, e, r).Hits, run(t, plain, r).Hits
		for _, field := range checkWhy(t, hits, r) {
			fields[field] = true
		}
		if r.Mode != search.Lexical {
			continue
		}
		for j := range hits {
			if j < len(wanted) && !reflect.DeepEqual(hits[j], wanted[j]) {
				t.Fatalf("%+v: %s because of %+v, want %s because of %+v", r, hits[j].ID, hits[j].Why, wanted[j].ID, wanted[j].Why)
			}
		}
	}
	for _, field := range []string{"text", search.PartPair, search.PartAbout, search.PartTitle, search.PartMeaning} {
		if !fields[field] {
			t.Errorf("nothing was found because of %s", field)
		}
	}
	e = start(t, open, shelf())
	if h := run(t, e, search.Request{Query: words("spectral")}).Hits[0]; h.Why != nil {
		t.Error("said why without being asked")
	}
}

// checkWhy checks that the parts of scores add up, and gives their fields.
func checkWhy(t *testing.T, hits []search.Hit, r search.Request) (fields []string) {
	t.Helper()
	for _, h := range hits {
		if h.Why == nil {
			t.Fatalf("%+v: %s is found without saying why", r, h.ID)
		}
		sum := 0
		for _, term := range h.Why.Terms {
			sum += int(math.Round(1000 * term.Score))
			if term.Term == "" || term.Field == "" || term.Score <= 0 && term.Field != search.PartMeaning || 1000*term.Score-math.Round(1000*term.Score) > 1e-6 {
				t.Errorf("%+v: %s because of %+v", r, h.ID, term)
			}
			fields = append(fields, term.Field)
		}
		if sum != int(math.Round(1000*h.Score)) {
			t.Errorf("%+v: %s: parts %d, score %v: %+v", r, h.ID, sum, h.Score, h.Why)
		}
	}
	return fields
}

func testSuggest(t *testing.T, open Open) {
	e := start(t, open, shelf())
	for prefix, wanted := range map[string]search.Suggestion{
		"clust":       {Kind: "title", Text: "Clustering with k-means at scale", ID: string(clustering)},
		"on a conj":   {Kind: "title", Text: "On a conjecture of Erdős", ID: string(conjecture)},
		"emmy":        {Kind: "author", Text: "Emmy Noether", ID: "emmy-noether"},
		"acm":         {Kind: "organization", Text: "Acme Graph Labs", ID: "acme"},
		"hep":         {Kind: "category", Text: "hep-ph", ID: "hep-ph"},
		"BOS":         {Kind: "title", Text: "Boson decays", ID: string(decays)},
		"clustering ": {Kind: "title", Text: "Clustering with k-means at scale", ID: string(clustering)},

		"conj":         {Kind: "title", Text: "On a conjecture of Erdős", ID: string(conjecture)},
		"erdo":         {Kind: "title", Text: "On a conjecture of Erdős", ID: string(conjecture)},
		"scale clust":  {Kind: "title", Text: "Clustering with k-means at scale", ID: string(clustering)},
		"boson dec":    {Kind: "term", Text: "boson decays"},
		"lov":          {Kind: "author", Text: "Ada Lovelace", ID: "ada-lovelace"},
		"lovelace a":   {Kind: "author", Text: "Ada Lovelace", ID: "ada-lovelace"},
		"y lovelace":   {Kind: "author", Text: "Yves Lovelace", ID: "yves-lovelace"},
		"lab":          {Kind: "organization", Text: "Acme Graph Labs", ID: "acme"},
		"labs acme gr": {Kind: "organization", Text: "Acme Graph Labs", ID: "acme"},
		"ml":           {Kind: "category", Text: "stat.ML", ID: "stat.ML"},
	} {
		got, err := e.Suggest(t.Context(), prefix, 10)
		if err != nil || !slices.Contains(got, wanted) {
			t.Errorf("%q is completed to %v, %v; want %v among it", prefix, got, err, wanted)
		}
	}
	terms, err := e.Suggest(t.Context(), "conj", 10)
	if err != nil || !slices.ContainsFunc(terms, func(s search.Suggestion) bool { return s.Kind == "term" }) {
		t.Errorf("no term begins with conj: %v, %v", terms, err)
	}
	for prefix, most := range map[string]int{"": 0, " ": 0, "zzzz": 0, "a": 2, "boson scale": 0, "noether k": 0, "emmy noether noether": 0} {
		if got, err := e.Suggest(t.Context(), prefix, 2); err != nil || len(got) > most {
			t.Errorf("%q is completed to %v, %v", prefix, got, err)
		}
	}
}

// testSuggestKnown has names within names, and what is known better before what is not.
func testSuggestKnown(t *testing.T, open Open) {
	var changes []search.Change
	for i, title := range []string{"Lattice gauge", "The gauge of lattices", "Gauge on a lattice", "Fields"} {
		d := search.Document{Title: title, Published: at(2020+i, 1, 1), Votes: 10 * (i % 3), Authors: []string{"Ana Pérez Soler Gil"}}
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("2401.0000%d", i)), Document: &d})
	}
	e := start(t, open, changes)
	for typed, want := range map[string][]string{
		"gau":    {"Gauge on a lattice", "The gauge of lattices", "Lattice gauge"},
		"perez":  {"Ana Pérez Soler Gil"},
		"sol an": {"Ana Pérez Soler Gil"},
		"pe an":  {"Ana Pérez Soler Gil"},
	} {
		all, err := e.Suggest(t.Context(), typed, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range all {
			if s.Kind != "term" {
				got = append(got, s.Text)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is completed to %q, want %q", typed, got, want)
		}
	}
	apply(t, e, []search.Change{{ID: "2401.00000", Kind: search.Counts, Document: &search.Document{Votes: 100}}, {ID: "2401.00002", Kind: search.Delete}}, 9)
	if all, err := e.Suggest(t.Context(), "gau", 10); err != nil || len(all) != 3 || all[0].ID != "2401.00000" {
		t.Errorf("after a vote and a deletion %v, %v", all, err)
	}
}

// testSuggestAsPlain compares suggestions but for terms, which engines may count as they
// like.
func testSuggestAsPlain(t *testing.T, open Open) {
	e, p := start(t, open, nil), start(t, openPlain, nil)
	for i, batch := range churn(7) {
		apply(t, e, batch, int64(i))
		apply(t, p, batch, int64(i))
	}
	for _, typed := range []string{"att", "Ad", "will", "lecun y", "w gödel", "erd", "nor", "qui tran", "tuning pre", "qwen", "neu", "cs", "cl"} {
		got, want := suggestedBut(t, e, typed), suggestedBut(t, p, typed)
		if !slices.Equal(got, want) {
			t.Errorf("%q is completed to\n%q, not\n%q", typed, got, want)
		}
	}
}

// suggestedBut is what an engine suggests but for terms.
func suggestedBut(t *testing.T, e search.Engine, typed string) []search.Suggestion {
	t.Helper()
	all, err := e.Suggest(t.Context(), typed, 100)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(s search.Suggestion) bool { return s.Kind == "term" })
}

func testSimilar(t *testing.T, open Open) {
	e := start(t, open, shelf())
	hits, err := e.Similar(t.Context(), drawing, 2)
	if err != nil || len(hits) != 2 || !slices.Contains(idsOf(hits), conjecture) || slices.Contains(idsOf(hits), drawing) {
		t.Errorf("similar to %s: %v, %v", drawing, hits, err)
	}
	if _, err := e.Similar(t.Context(), "2401.09999", 2); !errors.Is(err, paper.ErrNotFound) {
		t.Errorf("similar to an unknown paper: %v", err)
	}
	apply(t, e, []search.Change{{ID: "2401.00005", Document: &search.Document{}}}, 5)
	if hits, err := e.Similar(t.Context(), "2401.00005", 2); err != nil || len(hits) > 2 {
		t.Errorf("similar to a paper without words: %v, %v", hits, err)
	}
	q := search.Query{Filters: search.Filters{Similar: drawing, Categories: [][]string{{"hep-ph", "cs"}}}}
	for _, h := range run(t, e, search.Request{Query: q}).Hits {
		if h.ID == drawing || h.ID == conjecture {
			t.Errorf("similar within categories: %s", h.ID)
		}
	}
	want(t, e, search.Query{Filters: search.Filters{Similar: "2401.09999"}})
}

// testVersions checks that other versions of a paper are left out of those similar to it,
// and stay in what a query finds.
func testVersions(t *testing.T, open Open) {
	changes := Corpus(21, 60)
	const text = "We count the bees of one garden for a year, and find that they come back when it rains. " +
		"Hives beside a meadow lose fewer workers than those along roads, whose noise drowns the dance. " +
		"A scale under each hive weighs honey every hour; cameras read numbers glued to wings. " +
		"Cold mornings delay flights, warm evenings prolong them, and a late frost halves the harvest of pears."
	same := []paper.ID{"2401.00001", "2401.00002", "2401.00003"}
	for i, title := range []string{"Bees of a garden", "Bees of a garden", "How garden bees return"} {
		d := search.Document{Title: title, Abstract: text}
		if i == 1 {
			d.Abstract = "Another text altogether, on bees in gardens."
		}
		changes = append(changes, search.Change{ID: same[i], Document: &d})
	}
	changes = append(changes, search.Change{ID: "2401.00004", Document: &search.Document{Title: "Bees and rain", Abstract: "When it rains bees find another garden."}})
	e := start(t, open, changes)
	hits, err := e.Similar(t.Context(), same[0], 20)
	if err != nil || len(hits) == 0 || hits[0].ID != "2401.00004" {
		t.Errorf("similar: %v, %v", hits, err)
	}
	for _, h := range hits {
		if slices.Contains(same, h.ID) {
			t.Errorf("%s is a version of the paper", h.ID)
		}
	}
	found := idsOf(run(t, e, search.Request{Query: search.Query{Filters: search.Filters{Similar: same[0]}}}).Hits)
	if !slices.Contains(found, same[1]) || !slices.Contains(found, same[2]) || slices.Contains(found, same[0]) {
		t.Errorf("a query finds %v", found)
	}
}

// testNeighbors checks that a paper without a word in common is similar by its vector, though
// many have a word in common.
func testNeighbors(t *testing.T, open Open) {
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	vector := make([]float32, 16)
	vector[3] = 1
	var changes []search.Change
	for i := range 600 {
		changes = append(changes, search.Change{ID: paper.ID(fmt.Sprintf("1001.%05d", i+1)), Document: &search.Document{
			Title: "Common", Abstract: strings.Repeat(fmt.Sprintf("other%d word%d ", i, i), 30), Published: day.AddDate(-5, 0, i).UnixMicro()}})
	}
	const self, neighbor = "2405.00001", "2405.00002"
	for id, title := range map[paper.ID]string{self: "Common bees", neighbor: "Apiary"} {
		changes = append(changes, search.Change{ID: id, Document: &search.Document{Title: title, Published: day.UnixMicro(), Vector: vector}})
	}
	hits, err := start(t, open, changes).Similar(t.Context(), self, 5)
	if err != nil || len(hits) != 5 || hits[0].ID != neighbor {
		t.Errorf("similar: %v, %v", hits, err)
	}
}

// testLikeness compares the papers similar to others by their words with those of the
// plain engine, some papers being deleted and some changed.
func testLikeness(t *testing.T, open Open) {
	changes := Corpus(22, 300)
	e, plain := start(t, open, changes), start(t, openPlain, changes)
	for round := range 2 {
		for i := 0; i < len(changes); i += 13 {
			q := search.Query{Filters: search.Filters{Similar: changes[i].ID}}
			for _, limit := range []int{10, 250} {
				r := search.Request{Query: q, Mode: search.Lexical, Limit: limit}
				if !same(t, run(t, e, r), run(t, plain, r), r) {
					return
				}
			}
		}
		if round == 1 {
			return
		}
		var more []search.Change
		for i := 1; i < len(changes); i += 7 {
			if i%13 != 0 {
				more = append(more, search.Change{ID: changes[i].ID, Kind: search.Delete})
			}
		}
		for i := 2; i < len(changes); i += 26 {
			more = append(more, search.Change{ID: changes[i].ID, Document: changes[i-1].Document})
		}
		apply(t, e, more, 1000)
		apply(t, plain, more, 1000)
	}
}

func testMeaning(t *testing.T, open Open) {
	changes := Corpus(11, 400)
	e, plain := start(t, open, changes), start(t, openPlain, changes)
	rng := rand.New(rand.NewPCG(12, 12))
	shared, all := 0, 0
	for _, q := range Queries(12, 80) {
		r := search.Request{Query: q, Vector: Vector(rng), Limit: 10}
		if len(q.Should) == 0 || q.Sort != search.ByRelevance {
			if !same(t, run(t, e, r), run(t, plain, r), r) {
				return
			}
			continue
		}
		got, wanted := idsOf(run(t, e, r).Hits), idsOf(run(t, plain, r).Hits)
		all += len(wanted)
		for _, id := range got {
			if slices.Contains(wanted, id) {
				shared++
			}
		}
	}
	if float64(shared) < 0.95*float64(all) {
		t.Errorf("of %d papers found by words and meaning, %d are those of exact vectors", all, shared)
	}
}
