package urls

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet/internal/paper"
	"broadsheet/internal/rank"
)

// A Kind says what sort of list a [List] names.
type Kind string

// The kinds of list.
const (
	KindLatest       Kind = "latest"       // the newest edition, whichever it is
	KindEdition      Kind = "edition"      // of a day, a week or a month
	KindTrending     Kind = "trending"     //
	KindNew          Kind = "new"          // by publication
	KindSearch       Kind = "search"       //
	KindOrganization Kind = "organization" // of one organization
	KindAuthor       Kind = "author"       // of one author
	KindSimilar      Kind = "similar"      // to one paper
	KindArchive      Kind = "archive"      // of editions, not of papers
)

// A List names a list by the address of its page, without scheme and host.
type List struct {
	Kind    Kind
	Period  paper.Period // of an edition
	Name    string       // of an organization; the slug of an author
	ID      paper.ID     // what papers are similar to
	Query   string       // of a search
	Some    bool         // of a search: a paper with some of the words is enough
	Year    int          // of an archive; 0 means the newest
	Weights rank.Weights // of trending
}

// LongestQuery is the most characters that a search may have: an abstract or an entry of a
// bibliography fits in.
const LongestQuery = 4000

// LongestAddress is the most bytes that path and query of an address may have. All that a
// search may have fits in, whatever its script.
const LongestAddress = 9*LongestQuery + 1000

// lists are the lists by the routes of their pages.
var lists = []struct {
	route string
	kind  Kind
	parse func(l *List, value string) error // reads the wildcard, if the route has one
}{
	{Papers, KindLatest, nil},
	{Trending, KindTrending, nil},
	{Newest, KindNew, nil},
	{Archive, KindArchive, nil},
	{YearRoute, KindArchive, parseYear},
	{DayRoute, KindEdition, parsePeriod(func(s string) (paper.Period, error) { d, err := paper.ParseDay(s); return d.Period(), err })},
	{WeekRoute, KindEdition, parsePeriod(paper.ParseWeek)},
	{MonthRoute, KindEdition, parsePeriod(paper.ParseMonth)},
	{AuthorRoute, KindAuthor, func(l *List, slug string) error { l.Name = slug; return nil }},
	{PaperRoute + SimilarEnding, KindSimilar, func(l *List, id string) (err error) { l.ID, err = paper.ParseID(id); return err }},
	{OrganizationRoute, KindOrganization, func(l *List, name string) error { l.Name = name; return nil }},
}

// ParseList reads the path of a list's page, "/papers/week/2026-W22", and what of the
// query parameters belongs to the list. paper.ErrNotFound says that no list has such a
// path; what a list cannot have is a *paper.InvalidError.
func ParseList(path string, query url.Values) (List, error) {
	if path == SearchForm || path == Papers && query.Has("q") {
		l, err := parseSearch(strings.TrimSpace(query.Get("q")))
		l.Some = ParseSome(query)
		return l, err
	}
	for _, of := range lists {
		l := List{Kind: of.kind}
		if of.parse == nil {
			if path != of.route {
				continue
			}
			var err error
			if l.Kind == KindTrending {
				l.Weights, err = ParseWeights(query)
			}
			return l, err
		}
		if value, ok := match(of.route, path); ok && (l.Kind != KindOrganization || value != "papers") {
			err := of.parse(&l, value)
			return l, err
		}
	}
	return List{}, fmt.Errorf("a list at %s: %w", path, paper.ErrNotFound)
}

func parseSearch(q string) (List, error) {
	switch {
	case q == "":
		return List{}, paper.Invalid("q", "say what to search for")
	case utf8.RuneCountInString(q) > LongestQuery:
		return List{}, paper.Invalid("q", "at most %d characters can be searched for", LongestQuery)
	case !utf8.ValidString(q):
		return List{}, paper.Invalid("q", "this is not UTF-8")
	}
	return List{Kind: KindSearch, Query: q}, nil
}

// ParseSome reads whether a paper with some of the words is enough: some=1.
func ParseSome(query url.Values) bool {
	switch query.Get("some") {
	case "1", "true", "on":
		return true
	}
	return false
}

func parsePeriod(parse func(string) (paper.Period, error)) func(*List, string) error {
	return func(l *List, value string) (err error) {
		l.Period, err = parse(value)
		return err
	}
}

func parseYear(l *List, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 9999 || len(value) != 4 {
		return paper.Invalid("year", "%q is not a year: write four digits", value)
	}
	l.Year = n
	return nil
}

// ParseWeights reads the weights of trending from query parameters; those that are not
// there are as usual.
func ParseWeights(q url.Values) (rank.Weights, error) {
	w := rank.Default
	for _, f := range weightFields(&w) {
		s := q.Get(f.name)
		if s == "" {
			continue
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || x < f.least || x > f.most {
			return w, paper.Invalid("weight "+f.name, "%q will not do; use a number from %v to %v", s, f.least, f.most)
		}
		*f.value = x
	}
	return w, nil
}

// A weightField is a weight as query parameters have it.
type weightField struct {
	name        string
	value       *float64
	least, most float64
}

func weightFields(w *rank.Weights) []weightField {
	return []weightField{
		{"vote", &w.Vote, 0, 1000}, {"comment", &w.Comment, 0, 1000},
		{"star", &w.Star, 0, 1000}, {"half", &w.HalfDay, 0.01, 1000},
	}
}

// Route is the pattern of the list's page.
func (l List) Route() string {
	switch l.Kind {
	case KindEdition:
		return editionRoute(l.Period.Kind())
	case KindArchive:
		if l.Year != 0 {
			return YearRoute
		}
		return Archive
	case KindTrending:
		return Trending
	case KindNew:
		return Newest
	case KindOrganization:
		return OrganizationRoute
	case KindAuthor:
		return AuthorRoute
	case KindSimilar:
		return PaperRoute + SimilarEnding
	}
	return Papers
}

// Path is the path and query of the list's page.
func (l List) Path() string { return l.PathAs("") }

// PathAs is the path and query of the list in another form, whose ending (".rss") goes
// behind the path.
func (l List) PathAs(ending string) string {
	path := fill(l.Route(), l.value()) + ending
	var query url.Values
	switch l.Kind {
	case KindSearch:
		query = url.Values{"q": {l.Query}}
		if l.Some {
			query.Set("some", "1")
		}
	case KindTrending:
		query = l.weights()
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// value is what stands in place of the route's wildcard, escaped.
func (l List) value() string {
	switch l.Kind {
	case KindEdition:
		return string(l.Period)
	case KindArchive:
		if l.Year != 0 {
			return fmt.Sprintf("%04d", l.Year)
		}
	case KindOrganization, KindAuthor:
		return url.PathEscape(l.Name)
	case KindSimilar:
		return escapeSlashed(string(l.ID))
	}
	return ""
}

// weights are the parameters of weights that are not the usual ones.
func (l List) weights() url.Values {
	v := url.Values{}
	usual := rank.Default
	was := weightFields(&usual)
	for i, f := range weightFields(&l.Weights) {
		if *f.value != *was[i].value {
			v.Set(f.name, strconv.FormatFloat(*f.value, 'g', -1, 64))
		}
	}
	return v
}
