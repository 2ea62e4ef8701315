package segment

import (
	"context"
	"math"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Documents that are alike are put beside one another, so that the best impacts of
// the blocks differ more and pruning leaves out more of them: first by their first
// category, then, in chunks of that order, by recursive graph bisection (Dhulipala
// and others, "Compressing Graphs and Indexes with Recursive Graph Bisection", KDD
// 2016) with the simpler gains and the selection in place of sorting of Mackenzie,
// Petri and Moffat, "Tradeoff Options for Bipartite Graph Partitioning", 2022. The
// terms that say the most about each document stand for all of its terms.
const (
	reorderDocs  = 8 * BlockSize   // fewer stay as they are
	chunkDocs    = 128 * BlockSize // bisected together
	bisectRounds = 8
	hashBits     = 22 // of terms; where two share a number, little is lost
)

// Reorder changes the order that documents will have, with so many goroutines at a time.
func (m *Merge) Reorder(ctx context.Context, workers int) error {
	if len(m.order) < reorderDocs {
		return nil
	}
	m.byCategory()
	hashes := make([][]uint32, len(m.from))
	for i := range m.from {
		hashes[i] = m.from[i].termHashes(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for chunk := range slices.Chunk(m.order, chunkDocs) {
		group.Go(func() (err error) {
			defer Recover(&err)()
			return m.bisectChunk(ctx, chunk, hashes)
		})
	}
	return group.Wait()
}

// byCategory sorts by the first category, else keeps the order.
func (m *Merge) byCategory() {
	ranks := make([][]uint16, len(m.from))
	var names []string
	for _, v := range m.from {
		names = append(names, v.catNames...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, v := range m.from {
		for _, name := range v.catNames {
			k, _ := slices.BinarySearch(names, name)
			ranks[i] = append(ranks[i], uint16(min(k+1, math.MaxUint16)))
		}
	}
	rank := func(o origin) int {
		if cats := m.from[o.src].docCats(int(o.doc)); len(cats) > 0 {
			return int(ranks[o.src][cats[0]])
		}
		return 0
	}
	starts := make([]int, len(names)+2) // of each rank; a sort by counting
	for _, o := range m.order {
		starts[rank(o)+1]++
	}
	for i := range len(names) + 1 {
		starts[i+1] += starts[i]
	}
	sorted := make([]origin, len(m.order))
	for _, o := range m.order {
		k := rank(o)
		sorted[starts[k]] = o
		starts[k]++
	}
	m.order = sorted
}

// termHashes gives a number for each ordinal of the dictionary that is the same in
// all segments.
func (s *Segment) termHashes(ctx context.Context) (out []uint32) {
	c := dictCursor{d: &s.dict}
	for c.step() {
		if len(out)%4096 == 0 && ctx.Err() != nil {
			return nil
		}
		h := uint64(14695981039346656037)
		for _, b := range c.key {
			h = (h ^ uint64(b)) * 1099511628211
		}
		out = append(out, uint32(h*0x9e3779b97f4a7c15>>(64-hashBits)))
	}
	return out
}

// A bisector orders the documents of one chunk.
type bisector struct {
	offs  []uint32 // per document: first in terms
	terms []uint32 // numbered from 0 in the chunk
	state []termState
	bias  []float32 // per document: how much better the right half suits it
	round uint32
}

// A termState is a term in the part at hand: how many documents of each half have
// it, and what that says.
type termState struct {
	round       uint32
	left, right uint32
	weighed     bool
	fromLeft    float32 // to the bias of a document that is on the left
	fromRight   float32
}

func (m *Merge) bisectChunk(ctx context.Context, chunk []origin, hashes [][]uint32) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b := &bisector{bias: make([]float32, len(chunk))}
	if err := b.load(ctx, m, chunk, hashes); err != nil {
		return err
	}
	order := make([]uint32, len(chunk))
	for i := range order {
		order[i] = uint32(i)
	}
	if err := b.split(ctx, order); err != nil {
		return err
	}
	before := slices.Clone(chunk)
	for i, k := range order {
		chunk[i] = before[k]
	}
	return nil
}

var hashTables = sync.Pool{New: func() any { return new([1 << hashBits]uint32) }}

// load numbers the terms that at least two documents of the chunk have.
func (b *bisector) load(ctx context.Context, m *Merge, chunk []origin, hashes [][]uint32) error {
	table := hashTables.Get().(*[1 << hashBits]uint32)
	defer hashTables.Put(table)
	clear(table[:])
	numbers := table[:]
	each := func(o origin, f func(hash uint32)) {
		for _, t := range m.from[o.src].docTerms(o.doc) {
			f(hashes[o.src][t])
		}
	}
	for i, o := range chunk {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		each(o, func(h uint32) { numbers[h]++ })
	}
	n := uint32(0)
	for h, count := range numbers {
		numbers[h] = 0
		if count > 1 {
			n++
			numbers[h] = n
		}
	}
	for i, o := range chunk {
		if i%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b.offs = append(b.offs, uint32(len(b.terms)))
		each(o, func(h uint32) {
			if k := numbers[h]; k > 0 {
				b.terms = append(b.terms, k-1)
			}
		})
	}
	b.offs = append(b.offs, uint32(len(b.terms)))
	b.state = make([]termState, n)
	return nil
}

func (b *bisector) of(doc uint32) []uint32 { return b.terms[b.offs[doc]:b.offs[doc+1]] }

// split orders documents so that each half, in whole blocks, has terms of its own.
func (b *bisector) split(ctx context.Context, docs []uint32) error {
	if len(docs) <= BlockSize {
		return nil
	}
	mid := (len(docs)/2 + BlockSize - 1) / BlockSize * BlockSize
	for round := range bisectRounds {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !b.improve(docs, mid, float32(round)/2) {
			break
		}
	}
	if err := b.split(ctx, docs[:mid]); err != nil {
		return err
	}
	return b.split(ctx, docs[mid:])
}

// improve exchanges documents between the halves; false when there is little to gain.
func (b *bisector) improve(docs []uint32, mid int, least float32) bool {
	b.count(docs, mid)
	high, low := float32(math.Inf(-1)), float32(math.Inf(1))
	for i, doc := range docs {
		bias := b.biasOf(doc, i < mid)
		b.bias[doc] = bias
		if i < mid {
			high = max(high, bias)
		} else {
			low = min(low, bias)
		}
	}
	if high-low <= least {
		return false
	}
	b.selectAt(docs, mid)
	return true
}

func (b *bisector) count(docs []uint32, mid int) {
	b.round++
	for i, doc := range docs {
		for _, t := range b.of(doc) {
			s := &b.state[t]
			if s.round != b.round {
				*s = termState{round: b.round}
			}
			if i < mid {
				s.left++
			} else {
				s.right++
			}
		}
	}
}

func (b *bisector) biasOf(doc uint32, left bool) (bias float32) {
	for _, t := range b.of(doc) {
		s := &b.state[t]
		if !s.weighed {
			s.weighed = true
			if s.left > 0 {
				s.fromLeft = logOf(s.right+1) - logOf(s.left)
			}
			if s.right > 0 {
				s.fromRight = logOf(s.right) - logOf(s.left+1)
			}
		}
		if left {
			bias += s.fromLeft
		} else {
			bias += s.fromRight
		}
	}
	return bias
}

var logs = sync.OnceValue(func() []float32 {
	out := make([]float32, 2*chunkDocs+2)
	for i := range out {
		out[i] = float32(math.Log2(float64(max(i, 1))))
	}
	return out
})

func logOf(n uint32) float32 { return logs()[min(int(n), 2*chunkDocs)] }

// selectAt puts the documents of least bias before mid, by quickselect.
func (b *bisector) selectAt(docs []uint32, mid int) {
	lo, hi := 0, len(docs)
	for hi-lo > 32 {
		pivot := b.median(docs[lo], docs[(lo+hi)/2], docs[hi-1])
		i, j := lo, hi-1
		for i <= j {
			for b.bias[docs[i]] < pivot {
				i++
			}
			for b.bias[docs[j]] > pivot {
				j--
			}
			if i <= j {
				docs[i], docs[j] = docs[j], docs[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case mid <= j:
			hi = j + 1
		case mid >= i:
			lo = i
		default:
			return
		}
	}
	slices.SortFunc(docs[lo:hi], func(x, y uint32) int {
		switch {
		case b.bias[x] < b.bias[y]:
			return -1
		case b.bias[x] > b.bias[y]:
			return 1
		}
		return int(x) - int(y)
	})
}

func (b *bisector) median(x, y, z uint32) float32 {
	p, q, r := b.bias[x], b.bias[y], b.bias[z]
	return max(min(p, q), min(max(p, q), r))
}
