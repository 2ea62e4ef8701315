package segment

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"broadsheet/internal/search/vector"
)

// gone marks documents that a merge leaves out.
const gone = ^uint32(0)

// A Merge writes the living documents of several snapshots as one segment, with the
// counts and vectors that they have now.
type Merge struct {
	// AfterStep is called after each step of the work, when much memory has become
	// garbage; nil: nothing is.
	AfterStep func()

	from  []Snapshot
	order []origin   // of the new documents
	remap [][]uint32 // per source and document: the new one, or gone
	total meta
}

// An origin is where a document comes from.
type origin struct {
	src uint32
	doc uint32
}

// NewMerge puts the documents into the order of the snapshots; see Reorder.
func NewMerge(from []Snapshot) *Merge {
	m := &Merge{from: from}
	for src := range from {
		s := &from[src]
		m.remap = append(m.remap, make([]uint32, s.docs))
		for doc := range s.docs {
			m.remap[src][doc] = gone
			if s.Alive(uint32(doc)) {
				m.order = append(m.order, origin{uint32(src), uint32(doc)})
			}
		}
		m.total.Dimensions = max(m.total.Dimensions, s.dimensions)
		for _, p := range s.Patches() {
			m.total.Dimensions = max(m.total.Dimensions, p.view.Dimensions())
		}
	}
	m.total.Docs = len(m.order)
	return m
}

// Docs is how many documents the new segment has; without any none can be written.
func (m *Merge) Docs() int { return m.total.Docs }

// InFiles writes the new segment in dir and opens it. After an error, which is that of
// the context when it ends first, no file of it is left.
func (m *Merge) InFiles(ctx context.Context, dir, name string) (*Segment, error) {
	return inFiles(ctx, dir, name, m.write)
}

// InMemory gives the new segment's files.
func (m *Merge) InMemory(ctx context.Context) (Files, error) { return inMemory(ctx, m.write) }

func (m *Merge) write(w *writer) error {
	for i, o := range m.order {
		m.remap[o.src][o.doc] = uint32(i)
	}
	if err := m.vectors(w.ctx, w.outputs[fileVectors]); err != nil {
		return err
	}
	m.tidy() // the rows of all vectors
	w.lists.forward = forwarderFor(m.total.Docs)
	if err := m.lists(w.ctx, w.lists); err != nil {
		return err
	}
	w.lists.dict.finish()
	m.tidy()
	if err := m.docs(w); err != nil {
		return err
	}
	w.lists.forward = nil
	m.tidy()
	return nil
}

func (m *Merge) tidy() {
	if m.AfterStep != nil {
		m.AfterStep()
	}
}

// CatchUp gives the merged segment with what has changed in the sources since the merge
// began: now are their snapshots, in the same order.
func (m *Merge) CatchUp(merged *Segment, now []Snapshot) (Snapshot, error) {
	e := NewEdit([]Snapshot{Of(merged)})
	for i := range now {
		was, s, remap := &m.from[i], &now[i], m.remap[i]
		s.deleted.Each(func(doc uint32) {
			if was.Alive(doc) {
				e.markDeleted(0, remap[doc])
			}
		})
		if s.counts != was.counts {
			s.counts.each(func(doc uint32, c Counts) {
				if remap[doc] != gone && was.Counts(doc) != c {
					e.setCounts(0, remap[doc], c)
				}
			})
		}
		if s.vectors == was.vectors {
			continue
		}
		for _, p := range s.vectors.patches {
			p.Each(func(doc, row uint32) {
				if old, at := was.VectorOf(doc); remap[doc] == gone || sameRow(old, at, p.view, row) {
					return
				}
				r, scale := p.view.Row(row)
				e.own[0].vectors = append(e.own[0].vectors, vectorChange{doc: remap[doc], row: r, dims: p.view.Dimensions(), scale: scale})
			})
		}
	}
	snaps, err := e.Snapshots()
	if err != nil {
		return Snapshot{}, err
	}
	return snaps[0], nil
}

func sameRow(a vector.View, i uint32, b vector.View, j uint32) bool {
	if a.Dimensions() != b.Dimensions() {
		return false
	}
	x, xs := a.Row(i)
	y, ys := b.Row(j)
	return xs == ys && slices.Equal(x, y)
}

// A termHeap gives the terms of several dictionaries in order.
type termHeap []*termSource

type termSource struct {
	dictCursor
	src int
}

func (h termHeap) Len() int { return len(h) }
func (h termHeap) Less(i, j int) bool {
	if c := bytes.Compare(h[i].key, h[j].key); c != 0 {
		return c < 0
	}
	return h[i].src < h[j].src
}
func (h termHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *termHeap) Push(x any)   { *h = append(*h, x.(*termSource)) }
func (h *termHeap) Pop() any {
	x := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return x
}

// lists writes the terms and their postings.
func (m *Merge) lists(ctx context.Context, out *listWriter) error {
	var h termHeap
	for i, v := range m.from {
		s := &termSource{dictCursor: dictCursor{d: &v.dict}, src: i}
		if s.step() {
			h = append(h, s)
		}
	}
	heap.Init(&h)
	var key []byte
	var ps, spare []posting
	positions := make([][]byte, len(m.from))
	for n := 0; len(h) > 0; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = append(key[:0], h[0].key...)
		ps = ps[:0]
		for len(h) > 0 && bytes.Equal(h[0].key, key) {
			s := h[0]
			positions[s.src] = m.from[s.src].positionsOf(s.info)
			ps = m.gather(ps, s.src, s.info, positions[s.src])
			if s.step() {
				heap.Fix(&h, 0)
			} else {
				heap.Pop(&h)
			}
		}
		if len(ps) > 0 {
			ps, spare = sortPostings(ps, spare, uint32(m.total.Docs))
			out.add(key, ps, positions)
		}
	}
	return nil
}

// gather adds the living postings of a term of one source.
func (m *Merge) gather(ps []posting, src int, t Term, positions []byte) []posting {
	remap := m.remap[src]
	at := uint32(0)
	seg := &m.from[src]
	post := seg.Postings(t)
	for _, e := range seg.Blocks(t) {
		base := e >> 16 << blockBits
		for n := e>>8&0xff + 1; n > 0; n-- {
			p := posting{doc: remap[base|uint32(post[0])], imp: post[1], src: uint16(src), posOff: at}
			post = post[2:]
			if len(positions) > 0 {
				at += uint32(positionsEnd(positions[at:]))
				p.posLen = at - p.posOff
			}
			if p.doc != gone {
				ps = append(ps, p)
			}
		}
	}
	return ps
}

// positionsEnd is the length of the positions of one posting.
func positionsEnd(b []byte) int {
	for i := 0; i < len(b); {
		first := b[i]
		for b[i] >= 0x80 {
			i++
		}
		i++
		if first&1 == 0 {
			return i
		}
	}
	return len(b)
}

// sortPostings orders by document: not at all where they are in order, by radix
// where they are many.
func sortPostings(ps, spare []posting, docs uint32) (sorted, other []posting) {
	byDoc := func(a, b posting) int { return int(a.doc) - int(b.doc) }
	if slices.IsSortedFunc(ps, byDoc) {
		return ps, spare
	}
	if len(ps) < 512 {
		slices.SortFunc(ps, byDoc)
		return ps, spare
	}
	spare = slices.Grow(spare[:0], len(ps))[:len(ps)]
	for shift := 0; docs>>shift > 0; shift += 10 {
		var starts [1025]uint32
		for i := range ps {
			starts[ps[i].doc>>shift&1023+1]++
		}
		for i := range 1024 {
			starts[i+1] += starts[i]
		}
		for i := range ps {
			k := ps[i].doc >> shift & 1023
			spare[starts[k]] = ps[i]
			starts[k]++
		}
		ps, spare = spare, ps
	}
	return ps, spare
}

// vectors copies the rows of those segments whose vectors have the length of most.
func (m *Merge) vectors(ctx context.Context, p *fileWriter) error {
	if m.total.Dimensions == 0 {
		return nil
	}
	b, err := vector.NewBuilder(m.total.Dimensions)
	if err != nil {
		return err
	}
	for i, o := range m.order {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var row []int8
		var scale float32
		if v, at := m.from[o.src].VectorOf(o.doc); v.Dimensions() == m.total.Dimensions {
			row, scale = v.Row(at)
		}
		if err := b.AppendRow(row, scale); err != nil {
			return err
		}
	}
	p.section(secVectors)
	_, err = b.WriteTo(sectionWriter{p, ctx})
	return err
}

// docs writes columns, tables and texts.
func (m *Merge) docs(w *writer) error {
	var cats, orgs stringTable
	catMaps, orgMaps := make([][]uint16, len(m.from)), make([][]uint32, len(m.from))
	for i, v := range m.from {
		for _, name := range v.catNames {
			catMaps[i] = append(catMaps[i], uint16(cats.ordinal(name)))
		}
		for _, name := range v.orgNames {
			orgMaps[i] = append(orgMaps[i], orgs.ordinal(name))
		}
	}
	if len(cats.list) > 1<<16 {
		return fmt.Errorf("index: merge: %d categories are too many", len(cats.list))
	}
	names, nameMaps, err := m.names(w.ctx)
	if err != nil {
		return err
	}
	words, counts, err := m.words(w.ctx)
	if err != nil {
		return err
	}
	row := &docRow{}
	get := func(i int) *docRow {
		o := m.order[i]
		m.from[o.src].row(o.doc, row, catMaps[o.src], orgMaps[o.src], nameMaps[o.src])
		return row
	}
	t := docTables{cats: cats.list, orgs: orgs.list, names: names, words: words, counts: counts}
	return w.docs(m.total, t, get)
}

// row reads a document's row with the ordinals of other tables.
func (s *Snapshot) row(doc uint32, r *docRow, cats []uint16, orgs, names []uint32) {
	i := int(doc)
	r.id, r.title = s.ids.at(i), s.titles.at(i)
	r.published, r.counts = s.published[i], s.Counts(doc)
	r.titleKey, r.titleEnd, r.year = s.titleKeys[i], s.titleEnd[i], s.years[i]
	r.org = 0
	if s.orgs[i] > 0 {
		r.org = orgs[s.orgs[i]-1] + 1
	}
	r.sequence = s.Sequence(doc)
	r.cats, r.authors = r.cats[:0], r.authors[:0]
	for _, c := range s.docCats(i) {
		r.cats = append(r.cats, cats[c])
	}
	for _, a := range s.docAuthors(i) {
		r.authors = append(r.authors, names[a])
	}
}

// A nameSource is a sorted table of texts on its way into a merged one.
type nameSource struct {
	t    strTable
	at   int
	key  string
	src  int
	fold func(string) string
}

func (n *nameSource) load() bool {
	if n.at >= n.t.len() {
		return false
	}
	n.key = n.fold(n.t.at(n.at))
	return true
}

func (n *nameSource) less(o *nameSource) bool {
	if c := strings.Compare(n.key, o.key); c != 0 {
		return c < 0
	}
	return n.t.at(n.at) < o.t.at(o.at)
}

type nameHeap []*nameSource

func (h nameHeap) Len() int           { return len(h) }
func (h nameHeap) Less(i, j int) bool { return h[i].less(h[j]) }
func (h nameHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nameHeap) Push(x any)        { *h = append(*h, x.(*nameSource)) }
func (h *nameHeap) Pop() any {
	x := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return x
}

// mergeTables joins sorted tables and calls f with each text, whether it is new, and
// where it comes from.
func mergeTables(ctx context.Context, tables []strTable, fold func(string) string, f func(text string, fresh bool, src, at int)) error {
	var h nameHeap
	for i, t := range tables {
		if n := (&nameSource{t: t, src: i, fold: fold}); n.load() {
			h = append(h, n)
		}
	}
	heap.Init(&h)
	last, any := "", false
	for k := 0; len(h) > 0; k++ {
		if k%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		n := h[0]
		text := n.t.at(n.at)
		f(text, !any || text != last, n.src, n.at)
		last, any = text, true
		n.at++
		if n.load() {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

// names joins the tables of authors' names that living documents use.
func (m *Merge) names(ctx context.Context) (names []string, maps [][]uint32, err error) {
	tables := make([]strTable, len(m.from))
	maps = make([][]uint32, len(m.from))
	used := make([][]bool, len(m.from))
	for i, v := range m.from {
		tables[i] = v.names
		maps[i] = make([]uint32, v.names.len())
		used[i] = make([]bool, v.names.len())
	}
	for _, o := range m.order {
		for _, a := range m.from[o.src].docAuthors(int(o.doc)) {
			used[o.src][a] = true
		}
	}
	err = mergeTables(ctx, tables, FoldKey, func(text string, fresh bool, src, at int) {
		if !used[src][at] {
			return
		}
		if n := len(names); n == 0 || names[n-1] != text {
			names = append(names, text)
		}
		maps[src][at] = uint32(len(names) - 1)
	})
	return names, maps, err
}

// rareWord is how often a word has to be there for a large segment to keep it: most
// of those below are mistyped.
const rareWord = 2

// words joins the tables of words and adds up their counts.
func (m *Merge) words(ctx context.Context) (words []string, counts []uint32, err error) {
	tables := make([]strTable, len(m.from))
	for i, v := range m.from {
		tables[i] = v.words
	}
	err = mergeTables(ctx, tables, strings.Clone, func(text string, fresh bool, src, at int) {
		if fresh {
			words, counts = append(words, text), append(counts, 0)
		}
		counts[len(counts)-1] += m.from[src].wordCounts[at]
	})
	if err != nil || m.total.Docs < 50_000 {
		return words, counts, err
	}
	kept := 0
	for i, n := range counts {
		if n >= rareWord {
			words[kept], counts[kept] = words[i], n
			kept++
		}
	}
	return words[:kept], counts[:kept], nil
}

// positionsAt reads one posting's positions and what follows.
func positionsAt(b []byte, dst []uint32) (positions []uint32, rest []byte) {
	dst = dst[:0]
	last := uint32(0)
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return dst, nil
		}
		b = b[n:]
		last += uint32(v >> 1)
		dst = append(dst, last)
		if v&1 == 0 {
			break
		}
	}
	return dst, b
}
