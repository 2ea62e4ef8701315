package query

import (
	"sync"

	"broadsheet/internal/search"
)

// frequencies remembers how many documents have a term: to settle a plan, each word of a
// query is looked up as a part of names; to expand one, the terms of the best papers are.
// Most of them come again.
type frequencies struct {
	mu   sync.Mutex
	docs map[frequencyKey]int
}

type frequencyKey struct {
	field search.Field
	term  string
}

const maxFrequencies = 1 << 14 // terms that are remembered; then all are forgotten

// of gives the count of a term, which count finds if it is not known.
func (f *frequencies) of(field search.Field, term string, count func() int) int {
	key := frequencyKey{field, term}
	f.mu.Lock()
	docs, ok := f.docs[key]
	f.mu.Unlock()
	if ok {
		return docs
	}
	docs = count()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.docs == nil || len(f.docs) >= maxFrequencies {
		f.docs = map[frequencyKey]int{}
	}
	f.docs[key] = docs
	return docs
}

// with is how many documents meet a condition.
func (s *Snapshot) with(n search.Node) int {
	for len(n.AnyOf) == 1 {
		n = n.AnyOf[0]
	}
	if len(n.Terms) == 1 && n.Field != search.FieldAbstract && !isName(n.Field) {
		return s.frequencies.of(n.Field, n.Terms[0], func() (docs int) {
			for i := range s.Segments {
				v := &s.Segments[i]
				docs += v.LiveDF(v.Term(classOf(n.Field), n.Terms[0]))
			}
			return docs
		})
	}
	docs := 0
	for i := range s.Segments {
		v := &s.Segments[i]
		if len(n.Terms) == 1 && isName(n.Field) {
			docs += v.LiveNamed(v.Named(n.Terms[0], n.Field == search.FieldFullName))
			continue
		}
		b := holdingSet(v.Segment, n)
		b.AndNot(v.Deleted())
		docs += b.Count()
	}
	return docs
}
