package segment

import "broadsheet/internal/search/vector"

// Docs is how many documents the segment was written with.
func (s *Segment) Docs() int { return s.docs }

// NumBlocks is how many blocks the documents lie in.
func (s *Segment) NumBlocks() int { return s.numBlocks }

// Bytes is how large the segment's files are.
func (s *Segment) Bytes() int64 { return s.bytes }

// Record is what a manifest has to know of the segment; its name is "" in memory.
func (s *Segment) Record() Record { return s.record }

// Vectors are the vectors that the segment was written with.
func (s *Segment) Vectors() vector.View { return s.vectors }

// ID, Title and the other texts lie in the segment's memory: they must be cloned to
// outlive it.
func (s *Segment) ID(doc uint32) string { return s.ids.at(int(doc)) }

// Title is a document's title as plain text.
func (s *Segment) Title(doc uint32) string { return s.titles.at(int(doc)) }

// Published is when a document was published, in microseconds.
func (s *Segment) Published(doc uint32) int64 { return s.published[doc] }

// TitleKey is the search.TitleKey of a document.
func (s *Segment) TitleKey(doc uint32) uint64 { return s.titleKeys[doc] }

// WithTitleKey gives the documents that may have a title key.
func (s *Segment) WithTitleKey(key uint64) []uint32 { return s.titleHash.withKey(key) }

// TitleEnd is the position after a document's title.
func (s *Segment) TitleEnd(doc uint32) uint32 { return uint32(s.titleEnd[doc]) }

// Year is the year of a document's publication.
func (s *Segment) Year(doc uint32) uint16 { return s.years[doc] }

// Categories are the ordinals of a document's categories.
func (s *Segment) Categories(doc uint32) []uint16 { return s.docCats(int(doc)) }

// Organization is the ordinal of a document's organization plus one; 0: none.
func (s *Segment) Organization(doc uint32) uint32 { return s.orgs[doc] }

// Authors are the ordinals of the names of a document's authors.
func (s *Segment) Authors(doc uint32) []uint32 { return s.docAuthors(int(doc)) }

// CategoryNames are the segment's categories by ordinal.
func (s *Segment) CategoryNames() []string { return s.catNames }

// OrganizationNames are the segment's organizations by ordinal: the unique name, a tab,
// and the name that people read.
func (s *Segment) OrganizationNames() []string { return s.orgNames }

// A Table is a sorted table of texts with how often each is used.
type Table struct {
	texts  strTable
	counts []uint32
}

// Len is how many texts there are.
func (t Table) Len() int { return t.texts.len() }

// At is a text.
func (t Table) At(i int) string { return t.texts.at(i) }

// Size is the length of a text.
func (t Table) Size(i int) int { return int(t.texts.offs[i+1] - t.texts.offs[i]) }

// Uses is how many documents use a text.
func (t Table) Uses(i int) uint32 { return t.counts[i] }

// Words are the words of titles as written, folded.
func (s *Segment) Words() Table { return Table{s.words, s.wordCounts} }

// Names are the names of authors, in the order of their FoldKey.
func (s *Segment) Names() Table { return Table{s.names, s.nameCounts} }

// NamesByFamily are the ordinals of names in the order of their FamilyKey.
func (s *Segment) NamesByFamily() []uint32 { return s.nameOrder }

// DocsByTitle are the documents in the order of the FoldKey of their titles.
func (s *Segment) DocsByTitle() []uint32 { return s.titleOrder }

// FindTerm finds a term by its key: the class and then the term.
func (s *Segment) FindTerm(key []byte) Term { return s.dict.find(key) }

// A PostingsIterator goes through the documents of a term together with their
// positions.
type PostingsIterator struct {
	Doc uint32 // at hand

	blocks    []uint32
	post      []byte
	positions []byte
	base      uint32
	left      int
}

// Iterate begins before the first document of a term.
func (s *Segment) Iterate(t Term) *PostingsIterator {
	return &PostingsIterator{blocks: s.Blocks(t), post: s.Postings(t), positions: s.positionsOf(t)}
}

// Next goes to the next document; then its positions must be read or skipped.
func (p *PostingsIterator) Next() bool {
	if p.left == 0 {
		if len(p.blocks) == 0 {
			return false
		}
		e := p.blocks[0]
		p.blocks, p.base, p.left = p.blocks[1:], e>>16<<blockBits, int(e>>8&0xff)+1
	}
	p.Doc = p.base | uint32(p.post[0])
	p.post = p.post[2:]
	p.left--
	return true
}

// Skip passes over the positions of the document at hand.
func (p *PostingsIterator) Skip() { p.positions = p.positions[positionsEnd(p.positions):] }

// Read reads the positions of the document at hand into the memory of dst.
func (p *PostingsIterator) Read(dst []uint32) []uint32 {
	dst, p.positions = positionsAt(p.positions, dst)
	return dst
}

// Last reads the positions of the document at hand and gives the last one.
func (p *PostingsIterator) Last() uint32 {
	sum := uint32(0)
	for {
		v, rest := uvarint(p.positions)
		p.positions = rest
		sum += uint32(v >> 1)
		if v&1 == 0 {
			return sum
		}
	}
}
