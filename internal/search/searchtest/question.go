package searchtest

import (
	"cmp"
	"slices"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

// An entry is a paper as the plain engine holds it.
type entry struct {
	id                    paper.ID
	doc                   search.Document
	title, abstract       field
	organization, authors field
	called                map[string]uint8       // what the organization is called, with the impact
	exact                 map[string]occurrences // of words as they are written
	key                   uint64                 // of the title
	sequence              search.Sequence
}

// occurrences are how often something occurs.
type occurrences struct{ title, abstract int }

// A field has the places of each term, and how many words it has.
type field struct {
	places map[string][]int
	words  int
}

func newEntry(id paper.ID, d search.Document) *entry {
	e := &entry{id: id, doc: d, title: newField(d.Title), abstract: newField(d.Abstract),
		organization: newField(d.OrganizationText()), key: search.TitleKey(d.Title)}
	e.called = map[string]uint8{}
	for _, term := range search.OrganizationTerms(d.Organization, d.OrgName) {
		e.organization.places[term.Text] = []int{0}
		e.called[term.Text] = term.Impact
	}
	e.readExact()
	for i, text := range []string{d.Title, d.Abstract} {
		if i > 0 {
			e.sequence = append(e.sequence, 0)
		}
		for _, t := range analysis.Phrase(analysis.Plain(text)) {
			e.sequence = append(e.sequence, search.TermCode(t.Term))
		}
	}
	e.authors.places = map[string][]int{}
	for _, name := range d.Authors {
		for _, term := range search.AuthorTerms(name) {
			e.authors.places[term] = append(e.authors.places[term], 0)
		}
	}
	return e
}

// readExact finds the words of title and abstract as they are written.
func (e *entry) readExact() {
	e.exact = map[string]occurrences{}
	an := analysis.New()
	an.EachAndStops(analysis.Plain(e.doc.Title), func(t analysis.Token) {
		if t.Form != "" {
			e.exact[t.Form] = occurrences{title: e.exact[t.Form].title + 1}
		}
	}, func(word string) { e.exact[word] = occurrences{title: e.exact[word].title + 1} })
	an.Each(analysis.Plain(e.doc.Abstract), func(t analysis.Token) {
		if t.Form != "" {
			e.exact[t.Form] = occurrences{e.exact[t.Form].title, e.exact[t.Form].abstract + 1}
		}
	})
}

func newField(text string) field {
	f := field{places: map[string][]int{}}
	last := -1
	for _, t := range analysis.Tokens(analysis.Plain(text)) {
		f.places[t.Term] = append(f.places[t.Term], t.Position)
		if t.Position != last {
			f.words++
		}
		last = t.Position
	}
	return f
}

func (e *entry) fields(f search.Field) []field {
	switch f {
	case search.FieldTitle:
		return []field{e.title}
	case search.FieldAbstract:
		return []field{e.abstract}
	case search.FieldAuthor:
		return []field{e.authors}
	case search.FieldOrganization:
		return []field{e.organization}
	}
	return []field{e.title, e.abstract}
}

// has reports whether a term is in one of a field's texts.
func (e *entry) has(f search.Field, term string) bool {
	switch f {
	case search.FieldName, search.FieldFullName:
		return e.named(f, term) > 0
	case search.FieldExact:
		return e.exact[term] != occurrences{}
	}
	return slices.ContainsFunc(e.fields(f), func(f field) bool { return len(f.places[term]) > 0 })
}

// named is what a whole name of an author brings to the score of a paper.
func (e *entry) named(f search.Field, name string) (impact uint8) {
	n := search.ParseName(name)
	for _, author := range e.doc.Authors {
		if m := n.Of(author); f == search.FieldName || m >= search.FullName {
			impact = max(impact, m.Impact())
		}
	}
	return impact
}

func (e *entry) holds(n search.Node) bool {
	switch {
	case n.Terms != nil:
		return !slices.ContainsFunc(n.Terms, func(term string) bool { return !e.has(n.Field, term) })
	case n.Phrase != nil:
		return slices.ContainsFunc(e.fields(n.Field), func(f field) bool { return f.hasPhrase(n.Phrase) })
	}
	if n.AllOf != nil {
		return !slices.ContainsFunc(n.AllOf, func(m search.Node) bool { return !e.holds(m) })
	}
	return slices.ContainsFunc(n.AnyOf, e.holds)
}

func (f field) hasPhrase(phrase []search.Place) bool {
	return slices.ContainsFunc(f.places[phrase[0].Term], func(at int) bool {
		return !slices.ContainsFunc(phrase, func(p search.Place) bool {
			return !slices.Contains(f.places[p.Term], at+p.Offset)
		})
	})
}

// impact is what a term brings to the score of a paper.
func (e *entry) impact(t search.Term) uint32 {
	switch {
	case t.Field == search.FieldAny:
		title, abstract := len(e.title.places[t.Text]), len(e.abstract.places[t.Text])
		return uint32(search.Impact(title, abstract, e.title.words, e.abstract.words))
	case t.Field == search.FieldName, t.Field == search.FieldFullName:
		return uint32(e.named(t.Field, t.Text))
	case !e.has(t.Field, t.Text):
		return 0
	case t.Field == search.FieldExact:
		n := e.exact[t.Text]
		return uint32(search.Impact(n.title, n.abstract, e.title.words, e.abstract.words))
	case t.Field == search.FieldAuthor:
		return search.AuthorImpact
	}
	if impact, ok := e.called[t.Text]; ok {
		return uint32(impact)
	}
	return search.OrganizationImpact
}

// A question is a request to the plain engine, understood.
type question struct {
	engine   *plain
	request  search.Request
	plan     search.Plan
	weights  map[search.Term]uint32
	near     *entry         // what results are to be similar to
	relaxed  bool           // no paper has as many of the telling words as the plan says
	expand   []search.Rated // terms of the best papers with their weights
	matching int            // papers that match by words, whatever the filters
}

func newQuestion(e *plain, r search.Request) *question {
	q := &question{engine: e, request: r, plan: search.Compile(r.Query.Shortened(e.with)), weights: map[search.Term]uint32{}}
	q.near = e.docs[r.Query.Filters.Similar]
	if r.Mode == search.Semantic {
		q.plan = search.Plan{Must: q.plan.Must, Not: q.plan.Not}
	}
	q.plan.Widen(e.beginning)
	q.plan.Settle(len(e.docs), e.with)
	for _, t := range slices.Concat(q.plan.Words, q.plan.Extra) {
		q.weights[t] = e.weight(t)
	}
	return q
}

// beginning is the terms of a field that begin with a prefix, and how many papers have each.
func (e *plain) beginning(f search.Field, prefix string) (out []search.Count) {
	counts := map[string]int{}
	for _, d := range e.docs {
		if f == search.FieldExact {
			for term := range d.exact {
				if strings.HasPrefix(term, prefix) {
					counts[term]++
				}
			}
			continue
		}
		seen := map[string]bool{}
		for _, field := range d.fields(f) {
			for term := range field.places {
				if strings.HasPrefix(term, prefix) && !seen[term] {
					seen[term] = true
					counts[term]++
				}
			}
		}
	}
	for term, n := range counts {
		out = append(out, search.Count{Value: term, Papers: n})
	}
	return out
}

// with is how many papers meet a condition.
func (e *plain) with(n search.Node) (papers int) {
	for _, d := range e.docs {
		if d.holds(n) {
			papers++
		}
	}
	return papers
}

// matches are all papers that match, not sorted, and how many there were if some of the
// words were enough.
func (q *question) matches() (found []*match, some int) {
	if q.request.Query.Filters.Similar != "" {
		return q.similar(), 0
	}
	var all []*match // whatever the filters
	for _, d := range q.engine.docs {
		if q.allowed(d) {
			all = append(all, &match{entry: d, met: q.met(d)})
		}
	}
	if q.request.Mode == search.Semantic {
		found = q.filtered(q.semantic(all))
		return found, len(found)
	}
	for _, m := range all {
		m.sum = q.score(m.entry)
		m.score, m.unit = search.Score(m.sum), search.ScoreUnit
	}
	enough := q.enough(all)
	byWords := slices.DeleteFunc(slices.Clone(all), func(m *match) bool { return m.met < enough })
	best := q.lead(byWords)
	q.matching = len(byWords)
	near := q.nearEnough(best, all)
	atAll := slices.DeleteFunc(slices.Clone(all), func(m *match) bool { return m.met < min(1, len(q.plan.Telling)) })
	some = len(q.filtered(union(atAll, near)))
	if q.request.Some {
		byWords = atAll
	}
	switch {
	case q.near != nil && q.request.Query.Sort == search.ByRelevance:
		return q.alike(q.filtered(byWords), q.filtered(near)), some
	case q.request.Query.Sort != search.ByRelevance:
		return q.filtered(union(byWords, near)), some
	case q.request.Vector == nil || len(q.plan.Words) == 0 || q.plan.Named:
		found = q.filtered(byWords)
		q.raise(found)
		return found, some
	}
	return q.fuse(q.filtered(byWords), q.filtered(near)), some
}

// allowed reports whether a paper may be found, but for the filters.
func (q *question) allowed(d *entry) bool {
	return !slices.ContainsFunc(q.plan.Must, func(n search.Node) bool { return !d.holds(n) }) &&
		!slices.ContainsFunc(q.plan.Not, d.holds)
}

// filtered are those that pass the filters.
func (q *question) filtered(matches []*match) []*match {
	return slices.DeleteFunc(slices.Clone(matches), func(m *match) bool {
		return !q.request.Query.Filters.Match(m.id, &m.doc) || m.entry == q.near
	})
}

func union(a, b []*match) []*match {
	out := slices.Clone(a)
	for _, m := range b {
		if !slices.Contains(a, m) {
			out = append(out, m)
		}
	}
	return out
}

// met is how many of the telling words a paper has.
func (q *question) met(d *entry) int {
	n := 0
	for _, node := range q.plan.Telling {
		if d.holds(node) {
			n++
		}
	}
	return n
}

// enough is how many of the telling words are: as many as enough papers have.
func (q *question) enough(all []*match) int {
	with := make([]int, len(q.plan.Telling)+1) // how many papers have so many or more
	for _, m := range all {
		for n := range m.met + 1 {
			with[n]++
		}
	}
	q.relaxed = q.plan.Enough > 0 && with[q.plan.Enough] == 0
	enough := len(q.plan.Telling)
	for enough > 1 && with[enough] < q.plan.Papers {
		enough--
	}
	return enough
}

// semantic are those that have a vector of the right length, by cosine.
func (q *question) semantic(all []*match) (found []*match) {
	for _, m := range all {
		if len(q.request.Vector) == 0 || len(m.doc.Vector) != len(q.request.Vector) {
			continue
		}
		m.cosine = cosine(q.request.Vector, m.doc.Vector)
		if q.request.Query.Sort == search.ByRelevance {
			m.score, m.byMeaning = m.cosine, m.cosine
		}
		found = append(found, m)
	}
	return found
}

// score is the score by words.
func (q *question) score(d *entry) (sum uint32) {
	for _, t := range slices.Concat(q.plan.Words, q.plan.Extra) {
		sum += q.weights[t] * d.impact(t)
	}
	if q.plan.Title != 0 && q.plan.Title == d.key {
		sum += search.TitleBonus
	}
	return sum
}

// lead is the best papers by words, whatever the filters. It notes what they are about.
func (q *question) lead(byWords []*match) []search.FeedbackPaper {
	byWords = slices.Clone(byWords)
	for i, m := range byWords {
		byWords[i] = &match{entry: m.entry, sum: m.sum, score: m.score}
	}
	q.raise(byWords)
	sortMatches(byWords, search.ByRelevance)
	var papers []search.FeedbackPaper
	var rated []search.RatedPaper
	for _, m := range byWords[:min(len(byWords), search.FeedbackDepth)] {
		papers = append(papers, search.FeedbackPaper{Vector: m.doc.Vector, Score: float64(m.sum)})
		rated = append(rated, search.RatedPaper{Score: m.sum, Terms: q.engine.rated(m.entry)})
	}
	if q.near == nil && q.plan.Expands() {
		q.expand = search.Expand(rated[:min(len(rated), search.ExpandDepth)])
	}
	return papers
}

// raise raises the scores of the best papers by words, and puts them before the others.
func (q *question) raise(byWords []*match) {
	sortMatches(byWords, search.ByRelevance)
	for _, m := range byWords[:min(len(byWords), search.WordsDepth)] {
		q.raiseOne(m)
	}
}

func (q *question) raiseOne(m *match) {
	m.first = true
	m.sum += q.pairs(m.entry)
	for _, t := range q.expand {
		m.sum += t.Score * m.impact(search.Term{Text: t.Term})
	}
	m.score = search.Score(m.sum)
}

// pairs is what pairs of words bring to the score of a paper.
func (q *question) pairs(d *entry) (sum uint32) {
	for _, p := range q.plan.Pairs {
		sum += q.pair(d, p)
	}
	return sum
}

func (q *question) pair(d *entry, p search.Pair) uint32 {
	first, second := search.Term{Text: p.First, Boost: search.SimilarBoost}, search.Term{Text: p.Second, Boost: search.SimilarBoost}
	impact := search.PairImpact(d.title.pairs(p), d.abstract.pairs(p),
		len(d.title.places[p.First]), len(d.abstract.places[p.First]), uint8(d.impact(first)))
	return search.PairWeight(q.engine.weight(first), q.engine.weight(second), len(q.plan.Pairs)) * uint32(impact)
}

// pairs is how often a pair stands in a text.
func (f field) pairs(p search.Pair) (n int) {
	for _, at := range f.places[p.First] {
		if slices.Contains(f.places[p.Second], at+p.Offset) {
			n++
		}
	}
	return n
}

// nearEnough are the papers that match by meaning. It sets the cosines of all to what is
// looked for: the question's vector with that of the best papers by words. A paper that
// others are to be similar to needs no such help.
func (q *question) nearEnough(best []search.FeedbackPaper, all []*match) (near []*match) {
	if q.request.Mode != search.Hybrid || q.request.Vector == nil || len(q.plan.Words) == 0 || q.plan.Named {
		return nil
	}
	vector := q.request.Vector
	if q.near == nil {
		vector = search.Feedback(vector, best)
	}
	for _, m := range all {
		m.cosine = cosine(vector, m.doc.Vector)
		if m.cosine >= search.NearEnough && m.entry != q.near {
			near = append(near, m)
		}
	}
	slices.SortFunc(near, func(a, b *match) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(b.doc.Published, a.doc.Published), cmp.Compare(b.id, a.id))
	})
	return near[:min(len(near), search.MeaningDepth)]
}

// fuse gives what matches by words and what by meaning, with fused scores.
func (q *question) fuse(byWords, near []*match) []*match {
	q.raise(byWords)
	for _, m := range near {
		if !m.first {
			q.raiseOne(m)
		}
	}
	candidates := union(byWords[:min(len(byWords), search.WordsDepth)], near)
	weights := q.engine.fusion.For(&q.plan, q.matching, q.relaxed)
	var words, meaning []search.Scored
	for i, m := range candidates {
		words = append(words, search.Scored{Doc: uint32(i), Score: float64(m.sum)})
		meaning = append(meaning, search.Scored{Doc: uint32(i), Score: m.cosine})
	}
	for _, s := range search.Fuse(words, meaning, weights) {
		m := candidates[s.Doc]
		m.score, m.unit = s.Score, search.FusedUnit(words)
		m.byMeaning = weights.Meaning * max(0, m.cosine)
	}
	return union(candidates, byWords)
}

func cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func (q *question) hits(matches []*match) []search.Hit {
	var out []search.Hit
	for _, m := range matches {
		hit := search.Hit{ID: m.id, Score: m.score}
		if q.request.Why {
			hit.Explain(q.parts(m), m.unit, m.byMeaning, m.cosine)
		}
		out = append(out, hit)
	}
	return out
}

// parts is what the score of a paper by words is made of.
func (q *question) parts(m *match) (parts []search.TermScore) {
	add := func(term, part string, sum uint32) {
		if sum > 0 {
			parts = append(parts, search.TermScore{Term: term, Field: part, Score: float64(sum)})
		}
	}
	if m.unit == 0 {
		return nil
	}
	for _, t := range slices.Concat(q.plan.Words, q.plan.Extra) {
		add(t.Text, t.Field.String(), q.weights[t]*m.impact(t))
	}
	if q.plan.Title != 0 && q.plan.Title == m.key {
		add("title", search.PartTitle, search.TitleBonus)
	}
	if !m.first {
		return parts
	}
	for _, p := range q.plan.Pairs {
		add(p.First+" "+p.Second, search.PartPair, q.pair(m.entry, p))
	}
	about := uint32(0)
	for _, t := range q.expand {
		about += t.Score * m.impact(search.Term{Text: t.Term})
	}
	add("best papers", search.PartAbout, about)
	return parts
}
