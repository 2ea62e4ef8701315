package query

import (
	"broadsheet/internal/search"
	"broadsheet/internal/search/index/segment"
)

// classOf is where the terms of a field are.
func classOf(f search.Field) segment.Class {
	switch f {
	case search.FieldTitle:
		return segment.ClassTitle
	case search.FieldAuthor:
		return segment.ClassAuthor
	case search.FieldOrganization:
		return segment.ClassOrgName
	case search.FieldExact:
		return segment.ClassExact
	}
	return segment.ClassText
}

// isName reports whether a field has whole names, which no term is.
func isName(f search.Field) bool { return f == search.FieldName || f == search.FieldFullName }

// holding is the documents for which a condition holds.
func holding(s *segment.Segment, n search.Node) segment.Bitset {
	switch {
	case n.Terms != nil:
		return havingAll(s, n.Field, n.Terms)
	case n.Phrase != nil:
		return havingPhrase(s, n.Field, n.Phrase)
	}
	if len(n.AllOf) > 0 {
		b := holding(s, n.AllOf[0])
		for _, m := range n.AllOf[1:] {
			b.And(holding(s, m))
		}
		return b
	}
	b := s.NewSet()
	for _, m := range n.AnyOf {
		addHolding(s, b, m)
	}
	return b
}

func havingAll(s *segment.Segment, f search.Field, terms []string) segment.Bitset {
	var b segment.Bitset
	for _, term := range terms {
		set := s.NewSet()
		if isName(f) {
			s.Named(term, f == search.FieldFullName).Docs(set.Set)
		} else if t := s.Term(classOf(f), term); t.DF > 0 {
			if f == search.FieldAbstract {
				addFromAbstract(s, set, t)
			} else {
				s.AddTo(set, t)
			}
		}
		if b == nil {
			b = set
			continue
		}
		b.And(set)
	}
	return b
}

// addFromAbstract sets the bits of the documents that have a term in the abstract:
// its last position lies behind the title.
func addFromAbstract(s *segment.Segment, b segment.Bitset, t segment.Term) {
	it := s.Iterate(t)
	for it.Next() {
		if last := it.Last(); last >= s.TitleEnd(it.Doc) {
			b.Set(it.Doc)
		}
	}
}

// A phraseDoc is a document that may have a phrase, with the places where the phrase
// would begin.
type phraseDoc struct {
	doc    uint32
	starts []uint32
}

// havingPhrase is the documents in which terms stand as they do in a phrase.
func havingPhrase(s *segment.Segment, f search.Field, phrase []search.Place) segment.Bitset {
	c := segment.ClassText
	if f == search.FieldOrganization {
		c = segment.ClassOrgName
	}
	out := s.NewSet()
	if f == search.FieldAuthor { // names have no places
		return out
	}
	var both segment.Bitset
	infos := make([]segment.Term, len(phrase))
	for i, p := range phrase {
		if infos[i] = s.Term(c, p.Term); infos[i].DF == 0 {
			return out
		}
		set := s.NewSet()
		s.AddTo(set, infos[i])
		if both == nil {
			both = set
			continue
		}
		both.And(set)
	}
	docs := firstStarts(s, infos[0], both)
	for i := 1; i < len(phrase) && len(docs) > 0; i++ {
		docs = keepStarts(s, docs, infos[i], uint32(phrase[i].Offset))
	}
	length := uint32(phrase[len(phrase)-1].Offset)
	for _, d := range docs {
		if phraseIn(s, f, d, length) {
			out.Set(d.doc)
		}
	}
	return out
}

// firstStarts are the places of a phrase's first term in some documents.
func firstStarts(s *segment.Segment, t segment.Term, among segment.Bitset) (docs []phraseDoc) {
	var pool []uint32
	it := s.Iterate(t)
	for it.Next() {
		if !among.Has(it.Doc) {
			it.Skip()
			continue
		}
		from := len(pool)
		var at []uint32
		at = it.Read(at)
		pool = append(pool, at...)
		docs = append(docs, phraseDoc{it.Doc, pool[from:len(pool):len(pool)]})
	}
	return docs
}

// keepStarts drops the starts that have no further term at their offset.
func keepStarts(s *segment.Segment, docs []phraseDoc, t segment.Term, offset uint32) []phraseDoc {
	it, kept := s.Iterate(t), docs[:0]
	var at []uint32
	i := 0
	for i < len(docs) && it.Next() {
		if it.Doc < docs[i].doc {
			it.Skip()
			continue
		}
		for i < len(docs) && docs[i].doc < it.Doc {
			i++
		}
		if i == len(docs) {
			break
		}
		if docs[i].doc != it.Doc {
			it.Skip()
			continue
		}
		at = it.Read(at)
		if starts := startsBefore(docs[i].starts, at, offset); len(starts) > 0 {
			kept = append(kept, phraseDoc{it.Doc, starts})
		}
		i++
	}
	return kept
}

// startsBefore keeps those of starts for which start+offset is in at; both ascend.
func startsBefore(starts, at []uint32, offset uint32) []uint32 {
	kept, j := starts[:0], 0
	for _, start := range starts {
		for j < len(at) && at[j] < start+offset {
			j++
		}
		if j < len(at) && at[j] == start+offset {
			kept = append(kept, start)
		}
	}
	return kept
}

// phraseIn reports whether one of the phrases found lies in the field: none runs on
// from the title into the abstract.
func phraseIn(s *segment.Segment, f search.Field, d phraseDoc, length uint32) bool {
	if f == search.FieldOrganization {
		return true
	}
	end := s.TitleEnd(d.doc)
	for _, start := range d.starts {
		inTitle, inAbstract := start+length < end, start >= end
		if inTitle && f != search.FieldAbstract || inAbstract && f != search.FieldTitle {
			return true
		}
	}
	return false
}
