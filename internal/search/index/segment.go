package index

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"broadsheet/internal/search/vector"
)

// A segment is a set of documents that never changes. What was deleted since is kept
// beside it, in a [view].
type segment struct {
	name  string // of its files; "" in memory
	sums  [numParts]partSum
	bytes int64
	meta
	nRanges int

	ids, titles, names, words         strTable
	idHash, titleHash                 idTable
	titleKeys                         []uint64
	dated                             dateOrder
	published                         []int64
	votes, comments                   []uint32
	trending                          []float64
	flags, titleEnd, years            []uint16
	orgs, catOffs, authorOffs         []uint32
	cats                              []uint16
	authors                           []uint32
	titleOrder, nameOrder, nameCounts []uint32
	wordCounts                        []uint32
	termOffs, docTermList             []uint32
	catNames, orgNames                []string

	dict      dict
	ranges    []uint32
	postings  []byte
	positions []byte
	vectors   vector.View

	filters filterCache
}

// A strTable is texts one after another.
type strTable struct {
	data []byte
	offs []uint32
}

func (t strTable) len() int { return max(len(t.offs)-1, 0) }

// at is a text, in place: it must be cloned to outlive the segment.
func (t strTable) at(i int) string {
	b := t.data[t.offs[i]:t.offs[i+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// openSegment reads the parts of a segment, in memory or mapped.
func openSegment(parts [numParts][]byte) (s *segment, err error) {
	defer func() {
		if r := recover(); r != nil { // a table that does not fit the others
			s, err = nil, fmt.Errorf("index: segment: %v: %w", r, errDamaged)
		}
	}()
	var secs [numParts]map[uint32][]byte
	s = &segment{}
	for p := range numParts {
		if secs[p], err = sectionsOf(parts[p], p); err != nil {
			return nil, err
		}
		s.bytes += int64(len(parts[p]))
	}
	if err := json.Unmarshal(secs[partDocs][secMeta], &s.meta); err != nil {
		return nil, fmt.Errorf("index: segment: %v: %w", err, errDamaged)
	}
	s.nRanges = (s.Docs + rangeSize - 1) / rangeSize
	s.openDocs(secs[partDocs])
	s.dict = dict{secs[partTerms][secDict], numbersOf[uint32](secs[partTerms][secDictIndex]),
		numbersOf[uint64](secs[partTerms][secDictHeads])}
	s.ranges = numbersOf[uint32](secs[partRanges][secRanges])
	s.postings = secs[partPostings][secPostings]
	s.positions = secs[partPositions][secPositions]
	if b := secs[partVectors][secVectors]; len(b) > 0 {
		if s.vectors, err = vector.Open(b); err != nil {
			return nil, fmt.Errorf("index: segment: %w", err)
		}
	}
	return s, s.check()
}

func (s *segment) openDocs(secs map[uint32][]byte) {
	table := func(data, offs uint32) strTable { return strTable{secs[data], numbersOf[uint32](secs[offs])} }
	u32 := func(id uint32) []uint32 { return numbersOf[uint32](secs[id]) }
	u16 := func(id uint32) []uint16 { return numbersOf[uint16](secs[id]) }
	s.ids, s.titles = table(secIDs, secIDOffs), table(secTitles, secTitleOffs)
	s.names, s.words = table(secNames, secNameOffs), table(secWords, secWordOffs)
	s.idHash = numbersOf[uint64](secs[secIDHash])
	s.titleHash, s.titleKeys = numbersOf[uint64](secs[secTitleHash]), numbersOf[uint64](secs[secTitleKeys])
	s.published = numbersOf[int64](secs[secPublished])
	s.votes, s.comments = u32(secVotes), u32(secComments)
	s.trending = numbersOf[float64](secs[secTrending])
	s.flags, s.titleEnd, s.years = u16(secFlags), u16(secTitleEnd), u16(secYears)
	s.orgs = u32(secOrgs)
	s.termOffs, s.docTermList = u32(secTermOffs), u32(secDocTerms)
	s.wordCounts = u32(secWordCounts)
	s.catOffs, s.cats = u32(secCatOffs), u16(secCats)
	s.authorOffs, s.authors = u32(secAuthorOffs), u32(secAuthors)
	s.titleOrder, s.nameOrder, s.nameCounts = u32(secTitleOrder), u32(secNameOrder), u32(secNameCounts)
	s.wordCounts = u32(secWordCounts)
	s.catNames, s.orgNames = splitLines(secs[secCatNames]), splitLines(secs[secOrgNames])
}

func splitLines(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\n")
}

// check sees that the columns have as many rows as there are documents.
func (s *segment) check() error {
	n := s.Docs
	for _, have := range []int{s.ids.len(), s.titles.len(), len(s.published), len(s.votes), len(s.comments), len(s.trending),
		len(s.flags), len(s.titleEnd), len(s.years), len(s.titleKeys), len(s.orgs), len(s.catOffs) - 1, len(s.authorOffs) - 1, len(s.titleOrder)} {
		if have != n && n > 0 {
			return fmt.Errorf("index: segment: a column of %d rows for %d documents: %w", have, n, errDamaged)
		}
	}
	if d := s.vectors.Documents(); d != 0 && d != n {
		return fmt.Errorf("index: segment: %d vectors for %d documents: %w", d, n, errDamaged)
	}
	return nil
}

// find gives the document with the identifier, or -1.
func (s *segment) find(id string) int { return s.idHash.find(id, s.ids.at) }

// docAuthors are the ordinals of a document's authors.
func (s *segment) docAuthors(doc int) []uint32 {
	return s.authors[s.authorOffs[doc]:s.authorOffs[doc+1]]
}

// docCats are the ordinals of a document's categories.
func (s *segment) docCats(doc int) []uint16 { return s.cats[s.catOffs[doc]:s.catOffs[doc+1]] }

// term finds a term of a class.
func (s *segment) term(c class, term string) termInfo {
	key := make([]byte, 0, 72)
	return s.dict.find(append(append(key, byte(c)), term...))
}

// rangesOf and postingsOf are a term's lists.
func (s *segment) rangesOf(t termInfo) []uint32 { return s.ranges[t.rangeOff:][:t.ranges] }
func (s *segment) postingsOf(t termInfo) []byte { return s.postings[2*t.postOff:][:2*t.df] }
func (s *segment) positionsOf(t termInfo) []byte {
	return s.positions[t.posOff:][:t.posLen]
}

// addTo sets the bits of a term's documents.
func (s *segment) addTo(set bitset, t termInfo) {
	ps := s.postingsOf(t)
	for _, e := range s.rangesOf(t) {
		words := set[(e>>16)*(rangeSize/64):]
		n := int(e>>8&0xff) + 1
		for i := range n {
			lo := ps[2*i]
			words[lo>>6] |= 1 << (lo & 63)
		}
		ps = ps[2*n:]
	}
}

// A bitset has a bit for each document of a segment, lowest first; its length is
// that of whole ranges.
type bitset []uint64

func (s *segment) newSet() bitset { return make(bitset, s.nRanges*(rangeSize/64)) }

// fullSet has every document.
func (s *segment) fullSet() bitset {
	b := s.newSet()
	for i := range s.Docs / 64 {
		b[i] = ^uint64(0)
	}
	if over := s.Docs % 64; over != 0 {
		b[s.Docs/64] = 1<<over - 1
	}
	return b
}

func (b bitset) has(doc uint32) bool { return b[doc>>6]>>(doc&63)&1 != 0 }
func (b bitset) set(doc uint32)      { b[doc>>6] |= 1 << (doc & 63) }

func (b bitset) and(c bitset) {
	for i := range b {
		b[i] &= c[i]
	}
}

func (b bitset) andNot(c bitset) {
	for i := range b {
		b[i] &^= c[i]
	}
}

func (b bitset) or(c bitset) {
	for i := range b {
		b[i] |= c[i]
	}
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// each calls f with every document of the set, in order.
func (b bitset) each(f func(doc uint32)) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			f(uint32(64*i + bits.TrailingZeros64(w)))
		}
	}
}

// mapSegment opens the files of a segment.
func mapSegment(dir, name string) (*segment, error) {
	var parts [numParts][]byte
	var unmaps []func()
	free := func() {
		for _, f := range unmaps {
			f()
		}
	}
	for p := range numParts {
		b, unmap, err := mapFile(dir + "/" + partFile(name, p))
		if err != nil {
			free()
			return nil, fmt.Errorf("index: open segment: %w", err)
		}
		parts[p] = b
		unmaps = append(unmaps, unmap)
	}
	s, err := openSegment(parts)
	if err != nil {
		free()
		return nil, err
	}
	s.name = name
	// Searches hold the segment while they read its memory; when the last of them
	// and the engine have let go, the files are unmapped.
	runtime.AddCleanup(s, func(once *sync.Once) { once.Do(free) }, new(sync.Once))
	return s, nil
}
