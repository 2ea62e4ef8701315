package index

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A segmentWriter writes the parts of one segment.
type segmentWriter struct {
	parts [numParts]*partWriter
	files [numParts]*os.File     // nil in memory
	mem   [numParts]bytes.Buffer // when there are no files
	lists *listWriter
}

// newSegmentWriter writes to files of the given name in dir, or to memory when dir
// is "".
func newSegmentWriter(dir, name string) (*segmentWriter, error) {
	w := &segmentWriter{}
	for p := range numParts {
		var out io.Writer = &w.mem[p]
		buffer := 1 << 10
		if dir != "" {
			f, err := os.Create(filepath.Join(dir, partFile(name, p)))
			if err != nil {
				w.abandon()
				return nil, fmt.Errorf("index: write segment: %w", err)
			}
			w.files[p], out, buffer = f, f, 1<<16
		}
		w.parts[p] = newPartWriter(out, p, buffer)
	}
	w.lists = newListWriter(w)
	return w, nil
}

func partFile(name string, p part) string { return name + "." + partNames[p] }

// abandon closes and removes what was written.
func (w *segmentWriter) abandon() {
	for _, f := range w.files {
		if f != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}
}

// finish completes all parts and makes them last.
func (w *segmentWriter) finish() (sums [numParts]partSum, err error) {
	for p, pw := range w.parts {
		if sums[p], err = pw.finish(); err != nil {
			return sums, fmt.Errorf("index: write %s: %w", partNames[p], err)
		}
		if f := w.files[p]; f != nil {
			if err := f.Sync(); err != nil {
				return sums, fmt.Errorf("index: write %s: %w", partNames[p], err)
			}
			if err := f.Close(); err != nil {
				return sums, fmt.Errorf("index: write %s: %w", partNames[p], err)
			}
			w.files[p] = nil
		}
	}
	return sums, nil
}

// docTables are what the rows of a segment refer to.
type docTables struct {
	cats, orgs []string
	names      []string // sorted by foldKey
	words      []string // sorted
	counts     []uint32 // of words
}

// docs writes the part of the documents: row gives each in order, as often as asked.
func (w *segmentWriter) docs(m meta, t docTables, row func(int) *docRow) error {
	p, n := w.parts[partDocs], m.Docs
	head, err := json.Marshal(m)
	if err != nil {
		return err
	}
	p.section(secMeta)
	p.write(head)
	text := func(data, offs uint32, of func(int) string) { p.strings(data, offs, n, of) }
	text(secIDs, secIDOffs, func(i int) string { return row(i).id })
	p.section(secIDHash)
	p.write(bytesOf(newIDTable(n, func(i int) string { return row(i).id })))
	column(p, secPublished, n, func(i int) int64 { return row(i).published })
	column(p, secVotes, n, func(i int) uint32 { return row(i).votes })
	column(p, secComments, n, func(i int) uint32 { return row(i).comments })
	column(p, secTrending, n, func(i int) float64 { return row(i).trending })
	column(p, secFlags, n, func(i int) uint16 { return row(i).flags })
	column(p, secTitleEnd, n, func(i int) uint16 { return row(i).titleEnd })
	column(p, secTitleKeys, n, func(i int) uint64 { return row(i).titleKey })
	p.section(secTitleHash)
	p.write(bytesOf(newKeyTable(n, func(i int) uint64 { return row(i).titleKey })))
	column(p, secYears, n, func(i int) uint16 { return row(i).year })
	column(p, secOrgs, n, func(i int) uint32 { return row(i).org })
	lists(p, secCats, secCatOffs, n, func(i int) []uint16 { return row(i).cats })
	lists(p, secAuthors, secAuthorOffs, n, func(i int) []uint32 { return row(i).authors })
	p.section(secCatNames)
	p.write([]byte(strings.Join(t.cats, "\n")))
	p.section(secOrgNames)
	p.write([]byte(strings.Join(t.orgs, "\n")))
	text(secTitles, secTitleOffs, func(i int) string { return row(i).title })
	lists(p, secDocTerms, secTermOffs, n, w.lists.forward.of)
	p.section(secTitleOrder)
	p.write(bytesOf(orderBy(n, func(i int) string { return row(i).title }, foldKey)))
	p.strings(secNames, secNameOffs, len(t.names), func(i int) string { return t.names[i] })
	p.section(secNameOrder)
	p.write(bytesOf(orderBy(len(t.names), func(i int) string { return t.names[i] }, familyKey)))
	p.section(secNameCounts)
	p.write(bytesOf(countNames(len(t.names), n, row)))
	p.strings(secWords, secWordOffs, len(t.words), func(i int) string { return t.words[i] })
	p.section(secWordCounts)
	p.write(bytesOf(t.counts))
	return p.err
}

func countNames(names, docs int, row func(int) *docRow) []uint32 {
	counts := make([]uint32, names)
	for i := range docs {
		for _, a := range row(i).authors {
			counts[a]++
		}
	}
	return counts
}

// orderBy gives the numbers of n texts in the order of their keys.
func orderBy(n int, text func(int) string, key func(string) string) []uint32 {
	type item struct {
		head uint64 // the key's first bytes, which nearly always decide
		i    uint32
		key  string
	}
	items := make([]item, n)
	for i := range items {
		k := key(text(i))
		items[i] = item{headOf(k), uint32(i), k}
	}
	slices.SortFunc(items, func(a, b item) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.i, b.i))
	})
	out := make([]uint32, n)
	for i, it := range items {
		out[i] = it.i
	}
	return out
}

// strings writes n texts and where each begins.
func (pw *partWriter) strings(data, offs uint32, n int, of func(int) string) {
	starts := make([]uint32, n+1)
	pw.section(data)
	at := uint32(0)
	for i := range n {
		starts[i] = at
		s := of(i)
		pw.write([]byte(s))
		at += uint32(len(s))
	}
	starts[n] = at
	pw.section(offs)
	pw.write(bytesOf(starts))
}

// column writes one number for each document.
func column[T number](pw *partWriter, id uint32, n int, of func(int) T) {
	pw.section(id)
	var chunk []T
	for i := range n {
		chunk = append(chunk, of(i))
		if len(chunk) == 1024 || i == n-1 {
			pw.write(bytesOf(chunk))
			chunk = chunk[:0]
		}
	}
}

// lists writes a few numbers for each document and where they begin.
func lists[T number](pw *partWriter, data, offs uint32, n int, of func(int) []T) {
	starts := make([]uint32, n+1)
	pw.section(data)
	at := uint32(0)
	for i := range n {
		starts[i] = at
		v := of(i)
		pw.write(bytesOf(v))
		at += uint32(len(v))
	}
	starts[n] = at
	pw.section(offs)
	pw.write(bytesOf(starts))
}

// A posting is a document of a term on its way into a segment.
type posting struct {
	doc            uint32
	posOff, posLen uint32 // in the positions of its source
	src            uint16
	imp            uint8
}

// A listWriter writes terms with their postings.
type listWriter struct {
	w    *segmentWriter
	dict *dictWriter
	ent  []uint32
	post []byte

	forward forwarder
}

func newListWriter(w *segmentWriter) *listWriter {
	w.parts[partRanges].section(secRanges)
	w.parts[partPostings].section(secPostings)
	w.parts[partPositions].section(secPositions)
	return &listWriter{w: w, dict: newDictWriter(w.parts[partTerms])}
}

// add writes the next term. Its postings are in the order of documents; positions
// are those of each source, nil when the term has none.
func (l *listWriter) add(key []byte, ps []posting, positions [][]byte) {
	l.ent, l.post = l.ent[:0], l.post[:0]
	for i := 0; i < len(ps); {
		r := ps[i].doc >> rangeBits
		from, best := i, uint8(0)
		for ; i < len(ps) && ps[i].doc>>rangeBits == r; i++ {
			best = max(best, ps[i].imp)
			l.post = append(l.post, byte(ps[i].doc), ps[i].imp)
		}
		l.ent = append(l.ent, packRange(r, i-from, best))
	}
	posLen := uint64(0)
	for _, p := range ps {
		if p.posLen > 0 {
			l.w.parts[partPositions].write(positions[p.src][p.posOff : p.posOff+p.posLen])
			posLen += uint64(p.posLen)
		}
	}
	if class(key[0]) == classText {
		l.forward.add(uint32(l.dict.n), len(ps), ps)
	}
	l.w.parts[partRanges].write(bytesOf(l.ent))
	l.w.parts[partPostings].write(l.post)
	l.dict.add(key, uint32(len(ps)), uint32(len(l.ent)), posLen)
}
