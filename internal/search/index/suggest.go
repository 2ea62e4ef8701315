package index

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sort"
	"strings"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
)

// kinds are the kinds of suggestions in the order of their usefulness among equals.
var kinds = []string{"title", "author", "organization", "category", "term"}

const (
	maxSuggestions = 100
	scanned        = 20_000 // entries with the prefix that are looked at in one table
	exactDeleted   = 256    // more deleted documents of a segment still count as uses
)

// Suggest implements search.Engine.
func (e *searcher) Suggest(ctx context.Context, prefix string, limit int) (out []search.Suggestion, err error) {
	if err := e.ready(ctx); err != nil {
		return nil, err
	}
	snap := e.serving.Load()
	defer runtime.KeepAlive(snap)
	defer e.guard(&err)()
	s := suggester{prefix: foldKey(prefix), limit: min(max(0, limit), maxSuggestions), uses: map[search.Suggestion]int{}}
	if s.prefix == "" || s.limit == 0 {
		return nil, nil
	}
	for i := range snap.views {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.view(&snap.views[i])
	}
	return s.best(), nil
}

// A suggester gathers what begins with a prefix, and how often it is used.
type suggester struct {
	prefix string
	limit  int
	uses   map[search.Suggestion]int

	counted map[countedName]bool
}

type countedName struct {
	seg  *segment
	name string
}

func (s *suggester) view(v *view) {
	seg := v.seg
	s.titles(v)
	s.authors(seg, span(len(seg.nameOrder), s.prefix, func(i int) string { return foldKey(seg.names.at(i)) }), func(i int) int { return i })
	if len(s.prefix) > 2 { // by family name
		s.authors(seg, span(len(seg.nameOrder), s.prefix, func(i int) string { return familyKey(seg.names.at(int(seg.nameOrder[i]))) }),
			func(i int) int { return int(seg.nameOrder[i]) })
	}
	s.words(seg)
	s.values(v)
	if v.nDel > 0 && v.nDel <= exactDeleted {
		v.deleted.each(func(doc uint32) { s.deleted(seg, doc) })
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

func (s *suggester) titles(v *view) {
	seg := v.seg
	at := span(len(seg.titleOrder), s.prefix, func(i int) string { return foldKey(seg.titles.at(int(seg.titleOrder[i]))) })
	taken := 0
	for i := at[0]; i < min(at[1], at[0]+scanned) && taken < s.limit; i++ {
		if doc := seg.titleOrder[i]; v.alive(doc) {
			s.add("title", seg.titles.at(int(doc)), seg.ids.at(int(doc)), 1)
			taken++
		}
	}
}

// authors adds the names of a span that are used the most.
func (s *suggester) authors(seg *segment, at [2]int, name func(int) int) {
	best := make([]int, 0, s.limit+1)
	for i := at[0]; i < at[1]; i++ {
		k := name(i)
		n := seg.nameCounts[k]
		if len(best) == s.limit && n <= seg.nameCounts[best[len(best)-1]] {
			continue
		}
		j := sort.Search(len(best), func(j int) bool { return seg.nameCounts[best[j]] < n })
		best = slices.Insert(best, j, k)[:min(len(best)+1, s.limit)]
	}
	for _, k := range best {
		text := seg.names.at(k)
		s.set("author", text, paper.Slug(text), seg, int(seg.nameCounts[k]))
	}
}

func (s *suggester) words(seg *segment) {
	at := span(seg.words.len(), s.prefix, seg.words.at)
	best := make([]int, 0, s.limit+1)
	for k := at[0]; k < at[1]; k++ {
		n := seg.wordCounts[k]
		if len(best) == s.limit && n <= seg.wordCounts[best[len(best)-1]] {
			continue
		}
		j := sort.Search(len(best), func(j int) bool { return seg.wordCounts[best[j]] < n })
		best = slices.Insert(best, j, k)[:min(len(best)+1, s.limit)]
	}
	for _, k := range best {
		s.add("term", seg.words.at(k), "", int(seg.wordCounts[k]))
	}
}

// values adds organizations and categories.
func (s *suggester) values(v *view) {
	for k, org := range v.seg.orgNames {
		name, text, _ := strings.Cut(org, "\t")
		if !strings.HasPrefix(foldKey(text), s.prefix) {
			continue
		}
		n := 0
		if name != "" {
			n = v.liveDF(v.seg.term(classOrganization, name))
		} else {
			n = v.withOrg(uint32(k + 1))
		}
		s.add("organization", text, name, n)
	}
	for _, cat := range v.seg.catNames {
		if strings.HasPrefix(foldKey(cat), s.prefix) {
			s.add("category", cat, cat, v.liveDF(v.seg.term(classArchive, cat)))
		}
	}
}

func (v *view) withOrg(k uint32) int {
	n := 0
	for doc, o := range v.seg.orgs {
		if o == k && v.alive(uint32(doc)) {
			n++
		}
	}
	return n
}

// deleted takes the uses in a deleted document away.
func (s *suggester) deleted(seg *segment, doc uint32) {
	for _, a := range seg.docAuthors(int(doc)) {
		text := seg.names.at(int(a))
		s.take(search.Suggestion{Kind: "author", Text: text, ID: paper.Slug(text)})
	}
	for _, w := range analysis.Words(seg.titles.at(int(doc))) {
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
func (s *suggester) set(kind, text, id string, seg *segment, n int) {
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
