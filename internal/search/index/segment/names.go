package segment

import (
	"bytes"
	"iter"
	"slices"
	"sync"

	"broadsheet/internal/search"
)

// A Named is the documents by an author with a name, laid out as a term's lists: see
// [Segment.Blocks] and [Segment.Postings].
type Named struct {
	Blocks   []uint32
	Postings []byte
}

// namedCache keeps the names that were asked for last: one search asks for a name
// several times.
type namedCache struct {
	mu    sync.Mutex
	named map[namedKey]*Named
}

type namedKey struct {
	name string
	full bool
}

const cachedNames = 64

// Named is the documents by an author with a whole name; their impacts say how well his
// name fits. With full, no initial may stand for a word. It is shared.
func (s *Segment) Named(name string, full bool) *Named {
	key := namedKey{name, full}
	s.named.mu.Lock()
	n := s.named.named[key]
	s.named.mu.Unlock()
	if n != nil {
		return n
	}
	n = s.findNamed(key)
	s.named.mu.Lock()
	defer s.named.mu.Unlock()
	if len(s.named.named) >= cachedNames || s.named.named == nil {
		s.named.named = map[namedKey]*Named{}
	}
	s.named.named[key] = n
	return n
}

func (s *Segment) findNamed(want namedKey) *Named {
	name := search.ParseName(want.name)
	impacts := map[uint32]uint8{}
	for _, prefix := range name.Prefixes() {
		s.EachBeginning(ClassAuthor, prefix, func(key string, t Term) {
			match := name.Match(key)
			if match == search.NoName || want.full && match < search.FullName {
				return
			}
			s.eachDoc(t, func(doc uint32) { impacts[doc] = max(impacts[doc], match.Impact()) })
		})
	}
	docs := make([]uint32, 0, len(impacts))
	for doc := range impacts {
		docs = append(docs, doc)
	}
	slices.Sort(docs)
	n := &Named{}
	for from := 0; from < len(docs); {
		to, best := from, uint8(0)
		for to < len(docs) && docs[to]>>blockBits == docs[from]>>blockBits {
			impact := impacts[docs[to]]
			n.Postings = append(n.Postings, byte(docs[to]), impact)
			best = max(best, impact)
			to++
		}
		n.Blocks = append(n.Blocks, packBlock(docs[from]>>blockBits, to-from, best))
		from = to
	}
	return n
}

// Docs are the documents, in order.
func (n *Named) Docs(f func(doc uint32)) {
	ps := n.Postings
	for _, e := range n.Blocks {
		for range int(e>>8&0xff) + 1 {
			f(e>>16<<blockBits | uint32(ps[0]))
			ps = ps[2:]
		}
	}
}

// LiveNamed is how many of a name's documents were not deleted.
func (s *Snapshot) LiveNamed(n *Named) (docs int) {
	n.Docs(func(doc uint32) {
		if s.Alive(doc) {
			docs++
		}
	})
	return docs
}

// eachDoc calls f with the documents of a term.
func (s *Segment) eachDoc(t Term, f func(doc uint32)) {
	n := Named{Blocks: s.Blocks(t), Postings: s.Postings(t)}
	n.Docs(f)
}

// EachBeginning calls f with the terms of a class that begin with a prefix, in order. A
// term is valid during the call.
func (s *Segment) EachBeginning(c Class, prefix string, f func(term string, t Term)) {
	for term, t := range s.Beginning(c, prefix) {
		f(term, t)
	}
}

// Beginning goes through the terms of a class that begin with a prefix, in order.
func (s *Segment) Beginning(c Class, prefix string) iter.Seq2[string, Term] {
	return func(yield func(string, Term) bool) {
		key := append([]byte{byte(c)}, prefix...)
		cursor := dictCursor{d: &s.dict}
		for ok := cursor.seek(key); ok && bytes.HasPrefix(cursor.key, key); ok = cursor.step() {
			if !yield(string(cursor.key[1:]), cursor.info) {
				return
			}
		}
	}
}

// FirstDoc is the first document of a term that was not deleted.
func (s *Snapshot) FirstDoc(t Term) (doc uint32, ok bool) {
	n := Named{Blocks: s.Blocks(t), Postings: s.Postings(t)}
	n.Docs(func(d uint32) {
		if !ok && s.Alive(d) {
			doc, ok = d, true
		}
	})
	return doc, ok
}
