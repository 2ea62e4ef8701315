package segment

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"broadsheet/internal/search/vector"
)

// A Segment is a set of documents that never changes, in memory or in files that are
// mapped. What has changed since is kept beside it, in a [Snapshot]. Documents have the
// numbers from 0 on.
type Segment struct {
	record     Record // of its files; zero in memory
	bytes      int64
	docs       int
	dimensions int // of the vectors; 0: none
	numBlocks  int

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
	blocks    []uint32
	postings  []byte
	positions []byte
	vectors   vector.View

	sequences    []uint16
	sequenceOffs []uint32
	codeCounts   []uint32 // none in a small segment
	codes        codeCache

	filters filterCache
	named   namedCache

	organizations organizationCache
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

// Parse reads the files of a segment, in memory or mapped.
func Parse(files Files) (s *Segment, err error) {
	defer func() {
		if r := recover(); r != nil { // a table that does not fit the others
			s, err = nil, fmt.Errorf("index: segment: %v: %w", r, ErrDamaged)
		}
	}()
	var m meta
	var secs [NumFiles]map[uint32][]byte
	s = &Segment{}
	for p := range NumFiles {
		if secs[p], err = sectionsOf(files[p], p); err != nil {
			return nil, err
		}
		s.bytes += int64(len(files[p]))
	}
	if err := json.Unmarshal(secs[fileDocs][secMeta], &m); err != nil {
		return nil, fmt.Errorf("index: segment: %v: %w", err, ErrDamaged)
	}
	s.docs, s.dimensions = m.Docs, m.Dimensions
	s.numBlocks = (s.docs + BlockSize - 1) / BlockSize
	s.openDocs(secs[fileDocs])
	s.dict = dict{secs[fileTerms][secDict], numbersOf[uint32](secs[fileTerms][secDictIndex]),
		numbersOf[uint64](secs[fileTerms][secDictHeads])}
	s.blocks = numbersOf[uint32](secs[fileBlocks][secBlocks])
	s.postings = secs[filePostings][secPostings]
	s.positions = secs[filePositions][secPositions]
	if b := secs[fileVectors][secVectors]; len(b) > 0 {
		if s.vectors, err = vector.Open(b); err != nil {
			return nil, fmt.Errorf("index: segment: %w", err)
		}
	}
	return s, s.check()
}

func (s *Segment) openDocs(secs map[uint32][]byte) {
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
	s.sequences, s.sequenceOffs, s.codeCounts = u16(secSequences), u32(secSeqOffs), u32(secCodeCounts)
	s.catNames, s.orgNames = splitLines(secs[secCatNames]), splitLines(secs[secOrgNames])
}

func splitLines(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\n")
}

// check sees that the columns have as many rows as there are documents.
func (s *Segment) check() error {
	n := s.docs
	for _, have := range []int{s.ids.len(), s.titles.len(), len(s.published), len(s.votes), len(s.comments), len(s.trending),
		len(s.flags), len(s.titleEnd), len(s.years), len(s.titleKeys), len(s.orgs), len(s.catOffs) - 1, len(s.authorOffs) - 1, len(s.titleOrder)} {
		if have != n && n > 0 {
			return fmt.Errorf("index: segment: a column of %d rows for %d documents: %w", have, n, ErrDamaged)
		}
	}
	if len(s.sequenceOffs) > 0 && len(s.sequenceOffs) != n+1 { // segments of earlier versions have none
		return fmt.Errorf("index: segment: %d sequences for %d documents: %w", len(s.sequenceOffs)-1, n, ErrDamaged)
	}
	if d := s.vectors.Documents(); d != 0 && d != n {
		return fmt.Errorf("index: segment: %d vectors for %d documents: %w", d, n, ErrDamaged)
	}
	return nil
}

// Find gives the document with an identifier, or -1.
func (s *Segment) Find(id string) int { return s.idHash.find(id, s.ids.at) }

// docAuthors are the ordinals of a document's authors.
func (s *Segment) docAuthors(doc int) []uint32 {
	return s.authors[s.authorOffs[doc]:s.authorOffs[doc+1]]
}

// docCats are the ordinals of a document's categories.
func (s *Segment) docCats(doc int) []uint16 { return s.cats[s.catOffs[doc]:s.catOffs[doc+1]] }

// Term finds a term of a class.
func (s *Segment) Term(c Class, term string) Term {
	key := make([]byte, 0, 72)
	return s.dict.find(append(append(key, byte(c)), term...))
}

// Blocks are a term's blocks: the number of each in the high half, how many postings it
// has less one in the third byte, and the best impact of them in the last one.
func (s *Segment) Blocks(t Term) []uint32 { return s.blocks[t.blockOff:][:t.blocks] }

// Postings are a term's postings, block after block: the document's place in its block
// and its impact, a byte each.
func (s *Segment) Postings(t Term) []byte { return s.postings[2*t.postOff:][:2*t.DF] }

// positionsOf is the positions of a term's postings, one after another.
func (s *Segment) positionsOf(t Term) []byte {
	b := s.positions[t.posOff:][:t.posLen]
	if len(b) > 0 && t.blocks > 1 { // where those of each block begin
		b = b[4*t.blocks:]
	}
	return b
}

// PositionsIn reads the positions of a term in a document, which has it, into the memory
// of dst; first is the number of the first posting of the document's block.
func (s *Segment) PositionsIn(t Term, doc, first uint32, dst []uint32) []uint32 {
	blocks := s.Blocks(t)
	i, _ := slices.BinarySearchFunc(blocks, doc>>blockBits, func(e, block uint32) int { return cmp.Compare(e>>16, block) })
	b := s.positionsOf(t)
	if len(blocks) > 1 {
		b = b[binary.LittleEndian.Uint32(s.positions[t.posOff+uint64(4*i):]):]
	}
	for post := s.Postings(t)[2*first:]; post[0] != byte(doc); post = post[2:] {
		b = b[positionsEnd(b):]
	}
	dst, _ = positionsAt(b, dst)
	return dst
}

// AddTo sets the bits of a term's documents.
func (s *Segment) AddTo(set Bitset, t Term) {
	ps := s.Postings(t)
	for _, e := range s.Blocks(t) {
		words := set[(e>>16)*(BlockSize/64):]
		n := int(e>>8&0xff) + 1
		for i := range n {
			lo := ps[2*i]
			words[lo>>6] |= 1 << (lo & 63)
		}
		ps = ps[2*n:]
	}
}

// A Bitset has a bit for each document of a segment, lowest first; its length is
// that of whole blocks.
type Bitset []uint64

// NewSet is an empty set of the segment's documents.
func (s *Segment) NewSet() Bitset { return make(Bitset, s.numBlocks*(BlockSize/64)) }

// FullSet has every document.
func (s *Segment) FullSet() Bitset {
	b := s.NewSet()
	for i := range s.docs / 64 {
		b[i] = ^uint64(0)
	}
	if over := s.docs % 64; over != 0 {
		b[s.docs/64] = 1<<over - 1
	}
	return b
}

// Has reports whether a document is in the set.
func (b Bitset) Has(doc uint32) bool { return b[doc>>6]>>(doc&63)&1 != 0 }

// Set adds a document.
func (b Bitset) Set(doc uint32) { b[doc>>6] |= 1 << (doc & 63) }

// And leaves what is in both sets.
func (b Bitset) And(c Bitset) {
	for i := range b {
		b[i] &= c[i]
	}
}

// AndNot takes the documents of c out; nil has none.
func (b Bitset) AndNot(c Bitset) {
	for i, w := range c {
		b[i] &^= w
	}
}

// Or adds the documents of c.
func (b Bitset) Or(c Bitset) {
	for i := range b {
		b[i] |= c[i]
	}
}

// Empty reports whether there is no document in the set.
func (b Bitset) Empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// Count is how many documents are in the set.
func (b Bitset) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// EachDown calls f with every document, from the last one to the first.
func (b Bitset) EachDown(f func(doc uint32)) {
	for i := len(b) - 1; i >= 0; i-- {
		for w := b[i]; w != 0; {
			bit := 63 - bits.LeadingZeros64(w)
			f(uint32(i*64 + bit))
			w &^= 1 << bit
		}
	}
}

// Each calls f with every document of the set, in order.
func (b Bitset) Each(f func(doc uint32)) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			f(uint32(64*i + bits.TrailingZeros64(w)))
		}
	}
}

// A Record is what a manifest knows of a segment's files.
type Record struct {
	Name      string
	Checksums [NumFiles]Checksum
}

// Open maps the files of a segment in dir. Their sizes are compared with the record;
// [Record.Verify] compares all of their bytes.
func Open(dir string, r Record) (*Segment, error) {
	var files Files
	var unmaps []func()
	free := func() {
		for _, f := range unmaps {
			f()
		}
	}
	for p := range NumFiles {
		b, unmap, err := mapFile(filepath.Join(dir, fileName(r.Name, p)))
		if err == nil {
			files[p] = b
			unmaps = append(unmaps, unmap)
			if int64(len(b)) != r.Checksums[p].Size {
				err = fmt.Errorf("%s has %d bytes, not %d: %w", fileName(r.Name, p), len(b), r.Checksums[p].Size, ErrDamaged)
			}
		}
		if err != nil {
			free()
			return nil, fmt.Errorf("index: open segment: %w", err)
		}
	}
	s, err := Parse(files)
	if err != nil {
		free()
		return nil, err
	}
	s.record = r
	// Searches hold the segment while they read its memory; when the last of them
	// and the engine have let go, the files are unmapped.
	runtime.AddCleanup(s, func(once *sync.Once) { once.Do(free) }, new(sync.Once))
	return s, nil
}

// FileNames are the names of the segment's files.
func (r Record) FileNames() (out []string) {
	for p := range NumFiles {
		out = append(out, fileName(r.Name, p))
	}
	return out
}

// Verify compares the segment's files with their checksums.
func (r Record) Verify(ctx context.Context, dir string) error {
	for p := range NumFiles {
		if err := VerifyFile(ctx, filepath.Join(dir, fileName(r.Name, p)), r.Checksums[p]); err != nil {
			return err
		}
	}
	return nil
}

var verifyBuffers = sync.Pool{New: func() any { return new([256 << 10]byte) }}

// VerifyFile compares a file with its checksum. It reads instead of mapping, so that a
// check of the whole index leaves the process as small as it was.
func VerifyFile(ctx context.Context, path string, sum Checksum) error {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("index: %s is missing: %w", filepath.Base(path), ErrDamaged)
		}
		return fmt.Errorf("index: %w", err)
	}
	defer f.Close()
	buffer := verifyBuffers.Get().(*[256 << 10]byte)
	defer verifyBuffers.Put(buffer)
	buf := buffer[:]
	var got Checksum
	for ctx.Err() == nil {
		n, err := f.Read(buf)
		got.CRC = crc32.Update(got.CRC, castagnoli, buf[:n])
		got.Size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("index: %w: %w", err, ErrDamaged)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if got != sum {
		return fmt.Errorf("index: %s is not what was written: %w", filepath.Base(path), ErrDamaged)
	}
	return nil
}
