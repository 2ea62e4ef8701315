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

// kinds are the kinds of suggestions in the order of their usefulness among equals.
var kinds = []string{"title", "author", "organization", "category", "term"}

const (
	maxSuggestions = 100
	scanned        = 20_000 // entries with the prefix that are looked at in one table
	exactDeleted   = 256    // more deleted documents of a segment still count as uses
)

// suggest completes a prefix.
func (s *Snapshot) suggest(ctx context.Context, prefix string, limit int) ([]search.Suggestion, error) {
	g := suggester{prefix: segment.FoldKey(prefix), limit: min(max(0, limit), maxSuggestions), uses: map[search.Suggestion]int{}}
	if g.prefix == "" || g.limit == 0 {
		return nil, nil
	}
	for i := range s.Segments {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("index: suggest: %w", err)
		}
		g.segment(&s.Segments[i])
	}
	return g.best(), nil
}

// A suggester gathers what begins with a prefix, and how often it is used.
type suggester struct {
	prefix string
	limit  int
	uses   map[search.Suggestion]int

	counted map[countedName]bool
}

type countedName struct {
	seg  *segment.Segment
	name string
}

func (s *suggester) segment(v *segment.Snapshot) {
	seg, byFamily := v.Segment, v.NamesByFamily()
	names := seg.Names()
	s.titles(v)
	s.authors(seg, span(names.Len(), s.prefix, func(i int) string { return segment.FoldKey(names.At(i)) }), func(i int) int { return i })
	if len(s.prefix) > 2 { // by family name
		s.authors(seg, span(len(byFamily), s.prefix, func(i int) string { return segment.FamilyKey(names.At(int(byFamily[i]))) }),
			func(i int) int { return int(byFamily[i]) })
	}
	s.words(seg)
	s.values(v)
	if v.Dead() > 0 && v.Dead() <= exactDeleted {
		v.Deleted().Each(func(doc uint32) { s.deleted(seg, doc) })
	}
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

func (s *suggester) titles(v *segment.Snapshot) {
	byTitle := v.DocsByTitle()
	at := span(len(byTitle), s.prefix, func(i int) string { return segment.FoldKey(v.Title(byTitle[i])) })
	taken := 0
	for i := at[0]; i < min(at[1], at[0]+scanned) && taken < s.limit; i++ {
		if doc := byTitle[i]; v.Alive(doc) {
			s.add("title", v.Title(doc), v.ID(doc), 1)
			taken++
		}
	}
}

// authors adds the names of a span that are used the most.
func (s *suggester) authors(seg *segment.Segment, at [2]int, name func(int) int) {
	names := seg.Names()
	for _, k := range s.mostUsed(names, at, name) {
		text := names.At(k)
		s.set("author", text, paper.Slug(text), seg, int(names.Uses(k)))
	}
}

// mostUsed gives the entries of a table that are used the most, of those that a span
// names.
func (s *suggester) mostUsed(t segment.Table, at [2]int, entry func(int) int) []int {
	best := make([]int, 0, s.limit+1)
	for i := at[0]; i < at[1]; i++ {
		k := entry(i)
		n := t.Uses(k)
		if len(best) == s.limit && n <= t.Uses(best[len(best)-1]) {
			continue
		}
		j := sort.Search(len(best), func(j int) bool { return t.Uses(best[j]) < n })
		best = slices.Insert(best, j, k)[:min(len(best)+1, s.limit)]
	}
	return best
}

func (s *suggester) words(seg *segment.Segment) {
	words := seg.Words()
	at := span(words.Len(), s.prefix, words.At)
	for _, k := range s.mostUsed(words, at, func(i int) int { return i }) {
		s.add("term", words.At(k), "", int(words.Uses(k)))
	}
}

// values adds organizations and categories.
func (s *suggester) values(v *segment.Snapshot) {
	for k, org := range v.OrganizationNames() {
		name, text, _ := strings.Cut(org, "\t")
		if !strings.HasPrefix(segment.FoldKey(text), s.prefix) {
			continue
		}
		n := 0
		if name != "" {
			n = v.LiveDF(v.Term(segment.ClassOrganization, name))
		} else {
			n = withOrganization(v, uint32(k+1))
		}
		s.add("organization", text, name, n)
	}
	for _, cat := range v.CategoryNames() {
		if strings.HasPrefix(segment.FoldKey(cat), s.prefix) {
			s.add("category", cat, cat, v.LiveDF(v.Term(segment.ClassArchive, cat)))
		}
	}
}

func withOrganization(v *segment.Snapshot, k uint32) int {
	n := 0
	for doc := range uint32(v.Docs()) {
		if v.Organization(doc) == k && v.Alive(doc) {
			n++
		}
	}
	return n
}

// deleted takes the uses in a deleted document away.
func (s *suggester) deleted(seg *segment.Segment, doc uint32) {
	names := seg.Names()
	for _, a := range seg.Authors(doc) {
		text := names.At(int(a))
		s.take(search.Suggestion{Kind: "author", Text: text, ID: paper.Slug(text)})
	}
	for _, w := range analysis.Words(seg.Title(doc)) {
		s.take(search.Suggestion{Kind: "term", Text: w})
	}
}

func (s *suggester) take(key search.Suggestion) {
	if n, ok := s.uses[key]; ok {
		if n <= 1 {
			delete(s.uses, key)
			return
		}
		s.uses[key] = n - 1
	}
}

func (s *suggester) add(kind, text, id string, n int) {
	if n > 0 {
		s.uses[search.Suggestion{Kind: kind, Text: strings.Clone(text), ID: strings.Clone(id)}] += n
	}
}

// set is add for what one segment may name twice.
func (s *suggester) set(kind, text, id string, seg *segment.Segment, n int) {
	key := search.Suggestion{Kind: kind, Text: strings.Clone(text), ID: id}
	if s.counted == nil {
		s.counted = map[countedName]bool{}
	}
	if c := (countedName{seg, key.Text}); n > 0 && !s.counted[c] {
		s.counted[c] = true
		s.uses[key] += n
	}
}

func (s *suggester) best() []search.Suggestion {
	var out []search.Suggestion
	for suggestion := range s.uses {
		out = append(out, suggestion)
	}
	slices.SortFunc(out, func(a, b search.Suggestion) int {
		return cmp.Or(cmp.Compare(s.uses[b], s.uses[a]), slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind),
			cmp.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(s.limit, len(out))]
}
