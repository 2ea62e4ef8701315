package web

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
)

// count has every search count like this.
func count(f *shelf, facets search.Facets) {
	f.Engine.Answer(func(_ search.Request, r *search.Result) { r.Facets = &facets })
}

func TestFacetsAreLinks(t *testing.T) {
	f := newShelf()
	f.entries[1].Paper.Organization = &paper.Organization{Name: `Odd "Lab" & Co`, FullName: "Odd"}
	h := open(t, f)
	count(f, search.Facets{Code: 1204,
		Years:         []search.Count{{Value: "2026", Papers: 3}, {Value: "2025", Papers: 1}},
		Categories:    []search.Count{{Value: "cs.CL", Papers: 4}},
		Organizations: []search.Count{{Value: "open-lab", Papers: 2}, {Value: `Odd "Lab" & Co`, Papers: 1}},
	})
	doc := ask(t, h, `small "long notes" cat:cs.CL sort:new`)
	aside := with(doc, "aside", "class", "facets narrow")[0]
	want := map[string]string{
		"2026":                `small "long notes" cat:cs.CL sort:new year:2026`,
		"2025":                `small "long notes" cat:cs.CL sort:new year:2025`,
		"cs.CL × (take away)": `small "long notes" sort:new`,
		"The Open Lab":        `small "long notes" cat:cs.CL sort:new org:open-lab`,
		"Odd":                 `small "long notes" cat:cs.CL sort:new org:"Odd  Lab  & Co"`,
		"code":                `small "long notes" cat:cs.CL sort:new has:code`,
	}
	if got := linksTo(t, aside); !reflect.DeepEqual(got, want) {
		t.Errorf("the facets are %v", got)
	}
	if !strings.Contains(words(aside), "1,204 papers") {
		t.Error("the numbers are not there")
	}
	if got := linksTo(t, with(doc, "ul", "class", "chips")[0]); !reflect.DeepEqual(got, map[string]string{"Without cat:cs.CL ×": `small "long notes" sort:new`}) {
		t.Errorf("the filters are %v", got)
	}
}

// A click on a count leads to so many papers, whatever was asked.
func TestFacetsCountWhatTheyLeadTo(t *testing.T) {
	h := open(t, newShelf())
	clicked := 0
	for _, address := range []string{
		"/papers?q=small", "/papers?q=small+models", "/papers?q=small+strings", "/papers?q=small+strings&some=1", "/papers?q=%22small+models%22",
		"/papers?q=year:2026", "/papers?q=small+-poems", "/papers?q=small+sort:votes", "/papers?q=small+OR+strings", "/papers?q=has:code",
	} {
		for _, aside := range with(load(t, h, address), "aside", "class", "facets narrow") {
			for _, li := range all(aside, "li") {
				a := all(li, "a")[0]
				if attr(a, "aria-current") != "" {
					continue // takes a filter away
				}
				count := strings.TrimSuffix(words(all(li, "small")[0]), " papers")
				if found := words(with(load(t, h, attr(a, "href")), "p", "class", "meta")[0]); !strings.HasPrefix(found, count+" paper") {
					t.Errorf("%s: %s leads to %s", address, words(li), found)
				}
				clicked++
			}
		}
	}
	if clicked < 20 {
		t.Errorf("only %d facets", clicked)
	}
}

func TestOrdersAreLinks(t *testing.T) {
	doc := ask(t, open(t, newShelf()), "small SORT:new models")
	nav := with(doc, "nav", "aria-label", "Order")[0]
	want := map[string]string{
		"best": "small models", "newest": "small models sort:new", "most voted": "small models sort:votes", "trending": "small models sort:trending",
	}
	if got := linksTo(t, nav); !reflect.DeepEqual(got, want) {
		t.Errorf("the orders are %v", got)
	}
	if now := with(nav, "a", "aria-current", "true"); len(now) != 1 || words(now[0]) != "newest" {
		t.Error("the order is not marked")
	}
}

func TestManyValuesFold(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	var years []search.Count
	for y := range 30 {
		years = append(years, search.Count{Value: fmt.Sprint(2026 - y), Papers: 1})
	}
	count(f, search.Facets{Years: years})
	aside := with(ask(t, h, "small"), "aside", "class", "facets narrow")[0]
	if rest := with(aside, "details", "class", "rest"); len(rest) != 1 || len(all(rest[0], "li")) != 22 || len(all(aside, "li")) != 30 {
		t.Error("thirty years are not folded after eight")
	}
}

// Headings go down by one level at a time, on every page about searching.
func TestSearchHeadings(t *testing.T) {
	f := newShelf()
	h := open(t, f)
	f.Engine.Suggests([]search.Suggestion{{Kind: "term", Text: "x"}})
	for _, path := range []string{"/papers?q=small", "/papers?q=year:1950", "/papers?q=", "/search/help", "/papers?q=year:1999"} {
		level := 0
		for d := range all(load(t, h, path), "main")[0].Descendants() {
			if d.Type != html.ElementNode || len(d.Data) != 2 || d.Data[0] != 'h' || d.Data[1] < '1' || d.Data[1] > '6' {
				continue
			}
			if n := int(d.Data[1] - '0'); n > level+1 {
				t.Errorf("%s: <%s> under a heading of level %d", path, d.Data, level)
			} else {
				level = n
			}
		}
	}
}

func TestCutQuery(t *testing.T) {
	for _, tt := range []struct {
		query   string
		pieces  []string
		filters []string
	}{
		{"", nil, nil},
		{"deep learning", []string{"deep", "learning"}, nil},
		{`"deep learning" year:2024`, []string{`"deep learning"`, "year:2024"}, []string{"year:2024"}},
		{`author:"Yann LeCun" x`, []string{`author:"Yann LeCun"`, "x"}, []string{`author:"Yann LeCun"`}},
		{`-"case study" -survey`, []string{`-"case study"`, "-survey"}, []string{`-"case study"`, "-survey"}},
		{"cat:cs.CL OR cat:cs.LG agents", []string{"cat:cs.CL OR cat:cs.LG", "agents"}, []string{"cat:cs.CL OR cat:cs.LG"}},
		{"a OR b | c d", []string{"a OR b | c", "d"}, nil},
		{"NOT survey x", []string{"NOT survey", "x"}, []string{"NOT survey"}},
		{`"open year:2024`, []string{`"open`, "year:2024"}, []string{"year:2024"}},
		{`5" pipes "a b"`, []string{`5"`, "pipes", `"a b"`}, nil},
		{"„tief lernen“ «apprendre vite»", []string{"„tief lernen“", "«apprendre vite»"}, nil},
		{"year:soon cat:nowhere", []string{"year:soon", "cat:nowhere"}, nil},
		{"a AND (b OR c) d", []string{"a AND (b OR c)", "d"}, nil},
		{"x 1) a b", []string{"x", "1)", "a", "b"}, nil},
		{"(author:x OR author:y) -(c d) e", []string{"(author:x OR author:y)", "-(c d)", "e"}, []string{"(author:x OR author:y)", "-(c d)"}},
		{"OR", []string{"OR"}, nil},
		{"sort:new has:code in:daily", []string{"sort:new", "has:code", "in:daily"}, []string{"has:code", "in:daily"}},
		{`title:"a b" OR abs:c`, []string{`title:"a b" OR abs:c`}, []string{`title:"a b" OR abs:c`}},
	} {
		typed := cutQuery(tt.query, noon)
		var texts, filters []string
		for _, p := range typed {
			texts = append(texts, p.text)
			if p.filter {
				filters = append(filters, p.text)
			}
		}
		if !reflect.DeepEqual(texts, tt.pieces) || !reflect.DeepEqual(filters, tt.filters) {
			t.Errorf("%q: %q, of these filters %q", tt.query, texts, filters)
		}
	}
}

func TestRewriting(t *testing.T) {
	for query, want := range map[string]string{
		"a b":                       "a b year:2024",
		"a OR":                      "a year:2024",
		"NOT":                       "year:2024",
		"":                          "year:2024",
		`"a b" c`:                   `"a b" c year:2024`,
		strings.Repeat("ab ", 1333): strings.TrimSpace(strings.Repeat("ab ", 1330)) + " year:2024",
	} {
		if got := cutQuery(query, noon).with("year:2024"); got != want {
			t.Errorf("%q becomes %q", query, got)
		}
	}
	for value, want := range map[string]string{"cs.CL": "cs.CL", "open-lab": "open-lab", "": `""`, "a b": `"a b"`, "a“b”": `"a b "`, "AT&T": "AT&T"} {
		if got := quoted(value); got != want {
			t.Errorf("%q is quoted as %s", value, got)
		}
	}
}

// Nothing of a query is lost by cutting it, and a filter can always be added.
func FuzzCutQuery(f *testing.F) {
	for _, q := range []string{`a "b c" OR d`, `-"x y" cat:cs.CL OR`, "«a »b\" c\"", "NOT NOT | |", "author:\"a", "sort:new sort:", "\xff\"\xfe \""} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		q = firstRunes(searchable(strings.ToValidUTF8(q, "")), longestQuery)
		typed := cutQuery(q, noon)
		if got := typed.String(); got != strings.Join(strings.Fields(q), " ") {
			t.Errorf("%q became %q", q, got)
		}
		for i := range typed {
			_ = typed.without(i)
		}
		with := typed.with("year:2024")
		if !strings.HasSuffix(with, "year:2024") || utf8.RuneCountInString(with) > longestQuery {
			t.Errorf("%q with a year is %q", q, with)
		}
		_, _ = typed.sorted(""), typed.sorted("new")
	})
}
