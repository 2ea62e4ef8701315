package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"broadsheet/internal/catalog"
	"broadsheet/internal/httpserver"
	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/tex"
	"broadsheet/internal/urls"
)

// resultsPage is what was found, or the papers that a damaged id may mean.
type resultsPage struct {
	head
	Heading string // the query, or its beginning
	Count   string
	Wider   *link  // to the papers that have some of the words, or back to those with all
	Relaxed bool   // no paper has all of the words
	Took    string // "in 1.8 ms"
	Orders  []navLink
	Filters []link // that the query has; a link takes one away
	Facets  []facet

	Hints      []hint
	Unknown    *link  // to a paper that is not here, where the query names one
	Narrowings []link // where few papers are found: "112 without has:code"
	Instead    *link  // what was typed, where a likelier spelling is shown
	DidYouMean *link
	Author     *link // whose name the query is
	Near       *link // the paper that these are similar to
	Offers     []link
	Notice     string // what the search index lacks, where that matters

	Candidates []card
	Found      []found
	First      string // the first page, on the others
	More       string
}

// hint is what of the query was not understood or finds nothing, and what to ask instead.
type hint struct {
	Part, Text string
	Try        []link
}

func hints(ask asking, in []search.Hint) []hint {
	var out []hint
	for _, h := range in {
		one := hint{Part: h.Part, Text: h.Text}
		for _, q := range h.Try {
			one.Try = append(one.Try, link{ask.path(q), q})
		}
		out = append(out, one)
	}
	return out
}

// found is a card with what of the paper answers the query.
type found struct {
	card
	Marked, Passage template.HTML // title and text, with what of them answers the query
	Why             *reason
}

// marked is a text with its marks. A template would take a hundred steps for one page.
func marked(parts []search.Fragment) template.HTML {
	var b strings.Builder
	for _, p := range parts {
		text := template.HTMLEscapeString(p.Text)
		if p.Marked {
			text = "<mark>" + text + "</mark>"
		}
		b.WriteString(text)
	}
	return template.HTML(b.String())
}

// few is the number of results below which other ways to search are offered.
const few = 5

// results is the page about findings. instead is what was typed, where that finds nothing
// and q is a likelier spelling; id is the paper that the query names. Both may be "".
func (s *site) results(r *request, q, instead string, id paper.ID, f *catalog.SearchResult) (*httpserver.Response, error) {
	t, ask := cutQuery(q, s.Now()), asking{urls.ParseSome(r.Query)}
	heading := "“" + headed(q) + "”"
	p := &resultsPage{
		head: s.head(heading, ""), Heading: heading, Count: plural(f.Total, "paper"), Took: took(f.Took),
		Wider: wider(q, ask, f), Relaxed: f.Relaxed && !ask.some,
		Orders: orders(t, ask, f.Query.Sort), Filters: active(t, ask), Facets: facets(t, ask, f.Facets),
		Hints: hints(ask, f.Hints), Candidates: s.cards(f.Candidates), More: after(urls.Papers, f.More, r.Query),
	}
	p.Query, p.Robots = q, "noindex, follow"
	if instead != "" {
		p.Instead = &link{ask.typed(instead), instead}
	}
	roll := &catalog.ListPage{Ref: urls.List{Kind: urls.KindSearch, Query: q, Some: ask.some}, Title: p.Title, Entries: f.Candidates, More: f.More, Total: f.Total, Hits: f.Hits}
	for _, one := range f.Hits {
		p.Found, roll.Entries = append(p.Found, s.found(one)), append(roll.Entries, one.Entry)
	}
	p.offerFeeds(roll.Ref, p.Title)
	s.addData(r, &p.head, roll)
	p.offer(ask, f)
	for _, n := range f.Narrowings {
		p.Narrowings = append(p.Narrowings, t.narrowing(n, ask, s.Now()))
	}
	p.Near = s.near(r, f.Query)
	if p.Notice = f.Index.ListNotice(len(f.Hits)); p.Notice != "" {
		if p.Count = soFar(f.Total); f.Total == 0 {
			p.Took = "" // of nothing
		}
	}
	if id != "" && len(f.Candidates) == 0 {
		p.Unknown = &link{id.AbsURL(0), string(id)}
	}
	if r.Get("after") != "" {
		p.First = ask.path(q)
	} else if len(f.Hits) < few && len(f.Candidates) == 0 {
		p.Offers = s.offers(r, q)
	}
	a, err := s.render("results", p)
	if err != nil {
		return nil, err
	}
	a.Volatile = p.Took
	if a.NoCache = !f.Index.Ready; f.Index.Ready { // what an index lacks is true at this moment alone
		a.Rare, a.Changed = !f.Kept, s.Catalog.Changed(f.Index)
	}
	return a, nil
}

// headed is a query as a heading: the beginning of a long one, such as an abstract.
func headed(q string) string {
	const most = 160
	head, rest := cutAtWord(q, most)
	if rest != "" {
		head += " …"
	}
	return head
}

// wider leads from the papers with all words of a query to those with some of them, if
// there are more, or back; nil where there is no such way.
func wider(q string, ask asking, f *catalog.SearchResult) *link {
	switch {
	case ask.some && len(strings.Fields(f.Query.Text)) > 1:
		return &link{asking{}.path(q), "only those with all of the words"}
	case !ask.some && !f.Relaxed && f.Some > f.Total:
		return &link{asking{some: true}.path(q), number(f.Some) + " have some of the words"}
	}
	return nil
}

// soFar is how many papers an index has that is not ready. Of none it is not known that there
// are none.
func soFar(n int) string {
	if n == 0 {
		return "nothing found yet"
	}
	return plural(n, "paper") + " so far"
}

// offer adds another spelling and an author's page.
func (p *resultsPage) offer(ask asking, f *catalog.SearchResult) {
	if f.DidYouMean != "" {
		p.DidYouMean = &link{ask.path(f.DidYouMean), f.DidYouMean}
	}
	if f.Author != nil {
		l := authorLink(tex.Text(f.Author.Name))
		p.Author = &l
	}
}

// near is the paper that similar ones are asked for; nil where none is.
func (s *site) near(r *request, q search.Query) *link {
	if q.Filters.Similar == "" {
		return nil
	}
	sheet, err := s.Catalog.Paper(r.Context(), q.Filters.Similar)
	if err != nil { // nothing is near to what is not here
		return nil
	}
	return &link{urls.Paper(sheet.Paper.ID), tex.Text(sheet.Paper.Title)}
}

// offers are what the query may be the beginning of: what a script offers while
// somebody types, for those who have none.
func (s *site) offers(r *request, q string) []link {
	all, err := s.Catalog.Suggest(r.Context(), q, 6)
	if err != nil {
		s.Log.Warn("no suggestions", "query", q, "err", err)
		return nil
	}
	var out []link
	for _, one := range all.Suggestions {
		out = append(out, link{suggested(one), one.Text})
	}
	return out
}

// suggested is where a suggestion leads; suggest.js knows the same.
func suggested(one search.Suggestion) string {
	switch one.Kind {
	case "title":
		return urls.Paper(paper.ID(one.ID))
	case "author":
		return authorLink(one.Text).Path
	case "organization":
		return organization(&paper.Organization{Name: one.ID}).Path
	case "category":
		return askPath("cat:" + one.ID)
	}
	return askPath(one.Text)
}

func (s *site) found(f catalog.Hit) found {
	out := found{card: s.card(f.Entry, 0), Marked: marked(f.Title), Passage: marked(f.Passage)}
	if out.Marked == "" {
		out.Marked = marked([]search.Fragment{{Text: out.card.Title}})
	}
	if f.Why != nil {
		out.Why = newReason(f.Why, f.Score)
	}
	return out
}

// reason is what the score of a result is made of: parts that add up to it.
type reason struct {
	Terms []part
	Total string
}

// shownTerms is how many parts stand in a reason; the others are summed up.
const shownTerms = 10

// inField says where in a paper a word was found.
var inField = map[string]string{
	search.FieldTitle.String(): "in the title", search.FieldAbstract.String(): "in the abstract", search.FieldAny.String(): "in the text",
	search.FieldAuthor.String(): "among the authors", search.FieldOrganization.String(): "in the organization’s name",
}

func newReason(w *search.Why, total float64) *reason {
	out := &reason{Total: points(total)}
	shown := len(w.Terms)
	if shown > shownTerms {
		shown = shownTerms - 1
	}
	for _, t := range w.Terms[:shown] {
		out.Terms = append(out.Terms, part{because(t, w.Meaning), points(t.Score)})
	}
	if rest := w.Terms[shown:]; len(rest) > 0 {
		sum := 0.0
		for _, t := range rest {
			sum += t.Score
		}
		out.Terms = append(out.Terms, part{plural(len(rest), "further word"), points(sum)})
	}
	return out
}

// because says what a part of a score is for.
func because(t search.TermScore, cosine float64) string {
	switch t.Field {
	case search.PartPair:
		return fmt.Sprintf("“%s” side by side", t.Term)
	case search.PartAbout:
		return "words of the best papers"
	case search.PartTitle:
		return "the whole title"
	case search.PartMeaning:
		return fmt.Sprintf("likeness in meaning (%s of 1)", decimal(cosine))
	}
	return fmt.Sprintf("“%s” %s", t.Term, inField[t.Field])
}

// points writes a part of a score so that the parts add up as they are written.
func points(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }

// took writes how long a search ran.
func took(d time.Duration) string {
	ms := max(0.1, float64(d)/float64(time.Millisecond))
	switch {
	case ms < 10:
		return "in " + strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	case ms < 1000:
		return "in " + strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return "in " + strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
}
