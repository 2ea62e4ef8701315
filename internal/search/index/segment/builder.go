package segment

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unsafe"

	"broadsheet/internal/paper"
	"broadsheet/internal/search"
	"broadsheet/internal/search/analysis"
	"broadsheet/internal/search/vector"
)

// A docRow is what a segment keeps of a document apart from its terms. Ordinals are
// those of the segment's own tables.
type docRow struct {
	id, title string
	published int64
	counts    Counts
	titleEnd  uint16
	year      uint16
	titleKey  uint64   // search.TitleKey
	org       uint32   // ordinal + 1; 0: none
	cats      []uint16 // ordinals
	authors   []uint32 // ordinals
	sequence  search.Sequence
}

// A Builder inverts documents. It is for one goroutine and one segment at a time; Start
// readies it for the next.
type Builder struct {
	an    *analysis.Analyzer
	rows  []docRow
	meta  meta
	cats  stringTable
	orgs  stringTable
	names stringTable // in the order of their coming; sorted when written
	words stringTable
	count []uint32 // of words
	vecs  *vector.Builder

	asWritten map[string]uint32 // words before they are folded

	ids     map[string]uint32 // text terms
	recent  []uint32          // terms by the address of their string
	others  map[string]uint32 // terms of other classes, by key
	exact   map[string]uint32 // words as they are written
	terms   []string          // text and exact: the term; others: the key
	class   []Class           // ClassText, ClassExact or 0 for others
	codes   []uint16          // per term: search.TermCode; 0: not needed yet
	slot    []int32           // per term: its entry in the document at hand
	slotDoc []int32

	sequences []uint16 // of all documents

	entries []entry
	docEnds []uint32 // per document: end of its entries
	posBuf  []byte

	doc  int32
	cur  []current
	toks []tok
	key  []byte

	places, lastPlace int // positions that have a term
	model             embedder
}

// An entry is a term in a document.
type entry struct {
	term       uint32
	posOff     uint32 // its positions end where those of the next entry begin
	imp        uint8
	inTitle    bool
	noPosition bool
}

// current is an entry while its document is read.
type current struct {
	term        uint32
	first, last int32 // in toks
	title, body uint32
	noPosition  bool
	fixed       uint8 // an impact that does not depend on counts; 0: it does
}

type tok struct {
	pos  uint32
	next int32
}

// NewBuilder makes a Builder that gives documents without a vector one of model, if that
// is not nil.
func NewBuilder(model TermEmbedder) *Builder {
	b := &Builder{an: analysis.New(), recent: make([]uint32, 1<<16), model: embedder{model: model}}
	b.Start()
	return b
}

// Start begins a segment: what was added before is dropped.
func (b *Builder) Start() {
	an := b.an
	b.model.reset()
	*b = Builder{an: an, model: b.model, asWritten: map[string]uint32{}, ids: map[string]uint32{}, others: map[string]uint32{}, exact: map[string]uint32{},
		recent: b.recent, rows: b.rows[:0], terms: b.terms[:0], codes: b.codes[:0], sequences: b.sequences[:0], class: b.class[:0], slot: b.slot[:0], slotDoc: b.slotDoc[:0],
		entries: b.entries[:0], docEnds: b.docEnds[:0], posBuf: b.posBuf[:0], cur: b.cur[:0], toks: b.toks[:0]}
}

// Add takes in one document.
func (b *Builder) Add(id paper.ID, d *search.Document) error {
	b.doc = int32(len(b.rows))
	b.cur, b.toks = b.cur[:0], b.toks[:0]
	title := analysis.Plain(d.Title)
	row := docRow{id: string(id), title: title, published: d.Published, counts: CountsOf(d)}
	row.year = uint16(max(0, min(9999, time.UnixMicro(d.Published).UTC().Year())))
	sequence := len(b.sequences)
	titleLen, titleEnd := b.text(title, 0, true)
	row.titleKey = search.TitleKeyOf(title)
	titleEnd = min(titleEnd, 1<<16-1)
	b.sequences = append(b.sequences, 0)
	bodyLen, _ := b.text(analysis.Plain(d.Abstract), titleEnd, false)
	row.titleEnd = uint16(titleEnd)
	row.sequence = b.sequences[sequence:len(b.sequences):len(b.sequences)]
	b.people(&row, d)
	b.topics(&row, d)
	b.rows = append(b.rows, row)
	vec := d.Vector
	if vec == nil && b.model.model != nil {
		vec = b.embed()
	}
	b.flush(titleLen, bodyLen)
	return b.vector(vec)
}

// text takes in the title or the abstract, whose first word has the position from;
// it gives how many positions have a term and the position after the last.
func (b *Builder) text(text string, from int, title bool) (places, end int) {
	b.places, b.lastPlace = 0, -1
	b.an.EachAndStops(text, func(t analysis.Token) {
		first := t.Position != b.lastPlace
		if first {
			b.places++
			b.lastPlace = t.Position
		}
		term := b.textTerm(ClassText, t.Term)
		if first {
			b.sequences = append(b.sequences, b.code(term))
		}
		e := b.current(term)
		b.occurs(e, title)
		b.at(e, uint32(from+t.Position))
		if title && first {
			b.word(text[t.Start:t.End])
		}
		if t.Form != "" {
			b.occurs(b.exactly(t.Form), title)
		}
	}, func(word string) {
		if title {
			b.occurs(b.exactly(word), title)
		}
	})
	return b.places, from + b.lastPlace + 1
}

// occurs counts an occurrence of a term.
func (b *Builder) occurs(e *current, title bool) {
	if title {
		e.title++
	} else {
		e.body++
	}
}

// exactly is the entry of a word as it is written.
func (b *Builder) exactly(word string) *current {
	e := b.current(b.textTerm(ClassExact, word))
	e.noPosition = true
	return e
}

// textTerm numbers a term of ClassText or ClassExact. The analyzer mostly gives the very same string for the
// same term, so that comparing addresses spares most look-ups; terms keeps those
// strings alive, so that no other can have their address.
func (b *Builder) textTerm(c Class, term string) uint32 {
	address := uintptr(unsafe.Pointer(unsafe.StringData(term)))
	slot := &b.recent[(address>>3^address>>15^uintptr(c))%uintptr(len(b.recent))]
	if id := *slot; int(id) < len(b.terms) && b.class[id] == c && len(b.terms[id]) == len(term) &&
		unsafe.StringData(b.terms[id]) == unsafe.StringData(term) {
		return id
	}
	ids := b.ids
	if c == ClassExact {
		ids = b.exact
	}
	id, ok := ids[term]
	if !ok {
		id = b.newTerm(c, term)
		ids[term] = id
	}
	*slot = id
	return id
}

func (b *Builder) otherTerm(c Class, term string) uint32 {
	b.key = append(append(b.key[:0], byte(c)), term...)
	if id, ok := b.others[string(b.key)]; ok {
		return id
	}
	key := string(b.key)
	id := b.newTerm(0, key)
	b.others[key] = id
	return id
}

// code is the code of a text term.
func (b *Builder) code(term uint32) uint16 {
	if b.codes[term] == 0 {
		b.codes[term] = search.TermCode(b.terms[term])
	}
	return b.codes[term]
}

func (b *Builder) newTerm(c Class, s string) uint32 {
	b.terms = append(b.terms, s)
	b.codes = append(b.codes, 0)
	b.class = append(b.class, c)
	b.slot = append(b.slot, 0)
	b.slotDoc = append(b.slotDoc, -1)
	return uint32(len(b.terms) - 1)
}

// current is the entry of a term in the document at hand.
func (b *Builder) current(term uint32) *current {
	if b.slotDoc[term] != b.doc {
		b.slotDoc[term] = b.doc
		b.slot[term] = int32(len(b.cur))
		b.cur = append(b.cur, current{term: term, first: -1, last: -1})
	}
	return &b.cur[b.slot[term]]
}

// at notes a position of a term; the same one is noted once.
func (b *Builder) at(e *current, pos uint32) {
	if e.last >= 0 && b.toks[e.last].pos >= pos {
		return
	}
	b.toks = append(b.toks, tok{pos: pos, next: -1})
	k := int32(len(b.toks) - 1)
	if e.last < 0 {
		e.first = k
	} else {
		b.toks[e.last].next = k
	}
	e.last = k
}

// people takes in authors and the organization.
func (b *Builder) people(row *docRow, d *search.Document) {
	for _, name := range d.Authors {
		for _, term := range search.AuthorTerms(name) {
			b.mark(ClassAuthor, term, search.AuthorImpact)
		}
		if name = strings.TrimSpace(analysis.Plain(name)); name != "" {
			row.authors = append(row.authors, b.names.ordinal(name))
		}
	}
	if d.Organization == "" && d.OrgName == "" {
		return
	}
	row.org = b.orgs.ordinal(oneLine(d.Organization)+"\t"+oneLine(d.OrgName)) + 1
	b.orgTerms(d.OrganizationText())
	for _, term := range search.OrganizationTerms(d.Organization, d.OrgName) {
		b.mark(ClassOrgName, term.Text, term.Impact)
	}
	if d.Organization != "" {
		b.mark(ClassOrganization, d.Organization, 1)
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// orgTerms takes in the terms of an organization's name.
func (b *Builder) orgTerms(name string) {
	b.an.Each(analysis.Plain(name), func(t analysis.Token) {
		e := b.current(b.otherTerm(ClassOrgName, t.Term))
		e.fixed = search.OrganizationImpact
		b.at(e, uint32(t.Position))
	})
}

// topics takes in the categories.
func (b *Builder) topics(row *docRow, d *search.Document) {
	for _, cat := range d.Categories {
		if cat = oneLine(cat); cat == "" {
			continue
		}
		k := uint16(b.cats.ordinal(cat))
		if slices.Contains(row.cats, k) {
			continue
		}
		row.cats = append(row.cats, k)
		for i := range len(cat) {
			if cat[i] == '.' {
				b.mark(ClassArchive, cat[:i], 1)
			}
		}
		b.mark(ClassArchive, cat, 1)
	}
}

// mark notes that the document has a value, or a term without positions.
func (b *Builder) mark(c Class, value string, imp uint8) {
	e := b.current(b.otherTerm(c, value))
	e.noPosition, e.fixed = true, imp
}

// word counts a word as it is written, for completion and correction.
func (b *Builder) word(w string) {
	k, ok := b.asWritten[w]
	if !ok {
		folded := FoldKey(w)
		if folded == "" || len(folded) > analysis.MaxTermBytes {
			return
		}
		k = b.words.ordinal(folded)
		b.asWritten[strings.Clone(w)] = k
	}
	if int(k) == len(b.count) {
		b.count = append(b.count, 0)
	}
	b.count[k]++
}

// flush turns what was gathered of a document into entries.
func (b *Builder) flush(titleLen, bodyLen int) {
	for i := range b.cur {
		c := &b.cur[i]
		e := entry{term: c.term, posOff: uint32(len(b.posBuf)), noPosition: c.noPosition}
		if e.imp = c.fixed; e.imp == 0 {
			e.imp = search.Impact(int(c.title), int(c.body), titleLen, bodyLen)
			e.inTitle = c.title > 0
		}
		last := uint32(0)
		for k := c.first; k >= 0; k = b.toks[k].next {
			v := uint64(b.toks[k].pos-last) << 1
			if b.toks[k].next >= 0 {
				v |= 1
			}
			b.posBuf = binary.AppendUvarint(b.posBuf, v)
			last = b.toks[k].pos
		}
		b.entries = append(b.entries, e)
	}
	b.docEnds = append(b.docEnds, uint32(len(b.entries)))
}

func (b *Builder) vector(v []float32) error {
	if b.vecs == nil {
		if len(v) == 0 {
			return nil
		}
		vecs, err := vector.NewBuilder(len(v))
		if err != nil {
			return err
		}
		for range len(b.rows) - 1 {
			if err := vecs.Append(nil); err != nil {
				return err
			}
		}
		b.vecs = vecs
		b.meta.Dimensions = len(v)
	}
	if len(v) != 0 && len(v) != b.meta.Dimensions {
		v = nil
	}
	return b.vecs.Append(v)
}

// A stringTable numbers strings in the order of their coming.
type stringTable struct {
	ordinals map[string]uint32
	list     []string
}

func (t *stringTable) ordinal(s string) uint32 {
	if k, ok := t.ordinals[s]; ok {
		return k
	}
	if t.ordinals == nil {
		t.ordinals = map[string]uint32{}
	}
	k := uint32(len(t.list))
	s = strings.Clone(s)
	t.ordinals[s] = k
	t.list = append(t.list, s)
	return k
}
