package query

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/search/index/segment"
)

// What completion looks at is bounded, so that one letter costs no more than a word. Of
// all but the first and the last bound each segment has its share.
const (
	maxSuggestions = 100
	titlePostings  = 32_000 // of the most used words that begin as the last one does
	checkedTitles  = 256    // titles that are read, those of the most votes
	spanTitles     = 4096   // titles that begin as was typed
	spanNames      = 64_000 // names that begin so
	checkedNames   = 8192   // names that are read for several words
	checkedKeys    = 2048   // keys of names that are read for words within names
	exactDeleted   = 256    // more deleted documents of a segment still count as uses

	prefixWords = 32 // words of a segment that begin as the last one does, the most used ones
)

// suggest completes what somebody is typing.
func (s *Snapshot) suggest(ctx context.Context, typed string, limit int) ([]search.Suggestion, error) {
	g := suggester{Completer: search.NewCompleter(typed), limit: min(max(0, limit), maxSuggestions), docs: s.docs}
	if g.Key() == "" || g.limit == 0 {
		return nil, nil
	}
	for i := range s.Segments {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("index: suggest: %w", err)
		}
		g.segment(&s.Segments[i])
	}
	return g.Best(g.limit), nil
}

// A suggester completes by one segment after another.
type suggester struct {
	*search.Completer
	limit int
	docs  int // of all segments
}

// share is what a segment has of a bound.
func (s *suggester) share(v *segment.Snapshot, bound int) int {
	const least = 16 // of which part a small segment may have
	return max(bound/least, int(int64(bound)*int64(v.Live())/int64(max(s.docs, 1))))
}

func (s *suggester) segment(v *segment.Snapshot) {
	names, words := s.deleted(v)
	s.titles(v)
	s.authors(v, names)
	if len(s.Given()) == 0 {
		s.words(v.Words(), words)
	}
	s.values(v)
}

// deleted counts the names and the terms of deleted documents that still are among the
// uses, where these are few.
func (s *suggester) deleted(v *segment.Snapshot) (names map[int]int, words map[string]int) {
	if v.Dead() == 0 || v.Dead() > exactDeleted {
		return nil, nil
	}
	names, words = map[int]int{}, map[string]int{}
	v.Deleted().Each(func(doc uint32) {
		for _, name := range v.Authors(doc) {
			names[int(name)]++
		}
		for _, word := range s.Terms(segment.FoldKey(v.Title(doc))) {
			words[word]++
		}
	})
	return names, words
}

// span finds the entries of a sorted table that begin with a prefix.
func span(n int, prefix string, key func(int) string) [2]int {
	from := sort.Search(n, func(i int) bool { return key(i) >= prefix })
	size := sort.Search(n-from, func(i int) bool {
		k := key(from + i)
		return k > prefix && !strings.HasPrefix(k, prefix)
	})
	return [2]int{from, from + size}
}

// A titled is a document with what decides which titles are read.
type titled struct {
	doc       uint32
	votes     uint32
	published int64
}

func lessKnown(a, b titled) bool {
	return cmp.Or(cmp.Compare(a.votes, b.votes), cmp.Compare(a.published, b.published), cmp.Compare(b.doc, a.doc)) < 0
}

// titles adds the best known titles that have the words typed, and those that begin with
// them, and of several words what they go on with.
func (s *suggester) titles(v *segment.Snapshot) {
	with := top[titled]{k: s.share(v, checkedTitles), worse: lessKnown}
	s.withWords(v).Each(func(doc uint32) { offerTitle(&with, v, doc) })
	added := 0
	for _, t := range with.sorted() {
		if added >= s.limit && len(s.Given()) == 0 {
			break
		}
		key := segment.FoldKey(v.Title(t.doc))
		if !s.Completes(key) {
			continue
		}
		s.addTitle(v, t)
		added++
		if len(s.Given()) > 0 {
			for _, term := range s.Terms(key) {
				s.Add(search.Suggestion{Kind: "term", Text: strings.Clone(term)}, 1)
			}
		}
	}
	byTitle := v.DocsByTitle()
	at := span(len(byTitle), s.Key(), func(i int) string { return segment.FoldKey(v.Title(byTitle[i])) })
	begin := top[titled]{k: s.limit, worse: lessKnown}
	for _, doc := range byTitle[at[0]:min(at[1], at[0]+s.share(v, spanTitles))] {
		offerTitle(&begin, v, doc)
	}
	for _, t := range begin.items {
		s.addTitle(v, t)
	}
}

func offerTitle(to *top[titled], v *segment.Snapshot, doc uint32) {
	if v.Alive(doc) {
		to.offer(titled{doc, v.Votes(doc), v.Published(doc)})
	}
}

func (s *suggester) addTitle(v *segment.Snapshot, t titled) {
	s.AddTitle(strings.Clone(v.ID(t.doc)), strings.Clone(v.Title(t.doc)), int(t.votes), t.published)
}

// withWords is the documents whose titles may have the words typed; of one word, those that
// have the most used words that begin with it.
func (s *suggester) withWords(v *segment.Snapshot) segment.Bitset {
	var set segment.Bitset
	for _, word := range s.Given() {
		terms := analysis.Terms(word)
		if len(terms) == 0 { // stop words are in no list
			continue
		}
		has := v.NewSet()
		for _, term := range terms {
			v.AddTo(has, v.Term(segment.ClassTitle, term))
		}
		if set == nil {
			set = has
		} else {
			set.And(has)
		}
	}
	if set != nil && (beginsStopWord(s.Last()) || set.Count() <= s.share(v, checkedTitles)) {
		return set // as few titles can be read
	}
	begin := s.beginning(v)
	if set != nil {
		begin.And(set)
	}
	return begin
}

func beginsStopWord(prefix string) bool {
	return slices.ContainsFunc(stopWords, func(word string) bool { return strings.HasPrefix(word, prefix) })
}

var stopWords = analysis.StopWords()

// beginning is the documents that have the most used words in their titles that begin
// with the last word typed.
func (s *suggester) beginning(v *segment.Snapshot) segment.Bitset {
	set, words := v.NewSet(), v.Words()
	left := s.share(v, titlePostings)
	var seen []string
	for _, k := range mostUsed(words, span(words.Len(), s.Last(), words.At), func(i int) int { return i }, prefixWords) {
		for _, term := range analysis.Terms(words.At(k)) {
			if left <= 0 || slices.Contains(seen, term) {
				continue
			}
			seen = append(seen, term)
			t := v.Term(segment.ClassTitle, term)
			v.AddTo(set, t)
			left -= int(t.DF)
		}
	}
	return set
}

// mostUsed gives the entries of a table that are used the most, of those that a span
// names.
func mostUsed(t segment.Table, at [2]int, entry func(int) int, most int) []int {
	best := make([]int, 0, most+1)
	for i := at[0]; i < at[1]; i++ {
		k := entry(i)
		n := t.Uses(k)
		if len(best) == most && n <= t.Uses(best[len(best)-1]) {
			continue
		}
		j := sort.Search(len(best), func(j int) bool { return t.Uses(best[j]) < n })
		best = slices.Insert(best, j, k)[:min(len(best)+1, most)]
	}
	return best
}

func (s *suggester) words(words segment.Table, deleted map[string]int) {
	for _, k := range mostUsed(words, span(words.Len(), s.Key(), words.At), func(i int) int { return i }, s.limit) {
		word := words.At(k)
		s.Add(search.Suggestion{Kind: "term", Text: strings.Clone(word)}, int(words.Uses(k))-deleted[word])
	}
}

// An authorSpan is a part of the order by given or by family names.
type authorSpan struct {
	names segment.Table
	by    []uint32 // nil: by given names
	at    [2]int
}

func (a authorSpan) entry(i int) int {
	if a.by == nil {
		return i
	}
	return int(a.by[i])
}

// authorSpans are the names that begin with a prefix, and those whose family names do.
func authorSpans(v *segment.Snapshot, prefix string) [2]authorSpan {
	names, byFamily := v.Names(), v.NamesByFamily()
	given := authorSpan{names: names, at: span(names.Len(), prefix, func(i int) string { return segment.FoldKey(names.At(i)) })}
	family := authorSpan{names: names, by: byFamily, at: span(len(byFamily), prefix, func(i int) string { return segment.FamilyKey(names.At(int(byFamily[i]))) })}
	return [2]authorSpan{given, family}
}

// authors adds the names of the most papers.
func (s *suggester) authors(v *segment.Snapshot, deleted map[int]int) {
	names, found := v.Names(), map[int]bool{}
	for _, part := range authorSpans(v, s.Key()) {
		part.at[1] = min(part.at[1], part.at[0]+s.share(v, spanNames))
		for _, k := range mostUsed(names, part.at, part.entry, s.limit) {
			found[k] = true
		}
	}
	if len(s.Given()) > 0 {
		s.scatteredNames(v, found)
	}
	if len(found) < s.limit {
		s.withinNames(v, found)
	}
	for k := range found {
		text := strings.Clone(names.At(k))
		s.Add(search.Suggestion{Kind: "author", Text: text, ID: paper.Slug(text)}, int(names.Uses(k))-deleted[k])
	}
}

// scatteredNames finds names that have the words typed in any order.
func (s *suggester) scatteredNames(v *segment.Snapshot, found map[int]bool) {
	names, left := v.Names(), s.share(v, checkedNames)
	best := top[int]{k: s.limit, worse: func(a, b int) bool {
		return cmp.Or(cmp.Compare(names.Uses(a), names.Uses(b)), b-a) < 0
	}}
	seen := map[int]bool{}
	for _, word := range s.Longest() {
		for _, part := range authorSpans(v, word) {
			for i := part.at[0]; i < part.at[1] && left > 0; i++ {
				left--
				if k := part.entry(i); !seen[k] && s.Completes(segment.FoldKey(names.At(k))) {
					seen[k] = true
					best.offer(k)
				}
			}
		}
	}
	for _, k := range best.items {
		found[k] = true
	}
}

// withinNames finds names of which what was typed begins other words than the first and
// the last: by the authors' terms, which have each word first.
func (s *suggester) withinNames(v *segment.Snapshot, found map[int]bool) {
	const shortest = 3
	if len(s.Longest()[0]) < shortest {
		return
	}
	left := s.share(v, checkedKeys)
	for key, t := range v.Beginning(segment.ClassAuthor, s.Longest()[0]) {
		if left--; left < 0 || len(found) >= s.limit {
			return
		}
		if !s.Completes(key) {
			continue
		}
		doc, ok := v.FirstDoc(t)
		if !ok {
			continue
		}
		authors := v.Authors(doc)
		for _, k := range authors[:min(len(authors), left)] {
			left--
			if s.Completes(segment.FoldKey(v.Names().At(int(k)))) {
				found[int(k)] = true
			}
		}
	}
}

// values adds organizations and categories.
func (s *suggester) values(v *segment.Snapshot) {
	type use struct {
		*segment.NamedOrganization
		papers int
	}
	best := top[use]{k: s.limit, worse: func(a, b use) bool {
		return cmp.Or(cmp.Compare(a.papers, b.papers), cmp.Compare(b.Name, a.Name)) < 0
	}}
	for _, org := range v.NamedOrganizations() {
		if s.Completes(org.TextKey) || s.Completes(org.NameKey) {
			best.offer(use{org, v.LiveDF(org.Term)})
		}
	}
	for _, org := range best.items {
		s.Add(search.Suggestion{Kind: "organization", Text: org.Text, ID: org.Name}, org.papers)
	}
	for _, cat := range v.CategoryNames() {
		if s.Completes(segment.FoldKey(cat)) {
			s.Add(search.Suggestion{Kind: "category", Text: cat, ID: cat}, v.LiveDF(v.Term(segment.ClassArchive, cat)))
		}
	}
}
