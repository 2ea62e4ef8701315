package segment

import (
	"context"
	"slices"
	"strings"
)

// InFiles writes what was added as a segment in dir and opens it. After an error no file
// of it is left.
func (b *Builder) InFiles(ctx context.Context, dir, name string) (*Segment, error) {
	return inFiles(ctx, dir, name, b.write)
}

// InMemory gives what was added as a segment's files.
func (b *Builder) InMemory(ctx context.Context) (Files, error) { return inMemory(ctx, b.write) }

func (b *Builder) write(w *writer) error {
	b.meta.Docs = len(b.rows)
	w.lists.forward = forwarderFor(b.meta.Docs)
	if err := b.writeLists(w.ctx, w.lists); err != nil {
		return err
	}
	w.lists.dict.finish()
	if b.vecs != nil {
		p := w.outputs[fileVectors]
		p.section(secVectors)
		if _, err := b.vecs.WriteTo(sectionWriter{p, w.ctx}); err != nil {
			return err
		}
	}
	t, err := b.tables(w.ctx)
	if err != nil {
		return err
	}
	return w.docs(b.meta, t, func(i int) *docRow { return &b.rows[i] })
}

// A sectionWriter lets package vector write a section; it ends with its context.
type sectionWriter struct {
	p   *fileWriter
	ctx context.Context
}

func (f sectionWriter) Write(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	f.p.write(p)
	return len(p), f.p.err
}

// tables sorts names and words, and gives the rows the new ordinals of the names.
func (b *Builder) tables(ctx context.Context) (docTables, error) {
	order, err := orderBy(ctx, len(b.names.list), func(i int) string { return b.names.list[i] }, FoldKey)
	if err != nil {
		return docTables{}, err
	}
	names, at := make([]string, len(order)), make([]uint32, len(order))
	for i, k := range order {
		names[i], at[k] = b.names.list[k], uint32(i)
	}
	for i := range b.rows {
		for j, a := range b.rows[i].authors {
			b.rows[i].authors[j] = at[a]
		}
	}
	t := docTables{cats: b.cats.list, orgs: b.orgs.list, names: names}
	order, err = orderBy(ctx, len(b.words.list), func(i int) string { return b.words.list[i] }, strings.Clone)
	for _, k := range order {
		t.words = append(t.words, b.words.list[k])
		t.counts = append(t.counts, b.count[k])
	}
	return t, err
}

// writeLists brings the entries into the order of terms and writes them.
func (b *Builder) writeLists(ctx context.Context, out *listWriter) error {
	starts := make([]uint32, len(b.terms)+1)
	for _, e := range b.entries {
		starts[e.term+1]++
	}
	for i := range b.terms {
		starts[i+1] += starts[i]
	}
	docs, which := make([]uint32, len(b.entries)), make([]uint32, len(b.entries))
	next := slices.Clone(starts[:len(b.terms)])
	from := uint32(0)
	for doc, end := range b.docEnds {
		for i := from; i < end; i++ {
			at := next[b.entries[i].term]
			next[b.entries[i].term]++
			docs[at], which[at] = uint32(doc), i
		}
		from = end
	}
	g := &grouped{b: b, starts: starts, docs: docs, which: which, positions: [][]byte{b.posBuf}}
	return g.write(ctx, out)
}

// grouped is the entries of a builder by term.
type grouped struct {
	b           *Builder
	starts      []uint32
	docs, which []uint32
	ps          []posting
	positions   [][]byte
}

func (g *grouped) write(ctx context.Context, out *listWriter) error {
	text, exact, others := g.sorted()
	var key []byte
	i := 0
	class := func(c Class) {
		for ; i < len(others) && g.b.terms[others[i]][0] <= byte(c); i++ {
			out.add([]byte(g.b.terms[others[i]]), g.postings(others[i]), g.positions)
		}
	}
	class(ClassTitle - 1)
	for _, t := range text {
		if ps := g.titlePostings(t); len(ps) > 0 {
			key = append(append(key[:0], byte(ClassTitle)), g.b.terms[t]...)
			out.add(key, ps, nil)
		}
	}
	class(ClassText - 1)
	for i, t := range text {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = append(append(key[:0], byte(ClassText)), g.b.terms[t]...)
		out.add(key, g.postings(t), g.positions)
	}
	for i, t := range exact {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = append(append(key[:0], byte(ClassExact)), g.b.terms[t]...)
		out.add(key, g.postings(t), nil)
	}
	return nil
}

// sorted gives the terms of texts, the exact ones and the others in the order of their keys.
func (g *grouped) sorted() (text, exact, others []uint32) {
	for i, c := range g.b.class {
		switch c {
		case ClassText:
			text = append(text, uint32(i))
		case ClassExact:
			exact = append(exact, uint32(i))
		default:
			others = append(others, uint32(i))
		}
	}
	byKey := func(x, y uint32) int { return strings.Compare(g.b.terms[x], g.b.terms[y]) }
	for _, list := range [][]uint32{text, exact, others} {
		slices.SortFunc(list, byKey)
	}
	return text, exact, others
}

func (g *grouped) postings(term uint32) []posting {
	g.ps = g.ps[:0]
	for at := g.starts[term]; at < g.starts[term+1]; at++ {
		e := g.b.entries[g.which[at]]
		end := uint32(len(g.b.posBuf))
		if int(g.which[at])+1 < len(g.b.entries) {
			end = g.b.entries[g.which[at]+1].posOff
		}
		p := posting{doc: g.docs[at], imp: e.imp, posOff: e.posOff, posLen: end - e.posOff}
		if e.noPosition {
			p.posLen = 0
		}
		g.ps = append(g.ps, p)
	}
	return g.ps
}

func (g *grouped) titlePostings(term uint32) []posting {
	g.ps = g.ps[:0]
	for at := g.starts[term]; at < g.starts[term+1]; at++ {
		if e := g.b.entries[g.which[at]]; e.inTitle {
			g.ps = append(g.ps, posting{doc: g.docs[at], imp: 1})
		}
	}
	return g.ps
}
