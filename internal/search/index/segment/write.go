package segment

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"broadsheet/internal/search"
)

// A writer writes the files of one segment.
type writer struct {
	ctx     context.Context // of the one call that writes
	outputs [NumFiles]*fileWriter
	files   [NumFiles]*os.File     // nil in memory
	mem     [NumFiles]bytes.Buffer // when there are no files
	lists   *listWriter
}

// newWriter writes to files of the given name in dir, or to memory when dir is "".
func newWriter(ctx context.Context, dir, name string) (*writer, error) {
	w := &writer{ctx: ctx}
	for p := range NumFiles {
		var out io.Writer = &w.mem[p]
		buffer := 1 << 10
		if dir != "" {
			f, err := os.Create(filepath.Join(dir, fileName(name, p)))
			if err != nil {
				w.abandon()
				return nil, fmt.Errorf("index: write segment: %w", err)
			}
			w.files[p], out, buffer = f, &steadyFile{ctx: ctx, f: f}, 1<<16
		}
		w.outputs[p] = newFileWriter(out, p, buffer)
	}
	w.lists = newListWriter(w)
	return w, nil
}

// A steadyFile syncs as it is written, so that no single sync takes long, and takes
// nothing more when its context has ended.
type steadyFile struct {
	ctx      context.Context
	f        *os.File
	unsynced int
}

const syncEvery = 16 << 20

func (s *steadyFile) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.f.Write(b)
	if s.unsynced += n; err == nil && s.unsynced >= syncEvery {
		s.unsynced = 0
		err = s.f.Sync()
	}
	return n, err
}

func fileName(name string, p File) string { return name + "." + fileNames[p] }

// IsFileName reports whether a name without its number is that of a segment's file.
func IsFileName(ending string) bool { return slices.Contains(fileNames[:], ending) }

// abandon closes and removes what was written.
func (w *writer) abandon() {
	for _, f := range w.files {
		if f != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}
}

// finish completes all files and syncs them.
func (w *writer) finish() (sums [NumFiles]Checksum, err error) {
	for p, out := range w.outputs {
		if sums[p], err = out.finish(); err != nil {
			return sums, fmt.Errorf("index: write %s: %w", fileNames[p], err)
		}
		if f := w.files[p]; f != nil {
			if err := f.Sync(); err != nil {
				return sums, fmt.Errorf("index: write %s: %w", fileNames[p], err)
			}
		}
	}
	for p, f := range w.files {
		if f == nil {
			continue
		}
		if err := f.Close(); err != nil {
			return sums, fmt.Errorf("index: write %s: %w", fileNames[p], err)
		}
	}
	return sums, w.ctx.Err()
}

// inFiles writes the files of a segment and opens them. After an error none is left.
func inFiles(ctx context.Context, dir, name string, write func(*writer) error) (*Segment, error) {
	w, err := newWriter(ctx, dir, name)
	if err != nil {
		return nil, err
	}
	done := false
	defer func() {
		if !done {
			w.abandon()
		}
	}()
	if err := write(w); err != nil {
		return nil, err
	}
	sums, err := w.finish()
	if err != nil {
		return nil, err
	}
	s, err := Open(dir, Record{Name: name, Checksums: sums})
	done = err == nil
	return s, err
}

// inMemory gives the files of a segment.
func inMemory(ctx context.Context, write func(*writer) error) (files Files, err error) {
	w, err := newWriter(ctx, "", "")
	if err != nil {
		return files, err
	}
	if err := write(w); err != nil {
		return files, err
	}
	if _, err := w.finish(); err != nil {
		return files, err
	}
	for p := range w.mem {
		files[p] = w.mem[p].Bytes()
	}
	return files, nil
}

// docTables are what the rows of a segment refer to.
type docTables struct {
	cats, orgs []string
	names      []string // sorted by foldKey
	words      []string // sorted
	counts     []uint32 // of words
}

// docs writes the file of the documents: row gives each in order, as often as asked.
func (w *writer) docs(m meta, t docTables, row func(int) *docRow) error {
	p, n := w.outputs[fileDocs], m.Docs
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
	column(p, secVotes, n, func(i int) uint32 { return row(i).counts.Votes })
	column(p, secComments, n, func(i int) uint32 { return row(i).counts.Comments })
	column(p, secTrending, n, func(i int) float64 { return row(i).counts.Trending })
	column(p, secFlags, n, func(i int) uint16 { return row(i).counts.Flags })
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
	lists(p, secSequences, secSeqOffs, n, func(i int) []uint16 { return row(i).sequence })
	if n > forwardAll {
		p.section(secCodeCounts)
		p.write(bytesOf(countCodes(n, func(i int) search.Sequence { return row(i).sequence })))
	}
	p.section(secTitleOrder)
	titles, err := orderBy(w.ctx, n, func(i int) string { return row(i).title }, FoldKey)
	if err != nil {
		return err
	}
	p.write(bytesOf(titles))
	p.strings(secNames, secNameOffs, len(t.names), func(i int) string { return t.names[i] })
	p.section(secNameOrder)
	byFamily, err := orderBy(w.ctx, len(t.names), func(i int) string { return t.names[i] }, FamilyKey)
	if err != nil {
		return err
	}
	p.write(bytesOf(byFamily))
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
func orderBy(ctx context.Context, n int, text func(int) string, key func(string) string) ([]uint32, error) {
	type item struct {
		head uint64 // the key's first bytes, which nearly always decide
		i    uint32
		key  string
	}
	items := make([]item, n)
	for i := range items {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
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
	return out, nil
}

// strings writes n texts and where each begins.
func (pw *fileWriter) strings(data, offs uint32, n int, of func(int) string) {
	starts := make([]uint32, n+1)
	pw.section(data)
	at := uint32(0)
	for i := range n {
		if pw.err != nil {
			return
		}
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
func column[T number](pw *fileWriter, id uint32, n int, of func(int) T) {
	pw.section(id)
	var chunk []T
	for i := range n {
		if pw.err != nil {
			return
		}
		chunk = append(chunk, of(i))
		if len(chunk) == 1024 || i == n-1 {
			pw.write(bytesOf(chunk))
			chunk = chunk[:0]
		}
	}
}

// lists writes a few numbers for each document and where they begin.
func lists[T number](pw *fileWriter, data, offs uint32, n int, of func(int) []T) {
	starts := make([]uint32, n+1)
	pw.section(data)
	at := uint32(0)
	for i := range n {
		if pw.err != nil {
			return
		}
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
	w      *writer
	dict   *dictWriter
	ent    []uint32
	starts []uint32 // of each block's positions
	post   []byte

	forward forwarder
}

func newListWriter(w *writer) *listWriter {
	w.outputs[fileBlocks].section(secBlocks)
	w.outputs[filePostings].section(secPostings)
	w.outputs[filePositions].section(secPositions)
	return &listWriter{w: w, dict: newDictWriter(w.outputs[fileTerms])}
}

// add writes the next term. Its postings are in the order of documents; positions
// are those of each source, nil when the term has none.
func (l *listWriter) add(key []byte, ps []posting, positions [][]byte) {
	l.ent, l.post, l.starts = l.ent[:0], l.post[:0], l.starts[:0]
	posLen := uint64(0)
	for i := 0; i < len(ps); {
		block := ps[i].doc >> blockBits
		from, best := i, uint8(0)
		l.starts = append(l.starts, uint32(posLen))
		for ; i < len(ps) && ps[i].doc>>blockBits == block; i++ {
			best = max(best, ps[i].imp)
			l.post = append(l.post, byte(ps[i].doc), ps[i].imp)
			posLen += uint64(ps[i].posLen)
		}
		l.ent = append(l.ent, packBlock(block, i-from, best))
	}
	if posLen > 0 && len(l.ent) > 1 {
		l.w.outputs[filePositions].write(bytesOf(l.starts))
		posLen += uint64(4 * len(l.starts))
	}
	for _, p := range ps {
		if p.posLen > 0 {
			l.w.outputs[filePositions].write(positions[p.src][p.posOff : p.posOff+p.posLen])
		}
	}
	if Class(key[0]) == ClassText {
		l.forward.add(uint32(l.dict.n), len(ps), ps)
	}
	l.w.outputs[fileBlocks].write(bytesOf(l.ent))
	l.w.outputs[filePostings].write(l.post)
	l.dict.add(key, uint32(len(ps)), uint32(len(l.ent)), posLen)
}
